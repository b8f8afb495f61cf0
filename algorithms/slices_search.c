/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/slices_inside.h"
#include "algorithms/trust.h"
#include "graph/memory.h"

/* Passes of the Leiden algorithm over the nodes of all slices: as leiden_search.c, with the sums of slices_inside.h. */

enum { PASSES_MOST = 100, PASSES_LEAST = 2, STREAMS_A_PASS = 256 };

/* Arcs to read before a large network stops. */
static const size_t ARCS_MOST = 30000000;

typedef struct search_state {
    const fn_slices *slices;
    const fn_leiden_options *options;
    double coupling;
    fn_slice_terms terms;
    fn_slice_graph nodes, level, coarse;
    fn_leiden_work work;
    fn_slice_sums sums;
    uint64_t seed, stream;
    uint32_t *cluster;           /* of each node, named by its first node */
    uint32_t *node;              /* of each node at the present level */
    uint32_t *label, *part;
    uint32_t *before;            /* partition at the start of the pass */
} search_state;

/* One level; *ended: every cluster, or every part, is one node. */
static fn_status search_level(fn_run *run, search_state *s, const fn_slice_graph *graph, bool *ended)
{
    const uint32_t nodes = graph->arcs.nodes;
    uint32_t parts;
    fn_status status = fn_slice_move(run, graph, &s->work, &s->sums, s->seed, s->stream++, s->label);
    if (status) return status;
    uint32_t clusters = fn_leiden_compact(&s->work, nodes, s->label);
    *ended = clusters == nodes;
    if (*ended) return FN_OK;
    status = fn_slice_refine(run, graph, &s->work, &s->sums, s->seed, s->stream++, s->label, clusters, s->part, &parts);
    if (status) return status;
    *ended = parts == nodes;
    if (*ended) return FN_OK;
    fn_leiden_label_parts(&s->work, parts, s->label);
    if ((status = fn_slice_graph_aggregate(run, graph, s->part, parts, &s->work, &s->coarse))) return status;
    for (uint32_t n = 0; n < s->slices->nodes; n++) s->node[n] = s->part[graph == &s->nodes ? n : s->node[n]];
    fn_slice_graph_free(&s->level);
    s->level = s->coarse;
    s->coarse = (fn_slice_graph) { 0 };
    return FN_OK;
}

/* One pass from s->cluster. */
static fn_status search_pass(fn_run *run, search_state *s)
{
    const uint32_t nodes = s->slices->nodes;
    const fn_slice_graph *graph = &s->nodes;
    bool ended;
    memcpy(s->label, s->cluster, nodes * sizeof *s->label);
    for (;;) {
        fn_status status = search_level(run, s, graph, &ended);
        if (status) return status;
        if (ended) break;
        graph = &s->level;
    }
    for (uint32_t n = 0; n < nodes; n++) s->cluster[n] = s->label[graph == &s->nodes ? n : s->node[n]];
    fn_slice_graph_free(&s->level);
    fn_leiden_name(&s->work, nodes, s->cluster);
    return FN_OK;
}

static int passes_most(const search_state *s)
{
    const size_t arcs = fn_leiden_arcs(&s->nodes.arcs), passes = arcs ? (ARCS_MOST + arcs - 1) / arcs : PASSES_MOST;
    if (s->options->iterations > 0) return s->options->iterations;
    if (s->options->iterations == 0) return FN_LEIDEN_ITERATIONS_MOST;
    if (s->options->fast) return 1;
    return passes < PASSES_LEAST ? PASSES_LEAST : passes < PASSES_MOST ? (int) passes : PASSES_MOST;
}

/* The whole search for one seed. */
static fn_status search_seed(fn_run *run, search_state *s)
{
    const uint32_t nodes = s->slices->nodes;
    const int passes = passes_most(s);
    fn_status status = FN_OK;
    bool is_stable = false;
    for (uint32_t n = 0; n < nodes; n++) s->cluster[n] = n;
    for (int pass = 0; pass < passes && !is_stable; pass++) {
        if ((status = fn_progress(run, "finding clusters", s->work.done))) return status;
        memcpy(s->before, s->cluster, nodes * sizeof *s->before);
        s->stream = (uint64_t) pass * STREAMS_A_PASS + 1;
        if ((status = search_pass(run, s))) return status;
        is_stable = pass > 0 && memcmp(s->before, s->cluster, nodes * sizeof *s->before) == 0 &&
                    !fn_leiden_split(&s->nodes.arcs, &s->work, s->cluster);
    }
    if (is_stable) return FN_OK;
    status = fn_slice_move(run, &s->nodes, &s->work, &s->sums, s->seed, s->stream, s->cluster);
    if (!status) fn_leiden_split(&s->nodes.arcs, &s->work, s->cluster);
    return status;
}

