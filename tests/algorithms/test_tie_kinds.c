/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/clusters.h"
#include "algorithms/economy.h"
#include "algorithms/ties.h"
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_tie_kinds(void);

enum { KINDS = 3 };
static const char *const kinds[KINDS] = { "embedded", "bridging", "transient" };

/* What each class says of the kind: transient ties are those of the past, the new ones, and the weak. */
static int kind_of_class(const char *class)
{
    return strcmp(class, "strong") == 0 ? 0 : strcmp(class, "bridge") == 0 ? 1 : 2;
}

/* Truth by the ends: firms are numbered as they are called. */
static uint8_t *kinds_by_ends(const fn_net *net, const fn_table *truth)
{
    size_t firms = fn_net_firms(net);
    uint8_t *kind = calloc(firms * firms, 1);
    ck_assert_ptr_nonnull(kind);
    for (size_t row = 0; row < truth->rows; row++) {
        size_t from = strtoul(fn_column_text(fn_table_find(truth, "from"), row, NULL) + 1, NULL, 10);
        size_t to = strtoul(fn_column_text(fn_table_find(truth, "to"), row, NULL) + 1, NULL, 10);
        const char *name = fn_column_text(fn_table_find(truth, "kind"), row, NULL);
        uint8_t k = 0;
        while (strcmp(kinds[k], name) != 0) k++;
        kind[from * firms + to] = (uint8_t) (k + 1);
    }
    return kind;
}

static double macro_f1(double count[KINDS][KINDS])
{
    double sum = 0;
    for (int k = 0; k < KINDS; k++) {
        double planted = 0, found = 0;
        for (int other = 0; other < KINDS; other++) planted += count[k][other], found += count[other][k];
        sum += 2 * count[k][k] / (planted + found) / KINDS;
    }
    return sum;
}

/* Planted kinds beside classes; clusters are found, not given. */
START_TEST(planted_kinds_are_found_as_classes)
{
    fn_run run = support_run();
    run.seed = (uint64_t) _i + 1;
    fn_net *net;
    fn_table *firms, *truth, *found;
    fn_partition *partition;
    fn_leiden_options leiden;
    fn_tie_options options;
    double count[KINDS][KINDS] = { { 0 } };
    ck_assert_int_eq(fn_economy_kinds(&run, 400, 8, &net, &firms, &truth), FN_OK);
    fn_view *view = support_view(&run, net);
    ck_assert_uint_eq(view->ties, truth->rows);
    fn_leiden_defaults(&leiden);
    fn_tie_defaults(&options);
    ck_assert_int_eq(fn_leiden(&run, view, &leiden, &partition), FN_OK);
    ck_assert_int_eq(fn_table_new(&run, view->ties, &found), FN_OK);
    ck_assert_int_eq(fn_tie_strength(&run, view, partition->cluster, &options, found), FN_OK);
    uint8_t *kind = kinds_by_ends(net, truth);
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(net, row);
        int planted = kind[(size_t) t->from * view->firms + t->to] - 1;
        ck_assert_int_ge(planted, 0);
        count[planted][kind_of_class(fn_column_text(fn_table_find(found, "class"), row, NULL))]++;
    }
    free(kind);
    double f1 = macro_f1(count);
    printf("seed %d: macro F1 %.3f; embedded %g/%g/%g, bridging %g/%g/%g, transient %g/%g/%g\n", _i + 1, f1, count[0][0],
           count[0][1], count[0][2], count[1][0], count[1][1], count[1][2], count[2][0], count[2][1], count[2][2]);
    ck_assert_msg(f1 >= .9, "macro F1 is %g", f1);
    fn_table_free(found);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_table_free(truth);
    fn_table_free(firms);
    fn_net_free(net);
}
END_TEST

START_TEST(the_same_seed_plants_the_same_and_failures_are_reported)
{
    fn_run run = support_run(), again = support_run();
    fn_net *a, *b;
    fn_table *firms[2], *ties[2];
    ck_assert_int_eq(fn_economy_kinds(&run, 100, 3, &a, &firms[0], &ties[0]), FN_OK);
    ck_assert_int_eq(fn_economy_kinds(&again, 100, 3, &b, &firms[1], &ties[1]), FN_OK);
    ck_assert_uint_eq(fn_net_ties(a), fn_net_ties(b));
    for (size_t e = 0; e < fn_net_ties(a); e++) {
        ck_assert_uint_eq(fn_net_tie_rows(a)->to[e], fn_net_tie_rows(b)->to[e]);
        ck_assert_double_eq(fn_net_tie_rows(a)->value[e], fn_net_tie_rows(b)->value[e]);
    }
    for (int k = 0; k < 2; k++) fn_table_free(firms[k]), fn_table_free(ties[k]);
    fn_net_free(a);
    fn_net_free(b);
    ck_assert_int_eq(fn_economy_kinds(&run, 30, 2, &a, &firms[0], &ties[0]), FN_EINVAL);
    fn_status status = FN_ENOMEM;
    for (long call = 0; status; call += 1 + call / 40) {
        fn_run tried = support_run();
        fn_memory_fail_at(call, false);
        status = fn_economy_kinds(&tried, 40, 2, &a, &firms[0], &ties[0]);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && tried.error.status == FN_ENOMEM && !a && !firms[0] && !ties[0]));
    }
    fn_table_free(firms[0]);
    fn_table_free(ties[0]);
    fn_net_free(a);
}
END_TEST

Suite *suite_tie_kinds(void)
{
    Suite *suite = suite_create("tie kinds");
    TCase *planted = tcase_create("planted");
    tcase_add_loop_test(planted, planted_kinds_are_found_as_classes, 0, 3);
    tcase_add_test(planted, the_same_seed_plants_the_same_and_failures_are_reported);
    tcase_set_timeout(planted, 60);
    suite_add_tcase(suite, planted);
    return suite;
}
