/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/tie_pairs.h"
#include "graph/igraph_compat.h"
#include "graph/random.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_embedded(void);

/* Measures of embeddedness: worked numbers, invariants, igraph. By their definitions: test_tie_oracle.c */

/* ---- worked numbers ---- */

START_TEST(measures_of_the_worked_graph)
{
    /* methods of the literature on 1-2, 1-3, 1-4, 2-3, 2-4, 4-5, 5-6 */
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 }, { 1, 3 }, { 3, 4 }, { 4, 5 } };
    static const double overlap[] = { 1, .5, 1. / 3, .5, 1. / 3, 0, 0 };
    static const double jaccard[] = { 2. / 4, 1. / 4, 1. / 5, 1. / 4, 1. / 5, 0, 0 };
    static const double dice[] = { 4. / 6, 2. / 5, 2. / 6, 2. / 5, 2. / 6, 0, 0 };
    static const double truss[] = { 3, 3, 3, 3, 3, 2, 2 };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 6, 7, pair, NULL);
    fn_view *view = support_view(&run, net);
    fn_table *t = row_find_ties(&run, view);
    for (size_t row = 0; row < 7; row++) {
        row_assert(t, "overlap", row, overlap[row], 1e-15);
        row_assert(t, "jaccard", row, jaccard[row], 1e-15);
        row_assert(t, "dice", row, dice[row], 1e-15);
        row_assert(t, "truss", row, truss[row], 0);
    }
    row_assert(t, "cosine", 1, 1 / sqrt(6), 1e-15);
    /* Of 1 → 4: 1 delivers to 2, and 2 to 4. */
    row_assert(t, "transitive", 2, .5, 1e-15);
    row_assert(t, "cyclic", 2, 0, 0);
    /* Of 1 → 2: both deliver to 3 and to 4, and to nobody else. */
    row_assert(t, "shared_customers", 0, 1, 1e-15);
    row_assert(t, "shared_suppliers", 0, NAN, 0);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(weight_decides_the_weighted_overlap)
{
    /* Of a → b (5): c has 3 + 1 of the 3 + 1 + 4 that they exchange with others. */
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 2, 1 }, { 1, 3 } };
    static const double weight[] = { 5, 3, 1, 4 };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 4, 4, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = row_find_ties(&run, view);
    row_assert(t, "weighted_overlap", 0, .5, 1e-15);
    row_assert(t, "overlap", 0, .5, 1e-15);
    row_assert(t, "weighted_overlap", 1, 6. / 6, 1e-15);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_clique_is_its_own_truss_and_all_share_all)
{
    enum { ALL = 9 };
    uint32_t pair[ALL * (ALL - 1) / 2 + 1][2];
    size_t ties = 0;
    for (uint32_t u = 0; u < ALL; u++)
        for (uint32_t v = u + 1; v < ALL; v++, ties++) pair[ties][0] = u, pair[ties][1] = v;
    pair[ties][0] = 0, pair[ties++][1] = ALL;
    fn_run run = support_run();
    fn_net *net = support_net(&run, ALL + 1, ties, (const uint32_t (*)[2]) pair, NULL);
    fn_view *view = support_view(&run, net);
    fn_table *t = row_find_ties(&run, view);
    for (size_t row = 0; row < ties; row++) {
        const fn_tie *tie = FN_TIE(net, row);
        bool pendant = tie->to == ALL;
        row_assert(t, "truss", row, pendant ? 2 : ALL, 0);
        row_assert(t, "simmelian", row, pendant ? 0 : 1, 0);
        row_assert(t, "quadrilateral", row, pendant ? 0 : 1, 0);
        /* Firm 0 has the pendant too, which its list ends with: the score is that of the list before. */
        row_assert(t, "overlap", row, pendant ? 0 : tie->from == 0 ? (ALL - 2.) / (ALL - 1) : 1, 1e-15);
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- what must not change ---- */

enum { FIRMS = 300, TIES = 2500 };

/* Hubs: ends drawn by a power, so that rows grow longer than all short cuts. */
static fn_net *hubs(fn_run *run, const uint32_t *map, double scale, uint32_t more)
{
    static uint32_t pair[TIES][2];
    static double weight[TIES];
    for (size_t i = 0; i < TIES; i++) {
        for (uint64_t end = 0; end < 2; end++) {
            double x = fn_random_unit(7, 1 + end, i);
            pair[i][end] = map[(uint32_t) (x * x * x * FIRMS)];
        }
        weight[i] = scale * (double) (1 + fn_random_below(7, 3, i, 9));
    }
    return support_net(run, FIRMS + more, TIES, (const uint32_t (*)[2]) pair, weight);
}

static uint64_t bits(double value)
{
    uint64_t word;
    if (isnan(value)) value = -1;
    memcpy(&word, &value, sizeof word);
    return word;
}

START_TEST(relabelling_scaling_threads_and_lone_firms_change_nothing)
{
    uint32_t same[FIRMS], map[FIRMS], back[FIRMS + 5];
    for (uint32_t f = 0; f < FIRMS; f++) {
        same[f] = f;
        map[f] = (f * 7 + 11) % FIRMS;   /* 7 and 300 have no common divisor */
        back[map[f]] = f;
    }
    fn_run run = support_run();
    run.threads = 2;
    fn_net *net = hubs(&run, same, 1, 0), *moved = hubs(&run, map, 0x1p40, 5);
    fn_view *view = support_view(&run, net), *moved_view = support_view(&run, moved);
    fn_table *t = row_find_ties(&run, view), *u = row_find_ties(&run, moved_view);
    fn_csr *out;
    ck_assert_uint_eq(view->ties, moved_view->ties);
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, true, &out), FN_OK);
    for (size_t row = 0; row < moved_view->ties; row++) {
        const fn_tie *tie = FN_TIE(moved, row);
        size_t other = 0;
        while (FN_TIE(net, other)->from != back[tie->from] || FN_TIE(net, other)->to != back[tie->to]) other++;
        for (size_t c = 0; c < t->columns; c++) {
            const char *name = t->column[c]->name;
            double one = row_cell(t, name, other), two = row_cell(u, name, row);
            /* Sums of fractions in another order. */
            if (strcmp(name, "edge_betweenness") == 0 && !isnan(one)) support_near(two, one, 1e-9 * fabs(one), name);
            else ck_assert_msg(bits(one) == bits(two), "%s", name);
        }
    }
    for (run.threads = 1; run.threads <= 3; run.threads += 2) {
        fn_table *again = row_find_ties(&run, view);
        row_assert_same(t, again, "other threads");
        fn_table_free(again);
    }
    fn_csr_free(out);
    fn_table_free(t);
    fn_table_free(u);
    fn_view_free(view);
    fn_view_free(moved_view);
    fn_net_free(net);
    fn_net_free(moved);
}
END_TEST

