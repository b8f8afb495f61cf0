/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/map_equation.h"
#include "algorithms/trust.h"
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_map_equation(void);

enum { MOST = 60 };

static double codelength_of(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster)
{
    double length;
    ck_assert_int_eq(fn_map_equation(run, view, options, cluster, &length), FN_OK);
    return length;
}

/* --- An oracle by the words of the paper: dense matrices, entropies of codebooks --- */

typedef struct dense {
    uint32_t n;
    double flow[MOST][MOST], node[MOST];
} dense;

static dense dense_flow(const fn_view *view, const fn_leiden_options *options)
{
    dense d = { .n = view->firms };
    double w[MOST][MOST] = { { 0 } }, total[FN_LAYERS_MOST] = { 0 }, out[MOST] = { 0 }, all = 0, walking = 0;
    double rank[MOST], next[MOST];
    bool any_directed = false;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        if (tie->from != tie->to) total[tie->layer] += view->weight[i];
    }
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        bool directed = options->directed && fn_net_layer_directed(tie->layer);
        if (tie->from == tie->to || !(view->weight[i] > 0)) continue;
        double share = options->layer_weight[tie->layer] * view->weight[i] / total[tie->layer];
        w[tie->from][tie->to] += directed ? share : share / 2;
        if (!directed) w[tie->to][tie->from] += share / 2;
        any_directed |= directed;
    }
    for (uint32_t i = 0; i < d.n; i++)
        for (uint32_t j = 0; j < d.n; j++) out[i] += w[i][j], all += w[i][j];
    for (uint32_t i = 0; i < d.n; i++) rank[i] = 1.0 / d.n;
    for (int step = 0; step < 3000; step++) {
        for (uint32_t j = 0; j < d.n; j++) {
            next[j] = 0;
            for (uint32_t i = 0; i < d.n; i++)
                next[j] += rank[i] * (out[i] > 0 ? .85 * w[i][j] / out[i] + .15 * out[j] / all : out[j] / all);
        }
        memcpy(rank, next, sizeof rank);
    }
    for (uint32_t i = 0; i < d.n; i++) walking += out[i] > 0 ? rank[i] : 0;
    for (uint32_t i = 0; i < d.n; i++)
        for (uint32_t j = 0; j < d.n; j++) {
            d.flow[i][j] = any_directed ? (out[i] > 0 ? rank[i] * w[i][j] / out[i] / walking : 0) : w[i][j] / all;
            d.node[j] += d.flow[i][j];
        }
    return d;
}

/* Bits of a codebook with words of these rates, times how often it is used. */
static double codebook(const double *rate, int words)
{
    double sum = 0, bits = 0;
    for (int i = 0; i < words; i++) sum += rate[i];
    for (int i = 0; i < words; i++)
        if (rate[i] > 0) bits -= rate[i] * log2(rate[i] / sum);
    return bits;
}

static double slow_codelength(const dense *d, const uint32_t *cluster)
{
    double length = 0, enter[MOST] = { 0 };
    for (uint32_t c = 0; c < d->n; c++) {
        double rate[MOST + 1] = { 0 };
        for (uint32_t i = 0; i < d->n; i++) {
            if (cluster[i] == c) rate[i] = d->node[i];
            for (uint32_t j = 0; j < d->n; j++) {
                if (cluster[i] == c && cluster[j] != c) rate[MOST] += d->flow[i][j];
                if (cluster[i] != c && cluster[j] == c) enter[c] += d->flow[i][j];
            }
        }
        length += codebook(rate, MOST + 1);
    }
    return length + codebook(enter, MOST);
}

