/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "graph/random.h"
#include "tests/algorithms/worked.h"
#include "tests/suite.h"

Suite *suite_backbone_kept(void);

/* Which ties a backbone keeps, and what changes nothing about it. */

/* A method's own parameters, and those of every backbone. */
static fn_values *values_of(fn_run *run, const char *name, const char *option, const char *text)
{
    const fn_param *tables[] = { fn_backbone_params, fn_algorithm_find(FN_GROUP_BACKBONE, name)->params, NULL };
    fn_values *values;
    ck_assert_int_eq(fn_values_new(run, tables, &values), FN_OK);
    if (option) ck_assert_int_eq(fn_values_set(run, values, option, text), FN_OK);
    return values;
}

/* ---- what is kept ---- */

static fn_backbone find(fn_run *run, const fn_view *view, const fn_backbone_options *options)
{
    fn_values *values = values_of(run, options->method->name, NULL, NULL);
    fn_backbone b;
    ck_assert_msg(fn_backbone_find(run, view, values, options, &b) == FN_OK, "%s", run->error.message);
    fn_values_free(values);
    return b;
}

START_TEST(sides_corrections_and_single_ties_decide_what_is_kept)
{
    /* A star: one large and four small customers of 0, who have no other supplier; 1 has a second one. */
    static const double weight[] = { 75, 10, 10, 10, 10, 1 };
    static const uint32_t pair[][2] = { { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 6, 1 } };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 7, 6, pair, weight);
    fn_view *view = support_view(&run, net);
    fn_backbone_options options;
    fn_backbone_defaults(&options);
    options.correction = FN_CORRECT_NONE;
    fn_backbone b = find(&run, view, &options);
    ck_assert_uint_eq(b.judged_ties, 6);
    ck_assert_uint_eq(b.significant, 1);
    ck_assert_uint_eq(b.kept[0], FN_KEPT_SIGNIFICANT);
    ck_assert_uint_eq(b.kept[1], FN_KEPT_SINGLE);
    ck_assert_uint_eq(b.kept[5], FN_KEPT_SINGLE); /* the only customer of 6 */
    fn_backbone_free(&b);
    options.single = FN_SINGLE_SOURCE;
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept[1], FN_KEPT_SINGLE);
    ck_assert_uint_eq(b.kept[5], FN_NOT_KEPT);
    fn_backbone_free(&b);
    options.single = FN_SINGLE_DROP;
    options.sides = FN_SIDES_MAX; /* p_to of 0 -> 1 is 1/76, p_from .0146: both are small */
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept_ties, 1);
    support_near(pow(10, b.log10_p[0]), .01464, 5e-6, "p of both sides");
    fn_backbone_free(&b);
    options.correction = FN_CORRECT_BONFERRONI;
    options.sides = FN_SIDES_BOTH;
    b = find(&run, view, &options);
    support_near(b.tests, 12, 0, "tests");
    support_near(pow(10, b.log10_q[0]), 12.0 / 76, 1e-12, "q");
    fn_backbone_free(&b);
    options.all_pairs = true;
    options.sides = FN_SIDES_MIN;
    b = find(&run, view, &options);
    support_near(b.tests, 42, 0, "all pairs of seven firms");
    fn_backbone_free(&b);
    options.keep = .5;
    b = find(&run, view, &options);
    ck_assert_uint_eq(b.kept_ties, 3);
    ck_assert(b.kept[0] && b.kept[1] && b.kept[2] && !b.kept[3] && !b.kept[5]); /* equal ones: the first */
    fn_backbone_facts facts;
    ck_assert_int_eq(fn_backbone_describe(&run, view, b.kept, &facts), FN_OK);
    support_near(facts.ties, .5, 0, "ties");
    support_near(facts.firms, 4.0 / 7, 1e-15, "firms");
    support_near(facts.weight, 95.0 / 116, 1e-15, "weight");
    support_near(facts.largest, 4.0 / 7, 1e-15, "largest part");
    fn_backbone_free(&b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_method_that_is_not_there_is_refused_with_the_nearest)
{
    fn_run run = support_run();
    fn_values *values = values_of(&run, "disparity", "method", "salient");
    fn_backbone_options options;
    ck_assert_int_eq(fn_backbone_options_from(&run, values, &options), FN_EINVAL);
    ck_assert_str_eq(run.error.hint, "--method salience");
    fn_values_free(values);
}
END_TEST

/* ---- what must not change ---- */

static fn_table *judge(fn_run *run, const fn_view *view, const char *name, const char *option, const char *text)
{
    return row_find_with(run, view, FN_GROUP_BACKBONE, name, option, text);
}

static const char *const methods[] = {
    "disparity", "noise-corrected", "marginal-likelihood", "hypergeometric", "salience", "weight"
};
enum { METHODS = sizeof methods / sizeof *methods };

