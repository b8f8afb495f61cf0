/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_NODE_WEIGHTS_H
#define FN_ALGORITHMS_NODE_WEIGHTS_H

#include "algorithms/trust.h"

/* How far the sizes of the firms with ties are known. */
typedef struct fn_sizes_known {
    uint32_t known, missing;
    double mean;             /* of those known, NaN: none is */
} fn_sizes_known;

/* Weights of firms for CPM by the firm column `size` (Traag, Van Dooren and Nesterov 2011: n_i may be a firm's size):
 * size over the mean size of firms that have ties, so that equal sizes give what counting gives, and gamma keeps its
 * meaning for a pair of mean firms. A cluster then has to bind its firms by gamma for each pair, times both sizes:
 * large firms need much weight between them to be together. A firm without a size above 0 weighs as the mean one; how
 * many do is told, and it is the caller's to tell the user. Without any size all weigh 1. O(firms + ties). */
fn_status fn_node_weights(fn_run *run, const fn_view *view, const fn_leiden_options *options, int64_t **weight,
                          fn_sizes_known *known);

#endif
