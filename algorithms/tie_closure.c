/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/tie_relation.h"
#include "graph/csr.h"
#include "graph/memory.h"

static bool is_strong(const fn_column *class, size_t row)
{
    return !fn_column_missing(class, row) && strcmp(fn_column_text(class, row, NULL), "strong") == 0;
}

/* Strong ties as an adjacency without direction. */
static fn_status strong_partners(fn_run *run, const fn_view *view, const fn_column *class, fn_csr **strong)
{
    uint32_t *from = fn_alloc_bare(run, view->ties, sizeof *from), *to = fn_alloc_bare(run, view->ties, sizeof *to);
    size_t n = 0;
    fn_status status = from && to ? FN_OK : FN_ENOMEM;
    for (size_t row = 0; row < view->ties && !status; row++) {
        if (!is_strong(class, row)) continue;
        const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
        from[n] = t.from;
        to[n] = t.to;
        n++;
    }
    if (!status) status = fn_csr_build(run, view->firms, n, from, to, NULL, NULL, FN_CSR_BOTH, strong);
    fn_free(from);
    fn_free(to);
    return status;
}

/* How many strong partners of u, whom `marked` tells, are tied to v: by the shorter way. */
static uint32_t closed_pairs(const fn_csr *both, const fn_csr *strong, const bool *marked, uint32_t u, uint32_t v)
{
    uint32_t closed = 0, tied = fn_csr_degree(both, v), partners = fn_csr_degree(strong, u);
    if (tied / 8 <= partners) {
        for (size_t i = both->offset[v]; i < both->offset[v + 1]; i++) closed += marked[both->target[i]];
        return closed;
    }
    for (size_t i = strong->offset[u]; i < strong->offset[u + 1]; i++)
        if (strong->target[i] != v) closed += fn_csr_find(both, v, strong->target[i]) != FN_NO_ARC;
    return closed;
}

/* open[arc u→v of strong]: strong partners of u but v that v is not tied to. */
static fn_status count_open(fn_run *run, const fn_csr *both, const fn_csr *strong, uint32_t *open)
{
    bool *marked = fn_alloc(run, both->firms, sizeof *marked);
    fn_status status = marked ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; u < both->firms && !status; u++) {
        if (u % 65536 == 0) status = fn_progress(run, "strong triads", (double) u / both->firms);
        size_t begin = strong->offset[u], end = strong->offset[u + 1];
        for (size_t i = begin; i < end; i++) marked[strong->target[i]] = true;
        for (size_t i = begin; i < end; i++)
            open[i] = (uint32_t) (end - begin) - 1 - closed_pairs(both, strong, marked, u, strong->target[i]);
        for (size_t i = begin; i < end; i++) marked[strong->target[i]] = false;
    }
    fn_free(marked);
    return status;
}

fn_status fn_strong_closure(fn_run *run, const fn_view *view, const fn_column *class, fn_table *result,
                            uint64_t *wedges, uint64_t *open_wedges)
{
    fn_csr *both = NULL, *strong = NULL;
    uint32_t *open = NULL;
    fn_column *column;
    *wedges = *open_wedges = 0;
    fn_status status = fn_table_add(run, result, "open_strong", FN_COLUMN_INT, &column);
    if (!status) status = fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &both);
    if (!status) status = strong_partners(run, view, class, &strong);
    if (!status && !(open = fn_alloc(run, strong->arcs, sizeof *open))) status = FN_ENOMEM;
    if (!status) status = count_open(run, both, strong, open);
    for (size_t row = 0; row < view->ties && !status; row++) {
        if (!is_strong(class, row)) continue;
        const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
        size_t there = fn_csr_find(strong, t.from, t.to), back = fn_csr_find(strong, t.to, t.from);
        column->integer[row] = (int64_t) open[there] + open[back];
    }
    /* Each wedge v - u - w stands at both its arcs out of u. */
    for (uint32_t u = 0; u < view->firms && !status; u++) {
        uint64_t partners = fn_csr_degree(strong, u);
        if (partners) *wedges += partners * (partners - 1) / 2;
    }
    for (size_t i = 0; !status && i < strong->arcs; i++) *open_wedges += open[i];
    *open_wedges /= 2;
    fn_free(open);
    fn_csr_free(strong);
    fn_csr_free(both);
    return status;
}
