/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/backbone_inside.h"
#include "algorithms/tie_pairs.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"

/* One layer: its adjacency and its pairs. */
typedef struct layer {
    uint16_t number;
    bool directed;
    fn_csr *out;
    fn_tied *pairs;
    uint32_t *common;              /* partners in common, per pair */
    double *squares;               /* per arc of out */
    int exponent;                  /* weights are divided by 2^exponent, so that sums stay in range */
} layer;

typedef struct columns {
    fn_column *overlap, *squares, *p_from, *p_to, *reciprocity, *layers, *recency, *class;
} columns;

static void layer_free(layer *l)
{
    fn_csr_free(l->out);
    fn_tied_free(l->pairs);
    fn_free(l->common);
    fn_free(l->squares);
}

/* Weight of a tie in its layer's scale; what has a weight keeps one. */
static double scaled_weight(const fn_view *view, size_t row, const layer *l)
{
    double w = view->weight[row];
    return w > 0 ? fmax(ldexp(w, -l->exponent), 0x1p-1074) : 0;
}

/* The largest weight decides the scale; where no sum can leave the range of numbers, they stay as they are. */
static fn_status build_adjacency(fn_run *run, const fn_view *view, layer *l)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double largest = 0, *weight = NULL;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(max : largest)
    for (size_t row = 0; row < view->ties; row++)
        if (view->weight[row] > largest && fn_ties_at(ties, fn_view_tie(view, row)).layer == l->number)
            largest = view->weight[row];
    frexp(largest, &l->exponent);
    if (abs(l->exponent) < 500) {
        l->exponent = 0;
        return fn_view_csr(run, view, l->number, FN_CSR_OUT, true, &l->out);
    }
    if (!(weight = fn_alloc(run, view->ties, sizeof *weight))) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++)
        if (fn_ties_at(ties, fn_view_tie(view, row)).layer == l->number) weight[row] = scaled_weight(view, row, l);
    fn_status status = fn_view_csr_weighted(run, view, l->number, FN_CSR_OUT, true, weight, &l->out);
    fn_free(weight);
    return status;
}

/* Customers and suppliers with and without weight. */
static fn_status count_ends(fn_run *run, const layer *l, const uint32_t *cluster, fn_tie_end **ends)
{
    uint32_t firms = l->out->firms;
    fn_tie_end *end = *ends = fn_alloc_scattered(run, firms, sizeof *end);
    if (!end) return FN_ENOMEM;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t u = 0; u < firms; u++)
        end[u] = (fn_tie_end) { .partners = l->pairs->partners[u], .customers = (uint32_t) fn_csr_degree(l->out, u),
                                .cluster = cluster ? cluster[u] : FN_NONE };
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < l->out->arcs; i++)
        __atomic_fetch_add(&end[l->out->target[i]].suppliers, 1, __ATOMIC_RELAXED);
    return FN_OK;
}

static fn_status layer_make(fn_run *run, const fn_view *view, uint16_t number, const uint32_t *cluster,
                            layer *l, fn_tie_end **ends, size_t *sampled)
{
    *l = (layer) { .number = number, .directed = fn_net_layer_directed(number) };
    fn_status status = build_adjacency(run, view, l);
    if (status) return status;
    l->squares = fn_alloc_bare(run, l->out->arcs, sizeof *l->squares);
    if (!l->squares) return FN_ENOMEM;
    status = fn_square_share(run, l->out, &fn_square_defaults, l->squares, NULL, sampled);
    if (!status) status = fn_tied_new(run, view, number, &l->pairs);
    if (!status) status = count_ends(run, l, cluster, ends);
    if (status) return status;
    l->common = fn_alloc_scattered(run, l->pairs->pairs, sizeof *l->common);
    return l->common ? fn_triangles_count(run, l->pairs, l->common) : FN_ENOMEM;
}

