/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/json.h"
#include "tests/suite.h"

Suite *suite_json(void);

/* An input in memory, fed `piece` bytes at a time; each piece is copied into a buffer of its own size, so that the
 * address sanitizer sees a read beyond it and a use after the next call. */
typedef struct memory_input { const char *bytes; size_t length, piece, at; char *fed; } memory_input;

static fn_status feed_memory(fn_run *run, void *user, const char **bytes, size_t *got)
{
    memory_input *input = user;
    *got = input->length - input->at < input->piece ? input->length - input->at : input->piece;
    fn_free(input->fed);
    input->fed = fn_alloc(run, *got, 1);
    if (!input->fed) return FN_ENOMEM;
    if (*got) memcpy(input->fed, input->bytes + input->at, *got);
    input->at += *got;
    *bytes = input->fed;
    return FN_OK;
}

/* All events as one line: `{` `}` `[` `]` k"…" "…" #number t f n N !reason, U D L for soft errors. */
typedef struct transcript { char *text; size_t length, capacity; int64_t repairs[FN_JSON_REPAIRS]; unsigned soft;
                             int values, breaks; } transcript;

static void note(fn_run *run, transcript *out, const char *text, size_t length)
{
    out->text = fn_grow(run, out->text, &out->capacity, out->length + length + 1, 1);
    ck_assert(out->text);
    memcpy(out->text + out->length, text, length);
    out->length += length;
    out->text[out->length] = '\0';
}

static void note_event(fn_run *run, transcript *out, const fn_json *json)
{
    static const char *const marks[] = {
        [FN_JSON_END] = ".", [FN_JSON_OBJECT] = "{", [FN_JSON_OBJECT_END] = "}", [FN_JSON_ARRAY] = "[",
        [FN_JSON_ARRAY_END] = "]", [FN_JSON_KEY] = "k", [FN_JSON_TEXT] = "", [FN_JSON_NUMBER] = "#",
        [FN_JSON_TRUE] = "t", [FN_JSON_FALSE] = "f", [FN_JSON_NULL] = "n", [FN_JSON_NOT_NUMBER] = "N",
        [FN_JSON_BROKEN] = "!" };
    note(run, out, marks[json->event], strlen(marks[json->event]));
    if (json->event == FN_JSON_KEY || json->event == FN_JSON_TEXT || json->event == FN_JSON_NUMBER) {
        note(run, out, "\"", 1);
        note(run, out, json->text, json->length);
        note(run, out, "\"", 1);
    }
    if (json->event == FN_JSON_BROKEN) note(run, out, json->reason, strlen(json->reason));
}

/* Read to the end, recovering where that is possible. */
static transcript transcribe(const char *bytes, size_t length, size_t piece)
{
    fn_run run = support_run();
    memory_input input = { bytes, length, piece, 0, NULL };
    transcript out = { 0 };
    fn_json *json;
    ck_assert_int_eq(fn_json_new(&run, feed_memory, &input, &json), FN_OK);
    note(&run, &out, "", 0);
    for (bool going = true; going;) {
        ck_assert_int_eq(fn_json_next(&run, json), FN_OK);
        note_event(&run, &out, json);
        out.soft |= json->soft;
        if (json->event == FN_JSON_END) break;
        if (json->event == FN_JSON_BROKEN) {
            out.breaks++;
            ck_assert_int_eq(fn_json_recover(&run, json, &going), FN_OK);
        } else {
            out.values += json->depth == 0;
        }
    }
    memcpy(out.repairs, json->repairs, sizeof out.repairs);
    fn_json_free(json);
    fn_free(input.fed);
    return out;
}

/* The events of a text, the same for every way to cut it into pieces. */
static void expect_bytes(const char *bytes, size_t length, const char *expected)
{
    for (size_t piece = 1; piece <= length + 1; piece = piece < 9 ? piece + 1 : piece * 2) {
        transcript out = transcribe(bytes, length, piece);
        ck_assert_msg(strcmp(out.text, expected) == 0, "%.*s by %zu: %s, expected %s", (int) length, bytes, piece,
                      out.text, expected);
        fn_free(out.text);
    }
}

static void expect(const char *text, const char *expected)
{
    expect_bytes(text, strlen(text), expected);
}

