/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "io/ocds_inside.h"

/* From a merged tree to the events that ties are derived from. Nothing is judged here beyond the form of a value. */
typedef struct making {
    fn_run *run;
    fn_ocds *ocds;
    const fn_ocds_entry *newest;
    fn_words ocid;
    fn_status status;   /* the first failure; then everything returns at once */
} making;

static void remark(making *in, const char *reason, const char *words, const fn_ocds_node *example)
{
    char text[160];
    snprintf(text, sizeof text, "%.*s (%.80s)", (int) (example->length < 60 ? example->length : 60),
             example->length ? example->bytes : "", in->ocid.bytes);
    if (!in->status)
        in->status = fn_ocds_remark(in->run, in->ocds, "release", reason, words, 1, in->newest->file, in->newest->line,
                                    text, strlen(text));
}

static void *take(making *in, size_t count, size_t size)
{
    void *taken = in->status ? NULL : fn_arena_take(in->run, &in->ocds->process_arena, count, size);
    if (!taken && !in->status) in->status = FN_ENOMEM;
    return taken;
}

/* ---- single values ---- */

static bool is_text(const fn_ocds_node *node)
{
    return node && (node->type == FN_OCDS_TEXT || node->type == FN_OCDS_NUMBER) && node->length;
}

static bool is_blank(const fn_ocds_node *node)
{
    for (uint32_t i = 0; i < node->length; i++)
        if (!strchr(" \t\r\n", node->bytes[i]) || !node->bytes[i]) return false;
    return true;
}

/* Empty and blank texts are absent. */
static fn_words words_of(const fn_ocds_node *node)
{
    if (!is_text(node) || is_blank(node)) return (fn_words) { NULL, 0 };
    return (fn_words) { node->bytes, node->length };
}

static fn_words text_of(const fn_ocds_node *tree, const char *name)
{
    return words_of(fn_ocds_child(tree, name));
}

/* A day from 1990 to 2049; others are fillers like 0001-01-01. */
static int32_t day_of(making *in, const fn_ocds_node *tree, const char *name)
{
    const fn_ocds_node *node = fn_ocds_child(tree, name);
    int32_t day, first, last;
    if (!is_text(node) || is_blank(node)) return FN_DAY_NONE;
    fn_date_make(1990, 1, 1, &first);
    fn_date_make(2049, 12, 31, &last);
    if (fn_date_parse(node->bytes, node->length, &day, NULL) && day >= first && day <= last) return day;
    remark(in, "bad_date", "not a date between 1990 and 2049: taken as missing", node);
    return FN_DAY_NONE;
}

static double number_of(making *in, const fn_ocds_node *tree, const char *name)
{
    const fn_ocds_node *node = fn_ocds_child(tree, name);
    double number;
    if (!is_text(node) || is_blank(node)) return NAN;
    if (!fn_real_parse(node->bytes, node->length, &number)) {
        remark(in, "amount_not_number", "not a plain number: taken as missing", node);
        return NAN;
    }
    if (isfinite(number)) return number;
    remark(in, "amount_overflow", "a number too large: taken as missing", node);
    return NAN;
}

static fn_money money_of(making *in, const fn_ocds_node *value)
{
    fn_money money = { NAN, { NULL, 0 } };
    if (!value) return money;
    money.amount = number_of(in, value, "amount");
    money.currency = text_of(value, "currency");
    if (isnan(money.amount) && fn_ocds_child(value, "amountGross")) {
        money.amount = number_of(in, value, "amountGross");
        if (!isnan(money.amount))
            remark(in, "gross_amount", "only an amount with tax: taken as it is", fn_ocds_child(value, "amountGross"));
    }
    return money;
}

static size_t count_items(const fn_ocds_node *list)
{
    size_t count = 0;
    for (const fn_ocds_node *item = list ? list->first : NULL; item; item = item->next) count++;
    return count;
}

