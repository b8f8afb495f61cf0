/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/betweenness_inside.h"
#include "algorithms/lane_width.h"
#include "graph/memory.h"

/* Looking back from every firm costs a look at every arc; looking ahead costs this many times as much an arc. */
enum { PUSH_COST = 4 };

/* Path counts beyond this, and chains of more than FN_LEVELS_MOST steps, are left to the plain search. */
#define PATHS_MOST 0x1p500

/* All bits of each lane that stands in a byte. */
#define LANE(byte, l) ((byte) >> (l) & 1 ? -1 : 0)
#define ROW(b) { LANE(b, 0), LANE(b, 1), LANE(b, 2), LANE(b, 3), LANE(b, 4), LANE(b, 5), LANE(b, 6), LANE(b, 7) }
#define ROWS_4(b) ROW(b), ROW((b) + 1), ROW((b) + 2), ROW((b) + 3)
#define ROWS_16(b) ROWS_4(b), ROWS_4((b) + 4), ROWS_4((b) + 8), ROWS_4((b) + 12)
#define ROWS_64(b) ROWS_16(b), ROWS_16((b) + 16), ROWS_16((b) + 32), ROWS_16((b) + 48)
static const int64_t lane_bits[256][FN_LANES] __attribute__((aligned(64))) = {
    ROWS_64(0), ROWS_64(64), ROWS_64(128), ROWS_64(192)
};

fn_status fn_lane_work_alloc(fn_run *run, uint32_t places, fn_lane_work *w)
{
    *w = (fn_lane_work) { 0 };
    w->memory = fn_alloc_scattered(run, (size_t) places + 1, FN_LANES * sizeof *w->value);
    w->seen = fn_alloc(run, places, sizeof *w->seen);
    w->front = fn_alloc(run, places, sizeof *w->front);
    w->next = fn_alloc(run, places, sizeof *w->next);
    w->place = fn_alloc_bare(run, (size_t) places * FN_LANES, sizeof *w->place);
    w->lanes = fn_alloc_bare(run, (size_t) places * FN_LANES, sizeof *w->lanes);
    if (!w->memory || !w->seen || !w->front || !w->next || !w->place || !w->lanes) return FN_ENOMEM;
    w->value = (double *) (((uintptr_t) w->memory + 63) / 64 * 64);
    memset(w->value, 0, (size_t) places * FN_LANES * sizeof *w->value);
    return FN_OK;
}

void fn_lane_work_free(fn_lane_work *w)
{
    fn_free(w->memory);
    fn_free(w->seen);
    fn_free(w->front);
    fn_free(w->next);
    fn_free(w->place);
    fn_free(w->lanes);
}

static size_t arcs_ahead(const fn_search_net *net, const fn_lane_work *w, size_t begin, size_t end)
{
    size_t arcs = 0;
    for (size_t at = begin; at < end; at++) arcs += net->out_start[w->place[at] + 1] - net->out_start[w->place[at]];
    return arcs;
}

static size_t begin_level_0(const fn_core *core, const uint32_t *source, int count, fn_lane_work *w, double *starts)
{
    for (int l = 0; l < count; l++) {
        uint32_t s = source[l];
        w->value[(size_t) s * FN_LANES + (size_t) l] = 1;
        w->seen[s] = w->front[s] = w->lanes[l] = (uint8_t) (1 << l);
        w->place[l] = s;
        starts[l] = core->starts[s];
    }
    w->level[0] = 0;
    w->level[1] = (size_t) count;
    return arcs_ahead(core->net, w, 0, (size_t) count);
}

static void leave_front(fn_lane_work *w, int level)
{
    for (size_t at = w->level[level]; at < w->level[level + 1]; at++) w->front[w->place[at]] = 0;
}

static void tell_reached(const fn_core *core, const uint32_t *source, int count, const fn_lane_work *w,
                         const double *starts, const double *reach)
{
    for (int l = 0; l < count; l++) core->reach[source[l]] = reach[l];
    for (size_t at = w->level[1]; at < w->level[w->levels]; at++) {
        if (core->ends[w->place[at]] == 1) continue;
        uint64_t arrivals = 0;
        for (int l = 0; l < count; l++)
            if (w->lanes[at] >> l & 1) arrivals += (uint64_t) starts[l];
        __atomic_fetch_add(&core->arrivals[w->place[at]], arrivals, __ATOMIC_RELAXED);
    }
}

static void forget(fn_lane_work *w)
{
    for (size_t at = 0; at < w->level[w->levels]; at++) {
        uint32_t v = w->place[at];
        memset(w->value + (size_t) v * FN_LANES, 0, FN_LANES * sizeof *w->value);
        w->seen[v] = w->front[v] = 0;
    }
}

#define LANE_KERNELS "algorithms/betweenness_lanes.h"
#define LANE_MOST 64
#include "algorithms/lane_each_width.h"

fn_lanes_search *fn_lanes_best(void)
{
#if defined __x86_64__ && defined __GNUC__
    if (fn_lane_width() == 64) return avx512_search;
    if (fn_lane_width() == 32) return avx2_search;
#endif
    return narrow_search;
}
