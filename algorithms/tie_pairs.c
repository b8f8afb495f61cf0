/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"
#include "graph/sum.h"

enum { SHORT_ROW = 24 };

/* Ties on their way into rows. A key is (higher rank, number of the selected tie, does the lower rank deliver), 31, 32
 * and 1 bits. */
typedef struct sorter {
    const fn_view *view;
    const fn_ties *ties;
    fn_tied *p;
    uint32_t *place;   /* per rank: where its row begins among the ties, later where the next tie goes */
    uint64_t *key;
    uint32_t *met;     /* per rank: in how many rows of lower ranks it stands */
    int threads;
} sorter;

static bool is_of_layer(const sorter *s, size_t row)
{
    const fn_ties *t = s->ties;
    size_t tie = fn_view_tie(s->view, row);
    return (t->layer ? t->layer[tie] : t->usual.layer) == s->p->layer && t->from[tie] != t->to[tie];
}

/* What a place held before one more. */
static inline uint32_t add_one(uint32_t *place, int threads)
{
    return threads > 1 ? __atomic_fetch_add(place, 1, __ATOMIC_RELAXED) : (*place)++;
}

/* Rank the firms by their ties: a counting sort. partners holds the counts for now. */
static fn_status rank_firms(fn_run *run, const sorter *s)
{
    fn_tied *p = s->p;
    uint32_t most = 0;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t row = 0; row < s->view->ties; row++) {
        if (!is_of_layer(s, row)) continue;
        size_t tie = fn_view_tie(s->view, row);
        add_one(&p->partners[s->ties->from[tie]], s->threads);
        add_one(&p->partners[s->ties->to[tie]], s->threads);
    }
    for (uint32_t u = 0; u < p->firms; u++)
        if (p->partners[u] > most) most = p->partners[u];
    uint32_t *start = fn_alloc(run, (size_t) most + 2, sizeof *start);
    if (!start) return FN_ENOMEM;
    for (uint32_t u = 0; u < p->firms; u++) start[p->partners[u] + 1]++;
    for (uint32_t d = 0; d <= most; d++) start[d + 1] += start[d];
    for (uint32_t u = 0; u < p->firms; u++) {
        p->rank[u] = start[p->partners[u]]++;
        p->firm[p->rank[u]] = u;
    }
    fn_free(start);
    return FN_OK;
}

/* Deal the ties to the rows of their lower ranks, in any order. */
static void deal_ties(const sorter *s)
{
    const fn_tied *p = s->p;
    for (int turn = 0; turn < 2; turn++) {
#pragma omp parallel for schedule(static) num_threads(s->threads)
        for (size_t row = 0; row < s->view->ties; row++) {
            if (!is_of_layer(s, row)) continue;
            size_t tie = fn_view_tie(s->view, row);
            uint32_t a = p->rank[s->ties->from[tie]], b = p->rank[s->ties->to[tie]];
            uint32_t low = a < b ? a : b, high = a < b ? b : a;
            uint32_t at = add_one(&s->place[low + !turn], s->threads);
            if (turn) s->key[at] = (uint64_t) high << 33 | (uint64_t) row << 1 | (a < b);
        }
        if (turn) break;
        for (uint32_t r = 0; r < p->firms; r++) s->place[r + 1] += s->place[r];
    }
    /* Every row has moved its begin to its end: back. */
    for (uint32_t r = p->firms; r > 0; r--) s->place[r] = s->place[r - 1];
    s->place[0] = 0;
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return (x > y) - (x < y);
}

static void sort_keys(uint64_t *key, size_t count)
{
    if (count > SHORT_ROW) {
        qsort(key, count, sizeof *key, by_key);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t k = key[i];
        size_t j = i;
        for (; j > 0 && key[j - 1] > k; j--) key[j] = key[j - 1];
        key[j] = k;
    }
}

