/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "bench/partners.h"

/* ---- the rows ---- */

static int by_firm(const void *a, const void *b)
{
    uint32_t x = ((const bench_partner *) a)->firm, y = ((const bench_partner *) b)->firm;
    return (x > y) - (x < y);
}

/* Sort a row and make one partner of those that are there twice; returns its new length. */
static size_t merge_row(bench_partner *row, size_t count)
{
    size_t kept = 0;
    qsort(row, count, sizeof *row, by_firm);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && row[kept - 1].firm == row[i].firm) {
            row[kept - 1].cents += row[i].cents;
            row[kept - 1].way |= row[i].way;
        } else {
            row[kept++] = row[i];
        }
    }
    return kept;
}

bench_partners bench_partners_read(const char *path, uint64_t firms)
{
    size_t size;
    const bench_tie *tie = (const bench_tie *) (const void *) bench_map(path, &size);
    size_t ties = size / sizeof *tie, *next = bench_alloc(firms + 1, sizeof *next), end = 0;
    bench_partners p = { .firms = (uint32_t) firms, .start = bench_alloc(firms + 1, sizeof *p.start),
                         .row = bench_alloc(2 * ties, sizeof *p.row) };
    for (size_t e = 0; e < ties; e++) {
        if (tie[e].from >= firms || tie[e].to >= firms) bench_stop("%s: firm %u of %u", path, tie[e].from, p.firms);
        if (tie[e].from != tie[e].to) p.start[tie[e].from + 1]++, p.start[tie[e].to + 1]++;
    }
    for (size_t u = 0; u < firms; u++) p.start[u + 1] += p.start[u];
    memcpy(next, p.start, (firms + 1) * sizeof *next);
    for (size_t e = 0; e < ties; e++) {
        if (tie[e].from == tie[e].to) continue;
        p.row[next[tie[e].from]++] = (bench_partner) { tie[e].cents, tie[e].to, BENCH_DELIVERS };
        p.row[next[tie[e].to]++] = (bench_partner) { tie[e].cents, tie[e].from, BENCH_BUYS };
    }
    for (size_t u = 0; u < firms; u++) {
        size_t begin = p.start[u], count = merge_row(p.row + begin, p.start[u + 1] - begin);
        memmove(p.row + end, p.row + begin, count * sizeof *p.row);
        p.start[u] = end;
        end += count;
    }
    p.start[firms] = end;
    free(next);
    return p;
}

uint32_t bench_partners_count_ways(const bench_partners *p, uint32_t u, uint8_t way)
{
    uint32_t count = 0;
    for (size_t i = p->start[u]; i < p->start[u + 1]; i++) count += (p->row[i].way & way) == way;
    return count;
}

size_t bench_partners_find(const bench_partners *p, uint32_t u, uint32_t v)
{
    bench_partner sought = { .firm = v };
    size_t count = p->start[u + 1] - p->start[u];
    const bench_partner *found = bsearch(&sought, p->row + p->start[u], count, sizeof sought, by_firm);
    return found ? (size_t) (found - p->row) : SIZE_MAX;
}

/* ---- what two partners share ---- */

/* Does the row of u keep what it shares with v? */
static bool keeps(const bench_partners *p, uint32_t u, uint32_t v)
{
    uint32_t a = bench_partners_count(p, u), b = bench_partners_count(p, v);
    return a != b ? a > b : u > v;
}

static bench_shared share(const bench_partners *p, const uint32_t *place, uint32_t v)
{
    bench_shared s = { 0 };
    for (size_t j = p->start[v]; j < p->start[v + 1]; j++) {
        if (!place[p->row[j].firm]) continue;
        bench_partner mine = p->row[place[p->row[j].firm] - 1], yours = p->row[j];
        s.common++;
        s.cents += mine.cents + yours.cents;
        s.suppliers += (mine.way & BENCH_BUYS) && (yours.way & BENCH_BUYS);
        s.customers += (mine.way & BENCH_DELIVERS) && (yours.way & BENCH_DELIVERS);
        s.along += (mine.way & BENCH_DELIVERS) && (yours.way & BENCH_BUYS);
        s.against += (yours.way & BENCH_DELIVERS) && (mine.way & BENCH_BUYS);
    }
    return s;
}

bench_shared *bench_partners_share(const bench_partners *p)
{
    size_t places = p->start[p->firms];
    bench_shared *shared = bench_alloc(places, sizeof *shared);
    uint32_t *place = bench_alloc(p->firms, sizeof *place);    /* of each partner of u its place + 1 */
    if (places > UINT32_MAX - 1) bench_stop("too many ties for this oracle");
    for (uint32_t u = 0; u < p->firms; u++) {
        for (size_t i = p->start[u]; i < p->start[u + 1]; i++) place[p->row[i].firm] = (uint32_t) i + 1;
        for (size_t i = p->start[u]; i < p->start[u + 1]; i++)
            if (keeps(p, u, p->row[i].firm)) shared[i] = share(p, place, p->row[i].firm);
        for (size_t i = p->start[u]; i < p->start[u + 1]; i++) place[p->row[i].firm] = 0;
    }
    free(place);
    return shared;
}

