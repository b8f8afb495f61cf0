/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/rewire.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_significance(void);

/* --- Rewiring --- */

static fn_net *rewired(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint64_t seed, double *swaps)
{
    fn_tied_pairs pairs;
    fn_rewiring rewiring;
    fn_net *net = NULL;
    ck_assert_int_eq(fn_tied_pairs_find(run, view, options, &pairs), FN_OK);
    ck_assert_int_eq(fn_rewiring_new(run, &pairs, &rewiring), FN_OK);
    fn_rewiring_start(&rewiring, seed);
    while (fn_rewiring_advance(&rewiring, 7)) continue;
    ck_assert_int_eq(fn_rewiring_net(run, &rewiring, &net), FN_OK);
    if (swaps) *swaps = (double) rewiring.swapped_before / (double) pairs.count;
    fn_rewiring_free(&rewiring);
    fn_tied_pairs_free(&pairs);
    return net;
}

/* Partners of every firm in a layer, out and in, or both together; weight delivered; pairs that stand there twice. */
typedef struct layer_facts {
    int out[64], in[64], twice, self;
    double weight_out[64], weight;
} layer_facts;

static layer_facts facts_of(const fn_view *view, int layer, bool directed)
{
    layer_facts facts = { .twice = 0 };
    double w[64][64] = { { 0 } };
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        if (tie->layer != layer || !(view->weight[i] > 0)) continue;
        bool turn = !directed && tie->to < tie->from;
        uint32_t a = turn ? tie->to : tie->from, b = turn ? tie->from : tie->to;
        facts.self += a == b;
        if (a == b) continue;
        facts.twice += w[a][b] > 0;
        w[a][b] += view->weight[i];
        facts.weight += view->weight[i];
    }
    for (int a = 0; a < 64; a++)
        for (int b = 0; b < 64; b++) {
            facts.out[a] += w[a][b] > 0;
            facts.in[b] += w[a][b] > 0;
            facts.weight_out[a] += w[a][b];
        }
    return facts;
}

