/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/io/tender_desk.h"

Suite *suite_tender_value(void);

/* ---- value ---- */

static const struct { const char *basis; double value; } basis_rows[] = {
    { NULL, 110 }, { "auto", 110 }, { "award", 100 }, { "contract", 110 }, { "none", NAN }
};

START_TEST(contract_or_award_but_never_both)
{
    desk d;
    desk_open(&d);
    d.options.value_basis = basis_rows[_i].basis;
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 1, 100, "USD");
    fn_words id = desk_words("1");
    fn_contract c[3] = {
        { .id = WORDS("a"), .status = WORDS("active"), .award = &id, .awards = 1, .value = MONEY(60, "USD") },
        { .id = WORDS("b"), .status = WORDS("terminated"), .award = &id, .awards = 1, .value = MONEY(50, "USD") },
        { .id = WORDS("c"), .status = WORDS("cancelled"), .award = &id, .awards = 1, .value = MONEY(7, "USD") }
    };
    fn_process p = desk_one_award("o1", &a);
    p.contract = c;
    p.contracts = 3;
    desk_add(&d, &p);
    desk_finish(&d);
    double value = desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value;
    ck_assert(isnan(basis_rows[_i].value) ? isnan(value) : value == basis_rows[_i].value);
    ck_assert_double_eq(desk_sum(&d, "awarded", "USD"), 100);
    ck_assert_double_eq(desk_sum(&d, "contracted", "USD"), 110);
    ck_assert_int_eq(desk_total(&d, "contract", FN_MERGED, NULL), 2);
    ck_assert_int_eq(desk_total(&d, "contract", FN_REJECTED, "not_in_force"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(currencies_are_never_added)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 1, 100, "USD");
    fn_words id = desk_words("1");
    fn_contract c[2] = {
        { .id = WORDS("a"), .award = &id, .awards = 1, .value = MONEY(60, "EUR") },
        { .id = WORDS("b"), .award = &id, .awards = 1, .value = MONEY(50, "GBP") }
    };
    fn_process p = desk_one_award("o1", &a);
    p.contract = c;
    p.contracts = 1;
    desk_add(&d, &p);         /* E29: the contract counts, in its own currency */
    p.contracts = 2;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);         /* two currencies: one of them */
    a.value.currency = desk_words("");
    p.contracts = 0;
    p.ocid = desk_words("o3");
    desk_add(&d, &p);         /* E30 */
    desk_finish(&d);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "EUR"), 120);
    ck_assert_double_eq(desk_sum(&d, "contracts_left_out", "GBP"), 50);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", ""), 100);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", "USD"), 0);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "currency_differs"), 2);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "contracts_in_several_currencies"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_contract_of_several_awards_is_divided)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party(S1, NULL), desk_party(S2, NULL) };
    fn_award a[2] = { desk_award("1", &s[0], 1, NAN, NULL), desk_award("2", &s[1], 1, NAN, NULL) };
    fn_words id[4] = { WORDS("1"), WORDS("2"), WORDS("gone"), WORDS("2") };
    fn_contract c = { .status = WORDS("active"), .award = id, .awards = 4, .value = MONEY(0.0003, "EUR") };
    fn_process p = desk_process("o1", B, NULL, a, 2);
    p.contract = &c;
    p.contracts = 1;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 0.0002);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->value, 0.0001);
    desk_close(&d);
}
END_TEST

START_TEST(odd_amounts_are_kept_or_missing)
{
    desk d;
    desk_open(&d);
    fn_party s[4] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL), desk_party(S4, NULL) };
    fn_award a[4] = { desk_award("1", &s[0], 1, 0, "EUR"), desk_award("2", &s[1], 1, NAN, "EUR"), desk_award("3", &s[2], 1, -5, "EUR"),
                      desk_award("4", &s[3], 1, INFINITY, "EUR") };
    fn_process p = desk_process("o1", B, NULL, a, 4);
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert(isnan(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value));
    ck_assert(isnan(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->value));
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S3, B)->value, -5);
    ck_assert(isnan(desk_tie(&d, FN_LAYER_SUPPLY, S4, B)->value));
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "zero_amount"), 1);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "negative_amount"), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "negative"));
    desk_close(&d);
}
END_TEST

