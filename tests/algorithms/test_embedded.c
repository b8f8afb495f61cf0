/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"
#include "tests/algorithms/worked.h"

Suite *suite_embedded(void);

/* Measures of embeddedness against slow ones made from a matrix. */

static const char *const measures[] = {
    "overlap", "directed-overlap", "weighted-overlap", "squares", "simmelian", "quadrilateral", "truss",
    "edge-betweenness"
};
enum { MEASURES = sizeof measures / sizeof *measures, MOST = 13 };

static fn_status run_measure(fn_run *run, const fn_view *view, const char *name, fn_table **table)
{
    static const fn_param none[] = { { 0 } };
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_TIES, name);
    ck_assert_ptr_nonnull(algorithm);
    const fn_param *const tables[] = { algorithm->params ? algorithm->params : none, NULL };
    fn_values *values = NULL;
    *table = NULL;
    fn_status status = fn_values_new(run, tables, &values);
    if (!status) status = fn_table_new(run, view->ties, table);
    if (!status) status = algorithm->run(run, view, values, *table);
    fn_values_free(values);
    if (status) {
        fn_table_free(*table);
        *table = NULL;
    }
    return status;
}

/* All measures side by side. */
static fn_table *measure_all(fn_run *run, const fn_view *view)
{
    fn_table *all;
    ck_assert_int_eq(fn_table_new(run, view->ties, &all), FN_OK);
    for (int m = 0; m < MEASURES; m++) {
        fn_table *one;
        ck_assert_msg(run_measure(run, view, measures[m], &one) == FN_OK, "%s: %s", measures[m], run->error.message);
        ck_assert_int_eq(fn_table_join_take(run, all, one), FN_OK);
    }
    return all;
}

static double cell(const fn_table *table, const char *column, size_t row)
{
    const fn_column *c = fn_table_find(table, column);
    ck_assert_msg(c != NULL, "no column %s", column);
    if (fn_column_missing(c, row)) return NAN;
    return c->type == FN_COLUMN_REAL ? c->real[row] : (double) c->integer[row];
}

static void assert_cell(const fn_table *table, const char *column, size_t row, double wanted, double tolerance)
{
    double found = cell(table, column, row);
    bool alike = isnan(wanted) ? isnan(found) : fabs(found - wanted) <= tolerance;
    ck_assert_msg(alike, "%s of tie %zu: %.17g, not %.17g", column, row, found, wanted);
}

/* ---- the slow oracle ---- */

typedef struct matrix {
    uint32_t firms;
    bool tied[MOST][MOST];     /* delivers */
    bool pair[MOST][MOST];     /* either way */
    double w[MOST][MOST];      /* of both ways together */
} matrix;

static matrix matrix_of(const fn_view *view, uint16_t layer)
{
    matrix m = { .firms = view->firms };
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *t = FN_TIE(view->net, fn_view_tie(view, row));
        if (t->layer != layer || t->from == t->to) continue;
        m.tied[t->from][t->to] = true;
        if (!fn_net_layer_directed(layer)) m.tied[t->to][t->from] = true;
        m.pair[t->from][t->to] = m.pair[t->to][t->from] = true;
        m.w[t->from][t->to] = m.w[t->to][t->from] = m.w[t->from][t->to] + view->weight[row];
    }
    return m;
}

