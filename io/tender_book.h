/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_TENDER_BOOK_H
#define FN_IO_TENDER_BOOK_H

#include "graph/text.h"
#include "io/identity.h"
#include "io/tender.h"

/* For tender*.c only: what the book keeps of every process until all inputs are read. Texts (ocid, award, lot, bid,
 * currency, product) are numbers in book->texts, organisations are mentions of book->identity. */

typedef struct fn_members {
    size_t first;          /* in book->member: mentions; the same organisation may stand there twice */
    uint32_t named;
    uint32_t anonymous;    /* different ones with neither identifier nor name */
    uint32_t lead;         /* mention of who leads the others, FN_NONE: not said, or of several */
} fn_members;

typedef struct fn_lots { size_t first; uint32_t count; } fn_lots; /* in book->lot */

typedef struct fn_book_award {
    uint32_t id;
    bool contract;         /* a contract without an award that names suppliers itself */
    bool suppliers_changed;
    bool joint;            /* a lead or the name says that the suppliers bid together */
    fn_members suppliers, buyers;
    fn_lots lots, bids;    /* bids: ids of related bids */
    double value;          /* NaN: none */
    uint32_t currency, product;
    int32_t day;
} fn_book_award;

typedef struct fn_book_bid {
    uint32_t id;
    bool listed;           /* from the list of tenderers: nothing says who bid together */
    fn_members tenderers;
    fn_lots lots;
    int32_t day;
} fn_book_bid;

typedef struct fn_book_sub {
    uint32_t bid, award;   /* ids, FN_NONE none */
    fn_members sub, mains;
    double value;
    uint32_t currency;
} fn_book_sub;

typedef struct fn_book_process {
    uint32_t ocid, file;
    int64_t line;
    fn_members buyers;
    uint32_t product;
    int32_t day;           /* of the competition */
    bool left_out;         /* an award of it is outside the period: so are its bids */
    size_t first_award, first_bid, first_sub;
    uint32_t awards, bids, subs;
} fn_book_process;

struct fn_tender_book {
    fn_book_owner owner[FN_BOOK_OWNERS];
    fn_identity *identity;
    fn_names *texts;
    fn_book_process *process;
    fn_book_award *award;
    fn_book_bid *bid;
    fn_book_sub *sub;
    uint32_t *member, *lot;
    size_t processes, awards, bids, subs, members, lots;
    size_t process_capacity, award_capacity, bid_capacity, sub_capacity, member_capacity, lot_capacity;
    uint32_t process_number; /* of the next process */
};

/* The import's book, made on first use. */
fn_status fn_book_open(fn_run *run, fn_import *import);

bool fn_words_equal(fn_words a, fn_words b);
/* Compare with a lower-case word, blanks around and case ignored. */
bool fn_words_say(fn_words text, const char *word);
bool fn_words_empty(fn_words text);
/* An excerpt for examples: as fn_quote, without the quotes around. Returns out. */
char *fn_words_plain(fn_words text, char out[FN_QUOTE_TEXT]);

/* Count a record of a process, with its place and "ocid, id" as example. */
fn_status fn_book_count(fn_run *run, fn_import *import, const fn_process *process, const char *unit, fn_outcome outcome,
                        const char *reason, const char *text, fn_words id);
/* The same for a record that is set aside because it is faulty: stops where the options say strict. */
fn_status fn_book_reject(fn_run *run, fn_import *import, const fn_process *process, const char *unit,
                         const char *reason, const char *text, fn_words id);
fn_status fn_book_money(fn_run *run, fn_import *import, const char *label, uint32_t currency, double amount);
/* Number of a currency: upper case, no blanks; "" not stated. */
fn_status fn_book_currency(fn_run *run, fn_tender_book *book, fn_words currency, uint32_t *number);
fn_status fn_book_text(fn_run *run, fn_tender_book *book, fn_words text, uint32_t *number);

/* ---- io/tender_value.c ---- */

/* Share number `place` (0 …) of an amount cut in equal parts: whole ten-thousandths, what remains goes to the first, so
 * that the parts add up to the amount exactly. Amounts with more places are divided as they are. */
