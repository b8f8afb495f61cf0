/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "graph/text.h"
#include "io/tender_book.h"
#include "tests/suite.h"

Suite *suite_tender(void);

/* ---- a desk that takes processes and gives a net ---- */

typedef struct desk {
    fn_run run;
    fn_read_options options;
    fn_import import;
    fn_net *net;
} desk;

static void must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
}

static void open_desk(desk *d)
{
    *d = (desk) { .run = support_run(), .options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE } };
    must(&d->run, fn_net_new(&d->run, &d->net));
    d->import = (fn_import) { .options = &d->options, .net = d->net, .account = fn_net_account(d->net) };
}

static fn_status try_finish(desk *d)
{
    fn_status status = fn_tender_finish(&d->run, &d->import);
    if (!status) status = fn_net_freeze(&d->run, d->net);
    if (!status) status = fn_account_check(&d->run, d->import.account);
    return status;
}

static void add(desk *d, const fn_process *process)
{
    must(&d->run, fn_tender_add(&d->run, &d->import, process));
}

static void finish(desk *d)
{
    must(&d->run, try_finish(d));
}

static void close_desk(desk *d)
{
    fn_tender_book_free(d->import.book);
    fn_net_free(d->net);
}

static double sum_of(const desk *d, const char *label, const char *currency)
{
    for (size_t i = 0; i < fn_account_sums(d->import.account); i++) {
        const fn_account_sum *sum = fn_account_sum_at(d->import.account, i);
        if (strcmp(sum->label, label) == 0 && strcmp(sum->currency, currency) == 0) return fn_sum_value(&sum->sum);
    }
    return 0;
}

static int64_t total(const desk *d, const char *unit, fn_outcome outcome, const char *reason)
{
    return fn_account_total(d->import.account, unit, outcome, reason);
}

static uint32_t firm(const desk *d, const char *key)
{
    return fn_names_find(fn_net_keys(d->net), key, strlen(key));
}

/* The tie between two firms, whatever its direction in undirected layers; NULL: none. */
static const fn_tie *tie(const desk *d, uint16_t layer, const char *from, const char *to)
{
    uint32_t a = firm(d, from), b = firm(d, to);
    const fn_tie *all = fn_net_tie(d->net);
    for (size_t t = 0; t < fn_net_ties(d->net); t++) {
        bool there = all[t].from == a && all[t].to == b;
        there = there || (!fn_net_layer_directed(layer) && all[t].from == b && all[t].to == a);
        if (all[t].layer == layer && there) return &all[t];
    }
    return NULL;
}

static size_t ties_in(const desk *d, uint16_t layer)
{
    size_t count = 0;
    for (size_t t = 0; t < fn_net_ties(d->net); t++) count += fn_net_tie(d->net)[t].layer == layer;
    return count;
}

static const char *text(const desk *d, const char *key, const char *column)
{
    ck_assert_msg(firm(d, key) != FN_NONE, "no firm %s", key);
    return fn_net_firm_text(d->net, firm(d, key), column, NULL);
}

/* ---- values ---- */

static fn_words w(const char *words)
{
    return (fn_words) { words, words ? strlen(words) : 0 };
}

#define MONEY(number, code) { .amount = number, .currency = { code, sizeof code - 1 } }
#define WORDS(words) { words, sizeof words - 1 }

enum { DAY = 18000 }; /* 2019-04-14 */

static fn_award award(const char *id, fn_party *supplier, size_t suppliers, double amount, const char *currency)
{
    return (fn_award) { .id = w(id), .status = WORDS("active"), .supplier = supplier, .suppliers = suppliers,
                        .value = { amount, w(currency) }, .day = DAY };
}

static fn_process process(const char *ocid, const char *buyer_id, const char *buyer_name, fn_award *awards, size_t count)
{
    return (fn_process) {
        .file = "test.json", .line = 1, .ocid = w(ocid), .release_day = DAY, .publisher_prefix = WORDS("ocds-abc123"),
        .has_buyer = true, .buyer = { .id = w(buyer_id), .name = w(buyer_name) }, .tender_end_day = FN_DAY_NONE,
        .award = awards, .awards = count
    };
}

/* IT-CF ids are global without an identifier object. */
#define B "IT-CF-09000000001"
#define S1 "IT-CF-01000000001"
#define S2 "IT-CF-02000000002"
#define S3 "IT-CF-03000000003"
#define S4 "IT-CF-04000000004"

static fn_party party(const char *id, const char *name)
{
    return (fn_party) { .id = w(id), .name = w(name) };
}

static fn_process one_award(const char *ocid, fn_award *a)
{
    return process(ocid, B, "Comune di Prova", a, 1);
}

/* ---- ties of awards ---- */

START_TEST(an_award_is_a_tie_from_supplier_to_buyer)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, "Rossi S.r.l.");
    fn_award a = award("1", &s, 1, 100.25, "eur");
    fn_process p = one_award("ocds-abc123-1", &a);
    add(&d, &p);
    p.ocid = w("ocds-abc123-2");
    a.day = DAY + 10;
    add(&d, &p);
    finish(&d);
    ck_assert_uint_eq(fn_net_firms(d.net), 2);
    const fn_tie *t = tie(&d, FN_LAYER_SUPPLY, S1, B);
    ck_assert_ptr_nonnull(t);
    ck_assert_double_eq(t->value, 200.5);
    ck_assert_int_eq(t->count, 2);
    ck_assert_int_eq(t->first, DAY);
    ck_assert_int_eq(t->last, DAY + 10);
    ck_assert_str_eq(fn_names_text(fn_net_currencies(d.net), t->currency, NULL), "EUR");
    ck_assert_str_eq(text(&d, S1, "name"), "Rossi S.r.l.");
    ck_assert_str_eq(text(&d, S1, "kind"), "firm");
    ck_assert_str_eq(text(&d, S1, "country"), "IT");
    ck_assert_str_eq(text(&d, S1, "roles"), "supplier");
    ck_assert_str_eq(text(&d, S1, "key_basis"), "id");
    ck_assert_str_eq(text(&d, B, "kind"), "authority");
    ck_assert_str_eq(text(&d, B, "roles"), "buyer");
    ck_assert_double_eq(sum_of(&d, "awarded", "EUR"), 200.5);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "EUR"), 200.5);
    ck_assert_double_eq(sum_of(&d, "largest_supplier", "EUR"), 200.5);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "suppliers_by_identifier"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(shares_add_up_exactly)
{
    ck_assert_double_eq(fn_share(100, 3, 0), 33.3334);
    ck_assert_double_eq(fn_share(100, 3, 1), 33.3333);
    ck_assert_double_eq(fn_share(-1, 3, 0) + 2 * fn_share(-1, 3, 2), -1);
    ck_assert_double_eq(fn_share(5, 1, 0), 5);
    ck_assert_double_eq(fn_share(1e300, 4, 3), 2.5e299);
    ck_assert(isnan(fn_share(NAN, 3, 0)));

    /* Three suppliers, given in another order and one of them twice (E09): the remainder goes to the first key. */
    desk d;
    open_desk(&d);
    fn_party s[4] = { party(S3, "C"), party(S1, "A"), party(S2, "B"), party(S1, "A") };
    fn_award a = award("1", s, 4, 100, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 33.3334);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S2, B)->value, 33.3333);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S3, B)->value, 33.3333);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "EUR"), 100);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "several_suppliers"), 1);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_CONSORTIUM), 0);
    close_desk(&d);
}
END_TEST

