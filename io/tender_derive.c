/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "graph/text.h"
#include "io/tender_maker.h"

/* From the book to the net: every process in the order of ocids, then the firms and what the report says of them. */

/* ---- crowds ---- */

bool fn_crowd_has(const fn_crowd *crowd, uint32_t who)
{
    size_t low = 0, high = crowd->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (crowd->who[middle] < who) low = middle + 1;
        else high = middle;
    }
    return low < crowd->count && crowd->who[low] == who;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

void fn_crowd_sort(fn_crowd *crowd)
{
    if (crowd->count > 1) qsort(crowd->who, crowd->count, sizeof *crowd->who, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < crowd->count; i++)
        if (!kept || crowd->who[kept - 1] != crowd->who[i]) crowd->who[kept++] = crowd->who[i];
    crowd->count = kept;
}

fn_status fn_crowd_add(fn_maker *maker, fn_crowd *crowd, uint32_t who)
{
    uint32_t *grown = fn_grow(maker->run, crowd->who, &crowd->capacity, crowd->count + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    crowd->who = grown;
    grown[crowd->count++] = who;
    return FN_OK;
}

fn_status fn_crowd_fill(fn_maker *maker, const fn_members *members, bool fresh, fn_crowd *crowd)
{
    if (fresh) crowd->count = crowd->anonymous = 0;
    crowd->anonymous += members->anonymous;
    for (uint32_t i = 0; i < members->named; i++) {
        uint32_t who = fn_identity_of(maker->book->identity, maker->book->member[members->first + i]);
        if (who == FN_NONE) crowd->anonymous++;
        else if (fn_crowd_add(maker, crowd, who)) return FN_ENOMEM;
    }
    fn_crowd_sort(crowd);
    return FN_OK;
}

/* ---- into the net ---- */

fn_status fn_maker_firm(fn_maker *maker, uint32_t who, unsigned role, uint32_t *firm)
{
    fn_status status = FN_OK;
    if (maker->firm[who] == FN_NONE) {
        size_t length;
        const char *key = fn_identity_key(maker->book->identity, who, &length);
        status = fn_net_firm(maker->run, maker->import->net, key, length, &maker->firm[who]);
    }
    maker->roles[who] |= role;
    *firm = maker->firm[who];
    return status;
}

fn_status fn_maker_remark(fn_maker *maker, const char *unit, const char *reason, const char *text, int64_t count)
{
    char ocid[FN_QUOTE_TEXT];
    fn_words_plain(maker->place.ocid, ocid);
    return fn_account_count(maker->run, maker->import->account, unit, FN_REMARK, reason, text, count, maker->place.file,
                            maker->place.line, ocid);
}

fn_status fn_maker_currency(fn_maker *maker, uint32_t text, uint16_t *currency)
{
    size_t length;
    const char *name = fn_names_text(maker->book->texts, text, &length);
    return fn_net_currency(maker->run, maker->import->net, name, length, currency);
}

fn_status fn_maker_product(fn_maker *maker, uint32_t text, uint32_t *product)
{
    *product = FN_NONE;
    if (text == FN_NONE) return FN_OK;
    size_t length;
    const char *code = fn_names_text(maker->book->texts, text, &length);
    return fn_net_product(maker->run, maker->import->net, code, length, product);
}

fn_words fn_maker_text(const fn_maker *maker, uint32_t number)
{
    fn_words words;
    words.bytes = fn_names_text(maker->book->texts, number, &words.length);
    return words;
}

/* ---- a process ---- */

/* Room for what is kept of each bid and award of the process at hand. */
static fn_status make_room(fn_maker *maker, uint32_t bids, uint32_t awards)
{
    fn_crowd *bid = fn_grow(maker->run, maker->bid, &maker->bid_capacity, bids, sizeof *bid);
    if (bid) maker->bid = bid;
    int32_t *day = fn_grow(maker->run, maker->bid_day, &maker->bid_day_capacity, bids, sizeof *day);
    if (day) maker->bid_day = day;
    bool *kept = fn_grow(maker->run, maker->award_kept, &maker->award_kept_capacity, awards, sizeof *kept);
    if (kept) maker->award_kept = kept;
    fn_crowd *winner = fn_grow(maker->run, maker->winner, &maker->winner_capacity, awards, sizeof *winner);
    if (winner) maker->winner = winner;
    bool failed = (!bid && bids) || (!day && bids) || (!kept && awards) || (!winner && awards);
    return failed ? FN_ENOMEM : FN_OK;
}

static fn_status make_process(fn_maker *maker, const fn_book_process *process)
{
    fn_tender_book *book = maker->book;
    fn_words none = { 0 };
    maker->process = process;
    maker->place = (fn_process) {
        .file = fn_names_text(book->texts, process->file, NULL), .line = process->line,
        .ocid = fn_maker_text(maker, process->ocid)
    };
    maker->made = false;
    fn_status status = make_room(maker, process->bids, process->awards);
    maker->bids = process->bids;
    for (uint32_t b = 0; b < process->bids && !status; b++) {
        status = fn_crowd_fill(maker, &book->bid[process->first_bid + b].tenderers, true, &maker->bid[b]);
        maker->bid_day[b] = FN_DAY_NONE;
    }
    for (uint32_t a = 0; a < process->awards && !status; a++) {
        const fn_book_award *award = &book->award[process->first_award + a];
        status = fn_crowd_fill(maker, &award->suppliers, true, &maker->winner[a]);
        if (!status) status = fn_maker_supply(maker, award, &maker->award_kept[a]);
        if (!status) status = fn_maker_consortium(maker, award, &maker->winner[a]);
    }
    if (!status) status = fn_maker_joint_bids(maker);
    for (uint32_t s = 0; s < process->subs && !status; s++)
        status = fn_maker_subcontract(maker, &book->sub[process->first_sub + s]);
    if (!status) status = fn_maker_compete(maker);
    if (status) return status;
    return maker->made ? fn_book_count(maker->run, maker->import, &maker->place, "process", FN_KEPT, "", "", none)
                       : fn_book_count(maker->run, maker->import, &maker->place, "process", FN_REJECTED, "no_tie",
                                       "none of its awards and bids makes a tie or a tender", none);
}

/* ---- all of them ---- */

static int by_ocid(const void *left, const void *right, void *user)
{
    const fn_tender_book *book = user;
    uint32_t i = *(const uint32_t *) left, j = *(const uint32_t *) right;
    size_t a_length, b_length;
    const char *a = fn_names_text(book->texts, book->process[i].ocid, &a_length);
    const char *b = fn_names_text(book->texts, book->process[j].ocid, &b_length);
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    if (order) return order;
    if (a_length != b_length) return a_length < b_length ? -1 : 1;
    return (i > j) - (i < j);
}

/* How the suppliers on supply ties are known, and which delivers most in each currency. */
typedef struct delivery { uint32_t firm; uint16_t currency; double value; } delivery;

static int by_firm(const void *left, const void *right)
{
    const delivery *a = left, *b = right;
    if (a->currency != b->currency) return a->currency < b->currency ? -1 : 1;
    return (a->firm > b->firm) - (a->firm < b->firm);
}

static fn_status name_largest(fn_maker *maker, const delivery *all, size_t count)
{
    fn_net *net = maker->import->net;
    fn_status status = FN_OK;
    for (size_t i = 0, end; i < count && !status; i = end) {
        uint32_t largest = FN_NONE;
        double most = 0;
        for (end = i; end < count && all[end].currency == all[i].currency;) {
            fn_sum sum = { 0 };
            size_t first = end;
            for (; end < count && by_firm(&all[first], &all[end]) == 0; end++) fn_sum_add(&sum, all[end].value);
            double value = fn_sum_value(&sum);
            if (largest != FN_NONE && !(value > most)) continue;
            largest = all[first].firm;
            most = value;
        }
        const char *currency = fn_names_text(fn_net_currencies(net), all[i].currency, NULL);
        status = fn_account_count(maker->run, maker->import->account, "firm", FN_REMARK, "largest_supplier",
                                  "the supplier with most money on its supply ties (one a currency)", 1, NULL, 0,
                                  fn_names_text(fn_net_keys(net), largest, NULL));
        if (!status) status = fn_account_money(maker->run, maker->import->account, "largest_supplier", currency, most);
    }
    return status;
}

static fn_status count_suppliers(fn_maker *maker, size_t first_record, size_t records)
{
    fn_net *net = maker->import->net;
    const fn_ties *ties = fn_net_tie_rows(net);
    fn_identity *identity = maker->book->identity;
    delivery *all = fn_alloc(maker->run, records, sizeof *all);
    bool *supplies = fn_alloc(maker->run, fn_net_firms(net), sizeof *supplies);
    fn_status status = FN_ENOMEM;
    if (!all || !supplies) goto done;
    size_t priced = 0;
    for (size_t i = 0; i < records; i++) {
        const fn_tie tie = fn_ties_at(ties, first_record + i);
        if (tie.layer != FN_LAYER_SUPPLY) continue;
        supplies[tie.from] = true;
        if (!isnan(tie.value)) all[priced++] = (delivery) { tie.from, tie.currency, tie.value };
    }
    int64_t by_id = 0, by_name = 0;
    for (uint32_t w = 0; w < fn_identity_count(identity); w++) {
        if (maker->firm[w] == FN_NONE || !supplies[maker->firm[w]]) continue;
        if (fn_identity_basis(identity, w) <= FN_BASIS_LOOSE_ID) by_id++;
        else by_name++;
    }
    status = FN_OK;
    if (by_id)
        status = fn_account_count(maker->run, maker->import->account, "firm", FN_REMARK, "suppliers_by_identifier",
                                  "suppliers on supply ties that an identifier tells apart", by_id, NULL, 0, NULL);
    if (by_name && !status)
        status = fn_account_count(maker->run, maker->import->account, "firm", FN_REMARK, "suppliers_by_name",
                                  "suppliers on supply ties that only a name tells apart", by_name, NULL, 0, NULL);
    if (priced > 1) qsort(all, priced, sizeof *all, by_firm);
    if (!status) status = name_largest(maker, all, priced);
done:
    fn_free(all);
    fn_free(supplies);
    return status;
}

static fn_status describe_firms(fn_maker *maker)
{
    fn_status status = FN_OK;
    uint32_t count = fn_identity_count(maker->book->identity);
    for (uint32_t w = 0; w < count && !status; w++) {
        if (maker->firm[w] == FN_NONE) continue;
        status = fn_identity_describe(maker->run, maker->book->identity, w, maker->roles[w], maker->import->net,
                                      maker->firm[w]);
        if (!status && w % 1024 == 0) status = fn_progress(maker->run, "describing firms", (double) w / count);
    }
    return status;
}

/* The currencies of awards in words, where there are several. */
static void warn_of_currencies(fn_maker *maker)
{
    const fn_account *account = maker->import->account;
    char list[160] = "";
    size_t length = 0, count = 0;
    for (size_t i = 0; i < fn_account_sums(account); i++) {
        const fn_account_sum *sum = fn_account_sum_at(account, i);
        if (strcmp(sum->label, "awarded") != 0 || length >= sizeof list) continue;
        length += (size_t) snprintf(list + length, sizeof list - length, "%s%s", count++ ? ", " : "",
                                    sum->currency[0] ? sum->currency : "not stated");
    }
    if (count > 1) fn_warn(maker->run, "awards in %zu currencies, which are never added: %s", count, list);
}

/* Why most awards were rejected, in words; "": none was. */
static const char *main_reason(const fn_account *account)
{
    const char *text = "";
    int64_t most = 0;
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        if (strcmp(line->unit, "award") != 0 || line->outcome != FN_REJECTED || line->count <= most) continue;
        most = line->count;
        text = line->text && *line->text ? line->text : line->reason;
    }
    return text;
}

