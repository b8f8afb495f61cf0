/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_TENDER_MAKER_H
#define FN_IO_TENDER_MAKER_H

#include "io/tender_book.h"

/* For tender_derive.c, tender_ties.c and tender_compete.c: one process at a time becomes ties and tenders. */

/* Organisations, ascending and distinct (which is byte order of keys), and how many unknown ones beside them. */
typedef struct fn_crowd {
    uint32_t *who;
    size_t count, capacity, anonymous;
} fn_crowd;

/* A consortium tie of which a head is known: its record, and which of both firms it is (none: other partners in a group
 * with a known head). */
typedef struct fn_led_tie { size_t row; bool by_from, by_to; } fn_led_tie;

/* Roles that events show, beside FN_ROLE_…. */
enum { FN_ROLE_MEMBER = 256, FN_ROLE_MAIN = 512 };

/* A firm's part in a competition. Competitions are lots; lot FN_NONE is the whole process. */
typedef struct fn_entry {
    uint32_t lot, who;
    uint32_t bid;              /* tells bids of one competition apart; firms of one bid do not compete */
} fn_entry;

typedef struct fn_maker {
    fn_run *run;
    fn_import *import;
    fn_tender_book *book;
    uint32_t *firm;            /* by organisation: number in the net, FN_NONE not yet */
    unsigned *roles;           /* by organisation */
    fn_process place;          /* ocid and place of the process at hand, for counting */
    const fn_book_process *process;
    bool made;                 /* a tie or a tender came of it */
    /* bids of the process */
    fn_crowd *bid;
    size_t bids, bid_capacity;
    int32_t *bid_day;
    size_t bid_day_capacity;
    /* awards of the process that made a tie, and whom they chose */
    bool *award_kept;
    size_t award_kept_capacity;
    fn_crowd *winner;
    size_t winners, winner_capacity;
    fn_crowd suppliers, buyers, bidders, mains;
    uint32_t no_currency;      /* in book->texts */
    /* bidders of the competitions of the process */
    fn_entry *entry;
    size_t entries, entry_capacity;
    bool *shared;
    size_t shared_capacity;
    /* who headed joint bids */
    fn_led_tie *led;
    size_t leds, led_capacity;
    uint32_t *joint_bids, *joint_bids_led; /* by organisation */
} fn_maker;

/* The organisations behind members; added to crowd unless fresh. */
fn_status fn_crowd_fill(fn_maker *maker, const fn_members *members, bool fresh, fn_crowd *crowd);
/* Add one at the end; fn_crowd_sort puts them in order and removes repeats once all are there. */
fn_status fn_crowd_add(fn_maker *maker, fn_crowd *crowd, uint32_t who);
void fn_crowd_sort(fn_crowd *crowd);
bool fn_crowd_has(const fn_crowd *crowd, uint32_t who);
/* Number in the net. */
fn_status fn_maker_firm(fn_maker *maker, uint32_t who, unsigned role, uint32_t *firm);
fn_status fn_maker_remark(fn_maker *maker, const char *unit, const char *reason, const char *text, int64_t count);
fn_status fn_maker_currency(fn_maker *maker, uint32_t text, uint16_t *currency);
fn_status fn_maker_product(fn_maker *maker, uint32_t text, uint32_t *product);

/* Competitions (and joint bids) of more firms make no ties between them. */
static inline uint32_t fn_maker_most_bidders(const fn_maker *maker)
{
    uint32_t most = maker->import->options->max_bidders;
    return most ? most : 100;
}

fn_words fn_maker_text(const fn_maker *maker, uint32_t number);

/* ---- io/tender_ties.c ---- */

/* Supply ties of an award; *kept: it made one. Counts the award and its money. */
fn_status fn_maker_supply(fn_maker *maker, const fn_book_award *award, bool *kept);
/* Which bid won the award; consortium ties of suppliers who bid together by other signs. */
fn_status fn_maker_consortium(fn_maker *maker, const fn_book_award *award, const fn_crowd *suppliers);
/* Consortium ties of all bids of several firms; who headed them is noted. */
fn_status fn_maker_joint_bids(fn_maker *maker);
fn_status fn_maker_subcontract(fn_maker *maker, const fn_book_sub *sub);

/* ---- io/tender_compete.c ---- */

/* Who bid against whom: co-bid ties, and a tender for each award and for each competition without one. Needs bid,
 * award_kept and winner. */
fn_status fn_maker_compete(fn_maker *maker);

/* ---- io/tender_lead.c ---- */

/* Note a consortium tie of a group whose head is known (maker->firm number). */
fn_status fn_maker_note_lead(fn_maker *maker, size_t row, uint32_t head);
/* After all processes: the columns of firms and ties that say who heads whom. */
fn_status fn_maker_write_leads(fn_maker *maker);

#endif
