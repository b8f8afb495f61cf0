/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "tests/algorithms/pagerank_digits.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_equations(void);

/* Measures that are solutions of equations or eigenvectors, against dense linear algebra with 34 digits, and PageRank
 * against 50 digits; weighted cores and constraint against their definitions. */

enum { TESTS = 4, NETS = SMALL_NETS / TESTS };

/* x(v) = constant(v) + sum over u of flow(u, v) x(u) */
static void solve_flow(uint32_t n, dense_quad flow[DENSE_MOST][DENSE_MOST], const dense_quad *constant, dense_quad *x)
{
    dense_quad a[DENSE_MOST][DENSE_MOST];
    for (uint32_t v = 0; v < n; v++) {
        x[v] = constant[v];
        for (uint32_t u = 0; u < n; u++) a[v][u] = (dense_quad) (u == v) - flow[u][v];
    }
    dense_solve(n, a, x);
}

static double away(const small_matrix *m, uint32_t u, uint32_t v, bool turned)
{
    return turned ? m->w[v][u] : m->w[u][v];
}

static void check_pagerank(const small_matrix *m, bool reverse, const double *found)
{
    dense_quad flow[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST], damping = (dense_quad) 85 / 100;
    double off = 0;
    for (uint32_t u = 0; u < m->n; u++) {
        dense_quad sum = 0;
        for (uint32_t v = 0; v < m->n; v++) sum += away(m, u, v, reverse);
        for (uint32_t v = 0; v < m->n; v++)
            flow[u][v] = sum > 0 ? damping * away(m, u, v, reverse) / sum : damping / m->n;
        constant[u] = (1 - damping) / m->n;
    }
    solve_flow(m->n, flow, constant, x);
    for (uint32_t v = 0; v < m->n; v++) off += fabs((double) (x[v] - (dense_quad) found[v]));
    ck_assert_msg(off <= 1e-12, "PageRank is %g away", off);
}

/* 0.85 of what is too large; where nothing leads back no alpha is, and the largest strength in decides. */
static double katz_alpha(const small_matrix *m)
{
    bool reach[DENSE_MOST][DENSE_MOST], cycle = false;
    double most = 0;
    dense_reach(m->n, m->w, reach);
    for (uint32_t u = 0; u < m->n; u++) {
        double in = 0;
        for (uint32_t v = 0; v < m->n; v++) in += m->w[v][u], cycle |= u != v && reach[u][v] && reach[v][u];
        most = fmax(most, in);
    }
    return cycle ? 0.85 / dense_radius(m->n, m->w) : 1 / most;
}

static void check_katz(fn_run *run, const small_matrix *m, const fn_view *view, const double *found)
{
    double alpha = 0, score[DENSE_MOST], bound = katz_alpha(m);
    dense_quad flow[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST];
    fn_csr *out, *in;
    ck_assert_int_eq(fn_even_layers(run, view, &out, &in), FN_OK);
    ck_assert_int_eq(fn_katz(run, out, in, &alpha, score), FN_OK);
    ck_assert_int_eq(memcmp(score, found, m->n * sizeof *score), 0);
    if (isfinite(bound)) support_near(alpha / bound, 1, 1e-8, "alpha beside its bound");
    for (uint32_t u = 0; u < m->n; u++) {
        for (uint32_t v = 0; v < m->n; v++) flow[u][v] = (dense_quad) alpha * m->w[u][v];
        constant[u] = 1;
    }
    solve_flow(m->n, flow, constant, x);
    for (uint32_t v = 0; v < m->n; v++) support_near(found[v], (double) x[v], 1e-11 * (double) x[v], "Katz");
    fn_csr_free(out);
    fn_csr_free(in);
}

static void check_influence(const small_matrix *m, const double *found)
{
    dense_quad flow[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST];
    for (uint32_t customer = 0; customer < m->n; customer++) {
        dense_quad bought = 0;
        for (uint32_t j = 0; j < m->n; j++) bought += m->w[j][customer];
        for (uint32_t j = 0; j < m->n; j++) flow[customer][j] = bought > 0 ? m->w[j][customer] / bought / 2 : 0;
        constant[customer] = (dense_quad) 1 / 2 / m->n;
    }
    solve_flow(m->n, flow, constant, x);
    for (uint32_t v = 0; v < m->n; v++) support_near(found[v], (double) x[v], 1e-12, "influence");
}

