/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CLOSENESS_INSIDE_H
#define FN_ALGORITHMS_CLOSENESS_INSIDE_H

#include "algorithms/search_net.h"

/* Breadth-first searches to FN_BEAMS firms at once, one bit each: 64 bytes a firm and set of firms, a line of cache. */
enum { FN_BEAMS = 512, FN_BEAM_WORDS = FN_BEAMS / 64 };
typedef uint64_t fn_beams[FN_BEAM_WORDS] __attribute__((aligned(64)));

/* How far a firm has it to all that it can reach; whole numbers, so that no order of adding matters. */
typedef struct fn_nearness {
    uint32_t reached;
    uint64_t distance;   /* sum */
    uint64_t inverse;    /* sum of 1 / distance, in fn_beam_work.unit */
} fn_nearness;

typedef struct fn_beam_work {
    void *memory;
    fn_beams *seen;      /* of each place: the searches that have arrived there … */
    fn_beams *front;     /* … just now … */
    fn_beams *next;      /* … and in the step in hand */
    uint32_t *active;    /* places with anything in front */
    uint32_t *fresh;     /* places that are active next */
    uint32_t *found;     /* the same of each block of rows, from its first row on */
    uint32_t count;      /* of active */
    double unit;         /* a power of two */
} fn_beam_work;

/* One step for the rows first … last - 1 of a net: who looks, along `row`, at somebody in front sees what is there.
 * Gives how many new actives are in `found`. share: fn_nearness.inverse of one at this distance. */
typedef struct fn_beam_step {
    const size_t *start;
    const uint32_t *row;
    const uint64_t *full;   /* beams of the batch */
    uint64_t distance, share;
    fn_nearness *near;
} fn_beam_step;
typedef uint32_t fn_beam_rows(const fn_beam_step *step, fn_beam_work *work, uint32_t first, uint32_t last,
                              uint32_t *found);
fn_beam_rows *fn_beam_rows_best(void);
/* The same for places whose `next` is already gathered. */
uint32_t fn_beam_gathered(const fn_beam_step *step, fn_beam_work *work, const uint32_t *place, uint32_t count,
                          uint32_t *found);

#endif
