/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <utf8proc.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/delimited.h"
#include "io/table.h"

/* ---- writing ---- */

typedef struct table_writer {
    fn_run *run;
    fn_output *output;
    int64_t replaced;
} table_writer;

/* Text with bytes that are not UTF-8 as U+FFFD and, where lines must stay whole, control characters that would break
 * them as blanks; both are counted. quote: double the quotes. */
static fn_status write_clean(table_writer *writer, const char *text, size_t length, bool one_line, bool quote)
{
    fn_status status = FN_OK;
    size_t done = 0;
    for (size_t at = 0; !status && at <= length;) {
        unsigned char c = at < length ? (unsigned char) text[at] : 0;
        size_t step = at == length ? 1 : c < 0x80 ? 1 : fn_utf8_length(text + at, length - at);
        const char *instead = NULL;
        if (at < length && step == 0)
            instead = "\xef\xbf\xbd", step = 1;
        else if (at < length && one_line && (c == '\t' || c == '\n' || c == '\r' || c == '\0'))
            instead = " ";
        else if (at < length && quote && c == '"')
            instead = "\"\"";
        if (instead || at == length) {
            if (at > done) status = fn_output_write(writer->run, writer->output, text + done, at - done);
            if (!status && instead) status = fn_output_text(writer->run, writer->output, instead);
            if (instead && instead[0] != '"') writer->replaced++;
            done = at + step;
        }
        at += step;
    }
    return status;
}

/* A spreadsheet runs what starts so. */
static bool is_formula(const char *text, size_t length)
{
    if (length && (text[0] == '\t' || text[0] == '\r')) return true;
    size_t at = 0;
    while (at < length && text[at] == ' ') at++;
    return at < length && text[at] && strchr("=+-@\t\r", text[at]);
}

static fn_status write_csv_cell(table_writer *writer, const char *text, size_t length, bool is_text)
{
    bool escape = is_text && is_formula(text, length), quote = escape;
    for (size_t i = 0; i < length && !quote; i++) quote = strchr(",\"\r\n", text[i]) && text[i];
    if (length && (text[0] == ' ' || text[length - 1] == ' ' || text[length - 1] == '\t' || text[0] == '#'))
        quote = true;
    if (!quote) return write_clean(writer, text, length, false, false);
    fn_status status = fn_output_text(writer->run, writer->output, escape ? "\"'" : "\"");
    if (!status) status = write_clean(writer, text, length, false, true);
    return status ? status : fn_output_text(writer->run, writer->output, "\"");
}

static fn_status write_json_cell(table_writer *writer, const fn_column *column, size_t row)
{
    char buffer[FN_REAL_TEXT];
    size_t length;
    const char *text = fn_column_cell(column, row, buffer, &length);
    bool null = fn_column_missing(column, row) || (column->type == FN_COLUMN_REAL && !isfinite(column->real[row]));
    if (null) return fn_output_text(writer->run, writer->output, "null");
    if (column->type == FN_COLUMN_TEXT || column->type == FN_COLUMN_DATE)
        return fn_output_json(writer->run, writer->output, text, length);
    return fn_output_write(writer->run, writer->output, text, length);
}

static fn_status write_json(table_writer *writer, const fn_table *table)
{
    fn_status status = FN_OK;
    for (size_t row = 0; !status && row < table->rows; row++) {
        for (size_t c = 0; !status && c < table->columns; c++) {
            const fn_column *column = table->column[c];
            status = fn_output_text(writer->run, writer->output, c ? "," : "{");
            if (!status) status = fn_output_json(writer->run, writer->output, column->name, strlen(column->name));
            if (!status) status = fn_output_text(writer->run, writer->output, ":");
            if (!status) status = write_json_cell(writer, column, row);
        }
        if (!status) status = fn_output_text(writer->run, writer->output, table->columns ? "}\n" : "{}\n");
    }
    return status;
}

