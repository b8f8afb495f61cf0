/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"

extern const fn_algorithm fn_algorithm_betweenness;
const fn_algorithm fn_algorithm_betweenness = { .name = "betweenness", .group = FN_GROUP_CENTRALITY };
