/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/chain_draw.h"
#include "graph/memory.h"
#include "graph/net.h"
#include "graph/random.h"

#define PATHS_MOST 0x1p500

/* Bits of a side's marks: they stay in the nearest cache, and are many times what a side reaches. */
enum { MARKS = 1 << 16 };

/* What the two searches know of a place. Side 0 comes from the first firm along arcs, side 1 from the last against
 * them. A search needs little of the network, but from all over it: its time goes into lines of cache that come from
 * memory. This is one, and for most places that are reached the only one. */
typedef struct met {
    double real[2];        /* distances, INFINITY: not reached; see algorithms/lengths.h */
    uint64_t residue[2];
    double paths[2];
    double first[2];       /* length of the first arc of its row, INFINITY: it has none; stays */
} met;
_Static_assert(sizeof(met) == 64, "one line of cache");

/* A place that a side has reached and whose row it goes through, the nearest first: what that leads to next. Arcs that
 * are too long to matter are never looked at. */
typedef struct waiting {
    double real;           /* distance at the end of the arc in hand */
    uint32_t place, done;  /* arcs of its row that are behind it */
} waiting;

typedef struct side {
    waiting *heap;
    uint32_t heaped;
    uint32_t *reached;     /* places, in order */
    uint32_t count;
    uint64_t *mark;        /* MARKS bits: what is not marked is not reached */
    uint64_t work;         /* arcs looked at */
    double end;            /* all that is nearer is known, with all its ways */
    const size_t *start, *back_start;
    const uint32_t *row, *back_row;
    const fn_lengths *length, *back_length;
} side;

struct fn_chain_work {
    void *memory;
    met *met;
    side side[2];
    uint32_t *touched;
    uint32_t touches;
    double best;           /* length of the shortest chain known, INFINITY: none */
    uint64_t best_residue;
    double near;           /* lengths that differ by less may be equal */
    uint64_t seed, stream, index;
};

static double length_of(const fn_lengths *length, size_t arc)
{
    return length->real ? length->real[arc] : 1;
}

static uint64_t residue_of(const fn_lengths *length, size_t arc)
{
    return length->real ? length->residue[arc] : 1;
}

static uint64_t *mark_of(const side *own, uint32_t place)
{
    return &own->mark[place % MARKS / 64];
}

/* Nearly always right when it says yes: most arcs lead to places that were not reached, and what is known of those lies
 * anywhere in memory. */
static bool may_be_reached(const side *own, uint32_t place)
{
    return *mark_of(own, place) >> place % 64 & 1;
}

/* ---- the search ---- */

static void move_up(side *own, uint32_t at, waiting what)
{
    waiting *heap = own->heap;
    for (; at > 0 && heap[(at - 1) / 4].real > what.real; at = (at - 1) / 4) heap[at] = heap[(at - 1) / 4];
    heap[at] = what;
}

/* `what` instead of the nearest. */
static void move_down(side *own, waiting what)
{
    uint32_t at = 0, child;
    while ((child = 4 * at + 1) < own->heaped) {
        uint32_t end = own->heaped - child < 4 ? own->heaped : child + 4, least = child;
        for (uint32_t other = child + 1; other < end; other++)
            if (own->heap[other].real < own->heap[least].real) least = other;
        if (what.real <= own->heap[least].real) break;
        own->heap[at] = own->heap[least];
        at = least;
    }
    own->heap[at] = what;
}

static void tell_best(fn_chain_work *w, double real, uint64_t residue)
{
    if (real >= w->best) return;
    w->best = real;
    w->best_residue = residue;
}

static void reach(fn_chain_work *w, int s, uint32_t v, double real, uint64_t residue, double paths)
{
    met *to = &w->met[v];
    side *own = &w->side[s];
    if (isinf(to->real[!s])) w->touched[w->touches++] = v;
    else tell_best(w, real + to->real[!s], fn_residue_add(residue, to->residue[!s]));
    to->real[s] = real;
    to->residue[s] = residue;
    to->paths[s] = paths;
    own->reached[own->count++] = v;
    *mark_of(own, v) |= UINT64_C(1) << v % 64;
    if (!isinf(to->first[s])) move_up(own, own->heaped++, (waiting) { real + to->first[s], v, 0 });
}

