/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "algorithms/team.h"
#include "graph/memory.h"

/* The firms' graph from a view. Each thread owns a range of firms and reads all ties for theirs, so rows and volumes
 * are filled without locks, in the order of ties. */

static const double QUALITY_ONE = 0x1p60;

/* Where the volumes of a layer stand. */
typedef struct layer_place {
    int out, in;       /* the same for an undirected layer */
    double tie_factor; /* weight in the graph of one unit of the layer; 0: the layer is left out */
} layer_place;

typedef struct build_state {
    const fn_view *view;
    const fn_ties *rows;
    const fn_layer_units *units;
    layer_place place[FN_LAYERS_MOST];
    bool has_strengths;
    fn_leiden_graph *graph;
    size_t *next;      /* where the next arc of a row goes */
} build_state;

/* --- What is expected --- */

static int term_add(fn_leiden_terms *terms, int partner_offset, double factor)
{
    terms->partner[terms->count] = terms->count + partner_offset;
    terms->factor[terms->count] = factor;
    return terms->count++;
}

static void modularity_terms(build_state *s, const fn_leiden_options *options, const double *shares,
                             fn_leiden_terms *terms)
{
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        if (!(shares[layer] > 0)) continue;
        double total = (double) s->units[layer].total;
        double factor = QUALITY_ONE * shares[layer] * options->resolution / total / total;
        if (options->directed && fn_net_layer_directed((uint16_t) layer)) {
            s->place[layer].out = term_add(terms, 1, factor);
            s->place[layer].in = term_add(terms, -1, factor);
        } else {
            s->place[layer].out = s->place[layer].in = term_add(terms, 0, factor / 2);
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
    term_add(terms, 0, options->node_weight ? factor / FN_NODE_WEIGHT_ONE / FN_NODE_WEIGHT_ONE : factor);
    return FN_OK;
}

/* --- Rows --- */

/* Firms begin … end - 1 and ties first … last - 1. */
typedef struct range {
    uint32_t begin, end;
    size_t first, last;
} range;

static void count_range(const build_state *s, const range *r)
{
    const uint32_t begin = r->begin, end = r->end;
    size_t *offset = s->graph->offset;
    for (size_t i = r->first; i < r->last; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(s->view, s->rows, i);
        if (!(tie.weight > 0 && s->place[tie.layer].tie_factor > 0)) continue;
        if (tie.from - begin < end - begin) offset[tie.from + 1]++;
        if (tie.to - begin < end - begin) offset[tie.to + 1]++;
    }
}

static void fill_range(const build_state *s, const range *r)
{
    const uint32_t begin = r->begin, end = r->end;
    fn_leiden_graph *graph = s->graph;
    const size_t terms = (size_t) graph->terms->count;
    for (size_t i = r->first; i < r->last; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(s->view, s->rows, i);
        const layer_place *at = &s->place[tie.layer];
        bool from = tie.from - begin < end - begin, to = tie.to - begin < end - begin;
        if (!(from || to) || !(tie.weight > 0 && at->tie_factor > 0)) continue;
        int64_t weight = fn_layer_units_whole(&s->units[tie.layer], tie.weight);
        int64_t joint = (int64_t) ((double) weight * at->tie_factor + .5);
        if (joint == 0) joint = 1;
        if (from) {
            if (s->has_strengths) graph->volume[tie.from * terms + (size_t) at->out] += weight;
            fn_leiden_set_arc(graph, s->next[tie.from]++, tie.to, joint);
        }
        if (to) {
            if (s->has_strengths) graph->volume[tie.to * terms + (size_t) at->in] += weight;
            fn_leiden_set_arc(graph, s->next[tie.to]++, tie.from, joint);
        }
    }
}

uint32_t fn_leiden_merge_row(fn_leiden_graph *graph, uint32_t node, const fn_leiden_tally *tally)
{
    const size_t begin = graph->offset[node], end = graph->offset[node + 1];
    fn_leiden_tally t = *tally;
    fn_leiden_tally_open(&t, end - begin, graph->nodes);
    for (size_t arc = begin; arc < end; arc++)
        fn_leiden_tally_add(&t, fn_leiden_target(graph, arc), fn_leiden_weight(graph, arc));
    for (uint32_t i = 0; i < t.count; i++)
        fn_leiden_set_arc(graph, begin + i, fn_leiden_tally_label(&t, i), fn_leiden_tally_weight(&t, i));
    fn_leiden_tally_close(&t);
    return t.count;
}

/* One range of firms a thread, one stretch of ties after the other: a mapped file that has been read makes room for
 * what is made of it. */
static void all_ranges(const build_state *s, int threads, void (*work)(const build_state *, const range *))
{
    const size_t stretch = (size_t) 1 << 21, ties = s->view->ties;
    const uint64_t firms = s->graph->nodes;
    for (size_t first = 0; first < ties; first += stretch) {
        const size_t last = ties - first > stretch ? first + stretch : ties;
#pragma omp parallel for schedule(static, 1) num_threads(threads)
        for (int t = 0; t < threads; t++) {
            const range r = { (uint32_t) (firms * (unsigned) t / (unsigned) threads),
                              (uint32_t) (firms * (unsigned) (t + 1) / (unsigned) threads), first, last };
            work(s, &r);
        }
        if (ties > stretch) fn_net_rest(s->view->net);
    }
}

fn_status fn_leiden_build(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                          const fn_layer_units units[FN_LAYERS_MOST], const double shares[FN_LAYERS_MOST],
                          fn_leiden_work *work, fn_leiden_terms *terms, fn_leiden_graph *graph)
{
    build_state s = { .view = view, .rows = fn_net_tie_rows(view->net), .units = units, .graph = graph };
    const uint32_t firms = view->firms;
    const int threads = fn_leiden_threads(work, view->ties);
    uint32_t *length = NULL;
    fn_status status = FN_OK;

    /* What a tie weighs and what is expected. */
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (shares[layer] > 0) s.place[layer].tie_factor = QUALITY_ONE * shares[layer] / (double) units[layer].total;
    s.has_strengths = options->quality == FN_QUALITY_MODULARITY;
    *terms = (fn_leiden_terms) { 0 };
    if (s.has_strengths) modularity_terms(&s, options, shares, terms);
    else if ((status = cpm_terms(run, view, options, shares, terms))) goto done;

    /* Rows. */
    status = FN_ENOMEM;
    graph->nodes = firms;
    if (!(graph->offset = fn_alloc(run, (size_t) firms + 1, sizeof *graph->offset))) goto done;
    all_ranges(&s, threads, count_range);
    for (uint32_t firm = 0; firm < firms; firm++) graph->offset[firm + 1] += graph->offset[firm];
    if (fn_leiden_graph_alloc(run, graph, firms, graph->offset[firms], true, terms)) goto done;
    if (!s.has_strengths)
        for (uint32_t firm = 0; firm < firms; firm++)
            graph->volume[firm] = options->node_weight ? options->node_weight[firm] : 1;
    if (!(s.next = fn_alloc_bare(run, (size_t) firms + 1, sizeof *s.next))) goto done;
    memcpy(s.next, graph->offset, ((size_t) firms + 1) * sizeof *s.next);
    all_ranges(&s, threads, fill_range);

    /* Equal pairs added up. */
    if (!(length = fn_alloc_bare(run, firms, sizeof *length))) goto done;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t firm = 0; firm < firms; firm++)
        length[firm] = fn_leiden_merge_row(graph, firm, &work->tally[fn_team_place()]);
    fn_leiden_graph_close(graph, length);
    status = FN_OK;
done:
    fn_free(length);
    fn_free(s.next);
    return status;
}
