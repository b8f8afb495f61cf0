/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_scan(void);

static fn_search exhaustive_search;

/* The best of all partitions. */
static fn_status exhaustive_search(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                   fn_partition **partition)
{
    fn_partition *made = fn_alloc(run, 1, sizeof *made);
    made->firms = view->firms;
    made->cluster = fn_alloc(run, view->firms, sizeof *made->cluster);
    made->quality = best_quality(run, view, options, made->cluster);
    *partition = made;
    return fn_partition_relabel(run, made->firms, made->cluster, &made->clusters);
}

static fn_table *scan(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search, double low,
                      double high, fn_runs *plateaus)
{
    fn_scan_options wanted = { low, high, 60 };
    fn_table *table = NULL;
    fn_status status = fn_scan(run, view, options, search, &wanted, &table, plateaus);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return table;
}

static double cell(const fn_table *table, const char *name, size_t row)
{
    return fn_table_find(table, name)->real[row];
}

START_TEST(two_cycles_part_where_the_lines_meet)
{
    fn_run run = support_run();
    fn_net *net = support_net(&run, 6, 7, two_cycles, NULL);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_table *table = scan(&run, view, &options, fn_leiden, .1, 1, NULL);
    /* all together 1 - gamma, both cycles 6/7 - gamma / 2: they meet at 2/7 */
    ck_assert_uint_eq(table->rows, 2);
    ck_assert_double_eq(cell(table, "resolution_from", 0), .1);
    ck_assert_double_eq_tol(cell(table, "resolution_to", 0), 2.0 / 7, 1e-14);
    ck_assert_double_eq(cell(table, "resolution_from", 1), cell(table, "resolution_to", 0));
    ck_assert_double_eq(cell(table, "resolution_to", 1), 1);
    ck_assert_double_eq_tol(cell(table, "inside", 1), 6.0 / 7, 1e-14);
    ck_assert_double_eq_tol(cell(table, "expected", 1), .5, 1e-14);
    ck_assert_double_eq_tol(cell(table, "plateau", 1), log(3.5), 1e-14);
    ck_assert_double_eq_tol(cell(table, "resolution", 1), sqrt(2.0 / 7), 1e-14);
    ck_assert_double_eq_tol(cell(table, "quality", 1), 6.0 / 7 - sqrt(2.0 / 7) / 2, 1e-14);
    ck_assert_int_eq(fn_table_find(table, "clusters")->integer[0], 1);
    ck_assert_int_eq(fn_table_find(table, "clusters")->integer[1], 2);
    ck_assert_int_eq(fn_table_find(table, "largest")->integer[1], 3);
    ck_assert_double_eq(cell(table, "nmi_next", 0), 0);
    ck_assert_double_eq(cell(table, "nmi_before", 1), 0);
    ck_assert_double_nan(cell(table, "nmi_before", 0));
    ck_assert_double_nan(cell(table, "nmi_next", 1));
    fn_table_free(table);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(with_an_exact_search_the_plateaus_are_the_envelope_of_all_partitions)
{
    enum { FIRMS = 6, TIES = 11 };
    test_tie ties[TIES];
    for (uint64_t seed = 1; seed <= 6; seed++) {
        fn_run run = support_run();
        fn_runs plateaus = { 0 };
        uint32_t best[SMALL_FIRMS];
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_kind(_i, 1);
        fn_table *table = scan(&run, view, &options, exhaustive_search, .05, 8, &plateaus);
        ck_assert_uint_eq(table->rows, (size_t) plateaus.count);
        ck_assert_double_eq(cell(table, "resolution_from", 0), .05);
        ck_assert_double_eq(cell(table, "resolution_to", table->rows - 1), 8);
        for (size_t row = 0; row < table->rows; row++) {
            double from = cell(table, "resolution_from", row), to = cell(table, "resolution_to", row);
            ck_assert_double_lt(from, to);
            if (row) ck_assert_double_eq(from, cell(table, "resolution_to", row - 1));
            for (int k = 0; k <= 4; k++) {
                options.resolution = from + k * (to - from) / 4;
                double at = quality_of(&run, view, plateaus.partition[row]->cluster, &options);
                ck_assert_double_eq_tol(at, best_quality(&run, view, &options, best), 1e-11);
                ck_assert_double_eq_tol(at, cell(table, "inside", row) - options.resolution *
                                            cell(table, "expected", row), 1e-11);
            }
        }
        fn_runs_free(&plateaus);
        fn_table_free(table);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(no_plateau_tops_another_within_its_own_and_threads_change_nothing)
{
    fn_table *first = NULL;
    enum { FIRMS = 150, TIES = 500 };
    test_tie ties[TIES];
    random_ties(2, FIRMS, TIES, ties);
    for (size_t i = 0; i < TIES; i++)
        if (i % 3) ties[i].to = ties[i].from / 15 * 15 + ties[i].to % 15;
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        run.threads = threads;
        fn_net *net = net_of(&run, FIRMS, TIES, ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        fn_table *table = scan(&run, view, &options, fn_leiden, .2, 5, NULL);
        ck_assert_uint_gt(table->rows, 3);
        for (size_t a = 0; a < table->rows; a++)
            for (size_t b = 0; b < table->rows; b++)
                ck_assert_double_le(cell(table, "inside", b) - cell(table, "resolution", a) *
                                    cell(table, "expected", b), cell(table, "quality", a) + 1e-12);
        if (first) {
            ck_assert_uint_eq(table->rows, first->rows);
            for (size_t row = 0; row < table->rows; row++)
                ck_assert_double_eq(cell(table, "resolution_to", row), cell(first, "resolution_to", row));
            fn_table_free(table);
        } else {
            first = table;
        }
        fn_view_free(view);
        fn_net_free(net);
    }
    fn_table_free(first);
}
END_TEST

START_TEST(scans_that_can_not_be_are_refused)
{
    static const fn_scan_options wrong[] = {
        { 0, 1, 9 }, { 1, 1, 9 }, { 2, 1, 9 }, { -1, 1, 9 }, { NAN, 1, 9 }, { 1, NAN, 9 }, { 1, INFINITY, 9 },
        { 1, 2, 1 }
    };
    fn_run quiet = support_run();
    fn_net *net = star_net(&quiet), *none = net_of(&quiet, 3, 0, NULL);
    fn_view *view = support_view(&quiet, net), *empty = support_view(&quiet, none);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_table *table = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fn_run run = support_run();
        ck_assert_int_eq(fn_scan(&run, view, &options, fn_leiden, &wrong[i], &table, NULL), FN_EINVAL);
    }
    fn_run run = support_run();
    fn_scan_options right = { 1, 2, 9 };
    ck_assert_int_eq(fn_scan(&run, empty, &options, fn_leiden, &right, &table, NULL), FN_EINVAL);
    ck_assert_ptr_null(table);
    fn_view_free(view);
    fn_view_free(empty);
    fn_net_free(net);
    fn_net_free(none);
}
END_TEST

START_TEST(a_scan_can_be_stopped_and_survives_failing_allocations)
{
    fn_run quiet = support_run();
    fn_net *net = star_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_scan_options wanted = { .2, 4, 8 };
    fn_table *table = NULL;
    fn_status status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_memory_fail_at(k, false);
        status = fn_scan(&run, view, &options, fn_leiden, &wanted, &table, NULL);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_eq(run.error.status, status);
        ck_assert((table != NULL) == (status == FN_OK));
    }
    fn_table_free(table);
    fn_run run = support_run();
    run.progress = support_stop;
    ck_assert_int_eq(fn_scan(&run, view, &options, fn_leiden, &wanted, &table, NULL), FN_ECANCEL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_scan(void)
{
    Suite *suite = suite_create("scan");
    TCase *scans = tcase_create("scan");
    tcase_set_timeout(scans, 60);
    tcase_add_test(scans, two_cycles_part_where_the_lines_meet);
    tcase_add_loop_test(scans, with_an_exact_search_the_plateaus_are_the_envelope_of_all_partitions, 0, 4);
    tcase_add_test(scans, no_plateau_tops_another_within_its_own_and_threads_change_nothing);
    tcase_add_test(scans, scans_that_can_not_be_are_refused);
    tcase_add_test(scans, a_scan_can_be_stopped_and_survives_failing_allocations);
    suite_add_tcase(suite, scans);
    return suite;
}