static double reciprocity_of(const layer *l, const fn_tie *t, double there, uint32_t pair)
{
    if (!l->directed) return NAN;
    bool both = l->pairs->way[pair] == (FN_PAIR_UP | FN_PAIR_DOWN);
    double back = both ? l->out->weight[fn_csr_find(l->out, t->to, t->from)] : 0, more = fmax(there, back);
    return more > 0 ? fmin(there, back) / more : NAN;
}

/* p of both sides stands in the columns already. */
static void measure(const layer *l, const fn_tie_end *end, size_t row, const fn_tie *t, const columns *c, size_t *hint)
{
    size_t arc = fn_arc_near(l->out, t->from, t->to, hint);
    uint32_t pair = l->pairs->of_tie[row];
    c->overlap->real[row] = fn_overlap(end[t->from].partners, end[t->to].partners, l->common[pair]);
    c->squares->real[row] = l->squares[arc];
    c->reciprocity->real[row] = reciprocity_of(l, t, l->out->weight[arc], pair);
}

/* Days in their order as whole numbers, in two halves. */
enum { HALF_BITS = 16, HALVES = 1 << HALF_BITS };

static inline uint32_t number_of(int32_t day)
{
    return (uint32_t) day ^ (uint32_t) 1 << 31;
}

static bool is_dated(const fn_tie *t)
{
    return t->first != FN_DAY_NONE && t->last != FN_DAY_NONE;
}

/* Of the halves that are counted, which one holds this place in the order; *place becomes that within it. */
static uint32_t find_half(const size_t *count, size_t *place)
{
    uint32_t half = 0;
    while (*place >= count[half]) *place -= count[half++];
    return half;
}

/* The day at a place in the order of the first (or the last) days of the dated ties: the upper half of its number is
 * counted out, then the lower one. count: room for HALVES. */
static int32_t find_day(const fn_view *view, bool last, size_t place, size_t *count)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t upper = 0;
    for (int turn = 0; turn < 2; turn++) {
        memset(count, 0, HALVES * sizeof *count);
        for (size_t row = 0; row < view->ties; row++) {
            const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
            uint32_t number = number_of(last ? t.last : t.first);
            uint32_t half = turn ? number % HALVES : number >> HALF_BITS;
            if (is_dated(&t) && (!turn || number >> HALF_BITS == upper)) count[half]++;
        }
        if (!turn) upper = find_half(count, &place);
    }
    return (int32_t) ((upper << HALF_BITS | find_half(count, &place)) ^ (uint32_t) 1 << 31);
}

/* From the day before which at most one tie in 200 begins to the day after which at most one in 200 ends: a few
 * mistyped dates (1900, 2099) do not move it. */
static fn_status find_period(fn_run *run, const fn_view *view, fn_tie_period *period)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    size_t dated = 0, *count;
    int threads = fn_run_threads(run);
    (void) threads;
    *period = (fn_tie_period) { FN_DAY_NONE, FN_DAY_NONE };
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : dated)
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        dated += is_dated(&t);
    }
    if (!dated) return FN_OK;
    if (!(count = fn_alloc_bare(run, HALVES, sizeof *count))) return FN_ENOMEM;
    period->first = find_day(view, false, dated / 200, count);
    period->last = find_day(view, true, dated - 1 - dated / 200, count);
    fn_free(count);
    return FN_OK;
}

static fn_status judge_records(fn_run *run, fn_tie_judge *j)
{
    const fn_ties *ties = fn_net_tie_rows(j->view->net);
    if (!ties->count && ties->usual.count < 2) return FN_OK; /* single records, none can be judged */
    if (!fn_tie_rules_ask(j->rules, "p_records") && !fn_tie_rules_ask(j->rules, "q_records")) return FN_OK;
    j->log10_p = fn_alloc_bare(run, j->view->ties, sizeof *j->log10_p);
    j->log10_q = fn_alloc_bare(run, j->view->ties, sizeof *j->log10_q);
    return j->log10_p && j->log10_q ? fn_repeats_judge(run, j->view, j->log10_p, j->log10_q) : FN_ENOMEM;
}

