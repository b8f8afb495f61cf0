/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

/* Marginal likelihood filter (Dianati 2016, Phys. Rev. E 93:012304): if the T records of a layer were dealt to pairs of
 * firms by their strengths, the tie from i to j would get X ~ Binomial(T, s_out(i) s_in(j) / T^2) of them, in an
 * undirected layer Binomial(T, s(i) s(j) / (2 T^2)). p = P(X >= w), exact. w counts records (--unit); where it is no
 * whole number, the incomplete beta function that runs through the whole ones. Parallel ties are judged each by
 * itself. O(firms + ties sqrt(records of a tie)), ties on all threads. */

/* Ties of at least so many records. */
static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, double least,
                             double *log10_p)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_sides s;
    fn_status status = fn_sides_find(run, view, layer, weight, &s);
    double t = s.total;
    int threads = view->ties > 4096 ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (size_t row = 0; row < (status ? 0 : view->ties); row++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, row));
        if (tie.layer != layer || tie.from == tie.to || !(weight[row] > 0) || weight[row] < least) continue;
        double chance = s.out[tie.from].strength / t * (s.in[tie.to].strength / t) / (s.directed ? 1 : 2);
        double log_p = fn_log_binomial_tail(t, chance, fmin(weight[row], t));
        log10_p[row] = isfinite(log_p) ? fn_log10_of(log_p) : NAN;
    }
    fn_sides_free(&s);
    return status;
}

static fn_status run_marginal_likelihood(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_column *p, *log10_p;
    double *weight = fn_alloc(run, view->ties, sizeof *weight);
    fn_status status = weight ? fn_table_add(run, result, "p", FN_COLUMN_REAL, &p) : FN_ENOMEM;
    if (!status) status = fn_table_add(run, result, "log10_p", FN_COLUMN_REAL, &log10_p);
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        if (!(view->layers >> layer & 1)) continue;
        status = fn_progress(run, "marginal likelihood", -1);
        if (!status) status = fn_unit_weights(run, view, layer, fn_unit_from(values), "marginal likelihood", weight);
        if (!status) status = judge_layer(run, view, layer, weight, 0, log10_p->real);
    }
    for (size_t row = 0; row < view->ties && !status; row++) p->real[row] = pow(10, log10_p->real[row]);
    fn_free(weight);
    return status;
}

/* Ties of a single record take no part, but are counted as tests: so q is at worst too large. Self ties are none. */
fn_status fn_repeats_judge(fn_run *run, const fn_view *view, double *log10_p, double *log10_q)
{
    double *records = fn_alloc_bare(run, view->ties, sizeof *records);
    fn_status status = records ? FN_OK : FN_ENOMEM;
    for (size_t row = 0; row < view->ties && !status; row++) {
        int64_t count = fn_net_tie_at(view->net, fn_view_tie(view, row)).count;
        records[row] = count > 0 ? (double) count : 0;
        log10_p[row] = NAN;
    }
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++)
        if (view->layers >> layer & 1) status = judge_layer(run, view, layer, records, 2, log10_p);
    fn_free(records);
    double tests = (double) (view->ties - view->self_ties);
    return status ? status : fn_correct(run, FN_CORRECT_BH, view->ties, log10_p, tests, log10_q);
}

static const fn_param params[] = { FN_UNIT_PARAM, { .name = NULL } };

const fn_algorithm fn_algorithm_marginal_likelihood = {
    .name = "marginal-likelihood", .group = FN_GROUP_BACKBONE,
    .text = "has the tie more records than dealing them out by the strengths of its ends would give?",
    .gives = "p,log10_p", .params = params, .source = "Dianati 2016", .run = run_marginal_likelihood
};
