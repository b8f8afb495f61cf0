/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_ties(void);

/* What random rows differ in, beside their ends. */
typedef struct shape {
    uint32_t firms;
    bool hubs;              /* most ties deliver from, and many to, firm 1 */
    bool money, layers, currencies, products, days, counts, weights;
} shape;

static const shape shapes[] = {
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
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* Money in whole cents, some of it missing, so that a sum can be checked in whole numbers. */
static double cents(uint64_t seed, uint64_t row)
{
    if (fn_random_below(seed, 5, row, 4) == 0) return NAN;
    return (double) ((int64_t) fn_random_below(seed, 6, row, 2000000) - 1000) / 100;
}

static fn_tie random_tie(uint64_t seed, uint64_t row, const shape *s)
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

static fn_tie *random_rows(uint64_t seed, size_t rows, const shape *s)
{
    fn_tie *row = malloc((rows ? rows : 1) * sizeof *row);
    for (size_t r = 0; r < rows; r++) row[r] = random_tie(seed, r, s);
    return row;
}

static fn_ties ties_of(fn_run *run, const fn_tie *row, size_t rows)
{
    fn_ties ties = { 0 };
    fn_status status = FN_OK;
    for (size_t r = 0; !status && r < rows; r++) status = fn_ties_add(run, &ties, &row[r]);
    ck_assert_int_eq(status, FN_OK);
    return ties;
}

/* All bytes, so that a NaN is itself. */
static void assert_rows(const fn_ties *ties, const fn_tie *row, size_t rows)
{
    ck_assert_uint_eq(ties->rows, rows);
    for (size_t r = 0; r < rows; r++) {
        const fn_tie found = fn_ties_at(ties, r);
        if (memcmp(&found, &row[r], sizeof found) != 0) ck_abort_msg("row %zu of %zu differs", r, rows);
    }
}

/* ---- adding ---- */

START_TEST(added_rows_come_back_and_only_what_differs_is_stored)
{
    uint64_t seed = (uint64_t) _i;
    const shape *s = &shapes[_i % SHAPES];
    fn_run run = support_run();
    fn_ties ties = { 0 };
    fn_tie row[600];
    size_t rows = 0;
    for (uint64_t batch = 0; batch < 40; batch++) {
        size_t more = 1 + fn_random_below(seed, 20, batch, 15);
        uint32_t from[15], to[15];
        double value[15];
        int32_t day[15];
        fn_ties_block block = { .rows = more, .from = from, .to = to, .more = random_tie(seed, 1000 + batch, s) };
        if (s->money && fn_random_below(seed, 21, batch, 2)) block.cells[FN_TIES_VALUE] = value;
        if (s->days && fn_random_below(seed, 22, batch, 2)) block.cells[FN_TIES_FIRST] = block.cells[FN_TIES_LAST] = day;
        for (size_t r = 0; r < more; r++) {
            fn_tie tie = block.more, drawn = random_tie(seed, rows + r, s);
            tie.from = from[r] = drawn.from;
            tie.to = to[r] = drawn.to;
            value[r] = drawn.value;
            day[r] = drawn.first;
            if (block.cells[FN_TIES_VALUE]) tie.value = value[r];
            if (block.cells[FN_TIES_FIRST]) tie.first = tie.last = day[r];
            row[rows + r] = tie;
        }
        if (more > 1 || block.cells[FN_TIES_VALUE] || block.cells[FN_TIES_FIRST]) ck_assert_int_eq(fn_ties_add_block(&run, &ties, &block), FN_OK);
        else ck_assert_int_eq(fn_ties_add(&run, &ties, &row[rows]), FN_OK);
        rows += more;
        assert_rows(&ties, row, rows);
        for (int c = 0; c < FN_TIES_COLUMNS; c++) {
            size_t place = fn_ties_columns[c].usual;
            bool differ = false;
            for (size_t r = 1; r < rows; r++)
                differ |= memcmp((char *) &row[r] + place, (char *) row + place, fn_ties_columns[c].size) != 0;
            ck_assert_msg(differ == (*fn_ties_cells(&ties, c) != NULL), "column %d at %zu rows", c, rows);
        }
    }
    fn_ties_free(&ties);
}
END_TEST

START_TEST(a_column_that_is_made_holds_what_was_usual)
{
    fn_run run = support_run();
    fn_tie row[3];
    for (size_t r = 0; r < 3; r++) {
        row[r] = random_tie(7, 0, &shapes[6]);
        row[r].to = (uint32_t) r;
    }
    fn_ties ties = ties_of(&run, row, 3);
    for (int c = 0; c < FN_TIES_COLUMNS; c++) {
        ck_assert_ptr_null(*fn_ties_cells(&ties, c));
        ck_assert_int_eq(fn_ties_make(&run, &ties, c), FN_OK);
        ck_assert_ptr_nonnull(*fn_ties_cells(&ties, c));
    }
    assert_rows(&ties, row, 3);
    const void *made = ties.value;
    ck_assert_int_eq(fn_ties_make(&run, &ties, FN_TIES_VALUE), FN_OK);
    ck_assert_ptr_eq(ties.value, made);
    fn_ties_cut(&ties, 1);
    assert_rows(&ties, row, 1);
    ck_assert_int_eq(fn_ties_add(&run, &ties, &row[1]), FN_OK);
    assert_rows(&ties, row, 2);
    fn_ties_free(&ties);
    ck_assert(!ties.rows && !ties.from && !ties.value);
}
END_TEST

START_TEST(a_net_takes_a_block_as_it_takes_its_records_one_by_one)
{
    fn_run run = support_run();
    for (uint64_t seed = 0; seed < 20; seed++) {
        fn_net *one[2];
        uint32_t from[50], to[50];
        double value[50];
        int32_t day[50];
        for (int way = 0; way < 2; way++) {
            ck_assert_int_eq(fn_net_new(&run, &one[way]), FN_OK);
            for (uint32_t f = 0; f < 9; f++) {
                char key = (char) ('a' + f);
                uint32_t number;
                ck_assert_int_eq(fn_net_firm(&run, one[way], &key, 1, &number), FN_OK);
            }
        }
        const shape *s = &shapes[6];
        fn_ties_block block = { .rows = 50, .from = from, .to = to, .more = random_tie(seed, 99, s) };
        if (seed % 2) block.cells[FN_TIES_VALUE] = value;
        if (seed % 3) block.cells[FN_TIES_FIRST] = block.cells[FN_TIES_LAST] = day;
        block.more.layer = FN_LAYER_KNOWLEDGE;
        for (uint32_t r = 0; r < 50; r++) {
            fn_tie tie = random_tie(seed, r, s), single = block.more;
            from[r] = single.from = tie.from % 9;
            to[r] = single.to = tie.to % 9;
            value[r] = tie.value;
            day[r] = tie.first;
            if (block.cells[FN_TIES_VALUE]) single.value = tie.value;
            if (block.cells[FN_TIES_FIRST]) single.first = single.last = tie.first;
            ck_assert_int_eq(fn_net_add(&run, one[0], &single, NULL), FN_OK);
        }
        ck_assert_int_eq(fn_net_add_block(&run, one[1], &block), FN_OK);
        ck_assert_int_eq(fn_net_records(one[1]), 50);
        for (int frozen = 0; frozen < 2; frozen++) {
            ck_assert_uint_eq(fn_net_ties(one[0]), fn_net_ties(one[1]));
            for (size_t e = 0; e < fn_net_ties(one[0]); e++) {
                const fn_tie a = fn_net_tie_at(one[0], e), b = fn_net_tie_at(one[1], e);
                ck_assert_mem_eq(&a, &b, sizeof a);
            }
            for (int way = 0; way < 2 && !frozen; way++) ck_assert_int_eq(fn_net_freeze(&run, one[way]), FN_OK);
        }
        fn_net_free(one[0]);
        fn_net_free(one[1]);
    }
}
END_TEST

/* ---- sorting ---- */

typedef struct sort_key {
    uint64_t ends, rest; /* rest: layer, currency, row */
} sort_key;

static int by_key(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->ends != y->ends) return x->ends < y->ends ? -1 : 1;
    return x->rest < y->rest ? -1 : x->rest > y->rest;
}

