/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/ownership.h"
#include "graph/memory.h"

/* ---- groups ---- */

static bool is_kind(const fn_net *net, uint32_t firm, const char *kind)
{
    return strcmp(fn_net_firm_text(net, firm, "kind", NULL), kind) == 0;
}

static bool is_company(const fn_net *net, uint32_t firm)
{
    return !is_kind(net, firm, "authority") && !is_kind(net, firm, "person") && !is_kind(net, firm, "bank") &&
           !is_kind(net, firm, "university");
}

static uint32_t root_of(uint32_t *parent, uint32_t firm)
{
    while (parent[firm] != firm) firm = parent[firm] = parent[parent[firm]];
    return firm;
}

/* What a share of 1 is written as: 1, 100, or 0 where none is stated. */
static fn_status scale_of(fn_run *run, const fn_net *net, double *whole)
{
    size_t ties = 0;
    *whole = 0;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie t = fn_net_tie_at(net, e);
        if (t.layer != FN_LAYER_OWNERSHIP) continue;
        ties++;
        if (isnan(t.value)) continue;
        double share = t.value / (double) t.count;
        if (share > 100.5) {
            fn_fail(run, FN_EINVAL, "ties of layer ownership have values above 100: they are no shares");
            fn_hint(run, "their value should be the share that the owner has, 0.6 or 60");
            return FN_EINVAL;
        }
        if (share > 1.005) *whole = 100;
        else if (!(*whole > 0)) *whole = 1;
    }
    if (ties) return FN_OK;
    fn_fail(run, FN_EINVAL, "there are no ties in layer ownership");
    fn_hint(run, "a list with the columns from (owner), to (owned), value (share) and layer (ownership) brings them");
    return FN_EINVAL;
}

/* parent joins groups; owned says who has an owner of its own. */
static void join(const fn_net *net, double share, double whole, uint32_t *parent, bool *owned)
{
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie t = fn_net_tie_at(net, e);
        if (t.layer != FN_LAYER_OWNERSHIP || t.from == t.to || is_kind(net, t.from, "authority")) continue;
        if (whole > 0 && !(t.value / (double) t.count / whole >= share - 1e-9)) continue;
        owned[t.to] = true;
        uint32_t a = root_of(parent, t.from), b = root_of(parent, t.to);
        if (a < b) parent[b] = a;
        else parent[a] = b;
    }
}

/* Better to stand for a group: an owner without owner, a company, the lower number. */
static bool stands_before(const fn_net *net, const bool *owned, uint32_t a, uint32_t b)
{
    bool a_is = is_company(net, a), b_is = is_company(net, b);
    if (a_is != b_is) return a_is;
    if (owned[a] != owned[b]) return !owned[a];
    return a < b;
}

fn_status fn_ownership_groups(fn_run *run, const fn_net *net, double share, fn_ownership *ownership)
{
    uint32_t firms = fn_net_firms(net);
    double whole;
    *ownership = (fn_ownership) { 0 };
    uint32_t *parent = fn_alloc(run, firms, sizeof *parent);
    uint32_t *best = fn_alloc(run, firms, sizeof *best);
    bool *owned = fn_alloc(run, firms, sizeof *owned);
    fn_status status = parent && best && owned ? scale_of(run, net, &whole) : FN_ENOMEM;
    if (status) goto done;
    for (uint32_t f = 0; f < firms; f++) parent[f] = f, best[f] = FN_NONE;
    join(net, share, whole, parent, owned);
    for (uint32_t f = 0; f < firms; f++) {
        uint32_t root = root_of(parent, f);
        if (best[root] == FN_NONE || stands_before(net, owned, f, best[root])) best[root] = f;
        ownership->joined += root != f;
    }
    bool *counted = owned; /* no more needed for that */
    for (uint32_t f = 0; f < firms; f++) counted[f] = false;
    for (uint32_t f = 0; f < firms; f++) {
        uint32_t root = root_of(parent, f);
        if (root != f && !counted[root]) ownership->groups++, counted[root] = true;
    }
    for (uint32_t f = 0; f < firms; f++) parent[f] = root_of(parent, f);
    for (uint32_t f = 0; f < firms; f++) parent[f] = best[parent[f]];
    ownership->head = parent;
    parent = NULL;
done:
    fn_free(parent);
    fn_free(best);
    fn_free(owned);
    return status;
}

/* ---- one net of it ---- */

typedef struct collapsing {
    fn_run *run;
    const fn_net *old;
    fn_net *made;
    uint32_t *number;        /* by old firm: number in the new net */
    uint32_t *list;          /* firms of a tender */
} collapsing;

