/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

enum { SHORT_ROW = 24 };
/* Ranks a group: what lies in the second cache, and no more groups than can be written to at once. */
enum { GROUP_BITS_LEAST = 11, GROUP_BITS_MOST = 16, GROUPS_MOST = 512 };

/* Ties on their way into rows. A key is (higher rank, number of the selected tie, does the lower rank deliver), 31, 32
 * and 1 bits. */
typedef struct sorter {
    const fn_view *view;
    const fn_ties *ties;
    fn_tied *p;
    uint32_t *place;   /* per rank: where its row begins among the ties */
    uint64_t *key;
    int threads;
    /* Ranks in a row form groups, each thread deals an equal part of the ties to them. */
    int group_bits;
    uint32_t groups;
    size_t *next;      /* per part and group: where its next tie goes */
    uint16_t *low;     /* of each key the lower rank, counted from its group's first */
    uint64_t **desk;   /* per thread: room for the ties of a group */
} sorter;

static bool is_of_layer(const sorter *s, size_t row)
{
    const fn_ties *t = s->ties;
    size_t tie = fn_view_tie(s->view, row);
    return (t->layer ? t->layer[tie] : t->usual.layer) == s->p->layer && t->from[tie] != t->to[tie];
}

static inline void add(uint32_t *count, uint32_t more, int threads)
{
    if (threads > 1) __atomic_fetch_add(count, more, __ATOMIC_RELAXED);
    else *count += more;
}

/* Where the ties of a part begin; there is one more than threads. */
static size_t part_begin(const sorter *s, int part)
{
    return part < s->threads ? s->view->ties / (size_t) s->threads * (size_t) part : s->view->ties;
}

/* Count the ties of every firm; those of one seller mostly stand together. */
static void count_ties(const sorter *s)
{
    uint32_t *count = s->p->partners;
#pragma omp parallel for schedule(static, 1) num_threads(s->threads)
    for (int part = 0; part < s->threads; part++) {
        uint32_t seller = 0, sold = 0;
        for (size_t row = part_begin(s, part); row < part_begin(s, part + 1); row++) {
            if (!is_of_layer(s, row)) continue;
            size_t tie = fn_view_tie(s->view, row);
            if (s->ties->from[tie] != seller) {
                if (sold) add(&count[seller], sold, s->threads);
                seller = s->ties->from[tie];
                sold = 0;
            }
            sold++;
            add(&count[s->ties->to[tie]], 1, s->threads);
        }
        if (sold) add(&count[seller], sold, s->threads);
    }
}

/* Rank the firms by their ties: a counting sort. partners holds the counts for now. */
static fn_status rank_firms(fn_run *run, const sorter *s)
{
    fn_tied *p = s->p;
    uint32_t most = 0;
    count_ties(s);
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

/* ---- into groups of rows ---- */

static void choose_groups(sorter *s)
{
    s->group_bits = GROUP_BITS_LEAST;
    while (s->group_bits < GROUP_BITS_MOST && s->p->firms >> s->group_bits >= GROUPS_MOST) s->group_bits++;
    s->groups = (s->p->firms >> s->group_bits) + 1;
}

/* Count the ties of a part by group (key: NULL), or put them where next says. */
static void deal_part(const sorter *s, int part, uint64_t *key)
{
    size_t *next = s->next + (size_t) part * s->groups;
    for (size_t row = part_begin(s, part); row < part_begin(s, part + 1); row++) {
        if (!is_of_layer(s, row)) continue;
        size_t tie = fn_view_tie(s->view, row);
        uint32_t a = s->p->rank[s->ties->from[tie]], b = s->p->rank[s->ties->to[tie]];
        uint32_t low = a < b ? a : b, high = a < b ? b : a;
        size_t at = next[low >> s->group_bits]++;
        if (!key) continue;
        key[at] = (uint64_t) high << 33 | (uint64_t) row << 1 | (a < b);
        s->low[at] = (uint16_t) (low & ((1U << s->group_bits) - 1));
    }
}

/* Where each part puts its ties of each group; returns the most that a group has. */
static size_t place_parts(const sorter *s)
{
    size_t at = 0, most = 0;
    for (uint32_t g = 0; g < s->groups; g++) {
        size_t before = at;
        for (int part = 0; part < s->threads; part++) {
            size_t *next = &s->next[(size_t) part * s->groups + g], count = *next;
            *next = at;
            at += count;
        }
        if (at - before > most) most = at - before;
    }
    return most;
}

/* ---- into rows ---- */

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

/* The ties of a group, which lie together, to the rows of their lower ranks; each row sorted, its pairs counted. */
static void order_group(const sorter *s, uint32_t group, uint64_t *desk)
{
    fn_tied *p = s->p;
    const size_t *end_of = s->next + (size_t) (s->threads - 1) * s->groups;
    size_t begin = group ? end_of[group - 1] : 0, end = end_of[group];
    uint32_t first = group << s->group_bits, last = group + 1 < s->groups ? first + (1U << s->group_bits) : p->firms;
    uint32_t at = (uint32_t) begin;
    for (size_t i = begin; i < end; i++) s->place[first + s->low[i]]++;
    for (uint32_t r = first; r < last; r++) {
        uint32_t count = s->place[r];
        s->place[r] = at;
        at += count;
    }
    memcpy(desk, s->key + begin, (end - begin) * sizeof *desk);
    for (size_t i = begin; i < end; i++) s->key[s->place[first + s->low[i]]++] = desk[i - begin];
    /* Every place is at the end of its row now. */
    for (uint32_t r = first, from = (uint32_t) begin; r < last; r++) {
        uint32_t to = s->place[r], pairs = 0;
        s->place[r] = from;
        sort_keys(s->key + from, to - from);
        for (uint32_t i = from; i < to; i++) pairs += i == from || s->key[i] >> 33 != s->key[i - 1] >> 33;
        p->start[r + 1] = pairs;
        from = to;
    }
}

/* Deal the ties to rows. Two steps near each other in memory cost less than one that goes anywhere. */
static fn_status deal_ties(fn_run *run, sorter *s)
{
    choose_groups(s);
    s->next = fn_alloc(run, (size_t) s->threads * s->groups, sizeof *s->next);
    s->desk = fn_alloc(run, (size_t) s->threads, sizeof *s->desk);
    if (!s->next || !s->desk) return FN_ENOMEM;
#pragma omp parallel for schedule(static, 1) num_threads(s->threads)
    for (int part = 0; part < s->threads; part++) deal_part(s, part, NULL);
    size_t most = place_parts(s);
    for (int t = 0; t < s->threads; t++)
        if (!(s->desk[t] = fn_alloc_bare(run, most, sizeof *s->desk[t]))) return FN_ENOMEM;
#pragma omp parallel for schedule(static, 1) num_threads(s->threads)
    for (int part = 0; part < s->threads; part++) deal_part(s, part, s->key);
#pragma omp parallel for schedule(dynamic) num_threads(s->threads)
    for (uint32_t group = 0; group < s->groups; group++) {
#ifdef _OPENMP
        order_group(s, group, s->desk[omp_get_thread_num()]);
#else
        order_group(s, group, *s->desk);
#endif
    }
    fn_tied *p = s->p;
    s->place[p->firms] = (uint32_t) s->next[(size_t) s->threads * s->groups - 1];
    for (uint32_t r = 0; r < p->firms; r++) p->start[r + 1] += p->start[r];
    p->pairs = p->start[p->firms];
    return FN_OK;
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
            if (!same) continue;
            /* Counted as two ties, but one partner. */
            add(&p->partners[p->firm[r]], UINT32_MAX, s->threads);
            add(&p->partners[p->firm[high]], UINT32_MAX, s->threads);
        }
    }
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
    fn_status status = FN_ENOMEM;
    if (!p->firm || !p->rank || !p->start || !p->partners || !p->of_tie || !s.place) goto done;
