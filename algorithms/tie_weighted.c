/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Overlap by weight: of all that the two firms of a tie exchange with others, the share that goes to or comes from
 * partners they have in common (Mattie and Onnela 2021, Network Science 9, 179; arXiv:1712.07110):
 *   weighted_overlap = sum over common k of (w(from,k) + w(to,k)) / (s_from + s_to - 2 w(from,to))
 * w(u,v) is the weight of all ties between two firms of the tie's layer, both directions added; s the sum over a firm's
 * partners. A larger weight is a stronger tie; a tie without weight binds no common partner, but has the measure.
 * 0/0 is missing: nobody else gives weight. Range 0 … 1; with equal weights it is 2 n / (k_from + k_to - 2), not
 * overlap, as Choumane (2020) remarks. Weights are taken in whole steps of the layer's total / 2^60, so that sums are
 * exact: what is smaller counts nothing. Self ties have no measure. The cost is that of overlap, with 16 bytes more a
 * pair and 8 a firm. */
typedef struct tally {
    const uint64_t *weight;
    uint64_t *shared;
} tally;

static void tally_triangles(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc)
{
    const tally *t = user;
    uint64_t own = t->weight[ab], sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t low = t->weight[ac[i]], high = t->weight[bc[i]];
        sum += low + high;
        __atomic_fetch_add(&t->shared[ac[i]], own + high, __ATOMIC_RELAXED);
        __atomic_fetch_add(&t->shared[bc[i]], own + low, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&t->shared[ab], sum, __ATOMIC_RELAXED);
}

static void fill(const fn_view *view, const fn_tied *p, const tally *t, uint64_t *strength, fn_column *column,
                 int threads)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    (void) threads;
    for (uint32_t a = 0; a < p->firms; a++)
        for (uint32_t e = p->start[a]; e < p->start[a + 1]; e++) {
            strength[p->firm[a]] += t->weight[e];
            strength[p->firm[p->other[e]]] += t->weight[e];
        }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t row = 0; row < view->ties; row++) {
        uint32_t e = p->of_tie[row];
        if (e == FN_NONE) continue;
        size_t tie = fn_view_tie(view, row);
        uint64_t others = strength[ties->from[tie]] + strength[ties->to[tie]] - 2 * t->weight[e];
        column->real[row] = others ? (double) t->shared[e] / (double) others : NAN;
    }
}

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *pairs, void *user)
{
    uint64_t *weight = fn_alloc_bare(run, pairs->pairs, sizeof *weight);
    uint64_t *strength = fn_alloc(run, pairs->firms, sizeof *strength);
    tally t = { .weight = weight, .shared = fn_alloc(run, pairs->pairs, sizeof *t.shared) };
    fn_status status = weight && strength && t.shared ? fn_tied_weigh(run, view, pairs, weight) : FN_ENOMEM;
    if (!status) status = fn_triangles_each(run, pairs, "weighted overlap", tally_triangles, &t);
    if (!status) fill(view, pairs, &t, strength, user, fn_run_threads(run));
    fn_free(weight);
    fn_free(strength);
    fn_free(t.shared);
    return status;
}

static fn_status run_weighted(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    fn_column *column;
    fn_status status = fn_table_add(run, result, "weighted_overlap", FN_COLUMN_REAL, &column);
    return status ? status : fn_tied_each_layer(run, view, measure, column);
}

const fn_algorithm fn_algorithm_weighted_overlap = {
    .name = "weighted-overlap", .group = FN_GROUP_TIES,
    .text = "share of what the two firms exchange with others that passes through common partners",
    .gives = "weighted_overlap", .source = "Mattie and Onnela 2021", .run = run_weighted
};