/* Sort each row and count its pairs. */
static void order_rows(const sorter *s)
{
    fn_tied *p = s->p;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(s->threads)
    for (uint32_t r = 0; r < p->firms; r++) {
        uint32_t begin = s->place[r], end = s->place[r + 1], pairs = 0;
        sort_keys(s->key + begin, end - begin);
        for (uint32_t i = begin; i < end; i++) pairs += i == begin || s->key[i] >> 33 != s->key[i - 1] >> 33;
        p->start[r + 1] = pairs;
    }
    for (uint32_t r = 0; r < p->firms; r++) p->start[r + 1] += p->start[r];
    p->pairs = p->start[p->firms];
}

static void fill_rows(const sorter *s)
{
    fn_tied *p = s->p;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(s->threads)
    for (uint32_t r = 0; r < p->firms; r++) {
        uint32_t begin = s->place[r], end = s->place[r + 1], pair = p->start[r];
        for (uint32_t i = begin; i < end; i++) {
            uint32_t high = (uint32_t) (s->key[i] >> 33);
            bool same = i > begin && s->key[i - 1] >> 33 == high;
            if (!same && i > begin) pair++;
            uint8_t way = !p->directed ? FN_PAIR_UP | FN_PAIR_DOWN : s->key[i] & 1 ? FN_PAIR_UP : FN_PAIR_DOWN;
            p->other[pair] = high;
            p->way[pair] = (uint8_t) (same ? p->way[pair] | way : way);
            p->of_tie[(uint32_t) (s->key[i] >> 1)] = pair;
            if (!same) add_one(&s->met[high], s->threads);
        }
    }
    for (uint32_t r = 0; r < p->firms; r++) p->partners[p->firm[r]] = s->met[r] + p->start[r + 1] - p->start[r];
}

static fn_status fill(fn_run *run, const fn_view *view, fn_tied *p)
{
    sorter s = { .view = view, .ties = fn_net_tie_rows(view->net), .p = p, .threads = fn_run_threads(run) };
    size_t firms = p->firms;
    p->firm = fn_alloc_bare(run, firms, sizeof *p->firm);
    p->rank = fn_alloc_bare(run, firms, sizeof *p->rank);
    p->start = fn_alloc(run, firms + 1, sizeof *p->start);
    p->partners = fn_alloc(run, firms, sizeof *p->partners);
    p->of_tie = fn_alloc_scattered(run, view->ties, sizeof *p->of_tie);
    s.place = fn_alloc(run, firms + 1, sizeof *s.place);
    s.met = fn_alloc(run, firms, sizeof *s.met);
    fn_status status = FN_ENOMEM;
    if (!p->firm || !p->rank || !p->start || !p->partners || !p->of_tie || !s.place || !s.met) goto done;
#pragma omp parallel for schedule(static) num_threads(s.threads)
    for (size_t row = 0; row < view->ties; row++) p->of_tie[row] = FN_NONE;
    if ((status = rank_firms(run, &s))) goto done;
    size_t ends = 0;
    for (uint32_t u = 0; u < p->firms; u++) ends += p->partners[u];
    s.key = fn_alloc_scattered(run, ends / 2, sizeof *s.key);
    status = s.key ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    deal_ties(&s);
    order_rows(&s);
    p->other = fn_alloc_scattered(run, p->pairs, sizeof *p->other);
    p->way = fn_alloc_scattered(run, p->pairs, sizeof *p->way);
    status = p->other && p->way ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    fill_rows(&s);
done:
    fn_free(s.place);
    fn_free(s.met);
    fn_free(s.key);
    return status;
}

fn_status fn_tied_new(fn_run *run, const fn_view *view, uint16_t layer, fn_tied **pairs)
{
    fn_tied *made = fn_alloc(run, 1, sizeof *made);
    *pairs = NULL;
    if (!made) return FN_ENOMEM;
    if (view->firms > INT32_MAX) {
        fn_free(made);
        return fn_fail(run, FN_EINVAL, "ties of more than %d firms are not measured", INT32_MAX);
    }
    made->layer = layer;
    made->directed = fn_net_layer_directed(layer);
    made->firms = view->firms;
    fn_status status = fill(run, view, made);
    if (status) fn_tied_free(made);
    else *pairs = made;
    return status;
}

