/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/backbone_inside.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"

/* One layer: its adjacency, and what every firm has in it. */
typedef struct layer {
    uint16_t number;
    bool directed;
    fn_csr *out, *in, *both;
    uint32_t *common;              /* per arc of both, see fn_common_of */
    double *squares;               /* per arc of out, or of in where by_customer */
    bool by_customer;
    int exponent;                  /* weights are divided by 2^exponent, so that sums stay in range */
} layer;

typedef struct columns {
    fn_column *overlap, *squares, *p_from, *p_to, *reciprocity, *layers, *recency, *class, *reason;
} columns;

static void layer_free(layer *l)
{
    fn_csr_free(l->out);
    fn_csr_free(l->in);
    fn_csr_free(l->both);
    fn_free(l->common);
    fn_free(l->squares);
}

/* Weight of a tie in its layer's scale; what has a weight keeps one. */
static double scaled_weight(const fn_view *view, size_t row, const layer *l)
{
    double w = view->weight[row];
    return w > 0 ? fmax(ldexp(w, -l->exponent), 0x1p-1074) : 0;
}

static fn_status build_adjacency(fn_run *run, const fn_view *view, layer *l)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double *weight = fn_alloc(run, view->ties, sizeof *weight), largest = 0;
    if (!weight) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++)
        if (fn_ties_at(ties, fn_view_tie(view, row)).layer == l->number && view->weight[row] > largest)
            largest = view->weight[row];
    frexp(largest, &l->exponent);
    for (size_t row = 0; row < view->ties; row++)
        if (fn_ties_at(ties, fn_view_tie(view, row)).layer == l->number) weight[row] = scaled_weight(view, row, l);
    fn_status status = fn_view_csr_weighted(run, view, l->number, FN_CSR_OUT, true, weight, &l->out);
    if (!status) status = fn_view_csr_weighted(run, view, l->number, FN_CSR_IN, true, weight, &l->in);
    if (!status) status = fn_view_csr_weighted(run, view, l->number, FN_CSR_BOTH, true, weight, &l->both);
    fn_free(weight);
    return status;
}

static fn_status layer_make(fn_run *run, const fn_view *view, uint16_t number, layer *l, size_t *sampled)
{
    *l = (layer) { .number = number, .directed = fn_net_layer_directed(number) };
    fn_status status = build_adjacency(run, view, l);
    if (status) return status;
    l->by_customer = fn_square_steps(l->out) < fn_square_steps(l->in);
    const fn_csr *a = l->by_customer ? l->in : l->out, *b = l->by_customer ? l->out : l->in;
    l->common = fn_alloc(run, l->both->arcs, sizeof *l->common);
    l->squares = fn_alloc(run, a->arcs, sizeof *l->squares);
    if (!l->common || !l->squares) return FN_ENOMEM;
    status = fn_common_count(run, l->both, l->common);
    if (!status) status = fn_square_share(run, a, b, &fn_square_defaults, l->squares, sampled);
    return status;
}

static double overlap_of(const layer *l, const fn_tie *t)
{
    double common = fn_common_of(l->both, l->common, t->from, t->to);
    double others = (double) fn_csr_degree(l->both, t->from) - 1 + (double) fn_csr_degree(l->both, t->to) - 1 - common;
    return others > 0 ? common / others : NAN;
}

static double reciprocity_of(const layer *l, const fn_tie *t)
{
    if (!l->directed) return NAN;
    size_t one = fn_csr_find(l->out, t->from, t->to), other = fn_csr_find(l->out, t->to, t->from);
    double there = l->out->weight[one], back = other == FN_NO_ARC ? 0 : l->out->weight[other];
    double more = fmax(there, back);
    return more > 0 ? fmin(there, back) / more : NAN;
}

static void measure(const layer *l, size_t row, const fn_tie *t, const columns *c, fn_tie_facts *f)
{
    size_t arc = l->by_customer ? fn_csr_find(l->in, t->to, t->from) : fn_csr_find(l->out, t->from, t->to);
    f->overlap = c->overlap->real[row] = overlap_of(l, t);
    f->squares = c->squares->real[row] = l->squares[arc];
    f->p_from = c->p_from->real[row];
    f->p_to = c->p_to->real[row];
    f->reciprocity = c->reciprocity->real[row] = reciprocity_of(l, t);
    f->partners_from = fn_csr_degree(l->both, t->from);
    f->partners_to = fn_csr_degree(l->both, t->to);
    f->customers = fn_csr_degree(l->out, t->from);
    f->suppliers = fn_csr_degree(l->in, t->to);
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *) a, y = *(const int32_t *) b;
    return (x > y) - (x < y);
}

