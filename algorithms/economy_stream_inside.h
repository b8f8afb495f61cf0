/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_STREAM_INSIDE_H
#define FN_ALGORITHMS_ECONOMY_STREAM_INSIDE_H

#include "algorithms/economy_shuffle.h"
#include "algorithms/economy_stream.h"

/* Only for economy_stream*.c: the tables of a large economy.
 *
 * All clusters of one size are built alike, so a tie's number leads by divisions and one look into a table of its size
 * to the buyer, and from there by random numbers of (cluster, buyer) to the seller. Firms are numbered size by size,
 * cluster by cluster: head, members in order of the ring, makers; then traders, then final buyers. */

enum { STREAM_SIZES = 96, STREAM_PLACES = 128, STREAM_BLOCK = 256, STREAM_PERIODS = 16, STREAM_LEADER = 4 };

/* Random streams. */
typedef enum fn_stream_draw {
    STREAM_ROWS, STREAM_IDS, STREAM_SPELLS, STREAM_TURN, STREAM_RANGE, STREAM_ABROAD, STREAM_PARTNER, STREAM_TRADES,
    STREAM_BRANCH, STREAM_VALUE, STREAM_LAYER, STREAM_CHANCE, STREAM_DRAWS
} fn_stream_draw;

/* Logarithms and powers of two on whole numbers, in units of 1/65536. */
enum { FN_POWER_STEPS = 256 };
typedef struct fn_powers { uint64_t of[FN_POWER_STEPS + 1]; } fn_powers; /* 2^(i/256) * 2^31 */
void fn_powers_fill(fn_powers *powers);
uint32_t fn_log2_fine(uint64_t number);            /* exact to the unit; number > 0 */

/* The same within 0.09, for sizes of firms. */
static inline uint32_t fn_log2_rough(uint64_t number)
{
    unsigned whole = 63 - (unsigned) __builtin_clzll(number);
    return (whole << 16) + (uint32_t) ((number << (63 - whole) << 1) >> 48);
}

/* 2^(exponent / 65536), rounded down, for exponents of 0 … 48 << 16. */
static inline uint64_t fn_power(const fn_powers *powers, uint32_t exponent)
{
    uint32_t step = exponent >> 8 & 255, rest = exponent & 255, whole = exponent >> 16;
    uint64_t low = powers->of[step], high = powers->of[step + 1];
    uint64_t mantissa = low + ((high - low) * rest >> 8);
    return whole < 31 ? mantissa >> (31 - whole) : mantissa << (whole - 31);
}

/* Degrees of a list of buyers, largest first: whose is tie number t of the list, the how manieth of theirs? */
typedef struct fn_ladder {
    uint32_t steps;
    unsigned shift;
    uint32_t *start;     /* steps + 1 */
    uint32_t *guide;     /* of each 2^shift ties, whose the first is */
} fn_ladder;

static inline uint32_t fn_ladder_find(const fn_ladder *ladder, uint32_t tie)
{
    uint32_t step = ladder->guide[tie >> ladder->shift];
    const uint32_t *next = ladder->start + 1;
    while (next[step] <= tie) step++;
    return step;
}

/* How degrees follow the rank: scale * (2 steps / (2 rank + 1)) ^ slope, within 1 … most. */
typedef struct fn_degrees {
    uint32_t steps, most;
    uint32_t slope;      /* 1 / exponent of the CCDF, in 1/65536 */
} fn_degrees;

uint64_t fn_degrees_sum(const fn_powers *powers, const uint32_t *logs, const fn_degrees *degrees, int32_t scale);
/* more further ties are dealt to the buyers in turn. */
fn_status fn_ladder_make(fn_run *run, const fn_powers *powers, const uint32_t *logs, const fn_degrees *degrees,
                         int32_t scale, uint64_t more, unsigned shift, fn_ladder *ladder);
void fn_ladder_free(fn_ladder *ladder);

/* The parts of the economy, in the order of tie numbers. */
typedef enum fn_stream_part {
    STREAM_INSIDE, STREAM_BACK, STREAM_OUTSIDE, STREAM_SIZED_PARTS,
    STREAM_TRADER_BUYS = STREAM_SIZED_PARTS, STREAM_TRADER_SELLS, STREAM_FINAL, STREAM_PARTS
} fn_stream_part;

/* What is numbered size by size: ties of these parts, clusters, firms; sellers of inputs, makers, and who buys from
 * traders (importers and makers). */
enum { STREAM_BY_CLUSTER = STREAM_SIZED_PARTS, STREAM_BY_FIRM, STREAM_BY_INPUT, STREAM_BY_MAKER, STREAM_BY_BUYER,
       STREAM_NUMBERED };

/* All clusters of one size. */
typedef struct fn_size {
    uint32_t firms, clusters;
    uint32_t inputs, makers;           /* firms = 1 + inputs + makers */
    uint32_t head_buys, back;          /* ties */
    uint32_t kinds, stride;            /* stride in the ring from one seller to a rival */
    uint32_t strong, importers;        /* who buys abroad: the first `strong` of the ring and its end */
    uint32_t first_firm, first_cluster;
    uint32_t each[STREAM_NUMBERED];    /* of one cluster */
    fn_ladder inside, outside;
} fn_size;

/* When ties live, in blocks of STREAM_BLOCK ties that are alike but for their order. */
typedef struct fn_spells {
    uint32_t periods;
    uint32_t row[STREAM_BLOCK + 1];    /* first row of each tie */
    uint8_t first[STREAM_BLOCK];
    uint8_t tie[STREAM_BLOCK * STREAM_PERIODS]; /* of each row */
} fn_spells;
void fn_spells_make(uint64_t seed, uint32_t periods, fn_spells *spells);

struct fn_economy_stream {
    uint64_t seed, ties, rows;
    uint64_t key[STREAM_DRAWS];        /* of each random stream */
    uint32_t firms, clusters, sizes;
    uint32_t members, traders, finals;
    uint32_t least_sellers;            /* heads and makers of the smallest clusters */
    uint64_t all[STREAM_NUMBERED];
    uint32_t prime[STREAM_NUMBERED];   /* largest primes not above */
    uint64_t part[STREAM_PARTS + 1];
    uint32_t layer_below[3];           /* thresholds of subcontract, knowledge, ownership, in 2^-32 */
    int32_t year[STREAM_PERIODS];
    fn_size size[STREAM_SIZES];
    uint64_t first[STREAM_NUMBERED][STREAM_PLACES]; /* the first number of each size, UINT64_MAX behind the last */
    fn_ladder buys, sells, final;
    fn_spells spells;
    fn_shuffle row_order, id_order;
    fn_powers powers;
};

/* Random bits of a stream. */
static inline uint64_t fn_stream_random(const fn_economy_stream *stream, fn_stream_draw draw, uint64_t index)
{
    return fn_mix64(stream->key[draw] + 0x9e3779b97f4a7c15ULL * (index + 1));
}

/* Such bits as a number below bound. */
static inline uint32_t fn_scale_down(uint64_t chance, uint32_t bound)
{
    return (uint32_t) ((chance >> 32) * bound >> 32);
}

/* Split the firms into clusters, then the ties among all. */
fn_status fn_stream_sizes(fn_run *run, fn_economy_stream *stream);
fn_status fn_stream_deal(fn_run *run, fn_economy_stream *stream);

#endif
