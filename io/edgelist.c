/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/edgelist.h"

/* Edge lists: one row a tie (contract: TAB, comma, semicolon, pipe or runs of blanks; with or without a header). A row
 * becomes a record of the network; records of one (from, to, layer, currency) are one tie after the freeze. Every row
 * is counted: read = kept + merged + rejected, unit "row"; what is kept and what merged is known after the freeze and
 * counted by fn_read. O(bytes) time. */

/* Years that stand for "not known" in real files (0001, 9999) would stretch every time axis. */
enum { YEAR_FIRST = 1000, YEAR_LAST = 2200 };

static void note_happening(fn_happening *what, int64_t line, const char *text, size_t length)
{
    if (what->count++) return;
    what->line = line;
    fn_quote(text, length, what->example);
}

/* ---- one row ---- */

static const fn_field *field_of(const fn_edge_reader *reader, int meaning)
{
    static const fn_field none = { "", 0, false };
    ptrdiff_t at = reader->columns.at[meaning];
    return at < 0 ? &none : &reader->text.field[at];
}

/* The same without blanks around: for numbers and dates. */
static fn_field bare_field(const fn_edge_reader *reader, int meaning)
{
    fn_field field = *field_of(reader, meaning);
    while (field.length && field.text[0] == ' ') field.text++, field.length--;
    while (field.length && field.text[field.length - 1] == ' ') field.length--;
    return field;
}

static bool has_blanks_around(const fn_field *id)
{
    return id->text[0] == ' ' || id->text[0] == '\t' || id->text[id->length - 1] == ' ' ||
           id->text[id->length - 1] == '\t';
}

/* Weights: in all rows or in none. */
static fn_complaint take_weight(fn_edge_reader *reader, double *value)
{
    const fn_field weight = bare_field(reader, FN_EDGE_WEIGHT), *field = &weight;
    *value = NAN;
    if (reader->columns.at[FN_EDGE_WEIGHT] < 0) return (fn_complaint){ 0 };
    if (field->length) {
        if (reader->unweighted_line)
            return (fn_complaint){ "weight_only_in_some_rows", "a weight, but rows before have none",
                                   "weights must stand in all rows or in none" };
        fn_complaint complaint = fn_edge_weight(field->text, field->length, value);
        if (!complaint.reason && !reader->weighted_line) reader->weighted_line = reader->text.line;
        return complaint;
    }
    if (reader->columns.own) return (fn_complaint){ 0 };
    if (reader->weighted_line)
        return (fn_complaint){ "weight_missing", "no weight, but rows before have one",
                               "weights must stand in all rows or in none" };
    if (!reader->unweighted_line) reader->unweighted_line = reader->text.line;
    return (fn_complaint){ 0 };
}

static fn_complaint take_date(fn_edge_reader *reader, int32_t *day)
{
    const fn_field date = bare_field(reader, FN_EDGE_DATE), *field = &date;
    *day = FN_DAY_NONE;
    if (!field->length) return (fn_complaint){ 0 };
    if (!fn_date_parse(field->text, field->length, day, NULL)) {
        *day = FN_DAY_NONE;
        return (fn_complaint){ "date_impossible", "the date can't be read",
                               "dates are YYYY-MM-DD, YYYYMMDD, YYYY-MM or YYYY" };
    }
    if (*day < reader->day_first || *day > reader->day_last) {
        note_happening(&reader->date_odd, reader->text.line, field->text, field->length);
        *day = FN_DAY_NONE;
    }
    return (fn_complaint){ 0 };
}

static bool outside_period(const fn_read_options *options, int32_t first, int32_t last)
{
    bool open =
        (options->since == FN_DAY_NONE && options->until == FN_DAY_NONE) || (!options->since && !options->until);
    if (open) return false;
    if (first == FN_DAY_NONE) return true;
    return (options->since != FN_DAY_NONE && last < options->since) ||
           (options->until != FN_DAY_NONE && first > options->until);
}

static bool all_ascii(const char *text, size_t length)
{
    uint64_t seen = 0, word;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        memcpy(&word, text + at, 8);
        seen |= word;
    }
    for (; at < length; at++) seen |= (unsigned char) text[at];
    return !(seen & 0x8080808080808080ULL);
}

