/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/partners.h"

void fn_backbone_defaults(fn_backbone_options *options)
{
    *options = (fn_backbone_options) {
        .method = fn_algorithm_find(FN_GROUP_BACKBONE, "disparity"), .alpha = 0.05, .least_score = 0.5, .keep = NAN,
        .correction = FN_CORRECT_BH, .sides = FN_SIDES_MIN, .single = FN_SINGLE_KEEP
    };
}

const fn_param fn_backbone_params[] = {
    { .name = "method", .type = FN_PARAM_TEXT, .argument = "NAME", .fallback = "disparity",
      .text = "what tells which ties are more than chance (`firmnet list` names them)" },
    { .name = "alpha", .type = FN_PARAM_REAL, .argument = "P", .fallback = "0.05", .low = 0, .high = 1,
      .text = "keep ties whose p, after the correction, is at most P" },
    { .name = "least-score", .type = FN_PARAM_REAL, .argument = "S", .fallback = "0.5", .low = 0, .high = 1,
      .text = "of methods without a test (salience, weight): keep ties whose score is at least S" },
    { .name = "keep", .type = FN_PARAM_REAL, .argument = "SHARE", .low = 0, .high = 1,
      .text = "keep this share of the ties, the most significant ones, instead" },
    { .name = "correction", .type = FN_PARAM_CHOICE, .argument = "WHICH", .fallback = "bh",
      .choices = "none|bonferroni|bh",
      .text = "for many tests: share of false ones among the kept (bh), chance of a single false one, or none" },
    { .name = "sides", .type = FN_PARAM_CHOICE, .argument = "WHICH", .fallback = "min", .choices = "min|max|both",
      .text = "of two p: the smaller, the larger, or both as tests of their own" },
    { .name = "single", .type = FN_PARAM_CHOICE, .argument = "WHICH", .fallback = "keep", .choices = "keep|source|drop",
      .text = "the only tie of a side, which disparity can't judge: kept, kept if the only source, or as others" },
    { .name = "all-pairs", .type = FN_PARAM_FLAG,
      .text = "the correction counts all pairs of firms, not only tied ones" },
    { .name = NULL }
};

static int choice_of(const fn_values *values, const char *name, const char *const *words)
{
    int k = 0;
    while (strcmp(words[k], fn_values_text(values, name)) != 0) k++;
    return k;
}

fn_status fn_backbone_options_from(fn_run *run, const fn_values *values, fn_backbone_options *options)
{
    static const char *const corrections[] = { "none", "bonferroni", "bh" }, *const sides[] = { "min", "max", "both" },
                      *const singles[] = { "keep", "source", "drop" };
    const char *name = fn_values_text(values, "method"), *names[64];
    size_t count = 0;
    fn_backbone_defaults(options);
    options->alpha = fn_values_real(values, "alpha");
    options->least_score = fn_values_real(values, "least-score");
    options->keep = fn_values_given(values, "keep") ? fn_values_real(values, "keep") : NAN;
    options->correction = (fn_correction) choice_of(values, "correction", corrections);
    options->sides = (fn_backbone_sides) choice_of(values, "sides", sides);
    options->single = (fn_single) choice_of(values, "single", singles);
    options->all_pairs = fn_values_flag(values, "all-pairs");
    if ((options->method = fn_algorithm_find(FN_GROUP_BACKBONE, name))) return FN_OK;
    char quoted[FN_QUOTE_TEXT];
    for (const fn_algorithm *const *m = fn_algorithms; *m && count < 64; m++)
        if ((*m)->group == FN_GROUP_BACKBONE) names[count++] = (*m)->name;
    const char *near = fn_nearest(name, names, count);
    fn_fail(run, FN_EINVAL, "there is no method %s", fn_quote(name, strlen(name), quoted));
    fn_hint(run, "--method %s", near ? near : "disparity");
    return FN_EINVAL;
}

void fn_backbone_free(fn_backbone *b)
{
    fn_table_free(b->judged);
    fn_free(b->log10_p);
    fn_free(b->log10_q);
    fn_free(b->kept);
    *b = (fn_backbone) { 0 };
}

/* ---- from what the method gave to one p a tie ---- */

/* Pairs of firms that could be tied, in all layers of the view that have firms with ties. */
static double possible_pairs(const fn_view *view)
{
    double pairs = 0, n = view->firms;
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (view->layers >> layer & 1) pairs += fn_net_layer_directed(layer) ? n * (n - 1) : n * (n - 1) / 2;
    return pairs;
}

