/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "io/tender_maker.h"

/* ---- who takes part in which competition ---- */

static int by_lot(const void *left, const void *right)
{
    const fn_entry *a = left, *b = right;
    if (a->lot != b->lot) return a->lot < b->lot ? -1 : 1;
    if (a->who != b->who) return a->who < b->who ? -1 : 1;
    return (a->bid > b->bid) - (a->bid < b->bid);
}

static void sort_entries(fn_maker *maker)
{
    if (maker->entries > 1) qsort(maker->entry, maker->entries, sizeof *maker->entry, by_lot);
    size_t kept = 0;
    for (size_t i = 0; i < maker->entries; i++)
        if (!kept || by_lot(&maker->entry[kept - 1], &maker->entry[i]) != 0) maker->entry[kept++] = maker->entry[i];
    maker->entries = kept;
}

static fn_status enter(fn_maker *maker, uint32_t lot, uint32_t who, uint32_t bid)
{
    fn_entry *grown = fn_grow(maker->run, maker->entry, &maker->entry_capacity, maker->entries + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    maker->entry = grown;
    grown[maker->entries++] = (fn_entry) { lot, who, bid };
    return FN_OK;
}

/* A bid for several lots takes part in each; one without lots in the whole process. The buyer is no bidder. */
static fn_status enter_bids(fn_maker *maker, bool *has_lots)
{
    const fn_tender_book *book = maker->book;
    fn_status status = fn_crowd_fill(maker, &maker->process->buyers, true, &maker->buyers);
    *has_lots = false;
    maker->entries = 0;
    for (size_t b = 0; b < maker->bids && !status; b++) {
        const fn_book_bid *bid = &book->bid[maker->process->first_bid + b];
        *has_lots = *has_lots || bid->lots.count;
        for (size_t i = 0; i < maker->bid[b].count && !status; i++) {
            uint32_t who = maker->bid[b].who[i];
            if (fn_crowd_has(&maker->buyers, who)) {
                status = fn_maker_remark(maker, "bid", "buyer_among_bidders", "the buyer is no bidder of its own", 1);
                continue;
            }
            for (uint32_t l = 0; l < bid->lots.count && !status; l++)
                status = enter(maker, book->lot[bid->lots.first + l], who, (uint32_t) b);
            if (!bid->lots.count && !status) status = enter(maker, FN_NONE, who, (uint32_t) b);
        }
    }
    if (!status) sort_entries(maker);
    return status;
}

static size_t end_of(const fn_maker *maker, size_t first)
{
    size_t end = first + 1;
    while (end < maker->entries && maker->entry[end].lot == maker->entry[first].lot) end++;
    return end;
}

/* Position of the first of the sorted entries that does not stand before (lot, who). */
static size_t position(const fn_maker *maker, size_t sorted, uint32_t lot, uint32_t who)
{
    size_t low = 0, high = sorted;
    fn_entry wanted = { lot, who, 0 };
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_lot(&maker->entry[middle], &wanted) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static fn_status enter_winner(fn_maker *maker, size_t sorted, uint32_t lot, uint32_t who, uint32_t bid)
{
    size_t first = position(maker, sorted, lot, 0), at = position(maker, sorted, lot, who);
    bool known = first < sorted && maker->entry[first].lot == lot;
    bool there = at < sorted && maker->entry[at].lot == lot && maker->entry[at].who == who;
    if (there || !known || fn_crowd_has(&maker->buyers, who)) return FN_OK;
    fn_status status = fn_maker_remark(maker, "award", "winner_not_among_bidders",
                                       "a winner whom the list of bidders leaves out is added to it", 1);
    return status ? status : enter(maker, lot, who, bid);
}

/* Whoever won has bid, too. Not where lots are known of the bids and not of the award. */
static fn_status enter_winners(fn_maker *maker, bool has_lots)
{
    const fn_tender_book *book = maker->book;
    uint32_t next = (uint32_t) maker->bids;
    fn_status status = FN_OK;
    for (uint32_t a = 0; a < maker->process->awards && !status; a++) {
        const fn_book_award *award = &book->award[maker->process->first_award + a];
        const fn_crowd *winner = &maker->winner[a];
        uint32_t together = next++;
        size_t sorted = maker->entries;
        for (size_t i = 0; i < winner->count && !status && maker->award_kept[a]; i++) {
            uint32_t bid = award->joint ? together : next++;
            if (!has_lots) status = enter_winner(maker, sorted, FN_NONE, winner->who[i], bid);
            for (uint32_t l = 0; l < award->lots.count && has_lots && !status; l++)
                status = enter_winner(maker, sorted, book->lot[award->lots.first + l], winner->who[i], bid);
        }
        if (maker->entries > sorted) sort_entries(maker);
    }
    return status;
}

/* ---- co-bid ties ---- */

/* Do two of the k firms stand in one bid? shared[i * k + j]. */
static fn_status mark_shared(fn_maker *maker, const fn_entry *entry, size_t count, size_t k)
{
    bool *shared = fn_grow(maker->run, maker->shared, &maker->shared_capacity, k * k, sizeof *shared);
    if (!shared) return FN_ENOMEM;
    maker->shared = shared;
    memset(shared, 0, k * k * sizeof *shared);
    size_t at_i = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && entry[i].who != entry[i - 1].who) at_i++;
        size_t at_j = 0;
        for (size_t j = 0; j < count; j++) {
            if (j && entry[j].who != entry[j - 1].who) at_j++;
            if (entry[i].bid == entry[j].bid) shared[at_i * k + at_j] = true;
        }
    }
    return FN_OK;
}

