/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_MAP_EQUATION_H
#define FN_ALGORITHMS_MAP_EQUATION_H

#include <math.h>
#include "algorithms/clusters.h"

/* Flow of a random walker over the ties: what the map equation is about. */
typedef struct fn_flow {
    double *node;          /* share of its steps that end at each firm */
    fn_csr *out, *in;      /* share of its steps along each tie, by the firm it leaves, by the firm it comes to */
} fn_flow;

fn_status fn_flow_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_flow *flow);
void fn_flow_free(fn_flow *flow);

static inline double fn_plogp(double p)
{
    return p > 0 ? p * log2(p) : 0;
}

/* Bits a step that a walk takes to tell with one codebook a cluster and one between; cluster[firm] < firms. */
fn_status fn_flow_codelength(fn_run *run, const fn_flow *flow, const uint32_t *cluster, double *codelength);
/* The same from a view. */
fn_status fn_map_equation(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster,
                          double *codelength);

fn_status fn_infomap(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_partition **partition);

#endif
