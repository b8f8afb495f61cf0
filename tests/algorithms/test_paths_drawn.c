/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_paths_drawn(void);

/* Measures from chains that are drawn and from a sample of firms keep their promises, and nothing changes a bit of any
 * way to find measures from shortest chains. */

static fn_csr *random_csr(fn_run *run, uint64_t seed, uint32_t firms, size_t ties, double scale)
{
    uint32_t *from = malloc(ties * sizeof *from), *to = malloc(ties * sizeof *to);
    double *weight = malloc(ties * sizeof *weight);
    for (size_t i = 0; i < ties; i++) {
        double near_0 = fn_random_unit(seed, 1, i);
        from[i] = (uint32_t) (near_0 * near_0 * firms);
        to[i] = (uint32_t) fn_random_below(seed, 2, i, firms);
        weight[i] = scale * (double) (1 + fn_random_below(seed, 3, i, 20));
    }
    fn_csr *out;
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
    free(from);
    free(to);
    free(weight);
    return out;
}

START_TEST(drawn_betweenness_keeps_its_promise)
{
    enum { FIRMS = 400 };
    fn_run run = support_run();
    fn_csr *out = random_csr(&run, 7, FIRMS, 1400, 1);
    static double exact[FIRMS], drawn[FIRMS], mean[FIRMS];
    fn_betweenness_how how;
    fn_betweenness_options options = { .length = (fn_length_kind) _i, .exact_limit = FIRMS };
    ck_assert_int_eq(fn_betweenness(&run, out, &options, exact, NULL), FN_OK);
    options = (fn_betweenness_options) { .length = (fn_length_kind) _i, .epsilon = .02, .delta = .1 };
    int worse = 0;
    for (run.seed = 1; run.seed <= 20; run.seed++) {
        double off = 0;
        ck_assert_int_eq(fn_betweenness(&run, out, &options, drawn, &how), FN_OK);
        ck_assert_int_eq(how.way, FN_BETWEENNESS_PATHS);
        ck_assert_uint_gt(how.paths, 0);
        for (int u = 0; u < FIRMS; u++) {
            off = fmax(off, fabs(drawn[u] - exact[u]));
            mean[u] += drawn[u] / 20;
        }
        worse += off > .02 * FIRMS * (FIRMS - 1);
    }
    ck_assert_int_le(worse, 2);
    double total = 0, off = 0;
    for (int u = 0; u < FIRMS; u++) total += exact[u], off += fabs(mean[u] - exact[u]);
    ck_assert_msg(off / total < .05, "the mean of 20 drawings is off by %g of the whole", off / total);
    fn_csr_free(out);
}
END_TEST

