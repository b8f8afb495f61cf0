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
    if (reader->in_place) return fn_fnet_lend_names(reader, &names, reader->import->net->keys, "a firm stands twice");
    reader->firm = fn_alloc(reader->run, names.count, sizeof *reader->firm);
    if (!reader->firm) return FN_ENOMEM;
    for (uint32_t n = 0; !status && n < names.count; n++) {
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
    for (uint32_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = fn_fnet_name(&names, n, &length);
        status = add(reader->run, reader->import->net, text, length, &(*map)[n]);
        if (!status && reader->in_place && (*map)[n] != n)
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, text), "a layer or currency is out of place");
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
    for (uint32_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = fn_fnet_name(&names, n, &length);
        status = fn_net_product(reader->run, reader->import->net, text, length, &reader->product[n]);
        if (!status && reader->in_place && reader->product[n] != n)
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, text), "a product stands twice");
    }
    return status;
}

bool fn_fnet_map_product(const fn_fnet_reader *reader, uint32_t *product)
{
    if (*product == FN_NONE) return true;
    if (*product >= reader->numbers.products) return false;
    *product = reader->product[*product];
    return true;
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
        out[i] = fn_fnet_map_firm(reader, firm);
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
            isinf(t.value) || !fn_fnet_map_product(reader, &t.product) ||
            !map_range(reader, firms, t.first_bidder, t.bidders, bidders) ||
            !map_range(reader, firms, t.first_winner, t.winners, winners)) {
            status =
                fn_fnet_damaged(reader, fn_fnet_place(reader, tenders) + i * sizeof t, "a tender that can't be");
            break;
        }
        left -= t.bidders + t.winners;
        const fn_tender tender = { .buyer = fn_fnet_map_firm(reader, t.buyer),
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

/* ---- the import report ---- */

/* Texts of a record, each made a NUL-ended one in scratch (which grows). */
static fn_status take_strings(fn_fnet_reader *reader, const char **at, const char *end, const uint32_t *length,
                              size_t count, char **scratch, size_t *capacity, const char *text[])
{
    uint64_t all = 0;
    for (size_t t = 0; t < count; t++) all += length[t];
    if (all > (uint64_t) (end - *at))
        return fn_fnet_damaged(reader, fn_fnet_place(reader, *at), "a text runs out of it");
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
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, at), "its report is short");
        if (status) break;
        memcpy(&line, at, sizeof line);
        at += sizeof line;
        if (line.outcome > FN_REMARK)
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, at), "its report is wrong");
        if (!status) status = take_strings(reader, &at, end, line.length, 5, &scratch, &capacity, text);
        if (!status)
            status = fn_account_count(reader->run, account, text[0], (fn_outcome) line.outcome, text[1], text[2],
                                      line.count, text[3], line.line, text[4]);
    }
    if (!status && at != end)
        status = fn_fnet_damaged(reader, fn_fnet_place(reader, at), "its report is too long");
    if (!status) status = fn_fnet_take(reader, FN_FNET_ACCOUNT_SUMS, 0, 0, 0, &at, &length);
    if (!status) end = at + length;
    for (uint64_t i = 0; !status && i < reader->numbers.account_sums; i++) {
        fn_fnet_sum head;
        if ((size_t) (end - at) < sizeof head)
            status = fn_fnet_damaged(reader, fn_fnet_place(reader, at), "its sums are short");
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
        status = fn_fnet_damaged(reader, fn_fnet_place(reader, at), "its sums are too long");
    fn_free(scratch);
    return status;
}

/* ---- together ---- */

/* The file is the network's from here on, whatever else comes. */
static void give_file(fn_fnet_reader *reader, fn_net *net)
{
    net->mapping = (void *) reader->bytes;
    net->mapped = reader->size;
    net->unmap = reader->unmap;
}

static fn_status take_all(fn_fnet_reader *reader)
{
    fn_net *net = reader->import->net;
    fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    bool fresh =
        fn_net_firms(net) == 0 && net->ties.rows == 0 && !net->firm_columns->columns && !net->tie_columns->columns;
    reader->in_place = fresh && reader->import->only && reader->version > 1;
    fn_status status = fn_fnet_take(reader, FN_FNET_NUMBERS, 0, 1, sizeof *numbers, &bytes, &length);
    if (status) return status;
    memcpy(numbers, bytes, sizeof *numbers);
    if (numbers->firm_columns > reader->sections || numbers->tie_columns > reader->sections)
        return fn_fnet_damaged(reader, fn_fnet_place(reader, bytes), "more columns than sections");
    if (reader->in_place) give_file(reader, net);
    status = take_firms(reader);
    if (!status)
        status = take_short_names(reader, FN_FNET_LAYER_OFFSETS, numbers->layers, fn_net_layer, &reader->layer);
    if (!status)
        status =
            take_short_names(reader, FN_FNET_CURRENCY_OFFSETS, numbers->currencies, fn_net_currency, &reader->currency);
    if (!status) status = take_products(reader);
    if (!status) status = fn_fnet_take_ties(reader);
    if (!status) status = take_tenders(reader);
    if (!status) status = fn_net_stretch(reader->run, net);
    if (!status)
        status = fn_fnet_take_columns(reader, 0, numbers->firm_columns, numbers->firms, net->firm_columns, fresh,
                                      reader->firm, 0);
    if (!status)
        status = fn_fnet_take_columns(reader, (uint32_t) numbers->firm_columns, numbers->tie_columns, numbers->ties,
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
    if (reader.bytes && import->net->mapping != reader.bytes) reader.unmap((void *) reader.bytes, reader.size);
    fn_free(reader.section);
    fn_free(reader.firm);
    fn_free(reader.product);
    fn_free(reader.layer);
    fn_free(reader.currency);
    return status;
}
