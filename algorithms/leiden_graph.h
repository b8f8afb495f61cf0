/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_GRAPH_H
#define FN_ALGORITHMS_LEIDEN_GRAPH_H

#include "algorithms/clusters.h"

/* Inside of the Leiden search: the graph that it works on.
 *
 * All layers become one graph. The ties' part of the quality is linear, so the layers' ties add up to one weight a
 * pair of firms; the expected part is a product, so every layer keeps its own volumes (strengths of a node, summed
 * over a cluster). Joining node v to cluster C changes the quality by
 *     sum of weight(v, u) over u in C  -  sum over k of factor[k] * volume_v[partner[k]] * volume_C[k].
 * An undirected layer has one volume (strength; its own partner), a directed one two (out and in; each other's), CPM
 * one for all layers (number of firms). Weights are whole numbers, 2^60 is a quality of 1; so are volumes. */
enum { FN_LEIDEN_TERMS = 2 * FN_LAYERS_MOST };

typedef struct fn_leiden_terms {
    int count;
    int partner[FN_LEIDEN_TERMS];
    double factor[FN_LEIDEN_TERMS];
} fn_leiden_terms;

/* Small graphs keep their weights to the last unit. Graphs of more than FN_LEIDEN_EXACT_MOST arcs keep the 24 leading
 * bits of each, in half the memory: still whole numbers, so that sums of them are exact. */
enum { FN_LEIDEN_EXACT_MOST = 1 << 18 };

typedef struct fn_leiden_light_arc {
    uint32_t target;
    float weight;
} fn_leiden_light_arc;

typedef struct fn_leiden_exact_arc {
    uint32_t target;
    int64_t weight;
} fn_leiden_exact_arc;

typedef struct fn_leiden_graph {
    uint32_t nodes;
    size_t *offset;        /* nodes + 1; each pair stands in both rows, without a node's ties inside itself */
    fn_leiden_light_arc *light;   /* one of the two; targets distinct within a row, weights above 0 */
    fn_leiden_exact_arc *exact;
    int64_t *volume;       /* nodes * terms->count */
    uint32_t *firm;        /* of each node of the firms' graph; NULL: its number */
    const fn_leiden_terms *terms;
} fn_leiden_graph;

static inline size_t fn_leiden_arcs(const fn_leiden_graph *graph)
{
    return graph->offset[graph->nodes];
}

static inline uint32_t fn_leiden_target(const fn_leiden_graph *graph, size_t arc)
{
    return graph->light ? graph->light[arc].target : graph->exact[arc].target;
}

static inline int64_t fn_leiden_weight(const fn_leiden_graph *graph, size_t arc)
{
    return graph->light ? (int64_t) graph->light[arc].weight : graph->exact[arc].weight;
}

static inline void fn_leiden_set_arc(fn_leiden_graph *graph, size_t arc, uint32_t target, int64_t weight)
{
    if (graph->light) graph->light[arc] = (fn_leiden_light_arc) { target, (float) weight };
    else graph->exact[arc] = (fn_leiden_exact_arc) { target, weight };
}

/* Expected weight between a node (or part) and a cluster, given by their volumes. */
static inline double fn_leiden_expected(const fn_leiden_terms *terms, const int64_t *node, const int64_t *cluster)
{
    double sum = 0;
    for (int k = 0; k < terms->count; k++)
        sum += terms->factor[k] * (double) node[terms->partner[k]] * (double) cluster[k];
    return sum;
}

/* The same between a node or part and the rest of the cluster around it. */
static inline double fn_leiden_expected_rest(const fn_leiden_terms *terms, const int64_t *part, const int64_t *cluster)
{
    double sum = 0;
    for (int k = 0; k < terms->count; k++)
        sum += terms->factor[k] * (double) part[terms->partner[k]] * (double) (cluster[k] - part[k]);
    return sum;
}

/* Arrays for nodes and at most so many arcs; offset is made unless it is there. large_pages: all of the room will be
 * used, in no order. */
fn_status fn_leiden_graph_alloc(fn_run *run, fn_leiden_graph *graph, uint32_t nodes, size_t arcs, bool large_pages,
                                const fn_leiden_terms *terms);
/* Row u holds length[u] arcs from offset[u] on: close the gaps and give back what lies behind. */
void fn_leiden_graph_close(fn_leiden_graph *graph, const uint32_t *length);
void fn_leiden_graph_free(fn_leiden_graph *graph);

#endif
