/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/palette.h"

const char *fn_cluster_color(uint32_t cluster)
{
    static const char *const colors[FN_CLUSTER_COLORS] = {
        "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442"
    };
    return cluster < FN_CLUSTER_COLORS ? colors[cluster] : "#999999";
}