static fn_status write_delimited(table_writer *writer, const fn_table *table, bool csv)
{
    fn_status status = FN_OK;
    for (size_t line = 0; !status && line <= table->rows; line++) {
        for (size_t c = 0; !status && c < table->columns; c++) {
            const fn_column *column = table->column[c];
            char buffer[FN_REAL_TEXT];
            size_t length;
            bool is_text = line == 0 || column->type == FN_COLUMN_TEXT;
            const char *text = column->name;
            if (line == 0)
                length = strlen(text);
            else
                text = fn_column_cell(column, line - 1, buffer, &length);
            if (c) status = fn_output_text(writer->run, writer->output, csv ? "," : "\t");
            if (status) break;
            if (csv)
                status = write_csv_cell(writer, text, length, is_text);
            else if (is_text)
                status = write_clean(writer, text, length, true, false);
            else
                status = fn_output_write(writer->run, writer->output, text, length);
        }
        if (!status) status = fn_output_text(writer->run, writer->output, "\n");
    }
    return status;
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

static fn_status write_shown(table_writer *writer, const char *text, size_t length)
{
    fn_status status = FN_OK;
    for (size_t at = 0; !status && at < length;) {
        size_t step = fn_utf8_length(text + at, length - at);
        unsigned char c = (unsigned char) text[at];
        bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && step == 2 && (unsigned char) text[at + 1] < 0xa0);
        if (!step || control) {
            status = fn_output_text(writer->run, writer->output, "?");
            writer->replaced++;
        } else {
            status = fn_output_write(writer->run, writer->output, text + at, step);
        }
        at += step ? step : 1;
    }
    return status;
}

static fn_status pad(table_writer *writer, size_t blanks)
{
    static const char many[] = "                                                                ";
    fn_status status = FN_OK;
    for (size_t n; !status && blanks; blanks -= n) {
        n = blanks < sizeof many - 1 ? blanks : sizeof many - 1;
        status = fn_output_write(writer->run, writer->output, many, n);
    }
    return status;
}

static const char *cell_or_name(const fn_column *column, size_t line, char buffer[FN_REAL_TEXT], size_t *length)
{
    if (line) return fn_column_cell(column, line - 1, buffer, length);
    *length = strlen(column->name);
    return column->name;
}

/* Numbers to the right, text to the left, two blanks between; two passes over the table. */
static fn_status write_aligned(table_writer *writer, const fn_table *table)
{
    char buffer[FN_REAL_TEXT];
    size_t length;
    size_t *width = fn_alloc(writer->run, table->columns, sizeof *width);
    if (!width) return FN_ENOMEM;
    for (size_t line = 0; line <= table->rows; line++)
        for (size_t c = 0; c < table->columns; c++) {
            const char *text = cell_or_name(table->column[c], line, buffer, &length);
            size_t wide = shown_width(text, length);
            if (wide > width[c]) width[c] = wide;
        }
    fn_status status = FN_OK;
    for (size_t line = 0; !status && line <= table->rows; line++) {
        for (size_t c = 0; !status && c < table->columns; c++) {
            const fn_column *column = table->column[c];
            const char *text = cell_or_name(column, line, buffer, &length);
            size_t blanks = width[c] - shown_width(text, length);
            bool right = column->type == FN_COLUMN_INT || column->type == FN_COLUMN_REAL;
            if (c) status = fn_output_text(writer->run, writer->output, "  ");
            if (!status && right) status = pad(writer, blanks);
            if (!status) status = write_shown(writer, text, length);
            if (!status && !right && c + 1 < table->columns) status = pad(writer, blanks);
        }
        if (!status) status = fn_output_text(writer->run, writer->output, "\n");
    }
    fn_free(width);
    return status;
}

fn_status fn_table_write(fn_run *run, fn_output *output, const fn_table *table, fn_table_form form, int64_t *replaced)
{
    table_writer writer = { run, output, 0 };
    fn_status status = FN_OK;
    switch (form) {
    case FN_TABLE_TSV: status = write_delimited(&writer, table, false); break;
    case FN_TABLE_CSV: status = write_delimited(&writer, table, true); break;
    case FN_TABLE_JSON: status = write_json(&writer, table); break;
    case FN_TABLE_ALIGNED: status = write_aligned(&writer, table); break;
    }
    if (replaced) *replaced += writer.replaced;
    return status;
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