START_TEST(unknown_suppliers_have_a_share_and_make_no_firm)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party("IT-CF-NAN", NULL), party(S1, NULL) };
    fn_award a = award("1", s, 2, 10, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    a.suppliers = 1;
    p.ocid = w("o2");
    add(&d, &p);
    fn_party named = party("IT-CF-NAN", "Caprioli Solutions Srl");
    a.supplier = &named;
    p.ocid = w("o3");
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(sum_of(&d, "counted", "EUR"), 30);
    ck_assert_double_eq(sum_of(&d, "anonymous", "EUR"), 15);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "EUR"), 15);
    ck_assert_int_eq(total(&d, "award", FN_KEPT, NULL), 2);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "anonymous"), 1);
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_SUPPLY, "name:caprioli solutions/llc|", B));
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "suppliers_by_name"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(the_buyer_does_not_supply_itself)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party(B, NULL), party(S1, NULL) };
    fn_award a = award("1", s, 2, 9, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    a.suppliers = 1;
    p.ocid = w("o2");
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(sum_of(&d, "self_ties", "EUR"), 13.5);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "EUR"), 4.5);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "self_tie"), 2);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "self_tie_only"), 1);
    ck_assert_ptr_null(tie(&d, FN_LAYER_SUPPLY, B, B));
    close_desk(&d);
}
END_TEST

/* ---- which awards count ---- */

static const struct { const char *award, *contract, *tender; bool include_pending; const char *reason; } status_rows[] = {
    { "active", NULL, "complete", false, NULL }, { " Active ", NULL, NULL, false, NULL },
    { "active", "cancelled", NULL, false, NULL }, { "pending", NULL, NULL, false, "pending" },
    { "pending", "active", NULL, false, NULL }, { "pending", "pending", NULL, false, "pending" },
    { "pending", NULL, NULL, true, NULL }, { "cancelled", "active", NULL, false, "cancelled" },
    { "unsuccessful", NULL, NULL, false, "unsuccessful" }, { "", NULL, NULL, false, NULL },
    { "Adjudicado", NULL, NULL, false, NULL }, { "active", NULL, "cancelled", false, "tender_cancelled" },
    { "active", NULL, "withdrawn", true, "tender_cancelled" }, { "active", NULL, "planned", false, NULL }
};

START_TEST(statuses_decide_which_awards_count)
{
    desk d;
    open_desk(&d);
    d.options.include_pending = status_rows[_i].include_pending;
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 1, 5, "EUR");
    a.status = w(status_rows[_i].award);
    fn_words id = w("1");
    fn_contract c = { .status = w(status_rows[_i].contract), .award = &id, .awards = 1, .value.amount = NAN,
                      .signed_day = FN_DAY_NONE, .start_day = FN_DAY_NONE, .paid = NAN };
    fn_process p = one_award("o1", &a);
    p.tender_status = w(status_rows[_i].tender);
    p.contract = &c;
    p.contracts = status_rows[_i].contract != NULL;
    add(&d, &p);
    finish(&d);
    const char *reason = status_rows[_i].reason;
    ck_assert_int_eq(total(&d, "award", FN_READ, NULL), 1);
    ck_assert_int_eq(total(&d, "award", FN_KEPT, NULL), reason ? 0 : 1);
    if (reason) ck_assert_int_eq(total(&d, "award", FN_REJECTED, reason), 1);
    ck_assert_double_eq(sum_of(&d, reason ? "left_out" : "awarded", "EUR"), 5);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_SUPPLY), reason ? 0 : 1);
    close_desk(&d);
}
END_TEST

START_TEST(an_award_of_cancelled_lots_does_not_count)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_words lot[2] = { WORDS("A"), WORDS("B") };
    fn_lot lots[2] = { { WORDS("A"), WORDS("cancelled") }, { WORDS("B"), WORDS("active") } };
    fn_award a[2] = { award("1", &s, 1, 5, "EUR"), award("2", &s, 1, 7, "EUR") };
    a[0].lot = lot;
    a[0].lots = 1;
    a[1].lot = lot;
    a[1].lots = 2;
    fn_process p = process("o1", B, NULL, a, 2);
    p.lot = lots;
    p.lots = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "lot_cancelled"), 1);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 7);
    close_desk(&d);
}
END_TEST

START_TEST(awards_without_supplier_or_buyer_keep_their_money_apart)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 0, 5, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    a.suppliers = 1;
    p.has_buyer = false;
    p.ocid = w("o2");
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(sum_of(&d, "no_supplier", "EUR"), 5);
    ck_assert_double_eq(sum_of(&d, "no_buyer", "EUR"), 5);
    ck_assert_double_eq(sum_of(&d, "counted", "EUR"), 10);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "no_supplier"), 1);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "no_buyer"), 1);
    ck_assert_uint_eq(fn_net_firms(d.net), 0);
    ck_assert_int_ge(support_warnings(), 1);
    close_desk(&d);
}
END_TEST

START_TEST(strict_stops_at_the_first_faulty_award)
{
    desk d;
    open_desk(&d);
    d.options.strict = true;
    fn_party s = party("IT-CF-NAN", NULL);
    fn_award a = award("7", &s, 0, 5, "EUR");
    fn_process p = one_award("o1", &a);
    ck_assert_int_eq(fn_tender_add(&d.run, &d.import, &p), FN_EPARSE);
    ck_assert_str_eq(d.run.error.file, "test.json");
    ck_assert_ptr_nonnull(strstr(d.run.error.message, "\"7\""));
    close_desk(&d);

    open_desk(&d);
    d.options.strict = true;
    a.suppliers = 1;
    add(&d, &p);
    ck_assert_int_eq(try_finish(&d), FN_EPARSE);
    close_desk(&d);
}
END_TEST

START_TEST(tenders_without_awards_make_no_ties_and_say_so)
{
    desk d;
    open_desk(&d);
    fn_process p = process("o1", B, "Parliament", NULL, 0);
    add(&d, &p);
    finish(&d);
    ck_assert_uint_eq(fn_net_ties(d.net), 0);
    ck_assert_uint_eq(fn_net_firms(d.net), 0);
    ck_assert_int_eq(total(&d, "process", FN_REJECTED, "no_award"), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "no ties"));
    close_desk(&d);
}
END_TEST

START_TEST(records_outside_the_period_are_left_out_and_counted)
{
    desk d;
    open_desk(&d);
    d.options.since = DAY;
    d.options.until = DAY + 5;
    fn_party s = party(S1, NULL), t[2] = { party(S1, NULL), party(S2, NULL) };
    for (int day = DAY - 1; day <= DAY + 6; day += 1) {
        fn_award a = award("1", &s, 1, 1, "EUR");
        char ocid[24];
        a.day = day;
        snprintf(ocid, sizeof ocid, "o%d", day);
        fn_process p = one_award(ocid, &a);
        p.tenderer = t;
        p.tenderers = 2;
        add(&d, &p);
    }
    fn_award undated = award("1", &s, 1, 1, "EUR");
    undated.day = FN_DAY_NONE;
    fn_process p = one_award("undated", &undated);
    p.release_day = FN_DAY_NONE;
    add(&d, &p);
    finish(&d);
    ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->count, 6);
    ck_assert_int_eq(tie(&d, FN_LAYER_COBID, S1, S2)->count, 6);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "outside_period"), 2);
    ck_assert_int_eq(total(&d, "award", FN_REJECTED, "undated"), 1);
    ck_assert_int_eq(total(&d, "tenderer", FN_REJECTED, "outside_period"), 4);
    ck_assert_double_eq(sum_of(&d, "left_out", "EUR"), 3);
    close_desk(&d);
}
END_TEST

/* ---- value ---- */

static const struct { const char *basis; double value; } basis_rows[] = {
    { NULL, 110 }, { "auto", 110 }, { "award", 100 }, { "contract", 110 }, { "none", NAN }
};

