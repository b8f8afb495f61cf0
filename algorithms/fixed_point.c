/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <math.h>
#include "algorithms/extrapolate.h"
#include "algorithms/fixed_point.h"
#include "algorithms/half_rows.h"
#include "algorithms/leiden_team.h"
#include "graph/memory.h"
#include "graph/names.h"

/* A round goes through blocks forth and back; windows of a block are shared out among threads. Both depend on the
 * network alone. A turn is a correction and the check of it. */
enum { BLOCKS = FN_HALF_BLOCKS, ARCS_FOR_THREADS = 50000, TURNS_MOST = 60 };

/* In the place of a partner: a firm of part 0, whose score goes nowhere. */
static const uint32_t LOST = FN_NONE - 1;

/* Two firms are a pair where each is the other's largest taker and gets at least this share of its score. */
static const float PAIR_LEAST = 0.4f;

/* A correction is found to this share of what was left to correct, or of itself: floats have no more digits. */
static const double CORRECTION = 1e-6;

/* Rounds end where the last changed all scores by this share of the tolerance. Whether the scores will do is seen
 * afterwards: this only saves rounds. */
static const double LAST_CHANGE = 1;

/* Extrapolation is tried where it has to gain so much at most; about a fifth of what one more round would change is
 * left then. */
static const double GAIN_MOST = 26, NEXT_CHANGE = 5.5;

/* Of a window of firms. */
typedef struct sums {
    double sum, lost;         /* of all firms, and of those of part 0: corrections in a round, scores in a check */
    double change;            /* of a round: changes; of a check: what is left of the equations */
    double size;              /* of a round: corrections without their signs */
    bool is_done;             /* of a check: what is left is little beside each score */
} sums;

/* The next window of each block that a thread has kept for itself. */
typedef struct desk {
    atomic_size_t window[BLOCKS];
} desk;

/* Scores are doubles; what is left of the equations is found in doubles, and the correction that it asks for in floats,
 * which takes half the memory traffic. Repeated, that gives all digits. */
typedef struct solver {
    const fn_fixed_point *how;
    uint32_t firms;
    double *x, *passed;       /* scores, and what of them goes along arcs */
    double *left;             /* right side minus left side of each equation */
    fn_half_rows halves;      /* what each firm gets of the others' scores */
    float *got[2];            /* the last sum of each half of a row */
    float *fix, *right;       /* correction and what is left, in units of that on average */
    fn_extrapolate past;      /* corrections of the last rounds */
    uint32_t *partner;        /* the other of a pair; FN_NONE: none, LOST: none, and of part 0 */
    float *coupling;          /* what of its partner's score a firm gets */
    sums *sums;               /* of each window */
    desk *next;               /* one a thread */
    double sum, lost, change, size; /* of all windows */
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

static double passed_along(const fn_fixed_point *how, size_t arc)
{
    return how->scale ? how->columns->weight[arc] * how->scale[how->columns->target[arc]] : how->columns->weight[arc];
}

/* The firm that u passes most on to, and what that gets of u's score. */
static void choose_taker(const fn_fixed_point *how, uint32_t u, uint32_t *taker, float *given)
{
    const fn_csr *out = how->columns;
    double most = 0;
    size_t best = FN_NO_ARC;
    for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
        double passed = passed_along(how, i);
        best = passed > most ? i : best;
        most = passed > most ? passed : most;
    }
    *taker = best == FN_NO_ARC ? FN_NONE : out->target[best];
    *given = (float) (most * part_of(how, u) * (how->scale ? 1 : how->factor));
}

static fn_status find_pairs(fn_run *run, solver *s)
{
    const fn_fixed_point *how = s->how;
    uint32_t *own = how->taker ? NULL : fn_alloc_scattered(run, s->firms, sizeof *own);
    const uint32_t *taker = how->taker ? how->taker : own;
    float *given = s->fix; /* free until the first correction */
    if (!taker) return FN_ENOMEM;
#pragma omp parallel for schedule(dynamic, FN_HALF_WINDOW) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++) {
        if (own) choose_taker(how, u, &own[u], &given[u]);
        else given[u] = (float) (how->taken[u] * how->factor);
    }
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++) {
        uint32_t v = given[u] >= PAIR_LEAST ? taker[u] : FN_NONE;
        bool is_pair = v != FN_NONE && v != u && taker[v] == u && given[v] >= PAIR_LEAST && given[u] * given[v] < 1;
        s->partner[u] = is_pair ? v : part_of(how, u) == 0 ? LOST : FN_NONE;
        s->coupling[u] = is_pair ? given[v] : 0;
    }
    fn_free(own);
    return FN_OK;
}

/* ---- rounds ---- */

