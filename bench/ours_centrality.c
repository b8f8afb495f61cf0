/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"
#include "bench/ours.h"

/* Measures of firms that take all shortest chains, found by the row in the table of algorithms, as the program does.
 * Timed is all from the network in memory to the columns of a table. */

typedef struct measured {
    fn_run run;
    fn_net *net;
    fn_view *view;
    fn_table *table;
    bench_cost cost;
} measured;

typedef struct setting {
    const char *name, *value;
} setting;

static measured measure(const bench_call *call, const char *name, const setting *settings)
{
    const fn_algorithm *algorithm = fn_algorithm_find(FN_GROUP_CENTRALITY, name);
    const fn_param *const params[] = { algorithm->params, NULL };
    measured m = { .run = ours_run(call) };
    fn_values *values;
    ours_must(&m.run, fn_values_new(&m.run, params, &values));
    for (; settings && settings->name; settings++)
        ours_must(&m.run, fn_values_set(&m.run, values, settings->name, settings->value));
    m.net = ours_net(call, &m.run);
    m.view = ours_view(&m.run, m.net);
    m.run.seed = (uint64_t) call->repeat;
    bench_cost start = bench_now();
    ours_must(&m.run, fn_table_new(&m.run, m.view->firms, &m.table));
    ours_must(&m.run, algorithm->run(&m.run, m.view, values, m.table));
    m.cost = bench_since(start);
    fn_values_free(values);
    return m;
}

static void end(measured *m)
{
    fn_table_free(m->table);
    fn_view_free(m->view);
    fn_net_free(m->net);
}

static const double *column_of(const measured *m, const char *name)
{
    return fn_table_find(m->table, name)->real;
}

/* All columns of it beside igraph's. */
static void exact(bench_call *call, const char *name, const setting *settings, const char *const *column,
                  size_t columns)
{
    const double *score[4];
    if (!call->rest[1]) bench_stop("%s: what igraph says is needed, too", call->task);
    measured m = measure(call, name, settings);
    for (size_t k = 0; k < columns; k++) score[k] = column_of(&m, column[k]);
    double off = oracle_exact(call, call->rest[1], score, columns, m.view->firms);
    bench_print(call, call->name, m.cost, "off=%.2g firms=%u ties=%zu", off, m.view->firms, m.view->ties);
    end(&m);
}

void ours_betweenness(bench_call *call)
{
    static const setting steps[] = { { "exact-limit", "4294967295" }, { NULL, NULL } };
    exact(call, "betweenness", steps, (const char *const[]) { "betweenness" }, 1);
}

/* --length inverse */
void ours_betweenness_lengths(bench_call *call)
{
    static const setting lengths[] = { { "length", "inverse" }, { "exact-limit", "4294967295" }, { NULL, NULL } };
    exact(call, "betweenness", lengths, (const char *const[]) { "betweenness" }, 1);
}

void ours_closeness(bench_call *call)
{
    static const setting all[] = { { "closeness-limit", "4294967295" }, { NULL, NULL } };
    static const char *const columns[] = { "closeness_in", "closeness_out", "harmonic_in", "harmonic_out" };
    exact(call, "closeness", all, columns, 4);
}

/* With the promise that is the default; the repeat is the seed. */
static void drawn(bench_call *call, bool by_lengths)
{
    const setting settings[] = {
        { "exact-limit", "0" }, { "epsilon", "0.01" }, { "delta", "0.1" }, { "length", by_lengths ? "inverse" : "hops" },
        { NULL, NULL }
    };
    measured m = measure(call, "betweenness", settings);
    fn_csr *out = ours_csr(&m.run, m.view, FN_CSR_OUT);
    double apart = oracle_drawn(call, out, by_lengths, 0.01, column_of(&m, "betweenness"));
    bench_print(call, call->name, m.cost, "apart=%.2g firms=%u", apart, m.view->firms);
    fn_csr_free(out);
    end(&m);
}

void ours_betweenness_drawn(bench_call *call)
{
    drawn(call, false);
}

void ours_betweenness_drawn_lengths(bench_call *call)
{
    drawn(call, true);
}