static fn_status state_new(fn_run *run, search_state *s)
{
    const uint32_t nodes = s->slices->nodes;
    fn_status status = fn_leiden_work_tallies(run, nodes, &s->work);
    if (!status)
        status = fn_slice_graph_build(run, s->slices, s->options, s->coupling, &s->work, &s->terms, &s->nodes);
    if (!status) status = fn_leiden_work_arrays(run, nodes, 0, &s->work);
    if (status) return status;
    s->sums.terms = s->terms.count;
    uint32_t **lists[] = { &s->cluster, &s->node, &s->label, &s->part, &s->before };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!(*lists[i] = fn_alloc_scattered(run, nodes, sizeof **lists[i]))) return FN_ENOMEM;
    return FN_OK;
}

static void state_free(search_state *s)
{
    fn_slice_graph_free(&s->coarse);
    fn_slice_graph_free(&s->level);
    fn_slice_graph_free(&s->nodes);
    fn_slice_terms_free(&s->terms);
    fn_slice_sums_free(&s->sums);
    fn_leiden_work_free(&s->work);
    uint32_t *lists[] = { s->cluster, s->node, s->label, s->part, s->before };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) fn_free(lists[i]);
}

/* One seed after the other; the first of the best qualities stays in partition. */
static fn_status search_seeds(fn_run *run, search_state *s, uint16_t *together, fn_runs *kept,
                              fn_slices_partition *partition)
{
    const fn_leiden_options *options = s->options;
    for (int r = 0; r < options->runs; r++) {
        fn_slices_worth worth;
        s->work.done = options->runs > 1 ? (double) r / options->runs : -1;
        s->seed = run->seed + (uint64_t) r;
        fn_status status = search_seed(run, s);
        if (!status) status = fn_slices_quality(run, s->slices, s->cluster, options, s->coupling, &worth);
        if (!status && kept) status = fn_runs_keep(run, kept, s->slices->nodes, s->cluster);
        if (status) return status;
        if (together) fn_leiden_count_together(&s->nodes.arcs, s->cluster, together);
        if (r > 0 && !(worth.quality > partition->worth.quality)) continue;
        partition->worth = worth;
        memcpy(partition->cluster, s->cluster, s->slices->nodes * sizeof *s->cluster);
    }
    return FN_OK;
}

/* Clusters of firms over periods: one partition of all firms-and-periods of high quality (see slices_quality.c for what
 * that is). A cluster that goes on over periods is one cluster, and keeps its number. Options as of fn_leiden: quality,
 * resolution, direction, layer weights, runs, iterations, fast, node weights. coupling: W, not below 0. High: firms
 * stay where they are; from about the number of partners of a firm on, all of its periods are in one cluster. 0: each
 * period by itself.
 * Every cluster is connected by ties and couplings. Stability of a node: as of fn_leiden, a coupling being a tie.
 * The same at any number of threads: one is at work. About O(ties + nodes) time a pass; some 250 bytes a node and 30 a
 * tie, whatever the number of periods. */
fn_status fn_slices_clusters(fn_run *run, const fn_slices *slices, const fn_leiden_options *options, double coupling,
                             fn_slices_partition **partition)
{
    search_state s = { .slices = slices, .options = options, .coupling = coupling };
    const uint32_t nodes = slices->nodes;
    fn_slices_partition *made = NULL;
    uint16_t *together = NULL;
    fn_runs kept = { 0 };
    fn_status status = fn_leiden_options_check(run, options);
    if (!status && !(coupling >= 0 && isfinite(coupling)))
        status = fn_fail(run, FN_EINVAL, "a coupling of %g is not a finite number of 0 or above", coupling);
    if (!status) status = state_new(run, &s);
    if (status) goto done;
    status = FN_ENOMEM;
    if (!(made = fn_alloc(run, 1, sizeof *made))) goto done;
    made->nodes = nodes;
    if (!(made->cluster = fn_alloc_bare(run, nodes, sizeof *made->cluster))) goto done;
    if (options->runs > 1) {
        if (!(made->stability = fn_alloc(run, nodes, sizeof *made->stability))) goto done;
        if (!(together = fn_alloc(run, fn_leiden_arcs(&s.nodes.arcs), sizeof *together))) goto done;
    }
    if ((status = search_seeds(run, &s, together, options->runs > 1 ? &kept : NULL, made))) goto done;
    if (together) fn_leiden_stability(&s.nodes.arcs, made->cluster, together, options->runs, made->stability);
    if ((status = fn_runs_compare(run, &kept, &made->agreement))) goto done;
    if ((status = fn_partition_relabel(run, nodes, made->cluster, &made->clusters))) goto done;
    *partition = made;
    made = NULL;
done:
    fn_runs_free(&kept);
    fn_free(together);
    fn_slices_partition_free(made);
    state_free(&s);
    return status;
}

void fn_slices_partition_free(fn_slices_partition *partition)
{
    if (!partition) return;
    fn_free(partition->cluster);
    fn_free(partition->stability);
    fn_free(partition);
}
