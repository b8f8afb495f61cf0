/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "graph/memory.h"
#include "graph/ties.h"

/* Sorting ties in two phases that stay in the cache:
 *   deal   rows out to buckets of neighbouring firms, each with about as many rows, keeping their order; from the last
 *          rows to the first, so that the memory of what is dealt can be given back on the way
 *   order  each bucket by counting sorts: periods, currency, layer, to, from
 * Both are stable, so equal rows keep their order, and the result is the same at any number of threads. */

enum {
    BUCKET_ROWS = 1 << 15,      /* wanted; what a bucket's sort touches fits the second-level cache */
    BUCKETS_MOST = 1 << 10,
    GROUPS_MOST = 1 << 16,      /* of neighbouring firms that stay together */
    STEP_PARTS = 8, PART_ROWS = 1 << 16, STEP_ROWS = STEP_PARTS * PART_ROWS,
    DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS
};

typedef struct deal {
    fn_run *run;
    fn_ties *old, dealt;
    uint32_t *record;
    uint32_t firms, groups, buckets;
    unsigned shift;             /* a firm's group = firm >> shift */
    uint16_t *bucket;           /* of each group */
    uint32_t *start;            /* of each bucket, and behind the last */
    uint32_t *end;              /* of each bucket: where the rows not yet dealt end */
    uint32_t *place;            /* of each row of a step */
    uint32_t (*count)[BUCKETS_MOST]; /* of each part of a step */
} deal;

static bool periods_in_order(const fn_ties *t, size_t a, size_t b)
{
    int32_t one = t->first ? fn_period_of(t->first[a], t->apart) : 0;
    int32_t other = t->first ? fn_period_of(t->first[b], t->apart) : 0;
    if (one != other) return one < other;
    return !t->last || fn_period_of(t->last[a], t->apart) <= fn_period_of(t->last[b], t->apart);
}

static bool in_order(const fn_ties *t, size_t a, size_t b)
{
    if (t->from[a] != t->from[b]) return t->from[a] < t->from[b];
    if (t->to[a] != t->to[b]) return t->to[a] < t->to[b];
    if (t->layer && t->layer[a] != t->layer[b]) return t->layer[a] < t->layer[b];
    if (t->currency && t->currency[a] != t->currency[b]) return t->currency[a] < t->currency[b];
    return !t->apart || periods_in_order(t, a, b);
}

static bool sorted_already(const fn_ties *ties)
{
    for (size_t r = 1; r < ties->rows; r++)
        if (!in_order(ties, r - 1, r)) return false;
    return true;
}

/* ---- deal ---- */

/* Which groups make a bucket, and where the buckets start. */
static fn_status plan_buckets(deal *d)
{
    uint32_t *rows = fn_alloc(d->run, d->groups, sizeof *rows);
    if (!rows) return FN_ENOMEM;
    size_t even = d->old->rows / BUCKETS_MOST, wanted = even > BUCKET_ROWS ? even : BUCKET_ROWS, in = 0, all = 0;
    for (size_t r = 0; r < d->old->rows; r++) rows[d->old->from[r] >> d->shift]++;
    for (uint32_t g = 0; g < d->groups; g++) {
        if (in >= wanted && d->buckets + 1 < BUCKETS_MOST) {
            d->start[++d->buckets] = (uint32_t) all;
            in = 0;
        }
        d->bucket[g] = (uint16_t) d->buckets;
        in += rows[g];
        all += rows[g];
    }
    d->start[++d->buckets] = (uint32_t) all;
    memcpy(d->end, d->start + 1, d->buckets * sizeof *d->end);
    fn_free(rows);
    return FN_OK;
}

