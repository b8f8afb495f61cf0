/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/roles.h"
#include "graph/random.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_roles_oracle(void);

/* Roles within clusters and centralisation against counting by the definition, and what must not change them, on small
 * networks. */

typedef struct clustered {
    small_net *net;
    small_matrix all;
    fn_csr *out, *in, *both;
    uint32_t cluster[DENSE_MOST + 1], clusters;
} clustered;

/* The clusters are those of the firms that are called so after the change; a lone firm is in the first. */
static clustered clustered_new(fn_run *run, uint64_t seed, const small_change *change)
{
    clustered c = { .net = small_net_new(run, seed, change) };
    const fn_view *view = c.net->view;
    uint32_t firms = view->firms - (change ? change->lone_firms : 0);
    if (!change) c.all = small_matrix_of(c.net, -1);
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_OUT, true, &c.out), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_IN, true, &c.in), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &c.both), FN_OK);
    c.clusters = 1 + (uint32_t) fn_random_below(seed, 30, 0, firms < 4 ? firms : 4);
    for (uint32_t f = 0; f < firms; f++)
        c.cluster[change && change->map ? change->map[f] : f] =
            f < c.clusters ? f : (uint32_t) fn_random_below(seed, 31, f, c.clusters);
    return c;
}

static void clustered_free(clustered *c)
{
    fn_csr_free(c->out);
    fn_csr_free(c->in);
    fn_csr_free(c->both);
    small_net_free(c->net);
}

/* ---- by the definition ---- */

static const char *const broker_names[FN_BROKERAGE_ROLES] = {
    [FN_COORDINATOR] = "coordinator", [FN_GATEKEEPER] = "gatekeeper", [FN_REPRESENTATIVE] = "representative",
    [FN_ITINERANT] = "itinerant", [FN_LIAISON] = "liaison"
};

static void check_brokerage(fn_run *run, const clustered *c, const fn_table *t)
{
    int64_t wanted[DENSE_MOST][FN_BROKERAGE_ROLES] = { { 0 } }, turned[DENSE_MOST][FN_BROKERAGE_ROLES];
    uint32_t n = c->all.n;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            for (uint32_t k = 0; k < n; k++) {
                if (!c->all.tied[i][j] || !c->all.tied[j][k] || c->all.tied[i][k] || i == k) continue;
                uint32_t of_i = c->cluster[i], of_j = c->cluster[j], of_k = c->cluster[k];
                int role = of_i == of_j && of_j == of_k ? FN_COORDINATOR : of_i == of_k ? FN_ITINERANT
                         : of_j == of_k ? FN_GATEKEEPER : of_i == of_j ? FN_REPRESENTATIVE : FN_LIAISON;
                wanted[j][role]++;
            }
    /* The other way round who lets in lets out. */
    ck_assert_int_eq(fn_brokerage(run, c->in, c->out, c->cluster, c->clusters, turned), FN_OK);
    for (uint32_t f = 0; f < n; f++)
        for (int role = 0; role < FN_BROKERAGE_ROLES; role++) {
            int other = role == FN_GATEKEEPER ? FN_REPRESENTATIVE : role == FN_REPRESENTATIVE ? FN_GATEKEEPER : role;
            row_assert(t, broker_names[role], f, (double) wanted[f][role], 0);
            ck_assert_int_eq(turned[f][other], wanted[f][role]);
        }
}

/* Of the firms that are tied to f, by which: how many are in each cluster. */
static double spread_over(const clustered *c, uint32_t f, const bool with[DENSE_MOST])
{
    double all = 0, squares = 0, in_cluster[DENSE_MOST] = { 0 };
    for (uint32_t v = 0; v < c->all.n; v++) in_cluster[c->cluster[v]] += with[v] && v != f;
    for (uint32_t k = 0; k < c->clusters; k++) all += in_cluster[k];
    for (uint32_t k = 0; k < c->clusters; k++) squares += pow(in_cluster[k] / all, 2);
    return all > 0 ? 1 - squares : NAN;
}

