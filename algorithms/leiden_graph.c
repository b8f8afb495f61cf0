/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/layer_weights.h"
#include "algorithms/leiden_graph.h"
#include "graph/memory.h"

static const double QUALITY_ONE = 0x1p60;

/* Where the volumes of a layer stand. */
typedef struct layer_place {
    int out, in;       /* the same for an undirected layer */
    double tie_factor; /* weight in the graph of one unit of the layer */
} layer_place;

/* --- The firms' graph --- */

static int64_t graph_weight(const layer_place *place, int64_t units)
{
    int64_t weight = llrint((double) units * place->tie_factor);
    return weight > 0 ? weight : 1;
}

static void layer_totals(const fn_view *view, const fn_layer_units *units, double total[FN_LAYERS_MOST])
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    int64_t sum[FN_LAYERS_MOST] = { 0 };
    for (size_t i = 0; i < view->ties; i++)
        sum[fn_ties_at(ties, fn_view_tie(view, i)).layer] += fn_layer_units_weight(view, units, i);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) total[layer] = (double) sum[layer];
}

static int term_add(fn_leiden_terms *terms, int partner_offset, double factor)
{
    terms->partner[terms->count] = terms->count + partner_offset;
    terms->factor[terms->count] = factor;
    return terms->count++;
}

static void modularity_terms(const fn_leiden_options *options, const double *shares, const double *total,
                             fn_leiden_terms *terms, layer_place *place)
{
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        if (!(shares[layer] > 0)) continue;
        double factor = QUALITY_ONE * shares[layer] * options->resolution / total[layer] / total[layer];
        if (options->directed && fn_net_layer_directed((uint16_t) layer)) {
            place[layer].out = term_add(terms, 1, factor);
            place[layer].in = term_add(terms, -1, factor);
        } else {
            place[layer].out = place[layer].in = term_add(terms, 0, factor / 2);
        }
    }
}

static fn_status cpm_terms(fn_run *run, const fn_view *view, const fn_leiden_options *options, const double *shares,
                           fn_leiden_terms *terms)
{
    size_t pairs[FN_LAYERS_MOST];
    fn_status status = fn_layer_pairs(run, view, options->directed, pairs);
    if (status) return status;
    double factor = 0;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        if (!(shares[layer] > 0)) continue;
        bool ordered = options->directed && fn_net_layer_directed((uint16_t) layer);
        factor += QUALITY_ONE * shares[layer] * options->resolution * (ordered ? 2 : 1) / (double) pairs[layer];
    }
    term_add(terms, 0, factor);
    return FN_OK;
}

static void scatter_ties(const fn_view *view, const fn_layer_units *units, const double *shares,
                         const layer_place *place, bool has_strengths, fn_leiden_graph *graph, size_t *next)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    const int terms = graph->terms->count;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        int64_t weight = fn_layer_units_weight(view, units, i);
        if (weight == 0 || !(shares[tie.layer] > 0)) continue;
        const layer_place *at = &place[tie.layer];
        if (has_strengths) {
            graph->volume[(size_t) tie.from * (size_t) terms + (size_t) at->out] += weight;
            graph->volume[(size_t) tie.to * (size_t) terms + (size_t) at->in] += weight;
        }
        int64_t joint = graph_weight(at, weight);
        graph->target[next[tie.from]] = tie.to;
        graph->weight[next[tie.from]++] = joint;
        graph->target[next[tie.to]] = tie.from;
        graph->weight[next[tie.to]++] = joint;
    }
}

/* Add up equal targets within each row, in place. sum: one zero a node, left zero. */
static void merge_rows(fn_leiden_graph *graph, int64_t *sum, uint32_t *seen)
{
    size_t write = 0, begin = 0;
    for (uint32_t node = 0; node < graph->nodes; node++) {
        size_t end = graph->offset[node + 1];
        uint32_t count = 0;
        for (size_t arc = begin; arc < end; arc++) {
            uint32_t target = graph->target[arc];
            if (sum[target] == 0) seen[count++] = target;
            sum[target] += graph->weight[arc];
        }
        begin = end;
        for (uint32_t i = 0; i < count; i++) {
            graph->target[write] = seen[i];
            graph->weight[write++] = sum[seen[i]];
            sum[seen[i]] = 0;
        }
        graph->offset[node + 1] = write;
    }
}

static fn_status allocate(fn_run *run, fn_leiden_graph *graph, uint32_t nodes, size_t arcs,
                          const fn_leiden_terms *terms)
{
    graph->nodes = nodes;
    graph->terms = terms;
    if (!graph->offset && !(graph->offset = fn_alloc(run, (size_t) nodes + 1, sizeof *graph->offset)))
        return FN_ENOMEM;
    if (!(graph->target = fn_alloc(run, arcs, sizeof *graph->target))) return FN_ENOMEM;
    if (!(graph->weight = fn_alloc(run, arcs, sizeof *graph->weight))) return FN_ENOMEM;
    graph->volume = fn_alloc(run, (size_t) nodes * (size_t) terms->count, sizeof *graph->volume);
    return graph->volume ? FN_OK : FN_ENOMEM;
}

