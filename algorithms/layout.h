/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LAYOUT_H
#define FN_ALGORITHMS_LAYOUT_H

#include "graph/view.h"

/* Where to draw each firm. Clusters are discs that don't overlap, packed by a force-directed map of clusters
 * (Fruchterman and Reingold 1991) so that those with many ties between them lie side by side. In each disc the central
 * company, or else the most important firm, is in the middle, the others in rings around it by falling importance,
 * turned towards their partners. Firms without ties lie in rows below. No firm covers another unless there is no room
 * for all (beyond some ten thousands; noted in the log).
 * Directions, layers and weights are ignored: each pair of partners counts once. Centroid 0, |x|, |y| <= 4900, in
 * hundredths; deterministic, without random numbers.
 * importance >= 0 (one place a firm; NaN = least) gives sizes 4 … 100: 4 + 96 sqrt((s - min) / (max - min)), all 4
 * where all are equal; Gephi's automatic scaling then changes nothing.
 * FN_EINVAL: negative or infinite importance. O(firms log firms + ties) and O(256^2) a step for the map. */
fn_status fn_layout(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                    const bool *is_central, const double *importance, double *x, double *y, double *size);

#endif
