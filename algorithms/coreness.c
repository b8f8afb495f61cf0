/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "graph/memory.h"

/* Firms in order of what is left of their degree; start[d] is where degree d begins. */
typedef struct queue {
    uint32_t *order, *place, *start;
} queue;

static void fill_queue(const fn_csr *both, const uint32_t *degree, queue *q)
{
    uint32_t firms = both->firms;
    /* Degree histogram. */
    for (uint32_t u = 0; u < firms; u++) q->start[degree[u] + 1]++;
    /* Start of each degree. */
    for (uint32_t d = 0; d < firms; d++) q->start[d + 1] += q->start[d];
    /* Firms by degree, then starts back to where they were. */
    for (uint32_t u = 0; u < firms; u++) {
        q->place[u] = q->start[degree[u]]++;
        q->order[q->place[u]] = u;
    }
    for (uint32_t d = firms; d > 0; d--) q->start[d] = q->start[d - 1];
    q->start[0] = 0;
}

/* Swap v with the first firm of its degree, then count it to the degree below. */
static void lower(uint32_t v, uint32_t *degree, queue *q)
{
    uint32_t first = q->start[degree[v]], u = q->order[first];
    q->order[q->place[v]] = u;
    q->place[u] = q->place[v];
    q->order[first] = v;
    q->place[v] = first;
    q->start[degree[v]]++;
    degree[v]--;
}

fn_status fn_coreness(fn_run *run, const fn_csr *both, uint32_t *core)
{
    uint32_t firms = both->firms;
    queue q = {
        .order = fn_alloc(run, firms, sizeof *q.order), .place = fn_alloc(run, firms, sizeof *q.place),
        .start = fn_alloc(run, (size_t) firms + 1, sizeof *q.start)
    };
    fn_status status = q.order && q.place && q.start ? fn_progress(run, "core numbers", -1) : FN_ENOMEM;
    if (!status) {
        for (uint32_t u = 0; u < firms; u++) core[u] = fn_csr_degree(both, u);
        fill_queue(both, core, &q);
        /* Take out the firm with the least left; its richer neighbours lose one. */
        for (uint32_t i = 0; i < firms; i++) {
            uint32_t u = q.order[i];
            for (size_t a = both->offset[u]; a < both->offset[u + 1]; a++)
                if (core[both->target[a]] > core[u]) lower(both->target[a], core, &q);
        }
    }
    fn_free(q.order);
    fn_free(q.place);
    fn_free(q.start);
    return status;
}

static fn_status run_coreness(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    fn_csr *both = NULL;
    fn_column *column;
    uint32_t *core = fn_alloc(run, view->firms, sizeof *core);
    fn_status status = core ? fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &both) : FN_ENOMEM;
    if (!status) status = fn_coreness(run, both, core);
    if (!status) status = fn_table_add(run, result, "coreness", FN_COLUMN_INT, &column);
    for (uint32_t u = 0; !status && u < view->firms; u++) column->integer[u] = core[u];
    fn_free(core);
    fn_csr_free(both);
    return status;
}

const fn_algorithm fn_algorithm_coreness = {
    .name = "coreness", .group = FN_GROUP_CENTRALITY,
    .text = "largest k such that the firm is in a group where all have k partners in the group",
    .gives = "coreness", .source = "Seidman 1983; Batagelj and Zaversnik 2003", .run = run_coreness
};
