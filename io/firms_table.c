/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/delimited.h"
#include "io/firms_table.h"
#include "io/rejects.h"

static const char *const text_columns[] = { "name", "kind", "country", "region", "industry" };
static const char *const kinds[] = { "firm", "authority", "university", "bank", "person", "consortium", "unknown" };

/* Columns that must be numbers, and their range. */
static const struct limits {
    const char *name;
    double low, high;
    const char *words;
} numbers[] = { { "size", 0, INFINITY, "the size is not a number of 0 or above" },
                { "patents", 0, INFINITY, "patents is not a number of 0 or above" },
                { "lat", -90, 90, "lat is not a number of degrees from -90 to 90" },
                { "lon", -180, 180, "lon is not a number of degrees from -180 to 180" } };

typedef struct sighting {
    size_t table; /* from 1, 0: not seen */
    int64_t line;
} sighting;

typedef struct firms_reader {
    fn_import *import;
    fn_table *fresh; /* what the tables say, one row a firm */
    sighting *seen;  /* first place of each firm */
    size_t seen_capacity;
    /* of the table read now */
    size_t table;
    const char *file;
    fn_delimited text;
    size_t fields, key;
    int64_t header_line;
    fn_column **column; /* of each field, NULL for the key */
    const struct limits **limits;
    int64_t rows, kept, merged, added, repeated_line, kind_line, not_utf8_line, not_utf8;
    char repeated[FN_QUOTE_TEXT], kind[FN_QUOTE_TEXT];
} firms_reader;

static bool listed(const char *const *list, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == length && memcmp(list[i], text, length) == 0) return true;
    return false;
}

/* ---- header ---- */

static fn_status find_key(fn_run *run, firms_reader *reader, char *const *name)
{
    static const char *const keys[] = { "firm", "id" };
    for (size_t k = 0; k < 2; k++)
        for (size_t f = 0; f < reader->fields; f++)
            if (strcmp(name[f], keys[k]) == 0) {
                reader->key = f;
                if (k)
                    fn_note(run, "%s: firms are told by the column \"id\" (name it \"firm\" to be sure)", reader->file);
                return FN_OK;
            }
    fn_fail_at(run, FN_EPARSE, reader->file, reader->header_line, -1, "the firm table has no column \"firm\"");
    fn_hint(run, "its first line must be a header; the firms' ids, as they stand in the ties, are in the column firm");
    return FN_EPARSE;
}

static fn_status take_header(fn_run *run, firms_reader *reader)
{
    const fn_delimited *text = &reader->text;
    reader->fields = text->fields;
    reader->header_line = text->line;
    reader->column = fn_alloc(run, text->fields, sizeof *reader->column);
    reader->limits = fn_alloc(run, text->fields, sizeof *reader->limits);
    char **name = fn_alloc(run, text->fields, sizeof *name);
    fn_status status = reader->column && reader->limits && name ? FN_OK : FN_ENOMEM;
    for (size_t f = 0; !status && f < text->fields; f++) {
        name[f] = fn_header_name(run, text->field[f].text, text->field[f].length, f + 1);
        if (!name[f]) status = FN_ENOMEM;
    }
    if (!status) status = find_key(run, reader, name);
    for (size_t f = 0; !status && f < text->fields; f++) {
        for (size_t g = 0; g < f; g++)
            if (strcmp(name[f], name[g]) == 0) {
                status = fn_fail_at(run, FN_EPARSE, reader->file, text->line, -1,
                                    "columns %zu and %zu are both called \"%s\"", g + 1, f + 1, name[f]);
                goto done;
            }
        if (f == reader->key) continue;
        reader->column[f] = fn_table_find(reader->fresh, name[f]);
        if (!reader->column[f]) status = fn_table_add(run, reader->fresh, name[f], FN_COLUMN_TEXT, &reader->column[f]);
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            if (strcmp(numbers[n].name, name[f]) == 0) reader->limits[f] = &numbers[n];
    }
done:
    for (size_t f = 0; name && f < text->fields; f++) fn_free(name[f]);
    fn_free(name);
    return status;
}

/* ---- rows ---- */

static fn_complaint check_cell(firms_reader *reader, size_t f)
{
    const fn_field *field = &reader->text.field[f];
    double value;
    if (!field->length || f == reader->key) return (fn_complaint){ 0 };
    const struct limits *limits = reader->limits[f];
    if (limits && !(fn_real_parse(field->text, field->length, &value) && isfinite(value) && value >= limits->low &&
                    value <= limits->high))
        return (fn_complaint){ "number_wrong", limits->words, NULL };
    if (strcmp(reader->column[f]->name, "kind") == 0 && !reader->kind_line &&
        !listed(kinds, sizeof kinds / sizeof *kinds, field->text, field->length)) {
        reader->kind_line = reader->text.line;
        fn_quote(field->text, field->length, reader->kind);
    }
    return (fn_complaint){ 0 };
}

