/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/fixed_point.h"
#include "graph/memory.h"
#include "graph/names.h"

/* A round takes blocks in order; firms of a block are shared out in chunks. Both depend on the network alone. */
enum { BLOCKS = 16, CHUNK = 1024, ARCS_FOR_THREADS = 50000 };

/* Two firms are a pair where each passes at least this share of its score on to the other. */
static const double PAIR_LEAST = 0.125;

typedef struct chunk {
    uint32_t first, end;
    double sum, lost, change, most; /* of a round: scores, scores of firms of part 0, changes, largest relative change */
} chunk;

typedef struct solver {
    const fn_fixed_point *how;
    uint32_t firms;
    double *x, *passed;     /* scores, and what of them goes along arcs */
    double *own;            /* of each firm: its score as far as it does not come from its partner */
    uint32_t *partner;      /* FN_NONE: none */
    double *coupling;       /* what of its partner's score a firm gets */
    chunk *chunks;
    size_t block[BLOCKS + 1]; /* first chunk of each */
    uint32_t block_first[BLOCKS + 1];
    double sum, lost, change, most;
    int threads;
} solver;

static double scale_of(const fn_fixed_point *how, uint32_t v)
{
    return how->scale ? how->scale[v] : how->factor;
}

static double part_of(const fn_fixed_point *how, uint32_t u)
{
    return how->part ? how->part[u] : 1;
}

/* ---- pairs ---- */

/* The firm that u shares most with both ways, and what u gets of its score. */
static void choose_partner(solver *s, uint32_t u)
{
    const fn_fixed_point *how = s->how;
    const fn_csr *out = how->columns;
    double best = 0, part = part_of(how, u), scale = scale_of(how, u);
    s->partner[u] = FN_NONE;
    for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
        double given = out->weight[i] * part;
        if (how->scale) given *= how->scale[out->target[i]];
        else given *= how->factor;
        if (!(given >= PAIR_LEAST)) continue;
        uint32_t v = out->target[i];
        size_t back = fn_csr_find(how->rows, u, v);
        if (back == FN_NO_ARC) continue;
        double got = how->rows->weight[back] * part_of(how, v) * scale;
        if (!(got >= PAIR_LEAST) || !(given * got > best) || !(given * got < 1)) continue;
        best = given * got;
        s->partner[u] = v;
        s->coupling[u] = got;
    }
}

static void find_pairs(solver *s)
{
#pragma omp parallel for schedule(dynamic, CHUNK) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++) choose_partner(s, u);
    /* Firms whose choice chose another stay alone; `own` keeps the places meanwhile. */
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++)
        s->own[u] = s->partner[u] != FN_NONE && s->partner[s->partner[u]] == u;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++)
        if (s->own[u] == 0) s->partner[u] = FN_NONE;
}

/* ---- rounds ---- */

/* Blocks of about as many arcs and firms, each in chunks. */
static fn_status cut(fn_run *run, solver *s)
{
    const size_t *offset = s->how->rows->offset;
    double all = (double) (offset[s->firms] + s->firms);
    s->chunks = fn_alloc(run, s->firms / CHUNK + BLOCKS + 1, sizeof *s->chunks);
    if (!s->chunks) return FN_ENOMEM;
    uint32_t first = 0;
    size_t count = 0;
    for (int b = 0; b < BLOCKS; b++) {
        uint32_t end = first;
        while (end < s->firms && (b == BLOCKS - 1 || (double) (offset[end] + end) * BLOCKS < all * (b + 1))) end++;
        s->block_first[b] = first;
        s->block[b] = count;
        for (; first < end; first = s->chunks[count++].end) {
            s->chunks[count].first = first;
            s->chunks[count].end = end - first > CHUNK ? first + CHUNK : end;
        }
    }
    s->block_first[BLOCKS] = s->firms;
    s->block[BLOCKS] = count;
    return FN_OK;
}

static double round_base(const solver *s)
{
    const fn_fixed_point *how = s->how;
    return how->is_closed ? ((1 - how->factor) * s->sum + how->factor * s->lost) / s->firms : how->base;
}

/* What comes to firms of a chunk from all but their partners. */
static void gather(const solver *s, const chunk *c, double base)
{
    const fn_fixed_point *how = s->how;
    const fn_csr *rows = how->rows;
    for (uint32_t v = c->first; v < c->end; v++) {
        double sum = 0;
        for (size_t i = rows->offset[v]; i < rows->offset[v + 1]; i++) sum += rows->weight[i] * s->passed[rows->target[i]];
        s->own[v] = (how->constant ? how->constant[v] : base) + scale_of(how, v) * sum;
        if (s->partner[v] != FN_NONE) s->own[v] -= s->coupling[v] * s->x[s->partner[v]];
    }
}