static fn_status add_money(fn_run *run, fn_edge_reader *reader, const fn_tie *tie)
{
    if (isnan(tie->value)) return FN_OK;
    struct money *money =
        fn_grow(run, reader->money, &reader->money_capacity, (size_t) tie->currency + 1, sizeof *money);
    if (!money) return FN_ENOMEM;
    reader->money = money;
    fn_sum_add(&money[tie->currency].all, tie->value);
    if (tie->from == tie->to) fn_sum_add(&money[tie->currency].self, tie->value);
    return FN_OK;
}

/* Everything is known to be good: add firms, the record and its attributes. */
static fn_status keep_row(fn_run *run, fn_edge_reader *reader, fn_tie *tie)
{
    fn_net *net = reader->import->net;
    const fn_field *from = field_of(reader, FN_EDGE_FROM), *to = field_of(reader, FN_EDGE_TO);
    const fn_field *layer = field_of(reader, FN_EDGE_LAYER), *currency = field_of(reader, FN_EDGE_CURRENCY);
    const fn_field *product = field_of(reader, FN_EDGE_PRODUCT);
    fn_status status = fn_net_firm(run, net, from->text, from->length, &tie->from);
    if (!status) status = fn_net_firm(run, net, to->text, to->length, &tie->to);
    if (!status && layer->length) status = fn_net_layer(run, net, layer->text, layer->length, &tie->layer);
    if (status == FN_EPARSE) fn_hint(run, "--map FILE says which column is the layer");
    if (!status && currency->length)
        status = fn_net_currency(run, net, currency->text, currency->length, &tie->currency);
    if (!status && product->length) status = fn_net_product(run, net, product->text, product->length, &tie->product);
    size_t row;
    if (!status) status = fn_net_add(run, net, tie, &row);
    for (size_t a = 0; !status && a < reader->columns.attributes; a++) {
        const fn_field *field = &reader->text.field[reader->columns.attribute_field[a]];
        if (field->length) status = fn_column_set_text(run, reader->attribute[a], row, field->text, field->length);
    }
    if (status) return status;
    if (reader->columns.at[FN_EDGE_LAYER] >= 0 && !layer->length)
        note_happening(&reader->no_layer, reader->text.line, reader->text.row, reader->text.row_length);
    if (tie->from == tie->to) note_happening(&reader->self, reader->text.line, from->text, from->length);
    return add_money(run, reader, tie);
}

/* A row of the right form with both firms, or what is wrong with it. words: room for the complaint. */
static fn_complaint check_form(const fn_edge_reader *reader, char words[128])
{
    const fn_delimited *text = &reader->text;
    size_t wanted = reader->columns.fields;
    if (text->bad) return (fn_complaint){ "row_malformed", text->bad, text->hint };
    if (text->fields != wanted) {
        snprintf(words, 128, "%zu field%s, where line %" PRId64 " has %zu", text->fields, text->fields == 1 ? "" : "s",
                 reader->columns.first_line, wanted);
        return (fn_complaint){ text->fields < wanted ? "fields_too_few" : "fields_too_many", words, NULL };
    }
    if (!field_of(reader, FN_EDGE_FROM)->length)
        return (fn_complaint){ "firm_missing", "the tie has no \"from\"", NULL };
    if (!field_of(reader, FN_EDGE_TO)->length) return (fn_complaint){ "firm_missing", "the tie has no \"to\"", NULL };
    return (fn_complaint){ 0 };
}

/* What is odd about a row, but no reason to leave it out. */
static void note_oddities(fn_edge_reader *reader)
{
    const fn_delimited *text = &reader->text;
    const fn_field *from = field_of(reader, FN_EDGE_FROM), *to = field_of(reader, FN_EDGE_TO);
    if (!all_ascii(text->row, text->row_length) && !fn_utf8_valid(text->row, text->row_length))
        note_happening(&reader->not_utf8, text->line, text->row, text->row_length);
    if (reader->columns.at[FN_EDGE_COUNT] >= 0 && !bare_field(reader, FN_EDGE_COUNT).length)
        note_happening(&reader->no_count, text->line, text->row, text->row_length);
    if (has_blanks_around(from))
        note_happening(&reader->blanks, text->line, from->text, from->length);
    else if (has_blanks_around(to))
        note_happening(&reader->blanks, text->line, to->text, to->length);
}