/* Along the arc that leads to the nearest place. Neither side enters the place where the other began: all chains then
 * cross from what a side has reached to what it has not. */
static void step(fn_chain_work *w, int s)
{
    side *own = &w->side[s];
    waiting next = own->heap[0];
    const met *from = &w->met[next.place];
    size_t arc = own->start[next.place] + next.done;
    double real = next.real;
    own->work++;
    if (arc + 1 < own->start[next.place + 1]) {
        next.done++;
        next.real = from->real[s] + length_of(own->length, arc + 1);
        __builtin_prefetch(&w->met[own->row[arc + 1]], 1);
        move_down(own, next);
    } else if (--own->heaped > 0) {
        move_down(own, own->heap[own->heaped]);
    }
    uint64_t residue = fn_residue_add(from->residue[s], residue_of(own->length, arc));
    met *to = &w->met[own->row[arc]];
    if (to->real[!s] == 0) tell_best(w, real, residue);
    else if (isinf(to->real[s])) reach(w, s, own->row[arc], real, residue, from->paths[s]);
    else if (residue == to->residue[s] && real <= to->real[s] * w->near)
        to->paths[s] = fmin(to->paths[s] + from->paths[s], PATHS_MOST);
}

/* Until no chain as short as the best one can be missing. False: there is no chain. */
static bool search(fn_chain_work *w, uint32_t from, uint32_t to)
{
    side *a = &w->side[0], *b = &w->side[1];
    reach(w, 0, from, 0, 0, 1);
    reach(w, 1, to, 0, 0, 1);
    while (a->heaped > 0 && b->heaped > 0 && a->heap[0].real + b->heap[0].real <= w->best * w->near)
        step(w, isinf(w->best) ? b->work < a->work : b->heaped < a->heaped);
    for (int s = 0; s < 2; s++) w->side[s].end = w->side[s].heaped > 0 ? w->side[s].heap[0].real : INFINITY;
    return !isinf(w->best);
}

/* ---- the drawing ---- */

/* One of several is kept, each with its share of the chance. */
static bool is_drawn(fn_chain_work *w, double share, double *all)
{
    *all += share;
    if (share == *all) return true;
    return fn_random_unit(w->seed, w->stream, w->index++) * *all < share;
}

/* From a place back to where side s began, over one of the shortest ways; counts what lies between. */
static void walk_back(fn_chain_work *w, int s, uint32_t place, uint32_t *count)
{
    const side *own = &w->side[s];
    while (w->met[place].real[s] > 0) {
        const met *to = &w->met[place];
        double all = 0;
        uint32_t before = FN_NONE;
        __atomic_fetch_add(&count[place], 1, __ATOMIC_RELAXED);
        for (size_t i = own->back_start[place]; i < own->back_start[place + 1]; i++) {
            const met *from = &w->met[own->back_row[i]];
            double length = length_of(own->back_length, i);
            if (length > to->real[s] * w->near) break;
            if (from->real[s] + length > to->real[s] * w->near) continue;
            if (fn_residue_add(from->residue[s], residue_of(own->back_length, i)) == to->residue[s] &&
                is_drawn(w, from->paths[s], &all))
                before = own->back_row[i];
        }
        if (before == FN_NONE) return;
        place = before;
    }
}

/* Inside side s: the place and all ways to it are known. */
static bool is_inside(const fn_chain_work *w, int s, const met *place)
{
    return place->real[s] * w->near < w->side[s].end;
}

/* Whether a chain over this arc, from inside side s out of it, is as short as the best, or shorter: that is found here
 * where the arc is so long that it was not taken from either end. */
static bool is_best(fn_chain_work *w, int s, const met *from, const met *to, size_t arc, double *all)
{
    double real = from->real[s] + length_of(w->side[s].length, arc) + to->real[!s];
    if (real > w->best * w->near) return false;
    uint64_t residue = fn_residue_add(from->residue[s], residue_of(w->side[s].length, arc));
    residue = fn_residue_add(residue, to->residue[!s]);
    if (residue == w->best_residue) return true;
    if (real >= w->best) return false;
    tell_best(w, real, residue);
    *all = 0;
    return true;
}

