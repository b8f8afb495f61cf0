/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LAYER_WEIGHTS_H
#define FN_ALGORITHMS_LAYER_WEIGHTS_H

#include <math.h>
#include "graph/view.h"

/* Weights of ties as whole numbers, so that sums over them are exact: they depend neither on the order of adding nor on
 * threads, and weights multiplied by a power of two give the same numbers. Each layer has its own unit, 2^-shift,
 * the finest for which the weights of the layer add up to at most 2^61. */
typedef struct fn_layer_units {
    bool has_ties;    /* a tie between two firms with a weight above 0 */
    int shift;
    double power;     /* 2^shift, 0: beyond what a double holds */
    int64_t total;    /* of the whole layer, in units */
} fn_layer_units;

/* O(ties) on all threads. */
void fn_layer_units_find(fn_run *run, const fn_view *view, fn_layer_units units[FN_LAYERS_MOST]);

/* A weight above 0 in the units of its layer, at least 1. */
static inline int64_t fn_layer_units_whole(const fn_layer_units *units, double weight)
{
    int64_t whole = (int64_t) ((units->power > 0 ? weight * units->power : scalbn(weight, units->shift)) + .5);
    return whole > 0 ? whole : 1;
}

/* What the kernels of clusters read of a selected tie. weight is 0 for those that are left out: self ties and
 * weightless ties. */
typedef struct fn_layer_tie {
    uint32_t from, to;
    int layer;
    double weight;
} fn_layer_tie;

static inline fn_layer_tie fn_layer_tie_at(const fn_view *view, const fn_ties *rows, size_t index)
{
    size_t row = fn_view_tie(view, index);
    fn_layer_tie tie = { rows->from[row], rows->to[row], rows->layer ? rows->layer[row] : rows->usual.layer, 0 };
    if (tie.from != tie.to && view->weight[index] > 0) tie.weight = view->weight[index];
    return tie;
}

/* Pairs of firms that the ties of each layer join: ordered pairs when directed, unless the layer is undirected.
 * O(firms + ties) time and memory. */
fn_status fn_layer_pairs(fn_run *run, const fn_view *view, bool directed, size_t pairs[FN_LAYERS_MOST]);

#endif
