/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/slices_inside.h"
#include "graph/memory.h"

/* The graph that the search over periods works on: a row a node, ties within its slice and the couplings to the same
 * firm before and after. Weights are whole numbers, 2^60 is a quality of 1. */

static const double QUALITY_ONE = 0x1p60;

/* Where the volumes of a layer stand among the terms of a slice. */
typedef struct layer_place {
    uint32_t out, in;        /* the same for an undirected layer */
    double tie_factor;       /* weight in the graph of one unit of the layer */
} layer_place;

typedef struct build_state {
    const fn_slices *slices;
    const fn_leiden_options *options;
    const fn_ties *rows;
    double total;            /* fn_slices_total */
    fn_slice_graph *graph;
    fn_slice_terms *terms;
    uint32_t *node;          /* of each firm in the present slice */
    size_t *next;            /* where the next arc of a row goes */
    int64_t *strength;       /* of each node of the present slice and each of its terms */
    layer_place place[FN_LAYERS_MOST];
    fn_layer_units units[FN_LAYERS_MOST];
    uint32_t first_term, slice_terms;
    size_t load_room;
} build_state;

double fn_slices_total(const fn_slices *slices, double coupling)
{
    double total = coupling * (double) slices->couplings;
    for (uint32_t slice = 0; slice < slices->periods; slice++) total += (double) slices->pairs[slice];
    return total;
}

/* --- What is expected --- */

/* Room for the terms of all slices. */
static fn_status terms_alloc(fn_run *run, const build_state *s)
{
    size_t most = 0;
    for (uint32_t slice = 0; slice < s->slices->periods; slice++)
        for (uint64_t layers = s->slices->view[slice].layers; layers; layers &= layers - 1) most += 2;
    if (most > UINT32_MAX) return fn_fail(run, FN_EINVAL, "too many periods and layers");
    if (!(s->terms->partner = fn_alloc(run, most, sizeof *s->terms->partner))) return FN_ENOMEM;
    return (s->terms->factor = fn_alloc(run, most, sizeof *s->terms->factor)) ? FN_OK : FN_ENOMEM;
}

static uint32_t add_term(build_state *s, int partner_offset, double factor)
{
    fn_slice_terms *terms = s->terms;
    terms->partner[terms->count] = (uint32_t) ((int64_t) terms->count + partner_offset);
    terms->factor[terms->count] = factor;
    s->slice_terms++;
    return terms->count++ - s->first_term;
}

/* Units, factors and terms of one slice. */
static fn_status open_slice(fn_run *run, build_state *s, uint32_t slice)
{
    const fn_leiden_options *options = s->options;
    const fn_view *view = &s->slices->view[slice];
    const bool is_cpm = options->quality == FN_QUALITY_CPM;
    size_t pairs[FN_LAYERS_MOST] = { 0 };
    double alphas = 0, cpm = 0;
    fn_status status = is_cpm ? fn_layer_pairs(run, view, options->directed, pairs) : FN_OK;
    if (status) return status;
    fn_layer_units_find(run, view, s->units);
    s->first_term = s->terms->count;
    s->slice_terms = 0;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (s->units[layer].has_ties) alphas += options->layer_weight[layer];
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        if (!s->units[layer].has_ties) continue;
        const bool directed = options->directed && fn_net_layer_directed((uint16_t) layer);
        const double share =
            QUALITY_ONE * (double) s->slices->pairs[slice] / s->total * options->layer_weight[layer] / alphas;
        const double total = (double) s->units[layer].total, factor = share * options->resolution / total / total;
        layer_place *place = &s->place[layer];
        place->tie_factor = share / total;
        if (is_cpm) {
            cpm += share * options->resolution * (directed ? 2 : 1) / (double) pairs[layer];
        } else if (directed) {
            place->out = add_term(s, 1, factor);
            place->in = add_term(s, -1, factor);
        } else {
            place->out = place->in = add_term(s, 0, factor / 2);
        }
    }
    if (is_cpm && options->node_weight) cpm = cpm / FN_NODE_WEIGHT_ONE / FN_NODE_WEIGHT_ONE;
    if (is_cpm) add_term(s, 0, cpm);
    return FN_OK;
}

/* --- Rows --- */

