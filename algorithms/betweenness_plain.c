/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/betweenness_inside.h"
#include "algorithms/near_queue.h"
#include "graph/memory.h"
#include "graph/net.h"

/* Path counts grow beyond doubles in long chains of choices: the true count is paths * 2^(500 scale). */
#define PATHS_MOST 0x1p500
#define PATHS_DOWN 0x1p-500

enum { BUCKETS_MOST = 1 << 14 };

/* How a place is reached: over the place before it, by an arc of its row. */
typedef struct way {
    uint32_t before;    /* FN_NONE: here the search began */
    uint32_t more;      /* further shortest ways; 0: none, else 1 + number in the list `more` */
    size_t arc;
} way;

/* What is known of a place once it is settled. */
typedef struct settled {
    uint64_t residue;   /* of its distance, see algorithms/lengths.h */
    double paths;       /* 0: not settled */
    double depends;     /* on the way back: what depends on it */
    int32_t scale;
} settled;

typedef struct before {
    uint32_t place, next;
} before;

struct fn_plain_work {
    const fn_search_net *net;
    double *real;       /* distances, INFINITY: not reached */
    way *way;
    settled *place;
    uint32_t *order;    /* places as they were settled */
    before *more;       /* NULL where steps are counted: who is one step nearer is easily seen */
    uint32_t count, listed;
    fn_near_queue queue;
};

void fn_plain_work_free(fn_plain_work *w)
{
    if (!w) return;
    fn_near_free(&w->queue);
    fn_free(w->real);
    fn_free(w->way);
    fn_free(w->place);
    fn_free(w->order);
    fn_free(w->more);
    fn_free(w);
}

static void add_paths(settled *to, const settled *from)
{
    int apart = from->scale - to->scale;
    if (apart == 0) to->paths += from->paths;
    else if (apart == -1) to->paths += from->paths * PATHS_DOWN;
    else if (apart > 0) {
        to->paths = (apart == 1 ? to->paths * PATHS_DOWN : 0) + from->paths;
        to->scale = from->scale;
    }
}

static uint64_t residue_over(const fn_plain_work *w, uint32_t u, size_t arc)
{
    return fn_residue_add(w->place[u].residue, w->net->out_length.residue[arc]);
}

/* The way over u to v is as short as those known, or shorter. Of a settled place nothing changes: that a way to it
 * turns out to be shorter or as short is rounding, where one arc is 2^52 times as long as another. */
static void reach(fn_plain_work *w, uint32_t u, size_t arc, double real)
{
    uint32_t v = w->net->out[arc];
    way *to = &w->way[v];
    if (w->place[v].paths > 0) return;
    if (w->more && w->real[v] != INFINITY && real >= w->real[v] * (1 - FN_LENGTHS_NEAR) &&
        residue_over(w, u, arc) == residue_over(w, to->before, to->arc)) {
        w->more[w->listed++] = (before) { u, to->more };
        to->more = w->listed;
    } else if (real < w->real[v]) {
        w->real[v] = real;
        *to = (way) { u, 0, arc };
        fn_near_put(&w->queue, real, v);
    }
}

/* The paths to a place are those to all places before it. */
static void settle(fn_plain_work *w, uint32_t v)
{
    const fn_search_net *net = w->net;
    const way *over = &w->way[v];
    settled *own = &w->place[v];
    w->order[w->count++] = v;
    if (over->before == FN_NONE) {
        *own = (settled) { .paths = 1 };
        return;
    }
    const settled *from = &w->place[over->before];
    if (w->more) {
        *own = (settled) { residue_over(w, over->before, over->arc), from->paths, 0, from->scale };
        for (uint32_t more = over->more; more; more = w->more[more - 1].next)
            add_paths(own, &w->place[w->more[more - 1].place]);
    } else {
        *own = (settled) { .scale = from->scale };
        for (size_t i = net->in_start[v]; i < net->in_start[v + 1]; i++)
            if (w->real[net->in[i]] == w->real[v] - 1) add_paths(own, &w->place[net->in[i]]);
    }
    if (own->paths > PATHS_MOST) own->paths *= PATHS_DOWN, own->scale++;
}

