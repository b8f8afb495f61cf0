/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/ties.h"

#define COLUMN(name) { sizeof *((fn_ties *) 0)->name, offsetof(fn_ties, name), offsetof(fn_tie, name) }

const fn_ties_column fn_ties_columns[FN_TIES_COLUMNS] = {
    [FN_TIES_VALUE] = COLUMN(value),     [FN_TIES_WEIGHT] = COLUMN(weight),   [FN_TIES_COUNT] = COLUMN(count),
    [FN_TIES_FIRST] = COLUMN(first),     [FN_TIES_LAST] = COLUMN(last),       [FN_TIES_PRODUCT] = COLUMN(product),
    [FN_TIES_LAYER] = COLUMN(layer),     [FN_TIES_CURRENCY] = COLUMN(currency)
};

/* Rows of all columns at once, so that they always have the same room. */
fn_status fn_ties_reserve(fn_run *run, fn_ties *ties, size_t more)
{
    size_t needed = ties->rows + more, wanted = ties->capacity + ties->capacity / 2 + 16;
    if (needed <= ties->capacity) return FN_OK;
    if (wanted < needed) wanted = needed;
    for (int end = 0; end < 2; end++) {
        uint32_t **cells = end ? &ties->to : &ties->from;
        uint32_t *grown = fn_resize(run, *cells, wanted, sizeof *grown);
        if (!grown) return FN_ENOMEM;
        *cells = grown;
    }
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        void **cells = fn_ties_cells(ties, c);
        if (!*cells) continue;
        void *grown = fn_resize(run, *cells, wanted, fn_ties_columns[c].size);
        if (!grown) return FN_ENOMEM;
        *cells = grown;
    }
    ties->capacity = wanted;
    return FN_OK;
}

/* rows cells from `row` on become the cell at `usual`. */
static void fill(void *cells, size_t row, size_t rows, const void *usual, size_t size)
{
    char *at = (char *) cells + row * size;
    if (!rows) return;
    memcpy(at, usual, size);
    for (size_t done = 1; done < rows;) { /* double what is there */
        size_t part = done < rows - done ? done : rows - done;
        memcpy(at + done * size, at, part * size);
        done += part;
    }
}

fn_status fn_ties_make(fn_run *run, fn_ties *ties, int column)
{
    void **cells = fn_ties_cells(ties, column);
    if (*cells) return FN_OK;
    if (fn_ties_own(run, ties)) return FN_ENOMEM;
    size_t size = fn_ties_columns[column].size;
    void *made = fn_alloc_bare(run, ties->capacity > ties->rows ? ties->capacity : ties->rows, size);
    if (!made) return FN_ENOMEM;
    fill(made, 0, ties->rows, (const char *) &ties->usual + fn_ties_columns[column].usual, size);
    *cells = made;
    return FN_OK;
}

static bool all_alike(const char *cells, size_t rows, const void *usual, size_t size)
{
    if (!rows) return true;
    return memcmp(cells, usual, size) == 0 && memcmp(cells, cells + size, (rows - 1) * size) == 0;
}

fn_status fn_ties_add_block(fn_run *run, fn_ties *ties, const fn_ties_block *block)
{
    if (!block->rows) return FN_OK;
    if (!ties->rows) {
        ties->usual = block->more;
        for (int c = 0; c < FN_TIES_COLUMNS; c++)
            if (block->cells[c])
                memcpy((char *) &ties->usual + fn_ties_columns[c].usual, block->cells[c], fn_ties_columns[c].size);
    }
    fn_status status = fn_ties_own(run, ties);
    if (!status) status = fn_ties_reserve(run, ties, block->rows);
    for (int c = 0; !status && c < FN_TIES_COLUMNS; c++) {
        const fn_ties_column *column = &fn_ties_columns[c];
        const void *usual = (const char *) &ties->usual + column->usual, *cells = block->cells[c];
        const void *same = (const char *) &block->more + column->usual;
        bool alike = cells ? all_alike(cells, block->rows, usual, column->size)
                           : memcmp(same, usual, column->size) == 0;
        if (!alike) status = fn_ties_make(run, ties, c);
        char *own = *fn_ties_cells(ties, c);
        if (status || !own) continue;
        if (cells) memcpy(own + ties->rows * column->size, cells, block->rows * column->size);
        else fill(own, ties->rows, block->rows, same, column->size);
    }
    if (status) return status;
    memcpy(ties->from + ties->rows, block->from, block->rows * sizeof *ties->from);
    memcpy(ties->to + ties->rows, block->to, block->rows * sizeof *ties->to);
    ties->rows += block->rows;
    return FN_OK;
}

