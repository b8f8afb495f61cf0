/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"

/* Nodes in another order. Firms come in the order of the input, so the partners of a firm lie all over the memory, and
 * most of the time of a large search is waiting for them. Firms of one cluster side by side are found in the cache. */

typedef struct order_state {
    const fn_leiden_graph *old;
    const uint32_t *order, *number;   /* old node of each new one; new of each old one */
    fn_leiden_graph *made;
} order_state;

static void copy_row(const order_state *s, uint32_t node)
{
    const fn_leiden_graph *old = s->old;
    const size_t terms = (size_t) old->terms->count;
    const uint32_t from = s->order[node];
    size_t place = s->made->offset[node];
    for (size_t arc = old->offset[from]; arc < old->offset[from + 1]; arc++)
        fn_leiden_set_arc(s->made, place++, s->number[fn_leiden_target(old, arc)], fn_leiden_weight(old, arc));
    for (size_t k = 0; k < terms; k++) s->made->volume[node * terms + k] = old->volume[from * terms + k];
    s->made->firm[node] = old->firm ? old->firm[from] : from;
}

fn_status fn_leiden_order(fn_run *run, fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *order)
{
    fn_leiden_graph made = { 0 };
    const uint32_t nodes = graph->nodes;
    const int threads = fn_leiden_threads(work, fn_leiden_arcs(graph));
    const order_state s = { .old = graph, .order = order, .number = work->number, .made = &made };
    (void) threads;
    fn_status status = FN_ENOMEM;
    if (!(made.firm = fn_alloc_bare(run, nodes, sizeof *made.firm))) goto done;
    if ((status = fn_leiden_graph_alloc(run, &made, nodes, fn_leiden_arcs(graph), true, graph->terms))) goto done;
    for (uint32_t node = 0; node < nodes; node++) work->number[order[node]] = node;
    for (uint32_t node = 0; node < nodes; node++)
        made.offset[node + 1] = made.offset[node] + (graph->offset[order[node] + 1] - graph->offset[order[node]]);
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t node = 0; node < nodes; node++) copy_row(&s, node);
    fn_leiden_graph_free(graph);
    *graph = made;
    made = (fn_leiden_graph) { 0 };
done:
    fn_leiden_graph_free(&made);
    return status;
}

fn_status fn_leiden_order_by_firm(fn_run *run, fn_leiden_graph *graph, fn_leiden_work *work)
{
    if (!graph->firm) return FN_OK;
    for (uint32_t node = 0; node < graph->nodes; node++) work->list[graph->firm[node]] = node;
    fn_status status = fn_leiden_order(run, graph, work, work->list);
    if (status) return status;
    fn_free(graph->firm);
    graph->firm = NULL;
    return FN_OK;
}
