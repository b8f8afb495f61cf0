/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "graph/sum.h"
#include "io/tender_book.h"

static fn_status remark(fn_run *run, fn_import *import, const fn_process *process, const char *unit, const char *reason,
                        const char *text, fn_words id)
{
    return fn_book_count(run, import, process, unit, FN_REMARK, reason, text, id);
}

double fn_share(double amount, size_t parts, size_t place)
{
    int64_t units;
    if (parts < 2) return amount;
    if (!fn_units_from_real(amount, &units)) return amount / (double) parts;
    int64_t part = units / (int64_t) parts;
    return fn_units_to_real(place == 0 ? units - part * (int64_t) (parts - 1) : part);
}

/* An amount as stated: NaN where there is none, zero (a placeholder) or one that is no number. */
fn_status fn_stated(fn_run *run, fn_import *import, const fn_process *process, const char *unit, fn_money money,
                        fn_words id, double *amount)
{
    *amount = isfinite(money.amount) && money.amount != 0 ? money.amount : NAN;
    if (money.amount == 0)
        return remark(run, import, process, unit, "zero_amount", "an amount of zero is taken as not stated", id);
    if (money.amount < 0)
        return remark(run, import, process, unit, "negative_amount",
                      "a negative amount (the supplier pays, or a correction) is kept with its sign", id);
    return FN_OK;
}

/* ---- contracts ---- */

/* Without a value of its own a contract is worth the bids that it settles. */
static fn_status value_of_bids(fn_run *run, fn_import *import, const fn_process *process, const fn_contract *contract,
                               double *amount, uint32_t *currency)
{
    fn_sum sum = { 0 };
    fn_status status = FN_OK;
    for (size_t i = 0; i < contract->bids && !status; i++)
        for (size_t b = 0; b < process->bids && !status; b++) {
            const fn_bid *bid = &process->bid[b];
            if (!fn_words_equal(bid->id, contract->bid[i]) || !isfinite(bid->value.amount) || bid->value.amount == 0)
                continue;
            uint32_t other;
            status = fn_book_currency(run, import->book, bid->value.currency, &other);
            if (sum.terms && other != *currency) return status;
            *currency = other;
            fn_sum_add(&sum, bid->value.amount);
        }
    if (sum.terms) *amount = fn_sum_value(&sum);
    return status;
}

static fn_status weigh_contract(fn_run *run, fn_import *import, const fn_process *process, size_t c,
                                fn_process_money *money)
{
    const fn_contract *contract = &process->contract[c];
    fn_state is = fn_state_of(contract->status);
    money->counts[c] = is != FN_STATE_PENDING && is != FN_STATE_CANCELLED && is != FN_STATE_UNSUCCESSFUL;
    fn_status status = FN_OK;
    if (is == FN_STATE_OTHER)
        status = remark(run, import, process, "contract", "status_unknown",
                        "a status that is not in the standard's list is taken as missing", contract->status);
    if (!status) status = fn_stated(run, import, process, "contract", contract->value, contract->id, &money->amount[c]);
    if (!status) status = fn_book_currency(run, import->book, contract->value.currency, &money->currency[c]);
    if (!status && isnan(money->amount[c]) && contract->bids)
        status = value_of_bids(run, import, process, contract, &money->amount[c], &money->currency[c]);
    return status;
}

static int by_award(const void *left, const void *right)
{
    const fn_contract_link *a = left, *b = right;
    if (a->award != b->award) return a->award < b->award ? -1 : 1;
    return (a->contract > b->contract) - (a->contract < b->contract);
}

typedef struct id_place { fn_words id; uint32_t award; } id_place;

static int by_id(const void *left, const void *right)
{
    const id_place *a = left, *b = right;
    size_t length = a->id.length < b->id.length ? a->id.length : b->id.length;
    int order = length ? memcmp(a->id.bytes, b->id.bytes, length) : 0;
    if (order) return order;
    if (a->id.length != b->id.length) return a->id.length < b->id.length ? -1 : 1;
    return (a->award > b->award) - (a->award < b->award);
}

static bool find_award(const id_place *sorted, size_t count, fn_words id, uint32_t *award)
{
    size_t low = 0, high = count;
    id_place wanted = { id, 0 };
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_id(&sorted[middle], &wanted) < 0) low = middle + 1;
        else high = middle;
    }
    if (low == count || !fn_words_equal(sorted[low].id, id)) return false;
    *award = sorted[low].award;
    return true;
}

/* The awards that a contract names and that exist; a contract that names none belongs to the only award there is. */
static fn_status link_contract(fn_run *run, fn_import *import, const fn_process *process, const id_place *sorted,
                               uint32_t c, fn_process_money *money)
{
    const fn_contract *contract = &process->contract[c];
    size_t first = money->links;
    bool only = !contract->awards && process->awards == 1;
    for (size_t i = 0; i < contract->awards + only; i++) {
        uint32_t award = 0;
        if (!only && !find_award(sorted, process->awards, contract->award[i], &award)) continue;
        bool twice = false;
        for (size_t k = first; k < money->links; k++) twice = twice || money->link[k].award == award;
        if (twice) continue;
        fn_contract_link *grown = fn_grow(run, money->link, &money->capacity, money->links + 1, sizeof *grown);
        if (!grown) return FN_ENOMEM;
        money->link = grown;
        grown[money->links] = (fn_contract_link) { award, c, (uint32_t) (money->links - first), 0 };
        money->links++;
    }
    for (size_t k = first; k < money->links; k++) money->link[k].places = (uint32_t) (money->links - first);
    money->linked[c] = money->links > first;
    return only ? remark(run, import, process, "contract", "award_assumed",
                         "a contract that names no award belongs to the only award of its process", contract->id)
                : FN_OK;
}

