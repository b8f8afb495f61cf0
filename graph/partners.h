/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_PARTNERS_H
#define FN_GRAPH_PARTNERS_H

#include "graph/view.h"

/* What only counts partners or parts needs no adjacency with weights (which takes ten times the memory). Direction and
 * weights are ignored, weightless ties count, self ties don't. */

/* Of each firm, how many others it has a selected tie with: its degree in a FN_CSR_BOTH that keeps weightless ties.
 * O(firms + ties) time; 4 bytes a tie and 8 a firm on the way. */
fn_status fn_view_partners(fn_run *run, const fn_view *view, uint32_t *partners);

/* Weakly connected parts of the selected ties: how many there are, and how many firms are in the largest. Firms without
 * ties are parts of their own. Nearly O(firms + ties) time, 8 bytes a firm on the way. */
fn_status fn_view_parts(fn_run *run, const fn_view *view, uint32_t *parts, uint32_t *largest);

#endif
