/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/tie_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { STREAM_SQUARES = 0x7371, PROGRESS_STEPS = 1 << 22 };

const fn_square_limits fn_square_defaults = { .steps = 4096, .samples = 4096 };

/* Does u keep the count of the pair? */
static bool keeps(const fn_csr *both, uint32_t u, uint32_t v)
{
    uint32_t ku = fn_csr_degree(both, u), kv = fn_csr_degree(both, v);
    return ku != kv ? ku > kv : u > v;
}

fn_status fn_common_count(fn_run *run, const fn_csr *both, uint32_t *common)
{
    bool *partner = fn_alloc(run, both->firms, sizeof *partner);
    if (!partner) return FN_ENOMEM;
    fn_status status = FN_OK;
    uint64_t steps = 0;
    for (uint32_t u = 0; u < both->firms && !status; u++) {
        size_t begin = both->offset[u], end = both->offset[u + 1];
        for (size_t i = begin; i < end; i++) partner[both->target[i]] = true;
        for (size_t i = begin; i < end; i++) {
            uint32_t v = both->target[i];
            if (!keeps(both, u, v)) continue;
            uint32_t n = 0;
            for (size_t j = both->offset[v]; j < both->offset[v + 1]; j++) n += partner[both->target[j]];
            common[i] = n;
            steps += fn_csr_degree(both, v);
        }
        for (size_t i = begin; i < end; i++) partner[both->target[i]] = false;
        if (steps < PROGRESS_STEPS) continue;
        status = fn_progress(run, "common partners", (double) u / both->firms);
        steps = 0;
    }
    fn_free(partner);
    return status;
}

uint32_t fn_common_of(const fn_csr *both, const uint32_t *common, uint32_t u, uint32_t v)
{
    return common[keeps(both, u, v) ? fn_csr_find(both, u, v) : fn_csr_find(both, v, u)];
}

double fn_square_steps(const fn_csr *b)
{
    double sum = 0;
    for (uint32_t u = 0; u < b->firms; u++) sum += (double) fn_csr_degree(b, u) * fn_csr_degree(b, u);
    return sum;
}

/* Firms reached by two steps from x, and how often. */
typedef struct reach {
    uint32_t *times;    /* per firm */
    uint32_t *reached;  /* those with times > 0 */
    uint32_t count;
} reach;

/* times[z] = number of y in a(x) with z in b(y); then over arc x→y the squares are the sum over z in b(y) of the other
 * ways to z, times[z] - 1. */
static void count_exactly(const fn_csr *a, const fn_csr *b, uint32_t x, reach *r, double *share)
{
    size_t begin = a->offset[x], end = a->offset[x + 1];
    for (size_t i = begin; i < end; i++) {
        uint32_t y = a->target[i];
        for (size_t j = b->offset[y]; j < b->offset[y + 1]; j++) {
            uint32_t z = b->target[j];
            if (r->times[z]++ == 0) r->reached[r->count++] = z;
        }
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t y = a->target[i];
        uint64_t squares = 0;
        for (size_t j = b->offset[y]; j < b->offset[y + 1]; j++)
            if (b->target[j] != x) squares += r->times[b->target[j]] - 1;
        double pairs = ((double) fn_csr_degree(b, y) - 1) * ((double) (end - begin) - 1);
        share[i] = pairs > 0 ? (double) squares / pairs : NAN;
    }
    while (r->count) r->times[r->reached[--r->count]] = 0;
}

/* Any place of a row but the one that holds `but`. */
static uint32_t draw_other(const fn_csr *csr, uint32_t row, uint32_t but, uint64_t seed, uint64_t index)
{
    size_t at = csr->offset[row] + (size_t) fn_random_below(seed, STREAM_SQUARES, index, fn_csr_degree(csr, row) - 1);
    return csr->target[at >= fn_csr_find(csr, row, but) ? at + 1 : at];
}

static double estimate(const fn_csr *a, const fn_csr *b, uint32_t x, size_t arc, uint64_t seed, uint32_t samples)
{
    uint32_t y = a->target[arc], found = 0;
    if (fn_csr_degree(a, x) < 2 || fn_csr_degree(b, y) < 2) return NAN;
    for (uint32_t s = 0; s < samples; s++) {
        uint64_t index = ((uint64_t) arc * samples + s) * 2;
        uint32_t z = draw_other(b, y, x, seed, index), other = draw_other(a, x, y, seed, index + 1);
        found += fn_csr_find(b, other, z) != FN_NO_ARC;
    }
    return (double) found / samples;
}

fn_status fn_square_share(fn_run *run, const fn_csr *a, const fn_csr *b, const fn_square_limits *limits, double *share,
                          size_t *sampled)
{
    reach r = { 0 };
    r.times = fn_alloc(run, a->firms, sizeof *r.times);
    r.reached = fn_alloc(run, a->firms, sizeof *r.reached);
    fn_status status = r.times && r.reached ? FN_OK : FN_ENOMEM;
    uint64_t since = 0;
    *sampled = 0;
    for (uint32_t x = 0; !status && x < a->firms; x++) {
        uint64_t steps = 0;
        for (size_t i = a->offset[x]; i < a->offset[x + 1]; i++) steps += fn_csr_degree(b, a->target[i]);
        if (steps <= limits->steps * fn_csr_degree(a, x)) {
            count_exactly(a, b, x, &r, share);
            since += steps;
        } else {
            for (size_t i = a->offset[x]; i < a->offset[x + 1] && !status; i++) {
                share[i] = estimate(a, b, x, i, run->seed, limits->samples);
                *sampled += !isnan(share[i]);
                if ((since += limits->samples * (uint64_t) 16) < PROGRESS_STEPS) continue;
                status = fn_progress(run, "squares", (double) x / a->firms);
                since = 0;
            }
        }
        if (status || since < PROGRESS_STEPS) continue;
        status = fn_progress(run, "squares", (double) x / a->firms);
        since = 0;
    }
    fn_free(r.times);
    fn_free(r.reached);
    return status;
}