bench_shared bench_shared_of(const bench_partners *p, const bench_shared *shared, uint32_t u, uint32_t v)
{
    bool mine = keeps(p, u, v);
    bench_shared s = shared[bench_partners_find(p, mine ? u : v, mine ? v : u)];
    if (!mine) {
        uint32_t along = s.along;
        s.along = s.against;
        s.against = along;
    }
    return s;
}

/* ---- squares ---- */

double bench_squares_of(const bench_partners *p, uint32_t from, uint32_t to, uint8_t *seen, uint64_t *steps)
{
    double customers = bench_partners_count_ways(p, from, BENCH_DELIVERS) - 1.0;
    double suppliers = bench_partners_count_ways(p, to, BENCH_BUYS) - 1.0;
    uint64_t closed = 0;
    for (size_t i = p->start[from]; i < p->start[from + 1]; i++)
        seen[p->row[i].firm] = p->row[i].firm != to && (p->row[i].way & BENCH_DELIVERS);
    for (size_t j = p->start[to]; j < p->start[to + 1]; j++) {
        uint32_t other = p->row[j].firm;
        if (other == from || !(p->row[j].way & BENCH_BUYS)) continue;
        for (size_t k = p->start[other]; k < p->start[other + 1]; k++)
            closed += seen[p->row[k].firm] && (p->row[k].way & BENCH_DELIVERS);
        *steps += p->start[other + 1] - p->start[other];
    }
    for (size_t i = p->start[from]; i < p->start[from + 1]; i++) seen[p->row[i].firm] = 0;
    return customers > 0 && suppliers > 0 ? (double) closed / (customers * suppliers) : (double) NAN;
}

/* ---- truss ---- */

typedef struct peel {
    const bench_partners *p;
    uint32_t *support;     /* per place; of a pair that is out, its truss number */
    bool *out;
    size_t *queue;         /* places of pairs, once each, of the end with the lower number */
    size_t end;
} peel;

/* Both places of a pair; the first is in the row of the lower firm. */
typedef struct places {
    size_t low, high;
} places;

static places places_of(const bench_partners *p, uint32_t u, uint32_t v)
{
    return (places) { bench_partners_find(p, u < v ? u : v, u < v ? v : u),
                      bench_partners_find(p, u < v ? v : u, u < v ? u : v) };
}

/* Do something with each triangle that is left over u–v: its other two pairs. */
static void each_triangle(peel *s, uint32_t u, uint32_t v, uint32_t level, void (*found)(peel *, places, uint32_t))
{
    const bench_partners *p = s->p;
    size_t i = p->start[u], j = p->start[v];
    while (i < p->start[u + 1] && j < p->start[v + 1]) {
        uint32_t a = p->row[i].firm, b = p->row[j].firm;
        if (a == b && !s->out[i] && !s->out[j]) {
            found(s, places_of(p, u, a), level);
            found(s, places_of(p, v, a), level);
        }
        i += a <= b;
        j += b <= a;
    }
}

static void loses_one(peel *s, places pair, uint32_t level)
{
    if (s->support[pair.low] <= level) return;
    s->support[pair.high] = --s->support[pair.low];
    if (s->support[pair.low] == level) s->queue[s->end++] = pair.low;
}

static uint32_t row_of(const bench_partners *p, size_t place)
{
    uint32_t low = 0, high = p->firms;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (p->start[middle] <= place) low = middle;
        else high = middle;
    }
    return low;
}

uint32_t *bench_partners_truss(const bench_partners *p)
{
    size_t all = p->start[p->firms], at = 0;
    bench_shared *shared = bench_partners_share(p);
    peel s = { .p = p, .support = bench_alloc(all, sizeof *s.support), .out = bench_alloc(all, sizeof *s.out),
               .queue = bench_alloc(all, sizeof *s.queue) };
    for (uint32_t u = 0; u < p->firms; u++)
        for (size_t i = p->start[u]; i < p->start[u + 1]; i++)
            s.support[i] = bench_shared_of(p, shared, u, p->row[i].firm).common;
    free(shared);
    for (uint32_t level = 0; at < all / 2; level++) {
        for (uint32_t u = 0; u < p->firms; u++)
            for (size_t i = p->start[u]; i < p->start[u + 1]; i++)
                if (u < p->row[i].firm && !s.out[i] && s.support[i] == level) s.queue[s.end++] = i;
        for (; at < s.end; at++) {
            uint32_t u = row_of(p, s.queue[at]);
            places pair = places_of(p, u, p->row[s.queue[at]].firm);
            s.out[pair.low] = s.out[pair.high] = true;
            each_triangle(&s, u, p->row[s.queue[at]].firm, level, loses_one);
            s.support[pair.low] = s.support[pair.high] = level;
        }
    }
    for (size_t i = 0; i < all; i++) s.support[i] += 2;
    free(s.out);
    free(s.queue);
    return s.support;
}
