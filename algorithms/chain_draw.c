/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/chain_draw.h"
#include "graph/memory.h"
#include "graph/net.h"
#include "graph/random.h"

#define PATHS_MOST 0x1p500

/* What the two searches know of a place: a line of cache. Side 0 comes from the first firm along arcs, side 1 from the
 * last against them. */
typedef struct met {
    double real[2];        /* distances, INFINITY: not reached; see algorithms/lengths.h */
    uint64_t residue[2];
    double paths[2];
    uint32_t at[2];        /* in the heap */
    bool settled[2];
} met;

typedef struct waiting {
    double real;
    uint32_t place;
} waiting;

typedef struct side {
    waiting *heap;         /* the nearest first */
    uint32_t heaped;
    uint32_t *settled;     /* places, in order */
    uint32_t count;
    size_t ahead, behind;  /* arcs of those that wait, of those settled */
    const size_t *start, *back_start;
    const uint32_t *row, *back_row;
    const fn_lengths *length, *back_length;
} side;

struct fn_chain_work {
    met *met;
    side side[2];
    uint32_t *touched;
    uint32_t touches;
    double best;           /* length of the shortest chain known, INFINITY: none */
    uint64_t best_residue;
    uint64_t seed, stream, index;
};

/* ---- the heap ---- */

static void settle_at(fn_chain_work *w, int s, uint32_t at, waiting what)
{
    w->side[s].heap[at] = what;
    w->met[what.place].at[s] = at;
}

static void move_up(fn_chain_work *w, int s, uint32_t at, waiting what)
{
    const waiting *heap = w->side[s].heap;
    for (; at > 0 && heap[(at - 1) / 4].real > what.real; at = (at - 1) / 4) settle_at(w, s, at, heap[(at - 1) / 4]);
    settle_at(w, s, at, what);
}

static uint32_t take_nearest(fn_chain_work *w, int s)
{
    side *own = &w->side[s];
    const waiting *heap = own->heap;
    uint32_t nearest = heap[0].place, at = 0;
    waiting last = heap[--own->heaped];
    for (uint32_t child; (child = 4 * at + 1) < own->heaped; ) {
        uint32_t end = own->heaped - child < 4 ? own->heaped : child + 4;
        for (uint32_t other = child + 1; other < end; other++)
            if (heap[other].real < heap[child].real) child = other;
        if (last.real <= heap[child].real) break;
        settle_at(w, s, at, heap[child]);
        at = child;
    }
    if (own->heaped > 0) settle_at(w, s, at, last);
    return nearest;
}

/* ---- the search ---- */

static size_t arcs_of(const side *own, uint32_t place)
{
    return own->start[place + 1] - own->start[place];
}

static void open_place(fn_chain_work *w, int s, uint32_t v, double real, uint64_t residue, double paths)
{
    met *to = &w->met[v];
    side *own = &w->side[s];
    bool first = isinf(to->real[s]);
    if (first && isinf(to->real[!s])) w->touched[w->touches++] = v;
    to->real[s] = real;
    to->residue[s] = residue;
    to->paths[s] = paths;
    if (first) own->ahead += arcs_of(own, v);
    move_up(w, s, first ? own->heaped++ : to->at[s], (waiting) { real, v });
    if (real + to->real[!s] < w->best) {
        w->best = real + to->real[!s];
        w->best_residue = fn_residue_add(residue, to->residue[!s]);
    }
}

static void settle_nearest(fn_chain_work *w, int s)
{
    side *own = &w->side[s];
    uint32_t u = take_nearest(w, s);
    met *from = &w->met[u];
    const double *length = own->length->real;
    from->settled[s] = true;
    own->settled[own->count++] = u;
    own->ahead -= arcs_of(own, u);
    own->behind += arcs_of(own, u);
    for (size_t i = own->start[u]; i < own->start[u + 1]; i++) {
        met *to = &w->met[own->row[i]];
        double real = from->real[s] + (length ? length[i] : 1);
        if (real > to->real[s] * (1 + FN_LENGTHS_NEAR) || to->settled[s]) continue;
        uint64_t residue = fn_residue_add(from->residue[s], length ? own->length->residue[i] : 1);
        if (!isinf(to->real[s]) && residue == to->residue[s])
            to->paths[s] = fmin(to->paths[s] + from->paths[s], PATHS_MOST);
        else if (real < to->real[s]) open_place(w, s, own->row[i], real, residue, from->paths[s]);
    }
}

/* Until no chain as short as the best one can be missing: every arc of one that leads out of what side 0 has settled
 * ends where side 1 has been, and the same the other way round. False: there is no chain. */
