/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/lane_width.h"

int fn_lane_width_allowed(void)
{
    const char *most = getenv("FN_ISA");
    if (most && strcmp(most, "narrow") == 0) return 16;
    return most && strcmp(most, "avx2") == 0 ? 32 : 64;
}

int fn_lane_width(void)
{
#if defined __x86_64__ && defined __GNUC__
    int allowed = fn_lane_width_allowed();
    if (allowed == 64 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
        return 64;
    if (allowed >= 32 && __builtin_cpu_supports("avx2")) return 32;
#endif
    return 16;
}
