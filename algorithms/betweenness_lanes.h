/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search of betweenness_lanes.c, taken in once for each width of vectors (lane_each_width.h). Every width adds the
 * same numbers in the same order. */

typedef double LANE_NAME(piece) __attribute__((vector_size(LANE_BYTES), may_alias));
typedef int64_t LANE_NAME(bits) __attribute__((vector_size(LANE_BYTES), may_alias));
enum { LANE_NAME(PIECES) = 64 / LANE_BYTES };
#define PIECE LANE_NAME(piece)
#define BITS LANE_NAME(bits)
#define PIECES LANE_NAME(PIECES)
#define PIECES_OF(place) ((PIECE *) (w->value + (size_t) (place) * FN_LANES))
#define ALL_PIECES _Pragma("GCC unroll 4") for (int k = 0; k < PIECES; k++)

/* Sum of the values of a row's places, each lane of those that are in front in it; gives the lanes that any is in. */
LANE_TARGET static inline uint8_t LANE_NAME(row_sum)(const fn_lane_work *w, const uint32_t *row, size_t count,
                                                     PIECE sum[PIECES])
{
    uint8_t any = 0;
#if LANE_BYTES == 64
    __m512d total = _mm512_setzero_pd();
    for (size_t i = 0; i < count; i++) {
        uint8_t lanes = w->front[row[i]];
        any |= lanes;
        total = _mm512_mask_add_pd(total, lanes, total, _mm512_load_pd(w->value + (size_t) row[i] * FN_LANES));
    }
    sum[0] = (PIECE) total;
#else
    PIECE total[PIECES];
    ALL_PIECES total[k] = (PIECE) { 0 };
    for (size_t i = 0; i < count; i++) {
        uint8_t lanes = w->front[row[i]];
        any |= lanes;
        const BITS *value = (const BITS *) PIECES_OF(row[i]), *in = (const BITS *) lane_bits[lanes];
        ALL_PIECES total[k] += (PIECE) (value[k] & in[k]);
    }
    ALL_PIECES sum[k] = total[k];
#endif
    return any;
}

/* Everybody not yet reached looks back at who is in front. */
LANE_TARGET static size_t LANE_NAME(pull)(const fn_search_net *net, uint32_t first, uint32_t last, uint8_t full,
                                          fn_lane_work *w, size_t end)
{
    for (uint32_t v = first; v < last; v++) {
        if (w->seen[v] == full) continue;
        PIECE sum[PIECES];
        uint8_t lanes = LANE_NAME(row_sum)(w, net->in + net->in_start[v], net->in_start[v + 1] - net->in_start[v], sum);
        lanes &= (uint8_t) ~w->seen[v];
        if (!lanes) continue;
        const BITS *in = (const BITS *) lane_bits[lanes];
        PIECE *value = PIECES_OF(v);
        ALL_PIECES value[k] = (PIECE) (((BITS) sum[k] & in[k]) | ((BITS) value[k] & ~in[k]));
        w->place[end] = v;
        w->lanes[end++] = lanes;
    }
    return end;
}

/* Those in front look ahead: cheaper while they are few. The lanes of a new arrival are gathered in `next`. */
LANE_TARGET static size_t LANE_NAME(push)(const fn_search_net *net, fn_lane_work *w, int level, size_t end)
{
    size_t begin = end;
    for (size_t at = w->level[level]; at < w->level[level + 1]; at++) {
        uint32_t u = w->place[at];
        const BITS *from = (const BITS *) PIECES_OF(u);
        for (size_t i = net->out_start[u]; i < net->out_start[u + 1]; i++) {
            uint32_t v = net->out[i];
            uint8_t lanes = w->lanes[at] & (uint8_t) ~w->seen[v];
            if (!lanes) continue;
            if (!w->next[v]) w->place[end++] = v;
            w->next[v] |= lanes;
            const BITS *in = (const BITS *) lane_bits[lanes];
            PIECE *value = PIECES_OF(v);
            ALL_PIECES value[k] += (PIECE) (from[k] & in[k]);
        }
    }
    for (size_t at = begin; at < end; at++) {
        w->lanes[at] = w->next[w->place[at]];
        w->next[w->place[at]] = 0;
    }
    return end;
}

