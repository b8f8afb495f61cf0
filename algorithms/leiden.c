/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"

extern const fn_algorithm fn_algorithm_leiden;
const fn_algorithm fn_algorithm_leiden = { .name = "leiden", .group = FN_GROUP_CLUSTERS };
