/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_MAP_INSIDE_H
#define FN_ALGORITHMS_MAP_INSIDE_H

#include <math.h>
#include "algorithms/leiden_inside.h"
#include "graph/names.h"

/* Inside of the search by the map equation. It works on graphs of the Leiden search and takes its steps, all but one:
 * how nodes move.
 *
 * An arc weighs the flow between two nodes, both ways added up; flow both ways is all that the moves of a node change
 * by. Whole numbers: 2^60 is all flow, once a pair. What comes in and what goes out are told apart by the net flow of
 * a node, out - in: of a cluster with cut (flow over its border, out + in) and net,
 *     exit = (cut + net) / 2,   enter = (cut - net) / 2
 * so that cut + net, cut - net and flow count units of 2^-61. All three add up over nodes; cut, without what is inside.
 *
 * Nodes may have parents, which they never leave: then the clusters in each parent get a codebook of the parent, in
 * which its exit has a word, too, and arcs between parents stand in no row. */
enum { FN_MAP_FLOW, FN_MAP_NET, FN_MAP_OUTSIDE, FN_MAP_TERMS }; /* volumes of a node; outside: cut to other parents */

#define FN_MAP_UNIT 0x1p-61

typedef struct fn_map {
    fn_leiden_graph graph;
    int64_t *cut;               /* of each node: its row and what is outside */
    const uint32_t *parent;     /* of each node; NULL: one parent for all */
    const int64_t *exit;        /* of each parent, in units; NULL: 0 */
    uint32_t parents;
} fn_map;

typedef struct fn_map_cluster {
    int64_t flow, net, cut;
    double bits;                /* fn_map_bits of these */
} fn_map_cluster;

typedef struct fn_map_work {
    fn_leiden_work shared;      /* of the Leiden search */
    fn_map_cluster *cluster;    /* of each label */
    uint32_t *before;           /* cluster of each node before the present sub-round */
    int64_t *entering;          /* of each parent: exit, and enter of the clusters inside */
} fn_map_work;

static inline double fn_plogp(double p)
{
    return p > 0 ? p * log2(p) : 0;
}

/* A cluster's codebook, but for what it says of the nodes: words for them and for leaving; and its word between. */
static inline double fn_map_bits(int64_t flow, int64_t net, int64_t cut)
{
    double leave = fmax((double) (cut + net), 0) * FN_MAP_UNIT;
    double bits = fn_plogp(leave + (double) flow * FN_MAP_UNIT), word = fn_plogp(leave);
    if (net == 0) return bits - 2 * word;
    return bits - word - fn_plogp(fmax((double) (cut - net), 0) * FN_MAP_UNIT);
}

static inline int64_t fn_map_volume(const fn_map *map, uint32_t node, int term)
{
    return map->graph.volume[(size_t) node * FN_MAP_TERMS + (size_t) term];
}

static inline uint32_t fn_map_parent(const fn_map *map, uint32_t node)
{
    return map->parent ? map->parent[node] : 0;
}

/* --- map_flow.c --- */
/* The firms' graph of flows; an empty one where there are no ties. work gets its tallies here. */
fn_status fn_map_build(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_map_work *work,
                       fn_map *map);

/* --- map_equation.c --- */
double fn_map_codelength(const fn_map *map, fn_map_work *work, const uint32_t *cluster);
fn_status fn_map_codelength_levels(fn_run *run, const fn_map *map, fn_map_work *work, const fn_partition *partition,
                                   double *codelength);

/* --- map_graph.c --- */
/* For fn_leiden_refine, which parts clusters by modularity of the flow. */
extern const fn_leiden_terms fn_map_terms;
void fn_map_free(fn_map *map);
/* Find map->cut, once rows and volumes are there. */
fn_status fn_map_cut_find(fn_run *run, fn_map *map);
fn_status fn_map_work_arrays(fn_run *run, uint32_t nodes, fn_map_work *work);
void fn_map_work_free(fn_map_work *work);
/* One node a part, after fn_leiden_refine or fn_map_list_parts. Parents are the caller's. */
fn_status fn_map_aggregate(fn_run *run, const fn_map *fine, const uint32_t *part, uint32_t parts, fn_map_work *work,
                           fn_map *coarse);
/* The nodes of parts 0 … parts-1 as fn_map_aggregate wants them. */
void fn_map_list_parts(fn_map_work *work, uint32_t nodes, const uint32_t *part, uint32_t parts);
/* work->cluster and work->entering of clusters; labels are below the number of nodes. */
void fn_map_totals(const fn_map *map, fn_map_work *work, const uint32_t *cluster);
/* The graph without arcs between parents 0 … parents-1, and without those of parents that are leaves. */
fn_status fn_map_within(fn_run *run, const fn_map *whole, const uint32_t *parent, const bool *is_leaf,
                        uint32_t parents, fn_map *within);

/* --- map_move.c, map_rounds.c --- */
/* Move nodes to where the code gets shortest, until none wants to; as fn_leiden_move. */
fn_status fn_map_move(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint64_t stream, bool alone,
                      double enough, uint32_t *cluster);
size_t fn_map_round(const fn_map *map, fn_map_work *work, uint64_t seed, bool all_wait, uint32_t *cluster);
size_t fn_map_flag_unhappy(const fn_map *map, fn_map_work *work, const uint32_t *cluster);

/* --- map_search.c --- */
/* The whole search from single nodes (alone) or from clusters given, within parents where there are any; so many
 * passes at most, 0: as the size allows. cluster: numbers 0 … *clusters-1 in order of first appearance. */
fn_status fn_map_search(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, bool alone, int passes,
                        uint32_t *cluster, uint32_t *clusters);
/* The same without looking for groups of clusters that are better one. */
fn_status fn_map_search_plain(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint32_t *cluster,
                              uint32_t *clusters);

/* --- map_levels.c --- */
/* From the clusters of two levels in partition to the hierarchy with the shortest code that is found: its topmost
 * clusters in partition->cluster, what these are made of in partition->level. */
fn_status fn_map_levels(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, fn_partition *partition);

/* --- map_join.c --- */
/* Join groups of clusters of which no two alone would join. */
fn_status fn_map_join_groups(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint32_t *cluster);
/* Let what enters a node be its flow: then clusters of nodes are groups of clusters. */
void fn_map_flow_is_enter(fn_map *map);

#endif