START_TEST(contracts_without_award_make_ties_or_are_orphans)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_words gone = desk_words("gone");
    fn_contract c[2] = {
        { .id = WORDS("a"), .award = &gone, .awards = 1, .supplier = &s, .suppliers = 1, .value = MONEY(60, "EUR"),
          .signed_day = DAY + 1, .start_day = FN_DAY_NONE },
        { .id = WORDS("b"), .award = &gone, .awards = 1, .value = MONEY(50, "EUR") }
    };
    fn_process p = desk_process("o1", B, NULL, NULL, 0);
    p.contract = c;
    p.contracts = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 60);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->first, DAY + 1);
    ck_assert_int_eq(desk_total(&d, "contract", FN_KEPT, NULL), 1);
    ck_assert_int_eq(desk_total(&d, "contract", FN_REJECTED, "orphan_contract"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_framework_has_a_ceiling_and_no_value)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party(S1, NULL), desk_party(S2, NULL) };
    fn_award a = desk_award("1", s, 2, 1000, "EUR");
    fn_process p = desk_one_award("o1", &a);
    p.framework = true;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert(isnan(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value));
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->count, 1);
    ck_assert_double_eq(desk_sum(&d, "framework_ceiling", "EUR"), 1000);
    ck_assert_double_eq(desk_sum(&d, "counted", "EUR"), 0);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_CONSORTIUM), 0);
    desk_close(&d);
}
END_TEST

START_TEST(related_bids_are_the_value_of_a_contract_without_one)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party(S1, NULL), desk_party(S2, NULL) };
    fn_award a = desk_award("1", s, 1, 999, "EUR");
    fn_words id = desk_words("1"), won = desk_words("b1");
    fn_bid b[2] = { { .id = WORDS("b1"), .tenderer = &s[0], .tenderers = 1, .value = MONEY(40, "EUR"), .day = DAY - 9 },
                    { .id = WORDS("b2"), .tenderer = &s[1], .tenderers = 1, .value = MONEY(30, "EUR"), .day = DAY - 9 } };
    fn_contract c = { .status = WORDS("active"), .award = &id, .awards = 1, .bid = &won, .bids = 1, .value.amount = NAN };
    fn_process p = desk_one_award("o1", &a);
    p.contract = &c;
    p.contracts = 1;
    p.bid = b;
    p.bids = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 40);
    desk_close(&d);
}
END_TEST

/* ---- time and product ---- */

START_TEST(dates_come_from_the_first_rung_that_has_one)
{
    desk d;
    desk_open(&d);
    static const int32_t too_early = -719162, too_late = 2932896; /* 0001-01-01, 9999-12-31 (E38) */
    fn_party s[6] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL), desk_party(S4, NULL),
                      desk_party("IT-CF-05000000005", NULL), desk_party("IT-CF-06000000006", NULL) };
    fn_words id = desk_words("1");
    for (int i = 0; i < 6; i++) {
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_award a = desk_award("1", &s[i], 1, 1, "EUR");
        a.day = i == 0 ? DAY + 1 : i == 5 ? too_late : FN_DAY_NONE;
        fn_contract c = { .award = &id, .awards = 1, .value.amount = NAN, .signed_day = i == 1 ? DAY + 2 : FN_DAY_NONE,
                          .start_day = i <= 2 ? DAY + 3 : too_early };
        fn_bid b = { .tenderer = &s[i], .tenderers = 1, .day = i <= 3 ? DAY + 4 : FN_DAY_NONE, .value.amount = NAN };
        fn_process p = desk_one_award(ocid, &a);
        p.contract = &c;
        p.contracts = 1;
        p.bid = &b;
        p.bids = 1;
        p.tender_end_day = i <= 4 ? DAY + 5 : FN_DAY_NONE;
        p.release_day = DAY + 6;
        desk_add(&d, &p);
    }
    desk_finish(&d);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, s[i].id.bytes, B)->first, DAY + 1 + i);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "date_out_of_range"), 1);
    desk_close(&d);
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
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 1, 1, "EUR");
    fn_item item = { .scheme = desk_words(code_rows[_i].scheme), .code = desk_words(code_rows[_i].code), .quantity = NAN,
                     .unit.amount = NAN };
    a.item = &item;
    a.items = 1;
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    desk_finish(&d);
    const fn_tie *t = desk_tie(&d, FN_LAYER_SUPPLY, S1, B);
    ck_assert_str_eq(fn_names_text(fn_net_products(d.net), t->product, NULL), code_rows[_i].product);
    desk_close(&d);
}
END_TEST

