/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_CLUSTERS_SLICES_H
#define FN_SRC_CLUSTERS_SLICES_H

#include "src/analysis.h"

/* Do the options go with --by, or with its absence? */
fn_status fn_clusters_slices_check(fn_call *call);
/* `firmnet clusters --by`: clusters over periods. The table has one row a firm and period; summary (NULL: not wanted)
 * one row of what is known of them. */
fn_status fn_clusters_slices(fn_call *call, fn_analysis *a, fn_table **table, fn_table **summary);

#endif
