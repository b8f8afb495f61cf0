/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/clusters.h"
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_clusters(void);

enum { SMALL_FIRMS = 8 };

/* --- Helpers --- */

typedef struct test_tie {
    uint32_t from, to;
    uint16_t layer;
    double weight;
} test_tie;

static fn_net *net_of(fn_run *run, uint32_t firms, size_t ties, const test_tie *tie)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t firm = 0; firm < firms; firm++) {
        char key[16];
        uint32_t number;
        int length = snprintf(key, sizeof key, "f%u", firm);
        ck_assert_int_eq(fn_net_firm(run, net, key, (size_t) length, &number), FN_OK);
    }
    for (size_t i = 0; i < ties; i++) {
        bool own_weight = !fn_net_layer_directed(tie[i].layer);
        fn_tie record = {
            .from = tie[i].from, .to = tie[i].to, .layer = tie[i].layer, .product = FN_NONE, .count = 1,
            .value = own_weight ? NAN : tie[i].weight, .weight = own_weight ? tie[i].weight : NAN,
            .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &record, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* Random ties in three layers, one of them undirected, with self and parallel ties. */
static size_t random_ties(uint64_t seed, uint32_t firms, size_t ties, test_tie *tie)
{
    static const uint16_t layers[3] = { FN_LAYER_SUPPLY, FN_LAYER_COBID, FN_LAYER_KNOWLEDGE };
    for (size_t i = 0; i < ties; i++)
        tie[i] = (test_tie) {
            .from = (uint32_t) fn_random_below(seed, 11, i, firms),
            .to = (uint32_t) fn_random_below(seed, 12, i, firms),
            .layer = layers[fn_random_below(seed, 13, i, 3)],
            .weight = (double) (1 + fn_random_below(seed, 14, i, 7)) / 2
        };
    return ties;
}

static fn_leiden_options options_of(fn_quality quality, double resolution, bool directed)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.quality = quality;
    options.resolution = resolution;
    options.directed = directed;
    return options;
}

static double quality_of(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options)
{
    double quality, layer_quality[FN_LAYERS_MOST];
    ck_assert_int_eq(fn_partition_quality(run, view, cluster, options, &quality, layer_quality), FN_OK);
    return quality;
}

static fn_partition *leiden(fn_run *run, const fn_view *view, const fn_leiden_options *options)
{
    fn_partition *partition = NULL;
    fn_status status = fn_leiden(run, view, options, &partition);
    ck_assert_msg(status == FN_OK, "leiden failed: %s", run->error.message);
    return partition;
}

/* The definition of the quality of one layer, over all pairs of firms, in double. */
static double slow_layer_quality(const fn_view *view, int layer, const uint32_t *cluster,
                                 const fn_leiden_options *options)
{
    uint32_t n = view->firms;
    bool directed = options->directed && fn_net_layer_directed((uint16_t) layer);
    double *w = calloc((size_t) n * n, sizeof *w), *out = calloc(n, sizeof *out), *in = calloc(n, sizeof *in);
    double total = 0, sum = 0, joined = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = &fn_net_tie(view->net)[view->tie[i]];
        if (tie->layer != layer || tie->from == tie->to) continue;
        w[tie->from * n + tie->to] += view->weight[i];
        if (!directed) w[tie->to * n + tie->from] += view->weight[i];
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            total += w[i * n + j];
            out[i] += w[i * n + j];
            in[j] += w[i * n + j];
            joined += w[i * n + j] > 0;
        }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            if (cluster[i] != cluster[j]) continue;
            double expected = options->quality == FN_QUALITY_MODULARITY ? out[i] * in[j] / total
                              : i != j                                  ? total / joined
                                                                        : 0;
            sum += (w[i * n + j] - options->resolution * expected) / total;
        }
    free(w);
    free(out);
    free(in);
    return total > 0 ? sum : NAN;
}

static double slow_quality(const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options)
{
    double sum = 0, alphas = 0;
    for (int layer = 0; layer < FN_LAYERS_STANDARD; layer++) {
        double quality = slow_layer_quality(view, layer, cluster, options);
        if (isnan(quality)) continue;
        sum += options->layer_weight[layer] * quality;
        alphas += options->layer_weight[layer];
    }
    return sum / alphas;
}

