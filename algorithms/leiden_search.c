/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"
#include "graph/names.h"

/* Passes over all levels (Traag, Waltman and van Eck 2019): move nodes, refine, make the graph of parts, start there
 * from the clusters. If the last pass has still changed something, single firms are moved once more.
 *
 * A large network begins with a pass in which firms need not rest where they are: what follows finds a better place for
 * them anyway. All others begin with core groups (Ovelgönne and Geyer-Schulz 2012): firms that several first passes
 * have all put together stay so while the clusters are found; only then does each firm choose for itself. That leads
 * to better clusters than many more passes do. */

enum {
    PASSES_LARGE = 2, PASSES_LEAST = 4, PASSES_MOST = 100, STREAMS_A_PASS = 256,
    CORE_SEARCHES = 4, CORE_STREAMS = FN_LEIDEN_ITERATIONS_MOST
};

/* Arcs of a large network; arcs of the firms' graph to read before others stop. */
static const size_t ARCS_LARGE = 8000000, ARCS_MOST = 10000000;
/* Share of the arcs whose firms still wait when a first pass goes on. */
static const double ENOUGH_LARGE = .53, ENOUGH_CORES = .2, ENOUGH_HASTY = .9;

typedef struct search_state {
    fn_leiden_graph *firms;
    fn_leiden_work *work;
    uint64_t seed, stream;
    double enough;              /* for moves of single firms that begin alone */
    bool is_hasty;              /* clusters are not refined */
    fn_leiden_graph level, coarse;
    uint32_t *node;             /* of each firm at the present level */
    uint32_t *label, *part;     /* cluster and part of each node */
    uint32_t *sorted;           /* firms by cluster and part of the first pass; NULL: not known */
} search_state;

static fn_status state_arrays(fn_run *run, uint32_t firms, search_state *s)
{
    if (!(s->node = fn_alloc_scattered(run, firms, sizeof *s->node))) return FN_ENOMEM;
    if (!(s->label = fn_alloc_scattered(run, firms, sizeof *s->label))) return FN_ENOMEM;
    if (!(s->part = fn_alloc_scattered(run, firms, sizeof *s->part))) return FN_ENOMEM;
    return FN_OK;
}

