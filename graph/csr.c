/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/csr_inside.h"
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/ties.h"

fn_status fn_csr_alloc(fn_run *run, uint32_t firms, size_t arcs, fn_csr **made)
{
    fn_csr *c = fn_alloc(run, 1, sizeof *c);
    if (!(*made = c)) return FN_ENOMEM;
    c->firms = firms;
    c->arcs = arcs;
    c->offset = fn_alloc(run, (size_t) firms + 1, sizeof *c->offset);
    c->target = c->own_target = fn_alloc_bare(run, arcs, sizeof *c->own_target);
    c->weight = c->own_weight = fn_alloc_bare(run, arcs, sizeof *c->own_weight);
    return c->offset && c->own_target && c->own_weight ? FN_OK : FN_ENOMEM;
}

/* Rows of those who deliver; the ties stand in that order already. */
static fn_status forward(fn_run *run, const fn_arcs *a, fn_csr **made)
{
    size_t count = 0;
    for (size_t e = 0; e < a->ties; e++) count += fn_arcs_count(a, e);
    fn_status status = fn_csr_alloc(run, a->firms, count, made);
    if (status) return status;
    fn_csr *c = *made;
    size_t at = 0;
    for (size_t e = 0; e < a->ties; e++) {
        if (!fn_arcs_count(a, e)) continue;
        c->offset[a->from[e] + 1]++;
        c->own_target[at] = a->to[e];
        c->own_weight[at++] = a->weight ? a->weight[e] : 1;
    }
    for (uint32_t u = 0; u < a->firms; u++) c->offset[u + 1] += c->offset[u];
    return FN_OK;
}

/* The same without a copy, where every tie counts and none is parallel to another. *made NULL: that is not so. */
static fn_status share(fn_run *run, const fn_arcs *a, fn_csr **made)
{
    *made = NULL;
    if (a->marked || !a->weight) return FN_OK;
    for (size_t e = 0; e < a->ties; e++) {
        if (a->from[e] == a->to[e]) return FN_OK;
        if (e && a->from[e] == a->from[e - 1] && a->to[e] == a->to[e - 1]) return FN_OK;
    }
    fn_csr *c = fn_alloc(run, 1, sizeof *c);
    if (!c) return FN_ENOMEM;
    c->offset = fn_alloc(run, (size_t) a->firms + 1, sizeof *c->offset);
    if (!c->offset) {
        fn_free(c);
        return FN_ENOMEM;
    }
    for (size_t e = 0; e < a->ties; e++) c->offset[a->from[e] + 1]++;
    for (uint32_t u = 0; u < a->firms; u++) c->offset[u + 1] += c->offset[u];
    c->firms = a->firms;
    c->arcs = a->ties;
    c->target = a->to;
    c->weight = a->weight;
    *made = c;
    return FN_OK;
}

static bool has_parallel(fn_run *run, const fn_csr *c)
{
    int threads = fn_run_threads(run), any = 0;
    (void) threads;
#pragma omp parallel for schedule(static) reduction(| : any) num_threads(threads)
    for (uint32_t u = 0; u < c->firms; u++)
        for (size_t i = c->offset[u] + 1; i < c->offset[u + 1]; i++) any |= c->target[i] == c->target[i - 1];
    return any;
}

/* Of neighbours in a row with the same target make one arc. */
static void merge_parallel(fn_csr *c)
{
    size_t kept = 0, begin = 0;
    for (uint32_t u = 0; u < c->firms; u++) {
        size_t row = kept, end = c->offset[u + 1];
        for (size_t i = begin; i < end; i++) {
            if (kept > row && c->own_target[kept - 1] == c->own_target[i]) {
                c->own_weight[kept - 1] += c->own_weight[i];
                continue;
            }
            c->own_target[kept] = c->own_target[i];
            c->own_weight[kept++] = c->own_weight[i];
        }
        begin = end;
        c->offset[u + 1] = kept;
    }
    c->arcs = kept;
}

/* One row of the union; target NULL: only count. Weights are added in the order of the ties: those of the lower firm
 * first, so both rows of a pair have the same sum. */
static size_t unite_row(const fn_csr *out_side, const fn_csr *in_side, uint32_t u, uint32_t *target, double *weight)
{
    size_t i = out_side->offset[u], i_end = out_side->offset[u + 1];
    size_t j = in_side->offset[u], j_end = in_side->offset[u + 1], made = 0;
    while (i < i_end || j < j_end) {
        uint32_t v = i == i_end                                       ? in_side->target[j]
                     : j == j_end                                     ? out_side->target[i]
                     : out_side->target[i] < in_side->target[j]       ? out_side->target[i]
                                                                      : in_side->target[j];
        double sum = 0;
        bool first = true;
        for (int turn = 0; turn < 2; turn++) {
            bool outgoing = (turn == 0) == (u < v);
            const fn_csr *c = outgoing ? out_side : in_side;
            size_t *at = outgoing ? &i : &j, end = outgoing ? i_end : j_end;
            for (; *at < end && c->target[*at] == v; ++*at) {
                sum = first ? c->weight[*at] : sum + c->weight[*at];
                first = false;
            }
        }
        if (target) {
            target[made] = v;
            weight[made] = sum;
        }
        made++;
    }
    return made;
}

