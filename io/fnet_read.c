/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/column_types.h"
#include "io/fnet.h"
#include "io/fnet_read.h"

typedef struct fnet_reader {
    fn_run *run;
    fn_import *import;
    const char *file;
    char *bytes;
    size_t size, capacity;
    fn_fnet_section *section;
    size_t sections, next;        /* next: the section to be taken */
    fn_fnet_numbers numbers;
    uint32_t *firm, *product;     /* number in the file -> number in the network */
    uint16_t *layer, *currency;
    size_t first_row;             /* of this file's ties among the records */
} fnet_reader;

static fn_status damaged(fnet_reader *reader, uint64_t offset, const char *words)
{
    fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, (int64_t) offset, "the network file is damaged: %s", words);
    fn_hint(reader->run, "make it again with firmnet import");
    return FN_EPARSE;
}

/* ---- the file as a whole ---- */

static fn_status load(fnet_reader *reader, fn_source *source)
{
    for (;;) {
        const char *bytes;
        size_t got;
        fn_status status = fn_source_next(reader->run, source, &bytes, &got);
        if (status || !got) return status;
        char *all = fn_grow(reader->run, reader->bytes, &reader->capacity, reader->size + got, 1);
        if (!all) return FN_ENOMEM;
        reader->bytes = all;
        memcpy(all + reader->size, bytes, got);
        reader->size += got;
    }
}

static fn_status check_header(fnet_reader *reader, fn_fnet_header *header)
{
    if (reader->size < sizeof *header) return damaged(reader, reader->size, "it ends in its header");
    memcpy(header, reader->bytes, sizeof *header);
    if (memcmp(header->magic, FN_FNET_MAGIC, sizeof header->magic) != 0)
        return damaged(reader, 0, "its first bytes are wrong (was it sent as text?)");
    if (header->byte_order == __builtin_bswap32(FN_FNET_BYTE_ORDER)) {
        fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, 12, "the network file was written on a machine of another byte order");
        fn_hint(reader->run, "import the data again on this machine");
        return FN_EPARSE;
    }
    if (header->checksum != XXH3_64bits(header, sizeof *header - sizeof header->checksum))
        return damaged(reader, 0, "the checksum of its header is wrong");
    if (header->version != FN_FNET_VERSION) {
        fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, 8, "the network file has version %u, and this firmnet reads version %d",
                   header->version, FN_FNET_VERSION);
        fn_hint(reader->run, "use a newer firmnet, or import the data again with this one");
        return FN_EPARSE;
    }
    if (header->byte_order != FN_FNET_BYTE_ORDER || header->unused[0] || header->unused[1])
        return damaged(reader, 12, "its header is wrong");
    if (header->file_bytes != reader->size)
        return damaged(reader, reader->size, header->file_bytes > reader->size ? "it is cut" : "bytes follow its end");
    return FN_OK;
}

