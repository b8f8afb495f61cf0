/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/slow_tails.h"
#include "tests/algorithms/worked.h"

Suite *suite_backbone(void);

/* What tells which ties are more than chance: worked numbers and tails. On small networks: test_backbone_oracle.c */

static fn_table *judge(fn_run *run, const fn_view *view, const char *name, const char *option, const char *text)
{
    return row_find_with(run, view, FN_GROUP_BACKBONE, name, option, text);
}

static size_t row_of(const fn_net *net, const char *from, const char *to)
{
    const fn_ties *ties = fn_net_tie_rows(net);
    uint32_t a = support_firm(net, from), b = support_firm(net, to);
    for (size_t row = 0; row < fn_net_ties(net); row++)
        if (ties->from[row] == a && ties->to[row] == b) return row;
    ck_abort_msg("no tie %s -> %s", from, to);
}

/* ---- worked numbers ---- */

static fn_net *four_records(fn_run *run)
{
    static const struct { const char *from, *to; int64_t count; } ties[] = {
        { "a", "b", 8 }, { "a", "c", 2 }, { "b", "c", 5 }, { "c", "a", 5 }
    };
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (int i = 0; i < 4; i++) {
        fn_tie tie = { .from = worked_firm(run, net, ties[i].from), .to = worked_firm(run, net, ties[i].to),
                       .product = FN_NONE, .value = (double) ties[i].count, .weight = NAN, .count = ties[i].count, .first = FN_DAY_NONE,
                       .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

START_TEST(noise_corrected_worked_numbers_with_the_right_prior_and_the_reference)
{
    static const char *const ends[][2] = { { "a", "b" }, { "a", "c" }, { "b", "c" }, { "c", "a" } };
    const double score[] = { 1.0 / 3, -3.0 / 11, 13.0 / 27, 3.0 / 5 };
    const double correct[] = { .043450, .228656, .056490, .073701 };
    const double reference[] = { .039708, .208091, .053990, .071386 };
    const char *const unit = _i ? "count" : "value"; /* the same here */
    fn_run run = support_run();
    fn_net *net = four_records(&run);
    fn_view *view = support_view(&run, net);
    fn_table *right = judge(&run, view, "noise-corrected", "unit", unit);
    fn_table *theirs = judge(&run, view, "noise-corrected", "nc-reference", "");
    for (int i = 0; i < 4; i++) {
        size_t row = row_of(net, ends[i][0], ends[i][1]);
        support_near(row_cell(right, "score", row), score[i], 1e-15, "score");
        support_near(row_cell(theirs, "score", row), score[i], 1e-15, "score");
        support_near(row_cell(right, "sd", row), correct[i], 5e-7, "sd");
        support_near(row_cell(theirs, "sd", row), reference[i], 5e-7, "reference sd");
        double z = score[i] / row_cell(right, "sd", row);
        support_near(row_cell(right, "p", row), 0.5 * erfc(z / sqrt(2)), 1e-14, "p");
    }
    fn_table_free(right);
    fn_table_free(theirs);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(noise_corrected_tells_nothing_where_one_firm_buys_all)
{
    /* Every firm sells all it sells to the one buyer: scores and sd are 0, but for rounding. */
    static const double weight[] = { .1, .7, 1.3, 2.9, 11, 1e-3 };
    static const uint32_t pair[][2] = { { 0, 6 }, { 1, 6 }, { 2, 6 }, { 3, 6 }, { 4, 6 }, { 5, 6 } };
    for (int turned = 0; turned < 2; turned++) {
        uint32_t ends[6][2];
        for (int i = 0; i < 6; i++) ends[i][turned] = pair[i][0], ends[i][!turned] = pair[i][1];
        fn_run run = support_run();
        fn_net *net = support_net(&run, 7, 6, (const uint32_t (*)[2]) ends, weight);
        fn_view *view = support_view(&run, net);
        fn_table *t = judge(&run, view, "noise-corrected", "unit", "value");
        for (size_t row = 0; row < 6; row++) {
            support_near(row_cell(t, "score", row), 0, 0, "score");
            support_near(row_cell(t, "sd", row), 0, 0, "sd");
            ck_assert(isnan(row_cell(t, "p", row)) && isnan(row_cell(t, "log10_p", row)));
        }
        fn_table_free(t);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(hypergeometric_worked_numbers)
{
    support_near(exp(fn_log_hypergeometric_tail(10, 4, 3, 3)), 1.0 / 30, 1e-15, "x = 3");
    support_near(exp(fn_log_hypergeometric_tail(10, 4, 3, 2)), 1.0 / 3, 1e-15, "x >= 2");
    support_near(fn_log_hypergeometric_tail(10, 4, 3, 0), 0, 0, "x >= 0");
    support_near(fn_log_hypergeometric_tail(10, 8, 7, 5), 0, 0, "x >= the least possible");
    ck_assert(isinf(fn_log_hypergeometric_tail(10, 4, 3, 4)));
}
END_TEST

START_TEST(disparity_worked_numbers_and_single_ties)
{
    static const double weight[] = { 75, 10, 10, 10, 10, 30 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 6, 7 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 8, 6, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "disparity", NULL, NULL);
    support_near(row_cell(t, "p_from", 0), .01464, 5e-6, "p_from");
    support_near(row_cell(t, "p_from", 1), .69497, 5e-6, "p_from");
    support_near(row_cell(t, "log10_p_from", 0), log10(row_cell(t, "p_from", 0)), 1e-14, "log10_p_from");
    support_near(row_cell(t, "p_to", 0), 1, 0, "p_to");
    support_near(row_cell(t, "log10_p_to", 0), 0, 0, "log10_p_to");
    ck_assert_str_eq(fn_column_text(fn_table_find(t, "single"), 0, NULL), "to");
    ck_assert_str_eq(fn_column_text(fn_table_find(t, "single"), 5, NULL), "both");
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* A path a - b - c - d and a long detour a - d: from every firm all shortest paths lead along the path. */
START_TEST(salience_of_a_path_and_of_a_detour)
{
    static const double weight[] = { 1, 1, 1, .1 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 0 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 4, 4, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "salience", NULL, NULL);
    for (size_t row = 0; row < 4; row++) {
        const fn_tie *tie = FN_TIE(net, row);
        support_near(row_cell(t, "score", row), tie->from == 3 ? 0 : 1, 0, "salience");
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(corrections_of_worked_p)
{
    /* Benjamini and Hochberg of .01, .04, .03, .005 over four tests: .02, .04, .04, .02. */
    const double p[] = { log10(.01), log10(.04), NAN, log10(.03), log10(.005) };
    const double bh[] = { .02, .04, NAN, .04, .02 }, bonferroni[] = { .04, .16, NAN, .12, .02 };
    double q[5];
    fn_run run = support_run();
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BH, 5, p, 4, q), FN_OK);
    for (int i = 0; i < 5; i++)
        if (i == 2) ck_assert(isnan(q[i]));
        else support_near(pow(10, q[i]), bh[i], 1e-15, "q");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BONFERRONI, 5, p, 4, q), FN_OK);
    for (int i = 0; i < 5; i++)
        if (i != 2) support_near(pow(10, q[i]), bonferroni[i], 1e-15, "q");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_BH, 5, p, 400, q), FN_OK);
    support_near(q[4], 0, 0, "q of the smallest among 400");
    ck_assert_int_eq(fn_correct(&run, FN_CORRECT_NONE, 5, p, 4, q), FN_OK);
    support_near(q[1], p[1], 0, "no correction");
}
END_TEST

/* ---- tails ---- */

START_TEST(tails_are_those_added_up_term_by_term)
{
    enum { MOST = 40 };
    for (int n = 1; n <= MOST; n += 3)
        for (int x = 0; x <= n; x++)
            for (int k = 1; k < 40; k += 2) {
                double p = k / 40.0 * (k % 3 ? 1 : 1e-3), wanted = slow_binomial(n, p, x);
                support_near(fn_log_binomial_tail(n, p, x), wanted, 1e-13 * (1 + fabs(wanted)), "binomial");
            }
    for (int all = 1; all <= MOST; all += 3)
        for (int marked = 0; marked <= all; marked += 2)
            for (int drawn = 0; drawn <= all; drawn++)
                for (int x = 0; x <= marked && x <= drawn; x++) {
                    double wanted = slow_hypergeometric(all, marked, drawn, x);
                    support_near(fn_log_hypergeometric_tail(all, marked, drawn, x), wanted, 1e-13 * (1 + fabs(wanted)),
                                 "hypergeometric");
                }
}
END_TEST

START_TEST(tails_far_below_the_smallest_number_are_still_known)
{
    /* P(X >= n) = p^n; all of marked among drawn: product of (drawn - i) / (all - i). */
    support_near(fn_log_binomial_tail(1e6, 1e-5, 1e6), 1e6 * log(1e-5), 1e-6, "all trials");
    double wanted = 0;
    for (int i = 0; i < 1000; i++) wanted += log((1000.0 - i) / (1e6 - i));
    support_near(fn_log_hypergeometric_tail(1e6, 1000, 1000, 1000), wanted, 1e-9, "all marked");
    /* Between whole numbers the binomial tail falls steadily. */
    for (double x = 3; x < 6; x += .125)
        ck_assert(fn_log_binomial_tail(20, .1, x) > fn_log_binomial_tail(20, .1, x + .125));
    support_near(fn_log_normal_tail(2), log(0.5 * erfc(M_SQRT2)), 1e-15, "normal");
    support_near(fn_log_normal_tail(20), -203.91715537109727, 1e-10, "normal, 20");
    support_near(fn_log_normal_tail(19.999999), fn_log_normal_tail(20.000001), 5e-5, "where the formula changes");
    support_near(fn_log_normal_tail(-1), log(1 - 0.5 * erfc(M_SQRT1_2)), 1e-15, "normal, below 0");
}
END_TEST

/* ---- co-bidding ---- */

START_TEST(bidders_are_judged_by_their_tenders)
{
    /* Ten tenders of pairs; x bids in four of them, y in three, both meet in all three: p = 1/30. */
    static const char *const bidders[][2] = {
        { "x", "y" }, { "x", "y" }, { "x", "y" }, { "x", "a" }, { "a", "b" }, { "c", "b" }, { "c", "d" }, { "a", "d" },
        { "e", "d" }, { "e", "b" }
    };
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    for (int i = 0; i < 10; i++) {
        uint32_t a = worked_firm(&run, net, bidders[i][0]), b = worked_firm(&run, net, bidders[i][1]);
        uint32_t firm[] = { a < b ? a : b, a < b ? b : a };
        fn_tender tender = { .buyer = worked_firm(&run, net, "buyer"), .product = FN_NONE, .bids_known = true, .value = NAN,
                             .day = FN_DAY_NONE };
        fn_tie tie = { .from = firm[0], .to = firm[1], .product = FN_NONE, .layer = FN_LAYER_COBID, .value = NAN, .weight = 1,
                       .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
        ck_assert_int_eq(fn_net_add_tender(&run, net, &tender, firm, 2, firm, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_view *view = support_view(&run, net);
    fn_table *t = judge(&run, view, "hypergeometric", NULL, NULL);
    size_t row = row_of(net, "x", "y");
    support_near(row_cell(t, "p", row), 1.0 / 30, 1e-15, "p");
    support_near(row_cell(t, "expected", row), 1.2, 1e-15, "expected");
    ck_assert_int_eq(fn_table_find(t, "all")->integer[row], 10);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_backbone(void)
{
    Suite *suite = suite_create("backbone");
    TCase *worked = tcase_create("worked numbers"), *tails = tcase_create("tails");
    tcase_add_loop_test(worked, noise_corrected_worked_numbers_with_the_right_prior_and_the_reference, 0, 2);
    tcase_add_test(worked, noise_corrected_tells_nothing_where_one_firm_buys_all);
    tcase_add_test(worked, hypergeometric_worked_numbers);
    tcase_add_test(worked, disparity_worked_numbers_and_single_ties);
    tcase_add_test(worked, salience_of_a_path_and_of_a_detour);
    tcase_add_test(worked, corrections_of_worked_p);
    tcase_add_test(worked, bidders_are_judged_by_their_tenders);
    suite_add_tcase(suite, worked);
    tcase_add_test(tails, tails_are_those_added_up_term_by_term);
    tcase_add_test(tails, tails_far_below_the_smallest_number_are_still_known);
    suite_add_tcase(suite, tails);
    return suite;
}
