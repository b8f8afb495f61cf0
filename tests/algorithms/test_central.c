/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/economy.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/toy.h"
#include "tests/suite.h"

Suite *suite_central(void);

/* One judged network. */
typedef struct judged {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *heads, *members;
    bool is_central[64];
    double index[64];
} judged;

static void judge(judged *j, const uint32_t *cluster, uint32_t clusters, const fn_central_options *options)
{
    fn_central_options defaults;
    fn_central_defaults(&defaults);
    j->view = support_view(&j->run, j->net);
    ck_assert_uint_le(j->view->firms, 64);
    ck_assert_int_eq(fn_central_company(&j->run, j->view, cluster, clusters, options ? options : &defaults, &j->heads,
                                        &j->members, j->is_central, j->index), FN_OK);
}

static judged judge_toy(toy_tenders tenders, const fn_central_options *options)
{
    judged j = { .run = support_run() };
    uint32_t cluster[TOY_FIRMS];
    j.net = toy_net(&j.run, tenders);
    toy_clusters(j.net, cluster);
    judge(&j, cluster, TOY_CLUSTERS, options);
    return j;
}

static void forget(judged *j)
{
    fn_table_free(j->heads);
    fn_table_free(j->members);
    fn_view_free(j->view);
    fn_net_free(j->net);
}

static double real(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->type, FN_COLUMN_REAL);
    return c->real[row];
}

static int64_t whole(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->type, FN_COLUMN_INT);
    return c->integer[row];
}

static const char *text(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_ptr_nonnull(c);
    return fn_column_text(c, row, NULL);
}

static size_t row_of(const judged *j, const char *firm)
{
    for (size_t row = 0; row < j->members->rows; row++)
        if (strcmp(text(j->members, "firm", row), firm) == 0) return row;
    ck_abort_msg("no member %s", firm);
}

START_TEST(worked_numbers_of_the_index)
{
    judged j = judge_toy(TOY_TENDERS, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "C");
    ck_assert_int_eq(whole(j.heads, "cluster", 0), 1);
    ck_assert_int_eq(whole(j.heads, "firms", 0), 5);
    ck_assert_double_eq_tol(real(j.heads, "in_share", 0), 20.0 / 21, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "competitive", 0), 0.75, 1e-15);
    ck_assert_double_eq_tol(real(j.heads, "complementarity", 0), 0.7298, 5e-5);
    ck_assert_double_eq_tol(real(j.heads, "effective_products", 0), 2.2296, 5e-5);
    ck_assert_double_eq_tol(log(real(j.heads, "effective_products", 0)), 0.8018, 5e-5);
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 0.5213, 5e-5);
    ck_assert_double_eq_tol(real(j.heads, "variety", 0), 1, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "focus", 0), 1, 1e-12);
    ck_assert_double_eq_tol(real(j.members, "focus", row_of(&j, "M")), 50.0 / 55, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "gap_in_strength", 0), 0.95, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "gap", 0), 1, 1e-15);
    ck_assert_double_eq_tol(real(j.heads, "centralisation", 0), 15.0 / 16, 1e-15);
    ck_assert_int_eq(whole(j.heads, "tenders", 0), 4);
    ck_assert_int_eq(whole(j.heads, "products", 0), 3);
    ck_assert_int_eq(whole(j.heads, "breadth", 0), 4);
    ck_assert_int_eq(whole(j.heads, "suppliers", 0), 4);
    ck_assert_double_eq_tol(real(j.heads, "exclusivity", 0), (40.0 / 45 + 1 + 1 + 10.0 / 15) / 4, 1e-12);
    /* bidders {S1,S2} of 25, {S3,S4} of 27, {S4} of 22: only 27 and 22 share one of two */
    ck_assert_double_eq_tol(real(j.heads, "bidder_overlap", 0), 0.5 / 3, 1e-12);
    ck_assert_str_eq(text(j.heads, "reason", 0), "");
    ck_assert(j.is_central[support_firm(j.net, "C")]);
    ck_assert(!j.is_central[support_firm(j.net, "S3")]);
    ck_assert_double_eq_tol(j.index[support_firm(j.net, "C")], real(j.heads, "index", 0), 1e-15);
    forget(&j);
}
END_TEST

