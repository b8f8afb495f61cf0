/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/layer_weights.h"
#include "algorithms/leiden_inside.h"
#include "algorithms/trust.h"
#include "graph/memory.h"

enum { RUNS_MOST = 1000 };

static const double RESOLUTION_MOST = 1e6;

void fn_leiden_defaults(fn_leiden_options *options)
{
    *options = (fn_leiden_options) { .quality = FN_QUALITY_MODULARITY, .resolution = 1, .runs = 1, .iterations = -1 };
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) options->layer_weight[layer] = 1;
}

fn_status fn_leiden_options_check(fn_run *run, const fn_leiden_options *options)
{
    if (!(options->resolution >= 0 && options->resolution <= RESOLUTION_MOST))
        return fn_fail(run, FN_EINVAL, "resolution %g is not in 0 … %g", options->resolution, RESOLUTION_MOST);
    if (options->runs < 1 || options->runs > RUNS_MOST)
        return fn_fail(run, FN_EINVAL, "runs %d is not in 1 … %d", options->runs, RUNS_MOST);
    if (options->iterations < -1 || options->iterations > FN_LEIDEN_ITERATIONS_MOST)
        return fn_fail(run, FN_EINVAL, "iterations %d is not in 0 … %d", options->iterations,
                       FN_LEIDEN_ITERATIONS_MOST);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (!(options->layer_weight[layer] >= 0 && isfinite(options->layer_weight[layer])))
            return fn_fail(run, FN_EINVAL, "a layer weight must be a finite number not below 0");
    return FN_OK;
}

/* alpha of each layer over their sum; all 0 where there are no ties. */
static fn_status find_shares(fn_run *run, const fn_layer_units *units, const fn_leiden_options *options,
                             double *shares, bool *has_ties)
{
    double sum = 0;
    *has_ties = false;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        shares[layer] = units[layer].has_ties ? options->layer_weight[layer] : 0;
        sum += shares[layer];
        *has_ties |= units[layer].has_ties;
    }
    if (*has_ties && !(sum > 0 && isfinite(sum)))
        return fn_fail(run, FN_EINVAL, "the weights of the layers that have ties add up to %g", sum);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (sum > 0) shares[layer] /= sum;
    return FN_OK;
}

/* gamma of CPM in the units of each layer's weights. */
static fn_status note_cpm(fn_run *run, const fn_view *view, const fn_leiden_options *options, const double *shares)
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    size_t pairs[FN_LAYERS_MOST];
    double total[FN_LAYERS_MOST] = { 0 };
    fn_status status = fn_layer_pairs(run, view, options->directed, pairs);
    if (status) return status;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
        total[tie.layer] += tie.weight;
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (shares[layer] > 0) {
            double mean = total[layer] / (double) pairs[layer];
            fn_note(run, "CPM resolution %g means a weight of %g a pair in layer %s, where a joined pair weighs %g in "
                    "the mean", options->resolution, options->resolution * mean,
                    fn_names_text(fn_net_layers(view->net), (uint32_t) layer, NULL), mean);
        }
    return FN_OK;
}

/* --- The algorithm --- */

static fn_status partition_new(fn_run *run, uint32_t firms, int runs, fn_partition **partition)
{
    fn_partition *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    made->firms = firms;
    if (!(made->cluster = fn_alloc(run, firms, sizeof *made->cluster))) goto failed;
    if (runs >= 2 && !(made->stability = fn_alloc(run, firms, sizeof *made->stability))) goto failed;
    *partition = made;
    return FN_OK;
failed:
    fn_partition_free(made);
    return FN_ENOMEM;
}

/* Nothing more is to be found: what is left to do reads the ties again. */
static void release(fn_leiden_graph *graph, fn_leiden_work *work)
{
    fn_leiden_work_free(work);
    fn_leiden_graph_free(graph);
}

/* The partition given to begin with, its clusters in one piece each: no result is below it. */
static fn_status keep_start(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                            const fn_leiden_graph *graph, fn_leiden_work *work, fn_partition *partition)
{
    for (uint32_t firm = 0; firm < graph->nodes; firm++)
        if (options->start[firm] >= graph->nodes)
            return fn_fail(run, FN_EINVAL, "cluster number %u of firm %u to begin with is not below the number of "
                           "firms",
                           options->start[firm], firm);
    fn_leiden_start(graph, work, options->start, partition->cluster);
    fn_leiden_split(graph, work, partition->cluster);
    return fn_partition_quality(run, view, partition->cluster, options, &partition->quality, partition->layer_quality);
}

