/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/clusters.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_partitions(void);

static fn_agreement compare(size_t n, const uint32_t *a, const uint32_t *b)
{
    fn_run run = support_run();
    fn_agreement agreement;
    ck_assert_int_eq(fn_partition_compare(&run, n, a, b, &agreement), FN_OK);
    return agreement;
}

/* --- Renumbering --- */

START_TEST(clusters_are_numbered_by_size_then_by_lowest_firm)
{
    fn_run run = support_run();
    uint32_t cluster[9] = { 7, 4000000000u, 7, 0, 0, 3, 3, 3, 5 }, clusters = 0;
    const uint32_t expected[9] = { 1, 3, 1, 2, 2, 0, 0, 0, 4 };
    ck_assert_int_eq(fn_partition_relabel(&run, 9, cluster, &clusters), FN_OK);
    ck_assert_uint_eq(clusters, 5);
    ck_assert_mem_eq(cluster, expected, sizeof expected);
    ck_assert_int_eq(fn_partition_relabel(&run, 9, cluster, &clusters), FN_OK);
    ck_assert_mem_eq(cluster, expected, sizeof expected);
}
END_TEST

START_TEST(no_firms_are_no_clusters)
{
    fn_run run = support_run();
    uint32_t clusters = 9, none = 0;
    ck_assert_int_eq(fn_partition_relabel(&run, 0, &none, &clusters), FN_OK);
    ck_assert_uint_eq(clusters, 0);
    fn_partition_free(NULL);
}
END_TEST

/* --- Comparison --- */

START_TEST(worked_example_has_its_vi_and_nmi)
{
    const uint32_t a[4] = { 0, 0, 1, 1 }, b[4] = { 0, 0, 0, 1 };
    fn_agreement agreement = compare(4, a, b);
    ck_assert_double_eq_tol(agreement.vi, .82396, 5e-6);
    ck_assert_double_eq_tol(agreement.nmi, .34371, 5e-6);
    ck_assert_double_eq_tol(agreement.pairs_precision, 1.0 / 3, 1e-15);
    ck_assert_double_eq_tol(agreement.pairs_recall, 1.0 / 2, 1e-15);
    ck_assert_double_eq_tol(agreement.ari, 0, 1e-15);
    fn_agreement turned = compare(4, b, a);
    ck_assert_double_eq_tol(turned.pairs_precision, 1.0 / 2, 1e-15);
    ck_assert_double_eq_tol(turned.pairs_recall, 1.0 / 3, 1e-15);
}
END_TEST

/* Mutual information of two small partitions by their definition. */
static double slow_information(size_t n, const uint32_t *a, const uint32_t *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double in_a = 0, in_b = 0, in_both = 0;
        for (size_t j = 0; j < n; j++) {
            in_a += a[j] == a[i];
            in_b += b[j] == b[i];
            in_both += a[j] == a[i] && b[j] == b[i];
        }
        sum += log((double) n * in_both / (in_a * in_b)) / (double) n;
    }
    return sum;
}

static bool next_permutation(size_t n, uint32_t *p)
{
    size_t i = n - 1, j = n - 1;
    while (i > 0 && p[i - 1] >= p[i]) i--;
    if (i == 0) return false;
    while (p[j] <= p[i - 1]) j--;
    uint32_t swapped = p[i - 1];
    p[i - 1] = p[j];
    p[j] = swapped;
    for (j = n - 1; i < j; i++, j--) {
        swapped = p[i];
        p[i] = p[j];
        p[j] = swapped;
    }
    return true;
}

/* The mean over all n! orders of b. */
static double slow_expectation(size_t n, const uint32_t *a, const uint32_t *b)
{
    uint32_t order[8], shuffled[8];
    double sum = 0, orders = 0;
    for (uint32_t i = 0; i < n; i++) order[i] = i;
    do {
        for (size_t i = 0; i < n; i++) shuffled[i] = b[order[i]];
        sum += slow_information(n, a, shuffled);
        orders++;
    } while (next_permutation(n, order));
    return sum / orders;
}

static double slow_ari(size_t n, const uint32_t *a, const uint32_t *b)
{
    double both = 0, in_a = 0, in_b = 0, pairs = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            both += a[i] == a[j] && b[i] == b[j];
            in_a += a[i] == a[j];
            in_b += b[i] == b[j];
            pairs++;
        }
    return (both - in_a * in_b / pairs) / ((in_a + in_b) / 2 - in_a * in_b / pairs);
}

START_TEST(all_measures_equal_their_definitions_on_random_partitions)
{
    enum { N = 6 };
    for (uint64_t seed = 0; seed < 40; seed++) {
        uint32_t a[N], b[N];
        for (uint32_t i = 0; i < N; i++) {
            a[i] = (uint32_t) fn_random_below(seed, 1, i, 2 + seed % 3);
            b[i] = 100 - (uint32_t) fn_random_below(seed, 2, i, 2 + seed % 4);
        }
        double entropy_a = slow_information(N, a, a), entropy_b = slow_information(N, b, b);
        double mean = (entropy_a + entropy_b) / 2, information = slow_information(N, a, b);
        double expected = slow_expectation(N, a, b);
        if (mean - expected < 1e-9) continue;
        fn_agreement agreement = compare(N, a, b);
        ck_assert_double_eq_tol(agreement.nmi, information / mean, 1e-12);
        ck_assert_double_eq_tol(agreement.ami, (information - expected) / (mean - expected), 1e-12);
        ck_assert_double_eq_tol(agreement.vi, entropy_a + entropy_b - 2 * information, 1e-12);
        ck_assert_double_eq_tol(agreement.ari, slow_ari(N, a, b), 1e-12);
    }
}
END_TEST

