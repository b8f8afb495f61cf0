/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/betweenness_inside.h"
#include "algorithms/pendant_trees.h"
#include "graph/memory.h"
#ifdef _OPENMP
#include <omp.h>
#endif

/* Batches of searches are dealt to this many groups whatever the number of threads; each group adds up by itself, in
 * order, and the groups are added in order: always the same bits. Searches are made in rounds of about ROUND_STEPS arcs
 * a group, so that cancelling is quick. */
enum { GROUPS = 16, ROUND_STEPS = 1 << 22 };

typedef struct thread_work {
    fn_lane_work lanes;       /* where arcs are steps … */
    fn_length_work *lengths;  /* … or have lengths */
    fn_plain_work *plain;
} thread_work;

typedef struct plan {
    fn_core core;
    fn_lanes_search *search;
    uint32_t batches, round;   /* round: batches of one group in one round */
    thread_work *work;
    int threads;
    double *sum;               /* one row of places a group */
} plan;

static void plan_free(plan *p)
{
    fn_search_net_free(p->core.net);
    fn_free(p->core.starts);
    fn_free(p->core.ends);
    fn_free(p->core.reach);
    fn_free(p->core.arrivals);
    fn_free(p->core.source);
    fn_free(p->core.longer);
    for (int t = 0; p->work && t < p->threads; t++) {
        fn_lane_work_free(&p->work[t].lanes);
        fn_length_work_free(p->work[t].lengths);
        fn_plain_work_free(p->work[t].plain);
    }
    fn_free(p->work);
    fn_free(p->sum);
}

/* The core, its firms counting for what hangs on them. */
static fn_status make_core(fn_run *run, const fn_csr *out, const fn_lengths *lengths, const fn_pendant_trees *trees,
                           fn_core *core)
{
    fn_status status = fn_search_net_new(run, out, trees->is_taken, lengths, &core->net);
    if (status) return status;
    uint32_t places = core->net->places;
    core->starts = fn_alloc(run, places, sizeof *core->starts);
    core->ends = fn_alloc(run, places, sizeof *core->ends);
    core->reach = fn_alloc(run, places, sizeof *core->reach);
    core->arrivals = fn_alloc(run, places, sizeof *core->arrivals);
    core->source = fn_alloc(run, places, sizeof *core->source);
    if (!core->starts || !core->ends || !core->reach || !core->arrivals || !core->source) return FN_ENOMEM;
    for (uint32_t p = 0; p < places; p++) {
        core->starts[p] = trees->starts ? trees->starts[core->net->firm[p]] : 1;
        core->ends[p] = trees->ends ? trees->ends[core->net->firm[p]] : 1;
    }
    return FN_OK;
}

/* The places to search from: those with arcs out, of the chosen firms if there are any. */
static fn_status choose_places(fn_run *run, uint32_t firms, const uint32_t *chosen, uint32_t count, fn_core *core)
{
    bool *is_chosen = chosen ? fn_alloc(run, firms, sizeof *is_chosen) : NULL;
    if (chosen && !is_chosen) return FN_ENOMEM;
    for (uint32_t i = 0; chosen && i < count; i++) is_chosen[chosen[i]] = true;
    const fn_search_net *net = core->net;
    for (uint32_t p = 0; p < net->places; p++)
        if (net->out_start[p + 1] > net->out_start[p] && (!chosen || is_chosen[net->firm[p]]))
            core->source[core->sources++] = p;
    fn_free(is_chosen);
    if (!net->out_length.real) return FN_OK;
    core->longer = fn_alloc(run, net->arcs, sizeof *core->longer);
    return core->longer ? FN_OK : FN_ENOMEM;
}

static fn_status make_work(fn_run *run, plan *p)
{
    const fn_search_net *net = p->core.net;
    p->threads = fn_run_threads(run) < GROUPS ? fn_run_threads(run) : GROUPS;
    p->search = net->out_length.real ? NULL : fn_lanes_best();
    p->batches = (p->core.sources + FN_LANES - 1) / FN_LANES;
    p->round = 1 + (uint32_t) (ROUND_STEPS / (FN_LANES * (1 + net->places + net->arcs)));
    p->work = fn_alloc(run, (size_t) p->threads, sizeof *p->work);
    p->sum = fn_alloc(run, (size_t) GROUPS * net->places, sizeof *p->sum);
    if (!p->work || !p->sum) return FN_ENOMEM;
    fn_status status = FN_OK;
    for (int t = 0; !status && t < p->threads; t++) {
        if (p->search) status = fn_lane_work_alloc(run, net->places, &p->work[t].lanes);
        else status = fn_length_work_new(run, net, &p->work[t].lengths);
        if (!status) status = fn_plain_work_new(run, net, &p->work[t].plain);
    }
    return status;
}