static fn_status copy_firms(collapsing *c, const uint32_t *head)
{
    const fn_names *keys = fn_net_keys(c->old);
    const fn_table *columns = fn_net_firm_columns(c->old);
    size_t length;
    for (uint32_t f = 0; f < fn_net_firms(c->old); f++) {
        const char *key = fn_names_text(keys, head[f], &length);
        fn_status status = fn_net_firm(c->run, c->made, key, length, &c->number[f]);
        for (size_t k = 0; k < columns->columns && !status && head[f] == f; k++) {
            const fn_column *column = columns->column[k];
            char cell[FN_REAL_TEXT];
            if (f >= column->rows || fn_column_missing(column, f)) continue;
            const char *text = fn_column_cell(column, f, cell, &length);
            status = fn_net_set_firm_text(c->run, c->made, c->number[f], column->name, text, length);
        }
        if (status) return status;
    }
    return FN_OK;
}

static fn_status copy_ties(collapsing *c)
{
    size_t length;
    for (size_t e = 0; e < fn_net_ties(c->old); e++) {
        fn_tie t = fn_net_tie_at(c->old, e);
        const char *layer = fn_names_text(fn_net_layers(c->old), t.layer, &length);
        bool was_self = t.from == t.to;
        fn_status status = fn_net_layer(c->run, c->made, layer, length, &t.layer);
        const char *currency = fn_names_text(fn_net_currencies(c->old), t.currency, &length);
        if (!status) status = fn_net_currency(c->run, c->made, currency, length, &t.currency);
        const char *product = fn_names_text(fn_net_products(c->old), t.product, &length);
        if (!status && t.product != FN_NONE) status = fn_net_product(c->run, c->made, product, length, &t.product);
        t.from = c->number[t.from], t.to = c->number[t.to];
        if (!status && (was_self || t.from != t.to)) status = fn_net_add(c->run, c->made, &t, NULL);
        if (status) return status;
    }
    return FN_OK;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

/* New numbers of a tender's firms, ascending and distinct, without the buyer. */
static size_t renumber(const collapsing *c, const uint32_t *firm, size_t count, uint32_t buyer, uint32_t *list)
{
    size_t kept = 0, distinct = 0;
    for (size_t k = 0; k < count; k++)
        if (c->number[firm[k]] != buyer) list[kept++] = c->number[firm[k]];
    if (kept > 1) qsort(list, kept, sizeof *list, by_number);
    for (size_t k = 0; k < kept; k++)
        if (!distinct || list[distinct - 1] != list[k]) list[distinct++] = list[k];
    return distinct;
}

static fn_status copy_tenders(collapsing *c)
{
    const uint32_t *firms = fn_net_tender_firms(c->old);
    size_t length;
    for (size_t k = 0; k < fn_net_tenders(c->old); k++) {
        fn_tender t = fn_net_tender(c->old)[k];
        t.buyer = c->number[t.buyer];
        size_t bidders = renumber(c, firms + t.first_bidder, t.bidders, t.buyer, c->list);
        size_t winners = renumber(c, firms + t.first_winner, t.winners, t.buyer, c->list + bidders);
        if (!bidders || (t.winners && !winners)) continue; /* within the group */
        const char *currency = fn_names_text(fn_net_currencies(c->old), t.currency, &length);
        fn_status status = fn_net_currency(c->run, c->made, currency, length, &t.currency);
        const char *product = fn_names_text(fn_net_products(c->old), t.product, &length);
        if (!status && t.product != FN_NONE) status = fn_net_product(c->run, c->made, product, length, &t.product);
        if (!status) status = fn_net_add_tender(c->run, c->made, &t, c->list, bidders, c->list + bidders, winners);
        if (status) return status;
    }
    return FN_OK;
}

fn_status fn_ownership_collapse(fn_run *run, const fn_net *net, const uint32_t *head, fn_net **collapsed)
{
    collapsing c = { .run = run, .old = net };
    size_t most = 0;
    *collapsed = NULL;
    for (size_t k = 0; k < fn_net_tenders(net); k++) {
        const fn_tender *t = &fn_net_tender(net)[k];
        if (t->bidders + t->winners > most) most = t->bidders + t->winners;
    }
    c.number = fn_alloc(run, fn_net_firms(net), sizeof *c.number);
    c.list = fn_alloc(run, most, sizeof *c.list);
    fn_status status = c.number && c.list ? fn_net_new(run, &c.made) : FN_ENOMEM;
    if (!status) status = copy_firms(&c, head);
    if (!status) status = copy_ties(&c);
    if (!status) status = copy_tenders(&c);
    if (!status) status = fn_net_freeze(run, c.made);
    fn_free(c.number);
    fn_free(c.list);
    if (status) fn_net_free(c.made);
    else *collapsed = c.made;
    return status;
}
