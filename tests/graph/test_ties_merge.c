/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "tests/graph/tie_rows.h"
#include "tests/suite.h"

Suite *suite_ties_merge(void);

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

typedef struct attempt {
    const shape *shape;
    const fn_tie *row;
    size_t rows;
    uint32_t *record;
} attempt;

static fn_status build_ties(fn_run *run, void *user)
{
    const attempt *a = user;
    fn_ties ties = { 0 };
    fn_status status = FN_OK;
    run->threads = a->shape == &shapes[2] ? 2 : 1;
    for (size_t r = 0; !status && r < a->rows; r++) status = fn_ties_add(run, &ties, &a->row[r]);
    if (!status) status = fn_ties_sort(run, &ties, a->shape->firms, a->record);
    if (!status) status = fn_ties_merge(run, &ties, a->record);
    fn_ties_free(&ties);
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
        support_fail_each(build_ties, &(attempt) { &shapes[k], row, ROWS, record });
        free(row);
    }
}
END_TEST

Suite *suite_ties_merge(void)
{
    Suite *suite = suite_create("ties merged");
    TCase *merging = tcase_create("merging");
    tcase_set_timeout(merging, 60);
    tcase_add_loop_test(merging, rows_of_one_tie_are_added_up_exactly, 0, SHAPES);
    tcase_add_test(merging, money_that_is_the_same_in_all_rows_is_added_too);
    tcase_add_test(merging, a_tie_keeps_the_product_of_its_dearest_row_the_first_of_equal_ones);
    tcase_add_test(merging, long_ties_are_added_up_across_stretches);
    tcase_add_test(merging, every_failing_allocation_of_ties_is_an_error);
    suite_add_tcase(suite, merging);
    return suite;
}
