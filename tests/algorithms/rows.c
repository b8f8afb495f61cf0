/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/backbone.h"
#include "tests/algorithms/rows.h"
#include "tests/suite.h"

fn_status row_try(fn_run *run, const fn_view *view, const fn_algorithm *row, const char *option, const char *text,
                  fn_table **table)
{
    static const fn_param none[] = { { 0 } };
    const fn_param *own = row->params ? row->params : none;
    const fn_param *const tables[] = { own, row->group == FN_GROUP_BACKBONE ? fn_backbone_params : NULL, NULL };
    fn_values *values = NULL;
    *table = NULL;
    fn_status status = fn_values_new(run, tables, &values);
    if (!status && option) status = fn_values_set(run, values, option, text);
    if (!status) status = fn_table_new(run, row->group >= FN_GROUP_TIES ? view->ties : view->firms, table);
    if (!status) status = row->run(run, view, values, *table);
    fn_values_free(values);
    if (!status) return FN_OK;
    fn_table_free(*table);
    *table = NULL;
    return status;
}

fn_table *row_find_with(fn_run *run, const fn_view *view, fn_group group, const char *name, const char *option,
                        const char *text)
{
    const fn_algorithm *row = fn_algorithm_find(group, name);
    fn_table *table;
    ck_assert_msg(row != NULL, "there is no %s", name);
    ck_assert_msg(row_try(run, view, row, option, text, &table) == FN_OK, "%s: %s", name, run->error.message);
    return table;
}

fn_table *row_find(fn_run *run, const fn_view *view, fn_group group, const char *name)
{
    return row_find_with(run, view, group, name, NULL, NULL);
}

const char *const row_tie_measures[ROW_TIE_MEASURES] = { "overlap", "directed-overlap", "weighted-overlap", "squares",
                                                         "simmelian", "quadrilateral", "truss", "edge-betweenness" };

fn_table *row_find_ties(fn_run *run, const fn_view *view)
{
    fn_table *all;
    ck_assert_int_eq(fn_table_new(run, view->ties, &all), FN_OK);
    for (int k = 0; k < ROW_TIE_MEASURES; k++)
        ck_assert_int_eq(fn_table_join_take(run, all, row_find(run, view, FN_GROUP_TIES, row_tie_measures[k])), FN_OK);
    return all;
}

double row_cell(const fn_table *table, const char *column, size_t row)
{
    const fn_column *c = fn_table_find(table, column);
    ck_assert_msg(c != NULL, "no column %s", column);
    if (fn_column_missing(c, row)) return NAN;
    return c->type == FN_COLUMN_INT ? (double) c->integer[row] : c->real[row];
}

const double *row_reals(const fn_table *table, const char *column)
{
    ck_assert_msg(fn_table_find(table, column) != NULL, "no column %s", column);
    return fn_table_find(table, column)->real;
}

void row_assert(const fn_table *table, const char *column, size_t row, double wanted, double tolerance)
{
    double found = row_cell(table, column, row);
    bool alike = isnan(wanted) ? isnan(found) : fabs(found - wanted) <= tolerance;
    ck_assert_msg(alike, "%s of row %zu: %.17g, not %.17g", column, row, found, wanted);
}

void row_assert_same(const fn_table *a, const fn_table *b, const char *how)
{
    ck_assert_uint_eq(a->columns, b->columns);
    ck_assert_uint_eq(a->rows, b->rows);
    for (size_t c = 0; c < a->columns; c++)
        for (size_t row = 0; row < a->rows; row++) {
            char one[FN_REAL_TEXT], two[FN_REAL_TEXT];
            size_t length, other;
            const char *x = fn_column_cell(a->column[c], row, one, &length);
            const char *y = fn_column_cell(b->column[c], row, two, &other);
            if (length != other || memcmp(x, y, length) != 0)
                ck_abort_msg("%s: %s of row %zu is %.*s, not %.*s", how, a->column[c]->name, row, (int) other, y,
                             (int) length, x);
        }
}
