/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/betweenness_bound.h"
#include "algorithms/betweenness_inside.h"
#include "algorithms/chain_draw.h"
#include "graph/memory.h"
#include "graph/random.h"
#ifdef _OPENMP
#include <omp.h>
#endif

/* Betweenness from chains drawn at random: the share of them that lead through a firm, times the number of pairs. A
 * pair is a firm with arcs out and one with arcs in, of the same part; a pair without a chain counts as drawn, too.
 * A first FN_BOUND_PILOT chains show who lies between much; they say how many are needed (betweenness_bound.h) and are
 * then forgotten. The chain of a number depends on the seed and that number alone, and chains are counted. */
enum { ROUND = 512, STREAM_PILOT = 0x62700000 };
#define STREAM_CHAINS (UINT64_C(1) << 40)

typedef struct pair_list {
    uint32_t *source;      /* places with arcs out */
    uint64_t *before;      /* pairs of the sources before it; one more place: all */
    uint32_t *first;       /* in `target`: the first of its part */
    uint32_t *target;      /* places with arcs in, ascending, so that those of a part are consecutive */
    uint32_t sources;
} pair_list;

typedef struct plan {
    fn_search_net *net;
    pair_list pairs;
    fn_chain_work **work;  /* one a thread */
    int threads;
    uint32_t *count;       /* of each place */
} plan;

static void plan_free(plan *p)
{
    fn_search_net_free(p->net);
    fn_free(p->pairs.source);
    fn_free(p->pairs.before);
    fn_free(p->pairs.first);
    fn_free(p->pairs.target);
    for (int t = 0; p->work && t < p->threads; t++) fn_chain_work_free(p->work[t]);
    fn_free(p->work);
    fn_free(p->count);
}

static fn_status find_pairs(fn_run *run, const fn_search_net *net, pair_list *pairs)
{
    pairs->source = fn_alloc(run, net->places, sizeof *pairs->source);
    pairs->before = fn_alloc(run, (size_t) net->places + 1, sizeof *pairs->before);
    pairs->first = fn_alloc(run, net->places, sizeof *pairs->first);
    pairs->target = fn_alloc(run, net->places, sizeof *pairs->target);
    if (!pairs->source || !pairs->before || !pairs->first || !pairs->target) return FN_ENOMEM;
    uint32_t targets = 0;
    for (uint32_t first = 0; first < net->places; first = net->part_end[first]) {
        uint32_t begin = targets;
        for (uint32_t p = first; p < net->part_end[first]; p++)
            if (net->in_start[p + 1] > net->in_start[p]) pairs->target[targets++] = p;
        for (uint32_t p = first; p < net->part_end[first]; p++) {
            if (net->out_start[p + 1] == net->out_start[p]) continue;
            uint32_t at = pairs->sources++;
            pairs->source[at] = p;
            pairs->first[at] = begin;
            pairs->before[at + 1] = pairs->before[at] + targets - begin;
        }
    }
    return FN_OK;
}

static fn_status plan_make(fn_run *run, const fn_csr *out, const fn_lengths *lengths, plan *p)
{
    fn_status status = fn_search_net_new(run, out, NULL, lengths, &p->net);
    if (!status) status = find_pairs(run, p->net, &p->pairs);
    if (status) return status;
    p->threads = fn_run_threads(run);
    fn_search_net_sort(p->net, p->threads);
    p->work = fn_alloc(run, (size_t) p->threads, sizeof(fn_chain_work *));
    p->count = fn_alloc(run, p->net->places, sizeof *p->count);
    if (!p->work || !p->count) return FN_ENOMEM;
    for (int t = 0; !status && t < p->threads; t++) status = fn_chain_work_new(run, p->net, &p->work[t]);
    return status;
}

static void draw_one(const plan *p, uint64_t seed, uint64_t stream, fn_chain_work *work)
{
    const pair_list *pairs = &p->pairs;
    uint64_t pair = fn_random_below(seed, stream, 0, pairs->before[pairs->sources]);
    uint32_t low = 0, high = pairs->sources;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (pairs->before[middle] <= pair) low = middle;
        else high = middle;
    }
    uint32_t target = pairs->target[pairs->first[low] + (pair - pairs->before[low])];
    fn_chain_draw(work, pairs->source[low], target, seed, stream, p->count);
}

/* Chains number first … end - 1 of a stream. */
static fn_status draw(fn_run *run, const plan *p, uint64_t stream, uint64_t first, uint64_t end, uint64_t expected)
{
    for (uint64_t done = first; done < end; done += ROUND) {
        fn_status status = fn_progress(run, "betweenness", (double) done / (double) (end > expected ? end : expected));
        if (status) return status;
        uint64_t round_end = end - done < ROUND ? end : done + ROUND;
#ifdef _OPENMP
#pragma omp parallel for num_threads(p->threads) schedule(dynamic, 8) if (p->threads > 1)
        for (uint64_t i = done; i < round_end; i++)
            draw_one(p, run->seed, stream + i, p->work[omp_get_thread_num()]);
#else
        for (uint64_t i = done; i < round_end; i++) draw_one(p, run->seed, stream + i, p->work[0]);
#endif
    }
    return FN_OK;
}

/* Draws until the bound is kept; *drawn: how many chains that took. */
static fn_status draw_enough(fn_run *run, const plan *p, double error, double delta, uint64_t *drawn)
{
    fn_bound bound = { 0 };
    uint32_t places = p->net->places;
    fn_status status = draw(run, p, STREAM_PILOT, 0, FN_BOUND_PILOT, FN_BOUND_PILOT);
    if (!status) status = fn_bound_plan(run, p->count, places, error, delta, &bound);
    if (!status) memset(p->count, 0, places * sizeof *p->count);
    for (int check = 0; !status && check < FN_BOUND_CHECKS; check++) {
        uint64_t next = fn_bound_chains(&bound, check);
        status = draw(run, p, STREAM_CHAINS, *drawn, next, next);
        if (!status) *drawn = next;
        if (!status && fn_bound_kept(&bound, p->count, *drawn)) break;
    }
    fn_bound_free(&bound);
    return status;
}

fn_status fn_betweenness_draw(fn_run *run, const fn_csr *out, const fn_lengths *lengths, double epsilon, double delta,
                              double *score, fn_betweenness_how *how)
{
    plan p = { 0 };
    how->way = FN_BETWEENNESS_PATHS;
    how->error = epsilon;
    for (uint32_t u = 0; u < out->firms; u++) score[u] = 0;
    fn_status status = plan_make(run, out, lengths, &p);
    uint64_t all = status ? 0 : p.pairs.before[p.pairs.sources];
    if (all > 0) {
        /* The fewer pairs there are, the larger a share of them may be off. */
        double error = epsilon * out->firms * (out->firms - 1.0) / (double) all;
        status = draw_enough(run, &p, error, delta, &how->paths);
        for (uint32_t at = 0; !status && at < p.net->places; at++)
            score[p.net->firm[at]] = (double) p.count[at] / (double) how->paths * (double) all;
    }
    if (!status)
        fn_note(run, "betweenness is estimated from %llu chains drawn at random: with a chance of %g no firm's is off "
                "by more than %g of all pairs of firms (exact: --exact-limit)", (unsigned long long) how->paths,
                1 - delta, epsilon);
    plan_free(&p);
    return status;
}