static fn_status leave_out(fn_run *run, fn_edge_reader *reader, bool undated)
{
    return fn_account_count(run, reader->import->account, "row", FN_REJECTED, undated ? "undated" : "outside_period",
                            undated ? "rows without a date, where a period is asked for"
                                    : "rows outside the period asked for",
                            1, reader->file, reader->text.line, NULL);
}

static fn_status take_row(fn_run *run, fn_edge_reader *reader)
{
    const fn_delimited *text = &reader->text;
    fn_tie tie = { .product = FN_NONE, .layer = reader->layer, .weight = NAN, .count = 1 };
    char words[128];
    fn_field value = { text->row, text->row_length, false }; /* what a complaint quotes */
    reader->rows++;
    fn_complaint complaint = check_form(reader, words);
    if (!complaint.reason && (value = bare_field(reader, FN_EDGE_COUNT)).length)
        complaint = fn_edge_count(value.text, value.length, &tie.count);
    if (!complaint.reason) {
        value = bare_field(reader, FN_EDGE_DATE);
        complaint = take_date(reader, &tie.first);
    }
    if (!complaint.reason) {
        value = bare_field(reader, FN_EDGE_WEIGHT);
        complaint = take_weight(reader, &tie.value);
        if (!value.length) value = (fn_field){ text->row, text->row_length, false };
    }
    tie.last = tie.first;
    if (!complaint.reason && reader->columns.own) {
        value = (fn_field){ text->row, text->row_length, false };
        complaint = fn_edge_own_cells(text, &reader->columns, &tie);
    }
    if (complaint.reason) return fn_row_reject(run, reader->import, text, "row", complaint, value.text, value.length);
    if (outside_period(reader->import->options, tie.first, tie.last)) return leave_out(run, reader, tie.first == FN_DAY_NONE);
    note_oddities(reader);
    return keep_row(run, reader, &tie);
}

/* ---- a file ---- */

static char guess_separator(const fn_read_options *options, const fn_delimited *text)
{
    size_t wanted = options->columns != NULL;
    for (const char *c = options->columns; c && *c; c++) wanted += *c == ',';
    if (options->map &&
        fn_separator_count(fn_table_separator(text->row, text->row_length), text->row, text->row_length) > 1)
        return fn_table_separator(text->row, text->row_length);
    return fn_edge_separator(text->row, text->row_length, wanted, NULL);
}

/* Separator and columns, from the first line. *there false: the file has no rows. */
static fn_status look_at_first_row(fn_run *run, fn_edge_reader *reader, bool *there)
{
    const fn_read_options *options = reader->import->options;
    fn_delimited *text = &reader->text;
    char quoted[FN_QUOTE_TEXT];
    if (options->separator && !(text->separator = fn_separator_find(options->separator))) {
        fn_fail(run, FN_EINVAL, "--separator \"%s\" is none", options->separator);
        fn_hint(run, "tab, comma, semicolon, pipe or blanks");
        return FN_EINVAL;
    }
    fn_status status = fn_delimited_first(run, text, there);
    if (status || !*there) return status;
    if (text->row_length >= 2 && (memcmp(text->row, "\xff\xfe", 2) == 0 || memcmp(text->row, "\xfe\xff", 2) == 0)) {
        fn_fail_at(run, FN_EPARSE, reader->file, text->line, -1, "the text is UTF-16");
        fn_hint(run, "turn it into UTF-8 first: iconv -f UTF-16 -t UTF-8");
        return FN_EPARSE;
    }
    if (!options->separator) {
        text->separator = guess_separator(options, text);
        if (!text->separator && text->row[0] == '"') { /* perhaps the first field spans lines */
            text->separator = ',';
            if ((status = fn_delimited_complete(run, text))) return status;
            text->separator = guess_separator(options, text);
        }
        if (!text->separator)
            text->separator = '\t';
        else
            fn_note(run, "%s: fields are separated by %s (--separator says otherwise)", reader->file,
                    fn_separator_word(text->separator));
    }
    status = fn_delimited_next(run, text, there);
    if (!status && *there && text->bad) {
        status = fn_fail_at(run, FN_EPARSE, reader->file, text->line, -1, "%s (%s)", text->bad,
                            fn_quote(text->row, text->row_length, quoted));
        if (text->hint) fn_hint(run, "%s", text->hint);
    }
    if (!status && *there) status = fn_edge_columns_find(run, text, options, &reader->columns);
    return status;
}

