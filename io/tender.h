/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_TENDER_H
#define FN_IO_TENDER_H

#include "io/format.h"

/* What the account says of tenders. Format readers count what they read ("release" and "record"; "lot", "bidder" and
 * "winner"); everything below is counted by the book.
 *
 * Units, each read = kept + merged + rejected:
 *   process      kept: a tie or a tender came of it. Rejected: no_award, tender_cancelled, no_tie
 *   award        kept: it makes a supply tie. Rejected: cancelled, unsuccessful, pending, lot_cancelled,
 *                tender_cancelled, outside_period, undated, no_supplier, no_buyer, anonymous, self_tie_only
 *   contract     kept: it makes supply ties by itself. Merged: of_award. Rejected: not_in_force, orphan_contract and as
 *                awards
 *   bid, tenderer  (tenderers count where there are no bids). Rejected: withdrawn, invited, expression_of_interest,
 *                anonymous and those of a process that is left out
 *   subcontract  rejected: no_award, no_tie, anonymous
 * Remarks, among others: award several_suppliers, suppliers_not_partners, suppliers_changed, status_assumed,
 *   date_assumed, zero_amount, currency_differs, value_mismatch, self_tie; competition too_many_bidders, pairs_left_out;
 *   firm suppliers_by_identifier, suppliers_by_name, largest_supplier (its example is the key, one a currency).
 *
 * Sums, by currency:
 *   awarded      award.value of effective awards           left_out    of awards that are not
 *   contracted   contract.value of contracts in force      contracts_left_out  of a second currency in one award
 *   counted      what awards and lone contracts come to: contract or award, never both (value_basis)
 *   counted    = supply_ties + anonymous + self_ties + no_supplier + no_buyer
 *   framework_ceiling, subcontract_ties, largest_supplier  stand beside the equation
 * anonymous: shares of suppliers (or buyers) with neither identifier nor name; self_ties: of the buyer itself. */

/* One contracting process in the merged, latest state: what every tender format is read into. Ties, tenders and the
 * money of the import report are derived from it in one place (tender_*.c), never in a format reader. Texts belong to
 * the process's arena, {NULL, 0} = absent. Arrays are {items, count}. */
typedef struct fn_words { const char *bytes; size_t length; } fn_words;

enum { /* roles of a party, bits */
    FN_ROLE_BUYER = 1, FN_ROLE_PROCURING = 2, FN_ROLE_TENDERER = 4, FN_ROLE_SUPPLIER = 8, FN_ROLE_SUBCONTRACTOR = 16,
    FN_ROLE_LEAD = 32, FN_ROLE_PAYER = 64, FN_ROLE_PAYEE = 128
};

typedef struct fn_identifier { fn_words scheme, id, legal_name; bool number; /* the id came as a JSON number */ } fn_identifier;

/* A party of the process, or an organisation referenced inline (buyer, supplier, tenderer). */
typedef struct fn_party {
    fn_words id;                      /* local to the process */
    fn_words name;
    fn_identifier *identifier;        /* the main one first (if there is one), then additional ones */
    size_t identifiers;
    bool main_identifier;             /* identifier[0] is `identifier`, not an additional one */
    fn_words country, country_name, region, town, postcode;
    fn_words class_scheme, class_id;  /* details.classifications: buyer type or industry */
    fn_words scale;
    unsigned roles;
} fn_party;

typedef struct fn_money { double amount; /* NaN: none */ fn_words currency; } fn_money;

typedef struct fn_item { fn_words scheme, code, lot; double quantity; fn_money unit; } fn_item;
typedef struct fn_lot { fn_words id, status; } fn_lot;

typedef struct fn_bid {
    fn_words id, status, submission;
    fn_party *tenderer; size_t tenderers;   /* references: id and what stands inline */
    fn_words *lot; size_t lots;
    fn_money value;
    int32_t day;
} fn_bid;

typedef struct fn_subcontract_event {
    fn_party subcontractor;
    fn_party *main; size_t mains;           /* none named: the tenderers of the bid, or the suppliers of the award */
    fn_money value;
    fn_words bid, award;                    /* where it stood; one of both */
} fn_subcontract_event;

typedef struct fn_award {
    fn_words id, status;
    fn_party *supplier; size_t suppliers;
    fn_party *buyer; size_t buyers;
    fn_item *item; size_t items;
    fn_words *lot; size_t lots;
    fn_words *bid; size_t bids;             /* relatedBid, relatedBids */
    fn_money value;
    int32_t day;
    bool suppliers_changed;                 /* releases disagree on the suppliers: no consortium from this award */
} fn_award;

typedef struct fn_contract {
    fn_words id, status;
    fn_words *award; size_t awards;         /* awardID, awardIDs */
    fn_party *supplier; size_t suppliers;
    fn_party buyer; bool has_buyer;
    fn_item *item; size_t items;
    fn_words *bid; size_t bids;
    fn_money value;
    int32_t signed_day, start_day;
    double paid; fn_words paid_currency;    /* transactions added up, NaN none */
} fn_contract;

typedef struct fn_process {
    const char *file; int64_t line;         /* of its last release (byte offset / 0 where there are no lines) */
    fn_words ocid;
    int32_t release_day;                    /* of the newest release */
    fn_words publisher_prefix;              /* "ocds-xxxxxx" */
    fn_party *party; size_t parties;
    fn_party buyer; bool has_buyer;
    fn_party procuring; bool has_procuring;
    fn_words tender_status, tender_method;
    fn_words code_scheme, code;             /* tender.(main)classification */
    int32_t tender_end_day;
    bool framework;                         /* tender.techniques.hasFrameworkAgreement */
    bool parent;                            /* relatedProcesses: parent */
    fn_lot *lot; size_t lots;
    fn_item *item; size_t items;            /* tender.items */
    fn_party *tenderer; size_t tenderers;   /* tender.tenderers */
    fn_bid *bid; size_t bids;
    fn_subcontract_event *sub; size_t subs;
    fn_award *award; size_t awards;
    fn_contract *contract; size_t contracts;
} fn_process;

/* The reader of a tender format calls this for every merged process; the book derives and copies what it needs, so the
 * process may go away afterwards. Identity needs whole-data facts (schemes seen), so firms and ties come out in
 * fn_tender_finish. Order of processes: the caller's; results do not depend on it beyond firm numbers. */
fn_status fn_tender_add(fn_run *run, fn_import *import, const fn_process *process);

/* After the last input: readers that keep releases back for merging (OCDS) hand over what they hold, then firms, ties,
 * tenders and sums are added to the net. Called by fn_read. Nothing to do when import->book is NULL. */
fn_status fn_tender_finish(fn_run *run, fn_import *import);
void fn_tender_book_free(fn_tender_book *book);

/* For format readers: the place in the book where they keep their own state between inputs, with how to finish and
 * free it. One place a format, told by its function finish; state NULL: first use. Finished in the order of first
 * use. */
typedef struct fn_book_owner {
    void *state;
    fn_status (*finish)(fn_run *run, fn_import *import, void *state); /* calls fn_tender_add for what is left */
    void (*free)(void *state);
} fn_book_owner;
enum { FN_BOOK_OWNERS = 4 };
fn_status fn_tender_book_owner(fn_run *run, fn_import *import,
                               fn_status (*finish)(fn_run *run, fn_import *import, void *state), fn_book_owner **owner);

#endif
