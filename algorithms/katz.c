/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "algorithms/fixed_point.h"
#include "algorithms/spectral.h"
#include "graph/memory.h"

static const double TOLERANCE = 1e-13, SHARE = 0.85;
enum { ROUNDS_MOST = 20000 };

static fn_status solve(fn_run *run, const fn_csr *out, const fn_csr *in, double factor, double *score)
{
    const fn_fixed_point how = {
        .what = "Katz", .rows = in, .columns = out, .factor = factor, .base = 1, .tolerance = TOLERANCE, .each = true,
        .most = ROUNDS_MOST
    };
    for (uint32_t v = 0; v < in->firms; v++) score[v] = 1;
    return fn_fixed_point_solve(run, &how, score);
}

fn_status fn_katz(fn_run *run, const fn_csr *out, const fn_csr *in, double *alpha, double *score)
{
    fn_radius radius;
    fn_csr outward = *out, inward = *in;
    double *out_weight = NULL, *in_weight = NULL;
    if (isnan(*alpha) || *alpha < 0 || isinf(*alpha)) return fn_fail(run, FN_EINVAL, "alpha must be 0 or more");
    fn_status status = fn_spectral_radius(run, out, in, &radius);
    if (status) return status;
    /* In weights over the largest: ends of what doubles can hold don't matter then. Without cycles every alpha gives a
     * finite sum over chains, so there is no bound to take a share of; 1 / the largest strength in adds to no firm
     * more in a step than the largest score of its suppliers. */
    double bound = radius.most > 0 ? 1 / radius.most : INFINITY, factor = ldexp(*alpha, radius.exponent);
    if (*alpha == 0) {
        factor = radius.most > 0 ? SHARE * bound : radius.largest > 0 ? 1 / radius.largest : 0;
        *alpha = ldexp(factor, -radius.exponent);
    }
    if (factor >= bound * (1 - 1e-9)) {
        fn_fail(run, FN_EINVAL, "alpha %.9g is too large for Katz: the sum over chains is finite below %.9g only",
                *alpha, ldexp(bound, -radius.exponent));
        fn_hint(run, "a smaller --katz-alpha, or none: 0.85 of that bound");
        return FN_EINVAL;
    }
    if (!(status = fn_weights_scaled(run, out, -radius.exponent, &out_weight)))
        status = fn_weights_scaled(run, in, -radius.exponent, &in_weight);
    outward.weight = out_weight;
    inward.weight = in_weight;
    if (!status) status = solve(run, &outward, &inward, factor, score);
    fn_free(out_weight);
    fn_free(in_weight);
    return status;
}

static fn_status run_katz(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    double alpha = fn_values_real(values, "katz-alpha");
    fn_csr *out = NULL, *in = NULL;
    fn_column *column;
    fn_status status = fn_even_layers(run, view, &out, &in);
    if (!status) status = fn_table_add(run, result, "katz", FN_COLUMN_REAL, &column);
    if (!status) status = fn_katz(run, out, in, &alpha, column->real);
    if (!status) fn_note(run, "Katz: alpha is %.9g", alpha);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

static const fn_param params[] = {
    { .name = "katz-alpha", .type = FN_PARAM_REAL, .argument = "FACTOR", .fallback = "0", .low = 0, .high = 1e300,
      .text = "Katz: factor of each further tie of a chain, below 1 / the largest eigenvalue; 0: 0.85 of that; "
              "1 / the largest strength in where no chain leads in a circle, as there is no such bound then" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_katz = {
    .name = "katz", .group = FN_GROUP_CENTRALITY,
    .text = "weight of all chains of deliveries that end at a firm, longer ones counting less",
    .gives = "katz", .params = params, .source = "Katz 1953", .on_request = true, .run = run_katz
};
