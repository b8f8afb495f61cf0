/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/io/tender_desk.h"

Suite *suite_tender(void);

/* ---- ties of awards ---- */

START_TEST(an_award_is_a_tie_from_supplier_to_buyer)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, "Rossi S.r.l.");
    fn_award a = desk_award("1", &s, 1, 100.25, "eur");
    fn_process p = desk_one_award("ocds-abc123-1", &a);
    desk_add(&d, &p);
    p.ocid = desk_words("ocds-abc123-2");
    a.day = DAY + 10;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_uint_eq(fn_net_firms(d.net), 2);
    const fn_tie *t = desk_tie(&d, FN_LAYER_SUPPLY, S1, B);
    ck_assert_ptr_nonnull(t);
    ck_assert_double_eq(t->value, 200.5);
    ck_assert_int_eq(t->count, 2);
    ck_assert_int_eq(t->first, DAY);
    ck_assert_int_eq(t->last, DAY + 10);
    ck_assert_str_eq(fn_names_text(fn_net_currencies(d.net), t->currency, NULL), "EUR");
    ck_assert_str_eq(desk_text(&d, S1, "name"), "Rossi S.r.l.");
    ck_assert_str_eq(desk_text(&d, S1, "kind"), "firm");
    ck_assert_str_eq(desk_text(&d, S1, "country"), "IT");
    ck_assert_str_eq(desk_text(&d, S1, "roles"), "supplier");
    ck_assert_str_eq(desk_text(&d, S1, "key_basis"), "id");
    ck_assert_str_eq(desk_text(&d, B, "kind"), "authority");
    ck_assert_str_eq(desk_text(&d, B, "roles"), "buyer");
    ck_assert_double_eq(desk_sum(&d, "awarded", "EUR"), 200.5);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "EUR"), 200.5);
    ck_assert_double_eq(desk_sum(&d, "largest_supplier", "EUR"), 200.5);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "suppliers_by_identifier"), 1);
    desk_close(&d);
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
    desk_open(&d);
    fn_party s[4] = { desk_party(S3, "C"), desk_party(S1, "A"), desk_party(S2, "B"), desk_party(S1, "A") };
    fn_award a = desk_award("1", s, 4, 100, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 33.3334);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->value, 33.3333);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S3, B)->value, 33.3333);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "EUR"), 100);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "several_suppliers"), 1);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_CONSORTIUM), 0);
    desk_close(&d);
}
END_TEST

START_TEST(unknown_suppliers_have_a_share_and_make_no_firm)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party("IT-CF-NAN", NULL), desk_party(S1, NULL) };
    fn_award a = desk_award("1", s, 2, 10, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    a.suppliers = 1;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    fn_party named = desk_party("IT-CF-NAN", "Caprioli Solutions Srl");
    a.supplier = &named;
    p.ocid = desk_words("o3");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_sum(&d, "counted", "EUR"), 30);
    ck_assert_double_eq(desk_sum(&d, "anonymous", "EUR"), 15);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "EUR"), 15);
    ck_assert_int_eq(desk_total(&d, "award", FN_KEPT, NULL), 2);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "anonymous"), 1);
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_SUPPLY, "name:caprioli solutions/llc|", B));
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "suppliers_by_name"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(the_buyer_does_not_supply_itself)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party(B, NULL), desk_party(S1, NULL) };
    fn_award a = desk_award("1", s, 2, 9, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    a.suppliers = 1;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_sum(&d, "self_ties", "EUR"), 13.5);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "EUR"), 4.5);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "self_tie"), 2);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "self_tie_only"), 1);
    ck_assert_ptr_null(desk_tie(&d, FN_LAYER_SUPPLY, B, B));
    desk_close(&d);
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
    desk_open(&d);
    d.options.include_pending = status_rows[_i].include_pending;
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 1, 5, "EUR");
    a.status = desk_words(status_rows[_i].award);
    fn_words id = desk_words("1");
    fn_contract c = { .status = desk_words(status_rows[_i].contract), .award = &id, .awards = 1, .value.amount = NAN,
                      .signed_day = FN_DAY_NONE, .start_day = FN_DAY_NONE, .paid = NAN };
    fn_process p = desk_one_award("o1", &a);
    p.tender_status = desk_words(status_rows[_i].tender);
    p.contract = &c;
    p.contracts = status_rows[_i].contract != NULL;
    desk_add(&d, &p);
    desk_finish(&d);
    const char *reason = status_rows[_i].reason;
    ck_assert_int_eq(desk_total(&d, "award", FN_READ, NULL), 1);
    ck_assert_int_eq(desk_total(&d, "award", FN_KEPT, NULL), reason ? 0 : 1);
    if (reason) ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, reason), 1);
    ck_assert_double_eq(desk_sum(&d, reason ? "left_out" : "awarded", "EUR"), 5);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_SUPPLY), reason ? 0 : 1);
    desk_close(&d);
}
END_TEST

