/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_STREAM_H
#define FN_ALGORITHMS_ECONOMY_STREAM_H

#include <stddef.h>
#include "graph/run.h"

/* A synthetic economy of any size with known clusters and central companies, of which every row can be asked for by
 * itself: nothing is kept but small tables, so a hundred million ties stream from all threads. Only seed and options
 * decide; all arithmetic is on whole numbers, so that every machine draws the same.
 *
 * Firms
 *   clusters   sizes follow a power law (CCDF exponent 1.35); a cluster has one central company, members who sell
 *              inputs of several kinds, and makers who use the same inputs as the head
 *   traders    one in 200, in no cluster: buy from and sell to firms anywhere; degrees follow power laws
 *   final buyers  one in 25, in no cluster: final demand, they sell to nobody
 * Ties (from delivers, to pays), each pair of firms once in a direction
 *   inside     the sellers of a cluster stand in a ring in which the kinds of product take turns. Whoever buys takes a
 *              range of the ring, so what a firm buys complements each other; ranges begin near the strongest sellers
 *              most of the time, so that customers share suppliers (closed squares), while sellers of one customer
 *              don't trade with each other (few triangles). The head's range is three quarters of the ring
 *   back       some makers also sell to their first supplier (reciprocity)
 *   abroad     most members buy from the head and the makers of another cluster, those with equal products from the
 *              same
 *   traders    with members chosen evenly, hence mostly small ones (disassortative)
 *   final      final buyers buy from heads first, then from makers
 * A tie lasts a spell of periods (years) and has one row in each; each year renews a fixed share of the ties. Values
 * are lognormal around the sizes of both firms. */

typedef struct fn_stream_options {
    uint64_t ties;               /* different (from, to) pairs, 1000 … 1e9 */
    uint32_t firms;              /* 0: ties / 5. Between 2 and 25 ties a firm, at least 200 firms */
    uint32_t periods;            /* years, 1 … 16 */
    double subcontract, knowledge, ownership; /* shares of ties in these layers, at most 1 together; else supply */
} fn_stream_options;

typedef struct fn_economy_stream fn_economy_stream;

/* FN_EINVAL: options out of range. Time and memory grow with firms / 20, not with ties (about one byte a firm). */
fn_status fn_economy_stream_new(fn_run *run, const fn_stream_options *options, fn_economy_stream **stream);
void fn_economy_stream_free(fn_economy_stream *stream);

uint64_t fn_economy_stream_rows(const fn_economy_stream *stream);
uint32_t fn_economy_stream_firms(const fn_economy_stream *stream);
uint32_t fn_economy_stream_clusters(const fn_economy_stream *stream);

typedef enum fn_stream_role {
    FN_STREAM_CENTRAL, FN_STREAM_MEMBER, FN_STREAM_MAKER, FN_STREAM_TRADER, FN_STREAM_FINAL_BUYER
} fn_stream_role;
/* central, member, maker, trader, final_buyer */
const char *fn_stream_role_name(fn_stream_role role);

typedef struct fn_stream_firm {
    uint64_t id;                 /* its public number, below 10^9, unrelated to its place */
    uint32_t cluster;            /* from 1; 0: in none */
    fn_stream_role role;
} fn_stream_firm;

typedef struct fn_stream_row {
    uint64_t tie;                /* rows of one tie have the same number */
    uint32_t from, to;           /* firms, 0 … firms-1 */
    uint64_t from_id, to_id;     /* their public numbers */
    uint32_t product;            /* four digits: industry of the seller, kind */
    uint16_t layer;              /* FN_LAYER_… */
    uint32_t period;             /* 0 … periods-1 */
    int32_t day;                 /* within the period's year; the first is 2020 */
    int64_t cents;
    fn_stream_role buyer;
    uint64_t chance;             /* random bits for what else is drawn */
    /* The ring of those who sell the like, for fn_economy_stream_bidders; ring 0: nobody else does. */
    uint32_t ring, place, stride, ring_first, ring_rest;
} fn_stream_row;

/* Any firm, any row, from any thread. Rows come in random order. O(1); several rows at once come a sixth faster. */
void fn_economy_stream_firm(const fn_economy_stream *stream, uint32_t firm, fn_stream_firm *answer);
void fn_economy_stream_row(const fn_economy_stream *stream, uint64_t row, fn_stream_row *answer);
void fn_economy_stream_run(const fn_economy_stream *stream, uint64_t first, size_t count, fn_stream_row *answer);

/* The row as a tender: who bid, by public number, the winner first; returns how many, 1: a direct award. Heads choose
 * by tender from three to six sellers of the ring; half of what final buyers and a quarter of what others buy is chosen
 * from two to four, the rest and what traders buy or sell is bought directly. */
enum { FN_STREAM_BIDDERS = 6 };
unsigned fn_economy_stream_bidders(const fn_economy_stream *stream, const fn_stream_row *row,
                                   uint64_t id[FN_STREAM_BIDDERS]);

#endif
