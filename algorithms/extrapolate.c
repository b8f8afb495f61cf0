/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/extrapolate.h"
#include "graph/memory.h"

enum { CHANGES = FN_EXTRAPOLATE_CHANGES, KEPT = CHANGES + 1, CHUNK = 4096, SUMS = CHANGES * CHANGES };

fn_status fn_extrapolate_start(fn_run *run, uint32_t n, int threads, fn_extrapolate *e)
{
    *e = (fn_extrapolate) { .n = n, .threads = threads };
    e->sums = fn_alloc_bare(run, (size_t) SUMS * (n / CHUNK + 1), sizeof *e->sums);
    bool is_whole = e->sums;
    for (int k = 0; k < KEPT; k++) is_whole &= (e->kept[k] = fn_alloc_scattered(run, n, sizeof *e->kept[k])) != NULL;
    return is_whole ? FN_OK : FN_ENOMEM;
}

void fn_extrapolate_free(fn_extrapolate *e)
{
    for (int k = 0; k < KEPT; k++) fn_free(e->kept[k]);
    fn_free(e->sums);
}

void fn_extrapolate_reset(fn_extrapolate *e)
{
    e->rounds = 0;
#pragma omp parallel for schedule(static) num_threads(e->threads)
    for (uint32_t v = 0; v < e->n; v++) e->kept[0][v] = 0;
}

float *fn_extrapolate_next(fn_extrapolate *e)
{
    return e->kept[(e->rounds + 1) % KEPT];
}

const float *fn_extrapolate_last(const fn_extrapolate *e)
{
    return e->kept[e->rounds % KEPT];
}

void fn_extrapolate_kept(fn_extrapolate *e)
{
    e->rounds++;
}

/* The last KEPT rounds, the oldest first. */
static void in_order(const fn_extrapolate *e, const float *x[KEPT])
{
    for (int k = 0; k < KEPT; k++) x[k] = e->kept[(e->rounds + 1 + k) % KEPT];
}

/* Products of changes with each other, of a chunk. */
static void multiply_chunk(const float *x[KEPT], uint32_t first, uint32_t end, double *sums)
{
    for (int s = 0; s < SUMS; s++) sums[s] = 0;
    for (uint32_t v = first; v < end; v++) {
        double change[CHANGES];
        for (int k = 0; k < CHANGES; k++) change[k] = (double) x[k + 1][v] - x[k][v];
        for (int j = 0; j < CHANGES; j++)
            for (int k = 0; k <= j; k++) sums[j * CHANGES + k] += change[j] * change[k];
    }
}

/* Shares that make the square of the mixed change least: those of the solution of products * share = (1, 1, …), over
 * their sum. False: the changes are no different directions. */
static bool find_shares(double a[CHANGES][CHANGES], double *share)
{
    double sum = 0;
    for (int j = 0; j < CHANGES; j++) share[j] = 1;
    for (int p = 0; p < CHANGES; p++) {
        if (!(a[p][p] > 0)) return false;
        for (int j = p + 1; j < CHANGES; j++) {
            double times = a[j][p] / a[p][p];
            for (int k = p; k < CHANGES; k++) a[j][k] -= times * a[p][k];
            share[j] -= times * share[p];
        }
    }
    for (int p = CHANGES - 1; p >= 0; p--) {
        for (int k = p + 1; k < CHANGES; k++) share[p] -= a[p][k] * share[k];
        sum += share[p] /= a[p][p];
    }
    for (int p = 0; p < CHANGES; p++) share[p] /= sum;
    return isfinite(sum) && sum > 0;
}

double fn_extrapolate_mix(fn_extrapolate *e)
{
    const float *x[KEPT];
    long chunks = e->n / CHUNK + 1;
    double a[CHANGES][CHANGES] = { { 0 } }, change = 0;
    if (e->rounds < CHANGES) return INFINITY;
    in_order(e, x);
#pragma omp parallel for schedule(static) num_threads(e->threads)
    for (long c = 0; c < chunks; c++) {
        uint32_t first = (uint32_t) (c * CHUNK), end = e->n - first < CHUNK ? e->n : first + CHUNK;
        multiply_chunk(x, first, end, &e->sums[c * SUMS]);
    }
    for (long c = 0; c < chunks; c++)
        for (int j = 0; j < CHANGES; j++)
            for (int k = 0; k <= j; k++) a[j][k] += e->sums[c * SUMS + j * CHANGES + k];
    for (int j = 0; j < CHANGES; j++)
        for (int k = 0; k < j; k++) a[k][j] = a[j][k];
    if (!find_shares(a, e->share)) return INFINITY;

    const double *share = e->share;
#pragma omp parallel for schedule(static) num_threads(e->threads)
    for (long c = 0; c < chunks; c++) {
        uint32_t first = (uint32_t) (c * CHUNK), end = e->n - first < CHUNK ? e->n : first + CHUNK;
        double sum = 0;
        for (uint32_t v = first; v < end; v++) {
            double mixed = 0;
            for (int k = 0; k < CHANGES; k++) mixed += share[k] * ((double) x[k + 1][v] - x[k][v]);
            sum += fabs(mixed);
        }
        e->sums[c] = sum;
    }
    for (long c = 0; c < chunks; c++) change += e->sums[c];
    return change;
}

void fn_extrapolate_take(const fn_extrapolate *e, float *x)
{
    const float *kept[KEPT];
    in_order(e, kept);
#pragma omp parallel for schedule(static) num_threads(e->threads)
    for (uint32_t v = 0; v < e->n; v++) {
        double mixed = 0;
        for (int k = 0; k < CHANGES; k++) mixed += e->share[k] * kept[k + 1][v];
        x[v] = (float) mixed;
    }
}