static double smaller(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : fmin(a, b);
}

/* A side that has no other tie tells nothing: the other one decides, where it can. */
static double join_sides(double from, double to, const char *single, fn_backbone_sides sides)
{
    bool from_tells = strcmp(single, "from") != 0 && strcmp(single, "both") != 0;
    bool to_tells = strcmp(single, "to") != 0 && strcmp(single, "both") != 0;
    if (sides != FN_SIDES_MAX) return smaller(from, to);
    if (from_tells && to_tells) return fmax(from, to);
    return from_tells ? from : to;
}

static fn_status count_tests(const fn_view *view, const fn_backbone_options *options, size_t count, fn_backbone *b)
{
    bool both = options->sides == FN_SIDES_BOTH && !fn_table_find(b->judged, "log10_p");
    b->tests = (options->all_pairs ? possible_pairs(view) : (double) b->judged_ties) * (both ? 2 : 1);
    if (b->tests < (double) count) b->tests = (double) count;
    return FN_OK;
}

static fn_status correct_sides(fn_run *run, const fn_view *view, const fn_backbone_options *options, const double *from,
                               const double *to, fn_backbone *b)
{
    size_t n = view->ties;
    double *p = fn_alloc_bare(run, 2 * n, sizeof *p);
    fn_status status = p ? count_tests(view, options, 2 * b->judged_ties, b) : FN_ENOMEM;
    if (!status && n) {
        memcpy(p, from, n * sizeof *p);
        memcpy(p + n, to, n * sizeof *p);
    }
    if (!status) status = fn_correct(run, options->correction, 2 * n, p, b->tests, p);
    for (size_t row = 0; row < n && !status; row++) b->log10_q[row] = smaller(p[row], p[n + row]);
    fn_free(p);
    return status;
}

static fn_status find_p(fn_run *run, const fn_view *view, const fn_backbone_options *options, fn_backbone *b)
{
    const fn_column *one = fn_table_find(b->judged, "log10_p"), *single = fn_table_find(b->judged, "single");
    const fn_column *from = fn_table_find(b->judged, "log10_p_from"), *to = fn_table_find(b->judged, "log10_p_to");
    if (!one && !from) return FN_OK;
    b->log10_p = fn_alloc_bare(run, view->ties, sizeof *b->log10_p);
    b->log10_q = fn_alloc_bare(run, view->ties, sizeof *b->log10_q);
    if (!b->log10_p || !b->log10_q) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++) {
        const char *side = single ? fn_column_text(single, row, NULL) : "";
        b->log10_p[row] = one ? one->real[row] : join_sides(from->real[row], to->real[row], side, options->sides);
        b->judged_ties += !isnan(b->log10_p[row]);
    }
    if (!one && options->sides == FN_SIDES_BOTH) return correct_sides(run, view, options, from->real, to->real, b);
    fn_status status = count_tests(view, options, b->judged_ties, b);
    return status ? status : fn_correct(run, options->correction, view->ties, b->log10_p, b->tests, b->log10_q);
}

/* ---- what is kept ---- */

static bool is_single(const fn_backbone *b, const fn_backbone_options *options, size_t row)
{
    const fn_column *single = fn_table_find(b->judged, "single");
    if (!single || fn_column_missing(single, row) || options->single == FN_SINGLE_DROP) return false;
    return options->single == FN_SINGLE_KEEP || strcmp(fn_column_text(single, row, NULL), "from") != 0;
}

static void keep_significant(const fn_view *view, const fn_backbone_options *options, const double *score,
                             fn_backbone *b)
{
    double limit = log10(options->alpha);
    for (size_t row = 0; row < view->ties; row++) {
        bool significant = b->log10_q ? b->log10_q[row] <= limit : score[row] >= options->least_score;
        b->kept[row] = significant ? FN_KEPT_SIGNIFICANT : is_single(b, options, row) ? FN_KEPT_SINGLE : FN_NOT_KEPT;
        b->significant += b->kept[row] == FN_KEPT_SIGNIFICANT;
        b->single += b->kept[row] == FN_KEPT_SINGLE;
    }
    b->kept_ties = b->significant + b->single;
}

