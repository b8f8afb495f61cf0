/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "graph/random.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/slow_paths.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_paths(void);

/* Measures from shortest chains: betweenness by steps and by lengths, closeness, harmonic closeness, against what their
 * definitions say on small networks. */

/* A random list of ties with loops and parallel ties; firms at the end may have none. Weights are few, so that ways of
 * equal length are many. */
typedef struct tie_list {
    uint32_t firms;
    size_t ties;
    uint32_t from[3 * PATHS_MOST], to[3 * PATHS_MOST];
    double weight[3 * PATHS_MOST];
} tie_list;

static const double strengths[] = { 1, 2, 3, 4, 6, 12 }, lengths[] = { .1, .2, .3, .4, .7, 1.1 };

static tie_list random_list(uint64_t seed, const double *weights)
{
    tie_list list = { .firms = 2 + (uint32_t) fn_random_below(seed, 1, 0, PATHS_MOST - 2) };
    uint32_t with_ties = list.firms - (uint32_t) fn_random_below(seed, 1, 1, 2);
    list.ties = fn_random_below(seed, 1, 2, 3 * list.firms);
    bool both_ways = seed % 5 == 0;
    for (size_t i = 0; i < list.ties; i++) {
        list.from[i] = (uint32_t) fn_random_below(seed, 2, i, with_ties);
        list.to[i] = (uint32_t) fn_random_below(seed, 3, i, with_ties);
        if (both_ways && i % 2) list.from[i] = list.to[i - 1], list.to[i] = list.from[i - 1];
        list.weight[i] = weights[fn_random_below(seed, 4, i, 6)];
    }
    return list;
}

static fn_csr *list_csr(fn_run *run, const tie_list *list)
{
    fn_csr *out;
    ck_assert_int_eq(fn_csr_build(run, list->firms, list->ties, list->from, list->to, list->weight, NULL, FN_CSR_OUT,
                                  &out), FN_OK);
    return out;
}

/* Whole lengths of the arcs: 360360 / weight where that is whole (parallel ties add up), or ten times the weight. */
static bool whole_lengths(const fn_csr *out, fn_length_kind kind, slow_paths *net)
{
    memset(net, 0, sizeof *net);
    net->firms = out->firms;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            double length = kind == FN_LENGTH_HOPS ? 1 : kind == FN_LENGTH_GIVEN ? 10 * out->weight[i]
                                                                               : 360360 / out->weight[i];
            if (fabs(length - round(length)) > 1e-9) return false;
            net->length[u][out->target[i]] = (int) round(length);
        }
    return true;
}

START_TEST(betweenness_is_what_its_definition_says)
{
    fn_run run = support_run();
    const fn_length_kind kind = (fn_length_kind) _i;
    int compared = 0;
    for (uint64_t seed = 0; compared < SMALL_NETS; seed++) {
        tie_list list = random_list(seed, kind == FN_LENGTH_GIVEN ? lengths : strengths);
        fn_csr *out = list_csr(&run, &list);
        slow_paths paths;
        double wanted[PATHS_MOST], found[PATHS_MOST];
        fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
        options.length = kind;
        if (whole_lengths(out, kind, &paths)) {
            slow_distances(&paths);
            slow_betweenness(&paths, wanted, NULL);
            ck_assert_int_eq(fn_betweenness(&run, out, &options, found, NULL), FN_OK);
            for (uint32_t u = 0; u < list.firms; u++)
                ck_assert_msg(fabs(found[u] - wanted[u]) <= 1e-9 * (1 + wanted[u]),
                              "seed %d: firm %u has %.17g, not %.17g", (int) seed, u, found[u], wanted[u]);
            compared++;
        }
        fn_csr_free(out);
    }
}
END_TEST

/* The rows of the table, over all layers of networks with all that is odd. */
START_TEST(betweenness_and_closeness_are_what_their_definitions_say)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        small_matrix all = small_matrix_of(s, -1);
        slow_paths paths = { .firms = all.n };
        double wanted[PATHS_MOST], closeness, harmonic;
        for (uint32_t u = 0; u < all.n; u++)
            for (uint32_t v = 0; v < all.n; v++) paths.length[u][v] = all.tied[u][v];
        slow_distances(&paths);
        slow_betweenness(&paths, wanted, NULL);
        fn_table *between = row_find(&run, s->view, FN_GROUP_CENTRALITY, "betweenness");
        fn_table *close = row_find(&run, s->view, FN_GROUP_CENTRALITY, "closeness");
        for (uint32_t u = 0; u < all.n; u++) {
            row_assert(between, "betweenness", u, wanted[u], 1e-12 * (1 + wanted[u]));
            for (int outward = 0; outward < 2; outward++) {
                slow_closeness(&paths, u, outward, &closeness, &harmonic);
                row_assert(close, outward ? "closeness_out" : "closeness_in", u, closeness, 1e-12);
                row_assert(close, outward ? "harmonic_out" : "harmonic_in", u, harmonic, 1e-11);
            }
        }
        fn_table_free(between);
        fn_table_free(close);
        small_net_free(s);
    }
}
END_TEST

