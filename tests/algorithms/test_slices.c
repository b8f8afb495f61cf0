/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/slices.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_slices(void);

enum { FIRST_YEAR = 2000 };

typedef struct dated_tie {
    uint32_t from, to;
    int first, last;         /* years, 0: none */
    double weight;
    uint16_t layer;
} dated_tie;

static int32_t first_day(int year)
{
    int32_t days;
    if (!year) return FN_DAY_NONE;
    ck_assert(fn_date_make(year, 1, 1, &days));
    return days;
}

static fn_net *dated_net(fn_run *run, uint32_t firms, size_t ties, const dated_tie *tie)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < firms; f++) {
        char key[16];
        uint32_t number;
        int length = snprintf(key, sizeof key, "%u", f);
        ck_assert_int_eq(fn_net_firm(run, net, key, (size_t) length, &number), FN_OK);
    }
    for (size_t i = 0; i < ties; i++) {
        bool turned = !fn_net_layer_directed(tie[i].layer) && tie[i].from > tie[i].to;
        const fn_tie record = { .from = turned ? tie[i].to : tie[i].from, .to = turned ? tie[i].from : tie[i].to,
                                .layer = tie[i].layer, .value = tie[i].weight, .weight = NAN, .count = 1,
                                .product = FN_NONE, .first = first_day(tie[i].first), .last = first_day(tie[i].last) };
        ck_assert_int_eq(fn_net_add(run, net, &record, NULL), FN_OK);
    }
    fn_net_keep_apart(net, FN_PERIOD_YEAR);
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* Random ties in three layers and so many years, with self and parallel ties. */
static fn_net *random_net(fn_run *run, uint64_t seed, uint32_t firms, size_t ties, int years)
{
    dated_tie *tie = calloc(ties, sizeof *tie);
    for (uint64_t i = 0; i < ties; i++) {
        int year = FIRST_YEAR + (int) fn_random_below(seed, 1, i, (uint64_t) years);
        tie[i] = (dated_tie) { (uint32_t) fn_random_below(seed, 2, i, firms), (uint32_t) fn_random_below(seed, 3, i, firms),
                               year, year, (double) (1 + fn_random_below(seed, 4, i, 9)),
                               (uint16_t) (FN_LAYER_SUBCONTRACT + fn_random_below(seed, 5, i, 3)) };
    }
    fn_net *net = dated_net(run, firms, ties, tie);
    free(tie);
    return net;
}

static fn_slices *slices_of(fn_run *run, const fn_view *view, const fn_leiden_options *options)
{
    fn_slices *slices = NULL;
    fn_status status =
        fn_slices_new(run, view, options->layer_weight, FN_PERIOD_YEAR, FN_DAY_NONE, FN_DAY_NONE, &slices);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return slices;
}

static fn_slices_partition *clusters_of(fn_run *run, const fn_slices *slices, const fn_leiden_options *options,
                                        double coupling)
{
    fn_slices_partition *found = NULL;
    fn_status status = fn_slices_clusters(run, slices, options, coupling, &found);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return found;
}

static int year_of(const fn_slices *slices, uint32_t node)
{
    uint32_t slice = 0;
    while (slices->begin[slice + 1] <= node) slice++;
    return slices->period[slice];
}

