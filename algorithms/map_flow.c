/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/map_inside.h"
#include "graph/memory.h"

/* The flow of a random walker over the ties, and the graph of it that the search works on. */

enum { ITERATIONS_MOST = 200, BLOCK_FIRMS = 4096 };

static const double TELEPORT = .15, CONVERGED = 1e-14;

/* --- What the ties weigh --- */

/* alpha of each layer over the sum of those that have ties; 0: left out. */
static void find_shares(const fn_leiden_options *options, const fn_layer_units *units, double *shares)
{
    double alphas = 0;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (units[layer].has_ties) alphas += options->layer_weight[layer];
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        shares[layer] = units[layer].has_ties && alphas > 0 ? options->layer_weight[layer] / alphas : 0;
}

/* Tie by tie; 0: left out. An undirected one is half a link each way. */
static double link_weight(const fn_layer_units *units, const double *shares, const fn_layer_tie *tie, bool directed)
{
    if (!(tie->weight > 0 && shares[tie->layer] > 0)) return 0;
    double whole = (double) fn_layer_units_whole(&units[tie->layer], tie->weight);
    return shares[tie->layer] * (whole / (double) units[tie->layer].total) / (directed ? 1 : 2);
}

static bool is_directed(const fn_leiden_options *options, int layer)
{
    return options->directed && fn_net_layer_directed((uint16_t) layer);
}

typedef struct links {
    size_t count;
    uint32_t *from, *to;
    double *weight;
    bool *both_ways;
} links;

static void links_free(links *l)
{
    fn_free(l->from);
    fn_free(l->to);
    fn_free(l->weight);
    fn_free(l->both_ways);
}

/* The ties of all layers, and what each firm delivers in strength. */
static fn_status find_links(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                            const fn_layer_units *units, const double *shares, links *l, double *strength)
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    if (!(l->from = fn_alloc_bare(run, view->ties, sizeof *l->from)) ||
        !(l->to = fn_alloc_bare(run, view->ties, sizeof *l->to)) ||
        !(l->weight = fn_alloc_bare(run, view->ties, sizeof *l->weight)) ||
        !(l->both_ways = fn_alloc_bare(run, view->ties, sizeof *l->both_ways)))
        return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
        bool directed = is_directed(options, tie.layer);
        double weight = link_weight(units, shares, &tie, directed);
        if (!(weight > 0)) continue;
        l->from[l->count] = tie.from;
        l->to[l->count] = tie.to;
        l->both_ways[l->count] = !directed;
        l->weight[l->count++] = weight;
        strength[tie.from] += weight;
        if (!directed) strength[tie.to] += weight;
    }
    return FN_OK;
}

/* --- Where the walker is --- */

/* One step without the jumps: next[v] = sum over links u→v of rank[u] weight / strength[u]. Each row is one
 * thread's. */
static void step(const fn_csr *in, const double *strength, const double *rank, double *next, int threads)
{
    (void) threads;
#pragma omp parallel for schedule(dynamic, BLOCK_FIRMS) num_threads(threads)
    for (uint32_t v = 0; v < in->firms; v++) {
        double sum = 0;
        for (size_t arc = in->offset[v]; arc < in->offset[v + 1]; arc++)
            sum += rank[in->target[arc]] * (in->weight[arc] / strength[in->target[arc]]);
        next[v] = sum;
    }
}

/* PageRank with jumps to firms in proportion to what they deliver; in rank. */
static fn_status find_rank(fn_run *run, const fn_csr *in, const double *strength, double *rank, double *next)
{
    uint32_t firms = in->firms;
    double total = 0, change = 1;
    int threads = in->arcs > BLOCK_FIRMS ? fn_run_threads(run) : 1;
    for (uint32_t v = 0; v < firms; v++) total += strength[v];
    for (uint32_t v = 0; v < firms; v++) rank[v] = strength[v] / total;
    for (int i = 0; i < ITERATIONS_MOST && change > CONVERGED; i++) {
        double dangling = 0;
        fn_status status = fn_progress(run, "finding flows", (double) i / ITERATIONS_MOST);
        if (status) return status;
        step(in, strength, rank, next, threads);
        change = 0;
        for (uint32_t v = 0; v < firms; v++)
            if (!(strength[v] > 0)) dangling += rank[v];
        for (uint32_t v = 0; v < firms; v++) {
            double now = (TELEPORT + (1 - TELEPORT) * dangling) * (strength[v] / total) + (1 - TELEPORT) * next[v];
            change += fabs(now - rank[v]);
            rank[v] = now;
        }
    }
    return FN_OK;
}

/* --- The flow along each tie --- */

/* What the search wants of ties that have a direction. */
typedef struct flows {
    double *tie;           /* of each selected tie, both ways added up */
    int64_t *net;          /* of each firm, out - in; 2^60 is all flow */
} flows;

