/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "tests/algorithms/dense.h"
#include "tests/algorithms/worked.h"
#include "tests/suite.h"

Suite *suite_spectral(void);

/* Measures that are solutions of equations or eigenvectors: worked numbers, and dense linear algebra as the oracle. */

static const char *const measures[] = { "pagerank", "hits", "eigenvector", "katz", "influence", "streamness", "trophic",
                                        "weighted-core", "constraint" };
enum { MEASURES = sizeof measures / sizeof *measures, SEEDS = 150 };

static fn_table *measure(fn_run *run, const char *name, const fn_view *view)
{
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_CENTRALITY, name);
    ck_assert_msg(algorithm != NULL, "there is no measure %s", name);
    static const fn_param none[] = { { 0 } };
    const fn_param *const params[] = { algorithm->params ? algorithm->params : none, NULL };
    fn_values *values;
    fn_table *table;
    ck_assert_int_eq(fn_values_new(run, params, &values), FN_OK);
    ck_assert_int_eq(fn_table_new(run, view->firms, &table), FN_OK);
    fn_status status = algorithm->run(run, view, values, table);
    ck_assert_msg(status == FN_OK, "%s: %s", name, run->error.message);
    fn_values_free(values);
    return table;
}

static const double *reals(const fn_table *table, const char *column)
{
    ck_assert_msg(fn_table_find(table, column) != NULL, "no column %s", column);
    return fn_table_find(table, column)->real;
}

typedef struct pair {
    fn_csr *out, *in, *both;
} pair;

/* Both sides from arrays. */
static pair sides_of(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                     const double *weight)
{
    pair p;
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_OUT, &p.out), FN_OK);
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_IN, &p.in), FN_OK);
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_BOTH, &p.both), FN_OK);
    return p;
}

static void sides_free(pair *p)
{
    fn_csr_free(p->out);
    fn_csr_free(p->in);
    fn_csr_free(p->both);
}

/* ---- worked numbers ---- */

START_TEST(worked_network_has_one_authority_and_two_hubs)
{
    fn_run run = support_run();
    fn_net *net = worked_net(&run);
    fn_view *view = worked_view(&run, net, FN_LAYER_SUPPLY);
    fn_table *t = measure(&run, "hits", view);
    for (uint32_t f = 0; f < view->firms; f++) {
        support_near(reals(t, "authority")[f], f == support_firm(net, "D"), 1e-9, "authority");
        double hub = f == support_firm(net, "C") ? 1 : f == support_firm(net, "M") ? .5 : 0;
        support_near(reals(t, "hub")[f], hub, 1e-9, "hub");
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(upstreamness_of_a_chain_with_final_use_is_as_published)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1 }, to[] = { 1, 2 };
    const double weight[] = { 10, 20 }, output[] = { 10, 30, 50 };
    const double up[] = { 8.0 / 3, 5.0 / 3, 1 }, down[] = { 1, 4.0 / 3, 23.0 / 15 };
    double steps[3];
    uint32_t endless;
    pair p = sides_of(&run, 3, 2, from, to, weight);
    ck_assert_int_eq(fn_streamness(&run, p.out, p.in, output, steps, &endless), FN_OK);
    for (int k = 0; k < 3; k++) support_near(steps[k], up[k], 1e-14, "upstreamness");
    ck_assert_int_eq(fn_streamness(&run, p.in, p.out, output, steps, &endless), FN_OK);
    for (int k = 0; k < 3; k++) support_near(steps[k], down[k], 1e-14, "downstreamness");
    ck_assert_uint_eq(endless, 0);
    sides_free(&p);
}
END_TEST

