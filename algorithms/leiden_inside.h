/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_INSIDE_H
#define FN_ALGORITHMS_LEIDEN_INSIDE_H

#include "algorithms/layer_weights.h"
#include "algorithms/leiden_graph.h"
#include "algorithms/leiden_tally.h"

/* Inside of the Leiden search: its steps and the memory that they share. All steps give the same result at any number
 * of threads. */

/* Allocated once for the firms' graph and used at every level; a place a node, unless said otherwise. */
typedef struct fn_leiden_work {
    int threads;
    size_t nodes, terms;       /* places of the arrays */
    fn_leiden_tally *tally;    /* one a thread */
    uint32_t *list;            /* move: nodes to visit; refine: nodes by cluster */
    uint32_t *sorted;          /* refine: nodes by part */
    uint32_t *proposal;        /* move: where each node of a round wants to go; refine: parts of each cluster */
    uint32_t *start;           /* nodes + 1; refine: where each cluster begins in list */
    uint32_t *first;           /* nodes + 1; refine: where each part begins in sorted; move: empty clusters */
    uint32_t *number;          /* refine: number of each part; lengths of rows */
    uint8_t *flag;             /* move: may want to move; refine: still alone */
    int64_t *volume;           /* nodes * terms; move: of each cluster; refine: of each part */
    int64_t *cut;              /* refine: weight between a part and the rest of its cluster */
    double done;               /* for the progress line, below 0: unknown */
} fn_leiden_work;

/* The tallies; then, when the terms are known, all else. */
fn_status fn_leiden_work_tallies(fn_run *run, uint32_t nodes, fn_leiden_work *work);
fn_status fn_leiden_work_arrays(fn_run *run, uint32_t nodes, int terms, fn_leiden_work *work);
/* Higher levels have few nodes: give back the memory behind them until the firms are looked at again. */
void fn_leiden_work_rest(fn_leiden_work *work, uint32_t nodes);
void fn_leiden_work_free(fn_leiden_work *work);
/* Threads that pay for so many arcs. */
static inline int fn_leiden_threads(const fn_leiden_work *work, size_t arcs)
{
    enum { ARCS_LEAST = 50000 };
    return arcs < ARCS_LEAST ? 1 : work->threads;
}

/* The firms' graph. shares[l]: alpha of layer l over the sum of alpha of the layers that have ties. */
fn_status fn_leiden_build(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                          const fn_layer_units units[FN_LAYERS_MOST], const double shares[FN_LAYERS_MOST],
                          fn_leiden_work *work, fn_leiden_terms *terms, fn_leiden_graph *graph);
/* Add up equal targets of a row, in place: targets stay in the order in which they first came. Returns how many. */
uint32_t fn_leiden_merge_row(fn_leiden_graph *graph, uint32_t node, const fn_leiden_tally *tally);
/* Move nodes to the neighbouring (or an empty) cluster that raises the quality most, until none wants to. Labels are
 * below the number of nodes, that of a node without arcs is its own number. alone: every node is its own cluster.
 * enough: stop when nodes with less than this share of the arcs wait to be looked at again; 0: when none do. */
fn_status fn_leiden_move(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                         uint64_t stream, bool alone, double enough, uint32_t *cluster);
/* Clusters numbered in order of first appearance; returns how many. */
uint32_t fn_leiden_compact(fn_leiden_work *work, uint32_t nodes, uint32_t *label);
/* Divide each of the clusters 0 … clusters-1 into well-connected parts. Parts of a cluster have numbers side by side,
 * in the order of clusters; work->first and work->sorted list the nodes of each. */
fn_status fn_leiden_refine(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint64_t stream, const uint32_t *cluster, uint32_t clusters, uint32_t *part,
                           uint32_t *parts);
/* One node a part; work->first and work->sorted list the nodes of each, as after fn_leiden_refine. */
fn_status fn_leiden_aggregate(fn_run *run, const fn_leiden_graph *fine, const uint32_t *part, uint32_t parts,
                              fn_leiden_work *work, fn_leiden_graph *coarse);
/* Split clusters that are in several pieces; each is named by its lowest node. Tells whether there were any. */
bool fn_leiden_split(const fn_leiden_graph *graph, fn_leiden_work *work, uint32_t *cluster);
/* Name each cluster by its lowest node: equal partitions are equal arrays. */
void fn_leiden_name(fn_leiden_work *work, uint32_t nodes, uint32_t *cluster);
/* list: nodes by cluster 0 … clusters-1, ascending; start (clusters + 1): where each begins. */
void fn_leiden_list(uint32_t nodes, const uint32_t *cluster, uint32_t clusters, uint32_t *start, uint32_t *list);
/* From clusters of nodes to clusters of parts, each named by its first part, in place; work->first and work->sorted as
 * after fn_leiden_refine, the parts of a cluster side by side. */
void fn_leiden_label_parts(const fn_leiden_work *work, uint32_t parts, uint32_t *label);
/* Nodes in another order: order[new] = old. Uses work->number. */
fn_status fn_leiden_order(fn_run *run, fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *order);
/* Back to the order of firms. */
fn_status fn_leiden_order_by_firm(fn_run *run, fn_leiden_graph *graph, fn_leiden_work *work);
/* cluster[node]: as start (by firm, below firms) says, named by its first node; NULL: all alone. */
void fn_leiden_start(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *start, uint32_t *cluster);
/* The whole search from options->start, or from single firms, for one seed. cluster[firm] is named by its first firm;
 * the nodes of the graph may be left in another order. */
fn_status fn_leiden_search(fn_run *run, fn_leiden_graph *graph, const fn_leiden_options *options,
                           fn_leiden_work *work, uint64_t seed, uint32_t *cluster);

/* Over the searches of several seeds: how often both ends of each arc were in one cluster, and, of the clusters given,
 * the share of each node's weight on which the searches agree (NaN: no arcs). */
void fn_leiden_count_together(const fn_leiden_graph *graph, const uint32_t *cluster, uint16_t *together);
void fn_leiden_stability(const fn_leiden_graph *graph, const uint32_t *cluster, const uint16_t *together, int runs,
                         double *stability);

/* partition->level of the clusters in partition->cluster. */
fn_status fn_leiden_levels(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           fn_partition *partition);

#endif