START_TEST(events_come_in_order_however_the_input_is_cut)
{
    expect("", ".");
    expect(" \r\n\t", ".");
    expect("{}", "{}.");
    expect("{ \"a\" : [ 1 , -2.50e+3 , \"x\" , true , false , null ] }", "{k\"a\"[#\"1\"#\"-2.50e+3\"\"x\"tfn]}.");
    expect("{\"a\":{\"b\":{}},\"\":[]}", "{k\"a\"{k\"b\"{}}k\"\"[]}.");
    expect("1 2\n\"x\"[3]{}", "#\"1\"#\"2\"\"x\"[#\"3\"]{}.");
    expect("12345678901234567890123", "#\"12345678901234567890123\".");
    expect("{\"a\":1}\n{\"a\":2}\n", "{k\"a\"#\"1\"}{k\"a\"#\"2\"}.");
}
END_TEST

START_TEST(texts_are_unescaped)
{
    expect("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\"\\/\b\f\n\r\t\".");
    expect("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\".");
    expect("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xD2\x9A\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B\"",
           "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xD2\x9A\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B\".");
    expect("{\"\\u006fcid\" \n : 1}", "{k\"ocid\"#\"1\"}.");
}
END_TEST

/* The lenient column of the accept matrix: input, events, what is counted. */
START_TEST(what_real_data_needs_is_repaired_and_counted)
{
    static const struct { const char *text, *events; fn_json_repair repair; int64_t count; } rows[] = {
        { "[000,01,-007,0.5]", "[#\"000\"#\"01\"#\"-007\"#\"0.5\"].", FN_JSON_LEADING_ZERO, 3 },
        { "[NaN,Infinity,-Infinity]", "[NNN].", FN_JSON_NUMBER_WORD, 3 },
        { "\"a\tb\rc\nd\x01\"", "\"a\tb\rc\nd\x01\".", FN_JSON_RAW_CONTROL, 4 },
        { "[\"\\ud800\",\"\\udc00x\",\"\\ud800\\n\",\"\\ud800\\ud800\\udc00\"]",
          "[\"\xEF\xBF\xBD\"\"\xEF\xBF\xBDx\"\"\xEF\xBF\xBD\n\"\"\xEF\xBF\xBD\xF0\x90\x80\x80\"].",
          FN_JSON_LONE_SURROGATE, 4 },
        { "\"a\\u0000b\"", "\"ab\".", FN_JSON_NUL_DROPPED, 1 },
        { "\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}", "{}{}.", FN_JSON_BYTE_ORDER_MARK, 2 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(rows[i].text, rows[i].events);
        transcript out = transcribe(rows[i].text, strlen(rows[i].text), 100);
        for (int repair = 0; repair < FN_JSON_REPAIRS; repair++)
            ck_assert_int_eq(out.repairs[repair], repair == (int) rows[i].repair ? rows[i].count : 0);
        ck_assert_uint_eq(out.soft, 0);
        fn_free(out.text);
    }
}
END_TEST

START_TEST(wrong_utf8_is_told_and_read_over)
{
    static const char *const wrong[] = {
        "\xE9", "\xC0\xAF", "\xC1\x81", "\xED\xA0\x80", "\xED\xBF\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\x80", "\xE2\x82", "\xF0\x9F\x98",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "{\"a\":\"x%sy\",\"b\":1}", wrong[i]);
        for (size_t piece = 1; piece < 20; piece++) {
            transcript out = transcribe(text, (size_t) length, piece);
            ck_assert_uint_eq(out.soft, FN_JSON_BAD_UTF8);
            ck_assert_ptr_nonnull(strstr(out.text, "y\"k\"b\"#\"1\"}."));
            fn_free(out.text);
        }
    }
}
END_TEST

START_TEST(what_the_standard_forbids_is_broken)
{
    static const char *const wrong[] = {
        "{'a':1}", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "{\"a\":1 \"b\":2}", "]", "}", "[}",
        "{]", "/**/1", "+1", ".5", "1.", "1.e3", "1e", "0x10", "nul", "nulL", "True", "-", "-NaN", "Inf", "\"\\x\"",
        "\"\\u12g4\"", "{1:2}", "[,1]", ",", ":", "\"a\" \"b\"}", "{\"a\":\"He said \"no\".\"}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t piece = 1; piece < 12; piece++) {
            transcript out = transcribe(wrong[i], strlen(wrong[i]), piece);
            ck_assert_msg(strstr(out.text, "!"), "%s was accepted: %s", wrong[i], out.text);
            fn_free(out.text);
        }
    expect_bytes("\"a\0b\"", 5, "!syntax.");
}
END_TEST

