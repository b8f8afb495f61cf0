/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_TOY_H
#define FN_TESTS_ALGORITHMS_TOY_H

#include "graph/net.h"

/* The worked network of 12 firms: C heads {C, S1, S2, S3, S4}, M heads {M, N1, N2}; D buys, U, B and A are a
 * university, a bank and an authority. Supply ties and tenders; datasets/toy-*.tsv hold the same. */
typedef enum toy_tenders { TOY_TENDERS, TOY_NO_TENDERS, TOY_NO_BIDS, TOY_NO_PRODUCTS } toy_tenders;

fn_net *toy_net(fn_run *run, toy_tenders tenders);
/* The clusters above, 0 and 1; the others alone, 2 … 5. */
enum { TOY_FIRMS = 12, TOY_CLUSTERS = 6 };
void toy_clusters(const fn_net *net, uint32_t cluster[TOY_FIRMS]);

#endif
