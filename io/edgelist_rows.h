/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_EDGELIST_ROWS_H
#define FN_IO_EDGELIST_ROWS_H

#include "io/format.h"
#include "io/pen.h"

/* The rows of an edge list as edgelist_write.c has planned them. */

/* Columns after from and to that every net has, in this order. */
enum {
    FN_ROW_LAYER, FN_ROW_VALUE, FN_ROW_CURRENCY, FN_ROW_COUNT, FN_ROW_FIRST, FN_ROW_LAST, FN_ROW_NEWMAN, FN_ROW_PRODUCT,
    FN_ROW_FIXED
};

typedef struct fn_row_further {
    const fn_column *column;
    char *name;
    bool by_tie; /* its row is the tie of the net, else the place in the export */
} fn_row_further;

typedef struct fn_row_plan {
    const fn_export *what;
    const fn_net *net;
    size_t ties;
    bool has[FN_ROW_FIXED];
    fn_row_further *column;
    size_t columns;
    uint32_t *layer_rank, *currency_rank; /* place of a name among the sorted names */
    uint32_t *number;                     /* of a firm among those written, from 1; 0: not written */
    uint32_t firms;
    bool numbered;                        /* the rows don't show these numbers, so columns must */
} fn_row_plan;

static inline size_t fn_row_tie(const fn_row_plan *plan, size_t place)
{
    return plan->what->tie ? plan->what->tie[place] : place;
}

/* Rows of the ties that stand at first … end - 1 of the export (for fn_pen_rows; user is the plan). The ties of one
 * pair stand together, sorted by names, and all come with the first of them. */
void fn_row_put(fn_pen *pen, const void *user, size_t first, size_t end);

#endif
