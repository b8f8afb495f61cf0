/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/names.h"

/* Where a search begins. Clusters are named by their first node; a node without arcs is alone, whatever is given. */
void fn_leiden_start(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *start, uint32_t *cluster)
{
    uint32_t *first = work->number;
    memset(first, 0xff, graph->nodes * sizeof *first);
    for (uint32_t node = 0; node < graph->nodes; node++) {
        cluster[node] = node;
        if (!start || graph->offset[node + 1] == graph->offset[node]) continue;
        const uint32_t given = start[graph->firm ? graph->firm[node] : node];
        if (first[given] == FN_NONE) first[given] = node;
        cluster[node] = first[given];
    }
}
