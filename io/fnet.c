/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/fnet.h"
#include "io/fnet_read.h"
#include "io/format.h"

/* Writing the network file. Every section is made twice by the same function: once to measure it and take its checksum,
 * once to write it; so nothing is held in memory beside the network. */

_Static_assert(sizeof(fn_fnet_header) == 64 && sizeof(fn_fnet_section) == 64, "the file's layout");
_Static_assert(sizeof(fn_tie) == 48 && sizeof(fn_fnet_tender) == 56, "ties and tenders have no gaps");
_Static_assert(sizeof(fn_fnet_line) == 40 && sizeof(fn_fnet_sum) == 48, "records of the account have no gaps");

typedef struct fnet_writer {
    fn_run *run;
    fn_output *output; /* NULL while measuring */
    XXH3_state_t hash;
    uint64_t bytes; /* of this section while measuring, of the file while writing */
} fnet_writer;

static fn_status put(fnet_writer *writer, const void *bytes, size_t count)
{
    writer->bytes += count;
    if (!count) return FN_OK;
    if (writer->output) return fn_output_write(writer->run, writer->output, bytes, count);
    XXH3_64bits_update(&writer->hash, bytes, count);
    return FN_OK;
}

static double clean(double value)
{
    return isnan(value) ? (double) NAN : value; /* one NaN of the many there are */
}

/* ---- sections ---- */

static uint64_t columns_of(const fn_table *table)
{
    return table->columns;
}

static fn_status put_numbers(fnet_writer *writer, const fn_net *net)
{
    const fn_fnet_numbers numbers = { .records = (uint64_t) net->records,
                                      .firms = fn_names_count(net->keys),
                                      .layers = fn_names_count(net->layers),
                                      .currencies = fn_names_count(net->currencies),
                                      .products = fn_names_count(net->products),
                                      .ties = net->ties.rows,
                                      .tenders = net->tenders,
                                      .tender_firms = net->tender_firms,
                                      .firm_columns = columns_of(net->firm_columns),
                                      .tie_columns = columns_of(net->tie_columns),
                                      .account_lines = fn_account_lines(net->account),
                                      .account_sums = fn_account_sums(net->account) };
    return put(writer, &numbers, sizeof numbers);
}

static fn_status put_offsets(fnet_writer *writer, const fn_names *names)
{
    uint64_t offset = 0;
    fn_status status = put(writer, &offset, sizeof offset);
    for (uint32_t n = 0; !status && n < fn_names_count(names); n++) {
        size_t length;
        fn_names_text(names, n, &length);
        offset += length + 1;
        status = put(writer, &offset, sizeof offset);
    }
    return status;
}

static fn_status put_names(fnet_writer *writer, const fn_names *names)
{
    fn_status status = FN_OK;
    for (uint32_t n = 0; !status && n < fn_names_count(names); n++) {
        size_t length;
        const char *text = fn_names_text(names, n, &length);
        status = put(writer, text, length + 1);
    }
    return status;
}

static fn_status put_ties(fnet_writer *writer, const fn_net *net)
{
    fn_status status = FN_OK;
    for (size_t e = 0; !status && e < net->ties.rows; e++) {
        fn_tie tie = fn_ties_at(&net->ties, e);
        tie.value = clean(tie.value);
        tie.weight = clean(tie.weight);
        status = put(writer, &tie, sizeof tie);
    }
    return status;
}

static fn_status put_tenders(fnet_writer *writer, const fn_net *net)
{
    fn_status status = FN_OK;
    for (size_t i = 0; !status && i < net->tenders; i++) {
        const fn_tender *t = &net->tender[i];
        const fn_fnet_tender tender = { .buyer = t->buyer,
                                        .product = t->product,
                                        .day = t->day,
                                        .currency = t->currency,
                                        .bids_known = t->bids_known,
                                        .value = clean(t->value),
                                        .first_bidder = t->first_bidder,
                                        .bidders = t->bidders,
                                        .first_winner = t->first_winner,
                                        .winners = t->winners };
        status = put(writer, &tender, sizeof tender);
    }
    return status;
}

static fn_status put_column(fnet_writer *writer, const fn_column *column)
{
    const fn_fnet_column head = { .type = column->type,
                                  .texts = column->type == FN_COLUMN_TEXT ? fn_names_count(column->pool) : 0,
                                  .name_length = (uint32_t) strlen(column->name),
                                  .unit_length = (uint32_t) strlen(column->unit) };
    fn_status status = put(writer, &head, sizeof head);
    if (!status) status = put(writer, column->name, head.name_length);
    return status ? status : put(writer, column->unit, head.unit_length);
}

