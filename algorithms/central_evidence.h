/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRAL_EVIDENCE_H
#define FN_ALGORITHMS_CENTRAL_EVIDENCE_H

#include "graph/view.h"

/* What speaks for a firm as the head of its cluster K. Supply is the weight of the view's supply and subcontract ties,
 * self ties left out. A number that can't be computed is NaN (shares) or FN_INT_NONE (counts), never 0. */
typedef struct fn_central_evidence {
    double in_weight;          /* supply that reaches the firm from members of K */
    double in_share;           /* the same over all supply inside K */
    double focus;              /* the same over all supply that reaches the firm */
    int64_t suppliers;         /* members that deliver to it */
    double exclusivity;        /* mean over these suppliers of: sales to the firm / all their sales, in K or not */
    int64_t tenders;           /* its tenders that the view knows */
    double competitive;        /* tenders in which some bidder lost / tenders whose bidders are known */
    int64_t products;          /* kinds of products that it bought by tender from members of K */
    double entropy;            /* H of the shares of these products */
    int64_t breadth;           /* members of K that won a tender of it */
    double bidder_overlap;     /* mean Jaccard index of the sets of bidders over pairs of its products */
} fn_central_evidence;

typedef struct fn_central_rows fn_central_rows; /* the tenders behind it (central_inside.h) */

/* Fills one place a firm, and for each cluster the supply inside it (NaN where the view has no supply layer) and
 * Freeman's centralisation of the in-degree, sum over members of (max - x) / (n - 1)^2 (1 = a star around one customer;
 * NaN below two members). cluster: one number below `clusters` for each firm. rows: the tenders, by buyer; NULL: not
 * wanted.
 *
 * A tender counts when the view has a supply tie from one of its winners to its buyer; a tender without a winner, when
 * it has any to the buyer. Products are weighed by the value of the tenders (split equally among several winners), or
 * by their number where a tender of the buyer has no value or the values are in several currencies. A tender that all
 * bidders won together (a consortium alone, a direct award) is no competition.
 * O(ties + bids log bids), plus for each buyer the pairs of products that share a bidder. */
fn_status fn_central_gather(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                            fn_central_evidence *evidence, double *inside, double *centralisation,
                            fn_central_rows *rows);

/* Where each firm stands as a candidate: its own cluster, or another one from whose members (three at least) it gets
 * more than half of its supply, where movable. A head that bids for others is easily clustered with those it sells to,
 * not with those it buys from; it is the latter whom it may head. O(ties log ties of a firm). */
fn_status fn_central_seats(fn_run *run, const fn_view *view, const uint32_t *cluster, const bool *movable,
                           uint32_t *seat);

#endif
