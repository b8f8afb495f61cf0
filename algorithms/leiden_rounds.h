/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_ROUNDS_H
#define FN_ALGORITHMS_LEIDEN_ROUNDS_H

#include "algorithms/leiden_inside.h"

/* Inside of the Leiden search: rounds in which many nodes move at once. work->flag says who waits to be looked at,
 * work->volume holds the volumes of the clusters. All give the arcs of the nodes that wait. */

/* Every node with arcs waits. */
size_t fn_leiden_flag_all(const fn_leiden_graph *graph, fn_leiden_work *work);
/* Only nodes that would move if they were asked now. */
size_t fn_leiden_flag_unhappy(const fn_leiden_graph *graph, fn_leiden_work *work, const uint32_t *cluster);
/* Every waiting node is looked at once. all_wait: so many will move that all may as well wait again. */
size_t fn_leiden_round(const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed, bool all_wait,
                       uint32_t *cluster);

#endif
