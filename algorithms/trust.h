/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TRUST_H
#define FN_ALGORITHMS_TRUST_H

#include "algorithms/clusters.h"
#include "graph/columns.h"

/* How far a partition can be trusted. All of it works with any method that finds partitions (fn_search, clusters.h). */

/* The search with another seed, which logs nothing; the run's own seed and log stay as they are. */
fn_status fn_search_seed(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                         uint64_t seed, fn_partition **partition);

/* --- significance.c: the quality beside that of rewired networks --- */
typedef struct fn_null {
    int samples;
    int at_least;       /* rewired networks whose quality is at least the real one */
    double mean, sd;    /* of their qualities; sd NaN for one sample */
    double z;           /* (real - mean) / sd, NaN where sd is 0 or NaN */
    double p;           /* (1 + at_least) / (1 + samples) */
    double swaps;       /* done a tied pair, in the mean; 10 are wanted */
} fn_null;
fn_status fn_null_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                       double quality, int samples, fn_null *null);

/* --- runs.c: partitions of one view that several seeds find --- */
typedef struct fn_runs {
    int count;
    fn_partition **partition;
} fn_runs;
/* Seeds run->seed … + count - 1. */
fn_status fn_runs_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                       int count, fn_runs *runs);
void fn_runs_free(fn_runs *runs);
/* The first of the best qualities. */
int fn_runs_best(const fn_runs *runs);
/* Of searches that find several partitions by themselves: keep a copy of one, until there are FN_RUNS_COMPARED. */
enum { FN_RUNS_COMPARED = 10 };
fn_status fn_runs_keep(fn_run *run, fn_runs *runs, uint32_t firms, const uint32_t *cluster);
fn_status fn_runs_compare(fn_run *run, const fn_runs *runs, fn_runs_agreement *agreement);
/* Stability of each firm in a partition, as of fn_leiden: share of its ties' weight on which the runs agree. */
fn_status fn_runs_stability(fn_run *run, const fn_view *view, const fn_leiden_options *options, const fn_runs *runs,
                            const uint32_t *cluster, double *stability);
/* Best of options->runs seeds, with its stability where there are several. */
fn_status fn_runs_partition(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                            fn_partition **partition);
/* The `run` of a row of the table of algorithms: columns cluster and, of several runs, stability. Values without the
 * parameters of fn_algorithm_leiden mean the defaults. */
fn_status fn_search_row(fn_run *run, const fn_view *view, const fn_values *values, fn_search *search, fn_table *result);

/* --- consensus.c --- */
typedef struct fn_consensus {
    int rounds;                    /* networks of agreements searched */
    bool agreed;                   /* did all runs of the last round agree? */
    double best_quality, mean_quality; /* of the runs on the network itself */
    fn_runs_agreement agreement;   /* of those */
} fn_consensus;
fn_status fn_consensus_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                            double threshold, fn_partition **partition, fn_consensus *consensus);

/* --- scan.c: partitions over the resolution --- */
typedef struct fn_scan_options {
    double low, high;     /* resolutions, 0 < low < high */
    int searches;         /* at most; at least 2 */
} fn_scan_options;
/* One plateau a row, by ascending resolution; columns: see scan.c. plateaus (NULL: not wanted) gets the partitions, as
 * many as rows. */
fn_status fn_scan(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                  const fn_scan_options *scan, fn_table **table, fn_runs *plateaus);

/* --- join_small.c: no cluster below a size, as far as ties allow --- */
typedef struct fn_joined {
    uint32_t joined;      /* clusters that were joined to others */
    uint32_t left;        /* clusters still below the size: nothing ties them to others */
    double before;        /* quality */
} fn_joined;
fn_status fn_partition_join_small(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t least,
                                  fn_partition *partition, fn_joined *joined);

/* --- isolated.c: firms that nothing ties to another in the layers that count; each is a cluster by itself --- */
uint32_t fn_view_isolated(const fn_view *view, const fn_leiden_options *options, bool *is_isolated);

/* --- profile.c: which values of an attribute a cluster has more often than chance gives --- */
fn_status fn_profile(fn_run *run, const fn_column *attribute, const uint32_t *cluster, uint32_t clusters,
                     const bool *left_out, double level, fn_table *table);

#endif
