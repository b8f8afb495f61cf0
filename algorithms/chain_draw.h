/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CHAIN_DRAW_H
#define FN_ALGORITHMS_CHAIN_DRAW_H

#include "algorithms/search_net.h"

/* Draws one of the shortest chains from a place to another, each with the same chance: searches from both ends at once
 * until they must have met. Rows must be sorted by length (fn_search_net_sort). */
typedef struct fn_chain_work fn_chain_work;
fn_status fn_chain_work_new(fn_run *run, const fn_search_net *net, fn_chain_work **work);
void fn_chain_work_free(fn_chain_work *work);

/* Adds 1 to count (of places; several threads may) for every place between the two. seed, stream: of all random numbers
 * that the drawing takes, from index 1 on. Beyond 2^500 shortest chains, chances are only nearly the same. */
void fn_chain_draw(fn_chain_work *work, uint32_t from, uint32_t to, uint64_t seed, uint64_t stream, uint32_t *count);

#endif