START_TEST(truss_and_jaccard_are_those_of_igraph)
{
    uint32_t same[FIRMS];
    for (uint32_t f = 0; f < FIRMS; f++) same[f] = f;
    fn_run run = support_run();
    run.threads = 2;
    fn_net *net = hubs(&run, same, 1, 0);
    fn_view *view = support_view(&run, net);
    fn_table *t = row_find_ties(&run, view);
    igraph_t graph;
    igraph_vector_int_t ends, truss;
    igraph_vector_t jaccard;
    ck_assert_int_eq(igraph_vector_int_init(&ends, 0), IGRAPH_SUCCESS);
    size_t row_of[TIES], edges = 0;
    static bool met[FIRMS][FIRMS];
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *tie = FN_TIE(net, row);
        if (tie->from == tie->to || met[tie->from][tie->to]) continue;
        met[tie->from][tie->to] = met[tie->to][tie->from] = true;
        row_of[edges++] = row;
        igraph_vector_int_push_back(&ends, tie->from);
        igraph_vector_int_push_back(&ends, tie->to);
    }
    ck_assert_int_eq(igraph_create(&graph, &ends, FIRMS, false), IGRAPH_SUCCESS);
    igraph_vector_int_init(&truss, 0);
    igraph_vector_init(&jaccard, 0);
    ck_assert_int_eq(igraph_trussness(&graph, &truss), IGRAPH_SUCCESS);
    ck_assert_int_eq(igraph_similarity_jaccard_es(&graph, &jaccard, igraph_ess_all(IGRAPH_EDGEORDER_ID), IGRAPH_ALL,
                                                  false), IGRAPH_SUCCESS);
    double greatest = 0;
    for (size_t e = 0; e < edges; e++) {
        row_assert(t, "truss", row_of[e], (double) VECTOR(truss)[e], 0);
        row_assert(t, "jaccard", row_of[e], VECTOR(jaccard)[e], 1e-15);
        greatest = fmax(greatest, (double) VECTOR(truss)[e]);
    }
    ck_assert(greatest >= 8);
    igraph_vector_int_destroy(&ends);
    igraph_vector_int_destroy(&truss);
    igraph_vector_destroy(&jaccard);
    igraph_destroy(&graph);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* Firms enough for several groups of rows, with ties both ways. */
