/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/column_types.h"
#include "io/fnet_read.h"

/* The sections of a network file become part of the network that is being read. */

static fn_status take_firms(fn_fnet_reader *reader)
{
    fn_fnet_names names;
    fn_status status = fn_fnet_take_names(reader, FN_FNET_FIRM_OFFSETS, 0, reader->numbers.firms, &names);
    if (status) return status;
    reader->firm = fn_alloc(reader->run, names.count, sizeof *reader->firm);
    if (!reader->firm) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = fn_fnet_name(&names, n, &length);
        status = fn_net_firm(reader->run, reader->import->net, text, length, &reader->firm[n]);
    }
    if (!status && fn_net_firms(reader->import->net) < names.count)
        return fn_fnet_damaged(reader, 0, "a firm stands twice");
    return status;
}

typedef fn_status add_short(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *number);

static fn_status take_short_names(fn_fnet_reader *reader, fn_fnet_kind kind, uint64_t count, add_short *add,
                                  uint16_t **map)
{
    fn_fnet_names names;
    if (count > UINT16_MAX) return fn_fnet_damaged(reader, 0, "more layers or currencies than there can be");
    fn_status status = fn_fnet_take_names(reader, kind, 0, count, &names);
    if (status) return status;
    *map = fn_alloc(reader->run, names.count, sizeof **map);
    if (!*map) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = fn_fnet_name(&names, n, &length);
        status = add(reader->run, reader->import->net, text, length, &(*map)[n]);
    }
    return status;
}

static fn_status take_products(fn_fnet_reader *reader)
{
    fn_fnet_names names;
    fn_status status = fn_fnet_take_names(reader, FN_FNET_PRODUCT_OFFSETS, 0, reader->numbers.products, &names);
    if (status) return status;
    reader->product = fn_alloc(reader->run, names.count, sizeof *reader->product);
    if (!reader->product) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = fn_fnet_name(&names, n, &length);
        status = fn_net_product(reader->run, reader->import->net, text, length, &reader->product[n]);
    }
    return status;
}

/* Does the number of a product or "none" fit? Translates it. */
static bool map_product(const fn_fnet_reader *reader, uint32_t *product)
{
    if (*product == FN_NONE) return true;
    if (*product >= reader->numbers.products) return false;
    *product = reader->product[*product];
    return true;
}

static fn_status take_ties(fn_fnet_reader *reader)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    fn_net *net = reader->import->net;
    fn_status status = fn_fnet_take(reader, FN_FNET_TIES, 0, numbers->ties, sizeof(fn_tie), &bytes, &length);
    reader->first_row = net->ties.rows;
    for (uint64_t e = 0; !status && e < numbers->ties; e++) {
        fn_tie tie;
        memcpy(&tie, bytes + e * sizeof tie, sizeof tie);
        if (tie.from >= numbers->firms || tie.to >= numbers->firms || tie.layer >= numbers->layers ||
            tie.currency >= numbers->currencies || tie.count < 0 || tie.first > tie.last || isinf(tie.value) ||
            isinf(tie.weight) || !map_product(reader, &tie.product))
            return fn_fnet_damaged(reader, (uint64_t) (bytes - reader->bytes) + e * sizeof tie, "a tie that can't be");
        tie.from = reader->firm[tie.from];
        tie.to = reader->firm[tie.to];
        tie.layer = reader->layer[tie.layer];
        tie.currency = reader->currency[tie.currency];
        status = fn_net_add(reader->run, net, &tie, NULL);
    }
    if (status) return status;
    if (numbers->records > INT64_MAX) return fn_fnet_damaged(reader, FN_FNET_ALIGN, "more records than there can be");
    net->records += (int64_t) numbers->records - (int64_t) numbers->ties;
    return FN_OK;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return a < b ? -1 : a > b;
}

/* Firms of a tender in the file's numbers: in range, ascending, distinct; copied as the network's numbers, in order. */
static bool map_range(const fn_fnet_reader *reader, const char *firms, uint64_t first, uint64_t count, uint32_t *out)
{
    if (first > reader->numbers.tender_firms || count > reader->numbers.tender_firms - first) return false;
    uint32_t before = 0, firm;
    bool in_order = true;
    for (uint64_t i = 0; i < count; i++, before = firm) {
        memcpy(&firm, firms + (first + i) * sizeof firm, sizeof firm);
        if (firm >= reader->numbers.firms || (i && firm <= before)) return false;
        out[i] = reader->firm[firm];
        in_order &= i == 0 || out[i - 1] < out[i];
    }
    if (!in_order) qsort(out, count, sizeof *out, by_number);
    return true;
}

