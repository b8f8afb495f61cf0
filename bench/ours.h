/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_OURS_H
#define FN_BENCH_OURS_H

#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "bench/measure.h"

/* What tasks begin with; whatever fails ends the program (ours_begin.c). */
fn_run ours_run(const bench_call *call);
void ours_must(const fn_run *run, fn_status status);
fn_net *ours_net(const bench_call *call, fn_run *run);
fn_view *ours_view(fn_run *run, const fn_net *net);
fn_csr *ours_csr(fn_run *run, const fn_view *view, fn_csr_side side);

/* A measure found by its row in the table of algorithms, as the program does: timed is all from the network in memory
 * to the columns of its table. settings (NULL: none) end with a name NULL; the seed is the repeat. */
typedef struct ours_setting {
    const char *name, *value;
} ours_setting;
typedef struct ours_measured {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *table;
    bench_cost cost;
} ours_measured;
ours_measured ours_measure(const bench_call *call, fn_group group, const char *name, const ours_setting *settings);
void ours_measured_free(ours_measured *measured);

/* Clusters (ours_clusters.c), judged by bench/partition.h. */
void ours_leiden(bench_call *call);
void ours_leiden_fast(bench_call *call);
void ours_leiden_converged(bench_call *call);
void ours_leiden_directed(bench_call *call);
void ours_consensus(bench_call *call);
void ours_infomap(bench_call *call);
void ours_label_propagation(bench_call *call);

/* How strong ties are (ours_ties.c), judged by bench/partners.h. */
void ours_overlap(bench_call *call);
void ours_directed_overlap(bench_call *call);
void ours_weighted_overlap(bench_call *call);
void ours_squares(bench_call *call);
void ours_squares_drawn(bench_call *call);
void ours_truss(bench_call *call);
/* Measures of firms that take all shortest chains (ours_centrality.c): TASK INPUT [WHAT IGRAPH SAYS] */
void ours_betweenness(bench_call *call);
void ours_betweenness_lengths(bench_call *call);
void ours_betweenness_drawn(bench_call *call);
void ours_betweenness_drawn_lengths(bench_call *call);
void ours_closeness(bench_call *call);

/* The oracle (oracle.c): each returns when the result is right and ends the program when it is not. The truth comes
 * from bench/facts.c, which is independent of firmnet, from igraph, or from a slower way. */

/* Firms, ties, money, and every tie by the digest. */
void oracle_net(const bench_call *call, const fn_net *net);
/* One side of the adjacency: every arc by the digest, rows that ascend. */
void oracle_csr(const bench_call *call, const fn_net *net, const fn_csr *csr, bool in);
/* All six vectors as igraph_create makes them. */
void oracle_igraph(const bench_call *call, const fn_net *net, const igraph_t *graph);
/* A GEXF or GraphML file: firms, ties and every tie's money by the digest. */
void oracle_graph_file(const bench_call *call, const char *format);
/* One more step by another loop changes nothing; the same as igraph's, where the list is not too large for that. */
void oracle_pagerank(const bench_call *call, const fn_csr *out, const double *score, double tolerance);
void oracle_hits(const bench_call *call, const fn_csr *out, const double *hub, const double *authority);
/* Peeling level by level; igraph's, where the list is not too large for that. */
void oracle_coreness(const bench_call *call, const fn_csr *both, const uint32_t *core);
/* Strengths added up and powers taken one by one; returns how many ties have a p of 0.05 or less on a side. */
size_t oracle_disparity(const bench_call *call, const fn_view *view, const double *p_from, const double *p_to);

/* Chains (oracle_chains.c). Exact measures beside igraph's in the file, in their order; returns the largest relative
 * difference of any firm, 1e-9 at most. */
double oracle_exact(const bench_call *call, const char *path, const double *const *score, size_t scores, size_t firms);
/* Drawn betweenness beside plain searches from firms drawn in another way: no firm is off by more than epsilon of all
 * pairs and what so few searches may err by. Returns how far both are apart at most, as a share of all pairs. */
double oracle_drawn(const bench_call *call, const fn_csr *out, bool by_lengths, double epsilon, const double *score);

#endif
