/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

enum { BLOCK = 1 << 14, LANES = 8, AHEAD = 16 * LANES };

#define ALWAYS __attribute__((always_inline))

/* Ties side by side: the compiler makes of these whatever vectors the machine has, with the same result. */
typedef double reals __attribute__((vector_size(LANES * sizeof(double))));
typedef uint64_t wholes __attribute__((vector_size(LANES * sizeof(uint64_t))));

typedef struct kernel {
    const fn_view *view;
    const fn_ties *ties;
    const fn_sides *sides;
    const double *weight;
    uint16_t layer;
    bool one_layer;
} kernel;

/* What one side makes of some ties. */
typedef struct share {
    double base[LANES];
    uint64_t others[LANES];
    uint32_t largest;
} share;

static inline ALWAYS void put_share(share *s, size_t lane, const fn_side *side, double w)
{
    s->base[lane] = (side->strength - w) / side->strength;
    s->others[lane] = side->partners - 1;
    s->largest |= side->partners - 1;
}

/* base^exponent by squaring. A lane does the same steps whatever stands beside it: more steps multiply by 1. */
static inline ALWAYS void power_share(const share *s, double result[LANES])
{
    const reals one = { 1, 1, 1, 1, 1, 1, 1, 1 };
    reals base, power = one;
    wholes others;
    memcpy(&base, s->base, sizeof base);
    memcpy(&others, s->others, sizeof others);
    for (uint32_t largest = s->largest; largest; largest >>= 1) {
        wholes odd = -(others & 1);
        power *= (reals) (((wholes) base & odd) | ((wholes) one & ~odd));
        base *= base;
        others >>= 1;
    }
    memcpy(result, &power, sizeof power);
}

/* Who receives stands anywhere in memory: asked for some ties before it is needed. */
static inline ALWAYS void fetch_ahead(const kernel *k, size_t row, size_t end)
{
    for (size_t i = 0; i < LANES && row + i < end; i++)
        __builtin_prefetch(&k->sides->in[k->ties->to[fn_view_tie(k->view, row + i)]]);
}

/* LANES ties from `row` on; count of them are there. */
static inline ALWAYS void judge_lanes(const kernel *k, size_t row, size_t count, double *p_from, double *p_to)
{
    share from = { .largest = 0 }, to = { .largest = 0 };
    double judged_from[LANES], judged_to[LANES];
    bool wanted[LANES] = { false }, judged[LANES] = { false };
    for (size_t i = 0; i < count; i++) {
        size_t e = fn_view_tie(k->view, row + i);
        uint32_t a = k->ties->from[e], b = k->ties->to[e];
        double w = k->weight[row + i];
        wanted[i] = k->one_layer || k->ties->layer[e] == k->layer;
        if (!(judged[i] = wanted[i] && w > 0 && a != b)) continue;
        put_share(&from, i, &k->sides->out[a], w);
        put_share(&to, i, &k->sides->in[b], w);
    }
    for (size_t i = 0; i < LANES; i++)
        if (!judged[i]) from.base[i] = to.base[i] = 1, from.others[i] = to.others[i] = 0;
    power_share(&from, judged_from);
    power_share(&to, judged_to);
    for (size_t i = 0; i < count; i++) {
        if (!wanted[i]) continue;
        p_from[row + i] = judged[i] ? judged_from[i] : NAN;
        p_to[row + i] = judged[i] ? judged_to[i] : NAN;
    }
}

static inline ALWAYS void judge_rows(const kernel *k, size_t row, size_t end, double *p_from, double *p_to)
{
    for (; row < end; row += LANES) {
        fetch_ahead(k, row + AHEAD, end);
        judge_lanes(k, row, end - row < LANES ? end - row : LANES, p_from, p_to);
    }
}

static void judge_block(const kernel *k, size_t row, size_t end, double *p_from, double *p_to)
{
    judge_rows(k, row, end, p_from, p_to);
}

#if defined __x86_64__
/* The same operations in the same order, so the same result, four at a time. */
__attribute__((target("avx2"))) static void judge_block_avx2(const kernel *k, size_t row, size_t end, double *p_from,
                                                             double *p_to)
{
    judge_rows(k, row, end, p_from, p_to);
}
#endif

typedef void block_judge(const kernel *k, size_t row, size_t end, double *p_from, double *p_to);

/* FN_ISA=portable in the environment: what machines without AVX2 do, for tests. */
static block_judge *choose_judge(void)
{
#if defined __x86_64__
    const char *wanted = getenv("FN_ISA");
    bool portable = wanted && strcmp(wanted, "portable") == 0;
    if (!portable && __builtin_cpu_supports("avx2")) return judge_block_avx2;
#endif
    return judge_block;
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
    block_judge *judge = choose_judge();
    int threads = blocks > 1 ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (size_t block = 0; block < blocks; block++) {
        size_t end = (block + 1) * BLOCK < view->ties ? (block + 1) * BLOCK : view->ties;
        judge(&k, block * BLOCK, end, p_from, p_to);
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
