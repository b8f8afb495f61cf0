/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_GRAPH_H
#define FN_ALGORITHMS_LEIDEN_GRAPH_H

#include "algorithms/clusters.h"

/* Inside of the Leiden search: plain functions over arrays.
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

typedef struct fn_leiden_graph {
    uint32_t nodes;
    size_t *offset;        /* nodes + 1; each pair stands in both rows, without a node's ties inside itself */
    uint32_t *target;      /* distinct within a row, in no order that matters */
    int64_t *weight;       /* above 0 */
    int64_t *volume;       /* nodes * terms->count */
    const fn_leiden_terms *terms;
} fn_leiden_graph;

/* Working memory, allocated once for the firms' graph and used at every level. */
typedef struct fn_leiden_work {
    int64_t *gathered;     /* weight from a node to each cluster; all 0 between uses */
    uint32_t *touched;     /* clusters where gathered is not 0 */
    uint32_t *order;       /* nodes in visiting order */
    uint32_t *spare;
    uint32_t *key;         /* random keys of the order */
    uint32_t *spare_key;
    uint32_t *queue;
    bool *queued;
    uint32_t *members;     /* nodes in each cluster */
    int64_t *volume;       /* of each cluster */
    int64_t *part_volume;  /* of each refined part */
    int64_t *cut;          /* weight between a refined part and the rest of its cluster */
    uint32_t *free_id;     /* clusters that have become empty */
    double done;           /* for the progress line, below 0: unknown */
} fn_leiden_work;

/* shares[l]: alpha of layer l over the sum of alpha of the layers that have ties. */
fn_status fn_leiden_graph_build(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                const double shares[FN_LAYERS_MOST], fn_leiden_terms *terms, fn_leiden_graph *graph);
/* One node a part; part[v] is 0 … parts-1. O(nodes + arcs). */
fn_status fn_leiden_graph_aggregate(fn_run *run, const fn_leiden_graph *fine, const uint32_t *part, uint32_t parts,
                                    fn_leiden_work *work, fn_leiden_graph *coarse);
void fn_leiden_graph_free(fn_leiden_graph *graph);

fn_status fn_leiden_work_new(fn_run *run, uint32_t nodes, int terms, fn_leiden_work *work);
void fn_leiden_work_free(fn_leiden_work *work);
/* Fill work->order with 0 … nodes-1 in the order of random keys that depend on (seed, stream, node) alone. */
void fn_leiden_order(fn_leiden_work *work, uint32_t nodes, uint64_t seed, uint64_t stream);
/* Number labels in order of first appearance; returns how many. Uses work->order. */
uint32_t fn_leiden_compact(fn_leiden_work *work, uint32_t nodes, uint32_t *label);

/* Expected weight between a node (or part) and a cluster, given by their volumes. */
static inline double fn_leiden_expected(const fn_leiden_terms *terms, const int64_t *node, const int64_t *cluster)
{
    double sum = 0;
    for (int k = 0; k < terms->count; k++)
        sum += terms->factor[k] * (double) node[terms->partner[k]] * (double) cluster[k];
    return sum;
}

/* The same between a part and the rest of the cluster around it. */
static inline double fn_leiden_expected_rest(const fn_leiden_terms *terms, const int64_t *part, const int64_t *cluster)
{
    double sum = 0;
    for (int k = 0; k < terms->count; k++)
        sum += terms->factor[k] * (double) part[terms->partner[k]] * (double) (cluster[k] - part[k]);
    return sum;
}

/* Move nodes one by one to the neighbouring (or an empty) cluster that raises the quality most, until none does. */
fn_status fn_leiden_move(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                         uint64_t stream, uint32_t *cluster, uint32_t clusters);
/* Divide each cluster into well-connected parts, numbered 0 … *parts-1 by first node. */
fn_status fn_leiden_refine(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint64_t stream, const uint32_t *cluster, uint32_t *part, uint32_t *parts);
/* Split clusters that are in several pieces; returns the clusters, numbered by first node. */
uint32_t fn_leiden_split(const fn_leiden_graph *graph, fn_leiden_work *work, uint32_t *cluster);
/* The whole search from single firms, for one seed. */
fn_status fn_leiden_search(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint32_t *cluster);

#endif
