/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "bench/ours.h"
#include "io/format.h"

/* What tasks begin with. */

fn_run ours_run(const bench_call *call)
{
    fn_run run = FN_RUN_INIT;
    run.threads = call->threads;
    return run;
}

void ours_must(const fn_run *run, fn_status status)
{
    if (status) bench_stop("%s%s%s", run->error.file, *run->error.file ? ": " : "", run->error.message);
}

fn_net *ours_net(const bench_call *call, fn_run *run)
{
    fn_net *net;
    ours_must(run, fn_read(run, &call->input, 1, NULL, &net, NULL, NULL));
    return net;
}

fn_view *ours_view(fn_run *run, const fn_net *net)
{
    fn_view_options all = FN_VIEW_ALL;
    fn_view *view;
    ours_must(run, fn_view_new(run, net, &all, &view));
    return view;
}

fn_csr *ours_csr(fn_run *run, const fn_view *view, fn_csr_side side)
{
    fn_csr *csr;
    ours_must(run, fn_view_csr(run, view, -1, side, false, &csr));
    return csr;
}

ours_measured ours_measure(const bench_call *call, fn_group group, const char *name, const ours_setting *settings)
{
    const fn_algorithm *algorithm = fn_algorithm_find(group, name);
    if (!algorithm) bench_stop("there is no measure %s", name);
    const fn_param *const params[] = { algorithm->params, NULL };
    ours_measured m = { .run = ours_run(call) };
    fn_values *values;
    ours_must(&m.run, fn_values_new(&m.run, params, &values));
    for (; settings && settings->name; settings++)
        ours_must(&m.run, fn_values_set(&m.run, values, settings->name, settings->value));
    m.net = ours_net(call, &m.run);
    m.view = ours_view(&m.run, m.net);
    m.run.seed = (uint64_t) call->repeat;
    bench_cost start = bench_now();
    ours_must(&m.run, fn_table_new(&m.run, group == FN_GROUP_TIES ? m.view->ties : m.view->firms, &m.table));
    ours_must(&m.run, algorithm->run(&m.run, m.view, values, m.table));
    m.cost = bench_since(start);
    fn_values_free(values);
    return m;
}

void ours_measured_free(ours_measured *m)
{
    fn_table_free(m->table);
    fn_view_free(m->view);
    fn_net_free(m->net);
}
