/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_SLOW_TAILS_H
#define FN_TESTS_ALGORITHMS_SLOW_TAILS_H

#include <stddef.h>

/* Chances added up term by term, in long doubles with Pascal's triangle; their natural logarithms. */
enum { TRIALS_MOST = 400 };

/* P(X >= x) of n trials with chance p. */
double slow_binomial(int n, double p, int x);
/* P(X >= x), X those of `drawn` of `all` that are among the `marked` ones. */
double slow_hypergeometric(int all, int marked, int drawn, int x);

/* Benjamini and Hochberg: of all p as large as that of `row`, the least p times tests over rank, 1 at most. NaN takes
 * no part, and has none. */
double slow_false_share(const double *p, size_t count, double tests, size_t row);

#endif