START_TEST(every_cut_of_a_value_is_truncated_or_broken)
{
    const char *text = "{\"a\":[1.5e3,\"\\ud83d\\ude00 \xD2\x9A\",true,null,{\"b\":-0}],\"c\":\"d\"}";
    for (size_t length = 1; length < strlen(text); length++)
        for (size_t piece = 1; piece < 8; piece++) {
            transcript out = transcribe(text, length, piece);
            ck_assert_msg(strstr(out.text, "!truncated"), "cut at %zu: %s", length, out.text);
            fn_free(out.text);
        }
}
END_TEST

START_TEST(deep_nesting_is_passed_over_without_recursion)
{
    enum { DEEP = 100000 };
    fn_run run = support_run();
    char *text = fn_alloc(&run, 2 * DEEP + 8, 1);
    memset(text, '[', DEEP);
    memset(text + DEEP, ']', DEEP);
    memcpy(text + 2 * DEEP, "{}", 2);
    transcript out = transcribe(text, 2 * DEEP + 2, 1000);
    ck_assert_uint_eq(out.soft, FN_JSON_TOO_DEEP);
    ck_assert_uint_eq(out.length, 2 * FN_JSON_DEPTH_MOST + 4); /* 128 levels, a null in the middle, {} and the end */
    fn_free(out.text);
    fn_free(text);
}
END_TEST

START_TEST(a_text_beyond_the_limit_is_told_and_cut)
{
    fn_run run = support_run();
    char text[1000];
    memset(text, 'x', sizeof text);
    text[0] = text[998] = '"';
    text[999] = '1';
    for (size_t piece = 1; piece < 2000; piece *= 3) {
        memory_input input = { text, sizeof text, piece, 0, NULL };
        fn_json *json;
        ck_assert_int_eq(fn_json_new(&run, feed_memory, &input, &json), FN_OK);
        json->text_most = 100;
        ck_assert_int_eq(fn_json_next(&run, json), FN_OK);
        ck_assert_int_eq(json->event, FN_JSON_TEXT);
        ck_assert_uint_le(json->length, 100);
        ck_assert_uint_eq(json->soft, FN_JSON_TOO_LARGE);
        ck_assert_int_eq(fn_json_next(&run, json), FN_OK);
        ck_assert_int_eq(json->event, FN_JSON_NUMBER);
        fn_json_free(json);
        fn_free(input.fed);
    }
}
END_TEST

START_TEST(skipping_ends_where_the_value_ends)
{
    const char *text = "{\"a\":{\"x\":[1,{\"y\":\"}]\"}]},\"b\":[[],[]],\"c\":\"\\u0041\",\"d\":4}";
    for (size_t piece = 1; piece < 80; piece++) {
        fn_run run = support_run();
        memory_input input = { text, strlen(text), piece, 0, NULL };
        fn_json *json;
        ck_assert_int_eq(fn_json_new(&run, feed_memory, &input, &json), FN_OK);
        fn_json_next(&run, json);
        for (const char *key = "abc"; *key; key++) {
            fn_json_next(&run, json);
            ck_assert_int_eq(json->event, FN_JSON_KEY);
            ck_assert_int_eq(json->text[0], *key);
            ck_assert_int_eq(fn_json_skip(&run, json), FN_OK);
        }
        fn_json_next(&run, json);
        ck_assert_mem_eq(json->text, "d", 1);
        fn_json_next(&run, json);
        ck_assert_int_eq(json->event, FN_JSON_NUMBER);
        fn_json_next(&run, json);
        ck_assert_int_eq(json->event, FN_JSON_OBJECT_END);
        fn_json_free(json);
        fn_free(input.fed);
    }
}
END_TEST