START_TEST(weights_times_a_power_of_two_and_threads_change_no_byte)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 7, 2000, 40000, true);
    fn_view *view = support_view(&run, net);
    const char *option = strcmp(methods[_i], "salience") == 0 ? "salience-error" : NULL;
    fn_table *t[3];
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        t[run.threads - 1] = judge(&run, view, methods[_i], option, "0.3");
        row_assert_same(t[0], t[run.threads - 1], methods[_i]);
    }
    for (int k = 0; k < 3; k++) fn_table_free(t[k]);
    fn_view_free(view);
    fn_net_free(net);
    for (uint64_t seed = 0; seed < 20; seed++) {
        small_net *s = small_net_new(&run, seed, NULL);
        small_net *larger = small_net_new(&run, seed, &(small_change) { .scale = 0x1p40 });
        bool has_unit = _i == 1 || _i == 2;
        t[0] = judge(&run, s->view, methods[_i], has_unit ? "unit" : NULL, "mean");
        t[1] = judge(&run, larger->view, methods[_i], has_unit ? "unit" : NULL, "mean");
        row_assert_same(t[0], t[1], "weights times 2^40");
        fn_table_free(t[0]);
        fn_table_free(t[1]);
        small_net_free(s);
        small_net_free(larger);
    }
}
END_TEST

START_TEST(every_machine_gives_the_same_bytes)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 11, 300, 6000, true);
    fn_view *view = support_view(&run, net);
    fn_table *here = judge(&run, view, "disparity", NULL, NULL);
    ck_assert_int_eq(setenv("FN_ISA", "narrow", 1), 0);
    fn_table *anywhere = judge(&run, view, "disparity", NULL, NULL);
    row_assert_same(here, anywhere, "without AVX2");
    fn_table_free(here);
    fn_table_free(anywhere);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

enum { CROWD = 500, CROWD_RECORDS = 40000 };

/* Ties of three years apart, so that some are parallel; whole weights, self ties, ties without weight; firm 250
 * delivers to everybody, and its ties stand on both sides of the middle. */
