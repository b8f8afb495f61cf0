/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/spectral.h"
#include "algorithms/strong_parts.h"
#include "graph/memory.h"

enum { THREADS_FROM = 50000, ROUNDS_MOST = 20000, LEAP_FROM = 1024, LEAP = 64 };
static const double CLOSE = 1e-10;

int fn_weights_exponent(const fn_run *run, const fn_csr *csr)
{
    double largest = 0;
    int exponent = 0, threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(max : largest) num_threads(threads) if (csr->arcs > THREADS_FROM)
    for (size_t i = 0; i < csr->arcs; i++)
        if (csr->weight[i] > largest) largest = csr->weight[i];
    if (largest > 0) frexp(largest, &exponent);
    return exponent;
}

void fn_rows_multiply(const fn_run *run, const fn_csr *csr, const double *weight, const double *x, double *y)
{
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 2048) num_threads(threads) if (csr->arcs > THREADS_FROM)
    for (uint32_t v = 0; v < csr->firms; v++) {
        double sum = 0;
        for (size_t i = csr->offset[v]; i < csr->offset[v + 1]; i++) sum += weight[i] * x[csr->target[i]];
        y[v] = sum;
    }
}

fn_status fn_weights_scaled(fn_run *run, const fn_csr *csr, int exponent, double **weight)
{
    if (!(*weight = fn_alloc_bare(run, csr->arcs, sizeof **weight))) return FN_ENOMEM;
    for (size_t i = 0; i < csr->arcs; i++) (*weight)[i] = exponent ? ldexp(csr->weight[i], exponent) : csr->weight[i];
    return FN_OK;
}

/* Bounds of a part: smallest and largest of (A x)(v) / x(v), and the size of its vector; for a leap how the last way is
 * like the one before. */
typedef struct bounds {
    double least, most, sum;
    double alike, square, leap;
} bounds;

typedef struct radii {
    const fn_csr *in;
    const double *weight;
    const uint32_t *part;
    bounds *bounds;
    double *x, *next;
    double *mark, *way; /* where x was LEAP rounds ago, and how it had come there in as many */
} radii;

/* One multiplication within all parts; of (A + 1/8 largest) so that parts whose cycles have a common length settle. */
static void multiply(fn_run *run, const radii *r, uint32_t parts, double shift)
{
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4096) num_threads(threads) if (r->in->arcs > 50000)
    for (uint32_t v = 0; v < r->in->firms; v++) {
        double sum = 0;
        for (size_t i = r->in->offset[v]; i < r->in->offset[v + 1]; i++)
            if (r->part[r->in->target[i]] == r->part[v]) sum += r->weight[i] * r->x[r->in->target[i]];
        r->next[v] = sum;
    }
    for (uint32_t p = 0; p < parts; p++) r->bounds[p] = (bounds) { .least = INFINITY };
    for (uint32_t v = 0; v < r->in->firms; v++) {
        bounds *b = &r->bounds[r->part[v]];
        double ratio = r->next[v] / r->x[v];
        if (ratio < b->least) b->least = ratio;
        if (ratio > b->most) b->most = ratio;
        r->next[v] += shift * r->x[v];
        if (r->next[v] > b->sum) b->sum = r->next[v];
    }
    for (uint32_t v = 0; v < r->in->firms; v++) {
        bounds *b = &r->bounds[r->part[v]];
        r->x[v] = b->sum > 0 ? fmax(r->next[v] / b->sum, 0x1p-1000) : 1;
    }
}

/* Parts of two groups that hardly deal with each other and have nearly the same eigenvalue come closer by nearly the
 * same share each time: to where that leads at once (Aitken 1926), if no place loses its sign. The bounds hold of any
 * vector, so a leap astray costs rounds only. */
