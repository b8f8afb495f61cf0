/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_clusters(void);

/* --- The search --- */

START_TEST(search_never_beats_and_nearly_always_reaches_the_exhaustive_optimum)
{
    fn_run run = support_run();
    int cases = 0, reached = 0;
    test_tie ties[40];
    for (uint64_t seed = 0; seed < 12; seed++) {
        uint32_t firms = 5 + (uint32_t) seed % 3, best[SMALL_FIRMS];
        size_t count = random_ties(seed, firms, 8 + (size_t) seed, ties);
        fn_net *net = net_of(&run, firms, count, ties);
        fn_view *view = support_view(&run, net);
        for (int kind = 0; kind < 4; kind++) {
            fn_leiden_options options = options_kind(kind, .4);
            options.runs = 10;
            double highest = best_quality(&run, view, &options, best);
            fn_partition *partition = leiden(&run, view, &options);
            assert_proper(&run, view, partition);
            ck_assert_double_le(partition->quality, highest + 1e-14);
            ck_assert_double_eq_tol(partition->quality, slow_quality(view, partition->cluster, &options), 1e-13);
            cases++;
            reached += partition->quality > highest - 1e-12;
            fn_partition_free(partition);
        }
        fn_view_free(view);
        fn_net_free(net);
    }
    ck_assert_msg(reached >= cases - 2, "the optimum was reached in %d of %d cases", reached, cases);
}
END_TEST

START_TEST(clusters_are_connected_and_no_single_move_helps)
{
    fn_run run = support_run();
    test_tie *ties = calloc(900, sizeof *ties);
    for (uint64_t seed = 0; seed < 12; seed++) {
        uint32_t firms = 300;
        size_t count = random_ties(seed, firms, 250 + 55 * (size_t) seed, ties);
        fn_net *net = net_of(&run, firms, count, ties);
        fn_view *view = support_view(&run, net);
        bool is_cpm = seed % 4 == 3;
        fn_leiden_options options = options_of(is_cpm ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY, is_cpm ? .05 : 1,
                                               seed % 2);
        run.seed = seed;
        fn_partition *partition = leiden(&run, view, &options);
        assert_proper(&run, view, partition);
        for (uint32_t firm = 0; firm < firms; firm += 37)
            for (uint32_t other = 0; other < firms; other += 13) {
                uint32_t own = partition->cluster[firm];
                partition->cluster[firm] = partition->cluster[other];
                ck_assert_double_le(quality_of(&run, view, partition->cluster, &options), partition->quality + 1e-12);
                partition->cluster[firm] = own;
            }
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
    free(ties);
}
END_TEST

START_TEST(planted_clusters_are_found)
{
    enum { CLUSTERS = 8, SIZE = 20, TIES = 1200 };
    fn_run run = support_run();
    test_tie *ties = calloc(TIES, sizeof *ties);
    uint32_t planted[CLUSTERS * SIZE];
    for (uint32_t firm = 0; firm < CLUSTERS * SIZE; firm++) planted[firm] = firm % CLUSTERS;
    for (uint64_t i = 0; i < TIES; i++) {
        uint32_t from = (uint32_t) fn_random_below(5, 1, i, CLUSTERS * SIZE);
        uint32_t to = (uint32_t) fn_random_below(5, 2, i, CLUSTERS * SIZE);
        if (fn_random_below(5, 3, i, 10) > 0) to = to - to % CLUSTERS + from % CLUSTERS;
        ties[i] = (test_tie) { from, to, FN_LAYER_SUPPLY, 1 };
    }
    fn_net *net = net_of(&run, CLUSTERS * SIZE, TIES, ties);
    fn_view *view = support_view(&run, net);
    for (int directed = 0; directed < 2; directed++) {
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, directed);
        fn_agreement agreement;
        fn_partition *partition = leiden(&run, view, &options);
        ck_assert_int_eq(fn_partition_compare(&run, CLUSTERS * SIZE, planted, partition->cluster, &agreement), FN_OK);
        ck_assert_double_eq(agreement.nmi, 1);
        fn_partition_free(partition);
    }
    fn_view_free(view);
    fn_net_free(net);
    free(ties);
}
END_TEST

/* Thirty cliques of five in a ring: modularity joins neighbouring cliques (Fortunato and Barthelemy 2007), CPM does
 * not. */