/* (k - mean) / deviation of partners within the cluster, over its firms. */
static double slow_z(const clustered *c, uint32_t f)
{
    double own = 0, members = 0, sum = 0, squares = 0;
    for (uint32_t u = 0; u < c->all.n; u++) {
        double within = 0;
        if (c->cluster[u] != c->cluster[f]) continue;
        for (uint32_t v = 0; v < c->all.n; v++) within += c->all.pair[u][v] && c->cluster[v] == c->cluster[f];
        if (u == f) own = within;
        members++;
        sum += within;
        squares += within * within;
    }
    double variance = squares / members - pow(sum / members, 2);
    return variance > 1e-12 ? (own - sum / members) / sqrt(variance) : 0;
}

static void check_places(const clustered *c, const fn_table *t)
{
    for (uint32_t f = 0; f < c->all.n; f++) {
        bool suppliers[DENSE_MOST], customers[DENSE_MOST];
        for (uint32_t v = 0; v < c->all.n; v++)
            suppliers[v] = c->all.tied[v][f], customers[v] = c->all.tied[f][v];
        double part = spread_over(c, f, c->all.pair[f]), z = isnan(part) ? NAN : slow_z(c, f);
        row_assert(t, "participation", f, part, 1e-14);
        row_assert(t, "participation_in", f, spread_over(c, f, suppliers), 1e-14);
        row_assert(t, "participation_out", f, spread_over(c, f, customers), 1e-14);
        row_assert(t, "within_z", f, z, 1e-10);
        const char *role = fn_column_text(fn_table_find(t, "role"), f, NULL);
        if (isnan(z)) ck_assert(fn_column_missing(fn_table_find(t, "role"), f));
        else ck_assert_str_eq(role, fn_cluster_role(row_cell(t, "within_z", f), row_cell(t, "participation", f)));
    }
}

/* Row 0 is the whole network, row k cluster k. */
static void check_degrees_of(const clustered *c, uint32_t row, const fn_table *t)
{
    double most[3] = { 0 }, sum[3] = { 0 }, n = 0;
    for (uint32_t f = 0; f < c->all.n; f++) {
        double degree[3] = { 0 }; /* partners, suppliers, customers */
        if (row > 0 && c->cluster[f] != row - 1) continue;
        for (uint32_t v = 0; v < c->all.n; v++) {
            if (row > 0 && c->cluster[v] != row - 1) continue;
            degree[0] += c->all.pair[f][v], degree[1] += c->all.tied[v][f], degree[2] += c->all.tied[f][v];
        }
        for (int k = 0; k < 3; k++) sum[k] += degree[k], most[k] = fmax(most[k], degree[k]);
        n++;
    }
    row_assert(t, "firms", row, n, 0);
    row_assert(t, "cluster", row, row ? row : NAN, 0);
    const char *const names[] = { "centralisation", "centralisation_in", "centralisation_out" };
    for (int k = 0; k < 3; k++) {
        double star = (n - 1) * (k == 0 ? n - 2 : n - 1);
        row_assert(t, names[k], row, star > 0 ? (most[k] * n - sum[k]) / star : NAN, 1e-14);
    }
}

static void check_hub_of(const clustered *c, uint32_t row, const fn_table *t)
{
    double first = 0, second = 0, sum = 0;
    uint32_t hub = FN_NONE;
    for (uint32_t f = 0; f < c->all.n; f++) {
        double strength = 0;
        if (row > 0 && c->cluster[f] != row - 1) continue;
        for (uint32_t v = 0; v < c->all.n; v++) strength += c->all.w[v][f];
        if (strength > first) second = first, first = strength, hub = f;
        else second = fmax(second, strength);
        sum += strength;
    }
    bool known = first > 0;
    ck_assert_uint_eq(fn_table_find(t, "hub")->text[row], hub);
    row_assert(t, "hub_share", row, known ? first / sum : NAN, 1e-15);
    row_assert(t, "hub_gap", row, known ? (first - second) / first : NAN, 1e-15);
}

