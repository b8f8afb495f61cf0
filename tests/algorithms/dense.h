/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_DENSE_H
#define FN_TESTS_ALGORITHMS_DENSE_H

#include "graph/view.h"

/* Small networks as matrices, and what textbooks do with them: oracles for measures. Quads have 34 digits. */
enum { DENSE_MOST = 14 };
typedef __float128 dense_quad;
typedef struct dense {
    uint32_t n;
    double w[DENSE_MOST][DENSE_MOST]; /* w[u][v]: u delivers to v; no self ties, parallel ones added up */
} dense;

/* A random network: loops, parallel ties, ties of weight 0, isolated firms; seed decides all. */
fn_net *dense_net(fn_run *run, uint64_t seed, dense *made);
/* The same with firm f called map[f]; the matrix stays that of the plain one. */
fn_net *dense_net_permuted(fn_run *run, uint64_t seed, const uint32_t *map);

/* a x = b by elimination with full pivots; x is in b after. Aborts where a is singular. */
void dense_solve(uint32_t n, dense_quad a[DENSE_MOST][DENSE_MOST], dense_quad b[DENSE_MOST]);
/* Of a symmetric matrix: the largest eigenvalue, the next different one (by 1e-9), and what of (1, 1, …) belongs to
 * the largest, scaled to a largest place of 1. */
void dense_dominant(uint32_t n, const double a[DENSE_MOST][DENSE_MOST], double *largest, double *next,
                    double x[DENSE_MOST]);
/* Spectral radius of a matrix of numbers >= 0, by repeated squaring. */
double dense_radius(uint32_t n, const double a[DENSE_MOST][DENSE_MOST]);
/* reach[u][v]: v can be reached from u along ties, u from u always. */
void dense_reach(const dense *d, bool reach[DENSE_MOST][DENSE_MOST]);

#endif
