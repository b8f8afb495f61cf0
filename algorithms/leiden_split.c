/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/leiden_inside.h"

/* Moves may leave a cluster in pieces that have no tie with each other. Apart they are worth more, and what is one
 * cluster should hang together. Clusters know nothing of each other, so each is searched by one thread. */
static uint32_t split_cluster(const fn_leiden_graph *graph, fn_leiden_work *work, uint32_t number, uint32_t *cluster)
{
    const uint32_t begin = work->start[number], end = work->start[number + 1];
    uint32_t *queue = work->sorted, pieces = 0;
    for (uint32_t i = begin; i < end; i++) work->flag[work->list[i]] = 1;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t first = work->list[i], head = begin, tail = begin;
        if (!work->flag[first]) continue;
        work->flag[first] = 0;
        queue[tail++] = first;
        while (head < tail) {
            uint32_t node = queue[head++];
            work->number[node] = first;
            for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
                uint32_t other = fn_leiden_target(graph, arc);
                if (cluster[other] != number || !work->flag[other]) continue;
                work->flag[other] = 0;
                queue[tail++] = other;
            }
        }
        pieces++;
    }
    return pieces;
}

bool fn_leiden_split(const fn_leiden_graph *graph, fn_leiden_work *work, uint32_t *cluster)
{
    const int threads = fn_leiden_threads(work, fn_leiden_arcs(graph));
    (void) threads;
    uint32_t clusters = fn_leiden_compact(work, graph->nodes, cluster);
    size_t pieces = 0;
    fn_leiden_list(graph->nodes, cluster, clusters, work->start, work->list);
#pragma omp parallel for schedule(dynamic, 16) reduction(+ : pieces) num_threads(threads)
    for (uint32_t c = 0; c < clusters; c++) pieces += split_cluster(graph, work, c, cluster);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t node = 0; node < graph->nodes; node++) cluster[node] = work->number[node];
    return pieces > clusters;
}