fn_status fn_process_money_make(fn_run *run, fn_import *import, const fn_process *process, fn_process_money *money)
{
    *money = (fn_process_money) { 0 };
    size_t contracts = process->contracts;
    id_place *sorted = fn_alloc(run, process->awards, sizeof *sorted);
    money->counts = fn_alloc(run, contracts, sizeof *money->counts);
    money->amount = fn_alloc(run, contracts, sizeof *money->amount);
    money->currency = fn_alloc(run, contracts, sizeof *money->currency);
    money->linked = fn_alloc(run, contracts, sizeof *money->linked);
    fn_status status = FN_ENOMEM;
    if (!sorted || !money->counts || !money->amount || !money->currency || !money->linked) goto done;
    for (size_t a = 0; a < process->awards; a++) sorted[a] = (id_place) { process->award[a].id, (uint32_t) a };
    if (process->awards > 1) qsort(sorted, process->awards, sizeof *sorted, by_id);
    status = FN_OK;
    for (uint32_t c = 0; c < contracts && !status; c++) {
        status = weigh_contract(run, import, process, c, money);
        if (!status) status = link_contract(run, import, process, sorted, c, money);
    }
    if (money->links > 1) qsort(money->link, money->links, sizeof *money->link, by_award);
done:
    fn_free(sorted);
    if (status) fn_process_money_free(money);
    return status;
}

void fn_process_money_free(fn_process_money *money)
{
    fn_free(money->link);
    fn_free(money->counts);
    fn_free(money->amount);
    fn_free(money->currency);
    fn_free(money->linked);
    *money = (fn_process_money) { 0 };
}

/* Links of one award. */
const fn_contract_link *fn_links_of(const fn_process_money *money, uint32_t award, size_t *count)
{
    size_t low = 0, high = money->links;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (money->link[middle].award < award) low = middle + 1;
        else high = middle;
    }
    *count = 0;
    while (low + *count < money->links && money->link[low + *count].award == award) ++*count;
    return *count ? money->link + low : NULL;
}

/* ---- value ---- */

/* What its contracts add up to, in the currency of the award if one of them has it, else of the first with an
 * amount. */
static fn_status contracts_of(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                              uint32_t a, uint32_t preferred, double *value, uint32_t *currency)
{
    size_t links;
    const fn_contract_link *link = fn_links_of(money, a, &links);
    fn_sum sum = { 0 };
    bool found = false, mixed = false;
    *value = NAN;
    for (size_t i = 0; i < links; i++) {
        uint32_t c = link[i].contract;
        if (!money->counts[c] || isnan(money->amount[c])) continue;
        mixed = mixed || (found && money->currency[c] != *currency);
        if (!found || money->currency[c] == preferred) *currency = money->currency[c];
        found = true;
    }
    for (size_t i = 0; i < links && found; i++) {
        uint32_t c = link[i].contract;
        if (!money->counts[c] || isnan(money->amount[c])) continue;
        double share = fn_share(money->amount[c], link[i].places, link[i].place);
        if (money->currency[c] == *currency) fn_sum_add(&sum, share);
        else if (mixed) {
            fn_status status = fn_book_money(run, import, "contracts_left_out", money->currency[c], share);
            if (status) return status;
        }
    }
    if (found) *value = fn_sum_value(&sum);
    return mixed ? remark(run, import, process, "award", "contracts_in_several_currencies",
                          "contracts of one award in several currencies: only those of one are counted",
                          process->award[a].id)
                 : FN_OK;
}

fn_status fn_award_value(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                       uint32_t a, fn_award_worth *worth)
{
    const fn_award *award = &process->award[a];
    const char *basis = import->options->value_basis ? import->options->value_basis : "auto";
    worth->value = NAN;
    worth->currency = worth->awarded_currency;
    if (strcmp(basis, "none") == 0) return FN_OK;
    double contracts = NAN;
    uint32_t currency = worth->currency;
    fn_status status = FN_OK;
    if (strcmp(basis, "award") != 0)
        status = contracts_of(run, import, process, money, a, worth->awarded_currency, &contracts, &currency);
    if (status) return status;
    bool by_contract = !isnan(contracts);
    if (by_contract) {
        worth->value = contracts;
        worth->currency = currency;
    } else if (strcmp(basis, "contract") != 0) {
        worth->value = worth->awarded;
    }
    if (process->framework && !isnan(worth->value)) {
        status = fn_book_money(run, import, "framework_ceiling", worth->currency, worth->value);
        worth->value = NAN;
        return status ? status : remark(run, import, process, "award", "framework_ceiling",
                                        "the value of a framework agreement is a ceiling, not spending", award->id);
    }
    if (!by_contract || isnan(worth->awarded)) return FN_OK;
    if (currency != worth->awarded_currency)
        return remark(run, import, process, "award", "currency_differs",
                      "award and contract state different currencies; the contract counts", award->id);
    double ratio = contracts / worth->awarded;
    return ratio < 0.5 || ratio > 1.5
         ? remark(run, import, process, "award", "value_mismatch",
                  "the contracts come to less than half or more than one and a half of their award", award->id)
         : FN_OK;
}
