/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_REWIRE_H
#define FN_ALGORITHMS_REWIRE_H

#include "algorithms/clusters.h"

/* Networks with the degrees of a view and no other structure: what a quality is held against (significance.c). */

/* The pairs of firms that are tied, layer by layer; weights of parallel ties added up. */
typedef struct fn_tied_pairs {
    const fn_view *view;
    size_t count, largest_layer;
    size_t first[FN_LAYERS_MOST + 1];      /* pairs of layer l: first[l] … first[l + 1] - 1 */
    bool directed[FN_LAYERS_MOST];         /* does the direction of the layer's pairs count? */
    uint32_t *from, *to;
    double *weight;
} fn_tied_pairs;

/* What counts in a quality with these options: neither self ties nor weightless ones, nor layers of weight 0. */
fn_status fn_tied_pairs_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_tied_pairs *pairs);
void fn_tied_pairs_free(fn_tied_pairs *pairs);

/* A frozen net with the firms and layers of another and these ties, whose weights are the ties' own; those of
 * undirected layers with the lower firm first. */
fn_status fn_tied_pairs_net(fn_run *run, const fn_net *like, size_t count, const uint32_t *from, const uint32_t *to,
                            const double *weight, const uint16_t *layer, fn_net **net);

/* One rewiring on its way. */
typedef struct fn_rewiring {
    const fn_tied_pairs *pairs;
    uint64_t seed;
    uint32_t *from, *to;
    uint64_t *set;             /* open addressing; the pairs of the layer at work */
    size_t places;
    int layer;
    size_t tried, swapped;     /* in this layer */
    size_t swapped_before;     /* in the layers before */
} fn_rewiring;

fn_status fn_rewiring_new(fn_run *run, const fn_tied_pairs *pairs, fn_rewiring *rewiring);
void fn_rewiring_free(fn_rewiring *rewiring);
/* Back to the pairs as they are; what follows depends on them and seed alone. */
void fn_rewiring_start(fn_rewiring *rewiring, uint64_t seed);
/* Up to so many attempts more; true while it is not finished. Allocates nothing, tells nothing: for any thread. */
bool fn_rewiring_advance(fn_rewiring *rewiring, size_t attempts);
/* The rewired pairs as a net (fn_tied_pairs_net). */
fn_status fn_rewiring_net(fn_run *run, const fn_rewiring *rewiring, fn_net **net);

#endif
