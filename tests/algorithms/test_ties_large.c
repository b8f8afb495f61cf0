/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_inside.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"
#include "tests/algorithms/worked.h"

Suite *suite_ties_large(void);

/* A network that is large enough for every thread to get a part of the work, with firms that most others deliver to. */
enum { FIRMS = 1200, TIES = 16000, HUBS = 3, FIRST_DAY = -90000, DAYS = 200000 };

static uint32_t draw(uint64_t seed, uint64_t index, uint32_t below)
{
    return (uint32_t) fn_random_below(seed, 5, index, below);
}

/* Days: on both sides of 1970, further apart than 65536; some ties have none. */
static fn_net *large_net(fn_run *run, uint64_t seed, bool dated)
{
    static char key[FIRMS][8];
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < FIRMS; f++) {
        snprintf(key[f], sizeof key[f], "%u", f);
        ck_assert_uint_eq(worked_firm(run, net, key[f]), f);
    }
    for (uint64_t i = 0; i < TIES; i++) {
        uint32_t a = draw(seed, 8 * i, FIRMS), b = draw(seed, 8 * i + 1, i % 4 ? FIRMS : HUBS);
        int32_t day = FIRST_DAY + (int32_t) draw(seed, 8 * i + 2, DAYS);
        bool known = dated && i % 9;
        fn_tie tie = {
            .from = i % 8 ? a : b, .to = i % 8 ? b : a, .product = FN_NONE, .weight = NAN,
            .value = 1 + draw(seed, 8 * i + 3, 500), .count = 1 + draw(seed, 8 * i + 4, 3),
            .layer = i % 5 ? FN_LAYER_SUPPLY : i % 2 ? FN_LAYER_COBID : FN_LAYER_KNOWLEDGE,
            .first = known ? day : FN_DAY_NONE, .last = known ? day + (int32_t) draw(seed, 8 * i + 5, 900) : FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_currency(run, net, "", 0, &tie.currency), FN_OK);
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

static fn_table *judge(fn_run *run, const fn_view *view)
{
    uint32_t cluster[FIRMS];
    fn_tie_options options;
    fn_table *table;
    for (uint32_t f = 0; f < FIRMS; f++) cluster[f] = f % 7;
    fn_tie_defaults(&options);
    ck_assert_int_eq(fn_table_new(run, view->ties, &table), FN_OK);
    ck_assert_msg(fn_tie_strength(run, view, cluster, &options, table) == FN_OK, "%s", run->error.message);
    return table;
}

START_TEST(ties_are_judged_the_same_on_all_threads)
{
    fn_run run = support_run();
    fn_net *net = large_net(&run, (uint64_t) _i, _i % 2);
    fn_view *view = support_view(&run, net);
    run.threads = 1;
    fn_table *alone = judge(&run, view);
    for (run.threads = 2; run.threads <= 3; run.threads++) {
        fn_table *table = judge(&run, view);
        ck_assert_uint_eq(table->columns, alone->columns);
        for (size_t c = 0; c < table->columns; c++)
            for (size_t row = 0; row < table->rows; row++) {
                char buffer[FN_REAL_TEXT], wanted[FN_TOLD_TEXT];
                size_t length;
                const char *cell = fn_column_cell(alone->column[c], row, buffer, &length);
                memcpy(wanted, cell, length);
                wanted[length] = '\0';
                cell = fn_column_cell(table->column[c], row, buffer, &length);
                ck_assert_msg(length == strlen(wanted) && !memcmp(cell, wanted, length), "%s of tie %zu: %.*s, not %s",
                              table->column[c]->name, row, (int) length, cell, wanted);
            }
        fn_table_free(table);
    }
    fn_table_free(alone);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *) a, y = *(const int32_t *) b;
    return (x > y) - (x < y);
}

START_TEST(the_period_ends_where_one_tie_in_200_ends_later)
{
    fn_run run = support_run();
    fn_net *net = large_net(&run, 40 + (uint64_t) _i, true);
    fn_view *view = support_view(&run, net);
    static int32_t last[TIES];
    size_t dated = 0;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(net, fn_view_tie(view, row));
        if (t->last != FN_DAY_NONE) last[dated++] = t->last;
    }
    qsort(last, dated, sizeof *last, by_day);
    int32_t end = last[dated - 1 - dated / 200];
    fn_table *table = judge(&run, view);
    const fn_column *recency = fn_table_find(table, "recency");
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(net, fn_view_tie(view, row));
        if (t->last == FN_DAY_NONE) ck_assert(fn_column_missing(recency, row));
        else ck_assert_int_eq(recency->integer[row], t->last < end ? (int64_t) end - t->last : 0);
    }
    fn_table_free(table);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Two ways to count: rows by degree, in which hubs have more than 255 others; and firm by firm. */
START_TEST(squares_of_hubs_are_the_same_by_ranks_and_firm_by_firm)
{
    fn_run run = support_run();
    fn_net *net = large_net(&run, 80, false);
    fn_view *view = support_view(&run, net);
    const fn_square_limits firmwise = { .steps = -1, .row_steps = UINT32_MAX, .samples = 1 };
    static double share[TIES], slow[TIES];
    size_t sampled;
    fn_csr *out;
    ck_assert_int_eq(fn_view_csr(&run, view, FN_LAYER_SUPPLY, FN_CSR_OUT, true, &out), FN_OK);
    ck_assert_int_eq(fn_square_share(&run, out, &firmwise, slow, NULL, &sampled), FN_OK);
    ck_assert_uint_eq(sampled, 0);
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        ck_assert_int_eq(fn_square_share(&run, out, &fn_square_defaults, share, NULL, &sampled), FN_OK);
        for (size_t i = 0; i < out->arcs; i++)
            ck_assert_msg(share[i] == slow[i] || (isnan(share[i]) && isnan(slow[i])),
                          "arc %zu: %.17g, not %.17g on %d threads", i, share[i], slow[i], run.threads);
    }
    fn_csr_free(out);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_ties_large(void)
{
    Suite *suite = suite_create("ties large");
    TCase *same = tcase_create("many ties");
    tcase_add_loop_test(same, ties_are_judged_the_same_on_all_threads, 0, 2);
    tcase_add_loop_test(same, the_period_ends_where_one_tie_in_200_ends_later, 0, 2);
    tcase_add_test(same, squares_of_hubs_are_the_same_by_ranks_and_firm_by_firm);
    tcase_set_timeout(same, 60);
    suite_add_tcase(suite, same);
    return suite;
}