/* Whose chains end: who reaches nobody from whom nothing leaks away. */
static void find_ends(const small_matrix *m, bool down, const double *output, bool *ends)
{
    bool reach[DENSE_MOST][DENSE_MOST], leaks[DENSE_MOST], closed[DENSE_MOST];
    dense_reach(m->n, m->w, reach);
    for (uint32_t u = 0; u < m->n; u++) {
        double gone = 0;
        for (uint32_t v = 0; v < m->n; v++) gone += away(m, u, v, down);
        leaks[u] = gone < output[u] || output[u] == 0;
    }
    for (uint32_t u = 0; u < m->n; u++) {
        closed[u] = true;
        for (uint32_t v = 0; v < m->n; v++) closed[u] &= !((down ? reach[v][u] : reach[u][v]) && leaks[v]);
    }
    for (uint32_t u = 0; u < m->n; u++) {
        ends[u] = output[u] > 0;
        for (uint32_t v = 0; v < m->n; v++) ends[u] &= !((down ? reach[v][u] : reach[u][v]) && closed[v]);
    }
}

static void check_streamness(const small_matrix *m, bool down, const double *found)
{
    bool ends[DENSE_MOST];
    double output[DENSE_MOST];
    dense_quad flow[DENSE_MOST][DENSE_MOST] = { { 0 } }, constant[DENSE_MOST], x[DENSE_MOST];
    for (uint32_t u = 0; u < m->n; u++) {
        double sold = 0, bought = 0;
        for (uint32_t v = 0; v < m->n; v++) sold += m->w[u][v], bought += m->w[v][u];
        output[u] = fmax(sold, bought);
    }
    find_ends(m, down, output, ends);
    for (uint32_t u = 0; u < m->n; u++) {
        constant[u] = ends[u];
        for (uint32_t v = 0; v < m->n && ends[u]; v++) flow[v][u] = away(m, u, v, down) / (dense_quad) output[u];
    }
    solve_flow(m->n, flow, constant, x);
    for (uint32_t u = 0; u < m->n; u++) {
        ck_assert_int_eq(isnan(found[u]), !ends[u]);
        if (ends[u]) support_near(found[u], (double) x[u], 1e-10 * (double) x[u], "steps");
    }
}

static void check_trophic(const small_matrix *m, const double *found)
{
    dense_quad a[DENSE_MOST][DENSE_MOST] = { { 0 } }, h[DENSE_MOST];
    bool reach[DENSE_MOST][DENSE_MOST];
    dense_reach(m->n, m->both, reach);
    for (uint32_t u = 0; u < m->n; u++) {
        uint32_t first = 0;
        while (!reach[u][first]) first++;
        h[u] = 0;
        for (uint32_t v = 0; v < m->n; v++) {
            a[u][u] += m->both[u][v];
            a[u][v] -= m->both[u][v];
            h[u] += m->w[v][u] - m->w[u][v];
        }
        if (first != u) continue;
        memset(a[u], 0, sizeof a[u]); /* the first of a part stands for its constant */
        a[u][u] = 1, h[u] = 0;
    }
    dense_solve(m->n, a, h);
    for (uint32_t u = 0; u < m->n; u++) {
        double lowest = INFINITY, partners = 0;
        for (uint32_t v = 0; v < m->n; v++) partners += m->both[u][v];
        for (uint32_t v = 0; v < m->n; v++)
            if (reach[u][v]) lowest = fmin(lowest, (double) h[v]);
        ck_assert_int_eq(isnan(found[u]), partners == 0);
        if (partners > 0) support_near(found[u], (double) h[u] - lowest, 1e-10, "trophic level");
    }
}