/* The definition, from views of single years and from firms and years alone. */
static double slow_worth(fn_run *run, const fn_net *net, const fn_slices *slices, const uint32_t *cluster,
                         const fn_leiden_options *options, double coupling)
{
    const uint32_t firms = fn_net_firms(net);
    uint32_t *label = calloc(firms, sizeof *label);
    bool *joined = calloc((size_t) firms * firms, sizeof *joined);
    double sum = 0, total = 0;
    int last = FIRST_YEAR;
    for (size_t t = 0; t < fn_net_ties(net); t++) {
        int32_t its = fn_period_of(fn_net_tie_at(net, t).last, FN_PERIOD_YEAR);
        last = its > last ? its : last;
    }
    for (int year = FIRST_YEAR; year <= last; year++) {
        fn_view *view;
        fn_view_options only = { .since = first_day(year), .until = first_day(year + 1) - 1 };
        double pairs = 0;
        ck_assert_int_eq(fn_view_new(run, net, &only, &view), FN_OK);
        memset(joined, 0, (size_t) firms * firms * sizeof *joined);
        for (uint32_t f = 0; f < firms; f++) label[f] = slices->nodes + f;
        for (uint32_t node = 0; node < slices->nodes; node++)
            if (year_of(slices, node) == year) label[slices->firm[node]] = cluster[node];
        for (size_t i = 0; i < view->ties; i++) {
            const fn_tie tie = fn_net_tie_at(net, fn_view_tie(view, i));
            if (!(options->layer_weight[tie.layer] > 0) || tie.from == tie.to) continue;
            uint32_t low = tie.from < tie.to ? tie.from : tie.to, high = tie.from < tie.to ? tie.to : tie.from;
            pairs += !joined[low * firms + high];
            joined[low * firms + high] = true;
        }
        if (pairs > 0) sum += pairs * slow_quality(view, label, options);
        total += pairs;
        fn_view_free(view);
    }
    for (uint32_t node = 0; node < slices->nodes; node++) {
        uint32_t latest = FN_NONE;
        for (uint32_t other = 0; other < slices->nodes; other++)
            if (slices->firm[other] == slices->firm[node] && year_of(slices, other) < year_of(slices, node) &&
                (latest == FN_NONE || year_of(slices, other) > year_of(slices, latest)))
                latest = other;
        if (latest != slices->before[node]) ck_abort_msg("node %u has %u before", node, slices->before[node]);
        if (latest == FN_NONE) continue;
        total += coupling;
        if (cluster[latest] == cluster[node]) sum += coupling;
    }
    free(label);
    free(joined);
    return sum / total;
}

/* --- Cutting --- */

