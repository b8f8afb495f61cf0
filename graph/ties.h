/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_TIES_H
#define FN_GRAPH_TIES_H

#include <stddef.h>
#include "graph/period.h"
#include "graph/run.h"

/* A directed, layered, dated relation: `from` delivers, `to` receives and pays. In an undirected layer (consortium,
 * cobid) the pair is stored once, lower firm number first. As a record to add, value is one record's money. */
typedef struct fn_tie {
    uint32_t from, to;
    uint32_t product;    /* number in fn_net_products, FN_NONE: none (ties of several products keep the dearest) */
    uint16_t layer;
    uint16_t currency;   /* number in fn_net_currencies; 0 is "" (not stated) */
    double value;        /* summed money, NaN: none stated */
    double weight;       /* kernel weight of layers that bring their own (cobid: Newman's 1/(k-1)), NaN: none */
    int64_t count;       /* awards or records behind it */
    int32_t first, last; /* days, FN_DAY_NONE: none */
} fn_tie;

/* Ties, or records on their way to be ties, in columns: 8 bytes a tie for its ends, and only those further columns in
 * which rows differ. A column that is NULL holds in every row what `usual` holds. */
typedef struct fn_ties {
    size_t rows, capacity;
    fn_tie usual;
    uint32_t *from, *to;
    double *value, *weight;
    int64_t *count;
    int32_t *first, *last;
    uint32_t *product;
    uint16_t *layer, *currency;
    fn_period_unit apart;        /* records of different periods are different ties; FN_PERIOD_NONE: they add up */
    bool borrowed;               /* the columns lie in a file that is mapped: nothing may be changed or freed */
} fn_ties;

/* Columns but from and to, by number: for code that treats all alike. Network files (io/fnet.h) use these numbers. */
enum {
    FN_TIES_VALUE, FN_TIES_WEIGHT, FN_TIES_COUNT, FN_TIES_FIRST, FN_TIES_LAST, FN_TIES_PRODUCT, FN_TIES_LAYER,
    FN_TIES_CURRENCY, FN_TIES_COLUMNS
};
typedef struct fn_ties_column {
    size_t size;          /* bytes of a cell */
    size_t place;         /* of the pointer in fn_ties */
    size_t usual;         /* of the cell in fn_tie */
} fn_ties_column;
extern const fn_ties_column fn_ties_columns[FN_TIES_COLUMNS];

static inline void **fn_ties_cells(fn_ties *ties, int column)
{
    return (void **) ((char *) ties + fn_ties_columns[column].place);
}

/* One tie, put together. */
static inline fn_tie fn_ties_at(const fn_ties *ties, size_t row)
{
    fn_tie tie = ties->usual;
    tie.from = ties->from[row];
    tie.to = ties->to[row];
    if (ties->value) tie.value = ties->value[row];
    if (ties->weight) tie.weight = ties->weight[row];
    if (ties->count) tie.count = ties->count[row];
    if (ties->first) tie.first = ties->first[row];
    if (ties->last) tie.last = ties->last[row];
    if (ties->product) tie.product = ties->product[row];
    if (ties->layer) tie.layer = ties->layer[row];
    if (ties->currency) tie.currency = ties->currency[row];
    return tie;
}

/* Add a row. The first decides what is usual; a later one that differs makes the column. */
fn_status fn_ties_add(fn_run *run, fn_ties *ties, const fn_tie *tie);
/* Add many rows. */
typedef struct fn_ties_block {
    size_t rows;
    const uint32_t *from, *to;
    const void *cells[FN_TIES_COLUMNS]; /* of the column's type; NULL: the cell of `more` in all rows */
    fn_tie more;                        /* its ends are not looked at */
} fn_ties_block;
fn_status fn_ties_add_block(fn_run *run, fn_ties *ties, const fn_ties_block *block);
/* Room for so many rows more; what is in it is not set. */
fn_status fn_ties_reserve(fn_run *run, fn_ties *ties, size_t more);
/* Make a column where it is NULL. */
fn_status fn_ties_make(fn_run *run, fn_ties *ties, int column);
/* Where the columns are borrowed: copy them, so that they may be changed. All others do so by themselves. */
fn_status fn_ties_own(fn_run *run, fn_ties *ties);
/* Only these rows, by ascending number. */
fn_status fn_ties_pick(fn_run *run, fn_ties *ties, const uint32_t *row, size_t rows);
/* Cut to so many rows and give the memory behind them back. */
void fn_ties_cut(fn_ties *ties, size_t rows);
void fn_ties_free(fn_ties *ties);

/* Sort by (from, to, layer, currency) and, where periods stay apart, by the periods of the first and the last day; rows
 * of one such tie in their order; all ends are below firms, rows at most UINT32_MAX. record (NULL: not wanted) gets the
 * row that each stood in before. O(rows) time in cache-sized parts, on all threads; on the way the memory of a
 * twentieth of the rows more, and 24 bytes and thread for each row of the firm that delivers most. Same result at any
 * number of threads. After an error the rows are lost; free them. */
fn_status fn_ties_sort(fn_run *run, fn_ties *ties, uint32_t firms, uint32_t *record);
/* Of sorted rows, make one of those that have the same ends, layer, currency and, where they stay apart, periods:
 * values and weights added exactly, counts added, days spanned, product of the dearest. record (may be NULL): moved
 * along, the first row's stays. */
fn_status fn_ties_merge(fn_run *run, fn_ties *ties, uint32_t *record);

#endif