START_TEST(equations_agree_with_elimination_in_quads)
{
    static const char *const names[] = { "pagerank", "katz", "influence", "streamness", "trophic" };
    for (uint64_t seed = NETS * (uint64_t) _i; seed < NETS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        small_matrix supply = small_matrix_of(s, FN_LAYER_SUPPLY), all = small_matrix_even(s);
        fn_table *t[5];
        for (int k = 0; k < 5; k++) t[k] = row_find(&run, s->view, FN_GROUP_CENTRALITY, names[k]);
        check_pagerank(&all, false, row_reals(t[0], "pagerank"));
        check_pagerank(&all, true, row_reals(t[0], "reverse_pagerank"));
        check_katz(&run, &all, s->view, row_reals(t[1], "katz"));
        check_influence(&supply, row_reals(t[2], "influence"));
        check_streamness(&supply, false, row_reals(t[3], "upstreamness"));
        check_streamness(&supply, true, row_reals(t[3], "downstreamness"));
        check_trophic(&supply, row_reals(t[4], "trophic_level"));
        for (int k = 0; k < 5; k++) fn_table_free(t[k]);
        small_net_free(s);
    }
}
END_TEST

/* ---- eigenvectors ---- */

/* matrix x = value x, the largest of x is 1, none is below 0. */
static void check_vector(uint32_t n, const double matrix[DENSE_MOST][DENSE_MOST], double value, const double *x)
{
    double most = 0;
    for (uint32_t u = 0; u < n; u++) {
        double sum = 0;
        for (uint32_t v = 0; v < n; v++) sum += matrix[u][v] * x[v];
        support_near(sum, value * x[u], 1e-8 * value, "eigenvector");
        ck_assert(x[u] >= 0);
        most = fmax(most, x[u]);
    }
    support_near(most, value > 0, 0, "the largest of an eigenvector");
}

/* Where two eigenvalues are nearly one, the oracle knows its vectors as badly as anybody: what is found must be one. */
static void check_dominant(uint32_t n, const double matrix[DENSE_MOST][DENSE_MOST], const double *found, int *uncertain)
{
    double x[DENSE_MOST], largest, next;
    dense_dominant(n, matrix, &largest, &next, x);
    bool certain = largest == 0 || next <= largest * (1 - 1e-4);
    check_vector(n, matrix, largest, found);
    *uncertain += !certain;
    for (uint32_t v = 0; certain && v < n; v++) support_near(found[v], x[v], 1e-7, "eigenvector");
}

static void check_hubs(const small_matrix *m, const double *authority, const double *hub)
{
    double h[DENSE_MOST], most = 0;
    for (uint32_t u = 0; u < m->n; u++) {
        h[u] = 0;
        for (uint32_t v = 0; v < m->n; v++) h[u] += m->w[u][v] * authority[v];
        most = fmax(most, h[u]);
    }
    for (uint32_t u = 0; u < m->n; u++) support_near(hub[u], most > 0 ? h[u] / most : 0, 1e-9, "hub");
}

START_TEST(eigenvectors_agree_with_rotations)
{
    int uncertain = 0;
    for (uint64_t seed = NETS * (uint64_t) _i; seed < NETS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        small_matrix m = small_matrix_even(s);
        double squares[DENSE_MOST][DENSE_MOST] = { { 0 } };
        for (uint32_t u = 0; u < m.n; u++)
            for (uint32_t v = 0; v < m.n; v++)
                for (uint32_t k = 0; k < m.n; k++) squares[u][v] += m.w[k][u] * m.w[k][v];
        fn_table *hits = row_find(&run, s->view, FN_GROUP_CENTRALITY, "hits");
        fn_table *even = row_find(&run, s->view, FN_GROUP_CENTRALITY, "eigenvector");
        check_dominant(m.n, (const double (*)[DENSE_MOST]) squares, row_reals(hits, "authority"), &uncertain);
        check_hubs(&m, row_reals(hits, "authority"), row_reals(hits, "hub"));
        check_dominant(m.n, (const double (*)[DENSE_MOST]) m.both, row_reals(even, "eigenvector"), &uncertain);
        fn_table_free(hits);
        fn_table_free(even);
        small_net_free(s);
    }
    ck_assert_int_lt(uncertain, NETS / 50);
}
END_TEST

/* ---- weighted cores, constraint ---- */

/* Who is left when all with less than `least` to those left have gone, again and again. */
static void find_core(const small_matrix *m, double least, bool left[DENSE_MOST])
{
    bool any = true;
    for (uint32_t f = 0; f < m->n; f++) left[f] = true;
    while (any) {
        any = false;
        for (uint32_t f = 0; f < m->n; f++) {
            double strength = 0;
            for (uint32_t v = 0; v < m->n; v++) strength += left[v] ? m->both[f][v] : 0;
            if (!left[f] || strength >= least) continue;
            left[f] = false;
            any = true;
        }
    }
}

