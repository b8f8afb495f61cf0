/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of closeness_rows.c, once for each width of vectors: BEAM_BYTES is the width, BEAM_NAME(x) the name of a
 * function, BEAM_TARGET its attribute. */

typedef uint64_t BEAM_NAME(piece) __attribute__((vector_size(BEAM_BYTES), may_alias));
#define PIECE BEAM_NAME(piece)
#define PIECES (64 / BEAM_BYTES)
#define ALL_PIECES _Pragma("GCC unroll 4") for (int k = 0; k < PIECES; k++)

BEAM_TARGET static uint32_t BEAM_NAME(rows)(const fn_beam_step *step, fn_beam_work *w, uint32_t first, uint32_t last,
                                            uint32_t *found)
{
    uint32_t count = 0;
    for (uint32_t v = first; v < last; v++) {
        PIECE *seen = (PIECE *) w->seen[v], fresh[PIECES], wanted[PIECES];
        uint64_t any = 0;
        ALL_PIECES {
            wanted[k] = ((const PIECE *) step->full)[k] & ~seen[k];
            fresh[k] = (PIECE) { 0 };
        }
        ALL_PIECES for (int i = 0; i < BEAM_BYTES / 8; i++) any |= wanted[k][i];
        if (!any) continue;
        for (size_t i = step->start[v]; i < step->start[v + 1]; i++) {
            const PIECE *front = (const PIECE *) w->front[step->row[i]];
            ALL_PIECES fresh[k] |= front[k];
        }
        any = 0;
        ALL_PIECES {
            fresh[k] &= wanted[k];
            for (int i = 0; i < BEAM_BYTES / 8; i++) any |= fresh[k][i];
        }
        if (!any) continue;
        ALL_PIECES {
            seen[k] |= fresh[k];
            ((PIECE *) w->next[v])[k] = fresh[k];
        }
        tell_near(step, v, BEAM_NAME(count)(w->next[v]));
        found[count++] = v;
    }
    return count;
}

#undef PIECE
#undef PIECES
#undef ALL_PIECES
