/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/edgelist.h"

/* One row of an edge list: checked, then added to the network, or what is wrong with it. */

enum { YEAR_FIRST = 1000, YEAR_LAST = 2200 };

void fn_edge_row_start(fn_edge_reader *reader)
{
    fn_date_make(YEAR_FIRST, 1, 1, &reader->day_first);
    fn_date_make(YEAR_LAST, 12, 31, &reader->day_last);
}

static void note_happening(fn_happening *what, int64_t line, const char *text, size_t length)
{
    if (what->count++) return;
    what->line = line;
    fn_quote(text, length, what->example);
}

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

/* Weights: in all rows or in none, but for money beside a count. */
static fn_complaint take_weight(fn_edge_reader *reader, double *value)
{
    const fn_field weight = bare_field(reader, FN_EDGE_WEIGHT), *field = &weight;
    *value = NAN;
    if (reader->columns.at[FN_EDGE_WEIGHT] < 0) return (fn_complaint){ 0 };
    if (reader->columns.gaps) return field->length ? fn_edge_weight(field->text, field->length, value) : (fn_complaint){ 0 };
    if (field->length) {
        if (reader->unweighted_line)
            return (fn_complaint){ "weight_only_in_some_rows", "a weight, but rows before have none",
                                   "weights must stand in all rows or in none" };
        fn_complaint complaint = fn_edge_weight(field->text, field->length, value);
        if (!complaint.reason && !reader->weighted_line) reader->weighted_line = reader->text.line;
        return complaint;
    }
    if (reader->weighted_line)
        return (fn_complaint){ "weight_missing", "no weight, but rows before have one",
                               "weights must stand in all rows or in none" };
    if (!reader->unweighted_line) reader->unweighted_line = reader->text.line;
    return (fn_complaint){ 0 };
}

static fn_complaint take_date(fn_edge_reader *reader, int meaning, int32_t *day)
{
    const fn_field date = bare_field(reader, meaning), *field = &date;
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

/* Of a year or a month alone, its last day: a period ends there. */
static void move_to_end(size_t length, int32_t *day)
{
    int year, month, ignored;
    if (*day == FN_DAY_NONE || (length != 4 && length != 7)) return;
    fn_date_split(*day, &year, &month, &ignored);
    for (int last = 31; !fn_date_make(year, length == 4 ? 12 : month, last, day); last--) continue;
}

/* The day of a dated row, or the period. value: what a complaint quotes. */
static fn_complaint take_period(fn_edge_reader *reader, fn_tie *tie, fn_field *value)
{
    bool period = reader->columns.at[FN_EDGE_FIRST] >= 0;
    int begins = period ? FN_EDGE_FIRST : FN_EDGE_DATE;
    *value = bare_field(reader, begins);
    fn_complaint complaint = take_date(reader, begins, &tie->first);
    tie->last = tie->first;
    if (complaint.reason || !period) return complaint;
    *value = bare_field(reader, FN_EDGE_LAST);
    complaint = take_date(reader, FN_EDGE_LAST, &tie->last);
    if (complaint.reason) return complaint;
    move_to_end(value->length, &tie->last);
    /* Of a period with one end the known end is all there is: a tie has both days or none. */
    if (tie->first == FN_DAY_NONE) tie->first = tie->last;
    if (tie->last == FN_DAY_NONE) tie->last = tie->first;
    if (tie->last < tie->first)
        return (fn_complaint){ "period_reversed", "the tie ends before it begins", "first is its first day, last its last" };
    return complaint;
}

/* Weights that ties bring along; the rest of the rows has none. */
static fn_complaint take_newman(const fn_edge_reader *reader, fn_tie *tie, fn_field *value)
{
    *value = bare_field(reader, FN_EDGE_NEWMAN);
    return value->length ? fn_edge_weight(value->text, value->length, &tie->weight) : (fn_complaint){ 0 };
}

static fn_complaint take_place(const fn_edge_reader *reader, int meaning, int64_t *place, fn_field *value)
{
    *place = 0;
    *value = bare_field(reader, meaning);
    if (!value->length || (fn_int_parse(value->text, value->length, place) && *place > 0)) return (fn_complaint){ 0 };
    return (fn_complaint){ "firm_row_not_whole", "the row of a firm is not a whole number above 0",
                           "from_row and to_row number the firms; call these columns otherwise" };
}

static fn_status note_place(fn_run *run, fn_import *import, uint32_t firm, int64_t place)
{
    if (!place) return FN_OK;
    int64_t *all = fn_grow(run, import->place, &import->places, (size_t) firm + 1, sizeof *all);
    if (!all) return FN_ENOMEM;
    import->place = all;
    if (all[firm] && all[firm] != place) import->places_differ = true;
    all[firm] = place;
    return FN_OK;
}

static bool outside_period(const fn_read_options *options, const fn_tie *tie)
{
    bool open =
        (options->since == FN_DAY_NONE && options->until == FN_DAY_NONE) || (!options->since && !options->until);
    if (open) return false;
    if (tie->first == FN_DAY_NONE) return true;
    return (options->since != FN_DAY_NONE && tie->last < options->since) ||
           (options->until != FN_DAY_NONE && tie->first > options->until);
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

static fn_status need_money(fn_run *run, fn_edge_reader *reader, uint16_t currency)
{
    struct money *money = fn_grow(run, reader->money, &reader->money_capacity, (size_t) currency + 1, sizeof *money);
    if (!money) return FN_ENOMEM;
    reader->money = money;
    return FN_OK;
}

fn_status fn_edge_note_self(fn_run *run, fn_edge_reader *reader, int64_t line, uint32_t firm, uint16_t currency,
                            double value)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(reader->import->net), firm, &length);
    note_happening(&reader->self, line, key, length);
    if (isnan(value)) return FN_OK;
    fn_status status = need_money(run, reader, currency);
    if (!status) fn_sum_add(&reader->money[currency].self, value);
    return status;
}

