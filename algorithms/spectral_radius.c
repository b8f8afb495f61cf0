/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/spectral.h"
#include "algorithms/strong_parts.h"
#include "graph/memory.h"

enum { ROUNDS_MOST = 20000 };
static const double CLOSE = 1e-10;

int fn_weights_exponent(const fn_csr *csr)
{
    double largest = 0;
    int exponent = 0;
#pragma omp parallel for schedule(static) reduction(max : largest) if (csr->arcs > 50000)
    for (size_t i = 0; i < csr->arcs; i++)
        if (csr->weight[i] > largest) largest = csr->weight[i];
    if (largest > 0) frexp(largest, &exponent);
    return exponent;
}

fn_status fn_weights_scaled(fn_run *run, const fn_csr *csr, int exponent, double **weight)
{
    if (!(*weight = fn_alloc_bare(run, csr->arcs, sizeof **weight))) return FN_ENOMEM;
    for (size_t i = 0; i < csr->arcs; i++) (*weight)[i] = exponent ? ldexp(csr->weight[i], exponent) : csr->weight[i];
    return FN_OK;
}

/* Bounds of a part: smallest and largest of (A x)(v) / x(v), and the size of its vector. */
typedef struct bounds {
    double least, most, sum;
} bounds;

typedef struct radii {
    const fn_csr *in;
    const double *weight;
    const uint32_t *part;
    bounds *bounds;
    double *x, *next;
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
    for (uint32_t p = 0; p < parts; p++) r->bounds[p] = (bounds) { INFINITY, 0, 0 };
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
    }
    return fn_fail(run, FN_ENOCONV, "the largest eigenvalue did not settle in %d rounds", ROUNDS_MOST);
}

fn_status fn_spectral_radius(fn_run *run, const fn_csr *out, const fn_csr *in, fn_radius *radius)
{
    uint32_t firms = in->firms, parts, *part = fn_alloc_bare(run, firms, sizeof *part);
    double *weight = NULL;
    *radius = (fn_radius) { .exponent = fn_weights_exponent(in) };
    radii r = {
        .in = in, .part = part, .x = fn_alloc_bare(run, firms, sizeof *r.x),
        .next = fn_alloc_bare(run, firms, sizeof *r.next)
    };
    fn_status status = part && r.x && r.next ? fn_strong_parts(run, out, part, &parts) : FN_ENOMEM;
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
    fn_free(r.bounds);
    return status;
}
