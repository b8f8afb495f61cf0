/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/fixed_point.h"
#include "algorithms/spectral.h"
#include "graph/memory.h"

enum { ROUNDS_MOST = 20000 };
static const double TOLERANCE = 1e-13, LEAK_LEAST = 1e-12;

/* Mark everybody who reaches a marked firm along the rows of `away`, by search against them in `back`. */
static void spread(const fn_csr *back, bool *marked, uint32_t *queue)
{
    uint32_t head = 0, tail = 0;
    for (uint32_t u = 0; u < back->firms; u++)
        if (marked[u]) queue[tail++] = u;
    while (head < tail) {
        uint32_t u = queue[head++];
        for (size_t i = back->offset[u]; i < back->offset[u + 1]; i++) {
            if (marked[back->target[i]]) continue;
            marked[back->target[i]] = true;
            queue[tail++] = back->target[i];
        }
    }
}

/* Firms whose chains may never end: they reach a group that passes on all it has, within the group. */
static void find_endless(const fn_csr *away, const fn_csr *back, const double *scale, bool *marked, uint32_t *queue)
{
    for (uint32_t u = 0; u < away->firms; u++) {
        double sum = 0;
        for (size_t i = away->offset[u]; i < away->offset[u + 1]; i++) sum += away->weight[i] * scale[u];
        marked[u] = sum < 1 - LEAK_LEAST;
    }
    spread(back, marked, queue);
    for (uint32_t u = 0; u < away->firms; u++) marked[u] = !marked[u];
    spread(back, marked, queue);
}

fn_status fn_streamness(fn_run *run, const fn_csr *away, const fn_csr *back, const double *output, double *steps,
                        uint32_t *endless)
{
    uint32_t firms = away->firms;
    double *scale = fn_alloc(run, firms, sizeof *scale), *constant = fn_alloc(run, firms, sizeof *constant);
    bool *marked = fn_alloc(run, firms, sizeof *marked);
    uint32_t *queue = fn_alloc(run, firms, sizeof *queue);
    fn_status status = scale && constant && marked && queue ? FN_OK : FN_ENOMEM;
    *endless = 0;
    if (!status) {
        for (uint32_t u = 0; u < firms; u++) scale[u] = output[u] > 0 ? 1 / output[u] : 0;
        find_endless(away, back, scale, marked, queue);
        for (uint32_t u = 0; u < firms; u++) {
            *endless += marked[u];
            steps[u] = constant[u] = output[u] > 0 && !marked[u];
            if (constant[u] == 0) scale[u] = 0;
        }
        const fn_fixed_point how = {
            .what = "upstreamness", .rows = away, .columns = back, .scale = scale, .constant = constant,
            .tolerance = TOLERANCE, .each = true, .most = ROUNDS_MOST
        };
        status = fn_fixed_point_solve(run, &how, steps);
        for (uint32_t u = 0; !status && u < firms; u++)
            if (constant[u] == 0) steps[u] = NAN;
    }
    fn_free(scale);
    fn_free(constant);
    fn_free(marked);
    fn_free(queue);
    return status;
}

/* Output of each firm: what it sells or what it buys, whichever is more. Weights over the largest, so that sums stay in
 * range. */
static fn_status find_output(fn_run *run, fn_csr *out, fn_csr *in, double **output)
{
    int exponent = fn_weights_exponent(run, out);
    if (!(*output = fn_alloc(run, out->firms, sizeof **output))) return FN_ENOMEM;
    double *out_weight = NULL, *in_weight = NULL;
    fn_status status = fn_weights_scaled(run, out, -exponent, &out_weight);
    if (!status) status = fn_weights_scaled(run, in, -exponent, &in_weight);
    if (status) {
        fn_free(out_weight);
        return status;
    }
    fn_free(out->own_weight);
    fn_free(in->own_weight);
    out->weight = out->own_weight = out_weight;
    in->weight = in->own_weight = in_weight;
    for (uint32_t u = 0; u < out->firms; u++) {
        double sold = 0, bought = 0;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) sold += out->weight[i];
        for (size_t i = in->offset[u]; i < in->offset[u + 1]; i++) bought += in->weight[i];
        (*output)[u] = fmax(sold, bought);
    }
    return FN_OK;
}

static fn_status run_streamness(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *out = NULL, *in = NULL;
    fn_column *up, *down;
    double *output = NULL;
    uint32_t endless_up = 0, endless_down = 0;
    (void) values;
    fn_status status = fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_OUT, false, &out);
    if (!status) status = fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_IN, false, &in);
    if (!status) status = find_output(run, out, in, &output);
    if (!status) status = fn_table_add(run, result, "upstreamness", FN_COLUMN_REAL, &up);
    if (!status) status = fn_table_add(run, result, "downstreamness", FN_COLUMN_REAL, &down);
    if (!status) status = fn_streamness(run, out, in, output, up->real, &endless_up);
    if (!status) status = fn_streamness(run, in, out, output, down->real, &endless_down);
    if (!status && endless_up + endless_down)
        fn_warn(run, "%u firms have no upstreamness and %u no downstreamness: their chains lead into groups that sell, "
                "or buy, among themselves only", endless_up, endless_down);
    fn_free(output);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

const fn_algorithm fn_algorithm_streamness = {
    .name = "streamness", .group = FN_GROUP_CENTRALITY,
    .text = "how many steps of production stand between the firm and final use, and behind it (layer supply)",
    .gives = "upstreamness,downstreamness", .source = "Antras et al. 2012; Miller and Temurshoev 2017",
    .on_request = true, .run = run_streamness
};
