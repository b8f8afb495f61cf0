/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "algorithms/backbone.h"
#include "bench/ours.h"
#include "io/format.h"

/* What firmnet does with a list of ties: one function a task, a row in the table below. Each is run in a process of its
 * own, takes the time of one thing, then has the result checked (bench/oracle.c). */

/* ---- reading ---- */

static void load(bench_call *call)
{
    fn_run run = ours_run(call);
    bench_cost start = bench_now();
    fn_net *net = ours_net(call, &run);
    bench_cost cost = bench_since(start);
    oracle_net(call, net);
    bench_print(call, call->name, cost, "ties=%zu", fn_net_ties(net));
    fn_net_free(net);
}

/* To what kernels work on: both sides of the adjacency. */
static void load_csr(bench_call *call)
{
    fn_run run = ours_run(call);
    bench_cost start = bench_now();
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    fn_csr *out = ours_csr(&run, view, FN_CSR_OUT), *in = ours_csr(&run, view, FN_CSR_IN);
    bench_cost cost = bench_since(start);
    oracle_net(call, net);
    oracle_csr(call, net, out, false);
    oracle_csr(call, net, in, true);
    bench_print(call, call->name, cost, "arcs=%zu", out->arcs);
    fn_csr_free(out);
    fn_csr_free(in);
    fn_view_free(view);
    fn_net_free(net);
}

/* The network file, and one look at every tie. */
static void open_touch(bench_call *call)
{
    fn_run run = ours_run(call);
    double money = 0;
    uint64_t ends = 0;
    bench_cost start = bench_now();
    fn_net *net = ours_net(call, &run);
    size_t ties = fn_net_ties(net);
    for (size_t e = 0; e < ties; e++) {
        fn_tie tie = fn_net_tie_at(net, e);
        ends += tie.from ^ tie.to;
        money += tie.value;
    }
    bench_cost cost = bench_since(start);
    oracle_net(call, net);
    bench_print(call, call->name, cost, "touched=%.0f", money + (double) ends);
    fn_net_free(net);
}

static void to_igraph(bench_call *call)
{
    fn_run run = ours_run(call);
    const igraph_t *graph;
    fn_net *net = ours_net(call, &run);
    bench_cost start = bench_now();
    ours_must(&run, fn_net_igraph(&run, net, &graph));
    bench_cost cost = bench_since(start);
    oracle_net(call, net);
    oracle_igraph(call, net, graph);
    bench_print(call, call->name, cost, "edges=%zu", fn_net_ties(net));
    fn_net_free(net);
}

/* ---- writing: the time is that of handing over all text, as for writers that never wait for the disk; how long it
 * takes until the file is safe and in place is a line of its own. ---- */

static void write_as(bench_call *call, const fn_net *net, const char *format, fn_run *run, bench_cost *write,
                     bench_cost *place)
{
    fn_output *output;
    if (!call->output) bench_stop("%s needs -o FILE", call->task);
    fn_export what = { .net = net, .tie_count = fn_net_ties(net) };
    bench_cost start = bench_now();
    ours_must(run, fn_output_open(run, call->output, &output));
    ours_must(run, fn_format_find(format)->write(run, output, &what));
    *write = bench_since(start);
    start = bench_now();
    ours_must(run, fn_output_commit(run, output));
    *place = bench_since(start);
}

static void print_written(const bench_call *call, bench_cost write, bench_cost place, uint64_t names, uint64_t ties)
{
    char name[64];
    size_t bytes;
    bench_map(call->output, &bytes);
    snprintf(name, sizeof name, "%s-sync", call->name);
    bench_print(call, call->name, write, "bytes=%zu bytes/tie=%.2f MB/s=%.0f", bytes,
                (double) (bytes - names) / (double) ties, (double) bytes / 1e6 / write.wall);
    bench_print(call, name, place, "bytes=%zu", bytes);
}

static void write_graph(bench_call *call, const char *format)
{
    fn_run run = ours_run(call);
    bench_cost write, place;
    fn_net *net = ours_net(call, &run);
    write_as(call, net, format, &run, &write, &place);
    oracle_graph_file(call, format);
    print_written(call, write, place, 0, fn_net_ties(net));
    fn_net_free(net);
}

static void write_gexf(bench_call *call)
{
    write_graph(call, "gexf");
}

static void write_graphml(bench_call *call)
{
    write_graph(call, "graphml");
}

/* bytes/tie: of the file without the names of firms. */
static void write_fnet(bench_call *call)
{
    fn_run run = ours_run(call);
    bench_cost write, place;
    uint64_t names = 0;
    fn_net *net = ours_net(call, &run), *again;
    write_as(call, net, "fnet", &run, &write, &place);
    for (uint32_t u = 0; u < fn_net_firms(net); u++) {
        size_t length;
        fn_names_text(fn_net_keys(net), u, &length);
        names += length + 1 + sizeof(uint64_t);
    }
    call->input = call->output;
    again = ours_net(call, &run);
    oracle_net(call, again);
    print_written(call, write, place, names, fn_net_ties(net));
    fn_net_free(again);
    fn_net_free(net);
}