/* From the day before which at most one tie in 200 begins to the day after which at most one in 200 ends: a few
 * mistyped dates (1900, 2099) do not move it. */
static fn_status find_period(fn_run *run, const fn_view *view, fn_tie_period *period)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    *period = (fn_tie_period) { FN_DAY_NONE, FN_DAY_NONE };
    int32_t *first = fn_alloc(run, view->ties, sizeof *first), *last = fn_alloc(run, view->ties, sizeof *last);
    size_t dated = 0;
    for (size_t row = 0; first && last && row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.first == FN_DAY_NONE || t.last == FN_DAY_NONE) continue;
        first[dated] = t.first;
        last[dated] = t.last;
        dated++;
    }
    fn_status status = first && last ? FN_OK : FN_ENOMEM;
    if (dated) {
        qsort(first, dated, sizeof *first, by_day);
        qsort(last, dated, sizeof *last, by_day);
        *period = (fn_tie_period) { first[dated / 200], last[dated - 1 - dated / 200] };
    }
    fn_free(first);
    fn_free(last);
    return status;
}

/* What classes need beside the columns. */
typedef struct judge {
    const uint32_t *cluster;
    const fn_tie_options *options;
    fn_tie_rules *own_rules;
    const fn_tie_rules *rules;
    double *log10_p, *log10_q;     /* of records; NULL: no rule asks for them */
    fn_tie_period period;
} judge;

static void judge_free(judge *j)
{
    fn_tie_rules_free(j->own_rules);
    fn_free(j->log10_p);
    fn_free(j->log10_q);
}

static fn_status judge_make(fn_run *run, const fn_view *view, judge *j)
{
    j->rules = j->options->rules;
    size_t length = strlen(fn_tie_rules_text);
    fn_status status = j->rules ? FN_OK : fn_tie_rules_new(run, "", fn_tie_rules_text, length, &j->own_rules);
    if (!j->rules) j->rules = j->own_rules;
    const fn_ties *ties = fn_net_tie_rows(view->net);
    if (!status && !ties->count && ties->usual.count < 2) return FN_OK; /* single records, none can be judged */
    if (status || !(fn_tie_rules_ask(j->rules, "p_records") || fn_tie_rules_ask(j->rules, "q_records"))) return status;
    j->log10_p = fn_alloc_bare(run, view->ties, sizeof *j->log10_p);
    j->log10_q = fn_alloc_bare(run, view->ties, sizeof *j->log10_q);
    return j->log10_p && j->log10_q ? fn_repeats_judge(run, view, j->log10_p, j->log10_q) : FN_ENOMEM;
}

/* Measure and class the ties of one layer. */
static fn_status judge_layer(fn_run *run, const fn_view *view, const layer *l, const judge *j, const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    char reason[FN_REASON_TEXT];
    fn_status status = FN_OK;
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (row % 4096 == 0 && (status = fn_progress(run, "tie strength", (double) row / (double) view->ties))) break;
        if (t.layer != l->number) continue;
        fn_tie_facts f = {
            .self = t.from == t.to, .undirected = !l->directed, .count = t.count, .first = t.first, .last = t.last,
            .cluster_from = j->cluster ? j->cluster[t.from] : FN_NONE,
            .cluster_to = j->cluster ? j->cluster[t.to] : FN_NONE,
            .layers = (int) c->layers->integer[row], .log10_p_records = j->log10_p ? j->log10_p[row] : NAN,
            .log10_q_records = j->log10_q ? j->log10_q[row] : NAN
        };
        if (!f.self) measure(l, row, &t, c, &f);
        if (t.last != FN_DAY_NONE && j->period.last != FN_DAY_NONE)
            c->recency->integer[row] = t.last < j->period.last ? (int64_t) j->period.last - t.last : 0;
        const char *class = fn_tie_classify(j->rules, &f, &j->period, j->options, reason);
        if (class) status = fn_column_set_text(run, c->class, row, class, strlen(class));
        if (!status) status = fn_column_set_text(run, c->reason, row, reason, strlen(reason));
    }
    return status;
}