START_TEST(contract_or_award_but_never_both)
{
    desk d;
    open_desk(&d);
    d.options.value_basis = basis_rows[_i].basis;
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 1, 100, "USD");
    fn_words id = w("1");
    fn_contract c[3] = {
        { .id = WORDS("a"), .status = WORDS("active"), .award = &id, .awards = 1, .value = MONEY(60, "USD") },
        { .id = WORDS("b"), .status = WORDS("terminated"), .award = &id, .awards = 1, .value = MONEY(50, "USD") },
        { .id = WORDS("c"), .status = WORDS("cancelled"), .award = &id, .awards = 1, .value = MONEY(7, "USD") }
    };
    fn_process p = one_award("o1", &a);
    p.contract = c;
    p.contracts = 3;
    add(&d, &p);
    finish(&d);
    double value = tie(&d, FN_LAYER_SUPPLY, S1, B)->value;
    ck_assert(isnan(basis_rows[_i].value) ? isnan(value) : value == basis_rows[_i].value);
    ck_assert_double_eq(sum_of(&d, "awarded", "USD"), 100);
    ck_assert_double_eq(sum_of(&d, "contracted", "USD"), 110);
    ck_assert_int_eq(total(&d, "contract", FN_MERGED, NULL), 2);
    ck_assert_int_eq(total(&d, "contract", FN_REJECTED, "not_in_force"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(currencies_are_never_added)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 1, 100, "USD");
    fn_words id = w("1");
    fn_contract c[2] = {
        { .id = WORDS("a"), .award = &id, .awards = 1, .value = MONEY(60, "EUR") },
        { .id = WORDS("b"), .award = &id, .awards = 1, .value = MONEY(50, "GBP") }
    };
    fn_process p = one_award("o1", &a);
    p.contract = c;
    p.contracts = 1;
    add(&d, &p);         /* E29: the contract counts, in its own currency */
    p.contracts = 2;
    p.ocid = w("o2");
    add(&d, &p);         /* two currencies: one of them */
    a.value.currency = w("");
    p.contracts = 0;
    p.ocid = w("o3");
    add(&d, &p);         /* E30 */
    finish(&d);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "EUR"), 120);
    ck_assert_double_eq(sum_of(&d, "contracts_left_out", "GBP"), 50);
    ck_assert_double_eq(sum_of(&d, "supply_ties", ""), 100);
    ck_assert_double_eq(sum_of(&d, "supply_ties", "USD"), 0);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "currency_differs"), 2);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "contracts_in_several_currencies"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(a_contract_of_several_awards_is_divided)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party(S1, NULL), party(S2, NULL) };
    fn_award a[2] = { award("1", &s[0], 1, NAN, NULL), award("2", &s[1], 1, NAN, NULL) };
    fn_words id[4] = { WORDS("1"), WORDS("2"), WORDS("gone"), WORDS("2") };
    fn_contract c = { .status = WORDS("active"), .award = id, .awards = 4, .value = MONEY(0.0003, "EUR") };
    fn_process p = process("o1", B, NULL, a, 2);
    p.contract = &c;
    p.contracts = 1;
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 0.0002);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S2, B)->value, 0.0001);
    close_desk(&d);
}
END_TEST

START_TEST(odd_amounts_are_kept_or_missing)
{
    desk d;
    open_desk(&d);
    fn_party s[4] = { party(S1, NULL), party(S2, NULL), party(S3, NULL), party(S4, NULL) };
    fn_award a[4] = { award("1", &s[0], 1, 0, "EUR"), award("2", &s[1], 1, NAN, "EUR"), award("3", &s[2], 1, -5, "EUR"),
                      award("4", &s[3], 1, INFINITY, "EUR") };
    fn_process p = process("o1", B, NULL, a, 4);
    add(&d, &p);
    finish(&d);
    ck_assert(isnan(tie(&d, FN_LAYER_SUPPLY, S1, B)->value));
    ck_assert(isnan(tie(&d, FN_LAYER_SUPPLY, S2, B)->value));
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S3, B)->value, -5);
    ck_assert(isnan(tie(&d, FN_LAYER_SUPPLY, S4, B)->value));
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "zero_amount"), 1);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "negative_amount"), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "negative"));
    close_desk(&d);
}
END_TEST

START_TEST(contracts_without_award_make_ties_or_are_orphans)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_words gone = w("gone");
    fn_contract c[2] = {
        { .id = WORDS("a"), .award = &gone, .awards = 1, .supplier = &s, .suppliers = 1, .value = MONEY(60, "EUR"),
          .signed_day = DAY + 1, .start_day = FN_DAY_NONE },
        { .id = WORDS("b"), .award = &gone, .awards = 1, .value = MONEY(50, "EUR") }
    };
    fn_process p = process("o1", B, NULL, NULL, 0);
    p.contract = c;
    p.contracts = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 60);
    ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->first, DAY + 1);
    ck_assert_int_eq(total(&d, "contract", FN_KEPT, NULL), 1);
    ck_assert_int_eq(total(&d, "contract", FN_REJECTED, "orphan_contract"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(a_framework_has_a_ceiling_and_no_value)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party(S1, NULL), party(S2, NULL) };
    fn_award a = award("1", s, 2, 1000, "EUR");
    fn_process p = one_award("o1", &a);
    p.framework = true;
    add(&d, &p);
    finish(&d);
    ck_assert(isnan(tie(&d, FN_LAYER_SUPPLY, S1, B)->value));
    ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, S2, B)->count, 1);
    ck_assert_double_eq(sum_of(&d, "framework_ceiling", "EUR"), 1000);
    ck_assert_double_eq(sum_of(&d, "counted", "EUR"), 0);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_CONSORTIUM), 0);
    close_desk(&d);
}
END_TEST

START_TEST(related_bids_are_the_value_of_a_contract_without_one)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party(S1, NULL), party(S2, NULL) };
    fn_award a = award("1", s, 1, 999, "EUR");
    fn_words id = w("1"), won = w("b1");
    fn_bid b[2] = { { .id = WORDS("b1"), .tenderer = &s[0], .tenderers = 1, .value = MONEY(40, "EUR"), .day = DAY - 9 },
                    { .id = WORDS("b2"), .tenderer = &s[1], .tenderers = 1, .value = MONEY(30, "EUR"), .day = DAY - 9 } };
    fn_contract c = { .status = WORDS("active"), .award = &id, .awards = 1, .bid = &won, .bids = 1, .value.amount = NAN };
    fn_process p = one_award("o1", &a);
    p.contract = &c;
    p.contracts = 1;
    p.bid = b;
    p.bids = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 40);
    close_desk(&d);
}
END_TEST

/* ---- time and product ---- */

START_TEST(dates_come_from_the_first_rung_that_has_one)
{
    desk d;
    open_desk(&d);
    static const int32_t too_early = -719162, too_late = 2932896; /* 0001-01-01, 9999-12-31 (E38) */
    fn_party s[6] = { party(S1, NULL), party(S2, NULL), party(S3, NULL), party(S4, NULL),
                      party("IT-CF-05000000005", NULL), party("IT-CF-06000000006", NULL) };
    fn_words id = w("1");
    for (int i = 0; i < 6; i++) {
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_award a = award("1", &s[i], 1, 1, "EUR");
        a.day = i == 0 ? DAY + 1 : i == 5 ? too_late : FN_DAY_NONE;
        fn_contract c = { .award = &id, .awards = 1, .value.amount = NAN, .signed_day = i == 1 ? DAY + 2 : FN_DAY_NONE,
                          .start_day = i <= 2 ? DAY + 3 : too_early };
        fn_bid b = { .tenderer = &s[i], .tenderers = 1, .day = i <= 3 ? DAY + 4 : FN_DAY_NONE, .value.amount = NAN };
        fn_process p = one_award(ocid, &a);
        p.contract = &c;
        p.contracts = 1;
        p.bid = &b;
        p.bids = 1;
        p.tender_end_day = i <= 4 ? DAY + 5 : FN_DAY_NONE;
        p.release_day = DAY + 6;
        add(&d, &p);
    }
    finish(&d);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, s[i].id.bytes, B)->first, DAY + 1 + i);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "date_out_of_range"), 1);
    close_desk(&d);
}
END_TEST

static const struct { const char *scheme, *code, *product; } code_rows[] = {
    { "CPV", "45233141-9", "45233141" }, { "CPV", "452331419", "45233141" }, { "cpv", "3000000", "03000000" },
    { "CPV", "45", "45" }, { "CPVS", "AA01-1", "" }, { "UNSPSC", "43211503", "UNSPSC:43211503" }, { "", "77", "77" },
    { "OKPD2", "01.11.1", "OKPD2:01.11.1" }
};