START_TEST(a_closed_group_has_no_upstreamness_and_is_named)
{
    fn_run run = support_run();
    /* 0→1→2→0 keep all to themselves; 3 delivers to 0; 4→5 is a chain; 6 has no ties. */
    const uint32_t pairs[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 3, 0 }, { 4, 5 } };
    const double weight[] = { 5, 5, 5, 5, 5 };
    fn_net *net = support_net(&run, 7, 5, pairs, weight);
    fn_view *view = support_view(&run, net);
    fn_table *t = measure(&run, "streamness", view);
    const double *up = reals(t, "upstreamness"), *down = reals(t, "downstreamness");
    support_near(up[4], 2, 1e-13, "upstreamness");
    support_near(up[5], 1, 1e-13, "upstreamness");
    ck_assert(isnan(up[6]) && isnan(down[6]));
    /* Firm 0 buys 10 and sells 5: half of its output is final use, so the group is not closed. */
    for (int f = 0; f < 4; f++) ck_assert(isfinite(up[f]));
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);

    net = support_net(&run, 5, 4, (const uint32_t[][2]) { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 3, 4 } }, weight);
    view = support_view(&run, net);
    t = measure(&run, "streamness", view);
    for (int f = 0; f < 3; f++) ck_assert(isnan(reals(t, "upstreamness")[f]) && isnan(reals(t, "downstreamness")[f]));
    support_near(reals(t, "downstreamness")[4], 2, 1e-13, "downstreamness");
    ck_assert_str_eq(support_warning(), "3 firms have no upstreamness and 3 no downstreamness: their chains lead into "
                     "groups that sell, or buy, among themselves only");
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(trophic_levels_of_chain_and_feed_forward_loop_are_as_published)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1, 0 }, to[] = { 1, 2, 2 };
    const double weight[] = { 1, 1, 1 }, wanted[2][3] = { { 0, 1, 2 }, { 0, 2.0 / 3, 4.0 / 3 } };
    for (size_t ties = 2; ties <= 3; ties++) {
        double level[3], incoherence;
        pair p = sides_of(&run, 3, ties, from, to, weight);
        ck_assert_int_eq(fn_trophic_levels(&run, p.out, p.in, p.both, level, &incoherence), FN_OK);
        for (int k = 0; k < 3; k++) support_near(level[k], wanted[ties - 2][k], 1e-13, "level");
        support_near(incoherence, ties == 2 ? 0 : 1.0 / 9, 1e-13, "incoherence");
        sides_free(&p);
    }
}
END_TEST

START_TEST(influence_of_ring_and_star_is_as_published)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 1, 2, 3 }, to[] = { 1, 2, 3, 0 };
    double score[5], length = 0;
    pair p = sides_of(&run, 4, 4, from, to, NULL);
    ck_assert_int_eq(fn_influence(&run, p.out, p.in, 1.0 / 3, score), FN_OK);
    for (int k = 0; k < 4; k++) support_near(score[k], .25, 1e-13, "influence"), length += score[k] * score[k];
    support_near(sqrt(length), .5, 1e-13, "length of the influence vector");
    sides_free(&p);
    /* All buy from a hub, the hub (which the published one does from itself) from a fifth that buys from it. The hub's
     * equations: h = a/n + (1-a)(3 o + f), f = a/n + (1-a) h, o = a/n. */
    const uint32_t hub_from[] = { 0, 0, 0, 4, 0 }, hub_to[] = { 1, 2, 3, 0, 4 };
    double a = 1.0 / 3, least = a / 5, hub = (least + (1 - a) * 4 * least) / (1 - (1 - a) * (1 - a));
    p = sides_of(&run, 5, 5, hub_from, hub_to, NULL);
    ck_assert_int_eq(fn_influence(&run, p.out, p.in, a, score), FN_OK);
    support_near(score[0], hub, 1e-13, "hub");
    support_near(score[1], least, 1e-13, "other");
    support_near(score[4], least + (1 - a) * hub, 1e-13, "fifth");
    sides_free(&p);
}
END_TEST

START_TEST(constraint_of_the_worked_graph_is_as_published)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 0, 0, 1, 1, 3, 4 }, to[] = { 1, 2, 3, 2, 3, 4, 5 };
    const double wanted[] = { 83.0 / 108, 83.0 / 108, 8.0 / 9, 41.0 / 81, .5, 1 };
    double score[7];
    pair p = sides_of(&run, 7, 7, from, to, NULL);
    ck_assert_int_eq(fn_constraint(&run, p.both, score), FN_OK);
    for (int k = 0; k < 6; k++) support_near(score[k], wanted[k], 1e-15, "constraint");
    ck_assert(isnan(score[6]));
    sides_free(&p);
}
END_TEST