/* A list of texts and, before it, a single one (relatedLot, relatedLots). */
static fn_words *words_list(making *in, const fn_ocds_node *single, const fn_ocds_node *list, size_t *count)
{
    fn_words *made = take(in, count_items(list) + 1, sizeof *made), one = words_of(single);
    *count = 0;
    if (!made) return NULL;
    if (one.length) made[(*count)++] = one;
    for (const fn_ocds_node *item = list ? list->first : NULL; item; item = item->next) {
        fn_words words = words_of(item);
        bool again = one.length == words.length && words.length && memcmp(one.bytes, words.bytes, one.length) == 0;
        if (words.length && !again) made[(*count)++] = words;
    }
    return made;
}

/* ---- organisations ---- */

static unsigned roles_of(const fn_ocds_node *list)
{
    static const struct { const char *name; unsigned role; } names[] = {
        { "buyer", FN_ROLE_BUYER }, { "wholesaleBuyer", FN_ROLE_BUYER }, { "procuringEntity", FN_ROLE_PROCURING },
        { "tenderer", FN_ROLE_TENDERER }, { "supplier", FN_ROLE_SUPPLIER },
        { "subcontractor", FN_ROLE_SUBCONTRACTOR }, { "leadTenderer", FN_ROLE_LEAD | FN_ROLE_TENDERER },
        { "payer", FN_ROLE_PAYER }, { "payee", FN_ROLE_PAYEE },
    };
    unsigned roles = 0;
    for (const fn_ocds_node *word = list ? list->first : NULL; word; word = word->next)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (fn_ocds_word_is(word, names[i].name)) roles |= names[i].role;
    return roles;
}

static bool read_identifier(const fn_ocds_node *node, fn_identifier *identifier)
{
    const fn_ocds_node *id = fn_ocds_child(node, "id");
    *identifier = (fn_identifier) { .scheme = text_of(node, "scheme"), .id = words_of(id),
                                    .legal_name = text_of(node, "legalName"),
                                    .number = id && id->type == FN_OCDS_NUMBER };
    return identifier->id.length || identifier->legal_name.length;
}

static fn_party party_of(making *in, const fn_ocds_node *node)
{
    const fn_ocds_node *more = fn_ocds_child(node, "additionalIdentifiers"), *address = fn_ocds_child(node, "address");
    const fn_ocds_node *details = fn_ocds_child(node, "details"), *classes = fn_ocds_child(details, "classifications");
    fn_party party = {
        .id = text_of(node, "id"), .name = text_of(node, "name"), .roles = roles_of(fn_ocds_child(node, "roles")),
        .country = text_of(address, "country"), .country_name = text_of(address, "countryName"),
        .region = text_of(address, "region"), .town = text_of(address, "locality"),
        .postcode = text_of(address, "postalCode"), .scale = text_of(details, "scale") };
    if (!party.name.length) party.name = text_of(node, "name_");
    if (classes && classes->first) {
        party.class_scheme = text_of(classes->first, "scheme");
        party.class_id = text_of(classes->first, "id");
    }
    const fn_ocds_node *main_one = fn_ocds_child(node, "identifier");
    if (!main_one && !more) return party;
    party.identifier = take(in, count_items(more) + 1, sizeof *party.identifier);
    if (!party.identifier) return party;
    if (main_one && read_identifier(main_one, &party.identifier[0])) {
        party.main_identifier = true;
        party.identifiers = 1;
    }
    for (const fn_ocds_node *item = more ? more->first : NULL; item; item = item->next)
        party.identifiers += read_identifier(item, &party.identifier[party.identifiers]);
    return party;
}

static fn_party *parties_of(making *in, const fn_ocds_node *list, size_t *count)
{
    fn_party *made = take(in, count_items(list), sizeof *made);
    *count = 0;
    if (!made) return NULL;
    for (const fn_ocds_node *item = list ? list->first : NULL; item; item = item->next)
        if (item->first) made[(*count)++] = party_of(in, item);
    return made;
}

