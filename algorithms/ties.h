/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIES_H
#define FN_ALGORITHMS_TIES_H

#include "graph/params.h"
#include "graph/view.h"

/* Strength of every selected tie of a view, each within its own layer. Adds to result (one row a selected tie):
 *   overlap      n / ((k_from - 1) + (k_to - 1) - n), n common partners of k partners, direction ignored
 *                (Onnela et al. 2007): 0 no common partner … 1 all partners common
 *   squares      share of the pairs (other customer j' of from, other supplier i' of to) in which i' delivers to j', of
 *                all (k_out(from) - 1) (k_in(to) - 1): what triangles are in social networks (Mattsson et al. 2021)
 *   p_from, p_to (1 - w / s_out)^(k_out - 1) on the side of from, (1 - w / s_in)^(k_in - 1) on the side of to: chance
 *                of so large a share if the firm's weight were spread at random (Serrano, Boguñá and Vespignani 2009)
 *   reciprocity  smaller over larger weight of the two directions, parallel ties added: 0 one-way … 1 balanced
 *   layers       layers of the view in which the two firms are tied, either way
 *   recency      days from the tie's last record to the end of the data: the day that at most one selected tie in 200
 *                outlasts (those have 0), so that a few mistyped dates do not move it
 *   class, reason  see fn_tie_options; the reason holds the numbers that decided. It is told from the other columns and the
 *                view, which must outlive it
 * w is the view's weight of the tie: its value in a layer that has any, its count where no tie has a value. A tie
 * without a value in a layer of values has no p, and neither its firm's k nor its s count it; the other measures take
 * it as a tie. In an undirected layer customers and suppliers are partners, and reciprocity is missing. 0/0 is missing:
 * overlap of two firms with no other partner, squares where a side has no other. A side with a single tie has p = 1:
 * that says nothing, and the class does not rest on it. Self ties get a row with recency and reason alone.
 * Squares are exact up to 2^35 steps and estimated for hubs above that (algorithms/tie_squares.c); a note tells how
 * many. Time: for every tie the smaller degree of its ends, three times over. Memory: about 60 bytes a tie beside the
 * columns, then 16 a firm. */

/* The class is that of the first line that holds in a table of rules, which users may replace (algorithms/tie_rules.h).
 * Order and thresholds of the built-in table are proposals of this project:
 *   latent  no record for more than latent_days before the end of the data
 *   new     the first record is at most new_days before the end; not told where the data spans no more than that
 *   bridge  both ends have other partners, and the tie joins two clusters with overlap and squares at most
 *           bridge_overlap; where clusters are not known: overlap and squares are 0
 *   strong  p_from or p_to below significance; or at least exclusive_count records, and more than chance gives (the
 *           marginal likelihood of the backbones, Benjamini and Hochberg); or as many, as the only tie of a side
 *   weak    every other */
typedef struct fn_tie_rules fn_tie_rules; /* algorithms/tie_rules.h */

typedef struct fn_tie_options {
    double significance;
    double bridge_overlap;
    int new_days;
    int latent_days;
    int exclusive_count;
    const fn_tie_rules *rules;   /* NULL: the built-in table */
} fn_tie_options;

void fn_tie_defaults(fn_tie_options *options);
/* From the values of the parameters of fn_algorithm_tie_strength. */
fn_status fn_tie_options_from(fn_run *run, const fn_values *values, fn_tie_options *options);

/* cluster (one number a firm) may be NULL: bridges are then told by overlap and squares alone. */
fn_status fn_tie_strength(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_tie_options *options,
                          fn_table *result);

#endif
