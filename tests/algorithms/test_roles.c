/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/roles.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/dense.h"
#include "tests/algorithms/toy.h"
#include "tests/algorithms/worked.h"
#include "tests/suite.h"

Suite *suite_roles(void);

/* Roles within clusters and centralisation: worked numbers, and counting by the definition as the oracle. */

enum { NETS = 300 };

typedef struct small {
    dense d;
    fn_net *net;
    fn_view *view;
    fn_csr *out, *in, *both;
    uint32_t cluster[DENSE_MOST], clusters;
    bool tie[DENSE_MOST][DENSE_MOST]; /* also those of weight 0 */
} small;

static small small_make(fn_run *run, uint64_t seed)
{
    small s;
    memset(&s, 0, sizeof s);
    s.net = dense_net(run, seed, &s.d);
    s.view = support_view(run, s.net);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_OUT, true, &s.out), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_IN, true, &s.in), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_BOTH, true, &s.both), FN_OK);
    s.clusters = 1 + (uint32_t) fn_random_below(seed, 30, 0, s.d.n < 4 ? s.d.n : 4);
    for (uint32_t f = 0; f < s.d.n; f++)
        s.cluster[f] = f < s.clusters ? f : (uint32_t) fn_random_below(seed, 31, f, s.clusters);
    for (size_t i = 0; i < s.view->ties; i++) {
        fn_tie tie = fn_net_tie_at(s.net, fn_view_tie(s.view, i));
        if (tie.from != tie.to) s.tie[tie.from][tie.to] = true;
    }
    return s;
}

static void small_free(small *s)
{
    fn_csr_free(s->out);
    fn_csr_free(s->in);
    fn_csr_free(s->both);
    fn_view_free(s->view);
    fn_net_free(s->net);
}

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

/* ---- by the definition ---- */

static void assert_brokerage(fn_run *run, const small *s)
{
    int64_t wanted[DENSE_MOST][FN_BROKERAGE_ROLES] = { { 0 } }, found[DENSE_MOST][FN_BROKERAGE_ROLES];
    for (uint32_t i = 0; i < s->d.n; i++)
        for (uint32_t j = 0; j < s->d.n; j++)
            for (uint32_t k = 0; k < s->d.n; k++) {
                if (!s->tie[i][j] || !s->tie[j][k] || s->tie[i][k] || i == k) continue;
                uint32_t a = s->cluster[i], b = s->cluster[j], c = s->cluster[k];
                int role = a == b && b == c ? FN_COORDINATOR : a == c ? FN_ITINERANT : b == c ? FN_GATEKEEPER
                         : a == b ? FN_REPRESENTATIVE : FN_LIAISON;
                wanted[j][role]++;
            }
    ck_assert_int_eq(fn_brokerage(run, s->out, s->in, s->cluster, s->clusters, found), FN_OK);
    ck_assert_mem_eq(found, wanted, s->d.n * sizeof *wanted);
    /* The same the other way round: who lets in lets out. */
    ck_assert_int_eq(fn_brokerage(run, s->in, s->out, s->cluster, s->clusters, found), FN_OK);
    for (uint32_t f = 0; f < s->d.n; f++) {
        ck_assert_int_eq(found[f][FN_GATEKEEPER], wanted[f][FN_REPRESENTATIVE]);
        ck_assert_int_eq(found[f][FN_REPRESENTATIVE], wanted[f][FN_GATEKEEPER]);
        ck_assert_int_eq(found[f][FN_LIAISON], wanted[f][FN_LIAISON]);
        ck_assert_int_eq(found[f][FN_ITINERANT], wanted[f][FN_ITINERANT]);
        ck_assert_int_eq(found[f][FN_COORDINATOR], wanted[f][FN_COORDINATOR]);
    }
}

