/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/io/tender_desk.h"

void desk_must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
}

void desk_open(desk *d)
{
    *d = (desk) { .run = support_run(), .options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE } };
    desk_must(&d->run, fn_net_new(&d->run, &d->net));
    d->import = (fn_import) { .options = &d->options, .net = d->net, .account = fn_net_account(d->net) };
}

fn_status desk_try(desk *d)
{
    fn_status status = fn_tender_finish(&d->run, &d->import);
    if (!status) status = fn_net_freeze(&d->run, d->net);
    if (!status) status = fn_account_check(&d->run, d->import.account);
    return status;
}

void desk_add(desk *d, const fn_process *process)
{
    desk_must(&d->run, fn_tender_add(&d->run, &d->import, process));
}

void desk_finish(desk *d)
{
    desk_must(&d->run, desk_try(d));
}

void desk_close(desk *d)
{
    fn_tender_book_free(d->import.book);
    fn_net_free(d->net);
}

double desk_sum(const desk *d, const char *label, const char *currency)
{
    for (size_t i = 0; i < fn_account_sums(d->import.account); i++) {
        const fn_account_sum *sum = fn_account_sum_at(d->import.account, i);
        if (strcmp(sum->label, label) == 0 && strcmp(sum->currency, currency) == 0) return fn_sum_value(&sum->sum);
    }
    return 0;
}

int64_t desk_total(const desk *d, const char *unit, fn_outcome outcome, const char *reason)
{
    return fn_account_total(d->import.account, unit, outcome, reason);
}

uint32_t desk_firm(const desk *d, const char *key)
{
    return fn_names_find(fn_net_keys(d->net), key, strlen(key));
}

/* The tie between two firms, whatever its direction in undirected layers; NULL: none. The last 16 asked for stay. */
const fn_tie *desk_tie(const desk *d, uint16_t layer, const char *from, const char *to)
{
    static fn_tie shown[16];
    static size_t next;
    uint32_t a = desk_firm(d, from), b = desk_firm(d, to);
    for (size_t t = 0; t < fn_net_ties(d->net); t++) {
        const fn_tie tie = fn_net_tie_at(d->net, t);
        bool there = tie.from == a && tie.to == b;
        there = there || (!fn_net_layer_directed(layer) && tie.from == b && tie.to == a);
        if (tie.layer != layer || !there) continue;
        fn_tie *copy = &shown[next++ % (sizeof shown / sizeof *shown)];
        *copy = tie;
        return copy;
    }
    return NULL;
}

size_t desk_ties(const desk *d, uint16_t layer)
{
    size_t count = 0;
    for (size_t t = 0; t < fn_net_ties(d->net); t++) count += fn_net_tie_at(d->net, t).layer == layer;
    return count;
}

const char *desk_text(const desk *d, const char *key, const char *column)
{
    ck_assert_msg(desk_firm(d, key) != FN_NONE, "no firm %s", key);
    return fn_net_firm_text(d->net, desk_firm(d, key), column, NULL);
}

/* ---- values ---- */

fn_words desk_words(const char *words)
{
    return (fn_words) { words, words ? strlen(words) : 0 };
}

fn_award desk_award(const char *id, fn_party *supplier, size_t suppliers, double amount, const char *currency)
{
    return (fn_award) { .id = desk_words(id), .status = WORDS("active"), .supplier = supplier, .suppliers = suppliers,
                        .value = { amount, desk_words(currency) }, .day = DAY };
}

fn_process desk_process(const char *ocid, const char *buyer_id, const char *buyer_name, fn_award *awards, size_t count)
{
    return (fn_process) {
        .file = "test.json", .line = 1, .ocid = desk_words(ocid), .release_day = DAY, .publisher_prefix = WORDS("ocds-abc123"),
        .has_buyer = true, .buyer = { .id = desk_words(buyer_id), .name = desk_words(buyer_name) }, .tender_end_day = FN_DAY_NONE,
        .award = awards, .awards = count
    };
}

fn_party desk_party(const char *id, const char *name)
{
    return (fn_party) { .id = desk_words(id), .name = desk_words(name) };
}

fn_process desk_one_award(const char *ocid, fn_award *a)
{
    return desk_process(ocid, B, "Comune di Prova", a, 1);
}

fn_bid desk_bid(const char *id, fn_party *tenderer, size_t tenderers)
{
    return (fn_bid) { .id = desk_words(id), .tenderer = tenderer, .tenderers = tenderers, .value.amount = NAN, .day = FN_DAY_NONE };
}