START_TEST(equal_lengths_are_equal_however_they_are_rounded)
{
    /* From a to d over b and c in two ties each, and straight; doubles find 1/3 + 1/6 below 1/2 and .1 + .2 above
     * .3. */
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1, 0, 2, 0 }, to[] = { 1, 3, 2, 3, 3 };
    const double weights[2][5] = { { 3, 6, 6, 3, 2 }, { .1, .2, .2, .1, .3 } };
    for (int k = 0; k < 2; k++) {
        fn_csr *out;
        double score[4];
        fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
        options.length = k ? FN_LENGTH_GIVEN : FN_LENGTH_INVERSE;
        ck_assert_int_eq(fn_csr_build(&run, 4, 5, from, to, weights[k], NULL, FN_CSR_OUT, &out), FN_OK);
        ck_assert_int_eq(fn_betweenness(&run, out, &options, score, NULL), FN_OK);
        support_near(score[1], 1.0 / 3, 1e-15, "one of three ways");
        support_near(score[2], 1.0 / 3, 1e-15, "one of three ways");
        fn_csr_free(out);
    }
}
END_TEST

START_TEST(a_weight_that_is_no_length_is_refused)
{
    const uint32_t from[] = { 0, 1, 2 }, to[] = { 1, 2, 0 };
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++)
        for (int kind = FN_LENGTH_INVERSE; kind <= FN_LENGTH_GIVEN; kind++) {
            fn_run run = support_run();
            const double weight[] = { 1, 2, bad[k] };
            double score[3];
            fn_csr *out;
            fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
            options.length = (fn_length_kind) kind;
            ck_assert_int_eq(fn_csr_build(&run, 3, 3, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
            ck_assert_int_eq(fn_betweenness(&run, out, &options, score, NULL), FN_EINVAL);
            fn_csr_free(out);
        }
}
END_TEST

START_TEST(lengths_of_any_range_give_finite_numbers)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1, 2, 3, 0 }, to[] = { 1, 2, 3, 0, 2 };
    const double weight[] = { 1e300, 1e-300, 5e-324, 1, 1e-200 };
    for (int kind = FN_LENGTH_INVERSE; kind <= FN_LENGTH_GIVEN; kind++)
        for (uint32_t limit = 0; limit <= 100; limit += 100) {
            double score[4];
            fn_csr *out;
            fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
            options.length = (fn_length_kind) kind;
            options.exact_limit = limit;
            ck_assert_int_eq(fn_csr_build(&run, 4, 5, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
            ck_assert_int_eq(fn_betweenness(&run, out, &options, score, NULL), FN_OK);
            for (int u = 0; u < 4; u++) ck_assert(isfinite(score[u]) && score[u] >= 0 && score[u] <= 6);
            fn_csr_free(out);
        }
}
END_TEST

START_TEST(long_chains_are_searched_one_by_one)
{
    /* A directed ring of 300 firms: between every ordered pair there is one way. Beside it a ring of five. */
    enum { RING = 300, SMALL = 5 };
    fn_run run = support_run();
    uint32_t from[RING + SMALL], to[RING + SMALL];
    static double score[RING + SMALL], more[4][RING + SMALL];
    for (uint32_t u = 0; u < RING + SMALL; u++) from[u] = u, to[u] = u + 1;
    to[RING - 1] = 0;
    to[RING + SMALL - 1] = RING;
    fn_csr *out;
    const fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
    fn_closeness_scores close = { more[0], more[1], more[2], more[3] };
    ck_assert_int_eq(fn_csr_build(&run, RING + SMALL, RING + SMALL, from, to, NULL, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(fn_betweenness(&run, out, &options, score, NULL), FN_OK);
    ck_assert_int_eq(fn_closeness(&run, out, 1000, .1, &close, NULL), FN_OK);
    double harmonic = 0;
    for (int d = 1; d < RING; d++) harmonic += 1.0 / d;
    for (uint32_t u = 0; u < RING + SMALL; u++) {
        double firms = u < RING ? RING : SMALL;
        support_near(score[u], (firms - 1) * (firms - 2) / 2, 1e-9 * RING * RING, "ring");
        if (u < RING) support_near(more[2][u], harmonic, 1e-11, "harmonic");
        if (u < RING) support_near(more[3][u], harmonic, 1e-11, "harmonic");
    }
    fn_csr_free(out);
}
END_TEST

START_TEST(trees_need_no_search)
{
    /* 0 → 1 → 2 → 3, and 4, 5 deliver to 1 and 2 both ways. */
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1, 2, 4, 1, 5, 2 }, to[] = { 1, 2, 3, 1, 4, 2, 5 };
    const double wanted[] = { 0, 7, 7, 0, 0, 0 };
    double score[6];
    fn_csr *out;
    fn_betweenness_how how;
    const fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
    ck_assert_int_eq(fn_csr_build(&run, 6, 7, from, to, NULL, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(fn_betweenness(&run, out, &options, score, &how), FN_OK);
    ck_assert_uint_eq(how.sources, 0);
    for (int u = 0; u < 6; u++) support_near(score[u], wanted[u], 0, "tree");
    fn_csr_free(out);
}
END_TEST

/* ---- known networks ---- */

static double *known_betweenness(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to)
{
    bool *both_ways = malloc(ties * sizeof *both_ways);
    double *score = calloc(firms, sizeof *score);
    fn_csr *out;
    memset(both_ways, true, ties * sizeof *both_ways);
    const fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, NULL, both_ways, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(fn_betweenness(run, out, &options, score, NULL), FN_OK);
    fn_csr_free(out);
    free(both_ways);
    return score;
}

START_TEST(known_networks_have_their_betweenness)
{
    /* Each pair counts both ways here. */
    fn_run run = support_run();
    const char *karate = support_data("known_networks_have_their_betweenness", "graphs/karate.graph");
    if (karate) {
        fn_net *net = support_metis(&run, karate);
        size_t ties = fn_net_ties(net);
        uint32_t *from = malloc(ties * sizeof *from), *to = malloc(ties * sizeof *to);
        for (size_t e = 0; e < ties; e++) from[e] = fn_net_tie_at(net, e).from, to[e] = fn_net_tie_at(net, e).to;
        double *score = known_betweenness(&run, fn_net_firms(net), ties, from, to);
        support_near(score[0] / 2, 231.0714285714286, 1e-9, "the instructor");
        free(score);
        free(from);
        free(to);
        fn_net_free(net);
    }
    const char *path = support_data("known_networks_have_their_betweenness", "graphs/florentine_marriage.edges.csv");
    if (path) {
        enum { FAMILIES = 16, MEDICI = 8, TIES_MOST = 40 };
        uint32_t from[TIES_MOST], to[TIES_MOST];
        size_t ties = 0;
        char line[100];
        FILE *file = fopen(path, "r");
        while (fgets(line, sizeof line, file))
            if (ties < TIES_MOST && sscanf(line, "%u,%u", &from[ties], &to[ties]) == 2) ties++;
        fclose(file);
        double *score = known_betweenness(&run, FAMILIES, ties, from, to);
        support_near(score[MEDICI] / 2, 47.5, 1e-9, "the Medici");
        free(score);
    }
}
END_TEST

Suite *suite_paths(void)
{
    Suite *suite = suite_create("paths");
    TCase *definition = tcase_create("definition");
    tcase_add_loop_test(definition, betweenness_is_what_its_definition_says, FN_LENGTH_HOPS, FN_LENGTH_GIVEN + 1);
    tcase_add_test(definition, betweenness_and_closeness_are_what_their_definitions_say);
    tcase_add_test(definition, equal_lengths_are_equal_however_they_are_rounded);
    tcase_add_test(definition, a_weight_that_is_no_length_is_refused);
    tcase_add_test(definition, lengths_of_any_range_give_finite_numbers);
    tcase_add_test(definition, long_chains_are_searched_one_by_one);
    tcase_add_test(definition, trees_need_no_search);
    tcase_add_test(definition, known_networks_have_their_betweenness);
    tcase_set_timeout(definition, 60);
    suite_add_tcase(suite, definition);
    return suite;
}