START_TEST(cpm_has_no_resolution_limit)
{
    enum { CLIQUES = 30, SIZE = 5 };
    fn_run run = support_run();
    test_tie ties[CLIQUES * 11];
    size_t count = 0;
    for (uint32_t c = 0; c < CLIQUES; c++) {
        for (uint32_t i = 0; i < SIZE; i++)
            for (uint32_t j = 0; j < i; j++) ties[count++] = (test_tie) { c * SIZE + i, c * SIZE + j, 0, 3 };
        ties[count++] = (test_tie) { c * SIZE, (c + 1) % CLIQUES * SIZE + 1, 0, 3 };
    }
    fn_net *net = net_of(&run, CLIQUES * SIZE, count, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .5, false);
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, CLIQUES);
    ck_assert_double_eq_tol(partition->quality, (300 - .5 * 30 * 10) / 330, 1e-14);
    fn_partition_free(partition);
    options.resolution = 1.5;
    partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, CLIQUES * SIZE);
    ck_assert_double_eq(partition->quality, 0);
    fn_partition_free(partition);
    options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.runs = 200; /* one search in thirty finds all pairs */
    partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, CLIQUES / 2);
    ck_assert_double_eq_tol(partition->quality, 1 - 1.0 / 22 - 1.0 / 15, 1e-14);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Layers --- */

START_TEST(star_of_one_buyer_does_not_swallow_the_groups_of_bidders)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_view_options all = FN_VIEW_ALL, supply_only = FN_VIEW_ALL;
    supply_only.layers = 1u << FN_LAYER_SUPPLY;
    fn_view *view, *star;
    ck_assert_int_eq(fn_view_new(&run, net, &all, &view), FN_OK);
    ck_assert_int_eq(fn_view_new(&run, net, &supply_only, &star), FN_OK);
    for (int directed = 0; directed < 2; directed++) {
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, directed);
        fn_partition *partition = leiden(&run, star, &options);
        ck_assert_double_eq_tol(partition->quality, 0, 1e-15);
        fn_partition_free(partition);
        partition = leiden(&run, view, &options);
        assert_proper(&run, view, partition);
        /* Directed, the buyer with a group or alone is worth the same. */
        ck_assert_uint_eq(partition->clusters, directed ? 3 : 2);
        ck_assert_double_eq_tol(partition->quality, directed ? .25 : .1875, 1e-15);
        for (uint32_t supplier = 1; supplier <= 12; supplier++)
            ck_assert_uint_eq(partition->cluster[supplier], partition->cluster[supplier <= 6 ? 1 : 7]);
        ck_assert_double_eq_tol(partition->layer_quality[FN_LAYER_COBID], .25, 1e-15);
        ck_assert_double_nan(partition->layer_quality[FN_LAYER_FINANCE]);
        ck_assert_double_eq_tol(partition->layer_quality[FN_LAYER_SUPPLY] + partition->layer_quality[FN_LAYER_COBID],
                                partition->quality, 1e-15);
        fn_partition_free(partition);
    }
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.layer_weight[FN_LAYER_COBID] = 0;
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_double_eq_tol(partition->quality, 0, 1e-15);
    ck_assert_double_eq(partition->layer_quality[FN_LAYER_COBID], 0);
    fn_partition_free(partition);
    fn_view_free(star);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Invariants --- */

START_TEST(weights_times_a_power_of_two_change_nothing)
{
    fn_run run = support_run();
    test_tie ties[300], scaled[300];
    size_t count = random_ties(3, 80, 300, ties);
    for (int exponent = -1000; exponent <= 1000; exponent += 400)
        for (int kind = 0; kind < 4; kind++) {
            fn_leiden_options options = options_kind(kind, .1);
            for (size_t i = 0; i < count; i++) {
                scaled[i] = ties[i];
                scaled[i].weight = ldexp(ties[i].weight, exponent);
            }
            fn_net *net = net_of(&run, 80, count, ties), *scaled_net = net_of(&run, 80, count, scaled);
            fn_view *view = support_view(&run, net), *scaled_view = support_view(&run, scaled_net);
            fn_partition *a = leiden(&run, view, &options), *b = leiden(&run, scaled_view, &options);
            ck_assert_mem_eq(a->cluster, b->cluster, 80 * sizeof *a->cluster);
            ck_assert_mem_eq(&a->quality, &b->quality, sizeof a->quality);
            fn_partition_free(a);
            fn_partition_free(b);
            fn_view_free(view);
            fn_view_free(scaled_view);
            fn_net_free(net);
            fn_net_free(scaled_net);
        }
}
END_TEST

START_TEST(isolated_firm_added_stays_alone_and_changes_nothing_else)
{
    fn_run run = support_run();
    test_tie ties[300];
    size_t count = random_ties(8, 80, 300, ties);
    fn_net *net = net_of(&run, 80, count, ties), *longer = net_of(&run, 81, count, ties);
    fn_view *view = support_view(&run, net), *longer_view = support_view(&run, longer);
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_kind(kind, .1);
        fn_partition *a = leiden(&run, view, &options), *b = leiden(&run, longer_view, &options);
        ck_assert_mem_eq(a->cluster, b->cluster, 80 * sizeof *a->cluster);
        ck_assert_uint_eq(b->clusters, a->clusters + 1);
        ck_assert_uint_eq(b->cluster[80], a->clusters);
        ck_assert_mem_eq(&a->quality, &b->quality, sizeof a->quality);
        fn_partition_free(a);
        fn_partition_free(b);
    }
    fn_view_free(view);
    fn_view_free(longer_view);
    fn_net_free(net);
    fn_net_free(longer);
}
END_TEST

