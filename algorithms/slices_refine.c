/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/slices_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Refinement over slices: the rules of leiden_refine.c. A coupling is a tie like others here, so parts reach over
 * periods. What is expected between a part and the rest of its cluster is kept up to date, as the weight between them
 * is: when node v joins part T, both add up, less twice what is between v and T. */

typedef struct refine_state {
    const fn_slice_graph *graph;
    fn_leiden_work *work;
    fn_slice_sums *sums;     /* volumes of clusters first, then of parts */
    double *expected;        /* between each part and the rest of its cluster */
    const uint32_t *cluster;
    uint32_t *part;
} refine_state;

static bool well_connected(const refine_state *s, uint32_t part)
{
    return (double) s->work->cut[part] >= s->expected[part];
}

/* Weight between each node and the rest of its cluster, and what is expected of it; then every node is a part. */
static void start_alone(const refine_state *s)
{
    const fn_leiden_graph *arcs = &s->graph->arcs;
    fn_slice_sums_clear(s->sums);
    for (uint32_t node = 0; node < arcs->nodes; node++) fn_slice_sums_add(s->sums, s->graph, node, s->cluster[node], 1);
    for (uint32_t node = 0; node < arcs->nodes; node++) {
        int64_t cut = 0;
        for (size_t arc = arcs->offset[node]; arc < arcs->offset[node + 1]; arc++)
            if (s->cluster[fn_leiden_target(arcs, arc)] == s->cluster[node]) cut += fn_leiden_weight(arcs, arc);
        s->work->cut[node] = cut;
        s->expected[node] = fn_slice_expected_rest(s->graph, s->sums, node, s->cluster[node]);
        s->part[node] = node;
        s->work->flag[node] = 1;
    }
    fn_slice_sums_clear(s->sums);
    for (uint32_t node = 0; node < arcs->nodes; node++) fn_slice_sums_add(s->sums, s->graph, node, node, 1);
}

/* A node that stands alone joins the part that gains most, equal gains to the lowest number. */
static fn_status join_best(fn_run *run, const refine_state *s, uint32_t node)
{
    const fn_leiden_graph *arcs = &s->graph->arcs;
    fn_leiden_tally *tally = &s->work->tally[0];
    uint32_t best = node;
    int64_t best_weight = 0;
    double best_gain = 0, best_expected = 0;
    if (!well_connected(s, node)) return FN_OK;
    fn_leiden_tally_open(tally, arcs->offset[node + 1] - arcs->offset[node], arcs->nodes);
    for (size_t arc = arcs->offset[node]; arc < arcs->offset[node + 1]; arc++) {
        uint32_t other = fn_leiden_target(arcs, arc);
        if (s->cluster[other] == s->cluster[node])
            fn_leiden_tally_add(tally, s->part[other], fn_leiden_weight(arcs, arc));
    }
    for (uint32_t i = 0; i < tally->count; i++) {
        uint32_t to = fn_leiden_tally_label(tally, i);
        double weight = (double) fn_leiden_tally_weight(tally, i);
        if (weight < best_gain || !well_connected(s, to)) continue;
        double expected = fn_slice_expected(s->graph, s->sums, node, to), gain = weight - expected;
        if (gain < best_gain || (gain == best_gain && (best == node || to > best))) continue;
        best = to;
        best_gain = gain;
        best_weight = fn_leiden_tally_weight(tally, i);
        best_expected = expected;
    }
    fn_leiden_tally_close(tally);
    if (best == node) return FN_OK;
    fn_status status = fn_slice_sums_reserve(run, s->sums, s->graph->begin[node + 1] - s->graph->begin[node]);
    if (status) return status;
    s->part[node] = best;
    s->work->flag[best] = 0;
    s->work->cut[best] += s->work->cut[node] - 2 * best_weight;
    s->expected[best] += s->expected[node] - 2 * best_expected;
    fn_slice_sums_add(s->sums, s->graph, node, node, -1);
    fn_slice_sums_add(s->sums, s->graph, node, best, 1);
    return FN_OK;
}

/* Parts of a cluster side by side, and the nodes of each: work->first and work->sorted. work->list: nodes by
 * cluster. */
static uint32_t number_parts(const refine_state *s)
{
    fn_leiden_work *work = s->work;
    const uint32_t nodes = s->graph->arcs.nodes;
    uint32_t parts = 0, place = 0;
    for (uint32_t i = 0; i < nodes; i++) {
        uint32_t node = work->list[i];
        if (s->part[node] == node) work->number[node] = parts++;
    }
    memset(work->first, 0, ((size_t) parts + 1) * sizeof *work->first);
    for (uint32_t node = 0; node < nodes; node++) {
        s->part[node] = work->number[s->part[node]];
        work->first[s->part[node]]++;
    }
    for (uint32_t p = 0; p <= parts; p++) {
        uint32_t count = work->first[p];
        work->first[p] = place;
        place += p < parts ? count : 0;
    }
    for (uint32_t i = 0; i < nodes; i++) work->sorted[work->first[s->part[work->list[i]]]++] = work->list[i];
    for (uint32_t p = parts; p > 0; p--) work->first[p] = work->first[p - 1];
    work->first[0] = 0;
    return parts;
}

/* The nodes of a cluster in visiting order. */
static void shuffle(const uint32_t *node, uint32_t nodes, uint64_t seed, uint64_t stream, uint32_t *order)
{
    for (uint32_t i = 0; i < nodes; i++) {
        uint32_t place = (uint32_t) fn_random_below(seed, stream, node[i], (uint64_t) i + 1);
        order[i] = order[place];
        order[place] = node[i];
    }
}

fn_status fn_slice_refine(fn_run *run, const fn_slice_graph *graph, fn_leiden_work *work, fn_slice_sums *sums,
                          uint64_t seed, uint64_t stream, const uint32_t *cluster, uint32_t clusters, uint32_t *part,
                          uint32_t *parts)
{
    const uint32_t nodes = graph->arcs.nodes;
    refine_state s = { .graph = graph, .work = work, .sums = sums, .cluster = cluster, .part = part };
    fn_status status = fn_progress(run, "finding clusters", work->done);
    fn_slice_sums_clear(sums);
    if (!status) status = fn_slice_sums_reserve(run, sums, graph->begin[nodes]);
    if (!status && !(s.expected = fn_alloc_bare(run, nodes, sizeof *s.expected))) status = FN_ENOMEM;
    if (status) goto done;
    start_alone(&s);
    uint32_t *order = work->sorted;
    fn_leiden_list(nodes, cluster, clusters, work->start, work->list);
    for (uint32_t c = 0; c < clusters; c++)
        shuffle(work->list + work->start[c], work->start[c + 1] - work->start[c], seed, stream, order + work->start[c]);
    for (uint32_t i = 0; i < nodes; i++)
        if (work->flag[order[i]] && (status = join_best(run, &s, order[i]))) goto done;
    *parts = number_parts(&s);
done:
    fn_free(s.expected);
    return status;
}
