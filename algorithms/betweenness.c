/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/centrality.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Sources are dealt to this many groups whatever the number of threads; each group adds up by itself, in order, and the
 * groups are added in order: always the same bits. Searches are made in rounds of about ROUND_STEPS arcs a group, so
 * that cancelling is quick. */
enum { GROUPS = 16, ROUND_STEPS = 1 << 21, STREAM_SOURCES = 0x6265 };

/* Samples where none are asked for: what about this many steps along arcs pay for, within bounds. */
enum { SAMPLES_LEAST = 64, SAMPLES_MOST = 1000 };
#define SAMPLING_STEPS 1e9

/* Path counts grow beyond doubles in long chains of choices: the true count is paths * 2^(500 scale). */
#define PATHS_MOST 0x1p500
#define PATHS_DOWN 0x1p-500

/* What a search knows of a firm: 16 bytes, so that an arc costs one look. */
typedef struct reached {
    double paths;       /* on the way back, once the firm is done: (1 + what depends on it) / paths */
    int32_t distance;   /* -1: not reached */
    int32_t scale;
} reached;

/* One search's memory. */
typedef struct work {
    reached *seen;
    uint32_t *queue;    /* firms by distance */
} work;

static void work_free(work *w)
{
    fn_free(w->seen);
    fn_free(w->queue);
}

static fn_status work_alloc(fn_run *run, uint32_t firms, work *w)
{
    w->seen = fn_alloc(run, firms, sizeof *w->seen);
    w->queue = fn_alloc(run, firms, sizeof *w->queue);
    if (!w->seen || !w->queue) return FN_ENOMEM;
    for (uint32_t u = 0; u < firms; u++) w->seen[u].distance = -1;
    return FN_OK;
}

static void add_paths(reached *to, const reached *from)
{
    int apart = from->scale - to->scale;
    if (apart == 0) to->paths += from->paths;
    else if (apart == -1) to->paths += from->paths * PATHS_DOWN;
    else if (apart > 0) {
        to->paths = (apart == 1 ? to->paths * PATHS_DOWN : 0) + from->paths;
        to->scale = from->scale;
    }
}

/* Breadth first from the source, counting paths; gives how many firms are reached. */
static uint32_t search_forth(const fn_csr *out, uint32_t source, work *w)
{
    reached *seen = w->seen;
    uint32_t head = 0, tail = 0;
    seen[source] = (reached) { .paths = 1 };
    w->queue[tail++] = source;
    while (head < tail) {
        uint32_t u = w->queue[head++];
        if (seen[u].paths > PATHS_MOST) seen[u].paths *= PATHS_DOWN, seen[u].scale++;
        int32_t next = seen[u].distance + 1;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            reached *v = &seen[out->target[i]];
            if (v->distance < 0) {
                *v = (reached) { .distance = next, .scale = seen[u].scale };
                w->queue[tail++] = out->target[i];
            }
            if (v->distance == next) add_paths(v, &seen[u]);
        }
    }
    return tail;
}

/* What a firm hands on to one before it: its share of dependence per path, in the scale of the other. */
static double handed_on(const reached *from, const reached *to)
{
    int apart = to->scale - from->scale;
    return apart == 0 ? to->paths : apart == 1 ? to->paths * PATHS_DOWN : 0;
}

/* Back from the farthest, handing on what depends on each firm and adding it to the scores; forgets the search. */
static void search_back(const fn_csr *out, uint32_t source, uint32_t count, work *w, double *score)
{
    reached *seen = w->seen;
    for (uint32_t at = count; at-- > 0;) {
        uint32_t u = w->queue[at];
        int32_t next = seen[u].distance + 1;
        double sum = 0;
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            const reached *v = &seen[out->target[i]];
            if (v->distance == next) sum += handed_on(&seen[u], v);
        }
        double through = seen[u].paths * sum;
        if (u != source) score[u] += through;
        seen[u].paths = (1 + through) / seen[u].paths;
    }
    for (uint32_t at = 0; at < count; at++) seen[w->queue[at]].distance = -1;
}

static uint32_t affordable_samples(const fn_csr *out)
{
    double samples = SAMPLING_STEPS / (1.0 + (double) out->arcs + out->firms);
    return samples < SAMPLES_LEAST ? SAMPLES_LEAST : samples > SAMPLES_MOST ? SAMPLES_MOST : (uint32_t) samples;
}

/* The firms to search from, ascending: all with arcs out, or a sample drawn by the seed. */
static void choose_sources(const fn_run *run, const fn_csr *out, uint32_t exact_limit, uint32_t samples,
                           uint32_t *source, fn_betweenness_how *how)
{
    uint32_t possible = 0;
    for (uint32_t u = 0; u < out->firms; u++)
        if (out->offset[u + 1] > out->offset[u]) source[possible++] = u;
    *how = (fn_betweenness_how) { .sources = possible, .possible = possible };
    if (possible <= exact_limit || samples >= possible) return;
    how->sampled = true;
    how->sources = samples;
    /* Selection sampling: each is taken with the chance that is left, so the sample is even and already in order. */
    uint32_t taken = 0;
    for (uint32_t i = 0; taken < samples; i++)
        if (fn_random_below(run->seed, STREAM_SOURCES, i, possible - i) < samples - taken) source[taken++] = source[i];
}

