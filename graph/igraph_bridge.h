/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_IGRAPH_BRIDGE_H
#define FN_GRAPH_IGRAPH_BRIDGE_H

#include "graph/igraph_compat.h"
#include "graph/net.h"
#include "graph/random.h"

/* The only owner of igraph's globals (error, interruption and warning handlers, random numbers). Use as
 *   if ((status = FN_IGRAPH(run, igraph_vector_init(&scores, 0)))) goto done;
 * igraph's reason ends in run->error, its warnings in the log; where igraph can be interrupted, run->progress is asked
 * and FN_ECANCEL comes back. Never inside a parallel region, never together with IGRAPH_FINALLY or IGRAPH_CHECK: igraph
 * 0.10 is not thread-safe, and a failing call empties its whole cleanup stack. Validate weights before the call: igraph
 * takes NaN in silence. */
#define FN_IGRAPH(run, call) (fn_igraph_enter(run), fn_igraph_leave((run), (call)))

void fn_igraph_enter(fn_run *run);
fn_status fn_igraph_leave(fn_run *run, igraph_error_t code);

/* Seed igraph's random numbers from run->seed; before every call that draws some. Results then repeat, but only with
 * the same release of igraph. */
fn_status fn_igraph_seed(fn_run *run, uint64_t stream);

/* A fresh igraph_t of ties between two arrays of firms, in their order, self and parallel ties included: its index
 * vectors are filled directly, on all threads, and equal what igraph_create makes. The caller destroys it.
 * FN_EINVAL: an end is not below firms, or there are more than UINT32_MAX ties. O(firms + ties) time, a third of it
 * where directed ties are sorted by (from, to); 32 bytes a tie and 16 a firm stay, 4 a firm and thread are used on the
 * way. */
fn_status fn_igraph_fill_pairs(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                               bool directed, igraph_t *graph);

/* Whether igraph keeps its vectors as we fill them; where not, igraph_create is used. Asked once. */
bool fn_igraph_layout_known(void);

#endif