static void state_free(search_state *s)
{
    fn_leiden_graph_free(&s->coarse);
    fn_leiden_graph_free(&s->level);
    fn_free(s->node);
    fn_free(s->label);
    fn_free(s->part);
    fn_free(s->sorted);
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

/* --- One pass --- */

/* From `graph` to the graph of its parts, which becomes the present level. */
static fn_status next_level(fn_run *run, search_state *s, const fn_leiden_graph *graph, uint32_t parts)
{
    fn_status status = fn_leiden_aggregate(run, graph, s->part, parts, s->work, &s->coarse);
    if (status) return status;
    if (graph == s->firms) memcpy(s->node, s->part, graph->nodes * sizeof *s->node);
    else follow(s, s->part, s->node, s->node);
    fn_leiden_graph_free(&s->level);
    s->level = s->coarse;
    s->coarse = (fn_leiden_graph) { 0 };
    return FN_OK;
}

/* The arrays of firms that higher levels have no use for. */
static void rest(search_state *s, uint32_t parts)
{
    fn_leiden_work_rest(s->work, parts);
    fn_memory_rest(s->label + parts, s->label + s->firms->nodes);
    fn_memory_rest(s->part + parts, s->part + s->firms->nodes);
}

/* Divide clusters into parts; a hasty search takes them as they are. */
static fn_status divide(fn_run *run, search_state *s, const fn_leiden_graph *graph, uint32_t clusters, uint32_t *parts)
{
    if (!s->is_hasty)
        return fn_leiden_refine(run, graph, s->work, s->seed, s->stream++, s->label, clusters, s->part, parts);
    fn_leiden_list(graph->nodes, s->label, clusters, s->work->first, s->work->sorted);
    memcpy(s->part, s->label, graph->nodes * sizeof *s->part);
    *parts = clusters;
    return FN_OK;
}

/* Keep the order in which the first pass has put firms. */
static fn_status keep_order(fn_run *run, search_state *s)
{
    if (s->sorted) return FN_OK;
    if (!(s->sorted = fn_alloc_scattered(run, s->firms->nodes, sizeof *s->sorted))) return FN_ENOMEM;
    memcpy(s->sorted, s->work->sorted, s->firms->nodes * sizeof *s->sorted);
    return FN_OK;
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
    if ((status = divide(run, s, graph, clusters, &parts))) return status;
    *ended = parts == graph->nodes;
    if (*ended) return FN_OK;
    fn_leiden_label_parts(s->work, parts, s->label);
    if ((status = next_level(run, s, graph, parts))) return status;
    if (alone && (status = keep_order(run, s))) return status;
    if (graph == s->firms) rest(s, parts);
    return FN_OK;
}

/* All levels from the present one (firms: is_first) up, from the clusters in s->label. result: each cluster named by
 * its first firm. */
static fn_status search_up(fn_run *run, search_state *s, bool is_first, bool alone, uint32_t *result)
{
    const fn_leiden_graph *graph = is_first ? s->firms : &s->level;
    for (bool ended = false; !ended;) {
        fn_status status = search_level(run, s, graph, alone && graph == s->firms, &ended);
        if (status) return status;
        if (!ended) graph = &s->level;
    }
    if (graph == s->firms) memcpy(result, s->label, graph->nodes * sizeof *result);
    else follow(s, s->label, s->node, result);
    fn_leiden_graph_free(&s->level);
    fn_leiden_name(s->work, s->firms->nodes, result);
    return FN_OK;
}

static void start_alone(uint32_t nodes, uint32_t *label)
{
    for (uint32_t node = 0; node < nodes; node++) label[node] = node;
}

static fn_status first_pass(fn_run *run, search_state *s, uint32_t *cluster)
{
    start_alone(s->firms->nodes, s->label);
    return search_up(run, s, true, true, cluster);
}

/* --- Core groups --- */

/* Groups 0 … groups-1 and clusters become groups that are in one of both; returns how many. */
static uint32_t divide_groups(const search_state *s, const uint32_t *cluster, uint32_t groups, uint32_t *group)
{
    const uint32_t firms = s->firms->nodes, *start = s->work->start, *list = s->work->list;
    uint32_t *number = s->work->number, made = 0;
    fn_leiden_list(firms, group, groups, s->work->start, s->work->list);
    memset(number, 0xff, firms * sizeof *number);
    for (uint32_t g = 0; g < groups; g++) {
        const uint32_t first = made;
        for (uint32_t i = start[g]; i < start[g + 1]; i++) {
            const uint32_t its = cluster[list[i]];
            if (number[its] == FN_NONE || number[its] < first) number[its] = made++;
            group[list[i]] = number[its];
        }
    }
    return made;
}

static fn_status search_cores(fn_run *run, search_state *s, uint32_t *cluster)
{
    const uint32_t firms = s->firms->nodes;
    uint32_t groups = 1, *group = fn_alloc(run, firms, sizeof *group);
    if (!group) return FN_ENOMEM;
    fn_status status = FN_OK;
    for (uint64_t k = 0; !status && k < CORE_SEARCHES; k++) {
        s->stream = (CORE_STREAMS + k) * STREAMS_A_PASS;
        status = first_pass(run, s, cluster);
        if (!status) groups = divide_groups(s, cluster, groups, group);
    }
    memcpy(s->part, group, firms * sizeof *group);
    fn_free(group);
    if (status || groups == firms) return status;
    fn_leiden_list(firms, s->part, groups, s->work->first, s->work->sorted);
    if ((status = next_level(run, s, s->firms, groups))) return status;
    start_alone(groups, s->label);
    s->stream = 1;
    return search_up(run, s, false, false, cluster);
}

/* --- The search --- */

/* Put the firms of a large graph in the order of the clusters and parts that the first pass has found. */
static fn_status order_firms(fn_run *run, search_state *s, uint32_t *cluster)
{
    const uint32_t firms = s->firms->nodes;
    uint32_t *start = s->work->start, *order = s->work->list;
    memcpy(s->label, cluster, firms * sizeof *cluster);
    uint32_t clusters = fn_leiden_compact(s->work, firms, s->label);
    fn_leiden_list(firms, s->label, clusters, start, order);
    for (uint32_t i = 0; i < firms; i++) order[start[s->label[s->sorted[i]]]++] = s->sorted[i];
    fn_free(s->sorted);
    s->sorted = NULL;
    fn_status status = fn_leiden_order(run, s->firms, s->work, order);
    if (status) return status;
    follow(s, s->label, order, cluster);
    fn_leiden_name(s->work, firms, cluster);
    return FN_OK;
}

static bool is_large(const fn_leiden_graph *graph)
{
    return fn_leiden_arcs(graph) > ARCS_LARGE;
}

/* What a user who asked for nothing else gets. */
static int passes_usual(const fn_leiden_graph *graph)
{
    const size_t arcs = fn_leiden_arcs(graph), passes = arcs ? ARCS_MOST / arcs : PASSES_MOST;
    if (is_large(graph)) return PASSES_LARGE;
    return passes < PASSES_LEAST ? PASSES_LEAST : passes < PASSES_MOST ? (int) passes : PASSES_MOST;
}

/* The first pass, by what the user asked for and how large the network is. */
static fn_status search_first(fn_run *run, search_state *s, const fn_leiden_options *options, uint32_t *cluster)
{
    const bool is_soon = is_large(s->firms) && options->iterations != 0;
    s->stream = 1;
    s->is_hasty = options->fast;
    s->enough = options->fast ? ENOUGH_HASTY : is_soon ? ENOUGH_LARGE : 0;
    if (options->start) {
        fn_leiden_start(s->firms, s->work, options->start, s->label);
        return search_up(run, s, true, false, cluster);
    }
    if (options->fast || options->iterations > 0 || is_soon) return first_pass(run, s, cluster);
    s->enough = ENOUGH_CORES;
    return search_cores(run, s, cluster);
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
    fn_status status = state_arrays(run, graph->nodes, &s);
    if (status) goto done;
    if (!is_stable && (status = search_first(run, &s, options, cluster))) goto done;
    if (passes > 1 && s.sorted && graph->light && (status = order_firms(run, &s, cluster))) goto done;
    for (int pass = 1; pass < passes && !is_stable; pass++) {
        if ((status = fn_progress(run, "finding clusters", work->done))) goto done;
        s.stream = (uint64_t) pass * STREAMS_A_PASS + 1;
        memcpy(s.label, cluster, bytes);
        if ((status = search_up(run, &s, true, false, s.part))) goto done;
        is_stable = memcmp(s.part, cluster, bytes) == 0 && !fn_leiden_split(graph, work, s.part);
        memcpy(cluster, s.part, bytes);
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
