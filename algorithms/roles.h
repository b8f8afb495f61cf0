/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ROLES_H
#define FN_ALGORITHMS_ROLES_H

#include "graph/columns.h"
#include "graph/view.h"

/* What firms are to their clusters. cluster[firm] is 0 … clusters-1. */

/* Brokerage: how often a firm j stands between two others, i→j→k without i→k, by the clusters of the three:
 *   coordinator     all of one cluster                 gatekeeper  i of another: lets into the cluster of j and k
 *   itinerant       i and k of one, j of another       representative  k of another: speaks for the cluster of i and j
 *   liaison         three clusters
 * Along arcs out, weights ignored. Gould and Fernandez (1989), Sociol. Methodol. 19:89; itinerant is their consultant.
 * O(arcs + the smaller of: sum of degrees in times out, sum of squared degrees in) time; 8 bytes a cluster, 1 a
 * firm. */
typedef enum fn_brokerage_role {
    FN_COORDINATOR, FN_GATEKEEPER, FN_REPRESENTATIVE, FN_ITINERANT, FN_LIAISON, FN_BROKERAGE_ROLES
} fn_brokerage_role;
fn_status fn_brokerage(fn_run *run, const fn_csr *out, const fn_csr *in, const uint32_t *cluster, uint32_t clusters,
                       int64_t (*roles)[FN_BROKERAGE_ROLES]);

/* Place within the clusters, of one adjacency (direction as that has it), weights ignored:
 *   within_z       (k - mean) / standard deviation of the partners that a firm has within its cluster, over the firms
 *                  of the cluster (the deviation of all of them, not a sample's); 0 where they are all alike
 *   participation  1 - sum over clusters of (share of its partners in it)^2: 0 where all are in one cluster, towards 1
 *                  where they are spread evenly. NaN without partners
 * Either may be NULL. Guimera and Amaral (2005), Nature 433:895. O(firms + arcs) time, 24 bytes a cluster. */
fn_status fn_within_clusters(fn_run *run, const fn_csr *csr, const uint32_t *cluster, uint32_t clusters,
                             double *within_z, double *participation);

/* The seven roles of Guimera and Amaral by z (hub from 2.5) and participation (.05 .62 .80; hubs .30 .75), in words:
 * "ultra-peripheral", "peripheral", "connector", "kinless", "provincial hub", "connector hub", "kinless hub". */
const char *fn_cluster_role(double within_z, double participation);

/* Table of `firmnet roles`: one row a firm, from the selected ties of the view; result has view->firms rows.
 * within_z and participation over partners, participation_in over suppliers, participation_out over customers, role,
 * then the five brokerage counts. Firms without partners have no place and no role. */
fn_status fn_firm_roles(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters, fn_table *result);

/* Freeman centralisation: how far a network leans on its most connected firm, 0 (all alike) … 1 (a star):
 *   sum of (largest degree - degree) over what that sum is in a star of as many firms: (n - 1)(n - 2) for partners,
 *   (n - 1)^2 for suppliers (in) and customers (out).
 * One row the whole network (cluster missing), then one a cluster, of the ties within it. Also the firm with most
 * strength in, from all firms and not only those of the cluster, what share it has of the cluster's, and its lead
 * (first - second) / first. Missing where n is below 3 (2), or nobody has strength.
 * Freeman (1979), Soc. Networks 1:215. O(firms + arcs). Makes the table. */
fn_status fn_centralisation(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                            fn_table **result);

#endif