START_TEST(roles_and_centralisation_are_what_their_definitions_say)
{
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        clustered c = clustered_new(&run, seed, NULL);
        fn_table *t;
        ck_assert_int_eq(fn_table_new(&run, c.all.n, &t), FN_OK);
        ck_assert_int_eq(fn_firm_roles(&run, c.net->view, c.cluster, c.clusters, t), FN_OK);
        check_brokerage(&run, &c, t);
        check_places(&c, t);
        fn_table_free(t);
        ck_assert_int_eq(fn_centralisation(&run, c.net->view, c.cluster, c.clusters, &t), FN_OK);
        ck_assert_uint_eq(t->rows, c.clusters + 1);
        for (uint32_t row = 0; row <= c.clusters; row++) {
            check_degrees_of(&c, row, t);
            check_hub_of(&c, row, t);
        }
        fn_table_free(t);
        clustered_free(&c);
    }
}
END_TEST

/* ---- what must not change ---- */

/* What is to be found again in a changed network. */
typedef struct kept_column {
    const char *name, *turned;   /* turned: the column it is with all ties turned; NULL: none */
    bool in_units;               /* adds up weights of all layers, in the units of each */
} kept_column;

static const kept_column kept_roles[] = {
    { "within_z", "within_z", false },               { "participation", "participation", false },
    { "participation_in", "participation_out", false }, { "participation_out", "participation_in", false },
    { "coordinator", "coordinator", false },         { "gatekeeper", "representative", false },
    { "representative", "gatekeeper", false },       { "itinerant", "itinerant", false },
    { "liaison", "liaison", false },                 { NULL, NULL, false }
};
static const kept_column kept_centralisation[] = {
    { "centralisation", "centralisation", false },   { "centralisation_in", "centralisation_out", false },
    { "centralisation_out", "centralisation_in", false }, { "hub_share", NULL, true }, { "hub_gap", NULL, true },
    { NULL, NULL, false }
};

static fn_table *tell(fn_run *run, const clustered *c, bool centralisation)
{
    fn_table *t;
    if (centralisation) {
        ck_assert_int_eq(fn_centralisation(run, c->net->view, c->cluster, c->clusters, &t), FN_OK);
        return t;
    }
    ck_assert_int_eq(fn_table_new(run, c->net->view->firms, &t), FN_OK);
    ck_assert_int_eq(fn_firm_roles(run, c->net->view, c->cluster, c->clusters, t), FN_OK);
    return t;
}

static void compare_changed(uint64_t seed, const small_change *change, bool centralisation)
{
    fn_run run = support_run();
    clustered c = clustered_new(&run, seed, NULL), other = clustered_new(&run, seed, change);
    fn_table *a = tell(&run, &c, centralisation), *b = tell(&run, &other, centralisation);
    bool one_layer = (c.net->view->layers & (c.net->view->layers - 1)) == 0;
    for (const kept_column *k = centralisation ? kept_centralisation : kept_roles; k->name; k++) {
        const char *again = change->turned ? k->turned : k->name;
        if (k->in_units && change->scale > 0 && !one_layer) continue;
        for (uint32_t row = 0; again && row < a->rows; row++) {
            /* A lone firm belongs to the first cluster, and has no partners there: means and stars are others. */
            if (change->lone_firms && (centralisation || (row < c.all.n && c.cluster[row] == 0))) continue;
            uint32_t at = change->map && !centralisation ? change->map[row] : row;
            row_assert(b, again, at, row_cell(a, k->name, row), 1e-14);
        }
    }
    fn_table_free(a);
    fn_table_free(b);
    clustered_free(&c);
    clustered_free(&other);
}

START_TEST(other_names_and_scales_lone_firms_and_self_ties_change_nothing)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        uint32_t map[DENSE_MOST];
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        for (uint32_t f = 0; f < s->firms; f++) map[f] = s->firms - 1 - f;
        small_net_free(s);
        const small_change changes[] = { { .map = map }, { .scale = 0x1p40 }, { .lone_firms = 1 }, { .self_ties = true },
                                         { .turned = true } };
        for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) compare_changed(seed, &changes[k], _i);
    }
}
END_TEST

Suite *suite_roles_oracle(void)
{
    Suite *suite = suite_create("roles oracle");
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, roles_and_centralisation_are_what_their_definitions_say);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    TCase *invariants = tcase_create("invariants");
    tcase_add_loop_test(invariants, other_names_and_scales_lone_firms_and_self_ties_change_nothing, 0, 2);
    suite_add_tcase(suite, invariants);
    return suite;
}