/* ---- kernels ---- */

static void rank(bench_call *call, double tolerance)
{
    fn_run run = ours_run(call);
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    fn_csr *out = ours_csr(&run, view, FN_CSR_OUT), *in = ours_csr(&run, view, FN_CSR_IN);
    double *score = bench_alloc(view->firms, sizeof *score);
    bench_cost start = bench_now();
    ours_must(&run, fn_pagerank(&run, out, in, 0.85, tolerance, score));
    bench_cost cost = bench_since(start);
    oracle_pagerank(call, out, score, tolerance);
    bench_print(call, call->name, cost, "firms=%u", view->firms);
    free(score);
    fn_csr_free(out);
    fn_csr_free(in);
    fn_view_free(view);
    fn_net_free(net);
}

static void pagerank(bench_call *call)
{
    rank(call, 1e-10);
}

/* As exact as other tools stop by default. */
static void pagerank_rough(bench_call *call)
{
    rank(call, 1e-6);
}

static void hits(bench_call *call)
{
    fn_run run = ours_run(call);
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    fn_csr *out = ours_csr(&run, view, FN_CSR_OUT), *in = ours_csr(&run, view, FN_CSR_IN);
    double *hub = bench_alloc(view->firms, sizeof *hub), *authority = bench_alloc(view->firms, sizeof *authority);
    bench_cost start = bench_now();
    ours_must(&run, fn_hits(&run, out, in, hub, authority, NULL));
    bench_cost cost = bench_since(start);
    oracle_hits(call, out, hub, authority);
    bench_print(call, call->name, cost, "firms=%u", view->firms);
    free(hub);
    free(authority);
    fn_csr_free(out);
    fn_csr_free(in);
    fn_view_free(view);
    fn_net_free(net);
}

static void coreness(bench_call *call)
{
    fn_run run = ours_run(call);
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    fn_csr *both = ours_csr(&run, view, FN_CSR_BOTH);
    uint32_t *core = bench_alloc(view->firms, sizeof *core), most = 0;
    bench_cost start = bench_now();
    ours_must(&run, fn_coreness(&run, both, core));
    bench_cost cost = bench_since(start);
    oracle_coreness(call, both, core);
    for (uint32_t u = 0; u < view->firms; u++) most = core[u] > most ? core[u] : most;
    bench_print(call, call->name, cost, "most=%u", most);
    free(core);
    fn_csr_free(both);
    fn_view_free(view);
    fn_net_free(net);
}

/* Both sides of every tie, from the network in memory. */
static void disparity(bench_call *call)
{
    fn_run run = ours_run(call);
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    double *p_from = bench_alloc(view->ties, sizeof *p_from), *p_to = bench_alloc(view->ties, sizeof *p_to);
    for (size_t e = 0; e < view->ties; e++) p_from[e] = p_to[e] = NAN; /* as the columns of a table come */
    bench_cost start = bench_now();
    ours_must(&run, fn_disparity(&run, view, p_from, p_to));
    bench_cost cost = bench_since(start);
    size_t significant = oracle_disparity(call, view, p_from, p_to);
    bench_print(call, call->name, cost, "significant=%zu", significant);
    free(p_from);
    free(p_to);
    fn_view_free(view);
    fn_net_free(net);
}

static const bench_task tasks[] = {
    { "load", load },
    { "load-csr", load_csr },
    { "open", open_touch },
    { "igraph", to_igraph },
    { "write-fnet", write_fnet },
    { "write-graphml", write_graphml },
    { "write-gexf", write_gexf },
    { "pagerank", pagerank },
    { "pagerank-rough", pagerank_rough },
    { "hits", hits },
    { "coreness", coreness },
    { "betweenness", ours_betweenness },
    { "betweenness-lengths", ours_betweenness_lengths },
    { "betweenness-drawn", ours_betweenness_drawn },
    { "betweenness-drawn-lengths", ours_betweenness_drawn_lengths },
    { "closeness", ours_closeness },
    { "leiden", ours_leiden },
    { "leiden-fast", ours_leiden_fast },
    { "leiden-converged", ours_leiden_converged },
    { "leiden-directed", ours_leiden_directed },
    { "consensus", ours_consensus },
    { "infomap", ours_infomap },
    { "label-propagation", ours_label_propagation },
    { "disparity", disparity },
    { "overlap", ours_overlap },
    { "directed-overlap", ours_directed_overlap },
    { "weighted-overlap", ours_weighted_overlap },
    { "squares", ours_squares },
    { "squares-drawn", ours_squares_drawn },
    { "truss", ours_truss },
    { NULL, NULL }
};

int main(int argc, char **argv)
{
    bench_call call = bench_start(argc, argv, "firmnet");
    if (!call.facts.rows || !call.input) bench_stop("ours: -f FACTS and an input are needed");
    fn_ig_setup();
    return bench_run(&call, tasks);
}
