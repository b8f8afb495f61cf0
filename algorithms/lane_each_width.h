/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes in the file LANE_KERNELS once for each width of vectors up to LANE_MOST bytes. It finds LANE_BYTES, the width,
 * LANE_NAME(x), the name of a function, and LANE_TARGET, its attribute: narrow_x of 16 bytes everywhere, avx2_x of 32
 * and avx512_x of 64 on x86-64. fn_lane_width() says which may be called. */

#define LANE_BYTES 16
#define LANE_NAME(x) narrow_##x
#define LANE_TARGET
#include LANE_KERNELS
#undef LANE_BYTES
#undef LANE_NAME
#undef LANE_TARGET

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

#define LANE_BYTES 32
#define LANE_NAME(x) avx2_##x
#define LANE_TARGET __attribute__((target("avx2")))
#include LANE_KERNELS
#undef LANE_BYTES
#undef LANE_NAME
#undef LANE_TARGET

#if LANE_MOST >= 64
#define LANE_BYTES 64
#define LANE_NAME(x) avx512_##x
#define LANE_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#include LANE_KERNELS
#undef LANE_BYTES
#undef LANE_NAME
#undef LANE_TARGET
#endif
#endif
