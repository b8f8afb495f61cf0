/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/net.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_period(void);

static int32_t day(int year, int month, int day_of_month)
{
    int32_t days;
    ck_assert(fn_date_make(year, month, day_of_month, &days));
    return days;
}

START_TEST(days_lie_in_years_quarters_and_months)
{
    static const struct { int year, month, day; fn_period_unit unit; const char *text; } cases[] = {
        { 2024, 1, 1, FN_PERIOD_YEAR, "2024" },       { 2024, 12, 31, FN_PERIOD_YEAR, "2024" },
        { 2024, 1, 1, FN_PERIOD_QUARTER, "2024-Q1" }, { 2024, 3, 31, FN_PERIOD_QUARTER, "2024-Q1" },
        { 2024, 4, 1, FN_PERIOD_QUARTER, "2024-Q2" }, { 2024, 12, 31, FN_PERIOD_QUARTER, "2024-Q4" },
        { 2024, 2, 29, FN_PERIOD_MONTH, "2024-02" },  { 1969, 12, 31, FN_PERIOD_MONTH, "1969-12" },
        { 1, 1, 1, FN_PERIOD_QUARTER, "0001-Q1" },    { 9999, 12, 31, FN_PERIOD_MONTH, "9999-12" }
    };
    char text[FN_PERIOD_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t period = fn_period_of(day(cases[i].year, cases[i].month, cases[i].day), cases[i].unit);
        ck_assert_uint_eq(fn_period_format(period, cases[i].unit, text), strlen(cases[i].text));
        ck_assert_str_eq(text, cases[i].text);
    }
    ck_assert_int_eq(fn_period_of(FN_DAY_NONE, FN_PERIOD_YEAR), FN_PERIOD_UNKNOWN);
    ck_assert_uint_eq(fn_period_format(FN_PERIOD_UNKNOWN, FN_PERIOD_YEAR, text), 0);
    ck_assert_int_eq(fn_period_unit_named("quarter"), FN_PERIOD_QUARTER);
    ck_assert_int_eq(fn_period_unit_named("week"), FN_PERIOD_NONE);
}
END_TEST

START_TEST(periods_follow_each_other)
{
    for (fn_period_unit unit = FN_PERIOD_YEAR; unit <= FN_PERIOD_MONTH; unit++)
        for (int32_t d = day(1999, 12, 1); d < day(2002, 2, 1); d++) {
            int32_t step = fn_period_of(d + 1, unit) - fn_period_of(d, unit);
            if (step != 0 && step != 1) ck_abort_msg("a step of %d periods from day %d", step, d);
        }
}
END_TEST

/* --- Records that are kept apart --- */

enum { FIRMS = 6, ROWS = 200 };

static fn_tie random_record(uint64_t seed, uint64_t row)
{
    fn_tie tie = { .from = (uint32_t) fn_random_below(seed, 1, row, FIRMS), .count = 1, .product = FN_NONE,
                   .to = (uint32_t) fn_random_below(seed, 2, row, FIRMS), .weight = NAN, .first = FN_DAY_NONE,
                   .layer = (uint16_t) (FN_LAYER_KNOWLEDGE + fn_random_below(seed, 3, row, 2)), .last = FN_DAY_NONE,
                   .value = (double) (1 + fn_random_below(seed, 4, row, 9)) };
    if (fn_random_below(seed, 5, row, 5) == 0) return tie;
    tie.first = tie.last = day(2000, 1, 1) + (int32_t) fn_random_below(seed, 6, row, 1200);
    if (fn_random_below(seed, 7, row, 4) == 0) tie.last += (int32_t) fn_random_below(seed, 8, row, 500);
    return tie;
}

static bool is_same(const fn_tie *a, const fn_tie *b, fn_period_unit unit)
{
    return a->from == b->from && a->to == b->to && a->layer == b->layer &&
           fn_period_of(a->first, unit) == fn_period_of(b->first, unit) &&
           fn_period_of(a->last, unit) == fn_period_of(b->last, unit);
}

START_TEST(records_of_different_periods_are_different_ties)
{
    const fn_period_unit unit = (fn_period_unit) (1 + _i % 3);
    const uint64_t seed = (uint64_t) _i;
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_net *net;
        run.threads = threads;
        ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
        for (uint32_t f = 0; f < FIRMS; f++) {
            const char key[2] = { (char) ('a' + f), '\0' };
            uint32_t number;
            ck_assert_int_eq(fn_net_firm(&run, net, key, 1, &number), FN_OK);
        }
        for (uint64_t r = 0; r < ROWS; r++) {
            const fn_tie record = random_record(seed, r);
            ck_assert_int_eq(fn_net_add(&run, net, &record, NULL), FN_OK);
        }
        fn_net_keep_apart(net, unit);
        ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);

        /* Every tie is the sum of its records, and all records are in one. */
        int64_t records = 0;
        for (size_t t = 0; t < fn_net_ties(net); t++) {
            const fn_tie tie = fn_net_tie_at(net, t);
            double value = 0;
            int64_t count = 0;
            for (uint64_t r = 0; r < ROWS; r++) {
                const fn_tie record = random_record(seed, r);
                if (!is_same(&tie, &record, unit)) continue;
                value += record.value;
                count++;
            }
            ck_assert_int_eq(tie.count, count);
            ck_assert_double_eq(tie.value, value);
            records += count;
            for (size_t other = 0; other < t; other++)
                if (is_same(&tie, FN_TIE(net, other), unit)) ck_abort_msg("ties %zu and %zu are one", other, t);
        }
        ck_assert_int_eq(records, ROWS);
        ck_assert_uint_gt(fn_net_ties(net), FIRMS * FIRMS * 2);
        fn_net_free(net);
    }
}
END_TEST

Suite *suite_period(void)
{
    Suite *suite = suite_create("period");
    TCase *tests = tcase_create("period");
    tcase_add_test(tests, days_lie_in_years_quarters_and_months);
    tcase_add_test(tests, periods_follow_each_other);
    tcase_add_loop_test(tests, records_of_different_periods_are_different_ties, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