/* The next partition of n firms as a restricted growth string; false after the last. */
static bool next_partition(uint32_t n, uint32_t *cluster)
{
    for (uint32_t i = n; i-- > 1;) {
        uint32_t highest = 0;
        for (uint32_t j = 0; j < i; j++) highest = cluster[j] > highest ? cluster[j] : highest;
        if (cluster[i] <= highest) {
            cluster[i]++;
            memset(cluster + i + 1, 0, (n - i - 1) * sizeof *cluster);
            return true;
        }
    }
    return false;
}

static double best_quality(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t *best)
{
    uint32_t cluster[SMALL_FIRMS] = { 0 };
    double highest = -INFINITY;
    do {
        double quality = quality_of(run, view, cluster, options);
        if (quality > highest) {
            highest = quality;
            memcpy(best, cluster, view->firms * sizeof *best);
        }
    } while (next_partition(view->firms, cluster));
    return highest;
}

/* Every cluster in one piece when direction and layer are ignored; labels by size, then by lowest firm. */
static void assert_proper(fn_run *run, const fn_view *view, const fn_partition *partition)
{
    fn_csr *csr;
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_BOTH, false, &csr), FN_OK);
    uint32_t n = view->firms, *size = calloc(n + 1, sizeof *size), *first = calloc(n + 1, sizeof *first);
    uint32_t *queue = calloc(n + 1, sizeof *queue);
    bool *seen = calloc(n + 1, sizeof *seen);
    ck_assert_uint_eq(partition->firms, n);
    for (uint32_t firm = n; firm-- > 0;) {
        ck_assert_uint_lt(partition->cluster[firm], partition->clusters);
        size[partition->cluster[firm]]++;
        first[partition->cluster[firm]] = firm;
    }
    for (uint32_t c = 0; c < partition->clusters; c++) {
        uint32_t head = 0, tail = 0;
        ck_assert_uint_gt(size[c], 0);
        if (c > 0) ck_assert(size[c] < size[c - 1] || (size[c] == size[c - 1] && first[c] > first[c - 1]));
        queue[tail++] = first[c];
        seen[first[c]] = true;
        for (; head < tail; head++)
            for (size_t arc = csr->offset[queue[head]]; arc < csr->offset[queue[head] + 1]; arc++) {
                uint32_t other = csr->target[arc];
                if (seen[other] || partition->cluster[other] != c) continue;
                seen[other] = true;
                queue[tail++] = other;
            }
        ck_assert_msg(tail == size[c], "cluster %u of %u firms has a piece of %u", c, size[c], tail);
    }
    free(size);
    free(first);
    free(queue);
    free(seen);
    fn_csr_free(csr);
}

/* --- Quality --- */

static const uint32_t two_cycles[7][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 3, 4 }, { 4, 5 }, { 5, 3 }, { 2, 3 } };

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
            fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY,
                                                   kind & 1 ? .4 : 1, kind & 2);
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
    options.runs = 10;
    partition = leiden(&run, view, &options);
    ck_assert_uint_eq(partition->clusters, CLIQUES / 2);
    ck_assert_double_eq_tol(partition->quality, 1 - 1.0 / 22 - 1.0 / 15, 1e-14);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* --- Layers --- */