START_TEST(groups_as_strong_as_each_other_are_said)
{
    fn_run run = support_run();
    const uint32_t pairs[][2] = { { 0, 1 }, { 2, 3 }, { 4, 5 } };
    fn_net *net = support_net(&run, 7, 3, pairs, (const double[]) { 3, 3, 2 });
    fn_view *view = support_view(&run, net);
    const char *const names[] = { "hits", "eigenvector" };
    for (int k = 0; k < 2; k++) {
        run = support_run();
        fn_table *t = measure(&run, names[k], view);
        ck_assert_msg(strstr(support_warning(), "degenerate") != NULL, "%s: %s", names[k], support_warning());
        const double *score = reals(t, k ? "eigenvector" : "authority");
        for (int f = 0; f < 7; f++) support_near(score[f], f < 4 && (k || f % 2), 1e-9, names[k]);
        fn_table_free(t);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(katz_refuses_an_alpha_beyond_its_bound)
{
    /* A ring of three with weights 2, 4, 8: the largest eigenvalue is 4. */
    const uint32_t from[] = { 0, 1, 2 }, to[] = { 1, 2, 0 };
    const double weight[] = { 2, 4, 8 };
    double score[3], alpha[] = { .25, .249, 1, 0, NAN, -1 };
    const fn_status wanted[] = { FN_EINVAL, FN_OK, FN_EINVAL, FN_OK, FN_EINVAL, FN_EINVAL };
    for (int k = 0; k < 6; k++) {
        fn_run run = support_run();
        pair p = sides_of(&run, 3, 3, from, to, weight);
        ck_assert_int_eq(fn_katz(&run, p.out, p.in, &alpha[k], score), wanted[k]);
        if (k == 0)
            ck_assert_str_eq(run.error.message, "alpha 0.25 is too large for Katz: the sum over chains is finite below "
                             "0.25 only");
        if (k == 3) support_near(alpha[k], .85 / 4, 1e-9, "alpha by default");
        sides_free(&p);
    }
}
END_TEST

START_TEST(katz_finds_its_bound_of_two_groups_that_hardly_deal_with_each_other)
{
    /* Two pairs, of eigenvalues 1 and 1 - gap, with weak ties between them: those of {{1, weak}, {weak, 1 - gap}}. */
    const uint32_t from[] = { 0, 1, 2, 3, 0, 2, 1, 3 }, to[] = { 1, 0, 3, 2, 2, 0, 3, 1 };
    for (double gap = 1e-2; gap > 1e-6; gap /= 10)
        for (double weak = gap; weak > gap / 200; weak /= 10) {
            const double weight[] = { 1, 1, 1 - gap, 1 - gap, weak, weak, weak, weak };
            double score[4], alpha = 0, radius = 1 - gap / 2 + sqrt(gap * gap / 4 + weak * weak);
            fn_run run = support_run();
            pair p = sides_of(&run, 4, 8, from, to, weight);
            ck_assert_msg(fn_katz(&run, p.out, p.in, &alpha, score) == FN_OK, "gap %g: %s", gap, run.error.message);
            support_near(alpha * radius, .85, 1e-9, "alpha by default");
            sides_free(&p);
        }
}
END_TEST

/* ---- dense linear algebra as the oracle ---- */

/* x = constant + factor * sum over u of m(u, v) x(u), m in quads. */
static void solve_flow(uint32_t n, dense_quad m[DENSE_MOST][DENSE_MOST], const dense_quad *constant, dense_quad *x)
{
    dense_quad a[DENSE_MOST][DENSE_MOST];
    for (uint32_t v = 0; v < n; v++) {
        x[v] = constant[v];
        for (uint32_t u = 0; u < n; u++) a[v][u] = (dense_quad) (u == v) - m[u][v];
    }
    dense_solve(n, a, x);
}

static void assert_pagerank(const dense *d, bool reverse, const double *found)
{
    dense_quad m[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST], damping = 0.85;
    double off = 0;
    for (uint32_t u = 0; u < d->n; u++) {
        dense_quad sum = 0;
        for (uint32_t v = 0; v < d->n; v++) sum += reverse ? d->w[v][u] : d->w[u][v];
        for (uint32_t v = 0; v < d->n; v++)
            m[u][v] = sum > 0 ? damping * (reverse ? d->w[v][u] : d->w[u][v]) / sum : damping / d->n;
        constant[u] = (1 - damping) / d->n;
    }
    solve_flow(d->n, m, constant, x);
    for (uint32_t v = 0; v < d->n; v++) off += fabs((double) (x[v] - (dense_quad) found[v]));
    ck_assert_msg(off <= 1e-12, "PageRank is %g away", off);
}

static void assert_dominant(const dense *d, bool hits, const double *found, const double *hub, uint32_t *skipped)
{
    double a[DENSE_MOST][DENSE_MOST] = { { 0 } }, x[DENSE_MOST], largest, next, most = 0, h[DENSE_MOST];
    for (uint32_t u = 0; u < d->n; u++)
        for (uint32_t v = 0; v < d->n; v++) {
            if (!hits) a[u][v] = d->w[u][v] + d->w[v][u];
            for (uint32_t k = 0; hits && k < d->n; k++) a[u][v] += d->w[k][u] * d->w[k][v];
        }
    dense_dominant(d->n, (const double (*)[DENSE_MOST]) a, &largest, &next, x);
    if (largest > 0 && next > largest * (1 - 1e-4)) { /* the oracle's own vector is uncertain then */
        ++*skipped;
        return;
    }
    for (uint32_t v = 0; v < d->n; v++) support_near(found[v], x[v], 1e-7, hits ? "authority" : "eigenvector");
    for (uint32_t u = 0; hits && u < d->n; u++) {
        h[u] = 0;
        for (uint32_t v = 0; v < d->n; v++) h[u] += d->w[u][v] * x[v];
        most = fmax(most, h[u]);
    }
    for (uint32_t u = 0; hits && u < d->n; u++) support_near(hub[u], most > 0 ? h[u] / most : 0, 1e-7, "hub");
}

static void assert_katz(fn_run *run, const dense *d, const fn_view *view, const double *found)
{
    double radius = dense_radius(d->n, d->w), alpha = 0, score[DENSE_MOST];
    dense_quad m[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST];
    fn_csr *out, *in;
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_OUT, false, &out), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_IN, false, &in), FN_OK);
    ck_assert_int_eq(fn_katz(run, out, in, &alpha, score), FN_OK);
    ck_assert_int_eq(memcmp(score, found, d->n * sizeof *score), 0);
    if (radius > 1e-6) support_near(alpha * radius, 0.85, 1e-8, "alpha of the bound");
    for (uint32_t u = 0; u < d->n; u++) {
        for (uint32_t v = 0; v < d->n; v++) m[u][v] = (dense_quad) alpha * d->w[u][v];
        constant[u] = 1;
    }
    solve_flow(d->n, m, constant, x);
    for (uint32_t v = 0; v < d->n; v++) support_near(found[v], (double) x[v], 1e-11 * (double) x[v], "Katz");
    fn_csr_free(out);
    fn_csr_free(in);
}

