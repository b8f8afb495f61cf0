/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/roles.h"
#include "graph/random.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/toy.h"
#include "tests/algorithms/worked.h"
#include "tests/suite.h"

Suite *suite_roles(void);

/* Roles within clusters and centralisation: worked numbers, threads, failures. By their definitions:
 * test_roles_oracle.c */

/* ---- worked numbers ---- */

START_TEST(worked_network_has_its_brokers)
{
    fn_run run = support_run();
    fn_net *net = worked_net(&run);
    fn_view *view = worked_view(&run, net, FN_LAYER_SUPPLY);
    fn_csr *out, *in;
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, false, &out), FN_OK);
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_IN, false, &in), FN_OK);
    /* Regions: S4, M, N1, N2 and D are in the second. */
    uint32_t region[12] = { 0 };
    const char *const second[] = { "S4", "M", "N1", "N2", "D" };
    for (int k = 0; k < 5; k++) region[support_firm(net, second[k])] = 1;
    int64_t roles[12][FN_BROKERAGE_ROLES];
    ck_assert_int_eq(fn_brokerage(&run, out, in, region, 2, roles), FN_OK);
    const int64_t of_c[] = { [FN_REPRESENTATIVE] = 3, [FN_ITINERANT] = 1, [FN_LIAISON] = 0 };
    const int64_t of_m[FN_BROKERAGE_ROLES] = { [FN_COORDINATOR] = 3 };
    ck_assert_mem_eq(roles[support_firm(net, "C")], of_c, sizeof of_c);
    ck_assert_mem_eq(roles[support_firm(net, "M")], of_m, sizeof of_m);
    for (int k = 0; k < FN_BROKERAGE_ROLES; k++) ck_assert_int_eq(roles[support_firm(net, "S3")][k], 0);
    fn_csr_free(out);
    fn_csr_free(in);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(worked_graph_has_its_places_within_clusters)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 0, 0, 1, 1, 3, 4 }, to[] = { 1, 2, 3, 2, 3, 4, 5 };
    const uint32_t cluster[] = { 0, 0, 0, 0, 1, 1, 2 };
    const double z[] = { 1, 1, -1, -1, 0, 0, 0 }, part[] = { 0, 0, 0, 4.0 / 9, .5, 0 };
    double found_z[7], found_part[7];
    fn_csr *both;
    ck_assert_int_eq(fn_csr_build(&run, 7, 7, from, to, NULL, NULL, FN_CSR_BOTH, &both), FN_OK);
    ck_assert_int_eq(fn_within_clusters(&run, both, cluster, 3, found_z, found_part), FN_OK);
    for (int f = 0; f < 7; f++) support_near(found_z[f], z[f], 1e-15, "within_z");
    for (int f = 0; f < 6; f++) support_near(found_part[f], part[f], 1e-15, "participation");
    ck_assert(isnan(found_part[6]));
    fn_csr_free(both);
}
END_TEST

START_TEST(the_seven_roles_begin_where_published)
{
    const struct {
        double z, participation;
        const char *role;
    } wanted[] = { { 0, 0, "ultra-peripheral" }, { 0, .05, "ultra-peripheral" }, { 2.49, .06, "peripheral" },
                   { 0, .62, "peripheral" }, { 0, .63, "connector" }, { 0, .80, "connector" }, { 0, .81, "kinless" },
                   { 2.5, .30, "provincial hub" }, { 9, .31, "connector hub" }, { 3, .75, "connector hub" },
                   { 3, .76, "kinless hub" } };
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
        ck_assert_str_eq(fn_cluster_role(wanted[k].z, wanted[k].participation), wanted[k].role);
}
END_TEST

