/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "graph/csr_inside.h"
#include "graph/memory.h"

/* A stable counting sort by receiver in two phases, so that writes stay in the cache:
 *   deal   arcs out to buckets of neighbouring firms; every part of the ties has places of its own in each bucket
 *   order  each bucket by receiver
 * in rounds over a share of the buckets, because what a dealt arc still has to know of its receiver takes memory. The
 * outcome is the same for any number of parts and rounds. */

enum { BUCKET_ARCS = 1 << 14, BUCKETS_MOST = 512, LOW_BITS = 16, PARTS_MOST = 64, ROUNDS = 6 };

/* What one thread needs to order a bucket. */
typedef struct bench {
    uint32_t *count, *target;
    double *weight;
} bench;

typedef struct deal {
    const fn_arcs *arcs;
    fn_csr *csr;
    unsigned shift;
    uint32_t buckets;
    size_t parts, part;     /* part: ties of one */
    size_t *place;          /* of the next arc of each part in each bucket */
    size_t *start;          /* of each bucket, and behind the last */
    uint16_t *low;          /* of the receivers of this round's arcs */
    int threads;
    bench *bench;
} deal;

static void plan(fn_run *run, const fn_arcs *a, deal *d)
{
    size_t wanted = a->ties / BUCKET_ARCS + 1;
    if (wanted > BUCKETS_MOST) wanted = BUCKETS_MOST;
    *d = (deal) { .arcs = a, .threads = fn_run_threads(run) };
    while (d->shift < LOW_BITS && a->firms >> d->shift >= wanted) d->shift++;
    d->buckets = (a->firms >> d->shift) + 1;
    d->parts = (size_t) d->threads;
    if (d->parts > a->ties / BUCKET_ARCS + 1) d->parts = a->ties / BUCKET_ARCS + 1;
    if (d->parts > PARTS_MOST) d->parts = PARTS_MOST;
    d->part = a->ties / d->parts + 1;
    if ((size_t) d->threads > d->parts) d->threads = (int) d->parts;
}

static size_t part_end(const deal *d, size_t part)
{
    return (part + 1) * d->part < d->arcs->ties ? (part + 1) * d->part : d->arcs->ties;
}

/* How many arcs each bucket gets, and where each part of the ties puts its own. */
static void find_places(deal *d)
{
    const fn_arcs *a = d->arcs;
#pragma omp parallel for schedule(static, 1) num_threads(d->threads)
    for (size_t p = 0; p < d->parts; p++) {
        size_t *count = d->place + p * d->buckets;
        for (size_t e = p * d->part, end = part_end(d, p); e < end; e++)
            count[a->to[e] >> d->shift] += fn_arcs_count(a, e);
    }
    size_t all = 0;
    for (uint32_t b = 0; b < d->buckets; b++) {
        d->start[b] = all;
        for (size_t p = 0; p < d->parts; p++) {
            size_t here = d->place[p * d->buckets + b];
            d->place[p * d->buckets + b] = all;
            all += here;
        }
    }
    d->start[d->buckets] = all;
}

static void bench_free(deal *d)
{
    for (int t = 0; d->bench && t < d->threads; t++) {
        fn_free(d->bench[t].count);
        fn_free(d->bench[t].target);
        fn_free(d->bench[t].weight);
    }
    fn_free(d->bench);
}

static fn_status bench_make(fn_run *run, deal *d)
{
    size_t most = 0;
    for (uint32_t b = 0; b < d->buckets; b++)
        if (d->start[b + 1] - d->start[b] > most) most = d->start[b + 1] - d->start[b];
    if (!(d->bench = fn_alloc(run, (size_t) d->threads, sizeof *d->bench))) return FN_ENOMEM;
    for (int t = 0; t < d->threads; t++) {
        bench *b = &d->bench[t];
        b->count = fn_alloc_bare(run, ((size_t) 1 << d->shift) + 1, sizeof *b->count);
        b->target = fn_alloc_bare(run, most, sizeof *b->target);
        b->weight = fn_alloc_bare(run, most, sizeof *b->weight);
        if (!b->count || !b->target || !b->weight) return FN_ENOMEM;
    }
    return FN_OK;
}