static int degree_of(const matrix *m, uint32_t u)
{
    int k = 0;
    for (uint32_t v = 0; v < m->firms; v++) k += m->pair[u][v];
    return k;
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static void check_undirected(const matrix *m, uint32_t i, uint32_t j, const fn_table *t, size_t row)
{
    double n = 0, all = 0, a = degree_of(m, i), b = degree_of(m, j), shared = 0, others = 0;
    for (uint32_t k = 0; k < m->firms; k++) {
        bool both = m->pair[i][k] && m->pair[j][k];
        n += both;
        all += m->pair[i][k] || m->pair[j][k];
        if (k == i || k == j) continue;
        shared += both ? m->w[i][k] + m->w[j][k] : 0;
        others += m->w[i][k] + m->w[j][k];
    }
    assert_cell(t, "common", row, n, 0);
    assert_cell(t, "overlap", row, ratio(n, all - 2), 1e-15);
    assert_cell(t, "jaccard", row, n / all, 1e-15);
    assert_cell(t, "dice", row, 2 * n / (a + b), 1e-15);
    assert_cell(t, "cosine", row, n / (sqrt(a) * sqrt(b)), 1e-15);
    assert_cell(t, "weighted_overlap", row, ratio(shared, others), 1e-14);
}

static void check_directed(const matrix *m, uint32_t i, uint32_t j, bool directed, const fn_table *t, size_t row)
{
    static const char *const names[] = { "shared_suppliers", "shared_customers", "transitive", "cyclic" };
    double both[4] = { 0 }, any[4] = { 0 };
    for (uint32_t k = 0; k < m->firms; k++) {
        if (k == i || k == j) continue;
        bool ki = m->tied[k][i], kj = m->tied[k][j], ik = m->tied[i][k], jk = m->tied[j][k];
        bool first[] = { ki, ik, ik, jk }, second[] = { kj, jk, kj, ki };
        for (int kind = 0; kind < 4; kind++) {
            both[kind] += first[kind] && second[kind];
            any[kind] += first[kind] || second[kind];
        }
    }
    for (int kind = 0; kind < 4; kind++)
        assert_cell(t, names[kind], row, directed ? ratio(both[kind], any[kind]) : NAN, 1e-15);
}

static void check_squares(const matrix *m, uint32_t i, uint32_t j, const fn_table *t, size_t row)
{
    double closed = 0, pairs = 0;
    for (uint32_t supplier = 0; supplier < m->firms; supplier++)
        for (uint32_t customer = 0; customer < m->firms; customer++) {
            if (supplier == i || customer == j || !m->tied[i][customer] || !m->tied[supplier][j]) continue;
            pairs++;
            closed += m->tied[supplier][customer];
        }
    assert_cell(t, "squares", row, ratio(closed, pairs), 1e-15);
    assert_cell(t, "squares_error", row, pairs > 0 ? 0 : NAN, 0);
}

/* Triangles over a pair, or four-cycles through it. */
static double slow_worth(const matrix *m, uint32_t i, uint32_t j, bool four)
{
    double count = 0;
    for (uint32_t k = 0; k < m->firms; k++) {
        if (k == i || k == j) continue;
        if (!four) count += m->pair[i][k] && m->pair[j][k];
        for (uint32_t l = 0; four && l < m->firms; l++)
            count += l != i && l != j && l != k && m->pair[j][k] && m->pair[k][l] && m->pair[l][i];
    }
    return count;
}

/* 1 + how many partners of u are dearer to it than v. Compared by the square of the worth, which orders alike. */
static int slow_place(const matrix *m, double dear[MOST][MOST], uint32_t u, uint32_t v)
{
    int place = 1;
    for (uint32_t x = 0; x < m->firms; x++) place += m->pair[u][x] && dear[u][x] > dear[u][v] * (1 + 1e-12);
    return place;
}

static double slow_simmelian(const matrix *m, double dear[MOST][MOST], uint32_t i, uint32_t j)
{
    double best = NAN;
    for (int k = 1; k < MOST; k++) {
        double both = 0, any = 0;
        for (uint32_t x = 0; x < m->firms; x++) {
            if (x == i || x == j) continue;
            bool of_i = m->pair[i][x] && slow_place(m, dear, i, x) <= k;
            bool of_j = m->pair[j][x] && slow_place(m, dear, j, x) <= k;
            both += of_i && of_j;
            any += of_i || of_j;
        }
        if (any > 0 && !(both / any <= best)) best = both / any;
    }
    return best;
}

static void slow_dearness(const matrix *m, bool four, double dear[MOST][MOST])
{
    double side[MOST] = { 0 };
    for (uint32_t u = 0; u < m->firms; u++)
        for (uint32_t v = 0; v < m->firms; v++) {
            dear[u][v] = m->pair[u][v] ? slow_worth(m, u, v, four) : 0;
            side[u] += dear[u][v];
        }
    for (uint32_t u = 0; four && u < m->firms; u++)
        for (uint32_t v = 0; v < m->firms; v++)
            if (dear[u][v] > 0 && u < v)
                dear[u][v] = dear[v][u] = dear[u][v] / sqrt(side[u] * side[v]);
}

/* Take pairs with fewer than k - 2 triangles out, for every k, until none is left. */
static void slow_truss(matrix m, int truss[MOST][MOST])
{
    for (int k = 2; k <= MOST + 1; k++)
        for (bool changed = true; changed;) {
            changed = false;
            for (uint32_t u = 0; u < m.firms; u++)
                for (uint32_t v = 0; v < m.firms; v++) {
                    if (!m.pair[u][v] || slow_worth(&m, u, v, false) >= k - 2) continue;
                    m.pair[u][v] = m.pair[v][u] = false;
                    truss[u][v] = truss[v][u] = k - 1;
                    changed = true;
                }
        }
}

/* Two layers of ties, one directed and one not, with self ties, parallel ties, ties without value and lone firms. */
static fn_net *two_layers(fn_run *run, uint64_t seed)
{
    fn_net *net;
    uint32_t firms = 2 + (uint32_t) fn_random_below(seed, 1, 0, MOST - 1);
    size_t ties = (size_t) fn_random_below(seed, 1, 1, 7 * firms);
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < firms; f++) worked_firm(run, net, (char[]) { (char) ('a' + f), '\0' });
    for (size_t i = 0; i < ties; i++) {
        fn_tie tie = {
            .from = (uint32_t) fn_random_below(seed, 2, i, firms), .to = (uint32_t) fn_random_below(seed, 3, i, firms),
            .product = FN_NONE, .layer = fn_random_below(seed, 4, i, 4) ? FN_LAYER_SUPPLY : FN_LAYER_COBID,
            .value = fn_random_below(seed, 5, i, 5) ? (double) (1 + fn_random_below(seed, 6, i, 9)) : NAN,
            .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* Over all layers: chains counted by powers of the matrix of steps. */
static void slow_edges(const fn_view *view, double score[MOST][MOST])
{
    bool step[MOST][MOST] = { { false } };
    int distance[MOST][MOST];
    double chains[MOST][MOST] = { { 0 } };
    uint32_t n = view->firms;
    for (uint16_t layer = 0; layer < FN_LAYERS_STANDARD; layer++) {
        matrix m = matrix_of(view, layer);
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < n; v++) step[u][v] |= m.tied[u][v];
    }
    for (uint32_t s = 0; s < n; s++) {
        for (uint32_t t = 0; t < n; t++) distance[s][t] = s == t ? 0 : -1;
        chains[s][s] = 1;
        for (int d = 0; d < MOST; d++)
            for (uint32_t u = 0; u < n; u++)
                for (uint32_t v = 0; v < n && distance[s][u] == d; v++) {
                    if (!step[u][v] || (distance[s][v] >= 0 && distance[s][v] != d + 1)) continue;
                    distance[s][v] = d + 1;
                    chains[s][v] += chains[s][u];
                }
    }
    for (uint32_t u = 0; u < n; u++)
        for (uint32_t v = 0; v < n; v++) {
            score[u][v] = 0;
            for (uint32_t s = 0; step[u][v] && s < n; s++)
                for (uint32_t t = 0; t < n; t++)
                    if (s != t && distance[s][u] >= 0 && distance[v][t] >= 0 &&
                        distance[s][u] + 1 + distance[v][t] == distance[s][t])
                        score[u][v] += chains[s][u] * chains[v][t] / chains[s][t];
        }
}

static void check_edges(const fn_view *view, const fn_table *t)
{
    double score[MOST][MOST];
    slow_edges(view, score);
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, row));
        if (tie->from == tie->to) continue;
        double back = fn_net_layer_directed(tie->layer) ? 0 : score[tie->to][tie->from];
        assert_cell(t, "edge_betweenness", row, score[tie->from][tie->to] + back, 1e-12);
        assert_cell(t, "edge_betweenness_error", row, 0, 0);
    }
}