START_TEST(one_kind_of_product_is_no_complementarity)
{
    judged j = judge_toy(TOY_TENDERS, NULL);
    size_t m = row_of(&j, "M");
    ck_assert_double_eq_tol(real(j.members, "in_share", m), 1, 1e-15);
    ck_assert_double_eq_tol(real(j.members, "complementarity", m), 0, 1e-15);
    ck_assert_double_eq_tol(real(j.members, "index", m), 0, 1e-15);
    ck_assert_str_eq(text(j.heads, "central_company", 1), "");
    ck_assert_str_eq(text(j.heads, "reason", 1), "no company reaches index 0.05");
    forget(&j);
}
END_TEST

START_TEST(members_are_ranked_within_their_cluster)
{
    judged j = judge_toy(TOY_TENDERS, NULL);
    ck_assert_uint_eq(j.members->rows, TOY_FIRMS);
    for (size_t row = 0; row < TOY_FIRMS; row++) {
        int64_t cluster = whole(j.members, "cluster", row), rank = whole(j.members, "rank", row);
        bool first = row == 0 || whole(j.members, "cluster", row - 1) < cluster;
        ck_assert_int_eq(rank, first ? 1 : whole(j.members, "rank", row - 1) + 1);
    }
    /* S3 buys, but not by tender: not known to choose by tender */
    ck_assert_double_eq_tol(real(j.members, "index", row_of(&j, "S3")), 0, 1e-15);
    ck_assert_int_eq(whole(j.members, "rank", row_of(&j, "S3")), 2);
    ck_assert_str_eq(text(j.members, "missing", row_of(&j, "S3")), "tenders");
    ck_assert(isnan(real(j.members, "competitive", row_of(&j, "S3"))));
    ck_assert_int_eq(whole(j.members, "tenders", row_of(&j, "S3")), FN_INT_NONE);
    forget(&j);
}
END_TEST

START_TEST(institutions_are_no_candidates)
{
    judged j = judge_toy(TOY_TENDERS, NULL);
    ck_assert_str_eq(text(j.members, "ranked_as", row_of(&j, "A")), "authority");
    ck_assert_str_eq(text(j.members, "ranked_as", row_of(&j, "B")), "other");
    ck_assert_str_eq(text(j.members, "ranked_as", row_of(&j, "U")), "other");
    ck_assert(isnan(j.index[support_firm(j.net, "A")]));
    ck_assert_str_eq(text(j.heads, "reason", 2), "fewer than 3 firms");
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "H");
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 0.25, 1e-12);
    ck_assert_str_eq(text(j.heads, "authority", 0), "A");
    ck_assert_double_eq_tol(real(j.heads, "authority_index", 0), 0.75, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "bidder_overlap", 0), 1, 1e-12);
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 0.005, 1e-12);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "H");
    ck_assert_str_eq(text(j.heads, "authority", 0), "A");
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "");
    ck_assert_str_eq(text(j.heads, "first_candidate", 0), "");
    ck_assert_str_eq(text(j.heads, "authority", 0), "A");
    ck_assert_str_eq(text(j.heads, "reason", 0),
                     "no company is supplied inside the cluster; index without tenders: not in the data");
    forget(&j);
}
END_TEST

START_TEST(parts_that_the_data_lacks_are_missing_and_named)
{
    judged j = judge_toy(TOY_NO_TENDERS, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "C");
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 20.0 / 21, 1e-12);
    ck_assert(isnan(real(j.heads, "competitive", 0)));
    ck_assert(isnan(real(j.heads, "complementarity", 0)));
    ck_assert_int_eq(whole(j.heads, "breadth", 0), FN_INT_NONE);
    ck_assert_str_eq(text(j.heads, "reason", 0), "index without tenders: not in the data");
    forget(&j);

    j = judge_toy(TOY_NO_BIDS, NULL);
    ck_assert(isnan(real(j.heads, "competitive", 0)));
    ck_assert(isnan(real(j.heads, "bidder_overlap", 0)));
    ck_assert_double_eq_tol(real(j.heads, "index", 0), .9524 * .7298, 5e-5);
    ck_assert_str_eq(text(j.heads, "reason", 0), "index without bids: not in the data");
    forget(&j);

    j = judge_toy(TOY_NO_PRODUCTS, NULL);
    ck_assert(isnan(real(j.heads, "complementarity", 0)));
    ck_assert_int_eq(whole(j.heads, "products", 0), FN_INT_NONE);
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 20.0 / 21 * .75, 1e-12);
    ck_assert_str_eq(text(j.heads, "reason", 0), "index without products: not in the data");
    forget(&j);
}
END_TEST