void fn_tied_free(fn_tied *pairs)
{
    if (!pairs) return;
    fn_free(pairs->firm);
    fn_free(pairs->rank);
    fn_free(pairs->start);
    fn_free(pairs->other);
    fn_free(pairs->way);
    fn_free(pairs->partners);
    fn_free(pairs->of_tie);
    fn_free(pairs);
}

fn_status fn_tied_each_layer(fn_run *run, const fn_view *view, fn_tied_measure *measure, void *user)
{
    fn_status status = FN_OK;
    for (uint16_t number = 0; number < FN_LAYERS_MOST && !status; number++) {
        if (!(view->layers >> number & 1)) continue;
        fn_tied *pairs;
        status = fn_tied_new(run, view, number, &pairs);
        if (!status) status = measure(run, view, pairs, user);
        fn_tied_free(pairs);
    }
    return status;
}

fn_status fn_tied_weigh(fn_run *run, const fn_view *view, const fn_tied *pairs, uint64_t *weight)
{
    fn_status status = fn_progress(run, "weights of pairs", -1);
    int exponent, down;
    double largest = 0;
    fn_sum sum = { 0 };
    for (size_t row = 0; row < view->ties; row++)
        if (pairs->of_tie[row] != FN_NONE && view->weight[row] > largest) largest = view->weight[row];
    /* The sum of weights near the largest number there is must not run over. */
    frexp(largest, &down);
    for (size_t row = 0; row < view->ties; row++)
        if (pairs->of_tie[row] != FN_NONE) fn_sum_add(&sum, ldexp(view->weight[row], -down));
    frexp(fn_sum_value(&sum), &exponent);
    for (uint32_t e = 0; e < pairs->pairs; e++) weight[e] = 0;
    for (size_t row = 0; row < view->ties; row++)
        if (pairs->of_tie[row] != FN_NONE)
            weight[pairs->of_tie[row]] += (uint64_t) llrint(ldexp(view->weight[row], 60 - exponent - down));
    return status;
}

fn_status fn_ranked_of_tied(fn_run *run, const fn_tied *pairs, const bool *used, fn_ranked *ranked)
{
    *ranked = (fn_ranked) { .rows = pairs->firms, .edges = pairs->pairs };
    ranked->start = fn_alloc(run, (size_t) pairs->firms + 1, sizeof *ranked->start);
    size_t *next = fn_alloc(run, (size_t) pairs->firms + 1, sizeof *next), places = 0;
    if (!ranked->start || !next) {
        fn_free(next);
        return FN_ENOMEM;
    }
    for (uint32_t a = 0; a < pairs->firms; a++)
        for (uint32_t e = pairs->start[a]; e < pairs->start[a + 1]; e++) {
            if (used && !used[e]) continue;
            ranked->start[a + 1]++;
            ranked->start[pairs->other[e] + 1]++;
            places += 2;
        }
    for (uint32_t a = 0; a < pairs->firms; a++) {
        next[a] = ranked->start[a];
        ranked->start[a + 1] += ranked->start[a];
    }
    ranked->other = fn_alloc_bare(run, places, sizeof *ranked->other);
    ranked->edge = fn_alloc_bare(run, places, sizeof *ranked->edge);
    fn_status status = ranked->other && ranked->edge ? FN_OK : FN_ENOMEM;
    /* Lower ranks come to a row before its own higher ones: rows are ascending. */
    for (uint32_t a = 0; a < pairs->firms && !status; a++)
        for (uint32_t e = pairs->start[a]; e < pairs->start[a + 1]; e++) {
            if (used && !used[e]) continue;
            uint32_t b = pairs->other[e];
            ranked->other[next[a]] = b;
            ranked->edge[next[a]++] = e;
            ranked->other[next[b]] = a;
            ranked->edge[next[b]++] = e;
        }
    fn_free(next);
    return status;
}

void fn_ranked_free(fn_ranked *ranked)
{
    fn_free(ranked->start);
    fn_free(ranked->other);
    fn_free(ranked->edge);
}
