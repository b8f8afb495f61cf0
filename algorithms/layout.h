/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LAYOUT_H
#define FN_ALGORITHMS_LAYOUT_H

#include "graph/view.h"

/* Where to draw each firm: clusters as discs packed by a force-directed map of clusters, in each disc the central
 * company in the middle and the others around it by falling importance (phyllotaxis), then a bounded number of
 * ForceAtlas2-like steps that keep members in their disc. Centroid 0, |x|, |y| <= 4900; deterministic.
 * importance >= 0 (one place a firm) gives sizes 4 … 100: 4 + 96 sqrt((s - min) / (max - min)). */
fn_status fn_layout(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                    const bool *is_central, const double *importance, double *x, double *y, double *size);

#endif
