/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

enum { BLOCK = 1 << 14, LANES = 8 };

/* base^exponent for LANES ties at once, by squaring. Every lane does the same steps whatever stands beside it, so a
 * result does not depend on where blocks begin. */
static void powers(const double base[LANES], const uint32_t exponent[LANES], double result[LANES])
{
    double b[LANES];
    uint32_t e[LANES], any = 0;
    for (int i = 0; i < LANES; i++) b[i] = base[i], e[i] = exponent[i], any |= exponent[i], result[i] = 1;
    for (; any; any >>= 1)
        for (int i = 0; i < LANES; i++) {
            result[i] *= e[i] & 1 ? b[i] : 1;
            b[i] *= b[i];
            b[i] = b[i] < 0x1p-1000 ? 0 : b[i]; /* nothing below the normal numbers: those are slow */
            e[i] >>= 1;
        }
}

typedef struct kernel {
    const fn_view *view;
    const fn_ties *ties;
    const fn_sides *sides;
    const double *weight;
    uint16_t layer;
    bool one_layer;
} kernel;

/* LANES ties from `row` on; count of them are there. */
static void judge_lanes(const kernel *k, size_t row, size_t count, double *p_from, double *p_to)
{
    double base_from[LANES], base_to[LANES], from[LANES], to[LANES];
    uint32_t others_from[LANES], others_to[LANES];
    bool counts[LANES];
    for (size_t i = 0; i < LANES; i++) {
        base_from[i] = base_to[i] = 1;
        others_from[i] = others_to[i] = 0;
        if (!(counts[i] = i < count)) continue;
        size_t e = fn_view_tie(k->view, row + i);
        uint32_t a = k->ties->from[e], b = k->ties->to[e];
        double w = k->weight[row + i];
        counts[i] = (k->one_layer || k->ties->layer[e] == k->layer);
        if (!counts[i] || !(w > 0) || a == b) continue;
        double s_out = k->sides->s_out[a], s_in = k->sides->s_in[b];
        base_from[i] = (s_out - w) / s_out;
        base_to[i] = (s_in - w) / s_in;
        others_from[i] = k->sides->k_out[a] - 1;
        others_to[i] = k->sides->k_in[b] - 1;
    }
    powers(base_from, others_from, from);
    powers(base_to, others_to, to);
    for (size_t i = 0; i < count; i++) {
        if (!counts[i]) continue;
        size_t e = fn_view_tie(k->view, row + i);
        bool judged = k->weight[row + i] > 0 && k->ties->from[e] != k->ties->to[e];
        p_from[row + i] = judged ? from[i] : NAN;
        p_to[row + i] = judged ? to[i] : NAN;
    }
}

static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, double *p_from,
                             double *p_to)
{
    fn_sides sides;
    fn_status status = fn_sides_find(run, view, layer, weight, &sides);
    kernel k = {
        .view = view, .ties = fn_net_tie_rows(view->net), .sides = &sides, .weight = weight, .layer = layer,
        .one_layer = view->layers == (uint64_t) 1 << layer
    };
    size_t blocks = status ? 0 : (view->ties + BLOCK - 1) / BLOCK;
    int threads = blocks > 1 ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        size_t end = (block + 1) * BLOCK < view->ties ? (block + 1) * BLOCK : view->ties;
        for (size_t row = block * BLOCK; row < end; row += LANES)
            judge_lanes(&k, row, end - row < LANES ? end - row : LANES, p_from, p_to);
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
    double share = w / s;
    return k <= 1 ? 0 : fn_log10_of((double) (k - 1) * (share < 1 ? log1p(-share) : -53 * M_LN2));
}

static const char *single_side(const fn_sides *s, const fn_tie *t)
{
    bool from = s->k_out[t->from] == 1, to = s->k_in[t->to] == 1;
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
        c->log10_from->real[row] = log10_share(weight[row], s.s_out[t.from], s.k_out[t.from]);
        c->log10_to->real[row] = log10_share(weight[row], s.s_in[t.to], s.k_in[t.to]);
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