START_TEST(an_award_of_cancelled_lots_does_not_count)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_words lot[2] = { WORDS("A"), WORDS("B") };
    fn_lot lots[2] = { { WORDS("A"), WORDS("cancelled") }, { WORDS("B"), WORDS("active") } };
    fn_award a[2] = { desk_award("1", &s, 1, 5, "EUR"), desk_award("2", &s, 1, 7, "EUR") };
    a[0].lot = lot;
    a[0].lots = 1;
    a[1].lot = lot;
    a[1].lots = 2;
    fn_process p = desk_process("o1", B, NULL, a, 2);
    p.lot = lots;
    p.lots = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "lot_cancelled"), 1);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 7);
    desk_close(&d);
}
END_TEST

START_TEST(awards_without_supplier_or_buyer_keep_their_money_apart)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 0, 5, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    a.suppliers = 1;
    p.has_buyer = false;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_sum(&d, "no_supplier", "EUR"), 5);
    ck_assert_double_eq(desk_sum(&d, "no_buyer", "EUR"), 5);
    ck_assert_double_eq(desk_sum(&d, "counted", "EUR"), 10);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "no_supplier"), 1);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "no_buyer"), 1);
    ck_assert_uint_eq(fn_net_firms(d.net), 0);
    ck_assert_int_ge(support_warnings(), 1);
    desk_close(&d);
}
END_TEST

START_TEST(strict_stops_at_the_first_faulty_award)
{
    desk d;
    desk_open(&d);
    d.options.strict = true;
    fn_party s = desk_party("IT-CF-NAN", NULL);
    fn_award a = desk_award("7", &s, 0, 5, "EUR");
    fn_process p = desk_one_award("o1", &a);
    ck_assert_int_eq(fn_tender_add(&d.run, &d.import, &p), FN_EPARSE);
    ck_assert_str_eq(d.run.error.file, "test.json");
    ck_assert_ptr_nonnull(strstr(d.run.error.message, "\"o1, 7\""));
    desk_close(&d);

    desk_open(&d);
    d.options.strict = true;
    a.suppliers = 1;
    desk_add(&d, &p);
    ck_assert_int_eq(desk_try(&d), FN_EPARSE);
    desk_close(&d);
}
END_TEST

START_TEST(tenders_without_awards_make_no_ties_and_say_so)
{
    desk d;
    desk_open(&d);
    fn_process p = desk_process("o1", B, "Parliament", NULL, 0);
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_uint_eq(fn_net_ties(d.net), 0);
    ck_assert_uint_eq(fn_net_firms(d.net), 0);
    ck_assert_int_eq(desk_total(&d, "process", FN_REJECTED, "no_award"), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "no ties"));
    desk_close(&d);
}
END_TEST

START_TEST(records_outside_the_period_are_left_out_and_counted)
{
    desk d;
    desk_open(&d);
    d.options.since = DAY;
    d.options.until = DAY + 5;
    fn_party s = desk_party(S1, NULL), t[2] = { desk_party(S1, NULL), desk_party(S2, NULL) };
    for (int day = DAY - 1; day <= DAY + 6; day += 1) {
        fn_award a = desk_award("1", &s, 1, 1, "EUR");
        char ocid[24];
        a.day = day;
        snprintf(ocid, sizeof ocid, "o%d", day);
        fn_process p = desk_one_award(ocid, &a);
        p.tenderer = t;
        p.tenderers = 2;
        desk_add(&d, &p);
    }
    fn_award undated = desk_award("1", &s, 1, 1, "EUR");
    undated.day = FN_DAY_NONE;
    fn_process p = desk_one_award("undated", &undated);
    p.release_day = FN_DAY_NONE;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->count, 6);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_COBID, S1, S2)->count, 6);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "outside_period"), 2);
    ck_assert_int_eq(desk_total(&d, "award", FN_REJECTED, "undated"), 1);
    ck_assert_int_eq(desk_total(&d, "tenderer", FN_REJECTED, "outside_period"), 4);
    ck_assert_double_eq(desk_sum(&d, "left_out", "EUR"), 3);
    desk_close(&d);
}
END_TEST

Suite *suite_tender(void)
{
    Suite *suite = suite_create("tender");
    TCase *awards = tcase_create("awards");
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
    suite_add_tcase(suite, awards);
    return suite;
}