static bool all_zero(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

/* Sections must follow one another without holes, so that no byte of the file goes unchecked. */
static fn_status check_sections(fnet_reader *reader, const fn_fnet_header *header)
{
    uint64_t most = reader->size / FN_FNET_ALIGN - 1;
    if (header->sections > most) return damaged(reader, 24, "more sections than fit in it");
    reader->sections = (size_t) header->sections;
    reader->section = fn_alloc(reader->run, reader->sections, sizeof *reader->section);
    if (!reader->section) return FN_ENOMEM;
    memcpy(reader->section, reader->bytes + FN_FNET_ALIGN, reader->sections * sizeof *reader->section);
    if (header->directory_checksum != XXH3_64bits(reader->section, reader->sections * sizeof *reader->section))
        return damaged(reader, FN_FNET_ALIGN, "the checksum of its directory is wrong");
    uint64_t end = (1 + header->sections) * FN_FNET_ALIGN;
    for (size_t s = 0; s < reader->sections; s++) {
        const fn_fnet_section *section = &reader->section[s];
        if (section->offset != end || section->bytes > reader->size - end)
            return damaged(reader, (1 + s) * FN_FNET_ALIGN, "a section lies outside it");
        if (XXH3_64bits(reader->bytes + end, (size_t) section->bytes) != section->checksum)
            return damaged(reader, end, "the checksum of a section is wrong");
        uint64_t stop = end + section->bytes, next = (stop + FN_FNET_ALIGN - 1) / FN_FNET_ALIGN * FN_FNET_ALIGN;
        if (next > reader->size || !all_zero(reader->bytes + stop, (size_t) (next - stop)))
            return damaged(reader, stop, "something stands between sections");
        end = next;
    }
    return end == reader->size ? FN_OK : damaged(reader, end, "something stands behind the sections");
}

/* ---- sections ---- */

/* The next section, which must be of this kind and column. size > 0: it must have exactly count elements of that size. */
static fn_status take(fnet_reader *reader, fn_fnet_kind kind, uint32_t column, uint64_t count, size_t size,
                      const char **bytes, size_t *length)
{
    if (reader->next == reader->sections) return damaged(reader, reader->size, "sections are missing");
    const fn_fnet_section *section = &reader->section[reader->next++];
    *bytes = reader->bytes + section->offset;
    *length = (size_t) section->bytes;
    if (section->kind != (uint32_t) kind || section->column != column)
        return damaged(reader, section->offset, "a section of another kind was expected");
    if (size && (count > section->bytes / size || section->bytes != count * size))
        return damaged(reader, section->offset, "a section is not as long as it should be");
    return FN_OK;
}

/* Names, one after the other. */
typedef struct name_list {
    const char *offsets, *bytes;
    uint64_t count;
} name_list;

static uint64_t offset_at(const name_list *names, uint64_t n)
{
    uint64_t offset;
    memcpy(&offset, names->offsets + n * sizeof offset, sizeof offset);
    return offset;
}

static const char *name_at(const name_list *names, uint64_t n, size_t *length)
{
    uint64_t start = offset_at(names, n);
    *length = (size_t) (offset_at(names, n + 1) - start - 1);
    return names->bytes + start;
}

static fn_status take_names(fnet_reader *reader, fn_fnet_kind offsets, uint32_t column, uint64_t count, name_list *names)
{
    size_t length, bytes;
    if (count >= FN_NONE) return damaged(reader, 0, "more names than there can be");
    fn_status status = take(reader, offsets, column, count + 1, sizeof(uint64_t), &names->offsets, &length);
    if (!status) status = take(reader, offsets + 1, column, 0, 0, &names->bytes, &bytes);
    if (status) return status;
    names->count = count;
    uint64_t last = offset_at(names, 0);
    bool good = last == 0;
    for (uint64_t n = 1; good && n <= count; n++) {
        uint64_t end = offset_at(names, n);
        good = end > last && end <= bytes && names->bytes[end - 1] == '\0';
        last = end;
    }
    return good && last == bytes ? FN_OK : damaged(reader, (uint64_t) (names->offsets - reader->bytes), "names are out of order");
}

static fn_status take_firms(fnet_reader *reader)
{
    name_list names;
    fn_status status = take_names(reader, FN_FNET_FIRM_OFFSETS, 0, reader->numbers.firms, &names);
    if (status) return status;
    reader->firm = fn_alloc(reader->run, names.count, sizeof *reader->firm);
    if (!reader->firm) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = name_at(&names, n, &length);
        status = fn_net_firm(reader->run, reader->import->net, text, length, &reader->firm[n]);
    }
    if (!status && fn_net_firms(reader->import->net) < names.count) return damaged(reader, 0, "a firm stands twice");
    return status;
}

typedef fn_status add_short(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *number);

static fn_status take_short_names(fnet_reader *reader, fn_fnet_kind kind, uint64_t count, add_short *add, uint16_t **map)
{
    name_list names;
    if (count > UINT16_MAX) return damaged(reader, 0, "more layers or currencies than there can be");
    fn_status status = take_names(reader, kind, 0, count, &names);
    if (status) return status;
    *map = fn_alloc(reader->run, names.count, sizeof **map);
    if (!*map) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = name_at(&names, n, &length);
        status = add(reader->run, reader->import->net, text, length, &(*map)[n]);
    }
    return status;
}