/* Every shortest chain leaves the inside of a side by one arc: draws that arc, then the ways to its ends. */
static void draw(fn_chain_work *w, uint32_t *count)
{
    int s = w->side[1].work < w->side[0].work;
    const side *own = &w->side[s];
    double all = 0;
    uint32_t here = FN_NONE, there = FN_NONE;
    for (uint32_t at = 0; at < own->count; at++) {
        uint32_t u = own->reached[at];
        const met *from = &w->met[u];
        if (!is_inside(w, s, from)) break;
        if (from->real[s] + from->first[s] > w->best * w->near) continue;
        for (size_t i = own->start[u]; i < own->start[u + 1]; i++) {
            if (from->real[s] + length_of(own->length, i) > w->best * w->near) break;
            if (!may_be_reached(&w->side[!s], own->row[i])) continue;
            const met *to = &w->met[own->row[i]];
            if (isinf(to->real[!s]) || is_inside(w, s, to)) continue;
            if (is_best(w, s, from, to, i, &all) && is_drawn(w, from->paths[s] * to->paths[!s], &all))
                here = u, there = own->row[i];
        }
    }
    if (here == FN_NONE) return;
    walk_back(w, s, here, count);
    walk_back(w, !s, there, count);
}

void fn_chain_draw(fn_chain_work *w, uint32_t from, uint32_t to, uint64_t seed, uint64_t stream, uint32_t *count)
{
    w->seed = seed;
    w->stream = stream;
    w->index = 1;
    w->best = INFINITY;
    w->touches = 0;
    for (int s = 0; s < 2; s++) {
        side *own = &w->side[s];
        own->heaped = own->count = 0;
        own->work = 0;
    }
    if (from != to && search(w, from, to)) draw(w, count);
    for (uint32_t at = 0; at < w->touches; at++)
        for (int s = 0; s < 2; s++) w->met[w->touched[at]].real[s] = INFINITY;
    for (int s = 0; s < 2; s++)
        for (uint32_t at = 0; at < w->side[s].count; at++) *mark_of(&w->side[s], w->side[s].reached[at]) = 0;
}

void fn_chain_work_free(fn_chain_work *w)
{
    if (!w) return;
    for (int s = 0; s < 2; s++) {
        fn_free(w->side[s].heap);
        fn_free(w->side[s].reached);
        fn_free(w->side[s].mark);
    }
    fn_free(w->memory);
    fn_free(w->touched);
    fn_free(w);
}

fn_status fn_chain_work_new(fn_run *run, const fn_search_net *net, fn_chain_work **made)
{
    fn_chain_work *w = fn_alloc(run, 1, sizeof *w);
    *made = NULL;
    if (!w) return FN_ENOMEM;
    w->near = net->out_length.real ? 1 + FN_LENGTHS_NEAR : 1;
    w->side[0] = (side) {
        .start = net->out_start, .row = net->out, .length = &net->out_length,
        .back_start = net->in_start, .back_row = net->in, .back_length = &net->in_length
    };
    w->side[1] = (side) {
        .start = net->in_start, .row = net->in, .length = &net->in_length,
        .back_start = net->out_start, .back_row = net->out, .back_length = &net->out_length
    };
    w->memory = fn_alloc_scattered(run, (size_t) net->places + 1, sizeof *w->met);
    w->touched = fn_alloc_bare(run, net->places, sizeof *w->touched);
    bool all = w->memory && w->touched;
    for (int s = 0; all && s < 2; s++) {
        w->side[s].heap = fn_alloc_bare(run, net->places, sizeof *w->side[s].heap);
        w->side[s].reached = fn_alloc_bare(run, net->places, sizeof *w->side[s].reached);
        w->side[s].mark = fn_alloc(run, MARKS / 64, sizeof *w->side[s].mark);
        all = w->side[s].heap && w->side[s].reached && w->side[s].mark;
    }
    if (!all) {
        fn_chain_work_free(w);
        return FN_ENOMEM;
    }
    w->met = (met *) (((uintptr_t) w->memory + sizeof(met) - 1) / sizeof(met) * sizeof(met));
    for (uint32_t p = 0; p < net->places; p++) {
        w->met[p] = (met) { .real = { INFINITY, INFINITY } };
        for (int s = 0; s < 2; s++) {
            const side *own = &w->side[s];
            bool empty = own->start[p] == own->start[p + 1];
            w->met[p].first[s] = empty ? INFINITY : length_of(own->length, own->start[p]);
        }
    }
    *made = w;
    return FN_OK;
}
