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

/* --- The same for a hierarchy: a tree of sets of firms, told by the paths of labels --- */

/* Are two firms in the same cluster of depth d, 0 the whole? */
static bool together(const fn_partition *p, int depth, uint32_t a, uint32_t b)
{
    if (depth == 0) return true;
    return depth == 1 ? p->cluster[a] == p->cluster[b] : p->level[depth - 2][a] == p->level[depth - 2][b];
}

/* Flow over the border of the cluster of depth d that firm is in. */
static double border(const dense *d, const fn_partition *p, int depth, uint32_t firm, bool inwards)
{
    double sum = 0;
    for (uint32_t i = 0; i < d->n; i++)
        for (uint32_t j = 0; j < d->n; j++)
            if (together(p, depth, firm, i) && !together(p, depth, firm, j))
                sum += inwards ? d->flow[j][i] : d->flow[i][j];
    return sum;
}

/* Codebooks of the cluster of depth d that firm is in, and of all in it. */
static double slow_levels(const dense *d, const fn_partition *p, int depth, uint32_t firm)
{
    double rate[MOST + 1] = { 0 }, inside = 0;
    int words = 0, deepest = p->levels + 1;
    bool divided = false;
    if (depth > 0) rate[words++] = border(d, p, depth, firm, false);
    for (uint32_t i = 0; i < d->n && depth < deepest; i++)
        divided |= together(p, depth, firm, i) && !together(p, depth + 1, firm, i);
    if (depth > 0 && depth < deepest && !divided) return slow_levels(d, p, depth + 1, firm); /* a copy */
    for (uint32_t i = 0; i < d->n; i++) {
        bool is_first = together(p, depth, firm, i);
        if (depth == deepest && is_first) rate[words++] = d->node[i];
        for (uint32_t j = 0; j < i && is_first && depth < deepest; j++) is_first = !together(p, depth + 1, i, j);
        if (depth == deepest || !is_first) continue;
        rate[words++] = border(d, p, depth + 1, i, true);
        inside += slow_levels(d, p, depth + 1, i);
    }
    return codebook(rate, words) + inside;
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

START_TEST(code_lengths_of_hierarchies_equal_the_entropies_of_codebooks)
{
    enum { FIRMS = 12, TIES = 26 };
    test_tie ties[TIES];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fn_run run = support_run();
        uint32_t cluster[FIRMS], parts[FIRMS], smaller[FIRMS], *level[2] = { parts, smaller };
        fn_partition tree = { .firms = FIRMS, .cluster = cluster, .level = level };
        fn_net *net = net_of(&run, FIRMS, random_ties(seed, FIRMS, TIES, ties), ties);
        fn_view *view = support_view(&run, net);
        fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
        dense d = dense_flow(view, &options);
        for (uint32_t k = 1; k <= 4; k++) {
            for (uint32_t f = 0; f < FIRMS; f++) {
                cluster[f] = (uint32_t) ((f * 5 + seed) % k);
                /* the first cluster is not divided, the last part of the others not divided further */
                parts[f] = cluster[f] == 0 ? 0 : 1 + cluster[f] + k * (f % 2);
                ck_assert_uint_lt(parts[f], FIRMS);
                for (smaller[f] = 0; smaller[f] < f; smaller[f]++)
                    if (parts[smaller[f]] == parts[f] && (parts[f] <= k || smaller[f] / 6 == f / 6)) break;
            }
            for (tree.levels = 0; tree.levels <= 2; tree.levels++) {
                double length;
                ck_assert_int_eq(fn_map_equation_levels(&run, view, &options, &tree, &length), FN_OK);
                ck_assert_double_eq_tol(length, slow_levels(&d, &tree, 0, 0), 1e-11);
                if (tree.levels == 0) ck_assert_double_eq_tol(length, slow_codelength(&d, cluster), 1e-11);
            }
        }
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

/* Groups of three firms; rings of four groups; a thin ring of these. */
START_TEST(a_hierarchy_is_found_and_its_code_is_shorter)
{
    enum { GROUPS = 16, EACH = 3 };
    test_tie ties[GROUPS * EACH * 2 + GROUPS * 2];
    size_t count = 0;
    for (uint32_t g = 0; g < GROUPS; g++) {
        for (uint32_t i = 0; i < EACH; i++) {
            ties[count++] = (test_tie) { g * EACH + i, g * EACH + (i + 1) % EACH, FN_LAYER_SUPPLY, 30 };
            ties[count++] = (test_tie) { g * EACH + (i + 1) % EACH, g * EACH + i, FN_LAYER_SUPPLY, 30 };
        }
        /* a ring in each four groups, and a thin ring of the fours */
        ties[count++] = (test_tie) { g * EACH, (g / 4 * 4 + (g + 1) % 4) * EACH + 1, FN_LAYER_SUPPLY, 20 };
        if (g % 4 == 0)
            ties[count++] = (test_tie) { g * EACH + 2, (g + 4) % GROUPS * EACH + 2, FN_LAYER_SUPPLY, .5 };
    }
    fn_run run = support_run();
    fn_net *net = net_of(&run, GROUPS * EACH, count, ties);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options = options_of(FN_QUALITY_MODULARITY, 1, _i);
    fn_partition *flat, *tree;
    double short_length, long_length;
    ck_assert_int_eq(fn_infomap(&run, view, &options, &flat), FN_OK);
    ck_assert_int_eq(flat->levels, 0);
    options.levels = true;
    ck_assert_int_eq(fn_infomap(&run, view, &options, &tree), FN_OK);
    assert_proper(&run, view, tree);
    ck_assert_int_eq(tree->levels, 1);
    ck_assert_uint_eq(tree->clusters, 4);
    for (uint32_t f = 0; f < GROUPS * EACH; f++) {
        ck_assert_uint_eq(tree->cluster[f], f / (4 * EACH));
        ck_assert_uint_eq(tree->level[0][f], f / EACH);
    }
    dense d = dense_flow(view, &options);
    ck_assert_int_eq(fn_map_equation_levels(&run, view, &options, tree, &short_length), FN_OK);
    ck_assert_int_eq(fn_map_equation(&run, view, &options, flat->cluster, &long_length), FN_OK);
    ck_assert_double_eq_tol(short_length, slow_levels(&d, tree, 0, 0), 1e-11);
    ck_assert_double_lt(short_length, long_length - 1e-3);
    fn_partition_free(flat);
    fn_partition_free(tree);
    fn_view_free(view);
    fn_net_free(net);
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
    tcase_add_loop_test(formula, code_lengths_of_hierarchies_equal_the_entropies_of_codebooks, 0, 2);
    tcase_add_loop_test(search, a_hierarchy_is_found_and_its_code_is_shorter, 0, 2);
    tcase_add_loop_test(search, no_single_move_shortens_the_code, 0, 2);
    tcase_add_test(search, the_code_is_at_most_that_of_the_clusters_igraph_finds);
    tcase_add_test(search, direction_matters_and_threads_and_powers_of_two_do_not);
    suite_add_tcase(suite, formula);
    suite_add_tcase(suite, search);
    return suite;
}
