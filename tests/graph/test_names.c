/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_names(void);

START_TEST(names_are_opaque_bytes_numbered_by_first_appearance)
{
    fn_run run = support_run();
    fn_names *names;
    uint32_t number;
    bool is_new;
    size_t length;
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    static const struct { const char *text; size_t length; } texts[] = {
        { "007", 3 }, { "7", 1 }, { "", 0 }, { "a\0b", 3 }, { "a", 1 }, { "A", 1 }, { "\xff", 1 }
    };
    for (uint32_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(fn_names_find(names, texts[i].text, texts[i].length), FN_NONE);
        ck_assert_int_eq(fn_names_add(&run, names, texts[i].text, texts[i].length, &number, &is_new), FN_OK);
        ck_assert(is_new && number == i);
    }
    for (uint32_t i = 0; i < 7; i++) {
        fn_names_add(&run, names, texts[i].text, texts[i].length, &number, &is_new);
        ck_assert(!is_new && number == i && fn_names_find(names, texts[i].text, texts[i].length) == i);
        const char *text = fn_names_text(names, i, &length);
        ck_assert(length == texts[i].length && memcmp(text, texts[i].text, length) == 0 && text[length] == '\0');
    }
    ck_assert_str_eq(fn_names_text(names, FN_NONE, &length), "");
    fn_names_free(names);
}
END_TEST

/* Random operations against the plainest model: an array searched from the front. */
START_TEST(many_names_agree_with_a_plain_list)
{
    enum { ADDS = 20000, DISTINCT = 3000 };
    static uint32_t expected[DISTINCT];
    fn_run run = support_run();
    fn_names *names;
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    uint32_t count = 0;
    memset(expected, 0xff, sizeof expected);
    for (uint64_t i = 0; i < ADDS; i++) {
        char text[32];
        uint32_t number, which = (uint32_t) fn_random_below(3, 0, i, DISTINCT);
        int length = snprintf(text, sizeof text, "firm-%u", which);
        ck_assert_uint_eq(fn_names_find(names, text, (size_t) length), expected[which]);
        if (expected[which] == FN_NONE) expected[which] = count++;
        fn_names_add(&run, names, text, (size_t) length, &number, NULL);
        ck_assert_uint_eq(number, expected[which]);
        ck_assert_uint_eq(fn_names_count(names), count);
    }
    fn_names_free(names);
}
END_TEST

START_TEST(a_failed_allocation_leaves_the_names_as_they_were)
{
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_names *names = NULL;
        fn_memory_fail_at(k, false);
        fn_status status = fn_names_new(&run, &names);
        uint32_t added = 0, number;
        for (; !status && added < 500; added++) {
            char text[16];
            int length = snprintf(text, sizeof text, "%u", added);
            status = fn_names_add(&run, names, text, (size_t) length, &number, NULL);
            if (status) break;
        }
        fn_memory_fail_at(-1, false);
        if (names) {
            ck_assert_uint_eq(fn_names_count(names), added);
            for (uint32_t i = 0; i < added; i++) {
                char text[16];
                int length = snprintf(text, sizeof text, "%u", i);
                ck_assert_uint_eq(fn_names_find(names, text, (size_t) length), i);
            }
        }
        fn_names_free(names);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
}
END_TEST

/* Texts of many lengths, the same ones for everybody. */
static size_t text_number(uint32_t number, char text[64])
{
    size_t length = (size_t) sprintf(text, "%u", number * 2654435761U);
    for (uint32_t pad = number % 23; pad; pad--) text[length++] = (char) ('a' + pad);
    return length;
}

