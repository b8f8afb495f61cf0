/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_PALETTE_H
#define FN_GRAPH_PALETTE_H

#include <stdint.h>

/* Colours of clusters, "#rrggbb": the seven of Okabe and Ito (2008), which colour-blind people can tell apart, for the
 * seven largest clusters (0 = largest), grey for all others. Black stays free for text. */
enum { FN_CLUSTER_COLORS = 7 };
const char *fn_cluster_color(uint32_t cluster);

#endif