static void assert_influence(const dense *d, const double *found)
{
    dense_quad m[DENSE_MOST][DENSE_MOST], constant[DENSE_MOST], x[DENSE_MOST];
    for (uint32_t customer = 0; customer < d->n; customer++) {
        dense_quad bought = 0;
        for (uint32_t j = 0; j < d->n; j++) bought += d->w[j][customer];
        for (uint32_t j = 0; j < d->n; j++) m[customer][j] = bought > 0 ? d->w[j][customer] / bought / 2 : 0;
        constant[customer] = (dense_quad) 1 / 2 / d->n;
    }
    solve_flow(d->n, m, constant, x);
    for (uint32_t v = 0; v < d->n; v++) support_near(found[v], (double) x[v], 1e-12, "influence");
}

static void assert_streamness(const dense *d, bool down, const double *found)
{
    bool reach[DENSE_MOST][DENSE_MOST], leaks[DENSE_MOST], closed[DENSE_MOST], ends[DENSE_MOST];
    double output[DENSE_MOST];
    dense_quad m[DENSE_MOST][DENSE_MOST] = { { 0 } }, constant[DENSE_MOST], x[DENSE_MOST];
    dense turned = *d;
    for (uint32_t u = 0; u < d->n; u++)
        for (uint32_t v = 0; v < d->n; v++) turned.w[u][v] = down ? d->w[v][u] : d->w[u][v];
    dense_reach(&turned, reach);
    for (uint32_t u = 0; u < d->n; u++) {
        double away = 0, back = 0;
        for (uint32_t v = 0; v < d->n; v++) away += turned.w[u][v], back += turned.w[v][u];
        output[u] = fmax(away, back);
        leaks[u] = away < output[u] || output[u] == 0;
    }
    for (uint32_t u = 0; u < d->n; u++) {
        closed[u] = true;
        for (uint32_t v = 0; v < d->n; v++) closed[u] &= !(reach[u][v] && leaks[v]);
    }
    for (uint32_t u = 0; u < d->n; u++) {
        ends[u] = output[u] > 0;
        for (uint32_t v = 0; v < d->n; v++) ends[u] &= !(reach[u][v] && closed[v]);
        constant[u] = ends[u];
    }
    for (uint32_t u = 0; u < d->n; u++)
        for (uint32_t v = 0; v < d->n && ends[u]; v++) m[v][u] = turned.w[u][v] / (dense_quad) output[u];
    solve_flow(d->n, m, constant, x);
    for (uint32_t u = 0; u < d->n; u++) {
        ck_assert_int_eq(isnan(found[u]), !ends[u]);
        if (ends[u]) support_near(found[u], (double) x[u], 1e-10 * (double) x[u], "steps");
    }
}