START_TEST(measures_do_not_depend_on_labels_and_all_but_the_pairs_are_symmetric)
{
    enum { N = 3000 };
    uint32_t *a = calloc(N, sizeof *a), *b = calloc(N, sizeof *b), *c = calloc(N, sizeof *c);
    for (uint32_t i = 0; i < N; i++) {
        a[i] = (uint32_t) fn_random_below(1, 1, i, 40);
        b[i] = fn_random_below(1, 2, i, 3) ? a[i] : (uint32_t) fn_random_below(1, 3, i, 25);
        c[i] = UINT32_MAX - 17 * a[i];
    }
    fn_agreement ab = compare(N, a, b), ba = compare(N, b, a), cb = compare(N, c, b);
    ck_assert_double_eq_tol(ab.nmi, ba.nmi, 1e-12);
    ck_assert_double_eq_tol(ab.ami, ba.ami, 1e-12);
    ck_assert_double_eq_tol(ab.vi, ba.vi, 1e-12);
    ck_assert_double_eq_tol(ab.ari, ba.ari, 1e-12);
    ck_assert_double_eq(ab.pairs_precision, ba.pairs_recall);
    ck_assert_double_eq_tol(ab.ami, cb.ami, 1e-12);
    ck_assert_double_eq_tol(ab.vi, cb.vi, 1e-12);
    ck_assert_double_lt(ab.ami, ab.nmi);
    free(a);
    free(b);
    free(c);
}
END_TEST

START_TEST(independent_partitions_agree_by_chance_alone)
{
    enum { N = 20000 };
    uint32_t *a = calloc(N, sizeof *a), *b = calloc(N, sizeof *b);
    for (uint32_t i = 0; i < N; i++) {
        a[i] = (uint32_t) fn_random_below(2, 1, i, 1000);
        b[i] = (uint32_t) fn_random_below(2, 2, i, 1000);
    }
    fn_agreement agreement = compare(N, a, b);
    ck_assert_double_eq_tol(agreement.ami, 0, .01);
    ck_assert_double_eq_tol(agreement.ari, 0, .01);
    ck_assert_double_gt(agreement.nmi, .3);
    free(a);
    free(b);
}
END_TEST

START_TEST(degenerate_partitions_have_defined_agreements)
{
    const uint32_t together[4] = { 5, 5, 5, 5 }, alone[4] = { 3, 2, 1, 0 }, halves[4] = { 0, 0, 1, 1 };
    const uint32_t *same[3] = { together, alone, halves };
    for (int i = 0; i < 3; i++) {
        fn_agreement agreement = compare(4, same[i], same[i]);
        ck_assert_double_eq(agreement.nmi, 1);
        ck_assert_double_eq(agreement.ami, 1);
        ck_assert_double_eq(agreement.ari, 1);
        ck_assert_double_eq(agreement.vi, 0);
    }
    fn_agreement agreement = compare(4, together, alone);
    ck_assert_double_eq(agreement.nmi, 0);
    ck_assert_double_eq_tol(agreement.ami, 0, 1e-15);
    ck_assert_double_eq(agreement.ari, 0);
    ck_assert_double_eq_tol(agreement.vi, log(4), 1e-15);
    ck_assert_double_nan(agreement.pairs_precision);
    ck_assert_double_eq(agreement.pairs_recall, 0);
    agreement = compare(4, together, halves);
    ck_assert_double_eq(agreement.nmi, 0);
    ck_assert_double_eq_tol(agreement.ami, 0, 1e-15);
    ck_assert_double_eq(agreement.pairs_precision, 1);
    agreement = compare(1, together, alone);
    ck_assert_double_eq(agreement.nmi, 1);
    ck_assert_double_nan(agreement.pairs_recall);
    agreement = compare(0, together, alone);
    ck_assert_double_nan(agreement.nmi);
    ck_assert_double_nan(agreement.vi);
    ck_assert_double_nan(agreement.ari);
}
END_TEST

START_TEST(comparison_and_renumbering_survive_failing_allocations)
{
    const uint32_t a[6] = { 0, 0, 1, 1, 2, 2 }, b[6] = { 0, 0, 0, 1, 1, 1 };
    for (int what = 0; what < 2; what++) {
        fn_status status = FN_ENOMEM;
        for (long k = 0; status != FN_OK; k++) {
            fn_run run = support_run();
            fn_agreement agreement;
            uint32_t cluster[6] = { 5, 4, 3, 2, 1, 0 }, clusters;
            fn_memory_fail_at(k, false);
            status = what ? fn_partition_relabel(&run, 6, cluster, &clusters)
                          : fn_partition_compare(&run, 6, a, b, &agreement);
            fn_memory_fail_at(-1, false);
            ck_assert(status == FN_OK || status == FN_ENOMEM);
            ck_assert_int_eq(run.error.status, status);
        }
    }
}
END_TEST

Suite *suite_partitions(void)
{
    Suite *suite = suite_create("partitions");
    TCase *renumbering = tcase_create("renumbering"), *comparison = tcase_create("comparison");
    tcase_add_test(renumbering, clusters_are_numbered_by_size_then_by_lowest_firm);
    tcase_add_test(renumbering, no_firms_are_no_clusters);
    tcase_add_test(comparison, worked_example_has_its_vi_and_nmi);
    tcase_add_test(comparison, all_measures_equal_their_definitions_on_random_partitions);
    tcase_add_test(comparison, measures_do_not_depend_on_labels_and_all_but_the_pairs_are_symmetric);
    tcase_add_test(comparison, independent_partitions_agree_by_chance_alone);
    tcase_add_test(comparison, degenerate_partitions_have_defined_agreements);
    tcase_add_test(comparison, comparison_and_renumbering_survive_failing_allocations);
    suite_add_tcase(suite, renumbering);
    suite_add_tcase(suite, comparison);
    return suite;
}