static bool party_at(making *in, const fn_ocds_node *tree, const char *name, fn_party *party)
{
    const fn_ocds_node *node = fn_ocds_child(tree, name);
    if (!node || !node->first) return false;
    *party = party_of(in, node);
    return party->id.length || party->name.length || party->identifiers;
}

/* ---- what is bought ---- */

static fn_item item_of(making *in, const fn_ocds_node *node)
{
    const fn_ocds_node *class = fn_ocds_child(node, "classification");
    const fn_ocds_node *others = fn_ocds_child(node, "additionalClassifications");
    const fn_ocds_node *lots = fn_ocds_child(node, "relatedLots");
    if (!text_of(class, "id").length && others) class = others->first;
    fn_item item = { .scheme = text_of(class, "scheme"), .code = text_of(class, "id"),
                     .lot = text_of(node, "relatedLot"), .quantity = number_of(in, node, "quantity"),
                     .unit = money_of(in, fn_ocds_child(fn_ocds_child(node, "unit"), "value")) };
    if (!item.lot.length && lots && lots->first) item.lot = words_of(lots->first);
    return item;
}

static fn_item *items_of(making *in, const fn_ocds_node *list, size_t *count)
{
    fn_item *made = take(in, count_items(list), sizeof *made);
    *count = 0;
    if (!made) return NULL;
    for (const fn_ocds_node *item = list ? list->first : NULL; item; item = item->next)
        made[(*count)++] = item_of(in, item);
    return made;
}

static bool is_true(const fn_ocds_node *tree, const char *name)
{
    const fn_ocds_node *node = fn_ocds_child(tree, name);
    return node && (node->type == FN_OCDS_TRUE || (is_text(node) && fn_ocds_word_is(node, "true")));
}

static void make_tender(making *in, const fn_ocds_node *tender, fn_process *process)
{
    const fn_ocds_node *class = fn_ocds_child(tender, "mainClassification"), *lots = fn_ocds_child(tender, "lots");
    if (!text_of(class, "id").length) class = fn_ocds_child(tender, "classification");
    process->has_procuring = party_at(in, tender, "procuringEntity", &process->procuring);
    process->tender_status = text_of(tender, "status");
    process->tender_method = text_of(tender, "procurementMethod");
    process->code_scheme = text_of(class, "scheme");
    process->code = text_of(class, "id");
    process->tender_end_day = day_of(in, fn_ocds_child(tender, "tenderPeriod"), "endDate");
    process->framework = is_true(fn_ocds_child(tender, "techniques"), "hasFrameworkAgreement");
    process->item = items_of(in, fn_ocds_child(tender, "items"), &process->items);
    process->tenderer = parties_of(in, fn_ocds_child(tender, "tenderers"), &process->tenderers);
    process->lot = take(in, count_items(lots), sizeof *process->lot);
    if (!process->lot) return;
    for (const fn_ocds_node *lot = lots ? lots->first : NULL; lot; lot = lot->next) {
        process->lot[process->lots++] = (fn_lot) { .id = text_of(lot, "id"), .status = text_of(lot, "status") };
        process->framework |= is_true(fn_ocds_child(lot, "techniques"), "hasFrameworkAgreement");
    }
}

/* ---- bids and subcontracts ---- */

/* The value of a subcontracting with several subcontracts and none of their own is divided equally. */
static void make_subcontracts(making *in, const fn_ocds_node *owner, bool of_bid, fn_process *process)
{
    const fn_ocds_node *all = fn_ocds_child(owner, "subcontracting"), *list = fn_ocds_child(all, "subcontracts");
    size_t count = count_items(list), made = 0;
    if (!count) return;
    fn_money whole = money_of(in, fn_ocds_child(all, "value"));
    fn_subcontract_event *subs = take(in, process->subs + count, sizeof *subs);
    if (!subs) return;
    if (process->subs) memcpy(subs, process->sub, process->subs * sizeof *subs);
    for (const fn_ocds_node *item = list->first; item; item = item->next) {
        fn_subcontract_event sub = { .value = money_of(in, fn_ocds_child(item, "value")) };
        if (!party_at(in, item, "subcontractor", &sub.subcontractor)) continue;
        sub.main = parties_of(in, fn_ocds_child(item, "mainContractors"), &sub.mains);
        if (isnan(sub.value.amount) && !isnan(whole.amount)) {
            sub.value = whole;
            sub.value.amount /= (double) count;
        }
        if (of_bid) sub.bid = text_of(owner, "id");
        else sub.award = text_of(owner, "id");
        subs[process->subs + made++] = sub;
    }
    process->sub = subs;
    process->subs += made;
}

