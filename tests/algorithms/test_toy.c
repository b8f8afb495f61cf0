/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/centrality.h"
#include "algorithms/clusters.h"
#include "algorithms/ties.h"
#include "io/format.h"
#include "io/table.h"
#include "tests/algorithms/toy.h"
#include "tests/suite.h"

Suite *suite_toy(void);

/* The worked network as a user reads it, against its golden numbers: datasets/toy*.tsv. Clusters: C with S1 … S4. */

static fn_table *read_table(fn_run *run, const char *file)
{
    fn_source *source;
    fn_table *table;
    ck_assert_int_eq(fn_source_open(run, support_source(file), &source), FN_OK);
    ck_assert_int_eq(fn_table_read(run, source, &table), FN_OK);
    fn_source_close(source);
    return table;
}

static const char *cell(const fn_table *table, const char *column, size_t row)
{
    fn_column *c = fn_table_find(table, column);
    ck_assert_msg(c != NULL, "no column %s", column);
    return fn_column_text(c, row, NULL);
}

static fn_net *read_net(fn_run *run)
{
    char ties[4096], firms[4096];
    fn_net *net;
    snprintf(ties, sizeof ties, "%s", support_source("datasets/toy.tsv"));
    snprintf(firms, sizeof firms, "%s", support_source("datasets/toy-firms.tsv"));
    const char *paths[] = { ties }, *tables[] = { firms, NULL };
    fn_read_options options = { .firms = tables, .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_status status = fn_read(run, paths, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return net;
}

/* The ties of a net and the tenders of the file, as a new net. */
static fn_net *add_tenders(fn_run *run, const fn_net *ties, const fn_table *tenders)
{
    fn_net *net;
    uint32_t firm;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t f = 0; f < fn_net_firms(ties); f++) {
        size_t length;
        const char *key = fn_names_text(fn_net_keys(ties), f, &length);
        ck_assert_int_eq(fn_net_firm(run, net, key, length, &firm), FN_OK);
        const char *kind = fn_net_firm_text(ties, f, "kind", &length);
        ck_assert_int_eq(fn_net_set_firm_text(run, net, firm, "kind", kind, length), FN_OK);
    }
    for (size_t e = 0; e < fn_net_ties(ties); e++) {
        fn_tie tie = fn_net_tie_at(ties, e);
        tie.currency = 0;
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    for (size_t k = 0; k < tenders->rows; k++) {
        fn_tender t = { .bids_known = true, .day = FN_DAY_NONE, .value = NAN };
        uint32_t bidder[8], winner = support_firm(net, cell(tenders, "winner", k));
        size_t bidders = 0;
        char list[64];
        const char *product = cell(tenders, "product", k), *value = cell(tenders, "value", k);
        t.buyer = support_firm(net, cell(tenders, "buyer", k));
        if (*value) ck_assert(fn_real_parse(value, strlen(value), &t.value));
        ck_assert_int_eq(fn_net_product(run, net, product, strlen(product), &t.product), FN_OK);
        snprintf(list, sizeof list, "%s", cell(tenders, "bidders", k));
        for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
            bidder[bidders++] = support_firm(net, name);
        ck_assert_int_eq(fn_net_add_tender(run, net, &t, bidder, bidders, &winner, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

typedef struct measures {
    double out_strength[TOY_FIRMS], in_strength[TOY_FIRMS], supplier_squares[TOY_FIRMS], customer_squares[TOY_FIRMS];
    double betweenness[TOY_FIRMS], pagerank[TOY_FIRMS], reverse_pagerank[TOY_FIRMS], p_to[TOY_FIRMS];
    uint32_t core[TOY_FIRMS];
    fn_table *heads;
} measures;

/* PageRank of the firms that supply anybody or are supplied: the golden numbers know no others. */
static fn_status supply_alone(fn_run *run, const fn_net *all, fn_net **net)
{
    fn_status status = fn_net_new(run, net);
    for (size_t e = 0; e < fn_net_ties(all) && !status; e++) {
        fn_tie tie = fn_net_tie_at(all, e);
        size_t length;
        if (tie.layer != FN_LAYER_SUPPLY) continue;
        const char *key = fn_names_text(fn_net_keys(all), tie.from, &length);
        status = fn_net_firm(run, *net, key, length, &tie.from);
        key = fn_names_text(fn_net_keys(all), tie.to, &length);
        if (!status) status = fn_net_firm(run, *net, key, length, &tie.to);
        tie.currency = 0;
        if (!status) status = fn_net_add(run, *net, &tie, NULL);
    }
    return status ? status : fn_net_freeze(run, *net);
}

static void measure_supply(fn_run *run, const fn_net *net, measures *m)
{
    fn_view *view = support_view(run, net);
    fn_csr *out, *in, *both;
    fn_table *ties;
    fn_tie_options options;
    const fn_betweenness_options exact = FN_BETWEENNESS_DEFAULTS;
    ck_assert_int_eq(fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_OUT, false, &out), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_IN, false, &in), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, view, FN_LAYER_SUPPLY, FN_CSR_BOTH, false, &both), FN_OK);
    ck_assert_int_eq(fn_pagerank(run, out, in, 0.85, 1e-14, m->pagerank), FN_OK);
    ck_assert_int_eq(fn_pagerank(run, in, out, 0.85, 1e-14, m->reverse_pagerank), FN_OK);
    ck_assert_int_eq(fn_betweenness(run, out, &exact, m->betweenness, NULL), FN_OK);
    ck_assert_int_eq(fn_coreness(run, both, m->core), FN_OK);
    for (size_t k = 0; k < view->ties; k++) {
        const fn_tie *t = FN_TIE(net, fn_view_tie(view, k));
        m->out_strength[t->from] += t->value, m->in_strength[t->to] += t->value;
        m->customer_squares[t->from] += t->value * t->value, m->supplier_squares[t->to] += t->value * t->value;
    }
    fn_tie_defaults(&options);
    ck_assert_int_eq(fn_table_new(run, view->ties, &ties), FN_OK);
    ck_assert_int_eq(fn_tie_strength(run, view, NULL, &options, ties), FN_OK);
    for (size_t k = 0; k < view->ties; k++) {
        const fn_tie *t = FN_TIE(net, fn_view_tie(view, k));
        if (t->to == support_firm(net, "C")) m->p_to[t->from] = fn_table_find(ties, "p_to")->real[k];
    }
    fn_table_free(ties);
    fn_csr_free(out);
    fn_csr_free(in);
    fn_csr_free(both);
    fn_view_free(view);
}

static double value_of(const measures *m, const char *measure, uint32_t f)
{
    const struct { const char *name; double value; } known[] = {
        { "out_strength", m->out_strength[f] }, { "in_strength", m->in_strength[f] },
        { "supplier_hhi", m->supplier_squares[f] / (m->in_strength[f] * m->in_strength[f]) },
        { "customer_hhi", m->customer_squares[f] / (m->out_strength[f] * m->out_strength[f]) },
        { "betweenness", m->betweenness[f] }, { "pagerank", m->pagerank[f] },
        { "reverse_pagerank", m->reverse_pagerank[f] }, { "core", m->core[f] }, { "p_to", m->p_to[f] }
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(measure, known[k].name) == 0) return known[k].value;
    const fn_column *evidence = fn_table_find(m->heads, measure);
    ck_assert_msg(evidence != NULL, "nothing computes %s", measure);
    return evidence->real[0];
}

START_TEST(golden_numbers_come_out)
{
    fn_run run = support_run();
    fn_net *read = read_net(&run), *supply, *tendered;
    fn_table *tenders = read_table(&run, "datasets/toy-tenders.tsv"), *members;
    fn_table *golden = read_table(&run, "datasets/toy-golden.tsv");
    measures m = { .heads = NULL };
    uint32_t cluster[TOY_FIRMS], checked = 0;
    fn_central_options options;

    ck_assert_uint_eq(fn_net_firms(read), TOY_FIRMS);
    ck_assert_uint_eq(fn_net_ties(read), 18);
    ck_assert_int_eq(supply_alone(&run, read, &supply), FN_OK);
    ck_assert_uint_eq(fn_net_firms(supply), 9);
    measure_supply(&run, supply, &m);
    tendered = add_tenders(&run, read, tenders);
    toy_clusters(tendered, cluster);
    fn_view *view = support_view(&run, tendered);
    fn_central_defaults(&options);
    ck_assert_int_eq(fn_central_company(&run, view, cluster, TOY_CLUSTERS, &options, &m.heads, &members, NULL, NULL),
                     FN_OK);
    ck_assert_str_eq(cell(m.heads, "central_company", 0), "C");
    for (size_t k = 0; k < golden->rows; k++) {
        const char *measure = cell(golden, "measure", k), *value = cell(golden, "value", k);
        const char *tolerance = cell(golden, "tolerance", k), *firm = cell(golden, "firm", k);
        double expected, within;
        if (strncmp(measure, "esri", 4) == 0) continue; /* shocks: for the command `risk` */
        ck_assert(fn_real_parse(value, strlen(value), &expected));
        ck_assert(fn_real_parse(tolerance, strlen(tolerance), &within));
        double got = value_of(&m, measure, support_firm(supply, firm));
        ck_assert_msg(fabs(got - expected) <= within, "%s of %s is %.9g, not %s", measure, firm, got, value);
        checked++;
    }
    ck_assert_uint_eq(checked, 67);
    fn_table_free(m.heads);
    fn_table_free(members);
    fn_table_free(tenders);
    fn_table_free(golden);
    fn_view_free(view);
    fn_net_free(read);
    fn_net_free(supply);
    fn_net_free(tendered);
}
END_TEST

/* Ties taken from annual reports of the American automotive industry: no tenders, so the in-share alone speaks. */
START_TEST(car_makers_head_the_automotive_supply_network)
{
    const char *path = support_data("car_makers_head_the_automotive_supply_network",
                                    "ties/us_auto_suppliers_sec10k.csv.gz");
    if (!path) return;
    fn_run run = support_run();
    fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_leiden_options leiden;
    fn_central_options central;
    fn_net *net;
    fn_partition *partition;
    fn_table *heads, *members;
    bool is_central[2048];
    fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    ck_assert_uint_eq(fn_net_firms(net), 1383);
    fn_view *view = support_view(&run, net);
    fn_leiden_defaults(&leiden);
    leiden.runs = 10; /* the best of ten: single searches differ in the clusters around Ford */
    fn_central_defaults(&central);
    ck_assert_int_eq(fn_leiden(&run, view, &leiden, &partition), FN_OK);
    ck_assert_int_eq(fn_central_company(&run, view, partition->cluster, partition->clusters, &central, &heads, &members,
                                        is_central, NULL), FN_OK);
    ck_assert(is_central[support_firm(net, "Ford Motor Company")]);
    ck_assert(is_central[support_firm(net, "General Motors")]);
    fn_partition_free(partition);
    fn_table_free(heads);
    fn_table_free(members);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_toy(void)
{
    Suite *suite = suite_create("toy");
    TCase *cases = tcase_create("worked network of 12 firms");
    tcase_add_test(cases, golden_numbers_come_out);
    tcase_add_test(cases, car_makers_head_the_automotive_supply_network);
    suite_add_tcase(suite, cases);
    return suite;
}