/* Arcs of buckets first … end - 1. */
static void deal_out(deal *d, uint32_t first, uint32_t end)
{
    const fn_arcs *a = d->arcs;
    const size_t base = d->start[first];
    const uint32_t mask = ((uint32_t) 1 << d->shift) - 1;
#pragma omp parallel for schedule(static, 1) num_threads(d->threads)
    for (size_t p = 0; p < d->parts; p++) {
        size_t *place = d->place + p * d->buckets;
        for (size_t e = p * d->part, stop = part_end(d, p); e < stop; e++) {
            uint32_t bucket = a->to[e] >> d->shift;
            if (bucket < first || bucket >= end || !fn_arcs_count(a, e)) continue;
            size_t at = place[bucket]++;
            d->csr->own_target[at] = a->from[e];
            d->csr->own_weight[at] = a->weight ? a->weight[e] : 1;
            d->low[at - base] = (uint16_t) (a->to[e] & mask);
        }
    }
}

static void order_bucket(deal *d, uint32_t bucket, size_t base, bench *b)
{
    size_t start = d->start[bucket], arcs = d->start[bucket + 1] - start, first = (size_t) bucket << d->shift;
    uint32_t firms = (uint32_t) 1 << d->shift, at = 0;
    const uint16_t *low = d->low + (start - base);
    uint32_t *target = d->csr->own_target + start;
    double *weight = d->csr->own_weight + start;
    memset(b->count, 0, (size_t) firms * sizeof *b->count);
    for (size_t i = 0; i < arcs; i++) b->count[low[i]]++;
    for (uint32_t v = 0; v < firms && first + v < d->arcs->firms; v++) {
        uint32_t here = b->count[v];
        b->count[v] = at;
        at += here;
        d->csr->offset[first + v + 1] = start + at;
    }
    for (size_t i = 0; i < arcs; i++) {
        uint32_t to = b->count[low[i]]++;
        b->target[to] = target[i];
        b->weight[to] = weight[i];
    }
    memcpy(target, b->target, arcs * sizeof *target);
    memcpy(weight, b->weight, arcs * sizeof *weight);
}

static void order_buckets(deal *d, uint32_t first, uint32_t end)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(d->threads)
    for (uint32_t b = first; b < end; b++) {
#ifdef _OPENMP
        order_bucket(d, b, d->start[first], &d->bench[omp_get_thread_num()]);
#else
        order_bucket(d, b, d->start[first], d->bench);
#endif
    }
}

/* Where the round that begins with this bucket ends: behind a share of the arcs. */
static uint32_t round_end(const deal *d, uint32_t first)
{
    size_t share = d->start[d->buckets] / ROUNDS + 1;
    uint32_t end = first + 1;
    while (end < d->buckets && d->start[end + 1] - d->start[first] <= share) end++;
    return end;
}

fn_status fn_csr_backward(fn_run *run, const fn_arcs *a, fn_csr **made)
{
    deal d;
    size_t most = 0;
    plan(run, a, &d);
    *made = NULL;
    d.place = fn_alloc(run, d.parts * d.buckets, sizeof *d.place);
    d.start = fn_alloc(run, (size_t) d.buckets + 1, sizeof *d.start);
    fn_status status = FN_ENOMEM;
    if (!d.place || !d.start) goto done;
    find_places(&d);
    for (uint32_t b = 0; b < d.buckets; b = round_end(&d, b))
        if (d.start[round_end(&d, b)] - d.start[b] > most) most = d.start[round_end(&d, b)] - d.start[b];
    if (!(d.low = fn_alloc_bare(run, most, sizeof *d.low))) goto done;
    if ((status = bench_make(run, &d))) goto done;
    if ((status = fn_csr_alloc(run, a->firms, d.start[d.buckets], made))) goto done;
    d.csr = *made;
    for (uint32_t b = 0, end; b < d.buckets; b = end) {
        end = round_end(&d, b);
        deal_out(&d, b, end);
        order_buckets(&d, b, end);
    }
done:
    bench_free(&d);
    fn_free(d.place);
    fn_free(d.start);
    fn_free(d.low);
    return status;
}