static void add_up(solver *s)
{
    s->sum = s->lost = s->change = s->size = 0;
    s->is_done = true;
    for (size_t w = 0; w < s->halves.block[BLOCKS]; w++) {
        s->sum += s->sums[w].sum;
        s->lost += s->sums[w].lost;
        s->change += s->sums[w].change;
        s->size += s->sums[w].size;
        s->is_done &= s->sums[w].is_done;
    }
}

/* What everybody gets where nothing is lost. */
static double spread(const solver *s)
{
    return ((1 - s->how->factor) * s->sum + s->how->factor * s->lost) / s->firms;
}

/* ---- what is left of the equations, in doubles ---- */

static void pass_on(const solver *s, size_t w)
{
    const fn_half_window *window = &s->halves.windows[w];
    double sum = 0, lost = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        double part = part_of(s->how, v);
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
static void check(const solver *s, size_t w, double base, bool is_first)
{
    const fn_half_window *window = &s->halves.windows[w];
    const fn_fixed_point *how = s->how;
    double change = 0;
    bool is_done = true;
    for (uint32_t v = window->first; v < window->end; v++) {
        double sum = is_first ? s->left[v] * s->x[v] : scale_of(how, v) * row_of(how->rows, v, s->passed);
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
static bool find_left(solver *s, bool is_first)
{
    const fn_fixed_point *how = s->how;
    size_t windows = s->halves.block[BLOCKS];
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t w = 0; w < windows; w++) pass_on(s, w);
    add_up(s);
    double base = how->is_closed ? spread(s) : how->base;
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (size_t w = 0; w < windows; w++) check(s, w, base, is_first);
    add_up(s);
    s->unit = s->change / s->firms;
    return s->change <= how->tolerance * s->sum && (!how->each || s->is_done);
}

/* ---- a correction, in floats ---- */

/* What comes to a firm from all but its partner. */
static float own_of(const solver *s, uint32_t v, float base)
{
    return s->right[v] + base + s->got[0][v] + s->got[1][v];
}

/* The correction of a firm of a pair; its partner's too where that has been settled before. What the latter changes. */
static float settle_pair(const solver *s, uint32_t v, bool is_second, float base, float *fix)
{
    uint32_t u = s->partner[v];
    float own = own_of(s, v, base), other = own_of(s, u, base), whole = 1 - s->coupling[v] * s->coupling[u];
    *fix = (own + s->coupling[v] * other) / whole;
    if (!is_second) return 0;
    float before = s->fix[u];
    s->fix[u] = (other + s->coupling[u] * own) / whole;
    return s->fix[u] - before;
}

/* Corrections of a window on the way forth; firms before `first` are settled. */
static void settle_forth(const solver *s, size_t w, uint32_t first, float base)
{
    const fn_half_window *window = &s->halves.windows[w];
    sums *own = &s->sums[w];
    double sum = 0, lost = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        uint32_t u = s->partner[v];
        float fix = own_of(s, v, base);
        if (u < LOST) sum += settle_pair(s, v, u < first, base, &fix);
        s->fix[v] = fix;
        sum += fix;
        if (u == LOST) lost += fix;
    }
    own->sum = sum;
    own->lost = lost;
}

/* And on the way back, firms from `end` on are settled; kept, and held against those of the last round. */
static void settle_back(const solver *s, size_t w, uint32_t end, float base, const float *last, float *kept)
{
    const fn_half_window *window = &s->halves.windows[w];
    sums *own = &s->sums[w];
    double sum = 0, lost = 0, change = 0, size = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        uint32_t u = s->partner[v];
        float fix = own_of(s, v, base);
        if (u < LOST) {
            sum += settle_pair(s, v, u >= end, base, &fix);
            if (u >= end) kept[u] = s->fix[u];
        }
        s->fix[v] = kept[v] = fix;
        sum += fix;
        size += fabsf(fix);
        change += fabsf(fix - last[v]);
        if (u == LOST) lost += fix;
    }
    own->sum = sum;
    own->lost = lost;
    own->size = size;
    own->change = change;
}

/* First of the windows of block b that are a thread's own: what it has written it finds near itself in the next
 * round. */
static size_t share_of(const solver *s, const fn_team *team, int b, int thread)
{
    const size_t *block = s->halves.block;
    return block[b] + (block[b + 1] - block[b]) * (size_t) thread / (size_t) team->threads;
}

/* A window of block b that nobody has multiplied yet: of a thread's own, then of the others'. */
static bool take_window(const solver *s, const fn_team *team, int b, size_t *w)
{
    int own = fn_team_place();
    for (int k = 0; k < team->threads; k++) {
        int thread = (own + k) % team->threads;
        size_t after;
        if (fn_team_take(&s->next[thread].window[b], 1, share_of(s, team, b, thread + 1), w, &after)) return true;
    }
    return false;
}

