/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_VIEW_H
#define FN_GRAPH_VIEW_H

#include "graph/csr.h"
#include "graph/net.h"

/* What is analysed: the ties of some layers and some period, each with the weight that kernels use. */
typedef enum fn_weighting { FN_WEIGHT_VALUE, FN_WEIGHT_COUNT, FN_WEIGHT_BOTH } fn_weighting;

typedef struct fn_view_options {
    uint64_t layers;        /* bit per layer number, 0 = all */
    int32_t since, until;   /* keep ties whose first … last touches the period; FN_DAY_NONE = open */
    fn_weighting weight;
    const char *currency;   /* weigh by the values of this one, NULL = the only one there is */
    const char *without;    /* leave out ties of firms whose kind is this (comma separated), NULL = none */
} fn_view_options;

#define FN_VIEW_ALL { .since = FN_DAY_NONE, .until = FN_DAY_NONE }

/* Weight of a tie, within its layer:
 *   a layer that brings its own weights (cobid): those;
 *   value: the money, where any tie of the layer has some (a tie without: 0, it then binds nothing; counted, warned);
 *          the count where no tie of the layer has money;
 *   count: the count;
 *   both:  half and half, each as a share of its sum over the layer, scaled so that the layer's mean weight is 1.
 * Money of several currencies is never added: unless `currency` chooses one, such a layer is weighed by count, with a
 * warning. Negative values weigh 0. All weights are finite and >= 0. */
typedef struct fn_view {
    const fn_net *net;
    uint32_t firms;
    size_t ties;
    const uint32_t *tie;  /* selected tie numbers, ascending, self ties included; NULL: all ties of the net */
    const double *weight; /* kernel weight of each selected tie; the values themselves where they are the weights */
    uint32_t *own_tie;
    double *own_weight;
    uint64_t layers;    /* layers that have a selected tie */
    size_t self_ties, weightless;
    fn_weighting used[FN_LAYERS_MOST]; /* what weighs each layer; of a layer with its own weights, count */
} fn_view;

/* Number in the net of the selected tie `row`. */
static inline size_t fn_view_tie(const fn_view *view, size_t row)
{
    return view->tie ? view->tie[row] : row;
}

fn_status fn_view_new(fn_run *run, const fn_net *net, const fn_view_options *options, fn_view **view);
void fn_view_free(fn_view *view);

/* Adjacency of the selected ties of one layer, or of all (layer < 0). Ties of undirected layers go both ways in
 * FN_CSR_OUT and FN_CSR_IN. Weightless ties are left out unless keep_weightless. */
fn_status fn_view_csr(fn_run *run, const fn_view *view, int layer, fn_csr_side side, bool keep_weightless,
                      fn_csr **csr);
/* The same with weights that the caller gives, one a selected tie, all finite and >= 0. */
fn_status fn_view_csr_weighted(fn_run *run, const fn_view *view, int layer, fn_csr_side side, bool keep_weightless,
                               const double *weight, fn_csr **csr);

#endif
