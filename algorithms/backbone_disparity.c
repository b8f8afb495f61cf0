/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "algorithms/lane_width.h"
#include "graph/memory.h"

/* Ties of a block are one thread's; those of a chunk stay in the nearest cache from step to step. */
enum { LANES = 8, CHUNK = 256, BLOCK = 64 * CHUNK, AHEAD = 64 };

#define LANE_KERNELS "algorithms/backbone_powers.h"
#define LANE_MOST 32
#include "algorithms/lane_each_width.h"

typedef void share_powers(const double *weight, const double *strength, const uint64_t *others, size_t count,
                          double *p);

typedef struct kernel {
    const fn_view *view;
    const fn_ties *ties;
    const fn_sides *sides;
    const double *weight;
    uint16_t layer;
    bool one_layer;
    share_powers *powers;
} kernel;

typedef enum verdict { JUDGED, NOT_JUDGED, OTHER_LAYER } verdict;

/* What some ties are on either side, 0 `from` and 1 `to`. */
typedef struct chunk {
    double weight[CHUNK];
    double strength[2][CHUNK];
    uint64_t others[2][CHUNK];
    double p[2][CHUNK];
    uint8_t verdict[CHUNK];
    bool all_judged;
} chunk;

static share_powers *choose_powers(void)
{
#if defined __x86_64__ && defined __GNUC__
    if (fn_lane_width() >= 32) return avx2_powers;
#endif
    return narrow_powers;
}

static void put_side(chunk *c, int s, size_t i, const fn_side *side)
{
    c->strength[s][i] = side->strength;
    c->others[s][i] = (uint64_t) side->partners - 1;
}

/* A share of nothing, whose p is 1. */
static void put_none(chunk *c, size_t i)
{
    c->weight[i] = 0;
    c->strength[0][i] = c->strength[1][i] = 1;
    c->others[0][i] = c->others[1][i] = 0;
}

/* Who receives stands anywhere in memory: asked for some ties before it is needed. */
static void gather_chunk(const kernel *k, size_t row, size_t count, chunk *c)
{
    const fn_ties *ties = k->ties;
    size_t in_reach = k->view->ties > row + AHEAD ? k->view->ties - row - AHEAD : 0;
    c->all_judged = true;
    for (size_t i = 0; i < count; i++) {
        size_t e = fn_view_tie(k->view, row + i);
        uint32_t from = ties->from[e], to = ties->to[e];
        double w = k->weight[row + i];
        if (i < in_reach) __builtin_prefetch(&k->sides->in[ties->to[fn_view_tie(k->view, row + i + AHEAD)]]);
        bool wanted = k->one_layer || ties->layer[e] == k->layer;
        c->verdict[i] = !wanted ? OTHER_LAYER : w > 0 && from != to ? JUDGED : NOT_JUDGED;
        c->weight[i] = w;
        put_side(c, 0, i, &k->sides->out[from]);
        put_side(c, 1, i, &k->sides->in[to]);
        if (c->verdict[i] == JUDGED) continue;
        c->all_judged = false;
        put_none(c, i);
    }
    for (size_t i = count; i % LANES; i++) put_none(c, i);
}

