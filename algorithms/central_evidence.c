/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/central_inside.h"
#include "graph/memory.h"

/* Supply as adjacency of the whole view: who delivers to whom, in whatever cluster. */
static bool is_supply(uint16_t layer)
{
    return layer == FN_LAYER_SUPPLY || layer == FN_LAYER_SUBCONTRACT;
}

static fn_status supply_adjacency(fn_run *run, const fn_view *view, bool *any, fn_csr **in, double *sales)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t *from = fn_alloc(run, view->ties, sizeof *from);
    uint32_t *to = fn_alloc(run, view->ties, sizeof *to);
    double *weight = fn_alloc(run, view->ties, sizeof *weight);
    fn_status status = FN_ENOMEM;
    if (!from || !to || !weight) goto done;

    /* Layers weighed in different units (money here, records there) can't be added: then records for both. */
    bool both = (view->layers >> FN_LAYER_SUPPLY & 1) && (view->layers >> FN_LAYER_SUBCONTRACT & 1);
    bool by_count = both && view->used[FN_LAYER_SUPPLY] != view->used[FN_LAYER_SUBCONTRACT];
    size_t count = 0;
    for (size_t k = 0; k < view->ties; k++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, k));
        if (!is_supply(t.layer) || t.from == t.to) continue;
        from[count] = t.from, to[count] = t.to;
        weight[count] = by_count ? (double) t.count : view->weight[k];
        sales[t.from] += weight[count++];
    }
    *any = count > 0;
    status = fn_csr_build(run, view->firms, count, from, to, weight, NULL, FN_CSR_IN, in);
done:
    fn_free(from);
    fn_free(to);
    fn_free(weight);
    return status;
}

static void gather_supply(const fn_csr *in, const double *sales, const uint32_t *cluster, fn_central_evidence *evidence,
                          double *inside)
{
    for (uint32_t b = 0; b < in->firms; b++) {
        fn_central_evidence *e = &evidence[b];
        double shares = 0;
        double bought = 0;
        int64_t sellers = 0;
        e->in_weight = 0, e->suppliers = 0;
        for (size_t k = in->offset[b]; k < in->offset[b + 1]; k++) {
            uint32_t s = in->target[k];
            bought += in->weight[k];
            if (cluster[s] != cluster[b]) continue;
            e->suppliers++;
            e->in_weight += in->weight[k];
            if (sales[s] > 0) shares += in->weight[k] / sales[s], sellers++;
        }
        if (bought > 0) e->focus = e->in_weight / bought;
        if (sellers) e->exclusivity = shares / (double) sellers;
        inside[cluster[b]] += e->in_weight;
    }
    for (uint32_t b = 0; b < in->firms; b++)
        if (inside[cluster[b]] > 0) evidence[b].in_share = evidence[b].in_weight / inside[cluster[b]];
}

static fn_status centralise(fn_run *run, uint32_t firms, const uint32_t *cluster, uint32_t clusters,
                            const fn_central_evidence *evidence, double *centralisation)
{
    int64_t *most = fn_alloc(run, clusters, sizeof *most);
    int64_t *members = fn_alloc(run, clusters, sizeof *members);
    fn_status status = FN_ENOMEM;
    if (!most || !members) goto done;
    for (uint32_t b = 0; b < firms; b++) {
        members[cluster[b]]++;
        if (evidence[b].suppliers > most[cluster[b]]) most[cluster[b]] = evidence[b].suppliers;
    }
    for (uint32_t c = 0; c < clusters; c++) centralisation[c] = members[c] > 1 ? 0 : NAN;
    for (uint32_t b = 0; b < firms; b++) {
        uint32_t c = cluster[b];
        double others = (double) (members[c] - 1);
        if (members[c] > 1) centralisation[c] += (double) (most[c] - evidence[b].suppliers) / (others * others);
    }
    status = FN_OK;
done:
    fn_free(most);
    fn_free(members);
    return status;
}

fn_status fn_central_gather(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                            fn_central_evidence *evidence, double *inside, double *centralisation,
                            fn_central_rows *rows)
{
    fn_csr *in = NULL;
    bool any = false;
    double *sales = fn_alloc(run, view->firms, sizeof *sales);
    fn_status status = FN_ENOMEM;
    if (!sales) goto done;

    for (uint32_t b = 0; b < view->firms; b++)
        evidence[b] = (fn_central_evidence) { NAN, NAN, NAN, FN_INT_NONE, NAN, FN_INT_NONE, NAN, FN_INT_NONE, NAN,
                                              FN_INT_NONE, NAN };
    for (uint32_t c = 0; c < clusters; c++) inside[c] = 0;
    if ((status = supply_adjacency(run, view, &any, &in, sales))) goto done;
    if (!any) {
        for (uint32_t c = 0; c < clusters; c++) inside[c] = centralisation[c] = NAN;
        goto done;
    }
    gather_supply(in, sales, cluster, evidence, inside);
    if ((status = centralise(run, view->firms, cluster, clusters, evidence, centralisation))) goto done;
    status = fn_central_gather_tenders(run, view, in, cluster, evidence, rows);
done:
    fn_free(sales);
    fn_csr_free(in);
    return status;
}

typedef struct source { uint32_t cluster; double weight; } source;

static int by_cluster(const void *a, const void *b)
{
    const source *x = a, *y = b;
    if (x->cluster != y->cluster) return x->cluster < y->cluster ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

/* The cluster that half of the supply of a firm comes from, its own where there is none. */
static uint32_t seat_of(const fn_csr *in, uint32_t b, const uint32_t *cluster, source *list)
{
    enum { LEAST_SUPPLIERS = 3 };
    size_t first = in->offset[b], count = in->offset[b + 1] - first;
    double total = 0;
    for (size_t k = 0; k < count; k++) {
        list[k] = (source) { cluster[in->target[first + k]], in->weight[first + k] };
        total += in->weight[first + k];
    }
    qsort(list, count, sizeof *list, by_cluster);
    for (size_t start = 0, end; start < count; start = end) {
        double sum = 0;
        for (end = start; end < count && list[end].cluster == list[start].cluster; end++) sum += list[end].weight;
        if (end - start >= LEAST_SUPPLIERS && sum > total / 2) return list[start].cluster;
    }
    return cluster[b];
}

fn_status fn_central_seats(fn_run *run, const fn_view *view, const uint32_t *cluster, const bool *movable,
                           uint32_t *seat)
{
    fn_csr *in = NULL;
    source *list = NULL;
    bool any;
    size_t longest = 0;
    double *sales = fn_alloc(run, view->firms, sizeof *sales);
    fn_status status = sales ? supply_adjacency(run, view, &any, &in, sales) : FN_ENOMEM;
    if (status) goto done;
    for (uint32_t b = 0; b < view->firms; b++)
        if (fn_csr_degree(in, b) > longest) longest = fn_csr_degree(in, b);
    list = fn_alloc(run, longest, sizeof *list);
    if (!list) {
        status = FN_ENOMEM;
        goto done;
    }
    for (uint32_t b = 0; b < view->firms; b++) seat[b] = movable[b] ? seat_of(in, b, cluster, list) : cluster[b];
done:
    fn_free(sales);
    fn_free(list);
    fn_csr_free(in);
    return status;
}
