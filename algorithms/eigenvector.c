/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "algorithms/half_rows.h"
#include "algorithms/spectral.h"
#include "graph/memory.h"

static const double TOLERANCE = 1e-11, CLOSE = 1e-6;
enum { ROUNDS_MOST = 10000, THREADS_FROM = 50000 };

typedef struct partners {
    const fn_csr *both;
    const double *weight;
    fn_half_rows rows; /* the same in floats */
} partners;

static void multiply(const fn_run *run, const void *user, const double *x, double *y)
{
    const partners *p = user;
    fn_rows_multiply(run, p->both, p->weight, x, y);
}

static void multiply_roughly(const fn_run *run, const void *user, const float *x, float *y)
{
    const partners *p = user;
    fn_half_rows_multiply_all(&p->rows, 0, p->both->arcs > THREADS_FROM ? fn_run_threads(run) : 1, x, y);
}

fn_status fn_eigenvector(fn_run *run, const fn_csr *both, double *score, double *gap)
{
    double *weight = NULL, value, second;
    int exponent = fn_weights_exponent(run, both);
    fn_status status = exponent ? fn_weights_scaled(run, both, -exponent, &weight) : FN_OK;
    if (status) return status;
    partners p = { .both = both, .weight = weight ? weight : both->weight };
    const fn_half_terms terms = { .rows = both, .weight = p.weight, .is_whole = true, .factor = 1 };
    const fn_dominant how = {
        .what = "eigenvector centrality", .n = both->firms, .multiply = multiply, .rough = multiply_roughly, .user = &p,
        .tolerance = TOLERANCE, .most = ROUNDS_MOST
    };
    status = fn_half_rows_build(run, &terms, both->arcs > THREADS_FROM ? fn_run_threads(run) : 1, &p.rows, NULL);
    if (!status) status = fn_dominant_vector(run, &how, score, &value, gap ? &second : NULL);
    fn_half_rows_free(&p.rows);
    if (!status && gap) *gap = value > 0 ? fmax(1 - second / value, 0) : 1;
    fn_free(weight);
    return status;
}

static fn_status run_eigenvector(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *both = NULL;
    fn_column *column;
    double gap;
    (void) values;
    fn_status status = fn_even_layers_both(run, view, &both);
    if (!status) status = fn_table_add(run, result, "eigenvector", FN_COLUMN_REAL, &column);
    if (!status) status = fn_eigenvector(run, both, column->real, &gap);
    if (!status && gap < CLOSE)
        fn_warn(run, "eigenvector centrality is degenerate: several groups of firms have the same largest eigenvalue "
                "(to %g), so which of them rank high is not well defined", CLOSE);
    fn_csr_free(both);
    return status;
}

const fn_algorithm fn_algorithm_eigenvector = {
    .name = "eigenvector", .group = FN_GROUP_CENTRALITY,
    .text = "firms tied strongly to firms that are so themselves, direction ignored",
    .gives = "eigenvector", .source = "Bonacich 1972; Knyazev 2001", .on_request = true, .run = run_eigenvector
};