static void count_rows(const fn_view *view, const double *shares, size_t *offset)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from == tie.to || !(view->weight[i] > 0) || !(shares[tie.layer] > 0)) continue;
        offset[tie.from + 1]++;
        offset[tie.to + 1]++;
    }
    for (uint32_t firm = 0; firm < view->firms; firm++) offset[firm + 1] += offset[firm];
}

fn_status fn_leiden_graph_build(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                const double shares[FN_LAYERS_MOST], fn_leiden_terms *terms, fn_leiden_graph *graph)
{
    fn_layer_units units[FN_LAYERS_MOST];
    layer_place place[FN_LAYERS_MOST] = { { 0 } };
    double total[FN_LAYERS_MOST];
    size_t *next = NULL;
    int64_t *sum = NULL;
    uint32_t *seen = NULL;
    bool has_strengths = options->quality == FN_QUALITY_MODULARITY;
    fn_status status = FN_OK;

    /* What a tie weighs and what is expected. */
    fn_layer_units_find(view, units);
    layer_totals(view, units, total);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (shares[layer] > 0) place[layer].tie_factor = QUALITY_ONE * shares[layer] / total[layer];
    *terms = (fn_leiden_terms) { 0 };
    if (has_strengths) modularity_terms(options, shares, total, terms, place);
    else if ((status = cpm_terms(run, view, options, shares, terms))) goto done;

    /* Rows, then equal pairs added up. */
    status = FN_ENOMEM;
    if (!(graph->offset = fn_alloc(run, (size_t) view->firms + 1, sizeof *graph->offset))) goto done;
    count_rows(view, shares, graph->offset);
    if (allocate(run, graph, view->firms, graph->offset[view->firms], terms)) goto done;
    if (!(next = fn_alloc(run, (size_t) view->firms + 1, sizeof *next))) goto done;
    memcpy(next, graph->offset, ((size_t) view->firms + 1) * sizeof *next);
    if (!has_strengths)
        for (uint32_t firm = 0; firm < view->firms; firm++) graph->volume[firm] = 1;
    scatter_ties(view, units, shares, place, has_strengths, graph, next);
    if (!(sum = fn_alloc(run, view->firms, sizeof *sum))) goto done;
    if (!(seen = fn_alloc(run, view->firms, sizeof *seen))) goto done;
    merge_rows(graph, sum, seen);
    status = FN_OK;
done:
    fn_free(seen);
    fn_free(sum);
    fn_free(next);
    return status;
}

void fn_leiden_graph_free(fn_leiden_graph *graph)
{
    fn_free(graph->offset);
    fn_free(graph->target);
    fn_free(graph->weight);
    fn_free(graph->volume);
    *graph = (fn_leiden_graph) { 0 };
}

/* --- Aggregation --- */

/* Nodes sorted by part into work->order; start[p] … start[p + 1] are the nodes of part p. */
static void sort_by_part(const fn_leiden_graph *fine, const uint32_t *part, uint32_t parts, uint32_t *start,
                         uint32_t *sorted)
{
    memset(start, 0, ((size_t) parts + 1) * sizeof *start);
    for (uint32_t node = 0; node < fine->nodes; node++) start[part[node]]++;
    uint32_t place = 0;
    for (uint32_t p = 0; p <= parts; p++) {
        uint32_t count = p < parts ? start[p] : 0;
        start[p] = place;
        place += count;
    }
    for (uint32_t node = 0; node < fine->nodes; node++) sorted[start[part[node]]++] = node;
    for (uint32_t p = parts; p > 0; p--) start[p] = start[p - 1];
    start[0] = 0;
}

static size_t arcs_between(const fn_leiden_graph *fine, const uint32_t *part)
{
    size_t arcs = 0;
    for (uint32_t node = 0; node < fine->nodes; node++)
        for (size_t arc = fine->offset[node]; arc < fine->offset[node + 1]; arc++)
            arcs += part[fine->target[arc]] != part[node];
    return arcs;
}

fn_status fn_leiden_graph_aggregate(fn_run *run, const fn_leiden_graph *fine, const uint32_t *part, uint32_t parts,
                                    fn_leiden_work *work, fn_leiden_graph *coarse)
{
    const int terms = fine->terms->count;
    fn_status status = allocate(run, coarse, parts, arcs_between(fine, part), fine->terms);
    if (status) return status;
    uint32_t *start = work->spare, *sorted = work->order;
    sort_by_part(fine, part, parts, start, sorted);
    size_t write = 0;
    for (uint32_t p = 0; p < parts; p++) {
        uint32_t count = 0;
        for (uint32_t i = start[p]; i < start[p + 1]; i++) {
            uint32_t node = sorted[i];
            for (int k = 0; k < terms; k++)
                coarse->volume[(size_t) p * (size_t) terms + (size_t) k] +=
                    fine->volume[(size_t) node * (size_t) terms + (size_t) k];
            for (size_t arc = fine->offset[node]; arc < fine->offset[node + 1]; arc++) {
                uint32_t other = part[fine->target[arc]];
                if (other == p) continue;
                if (work->gathered[other] == 0) work->touched[count++] = other;
                work->gathered[other] += fine->weight[arc];
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            coarse->target[write] = work->touched[i];
            coarse->weight[write++] = work->gathered[work->touched[i]];
            work->gathered[work->touched[i]] = 0;
        }
        coarse->offset[p + 1] = write;
    }
    return FN_OK;
}
