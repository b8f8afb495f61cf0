/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench/igraph_peer.h"

/* What igraph does with the same list; nothing of firmnet is linked here. Its results are checked like ours. */

void peer_must(igraph_error_t code)
{
    if (code) bench_stop("igraph: %s", igraph_strerror(code));
}

/* The list by its ends' names and a money attribute of edges. */
static void check_named(const bench_call *call, const igraph_t *graph, const char *money)
{
    uint64_t cents = 0, digest = 0;
    igraph_int_t firms = igraph_vcount(graph), edges = igraph_ecount(graph);
    uint64_t *hash = bench_alloc((size_t) firms, sizeof *hash);
    bench_expect(call, "vertices", (uint64_t) firms, call->facts.firms);
    for (igraph_int_t u = 0; u < firms; u++) {
        const char *name = VAS(graph, "name", u);
        hash[u] = bench_text_hash(name, strlen(name));
    }
    for (igraph_int_t e = 0; e < edges; e++) {
        uint64_t value = (uint64_t) (EAN(graph, money, e) * 100 + 0.5);
        cents += value;
        digest += bench_pair_hash(hash[IGRAPH_FROM(graph, e)], hash[IGRAPH_TO(graph, e)], true) * value;
    }
    bench_expect(call, "cents", cents, call->facts.cents);
    bench_expect(call, "digest of all edges", digest, call->facts.digest);
    free(hash);
}

/* The text of the list, unpacked; with -o the graph is then written as GraphML, a line of its own. */
static void read_ncol(bench_call *call)
{
    igraph_t graph;
    FILE *file = fopen(call->input, "r");
    if (!file) bench_stop("%s can't be opened", call->input);
    bench_cost start = bench_now();
    peer_must(igraph_read_graph_ncol(&graph, file, NULL, true, IGRAPH_ADD_WEIGHTS_YES, IGRAPH_DIRECTED));
    bench_cost cost = bench_since(start);
    fclose(file);
    bench_expect(call, "edges", (uint64_t) igraph_ecount(&graph), call->facts.rows);
    check_named(call, &graph, "weight");
    bench_print(call, call->name, cost, "edges=%lld", (long long) igraph_ecount(&graph));
    if (call->output) {
        file = fopen(call->output, "w");
        if (!file) bench_stop("%s can't be written", call->output);
        start = bench_now();
        peer_must(igraph_write_graph_graphml(&graph, file, true));
        long bytes = ftell(file);
        if (fclose(file) != 0) bench_stop("%s can't be written", call->output);
        cost = bench_since(start);
        bench_print(call, "write-graphml", cost, "bytes=%ld MB/s=%.0f", bytes, (double) bytes / 1e6 / cost.wall);
    }
    igraph_destroy(&graph);
}

/* A GraphML file that firmnet wrote, read back: what igraph makes of it is the list. */
static void read_graphml(bench_call *call)
{
    igraph_t graph;
    FILE *file = fopen(call->input, "r");
    if (!file) bench_stop("%s can't be opened", call->input);
    bench_cost start = bench_now();
    peer_must(igraph_read_graph_graphml(&graph, file, 0));
    bench_cost cost = bench_since(start);
    fclose(file);
    bench_expect(call, "edges", (uint64_t) igraph_ecount(&graph), call->facts.ties);
    check_named(call, &graph, "value");
    bench_print(call, call->name, cost, "edges=%lld", (long long) igraph_ecount(&graph));
    igraph_destroy(&graph);
}

/* ---- from arrays ---- */