/* The arrivals of a level are in front now; false: path counts grow too large. */
LANE_TARGET static bool LANE_NAME(arrive)(const fn_core *core, fn_lane_work *w, size_t begin, size_t end, double *reach)
{
    BITS over[PIECES];
    PIECE reached[PIECES];
    ALL_PIECES over[k] = (BITS) { 0 }, reached[k] = ((const PIECE *) reach)[k];
    for (size_t at = begin; at < end; at++) {
        uint32_t v = w->place[at];
        uint8_t lanes = w->lanes[at];
        w->seen[v] |= lanes;
        w->front[v] = lanes;
        const PIECE *value = PIECES_OF(v);
        const BITS *in = (const BITS *) lane_bits[lanes];
        ALL_PIECES over[k] |= value[k] > PATHS_MOST;
        ALL_PIECES reached[k] += (PIECE) ((BITS) ((PIECE) { 0 } + core->ends[v]) & in[k]);
    }
    ALL_PIECES ((PIECE *) reach)[k] = reached[k];
    int64_t any = 0;
    for (int k = 0; k < PIECES; k++)
        for (size_t l = 0; l < LANE_BYTES / sizeof any; l++) any |= over[k][l];
    return !any;
}

/* Back over one level: what depends on each arrival goes to the score; its value becomes what it hands on. */
LANE_TARGET static void LANE_NAME(back)(const fn_core *core, fn_lane_work *w, int level, const double *starts,
                                        double *score)
{
    const fn_search_net *net = core->net;
    for (size_t at = w->level[level]; at < w->level[level + 1]; at++) {
        uint32_t v = w->place[at];
        PIECE sum[PIECES], *value = PIECES_OF(v);
        LANE_NAME(row_sum)(w, net->out + net->out_start[v], net->out_start[v + 1] - net->out_start[v], sum);
        const BITS *in = (const BITS *) lane_bits[w->lanes[at]];
        double part[FN_LANES] __attribute__((aligned(64)));
        ALL_PIECES {
            PIECE depends = sum[k] * value[k];
            ((PIECE *) part)[k] = (PIECE) ((BITS) (depends * ((const PIECE *) starts)[k]) & in[k]);
            value[k] = (PIECE) (((BITS) ((depends + core->ends[v]) / value[k]) & in[k]) | ((BITS) value[k] & ~in[k]));
        }
        score[v] += ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
    }
}

LANE_TARGET static bool LANE_NAME(search)(const fn_core *core, const uint32_t *source, int count, fn_lane_work *w,
                                          double *score)
{
    const fn_search_net *net = core->net;
    uint32_t first = net->part_first[source[0]], last = net->part_end[source[count - 1]];
    size_t arcs = net->in_start[last] - net->in_start[first];
    double starts[FN_LANES] __attribute__((aligned(64))) = { 0 }, reach[FN_LANES] __attribute__((aligned(64))) = { 0 };
    size_t ahead = begin_level_0(core, source, count, w, starts);
    bool fits = true;
    for (w->levels = 1;; w->levels++) {
        size_t begin = w->level[w->levels], end;
        if (ahead * PUSH_COST > arcs)
            end = LANE_NAME(pull)(net, first, last, (uint8_t) ((1 << count) - 1), w, begin);
        else end = LANE_NAME(push)(net, w, w->levels - 1, begin);
        leave_front(w, w->levels - 1);
        if (end == begin) break;
        fits = LANE_NAME(arrive)(core, w, begin, end, reach) && w->levels < FN_LEVELS_MOST;
        w->level[w->levels + 1] = end;
        if (!fits) {
            leave_front(w, w->levels++);
            break;
        }
        ahead = arcs_ahead(net, w, begin, end);
    }
    for (int level = w->levels - 1; fits && level > 0; level--) {
        LANE_NAME(back)(core, w, level, starts, score);
        if (level < w->levels - 1) leave_front(w, level + 1);
        for (size_t at = w->level[level]; at < w->level[level + 1]; at++) w->front[w->place[at]] = w->lanes[at];
    }
    if (fits) tell_reached(core, source, count, w, starts, reach);
    forget(w);
    return fits;
}

#undef PIECE
#undef BITS
#undef PIECES
#undef PIECES_OF
#undef ALL_PIECES