static void set_score(const solver *s, uint32_t v, double score, chunk *c)
{
    double change = fabs(score - s->x[v]);
    c->change += change;
    if (change > c->most * score) c->most = change / score;
    s->x[v] = score;
    if (s->how->part) s->passed[v] = score * s->how->part[v];
}

/* Scores of a chunk; of pairs, both as soon as the second is known. */
static void settle(const solver *s, chunk *c, uint32_t block_first)
{
    const double *part = s->how->part;
    c->sum = c->lost = c->change = c->most = 0;
    for (uint32_t v = c->first; v < c->end; v++) {
        uint32_t u = s->partner[v];
        double score = s->own[v];
        if (u != FN_NONE) {
            double whole = 1 - s->coupling[v] * s->coupling[u], before = s->x[u];
            score = (s->own[v] + s->coupling[v] * s->own[u]) / whole;
            if (u < block_first) {
                set_score(s, u, (s->own[u] + s->coupling[u] * s->own[v]) / whole, c);
                c->sum += s->x[u] - before;
            }
        }
        set_score(s, v, score, c);
        c->sum += score;
        if (part && part[v] == 0) c->lost += score;
    }
}

static void sweep(solver *s)
{
    double base = round_base(s);
#pragma omp parallel num_threads(s->threads) if (s->how->rows->arcs > ARCS_FOR_THREADS)
    for (int b = 0; b < BLOCKS; b++) {
#pragma omp for schedule(dynamic)
        for (size_t k = s->block[b]; k < s->block[b + 1]; k++) gather(s, &s->chunks[k], base);
#pragma omp for schedule(dynamic)
        for (size_t k = s->block[b]; k < s->block[b + 1]; k++) settle(s, &s->chunks[k], s->block_first[b]);
    }
    s->sum = s->lost = s->change = s->most = 0;
    for (size_t k = 0; k < s->block[BLOCKS]; k++) {
        s->sum += s->chunks[k].sum;
        s->lost += s->chunks[k].lost;
        s->change += s->chunks[k].change;
        if (s->chunks[k].most > s->most) s->most = s->chunks[k].most;
    }
}

static void start(solver *s)
{
    s->sum = s->lost = 0;
    for (size_t k = 0; k < s->block[BLOCKS]; k++) {
        double sum = 0, lost = 0;
        for (uint32_t v = s->chunks[k].first; v < s->chunks[k].end; v++) {
            double part = part_of(s->how, v);
            uint32_t u = s->partner[v];
            sum += s->x[v];
            if (part == 0) lost += s->x[v];
            if (s->how->part) s->passed[v] = s->x[v] * part;
            s->own[v] = s->x[v] - (u == FN_NONE ? 0 : s->coupling[v] * s->x[u]);
        }
        s->sum += sum;
        s->lost += lost;
    }
}

static fn_status iterate(fn_run *run, solver *s)
{
    const fn_fixed_point *how = s->how;
    for (long round = 0; round < how->most; round++) {
        fn_status status = fn_progress(run, how->what, (double) round / (double) how->most);
        if (status) return status;
        sweep(s);
        if (!isfinite(s->sum)) break;
        if (s->change <= how->tolerance * s->sum && (!how->each || s->most <= how->tolerance)) return FN_OK;
    }
    return fn_fail(run, FN_ENOCONV, "%s did not settle within %g in %ld rounds", how->what, how->tolerance, how->most);
}

fn_status fn_fixed_point_solve(fn_run *run, const fn_fixed_point *how, double *x)
{
    uint32_t firms = how->rows->firms;
    if (firms == 0) return FN_OK;
    solver s = {
        .how = how, .firms = firms, .x = x, .threads = fn_run_threads(run),
        .passed = how->part ? fn_alloc_scattered(run, firms, sizeof *s.passed) : x,
        .own = fn_alloc_bare(run, firms, sizeof *s.own), .partner = fn_alloc_bare(run, firms, sizeof *s.partner),
        .coupling = fn_alloc(run, firms, sizeof *s.coupling)
    };
    fn_status status = s.passed && s.own && s.partner && s.coupling ? cut(run, &s) : FN_ENOMEM;
    if (!status) {
        find_pairs(&s);
        start(&s);
        status = iterate(run, &s);
    }
    if (how->part) fn_free(s.passed);
    fn_free(s.own);
    fn_free(s.partner);
    fn_free(s.coupling);
    fn_free(s.chunks);
    return status;
}
