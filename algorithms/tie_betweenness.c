/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_betweenness.h"
#include "algorithms/tie_inside.h"
#include "graph/memory.h"

/* Edge betweenness: how many shortest chains of deliveries lead over a tie.
 *   b(e) = sum over s != t of chains(s,t over e) / chains(s,t), each ordered pair counted, not normalised
 * Along the direction of goods, over all selected layers at once, weights ignored: every tie is one step. Ties of
 * the same two firms and direction have one number together; an undirected tie is walked both ways. Self ties have
 * none. Exact where at most edge-exact-limit firms deliver to others. Above that from pairs drawn by the seed, as
 * many as make every tie's share of all pairs right within edge-error, all ties at once, nineteen times in twenty
 * (Hoeffding's bound over all ties; after Riondato and Kornaropoulos 2016); edge_betweenness_error says for each tie
 * how far off it then is at most, by the variance seen (Maurer and Pontil 2009), mostly far less. Exact numbers have
 * error 0. A drawn pair without a chain adds nothing. O(firms * ties) exact, O(samples * sqrt(ties)) or so drawn:
 * both ends search. */
static const double CHANCE = 0.05;

static fn_status chains_make(fn_run *run, const fn_view *view, fn_csr **out, fn_csr **in, fn_chains *c)
{
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_OUT, true, out);
    if (!status) status = fn_view_csr(run, view, -1, FN_CSR_IN, true, in);
    if (status) return status;
    c->out = *out;
    c->in = *in;
    c->source = fn_alloc(run, view->firms, sizeof *c->source);
    c->target = fn_alloc(run, view->firms, sizeof *c->target);
    if (!c->source || !c->target) return FN_ENOMEM;
    double same = 0;
    for (uint32_t u = 0; u < view->firms; u++) {
        bool delivers = fn_csr_degree(*out, u) > 0, receives = fn_csr_degree(*in, u) > 0;
        if (delivers) c->source[c->sources++] = u;
        if (receives) c->target[c->targets++] = u;
        same += delivers && receives;
    }
    c->pairs = (double) c->sources * c->targets - same;
    return FN_OK;
}

/* How far off the share of an arc met `times` times is at most. */
static double error_of(double times, double samples, double arcs, double most)
{
    double p = times / samples, log_term = log(8 * arcs / CHANCE), variance = p * (1 - p) * samples / (samples - 1);
    return fmin(most, sqrt(2 * variance * log_term / samples) + 7 * log_term / (3 * (samples - 1)));
}

static fn_status draw(fn_run *run, const fn_chains *c, double most, double *score, double *error)
{
    double arcs = (double) c->out->arcs, samples = ceil(log(4 * arcs / CHANCE) / (2 * most * most));
    if (samples > 1e9) return fn_fail(run, FN_EINVAL, "an edge-error of %g takes too many chains: %.0f", most, samples);
    uint32_t *times = fn_alloc(run, c->out->arcs, sizeof *times);
    fn_status status = times ? fn_chains_draw(run, c, (uint64_t) samples, times) : FN_ENOMEM;
    for (size_t i = 0; i < c->out->arcs && !status; i++) {
        score[i] = times[i] / samples * c->pairs;
        error[i] = error_of(times[i], samples, arcs, most) * c->pairs;
    }
    if (!status)
        fn_note(run, "edge betweenness is estimated from %.0f pairs of firms: shares of all pairs are right within %g, "
                "all ties at once, nineteen times in twenty", samples, most);
    fn_free(times);
    return status;
}

/* The arcs' numbers to the ties. */
static void hand_out(const fn_view *view, const fn_csr *out, const double *score, const double *error,
                     fn_column *value, fn_column *off)
{
    size_t hint = 0;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
        if (t.from == t.to) continue;
        size_t arc = fn_arc_near(out, t.from, t.to, &hint);
        size_t back = fn_net_layer_directed(t.layer) ? FN_NO_ARC : fn_csr_find(out, t.to, t.from);
        value->real[row] = score[arc] + (back == FN_NO_ARC ? 0 : score[back]);
        off->real[row] = error[arc] + (back == FN_NO_ARC ? 0 : error[back]);
    }
}

static fn_status run_edges(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_column *value, *off;
    fn_csr *out = NULL, *in = NULL;
    fn_chains c = { 0 };
    double *score = NULL, *error = NULL;
    const fn_column_wanted wanted[] = {
        { "edge_betweenness", FN_COLUMN_REAL, &value, NULL }, { "edge_betweenness_error", FN_COLUMN_REAL, &off, NULL }
    };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (!status) status = chains_make(run, view, &out, &in, &c);
    if (status) goto done;
    score = fn_alloc(run, out->arcs, sizeof *score);
    error = fn_alloc(run, out->arcs, sizeof *error);
    if (!score || !error) status = FN_ENOMEM;
    else if (c.sources <= fn_values_int(values, "edge-exact-limit")) status = fn_chains_count(run, &c, score);
    else status = draw(run, &c, fn_values_real(values, "edge-error"), score, error);
    if (!status) hand_out(view, out, score, error, value, off);
done:
    fn_free(score);
    fn_free(error);
    fn_free(c.source);
    fn_free(c.target);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

static const fn_param params[] = {
    { .name = "edge-exact-limit", .type = FN_PARAM_INT, .argument = "N", .fallback = "10000", .low = 0,
      .high = UINT32_MAX,
      .text = "edge betweenness is exact where at most N firms deliver to others, and estimated above" },
    { .name = "edge-error", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.01", .low = 0.0001, .high = 1,
      .text = "estimated edge betweenness is right within SHARE of all pairs of firms, nineteen times in twenty" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_edge_betweenness = {
    .name = "edge-betweenness", .group = FN_GROUP_TIES,
    .text = "shortest chains of deliveries between two firms that lead over a tie",
    .gives = "edge_betweenness,edge_betweenness_error", .params = params,
    .source = "Girvan and Newman 2002; Brandes 2008; Riondato and Kornaropoulos 2016", .run = run_edges
};
