/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_PENDANT_TREES_H
#define FN_ALGORITHMS_PENDANT_TREES_H

#include "graph/csr.h"

/* Firms that hang on the rest by one partner only are taken off, again and again, until every firm that is left (the
 * core) has two partners or none. A chain of deliveries has one way only through such a tree: what a firm of it lies
 * between is a product of two numbers, and no search is needed. */
typedef struct fn_hanging {
    uint32_t firm, partner;
    bool up, down;          /* arcs firm→partner, partner→firm */
} fn_hanging;

typedef struct fn_pendant_trees {
    uint32_t firms, taken;
    fn_hanging *hanging;    /* in the order of taking off */
    bool *is_taken;
    double *starts, *ends;  /* of each firm with all that hangs on it: whence it, and whither from it, there is a way */
    double *between;        /* chains that lie within what hangs on a firm and lead through it */
} fn_pendant_trees;

/* O(firms + arcs log degree) time. */
fn_status fn_pendant_trees_find(fn_run *run, const fn_csr *out, fn_pendant_trees *trees);
void fn_pendant_trees_free(fn_pendant_trees *trees);

/* Once the core is searched: arrivals and reach say, of each firm of it, how many firms elsewhere there is a way from
 * and to (others: 0). Adds to score what leads from or to what hangs on firms; changes arrivals and reach. */
void fn_pendant_trees_add(const fn_pendant_trees *trees, double *arrivals, double *reach, double *score);

#endif