START_TEST(many_are_sought_at_once_as_one_by_one)
{
    enum { COUNT = 20000 };
    fn_run run = support_run();
    fn_names *names;
    char text[COUNT / 100][64];
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    for (uint32_t first = 0; first < COUNT; first += COUNT / 100) {
        fn_name_query query[COUNT / 100];
        for (uint32_t i = 0; i < COUNT / 100; i++) {
            uint32_t which = (first + i) % 3 ? first + i : first / 2; /* some again */
            query[i] = (fn_name_query) { .text = text[i], .length = (uint32_t) text_number(which, text[i]) };
        }
        fn_names_seek(names, query, COUNT / 100);
        for (uint32_t i = 0; i < COUNT / 100; i++)
            ck_assert_uint_eq(query[i].number, fn_names_find(names, query[i].text, query[i].length));
        for (uint32_t i = 0; i < COUNT / 100; i++) {
            uint32_t number;
            ck_assert_int_eq(fn_names_add_sought(&run, names, &query[i], &number), FN_OK);
            ck_assert_uint_eq(number, fn_names_find(names, query[i].text, query[i].length));
            if (query[i].number != FN_NONE) ck_assert_uint_eq(number, query[i].number);
        }
    }
    fn_names_free(names);
}
END_TEST

typedef struct seeker {
    const fn_names *names;
    atomic_uint *added;
    uint32_t wrong;
} seeker;

/* What was added before a seek must be found by it, with its number. */
static void *keep_seeking(void *data)
{
    seeker *s = data;
    char text[32][64];
    fn_name_query query[32];
    for (uint32_t round = 0, before = 0; before < 100000; round++) {
        before = atomic_load(s->added);
        for (uint32_t i = 0; i < 32; i++) {
            uint32_t which = before ? (round * 7919 + i * 104729) % before : 0;
            query[i] = (fn_name_query) { .text = text[i], .length = (uint32_t) text_number(which, text[i]), .number = which };
        }
        fn_names_seek(s->names, query, before ? 32 : 0);
        for (uint32_t i = 0; i < 32 && before; i++) {
            char own[64];
            size_t length = text_number(query[i].number, own);
            s->wrong += query[i].number == FN_NONE || length != query[i].length || memcmp(own, text[i], length);
        }
    }
    return NULL;
}

START_TEST(threads_seek_while_one_adds)
{
    fn_run run = support_run();
    fn_names *names;
    atomic_uint added = 0;
    pthread_t thread[2];
    seeker seekers[2];
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    fn_names_share(names, true);
    for (int t = 0; t < 2; t++) {
        seekers[t] = (seeker) { names, &added, 0 };
        ck_assert_int_eq(pthread_create(&thread[t], NULL, keep_seeking, &seekers[t]), 0);
    }
    for (uint32_t i = 0; i < 100000; i++) {
        char text[64];
        uint32_t number;
        size_t length = text_number(i, text);
        ck_assert_int_eq(fn_names_add(&run, names, text, length, &number, NULL), FN_OK);
        ck_assert_uint_eq(number, i);
        atomic_store(&added, i + 1);
    }
    for (int t = 0; t < 2; t++) pthread_join(thread[t], NULL);
    fn_names_share(names, false);
    ck_assert_uint_eq(seekers[0].wrong + seekers[1].wrong, 0);
    fn_names_free(names);
}
END_TEST

START_TEST(a_name_may_be_as_long_as_a_line)
{
    fn_run run = support_run();
    fn_names *names;
    uint32_t number;
    size_t length = 3 << 20, there;
    char *text = malloc(length);
    memset(text, 'x', length);
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    for (uint32_t i = 0; i < 40; i++) {
        size_t part = i % 3 ? i : length - i;
        ck_assert_int_eq(fn_names_add(&run, names, text, part, &number, NULL), FN_OK);
        ck_assert_uint_eq(number, i);
    }
    for (uint32_t i = 0; i < 40; i++) {
        const char *back = fn_names_text(names, i, &there);
        ck_assert_uint_eq(there, i % 3 ? i : length - i);
        ck_assert(memcmp(back, text, there) == 0 && back[there] == '\0');
        ck_assert_uint_eq(fn_names_find(names, text, there), i);
    }
    free(text);
    fn_names_free(names);
}
END_TEST

Suite *suite_names(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");
    tcase_add_test(tcase, names_are_opaque_bytes_numbered_by_first_appearance);
    tcase_add_test(tcase, many_names_agree_with_a_plain_list);
    tcase_add_test(tcase, a_failed_allocation_leaves_the_names_as_they_were);
    tcase_add_test(tcase, many_are_sought_at_once_as_one_by_one);
    tcase_add_test(tcase, threads_seek_while_one_adds);
    tcase_add_test(tcase, a_name_may_be_as_long_as_a_line);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite;
}