/* One seed after the other; the first of the best qualities stays in partition. */
static fn_status search_seeds(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                              fn_leiden_graph *graph, fn_leiden_work *work, uint32_t *cluster,
                              uint16_t *together, fn_runs *kept, fn_partition *partition)
{
    for (int r = 0; r < options->runs; r++) {
        double quality, layer_quality[FN_LAYERS_MOST];
        work->done = options->runs > 1 ? (double) r / options->runs : -1;
        fn_status status = fn_leiden_search(run, graph, options, work, run->seed + (uint64_t) r, cluster);
        if (!status && (options->runs > 1 || options->levels)) status = fn_leiden_order_by_firm(run, graph, work);
        else if (!status) release(graph, work);
        if (!status) status = fn_partition_quality(run, view, cluster, options, &quality, layer_quality);
        if (!status && together) status = fn_runs_keep(run, kept, graph->nodes, cluster);
        if (status) return status;
        if (together) fn_leiden_count_together(graph, cluster, together);
        if ((r > 0 || options->start) && !(quality > partition->quality)) continue;
        partition->quality = quality;
        memcpy(partition->layer_quality, layer_quality, sizeof layer_quality);
        memcpy(partition->cluster, cluster, partition->firms * sizeof *cluster);
    }
    return FN_OK;
}

/* Clusters of firms: a partition of high quality, found by the Leiden algorithm (Traag, Waltman and van Eck 2019, Sci.
 * Rep. 9:5233). Formulas of the qualities, of several layers and of what is left out: see quality.c.
 * Passes (move firms, refine, aggregate; up through all levels) are repeated until one changes nothing. Before
 * them, what four first passes agree on is kept together (core groups; Ovelgoenne and Geyer-Schulz 2012). Networks of
 * more than 50,000 pairs stop when the passes have read 10 million arcs (two a pair), not before the fourth; those of
 * more than 4 million pairs have no core groups and stop after two passes. All that stop so early move single firms
 * once more; iterations says otherwise. fast: one pass, whose first moves are hasty and whose clusters are not refined.
 * Every cluster is
 * connected when the direction of ties is ignored; firms without ties are alone. The quality is the best found, not
 * the best there is. Modularity does not see clusters that are small beside the network (resolution limit); CPM does,
 * but its resolution has to be chosen: a cluster's ties weigh more than gamma a pair, in units of the mean joined pair.
 * The search of networks of more than 130,000 pairs keeps the 11 leading bits of each weight: that a firm could gain by
 * moving alone is then ruled out down to 1/4096 of its strength, and stability is as exact. Qualities are always those
 * of the weights themselves.
 * Deterministic, at any number of threads: weights are whole numbers (layer_weights.h), moves of many firms at once
 * are chosen from one state (leiden_rounds.c), clusters are refined and rows are made by one thread each, and what
 * draws lots depends on (seed, pass, level, firm) alone; equal gains go to the lowest cluster number. Weights
 * multiplied by a power of two and firms without ties added behind the others change nothing. Firms in another order
 * are dealt other lots: the partition is then another one of about the same quality, as with another seed.
 * runs: seeds seed … seed + runs - 1, of equal qualities the first. Stability of a firm, over its ties:
 *     sum of weight * (share of the runs that agree with the clusters given)  /  sum of weight
 * where a run agrees on a tie when it, too, has both firms together, or both apart; the run whose clusters are given
 * is one of them. 1: every run says the same of all its ties; NaN: no ties.
 * start: the first pass moves firms from there instead of from single firms. The result is never of lower quality than
 * the partition given; where it is not of higher, that is given back (firms without ties alone, clusters that are in
 * pieces apart). A search from a good partition is short, but may miss what one from single firms finds.
 * node_weight: n of CPM (node_weights.c); modularity knows no such thing.
 * levels: the clusters given, refined; no part of the search, so they change nothing in it.
 * About O(ties) time a pass; some 29 bytes a tie (of 10 million ties of a million firms in a network file), and
 * for each further layer 16 bytes a firm (32 directed). */
fn_status fn_leiden(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_partition **partition)
{
    fn_leiden_graph graph = { 0 };
    fn_leiden_terms terms;
    fn_leiden_work work = { 0 };
    fn_partition *made = NULL;
    uint32_t *cluster = NULL;
    uint16_t *together = NULL;
    fn_runs kept = { 0 };
    fn_layer_units units[FN_LAYERS_MOST];
    double shares[FN_LAYERS_MOST];
    bool has_ties;
    fn_status status = fn_leiden_options_check(run, options);
    if (status) goto done;
    fn_layer_units_find(run, view, units);
    status = find_shares(run, units, options, shares, &has_ties);
    if (!status && has_ties && options->quality == FN_QUALITY_CPM) status = note_cpm(run, view, options, shares);
    if (!status) status = fn_leiden_work_tallies(run, view->firms, &work);
    if (!status) status = fn_leiden_build(run, view, options, units, shares, &work, &terms, &graph);
    if (!status) status = fn_leiden_work_arrays(run, graph.nodes, terms.count, &work);
    if (!status) status = partition_new(run, graph.nodes, options->runs, &made);
    if (status) goto done;
    status = FN_ENOMEM;
    if (!(cluster = fn_alloc_scattered(run, graph.nodes, sizeof *cluster))) goto done;
    if (made->stability && !(together = fn_alloc(run, graph.offset[graph.nodes], sizeof *together))) goto done;
    if (options->start && (status = keep_start(run, view, options, &graph, &work, made))) goto done;
    if ((status = search_seeds(run, view, options, &graph, &work, cluster, together, &kept, made))) goto done;
    if (made->stability && (status = fn_runs_compare(run, &kept, &made->agreement))) goto done;
    if (made->stability) fn_leiden_stability(&graph, made->cluster, together, options->runs, made->stability);
    if (options->levels && (status = fn_leiden_levels(run, &graph, &work, run->seed, made))) goto done;
    if ((status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters))) goto done;
    *partition = made;
    made = NULL;