static fn_status put_cells(fnet_writer *writer, const fn_column *column)
{
    fn_status status = FN_OK;
    switch (column->type) {
    case FN_COLUMN_INT: return put(writer, column->integer, column->rows * sizeof *column->integer);
    case FN_COLUMN_DATE: return put(writer, column->date, column->rows * sizeof *column->date);
    case FN_COLUMN_BOOL: return put(writer, column->boolean, column->rows * sizeof *column->boolean);
    case FN_COLUMN_TEXT: return put(writer, column->text, column->rows * sizeof *column->text);
    case FN_COLUMN_REAL: break;
    }
    for (size_t row = 0; !status && row < column->rows; row++) {
        double value = clean(column->real[row]);
        status = put(writer, &value, sizeof value);
    }
    return status;
}

static fn_status put_lines(fnet_writer *writer, const fn_account *account)
{
    fn_status status = FN_OK;
    for (size_t i = 0; !status && i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        const char *text[5] = { line->unit, line->reason, line->text, line->file, line->example };
        fn_fnet_line head = { .count = line->count, .line = line->line, .outcome = line->outcome };
        for (int t = 0; t < 5; t++) head.length[t] = (uint32_t) strlen(text[t]);
        status = put(writer, &head, sizeof head);
        for (int t = 0; !status && t < 5; t++) status = put(writer, text[t], head.length[t]);
    }
    return status;
}

static fn_status put_sums(fnet_writer *writer, const fn_account *account)
{
    fn_status status = FN_OK;
    for (size_t i = 0; !status && i < fn_account_sums(account); i++) {
        const fn_account_sum *sum = fn_account_sum_at(account, i);
        const fn_fnet_sum head = { .units_low = (uint64_t) sum->sum.units,
                                   .units_high = (int64_t) (sum->sum.units >> 64),
                                   .rest = clean(sum->sum.rest),
                                   .carry = clean(sum->sum.carry),
                                   .terms = sum->sum.terms,
                                   .length = { (uint32_t) strlen(sum->label), (uint32_t) strlen(sum->currency) } };
        status = put(writer, &head, sizeof head);
        if (!status) status = put(writer, sum->label, head.length[0]);
        if (!status) status = put(writer, sum->currency, head.length[1]);
    }
    return status;
}

static fn_status put_section(fnet_writer *writer, const fn_net *net, uint32_t kind, uint32_t number)
{
    size_t firm_columns = net->firm_columns->columns;
    bool of_column = kind >= FN_FNET_COLUMN && kind <= FN_FNET_TEXT_BYTES;
    const fn_column *column = !of_column              ? NULL
                              : number < firm_columns ? net->firm_columns->column[number]
                                                      : net->tie_columns->column[number - firm_columns];
    switch ((fn_fnet_kind) kind) {
    case FN_FNET_NUMBERS: return put_numbers(writer, net);
    case FN_FNET_FIRM_OFFSETS: return put_offsets(writer, net->keys);
    case FN_FNET_FIRM_BYTES: return put_names(writer, net->keys);
    case FN_FNET_LAYER_OFFSETS: return put_offsets(writer, net->layers);
    case FN_FNET_LAYER_BYTES: return put_names(writer, net->layers);
    case FN_FNET_CURRENCY_OFFSETS: return put_offsets(writer, net->currencies);
    case FN_FNET_CURRENCY_BYTES: return put_names(writer, net->currencies);
    case FN_FNET_PRODUCT_OFFSETS: return put_offsets(writer, net->products);
    case FN_FNET_PRODUCT_BYTES: return put_names(writer, net->products);
    case FN_FNET_TIES: return put_ties(writer, net);
    case FN_FNET_TENDERS: return put_tenders(writer, net);
    case FN_FNET_TENDER_FIRMS: return put(writer, net->tender_firm, net->tender_firms * sizeof *net->tender_firm);
    case FN_FNET_COLUMN: return put_column(writer, column);
    case FN_FNET_CELLS: return put_cells(writer, column);
    case FN_FNET_TEXT_OFFSETS: return put_offsets(writer, column->pool);
    case FN_FNET_TEXT_BYTES: return put_names(writer, column->pool);
    case FN_FNET_ACCOUNT_LINES: return put_lines(writer, net->account);
    case FN_FNET_ACCOUNT_SUMS: return put_sums(writer, net->account);
    }
    return FN_OK;
}

