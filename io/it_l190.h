/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_IT_L190_H
#define FN_IO_IT_L190_H

#include "io/arena.h"
#include "io/tender.h"

/* The three tables in which Italian public buyers publish their awards (law 190 of 2012), as CSV:
 *   lots      (…lotti)          what was bought: lottoID, cig, the office, the amount awarded, the way, the dates
 *   bidders   (…partecipanti)   who bid: lottoID, tax code, name, role, foreign id, partrgrno
 *   winners   (…aggiudicatari)  who won: the same with aggrgrno
 * Rows of one lot and one group number made one joint bid; the role says who headed it. lottoID is unique within a
 * buyer only, so the three tables that belong together are told by their names: `X_lotti.csv.gz`,
 * `X_partecipanti.csv.gz`, `X_aggiudicatari.csv.gz`, or such files in a folder of their own. Any number of buyers may
 * be read together. */

/* All texts are numbers in fn_l190.texts, FN_NONE: empty. */
typedef struct fn_l190_lot {
    uint32_t set, id;           /* whose tables, lottoID */
    uint32_t cig, buyer, office, method;
    double value;               /* awarded; NaN: not stated, or no amount at all (the tax code of a bidder) */
    int32_t day;
    uint32_t file;
    int64_t line;
    size_t first_row, rows;     /* its rows in fn_l190.row, once joined */
} fn_l190_lot;

typedef struct fn_l190_row {
    uint32_t set, lot;          /* as in fn_l190_lot */
    uint32_t group;             /* FN_NONE: bid alone */
    uint32_t code, name, foreign_id;
    bool won, head;
    uint32_t file;
    int64_t line;
} fn_l190_row;

typedef struct fn_l190 {
    fn_import *import;
    fn_names *texts;
    fn_l190_lot *lot;
    size_t lots, lot_capacity;
    fn_l190_row *row;
    size_t rows, row_capacity;
} fn_l190;

fn_status fn_l190_new(fn_run *run, fn_import *import, fn_l190 **l190);
void fn_l190_free(fn_l190 *l190);

/* Add one table; which of the three it is tells its header. Rows are counted in the import's account (units lot, bidder
 * and winner); those that can't be used are set aside, or stop the run where the options say strict. */
fn_status fn_l190_read(fn_run *run, fn_l190 *l190, fn_source *source);

/* Once all tables are read: lots get their rows, ordered by bid or award, group and firm (bids first; who bid alone
 * behind the groups); rows that say the same twice are merged, rows of lots that no table has are set aside. */
fn_status fn_l190_join(fn_run *run, fn_l190 *l190);

/* One past the last row of the bid, or of the group of winners, that starts there. */
size_t fn_l190_group_end(const fn_l190 *l190, const fn_l190_lot *lot, size_t first);

/* The firm of a row as a party; identifiers: room for two. Pointers into l190. */
fn_party fn_l190_party(const fn_l190 *l190, const fn_l190_row *row, fn_identifier identifiers[2]);
fn_words fn_l190_text(const fn_l190 *l190, uint32_t number);

/* 0 no … 100 certain: the header is one of the three. */
int fn_l190_sniff(const char *head, size_t length);

/* io/it_l190_lots.c: every lot becomes a process of the tender book. */
fn_status fn_l190_hand_over(fn_run *run, fn_l190 *l190);

#endif