double fn_share(double amount, size_t parts, size_t place);

/* Which contracts belong to which awards, and what they are worth. */
typedef struct fn_contract_link { uint32_t award, contract, place, places; } fn_contract_link;
typedef struct fn_process_money {
    fn_contract_link *link;   /* sorted by award, contract */
    size_t links, capacity;
    bool *counts;             /* of each contract: active, terminated or not said otherwise */
    double *amount;           /* NaN: none */
    uint32_t *currency;
    bool *linked;             /* belongs to an award of the process */
} fn_process_money;

fn_status fn_process_money_make(fn_run *run, fn_import *import, const fn_process *process, fn_process_money *money);
void fn_process_money_free(fn_process_money *money);
/* The links of one award. */
const fn_contract_link *fn_links_of(const fn_process_money *money, uint32_t award, size_t *count);
/* An amount as stated: NaN where there is none, zero (a placeholder) or one that is no number. */
fn_status fn_stated(fn_run *run, fn_import *import, const fn_process *process, const char *unit, fn_money money,
                    fn_words id, double *amount);

typedef struct fn_award_worth {
    const char *reason, *text;  /* why it makes no ties, NULL: it is effective */
    double awarded;             /* award.value, NaN: none */
    uint32_t awarded_currency;
    double value;               /* what its ties carry together, NaN: none */
    uint32_t currency, product;
    int32_t day;
} fn_award_worth;
/* Fills value and currency from contracts or award, as the options say. */
fn_status fn_award_value(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                         uint32_t award, fn_award_worth *worth);

/* ---- io/tender_award.c ---- */

typedef enum fn_state {
    FN_STATE_ACTIVE, FN_STATE_PENDING, FN_STATE_CANCELLED, FN_STATE_UNSUCCESSFUL, FN_STATE_TERMINATED, FN_STATE_MISSING,
    FN_STATE_OTHER
} fn_state;
/* What a status of a tender, lot, award or contract says, case and blanks ignored. */
fn_state fn_state_of(fn_words status);

/* Days outside 1990 … 2049 are typing errors: FN_DAY_NONE. */
int32_t fn_usable_day(int32_t day);

/* Status, date, value and product of an award. */
fn_status fn_award_weigh(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                         uint32_t award, fn_award_worth *worth);
/* The product of items: the code with most money, else the first in byte order; FN_NONE: none. */
fn_status fn_product_of(fn_run *run, fn_import *import, const fn_process *process, const fn_item *item, size_t items,
                        const fn_words *lot, size_t lots, uint32_t *product);
/* Day of a process as far as it has no award: bids, end of tender, release. */
int32_t fn_process_day(const fn_process *process);
/* NULL: inside the period of the options. Else why the record is left out. */
const char *fn_outside_period(const fn_read_options *options, int32_t day, const char **text);

/* ---- io/tender_party.c ---- */

typedef struct fn_parties {
    const fn_process *process;
    uint32_t number;            /* of the process */
    const fn_party **by_id, **by_name;
    uint32_t *mention;          /* of each party, once it was put into the book */
} fn_parties;

fn_status fn_parties_make(fn_run *run, const fn_process *process, uint32_t number, fn_parties *parties);
void fn_parties_free(fn_parties *parties);
/* Put references into the book as mentions, each joined with the party it refers to. *lead: one of them is marked as
 * lead of a group or its name says that it is one. */
fn_status fn_parties_members(fn_run *run, fn_import *import, const fn_parties *parties, const fn_party *reference,
                             size_t count, fn_members *members, bool *lead);
/* Who buys where the award does not say it: buyer, parties with that role, procuring entity, parties with that role. */
fn_status fn_parties_buyers(fn_run *run, fn_import *import, const fn_parties *parties, fn_members *members);

/* ---- io/tender_derive.c ---- */

/* Organisations become firms in the order of ocids; adds ties, tenders, columns, sums. */
fn_status fn_book_derive(fn_run *run, fn_import *import);

#endif
