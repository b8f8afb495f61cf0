/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_HALF_ROWS_H
#define FN_ALGORITHMS_HALF_ROWS_H

#include <stdbool.h>
#include "graph/csr.h"

/* The rows of a system x(v) = … + sum over arcs of weight * x(target), cut into two halves: arcs from firms up to v,
 * and from firms after it. Whoever goes through all firms forth and back, as Gauss and Seidel do, needs to add up one
 * half each way: the sum of the other is still that of the way before (Conrad and Wallach 1979).
 * Firms fall into blocks, those into windows. Within a window the rows of a half stand by their length, in pieces of
 * rows as long as each other: the processor knows then where a row ends, which else it guesses wrongly once a row. */
enum { FN_HALF_BLOCKS = 32, FN_HALF_WINDOW = 1024 };

typedef struct fn_half_arc {
    uint32_t target;
    float weight;
} fn_half_arc;

/* Rows of one length, of one half of a window. */
typedef struct fn_half_piece {
    size_t arc;         /* their first */
    uint32_t place;     /* of the first row in `order` */
    uint32_t rows, length;
} fn_half_piece;

typedef struct fn_half_window {
    uint32_t first, end;    /* firms */
    size_t piece[2];        /* first piece of each half */
} fn_half_window;

typedef struct fn_half_rows {
    uint32_t firms;
    fn_half_arc *arcs;
    uint16_t *order[2];             /* whose row each is, from the first firm of the window on;
                                       [0]: arcs from firms up to v, [1]: from firms after it */
    fn_half_piece *pieces[2];
    fn_half_window *windows;        /* and one more, where all ends */
    size_t block[FN_HALF_BLOCKS + 1]; /* first window of each block; blocks have about as many arcs and firms */
} fn_half_rows;

/* What weights are made of. */
typedef struct fn_half_terms {
    const fn_csr *rows;
    const double *weight;    /* one an arc, instead of those of rows; NULL: those */
    bool is_whole;           /* rows are not cut: all is half 0 */
    const double *part;      /* of a target's score, NULL: 1 each */
    const double *scale;     /* of a row, NULL: factor everywhere */
    double factor;
    const uint32_t *partner; /* a firm whose arc gets weight 0, FN_NONE none; NULL: none has */
} fn_half_terms;

/* Builds *h, empty before, of weights weight * part * scale, in floats. sum (one a firm, NULL: not sought) gets the sum
 * of each row, arcs of partners included, in doubles. O(arcs); 8 bytes an arc, 4 a firm, and 4 more a firm meanwhile.
 * FN_ENOMEM: free it as if all had gone well. */
fn_status fn_half_rows_build(fn_run *run, const fn_half_terms *terms, int threads, fn_half_rows *h, double *sum);
void fn_half_rows_free(fn_half_rows *h);

/* Rows of half 0 or 1 times x, of a window or of all firms; y gets the sum of each row at its firm. */
void fn_half_rows_multiply(const fn_half_rows *h, int half, const fn_half_window *window, const float *x, float *y);
void fn_half_rows_multiply_all(const fn_half_rows *h, int half, int threads, const float *x, float *y);

#endif
