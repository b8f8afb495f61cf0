/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/extrapolate.h"
#include "algorithms/fixed_point.h"
#include "algorithms/half_rows.h"
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/random.h"
#include "tests/suite.h"
#include "tests/support.h"

Suite *suite_fixed_point(void);

/* The solver of scores that feed on scores, and its parts: halves of rows against whole rows, extrapolation of maps
 * whose end is known, pairs against elimination. */

/* A random matrix of numbers from 0 to 1, as arcs out and in. Firm 0 has arcs to nearly all, so that long rows are
 * there. */
typedef struct matrix {
    fn_csr *rows, *columns;
} matrix;

static matrix random_matrix(fn_run *run, uint64_t seed, uint32_t firms, size_t ties)
{
    uint32_t *from = fn_alloc(run, ties, sizeof *from), *to = fn_alloc(run, ties, sizeof *to);
    double *weight = fn_alloc(run, ties, sizeof *weight);
    matrix s;
    for (size_t i = 0; i < ties; i++) {
        from[i] = i % 4 ? (uint32_t) (fn_random_unit(seed, 1, i) * firms) : 0;
        to[i] = (uint32_t) (fn_random_unit(seed, 2, i) * firms);
        weight[i] = fn_random_unit(seed, 3, i);
    }
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_OUT, &s.rows), FN_OK);
    ck_assert_int_eq(fn_csr_build(run, firms, ties, from, to, weight, NULL, FN_CSR_IN, &s.columns), FN_OK);
    fn_free(from);
    fn_free(to);
    fn_free(weight);
    return s;
}

static void matrix_free(matrix *s)
{
    fn_csr_free(s->rows);
    fn_csr_free(s->columns);
}

/* ---- halves of rows ---- */

START_TEST(both_halves_of_each_row_are_the_row)
{
    fn_run run = support_run();
    uint32_t firms = _i ? 5000 : 70; /* several windows, or blocks without a firm */
    matrix s = random_matrix(&run, 7, firms, (size_t) firms * 6);
    double *part = fn_alloc(&run, firms, sizeof *part), *sum = fn_alloc(&run, firms, sizeof *sum);
    uint32_t *partner = fn_alloc(&run, firms, sizeof *partner);
    float *x = fn_alloc(&run, firms, sizeof *x), *got[2];
    for (uint32_t v = 0; v < firms; v++) {
        part[v] = 1 + fn_random_unit(1, 4, v);
        x[v] = (float) fn_random_unit(1, 5, v) - 0.5f;
        partner[v] = v % 3 || !fn_csr_degree(s.rows, v) ? FN_NONE : s.rows->target[s.rows->offset[v]];
    }
    fn_half_rows h = { .firms = 0 };
    const fn_half_terms terms = { .rows = s.rows, .part = part, .factor = 0.5, .partner = partner };
    ck_assert_int_eq(fn_half_rows_build(&run, &terms, 2, &h, sum), FN_OK);
    for (int half = 0; half < 2; half++) {
        got[half] = fn_alloc(&run, firms, sizeof *got[half]);
        for (size_t w = 0; w < h.block[FN_HALF_BLOCKS]; w++)
            fn_half_rows_multiply(&h, half, &h.windows[w], x, got[half]);
    }
    for (uint32_t v = 0; v < firms; v++) {
        double wanted[2] = { 0, 0 }, all = 0, size = 1e-3;
        for (size_t i = s.rows->offset[v]; i < s.rows->offset[v + 1]; i++) {
            uint32_t u = s.rows->target[i];
            double weight = s.rows->weight[i] * part[u] * 0.5;
            all += weight;
            size += weight;
            if (u != partner[v]) wanted[u > v] += weight * x[u];
        }
        ck_assert_double_eq_tol(sum[v], all, 1e-12 * size);
        for (int half = 0; half < 2; half++) ck_assert_double_eq_tol(got[half][v], wanted[half], 1e-5 * size);
    }
    for (int half = 0; half < 2; half++) fn_free(got[half]);
    fn_half_rows_free(&h);
    fn_free(part);
    fn_free(sum);
    fn_free(partner);
    fn_free(x);
    matrix_free(&s);
}
END_TEST

/* ---- extrapolation ---- */

/* Rounds x <- a x + b, place by place, with as many different a as changes are kept, less one: one more round of the
 * mixture has come to the end, b / (1 - a). */
START_TEST(few_speeds_are_extrapolated_to_their_end)
{
    enum { PLACES = 10000 };
    static const float speed[] = { 0.9f, 0.7f, -0.5f, 0.25f };
    fn_run run = support_run();
    fn_extrapolate e;
    ck_assert_int_eq(fn_extrapolate_start(&run, PLACES, _i, &e), FN_OK);
    fn_extrapolate_reset(&e);
    for (int round = 0; round < FN_EXTRAPOLATE_CHANGES + _i; round++) {
        if (round < FN_EXTRAPOLATE_CHANGES) ck_assert_double_infinite(fn_extrapolate_mix(&e));
        const float *last = fn_extrapolate_last(&e);
        float *next = fn_extrapolate_next(&e);
        for (uint32_t v = 0; v < PLACES; v++) next[v] = speed[v % 4] * last[v] + 1 + (float) (v % 10);
        fn_extrapolate_kept(&e);
    }
    float *x = fn_alloc(&run, PLACES, sizeof *x);
    double change = fn_extrapolate_mix(&e);
    fn_extrapolate_take(&e, x);
    ck_assert_double_lt(change, 0.1 * PLACES);
    for (uint32_t v = 0; v < PLACES; v++) {
        double end = (1 + v % 10) / (1 - (double) speed[v % 4]);
        ck_assert_double_eq_tol(x[v], end, 2e-3 * end);
    }
    fn_free(x);
    fn_extrapolate_free(&e);
}
END_TEST

