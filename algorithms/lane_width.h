/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LANE_WIDTH_H
#define FN_ALGORITHMS_LANE_WIDTH_H

/* Kernels for vectors are written once and compiled for each width (lane_each_width.h); which of them runs is chosen
 * here, when the program runs. All give the same bits. */

/* Bytes of the widest vectors that the environment variable FN_ISA allows: 16 (narrow), 32 (avx2), 64 where it is not
 * set. Tests ask for less than the machine has. */
int fn_lane_width_allowed(void);
/* … that the machine has, too: 64 with AVX-512 F, DQ, VL and BW, 32 with AVX2, else 16. */
int fn_lane_width(void);

#endif