enum { MANY_FIRMS = 6149, MANY_TIES = 20000 };

static fn_net *many(fn_run *run)
{
    static uint32_t pair[MANY_TIES][2];
    for (size_t i = 0; i < MANY_TIES; i++) {
        double x = fn_random_unit(8, 1, i), y = fn_random_unit(8, 2, i);
        uint32_t a = (uint32_t) (x * x * x * MANY_FIRMS), b = (uint32_t) (y * MANY_FIRMS);
        bool back = i > 0 && i % 5 == 0;
        pair[i][0] = back ? pair[i - 1][1] : a;
        pair[i][1] = back ? pair[i - 1][0] : b;
    }
    return support_net(run, MANY_FIRMS, MANY_TIES, (const uint32_t (*)[2]) pair, NULL);
}

/* way: of each two firms 1: the first delivers, 2: the second does. */
static void check_pairs(const fn_view *view, const uint8_t *way, const fn_tied *p, const uint32_t *triangles)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    size_t met = 0, wrong = 0;
    for (uint32_t u = 0; u < p->firms; u++) {
        uint32_t partners = 0;
        for (uint32_t v = 0; v < p->firms; v++) partners += u != v && way[(size_t) u * p->firms + v];
        wrong += p->partners[u] != partners || p->firm[p->rank[u]] != u;
        met += partners;
    }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_eq(p->pairs, met / 2);
    for (uint32_t r = 0; r < p->firms; r++)
        for (uint32_t e = p->start[r] + 1; e < p->start[r + 1]; e++) wrong += p->other[e - 1] >= p->other[e];
    ck_assert_uint_eq(wrong, 0);
    for (size_t row = 0; row < view->ties; row += 7) {
        uint32_t e = p->of_tie[row], from = ties->from[row], to = ties->to[row], common = 0;
        if (from == to) continue;
        bool up = p->rank[from] < p->rank[to], back = way[(size_t) from * p->firms + to] == 3;
        uint32_t low = p->rank[up ? from : to], high = p->rank[up ? to : from];
        for (uint32_t k = 0; k < p->firms; k++)
            common += way[(size_t) from * p->firms + k] && way[(size_t) to * p->firms + k];
        wrong += e < p->start[low] || e >= p->start[low + 1] || p->other[e] != high || triangles[e] != common;
        wrong += p->way[e] != (back ? FN_PAIR_UP | FN_PAIR_DOWN : up ? FN_PAIR_UP : FN_PAIR_DOWN);
    }
    ck_assert_uint_eq(wrong, 0);
}