/* The best `keep` of the judged ties; of equal ones the heavier, then the first. */
static fn_status keep_share(fn_run *run, const fn_view *view, const fn_backbone_options *options, const double *score,
                            fn_backbone *b)
{
    double *key = fn_alloc_bare(run, view->ties, sizeof *key);
    uint32_t *order = fn_alloc_bare(run, view->ties, sizeof *order);
    uint32_t *heavy = fn_alloc_bare(run, view->ties, sizeof *heavy);
    fn_status status = key && order && heavy ? FN_OK : FN_ENOMEM;
    for (size_t row = 0; row < view->ties && !status; row++) key[row] = -view->weight[row];
    if (!status) status = fn_order_reals(run, view->ties, key, heavy);
    for (size_t k = 0; k < view->ties && !status; k++) key[k] = b->log10_p ? b->log10_p[heavy[k]] : -score[heavy[k]];
    if (!status) status = fn_order_reals(run, view->ties, key, order);
    size_t wanted = (size_t) ceil(options->keep * (double) b->judged_ties - 1e-9);
    for (size_t k = 0; k < wanted && !status; k++) {
        b->kept[heavy[order[k]]] = FN_KEPT_SHARE;
        b->threshold = b->log10_p ? key[order[k]] : -key[order[k]];
    }
    b->kept_ties = wanted;
    fn_free(key);
    fn_free(order);
    fn_free(heavy);
    return status;
}

fn_status fn_backbone_find(fn_run *run, const fn_view *view, const fn_values *values,
                           const fn_backbone_options *options, fn_backbone *b)
{
    *b = (fn_backbone) { .threshold = NAN };
    fn_status status = fn_table_new(run, view->ties, &b->judged);
    if (!status) status = options->method->run(run, view, values, b->judged);
    if (!status) status = find_p(run, view, options, b);
    if (!status && !(b->kept = fn_alloc(run, view->ties, sizeof *b->kept))) status = FN_ENOMEM;
    const fn_column *column = status || b->log10_p ? NULL : fn_table_find(b->judged, "score");
    const double *score = column ? column->real : NULL;
    for (size_t row = 0; score && row < view->ties; row++) b->judged_ties += !isnan(score[row]);
    if (!status && isnan(options->keep)) keep_significant(view, options, score, b);
    else if (!status) status = keep_share(run, view, options, score, b);
    if (status) fn_backbone_free(b);
    return status;
}

/* ---- what is left ---- */

/* The kept ties as a view; it shares the net. */
static fn_status kept_view(fn_run *run, const fn_view *view, const uint8_t *kept, fn_view *part)
{
    *part = *view;
    part->ties = 0;
    part->own_weight = NULL;
    if (!(part->own_tie = fn_alloc_bare(run, view->ties, sizeof *part->own_tie))) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++)
        if (kept[row]) part->own_tie[part->ties++] = (uint32_t) fn_view_tie(view, row);
    part->tie = part->own_tie;
    return FN_OK;
}

static double mean_weight_share(const fn_view *view, const uint8_t *kept)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double all[FN_LAYERS_MOST] = { 0 }, left[FN_LAYERS_MOST] = { 0 }, sum = 0;
    int layers = 0;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        double w = ldexp(view->weight[row], -64);
        if (t.from == t.to) continue;
        all[t.layer] += w;
        if (kept[row]) left[t.layer] += w;
    }
    for (int l = 0; l < FN_LAYERS_MOST; l++)
        if (all[l] > 0) sum += left[l] / all[l], layers++;
    return layers ? sum / layers : NAN;
}

fn_status fn_backbone_describe(fn_run *run, const fn_view *view, const uint8_t *kept, fn_backbone_facts *facts)
{
    fn_view part = { 0 };
    uint32_t *before = fn_alloc(run, view->firms, sizeof *before), *after = fn_alloc(run, view->firms, sizeof *after);
    uint32_t firms = 0, left = 0, parts, largest = 0;
    fn_status status = before && after ? kept_view(run, view, kept, &part) : FN_ENOMEM;
    if (!status) status = fn_view_partners(run, view, before);
    if (!status) status = fn_view_partners(run, &part, after);
    if (!status) status = fn_view_parts(run, &part, &parts, &largest);
    for (uint32_t f = 0; f < view->firms && !status; f++) firms += before[f] > 0, left += after[f] > 0;
    if (!status)
        *facts = (fn_backbone_facts) {
            .ties = view->ties ? (double) part.ties / (double) view->ties : NAN,
            .firms = firms ? (double) left / firms : NAN,
            .weight = mean_weight_share(view, kept), .largest = firms ? (left ? largest : 0) / (double) firms : NAN
        };
    fn_free(part.own_tie);
    fn_free(before);
    fn_free(after);
    return status;
}