/* The rows in order, and where each stood. */
static fn_tie *sorted_slowly(const fn_tie *row, size_t rows, uint32_t *record)
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

static void assert_sorts(const fn_tie *row, size_t rows, uint32_t firms, int threads)
{
    uint32_t *wanted = malloc((rows + 1) * sizeof *wanted), *record = malloc((rows + 1) * sizeof *record);
    fn_tie *sorted = sorted_slowly(row, rows, wanted);
    fn_run run = support_run();
    run.threads = threads;
    fn_ties ties = ties_of(&run, row, rows);
    memset(record, 0xff, (rows + 1) * sizeof *record);
    ck_assert_int_eq(fn_ties_sort(&run, &ties, firms, record), FN_OK);
    assert_rows(&ties, sorted, rows);
    ck_assert_uint_eq(ties.capacity, rows);
    ck_assert_mem_eq(record, wanted, rows * sizeof *record);
    ck_assert_uint_eq(record[rows], UINT32_MAX);
    ck_assert_int_eq(fn_ties_sort(&run, &ties, firms, NULL), FN_OK); /* what is sorted stays */
    assert_rows(&ties, sorted, rows);
    fn_ties_free(&ties);
    free(sorted);
    free(wanted);
    free(record);
}

START_TEST(rows_are_sorted_as_a_slow_sort_does)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 17, 1000 };
    const shape *s = &shapes[_i];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            fn_tie *row = random_rows(seed, sizes[k], s);
            assert_sorts(row, sizes[k], s->firms, 1 + (int) seed % 3);
            free(row);
        }
}
END_TEST

