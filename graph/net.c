/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <string.h>
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "graph/net_inside.h"

static const char *const standard_layers[FN_LAYERS_STANDARD] = {
    "supply", "subcontract", "consortium", "cobid", "knowledge", "finance", "ownership", "governance"
};

bool fn_net_layer_directed(uint16_t layer)
{
    return layer != FN_LAYER_CONSORTIUM && layer != FN_LAYER_COBID;
}

fn_status fn_net_new(fn_run *run, fn_net **net)
{
    *net = NULL;
    fn_net *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    fn_status status = fn_names_new(run, &made->keys);
    if (!status) status = fn_names_new(run, &made->layers);
    if (!status) status = fn_names_new(run, &made->currencies);
    if (!status) status = fn_names_new(run, &made->products);
    if (!status) status = fn_table_new(run, 0, &made->firm_columns);
    if (!status) status = fn_table_new(run, 0, &made->tie_columns);
    if (!status) status = fn_account_new(run, &made->account);
    uint32_t number;
    for (int i = 0; !status && i < FN_LAYERS_STANDARD; i++)
        status = fn_names_add(run, made->layers, standard_layers[i], strlen(standard_layers[i]), &number, NULL);
    if (!status) status = fn_names_add(run, made->currencies, "", 0, &number, NULL);
    if (status) fn_net_free(made);
    else *net = made;
    return status;
}

void fn_net_free(fn_net *net)
{
    if (!net) return;
    if (net->graph_made) igraph_destroy(&net->graph);
    fn_names_free(net->keys);
    fn_names_free(net->layers);
    fn_names_free(net->currencies);
    fn_names_free(net->products);
    fn_table_free(net->firm_columns);
    fn_table_free(net->tie_columns);
    fn_ties_free(&net->ties);
    fn_free(net->tender);
    fn_free(net->tender_firm);
    fn_account_free(net->account);
    if (net->mapping) net->unmap(net->mapping, net->mapped);
    fn_free(net);
}

void fn_net_rest(const fn_net *net)
{
    if (net->mapping) fn_memory_rest(net->mapping, (char *) net->mapping + net->mapped);
}

/* ---- building ---- */

fn_status fn_net_firm(fn_run *run, fn_net *net, const char *key, size_t length, uint32_t *firm)
{
    assert(!net->frozen);
    return fn_names_add(run, net->keys, key, length, firm, NULL);
}

fn_status fn_net_firm_sought(fn_run *run, fn_net *net, const fn_name_query *query, uint32_t *firm)
{
    assert(!net->frozen);
    return fn_names_add_sought(run, net->keys, query, firm);
}

void fn_net_share_names(fn_net *net, bool shared)
{
    assert(!net->frozen);
    fn_names_share(net->keys, shared);
    fn_names_share(net->layers, shared);
    fn_names_share(net->currencies, shared);
    fn_names_share(net->products, shared);
}

fn_status fn_net_layer(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *layer)
{
    uint32_t number = fn_names_find(net->layers, name, length);
    if (number == FN_NONE) {
        if (fn_names_count(net->layers) == FN_LAYERS_MOST) {
            char quoted[FN_QUOTE_TEXT];
            return fn_fail(run, FN_EPARSE, "more than %d layers (at %s)", FN_LAYERS_MOST,
                           fn_quote(name, length, quoted));
        }
        fn_status status = fn_names_add(run, net->layers, name, length, &number, NULL);
        if (status) return status;
    }
    *layer = (uint16_t) number;
    return FN_OK;
}

fn_status fn_net_currency(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *currency)
{
    uint32_t number;
    fn_status status = fn_names_add(run, net->currencies, name, length, &number, NULL);
    if (!status && number > UINT16_MAX) status = fn_fail(run, FN_EPARSE, "more than %d currencies", UINT16_MAX);
    *currency = (uint16_t) number;
    return status;
}

fn_status fn_net_product(fn_run *run, fn_net *net, const char *code, size_t length, uint32_t *product)
{
    return fn_names_add(run, net->products, code, length, product, NULL);
}

static fn_status stretch_tie_columns(fn_run *run, fn_net *net, size_t more)
{
    if (net->tie_columns->columns) return fn_table_resize(run, net->tie_columns, net->ties.rows + more);
    net->tie_columns->rows = net->ties.rows + more;
    return FN_OK;
}

fn_status fn_net_add(fn_run *run, fn_net *net, const fn_tie *record, size_t *row)
{
    assert(!net->frozen);
    fn_tie added = *record;
    if (!fn_net_layer_directed(added.layer) && added.from > added.to) {
        added.from = record->to;
        added.to = record->from;
    }
    if (row) *row = net->ties.rows;
    fn_status status = stretch_tie_columns(run, net, 1);
    if (!status) status = fn_ties_add(run, &net->ties, &added);
    if (!status) net->records++;
    return status;
}

fn_status fn_net_add_block(fn_run *run, fn_net *net, const fn_ties_block *block)
{
    assert(!net->frozen);
    fn_status status = stretch_tie_columns(run, net, block->rows);
    if (!status) status = fn_ties_add_block(run, &net->ties, block);
    if (!status) net->records += (int64_t) block->rows;
    return status;
}

