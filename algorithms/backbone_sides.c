/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/names.h"

enum { RANGES_MOST = 16, FEW_TIES = 1 << 14, AHEAD = 96 };

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

static void find_in_order(const fn_run *run, const rows *r, uint32_t firms, fn_sides *s)
{
    int ranges = fn_run_threads(run) < RANGES_MOST ? fn_run_threads(run) : RANGES_MOST;
    if (r->count < FEW_TIES) ranges = 1;
#pragma omp parallel for schedule(static, 1) num_threads(ranges)
    for (int k = 0; k < ranges; k++) {
        uint32_t first = (uint32_t) ((uint64_t) firms * (unsigned) k / (unsigned) ranges);
        uint32_t end = (uint32_t) ((uint64_t) firms * ((unsigned) k + 1) / (unsigned) ranges);
        for (uint32_t f = first; f < end; f++) s->out[f] = s->in[f] = (fn_side) { 0 };
        add_range(r, first, end - first, s);
    }
}

/* ---- many ties, all those of the net, in one directed layer: those of a firm that delivers stand together ---- */

/* Strength and partners of a firm, added at once. */
typedef double tally __attribute__((vector_size(2 * sizeof(double)), may_alias));
_Static_assert(sizeof(tally) == sizeof(fn_side), "tallies become sides where they stand");

static inline tally tally_of(const rows *r, size_t row)
{
    double w = r->weight[row] > 0 && r->from[row] != r->to[row] ? r->weight[row] : 0;
    bool alike = row > 0 && r->to[row] == r->to[row - 1];
    return (tally) { w, w > 0 && !(alike && is_repeated(r, row)) };
}

static inline fn_side side_of(tally both)
{
    return (fn_side) { both[0], (uint32_t) both[1] };
}

/* The first row of a firm's that is not before `row`. */
static size_t next_firm(const rows *r, size_t row)
{
    while (row > 0 && row < r->count && r->from[row] == r->from[row - 1]) row++;
    return row;
}

/* What firms deliver whose rows begin at first … end - 1, and firms without rows that stand before one of these. */
static void add_out(const rows *r, size_t first, size_t end, uint32_t firms, fn_side *out)
{
    size_t row = next_firm(r, first), next = next_firm(r, end);
    uint32_t begin = row < r->count ? r->from[row] : firms, last = next < r->count ? r->from[next] : firms;
    for (uint32_t f = first > 0 ? begin : 0; f < last; f++) {
        tally all = { 0 };
        for (; row < r->count && r->from[row] == f; row++) all += tally_of(r, row);
        out[f] = side_of(all);
    }
}

/* Who receives stands anywhere in memory, and is one of these firms by chance: nothing may have to wait for either. */
static void add_in(const rows *r, size_t row, size_t end, uint32_t first, uint32_t count, tally *in)
{
    enum { SPARE = 16 };
    tally spare[SPARE] = { { 0 } };
    for (uint32_t f = first; f < first + count; f++) in[f] = (tally) { 0 };
    for (; row < end; row++) {
        uint32_t later = r->to[row + AHEAD < end ? row + AHEAD : row], to = r->to[row];
        const tally *next = later - first < count ? &in[later] : spare;
        tally *side = to - first < count ? &in[to] : &spare[row % SPARE];
        __builtin_prefetch(next, 1);
        *side += tally_of(r, row);
    }
}

/* Sums of either half of the rows stand apart until the end: two threads then go through each row once, and the result
 * is the same at any number of them. More threads share the firms of a half. */
static void find_by_halves(const fn_run *run, const rows *r, uint32_t firms, tally *second, fn_sides *s)
{
    tally *in[2] = { (tally *) (void *) s->in, second };
    unsigned threads = (unsigned) fn_run_threads(run);
    unsigned ranges = threads < RANGES_MOST ? (threads + 1) / 2 : RANGES_MOST / 2;
#pragma omp parallel for schedule(static, 1) num_threads((int) threads)
    for (unsigned k = 0; k < 2 * ranges; k++) {
        uint32_t first = (uint32_t) ((uint64_t) firms * (k / 2) / ranges);
        uint32_t end = (uint32_t) ((uint64_t) firms * (k / 2 + 1) / ranges);
        add_in(r, k % 2 ? r->count / 2 : 0, k % 2 ? r->count : r->count / 2, first, end - first, in[k % 2]);
        add_out(r, r->count * k / (2 * ranges), r->count * (k + 1) / (2 * ranges), firms, s->out);
    }
#pragma omp parallel for schedule(static) num_threads((int) threads)
    for (uint32_t f = 0; f < firms; f++) {
        tally both = in[0][f] + in[1][f];
        s->in[f] = side_of(both);
    }
}

fn_status fn_sides_find(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, fn_sides *sides)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    const rows r = {
        .count = ties->layer || ties->usual.layer == layer ? view->ties : 0, .tie = view->tie, .from = ties->from,
        .to = ties->to, .layers = view->layers == (uint64_t) 1 << layer ? NULL : ties->layer, .layer = layer,
        .weight = weight
    };
    *sides = (fn_sides) { .directed = fn_net_layer_directed(layer) };
    bool halves = sides->directed && !r.tie && !r.layers && r.count >= FEW_TIES;
    tally *second = halves ? fn_alloc_scattered(run, view->firms, sizeof *second) : NULL;
    sides->out = fn_alloc_scattered(run, view->firms, sizeof *sides->out);
    sides->in = sides->directed ? fn_alloc_scattered(run, view->firms, sizeof *sides->in) : sides->out;
    bool all = sides->out && sides->in && (second || !halves);
    if (all && halves) find_by_halves(run, &r, view->firms, second, sides);
    else if (all) find_in_order(run, &r, view->firms, sides);
    fn_free(second);
    if (!all) return FN_ENOMEM;
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
    fn_note(run, "%s, layer %.*s: the unit is %s, one for each %.6g of weight, in %zu ties (--unit says otherwise)",
            method, (int) length, name, text[unit], unit == FN_UNIT_MEAN ? mean : 1.0, sum.ties);
    return FN_OK;
}