static fn_status tie_bidders(fn_maker *maker, uint32_t a, uint32_t b, double weight)
{
    fn_tie tie = { .layer = FN_LAYER_COBID, .product = FN_NONE, .value = NAN, .weight = weight, .count = 1,
                   .first = maker->process->day, .last = maker->process->day };
    fn_status status = fn_maker_firm(maker, a, FN_ROLE_TENDERER, &tie.from);
    if (!status) status = fn_maker_firm(maker, b, FN_ROLE_TENDERER, &tie.to);
    if (!status) status = fn_maker_currency(maker, maker->no_currency, &tie.currency);
    if (!status) status = fn_net_add(maker->run, maker->import->net, &tie, NULL);
    if (!status) maker->made = true;
    return status;
}

/* Every pair of the k firms of a competition that stands in no common bid: 1/(k-1) (Newman 2001), so that a firm gains
 * at most 1 from each competition, however many bid. */
static fn_status cobid(fn_maker *maker, const fn_entry *entry, size_t count)
{
    size_t k = 0;
    for (size_t i = 0; i < count; i++) k += i == 0 || entry[i].who != entry[i - 1].who;
    if (k < 2) return FN_OK;
    if (k > fn_maker_most_bidders(maker)) {
        fn_status status = fn_maker_remark(maker, "competition", "too_many_bidders",
                                           "competitions with more bidders than --max-bidders make no co-bid ties", 1);
        return status ? status : fn_maker_remark(maker, "competition", "pairs_left_out",
                                                 "pairs of bidders in such competitions", (int64_t) (k * (k - 1) / 2));
    }
    fn_status status = mark_shared(maker, entry, count, k);
    size_t i = 0;
    for (size_t a = 0; a < count && !status; a++) {
        if (a && entry[a].who == entry[a - 1].who) continue;
        size_t j = i + 1;
        for (size_t b = a + 1; b < count && !status; b++) {
            if (entry[b].who == entry[b - 1].who) continue;
            if (!maker->shared[i * k + j++])
                status = tie_bidders(maker, entry[a].who, entry[b].who, 1.0 / (double) (k - 1));
        }
        i++;
    }
    return status;
}

/* ---- tenders ---- */

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

/* The crowd's numbers in the net, ascending. */
static fn_status firms_of(fn_maker *maker, const fn_crowd *crowd, unsigned role, uint32_t **firms)
{
    *firms = fn_alloc(maker->run, crowd->count, sizeof **firms);
    fn_status status = *firms ? FN_OK : FN_ENOMEM;
    for (size_t i = 0; i < crowd->count && !status; i++)
        status = fn_maker_firm(maker, crowd->who[i], role, &(*firms)[i]);
    if (!status && crowd->count > 1) qsort(*firms, crowd->count, sizeof **firms, by_number);
    return status;
}

/* The buyer that is named first. */
static uint32_t first_buyer(const fn_maker *maker, const fn_members *buyers)
{
    for (uint32_t i = 0; i < buyers->named; i++) {
        uint32_t who = fn_identity_of(maker->book->identity, maker->book->member[buyers->first + i]);
        if (who != FN_NONE) return who;
    }
    return FN_NONE;
}