static void count_arcs(const build_state *s)
{
    const fn_slices *slices = s->slices;
    size_t *offset = s->graph->arcs.offset;
    for (uint32_t slice = 0; slice < slices->periods; slice++) {
        const fn_view *view = &slices->view[slice];
        for (uint32_t node = slices->begin[slice]; node < slices->begin[slice + 1]; node++)
            s->node[slices->firm[node]] = node;
        for (size_t i = 0; i < view->ties; i++) {
            offset[s->node[s->rows->from[view->tie[i]]] + 1]++;
            offset[s->node[s->rows->to[view->tie[i]]] + 1]++;
        }
    }
    for (uint32_t node = 0; node < slices->nodes; node++) {
        if (slices->before[node] == FN_NONE) continue;
        offset[node + 1]++;
        offset[slices->before[node] + 1]++;
    }
    for (uint32_t node = 0; node < slices->nodes; node++) offset[node + 1] += offset[node];
}

static void fill_slice(build_state *s, uint32_t slice)
{
    const fn_slices *slices = s->slices;
    const fn_view *view = &slices->view[slice];
    const uint32_t base = slices->begin[slice];
    const bool is_cpm = s->options->quality == FN_QUALITY_CPM;
    fn_leiden_graph *arcs = &s->graph->arcs;
    for (uint32_t node = base; node < slices->begin[slice + 1]; node++) s->node[slices->firm[node]] = node;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(view, s->rows, i);
        const layer_place *place = &s->place[tie.layer];
        const uint32_t from = s->node[tie.from], to = s->node[tie.to];
        int64_t weight = fn_layer_units_whole(&s->units[tie.layer], tie.weight);
        int64_t joint = (int64_t) ((double) weight * place->tie_factor + .5);
        if (joint == 0) joint = 1;
        fn_leiden_set_arc(arcs, s->next[from]++, to, joint);
        fn_leiden_set_arc(arcs, s->next[to]++, from, joint);
        if (is_cpm) continue;
        s->strength[(size_t) (from - base) * s->slice_terms + place->out] += weight;
        s->strength[(size_t) (to - base) * s->slice_terms + place->in] += weight;
    }
    for (uint32_t node = base; is_cpm && node < slices->begin[slice + 1]; node++)
        s->strength[node - base] = s->options->node_weight ? s->options->node_weight[slices->firm[node]] : 1;
}

/* The strengths of a slice's nodes become their loads. */
static fn_status add_loads(fn_run *run, build_state *s, uint32_t slice)
{
    fn_slice_graph *graph = s->graph;
    const uint32_t base = s->slices->begin[slice], end = s->slices->begin[slice + 1];
    size_t count = graph->begin[base];
    fn_slice_load *load =
        fn_grow(run, graph->load, &s->load_room, count + (size_t) (end - base) * s->slice_terms, sizeof *load);
    if (!load) return FN_ENOMEM;
    graph->load = load;
    for (uint32_t node = base; node < end; node++) {
        for (uint32_t t = 0; t < s->slice_terms; t++) {
            const int64_t strength = s->strength[(size_t) (node - base) * s->slice_terms + t];
            if (strength > 0) load[count++] = (fn_slice_load) { s->first_term + t, strength };
        }
        graph->begin[node + 1] = count;
    }
    return FN_OK;
}

static fn_status fill_slices(fn_run *run, build_state *s)
{
    for (uint32_t slice = 0; slice < s->slices->periods; slice++) {
        fn_status status = open_slice(run, s, slice);
        if (status) return status;
        const size_t nodes = s->slices->begin[slice + 1] - s->slices->begin[slice];
        if (!(s->strength = fn_alloc(run, nodes * s->slice_terms, sizeof *s->strength))) return FN_ENOMEM;
        fill_slice(s, slice);
        status = add_loads(run, s, slice);
        fn_free(s->strength);
        s->strength = NULL;
        if (status) return status;
    }
    return FN_OK;
}

/* Couplings behind the ties of a row. One of weight 0 would be a tie all the same, so there is none then. */
static void add_couplings(const build_state *s, double coupling)
{
    const fn_slices *slices = s->slices;
    int64_t weight = (int64_t) (QUALITY_ONE * coupling / s->total + .5);
    if (weight == 0) weight = 1;
    for (uint32_t node = 0; node < slices->nodes; node++) {
        const uint32_t before = slices->before[node];
        if (before == FN_NONE) continue;
        fn_leiden_set_arc(&s->graph->arcs, s->next[node]++, before, weight);
        fn_leiden_set_arc(&s->graph->arcs, s->next[before]++, node, weight);
    }
}

