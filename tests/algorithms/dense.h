/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_DENSE_H
#define FN_TESTS_ALGORITHMS_DENSE_H

#include "graph/view.h"

/* What textbooks do with matrices: oracles for measures. Quads have 34 digits. */
enum { DENSE_MOST = 12 };
typedef __float128 dense_quad;

/* a x = b by elimination with full pivots; x is in b after. Aborts where a is singular. */
void dense_solve(uint32_t n, dense_quad a[DENSE_MOST][DENSE_MOST], dense_quad b[DENSE_MOST]);
/* Of a symmetric matrix: the largest eigenvalue, the next different one (by 1e-9), and what of (1, 1, …) belongs to
 * the largest, scaled to a largest place of 1. */
void dense_dominant(uint32_t n, const double a[DENSE_MOST][DENSE_MOST], double *largest, double *next,
                    double x[DENSE_MOST]);
/* Spectral radius of a matrix of numbers >= 0, by repeated squaring. */
double dense_radius(uint32_t n, const double a[DENSE_MOST][DENSE_MOST]);
/* reach[u][v]: v can be reached from u along places > 0, u from u always. */
void dense_reach(uint32_t n, const double w[DENSE_MOST][DENSE_MOST], bool reach[DENSE_MOST][DENSE_MOST]);

#endif