static void assert_trophic(const dense *d, const double *found)
{
    dense_quad a[DENSE_MOST][DENSE_MOST] = { { 0 } }, h[DENSE_MOST];
    bool reach[DENSE_MOST][DENSE_MOST];
    dense even = *d;
    for (uint32_t u = 0; u < d->n; u++)
        for (uint32_t v = 0; v < d->n; v++) even.w[u][v] = d->w[u][v] + d->w[v][u];
    dense_reach(&even, reach);
    for (uint32_t u = 0; u < d->n; u++) {
        uint32_t first = 0;
        while (!reach[u][first]) first++;
        h[u] = 0;
        for (uint32_t v = 0; v < d->n; v++) {
            a[u][u] += even.w[u][v];
            a[u][v] -= even.w[u][v];
            h[u] += d->w[v][u] - d->w[u][v];
        }
        if (first != u) continue;
        memset(a[u], 0, sizeof a[u]); /* the first of a part stands for its constant */
        a[u][u] = 1, h[u] = 0;
    }
    dense_solve(d->n, a, h);
    for (uint32_t u = 0; u < d->n; u++) {
        double lowest = INFINITY, partners = 0;
        for (uint32_t v = 0; v < d->n; v++) partners += even.w[u][v];
        for (uint32_t v = 0; v < d->n; v++)
            if (reach[u][v]) lowest = fmin(lowest, (double) h[v]);
        ck_assert_int_eq(isnan(found[u]), partners == 0);
        if (partners > 0) support_near(found[u], (double) h[u] - lowest, 1e-10, "trophic level");
    }
}