static void warn(fn_maker *maker, size_t ties)
{
    const fn_account *account = maker->import->account;
    int64_t read = fn_account_total(account, "process", FN_READ, NULL);
    int64_t awards = fn_account_total(account, "award", FN_READ, NULL);
    if (read && !ties && !awards)
        fn_warn(maker->run, "%lld tenders were read, none with an award: no ties", (long long) read);
    else if (read && !ties)
        fn_warn(maker->run, "%lld awards were read, none makes a tie%s%s (`firmnet import` has all reasons)",
                (long long) awards, *main_reason(account) ? "; why most don't: " : "", main_reason(account));
    warn_of_currencies(maker);
    for (size_t i = 0; i < fn_account_lines(account); i++) {
        const fn_account_line *line = fn_account_line_at(account, i);
        if (line->outcome == FN_REMARK && strcmp(line->reason, "negative_amount") == 0)
            fn_warn(maker->run, "%s:%lld: %lld negative amounts of %ss are kept with their sign, first here: %s", line->file,
                    (long long) line->line, (long long) line->count, line->unit, line->example);
        if (line->outcome == FN_REJECTED && strcmp(line->unit, "award") == 0 && strcmp(line->reason, "anonymous") == 0)
            fn_warn(maker->run, "%s:%lld: %lld awards to suppliers with neither identifier nor name make no ties, "
                    "first here", line->file, (long long) line->line, (long long) line->count);
    }
}

