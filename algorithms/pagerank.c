/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "graph/memory.h"

/* Rows are summed by one thread in arc order, and sums over rows go through blocks of this size in fixed order: the
 * same bits however many threads there are. */
enum { BLOCK = 4096 };

typedef struct sweep {
    const fn_csr *in;
    const double *share;   /* of each arc in: what part of its source's rank flows here */
    const bool *dangling;
    double damping;
    size_t blocks;
    double *change, *lost; /* per block */
} sweep;

static bool usable(const fn_csr *csr)
{
    for (size_t i = 0; i < csr->arcs; i++)
        if (!(csr->weight[i] >= 0) || isinf(csr->weight[i])) return false;
    return true;
}

/* Parts of a firm's arcs out, relative to its largest so that nothing overflows or vanishes. */
static fn_status find_shares(fn_run *run, const fn_csr *out, const fn_csr *in, double *share, bool *dangling)
{
    double *largest = fn_alloc(run, out->firms, sizeof *largest), *sum = fn_alloc(run, out->firms, sizeof *sum);
    fn_status status = largest && sum ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < out->firms; u++) {
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++)
            if (out->weight[i] > largest[u]) largest[u] = out->weight[i];
        dangling[u] = !(largest[u] > 0);
        if (dangling[u]) continue;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) sum[u] += out->weight[i] / largest[u];
    }
    for (size_t i = 0; !status && i < in->arcs; i++) {
        uint32_t u = in->target[i];
        share[i] = dangling[u] ? 0 : in->weight[i] / largest[u] / sum[u];
    }
    fn_free(largest);
    fn_free(sum);
    return status;
}

static void sweep_block(const sweep *s, size_t block, double base, const double *now, double *next)
{
    uint32_t first = (uint32_t) (block * BLOCK);
    uint32_t end = s->in->firms - first > BLOCK ? first + BLOCK : s->in->firms;
    double change = 0, lost = 0;
    for (uint32_t v = first; v < end; v++) {
        double sum = 0;
        for (size_t i = s->in->offset[v]; i < s->in->offset[v + 1]; i++) sum += s->share[i] * now[s->in->target[i]];
        next[v] = base + s->damping * sum;
        change += fabs(next[v] - now[v]);
        if (s->dangling[v]) lost += next[v];
    }
    s->change[block] = change;
    s->lost[block] = lost;
}

static double block_sum(const double *part, size_t blocks)
{
    double sum = 0;
    for (size_t b = 0; b < blocks; b++) sum += part[b];
    return sum;
}

/* Jacobi sweeps from the even start, in score and spare by turns; the last one ends in score. */
static fn_status iterate(fn_run *run, const sweep *s, double tolerance, double *score, double *spare)
{
    uint32_t firms = s->in->firms;
    double lost = 0, *now = score, *next = spare;
    for (uint32_t v = 0; v < firms; v++) now[v] = 1.0 / firms;
    for (uint32_t v = 0; v < firms; v++) lost += s->dangling[v] ? now[v] : 0;
    long most = s->damping > 0 ? (long) ceil(log(tolerance / 2) / log(s->damping)) + 100 : 3;
    for (long round = 0; round < most; round++) {
        double base = (1 - s->damping) / firms + s->damping * lost / firms;
#ifdef _OPENMP
#pragma omp parallel for num_threads(fn_run_threads(run)) schedule(static) if (s->blocks > 1)
#endif
        for (size_t b = 0; b < s->blocks; b++) sweep_block(s, b, base, now, next);
        double change = block_sum(s->change, s->blocks), *swap = now;
        lost = block_sum(s->lost, s->blocks);
        now = next, next = swap;
        fn_status status = fn_progress(run, "PageRank", (double) round / (double) most);
        if (status) return status;
        if (change < tolerance) {
            if (now != score) memcpy(score, now, firms * sizeof *score);
            return FN_OK;
        }
    }
    return fn_fail(run, FN_ENOCONV, "PageRank did not settle within %g in %ld rounds", tolerance, most);
}

