/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "graph/igraph_bridge.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_quality(void);

START_TEST(two_three_cycles_have_the_published_modularity)
{
    fn_run run = support_run();
    fn_net *net = support_net(&run, 6, 7, two_cycles, NULL);
    fn_view *view = support_view(&run, net);
    const uint32_t cluster[6] = { 0, 0, 0, 1, 1, 1 };
    fn_leiden_options directed = options_of(FN_QUALITY_MODULARITY, 1, true);
    fn_leiden_options undirected = options_of(FN_QUALITY_MODULARITY, 1, false);
    ck_assert_double_eq_tol(quality_of(&run, view, cluster, &directed), 18.0 / 49, 1e-15);
    ck_assert_double_eq_tol(quality_of(&run, view, cluster, &undirected), 5.0 / 14, 1e-15);
    for (int i = 0; i < 2; i++) {
        fn_partition *partition = leiden(&run, view, i ? &directed : &undirected);
        ck_assert_uint_eq(partition->clusters, 2);
        ck_assert_mem_eq(partition->cluster, cluster, sizeof cluster);
        ck_assert_double_eq_tol(partition->quality, i ? 18.0 / 49 : 5.0 / 14, 1e-15);
        fn_partition_free(partition);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(direction_changes_the_best_partition)
{
    fn_run run = support_run();
    const uint32_t ties[6][2] = { { 0, 4 }, { 1, 0 }, { 1, 4 }, { 2, 4 }, { 3, 0 }, { 3, 4 } };
    fn_net *net = support_net(&run, 5, 6, ties, NULL);
    fn_view *view = support_view(&run, net);
    uint32_t best[SMALL_FIRMS];
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    options.runs = 10;
    ck_assert_double_eq_tol(best_quality(&run, view, &options, best), 1.0 / 9, 1e-15);
    const uint32_t expected[5] = { 0, 0, 1, 0, 1 };
    ck_assert_mem_eq(best, expected, sizeof expected);
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_mem_eq(partition->cluster, expected, sizeof expected);
    fn_partition_free(partition);
    options.directed = false;
    ck_assert_double_eq_tol(best_quality(&run, view, &options, best), 0, 1e-15);
    partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, 1);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(quality_equals_the_sum_over_all_pairs)
{
    fn_run run = support_run();
    test_tie ties[100];
    for (uint64_t seed = 0; seed < 40; seed++) {
        uint32_t firms = 2 + (uint32_t) (seed % 15), cluster[20];
        size_t count = random_ties(seed, firms, 5 + 2 * (size_t) seed % 80, ties);
        fn_net *net = net_of(&run, firms, count, ties);
        fn_view *view = support_view(&run, net);
        for (uint32_t firm = 0; firm < firms; firm++)
            cluster[firm] = (uint32_t) fn_random_below(seed, 20, firm, 1 + firms / 3);
        for (int kind = 0; kind < 4; kind++) {
            fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY,
                                                   .5 + (double) (seed % 3) / 2, kind & 2);
            options.layer_weight[FN_LAYER_COBID] = .25;
            double fast = quality_of(&run, view, cluster, &options), slow = slow_quality(view, cluster, &options);
            if (isnan(slow)) ck_assert_double_nan(fast);
            else ck_assert_double_eq_tol(fast, slow, 1e-13);
        }
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(quality_equals_what_igraph_computes)
{
    fn_run run = support_run();
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint32_t pair[60][2], cluster[20];
        double weight[60];
        size_t ties = 0;
        for (uint64_t i = 0; i < 60; i++) {
            uint32_t from = (uint32_t) fn_random_below(seed, 1, i, 20), to = (uint32_t) fn_random_below(seed, 2, i, 20);
            if (from == to) continue;
            pair[ties][0] = from;
            pair[ties][1] = to;
            weight[ties++] = .25 + fn_random_unit(seed, 3, i);
        }
        fn_net *net = support_net(&run, 20, ties, (const uint32_t (*)[2]) pair, weight);
        fn_view *view = support_view(&run, net);
        const igraph_t *graph;
        igraph_vector_int_t membership;
        igraph_vector_t weights;
        ck_assert_int_eq(fn_net_igraph(&run, net, &graph), FN_OK);
        ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_int_init(&membership, 20)), FN_OK);
        ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init_array(&weights, view->weight,
                                                                   (igraph_int_t) view->ties)), FN_OK);
        for (uint32_t firm = 0; firm < 20; firm++)
            VECTOR(membership)[firm] = cluster[firm] = (uint32_t) fn_random_below(seed, 4, firm, 4);
        for (int directed = 0; directed < 2; directed++) {
            fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1.25, directed);
            double theirs;
            ck_assert_int_eq(FN_IGRAPH(&run, igraph_modularity(graph, &membership, &weights, 1.25, directed, &theirs)),
                             FN_OK);
            ck_assert_double_eq_tol(quality_of(&run, view, cluster, &options), theirs, 1e-12);
        }
        igraph_vector_destroy(&weights);
        igraph_vector_int_destroy(&membership);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(quality_refuses_cluster_numbers_beyond_the_firms)
{
    fn_run run = support_run();
    fn_net *net = support_net(&run, 6, 7, two_cycles, NULL);
    fn_view *view = support_view(&run, net);
    const uint32_t cluster[6] = { 0, 0, 0, 1, 1, 6 };
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    double quality, layer_quality[FN_LAYERS_MOST];
    ck_assert_int_eq(fn_partition_quality(&run, view, cluster, &options, &quality, layer_quality), FN_EINVAL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_quality(void)
{
    Suite *suite = suite_create("quality of partitions");
    TCase *quality = tcase_create("quality");
    tcase_add_test(quality, two_three_cycles_have_the_published_modularity);
    tcase_add_test(quality, direction_changes_the_best_partition);
    tcase_add_test(quality, quality_equals_the_sum_over_all_pairs);
    tcase_add_test(quality, quality_equals_what_igraph_computes);
    tcase_add_test(quality, quality_refuses_cluster_numbers_beyond_the_firms);
    tcase_set_timeout(quality, 60);
    suite_add_tcase(suite, quality);
    return suite;
}
