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

/* Small graphs keep their weights to the last unit. Graphs of more than FN_LEIDEN_EXACT_MOST arcs keep the 11 leading
 * bits of each, in three eighths of the memory: still whole numbers, so that sums of them are exact, and rounded up as
 * often as down, so that among so many it matters little. Volumes are those of the weights themselves. */
enum { FN_LEIDEN_EXACT_MOST = 1 << 18 };

typedef struct __attribute__((packed)) fn_leiden_light_arc {
    uint32_t target;
    uint16_t weight;       /* 6 bits of exponent, 10 behind the first of the number */
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

/* As a float of other widths: the exponent counts from 0, as weights are at least 1. */
enum { FN_LEIDEN_LIGHT_SHIFT = 23 - 10, FN_LEIDEN_LIGHT_ONE = 127 << 23 };

static inline int64_t fn_leiden_light_weight(uint16_t weight)
{
    union { uint32_t bits; float number; } whole = {
        .bits = FN_LEIDEN_LIGHT_ONE + ((uint32_t) weight << FN_LEIDEN_LIGHT_SHIFT)
    };
    return (int64_t) whole.number;
}

/* To the nearest, halves to even. */
static inline uint16_t fn_leiden_light_of(int64_t weight)
{
    const uint32_t half = (1u << (FN_LEIDEN_LIGHT_SHIFT - 1)) - 1;
    union { float number; uint32_t bits; } whole = { .number = (float) weight };
    const uint32_t bits = whole.bits - FN_LEIDEN_LIGHT_ONE;
    return (uint16_t) ((bits + half + (bits >> FN_LEIDEN_LIGHT_SHIFT & 1)) >> FN_LEIDEN_LIGHT_SHIFT);
}

static inline int64_t fn_leiden_weight(const fn_leiden_graph *graph, size_t arc)
{
    return graph->light ? fn_leiden_light_weight(graph->light[arc].weight) : graph->exact[arc].weight;
}

static inline void fn_leiden_set_arc(fn_leiden_graph *graph, size_t arc, uint32_t target, int64_t weight)
{
    if (graph->light) graph->light[arc] = (fn_leiden_light_arc) { target, fn_leiden_light_of(weight) };
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