START_TEST(product_codes_take_one_form)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 1, 1, "EUR");
    fn_item item = { .scheme = w(code_rows[_i].scheme), .code = w(code_rows[_i].code), .quantity = NAN,
                     .unit.amount = NAN };
    a.item = &item;
    a.items = 1;
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    finish(&d);
    const fn_tie *t = tie(&d, FN_LAYER_SUPPLY, S1, B);
    ck_assert_str_eq(fn_names_text(fn_net_products(d.net), t->product, NULL), code_rows[_i].product);
    close_desk(&d);
}
END_TEST

START_TEST(the_dearest_item_names_the_product)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL);
    fn_award a = award("1", &s, 1, 1, "EUR");
    fn_item item[3] = {
        { .scheme = WORDS("CPV"), .code = WORDS("10000000"), .quantity = 1, .unit.amount = 5 },
        { .scheme = WORDS("CPV"), .code = WORDS("20000000"), .quantity = 2, .unit.amount = 3, .lot = WORDS("A") },
        { .scheme = WORDS("CPV"), .code = WORDS("30000000"), .quantity = 1, .unit.amount = 1, .lot = WORDS("B") }
    };
    fn_words lot = w("B");
    a.item = item;
    a.items = 3;
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    a.items = 0;               /* items of the tender, of the award's lot */
    a.lot = &lot;
    a.lots = 1;
    fn_party s2 = party(S2, NULL);
    a.supplier = &s2;
    p.ocid = w("o2");
    p.item = item;
    p.items = 3;
    add(&d, &p);
    item[2].unit.amount = NAN; /* one without price: the first in byte order */
    fn_party s3 = party(S3, NULL);
    a.supplier = &s3;
    a.lots = 0;
    p.ocid = w("o3");
    add(&d, &p);
    p.items = 0;
    p.code = w("44");
    fn_party s4 = party(S4, NULL);
    a.supplier = &s4;
    p.ocid = w("o4");
    add(&d, &p);
    finish(&d);
    const fn_names *products = fn_net_products(d.net);
    ck_assert_str_eq(fn_names_text(products, tie(&d, FN_LAYER_SUPPLY, S1, B)->product, NULL), "20000000");
    ck_assert_str_eq(fn_names_text(products, tie(&d, FN_LAYER_SUPPLY, S2, B)->product, NULL), "30000000");
    ck_assert_str_eq(fn_names_text(products, tie(&d, FN_LAYER_SUPPLY, S3, B)->product, NULL), "10000000");
    ck_assert_str_eq(fn_names_text(products, tie(&d, FN_LAYER_SUPPLY, S4, B)->product, NULL), "44");
    close_desk(&d);
}
END_TEST

/* ---- who is who ---- */

START_TEST(a_local_party_id_is_never_global)
{
    desk d;
    open_desk(&d);
    fn_party s = party("ORG-0001", "Alfa Srl");       /* E01 */
    fn_award a = award("1", &s, 1, 1, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    s = party("ORG-0001", "Beta Srl");
    p.ocid = w("o2");
    add(&d, &p);
    s = party("ORG-0001", NULL);                      /* nameless: nobody */
    p.ocid = w("o3");
    add(&d, &p);
    finish(&d);
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_SUPPLY, "name:alfa/llc|", B));
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_SUPPLY, "name:beta/llc|", B));
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    ck_assert_double_eq(sum_of(&d, "anonymous", "EUR"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(one_identifier_is_one_firm_with_aliases)
{
    desk d;
    open_desk(&d);
    static const char *const name[] = { "Acme Limited", "ACME Ltd", "Acme Limited", "Acme Works Ltd" };
    static const char *const number[] = { "01234567", "01234567.0", "GB-COH-01234567", "0123 4567" };
    for (int i = 0; i < 4; i++) {                     /* E02, E04 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_identifier id = { .scheme = w("GB-COH"), .id = w(number[i]) };
        fn_party s = party("1", name[i]);
        s.identifier = &id;
        s.identifiers = 1;
        s.main_identifier = true;
        fn_award a = award("1", &s, 1, 1, "GBP");
        fn_process p = one_award(ocid, &a);
        add(&d, &p);
    }
    finish(&d);
    ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, "GB-COH-01234567", B)->count, 4);
    ck_assert_str_eq(text(&d, "GB-COH-01234567", "name"), "Acme Limited");
    ck_assert_str_eq(text(&d, "GB-COH-01234567", "aliases"), "Acme Works Ltd | ACME Ltd");
    ck_assert_str_eq(text(&d, "GB-COH-01234567", "country"), "GB");
    close_desk(&d);
}
END_TEST

START_TEST(several_identifiers_are_joined_unless_they_clash)
{
    desk d;
    open_desk(&d);
    fn_identifier id[3] = { { .scheme = WORDS("RU-INN"), .id = WORDS("7736050003") },
                            { .scheme = WORDS("RU-OGRN"), .id = WORDS("1027700132195") },
                            { .scheme = WORDS("RU-INN"), .id = WORDS("7707083893") } };
    fn_party s = party("a", "Alfa");
    s.identifier = id;
    s.identifiers = 2;
    fn_award a = award("1", &s, 1, 1, "RUB");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    s.identifier = &id[1];                            /* OGRN alone: the same firm */
    s.identifiers = 1;
    p.ocid = w("o2");
    add(&d, &p);
    s.identifiers = 2;                                /* OGRN and another INN: would give it two */
    p.ocid = w("o3");
    add(&d, &p);
    s.identifier = &id[2];
    s.identifiers = 1;
    p.ocid = w("o4");
    add(&d, &p);
    finish(&d);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "identifiers_clash"), 1);
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    int64_t count = 0;
    for (size_t t = 0; t < fn_net_ties(d.net); t++) count += fn_net_tie(d.net)[t].count;
    ck_assert_int_eq(count, 4);
    close_desk(&d);
}
END_TEST

START_TEST(identifiers_without_scheme_must_prove_stable)
{
    for (int stable = 0; stable < 2; stable++) {      /* E06 */
        desk d;
        open_desk(&d);
        static const char *const name[2][2] = { { "Alfa Srl", "Zukunft GmbH" }, { "Alfa Srl", "ALFA S.r.l." } };
        for (int i = 0; i < 2; i++) {
            char ocid[24];
            snprintf(ocid, sizeof ocid, "o%d", i);
            fn_identifier id = { .id = w("VNC9501168D8") };
            fn_party s = { .name = w(name[stable][i]), .identifier = &id, .identifiers = 1 };
            fn_award a = award("1", &s, 1, 1, "EUR");
            fn_process p = one_award(ocid, &a);
            add(&d, &p);
        }
        finish(&d);
        ck_assert_uint_eq(fn_net_firms(d.net), stable ? 2 : 3);
        if (stable) ck_assert_str_eq(text(&d, "id:ocds-abc123:VNC9501168D8", "key_basis"), "id_without_scheme");
        else ck_assert_ptr_nonnull(tie(&d, FN_LAYER_SUPPLY, "name:zukunft/llc|", B));
        close_desk(&d);
    }
}
END_TEST

START_TEST(an_identifier_of_unlike_names_is_nobodys)
{
    desk d;
    open_desk(&d);
    static const char *const name[] = { "Alfa", "Bruno Kurz", "Cedex", "Dimmi Tutto", "Everyman", "Fuchs", "Gypsum Hill",
                                        "Wyvern", "Zukunft", "Quo Vadis" };
    for (int i = 0; i < 10; i++) {                    /* E59 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_party s = party(S1, name[i]);
        fn_award a = award("1", &s, 1, 1, "EUR");
        fn_process p = one_award(ocid, &a);
        add(&d, &p);
    }
    finish(&d);
    ck_assert_uint_eq(fn_net_firms(d.net), 11);
    ck_assert_uint_eq(firm(&d, S1), FN_NONE);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "identifier_of_unlike_names"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(names_go_with_country_or_town)
{
    desk d;
    open_desk(&d);
    static const struct { const char *name, *country, *town, *key; } row[] = {
        { "ТОО «X-Строй»", "KZ", NULL, "name:x строй/llc|KZ" }, { "\"X-Строй\" ЖШС", "KZ", "Астана", "name:x строй/llc|KZ" },
        { "X-Строй ТОО", "RU", NULL, "name:x строй/llc|RU" }, { "X-Строй ТОО", NULL, "Омск", "name:x строй/llc|@омск" },
        { "X-Строй ТОО", NULL, "0", "name:x строй/llc|" }, { "X-Строй ТОО", "1A", NULL, "name:x строй/llc|" }
    };
    for (int i = 0; i < 6; i++) {                     /* E54, E58 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_party s = { .name = w(row[i].name), .country_name = w(row[i].country), .town = w(row[i].town) };
        fn_award a = award("1", &s, 1, 1, "EUR");
        fn_process p = one_award(ocid, &a);
        add(&d, &p);
    }
    finish(&d);
    for (int i = 0; i < 6; i++) ck_assert_msg(firm(&d, row[i].key) != FN_NONE, "%s", row[i].key);
    ck_assert_uint_eq(fn_net_firms(d.net), 5);
    close_desk(&d);
}
END_TEST

START_TEST(references_are_resolved_within_the_process)
{
    desk d;
    open_desk(&d);
    fn_identifier id = { .scheme = WORDS("GB-COH"), .id = WORDS("01234567") };
    fn_party parties[2] = { party("7", "Acme Limited"), party("8", "Town Council") };
    parties[0].identifier = &id;
    parties[0].identifiers = 1;
    parties[1].roles = FN_ROLE_BUYER;
    parties[1].class_scheme = w("TED_CA_TYPE");
    parties[1].class_id = w("3");
    fn_party s[3] = { party("7", "Acme Cycle Provision"), party("9", "Ghost Ltd"), party(NULL, "Acme Limited") };
    fn_award a[3] = { award("1", &s[0], 1, 1, "GBP"), award("2", &s[1], 1, 1, "GBP"), award("3", &s[2], 1, 1, "GBP") };
    fn_process p = process("o1", "8", NULL, a, 3);
    p.party = parties;
    p.parties = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_int_eq(tie(&d, FN_LAYER_SUPPLY, "GB-COH-01234567", "name:town council|")->count, 2);
    /* Each spelling stands in one process: the longer is the name. */
    ck_assert_str_eq(text(&d, "GB-COH-01234567", "name"), "Acme Cycle Provision");
    ck_assert_str_eq(text(&d, "GB-COH-01234567", "aliases"), "Acme Limited");
    ck_assert_str_eq(text(&d, "name:town council|", "kind"), "authority");
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_SUPPLY, "name:ghost/llc|", "name:town council|"));  /* E07 */
    ck_assert_int_eq(total(&d, "party", FN_REMARK, "reference_unresolved"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(somebody_buys)
{
    desk d;
    open_desk(&d);
    fn_party s = party(S1, NULL), buyers[2] = { party(S3, NULL), party(S4, NULL) };
    fn_award a = award("1", &s, 1, 5, "EUR");
    fn_process p = one_award("o1", &a);
    p.has_buyer = false;                              /* E10 */
    p.has_procuring = true;
    p.procuring = party(S2, "Rossi Costruzioni");
    add(&d, &p);
    p.ocid = w("o2");                                 /* E11 */
    buyers[0].roles = buyers[1].roles = FN_ROLE_BUYER;
    p.party = buyers;
    p.parties = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, S2)->value, 5);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, S3)->value, 2.5);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, S4)->value, 2.5);
    ck_assert_int_eq(total(&d, "process", FN_REMARK, "procuring_entity_buys"), 1);
    ck_assert_str_eq(text(&d, S2, "kind"), "unknown"); /* buying alone makes no authority */
    close_desk(&d);
}
END_TEST

