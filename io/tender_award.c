/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "graph/sum.h"
#include "graph/text.h"
#include "io/tender_book.h"

typedef enum state { ACTIVE, PENDING, CANCELLED, UNSUCCESSFUL, TERMINATED, MISSING, OTHER } state;

static state state_of(fn_words status)
{
    static const struct { const char *word; state state; } row[] = {
        { "active", ACTIVE }, { "pending", PENDING }, { "cancelled", CANCELLED }, { "canceled", CANCELLED },
        { "unsuccessful", UNSUCCESSFUL }, { "terminated", TERMINATED }, { "complete", TERMINATED },
        { "withdrawn", CANCELLED }
    };
    if (fn_words_empty(status)) return MISSING;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (fn_words_say(status, row[i].word)) return row[i].state;
    return OTHER;
}

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

int32_t fn_usable_day(int32_t day)
{
    static const int32_t first = 7305, last = 29219; /* 1990-01-01 … 2049-12-31 */
    return day != FN_DAY_NONE && day >= first && day <= last ? day : FN_DAY_NONE;
}

/* An amount as stated: NaN where there is none, zero (a placeholder) or one that is no number. */
static fn_status stated(fn_run *run, fn_import *import, const fn_process *process, const char *unit, fn_money money,
                        fn_words id, double *amount)
{
    *amount = isfinite(money.amount) && money.amount != 0 ? money.amount : NAN;
    if (money.amount == 0)
        return remark(run, import, process, unit, "zero_amount", "an amount of zero is taken as not stated", id);
    if (money.amount < 0) {
        import->book->negatives++;
        return remark(run, import, process, unit, "negative_amount",
                      "a negative amount (the supplier pays, or a correction) is kept with its sign", id);
    }
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
    state is = state_of(contract->status);
    money->counts[c] = is != PENDING && is != CANCELLED && is != UNSUCCESSFUL;
    fn_status status = FN_OK;
    if (is == OTHER)
        status = remark(run, import, process, "contract", "status_unknown",
                        "a status that is not in the standard's list is taken as missing", contract->status);
    if (!status) status = stated(run, import, process, "contract", contract->value, contract->id, &money->amount[c]);
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
static const fn_contract_link *links_of(const fn_process_money *money, uint32_t award, size_t *count)
{
    size_t low = 0, high = money->links;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (money->link[middle].award < award) low = middle + 1;
        else high = middle;
    }
    *count = 0;
    while (low + *count < money->links && money->link[low + *count].award == award) ++*count;
    return money->link + low;
}

/* ---- is it effective? ---- */

static bool lots_failed(const fn_process *process, const fn_award *award)
{
    size_t failed = 0;
    for (size_t i = 0; i < award->lots; i++)
        for (size_t l = 0; l < process->lots; l++)
            if (fn_words_equal(process->lot[l].id, award->lot[i])) {
                state is = state_of(process->lot[l].status);
                failed += is == CANCELLED || is == UNSUCCESSFUL;
                break;
            }
    return award->lots && failed == award->lots;
}

static fn_status judge(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                       uint32_t a, fn_award_worth *worth)
{
    const fn_award *award = &process->award[a];
    state is = state_of(award->status);
    size_t links;
    const fn_contract_link *link = links_of(money, a, &links);
    bool signed_contract = false;
    for (size_t i = 0; i < links; i++) {
        state of_contract = state_of(process->contract[link[i].contract].status);
        signed_contract = signed_contract || of_contract == ACTIVE || of_contract == TERMINATED;
    }
    fn_status status = FN_OK;
    if (state_of(process->tender_status) == CANCELLED) {
        worth->reason = "tender_cancelled";
        worth->text = "the tender was cancelled or withdrawn";
    } else if (lots_failed(process, award)) {
        worth->reason = "lot_cancelled";
        worth->text = "every lot of the award was cancelled or unsuccessful";
    } else if (is == CANCELLED) {
        worth->reason = "cancelled";
        worth->text = "the award was cancelled";
    } else if (is == UNSUCCESSFUL) {
        worth->reason = "unsuccessful";
        worth->text = "the award was unsuccessful";
    } else if (is == PENDING && signed_contract) {
        status = remark(run, import, process, "award", "pending_with_contract",
                        "a pending award counts because a contract of it is active or terminated", award->id);
    } else if (is == PENDING && !import->options->include_pending) {
        worth->reason = "pending";
        worth->text = "the award is pending and has no contract yet (--include-pending counts it)";
    } else if (is == OTHER) {
        status = remark(run, import, process, "award", "status_unknown",
                        "a status that is not in the standard's list is taken as missing", award->status);
    } else if (is == MISSING) {
        status = remark(run, import, process, "award", "status_assumed",
                        "an award without status counts as active", award->id);
    }
    return status;
}

/* ---- value ---- */

/* What its contracts add up to, in the currency of the award if one of them has it, else of the first with an amount. */
static fn_status contracts_of(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
                              uint32_t a, uint32_t preferred, double *value, uint32_t *currency)
{
    size_t links;
    const fn_contract_link *link = links_of(money, a, &links);
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

static fn_status weigh(fn_run *run, fn_import *import, const fn_process *process, const fn_process_money *money,
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
    const fn_contract_link *link = links_of(money, a, &links);
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
    fn_status status = stated(run, import, process, "award", award->value, award->id, &worth->awarded);
    if (!status) status = fn_book_currency(run, import->book, award->value.currency, &worth->awarded_currency);
    if (!status) status = judge(run, import, process, money, a, worth);
    if (!status) status = date(run, import, process, money, a, &worth->day);
    if (!status && !worth->reason) worth->reason = fn_outside_period(import->options, worth->day, &worth->text);
    if (status || worth->reason) return status;
    status = weigh(run, import, process, money, a, worth);
    return status ? status : name_product(run, import, process, award, &worth->product);
}
