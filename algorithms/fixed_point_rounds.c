/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/fixed_point_inside.h"
#include "algorithms/team.h"

/* A correction is found to this share of what was left to correct, or of itself: floats have no more digits. */
static const double CORRECTION = 1e-6;

/* Rounds end where the last changed all scores by this share of the tolerance. Whether the scores will do is seen
 * afterwards: this only saves rounds. */
static const double LAST_CHANGE = 1;

/* Extrapolation is tried where it has to gain so much at most; about a fifth of what one more round would change is
 * left then. */
static const double GAIN_MOST = 26, NEXT_CHANGE = 5.5;

/* What comes to a firm from all but its partner. */
static float own_of(const fn_solver *s, uint32_t v, float base)
{
    return s->right[v] + base + s->got[0][v] + s->got[1][v];
}

/* The correction of a firm of a pair; its partner's too where that has been settled before. What the latter changes. */
static float settle_pair(const fn_solver *s, uint32_t v, bool is_second, float base, float *fix)
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
static void settle_forth(const fn_solver *s, size_t w, uint32_t first, float base)
{
    const fn_half_window *window = &s->halves.windows[w];
    fn_solver_sums *own = &s->sums[w];
    double sum = 0, lost = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        uint32_t u = s->partner[v];
        float fix = own_of(s, v, base);
        if (u < FN_LOST) sum += settle_pair(s, v, u < first, base, &fix);
        s->fix[v] = fix;
        sum += fix;
        if (u == FN_LOST) lost += fix;
    }
    own->sum = sum;
    own->lost = lost;
}

/* And on the way back, firms from `end` on are settled; kept, and held against those of the last round. */
static void settle_back(const fn_solver *s, size_t w, uint32_t end, float base, const float *last, float *kept)
{
    const fn_half_window *window = &s->halves.windows[w];
    fn_solver_sums *own = &s->sums[w];
    double sum = 0, lost = 0, change = 0, size = 0;
    for (uint32_t v = window->first; v < window->end; v++) {
        uint32_t u = s->partner[v];
        float fix = own_of(s, v, base);
        if (u < FN_LOST) {
            sum += settle_pair(s, v, u >= end, base, &fix);
            if (u >= end) kept[u] = s->fix[u];
        }
        s->fix[v] = kept[v] = fix;
        sum += fix;
        size += fabsf(fix);
        change += fabsf(fix - last[v]);
        if (u == FN_LOST) lost += fix;
    }
    own->sum = sum;
    own->lost = lost;
    own->size = size;
    own->change = change;
}

/* First of the windows of block b that are a thread's own: what it has written it finds near itself in the next
 * round. */
static size_t share_of(const fn_solver *s, const fn_team *team, int b, int thread)
{
    const size_t *block = s->halves.block;
    return block[b] + (block[b + 1] - block[b]) * (size_t) thread / (size_t) team->threads;
}

/* A window of block b that nobody has multiplied yet: of a thread's own, then of the others'. */
static bool take_window(const fn_solver *s, const fn_team *team, int b, size_t *w)
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
static void go_through(fn_solver *s, fn_team *team, int half, float base)
{
    const fn_half_rows *h = &s->halves;
    const float *last = half ? fn_extrapolate_last(&s->past) : NULL;
    float *kept = half ? fn_extrapolate_next(&s->past) : NULL;
    int own = fn_team_place();
    for (int b = 0; b < FN_HALF_BLOCKS; b++) s->next[own].window[b] = share_of(s, team, b, own);
    fn_team_wait(team);
    for (int step = 0; step < FN_HALF_BLOCKS; step++) {
        int b = half ? FN_HALF_BLOCKS - 1 - step : step;
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

static void sweep(fn_solver *s)
{
    fn_team team = { .threads = 1 };
    for (int half = 0; half < 2; half++) {
        float base = s->how->is_closed ? (float) fn_solver_spread(s) : 0;
#pragma omp parallel num_threads(s->threads)
        {
#pragma omp single
            team.threads = fn_team_size();
            go_through(s, &team, half, base);
        }
        fn_solver_add_up(s);
    }
    fn_extrapolate_kept(&s->past);
    s->rounds++;
}

/* True: the rounds so far make a correction that is good enough, extrapolated where that helps. */
static bool is_enough(fn_solver *s, double enough)
{
    if (s->change <= enough) return true;
    if (s->change > GAIN_MOST * enough || !(fn_extrapolate_mix(&s->past) <= NEXT_CHANGE * enough)) return false;
    fn_extrapolate_take(&s->past, s->fix);
    return true;
}

fn_status fn_solver_correct(fn_run *run, fn_solver *s, double scores)
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
