/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Simmelian score of a tie: do its two firms hold the same partners dearest? Every firm ranks its partners by how
 * embedded its ties with them are; for each k, T_k(u) are the partners of u that at most k - 1 others are dearer than:
 *   score = greatest over k of |T_k(from) ∩ T_k(to)| / |(T_k(from) ∪ T_k(to)) \ {from, to}|
 * simmelian ranks by triangles over the tie (Nick et al. 2013), quadrilateral by q(u,v) / sqrt(q(u) q(v)), q the closed
 * four-cycles over the tie, and over all ties of a firm (Nocaj, Ortmann and Brandes 2015), which tells clusters apart
 * where hubs close triangles everywhere. With k at its end the ratio is overlap, so a score is never less; equals enter
 * together, so no order of firms matters. Within the tie's layer, direction and weights ignored (ties without weight
 * count, parallel ties are one); missing where neither firm has another partner, and for self ties. Range 0 … 1.
 * O(sum over pairs of the smaller degree), as for overlap and squares, on all threads; 40 bytes a pair, and 8 a firm
 * and thread. */

enum { ROWS_AT_ONCE = 64, PARTS = 64, PART_LEAST = 1024 };

/* How dear a partner is, and its rank among the partners: 1 + how many are dearer. */
typedef struct dear {
    double score;
    uint32_t firm, place;   /* firm: its rank of degree, as in the row */
} dear;

typedef struct ranking {
    const fn_ranked *ranked;
    uint32_t *place;        /* of each place in a row: the partner's place in the list of the row's firm */
    uint32_t *sorted;       /* the same ascending in each row: how many have a place of at most k */
    double *score;          /* per pair */
    int threads;
} ranking;

typedef struct desk {
    dear *list;
    uint32_t *place;        /* of each firm in the list of the firm at hand, 0: not in it */
    uint32_t *enters;       /* at which k each common partner is in both lists */
} desk;

static int by_score(const void *a, const void *b)
{
    double x = ((const dear *) a)->score, y = ((const dear *) b)->score;
    return (x < y) - (x > y);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

/* Places of the partners of one firm. worth: of each pair; side: of each firm what its partners' worth is divided
 * by. */
static void rank_partners(const ranking *r, uint32_t u, const double *worth, const double *side, dear *list)
{
    const fn_ranked *g = r->ranked;
    size_t begin = g->start[u], count = g->start[u + 1] - begin;
    for (size_t i = 0; i < count; i++) {
        double divisor = side ? side[g->other[begin + i]] : 1, w = worth[g->edge[begin + i]];
        list[i] = (dear) { .score = divisor > 0 ? w * w / divisor : 0, .firm = (uint32_t) i };
    }
    qsort(list, count, sizeof *list, by_score);
    for (size_t i = 0; i < count; i++) {
        list[i].place = i && list[i].score == list[i - 1].score ? list[i - 1].place : (uint32_t) i + 1;
        r->place[begin + list[i].firm] = list[i].place;
        r->sorted[begin + i] = list[i].place;
    }
}

/* |T_k(u) \ {other}|, the other having this place. */
static uint32_t held(const ranking *r, uint32_t u, uint32_t k, uint32_t other_place)
{
    size_t low = r->ranked->start[u], high = r->ranked->start[u + 1], begin = low;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->sorted[middle] <= k) low = middle + 1;
        else high = middle;
    }
    return (uint32_t) (low - begin) - (other_place <= k);
}

/* The ratio can only rise where a common partner enters both lists. */
static double score_pair(const ranking *r, uint32_t u, uint32_t v, uint32_t v_at_u, uint32_t u_at_v, uint32_t *enters,
                         uint32_t common)
{
    const fn_ranked *g = r->ranked;
    if (g->start[u + 1] - g->start[u] + g->start[v + 1] - g->start[v] <= 2) return NAN;
    double best = 0;
    qsort(enters, common, sizeof *enters, by_number);
    for (uint32_t i = 0; i < common; i++) {
        if (i + 1 < common && enters[i + 1] == enters[i]) continue;
        uint32_t k = enters[i];
        double of_u = held(r, u, k, v_at_u), of_v = held(r, v, k, u_at_v), n = i + 1;
        if (n / (of_u + of_v - n) > best) best = n / (of_u + of_v - n);
    }
    return best;
}

/* Scores of u's pairs with firms that come before it: those have no more ties, so their rows are the ones to read. */
static void score_row(const ranking *r, uint32_t u, desk *d)
{
    const fn_ranked *g = r->ranked;
    for (size_t i = g->start[u]; i < g->start[u + 1]; i++) d->place[g->other[i]] = r->place[i];
    for (size_t i = g->start[u]; i < g->start[u + 1] && g->other[i] < u; i++) {
        uint32_t v = g->other[i], common = 0, u_at_v = 0;
        for (size_t j = g->start[v]; j < g->start[v + 1]; j++) {
            uint32_t x = g->other[j], at_u = d->place[x], at_v = r->place[j];
            if (x == u) u_at_v = at_v;
            else if (at_u) d->enters[common++] = at_u > at_v ? at_u : at_v;
        }
        r->score[g->edge[i]] = score_pair(r, u, v, r->place[i], u_at_v, d->enters, common);
    }
    for (size_t i = g->start[u]; i < g->start[u + 1]; i++) d->place[g->other[i]] = 0;
}

static desk *own_desk(desk *desks)
{
#ifdef _OPENMP
    return &desks[omp_get_thread_num()];
#else
    return desks;
#endif
}