/* A cell that says something else than the same firm's row before. words: room for the complaint. */
static fn_complaint find_conflict(firms_reader *reader, uint32_t firm, size_t *at, char words[256])
{
    const char *const *tables = reader->import->options->firms;
    for (size_t f = 0; f < reader->fields; f++) {
        const fn_field *field = &reader->text.field[f];
        if (f == reader->key || !field->length || firm >= reader->fresh->rows ||
            fn_column_missing(reader->column[f], firm))
            continue;
        size_t length;
        const char *before = fn_column_text(reader->column[f], firm, &length);
        if (length == field->length && memcmp(before, field->text, length) == 0) continue;
        const sighting *first = &reader->seen[firm];
        char quoted[FN_QUOTE_TEXT];
        const char *table = first->table == reader->table ? "" : tables[first->table - 1];
        snprintf(words, 256, "the firm's %.40s is another than %s in %.80s%sline %" PRId64, reader->column[f]->name,
                 fn_quote(before, length, quoted), table, *table ? ", " : "", first->line);
        *at = f;
        return (fn_complaint){ "firm_conflicting", words, NULL };
    }
    return (fn_complaint){ 0 };
}

static fn_status keep(fn_run *run, firms_reader *reader, const fn_field *key)
{
    fn_net *net = reader->import->net;
    uint32_t before = fn_net_firms(net), firm;
    fn_status status = fn_net_firm(run, net, key->text, key->length, &firm);
    if (status) return status;
    if (fn_net_firms(net) > before) reader->added++;
    /* Grow by halves, so that a long table costs no more than its length. */
    sighting *seen = fn_grow(run, reader->seen, &reader->seen_capacity, (size_t) fn_net_firms(net), sizeof *seen);
    if (!seen) return FN_ENOMEM;
    reader->seen = seen;
    if (reader->fresh->rows < fn_net_firms(net) && (status = fn_table_resize(run, reader->fresh, fn_net_firms(net))))
        return status;
    if (seen[firm].table == reader->table) {
        reader->merged++;
        if (!reader->repeated_line) {
            reader->repeated_line = reader->text.line;
            fn_quote(key->text, key->length, reader->repeated);
        }
    } else {
        reader->kept++;
    }
    if (!seen[firm].table) seen[firm] = (sighting){ reader->table, reader->text.line };
    for (size_t f = 0; !status && f < reader->fields; f++) {
        const fn_field *field = &reader->text.field[f];
        if (f != reader->key && field->length)
            status = fn_column_set_text(run, reader->column[f], firm, field->text, field->length);
    }
    return status;
}

static fn_status reject(fn_run *run, firms_reader *reader, fn_complaint complaint, const char *value, size_t length)
{
    return fn_row_reject(run, reader->import, &reader->text, "firm_row", complaint, value, length);
}

static fn_status take_row(fn_run *run, firms_reader *reader)
{
    const fn_delimited *text = &reader->text;
    reader->rows++;
    if (text->bad)
        return reject(run, reader, (fn_complaint){ "row_malformed", text->bad, text->hint }, text->row,
                      text->row_length);
    char words[256];
    if (text->fields != reader->fields) {
        snprintf(words, sizeof words, "%zu field%s, where the header has %zu", text->fields,
                 text->fields == 1 ? "" : "s", reader->fields);
        return reject(
            run, reader,
            (fn_complaint){ text->fields < reader->fields ? "fields_too_few" : "fields_too_many", words, NULL },
            text->row, text->row_length);
    }
    const fn_field *key = &text->field[reader->key];
    if (!key->length)
        return reject(run, reader, (fn_complaint){ "firm_missing", "the row names no firm", NULL }, text->row,
                      text->row_length);
    for (size_t f = 0; f < reader->fields; f++) {
        fn_complaint complaint = check_cell(reader, f);
        if (complaint.reason) return reject(run, reader, complaint, text->field[f].text, text->field[f].length);
    }
    uint32_t firm = fn_names_find(fn_net_keys(reader->import->net), key->text, key->length);
    size_t at = 0;
    fn_complaint complaint = { 0 };
    if (firm != FN_NONE) complaint = find_conflict(reader, firm, &at, words);
    if (complaint.reason) return reject(run, reader, complaint, text->field[at].text, text->field[at].length);
    if (!fn_utf8_valid(text->row, text->row_length) && reader->not_utf8++ == 0) reader->not_utf8_line = text->line;
    return keep(run, reader, key);
}

/* ---- a table ---- */