static bool search(fn_chain_work *w, uint32_t from, uint32_t to)
{
    double near = w->side[0].length->real ? 1 + FN_LENGTHS_NEAR : 1;
    bool steps = !w->side[0].length->real;
    open_place(w, 0, from, 0, 0, 1);
    open_place(w, 1, to, 0, 0, 1);
    for (;;) {
        const side *a = &w->side[0], *b = &w->side[1];
        if (a->heaped == 0 || b->heaped == 0) return false;
        double next = a->heap[0].real + b->heap[0].real;
        if (steps ? next >= w->best : next > w->best * near) return true;
        int s = a->ahead + a->behind <= b->ahead + b->behind ? 0 : 1;
        if (w->side[s].heap[0].place == (s ? from : to)) return true;
        settle_nearest(w, s);
    }
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
    const double *length = own->back_length->real;
    while (w->met[place].real[s] > 0) {
        const met *to = &w->met[place];
        double all = 0;
        uint32_t before = FN_NONE;
        __atomic_fetch_add(&count[place], 1, __ATOMIC_RELAXED);
        for (size_t i = own->back_start[place]; i < own->back_start[place + 1]; i++) {
            const met *from = &w->met[own->back_row[i]];
            if (!from->settled[s]) continue;
            uint64_t residue = fn_residue_add(from->residue[s], length ? own->back_length->residue[i] : 1);
            double real = from->real[s] + (length ? length[i] : 1);
            if (residue == to->residue[s] && real <= to->real[s] * (1 + FN_LENGTHS_NEAR) &&
                is_drawn(w, from->paths[s], &all))
                before = own->back_row[i];
        }
        if (before == FN_NONE) return;
        place = before;
    }
}

/* Every shortest chain leaves what a side has settled by one arc: draws that arc, then the ways to its ends. */
static void draw(fn_chain_work *w, uint32_t *count)
{
    int s = w->side[0].behind <= w->side[1].behind ? 0 : 1;
    const side *own = &w->side[s];
    const double *length = own->length->real;
    double all = 0;
    uint32_t here = FN_NONE, there = FN_NONE;
    for (uint32_t at = 0; at < own->count; at++) {
        uint32_t u = own->settled[at];
        const met *from = &w->met[u];
        for (size_t i = own->start[u]; i < own->start[u + 1]; i++) {
            const met *to = &w->met[own->row[i]];
            if (to->settled[s] || isinf(to->real[!s])) continue;
            double real = from->real[s] + (length ? length[i] : 1) + to->real[!s];
            if (real > w->best * (1 + FN_LENGTHS_NEAR)) continue;
            uint64_t residue = fn_residue_add(from->residue[s], length ? own->length->residue[i] : 1);
            if (fn_residue_add(residue, to->residue[!s]) != w->best_residue) continue;
            if (is_drawn(w, from->paths[s] * to->paths[!s], &all)) here = u, there = own->row[i];
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
        own->ahead = own->behind = 0;
    }
    if (from != to && search(w, from, to)) draw(w, count);
    for (uint32_t at = 0; at < w->touches; at++)
        w->met[w->touched[at]] = (met) { .real = { INFINITY, INFINITY } };
}

void fn_chain_work_free(fn_chain_work *w)
{
    if (!w) return;
    for (int s = 0; s < 2; s++) {
        fn_free(w->side[s].heap);
        fn_free(w->side[s].settled);
    }
    fn_free(w->met);
    fn_free(w->touched);
    fn_free(w);
}

fn_status fn_chain_work_new(fn_run *run, const fn_search_net *net, fn_chain_work **made)
{
    fn_chain_work *w = fn_alloc(run, 1, sizeof *w);
    *made = NULL;
    if (!w) return FN_ENOMEM;
    w->side[0] = (side) {
        .start = net->out_start, .row = net->out, .length = &net->out_length,
        .back_start = net->in_start, .back_row = net->in, .back_length = &net->in_length
    };
    w->side[1] = (side) {
        .start = net->in_start, .row = net->in, .length = &net->in_length,
        .back_start = net->out_start, .back_row = net->out, .back_length = &net->out_length
    };
    w->met = fn_alloc_scattered(run, net->places, sizeof *w->met);
    w->touched = fn_alloc_bare(run, net->places, sizeof *w->touched);
    bool all = w->met && w->touched;
    for (int s = 0; all && s < 2; s++) {
        w->side[s].heap = fn_alloc_bare(run, net->places, sizeof *w->side[s].heap);
        w->side[s].settled = fn_alloc_bare(run, net->places, sizeof *w->side[s].settled);
        all = w->side[s].heap && w->side[s].settled;
    }
    if (!all) {
        fn_chain_work_free(w);
        return FN_ENOMEM;
    }
    for (uint32_t p = 0; p < net->places; p++) w->met[p] = (met) { .real = { INFINITY, INFINITY } };
    *made = w;
    return FN_OK;
}