START_TEST(a_broken_line_costs_only_itself)
{
    expect("{\"a\":1}\n{\"a\":}\n{\"a\":3}\n", "{k\"a\"#\"1\"}{k\"a\"!syntax{k\"a\"#\"3\"}.");
    expect("{\"a\":\n{\"b\":1}\n{\"c\":2}\n", "{k\"a\"{k\"b\"#\"1\"}!syntax{k\"c\"#\"2\"}.");
    expect("{\"a\":1}\n{\"a\":\"x\n{\"a\":3}\n", "{k\"a\"#\"1\"}{k\"a\"!truncated{k\"a\"#\"3\"}.");
    expect("{\"a\":1}\n{\"a\":[\n{\"a\":3}\n", "{k\"a\"#\"1\"}{k\"a\"[!truncated{k\"a\"#\"3\"}.");
    expect("{\"a\":1}\n{\"a\":[1\n{\"a\":3}\n", "{k\"a\"#\"1\"}{k\"a\"[#\"1\"!truncated{k\"a\"#\"3\"}.");
    expect("{\"a\":1}} \n{\"a\":3}\n", "{k\"a\"#\"1\"}!syntax{k\"a\"#\"3\"}.");
    expect("x\ny\n{}", "!syntax!syntax{}.");
    /* the last line is cut */
    expect("{\"a\":1}\n{\"a\"", "{k\"a\"#\"1\"}{!truncated");
}
END_TEST

START_TEST(a_break_in_a_value_of_many_lines_ends_the_reading)
{
    expect("{\n \"a\": 1,\n \"b\": x,\n \"c\": 2\n}\n", "{k\"a\"#\"1\"k\"b\"!syntax");
    expect("[\n{\"a\":1},\n{\"a\" 2},\n{\"a\":3}\n]", "[{k\"a\"#\"1\"}{!syntax");
    /* but compact lines may be followed by spread values */
    expect("{\"a\":1}\n{\"a\":2}\n{\n\"a\":\n{}\n}\n[\n{}\n]", "{k\"a\"#\"1\"}{k\"a\"#\"2\"}{k\"a\"{}}[{}].");
}
END_TEST

