/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRALITY_H
#define FN_ALGORITHMS_CENTRALITY_H

#include "graph/view.h"

/* Measures of firms. Each array has view->firms (csr->firms) places and is the caller's. */

fn_status fn_pagerank(fn_run *run, const fn_csr *out, const fn_csr *in, double damping, double tolerance,
                      double *score);
fn_status fn_coreness(fn_run *run, const fn_csr *both, uint32_t *core);

typedef struct fn_betweenness_how {
    bool sampled;        /* false: exact */
    uint32_t sources;    /* searches made */
} fn_betweenness_how;
/* Exact up to exact_limit firms, else from `samples` sources, scaled up. */
fn_status fn_betweenness(fn_run *run, const fn_csr *out, uint32_t exact_limit, uint32_t samples, double *score,
                         fn_betweenness_how *how);

#endif