/* First all lists, then all scores; between parts there is time to cancel. */
static fn_status score_all(fn_run *run, const ranking *r, const double *worth, const double *side, desk *desks)
{
    uint32_t rows = r->ranked->rows, part = rows / PARTS + PART_LEAST;
    fn_status status = FN_OK;
#pragma omp parallel for schedule(dynamic, ROWS_AT_ONCE) num_threads(r->threads)
    for (uint32_t u = 0; u < rows; u++) rank_partners(r, u, worth, side, own_desk(desks)->list);
    for (uint32_t first = 0; first < rows && !status; first += part) {
        uint32_t end = rows - first < part ? rows : first + part;
        status = fn_progress(run, "simmelian scores", (double) first / rows);
#pragma omp parallel for schedule(dynamic, ROWS_AT_ONCE) num_threads(r->threads) if (!status)
        for (uint32_t u = first; u < (status ? first : end); u++) score_row(r, u, own_desk(desks));
        if (end == rows) break;
    }
    return status;
}

static fn_status find_scores(fn_run *run, const fn_ranked *g, const double *worth, const double *side, double *score)
{
    size_t longest = 0;
    for (uint32_t u = 0; u < g->rows; u++)
        if (g->start[u + 1] - g->start[u] > longest) longest = g->start[u + 1] - g->start[u];
    ranking r = { .ranked = g, .score = score, .threads = fn_run_threads(run) };
    r.place = fn_alloc_bare(run, g->start[g->rows], sizeof *r.place);
    r.sorted = fn_alloc_bare(run, g->start[g->rows], sizeof *r.sorted);
    desk *desks = fn_alloc(run, (size_t) r.threads, sizeof *desks);
    fn_status status = r.place && r.sorted && desks ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < r.threads && !status; t++) {
        desks[t].list = fn_alloc(run, longest, sizeof *desks[t].list);
        desks[t].enters = fn_alloc(run, longest, sizeof *desks[t].enters);
        desks[t].place = fn_alloc(run, g->rows, sizeof *desks[t].place);
        if (!desks[t].list || !desks[t].enters || !desks[t].place) status = FN_ENOMEM;
    }
    if (!status) status = score_all(run, &r, worth, side, desks);
    for (int t = 0; desks && t < r.threads; t++) {
        fn_free(desks[t].list);
        fn_free(desks[t].enters);
        fn_free(desks[t].place);
    }
    fn_free(desks);
    fn_free(r.place);
    fn_free(r.sorted);
    return status;
}

/* worth of each pair: triangles over it, or four-cycles; of the latter the sums over a firm's pairs are its side. */
static fn_status find_worth(fn_run *run, const fn_tied *tied, const fn_ranked *g, double *worth, double *side)
{
    if (side && tied->pairs > INT32_MAX)
        return fn_fail(run, FN_EINVAL, "four-cycles over more than %d pairs are not counted", INT32_MAX);
    uint64_t *cycles = side ? fn_alloc_bare(run, tied->pairs, sizeof *cycles) : NULL;
    uint32_t *triangles = side ? NULL : fn_alloc_bare(run, tied->pairs, sizeof *triangles);
    fn_status status = cycles || triangles ? FN_OK : FN_ENOMEM;
    if (!status) status = side ? fn_cycles_count(run, g, cycles) : fn_triangles_count(run, tied, triangles);
    for (uint32_t e = 0; e < tied->pairs && !status; e++) worth[e] = side ? (double) cycles[e] : triangles[e];
    for (uint32_t u = 0; side && u < g->rows && !status; u++)
        for (size_t i = g->start[u]; i < g->start[u + 1]; i++) side[u] += worth[g->edge[i]];
    fn_free(cycles);
    fn_free(triangles);
    return status;
}

typedef struct wish {
    fn_column *column;
    bool quadrilateral;
} wish;

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *tied, void *user)
{
    const wish *w = user;
    fn_ranked g = { 0 };
    double *side = w->quadrilateral ? fn_alloc(run, tied->firms, sizeof *side) : NULL;
    double *worth = fn_alloc_bare(run, tied->pairs, sizeof *worth), *score = NULL;
    fn_status status = worth && (side || !w->quadrilateral) ? fn_ranked_of_tied(run, tied, NULL, &g) : FN_ENOMEM;
    if (!status) status = find_worth(run, tied, &g, worth, side);
    if (!status && !(score = fn_alloc_bare(run, tied->pairs, sizeof *score))) status = FN_ENOMEM;
    if (!status) status = find_scores(run, &g, worth, side, score);
    for (size_t row = 0; row < view->ties && !status; row++)
        if (tied->of_tie[row] != FN_NONE) w->column->real[row] = score[tied->of_tie[row]];
    fn_free(side);
    fn_free(worth);
    fn_free(score);
    fn_ranked_free(&g);
    return status;
}

static fn_status run_simmelian(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    wish w = { .quadrilateral = false };
    fn_status status = fn_table_add(run, result, "simmelian", FN_COLUMN_REAL, &w.column);
    return status ? status : fn_tied_each_layer(run, view, measure, &w);
}

static fn_status run_quadrilateral(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    wish w = { .quadrilateral = true };
    fn_status status = fn_table_add(run, result, "quadrilateral", FN_COLUMN_REAL, &w.column);
    return status ? status : fn_tied_each_layer(run, view, measure, &w);
}

const fn_algorithm fn_algorithm_simmelian = {
    .name = "simmelian", .group = FN_GROUP_TIES,
    .text = "how far the two firms of a tie share the partners they have most triangles with",
    .gives = "simmelian", .source = "Krackhardt 1999; Nick et al. 2013", .run = run_simmelian
};

const fn_algorithm fn_algorithm_quadrilateral = {
    .name = "quadrilateral", .group = FN_GROUP_TIES,
    .text = "how far the two firms of a tie share the partners they have most four-cycles with",
    .gives = "quadrilateral", .source = "Nocaj, Ortmann and Brandes 2015", .run = run_quadrilateral
};
