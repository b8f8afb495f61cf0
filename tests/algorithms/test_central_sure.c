/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/economy.h"
#include "tests/suite.h"

Suite *suite_central_sure(void);

/* How sure a central company is: firms a and b buy from c, d and e. */
enum { FIRMS = 5 };

typedef struct purchase {
    uint32_t buyer, product, winner;
    double value;
    bool direct;
} purchase;

typedef struct judged {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *heads, *members;
} judged;

static judged judge(const purchase *bought, size_t count, const fn_central_options *options, uint64_t seed)
{
    judged j = { .run = support_run() };
    uint32_t cluster[FIRMS] = { 0 }, number;
    fn_central_options defaults;
    fn_central_defaults(&defaults);
    j.run.seed = seed;
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    for (uint32_t k = 0; k < FIRMS; k++) ck_assert_int_eq(fn_net_firm(&j.run, j.net, &"abcde"[k], 1, &number), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_product(&j.run, j.net, &"xyz"[k], 1, &number), FN_OK);
    for (size_t k = 0; k < count; k++) {
        const purchase *p = &bought[k];
        uint32_t other = p->winner == 2 ? 3 : 2;
        uint32_t bidder[2] = { p->winner < other ? p->winner : other, p->winner < other ? other : p->winner };
        fn_tie tie = { .from = p->winner, .to = p->buyer, .product = p->product, .layer = FN_LAYER_SUPPLY,
                       .value = p->value, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        fn_tender t = { .buyer = p->buyer, .product = p->product, .bids_known = true, .day = FN_DAY_NONE,
                        .value = p->value };
        ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
        ck_assert_int_eq(fn_net_add_tender(&j.run, j.net, &t, p->direct ? &p->winner : bidder, p->direct ? 1 : 2,
                                           &p->winner, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    j.view = support_view(&j.run, j.net);
    ck_assert_int_eq(fn_central_company(&j.run, j.view, cluster, 1, options ? options : &defaults, &j.heads, &j.members,
                                        NULL, NULL), FN_OK);
    return j;
}

static void forget(judged *j)
{
    fn_table_free(j->heads);
    fn_table_free(j->members);
    fn_view_free(j->view);
    fn_net_free(j->net);
}

static double real(const judged *j, const char *column)
{
    return fn_table_find(j->heads, column)->real[0];
}

static const char *text(const judged *j, const char *column)
{
    return fn_column_text(fn_table_find(j->heads, column), 0, NULL);
}

static int64_t rank(const judged *j, const char *column, size_t row)
{
    return fn_table_find(j->members, column)->integer[row];
}

START_TEST(who_buys_alone_is_first_in_every_resample)
{
    const purchase bought[] = { { 0, 0, 2, 4, 0 }, { 0, 1, 3, 4, 0 }, { 0, 2, 4, 4, 0 }, { 0, 0, 3, 4, 0 } };
    judged j = judge(bought, 4, NULL, 1);
    ck_assert_str_eq(text(&j, "central_company"), "a");
    ck_assert_double_eq(real(&j, "support"), 1);
    ck_assert_double_eq(real(&j, "gap_by_count"), 1);
    ck_assert_double_eq(real(&j, "agreement"), 1);
    ck_assert_int_eq(rank(&j, "rank_low", 0), 1);
    ck_assert_int_eq(rank(&j, "rank_high", 0), 1);
    ck_assert_int_eq(rank(&j, "rank_low", 1), FN_INT_NONE); /* is supplied by nobody */
    forget(&j);
}
END_TEST

/* Six awards each, one of them a little dearer. */
START_TEST(of_two_equals_none_is_sure)
{
    purchase bought[12];
    for (uint32_t k = 0; k < 12; k++) bought[k] = (purchase) { k % 2, k / 2 % 3, 2 + k / 4, k ? 10 : 14, false };
    judged j = judge(bought, 12, NULL, 1);
    ck_assert_str_eq(text(&j, "central_company"), "");
    ck_assert_str_eq(text(&j, "first_candidate"), "a");
    ck_assert_double_lt(real(&j, "support"), 0.8);
    ck_assert_double_gt(real(&j, "support"), 0.3);
    ck_assert_double_lt(real(&j, "gap_low"), 0);
    ck_assert_int_eq(rank(&j, "rank_low", 1), 1);
    ck_assert_int_eq(rank(&j, "rank_high", 0), 2);
    forget(&j);
}
END_TEST

/* a: four awards of two products, b: two of them; in_share 4/6 and 2/6, all else alike. */
START_TEST(the_lead_by_awards_is_counted)
{
    const purchase bought[] = { { 0, 0, 2, 1, 0 }, { 0, 1, 3, 7, 0 }, { 0, 0, 3, 2, 0 }, { 0, 1, 4, 3, 0 },
                                { 1, 0, 2, 5, 0 }, { 1, 1, 3, 9, 0 } };
    judged j = judge(bought, 6, NULL, 1);
    const char *first = text(&j, "first_candidate");
    ck_assert_double_eq_tol(real(&j, "gap_by_count"), strcmp(first, "a") == 0 ? 0.5 : -0.5, 1e-12);
    forget(&j);
}
END_TEST

START_TEST(one_dear_contract_makes_no_head)
{
    const purchase bought[] = { { 0, 0, 2, 4, 0 }, { 0, 1, 3, 5, 0 }, { 0, 2, 4, 6, 0 }, { 1, 0, 2, 40, 0 },
                                { 1, 1, 3, 50, 0 }, { 1, 2, 4, 60, 0 } };
    judged j = judge(bought, 6, NULL, 1);
    ck_assert_str_eq(text(&j, "first_candidate"), "b");
    ck_assert_double_gt(real(&j, "gap"), 0.8);
    ck_assert_double_eq_tol(real(&j, "gap_by_count"), 0, 1e-12);
    ck_assert_str_eq(text(&j, "central_company"), "");
    ck_assert_ptr_nonnull(strstr(text(&j, "reason"), "by number of awards"));
    forget(&j);
}
END_TEST

START_TEST(who_buys_without_competition_is_no_head)
{
    const purchase bought[] = { { 0, 0, 2, 4, 1 }, { 0, 1, 3, 4, 1 }, { 0, 2, 4, 4, 0 } };
    judged j = judge(bought, 3, NULL, 1);
    ck_assert_str_eq(text(&j, "central_company"), "");
    ck_assert_str_eq(text(&j, "reason"), "share of competitive tenders below 0.5");
    forget(&j);
    fn_central_options options;
    fn_central_defaults(&options);
    options.competitive = 0.3;
    j = judge(bought, 3, &options, 1);
    ck_assert_str_eq(text(&j, "central_company"), "a");
    forget(&j);
}
END_TEST

START_TEST(seeds_draw_and_no_resamples_tell_nothing)
{
    purchase bought[12];
    for (uint32_t k = 0; k < 12; k++) bought[k] = (purchase) { k % 2, k / 2 % 3, 2 + k / 4, 10 + k, false };
    fn_central_options options;
    fn_central_defaults(&options);
    judged a = judge(bought, 12, NULL, 1), b = judge(bought, 12, NULL, 1), c = judge(bought, 12, NULL, 2);
    ck_assert_double_eq(real(&a, "gap_low"), real(&b, "gap_low"));
    ck_assert_double_eq(real(&a, "support"), real(&b, "support"));
    ck_assert_double_ne(real(&a, "support"), real(&c, "support"));
    options.resamples = 0;
    judged none = judge(bought, 12, &options, 1);
    ck_assert_double_nan(real(&none, "support"));
    ck_assert_double_nan(real(&none, "gap_low"));
    ck_assert_double_eq(real(&none, "gap_by_count"), real(&a, "gap_by_count"));
    forget(&a), forget(&b), forget(&c), forget(&none);
}
END_TEST

/* One cluster of all, so that threads share its resamples. */
START_TEST(threads_change_nothing)
{
    const fn_economy_options economy = { .firms = 60, .clusters = 2, .tenders = 300, .noise = 0.1 };
    fn_central_options options;
    fn_table *truth, *heads[3], *members[3];
    fn_net *net;
    uint32_t cluster[60] = { 0 };
    fn_run run = support_run();
    fn_central_defaults(&options);
    ck_assert_int_eq(fn_economy(&run, &economy, &net, &truth), FN_OK);
    fn_view *view = support_view(&run, net);
    for (int t = 0; t < 3; t++) {
        run.threads = t + 1;
        ck_assert_int_eq(fn_central_company(&run, view, cluster, 1, &options, &heads[t], &members[t], NULL, NULL), FN_OK);
    }
    int64_t told = 0;
    for (int t = 1; t < 3; t++) {
        ck_assert_mem_eq(fn_table_find(heads[0], "gap_low")->real, fn_table_find(heads[t], "gap_low")->real, sizeof(double));
        for (size_t row = 0; row < 60; row++) {
            static const char *const columns[] = { "rank_low", "rank_high" };
            for (int c = 0; c < 2; c++)
                ck_assert_int_eq(fn_table_find(members[0], columns[c])->integer[row],
                                 fn_table_find(members[t], columns[c])->integer[row]);
            ck_assert_mem_eq(&fn_table_find(members[0], "support")->real[row],
                             &fn_table_find(members[t], "support")->real[row], sizeof(double));
            told += fn_table_find(members[t], "rank_low")->integer[row] != FN_INT_NONE;
        }
    }
    ck_assert_int_gt(told, 32);
    for (int t = 0; t < 3; t++) fn_table_free(heads[t]), fn_table_free(members[t]);
    fn_table_free(truth);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_central_sure(void)
{
    Suite *suite = suite_create("central_sure");
    TCase *cases = tcase_create("how sure a head is");
    tcase_add_test(cases, who_buys_alone_is_first_in_every_resample);
    tcase_add_test(cases, of_two_equals_none_is_sure);
    tcase_add_test(cases, the_lead_by_awards_is_counted);
    tcase_add_test(cases, one_dear_contract_makes_no_head);
    tcase_add_test(cases, who_buys_without_competition_is_no_head);
    tcase_add_test(cases, seeds_draw_and_no_resamples_tell_nothing);
    tcase_add_test(cases, threads_change_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