static fn_status prepare_deal(deal *d)
{
    size_t rows = d->old->rows;
    d->dealt.usual = d->old->usual;
    d->dealt.apart = d->old->apart;
    d->dealt.rows = d->dealt.capacity = rows;
    while ((d->firms - 1) >> d->shift >= GROUPS_MOST) d->shift++;
    d->groups = ((d->firms - 1) >> d->shift) + 1;
    d->bucket = fn_alloc(d->run, d->groups, sizeof *d->bucket);
    d->start = fn_alloc(d->run, BUCKETS_MOST + 1, sizeof *d->start);
    d->end = fn_alloc(d->run, BUCKETS_MOST, sizeof *d->end);
    d->place = fn_alloc_bare(d->run, rows < STEP_ROWS ? rows : STEP_ROWS, sizeof *d->place);
    d->count = fn_alloc(d->run, STEP_PARTS, sizeof *d->count);
    d->dealt.from = fn_alloc_bare(d->run, rows, sizeof *d->dealt.from);
    d->dealt.to = fn_alloc_bare(d->run, rows, sizeof *d->dealt.to);
    bool made = d->bucket && d->start && d->end && d->place && d->count && d->dealt.from && d->dealt.to;
    for (int c = 0; made && c < FN_TIES_COLUMNS; c++)
        if (*fn_ties_cells(d->old, c))
            made = (*fn_ties_cells(&d->dealt, c) = fn_alloc_bare(d->run, rows, fn_ties_columns[c].size)) != NULL;
    return made ? plan_buckets(d) : FN_ENOMEM;
}

static void move_cells(const void *from, void *to, const uint32_t *place, size_t rows, size_t size)
{
    const char *in = from;
    if (size == 8)
        for (size_t r = 0; r < rows; r++) memcpy((char *) to + (size_t) place[r] * 8, in + r * 8, 8);
    else if (size == 4)
        for (size_t r = 0; r < rows; r++) memcpy((char *) to + (size_t) place[r] * 4, in + r * 4, 4);
    else
        for (size_t r = 0; r < rows; r++) memcpy((char *) to + (size_t) place[r] * size, in + r * size, size);
}

/* Rows first … first + rows - 1, part by part: count, then give every part its places, then move. */
static void deal_step(deal *d, size_t first, size_t rows)
{
    const uint32_t *from = d->old->from + first;
    int parts = (int) ((rows + PART_ROWS - 1) / PART_ROWS), threads = fn_run_threads(d->run);
    (void) threads;
    memset(d->count, 0, STEP_PARTS * sizeof *d->count);
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int p = 0; p < parts; p++) {
        size_t begin = (size_t) p * PART_ROWS, end = begin + PART_ROWS < rows ? begin + PART_ROWS : rows;
        for (size_t r = begin; r < end; r++) d->count[p][d->bucket[from[r] >> d->shift]]++;
    }
    for (uint32_t b = 0; b < d->buckets; b++)
        for (int p = parts - 1; p >= 0; p--) {
            d->end[b] -= d->count[p][b];
            d->count[p][b] = d->end[b];
        }
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int p = 0; p < parts; p++) {
        size_t begin = (size_t) p * PART_ROWS, end = begin + PART_ROWS < rows ? begin + PART_ROWS : rows;
        size_t n = end - begin;
        uint32_t *place = d->place + begin;
        for (size_t r = begin; r < end; r++) place[r - begin] = d->count[p][d->bucket[from[r] >> d->shift]]++;
        size_t at = first + begin;
        move_cells(d->old->from + at, d->dealt.from, place, n, sizeof *d->old->from);
        move_cells(d->old->to + at, d->dealt.to, place, n, sizeof *d->old->to);
        for (int c = 0; c < FN_TIES_COLUMNS; c++) {
            size_t size = fn_ties_columns[c].size;
            const char *cells = *fn_ties_cells(d->old, c);
            if (cells) move_cells(cells + at * size, *fn_ties_cells(&d->dealt, c), place, n, size);
        }
        for (size_t r = 0; d->record && r < n; r++) d->record[place[r]] = (uint32_t) (at + r);
    }
}

static fn_status deal_out(deal *d)
{
    size_t rows = d->old->rows, left = rows;
    fn_status status = FN_OK;
    while (!status && left) {
        size_t first = (left - 1) / STEP_ROWS * STEP_ROWS;
        deal_step(d, first, left - first);
        left = first;
        fn_ties_cut(d->old, left);
        status = fn_progress(d->run, "adding up ties", 0.6 * (double) (rows - left) / (double) rows);
    }
    return status;
}

/* ---- order ---- */

/* What one thread needs: keys are (to, place in the bucket). */
typedef struct bench {
    uint64_t *key, *other;
    uint32_t *count;
    char *cells;
} bench;