static fn_status add_tender(fn_maker *maker, const fn_members *buyers, const fn_crowd *bidders, const fn_crowd *winners,
                            bool bids_known, const fn_book_award *award)
{
    uint32_t buyer = first_buyer(maker, buyers), *bidder = NULL, *winner = NULL;
    if (buyer == FN_NONE || !bidders->count) return FN_OK;
    fn_tender tender = { .bids_known = bids_known, .value = award ? award->value : NAN,
                         .day = award ? award->day : maker->process->day };
    fn_status status = fn_maker_firm(maker, buyer, FN_ROLE_BUYER, &tender.buyer);
    if (!status) status = fn_maker_currency(maker, award ? award->currency : maker->no_currency, &tender.currency);
    if (!status) status = fn_maker_product(maker, award ? award->product : maker->process->product, &tender.product);
    if (!status) status = firms_of(maker, winners, FN_ROLE_SUPPLIER, &winner);
    if (!status) status = firms_of(maker, bidders, 0, &bidder);
    if (!status)
        status = fn_net_add_tender(maker->run, maker->import->net, &tender, bidder, bidders->count, winner,
                                   winners->count);
    if (!status) maker->made = true;
    fn_free(bidder);
    fn_free(winner);
    return status;
}

static bool has_lot(const fn_maker *maker, const fn_book_award *award, uint32_t lot)
{
    for (uint32_t l = 0; l < award->lots.count; l++)
        if (maker->book->lot[award->lots.first + l] == lot) return true;
    return lot == FN_NONE || award->lots.count == 0;
}

/* An award's tender: the bidders of its competitions and, whether listed or not, the winners. */
static fn_status tender_of_award(fn_maker *maker, uint32_t a)
{
    const fn_book_award *award = &maker->book->award[maker->process->first_award + a];
    fn_crowd *winner = &maker->winner[a], *bidders = &maker->bidders;
    fn_status status = fn_crowd_fill(maker, &award->buyers, true, &maker->buyers);
    bidders->count = bidders->anonymous = 0;
    bool bids_known = false;
    for (size_t i = 0; i < maker->entries && !status; i++)
        if (has_lot(maker, award, maker->entry[i].lot)) {
            bids_known = bids_known || maker->entry[i].bid < maker->bids;
            status = fn_crowd_add(maker, bidders, maker->entry[i].who);
        }
    /* The buyer itself among the winners is no choice by tender. */
    size_t kept = 0;
    for (size_t i = 0; i < winner->count; i++)
        if (!fn_crowd_has(&maker->buyers, winner->who[i])) winner->who[kept++] = winner->who[i];
    winner->count = kept;
    for (size_t i = 0; i < winner->count && !status; i++) status = fn_crowd_add(maker, bidders, winner->who[i]);
    fn_crowd_sort(bidders);
    return status ? status : add_tender(maker, &award->buyers, bidders, winner, bids_known, award);
}

static bool covered(const fn_maker *maker, uint32_t lot)
{
    size_t first = maker->process->first_award;
    for (uint32_t a = 0; a < maker->process->awards; a++)
        if (maker->award_kept[a] && has_lot(maker, &maker->book->award[first + a], lot)) return true;
    return false;
}

static fn_status tender_without_award(fn_maker *maker, const fn_entry *entry, size_t count)
{
    fn_crowd *bidders = &maker->bidders, nobody = { 0 };
    bidders->count = bidders->anonymous = 0;
    fn_status status = FN_OK;
    for (size_t i = 0; i < count && !status; i++) {
        uint32_t firm;
        status = fn_crowd_add(maker, bidders, entry[i].who);
        if (!status) status = fn_maker_firm(maker, entry[i].who, FN_ROLE_TENDERER, &firm);
    }
    fn_crowd_sort(bidders);
    return status ? status : add_tender(maker, &maker->process->buyers, bidders, &nobody, true, NULL);
}

fn_status fn_maker_compete(fn_maker *maker)
{
    bool has_lots;
    fn_status status = enter_bids(maker, &has_lots);
    if (!status) status = enter_winners(maker, has_lots);
    for (size_t first = 0, end; first < maker->entries && !status; first = end) {
        end = end_of(maker, first);
        status = cobid(maker, maker->entry + first, end - first);
    }
    for (uint32_t a = 0; a < maker->process->awards && !status; a++)
        if (maker->award_kept[a]) status = tender_of_award(maker, a);
    for (size_t first = 0, end; first < maker->entries && !status; first = end) {
        end = end_of(maker, first);
        if (!covered(maker, maker->entry[first].lot))
            status = tender_without_award(maker, maker->entry + first, end - first);
    }
    return status;
}
