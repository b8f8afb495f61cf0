/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "bench/igraph_peer.h"
#include "bench/partners.h"

/* How strong ties are, of an undirected graph without multiple edges: igraph's measures know no other. Timed is the
 * measure, from the graph in memory. */

typedef struct peer {
    igraph_t graph;
    bench_tie *tie;       /* one an edge, in their order */
    size_t edges;
} peer;

static peer peer_new(const bench_call *call)
{
    peer p;
    p.tie = peer_ties(call, false, &p.edges);
    peer_undirected(p.tie, &p.edges);
    peer_graph(call, p.tie, p.edges, false, &p.graph);
    return p;
}

/* For all edges in one call. */
void peer_jaccard(bench_call *call)
{
    peer p = peer_new(call);
    igraph_vector_t jaccard;
    double sum = 0, off = 0;
    peer_must(igraph_vector_init(&jaccard, 0));
    bench_cost start = bench_now();
    peer_must(igraph_similarity_jaccard_es(&p.graph, &jaccard, igraph_ess_all(IGRAPH_EDGEORDER_ID), IGRAPH_ALL, false));
    bench_cost cost = bench_since(start);
    bench_partners partners = bench_partners_read(call->input, call->facts.firms);
    bench_shared *shared = bench_partners_share(&partners);
    for (size_t e = 0; e < p.edges; e++) {
        double n = bench_shared_of(&partners, shared, p.tie[e].from, p.tie[e].to).common;
        double a = bench_partners_count(&partners, p.tie[e].from), b = bench_partners_count(&partners, p.tie[e].to);
        off = fmax(off, fabs(VECTOR(jaccard)[e] - n / (a + b - n)));
        sum += VECTOR(jaccard)[e];
    }
    if (!(off < 1e-9)) bench_refuse(call, "the Jaccard index of an edge is off by %g", off);
    bench_print(call, call->name, cost, "jaccard=%.6f", sum);
}

void peer_truss(bench_call *call)
{
    peer p = peer_new(call);
    igraph_vector_int_t truss;
    peer_must(igraph_vector_int_init(&truss, 0));
    bench_cost start = bench_now();
    peer_must(igraph_trussness(&p.graph, &truss));
    bench_cost cost = bench_since(start);
    bench_partners partners = bench_partners_read(call->input, call->facts.firms);
    uint32_t *right = bench_partners_truss(&partners);
    for (size_t e = 0; e < p.edges; e++) {
        uint32_t k = right[bench_partners_find(&partners, p.tie[e].from, p.tie[e].to)];
        if (VECTOR(truss)[e] != (igraph_int_t) k)
            bench_refuse(call, "edge %zu has %lld, not %u", e, (long long) VECTOR(truss)[e], k);
    }
    bench_print(call, call->name, cost, "most=%lld", (long long) igraph_vector_int_max(&truss));
}
