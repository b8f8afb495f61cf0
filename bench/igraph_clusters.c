/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "bench/igraph_peer.h"
#include "bench/partition.h"

/* Timed is the search, from the graph in memory; the repeat is the seed. */

typedef struct peer {
    igraph_t graph;
    igraph_vector_t weight, strength;
    igraph_vector_int_t membership;
    double total;           /* of the weights */
} peer;

static peer peer_new(const bench_call *call, bool directed)
{
    peer p = { 0 };
    size_t ties;
    bench_tie *tie = peer_ties(call, directed, &ties);
    if (!directed) peer_undirected(tie, &ties);
    peer_graph(call, tie, ties, directed, &p.graph);
    peer_must(igraph_vector_init(&p.weight, (igraph_int_t) ties));
    peer_must(igraph_vector_init(&p.strength, (igraph_int_t) call->facts.firms));
    peer_must(igraph_vector_int_init(&p.membership, (igraph_int_t) call->facts.firms));
    for (size_t e = 0; e < ties; e++) {
        double money = (double) tie[e].cents / 100;
        VECTOR(p.weight)[e] = money;
        VECTOR(p.strength)[tie[e].from] += money;
        VECTOR(p.strength)[tie[e].to] += money;
        p.total += money;
    }
    for (size_t u = 0; u < call->facts.firms; u++) VECTOR(p.membership)[u] = (igraph_int_t) u;
    igraph_rng_seed(igraph_rng_default(), (igraph_uint_t) call->repeat);
    free(tie);
    return p;
}

static void judge(bench_call *call, bench_cost cost, const peer *p)
{
    char text[256];
    size_t firms = call->facts.firms;
    uint32_t *cluster = bench_alloc(firms, sizeof *cluster);
    for (size_t u = 0; u < firms; u++) cluster[u] = (uint32_t) VECTOR(p->membership)[u];
    bench_judgement j = bench_judge(call->rest[1], call->rest[2], cluster);
    bench_judgement_say(&j, text, sizeof text);
    bench_print(call, call->name, cost, "%s", text);
    free(cluster);
}

static double iterate(peer *p, int iterations)
{
    igraph_real_t quality;
    peer_must(fn_ig_leiden(&p->graph, &p->weight, &p->strength, 1 / (2 * p->total), iterations, &p->membership,
                           &quality));
    return quality;
}

/* Modularity, two iterations: igraph's defaults. */
void peer_leiden(bench_call *call)
{
    peer p = peer_new(call, false);
    bench_cost start = bench_now();
    iterate(&p, 2);
    judge(call, bench_since(start), &p);
}

/* Until two more gain nothing; igraph 0.10's own way to say so (-1) stops far too early. */
void peer_leiden_converged(bench_call *call)
{
    peer p = peer_new(call, false);
    double before = -1, quality = 0;
    bench_cost start = bench_now();
    while ((quality = iterate(&p, 2)) > before + 1e-9) before = quality;
    judge(call, bench_since(start), &p);
}

void peer_infomap(bench_call *call)
{
    peer p = peer_new(call, true);
    igraph_real_t length;
    bench_cost start = bench_now();
    peer_must(fn_ig_infomap(&p.graph, &p.weight, &p.membership, &length));
    judge(call, bench_since(start), &p);
}

void peer_label_propagation(bench_call *call)
{
    peer p = peer_new(call, false);
    bench_cost start = bench_now();
    peer_must(fn_ig_label_propagation(&p.graph, &p.weight, &p.membership));
    judge(call, bench_since(start), &p);
}
