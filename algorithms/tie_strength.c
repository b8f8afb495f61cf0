/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/algorithm.h"

extern const fn_algorithm fn_algorithm_tie_strength;
const fn_algorithm fn_algorithm_tie_strength = { .name = "strength", .group = FN_GROUP_TIES };
