/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "graph/text.h"
#include "io/tender_book.h"

fn_state fn_state_of(fn_words status)
{
    static const struct { const char *word; fn_state state; } row[] = {
        { "active", FN_STATE_ACTIVE },         { "pending", FN_STATE_PENDING },
        { "cancelled", FN_STATE_CANCELLED },   { "canceled", FN_STATE_CANCELLED },
        { "withdrawn", FN_STATE_CANCELLED },   { "unsuccessful", FN_STATE_UNSUCCESSFUL },
        { "terminated", FN_STATE_TERMINATED }, { "complete", FN_STATE_TERMINATED }
    };
    if (fn_words_empty(status)) return FN_STATE_MISSING;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (fn_words_say(status, row[i].word)) return row[i].state;
    return FN_STATE_OTHER;
}

static fn_status remark(fn_run *run, fn_import *import, const fn_process *process, const char *unit, const char *reason,
                        const char *text, fn_words id)
{
    return fn_book_count(run, import, process, unit, FN_REMARK, reason, text, id);
}

int32_t fn_usable_day(int32_t day)
{
    static const int32_t first = 7305, last = 29219; /* 1990-01-01 … 2049-12-31 */
    return day != FN_DAY_NONE && day >= first && day <= last ? day : FN_DAY_NONE;
}

/* ---- is it effective? ---- */

static bool lots_failed(const fn_process *process, const fn_award *award)
{
    size_t failed = 0;
    for (size_t i = 0; i < award->lots; i++)
        for (size_t l = 0; l < process->lots; l++)
            if (fn_words_equal(process->lot[l].id, award->lot[i])) {
                fn_state is = fn_state_of(process->lot[l].status);
                failed += is == FN_STATE_CANCELLED || is == FN_STATE_UNSUCCESSFUL;
                break;
            }
    return award->lots && failed == award->lots;
}

static fn_status judge(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                       uint32_t a, fn_award_worth *worth)
{
    const fn_award *award = &process->award[a];
    fn_state is = fn_state_of(award->status);
    size_t links;
    const fn_contract_link *link = fn_links_of(money, a, &links);
    bool signed_contract = false;
    for (size_t i = 0; i < links; i++) {
        fn_state of_contract = fn_state_of(process->contract[link[i].contract].status);
        signed_contract = signed_contract || of_contract == FN_STATE_ACTIVE || of_contract == FN_STATE_TERMINATED;
    }
    fn_status status = FN_OK;
    if (fn_state_of(process->tender_status) == FN_STATE_CANCELLED) {
        worth->reason = "tender_cancelled";
        worth->text = "the tender was cancelled or withdrawn";
    } else if (lots_failed(process, award)) {
        worth->reason = "lot_cancelled";
        worth->text = "every lot of the award was cancelled or unsuccessful";
    } else if (is == FN_STATE_CANCELLED) {
        worth->reason = "cancelled";
        worth->text = "the award was cancelled";
    } else if (is == FN_STATE_UNSUCCESSFUL) {
        worth->reason = "unsuccessful";
        worth->text = "the award was unsuccessful";
    } else if (is == FN_STATE_PENDING && signed_contract) {
        status = remark(run, import, process, "award", "pending_with_contract",
                        "a pending award counts because a contract of it is active or terminated", award->id);
    } else if (is == FN_STATE_PENDING && !import->options->include_pending) {
        worth->reason = "pending";
        worth->text = "the award is pending and has no contract yet (--include-pending counts it)";
    } else if (is == FN_STATE_OTHER) {
        status = remark(run, import, process, "award", "status_unknown",
                        "a status that is not in the standard's list is taken as missing", award->status);
    } else if (is == FN_STATE_MISSING) {
        status = remark(run, import, process, "award", "status_assumed",
                        "an award without status counts as active", award->id);
    }
    return status;
}

/* ---- time ---- */

int32_t fn_process_day(const fn_process *process)
{
    int32_t day = FN_DAY_NONE;
    for (size_t b = 0; b < process->bids; b++) {
        int32_t of_bid = fn_usable_day(process->bid[b].day);
        if (of_bid != FN_DAY_NONE && (day == FN_DAY_NONE || of_bid < day)) day = of_bid;
    }
    if (day == FN_DAY_NONE) day = fn_usable_day(process->tender_end_day);
    return day != FN_DAY_NONE ? day : fn_usable_day(process->release_day);
}

static fn_status date(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                      uint32_t a, int32_t *day)
{
    const fn_award *award = &process->award[a];
    *day = fn_usable_day(award->day);
    if (award->day != FN_DAY_NONE && *day == FN_DAY_NONE) {
        fn_status status = remark(run, import, process, "award", "date_out_of_range",
                                  "a date outside 1990 to 2049 is taken as missing", award->id);
        if (status) return status;
    }
    size_t links;
    const fn_contract_link *link = fn_links_of(money, a, &links);
    for (int start = 0; start < 2 && *day == FN_DAY_NONE; start++)
        for (size_t i = 0; i < links; i++) {
            const fn_contract *contract = &process->contract[link[i].contract];
            int32_t other = fn_usable_day(start ? contract->start_day : contract->signed_day);
            if (other != FN_DAY_NONE && (*day == FN_DAY_NONE || other < *day)) *day = other;
        }
    if (*day != FN_DAY_NONE) return FN_OK;
    *day = fn_process_day(process);
    return *day == FN_DAY_NONE ? FN_OK
         : remark(run, import, process, "award", "date_assumed",
                  "an award without date of its own or of a contract takes that of bids, tender or release", award->id);
}