static uint64_t *by_digit(bench *b, uint32_t rows, unsigned shift)
{
    uint32_t *count = b->count, at = 0;
    memset(count, 0, DIGITS * sizeof *count);
    for (uint32_t i = 0; i < rows; i++) count[b->key[i] >> shift & (DIGITS - 1)]++;
    for (uint32_t v = 0; v < DIGITS; v++) {
        uint32_t here = count[v];
        count[v] = at;
        at += here;
    }
    for (uint32_t i = 0; i < rows; i++) b->other[count[b->key[i] >> shift & (DIGITS - 1)]++] = b->key[i];
    uint64_t *sorted = b->other;
    b->other = b->key;
    return b->key = sorted;
}

/* By a column of 16 bits. */
static void by_cell(bench *b, const uint16_t *cell, uint32_t rows)
{
    uint32_t *count = b->count, at = 0, most = 0;
    for (uint32_t i = 0; i < rows; i++) most = cell[i] > most ? cell[i] : most;
    memset(count, 0, (most + 1) * sizeof *count);
    for (uint32_t i = 0; i < rows; i++) count[cell[i]]++;
    for (uint32_t v = 0; v <= most; v++) {
        uint32_t here = count[v];
        count[v] = at;
        at += here;
    }
    for (uint32_t i = 0; i < rows; i++) b->other[count[cell[(uint32_t) b->key[i]]]++] = b->key[i];
    uint64_t *sorted = b->other;
    b->other = b->key;
    b->key = sorted;
}

/* By the period of a column of days; those without a day come first. */
static void by_period(bench *b, const int32_t *day, fn_period_unit unit, uint32_t rows)
{
    enum { SHIFTS = 2 };
    uint32_t *period = (uint32_t *) b->cells, *count = b->count; /* the cells are not needed yet */
    for (uint32_t i = 0; i < rows; i++)
        period[i] = day[i] == FN_DAY_NONE ? 0 : (uint32_t) fn_period_of(day[i], unit) + 1;
    for (unsigned digit = 0; digit < SHIFTS; digit++) {
        const unsigned shift = digit * DIGIT_BITS;
        uint32_t at = 0;
        memset(count, 0, DIGITS * sizeof *count);
        for (uint32_t i = 0; i < rows; i++) count[period[i] >> shift & (DIGITS - 1)]++;
        for (uint32_t v = 0; v < DIGITS; v++) {
            uint32_t here = count[v];
            count[v] = at;
            at += here;
        }
        for (uint32_t i = 0; i < rows; i++)
            b->other[count[period[(uint32_t) b->key[i]] >> shift & (DIGITS - 1)]++] = b->key[i];
        uint64_t *sorted = b->other;
        b->other = b->key;
        b->key = sorted;
    }
}

/* By firm delivering; the bucket's firms are low … high. */
static void by_from(bench *b, const uint32_t *from, uint32_t rows, uint32_t low, uint32_t high)
{
    uint32_t *count = b->count, at = 0;
    memset(count, 0, ((size_t) (high - low) + 1) * sizeof *count);
    for (uint32_t i = 0; i < rows; i++) count[from[i] - low]++;
    for (uint32_t v = 0; v <= high - low; v++) {
        uint32_t here = count[v];
        count[v] = at;
        at += here;
    }
    for (uint32_t i = 0; i < rows; i++) b->other[count[from[(uint32_t) b->key[i]] - low]++] = b->key[i];
    uint64_t *sorted = b->other;
    b->other = b->key;
    b->key = sorted;
}

static void take_cells(const bench *b, void *cells, uint32_t rows, size_t size)
{
    char *in = cells, *out = b->cells;
    if (size == 8)
        for (uint32_t i = 0; i < rows; i++) memcpy(out + (size_t) i * 8, in + (size_t) (uint32_t) b->key[i] * 8, 8);
    else if (size == 4)
        for (uint32_t i = 0; i < rows; i++) memcpy(out + (size_t) i * 4, in + (size_t) (uint32_t) b->key[i] * 4, 4);
    else
        for (uint32_t i = 0; i < rows; i++)
            memcpy(out + (size_t) i * size, in + (size_t) (uint32_t) b->key[i] * size, size);
    memcpy(cells, out, rows * size);
}

