/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/columns.h"
#include "graph/memory.h"

static size_t cell_size(fn_column_type type)
{
    switch (type) {
    case FN_COLUMN_INT: return sizeof(int64_t);
    case FN_COLUMN_REAL: return sizeof(double);
    case FN_COLUMN_DATE: return sizeof(int32_t);
    case FN_COLUMN_BOOL: return sizeof(int8_t);
    case FN_COLUMN_TEXT: break;
    }
    return sizeof(uint32_t);
}

enum { ROWS_FOR_THREADS = 1 << 16 };

/* On all threads: the pages of new memory are got then, which takes longer than filling them. */
#define FILL(cells, missing)                                                                            \
    do {                                                                                                \
        _Pragma("omp parallel for schedule(static) num_threads(threads)")                               \
        for (size_t row = from; row < to; row++) (cells)[row] = (missing);                              \
    } while (0)

static void set_missing(const fn_run *run, fn_column *column, size_t from, size_t to)
{
    int threads = to - from < ROWS_FOR_THREADS ? 1 : fn_run_threads(run);
    (void) threads;
    switch (column->type) {
    case FN_COLUMN_INT: FILL(column->integer, FN_INT_NONE); break;
    case FN_COLUMN_REAL: FILL(column->real, (double) NAN); break;
    case FN_COLUMN_DATE: FILL(column->date, FN_DAY_NONE); break;
    case FN_COLUMN_BOOL: FILL(column->boolean, -1); break;
    case FN_COLUMN_TEXT: FILL(column->text, FN_NONE); break;
    }
}

static void column_free(fn_column *column)
{
    if (!column) return;
    fn_names_free(column->own_pool);
    if (!column->borrowed) fn_free(column->data);
    if (column->teller.free) column->teller.free(column->teller.of);
    fn_free(column->name);
    fn_free(column->unit);
    fn_free(column);
}

void fn_column_replace_take(fn_column *column, void *cells)
{
    if (!column->borrowed) fn_free(column->data);
    column->data = cells;
    column->borrowed = column->constant = false;
    column->capacity = column->rows;
}

fn_status fn_column_own(fn_run *run, fn_column *column)
{
    if (!column->borrowed && !column->constant) return FN_OK;
    size_t size = cell_size(column->type);
    char *cells = fn_alloc_bare(run, column->rows, size);
    if (!cells) return FN_ENOMEM;
    size_t done = column->rows && column->constant ? 1 : column->rows;
    if (done) memcpy(cells, column->data, done * size);
    for (size_t more; done < column->rows; done += more) {
        more = column->rows - done < done ? column->rows - done : done;
        memcpy(cells + done * size, cells, more * size);
    }
    fn_column_replace_take(column, cells);
    return FN_OK;
}

static fn_status column_resize(fn_run *run, fn_column *column, size_t rows)
{
    if (fn_column_is_told(column)) {
        if (rows > column->rows)
            return fn_fail(run, FN_EINVAL, "column \"%s\" is told: it takes no more rows", column->name);
        column->rows = rows;
        return FN_OK;
    }
    if (rows > column->rows && fn_column_own(run, column)) return FN_ENOMEM;
    if (!column->data && rows > ROWS_FOR_THREADS) { /* all of it is filled below */
        if (!(column->data = fn_alloc_scattered(run, rows, cell_size(column->type)))) return FN_ENOMEM;
        column->capacity = rows;
    } else if (rows > column->capacity || !column->data) {
        void *data = fn_grow(run, column->data, &column->capacity, rows, cell_size(column->type));
        if (!data) return FN_ENOMEM;
        column->data = data;
    }
    if (rows > column->rows) set_missing(run, column, column->rows, rows);
    column->rows = rows;
    return FN_OK;
}

fn_status fn_table_new(fn_run *run, size_t rows, fn_table **table)
{
    *table = fn_alloc(run, 1, sizeof **table);
    if (!*table) return FN_ENOMEM;
    (*table)->rows = rows;
    return FN_OK;
}

void fn_table_free(fn_table *table)
{
    if (!table) return;
    for (size_t i = 0; i < table->columns; i++) column_free(table->column[i]);
    fn_free(table->column);
    fn_free(table);
}