typedef struct plan {
    const fn_csr *out;
    const uint32_t *source;
    uint32_t sources, round;   /* round: sources of one group in one round */
    work *work;                /* one a thread */
    double *sum;               /* one row of firms a group */
    int threads;
} plan;

/* Sources of a group are group, group + GROUPS, … */
static void search_group(const plan *p, uint32_t group, uint32_t first, work *w)
{
    double *sum = p->sum + (size_t) group * p->out->firms;
    for (uint32_t k = first; k < first + p->round; k++) {
        uint64_t at = (uint64_t) k * GROUPS + group;
        if (at >= p->sources) return;
        uint32_t source = p->source[at], count = search_forth(p->out, source, w);
        search_back(p->out, source, count, w, sum);
    }
}

/* One group a thread at a time: between them there is time to cancel. */
static fn_status search_all(fn_run *run, const plan *p)
{
    uint32_t rounds_end = (p->sources + GROUPS - 1) / GROUPS;
    for (uint32_t first = 0; first < rounds_end; first += p->round) {
        for (int group = 0; group < GROUPS; group += p->threads) {
            fn_status status = fn_progress(run, "betweenness", ((double) first + (double) group / GROUPS) / rounds_end);
            if (status) return status;
            int beside = GROUPS - group < p->threads ? GROUPS - group : p->threads;
#ifdef _OPENMP
#pragma omp parallel for num_threads(beside) schedule(static) if (beside > 1)
#endif
            for (int t = 0; t < beside; t++) search_group(p, (uint32_t) (group + t), first, &p->work[t]);
        }
        if (first > UINT32_MAX - p->round) break;
    }
    return FN_OK;
}

fn_status fn_betweenness(fn_run *run, const fn_csr *out, uint32_t exact_limit, uint32_t samples, double *score,
                         fn_betweenness_how *how)
{
    fn_betweenness_how own;
    if (!how) how = &own;
    *how = (fn_betweenness_how) { 0 };
    if (samples == 0) samples = affordable_samples(out);
    uint32_t firms = out->firms;
    int threads = fn_run_threads(run) < GROUPS ? fn_run_threads(run) : GROUPS;
    uint32_t *source = fn_alloc(run, firms, sizeof *source);
    double *sum = fn_alloc(run, (size_t) GROUPS * firms, sizeof *sum);
    work *works = fn_alloc(run, (size_t) threads, sizeof *works);
    fn_status status = source && sum && works ? FN_OK : FN_ENOMEM;
    for (int t = 0; !status && t < threads; t++) status = work_alloc(run, firms, &works[t]);
    if (status) goto done;

    choose_sources(run, out, exact_limit, samples, source, how);
    if (how->sampled)
        fn_note(run, "betweenness is estimated from %u of the %u firms that deliver to others (exact up to %u of them)",
                how->sources, how->possible, exact_limit);
    const plan p = { out, source, how->sources, 1 + (uint32_t) (ROUND_STEPS / (1 + firms + out->arcs)), works, sum,
                     threads };
    if ((status = search_all(run, &p))) goto done;
    double scale = how->sampled ? (double) how->possible / how->sources : 1;
    for (uint32_t u = 0; u < firms; u++) {
        score[u] = 0;
        for (size_t g = 0; g < GROUPS; g++) score[u] += sum[g * firms + u];
        score[u] *= scale;
    }
done:
    for (int t = 0; works && t < threads; t++) work_free(&works[t]);
    fn_free(works);
    fn_free(source);
    fn_free(sum);
    return status;
}

static fn_status run_betweenness(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_csr *out = NULL;
    fn_column *column;
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_OUT, true, &out);
    if (!status) status = fn_table_add(run, result, "betweenness", FN_COLUMN_REAL, &column);
    if (!status)
        status = fn_betweenness(run, out, (uint32_t) fn_values_int(values, "exact-limit"),
                                (uint32_t) fn_values_int(values, "samples"), column->real, NULL);
    fn_csr_free(out);
    return status;
}

static const fn_param params[] = {
    { .name = "exact-limit", .type = FN_PARAM_INT, .argument = "N", .fallback = "10000", .low = 0, .high = UINT32_MAX,
      .text = "betweenness is exact where at most N firms deliver to others, and sampled above" },
    { .name = "samples", .type = FN_PARAM_INT, .argument = "N", .fallback = "0", .low = 0, .high = UINT32_MAX,
      .text = "firms to search from where betweenness is sampled; 0: 64 to 1000, fewer the more ties there are" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_betweenness = {
    .name = "betweenness", .group = FN_GROUP_CENTRALITY,
    .text = "shortest chains of deliveries between two other firms that lead through a firm",
    .gives = "betweenness", .params = params, .source = "Brandes 2001; Brandes and Pich 2007", .run = run_betweenness
};