static fn_status unite(fn_run *run, const fn_csr *out_side, const fn_csr *in_side, fn_csr **made)
{
    uint32_t firms = out_side->firms;
    int threads = fn_run_threads(run);
    (void) threads;
    size_t *offset = fn_alloc(run, (size_t) firms + 1, sizeof *offset);
    *made = NULL;
    if (!offset) return FN_ENOMEM;
#pragma omp parallel for schedule(dynamic, 4096) num_threads(threads)
    for (uint32_t u = 0; u < firms; u++) offset[u + 1] = unite_row(out_side, in_side, u, NULL, NULL);
    for (uint32_t u = 0; u < firms; u++) offset[u + 1] += offset[u];
    fn_status status = fn_csr_alloc(run, firms, offset[firms], made);
    if (!status) {
        fn_csr *c = *made;
        memcpy(c->offset, offset, ((size_t) firms + 1) * sizeof *offset);
#pragma omp parallel for schedule(dynamic, 4096) num_threads(threads)
        for (uint32_t u = 0; u < firms; u++)
            unite_row(out_side, in_side, u, c->own_target + offset[u], c->own_weight + offset[u]);
    }
    fn_free(offset);
    return status;
}

/* `a` with all ties, both_ways as in the header. */
static fn_status build(fn_run *run, const fn_arcs *a, const bool *both_ways, fn_csr_side side, bool sharing,
                       fn_csr **csr)
{
    fn_arcs other = *a;
    fn_csr *out_side = NULL, *in_side = NULL, *made = NULL;
    fn_status status = FN_OK;
    other.marked = both_ways;
    bool turned = side == FN_CSR_BOTH || both_ways;
    if (side != FN_CSR_IN || turned) {
        const fn_arcs *which = side == FN_CSR_IN ? &other : a;
        if (sharing || turned) status = share(run, which, &out_side);
        if (!status && !out_side) status = forward(run, which, &out_side);
    }
    if (!status && (side != FN_CSR_OUT || turned))
        status = fn_csr_backward(run, side == FN_CSR_OUT ? &other : a, &in_side);
    if (!status && out_side && in_side) {
        status = unite(run, out_side, in_side, &made);
    } else if (!status) {
        made = out_side ? out_side : in_side;
        if (made->own_target && has_parallel(run, made)) merge_parallel(made);
        out_side = in_side = NULL;
    }
    fn_csr_free(out_side);
    fn_csr_free(in_side);
    if (status) fn_csr_free(made);
    *csr = status ? NULL : made;
    return status;
}

fn_status fn_csr_over(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                      const double *weight, fn_csr_side side, fn_csr **csr)
{
    const fn_arcs a = { .firms = firms, .ties = ties, .from = from, .to = to, .weight = weight };
    return build(run, &a, NULL, side, true, csr);
}

static bool is_sorted(size_t ties, const uint32_t *from, const uint32_t *to)
{
    for (size_t e = 1; e < ties; e++)
        if (from[e] < from[e - 1] || (from[e] == from[e - 1] && to[e] < to[e - 1])) return false;
    return true;
}

fn_status fn_csr_build(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                       const double *weight, const bool *both_ways, fn_csr_side side, fn_csr **csr)
{
    fn_arcs a = { .firms = firms, .ties = ties, .from = from, .to = to, .weight = weight };
    *csr = NULL;
    if (is_sorted(ties, from, to)) return build(run, &a, both_ways, side, false, csr);
    double *sorted_weight = weight ? fn_alloc_bare(run, ties, sizeof *weight) : NULL;
    bool *sorted_ways = both_ways ? fn_alloc_bare(run, ties, sizeof *both_ways) : NULL;
    uint32_t *order = fn_alloc_bare(run, ties, sizeof *order);
    fn_ties sorted = { 0 };
    fn_status status = FN_ENOMEM;
    if ((weight && !sorted_weight) || (both_ways && !sorted_ways) || !order) goto done;
    const fn_ties_block block = { .rows = ties, .from = from, .to = to };
    if ((status = fn_ties_add_block(run, &sorted, &block))) goto done;
    if ((status = fn_ties_sort(run, &sorted, firms, order))) goto done;
    for (size_t e = 0; e < ties; e++) {
        if (weight) sorted_weight[e] = weight[order[e]];
        if (both_ways) sorted_ways[e] = both_ways[order[e]];
    }
    a.from = sorted.from;
    a.to = sorted.to;
    a.weight = sorted_weight;
    status = build(run, &a, sorted_ways, side, false, csr);
done:
    fn_ties_free(&sorted);
    fn_free(sorted_weight);
    fn_free(sorted_ways);
    fn_free(order);
    return status;
}

void fn_csr_free(fn_csr *csr)
{
    if (!csr) return;
    fn_free(csr->offset);
    fn_free(csr->own_target);
    fn_free(csr->own_weight);
    fn_free(csr);
}

size_t fn_csr_find(const fn_csr *csr, uint32_t u, uint32_t v)
{
    size_t low = csr->offset[u], high = csr->offset[u + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (csr->target[middle] < v) low = middle + 1;
        else high = middle;
    }
    return low < csr->offset[u + 1] && csr->target[low] == v ? low : FN_NO_ARC;
}

fn_status fn_csr_parts(fn_run *run, const fn_csr *both, uint32_t *part, uint32_t *parts)
{
    uint32_t *queue = fn_alloc(run, both->firms, sizeof *queue);
    if (!queue) return FN_ENOMEM;
    *parts = 0;
    for (uint32_t u = 0; u < both->firms; u++) part[u] = FN_NONE;
    for (uint32_t root = 0; root < both->firms; root++) {
        if (part[root] != FN_NONE) continue;
        uint32_t head = 0, tail = 0;
        part[root] = *parts;
        queue[tail++] = root;
        while (head < tail) {
            uint32_t u = queue[head++];
            for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
                uint32_t v = both->target[i];
                if (part[v] != FN_NONE) continue;
                part[v] = *parts;
                queue[tail++] = v;
            }
        }
        (*parts)++;
    }
    fn_free(queue);
    return FN_OK;
}
