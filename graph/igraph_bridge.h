/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_IGRAPH_BRIDGE_H
#define FN_GRAPH_IGRAPH_BRIDGE_H

#include "graph/igraph_compat.h"
#include "graph/net.h"

/* The only owner of igraph's globals (error, interruption and warning handlers, random numbers). Use as
 *   if ((status = FN_IGRAPH(run, igraph_vector_init(&scores, 0)))) goto done;
 * Never inside a parallel region, never together with IGRAPH_FINALLY or IGRAPH_CHECK: igraph 0.10 is not thread-safe,
 * and a failing call empties its whole cleanup stack. Validate weights before the call: igraph takes NaN in silence. */
#define FN_IGRAPH(run, call) (fn_igraph_enter(run), fn_igraph_leave((run), (call)))

void fn_igraph_enter(fn_run *run);
fn_status fn_igraph_leave(fn_run *run, igraph_error_t code);

/* A fresh directed igraph_t of the ties, in their order, self and parallel ties included: its index vectors are filled
 * directly. The caller destroys it. */
fn_status fn_igraph_fill(fn_run *run, uint32_t firms, size_t ties, const fn_tie *tie, igraph_t *graph);

#endif