START_TEST(thresholds_make_a_cluster_without_a_head)
{
    fn_central_options options;
    fn_central_defaults(&options);
    options.index = 0.6;
    judged j = judge_toy(TOY_TENDERS, &options);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "");
    ck_assert_str_eq(text(j.heads, "first_candidate", 0), "C");
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 0.5213, 5e-5);
    ck_assert_str_eq(text(j.heads, "reason", 0), "no company reaches index 0.6");
    ck_assert(!j.is_central[support_firm(j.net, "C")]);
    forget(&j);
    fn_central_defaults(&options);
    options.firms = 6;
    j = judge_toy(TOY_TENDERS, &options);
    ck_assert_str_eq(text(j.heads, "reason", 0), "fewer than 6 firms");
    ck_assert_str_eq(text(j.heads, "central_company", 0), "");
    forget(&j);
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
    judge(&j, cluster, 2, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "0");
    ck_assert_str_eq(text(j.heads, "reason", 0),
                     "the central company is a member of cluster 2; index without tenders: not in the data");
    ck_assert_int_eq(whole(j.heads, "firms", 0), 3);
    ck_assert_int_eq(whole(j.heads, "firms", 1), 2);
    ck_assert_int_eq(whole(j.members, "member_of", row_of(&j, "0")), 2);
    ck_assert_int_eq(whole(j.members, "cluster", row_of(&j, "0")), 1);
    ck_assert_str_eq(text(j.heads, "central_company", 1), "");
    ck_assert(j.is_central[0]);
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_str_eq(text(j.heads, "central_company", 0), "");
    ck_assert_double_eq_tol(real(j.heads, "gap", 0), 0, 1e-15);
    ck_assert_str_eq(text(j.heads, "first_candidate", 0), "0");
    ck_assert_str_eq(text(j.heads, "runner_up", 0), "1");
    ck_assert_str_eq(text(j.heads, "reason", 0),
                     "lead over the runner-up below 0.2; index without tenders: not in the data");
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_double_eq_tol(real(j.heads, "competitive", 0), 0, 1e-15);
    ck_assert_int_eq(whole(j.heads, "breadth", 0), 2);
    forget(&j);
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
    judge(&j, cluster, 1, NULL);
    ck_assert_str_eq(text(j.heads, "first_candidate", 0), "a"); /* of five tenders no sure head */
    double entropy = 1.5 * log(2);
    ck_assert_double_eq_tol(real(j.heads, "complementarity", 0), entropy / log(3), 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "variety", 0), 1, 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "index", 0), 0.5 * entropy / log(3), 1e-12);
    ck_assert_double_eq_tol(real(j.members, "complementarity", 1), 1, 1e-12);
    ck_assert_double_eq_tol(real(j.members, "variety", 1), log(2) / log(3), 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "runner_up_index", 0), 0.5 * log(2) / log(3), 1e-12);
    ck_assert_double_eq_tol(real(j.heads, "effective_products", 0), exp(entropy), 1e-12);
    forget(&j);
}
END_TEST

START_TEST(odd_networks_have_answers)
{
    static const uint32_t self[][2] = { { 0, 0 }, { 0, 0 } };
    for (uint32_t firms = 0; firms < 3; firms++) {
        judged j = { .run = support_run() };
        uint32_t cluster[3] = { 0, 0, 0 };
        j.net = support_net(&j.run, firms, firms ? 2 : 0, self, NULL);
        judge(&j, cluster, firms ? 1 : 0, NULL);
        ck_assert_uint_eq(j.heads->rows, firms ? 1 : 0);
        ck_assert_uint_eq(j.members->rows, firms);
        if (firms) {
            ck_assert_str_eq(text(j.heads, "central_company", 0), "");
            ck_assert_str_eq(text(j.heads, "first_candidate", 0), "");
            ck_assert(isnan(real(j.heads, "index", 0)));
        }
        forget(&j);
    }
}
END_TEST