static void make_bids(making *in, const fn_ocds_node *list, fn_process *process)
{
    size_t count = count_items(list);
    if (!count) return;
    fn_bid *bids = take(in, process->bids + count, sizeof *bids);
    if (!bids) return;
    if (process->bids) memcpy(bids, process->bid, process->bids * sizeof *bids);
    process->bid = bids;
    for (const fn_ocds_node *node = list->first; node; node = node->next) {
        fn_bid *bid = &bids[process->bids++];
        const fn_ocds_node *tenderers = fn_ocds_child(node, "tenderers");
        bid->id = text_of(node, "id");
        bid->status = text_of(node, "status");
        bid->submission = text_of(node, "submissionType");
        bid->day = day_of(in, node, "date");
        bid->value = money_of(in, fn_ocds_child(node, "value"));
        bid->tenderer = parties_of(in, tenderers ? tenderers : fn_ocds_child(node, "suppliers"), &bid->tenderers);
        bid->lot = words_list(in, fn_ocds_child(node, "relatedLot"), fn_ocds_child(node, "relatedLots"), &bid->lots);
        make_subcontracts(in, node, true, process);
    }
}

/* Bids stand in bids.details; some publishers put them into the stages of auctions. */
static void make_all_bids(making *in, const fn_ocds_node *tree, fn_process *process)
{
    make_bids(in, fn_ocds_child(fn_ocds_child(tree, "bids"), "details"), process);
    const fn_ocds_node *auctions = process->bids ? NULL : fn_ocds_child(tree, "auctions");
    for (const fn_ocds_node *auction = auctions ? auctions->first : NULL; auction; auction = auction->next) {
        const fn_ocds_node *stages = fn_ocds_child(auction, "stages");
        for (const fn_ocds_node *stage = stages ? stages->first : NULL; stage; stage = stage->next)
            make_bids(in, fn_ocds_child(stage, "bids"), process);
    }
}

/* ---- awards and contracts ---- */

static void make_awards(making *in, const fn_ocds_node *list, fn_process *process)
{
    process->award = take(in, count_items(list), sizeof *process->award);
    if (!process->award) return;
    for (const fn_ocds_node *node = list ? list->first : NULL; node; node = node->next) {
        fn_award *award = &process->award[process->awards++];
        award->id = text_of(node, "id");
        award->status = text_of(node, "status");
        award->day = day_of(in, node, "date");
        award->value = money_of(in, fn_ocds_child(node, "value"));
        award->supplier = parties_of(in, fn_ocds_child(node, "suppliers"), &award->suppliers);
        award->buyer = parties_of(in, fn_ocds_child(node, "buyers"), &award->buyers);
        award->item = items_of(in, fn_ocds_child(node, "items"), &award->items);
        award->lot = words_list(in, fn_ocds_child(node, "relatedLot"), fn_ocds_child(node, "relatedLots"),
                                &award->lots);
        award->bid = words_list(in, fn_ocds_child(node, "relatedBid"), fn_ocds_child(node, "relatedBids"),
                                &award->bids);
        award->suppliers_changed = node->changed;
        make_subcontracts(in, node, false, process);
    }
}