static void tell_chunk(const chunk *c, int s, size_t count, double *p)
{
    if (c->all_judged) {
        memcpy(p, c->p[s], count * sizeof *p);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (c->verdict[i] != OTHER_LAYER) p[i] = c->verdict[i] == JUDGED ? c->p[s][i] : NAN;
}

static void judge_block(const kernel *k, size_t row, size_t end, double *p_from, double *p_to)
{
    chunk c;
    for (; row < end; row += CHUNK) {
        size_t count = end - row < CHUNK ? end - row : CHUNK, padded = (count + LANES - 1) / LANES * LANES;
        gather_chunk(k, row, count, &c);
        for (int s = 0; s < 2; s++) k->powers(c.weight, c.strength[s], c.others[s], padded, c.p[s]);
        tell_chunk(&c, 0, count, p_from + row);
        tell_chunk(&c, 1, count, p_to + row);
    }
}

static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, double *p_from,
                             double *p_to)
{
    fn_sides sides;
    fn_status status = fn_sides_find(run, view, layer, weight, &sides);
    kernel k = {
        .view = view, .ties = fn_net_tie_rows(view->net), .sides = &sides, .weight = weight, .layer = layer,
        .one_layer = view->layers == (uint64_t) 1 << layer, .powers = choose_powers()
    };
    size_t blocks = status ? 0 : (view->ties + BLOCK - 1) / BLOCK;
    int threads = blocks > 1 ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        size_t end = (block + 1) * BLOCK < view->ties ? (block + 1) * BLOCK : view->ties;
        judge_block(&k, block * BLOCK, end, p_from, p_to);
    }
    fn_sides_free(&sides);
    return status;
}

fn_status fn_disparity(fn_run *run, const fn_view *view, double *p_from, double *p_to)
{
    const double *weight;
    double *own;
    fn_status status = fn_safe_weights(run, view, &weight, &own);
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        if (!(view->layers >> layer & 1)) continue;
        status = fn_progress(run, "disparity filter", 0);
        if (!status) status = judge_layer(run, view, layer, weight, p_from, p_to);
    }
    fn_free(own);
    return status;
}

/* ---- the row of the table ---- */

/* (k - 1) log10 (1 - w / s), also where p itself underflows. Of a share that can't be told from 1 the rest is at most
 * 2^-53 of all: an upper bound. */
static double log10_share(double w, double s, uint32_t k)
{
    double part = w / s;
    return k <= 1 ? 0 : fn_log10_of((double) (k - 1) * (part < 1 ? log1p(-part) : -53 * M_LN2));
}

static const char *single_side(const fn_sides *s, const fn_tie *t)
{
    bool from = s->out[t->from].partners == 1, to = s->in[t->to].partners == 1;
    return from && to ? "both" : from ? "from" : to ? "to" : NULL;
}

typedef struct columns {
    fn_column *p_from, *p_to, *log10_from, *log10_to, *single;
} columns;

static fn_status say_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_sides s;
    fn_status status = fn_sides_find(run, view, layer, weight, &s);
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer || t.from == t.to || !(weight[row] > 0)) continue;
        c->log10_from->real[row] = log10_share(weight[row], s.out[t.from].strength, s.out[t.from].partners);
        c->log10_to->real[row] = log10_share(weight[row], s.in[t.to].strength, s.in[t.to].partners);
        const char *single = single_side(&s, &t);
        if (single) status = fn_column_set_text(run, c->single, row, single, strlen(single));
    }
    fn_sides_free(&s);
    return status;
}

static fn_status run_disparity(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    columns c;
    const fn_column_wanted wanted[] = {
        { "p_from", FN_COLUMN_REAL, &c.p_from, NULL }, { "p_to", FN_COLUMN_REAL, &c.p_to, NULL },
        { "log10_p_from", FN_COLUMN_REAL, &c.log10_from, NULL }, { "log10_p_to", FN_COLUMN_REAL, &c.log10_to, NULL },
        { "single", FN_COLUMN_TEXT, &c.single, NULL }
    };
    const double *weight;
    double *own = NULL;
    (void) values;
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (!status) status = fn_disparity(run, view, c.p_from->real, c.p_to->real);
    if (!status) status = fn_safe_weights(run, view, &weight, &own);
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++)
        if (view->layers >> layer & 1) status = say_layer(run, view, layer, weight, &c);
    fn_free(own);
    return status;
}

const fn_algorithm fn_algorithm_disparity = {
    .name = "disparity", .group = FN_GROUP_BACKBONE,
    .text = "is the tie a larger share of either side's business than chance gives?",
    .gives = "p_from,p_to,log10_p_from,log10_p_to,single", .source = "Serrano, Boguñá and Vespignani 2009",
    .run = run_disparity
};
