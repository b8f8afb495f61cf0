/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/label_propagation.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_label_propagation(void);

static fn_partition *propagate(fn_run *run, const fn_view *view, const fn_leiden_options *options)
{
    fn_partition *partition = NULL;
    ck_assert_int_eq(fn_label_propagation(run, view, options, &partition), FN_OK);
    return partition;
}

/* Two groups of six, all tied within the group by the weight given, and one weaker tie between. */
static fn_net *two_groups(fn_run *run, double weight)
{
    test_tie ties[64];
    size_t count = 0;
    for (uint32_t i = 0; i < 12; i++)
        for (uint32_t j = 0; j < i; j++)
            if (i / 6 == j / 6) ties[count++] = (test_tie) { i, j, FN_LAYER_SUPPLY, weight };
    ties[count++] = (test_tie) { 0, 11, FN_LAYER_SUPPLY, weight / 2 };
    return net_of(run, 12, count, ties);
}

START_TEST(groups_tied_by_small_weights_are_found)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fn_run run = support_run();
        run.seed = seed;
        fn_net *net = two_groups(&run, .4);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        fn_partition *partition = propagate(&run, view, &options);
        ck_assert_uint_eq(partition->clusters, 2);
        for (uint32_t firm = 0; firm < 12; firm++) ck_assert_uint_eq(partition->cluster[firm], firm / 6);
        /* 30 of 30.5 pairs inside, each group has half of the strength */
        ck_assert_double_eq_tol(partition->quality, 30 / 30.5 - .5, 1e-12);
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

/* Weight between a firm and each cluster, over all layers, by the definition. */
static void slow_weights(const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster, uint32_t firm,
                         double *weight)
{
    double total[FN_LAYERS_MOST] = { 0 };
    for (uint32_t c = 0; c < view->firms; c++) weight[c] = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        if (tie->from != tie->to) total[tie->layer] += view->weight[i];
    }
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        if (tie->from == tie->to || (tie->from != firm && tie->to != firm)) continue;
        uint32_t other = tie->from == firm ? tie->to : tie->from;
        weight[cluster[other]] += options->layer_weight[tie->layer] * view->weight[i] / total[tie->layer];
    }
}

START_TEST(no_label_around_a_firm_weighs_more_than_its_own)
{
    enum { FIRMS = 40, TIES = 90 };
    test_tie ties[TIES];
    double weight[FIRMS];
    for (uint64_t seed = 1; seed <= 30; seed++) {
        fn_run run = support_run();
        run.seed = seed;
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        options.layer_weight[FN_LAYER_COBID] = .25;
        fn_partition *partition = propagate(&run, view, &options);
        assert_proper(&run, view, partition);
        ck_assert_double_eq(partition->quality, quality_of(&run, view, partition->cluster, &options));
        for (uint32_t firm = 0; firm < FIRMS; firm++) {
            slow_weights(view, &options, partition->cluster, firm, weight);
            for (uint32_t c = 0; c < partition->clusters; c++)
                ck_assert_double_le(weight[c], weight[partition->cluster[firm]] + 1e-12);
        }
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(threads_and_powers_of_two_change_nothing)
{
    enum { FIRMS = 20000, TIES = 60000 };
    test_tie *ties = calloc(TIES, sizeof *ties);
    uint32_t *first = NULL;
    for (int round = 0; round < 4; round++) {
        fn_run run = support_run();
        run.threads = round < 3 ? round + 1 : 1;
        random_ties(5, FIRMS, TIES, ties);
        for (size_t i = 0; i < TIES; i++) {
            if (ties[i].to % 200 != ties[i].from % 200 && i % 3) ties[i].to -= ties[i].to % 200 - ties[i].from % 200;
            if (ties[i].to >= FIRMS) ties[i].to = ties[i].from;
            if (round == 3) ties[i].weight *= 0x1p-40;
        }
        fn_net *net = net_of(&run, FIRMS, TIES, ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        fn_partition *partition = propagate(&run, view, &options);
        ck_assert_uint_gt(partition->clusters, 100);
        if (first) ck_assert_mem_eq(partition->cluster, first, FIRMS * sizeof *first);
        if (!first) {
            first = partition->cluster;
            partition->cluster = NULL;
        }
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
    free(ties);
    fn_free(first);
}
END_TEST

START_TEST(several_runs_keep_the_best_and_tell_stability)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    double best = -1;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        fn_run single = support_run();
        single.seed = seed;
        fn_partition *partition = propagate(&single, view, &options);
        ck_assert_ptr_null(partition->stability);
        best = fmax(best, partition->quality);
        fn_partition_free(partition);
    }
    options.runs = 6;
    fn_partition *partition = propagate(&run, view, &options);
    ck_assert_double_eq(partition->quality, best);
    for (uint32_t firm = 0; firm < view->firms; firm++) {
        ck_assert_double_ge(partition->stability[firm], 1.0 / 6);
        ck_assert_double_le(partition->stability[firm], 1);
    }
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(firms_without_ties_stay_alone)
{
    static const test_tie tie[2] = { { 0, 1, FN_LAYER_SUPPLY, 2 }, { 3, 3, FN_LAYER_SUPPLY, 5 } };
    const uint32_t expected[4] = { 0, 0, 1, 2 };
    fn_run run = support_run();
    fn_net *net = net_of(&run, 4, 2, tie);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_partition *partition = propagate(&run, view, &options);
    ck_assert_mem_eq(partition->cluster, expected, sizeof expected);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_label_propagation(void)
{
    Suite *suite = suite_create("label propagation");
    TCase *labels = tcase_create("labels");
    tcase_set_timeout(labels, 60);
    tcase_add_test(labels, groups_tied_by_small_weights_are_found);
    tcase_add_test(labels, no_label_around_a_firm_weighs_more_than_its_own);
    tcase_add_test(labels, threads_and_powers_of_two_change_nothing);
    tcase_add_test(labels, several_runs_keep_the_best_and_tell_stability);
    tcase_add_test(labels, firms_without_ties_stay_alone);
    suite_add_tcase(suite, labels);
    return suite;
}
