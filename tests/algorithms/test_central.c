/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "tests/algorithms/judged.h"
#include "tests/suite.h"

Suite *suite_central(void);

/* Central companies: worked numbers and single cases. By the definition, and what must not change:
 * test_central_oracle.c; how sure they are: test_central_sure.c */

START_TEST(worked_numbers_of_the_index)
{
    judged j = judged_toy(TOY_TENDERS, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "C");
    ck_assert_int_eq(judged_whole(j.heads, "cluster", 0), 1);
    ck_assert_int_eq(judged_whole(j.heads, "firms", 0), 5);
    ck_assert_double_eq_tol(judged_real(j.heads, "in_share", 0), 20.0 / 21, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "competitive", 0), 0.75, 1e-15);
    ck_assert_double_eq_tol(judged_real(j.heads, "complementarity", 0), 0.7298, 5e-5);
    ck_assert_double_eq_tol(judged_real(j.heads, "effective_products", 0), 2.2296, 5e-5);
    ck_assert_double_eq_tol(log(judged_real(j.heads, "effective_products", 0)), 0.8018, 5e-5);
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 0.5213, 5e-5);
    ck_assert_double_eq_tol(judged_real(j.heads, "variety", 0), 1, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "focus", 0), 1, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.members, "focus", judged_row(&j, "M")), 50.0 / 55, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "gap_in_strength", 0), 0.95, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "gap", 0), 1, 1e-15);
    ck_assert_double_eq_tol(judged_real(j.heads, "centralisation", 0), 15.0 / 16, 1e-15);
    ck_assert_int_eq(judged_whole(j.heads, "tenders", 0), 4);
    ck_assert_int_eq(judged_whole(j.heads, "products", 0), 3);
    ck_assert_int_eq(judged_whole(j.heads, "breadth", 0), 4);
    ck_assert_int_eq(judged_whole(j.heads, "suppliers", 0), 4);
    ck_assert_double_eq_tol(judged_real(j.heads, "exclusivity", 0), (40.0 / 45 + 1 + 1 + 10.0 / 15) / 4, 1e-12);
    /* bidders {S1,S2} of 25, {S3,S4} of 27, {S4} of 22: only 27 and 22 share one of two */
    ck_assert_double_eq_tol(judged_real(j.heads, "bidder_overlap", 0), 0.5 / 3, 1e-12);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "");
    ck_assert(j.is_central[support_firm(j.net, "C")]);
    ck_assert(!j.is_central[support_firm(j.net, "S3")]);
    ck_assert_double_eq_tol(j.index[support_firm(j.net, "C")], judged_real(j.heads, "index", 0), 1e-15);
    judged_free(&j);
}
END_TEST

START_TEST(one_kind_of_product_is_no_complementarity)
{
    judged j = judged_toy(TOY_TENDERS, NULL);
    size_t m = judged_row(&j, "M");
    ck_assert_double_eq_tol(judged_real(j.members, "in_share", m), 1, 1e-15);
    ck_assert_double_eq_tol(judged_real(j.members, "complementarity", m), 0, 1e-15);
    ck_assert_double_eq_tol(judged_real(j.members, "index", m), 0, 1e-15);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 1), "");
    ck_assert_str_eq(judged_text(j.heads, "reason", 1), "no company reaches index 0.05");
    judged_free(&j);
}
END_TEST

START_TEST(members_are_ranked_within_their_cluster)
{
    judged j = judged_toy(TOY_TENDERS, NULL);
    ck_assert_uint_eq(j.members->rows, TOY_FIRMS);
    for (size_t row = 0; row < TOY_FIRMS; row++) {
        int64_t cluster = judged_whole(j.members, "cluster", row), rank = judged_whole(j.members, "rank", row);
        bool first = row == 0 || judged_whole(j.members, "cluster", row - 1) < cluster;
        ck_assert_int_eq(rank, first ? 1 : judged_whole(j.members, "rank", row - 1) + 1);
    }
    /* S3 buys, but not by tender: not known to choose by tender */
    ck_assert_double_eq_tol(judged_real(j.members, "index", judged_row(&j, "S3")), 0, 1e-15);
    ck_assert_int_eq(judged_whole(j.members, "rank", judged_row(&j, "S3")), 2);
    ck_assert_str_eq(judged_text(j.members, "missing", judged_row(&j, "S3")), "tenders");
    ck_assert(isnan(judged_real(j.members, "competitive", judged_row(&j, "S3"))));
    ck_assert_int_eq(judged_whole(j.members, "tenders", judged_row(&j, "S3")), FN_INT_NONE);
    judged_free(&j);
}
END_TEST

