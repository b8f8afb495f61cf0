/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Between parts of the work there is time to tell progress and to cancel; small ones are not worth the threads. */
enum { PARTS = 128, PART_LEAST = 1 << 14, ROWS_AT_ONCE = 16 };

/* Places of v's row that are below rank u. */
static size_t end_below(const fn_ranked *g, uint32_t v, uint32_t u)
{
    size_t low = g->start[v], high = g->start[v + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->other[middle] < u) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* A row of ascending ranks gives, for each u in it above v, one step for every place before u. */
double fn_cycles_steps(const fn_ranked *ranked)
{
    double steps = 0;
    for (uint32_t v = 0; v < ranked->rows; v++) {
        double first = (double) (end_below(ranked, v, v) - ranked->start[v]);
        double count = (double) (ranked->start[v + 1] - ranked->start[v]);
        steps += (count * (count - 1) - first * (first - 1)) / 2;
    }
    return steps;
}

/* Look ahead to the rows of the next firms: they lie anywhere. */
static inline void fetch_ahead(const fn_ranked *g, size_t i, size_t end)
{
    if (i + 8 < end) __builtin_prefetch(&g->start[g->other[i + 8]]);
    if (i + 4 < end) __builtin_prefetch(&g->other[g->start[g->other[i + 4]]]);
}

/* How often each rank is met. Rows of fewer than 256 count in bytes: they stay in a near cache. */
typedef struct tally {
    uint8_t *few;
    uint32_t *many;
} tally;

/* Cycles whose highest rank is u: for every w below u, the number of v below u that lie between the two; any two of
 * them close a cycle, so each is in as many as there are others. They are counted at the places of u's row and of
 * v's, next to each other. The tally (`times` is the one that is used) is zero before and after. */
#define COUNT_FROM(times)                                                                                \
    bool any = false;                                                                                    \
    for (size_t i = begin; i < end; i++) {                                                               \
        fetch_ahead(g, i, end);                                                                          \
        for (size_t j = g->start[g->other[i]]; g->other[j] < u; j++) any |= (times)[g->other[j]]++ > 0;  \
    }                                                                                                    \
    for (size_t i = begin; any && i < end; i++) {                                                        \
        fetch_ahead(g, i, end);                                                                          \
        uint64_t sum = 0;                                                                                \
        for (size_t j = g->start[g->other[i]]; g->other[j] < u; j++) {                                   \
            uint32_t others = (uint32_t) (times)[g->other[j]] - 1;                                       \
            if (!others) continue;                                                                       \
            sum += others;                                                                               \
            if (alone) found[j] += others;                                                               \
            else __atomic_fetch_add(&found[j], others, __ATOMIC_RELAXED);                                \
        }                                                                                                \
        if (sum) __atomic_fetch_add(&found[i], sum, __ATOMIC_RELAXED);                                   \
    }                                                                                                    \
    for (size_t i = begin; i < end; i++)                                                                 \
        for (size_t j = g->start[g->other[i]]; g->other[j] < u; j++) (times)[g->other[j]] = 0;

static void count_from(const fn_ranked *g, uint32_t u, const tally *own, bool alone, uint64_t *found)
{
    size_t begin = g->start[u], end = end_below(g, u, u);
    if (end - begin < 2) return;
    if (end - begin <= UINT8_MAX) {
        COUNT_FROM(own->few)
    } else {
        COUNT_FROM(own->many)
    }
}

fn_status fn_cycles_count(fn_run *run, const fn_ranked *ranked, uint64_t *cycles)
{
    int threads = fn_run_threads(run);
    size_t places = ranked->start[ranked->rows];
    tally *tallies = fn_alloc(run, (size_t) threads, sizeof *tallies);
    uint64_t *found = fn_alloc(run, places, sizeof *found);
    fn_status status = tallies && found ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < threads && !status; t++) {
        tallies[t].few = fn_alloc(run, ranked->rows, sizeof *tallies[t].few);
        tallies[t].many = fn_alloc(run, ranked->rows, sizeof *tallies[t].many);
        if (!tallies[t].few || !tallies[t].many) status = FN_ENOMEM;
    }
    /* Parts of equal places, from the top: the rows with most work are begun first. */
    for (uint32_t end = ranked->rows; end > 0 && !status;) {
        status = fn_progress(run, "squares", 1 - (double) ranked->start[end] / (double) (places + 1));
        uint32_t first = end - 1;
        while (first > 0 && ranked->start[end] - ranked->start[first] < places / PARTS + PART_LEAST) first--;
#pragma omp parallel for schedule(dynamic, ROWS_AT_ONCE) num_threads(threads) if (!status)
        for (uint32_t k = 0; k < (status ? 0 : end - first); k++) {
#ifdef _OPENMP
            const tally *own = &tallies[omp_get_thread_num()];
#else
            const tally *own = tallies;
#endif
            count_from(ranked, end - 1 - k, own, threads == 1, found);
        }
        end = first;
    }
    if (!status) {
        for (uint32_t e = 0; e < ranked->edges; e++) cycles[e] = 0;
        for (size_t i = 0; i < places; i++) cycles[ranked->edge[i]] += found[i];
    }
    for (int t = 0; tallies && t < threads; t++) {
        fn_free(tallies[t].few);
        fn_free(tallies[t].many);
    }
    fn_free(found);
    fn_free(tallies);
    return status;
}
