/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/leiden_inside.h"

/* Stability of each node over several searches of one graph: of its arcs' weight, the share on which they agree. */

void fn_leiden_count_together(const fn_leiden_graph *graph, const uint32_t *cluster, uint16_t *together)
{
    for (uint32_t node = 0; node < graph->nodes; node++)
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++)
            together[arc] = (uint16_t) (together[arc] + (cluster[node] == cluster[fn_leiden_target(graph, arc)]));
}

void fn_leiden_stability(const fn_leiden_graph *graph, const uint32_t *cluster, const uint16_t *together, int runs,
                         double *stability)
{
    for (uint32_t node = 0; node < graph->nodes; node++) {
        unsigned __int128 agreed = 0, all = 0;
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
            bool is_together = cluster[node] == cluster[fn_leiden_target(graph, arc)];
            uint64_t agreeing = is_together ? together[arc] : (uint64_t) (runs - together[arc]);
            agreed += (unsigned __int128) (uint64_t) fn_leiden_weight(graph, arc) * agreeing;
            all += (unsigned __int128) (uint64_t) fn_leiden_weight(graph, arc) * (uint64_t) runs;
        }
        stability[node] = all > 0 ? (double) agreed / (double) all : NAN;
    }
}
