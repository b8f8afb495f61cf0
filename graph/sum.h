/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_SUM_H
#define FN_GRAPH_SUM_H

#include <stdbool.h>
#include <stdint.h>

/* Sum of money (or of any reals) that does not depend on the order of adding wherever the amounts are decimal
 * fractions with at most four places and below 4.5e11: those are added exactly as whole ten-thousandths in 128 bits.
 * Other finite amounts go through a Neumaier sum beside it. Start with {0}. */
typedef struct fn_sum {
    __int128 units;      /* exact part, in 1/10000 */
    double rest, carry;  /* the others */
    int64_t terms;       /* amounts added */
} fn_sum;

void fn_sum_add(fn_sum *sum, double amount);
void fn_sum_join(fn_sum *sum, const fn_sum *other);
double fn_sum_value(const fn_sum *sum);

/* amount as whole ten-thousandths; false when it is not exactly representable so. */
bool fn_units_from_real(double amount, int64_t *units);
double fn_units_to_real(__int128 units);

#endif
