/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_profile(void);

/* A column of one-letter values; a blank is missing. */
static fn_table *values_of(fn_run *run, const char *letters)
{
    fn_table *table;
    fn_column *column;
    ck_assert_int_eq(fn_table_new(run, strlen(letters), &table), FN_OK);
    ck_assert_int_eq(fn_table_add(run, table, "region", FN_COLUMN_TEXT, &column), FN_OK);
    for (size_t i = 0; letters[i]; i++)
        if (letters[i] != ' ') ck_assert_int_eq(fn_column_set_text(run, column, i, letters + i, 1), FN_OK);
    return table;
}

static fn_table *profile_of(fn_run *run, const fn_table *values, const uint32_t *cluster, uint32_t clusters,
                            const bool *left_out, double level)
{
    fn_table *table;
    ck_assert_int_eq(fn_table_new(run, 0, &table), FN_OK);
    ck_assert_int_eq(fn_profile(run, values->column[0], cluster, clusters, left_out, level, table), FN_OK);
    return table;
}

static int64_t whole(const fn_table *table, const char *name, size_t row)
{
    return fn_table_find(table, name)->integer[row];
}

static double real(const fn_table *table, const char *name, size_t row)
{
    return fn_table_find(table, name)->real[row];
}

/* The row of a cluster (from 1) and a value, FN_NONE: there is none. */
static size_t row_of(const fn_table *table, int64_t cluster, char value)
{
    for (size_t row = 0; row < table->rows; row++) {
        size_t length;
        const char *text = fn_column_text(fn_table_find(table, "value"), row, &length);
        if (whole(table, "cluster", row) == cluster && text[0] == value) return row;
    }
    return FN_NONE;
}

START_TEST(worked_example_has_its_tails)
{
    /* N = 10, 4 have a: 3 of 3 in the first cluster 1/30, 1 of 7 in the second: sure */
    const uint32_t cluster[10] = { 1, 1, 1, 0, 0, 0, 0, 0, 0, 0 };
    fn_run run = support_run();
    fn_table *values = values_of(&run, "aaaabbbbbb");
    fn_table *table = profile_of(&run, values, cluster, 2, NULL, 1);
    ck_assert_uint_eq(table->rows, 3);
    size_t row = row_of(table, 2, 'a');
    ck_assert_double_eq_tol(real(table, "p", row), 1.0 / 30, 1e-15);
    ck_assert_double_eq_tol(real(table, "expected", row), 1.2, 1e-15);
    ck_assert_int_eq(whole(table, "members", row), 4);
    ck_assert_int_eq(whole(table, "in_cluster", row), 3);
    ck_assert_int_eq(whole(table, "firms", row), 3);
    ck_assert_double_eq(real(table, "p", row_of(table, 1, 'a')), 1);
    /* 6 of 7 have b: the same event as 3 of 3 having a; four tests, both of p = 1/30 share rank 2 */
    ck_assert_double_eq_tol(real(table, "p", row_of(table, 1, 'b')), 1.0 / 30, 1e-15);
    ck_assert_double_eq_tol(real(table, "p_adjusted", row), 1.0 / 15, 1e-15);
    fn_table_free(table);
    table = profile_of(&run, values, cluster, 2, NULL, .06);
    ck_assert_uint_eq(table->rows, 0);
    fn_table_free(table);
    /* two of the three: 1/3 */
    fn_table *other = values_of(&run, "aabaabbbbb");
    table = profile_of(&run, other, cluster, 2, NULL, 1);
    ck_assert_double_eq_tol(real(table, "p", row_of(table, 2, 'a')), 1.0 / 3, 1e-15);
    fn_table_free(table);
    fn_table_free(other);
    fn_table_free(values);
}
END_TEST

static double choose(int n, int k)
{
    double product = 1;
    for (int i = 1; i <= k; i++) product = product * (n - k + i) / i;
    return k < 0 || k > n ? 0 : product;
}

