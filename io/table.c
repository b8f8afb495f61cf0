/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <utf8proc.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/delimited.h"
#include "io/pen.h"
#include "io/table_inside.h"

/* ---- writing ---- */

void fn_table_put_clean(fn_pen *pen, const char *text, size_t length, bool one_line, bool quote)
{
    size_t done = 0;
    for (size_t at = 0, step; at < length; at += step) {
        unsigned char c = (unsigned char) text[at];
        const char *instead = NULL;
        step = sizeof(uint64_t);
        if (length - at >= step && fn_table_is_plain(text + at)) continue;
        step = c < 0x80 ? 1 : fn_utf8_length(text + at, length - at);
        if (step == 0)
            instead = "\xef\xbf\xbd", step = 1;
        else if (one_line && (c == '\t' || c == '\n' || c == '\r' || c == '\0'))
            instead = " ";
        else if (quote && c == '"')
            instead = "\"\"";
        if (!instead) continue;
        fn_pen_bytes(pen, text + done, at - done);
        fn_pen_text(pen, instead);
        pen->replaced += instead[0] != '"';
        done = at + step;
    }
    fn_pen_bytes(pen, text + done, length - done);
}

/* A spreadsheet runs what starts so. */
static bool is_formula(const char *text, size_t length)
{
    if (length && (text[0] == '\t' || text[0] == '\r')) return true;
    size_t at = 0;
    while (at < length && text[at] == ' ') at++;
    return at < length && text[at] && strchr("=+-@\t\r", text[at]);
}

static void put_csv_cell(fn_pen *pen, const char *text, size_t length, bool is_text)
{
    bool escape = is_text && is_formula(text, length), quote = escape;
    for (size_t i = 0; i < length && !quote; i++)
        quote = text[i] == ',' || text[i] == '"' || text[i] == '\r' || text[i] == '\n';
    if (length && (text[0] == ' ' || text[length - 1] == ' ' || text[length - 1] == '\t' || text[0] == '#'))
        quote = true;
    if (quote) fn_pen_text(pen, escape ? "\"'" : "\"");
    fn_table_put_clean(pen, text, length, false, quote);
    if (quote) fn_pen_text(pen, "\"");
}

static const char *cell_or_name(const fn_column *column, size_t line, char buffer[FN_REAL_TEXT], size_t *length)
{
    if (line) return fn_column_cell(column, line - 1, buffer, length);
    *length = strlen(column->name);
    return column->name;
}

/* Line 0 is the header, line n + 1 the row n. */
static void put_delimited(fn_pen *pen, const fn_table *table, size_t line, bool csv)
{
    for (size_t c = 0; c < table->columns; c++) {
        const fn_column *column = table->column[c];
        char buffer[FN_REAL_TEXT];
        size_t length;
        bool is_text = line == 0 || column->type == FN_COLUMN_TEXT;
        const char *text = cell_or_name(column, line, buffer, &length);
        if (c) fn_pen_text(pen, csv ? "," : "\t");
        if (csv)
            put_csv_cell(pen, text, length, is_text);
        else if (is_text)
            fn_table_put_clean(pen, text, length, true, false);
        else
            fn_pen_bytes(pen, text, length);
    }
    fn_pen_text(pen, "\n");
}

static void put_json(fn_pen *pen, const fn_table *table, size_t row)
{
    fn_pen_text(pen, "{");
    for (size_t c = 0; c < table->columns; c++) {
        const fn_column *column = table->column[c];
        char buffer[FN_REAL_TEXT];
        size_t length;
        const char *text = fn_column_cell(column, row, buffer, &length);
        if (c) fn_pen_text(pen, ",");
        fn_pen_json(pen, column->name, strlen(column->name));
        fn_pen_text(pen, ":");
        bool is_real = column->type == FN_COLUMN_REAL;
        if (fn_column_missing(column, row) || (is_real && !isfinite(column->real[fn_column_place(column, row)])))
            fn_pen_text(pen, "null");
        else if (column->type == FN_COLUMN_TEXT || column->type == FN_COLUMN_DATE)
            fn_pen_json(pen, text, length);
        else
            fn_pen_bytes(pen, text, length);
    }
    fn_pen_text(pen, "}\n");
}

