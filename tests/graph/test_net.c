/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_net(void);

static fn_tie record(uint32_t from, uint32_t to, uint16_t layer, double value)
{
    return (fn_tie) { .from = from, .to = to, .product = FN_NONE, .layer = layer, .value = value, .weight = NAN,
                      .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
}

static fn_net *empty(fn_run *run, uint32_t firms)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < firms; f++) {
        char key[2] = { (char) ('a' + f), '\0' };
        uint32_t number;
        ck_assert_int_eq(fn_net_firm(run, net, key, 1, &number), FN_OK);
    }
    return net;
}

START_TEST(records_of_one_pair_layer_and_currency_are_one_tie)
{
    fn_run run = support_run();
    fn_net *net = empty(&run, 3);
    uint16_t euro;
    uint32_t product;
    fn_net_currency(&run, net, "EUR", 3, &euro);
    fn_net_product(&run, net, "45", 2, &product);
    fn_tie tie = record(0, 1, FN_LAYER_SUPPLY, 0.1);
    tie.currency = euro, tie.first = tie.last = 100;
    fn_net_add(&run, net, &tie, NULL);
    tie.value = 0.2, tie.first = tie.last = 50, tie.product = product;
    fn_net_add(&run, net, &tie, NULL);
    tie = record(0, 1, FN_LAYER_SUPPLY, 5);
    fn_net_add(&run, net, &tie, NULL);                       /* currency not stated: another tie */
    tie = record(1, 0, FN_LAYER_SUPPLY, 7);
    fn_net_add(&run, net, &tie, NULL);                       /* the other direction: another tie */
    tie = record(2, 0, FN_LAYER_COBID, NAN);
    fn_net_add(&run, net, &tie, NULL);
    tie = record(0, 2, FN_LAYER_COBID, NAN);
    fn_net_add(&run, net, &tie, NULL);                       /* undirected: the same tie */
    tie = record(2, 2, FN_LAYER_SUPPLY, 1);
    fn_net_add(&run, net, &tie, NULL);                       /* a self tie is kept */
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 5);
    ck_assert_int_eq(fn_net_records(net), 7);
    fn_tie found[5];
    for (size_t e = 0; e < 5; e++) found[e] = fn_net_tie_at(net, e);
    ck_assert(found[0].from == 0 && found[0].to == 1 && found[0].currency == 0 && found[0].value == 5);
    ck_assert(found[1].currency == euro && found[1].value == 0.3 && found[1].count == 2 && found[1].first == 50);
    ck_assert(found[1].last == 100 && found[1].product == product);
    ck_assert(found[2].from == 0 && found[2].to == 2 && found[2].layer == FN_LAYER_COBID && found[2].count == 2);
    ck_assert(isnan(found[2].value));
    ck_assert(found[3].from == 1 && found[3].to == 0 && found[4].from == 2 && found[4].to == 2);
    fn_net_free(net);
}
END_TEST