#pragma omp parallel for schedule(static) num_threads(s.threads)
    for (size_t row = 0; row < view->ties; row++) p->of_tie[row] = FN_NONE;
    if ((status = rank_firms(run, &s))) goto done;
    size_t ends = 0;
    for (uint32_t u = 0; u < p->firms; u++) ends += p->partners[u];
    s.key = fn_alloc_scattered(run, ends / 2, sizeof *s.key);
    s.low = fn_alloc_scattered(run, ends / 2, sizeof *s.low);
    status = s.key && s.low ? deal_ties(run, &s) : FN_ENOMEM;
    if (status) goto done;
    fn_free(s.low);
    s.low = NULL;
    p->other = fn_alloc_scattered(run, p->pairs, sizeof *p->other);
    p->way = fn_alloc_scattered(run, p->pairs, sizeof *p->way);
    status = p->other && p->way ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    fill_rows(&s);
done:
    for (int t = 0; s.desk && t < s.threads; t++) fn_free(s.desk[t]);
    fn_free(s.desk);
    fn_free(s.next);
    fn_free(s.low);
    fn_free(s.place);
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

/* x times 2^exponent, in two factors that neither run over nor under. */
typedef struct power {
    double half, rest;
} power;

static power power_of(int exponent)
{
    return (power) { ldexp(1, exponent / 2), ldexp(1, exponent - exponent / 2) };
}

static inline double times(double x, power by)
{
    return x * by.half * by.rest;
}

/* The step's exponent: that of all weights together, each rounded up to a 2^30th of the largest, less 60. */
static int step_of(const fn_view *view, const fn_tied *pairs, int threads)
{
    int exponent, largest_exponent;
    double largest = 0;
    uint64_t sum = 0;
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : largest)
    for (size_t row = 0; row < view->ties; row++)
        if (pairs->of_tie[row] != FN_NONE && view->weight[row] > largest) largest = view->weight[row];
    frexp(largest, &largest_exponent);
    const power parts = power_of(30 - largest_exponent);
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : sum)
    for (size_t row = 0; row < view->ties; row++)
        if (pairs->of_tie[row] != FN_NONE) sum += (uint64_t) times(view->weight[row], parts) + 1;
    frexp((double) sum, &exponent);
    return exponent + largest_exponent - 30 - 60;
}

fn_status fn_tied_weigh(fn_run *run, const fn_view *view, const fn_tied *pairs, uint64_t *weight)
{
    int threads = fn_run_threads(run);
    fn_status status = fn_progress(run, "weights of pairs", -1);
    if (status) return status;
    const power steps = power_of(-step_of(view, pairs, threads));
    for (uint32_t e = 0; e < pairs->pairs; e++) weight[e] = 0;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t row = 0; row < view->ties; row++) {
        if (pairs->of_tie[row] == FN_NONE) continue;
        uint64_t more = (uint64_t) llrint(times(view->weight[row], steps)), *sum = &weight[pairs->of_tie[row]];
        if (threads > 1) __atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
        else *sum += more;
    }
    return FN_OK;
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