/* In how many layers each pair is tied, direction ignored. */
static fn_status count_layers(fn_run *run, const fn_view *view, fn_column *layers)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_csr *both = NULL;
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_BOTH, true, &both);
    uint64_t *mask = status ? NULL : fn_alloc(run, both->arcs, sizeof *mask);
    if (!status && !mask) status = FN_ENOMEM;
    for (int writing = 0; writing <= 1 && !status; writing++) {
        for (size_t row = 0; row < view->ties; row++) {
            const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
            if (t.from == t.to) continue;
            uint32_t low = t.from < t.to ? t.from : t.to, high = t.from < t.to ? t.to : t.from;
            uint64_t *m = &mask[fn_csr_find(both, low, high)];
            if (writing) layers->integer[row] = __builtin_popcountll(*m);
            else *m |= (uint64_t) 1 << t.layer;
        }
    }
    fn_free(mask);
    fn_csr_free(both);
    return status;
}

static fn_status add_columns(fn_run *run, fn_table *result, columns *c)
{
    const fn_column_wanted wanted[] = {
        { "overlap", FN_COLUMN_REAL, &c->overlap, NULL }, { "squares", FN_COLUMN_REAL, &c->squares, NULL },
        { "p_from", FN_COLUMN_REAL, &c->p_from, NULL }, { "p_to", FN_COLUMN_REAL, &c->p_to, NULL },
        { "reciprocity", FN_COLUMN_REAL, &c->reciprocity, NULL }, { "layers", FN_COLUMN_INT, &c->layers, NULL },
        { "recency", FN_COLUMN_INT, &c->recency, NULL }, { "class", FN_COLUMN_TEXT, &c->class, NULL },
        { "reason", FN_COLUMN_TEXT, &c->reason, NULL }
    };
    return fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
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

fn_status fn_tie_strength(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_tie_options *options,
                          fn_table *result)
{
    columns c;
    judge j = { .cluster = cluster, .options = options };
    size_t sampled = 0;
    fn_status status = add_columns(run, result, &c);
    if (!status) status = count_layers(run, view, c.layers);
    if (!status) status = fn_disparity(run, view, c.p_from->real, c.p_to->real);
    if (!status) status = find_period(run, view, &j.period);
    if (!status) status = judge_make(run, view, &j);
    if (!status) tell_period(run, view, &j.period, options);
    for (uint16_t number = 0; number < FN_LAYERS_MOST && !status; number++) {
        if (!(view->layers >> number & 1)) continue;
        layer l;
        size_t here = 0;
        status = layer_make(run, view, number, &l, &here);
        if (!status) status = judge_layer(run, view, &l, &j, &c);
        layer_free(&l);
        sampled += here;
    }
    judge_free(&j);
    if (sampled)
        fn_note(run, "squares of %zu ties with hubs in the way are estimated, each from %u pairs", sampled,
                fn_square_defaults.samples);
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
      .text = "a tie whose p_from or p_to is below P is strong" },
    { .name = "bridge-overlap", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.05", .low = 0, .high = 1,
      .text = "a tie between two clusters whose overlap and squares are at most SHARE is a bridge" },
    { .name = "new-days", .type = FN_PARAM_INT, .argument = "DAYS", .fallback = "365", .low = 0, .high = 1000000,
      .text = "a tie whose first record is at most DAYS before the end of the data is new" },
    { .name = "latent-days", .type = FN_PARAM_INT, .argument = "DAYS", .fallback = "730", .low = 0, .high = 1000000,
      .text = "a tie without a record for more than DAYS before the end of the data is latent" },
    { .name = "exclusive-count", .type = FN_PARAM_INT, .argument = "N", .fallback = "3", .low = 1, .high = 1000000,
      .text = "the only tie of a firm on a side is strong with at least N records" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_tie_strength = {
    .name = "strength", .group = FN_GROUP_TIES,
    .text = "how strong each tie is within its layer, its class and why",
    .gives = "overlap,squares,p_from,p_to,reciprocity,layers,recency,class,reason", .params = params,
    .source = "Granovetter 1973; Onnela et al. 2007; Serrano et al. 2009; Mattsson et al. 2021", .run = run_tie_strength
};
