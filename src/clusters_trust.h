/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_CLUSTERS_TRUST_H
#define FN_SRC_CLUSTERS_TRUST_H

#include "src/analysis.h"

/* How far the clusters can be trusted: what `firmnet clusters` says beside them. */

/* --scan LOW:HIGH: the plateaus, with their significance where --null asks for it. */
fn_status fn_clusters_scan(fn_call *call, fn_analysis *a, fn_table **table);
/* --null R: the quality of the partition beside that of rewired networks; also said as a note. */
fn_status fn_clusters_null(fn_call *call, const fn_analysis *a, fn_null *null);
/* --summary FILE: one row of everything known of the partition; null may be NULL. */
fn_status fn_clusters_summary(fn_call *call, const fn_analysis *a, const fn_null *null, fn_table **table);

#endif