START_TEST(equal_rows_keep_their_order)
{
    fn_tie row[500];
    for (int32_t r = 0; r < 500; r++) {
        row[r] = random_tie(1, 1, &shapes[4]);
        row[r].first = row[r].last = r;
        row[r].from = r == 400 ? 0 : 29; /* one row keeps the others from being sorted already */
    }
    assert_sorts(row, 500, 30, 1);
    assert_sorts(row, 400, 30, 2);
}
END_TEST

/* More rows than one step deals out, more than one bucket holds, with a hub that is larger than a bucket. */
START_TEST(many_rows_are_sorted_and_merged_alike_on_any_number_of_threads)
{
    enum { ROWS = 620000 };
    const shape s = { .firms = 150000, .hubs = _i == 1, .money = _i != 1, .layers = _i == 2 };
    fn_tie *row = random_rows(3, ROWS, &s);
    uint32_t *wanted = malloc(ROWS * sizeof *wanted), *record = malloc(ROWS * sizeof *record);
    fn_tie *sorted = sorted_slowly(row, ROWS, wanted);
    fn_ties first = { 0 };
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        run.threads = threads;
        fn_ties ties = ties_of(&run, row, ROWS);
        ck_assert_int_eq(fn_ties_sort(&run, &ties, s.firms, record), FN_OK);
        if (threads == 1) assert_rows(&ties, sorted, ROWS);
        ck_assert_mem_eq(record, wanted, ROWS * sizeof *record);
        ck_assert_int_eq(fn_ties_merge(&run, &ties, record), FN_OK);
        if (threads == 1) {
            first = ties;
            continue;
        }
        ck_assert_uint_eq(ties.rows, first.rows);
        ck_assert_mem_eq(ties.from, first.from, first.rows * sizeof *first.from);
        ck_assert_mem_eq(ties.to, first.to, first.rows * sizeof *first.to);
        for (int c = 0; c < FN_TIES_COLUMNS; c++) {
            const void *cells = *fn_ties_cells(&ties, c), *same = *fn_ties_cells(&first, c);
            ck_assert_int_eq(cells != NULL, same != NULL);
            if (cells) ck_assert_mem_eq(cells, same, first.rows * fn_ties_columns[c].size);
        }
        fn_ties_free(&ties);
    }
    fn_ties_free(&first);
    free(sorted);
    free(wanted);
    free(record);
    free(row);
}
END_TEST

