/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/spectral.h"
#include "algorithms/vector.h"
#include "graph/memory.h"

enum { ROUNDS_MOST = 20000 };
static const double TOLERANCE = 1e-13;

/* Conjugate gradients (Hestenes and Stiefel 1952), each equation divided by its firm's strength. The equations of a
 * weak part determine its levels but for a constant, which conjugate gradients leave alone. */
typedef struct levels {
    const fn_csr *both;
    double *strength, *rest, *ready, *way, *image;
} levels;

/* image = (diag(strength) - W - W') way */
static void multiply(const fn_run *run, const levels *l)
{
    const fn_csr *both = l->both;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 2048) num_threads(threads) if (both->arcs > 50000)
    for (uint32_t v = 0; v < both->firms; v++) {
        double sum = 0;
        for (size_t i = both->offset[v]; i < both->offset[v + 1]; i++)
            sum += both->weight[i] * (l->way[v] - l->way[both->target[i]]);
        l->image[v] = sum;
    }
}

static double prepare(const fn_run *run, const levels *l)
{
    for (uint32_t v = 0; v < l->both->firms; v++) l->ready[v] = l->strength[v] > 0 ? l->rest[v] / l->strength[v] : 0;
    return fn_vector_dot(run, l->rest, l->ready, l->both->firms);
}

static fn_status descend(fn_run *run, const levels *l, double *level)
{
    uint32_t firms = l->both->firms;
    double left = prepare(run, l), enough = left * TOLERANCE * TOLERANCE;
    for (uint32_t v = 0; v < firms; v++) l->way[v] = l->ready[v];
    for (long round = 0; round < ROUNDS_MOST; round++) {
        fn_status status = fn_progress(run, "trophic levels", (double) round / ROUNDS_MOST);
        if (status) return status;
        if (!(left > enough)) return isnan(left) ? fn_fail(run, FN_ENOCONV, "trophic levels did not settle") : FN_OK;
        multiply(run, l);
        double bent = fn_vector_dot(run, l->way, l->image, firms);
        if (!(bent > 0)) return FN_OK;
        fn_vector_add(run, level, left / bent, l->way, firms);
        fn_vector_add(run, l->rest, -left / bent, l->image, firms);
        double before = left;
        left = prepare(run, l);
        for (uint32_t v = 0; v < firms; v++) l->way[v] = l->ready[v] + left / before * l->way[v];
    }
    return fn_fail(run, FN_ENOCONV, "trophic levels did not settle within %g in %d rounds", TOLERANCE, ROUNDS_MOST);
}

/* The lowest firm of each weak part gets level 0. */
static fn_status ground(fn_run *run, const fn_csr *both, double *level)
{
    uint32_t parts, *part = fn_alloc_bare(run, both->firms, sizeof *part);
    double *lowest = NULL;
    fn_status status = part ? fn_csr_parts(run, both, part, &parts) : FN_ENOMEM;
    if (!status && !(lowest = fn_alloc_bare(run, parts, sizeof *lowest))) status = FN_ENOMEM;
    if (!status) {
        for (uint32_t p = 0; p < parts; p++) lowest[p] = INFINITY;
        for (uint32_t v = 0; v < both->firms; v++) lowest[part[v]] = fmin(lowest[part[v]], level[v]);
        for (uint32_t v = 0; v < both->firms; v++)
            level[v] = both->offset[v] == both->offset[v + 1] ? NAN : level[v] - lowest[part[v]];
    }
    fn_free(part);
    fn_free(lowest);
    return status;
}

static double incoherence_of(const fn_csr *out, const double *level)
{
    double off = 0, sum = 0;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            double step = level[out->target[i]] - level[u] - 1;
            off += out->weight[i] * step * step;
            sum += out->weight[i];
        }
    return sum > 0 ? off / sum : NAN;
}

fn_status fn_trophic_levels(fn_run *run, const fn_csr *out, const fn_csr *in, const fn_csr *both, double *level,
                            double *incoherence)
{
    uint32_t firms = both->firms;
    int exponent = fn_weights_exponent(run, both);
    double *vectors = fn_alloc(run, 5 * (size_t) firms, sizeof *vectors), *weight[3] = { NULL, NULL, NULL };
    const fn_csr *sides[] = { out, in, both };
    fn_csr scaled[3];
    fn_status status = vectors ? FN_OK : FN_ENOMEM;
    for (int k = 0; k < 3 && !status; k++) {
        status = fn_weights_scaled(run, sides[k], -exponent, &weight[k]);
        scaled[k] = *sides[k];
        scaled[k].weight = weight[k];
    }
    if (!status) {
        const levels l = { &scaled[2], vectors, vectors + firms, vectors + 2 * (size_t) firms,
                           vectors + 3 * (size_t) firms, vectors + 4 * (size_t) firms };
        for (uint32_t v = 0; v < firms; v++) {
            double bought = 0, sold = 0;
            for (size_t i = in->offset[v]; i < in->offset[v + 1]; i++) bought += weight[1][i];
            for (size_t i = out->offset[v]; i < out->offset[v + 1]; i++) sold += weight[0][i];
            for (size_t i = both->offset[v]; i < both->offset[v + 1]; i++) l.strength[v] += weight[2][i];
            l.rest[v] = bought - sold;
            level[v] = 0;
        }
        if (!(status = descend(run, &l, level))) status = ground(run, both, level);
        if (!status && incoherence) *incoherence = incoherence_of(&scaled[0], level);
    }
    fn_free(vectors);
    for (int k = 0; k < 3; k++) fn_free(weight[k]);
    return status;
}

static fn_status run_trophic(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *side[3] = { NULL, NULL, NULL };
    const fn_csr_side which[3] = { FN_CSR_OUT, FN_CSR_IN, FN_CSR_BOTH };
    fn_column *column;
    double incoherence = NAN;
    (void) values;
    fn_status status = fn_table_add(run, result, "trophic_level", FN_COLUMN_REAL, &column);
    for (int k = 0; k < 3 && !status; k++) status = fn_view_csr(run, view, FN_LAYER_SUPPLY, which[k], false, &side[k]);
    if (!status) status = fn_trophic_levels(run, side[0], side[1], side[2], column->real, &incoherence);
    if (!status && !isnan(incoherence))
        fn_note(run, "trophic levels: incoherence %.6g (0: every delivery leads one level up)", incoherence);
    for (int k = 0; k < 3; k++) fn_csr_free(side[k]);
    return status;
}

const fn_algorithm fn_algorithm_trophic = {
    .name = "trophic", .group = FN_GROUP_CENTRALITY,
    .text = "level of the firm in the chain of production, from 0 for the lowest of its part (layer supply)",
    .gives = "trophic_level", .source = "MacKay, Johnson and Sansom 2020", .on_request = true, .run = run_trophic
};
