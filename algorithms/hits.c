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
enum { ROUNDS_MOST = 5000, THREADS_FROM = 50000 };

typedef struct sides {
    const fn_csr *out, *in;
    const double *out_weight, *in_weight;
    double *hub;
    fn_half_rows out_rows, in_rows; /* the same in floats */
    float *rough_hub;
    int threads;
} sides;

/* Authorities make hubs, hubs make authorities. */
static void multiply(const fn_run *run, const void *user, const double *x, double *y)
{
    const sides *s = user;
    fn_rows_multiply(run, s->out, s->out_weight, x, s->hub);
    fn_rows_multiply(run, s->in, s->in_weight, s->hub, y);
}

static void multiply_roughly(const fn_run *run, const void *user, const float *x, float *y)
{
    const sides *s = user;
    (void) run;
    fn_half_rows_multiply_all(&s->out_rows, 0, s->threads, x, s->rough_hub);
    fn_half_rows_multiply_all(&s->in_rows, 0, s->threads, s->rough_hub, y);
}

static fn_status make_rough(fn_run *run, sides *s)
{
    const fn_half_terms out = { .rows = s->out, .weight = s->out_weight, .is_whole = true, .factor = 1 };
    const fn_half_terms in = { .rows = s->in, .weight = s->in_weight, .is_whole = true, .factor = 1 };
    s->threads = s->out->arcs > THREADS_FROM ? fn_run_threads(run) : 1;
    if (!(s->rough_hub = fn_alloc_scattered(run, s->out->firms, sizeof *s->rough_hub))) return FN_ENOMEM;
    fn_status status = fn_half_rows_build(run, &out, s->threads, &s->out_rows, NULL);
    return status ? status : fn_half_rows_build(run, &in, s->threads, &s->in_rows, NULL);
}

static void scale_hubs(uint32_t firms, const double *from, double *hub)
{
    double most = 0;
    for (uint32_t u = 0; u < firms; u++) most = fmax(most, from[u]);
    for (uint32_t u = 0; u < firms; u++) hub[u] = most > 0 && from[u] > 1e-10 * most ? from[u] / most : 0;
}

fn_status fn_hits(fn_run *run, const fn_csr *out, const fn_csr *in, double *hub, double *authority, double *gap)
{
    uint32_t firms = out->firms;
    double *out_weight = NULL, *in_weight = NULL, value, second;
    sides s = { .out = out, .in = in, .hub = fn_alloc(run, firms, sizeof *s.hub) };
    int exponent = fn_weights_exponent(run, out);
    fn_status status = s.hub ? FN_OK : FN_ENOMEM;
    if (!status && exponent) status = fn_weights_scaled(run, out, -exponent, &out_weight);
    if (!status && exponent) status = fn_weights_scaled(run, in, -exponent, &in_weight);
    if (!status) {
        s.out_weight = out_weight ? out_weight : out->weight;
        s.in_weight = in_weight ? in_weight : in->weight;
        status = make_rough(run, &s);
    }
    if (!status) {
        const fn_dominant how = {
            .what = "HITS", .n = firms, .multiply = multiply, .rough = multiply_roughly, .user = &s,
            .tolerance = TOLERANCE, .most = ROUNDS_MOST
        };
        status = fn_dominant_vector(run, &how, authority, &value, gap ? &second : NULL);
    }
    if (!status) {
        fn_rows_multiply(run, out, s.out_weight, authority, s.hub);
        scale_hubs(firms, s.hub, hub);
        if (gap) *gap = value > 0 ? fmax(1 - second / value, 0) : 1;
    }
    fn_free(s.hub);
    fn_free(s.rough_hub);
    fn_half_rows_free(&s.out_rows);
    fn_half_rows_free(&s.in_rows);
    fn_free(out_weight);
    fn_free(in_weight);
    return status;
}

static fn_status run_hits(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *out = NULL, *in = NULL;
    fn_column *hub, *authority;
    double gap;
    (void) values;
    fn_status status = fn_even_layers(run, view, &out, &in);
    if (!status) status = fn_table_add(run, result, "hub", FN_COLUMN_REAL, &hub);
    if (!status) status = fn_table_add(run, result, "authority", FN_COLUMN_REAL, &authority);
    if (!status) status = fn_hits(run, out, in, hub->real, authority->real, &gap);
    if (!status && gap < CLOSE)
        fn_warn(run, "HITS is degenerate: several groups of firms have the same largest eigenvalue (to %g), so which "
                "of them rank high is not well defined", CLOSE);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

const fn_algorithm fn_algorithm_hits = {
    .name = "hits", .group = FN_GROUP_CENTRALITY,
    .text = "hubs deliver much to good authorities, authorities get much from good hubs",
    .gives = "hub,authority", .source = "Kleinberg 1999; Knyazev 2001", .on_request = true, .run = run_hits
};