static fn_status tell(fn_run *run, firms_reader *reader)
{
    fn_account *account = reader->import->account;
    const char *file = reader->file;
    if (reader->repeated_line)
        fn_warn(run, "%s:%" PRId64 ": firm %s stands in the table again (%" PRId64 " such rows); the rows agree", file,
                reader->repeated_line, reader->repeated, reader->merged);
    if (reader->kind_line)
        fn_warn(run,
                "%s:%" PRId64
                ": kind %s is none of firm, authority, university, bank, person, consortium, unknown; kept",
                file, reader->kind_line, reader->kind);
    if (reader->not_utf8)
        fn_warn(run, "%s:%" PRId64 ": bytes that are not UTF-8, in %" PRId64 " rows: kept, replaced visibly in exports",
                file, reader->not_utf8_line, reader->not_utf8);
    if (reader->added && reader->added == reader->kept && fn_net_ties(reader->import->net))
        fn_warn(run, "%s: no firm of the table stands in any tie; are the ids those of the ties?", file);
    if (!reader->rows) fn_warn(run, "%s: the firm table has no rows", file);
    fn_status status = fn_account_count(run, account, "firm_row", FN_READ, "", "", reader->rows, file, 0, NULL);
    if (!status) status = fn_account_count(run, account, "firm_row", FN_KEPT, "", "", reader->kept, file, 0, NULL);
    if (!status)
        status = fn_account_count(run, account, "firm_row", FN_MERGED, "firm_repeated",
                                  "rows of a firm that stands in the table before, and agree", reader->merged, file,
                                  reader->repeated_line, reader->repeated);
    if (!status)
        status = fn_account_count(run, account, "firm_row", FN_REMARK, "firm_without_ties", "firms that no tie names",
                                  reader->added, file, 0, NULL);
    if (!status)
        status = fn_account_count(run, account, "firm_row", FN_REMARK, "not_utf8", "rows with bytes that are not UTF-8",
                                  reader->not_utf8, file, reader->not_utf8_line, NULL);
    return status;
}

static fn_status read_table(fn_run *run, firms_reader *reader, const char *path)
{
    fn_source *source = NULL;
    const char *separator = reader->import->options->separator;
    bool there = false;
    fn_status status = fn_source_open(run, path, &source);
    if (status) return status;
    reader->file = fn_source_name(source);
    reader->rows = reader->kept = reader->merged = reader->added = reader->repeated_line = reader->kind_line = 0;
    reader->not_utf8 = 0;
    fn_delimited_start(&reader->text, source, 0, true);
    status = fn_delimited_first(run, &reader->text, &there);
    if (!status && there) {
        reader->text.separator =
            separator ? fn_separator_find(separator) : fn_table_separator(reader->text.row, reader->text.row_length);
        if (!separator)
            fn_note(run, "%s: fields are separated by %s (--separator says otherwise)", reader->file,
                    fn_separator_word(reader->text.separator));
        status = fn_delimited_next(run, &reader->text, &there);
        if (!status && reader->text.bad)
            status = fn_fail_at(run, FN_EPARSE, reader->file, reader->text.line, -1, "%s", reader->text.bad);
        if (!status) status = take_header(run, reader);
    }
    while (!status && there) {
        status = fn_delimited_next(run, &reader->text, &there);
        if (!status && there) status = take_row(run, reader);
    }
    if (!status) status = tell(run, reader);
    fn_delimited_end(&reader->text);
    fn_free(reader->column);
    fn_free(reader->limits);
    reader->column = NULL;
    reader->limits = NULL;
    fn_source_close(source);
    return status;
}

/* Put what the tables say over what is known of the firms. */
static fn_status lay_over(fn_run *run, firms_reader *reader)
{
    fn_table *firms = fn_net_firm_table(reader->import->net);
    fn_status status = fn_table_resize(run, firms, fn_net_firms(reader->import->net));
    for (size_t c = 0; !status && c < reader->fresh->columns; c++) {
        const fn_column *fresh = reader->fresh->column[c];
        fn_column *column = fn_table_find(firms, fresh->name);
        if (column)
            status = fn_column_loosen(run, column);
        else
            status = fn_table_add(run, firms, fresh->name, FN_COLUMN_TEXT, &column);
        for (size_t row = 0; !status && row < fresh->rows; row++) {
            size_t length;
            const char *text = fn_column_text(fresh, row, &length);
            if (!fn_column_missing(fresh, row)) status = fn_column_set_text(run, column, row, text, length);
        }
        if (!status &&
            !listed(text_columns, sizeof text_columns / sizeof *text_columns, fresh->name, strlen(fresh->name)))
            status = fn_column_settle(run, column);
    }
    return status;
}

fn_status fn_firms_tables_read(fn_run *run, fn_import *import)
{
    const char *const *tables = import->options->firms;
    if (!tables || !tables[0]) return FN_OK;
    firms_reader reader = { .import = import };
    fn_status status = fn_table_new(run, 0, &reader.fresh);
    for (; !status && tables[reader.table];) {
        const char *path = tables[reader.table++];
        status = read_table(run, &reader, path);
    }
    if (!status) status = lay_over(run, &reader);
    fn_table_free(reader.fresh);
    fn_free(reader.seen);
    return status;
}
