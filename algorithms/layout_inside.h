/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LAYOUT_INSIDE_H
#define FN_ALGORITHMS_LAYOUT_INSIDE_H

#include <stddef.h>
#include "graph/run.h"

/* Pieces of the layout, shared by its files only. */

typedef struct fn_disc {
    double x, y;
    double radius;      /* with the free margin around it */
} fn_disc;

/* Concentric rings of circles that never touch (layout_rings.c).
 * plan: items come by falling radius; item i gets the radius of the ring its middle lies on, rings filled one after
 * another around a free disc of radius `inner`, all about equally. Items of one ring are neighbours in the order and
 * share middle[i]. Returns the outer radius. O(count). */
double fn_rings_plan(size_t count, const double *radius, double inner, double *middle);
/* place: the angle of every item, near the wished one (wish may hold NaN: no wish) as far as the others leave room.
 * O(count log count). */
fn_status fn_rings_place(fn_run *run, size_t count, const double *radius, const double *middle, const double *wish,
                         double *angle);

/* Positions of a few discs (layout_map.c): those with much between them come to lie side by side, none overlap, the
 * whole is about round and lies around 0. link: count x count, symmetric, 0 … 1. O(count^2) a step. */
fn_status fn_map_place(fn_run *run, size_t count, fn_disc *disc, const double *link);

#endif
