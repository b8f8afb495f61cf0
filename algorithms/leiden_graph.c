/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_graph.h"
#include "graph/memory.h"

fn_status fn_leiden_graph_alloc(fn_run *run, fn_leiden_graph *graph, uint32_t nodes, size_t arcs, bool large_pages,
                                const fn_leiden_terms *terms)
{
    graph->nodes = nodes;
    graph->terms = terms;
    if (!graph->offset && !(graph->offset = fn_alloc(run, (size_t) nodes + 1, sizeof *graph->offset)))
        return FN_ENOMEM;
    void *(*alloc)(fn_run *, size_t, size_t) = large_pages ? fn_alloc_scattered : fn_alloc_bare;
    if (arcs > FN_LEIDEN_EXACT_MOST) graph->light = alloc(run, arcs, sizeof *graph->light);
    else graph->exact = alloc(run, arcs, sizeof *graph->exact);
    if (!graph->light && !graph->exact) return FN_ENOMEM;
    const size_t volumes = (size_t) nodes * (size_t) terms->count;
    if (!(graph->volume = fn_alloc_scattered(run, volumes, sizeof *graph->volume))) return FN_ENOMEM;
    memset(graph->volume, 0, volumes * sizeof *graph->volume);
    return FN_OK;
}

void fn_leiden_graph_close(fn_leiden_graph *graph, const uint32_t *length)
{
    size_t write = 0;
    for (uint32_t node = 0; node < graph->nodes; node++) {
        size_t read = graph->offset[node];
        graph->offset[node] = write;
        if (write < read && graph->light)
            memmove(graph->light + write, graph->light + read, length[node] * sizeof *graph->light);
        if (write < read && graph->exact)
            memmove(graph->exact + write, graph->exact + read, length[node] * sizeof *graph->exact);
        write += length[node];
    }
    graph->offset[graph->nodes] = write;
    if (graph->light) graph->light = fn_shrink(graph->light, write, sizeof *graph->light);
    if (graph->exact) graph->exact = fn_shrink(graph->exact, write, sizeof *graph->exact);
}

void fn_leiden_graph_free(fn_leiden_graph *graph)
{
    fn_free(graph->offset);
    fn_free(graph->light);
    fn_free(graph->exact);
    fn_free(graph->volume);
    fn_free(graph->firm);
    *graph = (fn_leiden_graph) { 0 };
}
