/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_leiden(void);

/* Large enough for rounds on all threads and for weights of 24 bits. */
enum { FIRMS = 20000, TIES = 200000, PLANTED = 40 };

/* Planted clusters in two layers, one of them undirected; a tie in `crossing` leaves its cluster. */
static fn_net *planted_net(fn_run *run, uint64_t crossing, bool layers)
{
    test_tie *ties = calloc(TIES, sizeof *ties);
    for (uint64_t i = 0; i < TIES; i++) {
        uint32_t from = (uint32_t) fn_random_below(9, 1, i, FIRMS), to = (uint32_t) fn_random_below(9, 2, i, FIRMS);
        if (fn_random_below(9, 3, i, crossing) > 0) to = to - to % PLANTED + from % PLANTED;
        ties[i] = (test_tie) { from, to, layers && i % 3 == 0 ? FN_LAYER_COBID : FN_LAYER_SUPPLY,
                               exp(4 * fn_random_unit(9, 4, i)) };
    }
    fn_net *net = net_of(run, FIRMS, TIES, ties);
    free(ties);
    return net;
}

START_TEST(partition_is_the_same_at_any_number_of_threads)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i, .01);
    options.iterations = 2;
    options.levels = true;
    run.threads = 1;
    fn_partition *one = leiden(&run, view, &options);
    assert_proper(&run, view, one);
    ck_assert_uint_gt(one->clusters, 1);
    ck_assert_int_gt(one->levels, 0);
    for (run.threads = 2; run.threads <= 4; run.threads++) {
        fn_partition *more = leiden(&run, view, &options);
        ck_assert_mem_eq(more->cluster, one->cluster, FIRMS * sizeof *one->cluster);
        ck_assert_mem_eq(&more->quality, &one->quality, sizeof one->quality);
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

START_TEST(planted_clusters_of_a_large_network_are_found)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 4, false);
    fn_view *view = support_view(&run, net);
    uint32_t *planted = calloc(FIRMS, sizeof *planted);
    for (uint32_t firm = 0; firm < FIRMS; firm++) planted[firm] = firm % PLANTED;
    run.threads = 2;
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, kind & 1);
        fn_agreement agreement;
        options.fast = kind & 2;
        fn_partition *partition = leiden(&run, view, &options);
        assert_proper(&run, view, partition);
        ck_assert_int_eq(fn_partition_compare(&run, FIRMS, planted, partition->cluster, &agreement), FN_OK);
        ck_assert_msg(agreement.ari > (options.fast ? .9 : .99), "agreement %g with the plan, kind %d", agreement.ari,
                      kind);
        ck_assert_double_ge(partition->quality, quality_of(&run, view, planted, &options) - (options.fast ? 1e-3 : 0));
        fn_partition_free(partition);
    }
    free(planted);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Half of the last of 11 bits: as far as weights in the search of a large network can be off. */
static const double ROUNDED = 0x1p-12;

/* What the firm would gain by going where each of its partners is, in double, from the definition of modularity. */
static void assert_rests(const fn_csr *csr, const fn_partition *partition, const double *strength, const double *volume,
                         double total, double *gathered, uint32_t firm)
{
    uint32_t own = partition->cluster[firm];
    for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++)
        gathered[partition->cluster[csr->target[arc]]] += csr->weight[arc];
    double stay = gathered[own] - strength[firm] * (volume[own] - strength[firm]) / total;
    ck_assert_double_ge(stay, -ROUNDED * strength[firm]);
    for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++) {
        uint32_t to = partition->cluster[csr->target[arc]];
        if (to == own) continue;
        double gain = gathered[to] - strength[firm] * volume[to] / total;
        ck_assert_msg(gain <= stay + ROUNDED * strength[firm], "firm %u gains by leaving: %g, staying %g", firm, gain,
                      stay);
    }
    for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++)
        gathered[partition->cluster[csr->target[arc]]] = 0;
    gathered[own] = 0;
}

