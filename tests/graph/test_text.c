/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/random.h"
#include "graph/sum.h"
#include "graph/text.h"
#include "tests/suite.h"

Suite *suite_text(void);

static const struct { const char *text; bool ok; double value; } reals[] = {
    { "0", true, 0 }, { "007", true, 7 }, { "-1.5", true, -1.5 }, { "+2", true, 2 }, { ".5", true, 0.5 },
    { "5.", true, 5 }, { "1e3", true, 1000 }, { "1E-2", true, 0.01 }, { "0.1", true, 0.1 },
    { "179769313486231570000e288", true, DBL_MAX }, { "1e9999", true, INFINITY }, { "-1e9999", true, -INFINITY },
    { "", false, 0 }, { "-", false, 0 }, { ".", false, 0 }, { "e5", false, 0 }, { "1e", false, 0 }, { "1e+", false, 0 },
    { "nan", false, 0 }, { "inf", false, 0 }, { "0x10", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 },
    { "1,5", false, 0 }, { "1.2.3", false, 0 }, { "1_000", false, 0 }, { "--1", false, 0 }, { "１", false, 0 },
};

START_TEST(only_plain_decimal_numbers_are_numbers)
{
    double value = NAN;
    bool ok = fn_real_parse(reals[_i].text, strlen(reals[_i].text), &value);
    ck_assert_msg(ok == reals[_i].ok, "%s", reals[_i].text);
    if (ok) ck_assert_msg(value == reals[_i].value, "%s gave %g", reals[_i].text, value);
}
END_TEST

START_TEST(numbers_print_shortest_and_read_back)
{
    char text[FN_REAL_TEXT];
    static const struct { double value; const char *text; } cases[] = {
        { 0.1, "0.1" }, { 1, "1" }, { -0.0, "0" }, { 132558956.77, "132558956.77" }, { 1e22, "1e+22" },
        { 1.0 / 3, "0.3333333333333333" }, { 5e-324, "5e-324" }, { 123456789012345, "123456789012345" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fn_real_format(cases[i].value, text);
        ck_assert_str_eq(text, cases[i].text);
    }
    ck_assert_uint_eq(fn_real_format(NAN, text), 0);
    for (uint64_t i = 0; i < 20000; i++) { /* any bits */
        uint64_t bits = fn_random(7, 0, i);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        size_t length = fn_real_format(value, text);
        ck_assert(fn_real_parse(text, length, &back));
        ck_assert_msg(back == value, "%a became %s", value, text);
    }
}
END_TEST

static const struct { const char *text; bool ok; int64_t value; } integers[] = {
    { "0", true, 0 }, { "-9223372036854775808", true, INT64_MIN }, { "9223372036854775807", true, INT64_MAX },
    { "9223372036854775808", false, 0 }, { "1.0", false, 0 }, { "", false, 0 }, { "-", false, 0 },
};

START_TEST(decimals_are_rounded_as_the_library_rounds_them)
{
    char text[40];
    for (uint64_t i = 0; i < 100000; i++) {
        int digits = 1 + (int) fn_random_below(1, 1, i, 18), point = (int) fn_random_below(1, 2, i, (uint64_t) digits + 2);
        size_t length = 0;
        for (int d = 0; d < digits; d++) {
            if (d == point) text[length++] = '.';
            text[length++] = (char) ('0' + fn_random_below(1, 3, i * 20 + (uint64_t) d, 10));
        }
        text[length] = '\0';
        double value, wanted = strtod(text, NULL);
        if (!fn_real_parse(text, length, &value)) continue; /* a point at an end */
        ck_assert_msg(value == wanted, "%s: %.17g, not %.17g", text, value, wanted);
        uint64_t number;
        unsigned places;
        if (fn_decimal_parse(text, length, &number, &places)) ck_assert(fn_decimal_value(number, places) == wanted);
        else ck_assert(digits > 14 || point == 0);
    }
}
END_TEST

START_TEST(whole_numbers_fit_64_bits_or_are_none)
{
    int64_t value;
    bool ok = fn_int_parse(integers[_i].text, strlen(integers[_i].text), &value);
    ck_assert_msg(ok == integers[_i].ok, "%s", integers[_i].text);
    if (ok) ck_assert(value == integers[_i].value);
}
END_TEST

static const struct { const char *text; const char *day; int64_t seconds_of_day; } dates[] = {
    { "2018-12-10", "2018-12-10", 0 }, { "2018", "2018-01-01", 0 }, { "2018-07", "2018-07-01", 0 },
    { "20180710", "2018-07-10", 0 }, { "2020-02-29", "2020-02-29", 0 }, { "2017-03-06T21:30:25.373Z", "2017-03-06", 77425 },
    { "2022-12-08 15:45:47.8730413", "2022-12-08", 56747 }, { "2020-01-01t00:00:00z", "2020-01-01", 0 },
    { "2020-01-01T12:00+0300", "2020-01-01", 32400 }, { "2020-01-01T12:00-03:30", "2020-01-01", 55800 },
    { "0001-01-01", "0001-01-01", 0 }, { "9999-12-31", "9999-12-31", 0 },
    { "2019-02-29", NULL, 0 }, { "2018-13-01", NULL, 0 }, { "2018-00-10", NULL, 0 }, { "11/18/2014", NULL, 0 },
    { "0000-00-00", NULL, 0 }, { "2018-1-1", NULL, 0 }, { "2018-01-01x", NULL, 0 }, { "201801", NULL, 0 },
    { "2018-01-01T25:00:00Z", NULL, 0 }, { "", NULL, 0 }, { "99999-01-01", NULL, 0 },
};

START_TEST(dates_are_days_whatever_stands_behind_them)
{
    int32_t days;
    int64_t seconds;
    char text[FN_DATE_TEXT];
    bool ok = fn_date_parse(dates[_i].text, strlen(dates[_i].text), &days, &seconds);
    ck_assert_msg(ok == (dates[_i].day != NULL), "%s", dates[_i].text);
    if (!ok) return;
    fn_date_format(days, text);
    ck_assert_str_eq(text, dates[_i].day);
    ck_assert_int_eq(seconds - (int64_t) days * 86400, dates[_i].seconds_of_day);
}
END_TEST

START_TEST(every_day_of_ten_thousand_years_has_its_number)
{
    int32_t expected, days;
    ck_assert(fn_date_make(1, 1, 1, &expected));
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
            for (int day = 1; day <= length[month - 1] + (month == 2 && leap); day++, expected++) {
                int y, m, d;
                if (!fn_date_make(year, month, day, &days) || days != expected) ck_abort_msg("%d-%d-%d", year, month, day);
                fn_date_split(days, &y, &m, &d);
                if (y != year || m != month || d != day) ck_abort_msg("%d is not %d-%d-%d", days, year, month, day);
            }
        }
    ck_assert(fn_date_make(1970, 1, 1, &days));
    ck_assert_int_eq(days, 0);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_told)
{
    static const char *const good[] = { "", "abc", "é", "қ", "€", "😀", "\xf4\x8f\xbf\xbf" };
    static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe9", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) ck_assert(fn_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) ck_assert_msg(!fn_utf8_valid(bad[i], strlen(bad[i])), "%zu", i);
}
END_TEST

