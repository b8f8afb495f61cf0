/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"

/* Nodes in another order. Firms come in the order of the input, so the partners of a firm lie all over the memory, and
 * most of the time of a large search is waiting for them. Firms of one cluster side by side are found in the cache.
 *
 * One half of the new rows is made, what is left of the old ones moves together, then comes the other half: there are
 * never two whole graphs. */

enum { HALVES = 2 };

typedef struct order_state {
    fn_leiden_graph *old;
    const uint32_t *order, *number;   /* old node of each new one; new of each old one */
    fn_leiden_graph *made;
} order_state;

static size_t row_length(const order_state *s, uint32_t node)
{
    return s->made->offset[node + 1] - s->made->offset[node];
}

static void copy_row(const order_state *s, uint32_t node)
{
    const fn_leiden_graph *old = s->old;
    const size_t terms = (size_t) old->terms->count;
    const uint32_t from = s->order[node];
    size_t arc = old->offset[from], end = arc + row_length(s, node), place = s->made->offset[node];
    for (; arc < end; arc++)
        fn_leiden_set_arc(s->made, place++, s->number[fn_leiden_target(old, arc)], fn_leiden_weight(old, arc));
    for (size_t k = 0; k < terms; k++) s->made->volume[node * terms + k] = old->volume[from * terms + k];
    s->made->firm[node] = old->firm ? old->firm[from] : from;
}

/* Old rows that have been copied go, the others close up. */
static void close_up(const order_state *s, uint32_t copied)
{
    fn_leiden_graph *old = s->old;
    size_t write = 0;
    for (uint32_t node = 0; node < old->nodes; node++) {
        if (s->number[node] < copied) continue;
        const size_t length = row_length(s, s->number[node]), read = old->offset[node];
        if (old->light) memmove(old->light + write, old->light + read, length * sizeof *old->light);
        else memmove(old->exact + write, old->exact + read, length * sizeof *old->exact);
        old->offset[node] = write;
        write += length;
    }
    if (old->light) old->light = fn_shrink(old->light, write, sizeof *old->light);
    if (old->exact) old->exact = fn_shrink(old->exact, write, sizeof *old->exact);
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
    for (uint32_t half = 0, begin = 0, end; half < HALVES; half++, begin = end) {
        end = half + 1 < HALVES ? nodes / HALVES : nodes;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
        for (uint32_t node = begin; node < end; node++) copy_row(&s, node);
        if (end < nodes) close_up(&s, end);
    }
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