static fn_status prepare(fn_run *run, fn_edge_reader *reader)
{
    const char *layer = reader->import->options->tie_layer;
    fn_status status = FN_OK;
    reader->layer = FN_LAYER_SUPPLY;
    if (layer) status = fn_net_layer(run, reader->import->net, layer, strlen(layer), &reader->layer);
    if (!status && reader->layer == FN_LAYER_SUPPLY && reader->columns.at[FN_EDGE_LAYER] < 0)
        fn_note(run,
                "%s: no layer is named, the ties are supply: from delivers, to receives (--tie-layer says otherwise)",
                reader->file);
    fn_date_make(YEAR_FIRST, 1, 1, &reader->day_first);
    fn_date_make(YEAR_LAST, 12, 31, &reader->day_last);

    fn_table *table = fn_net_tie_table(reader->import->net);
    reader->attribute = fn_alloc(run, reader->columns.attributes, sizeof *reader->attribute);
    if (!reader->attribute) return FN_ENOMEM;
    for (size_t a = 0; !status && a < reader->columns.attributes; a++) {
        const char *name = reader->columns.attribute_name[a];
        uint32_t number;
        if (!reader->import->loose) status = fn_names_new(run, &reader->import->loose);
        if (!status) status = fn_names_add(run, reader->import->loose, name, strlen(name), &number, NULL);
        fn_column *column = fn_table_find(table, name);
        if (!status)
            status = column ? fn_column_loosen(run, column) : fn_table_add(run, table, name, FN_COLUMN_TEXT, &column);
        reader->attribute[a] = column;
    }
    return status;
}

static fn_status read_rows(fn_run *run, fn_edge_reader *reader)
{
    bool there = true;
    fn_status status = FN_OK;
    if (!reader->columns.header) status = take_row(run, reader);
    while (!status) {
        if ((status = fn_delimited_next(run, &reader->text, &there)) || !there) break;
        status = take_row(run, reader);
    }
    return status;
}

static fn_status read_edgelist(fn_run *run, fn_source *source, fn_import *import)
{
    fn_edge_reader reader = { .import = import, .file = fn_source_name(source) };
    size_t start = fn_net_ties(import->net);
    bool there;
    fn_delimited_start(&reader.text, source, 0, true);
    fn_status status = look_at_first_row(run, &reader, &there);
    if (!status && there) {
        status = prepare(run, &reader);
        if (!status) status = read_rows(run, &reader);
    }
    if (!status) status = fn_edge_account(run, &reader, start);
    fn_delimited_end(&reader.text);
    fn_edge_columns_free(&reader.columns);
    fn_free(reader.attribute);
    fn_free(reader.money);
    return status;
}

/* Do the bytes begin as a network in another language does? Its lines would split, but mean something else. */
static bool begins_foreign(const char *head, size_t length)
{
    static const char *const beginnings[] = { "*vertices",  "*network",  "%%matrixmarket", "graph [",
                                              "graph\n",    "graph\r\n", "graph {",        "digraph ",
                                              "creator \"", "nodedef>",  "dl n",           "#nexus" };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (length >= strlen(beginnings[i]) && strncasecmp(head, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

/* Any text whose first row splits may be an edge list; a header that names both ends of a tie makes it likely. */
static int sniff_edgelist(const char *head, size_t length)
{
    size_t at = 0, end;
    if (length >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0)) return 1;
    if (length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) at = 3;
    if (begins_foreign(head + at, length - at)) return 0;
    for (;; at = end + 1) {
        if (at >= length)
            return length > 0 && memchr(head, '\0', length) == NULL; /* nothing but comments and empty lines */
        const char *stop = memchr(head + at, '\n', length - at);
        end = stop ? (size_t) (stop - head) : length;
        if (head[at] != '#' && end > at && !(end == at + 1 && head[at] == '\r')) break;
    }
    if (memchr("{[<", head[at], 3)) return 0;
    bool header;
    size_t line = end - at - (head[end - 1] == '\r');
    if (memchr(head + at, '\0', line)) return 0;
    if (!fn_edge_separator(head + at, line, 0, &header)) return fn_utf8_valid(head + at, line);
    return header ? 60 : 10;
}

const fn_format fn_format_edgelist = { .name = "edgelist",
                                       .suffixes = "",
                                       .text = "ties as delimited text: CSV, TSV, blanks; with or without a header",
                                       .sniff = sniff_edgelist,
                                       .read = read_edgelist };