/* ---- merging ---- */

/* Money and weights in whole cents; NaN: none of the rows has any. */
static double sum_of_cents(const fn_tie *row, size_t rows, size_t place)
{
    int64_t sum = 0;
    bool any = false;
    for (size_t r = 0; r < rows; r++) {
        double amount;
        memcpy(&amount, (const char *) &row[r] + place, sizeof amount);
        if (isnan(amount)) continue;
        sum += llround(amount * 100);
        any = true;
    }
    return any ? (double) sum / 100 : NAN;
}

static fn_tie merged_slowly(const fn_tie *row, size_t rows)
{
    fn_tie tie = row[0];
    if (rows == 1) return tie;
    tie.value = sum_of_cents(row, rows, offsetof(fn_tie, value));
    tie.weight = sum_of_cents(row, rows, offsetof(fn_tie, weight));
    tie.count = 0;
    const fn_tie *dearest = NULL;
    for (size_t r = 0; r < rows; r++) {
        tie.count += row[r].count;
        int32_t first = row[r].first, last = row[r].last;
        if (first != FN_DAY_NONE && (tie.first == FN_DAY_NONE || first < tie.first)) tie.first = first;
        if (last != FN_DAY_NONE && (tie.last == FN_DAY_NONE || last > tie.last)) tie.last = last;
        if (row[r].product == FN_NONE) continue;
        double price = isnan(row[r].value) ? -INFINITY : row[r].value;
        if (!dearest || price > (isnan(dearest->value) ? -INFINITY : dearest->value)) dearest = &row[r];
    }
    tie.product = dearest ? dearest->product : FN_NONE;
    return tie;
}

static bool same_amount(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void assert_same_tie(const fn_tie *found, const fn_tie *wanted, size_t row)
{
    fn_tie a = *found, b = *wanted;
    if (!same_amount(a.value, b.value)) ck_abort_msg("value of tie %zu: %.17g, not %.17g", row, a.value, b.value);
    if (!same_amount(a.weight, b.weight)) ck_abort_msg("weight of tie %zu: %.17g, not %.17g", row, a.weight, b.weight);
    a.value = b.value = a.weight = b.weight = 0;
    if (memcmp(&a, &b, sizeof a) != 0) ck_abort_msg("tie %zu differs", row);
}

/* Where the tie ends that begins at row `first` of the sorted rows. */
static size_t tie_end(const fn_tie *sorted, size_t rows, size_t first)
{
    size_t end = first + 1;
    const fn_tie *a = &sorted[first];
    for (; end < rows; end++) {
        const fn_tie *b = &sorted[end];
        if (a->from != b->from || a->to != b->to || a->layer != b->layer || a->currency != b->currency) break;
    }
    return end;
}

static void assert_merges(const fn_tie *row, size_t rows, uint32_t firms, int threads)
{
    uint32_t *wanted = malloc((rows + 1) * sizeof *wanted), *record = malloc((rows + 1) * sizeof *record);
    fn_tie *sorted = sorted_slowly(row, rows, wanted);
    fn_run run = support_run();
    run.threads = threads;
    fn_ties ties = ties_of(&run, row, rows);
    bool columns[FN_TIES_COLUMNS], recorded = threads != 2;
    for (int c = 0; c < FN_TIES_COLUMNS; c++) columns[c] = *fn_ties_cells(&ties, c) != NULL;
    ck_assert_int_eq(fn_ties_sort(&run, &ties, firms, record), FN_OK);
    ck_assert_int_eq(fn_ties_merge(&run, &ties, recorded ? record : NULL), FN_OK);
    size_t made = 0;
    for (size_t r = 0, end; r < rows; r = end, made++) {
        end = tie_end(sorted, rows, r);
        if (made >= ties.rows) ck_abort_msg("only %zu ties", ties.rows);
        const fn_tie tie = merged_slowly(sorted + r, end - r), found = fn_ties_at(&ties, made);
        assert_same_tie(&found, &tie, made);
        if (recorded && record[made] != wanted[r]) ck_abort_msg("record of tie %zu", made);
    }
    ck_assert_uint_eq(ties.rows, made);
    for (int c = 0; c < FN_TIES_COLUMNS && made == rows; c++)
        ck_assert_int_eq(*fn_ties_cells(&ties, c) != NULL, columns[c]); /* nothing to add up: nothing new */
    fn_ties_free(&ties);
    free(sorted);
    free(wanted);
    free(record);
}

START_TEST(rows_of_one_tie_are_added_up_exactly)
{
    static const size_t sizes[] = { 0, 1, 2, 60, 1000 };
    const shape *s = &shapes[_i];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            fn_tie *row = random_rows(seed, sizes[k], s);
            assert_merges(row, sizes[k], s->firms, 1 + (int) seed % 3);
            free(row);
        }
}
END_TEST

