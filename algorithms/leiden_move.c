/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_best.h"
#include "algorithms/leiden_rounds.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Local moving. While many nodes may want to move, they do so in rounds, on all threads (leiden_rounds.c); the last,
 * and all nodes of a small graph, move one by one from a queue in random order (Traag, Waltman and van Eck 2019). So
 * each ends where no node wants to move. */

enum { PROGRESS_EVERY = 1 << 16, ROUNDS_MOST = 64 };

/* Arcs of waiting nodes that are worth a round. */
static const size_t ROUND_LEAST = 1 << 17;

static bool is_empty(const int64_t *volume, size_t terms)
{
    for (size_t k = 0; k < terms; k++)
        if (volume[k] != 0) return false;
    return true;
}

/* Labels that no node has, the lowest on top of the stack. */
static uint32_t find_free(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster)
{
    uint32_t *used = work->number, count = 0;
    memset(used, 0, graph->nodes * sizeof *used);
    for (uint32_t node = 0; node < graph->nodes; node++) used[cluster[node]] = 1;
    for (uint32_t label = graph->nodes; label-- > 0;)
        if (!used[label]) work->first[count++] = label;
    return count;
}

/* Waiting nodes in random order. */
static uint32_t fill_queue(const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed, uint64_t stream)
{
    uint32_t count = 0, *queue = work->list;
    for (uint32_t node = 0; node < graph->nodes; node++)
        if (work->flag[node]) {
            uint32_t place = (uint32_t) fn_random_below(seed, stream, count, (uint64_t) count + 1);
            queue[count] = queue[place];
            queue[place] = node;
            count++;
        }
    return count;
}

static fn_status move_one_by_one(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                                 uint64_t stream, uint32_t *cluster)
{
    const size_t terms = (size_t) graph->terms->count;
    const uint32_t nodes = graph->nodes;
    uint32_t *queue = work->list, free_labels = find_free(graph, work, cluster), head = 0;
    uint32_t waiting = fill_queue(graph, work, seed, stream), tail = waiting == nodes ? 0 : waiting;
    for (uint64_t visits = 1; waiting > 0; visits++) {
        if (visits % PROGRESS_EVERY == 0 && fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
        uint32_t node = queue[head], from = cluster[node];
        if (++head == nodes) head = 0;
        waiting--;
        work->flag[node] = 0;
        uint32_t to = fn_leiden_best(graph, &work->tally[0], cluster, work->volume, node);
        if (to == from) continue;

        const int64_t *its = &graph->volume[node * terms];
        if (to == FN_NONE) to = work->first[--free_labels];
        for (size_t k = 0; k < terms; k++) {
            work->volume[from * terms + k] -= its[k];
            work->volume[to * terms + k] += its[k];
        }
        if (is_empty(&work->volume[from * terms], terms)) work->first[free_labels++] = from;
        cluster[node] = to;

        /* Neighbours left in other clusters may want to follow. */
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
            uint32_t other = fn_leiden_target(graph, arc);
            if (work->flag[other] || cluster[other] == to) continue;
            work->flag[other] = 1;
            queue[tail] = other;
            if (++tail == nodes) tail = 0;
            waiting++;
        }
    }
    return FN_OK;
}

static void cluster_totals(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster)
{
    const size_t terms = (size_t) graph->terms->count;
    memset(work->volume, 0, graph->nodes * terms * sizeof *work->volume);
    for (uint32_t node = 0; node < graph->nodes; node++)
        for (size_t k = 0; k < terms; k++)
            work->volume[cluster[node] * terms + k] += graph->volume[node * terms + k];
}

fn_status fn_leiden_move(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                         uint64_t stream, bool alone, double enough, uint32_t *cluster)
{
    cluster_totals(graph, work, cluster);
    size_t waiting = alone || fn_leiden_arcs(graph) <= ROUND_LEAST ? fn_leiden_flag_all(graph, work)
                                                                   : fn_leiden_flag_unhappy(graph, work, cluster);
    for (uint64_t round = 0; waiting > ROUND_LEAST && round < ROUNDS_MOST; round++) {
        if (fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
        waiting = fn_leiden_round(graph, work, fn_random(seed, stream, round), alone && round == 0, cluster);
        if ((double) waiting < enough * (double) fn_leiden_arcs(graph)) return FN_OK;
    }
    return move_one_by_one(run, graph, work, seed, stream, cluster);
}
