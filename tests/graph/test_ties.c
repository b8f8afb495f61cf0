/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/random.h"
#include "tests/graph/tie_rows.h"
#include "tests/suite.h"

Suite *suite_ties(void);

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

START_TEST(sorting_can_be_cancelled)
{
    enum { ROWS = 5000 };
    const shape s = { .firms = 70000, .money = true };
    fn_tie *row = random_rows(6, ROWS, &s);
    int cancelled = 0;
    for (fn_status status = FN_ECANCEL; status; cancelled += status == FN_ECANCEL) {
        fn_run run = support_run();
        int polls_left = cancelled;
        run.progress = support_stop_later;
        run.user = &polls_left;
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
    tcase_add_test(sorting, sorting_can_be_cancelled);
    suite_add_tcase(suite, sorting);
    return suite;
}