static fn_status take_tenders(fn_fnet_reader *reader)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    const char *tenders, *firms;
    size_t length;
    fn_status status =
        fn_fnet_take(reader, FN_FNET_TENDERS, 0, numbers->tenders, sizeof(fn_fnet_tender), &tenders, &length);
    if (!status)
        status =
            fn_fnet_take(reader, FN_FNET_TENDER_FIRMS, 0, numbers->tender_firms, sizeof(uint32_t), &firms, &length);
    uint32_t *bidders = NULL, *winners = NULL;
    if (!status) {
        bidders = fn_alloc(reader->run, numbers->tender_firms, sizeof *bidders);
        winners = fn_alloc(reader->run, numbers->tender_firms, sizeof *winners);
        if (!bidders || !winners) status = FN_ENOMEM;
    }
    uint64_t left = numbers->tender_firms; /* ranges may not overlap, or a small file could fill the memory */
    for (uint64_t i = 0; !status && i < numbers->tenders; i++) {
        fn_fnet_tender t;
        memcpy(&t, tenders + i * sizeof t, sizeof t);
        bool fits = t.bidders <= left && t.winners <= left - t.bidders;
        if (!fits || t.buyer >= numbers->firms || t.currency >= numbers->currencies || t.bids_known > 1 ||
            isinf(t.value) || !map_product(reader, &t.product) ||
            !map_range(reader, firms, t.first_bidder, t.bidders, bidders) ||
            !map_range(reader, firms, t.first_winner, t.winners, winners)) {
            status =
                fn_fnet_damaged(reader, (uint64_t) (tenders - reader->bytes) + i * sizeof t, "a tender that can't be");
            break;
        }
        left -= t.bidders + t.winners;
        const fn_tender tender = { .buyer = reader->firm[t.buyer],
                                   .product = t.product,
                                   .currency = reader->currency[t.currency],
                                   .bids_known = t.bids_known,
                                   .day = t.day,
                                   .value = t.value };
        status = fn_net_add_tender(reader->run, reader->import->net, &tender, bidders, (size_t) t.bidders, winners,
                                   (size_t) t.winners);
    }
    fn_free(bidders);
    fn_free(winners);
    return status;
}

/* ---- columns ---- */

static fn_status fill_texts(fn_fnet_reader *reader, uint32_t number, uint64_t count, fn_column *column)
{
    fn_fnet_names names;
    fn_status status = fn_fnet_take_names(reader, FN_FNET_TEXT_OFFSETS, number, count, &names);
    for (uint64_t n = 0; !status && n < count; n++) {
        size_t length;
        uint32_t text;
        bool is_new;
        const char *name = fn_fnet_name(&names, n, &length);
        status = fn_names_add(reader->run, column->own_pool, name, length, &text, &is_new);
        if (!status && !is_new)
            status = fn_fnet_damaged(reader, (uint64_t) (name - reader->bytes), "a text stands twice");
    }
    for (size_t row = 0; !status && row < column->rows; row++)
        if (column->text[row] != FN_NONE && column->text[row] >= count)
            status = fn_fnet_damaged(reader, 0, "a text that is not there");
    return status;
}

