/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_graph.h"

enum { PROGRESS_EVERY = 1 << 16 };

/* Refinement of Traag, Waltman and van Eck (2019): within each cluster, nodes that still stand alone and are well
 * connected to the rest of the cluster join the best well-connected part beside them. A set is well connected when the
 * weight between it and the rest is no less than expected. Only nodes that stand alone move and only to a part they
 * have a tie with, so every part is connected. Greedy: the randomness lies in the visiting order. */

static void start_alone(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster, uint32_t *part)
{
    const size_t terms = (size_t) graph->terms->count;
    memset(work->volume, 0, graph->nodes * terms * sizeof *work->volume);
    memcpy(work->part_volume, graph->volume, graph->nodes * terms * sizeof *work->part_volume);
    for (uint32_t node = 0; node < graph->nodes; node++) {
        part[node] = node;
        work->members[node] = 1;
        work->cut[node] = 0;
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++)
            if (cluster[graph->target[arc]] == cluster[node]) work->cut[node] += graph->weight[arc];
        for (size_t k = 0; k < terms; k++)
            work->volume[cluster[node] * terms + k] += graph->volume[node * terms + k];
    }
}

static bool well_connected(const fn_leiden_graph *graph, const fn_leiden_work *work, uint32_t part, uint32_t cluster)
{
    const size_t terms = (size_t) graph->terms->count;
    return (double) work->cut[part] >= fn_leiden_expected_rest(graph->terms, &work->part_volume[part * terms],
                                                               &work->volume[cluster * terms]);
}

/* The part that a node standing alone should join, equal gains to the lowest number; itself where none gains. */
static uint32_t best_part(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster,
                          const uint32_t *part, uint32_t node, int64_t *best_weight)
{
    const size_t terms = (size_t) graph->terms->count;
    uint32_t touched = 0, best = node;
    double best_gain = 0;
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
        uint32_t other = graph->target[arc];
        if (cluster[other] != cluster[node]) continue;
        if (work->gathered[part[other]] == 0) work->touched[touched++] = part[other];
        work->gathered[part[other]] += graph->weight[arc];
    }
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t to = work->touched[i];
        int64_t weight = work->gathered[to];
        work->gathered[to] = 0;
        double gain = (double) weight - fn_leiden_expected(graph->terms, &graph->volume[node * terms],
                                                           &work->part_volume[to * terms]);
        if (gain < best_gain || (gain == best_gain && (best == node || to > best))) continue;
        if (!well_connected(graph, work, to, cluster[node])) continue;
        best = to;
        best_gain = gain;
        *best_weight = weight;
    }
    return best;
}

fn_status fn_leiden_refine(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint64_t stream, const uint32_t *cluster, uint32_t *part, uint32_t *parts)
{
    const size_t terms = (size_t) graph->terms->count;
    start_alone(graph, work, cluster, part);
    fn_leiden_order(work, graph->nodes, seed, stream);
    for (uint32_t i = 0; i < graph->nodes; i++) {
        if ((i + 1) % PROGRESS_EVERY == 0 && fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
        uint32_t node = work->order[i];
        if (part[node] != node || work->members[node] != 1) continue;
        if (!well_connected(graph, work, node, cluster[node])) continue;
        int64_t weight = 0;
        uint32_t to = best_part(graph, work, cluster, part, node, &weight);
        if (to == node) continue;
        part[node] = to;
        work->members[node] = 0;
        work->members[to]++;
        work->cut[to] += work->cut[node] - 2 * weight;
        for (size_t k = 0; k < terms; k++) work->part_volume[to * terms + k] += graph->volume[node * terms + k];
    }
    *parts = fn_leiden_compact(work, graph->nodes, part);
    return FN_OK;
}

uint32_t fn_leiden_split(const fn_leiden_graph *graph, fn_leiden_work *work, uint32_t *cluster)
{
    uint32_t *piece = work->spare, *queue = work->queue, pieces = 0;
    memset(piece, 0xff, graph->nodes * sizeof *piece);
    for (uint32_t first = 0; first < graph->nodes; first++) {
        if (piece[first] != FN_NONE) continue;
        uint32_t head = 0, tail = 0;
        piece[first] = pieces;
        queue[tail++] = first;
        while (head < tail) {
            uint32_t node = queue[head++];
            for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
                uint32_t other = graph->target[arc];
                if (piece[other] != FN_NONE || cluster[other] != cluster[node]) continue;
                piece[other] = pieces;
                queue[tail++] = other;
            }
        }
        pieces++;
    }
    memcpy(cluster, piece, graph->nodes * sizeof *cluster);
    return pieces;
}