/* ---- consortia and competitions ---- */

static fn_bid bid(const char *id, fn_party *tenderer, size_t tenderers)
{
    return (fn_bid) { .id = w(id), .tenderer = tenderer, .tenderers = tenderers, .value.amount = NAN, .day = FN_DAY_NONE };
}

START_TEST(partners_need_a_joint_bid)
{
    desk d;
    open_desk(&d);
    fn_party s[3] = { party(S1, NULL), party(S2, NULL), party(S3, NULL) };
    fn_award a = award("1", s, 3, 9, "EUR");
    fn_bid b[3] = { bid("b1", s, 3) };
    fn_process p = one_award("o1", &a);
    p.bid = b;
    p.bids = 1;
    add(&d, &p);                                      /* E14 */
    fn_bid alone[2] = { bid("b1", s, 1), bid("b2", s + 1, 1) };
    a.suppliers = 2;
    p.ocid = w("o2");
    p.bid = alone;
    p.bids = 2;
    add(&d, &p);                                      /* E15 */
    a.suppliers_changed = true;
    p.ocid = w("o3");
    p.bids = 0;
    add(&d, &p);                                      /* E16 */
    finish(&d);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_CONSORTIUM), 3);
    ck_assert_int_eq(tie(&d, FN_LAYER_CONSORTIUM, S1, S2)->count, 1);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 12);
    ck_assert_int_eq(tie(&d, FN_LAYER_COBID, S1, S2)->count, 1); /* of E15 */
    ck_assert_ptr_null(tie(&d, FN_LAYER_COBID, S1, S3));
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "suppliers_not_partners"), 2);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "suppliers_changed"), 1);
    close_desk(&d);
}
END_TEST

START_TEST(a_lead_or_a_name_shows_a_group_too)
{
    desk d;
    open_desk(&d);
    fn_party s[2] = { party(S1, NULL), party(S2, NULL) };
    s[0].roles = FN_ROLE_LEAD;
    fn_award a = award("1", s, 2, 9, "EUR");
    fn_process p = one_award("o1", &a);
    add(&d, &p);
    fn_party r[2] = { party(S3, "RTI Verdi - Bianchi"), party(S4, "Bianchi") };
    a.supplier = r;
    p.ocid = w("o2");
    add(&d, &p);
    finish(&d);
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_CONSORTIUM, S1, S2));
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_CONSORTIUM, S3, S4));
    close_desk(&d);
}
END_TEST

START_TEST(lots_are_competitions_of_their_own)
{
    desk d;
    open_desk(&d);
    fn_party s[3] = { party(S1, NULL), party(S2, NULL), party(S3, NULL) };
    fn_words lot[2] = { WORDS("A"), WORDS("B") };
    fn_bid b[4] = { bid("1", &s[0], 1), bid("2", &s[1], 1), bid("3", &s[1], 1), bid("4", &s[2], 1) };
    for (int i = 0; i < 4; i++) {
        b[i].lot = &lot[i / 2];
        b[i].lots = 1;
    }
    fn_process p = process("o1", B, NULL, NULL, 0);   /* E32 */
    p.bid = b;
    p.bids = 4;
    add(&d, &p);
    fn_bid both[2] = { bid("1", &s[0], 1), bid("2", &s[2], 1) };
    both[0].lot = both[1].lot = lot;
    both[0].lots = 2;                                 /* E33 */
    both[1].lots = 2;
    p.ocid = w("o2");
    p.bid = both;
    p.bids = 2;
    add(&d, &p);
    finish(&d);
    ck_assert_int_eq(tie(&d, FN_LAYER_COBID, S1, S2)->count, 1);
    ck_assert_double_eq(tie(&d, FN_LAYER_COBID, S1, S2)->weight, 1);
    ck_assert_int_eq(tie(&d, FN_LAYER_COBID, S2, S3)->count, 1);
    ck_assert_int_eq(tie(&d, FN_LAYER_COBID, S1, S3)->count, 2);
    ck_assert_uint_eq(fn_net_tenders(d.net), 4);
    close_desk(&d);
}
END_TEST

