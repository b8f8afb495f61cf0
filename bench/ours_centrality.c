/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "bench/ours.h"

/* Measures of firms that take all shortest chains: TASK INPUT [WHAT IGRAPH SAYS]. */

static ours_measured measure(const bench_call *call, const char *name, const ours_setting *settings)
{
    return ours_measure(call, FN_GROUP_CENTRALITY, name, settings);
}

static const double *column_of(const ours_measured *m, const char *name)
{
    return fn_table_find(m->table, name)->real;
}

/* All columns of it beside igraph's. */
static void exact(bench_call *call, const char *name, const ours_setting *settings, const char *const *column,
                  size_t columns)
{
    const double *score[4];
    if (!call->rest[1]) bench_stop("%s: what igraph says is needed, too", call->task);
    ours_measured m = measure(call, name, settings);
    for (size_t k = 0; k < columns; k++) score[k] = column_of(&m, column[k]);
    double off = oracle_exact(call, call->rest[1], score, columns, m.view->firms);
    bench_print(call, call->name, m.cost, "off=%.2g firms=%u ties=%zu", off, m.view->firms, m.view->ties);
    ours_measured_free(&m);
}

void ours_betweenness(bench_call *call)
{
    static const ours_setting steps[] = { { "exact-limit", "4294967295" }, { NULL, NULL } };
    exact(call, "betweenness", steps, (const char *const[]) { "betweenness" }, 1);
}

/* --length inverse */
void ours_betweenness_lengths(bench_call *call)
{
    static const ours_setting lengths[] = { { "length", "inverse" }, { "exact-limit", "4294967295" }, { NULL, NULL } };
    exact(call, "betweenness", lengths, (const char *const[]) { "betweenness" }, 1);
}

void ours_closeness(bench_call *call)
{
    static const ours_setting all[] = { { "closeness-limit", "4294967295" }, { NULL, NULL } };
    static const char *const columns[] = { "closeness_in", "closeness_out", "harmonic_in", "harmonic_out" };
    exact(call, "closeness", all, columns, 4);
}

/* With the promise that is the default; the repeat is the seed. */
static void drawn(bench_call *call, bool by_lengths)
{
    const ours_setting settings[] = {
        { "exact-limit", "0" }, { "epsilon", "0.01" }, { "delta", "0.1" },
        { "length", by_lengths ? "inverse" : "hops" }, { NULL, NULL }
    };
    ours_measured m = measure(call, "betweenness", settings);
    fn_csr *out = ours_csr(&m.run, m.view, FN_CSR_OUT);
    double apart = oracle_drawn(call, out, by_lengths, 0.01, column_of(&m, "betweenness"));
    bench_print(call, call->name, m.cost, "apart=%.2g firms=%u", apart, m.view->firms);
    fn_csr_free(out);
    ours_measured_free(&m);
}

void ours_betweenness_drawn(bench_call *call)
{
    drawn(call, false);
}

void ours_betweenness_drawn_lengths(bench_call *call)
{
    drawn(call, true);
}
