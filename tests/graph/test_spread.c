/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "graph/memory.h"
#include "graph/partners.h"
#include "graph/random.h"
#include "graph/spread.h"
#include "tests/suite.h"

Suite *suite_spread(void);

/* ---- spread ---- */

static double number_at(const void *user, size_t place)
{
    return ((const double *) user)[place];
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

/* Numbers of many kinds: alike, far apart, below 0, missing. */
static double odd_number(uint64_t seed, uint64_t i)
{
    switch (fn_random_below(seed, 1, i, seed % 2 ? 3 : 7)) {
    case 0: return (double) fn_random_below(seed, 2, i, 10);
    case 1: return NAN;
    case 2: return (double) fn_random_below(seed, 3, i, 1000000) / 100;
    case 3: return -fn_random_unit(seed, 4, i);
    case 4: return ldexp(fn_random_unit(seed, 5, i), (int) fn_random_below(seed, 6, i, 1800) - 900);
    case 5: return -0.0;
    default: return 0x1p-1074 * (double) fn_random_below(seed, 7, i, 4);
    }
}

START_TEST(the_spread_of_numbers_is_that_of_the_sorted_numbers)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        fn_run run = support_run();
        double number[400], sorted[400];
        size_t places = (size_t) fn_random_below(seed, 9, 0, seed < 30 ? 6 : 400), n = 0;
        for (size_t i = 0; i < places; i++) {
            number[i] = odd_number(seed, i);
            if (!isnan(number[i])) sorted[n++] = number[i];
        }
        qsort(sorted, n, sizeof *sorted, ascending);
        fn_spread found;
        ck_assert_int_eq(fn_spread_find(&run, places, number_at, number, &found), FN_OK);
        ck_assert_uint_eq(found.count, n);
        if (!n) {
            ck_assert(isnan(found.least) && isnan(found.median) && isnan(found.mean) && isnan(found.greatest));
            continue;
        }
        ck_assert(found.least == sorted[0] && found.greatest == sorted[n - 1]);
        ck_assert(found.median == (sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
        ck_assert(found.mean == found.sum / (double) n);
    }
}
END_TEST

START_TEST(sums_of_money_are_exact)
{
    fn_run run = support_run();
    static const double number[] = { 0.1, 0.2, NAN, 0.3, 0.4 };
    fn_spread found;
    ck_assert_int_eq(fn_spread_find(&run, 5, number_at, number, &found), FN_OK);
    ck_assert(found.count == 4 && found.sum == 1 && found.mean == 0.25 && found.median == 0.25);
}
END_TEST

START_TEST(the_search_for_a_spread_can_fail_and_be_stopped)
{
    static const double number[] = { 3, 1, 2 };
    fn_spread found;
    fn_run run = support_run();
    fn_memory_fail_at(0, false);
    ck_assert_int_eq(fn_spread_find(&run, 3, number_at, number, &found), FN_ENOMEM);
    fn_memory_fail_at(-1, false);
    run = support_run();
    int polls_left = 0;
    run.progress = support_stop_later;
    run.user = &polls_left;
    ck_assert_int_eq(fn_spread_find(&run, 3, number_at, number, &found), FN_ECANCEL);
}
END_TEST

/* ---- partners and parts ---- */

/* A net with several layers, directed and not, and views of all of it and of parts. */
static fn_net *layered_net(fn_run *run, uint64_t seed, uint32_t firms, size_t ties)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < firms; f++) {
        uint32_t number;
        char key = (char) ('a' + f);
        ck_assert_int_eq(fn_net_firm(run, net, &key, 1, &number), FN_OK);
    }
    for (size_t e = 0; e < ties; e++) {
        const fn_tie tie = {
            .from = (uint32_t) fn_random_below(seed, 1, e, firms), .to = (uint32_t) fn_random_below(seed, 2, e, firms),
            .layer = (uint16_t) fn_random_below(seed, 3, e, 5), .value = (double) fn_random_below(seed, 4, e, 3),
            .product = FN_NONE, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

static void assert_counts(fn_run *run, const fn_view *view)
{
    fn_csr *both;
    uint32_t partners[26], part[26], size[26] = { 0 }, parts, largest, wanted, most = 0;
    ck_assert_int_eq(fn_view_partners(run, view, partners), FN_OK);
    ck_assert_int_eq(fn_view_parts(run, view, &parts, &largest), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &both), FN_OK);
    ck_assert_int_eq(fn_csr_parts(run, both, part, &wanted), FN_OK);
    for (uint32_t u = 0; u < view->firms; u++) {
        ck_assert_uint_eq(partners[u], fn_csr_degree(both, u));
        if (++size[part[u]] > most) most = size[part[u]];
    }
    ck_assert_uint_eq(parts, wanted);
    ck_assert_uint_eq(largest, most);
    fn_csr_free(both);
}

START_TEST(partners_and_parts_are_those_of_the_adjacency)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        fn_run run = support_run();
        uint32_t firms = (uint32_t) fn_random_below(seed, 8, 0, 26);
        fn_net *net = layered_net(&run, seed, firms, firms ? (size_t) fn_random_below(seed, 8, 1, 90) : 0);
        for (uint64_t layers = 0; layers < 8; layers += 3) {
            fn_view_options options = FN_VIEW_ALL;
            options.layers = layers;
            fn_view *view;
            ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_OK);
            assert_counts(&run, view);
            fn_view_free(view);
        }
        fn_net_free(net);
    }
}
END_TEST

static fn_status try_partners(fn_run *run, void *view)
{
    uint32_t partners[9];
    return fn_view_partners(run, view, partners);
}

static fn_status try_parts(fn_run *run, void *view)
{
    uint32_t parts, largest;
    return fn_view_parts(run, view, &parts, &largest);
}

START_TEST(counting_partners_and_parts_can_fail_and_be_stopped)
{
    fn_run run = support_run();
    fn_net *net = layered_net(&run, 1, 9, 30);
    fn_view *view = support_view(&run, net);
    for (int which = 0; which < 2; which++) {
        int cancelled = 0;
        ck_assert_int_eq(support_fail_each(which ? try_parts : try_partners, view), 2);
        for (fn_status status = FN_ECANCEL; status; cancelled += status == FN_ECANCEL) {
            int polls_left = cancelled;
            run = support_run();
            run.progress = support_stop_later;
            run.user = &polls_left;
            status = which ? try_parts(&run, view) : try_partners(&run, view);
            ck_assert(status == FN_OK || status == FN_ECANCEL);
        }
        ck_assert_int_ge(cancelled, 1);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_spread(void)
{
    Suite *suite = suite_create("spread");
    TCase *tests = tcase_create("spread");
    tcase_add_test(tests, the_spread_of_numbers_is_that_of_the_sorted_numbers);
    tcase_add_test(tests, sums_of_money_are_exact);
    tcase_add_test(tests, the_search_for_a_spread_can_fail_and_be_stopped);
    suite_add_tcase(suite, tests);
    TCase *counts = tcase_create("partners and parts");
    tcase_add_test(counts, partners_and_parts_are_those_of_the_adjacency);
    tcase_add_test(counts, counting_partners_and_parts_can_fail_and_be_stopped);
    suite_add_tcase(suite, counts);
    return suite;
}