START_TEST(rewiring_keeps_the_degrees_of_every_layer)
{
    enum { FIRMS = 40, TIES = 240 };
    test_tie ties[TIES];
    bool directed = _i;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        fn_run run = support_run();
        double swaps;
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, directed);
        fn_net *other = rewired(&run, view, &options, seed, &swaps);
        fn_view *after = support_view(&run, other);
        ck_assert_double_ge(swaps, 10);
        ck_assert_double_le(swaps, 10.1);
        ck_assert_uint_eq(after->firms, view->firms);
        for (int layer = 0; layer < FN_LAYERS_STANDARD; layer++) {
            bool counts = directed && fn_net_layer_directed((uint16_t) layer);
            layer_facts a = facts_of(view, layer, counts), b = facts_of(after, layer, counts);
            ck_assert_int_eq(b.twice, 0);
            ck_assert_int_eq(b.self, 0);
            ck_assert_double_eq_tol(a.weight, b.weight, 1e-9);
            for (int f = 0; f < FIRMS; f++) {
                if (counts) ck_assert_int_eq(a.out[f], b.out[f]);
                if (counts) ck_assert_int_eq(a.in[f], b.in[f]);
                if (counts) ck_assert_double_eq_tol(a.weight_out[f], b.weight_out[f], 1e-9);
                ck_assert_int_eq(a.out[f] + a.in[f], b.out[f] + b.in[f]);
            }
        }
        fn_view_free(after);
        fn_net_free(other);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(each_way_to_pair_four_firms_comes_as_often)
{
    enum { SAMPLES = 900 };
    static const test_tie ties[2] = { { 0, 1, FN_LAYER_COBID, 1 }, { 2, 3, FN_LAYER_COBID, 1 } };
    fn_run run = support_run();
    fn_net *net = net_of(&run, 4, 2, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    int partner[4] = { 0 };
    for (uint64_t s = 0; s < SAMPLES; s++) {
        fn_net *other = rewired(&run, view, &options, fn_random(1, 2, s), NULL);
        ck_assert_uint_eq(fn_net_ties(other), 2);
        ck_assert_uint_eq(fn_net_tie_at(other, 0).from, 0);
        partner[fn_net_tie_at(other, 0).to]++;
        fn_net_free(other);
    }
    for (int p = 1; p < 4; p++) ck_assert_int_ge(partner[p], SAMPLES / 3 - 60); /* 4 standard deviations */
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- The null model --- */

static int calls;
static fn_search counting_search;

/* Qualities 1, 2, 3, … */
static fn_status counting_search(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                 fn_partition **partition)
{
    (void) options;
    if (!(*partition = fn_alloc(run, 1, sizeof **partition))) return FN_ENOMEM;
    (*partition)->firms = view->firms;
    (*partition)->quality = ++calls;
    return FN_OK;
}

START_TEST(mean_deviation_and_rank_are_those_of_the_samples)
{
    fn_run run = support_run();
    fn_null null;
    fn_net *net = star_net(&run);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    calls = 0;
    ck_assert_int_eq(fn_null_find(&run, view, &options, counting_search, 3, 4, &null), FN_OK);
    ck_assert_int_eq(calls, 4);
    ck_assert_double_eq_tol(null.mean, 2.5, 1e-15);
    ck_assert_double_eq_tol(null.sd, sqrt(5.0 / 3), 1e-15);
    ck_assert_double_eq_tol(null.z, .5 / sqrt(5.0 / 3), 1e-15);
    ck_assert_int_eq(null.at_least, 2);
    ck_assert_double_eq(null.p, 3.0 / 5);
    ck_assert_int_eq(fn_null_find(&run, view, &options, counting_search, 3, 1, &null), FN_OK);
    ck_assert_double_nan(null.sd);
    ck_assert_double_nan(null.z);
    ck_assert_int_eq(fn_null_find(&run, view, &options, counting_search, 3, 0, &null), FN_EINVAL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Ties within groups of 20 firms, or (groups false) between any. */
static fn_net *random_groups(fn_run *run, uint64_t seed, bool groups)
{
    enum { FIRMS = 200, TIES = 800 };
    test_tie ties[TIES];
    random_ties(seed, FIRMS, TIES, ties);
    for (size_t i = 0; groups && i < TIES; i++) ties[i].to = ties[i].from / 20 * 20 + ties[i].to % 20;
    return net_of(run, FIRMS, TIES, ties);
}

START_TEST(planted_groups_stand_out_and_random_ties_do_not)
{
    for (int groups = 0; groups < 2; groups++) {
        fn_run run = support_run();
        fn_null null;
        fn_net *net = random_groups(&run, 3, groups);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
        fn_partition *partition = leiden(&run, view, &options);
        ck_assert_int_eq(fn_null_find(&run, view, &options, fn_leiden, partition->quality, 12, &null), FN_OK);
        if (groups) {
            ck_assert_double_gt(null.z, 10);
            ck_assert_double_eq(null.p, 1.0 / 13);
        } else {
            ck_assert_double_lt(fabs(null.z), 5);
        }
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(a_star_can_not_be_rewired_and_says_so)
{
    static const test_tie star[4] = { { 1, 0, 0, 1 }, { 2, 0, 0, 1 }, { 3, 0, 0, 1 }, { 4, 0, 0, 1 } };
    fn_run run = support_run();
    fn_null null;
    fn_net *net = net_of(&run, 5, 4, star), *none = net_of(&run, 3, 0, NULL);
    fn_view *view = support_view(&run, net), *empty = support_view(&run, none);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_int_eq(fn_null_find(&run, view, &options, fn_leiden, partition->quality, 3, &null), FN_OK);
    ck_assert_double_eq(null.swaps, 0);
    ck_assert_double_eq(null.mean, partition->quality);
    ck_assert_double_nan(null.z);
    ck_assert_double_eq(null.p, 1);
    ck_assert_int_eq(fn_null_find(&run, empty, &options, fn_leiden, NAN, 3, &null), FN_OK);
    ck_assert_double_nan(null.mean);
    ck_assert_double_eq(null.p, 1);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_view_free(empty);
    fn_net_free(net);
    fn_net_free(none);
}
END_TEST

START_TEST(threads_do_not_change_the_null_model)
{
    fn_null first = { 0 };
    enum { FIRMS = 2000, TIES = 9000 };
    test_tie *ties = calloc(TIES, sizeof *ties);
    random_ties(9, FIRMS, TIES, ties);
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_null null;
        run.threads = threads;
        fn_net *net = net_of(&run, FIRMS, TIES, ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
        ck_assert_int_eq(fn_null_find(&run, view, &options, fn_leiden, .5, 5, &null), FN_OK);
        if (threads == 1) first = null;
        ck_assert_double_eq(null.mean, first.mean);
        ck_assert_double_eq(null.sd, first.sd);
        ck_assert_double_eq(null.swaps, first.swaps);
        ck_assert_uint_eq(run.seed, 1);
        fn_view_free(view);
        fn_net_free(net);
    }
    free(ties);
}
END_TEST

START_TEST(the_null_model_can_be_stopped_and_survives_failing_allocations)
{
    fn_run quiet = support_run();
    fn_null null;
    fn_net *net = star_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        run.threads = 2;
        fn_memory_fail_at(k, false);
        status = fn_null_find(&run, view, &options, fn_leiden, .1, 3, &null);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_eq(run.error.status, status);
        ck_assert_uint_eq(run.seed, 1);
    }
    fn_run run = support_run();
    run.progress = support_stop;
    ck_assert_int_eq(fn_null_find(&run, view, &options, fn_leiden, .1, 3, &null), FN_ECANCEL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_significance(void)
{
    Suite *suite = suite_create("significance");
    TCase *rewiring = tcase_create("rewiring"), *model = tcase_create("null model");
    tcase_set_timeout(rewiring, 60);
    tcase_set_timeout(model, 60);
    tcase_add_loop_test(rewiring, rewiring_keeps_the_degrees_of_every_layer, 0, 2);
    tcase_add_test(rewiring, each_way_to_pair_four_firms_comes_as_often);
    tcase_add_test(model, mean_deviation_and_rank_are_those_of_the_samples);
    tcase_add_loop_test(model, planted_groups_stand_out_and_random_ties_do_not, 0, 2);
    tcase_add_test(model, a_star_can_not_be_rewired_and_says_so);
    tcase_add_test(model, threads_do_not_change_the_null_model);
    tcase_add_test(model, the_null_model_can_be_stopped_and_survives_failing_allocations);
    suite_add_tcase(suite, rewiring);
    suite_add_tcase(suite, model);
    return suite;
}