START_TEST(equations_agree_with_elimination_in_quads)
{
    for (uint64_t seed = SEEDS * (uint64_t) _i; seed < SEEDS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        dense d;
        fn_net *net = dense_net(&run, seed, &d);
        fn_view *view = support_view(&run, net);
        fn_table *t = measure(&run, "pagerank", view);
        assert_pagerank(&d, false, reals(t, "pagerank"));
        assert_pagerank(&d, true, reals(t, "reverse_pagerank"));
        fn_table_free(t);
        t = measure(&run, "katz", view);
        assert_katz(&run, &d, view, reals(t, "katz"));
        fn_table_free(t);
        t = measure(&run, "influence", view);
        assert_influence(&d, reals(t, "influence"));
        fn_table_free(t);
        t = measure(&run, "streamness", view);
        assert_streamness(&d, false, reals(t, "upstreamness"));
        assert_streamness(&d, true, reals(t, "downstreamness"));
        fn_table_free(t);
        t = measure(&run, "trophic", view);
        assert_trophic(&d, reals(t, "trophic_level"));
        fn_table_free(t);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(eigenvectors_agree_with_rotations)
{
    uint32_t skipped = 0;
    for (uint64_t seed = SEEDS * (uint64_t) _i; seed < SEEDS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        dense d;
        fn_net *net = dense_net(&run, seed, &d);
        fn_view *view = support_view(&run, net);
        fn_table *t = measure(&run, "hits", view);
        assert_dominant(&d, true, reals(t, "authority"), reals(t, "hub"), &skipped);
        fn_table_free(t);
        t = measure(&run, "eigenvector", view);
        assert_dominant(&d, false, reals(t, "eigenvector"), NULL, &skipped);
        fn_table_free(t);
        fn_view_free(view);
        fn_net_free(net);
    }
    ck_assert_uint_lt(skipped, SEEDS / 10);
}
END_TEST

static void assert_weighted_core(const dense *d, const double *found)
{
    for (uint32_t f = 0; f < d->n; f++) {
        ck_assert(found[f] == floor(found[f]));
    }
    /* Who is left at each whole level when all below it have gone, again and again. */
    for (int level = 0; level <= 18 * DENSE_MOST; level++) {
        bool there[DENSE_MOST], any = true;
        for (uint32_t f = 0; f < d->n; f++) there[f] = true;
        while (any) {
            any = false;
            for (uint32_t f = 0; f < d->n; f++) {
                double strength = 0;
                for (uint32_t v = 0; v < d->n; v++) strength += there[v] ? d->w[f][v] + d->w[v][f] : 0;
                if (!there[f] || strength >= level) continue;
                there[f] = false;
                any = true;
            }
        }
        for (uint32_t f = 0; f < d->n; f++) ck_assert_int_eq(there[f], found[f] >= level);
    }
}

static void assert_constraint(fn_run *run, const fn_view *view, const double *found)
{
    fn_csr *both;
    igraph_vector_t weight, score;
    igraph_t graph;
    uint32_t from[200], to[200];
    size_t n = 0;
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_BOTH, false, &both), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(run, igraph_vector_init(&weight, 0)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(run, igraph_vector_init(&score, 0)), FN_OK);
    for (uint32_t u = 0; u < both->firms; u++)
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
            if (both->target[i] < u) continue;
            from[n] = u, to[n++] = both->target[i];
            ck_assert_int_eq(FN_IGRAPH(run, igraph_vector_push_back(&weight, both->weight[i])), FN_OK);
        }
    ck_assert_int_eq(fn_igraph_fill_pairs(run, both->firms, n, from, to, false, &graph), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(run, igraph_constraint(&graph, &score, igraph_vss_all(), &weight)), FN_OK);
    for (uint32_t u = 0; u < both->firms; u++) {
        ck_assert_int_eq(isnan(found[u]), fn_csr_degree(both, u) == 0);
        if (!isnan(found[u])) support_near(found[u], VECTOR(score)[u], 1e-12, "constraint");
    }
    igraph_destroy(&graph);
    igraph_vector_destroy(&weight);
    igraph_vector_destroy(&score);
    fn_csr_free(both);
}