enum { ROWS_AT_ONCE = 1 << 14, CLASSES_MOST = 8 };

/* Classes get their numbers in the order in which ties have them. */
typedef struct class_names {
    const char *name[CLASSES_MOST]; /* of the rules: one place a class */
    uint32_t number[CLASSES_MOST];
    int count;
} class_names;

static fn_status note_class(fn_run *run, class_names *names, const char *class, fn_column *column, size_t row)
{
    int k = 0;
    while (k < names->count && names->name[k] != class) k++;
    if (k < names->count) {
        column->text[row] = names->number[k];
        return FN_OK;
    }
    fn_status status = fn_column_set_text(run, column, row, class, strlen(class));
    if (status || k == CLASSES_MOST) return status;
    names->name[k] = class;
    names->number[k] = column->text[row];
    names->count++;
    return FN_OK;
}

/* What a later row will be judged by, which lies anywhere; of ties both ways also the arc back. */
static inline void fetch_ahead(const fn_tie_judge *j, const layer *l, size_t row)
{
    enum { AHEAD = 16, OFFSET_AHEAD = 8, ARCS_AHEAD = 4 };
    fn_tie_fetch_ahead(j, row, l->number);
    if (row + AHEAD >= j->view->ties) return;
    const uint32_t *of_tie = l->pairs->of_tie, *to = fn_net_tie_rows(j->view->net)->to;
    uint32_t pair = of_tie[row + AHEAD];
    if (pair != FN_NONE) {
        __builtin_prefetch(&l->common[pair]);
        __builtin_prefetch(&l->pairs->way[pair]);
    }
    pair = of_tie[row + OFFSET_AHEAD];
    if (pair != FN_NONE && l->pairs->way[pair] == (FN_PAIR_UP | FN_PAIR_DOWN))
        __builtin_prefetch(&l->out->offset[to[fn_view_tie(j->view, row + OFFSET_AHEAD)]]);
    pair = of_tie[row + ARCS_AHEAD];
    if (pair != FN_NONE && l->pairs->way[pair] == (FN_PAIR_UP | FN_PAIR_DOWN)) {
        uint32_t u = to[fn_view_tie(j->view, row + ARCS_AHEAD)];
        size_t middle = l->out->offset[u] + (l->out->offset[u + 1] - l->out->offset[u]) / 2;
        __builtin_prefetch(&l->out->target[middle]);
        __builtin_prefetch(&l->out->weight[middle]);
    }
}

/* NULL: of another layer, or without a class. */
static const char *judge_tie(const fn_tie_judge *j, const layer *l, const columns *c, size_t row, size_t *hint)
{
    const fn_tie t = fn_ties_at(fn_net_tie_rows(j->view->net), fn_view_tie(j->view, row));
    if (t.layer != l->number) return NULL;
    fetch_ahead(j, l, row);
    if (t.from != t.to) measure(l, j->end[l->number], row, &t, c, hint);
    if (t.last != FN_DAY_NONE && j->period.last != FN_DAY_NONE)
        c->recency->integer[row] = t.last < j->period.last ? (int64_t) j->period.last - t.last : 0;
    const fn_tie_facts facts = fn_tie_facts_at(j, row, &t);
    return fn_tie_classify(j->rules, &facts, &j->period);
}

