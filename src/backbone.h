/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_SRC_BACKBONE_H
#define FN_SRC_BACKBONE_H

#include "algorithms/backbone.h"
#include "src/analysis.h"

/* backbone_table.c: the analysis cut down to the ties that are kept (all_ties: to none, but with the same columns): its
 * view, and as its strength the columns of the method, log10_p, q, log10_q and kept. */
fn_status fn_backbone_apply(fn_call *call, fn_analysis *a, fn_backbone *backbone, bool all_ties);
/* Firm numbers as keys: the table of fn_shared_pairs for people. */
fn_status fn_backbone_pairs_table(fn_call *call, const fn_net *net, const fn_table *pairs, fn_table **table);

#endif
