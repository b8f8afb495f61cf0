/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_best.h"
#include "algorithms/slices_inside.h"
#include "graph/random.h"

/* Local moving over slices: nodes one by one from a queue in random order, until none wants to move (as in
 * leiden_move.c). */

enum { PROGRESS_EVERY = 1 << 16 };

typedef struct move_state {
    const fn_slice_graph *graph;
    fn_leiden_work *work;
    fn_slice_sums *sums;
    uint32_t *cluster;
    uint32_t *size;          /* nodes of each cluster */
    uint32_t *empty, empties;
} move_state;

/* Where a node wants to be: as fn_leiden_best. */
static uint32_t best_cluster(const move_state *s, uint32_t node)
{
    fn_leiden_tally *tally = &s->work->tally[0];
    const uint32_t own = s->cluster[node];
    fn_leiden_look(&s->graph->arcs, tally, s->cluster, node);
    double stay_weight = (double) fn_leiden_tally_of(tally, own);
    double stay_expected = fn_slice_expected_rest(s->graph, s->sums, node, own);
    double stay = stay_weight - stay_expected, best_gain = stay > 0 ? stay : 0, best_size = 0;
    uint32_t best = stay > 0 ? own : FN_NONE;
    for (uint32_t i = 0; i < tally->count; i++) {
        double weight = (double) fn_leiden_tally_weight(tally, i);
        if (weight < best_gain) continue;
        uint32_t to = fn_leiden_tally_label(tally, i);
        if (to == own) continue;
        double expected = fn_slice_expected(s->graph, s->sums, node, to), gain = weight - expected;
        if (gain > best_gain || (gain == best_gain && best != own && to < best)) {
            best = to;
            best_gain = gain;
            best_size = weight + expected;
        }
    }
    fn_leiden_tally_close(tally);
    if (best == own || !(best_gain - stay > FN_LEIDEN_ROUNDING * (stay_weight + stay_expected + best_size))) return own;
    return best;
}

/* Sizes and volumes of the clusters there are, empty labels (the lowest on top), and all nodes with arcs in random
 * order. Returns how many wait. */
static uint32_t prepare(move_state *s, uint64_t seed, uint64_t stream)
{
    const fn_leiden_graph *arcs = &s->graph->arcs;
    uint32_t *queue = s->work->list, waiting = 0;
    memset(s->size, 0, arcs->nodes * sizeof *s->size);
    for (uint32_t node = 0; node < arcs->nodes; node++) {
        s->size[s->cluster[node]]++;
        fn_slice_sums_add(s->sums, s->graph, node, s->cluster[node], 1);
        s->work->flag[node] = arcs->offset[node + 1] > arcs->offset[node];
        if (!s->work->flag[node]) continue;
        uint32_t place = (uint32_t) fn_random_below(seed, stream, waiting, (uint64_t) waiting + 1);
        queue[waiting] = queue[place];
        queue[place] = node;
        waiting++;
    }
    for (uint32_t label = arcs->nodes; label-- > 0;)
        if (!s->size[label]) s->empty[s->empties++] = label;
    return waiting;
}

static void move_node(move_state *s, uint32_t node, uint32_t to)
{
    const uint32_t from = s->cluster[node];
    fn_slice_sums_add(s->sums, s->graph, node, from, -1);
    fn_slice_sums_add(s->sums, s->graph, node, to, 1);
    s->size[to]++;
    if (--s->size[from] == 0) s->empty[s->empties++] = from;
    s->cluster[node] = to;
}

fn_status fn_slice_move(fn_run *run, const fn_slice_graph *graph, fn_leiden_work *work, fn_slice_sums *sums,
                        uint64_t seed, uint64_t stream, uint32_t *cluster)
{
    const fn_leiden_graph *arcs = &graph->arcs;
    const uint32_t nodes = arcs->nodes;
    move_state s = { .graph = graph, .work = work, .sums = sums, .cluster = cluster, .size = work->number,
                     .empty = work->first };
    fn_slice_sums_clear(sums);
    fn_status status = fn_slice_sums_reserve(run, sums, graph->begin[nodes]);
    if (status) return status;
    uint32_t *queue = work->list, head = 0, waiting = prepare(&s, seed, stream), tail = waiting == nodes ? 0 : waiting;
    for (uint64_t visits = 1; waiting > 0; visits++) {
        if (visits % PROGRESS_EVERY == 0 && fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
        uint32_t node = queue[head];
        if (++head == nodes) head = 0;
        waiting--;
        work->flag[node] = 0;
        uint32_t to = best_cluster(&s, node);
        if (to == cluster[node]) continue;
        if ((status = fn_slice_sums_reserve(run, sums, graph->begin[node + 1] - graph->begin[node]))) return status;
        if (to == FN_NONE) to = s.empty[--s.empties];
        move_node(&s, node, to);

        /* Neighbours left in other clusters may want to follow. */
        for (size_t arc = arcs->offset[node]; arc < arcs->offset[node + 1]; arc++) {
            uint32_t other = fn_leiden_target(arcs, arc);
            if (work->flag[other] || cluster[other] == to) continue;
            work->flag[other] = 1;
            queue[tail] = other;
            if (++tail == nodes) tail = 0;
            waiting++;
        }
    }
    return FN_OK;
}