/* Measure and class the ties of one layer: on all threads, but the classes are noted in the order of the ties. */
static fn_status judge_layer(fn_run *run, const fn_tie_judge *j, const layer *l, const columns *c, class_names *names)
{
    const char **class = fn_alloc_bare(run, ROWS_AT_ONCE, sizeof *class);
    fn_status status = class ? FN_OK : FN_ENOMEM;
    int threads = fn_run_threads(run);
    (void) threads;
    for (size_t first = 0, end; first < j->view->ties && !status; first = end) {
        if ((status = fn_progress(run, "tie strength", (double) first / (double) j->view->ties))) break;
        end = j->view->ties - first < ROWS_AT_ONCE ? j->view->ties : first + ROWS_AT_ONCE;
#pragma omp parallel num_threads(threads) if (end - first > 256)
        {
            size_t hint = 0;
#pragma omp for schedule(dynamic, 256)
            for (size_t row = first; row < end; row++) class[row - first] = judge_tie(j, l, c, row, &hint);
        }
        for (size_t row = first; row < end && !status; row++)
            if (class[row - first]) status = note_class(run, names, class[row - first], c->class, row);
    }
    fn_free(class);
    return status;
}

/* In how many layers each pair is tied, direction ignored. */
static fn_status count_layers(fn_run *run, const fn_view *view, fn_column *layers)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_csr *both = NULL;
    int threads = fn_run_threads(run);
    (void) threads;
    if ((view->layers & (view->layers - 1)) == 0) {
#pragma omp parallel for schedule(static) num_threads(threads)
        for (size_t row = 0; row < view->ties; row++) {
            const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
            if (t.from != t.to) layers->integer[row] = 1;
        }
        return FN_OK;
    }
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &both);
    uint64_t *mask = status ? NULL : fn_alloc(run, both->arcs, sizeof *mask);
    if (!status && !mask) status = FN_ENOMEM;
    for (int writing = 0; writing <= 1 && !status; writing++) {
#pragma omp parallel for schedule(static) num_threads(threads)
        for (size_t row = 0; row < view->ties; row++) {
            const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
            if (t.from == t.to) continue;
            uint32_t low = t.from < t.to ? t.from : t.to, high = t.from < t.to ? t.to : t.from;
            uint64_t *m = &mask[fn_csr_find(both, low, high)];
            if (writing) layers->integer[row] = __builtin_popcountll(*m);
            else __atomic_fetch_or(m, (uint64_t) 1 << t.layer, __ATOMIC_RELAXED);
        }
    }
    fn_free(mask);
    fn_csr_free(both);
    return status;
}

/* Without dates no tie has a recency. */
static fn_status add_columns(fn_run *run, fn_table *result, bool dated, columns *c)
{
    const fn_column_wanted wanted[] = {
        { "overlap", FN_COLUMN_REAL, &c->overlap, NULL }, { "squares", FN_COLUMN_REAL, &c->squares, NULL },
        { "p_from", FN_COLUMN_REAL, &c->p_from, NULL }, { "p_to", FN_COLUMN_REAL, &c->p_to, NULL },
        { "reciprocity", FN_COLUMN_REAL, &c->reciprocity, NULL }, { "layers", FN_COLUMN_INT, &c->layers, NULL }
    };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (!status && dated) status = fn_table_add(run, result, "recency", FN_COLUMN_INT, &c->recency);
    else if (!status) status = fn_table_add_constant(run, result, "recency", FN_COLUMN_INT, NULL, NULL, &c->recency);
    return status ? status : fn_table_add(run, result, "class", FN_COLUMN_TEXT, &c->class);
}

static void tell_period(fn_run *run, const fn_view *view, const fn_tie_period *period, const fn_tie_options *options)
{
    char first[FN_DATE_TEXT], last[FN_DATE_TEXT];
    fn_date_format(period->first, first);
    fn_date_format(period->last, last);
    if (period->last == FN_DAY_NONE) {
        if (view->ties) fn_note(run, "ties have no dates: none can be told to be new or latent");
    } else if ((int64_t) period->last - period->first <= options->new_days)
        fn_note(run, "the data runs from %s to %s, too short to tell new ties (%d days)", first, last,
                options->new_days);
    else fn_note(run, "the data runs from %s to %s: new and latent ties are told from its end", first, last);
}

