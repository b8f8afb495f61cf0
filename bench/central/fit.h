/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_BENCH_CENTRAL_FIT_H
#define FN_BENCH_CENTRAL_FIT_H

#include <stddef.h>
#include <stdint.h>
#include "algorithms/lead.h"

/* A group with one head: its members are candidates. */
typedef struct fit_group {
    uint32_t buyer;
    size_t first, members;      /* in the table of terms, FN_LEAD_TERMS a member */
    size_t head;                /* place among the members */
} fit_group;

/* How much of a head is ranked first: 1, or 1/k where k members have as much, or 0. Alike: within 1e-12. */
double fit_hit(const double *score, size_t members, size_t head);

/* Weights by which the heads of the groups that `use` allows (NULL: all) are likeliest: conditional logit, the
 * maximum of sum over groups of ln(exp(index of head) / sum over members of exp(index)), less half the ridge times
 * the square of the weights for each group. Newton's steps; the function is concave. */
void fit_weights(const fit_group *group, size_t groups, const double *term, const bool *use, double ridge,
                 double weight[FN_LEAD_TERMS]);

/* Hits on each group with weights fitted to the groups of other buyers: folds of buyers, drawn by seed. */
double fit_cross_validate(const fit_group *group, size_t groups, const double *term, uint32_t buyers, int folds,
                          uint64_t seed, double ridge);

#endif