START_TEST(sums_beyond_the_numbers_there_are_fail)
{
    for (int which = 0; which < 4; which++) {
        fn_run run = support_run();
        fn_net *net = empty(&run, 3);
        fn_tie tie = record(0, 1, FN_LAYER_SUPPLY, 1);
        if (which == 1) tie.value = 1.7e308;
        if (which == 2) tie.weight = 1.7e308;
        if (which == 3) tie.count = INT64_MAX;
        fn_net_add(&run, net, &tie, NULL);
        tie.to = 2;
        fn_net_add(&run, net, &tie, NULL);
        ck_assert_int_eq(fn_net_freeze(&run, net), which ? FN_EPARSE : FN_OK);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(only_the_ties_kept_are_left)
{
    fn_run run = support_run();
    fn_net *net = empty(&run, 3);
    fn_column *note;
    ck_assert_int_eq(fn_table_add(&run, fn_net_tie_table(net), "note", FN_COLUMN_TEXT, &note), FN_OK);
    for (uint32_t f = 0; f < 3; f++) {
        fn_tie tie = record(f, (f + 1) % 3, FN_LAYER_SUPPLY, f);
        size_t row;
        char text[2] = { (char) ('0' + f), '\0' };
        fn_net_add(&run, net, &tie, &row);
        fn_column_set_text(&run, note, row, text, 1);
    }
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_int_eq(fn_net_keep(&run, net, (const uint32_t[]) { 0, 2 }, 2), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 2);
    ck_assert_uint_eq(fn_net_firms(net), 3);
    ck_assert(fn_net_tie_at(net, 0).value == 0 && fn_net_tie_at(net, 1).value == 2);
    note = fn_table_find(fn_net_tie_table(net), "note");
    ck_assert_str_eq(fn_column_text(note, 0, NULL), "0");
    ck_assert_str_eq(fn_column_text(note, 1, NULL), "2");
    ck_assert_int_eq(fn_net_keep(&run, net, NULL, 0), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 0);
    fn_net_free(net);
}
END_TEST

START_TEST(attributes_follow_their_firms_and_ties)
{
    fn_run run = support_run();
    fn_net *net = empty(&run, 2);
    fn_column *note;
    size_t row;
    ck_assert_int_eq(fn_table_add(&run, fn_net_tie_table(net), "note", FN_COLUMN_TEXT, &note), FN_OK);
    fn_tie tie = record(1, 0, FN_LAYER_SUPPLY, 1);
    fn_net_add(&run, net, &tie, &row);
    fn_column_set_text(&run, note, row, "second", 6);
    tie = record(0, 1, FN_LAYER_SUPPLY, 1);
    fn_net_add(&run, net, &tie, &row);
    fn_column_set_text(&run, note, row, "first", 5);
    fn_net_set_firm_text(&run, net, 1, "name", "Bravo", 5);
    fn_net_set_firm_text(&run, net, 1, "name", "Other", 5); /* the first stays */
    uint32_t late;
    fn_net_firm(&run, net, "late", 4, &late);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    const fn_column *column = fn_table_find(fn_net_tie_columns(net), "note");
    ck_assert_str_eq(fn_column_text(column, 0, NULL), "first");
    ck_assert_str_eq(fn_column_text(column, 1, NULL), "second");
    ck_assert_str_eq(fn_net_firm_name(net, 1, NULL), "Bravo");
    ck_assert_str_eq(fn_net_firm_name(net, late, NULL), "late");
    ck_assert_str_eq(fn_net_firm_text(net, 0, "name", NULL), "");
    fn_net_free(net);
}
END_TEST

/* The adjacency against a plain matrix. */
START_TEST(adjacency_agrees_with_a_matrix)
{
    enum { FIRMS = 9 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, (uint64_t) _i, FIRMS, (size_t) _i * 3, true);
    fn_view *view = support_view(&run, net);
    double matrix[FIRMS][FIRMS] = { 0 };
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *t = FN_TIE(net, e);
        if (t->from != t->to) matrix[t->from][t->to] += t->value;
    }
    for (fn_csr_side side = FN_CSR_OUT; side <= FN_CSR_BOTH; side++) {
        fn_csr *csr;
        size_t arcs = 0;
        ck_assert_int_eq(fn_view_csr(&run, view, -1, side, false, &csr), FN_OK);
        for (uint32_t u = 0; u < FIRMS; u++) {
            size_t at = csr->offset[u];
            for (uint32_t v = 0; v < FIRMS; v++) {
                double out = side == FN_CSR_IN ? 0 : matrix[u][v], in = side == FN_CSR_OUT ? 0 : matrix[v][u];
                double w = out + in;
                if (w == 0) continue;
                ck_assert_uint_eq(csr->target[at], v);
                ck_assert_double_eq(csr->weight[at++], w);
                arcs++;
            }
            ck_assert_uint_eq(at, csr->offset[u + 1]);
        }
        ck_assert_uint_eq(arcs, csr->arcs);
        fn_csr_free(csr);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_view_weighs_and_selects)
{
    fn_run run = support_run();
    fn_net *net = empty(&run, 4);
    uint16_t euro, dollar;
    fn_net_currency(&run, net, "EUR", 3, &euro);
    fn_net_currency(&run, net, "USD", 3, &dollar);
    fn_tie tie = record(0, 1, FN_LAYER_SUPPLY, 30);
    tie.currency = euro, tie.first = tie.last = 10;
    fn_net_add(&run, net, &tie, NULL);
    tie = record(2, 1, FN_LAYER_SUPPLY, 10);
    tie.currency = dollar, tie.count = 3, tie.first = tie.last = 20;
    fn_net_add(&run, net, &tie, NULL);
    tie = record(0, 2, FN_LAYER_COBID, NAN);
    tie.weight = 0.25, tie.count = 4;
    fn_net_add(&run, net, &tie, NULL);
    fn_net_set_firm_text(&run, net, 2, "kind", "authority", 9);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);

    fn_view *view = support_view(&run, net); /* several currencies: by count, and said */
    ck_assert_int_eq(support_warnings(), 1);
    ck_assert(view->ties == 3 && view->weight[0] == 1 && view->weight[1] == 0.25 && view->weight[2] == 3);
    fn_view_free(view);

    fn_view_options options = FN_VIEW_ALL;
    options.currency = "EUR";
    ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_OK);
    ck_assert(view->weight[0] == 30 && view->weight[2] == 0 && view->weightless == 1);
    fn_view_free(view);

    options = (fn_view_options) FN_VIEW_ALL;
    options.layers = 1u << FN_LAYER_SUPPLY;
    options.since = 15;
    ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_OK);
    ck_assert(view->ties == 1 && fn_net_tie_at(net, fn_view_tie(view, 0)).from == 2);
    fn_view_free(view);

    options = (fn_view_options) FN_VIEW_ALL;
    options.without = "person,authority";
    ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_OK);
    ck_assert(view->ties == 1 && view->weight[0] == 30);
    fn_view_free(view);

    options.currency = "XYZ";
    ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_EINVAL);
    fn_net_free(net);
}
END_TEST

