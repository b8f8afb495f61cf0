/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/view.h"

enum { BLOCK_TIES = 1 << 16 };

/* What a layer's selected ties have to weigh with. */
typedef struct layer_money {
    bool own_weights, several;
    int32_t currency;       /* the only one with money, -1 none yet */
    size_t ties, unpriced;
    size_t unpaid;          /* values below 0, or -0 */
    double value_sum, count_sum;
} layer_money;

static bool in_period(const fn_tie *tie, const fn_view_options *options)
{
    if (options->since == FN_DAY_NONE && options->until == FN_DAY_NONE) return true;
    if (tie->first == FN_DAY_NONE) return false;
    if (options->until != FN_DAY_NONE && tie->first > options->until) return false;
    int32_t last = tie->last == FN_DAY_NONE ? tie->first : tie->last;
    return options->since == FN_DAY_NONE || last >= options->since;
}

/* Is kind one of "a,b"? */
static bool kind_listed(const char *list, const char *kind, size_t length)
{
    for (const char *at = list; length && at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, kind, length) == 0 && (at[length] == ',' || at[length] == '\0')) return true;
    return false;
}

static fn_status mark_unwanted(fn_run *run, const fn_net *net, const char *without, bool **unwanted)
{
    *unwanted = fn_alloc(run, fn_net_firms(net), sizeof **unwanted);
    if (!*unwanted) return FN_ENOMEM;
    for (uint32_t f = 0; without && f < fn_net_firms(net); f++) {
        size_t length;
        const char *kind = fn_net_firm_text(net, f, "kind", &length);
        (*unwanted)[f] = kind_listed(without, kind, length);
    }
    return FN_OK;
}

static void take_all(fn_run *run, fn_view *view, const fn_ties *ties)
{
    uint64_t layers = ties->rows && !ties->layer ? (uint64_t) 1 << ties->usual.layer : 0;
    size_t self_ties = 0;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(+ : self_ties) reduction(| : layers) num_threads(threads)
    for (size_t e = 0; e < ties->rows; e++) {
        self_ties += ties->from[e] == ties->to[e];
        if (ties->layer) layers |= (uint64_t) 1 << ties->layer[e];
    }
    view->ties = ties->rows;
    view->layers = layers;
    view->self_ties = self_ties;
}

static fn_status select_ties(fn_run *run, fn_view *view, const fn_view_options *options)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    bool all = !options->layers && options->since == FN_DAY_NONE && options->until == FN_DAY_NONE && !options->without;
    bool *unwanted = NULL;
    if (all) {
        take_all(run, view, ties);
        return FN_OK;
    }
    fn_status status = mark_unwanted(run, view->net, options->without, &unwanted);
    if (!status && !(view->own_tie = fn_alloc_bare(run, ties->rows, sizeof *view->own_tie))) status = FN_ENOMEM;
    for (size_t e = 0; !status && e < ties->rows; e++) {
        const fn_tie tie = fn_ties_at(ties, e);
        if (options->layers && !(options->layers >> tie.layer & 1)) continue;
        if (unwanted[tie.from] || unwanted[tie.to] || !in_period(&tie, options)) continue;
        view->own_tie[view->ties++] = (uint32_t) e;
        view->layers |= (uint64_t) 1 << tie.layer;
        view->self_ties += tie.from == tie.to;
    }
    view->tie = view->own_tie;
    fn_free(unwanted);
    return status;
}

static fn_status find_currency(fn_run *run, const fn_net *net, const char *name, int32_t *currency)
{
    *currency = -1;
    if (!name) return FN_OK;
    uint32_t number = fn_names_find(fn_net_currencies(net), name, strlen(name));
    if (number == FN_NONE) {
        fn_fail(run, FN_EINVAL, "no tie is in currency \"%s\"", name);
        fn_hint(run, "`firmnet info` lists the currencies");
        return FN_EINVAL;
    }
    *currency = (int32_t) number;
    return FN_OK;
}

static bool priced(const fn_tie *tie, int32_t chosen)
{
    return !isnan(tie->value) && (chosen < 0 || tie->currency == chosen);
}

