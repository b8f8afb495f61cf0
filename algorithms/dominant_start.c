/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdbool.h>
#include "algorithms/dominant_inside.h"
#include "algorithms/vector.h"
#include "graph/memory.h"

/* A cycle takes up to STEPS multiplications: the first in doubles, which says how far the start is from its end, the
 * others, for corrections of the start, in floats. */
enum { STEPS = FN_SMALL_MOST, CYCLES = 4, THREADS_FROM = 32768 };

/* Corrections are found to this share of themselves: floats have no more digits. */
static const double CORRECTION = 1e-6;

double fn_small_largest(int n, double *a, double *vector)
{
    double axes[FN_SMALL_MOST][FN_SMALL_MOST] = { { 0 } };
    for (int k = 0; k < n; k++) axes[k][k] = 1;
    for (int round = 0; round < 30; round++) {
        bool is_turned = false;
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++) {
                double *pp = &a[p * n + p], *qq = &a[q * n + q], pq = a[p * n + q];
                if (pq == 0 || fabs(pq) < 1e-300 + 1e-18 * (fabs(*pp) + fabs(*qq))) continue;
                double half = (*qq - *pp) / (2 * pq);
                double t = (half >= 0 ? 1 : -1) / (fabs(half) + sqrt(half * half + 1));
                double cosine = 1 / sqrt(t * t + 1), sine = t * cosine;
                is_turned = true;
                for (int k = 0; k < n; k++) {
                    double x = a[k * n + p], y = a[k * n + q];
                    a[k * n + p] = cosine * x - sine * y, a[k * n + q] = sine * x + cosine * y;
                }
                for (int k = 0; k < n; k++) {
                    double x = a[p * n + k], y = a[q * n + k];
                    a[p * n + k] = cosine * x - sine * y, a[q * n + k] = sine * x + cosine * y;
                    x = axes[k][p], y = axes[k][q];
                    axes[k][p] = cosine * x - sine * y, axes[k][q] = sine * x + cosine * y;
                }
            }
        if (!is_turned) break;
    }
    int most = 0;
    for (int k = 1; k < n; k++)
        if (a[k * n + k] > a[most * n + most]) most = k;
    for (int k = 0; k < n; k++) vector[k] = axes[k][most];
    return a[most * n + most];
}

/* A cycle: diagonal and what stands beside it, in the space of its steps; where in it the largest eigenvector lies. */
typedef struct cycle {
    fn_run *run;
    const fn_dominant *how;
    double *image;          /* of the start */
    float *basis[STEPS];    /* the first is the start's */
    double diagonal[STEPS], beside[STEPS], share[STEPS];
    double *sums;
    int threads;
} cycle;

enum { CHUNK = 8192 };

static size_t chunks_of(const cycle *c)
{
    return (c->how->n + CHUNK - 1) / CHUNK;
}

static size_t end_of(const cycle *c, size_t chunk)
{
    return (chunk + 1) * CHUNK < c->how->n ? (chunk + 1) * CHUNK : c->how->n;
}

static double add_up(const cycle *c)
{
    double sum = 0;
    for (size_t k = 0; k < chunks_of(c); k++) sum += c->sums[k];
    return sum;
}

static double dot(const cycle *c, const float *a, const float *b)
{
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t k = 0; k < chunks_of(c); k++) {
        double sum = 0;
        for (size_t i = k * CHUNK; i < end_of(c, k); i++) sum += (double) a[i] * b[i];
        c->sums[k] = sum;
    }
    return add_up(c);
}

/* next - diagonal * here - beside * before, whose length is returned. */
static double subtract(const cycle *c, float *next, const float *here, double diagonal, const float *before,
                       double beside)
{
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t k = 0; k < chunks_of(c); k++) {
        double sum = 0;
        for (size_t i = k * CHUNK; i < end_of(c, k); i++) {
            double left = next[i] - diagonal * here[i] - beside * before[i];
            next[i] = (float) left;
            sum += left * left;
        }
        c->sums[k] = sum;
    }
    return sqrt(add_up(c));
}

static void scale(const cycle *c, float *a, double factor)
{
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t i = 0; i < c->how->n; i++) a[i] = (float) (a[i] * factor);
}

