/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Between parts of the work there is time to tell progress and to cancel; small ones are not worth the threads. */
enum { PARTS = 64, PART_LEAST = 1024, ROWS_AT_ONCE = 64, ROWS_AHEAD = 8 };

/* What a thread marks: one bit a rank says whether it is in the row at hand, which stays in the cache; where it is,
 * only those that hit ask. */
typedef struct desk {
    uint64_t *in_row;
    uint32_t *pair;
    uint32_t *ac, *bc;   /* triangles found over one pair */
} desk;

static void desk_free(desk *d)
{
    fn_free(d->in_row);
    fn_free(d->pair);
    fn_free(d->ac);
    fn_free(d->bc);
}

static fn_status desk_alloc(fn_run *run, const fn_tied *p, uint32_t longest, desk *d)
{
    d->in_row = fn_alloc(run, (size_t) p->firms / 64 + 1, sizeof *d->in_row);
    d->pair = fn_alloc(run, p->firms, sizeof *d->pair);
    d->ac = fn_alloc(run, longest, sizeof *d->ac);
    d->bc = fn_alloc(run, longest, sizeof *d->bc);
    return d->in_row && d->pair && d->ac && d->bc ? FN_OK : FN_ENOMEM;
}

/* Mark the row of a. */
static void mark(const fn_tied *p, uint32_t a, desk *d)
{
    for (uint32_t e = p->start[a]; e < p->start[a + 1]; e++) {
        uint32_t c = p->other[e];
        d->in_row[c / 64] |= (uint64_t) 1 << c % 64;
        d->pair[c] = e;
    }
}

static void unmark(const fn_tied *p, uint32_t a, desk *d)
{
    for (uint32_t e = p->start[a]; e < p->start[a + 1]; e++) d->in_row[p->other[e] / 64] = 0;
}

static inline bool is_marked(const desk *d, uint32_t c)
{
    return d->in_row[c / 64] >> c % 64 & 1;
}

/* Rows of the firms in a row lie anywhere. */
static inline void fetch_ahead(const fn_tied *p, uint32_t e, uint32_t end)
{
    if (end - e <= ROWS_AHEAD) return;
    __builtin_prefetch(&p->start[p->other[e + ROWS_AHEAD]]);
    __builtin_prefetch(&p->other[p->start[p->other[e + ROWS_AHEAD / 2]]]);
}

/* Triangles whose lowest rank is a: of every b in its row, those in b's row that are in a's too. */
static void find_from(const fn_tied *p, uint32_t a, desk *d, fn_triangles_found *found, void *user)
{
    uint32_t begin = p->start[a], end = p->start[a + 1];
    if (end - begin < 2) return;
    mark(p, a, d);
    for (uint32_t e = begin; e < end; e++) {
        fetch_ahead(p, e, end);
        uint32_t b = p->other[e], count = 0;
        for (uint32_t f = p->start[b]; f < p->start[b + 1]; f++) {
            uint32_t c = p->other[f];
            if (!is_marked(d, c)) continue;
            d->ac[count] = d->pair[c];
            d->bc[count++] = f;
        }
        if (count) found(user, e, count, d->ac, d->bc);
    }
    unmark(p, a, d);
}

/* The same, only counted. What is found at a's own row is added up on the desk: those pairs are changed once each. */
static void count_from(const fn_tied *p, uint32_t a, desk *d, bool alone, uint32_t *triangles)
{
    uint32_t begin = p->start[a], end = p->start[a + 1], *own = d->ac;
    if (end - begin < 2) return;
    mark(p, a, d);
    for (uint32_t e = begin; e < end; e++) own[e - begin] = 0;
    for (uint32_t e = begin; e < end; e++) {
        fetch_ahead(p, e, end);
        uint32_t b = p->other[e], count = 0;
        for (uint32_t f = p->start[b]; f < p->start[b + 1]; f++) {
            uint32_t c = p->other[f];
            if (!is_marked(d, c)) continue;
            own[d->pair[c] - begin]++;
            count++;
            if (alone) triangles[f]++;
            else __atomic_fetch_add(&triangles[f], 1, __ATOMIC_RELAXED);
        }
        own[e - begin] += count;
    }
    for (uint32_t e = begin; e < end; e++) {
        if (alone) triangles[e] += own[e - begin];
        else if (own[e - begin]) __atomic_fetch_add(&triangles[e], own[e - begin], __ATOMIC_RELAXED);
    }
    unmark(p, a, d);
}

/* found NULL: triangles are counted into user. */
static fn_status each(fn_run *run, const fn_tied *pairs, const char *stage, fn_triangles_found *found, void *user)
{
    int threads = fn_run_threads(run);
    uint32_t longest = 0, rows = pairs->firms / PARTS + PART_LEAST;
    for (uint32_t a = 0; a < pairs->firms; a++)
        if (pairs->start[a + 1] - pairs->start[a] > longest) longest = pairs->start[a + 1] - pairs->start[a];
    desk *desks = fn_alloc(run, (size_t) threads, sizeof *desks);
    fn_status status = desks ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < threads && !status; t++) status = desk_alloc(run, pairs, longest, &desks[t]);
    for (uint32_t first = 0; !status && first < pairs->firms; first += rows) {
        if ((status = fn_progress(run, stage, (double) first / pairs->firms))) break;
        uint32_t end = pairs->firms - first < rows ? pairs->firms : first + rows;
#pragma omp parallel for schedule(dynamic, ROWS_AT_ONCE) num_threads(threads)
        for (uint32_t a = first; a < end; a++) {
#ifdef _OPENMP
            desk *own = &desks[omp_get_thread_num()];
#else
            desk *own = desks;
#endif
            if (found) find_from(pairs, a, own, found, user);
            else count_from(pairs, a, own, threads == 1, user);
        }
        if (end == pairs->firms) break;
    }
    for (int t = 0; desks && t < threads; t++) desk_free(&desks[t]);
    fn_free(desks);
    return status;
}

fn_status fn_triangles_each(fn_run *run, const fn_tied *pairs, const char *stage, fn_triangles_found *found,
                            void *user)
{
    return each(run, pairs, stage, found, user);
}

fn_status fn_triangles_count(fn_run *run, const fn_tied *pairs, uint32_t *count)
{
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t e = 0; e < pairs->pairs; e++) count[e] = 0;
    return each(run, pairs, "common partners", NULL, count);
}
