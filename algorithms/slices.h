/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_SLICES_H
#define FN_ALGORITHMS_SLICES_H

#include "algorithms/clusters.h"
#include "graph/period.h"

/* A network cut into periods: one slice a year, quarter or month. A firm is there once for each period in which it has
 * ties; such a firm-and-period is a node here. Nodes are numbered by period. */
typedef struct fn_slices {
    fn_period_unit unit;
    uint32_t firms, periods;
    int32_t *period;         /* calendar number of each slice, ascending; only those with ties that count */
    fn_view *view;           /* the ties of each; self ties, weightless ties and layers that count 0 are left out */
    size_t *pairs;           /* of firms that the ties of each join, direction and layer ignored */
    uint32_t *begin;         /* periods + 1: nodes of each slice */
    uint32_t nodes;
    uint32_t *firm;          /* of each node */
    uint32_t *before;        /* node of the same firm in the last period before in which it has ties, FN_NONE: none */
    size_t couplings;        /* nodes that have one before */
    size_t undated;          /* ties left out, as they have no date */
    size_t spanning;         /* ties of several periods: an equal part of their weight is in each */
    uint32_t *tie;           /* what the views consist of */
    double *weight;
} fn_slices;

/* Cut the ties of a view by their days. layer_weight: layers of weight 0 are left out. since, until (FN_DAY_NONE:
 * open): periods that are all outside are left out. FN_EINVAL: no tie is left. */
fn_status fn_slices_new(fn_run *run, const fn_view *view, const double layer_weight[FN_LAYERS_MOST],
                        fn_period_unit unit, int32_t since, int32_t until, fn_slices **slices);
void fn_slices_free(fn_slices *slices);

/* What a partition of the nodes is worth (slices_quality.c). */
typedef struct fn_slices_worth {
    double quality;          /* of the whole, at most 1 */
    double ties;             /* mean of the periods' own qualities, weighed by their pairs */
    size_t stayed;           /* couplings inside clusters: steps of firms that stay in their cluster */
} fn_slices_worth;
fn_status fn_slices_quality(fn_run *run, const fn_slices *slices, const uint32_t *cluster,
                            const fn_leiden_options *options, double coupling, fn_slices_worth *worth);

/* One membership of all nodes. */
typedef struct fn_slices_partition {
    uint32_t nodes, clusters;
    uint32_t *cluster;       /* of each node; 0 = the one of most nodes, equal ones by lowest node */
    double *stability;       /* of each node, over the runs; NULL when there is one */
    fn_slices_worth worth;
    fn_runs_agreement agreement; /* of the runs */
} fn_slices_partition;

/* Clusters over all periods at once (slices_search.c). */
fn_status fn_slices_clusters(fn_run *run, const fn_slices *slices, const fn_leiden_options *options, double coupling,
                             fn_slices_partition **partition);
void fn_slices_partition_free(fn_slices_partition *partition);

#endif
