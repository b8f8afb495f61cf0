/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_DOMINANT_INSIDE_H
#define FN_ALGORITHMS_DOMINANT_INSIDE_H

#include "algorithms/spectral.h"

/* Inside of fn_dominant_vector. */

enum { FN_SMALL_MOST = 16 };

/* Largest eigenvalue of a symmetric matrix of n rows, FN_SMALL_MOST at the most, and its vector of length 1, by
 * rotations (Jacobi 1846). The matrix is overwritten. */
double fn_small_largest(int n, double *matrix, double *vector);

/* Most of the way from the even vector (1, 1, …) to the largest eigenvector, in few multiplications, up to 64 (Lanczos
 * 1950): x is near it unless eigenvalues lie close together, and of length 1. Zero matrix: x stays even. 72 bytes a
 * place, meanwhile. */
fn_status fn_lanczos(fn_run *run, const fn_dominant *how, double *x);

#endif
