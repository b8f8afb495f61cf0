/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/roles.h"
#include "graph/memory.h"

/* Partners within its cluster, of each firm. */
static void count_within(const fn_csr *csr, const uint32_t *cluster, double *within)
{
    for (uint32_t u = 0; u < csr->firms; u++) {
        within[u] = 0;
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) within[u] += cluster[csr->target[i]] == cluster[u];
    }
}

static fn_status standardise(fn_run *run, const fn_csr *csr, const uint32_t *cluster, uint32_t clusters, double *z)
{
    double *mean = fn_alloc(run, clusters, sizeof *mean), *spread = fn_alloc(run, clusters, sizeof *spread);
    uint32_t *members = fn_alloc(run, clusters, sizeof *members);
    fn_status status = mean && spread && members ? FN_OK : FN_ENOMEM;
    if (!status) {
        count_within(csr, cluster, z);
        for (uint32_t u = 0; u < csr->firms; u++) mean[cluster[u]] += z[u], members[cluster[u]]++;
        for (uint32_t c = 0; c < clusters; c++) mean[c] /= members[c];
        for (uint32_t u = 0; u < csr->firms; u++) spread[cluster[u]] += pow(z[u] - mean[cluster[u]], 2);
        for (uint32_t u = 0; u < csr->firms; u++) {
            uint32_t c = cluster[u];
            z[u] = spread[c] > 0 ? (z[u] - mean[c]) / sqrt(spread[c] / members[c]) : 0;
        }
    }
    fn_free(mean);
    fn_free(spread);
    fn_free(members);
    return status;
}

static fn_status take_part(fn_run *run, const fn_csr *csr, const uint32_t *cluster, uint32_t clusters, double *part)
{
    uint32_t *count = fn_alloc(run, clusters, sizeof *count);
    if (!count) return FN_ENOMEM;
    for (uint32_t u = 0; u < csr->firms; u++) {
        uint64_t squares = 0, degree = fn_csr_degree(csr, u);
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) count[cluster[csr->target[i]]]++;
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) {
            uint64_t n = count[cluster[csr->target[i]]];
            squares += n * n;
            count[cluster[csr->target[i]]] = 0;
        }
        part[u] = degree ? 1 - (double) squares / ((double) degree * (double) degree) : NAN;
    }
    fn_free(count);
    return FN_OK;
}

fn_status fn_within_clusters(fn_run *run, const fn_csr *csr, const uint32_t *cluster, uint32_t clusters,
                             double *within_z, double *participation)
{
    fn_status status = within_z ? standardise(run, csr, cluster, clusters, within_z) : FN_OK;
    if (!status && participation) status = take_part(run, csr, cluster, clusters, participation);
    return status;
}

const char *fn_cluster_role(double within_z, double participation)
{
    if (within_z >= 2.5)
        return participation <= .30 ? "provincial hub" : participation <= .75 ? "connector hub" : "kinless hub";
    if (participation <= .05) return "ultra-peripheral";
    return participation <= .62 ? "peripheral" : participation <= .80 ? "connector" : "kinless";
}

static fn_status add_places(fn_run *run, const fn_csr *side[3], const uint32_t *cluster, uint32_t clusters,
                            fn_table *result)
{
    fn_column *z, *all, *suppliers, *customers, *role;
    const fn_column_wanted wanted[] = {
        { "within_z", FN_COLUMN_REAL, &z, NULL }, { "participation", FN_COLUMN_REAL, &all, NULL },
        { "participation_in", FN_COLUMN_REAL, &suppliers, NULL },
        { "participation_out", FN_COLUMN_REAL, &customers, NULL }, { "role", FN_COLUMN_TEXT, &role, NULL }
    };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (!status) status = fn_within_clusters(run, side[2], cluster, clusters, z->real, all->real);
    if (!status) status = fn_within_clusters(run, side[1], cluster, clusters, NULL, suppliers->real);
    if (!status) status = fn_within_clusters(run, side[0], cluster, clusters, NULL, customers->real);
    for (uint32_t u = 0; !status && u < side[2]->firms; u++) {
        if (fn_csr_degree(side[2], u) == 0) {
            z->real[u] = NAN;
            continue;
        }
        const char *text = fn_cluster_role(z->real[u], all->real[u]);
        status = fn_column_set_text(run, role, u, text, strlen(text));
    }
    return status;
}

static fn_status add_brokerage(fn_run *run, const fn_csr *side[3], const uint32_t *cluster, uint32_t clusters,
                               fn_table *result)
{
    fn_column *column[FN_BROKERAGE_ROLES];
    const fn_column_wanted wanted[] = {
        { "coordinator", FN_COLUMN_INT, &column[FN_COORDINATOR], NULL },
        { "gatekeeper", FN_COLUMN_INT, &column[FN_GATEKEEPER], NULL },
        { "representative", FN_COLUMN_INT, &column[FN_REPRESENTATIVE], NULL },
        { "itinerant", FN_COLUMN_INT, &column[FN_ITINERANT], NULL },
        { "liaison", FN_COLUMN_INT, &column[FN_LIAISON], NULL }
    };
    int64_t (*roles)[FN_BROKERAGE_ROLES] = fn_alloc(run, side[0]->firms, sizeof *roles);
    fn_status status = roles ? fn_brokerage(run, side[0], side[1], cluster, clusters, roles) : FN_ENOMEM;
    if (!status) status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    for (uint32_t u = 0; !status && u < side[0]->firms; u++)
        for (int k = 0; k < FN_BROKERAGE_ROLES; k++) column[k]->integer[u] = roles[u][k];
    fn_free(roles);
    return status;
}

fn_status fn_firm_roles(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters, fn_table *result)
{
    fn_csr *side[3] = { NULL, NULL, NULL };
    const fn_csr_side which[3] = { FN_CSR_OUT, FN_CSR_IN, FN_CSR_BOTH };
    fn_status status = FN_OK;
    for (int k = 0; k < 3 && !status; k++) status = fn_view_csr(run, view, -1, which[k], true, &side[k]);
    const fn_csr *sides[3] = { side[0], side[1], side[2] };
    if (!status) status = add_places(run, sides, cluster, clusters, result);
    if (!status) status = add_brokerage(run, sides, cluster, clusters, result);
    for (int k = 0; k < 3; k++) fn_csr_free(side[k]);
    return status;
}