fn_status fn_pagerank(fn_run *run, const fn_csr *out, const fn_csr *in, double damping, double tolerance, double *score)
{
    if (!(damping >= 0 && damping < 1)) return fn_fail(run, FN_EINVAL, "damping must be 0 or more and below 1");
    if (!(tolerance > 0 && tolerance < 1)) return fn_fail(run, FN_EINVAL, "tolerance must be above 0 and below 1");
    if (!usable(out) || !usable(in)) return fn_fail(run, FN_EINVAL, "PageRank needs weights from 0 up, all finite");
    uint32_t firms = out->firms;
    if (firms == 0) return FN_OK;
    size_t blocks = ((size_t) firms + BLOCK - 1) / BLOCK;
    double *share = fn_alloc(run, in->arcs, sizeof *share), *spare = fn_alloc(run, firms, sizeof *spare);
    double *change = fn_alloc(run, blocks, sizeof *change), *lost = fn_alloc(run, blocks, sizeof *lost);
    bool *dangling = fn_alloc(run, firms, sizeof *dangling);
    fn_status status = share && spare && change && lost && dangling ? FN_OK : FN_ENOMEM;
    if (!status) status = find_shares(run, out, in, share, dangling);
    if (!status) {
        const sweep s = { in, share, dangling, damping, blocks, change, lost };
        status = iterate(run, &s, tolerance, score, spare);
    }
    fn_free(share);
    fn_free(spare);
    fn_free(change);
    fn_free(lost);
    fn_free(dangling);
    return status;
}

/* Both sides of the view's weighted adjacency. Of several layers each is divided by its total: money, counts and
 * shares then add up without a common unit, and every layer moves as much rank. */
static fn_status even_layers(fn_run *run, const fn_view *view, fn_csr **out, fn_csr **in)
{
    fn_status status = FN_OK;
    if (!(view->layers & (view->layers - 1))) { /* one layer, or none */
        status = fn_view_csr(run, view, -1, FN_CSR_OUT, false, out);
        return status ? status : fn_view_csr(run, view, -1, FN_CSR_IN, false, in);
    }
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double *weight = fn_alloc_bare(run, view->ties, sizeof *weight);
    double largest[FN_LAYERS_MOST] = { 0 }, total[FN_LAYERS_MOST] = { 0 };
    if (!weight) return FN_ENOMEM;

    for (size_t i = 0; i < view->ties; i++) {
        double *most = &largest[fn_ties_at(ties, fn_view_tie(view, i)).layer];
        if (view->weight[i] > *most) *most = view->weight[i];
    }
    for (size_t i = 0; i < view->ties; i++) {
        uint16_t layer = fn_ties_at(ties, fn_view_tie(view, i)).layer;
        if (largest[layer] > 0) total[layer] += view->weight[i] / largest[layer];
    }
    for (size_t i = 0; i < view->ties; i++) {
        uint16_t layer = fn_ties_at(ties, fn_view_tie(view, i)).layer;
        weight[i] = total[layer] > 0 ? view->weight[i] / largest[layer] / total[layer] : view->weight[i];
    }
    status = fn_view_csr_weighted(run, view, -1, FN_CSR_OUT, false, weight, out);
    if (!status) status = fn_view_csr_weighted(run, view, -1, FN_CSR_IN, false, weight, in);
    fn_free(weight);
    return status;
}

static fn_status run_pagerank(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    double damping = fn_values_real(values, "damping");
    fn_csr *out = NULL, *in = NULL;
    fn_column *forth, *back;
    fn_status status = even_layers(run, view, &out, &in);
    if (!status) status = fn_table_add(run, result, "pagerank", FN_COLUMN_REAL, &forth);
    if (!status) status = fn_table_add(run, result, "reverse_pagerank", FN_COLUMN_REAL, &back);
    if (!status) status = fn_pagerank(run, out, in, damping, 1e-12, forth->real);
    if (!status) status = fn_pagerank(run, in, out, damping, 1e-12, back->real);
    fn_csr_free(out);
    fn_csr_free(in);
    return status;
}

static const fn_param params[] = {
    { .name = "damping", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.85", .low = 0, .high = 0.999,
      .text = "how often the walk goes on along a tie instead of jumping to any firm" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_pagerank = {
    .name = "pagerank", .group = FN_GROUP_CENTRALITY,
    .text = "share of a random walk along ties, and against them, spent at a firm",
    .gives = "pagerank,reverse_pagerank", .params = params, .source = "Brin and Page 1998", .run = run_pagerank
};
