/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "graph/memory.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/worked.h"
#include "tests/suite.h"

Suite *suite_spectral(void);

/* Measures that are solutions of equations or eigenvectors: worked numbers, conventions. Oracle: test_equations.c */

static const char *const measures[] = { "pagerank", "hits", "eigenvector", "katz", "influence", "streamness", "trophic",
                                        "weighted-core", "constraint" };
enum { MEASURES = sizeof measures / sizeof *measures };

static fn_table *measure(fn_run *run, const char *name, const fn_view *view)
{
    return row_find(run, view, FN_GROUP_CENTRALITY, name);
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
        support_near(row_reals(t, "authority")[f], f == support_firm(net, "D"), 1e-9, "authority");
        double hub = f == support_firm(net, "C") ? 1 : f == support_firm(net, "M") ? .5 : 0;
        support_near(row_reals(t, "hub")[f], hub, 1e-9, "hub");
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
    const double *up = row_reals(t, "upstreamness"), *down = row_reals(t, "downstreamness");
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
    up = row_reals(t, "upstreamness"), down = row_reals(t, "downstreamness");
    for (int f = 0; f < 3; f++) ck_assert(isnan(up[f]) && isnan(down[f]));
    support_near(row_reals(t, "downstreamness")[4], 2, 1e-13, "downstreamness");
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
        const double *score = row_reals(t, k ? "eigenvector" : "authority");
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

/* ---- what must not change anything ---- */

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
    run.progress = support_stop;
    for (int k = 0; k < MEASURES; k++) {
        fn_run stopped = run;
        fn_table *table;
        const fn_algorithm *row = fn_algorithm_find(FN_GROUP_CENTRALITY, measures[k]);
        ck_assert_int_eq(row_try(&stopped, view, row, NULL, NULL, &table), FN_ECANCEL);
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
    TCase *invariants = tcase_create("invariants");
    tcase_add_test(invariants, any_number_of_threads_gives_the_same_bits);
    tcase_add_test(invariants, measures_can_be_cancelled);
    tcase_set_timeout(invariants, 120);
    suite_add_tcase(suite, invariants);
    return suite;
}