done:
    fn_runs_free(&kept);
    fn_free(together);
    fn_free(cluster);
    fn_partition_free(made);
    fn_leiden_work_free(&work);
    fn_leiden_graph_free(&graph);
    return status;
}

/* --- The row of the table --- */

static const fn_param params[] = {
    { .name = "quality", .type = FN_PARAM_CHOICE, .argument = "NAME", .fallback = "modularity",
      .choices = "modularity|cpm",
      .text = "what makes a good partition: more ties inside than chance gives (modularity), or more than G of "
              "--resolution a pair (cpm, Potts)" },
    { .name = "resolution", .type = FN_PARAM_REAL, .argument = "G", .fallback = "1", .low = 0, .high = 1e6,
      .text = "higher gives more and smaller clusters; for cpm the weight a pair (mean 1) a cluster must exceed" },
    { .name = "directed", .type = FN_PARAM_FLAG,
      .text = "who delivers to whom counts (modularity after Leicht and Newman)" },
    { .name = "undirected", .type = FN_PARAM_FLAG, .text = "reciprocal ties are added up (the default)" },
    { .name = "runs", .type = FN_PARAM_INT, .argument = "R", .fallback = "1", .low = 1, .high = RUNS_MOST,
      .text = "tries this many seeds, keeps the best, and tells how stable each firm's place is" },
    { .name = "fast", .type = FN_PARAM_FLAG, .text = "one hasty pass: for a first look at a large network" },
    { .name = "iterations", .type = FN_PARAM_INT, .argument = "N", .low = 0, .high = FN_LEIDEN_ITERATIONS_MOST,
      .text = "passes at most, 0 = until one changes nothing (else as many as the size of the network allows)" },
    { .name = "layer-weight", .type = FN_PARAM_TEXT, .argument = "NAME=W,...",
      .text = "what each layer counts (1 unless given, 0 leaves it out)" },
    { 0 }
};

static fn_status read_layer_weight(fn_run *run, const fn_net *net, const char *text, size_t length,
                                   fn_leiden_options *options)
{
    char quoted[FN_QUOTE_TEXT];
    const char *equals = memchr(text, '=', length);
    double weight;
    fn_quote(text, length, quoted);
    if (!equals || !fn_real_parse(equals + 1, length - (size_t) (equals + 1 - text), &weight) ||
        !(weight >= 0 && isfinite(weight))) {
        fn_fail(run, FN_EINVAL, "--layer-weight: not NAME=WEIGHT with a weight not below 0 (%s)", quoted);
        fn_hint(run, "--layer-weight supply=1,cobid=0.5");
        return FN_EINVAL;
    }
    uint32_t layer = fn_names_find(fn_net_layers(net), text, (size_t) (equals - text));
    if (layer == FN_NONE || layer >= FN_LAYERS_MOST)
        return fn_fail(run, FN_EINVAL, "--layer-weight: no such layer in the network (%s)", quoted);
    options->layer_weight[layer] = weight;
    return FN_OK;
}

fn_status fn_leiden_options_from(fn_run *run, const fn_net *net, const fn_values *values, fn_leiden_options *options)
{
    fn_leiden_defaults(options);
    options->quality =
        strcmp(fn_values_text(values, "quality"), "cpm") == 0 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY;
    options->resolution = fn_values_real(values, "resolution");
    options->directed = fn_values_flag(values, "directed");
    if (options->directed && fn_values_flag(values, "undirected"))
        return fn_fail(run, FN_EINVAL, "--directed and --undirected exclude each other");
    options->runs = (int) fn_values_int(values, "runs");
    options->fast = fn_values_flag(values, "fast");
    if (fn_values_given(values, "iterations")) options->iterations = (int) fn_values_int(values, "iterations");
    if (options->fast && options->iterations >= 0)
        return fn_fail(run, FN_EINVAL, "--fast and --iterations exclude each other");
    const char *text = fn_values_text(values, "layer-weight");
    while (text && *text) {
        size_t length = strcspn(text, ",");
        fn_status status = read_layer_weight(run, net, text, length, options);
        if (status) return status;
        text += length + (text[length] == ',');
    }
    return FN_OK;
}

static fn_status run_leiden(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    return fn_search_row(run, view, values, fn_leiden, result);
}

extern const fn_algorithm fn_algorithm_leiden;
const fn_algorithm fn_algorithm_leiden = {
    .name = "leiden",
    .group = FN_GROUP_CLUSTERS,
    .text = "clusters of firms tied closely to each other, over all layers at once; every cluster is connected",
    .gives = "cluster,stability",
    .params = params,
    .source = "Traag, Waltman and van Eck 2019; directed: Leicht and Newman 2008; "
              "CPM: Traag, Van Dooren and Nesterov 2011",
    .run = run_leiden
};
