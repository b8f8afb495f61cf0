/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LAYER_WEIGHTS_H
#define FN_ALGORITHMS_LAYER_WEIGHTS_H

#include "graph/view.h"

/* Weights of ties as whole numbers, so that sums over them are exact: they depend neither on the order of adding nor on
 * threads, and weights multiplied by a power of two give the same numbers. Each layer has its own unit, 2^-shift,
 * the finest for which the weights of the layer add up to at most 2^61. */
typedef struct fn_layer_units {
    bool has_ties;    /* a tie between two firms with a weight above 0 */
    int shift;
} fn_layer_units;

void fn_layer_units_find(const fn_view *view, fn_layer_units units[FN_LAYERS_MOST]);

/* Weight of the selected tie `index` in the units of its layer: 0 for self ties and weightless ties, which are left
 * out, else at least 1. */
int64_t fn_layer_units_weight(const fn_view *view, const fn_layer_units units[FN_LAYERS_MOST], size_t index);

/* Pairs of firms that the ties of each layer join: ordered pairs when directed, unless the layer is undirected.
 * O(firms + ties) time and memory. */
fn_status fn_layer_pairs(fn_run *run, const fn_view *view, bool directed, size_t pairs[FN_LAYERS_MOST]);

#endif