/* Selected ties first … end - 1. */
static void look_at_block(const fn_view *view, int32_t chosen, size_t first, size_t end, layer_money *money)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (int l = 0; l < FN_LAYERS_MOST; l++) money[l] = (layer_money) { .currency = -1 };
    for (size_t i = first; i < end; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        layer_money *m = &money[t.layer];
        m->ties++;
        m->own_weights |= !isnan(t.weight);
        m->count_sum += (double) t.count;
        if (!priced(&t, chosen)) {
            m->unpriced++;
            continue;
        }
        if (m->currency >= 0 && m->currency != t.currency) m->several = true;
        m->currency = t.currency;
        if (t.value > 0) m->value_sum += t.value;
        else m->unpaid += signbit(t.value) != 0;
    }
}

static void join_layer(layer_money *m, const layer_money *more)
{
    m->own_weights |= more->own_weights;
    m->several |= more->several || (m->currency >= 0 && more->currency >= 0 && m->currency != more->currency);
    if (more->currency >= 0) m->currency = more->currency;
    m->ties += more->ties;
    m->unpriced += more->unpriced;
    m->unpaid += more->unpaid;
    m->value_sum += more->value_sum;
    m->count_sum += more->count_sum;
}

/* By blocks of fixed size, added up in order: the same sums at any number of threads. */
static fn_status look_at_layers(fn_run *run, const fn_view *view, int32_t chosen, layer_money money[FN_LAYERS_MOST])
{
    size_t blocks = (view->ties + BLOCK_TIES - 1) / BLOCK_TIES;
    int threads = fn_run_threads(run);
    (void) threads;
    layer_money *part = fn_alloc(run, blocks * FN_LAYERS_MOST, sizeof *part);
    if (!part) return FN_ENOMEM;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t b = 0; b < blocks; b++) {
        size_t end = (b + 1) * BLOCK_TIES < view->ties ? (b + 1) * BLOCK_TIES : view->ties;
        look_at_block(view, chosen, b * BLOCK_TIES, end, part + b * FN_LAYERS_MOST);
    }
    for (int l = 0; l < FN_LAYERS_MOST; l++) {
        money[l] = (layer_money) { .currency = -1 };
        for (size_t b = 0; b < blocks; b++) join_layer(&money[l], &part[b * FN_LAYERS_MOST + (size_t) l]);
    }
    fn_free(part);
    return FN_OK;
}

static void choose_weighting(fn_run *run, fn_view *view, fn_weighting wanted, const layer_money *money)
{
    for (int l = 0; l < FN_LAYERS_MOST; l++) {
        const layer_money *m = &money[l];
        view->used[l] = FN_WEIGHT_COUNT;
        if (!m->ties || m->own_weights || wanted == FN_WEIGHT_COUNT) continue;
        const char *name = fn_names_text(fn_net_layers(view->net), (uint32_t) l, NULL);
        if (m->several) {
            fn_warn(run, "layer %s has money of several currencies, which are never added: its ties are weighed by "
                    "count (--currency NAME weighs by one of them)", name);
            continue;
        }
        if (m->currency < 0 || !(m->value_sum > 0)) continue;
        view->used[l] = wanted;
        if (m->unpriced && wanted == FN_WEIGHT_VALUE)
            fn_warn(run, "%zu of %zu ties in layer %s have no value and so no weight (--weight count or both gives "
                    "them one)", m->unpriced, m->ties, name);
    }
}

static double weigh(const fn_tie *tie, fn_weighting used, int32_t chosen, const layer_money *m)
{
    if (m->own_weights) return tie->weight > 0 ? tie->weight : 0;
    double value = priced(tie, chosen) && tie->value > 0 ? tie->value : 0;
    if (used == FN_WEIGHT_COUNT) return (double) tie->count;
    if (used == FN_WEIGHT_VALUE) return value;
    return ((value / m->value_sum) / 2 + ((double) tie->count / m->count_sum) / 2) * (double) m->ties;
}

/* Are the values themselves the weights of all ties? Then they need not be copied. */
static bool values_are_weights(const fn_view *view, const layer_money *money)
{
    bool all = fn_net_tie_rows(view->net)->value && !view->tie;
    for (int l = 0; all && l < FN_LAYERS_MOST; l++) {
        const layer_money *m = &money[l];
        if (!m->ties) continue;
        all = view->used[l] == FN_WEIGHT_VALUE && !m->own_weights && !m->unpriced && !m->unpaid &&
              isfinite(m->value_sum);
    }
    return all;
}