static void leap(const radii *r, uint32_t parts)
{
    uint32_t firms = r->in->firms;
    for (uint32_t p = 0; p < parts; p++) r->bounds[p].alike = r->bounds[p].square = 0;
    for (uint32_t v = 0; v < firms; v++) {
        bounds *b = &r->bounds[r->part[v]];
        b->alike += r->way[v] * (r->x[v] - r->mark[v]);
        b->square += r->way[v] * r->way[v];
    }
    for (uint32_t p = 0; p < parts; p++) {
        bounds *b = &r->bounds[p];
        b->leap = b->alike > 0 && b->alike < b->square ? b->alike / (b->square - b->alike) : 0;
    }
    for (uint32_t v = 0; v < firms; v++)
        if (!(r->x[v] + r->bounds[r->part[v]].leap * (r->x[v] - r->mark[v]) > 0)) r->bounds[r->part[v]].leap = 0;
    for (uint32_t v = 0; v < firms; v++) r->x[v] += r->bounds[r->part[v]].leap * (r->x[v] - r->mark[v]);
}

/* A leap after each three ways, of which the first lets settle what the last leap has stirred up. */
static void hasten(const radii *r, uint32_t parts, long round)
{
    long ways = (round - LEAP_FROM) / LEAP;
    if (round < LEAP_FROM || round % LEAP != 0) return;
    if (ways % 3 == 2) leap(r, parts);
    for (uint32_t v = 0; v < r->in->firms; v++) {
        r->way[v] = r->x[v] - r->mark[v];
        r->mark[v] = r->x[v];
    }
}

static fn_status enclose(fn_run *run, const radii *r, uint32_t parts, fn_radius *radius)
{
    for (long round = 0; round < ROUNDS_MOST; round++) {
        fn_status status = fn_progress(run, "largest eigenvalue", (double) round / ROUNDS_MOST);
        if (status) return status;
        multiply(run, r, parts, radius->most / 8);
        radius->least = radius->most = 0;
        for (uint32_t p = 0; p < parts; p++) {
            radius->least = fmax(radius->least, r->bounds[p].least);
            radius->most = fmax(radius->most, r->bounds[p].most);
        }
        if (radius->most - radius->least <= CLOSE * radius->most) return FN_OK;
        hasten(r, parts, round);
    }
    return fn_fail(run, FN_ENOCONV, "the largest eigenvalue did not settle in %d rounds", ROUNDS_MOST);
}

fn_status fn_spectral_radius(fn_run *run, const fn_csr *out, const fn_csr *in, fn_radius *radius)
{
    uint32_t firms = in->firms, parts, *part = fn_alloc_bare(run, firms, sizeof *part);
    double *weight = NULL;
    *radius = (fn_radius) { .exponent = fn_weights_exponent(run, in) };
    radii r = {
        .in = in, .part = part, .x = fn_alloc_bare(run, firms, sizeof *r.x),
        .next = fn_alloc_bare(run, firms, sizeof *r.next), .mark = fn_alloc(run, firms, sizeof *r.mark),
        .way = fn_alloc(run, firms, sizeof *r.way)
    };
    fn_status status = part && r.x && r.next && r.mark && r.way ? fn_strong_parts(run, out, part, &parts) : FN_ENOMEM;
    if (!status) status = fn_weights_scaled(run, in, -radius->exponent, &weight);
    if (!status && !(r.bounds = fn_alloc_bare(run, parts, sizeof *r.bounds))) status = FN_ENOMEM;
    if (!status) {
        r.weight = weight;
        for (uint32_t v = 0; v < firms; v++) {
            double sum = 0;
            for (size_t i = in->offset[v]; i < in->offset[v + 1]; i++) sum += weight[i];
            radius->largest = fmax(radius->largest, sum);
            r.x[v] = 1;
        }
        radius->most = radius->largest;
        status = enclose(run, &r, parts, radius);
    }
    fn_free(part);
    fn_free(weight);
    fn_free(r.x);
    fn_free(r.next);
    fn_free(r.mark);
    fn_free(r.way);
    fn_free(r.bounds);
    return status;
}
