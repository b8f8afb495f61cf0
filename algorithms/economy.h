/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_H
#define FN_ALGORITHMS_ECONOMY_H

#include "graph/net.h"

typedef struct fn_economy_options {
    uint32_t firms, clusters, tenders;
    double noise;          /* share of tenders that cross clusters */
    uint32_t headless;     /* clusters without any head, the last ones */
    uint32_t two_heads;    /* clusters with two equal heads, those before */
} fn_economy_options;

/* 600 firms, 12 clusters, 3000 tenders, noise 0.08, every cluster with one head. */
void fn_economy_defaults(fn_economy_options *options);

/* A synthetic economy with planted clusters and central companies. The net comes frozen, with supply, co-bid and
 * consortium ties, tenders, and firm columns name (Latin, Russian, Kazakh), kind, country, region, industry. truth: one
 * row a firm: firm, cluster (from 1; missing for who deals everywhere), role: central, co_head, member, trader,
 * dear_member, rival, authority, local_authority, university, final_buyer. Only run->seed decides.
 *
 * In each cluster a head buys by tender what complements each other from members that are specialised in one or two
 * products. Others are there to be mistaken for it: a trader with the most ties, who buys everything in small direct
 * awards; a member with the dearest contract, as customer or as supplier; large suppliers that buy a few products by
 * tender; in every third cluster an authority that buys more than the head; and one authority that buys everywhere.
 * Heads sell to final buyers, every third also bids for others; some awards go to consortia, some tenders end without
 * an award, of some no bids are known.
 * FN_EINVAL: fewer than 16 firms a cluster, fewer tenders than firms, noise outside 0 … 0.5. O(firms + tenders log). */
fn_status fn_economy(fn_run *run, const fn_economy_options *options, fn_net **net, fn_table **truth);

/* Ties whose kind is planted, to try classes of ties on. firm_truth: firm, cluster; tie_truth: from, to, kind:
 *   embedded   within a crew of five sellers and five buyers of a cluster, of whom each buyer has four: a contract
 *              every two to four months through four years, around 1000
 *   bridging   from every third firm to one in another cluster: a contract every seven to twelve months, around 400
 *   transient  three a firm, within its cluster (one in fifty to anywhere): one contract, or two within a quarter, on
 *              any day, around 200, one in five around 1000
 * Firms that no crew has a place for have bridging and transient ties alone. Only run->seed decides. FN_EINVAL: fewer
 * than two clusters, or than twenty firms a cluster, or more than a million firms. O(firms). */
fn_status fn_economy_kinds(fn_run *run, uint32_t firms, uint32_t clusters, fn_net **net, fn_table **firm_truth,
                           fn_table **tie_truth);

#endif