START_TEST(the_dearest_item_names_the_product)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL);
    fn_award a = desk_award("1", &s, 1, 1, "EUR");
    fn_item item[3] = {
        { .scheme = WORDS("CPV"), .code = WORDS("10000000"), .quantity = 1, .unit.amount = 5 },
        { .scheme = WORDS("CPV"), .code = WORDS("20000000"), .quantity = 2, .unit.amount = 3, .lot = WORDS("A") },
        { .scheme = WORDS("CPV"), .code = WORDS("30000000"), .quantity = 1, .unit.amount = 1, .lot = WORDS("B") }
    };
    fn_words lot = desk_words("B");
    a.item = item;
    a.items = 3;
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    a.items = 0;               /* items of the tender, of the award's lot */
    a.lot = &lot;
    a.lots = 1;
    fn_party s2 = desk_party(S2, NULL);
    a.supplier = &s2;
    p.ocid = desk_words("o2");
    p.item = item;
    p.items = 3;
    desk_add(&d, &p);
    item[2].unit.amount = NAN; /* one without price: the first in byte order */
    fn_party s3 = desk_party(S3, NULL);
    a.supplier = &s3;
    a.lots = 0;
    p.ocid = desk_words("o3");
    desk_add(&d, &p);
    p.items = 0;
    p.code = desk_words("44");
    fn_party s4 = desk_party(S4, NULL);
    a.supplier = &s4;
    p.ocid = desk_words("o4");
    desk_add(&d, &p);
    desk_finish(&d);
    const fn_names *products = fn_net_products(d.net);
    ck_assert_str_eq(fn_names_text(products, desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->product, NULL), "20000000");
    ck_assert_str_eq(fn_names_text(products, desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->product, NULL), "30000000");
    ck_assert_str_eq(fn_names_text(products, desk_tie(&d, FN_LAYER_SUPPLY, S3, B)->product, NULL), "10000000");
    ck_assert_str_eq(fn_names_text(products, desk_tie(&d, FN_LAYER_SUPPLY, S4, B)->product, NULL), "44");
    desk_close(&d);
}
END_TEST

Suite *suite_tender_value(void)
{
    Suite *suite = suite_create("tender values");
    TCase *value = tcase_create("values, dates, products");
    tcase_add_loop_test(value, contract_or_award_but_never_both, 0, sizeof basis_rows / sizeof *basis_rows);
    tcase_add_test(value, currencies_are_never_added);
    tcase_add_test(value, a_contract_of_several_awards_is_divided);
    tcase_add_test(value, odd_amounts_are_kept_or_missing);
    tcase_add_test(value, contracts_without_award_make_ties_or_are_orphans);
    tcase_add_test(value, a_framework_has_a_ceiling_and_no_value);
    tcase_add_test(value, related_bids_are_the_value_of_a_contract_without_one);
    tcase_add_test(value, dates_come_from_the_first_rung_that_has_one);
    tcase_add_loop_test(value, product_codes_take_one_form, 0, sizeof code_rows / sizeof *code_rows);
    tcase_add_test(value, the_dearest_item_names_the_product);
    suite_add_tcase(suite, value);
    return suite;
}
