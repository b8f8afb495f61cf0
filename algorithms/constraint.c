/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "graph/memory.h"

enum { FIRMS_A_LOOK = 1024 };

static int thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

/* direct and all are 0 everywhere, before and after. */
static double constrain(const fn_csr *both, const double *share, uint32_t u, double *direct, double *all)
{
    size_t begin = both->offset[u], end = both->offset[u + 1];
    double sum = 0;
    for (size_t i = begin; i < end; i++) direct[both->target[i]] = all[both->target[i]] = share[i];
    /* What goes by way of a third, to firms that are partners themselves. */
    for (size_t i = begin; i < end; i++) {
        uint32_t q = both->target[i];
        for (size_t k = both->offset[q]; k < both->offset[q + 1]; k++)
            if (direct[both->target[k]] > 0) all[both->target[k]] += share[i] * share[k];
    }
    for (size_t i = begin; i < end; i++) {
        double *a = &all[both->target[i]];
        sum += *a * *a;
        *a = direct[both->target[i]] = 0;
    }
    return end > begin ? sum : NAN;
}

fn_status fn_constraint(fn_run *run, const fn_csr *both, double *score)
{
    uint32_t firms = both->firms;
    int threads = fn_run_threads(run);
    double *share = fn_alloc(run, both->arcs, sizeof *share);
    double *through = fn_alloc(run, 2 * (size_t) firms * (size_t) threads, sizeof *through);
    fn_status status = share && through ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < firms; u++) {
        double largest = 0, sum = 0;
        size_t end = both->offset[u + 1];
        for (size_t i = both->offset[u]; i < end; i++) largest = fmax(largest, both->weight[i]);
        for (size_t i = both->offset[u]; i < end; i++) sum += both->weight[i] / largest;
        for (size_t i = both->offset[u]; i < end; i++) share[i] = both->weight[i] / largest / sum;
    }
    for (uint32_t first = 0; !status && first < firms;) {
        uint32_t look = (uint32_t) FIRMS_A_LOOK * (uint32_t) threads, end = firms - first > look ? first + look : firms;
        status = fn_progress(run, "constraint", (double) first / firms);
        if (status) break;
#pragma omp parallel num_threads(threads) if (both->arcs > 50000)
        {
            double *own = through + 2 * (size_t) thread_number() * firms;
#pragma omp for schedule(dynamic, 64)
            for (uint32_t u = first; u < end; u++) score[u] = constrain(both, share, u, own, own + firms);
        }
        first = end;
    }
    fn_free(share);
    fn_free(through);
    return status;
}

static fn_status run_constraint(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *both = NULL;
    fn_column *column;
    (void) values;
    fn_status status = fn_even_layers_both(run, view, &both);
    if (!status) status = fn_table_add(run, result, "constraint", FN_COLUMN_REAL, &column);
    if (!status) status = fn_constraint(run, both, column->real);
    fn_csr_free(both);
    return status;
}

const fn_algorithm fn_algorithm_constraint = {
    .name = "constraint", .group = FN_GROUP_CENTRALITY,
    .text = "how much the firm depends on partners that are tied to each other; low: it spans gaps",
    .gives = "constraint", .source = "Burt 1992", .on_request = true, .run = run_constraint
};
