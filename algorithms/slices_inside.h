/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_SLICES_INSIDE_H
#define FN_ALGORITHMS_SLICES_INSIDE_H

#include "algorithms/leiden_inside.h"
#include "algorithms/slices.h"

/* Inside of the search over periods. It is Leiden's (leiden_search.c) on the nodes of all slices, with one difference:
 * every period has its own null model, so the expected part of the quality has a term for each period and layer (two
 * where directed), and dense volumes, one a node and term, would grow with the number of periods. But a node has ties
 * in one period, and a cluster of nodes in no more periods than it has nodes. So only volumes above 0 are kept: of a
 * node as a list (fn_slice_load), of clusters and parts in one table of open addresses (fn_slice_sums). Memory is
 * O(nodes + ties), whatever the number of periods, and a gain costs the terms that the node has. */

/* Joining a node to cluster C costs  sum over its loads of  factor[term] * volume * volume_C[partner[term]]. */
typedef struct fn_slice_terms {
    uint32_t count;
    uint32_t *partner;
    double *factor;
} fn_slice_terms;

typedef struct fn_slice_load {
    uint32_t term;
    int64_t volume;
} fn_slice_load;

typedef struct fn_slice_graph {
    fn_leiden_graph arcs;    /* ties and couplings; its own terms are none */
    size_t *begin;           /* nodes + 1 */
    fn_slice_load *load;     /* of each node, by ascending term, volumes above 0 */
    const fn_slice_terms *terms;
} fn_slice_graph;

/* Volume of each cluster (or part) and term. */
typedef struct fn_slice_sums {
    uint64_t *key;           /* cluster * terms + term + 1; 0: free */
    int64_t *volume;
    size_t places, used;     /* places: a power of two */
    uint32_t terms;
} fn_slice_sums;

static inline size_t fn_slice_sums_place(const fn_slice_sums *sums, uint32_t cluster, uint32_t term)
{
    const uint64_t key = (uint64_t) cluster * sums->terms + term + 1;
    size_t place = (size_t) (key * 0x9e3779b97f4a7c15ULL >> 20) & (sums->places - 1);
    while (sums->key[place] != 0 && sums->key[place] != key) place = (place + 1) & (sums->places - 1);
    return place;
}

static inline int64_t fn_slice_sums_get(const fn_slice_sums *sums, uint32_t cluster, uint32_t term)
{
    return sums->volume[fn_slice_sums_place(sums, cluster, term)]; /* 0 where free */
}

/* Room for so many entries more: those of volume 0 are dropped first. */
fn_status fn_slice_sums_reserve(fn_run *run, fn_slice_sums *sums, size_t more);
/* After a reserve. sign: 1 or -1. */
void fn_slice_sums_add(fn_slice_sums *sums, const fn_slice_graph *graph, uint32_t node, uint32_t cluster, int sign);
void fn_slice_sums_clear(fn_slice_sums *sums);
void fn_slice_sums_free(fn_slice_sums *sums);

/* Expected weight between a node and a cluster. */
static inline double fn_slice_expected(const fn_slice_graph *graph, const fn_slice_sums *sums, uint32_t node,
                                       uint32_t cluster)
{
    const fn_slice_terms *terms = graph->terms;
    double sum = 0;
    for (size_t i = graph->begin[node]; i < graph->begin[node + 1]; i++) {
        const uint32_t term = graph->load[i].term;
        sum += terms->factor[term] * (double) graph->load[i].volume *
               (double) fn_slice_sums_get(sums, cluster, terms->partner[term]);
    }
    return sum;
}

/* The same between a node and the rest of the cluster that it is in. */
double fn_slice_expected_rest(const fn_slice_graph *graph, const fn_slice_sums *sums, uint32_t node, uint32_t cluster);

/* Graph and terms of all slices (slices_graph.c). */
fn_status fn_slice_graph_build(fn_run *run, const fn_slices *slices, const fn_leiden_options *options, double coupling,
                               fn_leiden_work *work, fn_slice_terms *terms, fn_slice_graph *graph);
/* The graph of parts, after fn_slice_refine. */
fn_status fn_slice_graph_aggregate(fn_run *run, const fn_slice_graph *fine, const uint32_t *part, uint32_t parts,
                                   fn_leiden_work *work, fn_slice_graph *coarse);
void fn_slice_graph_free(fn_slice_graph *graph);
void fn_slice_terms_free(fn_slice_terms *terms);
/* What the quality of all is divided by: pairs of all periods and the couplings' weights. */
double fn_slices_total(const fn_slices *slices, double coupling);

/* The steps, as in leiden_inside.h, one node after the other (slices_move.c, slices_refine.c). */
fn_status fn_slice_move(fn_run *run, const fn_slice_graph *graph, fn_leiden_work *work, fn_slice_sums *sums,
                        uint64_t seed, uint64_t stream, uint32_t *cluster);
fn_status fn_slice_refine(fn_run *run, const fn_slice_graph *graph, fn_leiden_work *work, fn_slice_sums *sums,
                          uint64_t seed, uint64_t stream, const uint32_t *cluster, uint32_t clusters, uint32_t *part,
                          uint32_t *parts);

#endif