START_TEST(json_lines_are_told_from_the_head)
{
    static const struct { const char *head; bool lines; } rows[] = {
        { "{\"a\":1}\n{\"a\":2}\n", true }, { "{\"a\":1\n{\"a\":2}\n", true }, { "\xEF\xBB\xBF{\"a\":1}\r\n{", true },
        { "{\n\"a\":1}\n", false }, { "{\"releases\":[\n{\"a\":2}\n", false }, { "[\n{\"a\":2}\n", false },
        { "{\"a\":1}\n", false }, { "", false }, { "{", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(fn_json_looks_like_lines(rows[i].head, strlen(rows[i].head)), rows[i].lines);
}
END_TEST

START_TEST(places_are_lines_from_one_and_bytes_from_zero)
{
    fn_run run = support_run();
    const char *text = "{\n \"a\":\n\n  x}";
    memory_input input = { text, strlen(text), 3, 0, NULL };
    fn_json *json;
    ck_assert_int_eq(fn_json_new(&run, feed_memory, &input, &json), FN_OK);
    static const struct { int64_t line; uint64_t offset; } expected[] = { { 1, 0 }, { 2, 3 }, { 4, 11 } };
    for (int i = 0; i < 3; i++) {
        fn_json_next(&run, json);
        ck_assert_int_eq(json->line, expected[i].line);
        ck_assert_uint_eq(json->offset, expected[i].offset);
    }
    ck_assert_int_eq(json->event, FN_JSON_BROKEN);
    fn_json_free(json);
    fn_free(input.fed);
}
END_TEST

START_TEST(random_damage_never_crashes)
{
    static const char text[] = "{\"a\":[1.5e3,\"\\ud83d\\ude00 \xD2\x9A\",true,null,{\"b\":-0}],"
        "\"c\":\"d\"}\n[{\"e\":[]}]\n";
    for (uint64_t i = 0; i < 20000; i++) {
        char damaged[sizeof text];
        memcpy(damaged, text, sizeof text);
        for (uint64_t k = 0; k <= i % 3; k++)
            damaged[fn_random_below(1, i, 2 * k, sizeof text - 1)] = (char) fn_random_below(1, i, 2 * k + 1, 256);
        transcript out = transcribe(damaged, sizeof text - 1, 1 + i % 17);
        fn_free(out.text);
    }
}
END_TEST

START_TEST(every_failing_allocation_is_reported)
{
    const char *text = "{\"a\":[[[[\"\\u0041bcdefghijklmnopqrstuvwxyz\",123456]]]]}";
    for (long k = 0;; k++) {
        fn_run run = support_run();
        memory_input input = { text, strlen(text), 7, 0, NULL };
        fn_json *json;
        fn_memory_fail_at(k, false);
        fn_status status = fn_json_new(&run, feed_memory, &input, &json);
        while (!status && json->event != FN_JSON_BROKEN) {
            status = fn_json_next(&run, json);
            if (!status && json->event == FN_JSON_END) break;
        }
        fn_memory_fail_at(-1, false);
        fn_json_free(json);
        fn_free(input.fed);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_lt(k, 1000);
    }
}
END_TEST

/* Files that the suite wants rejected and that tender data needs accepted: the lenient column. */
static bool lenient(const char *name)
{
    static const char *const names[] = {
        "n_number_-01.json", "n_number_neg_int_starting_with_zero.json", "n_number_with_leading_zero.json", /* 000 */
        "n_number_NaN.json", "n_number_infinity.json", "n_number_minus_infinity.json", /* Python writes them */
        "n_string_unescaped_newline.json", "n_string_unescaped_tab.json", /* raw control characters */
        NULL
    };
    for (const char *const *n = names; *n; n++)
        if (strcmp(*n, name) == 0) return true;
    return false;
}

/* One value and nothing wrong with it. */
static bool accepted(const transcript *out)
{
    return out->values == 1 && !out->breaks && !out->soft;
}

START_TEST(the_parsing_test_suite_agrees_but_for_the_named_leniencies)
{
    const char *folder = support_data("the parsing test suite", "conformance/json");
    if (!folder) return;
    DIR *listing = opendir(folder);
    ck_assert(listing);
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(listing));) {
        const char *name = entry->d_name;
        if (strncmp(name, "y_", 2) != 0 && strncmp(name, "n_", 2) != 0 && strncmp(name, "i_", 2) != 0) continue;
        char path[4096];
        static char bytes[1 << 20];
        snprintf(path, sizeof path, "%s/%s", folder, name);
        FILE *file = fopen(path, "rb");
        ck_assert(file);
        size_t length = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t piece = 1; piece < 100; piece *= 7) {
            transcript out = transcribe(bytes, length, piece);
            bool good = accepted(&out);
            if (name[0] == 'y') ck_assert_msg(good, "%s was rejected: %s", name, out.text);
            if (name[0] == 'n') ck_assert_msg(good == lenient(name), "%s: %s", name, good ? "accepted" : "rejected");
            fn_free(out.text);
        }
        seen++;
    }
    closedir(listing);
    ck_assert_int_ge(seen, 300);
}
END_TEST

Suite *suite_json(void)
{
    Suite *suite = suite_create("json");
    TCase *cases = tcase_create("json");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, events_come_in_order_however_the_input_is_cut);
    tcase_add_test(cases, texts_are_unescaped);
    tcase_add_test(cases, what_real_data_needs_is_repaired_and_counted);
    tcase_add_test(cases, wrong_utf8_is_told_and_read_over);
    tcase_add_test(cases, what_the_standard_forbids_is_broken);
    tcase_add_test(cases, every_cut_of_a_value_is_truncated_or_broken);
    tcase_add_test(cases, deep_nesting_is_passed_over_without_recursion);
    tcase_add_test(cases, a_text_beyond_the_limit_is_told_and_cut);
    tcase_add_test(cases, skipping_ends_where_the_value_ends);
    tcase_add_test(cases, a_broken_line_costs_only_itself);
    tcase_add_test(cases, a_break_in_a_value_of_many_lines_ends_the_reading);
    tcase_add_test(cases, json_lines_are_told_from_the_head);
    tcase_add_test(cases, places_are_lines_from_one_and_bytes_from_zero);
    tcase_add_test(cases, random_damage_never_crashes);
    tcase_add_test(cases, every_failing_allocation_is_reported);
    tcase_add_test(cases, the_parsing_test_suite_agrees_but_for_the_named_leniencies);
    suite_add_tcase(suite, cases);
    return suite;
}
