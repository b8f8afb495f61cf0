/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { STREAM_SQUARES = 0x7371, PARTS = 256, PART_LEAST = 1024, ROWS_AT_ONCE = 16 };

/* Firms reached by two steps from x, out and back, and how often. */
typedef struct reach {
    uint32_t *times;    /* per firm */
    uint32_t *reached;  /* those with times > 0 */
    uint32_t count;
    size_t sampled;
} reach;

/* Only its rows matter, not its weights: who delivers to each firm. */
static fn_status turn(fn_run *run, const fn_csr *out, fn_csr *in)
{
    *in = (fn_csr) { .firms = out->firms, .arcs = out->arcs };
    in->offset = fn_alloc(run, (size_t) out->firms + 1, sizeof *in->offset);
    in->target = in->own_target = fn_alloc_bare(run, out->arcs, sizeof *in->own_target);
    if (!in->offset || !in->own_target) return FN_ENOMEM;
    for (size_t i = 0; i < out->arcs; i++) in->offset[out->target[i] + 1]++;
    for (uint32_t v = 0; v < in->firms; v++) in->offset[v + 1] += in->offset[v];
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) in->own_target[in->offset[out->target[i]]++] = u;
    for (uint32_t v = in->firms; v > 0; v--) in->offset[v] = in->offset[v - 1];
    in->offset[0] = 0;
    return FN_OK;
}

/* times[z] = number of y in out(x) with z in in(y); over the arc x→y the squares are the sum over z in in(y) of the
 * other ways to z, times[z] - 1. */
static void count_exactly(const fn_csr *out, const fn_csr *in, uint32_t x, reach *r, double *share, double *error)
{
    size_t begin = out->offset[x], end = out->offset[x + 1];
    for (size_t i = begin; i < end; i++) {
        uint32_t y = out->target[i];
        for (size_t j = in->offset[y]; j < in->offset[y + 1]; j++) {
            uint32_t z = in->target[j];
            if (r->times[z]++ == 0) r->reached[r->count++] = z;
        }
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t y = out->target[i];
        uint64_t squares = 0;
        for (size_t j = in->offset[y]; j < in->offset[y + 1]; j++)
            if (in->target[j] != x) squares += r->times[in->target[j]] - 1;
        double pairs = ((double) fn_csr_degree(in, y) - 1) * ((double) (end - begin) - 1);
        share[i] = pairs > 0 ? (double) squares / pairs : NAN;
        if (error) error[i] = pairs > 0 ? 0 : NAN;
    }
    while (r->count) r->times[r->reached[--r->count]] = 0;
}

/* Any place of a row but the one that holds `but`. */
static uint32_t draw_other(const fn_csr *csr, uint32_t row, uint32_t but, uint64_t seed, uint64_t index)
{
    size_t at = csr->offset[row] + (size_t) fn_random_below(seed, STREAM_SQUARES, index, fn_csr_degree(csr, row) - 1);
    return csr->target[at >= fn_csr_find(csr, row, but) ? at + 1 : at];
}

/* Each pair drawn is closed with the chance that is sought. */
static double estimate(const fn_csr *out, const fn_csr *in, uint32_t x, size_t arc, uint64_t seed, uint32_t samples,
                       double *error)
{
    uint32_t y = out->target[arc], found = 0;
    *error = NAN;
    if (fn_csr_degree(out, x) < 2 || fn_csr_degree(in, y) < 2) return NAN;
    for (uint32_t s = 0; s < samples; s++) {
        uint64_t index = ((uint64_t) arc * samples + s) * 2;
        uint32_t z = draw_other(in, y, x, seed, index), other = draw_other(out, x, y, seed, index + 1);
        found += fn_csr_find(out, z, other) != FN_NO_ARC;
    }
    double n = samples + 4.0, p = (found + 2.0) / n;
    *error = 1.96 * sqrt(p * (1 - p) / n);
    return (double) found / samples;
}

static void judge_firm(const fn_csr *out, const fn_csr *in, uint32_t x, const fn_square_limits *limits, uint64_t seed,
                       reach *r, double *share, double *error)
{
    uint64_t steps = 0;
    for (size_t i = out->offset[x]; i < out->offset[x + 1]; i++) steps += fn_csr_degree(in, out->target[i]);
    if (steps <= limits->row_steps * fn_csr_degree(out, x)) {
        count_exactly(out, in, x, r, share, error);
        return;
    }
    for (size_t i = out->offset[x]; i < out->offset[x + 1]; i++) {
        double off;
        share[i] = estimate(out, in, x, i, seed, limits->samples, &off);
        if (error) error[i] = off;
        r->sampled += !isnan(share[i]);
    }
}

/* Between parts of the work there is time to tell progress and to cancel. */
static fn_status judge_all(fn_run *run, const fn_csr *out, const fn_csr *in, const fn_square_limits *limits, reach *r,
                           int threads, double *share, double *error)
{
    size_t part = out->arcs / PARTS + PART_LEAST;
    fn_status status = FN_OK;
    for (uint32_t first = 0, end; first < out->firms && !status; first = end) {
        status = fn_progress(run, "squares", (double) out->offset[first] / (double) (out->arcs + 1));
        for (end = first + 1; end < out->firms && out->offset[end] - out->offset[first] < part;) end++;
#pragma omp parallel for schedule(dynamic, ROWS_AT_ONCE) num_threads(threads) if (!status)
        for (uint32_t x = first; x < (status ? first : end); x++) {
#ifdef _OPENMP
            reach *own = &r[omp_get_thread_num()];
#else
            reach *own = r;
#endif
            judge_firm(out, in, x, limits, run->seed, own, share, error);
        }
    }
    return status;
}

fn_status fn_square_draw(fn_run *run, const fn_csr *out, const fn_square_limits *limits, double *share, double *error,
                         size_t *sampled)
{
    int threads = fn_run_threads(run);
    fn_csr in = { 0 };
    reach *r = fn_alloc(run, (size_t) threads, sizeof *r);
    fn_status status = r ? turn(run, out, &in) : FN_ENOMEM;
    for (int t = 0; t < threads && !status; t++) {
        r[t].times = fn_alloc(run, out->firms, sizeof *r[t].times);
        r[t].reached = fn_alloc(run, out->firms, sizeof *r[t].reached);
        if (!r[t].times || !r[t].reached) status = FN_ENOMEM;
    }
    if (!status) status = judge_all(run, out, &in, limits, r, threads, share, error);
    *sampled = 0;
    for (int t = 0; r && t < threads; t++) {
        *sampled += r[t].sampled;
        fn_free(r[t].times);
        fn_free(r[t].reached);
    }
    fn_free(r);
    fn_free(in.offset);
    fn_free(in.own_target);
    return status;
}