/* The columns, and who judges: the column of reasons owns him. */
static fn_status begin(fn_run *run, const fn_view *view, const fn_tie_options *options, fn_table *result, columns *c,
                       fn_tie_judge **judge)
{
    fn_tie_period period;
    fn_status status = find_period(run, view, &period);
    if (!status) status = add_columns(run, result, period.last != FN_DAY_NONE, c);
    if (!status) status = fn_tie_judge_new(run, view, options, judge);
    if (status) return status;
    fn_tie_judge *j = *judge;
    j->period = period;
    j->overlap = c->overlap;
    j->squares = c->squares;
    j->p_from = c->p_from;
    j->p_to = c->p_to;
    j->reciprocity = c->reciprocity;
    j->layers = c->layers;
    return fn_tie_reasons_take(run, result, j);
}

fn_status fn_tie_strength(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_tie_options *options,
                          fn_table *result)
{
    columns c;
    fn_tie_judge *j = NULL;
    class_names names = { .count = 0 };
    size_t sampled = 0;
    fn_status status = begin(run, view, options, result, &c, &j);
    if (!status) status = count_layers(run, view, c.layers);
    if (!status) status = fn_disparity(run, view, c.p_from->real, c.p_to->real);
    if (!status) status = judge_records(run, j);
    if (!status) tell_period(run, view, &j->period, options);
    for (uint16_t number = 0; number < FN_LAYERS_MOST && !status; number++) {
        if (!(view->layers >> number & 1)) continue;
        layer l;
        size_t here = 0;
        status = layer_make(run, view, number, cluster, &l, &j->end[number], &here);
        if (!status) status = judge_layer(run, j, &l, &c, &names);
        layer_free(&l);
        sampled += here;
    }
    if (!status) fn_square_tell(run, sampled);
    return status;
}

fn_status fn_tie_options_from(fn_run *run, const fn_values *values, fn_tie_options *options)
{
    (void) run;
    *options = (fn_tie_options) {
        .significance = fn_values_real(values, "significance"),
        .bridge_overlap = fn_values_real(values, "bridge-overlap"),
        .new_days = (int) fn_values_int(values, "new-days"), .latent_days = (int) fn_values_int(values, "latent-days"),
        .exclusive_count = (int) fn_values_int(values, "exclusive-count")
    };
    return FN_OK;
}

static fn_status run_tie_strength(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_tie_options options;
    fn_status status = fn_tie_options_from(run, values, &options);
    return status ? status : fn_tie_strength(run, view, NULL, &options, result);
}

static const fn_param params[] = {
    { .name = "significance", .type = FN_PARAM_REAL, .argument = "P", .fallback = "0.05", .low = 0, .high = 1,
      .text = "a tie whose p_from or p_to is below P is strong (or q of its records, see --exclusive-count)" },
    { .name = "bridge-overlap", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.05", .low = 0, .high = 1,
      .text = "a tie between two clusters whose overlap and squares are at most SHARE is a bridge" },
    { .name = "new-days", .type = FN_PARAM_INT, .argument = "DAYS", .fallback = "365", .low = 0, .high = 1000000,
      .text = "a tie whose first record is at most DAYS before the end of the data is new" },
    { .name = "latent-days", .type = FN_PARAM_INT, .argument = "DAYS", .fallback = "730", .low = 0, .high = 1000000,
      .text = "a tie without a record for more than DAYS before the end of the data is latent" },
    { .name = "exclusive-count", .type = FN_PARAM_INT, .argument = "N", .fallback = "3", .low = 1, .high = 1000000,
      .text = "two rules ask for N records at least: the only tie of a firm on a side is then strong, and a tie with more "
              "records than chance gives" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_tie_strength = {
    .name = "strength", .group = FN_GROUP_TIES,
    .text = "how strong each tie is within its layer, its class and why",
    .gives = "overlap,squares,p_from,p_to,reciprocity,layers,recency,class,reason", .params = params,
    .source = "Granovetter 1973; Onnela et al. 2007; Serrano et al. 2009; Mattsson et al. 2021", .run = run_tie_strength
};
