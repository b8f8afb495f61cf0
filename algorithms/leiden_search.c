/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"
#include "graph/names.h"

enum { PASSES_MOST = 100, PASSES_LEAST = 2, STREAMS_A_PASS = 256 };

/* Arcs of the firms' graph to read before a large network stops. */
static const size_t ARCS_MOST = 100000000;

/* Arrays of one pass, a place a firm. */
typedef struct pass_arrays {
    uint32_t *node;     /* of each firm at the present level */
    uint32_t *label;    /* cluster of each node */
    uint32_t *part;
    uint32_t *before;   /* partition at the start of the pass */
} pass_arrays;

static void pass_arrays_free(pass_arrays *arrays)
{
    fn_free(arrays->node);
    fn_free(arrays->label);
    fn_free(arrays->part);
    fn_free(arrays->before);
}

static fn_status pass_arrays_new(fn_run *run, uint32_t firms, pass_arrays *arrays)
{
    if (!(arrays->node = fn_alloc(run, firms, sizeof *arrays->node))) return FN_ENOMEM;
    if (!(arrays->label = fn_alloc(run, firms, sizeof *arrays->label))) return FN_ENOMEM;
    if (!(arrays->part = fn_alloc(run, firms, sizeof *arrays->part))) return FN_ENOMEM;
    if (!(arrays->before = fn_alloc(run, firms, sizeof *arrays->before))) return FN_ENOMEM;
    return FN_OK;
}

/* Each cluster gets the number of its first firm, so equal partitions are equal arrays. */
static void name_by_first(fn_leiden_work *work, uint32_t firms, uint32_t *cluster)
{
    uint32_t *first = work->number;
    memset(first, 0xff, firms * sizeof *first);
    for (uint32_t firm = 0; firm < firms; firm++) {
        if (first[cluster[firm]] == FN_NONE) first[cluster[firm]] = firm;
        cluster[firm] = first[cluster[firm]];
    }
}

static void follow(const fn_leiden_work *work, uint32_t firms, const uint32_t *to, const uint32_t *from,
                   uint32_t *result)
{
    const int threads = fn_leiden_threads(work, firms);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t firm = 0; firm < firms; firm++) result[firm] = to[from[firm]];
}

/* A cluster of parts is named by its first part; the parts of a cluster stand side by side. */
static void label_parts(const fn_leiden_work *work, const uint32_t *cluster, uint32_t parts, uint32_t *label)
{
    uint32_t first = 0;
    for (uint32_t p = 0; p < parts; p++) {
        if (cluster[work->sorted[work->first[p]]] != cluster[work->sorted[work->first[first]]]) first = p;
        work->number[p] = first;
    }
    memcpy(label, work->number, parts * sizeof *label);
}

/* One pass over all levels: move, refine, aggregate by refined part, start the next level from the clusters. Ends at
 * the level where every cluster is one node. Moves at the last level may have left a cluster in pieces: apart they are
 * worth more, and as every node there is connected, so is every cluster. */
static fn_status search_pass(fn_run *run, const fn_leiden_graph *firms, fn_leiden_work *work, uint64_t seed,
                             uint64_t stream, bool alone, pass_arrays *arrays, uint32_t *cluster)
{
    fn_leiden_graph level = { 0 }, coarse = { 0 };
    const fn_leiden_graph *graph = firms;
    uint32_t *node = NULL; /* NULL: firms are nodes */
    uint32_t parts;
    fn_status status;
    memcpy(arrays->label, cluster, firms->nodes * sizeof *cluster);
    for (;;) {
        if ((status = fn_leiden_move(run, graph, work, seed, stream++, alone, arrays->label))) goto done;
        uint32_t clusters = fn_leiden_compact(work, graph->nodes, arrays->label);
        alone = false;
        if (clusters == graph->nodes) break;
        status = fn_leiden_refine(run, graph, work, seed, stream++, arrays->label, clusters, arrays->part, &parts);
        if (status) goto done;
        if (parts == graph->nodes) break;
        label_parts(work, arrays->label, parts, arrays->label);
        if ((status = fn_leiden_aggregate(run, graph, arrays->part, parts, work, &coarse))) goto done;
        if (node) follow(work, firms->nodes, arrays->part, node, node);
        else memcpy(arrays->node, arrays->part, firms->nodes * sizeof *arrays->node);
        node = arrays->node;
        fn_leiden_graph_free(&level);
        level = coarse;
        coarse = (fn_leiden_graph) { 0 };
        graph = &level;
    }
    fn_leiden_split(graph, work, arrays->label);
    if (node) follow(work, firms->nodes, arrays->label, node, cluster);
    else memcpy(cluster, arrays->label, firms->nodes * sizeof *cluster);
    name_by_first(work, firms->nodes, cluster);
    status = FN_OK;
done:
    fn_leiden_graph_free(&coarse);
    fn_leiden_graph_free(&level);
    return status;
}

static int passes_allowed(const fn_leiden_graph *graph)
{
    size_t arcs = fn_leiden_arcs(graph), passes = arcs ? (ARCS_MOST + arcs - 1) / arcs : PASSES_MOST;
    return passes < PASSES_LEAST ? PASSES_LEAST : passes < PASSES_MOST ? (int) passes : PASSES_MOST;
}

fn_status fn_leiden_search(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint32_t *cluster)
{
    const size_t bytes = graph->nodes * sizeof *cluster;
    pass_arrays arrays = { 0 };
    fn_status status = pass_arrays_new(run, graph->nodes, &arrays);
    if (status || graph->nodes == 0) goto done;
    for (uint32_t firm = 0; firm < graph->nodes; firm++) cluster[firm] = firm;
    int pass = 0, passes = passes_allowed(graph);
    for (; pass < passes; pass++) {
        if ((status = fn_progress(run, "finding clusters", work->done))) goto done;
        memcpy(arrays.before, cluster, bytes);
        status = search_pass(run, graph, work, seed, (uint64_t) pass * STREAMS_A_PASS, pass == 0, &arrays, cluster);
        if (status) goto done;
        if (memcmp(arrays.before, cluster, bytes) == 0) break;
    }
    if (pass == PASSES_MOST)
        fn_warn(run, "clusters still changed a little after %d passes of the search; the last are given", passes);
    else if (pass == passes)
        fn_note(run, "large network: clusters are those after %d passes of the search, more would change little",
                passes);
done:
    pass_arrays_free(&arrays);
    return status;
}
