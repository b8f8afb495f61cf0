/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_NET_INSIDE_H
#define FN_GRAPH_NET_INSIDE_H

#include "graph/net.h"

/* What a net is made of: for graph/ itself and for the reader and writer of the network file. */
struct fn_net {
    bool frozen;
    fn_names *keys, *layers, *currencies, *products;
    fn_table *firm_columns;
    fn_table *tie_columns;
    fn_ties ties;            /* records until the freeze, ties after */
    int64_t records;
    fn_tender *tender;
    size_t tenders, tender_capacity;
    uint32_t *tender_firm;
    size_t tender_firms, tender_firm_capacity;
    fn_account *account;
    igraph_t graph;
    bool graph_made;
    void *mapping;           /* the file in which borrowed ties, names and cells lie; given back last. NULL: none */
    size_t mapped;
    void (*unmap)(void *mapping, size_t mapped);
};

/* Make the firm columns as long as there are firms. */
fn_status fn_net_stretch(fn_run *run, fn_net *net);

#endif
