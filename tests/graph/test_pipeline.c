/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <sched.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "tests/suite.h"

Suite *suite_pipeline(void);

/* A stream of the numbers 1 … last; each is squared at work. */
typedef struct stream {
    uint64_t next, last, given, sum;
    uint64_t take_fails, work_fails, give_fails; /* at this number, 0: never */
} stream;

typedef struct item {
    uint64_t number, square;
    char *held;
} item;

static fn_status take(fn_run *run, void *user, void *piece, bool *more)
{
    stream *s = user;
    item *i = piece;
    *more = s->next < s->last;
    if (!*more) return FN_OK;
    i->number = ++s->next;
    if (!i->held && !(i->held = fn_alloc(run, 1, 1))) return FN_ENOMEM;
    return i->number == s->take_fails ? fn_fail(run, FN_EIO, "take %d", (int) i->number) : FN_OK;
}

static fn_status work(fn_run *run, const void *user, void *piece)
{
    const stream *s = user;
    item *i = piece;
    if (i->number % 7 == 0)
        for (int n = 0; n < 100; n++) sched_yield();
    i->square = i->number * i->number;
    return i->number == s->work_fails ? fn_fail(run, FN_EPARSE, "work %d", (int) i->number) : FN_OK;
}

static fn_status give(fn_run *run, void *user, void *piece)
{
    stream *s = user;
    const item *i = piece;
    if (i->number != s->given + 1) return fn_fail(run, FN_EINVAL, "out of order");
    s->given++;
    s->sum = s->sum * 31 + i->square;
    return i->number == s->give_fails ? fn_fail(run, FN_ECANCEL, "give %d", (int) i->number) : FN_OK;
}

static void end(void *piece)
{
    fn_free(((item *) piece)->held);
}

static const fn_pipeline steps = { sizeof(item), take, work, give, end };

START_TEST(pieces_are_given_in_the_order_in_which_they_were_taken)
{
    static const uint64_t lasts[] = { 0, 1, 2, 3, 1000, 5000 };
    for (size_t l = 0; l < sizeof lasts / sizeof *lasts; l++) {
        uint64_t expected = 0;
        for (uint64_t n = 1; n <= lasts[l]; n++) expected = expected * 31 + n * n;
        for (int threads = 1; threads <= 5; threads++) {
            fn_run run = support_run();
            run.threads = threads;
            stream s = { .last = lasts[l] };
            ck_assert_int_eq(fn_pipeline_run(&run, &steps, &s), FN_OK);
            ck_assert_uint_eq(s.given, lasts[l]);
            ck_assert_uint_eq(s.sum, expected);
        }
    }
}
END_TEST

START_TEST(the_first_fault_in_the_order_of_the_stream_wins)
{
    for (int threads = 1; threads <= 4; threads++)
        for (int again = 0; again < 20; again++) {
            fn_run run = support_run();
            run.threads = threads;
            stream s = { .last = 1000, .take_fails = 503, .work_fails = 502, .give_fails = 504 };
            ck_assert_int_eq(fn_pipeline_run(&run, &steps, &s), FN_EPARSE);
            ck_assert_str_eq(run.error.message, "work 502");
            ck_assert_uint_eq(s.given, 501);
        }
}
END_TEST

START_TEST(a_fault_of_take_or_give_ends_the_stream)
{
    for (int threads = 1; threads <= 4; threads++) {
        fn_run run = support_run();
        run.threads = threads;
        stream s = { .last = 100, .take_fails = 40 };
        ck_assert_int_eq(fn_pipeline_run(&run, &steps, &s), FN_EIO);
        ck_assert_str_eq(run.error.message, "take 40");
        ck_assert_uint_eq(s.given, 39);
        run = support_run();
        run.threads = threads;
        s = (stream) { .last = 100, .give_fails = 1 };
        ck_assert_int_eq(fn_pipeline_run(&run, &steps, &s), FN_ECANCEL);
        ck_assert_str_eq(run.error.message, "give 1");
    }
}
END_TEST

/* A source whose third piece can be taken only when the two before it were worked on; giving the first fails, but not
 * before somebody is at the third. */
static int waited_for, third_begun;

static fn_status take_after_work(fn_run *run, void *user, void *piece, bool *more)
{
    (void) run;
    stream *s = user;
    *more = true;
    ((item *) piece)->number = ++s->next;
    if (s->next < 3) return FN_OK;
    __atomic_store_n(&third_begun, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&waited_for, __ATOMIC_SEQ_CST) < 2) sched_yield();
    *more = false;
    return FN_OK;
}

static fn_status count_work(fn_run *run, const void *user, void *piece)
{
    (void) run;
    (void) user;
    (void) piece;
    __atomic_add_fetch(&waited_for, 1, __ATOMIC_SEQ_CST);
    return FN_OK;
}

static fn_status give_fails(fn_run *run, void *user, void *piece)
{
    (void) user;
    while (!__atomic_load_n(&third_begun, __ATOMIC_SEQ_CST)) sched_yield();
    return fn_fail(run, FN_EIO, "give %d", (int) ((item *) piece)->number);
}

START_TEST(a_fault_leaves_nobody_waiting_for_work_on_earlier_pieces)
{
    static const fn_pipeline waiting = { sizeof(item), take_after_work, count_work, give_fails, NULL };
    for (int round = 0; round < 200; round++) {
        stream s = { 0 };
        fn_run run = support_run();
        run.threads = 2 + round % 2;
        waited_for = third_begun = 0;
        ck_assert_int_eq(fn_pipeline_run(&run, &waiting, &s), FN_EIO);
        ck_assert_str_eq(run.error.message, "give 1");
    }
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    for (int threads = 1; threads <= 3; threads++) {
        bool failed = true;
        for (long call = 0; failed; call++) {
            fn_run run = support_run();
            run.threads = threads;
            stream s = { .last = 50 };
            fn_memory_fail_at(call, false);
            fn_status status = fn_pipeline_run(&run, &steps, &s);
            failed = fn_memory_calls() > call;
            fn_memory_fail_at(-1, false);
            ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
            ck_assert_int_eq(run.error.status, status);
        }
    }
}
END_TEST

Suite *suite_pipeline(void)
{
    Suite *suite = suite_create("pipeline");
    TCase *tests = tcase_create("pipeline");
    tcase_add_test(tests, pieces_are_given_in_the_order_in_which_they_were_taken);
    tcase_add_test(tests, the_first_fault_in_the_order_of_the_stream_wins);
    tcase_add_test(tests, a_fault_of_take_or_give_ends_the_stream);
    tcase_add_test(tests, a_fault_leaves_nobody_waiting_for_work_on_earlier_pieces);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
