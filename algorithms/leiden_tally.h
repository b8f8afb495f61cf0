/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_TALLY_H
#define FN_ALGORITHMS_LEIDEN_TALLY_H

#include "algorithms/leiden_graph.h"

/* Inside of the Leiden search: weights added up by label (a cluster or part), one tally a thread. Found labels stand
 * in the order in which they were met. Where each stands is told by a small table with open addresses, which stays in
 * the cache; for rows too long for it, by a table of a place a node. */
enum { FN_LEIDEN_TALLY_BITS = 12 };

typedef struct fn_leiden_tally {
    uint32_t count;
    uint32_t *label;       /* found labels and the weight of each */
    int64_t *weight;
    uint32_t *slot;        /* of each found label in `place` */
    uint32_t *place;       /* one more than the place of a label among the found; 0: not found */
    int shift;             /* of the hash; 0: the label is the slot */
    uint32_t mask;
    uint32_t *small, *large;
} fn_leiden_tally;

/* Begin; at most so many arcs will be added, labels are below `labels`. */
static inline void fn_leiden_tally_open(fn_leiden_tally *tally, size_t most, uint32_t labels)
{
    tally->count = 0;
    tally->shift = 0;
    tally->place = tally->large;
    tally->mask = UINT32_MAX;
    if (labels <= 1u << FN_LEIDEN_TALLY_BITS || most > 1u << (FN_LEIDEN_TALLY_BITS - 1)) return;
    int bits = 4;
    while (most << 1 > (size_t) 1 << bits) bits++;
    tally->shift = 32 - bits;
    tally->mask = (1u << bits) - 1;
    tally->place = tally->small;
}

static inline void fn_leiden_tally_add(fn_leiden_tally *tally, uint32_t label, int64_t weight)
{
    uint32_t slot = tally->shift ? label * 0x9e3779b1u >> tally->shift : label, place;
    while ((place = tally->place[slot]) != 0 && tally->label[place - 1] != label) slot = (slot + 1) & tally->mask;
    if (place > 0) {
        tally->weight[place - 1] += weight;
        return;
    }
    tally->label[tally->count] = label;
    tally->weight[tally->count] = weight;
    tally->slot[tally->count] = slot;
    tally->place[slot] = ++tally->count;
}

static inline void fn_leiden_tally_close(fn_leiden_tally *tally)
{
    for (uint32_t i = 0; i < tally->count; i++) tally->place[tally->slot[i]] = 0;
}

#endif
