/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loop of backbone_disparity.c, taken in once for each width of vectors (lane_each_width.h). Every width does
 * the same operations on a share in the same order. */

typedef double LANE_NAME(piece) __attribute__((vector_size(LANE_BYTES), may_alias, aligned(8)));
typedef uint64_t LANE_NAME(bits) __attribute__((vector_size(LANE_BYTES), may_alias, aligned(8)));
enum { LANE_NAME(PIECES) = LANES * 8 / LANE_BYTES };
#define PIECE LANE_NAME(piece)
#define BITS LANE_NAME(bits)
#define PIECES LANE_NAME(PIECES)
#define ALL_PIECES _Pragma("GCC unroll 8") for (int k = 0; k < PIECES; k++)

/* base where the lowest bit of `left` is set, else 1. */
LANE_TARGET static inline PIECE LANE_NAME(factor)(PIECE base, BITS left)
{
    const PIECE one = (PIECE) { 0 } + 1;
#if LANE_BYTES == 32
    return (PIECE) _mm256_blendv_pd((__m256d) one, (__m256d) base, (__m256d) (left << 63));
#else
    BITS odd = -(left & 1);
    return (PIECE) (((BITS) base & odd) | ((BITS) one & ~odd));
#endif
}

/* p = (1 - weight / strength)^others of `count` shares, a multiple of LANES, by squaring. A lane does the same steps
 * whatever stands beside it: more steps multiply by 1. */
LANE_TARGET static void LANE_NAME(powers)(const double *weight, const double *strength, const uint64_t *others,
                                          size_t count, double *p)
{
    for (size_t i = 0; i < count; i += LANES) {
        PIECE base[PIECES], power[PIECES];
        BITS left[PIECES], any = { 0 };
        ALL_PIECES {
            PIECE all = ((const PIECE *) (strength + i))[k];
            base[k] = (all - ((const PIECE *) (weight + i))[k]) / all;
            left[k] = ((const BITS *) (others + i))[k];
            power[k] = (PIECE) { 0 } + 1;
            any |= left[k];
        }
        uint64_t most = 0;
        for (size_t l = 0; l < LANE_BYTES / sizeof most; l++) most |= any[l];
        for (; most; most >>= 1) ALL_PIECES {
            power[k] *= LANE_NAME(factor)(base[k], left[k]);
            base[k] *= base[k];
            left[k] >>= 1;
        }
        ALL_PIECES ((PIECE *) (p + i))[k] = power[k];
    }
}

#undef PIECE
#undef BITS
#undef PIECES
#undef ALL_PIECES
