/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/betweenness_inside.h"
#include "algorithms/lane_width.h"
#include "algorithms/near_queue.h"
#include "graph/memory.h"
#include "graph/net.h"

/* Eight searches at once along arcs of any length. Places wait in the order of their distance, but a place that turns
 * out to be nearer in a lane is gone through again: searches that begin near each other need little of that. The
 * distances are the least that agree with all arcs, so it does not matter in which order they were found.
 * Then the arcs that shortest ways lead over are found, and each lane is added up by itself: farthest places first, a
 * place being done when all that depends on it is. */

#define LANES_OF(w, place) ((w)->real + (size_t) (place) * FN_LANES)

enum { BUCKETS = 1 << 12 };

typedef struct tie {
    uint32_t arc, next;     /* arc: into the place, beside the first one; next of the same place and lane, 0: none */
    uint32_t lane;
} tie;

struct fn_length_work {
    const fn_search_net *net;
    void *memory;
    double *real;           /* FN_LANES a place: distances, INFINITY: not reached */
    double *waiting;        /* the key that a place waits by, INFINITY: it does not */
    fn_near_queue queue;
    size_t puts, room;
    double offset[FN_LANES] __attribute__((aligned(64))); /* about what all distances of a lane have in common */
    uint32_t *before[FN_LANES];  /* of each place in each lane: the arc into it that shortest ways come by; FN_NONE */
    uint32_t *waits[FN_LANES];   /* … and how many places are next on ways over it */
    uint32_t *first_tie;    /* of each place: other such arcs, 1 + number; 0: none */
    tie *tie;
    uint32_t ties, ties_most;
    uint32_t tied, lost;    /* lanes that have such arcs, that have places without an arc into them */
    uint64_t *residue;      /* FN_LANES a place, of distances, found when asked for; UNKNOWN */
    uint32_t *order;        /* of one lane: places, none before those that are next on ways over it */
    double *paths, *depends;
    bool (*relax)(const fn_search_net *net, fn_length_work *work, uint32_t place);
    bool (*ways)(const fn_search_net *net, fn_length_work *work);
};

#define UNKNOWN UINT64_MAX

static bool put(fn_length_work *w, uint32_t place, double key)
{
    if (key < 0) key = 0;
    if (key >= w->waiting[place]) return true;
    if (++w->puts > w->room) return false;
    w->waiting[place] = key;
    fn_near_put(&w->queue, key, place);
    return true;
}

/* The residue of a distance, along first arcs back to where a residue is known. */
static uint64_t residue_of(fn_length_work *w, uint32_t place, uint32_t lane)
{
    uint32_t steps = 0, at = place;
    for (; w->residue[(size_t) at * FN_LANES + lane] == UNKNOWN; at = w->net->in[w->before[lane][at]]) {
        if (w->before[lane][at] == FN_NONE) return 0; /* lost */
        w->order[steps++] = at;
    }
    uint64_t residue = w->residue[(size_t) at * FN_LANES + lane];
    while (steps-- > 0) {
        at = w->order[steps];
        residue = fn_residue_add(residue, w->net->in_length.residue[w->before[lane][at]]);
        w->residue[(size_t) at * FN_LANES + lane] = residue;
    }
    return residue;
}

/* Which of the arcs into a place whose ways are equally long but for rounding are so indeed cannot be told before all
 * places have their first arc: until then they are ties, each. False: too many. */
static bool add_way(fn_length_work *w, uint32_t v, int lane, uint32_t arc, const double *real, double *least)
{
    uint32_t *before = &w->before[lane][v], other = arc;
    if (*before == FN_NONE) {
        *before = arc;
        least[lane] = real[lane];
        return true;
    }
    if (real[lane] < least[lane]) {
        other = *before;
        *before = arc;
        least[lane] = real[lane];
    }
    if (w->ties == w->ties_most) return false;
    w->tie[w->ties++] = (tie) { other, w->first_tie[v], (uint32_t) lane };
    w->first_tie[v] = w->ties;
    return true;
}

