/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_graph.h"

/* Rounding error of a gain, relative to what it is made of. A move must gain more than that: so each move raises the
 * true quality and the search ends. */
static const double ROUNDING = 0x1p-48;

enum { PROGRESS_EVERY = 1 << 16 };

static void cluster_totals(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster)
{
    const size_t terms = (size_t) graph->terms->count;
    memset(work->members, 0, graph->nodes * sizeof *work->members);
    memset(work->volume, 0, graph->nodes * terms * sizeof *work->volume);
    for (uint32_t node = 0; node < graph->nodes; node++) {
        work->members[cluster[node]]++;
        for (size_t k = 0; k < terms; k++)
            work->volume[cluster[node] * terms + k] += graph->volume[node * terms + k];
    }
}

/* Weight from node to each neighbouring cluster, in work->gathered; returns how many clusters are touched. */
static uint32_t gather(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster, uint32_t node)
{
    uint32_t count = 0;
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
        uint32_t other = cluster[graph->target[arc]];
        if (work->gathered[other] == 0) work->touched[count++] = other;
        work->gathered[other] += graph->weight[arc];
    }
    return count;
}

/* The best cluster for a node that has been taken out of cluster `from`; equal gains go to the lowest number.
 * FN_NONE: an empty one. */
static uint32_t best_cluster(const fn_leiden_graph *graph, const fn_leiden_work *work, uint32_t node, uint32_t from,
                             uint32_t touched)
{
    const fn_leiden_terms *terms = graph->terms;
    const size_t count = (size_t) terms->count;
    const int64_t *volume = &graph->volume[node * count];
    double stay_weight = (double) work->gathered[from];
    double stay_expected = fn_leiden_expected(terms, volume, &work->volume[from * count]);
    double stay = stay_weight - stay_expected, best_gain = 0, best_size = 0;
    uint32_t best = FN_NONE;
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t to = work->touched[i];
        if (to == from) continue;
        double weight = (double) work->gathered[to];
        double expected = fn_leiden_expected(terms, volume, &work->volume[to * count]);
        double gain = weight - expected;
        if (gain > best_gain || (gain == best_gain && to < best)) {
            best = to;
            best_gain = gain;
            best_size = weight + expected;
        }
    }
    bool better = best_gain - stay > ROUNDING * (stay_weight + stay_expected + best_size);
    bool same = best == FN_NONE && work->members[from] == 0;
    return better && !same ? best : from;
}

fn_status fn_leiden_move(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                         uint64_t stream, uint32_t *cluster, uint32_t clusters)
{
    const size_t terms = (size_t) graph->terms->count;
    const uint32_t nodes = graph->nodes;
    uint32_t waiting = nodes, head = 0, tail = 0, free_ids = 0, next_id = clusters;
    uint64_t visits = 0;
    cluster_totals(graph, work, cluster);
    fn_leiden_order(work, nodes, seed, stream);
    memcpy(work->queue, work->order, nodes * sizeof *work->queue);
    memset(work->queued, 1, nodes * sizeof *work->queued);
    while (waiting > 0) {
        if (++visits % PROGRESS_EVERY == 0 && fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
        uint32_t node = work->queue[head];
        if (++head == nodes) head = 0;
        waiting--;
        work->queued[node] = false;
        if (graph->offset[node] == graph->offset[node + 1] && work->members[cluster[node]] == 1) continue;

        /* Take the node out, look around, put it where it gains most. */
        uint32_t from = cluster[node], touched = gather(graph, work, cluster, node);
        work->members[from]--;
        for (size_t k = 0; k < terms; k++) work->volume[from * terms + k] -= graph->volume[node * terms + k];
        uint32_t to = best_cluster(graph, work, node, from, touched);
        for (uint32_t i = 0; i < touched; i++) work->gathered[work->touched[i]] = 0;
        if (to == FN_NONE) to = free_ids > 0 ? work->free_id[--free_ids] : next_id++;
        work->members[to]++;
        for (size_t k = 0; k < terms; k++) work->volume[to * terms + k] += graph->volume[node * terms + k];
        if (to == from) continue;
        if (work->members[from] == 0) work->free_id[free_ids++] = from;
        cluster[node] = to;

        /* Neighbours left in other clusters may want to follow. */
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
            uint32_t other = graph->target[arc];
            if (work->queued[other] || cluster[other] == to) continue;
            work->queued[other] = true;
            work->queue[tail] = other;
            if (++tail == nodes) tail = 0;
            waiting++;
        }
    }
    return FN_OK;
}
