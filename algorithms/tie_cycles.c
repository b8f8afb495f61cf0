/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include <string.h>
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Between parts of the work there is time to tell progress and to cancel; small ones are not worth the threads. */
enum { PARTS = 128, PART_LEAST = 1 << 14, ROWS_AT_ONCE = 64 };
/* How many rows before its turn a row is asked for, then where those of its firms begin, then these; of how many. */
enum { ROW_AHEAD = 24, STARTS_AHEAD = 16, OTHERS_AHEAD = 8, FETCH_MOST = 32 };

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
double fn_cycles_steps(fn_run *run, const fn_ranked *ranked)
{
    double steps = 0; /* whole numbers: below 2^53 their sum does not depend on the order, above it is far too large */
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : steps)
    for (uint32_t v = 0; v < ranked->rows; v++) {
        double first = (double) (end_below(ranked, v, v) - ranked->start[v]);
        double count = (double) (ranked->start[v + 1] - ranked->start[v]);
        steps += (count * (count - 1) - first * (first - 1)) / 2;
    }
    return steps;
}

/* Where the firms of a row that are asked for early end. */
static inline size_t fetched_end(const fn_ranked *g, uint32_t u)
{
    size_t begin = g->start[u], end = g->start[u + 1];
    return end - begin < FETCH_MOST ? end : begin + FETCH_MOST;
}

/* Rows lie anywhere, and most are short: look ahead to the rows that come after u, and to those of their firms. */
static inline void fetch_rows(const fn_ranked *g, uint32_t u, const uint32_t *found)
{
    if (u < ROW_AHEAD) return;
    __builtin_prefetch(&g->other[g->start[u - ROW_AHEAD]]);
    uint32_t v = u - STARTS_AHEAD, w = u - OTHERS_AHEAD;
    for (size_t i = g->start[v], end = fetched_end(g, v); i < end && g->other[i] < v; i++)
        __builtin_prefetch(&g->start[g->other[i]]);
    for (size_t i = g->start[w], end = fetched_end(g, w); i < end && g->other[i] < w; i++) {
        size_t at = g->start[g->other[i]];
        __builtin_prefetch(&g->other[at]);
        __builtin_prefetch(&found[at]);
    }
}

/* The same within a long row. */
static inline void fetch_ahead(const fn_ranked *g, size_t i, size_t end)
{
    if (i + 16 < end) __builtin_prefetch(&g->start[g->other[i + 16]]);
    if (i + 8 < end) __builtin_prefetch(&g->other[g->start[g->other[i + 8]]]);
}

/* How often each rank is met. Rows of fewer than 256 count in bytes: they stay in a near cache. */
typedef struct tally {
    uint8_t *few;
    uint32_t *many;
} tally;

/* Cycles whose highest rank is u: for every w below u, the number of v below u that lie between the two; any two of
 * them close a cycle, so each is in as many as there are others. They are counted at the places of u's row and of
 * v's, next to each other. The tally (`times` is the one that is used) is zero before and after. */
#define COUNT_FROM(TIMES)                                                                                \
    TIMES;                                                                                               \
    bool any = false;                                                                                    \
    for (size_t i = begin; i < end; i++) {                                                               \
        fetch_ahead(g, i, end);                                                                          \
        for (size_t j = start[other[i]]; other[j] < u; j++) any |= times[other[j]]++ > 0;                \
    }                                                                                                    \
    for (size_t i = begin; any && i < end; i++) {                                                        \
        fetch_ahead(g, i, end);                                                                          \
        uint32_t sum = 0;                                                                                \
        for (size_t j = start[other[i]]; other[j] < u; j++) {                                            \
            uint32_t others = (uint32_t) times[other[j]] - 1;                                            \
            if (!others) continue;                                                                       \
            sum += others;                                                                               \
            if (alone) found[j] += others;                                                               \
            else __atomic_fetch_add(&found[j], others, __ATOMIC_RELAXED);                                \
        }                                                                                                \
        if (alone) found[i] += sum;                                                                      \
        else if (sum) __atomic_fetch_add(&found[i], sum, __ATOMIC_RELAXED);                              \
    }                                                                                                    \
    for (size_t i = begin; i < end; i++)                                                                 \
        for (size_t j = start[other[i]]; other[j] < u; j++) times[other[j]] = 0;

static void count_from(const fn_ranked *g, uint32_t u, const tally *own, bool alone, uint32_t *found)
{
    size_t begin = g->start[u], end = end_below(g, u, u);
    if (end - begin < 2) return;
    /* known to the compiler as what no write to a tally changes */
    const size_t *start = g->start;
    const uint32_t *other = g->other;
    if (end - begin <= UINT8_MAX) {
        COUNT_FROM(uint8_t *times = own->few)
    } else {
        COUNT_FROM(uint32_t *times = own->many)
    }
}

/* An edge stands in two rows: what was found at its place in that of its lower end, then in the other. */
static void add_found(const fn_ranked *g, const uint32_t *found, int threads, uint64_t *cycles)
{
    (void) threads;
    for (int side = 0; side <= 1; side++) {
#pragma omp parallel for schedule(dynamic, 4096) num_threads(threads)
        for (uint32_t u = 0; u < g->rows; u++) {
            size_t middle = end_below(g, u, u);
            if (side) for (size_t i = g->start[u]; i < middle; i++) cycles[g->edge[i]] += found[i];
            else for (size_t i = middle; i < g->start[u + 1]; i++) cycles[g->edge[i]] = found[i];
        }
    }
}

fn_status fn_cycles_count(fn_run *run, const fn_ranked *ranked, uint64_t *cycles)
{
    int threads = fn_run_threads(run);
    size_t places = ranked->start[ranked->rows];
    tally *tallies = fn_alloc(run, (size_t) threads, sizeof *tallies);
    /* What closes an edge is another edge, one way round or the other: 32 bits hold their number. */
    uint32_t *found = fn_alloc_scattered(run, places, sizeof *found);
    fn_status status = tallies && found ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < threads && !status; t++) {
        tallies[t].few = fn_alloc_scattered(run, ranked->rows, sizeof *tallies[t].few);
        tallies[t].many = fn_alloc_scattered(run, ranked->rows, sizeof *tallies[t].many);
        if (!tallies[t].few || !tallies[t].many) status = FN_ENOMEM;
        else {
            memset(tallies[t].few, 0, ranked->rows * sizeof *tallies[t].few);
            memset(tallies[t].many, 0, ranked->rows * sizeof *tallies[t].many);
        }
    }
#pragma omp parallel for schedule(static) num_threads(threads) if (!status)
    for (size_t i = 0; i < (status ? 0 : places); i++) found[i] = 0;
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
            fetch_rows(ranked, end - 1 - k, found);
            count_from(ranked, end - 1 - k, own, threads == 1, found);
        }
        end = first;
    }
    if (!status) add_found(ranked, found, threads, cycles);
    for (int t = 0; tallies && t < threads; t++) {
        fn_free(tallies[t].few);
        fn_free(tallies[t].many);
    }
    fn_free(found);
    fn_free(tallies);
    return status;
}
