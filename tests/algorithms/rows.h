/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_ROWS_H
#define FN_TESTS_ALGORITHMS_ROWS_H

#include "algorithms/algorithm.h"

/* A row of the table of algorithms on a view, by its defaults, but for one option (NULL: none). *table is NULL where it
 * fails. */
fn_status row_try(fn_run *run, const fn_view *view, const fn_algorithm *row, const char *option, const char *text,
                  fn_table **table);
/* The same by name; aborts where it fails. */
fn_table *row_find(fn_run *run, const fn_view *view, fn_group group, const char *name);
fn_table *row_find_with(fn_run *run, const fn_view *view, fn_group group, const char *name, const char *option,
                        const char *text);

/* The measures of ties but for strength, and all of them side by side; `strength` has columns of the same names. */
extern const char *const row_tie_measures[];
enum { ROW_TIE_MEASURES = 8 };
fn_table *row_find_ties(fn_run *run, const fn_view *view);

/* A number of a table, NAN where it is missing; aborts where there is no such column. */
double row_cell(const fn_table *table, const char *column, size_t row);
/* The column of real numbers. */
const double *row_reals(const fn_table *table, const char *column);

/* found is wanted within the tolerance, or both are missing. */
void row_assert(const fn_table *table, const char *column, size_t row, double wanted, double tolerance);
/* Two tables say the same, to the byte; `how` tells in what they differ otherwise. */
void row_assert_same(const fn_table *a, const fn_table *b, const char *how);

#endif