START_TEST(no_firm_of_a_large_network_gains_by_moving_alone)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.iterations = 0;
    run.threads = 2;
    fn_partition *partition = leiden(&run, view, &options);
    fn_csr *csr;
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_BOTH, false, &csr), FN_OK);
    double *strength = calloc(FIRMS, sizeof *strength), *volume = calloc(FIRMS, sizeof *volume), total = 0;
    double *gathered = calloc(FIRMS, sizeof *gathered);
    for (uint32_t firm = 0; firm < FIRMS; firm++) {
        for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++) strength[firm] += csr->weight[arc];
        volume[partition->cluster[firm]] += strength[firm];
        total += strength[firm];
    }
    for (uint32_t firm = 0; firm < FIRMS; firm++)
        assert_rests(csr, partition, strength, volume, total, gathered, firm);
    free(strength);
    free(volume);
    free(gathered);
    fn_csr_free(csr);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(weights_of_a_large_network_times_a_power_of_two_change_nothing)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    options.iterations = 1;
    fn_partition *a = leiden(&run, view, &options);
    double *scaled = calloc(view->ties, sizeof *scaled);
    for (size_t i = 0; i < view->ties; i++) scaled[i] = ldexp(view->weight[i], -700);
    const double *kept = view->weight;
    view->weight = scaled;
    fn_partition *b = leiden(&run, view, &options);
    view->weight = kept;
    ck_assert_mem_eq(a->cluster, b->cluster, FIRMS * sizeof *a->cluster);
    ck_assert_mem_eq(&a->quality, &b->quality, sizeof a->quality);
    free(scaled);
    fn_partition_free(a);
    fn_partition_free(b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(firms_in_another_order_give_as_good_a_partition)
{
    fn_run run = support_run();
    double quality[2];
    for (int turned = 0; turned < 2; turned++) {
        test_tie *ties = calloc(TIES, sizeof *ties);
        random_ties(2, FIRMS / 20, TIES / 40, ties);
        for (size_t i = 0; turned && i < TIES / 40; i++) {
            ties[i].from = FIRMS / 20 - 1 - ties[i].from;
            ties[i].to = FIRMS / 20 - 1 - ties[i].to;
        }
        fn_net *net = net_of(&run, FIRMS / 20, TIES / 40, ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        options.runs = 5;
        fn_partition *partition = leiden(&run, view, &options);
        quality[turned] = partition->quality;
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
        free(ties);
    }
    ck_assert_double_eq_tol(quality[0], quality[1], .005);
}
END_TEST

/* A hub with so many partners that its row does not fit the small table of a tally. */
START_TEST(hub_with_thousands_of_partners_is_counted_right)
{
    enum { PARTNERS = 9000, GROUPS = 300 };
    fn_run run = support_run();
    test_tie *ties = calloc(3 * PARTNERS, sizeof *ties);
    size_t count = 0;
    for (uint32_t firm = 1; firm <= PARTNERS; firm++) {
        ties[count++] = (test_tie) { 0, firm, FN_LAYER_SUPPLY, .01 };
        uint32_t next = firm % 30 == 0 ? firm - 29 : firm + 1, other = firm % 30 == 29 ? firm - 28 : firm + 2;
        ties[count++] = (test_tie) { firm, next, FN_LAYER_SUPPLY, 5 };
        ties[count++] = (test_tie) { firm, other > PARTNERS ? 1 : other, FN_LAYER_SUPPLY, 5 };
    }
    fn_net *net = net_of(&run, PARTNERS + 1, count, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, 1, false);
    fn_partition *partition = leiden(&run, view, &options);
    assert_proper(&run, view, partition);
    options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_partition_free(partition);
    partition = leiden(&run, view, &options);
    assert_proper(&run, view, partition);
    ck_assert_double_gt(partition->quality, .9);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
    free(ties);
}
END_TEST

START_TEST(levels_lie_within_each_other_and_every_part_hangs_together)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 3, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.iterations = 1;
    fn_partition *plain = leiden(&run, view, &options);
    options.levels = true;
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_int_eq(plain->levels, 0);
    ck_assert_mem_eq(plain->cluster, partition->cluster, FIRMS * sizeof *plain->cluster);
    ck_assert_int_ge(partition->levels, 2);
    const uint32_t *around = partition->cluster;
    uint32_t clusters = partition->clusters, *within = calloc(FIRMS, sizeof *within);
    for (int level = 0; level < partition->levels; level++) {
        fn_partition part = { .firms = FIRMS, .cluster = partition->level[level] };
        memset(within, 0xff, FIRMS * sizeof *within);
        for (uint32_t firm = 0; firm < FIRMS; firm++) {
            uint32_t p = part.cluster[firm];
            if (p >= part.clusters) part.clusters = p + 1;
            if (within[p] == UINT32_MAX) within[p] = around[firm];
            ck_assert_uint_eq(within[p], around[firm]);
        }
        ck_assert_uint_gt(part.clusters, clusters);
        assert_proper(&run, view, &part);
        clusters = part.clusters;
        around = part.cluster;
    }
    free(within);
    fn_partition_free(plain);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(runs_over_a_large_network_do_not_touch_each_other)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.iterations = 2;
    fn_partition *single[2];
    for (uint64_t r = 0; r < 2; r++) {
        run.seed = 3 + r;
        single[r] = leiden(&run, view, &options);
    }
    run.seed = 3;
    options.runs = 2;
    fn_partition *kept = leiden(&run, view, &options), *best = single[single[1]->quality > single[0]->quality];
    ck_assert_mem_eq(kept->cluster, best->cluster, FIRMS * sizeof *kept->cluster);
    double agreed = 0, all = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(net, fn_view_tie(view, i));
        if (tie->from == tie->to || (tie->from != 7 && tie->to != 7)) continue;
        for (int r = 0; r < 2; r++)
            agreed += view->weight[i] * ((single[r]->cluster[tie->from] == single[r]->cluster[tie->to]) ==
                                         (kept->cluster[tie->from] == kept->cluster[tie->to]));
        all += 2 * view->weight[i];
    }
    ck_assert_double_eq_tol(kept->stability[7], agreed / all, 2 * ROUNDED);
    for (int r = 0; r < 2; r++) fn_partition_free(single[r]);
    fn_partition_free(kept);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* All firms stay alone, so no order of clusters is found. */
START_TEST(large_network_without_clusters_is_left_as_it_is)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, 1e5, false);
    fn_partition *partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, FIRMS);
    ck_assert_double_eq(partition->quality, 0);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(more_iterations_are_never_worse)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, true);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    double before = 0;
    for (options.iterations = 1; options.iterations <= 4; options.iterations++) {
        fn_partition *partition = leiden(&run, view, &options);
        ck_assert_double_ge(partition->quality, before - 1e-9);
        before = partition->quality;
        fn_partition_free(partition);
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

START_TEST(search_of_a_large_network_can_be_stopped_between_rounds)
{
    fn_run run = support_run();
    fn_net *net = planted_net(&run, 2, false);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    run.threads = 2;
    run.progress = refuse;
    for (int most = 1; most < 12; most++) {
        fn_partition *partition = NULL;
        int calls = most;
        run.user = &calls;
        run.log = NULL;
        run.error = (fn_error) { .offset = -1 };
        ck_assert_int_eq(fn_leiden(&run, view, &options, &partition), FN_ECANCEL);
        ck_assert_ptr_null(partition);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_leiden(void)
{
    Suite *suite = suite_create("leiden");
    TCase *large = tcase_create("large networks"), *levels = tcase_create("levels");
    tcase_add_loop_test(large, partition_is_the_same_at_any_number_of_threads, 0, 4);
    tcase_add_test(large, planted_clusters_of_a_large_network_are_found);
    tcase_add_test(large, no_firm_of_a_large_network_gains_by_moving_alone);
    tcase_add_test(large, weights_of_a_large_network_times_a_power_of_two_change_nothing);
    tcase_add_test(large, firms_in_another_order_give_as_good_a_partition);
    tcase_add_test(large, hub_with_thousands_of_partners_is_counted_right);
    tcase_add_test(large, runs_over_a_large_network_do_not_touch_each_other);
    tcase_add_test(large, large_network_without_clusters_is_left_as_it_is);
    tcase_add_test(large, more_iterations_are_never_worse);
    tcase_add_test(large, search_of_a_large_network_can_be_stopped_between_rounds);
    tcase_add_test(levels, levels_lie_within_each_other_and_every_part_hangs_together);
    tcase_set_timeout(large, 120);
    suite_add_tcase(suite, large);
    tcase_set_timeout(levels, 60);
    suite_add_tcase(suite, levels);
    return suite;
}
