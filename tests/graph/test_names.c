/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
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

Suite *suite_names(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");
    tcase_add_test(tcase, names_are_opaque_bytes_numbered_by_first_appearance);
    tcase_add_test(tcase, many_names_agree_with_a_plain_list);
    tcase_add_test(tcase, a_failed_allocation_leaves_the_names_as_they_were);
    suite_add_tcase(suite, tcase);
    return suite;
}
