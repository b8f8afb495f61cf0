/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_MAP_EQUATION_H
#define FN_ALGORITHMS_MAP_EQUATION_H

#include "algorithms/clusters.h"

/* Bits a step that the walk of map_flow.c takes to tell with one codebook a cluster and one between;
 * cluster[firm] < firms. */
fn_status fn_map_equation(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster,
                          double *codelength);
/* The same of a hierarchy: clusters, and partition->level within them. Without levels: fn_map_equation. */
fn_status fn_map_equation_levels(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                 const fn_partition *partition, double *codelength);

fn_status fn_infomap(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_partition **partition);

#endif
