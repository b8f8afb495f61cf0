/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/table_inside.h"

/* A column whose cells differ, and the text between its cell and that of the next such column: the tab, and cells that
 * all rows share with their tabs. */
typedef struct part {
    const fn_column *column;   /* NULL: what stands before the first one */
    size_t begin, length;      /* of the text behind */
} part;

struct fn_tsv {
    fn_pen shared;             /* texts of all parts */
    size_t parts;
    part part[];
};

/* Any number of plain bytes; the last eight are looked at together, whatever comes before. */
static inline bool is_all_plain(const char *text, size_t length)
{
    if (length < sizeof(uint64_t)) {
        for (size_t i = 0; i < length; i++)
            if (text[i] < ' ' || text[i] == '"' || text[i] == 0x7f) return false;
        return true;
    }
    for (size_t at = 0; at + sizeof(uint64_t) < length; at += sizeof(uint64_t))
        if (!fn_table_is_plain(text + at)) return false;
    return fn_table_is_plain(text + length - sizeof(uint64_t));
}

/* Names are short: eight bytes at a time, the last of which overlap those before them. */
static inline void put_plain(fn_pen *pen, const char *text, size_t length)
{
    enum { WORD = sizeof(uint64_t) };
    if (length < WORD || length >= pen->room - pen->used) {
        fn_pen_bytes(pen, text, length);
        return;
    }
    char *to = pen->text + pen->used;
    for (size_t at = 0; at + WORD < length; at += WORD) memcpy(to + at, text + at, WORD);
    memcpy(to + length - WORD, text + length - WORD, WORD);
    pen->used += length;
}

static void put_tsv_text(fn_pen *pen, const char *text, size_t length)
{
    if (is_all_plain(text, length)) put_plain(pen, text, length);
    else fn_table_put_clean(pen, text, length, true, false);
}

/* Told into the pen's memory, where it stays if nothing is wrong with it. */
static void put_told(fn_pen *pen, const fn_teller *teller, size_t row)
{
    char *place = fn_pen_room(pen, FN_TOLD_TEXT), text[FN_TOLD_TEXT];
    if (!place) place = text;
    size_t length = teller->tell(teller->of, row, place);
    if (place != text && is_all_plain(place, length)) {
        pen->used += length;
        return;
    }
    if (place != text) memcpy(text, place, length);
    fn_table_put_clean(pen, text, length, true, false);
}

static void put_tsv_cell(fn_pen *pen, const fn_column *column, size_t row)
{
    char buffer[FN_REAL_TEXT];
    size_t length;
    switch (column->type) {
    case FN_COLUMN_INT:
        if (column->integer[row] != FN_INT_NONE) fn_pen_int(pen, column->integer[row]);
        return;
    case FN_COLUMN_REAL:
        if (!isnan(column->real[row])) fn_pen_real(pen, column->real[row]);
        return;
    case FN_COLUMN_DATE:
    case FN_COLUMN_BOOL: {
        const char *text = fn_column_cell(column, row, buffer, &length);
        fn_pen_bytes(pen, text, length);
        return;
    }
    case FN_COLUMN_TEXT: break;
    }
    if (fn_column_is_told(column)) {
        put_told(pen, &column->teller, row);
    } else if (column->text[row] != FN_NONE) {
        const char *text = fn_names_text(column->pool, column->text[row], &length);
        put_tsv_text(pen, text, length);
    }
}

static void end_part(fn_tsv *tsv)
{
    part *last = &tsv->part[tsv->parts - 1];
    last->length = tsv->shared.used - last->begin;
}

fn_status fn_tsv_new(fn_run *run, const fn_table *table, fn_tsv **tsv)
{
    fn_tsv *made = *tsv = fn_alloc(run, 1, sizeof *made + (table->columns + 1) * sizeof *made->part);
    if (!made) return FN_ENOMEM;
    made->shared.run = run;
    made->parts = 1;
    for (size_t c = 0; c < table->columns; c++) {
        const fn_column *column = table->column[c];
        if (c) fn_pen_text(&made->shared, "\t");
        if (column->constant) put_tsv_cell(&made->shared, column, 0);
        else end_part(made), made->part[made->parts++] = (part) { .column = column, .begin = made->shared.used };
    }
    fn_pen_text(&made->shared, "\n");
    end_part(made);
    if (!made->shared.status) return FN_OK;
    fn_tsv_free(made);
    *tsv = NULL;
    return FN_ENOMEM;
}

void fn_tsv_free(fn_tsv *tsv)
{
    if (!tsv) return;
    fn_pen_free(&tsv->shared);
    fn_free(tsv);
}

void fn_tsv_put(fn_pen *pen, const fn_tsv *tsv, size_t row)
{
    for (const part *p = tsv->part; p < tsv->part + tsv->parts; p++) {
        const char *behind = tsv->shared.text + p->begin;
        if (p->column) put_tsv_cell(pen, p->column, row);
        if (p->length == 1) fn_pen_bytes(pen, behind, 1); /* most */
        else fn_pen_bytes(pen, behind, p->length);
    }
    pen->replaced += tsv->shared.replaced;
}