/* Where a company stands, by the definition. */
static uint32_t slow_seat(const judged *j, const uint32_t *cluster, uint32_t clusters, uint32_t b)
{
    double total = 0;
    for (size_t e = 0; e < j->view->ties; e++) {
        const fn_tie *t = FN_TIE(j->net, fn_view_tie(j->view, e));
        if (t->to == b && t->from != b) total += j->view->weight[e];
    }
    for (uint32_t c = 0; c < clusters; c++) {
        double sum = 0;
        int suppliers = 0;
        for (size_t e = 0; e < j->view->ties; e++) {
            const fn_tie *t = FN_TIE(j->net, fn_view_tie(j->view, e));
            if (t->to == b && t->from != b && cluster[t->from] == c) sum += j->view->weight[e], suppliers++;
        }
        if (suppliers >= 3 && sum > total / 2) return c;
    }
    return cluster[b];
}

/* In-share and suppliers by the definition, pair by pair. */
START_TEST(shares_equal_the_slow_count)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        judged j = { .run = support_run() };
        uint32_t cluster[20], seat[20];
        j.net = support_random_net(&j.run, seed, 20, 60, seed % 2);
        for (uint32_t f = 0; f < 20; f++) cluster[f] = (uint32_t) fn_random_below(seed, 9, f, 3);
        judge(&j, cluster, 3, NULL);
        for (uint32_t f = 0; f < 20; f++) seat[f] = slow_seat(&j, cluster, 3, f);
        for (size_t row = 0; row < 20; row++) {
            uint32_t b = support_firm(j.net, text(j.members, "firm", row));
            ck_assert_int_eq(whole(j.members, "cluster", row), seat[b] + 1);
            ck_assert_int_eq(whole(j.members, "member_of", row), cluster[b] + 1);
            double in = 0, all = 0;
            int64_t suppliers = 0;
            for (size_t e = 0; e < j.view->ties; e++) {
                const fn_tie *t = FN_TIE(j.net, fn_view_tie(j.view, e));
                if (t->from == t->to || seat[t->from] != seat[b] || seat[t->to] != seat[b]) continue;
                all += j.view->weight[e];
                if (t->to == b) in += j.view->weight[e], suppliers++;
            }
            ck_assert_int_eq(whole(j.members, "suppliers", row), suppliers);
            if (all > 0) ck_assert_double_eq_tol(real(j.members, "in_share", row), in / all, 1e-12);
            else ck_assert(isnan(real(j.members, "in_share", row)));
        }
        forget(&j);
    }
}
END_TEST

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

/* The same economy with its firms in another order, all money times `scale`, and one isolated firm more. */
static fn_net *disguise(fn_run *run, const fn_net *net, double scale)
{
    uint32_t firms = fn_net_firms(net), number[64], list[64];
    fn_net *other;
    ck_assert_int_eq(fn_net_new(run, &other), FN_OK);
    for (uint32_t k = 0; k < firms; k++) {
        uint32_t f = (k * 7 + 3) % firms;
        size_t length;
        const char *key = fn_names_text(fn_net_keys(net), f, &length);
        ck_assert_int_eq(fn_net_firm(run, other, key, length, &number[f]), FN_OK);
        const char *kind = fn_net_firm_text(net, f, "kind", &length);
        ck_assert_int_eq(fn_net_set_firm_text(run, other, number[f], "kind", kind, length), FN_OK);
    }
    ck_assert_int_eq(fn_net_firm(run, other, "isolated", 8, &list[0]), FN_OK);
    for (uint32_t p = 0; p < fn_names_count(fn_net_products(net)); p++) {
        size_t length;
        const char *code = fn_names_text(fn_net_products(net), p, &length);
        ck_assert_int_eq(fn_net_product(run, other, code, length, &list[0]), FN_OK);
    }
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        fn_tie tie = fn_net_tie_at(net, e);
        if (tie.layer != FN_LAYER_SUPPLY) continue;
        tie.from = number[tie.from], tie.to = number[tie.to], tie.value *= scale, tie.currency = 0;
        ck_assert_int_eq(fn_net_add(run, other, &tie, NULL), FN_OK);
    }
    for (size_t k = fn_net_tenders(net); k-- > 0;) {
        fn_tender t = fn_net_tender(net)[k];
        uint32_t winner[64];
        t.buyer = number[t.buyer], t.value *= scale, t.currency = 0;
        for (size_t b = 0; b < t.bidders; b++) list[b] = number[fn_net_tender_firms(net)[t.first_bidder + b]];
        for (size_t w = 0; w < t.winners; w++) winner[w] = number[fn_net_tender_firms(net)[t.first_winner + w]];
        qsort(list, t.bidders, sizeof *list, by_number);
        qsort(winner, t.winners, sizeof *winner, by_number);
        ck_assert_int_eq(fn_net_add_tender(run, other, &t, list, t.bidders, winner, t.winners), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, other), FN_OK);
    return other;
}

