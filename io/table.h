/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_TABLE_H
#define FN_IO_TABLE_H

#include "io/output.h"
#include "io/source.h"

/* Tables as text. TSV: header line, tabs and line breaks in text become blanks (counted in *replaced, may be NULL).
 * CSV: RFC 4180; text cells that start (after blanks) with = + - @ TAB CR get a leading ' so that no spreadsheet runs
 * them, numbers are untouched. JSON Lines: one object a row, missing = null. Aligned: for a terminal. */
typedef enum fn_table_form { FN_TABLE_TSV, FN_TABLE_CSV, FN_TABLE_JSON, FN_TABLE_ALIGNED } fn_table_form;

fn_status fn_table_write(fn_run *run, fn_output *output, const fn_table *table, fn_table_form form, int64_t *replaced);

/* A delimited table with a header, every column as text (separator sniffed, RFC 4180 quotes except in TSV): partitions
 * for `compare`, truth tables, columns for `export --nodes`. */
fn_status fn_table_read(fn_run *run, fn_source *source, fn_table **table);

#endif