/* Transactions of one currency added up (`amount` is the object's name in OCDS 1.0). */
static void add_transactions(making *in, const fn_ocds_node *list, fn_contract *contract)
{
    contract->paid = NAN;
    for (const fn_ocds_node *node = list ? list->first : NULL; node; node = node->next) {
        const fn_ocds_node *value = fn_ocds_child(node, "value");
        fn_money money = money_of(in, value ? value : fn_ocds_child(node, "amount"));
        if (isnan(money.amount)) continue;
        if (isnan(contract->paid)) {
            contract->paid = money.amount;
            contract->paid_currency = money.currency;
        } else if (money.currency.length == contract->paid_currency.length &&
                   (!money.currency.length ||
                    memcmp(money.currency.bytes, contract->paid_currency.bytes, money.currency.length) == 0)) {
            contract->paid += money.amount;
        } else {
            remark(in, "paid_currencies", "payments of one contract in several currencies: the first one's are added",
                   fn_ocds_child(node, "id") ? fn_ocds_child(node, "id") : node);
        }
    }
}

static void make_contracts(making *in, const fn_ocds_node *list, fn_process *process)
{
    process->contract = take(in, count_items(list), sizeof *process->contract);
    if (!process->contract) return;
    for (const fn_ocds_node *node = list ? list->first : NULL; node; node = node->next) {
        fn_contract *contract = &process->contract[process->contracts++];
        contract->id = text_of(node, "id");
        contract->status = text_of(node, "status");
        contract->award = words_list(in, fn_ocds_child(node, "awardID"), fn_ocds_child(node, "awardIDs"),
                                     &contract->awards);
        contract->supplier = parties_of(in, fn_ocds_child(node, "suppliers"), &contract->suppliers);
        contract->has_buyer = party_at(in, node, "buyer", &contract->buyer);
        contract->item = items_of(in, fn_ocds_child(node, "items"), &contract->items);
        contract->bid = words_list(in, NULL, fn_ocds_child(node, "relatedBids"), &contract->bids);
        contract->value = money_of(in, fn_ocds_child(node, "value"));
        contract->signed_day = day_of(in, node, "dateSigned");
        contract->start_day = day_of(in, fn_ocds_child(node, "period"), "startDate");
        add_transactions(in, fn_ocds_child(fn_ocds_child(node, "implementation"), "transactions"), contract);
    }
}

static bool has_parent(const fn_ocds_node *list)
{
    for (const fn_ocds_node *node = list ? list->first : NULL; node; node = node->next) {
        const fn_ocds_node *words = fn_ocds_child(node, "relationship");
        for (const fn_ocds_node *word = words ? words->first : NULL; word; word = word->next)
            if (fn_ocds_word_is(word, "parent")) return true;
    }
    return false;
}

fn_status fn_ocds_process(fn_run *run, fn_ocds *ocds, const fn_ocds_node *tree, const fn_ocds_entry *newest,
                          fn_process *process)
{
    making in = { .run = run, .ocds = ocds, .newest = newest };
    in.ocid.bytes = fn_names_text(ocds->ocids, newest->ocid, &in.ocid.length);
    *process = (fn_process) { .file = fn_names_text(ocds->files, newest->file, NULL), .line = newest->line,
                              .ocid = in.ocid };
    if (in.ocid.length > 11 && strncasecmp(in.ocid.bytes, "ocds-", 5) == 0)
        process->publisher_prefix = (fn_words) { in.ocid.bytes, 11 };
    process->release_day = day_of(&in, tree, "date");
    process->party = parties_of(&in, fn_ocds_child(tree, "parties"), &process->parties);
    process->has_buyer = party_at(&in, tree, "buyer", &process->buyer);
    make_tender(&in, fn_ocds_child(tree, "tender"), process);
    make_all_bids(&in, tree, process);
    make_awards(&in, fn_ocds_child(tree, "awards"), process);
    make_contracts(&in, fn_ocds_child(tree, "contracts"), process);
    process->parent = has_parent(fn_ocds_child(tree, "relatedProcesses"));
    return in.status;
}
