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
_Static_assert(sizeof(fn_fnet_usual) == 40 && sizeof(fn_fnet_tender) == 56, "ties and tenders have no gaps");
_Static_assert(sizeof(fn_fnet_line) == 40 && sizeof(fn_fnet_sum) == 48, "records of the account have no gaps");

enum { PART = 4096 }; /* cells that are put together before they are written */

typedef struct fnet_writer {
    fn_run *run;
    fn_output *output;           /* NULL while measuring */
    XXH3_state_t block, section; /* checksums of the block that is being filled, and of those before */
    size_t in_block;
    uint64_t bytes;              /* of this section while measuring, of the file while writing */
    fn_tie usual;                /* what the file says is usual, and which columns it holds */
    bool holds[FN_TIES_COLUMNS];
} fnet_writer;

static void end_block(fnet_writer *writer)
{
    uint64_t checksum = XXH3_64bits_digest(&writer->block);
    XXH3_64bits_update(&writer->section, &checksum, sizeof checksum);
    XXH3_64bits_reset(&writer->block);
    writer->in_block = 0;
}

static void start_measuring(fnet_writer *writer)
{
    writer->output = NULL;
    writer->bytes = 0;
    writer->in_block = 0;
    XXH3_64bits_reset(&writer->block);
    XXH3_64bits_reset(&writer->section);
}

static uint64_t measured_checksum(fnet_writer *writer)
{
    if (writer->in_block) end_block(writer);
    return XXH3_64bits_digest(&writer->section);
}

static fn_status put(fnet_writer *writer, const void *bytes, size_t count)
{
    writer->bytes += count;
    if (!count) return FN_OK;
    if (writer->output) return fn_output_write(writer->run, writer->output, bytes, count);
    for (const char *at = bytes; count;) {
        size_t part = FN_FNET_BLOCK - writer->in_block < count ? FN_FNET_BLOCK - writer->in_block : count;
        XXH3_64bits_update(&writer->block, at, part);
        writer->in_block += part;
        if (writer->in_block == FN_FNET_BLOCK) end_block(writer);
        at += part;
        count -= part;
    }
    return FN_OK;
}

static double clean(double value)
{
    return isnan(value) ? (double) NAN : value; /* one NaN of the many there are */
}

static fn_status put_reals(fnet_writer *writer, const double *value, size_t count)
{
    fn_status status = FN_OK;
    double part[PART];
    for (size_t done = 0; !status && done < count;) {
        size_t n = count - done < PART ? count - done : PART;
        for (size_t i = 0; i < n; i++) part[i] = clean(value[done + i]);
        status = put(writer, part, n * sizeof *part);
        done += n;
    }
    return status;
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
    uint64_t part[PART] = { 0 };
    size_t n = 1;
    fn_status status = FN_OK;
    for (uint32_t name = 0; !status && name < fn_names_count(names); name++) {
        size_t length;
        fn_names_text(names, name, &length);
        uint64_t end = part[n - 1] + length + 1;
        if (n == PART) {
            status = put(writer, part, sizeof part);
            n = 0;
        }
        part[n++] = end;
    }
    return status ? status : put(writer, part, n * sizeof *part);
}

/* Names that lie one behind the other go out as one. */
static fn_status put_names(fnet_writer *writer, const fn_names *names)
{
    fn_status status = FN_OK;
    const char *first = NULL, *end = NULL;
    for (uint32_t n = 0; !status && n < fn_names_count(names); n++) {
        size_t length;
        const char *text = fn_names_text(names, n, &length);
        if (text != end) {
            status = put(writer, first, (size_t) (end - first));
            first = text;
        }
        end = text + length + 1;
    }
    return status ? status : put(writer, first, (size_t) (end - first));
}

/* ---- ties ---- */

static bool same_cell(int column, const char *a, const char *b)
{
    if (memcmp(a, b, fn_ties_columns[column].size) == 0) return true;
    if (column != FN_TIES_VALUE && column != FN_TIES_WEIGHT) return false;
    double one, other;
    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return isnan(one) && isnan(other);
}

/* Which columns the file must hold, and what is usual in the others. It depends on the ties alone, not on the records they
 * came from: the same network makes the same file. */
static void settle_ties(fnet_writer *writer, const fn_net *net)
{
    static const fn_tie none = {
        .product = FN_NONE, .value = NAN, .weight = NAN, .first = FN_DAY_NONE, .last = FN_DAY_NONE
    };
    fn_ties ties = net->ties;
    writer->usual = none;
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size, row = 1;
        const char *cells = *fn_ties_cells(&ties, c);
        if (!cells) cells = (const char *) &ties.usual + fn_ties_columns[c].usual;
        else while (row < ties.rows && same_cell(c, cells, cells + row * size)) row++;
        writer->holds[c] = *fn_ties_cells(&ties, c) && row < ties.rows;
        if (ties.rows && !writer->holds[c]) memcpy((char *) &writer->usual + fn_ties_columns[c].usual, cells, size);
    }
}

