/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_NET_H
#define FN_GRAPH_NET_H

#include "graph/account.h"
#include "graph/columns.h"
#include "graph/igraph_compat.h"
#include "graph/ties.h"

/* The network: firms, ties between them in layers, tenders, and the report of how it was read. A loader adds to it,
 * then freezes it; a frozen network does not change. Firms are numbered in order of first appearance. */

/* The standard layers; others get the next numbers. */
enum {
    FN_LAYER_SUPPLY, FN_LAYER_SUBCONTRACT, FN_LAYER_CONSORTIUM, FN_LAYER_COBID, FN_LAYER_KNOWLEDGE, FN_LAYER_FINANCE,
    FN_LAYER_OWNERSHIP, FN_LAYER_GOVERNANCE, FN_LAYERS_STANDARD
};
enum { FN_LAYERS_MOST = 64 };

/* One tender: who bought what from whom, and who wanted to sell. Bidders and winners are distinct firms in ascending
 * order; winners are bidders too. */
typedef struct fn_tender {
    uint32_t buyer;
    uint32_t product;     /* FN_NONE: not stated */
    uint16_t currency;
    bool bids_known;      /* false: the data names no bidders beside the winners */
    int32_t day;
    double value;         /* awarded, NaN: not stated */
    size_t first_bidder, bidders, first_winner, winners; /* ranges of fn_net_tender_firms */
} fn_tender;

typedef struct fn_net fn_net;

fn_status fn_net_new(fn_run *run, fn_net **net);
void fn_net_free(fn_net *net);
/* Give back the memory that a mapped network file takes while it is read; what is needed again is read again. For
 * before and amid long work on something else. */
void fn_net_rest(const fn_net *net);

/* Building. Texts are opaque bytes. Each finds or adds. */
fn_status fn_net_firm(fn_run *run, fn_net *net, const char *key, size_t length, uint32_t *firm);
/* The same of a key that was sought among fn_net_keys. */
fn_status fn_net_firm_sought(fn_run *run, fn_net *net, const fn_name_query *query, uint32_t *firm);
/* Let other threads seek among the names of firms, layers, currencies and products while one adds (fn_names_share). */
void fn_net_share_names(fn_net *net, bool shared);
fn_status fn_net_layer(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *layer);
fn_status fn_net_currency(fn_run *run, fn_net *net, const char *name, size_t length, uint16_t *currency);
fn_status fn_net_product(fn_run *run, fn_net *net, const char *code, size_t length, uint32_t *product);
/* Many records at once (graph/ties.h); those of undirected layers with the lower firm first. */
fn_status fn_net_add_block(fn_run *run, fn_net *net, const fn_ties_block *block);
/* One record. Self ties are taken. *row (may be NULL) is the record's number for fn_net_record_column. */
fn_status fn_net_add(fn_run *run, fn_net *net, const fn_tie *record, size_t *row);
fn_status fn_net_add_tender(fn_run *run, fn_net *net, const fn_tender *tender, const uint32_t *bidders,
                            size_t n_bidders, const uint32_t *winners, size_t n_winners);
/* A text attribute of a firm in column `name` (made on first use); the first text given stays. */
fn_status fn_net_set_firm_text(fn_run *run, fn_net *net, uint32_t firm, const char *name, const char *text,
                               size_t length);
/* The growing table of firm attributes, for columns of other types (rows = firms seen so far; resize by the net). */
fn_table *fn_net_firm_table(fn_net *net);
/* The table of further tie attributes: one row a record until the freeze, one a tie after (its first record's). */
fn_table *fn_net_tie_table(fn_net *net);

/* Records of different periods are to stay different ties: a tie is then one of (from, to, layer, currency, period of
 * the first day, period of the last). Before the freeze; no use where the ties lie in a file, added up as they are. */
void fn_net_keep_apart(fn_net *net, fn_period_unit unit);
/* Number the firms anew while the net is built: order[k] is the firm that becomes number k (each firm once). For nets
 * without tenders and firm columns; others are FN_EINVAL. */
fn_status fn_net_renumber(fn_run *run, fn_net *net, const uint32_t *order);

/* Merge the records of one (from, to, layer, currency) into one tie: values added exactly, counts added, dates
 * spanned, product of the dearest record; sort the ties by (from, to, layer, currency). O(records), on all threads.
 * FN_EPARSE where all values, weights or counts together are more than a number can hold.
 * Afterwards nothing may be added. */
fn_status fn_net_freeze(fn_run *run, fn_net *net);
/* Of a frozen net only these ties, by ascending number: what was selected, to write it as a network of its own. Firms,
 * tenders and the report of reading stay. Before anything else was made of the net. */
fn_status fn_net_keep(fn_run *run, fn_net *net, const uint32_t *tie, size_t ties);

/* Reading. Everything below is the net's. */
uint32_t fn_net_firms(const fn_net *net);
size_t fn_net_ties(const fn_net *net);
const fn_ties *fn_net_tie_rows(const fn_net *net);    /* all of them, in columns */
/* One tie, put together from its columns. */
static inline fn_tie fn_net_tie_at(const fn_net *net, size_t tie)
{
    return fn_ties_at(fn_net_tie_rows(net), tie);
}
/* The same, to point at within a block. */
#define FN_TIE(net, tie) ((const fn_tie[]) { fn_net_tie_at((net), (tie)) })
int64_t fn_net_records(const fn_net *net);            /* records added before merging: rows or awards behind the ties */
const fn_names *fn_net_keys(const fn_net *net);       /* firm keys; number = firm */
const fn_names *fn_net_layers(const fn_net *net);
bool fn_net_layer_directed(uint16_t layer);
const fn_names *fn_net_currencies(const fn_net *net);
const fn_names *fn_net_products(const fn_net *net);
const fn_table *fn_net_firm_columns(const fn_net *net); /* name, kind, country, region, industry, … as far as known */
const fn_table *fn_net_tie_columns(const fn_net *net);
size_t fn_net_tenders(const fn_net *net);
const fn_tender *fn_net_tender(const fn_net *net);
const uint32_t *fn_net_tender_firms(const fn_net *net);
fn_account *fn_net_account(const fn_net *net);        /* the import report, open for counting */

/* Text of a firm column, "" where it is missing or there is no such column. */
const char *fn_net_firm_text(const fn_net *net, uint32_t firm, const char *column, size_t *length);
/* Its name, or its key where it has none. */
const char *fn_net_firm_name(const fn_net *net, uint32_t firm, size_t *length);

/* Any igraph function on our network: vertex = firm, edge = tie in tie order, all directed. Built once, on first use;
 * the net's. Equal to what igraph_create builds, filled directly (graph/net_igraph.c). Not thread-safe. */
fn_status fn_net_igraph(fn_run *run, const fn_net *net, const igraph_t **graph);

#endif