static void free_maker(fn_maker *maker)
{
    for (size_t b = 0; b < maker->bid_capacity; b++) fn_free(maker->bid[b].who);
    for (size_t a = 0; a < maker->winner_capacity; a++) fn_free(maker->winner[a].who);
    fn_free(maker->bid);
    fn_free(maker->bid_day);
    fn_free(maker->award_kept);
    fn_free(maker->winner);
    fn_free(maker->suppliers.who);
    fn_free(maker->buyers.who);
    fn_free(maker->bidders.who);
    fn_free(maker->mains.who);
    fn_free(maker->entry);
    fn_free(maker->shared);
    fn_free(maker->led);
    fn_free(maker->joint_bids);
    fn_free(maker->joint_bids_led);
    fn_free(maker->firm);
    fn_free(maker->roles);
}

fn_status fn_book_derive(fn_run *run, fn_import *import)
{
    fn_tender_book *book = import->book;
    fn_maker maker = { .run = run, .import = import, .book = book };
    uint32_t count = fn_identity_count(book->identity);
    size_t first_record = fn_net_ties(import->net);
    uint32_t *order = fn_alloc(run, book->processes, sizeof *order);
    maker.firm = fn_alloc(run, count, sizeof *maker.firm);
    maker.roles = fn_alloc(run, count, sizeof *maker.roles);
    maker.joint_bids = fn_alloc(run, count, sizeof *maker.joint_bids);
    maker.joint_bids_led = fn_alloc(run, count, sizeof *maker.joint_bids_led);
    fn_status status = FN_ENOMEM;
    if (!order || !maker.firm || !maker.roles || !maker.joint_bids || !maker.joint_bids_led) goto done;
    for (uint32_t w = 0; w < count; w++) maker.firm[w] = FN_NONE;
    for (size_t p = 0; p < book->processes; p++) order[p] = (uint32_t) p;
    if (book->processes > 1) qsort_r(order, book->processes, sizeof *order, by_ocid, book);
    status = fn_book_text(run, book, (fn_words) { 0 }, &maker.no_currency);
    for (size_t p = 0; p < book->processes && !status; p++) {
        if (p % 256 == 0) status = fn_progress(run, "deriving ties", (double) p / (double) book->processes);
        if (!status) status = make_process(&maker, &book->process[order[p]]);
    }
    size_t records = fn_net_ties(import->net) - first_record;
    if (!status) status = describe_firms(&maker);
    if (!status) status = fn_maker_write_leads(&maker);
    if (!status) status = count_suppliers(&maker, first_record, records);
    if (!status) warn(&maker, records);
done:
    fn_free(order);
    free_maker(&maker);
    return status;
}