START_TEST(money_that_is_the_same_in_all_rows_is_added_too)
{
    for (int which = 0; which < 3; which++) {
        fn_tie row[7];
        for (uint32_t r = 0; r < 7; r++) {
            row[r] = random_tie(2, 0, &shapes[1]);
            row[r].from = r % 2;
            row[r].to = 3;
            if (which == 1) row[r].value = 0.1;
            if (which == 2) row[r].weight = 0.25;
        }
        assert_merges(row, 7, 40, 1);
    }
}
END_TEST

START_TEST(a_tie_keeps_the_product_of_its_dearest_row_the_first_of_equal_ones)
{
    static const struct { double value[3]; uint32_t product[3], kept; } cases[] = {
        { { 1, 3, 3 }, { 7, 8, 9 }, 8 },          { { NAN, -1, NAN }, { 7, 8, 9 }, 8 },
        { { NAN, NAN, NAN }, { FN_NONE, 8, 9 }, 8 }, { { 5, 1, 2 }, { FN_NONE, 8, 9 }, 9 },
        { { 1, 2, 2 }, { 7, FN_NONE, FN_NONE }, 7 }, { { 0, -0.0, 0 }, { 7, 8, 9 }, 7 }
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        fn_run run = support_run();
        fn_tie row[3];
        for (int r = 0; r < 3; r++) {
            row[r] = random_tie(1, 0, &shapes[0]);
            row[r].value = cases[k].value[r];
            row[r].product = cases[k].product[r];
        }
        fn_ties ties = ties_of(&run, row, 3);
        ck_assert_int_eq(fn_ties_merge(&run, &ties, NULL), FN_OK);
        ck_assert_uint_eq(ties.rows, 1);
        ck_assert_uint_eq(fn_ties_at(&ties, 0).product, cases[k].kept);
        ck_assert_int_eq(fn_ties_at(&ties, 0).count, 3);
        fn_ties_free(&ties);
    }
}
END_TEST

/* Ties of more rows than the stretches that are merged for themselves, beginning and ending anywhere. */
START_TEST(long_ties_are_added_up_across_stretches)
{
    enum { ROWS = 330000 };
    fn_tie *row = malloc(ROWS * sizeof *row);
    for (uint64_t r = 0; r < ROWS; r++) {
        row[r] = random_tie(4, r, &shapes[2]);
        row[r].from = r < 10 ? 0 : r < 150000 ? 1 : r < 150001 ? 2 : r < 196608 ? 3 : 4; /* 3 · 65536 is a border */
        if (r < 290000) row[r].to = 0;
    }
    for (int threads = 1; threads <= 3; threads++) assert_merges(row, ROWS, 5, threads);
    free(row);
}
END_TEST

/* ---- failures ---- */

