/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inner loops of betweenness_lengths.c, taken in once for each width of vectors (lane_each_width.h). */

typedef double LANE_NAME(piece) __attribute__((vector_size(LANE_BYTES), may_alias));
typedef int64_t LANE_NAME(bits) __attribute__((vector_size(LANE_BYTES), may_alias));
enum { LANE_NAME(PIECES) = 64 / LANE_BYTES, LANE_NAME(WIDE) = LANE_BYTES / 8 };
#define PIECE LANE_NAME(piece)
#define BITS LANE_NAME(bits)
#define PIECES LANE_NAME(PIECES)
#define WIDE LANE_NAME(WIDE)
#define ALL_PIECES _Pragma("GCC unroll 4") for (int k = 0; k < PIECES; k++)

/* The lanes whose bits are set. */
LANE_TARGET static inline uint32_t LANE_NAME(mask)(const BITS bits[PIECES])
{
    uint32_t mask = 0;
#if LANE_BYTES == 64
    mask = _mm512_movepi64_mask((__m512i) bits[0]);
#elif LANE_BYTES == 32
    ALL_PIECES mask |= (uint32_t) _mm256_movemask_pd((__m256d) bits[k]) << (k * WIDE);
#else
    ALL_PIECES for (int l = 0; l < WIDE; l++) mask |= (uint32_t) (bits[k][l] & 1) << (k * WIDE + l);
#endif
    return mask;
}

/* Along all arcs out of u, in all lanes; who is nearer now is put into the queue. False: the queue is full. */
LANE_TARGET static bool LANE_NAME(relax)(const fn_search_net *net, fn_length_work *w, uint32_t u)
{
    const PIECE *from = (const PIECE *) LANES_OF(w, u), *offset = (const PIECE *) w->offset;
    for (size_t i = net->out_start[u]; i < net->out_start[u + 1]; i++) {
        PIECE *to = (PIECE *) LANES_OF(w, net->out[i]), real[PIECES];
        BITS less[PIECES], any = { 0 };
        ALL_PIECES {
            real[k] = from[k] + net->out_length.real[i];
            less[k] = real[k] < to[k];
            any |= less[k];
        }
        if (!LANE_NAME(mask)(less)) continue;
        double key[FN_LANES] __attribute__((aligned(64))), least = INFINITY;
        ALL_PIECES {
            to[k] = (PIECE) (((BITS) real[k] & less[k]) | ((BITS) to[k] & ~less[k]));
            PIECE far = (PIECE) { 0 } + INFINITY;
            ((PIECE *) key)[k] = (PIECE) (((BITS) (real[k] - offset[k]) & less[k]) | ((BITS) far & ~less[k]));
        }
        for (int l = 0; l < FN_LANES; l++) least = key[l] < least ? key[l] : least;
        if (!put(w, net->out[i], least)) return false;
    }
    return true;
}

/* The lanes in which an arc into v is on a way that is as short as the shortest, but for rounding. */
LANE_TARGET static uint32_t LANE_NAME(tight)(const fn_length_work *w, uint32_t u, uint32_t v, double length,
                                             double real[FN_LANES])
{
    const PIECE *from = (const PIECE *) LANES_OF(w, u), *to = (const PIECE *) LANES_OF(w, v);
    BITS near[PIECES];
    ALL_PIECES {
        ((PIECE *) real)[k] = from[k] + length;
        near[k] = (((const PIECE *) real)[k] <= to[k] * (1 + FN_LENGTHS_NEAR)) & (from[k] < to[k]);
    }
    return LANE_NAME(mask)(near);
}

LANE_TARGET static bool LANE_NAME(ways)(const fn_search_net *net, fn_length_work *w)
{
    for (uint32_t v = 0; v < net->places; v++) {
        double least[FN_LANES], real[FN_LANES] __attribute__((aligned(64)));
        uint32_t found = 0;
        for (size_t i = net->in_start[v]; i < net->in_start[v + 1]; i++) {
            uint32_t lanes = LANE_NAME(tight)(w, net->in[i], v, net->in_length.real[i], real);
            found |= lanes;
            for (; lanes; lanes &= lanes - 1)
                if (!add_way(w, v, __builtin_ctz(lanes), (uint32_t) i, real, least)) return false;
        }
        BITS reached[PIECES];
        const PIECE *own = (const PIECE *) LANES_OF(w, v);
        ALL_PIECES reached[k] = (own[k] > 0) & (own[k] < INFINITY);
        w->lost |= LANE_NAME(mask)(reached) & ~found;
    }
    return true;
}

#undef PIECE
#undef BITS
#undef PIECES
#undef WIDE
#undef ALL_PIECES