static fn_status take_products(fnet_reader *reader)
{
    name_list names;
    fn_status status = take_names(reader, FN_FNET_PRODUCT_OFFSETS, 0, reader->numbers.products, &names);
    if (status) return status;
    reader->product = fn_alloc(reader->run, names.count, sizeof *reader->product);
    if (!reader->product) return FN_ENOMEM;
    for (uint64_t n = 0; !status && n < names.count; n++) {
        size_t length;
        const char *text = name_at(&names, n, &length);
        status = fn_net_product(reader->run, reader->import->net, text, length, &reader->product[n]);
    }
    return status;
}

/* Does the number of a product or "none" fit? Translates it. */
static bool map_product(const fnet_reader *reader, uint32_t *product)
{
    if (*product == FN_NONE) return true;
    if (*product >= reader->numbers.products) return false;
    *product = reader->product[*product];
    return true;
}

static fn_status take_ties(fnet_reader *reader)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    fn_net *net = reader->import->net;
    fn_status status = take(reader, FN_FNET_TIES, 0, numbers->ties, sizeof(fn_tie), &bytes, &length);
    reader->first_row = net->ties;
    for (uint64_t e = 0; !status && e < numbers->ties; e++) {
        fn_tie tie;
        memcpy(&tie, bytes + e * sizeof tie, sizeof tie);
        if (tie.from >= numbers->firms || tie.to >= numbers->firms || tie.layer >= numbers->layers
            || tie.currency >= numbers->currencies || tie.count < 0 || tie.first > tie.last || isinf(tie.value) || isinf(tie.weight)
            || !map_product(reader, &tie.product))
            return damaged(reader, (uint64_t) (bytes - reader->bytes) + e * sizeof tie, "a tie that can't be");
        tie.from = reader->firm[tie.from];
        tie.to = reader->firm[tie.to];
        tie.layer = reader->layer[tie.layer];
        tie.currency = reader->currency[tie.currency];
        status = fn_net_add(reader->run, net, &tie, NULL);
    }
    if (status) return status;
    if (numbers->records > INT64_MAX) return damaged(reader, FN_FNET_ALIGN, "more records than there can be");
    net->records += (int64_t) numbers->records - (int64_t) numbers->ties;
    return FN_OK;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return a < b ? -1 : a > b;
}

/* Firms of a tender in the file's numbers: in range, ascending, distinct; copied as the network's numbers, in order. */
static bool map_range(const fnet_reader *reader, const char *firms, uint64_t first, uint64_t count, uint32_t *out)
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

static fn_status take_tenders(fnet_reader *reader)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    const char *tenders, *firms;
    size_t length;
    fn_status status = take(reader, FN_FNET_TENDERS, 0, numbers->tenders, sizeof(fn_fnet_tender), &tenders, &length);
    if (!status) status = take(reader, FN_FNET_TENDER_FIRMS, 0, numbers->tender_firms, sizeof(uint32_t), &firms, &length);
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
        if (!fits || t.buyer >= numbers->firms || t.currency >= numbers->currencies || t.bids_known > 1 || isinf(t.value)
            || !map_product(reader, &t.product) || !map_range(reader, firms, t.first_bidder, t.bidders, bidders)
            || !map_range(reader, firms, t.first_winner, t.winners, winners)) {
            status = damaged(reader, (uint64_t) (tenders - reader->bytes) + i * sizeof t, "a tender that can't be");
            break;
        }
        left -= t.bidders + t.winners;
        const fn_tender tender = {
            .buyer = reader->firm[t.buyer], .product = t.product, .currency = reader->currency[t.currency],
            .bids_known = t.bids_known, .day = t.day, .value = t.value
        };
        status = fn_net_add_tender(reader->run, reader->import->net, &tender, bidders, (size_t) t.bidders, winners,
                                   (size_t) t.winners);
    }
    fn_free(bidders);
    fn_free(winners);
    return status;
}

/* ---- columns ---- */

