/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_stream_inside.h"
#include "graph/memory.h"

/* Power laws on whole numbers: libraries disagree on the last bit of pow(), and economies must not. */

static uint64_t root(unsigned __int128 number)
{
    uint64_t answer = 0;
    for (int bit = 63; bit >= 0; bit--) {
        uint64_t more = answer | (uint64_t) 1 << bit;
        if ((unsigned __int128) more * more <= number) answer = more;
    }
    return answer;
}

void fn_powers_fill(fn_powers *powers)
{
    uint64_t factor[8], two = (uint64_t) 1 << 63; /* 2, in 2^-62 */
    for (int bit = 7; bit >= 0; bit--) factor[bit] = two = root((unsigned __int128) two << 62);
    for (int step = 0; step <= FN_POWER_STEPS; step++) {
        uint64_t power = (uint64_t) 1 << (step == FN_POWER_STEPS ? 63 : 62);
        for (int bit = 0; bit < 8 && step < FN_POWER_STEPS; bit++)
            if (step >> bit & 1) power = (uint64_t) ((unsigned __int128) power * factor[bit] >> 62);
        powers->of[step] = power >> 31;
    }
}

uint32_t fn_log2_fine(uint64_t number)
{
    unsigned whole = 63 - (unsigned) __builtin_clzll(number);
    uint64_t mantissa = number << (63 - whole) >> 32; /* 1 … 2, in 2^-31 */
    uint32_t answer = 0;
    for (int bit = 15; bit >= 0; bit--) {
        mantissa = mantissa * mantissa >> 31;
        if (mantissa >> 32) {
            mantissa >>= 1;
            answer |= (uint32_t) 1 << bit;
        }
    }
    return (whole << 16) + answer;
}

/* logs[r] = log2(2 r + 1) */
static uint32_t degree(const fn_powers *powers, const uint32_t *logs, const fn_degrees *d, int32_t scale, uint32_t rank)
{
    uint64_t below = ((uint64_t) fn_log2_fine(d->steps) + 65536 - logs[rank]) * d->slope >> 16;
    int64_t exponent = (int64_t) below + scale;
    if (exponent <= 0 || d->most <= 1) return 1;
    if (exponent >= 31 << 16) return d->most;
    uint64_t whole = fn_power(powers, (uint32_t) exponent);
    return whole > d->most ? d->most : (uint32_t) whole;
}

uint64_t fn_degrees_sum(const fn_powers *powers, const uint32_t *logs, const fn_degrees *degrees, int32_t scale)
{
    uint64_t sum = 0;
    for (uint32_t r = 0; r < degrees->steps; r++) {
        uint32_t one = degree(powers, logs, degrees, scale, r);
        if (one == 1) return sum + degrees->steps - r; /* they only get smaller */
        sum += one;
    }
    return sum;
}

fn_status fn_ladder_make(fn_run *run, const fn_powers *powers, const uint32_t *logs, const fn_degrees *degrees,
                         int32_t scale, uint64_t more, unsigned shift, fn_ladder *ladder)
{
    uint32_t steps = degrees->steps;
    *ladder = (fn_ladder) { .steps = steps, .shift = shift };
    if (!(ladder->start = fn_alloc(run, (size_t) steps + 1, sizeof *ladder->start))) return FN_ENOMEM;
    for (uint32_t r = 0; r < steps; r++)
        ladder->start[r + 1] = ladder->start[r] + degree(powers, logs, degrees, scale, r) +
                               (uint32_t) (more / steps) + (r < more % steps);
    uint32_t total = ladder->start[steps];
    ladder->guide = fn_alloc(run, (size_t) (total >> shift) + 1, sizeof *ladder->guide);
    if (!ladder->guide) return FN_ENOMEM;
    for (uint32_t tie = 0, step = 0; tie < total; tie += (uint32_t) 1 << shift) {
        while (ladder->start[step + 1] <= tie) step++;
        ladder->guide[tie >> shift] = step;
    }
    return FN_OK;
}

void fn_ladder_free(fn_ladder *ladder)
{
    fn_free(ladder->start);
    fn_free(ladder->guide);
}
