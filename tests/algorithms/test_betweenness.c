/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_betweenness(void);

/* Betweenness where it is sampled and where path counts leave the range of doubles; its worked numbers and its oracle
 * stand with the other measures (test_centrality.c). */

static fn_net *random_big(fn_run *run)
{
    return support_random_net(run, 4, 300, 1500, false);
}

static fn_status between(fn_run *run, const fn_csr *out, uint32_t exact_limit, uint32_t samples, double *score,
                         fn_betweenness_how *how)
{
    fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
    options.exact_limit = exact_limit;
    options.samples = samples;
    return fn_betweenness(run, out, &options, score, how);
}

START_TEST(sampled_betweenness_is_unbiased_and_said)
{
    fn_run run = support_run();
    fn_net *net = random_big(&run);
    fn_view *view = support_view(&run, net);
    fn_csr *out;
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, true, &out), FN_OK);
    double exact[300], once[300], mean[300] = { 0 };
    fn_betweenness_how how;
    ck_assert_int_eq(between(&run, out, 300, 1, exact, &how), FN_OK);
    ck_assert_int_eq(how.way, FN_BETWEENNESS_EXACT);
    ck_assert_uint_le(how.sources, how.possible);
    for (uint64_t seed = 0; seed < 400; seed++) {
        run.seed = seed;
        ck_assert_int_eq(between(&run, out, 10, 60, once, &how), FN_OK);
        ck_assert_int_eq(how.way, FN_BETWEENNESS_SOURCES);
        ck_assert_uint_eq(how.sources, 60);
        for (int u = 0; u < 300; u++) mean[u] += once[u] / 400;
    }
    double total = 0, off = 0;
    for (int u = 0; u < 300; u++) total += exact[u], off += fabs(mean[u] - exact[u]);
    ck_assert_msg(off / total < .02, "the mean of 400 samples is off by %g of the whole", off / total);

    /* As many samples as sources is exact, whatever the limit. */
    ck_assert_int_eq(between(&run, out, 0, 300, once, &how), FN_OK);
    ck_assert_int_eq(how.way, FN_BETWEENNESS_EXACT);
    ck_assert_int_eq(memcmp(once, exact, sizeof exact), 0);
    fn_csr_free(out);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(path_counts_beyond_doubles_keep_betweenness_exact)
{
    /* A chain of 700 or 1300 choices between two, so 2^700 or 2^1300 shortest paths from end to end: firms 3k are
     * the joints, 3k + 1 and 3k + 2 the choices. Beside it one plain path of the same length with the same ends, so
     * that counts of very different size meet at the last joint; numbered forwards or backwards, either comes first. */
    enum { MOST = 1300 };
    const uint32_t choices = _i / 2 ? MOST : 700, joints = 3 * choices + 1, steps = 2 * choices;
    const uint32_t firms = joints + steps - 1;
    const bool backwards = _i % 2;
    fn_run run = support_run();
    static uint32_t from[6 * MOST], to[6 * MOST];
    static double score[5 * MOST];
    size_t n = 0;
    for (uint32_t k = 0; k < choices; k++)
        for (uint32_t side = 0; side < 2; side++) {
            from[n] = 3 * k, to[n++] = 3 * k + 1 + side;
            from[n] = 3 * k + 1 + side, to[n++] = 3 * k + 3;
        }
    for (uint32_t step = 1; step <= steps; step++) {
        from[n] = step == 1 ? 0 : joints + step - 2;
        to[n++] = step == steps ? 3 * choices : joints + step - 1;
    }
    for (size_t i = 0; backwards && i < n; i++) from[i] = firms - 1 - from[i], to[i] = firms - 1 - to[i];
    fn_csr *out;
    ck_assert_int_eq(fn_csr_build(&run, firms, n, from, to, NULL, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(between(&run, out, firms, 1, score, NULL), FN_OK);
    for (uint32_t u = 0; backwards && u < firms / 2; u++) {
        double swap = score[u];
        score[u] = score[firms - 1 - u], score[firms - 1 - u] = swap;
    }
    for (uint32_t k = 0; k <= choices; k++) {
        double before = 3.0 * k, after = 3.0 * (choices - k);
        support_near(score[3 * k], before * after, 1e-9 * before * after, "joint");
        if (k == choices) break;
        /* Half of the paths from the joint before it, or from farther, to the joint behind it, or farther. */
        double across = (before + 1) * (after - 2) / 2;
        support_near(score[3 * k + 1], across, 1e-9 * across, "choice");
        support_near(score[3 * k + 2], across, 1e-9 * across, "choice");
    }
    /* On the path: pairs along it, and from before it to the last joint; from the first joint next to nothing does. */
    for (uint32_t step = 1; step < steps; step++) {
        double along = (double) step * (steps - 1 - step) + (step - 1);
        support_near(score[joints + step - 1], along, 1e-9 * along, "path");
    }
    fn_csr_free(out);
}
END_TEST

/* Choices between two from firm `first` on, new firms numbered from *next; the last joint, or `end` if it is given. */
static uint32_t add_choices(uint32_t *from, uint32_t *to, size_t *n, uint32_t first, int choices, uint32_t *next,
                            uint32_t end)
{
    for (int k = 0; k < choices; k++) {
        uint32_t joint = k == choices - 1 && end != FN_NONE ? end : *next + 2;
        for (uint32_t side = 0; side < 2; side++) {
            from[*n] = first, to[(*n)++] = *next + side;
            from[*n] = *next + side, to[(*n)++] = joint;
        }
        *next += joint == end ? 2 : 3;
        first = joint;
    }
    return first;
}

START_TEST(path_counts_in_different_scales_are_added)
{
    /* From firm 0 to firm 1: 503 choices, or 500 and six plain steps. 2^503 + 2^500 shortest paths, one in nine of them
     * over the plain steps. */
    fn_run run = support_run();
    static uint32_t from[5000], to[5000];
    static double score[4000];
    size_t n = 0;
    uint32_t next = 2, last = 0;
    if (_i) add_choices(from, to, &n, 0, 503, &next, 1);
    uint32_t at = add_choices(from, to, &n, 0, 500, &next, FN_NONE);
    for (int step = 0; step < 6; step++) {
        last = at;
        at = step == 5 ? 1 : next++;
        from[n] = last, to[n++] = at;
    }
    if (!_i) add_choices(from, to, &n, 0, 503, &next, 1);
    fn_csr *out;
    ck_assert_int_eq(fn_csr_build(&run, next, n, from, to, NULL, NULL, FN_CSR_OUT, &out), FN_OK);
    ck_assert_int_eq(between(&run, out, next, 1, score, NULL), FN_OK);
    /* Everybody on its branch before it has one way to the end; firm 0 has a ninth of its ways over it. */
    support_near(score[last], 3 * 500 + 4 + 1.0 / 9, 1e-9, "last plain step");
    fn_csr_free(out);
}
END_TEST

Suite *suite_betweenness(void)
{
    Suite *suite = suite_create("betweenness");
    TCase *conventions = tcase_create("sampling and big counts");
    tcase_add_test(conventions, sampled_betweenness_is_unbiased_and_said);
    tcase_add_loop_test(conventions, path_counts_beyond_doubles_keep_betweenness_exact, 0, 4);
    tcase_add_loop_test(conventions, path_counts_in_different_scales_are_added, 0, 2);
    tcase_set_timeout(conventions, 60);
    suite_add_tcase(suite, conventions);
    return suite;
}
