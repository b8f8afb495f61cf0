/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/fixed_point.h"
#include "algorithms/vector.h"
#include "graph/memory.h"

enum { ROUNDS_MOST = 20000 };
static const double TOLERANCE = 1e-14;

/* Shares of what a firm buys, by supplier: each row of `in` divided by its sum, on both sides. */
static fn_status input_shares(fn_run *run, const fn_csr *out, const fn_csr *in, double *out_share, double *in_share)
{
    double *largest = fn_alloc(run, in->firms, sizeof *largest), *sum = fn_alloc(run, in->firms, sizeof *sum);
    fn_status status = largest && sum ? FN_OK : FN_ENOMEM;
    for (uint32_t v = 0; !status && v < in->firms; v++) {
        for (size_t i = in->offset[v]; i < in->offset[v + 1]; i++) largest[v] = fmax(largest[v], in->weight[i]);
        if (!(largest[v] > 0)) continue;
        for (size_t i = in->offset[v]; i < in->offset[v + 1]; i++) sum[v] += in->weight[i] / largest[v];
        for (size_t i = in->offset[v]; i < in->offset[v + 1]; i++) in_share[i] = in->weight[i] / largest[v] / sum[v];
    }
    for (size_t i = 0; !status && i < out->arcs; i++) {
        uint32_t v = out->target[i];
        out_share[i] = largest[v] > 0 ? out->weight[i] / largest[v] / sum[v] : 0;
    }
    fn_free(largest);
    fn_free(sum);
    return status;
}

fn_status fn_influence(fn_run *run, const fn_csr *out, const fn_csr *in, double labour, double *score)
{
    if (!(labour > 0 && labour <= 1)) return fn_fail(run, FN_EINVAL, "the share of labour must be above 0, at most 1");
    if (out->firms == 0) return FN_OK;
    fn_csr outward = *out, inward = *in;
    double *out_share = fn_alloc(run, out->arcs, sizeof *out_share);
    double *in_share = fn_alloc(run, in->arcs, sizeof *in_share);
    fn_status status = out_share && in_share ? input_shares(run, out, in, out_share, in_share) : FN_ENOMEM;
    outward.weight = out_share;
    inward.weight = in_share;
    if (!status) {
        const fn_fixed_point how = {
            .what = "influence", .rows = &outward, .columns = &inward, .factor = 1 - labour,
            .base = labour / out->firms, .tolerance = TOLERANCE, .most = ROUNDS_MOST
        };
        for (uint32_t v = 0; v < out->firms; v++) score[v] = 1.0 / out->firms;
        status = fn_fixed_point_solve(run, &how, score);
    }
    fn_free(out_share);
    fn_free(in_share);
    return status;
}

static fn_status run_influence(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *out = NULL, *in = NULL;
    fn_column *column;
    fn_status status = fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_OUT, false, &out);
    if (!status) status = fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_IN, false, &in);
    if (!status) status = fn_table_add(run, result, "influence", FN_COLUMN_REAL, &column);
    if (!status) status = fn_influence(run, out, in, fn_values_real(values, "labour-share"), column->real);
    if (!status && view->firms)
        fn_note(run, "influence: shocks of single firms, all alike, move the whole by %.6g of their size (length of "
                "the influence vector)", sqrt(fn_vector_dot(run, column->real, column->real, view->firms)));
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

static const fn_param params[] = {
    { .name = "labour-share", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.5", .low = 0.001, .high = 1,
      .text = "influence: what of its output a firm adds itself, instead of buying it" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_influence = {
    .name = "influence", .group = FN_GROUP_CENTRALITY,
    .text = "how much a shock to the firm moves the output of all, along deliveries (layer supply)",
    .gives = "influence", .params = params, .source = "Leontief 1936; Acemoglu et al. 2012", .on_request = true,
    .run = run_influence
};
