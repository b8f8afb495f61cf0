/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "src/backbone.h"

static const char *const kept_name[] = { NULL, "significant", "single", "share" };

/* The rows of a column that are wanted, as a column of another table. */
static fn_status pick_column(fn_run *run, const fn_column *from, const uint32_t *row, fn_table *to)
{
    fn_column *column;
    fn_status status = from->type == FN_COLUMN_TEXT ? fn_table_add_borrowed(run, to, from->name, from->pool, &column)
                                                    : fn_table_add(run, to, from->name, from->type, &column);
    for (size_t i = 0; i < to->rows && !status; i++)
        switch (column->type) {
        case FN_COLUMN_INT: column->integer[i] = from->integer[row[i]]; break;
        case FN_COLUMN_REAL: column->real[i] = from->real[row[i]]; break;
        case FN_COLUMN_DATE: column->date[i] = from->date[row[i]]; break;
        case FN_COLUMN_BOOL: column->boolean[i] = from->boolean[row[i]]; break;
        case FN_COLUMN_TEXT: column->text[i] = from->text[row[i]]; break;
        }
    return status;
}

static fn_status add_tests(fn_run *run, const fn_backbone *b, const uint32_t *row, fn_table *to)
{
    fn_column *log10_p = NULL, *q, *log10_q;
    fn_status status = FN_OK;
    if (!b->log10_p) return FN_OK;
    if (!fn_table_find(to, "log10_p")) status = fn_table_add(run, to, "log10_p", FN_COLUMN_REAL, &log10_p);
    if (!status) status = fn_table_add(run, to, "q", FN_COLUMN_REAL, &q);
    if (!status) status = fn_table_add(run, to, "log10_q", FN_COLUMN_REAL, &log10_q);
    for (size_t i = 0; i < to->rows && !status; i++) {
        if (log10_p) log10_p->real[i] = b->log10_p[row[i]];
        log10_q->real[i] = b->log10_q[row[i]];
        q->real[i] = pow(10, b->log10_q[row[i]]);
    }
    return status;
}

static fn_status make_columns(fn_run *run, const fn_backbone *b, const uint32_t *row, size_t rows, fn_table **table)
{
    fn_column *kept;
    fn_status status = fn_table_new(run, rows, table);
    for (size_t c = 0; c < b->judged->columns && !status; c++)
        status = pick_column(run, b->judged->column[c], row, *table);
    if (!status) status = add_tests(run, b, row, *table);
    if (!status) status = fn_table_add(run, *table, "kept", FN_COLUMN_TEXT, &kept);
    for (size_t i = 0; i < rows && !status; i++) {
        const char *name = b->kept[row[i]] == FN_KEPT_SIGNIFICANT && !b->log10_p ? "score" : kept_name[b->kept[row[i]]];
        if (name) status = fn_column_set_text(run, kept, i, name, strlen(name));
    }
    return status;
}

/* The view of these rows of a view. */
static fn_status cut_view(fn_run *run, fn_view *view, const uint32_t *row, size_t rows)
{
    uint32_t *tie = fn_alloc_bare(run, rows, sizeof *tie);
    double *weight = fn_alloc_bare(run, rows, sizeof *weight);
    if (!tie || !weight) {
        fn_free(tie);
        fn_free(weight);
        return FN_ENOMEM;
    }
    for (size_t i = 0; i < rows; i++) {
        tie[i] = (uint32_t) fn_view_tie(view, row[i]);
        weight[i] = view->weight[row[i]];
    }
    fn_free(view->own_tie);
    fn_free(view->own_weight);
    view->tie = view->own_tie = tie;
    view->weight = view->own_weight = weight;
    view->ties = rows;
    return FN_OK;
}

fn_status fn_backbone_apply(fn_call *call, fn_analysis *a, fn_backbone *b, bool all_ties)
{
    fn_run *run = &call->run;
    uint32_t *row = fn_alloc_bare(run, a->view->ties, sizeof *row);
    size_t rows = 0;
    fn_status status = row ? FN_OK : FN_ENOMEM;
    for (size_t i = 0; i < a->view->ties && !status; i++)
        if (all_ties || b->kept[i]) row[rows++] = (uint32_t) i;
    if (!status) status = make_columns(run, b, row, rows, &a->strength);
    if (!status) status = cut_view(run, a->view, row, rows);
    fn_free(row);
    return status;
}

fn_status fn_backbone_pairs_table(fn_call *call, const fn_net *net, const fn_table *pairs, fn_table **table)
{
    static const char *const ends[] = { "from", "to" }, *const numbers[] = { "common", "of_from", "of_to", "expected",
                                                                             "log10_p", "log10_q" };
    fn_run *run = &call->run;
    uint32_t *row = fn_alloc(run, pairs->rows, sizeof *row);
    fn_status status = row ? fn_table_new(run, pairs->rows, table) : FN_ENOMEM;
    for (size_t i = 0; i < pairs->rows && !status; i++) row[i] = (uint32_t) i;
    for (int e = 0; e < 2 && !status; e++) {
        fn_column *key;
        const fn_column *number = fn_table_find(pairs, ends[e]);
        status = fn_table_add_borrowed(run, *table, ends[e], fn_net_keys(net), &key);
        for (size_t i = 0; i < pairs->rows && !status; i++) key->text[i] = (uint32_t) number->integer[i];
    }
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers && !status; c++)
        status = pick_column(run, fn_table_find(pairs, numbers[c]), row, *table);
    fn_free(row);
    return status;
}
