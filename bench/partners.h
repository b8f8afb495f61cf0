/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_PARTNERS_H
#define FN_BENCH_PARTNERS_H

#include "bench/measure.h"

/* What measures of ties must be, found from LIST.ties by slow ways that share nothing with firmnet or igraph. */

enum { BENCH_DELIVERS = 1, BENCH_BUYS = 2 };

typedef struct bench_partner {
    int64_t cents;     /* both directions added up */
    uint32_t firm;
    uint8_t way;       /* the firm of the row BENCH_DELIVERS to it, BENCH_BUYS from it, or both */
} bench_partner;

/* One row a firm: its partners, ascending, each once, itself left out. */
typedef struct bench_partners {
    uint32_t firms;
    size_t *start;     /* firms + 1 */
    bench_partner *row;
} bench_partners;

bench_partners bench_partners_read(const char *path, uint64_t firms);
static inline uint32_t bench_partners_count(const bench_partners *p, uint32_t u)
{
    return (uint32_t) (p->start[u + 1] - p->start[u]);
}
/* How many of them have all these ways. */
uint32_t bench_partners_count_ways(const bench_partners *p, uint32_t u, uint8_t way);
/* The place of v in the row of u; SIZE_MAX: none. */
size_t bench_partners_find(const bench_partners *p, uint32_t u, uint32_t v);

/* What two partners u and v share. */
typedef struct bench_shared {
    int64_t cents;                 /* of the ties of either with their common partners */
    uint32_t common;               /* partners */
    uint32_t suppliers, customers; /* of both */
    uint32_t along, against;       /* u delivers to them and they to v; v delivers to them and they to u */
} bench_shared;

/* Of all pairs: by marking the partners of the end that has more and looking through the row of the other. */
bench_shared *bench_partners_share(const bench_partners *p);
bench_shared bench_shared_of(const bench_partners *p, const bench_shared *shared, uint32_t u, uint32_t v);

/* Share of closed squares over from → to, with `seen` one byte a firm, all 0 before and after; NAN: there are no pairs.
 * Adds to steps what it looked at. */
double bench_squares_of(const bench_partners *p, uint32_t from, uint32_t to, uint8_t *seen, uint64_t *steps);

/* The truss number of every pair, at both of its places: one pair after the other is taken out. */
uint32_t *bench_partners_truss(const bench_partners *p);

#endif
