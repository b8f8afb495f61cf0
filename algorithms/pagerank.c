/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"

extern const fn_algorithm fn_algorithm_pagerank;
const fn_algorithm fn_algorithm_pagerank = { .name = "pagerank", .group = FN_GROUP_CENTRALITY };
