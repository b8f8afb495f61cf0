/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/pendant_trees.h"
#include "graph/memory.h"
#include "graph/net.h"

void fn_pendant_trees_free(fn_pendant_trees *trees)
{
    fn_free(trees->hanging);
    fn_free(trees->is_taken);
    fn_free(trees->starts);
    fn_free(trees->ends);
    fn_free(trees->between);
    *trees = (fn_pendant_trees) { 0 };
}

/* The only partner of u that is left, FN_NONE: there is none; and which arcs there are. */
static fn_hanging hang(const fn_csr *both, const fn_csr *out, const bool *is_taken, uint32_t u)
{
    fn_hanging h = { .firm = u, .partner = FN_NONE };
    for (size_t i = both->offset[u]; i < both->offset[u + 1] && h.partner == FN_NONE; i++)
        if (!is_taken[both->target[i]]) h.partner = both->target[i];
    if (h.partner == FN_NONE) return h;
    h.up = fn_csr_find(out, u, h.partner) != FN_NO_ARC;
    h.down = fn_csr_find(out, h.partner, u) != FN_NO_ARC;
    return h;
}

/* u's tree now hangs on its partner: chains between it and what already hangs there lead through the partner. */
static void take_off(fn_pendant_trees *t, const fn_hanging *h)
{
    uint32_t u = h->firm, v = h->partner;
    if (h->up) t->between[v] += t->starts[u] * (t->ends[v] - 1);
    if (h->down) t->between[v] += (t->starts[v] - 1) * t->ends[u];
    if (h->up) t->starts[v] += t->starts[u];
    if (h->down) t->ends[v] += t->ends[u];
    t->is_taken[u] = true;
    t->hanging[t->taken++] = *h;
}

static fn_status partners(fn_run *run, const fn_csr *out, fn_csr **both)
{
    uint32_t *from = fn_alloc_bare(run, out->arcs, sizeof *from);
    if (!from) return FN_ENOMEM;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) from[i] = u;
    fn_status status = fn_csr_over(run, out->firms, out->arcs, from, out->target, NULL, FN_CSR_BOTH, both);
    fn_free(from);
    return status;
}

fn_status fn_pendant_trees_find(fn_run *run, const fn_csr *out, fn_pendant_trees *t)
{
    uint32_t firms = out->firms, waiting = 0;
    fn_csr *both = NULL;
    uint32_t *left = fn_alloc(run, firms, sizeof *left), *queue = fn_alloc(run, firms, sizeof *queue);
    *t = (fn_pendant_trees) {
        .firms = firms, .hanging = fn_alloc(run, firms, sizeof *t->hanging),
        .is_taken = fn_alloc(run, firms, sizeof *t->is_taken), .starts = fn_alloc(run, firms, sizeof *t->starts),
        .ends = fn_alloc(run, firms, sizeof *t->ends), .between = fn_alloc(run, firms, sizeof *t->between)
    };
    bool all = left && queue && t->hanging && t->is_taken && t->starts && t->ends && t->between;
    fn_status status = all ? partners(run, out, &both) : FN_ENOMEM;
    if (status) goto done;
    for (uint32_t u = 0; u < firms; u++) {
        t->starts[u] = t->ends[u] = 1;
        if ((left[u] = fn_csr_degree(both, u)) == 1) queue[waiting++] = u;
    }
    for (uint32_t at = 0; at < waiting; at++) {
        fn_hanging h = hang(both, out, t->is_taken, queue[at]);
        if (h.partner == FN_NONE) continue; /* the last of its tree */
        take_off(t, &h);
        if (--left[h.partner] == 1) queue[waiting++] = h.partner;
    }
done:
    fn_csr_free(both);
    fn_free(left);
    fn_free(queue);
    if (status) fn_pendant_trees_free(t);
    return status;
}

void fn_pendant_trees_add(const fn_pendant_trees *t, double *arrivals, double *reach, double *score)
{
    /* Last taken off first: how many firms there are beyond the partner is then known. */
    for (uint32_t at = t->taken; at-- > 0;) {
        const fn_hanging *h = &t->hanging[at];
        uint32_t u = h->firm, v = h->partner;
        reach[u] = h->up ? t->ends[v] - (h->down ? t->ends[u] : 0) + reach[v] : 0;
        arrivals[u] = h->down ? t->starts[v] - (h->up ? t->starts[u] : 0) + arrivals[v] : 0;
    }
    for (uint32_t u = 0; u < t->firms; u++)
        score[u] += t->between[u] + (t->starts[u] - 1) * reach[u] + (t->ends[u] - 1) * arrivals[u];
}
