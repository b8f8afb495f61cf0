/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "io/fnet_read.h"

/* The ties of a network file: checked in columns, on all threads, then used where they lie or added one by one. */

enum { STRETCH = 1 << 16 };

/* ---- version 1: rows ---- */

static fn_status add_tie(fn_fnet_reader *reader, fn_tie tie)
{
    tie.from = fn_fnet_map_firm(reader, tie.from);
    tie.to = fn_fnet_map_firm(reader, tie.to);
    tie.layer = reader->layer[tie.layer];
    tie.currency = reader->currency[tie.currency];
    return fn_net_add(reader->run, reader->import->net, &tie, NULL);
}

static fn_status take_rows(fn_fnet_reader *reader)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    const char *bytes;
    size_t length;
    fn_status status = fn_fnet_take(reader, FN_FNET_TIES, 0, numbers->ties, sizeof(fn_tie), &bytes, &length);
    for (uint64_t e = 0; !status && e < numbers->ties; e++) {
        fn_tie tie;
        memcpy(&tie, bytes + e * sizeof tie, sizeof tie);
        if (tie.from >= numbers->firms || tie.to >= numbers->firms || tie.layer >= numbers->layers ||
            tie.currency >= numbers->currencies || tie.count < 0 || tie.first > tie.last || isinf(tie.value) ||
            isinf(tie.weight) || !fn_fnet_map_product(reader, &tie.product))
            return fn_fnet_damaged(reader, fn_fnet_place(reader, bytes) + e * sizeof tie, "a tie that can't be");
        status = add_tie(reader, tie);
    }
    return status;
}

/* ---- version 2: columns ---- */

/* The sections as columns that are borrowed from the file. */
static fn_status take_cells(fn_fnet_reader *reader, fn_ties *ties)
{
    const uint64_t rows = reader->numbers.ties;
    const char *bytes;
    size_t length;
    fn_fnet_usual usual;
    fn_status status = fn_fnet_take(reader, FN_FNET_TIE_USUAL, 0, 1, sizeof usual, &bytes, &length);
    if (status) return status;
    memcpy(&usual, bytes, sizeof usual);
    *ties = (fn_ties) { .rows = (size_t) rows, .capacity = (size_t) rows, .borrowed = true };
    ties->usual = (fn_tie) { .product = usual.product, .layer = usual.layer, .currency = usual.currency,
                             .value = usual.value, .weight = usual.weight, .count = usual.count,
                             .first = usual.first, .last = usual.last };
    status = fn_fnet_take(reader, FN_FNET_TIE_FROM, 0, rows, sizeof *ties->from, &bytes, &length);
    if (status) return status;
    ties->from = (uint32_t *) bytes;
    status = fn_fnet_take(reader, FN_FNET_TIE_TO, 0, rows, sizeof *ties->to, &bytes, &length);
    if (status) return status;
    ties->to = (uint32_t *) bytes;
    for (int c = 0; !status && c < FN_TIES_COLUMNS; c++) {
        size_t size = fn_ties_columns[c].size;
        status = fn_fnet_take(reader, FN_FNET_TIE_CELLS, (uint32_t) c, 0, 0, &bytes, &length);
        if (status || !length) continue;
        if (length / size != rows || length % size)
            return fn_fnet_damaged(reader, fn_fnet_place(reader, bytes), "a section is not as long as it should be");
        *fn_ties_cells(ties, c) = (void *) bytes;
    }
    return status;
}

/* One tie, with everything that can be wrong with it: the place where the quick look found something. */
static bool tie_fits(const fn_fnet_numbers *numbers, const fn_ties *ties, size_t row)
{
    const fn_tie t = fn_ties_at(ties, row);
    if (t.from >= numbers->firms || t.to >= numbers->firms || t.layer >= numbers->layers) return false;
    if (t.currency >= numbers->currencies || (t.product != FN_NONE && t.product >= numbers->products)) return false;
    if (t.count < 0 || t.first > t.last || isinf(t.value) || isinf(t.weight)) return false;
    if (t.from > t.to && !fn_net_layer_directed(t.layer)) return false;
    if (row == 0) return true;
    const fn_tie before = fn_ties_at(ties, row - 1);
    if (before.from != t.from) return before.from < t.from;
    if (before.to != t.to) return before.to < t.to;
    return before.layer != t.layer ? before.layer < t.layer : before.currency < t.currency;
}

/* The same of many ties, column by column, so that the machine takes several at once. The order within one pair of
 * firms is left to tie_fits, row by row, as pairs of several ties are few. */
static bool ends_fit(const fn_fnet_numbers *numbers, const fn_ties *ties, size_t first, size_t end)
{
    const uint32_t *from = ties->from, *to = ties->to, firms = (uint32_t) numbers->firms;
    bool bad = false;
    for (size_t r = first; r < end; r++) bad |= (from[r] >= firms) | (to[r] >= firms);
    for (size_t r = first ? first : 1; r < end; r++)
        if ((from[r] < from[r - 1]) | ((from[r] == from[r - 1]) & (to[r] <= to[r - 1])))
            bad |= !tie_fits(numbers, ties, r);
    return !bad;
}

static bool small_cells_fit(const fn_fnet_numbers *numbers, const fn_ties *ties, size_t first, size_t end)
{
    bool bad = false;
    for (size_t r = first; ties->product && r < end; r++)
        bad |= (ties->product[r] != FN_NONE) & (ties->product[r] >= numbers->products);
    for (size_t r = first; ties->layer && r < end; r++) bad |= ties->layer[r] >= numbers->layers;
    for (size_t r = first; ties->currency && r < end; r++) bad |= ties->currency[r] >= numbers->currencies;
    for (size_t r = first; (ties->first || ties->last) && r < end; r++)
        bad |= (ties->first ? ties->first[r] : ties->usual.first) > (ties->last ? ties->last[r] : ties->usual.last);
    if (!ties->layer && fn_net_layer_directed(ties->usual.layer)) return !bad;
    for (size_t r = first; r < end; r++)
        bad |= ties->from[r] > ties->to[r] && !fn_net_layer_directed(ties->layer ? ties->layer[r] : ties->usual.layer);
    return !bad;
}

