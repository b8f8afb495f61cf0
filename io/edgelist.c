/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
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

/* How often something happened, and where first. */
typedef struct happening {
    int64_t count, line;
    char example[FN_QUOTE_TEXT];
} happening;

typedef struct edge_reader {
    fn_import *import;
    const char *file;
    fn_delimited text;
    fn_edge_columns columns;
    fn_column **attribute;
    uint16_t layer;                    /* of rows that name none */
    int64_t rows;
    int64_t weighted_line, unweighted_line; /* first row with and without a weight, 0: none yet */
    happening self, not_utf8, date_odd, no_layer, no_count, blanks;
    int32_t day_first, day_last;       /* odd days lie outside */
    struct money { fn_sum all, self; } *money; /* by currency number */
    size_t money_capacity;
} edge_reader;

static void note_happening(happening *what, int64_t line, const char *text, size_t length)
{
    if (what->count++) return;
    what->line = line;
    fn_quote(text, length, what->example);
}

static fn_status bad_row(fn_run *run, edge_reader *reader, fn_complaint complaint, const char *value, size_t length)
{
    return fn_row_reject(run, reader->import, &reader->text, "row", complaint, value, length);
}

/* ---- one row ---- */

static const fn_field *field_of(const edge_reader *reader, int meaning)
{
    static const fn_field none = { "", 0, false };
    ptrdiff_t at = reader->columns.at[meaning];
    return at < 0 ? &none : &reader->text.field[at];
}

/* The same without blanks around: for numbers and dates. */
static fn_field bare_field(const edge_reader *reader, int meaning)
{
    fn_field field = *field_of(reader, meaning);
    while (field.length && field.text[0] == ' ') field.text++, field.length--;
    while (field.length && field.text[field.length - 1] == ' ') field.length--;
    return field;
}

static bool has_blanks_around(const fn_field *id)
{
    return id->text[0] == ' ' || id->text[0] == '\t' || id->text[id->length - 1] == ' ' || id->text[id->length - 1] == '\t';
}

/* Weights: in all rows or in none. */
static fn_complaint take_weight(edge_reader *reader, double *value)
{
    const fn_field weight = bare_field(reader, FN_EDGE_WEIGHT), *field = &weight;
    *value = NAN;
    if (reader->columns.at[FN_EDGE_WEIGHT] < 0) return (fn_complaint) { 0 };
    if (field->length) {
        if (reader->unweighted_line)
            return (fn_complaint) { "weight_only_in_some_rows", "a weight, but rows before have none",
                                    "weights must stand in all rows or in none" };
        fn_complaint complaint = fn_edge_weight(field->text, field->length, value);
        if (!complaint.reason && !reader->weighted_line) reader->weighted_line = reader->text.line;
        return complaint;
    }
    if (reader->weighted_line)
        return (fn_complaint) { "weight_missing", "no weight, but rows before have one",
                                "weights must stand in all rows or in none" };
    if (!reader->unweighted_line) reader->unweighted_line = reader->text.line;
    return (fn_complaint) { 0 };
}

static fn_complaint take_date(edge_reader *reader, int32_t *day)
{
    const fn_field date = bare_field(reader, FN_EDGE_DATE), *field = &date;
    *day = FN_DAY_NONE;
    if (!field->length) return (fn_complaint) { 0 };
    if (!fn_date_parse(field->text, field->length, day, NULL)) {
        *day = FN_DAY_NONE;
        return (fn_complaint) { "date_impossible", "the date can't be read", "dates are YYYY-MM-DD, YYYYMMDD, YYYY-MM or YYYY" };
    }
    if (*day < reader->day_first || *day > reader->day_last) {
        note_happening(&reader->date_odd, reader->text.line, field->text, field->length);
        *day = FN_DAY_NONE;
    }
    return (fn_complaint) { 0 };
}

