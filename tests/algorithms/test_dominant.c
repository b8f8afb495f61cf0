/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/dominant_inside.h"
#include "algorithms/vector.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"
#include "tests/support.h"

Suite *suite_dominant(void);

/* The largest eigenvector of matrices whose own is known: by rotations, by few multiplications (the start), and whole.
 * Measures made from it: test_spectral.c, test_equations.c */

/* ---- small matrices, by rotations ---- */

/* Of a path of n firms: 2 cos(pi / (n + 1)) and sin(pi k / (n + 1)), which hold of the path's diagonal, too. */
START_TEST(rotations_find_the_top_of_paths_of_any_scale)
{
    static const double scale[] = { 1, 1e-200, 1e150 };
    for (int n = 1; n <= FN_SMALL_MOST; n++) {
        double angle = acos(-1) / (n + 1), matrix[FN_SMALL_MOST * FN_SMALL_MOST] = { 0 }, vector[FN_SMALL_MOST];
        for (int k = 0; k < n; k++) matrix[k * n + k] = -3 * scale[_i];
        for (int k = 0; k + 1 < n; k++) matrix[k * n + k + 1] = matrix[(k + 1) * n + k] = scale[_i];
        double value = fn_small_largest(n, matrix, vector), square = 0;
        ck_assert_double_eq_tol(value / scale[_i], 2 * cos(angle) - 3, 1e-14);
        for (int k = 0; k < n; k++) {
            double wanted = sin(angle * (k + 1)) * sqrt(2.0 / (n + 1));
            ck_assert_double_eq_tol(copysign(vector[k], vector[0] * vector[k]), wanted, 1e-13);
            square += vector[k] * vector[k];
        }
        ck_assert_double_eq_tol(square, 1, 1e-14);
    }
}
END_TEST

START_TEST(rotations_leave_diagonal_matrices_as_they_are)
{
    double matrix[9] = { -5, 0, 0, 0, -1, 0, 0, 0, -2 }, vector[3], zero[4] = { 0 };
    ck_assert(fn_small_largest(3, matrix, vector) == -1);
    ck_assert(vector[0] == 0 && vector[1] == 1 && vector[2] == 0);
    ck_assert(fn_small_largest(2, zero, vector) == 0);
    ck_assert(vector[0] * vector[0] + vector[1] * vector[1] == 1);
}
END_TEST

/* ---- large matrices ---- */

/* A = D + u u', D a diagonal: its eigenvalues are where the sum of u(i)^2 / (value - D(i)) is 1, one between any two
 * of D, so the largest and the next are known within bounds and by halving; vectors are u(i) / (value - D(i)). */
typedef struct known {
    size_t n;
    double *diagonal, *beside;
    int multiplied;     /* in doubles */
} known;

static known known_new(fn_run *run, size_t n)
{
    known k = {
        .n = n, .diagonal = fn_alloc(run, n, sizeof *k.diagonal), .beside = fn_alloc(run, n, sizeof *k.beside)
    };
    for (size_t i = 0; i < n; i++) {
        k.diagonal[i] = fn_random_unit(1, 0, i) / 2;
        k.beside[i] = (0.1 + fn_random_unit(1, 1, i)) / sqrt((double) n);
    }
    k.diagonal[n / 2] = 0.75; /* the next eigenvalue lies between this and the rest, or it is the largest */
    return k;
}

static void known_free(known *k)
{
    fn_free(k->diagonal);
    fn_free(k->beside);
}

static void multiply(const fn_run *run, const void *user, const double *x, double *y)
{
    known *k = (known *) user;
    double dot = fn_vector_dot(run, k->beside, x, k->n);
    for (size_t i = 0; i < k->n; i++) y[i] = k->diagonal[i] * x[i] + dot * k->beside[i];
    k->multiplied++;
}

static void multiply_roughly(const fn_run *run, const void *user, const float *x, float *y)
{
    const known *k = user;
    double dot = 0;
    (void) run;
    for (size_t i = 0; i < k->n; i++) dot += k->beside[i] * x[i];
    for (size_t i = 0; i < k->n; i++) y[i] = (float) (k->diagonal[i] * x[i] + dot * k->beside[i]);
}

static fn_dominant dominant_of(const known *k)
{
    return (fn_dominant) {
        .what = "known", .n = k->n, .multiply = multiply, .rough = multiply_roughly, .user = k, .tolerance = 1e-13,
        .most = 200
    };
}

/* Between the bounds the sum falls. */
static double root_between(const known *k, double low, double high)
{
    for (int round = 0; round < 100; round++) {
        double middle = (low + high) / 2, sum = 0;
        for (size_t i = 0; i < k->n; i++) sum += k->beside[i] * k->beside[i] / (middle - k->diagonal[i]);
        if (sum > 1) low = middle;
        else high = middle;
    }
    return low;
}

/* x holds the largest eigenvector, but for its length. */
static void assert_top(const known *k, const double *x, double tolerance)
{
    double value = root_between(k, 0.75, 2), size = x[0] * (value - k->diagonal[0]) / k->beside[0];
    for (size_t i = 0; i < k->n; i++) {
        double wanted = size * k->beside[i] / (value - k->diagonal[i]);
        ck_assert_double_eq_tol(x[i], wanted, tolerance * fabs(wanted));
    }
}

