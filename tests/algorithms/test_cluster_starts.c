/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/node_weights.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_cluster_starts(void);

/* --- Partitions to begin with --- */

START_TEST(result_is_never_below_the_start)
{
    enum { FIRMS = 40 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 300 + (uint64_t) _i, FIRMS, 120, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i % 4, .3);
    uint32_t start[FIRMS];
    fn_partition *free_search = leiden(&run, view, &options);
    for (uint32_t clusters = 2; clusters <= 12; clusters += 5) {
        for (uint32_t firm = 0; firm < FIRMS; firm++)
            start[firm] = (uint32_t) fn_random_below((uint64_t) _i, clusters, firm, clusters);
        options.start = start;
        options.iterations = _i % 3 - 1;
        fn_partition *found = leiden(&run, view, &options);
        assert_proper(&run, view, found);
        ck_assert_double_ge(found->quality, quality_of(&run, view, start, &options));
        ck_assert_double_eq(found->quality, quality_of(&run, view, found->cluster, &options));
        fn_partition_free(found);
    }
    /* What a search has found is not lost by another. */
    memcpy(start, free_search->cluster, sizeof start);
    run.seed = 99;
    options.runs = 1 + _i % 2 * 2;
    fn_partition *again = leiden(&run, view, &options);
    ck_assert_double_ge(again->quality, free_search->quality);
    fn_partition_free(again);
    fn_partition_free(free_search);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(best_partition_to_begin_with_is_given_back)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 800 + (uint64_t) _i, 7, 14, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i % 4, .4);
    uint32_t best[SMALL_FIRMS];
    double highest = best_quality(&run, view, &options, best);
    options.start = best;
    options.fast = _i % 2;
    fn_partition *found = leiden(&run, view, &options);
    ck_assert_double_eq(found->quality, highest);
    fn_partition_free(found);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(search_begins_where_it_is_told)
{
    /* Two cycles joined by a tie: from the cycles nothing is to do; with no pass worth of moves left either, the search
     * from one cluster of all finds them, too. Firm 6 has no ties and is alone, whatever is given. */
    const uint32_t apart[7] = { 4, 4, 4, 1, 1, 1, 4 }, together[7] = { 0 }, wanted[7] = { 0, 0, 0, 1, 1, 1, 2 };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 7, 7, two_cycles, NULL);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    for (int way = 0; way < 2; way++) {
        options.start = way ? together : apart;
        fn_partition *found = leiden(&run, view, &options);
        ck_assert_mem_eq(found->cluster, wanted, sizeof wanted);
        ck_assert_double_eq_tol(found->quality, 5.0 / 14, 1e-15);
        fn_partition_free(found);
    }

    /* A cluster number that no firm can have. */
    uint32_t wrong[7] = { 0, 0, 0, 0, 7, 0, 0 };
    fn_partition *found = NULL;
    options.start = wrong;
    ck_assert_int_eq(fn_leiden(&run, view, &options, &found), FN_EINVAL);
    ck_assert_ptr_null(found);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(start_of_a_large_network_is_improved_the_same_at_any_number_of_threads)
{
    enum { FIRMS = 20000, TIES = 160000, PLANTED = 40 };
    fn_run run = support_run();
    test_tie *ties = calloc(TIES, sizeof *ties);
    uint32_t *start = calloc(FIRMS, sizeof *start);
    for (uint64_t i = 0; i < TIES; i++) {
        uint32_t from = (uint32_t) fn_random_below(9, 1, i, FIRMS), to = (uint32_t) fn_random_below(9, 2, i, FIRMS);
        if (fn_random_below(9, 3, i, 2) > 0) to = to - to % PLANTED + from % PLANTED;
        ties[i] = (test_tie) { from, to, FN_LAYER_SUPPLY, 1 + (double) (i % 7) };
    }
    for (uint32_t firm = 0; firm < FIRMS; firm++)
        start[firm] = fn_random_below(9, 4, firm, 4) ? firm % PLANTED : (uint32_t) fn_random_below(9, 5, firm, FIRMS);
    fn_net *net = net_of(&run, FIRMS, TIES, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.start = start;
    options.iterations = 1;
    double before = quality_of(&run, view, start, &options);
    fn_partition *one = NULL;
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        fn_partition *found = leiden(&run, view, &options);
        if (one) ck_assert_mem_eq(found->cluster, one->cluster, FIRMS * sizeof *one->cluster);
        ck_assert_double_gt(found->quality, before + .1);
        if (one) fn_partition_free(found);
        else one = found;
    }
    fn_partition_free(one);
    fn_view_free(view);
    fn_net_free(net);
    free(start);
    free(ties);
}
END_TEST