START_TEST(institutions_are_no_candidates)
{
    judged j = judged_toy(TOY_TENDERS, NULL);
    ck_assert_str_eq(judged_text(j.members, "ranked_as", judged_row(&j, "A")), "authority");
    ck_assert_str_eq(judged_text(j.members, "ranked_as", judged_row(&j, "B")), "other");
    ck_assert_str_eq(judged_text(j.members, "ranked_as", judged_row(&j, "U")), "other");
    ck_assert(isnan(j.index[support_firm(j.net, "A")]));
    ck_assert_str_eq(judged_text(j.heads, "reason", 2), "fewer than 3 firms");
    judged_free(&j);
}
END_TEST

/* Everything in one cluster: A buys nothing that the ties show; make it by moving C's purchases to the authority. */
START_TEST(authority_that_would_head_is_named_apart)
{
    judged j = { .run = support_run() };
    uint32_t cluster[TOY_FIRMS] = { 0 };
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    const char *const key[] = { "A", "H", "S", "T" };
    uint32_t number, product[2], winner;
    for (size_t k = 0; k < 4; k++) {
        ck_assert_int_eq(fn_net_firm(&j.run, j.net, key[k], 1, &number), FN_OK);
        const char *kind = k ? "firm" : "authority";
        ck_assert_int_eq(fn_net_set_firm_text(&j.run, j.net, number, "kind", kind, strlen(kind)), FN_OK);
    }
    ck_assert_int_eq(fn_net_product(&j.run, j.net, "25", 2, &product[0]), FN_OK);
    ck_assert_int_eq(fn_net_product(&j.run, j.net, "27", 2, &product[1]), FN_OK);
    for (uint32_t buyer = 0; buyer < 2; buyer++) {
        for (uint32_t p = 0; p < 2; p++) {
            double value = buyer ? 10 : 30;
            winner = 2 + p;
            fn_tie tie = { .from = winner, .to = buyer, .product = product[p], .layer = FN_LAYER_SUPPLY, .value = value,
                           .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
            fn_tender t = { .buyer = buyer, .product = product[p], .bids_known = true, .day = FN_DAY_NONE,
                            .value = value };
            ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
            ck_assert_int_eq(fn_net_add_tender(&j.run, j.net, &t, (uint32_t[]) { 2, 3 }, 2, &winner, 1), FN_OK);
        }
    }
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "H");
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 0.25, 1e-12);
    ck_assert_str_eq(judged_text(j.heads, "authority", 0), "A");
    ck_assert_double_eq_tol(judged_real(j.heads, "authority_index", 0), 0.75, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "bidder_overlap", 0), 1, 1e-12);
    judged_free(&j);
}
END_TEST

/* The authority takes 99.5 of 100: the head's index is 0.005, but it takes all that reaches companies. */
START_TEST(a_large_authority_does_not_unseat_the_head)
{
    static const uint32_t pair[][2] = { { 2, 0 }, { 2, 1 } };
    static const double value[] = { 995, 5 };
    judged j = { .run = support_run() };
    uint32_t cluster[3] = { 0 }, number;
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_firm(&j.run, j.net, &"AHS"[k], 1, &number), FN_OK);
    ck_assert_int_eq(fn_net_set_firm_text(&j.run, j.net, 0, "kind", "authority", 9), FN_OK);
    for (size_t k = 0; k < 2; k++) {
        fn_tie tie = { .from = pair[k][0], .to = pair[k][1], .product = FN_NONE, .layer = FN_LAYER_SUPPLY,
                       .value = value[k], .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 0.005, 1e-12);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "H");
    ck_assert_str_eq(judged_text(j.heads, "authority", 0), "A");
    judged_free(&j);
}
END_TEST

START_TEST(a_cluster_around_an_authority_has_no_head)
{
    static const uint32_t pair[][2] = { { 1, 0 }, { 2, 0 } };
    judged j = { .run = support_run() };
    uint32_t cluster[3] = { 0 }, number;
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_firm(&j.run, j.net, &"AST"[k], 1, &number), FN_OK);
    ck_assert_int_eq(fn_net_set_firm_text(&j.run, j.net, 0, "kind", "authority", 9), FN_OK);
    for (size_t k = 0; k < 2; k++) {
        fn_tie tie = { .from = pair[k][0], .to = pair[k][1], .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = 5,
                       .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "");
    ck_assert_str_eq(judged_text(j.heads, "first_candidate", 0), "");
    ck_assert_str_eq(judged_text(j.heads, "authority", 0), "A");
    ck_assert_str_eq(judged_text(j.heads, "reason", 0),
                     "no company is supplied inside the cluster; index without tenders: not in the data");
    judged_free(&j);
}
END_TEST

