/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_SLOW_TAILS_H
#define FN_TESTS_ALGORITHMS_SLOW_TAILS_H

/* Chances added up term by term, in long doubles with Pascal's triangle; their natural logarithms. */
enum { TRIALS_MOST = 400 };

/* P(X >= x) of n trials with chance p. */
double slow_binomial(int n, double p, int x);
/* P(X >= x), X those of `drawn` of `all` that are among the `marked` ones. */
double slow_hypergeometric(int all, int marked, int drawn, int x);

#endif
