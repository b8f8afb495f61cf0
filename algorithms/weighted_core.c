/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "algorithms/even_layers.h"
#include "graph/memory.h"

/* Firms by what is left of their strength, the least on top; of equals the lower number. */
typedef struct heap {
    uint32_t *firm, *place, count;
    int64_t *strength;
} heap;

static bool is_less(const heap *h, uint32_t a, uint32_t b)
{
    return h->strength[a] != h->strength[b] ? h->strength[a] < h->strength[b] : a < b;
}

static void put(heap *h, uint32_t at, uint32_t firm)
{
    h->firm[at] = firm;
    h->place[firm] = at;
}

static void rise(heap *h, uint32_t at)
{
    uint32_t firm = h->firm[at];
    for (; at > 0 && is_less(h, firm, h->firm[(at - 1) / 2]); at = (at - 1) / 2) put(h, at, h->firm[(at - 1) / 2]);
    put(h, at, firm);
}

static void sink(heap *h, uint32_t at)
{
    uint32_t firm = h->firm[at];
    for (;;) {
        size_t child = 2 * (size_t) at + 1;
        if (child >= h->count) break;
        if (child + 1 < h->count && is_less(h, h->firm[child + 1], h->firm[child])) child++;
        if (!is_less(h, h->firm[child], firm)) break;
        put(h, at, h->firm[child]);
        at = (uint32_t) child;
    }
    put(h, at, firm);
}

static uint32_t take_least(heap *h)
{
    uint32_t least = h->firm[0];
    h->count--;
    if (h->count > 0) {
        put(h, 0, h->firm[h->count]);
        sink(h, 0);
    }
    h->place[least] = UINT32_MAX;
    return least;
}

/* Weights as whole numbers whose sum stays below 2^61: sums of them are exact, in whatever order firms leave. */
static int find_exponent(const fn_csr *both)
{
    double largest = 0;
    int exponent, arcs;
    for (size_t i = 0; i < both->arcs; i++) largest = fmax(largest, both->weight[i]);
    if (!(largest > 0)) return 0;
    frexp(largest, &exponent);
    frexp((double) both->arcs, &arcs);
    return 61 - exponent - arcs;
}

static void peel(const fn_csr *both, const int64_t *units, heap *h, int64_t *core)
{
    int64_t level = 0;
    while (h->count > 0) {
        uint32_t u = take_least(h);
        if (h->strength[u] > level) level = h->strength[u];
        core[u] = level;
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
            uint32_t v = both->target[i];
            if (h->place[v] == UINT32_MAX) continue;
            h->strength[v] -= units[i];
            rise(h, h->place[v]);
        }
    }
}

fn_status fn_weighted_core(fn_run *run, const fn_csr *both, double *core)
{
    uint32_t firms = both->firms;
    int exponent = find_exponent(both);
    heap h = {
        .firm = fn_alloc(run, firms, sizeof *h.firm), .place = fn_alloc(run, firms, sizeof *h.place),
        .strength = fn_alloc(run, firms, sizeof *h.strength)
    };
    int64_t *units = fn_alloc_bare(run, both->arcs, sizeof *units), *level = fn_alloc(run, firms, sizeof *level);
    bool is_whole = h.firm && h.place && h.strength && units && level;
    fn_status status = is_whole ? fn_progress(run, "weighted core", -1) : FN_ENOMEM;
    if (!status) {
        for (uint32_t u = 0; u < firms; u++) {
            for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++)
                h.strength[u] += units[i] = (int64_t) llrint(ldexp(both->weight[i], exponent));
            put(&h, h.count++, u);
        }
        for (uint32_t k = firms / 2; k-- > 0;) sink(&h, k);
        peel(both, units, &h, level);
        for (uint32_t u = 0; u < firms; u++) core[u] = ldexp((double) level[u], -exponent);
    }
    fn_free(h.firm);
    fn_free(h.place);
    fn_free(h.strength);
    fn_free(units);
    fn_free(level);
    return status;
}

static fn_status run_weighted_core(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *both = NULL;
    fn_column *column;
    (void) values;
    fn_status status = fn_even_layers_both(run, view, &both);
    if (!status) status = fn_table_add(run, result, "weighted_core", FN_COLUMN_REAL, &column);
    if (!status) status = fn_weighted_core(run, both, column->real);
    fn_csr_free(both);
    return status;
}

const fn_algorithm fn_algorithm_weighted_core = {
    .name = "weighted-core", .group = FN_GROUP_CENTRALITY,
    .text = "largest s such that the firm is in a group where all have ties of weight s to the group",
    .gives = "weighted_core", .source = "Eidsvik and Zlatic 2013", .on_request = true, .run = run_weighted_core
};
