/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_COLUMNS_H
#define FN_GRAPH_COLUMNS_H

#include "graph/names.h"
#include "graph/text.h"

/* Typed columns over firms, ties or clusters: how results leave algorithms and enter writers. */
typedef enum fn_column_type {
    FN_COLUMN_INT,   /* int64,  missing FN_INT_NONE */
    FN_COLUMN_REAL,  /* double, missing NaN */
    FN_COLUMN_DATE,  /* int32 days since 1970, missing FN_DAY_NONE */
    FN_COLUMN_BOOL,  /* int8 0/1, missing -1 */
    FN_COLUMN_TEXT   /* uint32 number in pool, missing FN_NONE; or told */
} fn_column_type;

/* Texts that would fill memory, each unlike the others: made when a row is asked for, by any thread, at most
 * FN_TOLD_TEXT bytes with the NUL behind them; no row is missing. What they are made from outlives the column, but for
 * `of`. */
enum { FN_TOLD_TEXT = 256 };
typedef struct fn_teller {
    size_t (*tell)(const void *of, size_t row, char text[FN_TOLD_TEXT]); /* returns the length */
    void (*free)(void *of);                                             /* together with the column */
    void *of;
} fn_teller;

typedef struct fn_column {
    char *name;          /* lower_snake_case, unique in its table */
    char *unit;          /* "EUR", "share", …; "" none */
    fn_column_type type;
    size_t rows, capacity;
    union {
        int64_t *integer;
        double *real;
        int32_t *date;
        int8_t *boolean;
        uint32_t *text;
        void *data;
    };
    const fn_names *pool; /* texts of a text column */
    fn_names *own_pool;   /* the same when the column owns it, NULL when it is borrowed (e.g. firm keys) */
    fn_teller teller;     /* of a told text column, which has neither cells nor a pool */
    bool constant;        /* all rows hold one cell, which is all there is: fn_column_own before cells are looked at */
    bool borrowed;        /* the cells belong to somebody else: fn_column_own before they are changed or freed */
} fn_column;

/* An ordered set of columns of equal length. */
typedef struct fn_table {
    size_t rows, columns, capacity;
    fn_column **column;
} fn_table;

fn_status fn_table_new(fn_run *run, size_t rows, fn_table **table);
void fn_table_free(fn_table *table);
/* A new column with every row missing. FN_EINVAL: the name is taken. *column stays the table's. */
fn_status fn_table_add(fn_run *run, fn_table *table, const char *name, fn_column_type type, fn_column **column);
/* A text column whose rows are numbers in a pool that belongs to somebody else and outlives the table. */
fn_status fn_table_add_borrowed(fn_run *run, fn_table *table, const char *name, const fn_names *pool,
                                fn_column **column);
/* A column over table->rows cells that belong to somebody else and outlive the table; only read until fn_column_own. A
 * text column owns its pool, which is empty. */
fn_status fn_table_add_cells(fn_run *run, fn_table *table, const char *name, fn_column_type type, void *cells,
                             fn_column **column);
/* The same of texts in a pool that belongs to somebody else too. */
fn_status fn_table_add_borrowed_cells(fn_run *run, fn_table *table, const char *name, const fn_names *pool,
                                      uint32_t *cells, fn_column **column);
/* A column whose rows all hold this cell (NULL: all are missing); a text's pool belongs to somebody else and outlives
 * the table. The functions below that take a row know it; others call fn_column_own first. */
fn_status fn_table_add_constant(fn_run *run, fn_table *table, const char *name, fn_column_type type,
                                const fn_names *pool, const void *cell, fn_column **column);
/* A column of told texts. teller.of belongs to the column, and is freed when there is none. */
fn_status fn_table_add_told_take(fn_run *run, fn_table *table, const char *name, fn_teller teller, fn_column **column);
/* Several new columns, in the order of the list; a pool makes a borrowed text column. */
typedef struct fn_column_wanted {
    const char *name;
    fn_column_type type;
    fn_column **column;
    const fn_names *pool;
} fn_column_wanted;
fn_status fn_table_add_all(fn_run *run, fn_table *table, const fn_column_wanted *wanted, size_t count);
/* NULL: no such column. */
fn_column *fn_table_find(const fn_table *table, const char *name);
/* Lengthen (new rows missing) or cut every column. */
fn_status fn_table_resize(fn_run *run, fn_table *table, size_t rows);
/* Move every column of other to the end of table (same rows); other is freed. FN_EINVAL: a name is taken. */
fn_status fn_table_join_take(fn_run *run, fn_table *table, fn_table *other);
/* Move the columns of other that table lacks to its end; other keeps the rest. */
fn_status fn_table_join_new(fn_run *run, fn_table *table, fn_table *other);
/* Move one column of other, where it has one of this name and table has none, to the end of table. */
fn_status fn_table_take(fn_run *run, fn_table *table, fn_table *other, const char *name);

/* Where the cells are borrowed or one for all rows: make them the column's own, so that they may be changed. */
fn_status fn_column_own(fn_run *run, fn_column *column);
/* Put other cells (as many, the column's from now on) in the place of its own. */
void fn_column_replace_take(fn_column *column, void *cells);
/* Text of a row; the column must own its pool when setting. */
fn_status fn_column_set_text(fn_run *run, fn_column *column, size_t row, const char *text, size_t length);
/* Where rows are asked for in order: have the texts of the next ones at hand, which lie anywhere. */
void fn_column_fetch_ahead(const fn_column *column, size_t row);
bool fn_column_is_told(const fn_column *column);
/* Where the cell of a row lies in the cells. */
static inline size_t fn_column_place(const fn_column *column, size_t row)
{
    return column->constant ? 0 : row;
}
bool fn_column_missing(const fn_column *column, size_t row);
/* A told text stays until the calling thread asks for the next one. */
const char *fn_column_text(const fn_column *column, size_t row, size_t *length);
/* Any cell as text for a table (numbers shortest, dates ISO, booleans true/false, missing ""): *length bytes at the
 * returned place, which is either buffer or that of fn_column_text. */
const char *fn_column_cell(const fn_column *column, size_t row, char buffer[FN_REAL_TEXT], size_t *length);

#endif