START_TEST(parts_that_the_data_lacks_are_missing_and_named)
{
    judged j = judged_toy(TOY_NO_TENDERS, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "C");
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 20.0 / 21, 1e-12);
    ck_assert(isnan(judged_real(j.heads, "competitive", 0)));
    ck_assert(isnan(judged_real(j.heads, "complementarity", 0)));
    ck_assert_int_eq(judged_whole(j.heads, "breadth", 0), FN_INT_NONE);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "index without tenders: not in the data");
    judged_free(&j);

    j = judged_toy(TOY_NO_BIDS, NULL);
    ck_assert(isnan(judged_real(j.heads, "competitive", 0)));
    ck_assert(isnan(judged_real(j.heads, "bidder_overlap", 0)));
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), .9524 * .7298, 5e-5);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "index without bids: not in the data");
    judged_free(&j);

    j = judged_toy(TOY_NO_PRODUCTS, NULL);
    ck_assert(isnan(judged_real(j.heads, "complementarity", 0)));
    ck_assert_int_eq(judged_whole(j.heads, "products", 0), FN_INT_NONE);
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 20.0 / 21 * .75, 1e-12);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "index without products: not in the data");
    judged_free(&j);
}
END_TEST

START_TEST(thresholds_make_a_cluster_without_a_head)
{
    fn_central_options options;
    fn_central_defaults(&options);
    options.index = 0.6;
    judged j = judged_toy(TOY_TENDERS, &options);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "");
    ck_assert_str_eq(judged_text(j.heads, "first_candidate", 0), "C");
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 0.5213, 5e-5);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "no company reaches index 0.6");
    ck_assert(!j.is_central[support_firm(j.net, "C")]);
    judged_free(&j);
    fn_central_defaults(&options);
    options.firms = 6;
    j = judged_toy(TOY_TENDERS, &options);
    ck_assert_str_eq(judged_text(j.heads, "reason", 0), "fewer than 6 firms");
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "");
    judged_free(&j);
}
END_TEST

/* Firm 0 buys from 1, 2 and 3, but is clustered with 4, to whom it sells. */
START_TEST(a_head_clustered_with_its_customers_heads_its_suppliers)
{
    static const uint32_t pair[][2] = { { 1, 0 }, { 2, 0 }, { 3, 0 }, { 0, 4 } };
    static const double value[] = { 5, 5, 5, 50 };
    judged j = { .run = support_run() };
    uint32_t cluster[5] = { 1, 0, 0, 0, 1 };
    j.net = support_net(&j.run, 5, 4, pair, value);
    judged_of(&j, cluster, 2, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "0");
    ck_assert_str_eq(judged_text(j.heads, "reason", 0),
                     "the central company is a member of cluster 2; index without tenders: not in the data");
    ck_assert_int_eq(judged_whole(j.heads, "firms", 0), 3);
    ck_assert_int_eq(judged_whole(j.heads, "firms", 1), 2);
    ck_assert_int_eq(judged_whole(j.members, "member_of", judged_row(&j, "0")), 2);
    ck_assert_int_eq(judged_whole(j.members, "cluster", judged_row(&j, "0")), 1);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 1), "");
    ck_assert(j.is_central[0]);
    judged_free(&j);
}
END_TEST

/* Two customers with the same suppliers and the same purchases. */
START_TEST(two_equal_heads_are_no_head)
{
    static const uint32_t pair[][2] = { { 2, 0 }, { 3, 0 }, { 2, 1 }, { 3, 1 } };
    static const double value[] = { 5, 5, 5, 5 };
    judged j = { .run = support_run() };
    uint32_t cluster[4] = { 0 };
    j.net = support_net(&j.run, 4, 4, pair, value);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "");
    ck_assert_double_eq_tol(judged_real(j.heads, "gap", 0), 0, 1e-15);
    ck_assert_str_eq(judged_text(j.heads, "first_candidate", 0), "0");
    ck_assert_str_eq(judged_text(j.heads, "runner_up", 0), "1");
    ck_assert_str_eq(judged_text(j.heads, "reason", 0),
                     "lead over the runner-up below 0.2; index without tenders: not in the data");
    judged_free(&j);
}
END_TEST