START_TEST(a_consortium_competes_as_one)
{
    desk d;
    open_desk(&d);
    fn_party s[3] = { party(S1, NULL), party(S2, NULL), party(S3, NULL) };
    fn_bid b[4] = { bid("1", s, 2), bid("2", &s[2], 1), bid("3", &s[2], 1), bid("4", &s[2], 1) };
    b[2].status = w("withdrawn");                     /* E31 */
    b[3].status = w("invited");
    fn_party other = party(S4, NULL);
    b[2].tenderer = b[3].tenderer = &other;
    fn_process p = process("o1", B, NULL, NULL, 0);   /* E34 */
    p.bid = b;
    p.bids = 4;
    add(&d, &p);
    finish(&d);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_COBID), 2);
    ck_assert_double_eq(tie(&d, FN_LAYER_COBID, S1, S3)->weight, 0.5);
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_COBID, S2, S3));
    ck_assert_ptr_nonnull(tie(&d, FN_LAYER_CONSORTIUM, S1, S2));
    ck_assert_int_eq(total(&d, "bid", FN_READ, NULL), 4);
    ck_assert_int_eq(total(&d, "bid", FN_KEPT, NULL), 2);
    ck_assert_int_eq(total(&d, "bid", FN_REJECTED, "withdrawn"), 1);
    ck_assert_uint_eq(firm(&d, S4), FN_NONE);
    close_desk(&d);
}
END_TEST

START_TEST(too_many_bidders_are_not_projected)
{
    enum { BIDDERS = 300 };
    static char id[BIDDERS][32];
    static fn_party s[BIDDERS];
    for (int i = 0; i < BIDDERS; i++) {
        snprintf(id[i], sizeof id[i], "IT-CF-07%09d", i + 1);
        s[i] = party(id[i], NULL);
    }
    for (uint32_t most = 0; most <= BIDDERS; most += BIDDERS) {
        desk d;
        open_desk(&d);
        d.options.max_bidders = most;
        fn_process p = process("o1", B, NULL, NULL, 0);
        p.tenderer = s;
        p.tenderers = BIDDERS;
        add(&d, &p);
        finish(&d);
        if (most) {
            ck_assert_uint_eq(ties_in(&d, FN_LAYER_COBID), BIDDERS * (BIDDERS - 1) / 2);
        } else {                                      /* E35 */
            ck_assert_uint_eq(ties_in(&d, FN_LAYER_COBID), 0);
            ck_assert_int_eq(total(&d, "competition", FN_REMARK, "pairs_left_out"), 44850);
        }
        ck_assert_uint_eq(fn_net_tenders(d.net), 1);
        ck_assert_uint_eq(fn_net_tender(d.net)->bidders, BIDDERS);
        close_desk(&d);
    }
}
END_TEST

START_TEST(tenders_name_buyer_bidders_and_winners)
{
    desk d;
    open_desk(&d);
    fn_party s[4] = { party(S1, NULL), party(S2, NULL), party(S3, NULL), party(B, NULL) };
    fn_award a = award("1", s, 1, 9, "EUR");
    fn_process p = one_award("o1", &a);
    p.tenderer = &s[1];                               /* S2, S3 and the buyer; the winner is left out */
    p.tenderers = 3;
    add(&d, &p);
    p.ocid = w("o2");
    p.tenderers = 0;
    add(&d, &p);
    finish(&d);
    ck_assert_uint_eq(fn_net_tenders(d.net), 2);
    const fn_tender *t = fn_net_tender(d.net);
    const uint32_t *firms = fn_net_tender_firms(d.net);
    ck_assert_uint_eq(t->buyer, firm(&d, B));
    ck_assert(t->bids_known);
    ck_assert_double_eq(t->value, 9);
    ck_assert_int_eq(t->day, DAY);
    ck_assert_uint_eq(t->bidders, 3);
    ck_assert_uint_eq(t->winners, 1);
    ck_assert_uint_eq(firms[t->first_winner], firm(&d, S1));
    for (size_t i = 1; i < t->bidders; i++) ck_assert_uint_lt(firms[t->first_bidder + i - 1], firms[t->first_bidder + i]);
    ck_assert(!t[1].bids_known);
    ck_assert_uint_eq(t[1].bidders, 1);
    ck_assert_int_eq(total(&d, "bid", FN_REMARK, "buyer_among_bidders"), 1);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "winner_not_among_bidders"), 1);
    ck_assert_double_eq(tie(&d, FN_LAYER_COBID, S1, S2)->weight, 0.5);
    close_desk(&d);
}
END_TEST

START_TEST(subcontracts_go_to_the_main_contractors)
{
    desk d;
    open_desk(&d);
    fn_party s[4] = { party(S1, NULL), party(S2, NULL), party(S3, NULL), party(S4, NULL) };
    fn_award a = award("1", s, 2, 9, "EUR");
    fn_bid b[2] = { bid("won", s, 2), bid("lost", &s[3], 1) };
    fn_subcontract_event e[4] = {
        { .subcontractor = s[2], .main = s, .mains = 2, .value = MONEY(10, "EUR"), .bid = WORDS("won") },   /* E51 */
        { .subcontractor = s[2], .value = MONEY(4, "EUR"), .award = WORDS("1") },
        { .subcontractor = s[2], .value = MONEY(50, "EUR"), .bid = WORDS("lost") },
        { .subcontractor = s[0], .main = s, .mains = 1, .value = MONEY(1, "EUR"), .bid = WORDS("won") }
    };
    fn_process p = one_award("o1", &a);
    p.bid = b;
    p.bids = 2;
    p.sub = e;
    p.subs = 4;
    add(&d, &p);
    finish(&d);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_SUBCONTRACT), 2);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUBCONTRACT, S3, S1)->value, 7);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUBCONTRACT, S3, S2)->value, 7);
    ck_assert_int_eq(total(&d, "subcontract", FN_READ, NULL), 4);
    ck_assert_int_eq(total(&d, "subcontract", FN_KEPT, NULL), 2);
    ck_assert_int_eq(total(&d, "subcontract", FN_REJECTED, "no_award"), 1);
    close_desk(&d);
}
END_TEST

/* ---- random data ---- */

enum { RANDOM_PROCESSES = 60, RANDOM_FIRMS = 14, RANDOM_PARTS = 5 };

typedef struct made {
    fn_process process;
    char ocid[24];
    fn_award award[2];
    fn_party supplier[2][RANDOM_PARTS], tenderer[RANDOM_PARTS];
} made;

static made random_data[RANDOM_PROCESSES];
static char random_id[RANDOM_FIRMS][32];

static uint64_t draw(uint64_t seed, uint64_t *at, uint64_t bound)
{
    return fn_random_below(seed, 7, (*at)++, bound);
}

/* Some firms by identifier, some by name, some unknown; the buyers are firms among the others. */
static fn_party random_party(uint64_t seed, uint64_t *at)
{
    uint64_t f = draw(seed, at, RANDOM_FIRMS);
    snprintf(random_id[f], sizeof random_id[f], f % 5 == 4 ? "Firm %c Ltd" : "IT-CF-0600000%04d", f % 5 == 4 ? 'a' + (int) f : (int) f);
    if (f == 13) return party("IT-CF-NAN", NULL);
    return f % 5 == 4 ? party(NULL, random_id[f]) : party(random_id[f], NULL);
}

static void random_processes(uint64_t seed)
{
    uint64_t at = 0;
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        made *m = &random_data[i];
        fn_party buyer = random_party(seed, &at);
        snprintf(m->ocid, sizeof m->ocid, "ocds-%03d", i);
        m->process = process(m->ocid, NULL, NULL, m->award, draw(seed, &at, 3));
        m->process.buyer = buyer;
        for (size_t a = 0; a < m->process.awards; a++) {
            size_t suppliers = draw(seed, &at, RANDOM_PARTS);
            for (size_t s = 0; s < suppliers; s++) m->supplier[a][s] = random_party(seed, &at);
            m->award[a] = award(a ? "2" : "1", m->supplier[a], suppliers, (double) draw(seed, &at, 100000) / 100,
                                draw(seed, &at, 2) ? "EUR" : "USD");
            m->award[a].day = DAY + (int32_t) draw(seed, &at, 100);
            if (draw(seed, &at, 6) == 0) m->award[a].status = w("cancelled");
        }
        m->process.tenderer = m->tenderer;
        m->process.tenderers = draw(seed, &at, RANDOM_PARTS + 1);
        for (size_t t = 0; t < m->process.tenderers; t++) m->tenderer[t] = random_party(seed, &at);
    }
}

