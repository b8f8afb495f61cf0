/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/net_inside.h"
#include "io/fnet_write.h"

_Static_assert(sizeof(fn_fnet_header) == 64 && sizeof(fn_fnet_section) == 64, "the file's layout");
_Static_assert(sizeof(fn_fnet_usual) == 40 && sizeof(fn_fnet_tender) == 56, "ties and tenders have no gaps");
_Static_assert(sizeof(fn_fnet_line) == 40 && sizeof(fn_fnet_sum) == 48, "records of the account have no gaps");

enum { PART = 4096 }; /* cells that are put together before they are written */

void fn_fnet_end_block(fn_fnet_writer *writer)
{
    uint64_t checksum = XXH3_64bits_digest(&writer->block);
    XXH3_64bits_update(&writer->section, &checksum, sizeof checksum);
    XXH3_64bits_reset(&writer->block);
    writer->in_block = 0;
}

fn_status fn_fnet_put(fn_fnet_writer *writer, const void *bytes, size_t count)
{
    writer->bytes += count;
    if (!count) return FN_OK;
    if (writer->output) return fn_output_write(writer->run, writer->output, bytes, count);
    for (const char *at = bytes; count;) {
        size_t part = FN_FNET_BLOCK - writer->in_block < count ? FN_FNET_BLOCK - writer->in_block : count;
        XXH3_64bits_update(&writer->block, at, part);
        writer->in_block += part;
        if (writer->in_block == FN_FNET_BLOCK) fn_fnet_end_block(writer);
        at += part;
        count -= part;
    }
    return FN_OK;
}

static double clean(double value)
{
    return isnan(value) ? (double) NAN : value; /* one NaN of the many there are */
}

static fn_status put_reals(fn_fnet_writer *writer, const double *value, size_t count)
{
    fn_status status = FN_OK;
    double part[PART];
    for (size_t done = 0; !status && done < count;) {
        size_t n = count - done < PART ? count - done : PART;
        for (size_t i = 0; i < n; i++) part[i] = clean(value[done + i]);
        status = fn_fnet_put(writer, part, n * sizeof *part);
        done += n;
    }
    return status;
}

/* ---- sections ---- */

static uint64_t columns_of(const fn_table *table)
{
    return table->columns;
}

static fn_status put_numbers(fn_fnet_writer *writer, const fn_net *net)
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
    return fn_fnet_put(writer, &numbers, sizeof numbers);
}

static fn_status put_offsets(fn_fnet_writer *writer, const fn_names *names)
{
    uint64_t part[PART] = { 0 };
    size_t n = 1;
    fn_status status = FN_OK;
    for (uint32_t name = 0; !status && name < fn_names_count(names); name++) {
        size_t length;
        fn_names_text(names, name, &length);
        uint64_t end = part[n - 1] + length + 1;
        if (n == PART) {
            status = fn_fnet_put(writer, part, sizeof part);
            n = 0;
        }
        part[n++] = end;
    }
    return status ? status : fn_fnet_put(writer, part, n * sizeof *part);
}

/* Names that lie one behind the other go out as one. */
static fn_status put_names(fn_fnet_writer *writer, const fn_names *names)
{
    fn_status status = FN_OK;
    const char *first = NULL, *end = NULL;
    for (uint32_t n = 0; !status && n < fn_names_count(names); n++) {
        size_t length;
        const char *text = fn_names_text(names, n, &length);
        if (text != end) {
            status = fn_fnet_put(writer, first, (size_t) (end - first));
            first = text;
        }
        end = text + length + 1;
    }
    return status ? status : fn_fnet_put(writer, first, (size_t) (end - first));
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

void fn_fnet_settle_ties(fn_fnet_writer *writer, const fn_net *net)
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

static fn_status put_usual(fn_fnet_writer *writer)
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
    return fn_fnet_put(writer, &usual, sizeof usual);
}

