/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_cluster_options(void);

/* --- Runs and stability --- */

START_TEST(stability_is_the_share_of_runs_that_agree_on_the_ties)
{
    enum { RUNS = 7, FIRMS = 60 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 21, FIRMS, 100, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.runs = RUNS;
    run.seed = 5;
    fn_partition *kept = leiden(&run, view, &options), *single[RUNS];
    options.runs = 1;
    int first_best = 0;
    for (int r = 0; r < RUNS; r++) {
        run.seed = 5 + (uint64_t) r;
        single[r] = leiden(&run, view, &options);
        ck_assert_ptr_null(single[r]->stability);
        if (single[r]->quality > single[first_best]->quality) first_best = r;
    }
    ck_assert_mem_eq(kept->cluster, single[first_best]->cluster, FIRMS * sizeof *kept->cluster);
    ck_assert_double_eq(kept->quality, single[first_best]->quality);
    bool is_unstable = false;
    for (uint32_t firm = 0; firm < FIRMS; firm++) {
        double agreed = 0, all = 0;
        for (size_t i = 0; i < view->ties; i++) {
            const fn_tie *tie = FN_TIE(net, fn_view_tie(view, i));
            if (tie->from == tie->to || (tie->from != firm && tie->to != firm)) continue;
            for (int r = 0; r < RUNS; r++) {
                bool together = single[r]->cluster[tie->from] == single[r]->cluster[tie->to];
                agreed += view->weight[i] * (together == (kept->cluster[tie->from] == kept->cluster[tie->to]));
                all += view->weight[i];
            }
        }
        if (all > 0) ck_assert_double_eq_tol(kept->stability[firm], agreed / all, 1e-12);
        else ck_assert_double_nan(kept->stability[firm]);
        is_unstable |= agreed < all;
    }
    ck_assert_msg(is_unstable, "all runs agree: this net shows nothing");
    for (int r = 0; r < RUNS; r++) fn_partition_free(single[r]);
    fn_partition_free(kept);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(two_runs_with_one_seed_are_equal)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 2, 200, 400, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    options.runs = 3;
    fn_partition *a = leiden(&run, view, &options), *b = leiden(&run, view, &options);
    ck_assert_mem_eq(a->cluster, b->cluster, 200 * sizeof *a->cluster);
    ck_assert_mem_eq(a->stability, b->stability, 200 * sizeof *a->stability);
    fn_partition_free(a);
    fn_partition_free(b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Errors --- */

START_TEST(options_that_cannot_be_are_refused)
{
    fn_net *net;
    fn_view *view;
    fn_partition *partition = NULL;
    fn_run run = support_run();
    net = support_net(&run, 6, 7, two_cycles, NULL);
    view = support_view(&run, net);
    for (int wrong = 0; wrong < 9; wrong++) {
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        if (wrong == 0) options.resolution = -1;
        if (wrong == 1) options.resolution = NAN;
        if (wrong == 2) options.resolution = INFINITY;
        if (wrong == 3) options.runs = 0;
        if (wrong == 4) options.layer_weight[FN_LAYER_SUPPLY] = -1;
        if (wrong == 5) options.layer_weight[FN_LAYER_COBID] = NAN;
        if (wrong == 6) options.layer_weight[FN_LAYER_SUPPLY] = 0;
        if (wrong == 7) options.iterations = -2;
        if (wrong == 8) options.iterations = FN_LEIDEN_ITERATIONS_MOST + 1;
        run = support_run();
        ck_assert_int_eq(fn_leiden(&run, view, &options, &partition), FN_EINVAL);
        ck_assert_int_eq(run.error.status, FN_EINVAL);
        ck_assert_str_ne(run.error.message, "");
        ck_assert_ptr_null(partition);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static fn_status read_options(fn_run *run, const fn_net *net, const char *const (*given)[2], fn_leiden_options *options)
{
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_CLUSTERS, "leiden");
    const fn_param *const tables[] = { algorithm->params, NULL };
    fn_values *values;
    ck_assert_int_eq(fn_values_new(run, tables, &values), FN_OK);
    for (; (*given)[0]; given++) ck_assert_int_eq(fn_values_set(run, values, (*given)[0], (*given)[1]), FN_OK);
    fn_status status = fn_leiden_options_from(run, net, values, options);
    fn_values_free(values);
    return status;
}

START_TEST(options_are_read_from_the_table_of_parameters)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_leiden_options options, defaults;
    fn_leiden_defaults(&defaults);
    const char *const none[][2] = { { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, none, &options), FN_OK);
    ck_assert_int_eq(options.quality, defaults.quality);
    ck_assert_double_eq(options.resolution, defaults.resolution);
    ck_assert_int_eq(options.directed, defaults.directed);
    ck_assert_int_eq(options.runs, defaults.runs);
    ck_assert_int_eq(options.iterations, defaults.iterations);
    ck_assert_int_eq(options.fast, defaults.fast);
    ck_assert_mem_eq(options.layer_weight, defaults.layer_weight, sizeof options.layer_weight);
    const char *const given[][2] = { { "quality", "cpm" }, { "resolution", "0.25" }, { "runs", "4" },
                                     { "iterations", "3" }, { "layer-weight", "supply=2,cobid=0.5" }, { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, given, &options), FN_OK);
    ck_assert_int_eq(options.quality, FN_QUALITY_CPM);
    ck_assert_double_eq(options.resolution, .25);
    ck_assert_int_eq(options.runs, 4);
    ck_assert_int_eq(options.iterations, 3);
    ck_assert_double_eq(options.layer_weight[FN_LAYER_SUPPLY], 2);
    ck_assert_double_eq(options.layer_weight[FN_LAYER_COBID], .5);
    static const char *const wrong[] = { "supply", "supply=", "supply=-1", "nosuch=1", "supply=1,,cobid=1",
                                         "supply=1e999", "=1" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *const bad[][2] = { { "layer-weight", wrong[i] }, { NULL, NULL } };
        fn_run other = support_run();
        ck_assert_msg(read_options(&other, net, bad, &options) == FN_EINVAL, "%s was taken", wrong[i]);
    }
    fn_net_free(net);
}
END_TEST

START_TEST(both_directions_at_once_are_refused)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_leiden_options options;
    const char *const given[][2] = { { "directed", "true" }, { "undirected", "true" }, { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, given, &options), FN_EINVAL);
    fn_net_free(net);
}
END_TEST

START_TEST(haste_and_a_number_of_iterations_exclude_each_other)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_leiden_options options;
    const char *const fast[][2] = { { "fast", "true" }, { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, fast, &options), FN_OK);
    ck_assert(options.fast);
    const char *const both[][2] = { { "fast", "true" }, { "iterations", "2" }, { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, both, &options), FN_EINVAL);
    fn_net_free(net);
}
END_TEST

START_TEST(row_of_the_table_gives_clusters_from_one_and_stability)
{
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_view *view = support_view(&run, net);
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_CLUSTERS, "leiden");
    const fn_param *const tables[] = { algorithm->params, NULL };
    for (int runs = 1; runs <= 2; runs++) {
        fn_values *values;
        fn_table *result;
        ck_assert_int_eq(fn_values_new(&run, tables, &values), FN_OK);
        ck_assert_int_eq(fn_values_set(&run, values, "runs", runs == 1 ? "1" : "2"), FN_OK);
        ck_assert_int_eq(fn_table_new(&run, view->firms, &result), FN_OK);
        ck_assert_int_eq(algorithm->run(&run, view, values, result), FN_OK);
        const fn_column *cluster = fn_table_find(result, "cluster");
        ck_assert_int_eq(cluster->type, FN_COLUMN_INT);
        int64_t lowest = INT64_MAX;
        for (uint32_t firm = 0; firm < view->firms; firm++)
            if (cluster->integer[firm] < lowest) lowest = cluster->integer[firm];
        ck_assert_int_eq(lowest, 1);
        ck_assert((fn_table_find(result, "stability") != NULL) == (runs == 2));
        fn_table_free(result);
        fn_values_free(values);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(search_survives_failing_allocations)
{
    fn_run quiet = support_run();
    fn_net *net = star_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    for (int kind = 0; kind < 2; kind++) {
        fn_leiden_options options = options_of(kind ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY, kind ? .1 : 1, true);
        options.runs = 2;
        options.levels = true;
        fn_status status = FN_ENOMEM;
        for (long k = 0; status != FN_OK; k++) {
            fn_run run = support_run();
            fn_partition *partition = NULL;
            fn_memory_fail_at(k, false);
            status = fn_leiden(&run, view, &options, &partition);
            fn_memory_fail_at(-1, false);
            if (status) ck_assert_int_eq(status, FN_ENOMEM);
            ck_assert((partition != NULL) == (status == FN_OK));
            ck_assert_int_eq(run.error.status, status);
            fn_partition_free(partition);
        }
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static bool refuse(void *user, const char *stage, double done)
{
    (void) stage, (void) done;
    return --*(int *) user > 0;
}

START_TEST(search_can_be_stopped)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 2, 200, 400, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_partition *partition = NULL;
    int calls = 2;
    run.progress = refuse;
    run.user = &calls;
    run.log = NULL;
    ck_assert_int_eq(fn_leiden(&run, view, &options, &partition), FN_ECANCEL);
    ck_assert_ptr_null(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_cluster_options(void)
{
    Suite *suite = suite_create("options of clusters");
    TCase *runs = tcase_create("runs"), *errors = tcase_create("errors");
    tcase_add_test(runs, stability_is_the_share_of_runs_that_agree_on_the_ties);
    tcase_add_test(runs, two_runs_with_one_seed_are_equal);
    tcase_add_test(errors, options_that_cannot_be_are_refused);
    tcase_add_test(errors, options_are_read_from_the_table_of_parameters);
    tcase_add_test(errors, both_directions_at_once_are_refused);
    tcase_add_test(errors, haste_and_a_number_of_iterations_exclude_each_other);
    tcase_add_test(errors, row_of_the_table_gives_clusters_from_one_and_stability);
    tcase_add_test(errors, search_survives_failing_allocations);
    tcase_add_test(errors, search_can_be_stopped);
    tcase_set_timeout(runs, 60);
    suite_add_tcase(suite, runs);
    tcase_set_timeout(errors, 60);
    suite_add_tcase(suite, errors);
    return suite;
}
