/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/sum.h"
#include "graph/text.h"
#include "graph/ties.h"

/* Adding up records of one tie. Sorted rows are cut into stretches of fixed length, moved on to where a tie ends; each
 * is merged for itself, then the stretches are moved together. */

enum { STRETCH = 1 << 16 };

static bool same_periods(const fn_ties *t, size_t a, size_t b)
{
    return (!t->first || fn_period_of(t->first[a], t->apart) == fn_period_of(t->first[b], t->apart)) &&
           (!t->last || fn_period_of(t->last[a], t->apart) == fn_period_of(t->last[b], t->apart));
}

static bool same_tie(const fn_ties *t, size_t a, size_t b)
{
    return t->from[a] == t->from[b] && t->to[a] == t->to[b] && (!t->layer || t->layer[a] == t->layer[b]) &&
           (!t->currency || t->currency[a] == t->currency[b]) && (!t->apart || same_periods(t, a, b));
}

static size_t count_ties(fn_run *run, const fn_ties *ties)
{
    int64_t count = ties->rows > 0;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(+ : count) num_threads(threads)
    for (size_t r = 1; r < ties->rows; r++) count += !same_tie(ties, r - 1, r);
    return (size_t) count;
}

static void put_row(fn_ties *ties, size_t row, const fn_tie *tie)
{
    ties->from[row] = tie->from;
    ties->to[row] = tie->to;
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        char *cells = *fn_ties_cells(ties, c);
        if (cells) memcpy(cells + row * size, (const char *) tie + fn_ties_columns[c].usual, size);
    }
}

/* Rows first … end - 1, in the order they were added. */
static fn_tie merged(const fn_ties *ties, size_t first, size_t end)
{
    fn_tie tie = fn_ties_at(ties, first);
    if (end == first + 1) return tie;
    fn_sum value = { 0 }, weight = { 0 };
    double dearest = NAN;
    tie.count = 0;
    for (size_t row = first; row < end; row++) {
        const fn_tie r = fn_ties_at(ties, row);
        fn_sum_add(&value, r.value);
        fn_sum_add(&weight, r.weight);
        tie.count += r.count;
        if (r.first != FN_DAY_NONE && (tie.first == FN_DAY_NONE || r.first < tie.first)) tie.first = r.first;
        if (r.last != FN_DAY_NONE && (tie.last == FN_DAY_NONE || r.last > tie.last)) tie.last = r.last;
        if (r.product == FN_NONE) continue;
        /* The dearest product; equal or unpriced ones: the first in byte order would need the texts, so the first. */
        if (tie.product == FN_NONE || r.value > dearest || (isnan(dearest) && !isnan(r.value))) {
            tie.product = r.product;
            dearest = r.value;
        }
    }
    tie.value = value.terms ? fn_sum_value(&value) : NAN;
    tie.weight = weight.terms ? fn_sum_value(&weight) : NAN;
    return tie;
}

/* Where the stretch that begins at or behind `row` begins: the first tie there. */
static size_t tie_start(const fn_ties *ties, size_t row)
{
    if (row == 0) return 0;
    while (row < ties->rows && same_tie(ties, row - 1, row)) row++;
    return row < ties->rows ? row : ties->rows;
}

/* Merge rows first … end - 1 in place; returns how many ties there are. */
static size_t merge_stretch(fn_ties *ties, uint32_t *record, size_t first, size_t end)
{
    size_t made = first;
    for (size_t row = first; row < end;) {
        size_t stop = row + 1;
        while (stop < end && same_tie(ties, row, stop)) stop++;
        fn_tie tie = merged(ties, row, stop);
        put_row(ties, made, &tie);
        if (record) record[made] = record[row];
        made++;
        row = stop;
    }
    return made - first;
}

static void move_rows(fn_ties *ties, uint32_t *record, size_t to, size_t from, size_t rows)
{
    memmove(ties->from + to, ties->from + from, rows * sizeof *ties->from);
    memmove(ties->to + to, ties->to + from, rows * sizeof *ties->to);
    if (record) memmove(record + to, record + from, rows * sizeof *record);
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        char *cells = *fn_ties_cells(ties, c);
        if (cells) memmove(cells + to * size, cells + from * size, rows * size);
    }
}

fn_status fn_ties_merge(fn_run *run, fn_ties *ties, uint32_t *record)
{
    size_t wanted = count_ties(run, ties), stretches = ties->rows / STRETCH + 1, at = 0;
    if (wanted == ties->rows) return FN_OK;
    fn_status status = fn_ties_make(run, ties, FN_TIES_COUNT);
    if (!status && !isnan(ties->usual.value)) status = fn_ties_make(run, ties, FN_TIES_VALUE);
    if (!status && !isnan(ties->usual.weight)) status = fn_ties_make(run, ties, FN_TIES_WEIGHT);
    size_t *first = status ? NULL : fn_alloc(run, stretches + 1, sizeof *first);
    size_t *made = first ? fn_alloc(run, stretches, sizeof *made) : NULL;
    if (!made) {
        fn_free(first);
        return FN_ENOMEM;
    }
    for (size_t s = 0; s < stretches; s++) /* a tie longer than a stretch is walked through once */
        first[s] = s && first[s - 1] >= s * STRETCH ? first[s - 1] : tie_start(ties, s * STRETCH);
    first[stretches] = ties->rows;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t s = 0; s < stretches; s++) made[s] = merge_stretch(ties, record, first[s], first[s + 1]);
    for (size_t s = 0; s < stretches; s++) {
        if (at != first[s]) move_rows(ties, record, at, first[s], made[s]);
        at += made[s];
    }
    fn_free(first);
    fn_free(made);
    fn_ties_cut(ties, wanted);
    return FN_OK;
}