START_TEST(few_multiplications_come_near_the_top)
{
    static const size_t sizes[] = { 2, 20, 3000 };
    fn_run run = support_run();
    known k = known_new(&run, sizes[_i]);
    fn_dominant how = dominant_of(&k);
    double *x = fn_alloc(&run, k.n, sizeof *x);
    ck_assert_int_eq(fn_lanczos(&run, &how, x), FN_OK);
    ck_assert_int_le(k.multiplied, 4);
    ck_assert_double_eq_tol(fn_vector_dot(&run, x, x, k.n), 1, 1e-14);
    assert_top(&k, x, 1e-11);
    fn_free(x);
    known_free(&k);
}
END_TEST

START_TEST(a_matrix_of_zeros_and_one_that_changes_nothing_leave_the_even_vector)
{
    enum { PLACES = 50 };
    fn_run run = support_run();
    known k = known_new(&run, PLACES);
    fn_dominant how = dominant_of(&k);
    double x[PLACES];
    for (int i = 0; i < PLACES; i++) k.diagonal[i] = _i, k.beside[i] = 0;
    ck_assert_int_eq(fn_lanczos(&run, &how, x), FN_OK);
    for (int i = 0; i < PLACES; i++) ck_assert_double_eq_tol(x[i], 1 / sqrt(PLACES), 1e-15);
    known_free(&k);
}
END_TEST

START_TEST(the_whole_way_finds_the_largest_eigenvalue_and_the_next)
{
    fn_run run = support_run();
    known k = known_new(&run, 3000);
    fn_dominant how = dominant_of(&k);
    double *x = fn_alloc(&run, k.n, sizeof *x), value, second, most = 0;
    for (size_t i = 0; i < k.n; i++) k.beside[i] *= 2;
    ck_assert_int_eq(fn_dominant_vector(&run, &how, x, &value, &second), FN_OK);
    ck_assert_double_eq_tol(value, root_between(&k, 0.75, 5), 1e-12);
    ck_assert_double_eq_tol(second, root_between(&k, 0.5, 0.75), 1e-3);
    for (size_t i = 0; i < k.n; i++) most = fmax(most, x[i]);
    ck_assert(most == 1);
    fn_free(x);
    known_free(&k);
}
END_TEST

START_TEST(any_number_of_threads_gives_the_same_bits)
{
    enum { PLACES = 50000 };
    fn_run run = support_run();
    known k = known_new(&run, PLACES);
    fn_dominant how = dominant_of(&k);
    double *one = fn_alloc(&run, PLACES, sizeof *one), *more = fn_alloc(&run, PLACES, sizeof *more);
    run.threads = 1;
    ck_assert_int_eq(fn_lanczos(&run, &how, one), FN_OK);
    for (run.threads = 2; run.threads < 4; run.threads++) {
        ck_assert_int_eq(fn_lanczos(&run, &how, more), FN_OK);
        ck_assert_int_eq(memcmp(one, more, PLACES * sizeof *one), 0);
    }
    fn_free(one);
    fn_free(more);
    known_free(&k);
}
END_TEST

/* ---- failures ---- */

static fn_status try_all(fn_run *run, void *user)
{
    const fn_dominant how = dominant_of(user);
    double x[20], value, second;
    return fn_dominant_vector(run, &how, x, &value, &second);
}

START_TEST(any_failing_allocation_is_reported)
{
    fn_run run = support_run();
    known k = known_new(&run, 20);
    ck_assert_int_eq(support_fail_each(try_all, &k), 1 + 18 + 5 + 1); /* top, start, the rest of the plane, the next */
    known_free(&k);
}
END_TEST

START_TEST(the_start_can_be_cancelled)
{
    fn_run run = support_run();
    known k = known_new(&run, 20);
    fn_dominant how = dominant_of(&k);
    double x[20];
    run.progress = support_stop;
    ck_assert_int_eq(fn_lanczos(&run, &how, x), FN_ECANCEL);
    known_free(&k);
}
END_TEST

Suite *suite_dominant(void)
{
    Suite *suite = suite_create("dominant");
    TCase *small = tcase_create("rotations");
    tcase_add_loop_test(small, rotations_find_the_top_of_paths_of_any_scale, 0, 3);
    tcase_add_test(small, rotations_leave_diagonal_matrices_as_they_are);
    suite_add_tcase(suite, small);
    TCase *large = tcase_create("known matrices");
    tcase_add_loop_test(large, few_multiplications_come_near_the_top, 0, 3);
    tcase_add_loop_test(large, a_matrix_of_zeros_and_one_that_changes_nothing_leave_the_even_vector, 0, 2);
    tcase_add_test(large, the_whole_way_finds_the_largest_eigenvalue_and_the_next);
    tcase_add_test(large, any_number_of_threads_gives_the_same_bits);
    suite_add_tcase(suite, large);
    TCase *failures = tcase_create("failures");
    tcase_add_test(failures, any_failing_allocation_is_reported);
    tcase_add_test(failures, the_start_can_be_cancelled);
    suite_add_tcase(suite, failures);
    return suite;
}
