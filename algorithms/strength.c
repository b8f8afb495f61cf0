/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "graph/memory.h"
#include "graph/partners.h"

/* Degrees, strengths, money and concentration of firms.
 *   ties_in, ties_out          distinct firms that deliver to it, that it delivers to
 *   partners                   distinct firms tied to it in any layer of the view, direction ignored
 *   strength_in, strength_out  summed view weights; every layer in its own unit, so look at one layer at a time
 *   value_in, value_out        money paid to its suppliers, received from its customers, in the main currency: the one
 *                              with the most priced ties, named as the unit of the column
 *   supplier_hhi, customer_hhi sum of squared shares of its suppliers (customers), by weight in layer supply: 1 / n
 *                              for n equal ones … 1 for a single one (Herfindahl 1950, Hirschman 1945)
 *   top_supplier_share, top_customer_share
 *                              share of the largest of them
 * In and out mean layers with a direction; a tie of an undirected layer is neither and counts in partners alone. Where
 * a view has only undirected layers, in and out are missing. Self ties count nowhere, parallel ties are one partner and
 * their weights and values add up. A firm without ties on a side has 0 there, and no concentration (0/0); one whose
 * ties on a side state no money of the main currency has no value there. O(firms + ties). */

typedef struct columns {
    fn_column *ties_in, *ties_out, *partners, *strength_in, *strength_out, *value_in, *value_out, *supplier_hhi,
        *customer_hhi, *top_supplier_share, *top_customer_share;
} columns;

static bool has_direction(const fn_view *view)
{
    for (uint16_t l = 0; l < FN_LAYERS_MOST; l++)
        if ((view->layers >> l & 1) && fn_net_layer_directed(l)) return true;
    return view->layers == 0;
}

/* A tie between two firms that has a direction. */
static bool delivers(const fn_tie *tie)
{
    return tie->from != tie->to && fn_net_layer_directed(tie->layer);
}

static fn_status count_partners(fn_run *run, const fn_view *view, const columns *c)
{
    uint32_t *partners = fn_alloc_bare(run, view->firms, sizeof *partners);
    fn_status status = partners ? fn_view_partners(run, view, partners) : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < view->firms; u++) c->partners->integer[u] = partners[u];
    fn_free(partners);
    return status;
}

static fn_status count_sides(fn_run *run, const fn_view *view, const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t *from = fn_alloc(run, view->ties, sizeof *from), *to = fn_alloc(run, view->ties, sizeof *to);
    fn_csr *out = NULL;
    fn_status status = FN_ENOMEM;
    if (!from || !to) goto done;
    size_t n = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        if (!delivers(&t)) continue;
        from[n] = t.from;
        to[n] = t.to;
        n++;
    }
    if ((status = fn_csr_build(run, view->firms, n, from, to, NULL, NULL, FN_CSR_OUT, &out))) goto done;
    for (uint32_t u = 0; u < view->firms; u++) {
        c->ties_in->integer[u] = 0;
        c->ties_out->integer[u] = fn_csr_degree(out, u);
    }
    for (size_t i = 0; i < out->arcs; i++) c->ties_in->integer[out->target[i]]++;
done:
    fn_free(from);
    fn_free(to);
    fn_csr_free(out);
    return status;
}

static void add_strengths(const fn_view *view, const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (uint32_t u = 0; u < view->firms; u++) c->strength_in->real[u] = c->strength_out->real[u] = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        if (!delivers(&t)) continue;
        c->strength_out->real[t.from] += view->weight[i];
        c->strength_in->real[t.to] += view->weight[i];
    }
}

/* The currency with the most priced ties, the first met of equals; FN_NONE where nothing is priced. */
static fn_status find_main_currency(fn_run *run, const fn_view *view, uint32_t *currency, size_t *others)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t currencies = fn_names_count(fn_net_currencies(view->net));
    size_t *priced = fn_alloc(run, currencies, sizeof *priced), all = 0;
    if (!priced) return FN_ENOMEM;
    *currency = FN_NONE;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, i));
        if (!delivers(&t) || isnan(t.value)) continue;
        priced[t.currency]++;
        all++;
    }
    for (uint32_t k = 0; k < currencies; k++)
        if (priced[k] && (*currency == FN_NONE || priced[k] > priced[*currency])) *currency = k;
    *others = *currency == FN_NONE ? 0 : all - priced[*currency];
    fn_free(priced);
    return FN_OK;
}

/* Money of one side. A firm without a sum has 0 if it has no ties there, else stays missing. */
static void write_money(const fn_view *view, bool in, uint32_t currency, fn_sum *sum, const fn_column *ties,
                        fn_column *value)
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    memset(sum, 0, view->firms * sizeof *sum);
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie t = fn_ties_at(rows, fn_view_tie(view, i));
        if (!delivers(&t) || isnan(t.value) || t.currency != currency) continue;
        fn_sum_add(&sum[in ? t.to : t.from], t.value);
    }
    for (uint32_t u = 0; u < view->firms; u++)
        if (sum[u].terms || ties->integer[u] == 0) value->real[u] = fn_sum_value(&sum[u]);
}

