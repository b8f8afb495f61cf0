/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEAD_H
#define FN_ALGORITHMS_LEAD_H

#include "graph/run.h"

/* Who will head a joint bid? Judged by what each member did in other lots: how often it headed a group and how often it
 * followed, above all with these very partners; whether it also bids alone; at how many buyers it is known. */

/* All bids of all lots. Firms, lots and buyers are numbers of the caller's; lots ascend from bid to bid. */
typedef struct fn_lead_book fn_lead_book;

fn_status fn_lead_book_new(fn_run *run, uint32_t firms, uint32_t buyers, fn_lead_book **book);
void fn_lead_book_free(fn_lead_book *book);
/* A bid of one firm or several distinct ones. head: one of them; FN_NONE: bid alone, or not known. */
fn_status fn_lead_add_bid(fn_run *run, fn_lead_book *book, uint32_t lot, uint32_t buyer, const uint32_t *member,
                          size_t members, uint32_t head);
/* The firm's share of an award; NaN: not stated. */
fn_status fn_lead_add_win(fn_run *run, fn_lead_book *book, uint32_t lot, uint32_t firm, double value);
/* After the last addition. */
fn_status fn_lead_book_close(fn_run *run, fn_lead_book *book);

/* What speaks for a member of a group. */
typedef struct fn_lead_evidence {
    uint32_t headed, followed;       /* joint bids with a known head: as head, as another member */
    uint32_t headed_them, followed_them; /* over the other members of the group at hand: joint bids in which the one
                                      * headed and the other was there */
    uint32_t alone;                  /* bids without partners */
    uint32_t bids, wins;             /* lots in which it bid, awards of which it had a share */
    double awarded;                  /* their value */
    uint32_t buyers;                 /* at which it bid */
    uint32_t partners;               /* firms with which it bid */
    uint32_t cobidders;              /* firms that bid in the same lots, lots of 2 to 20 firms */
} fn_lead_evidence;

/* What is not to be looked at. */
typedef struct fn_lead_without {
    uint32_t lot;                    /* all bids and awards of it; FN_NONE: nothing */
    bool same_group;                 /* bids of exactly the members of the group at hand, in whatever lot */
} fn_lead_without;

/* Fills one place a member of a group of distinct firms. Time: all bids of the members. */
void fn_lead_gather(fn_lead_book *book, const uint32_t *member, size_t members, fn_lead_without without,
                    fn_lead_evidence *evidence);

/* The terms of the index, each 0 for a firm of which nothing is known:
 *   role      ln((headed + 1/2) / (followed + 1/2))
 *   over_them ln((headed_them + 1/2) / (followed_them + 1/2))
 *   alone     ln(1 + alone)
 *   buyers    ln(1 + buyers)                                                                                     */
enum { FN_LEAD_TERMS = 4 };
extern const char *const fn_lead_term_name[FN_LEAD_TERMS];
void fn_lead_terms(const fn_lead_evidence *evidence, double term[FN_LEAD_TERMS]);

/* The weights in use. Proposal of this project; how they were got stands in lead.c. */
extern const double fn_lead_weight[FN_LEAD_TERMS];
/* sum of weight * term. Of the members of a group the largest is the likeliest head; by exp(index) over the sum of
 * all members' it is so likely. */
double fn_lead_index(const fn_lead_evidence *evidence);

#endif