START_TEST(worked_network_is_as_centralised_as_published)
{
    fn_run run = support_run();
    fn_net *net = toy_net(&run, TOY_NO_TENDERS);
    fn_view *view = worked_view(&run, net, FN_LAYER_SUPPLY);
    uint32_t cluster[TOY_FIRMS];
    fn_table *t;
    toy_clusters(net, cluster);
    ck_assert_int_eq(fn_centralisation(&run, view, cluster, TOY_CLUSTERS, &t), FN_OK);
    ck_assert_uint_eq(t->rows, TOY_CLUSTERS + 1);
    ck_assert(fn_column_missing(fn_table_find(t, "cluster"), 0));
    ck_assert_int_eq(fn_table_find(t, "cluster")->integer[1], 1);
    ck_assert_int_eq(fn_table_find(t, "firms")->integer[0], 12);
    support_near(fn_table_find(t, "centralisation_in")->real[1], 15.0 / 16, 1e-15, "centralisation_in");
    support_near(fn_table_find(t, "hub_gap")->real[1], .95, 1e-15, "hub_gap");
    support_near(fn_table_find(t, "hub_share")->real[1], 100.0 / 105, 1e-15, "hub_share");
    ck_assert_uint_eq(fn_table_find(t, "hub")->text[1], support_firm(net, "C"));
    ck_assert(isnan(fn_table_find(t, "centralisation")->real[TOY_CLUSTERS])); /* of one firm */
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- threads, odd firms, failures ---- */

START_TEST(any_number_of_threads_gives_the_same_bytes)
{
    enum { FIRMS = 4000, CLUSTERS = 50 };
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 5, FIRMS, 20000, true);
    fn_view *view = support_view(&run, net);
    static uint32_t cluster[FIRMS];
    fn_table *roles[3], *groups[3];
    for (uint32_t f = 0; f < FIRMS; f++) cluster[f] = (uint32_t) fn_random_below(5, 9, f, CLUSTERS);
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        int k = run.threads - 1;
        ck_assert_int_eq(fn_table_new(&run, FIRMS, &roles[k]), FN_OK);
        ck_assert_int_eq(fn_firm_roles(&run, view, cluster, CLUSTERS, roles[k]), FN_OK);
        ck_assert_int_eq(fn_centralisation(&run, view, cluster, CLUSTERS, &groups[k]), FN_OK);
        row_assert_same(roles[0], roles[k], "roles on more threads");
        row_assert_same(groups[0], groups[k], "centralisation on more threads");
    }
    for (int k = 0; k < 3; k++) fn_table_free(roles[k]), fn_table_free(groups[k]);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(firms_without_partners_have_no_role)
{
    fn_run run = support_run();
    const uint32_t pairs[][2] = { { 0, 1 }, { 2, 2 } }, cluster[] = { 0, 0, 1 };
    fn_net *net = support_net(&run, 3, 2, pairs, NULL);
    fn_view *view = support_view(&run, net);
    fn_table *t;
    ck_assert_int_eq(fn_table_new(&run, 3, &t), FN_OK);
    ck_assert_int_eq(fn_firm_roles(&run, view, cluster, 2, t), FN_OK);
    const char *const names[] = { "within_z", "participation", "role" };
    for (int k = 0; k < 3; k++) {
        ck_assert(!fn_column_missing(fn_table_find(t, names[k]), 0));
        ck_assert(fn_column_missing(fn_table_find(t, names[k]), 2));
    }
    size_t length;
    ck_assert_str_eq(fn_column_text(fn_table_find(t, "role"), 0, &length), "ultra-peripheral");
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static fn_status try_roles(fn_run *run, void *user)
{
    static const uint32_t cluster[12] = { [6] = 1, 1, 1, 1, 1, 1 };
    fn_table *t = NULL;
    fn_status status = fn_table_new(run, 12, &t);
    if (!status) status = fn_firm_roles(run, user, cluster, 2, t);
    fn_table_free(t);
    return status;
}

static fn_status try_centralisation(fn_run *run, void *user)
{
    static const uint32_t cluster[12] = { [6] = 1, 1, 1, 1, 1, 1 };
    fn_table *t = NULL;
    fn_status status = fn_centralisation(run, user, cluster, 2, &t);
    fn_table_free(t);
    return status;
}

START_TEST(any_failing_allocation_is_reported)
{
    fn_run quiet = support_run();
    fn_net *net = worked_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    ck_assert_int_gt(support_fail_each(try_roles, view), 10);
    ck_assert_int_gt(support_fail_each(try_centralisation, view), 10);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_roles(void)
{
    Suite *suite = suite_create("roles");
    TCase *worked = tcase_create("worked numbers");
    tcase_add_test(worked, worked_network_has_its_brokers);
    tcase_add_test(worked, worked_graph_has_its_places_within_clusters);
    tcase_add_test(worked, the_seven_roles_begin_where_published);
    tcase_add_test(worked, worked_network_is_as_centralised_as_published);
    suite_add_tcase(suite, worked);
    TCase *conventions = tcase_create("conventions");
    tcase_add_test(conventions, firms_without_partners_have_no_role);
    tcase_add_test(conventions, any_number_of_threads_gives_the_same_bytes);
    tcase_add_test(conventions, any_failing_allocation_is_reported);
    suite_add_tcase(suite, conventions);
    return suite;
}
