/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/column_types.h"

char *fn_header_name(fn_run *run, const char *text, size_t length, size_t number)
{
    char *name = fn_alloc(run, length + 32, 1);
    if (!name) return NULL;
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char) text[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        if (!word) {
            gap = n > 0;
            continue;
        }
        if (gap) name[n++] = '_';
        gap = false;
        name[n++] = (char) (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    if (!n) snprintf(name, length + 32, "column_%zu", number);
    return name;
}

char *fn_header_unused_take(fn_run *run, const fn_table *table, char *name, bool *repeated)
{
    *repeated = name && fn_table_find(table, name);
    if (!*repeated) return name;
    size_t length = strlen(name);
    char *other = fn_alloc(run, length + 32, 1);
    for (size_t i = 2; other; i++) {
        snprintf(other, length + 32, "%s_%zu", name, i);
        if (!fn_table_find(table, other)) break;
    }
    fn_free(name);
    return other;
}

/* Does the text lose nothing as a number? No sign or zeros in front that reading back would not give. */
static bool plainly_numeric(const char *text, size_t length, bool *whole, int64_t *integer, double *real)
{
    size_t at = length && text[0] == '-';
    if (length > at + 1 && text[at] == '0' && text[at + 1] >= '0' && text[at + 1] <= '9') return false;
    if (length && text[0] == '+') return false;
    *whole = fn_int_parse(text, length, integer) && *integer != FN_INT_NONE && !(at && *integer == 0);
    return fn_real_parse(text, length, real) && isfinite(*real);
}

/* The type that holds every text of the pool which some row uses. */
static fn_column_type content_type(const fn_column *column, const bool *used)
{
    bool any = false, whole = true;
    for (uint32_t n = 0; n < fn_names_count(column->pool); n++) {
        size_t length;
        const char *text = fn_names_text(column->pool, n, &length);
        bool this_whole;
        int64_t integer;
        double real;
        if (!used[n]) continue;
        if (!plainly_numeric(text, length, &this_whole, &integer, &real)) return FN_COLUMN_TEXT;
        whole &= this_whole;
        any = true;
    }
    return !any ? FN_COLUMN_TEXT : whole ? FN_COLUMN_INT : FN_COLUMN_REAL;
}

static void replace(fn_column *column, fn_column_type type, void *data, fn_names *pool)
{
    fn_column_replace_take(column, data);
    fn_names_free(column->own_pool);
    column->type = type;
    column->pool = column->own_pool = pool;
}

fn_status fn_column_settle(fn_run *run, fn_column *column)
{
    if (column->type != FN_COLUMN_TEXT || !column->own_pool) return FN_OK;
    bool *used = fn_alloc(run, fn_names_count(column->pool), sizeof *used);
    if (!used) return FN_ENOMEM;
    for (size_t row = 0; row < column->rows; row++)
        if (column->text[row] != FN_NONE) used[column->text[row]] = true;
    fn_column_type type = content_type(column, used);
    fn_free(used);
    if (type == FN_COLUMN_TEXT) return FN_OK;
    void *data = fn_alloc(run, column->rows, 8);
    if (!data) return FN_ENOMEM;
    int64_t *integers = data;
    double *reals = data;
    for (size_t row = 0; row < column->rows; row++) {
        size_t length;
        const char *text = fn_column_text(column, row, &length);
        if (type == FN_COLUMN_INT) {
            if (!length || !fn_int_parse(text, length, &integers[row])) integers[row] = FN_INT_NONE;
        } else {
            if (!length || !fn_real_parse(text, length, &reals[row])) reals[row] = NAN;
        }
    }
    replace(column, type, data, NULL);
    return FN_OK;
}

fn_status fn_column_loosen(fn_run *run, fn_column *column)
{
    if (column->type == FN_COLUMN_TEXT && column->own_pool) return FN_OK;
    fn_names *pool = NULL;
    uint32_t *text = fn_alloc(run, column->rows, sizeof *text);
    fn_status status = text ? fn_names_new(run, &pool) : FN_ENOMEM;
    for (size_t row = 0; !status && row < column->rows; row++) {
        char buffer[FN_REAL_TEXT];
        size_t length;
        const char *cell = fn_column_cell(column, row, buffer, &length);
        text[row] = FN_NONE;
        if (!fn_column_missing(column, row)) status = fn_names_add(run, pool, cell, length, &text[row], NULL);
    }
    if (status) {
        fn_free(text);
        fn_names_free(pool);
    } else {
        replace(column, FN_COLUMN_TEXT, text, pool);
    }
    return status;
}