START_TEST(quotes_are_short_and_harmless)
{
    char out[FN_QUOTE_TEXT], longer[300];
    ck_assert_str_eq(fn_quote("a\033[31mb", 7, out), "\"a?[31mb\"");
    memset(longer, 'x', sizeof longer);
    ck_assert_uint_lt(strlen(fn_quote(longer, sizeof longer, out)), FN_QUOTE_TEXT);
    for (size_t i = 0; i + 1 < sizeof longer; i += 2) memcpy(longer + i, "é", 2);
    fn_quote(longer, sizeof longer, out);
    ck_assert(fn_utf8_valid(out, strlen(out)));
}
END_TEST

START_TEST(a_slip_finds_the_word_that_was_meant)
{
    static const char *const words[] = { "clusters", "central", "centrality", "ties" };
    ck_assert_str_eq(fn_nearest("cluster", words, 4), "clusters");
    ck_assert_str_eq(fn_nearest("centralty", words, 4), "centrality");
    ck_assert_ptr_null(fn_nearest("qqqqqqqq", words, 4));
}
END_TEST

START_TEST(money_adds_up_exactly_in_any_order)
{
    fn_sum forward = { 0 }, backward = { 0 }, part = { 0 };
    for (int i = 1; i <= 200000; i++) fn_sum_add(&forward, i * 0.01);
    for (int i = 200000; i >= 1; i--) fn_sum_add(i % 2 ? &backward : &part, i * 0.01);
    fn_sum_join(&backward, &part);
    ck_assert(fn_sum_value(&forward) == 200001000.0);
    ck_assert(fn_sum_value(&backward) == 200001000.0);
    ck_assert_int_eq(forward.terms, 200000);
    fn_sum big = { 0 }; /* ten million amounts of 1e12 */
    for (int i = 0; i < 1000; i++) fn_sum_add(&big, 1e16);
    ck_assert(fn_sum_value(&big) == 1e19);
    fn_sum tenth = { 0 };
    for (int i = 0; i < 2000000; i++) fn_sum_add(&tenth, 0.1);
    ck_assert(fn_sum_value(&tenth) == 200000.0);
    fn_sum thirds = { 0 };
    for (int i = 0; i < 3000000; i++) fn_sum_add(&thirds, 1.0 / 3);
    ck_assert_double_eq_tol(fn_sum_value(&thirds), 1e6, 1e-9);
}
END_TEST

Suite *suite_text(void)
{
    Suite *suite = suite_create("text");
    TCase *numbers = tcase_create("numbers");
    tcase_add_loop_test(numbers, only_plain_decimal_numbers_are_numbers, 0, sizeof reals / sizeof *reals);
    tcase_add_test(numbers, decimals_are_rounded_as_the_library_rounds_them);
    tcase_add_test(numbers, numbers_print_shortest_and_read_back);
    tcase_add_loop_test(numbers, whole_numbers_fit_64_bits_or_are_none, 0, sizeof integers / sizeof *integers);
    tcase_add_test(numbers, money_adds_up_exactly_in_any_order);
    suite_add_tcase(suite, numbers);
    TCase *days = tcase_create("dates");
    tcase_set_timeout(days, 60);
    tcase_add_loop_test(days, dates_are_days_whatever_stands_behind_them, 0, sizeof dates / sizeof *dates);
    tcase_add_test(days, every_day_of_ten_thousand_years_has_its_number);
    suite_add_tcase(suite, days);
    TCase *words = tcase_create("words");
    tcase_add_test(words, bytes_that_are_no_utf8_are_told);
    tcase_add_test(words, quotes_are_short_and_harmless);
    tcase_add_test(words, a_slip_finds_the_word_that_was_meant);
    suite_add_tcase(suite, words);
    return suite;
}
