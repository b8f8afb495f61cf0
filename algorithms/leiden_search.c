/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"

/* Passes over all levels (Traag, Waltman and van Eck 2019): move nodes, refine, make the graph of parts, start there
 * from the clusters. Where few passes are to do, the first does not wait until the last firm rests where it is: what
 * follows finds a better place for it anyway. If the last pass has still changed something, single firms are moved
 * once more. */

enum { PASSES_MOST = 100, PASSES_LEAST = 2, STREAMS_A_PASS = 256 };

/* Arcs of the firms' graph to read before a large network stops. */
static const size_t ARCS_MOST = 30000000;
/* Share of the arcs whose firms still wait when the first pass goes on. */
static const double ENOUGH = .5, ENOUGH_FAST = .9;

typedef struct search_state {
    fn_leiden_graph *firms;
    fn_leiden_work *work;
    uint64_t seed, stream;
    double enough;              /* for moves of single firms in the first pass */
    fn_leiden_graph level, coarse;
    uint32_t *node;             /* of each firm at the present level */
    uint32_t *label, *part;     /* cluster and part of each node */
    uint32_t *before;           /* partition at the start of the pass; in the first, firms by cluster and part */
    bool is_ordered;            /* that order is known */
} search_state;

static fn_status state_arrays(fn_run *run, uint32_t firms, search_state *s)
{
    if (!(s->node = fn_alloc_scattered(run, firms, sizeof *s->node))) return FN_ENOMEM;
    if (!(s->label = fn_alloc_scattered(run, firms, sizeof *s->label))) return FN_ENOMEM;
    if (!(s->part = fn_alloc_scattered(run, firms, sizeof *s->part))) return FN_ENOMEM;
    if (!(s->before = fn_alloc_scattered(run, firms, sizeof *s->before))) return FN_ENOMEM;
    return FN_OK;
}

static void state_free(search_state *s)
{
    fn_leiden_graph_free(&s->coarse);
    fn_leiden_graph_free(&s->level);
    fn_free(s->node);
    fn_free(s->label);
    fn_free(s->part);
    fn_free(s->before);
}

/* result[firm] = to[from[firm]] */
static void follow(const search_state *s, const uint32_t *to, const uint32_t *from, uint32_t *result)
{
    const uint32_t firms = s->firms->nodes;
    const int threads = fn_leiden_threads(s->work, firms);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t firm = 0; firm < firms; firm++) result[firm] = to[from[firm]];
}

/* A cluster of parts is named by its first part; the parts of a cluster stand side by side. */
static void label_parts(const fn_leiden_work *work, uint32_t parts, uint32_t *label)
{
    uint32_t first = 0, *made = work->number;
    for (uint32_t p = 0; p < parts; p++) {
        if (label[work->sorted[work->first[p]]] != label[work->sorted[work->first[first]]]) first = p;
        made[p] = first;
    }
    memcpy(label, made, parts * sizeof *label);
}

/* One level; *ended: every cluster, or every part, is one node. */
static fn_status search_level(fn_run *run, search_state *s, const fn_leiden_graph *graph, bool alone, bool *ended)
{
    uint32_t parts;
    fn_status status =
        fn_leiden_move(run, graph, s->work, s->seed, s->stream++, alone, alone ? s->enough : 0, s->label);
    if (status) return status;
    uint32_t clusters = fn_leiden_compact(s->work, graph->nodes, s->label);
    *ended = clusters == graph->nodes;
    if (*ended) return FN_OK;
    status = fn_leiden_refine(run, graph, s->work, s->seed, s->stream++, s->label, clusters, s->part, &parts);
    if (status) return status;
    *ended = parts == graph->nodes;
    if (*ended) return FN_OK;
    label_parts(s->work, parts, s->label);
    if ((status = fn_leiden_aggregate(run, graph, s->part, parts, s->work, &s->coarse))) return status;
    if (alone) memcpy(s->before, s->work->sorted, graph->nodes * sizeof *s->before);
    s->is_ordered |= alone;
    if (graph == s->firms) memcpy(s->node, s->part, graph->nodes * sizeof *s->node);
    else follow(s, s->part, s->node, s->node);
    fn_leiden_graph_free(&s->level);
    s->level = s->coarse;
    s->coarse = (fn_leiden_graph) { 0 };
    return FN_OK;
}