/* Forth or back through all blocks. */
static void go_through(solver *s, fn_team *team, int half, float base)
{
    const fn_half_rows *h = &s->halves;
    const float *last = half ? fn_extrapolate_last(&s->past) : NULL;
    float *kept = half ? fn_extrapolate_next(&s->past) : NULL;
    int own = fn_team_place();
    for (int b = 0; b < BLOCKS; b++) s->next[own].window[b] = share_of(s, team, b, own);
    fn_team_wait(team);
    for (int step = 0; step < BLOCKS; step++) {
        int b = half ? BLOCKS - 1 - step : step;
        if (h->block[b] == h->block[b + 1]) continue;
        uint32_t first = h->windows[h->block[b]].first, end = h->windows[h->block[b + 1] - 1].end;
        for (size_t w; take_window(s, team, b, &w);)
            fn_half_rows_multiply(h, half, &h->windows[w], s->fix, s->got[half]);
        fn_team_wait(team);
        for (size_t w = share_of(s, team, b, own); w < share_of(s, team, b, own + 1); w++) {
            if (half) settle_back(s, w, end, base, last, kept);
            else settle_forth(s, w, first, base);
        }
        fn_team_wait(team);
    }
}

static void sweep(solver *s)
{
    fn_team team = { .threads = 1 };
    for (int half = 0; half < 2; half++) {
        float base = s->how->is_closed ? (float) spread(s) : 0;
#pragma omp parallel num_threads(s->threads)
        {
#pragma omp single
            team.threads = fn_team_size();
            go_through(s, &team, half, base);
        }
        add_up(s);
    }
    fn_extrapolate_kept(&s->past);
    s->rounds++;
}

/* True: the rounds so far make a correction that is good enough, extrapolated where that helps. */
static bool is_enough(solver *s, double enough)
{
    if (s->change <= enough) return true;
    if (s->change > GAIN_MOST * enough || !(fn_extrapolate_mix(&s->past) <= NEXT_CHANGE * enough)) return false;
    fn_extrapolate_take(&s->past, s->fix);
    return true;
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
        s->fix[v] = s->got[0][v] = s->got[1][v] = 0;
    }
    s->sum = s->lost = 0;
    fn_extrapolate_reset(&s->past);
    do {
        fn_status status = fn_progress(run, how->what, (double) s->rounds / (double) how->most);
        if (status) return status;
        sweep(s);
    } while (!is_enough(s, fmax(enough, CORRECTION * s->size)) && s->rounds < how->most && isfinite(s->sum));
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t v = 0; v < s->firms; v++) s->x[v] += s->fix[v] * s->unit;
    return FN_OK;
}

static fn_status iterate(fn_run *run, solver *s, bool is_even)
{
    const fn_fixed_point *how = s->how;
    for (int turn = 0; turn < TURNS_MOST && s->rounds < how->most; turn++) {
        fn_status status = fn_progress(run, how->what, (double) s->rounds / (double) how->most);
        if (status) return status;
        if (find_left(s, is_even && turn == 0)) return FN_OK;
        if (!isfinite(s->change)) break;
        if ((status = correct(run, s, s->sum))) return status;
    }
    return fn_fail(run, FN_ENOCONV, "%s did not settle within %g in %ld rounds", how->what, how->tolerance, s->rounds);
}

static bool all_alike(const double *x, uint32_t firms)
{
    for (uint32_t v = 1; v < firms; v++)
        if (x[v] != x[0]) return false;
    return true;
}

static fn_status prepare(fn_run *run, solver *s)
{
    const fn_fixed_point *how = s->how;
    const fn_half_terms terms = {
        .rows = how->rows, .part = how->part, .scale = how->scale, .factor = how->factor, .partner = s->partner
    };
    fn_status status = find_pairs(run, s);
    if (!status) status = fn_half_rows_build(run, &terms, s->threads, &s->halves, s->left);
    if (!status) status = fn_extrapolate_start(run, s->firms, s->threads, &s->past);
    if (status) return status;
    s->sums = fn_alloc(run, s->halves.block[BLOCKS] + 1, sizeof *s->sums);
    s->next = fn_alloc(run, (size_t) s->threads, sizeof *s->next);
    return s->sums && s->next ? FN_OK : FN_ENOMEM;
}

fn_status fn_fixed_point_solve(fn_run *run, const fn_fixed_point *how, double *x)
{
    uint32_t firms = how->rows->firms;
    if (firms == 0) return FN_OK;
    solver s = {
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