/* ---- aligned ---- */

/* Columns a terminal needs for the text; control characters and bad bytes are shown as one '?'. */
static size_t shown_width(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t at = 0; at < length;) {
        size_t step = fn_utf8_length(text + at, length - at);
        utf8proc_int32_t code = '?';
        if (step) utf8proc_iterate((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) step, &code);
        bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
        width += control ? 1 : (size_t) utf8proc_charwidth(code);
        at += step ? step : 1;
    }
    return width;
}

static void put_shown(fn_pen *pen, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t step = fn_utf8_length(text + at, length - at);
        unsigned char c = (unsigned char) text[at];
        bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && step == 2 && (unsigned char) text[at + 1] < 0xa0);
        if (!step || control) {
            fn_pen_text(pen, "?");
            pen->replaced++;
        } else {
            fn_pen_bytes(pen, text + at, step);
        }
        at += step ? step : 1;
    }
}

static size_t *find_widths(fn_run *run, const fn_table *table)
{
    char buffer[FN_REAL_TEXT];
    size_t length, *width = fn_alloc(run, table->columns, sizeof *width);
    for (size_t line = 0; width && line <= table->rows; line++)
        for (size_t c = 0; c < table->columns; c++) {
            const char *text = cell_or_name(table->column[c], line, buffer, &length);
            size_t wide = shown_width(text, length);
            if (wide > width[c]) width[c] = wide;
        }
    return width;
}

/* Numbers to the right, text to the left, two blanks between. */
static void put_aligned(fn_pen *pen, const fn_table *table, size_t line, const size_t *width)
{
    for (size_t c = 0; c < table->columns; c++) {
        const fn_column *column = table->column[c];
        char buffer[FN_REAL_TEXT];
        size_t length;
        const char *text = cell_or_name(column, line, buffer, &length);
        size_t blanks = width[c] - shown_width(text, length);
        bool right = column->type == FN_COLUMN_INT || column->type == FN_COLUMN_REAL;
        if (c) fn_pen_text(pen, "  ");
        for (size_t i = 0; right && i < blanks; i++) fn_pen_text(pen, " ");
        put_shown(pen, text, length);
        for (size_t i = 0; !right && c + 1 < table->columns && i < blanks; i++) fn_pen_text(pen, " ");
    }
    fn_pen_text(pen, "\n");
}

/* ---- together ---- */

enum { FAR_MOST = 16, FEW_NAMES = 256 };

typedef struct table_writer {
    const fn_table *table;
    fn_table_form form;
    size_t *width;                      /* of aligned columns */
    const fn_column *far[FAR_MOST];     /* columns whose texts lie anywhere: of many names */
    size_t far_columns;
    fn_tsv *tsv;                        /* of lines of that form */
} table_writer;

static void find_far(table_writer *writer)
{
    for (size_t c = 0; c < writer->table->columns && writer->far_columns < FAR_MOST; c++) {
        const fn_column *column = writer->table->column[c];
        bool pooled = column->type == FN_COLUMN_TEXT && !fn_column_is_told(column);
        if (pooled && fn_names_count(column->pool) > FEW_NAMES) writer->far[writer->far_columns++] = column;
    }
}

static void put_line(fn_pen *pen, const table_writer *writer, size_t line)
{
    switch (writer->form) {
    case FN_TABLE_TSV:
        if (line) fn_tsv_put(pen, writer->tsv, line - 1);
        else put_delimited(pen, writer->table, line, false);
        break;
    case FN_TABLE_CSV: put_delimited(pen, writer->table, line, true); break;
    case FN_TABLE_JSON: put_json(pen, writer->table, line - 1); break;
    case FN_TABLE_ALIGNED: put_aligned(pen, writer->table, line, writer->width); break;
    }
}

