/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_betweenness.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Sources are dealt to this many groups whatever the number of threads; each group adds up by itself, in order, and the
 * groups are added in order: always the same bits. */
enum { GROUPS = 8, SAMPLES_AT_ONCE = 1 << 12 };
#define STREAM_CHAINS ((uint64_t) 0x6563 << 48)

/* One search. Numbers of chains double at every choice: they take the widest type there is. */
typedef struct search {
    long double *chains;
    int32_t *distance;   /* -1: not reached */
    uint32_t *queue;
    uint32_t head, tail; /* the outermost level */
    size_t arcs;         /* that leave it */
    double *rest;        /* of exact counting: what depends on a firm */
} search;

static void search_free(search *s)
{
    fn_free(s->chains);
    fn_free(s->distance);
    fn_free(s->queue);
    fn_free(s->rest);
}

static fn_status search_alloc(fn_run *run, uint32_t firms, bool exact, search *s)
{
    s->chains = fn_alloc_bare(run, firms, sizeof *s->chains);
    s->distance = fn_alloc_bare(run, firms, sizeof *s->distance);
    s->queue = fn_alloc_bare(run, firms, sizeof *s->queue);
    if (exact && !(s->rest = fn_alloc(run, firms, sizeof *s->rest))) return FN_ENOMEM;
    if (!s->chains || !s->distance || !s->queue) return FN_ENOMEM;
    for (uint32_t u = 0; u < firms; u++) s->distance[u] = -1;
    return FN_OK;
}

static void begin(const fn_csr *csr, uint32_t firm, search *s)
{
    s->queue[0] = firm;
    s->head = 0;
    s->tail = 1;
    s->distance[firm] = 0;
    s->chains[firm] = 1;
    s->arcs = fn_csr_degree(csr, firm);
}

/* The next level: whom the outermost reaches, and by how many chains. */
static void widen(const fn_csr *csr, search *s)
{
    uint32_t end = s->tail;
    s->arcs = 0;
    for (; s->head < end; s->head++) {
        uint32_t u = s->queue[s->head];
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) {
            uint32_t v = csr->target[i];
            if (s->distance[v] < 0) {
                s->distance[v] = s->distance[u] + 1;
                s->chains[v] = 0;
                s->queue[s->tail++] = v;
                s->arcs += fn_csr_degree(csr, v);
            }
            if (s->distance[v] == s->distance[u] + 1) s->chains[v] += s->chains[u];
        }
    }
}

static void forget(search *s)
{
    for (uint32_t i = 0; i < s->tail; i++) s->distance[s->queue[i]] = -1;
}

/* ---- exact ---- */

static void count_from(const fn_csr *out, uint32_t source, search *s, double *sum)
{
    begin(out, source, s);
    while (s->head < s->tail) widen(out, s);
    for (uint32_t at = s->tail; at-- > 0;) {
        uint32_t u = s->queue[at];
        double rest = 0;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            uint32_t v = out->target[i];
            if (s->distance[v] != s->distance[u] + 1) continue;
            double share = (double) (s->chains[u] / s->chains[v]) * (1 + s->rest[v]);
            sum[i] += share;
            rest += share;
        }
        s->rest[u] = rest;
    }
    forget(s);
}

fn_status fn_chains_count(fn_run *run, const fn_chains *c, double *score)
{
    int threads = fn_run_threads(run) < GROUPS ? fn_run_threads(run) : GROUPS;
    double *sum = fn_alloc(run, (size_t) GROUPS * c->out->arcs, sizeof *sum);
    search *searches = fn_alloc(run, GROUPS, sizeof *searches);
    fn_status status = sum && searches ? FN_OK : FN_ENOMEM;
    for (int g = 0; g < threads && !status; g++) status = search_alloc(run, c->out->firms, true, &searches[g]);
    /* One source of each group at a time: between them there is time to cancel. */
    for (uint32_t first = 0; first < c->sources && !status; first += GROUPS) {
        if (first % 64 == 0 && (status = fn_progress(run, "edge betweenness", (double) first / c->sources))) break;
        int groups = c->sources - first < GROUPS ? (int) (c->sources - first) : GROUPS;
#pragma omp parallel for schedule(static) num_threads(threads)
        for (int g = 0; g < groups; g++) {
#ifdef _OPENMP
            search *own = &searches[omp_get_thread_num()];
#else
            search *own = searches;
#endif
            count_from(c->out, c->source[first + (uint32_t) g], own, sum + (size_t) g * c->out->arcs);
        }
    }
    for (size_t i = 0; i < c->out->arcs && !status; i++) {
        score[i] = 0;
        for (size_t g = 0; g < GROUPS; g++) score[i] += sum[g * c->out->arcs + i];
    }
    for (int g = 0; searches && g < GROUPS; g++) search_free(&searches[g]);
    fn_free(searches);
    fn_free(sum);
    return status;
}

