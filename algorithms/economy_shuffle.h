/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_SHUFFLE_H
#define FN_ALGORITHMS_ECONOMY_SHUFFLE_H

#include "graph/random.h"

/* A random order of 0 … size-1 without a list: the place of each number is computed from the number alone, so that any
 * thread can start anywhere. A Feistel network over the next power of two; a result that is not below size goes
 * through again (cycle walking, Black and Rogaway 2002), fewer than twice on average. */
typedef struct fn_shuffle {
    uint64_t size, key[4];
    unsigned low;                  /* bits of the right half */
    uint64_t low_mask, high_mask;
} fn_shuffle;

/* size > 0; equal seed and stream give the same order. */
static inline fn_shuffle fn_shuffle_of(uint64_t size, uint64_t seed, uint64_t stream)
{
    unsigned bits = 2;
    while (bits < 64 && (uint64_t) 1 << bits < size) bits++;
    fn_shuffle s = { .size = size, .low = bits / 2, .low_mask = ((uint64_t) 1 << bits / 2) - 1 };
    s.high_mask = ((uint64_t) 1 << (bits - s.low)) - 1;
    for (uint64_t k = 0; k < 4; k++) s.key[k] = fn_random(seed, stream, k);
    return s;
}

/* A product of 128 bits folded to 64: enough for four rounds whose keys are random, at a third of the cost of
 * fn_mix64. */
static inline uint64_t fn_shuffle_fold(uint64_t part, uint64_t key)
{
    unsigned __int128 product = (unsigned __int128) (part ^ key) * 0xd6e8feb86659fd93ULL;
    return (uint64_t) product ^ (uint64_t) (product >> 64);
}

/* Every number below size once, for number = 0 … size-1. */
static inline uint64_t fn_shuffle_at(const fn_shuffle *s, uint64_t number)
{
    do {
        uint64_t high = number >> s->low, low = number & s->low_mask;
        high ^= fn_shuffle_fold(low, s->key[0]) & s->high_mask;
        low ^= fn_shuffle_fold(high, s->key[1]) & s->low_mask;
        high ^= fn_shuffle_fold(low, s->key[2]) & s->high_mask;
        low ^= fn_shuffle_fold(high, s->key[3]) & s->low_mask;
        number = high << s->low | low;
    } while (number >= s->size);
    return number;
}

#endif