/* ---- the solver ---- */

/* Many pairs that keep most of their scores between them, each at a speed of its own: the scores by elimination. */
static double kept(uint32_t p, uint64_t stream)
{
    return 0.88 + 0.1 * fn_random_unit(5, stream, p);
}

START_TEST(pairs_settle_at_once)
{
    enum { PAIRS = 3000, FIRMS = 2 * PAIRS + 1 };
    fn_run run = support_run();
    uint32_t from[3 * PAIRS], to[3 * PAIRS];
    double weight[3 * PAIRS], *x = fn_alloc(&run, FIRMS, sizeof *x);
    for (uint32_t p = 0; p < PAIRS; p++) {
        uint32_t a = p, b = FIRMS - 1 - p;
        from[3 * p] = a, to[3 * p] = b, weight[3 * p] = kept(p, 1);
        from[3 * p + 1] = b, to[3 * p + 1] = a, weight[3 * p + 1] = kept(p, 2);
        from[3 * p + 2] = a, to[3 * p + 2] = PAIRS, weight[3 * p + 2] = 0.02;
    }
    fn_csr *rows, *columns;
    ck_assert_int_eq(fn_csr_build(&run, FIRMS, 3 * PAIRS, from, to, weight, NULL, FN_CSR_OUT, &rows), FN_OK);
    ck_assert_int_eq(fn_csr_build(&run, FIRMS, 3 * PAIRS, from, to, weight, NULL, FN_CSR_IN, &columns), FN_OK);
    const fn_fixed_point how = {
        .what = "pairs", .rows = rows, .columns = columns, .factor = 1, .base = 1, .tolerance = 1e-12, .each = true,
        .most = 30
    };
    for (uint32_t v = 0; v < FIRMS; v++) x[v] = 1;
    ck_assert_msg(fn_fixed_point_solve(&run, &how, x) == FN_OK, "%s", run.error.message);
    for (uint32_t p = 0; p < PAIRS; p++) {
        /* a = 1 + there * b + .02, b = 1 + back * a */
        double there = kept(p, 1), back = kept(p, 2), a = (1 + there + 0.02) / (1 - there * back);
        ck_assert_double_eq_tol(x[p], a, 1e-10 * a);
        ck_assert_double_eq_tol(x[FIRMS - 1 - p], 1 + back * a, 1e-10 * a);
    }
    ck_assert_double_eq_tol(x[PAIRS], 1, 1e-15);
    fn_free(x);
    fn_csr_free(rows);
    fn_csr_free(columns);
}
END_TEST

static fn_status solve(fn_run *run, const matrix *s, double *x)
{
    const fn_fixed_point how = {
        .what = "scores", .rows = s->rows, .columns = s->columns, .factor = 1e-4, .base = 1, .tolerance = 1e-13,
        .each = true, .most = 500
    };
    for (uint32_t v = 0; v < s->rows->firms; v++) x[v] = 1;
    return fn_fixed_point_solve(run, &how, x);
}

START_TEST(any_number_of_threads_gives_the_same_bits)
{
    enum { FIRMS = 9000, TIES = 70000 };
    fn_run run = support_run();
    matrix s = random_matrix(&run, 11, FIRMS, TIES);
    double *one = fn_alloc(&run, FIRMS, sizeof *one), *more = fn_alloc(&run, FIRMS, sizeof *more);
    run.threads = 1;
    ck_assert_int_eq(solve(&run, &s, one), FN_OK);
    for (run.threads = 2; run.threads < 5; run.threads++) {
        ck_assert_int_eq(solve(&run, &s, more), FN_OK);
        ck_assert_int_eq(memcmp(one, more, FIRMS * sizeof *one), 0);
    }
    fn_free(one);
    fn_free(more);
    matrix_free(&s);
}
END_TEST

static fn_status try_small(fn_run *run, void *user)
{
    double x[40];
    return solve(run, user, x);
}

START_TEST(every_failing_allocation_is_told)
{
    fn_run run = support_run();
    matrix s = random_matrix(&run, 3, 40, 200);
    ck_assert_int_gt(support_fail_each(try_small, &s), 12);
    matrix_free(&s);
}
END_TEST

Suite *suite_fixed_point(void)
{
    Suite *suite = suite_create("fixed point");
    TCase *parts = tcase_create("parts");
    tcase_add_loop_test(parts, both_halves_of_each_row_are_the_row, 0, 2);
    tcase_add_loop_test(parts, few_speeds_are_extrapolated_to_their_end, 1, 4);
    suite_add_tcase(suite, parts);
    TCase *solver = tcase_create("solver");
    tcase_add_test(solver, pairs_settle_at_once);
    tcase_add_test(solver, any_number_of_threads_gives_the_same_bits);
    tcase_add_test(solver, every_failing_allocation_is_told);
    suite_add_tcase(suite, solver);
    return suite;
}