START_TEST(each_of_several_shortest_chains_has_the_same_chance)
{
    /* Five ways from 0 to 9: 1 → 5, 2 → 5, 3 → 5, 3 → 6 and 4 → 6 lie between; they are equally long by weight, too. */
    fn_run run = support_run();
    const uint32_t from[] = { 0, 0, 0, 0, 1, 2, 3, 4, 3, 5, 6 }, to[] = { 1, 2, 3, 4, 5, 5, 6, 6, 5, 9, 9 };
    const double weight[] = { 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3 };
    double exact[10], drawn[10];
    fn_csr *out;
    fn_betweenness_options options = { .length = (fn_length_kind) _i, .exact_limit = 10 };
    ck_assert_int_eq(fn_csr_build(&run, 10, 11, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(fn_betweenness(&run, out, &options, exact, NULL), FN_OK);
    support_near(exact[3], 2.0 / 5 + 1.0 / 3 + 1.0 / 2, 1e-12, "over 3"); /* to 9, 5 and 6 */
    options = (fn_betweenness_options) { .length = (fn_length_kind) _i, .epsilon = .003, .delta = .01 };
    ck_assert_int_eq(fn_betweenness(&run, out, &options, drawn, NULL), FN_OK);
    for (int u = 0; u < 10; u++) support_near(drawn[u], exact[u], .003 * 90, "drawn");
    fn_csr_free(out);
}
END_TEST

START_TEST(estimated_closeness_keeps_its_promise)
{
    enum { FIRMS = 3000 };
    fn_run run = support_run();
    fn_csr *out = random_csr(&run, 3, FIRMS, 9000, 1);
    static double exact[4][FIRMS], found[4][FIRMS];
    fn_closeness_scores all = { exact[0], exact[1], exact[2], exact[3] };
    fn_closeness_scores some = { found[0], found[1], found[2], found[3] };
    uint32_t targets;
    ck_assert_int_eq(fn_closeness(&run, out, FIRMS, .1, &all, &targets), FN_OK);
    uint32_t places = targets;
    for (run.seed = 1; run.seed <= 5; run.seed++) {
        ck_assert_int_eq(fn_closeness(&run, out, 10, .1, &some, &targets), FN_OK);
        ck_assert_uint_lt(targets, places);
        double mean[2] = { 0 };
        for (int k = 2; k < 4; k++)
            for (int u = 0; u < FIRMS; u++) {
                support_near(found[k][u], exact[k][u], .1 * FIRMS, "harmonic closeness");
                mean[0] += exact[k][u], mean[1] += found[k][u];
            }
        support_near(mean[1] / mean[0], 1, .05, "mean");
    }
    fn_csr_free(out);
}
END_TEST

/* ---- what must not change ---- */

/* Ties of few weights, so that many ways are equally long; the same with the firms numbered backwards. */
static fn_csr *small_csr(fn_run *run, uint64_t seed, uint32_t firms, bool turned)
{
    uint32_t from[60], to[60];
    double weight[60];
    for (uint32_t i = 0; i < 60; i++) {
        from[i] = (uint32_t) fn_random_below(seed, 1, i, firms);
        to[i] = (uint32_t) fn_random_below(seed, 2, i, firms);
        if (turned) from[i] = firms - 1 - from[i], to[i] = firms - 1 - to[i];
        weight[i] = (double) (1 + fn_random_below(seed, 3, i, 4));
    }
    fn_csr *out;
    ck_assert_int_eq(fn_csr_build(run, firms, 60, from, to, weight, NULL, FN_CSR_OUT, &out), FN_OK);
    return out;
}

enum { EVEN_FIRMS = 700, WAYS = 9 };

/* Every way to find a measure; more than one number a firm one behind the other. */
static fn_status find(fn_run *run, const fn_csr *out, int way, double *score)
{
    if (way < 8) {
        const fn_betweenness_options options = {
            .length = way % 2 ? FN_LENGTH_INVERSE : FN_LENGTH_HOPS, .exact_limit = way < 2 ? UINT32_MAX : 0,
            .samples = way < 2 || way >= 4 ? 0 : 50, .epsilon = way < 6 ? .05 : .2, .delta = .1
        };
        return fn_betweenness(run, out, &options, score, NULL);
    }
    size_t n = out->firms;
    fn_closeness_scores close = { score, score + n, score + 2 * n, score + 3 * n };
    return fn_closeness(run, out, UINT32_MAX, .1, &close, NULL);
}

static double *found_by(fn_run *run, const fn_csr *out, int way)
{
    double *score = calloc(4 * (size_t) out->firms, sizeof *score);
    ck_assert_int_eq(find(run, out, way, score), FN_OK);
    return score;
}

START_TEST(threads_and_instructions_change_no_bit)
{
    fn_run run = support_run();
    fn_csr *out = random_csr(&run, 1, EVEN_FIRMS, 3 * EVEN_FIRMS, 1);
    double *wanted = found_by(&run, out, _i);
    for (run.threads = 2; run.threads <= 3; run.threads++) {
        double *found = found_by(&run, out, _i);
        ck_assert_int_eq(memcmp(found, wanted, 4 * EVEN_FIRMS * sizeof *found), 0);
        free(found);
    }
    run.threads = 1;
    const char *const less[] = { "narrow", "avx2" };
    for (int k = 0; k < 2; k++) {
        setenv("FN_ISA", less[k], 1);
        double *found = found_by(&run, out, _i);
        ck_assert_int_eq(memcmp(found, wanted, 4 * EVEN_FIRMS * sizeof *found), 0);
        free(found);
    }
    unsetenv("FN_ISA");
    free(wanted);
    fn_csr_free(out);
}
END_TEST

START_TEST(weights_times_a_power_of_two_change_no_bit)
{
    fn_run run = support_run();
    fn_csr *out = random_csr(&run, 2, EVEN_FIRMS, 3 * EVEN_FIRMS, 1);
    double *wanted = found_by(&run, out, _i);
    const double scales[] = { 1024, .25, 0x1p30 };
    for (int k = 0; k < 3; k++) {
        fn_csr *scaled = random_csr(&run, 2, EVEN_FIRMS, 3 * EVEN_FIRMS, scales[k]);
        double *found = found_by(&run, scaled, _i);
        ck_assert_int_eq(memcmp(found, wanted, 4 * EVEN_FIRMS * sizeof *found), 0);
        free(found);
        fn_csr_free(scaled);
    }
    free(wanted);
    fn_csr_free(out);
}
END_TEST

START_TEST(relabelling_firms_permutes_exact_measures)
{
    fn_run run = support_run();
    for (uint64_t seed = 0; seed < 20; seed++) {
        enum { FIRMS = 30 };
        fn_csr *out = small_csr(&run, seed, FIRMS, false), *other = small_csr(&run, seed, FIRMS, true);
        for (int way = 0; way < WAYS; way += way == 1 ? 7 : 1) {
            double *wanted = found_by(&run, out, way), *found = found_by(&run, other, way);
            for (int k = 0; k < (way < 8 ? 1 : 4); k++)
                for (int u = 0; u < FIRMS; u++) {
                    double value = wanted[k * FIRMS + u];
                    support_near(found[k * FIRMS + FIRMS - 1 - u], value, 1e-12 * (1 + value), "turned");
                }
            free(wanted);
            free(found);
        }
        fn_csr_free(out);
        fn_csr_free(other);
    }
}
END_TEST

typedef struct attempt {
    const fn_csr *out;
    int way;
    double score[4 * 60];
} attempt;

static fn_status try_way(fn_run *run, void *user)
{
    attempt *a = user;
    run->threads = 2;
    return find(run, a->out, a->way, a->score);
}

START_TEST(any_failing_allocation_is_reported)
{
    fn_run quiet = support_run();
    fn_csr *out = random_csr(&quiet, 4, 60, 180, 1);
    attempt a = { .out = out, .way = _i };
    ck_assert_int_gt(support_fail_each(try_way, &a), 3);
    fn_csr_free(out);
}
END_TEST

START_TEST(every_way_can_be_cancelled)
{
    fn_run run = support_run();
    fn_csr *out = random_csr(&run, 4, 60, 180, 1);
    double score[4 * 60];
    run.progress = support_stop;
    ck_assert_int_eq(find(&run, out, _i, score), FN_ECANCEL);
    fn_csr_free(out);
}
END_TEST

Suite *suite_paths_drawn(void)
{
    Suite *suite = suite_create("drawn paths");
    TCase *drawn = tcase_create("promises"), *even = tcase_create("invariants");
    tcase_add_loop_test(drawn, drawn_betweenness_keeps_its_promise, FN_LENGTH_HOPS, FN_LENGTH_INVERSE + 1);
    tcase_add_loop_test(drawn, each_of_several_shortest_chains_has_the_same_chance, FN_LENGTH_HOPS,
                        FN_LENGTH_INVERSE + 1);
    tcase_add_test(drawn, estimated_closeness_keeps_its_promise);
    tcase_add_loop_test(even, threads_and_instructions_change_no_bit, 0, WAYS);
    tcase_add_loop_test(even, weights_times_a_power_of_two_change_no_bit, 0, WAYS);
    tcase_add_test(even, relabelling_firms_permutes_exact_measures);
    tcase_add_loop_test(even, any_failing_allocation_is_reported, 0, WAYS);
    tcase_add_loop_test(even, every_way_can_be_cancelled, 0, WAYS);
    tcase_set_timeout(drawn, 60);
    tcase_set_timeout(even, 60);
    suite_add_tcase(suite, drawn);
    suite_add_tcase(suite, even);
    return suite;
}
