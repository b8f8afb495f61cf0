/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/names.h"

enum { RANGES_MOST = 16, FEW_TIES = 1 << 14, AHEAD = 24 };

/* The ties of a view as flat columns. */
typedef struct rows {
    size_t count;
    const uint32_t *tie, *from, *to;
    const uint16_t *layers;    /* NULL: all are in the layer asked for */
    uint16_t layer;
    const double *weight;
} rows;

static inline size_t tie_of(const rows *r, size_t row)
{
    return r->tie ? r->tie[row] : row;
}

/* Has an earlier row the same ends in the same layer, and a weight? Such rows stand together. */
static bool is_repeated(const rows *r, size_t row)
{
    size_t e = tie_of(r, row);
    while (row-- > 0) {
        size_t other = tie_of(r, row);
        if (r->to[other] != r->to[e] || r->from[other] != r->from[e]) return false;
        if (r->layers && r->layers[other] != r->layer) continue;
        if (r->weight[row] > 0) return true;
    }
    return false;
}

/* What the ties give to the firms first … first + count - 1, in the order of ties: one thread's part. In an undirected
 * layer both ends go to the same arrays. */
static void add_range(const rows *r, uint32_t first, uint32_t count, fn_sides *s)
{
    for (size_t row = 0; row < r->count; row++) {
        size_t e = tie_of(r, row);
        uint32_t from = r->from[e], to = r->to[e];
        if (row + AHEAD < r->count) { /* who receives stands anywhere in memory */
            uint32_t later = r->to[tie_of(r, row + AHEAD)];
            if (later - first < count) __builtin_prefetch(&s->in[later], 1);
        }
        bool delivers = from - first < count, receives = to - first < count;
        if (!(delivers || receives)) continue;
        if (r->layers && r->layers[e] != r->layer) continue;
        double w = r->weight[row];
        if (!(w > 0) || from == to) continue;
        uint32_t another = !is_repeated(r, row);
        if (delivers) s->out[from].strength += w, s->out[from].partners += another;
        if (receives) s->in[to].strength += w, s->in[to].partners += another;
    }
}

fn_status fn_sides_find(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, fn_sides *sides)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    bool directed = fn_net_layer_directed(layer);
    *sides = (fn_sides) { .directed = directed };
    sides->out = fn_alloc_scattered(run, view->firms, sizeof *sides->out);
    sides->in = directed ? fn_alloc_scattered(run, view->firms, sizeof *sides->in) : sides->out;
    if (!sides->out || !sides->in) return FN_ENOMEM;
    const rows r = {
        .count = ties->layer || ties->usual.layer == layer ? view->ties : 0, .tie = view->tie, .from = ties->from,
        .to = ties->to, .layers = view->layers == (uint64_t) 1 << layer ? NULL : ties->layer, .layer = layer,
        .weight = weight
    };
    int ranges = fn_run_threads(run) < RANGES_MOST ? fn_run_threads(run) : RANGES_MOST;
    if (r.count < FEW_TIES) ranges = 1;
#pragma omp parallel for schedule(static, 1) num_threads(ranges)
    for (int k = 0; k < ranges; k++) {
        uint32_t first = (uint32_t) ((uint64_t) view->firms * (unsigned) k / (unsigned) ranges);
        uint32_t end = (uint32_t) ((uint64_t) view->firms * ((unsigned) k + 1) / (unsigned) ranges);
        for (uint32_t f = first; f < end; f++) sides->out[f] = sides->in[f] = (fn_side) { 0 };
        add_range(&r, first, end - first, sides);
    }
    for (uint32_t f = 0; f < view->firms; f++) sides->total += sides->out[f].strength;
    if (!sides->directed) sides->total /= 2;
    return FN_OK;
}

void fn_sides_free(fn_sides *sides)
{
    if (sides->in != sides->out) fn_free(sides->in);
    fn_free(sides->out);
    *sides = (fn_sides) { 0 };
}

/* Sums of more than 2^960 could run out of range: divided by 2^100 what has a weight keeps one, if a tiny one. */
fn_status fn_safe_weights(fn_run *run, const fn_view *view, const double **weight, double **own)
{
    double largest = 0;
    *weight = view->weight;
    *own = NULL;
    int threads = view->ties > FEW_TIES ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : largest)
    for (size_t row = 0; row < view->ties; row++)
        if (view->weight[row] > largest) largest = view->weight[row];
    if (largest < 0x1p960) return FN_OK;
    if (!(*own = fn_alloc_bare(run, view->ties, sizeof **own))) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++)
        (*own)[row] = view->weight[row] > 0 ? fmax(view->weight[row] * 0x1p-100, 0x1p-1074) : 0;
    *weight = *own;
    return FN_OK;
}

/* ---- the unit of a record ---- */

fn_unit fn_unit_from(const fn_values *values)
{
    static const char *const name[] = { "auto", "count", "mean", "value" };
    const char *text = fn_values_text(values, "unit");
    int u = FN_UNIT_AUTO;
    while (strcmp(name[u], text) != 0) u++;
    return (fn_unit) u;
}

typedef struct layer_sum {
    size_t ties;
    int64_t records_most;
    double weight;
} layer_sum;

static layer_sum look_at(const fn_view *view, uint16_t layer)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    layer_sum sum = { 0 };
    double most = 0;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer || t.from == t.to || !(view->weight[row] > 0)) continue;
        sum.ties++;
        if (t.count > sum.records_most) sum.records_most = t.count;
        if (view->weight[row] > most) most = view->weight[row];
    }
    /* The mean, of weights whose sum could run out of range. */
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        double w = view->weight[row];
        if (t.layer == layer && t.from != t.to && w > 0) sum.weight += w / (double) sum.ties;
    }
    return sum;
}

fn_status fn_unit_weights(fn_run *run, const fn_view *view, uint16_t layer, fn_unit unit, const char *method,
                          double *weight)
{
    static const char *const text[] = { "", "records", "the mean tie", "the weight as it is" };
    const fn_ties *ties = fn_net_tie_rows(view->net);
    layer_sum sum = look_at(view, layer);
    if (!sum.ties) return FN_OK;
    if (unit == FN_UNIT_AUTO) unit = sum.records_most > 1 ? FN_UNIT_COUNT : FN_UNIT_MEAN;
    double mean = sum.weight > 0 ? sum.weight : 1;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer) continue;
        double w = view->weight[row], records = t.count > 0 ? (double) t.count : 0;
        weight[row] = unit == FN_UNIT_COUNT ? records : unit == FN_UNIT_MEAN ? w / mean : w;
        if (!(weight[row] <= 0x1p900)) weight[row] = 0x1p900;
    }
    size_t length;
    const char *name = fn_names_text(fn_net_layers(view->net), layer, &length);
    fn_note(run, "%s, layer %.*s: the unit is %s, one for each %.6g of weight, in %zu ties (--unit says otherwise)", method,
            (int) length, name, text[unit], unit == FN_UNIT_MEAN ? mean : 1.0, sum.ties);
    return FN_OK;
}