fn_status fn_ties_add(fn_run *run, fn_ties *ties, const fn_tie *tie)
{
    const fn_ties_block one = { .rows = 1, .from = &tie->from, .to = &tie->to, .more = *tie };
    return fn_ties_add_block(run, ties, &one);
}

/* Rows one after the other, or those of a list, in memory of their own. */
static fn_status copy_rows(fn_run *run, const fn_ties *ties, const uint32_t *row, size_t rows, fn_ties *copy)
{
    *copy = (fn_ties) { .rows = rows, .capacity = rows, .usual = ties->usual };
    copy->from = fn_alloc_bare(run, rows, sizeof *copy->from);
    copy->to = fn_alloc_bare(run, rows, sizeof *copy->to);
    if (!copy->from || !copy->to) return FN_ENOMEM;
    for (size_t r = 0; r < rows; r++) {
        copy->from[r] = ties->from[row ? row[r] : r];
        copy->to[r] = ties->to[row ? row[r] : r];
    }
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        const char *cells = *fn_ties_cells((fn_ties *) ties, c);
        if (!cells) continue;
        char *made = fn_alloc_bare(run, rows, size);
        if (!made) return FN_ENOMEM;
        *fn_ties_cells(copy, c) = made;
        if (!row && rows) memcpy(made, cells, rows * size);
        for (size_t r = 0; row && r < rows; r++) memcpy(made + r * size, cells + row[r] * size, size);
    }
    return FN_OK;
}

static fn_status become_copy(fn_run *run, fn_ties *ties, const uint32_t *row, size_t rows)
{
    fn_ties copy;
    fn_status status = copy_rows(run, ties, row, rows, &copy);
    if (status) {
        fn_ties_free(&copy);
        return status;
    }
    fn_ties_free(ties);
    *ties = copy;
    return FN_OK;
}

fn_status fn_ties_own(fn_run *run, fn_ties *ties)
{
    return ties->borrowed ? become_copy(run, ties, NULL, ties->rows) : FN_OK;
}

fn_status fn_ties_pick(fn_run *run, fn_ties *ties, const uint32_t *row, size_t rows)
{
    if (ties->borrowed) return become_copy(run, ties, row, rows);
    for (size_t r = 0; r < rows; r++) {
        ties->from[r] = ties->from[row[r]];
        ties->to[r] = ties->to[row[r]];
    }
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        char *cells = *fn_ties_cells(ties, c);
        for (size_t r = 0; cells && r < rows; r++) memmove(cells + r * size, cells + row[r] * size, size);
    }
    fn_ties_cut(ties, rows);
    return FN_OK;
}

void fn_ties_cut(fn_ties *ties, size_t rows)
{
    ties->rows = ties->capacity = rows;
    ties->from = fn_shrink(ties->from, rows, sizeof *ties->from);
    ties->to = fn_shrink(ties->to, rows, sizeof *ties->to);
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        void **cells = fn_ties_cells(ties, c);
        if (*cells) *cells = fn_shrink(*cells, rows, fn_ties_columns[c].size);
    }
}

void fn_ties_free(fn_ties *ties)
{
    if (!ties->borrowed) {
        fn_free(ties->from);
        fn_free(ties->to);
        for (int c = 0; c < FN_TIES_COLUMNS; c++) fn_free(*fn_ties_cells(ties, c));
    }
    *ties = (fn_ties) { 0 };
}
