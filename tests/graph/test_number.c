/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/random.h"
#include "graph/text.h"
#include "tests/suite.h"

Suite *suite_number(void);

/* ---- the same by printf and strtod, digit after digit (in the "C" locale of the tests) ---- */

static void print_shortest(double value, char text[64])
{
    text[0] = '\0';
    if (isnan(value)) return;
    if (isinf(value)) {
        strcpy(text, value > 0 ? "Infinity" : "-Infinity");
        return;
    }
    if (fabs(value) < 1e15 && value == floor(value)) {
        snprintf(text, 64, "%.0f", value == 0 ? 0.0 : value);
        return;
    }
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, 64, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
}

static double print_rounded(double value, int digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}

/* Numbers of every kind: any bits, money, decimals, fractions of two, what lies beside powers of two and ten, … */
static double some_number(uint64_t i)
{
    uint64_t bits = fn_random(11, 0, i), other = fn_random(11, 1, i);
    double value;
    switch (i % 11) {
    case 0: memcpy(&value, &bits, sizeof value); return value;
    case 1: return (double) (bits % 100000000) / 100;
    case 2: return (double) (bits % 1000000000000) / pow(10, (double) (other % 13));
    case 3: return ldexp((double) (bits >> 11), -(int) (other % 75));
    case 4: return -ldexp((double) (bits >> 11), -53);
    case 5: return nextafter(ldexp(1, (int) (other % 80) - 25), bits & 1 ? 0 : INFINITY);
    case 6: value = pow(10, (double) (other % 24) - 8); break;
    case 7: return print_rounded(ldexp((double) (bits >> 11), -(int) (other % 75)), 1 + (int) (bits % 15));
    case 8: return ldexp(1, (int) (other % 80) - 25);
    case 9: return ((double) (bits % 2000000) + 0.5) / (double) (1 << other % 20);
    default: return ldexp((double) (bits >> 11), -(int) (other % 1100));
    }
    for (uint64_t n = bits % 4; n; n--) value = nextafter(value, bits & 4 ? 0 : INFINITY);
    return value;
}

START_TEST(numbers_read_as_printf_would_print_them_with_the_fewest_digits)
{
    for (uint64_t i = 0; i < 110000; i++) {
        char text[FN_REAL_TEXT], wanted[64];
        double value = some_number(i);
        size_t length = fn_real_format(value, text);
        print_shortest(value, wanted);
        ck_assert_msg(!strcmp(text, wanted) && length == strlen(wanted), "%a became %s, not %s", value, text, wanted);
    }
}
END_TEST

START_TEST(numbers_are_rounded_as_printf_rounds)
{
    for (uint64_t i = 0; i < 110000; i++) {
        char text[FN_REAL_TEXT], wanted[64];
        double value = some_number(i);
        int digits = 1 + (int) (i / 11 % 15);
        if (!isfinite(value)) continue;
        double rounded = fn_round_digits(value, digits), expected = print_rounded(value, digits);
        ck_assert_msg(!memcmp(&rounded, &expected, sizeof rounded), "%a to %d digits became %a", value, digits,
                      rounded);
        fn_rounded_format(value, digits, text);
        print_shortest(expected, wanted);
        ck_assert_msg(!strcmp(text, wanted), "%a to %d digits became %s, not %s", value, digits, text, wanted);
    }
    ck_assert(isnan(fn_round_digits(NAN, 3)));
    ck_assert(fn_round_digits(-INFINITY, 3) == -INFINITY);
}
END_TEST

static const struct { double value; int digits; const char *text; } examples[] = {
    { 6313.9, 15, "6313.9" }, { 0.125, 2, "0.12" }, { 0.375, 2, "0.38" }, { 9.9996, 4, "10" },
    { 99999.96, 6, "100000" },
    { 123456789, 7, "123456800" }, { 0.00012345, 15, "0.00012345" }, { 0.000012345, 15, "1.2345e-05" },
    { -2.5, 1, "-2" }, { -3.5, 1, "-4" }, { 999999999999999.9, 15, "1e+15" }, { 1e-6, 7, "1e-06" }, { 0, 3, "0" },
};

START_TEST(rounded_numbers_have_no_zeros_behind_them)
{
    char text[FN_REAL_TEXT];
    ck_assert_uint_eq(fn_rounded_format(examples[_i].value, examples[_i].digits, text), strlen(examples[_i].text));
    ck_assert_str_eq(text, examples[_i].text);
}
END_TEST

START_TEST(whole_numbers_are_their_digits)
{
    char text[FN_INT_TEXT], wanted[32];
    static const int64_t odd[] = { 0, 9, 10, 99, 100, -1, -10, INT64_MAX, INT64_MIN };
    for (uint64_t i = 0; i < 20000; i++) {
        int64_t value = i < sizeof odd / sizeof *odd ? odd[i] : (int64_t) fn_random(3, 0, i) >> (i % 64);
        snprintf(wanted, sizeof wanted, "%" PRId64, value);
        ck_assert_uint_eq(fn_int_format(value, text), strlen(wanted));
        ck_assert_str_eq(text, wanted);
    }
}
END_TEST

START_TEST(dates_have_four_two_and_two_digits)
{
    char text[FN_DATE_TEXT], wanted[64];
    int32_t first, last;
    ck_assert(fn_date_make(1, 1, 1, &first) && fn_date_make(9999, 12, 31, &last));
    for (int32_t day = first; day <= last; day += 17) {
        int year, month, of_month;
        fn_date_split(day, &year, &month, &of_month);
        snprintf(wanted, sizeof wanted, "%04d-%02d-%02d", year, month, of_month);
        ck_assert_uint_eq(fn_date_format(day, text), 10);
        ck_assert_str_eq(text, wanted);
    }
    ck_assert_uint_eq(fn_date_format(last + 1, text), 0);
    ck_assert_uint_eq(fn_date_format(first - 1, text), 0);
    ck_assert_uint_eq(fn_date_format(FN_DAY_NONE, text), 0);
}
END_TEST

Suite *suite_number(void)
{
    Suite *suite = suite_create("number");
    TCase *tests = tcase_create("number");
    tcase_add_test(tests, numbers_read_as_printf_would_print_them_with_the_fewest_digits);
    tcase_add_test(tests, numbers_are_rounded_as_printf_rounds);
    tcase_add_loop_test(tests, rounded_numbers_have_no_zeros_behind_them, 0, sizeof examples / sizeof *examples);
    tcase_add_test(tests, whole_numbers_are_their_digits);
    tcase_add_test(tests, dates_have_four_two_and_two_digits);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}