START_TEST(quality_is_the_same_to_the_bit_when_firms_are_renumbered)
{
    fn_run run = support_run();
    test_tie ties[300], turned[300];
    size_t count = random_ties(4, 60, 300, ties);
    for (size_t i = 0; i < count; i++) {
        turned[count - 1 - i] = ties[i];
        turned[count - 1 - i].from = 59 - ties[i].from;
        turned[count - 1 - i].to = 59 - ties[i].to;
    }
    fn_net *net = net_of(&run, 60, count, ties), *turned_net = net_of(&run, 60, count, turned);
    fn_view *view = support_view(&run, net), *turned_view = support_view(&run, turned_net);
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_kind(kind, .1);
        fn_partition *partition = leiden(&run, view, &options);
        uint32_t cluster[60];
        for (uint32_t firm = 0; firm < 60; firm++) cluster[59 - firm] = partition->cluster[firm];
        double quality = quality_of(&run, turned_view, cluster, &options);
        ck_assert_mem_eq(&quality, &partition->quality, sizeof quality);
        fn_partition_free(partition);
    }
    fn_view_free(view);
    fn_view_free(turned_view);
    fn_net_free(net);
    fn_net_free(turned_net);
}
END_TEST

START_TEST(self_ties_and_ties_without_weight_change_nothing)
{
    fn_run run = support_run();
    test_tie ties[220];
    size_t count = 0, all = random_ties(6, 50, 200, ties);
    for (size_t i = 0; i < all; i++)
        if (ties[i].from != ties[i].to) ties[count++] = ties[i];
    fn_net *net = net_of(&run, 50, count, ties);
    for (uint32_t i = 0; i < 10; i++) {
        ties[count++] = (test_tie) { i, i, FN_LAYER_SUPPLY, 100 };
        ties[count++] = (test_tie) { i, i + 20, FN_LAYER_FINANCE, 0 };
    }
    fn_net *more = net_of(&run, 50, count, ties);
    fn_view_options by_value = FN_VIEW_ALL;
    fn_view *view = support_view(&run, net), *more_view;
    ck_assert_int_eq(fn_view_new(&run, more, &by_value, &more_view), FN_OK);
    for (size_t i = 0; i < more_view->ties; i++)
        if (fn_net_tie_at(more, fn_view_tie(more_view, i)).layer == FN_LAYER_FINANCE) more_view->own_weight[i] = 0;
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_kind(kind, .1);
        fn_partition *a = leiden(&run, view, &options), *b = leiden(&run, more_view, &options);
        ck_assert_mem_eq(a->cluster, b->cluster, 50 * sizeof *a->cluster);
        ck_assert_mem_eq(&a->quality, &b->quality, sizeof a->quality);
        fn_partition_free(a);
        fn_partition_free(b);
    }
    fn_view_free(view);
    fn_view_free(more_view);
    fn_net_free(net);
    fn_net_free(more);
}
END_TEST

Suite *suite_clusters(void)
{
    Suite *suite = suite_create("clusters");
    TCase *search = tcase_create("search"), *layers = tcase_create("layers"), *invariants = tcase_create("invariants");
    tcase_add_test(search, search_never_beats_and_nearly_always_reaches_the_exhaustive_optimum);
    tcase_add_test(search, clusters_are_connected_and_no_single_move_helps);
    tcase_add_test(search, planted_clusters_are_found);
    tcase_add_test(search, cpm_has_no_resolution_limit);
    tcase_add_test(layers, star_of_one_buyer_does_not_swallow_the_groups_of_bidders);
    tcase_add_test(invariants, weights_times_a_power_of_two_change_nothing);
    tcase_add_test(invariants, isolated_firm_added_stays_alone_and_changes_nothing_else);
    tcase_add_test(invariants, quality_is_the_same_to_the_bit_when_firms_are_renumbered);
    tcase_add_test(invariants, self_ties_and_ties_without_weight_change_nothing);
    tcase_set_timeout(search, 60);
    suite_add_tcase(suite, search);
    tcase_set_timeout(layers, 60);
    suite_add_tcase(suite, layers);
    tcase_set_timeout(invariants, 60);
    suite_add_tcase(suite, invariants);
    return suite;
}