/* The true ties are kept. */
static void settle_ties(fn_length_work *w)
{
    const fn_search_net *net = w->net;
    for (uint32_t v = 0; w->ties && v < net->places; v++) {
        uint32_t *link = &w->first_tie[v];
        while (*link) {
            tie *t = &w->tie[*link - 1];
            uint64_t residue = residue_of(w, net->in[t->arc], t->lane);
            if (fn_residue_add(residue, net->in_length.residue[t->arc]) == residue_of(w, v, t->lane)) {
                w->tied |= 1U << t->lane;
                w->waits[t->lane][net->in[t->arc]]++;
                link = &t->next;
            } else {
                *link = t->next;
            }
        }
    }
}

#define LANE_KERNELS "algorithms/betweenness_relax.h"
#define LANE_MOST 64
#include "algorithms/lane_each_width.h"

static void choose_width(fn_length_work *w)
{
    int width = fn_lane_width();
    w->relax = narrow_relax;
    w->ways = narrow_ways;
#if defined __x86_64__ && defined __GNUC__
    if (width == 64) w->relax = avx512_relax, w->ways = avx512_ways;
    if (width == 32) w->relax = avx2_relax, w->ways = avx2_ways;
#else
    (void) width;
#endif
}

fn_status fn_length_work_new(fn_run *run, const fn_search_net *net, fn_length_work **made)
{
    fn_length_work *w = fn_alloc(run, 1, sizeof *w);
    size_t places = net->places;
    *made = NULL;
    if (!w) return FN_ENOMEM;
    w->net = net;
    w->room = 4 * (places + 1) + net->arcs;
    w->ties_most = net->arcs < UINT32_MAX ? (uint32_t) net->arcs : UINT32_MAX;
    w->memory = fn_alloc_scattered(run, places + 1, FN_LANES * sizeof *w->real);
    w->waiting = fn_alloc(run, places, sizeof *w->waiting);
    w->first_tie = fn_alloc(run, places, sizeof *w->first_tie);
    w->tie = fn_alloc_bare(run, w->ties_most, sizeof *w->tie);
    w->residue = fn_alloc_bare(run, places, FN_LANES * sizeof *w->residue);
    w->order = fn_alloc_bare(run, places, sizeof *w->order);
    w->paths = fn_alloc_bare(run, places, sizeof *w->paths);
    w->depends = fn_alloc_bare(run, places, sizeof *w->depends);
    bool all = w->memory && w->waiting && w->first_tie && w->tie && w->residue && w->order && w->paths && w->depends;
    for (int l = 0; l < FN_LANES; l++) {
        w->before[l] = fn_alloc_bare(run, places, sizeof **w->before);
        w->waits[l] = fn_alloc_bare(run, places, sizeof **w->waits);
        all = all && w->before[l] && w->waits[l];
    }
    if (!all || fn_near_alloc(run, w->room, BUCKETS, &w->queue)) {
        fn_length_work_free(w);
        return FN_ENOMEM;
    }
    w->real = (double *) (((uintptr_t) w->memory + 63) / 64 * 64);
    for (size_t p = 0; p < places; p++) w->waiting[p] = INFINITY;
    choose_width(w);
    *made = w;
    return FN_OK;
}

void fn_length_work_free(fn_length_work *w)
{
    if (!w) return;
    fn_near_free(&w->queue);
    fn_free(w->memory);
    fn_free(w->waiting);
    fn_free(w->first_tie);
    fn_free(w->tie);
    fn_free(w->residue);
    fn_free(w->order);
    fn_free(w->paths);
    fn_free(w->depends);
    for (int l = 0; l < FN_LANES; l++) {
        fn_free(w->before[l]);
        fn_free(w->waits[l]);
    }
    fn_free(w);
}

