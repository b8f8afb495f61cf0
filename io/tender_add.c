/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "graph/text.h"
#include "io/tender_book.h"

/* What of a process goes into the book: effective awards, contracts without award, bids, subcontracts. */

static const fn_words no_words = { 0 };

static bool is_cancelled(const fn_process *process)
{
    return fn_state_of(process->tender_status) == FN_STATE_CANCELLED;
}

static fn_status add_lots(fn_run *run, fn_tender_book *book, const fn_words *lot, size_t count, fn_lots *lots)
{
    *lots = (fn_lots) { book->lots, (uint32_t) count };
    uint32_t *grown = fn_grow(run, book->lot, &book->lot_capacity, book->lots + count, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    book->lot = grown;
    fn_status status = FN_OK;
    for (size_t i = 0; i < count && !status; i++) status = fn_book_text(run, book, lot[i], &grown[book->lots++]);
    return status;
}

static fn_status push_award(fn_run *run, fn_tender_book *book, const fn_book_award *award)
{
    fn_book_award *grown = fn_grow(run, book->award, &book->award_capacity, book->awards + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    book->award = grown;
    grown[book->awards++] = *award;
    return FN_OK;
}

/* An award without supplier at all: its money is nobody's. */
static fn_status leave_no_supplier(fn_run *run, fn_import *import, const fn_process *process, const fn_award *award,
                                   const fn_award_worth *worth)
{
    fn_status status = fn_book_money(run, import, "counted", worth->currency, worth->value);
    if (!status) status = fn_book_money(run, import, "no_supplier", worth->currency, worth->value);
    return status ? status : fn_book_reject(run, import, process, "award", "no_supplier",
                                            "the award names no supplier", award->id);
}

static fn_status add_award(fn_run *run, fn_import *import, const fn_parties *parties, const fn_process_money *money,
                           uint32_t a, fn_book_process *of)
{
    const fn_process *process = parties->process;
    const fn_award *award = &process->award[a];
    fn_tender_book *book = import->book;
    fn_award_worth worth;
    fn_status status = fn_book_count(run, import, process, "award", FN_READ, "", "", no_words);
    if (!status) status = fn_award_weigh(run, import, process, money, a, &worth);
    if (!status)
        status = fn_book_money(run, import, worth.reason ? "left_out" : "awarded", worth.awarded_currency,
                               worth.awarded);
    if (status) return status;
    if (worth.reason) {
        const char *ignored;
        of->left_out = of->left_out || fn_outside_period(import->options, worth.day, &ignored);
        return fn_book_count(run, import, process, "award", FN_REJECTED, worth.reason, worth.text, award->id);
    }
    if (!award->suppliers) return leave_no_supplier(run, import, process, award, &worth);

    fn_book_award kept = {
        .value = worth.value, .currency = worth.currency, .product = worth.product, .day = worth.day,
        .suppliers_changed = award->suppliers_changed, .buyers = of->buyers
    };
    bool lead = false;
    status = fn_book_text(run, book, award->id, &kept.id);
    if (!status)
        status = fn_parties_members(run, import, parties, award->supplier, award->suppliers, &kept.suppliers, &lead);
    kept.joint = lead;
    if (!status && award->buyers) {
        fn_members own = { 0 };
        status = fn_parties_members(run, import, parties, award->buyer, award->buyers, &own, NULL);
        if (own.named) kept.buyers = own;
    }
    if (!status) status = add_lots(run, book, award->lot, award->lots, &kept.lots);
    if (!status) status = add_lots(run, book, award->bid, award->bids, &kept.bids);
    if (!status && award->suppliers_changed)
        status = fn_book_count(run, import, process, "award", FN_REMARK, "suppliers_changed",
                               "releases disagree on the suppliers; all of them count, none as partners", award->id);
    return status ? status : push_award(run, book, &kept);
}

/* A contract makes ties by itself where no award of its process does it. */
static fn_status add_contract(fn_run *run, fn_import *import, const fn_parties *parties, const fn_process_money *money,
                              uint32_t c, fn_members buyers)
{
    const fn_process *process = parties->process;
    const fn_contract *contract = &process->contract[c];
    fn_tender_book *book = import->book;
    fn_status status = fn_book_count(run, import, process, "contract", FN_READ, "", "", no_words);
    if (!status && money->counts[c])
        status = fn_book_money(run, import, "contracted", money->currency[c], money->amount[c]);
    if (status) return status;
    if (!money->counts[c])
        return fn_book_count(run, import, process, "contract", FN_REJECTED, "not_in_force",
                             "the contract is pending or cancelled", contract->id);
    if (money->linked[c])
        return fn_book_count(run, import, process, "contract", FN_MERGED, "of_award", "the contract belongs to an award",
                             contract->id);
    if (!contract->suppliers)
        return fn_book_reject(run, import, process, "contract", "orphan_contract",
                              "the contract belongs to no award and names no supplier", contract->id);
    const char *text = "the tender was cancelled or withdrawn", *reason = NULL;
    if (is_cancelled(process)) reason = "tender_cancelled";
    fn_book_award kept = { .contract = true, .buyers = buyers, .value = NAN, .currency = money->currency[c] };
    kept.day = fn_usable_day(contract->signed_day);
    if (kept.day == FN_DAY_NONE) kept.day = fn_usable_day(contract->start_day);
    if (kept.day == FN_DAY_NONE) kept.day = fn_process_day(process);
    if (!reason) reason = fn_outside_period(import->options, kept.day, &text);
    if (reason) return fn_book_count(run, import, process, "contract", FN_REJECTED, reason, text, contract->id);

    const char *basis = import->options->value_basis;
    bool wanted = !basis || strcmp(basis, "auto") == 0 || strcmp(basis, "contract") == 0;
    if (wanted && !process->framework) kept.value = money->amount[c];
    if (wanted && process->framework)
        status = fn_book_money(run, import, "framework_ceiling", money->currency[c], money->amount[c]);
    bool lead = false;
    if (!status) status = fn_book_text(run, book, contract->id, &kept.id);
    if (!status)
        status = fn_parties_members(run, import, parties, contract->supplier, contract->suppliers, &kept.suppliers,
                                    &lead);
    kept.joint = lead;
    if (!status && contract->has_buyer) {
        fn_members own = { 0 };
        status = fn_parties_members(run, import, parties, &contract->buyer, 1, &own, NULL);
        if (own.named) kept.buyers = own;
    }
    if (!status) status = fn_product_of(run, import, process, contract->item, contract->items, NULL, 0, &kept.product);
    if (!status && kept.product == FN_NONE)
        status = fn_product_of(run, import, process, process->item, process->items, NULL, 0, &kept.product);
    if (!status) status = add_lots(run, book, contract->bid, contract->bids, &kept.bids);
    return status ? status : push_award(run, book, &kept);
}

static fn_status push_bid(fn_run *run, fn_tender_book *book, const fn_book_bid *bid)
{
    fn_book_bid *grown = fn_grow(run, book->bid, &book->bid_capacity, book->bids + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    book->bid = grown;
    grown[book->bids++] = *bid;
    return FN_OK;
}

static fn_status add_bid(fn_run *run, fn_import *import, const fn_parties *parties, const fn_bid *bid)
{
    const fn_process *process = parties->process;
    fn_book_bid kept = { .day = fn_usable_day(bid->day) };
    fn_status status = fn_book_count(run, import, process, "bid", FN_READ, "", "", no_words);
    if (status) return status;
    const char *reason = NULL;
    if (fn_words_say(bid->status, "withdrawn")) reason = "withdrawn";
    else if (fn_words_say(bid->status, "invited")) reason = "invited";
    else if (fn_words_say(bid->submission, "expressionofinterest")) reason = "expression_of_interest";
    if (reason)
        return fn_book_count(run, import, process, "bid", FN_REJECTED, reason,
                             "no bid: withdrawn, only invited, or only interested", bid->id);
    status = fn_parties_members(run, import, parties, bid->tenderer, bid->tenderers, &kept.tenderers, NULL);
    if (!status && !kept.tenderers.named)
        return fn_book_count(run, import, process, "bid", FN_REJECTED, "anonymous",
                             "the tenderers have neither identifier nor name", bid->id);
    if (!status) status = fn_book_text(run, import->book, bid->id, &kept.id);
    if (!status) status = add_lots(run, import->book, bid->lot, bid->lots, &kept.lots);
    if (!status) status = push_bid(run, import->book, &kept);
    return status ? status : fn_book_count(run, import, process, "bid", FN_KEPT, "", "", no_words);
}

/* Tenderers without bids: each stands for a bid of its own. */
static fn_status add_listed(fn_run *run, fn_import *import, const fn_parties *parties, const fn_party *tenderer)
{
    const fn_process *process = parties->process;
    fn_book_bid kept = { .listed = true, .id = FN_NONE, .day = FN_DAY_NONE };
    fn_status status = fn_book_count(run, import, process, "tenderer", FN_READ, "", "", no_words);
    if (!status) status = fn_parties_members(run, import, parties, tenderer, 1, &kept.tenderers, NULL);
    if (!status && !kept.tenderers.named)
        return fn_book_count(run, import, process, "tenderer", FN_REJECTED, "anonymous",
                             "the tenderer has neither identifier nor name", tenderer->id);
    if (!status) status = push_bid(run, import->book, &kept);
    return status ? status : fn_book_count(run, import, process, "tenderer", FN_KEPT, "", "", no_words);
}

/* Bids and tenderers of a competition that is left out as a whole. */
static fn_status leave_bids(fn_run *run, fn_import *import, const fn_process *process, const char *reason,
                            const char *text)
{
    const struct { const char *unit; size_t count; } part[] = {
        { "bid", process->bids }, { "tenderer", process->bids ? 0 : process->tenderers },
        { "subcontract", process->subs }
    };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        for (size_t k = 0; k < part[i].count; k++) {
            fn_status status = fn_book_count(run, import, process, part[i].unit, FN_READ, "", "", no_words);
            if (!status)
                status = fn_book_count(run, import, process, part[i].unit, FN_REJECTED, reason, text, no_words);
            if (status) return status;
        }
    return FN_OK;
}

static fn_status add_sub(fn_run *run, fn_import *import, const fn_parties *parties, const fn_subcontract_event *event)
{
    fn_tender_book *book = import->book;
    fn_book_sub kept = { .bid = FN_NONE, .award = FN_NONE, .value = NAN };
    fn_status status = fn_book_count(run, import, parties->process, "subcontract", FN_READ, "", "", no_words);
    if (!status) status = fn_parties_members(run, import, parties, &event->subcontractor, 1, &kept.sub, NULL);
    if (!status && !kept.sub.named)
        return fn_book_count(run, import, parties->process, "subcontract", FN_REJECTED, "anonymous",
                             "the subcontractor has neither identifier nor name", no_words);
    if (!status) status = fn_parties_members(run, import, parties, event->main, event->mains, &kept.mains, NULL);
    if (!status && event->bid.length) status = fn_book_text(run, book, event->bid, &kept.bid);
    if (!status && event->award.length) status = fn_book_text(run, book, event->award, &kept.award);
    if (!status) status = fn_book_currency(run, book, event->value.currency, &kept.currency);
    if (isfinite(event->value.amount) && event->value.amount != 0) kept.value = event->value.amount;
    if (status) return status;
    fn_book_sub *grown = fn_grow(run, book->sub, &book->sub_capacity, book->subs + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    book->sub = grown;
    grown[book->subs++] = kept;
    return FN_OK;
}

/* ---- a process ---- */

/* When the competition took place: the first of its awards, else bids, end of tender, release. */
static void date_competition(const fn_tender_book *book, const fn_process *process, fn_book_process *kept)
{
    kept->day = FN_DAY_NONE;
    for (size_t a = kept->first_award; a < book->awards; a++) {
        int32_t day = book->award[a].day;
        if (day != FN_DAY_NONE && (kept->day == FN_DAY_NONE || day < kept->day)) kept->day = day;
    }
    if (kept->day == FN_DAY_NONE) kept->day = fn_process_day(process);
}

static fn_status add_bids(fn_run *run, fn_import *import, const fn_parties *parties, const fn_book_process *kept)
{
    const fn_process *process = parties->process;
    const char *text = "the tender was cancelled or withdrawn";
    const char *reason = is_cancelled(process) ? "tender_cancelled" : NULL;
    bool awarded = import->book->awards > kept->first_award;
    if (!reason && !awarded) reason = fn_outside_period(import->options, kept->day, &text);
    if (!reason && !awarded && kept->left_out) {
        reason = "outside_period";
        text = "the record is outside the period that was asked for";
    }
    if (reason) return leave_bids(run, import, process, reason, text);
    fn_status status = FN_OK;
    for (size_t b = 0; b < process->bids && !status; b++) status = add_bid(run, import, parties, &process->bid[b]);
    for (size_t t = 0; t < process->tenderers && !process->bids && !status; t++)
        status = add_listed(run, import, parties, &process->tenderer[t]);
    for (size_t s = 0; s < process->subs && !status; s++) status = add_sub(run, import, parties, &process->sub[s]);
    return status;
}

static fn_status add_parts(fn_run *run, fn_import *import, const fn_parties *parties, const fn_process_money *money,
                           fn_book_process *kept)
{
    const fn_process *process = parties->process;
    fn_tender_book *book = import->book;
    fn_status status = FN_OK;
    if (process->awards || process->contracts || process->bids || process->tenderers)
        status = fn_parties_buyers(run, import, parties, &kept->buyers);
    for (uint32_t a = 0; a < process->awards && !status; a++)
        status = add_award(run, import, parties, money, a, kept);
    for (uint32_t c = 0; c < process->contracts && !status; c++)
        status = add_contract(run, import, parties, money, c, kept->buyers);
    date_competition(book, process, kept);
    if (!status) status = add_bids(run, import, parties, kept);
    kept->awards = (uint32_t) (book->awards - kept->first_award);
    kept->bids = (uint32_t) (book->bids - kept->first_bid);
    kept->subs = (uint32_t) (book->subs - kept->first_sub);
    if (!status)
        status = fn_product_of(run, import, process, process->item, process->items, NULL, 0, &kept->product);
    fn_item whole = { .scheme = process->code_scheme, .code = process->code, .quantity = NAN, .unit.amount = NAN };
    if (!status && kept->product == FN_NONE)
        status = fn_product_of(run, import, process, &whole, 1, NULL, 0, &kept->product);
    return status;
}

/* A process that can make no tie is only counted. */
static fn_status push_process(fn_run *run, fn_import *import, const fn_process *process, const fn_book_process *kept)
{
    fn_tender_book *book = import->book;
    if (is_cancelled(process))
        return fn_book_count(run, import, process, "process", FN_REJECTED, "tender_cancelled",
                             "the tender was cancelled or withdrawn", no_words);
    if (!process->awards && !process->contracts && !kept->bids)
        return fn_book_count(run, import, process, "process", FN_REJECTED, "no_award",
                             "a tender without award and without named bidders", no_words);
    fn_book_process *grown = fn_grow(run, book->process, &book->process_capacity, book->processes + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    book->process = grown;
    grown[book->processes++] = *kept;
    return FN_OK;
}

fn_status fn_tender_add(fn_run *run, fn_import *import, const fn_process *process)
{
    fn_parties parties = { 0 };
    fn_process_money money = { 0 };
    fn_status status = fn_book_open(run, import);
    if (status) return status;
    fn_tender_book *book = import->book;
    fn_words file = { process->file ? process->file : "", process->file ? strlen(process->file) : 0 };
    fn_book_process kept = {
        .line = process->line, .first_award = book->awards, .first_bid = book->bids,
        .first_sub = book->subs
    };
    /* Every process has its number, whether it is kept or not: it tells processes apart for the identity of firms. */
    uint32_t number = book->process_number++;
    status = fn_book_count(run, import, process, "process", FN_READ, "", "", no_words);
    if (!status) status = fn_book_text(run, book, process->ocid, &kept.ocid);
    if (!status) status = fn_book_text(run, book, file, &kept.file);
    if (!status) status = fn_parties_make(run, process, number, &parties);
    if (!status) status = fn_process_money_make(run, import, process, &money);
    if (!status) status = add_parts(run, import, &parties, &money, &kept);
    if (!status) status = push_process(run, import, process, &kept);
    fn_process_money_free(&money);
    fn_parties_free(&parties);
    return status;
}