static void put_rows(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const table_writer *writer = user;
    for (size_t row = first; row < end && !pen->status; row++) {
        for (size_t c = 0; c < writer->far_columns; c++) fn_column_fetch_ahead(writer->far[c], row);
        put_line(pen, writer, row + 1);
    }
}

fn_status fn_table_write(fn_run *run, fn_output *output, const fn_table *table, fn_table_form form, int64_t *replaced)
{
    fn_pen pen = { .run = run, .output = output };
    table_writer writer = { .table = table, .form = form };
    if (form == FN_TABLE_ALIGNED && !(writer.width = find_widths(run, table))) return FN_ENOMEM;
    if (form == FN_TABLE_TSV && fn_tsv_new(run, table, &writer.tsv)) return FN_ENOMEM;
    find_far(&writer);
    if (form != FN_TABLE_JSON) put_line(&pen, &writer, 0);
    fn_pen_rows(&pen, &(fn_rows) { .count = table->rows, .put = put_rows, .user = &writer });
    if (replaced) *replaced += pen.replaced;
    fn_tsv_free(writer.tsv);
    fn_free(writer.width);
    return pen.status;
}

/* ---- reading ---- */

static fn_status row_error(fn_run *run, const fn_delimited *text, const char *words, const char *hint)
{
    char quoted[FN_QUOTE_TEXT];
    fn_fail_at(run, FN_EPARSE, fn_source_name(text->source), text->line, -1, "%s (%s)", words,
               fn_quote(text->row, text->row_length, quoted));
    if (hint) fn_hint(run, "%s", hint);
    return FN_EPARSE;
}

static fn_status read_header(fn_run *run, const fn_delimited *text, fn_table *table)
{
    for (size_t f = 0; f < text->fields; f++) {
        bool repeated;
        char *name = fn_header_name(run, text->field[f].text, text->field[f].length, f + 1);
        name = fn_header_unused_take(run, table, name, &repeated);
        if (!name) return FN_ENOMEM;
        if (repeated)
            fn_warn(run, "%s:%lld: a second column of this name is called \"%s\"", fn_source_name(text->source),
                    (long long) text->line, name);
        fn_column *column;
        fn_status status = fn_table_add(run, table, name, FN_COLUMN_TEXT, &column);
        fn_free(name);
        if (status) return status;
    }
    return FN_OK;
}

static fn_status read_rows(fn_run *run, fn_delimited *text, fn_table *table)
{
    bool there;
    fn_status status;
    while (!(status = fn_delimited_next(run, text, &there)) && there) {
        if (text->bad) return row_error(run, text, text->bad, text->hint);
        if (text->fields != table->columns)
            return row_error(run, text,
                             text->fields < table->columns ? "fewer fields than the header has"
                                                           : "more fields than the header has",
                             NULL);
        size_t row = table->rows;
        if ((status = fn_table_resize(run, table, row + 1))) break;
        for (size_t f = 0; !status && f < text->fields; f++)
            if (text->field[f].length)
                status = fn_column_set_text(run, table->column[f], row, text->field[f].text, text->field[f].length);
        if (status) break;
    }
    return status;
}

fn_status fn_table_read(fn_run *run, fn_source *source, fn_table **table)
{
    *table = NULL;
    fn_table *made = NULL;
    fn_delimited text;
    bool there = false;
    fn_delimited_start(&text, source, 0, false);
    fn_status status = fn_table_new(run, 0, &made);
    if (!status) status = fn_delimited_first(run, &text, &there);
    if (!status && !there)
        status = fn_fail_at(run, FN_EPARSE, fn_source_name(source), 0, -1, "the table is empty: not even a header");
    if (status) goto done;
    text.separator = fn_table_separator(text.row, text.row_length);
    status = fn_delimited_next(run, &text, &there);
    if (!status && text.bad) status = row_error(run, &text, text.bad, text.hint);
    if (!status) status = read_header(run, &text, made);
    if (!status) status = read_rows(run, &text, made);
done:
    fn_delimited_end(&text);
    if (status)
        fn_table_free(made);
    else
        *table = made;
    return status;
}
