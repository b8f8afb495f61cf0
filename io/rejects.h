/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_REJECTS_H
#define FN_IO_REJECTS_H

#include "io/delimited.h"
#include "io/format.h"

/* Why a row of a table can't be used. */
typedef struct fn_complaint {
    const char *reason; /* stable code, NULL: nothing is wrong */
    const char *words;  /* "the weight is negative" */
    const char *hint;   /* NULL: none */
} fn_complaint;

/* A line of the file for what is set aside: file, line, reason, row, with TAB, LF, CR and backslash in the row as \t,
 * \n, \r, \\. For tender data the row is the id of what was set aside. Nothing happens where no such file is asked
 * for. */
fn_status fn_rejects_add(fn_run *run, fn_import *import, const char *file, int64_t line, const char *reason,
                         const char *row, size_t length);
/* An excerpt of fn_quote without its quotes, for the account, which quotes itself. Changes the text. */
char *fn_unquote(char *quoted);

/* The row read last can't be used. Without --keep-going that is the error of the run: file, line, what, the value
 * quoted. With it the row is counted under its reason (FN_REJECTED of unit), listed among the rejects, and the answer
 * is FN_OK. */
fn_status fn_row_reject(fn_run *run, fn_import *import, const fn_delimited *text, const char *unit,
                        fn_complaint complaint, const char *value, size_t length);
/* The header line of the file for rows set aside. */
fn_status fn_rejects_start(fn_run *run, fn_output *rejects);

#endif