static fn_status take_column(fn_fnet_reader *reader, uint32_t number, fn_table *table)
{
    const char *bytes, *cells;
    size_t length, cells_length;
    fn_fnet_column head;
    fn_status status = fn_fnet_take(reader, FN_FNET_COLUMN, number, 0, 0, &bytes, &length);
    if (status) return status;
    uint64_t place = (uint64_t) (bytes - reader->bytes);
    if (length < sizeof head) return fn_fnet_damaged(reader, place, "a column that can't be");
    memcpy(&head, bytes, sizeof head);
    uint64_t texts = (uint64_t) head.name_length + head.unit_length;
    static const size_t size[] = {
        [FN_COLUMN_INT] = 8, [FN_COLUMN_REAL] = 8, [FN_COLUMN_DATE] = 4, [FN_COLUMN_BOOL] = 1, [FN_COLUMN_TEXT] = 4
    };
    if (head.type > FN_COLUMN_TEXT || texts != length - sizeof head || (head.type != FN_COLUMN_TEXT && head.texts) ||
        memchr(bytes + sizeof head, '\0', (size_t) texts))
        return fn_fnet_damaged(reader, place, "a column that can't be");
    status = fn_fnet_take(reader, FN_FNET_CELLS, number, table->rows, size[head.type], &cells, &cells_length);
    if (status) return status;
    char *name = fn_copy_text(reader->run, bytes + sizeof head, head.name_length);
    char *unit = fn_copy_text(reader->run, bytes + sizeof head + head.name_length, head.unit_length);
    fn_column *column = NULL;
    if (!name || !unit)
        status = FN_ENOMEM;
    else if (fn_table_find(table, name))
        status = fn_fnet_damaged(reader, place, "two columns of one name");
    else
        status = fn_table_add(reader->run, table, name, (fn_column_type) head.type, &column);
    fn_free(name);
    if (status) {
        fn_free(unit);
        return status;
    }
    fn_free(column->unit);
    column->unit = unit;
    if (cells_length) memcpy(column->data, cells, cells_length);
    if (column->type == FN_COLUMN_BOOL)
        for (size_t row = 0; row < column->rows; row++)
            if (column->boolean[row] < -1 || column->boolean[row] > 1)
                return fn_fnet_damaged(reader, place, "a cell that can't be");
    return column->type == FN_COLUMN_TEXT ? fill_texts(reader, number, head.texts, column) : FN_OK;
}

/* Put the rows of from into their places in table: what stands there already stays. Columns of two types meet as text. */
static fn_status spread(fn_fnet_reader *reader, fn_table *table, const fn_table *from, const uint32_t *place,
                        size_t first)
{
    fn_status status = FN_OK;
    for (size_t c = 0; !status && c < from->columns; c++) {
        const fn_column *source = from->column[c];
        fn_column *column = fn_table_find(table, source->name);
        bool settle = column && column->type != source->type;
        if (!column) status = fn_table_add(reader->run, table, source->name, FN_COLUMN_TEXT, &column);
        if (!status) status = fn_column_loosen(reader->run, column);
        for (size_t row = 0; !status && row < source->rows; row++) {
            char buffer[FN_REAL_TEXT];
            size_t length, to = place ? place[row] : first + row;
            const char *cell = fn_column_cell(source, row, buffer, &length);
            if (!fn_column_missing(source, row) && fn_column_missing(column, to))
                status = fn_column_set_text(reader->run, column, to, cell, length);
        }
        if (!status && (settle || source->type != FN_COLUMN_TEXT)) status = fn_column_settle(reader->run, column);
    }
    return status;
}

/* Columns number first … first + count - 1 of the file, all with this many rows. fresh: nothing was there before, so
 * they can be taken whole; else place or first_row says where the rows belong. */
static fn_status take_columns(fn_fnet_reader *reader, uint32_t first, uint64_t count, uint64_t rows, fn_table *table,
                              bool fresh, const uint32_t *place, size_t first_row)
{
    fn_table *part = NULL;
    fn_status status = fn_table_new(reader->run, (size_t) rows, &part);
    for (uint64_t c = 0; !status && c < count; c++) status = take_column(reader, first + (uint32_t) c, part);
    if (!status && fresh) {
        status = fn_table_join_take(reader->run, table, part);
        part = NULL;
    } else if (!status) {
        status = spread(reader, table, part, place, first_row);
    }
    fn_table_free(part);
    return status;
}

/* ---- the import report ---- */

/* Texts of a record, each made a NUL-ended one in scratch (which grows). */
static fn_status take_strings(fn_fnet_reader *reader, const char **at, const char *end, const uint32_t *length,
                              size_t count, char **scratch, size_t *capacity, const char *text[])
{
    uint64_t all = 0;
    for (size_t t = 0; t < count; t++) all += length[t];
    if (all > (uint64_t) (end - *at))
        return fn_fnet_damaged(reader, (uint64_t) (*at - reader->bytes), "a text runs out of it");
    char *out = fn_grow(reader->run, *scratch, capacity, (size_t) all + count, 1);
    if (!out) return FN_ENOMEM;
    *scratch = out;
    for (size_t t = 0; t < count; t++) {
        memcpy(out, *at, length[t]);
        out[length[t]] = '\0';
        text[t] = out;
        out += length[t] + 1;
        *at += length[t];
    }
    return FN_OK;
}