const char *fn_outside_period(const fn_read_options *options, int32_t day, const char **text)
{
    bool open = options->since == 0 && options->until == 0; /* never set */
    int32_t since = open ? FN_DAY_NONE : options->since, until = open ? FN_DAY_NONE : options->until;
    if (since == FN_DAY_NONE && until == FN_DAY_NONE) return NULL;
    *text = "the record has no date, and a period was asked for";
    if (day == FN_DAY_NONE) return "undated";
    *text = "the record is outside the period that was asked for";
    return (since != FN_DAY_NONE && day < since) || (until != FN_DAY_NONE && day > until) ? "outside_period" : NULL;
}

/* ---- product ---- */

/* CPV as eight digits, without check digit, zeros in front put back; of other schemes "SCHEME:code" as they stand. */
static fn_status put_code(fn_run *run, fn_words scheme, fn_words code, fn_bytes *out)
{
    fn_bytes_clear(out);
    if (!fn_words_say(scheme, "cpv")) {
        fn_status status = fn_bytes_add(run, out, scheme.bytes, scheme.length);
        if (!status && scheme.length) status = fn_bytes_text(run, out, ":");
        return status ? status : fn_bytes_add(run, out, code.bytes, code.length);
    }
    size_t digits = 0;
    while (digits < code.length && code.bytes[digits] >= '0' && code.bytes[digits] <= '9') digits++;
    bool whole = digits >= 7 && (digits == code.length || code.bytes[digits] == '-');
    fn_status status = whole && digits == 7 ? fn_bytes_text(run, out, "0") : FN_OK;
    return status ? status : fn_bytes_add(run, out, code.bytes, whole && digits > 8 ? 8 : whole ? digits : code.length);
}

static bool item_of_lots(const fn_item *item, const fn_words *lot, size_t lots)
{
    for (size_t l = 0; l < lots; l++)
        if (fn_words_equal(item->lot, lot[l])) return true;
    return lots == 0;
}

typedef struct code_money { uint32_t code; double amount; } code_money;

static int by_code(const void *left, const void *right)
{
    const code_money *a = left, *b = right;
    return (a->code > b->code) - (a->code < b->code);
}

/* The code with most money; where an item has none, the first in byte order. */
static uint32_t dearest(const fn_names *texts, code_money *row, size_t rows)
{
    bool priced = true;
    if (rows > 1) qsort(row, rows, sizeof *row, by_code);
    size_t kept = 0;
    for (size_t i = 0; i < rows; i++) {
        priced = priced && isfinite(row[i].amount);
        if (kept && row[kept - 1].code == row[i].code) row[kept - 1].amount += row[i].amount;
        else row[kept++] = row[i];
    }
    size_t best = 0;
    for (size_t i = 1; i < kept; i++) {
        bool earlier = strcmp(fn_names_text(texts, row[i].code, NULL), fn_names_text(texts, row[best].code, NULL)) < 0;
        bool equal = !priced || !(row[i].amount < row[best].amount || row[i].amount > row[best].amount);
        if (equal ? earlier : row[i].amount > row[best].amount) best = i;
    }
    return row[best].code;
}

fn_status fn_product_of(fn_run *run, fn_import *import, const fn_process *process, const fn_item *item, size_t items,
                        const fn_words *lot, size_t lots, uint32_t *product)
{
    (void) process;
    *product = FN_NONE;
    code_money *row = fn_alloc(run, items, sizeof *row);
    if (!row) return FN_ENOMEM;
    fn_bytes code = { 0 };
    size_t rows = 0;
    fn_status status = FN_OK;
    for (size_t i = 0; i < items && !status; i++) {
        /* CPVS is the supplementary vocabulary: it qualifies products, it names none. */
        if (fn_words_empty(item[i].code) || fn_words_say(item[i].scheme, "cpvs") || !item_of_lots(&item[i], lot, lots))
            continue;
        row[rows].amount = item[i].quantity * item[i].unit.amount;
        status = put_code(run, item[i].scheme, item[i].code, &code);
        if (!status) status = fn_names_add(run, import->book->texts, code.text, code.length, &row[rows].code, NULL);
        rows++;
    }
    if (!status && rows) *product = dearest(import->book->texts, row, rows);
    fn_bytes_free(&code);
    fn_free(row);
    return status;
}

static fn_status name_product(fn_run *run, fn_import *import, const fn_process *process, const fn_award *award,
                              uint32_t *product)
{
    fn_status status = fn_product_of(run, import, process, award->item, award->items, NULL, 0, product);
    if (!status && *product == FN_NONE && award->lots)
        status = fn_product_of(run, import, process, process->item, process->items, award->lot, award->lots, product);
    if (!status && *product == FN_NONE)
        status = fn_product_of(run, import, process, process->item, process->items, NULL, 0, product);
    fn_item whole = { .scheme = process->code_scheme, .code = process->code, .quantity = NAN, .unit.amount = NAN };
    if (!status && *product == FN_NONE) status = fn_product_of(run, import, process, &whole, 1, NULL, 0, product);
    return status;
}

fn_status fn_award_weigh(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                         uint32_t a, fn_award_worth *worth)
{
    const fn_award *award = &process->award[a];
    *worth = (fn_award_worth) { .value = NAN, .product = FN_NONE, .day = FN_DAY_NONE };
    fn_status status = fn_stated(run, import, process, "award", award->value, award->id, &worth->awarded);
    if (!status) status = fn_book_currency(run, import->book, award->value.currency, &worth->awarded_currency);
    if (!status) status = judge(run, import, process, money, a, worth);
    if (!status) status = date(run, import, process, money, a, &worth->day);
    if (!status && !worth->reason) worth->reason = fn_outside_period(import->options, worth->day, &worth->text);
    if (status || worth->reason) return status;
    status = fn_award_value(run, import, process, money, a, worth);
    return status ? status : name_product(run, import, process, award, &worth->product);
}
