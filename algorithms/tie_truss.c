/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Truss of a tie: the largest k such that it is in a group of ties each of which has k - 2 triangles in the group.
 * 2: no triangle; a group in which all of n firms are tied has n. Within the tie's layer, direction and weights
 * ignored (ties without weight count, parallel ties are one); self ties have none.
 * Level by level the ties with fewest triangles left are taken out, all of a level at once on all threads; a triangle
 * that several of them share is taken from the third tie by the lowest of them alone (Kabir and Madduri 2017 after Wang
 * and Cheng 2012). The outcome is the same in any order. O(sum over pairs of the smaller degree times the log of the
 * larger) at most; 30 bytes a pair. */

enum { ALIVE, TAKEN_OUT, LEAVING };
enum { PAIRS_AT_ONCE = 64, PROGRESS_LEVELS = 64 };

typedef struct peel {
    const fn_tied *tied;
    const fn_ranked *ranked;
    uint32_t *left;          /* triangles left over each pair */
    uint8_t *state;
    uint32_t *leaving, *next;
    uint32_t leavers, nexts;
    uint32_t level;
    int threads;
} peel;

static uint32_t pair_between(const fn_ranked *g, uint32_t u, uint32_t v)
{
    size_t low = g->start[u], high = g->start[u + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->other[middle] < v) low = middle + 1;
        else high = middle;
    }
    return low < g->start[u + 1] && g->other[low] == v ? g->edge[low] : FN_NONE;
}

/* One triangle less over e, which may make it leave at this level too. */
static void lower(peel *p, uint32_t e)
{
    uint32_t before = __atomic_fetch_sub(&p->left[e], 1, __ATOMIC_RELAXED);
    if (before == p->level + 1) p->next[__atomic_fetch_add(&p->nexts, 1, __ATOMIC_RELAXED)] = e;
    if (before <= p->level) __atomic_fetch_add(&p->left[e], 1, __ATOMIC_RELAXED);
}

/* Take e out: the other ties of its triangles that are still whole lose one. */
static void take_out(peel *p, uint32_t e, uint32_t a, uint32_t b)
{
    const fn_ranked *g = p->ranked;
    bool shorter = g->start[a + 1] - g->start[a] <= g->start[b + 1] - g->start[b];
    uint32_t one = shorter ? a : b, other = shorter ? b : a;
    for (size_t i = g->start[one]; i < g->start[one + 1]; i++) {
        uint32_t f = g->edge[i];
        if (g->other[i] == other || p->state[f] == TAKEN_OUT) continue;
        uint32_t h = pair_between(g, other, g->other[i]);
        if (h == FN_NONE || p->state[h] == TAKEN_OUT) continue;
        if (p->state[f] == ALIVE && (p->state[h] == ALIVE || e < h)) lower(p, f);
        if (p->state[h] == ALIVE && (p->state[f] == ALIVE || e < f)) lower(p, h);
    }
}

/* The lower rank of a pair: the row it stands in. */
static uint32_t row_of(const fn_tied *t, uint32_t e)
{
    uint32_t low = 0, high = t->firms;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (t->start[middle] <= e) low = middle;
        else high = middle;
    }
    return low;
}

/* Those of the level leave, then those whom that leaves too few, until there are none. */
static void empty_level(peel *p)
{
    while (p->leavers) {
        p->nexts = 0;
        for (uint32_t i = 0; i < p->leavers; i++) p->state[p->leaving[i]] = LEAVING;
#pragma omp parallel for schedule(dynamic, PAIRS_AT_ONCE) num_threads(p->threads) if (p->leavers > PAIRS_AT_ONCE)
        for (uint32_t i = 0; i < p->leavers; i++) {
            uint32_t e = p->leaving[i];
            take_out(p, e, row_of(p->tied, e), p->tied->other[e]);
        }
        for (uint32_t i = 0; i < p->leavers; i++) p->state[p->leaving[i]] = TAKEN_OUT;
        uint32_t *swapped = p->leaving;
        p->leaving = p->next;
        p->next = swapped;
        p->leavers = p->nexts;
    }
}

/* left becomes the level at which each pair left. waiting: pairs that have not, kept dense. */
static fn_status peel_all(fn_run *run, peel *p, uint32_t *waiting, uint32_t count)
{
    fn_status status = FN_OK;
    uint32_t all = count;
    while (count && !status) {
        uint32_t kept = 0, least = UINT32_MAX;
        for (uint32_t i = 0; i < count; i++) {
            if (p->state[waiting[i]] == TAKEN_OUT) continue;
            if (p->left[waiting[i]] < least) least = p->left[waiting[i]];
            waiting[kept++] = waiting[i];
        }
        count = kept;
        p->level = least;
        p->leavers = 0;
        for (uint32_t i = 0; i < count; i++)
            if (p->left[waiting[i]] == least) p->leaving[p->leavers++] = waiting[i];
        status = fn_progress(run, "truss", 1 - (double) count / ((double) all + 1));
        if (!status) empty_level(p);
    }
    return status;
}

static fn_status find_truss(fn_run *run, const fn_tied *tied, uint32_t *left)
{
    fn_ranked ranked = { 0 };
    uint32_t *waiting = fn_alloc_bare(run, tied->pairs, sizeof *waiting), count = 0;
    bool *used = fn_alloc_bare(run, tied->pairs, sizeof *used);
    peel p = { .tied = tied, .ranked = &ranked, .left = left, .threads = fn_run_threads(run) };
    fn_status status = waiting && used ? fn_triangles_count(run, tied, left) : FN_ENOMEM;
    /* Pairs without a triangle are in nobody's way. */
    for (uint32_t e = 0; !status && e < tied->pairs; e++)
        if ((used[e] = left[e] > 0)) waiting[count++] = e;
    if (!status) status = fn_ranked_of_tied(run, tied, used, &ranked);
    p.state = fn_alloc(run, tied->pairs, sizeof *p.state);
    p.leaving = fn_alloc_bare(run, count, sizeof *p.leaving);
    p.next = fn_alloc_bare(run, count, sizeof *p.next);
    if (!status && !(p.state && p.leaving && p.next)) status = FN_ENOMEM;
    if (!status) status = peel_all(run, &p, waiting, count);
    fn_free(waiting);
    fn_free(used);
    fn_free(p.state);
    fn_free(p.leaving);
    fn_free(p.next);
    fn_ranked_free(&ranked);
    return status;
}

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *tied, void *user)
{
    fn_column *column = user;
    uint32_t *left = fn_alloc_bare(run, tied->pairs, sizeof *left);
    fn_status status = left ? find_truss(run, tied, left) : FN_ENOMEM;
    for (size_t row = 0; row < view->ties && !status; row++)
        if (tied->of_tie[row] != FN_NONE) column->integer[row] = (int64_t) left[tied->of_tie[row]] + 2;
    fn_free(left);
    return status;
}

static fn_status run_truss(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    fn_column *column;
    fn_status status = fn_table_add(run, result, "truss", FN_COLUMN_INT, &column);
    return status ? status : fn_tied_each_layer(run, view, measure, column);
}

const fn_algorithm fn_algorithm_truss = {
    .name = "truss", .group = FN_GROUP_TIES,
    .text = "largest k such that the tie is in a group of ties with k - 2 triangles each",
    .gives = "truss", .source = "Cohen 2008; Wang and Cheng 2012; Kabir and Madduri 2017", .run = run_truss
};
