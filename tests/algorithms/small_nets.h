/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_SMALL_NETS_H
#define FN_TESTS_ALGORITHMS_SMALL_NETS_H

#include "tests/algorithms/dense.h"

/* Small random networks on which every measure is compared with its definition. Nothing here is read back from the
 * library: ties are added up, weighed and put into matrices from the records that were drawn. */
enum { SMALL_NETS = 1000, SMALL_RECORDS = 112, SMALL_TENDERS = 8, SMALL_BIDDERS = 4 };

typedef struct small_tender {
    uint32_t buyer, bidder[SMALL_BIDDERS], bidders, winner;
    int32_t day;
} small_tender;

typedef struct small_net {
    uint32_t firms;
    size_t records, ties, tenders, self_ties;
    fn_tie record[SMALL_RECORDS];
    fn_tie tie[SMALL_RECORDS];      /* rows of the view: records of one (from, to, layer, currency) added up */
    double weight[SMALL_RECORDS];   /* of each tie, as graph/view.h says */
    small_tender tender[SMALL_TENDERS];
    fn_net *net;
    fn_view *view;                  /* of everything */
} small_net;

/* What is done to a network before it is made, to see what that changes. */
typedef struct small_change {
    const uint32_t *map;   /* firm f is called map[f]; NULL: as it was */
    double scale;          /* factor of all money and weights; 0: as they were */
    uint32_t lone_firms;   /* further firms without ties */
    bool self_ties;        /* every other record again, as a self tie of its first firm */
    bool turned;           /* ties with a direction have the other one (and there are no tenders) */
} small_change;

/* 2 to 12 firms, by seed with several layers, ties without direction, self ties, parallel ties in one layer or in
 * several, money in two currencies, money 0 or not stated, firms without ties, no ties at all, dates, tenders. */
small_net *small_net_new(fn_run *run, uint64_t seed, const small_change *change);
void small_net_free(small_net *s);

/* One layer as matrices, or (layer < 0) all together; no self ties. */
typedef struct small_matrix {
    uint32_t n;
    bool directed;
    bool tied[DENSE_MOST][DENSE_MOST];      /* u delivers to v, with whatever weight; without direction both ways */
    bool pair[DENSE_MOST][DENSE_MOST];      /* tied in any direction */
    double w[DENSE_MOST][DENSE_MOST];       /* weight delivered */
    double both[DENSE_MOST][DENSE_MOST];    /* of both directions, every tie once */
    double records[DENSE_MOST][DENSE_MOST];
} small_matrix;

small_matrix small_matrix_of(const small_net *s, int layer);
/* All layers together; where there are several, the weights of each as shares of its sum. */
small_matrix small_matrix_even(const small_net *s);

#endif