static fn_status put_tie_cells(fn_fnet_writer *writer, const fn_net *net, uint32_t column)
{
    fn_ties ties = net->ties;
    const void *cells = *fn_ties_cells(&ties, (int) column);
    if (!writer->holds[column]) return FN_OK;
    if (column == FN_TIES_VALUE || column == FN_TIES_WEIGHT) return put_reals(writer, cells, ties.rows);
    return fn_fnet_put(writer, cells, ties.rows * fn_ties_columns[column].size);
}

/* ---- tenders, columns, the import report ---- */

static fn_status put_tenders(fn_fnet_writer *writer, const fn_net *net)
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
        status = fn_fnet_put(writer, &tender, sizeof tender);
    }
    return status;
}

static fn_status put_column(fn_fnet_writer *writer, const fn_column *column)
{
    const fn_fnet_column head = { .type = column->type,
                                  .texts = column->type == FN_COLUMN_TEXT ? fn_names_count(column->pool) : 0,
                                  .name_length = (uint32_t) strlen(column->name),
                                  .unit_length = (uint32_t) strlen(column->unit) };
    fn_status status = fn_fnet_put(writer, &head, sizeof head);
    if (!status) status = fn_fnet_put(writer, column->name, head.name_length);
    return status ? status : fn_fnet_put(writer, column->unit, head.unit_length);
}

static fn_status put_cells(fn_fnet_writer *writer, const fn_column *column)
{
    switch (column->type) {
    case FN_COLUMN_INT: return fn_fnet_put(writer, column->integer, column->rows * sizeof *column->integer);
    case FN_COLUMN_DATE: return fn_fnet_put(writer, column->date, column->rows * sizeof *column->date);
    case FN_COLUMN_BOOL: return fn_fnet_put(writer, column->boolean, column->rows * sizeof *column->boolean);
    case FN_COLUMN_TEXT: return fn_fnet_put(writer, column->text, column->rows * sizeof *column->text);
    case FN_COLUMN_REAL: break;
    }
    return put_reals(writer, column->real, column->rows);
}

static fn_status put_lines(fn_fnet_writer *writer, const fn_account *account)
{
    fn_status status = FN_OK;
    for (size_t i = 0; !status && i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        const char *text[5] = { line->unit, line->reason, line->text, line->file, line->example };
        fn_fnet_line head = { .count = line->count, .line = line->line, .outcome = line->outcome };
        for (int t = 0; t < 5; t++) head.length[t] = (uint32_t) strlen(text[t]);
        status = fn_fnet_put(writer, &head, sizeof head);
        for (int t = 0; !status && t < 5; t++) status = fn_fnet_put(writer, text[t], head.length[t]);
    }
    return status;
}

static fn_status put_sums(fn_fnet_writer *writer, const fn_account *account)
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
        status = fn_fnet_put(writer, &head, sizeof head);
        if (!status) status = fn_fnet_put(writer, sum->label, head.length[0]);
        if (!status) status = fn_fnet_put(writer, sum->currency, head.length[1]);
    }
    return status;
}

fn_status fn_fnet_put_section(fn_fnet_writer *writer, const fn_net *net, uint32_t kind, uint32_t number)
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
    case FN_FNET_TIE_FROM: return fn_fnet_put(writer, net->ties.from, net->ties.rows * sizeof *net->ties.from);
    case FN_FNET_TIE_TO: return fn_fnet_put(writer, net->ties.to, net->ties.rows * sizeof *net->ties.to);
    case FN_FNET_TIE_CELLS: return put_tie_cells(writer, net, number);
    case FN_FNET_TENDERS: return put_tenders(writer, net);
    case FN_FNET_TENDER_FIRMS:
        return fn_fnet_put(writer, net->tender_firm, net->tender_firms * sizeof *net->tender_firm);
    case FN_FNET_COLUMN: return put_column(writer, column);
    case FN_FNET_CELLS: return put_cells(writer, column);
    case FN_FNET_TEXT_OFFSETS: return put_offsets(writer, column->pool);
    case FN_FNET_TEXT_BYTES: return put_names(writer, column->pool);
    case FN_FNET_ACCOUNT_LINES: return put_lines(writer, net->account);
    case FN_FNET_ACCOUNT_SUMS: return put_sums(writer, net->account);
    }
    return FN_OK;
}