static void assert_places(fn_run *run, const small *s)
{
    double z[DENSE_MOST], part[DENSE_MOST], in_cluster[DENSE_MOST][DENSE_MOST] = { { 0 } };
    uint32_t n = s->d.n;
    ck_assert_int_eq(fn_within_clusters(run, s->both, s->cluster, s->clusters, z, part), FN_OK);
    for (uint32_t f = 0; f < n; f++)
        for (uint32_t v = 0; v < n; v++) in_cluster[f][s->cluster[v]] += s->tie[f][v] || s->tie[v][f];
    for (uint32_t f = 0; f < n; f++) {
        double all = 0, squares = 0, members = 0, sum = 0, sum_squares = 0;
        for (uint32_t c = 0; c < s->clusters; c++) all += in_cluster[f][c];
        for (uint32_t c = 0; c < s->clusters; c++) squares += pow(in_cluster[f][c] / all, 2);
        ck_assert_int_eq(isnan(part[f]), all == 0);
        if (all > 0) support_near(part[f], 1 - squares, 1e-14, "participation");
        for (uint32_t v = 0; v < n; v++) {
            if (s->cluster[v] != s->cluster[f]) continue;
            members++;
            sum += in_cluster[v][s->cluster[f]];
            sum_squares += pow(in_cluster[v][s->cluster[f]], 2);
        }
        double variance = sum_squares / members - pow(sum / members, 2);
        double wanted = variance > 1e-12 ? (in_cluster[f][s->cluster[f]] - sum / members) / sqrt(variance) : 0;
        support_near(z[f], wanted, 1e-10, "within_z");
    }
}

static void assert_centralisation(fn_run *run, const small *s)
{
    fn_table *t;
    ck_assert_int_eq(fn_centralisation(run, s->view, s->cluster, s->clusters, &t), FN_OK);
    for (uint32_t row = 0; row <= s->clusters; row++) {
        double most = 0, sum = 0, n = 0, strongest = 0;
        for (uint32_t f = 0; f < s->d.n; f++) {
            double degree = 0, strength = 0;
            if (row > 0 && s->cluster[f] != row - 1) continue;
            for (uint32_t v = 0; v < s->d.n; v++) {
                degree += (row == 0 || s->cluster[v] == row - 1) && s->tie[v][f];
                strength += s->d.w[v][f];
            }
            n++;
            sum += degree;
            most = fmax(most, degree);
            strongest = fmax(strongest, strength);
        }
        ck_assert_int_eq(fn_table_find(t, "firms")->integer[row], (int64_t) n);
        double found = fn_table_find(t, "centralisation_in")->real[row];
        ck_assert_int_eq(isnan(found), n < 2);
        if (n >= 2) support_near(found, (most * n - sum) / ((n - 1) * (n - 1)), 1e-14, "centralisation_in");
        ck_assert_int_eq(fn_column_missing(fn_table_find(t, "hub"), row), strongest == 0);
    }
    fn_table_free(t);
}

START_TEST(roles_and_centralisation_agree_with_their_definitions)
{
    for (uint64_t seed = 0; seed < NETS; seed++) {
        fn_run run = support_run();
        small s = small_make(&run, seed);
        assert_brokerage(&run, &s);
        assert_places(&run, &s);
        assert_centralisation(&run, &s);
        small_free(&s);
    }
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

START_TEST(any_failing_allocation_is_reported)
{
    fn_run quiet = support_run();
    fn_net *net = worked_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    uint32_t cluster[12];
    for (uint32_t f = 0; f < 12; f++) cluster[f] = f / 6;
    for (int which = 0; which < 2; which++) {
        fn_status status = FN_ENOMEM;
        for (long call = 0; status; call++) {
            fn_run run = support_run();
            fn_table *t = NULL;
            ck_assert_int_lt(call, 1000);
            fn_memory_fail_at(call, false);
            if (which) {
                status = fn_centralisation(&run, view, cluster, 2, &t);
            } else {
                status = fn_table_new(&run, 12, &t);
                if (!status) status = fn_firm_roles(&run, view, cluster, 2, t);
            }
            fn_memory_fail_at(-1, false);
            ck_assert(status == FN_OK || status == FN_ENOMEM);
            ck_assert_int_eq(run.error.status, status);
            fn_table_free(t);
        }
    }
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
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, roles_and_centralisation_agree_with_their_definitions);
    tcase_add_test(oracle, firms_without_partners_have_no_role);
    tcase_add_test(oracle, any_failing_allocation_is_reported);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    return suite;
}
