/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_FIXED_POINT_H
#define FN_ALGORITHMS_FIXED_POINT_H

#include "graph/csr.h"

/* Scores that feed on the scores of others, along arcs: PageRank, Katz, influence, upstreamness.
 *   x(v) = constant(v) + scale(v) * sum over arcs u of row v of weight * part(u) * x(u)
 * All numbers finite and >= 0. */
typedef struct fn_fixed_point {
    const char *what;       /* for progress and errors */
    const fn_csr *rows;     /* row v: whom x(v) is made from */
    const fn_csr *columns;  /* the same arcs from the other end */
    const double *part;     /* of a firm's score, what goes along its arcs; NULL: 1 each */
    const uint32_t *taker;  /* of each firm, who gets most of its score (FN_NONE: nobody); NULL: sought here */
    const float *taken;     /* with taker: what share that gets, before factor */
    const double *scale;    /* of a row, NULL: factor everywhere */
    double factor;
    const double *constant; /* NULL: base everywhere */
    double base;
    bool is_closed;         /* nothing gets lost: what factor and firms of part 0 keep back is spread evenly over all
                               firms, in the place of the constant. x is then known but for its size */
    double tolerance;       /* stop when both sides of all equations together differ by less than this share of all
                               scores */
    bool each;              /* and each by less than this share of its own score, or what rounding makes of it */
    long most;              /* rounds */
} fn_fixed_point;

/* Solved in place, from what stands in x. Rounds in the manner of Gauss and Seidel, forth and back through blocks of
 * firms that do not depend on threads: within a block all firms see the same scores, the next block sees theirs. Two
 * firms that live mostly on each other are solved together, as such pairs settle last, and rounds are extrapolated. The
 * same bits with any number of threads. What is left of the equations is found in doubles, its correction in floats.
 * FN_ENOCONV: not settled after `most` rounds. O(arcs) a round; 8 bytes an arc, 68 a firm. */
fn_status fn_fixed_point_solve(fn_run *run, const fn_fixed_point *how, double *x);

#endif