/* The first step: what A makes of the start beside what it would make of an eigenvector. */
static void step_first(cycle *c, const double *start)
{
    size_t n = c->how->n;
    c->how->multiply(c->run, c->how->user, start, c->image);
    c->diagonal[0] = fn_vector_dot(c->run, start, c->image, n);
    fn_vector_add(c->run, c->image, -c->diagonal[0], start, n);
    c->beside[0] = sqrt(fn_vector_dot(c->run, c->image, c->image, n));
    double factor = c->beside[0] > 0 ? 1 / c->beside[0] : 0;
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t i = 0; i < n; i++) {
        c->basis[0][i] = (float) start[i];
        c->basis[1][i] = (float) (c->image[i] * factor);
    }
}

static void step_on(cycle *c, int j, float *next)
{
    c->how->rough(c->run, c->how->user, c->basis[j], next);
    c->diagonal[j] = dot(c, c->basis[j], next);
    c->beside[j] = subtract(c, next, c->basis[j], c->diagonal[j], c->basis[j - 1], c->beside[j - 1]);
    scale(c, next, c->beside[j] > 0 ? 1 / c->beside[j] : 0);
}

/* The largest eigenvalue in the space of the steps so far; *off: how far its vector is from being one. */
static double look(cycle *c, int steps, double *off)
{
    double small[STEPS * STEPS] = { 0 };
    for (int j = 0; j < steps; j++) {
        small[j * steps + j] = c->diagonal[j];
        if (j + 1 < steps) small[j * steps + j + 1] = small[(j + 1) * steps + j] = c->beside[j];
    }
    double value = fn_small_largest(steps, small, c->share);
    *off = c->beside[steps - 1] * fabs(c->share[steps - 1]);
    return value;
}

/* A cycle: the start, of length 1, becomes itself plus corrections. *is_done: it is as near as is sought, or all that A
 * gives is 0. */
static fn_status go(cycle *c, double *start, double tolerance, bool *is_done)
{
    int steps = 1;
    double value = 0, off = INFINITY;
    step_first(c, start);
    double enough = fmax(tolerance * c->diagonal[0], CORRECTION * c->beside[0]);
    *is_done = !(c->diagonal[0] > 0) || c->beside[0] <= tolerance * c->diagonal[0];
    for (; !*is_done && steps < STEPS; steps++) {
        fn_status status = fn_progress(c->run, c->how->what, 0);
        if (status) return status;
        step_on(c, steps, steps + 1 < STEPS ? c->basis[steps + 1] : (float *) c->image);
        value = look(c, steps + 1, &off);
        if (!(off > enough)) break;
    }
    if (*is_done) return FN_OK;
    if (steps == STEPS) steps--;
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t i = 0; i < c->how->n; i++) {
        double sum = c->share[0] * start[i];
        for (int j = 1; j <= steps; j++) sum += c->share[j] * c->basis[j][i];
        start[i] = sum;
    }
    *is_done = off <= tolerance * fabs(value);
    return FN_OK;
}

/* Makes the start one of length 1. False: it has none, or no number. */
static bool straighten(const cycle *c, double *start)
{
    double length = sqrt(fn_vector_dot(c->run, start, start, c->how->n));
    if (!(length > 0) || !isfinite(length)) return false;
#pragma omp parallel for schedule(static) num_threads(c->threads)
    for (size_t i = 0; i < c->how->n; i++) start[i] /= length;
    return true;
}

fn_status fn_lanczos(fn_run *run, const fn_dominant *how, double *start)
{
    cycle c = { .run = run, .how = how, .threads = how->n > THREADS_FROM ? fn_run_threads(run) : 1 };
    bool is_done = false;
    c.image = fn_alloc_scattered(run, how->n, sizeof *c.image);
    c.sums = fn_alloc_bare(run, chunks_of(&c), sizeof *c.sums);
    bool is_whole = c.image && c.sums;
    for (int j = 0; j < STEPS; j++)
        is_whole &= (c.basis[j] = fn_alloc_scattered(run, how->n, sizeof *c.basis[j])) != NULL;
    fn_status status = is_whole ? FN_OK : FN_ENOMEM;
    for (size_t i = 0; !status && i < how->n; i++) start[i] = 1;
    for (int k = 0; !status && k < CYCLES && !is_done && straighten(&c, start); k++)
        status = go(&c, start, how->tolerance / 2, &is_done);
    if (!status && !straighten(&c, start))
        for (size_t i = 0; i < how->n; i++) start[i] = 1;
    fn_free(c.image);
    fn_free(c.sums);
    for (int j = 0; j < STEPS; j++) fn_free(c.basis[j]);
    return status;
}