static void begin(fn_length_work *w, const uint32_t *source, int count)
{
    const fn_search_net *net = w->net;
    size_t places = net->places;
    for (size_t i = 0; i < places * FN_LANES; i++) w->real[i] = INFINITY;
    for (int l = 0; l < count; l++) {
        memset(w->before[l], 0xff, places * sizeof **w->before);
        memset(w->waits[l], 0, places * sizeof **w->waits);
    }
    memset(w->first_tie, 0, places * sizeof *w->first_tie);
    w->ties = w->tied = w->lost = 0;
    w->puts = 0;
    fn_near_clear(&w->queue);
    for (int l = 0; l < count; l++) {
        w->offset[l] = INFINITY;
        for (size_t i = net->out_start[source[l]]; i < net->out_start[source[l] + 1]; i++)
            w->offset[l] = fmin(w->offset[l], net->out_length.real[i]);
        LANES_OF(w, source[l])[l] = 0;
    }
    for (int l = 0; l < count; l++) put(w, source[l], 0);
}

/* False: more is put into the queue than there is room for. */
static bool search_forth(fn_length_work *w)
{
    fn_near nearest;
    while (fn_near_take(&w->queue, &nearest)) {
        if (nearest.distance != w->waiting[nearest.place]) continue;
        w->waiting[nearest.place] = INFINITY;
        if (w->relax(w->net, w, nearest.place)) continue;
        memset(w->queue.first, 0, w->queue.buckets * sizeof *w->queue.first);
        for (uint32_t p = 0; p < w->net->places; p++) w->waiting[p] = INFINITY;
        return false;
    }
    return true;
}

/* Buckets for the next search: three times the mean distance. Only the speed depends on it. */
static void set_buckets(fn_length_work *w)
{
    double sum = 0;
    uint32_t reached = 0;
    for (uint32_t p = 0; p < w->net->places; p++) {
        double real = LANES_OF(w, p)[0] - w->offset[0];
        if (real > 0 && !isinf(real)) sum += real, reached++;
    }
    double per = BUCKETS * (double) reached / (3 * sum);
    w->queue.per = isfinite(per) ? per : 0;
}

/* Who is next over it is counted down; a place is in order once nobody is left. Gives how many are. */
static uint32_t count_down(fn_length_work *w, uint32_t lane, uint32_t place, uint32_t count)
{
    if (--w->waits[lane][place] == 0 && w->before[lane][place] != FN_NONE) w->order[count++] = place;
    return count;
}

/* False: rounding has made a ring of places, each before the next, or left one with no place before it, where one arc
 * is 2^40 times as long as another. */
static bool find_order(fn_length_work *w, uint32_t lane, uint32_t *count)
{
    const fn_search_net *net = w->net;
    const uint32_t *before = w->before[lane];
    uint32_t reached = 0;
    *count = 0;
    for (uint32_t v = 0; v < net->places; v++)
        if (before[v] != FN_NONE) w->waits[lane][net->in[before[v]]]++, reached++;
    for (uint32_t v = 0; v < net->places; v++)
        if (before[v] != FN_NONE && w->waits[lane][v] == 0) w->order[(*count)++] = v;
    for (uint32_t at = 0; at < *count; at++) {
        uint32_t v = w->order[at];
        *count = count_down(w, lane, net->in[before[v]], *count);
        for (uint32_t t = w->tied >> lane & 1 ? w->first_tie[v] : 0; t; t = w->tie[t - 1].next)
            if (w->tie[t - 1].lane == lane) *count = count_down(w, lane, net->in[w->tie[t - 1].arc], *count);
    }
    return *count == reached && !(w->lost >> lane & 1);
}

/* False: too many for doubles. */
static bool count_paths(fn_length_work *w, uint32_t lane, uint32_t source, uint32_t count)
{
    const fn_search_net *net = w->net;
    double most = 1;
    w->paths[source] = 1;
    for (uint32_t at = count; at-- > 0;) {
        uint32_t v = w->order[at];
        w->paths[v] = w->paths[net->in[w->before[lane][v]]];
        for (uint32_t t = w->first_tie[v]; t; t = w->tie[t - 1].next)
            if (w->tie[t - 1].lane == lane) w->paths[v] += w->paths[net->in[w->tie[t - 1].arc]];
        most = fmax(most, w->paths[v]);
    }
    return most < 0x1p500;
}

