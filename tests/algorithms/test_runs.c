/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/label_propagation.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_runs(void);

enum { FOUR = 4 };

/* Four firms in a row, and the three partitions that runs 1, 2, 3 find. */
static const test_tie row_of_four[3] = { { 0, 1, 0, 1 }, { 1, 2, 0, 1 }, { 2, 3, 0, 1 } };
static const uint32_t three[3][FOUR] = { { 0, 0, 1, 1 }, { 0, 0, 0, 1 }, { 0, 0, 1, 1 } };
static int searched;

static fn_search row_search;

/* Seeds 1, 2, 3 on the row: the three; on a network of agreements: its parts. */
static fn_status row_search(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                            fn_partition **partition)
{
    uint32_t clusters;
    fn_partition *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    (void) options;
    made->firms = view->firms;
    made->quality = (double) run->seed / 8;
    made->cluster = fn_alloc(run, view->firms, sizeof *made->cluster);
    fn_csr *csr = NULL;
    fn_status status = made->cluster ? FN_OK : FN_ENOMEM;
    if (!status && searched < 3) memcpy(made->cluster, three[run->seed - 1], sizeof three[0]);
    if (!status && searched >= 3) status = fn_view_csr(run, view, -1, FN_CSR_BOTH, false, &csr);
    if (!status && searched >= 3) status = fn_csr_parts(run, csr, made->cluster, &clusters);
    if (!status) status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters);
    fn_csr_free(csr);
    searched++;
    if (status) fn_partition_free(made);
    else *partition = made;
    return status;
}

START_TEST(agreement_is_the_mean_over_pairs_of_runs)
{
    fn_run run = support_run();
    fn_partition partition[3];
    fn_partition *list[12];
    fn_runs_agreement agreement;
    for (int r = 0; r < 3; r++) partition[r] = (fn_partition) { .firms = FOUR, .cluster = (uint32_t *) three[r] };
    for (int r = 0; r < 12; r++) list[r] = &partition[r % 3];
    fn_runs runs = { 3, list };
    ck_assert_int_eq(fn_runs_compare(&run, &runs, &agreement), FN_OK);
    ck_assert_int_eq(agreement.pairs, 3);
    ck_assert_double_eq_tol(agreement.nmi, (1 + 2 * .34371) / 3, 5e-6);
    runs.count = 12;
    ck_assert_int_eq(fn_runs_compare(&run, &runs, &agreement), FN_OK);
    ck_assert_int_eq(agreement.pairs, 45);
    ck_assert_double_gt(agreement.nmi, .34371);
    ck_assert_double_lt(agreement.nmi, 1);
    runs.count = 1;
    ck_assert_int_eq(fn_runs_compare(&run, &runs, &agreement), FN_OK);
    ck_assert_double_nan(agreement.ami);
}
END_TEST