/* From weights to shares of the steps along each tie. */
static void set_flows(const fn_view *view, const fn_leiden_options *options, const fn_layer_units *units,
                      const double *shares, const double *strength, const double *rank, flows *f)
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    double walking = 0;
    for (uint32_t v = 0; v < view->firms; v++)
        if (strength[v] > 0) walking += rank[v];
    for (size_t i = 0; i < view->ties; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
        bool directed = is_directed(options, tie.layer);
        double weight = link_weight(units, shares, &tie, directed), there, back = 0;
        f->tie[i] = 0;
        if (!(weight > 0)) continue;
        there = rank[tie.from] * (weight / strength[tie.from]) / walking;
        if (!directed) back = rank[tie.to] * (weight / strength[tie.to]) / walking;
        f->tie[i] = there + back;
        int64_t net = llrint(scalbn(there - back, 60));
        f->net[tie.from] += net;
        f->net[tie.to] -= net;
    }
}

static fn_status find_flows(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                            const fn_layer_units *units, const double *shares, flows *f)
{
    links l = { 0 };
    fn_csr *in = NULL;
    double *strength = fn_alloc(run, view->firms, sizeof *strength);
    double *rank = fn_alloc(run, view->firms, sizeof *rank), *next = fn_alloc(run, view->firms, sizeof *next);
    fn_status status = strength && rank && next ? FN_OK : FN_ENOMEM;
    if (!status) status = find_links(run, view, options, units, shares, &l, strength);
    if (!status)
        status = fn_csr_build(run, view->firms, l.count, l.from, l.to, l.weight, l.both_ways, FN_CSR_IN, &in);
    links_free(&l);
    if (!status) status = find_rank(run, in, strength, rank, next);
    fn_csr_free(in);
    if (!status && (!(f->tie = fn_alloc_bare(run, view->ties, sizeof *f->tie)) ||
                    !(f->net = fn_alloc(run, view->firms, sizeof *f->net))))
        status = FN_ENOMEM;
    if (!status) set_flows(view, options, units, shares, strength, rank, f);
    fn_free(next);
    fn_free(rank);
    fn_free(strength);
    return status;
}

/* Each layer's share of the flow, and the flow as weights. */
static void weigh_by_flow(fn_run *run, fn_view *flowing, const double *flow, fn_layer_units *units, double *shares)
{
    const fn_ties *rows = fn_net_tie_rows(flowing->net);
    flowing->weight = flow;
    fn_layer_units_find(run, flowing, units);
    memset(shares, 0, FN_LAYERS_MOST * sizeof *shares);
    for (size_t i = 0; i < flowing->ties; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(flowing, rows, i);
        shares[tie.layer] += tie.weight;
    }
}

/* --- The graph --- */

static fn_status set_volumes(fn_run *run, const int64_t *net, fn_map *map)
{
    const uint32_t nodes = map->graph.nodes;
    int64_t *volume = fn_alloc_scattered(run, (size_t) nodes * FN_MAP_TERMS, sizeof *volume);
    if (!volume) return FN_ENOMEM;
    memset(volume, 0, (size_t) nodes * FN_MAP_TERMS * sizeof *volume);
    fn_free(map->graph.volume);
    map->graph.volume = volume;
    map->graph.terms = &fn_map_terms;
    fn_status status = fn_map_cut_find(run, map);
    for (uint32_t v = 0; v < nodes && !status; v++, volume += FN_MAP_TERMS) {
        volume[FN_MAP_NET] = net ? net[v] : 0;
        volume[FN_MAP_FLOW] = map->cut[v] > volume[FN_MAP_NET] ? map->cut[v] - volume[FN_MAP_NET] : 0;
    }
    return status;
}

/* Flow of a random walker (Rosvall and Bergstrom 2008, PNAS 105:1118). Undirected: the flow along a tie is its weight,
 * half of it each way. Directed: the walker follows ties in proportion to their weight, and with a chance of .15, or
 * from firms that deliver to nobody, jumps to a firm in proportion to what that delivers; the jumps are not recorded,
 * that is, flow is what one further step without them carries (Lambiotte and Rosvall 2012, Phys. Rev. E 85:056107:
 * unrecorded teleportation to links, the default of Infomap). The flow of a firm is what comes to it. Layers are added
 * up as shares times alpha; ties of undirected layers go both ways. Self ties and weightless ties are left out; firms
 * without ties have no flow. All flows add up to 1. */
fn_status fn_map_build(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_map_work *work,
                       fn_map *map)
{
    fn_layer_units units[FN_LAYERS_MOST];
    double shares[FN_LAYERS_MOST];
    fn_leiden_options joined = { .quality = FN_QUALITY_MODULARITY, .resolution = 1 };
    fn_leiden_terms terms;
    fn_view flowing = *view;
    flows f = { 0 };
    bool any_directed = false;
    fn_layer_units_find(run, view, units);
    find_shares(options, units, shares);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        any_directed |= shares[layer] > 0 && is_directed(options, layer);
    fn_status status = fn_leiden_work_tallies(run, view->firms, &work->shared);
    if (!status && any_directed && !(status = find_flows(run, view, options, units, shares, &f)))
        weigh_by_flow(run, &flowing, f.tie, units, shares);
    if (!status) status = fn_leiden_build(run, &flowing, &joined, units, shares, &work->shared, &terms, &map->graph);
    if (!status) status = set_volumes(run, f.net, map);
    fn_free(f.net);
    fn_free(f.tie);
    return status;
}