START_TEST(agreement_of_runs_is_that_of_single_searches)
{
    enum { RUNS = 5 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 21, 60, 100, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_runs runs;
    fn_runs_agreement agreement;
    ck_assert_int_eq(fn_runs_find(&run, view, &options, fn_leiden, RUNS, &runs), FN_OK);
    ck_assert_int_eq(fn_runs_compare(&run, &runs, &agreement), FN_OK);
    double nmi = 0, ari = 0, least = 1;
    for (int a = 0; a < RUNS; a++)
        for (int b = 0; b < a; b++) {
            fn_agreement pair;
            ck_assert_int_eq(fn_partition_compare(&run, 60, runs.partition[a]->cluster, runs.partition[b]->cluster, &pair),
                             FN_OK);
            nmi += pair.nmi;
            ari += pair.ari;
            least = pair.nmi < least ? pair.nmi : least;
        }
    ck_assert_double_lt(least, nmi / 10);
    options.runs = RUNS;
    fn_partition *found = leiden(&run, view, &options);
    ck_assert_int_eq(found->agreement.pairs, 10);
    support_near(found->agreement.nmi, nmi / 10, 1e-12, "nmi");
    support_near(found->agreement.ari, ari / 10, 1e-12, "ari");
    support_near(found->agreement.nmi_least, least, 1e-12, "least nmi");
    support_near(found->agreement.ami, agreement.ami, 1e-12, "ami");
    fn_partition_free(found);
    options.runs = 1;
    found = leiden(&run, view, &options);
    ck_assert_int_eq(found->agreement.pairs, 0);
    fn_partition_free(found);
    fn_runs_free(&runs);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Weights of firms --- */

START_TEST(equal_weights_change_nothing)
{
    enum { FIRMS = 60 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 60 + (uint64_t) _i, FIRMS, 200, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .3, _i % 2);
    int64_t weight[FIRMS];
    for (int f = 0; f < FIRMS; f++) weight[f] = FN_NODE_WEIGHT_ONE;
    fn_partition *counted = leiden(&run, view, &options);
    options.node_weight = weight;
    fn_partition *weighed = leiden(&run, view, &options);
    ck_assert_mem_eq(counted->cluster, weighed->cluster, sizeof(uint32_t[FIRMS]));
    ck_assert_double_eq(counted->quality, weighed->quality);
    fn_partition_free(counted);
    fn_partition_free(weighed);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Sum over pairs together of w / W - gamma n_i n_j / pairs; one layer. */
static double slow_weighted(const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options,
                            const int64_t *weight)
{
    const uint32_t n = view->firms;
    double *w = calloc((size_t) n * n, sizeof *w), total = 0, joined = 0, inside = 0, expected = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_net_tie_at(view->net, fn_view_tie(view, i));
        if (tie.from == tie.to) continue;
        total += view->weight[i];
        if (cluster[tie.from] == cluster[tie.to]) inside += view->weight[i];
        w[tie.from * n + tie.to] += view->weight[i];
        if (!options->directed) w[tie.to * n + tie.from] += view->weight[i];
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            joined += w[i * n + j] > 0;
            if (i != j && cluster[i] == cluster[j])
                expected += (double) weight[i] * (double) weight[j] / FN_NODE_WEIGHT_ONE / FN_NODE_WEIGHT_ONE;
        }
    free(w);
    return inside / total - options->resolution * expected / joined;
}

START_TEST(weighted_quality_is_that_of_the_definition_and_its_best_is_found)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 400 + (uint64_t) _i, 7, 16, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .3, _i % 2);
    int64_t weight[7];
    uint32_t best[SMALL_FIRMS];
    for (uint64_t f = 0; f < 7; f++) weight[f] = 1 + (int64_t) fn_random_below((uint64_t) _i, 1, f, 3 * FN_NODE_WEIGHT_ONE);
    options.node_weight = weight;
    options.runs = 5;
    double highest = best_quality(&run, view, &options, best);
    support_near(highest, slow_weighted(view, best, &options, weight), 1e-13, "the best");
    fn_partition *found = leiden(&run, view, &options);
    support_near(found->quality, highest, 1e-13, "what is found");

    /* Joining small clusters knows of the weights, too. */
    fn_joined joined;
    uint32_t before[7];
    memcpy(before, found->cluster, sizeof before);
    ck_assert_int_eq(fn_partition_join_small(&run, view, &options, 3, found, &joined), FN_OK);
    support_near(found->quality, slow_weighted(view, found->cluster, &options, weight), 1e-12, "after joining");
    support_near(joined.before, slow_weighted(view, before, &options, weight), 1e-12, "before joining");
    fn_partition_free(found);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(large_firms_need_more_between_them)
{
    /* A triangle of ties of weight 1, gamma .5: together when all are alike. Firm 2 of 9 times the others' size costs
     * more than it brings. */
    static const uint32_t triangle[3][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 3, 3, triangle, NULL);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .5, false);
    int64_t weight[3] = { FN_NODE_WEIGHT_ONE, FN_NODE_WEIGHT_ONE, 9 * FN_NODE_WEIGHT_ONE };
    fn_partition *found = leiden(&run, view, &options);
    ck_assert_uint_eq(found->clusters, 1);
    fn_partition_free(found);
    options.node_weight = weight;
    found = leiden(&run, view, &options);
    ck_assert_uint_eq(found->clusters, 2);
    ck_assert_uint_eq(found->cluster[0], found->cluster[1]);
    ck_assert_double_eq_tol(found->quality, (1 - .5) / 3, 1e-15);
    fn_partition_free(found);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(sizes_become_weights_and_a_firm_without_one_is_the_mean)
{
    /* Firm 5 has no ties: its size counts for nothing. Sizes 1, 3, none, 0 of tied firms: the mean is 2. */
    static const uint32_t pairs[3][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 } };
    const double size[6] = { 1, 3, NAN, 0, NAN, 1000 };
    fn_run run = support_run();
    fn_net *net;
    fn_column *column;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    for (uint32_t f = 0; f < 6; f++) {
        const char key[2] = { (char) ('a' + f), '\0' };
        uint32_t number;
        ck_assert_int_eq(fn_net_firm(&run, net, key, 1, &number), FN_OK);
    }
    for (int i = 0; i < 3; i++) {
        const fn_tie tie = { .from = pairs[i][0], .to = pairs[i][1], .product = FN_NONE, .value = 1, .weight = NAN,
                             .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
    }
    fn_table *firms = fn_net_firm_table(net);
    ck_assert_int_eq(fn_table_resize(&run, firms, 6), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, firms, "size", FN_COLUMN_REAL, &column), FN_OK);
    memcpy(column->real, size, sizeof size);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .5, false);
    int64_t *weight = NULL;
    fn_sizes_known known;
    bool failed = true;
    for (long call = 0; failed; call++) {
        fn_run fresh = support_run();
        fn_memory_fail_at(call, false);
        fn_status status = fn_node_weights(&fresh, view, &options, &weight, &known);
        failed = fn_memory_calls() > call;
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
    }
    ck_assert_uint_eq(known.known, 2);
    ck_assert_uint_eq(known.missing, 2);
    ck_assert_double_eq(known.mean, 2);
    const double wanted[6] = { .5, 1.5, 1, 1, 1, 500 };
    for (int f = 0; f < 6; f++) ck_assert_double_eq((double) weight[f] / FN_NODE_WEIGHT_ONE, wanted[f]);
    fn_free(weight);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(any_failing_allocation_is_an_error)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 5, 20, 60, true);
    fn_view *view = support_view(&run, net);
    uint32_t start[20];
    int64_t weight[20];
    for (uint32_t f = 0; f < 20; f++) start[f] = f % 4;
    for (uint32_t f = 0; f < 20; f++) weight[f] = (f + 1) * (FN_NODE_WEIGHT_ONE / 10);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .3, false);
    options.start = start;
    options.node_weight = weight;
    options.runs = 3;
    bool failed = true;
    for (long call = 0; failed; call++) {
        fn_run fresh = support_run();
        fn_partition *found = NULL;
        fn_memory_fail_at(call, false);
        fn_status status = fn_leiden(&fresh, view, &options, &found);
        failed = fn_memory_calls() > call;
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
        fn_partition_free(found);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_cluster_starts(void)
{
    Suite *suite = suite_create("cluster_starts");
    TCase *tests = tcase_create("cluster_starts");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, result_is_never_below_the_start, 0, 12);
    tcase_add_loop_test(tests, best_partition_to_begin_with_is_given_back, 0, 8);
    tcase_add_test(tests, search_begins_where_it_is_told);
    tcase_add_test(tests, start_of_a_large_network_is_improved_the_same_at_any_number_of_threads);
    tcase_add_test(tests, agreement_of_runs_is_that_of_single_searches);
    tcase_add_loop_test(tests, equal_weights_change_nothing, 0, 4);
    tcase_add_loop_test(tests, weighted_quality_is_that_of_the_definition_and_its_best_is_found, 0, 12);
    tcase_add_test(tests, large_firms_need_more_between_them);
    tcase_add_test(tests, sizes_become_weights_and_a_firm_without_one_is_the_mean);
    tcase_add_test(tests, any_failing_allocation_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