static fn_status take_account(fn_fnet_reader *reader)
{
    fn_account *account = reader->import->account;
    const char *at, *end, *text[5];
    size_t length, capacity = 0;
    char *scratch = NULL;
    fn_status status = fn_fnet_take(reader, FN_FNET_ACCOUNT_LINES, 0, 0, 0, &at, &length);
    end = status ? NULL : at + length;
    for (uint64_t i = 0; !status && i < reader->numbers.account_lines; i++) {
        fn_fnet_line line;
        if ((size_t) (end - at) < sizeof line)
            status = fn_fnet_damaged(reader, (uint64_t) (at - reader->bytes), "its report is short");
        if (status) break;
        memcpy(&line, at, sizeof line);
        at += sizeof line;
        if (line.outcome > FN_REMARK)
            status = fn_fnet_damaged(reader, (uint64_t) (at - reader->bytes), "its report is wrong");
        if (!status) status = take_strings(reader, &at, end, line.length, 5, &scratch, &capacity, text);
        if (!status)
            status = fn_account_count(reader->run, account, text[0], (fn_outcome) line.outcome, text[1], text[2],
                                      line.count, text[3], line.line, text[4]);
    }
    if (!status && at != end)
        status = fn_fnet_damaged(reader, (uint64_t) (at - reader->bytes), "its report is too long");
    if (!status) status = fn_fnet_take(reader, FN_FNET_ACCOUNT_SUMS, 0, 0, 0, &at, &length);
    if (!status) end = at + length;
    for (uint64_t i = 0; !status && i < reader->numbers.account_sums; i++) {
        fn_fnet_sum head;
        if ((size_t) (end - at) < sizeof head)
            status = fn_fnet_damaged(reader, (uint64_t) (at - reader->bytes), "its sums are short");
        if (status) break;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        const fn_sum sum = { .units =
                                 (__int128) (((unsigned __int128) (uint64_t) head.units_high << 64) | head.units_low),
                             .rest = head.rest,
                             .carry = head.carry,
                             .terms = head.terms };
        status = take_strings(reader, &at, end, head.length, 2, &scratch, &capacity, text);
        if (!status) status = fn_account_join(reader->run, account, text[0], text[1], &sum);
    }
    if (!status && at != end)
        status = fn_fnet_damaged(reader, (uint64_t) (at - reader->bytes), "its sums are too long");
    fn_free(scratch);
    return status;
}

/* ---- together ---- */

static fn_status take_all(fn_fnet_reader *reader)
{
    fn_net *net = reader->import->net;
    fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    bool fresh = fn_net_firms(net) == 0 && net->ties.rows == 0 && !net->firm_columns->columns && !net->tie_columns->columns;
    fn_status status = fn_fnet_take(reader, FN_FNET_NUMBERS, 0, 1, sizeof *numbers, &bytes, &length);
    if (status) return status;
    memcpy(numbers, bytes, sizeof *numbers);
    if (numbers->firm_columns > reader->sections || numbers->tie_columns > reader->sections)
        return fn_fnet_damaged(reader, (uint64_t) (bytes - reader->bytes), "more columns than sections");
    status = take_firms(reader);
    if (!status)
        status = take_short_names(reader, FN_FNET_LAYER_OFFSETS, numbers->layers, fn_net_layer, &reader->layer);
    if (!status)
        status =
            take_short_names(reader, FN_FNET_CURRENCY_OFFSETS, numbers->currencies, fn_net_currency, &reader->currency);
    if (!status) status = take_products(reader);
    if (!status) status = take_ties(reader);
    if (!status) status = take_tenders(reader);
    if (!status) status = fn_net_stretch(reader->run, net);
    if (!status)
        status =
            take_columns(reader, 0, numbers->firm_columns, numbers->firms, net->firm_columns, fresh, reader->firm, 0);
    if (!status)
        status = take_columns(reader, (uint32_t) numbers->firm_columns, numbers->tie_columns, numbers->ties,
                              net->tie_columns, fresh, NULL, reader->first_row);
    if (!status) status = take_account(reader);
    if (!status && reader->next != reader->sections)
        status = fn_fnet_damaged(reader, 24, "more sections than were expected");
    return status;
}

fn_status fn_fnet_read(fn_run *run, fn_source *source, fn_import *import)
{
    fn_fnet_reader reader = { .run = run, .import = import, .file = fn_source_name(source) };
    fn_status status = fn_fnet_open(&reader, source);
    if (!status) status = take_all(&reader);
    fn_free(reader.bytes);
    fn_free(reader.section);
    fn_free(reader.firm);
    fn_free(reader.product);
    fn_free(reader.layer);
    fn_free(reader.currency);
    return status;
}
