/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_BACKBONE_INSIDE_H
#define FN_ALGORITHMS_BACKBONE_INSIDE_H

#include <math.h>
#include "algorithms/backbone.h"

/* Only for backbone_*.c and tie_*.c: what the methods share. */

/* One firm on one side of a layer: summed weight, and how many partners it has a positive weight with. */
typedef struct fn_side {
    double strength;
    uint32_t partners;
} fn_side;

/* All firms. In an undirected layer out and in are the same array. */
typedef struct fn_sides {
    bool directed;
    fn_side *out, *in;
    double total;           /* weight of all ties, each once */
} fn_sides;

/* weight: one a selected tie, finite, >= 0, their sum in range. The same sums at any number of threads, 48 bytes
 * a firm while they are found. Self ties don't count; parallel ties are one partner. */
fn_status fn_sides_find(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, fn_sides *sides);
void fn_sides_free(fn_sides *sides);

/* The view's weights, divided by a power of two where sums could run out of range; *own is what is to be freed. */
fn_status fn_safe_weights(fn_run *run, const fn_view *view, const double **weight, double **own);

/* Tests on counts want whole records, or at least a unit in which weights can be taken for counts.
 *   auto   count where a tie of the layer has more than one record, else mean
 *   count  records behind a tie
 *   mean   the view's weights, scaled so that the mean tie of the layer weighs 1
 *   value  the view's weights as they are: a test then depends on the currency's unit */
typedef enum fn_unit { FN_UNIT_AUTO, FN_UNIT_COUNT, FN_UNIT_MEAN, FN_UNIT_VALUE } fn_unit;
/* weight[] of the ties of one layer; those of others stay. A note tells which unit was taken. */
fn_status fn_unit_weights(fn_run *run, const fn_view *view, uint16_t layer, fn_unit unit, const char *method,
                          double *weight);
fn_unit fn_unit_from(const fn_values *values);
#define FN_UNIT_PARAM                                                                                              \
    { .name = "unit", .type = FN_PARAM_CHOICE, .argument = "WHAT", .fallback = "auto",                               \
      .choices = "auto|count|mean|value",                                                                          \
      .text = "what tests on counts take for one record: awards, the mean tie, or the weight as it is" }

/* Natural logarithms of upper tails, exact as far as doubles go, also where the tail itself underflows. */
/* P(X >= x) of n trials with chance p; for an x that is no whole number the regularised incomplete beta function
 * I_p(x, n - x + 1), which runs through the values at whole x. x <= 0 gives 0 (certain), x > n minus infinity. */
double fn_log_binomial_tail(double n, double p, double x);
/* P(X >= x), X those of `drawn` of `all` that are among the `marked` ones. x above what is possible: minus infinity. */
double fn_log_hypergeometric_tail(double all, double marked, double drawn, double x);
/* P(Z >= z) of a standard normal variable. */
double fn_log_normal_tail(double z);

/* ln x as log10 x. */
static inline double fn_log10_of(double natural)
{
    return natural * 0.43429448190325182765;
}

/* The marginal likelihood of every tie with two records or more, by records alone, and after Benjamini and Hochberg
 * over all ties; NaN: not judged. Ties tell it without tenders. */
fn_status fn_repeats_judge(fn_run *run, const fn_view *view, double *log10_p, double *log10_q);

/* log10 q of each p (log10; NaN takes no part), given that `tests` were made, at least as many as there are p. q and p
 * may be one array. */
fn_status fn_correct(fn_run *run, fn_correction correction, size_t count, const double *log10_p, double tests,
                     double *log10_q);
/* The numbers 0 … count - 1 by ascending key, equal ones in their order; NaN last. */
fn_status fn_order_reals(fn_run *run, size_t count, const double *key, uint32_t *order);

#endif
