/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_IGRAPH_PEER_H
#define FN_BENCH_IGRAPH_PEER_H

#include "bench/measure.h"
#include "graph/igraph_compat.h"

/* What tasks of igraph share (igraph_peer.c). */
void peer_must(igraph_error_t code);
/* LIST.ties in memory of our own; rows as in the list, or sorted by both ends as in firmnet's networks. */
bench_tie *peer_ties(const bench_call *call, bool sorted, size_t *ties);
/* Direction ignored: one tie a pair, its money added up, none of a firm with itself; sorted. */
void peer_undirected(bench_tie *tie, size_t *ties);
bench_cost peer_graph(const bench_call *call, const bench_tie *tie, size_t ties, bool directed, igraph_t *graph);

/* Clusters (igraph_clusters.c): TASK TIES TIES TRUTH */
void peer_leiden(bench_call *call);
void peer_leiden_converged(bench_call *call);
void peer_infomap(bench_call *call);
void peer_label_propagation(bench_call *call);

/* How strong ties are (igraph_ties.c) */
void peer_jaccard(bench_call *call);
void peer_truss(bench_call *call);
/* Measures of firms (igraph_centrality.c): TASK TIES, kept in OUTPUT */
void peer_betweenness(bench_call *call);
void peer_betweenness_lengths(bench_call *call);
void peer_closeness(bench_call *call);

#endif