static fn_status fill_texts(fnet_reader *reader, uint32_t number, uint64_t count, fn_column *column)
{
    name_list names;
    fn_status status = take_names(reader, FN_FNET_TEXT_OFFSETS, number, count, &names);
    for (uint64_t n = 0; !status && n < count; n++) {
        size_t length;
        uint32_t text;
        bool is_new;
        const char *name = name_at(&names, n, &length);
        status = fn_names_add(reader->run, column->own_pool, name, length, &text, &is_new);
        if (!status && !is_new) status = damaged(reader, (uint64_t) (name - reader->bytes), "a text stands twice");
    }
    for (size_t row = 0; !status && row < column->rows; row++)
        if (column->text[row] != FN_NONE && column->text[row] >= count)
            status = damaged(reader, 0, "a text that is not there");
    return status;
}

static fn_status take_column(fnet_reader *reader, uint32_t number, fn_table *table)
{
    const char *bytes, *cells;
    size_t length, cells_length;
    fn_fnet_column head;
    fn_status status = take(reader, FN_FNET_COLUMN, number, 0, 0, &bytes, &length);
    if (status) return status;
    uint64_t place = (uint64_t) (bytes - reader->bytes);
    if (length < sizeof head) return damaged(reader, place, "a column that can't be");
    memcpy(&head, bytes, sizeof head);
    uint64_t texts = (uint64_t) head.name_length + head.unit_length;
    static const size_t size[] = {
        [FN_COLUMN_INT] = 8, [FN_COLUMN_REAL] = 8, [FN_COLUMN_DATE] = 4, [FN_COLUMN_BOOL] = 1, [FN_COLUMN_TEXT] = 4
    };
    if (head.type > FN_COLUMN_TEXT || texts != length - sizeof head || (head.type != FN_COLUMN_TEXT && head.texts)
        || memchr(bytes + sizeof head, '\0', (size_t) texts))
        return damaged(reader, place, "a column that can't be");
    status = take(reader, FN_FNET_CELLS, number, table->rows, size[head.type], &cells, &cells_length);
    if (status) return status;
    char *name = fn_copy_text(reader->run, bytes + sizeof head, head.name_length);
    char *unit = fn_copy_text(reader->run, bytes + sizeof head + head.name_length, head.unit_length);
    fn_column *column = NULL;
    if (!name || !unit) status = FN_ENOMEM;
    else if (fn_table_find(table, name)) status = damaged(reader, place, "two columns of one name");
    else status = fn_table_add(reader->run, table, name, (fn_column_type) head.type, &column);
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
            if (column->boolean[row] < -1 || column->boolean[row] > 1) return damaged(reader, place, "a cell that can't be");
    return column->type == FN_COLUMN_TEXT ? fill_texts(reader, number, head.texts, column) : FN_OK;
}

/* Put the rows of from into their places in table: what stands there already stays. Columns of two types meet as text. */
static fn_status spread(fnet_reader *reader, fn_table *table, const fn_table *from, const uint32_t *place, size_t first)
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

/* Columns number first … first + count - 1 of the file, all with this many rows. *fresh: nothing was there before, so they
 * can be taken whole; else place or first_row says where the rows belong. */
