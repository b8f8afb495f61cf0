/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench/igraph_peer.h"

/* Measures of firms that igraph finds exactly: TASK TIES. With -o they are kept as doubles, in order of firms, for the
 * oracle that judges ours and other peers'. */

static void keep(const bench_call *call, const igraph_vector_t *const *score, size_t scores)
{
    if (!call->output) return;
    FILE *file = fopen(call->output, "wb");
    bool kept = file != NULL;
    for (size_t k = 0; kept && k < scores; k++) {
        size_t firms = (size_t) igraph_vector_size(score[k]);
        kept = fwrite(VECTOR(*score[k]), sizeof(double), firms, file) == firms;
    }
    if ((file && fclose(file) != 0) || !kept) bench_stop("%s can't be written", call->output);
}

static void graph_of(const bench_call *call, igraph_t *graph, igraph_vector_t *lengths)
{
    size_t ties;
    /* igraph keeps parallel ties apart: each would be a chain of its own. */
    bench_expect(call, "pairs", call->facts.pairs, call->facts.rows);
    bench_tie *tie = peer_ties(call, true, &ties);
    peer_graph(call, tie, ties, true, graph);
    if (lengths) peer_must(igraph_vector_init(lengths, (igraph_int_t) ties));
    /* 1 / money, and so large that all are far from what igraph warns of; scaling by a power of two changes no bits. */
    for (size_t e = 0; lengths && e < ties; e++) VECTOR(*lengths)[e] = 0x1p40 / (double) tie[e].cents;
    free(tie);
}

static void betweenness(bench_call *call, bool by_lengths)
{
    igraph_t graph;
    igraph_vector_t lengths, score;
    graph_of(call, &graph, by_lengths ? &lengths : NULL);
    peer_must(igraph_vector_init(&score, 0));
    bench_cost start = bench_now();
    peer_must(fn_ig_betweenness(&graph, by_lengths ? &lengths : NULL, true, &score));
    bench_cost cost = bench_since(start);
    keep(call, (const igraph_vector_t *[]) { &score }, 1);
    bench_print(call, call->name, cost, "sum=%.6g", igraph_vector_sum(&score));
    igraph_destroy(&graph);
}

void peer_betweenness(bench_call *call)
{
    betweenness(call, false);
}

void peer_betweenness_lengths(bench_call *call)
{
    betweenness(call, true);
}

/* What we call closeness: igraph's, which is that within what is reached, times the share that is reached. */
static void by_reach(igraph_vector_t *closeness, const igraph_vector_int_t *reach, double firms)
{
    for (igraph_int_t u = 0; u < igraph_vector_size(closeness); u++) {
        double reached = (double) VECTOR(*reach)[u];
        VECTOR(*closeness)[u] = reached > 0 ? VECTOR(*closeness)[u] * reached / (firms - 1) : 0;
    }
}

/* Both measures both ways, as ours are found together; a line each for those along arcs out, and for the harmonic of
 * them alone. */
void peer_closeness(bench_call *call)
{
    static const igraph_neimode_t modes[] = { IGRAPH_IN, IGRAPH_OUT };
    igraph_t graph;
    igraph_vector_t closeness[2], harmonic[2];
    igraph_vector_int_t reach[2];
    bench_cost one_way, harmonic_out;
    graph_of(call, &graph, NULL);
    for (int way = 0; way < 2; way++) {
        peer_must(igraph_vector_init(&closeness[way], 0));
        peer_must(igraph_vector_init(&harmonic[way], 0));
        peer_must(igraph_vector_int_init(&reach[way], 0));
    }
    bench_cost whole = bench_now();
    for (int way = 0; way < 2; way++) {
        bench_cost first = bench_now();
        peer_must(igraph_closeness(&graph, &closeness[way], &reach[way], NULL, igraph_vss_all(), modes[way], NULL,
                                   true));
        bench_cost second = bench_now();
        peer_must(igraph_harmonic_centrality(&graph, &harmonic[way], igraph_vss_all(), modes[way], NULL, false));
        harmonic_out = bench_since(second);
        one_way = bench_since(first);
    }
    whole = bench_since(whole);
    for (int way = 0; way < 2; way++) by_reach(&closeness[way], &reach[way], (double) call->facts.firms);
    keep(call, (const igraph_vector_t *[]) { &closeness[0], &closeness[1], &harmonic[0], &harmonic[1] }, 4);
    bench_print(call, call->name, whole, "sum=%.6g", igraph_vector_sum(&harmonic[1]));
    bench_print(call, "closeness-out", one_way, "part of closeness");
    bench_print(call, "harmonic-out", harmonic_out, "part of closeness");
    igraph_destroy(&graph);
}