static void check_weighted_core(const small_matrix *m, const double *found)
{
    for (uint32_t f = 0; f < m->n; f++) {
        bool left[DENSE_MOST];
        find_core(m, found[f] * (1 - 1e-12), left);
        ck_assert_msg(left[f], "firm %u isn't in the core of %.17g", f, found[f]);
        find_core(m, found[f] > 0 ? found[f] * (1 + 1e-12) : 1e-300, left);
        ck_assert_msg(!left[f], "firm %u is in the core above %.17g", f, found[f]);
    }
}

static void check_constraint(const small_matrix *m, const double *found)
{
    double share[DENSE_MOST][DENSE_MOST];
    for (uint32_t u = 0; u < m->n; u++) {
        double sum = 0;
        for (uint32_t v = 0; v < m->n; v++) sum += m->both[u][v];
        for (uint32_t v = 0; v < m->n; v++) share[u][v] = sum > 0 ? m->both[u][v] / sum : 0;
    }
    for (uint32_t u = 0; u < m->n; u++) {
        double wanted = NAN;
        for (uint32_t v = 0; v < m->n; v++) {
            double led = share[u][v];
            for (uint32_t q = 0; q < m->n; q++) led += share[u][q] * share[q][v];
            if (share[u][v] > 0) wanted = (isnan(wanted) ? 0 : wanted) + led * led;
        }
        ck_assert_int_eq(isnan(found[u]), isnan(wanted));
        if (!isnan(wanted)) support_near(found[u], wanted, 1e-13, "constraint");
    }
}

START_TEST(weighted_cores_and_constraints_are_what_their_definitions_say)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        small_matrix m = small_matrix_even(s);
        fn_table *core = row_find(&run, s->view, FN_GROUP_CENTRALITY, "weighted-core");
        fn_table *constraint = row_find(&run, s->view, FN_GROUP_CENTRALITY, "constraint");
        check_weighted_core(&m, row_reals(core, "weighted_core"));
        check_constraint(&m, row_reals(constraint, "constraint"));
        fn_table_free(core);
        fn_table_free(constraint);
        small_net_free(s);
    }
}
END_TEST

/* ---- fifty digits ---- */

START_TEST(pagerank_agrees_with_fifty_digits)
{
    const digits_net *d = &digits_nets[_i];
    fn_run run = support_run();
    fn_csr *out, *in;
    uint32_t from[DIGITS_TIES], to[DIGITS_TIES];
    double weight[DIGITS_TIES], score[DIGITS_FIRMS], sum = 0;
    for (size_t i = 0; i < d->ties; i++)
        from[i] = d->tie[i].from, to[i] = d->tie[i].to, weight[i] = d->tie[i].weight;
    ck_assert_int_eq(fn_csr_build(&run, d->firms, d->ties, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(fn_csr_build(&run, d->firms, d->ties, from, to, weight, NULL, FN_CSR_IN, &in), FN_OK);
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        ck_assert_int_eq(fn_pagerank(&run, out, in, d->damping, 1e-13, score), FN_OK);
        sum = 0;
        for (uint32_t f = 0; f < d->firms; f++) {
            ck_assert_uint_ge(strlen(d->score[f]), 52);
            support_near(score[f], strtod(d->score[f], NULL), 1e-12, "PageRank");
            sum += score[f];
        }
        support_near(sum, 1, 1e-13, "sum of PageRank");
    }
    fn_csr_free(out);
    fn_csr_free(in);
}
END_TEST

Suite *suite_equations(void)
{
    Suite *suite = suite_create("equations");
    TCase *oracle = tcase_create("oracle"), *digits = tcase_create("digits");
    tcase_add_loop_test(oracle, equations_agree_with_elimination_in_quads, 0, TESTS);
    tcase_add_loop_test(oracle, eigenvectors_agree_with_rotations, 0, TESTS);
    tcase_add_test(oracle, weighted_cores_and_constraints_are_what_their_definitions_say);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    tcase_add_loop_test(digits, pagerank_agrees_with_fifty_digits, 0, DIGITS_NETS);
    suite_add_tcase(suite, digits);
    return suite;
}
