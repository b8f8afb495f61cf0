/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* Between parts of the work there is time to tell progress and to cancel; small ones are not worth the threads. */
/* Rows of higher ranks lie anywhere: they are fetched some pairs ahead, mostly of rows that come next. */
enum { PARTS = 64, PART_LEAST = 1024, ROWS_AT_ONCE = 64, PAIRS_AHEAD = 16 };

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

/* Triangles whose lowest rank is a: of every b in its row, those in b's row that are in a's too. Rows ascend: what is
 * above the last of a's row is in no triangle. */
static void find_from(const fn_tied *p, uint32_t a, desk *d, fn_triangles_found *found, void *user)
{
    uint32_t begin = p->start[a], end = p->start[a + 1];
    if (end - begin < 2) return;
    for (uint32_t e = begin; e < end; e++) {
        uint32_t c = p->other[e];
        d->in_row[c / 64] |= (uint64_t) 1 << c % 64;
        d->pair[c] = e;
    }
    uint32_t last = p->other[end - 1];
    for (uint32_t e = begin; e + 1 < end; e++) {
        if (p->pairs - e > PAIRS_AHEAD) {
            __builtin_prefetch(&p->start[p->other[e + PAIRS_AHEAD]]);
            __builtin_prefetch(&p->other[p->start[p->other[e + PAIRS_AHEAD / 2]]]);
        }
        uint32_t b = p->other[e], count = 0;
        for (uint32_t f = p->start[b]; f < p->start[b + 1]; f++) {
            uint32_t c = p->other[f];
            if (c > last) break;
            if (!(d->in_row[c / 64] >> c % 64 & 1)) continue;
            d->ac[count] = d->pair[c];
            d->bc[count++] = f;
        }
        if (count) found(user, e, count, d->ac, d->bc);
    }
    for (uint32_t e = begin; e < end; e++) d->in_row[p->other[e] / 64] = 0;
}

fn_status fn_triangles_each(fn_run *run, const fn_tied *pairs, const char *stage, fn_triangles_found *found,
                            void *user)
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
            find_from(pairs, a, own, found, user);
        }
        if (end == pairs->firms) break;
    }
    for (int t = 0; desks && t < threads; t++) desk_free(&desks[t]);
    fn_free(desks);
    return status;
}

static void count_alone(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc)
{
    uint32_t *triangles = user;
    for (uint32_t i = 0; i < count; i++) {
        triangles[ac[i]]++;
        triangles[bc[i]]++;
    }
    triangles[ab] += count;
}

/* The pairs ab and ac stand in the row of a, which one thread has at a time; bc may be met by several. */
typedef struct counts {
    uint32_t *own, *met;
} counts;

static void count_together(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc)
{
    const counts *c = user;
    for (uint32_t i = 0; i < count; i++) {
        c->own[ac[i]]++;
        __atomic_fetch_add(&c->met[bc[i]], 1, __ATOMIC_RELAXED);
    }
    c->own[ab] += count;
}

fn_status fn_triangles_count(fn_run *run, const fn_tied *pairs, uint32_t *count)
{
    int threads = fn_run_threads(run);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t e = 0; e < pairs->pairs; e++) count[e] = 0;
    if (threads == 1) return fn_triangles_each(run, pairs, "common partners", count_alone, count);
    counts c = { .own = count, .met = fn_alloc(run, pairs->pairs, sizeof *c.met) };
    if (!c.met) return FN_ENOMEM;
    fn_status status = fn_triangles_each(run, pairs, "common partners", count_together, &c);
#pragma omp parallel for schedule(static) num_threads(threads) if (!status)
    for (uint32_t e = 0; e < pairs->pairs; e++) count[e] += c.met[e];
    fn_free(c.met);
    return status;
}