static fn_status add_firms(fn_run *run, fn_net *net, const uint32_t *firm, size_t count, size_t *first)
{
    uint32_t *all = fn_grow(run, net->tender_firm, &net->tender_firm_capacity, net->tender_firms + count, sizeof *all);
    if (!all) return FN_ENOMEM;
    net->tender_firm = all;
    *first = net->tender_firms;
    if (count) memcpy(all + net->tender_firms, firm, count * sizeof *all);
    net->tender_firms += count;
    return FN_OK;
}

fn_status fn_net_add_tender(fn_run *run, fn_net *net, const fn_tender *tender, const uint32_t *bidders,
                            size_t n_bidders, const uint32_t *winners, size_t n_winners)
{
    assert(!net->frozen);
    fn_tender *all = fn_grow(run, net->tender, &net->tender_capacity, net->tenders + 1, sizeof *all);
    if (!all) return FN_ENOMEM;
    net->tender = all;
    fn_tender *added = &all[net->tenders];
    *added = *tender;
    added->bidders = n_bidders;
    added->winners = n_winners;
    fn_status status = add_firms(run, net, bidders, n_bidders, &added->first_bidder);
    if (!status) status = add_firms(run, net, winners, n_winners, &added->first_winner);
    if (!status) net->tenders++;
    return status;
}

fn_status fn_net_stretch(fn_run *run, fn_net *net)
{
    uint32_t firms = fn_names_count(net->keys);
    return net->firm_columns->rows == firms ? FN_OK : fn_table_resize(run, net->firm_columns, firms);
}

fn_status fn_net_set_firm_text(fn_run *run, fn_net *net, uint32_t firm, const char *name, const char *text,
                               size_t length)
{
    fn_status status = fn_net_stretch(run, net);
    fn_column *column = fn_table_find(net->firm_columns, name);
    if (!status && !column) status = fn_table_add(run, net->firm_columns, name, FN_COLUMN_TEXT, &column);
    if (status || !fn_column_missing(column, firm)) return status;
    return fn_column_set_text(run, column, firm, text, length);
}

fn_table *fn_net_firm_table(fn_net *net)
{
    return net->firm_columns;
}

fn_table *fn_net_tie_table(fn_net *net)
{
    return net->tie_columns;
}

/* ---- reading ---- */

uint32_t fn_net_firms(const fn_net *net)
{
    return fn_names_count(net->keys);
}

size_t fn_net_ties(const fn_net *net)
{
    return net->ties.rows;
}

const fn_ties *fn_net_tie_rows(const fn_net *net)
{
    return &net->ties;
}

int64_t fn_net_records(const fn_net *net)
{
    return net->records;
}

const fn_names *fn_net_keys(const fn_net *net)
{
    return net->keys;
}

const fn_names *fn_net_layers(const fn_net *net)
{
    return net->layers;
}

const fn_names *fn_net_currencies(const fn_net *net)
{
    return net->currencies;
}

const fn_names *fn_net_products(const fn_net *net)
{
    return net->products;
}

const fn_table *fn_net_firm_columns(const fn_net *net)
{
    return net->firm_columns;
}

const fn_table *fn_net_tie_columns(const fn_net *net)
{
    return net->tie_columns;
}

size_t fn_net_tenders(const fn_net *net)
{
    return net->tenders;
}

const fn_tender *fn_net_tender(const fn_net *net)
{
    return net->tender;
}

const uint32_t *fn_net_tender_firms(const fn_net *net)
{
    return net->tender_firm;
}

fn_account *fn_net_account(const fn_net *net)
{
    return net->account;
}

const char *fn_net_firm_text(const fn_net *net, uint32_t firm, const char *column, size_t *length)
{
    const fn_column *c = fn_table_find(net->firm_columns, column);
    size_t ignored;
    if (!length) length = &ignored;
    *length = 0;
    if (!c || c->type != FN_COLUMN_TEXT || firm >= c->rows || fn_column_missing(c, firm)) return "";
    return fn_column_text(c, firm, length);
}

const char *fn_net_firm_name(const fn_net *net, uint32_t firm, size_t *length)
{
    size_t there;
    const char *name = fn_net_firm_text(net, firm, "name", &there);
    if (!there) name = fn_names_text(net->keys, firm, &there);
    if (length) *length = there;
    return name;
}

fn_status fn_net_igraph(fn_run *run, const fn_net *net, const igraph_t **graph)
{
    fn_net *inside = (fn_net *) net; /* a cache: the network itself does not change */
    *graph = NULL;
    if (!inside->graph_made) {
        const fn_ties *ties = &net->ties;
        fn_status status = fn_igraph_fill_pairs(run, fn_net_firms(net), ties->rows, ties->from, ties->to, true,
                                                &inside->graph);
        if (status) return status;
        inside->graph_made = true;
    }
    *graph = &inside->graph;
    return FN_OK;
}