START_TEST(parts_are_what_a_flood_reaches)
{
    fn_run run = support_run();
    static const uint32_t pair[][2] = { { 0, 2 }, { 4, 2 }, { 3, 5 }, { 1, 1 } };
    fn_net *net = support_net(&run, 6, 4, pair, NULL);
    fn_view *view = support_view(&run, net);
    fn_csr *both;
    uint32_t part[6], parts;
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_BOTH, true, &both), FN_OK);
    ck_assert_int_eq(fn_csr_parts(&run, both, part, &parts), FN_OK);
    static const uint32_t expected[] = { 0, 1, 0, 2, 0, 2 };
    ck_assert_uint_eq(parts, 3);
    ck_assert_mem_eq(part, expected, sizeof part);
    fn_csr_free(both);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(every_failing_allocation_of_a_net_is_an_error)
{
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_net *net = NULL;
        fn_view *view = NULL;
        fn_csr *csr = NULL;
        uint32_t a, b;
        fn_memory_fail_at(k, false);
        fn_status status = fn_net_new(&run, &net);
        if (!status) status = fn_net_firm(&run, net, "a", 1, &a);
        if (!status) status = fn_net_firm(&run, net, "b", 1, &b);
        for (int i = 0; !status && i < 40; i++) {
            fn_tie tie = record(0, 1, FN_LAYER_SUPPLY, i);
            status = fn_net_add(&run, net, &tie, NULL);
        }
        fn_tender tender = { .buyer = 1, .product = FN_NONE, .value = NAN, .day = FN_DAY_NONE };
        if (!status) status = fn_net_add_tender(&run, net, &tender, &a, 1, &a, 1);
        if (!status) status = fn_net_set_firm_text(&run, net, a, "name", "Alpha", 5);
        if (!status) status = fn_net_freeze(&run, net);
        fn_view_options options = FN_VIEW_ALL;
        if (!status) status = fn_view_new(&run, net, &options, &view);
        if (!status) status = fn_view_csr(&run, view, -1, FN_CSR_OUT, false, &csr);
        fn_memory_fail_at(-1, false);
        fn_csr_free(csr);
        fn_view_free(view);
        fn_net_free(net);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
}
END_TEST

Suite *suite_net(void)
{
    Suite *suite = suite_create("net");
    TCase *tcase = tcase_create("net, view, adjacency");
    tcase_add_test(tcase, records_of_one_pair_layer_and_currency_are_one_tie);
    tcase_add_test(tcase, sums_beyond_the_numbers_there_are_fail);
    tcase_add_test(tcase, only_the_ties_kept_are_left);
    tcase_add_test(tcase, attributes_follow_their_firms_and_ties);
    tcase_add_loop_test(tcase, adjacency_agrees_with_a_matrix, 0, 30);
    tcase_add_test(tcase, a_view_weighs_and_selects);
    tcase_add_test(tcase, parts_are_what_a_flood_reaches);
    tcase_add_test(tcase, every_failing_allocation_of_a_net_is_an_error);
    suite_add_tcase(suite, tcase);
    return suite;
}