/* What is added up over a stretch: infinite where one of its cells is; counts exactly, by upper and lower half. */
typedef struct stretch {
    double value, weight;
    uint64_t high, low;
    bool fits;
} stretch;

static double sum_sizes(const double *cells, double usual, size_t first, size_t end)
{
    double sum = 0;
    if (!cells) return isnan(usual) ? 0 : fabs(usual) * (double) (end - first);
    for (size_t r = first; r < end; r++) sum += isnan(cells[r]) ? 0 : fabs(cells[r]);
    return sum;
}

static stretch look_at(const fn_fnet_numbers *numbers, const fn_ties *ties, size_t first, size_t end)
{
    stretch s = { .value = sum_sizes(ties->value, ties->usual.value, first, end),
                  .weight = sum_sizes(ties->weight, ties->usual.weight, first, end) };
    bool negative = ties->usual.count < 0;
    for (size_t r = first; ties->count && r < end; r++) {
        negative |= ties->count[r] < 0;
        s.high += (uint64_t) ties->count[r] >> 32;
        s.low += (uint64_t) ties->count[r] & UINT32_MAX;
    }
    if (!ties->count) s.high = ((uint64_t) ties->usual.count >> 32) * (end - first);
    if (!ties->count) s.low = ((uint64_t) ties->usual.count & UINT32_MAX) * (end - first);
    s.fits = !negative && ends_fit(numbers, ties, first, end) && small_cells_fit(numbers, ties, first, end);
    return s;
}

/* Of a column that is not stored, the one cell; of the others what a file holds that is written by us. */
static bool usual_fits(const fn_fnet_numbers *numbers, const fn_ties *ties)
{
    const fn_tie *usual = &ties->usual;
    return usual->layer < numbers->layers && usual->currency < numbers->currencies &&
           (ties->first || ties->last || usual->first <= usual->last) &&
           (usual->product == FN_NONE || usual->product < numbers->products) && usual->count >= 0 &&
           !isinf(usual->value) && !isinf(usual->weight);
}

/* Ranges, order, and that everything added up stays a number. Sums of stretches are added in order: the same answer at
 * any number of threads. */
static fn_status check_ties(fn_fnet_reader *reader, const fn_ties *ties)
{
    const fn_fnet_numbers *numbers = &reader->numbers;
    size_t stretches = ties->rows / STRETCH + (ties->rows % STRETCH != 0);
    if (!usual_fits(numbers, ties))
        return fn_fnet_damaged(reader, fn_fnet_place(reader, ties->from), "ties that can't be");
    stretch *part = fn_alloc(reader->run, stretches, sizeof *part);
    if (!part) return FN_ENOMEM;
    int threads = fn_run_threads(reader->run);
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads) if (stretches > 1)
    for (size_t s = 0; s < stretches; s++) {
        size_t first = s * STRETCH, end = ties->rows - first < STRETCH ? ties->rows : first + STRETCH;
        part[s] = look_at(numbers, ties, first, end);
    }
    stretch all = { .fits = true };
    unsigned __int128 count = 0;
    size_t row = 0;
    for (size_t s = 0; s < stretches && all.fits; s++) {
        all.fits = part[s].fits && isfinite(part[s].value) && isfinite(part[s].weight);
        all.value += part[s].value;
        all.weight += part[s].weight;
        count += ((unsigned __int128) part[s].high << 32) + part[s].low;
        row = s * STRETCH;
    }
    fn_free(part);
    while (!all.fits && row < ties->rows && tie_fits(numbers, ties, row)) row++;
    if (!all.fits && row < ties->rows)
        return fn_fnet_damaged(reader, fn_fnet_place(reader, &ties->from[row]), "a tie that can't be");
    if (!all.fits || !isfinite(all.value) || !isfinite(all.weight) || count > INT64_MAX)
        return fn_fnet_damaged(reader, fn_fnet_place(reader, ties->from), "the sums of its ties overflow");
    return FN_OK;
}

static fn_status take_columns(fn_fnet_reader *reader)
{
    fn_net *net = reader->import->net;
    fn_ties ties;
    fn_status status = FN_OK;
    if (reader->numbers.ties > UINT32_MAX) return fn_fnet_damaged(reader, FN_FNET_ALIGN, "more ties than there can be");
    status = take_cells(reader, &ties);
    if (!status) status = check_ties(reader, &ties);
    if (status) return status;
    if (reader->in_place) {
        net->ties = ties;
        net->records = (int64_t) ties.rows;
        net->tie_columns->rows = ties.rows;
        return FN_OK;
    }
    for (size_t e = 0; !status && e < ties.rows; e++) {
        fn_tie tie = fn_ties_at(&ties, e);
        fn_fnet_map_product(reader, &tie.product);
        status = add_tie(reader, tie);
    }
    return status;
}

fn_status fn_fnet_take_ties(fn_fnet_reader *reader)
{
    fn_net *net = reader->import->net;
    reader->first_row = net->ties.rows;
    fn_status status = reader->version == 1 ? take_rows(reader) : take_columns(reader);
    if (status) return status;
    if (reader->numbers.records > INT64_MAX)
        return fn_fnet_damaged(reader, FN_FNET_ALIGN, "more records than there can be");
    net->records += (int64_t) reader->numbers.records - (int64_t) reader->numbers.ties;
    return FN_OK;
}