/* ---- the file ---- */

/* Kinds and column numbers of all sections, in file order; returns how many. directory NULL: count only. */
static size_t list_sections(const fn_net *net, fn_fnet_section *directory)
{
    size_t n = 0, firm_columns = net->firm_columns->columns, columns = firm_columns + net->tie_columns->columns;
    for (uint32_t kind = FN_FNET_NUMBERS; kind < FN_FNET_COLUMN; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (size_t c = 0; c < columns; c++) {
        const fn_column *column =
            c < firm_columns ? net->firm_columns->column[c] : net->tie_columns->column[c - firm_columns];
        uint32_t last = column->type == FN_COLUMN_TEXT ? FN_FNET_TEXT_BYTES : FN_FNET_CELLS;
        for (uint32_t kind = FN_FNET_COLUMN; kind <= last; kind++, n++)
            if (directory) directory[n] = (fn_fnet_section){ .kind = kind, .column = (uint32_t) c };
    }
    for (uint32_t kind = FN_FNET_ACCOUNT_LINES; kind <= FN_FNET_ACCOUNT_SUMS; kind++, n++)
        if (directory) directory[n].kind = kind;
    return n;
}

static uint64_t aligned(uint64_t bytes)
{
    return (bytes + FN_FNET_ALIGN - 1) / FN_FNET_ALIGN * FN_FNET_ALIGN;
}

static fn_status put_gap(fnet_writer *writer)
{
    static const char zeros[FN_FNET_ALIGN] = { 0 };
    return put(writer, zeros, (size_t) (aligned(writer->bytes) - writer->bytes));
}

static fn_status write_fnet(fn_run *run, fn_output *output, fn_export *export_)
{
    const fn_net *net = export_->net;
    size_t sections = list_sections(net, NULL);
    fn_fnet_section *directory = fn_alloc(run, sections, sizeof *directory);
    if (!directory) return FN_ENOMEM;
    list_sections(net, directory);
    fn_status status = FN_OK;
    uint64_t end = (1 + sections) * FN_FNET_ALIGN;
    for (size_t s = 0; !status && s < sections; s++) {
        fnet_writer measure = { .run = run };
        XXH3_64bits_reset(&measure.hash);
        status = put_section(&measure, net, directory[s].kind, directory[s].column);
        directory[s].offset = end;
        directory[s].bytes = measure.bytes;
        directory[s].checksum = XXH3_64bits_digest(&measure.hash);
        end = aligned(end + measure.bytes);
    }
    fn_fnet_header header = { .version = FN_FNET_VERSION,
                              .byte_order = FN_FNET_BYTE_ORDER,
                              .file_bytes = end,
                              .sections = sections,
                              .directory_checksum = XXH3_64bits(directory, sections * sizeof *directory) };
    memcpy(header.magic, FN_FNET_MAGIC, sizeof header.magic);
    header.checksum = XXH3_64bits(&header, sizeof header - sizeof header.checksum);
    fnet_writer writer = { .run = run, .output = output };
    if (!status) status = put(&writer, &header, sizeof header);
    if (!status) status = put(&writer, directory, sections * sizeof *directory);
    for (size_t s = 0; !status && s < sections; s++) {
        status = put_section(&writer, net, directory[s].kind, directory[s].column);
        if (!status) status = put_gap(&writer);
        if (!status) status = fn_progress(run, "writing the network", (double) writer.bytes / (double) end);
    }
    fn_free(directory);
    return status;
}

/* Nearly all of the magic counts, so that a damaged file is called that, and not text of an unknown kind. */
static int sniff_fnet(const char *head, size_t length)
{
    int same = 0;
    for (size_t i = 0; i < 8 && i < length; i++) same += head[i] == FN_FNET_MAGIC[i];
    return same == 8 ? 100 : same >= 6 || (length < 8 && length > 1 && (size_t) same == length) ? 50 : 0;
}

const fn_format fn_format_fnet = { .name = "fnet",
                                   .suffixes = ".fnet,.fnet.gz",
                                   .text = "firmnet's own network file: everything, checksummed",
                                   .sniff = sniff_fnet,
                                   .read = fn_fnet_read,
                                   .write = write_fnet };