static int by_ends(const void *a, const void *b)
{
    const bench_tie *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

bench_tie *peer_ties(const bench_call *call, bool sorted, size_t *ties)
{
    size_t size;
    const char *bytes = bench_map(call->input, &size);
    bench_tie *tie = bench_alloc(size, 1);
    memcpy(tie, bytes, size);
    *ties = size / sizeof *tie;
    bench_expect(call, "rows", *ties, call->facts.rows);
    if (sorted) qsort(tie, *ties, sizeof *tie, by_ends);
    return tie;
}

void peer_undirected(bench_tie *tie, size_t *ties)
{
    size_t kept = 0;
    for (size_t e = 0; e < *ties; e++) {
        uint32_t low = tie[e].from < tie[e].to ? tie[e].from : tie[e].to;
        tie[e].to ^= tie[e].from ^ low;
        tie[e].from = low;
    }
    qsort(tie, *ties, sizeof *tie, by_ends);
    for (size_t e = 0; e < *ties; e++) {
        if (tie[e].from == tie[e].to) continue;
        if (kept > 0 && by_ends(&tie[kept - 1], &tie[e]) == 0) tie[kept - 1].cents += tie[e].cents;
        else tie[kept++] = tie[e];
    }
    *ties = kept;
}

bench_cost peer_graph(const bench_call *call, const bench_tie *tie, size_t ties, bool directed, igraph_t *graph)
{
    igraph_vector_int_t list;
    peer_must(igraph_vector_int_init(&list, 2 * (igraph_int_t) ties));
    for (size_t e = 0; e < ties; e++) {
        VECTOR(list)[2 * e] = tie[e].from;
        VECTOR(list)[2 * e + 1] = tie[e].to;
    }
    bench_cost start = bench_now();
    peer_must(igraph_create(graph, &list, (igraph_int_t) call->facts.firms, directed));
    bench_cost cost = bench_since(start);
    igraph_vector_int_destroy(&list);
    bench_expect(call, "edges", (uint64_t) igraph_ecount(graph), ties);
    for (size_t e = 0; directed && e < ties; e++)
        if (IGRAPH_FROM(graph, (igraph_int_t) e) != tie[e].from || IGRAPH_TO(graph, (igraph_int_t) e) != tie[e].to)
            bench_refuse(call, "edge %zu has other ends", e);
    return cost;
}

static void create(bench_call *call, bool sorted)
{
    igraph_t graph;
    size_t ties;
    bench_tie *tie = peer_ties(call, sorted, &ties);
    bench_cost cost = peer_graph(call, tie, ties, true, &graph);
    bench_print(call, call->name, cost, "edges=%zu", ties);
    igraph_destroy(&graph);
}

static void create_sorted(bench_call *call)
{
    create(call, true);
}

static void create_listed(bench_call *call)
{
    create(call, false);
}

static void pagerank(bench_call *call)
{
    igraph_t graph;
    igraph_vector_t weights, score;
    size_t ties;
    bench_tie *tie = peer_ties(call, true, &ties);
    peer_graph(call, tie, ties, true, &graph);
    peer_must(igraph_vector_init(&weights, (igraph_int_t) ties));
    peer_must(igraph_vector_init(&score, 0));
    for (size_t e = 0; e < ties; e++) VECTOR(weights)[e] = (double) tie[e].cents;
    bench_cost start = bench_now();
    peer_must(fn_ig_pagerank(&graph, &weights, 0.85, true, &score));
    bench_cost cost = bench_since(start);
    double all = igraph_vector_sum(&score);
    if (!(all > 1 - 1e-9 && all < 1 + 1e-9)) bench_refuse(call, "the scores are %g in all", all);
    bench_print(call, call->name, cost, "firms=%lld", (long long) igraph_vector_size(&score));
}

static void hits(bench_call *call)
{
    igraph_t graph;
    igraph_vector_t weights, hub, authority;
    igraph_real_t value;
    size_t ties;
    bench_tie *tie = peer_ties(call, true, &ties);
    peer_graph(call, tie, ties, true, &graph);
    peer_must(igraph_vector_init(&weights, (igraph_int_t) ties));
    peer_must(igraph_vector_init(&hub, 0));
    peer_must(igraph_vector_init(&authority, 0));
    for (size_t e = 0; e < ties; e++) VECTOR(weights)[e] = (double) tie[e].cents;
    igraph_arpack_options_t options;
    igraph_arpack_options_init(&options);
    bench_cost start = bench_now();
    peer_must(igraph_hub_and_authority_scores(&graph, &hub, &authority, &value, true, &weights, &options));
    bench_cost cost = bench_since(start);
    bench_print(call, call->name, cost, "firms=%lld", (long long) igraph_vector_size(&authority));
}

/* Direction ignored, and reciprocal ties are one. */
static void coreness(bench_call *call)
{
    igraph_t graph;
    igraph_vector_int_t core;
    size_t ties;
    bench_tie *tie = peer_ties(call, false, &ties);
    peer_undirected(tie, &ties);
    peer_graph(call, tie, ties, false, &graph);
    peer_must(igraph_vector_int_init(&core, 0));
    bench_cost start = bench_now();
    peer_must(igraph_coreness(&graph, &core, IGRAPH_ALL));
    bench_cost cost = bench_since(start);
    bench_print(call, call->name, cost, "most=%lld", (long long) igraph_vector_int_max(&core));
}

static void versions(bench_call *call)
{
    (void) call;
    printf("igraph %s\n", IGRAPH_VERSION);
}

static const bench_task tasks[] = {
    { "ncol", read_ncol },
    { "read-graphml", read_graphml },
    { "create", create_sorted },
    { "create-as-listed", create_listed },
    { "pagerank", pagerank },
    { "hits", hits },
    { "coreness", coreness },
    { "betweenness", peer_betweenness },
    { "betweenness-lengths", peer_betweenness_lengths },
    { "closeness", peer_closeness },
    { "leiden", peer_leiden },
    { "leiden-converged", peer_leiden_converged },
    { "infomap", peer_infomap },
    { "label-propagation", peer_label_propagation },
    { "jaccard", peer_jaccard },
    { "truss", peer_truss },
    { "versions", versions },
    { NULL, NULL }
};

int main(int argc, char **argv)
{
    bench_call call = bench_start(argc, argv, "igraph");
    fn_ig_setup();
    igraph_set_attribute_table(&igraph_cattribute_table);
    return bench_run(&call, tasks);
}