START_TEST(consensus_drops_ties_on_which_few_runs_agree)
{
    const uint32_t expected[FOUR] = { 0, 0, 1, 1 };
    const double stability[FOUR] = { 1, 5.0 / 6, 2.0 / 3, 2.0 / 3 };
    fn_run run = support_run();
    fn_consensus consensus;
    fn_partition *partition;
    fn_net *net = net_of(&run, FOUR, 3, row_of_four);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.runs = 3;
    searched = 0;
    ck_assert_int_eq(fn_consensus_find(&run, view, &options, row_search, .5, &partition, &consensus), FN_OK);
    ck_assert_mem_eq(partition->cluster, expected, sizeof expected);
    ck_assert_uint_eq(partition->clusters, 2);
    ck_assert_int_eq(consensus.rounds, 1);
    ck_assert(consensus.agreed);
    ck_assert_double_eq(consensus.best_quality, 3.0 / 8);
    ck_assert_double_eq(consensus.mean_quality, 2.0 / 8);
    ck_assert_double_eq(partition->quality, quality_of(&run, view, expected, &options));
    for (int f = 0; f < FOUR; f++) ck_assert_double_eq_tol(partition->stability[f], stability[f], 1e-15);
    fn_partition_free(partition);
    options.runs = 1;
    ck_assert_int_eq(fn_consensus_find(&run, view, &options, row_search, .5, &partition, &consensus), FN_EINVAL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_firm_keeps_its_closest_partner_below_the_threshold)
{
    /* with a threshold above 2/3 the tie of 2 and 3 stays, as it is the closest of both */
    const uint32_t expected[FOUR] = { 0, 0, 1, 1 };
    fn_run run = support_run();
    fn_consensus consensus;
    fn_partition *partition;
    fn_net *net = net_of(&run, FOUR, 3, row_of_four);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.runs = 3;
    searched = 0;
    ck_assert_int_eq(fn_consensus_find(&run, view, &options, row_search, 1, &partition, &consensus), FN_OK);
    ck_assert_mem_eq(partition->cluster, expected, sizeof expected);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Groups of 25 firms, a third of the ties between any firms. */
static fn_net *loose_groups(fn_run *run, uint64_t seed)
{
    enum { FIRMS = 200, TIES = 700 };
    test_tie ties[TIES];
    random_ties(seed, FIRMS, TIES, ties);
    for (size_t i = 0; i < TIES; i++)
        if (i % 3) ties[i].to = ties[i].from / 25 * 25 + ties[i].to % 25;
    return net_of(run, FIRMS, TIES, ties);
}

START_TEST(consensus_is_proper_and_the_same_at_any_number_of_threads)
{
    static fn_search *const searches[2] = { fn_leiden, fn_label_propagation };
    uint32_t first[200];
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_consensus consensus;
        fn_partition *partition;
        run.threads = threads;
        fn_net *net = loose_groups(&run, 4);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
        options.runs = 5;
        ck_assert_int_eq(fn_consensus_find(&run, view, &options, searches[_i], .5, &partition, &consensus), FN_OK);
        assert_proper(&run, view, partition);
        ck_assert(consensus.agreed || consensus.rounds == 20);
        if (searches[_i] == fn_leiden) ck_assert(consensus.agreed);
        ck_assert_double_ge(consensus.best_quality, consensus.mean_quality);
        ck_assert_double_eq(partition->quality, quality_of(&run, view, partition->cluster, &options));
        if (threads == 1) memcpy(first, partition->cluster, sizeof first);
        ck_assert_mem_eq(partition->cluster, first, sizeof first);
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(stability_equals_that_of_leiden)
{
    fn_run run = support_run();
    fn_net *net = loose_groups(&run, 8);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.runs = 6;
    fn_partition *whole = leiden(&run, view, &options), *other = NULL;
    ck_assert_int_eq(fn_runs_partition(&run, view, &options, fn_leiden, &other), FN_OK);
    ck_assert_mem_eq(whole->cluster, other->cluster, view->firms * sizeof *whole->cluster);
    for (uint32_t f = 0; f < view->firms; f++) {
        ck_assert(isnan(whole->stability[f]) == isnan(other->stability[f]));
        if (!isnan(whole->stability[f])) ck_assert_double_eq_tol(whole->stability[f], other->stability[f], 1e-9);
    }
    fn_partition_free(whole);
    fn_partition_free(other);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(consensus_survives_failing_allocations)
{
    fn_run quiet = support_run();
    fn_net *net = net_of(&quiet, FOUR, 3, row_of_four);
    fn_view *view = support_view(&quiet, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_status status = FN_ENOMEM;
    options.runs = 3;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_consensus consensus;
        fn_partition *partition = NULL;
        searched = 0;
        fn_memory_fail_at(k, false);
        status = fn_consensus_find(&run, view, &options, row_search, .5, &partition, &consensus);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_eq(run.error.status, status);
        ck_assert((partition != NULL) == (status == FN_OK));
        fn_partition_free(partition);
    }
    status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_partition *partition = NULL;
        fn_memory_fail_at(k, false);
        status = fn_label_propagation(&run, view, &options, &partition);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        fn_partition_free(partition);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_runs(void)
{
    Suite *suite = suite_create("runs");
    TCase *runs = tcase_create("runs"), *consensus = tcase_create("consensus");
    tcase_set_timeout(consensus, 60);
    tcase_add_test(runs, agreement_is_the_mean_over_pairs_of_runs);
    tcase_add_test(runs, stability_equals_that_of_leiden);
    tcase_add_test(consensus, consensus_drops_ties_on_which_few_runs_agree);
    tcase_add_test(consensus, a_firm_keeps_its_closest_partner_below_the_threshold);
    tcase_add_loop_test(consensus, consensus_is_proper_and_the_same_at_any_number_of_threads, 0, 2);
    tcase_add_test(consensus, consensus_survives_failing_allocations);
    suite_add_tcase(suite, runs);
    suite_add_tcase(suite, consensus);
    return suite;
}
