/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/map_equation.h"
#include "graph/memory.h"

enum { ITERATIONS_MOST = 200, BLOCK_FIRMS = 4096 };

static const double TELEPORT = .15, CONVERGED = 1e-14;

/* --- The ties of all layers as links --- */

typedef struct links {
    size_t count;
    uint32_t *from, *to;
    double *weight;
    bool *both_ways;
    bool any_directed;
} links;

static void links_free(links *l)
{
    fn_free(l->from);
    fn_free(l->to);
    fn_free(l->weight);
    fn_free(l->both_ways);
}

/* Weights as shares of their layer's, times alpha; an undirected tie is half a link each way. */
static fn_status find_links(fn_run *run, const fn_view *view, const fn_leiden_options *options, links *l)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double total[FN_LAYERS_MOST] = { 0 }, alphas = 0;
    if (!(l->from = fn_alloc_bare(run, view->ties, sizeof *l->from)) ||
        !(l->to = fn_alloc_bare(run, view->ties, sizeof *l->to)) ||
        !(l->weight = fn_alloc_bare(run, view->ties, sizeof *l->weight)) ||
        !(l->both_ways = fn_alloc_bare(run, view->ties, sizeof *l->both_ways)))
        return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from != tie.to) total[tie.layer] += view->weight[i];
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (total[layer] > 0) alphas += options->layer_weight[layer];
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        double alpha = options->layer_weight[tie.layer];
        if (tie.from == tie.to || !(view->weight[i] > 0) || !(alpha > 0)) continue;
        bool directed = options->directed && fn_net_layer_directed(tie.layer);
        double weight = alpha / alphas * (view->weight[i] / total[tie.layer]);
        if (!(weight > 0)) continue;
        l->from[l->count] = tie.from;
        l->to[l->count] = tie.to;
        l->both_ways[l->count] = !directed;
        l->weight[l->count++] = directed ? weight : weight / 2;
        l->any_directed |= directed;
    }
    return FN_OK;
}

/* --- Where the walker is --- */

/* One step without the jumps: next[v] = sum over links u→v of rank[u] weight / strength[u]. Each row is one thread's. */
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

/* From weights to shares of the steps along each link. */
static void set_flows(fn_flow *flow, const double *strength, const double *rank)
{
    const fn_csr *out = flow->out, *in = flow->in;
    double walking = 0;
    for (uint32_t v = 0; v < out->firms; v++)
        if (strength[v] > 0) walking += rank[v];
    for (uint32_t v = 0; v < out->firms; v++)
        for (size_t arc = out->offset[v]; arc < out->offset[v + 1]; arc++)
            out->own_weight[arc] = rank[v] * (out->own_weight[arc] / strength[v]) / walking;
    for (uint32_t v = 0; v < in->firms; v++)
        for (size_t arc = in->offset[v]; arc < in->offset[v + 1]; arc++)
            in->own_weight[arc] = rank[in->target[arc]] * (in->own_weight[arc] / strength[in->target[arc]]) / walking;
}

void fn_flow_free(fn_flow *flow)
{
    fn_csr_free(flow->out);
    fn_csr_free(flow->in);
    fn_free(flow->node);
    *flow = (fn_flow) { 0 };
}

/* Flow of a random walker (Rosvall and Bergstrom 2008, PNAS 105:1118). Undirected: the flow along a tie is its weight,
 * half of it each way. Directed: the walker follows ties in proportion to their weight, and with a chance of .15, or
 * from firms that deliver to nobody, jumps to a firm in proportion to what that delivers; the jumps are not recorded,
 * that is, flow is what one further step without them carries (Lambiotte and Rosvall 2012, Phys. Rev. E 85:056107:
 * unrecorded teleportation to links, the default of Infomap). Layers are added up as shares times alpha; ties of
 * undirected layers go both ways. Self ties and weightless ties are left out; firms without ties have no flow. All
 * flows add up to 1. */
fn_status fn_flow_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_flow *flow)
{
    links l = { 0 };
    double *strength = NULL, *rank = NULL;
    *flow = (fn_flow) { 0 };
    fn_status status = find_links(run, view, options, &l);
    if (!status)
        status = fn_csr_build(run, view->firms, l.count, l.from, l.to, l.weight, l.both_ways, FN_CSR_OUT, &flow->out);
    if (!status)
        status = fn_csr_build(run, view->firms, l.count, l.from, l.to, l.weight, l.both_ways, FN_CSR_IN, &flow->in);
    links_free(&l);
    if (status) goto done;
    status = FN_ENOMEM;
    if (!(flow->node = fn_alloc(run, view->firms, sizeof *flow->node))) goto done;
    if (!(strength = fn_alloc(run, view->firms, sizeof *strength))) goto done;
    if (!(rank = fn_alloc(run, view->firms, sizeof *rank))) goto done;
    status = FN_OK;
    for (uint32_t v = 0; v < view->firms; v++)
        for (size_t arc = flow->out->offset[v]; arc < flow->out->offset[v + 1]; arc++)
            strength[v] += flow->out->weight[arc];
    if (l.any_directed) {
        status = find_rank(run, flow->in, strength, rank, flow->node);
        if (!status) set_flows(flow, strength, rank);
    }
    for (uint32_t v = 0; v < view->firms && !status; v++) {
        flow->node[v] = 0;
        for (size_t arc = flow->in->offset[v]; arc < flow->in->offset[v + 1]; arc++)
            flow->node[v] += flow->in->weight[arc];
    }
done:
    fn_free(rank);
    fn_free(strength);
    if (status) fn_flow_free(flow);
    return status;
}

/* The map equation of two levels (Rosvall and Bergstrom 2008; with unequal flows in and out as Infomap has it):
 *     L = plogp(sum of enter) - sum plogp(enter) - sum plogp(exit) + sum plogp(exit + flow) - sum plogp(flow of firms)
 * over clusters: enter and exit the flow into and out of a cluster, flow that of its firms; plogp(x) = x log2 x. */
fn_status fn_flow_codelength(fn_run *run, const fn_flow *flow, const uint32_t *cluster, double *codelength)
{
    const fn_csr *out = flow->out;
    double entering = 0, length = 0;
    double *enter = fn_alloc(run, out->firms, sizeof *enter), *leave = fn_alloc(run, out->firms, sizeof *leave);
    double *inside = fn_alloc(run, out->firms, sizeof *inside);
    bool failed = !enter || !leave || !inside;
    for (uint32_t v = 0; v < out->firms && !failed; v++) {
        inside[cluster[v]] += flow->node[v];
        length -= fn_plogp(flow->node[v]);
        for (size_t arc = out->offset[v]; arc < out->offset[v + 1]; arc++) {
            if (cluster[out->target[arc]] == cluster[v]) continue;
            leave[cluster[v]] += out->weight[arc];
            enter[cluster[out->target[arc]]] += out->weight[arc];
        }
    }
    for (uint32_t c = 0; c < out->firms && !failed; c++) {
        entering += enter[c];
        length += fn_plogp(leave[c] + inside[c]) - fn_plogp(enter[c]) - fn_plogp(leave[c]);
    }
    *codelength = fmax(length + fn_plogp(entering), 0);
    fn_free(inside);
    fn_free(leave);
    fn_free(enter);
    return failed ? FN_ENOMEM : FN_OK;
}

fn_status fn_map_equation(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster,
                          double *codelength)
{
    fn_flow flow;
    fn_status status = fn_flow_find(run, view, options, &flow);
    if (status) return status;
    status = fn_flow_codelength(run, &flow, cluster, codelength);
    fn_flow_free(&flow);
    return status;
}
