/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_COLUMN_TYPES_H
#define FN_IO_COLUMN_TYPES_H

#include "graph/columns.h"

/* Columns that come as text from delimited files. */

/* A column name from a header cell: ASCII letters in lower case, blanks and punctuation as one '_'. An empty one is
 * "column_N" (N from 1). Bytes outside ASCII stay. The result is the caller's (fn_free); NULL: no memory. */
char *fn_header_name(fn_run *run, const char *text, size_t length, size_t number);
/* name, or name_2, name_3, … where the table has it already; frees what it is given. NULL: no memory. */
char *fn_header_unused_take(fn_run *run, const fn_table *table, char *name, bool *repeated);

/* Give a text column the type of its content: whole numbers, else numbers, else text. Only numbers that are written
 * so that nothing is lost count: "007" and "+7" stay text. A column without any cell stays text. */
fn_status fn_column_settle(fn_run *run, fn_column *column);
/* Back to text, cell by cell, for more rows to come. Text columns that borrow their texts get their own. */
fn_status fn_column_loosen(fn_run *run, fn_column *column);

#endif