static fn_status build_ties(fn_run *run, fn_ties *ties, const fn_tie *row, size_t rows, uint32_t firms,
                            uint32_t *record)
{
    fn_status status = FN_OK;
    for (size_t r = 0; !status && r < rows; r++) status = fn_ties_add(run, ties, &row[r]);
    if (!status) status = fn_ties_sort(run, ties, firms, record);
    if (!status) status = fn_ties_merge(run, ties, record);
    return status;
}

START_TEST(every_failing_allocation_of_ties_is_an_error)
{
    enum { ROWS = 80 };
    uint32_t record[ROWS];
    for (size_t k = 0; k < SHAPES; k++) {
        fn_tie *row = random_rows(5, ROWS, &shapes[k]);
        row[0].from = row[1].from = shapes[k].firms - 1; /* two rows of one tie, at least */
        row[1] = row[0];
        bool failed = true;
        for (long call = 0; failed; call++) {
            fn_run run = support_run();
            run.threads = k == 2 ? 2 : 1;
            fn_ties ties = { 0 };
            fn_memory_fail_at(call, false);
            fn_status status = build_ties(&run, &ties, row, ROWS, shapes[k].firms, record);
            failed = fn_memory_calls() > call;
            fn_memory_fail_at(-1, false);
            fn_ties_free(&ties);
            ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
            ck_assert_int_eq(run.error.status, status);
        }
        free(row);
    }
}
END_TEST

static int polls_left;

static bool stop_later(void *user, const char *stage, double done)
{
    (void) user;
    (void) stage;
    ck_assert(done >= 0 && done <= 1);
    return polls_left-- > 0;
}

START_TEST(sorting_can_be_cancelled)
{
    enum { ROWS = 5000 };
    const shape s = { .firms = 70000, .money = true };
    fn_tie *row = random_rows(6, ROWS, &s);
    int cancelled = 0;
    for (fn_status status = FN_ECANCEL; status; cancelled += status == FN_ECANCEL) {
        fn_run run = support_run();
        run.progress = stop_later;
        polls_left = cancelled;
        fn_ties ties = ties_of(&run, row, ROWS);
        status = fn_ties_sort(&run, &ties, s.firms, NULL);
        ck_assert(status == FN_OK || status == FN_ECANCEL);
        ck_assert_int_eq(run.error.status, status);
        fn_ties_free(&ties);
    }
    ck_assert_int_ge(cancelled, 2);
    free(row);
}
END_TEST

Suite *suite_ties(void)
{
    Suite *suite = suite_create("ties");
    TCase *adding = tcase_create("adding");
    tcase_add_loop_test(adding, added_rows_come_back_and_only_what_differs_is_stored, 0, 3 * SHAPES);
    tcase_add_test(adding, a_column_that_is_made_holds_what_was_usual);
    tcase_add_test(adding, a_net_takes_a_block_as_it_takes_its_records_one_by_one);
    suite_add_tcase(suite, adding);
    TCase *sorting = tcase_create("sorting");
    tcase_set_timeout(sorting, 60); /* three times 620 000 rows, under sanitizers too */
    tcase_add_loop_test(sorting, rows_are_sorted_as_a_slow_sort_does, 0, SHAPES);
    tcase_add_test(sorting, equal_rows_keep_their_order);
    tcase_add_loop_test(sorting, many_rows_are_sorted_and_merged_alike_on_any_number_of_threads, 0, 3);
    suite_add_tcase(suite, sorting);
    TCase *merging = tcase_create("merging");
    tcase_set_timeout(merging, 60);
    tcase_add_loop_test(merging, rows_of_one_tie_are_added_up_exactly, 0, SHAPES);
    tcase_add_test(merging, money_that_is_the_same_in_all_rows_is_added_too);
    tcase_add_test(merging, a_tie_keeps_the_product_of_its_dearest_row_the_first_of_equal_ones);
    tcase_add_test(merging, long_ties_are_added_up_across_stretches);
    suite_add_tcase(suite, merging);
    TCase *failures = tcase_create("failures");
    tcase_add_test(failures, every_failing_allocation_of_ties_is_an_error);
    tcase_add_test(failures, sorting_can_be_cancelled);
    suite_add_tcase(suite, failures);
    return suite;
}