static fn_net *crowd_net(fn_run *run)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    fn_net_keep_apart(net, FN_PERIOD_YEAR);
    for (int f = 0; f < CROWD; f++) {
        char key[] = { (char) ('a' + f / 100), (char) ('a' + f / 10 % 10), (char) ('a' + f % 10), '\0' };
        worked_firm(run, net, key);
    }
    for (uint64_t i = 0; i < CROWD_RECORDS; i++) {
        fn_tie tie = {
            .from = fn_random_below(5, 1, i, 3) ? (uint32_t) fn_random_below(5, 2, i, CROWD - 3) : 250,
            .to = (uint32_t) fn_random_below(5, 3, i, CROWD), .product = FN_NONE, .layer = FN_LAYER_SUPPLY,
            .value = (double) fn_random_below(5, 4, i, 50), .weight = NAN, .count = 1,
            .first = (int32_t) fn_random_below(5, 5, i, 3) * 400
        };
        tie.last = tie.first;
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* All sums and powers in long doubles. */
static void check_crowd(const fn_view *view, const double *p_from, const double *p_to)
{
    static bool tied[CROWD][CROWD];
    static long double strength[2][CROWD];
    static int partners[2][CROWD];
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (size_t e = 0; e < view->ties; e++) {
        uint32_t from = ties->from[e], to = ties->to[e];
        if (from == to || !(view->weight[e] > 0)) continue;
        strength[0][from] += (long double) view->weight[e];
        strength[1][to] += (long double) view->weight[e];
        partners[0][from] += !tied[from][to];
        partners[1][to] += !tied[from][to];
        tied[from][to] = true;
    }
    for (size_t e = 0; e < view->ties; e++)
        for (int s = 0; s < 2; s++) {
            uint32_t firm = s ? ties->to[e] : ties->from[e];
            double found = s ? p_to[e] : p_from[e];
            if (ties->from[e] == ties->to[e] || !(view->weight[e] > 0)) {
                ck_assert(isnan(found));
                continue;
            }
            double p = (double) powl(1 - (long double) view->weight[e] / strength[s][firm], partners[s][firm] - 1);
            support_near(found, p, 4 * partners[s][firm] * 0x1p-53 * p, s ? "p_to" : "p_from");
        }
}

START_TEST(many_ties_are_judged_as_exactly_as_promised_by_any_threads_and_instructions)
{
    fn_run run = support_run();
    fn_net *net = crowd_net(&run);
    fn_view *view = support_view(&run, net);
    double *p[2][2];
    ck_assert_uint_gt(view->ties, 20000);
    for (int i = 0; i < 4; i++) p[i / 2][i % 2] = calloc(view->ties, sizeof(double));
    run.threads = 1;
    ck_assert_int_eq(fn_disparity(&run, view, p[0][0], p[0][1]), FN_OK);
    check_crowd(view, p[0][0], p[0][1]);
    setenv("FN_ISA", _i % 2 ? "narrow" : "avx2", 1);
    run.threads = 1 + _i;
    ck_assert_int_eq(fn_disparity(&run, view, p[1][0], p[1][1]), FN_OK);
    unsetenv("FN_ISA");
    for (int s = 0; s < 2; s++) ck_assert(memcmp(p[0][s], p[1][s], view->ties * sizeof(double)) == 0);
    for (int i = 0; i < 4; i++) free(p[i / 2][i % 2]);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(a_sample_of_roots_is_off_by_less_than_it_says)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 3, 400, 1200, true);
    fn_view *view = support_view(&run, net);
    fn_table *exact = judge(&run, view, "salience", "salience-error", "0.01");
    fn_table *sample = judge(&run, view, "salience", "salience-error", "0.2");
    bool differs = false;
    for (size_t row = 0; row < view->ties; row++) {
        double a = row_cell(exact, "score", row), b = row_cell(sample, "score", row);
        if (!isnan(a)) ck_assert_msg(fabs(a - b) < .2, "%g is taken for %g", a, b);
        differs |= !isnan(a) && a != b;
    }
    ck_assert(differs);
    fn_table_free(exact);
    fn_table_free(sample);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- comparing, failures ---- */

static fn_status compare(fn_run *run, const fn_view *view, fn_table **table)
{
    const fn_param *tables[16] = { fn_backbone_params };
    int n = 1;
    for (const fn_algorithm *const *m = fn_algorithms; *m; m++)
        if ((*m)->group == FN_GROUP_BACKBONE && (*m)->params) tables[n++] = (*m)->params;
    fn_values *values = NULL;
    fn_backbone_options options;
    fn_backbone_defaults(&options);
    options.keep = .2;
    *table = NULL;
    fn_status status = fn_values_new(run, tables, &values);
    if (!status) status = fn_backbone_compare(run, view, values, &options, 1, table);
    fn_values_free(values);
    return status;
}

START_TEST(methods_compared_keep_the_share_that_is_asked_for)
{
    fn_run run = support_run(), two = support_run();
    two.threads = 2;
    fn_net *net = support_random_net(&run, 5, 60, 400, true);
    fn_view *view = support_view(&run, net);
    fn_table *a, *b;
    ck_assert_int_eq(compare(&run, view, &a), FN_OK);
    ck_assert_int_eq(compare(&two, view, &b), FN_OK);
    row_assert_same(a, b, "2 threads");
    ck_assert_uint_eq(a->rows, METHODS);
    for (size_t row = 0; row < a->rows; row++) {
        int64_t judged = fn_table_find(a, "judged")->integer[row];
        ck_assert_int_eq(fn_table_find(a, "kept")->integer[row], (judged + 4) / 5);
        ck_assert(row_cell(a, "stability", row) > .2 && row_cell(a, "stability", row) <= 1);
        ck_assert(row_cell(a, "firms", row) > .2 && row_cell(a, "largest", row) <= row_cell(a, "firms", row));
    }
    fn_table_free(a);
    fn_table_free(b);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static fn_status try_comparing(fn_run *run, void *user)
{
    fn_table *table;
    fn_status status = compare(run, user, &table);
    fn_table_free(table);
    return status;
}

static fn_status try_pairs(fn_run *run, void *user)
{
    fn_backbone_options options;
    fn_table *table = NULL;
    fn_backbone_defaults(&options);
    fn_status status = fn_shared_pairs(run, user, FN_LAYER_SUPPLY, false, 100, &options, &table);
    ck_assert(!status == (table != NULL));
    fn_table_free(table);
    return status;
}

START_TEST(any_failing_allocation_is_reported)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 9, 12, 30, true);
    fn_view *view = support_view(&run, net);
    ck_assert_int_gt(support_fail_each(_i ? try_pairs : try_comparing, view), 10);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_backbone_kept(void)
{
    Suite *suite = suite_create("backbone kept");
    TCase *kept = tcase_create("kept"), *invariants = tcase_create("invariants");
    tcase_add_test(kept, sides_corrections_and_single_ties_decide_what_is_kept);
    tcase_add_test(kept, a_method_that_is_not_there_is_refused_with_the_nearest);
    tcase_add_test(kept, methods_compared_keep_the_share_that_is_asked_for);
    suite_add_tcase(suite, kept);
    tcase_add_loop_test(invariants, weights_times_a_power_of_two_and_threads_change_no_byte, 0, METHODS);
    tcase_add_test(invariants, every_machine_gives_the_same_bytes);
    tcase_add_loop_test(invariants, many_ties_are_judged_as_exactly_as_promised_by_any_threads_and_instructions, 0, 5);
    tcase_add_test(invariants, a_sample_of_roots_is_off_by_less_than_it_says);
    tcase_add_loop_test(invariants, any_failing_allocation_is_reported, 0, 2);
    tcase_set_timeout(invariants, 120);
    suite_add_tcase(suite, invariants);
    return suite;
}