START_TEST(two_triangles_have_the_code_length_of_the_formula)
{
    const uint32_t halves[6] = { 0, 0, 0, 1, 1, 1 }, whole[6] = { 0 };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 6, 7, two_cycles, NULL);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
    /* strengths 2 2 3 3 2 2 of 14; one tie of 7 leads out, each way 1/14 */
    double firms = 4 * (2.0 / 14) * log2(2.0 / 14) + 2 * (3.0 / 14) * log2(3.0 / 14);
    double leave = 1.0 / 14, use = 8.0 / 14;
    double expected = 2 * leave * log2(2 * leave) - 4 * leave * log2(leave) + 2 * use * log2(use) - firms;
    ck_assert_double_eq_tol(codelength_of(&run, view, &options, halves), expected, 1e-14);
    ck_assert_double_eq_tol(codelength_of(&run, view, &options, whole), -firms, 1e-14);
    fn_partition *partition;
    ck_assert_int_eq(fn_infomap(&run, view, &options, &partition), FN_OK);
    ck_assert_mem_eq(partition->cluster, halves, sizeof halves);
    ck_assert_double_eq_tol(partition->quality, 5.0 / 14, 1e-14);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(code_lengths_equal_the_entropies_of_codebooks)
{
    enum { FIRMS = 12, TIES = 26 };
    test_tie ties[TIES];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fn_run run = support_run();
        uint32_t cluster[FIRMS];
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
        options.layer_weight[FN_LAYER_COBID] = .3;
        dense d = dense_flow(view, &options);
        double sum = 0;
        for (uint32_t f = 0; f < FIRMS; f++) sum += d.node[f];
        ck_assert_double_eq_tol(sum, 1, 1e-12);
        for (uint32_t k = 1; k <= FIRMS; k++) {
            for (uint32_t f = 0; f < FIRMS; f++) cluster[f] = (uint32_t) ((f * 7 + seed) % k);
            ck_assert_double_eq_tol(codelength_of(&run, view, &options, cluster), slow_codelength(&d, cluster), 1e-11);
        }
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

/* Groups of 10 firms, a quarter of the ties between any. */
static fn_net *groups(fn_run *run, uint64_t seed, double scale)
{
    enum { TIES = 240 };
    test_tie ties[TIES];
    random_ties(seed, MOST, TIES, ties);
    for (size_t i = 0; i < TIES; i++) {
        if (i % 4) ties[i].to = ties[i].from / 10 * 10 + ties[i].to % 10;
        ties[i].weight *= scale;
    }
    return net_of(run, MOST, TIES, ties);
}

START_TEST(no_single_move_shortens_the_code)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        fn_run run = support_run();
        fn_partition *partition;
        fn_net *net = groups(&run, seed, 1);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
        ck_assert_int_eq(fn_infomap(&run, view, &options, &partition), FN_OK);
        assert_proper(&run, view, partition);
        dense d = dense_flow(view, &options);
        double length = slow_codelength(&d, partition->cluster);
        uint32_t whole[MOST] = { 0 };
        ck_assert_double_le(length, slow_codelength(&d, whole) + 1e-9);
        for (uint32_t f = 0; f < MOST; f++) {
            uint32_t own = partition->cluster[f];
            for (uint32_t c = 0; c < partition->clusters; c++) {
                partition->cluster[f] = c;
                ck_assert_double_ge(slow_codelength(&d, partition->cluster), length - 1e-9);
            }
            partition->cluster[f] = own;
        }
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(the_code_is_at_most_that_of_the_clusters_igraph_finds)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        fn_run run = support_run();
        fn_partition *partition;
        const igraph_t *graph;
        igraph_vector_int_t membership;
        igraph_vector_t weights;
        igraph_real_t theirs;
        uint32_t cluster[MOST];
        fn_net *net = groups(&run, seed, 1);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, false);
        options.runs = 5;
        /* one layer: igraph knows but one */
        fn_view_options only = FN_VIEW_ALL;
        fn_view *supply;
        only.layers = 1 << FN_LAYER_SUPPLY;
        ck_assert_int_eq(fn_view_new(&run, net, &only, &supply), FN_OK);
        ck_assert_int_eq(fn_net_keep(&run, net, supply->tie, supply->ties), FN_OK);
        fn_view_free(supply);
        fn_view_free(view);
        view = support_view(&run, net);
        for (size_t i = 0; i < view->ties; i++) ck_assert(isfinite(view->weight[i]) && view->weight[i] > 0);
        ck_assert_int_eq(fn_net_igraph(&run, net, &graph), FN_OK);
        igraph_t undirected;
        igraph_copy(&undirected, graph);
        igraph_to_undirected(&undirected, IGRAPH_TO_UNDIRECTED_EACH, NULL);
        igraph_vector_int_init(&membership, 0);
        igraph_vector_init(&weights, (igraph_integer_t) view->ties);
        for (size_t i = 0; i < view->ties; i++) VECTOR(weights)[i] = view->weight[i];
        igraph_rng_seed(igraph_rng_default(), 1);
        ck_assert_int_eq(igraph_community_infomap(&undirected, &weights, NULL, 5, &membership, &theirs),
                         IGRAPH_SUCCESS);
        for (uint32_t f = 0; f < MOST; f++) cluster[f] = (uint32_t) VECTOR(membership)[f];
        ck_assert_int_eq(fn_infomap(&run, view, &options, &partition), FN_OK);
        double ours = codelength_of(&run, view, &options, partition->cluster);
        ck_assert_double_le(ours, codelength_of(&run, view, &options, cluster) * 1.005);
        fn_partition_free(partition);
        igraph_vector_destroy(&weights);
        igraph_vector_int_destroy(&membership);
        igraph_destroy(&undirected);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(direction_matters_and_threads_and_powers_of_two_do_not)
{
    uint32_t first[MOST];
    for (int round = 0; round < 4; round++) {
        fn_run run = support_run();
        fn_partition *partition;
        run.threads = round < 3 ? round + 1 : 1;
        fn_net *net = groups(&run, 3, round == 3 ? 0x1p-30 : 1);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, true);
        ck_assert_int_eq(fn_infomap(&run, view, &options, &partition), FN_OK);
        double directed = codelength_of(&run, view, &options, partition->cluster);
        options.directed = false;
        ck_assert_double_gt(fabs(directed - codelength_of(&run, view, &options, partition->cluster)), 1e-3);
        if (round == 0) memcpy(first, partition->cluster, sizeof first);
        ck_assert_mem_eq(partition->cluster, first, sizeof first);
        fn_partition_free(partition);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

Suite *suite_map_equation(void)
{
    Suite *suite = suite_create("map equation");
    TCase *formula = tcase_create("formula"), *search = tcase_create("search");
    tcase_set_timeout(formula, 60);
    tcase_set_timeout(search, 60);
    tcase_add_test(formula, two_triangles_have_the_code_length_of_the_formula);
    tcase_add_loop_test(formula, code_lengths_equal_the_entropies_of_codebooks, 0, 2);
    tcase_add_loop_test(search, no_single_move_shortens_the_code, 0, 2);
    tcase_add_test(search, the_code_is_at_most_that_of_the_clusters_igraph_finds);
    tcase_add_test(search, direction_matters_and_threads_and_powers_of_two_do_not);
    suite_add_tcase(suite, formula);
    suite_add_tcase(suite, search);
    return suite;
}