static double sum_layer(const desk *d, uint16_t layer, const char *currency)
{
    fn_sum sum = { 0 };
    for (size_t t = 0; t < fn_net_ties(d->net); t++) {
        const fn_tie *one = &fn_net_tie(d->net)[t];
        bool same = strcmp(fn_names_text(fn_net_currencies(d->net), one->currency, NULL), currency) == 0;
        if (one->layer == layer && same) fn_sum_add(&sum, one->value);
    }
    return fn_sum_value(&sum);
}

START_TEST(money_is_neither_lost_nor_made)
{
    desk d;
    open_desk(&d);
    random_processes((uint64_t) _i);
    for (int i = 0; i < RANDOM_PROCESSES; i++) add(&d, &random_data[i].process);
    finish(&d);
    static const char *const currency[] = { "EUR", "USD" };
    for (int c = 0; c < 2; c++) {
        double parts = 0;
        static const char *const label[] = { "supply_ties", "anonymous", "self_ties", "no_supplier", "no_buyer" };
        for (size_t i = 0; i < 5; i++) parts += sum_of(&d, label[i], currency[c]);
        ck_assert_double_eq_tol(parts, sum_of(&d, "counted", currency[c]), 1e-6);
        ck_assert_double_eq_tol(sum_of(&d, "awarded", currency[c]), sum_of(&d, "counted", currency[c]), 1e-6);
        ck_assert_double_eq(sum_layer(&d, FN_LAYER_SUPPLY, currency[c]), sum_of(&d, "supply_ties", currency[c]));
    }
    /* Every firm gains 1 from every competition with others. */
    double weights = 0, memberships = 0;
    for (size_t t = 0; t < fn_net_ties(d.net); t++) {
        const fn_tie *one = &fn_net_tie(d.net)[t];
        ck_assert_uint_ne(one->from, one->to);
        if (one->layer == FN_LAYER_COBID) weights += 2 * one->weight;
    }
    size_t competitions = fn_net_tenders(d.net);
    ck_assert_uint_gt(competitions, 0);
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        /* Counted from the processes, with firms as texts: bidders and winners of effective awards, no buyers. */
        const fn_process *p = &random_data[i].process;
        const fn_words buyer = p->buyer.id.length ? p->buyer.id : p->buyer.name;
        fn_words seen[3 * RANDOM_PARTS + 3];
        size_t count = 0, listed = 0;
        for (size_t source = 0; source <= p->awards; source++) {
            const fn_party *list = source ? p->award[source - 1].supplier : p->tenderer;
            size_t size = source ? p->award[source - 1].suppliers : p->tenderers;
            if (source && fn_words_say(p->award[source - 1].status, "cancelled")) continue;
            bool nobody = buyer.length == sizeof "IT-CF-NAN" - 1;
            for (size_t k = 0; k < size && !(source && (nobody || !listed)); k++) {
                fn_words one = list[k].id.length ? list[k].id : list[k].name;
                bool there = fn_words_equal(one, buyer) || fn_words_equal(one, w("IT-CF-NAN"));
                for (size_t j = 0; j < count; j++) there = there || fn_words_equal(seen[j], one);
                if (!there) seen[count++] = one;
            }
            if (!source) listed = count;
        }
        if (count > 1) memberships += (double) count;
    }
    ck_assert_double_eq_tol(weights, memberships, 1e-9);
    close_desk(&d);
}
END_TEST

/* Everything about ties and firms as text by key, sorted. */
static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static char *dump(const desk *d)
{
    size_t ties = fn_net_ties(d->net), firms = fn_net_firms(d->net), lines = 0;
    char **line = calloc(ties + firms, sizeof *line);
    const fn_names *keys = fn_net_keys(d->net);
    for (size_t t = 0; t < ties; t++) {
        const fn_tie *one = &fn_net_tie(d->net)[t];
        const char *from = fn_names_text(keys, one->from, NULL), *to = fn_names_text(keys, one->to, NULL);
        bool turn = !fn_net_layer_directed(one->layer) && strcmp(from, to) > 0;
        line[lines] = malloc(512);
        snprintf(line[lines++], 512, "%s %s %d %a %a %lld %d %d", turn ? to : from, turn ? from : to, one->layer, one->value,
                 one->weight, (long long) one->count, one->first, one->last);
    }
    for (uint32_t f = 0; f < firms; f++) {
        line[lines] = malloc(512);
        snprintf(line[lines++], 512, "%u %s %s %s %s", f, fn_names_text(keys, f, NULL), fn_net_firm_text(d->net, f, "name", NULL),
                 fn_net_firm_text(d->net, f, "kind", NULL), fn_net_firm_text(d->net, f, "roles", NULL));
    }
    if (lines) qsort(line, lines, sizeof *line, by_line);
    char *all = calloc(lines + 1, 512);
    for (size_t i = 0; i < lines; i++) {
        strcat(strcat(all, line[i]), "\n");
        free(line[i]);
    }
    free(line);
    return all;
}

START_TEST(the_order_of_processes_does_not_matter)
{
    char *expected = NULL;
    random_processes((uint64_t) _i);
    for (int turn = 0; turn < 4; turn++) {
        desk d;
        open_desk(&d);
        for (int i = 0; i < RANDOM_PROCESSES; i++) {
            /* 0 … n-1, backwards, and two strides that are prime to n. */
            int k = turn == 0 ? i : turn == 1 ? RANDOM_PROCESSES - 1 - i : i * (turn == 2 ? 7 : 23) % RANDOM_PROCESSES;
            add(&d, &random_data[k].process);
        }
        finish(&d);
        char *all = dump(&d);
        if (!expected) expected = all;
        else {
            ck_assert_str_eq(all, expected);
            free(all);
        }
        close_desk(&d);
    }
    free(expected);
}
END_TEST

START_TEST(a_cancelled_award_changes_nothing)
{
    random_processes(3);
    desk d;
    open_desk(&d);
    for (int i = 0; i < RANDOM_PROCESSES; i++) add(&d, &random_data[i].process);
    finish(&d);
    char *expected = dump(&d);
    close_desk(&d);
    open_desk(&d);
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        fn_process more = random_data[i].process;
        fn_party s = party(S1, "Late Srl");
        fn_award a[3];
        memcpy(a, more.award, more.awards * sizeof *a);
        a[more.awards] = award("x", &s, 1, 777, "EUR");
        a[more.awards].status = w("cancelled");
        more.award = a;
        more.awards++;
        add(&d, &more);
    }
    finish(&d);
    char *all = dump(&d);
    ck_assert_str_eq(all, expected);
    free(all);
    free(expected);
    close_desk(&d);
}
END_TEST

START_TEST(every_failing_allocation_is_survived)
{
    fn_party s[3] = { party(S1, "Alfa Srl"), party("x", "Beta & C."), party("IT-CF-NAN", NULL) };
    fn_identifier id[2] = { { .scheme = WORDS("GB-COH"), .id = WORDS("01234567") }, { .id = WORDS("VNC9501168D8") } };
    s[1].identifier = id;
    s[1].identifiers = 2;
    fn_award a = award("1", s, 3, 9, "EUR");
    fn_item item = { .scheme = WORDS("CPV"), .code = WORDS("10000000"), .quantity = 1, .unit.amount = 5 };
    a.item = &item;
    a.items = 1;
    fn_bid b[2] = { bid("b1", s, 2), bid("b2", &s[2], 1) };
    fn_words award_id = w("1");
    fn_contract c = { .award = &award_id, .awards = 1, .value = MONEY(60, "EUR") };
    fn_subcontract_event e = { .subcontractor = s[1], .main = s, .mains = 1, .award = WORDS("1") };
    fn_process p = one_award("o1", &a);
    p.bid = b;
    p.bids = 2;
    p.contract = &c;
    p.contracts = 1;
    p.sub = &e;
    p.subs = 1;
    p.party = s;
    p.parties = 2;
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        desk d;
        open_desk(&d);
        fn_memory_fail_at(k, false);
        status = fn_tender_add(&d.run, &d.import, &p);
        if (!status) status = try_finish(&d);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        close_desk(&d);
        ck_assert_int_lt(k, 10000);
    }
}
END_TEST

