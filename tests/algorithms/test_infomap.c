/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/map_equation.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_infomap(void);

/* Large enough for rounds on all threads and for weights of 24 bits. */
enum { FIRMS = 20000, TIES = 150000, PLANTED = 250 };

/* Planted clusters of 80 firms; a tie in four leaves its cluster. */
static fn_net *planted_net(fn_run *run)
{
    test_tie *ties = calloc(TIES, sizeof *ties);
    for (uint64_t i = 0; i < TIES; i++) {
        uint32_t from = (uint32_t) fn_random_below(9, 1, i, FIRMS), to = (uint32_t) fn_random_below(9, 2, i, FIRMS);
        if (fn_random_below(9, 3, i, 4) > 0) to = to - to % PLANTED + from % PLANTED;
        ties[i] = (test_tie) { from, to, i % 3 == 0 ? FN_LAYER_COBID : FN_LAYER_SUPPLY, 1 + fn_random_unit(9, 4, i) };
    }
    fn_net *net = net_of(run, FIRMS, TIES, ties);
    free(ties);
    return net;
}

START_TEST(planted_clusters_are_found_and_the_same_at_any_number_of_threads)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
    fn_partition *one, *more;
    options.levels = true;
    ck_assert_int_eq(fn_infomap(&run, view, &options, &one), FN_OK);
    assert_proper(&run, view, one);
    ck_assert_uint_eq(one->clusters, PLANTED);
    uint32_t apart = 0; /* lots make some firms have more ties to another cluster */
    for (uint32_t f = PLANTED; f < FIRMS; f++) apart += one->cluster[f] != one->cluster[f - PLANTED];
    ck_assert_uint_lt(apart, FIRMS / 100);
    for (run.threads = 2; run.threads <= 3; run.threads++) {
        ck_assert_int_eq(fn_infomap(&run, view, &options, &more), FN_OK);
        ck_assert_mem_eq(more->cluster, one->cluster, FIRMS * sizeof *one->cluster);
        ck_assert_int_eq(more->levels, one->levels);
        for (int level = 0; level < one->levels; level++)
            ck_assert_mem_eq(more->level[level], one->level[level], FIRMS * sizeof *one->level[level]);
        fn_partition_free(more);
    }
    fn_partition_free(one);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(failing_allocations_are_reported)
{
    enum { SOME = 60, PAIRS = 200 };
    test_tie ties[PAIRS];
    random_ties(5, SOME, PAIRS, ties);
    for (size_t i = 0; i < PAIRS; i++)
        if (i % 4) ties[i].to = ties[i].from / 6 * 6 + ties[i].to % 6;
    fn_run made = support_run();
    fn_net *net = net_of(&made, SOME, PAIRS, ties);
    fn_view *view = support_view(&made, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    fn_status status = FN_ENOMEM;
    long k = 0;
    options.levels = true;
    for (; status; k++) {
        fn_run run = support_run();
        fn_partition *partition = NULL;
        fn_memory_fail_at(k, false);
        status = fn_infomap(&run, view, &options, &partition);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && !partition));
        fn_partition_free(partition);
    }
    ck_assert_int_gt(k, 50);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_infomap(void)
{
    Suite *suite = suite_create("infomap");
    TCase *search = tcase_create("search");
    tcase_set_timeout(search, 120);
    tcase_add_loop_test(search, planted_clusters_are_found_and_the_same_at_any_number_of_threads, 0, 2);
    tcase_add_test(search, failing_allocations_are_reported);
    suite_add_tcase(suite, search);
    return suite;
}
