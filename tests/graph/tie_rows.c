/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/random.h"
#include "tests/graph/tie_rows.h"
#include "tests/suite.h"

const shape shapes[SHAPES] = {
    { .firms = 1 },
    { .firms = 40 },
    { .firms = 5, .money = true },
    { .firms = 3000, .money = true, .days = true },
    { .firms = 30, .layers = true, .currencies = true },
    { .firms = 200000, .hubs = true, .money = true, .layers = true },
    { .firms = 12, .money = true, .layers = true, .currencies = true, .products = true, .days = true, .counts = true,
      .weights = true },
    { .firms = 4000000, .money = true, .currencies = true, .products = true, .counts = true }
};
/* Money in whole cents, some of it missing, so that a sum can be checked in whole numbers. */
static double cents(uint64_t seed, uint64_t row)
{
    if (fn_random_below(seed, 5, row, 4) == 0) return NAN;
    return (double) ((int64_t) fn_random_below(seed, 6, row, 2000000) - 1000) / 100;
}

fn_tie random_tie(uint64_t seed, uint64_t row, const shape *s)
{
    fn_tie tie = { .from = (uint32_t) fn_random_below(seed, 1, row, s->firms),
                   .to = (uint32_t) fn_random_below(seed, 2, row, s->firms), .product = FN_NONE, .value = NAN,
                   .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
    if (s->hubs && fn_random_below(seed, 3, row, 10) < 7) tie.from = 1;
    if (s->hubs && fn_random_below(seed, 4, row, 10) < 4) tie.to = 1;
    if (s->money) tie.value = cents(seed, row);
    if (s->weights) tie.weight = cents(seed + 1, row);
    if (s->layers) tie.layer = (uint16_t) fn_random_below(seed, 7, row, 3);
    if (s->currencies) tie.currency = (uint16_t) (fn_random_below(seed, 8, row, 3) * 700);
    if (s->products && fn_random_below(seed, 9, row, 3)) tie.product = (uint32_t) fn_random_below(seed, 10, row, 9);
    if (s->counts) tie.count = 1 + (int64_t) fn_random_below(seed, 11, row, 5);
    if (s->days && fn_random_below(seed, 12, row, 3)) {
        tie.first = (int32_t) fn_random_below(seed, 13, row, 9000) - 500;
        tie.last = tie.first + (int32_t) fn_random_below(seed, 14, row, 90);
    }
    return tie;
}

fn_tie *random_rows(uint64_t seed, size_t rows, const shape *s)
{
    fn_tie *row = malloc((rows ? rows : 1) * sizeof *row);
    for (size_t r = 0; r < rows; r++) row[r] = random_tie(seed, r, s);
    return row;
}

fn_ties ties_of(fn_run *run, const fn_tie *row, size_t rows)
{
    fn_ties ties = { 0 };
    fn_status status = FN_OK;
    for (size_t r = 0; !status && r < rows; r++) status = fn_ties_add(run, &ties, &row[r]);
    ck_assert_int_eq(status, FN_OK);
    return ties;
}

void assert_rows(const fn_ties *ties, const fn_tie *row, size_t rows)
{
    ck_assert_uint_eq(ties->rows, rows);
    for (size_t r = 0; r < rows; r++) {
        const fn_tie found = fn_ties_at(ties, r);
        if (memcmp(&found, &row[r], sizeof found) != 0) ck_abort_msg("row %zu of %zu differs", r, rows);
    }
}

typedef struct sort_key {
    uint64_t ends, rest; /* rest: layer, currency, row */
} sort_key;

static int by_key(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->ends != y->ends) return x->ends < y->ends ? -1 : 1;
    return x->rest < y->rest ? -1 : x->rest > y->rest;
}

fn_tie *sorted_slowly(const fn_tie *row, size_t rows, uint32_t *record)
{
    sort_key *key = malloc((rows ? rows : 1) * sizeof *key);
    fn_tie *sorted = malloc((rows ? rows : 1) * sizeof *sorted);
    for (size_t r = 0; r < rows; r++)
        key[r] = (sort_key) { (uint64_t) row[r].from << 32 | row[r].to,
                              (uint64_t) row[r].layer << 48 | (uint64_t) row[r].currency << 32 | r };
    qsort(key, rows, sizeof *key, by_key);
    for (size_t r = 0; r < rows; r++) {
        record[r] = (uint32_t) key[r].rest;
        sorted[r] = row[record[r]];
    }
    free(key);
    return sorted;
}
