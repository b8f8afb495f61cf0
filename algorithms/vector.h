/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_VECTOR_H
#define FN_ALGORITHMS_VECTOR_H

#include <stddef.h>
#include "graph/run.h"

/* Sums over all firms on all threads: in blocks that depend on n alone, added in their order, so the same bits however
 * many threads there are. */
double fn_vector_sum(const fn_run *run, const double *a, size_t n);
double fn_vector_dot(const fn_run *run, const double *a, const double *b, size_t n);
/* The largest absolute value, 0 where there is none. */
double fn_vector_largest(const double *a, size_t n);

/* a += factor * b */
void fn_vector_add(const fn_run *run, double *a, double factor, const double *b, size_t n);

#endif