fn_status fn_edge_add_money(fn_run *run, fn_edge_reader *reader, const double *value, const uint16_t *currency,
                            size_t rows, const fn_sum *exact)
{
    fn_status status = exact || !currency ? need_money(run, reader, 0) : FN_OK;
    if (!status && exact) fn_sum_join(&reader->money[0].all, exact);
    for (size_t row = 0; !status && !exact && row < rows; row++) {
        uint16_t unit = currency ? currency[row] : 0;
        if (unit >= reader->money_capacity) status = need_money(run, reader, unit);
        if (!status) fn_sum_add(&reader->money[unit].all, value[row]);
    }
    return status;
}

static fn_status add_money(fn_run *run, fn_edge_reader *reader, const fn_tie *tie)
{
    if (isnan(tie->value)) return FN_OK;
    fn_status status = need_money(run, reader, tie->currency);
    if (status) return status;
    struct money *money = reader->money;
    fn_sum_add(&money[tie->currency].all, tie->value);
    if (tie->from == tie->to) fn_sum_add(&money[tie->currency].self, tie->value);
    return FN_OK;
}

/* Everything is known to be good: add firms, the record and its attributes. */
static fn_status keep_row(fn_run *run, fn_edge_reader *reader, fn_tie *tie, const int64_t place[2])
{
    fn_net *net = reader->import->net;
    const fn_field *from = field_of(reader, FN_EDGE_FROM), *to = field_of(reader, FN_EDGE_TO);
    const fn_field *layer = field_of(reader, FN_EDGE_LAYER), *currency = field_of(reader, FN_EDGE_CURRENCY);
    const fn_field *product = field_of(reader, FN_EDGE_PRODUCT);
    fn_status status = fn_net_firm(run, net, from->text, from->length, &tie->from);
    if (!status) status = fn_net_firm(run, net, to->text, to->length, &tie->to);
    if (!status) status = note_place(run, reader->import, tie->from, place[0]);
    if (!status) status = note_place(run, reader->import, tie->to, place[1]);
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
    if (reader->columns.gaps && !bare_field(reader, FN_EDGE_WEIGHT).length)
        note_happening(&reader->no_value, text->line, text->row, text->row_length);
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

fn_status fn_edge_row_take(fn_run *run, fn_edge_reader *reader)
{
    const fn_delimited *text = &reader->text;
    fn_tie tie = { .product = FN_NONE, .layer = reader->layer, .weight = NAN, .count = 1 };
    char words[128];
    int64_t place[2];
    fn_field value = { text->row, text->row_length, false }; /* what a complaint quotes */
    reader->rows++;
    fn_complaint complaint = check_form(reader, words);
    if (!complaint.reason && (value = bare_field(reader, FN_EDGE_COUNT)).length)
        complaint = fn_edge_count(value.text, value.length, &tie.count);
    if (!complaint.reason) complaint = take_period(reader, &tie, &value);
    if (!complaint.reason) complaint = take_newman(reader, &tie, &value);
    if (!complaint.reason) complaint = take_place(reader, FN_EDGE_FROM_ROW, &place[0], &value);
    if (!complaint.reason) complaint = take_place(reader, FN_EDGE_TO_ROW, &place[1], &value);
    if (!complaint.reason) {
        value = bare_field(reader, FN_EDGE_WEIGHT);
        complaint = take_weight(reader, &tie.value);
        if (!value.length) value = (fn_field){ text->row, text->row_length, false };
    }
    if (complaint.reason) return fn_row_reject(run, reader->import, text, "row", complaint, value.text, value.length);
    if (outside_period(reader->import->options, &tie))
        return leave_out(run, reader, tie.first == FN_DAY_NONE);
    note_oddities(reader);
    return keep_row(run, reader, &tie, place);
}
