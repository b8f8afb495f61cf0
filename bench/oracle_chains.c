/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bench/ours.h"

/* The oracle of measures that take shortest chains. */

double oracle_exact(const bench_call *call, const char *path, const double *const *score, size_t scores, size_t firms)
{
    size_t size;
    const double *theirs = (const double *) (const void *) bench_map(path, &size);
    double worst = 0;
    if (size != scores * firms * sizeof *theirs)
        bench_refuse(call, "igraph has %zu bytes, not of %zu firms", size, firms);
    for (size_t k = 0; k < scores; k++)
        for (size_t u = 0; u < firms; u++, theirs++) {
            double off = fabs(score[k][u] - *theirs) / fmax(fabs(score[k][u]), fabs(*theirs));
            if (score[k][u] == *theirs) continue;
            if (!(off < 1e-9)) bench_refuse(call, "firm %zu: %.17g, igraph says %.17g", u, score[k][u], *theirs);
            worst = fmax(worst, off);
        }
    return worst;
}

/* ---- plain searches: Dijkstra's with a binary heap, then Brandes' sums ---- */

enum { SEARCHES = 100 };

typedef struct entry {
    double distance;
    uint32_t firm;
} entry;

typedef struct searcher {
    const fn_csr *out;
    const double *length;       /* of each arc */
    double *distance, *paths, *share;
    uint32_t *order, reached;   /* firms as they were settled */
    bool *settled;
    entry *heap;
    size_t entries;
} searcher;

static void push(searcher *s, double distance, uint32_t firm)
{
    size_t at = s->entries++;
    for (; at > 0 && s->heap[(at - 1) / 2].distance > distance; at = (at - 1) / 2) s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = (entry) { distance, firm };
}

static uint32_t pop(searcher *s)
{
    uint32_t first = s->heap[0].firm;
    entry last = s->heap[--s->entries];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < s->entries; at = child) {
        child += child + 1 < s->entries && s->heap[child + 1].distance < s->heap[child].distance;
        if (!(s->heap[child].distance < last.distance)) break;
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = last;
    return first;
}

/* Sums of the same lengths in another order differ in the last bits. */
static bool alike(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fmin(a, b);
}

static void search(searcher *s, uint32_t source)
{
    for (uint32_t u = 0; u < s->out->firms; u++) s->distance[u] = INFINITY, s->share[u] = 0, s->settled[u] = false;
    s->distance[source] = s->reached = 0, s->paths[source] = 1;
    push(s, 0, source);
    while (s->entries > 0) {
        uint32_t u = pop(s);
        if (s->settled[u]) continue;
        s->settled[u] = true, s->order[s->reached++] = u;
        for (size_t i = s->out->offset[u]; i < s->out->offset[u + 1]; i++) {
            uint32_t v = s->out->target[i];
            double distance = s->distance[u] + s->length[i];
            if (s->settled[v]) continue;
            if (alike(distance, s->distance[v])) s->paths[v] += s->paths[u];
            else if (distance < s->distance[v]) {
                s->distance[v] = distance, s->paths[v] = s->paths[u];
                push(s, distance, v);
            }
        }
    }
    for (uint32_t at = s->reached; at-- > 0;) {
        uint32_t u = s->order[at];
        for (size_t i = s->out->offset[u]; i < s->out->offset[u + 1]; i++) {
            uint32_t v = s->out->target[i];
            if (alike(s->distance[u] + s->length[i], s->distance[v]))
                s->share[u] += s->paths[u] / s->paths[v] * (1 + s->share[v]);
        }
    }
    s->share[source] = 0;
}

double oracle_drawn(const bench_call *call, const fn_csr *out, bool by_lengths, double epsilon, const double *score)
{
    uint32_t firms = out->firms;
    double *length = bench_alloc(out->arcs, sizeof *length), worst = 0;
    double *sum = bench_alloc(firms, sizeof *sum), *square = bench_alloc(firms, sizeof *square);
    searcher s = { .out = out, .length = length };
    for (size_t i = 0; i < out->arcs; i++) length[i] = by_lengths ? 1 / out->weight[i] : 1;
    s.distance = bench_alloc(firms, sizeof *s.distance), s.paths = bench_alloc(firms, sizeof *s.paths);
    s.share = bench_alloc(firms, sizeof *s.share), s.order = bench_alloc(firms, sizeof *s.order);
    s.settled = bench_alloc(firms, sizeof *s.settled), s.heap = bench_alloc(out->arcs + 1, sizeof *s.heap);
    for (uint32_t k = 0; k < SEARCHES; k++) {
        search(&s, (uint32_t) fn_random_below(1, 2, k, firms));
        for (uint32_t u = 0; u < firms; u++) sum[u] += s.share[u], square[u] += s.share[u] * s.share[u];
    }
    for (uint32_t u = 0; u < firms; u++) {
        double mean = sum[u] / SEARCHES, spread = sqrt(fmax(square[u] / SEARCHES - mean * mean, 0) / SEARCHES);
        double off = fabs(score[u] / firms - mean) / (firms - 1);
        if (!(off <= epsilon + 5 * spread / (firms - 1)))
            bench_refuse(call, "firm %u: %g, %d searches say %g", u, score[u], SEARCHES, mean * firms);
        worst = fmax(worst, off);
    }
    free(length), free(sum), free(square);
    free(s.distance), free(s.paths), free(s.share), free(s.order), free(s.settled), free(s.heap);
    return worst;
}