/* Batches of a group are group, group + GROUPS, … */
static void search_group(const plan *p, uint32_t group, uint32_t first, uint32_t end, thread_work *work)
{
    double *sum = p->sum + (size_t) group * p->core.net->places;
    for (uint32_t k = first; k < end; k++) {
        uint64_t at = ((uint64_t) k * GROUPS + group) * FN_LANES;
        if (at >= p->core.sources) return;
        const uint32_t *source = p->core.source + at;
        int count = p->core.sources - at < FN_LANES ? (int) (p->core.sources - at) : FN_LANES;
        uint32_t left = (1U << count) - 1;
        if (!p->search) left = fn_lengths_search(&p->core, source, count, work->lengths, sum);
        else if (p->search(&p->core, source, count, &work->lanes, sum)) left = 0;
        for (int i = 0; i < count; i++)
            if (left >> i & 1) fn_plain_search(&p->core, source[i], work->plain, sum);
    }
}

/* Where arcs can turn out to be on no shortest way, the first rounds are short: the others have fewer arcs then. */
static fn_status search_all(fn_run *run, const plan *p)
{
    uint32_t all = (p->batches + GROUPS - 1) / GROUPS, round = p->core.longer ? 1 : p->round, end;
    for (uint32_t first = 0; first < all; first = end) {
        fn_status status = fn_progress(run, "betweenness", (double) first / all);
        if (status) return status;
        end = all - first > round ? first + round : all;
#ifdef _OPENMP
#pragma omp parallel for num_threads(p->threads) schedule(dynamic, 1) if (p->threads > 1)
        for (uint32_t group = 0; group < GROUPS; group++)
            search_group(p, group, first, end, &p->work[omp_get_thread_num()]);
#else
        for (uint32_t group = 0; group < GROUPS; group++) search_group(p, group, first, end, p->work);
#endif
        if (p->core.longer) fn_lengths_drop_longer(&p->core);
        round = 2 * round < p->round ? 2 * round : p->round;
    }
    return FN_OK;
}

static fn_status add_trees(fn_run *run, const fn_pendant_trees *trees, const fn_core *core, double *score)
{
    double *arrivals = fn_alloc(run, trees->firms, sizeof *arrivals);
    double *reach = fn_alloc(run, trees->firms, sizeof *reach);
    fn_status status = arrivals && reach ? FN_OK : FN_ENOMEM;
    for (uint32_t p = 0; !status && p < core->net->places; p++) {
        arrivals[core->net->firm[p]] = (double) core->arrivals[p];
        reach[core->net->firm[p]] = core->reach[p];
    }
    if (!status) fn_pendant_trees_add(trees, arrivals, reach, score);
    fn_free(arrivals);
    fn_free(reach);
    return status;
}

fn_status fn_betweenness_add_up(fn_run *run, const fn_csr *out, const fn_lengths *lengths, const uint32_t *source,
                                uint32_t sources, double *score, uint32_t *searches)
{
    fn_pendant_trees trees = { 0 };
    plan p = { 0 };
    fn_status status = source ? FN_OK : fn_pendant_trees_find(run, out, &trees);
    if (!status) status = make_core(run, out, lengths, &trees, &p.core);
    if (!status) status = choose_places(run, out->firms, source, sources, &p.core);
    if (!status) status = make_work(run, &p);
    if (!status) status = search_all(run, &p);
    if (status) goto done;
    const fn_search_net *net = p.core.net;
    for (uint32_t u = 0; u < out->firms; u++) score[u] = 0;
    for (uint32_t at = 0; at < net->places; at++)
        for (size_t g = 0; g < GROUPS; g++) score[net->firm[at]] += p.sum[g * net->places + at];
    if (!source) status = add_trees(run, &trees, &p.core, score);
    *searches = p.core.sources;
done:
    plan_free(&p);
    fn_pendant_trees_free(&trees);
    return status;
}
