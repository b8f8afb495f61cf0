/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_FIXED_POINT_INSIDE_H
#define FN_ALGORITHMS_FIXED_POINT_INSIDE_H

#include <stdatomic.h>
#include "algorithms/extrapolate.h"
#include "algorithms/fixed_point.h"
#include "algorithms/half_rows.h"
#include "graph/names.h"

/* Inside of fn_fixed_point_solve. A round goes through blocks forth and back; windows of a block are shared out among
 * threads. Both depend on the network alone. A turn is a correction and the check of it. */

/* In the place of a partner: a firm of part 0, whose score goes nowhere. */
#define FN_LOST (FN_NONE - 1)

/* Of a window of firms. */
typedef struct fn_solver_sums {
    double sum, lost;         /* of all firms, and of those of part 0: corrections in a round, scores in a check */
    double change;            /* of a round: changes; of a check: what is left of the equations */
    double size;              /* of a round: corrections without their signs */
    bool is_done;             /* of a check: what is left is little beside each score */
} fn_solver_sums;

/* The next window of each block that a thread has kept for itself. */
typedef struct fn_solver_desk {
    atomic_size_t window[FN_HALF_BLOCKS];
} fn_solver_desk;

/* Scores are doubles; what is left of the equations is found in doubles, and the correction that it asks for in floats,
 * which takes half the memory traffic. Repeated, that gives all digits. */
typedef struct fn_solver {
    const fn_fixed_point *how;
    uint32_t firms;
    double *x, *passed;       /* scores, and what of them goes along arcs */
    double *left;             /* right side minus left side of each equation */
    fn_half_rows halves;      /* what each firm gets of the others' scores */
    float *got[2];            /* the last sum of each half of a row */
    float *fix, *right;       /* correction and what is left, in units of that on average */
    fn_extrapolate past;      /* corrections of the last rounds */
    uint32_t *partner;        /* the other of a pair; FN_NONE: none, FN_LOST: none, and of part 0 */
    float *coupling;          /* what of its partner's score a firm gets */
    fn_solver_sums *sums;               /* of each window */
    fn_solver_desk *next;               /* one a thread */
    double sum, lost, change, size; /* of all windows */
    double unit;              /* what is left, on average */
    bool is_done;
    long rounds;
    int threads;
} fn_solver;

static inline double fn_scale_of(const fn_fixed_point *how, uint32_t v)
{
    return how->scale ? how->scale[v] : how->factor;
}

static inline double fn_part_of(const fn_fixed_point *how, uint32_t u)
{
    return how->part ? how->part[u] : 1;
}

/* Sums of all windows, in their order. */
void fn_solver_add_up(fn_solver *s);
/* What everybody gets where nothing is lost. */
double fn_solver_spread(const fn_solver *s);

/* Partner and coupling of each firm; s->fix is used on the way. */
fn_status fn_solver_find_pairs(fn_run *run, fn_solver *s);

/* Rounds until the correction for what is left is good enough; then it is added to the scores, whose sum is given. */
fn_status fn_solver_correct(fn_run *run, fn_solver *s, double scores);

#endif
