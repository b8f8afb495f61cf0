/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_small_clusters(void);

enum { FIRMS = 24, TIES = 60 };

START_TEST(a_single_firm_joins_its_neighbours_and_isolated_ones_stay)
{
    static const test_tie ties[4] = { { 0, 1, 0, 1 }, { 1, 2, 0, 1 }, { 2, 0, 0, 1 }, { 3, 0, 0, 1 } };
    const uint32_t expected[5] = { 0, 0, 0, 0, 1 };
    uint32_t cluster[5] = { 0, 0, 0, 1, 2 };
    bool is_isolated[5];
    fn_run run = support_run();
    fn_joined joined;
    fn_net *net = net_of(&run, 5, 4, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_partition partition = { .firms = 5, .clusters = 3, .cluster = cluster,
                               .quality = quality_of(&run, view, cluster, &options) };
    ck_assert_int_eq(fn_partition_join_small(&run, view, &options, 3, &partition, &joined), FN_OK);
    ck_assert_mem_eq(cluster, expected, sizeof expected);
    ck_assert_uint_eq(partition.clusters, 2);
    ck_assert_uint_eq(joined.joined, 1);
    ck_assert_uint_eq(joined.left, 1);
    /* 3 of 4 ties inside, strengths 7 and 1 of 8: 3/4 - 50/64; then all inside */
    ck_assert_double_eq_tol(joined.before, .75 - 50.0 / 64, 1e-15);
    ck_assert_double_eq_tol(partition.quality, 0, 1e-15);
    ck_assert_uint_eq(fn_view_isolated(view, &options, is_isolated), 1);
    ck_assert(is_isolated[4] && !is_isolated[3]);
    options.layer_weight[0] = 0;
    ck_assert_uint_eq(fn_view_isolated(view, &options, is_isolated), 5);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static bool are_tied(const fn_view *view, const uint32_t *cluster, uint32_t c, uint32_t d)
{
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        uint32_t a = cluster[tie->from], b = cluster[tie->to];
        if (view->weight[i] > 0 && ((a == c && b == d) || (a == d && b == c))) return true;
    }
    return false;
}

/* The same by trying every join and taking the quality from scratch. */
static void slow_join(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t least,
                      uint32_t *cluster, uint32_t clusters)
{
    for (;;) {
        uint32_t small = FN_NONE, smallest = least, best = FN_NONE;
        double most = -INFINITY;
        for (uint32_t c = 0; c < clusters; c++) {
            uint32_t size = 0;
            bool is_bound = false;
            for (uint32_t f = 0; f < FIRMS; f++) size += cluster[f] == c;
            for (uint32_t d = 0; d < clusters; d++) is_bound |= d != c && are_tied(view, cluster, c, d);
            if (size == 0 || size >= smallest || !is_bound) continue;
            smallest = size;
            small = c;
        }
        if (small == FN_NONE) return;
        for (uint32_t d = 0; d < clusters; d++) {
            uint32_t tried[FIRMS];
            if (d == small || !are_tied(view, cluster, small, d)) continue;
            for (uint32_t f = 0; f < FIRMS; f++) tried[f] = cluster[f] == small ? d : cluster[f];
            double quality = quality_of(run, view, tried, options);
            if (quality <= most + 1e-13) continue;
            most = quality;
            best = d;
        }
        for (uint32_t f = 0; f < FIRMS; f++) cluster[f] = cluster[f] == small ? best : cluster[f];
    }
}

START_TEST(joining_equals_trying_every_neighbour)
{
    test_tie ties[TIES];
    for (uint64_t seed = 1; seed <= 25; seed++) {
        uint32_t cluster[FIRMS], slow[FIRMS], clusters;
        fn_run run = support_run();
        fn_joined joined;
        random_ties(seed, FIRMS, TIES, ties);
        for (size_t i = 0; i < TIES; i++) ties[i].weight = .1 + fn_random_unit(seed, 21, i);
        fn_net *net = net_of(&run, FIRMS, TIES, ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_kind(_i, .7);
        options.layer_weight[FN_LAYER_KNOWLEDGE] = .5;
        for (uint32_t f = 0; f < FIRMS; f++) cluster[f] = (uint32_t) fn_random_below(seed, 22, f, 14);
        ck_assert_int_eq(fn_partition_relabel(&run, FIRMS, cluster, &clusters), FN_OK);
        memcpy(slow, cluster, sizeof slow);
        fn_partition partition = { .firms = FIRMS, .clusters = clusters, .cluster = cluster,
                                   .quality = quality_of(&run, view, cluster, &options) };
        ck_assert_int_eq(fn_partition_join_small(&run, view, &options, 4, &partition, &joined), FN_OK);
        slow_join(&run, view, &options, 4, slow, clusters);
        uint32_t left = 0, slow_clusters;
        ck_assert_int_eq(fn_partition_relabel(&run, FIRMS, slow, &slow_clusters), FN_OK);
        ck_assert_mem_eq(cluster, slow, sizeof slow);
        ck_assert_uint_eq(partition.clusters, clusters - joined.joined);
        for (uint32_t c = 0; c < partition.clusters; c++) {
            uint32_t size = 0;
            for (uint32_t f = 0; f < FIRMS; f++) size += cluster[f] == c;
            left += size < 4;
        }
        ck_assert_uint_eq(left, joined.left);
        ck_assert_double_eq(partition.quality, quality_of(&run, view, cluster, &options));
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(clusters_stay_connected)
{
    test_tie ties[TIES];
    for (uint64_t seed = 1; seed <= 10; seed++) {
        fn_run run = support_run();
        fn_joined joined;
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_CPM, 2, true);
        fn_partition *partition = leiden(&run, view, &options);
        ck_assert_int_eq(fn_partition_join_small(&run, view, &options, 5, partition, &joined), FN_OK);
        ck_assert_uint_gt(joined.joined, 0);
        assert_proper(&run, view, partition);
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(joining_survives_failing_allocations)
{
    fn_run quiet = support_run();
    fn_net *net = star_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_kind(kind, 1);
        fn_status status = FN_ENOMEM;
        for (long k = 0; status != FN_OK; k++) {
            fn_run run = support_run();
            fn_joined joined;
            uint32_t cluster[13];
            for (uint32_t f = 0; f < 13; f++) cluster[f] = f;
            fn_partition partition = { .firms = 13, .clusters = 13, .cluster = cluster };
            fn_memory_fail_at(k, false);
            status = fn_partition_join_small(&run, view, &options, 3, &partition, &joined);
            fn_memory_fail_at(-1, false);
            ck_assert(status == FN_OK || status == FN_ENOMEM);
            ck_assert_int_eq(run.error.status, status);
        }
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_small_clusters(void)
{
    Suite *suite = suite_create("small clusters");
    TCase *joining = tcase_create("joining");
    tcase_set_timeout(joining, 60);
    tcase_add_test(joining, a_single_firm_joins_its_neighbours_and_isolated_ones_stay);
    tcase_add_loop_test(joining, joining_equals_trying_every_neighbour, 0, 4);
    tcase_add_test(joining, clusters_stay_connected);
    tcase_add_test(joining, joining_survives_failing_allocations);
    suite_add_tcase(suite, joining);
    return suite;
}