START_TEST(weighted_cores_and_constraints_agree_with_their_definitions)
{
    for (uint64_t seed = SEEDS * (uint64_t) _i; seed < SEEDS * (uint64_t) (_i + 1); seed++) {
        fn_run run = support_run();
        dense d;
        fn_net *net = dense_net(&run, seed, &d);
        fn_view *view = support_view(&run, net);
        fn_table *t = measure(&run, "weighted-core", view);
        assert_weighted_core(&d, reals(t, "weighted_core"));
        fn_table_free(t);
        t = measure(&run, "constraint", view);
        assert_constraint(&run, view, reals(t, "constraint"));
        fn_table_free(t);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

/* ---- what must not change anything ---- */

START_TEST(firms_in_another_order_have_the_same_measures)
{
    for (uint64_t seed = 1000; seed < 1020; seed++) {
        fn_run run = support_run();
        dense d;
        fn_net *net = dense_net(&run, seed, &d);
        fn_view *view = support_view(&run, net);
        uint32_t map[DENSE_MOST];
        for (uint32_t f = 0; f < d.n; f++) map[f] = d.n - 1 - f;
        fn_net *turned = dense_net_permuted(&run, seed, map);
        fn_view *turned_view = support_view(&run, turned);
        for (int k = 0; k < MEASURES; k++) {
            fn_table *a = measure(&run, measures[k], view), *b = measure(&run, measures[k], turned_view);
            for (size_t c = 0; c < a->columns; c++)
                for (uint32_t f = 0; f < d.n; f++) {
                    double x = a->column[c]->real[f], y = b->column[c]->real[map[f]];
                    ck_assert_int_eq(isnan(x), isnan(y));
                    if (!isnan(x)) support_near(y, x, 1e-8 * (1 + fabs(x)), a->column[c]->name);
                }
            fn_table_free(a);
            fn_table_free(b);
        }
        fn_view_free(view);
        fn_view_free(turned_view);
        fn_net_free(net);
        fn_net_free(turned);
    }
}
END_TEST

START_TEST(any_number_of_threads_gives_the_same_bits)
{
    fn_run run = support_run();
    enum { FIRMS = 6000 }; /* and more ties than one thread would do alone */
    fn_net *net = support_random_net(&run, 5, FIRMS, 51500, true);
    fn_view *view = support_view(&run, net);
    for (int k = 0; k < MEASURES; k++) {
        fn_table *t[3];
        for (int threads = 1; threads <= 3; threads++) {
            run.threads = threads;
            t[threads - 1] = measure(&run, measures[k], view);
        }
        for (size_t c = 0; c < t[0]->columns; c++)
            for (int other = 1; other < 3; other++)
                ck_assert_msg(memcmp(t[0]->column[c]->data, t[other]->column[c]->data, FIRMS * 8) == 0,
                              "%s by %d threads has other bits", measures[k], other + 1);
        for (int other = 0; other < 3; other++) fn_table_free(t[other]);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(measures_can_be_cancelled)
{
    fn_run run = support_run();
    fn_net *net = worked_net(&run);
    fn_view *view = support_view(&run, net);
    static const fn_param none[] = { { 0 } };
    for (int k = 0; k < MEASURES; k++) {
        const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_CENTRALITY, measures[k]);
        const fn_param *const params[] = { algorithm->params ? algorithm->params : none, NULL };
        fn_run stopped = support_run();
        fn_values *values;
        fn_table *table;
        ck_assert_int_eq(fn_values_new(&stopped, params, &values), FN_OK);
        ck_assert_int_eq(fn_table_new(&stopped, view->firms, &table), FN_OK);
        stopped.progress = support_stop;
        ck_assert_int_eq(algorithm->run(&stopped, view, values, table), FN_ECANCEL);
        fn_table_free(table);
        fn_values_free(values);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_spectral(void)
{
    Suite *suite = suite_create("spectral");
    TCase *worked = tcase_create("worked numbers");
    tcase_add_test(worked, worked_network_has_one_authority_and_two_hubs);
    tcase_add_test(worked, upstreamness_of_a_chain_with_final_use_is_as_published);
    tcase_add_test(worked, a_closed_group_has_no_upstreamness_and_is_named);
    tcase_add_test(worked, trophic_levels_of_chain_and_feed_forward_loop_are_as_published);
    tcase_add_test(worked, influence_of_ring_and_star_is_as_published);
    tcase_add_test(worked, constraint_of_the_worked_graph_is_as_published);
    tcase_add_test(worked, groups_as_strong_as_each_other_are_said);
    tcase_add_test(worked, katz_refuses_an_alpha_beyond_its_bound);
    tcase_add_test(worked, katz_finds_its_bound_of_two_groups_that_hardly_deal_with_each_other);
    suite_add_tcase(suite, worked);
    TCase *oracle = tcase_create("oracle");
    tcase_add_loop_test(oracle, equations_agree_with_elimination_in_quads, 0, 2);
    tcase_add_loop_test(oracle, eigenvectors_agree_with_rotations, 0, 2);
    tcase_add_loop_test(oracle, weighted_cores_and_constraints_agree_with_their_definitions, 0, 2);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    TCase *invariants = tcase_create("invariants");
    tcase_add_test(invariants, firms_in_another_order_have_the_same_measures);
    tcase_add_test(invariants, any_number_of_threads_gives_the_same_bits);
    tcase_add_test(invariants, measures_can_be_cancelled);
    tcase_set_timeout(invariants, 120);
    suite_add_tcase(suite, invariants);
    return suite;
}
