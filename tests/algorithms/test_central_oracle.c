/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/economy.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/judged.h"
#include "tests/suite.h"

Suite *suite_central_oracle(void);

/* Central companies by the definition, what must not change them, failures. */

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
        judged_of(&j, cluster, 3, NULL);
        for (uint32_t f = 0; f < 20; f++) seat[f] = slow_seat(&j, cluster, 3, f);
        for (size_t row = 0; row < 20; row++) {
            uint32_t b = support_firm(j.net, judged_text(j.members, "firm", row));
            ck_assert_int_eq(judged_whole(j.members, "cluster", row), seat[b] + 1);
            ck_assert_int_eq(judged_whole(j.members, "member_of", row), cluster[b] + 1);
            double in = 0, all = 0;
            int64_t suppliers = 0;
            for (size_t e = 0; e < j.view->ties; e++) {
                const fn_tie *t = FN_TIE(j.net, fn_view_tie(j.view, e));
                if (t->from == t->to || seat[t->from] != seat[b] || seat[t->to] != seat[b]) continue;
                all += j.view->weight[e];
                if (t->to == b) in += j.view->weight[e], suppliers++;
            }
            ck_assert_int_eq(judged_whole(j.members, "suppliers", row), suppliers);
            if (all > 0) ck_assert_double_eq_tol(judged_real(j.members, "in_share", row), in / all, 1e-12);
            else ck_assert(isnan(judged_real(j.members, "in_share", row)));
        }
        judged_free(&j);
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
    judged_of(&a, cluster, 3, NULL);
    judged_of(&b, moved, 4, NULL);
    for (size_t c = 0; c < 3; c++) {
        ck_assert_str_eq(judged_text(a.heads, "central_company", c), judged_text(b.heads, "central_company", c));
        ck_assert_str_eq(judged_text(a.heads, "runner_up", c), judged_text(b.heads, "runner_up", c));
        ck_assert_str_eq(judged_text(a.heads, "authority", c), judged_text(b.heads, "authority", c));
        ck_assert_double_eq_tol(judged_real(a.heads, "gap", c), judged_real(b.heads, "gap", c), 1e-9);
    }
    for (uint32_t f = 0; f < 50; f++) {
        uint32_t g = support_firm(b.net, fn_names_text(fn_net_keys(a.net), f, NULL));
        if (isnan(a.index[f])) ck_assert(isnan(b.index[g]));
        else ck_assert_double_eq_tol(a.index[f], b.index[g], 1e-12);
    }
    fn_table_free(truth);
    judged_free(&a);
    judged_free(&b);
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
Suite *suite_central_oracle(void)
{
    Suite *suite = suite_create("central oracle");
    TCase *cases = tcase_create("central company");
    tcase_add_test(cases, shares_equal_the_slow_count);
    tcase_add_loop_test(cases, order_scale_and_isolated_firms_change_nothing, 1, 9);
    tcase_add_test(cases, failing_allocations_leak_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
