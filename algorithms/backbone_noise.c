/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

/* Noise-corrected backbone (Coscia and Neffke 2017, ICDE): how much heavier a tie is than its ends make likely, and how
 * sure that is. Of N records N_i leave from, N_j reach to, w are between them:
 *   lift   kappa = N / (N_i N_j),  score = (kappa w - 1) / (kappa w + 1), from -1 to 1, 0 = as expected
 *   prior  of the chance of such a record: mean mu = N_i N_j / N^2,
 *          variance N_i N_j (N - N_i) (N - N_j) / (N^4 (N - 1)); Beta with
 *          alpha = mu^2 / variance (1 - mu) - mu,  beta = mu / variance (1 - mu)^2 - (1 - mu)
 *   sd     of the score by the delta method from var(w) = N p (1 - p), p = (alpha + w) / (alpha + beta + N)
 *   p      P(Z >= score / sd): alpha .1, .05, .01 are the paper's delta 1.28, 1.64, 2.33
 * The public codes have (1 - mu^2) for (1 - mu)^2 in beta, which are not the moments of the prior: --nc-reference does
 * as they do. Where one firm has all records of a side the prior has no variance, and p is mu; score and sd are 0, and
 * nothing is judged. In an undirected layer
 * each tie stands both ways: N is twice the records. The result depends on the unit of w (--unit): ten times the money
 * would be ten times the evidence. Parallel ties are judged each by itself. O(firms + ties). */

typedef struct columns {
    fn_column *score, *sd, *p, *log10_p;
} columns;

typedef struct judged {
    double score, sd;
} judged;

/* Where one firm has all records of a side, score and sd are 0 for all its ties: nothing can be told. What rounding
 * leaves of them is no evidence. */
static const double ROUNDING = 1e-12;

static judged judge(double w, double ni, double nj, double n, bool reference)
{
    double mu = ni / n * (nj / n), kappa = n / ni / nj;
    double variance = mu * ((n - ni) / n) * ((n - nj) / n) / (n - 1), p = mu;
    if (variance > 0) {
        double ratio = mu / variance, rest = 1 - mu;
        double alpha = mu * ratio * rest - mu, beta = ratio * (reference ? 1 - mu * mu : rest * rest) - rest;
        p = (alpha + w) / (alpha + beta + n);
    }
    double d = 1 / ni / nj - n / ni / nj * ((ni + nj) / ni / nj), lifted = kappa * w + 1;
    double excess = kappa * w - 1, change = kappa + w * d;
    if (fabs(excess) < ROUNDING) excess = 0;
    if (fabs(change) < ROUNDING * kappa) change = 0;
    return (judged) { excess / lifted, sqrt(fmax(n * p * (1 - p), 0)) * fabs(2 * change / (lifted * lifted)) };
}

static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, bool reference,
                             const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_sides s;
    fn_status status = fn_sides_find(run, view, layer, weight, &s);
    double n = s.directed ? s.total : 2 * s.total;
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer || t.from == t.to || !(weight[row] > 0)) continue;
        judged j = judge(weight[row], s.out[t.from].strength, s.in[t.to].strength, n, reference);
        c->score->real[row] = isfinite(j.score) ? j.score : NAN;
        c->sd->real[row] = isfinite(j.sd) ? j.sd : NAN;
        double z = j.score / j.sd;
        if (!isfinite(z)) continue;
        double log_p = fn_log_normal_tail(z);
        c->log10_p->real[row] = fn_log10_of(log_p);
        c->p->real[row] = exp(log_p);
    }
    fn_sides_free(&s);
    return status;
}

static fn_status run_noise_corrected(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    columns c;
    const fn_column_wanted wanted[] = {
        { "score", FN_COLUMN_REAL, &c.score, NULL }, { "sd", FN_COLUMN_REAL, &c.sd, NULL },
        { "p", FN_COLUMN_REAL, &c.p, NULL }, { "log10_p", FN_COLUMN_REAL, &c.log10_p, NULL }
    };
    bool reference = fn_values_flag(values, "nc-reference");
    double *weight = fn_alloc(run, view->ties, sizeof *weight);
    fn_status status = weight ? fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted) : FN_ENOMEM;
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        if (!(view->layers >> layer & 1)) continue;
        status = fn_progress(run, "noise-corrected backbone", -1);
        if (!status) status = fn_unit_weights(run, view, layer, fn_unit_from(values), "noise-corrected", weight);
        if (!status) status = judge_layer(run, view, layer, weight, reference, &c);
    }
    fn_free(weight);
    return status;
}

static const fn_param params[] = {
    FN_UNIT_PARAM,
    { .name = "nc-reference", .type = FN_PARAM_FLAG,
      .text = "noise-corrected: the prior as public codes have it, (1 - mu^2) for (1 - mu)^2" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_noise_corrected = {
    .name = "noise-corrected", .group = FN_GROUP_BACKBONE,
    .text = "is the tie heavier than the strengths of its ends make likely, beyond the noise of counting?",
    .gives = "score,sd,p,log10_p", .params = params, .source = "Coscia and Neffke 2017", .run = run_noise_corrected
};