/* ---- real data: facts computed independently ---- */

static const char *data(const char *file)
{
    char test[128];
    snprintf(test, sizeof test, "tender facts of %s", file);
    return support_data(test, file);
}

static bool read_real(desk *d, const char *file)
{
    const char *path = data(file);
    if (!path) return false;
    *d = (desk) { .run = support_run(), .options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE, .format = "ocds" } };
    must(&d->run, fn_read(&d->run, &path, 1, &d->options, &d->net, NULL, NULL));
    d->import.account = fn_net_account(d->net);
    return true;
}

START_TEST(parma)
{
    desk d;
    if (!read_real(&d, "ocds/it_00162210348_release_package.json.gz")) return;
    ck_assert_int_eq(total(&d, "award", FN_READ, NULL), 915);
    ck_assert_int_eq(total(&d, "award", FN_REMARK, "several_suppliers"), 16);
    ck_assert_double_eq(sum_of(&d, "awarded", ""), 132558956.77);
    ck_assert_double_eq(sum_of(&d, "anonymous", ""), 5637302.24);
    ck_assert_double_eq(sum_of(&d, "self_ties", ""), 1043.39);
    ck_assert_double_eq(sum_of(&d, "supply_ties", ""), 126920611.14);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "suppliers_by_identifier"), 588);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "suppliers_by_name"), 5);
    ck_assert_double_eq(sum_of(&d, "largest_supplier", ""), 72841541);
    ck_assert_double_eq(tie(&d, FN_LAYER_SUPPLY, "IT-CF-02869870341", "IT-CF-00162210348")->value, 72841541);
    ck_assert_uint_eq(firm(&d, "IT-CF-NAN"), FN_NONE);
    ck_assert_str_eq(text(&d, "IT-CF-00162210348", "kind"), "authority");
    fn_net_free(d.net);
}
END_TEST

START_TEST(monza)
{
    desk d;
    if (!read_real(&d, "ocds/it_02030880153_release_package.json.gz")) return;
    ck_assert_int_eq(total(&d, "award", FN_READ, NULL), 1527);
    ck_assert_double_eq(sum_of(&d, "awarded", ""), 30424436.43);
    ck_assert_double_eq(sum_of(&d, "anonymous", ""), 22671415.44);
    ck_assert_double_eq(sum_of(&d, "supply_ties", ""), 7753020.99);
    ck_assert_uint_eq(ties_in(&d, FN_LAYER_SUPPLY), 54);
    ck_assert_int_eq(total(&d, "firm", FN_REMARK, "suppliers_by_identifier")
                     + total(&d, "firm", FN_REMARK, "suppliers_by_name"), 54);
    fn_net_free(d.net);
}
END_TEST

START_TEST(mexico_city_airport)
{
    desk d;
    if (!read_real(&d, "ocds/mx_gacm/all_releases.jsonl.gz")) return;
    ck_assert_int_eq(total(&d, "process", FN_READ, NULL), 292);
    ck_assert_double_eq(sum_of(&d, "awarded", "MXN"), 132816036502.01);
    ck_assert_double_eq(sum_of(&d, "awarded", "MNX"), 2692314541.99);
    ck_assert_double_eq(sum_of(&d, "contracted", "MXN"), 135508351044.00);
    ck_assert_double_eq(sum_of(&d, "counted", "MXN"), 135508351044.00);
    ck_assert_double_eq_tol(sum_of(&d, "counted", "MXN"), sum_of(&d, "supply_ties", "MXN") + sum_of(&d, "no_supplier", "MXN"),
                            1e-3);
    fn_net_free(d.net);
}
END_TEST

START_TEST(tenders_only)
{
    static const char *const file[] = { "ocds/ug_uganda/all_releases.jsonl.gz", "ocds/uk_contracts_finder/all_releases.jsonl.gz" };
    desk d;
    if (!read_real(&d, file[_i])) return;
    ck_assert_uint_eq(fn_net_ties(d.net), 0);
    ck_assert_int_ge(support_warnings(), 1);
    fn_net_free(d.net);
}
END_TEST

Suite *suite_tender(void)
{
    Suite *suite = suite_create("tender");
    TCase *awards = tcase_create("awards"), *who = tcase_create("who is who"), *ties = tcase_create("competitions");
    TCase *random = tcase_create("random"), *real = tcase_create("real data");
    tcase_add_test(awards, an_award_is_a_tie_from_supplier_to_buyer);
    tcase_add_test(awards, shares_add_up_exactly);
    tcase_add_test(awards, unknown_suppliers_have_a_share_and_make_no_firm);
    tcase_add_test(awards, the_buyer_does_not_supply_itself);
    tcase_add_loop_test(awards, statuses_decide_which_awards_count, 0, sizeof status_rows / sizeof *status_rows);
    tcase_add_test(awards, an_award_of_cancelled_lots_does_not_count);
    tcase_add_test(awards, awards_without_supplier_or_buyer_keep_their_money_apart);
    tcase_add_test(awards, strict_stops_at_the_first_faulty_award);
    tcase_add_test(awards, tenders_without_awards_make_no_ties_and_say_so);
    tcase_add_test(awards, records_outside_the_period_are_left_out_and_counted);
    tcase_add_loop_test(awards, contract_or_award_but_never_both, 0, sizeof basis_rows / sizeof *basis_rows);
    tcase_add_test(awards, currencies_are_never_added);
    tcase_add_test(awards, a_contract_of_several_awards_is_divided);
    tcase_add_test(awards, odd_amounts_are_kept_or_missing);
    tcase_add_test(awards, contracts_without_award_make_ties_or_are_orphans);
    tcase_add_test(awards, a_framework_has_a_ceiling_and_no_value);
    tcase_add_test(awards, related_bids_are_the_value_of_a_contract_without_one);
    tcase_add_test(awards, dates_come_from_the_first_rung_that_has_one);
    tcase_add_loop_test(awards, product_codes_take_one_form, 0, sizeof code_rows / sizeof *code_rows);
    tcase_add_test(awards, the_dearest_item_names_the_product);
    tcase_add_test(who, a_local_party_id_is_never_global);
    tcase_add_test(who, one_identifier_is_one_firm_with_aliases);
    tcase_add_test(who, several_identifiers_are_joined_unless_they_clash);
    tcase_add_test(who, identifiers_without_scheme_must_prove_stable);
    tcase_add_test(who, an_identifier_of_unlike_names_is_nobodys);
    tcase_add_test(who, names_go_with_country_or_town);
    tcase_add_test(who, references_are_resolved_within_the_process);
    tcase_add_test(who, somebody_buys);
    tcase_add_test(ties, partners_need_a_joint_bid);
    tcase_add_test(ties, a_lead_or_a_name_shows_a_group_too);
    tcase_add_test(ties, lots_are_competitions_of_their_own);
    tcase_add_test(ties, a_consortium_competes_as_one);
    tcase_add_test(ties, too_many_bidders_are_not_projected);
    tcase_add_test(ties, tenders_name_buyer_bidders_and_winners);
    tcase_add_test(ties, subcontracts_go_to_the_main_contractors);
    tcase_add_loop_test(random, money_is_neither_lost_nor_made, 0, 20);
    tcase_add_loop_test(random, the_order_of_processes_does_not_matter, 0, 5);
    tcase_add_test(random, a_cancelled_award_changes_nothing);
    tcase_add_test(random, every_failing_allocation_is_survived);
    tcase_set_timeout(random, 60);
    tcase_set_timeout(real, 60);
    tcase_add_test(real, parma);
    tcase_add_test(real, monza);
    tcase_add_test(real, mexico_city_airport);
    tcase_add_loop_test(real, tenders_only, 0, 2);
    TCase *all[] = { awards, who, ties, random, real };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) suite_add_tcase(suite, all[i]);
    return suite;
}
