/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_TALLY_H
#define FN_ALGORITHMS_LEIDEN_TALLY_H

#include "algorithms/leiden_graph.h"

/* Inside of the Leiden search: weights added up by label (a cluster or part), one tally a thread. A label's place is
 * told by its hash, in a table that is much larger than the row and yet stays in the cache; for rows too long for that
 * it is the label itself, in a table of a place a node. Whether a label is new is a matter of luck, a guess of which
 * costs a processor more than all the rest: so nothing is done or left undone for it, and as the table is nearly empty
 * the guess that no other label stands in the way is nearly always right.
 *
 * Loops work on a copy of the tally, so that it lives in registers, and put it back. */
enum { FN_LEIDEN_TALLY_BITS = 15, FN_LEIDEN_TALLY_BITS_LEAST = 6, FN_LEIDEN_TALLY_BITS_CACHED = 12 };

typedef struct fn_leiden_tally {
    uint32_t count;        /* labels found */
    uint32_t *found;       /* the place of each, in the order in which they were met */
    uint32_t *key;         /* by place: label + 1; 0: free */
    int64_t *sum;          /* by place: weight added up; 0 where free */
    int shift;             /* of the hash; 0: the label is the place */
    uint32_t mask;
    uint32_t *small_key, *large_key;
    int64_t *small_sum, *large_sum;
} fn_leiden_tally;

/* Begin; at most so many arcs will be added, labels are below `labels`. */
static inline void fn_leiden_tally_open(fn_leiden_tally *tally, size_t most, uint32_t labels)
{
    tally->count = 0;
    tally->shift = 0;
    tally->key = tally->large_key;
    tally->sum = tally->large_sum;
    tally->mask = UINT32_MAX;
    if (labels <= 1u << FN_LEIDEN_TALLY_BITS_CACHED || most > 1u << (FN_LEIDEN_TALLY_BITS - 1)) return;
    int bits = FN_LEIDEN_TALLY_BITS_LEAST;
    while (bits < FN_LEIDEN_TALLY_BITS_CACHED && most * 16 > (size_t) 1 << bits) bits++;
    while (most * 2 > (size_t) 1 << bits) bits++;
    tally->shift = 32 - bits;
    tally->mask = (1u << bits) - 1;
    tally->key = tally->small_key;
    tally->sum = tally->small_sum;
}

static inline uint32_t fn_leiden_tally_place(const fn_leiden_tally *tally, uint32_t label)
{
    const uint32_t key = label + 1;
    uint32_t place = tally->shift ? label * 0x9e3779b1u >> tally->shift : label;
    /* Neither free nor its own, asked in one: the product is 0 when one of the two is. */
    while (__builtin_expect((uint64_t) tally->key[place] * (tally->key[place] ^ key) != 0, 0))
        place = (place + 1) & tally->mask;
    return place;
}

static inline void fn_leiden_tally_add(fn_leiden_tally *tally, uint32_t label, int64_t weight)
{
    const uint32_t place = fn_leiden_tally_place(tally, label);
    tally->found[tally->count] = place;
    tally->count += tally->key[place] == 0;
    tally->key[place] = label + 1;
    tally->sum[place] += weight;
}

/* Weight of any label, found or not. */
static inline int64_t fn_leiden_tally_of(const fn_leiden_tally *tally, uint32_t label)
{
    return tally->sum[fn_leiden_tally_place(tally, label)];
}

/* The found labels, 0 … count-1, and the weight of each. */
static inline uint32_t fn_leiden_tally_label(const fn_leiden_tally *tally, uint32_t i)
{
    return tally->key[tally->found[i]] - 1;
}

static inline int64_t fn_leiden_tally_weight(const fn_leiden_tally *tally, uint32_t i)
{
    return tally->sum[tally->found[i]];
}

static inline void fn_leiden_tally_close(fn_leiden_tally *tally)
{
    for (uint32_t i = 0; i < tally->count; i++) {
        tally->key[tally->found[i]] = 0;
        tally->sum[tally->found[i]] = 0;
    }
}

#endif
