/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <math.h>
#include "algorithms/fixed_point_inside.h"
#include "graph/memory.h"

enum { ARCS_FOR_THREADS = 50000, TURNS_MOST = 60 };

void fn_solver_add_up(fn_solver *s)
{
    s->sum = s->lost = s->change = s->size = 0;
    s->is_done = true;
    for (size_t w = 0; w < s->halves.block[FN_HALF_BLOCKS]; w++) {
        s->sum += s->sums[w].sum;
        s->lost += s->sums[w].lost;
        s->change += s->sums[w].change;
        s->size += s->sums[w].size;
        s->is_done &= s->sums[w].is_done;
    }
}

double fn_solver_spread(const fn_solver *s)
{
    return ((1 - s->how->factor) * s->sum + s->how->factor * s->lost) / s->firms;
}

static void pass_on(const fn_solver *s, size_t w)
{
    const fn_half_window *window = &s->halves.windows[w];
    double sum = 0, lost = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        double part = fn_part_of(s->how, v);
        sum += s->x[v];
        if (part == 0) lost += s->x[v];
        if (s->how->part) s->passed[v] = s->x[v] * part;
    }
    s->sums[w].sum = sum;
    s->sums[w].lost = lost;
}

static double row_of(const fn_csr *rows, uint32_t v, const double *passed)
{
    double sum = 0;
    for (size_t i = rows->offset[v]; i < rows->offset[v + 1]; i++) sum += rows->weight[i] * passed[rows->target[i]];
    return sum;
}

/* The first time, `left` holds the sums of rows: all scores are alike then. */
static void check(const fn_solver *s, size_t w, double base, bool is_first)
{
    const fn_half_window *window = &s->halves.windows[w];
    const fn_fixed_point *how = s->how;
    double change = 0;
    bool is_done = true;
    for (uint32_t v = window->first; v < window->end; v++) {
        double sum = is_first ? s->left[v] * s->x[v] : fn_scale_of(how, v) * row_of(how->rows, v, s->passed);
        double left = (how->constant ? how->constant[v] : base) + sum - s->x[v];
        double rounding = DBL_EPSILON * fn_csr_degree(how->rows, v);
        s->left[v] = left;
        change += fabs(left);
        is_done &= fabs(left) <= (how->tolerance + rounding) * s->x[v];
    }
    s->sums[w].change = change;
    s->sums[w].is_done = is_done;
}

/* True: the scores will do. */
static bool find_left(fn_solver *s, bool is_first)
{
    const fn_fixed_point *how = s->how;
    size_t windows = s->halves.block[FN_HALF_BLOCKS];
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t w = 0; w < windows; w++) pass_on(s, w);
    fn_solver_add_up(s);
    double base = how->is_closed ? fn_solver_spread(s) : how->base;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t w = 0; w < windows; w++) check(s, w, base, is_first);
    fn_solver_add_up(s);
    s->unit = s->change / s->firms;
    return s->change <= how->tolerance * s->sum && (!how->each || s->is_done);
}

static fn_status iterate(fn_run *run, fn_solver *s, bool is_even)
{
    const fn_fixed_point *how = s->how;
    for (int turn = 0; turn < TURNS_MOST && s->rounds < how->most; turn++) {
        fn_status status = fn_progress(run, how->what, (double) s->rounds / (double) how->most);
        if (status) return status;
        if (find_left(s, is_even && turn == 0)) return FN_OK;
        if (!isfinite(s->change)) break;
        if ((status = fn_solver_correct(run, s, s->sum))) return status;
    }
    return fn_fail(run, FN_ENOCONV, "%s did not settle within %g in %ld rounds", how->what, how->tolerance, s->rounds);
}

static bool all_alike(const double *x, uint32_t firms)
{
    for (uint32_t v = 1; v < firms; v++)
        if (x[v] != x[0]) return false;
    return true;
}

static fn_status prepare(fn_run *run, fn_solver *s)
{
    const fn_fixed_point *how = s->how;
    const fn_half_terms terms = {
        .rows = how->rows, .part = how->part, .scale = how->scale, .factor = how->factor, .partner = s->partner
    };
    fn_status status = fn_solver_find_pairs(run, s);
    if (!status) status = fn_half_rows_build(run, &terms, s->threads, &s->halves, s->left);
    if (!status) status = fn_extrapolate_start(run, s->firms, s->threads, &s->past);
    if (status) return status;
    s->sums = fn_alloc(run, s->halves.block[FN_HALF_BLOCKS] + 1, sizeof *s->sums);
    s->next = fn_alloc(run, (size_t) s->threads, sizeof *s->next);
    return s->sums && s->next ? FN_OK : FN_ENOMEM;
}

fn_status fn_fixed_point_solve(fn_run *run, const fn_fixed_point *how, double *x)
{
    uint32_t firms = how->rows->firms;
    if (firms == 0) return FN_OK;
    fn_solver s = {
        .how = how, .firms = firms, .x = x, .threads = how->rows->arcs > ARCS_FOR_THREADS ? fn_run_threads(run) : 1,
        .passed = how->part ? fn_alloc_scattered(run, firms, sizeof *s.passed) : x,
        .left = fn_alloc_scattered(run, firms, sizeof *s.left),
        .got = { fn_alloc_scattered(run, firms, sizeof *s.got[0]), fn_alloc_scattered(run, firms, sizeof *s.got[1]) },
        .right = fn_alloc_scattered(run, firms, sizeof *s.right),
        .fix = fn_alloc_scattered(run, firms, sizeof *s.fix),
        .partner = fn_alloc_scattered(run, firms, sizeof *s.partner),
        .coupling = fn_alloc_scattered(run, firms, sizeof *s.coupling)
    };
    bool is_whole = s.passed && s.left && s.got[0] && s.got[1] && s.right && s.fix && s.partner && s.coupling;
    fn_status status = is_whole ? prepare(run, &s) : FN_ENOMEM;
    if (!status) status = iterate(run, &s, all_alike(x, firms));
    if (how->part) fn_free(s.passed);
    fn_free(s.left);
    fn_free(s.got[0]);
    fn_free(s.got[1]);
    fn_free(s.right);
    fn_free(s.fix);
    fn_free(s.partner);
    fn_free(s.coupling);
    fn_free(s.sums);
    fn_free(s.next);
    fn_half_rows_free(&s.halves);
    fn_extrapolate_free(&s.past);
    return status;
}
