/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "algorithms/fixed_point.h"
#include "algorithms/vector.h"
#include "graph/memory.h"
#include "graph/names.h"

/* Firms are weighed by their arcs out as they are where all sums stay far from the ends of what doubles can hold;
 * else by shares of their own, for each arc. */
static const double LARGEST = 0x1p900, SMALLEST = 0x1p-900;
enum { THREADS_FROM = 50000 };

/* Of each firm: what it gives of its rank to a unit of weight, 1 / its strength out, 0 where it has none; who gets
 * most of it, and what share. */
typedef struct giving {
    double *part;
    uint32_t *taker;
    float *taken;
} giving;

/* *is_plain: all strengths are in range. */
static bool find_parts(fn_run *run, const fn_csr *out, const giving *g, bool *is_plain)
{
    int threads = fn_run_threads(run), bad = 0, extreme = 0;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4096) reduction(| : bad, extreme) num_threads(threads) \
    if (out->arcs > THREADS_FROM)
    for (uint32_t u = 0; u < out->firms; u++) {
        double sum = 0, most = 0;
        size_t best = FN_NO_ARC;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            double weight = out->weight[i];
            bad |= !(weight >= 0 && weight <= DBL_MAX);
            sum += weight;
            best = weight > most ? i : best;
            most = weight > most ? weight : most;
        }
        extreme |= sum > LARGEST || (sum > 0 && sum < SMALLEST);
        g->part[u] = sum > 0 ? 1 / sum : 0;
        g->taker[u] = best == FN_NO_ARC ? FN_NONE : out->target[best];
        g->taken[u] = (float) (most * g->part[u]);
    }
    *is_plain = !extreme;
    return !bad;
}

/* Parts of a firm's arcs out, relative to its largest so that nothing overflows or vanishes: the weights are shares
 * then, and every firm that has some gives all of its rank. */
static fn_status find_shares(fn_run *run, const fn_csr *out, const fn_csr *in, double *part, double *out_share,
                             double *in_share)
{
    double *largest = fn_alloc(run, out->firms, sizeof *largest), *sum = fn_alloc(run, out->firms, sizeof *sum);
    fn_status status = largest && sum ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < out->firms; u++) {
        size_t end = out->offset[u + 1];
        for (size_t i = out->offset[u]; i < end; i++)
            if (out->weight[i] > largest[u]) largest[u] = out->weight[i];
        part[u] = largest[u] > 0;
        for (size_t i = out->offset[u]; largest[u] > 0 && i < end; i++) sum[u] += out->weight[i] / largest[u];
        for (size_t i = out->offset[u]; largest[u] > 0 && i < end; i++)
            out_share[i] = out->weight[i] / largest[u] / sum[u];
    }
    for (size_t i = 0; !status && i < in->arcs; i++) {
        uint32_t u = in->target[i];
        in_share[i] = part[u] > 0 ? in->weight[i] / largest[u] / sum[u] : 0;
    }
    fn_free(largest);
    fn_free(sum);
    return status;
}

static fn_status solve(fn_run *run, const fn_csr *out, const fn_csr *in, const giving *g,
                       double damping, double tolerance, double *score)
{
    long rounds = damping > 0 ? (long) ceil(log(tolerance / 2) / log(damping)) : 0;
    const fn_fixed_point how = {
        .what = "PageRank", .rows = in, .columns = out, .part = g->part, .taker = g->taker, .taken = g->taken,
        .factor = damping, .is_closed = true, .tolerance = tolerance, .most = rounds + 100
    };
    int threads = out->arcs > THREADS_FROM ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t v = 0; v < out->firms; v++) score[v] = 1;
    fn_status status = fn_fixed_point_solve(run, &how, score);
    if (status) return status;
    double sum = fn_vector_sum(run, score, out->firms);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t v = 0; v < out->firms; v++) score[v] /= sum;
    return FN_OK;
}

fn_status fn_pagerank(fn_run *run, const fn_csr *out, const fn_csr *in, double damping, double tolerance, double *score)
{
    if (!(damping >= 0 && damping < 1)) return fn_fail(run, FN_EINVAL, "damping must be 0 or more and below 1");
    if (!(tolerance > 0 && tolerance < 1)) return fn_fail(run, FN_EINVAL, "tolerance must be above 0 and below 1");
    fn_csr out_shares = *out, in_shares = *in;
    double *out_share = NULL, *in_share = NULL;
    giving g = {
        .part = fn_alloc_scattered(run, out->firms, sizeof *g.part),
        .taker = fn_alloc_scattered(run, out->firms, sizeof *g.taker),
        .taken = fn_alloc_scattered(run, out->firms, sizeof *g.taken)
    };
    bool is_plain = true;
    fn_status status = g.part && g.taker && g.taken ? FN_OK : FN_ENOMEM;
    if (!status && !find_parts(run, out, &g, &is_plain))
        status = fn_fail(run, FN_EINVAL, "PageRank needs weights from 0 up, all finite");
    if (!status && !is_plain) {
        out_shares.weight = out_share = fn_alloc(run, out->arcs, sizeof *out_share);
        in_shares.weight = in_share = fn_alloc(run, in->arcs, sizeof *in_share);
        status = out_share && in_share ? find_shares(run, out, in, g.part, out_share, in_share) : FN_ENOMEM;
        fn_free(g.taker);
        g.taker = NULL; /* to be sought again, by shares */
    }
    if (!status) status = solve(run, &out_shares, &in_shares, &g, damping, tolerance, score);
    fn_free(g.part);
    fn_free(g.taker);
    fn_free(g.taken);
    fn_free(out_share);
    fn_free(in_share);
    return status;
}

static fn_status run_pagerank(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    double damping = fn_values_real(values, "damping"), tolerance = fn_values_real(values, "tolerance");
    fn_csr *out = NULL, *in = NULL;
    fn_column *forth, *back;
    fn_status status = fn_even_layers(run, view, &out, &in);
    if (!status) status = fn_table_add(run, result, "pagerank", FN_COLUMN_REAL, &forth);
    if (!status) status = fn_table_add(run, result, "reverse_pagerank", FN_COLUMN_REAL, &back);
    if (!status) status = fn_pagerank(run, out, in, damping, tolerance, forth->real);
    if (!status) status = fn_pagerank(run, in, out, damping, tolerance, back->real);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

static const fn_param params[] = {
    { .name = "damping", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.85", .low = 0, .high = 0.999,
      .text = "how often the walk goes on along a tie instead of jumping to any firm" },
    { .name = "tolerance", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "1e-13", .low = 1e-15, .high = 0.1,
      .text = "PageRank: done when one more step would move all scores together by less" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_pagerank = {
    .name = "pagerank", .group = FN_GROUP_CENTRALITY,
    .text = "share of a random walk along ties, and against them, spent at a firm",
    .gives = "pagerank,reverse_pagerank", .params = params, .source = "Brin and Page 1998", .run = run_pagerank
};
