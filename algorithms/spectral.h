/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_SPECTRAL_H
#define FN_ALGORITHMS_SPECTRAL_H

#include "graph/csr.h"

/* Largest eigenvalues of networks. */

/* Exponent of the largest weight: weights * 2^-exponent are below 1. 0 where there is none. */
int fn_weights_exponent(const fn_run *run, const fn_csr *csr);
/* Weights times 2^exponent, one an arc. */
fn_status fn_weights_scaled(fn_run *run, const fn_csr *csr, int exponent, double **weight);

/* y = A x: each row of an adjacency, with these weights of its arcs, times x. The same bits with any number of threads. */
void fn_rows_multiply(const fn_run *run, const fn_csr *csr, const double *weight, const double *x, double *y);

/* Spectral radius of directed weights, the largest over all strongly connected parts; 0 where no cycle is. Enclosed
 * after Collatz (1942) and Wielandt (1950), in weights * 2^-exponent. FN_ENOCONV. 36 bytes a firm, 48 a part,
 * 8 an arc. */
typedef struct fn_radius {
    int exponent;
    double least, most;  /* the bounds, equal to 1e-10 */
    double largest;      /* row sum of weights, the other bound from above */
} fn_radius;
fn_status fn_spectral_radius(fn_run *run, const fn_csr *out, const fn_csr *in, fn_radius *radius);

/* y = A x for a symmetric matrix of numbers >= 0; user is fn_dominant's. */
typedef void fn_operator(const fn_run *run, const void *user, const double *x, double *y);
/* The same in floats. */
typedef void fn_rough_operator(const fn_run *run, const void *user, const float *x, float *y);

/* The largest eigenvalue and what of the even vector (1, 1, …) belongs to it, which is what repeated multiplication of
 * the even vector tends to, also where several eigenvectors share the eigenvalue. Scaled so that the largest place is
 * 1; places below 1e-10 become 0. Zero matrix: *value 0 and all places 0. Most of the way in floats (Lanczos 1950),
 * the rest by the locally optimal method of conjugate gradients (Knyazev 2001), one multiplication a step, until
 * |A x - value x| is below tolerance * value; FN_ENOCONV where rounds do not suffice. *second (NULL: not sought) is
 * about the next eigenvalue, to a few digits: where it is equal, what is largest is not well defined. At the most 80
 * bytes a place at a time, beside x and what the operators need. Same bits with any number of threads where theirs
 * are. */
typedef struct fn_dominant {
    const char *what;          /* for progress and errors */
    size_t n;                  /* places */
    fn_operator *multiply;
    fn_rough_operator *rough;  /* the same matrix */
    const void *user;          /* handed to both */
    double tolerance;
    long most;                 /* rounds in doubles */
} fn_dominant;
fn_status fn_dominant_vector(fn_run *run, const fn_dominant *how, double *x, double *value, double *second);

#endif