/* One pass from the clusters given, each named by its first firm; so are those it leaves. */
static fn_status search_pass(fn_run *run, search_state *s, bool alone, uint32_t *cluster)
{
    const size_t bytes = s->firms->nodes * sizeof *cluster;
    const fn_leiden_graph *graph = s->firms;
    bool ended;
    memcpy(s->label, cluster, bytes);
    for (;;) {
        fn_status status = search_level(run, s, graph, alone && graph == s->firms, &ended);
        if (status) return status;
        if (ended) break;
        graph = &s->level;
    }
    if (graph == s->firms) memcpy(cluster, s->label, bytes);
    else follow(s, s->label, s->node, cluster);
    fn_leiden_graph_free(&s->level);
    fn_leiden_name(s->work, s->firms->nodes, cluster);
    return FN_OK;
}

/* Put the firms of a large graph in the order of the clusters and parts that the first pass has found. */
static fn_status order_firms(fn_run *run, search_state *s, uint32_t *cluster)
{
    const uint32_t firms = s->firms->nodes;
    uint32_t *start = s->work->start, *order = s->work->list;
    memcpy(s->label, cluster, firms * sizeof *cluster);
    uint32_t clusters = fn_leiden_compact(s->work, firms, s->label);
    fn_leiden_list(s->work, firms, s->label, clusters);
    for (uint32_t i = 0; i < firms; i++) order[start[s->label[s->before[i]]]++] = s->before[i];
    fn_status status = fn_leiden_order(run, s->firms, s->work, order);
    if (status) return status;
    follow(s, s->label, order, cluster);
    fn_leiden_name(s->work, firms, cluster);
    return FN_OK;
}

/* What a user who asked for nothing else gets. */
static int passes_usual(const fn_leiden_graph *graph)
{
    size_t arcs = fn_leiden_arcs(graph), passes = arcs ? (ARCS_MOST + arcs - 1) / arcs : PASSES_MOST;
    return passes < PASSES_LEAST ? PASSES_LEAST : passes < PASSES_MOST ? (int) passes : PASSES_MOST;
}

fn_status fn_leiden_search(fn_run *run, fn_leiden_graph *graph, const fn_leiden_options *options,
                           fn_leiden_work *work, uint64_t seed, uint32_t *cluster)
{
    const size_t bytes = graph->nodes * sizeof *cluster;
    const bool is_usual = options->iterations < 0 && !options->fast;
    const int passes = options->iterations > 0    ? options->iterations
                       : options->iterations == 0 ? FN_LEIDEN_ITERATIONS_MOST
                       : options->fast            ? 1
                                                  : passes_usual(graph);
    search_state s = { .firms = graph, .work = work, .seed = seed };
    bool is_stable = graph->nodes == 0;
    if (options->fast) s.enough = ENOUGH_FAST;
    else if (options->iterations != 0 && passes_usual(graph) == PASSES_LEAST) s.enough = ENOUGH;
    fn_status status = state_arrays(run, graph->nodes, &s);
    if (status) goto done;
    fn_leiden_start(graph, work, options->start, cluster);
    for (int pass = 0; pass < passes && !is_stable; pass++) {
        if ((status = fn_progress(run, "finding clusters", work->done))) goto done;
        if (pass > 0) memcpy(s.before, cluster, bytes);
        s.stream = (uint64_t) pass * STREAMS_A_PASS + 1;
        if ((status = search_pass(run, &s, pass == 0 && !options->start, cluster))) goto done;
        if (pass == 0 && passes > 1 && s.is_ordered && graph->light && (status = order_firms(run, &s, cluster)))
            goto done;
        if (pass == 0) continue;
        is_stable = memcmp(s.before, cluster, bytes) == 0 && !fn_leiden_split(graph, work, cluster);
    }
    if (!is_stable) {
        if ((status = fn_leiden_move(run, graph, work, seed, s.stream, false, 0, cluster))) goto done;
        fn_leiden_split(graph, work, cluster);
    }
    if (graph->firm) {
        memcpy(s.label, cluster, bytes);
        for (uint32_t node = 0; node < graph->nodes; node++) cluster[graph->firm[node]] = s.label[node];
        fn_leiden_name(work, graph->nodes, cluster);
    }
    if (!is_stable && passes >= PASSES_MOST && options->iterations <= 0)
        fn_warn(run, "clusters still changed a little after %d passes of the search; the last are given", passes);
    else if (!is_stable && is_usual)
        fn_note(run, "large network: clusters are those after %d passes of the search, more would change little "
                "(--iterations 0 goes on until nothing changes)", passes);
done:
    state_free(&s);
    return status;
}
