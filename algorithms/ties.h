/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIES_H
#define FN_ALGORITHMS_TIES_H

#include "graph/params.h"
#include "graph/view.h"

/* Strength of every selected tie of a view, each within its own layer. Adds to result (one row a selected tie):
 * overlap, squares, p_from, p_to, reciprocity, layers, recency, class, reason (contract section 4). Thresholds are
 * proposals of this project and options. */
typedef struct fn_tie_options {
    double significance;   /* a tie is strong when p_from or p_to is below this */
    double bridge_overlap; /* at or below this overlap a tie that joins two clusters is a bridge */
    int new_days;          /* a tie whose first record lies within this many days of the end of the period is new */
    int latent_days;       /* a tie without records for longer than this before the end of the period is latent */
} fn_tie_options;

void fn_tie_defaults(fn_tie_options *options);
/* From the values of the parameters of fn_algorithm_tie_strength. */
fn_status fn_tie_options_from(fn_run *run, const fn_values *values, fn_tie_options *options);

/* cluster (one number a firm) may be NULL: bridges are then told by overlap and squares alone. */
fn_status fn_tie_strength(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_tie_options *options,
                          fn_table *result);

#endif
