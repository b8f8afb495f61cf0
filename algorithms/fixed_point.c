/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <math.h>
#include "algorithms/fixed_point.h"
#include "algorithms/leiden_team.h"
#include "graph/memory.h"
#include "graph/names.h"

/* A round takes blocks in order; firms of a block are shared out in chunks. Both depend on the network alone. */
enum { BLOCKS = 32, CHUNK = 256, ARCS_FOR_THREADS = 50000, TURNS_MOST = 60 };

/* Two firms are a pair where each passes at least this share of its score on to the other. */
static const double PAIR_LEAST = 0.125;

/* A correction is found to this share of what was left to correct, or of itself: floats have no more digits. */
static const double CORRECTION = 1e-6;

/* Rounds end where the last changed all scores by this share of the tolerance, as about half of a change is left then.
 * Whether the scores will do is seen afterwards: this only saves rounds. */
static const double LAST_CHANGE = 0.8;

typedef struct chunk {
    uint32_t first, end;
    double sum, lost, change; /* of a round: corrections, those of firms of part 0, changes; of a check: what is left */
    double size;              /* of a round: corrections without their signs */
    bool is_done;             /* of a check: what is left is little beside each score */
} chunk;

/* Scores are doubles; what is left of the equations is found in doubles, and the correction that it asks for in floats,
 * which takes half the memory traffic. Repeated, that gives all digits. */
typedef struct solver {
    const fn_fixed_point *how;
    uint32_t firms;
    double *x, *passed;       /* scores, and what of them goes along arcs */
    double *left;             /* right side minus left side of each equation */
    float *weight;            /* of each arc: what the row gets of the other's score */
    float *fix, *right;       /* correction and what is left, in units of that on average */
    float *own;               /* of each firm: its correction as far as it does not come from its partner */
    uint32_t *partner;        /* FN_NONE: none */
    float *coupling;          /* what of its partner's score a firm gets */
    chunk *chunks;
    size_t block[BLOCKS + 1]; /* first chunk of each */
    uint32_t block_first[BLOCKS + 1];
    double sum, lost, change, size; /* of all chunks */
    double unit;              /* what is left, on average */
    bool is_done;
    long rounds;
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
        s->coupling[u] = (float) got;
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

static void add_up(solver *s)
{
    s->sum = s->lost = s->change = s->size = 0;
    s->is_done = true;
    for (size_t k = 0; k < s->block[BLOCKS]; k++) {
        s->sum += s->chunks[k].sum;
        s->lost += s->chunks[k].lost;
        s->change += s->chunks[k].change;
        s->size += s->chunks[k].size;
        s->is_done &= s->chunks[k].is_done;
    }
}

/* What everybody gets where nothing is lost. */
static double spread(const solver *s)
{
    return ((1 - s->how->factor) * s->sum + s->how->factor * s->lost) / s->firms;
}

/* ---- what is left of the equations, in doubles ---- */

static void pass_on(const solver *s, chunk *c)
{
    c->sum = c->lost = 0;
    for (uint32_t v = c->first; v < c->end; v++) {
        double part = part_of(s->how, v);
        c->sum += s->x[v];
        if (part == 0) c->lost += s->x[v];
        if (s->how->part) s->passed[v] = s->x[v] * part;
    }
}

static void check(const solver *s, chunk *c, double base)
{
    const fn_fixed_point *how = s->how;
    const fn_csr *rows = how->rows;
    c->change = 0;
    c->is_done = true;
    for (uint32_t v = c->first; v < c->end; v++) {
        double sum = 0, rounding = DBL_EPSILON * fn_csr_degree(rows, v);
        for (size_t i = rows->offset[v]; i < rows->offset[v + 1]; i++)
            sum += rows->weight[i] * s->passed[rows->target[i]];
        s->left[v] = (how->constant ? how->constant[v] : base) + scale_of(how, v) * sum - s->x[v];
        c->change += fabs(s->left[v]);
        c->is_done &= fabs(s->left[v]) <= (how->tolerance + rounding) * s->x[v];
    }
}

/* True: the scores will do. */
static bool find_left(solver *s)
{
    const fn_fixed_point *how = s->how;
    size_t chunks = s->block[BLOCKS];
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t k = 0; k < chunks; k++) pass_on(s, &s->chunks[k]);
    add_up(s);
    double base = how->is_closed ? spread(s) : how->base;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t k = 0; k < chunks; k++) check(s, &s->chunks[k], base);
    add_up(s);
    s->unit = s->change / s->firms;
    return s->change <= how->tolerance * s->sum && (!how->each || s->is_done);
}

/* ---- a correction, in floats ---- */

/* What comes to firms of a chunk from all but their partners. */
static void gather(const solver *s, const chunk *c, float base)
{
    const fn_csr *rows = s->how->rows;
    for (uint32_t v = c->first; v < c->end; v++) {
        float sum = 0;
        for (size_t i = rows->offset[v]; i < rows->offset[v + 1]; i++) sum += s->weight[i] * s->fix[rows->target[i]];
        s->own[v] = s->right[v] + base + sum;
        if (s->partner[v] != FN_NONE) s->own[v] -= s->coupling[v] * s->fix[s->partner[v]];
    }
}