static void check_net(uint64_t seed)
{
    fn_run run = support_run();
    fn_net *net = two_layers(&run, seed);
    fn_view *view = support_view(&run, net);
    fn_table *t = measure_all(&run, view);
    check_edges(view, t);
    for (uint16_t layer = 0; layer < FN_LAYERS_STANDARD; layer++) {
        matrix m = matrix_of(view, layer);
        double triangles[MOST][MOST], cycles[MOST][MOST];
        int truss[MOST][MOST] = { { 0 } };
        if (!(view->layers >> layer & 1)) continue;
        slow_dearness(&m, false, triangles);
        slow_dearness(&m, true, cycles);
        slow_truss(m, truss);
        for (size_t row = 0; row < view->ties; row++) {
            const fn_tie *tie = FN_TIE(net, fn_view_tie(view, row));
            if (tie->layer != layer) continue;
            if (tie->from == tie->to) {
                for (size_t c = 0; c < t->columns; c++) ck_assert(fn_column_missing(t->column[c], row));
                continue;
            }
            check_undirected(&m, tie->from, tie->to, t, row);
            check_directed(&m, tie->from, tie->to, fn_net_layer_directed(layer), t, row);
            check_squares(&m, tie->from, tie->to, t, row);
            assert_cell(t, "simmelian", row, slow_simmelian(&m, triangles, tie->from, tie->to), 1e-15);
            assert_cell(t, "quadrilateral", row, slow_simmelian(&m, cycles, tie->from, tie->to), 1e-15);
            assert_cell(t, "truss", row, truss[tie->from][tie->to], 0);
        }
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}

/* Twenty nets a test: a process each would cost more than the nets. */
START_TEST(measures_agree_with_the_slow_way)
{
    for (uint64_t seed = 0; seed < 20; seed++) check_net((uint64_t) _i * 20 + seed);
}
END_TEST

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
    fn_table *t = measure_all(&run, view);
    for (size_t row = 0; row < 7; row++) {
        assert_cell(t, "overlap", row, overlap[row], 1e-15);
        assert_cell(t, "jaccard", row, jaccard[row], 1e-15);
        assert_cell(t, "dice", row, dice[row], 1e-15);
        assert_cell(t, "truss", row, truss[row], 0);
    }
    assert_cell(t, "cosine", 1, 1 / sqrt(6), 1e-15);
    /* Of 1 → 4: 1 delivers to 2, and 2 to 4. */
    assert_cell(t, "transitive", 2, .5, 1e-15);
    assert_cell(t, "cyclic", 2, 0, 0);
    /* Of 1 → 2: both deliver to 3 and to 4, and to nobody else. */
    assert_cell(t, "shared_customers", 0, 1, 1e-15);
    assert_cell(t, "shared_suppliers", 0, NAN, 0);
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
    fn_table *t = measure_all(&run, view);
    assert_cell(t, "weighted_overlap", 0, .5, 1e-15);
    assert_cell(t, "overlap", 0, .5, 1e-15);
    assert_cell(t, "weighted_overlap", 1, 6. / 6, 1e-15);
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
    fn_table *t = measure_all(&run, view);
    for (size_t row = 0; row < ties; row++) {
        const fn_tie *tie = FN_TIE(net, row);
        bool pendant = tie->to == ALL;
        assert_cell(t, "truss", row, pendant ? 2 : ALL, 0);
        assert_cell(t, "simmelian", row, pendant ? 0 : 1, 0);
        assert_cell(t, "quadrilateral", row, pendant ? 0 : 1, 0);
        /* Firm 0 has the pendant too, which its list ends with: the score is that of the list before. */
        assert_cell(t, "overlap", row, pendant ? 0 : tie->from == 0 ? (ALL - 2.) / (ALL - 1) : 1, 1e-15);
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
    fn_table *t = measure_all(&run, view), *u = measure_all(&run, moved_view);
    fn_csr *out;
    ck_assert_uint_eq(view->ties, moved_view->ties);
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, true, &out), FN_OK);
    for (size_t row = 0; row < moved_view->ties; row++) {
        const fn_tie *tie = FN_TIE(moved, row);
        size_t other = 0;
        while (FN_TIE(net, other)->from != back[tie->from] || FN_TIE(net, other)->to != back[tie->to]) other++;
        for (size_t c = 0; c < t->columns; c++) {
            const char *name = t->column[c]->name;
            double one = cell(t, name, other), two = cell(u, name, row);
            /* Sums of fractions in another order. */
            if (strcmp(name, "edge_betweenness") == 0 && !isnan(one)) support_near(two, one, 1e-9 * fabs(one), name);
            else ck_assert_msg(bits(one) == bits(two), "%s", name);
        }
    }
    for (run.threads = 1; run.threads <= 3; run.threads += 2) {
        fn_table *again = measure_all(&run, view);
        for (size_t c = 0; c < t->columns; c++)
            for (size_t row = 0; row < view->ties; row++)
                ck_assert_msg(bits(cell(t, t->column[c]->name, row)) == bits(cell(again, t->column[c]->name, row)),
                              "%s with %d threads", t->column[c]->name, run.threads);
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
    fn_table *t = measure_all(&run, view);
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
        assert_cell(t, "truss", row_of[e], (double) VECTOR(truss)[e], 0);
        assert_cell(t, "jaccard", row_of[e], VECTOR(jaccard)[e], 1e-15);
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
    fn_table *t = measure_all(&run, view);
    size_t above = 0;
    for (size_t row = 0; row < view->ties; row++) {
        double overlap = cell(t, "overlap", row);
        ck_assert(!(cell(t, "simmelian", row) < overlap) && !(cell(t, "quadrilateral", row) < overlap));
        ck_assert(isnan(overlap) == isnan(cell(t, "simmelian", row)));
        above += cell(t, "simmelian", row) > overlap;
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
    ck_assert_int_eq(run_measure(&run, view, "edge-betweenness", &exact), FN_OK);
    ck_assert_int_eq(fn_values_new(&run, tables, &values), FN_OK);
    ck_assert_int_eq(fn_values_set(&run, values, "edge-exact-limit", "0"), FN_OK);
    ck_assert_int_eq(fn_values_set(&run, values, "edge-error", "0.02"), FN_OK);
    double off = 0, all = 0;
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        ck_assert_int_eq(fn_table_new(&run, view->ties, &drawn), FN_OK);
        ck_assert_int_eq(algorithm->run(&run, view, values, drawn), FN_OK);
        for (size_t row = 0; row < view->ties; row++) {
            double found = cell(drawn, "edge_betweenness", row), wanted = cell(exact, "edge_betweenness", row);
            double error = cell(drawn, "edge_betweenness_error", row);
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
    fn_net *net = two_layers(&run, 12);
    fn_view *view = support_view(&run, net);
    run.progress = support_stop;
    fn_table *table;
    ck_assert_int_eq(run_measure(&run, view, measures[_i], &table), FN_ECANCEL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(every_failing_allocation_is_told)
{
    fn_run quiet = support_run();
    fn_net *net = two_layers(&quiet, 12);
    fn_view *view = support_view(&quiet, net);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_table *table;
        run.threads = _i ? 1 : 2;
        fn_memory_fail_at(k, false);
        status = run_measure(&run, view, measures[_i], &table);
        fn_memory_fail_at(-1, false);
        ck_assert_msg(status == FN_OK || status == FN_ENOMEM, "status %d at allocation %ld", status, k);
        fn_table_free(table);
        if (status == FN_OK) ck_assert_int_gt(k, 10);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_embedded(void)
{
    Suite *suite = suite_create("embedded");
    TCase *oracle = tcase_create("oracle"), *worked = tcase_create("worked"), *same = tcase_create("invariants");
    tcase_add_loop_test(oracle, measures_agree_with_the_slow_way, 0, 50);
    tcase_add_test(oracle, truss_and_jaccard_are_those_of_igraph);
    tcase_add_loop_test(oracle, pairs_of_many_firms_are_those_of_a_table_of_all, 0, 3);
    tcase_add_test(worked, measures_of_the_worked_graph);
    tcase_add_test(worked, weight_decides_the_weighted_overlap);
    tcase_add_test(worked, a_clique_is_its_own_truss_and_all_share_all);
    tcase_add_test(same, relabelling_scaling_threads_and_lone_firms_change_nothing);
    tcase_add_test(same, estimated_chains_are_within_their_error_and_the_same_on_all_threads);
    tcase_add_test(same, simmelian_scores_are_never_below_overlap);
    tcase_add_loop_test(same, cancelling_stops_each_measure, 0, MEASURES);
    tcase_add_loop_test(same, every_failing_allocation_is_told, 0, MEASURES);
    tcase_set_timeout(oracle, 60);
    tcase_set_timeout(same, 60);
    suite_add_tcase(suite, oracle);
    suite_add_tcase(suite, worked);
    suite_add_tcase(suite, same);
    return suite;
}