START_TEST(pairs_of_many_firms_are_those_of_a_table_of_all)
{
    fn_run run = support_run();
    fn_net *net = many(&run);
    fn_view *view = support_view(&run, net);
    const fn_ties *ties = fn_net_tie_rows(net);
    uint8_t *way = calloc((size_t) MANY_FIRMS * MANY_FIRMS, sizeof *way);
    uint32_t *triangles = calloc(view->ties, sizeof *triangles);
    fn_tied *pairs;
    ck_assert(way && triangles);
    for (size_t e = 0; e < view->ties; e++)
        if (ties->from[e] != ties->to[e]) {
            way[(size_t) ties->from[e] * MANY_FIRMS + ties->to[e]] |= 1;
            way[(size_t) ties->to[e] * MANY_FIRMS + ties->from[e]] |= 2;
        }
    run.threads = _i + 1;
    ck_assert_int_eq(fn_tied_new(&run, view, FN_TIE(net, 0)->layer, &pairs), FN_OK);
    ck_assert_int_eq(fn_triangles_count(&run, pairs, triangles), FN_OK);
    check_pairs(view, way, pairs, triangles);
    fn_tied_free(pairs);
    free(triangles);
    free(way);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(simmelian_scores_are_never_below_overlap)
{
    uint32_t same[FIRMS];
    for (uint32_t f = 0; f < FIRMS; f++) same[f] = f;
    fn_run run = support_run();
    fn_net *net = hubs(&run, same, 1, 0);
    fn_view *view = support_view(&run, net);
    fn_table *t = row_find_ties(&run, view);
    size_t above = 0;
    for (size_t row = 0; row < view->ties; row++) {
        double overlap = row_cell(t, "overlap", row);
        ck_assert(!(row_cell(t, "simmelian", row) < overlap) && !(row_cell(t, "quadrilateral", row) < overlap));
        ck_assert(isnan(overlap) == isnan(row_cell(t, "simmelian", row)));
        above += row_cell(t, "simmelian", row) > overlap;
    }
    ck_assert_uint_gt(above, TIES / 4);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(estimated_chains_are_within_their_error_and_the_same_on_all_threads)
{
    uint32_t same[FIRMS];
    for (uint32_t f = 0; f < FIRMS; f++) same[f] = f;
    static double before[TIES];
    fn_run run = support_run();
    fn_net *net = hubs(&run, same, 1, 0);
    fn_view *view = support_view(&run, net);
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_TIES, "edge-betweenness");
    const fn_param *const tables[] = { algorithm->params, NULL };
    fn_values *values;
    fn_table *exact, *drawn;
    exact = row_find(&run, view, FN_GROUP_TIES, "edge-betweenness");
    ck_assert_int_eq(fn_values_new(&run, tables, &values), FN_OK);
    ck_assert_int_eq(fn_values_set(&run, values, "edge-exact-limit", "0"), FN_OK);
    ck_assert_int_eq(fn_values_set(&run, values, "edge-error", "0.02"), FN_OK);
    double off = 0, all = 0;
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        ck_assert_int_eq(fn_table_new(&run, view->ties, &drawn), FN_OK);
        ck_assert_int_eq(algorithm->run(&run, view, values, drawn), FN_OK);
        for (size_t row = 0; row < view->ties; row++) {
            double found = row_cell(drawn, "edge_betweenness", row), wanted = row_cell(exact, "edge_betweenness", row);
            double error = row_cell(drawn, "edge_betweenness_error", row);
            ck_assert(isnan(found) == isnan(wanted));
            if (run.threads > 1) ck_assert(bits(found) == bits(before[row]));
            before[row] = found;
            if (isnan(found)) continue;
            ck_assert_msg(fabs(found - wanted) <= error && error > 0 && error <= .02 * FIRMS * FIRMS,
                          "tie %zu: %g, exactly %g, error %g", row, found, wanted, error);
            off += found - wanted;
            all += wanted;
        }
        fn_table_free(drawn);
    }
    /* Every pair with a chain adds one for each of its steps: drawn chains are as long as all. */
    ck_assert_msg(fabs(off) / all < .02, "drawing is off by %g of all", off / all);
    fn_values_free(values);
    fn_table_free(exact);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(cancelling_stops_each_measure)
{
    fn_run run = support_run();
    small_net *s = small_net_new(&run, 14, NULL);
    fn_table *table;
    run.progress = support_stop;
    const fn_algorithm *row = fn_algorithm_find(FN_GROUP_TIES, row_tie_measures[_i]);
    ck_assert_int_eq(row_try(&run, s->view, row, NULL, NULL, &table), FN_ECANCEL);
    small_net_free(s);
}
END_TEST

Suite *suite_embedded(void)
{
    Suite *suite = suite_create("embedded");
    TCase *oracle = tcase_create("oracle"), *worked = tcase_create("worked"), *same = tcase_create("invariants");
    tcase_add_test(oracle, truss_and_jaccard_are_those_of_igraph);
    tcase_add_loop_test(oracle, pairs_of_many_firms_are_those_of_a_table_of_all, 0, 3);
    tcase_add_test(worked, measures_of_the_worked_graph);
    tcase_add_test(worked, weight_decides_the_weighted_overlap);
    tcase_add_test(worked, a_clique_is_its_own_truss_and_all_share_all);
    tcase_add_test(same, relabelling_scaling_threads_and_lone_firms_change_nothing);
    tcase_add_test(same, estimated_chains_are_within_their_error_and_the_same_on_all_threads);
    tcase_add_test(same, simmelian_scores_are_never_below_overlap);
    tcase_add_loop_test(same, cancelling_stops_each_measure, 0, ROW_TIE_MEASURES);
    tcase_set_timeout(oracle, 60);
    tcase_set_timeout(same, 60);
    suite_add_tcase(suite, oracle);
    suite_add_tcase(suite, worked);
    suite_add_tcase(suite, same);
    return suite;
}