/* One buyer, two groups of suppliers that bid against each other within the group. */
static fn_net *star_net(fn_run *run)
{
    enum { GROUP = 6 };
    test_tie ties[2 * GROUP * GROUP];
    size_t count = 0;
    for (uint32_t supplier = 1; supplier <= 2 * GROUP; supplier++) {
        ties[count++] = (test_tie) { supplier, 0, FN_LAYER_SUPPLY, 1 };
        uint32_t first = supplier <= GROUP ? 1 : GROUP + 1;
        for (uint32_t other = first; other < supplier; other++)
            ties[count++] = (test_tie) { other, supplier, FN_LAYER_COBID, .2 };
    }
    return net_of(run, 2 * GROUP + 1, count, ties);
}

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
            fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY,
                                                   kind & 1 ? .1 : 1, kind & 2);
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
        fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY, kind & 1 ? .1 : 1,
                                               kind & 2);
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
        fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY, kind & 1 ? .1 : 1,
                                               kind & 2);
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
        if (fn_net_tie(more)[more_view->tie[i]].layer == FN_LAYER_FINANCE) more_view->weight[i] = 0;
    for (int kind = 0; kind < 4; kind++) {
        fn_leiden_options options = options_of(kind & 1 ? FN_QUALITY_CPM : FN_QUALITY_MODULARITY, kind & 1 ? .1 : 1,
                                               kind & 2);
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
            const fn_tie *tie = &fn_net_tie(net)[view->tie[i]];
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
    for (int wrong = 0; wrong < 7; wrong++) {
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        if (wrong == 0) options.resolution = -1;
        if (wrong == 1) options.resolution = NAN;
        if (wrong == 2) options.resolution = INFINITY;
        if (wrong == 3) options.runs = 0;
        if (wrong == 4) options.layer_weight[FN_LAYER_SUPPLY] = -1;
        if (wrong == 5) options.layer_weight[FN_LAYER_COBID] = NAN;
        if (wrong == 6) options.layer_weight[FN_LAYER_SUPPLY] = 0;
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
    ck_assert_mem_eq(options.layer_weight, defaults.layer_weight, sizeof options.layer_weight);
    const char *const given[][2] = { { "quality", "cpm" }, { "resolution", "0.25" }, { "runs", "4" },
                                     { "layer-weight", "supply=2,cobid=0.5" }, { NULL, NULL } };
    ck_assert_int_eq(read_options(&run, net, given, &options), FN_OK);
    ck_assert_int_eq(options.quality, FN_QUALITY_CPM);
    ck_assert_double_eq(options.resolution, .25);
    ck_assert_int_eq(options.runs, 4);
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

Suite *suite_clusters(void)
{
    Suite *suite = suite_create("clusters");
    TCase *quality = tcase_create("quality"), *search = tcase_create("search"), *errors = tcase_create("errors");
    tcase_add_test(quality, two_three_cycles_have_the_published_modularity);
    tcase_add_test(quality, direction_changes_the_best_partition);
    tcase_add_test(quality, quality_equals_the_sum_over_all_pairs);
    tcase_add_test(quality, quality_equals_what_igraph_computes);
    tcase_add_test(quality, quality_refuses_cluster_numbers_beyond_the_firms);
    tcase_add_test(search, search_never_beats_and_nearly_always_reaches_the_exhaustive_optimum);
    tcase_add_test(search, clusters_are_connected_and_no_single_move_helps);
    tcase_add_test(search, planted_clusters_are_found);
    tcase_add_test(search, cpm_has_no_resolution_limit);
    tcase_add_test(search, star_of_one_buyer_does_not_swallow_the_groups_of_bidders);
    tcase_add_test(search, weights_times_a_power_of_two_change_nothing);
    tcase_add_test(search, isolated_firm_added_stays_alone_and_changes_nothing_else);
    tcase_add_test(search, quality_is_the_same_to_the_bit_when_firms_are_renumbered);
    tcase_add_test(search, self_ties_and_ties_without_weight_change_nothing);
    tcase_add_test(search, stability_is_the_share_of_runs_that_agree_on_the_ties);
    tcase_add_test(search, two_runs_with_one_seed_are_equal);
    tcase_add_test(errors, options_that_cannot_be_are_refused);
    tcase_add_test(errors, options_are_read_from_the_table_of_parameters);
    tcase_add_test(errors, both_directions_at_once_are_refused);
    tcase_add_test(errors, row_of_the_table_gives_clusters_from_one_and_stability);
    tcase_add_test(errors, search_survives_failing_allocations);
    tcase_add_test(errors, search_can_be_stopped);
    tcase_set_timeout(search, 60);
    tcase_set_timeout(quality, 60);
    suite_add_tcase(suite, quality);
    suite_add_tcase(suite, search);
    suite_add_tcase(suite, errors);
    return suite;
}
