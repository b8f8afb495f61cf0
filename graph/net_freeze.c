/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"

/* Money, weights and counts of all records together must stay numbers: then every sum over ties does, too. */
static fn_status check_sums(fn_run *run, const fn_net *net)
{
    const fn_ties *ties = &net->ties;
    double value = 0, weight = 0;
    int64_t count = 0;
    bool overflow = false;
    for (size_t r = 0; ties->value && r < ties->rows; r++)
        if (!isnan(ties->value[r])) value += fabs(ties->value[r]);
    if (!ties->value && !isnan(ties->usual.value)) value = fabs(ties->usual.value) * (double) ties->rows;
    for (size_t r = 0; ties->weight && r < ties->rows; r++)
        if (!isnan(ties->weight[r])) weight += fabs(ties->weight[r]);
    if (!ties->weight && !isnan(ties->usual.weight)) weight = fabs(ties->usual.weight) * (double) ties->rows;
    for (size_t r = 0; ties->count && r < ties->rows; r++)
        overflow |= __builtin_add_overflow(count, ties->count[r], &count);
    if (!ties->count && ties->rows) overflow = __builtin_mul_overflow((int64_t) ties->rows, ties->usual.count, &count);
    if (!overflow && isfinite(value) && isfinite(weight)) return FN_OK;
    return fn_fail(run, FN_EPARSE, "the %s of all ties add up to more than a number can hold",
                   isfinite(value) && isfinite(weight) ? "counts" : "weights");
}

/* Further tie columns: each tie keeps the cells of one row. */
static fn_status pick_rows(fn_run *run, fn_table *columns, const uint32_t *record, size_t ties)
{
    for (size_t c = 0; c < columns->columns; c++) {
        fn_column *column = columns->column[c];
        size_t size = column->type == FN_COLUMN_INT || column->type == FN_COLUMN_REAL ? 8
                    : column->type == FN_COLUMN_BOOL ? 1 : 4;
        char *picked = fn_alloc_bare(run, ties, size);
        if (!picked) return FN_ENOMEM;
        for (size_t t = 0; t < ties; t++) memcpy(picked + t * size, (char *) column->data + record[t] * size, size);
        column->rows = ties;
        fn_column_replace_take(column, picked);
    }
    columns->rows = ties;
    return FN_OK;
}

void fn_net_keep_apart(fn_net *net, fn_period_unit unit)
{
    assert(!net->frozen);
    net->ties.apart = unit;
}

fn_status fn_net_freeze(fn_run *run, fn_net *net)
{
    assert(!net->frozen);
    fn_ties *ties = &net->ties;
    uint32_t *record = NULL;
    fn_status status = fn_net_stretch(run, net);
    if (!status && ties->borrowed) net->frozen = true; /* as a frozen net was written, and checked when it was opened */
    if (status || net->frozen) return status;
    status = check_sums(run, net);
    if (!status && ties->rows > UINT32_MAX) status = fn_fail(run, FN_EPARSE, "more than %u records", UINT32_MAX);
    bool recorded = net->tie_columns->columns > 0;
    if (!status && recorded && !(record = fn_alloc_bare(run, ties->rows, sizeof *record))) status = FN_ENOMEM;
    if (!status) status = fn_ties_sort(run, ties, fn_net_firms(net), record);
    if (!status) status = fn_ties_merge(run, ties, record);
    if (!status) status = pick_rows(run, net->tie_columns, record, ties->rows);
    fn_free(record);
    if (!status) net->frozen = true;
    return status;
}

fn_status fn_net_keep(fn_run *run, fn_net *net, const uint32_t *tie, size_t ties)
{
    assert(net->frozen && !net->graph_made);
    fn_status status = pick_rows(run, net->tie_columns, tie, ties);
    return status ? status : fn_ties_pick(run, &net->ties, tie, ties);
}
