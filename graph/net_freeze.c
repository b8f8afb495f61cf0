/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"

/* What tells the ties of one firm apart, and which record it is. */
typedef struct place {
    uint32_t to;
    uint16_t layer, currency;
    size_t record;
} place;

enum { FIRMS_A_STEP = 1 << 16 };

static int by_place(const void *left, const void *right)
{
    const place *a = left, *b = right;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
    if (a->currency != b->currency) return a->currency < b->currency ? -1 : 1;
    return a->record < b->record ? -1 : a->record > b->record;
}

static bool same_tie(const fn_tie *record, const place *a, const place *b)
{
    return record[a->record].from == record[b->record].from && a->to == b->to && a->layer == b->layer &&
           a->currency == b->currency;
}

/* All records by (from, to, layer, currency), in the order they were added within a tie: counted out to the firms that
 * they come from, then sorted firm by firm. O(records log records of a firm). */
static fn_status sort_records(fn_run *run, const fn_net *net, place *at)
{
    uint32_t firms = fn_net_firms(net);
    size_t *start = fn_alloc(run, (size_t) firms + 1, sizeof *start);
    if (!start) return FN_ENOMEM;
    for (size_t r = 0; r < net->ties; r++) start[net->tie[r].from + 1]++;
    for (uint32_t u = 0; u < firms; u++) start[u + 1] += start[u];
    for (size_t r = 0; r < net->ties; r++) {
        const fn_tie *t = &net->tie[r];
        at[start[t->from]++] = (place) { t->to, t->layer, t->currency, r };
    }
    fn_status status = FN_OK;
    size_t begin = 0;
    for (uint32_t u = 0; u < firms && !status; u++) { /* start[u] is now where the firm's records end */
        if (u % FIRMS_A_STEP == 0) status = fn_progress(run, "adding up ties", (double) u / firms);
        if (start[u] - begin > 1) qsort(at + begin, start[u] - begin, sizeof *at, by_place);
        begin = start[u];
    }
    fn_free(start);
    return status;
}

/* Money, weights and counts of all records together must stay numbers: then every sum over ties does, too. */
static fn_status check_sums(fn_run *run, const fn_net *net)
{
    double value = 0, weight = 0;
    int64_t count = 0;
    for (size_t r = 0; r < net->ties; r++) {
        const fn_tie *tie = &net->tie[r];
        if (!isnan(tie->value)) value += fabs(tie->value);
        if (!isnan(tie->weight)) weight += fabs(tie->weight);
        if (__builtin_add_overflow(count, tie->count, &count) || !isfinite(value) || !isfinite(weight))
            return fn_fail(run, FN_EPARSE, "the %s of all ties add up to more than a number can hold",
                           isfinite(value) && isfinite(weight) ? "counts" : "weights");
    }
    return FN_OK;
}

/* The records at[0 … count-1] of one tie, in the order they were added. */
static fn_tie merged(const fn_tie *record, const place *at, size_t count)
{
    fn_tie tie = record[at[0].record];
    fn_sum value = { 0 }, weight = { 0 };
    double dearest = NAN;
    tie.count = 0;
    for (size_t i = 0; i < count; i++) {
        const fn_tie *r = &record[at[i].record];
        fn_sum_add(&value, r->value);
        fn_sum_add(&weight, r->weight);
        tie.count += r->count;
        if (r->first != FN_DAY_NONE && (tie.first == FN_DAY_NONE || r->first < tie.first)) tie.first = r->first;
        if (r->last != FN_DAY_NONE && (tie.last == FN_DAY_NONE || r->last > tie.last)) tie.last = r->last;
        if (r->product == FN_NONE) continue;
        /* The dearest product; equal or unpriced ones: the first in byte order would need the texts, so the first. */
        if (tie.product == FN_NONE || (r->value > dearest) || (isnan(dearest) && !isnan(r->value))) {
            tie.product = r->product;
            dearest = r->value;
        }
    }
    tie.value = value.terms ? fn_sum_value(&value) : NAN;
    tie.weight = weight.terms ? fn_sum_value(&weight) : NAN;
    return tie;
}

/* Further tie columns: each tie keeps its first record's cells. */
static fn_status pick_rows(fn_run *run, fn_table *columns, const size_t *record, size_t ties)
{
    for (size_t c = 0; c < columns->columns; c++) {
        fn_column *column = columns->column[c];
        size_t size = column->type == FN_COLUMN_INT || column->type == FN_COLUMN_REAL ? 8
                    : column->type == FN_COLUMN_BOOL ? 1 : 4;
        char *picked = fn_alloc(run, ties, size);
        if (!picked) return FN_ENOMEM;
        for (size_t t = 0; t < ties; t++) memcpy(picked + t * size, (char *) column->data + record[t] * size, size);
        fn_free(column->data);
        column->data = picked;
        column->rows = column->capacity = ties;
    }
    columns->rows = ties;
    return FN_OK;
}

fn_status fn_net_freeze(fn_run *run, fn_net *net)
{
    assert(!net->frozen);
    fn_status status = fn_net_stretch(run, net);
    if (!status) status = check_sums(run, net);
    if (status) return status;
    place *at = fn_alloc(run, net->ties, sizeof *at);
    size_t *first = fn_alloc(run, net->ties, sizeof *first);
    fn_tie *tie = NULL;
    status = FN_ENOMEM;
    if (!at || !first) goto done;
    if ((status = sort_records(run, net, at))) goto done;

    size_t ties = 0;
    for (size_t r = 0; r < net->ties; r++) ties += r == 0 || !same_tie(net->tie, &at[r - 1], &at[r]);
    status = FN_ENOMEM;
    if (!(tie = fn_alloc(run, ties, sizeof *tie))) goto done;
    size_t made = 0;
    for (size_t r = 0; r < net->ties;) {
        size_t end = r + 1;
        while (end < net->ties && same_tie(net->tie, &at[r], &at[end])) end++;
        tie[made] = merged(net->tie, at + r, end - r);
        first[made++] = at[r].record;
        r = end;
    }
    if ((status = pick_rows(run, net->tie_columns, first, ties))) goto done;
    fn_free(net->tie);
    net->tie = tie;
    tie = NULL;
    net->ties = net->tie_capacity = ties;
    net->frozen = true;
    status = FN_OK;
done:
    fn_free(at);
    fn_free(first);
    fn_free(tie);
    return status;
}

fn_status fn_net_keep(fn_run *run, fn_net *net, const uint32_t *tie, size_t ties)
{
    assert(net->frozen && !net->graph_made);
    size_t *row = fn_alloc(run, ties, sizeof *row);
    if (!row) return FN_ENOMEM;
    for (size_t t = 0; t < ties; t++) row[t] = tie[t];
    fn_status status = pick_rows(run, net->tie_columns, row, ties);
    for (size_t t = 0; !status && t < ties; t++) net->tie[t] = net->tie[tie[t]];
    if (!status) net->ties = ties;
    fn_free(row);
    return status;
}
