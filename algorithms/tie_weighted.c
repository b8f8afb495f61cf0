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
 * exact: what is smaller counts nothing. Self ties have no measure. The cost is that of overlap, with 24 bytes more a
 * pair and 8 a firm. */
enum { AHEAD = 16 };

typedef struct pair_weight {
    uint64_t own, shared;    /* the weight of the pair; what passes through common partners */
} pair_weight;

typedef struct tally {
    pair_weight *of;         /* each pair */
    bool alone;              /* no other thread adds */
} tally;

static inline void add(uint64_t *sum, uint64_t more, bool alone)
{
    if (alone) *sum += more;
    else __atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
}

static inline void tally_triangles(const tally *t, bool alone, uint32_t ab, uint32_t count, const uint32_t *ac,
                                   const uint32_t *bc)
{
    uint64_t own = t->of[ab].own, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        pair_weight *of_ac = &t->of[ac[i]], *of_bc = &t->of[bc[i]];
        sum += of_ac->own + of_bc->own;
        add(&of_ac->shared, own + of_bc->own, alone);
        add(&of_bc->shared, own + of_ac->own, alone);
    }
    add(&t->of[ab].shared, sum, alone);
}

static void tally_found(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc)
{
    const tally *t = user;
    if (t->alone) tally_triangles(t, true, ab, count, ac, bc);
    else tally_triangles(t, false, ab, count, ac, bc);
}

/* strength: of each rank, 0 yet. */
static void fill(const fn_view *view, const fn_tied *p, const tally *t, uint64_t *strength, fn_column *column,
                 int threads)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t a = 0; a < p->firms; a++) {
        uint64_t sum = 0;
        for (uint32_t e = p->start[a]; e < p->start[a + 1]; e++) {
            sum += t->of[e].own;
            add(&strength[p->other[e]], t->of[e].own, t->alone);
        }
        add(&strength[a], sum, t->alone);
    }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t row = 0; row < view->ties; row++) {
        if (row + AHEAD < view->ties && p->of_tie[row + AHEAD] != FN_NONE)
            __builtin_prefetch(&t->of[p->of_tie[row + AHEAD]]);
        uint32_t e = p->of_tie[row];
        if (e == FN_NONE) continue;
        size_t tie = fn_view_tie(view, row);
        uint64_t others = strength[p->rank[ties->from[tie]]] + strength[p->rank[ties->to[tie]]] - 2 * t->of[e].own;
        column->real[row] = others ? (double) t->of[e].shared / (double) others : NAN;
    }
}

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *pairs, void *user)
{
    uint64_t *weight = fn_alloc_bare(run, pairs->pairs, sizeof *weight);
    uint64_t *strength = fn_alloc(run, pairs->firms, sizeof *strength);
    tally t = { .of = fn_alloc_bare(run, pairs->pairs, sizeof *t.of), .alone = fn_run_threads(run) == 1 };
    fn_status status = weight && strength && t.of ? fn_tied_weigh(run, view, pairs, weight) : FN_ENOMEM;
    for (uint32_t e = 0; e < (status ? 0 : pairs->pairs); e++) t.of[e] = (pair_weight) { .own = weight[e] };
    fn_free(weight);
    if (!status) status = fn_triangles_each(run, pairs, "weighted overlap", tally_found, &t);
    if (!status) fill(view, pairs, &t, strength, user, fn_run_threads(run));
    fn_free(strength);
    fn_free(t.of);
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