static void search_forth(fn_plain_work *w, uint32_t source)
{
    const fn_search_net *net = w->net;
    const double *length = net->out_length.real;
    fn_near nearest;
    w->count = w->listed = 0;
    fn_near_clear(&w->queue);
    w->way[source] = (way) { .before = FN_NONE };
    w->real[source] = 0;
    fn_near_put(&w->queue, 0, source);
    while (fn_near_take(&w->queue, &nearest)) {
        uint32_t u = nearest.place;
        double own = w->real[u];
        if (w->place[u].paths > 0 || nearest.distance != own) continue;
        settle(w, u);
        for (size_t i = net->out_start[u]; i < net->out_start[u + 1]; i++) {
            double real = own + (length ? length[i] : 1);
            if (real <= w->real[net->out[i]] * (1 + FN_LENGTHS_NEAR)) reach(w, u, i, real);
        }
    }
}

/* What a place hands on to one before it: each of the ways to it that lead over that one bears its share. */
static void hand_on(fn_plain_work *w, uint32_t to, double share, int32_t scale)
{
    settled *u = &w->place[to];
    int apart = scale - u->scale;
    if (apart == 0) u->depends += u->paths * share;
    else if (apart == 1) u->depends += u->paths * PATHS_DOWN * share;
}

static void hand_on_all(fn_plain_work *w, uint32_t v, const settled *own, double share)
{
    const fn_search_net *net = w->net;
    if (w->more) {
        hand_on(w, w->way[v].before, share, own->scale);
        for (uint32_t more = w->way[v].more; more; more = w->more[more - 1].next)
            hand_on(w, w->more[more - 1].place, share, own->scale);
    } else {
        for (size_t i = net->in_start[v]; i < net->in_start[v + 1]; i++)
            if (w->real[net->in[i]] == w->real[v] - 1) hand_on(w, net->in[i], share, own->scale);
    }
}

static void forget(fn_plain_work *w)
{
    for (uint32_t at = 0; at < w->count; at++) {
        w->real[w->order[at]] = INFINITY;
        w->place[w->order[at]].paths = 0;
    }
}

void fn_plain_search(const fn_core *core, uint32_t source, fn_plain_work *w, double *score)
{
    search_forth(w, source);
    double starts = core->starts[source], ends_reached = 0;
    for (uint32_t at = w->count; at-- > 1;) {
        uint32_t v = w->order[at];
        const settled *own = &w->place[v];
        double ends = core->ends[v];
        ends_reached += ends;
        if (own->depends > 0) score[v] += starts * own->depends;
        if (ends != 1) __atomic_fetch_add(&core->arrivals[v], (uint64_t) starts, __ATOMIC_RELAXED);
        hand_on_all(w, v, own, (ends + own->depends) / own->paths);
    }
    core->reach[source] = ends_reached;
    forget(w);
}

/* As many buckets as the middle nine tenths of the distances need, as a few searches find them. */
static void set_buckets(fn_plain_work *w)
{
    enum { PILOTS = 8 };
    const fn_search_net *net = w->net;
    double spread = 0;
    uint32_t found = 0;
    w->queue.per = net->out_length.real ? 0 : 1;
    for (uint32_t k = 0; net->out_length.real && k < PILOTS && k < net->places; k++) {
        search_forth(w, (uint32_t) ((uint64_t) k * net->places / PILOTS));
        uint32_t few = w->count / 20;
        double own = w->real[w->order[w->count - 1 - few]] - w->real[w->order[few]];
        if (own > 0 && w->count > net->places / 4) spread += own, found++;
        forget(w);
    }
    if (found > 0 && isfinite(w->queue.buckets / spread * found)) w->queue.per = w->queue.buckets / spread * found;
}

fn_status fn_plain_work_new(fn_run *run, const fn_search_net *net, fn_plain_work **made)
{
    fn_plain_work *w = fn_alloc(run, 1, sizeof *w);
    *made = NULL;
    if (!w) return FN_ENOMEM;
    w->net = net;
    w->real = fn_alloc_bare(run, net->places, sizeof *w->real);
    w->way = fn_alloc_bare(run, net->places, sizeof *w->way);
    w->place = fn_alloc(run, net->places, sizeof *w->place);
    w->order = fn_alloc_bare(run, net->places, sizeof *w->order);
    bool steps = !net->out_length.real;
    uint32_t buckets = net->places < BUCKETS_MOST ? net->places + 1 : BUCKETS_MOST;
    w->more = steps ? NULL : fn_alloc_bare(run, net->arcs, sizeof *w->more);
    fn_status status = fn_near_alloc(run, (steps ? net->places : net->arcs) + (size_t) 1, buckets, &w->queue);
    if (status || !w->real || !w->way || !w->place || !w->order || (!steps && !w->more)) {
        fn_plain_work_free(w);
        return FN_ENOMEM;
    }
    for (uint32_t p = 0; p < net->places; p++) w->real[p] = INFINITY;
    set_buckets(w);
    *made = w;
    return FN_OK;
}