static fn_status put_usual(fnet_writer *writer)
{
    const fn_tie *tie = &writer->usual;
    const fn_fnet_usual usual = { .value = clean(tie->value),
                                  .weight = clean(tie->weight),
                                  .count = tie->count,
                                  .first = tie->first,
                                  .last = tie->last,
                                  .product = tie->product,
                                  .layer = tie->layer,
                                  .currency = tie->currency };
    return put(writer, &usual, sizeof usual);
}

static fn_status put_tie_cells(fnet_writer *writer, const fn_net *net, uint32_t column)
{
    fn_ties ties = net->ties;
    const void *cells = *fn_ties_cells(&ties, (int) column);
    if (!writer->holds[column]) return FN_OK;
    if (column == FN_TIES_VALUE || column == FN_TIES_WEIGHT) return put_reals(writer, cells, ties.rows);
    return put(writer, cells, ties.rows * fn_ties_columns[column].size);
}

/* ---- tenders, columns, the import report ---- */

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
    switch (column->type) {
    case FN_COLUMN_INT: return put(writer, column->integer, column->rows * sizeof *column->integer);
    case FN_COLUMN_DATE: return put(writer, column->date, column->rows * sizeof *column->date);
    case FN_COLUMN_BOOL: return put(writer, column->boolean, column->rows * sizeof *column->boolean);
    case FN_COLUMN_TEXT: return put(writer, column->text, column->rows * sizeof *column->text);
    case FN_COLUMN_REAL: break;
    }
    return put_reals(writer, column->real, column->rows);
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
    case FN_FNET_TIES: break;
    case FN_FNET_TIE_USUAL: return put_usual(writer);
    case FN_FNET_TIE_FROM: return put(writer, net->ties.from, net->ties.rows * sizeof *net->ties.from);
    case FN_FNET_TIE_TO: return put(writer, net->ties.to, net->ties.rows * sizeof *net->ties.to);
    case FN_FNET_TIE_CELLS: return put_tie_cells(writer, net, number);
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
    for (uint32_t kind = FN_FNET_NUMBERS; kind < FN_FNET_TIES; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (uint32_t kind = FN_FNET_TIE_USUAL; kind < FN_FNET_TIE_CELLS; kind++, n++)
        if (directory) directory[n].kind = kind;
    for (uint32_t c = 0; c < FN_TIES_COLUMNS; c++, n++)
        if (directory) directory[n] = (fn_fnet_section) { .kind = FN_FNET_TIE_CELLS, .column = c };
    for (uint32_t kind = FN_FNET_TENDERS; kind < FN_FNET_COLUMN; kind++, n++)
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

/* Places, sizes and checksums of all sections; returns the size of the file by *end. */
static fn_status measure(fnet_writer *writer, const fn_net *net, fn_fnet_section *directory, size_t sections,
                         uint64_t *end)
{
    fn_status status = FN_OK;
    *end = (1 + sections) * FN_FNET_ALIGN;
    for (size_t s = 0; !status && s < sections; s++) {
        start_measuring(writer);
        status = put_section(writer, net, directory[s].kind, directory[s].column);
        directory[s].offset = *end;
        directory[s].bytes = writer->bytes;
        directory[s].checksum = measured_checksum(writer);
        *end = aligned(*end + writer->bytes);
        if (!status) status = fn_progress(writer->run, "adding up checksums", -1);
    }
    return status;
}

static fn_status write_fnet(fn_run *run, fn_output *output, fn_export *export_)
{
    const fn_net *net = export_->net;
    size_t sections = list_sections(net, NULL);
    uint64_t end = 0;
    fn_fnet_section *directory = fn_alloc(run, sections, sizeof *directory);
    if (!directory) return FN_ENOMEM;
    list_sections(net, directory);
    fnet_writer writer = { .run = run };
    settle_ties(&writer, net);
    fn_status status = measure(&writer, net, directory, sections, &end);
    fn_fnet_header header = { .version = FN_FNET_VERSION,
                              .byte_order = FN_FNET_BYTE_ORDER,
                              .file_bytes = end,
                              .sections = sections,
                              .directory_checksum = XXH3_64bits(directory, sections * sizeof *directory) };
    memcpy(header.magic, FN_FNET_MAGIC, sizeof header.magic);
    header.checksum = XXH3_64bits(&header, sizeof header - sizeof header.checksum);
    writer.output = output;
    writer.bytes = 0;
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
