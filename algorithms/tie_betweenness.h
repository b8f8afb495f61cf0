/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_BETWEENNESS_H
#define FN_ALGORITHMS_TIE_BETWEENNESS_H

#include "graph/view.h"

/* Only for tie_betweenness*.c. Pairs of firms (s, t), s with arcs out, t with arcs in: others have no chain. */
typedef struct fn_chains {
    const fn_csr *out, *in;
    uint32_t *source, *target;
    uint32_t sources, targets;
    double pairs;              /* s != t */
} fn_chains;

/* Of every arc of `out`: the sum over all pairs of the share of their shortest chains that lead over it. */
fn_status fn_chains_count(fn_run *run, const fn_chains *chains, double *score);
/* Of so many pairs drawn by the seed, one shortest chain each, all alike likely: on how many each arc lies. */
fn_status fn_chains_draw(fn_run *run, const fn_chains *chains, uint64_t samples, uint32_t *times);

#endif
