/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/closeness_inside.h"
#include "algorithms/lane_width.h"

static inline void tell_near(const fn_beam_step *step, uint32_t place, uint32_t count)
{
    fn_nearness *near = &step->near[place];
    near->reached += count;
    near->distance += count * step->distance;
    near->inverse += count * step->share;
}

static inline uint32_t narrow_count(const uint64_t *beams)
{
    uint32_t count = 0;
    for (int i = 0; i < FN_BEAM_WORDS; i++) count += (uint32_t) __builtin_popcountll(beams[i]);
    return count;
}

uint32_t fn_beam_gathered(const fn_beam_step *step, fn_beam_work *w, const uint32_t *place, uint32_t count,
                          uint32_t *found)
{
    uint32_t kept = 0;
    for (uint32_t at = 0; at < count; at++) {
        uint32_t v = place[at];
        uint64_t any = 0;
        for (int i = 0; i < FN_BEAM_WORDS; i++) {
            w->next[v][i] &= ~w->seen[v][i];
            w->seen[v][i] |= w->next[v][i];
            any |= w->next[v][i];
        }
        if (!any) continue;
        tell_near(step, v, narrow_count(w->next[v]));
        found[kept++] = v;
    }
    return kept;
}

#define BEAM_BYTES 16
#define BEAM_NAME(x) narrow_##x
#define BEAM_TARGET
#include "algorithms/closeness_rows.h"
#undef BEAM_BYTES
#undef BEAM_NAME
#undef BEAM_TARGET

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

#define BEAM_BYTES 32
#define BEAM_NAME(x) avx2_##x
#define BEAM_TARGET __attribute__((target("avx2,popcnt")))
BEAM_TARGET static inline uint32_t avx2_count(const uint64_t *beams)
{
    uint32_t count = 0;
    for (int i = 0; i < FN_BEAM_WORDS; i++) count += (uint32_t) __builtin_popcountll(beams[i]);
    return count;
}
#include "algorithms/closeness_rows.h"
#undef BEAM_BYTES
#undef BEAM_NAME
#undef BEAM_TARGET

#define BEAM_BYTES 64
#define BEAM_NAME(x) avx512_##x
#define BEAM_TARGET __attribute__((target("avx512f,avx512vpopcntdq")))
BEAM_TARGET static inline uint32_t avx512_count(const uint64_t *beams)
{
    return (uint32_t) _mm512_reduce_add_epi64(_mm512_popcnt_epi64(_mm512_load_si512(beams)));
}
#include "algorithms/closeness_rows.h"
#undef BEAM_BYTES
#undef BEAM_NAME
#undef BEAM_TARGET
#endif

fn_beam_rows *fn_beam_rows_best(void)
{
#if defined __x86_64__ && defined __GNUC__
    int allowed = fn_lane_width_allowed();
    if (allowed == 64 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq"))
        return avx512_rows;
    if (allowed >= 32 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) return avx2_rows;
#endif
    return narrow_rows;
}