START_TEST(order_scale_and_isolated_firms_change_nothing)
{
    fn_economy_options options = { .firms = 50, .clusters = 3, .tenders = 400, .noise = 0.1 };
    judged a = { .run = support_run() }, b = { .run = support_run() };
    fn_table *truth;
    uint32_t cluster[64], moved[64];
    a.run.seed = b.run.seed = (uint64_t) _i;
    ck_assert_int_eq(fn_economy(&a.run, &options, &a.net, &truth), FN_OK);
    const fn_column *planned = fn_table_find(truth, "cluster");
    for (uint32_t f = 0; f < 50; f++)
        cluster[f] = fn_column_missing(planned, f) ? 0 : (uint32_t) planned->integer[f] - 1;
    b.net = disguise(&b.run, a.net, 4);
    for (uint32_t f = 0; f < 50; f++)
        moved[support_firm(b.net, fn_names_text(fn_net_keys(a.net), f, NULL))] = cluster[f];
    moved[support_firm(b.net, "isolated")] = 3;
    judge(&a, cluster, 3, NULL);
    judge(&b, moved, 4, NULL);
    for (size_t c = 0; c < 3; c++) {
        ck_assert_str_eq(text(a.heads, "central_company", c), text(b.heads, "central_company", c));
        ck_assert_str_eq(text(a.heads, "runner_up", c), text(b.heads, "runner_up", c));
        ck_assert_str_eq(text(a.heads, "authority", c), text(b.heads, "authority", c));
        ck_assert_double_eq_tol(real(a.heads, "gap", c), real(b.heads, "gap", c), 1e-9);
    }
    for (uint32_t f = 0; f < 50; f++) {
        uint32_t g = support_firm(b.net, fn_names_text(fn_net_keys(a.net), f, NULL));
        if (isnan(a.index[f])) ck_assert(isnan(b.index[g]));
        else ck_assert_double_eq_tol(a.index[f], b.index[g], 1e-12);
    }
    fn_table_free(truth);
    forget(&a);
    forget(&b);
}
END_TEST

START_TEST(failing_allocations_leak_nothing)
{
    fn_run run = support_run();
    fn_net *net = toy_net(&run, TOY_TENDERS);
    fn_view *view = support_view(&run, net);
    uint32_t cluster[TOY_FIRMS];
    fn_central_options options;
    toy_clusters(net, cluster);
    fn_central_defaults(&options);
    fn_status status = FN_ENOMEM;
    long k;
    for (k = 0; status; k++) {
        fn_table *heads, *members;
        run = support_run();
        fn_memory_fail_at(k, k % 2);
        status = fn_central_company(&run, view, cluster, TOY_CLUSTERS, &options, &heads, &members, NULL, NULL);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        if (status) ck_assert_ptr_null(heads);
        fn_table_free(heads);
        fn_table_free(members);
    }
    ck_assert_int_gt(k, 20);
    fn_view_free(view);
    fn_net_free(net);
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
    tcase_add_test(cases, shares_equal_the_slow_count);
    tcase_add_loop_test(cases, order_scale_and_isolated_firms_change_nothing, 1, 9);
    tcase_add_test(cases, failing_allocations_leak_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
