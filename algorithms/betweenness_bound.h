/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_BETWEENNESS_BOUND_H
#define FN_ALGORITHMS_BETWEENNESS_BOUND_H

#include "graph/run.h"

/* How many chains must be drawn until, with a chance of at least 1 - delta, no firm's share of them is off by more than
 * `error`. Of n chains a share p of which truly leads through a firm, the share q that is found lies below (above) p
 * with a chance of at most exp(-n KL(q, p)), where KL(q, p) = q ln(q / p) + (1 - q) ln((1 - q) / (1 - p)) (Chernoff).
 * So p lies within the error as soon as n KL(q, q ± error) >= ln(2 / chance), chance being the part of delta that the
 * firm has for a side and a check. Firms that lie between little need a tiny part only: the parts are dealt by what a
 * pilot, which is not used again, says of each. That is what saves most against one bound for all (as in KADABRA).
 * Checks are made at numbers of chains that are fixed beforehand; at the last the bound is kept whatever was found
 * (Pinsker: KL(q, q ± error) >= 2 error^2). */
enum { FN_BOUND_PILOT = 512, FN_BOUND_CHECKS = 10 };

typedef struct fn_bound {
    double error;
    uint32_t places;
    double *need;       /* of each place: ln(2 checks / its part of delta) */
    uint64_t first, last;
} fn_bound;

/* count: how many of FN_BOUND_PILOT chains led through each place. */
fn_status fn_bound_plan(fn_run *run, const uint32_t *count, uint32_t places, double error, double delta,
                        fn_bound *bound);
void fn_bound_free(fn_bound *bound);
/* Chains to be drawn in all until a check, 0 … FN_BOUND_CHECKS - 1. */
uint64_t fn_bound_chains(const fn_bound *bound, int check);
bool fn_bound_kept(const fn_bound *bound, const uint32_t *count, uint64_t chains);

#endif