static bool outside_period(const fn_read_options *options, int32_t day)
{
    bool open = (options->since == FN_DAY_NONE && options->until == FN_DAY_NONE) || (!options->since && !options->until);
    if (open) return false;
    if (day == FN_DAY_NONE) return true;
    return (options->since != FN_DAY_NONE && day < options->since) || (options->until != FN_DAY_NONE && day > options->until);
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

static fn_status add_money(fn_run *run, edge_reader *reader, const fn_tie *tie)
{
    if (isnan(tie->value)) return FN_OK;
    struct money *money = fn_grow(run, reader->money, &reader->money_capacity, (size_t) tie->currency + 1, sizeof *money);
    if (!money) return FN_ENOMEM;
    reader->money = money;
    fn_sum_add(&money[tie->currency].all, tie->value);
    if (tie->from == tie->to) fn_sum_add(&money[tie->currency].self, tie->value);
    return FN_OK;
}

/* Everything is known to be good: add firms, the record and its attributes. */
static fn_status keep_row(fn_run *run, edge_reader *reader, fn_tie *tie)
{
    fn_net *net = reader->import->net;
    const fn_field *from = field_of(reader, FN_EDGE_FROM), *to = field_of(reader, FN_EDGE_TO);
    const fn_field *layer = field_of(reader, FN_EDGE_LAYER), *currency = field_of(reader, FN_EDGE_CURRENCY);
    const fn_field *product = field_of(reader, FN_EDGE_PRODUCT);
    fn_status status = fn_net_firm(run, net, from->text, from->length, &tie->from);
    if (!status) status = fn_net_firm(run, net, to->text, to->length, &tie->to);
    if (!status && layer->length) status = fn_net_layer(run, net, layer->text, layer->length, &tie->layer);
    if (status == FN_EPARSE) fn_hint(run, "--map FILE says which column is the layer");
    if (!status && currency->length) status = fn_net_currency(run, net, currency->text, currency->length, &tie->currency);
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

static fn_status take_row(fn_run *run, edge_reader *reader)
{
    fn_delimited *text = &reader->text;
    fn_tie tie = { .product = FN_NONE, .layer = reader->layer, .weight = NAN, .count = 1 };
    reader->rows++;
    if (text->bad)
        return bad_row(run, reader, (fn_complaint) { "row_malformed", text->bad, text->hint }, text->row, text->row_length);
    if (text->fields != reader->columns.fields) {
        char words[128];
        snprintf(words, sizeof words, "%zu field%s, where line %" PRId64 " has %zu", text->fields, text->fields == 1 ? "" : "s",
                 reader->columns.first_line, reader->columns.fields);
        return bad_row(run, reader, (fn_complaint) { text->fields < reader->columns.fields ? "fields_too_few"
                                                     : "fields_too_many", words, NULL }, text->row, text->row_length);
    }
    const fn_field *from = field_of(reader, FN_EDGE_FROM), *to = field_of(reader, FN_EDGE_TO);
    if (!from->length || !to->length)
        return bad_row(run, reader, (fn_complaint) { "firm_missing", from->length ? "the tie has no \"to\"" :
                                                     "the tie has no \"from\"", NULL }, text->row, text->row_length);
    const fn_field bare_count = bare_field(reader, FN_EDGE_COUNT), *count = &bare_count;
    fn_complaint complaint = { 0 };
    if (count->length) complaint = fn_edge_count(count->text, count->length, &tie.count);
    if (complaint.reason) return bad_row(run, reader, complaint, count->text, count->length);
    const fn_field *date = field_of(reader, FN_EDGE_DATE);
    complaint = take_date(reader, &tie.first);
    if (complaint.reason) return bad_row(run, reader, complaint, date->text, date->length);
    const fn_field *weight = field_of(reader, FN_EDGE_WEIGHT);
    complaint = take_weight(reader, &tie.value);
    if (complaint.reason == NULL) {
        tie.last = tie.first;
        if (outside_period(reader->import->options, tie.first))
            return fn_account_count(run, reader->import->account, "row", FN_REJECTED, tie.first == FN_DAY_NONE ?
                                    "undated" : "outside_period", tie.first == FN_DAY_NONE ?
                                    "rows without a date, where a period is asked for" : "rows outside the period asked for",
                                    1, reader->file, text->line, NULL);
        if (!all_ascii(text->row, text->row_length) && !fn_utf8_valid(text->row, text->row_length))
            note_happening(&reader->not_utf8, text->line, text->row, text->row_length);
        if (reader->columns.at[FN_EDGE_COUNT] >= 0 && !count->length)
            note_happening(&reader->no_count, text->line, text->row, text->row_length);
        if (has_blanks_around(from) || has_blanks_around(to)) {
            const fn_field *id = has_blanks_around(from) ? from : to;
            note_happening(&reader->blanks, text->line, id->text, id->length);
        }
        return keep_row(run, reader, &tie);
    }
    return weight->length ? bad_row(run, reader, complaint, weight->text, weight->length)
                          : bad_row(run, reader, complaint, text->row, text->row_length);
}

/* ---- a file ---- */

static char guess_separator(const fn_read_options *options, const fn_delimited *text)
{
    size_t wanted = options->columns != NULL;
    for (const char *c = options->columns; c && *c; c++) wanted += *c == ',';
    if (options->map && fn_separator_count(fn_table_separator(text->row, text->row_length), text->row, text->row_length) > 1)
        return fn_table_separator(text->row, text->row_length);
    return fn_edge_separator(text->row, text->row_length, wanted, NULL);
}

/* Separator and columns, from the first line. *there false: the file has no rows. */
static fn_status look_at_first_row(fn_run *run, edge_reader *reader, bool *there)
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
        if (!text->separator) text->separator = '\t';
        else fn_note(run, "%s: fields are separated by %s (--separator says otherwise)", reader->file,
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

static fn_status prepare(fn_run *run, edge_reader *reader)
{
    const char *layer = reader->import->options->tie_layer;
    fn_status status = FN_OK;
    reader->layer = FN_LAYER_SUPPLY;
    if (layer) status = fn_net_layer(run, reader->import->net, layer, strlen(layer), &reader->layer);
    if (!status && reader->layer == FN_LAYER_SUPPLY && reader->columns.at[FN_EDGE_LAYER] < 0)
        fn_note(run, "%s: no layer is named, the ties are supply: from delivers, to receives (--tie-layer says otherwise)",
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
        if (!status) status = column ? fn_column_loosen(run, column) : fn_table_add(run, table, name, FN_COLUMN_TEXT, &column);
        reader->attribute[a] = column;
    }
    return status;
}

/* ---- what is said at the end ---- */

static fn_status remark(fn_run *run, const edge_reader *reader, const char *reason, const char *words, const happening *what)
{
    return fn_account_count(run, reader->import->account, "row", FN_REMARK, reason, words, what->count, reader->file,
                            what->line, what->example);
}

static fn_status count_lines(fn_run *run, const edge_reader *reader)
{
    fn_account *account = reader->import->account;
    fn_status status = fn_account_count(run, account, "row", FN_READ, "", "", reader->rows, reader->file, 0, NULL);
    if (!status) status = remark(run, reader, "self_tie", "ties of a firm to itself: kept, left out of the kernels", &reader->self);
    if (!status) status = remark(run, reader, "not_utf8", "rows with bytes that are not UTF-8: kept in ids, replaced visibly "
                                 "in exports", &reader->not_utf8);
    if (!status) status = remark(run, reader, "date_left_out", "dates before 1000 or after 2200, which stand for unknown ones: "
                                 "left out, the rows kept", &reader->date_odd);
    if (!status) status = remark(run, reader, "layer_missing", "rows that name no layer: taken as the layer of the others",
                                 &reader->no_layer);
    if (!status) status = remark(run, reader, "count_missing", "rows without a count: taken as 1", &reader->no_count);
    happening blank = { .count = reader->text.blank_lines }, comment = { .count = reader->text.comment_lines };
    if (!status) status = remark(run, reader, "id_with_blanks", "rows with blanks around a firm's id: kept, they make another "
                                 "firm", &reader->blanks);
    if (!status) status = remark(run, reader, "line_blank", "empty lines", &blank);
    if (!status) status = remark(run, reader, "line_comment", "lines that start with #", &comment);
    return status;
}

static fn_status count_money(fn_run *run, const edge_reader *reader)
{
    fn_account *account = reader->import->account;
    const fn_names *names = fn_net_currencies(reader->import->net);
    fn_status status = FN_OK;
    size_t currencies = 0;
    char list[256] = "";
    for (size_t c = 0; !status && c < reader->money_capacity; c++) {
        const struct money *money = &reader->money[c];
        if (!money->all.terms) continue;
        const char *name = fn_names_text(names, (uint32_t) c, NULL);
        status = fn_account_join(run, account, "rows", name, &money->all);
        if (!status && money->self.terms) status = fn_account_join(run, account, "self_ties", name, &money->self);
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", currencies++ ? ", " : "", *name ? name : "none stated");
    }
    if (currencies > 1)
        fn_warn(run, "%s: several currencies (%s): their amounts are never added", reader->file, list);
    return status;
}

static void warn_once(fn_run *run, const edge_reader *reader)
{
    if (reader->blanks.count)
        fn_warn(run, "%s:%" PRId64 ": blanks around the id of a firm (%s), in %" PRId64 " rows: they are part of the id",
                reader->file, reader->blanks.line, reader->blanks.example, reader->blanks.count);
    if (reader->not_utf8.count)
        fn_warn(run, "%s:%" PRId64 ": bytes that are not UTF-8 (%s), in %" PRId64 " rows: kept in ids, replaced visibly in "
                "exports", reader->file, reader->not_utf8.line, reader->not_utf8.example, reader->not_utf8.count);
    if (reader->date_odd.count)
        fn_warn(run, "%s:%" PRId64 ": a date that can't be (%s), in %" PRId64 " rows: taken as not known", reader->file,
                reader->date_odd.line, reader->date_odd.example, reader->date_odd.count);
}

/* The records start … now came from rows: kept or merged, as the freeze will show. */
static fn_status claim_records(fn_run *run, fn_import *import, size_t start)
{
    size_t *pair = fn_grow(run, import->row_record, &import->row_record_capacity, import->row_records + 2, sizeof *pair);
    if (!pair) return FN_ENOMEM;
    import->row_record = pair;
    pair[import->row_records++] = start;
    pair[import->row_records++] = fn_net_ties(import->net);
    return FN_OK;
}

static fn_status read_rows(fn_run *run, edge_reader *reader)
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
    edge_reader reader = { .import = import, .file = fn_source_name(source) };
    size_t start = fn_net_ties(import->net);
    bool there;
    fn_delimited_start(&reader.text, source, 0, true);
    fn_status status = look_at_first_row(run, &reader, &there);
    if (!status && there) {
        status = prepare(run, &reader);
        if (!status) status = read_rows(run, &reader);
        if (!status) status = count_money(run, &reader);
        if (!status) warn_once(run, &reader);
    }
    if (!status) status = count_lines(run, &reader);
    if (!status) status = claim_records(run, import, start);
    fn_delimited_end(&reader.text);
    fn_edge_columns_free(&reader.columns);
    fn_free(reader.attribute);
    fn_free(reader.money);
    return status;
}

/* Any text whose first row splits may be an edge list; a header that names both ends of a tie makes it likely. */
static int sniff_edgelist(const char *head, size_t length)
{
    size_t at = 0, end;
    if (length >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0)) return 1;
    if (length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) at = 3;
    for (;; at = end + 1) {
        if (at >= length) return length > 0 && memchr(head, '\0', length) == NULL; /* nothing but comments and empty lines */
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

const fn_format fn_format_edgelist = {
    .name = "edgelist", .suffixes = "", .text = "ties as delimited text: CSV, TSV, blanks; with or without a header",
    .sniff = sniff_edgelist, .read = read_edgelist
};