static fn_status add_money(fn_run *run, const fn_view *view, const columns *c)
{
    uint32_t currency;
    size_t others;
    fn_status status = find_main_currency(run, view, &currency, &others);
    if (status || currency == FN_NONE) return status;
    size_t length;
    const char *name = fn_names_text(fn_net_currencies(view->net), currency, &length);
    if (others)
        fn_note(run, "value_in and value_out are sums of %s; %zu ties with money of other currencies are not in them",
                length ? name : "ties without a currency", others);
    fn_column *const value[] = { c->value_in, c->value_out };
    for (int side = 0; side < 2; side++) {
        char *unit = fn_copy_text(run, name, length);
        if (!unit) return FN_ENOMEM;
        fn_free(value[side]->unit);
        value[side]->unit = unit;
    }
    fn_sum *sum = fn_alloc(run, view->firms, sizeof *sum);
    if (!sum) return FN_ENOMEM;
    write_money(view, true, currency, sum, c->ties_in, c->value_in);
    write_money(view, false, currency, sum, c->ties_out, c->value_out);
    fn_free(sum);
    return FN_OK;
}

/* Sum of squared shares of a row; scaled by a power of two, which changes no share, so that squares stay in range. */
static double concentration(const fn_csr *csr, uint32_t firm, double *top_share)
{
    double largest = 0, sum = 0, squares = 0;
    int exponent;
    for (size_t i = csr->offset[firm]; i < csr->offset[firm + 1]; i++)
        if (csr->weight[i] > largest) largest = csr->weight[i];
    *top_share = NAN;
    if (!(largest > 0)) return NAN;
    frexp(largest, &exponent);
    for (size_t i = csr->offset[firm]; i < csr->offset[firm + 1]; i++) {
        double w = ldexp(csr->weight[i], -exponent);
        sum += w;
        squares += w * w;
    }
    *top_share = ldexp(largest, -exponent) / sum;
    return squares / (sum * sum);
}

static fn_status add_concentration(fn_run *run, const fn_view *view, fn_csr_side side, fn_column *column,
                                   fn_column *top)
{
    fn_csr *csr = NULL;
    fn_status status = fn_view_csr(run, view, FN_LAYER_SUPPLY, side, false, &csr);
    for (uint32_t u = 0; !status && u < view->firms; u++) column->real[u] = concentration(csr, u, &top->real[u]);
    fn_csr_free(csr);
    return status;
}

static fn_status add_columns(fn_run *run, fn_table *result, columns *c)
{
    const fn_column_wanted wanted[] = {
        { "ties_in", FN_COLUMN_INT, &c->ties_in, NULL }, { "ties_out", FN_COLUMN_INT, &c->ties_out, NULL },
        { "partners", FN_COLUMN_INT, &c->partners, NULL }, { "strength_in", FN_COLUMN_REAL, &c->strength_in, NULL },
        { "strength_out", FN_COLUMN_REAL, &c->strength_out, NULL }, { "value_in", FN_COLUMN_REAL, &c->value_in, NULL },
        { "value_out", FN_COLUMN_REAL, &c->value_out, NULL },
        { "supplier_hhi", FN_COLUMN_REAL, &c->supplier_hhi, NULL },
        { "customer_hhi", FN_COLUMN_REAL, &c->customer_hhi, NULL },
        { "top_supplier_share", FN_COLUMN_REAL, &c->top_supplier_share, NULL },
        { "top_customer_share", FN_COLUMN_REAL, &c->top_customer_share, NULL }
    };
    return fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
}

static fn_status run_strength(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    columns c;
    fn_status status = add_columns(run, result, &c);
    if (!status) status = count_partners(run, view, &c);
    if (status || !has_direction(view)) return status;
    if ((status = count_sides(run, view, &c))) return status;
    add_strengths(view, &c);
    if ((status = add_money(run, view, &c))) return status;
    if ((status = add_concentration(run, view, FN_CSR_IN, c.supplier_hhi, c.top_supplier_share))) return status;
    return add_concentration(run, view, FN_CSR_OUT, c.customer_hhi, c.top_customer_share);
}

const fn_algorithm fn_algorithm_strength = {
    .name = "strength", .group = FN_GROUP_CENTRALITY,
    .text = "suppliers, customers and partners, their weight and money, and how concentrated they are",
    .gives = "ties_in,ties_out,partners,strength_in,strength_out,value_in,value_out,supplier_hhi,customer_hhi,"
             "top_supplier_share,top_customer_share",
    .source = "Freeman 1979; Barrat et al. 2004; Herfindahl 1950", .run = run_strength
};