static void order_bucket(const deal *d, fn_ties *ties, uint32_t number, bench *b)
{
    uint32_t start = d->start[number], rows = d->start[number + 1] - start, low = UINT32_MAX, high = 0;
    uint32_t *from = ties->from + start, *to = ties->to + start;
    if (rows < 2) return;
    for (uint32_t i = 0; i < rows; i++) {
        low = from[i] < low ? from[i] : low;
        high = from[i] > high ? from[i] : high;
        b->key[i] = (uint64_t) to[i] << 32 | i;
    }
    if (ties->apart && ties->last) by_period(b, ties->last + start, ties->apart, rows);
    if (ties->apart && ties->first) by_period(b, ties->first + start, ties->apart, rows);
    if (ties->currency) by_cell(b, ties->currency + start, rows);
    if (ties->layer) by_cell(b, ties->layer + start, rows);
    for (unsigned shift = 32; shift < 64 && (uint64_t) (d->firms - 1) << 32 >> shift; shift += DIGIT_BITS)
        by_digit(b, rows, shift);
    by_from(b, from, rows, low, high);
    take_cells(b, from, rows, sizeof *from);
    take_cells(b, to, rows, sizeof *to);
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        char *cells = *fn_ties_cells(ties, c);
        if (cells) take_cells(b, cells + start * size, rows, size);
    }
    if (d->record) take_cells(b, d->record + start, rows, sizeof *d->record);
}

static void bench_free(bench *b, int threads)
{
    for (int t = 0; b && t < threads; t++) {
        fn_free(b[t].key);
        fn_free(b[t].other);
        fn_free(b[t].count);
        fn_free(b[t].cells);
    }
    fn_free(b);
}

static bench *bench_make(const deal *d, int threads)
{
    size_t rows = 1, counts = (size_t) UINT16_MAX + 1, span = ((size_t) GROUPS_MOST << d->shift) + 1;
    bench *b = fn_alloc(d->run, (size_t) threads, sizeof *b);
    if (!b) return NULL;
    for (uint32_t n = 0; n < d->buckets; n++)
        if (d->start[n + 1] - d->start[n] > rows) rows = d->start[n + 1] - d->start[n];
    if (span > d->firms) span = d->firms;
    if (span > counts) counts = span;
    for (int t = 0; t < threads; t++) {
        b[t].key = fn_alloc_bare(d->run, rows, sizeof *b[t].key);
        b[t].other = fn_alloc_bare(d->run, rows, sizeof *b[t].other);
        b[t].count = fn_alloc_bare(d->run, counts, sizeof *b[t].count);
        b[t].cells = fn_alloc_bare(d->run, rows, 8);
        if (b[t].key && b[t].other && b[t].count && b[t].cells) continue;
        bench_free(b, threads);
        return NULL;
    }
    return b;
}

static fn_status order_buckets(deal *d, fn_ties *ties)
{
    int threads = fn_run_threads(d->run);
    bench *b = bench_make(d, threads);
    fn_status status = b ? FN_OK : FN_ENOMEM;
    for (uint32_t n = 0; !status && n < d->buckets;) {
        uint32_t end = n + 64 < d->buckets ? n + 64 : d->buckets;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (uint32_t k = n; k < end; k++) {
#ifdef _OPENMP
            order_bucket(d, ties, k, &b[omp_get_thread_num()]);
#else
            order_bucket(d, ties, k, b);
#endif
        }
        n = end;
        status = fn_progress(d->run, "adding up ties", 0.6 + 0.4 * n / d->buckets);
    }
    bench_free(b, threads);
    return status;
}

fn_status fn_ties_sort(fn_run *run, fn_ties *ties, uint32_t firms, uint32_t *record)
{
    deal d = { .run = run, .old = ties, .record = record, .firms = firms };
    if (sorted_already(ties)) {
        for (size_t r = 0; record && r < ties->rows; r++) record[r] = (uint32_t) r;
        fn_ties_cut(ties, ties->rows);
        return FN_OK;
    }
    fn_status status = prepare_deal(&d);
    if (!status) status = deal_out(&d);
    if (!status) status = order_buckets(&d, &d.dealt);
    if (!status) {
        fn_ties_free(ties);
        *ties = d.dealt;
        d.dealt = (fn_ties) { 0 };
    }
    fn_ties_free(&d.dealt);
    fn_free(d.bucket);
    fn_free(d.start);
    fn_free(d.end);
    fn_free(d.place);
    fn_free(d.count);
    return status;
}
