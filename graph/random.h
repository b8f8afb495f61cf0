/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_RANDOM_H
#define FN_GRAPH_RANDOM_H

#include <stdint.h>

/* Counter-based random numbers: the value depends only on (seed, stream, index), never on the order of calls or on
 * threads, so equal inputs give equal results everywhere. Two rounds of the SplitMix64 finaliser
 * (Steele, Lea and Flood 2014); not for cryptography. */
static inline uint64_t fn_mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

static inline uint64_t fn_random(uint64_t seed, uint64_t stream, uint64_t index)
{
    return fn_mix64(fn_mix64(seed + 0x9e3779b97f4a7c15ULL * (stream + 1)) + 0x9e3779b97f4a7c15ULL * (index + 1));
}

/* Whole number in 0 … bound-1 (bound > 0); the bias is below bound / 2^64. */
static inline uint64_t fn_random_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t bound)
{
    return (uint64_t) (((unsigned __int128) fn_random(seed, stream, index) * bound) >> 64);
}

/* Real number in [0, 1). */
static inline double fn_random_unit(uint64_t seed, uint64_t stream, uint64_t index)
{
    return (double) (fn_random(seed, stream, index) >> 11) * 0x1.0p-53;
}

#endif