START_TEST(a_tender_that_all_bidders_won_is_no_competition)
{
    judged j = { .run = support_run() };
    uint32_t cluster[3] = { 0 }, number;
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_firm(&j.run, j.net, &"abc"[k], 1, &number), FN_OK);
    fn_tie tie = { .from = 1, .to = 0, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = 4, .weight = NAN,
                   .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
    ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
    fn_tender t = { .buyer = 0, .product = FN_NONE, .bids_known = true, .day = FN_DAY_NONE, .value = 4 };
    ck_assert_int_eq(fn_net_add_tender(&j.run, j.net, &t, (uint32_t[]) { 1, 2 }, 2, (uint32_t[]) { 1, 2 }, 2), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_double_eq_tol(judged_real(j.heads, "competitive", 0), 0, 1e-15);
    ck_assert_int_eq(judged_whole(j.heads, "breadth", 0), 2);
    judged_free(&j);
}
END_TEST

/* Firm 0 buys products 0 (4), 1 (2), 2 (2) from the others, firm 1 buys products 0 and 1 for 4 each: the same money,
 * and more even, but fewer things that complement each other. */
START_TEST(a_customer_of_more_products_complements_better)
{
    static const struct { uint32_t buyer, product; double value; } bought[] = {
        { 0, 0, 4 }, { 0, 1, 2 }, { 0, 2, 2 }, { 1, 0, 4 }, { 1, 1, 4 }
    };
    judged j = { .run = support_run() };
    uint32_t cluster[4] = { 0 }, number;
    ck_assert_int_eq(fn_net_new(&j.run, &j.net), FN_OK);
    for (uint32_t k = 0; k < 4; k++) ck_assert_int_eq(fn_net_firm(&j.run, j.net, &"abcd"[k], 1, &number), FN_OK);
    for (uint32_t k = 0; k < 3; k++) ck_assert_int_eq(fn_net_product(&j.run, j.net, &"xyz"[k], 1, &number), FN_OK);
    for (size_t k = 0; k < 5; k++) {
        fn_tie tie = { .from = 2, .to = bought[k].buyer, .product = bought[k].product, .layer = FN_LAYER_SUPPLY,
                       .value = bought[k].value, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        fn_tender t = { .buyer = bought[k].buyer, .product = bought[k].product, .bids_known = true,
                        .day = FN_DAY_NONE, .value = bought[k].value };
        ck_assert_int_eq(fn_net_add(&j.run, j.net, &tie, NULL), FN_OK);
        ck_assert_int_eq(fn_net_add_tender(&j.run, j.net, &t, (uint32_t[]) { 2, 3 }, 2, (uint32_t[]) { 2 }, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(&j.run, j.net), FN_OK);
    judged_of(&j, cluster, 1, NULL);
    ck_assert_str_eq(judged_text(j.heads, "first_candidate", 0), "a"); /* of five tenders no sure head */
    double entropy = 1.5 * log(2);
    ck_assert_double_eq_tol(judged_real(j.heads, "complementarity", 0), entropy / log(3), 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "variety", 0), 1, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "index", 0), 0.5 * entropy / log(3), 1e-12);
    ck_assert_double_eq_tol(judged_real(j.members, "complementarity", 1), 1, 1e-12);
    ck_assert_double_eq_tol(judged_real(j.members, "variety", 1), log(2) / log(3), 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "runner_up_index", 0), 0.5 * log(2) / log(3), 1e-12);
    ck_assert_double_eq_tol(judged_real(j.heads, "effective_products", 0), exp(entropy), 1e-12);
    judged_free(&j);
}
END_TEST

START_TEST(odd_networks_have_answers)
{
    static const uint32_t self[][2] = { { 0, 0 }, { 0, 0 } };
    for (uint32_t firms = 0; firms < 3; firms++) {
        judged j = { .run = support_run() };
        uint32_t cluster[3] = { 0, 0, 0 };
        j.net = support_net(&j.run, firms, firms ? 2 : 0, self, NULL);
        judged_of(&j, cluster, firms ? 1 : 0, NULL);
        ck_assert_uint_eq(j.heads->rows, firms ? 1 : 0);
        ck_assert_uint_eq(j.members->rows, firms);
        if (firms) {
            ck_assert_str_eq(judged_text(j.heads, "central_company", 0), "");
            ck_assert_str_eq(judged_text(j.heads, "first_candidate", 0), "");
            ck_assert(isnan(judged_real(j.heads, "index", 0)));
        }
        judged_free(&j);
    }
}
END_TEST
Suite *suite_central(void)
{
    Suite *suite = suite_create("central");
    TCase *cases = tcase_create("central company");
    tcase_add_test(cases, worked_numbers_of_the_index);
    tcase_add_test(cases, one_kind_of_product_is_no_complementarity);
    tcase_add_test(cases, members_are_ranked_within_their_cluster);
    tcase_add_test(cases, institutions_are_no_candidates);
    tcase_add_test(cases, authority_that_would_head_is_named_apart);
    tcase_add_test(cases, a_large_authority_does_not_unseat_the_head);
    tcase_add_test(cases, a_cluster_around_an_authority_has_no_head);
    tcase_add_test(cases, parts_that_the_data_lacks_are_missing_and_named);
    tcase_add_test(cases, thresholds_make_a_cluster_without_a_head);
    tcase_add_test(cases, a_head_clustered_with_its_customers_heads_its_suppliers);
    tcase_add_test(cases, two_equal_heads_are_no_head);
    tcase_add_test(cases, a_tender_that_all_bidders_won_is_no_competition);
    tcase_add_test(cases, a_customer_of_more_products_complements_better);
    tcase_add_test(cases, odd_networks_have_answers);
    suite_add_tcase(suite, cases);
    return suite;
}