static fn_status weigh_ties(fn_run *run, fn_view *view, int32_t chosen, const layer_money *money)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    bool shared = values_are_weights(view, money);
    if (!shared && !(view->own_weight = fn_alloc_bare(run, view->ties, sizeof *view->own_weight))) return FN_ENOMEM;
    for (size_t i = 0; !shared && i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        double w = weigh(&tie, view->used[tie.layer], chosen, &money[tie.layer]);
        view->own_weight[i] = isfinite(w) ? w : 0;
    }
    view->weight = shared ? ties->value : view->own_weight;
    size_t weightless = 0;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(+ : weightless) num_threads(threads)
    for (size_t i = 0; i < view->ties; i++) weightless += !(view->weight[i] > 0);
    view->weightless = weightless;
    return FN_OK;
}

fn_status fn_view_new(fn_run *run, const fn_net *net, const fn_view_options *options, fn_view **view)
{
    *view = NULL;
    fn_view *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    layer_money *money = fn_alloc(run, FN_LAYERS_MOST, sizeof *money);
    made->net = net;
    made->firms = fn_net_firms(net);
    fn_status status = money ? FN_OK : FN_ENOMEM;
    int32_t chosen = -1;
    if (!status && fn_net_ties(net) > UINT32_MAX) status = fn_fail(run, FN_EPARSE, "more than %u ties", UINT32_MAX);
    if (!status) status = find_currency(run, net, options->currency, &chosen);
    if (!status) status = select_ties(run, made, options);
    if (!status) status = look_at_layers(run, made, chosen, money);
    if (!status) {
        choose_weighting(run, made, options->weight, money);
        status = weigh_ties(run, made, chosen, money);
    }
    fn_free(money);
    if (status) fn_view_free(made);
    else *view = made;
    return status;
}

void fn_view_free(fn_view *view)
{
    if (!view) return;
    fn_free(view->own_tie);
    fn_free(view->own_weight);
    fn_free(view);
}

/* Does every tie of the net count, one way? Then the ties themselves are the arrays that adjacency is made of. */
static bool takes_all(const fn_view *view, int layer, bool keep_weightless, const double *weight)
{
    if (view->tie || (layer >= 0 && view->layers != (uint64_t) 1 << layer)) return false;
    for (uint16_t l = 0; l < FN_LAYERS_MOST; l++)
        if ((view->layers >> l & 1) && !fn_net_layer_directed(l)) return false;
    if (keep_weightless) return true;
    if (weight == view->weight) return view->weightless == 0;
    for (size_t i = 0; i < view->ties; i++)
        if (!(weight[i] > 0)) return false;
    return true;
}

fn_status fn_view_csr_weighted(fn_run *run, const fn_view *view, int layer, fn_csr_side side, bool keep_weightless,
                               const double *weight, fn_csr **csr)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    *csr = NULL;
    if (takes_all(view, layer, keep_weightless, weight)) {
        const uint32_t *from = ties->from, *to = ties->to;
        return weight == ties->value ? fn_csr_over(run, view->firms, view->ties, from, to, weight, side, csr)
                                     : fn_csr_build(run, view->firms, view->ties, from, to, weight, NULL, side, csr);
    }
    uint32_t *from = fn_alloc_bare(run, view->ties, sizeof *from), *to = fn_alloc_bare(run, view->ties, sizeof *to);
    double *kept = fn_alloc_bare(run, view->ties, sizeof *kept);
    bool *both_ways = fn_alloc_bare(run, view->ties, sizeof *both_ways), any = false;
    fn_status status = FN_ENOMEM;
    if (!from || !to || !kept || !both_ways) goto done;
    size_t n = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        if ((layer >= 0 && t.layer != layer) || !(keep_weightless || weight[i] > 0)) continue;
        from[n] = t.from;
        to[n] = t.to;
        kept[n] = weight[i];
        any |= both_ways[n] = !fn_net_layer_directed(t.layer);
        n++;
    }
    status = fn_csr_build(run, view->firms, n, from, to, kept, any ? both_ways : NULL, side, csr);
done:
    fn_free(from);
    fn_free(to);
    fn_free(kept);
    fn_free(both_ways);
    return status;
}

fn_status fn_view_csr(fn_run *run, const fn_view *view, int layer, fn_csr_side side, bool keep_weightless, fn_csr **csr)
{
    return fn_view_csr_weighted(run, view, layer, side, keep_weightless, view->weight, csr);
}
