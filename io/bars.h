/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_BARS_H
#define FN_IO_BARS_H

#include "graph/columns.h"
#include "io/output.h"

/* Shares of a table as a picture that stands alone (SVG): one line a row, one panel of bars from 0 to 1 for each of the
 * columns, with the number beside it and the scale below. A missing share has no bar, a dash stands there. */
typedef struct fn_bars {
    const char *title, *label;     /* label: the text column that names the rows */
    const char *const *column;     /* NULL-ended names of real columns, 0 … 1 */
    const char *const *heading;    /* as many, in words */
    const char *const *note;       /* NULL-ended lines below that say how to read it; NULL: none */
} fn_bars;
fn_status fn_bars_write(fn_run *run, fn_output *output, const fn_table *table, const fn_bars *bars);

#endif
