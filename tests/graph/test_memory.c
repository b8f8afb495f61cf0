/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdint.h>
#include <string.h>
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_memory(void);

START_TEST(memory_comes_zeroed_and_grows_zeroed)
{
    fn_run run = support_run();
    size_t capacity = 0;
    unsigned char *bytes = fn_grow(&run, NULL, &capacity, 3, 1);
    ck_assert(bytes && capacity >= 3);
    memset(bytes, 0xff, capacity);
    size_t before = capacity;
    bytes = fn_grow(&run, bytes, &capacity, before + 1, 1);
    for (size_t i = 0; i < capacity; i++) ck_assert_uint_eq(bytes[i], i < before ? 0xff : 0);
    fn_free(bytes);
}
END_TEST

START_TEST(a_product_that_overflows_is_refused)
{
    fn_run run = support_run();
    ck_assert_ptr_null(fn_alloc(&run, SIZE_MAX / 2, 4));
    ck_assert_int_eq(run.error.status, FN_ENOMEM);
}
END_TEST

START_TEST(the_hook_fails_the_allocation_it_is_told_to)
{
    fn_run run = support_run();
    fn_memory_fail_at(1, false);
    void *first = fn_alloc(&run, 1, 1), *second = fn_alloc(&run, 1, 1), *third = fn_alloc(&run, 1, 1);
    ck_assert(first && !second && third);
    ck_assert_int_eq(fn_memory_calls(), 3);
    fn_memory_fail_at(0, true);
    ck_assert(!fn_alloc(&run, 1, 1) && !fn_alloc(&run, 1, 1));
    fn_memory_fail_at(-1, false);
    fn_free(first);
    fn_free(third);
}
END_TEST

START_TEST(the_first_cause_of_an_error_stays)
{
    fn_run run = support_run();
    ck_assert_int_eq(fn_fail_at(&run, FN_EPARSE, "ties.csv", 7, -1, "first %d", 1), FN_EPARSE);
    fn_hint(&run, "look at line %d", 7);
    fn_fail(&run, FN_EIO, "second");
    fn_hint(&run, "another");
    ck_assert_int_eq(run.error.status, FN_EPARSE);
    ck_assert_int_eq(run.error.line, 7);
    ck_assert_str_eq(run.error.file, "ties.csv");
    ck_assert_str_eq(run.error.message, "first 1");
    ck_assert_str_eq(run.error.hint, "look at line 7");
}
END_TEST

static bool stop(void *user, const char *stage, double done)
{
    (void) stage, (void) done;
    return ++*(int *) user < 3;
}

START_TEST(progress_that_answers_no_cancels)
{
    fn_run run = support_run();
    int calls = 0;
    run.progress = stop;
    run.user = &calls;
    ck_assert_int_eq(fn_progress(&run, "reading", 0), FN_OK);
    ck_assert_int_eq(fn_progress(&run, "reading", 0.5), FN_OK);
    ck_assert_int_eq(fn_progress(&run, "reading", 0.6), FN_ECANCEL);
    ck_assert_int_eq(run.error.status, FN_ECANCEL);
}
END_TEST

Suite *suite_memory(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("memory and run");
    tcase_add_test(tcase, memory_comes_zeroed_and_grows_zeroed);
    tcase_add_test(tcase, a_product_that_overflows_is_refused);
    tcase_add_test(tcase, the_hook_fails_the_allocation_it_is_told_to);
    tcase_add_test(tcase, the_first_cause_of_an_error_stays);
    tcase_add_test(tcase, progress_that_answers_no_cancels);
    suite_add_tcase(suite, tcase);
    return suite;
}
