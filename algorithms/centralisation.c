/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/roles.h"
#include "graph/memory.h"
#include "graph/sum.h"

/* Of one group: the whole network, or a cluster. */
typedef struct group {
    uint64_t firms, sum[3], most[3]; /* degrees: customers, suppliers, partners */
    fn_sum strength;
    double first, second;
    uint32_t hub;
} group;

static void count_firm(group *g, const uint32_t degree[3], double strength, uint32_t firm)
{
    g->firms++;
    for (int k = 0; k < 3; k++) {
        g->sum[k] += degree[k];
        if (degree[k] > g->most[k]) g->most[k] = degree[k];
    }
    fn_sum_add(&g->strength, strength);
    if (strength > g->first) {
        g->second = g->first;
        g->first = strength;
        g->hub = firm;
    } else if (strength > g->second) {
        g->second = strength;
    }
}

/* Degrees of firm u, of all arcs or of those within its cluster. */
static void find_degrees(const fn_csr *const side[3], uint32_t u, const uint32_t *cluster, uint32_t degree[3])
{
    for (int k = 0; k < 3; k++) {
        degree[k] = cluster ? 0 : fn_csr_degree(side[k], u);
        for (size_t i = side[k]->offset[u]; cluster && i < side[k]->offset[u + 1]; i++)
            degree[k] += cluster[side[k]->target[i]] == cluster[u];
    }
}

typedef struct columns {
    fn_column *cluster, *firms, *all, *in, *out, *hub, *share, *gap;
} columns;

static double centralisation(const group *g, int k, double star)
{
    return star > 0 ? ((double) g->most[k] * (double) g->firms - (double) g->sum[k]) / star : NAN;
}

static void write_row(const columns *c, size_t row, const group *g)
{
    double n = (double) g->firms, sum = fn_sum_value(&g->strength);
    if (row > 0) c->cluster->integer[row] = (int64_t) row;
    c->firms->integer[row] = (int64_t) g->firms;
    c->all->real[row] = centralisation(g, 2, (n - 1) * (n - 2));
    c->in->real[row] = centralisation(g, 1, (n - 1) * (n - 1));
    c->out->real[row] = centralisation(g, 0, (n - 1) * (n - 1));
    if (!(g->first > 0)) return;
    c->hub->text[row] = g->hub;
    c->share->real[row] = isfinite(sum) ? g->first / sum : NAN;
    c->gap->real[row] = (g->first - g->second) / g->first;
}

static fn_status write_groups(fn_run *run, const fn_view *view, const group *groups, uint32_t clusters, fn_table *table)
{
    columns c;
    fn_status status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &c.cluster);
    if (!status) status = fn_table_add(run, table, "firms", FN_COLUMN_INT, &c.firms);
    if (!status) status = fn_table_add(run, table, "centralisation", FN_COLUMN_REAL, &c.all);
    if (!status) status = fn_table_add(run, table, "centralisation_in", FN_COLUMN_REAL, &c.in);
    if (!status) status = fn_table_add(run, table, "centralisation_out", FN_COLUMN_REAL, &c.out);
    if (!status) status = fn_table_add_borrowed(run, table, "hub", fn_net_keys(view->net), &c.hub);
    if (!status) status = fn_table_add(run, table, "hub_share", FN_COLUMN_REAL, &c.share);
    if (!status) status = fn_table_add(run, table, "hub_gap", FN_COLUMN_REAL, &c.gap);
    for (size_t row = 0; !status && row <= clusters; row++) write_row(&c, row, &groups[row]);
    return status;
}

fn_status fn_centralisation(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                            fn_table **result)
{
    fn_csr *side[3] = { NULL, NULL, NULL };
    const fn_csr_side which[3] = { FN_CSR_OUT, FN_CSR_IN, FN_CSR_BOTH };
    group *groups = fn_alloc(run, (size_t) clusters + 1, sizeof *groups);
    fn_status status = groups ? FN_OK : FN_ENOMEM;
    *result = NULL;
    for (int k = 0; k < 3 && !status; k++) status = fn_view_csr(run, view, -1, which[k], true, &side[k]);
    for (uint32_t u = 0; !status && u < view->firms; u++) {
        const fn_csr *const sides[3] = { side[0], side[1], side[2] };
        uint32_t degree[3];
        fn_sum strength = { 0 };
        for (size_t i = side[1]->offset[u]; i < side[1]->offset[u + 1]; i++)
            fn_sum_add(&strength, side[1]->weight[i]);
        double value = fn_sum_value(&strength);
        find_degrees(sides, u, NULL, degree);
        count_firm(&groups[0], degree, value, u);
        find_degrees(sides, u, cluster, degree);
        count_firm(&groups[cluster[u] + 1], degree, value, u);
    }
    if (!status) status = fn_table_new(run, (size_t) clusters + 1, result);
    if (!status) status = write_groups(run, view, groups, clusters, *result);
    for (int k = 0; k < 3; k++) fn_csr_free(side[k]);
    fn_free(groups);
    if (!status) return FN_OK;
    fn_table_free(*result);
    *result = NULL;
    return status;
}