START_TEST(tails_and_adjusted_tails_equal_their_definitions)
{
    enum { FIRMS = 40, CLUSTERS = 5, VALUES = 4 };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        char letters[FIRMS + 1] = { 0 };
        uint32_t cluster[FIRMS];
        bool left_out[FIRMS];
        int both[CLUSTERS][VALUES] = { { 0 } }, size[CLUSTERS] = { 0 }, with[VALUES] = { 0 }, all = 0, tests = 0;
        double p[CLUSTERS * VALUES];
        fn_run run = support_run();
        for (uint32_t f = 0; f < FIRMS; f++) {
            cluster[f] = (uint32_t) fn_random_below(seed, 1, f, CLUSTERS);
            uint64_t value = fn_random_below(seed, 2, f, 3) ? cluster[f] % VALUES : fn_random_below(seed, 3, f, VALUES);
            letters[f] = fn_random_below(seed, 4, f, 9) ? (char) ('a' + value) : ' ';
            left_out[f] = fn_random_below(seed, 5, f, 8) == 0;
            if (letters[f] == ' ' || left_out[f]) continue;
            both[cluster[f]][value]++;
            size[cluster[f]]++;
            with[value]++;
            all++;
        }
        fn_table *values = values_of(&run, letters);
        fn_table *table = profile_of(&run, values, cluster, CLUSTERS, left_out, 1);
        for (int c = 0; c < CLUSTERS; c++)
            for (int v = 0; v < VALUES; v++) {
                if (size[c] < 2 || !with[v]) continue;
                double tail = 0;
                for (int k = both[c][v]; k <= size[c] && k <= with[v]; k++)
                    tail += choose(with[v], k) * choose(all - with[v], size[c] - k) / choose(all, size[c]);
                p[tests++] = tail;
                size_t row = row_of(table, c + 1, (char) ('a' + v));
                ck_assert((row != FN_NONE) == (both[c][v] > 0));
                if (row != FN_NONE) ck_assert_double_eq_tol(real(table, "p", row), tail, 1e-12);
            }
        for (size_t row = 0; row < table->rows; row++) {
            double adjusted = 1;
            for (int j = 0; j < tests; j++) {
                int rank = 0;
                for (int i = 0; i < tests; i++) rank += p[i] <= p[j] + 1e-12;
                if (p[j] >= real(table, "p", row) - 1e-12) adjusted = fmin(adjusted, p[j] * tests / rank);
            }
            ck_assert_double_eq_tol(real(table, "p_adjusted", row), adjusted, 1e-10);
            if (row) ck_assert_int_ge(whole(table, "cluster", row), whole(table, "cluster", row - 1));
        }
        fn_table_free(table);
        fn_table_free(values);
    }
}
END_TEST

START_TEST(tails_of_large_numbers_are_good)
{
    /* half of a million firms have the value and 600 of 1000 are in the cluster: nearly the binomial tail */
    enum { FIRMS = 1000000, DRAWN = 1000, FOUND = 600 };
    char *letters = malloc(FIRMS + 1);
    uint32_t *cluster = calloc(FIRMS, sizeof *cluster);
    fn_run run = support_run();
    memset(letters, 'a', FIRMS / 2);
    memset(letters + FIRMS / 2, 'b', FIRMS / 2);
    letters[FIRMS] = '\0';
    for (size_t i = 0; i < FOUND; i++) cluster[i] = 1;
    for (size_t i = 0; i < DRAWN - FOUND; i++) cluster[FIRMS - 1 - i] = 1;
    fn_table *values = values_of(&run, letters);
    fn_table *table = profile_of(&run, values, cluster, 2, NULL, 1);
    double term = 0, tail = 0;
    for (int k = FOUND; k <= DRAWN; k++) {
        term = lgamma(DRAWN + 1) - lgamma(k + 1) - lgamma(DRAWN - k + 1) + DRAWN * log(.5);
        tail += exp(term);
    }
    double found = real(table, "p", row_of(table, 2, 'a'));
    ck_assert_double_gt(found, tail * .9);
    ck_assert_double_lt(found, tail * 1.1);
    ck_assert_double_ge(real(table, "p", row_of(table, 2, 'b')), 1 - 1e-9);
    fn_table_free(table);
    fn_table_free(values);
    free(letters);
    free(cluster);
}
END_TEST

START_TEST(numbers_are_no_attribute_and_nobody_gives_nothing)
{
    fn_run run = support_run();
    fn_table *values = values_of(&run, "   "), *numbers, *table;
    fn_column *column;
    const uint32_t cluster[3] = { 0, 0, 1 };
    table = profile_of(&run, values, cluster, 2, NULL, 1);
    ck_assert_uint_eq(table->rows, 0);
    ck_assert_uint_eq(table->columns, 9);
    ck_assert_int_eq(fn_table_new(&run, 3, &numbers), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, numbers, "size", FN_COLUMN_REAL, &column), FN_OK);
    ck_assert_int_eq(fn_profile(&run, column, cluster, 2, NULL, 1, table), FN_EINVAL);
    fn_table_free(table);
    fn_table_free(numbers);
    fn_table_free(values);
}
END_TEST

START_TEST(a_profile_survives_failing_allocations)
{
    const uint32_t cluster[10] = { 1, 1, 1, 0, 0, 0, 0, 0, 0, 0 };
    fn_run quiet = support_run();
    fn_table *values = values_of(&quiet, "aaaabbbbbb");
    fn_status status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_table *table;
        ck_assert_int_eq(fn_table_new(&run, 0, &table), FN_OK);
        fn_memory_fail_at(k, false);
        status = fn_profile(&run, values->column[0], cluster, 2, NULL, 1, table);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        ck_assert_int_eq(run.error.status, status);
        fn_table_free(table);
    }
    fn_table_free(values);
}
END_TEST

Suite *suite_profile(void)
{
    Suite *suite = suite_create("profile");
    TCase *profile = tcase_create("profile");
    tcase_set_timeout(profile, 60);
    tcase_add_test(profile, worked_example_has_its_tails);
    tcase_add_test(profile, tails_and_adjusted_tails_equal_their_definitions);
    tcase_add_test(profile, tails_of_large_numbers_are_good);
    tcase_add_test(profile, numbers_are_no_attribute_and_nobody_gives_nothing);
    tcase_add_test(profile, a_profile_survives_failing_allocations);
    suite_add_tcase(suite, profile);
    return suite;
}