/* ---- drawn ---- */

/* Random numbers of one sample. */
typedef struct dice {
    uint64_t seed, stream, thrown;
} dice;

static uint32_t draw_firm(dice *d, const uint32_t *firm, uint32_t count)
{
    return firm[fn_random_below(d->seed, d->stream, d->thrown++, count)];
}

/* From v back to where the search began, each step as likely as its chains are many; met counts the arcs. turned: the
 * search went against the arcs. */
static void walk_back(const fn_chains *c, const search *s, uint32_t v, bool turned, dice *d, uint32_t *times)
{
    const fn_csr *before = turned ? c->out : c->in;
    while (s->distance[v] > 0) {
        long double left = (long double) fn_random_unit(d->seed, d->stream, d->thrown++) * s->chains[v];
        uint32_t u = v;
        for (size_t i = before->offset[v]; i < before->offset[v + 1]; i++) {
            uint32_t x = before->target[i];
            if (s->distance[x] != s->distance[v] - 1) continue;
            u = x;
            if ((left -= s->chains[x]) < 0) break;
        }
        size_t arc = turned ? fn_csr_find(c->out, v, u) : fn_csr_find(c->out, u, v);
        __atomic_fetch_add(&times[arc], 1, __ATOMIC_RELAXED);
        v = u;
    }
}

/* Where the two searches meet: of the outermost level just reached, those the other has reached too; one is drawn. */
static bool meet(const search *fresh, const search *other, dice *d, uint32_t *met)
{
    long double all = 0;
    for (uint32_t i = fresh->head; i < fresh->tail; i++) {
        uint32_t v = fresh->queue[i];
        if (other->distance[v] >= 0) all += fresh->chains[v] * other->chains[v];
    }
    if (!(all > 0)) return false;
    long double left = (long double) fn_random_unit(d->seed, d->stream, d->thrown++) * all;
    for (uint32_t i = fresh->head; i < fresh->tail; i++) {
        uint32_t v = fresh->queue[i];
        if (other->distance[v] < 0) continue;
        *met = v;
        if ((left -= fresh->chains[v] * other->chains[v]) < 0) break;
    }
    return true;
}

/* Search from both ends, the side with fewer arcs to look at first. */
static void draw_one(const fn_chains *c, uint64_t seed, uint64_t sample, search *forth, search *back, uint32_t *times)
{
    dice d = { seed, STREAM_CHAINS + sample, 0 };
    uint32_t s, t, met = 0;
    do {
        s = draw_firm(&d, c->source, c->sources);
        t = draw_firm(&d, c->target, c->targets);
    } while (s == t);
    begin(c->out, s, forth);
    begin(c->in, t, back);
    bool found = false;
    while (!found && forth->head < forth->tail && back->head < back->tail) {
        bool ahead = forth->arcs <= back->arcs;
        widen(ahead ? c->out : c->in, ahead ? forth : back);
        found = meet(ahead ? forth : back, ahead ? back : forth, &d, &met);
    }
    if (found) {
        walk_back(c, forth, met, false, &d, times);
        walk_back(c, back, met, true, &d, times);
    }
    forget(forth);
    forget(back);
}

fn_status fn_chains_draw(fn_run *run, const fn_chains *c, uint64_t samples, uint32_t *times)
{
    int threads = fn_run_threads(run);
    search *searches = fn_alloc(run, 2 * (size_t) threads, sizeof *searches);
    fn_status status = searches ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < 2 * threads && !status; t++) status = search_alloc(run, c->out->firms, false, &searches[t]);
    if (!(c->pairs > 0)) samples = 0;
    for (uint64_t first = 0; first < samples && !status; first += SAMPLES_AT_ONCE) {
        status = fn_progress(run, "edge betweenness", (double) first / (double) samples);
        uint64_t end = samples - first < SAMPLES_AT_ONCE ? samples : first + SAMPLES_AT_ONCE;
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (!status)
        for (uint64_t k = first; k < (status ? first : end); k++) {
#ifdef _OPENMP
            search *own = &searches[2 * omp_get_thread_num()];
#else
            search *own = searches;
#endif
            draw_one(c, run->seed, k, &own[0], &own[1], times);
        }
    }
    for (int t = 0; searches && t < 2 * threads; t++) search_free(&searches[t]);
    fn_free(searches);
    return status;
}