START_TEST(a_firm_is_there_in_each_year_in_which_it_has_ties)
{
    const dated_tie ties[] = {
        { 0, 1, 2001, 2001, 2, 0 }, { 1, 0, 2001, 2001, 3, 0 }, { 0, 1, 2004, 2004, 4, 0 }, { 2, 3, 2004, 2004, 1, 0 },
        { 0, 2, 2004, 2006, 6, 0 }, { 0, 3, 0, 0, 5, 0 },       { 3, 3, 2001, 2001, 9, 0 }, { 1, 3, 2002, 2002, 1, 5 },
    };
    fn_run run = support_run();
    fn_net *net = dated_net(&run, 5, sizeof ties / sizeof *ties, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    options.layer_weight[FN_LAYER_FINANCE] = 0;
    fn_slices *slices = slices_of(&run, view, &options);
    const int32_t years[] = { 2001, 2004, 2005, 2006 };
    const size_t pairs[] = { 1, 3, 1, 1 };
    ck_assert_uint_eq(slices->periods, 4);
    for (int p = 0; p < 4; p++) {
        ck_assert_int_eq(slices->period[p], years[p]);
        ck_assert_uint_eq(slices->pairs[p], pairs[p]);
    }
    ck_assert_uint_eq(slices->undated, 1);
    ck_assert_uint_eq(slices->spanning, 1);
    ck_assert_uint_eq(slices->view[2].ties, 1);
    ck_assert_double_eq(slices->view[2].weight[0], 2);
    ck_assert_uint_eq(slices->nodes, 2 + 4 + 2 + 2);
    ck_assert_uint_eq(slices->couplings, 2 + 2 + 2);
    for (uint32_t node = 0; node < slices->nodes; node++) {
        if (slices->firm[node] != 1 || year_of(slices, node) != 2004) continue;
        ck_assert_uint_ne(slices->before[node], FN_NONE);
        ck_assert_int_eq(year_of(slices, slices->before[node]), 2001);
    }
    fn_slices_free(slices);
    ck_assert_int_eq(fn_slices_new(&run, view, options.layer_weight, FN_PERIOD_YEAR, first_day(2005), FN_DAY_NONE, &slices),
                     FN_OK);
    ck_assert_uint_eq(slices->periods, 2);
    ck_assert_double_eq(slices->view[0].weight[0], 2);
    ck_assert_uint_eq(slices->spanning, 1);
    fn_slices_free(slices);
    ck_assert_int_eq(fn_slices_new(&run, view, options.layer_weight, FN_PERIOD_YEAR, first_day(2007), FN_DAY_NONE, &slices),
                     FN_EINVAL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Quality --- */

START_TEST(quality_is_that_of_the_definition)
{
    const double coupling = (const double[]) { 0, .3, 1, 25 }[_i / 4 % 4];
    fn_run run = support_run();
    fn_net *net = random_net(&run, (uint64_t) _i, 9, 30, 4);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i % 4, .4);
    options.layer_weight[FN_LAYER_COBID] = .5;
    if (_i % 3 == 0) options.layer_weight[FN_LAYER_SUBCONTRACT] = 0;
    fn_slices *slices = slices_of(&run, view, &options);
    uint32_t *cluster = calloc(slices->nodes, sizeof *cluster);
    for (uint32_t clusters = 1; clusters < 9; clusters++) {
        fn_slices_worth worth;
        for (uint32_t node = 0; node < slices->nodes; node++)
            cluster[node] = (uint32_t) fn_random_below((uint64_t) _i, clusters, node, clusters);
        ck_assert_int_eq(fn_slices_quality(&run, slices, cluster, &options, coupling, &worth), FN_OK);
        support_near(worth.quality, slow_worth(&run, net, slices, cluster, &options, coupling), 1e-12, "quality");
        support_near(worth.ties, slow_worth(&run, net, slices, cluster, &options, 0), 1e-12, "quality of the periods");
    }
    free(cluster);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Search --- */

START_TEST(no_node_has_a_better_place)
{
    const double coupling = (const double[]) { 0, .2, 1, 5 }[_i / 4 % 4];
    fn_run run = support_run();
    fn_net *net = random_net(&run, 100 + (uint64_t) _i, 10, 36, 4);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i % 4, .4);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = clusters_of(&run, slices, &options, coupling);
    fn_slices_worth worth;
    uint32_t *cluster = calloc(slices->nodes, sizeof *cluster);
    memcpy(cluster, found->cluster, slices->nodes * sizeof *cluster);
    ck_assert_int_eq(fn_slices_quality(&run, slices, cluster, &options, coupling, &worth), FN_OK);
    ck_assert_double_eq(found->worth.quality, worth.quality);
    ck_assert_double_gt(worth.quality, 0);
    for (uint32_t node = 0; node < slices->nodes; node++) {
        for (uint32_t to = 0; to <= found->clusters && to < slices->nodes; to++) {
            cluster[node] = to;
            fn_status status = fn_slices_quality(&run, slices, cluster, &options, coupling, &worth);
            if (status || !(worth.quality <= found->worth.quality + 1e-12))
                ck_abort_msg("node %u gains in cluster %u: %.17g above %.17g", node, to, worth.quality, found->worth.quality);
        }
        cluster[node] = found->cluster[node];
    }
    free(cluster);
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* The definition's best over all partitions of the nodes, where these are few. */
START_TEST(few_nodes_are_divided_best)
{
    const double coupling = (const double[]) { 0, .5, 2 }[_i % 3];
    fn_run run = support_run();
    fn_net *net = random_net(&run, 500 + (uint64_t) _i, 4, 7, 2);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i / 3 % 4, .4);
    fn_slices *slices = slices_of(&run, view, &options);
    ck_assert_uint_le(slices->nodes, SMALL_FIRMS);
    options.runs = 5;
    fn_slices_partition *found = clusters_of(&run, slices, &options, coupling);
    uint32_t cluster[SMALL_FIRMS] = { 0 };
    double best = -1;
    for (bool more = true; more;) {
        fn_slices_worth worth;
        if (fn_slices_quality(&run, slices, cluster, &options, coupling, &worth)) ck_abort_msg("no quality");
        if (worth.quality > best) best = worth.quality;
        more = false;
        for (uint32_t i = slices->nodes; i-- > 1 && !more;) {
            uint32_t highest = 0;
            for (uint32_t j = 0; j < i; j++) highest = cluster[j] > highest ? cluster[j] : highest;
            more = cluster[i] <= highest;
            cluster[i] = more ? cluster[i] + 1 : 0;
        }
    }
    support_near(found->worth.quality, best, 1e-12, "the best quality of five seeds");
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Groups of five, all tied within the group; in year y the firms after the first y * moved of group 0 … are moved
 * on. */
enum { GROUP = 5, GROUPS = 4, YEARS = 3 };

static fn_net *groups_net(fn_run *run, uint32_t moving)
{
    dated_tie ties[YEARS * GROUPS * (GROUP + 1) * GROUP];
    size_t count = 0;
    for (int y = 0; y < YEARS; y++)
        for (uint32_t a = 0; a < GROUP * GROUPS; a++)
            for (uint32_t b = 0; b < a; b++) {
                uint32_t group_a = a / GROUP, group_b = b / GROUP;
                if (y == YEARS - 1 && a == moving) group_a = (group_a + 1) % GROUPS;
                if (y == YEARS - 1 && b == moving) group_b = (group_b + 1) % GROUPS;
                if (group_a == group_b) ties[count++] = (dated_tie) { a, b, FIRST_YEAR + y, FIRST_YEAR + y, 1 + y, 0 };
            }
    return dated_net(run, GROUP * GROUPS, count, ties);
}

START_TEST(without_coupling_each_period_is_divided_by_itself)
{
    fn_run run = support_run();
    fn_leiden_options options = options_kind(_i, .3);
    fn_net *net = groups_net(&run, 7);
    fn_view *view = support_view(&run, net);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = clusters_of(&run, slices, &options, 0);
    double sum = 0, pairs = 0;
    for (uint32_t slice = 0; slice < slices->periods; slice++) {
        fn_partition *alone = leiden(&run, &slices->view[slice], &options);
        sum += (double) slices->pairs[slice] * alone->quality;
        pairs += (double) slices->pairs[slice];
        for (uint32_t a = slices->begin[slice]; a < slices->begin[slice + 1]; a++)
            for (uint32_t b = 0; b < slices->nodes; b++) {
                bool together = b >= slices->begin[slice] && b < slices->begin[slice + 1] &&
                                alone->cluster[slices->firm[a]] == alone->cluster[slices->firm[b]];
                if ((found->cluster[a] == found->cluster[b]) != together)
                    ck_abort_msg("nodes %u and %u are not as in a search of their year", a, b);
            }
        fn_partition_free(alone);
    }
    ck_assert_uint_eq(found->clusters, GROUPS * YEARS);
    ck_assert_uint_eq(found->worth.stayed, 0);
    support_near(found->worth.quality, sum / pairs, 1e-14, "the mean of the periods");
    ck_assert_double_eq(found->worth.quality, found->worth.ties);
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(clusters_go_on_and_a_firm_that_changes_its_partners_changes_its_cluster)
{
    enum { MOVING = 7 };
    fn_run run = support_run();
    fn_leiden_options options = options_kind(_i, .3);
    fn_net *net = groups_net(&run, MOVING);
    fn_view *view = support_view(&run, net);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = clusters_of(&run, slices, &options, .5);
    ck_assert_uint_eq(found->clusters, GROUPS);
    ck_assert_uint_eq(found->worth.stayed, slices->couplings - 1);
    for (uint32_t node = 0; node < slices->nodes; node++) {
        bool stays = slices->before[node] == FN_NONE || found->cluster[slices->before[node]] == found->cluster[node];
        ck_assert_int_eq(stays, slices->firm[node] != MOVING || year_of(slices, node) < FIRST_YEAR + YEARS - 1);
    }
    fn_slices_partition_free(found);

    /* A strong coupling holds it. */
    found = clusters_of(&run, slices, &options, 50);
    ck_assert_uint_eq(found->worth.stayed, slices->couplings);
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_strong_coupling_gives_each_firm_one_cluster)
{
    fn_run run = support_run();
    fn_leiden_options options = options_kind(_i % 4, .2);
    fn_net *net = random_net(&run, 40 + (uint64_t) _i, 40, 400, 6);
    fn_view *view = support_view(&run, net);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = clusters_of(&run, slices, &options, 1000);
    ck_assert_uint_eq(found->worth.stayed, slices->couplings);
    ck_assert_uint_gt(found->clusters, 1);
    ck_assert_double_gt(found->worth.ties, 0);
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(hundreds_of_periods_are_no_more_than_their_ties)
{
    enum { MANY = 300 };
    fn_run run = support_run();
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    fn_net *net = random_net(&run, 8, 12, 3 * MANY, MANY);
    fn_view *view = support_view(&run, net);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = clusters_of(&run, slices, &options, .4);
    ck_assert_uint_gt(slices->periods, 2 * FN_LAYERS_MOST);
    support_near(found->worth.quality, slow_worth(&run, net, slices, found->cluster, &options, .4), 1e-12, "quality");
    ck_assert_double_gt(found->worth.quality, .3);
    fn_slices_partition_free(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- What must not change --- */

START_TEST(threads_and_units_of_money_change_nothing)
{
    enum { LARGE = 2000, TIES = 140000, PERIODS = 2 };
    fn_run run = support_run();
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
    options.iterations = 1;
    fn_slices_partition *one = NULL;
    for (int way = 0; way < 4; way++) {
        dated_tie *tie = calloc(TIES, sizeof *tie);
        for (uint64_t i = 0; i < TIES; i++) {
            uint32_t from = (uint32_t) fn_random_below(9, 1, i, LARGE), to = (uint32_t) fn_random_below(9, 2, i, LARGE);
            if (fn_random_below(9, 3, i, 3) > 0) to = to - to % 40 + from % 40;
            int year = FIRST_YEAR + (int) fn_random_below(9, 4, i, PERIODS);
            tie[i] = (dated_tie) { from, to, year, year, exp(4 * fn_random_unit(9, 5, i)) * (way == 3 ? 1024 : 1), 0 };
        }
        run.threads = way < 3 ? way + 1 : 2;
        fn_net *net = dated_net(&run, LARGE, TIES, tie);
        fn_view *view = support_view(&run, net);
        fn_slices *slices = slices_of(&run, view, &options);
        fn_slices_partition *found = clusters_of(&run, slices, &options, .5);
        if (one) {
            ck_assert_uint_eq(found->nodes, one->nodes);
            ck_assert_mem_eq(found->cluster, one->cluster, one->nodes * sizeof *one->cluster);
            ck_assert_mem_eq(&found->worth, &one->worth, sizeof one->worth);
            fn_slices_partition_free(found);
        } else {
            one = found;
        }
        free(tie);
        fn_slices_free(slices);
        fn_view_free(view);
        fn_net_free(net);
    }
    ck_assert_double_gt(one->worth.ties, .3);
    fn_slices_partition_free(one);
}
END_TEST

START_TEST(equal_weights_of_firms_give_what_counting_gives)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, 77, 20, 80, 3);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_CPM, .3, false);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *counted = clusters_of(&run, slices, &options, .4);
    int64_t weight[20];
    for (int f = 0; f < 20; f++) weight[f] = FN_NODE_WEIGHT_ONE;
    options.node_weight = weight;
    fn_slices_partition *weighed = clusters_of(&run, slices, &options, .4);
    ck_assert_mem_eq(counted->cluster, weighed->cluster, slices->nodes * sizeof *weighed->cluster);
    ck_assert_double_eq(counted->worth.quality, weighed->worth.quality);
    for (int f = 0; f < 20; f++) weight[f] *= 40;
    fn_slices_partition *heavy = clusters_of(&run, slices, &options, 0);
    ck_assert_uint_eq(heavy->clusters, slices->nodes);
    fn_slices_partition_free(heavy);
    fn_slices_partition_free(weighed);
    fn_slices_partition_free(counted);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(runs_keep_the_best_and_tell_how_far_they_agree)
{
    enum { RUNS = 4 };
    fn_run run = support_run();
    fn_net *net = random_net(&run, 31, 60, 300, 4);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *single[RUNS];
    fn_runs runs = { 0 };
    fn_runs_agreement agreement;
    double best = -1;
    for (int r = 0; r < RUNS; r++) {
        run.seed = 1 + (uint64_t) r;
        single[r] = clusters_of(&run, slices, &options, .3);
        if (single[r]->worth.quality > best) best = single[r]->worth.quality;
        ck_assert_int_eq(fn_runs_keep(&run, &runs, slices->nodes, single[r]->cluster), FN_OK);
    }
    run.seed = 1;
    options.runs = RUNS;
    fn_slices_partition *all = clusters_of(&run, slices, &options, .3);
    ck_assert_double_eq(all->worth.quality, best);
    ck_assert_int_eq(fn_runs_compare(&run, &runs, &agreement), FN_OK);
    ck_assert_int_eq(all->agreement.pairs, RUNS * (RUNS - 1) / 2);
    support_near(all->agreement.nmi, agreement.nmi, 1e-12, "nmi");
    support_near(all->agreement.ari, agreement.ari, 1e-12, "ari");
    ck_assert_double_lt(agreement.nmi, 1);
    bool unstable = false;
    for (uint32_t node = 0; node < slices->nodes; node++) {
        ck_assert_double_ge(all->stability[node], 1.0 / RUNS);
        ck_assert_double_le(all->stability[node], 1);
        unstable |= all->stability[node] < 1;
    }
    ck_assert(unstable);
    for (int r = 0; r < RUNS; r++) fn_slices_partition_free(single[r]);
    fn_runs_free(&runs);
    fn_slices_partition_free(all);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Failures --- */

START_TEST(any_failing_allocation_is_an_error)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, 3, 12, 40, 3);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(_i, .4);
    options.runs = 2;
    bool done = false;
    for (long call = 0; !done; call++) {
        fn_run fresh = support_run();
        fn_slices *slices = NULL;
        fn_slices_partition *found = NULL;
        fn_memory_fail_at(call, false);
        fn_status status =
            fn_slices_new(&fresh, view, options.layer_weight, FN_PERIOD_YEAR, FN_DAY_NONE, FN_DAY_NONE, &slices);
        if (!status) status = fn_slices_clusters(&fresh, slices, &options, .5, &found);
        done = fn_memory_calls() <= call;
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, done ? FN_OK : FN_ENOMEM);
        if (!done) ck_assert_ptr_null(found);
        fn_slices_partition_free(found);
        fn_slices_free(slices);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(options_that_cannot_be_are_refused)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, 3, 12, 40, 3);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(0, 1);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = NULL;
    for (int i = 0; i < 4; i++) {
        fn_run fresh = support_run();
        fn_leiden_options wrong = options;
        if (i == 3) wrong.runs = 0;
        ck_assert_int_eq(fn_slices_clusters(&fresh, slices, &wrong, (const double[]) { -1, NAN, INFINITY, 1 }[i], &found),
                         FN_EINVAL);
        ck_assert_ptr_null(found);
    }
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_search_can_be_stopped)
{
    fn_run run = support_run();
    fn_net *net = random_net(&run, 3, 12, 40, 3);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_kind(0, 1);
    fn_slices *slices = slices_of(&run, view, &options);
    fn_slices_partition *found = NULL;
    run.progress = support_stop;
    ck_assert_int_eq(fn_slices_clusters(&run, slices, &options, 1, &found), FN_ECANCEL);
    ck_assert_ptr_null(found);
    fn_slices_free(slices);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_slices(void)
{
    Suite *suite = suite_create("slices");
    TCase *tests = tcase_create("slices");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_firm_is_there_in_each_year_in_which_it_has_ties);
    tcase_add_loop_test(tests, quality_is_that_of_the_definition, 0, 16);
    tcase_add_loop_test(tests, no_node_has_a_better_place, 0, 16);
    tcase_add_loop_test(tests, few_nodes_are_divided_best, 0, 24);
    tcase_add_loop_test(tests, without_coupling_each_period_is_divided_by_itself, 0, 4);
    tcase_add_loop_test(tests, clusters_go_on_and_a_firm_that_changes_its_partners_changes_its_cluster, 0, 4);
    tcase_add_loop_test(tests, a_strong_coupling_gives_each_firm_one_cluster, 0, 8);
    tcase_add_test(tests, hundreds_of_periods_are_no_more_than_their_ties);
    tcase_add_test(tests, threads_and_units_of_money_change_nothing);
    tcase_add_test(tests, equal_weights_of_firms_give_what_counting_gives);
    tcase_add_test(tests, runs_keep_the_best_and_tell_how_far_they_agree);
    tcase_add_loop_test(tests, any_failing_allocation_is_an_error, 0, 4);
    tcase_add_test(tests, options_that_cannot_be_are_refused);
    tcase_add_test(tests, a_search_can_be_stopped);
    suite_add_tcase(suite, tests);
    return suite;
}
