/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_H
#define FN_ALGORITHMS_ECONOMY_H

#include "graph/net.h"

typedef struct fn_economy_options {
    uint32_t firms, clusters, tenders;
    double noise;          /* share of tenders that cross clusters */
} fn_economy_options;

void fn_economy_defaults(fn_economy_options *options);

/* A synthetic economy with planted clusters and central companies. The net comes frozen, with supply and co-bid ties,
 * tenders, and firm columns name (Latin, Russian, Kazakh), kind, country, region, industry. truth: one row a firm:
 * firm, cluster, role (central, member, trader, dear_member, authority, rival, …). Only run->seed decides. */
fn_status fn_economy(fn_run *run, const fn_economy_options *options, fn_net **net, fn_table **truth);

#endif
