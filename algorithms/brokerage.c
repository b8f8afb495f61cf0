/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/roles.h"
#include "graph/memory.h"
#include "graph/names.h"

/* Chains i→j→k are counted by role from how many of j's suppliers and customers are in which cluster; then those are
 * taken off that have i = k or a tie i→k, which are the ones that have to be looked up one by one. */

static fn_brokerage_role role_of(uint32_t from, uint32_t broker, uint32_t to)
{
    if (from == to) return from == broker ? FN_COORDINATOR : FN_ITINERANT;
    if (to == broker) return FN_GATEKEEPER;
    return from == broker ? FN_REPRESENTATIVE : FN_LIAISON;
}

/* Chains of one firm, whether or not their ends are tied. suppliers[c] is 0 for all clusters, before and after. */
static void count_chains(const fn_csr *out, const fn_csr *in, const uint32_t *cluster, uint32_t j, int64_t *suppliers,
                         int64_t roles[FN_BROKERAGE_ROLES])
{
    uint32_t own = cluster[j];
    int64_t all = fn_csr_degree(in, j), inside, outside = 0, outside_same = 0;
    for (size_t i = in->offset[j]; i < in->offset[j + 1]; i++) suppliers[cluster[in->target[i]]]++;
    inside = suppliers[own];
    int64_t customers_inside = 0;
    for (size_t k = out->offset[j]; k < out->offset[j + 1]; k++) {
        uint32_t to = cluster[out->target[k]];
        if (to == own) {
            customers_inside++;
        } else {
            outside++;
            outside_same += suppliers[to];
        }
    }
    roles[FN_COORDINATOR] = inside * customers_inside;
    roles[FN_GATEKEEPER] = (all - inside) * customers_inside;
    roles[FN_REPRESENTATIVE] = inside * outside;
    roles[FN_ITINERANT] = outside_same;
    roles[FN_LIAISON] = (all - inside) * outside - outside_same;
    for (size_t i = in->offset[j]; i < in->offset[j + 1]; i++) suppliers[cluster[in->target[i]]] = 0;
}

/* Steps of the two ways to find chains with tied ends. */
static double steps(const fn_csr *a, const fn_csr *b)
{
    double sum = 0;
    for (uint32_t u = 0; u < a->firms; u++) sum += (double) fn_csr_degree(a, u) * fn_csr_degree(b, u);
    return sum;
}

/* Chains from i whose ends are tied or the same: by the customers of i's customers, or (where authorities buy from
 * everybody) by the customers of i and their other suppliers. */
static void drop_closed(const fn_csr *out, const fn_csr *in, const uint32_t *cluster, bool forward, uint32_t i,
                        bool *is_customer, int64_t (*roles)[FN_BROKERAGE_ROLES])
{
    size_t begin = out->offset[i], end = out->offset[i + 1];
    for (size_t a = begin; a < end; a++) is_customer[out->target[a]] = true;
    is_customer[i] = true;
    for (size_t a = begin; a < end; a++) {
        uint32_t first = out->target[a];
        const fn_csr *way = forward ? out : in;
        for (size_t b = way->offset[first]; b < way->offset[first + 1]; b++) {
            uint32_t other = way->target[b], j = forward ? first : other, k = forward ? other : first;
            if (!is_customer[other] || j == i) continue;
            roles[j][role_of(cluster[i], cluster[j], cluster[k])]--;
        }
        /* Seen from k, i itself is no further supplier: what goes from i to j and back is counted here. */
        if (!forward && fn_csr_find(out, first, i) != FN_NO_ARC)
            roles[first][role_of(cluster[i], cluster[first], cluster[i])]--;
    }
    for (size_t a = begin; a < end; a++) is_customer[out->target[a]] = false;
    is_customer[i] = false;
}

fn_status fn_brokerage(fn_run *run, const fn_csr *out, const fn_csr *in, const uint32_t *cluster, uint32_t clusters,
                       int64_t (*roles)[FN_BROKERAGE_ROLES])
{
    uint32_t firms = out->firms;
    int64_t *suppliers = fn_alloc(run, clusters, sizeof *suppliers);
    bool *is_customer = fn_alloc(run, firms, sizeof *is_customer);
    bool forward = steps(in, out) <= steps(in, in);
    fn_status status = suppliers && is_customer ? FN_OK : FN_ENOMEM;
    for (uint32_t j = 0; !status && j < firms; j++) count_chains(out, in, cluster, j, suppliers, roles[j]);
    for (uint32_t i = 0; !status && i < firms; i++) {
        if (i % 1024 == 0) status = fn_progress(run, "brokerage", (double) i / firms);
        if (!status) drop_closed(out, in, cluster, forward, i, is_customer, roles);
    }
    fn_free(suppliers);
    fn_free(is_customer);
    return status;
}