static fn_status take_columns(fnet_reader *reader, uint32_t first, uint64_t count, uint64_t rows, fn_table *table, bool fresh,
                              const uint32_t *place, size_t first_row)
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
static fn_status take_strings(fnet_reader *reader, const char **at, const char *end, const uint32_t *length, size_t count,
                              char **scratch, size_t *capacity, const char *text[])
{
    uint64_t all = 0;
    for (size_t t = 0; t < count; t++) all += length[t];
    if (all > (uint64_t) (end - *at)) return damaged(reader, (uint64_t) (*at - reader->bytes), "a text runs out of it");
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

static fn_status take_account(fnet_reader *reader)
{
    fn_account *account = reader->import->account;
    const char *at, *end, *text[5];
    size_t length, capacity = 0;
    char *scratch = NULL;
    fn_status status = take(reader, FN_FNET_ACCOUNT_LINES, 0, 0, 0, &at, &length);
    end = status ? NULL : at + length;
    for (uint64_t i = 0; !status && i < reader->numbers.account_lines; i++) {
        fn_fnet_line line;
        if ((size_t) (end - at) < sizeof line) status = damaged(reader, (uint64_t) (at - reader->bytes), "its report is short");
        if (status) break;
        memcpy(&line, at, sizeof line);
        at += sizeof line;
        if (line.outcome > FN_REMARK) status = damaged(reader, (uint64_t) (at - reader->bytes), "its report is wrong");
        if (!status) status = take_strings(reader, &at, end, line.length, 5, &scratch, &capacity, text);
        if (!status)
            status = fn_account_count(reader->run, account, text[0], (fn_outcome) line.outcome, text[1], text[2], line.count,
                                      text[3], line.line, text[4]);
    }
    if (!status && at != end) status = damaged(reader, (uint64_t) (at - reader->bytes), "its report is too long");
    if (!status) status = take(reader, FN_FNET_ACCOUNT_SUMS, 0, 0, 0, &at, &length);
    if (!status) end = at + length;
    for (uint64_t i = 0; !status && i < reader->numbers.account_sums; i++) {
        fn_fnet_sum head;
        if ((size_t) (end - at) < sizeof head) status = damaged(reader, (uint64_t) (at - reader->bytes), "its sums are short");
        if (status) break;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        const fn_sum sum = {
            .units = (__int128) (((unsigned __int128) (uint64_t) head.units_high << 64) | head.units_low),
            .rest = head.rest, .carry = head.carry, .terms = head.terms
        };
        status = take_strings(reader, &at, end, head.length, 2, &scratch, &capacity, text);
        if (!status) status = fn_account_join(reader->run, account, text[0], text[1], &sum);
    }
    if (!status && at != end) status = damaged(reader, (uint64_t) (at - reader->bytes), "its sums are too long");
    fn_free(scratch);
    return status;
}

/* ---- together ---- */

static fn_status take_all(fnet_reader *reader)
{
    fn_net *net = reader->import->net;
    fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    bool fresh = fn_net_firms(net) == 0 && net->ties == 0 && !net->firm_columns->columns && !net->tie_columns->columns;
    fn_status status = take(reader, FN_FNET_NUMBERS, 0, 1, sizeof *numbers, &bytes, &length);
    if (status) return status;
    memcpy(numbers, bytes, sizeof *numbers);
    if (numbers->firm_columns > reader->sections || numbers->tie_columns > reader->sections)
        return damaged(reader, (uint64_t) (bytes - reader->bytes), "more columns than sections");
    status = take_firms(reader);
    if (!status) status = take_short_names(reader, FN_FNET_LAYER_OFFSETS, numbers->layers, fn_net_layer, &reader->layer);
    if (!status) status = take_short_names(reader, FN_FNET_CURRENCY_OFFSETS, numbers->currencies, fn_net_currency, &reader->currency);
    if (!status) status = take_products(reader);
    if (!status) status = take_ties(reader);
    if (!status) status = take_tenders(reader);
    if (!status) status = fn_net_stretch(reader->run, net);
    if (!status) status = take_columns(reader, 0, numbers->firm_columns, numbers->firms, net->firm_columns, fresh, reader->firm, 0);
    if (!status) status = take_columns(reader, (uint32_t) numbers->firm_columns, numbers->tie_columns, numbers->ties,
                                       net->tie_columns, fresh, NULL, reader->first_row);
    if (!status) status = take_account(reader);
    if (!status && reader->next != reader->sections) status = damaged(reader, 24, "more sections than were expected");
    return status;
}

fn_status fn_fnet_read(fn_run *run, fn_source *source, fn_import *import)
{
    fnet_reader reader = { .run = run, .import = import, .file = fn_source_name(source) };
    fn_fnet_header header;
    fn_status status = load(&reader, source);
    if (!status) status = check_header(&reader, &header);
    if (!status) status = check_sections(&reader, &header);
    if (!status) status = take_all(&reader);
    fn_free(reader.bytes);
    fn_free(reader.section);
    fn_free(reader.firm);
    fn_free(reader.product);
    fn_free(reader.layer);
    fn_free(reader.currency);
    return status;
}