fn_column *fn_table_find(const fn_table *table, const char *name)
{
    for (size_t i = 0; table && i < table->columns; i++)
        if (strcmp(table->column[i]->name, name) == 0) return table->column[i];
    return NULL;
}

static fn_status append(fn_run *run, fn_table *table, fn_column *column)
{
    if (fn_table_find(table, column->name))
        return fn_fail(run, FN_EINVAL, "there is a column \"%s\" already", column->name);
    fn_column **grown = fn_grow(run, table->column, &table->capacity, table->columns + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    table->column = grown;
    table->column[table->columns++] = column;
    return FN_OK;
}

static fn_status add(fn_run *run, fn_table *table, const char *name, fn_column_type type, const fn_names *pool,
                     void *cells, fn_column **column)
{
    *column = NULL;
    fn_column *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    made->type = type;
    made->name = fn_copy_text(run, name, strlen(name));
    made->unit = fn_copy_text(run, "", 0);
    fn_status status = made->name && made->unit ? FN_OK : FN_ENOMEM;
    if (!status && type == FN_COLUMN_TEXT && !pool) {
        status = fn_names_new(run, &made->own_pool);
        pool = made->own_pool;
    }
    made->pool = pool;
    if (cells) {
        made->data = cells;
        made->borrowed = true;
        made->rows = made->capacity = table->rows;
    } else if (!status) {
        status = column_resize(run, made, table->rows);
    }
    if (!status) status = append(run, table, made);
    if (status) column_free(made);
    else *column = made;
    return status;
}

fn_status fn_table_add(fn_run *run, fn_table *table, const char *name, fn_column_type type, fn_column **column)
{
    return add(run, table, name, type, NULL, NULL, column);
}

fn_status fn_table_add_cells(fn_run *run, fn_table *table, const char *name, fn_column_type type, void *cells,
                             fn_column **column)
{
    return add(run, table, name, type, NULL, cells, column);
}

fn_status fn_table_add_borrowed(fn_run *run, fn_table *table, const char *name, const fn_names *pool,
                                fn_column **column)
{
    return add(run, table, name, FN_COLUMN_TEXT, pool, NULL, column);
}

fn_status fn_table_add_borrowed_cells(fn_run *run, fn_table *table, const char *name, const fn_names *pool,
                                      uint32_t *cells, fn_column **column)
{
    return add(run, table, name, FN_COLUMN_TEXT, pool, cells, column);
}

fn_status fn_table_add_constant(fn_run *run, fn_table *table, const char *name, fn_column_type type,
                                const fn_names *pool, const void *cell, fn_column **column)
{
    size_t rows = table->rows;
    table->rows = 1;
    fn_status status = add(run, table, name, type, pool, NULL, column);
    table->rows = rows;
    if (status) return status;
    if (cell) memcpy((*column)->data, cell, cell_size(type));
    (*column)->constant = true;
    (*column)->rows = (*column)->capacity = rows;
    return FN_OK;
}

fn_status fn_table_add_told_take(fn_run *run, fn_table *table, const char *name, fn_teller teller, fn_column **column)
{
    *column = NULL;
    fn_column *made = fn_alloc(run, 1, sizeof *made);
    fn_status status = made ? FN_OK : FN_ENOMEM;
    if (made) {
        *made = (fn_column) {
            .type = FN_COLUMN_TEXT, .teller = teller, .rows = table->rows, .name = fn_copy_text(run, name, strlen(name)),
            .unit = fn_copy_text(run, "", 0)
        };
        status = made->name && made->unit ? append(run, table, made) : FN_ENOMEM;
    } else if (teller.free) {
        teller.free(teller.of);
    }
    if (status) column_free(made);
    else *column = made;
    return status;
}

fn_status fn_table_add_all(fn_run *run, fn_table *table, const fn_column_wanted *wanted, size_t count)
{
    fn_status status = FN_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = add(run, table, wanted[i].name, wanted[i].type, wanted[i].pool, NULL, wanted[i].column);
    return status;
}

fn_status fn_table_resize(fn_run *run, fn_table *table, size_t rows)
{
    fn_status status = FN_OK;
    for (size_t i = 0; i < table->columns && !status; i++) status = column_resize(run, table->column[i], rows);
    if (!status) table->rows = rows;
    return status;
}

/* Column number c of other to the end of table. */
static fn_status move(fn_run *run, fn_table *table, fn_table *other, size_t c)
{
    fn_status status = append(run, table, other->column[c]);
    if (status) return status;
    other->columns--;
    memmove(other->column + c, other->column + c + 1, (other->columns - c) * sizeof *other->column);
    return FN_OK;
}

fn_status fn_table_join_take(fn_run *run, fn_table *table, fn_table *other)
{
    fn_status status = FN_OK;
    if (table->rows != other->rows)
        status = fn_fail(run, FN_EINVAL, "tables of %zu and %zu rows can't be joined", table->rows, other->rows);
    while (!status && other->columns) status = move(run, table, other, 0);
    fn_table_free(other);
    return status;
}

fn_status fn_table_take(fn_run *run, fn_table *table, fn_table *other, const char *name)
{
    for (size_t c = 0; other && c < other->columns; c++)
        if (strcmp(other->column[c]->name, name) == 0 && !fn_table_find(table, name)) return move(run, table, other, c);
    return FN_OK;
}

fn_status fn_table_join_new(fn_run *run, fn_table *table, fn_table *other)
{
    fn_status status = FN_OK;
    for (size_t c = 0; other && c < other->columns && !status;)
        if (fn_table_find(table, other->column[c]->name)) c++;
        else status = move(run, table, other, c);
    return status;
}

fn_status fn_column_set_text(fn_run *run, fn_column *column, size_t row, const char *text, size_t length)
{
    if (!column->own_pool) return fn_fail(run, FN_EINVAL, "column \"%s\" borrows its texts", column->name);
    if (fn_column_own(run, column)) return FN_ENOMEM;
    return fn_names_add(run, column->own_pool, text, length, &column->text[row], NULL);
}

bool fn_column_is_told(const fn_column *column)
{
    return column->teller.tell;
}

bool fn_column_missing(const fn_column *column, size_t row)
{
    row = fn_column_place(column, row);
    switch (column->type) {
    case FN_COLUMN_INT: return column->integer[row] == FN_INT_NONE;
    case FN_COLUMN_REAL: return isnan(column->real[row]);
    case FN_COLUMN_DATE: return column->date[row] == FN_DAY_NONE;
    case FN_COLUMN_BOOL: return column->boolean[row] < 0;
    case FN_COLUMN_TEXT: break;
    }
    return !fn_column_is_told(column) && column->text[row] == FN_NONE;
}

void fn_column_fetch_ahead(const fn_column *column, size_t row)
{
    enum { SOON = 8, LATER = 16 };
    if (column->type != FN_COLUMN_TEXT || fn_column_is_told(column) || column->constant || row + LATER >= column->rows) return;
    const uint32_t *later = &column->text[row + LATER], *soon = &column->text[row + SOON];
    if (later[0] == later[-1] && soon[0] == soon[-1]) return; /* asked for with the row before */
    fn_names_prefetch(column->pool, *later, *soon);
}

const char *fn_column_text(const fn_column *column, size_t row, size_t *length)
{
    static _Thread_local char told[FN_TOLD_TEXT];
    if (fn_column_is_told(column)) {
        size_t size = column->teller.tell(column->teller.of, row, told);
        if (length) *length = size;
        return told;
    }
    return fn_names_text(column->pool, column->text[fn_column_place(column, row)], length);
}

const char *fn_column_cell(const fn_column *column, size_t row, char buffer[FN_REAL_TEXT], size_t *length)
{
    buffer[0] = '\0';
    *length = 0;
    row = fn_column_place(column, row);
    if (fn_column_missing(column, row)) return buffer;
    switch (column->type) {
    case FN_COLUMN_INT:
        *length = fn_int_format(column->integer[row], buffer);
        return buffer;
    case FN_COLUMN_REAL:
        *length = fn_real_format(column->real[row], buffer);
        return buffer;
    case FN_COLUMN_DATE:
        *length = fn_date_format(column->date[row], buffer);
        return buffer;
    case FN_COLUMN_BOOL:
        *length = column->boolean[row] ? 4 : 5;
        return column->boolean[row] ? "true" : "false";
    case FN_COLUMN_TEXT: break;
    }
    return fn_column_text(column, row, length);
}