fn_status fn_slice_graph_build(fn_run *run, const fn_slices *slices, const fn_leiden_options *options, double coupling,
                               fn_leiden_work *work, fn_slice_terms *terms, fn_slice_graph *graph)
{
    static const fn_leiden_terms none = { 0 };
    const uint32_t nodes = slices->nodes;
    fn_leiden_graph *arcs = &graph->arcs;
    build_state s = { .slices = slices, .options = options, .rows = fn_net_tie_rows(slices->view->net),
                      .total = fn_slices_total(slices, coupling), .graph = graph, .terms = terms };
    uint32_t *length = NULL;
    fn_status status = terms_alloc(run, &s);
    if (status) return status;
    status = FN_ENOMEM;
    graph->terms = terms;
    arcs->nodes = nodes;
    if (!(s.node = fn_alloc_bare(run, slices->firms, sizeof *s.node))) goto done;
    if (!(graph->begin = fn_alloc(run, (size_t) nodes + 1, sizeof *graph->begin))) goto done;
    if (!(arcs->offset = fn_alloc(run, (size_t) nodes + 1, sizeof *arcs->offset))) goto done;
    count_arcs(&s);
    if (fn_leiden_graph_alloc(run, arcs, nodes, arcs->offset[nodes], true, &none)) goto done;
    if (!(s.next = fn_alloc_bare(run, (size_t) nodes + 1, sizeof *s.next))) goto done;
    if (!(length = fn_alloc_bare(run, nodes, sizeof *length))) goto done;
    memcpy(s.next, arcs->offset, ((size_t) nodes + 1) * sizeof *s.next);
    if ((status = fill_slices(run, &s))) goto done;
    if (coupling > 0) add_couplings(&s, coupling);
    for (uint32_t node = 0; node < nodes; node++) {
        const size_t end = arcs->offset[node + 1];
        arcs->offset[node + 1] = s.next[node];
        length[node] = fn_leiden_merge_row(arcs, node, &work->tally[0]);
        arcs->offset[node + 1] = end;
    }
    fn_leiden_graph_close(arcs, length);
done:
    fn_free(length);
    fn_free(s.next);
    fn_free(s.node);
    fn_free(s.strength);
    return status;
}

/* --- The graph of parts --- */

static int by_term(const void *a, const void *b)
{
    const fn_slice_load *x = a, *y = b;
    return (x->term > y->term) - (x->term < y->term);
}

/* Loads of a part: those of its nodes, added up by term. */
static void add_up_loads(const fn_slice_graph *fine, const fn_leiden_work *work, uint32_t p, fn_slice_graph *coarse)
{
    const size_t begin = coarse->begin[p];
    size_t count = begin, made = begin;
    for (uint32_t i = work->first[p]; i < work->first[p + 1]; i++) {
        const uint32_t node = work->sorted[i];
        const size_t loads = fine->begin[node + 1] - fine->begin[node];
        if (loads) memcpy(coarse->load + count, fine->load + fine->begin[node], loads * sizeof *coarse->load);
        count += loads;
    }
    qsort(coarse->load + begin, count - begin, sizeof *coarse->load, by_term);
    for (size_t i = begin; i < count; i++) {
        if (made > begin && coarse->load[made - 1].term == coarse->load[i].term)
            coarse->load[made - 1].volume += coarse->load[i].volume;
        else
            coarse->load[made++] = coarse->load[i];
    }
    coarse->begin[p + 1] = made;
}

fn_status fn_slice_graph_aggregate(fn_run *run, const fn_slice_graph *fine, const uint32_t *part, uint32_t parts,
                                   fn_leiden_work *work, fn_slice_graph *coarse)
{
    const size_t loads = fine->begin[fine->arcs.nodes];
    coarse->terms = fine->terms;
    if (!(coarse->begin = fn_alloc(run, (size_t) parts + 1, sizeof *coarse->begin))) return FN_ENOMEM;
    if (!(coarse->load = fn_alloc_bare(run, loads, sizeof *coarse->load))) return FN_ENOMEM;
    for (uint32_t p = 0; p < parts; p++) add_up_loads(fine, work, p, coarse);
    coarse->load = fn_shrink(coarse->load, coarse->begin[parts], sizeof *coarse->load);
    return fn_leiden_aggregate(run, &fine->arcs, part, parts, work, &coarse->arcs);
}

void fn_slice_graph_free(fn_slice_graph *graph)
{
    fn_leiden_graph_free(&graph->arcs);
    fn_free(graph->begin);
    fn_free(graph->load);
    *graph = (fn_slice_graph) { 0 };
}

void fn_slice_terms_free(fn_slice_terms *terms)
{
    fn_free(terms->partner);
    fn_free(terms->factor);
    *terms = (fn_slice_terms) { 0 };
}
