/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CLUSTERS_H
#define FN_ALGORITHMS_CLUSTERS_H

#include "graph/params.h"
#include "graph/view.h"

/* Clusters of firms: a partition gives every firm a cluster number 0 … clusters-1. */
typedef enum fn_quality { FN_QUALITY_MODULARITY, FN_QUALITY_CPM } fn_quality;

enum { FN_LEIDEN_ITERATIONS_MOST = 1000 };

typedef struct fn_leiden_options {
    fn_quality quality;
    double resolution;                      /* gamma, 1 by default */
    bool directed;                          /* modularity after Leicht and Newman; false: reciprocal ties added up */
    double layer_weight[FN_LAYERS_MOST];    /* alpha of each layer; 0 leaves it out */
    int runs;                               /* seeds tried; the best quality is kept */
    int iterations;                         /* passes at most, 0: until one changes nothing, -1: as the size allows */
    bool fast;                              /* one hasty pass, unless iterations says more */
    bool levels;                            /* also the parts that clusters are made of */
    const uint32_t *start;                  /* of each firm the cluster, below firms, to begin with; NULL: all alone */
    const int64_t *node_weight;             /* of each firm, for CPM; FN_NODE_WEIGHT_ONE is 1. NULL: all 1 */
} fn_leiden_options;

/* Weights of firms are whole numbers, so that sums of them are exact: at least 1, at most 2^52 all together. */
enum { FN_NODE_WEIGHT_ONE = 1 << 20 };

/* Modularity, resolution 1, undirected, all layers alike, one run, as many iterations as the size allows. */
void fn_leiden_defaults(fn_leiden_options *options);
/* FN_EINVAL: an option out of its range. */
fn_status fn_leiden_options_check(fn_run *run, const fn_leiden_options *options);
/* From the values of the parameters of fn_algorithm_leiden; net names the layers of --layer-weight. FN_EINVAL: both
 * directions at once, a layer that the net does not have. */
fn_status fn_leiden_options_from(fn_run *run, const fn_net *net, const fn_values *values, fn_leiden_options *options);

/* Pairwise agreement of several runs, over `pairs` pairs of them. */
typedef struct fn_runs_agreement {
    int pairs;
    double nmi, ami, ari;   /* in the mean; NaN: fewer than two runs, or no firms */
    double nmi_least;       /* of the two runs that agree least */
} fn_runs_agreement;

typedef struct fn_partition {
    uint32_t firms, clusters;
    uint32_t *cluster;     /* labelled by size: 0 = largest, equal sizes by lowest firm; isolated firms alone */
    double quality;        /* of the whole: sum of alpha * quality(layer) / sum of alpha */
    double layer_quality[FN_LAYERS_MOST]; /* what each layer adds to it, NaN where it has no ties */
    double *stability;     /* per firm, 0 … 1, NaN without ties; NULL when runs < 2 */
    fn_runs_agreement agreement; /* of the runs; no pairs when runs < 2 */
    int levels;            /* parts within the clusters, numbered like them: level[0][firm] the largest, level[1] */
    uint32_t **level;      /* those within these … ; each is connected. None unless asked for, or where none are */
} fn_partition;

fn_status fn_leiden(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_partition **partition);
/* Any method that finds partitions, with what its quality is to be. */
typedef fn_status fn_search(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                            fn_partition **partition);
void fn_partition_free(fn_partition *partition);
/* Room for one level more, behind the others; *level is the new one, a number for each firm, not filled. */
fn_status fn_partition_level_add(fn_run *run, fn_partition *partition, uint32_t **level);

/* Quality of any partition, from scratch, independent of the search (quality.c). */
fn_status fn_partition_quality(fn_run *run, const fn_view *view, const uint32_t *cluster,
                               const fn_leiden_options *options, double *quality, double layer_quality[FN_LAYERS_MOST]);

/* Renumber by size (largest first, equal sizes by lowest firm). Returns the clusters in *clusters. */
fn_status fn_partition_relabel(fn_run *run, uint32_t firms, uint32_t *cluster, uint32_t *clusters);

/* Agreement of two partitions of the same n firms. */
typedef struct fn_agreement {
    double nmi, ami, ari, vi, pairs_precision, pairs_recall;
} fn_agreement;
fn_status fn_partition_compare(fn_run *run, size_t n, const uint32_t *a, const uint32_t *b, fn_agreement *agreement);

#endif
