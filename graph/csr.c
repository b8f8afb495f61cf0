/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/csr.h"
#include "graph/memory.h"
#include "graph/names.h"

typedef struct arcs {
    size_t count;
    uint32_t *from, *to;
    double *weight;
} arcs;

static void arcs_free(arcs *a)
{
    fn_free(a->from);
    fn_free(a->to);
    fn_free(a->weight);
}

static fn_status arcs_alloc(fn_run *run, size_t count, arcs *a)
{
    *a = (arcs) { .count = count };
    a->from = fn_alloc(run, count, sizeof *a->from);
    a->to = fn_alloc(run, count, sizeof *a->to);
    a->weight = fn_alloc(run, count, sizeof *a->weight);
    if (a->from && a->to && a->weight) return FN_OK;
    arcs_free(a);
    *a = (arcs) { 0 };
    return FN_ENOMEM;
}

/* Ties to arcs in the wanted direction, self ties left out. */
static fn_status list_arcs(fn_run *run, size_t ties, const uint32_t *from, const uint32_t *to, const double *weight,
                           const bool *both_ways, fn_csr_side side, arcs *a)
{
    size_t count = 0;
    for (size_t e = 0; e < ties; e++)
        if (from[e] != to[e]) count += side == FN_CSR_BOTH || (both_ways && both_ways[e]) ? 2 : 1;
    if (arcs_alloc(run, count, a)) return FN_ENOMEM;
    size_t at = 0;
    for (size_t e = 0; e < ties; e++) {
        if (from[e] == to[e]) continue;
        bool two = side == FN_CSR_BOTH || (both_ways && both_ways[e]);
        double w = weight ? weight[e] : 1;
        if (two || side == FN_CSR_OUT) {
            a->from[at] = from[e], a->to[at] = to[e], a->weight[at] = w;
            at++;
        }
        if (two || side == FN_CSR_IN) {
            a->from[at] = to[e], a->to[at] = from[e], a->weight[at] = w;
            at++;
        }
    }
    return FN_OK;
}

/* One stable counting sort by `key` (an array of `in`) into `out`. */
static void sort_pass(uint32_t firms, const arcs *in, const uint32_t *key, size_t *start, arcs *out)
{
    memset(start, 0, ((size_t) firms + 1) * sizeof *start);
    for (size_t i = 0; i < in->count; i++) start[key[i] + 1]++;
    for (uint32_t u = 0; u < firms; u++) start[u + 1] += start[u];
    for (size_t i = 0; i < in->count; i++) {
        size_t at = start[key[i]]++;
        out->from[at] = in->from[i];
        out->to[at] = in->to[i];
        out->weight[at] = in->weight[i];
    }
}

fn_status fn_csr_build(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                       const double *weight, const bool *both_ways, fn_csr_side side, fn_csr **csr)
{
    *csr = NULL;
    arcs a = { 0 }, b = { 0 };
    fn_csr *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    fn_status status = FN_ENOMEM;
    made->offset = fn_alloc(run, (size_t) firms + 1, sizeof *made->offset);
    if (!made->offset) goto done;
    if ((status = list_arcs(run, ties, from, to, weight, both_ways, side, &a))) goto done;
    if ((status = arcs_alloc(run, a.count, &b))) goto done;

    /* By target, then stably by source: rows ascend, parallel arcs stay in tie order. */
    sort_pass(firms, &a, a.to, made->offset, &b);
    sort_pass(firms, &b, b.from, made->offset, &a);

    /* Merge parallel arcs in place and write the row starts. */
    size_t kept = 0, i = 0;
    for (uint32_t u = 0; u < firms; u++) {
        made->offset[u] = kept;
        size_t row = kept;
        for (; i < a.count && a.from[i] == u; i++) {
            if (kept > row && a.to[kept - 1] == a.to[i]) {
                a.weight[kept - 1] += a.weight[i];
                continue;
            }
            a.to[kept] = a.to[i];
            a.weight[kept] = a.weight[i];
            kept++;
        }
    }
    made->offset[firms] = kept;
    made->firms = firms;
    made->arcs = kept;
    made->target = a.to;
    made->weight = a.weight;
    a.to = NULL;
    a.weight = NULL;
    *csr = made;
    made = NULL;
    status = FN_OK;
done:
    arcs_free(&a);
    arcs_free(&b);
    fn_csr_free(made);
    return status;
}

void fn_csr_free(fn_csr *csr)
{
    if (!csr) return;
    fn_free(csr->offset);
    fn_free(csr->target);
    fn_free(csr->weight);
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