/* Corrections of a chunk; of pairs, both as soon as the second is known. */
static void settle(const solver *s, chunk *c, uint32_t block_first)
{
    const double *part = s->how->part;
    c->sum = c->lost = c->change = c->size = 0;
    for (uint32_t v = c->first; v < c->end; v++) {
        uint32_t u = s->partner[v];
        float fix = s->own[v];
        if (u != FN_NONE) {
            float whole = 1 - s->coupling[v] * s->coupling[u], before = s->fix[u];
            fix = (s->own[v] + s->coupling[v] * s->own[u]) / whole;
            if (u < block_first) {
                s->fix[u] = (s->own[u] + s->coupling[u] * s->own[v]) / whole;
                c->sum += s->fix[u] - before;
                c->change += fabsf(s->fix[u] - before);
            }
        }
        c->change += fabsf(fix - s->fix[v]);
        s->fix[v] = fix;
        c->sum += fix;
        c->size += fabsf(fix);
        if (part && part[v] == 0) c->lost += fix;
    }
}

/* Chunks of a block, as threads come for them. */
static void gather_block(const solver *s, int b, atomic_size_t *next, float base)
{
    for (size_t k, end; fn_team_take(next, 1, s->block[b + 1], &k, &end);) gather(s, &s->chunks[k], base);
}

static void settle_block(const solver *s, int b, atomic_size_t *next)
{
    for (size_t k, end; fn_team_take(next, 1, s->block[b + 1], &k, &end);)
        settle(s, &s->chunks[k], s->block_first[b]);
}

static void sweep(solver *s)
{
    float base = s->how->is_closed ? (float) spread(s) : 0;
    fn_team team = { .threads = 1 };
    atomic_size_t next[2][BLOCKS];
    for (int b = 0; b < BLOCKS; b++) next[0][b] = next[1][b] = s->block[b];
#pragma omp parallel num_threads(s->threads)
    {
#pragma omp single
        team.threads = fn_team_size();
        for (int b = 0; b < BLOCKS; b++) {
            gather_block(s, b, &next[0][b], base);
            fn_team_wait(&team);
            settle_block(s, b, &next[1][b]);
            fn_team_wait(&team);
        }
    }
    add_up(s);
    s->rounds++;
}

/* Rounds until the correction is good enough; then it is added. */
static fn_status correct(fn_run *run, solver *s, double scores)
{
    const fn_fixed_point *how = s->how;
    double enough = CORRECTION * s->firms, wanted = how->tolerance * scores / s->unit * LAST_CHANGE;
    if (!how->each && wanted > enough) enough = wanted;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t v = 0; v < s->firms; v++) {
        s->right[v] = (float) (s->left[v] / s->unit);
        s->fix[v] = s->own[v] = 0;
    }
    s->sum = s->lost = 0;
    do {
        fn_status status = fn_progress(run, how->what, (double) s->rounds / (double) how->most);
        if (status) return status;
        sweep(s);
    } while (s->change > fmax(enough, CORRECTION * s->size) && s->rounds < how->most && isfinite(s->sum));
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t v = 0; v < s->firms; v++) s->x[v] += s->fix[v] * s->unit;
    return FN_OK;
}

static fn_status iterate(fn_run *run, solver *s)
{
    const fn_fixed_point *how = s->how;
    for (int turn = 0; turn < TURNS_MOST && s->rounds < how->most; turn++) {
        fn_status status = fn_progress(run, how->what, (double) s->rounds / (double) how->most);
        if (status) return status;
        if (find_left(s)) return FN_OK;
        if (!isfinite(s->change)) break;
        if ((status = correct(run, s, s->sum))) return status;
    }
    return fn_fail(run, FN_ENOCONV, "%s did not settle within %g in %ld rounds", how->what, how->tolerance, s->rounds);
}

static void find_weights(solver *s)
{
    const fn_csr *rows = s->how->rows;
#pragma omp parallel for schedule(dynamic, CHUNK) num_threads(s->threads)
    for (uint32_t v = 0; v < s->firms; v++) {
        double scale = scale_of(s->how, v);
        for (size_t i = rows->offset[v]; i < rows->offset[v + 1]; i++)
            s->weight[i] = (float) (rows->weight[i] * part_of(s->how, rows->target[i]) * scale);
    }
}

fn_status fn_fixed_point_solve(fn_run *run, const fn_fixed_point *how, double *x)
{
    uint32_t firms = how->rows->firms;
    if (firms == 0) return FN_OK;
    solver s = {
        .how = how, .firms = firms, .x = x, .threads = how->rows->arcs > ARCS_FOR_THREADS ? fn_run_threads(run) : 1,
        .passed = how->part ? fn_alloc_scattered(run, firms, sizeof *s.passed) : x,
        .left = fn_alloc_bare(run, firms, sizeof *s.left),
        .weight = fn_alloc_bare(run, how->rows->arcs, sizeof *s.weight),
        .right = fn_alloc_bare(run, firms, sizeof *s.right),
        .fix = fn_alloc_scattered(run, firms, sizeof *s.fix), .own = fn_alloc_bare(run, firms, sizeof *s.own),
        .partner = fn_alloc_bare(run, firms, sizeof *s.partner), .coupling = fn_alloc(run, firms, sizeof *s.coupling)
    };
    bool is_whole = s.passed && s.left && s.weight && s.fix && s.right && s.own && s.partner && s.coupling;
    fn_status status = is_whole ? cut(run, &s) : FN_ENOMEM;
    if (!status) {
        find_weights(&s);
        find_pairs(&s);
        status = iterate(run, &s);
    }
    if (how->part) fn_free(s.passed);
    fn_free(s.left);
    fn_free(s.weight);
    fn_free(s.fix);
    fn_free(s.right);
    fn_free(s.own);
    fn_free(s.partner);
    fn_free(s.coupling);
    fn_free(s.chunks);
    return status;
}