static bool add_lane(const fn_core *core, fn_length_work *w, uint32_t lane, uint32_t source, double *score)
{
    const fn_search_net *net = w->net;
    const uint32_t *before = w->before[lane];
    bool tied = w->tied >> lane & 1;
    uint32_t count;
    if (!find_order(w, lane, &count) || (tied && !count_paths(w, lane, source, count))) return false;
    double starts = core->starts[source], reach = 0;
    memset(w->depends, 0, net->places * sizeof *w->depends);
    for (uint32_t at = 0; at < count; at++) {
        uint32_t v = w->order[at];
        double ends = core->ends[v], depends = w->depends[v], here = ends + depends;
        score[v] += starts * depends;
        reach += ends;
        if (ends != 1) __atomic_fetch_add(&core->arrivals[v], (uint64_t) starts, __ATOMIC_RELAXED);
        if (!tied) {
            w->depends[net->in[before[v]]] += here;
            continue;
        }
        double share = here / w->paths[v];
        w->depends[net->in[before[v]]] += share * w->paths[net->in[before[v]]];
        for (uint32_t t = w->first_tie[v]; t; t = w->tie[t - 1].next)
            if (w->tie[t - 1].lane == lane)
                w->depends[net->in[w->tie[t - 1].arc]] += share * w->paths[net->in[w->tie[t - 1].arc]];
    }
    core->reach[source] = reach;
    return true;
}

/* Arcs out of the source that are longer than another way to where they lead are on no shortest way at all. */
static void tell_longer(const fn_core *core, const fn_length_work *w, uint32_t source, int lane)
{
    const fn_search_net *net = core->net;
    for (size_t i = net->out_start[source]; i < net->out_start[source + 1]; i++)
        core->longer[i] = net->out_length.real[i] > LANES_OF(w, net->out[i])[lane] * (1 + FN_LENGTHS_NEAR);
}

uint32_t fn_lengths_search(const fn_core *core, const uint32_t *source, int count, fn_length_work *w, double *score)
{
    uint32_t all = (1U << count) - 1, left = 0;
    if (core->net->arcs > FN_NONE) return all; /* arcs are called by 32 bits here */
    begin(w, source, count);
    if (!search_forth(w) || !w->ways(core->net, w)) return all;
    if (w->ties) memset(w->residue, 0xff, core->net->places * FN_LANES * sizeof *w->residue);
    for (int l = 0; l < count; l++) w->residue[(size_t) source[l] * FN_LANES + (size_t) l] = 0;
    settle_ties(w);
    for (int l = 0; l < count; l++) {
        tell_longer(core, w, source[l], l);
        if (!add_lane(core, w, (uint32_t) l, source[l], score)) left |= 1U << l;
    }
    set_buckets(w);
    return left;
}

void fn_lengths_drop_longer(const fn_core *core)
{
    fn_search_net *net = core->net;
    size_t kept = 0, i = 0;
    memset(net->in_start, 0, ((size_t) net->places + 2) * sizeof *net->in_start);
    for (uint32_t p = 0; p < net->places; p++) {
        for (; i < net->out_start[p + 1]; i++) {
            if (core->longer[i]) continue;
            net->out[kept] = net->out[i];
            net->out_length.real[kept] = net->out_length.real[i];
            net->out_length.residue[kept++] = net->out_length.residue[i];
            net->in_start[net->out[i] + 2]++;
        }
        net->out_start[p + 1] = kept;
    }
    memset(core->longer, 0, kept * sizeof *core->longer);
    for (uint32_t p = 0; p < net->places; p++) net->in_start[p + 2] += net->in_start[p + 1];
    for (uint32_t p = 0; p < net->places; p++)
        for (i = net->out_start[p]; i < net->out_start[p + 1]; i++) {
            size_t at = net->in_start[net->out[i] + 1]++;
            net->in[at] = p;
            net->in_length.real[at] = net->out_length.real[i];
            net->in_length.residue[at] = net->out_length.residue[i];
        }
}
