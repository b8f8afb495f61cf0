/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/io/ocds_support.h"

#define RELEASE(ocid_, id_, date_, tag_, rest_) "{\"ocid\":\"" ocid_ "\",\"id\":\"" id_ "\",\"date\":\"" date_ "\"," \
                                                "\"tag\":[\"" tag_ "\"]" rest_ "}"
#define BUYER(name_) ",\"buyer\":{\"name\":\"" name_ "\"}"
#define AWARD(status_) ",\"awards\":[{\"id\":1,\"status\":\"" status_ "\"}]"

/* A package, records with and without a compiled release, lines of which one is broken, and a repetition. */
static const char *const many[] = {
    "{\"releases\":[" RELEASE("b", "2", "2020-02-01", "award", AWARD("active")) ","
    RELEASE("a", "1", "2020-01-01", "tender", BUYER("Buyer")) "]}",
    "{\"records\":[{\"ocid\":\"c\",\"releases\":[" RELEASE("c", "1", "2020-01-01", "tender", "") ","
    RELEASE("c", "2", "2020-01-02", "award", "") "],\"compiledRelease\":"
    RELEASE("c", "9", "2020-01-03", "compiled", BUYER("Compiled")) "},"
    "{\"ocid\":\"d\",\"releases\":[{\"url\":\"x\"}," RELEASE("d", "1", "2020-01-01", "tender", BUYER("D")) "]}]}",
    RELEASE("a", "0", "2019-01-01", "tender", BUYER("Older")) "\n{\"ocid\":\"b\",broken\n"
    RELEASE("b", "3", "2020-03-01", "award", AWARD("cancelled")) "\n"
    RELEASE("a", "1", "2020-01-01", "tender", BUYER("Buyer")) "\n",
    NULL
};

START_TEST(releases_that_wait_in_a_file_give_the_same)
{
    static const size_t most[] = { 0, 1, 40, 100, 300 };
    ocds_reading held = ocds_read_texts(many, 4096, (fn_read_options) { 0 }, FN_JSON_TEXT_MOST);
    ck_assert_int_eq(held.status, FN_OK);
    ck_assert_uint_eq(held.processes, 4);
    ck_assert_ptr_nonnull(strstr(held.text, "award 1 cancelled"));
    ck_assert_ptr_nonnull(strstr(held.text, "Compiled"));
    for (size_t m = 0; m < sizeof most / sizeof *most; m++) {
        ocds_memory_most = most[m];
        ocds_reading filed = ocds_read_texts(many, 7, (fn_read_options) { 0 }, FN_JSON_TEXT_MOST);
        ck_assert_int_eq(filed.status, FN_OK);
        ck_assert_str_eq(filed.text, held.text);
        ck_assert_uint_eq(fn_account_lines(filed.account), fn_account_lines(held.account));
        for (size_t i = 0; i < fn_account_lines(held.account); i++)
            ck_assert_int_eq(fn_account_line_at(filed.account, i)->count, fn_account_line_at(held.account, i)->count);
        ocds_reading_free(&filed);
    }
    ocds_reading_free(&held);
}
END_TEST

START_TEST(without_room_for_temporary_files_reading_fails)
{
    setenv("TMPDIR", "/no/such/folder", 1);
    ocds_memory_most = 0;
    ocds_reading filed = ocds_read_texts(many, 4096, (fn_read_options) { 0 }, FN_JSON_TEXT_MOST);
    ck_assert_int_eq(filed.status, FN_EIO);
    ck_assert_ptr_nonnull(strstr(filed.run.error.message, "/no/such/folder"));
    ocds_reading_free(&filed);
}
END_TEST

Suite *suite_ocds(void);

/* ---- shapes ---- */

#define A "{\"ocid\":\"a\",\"date\":\"2020-01-01\",\"tag\":[\"tender\"],\"buyer\":{\"id\":\"B\"}}"
#define B "{\"tag\":[\"tender\"],\"buyer\":{\"id\":\"C\"},\"date\":\"2020-01-02\",\"ocid\":\"b\"}"
#define A_AND_B "a 2020-01-01 buyer B\nb 2020-01-02 buyer C\n"
#define META "\"uri\":\"u\",\"version\":\"1.1\",\"publisher\":{\"name\":\"p\",\"ocid\":\"no\"}," \
             "\"publishedDate\":\"2020\""

START_TEST(every_shape_gives_the_same_processes)
{
    static const char *const shapes[] = {
        A "\n" B "\n", B A, "[" A ",\n" B "]", "[[" B "],[" A "]]",
        "{" META ",\"releases\":[" A "," B "]}", "{\"releases\":[" B "," A "]," META "}",
        "[{\"releases\":[" A "]},{\"releases\":[" B "]}]", "{\"releases\":[" A "]}\n{\"releases\":[" B "]}\n",
        "{" META ",\"records\":[{\"ocid\":\"a\",\"releases\":[" A "]},{\"releases\":[" B "],\"ocid\":\"b\"}]}",
        "{\"records\":[{\"compiledRelease\":" A ",\"versionedRelease\":{\"ocid\":\"x\"}}," B "]}",
        "{\"ocid\":\"a\",\"compiledRelease\":" A "}\n{\"compiledRelease\":" B "}",
        "{\"results\":[{\"releases\":[" A "," B "]}],\"next\":\"http://x\"}", "{\"data\":[" A "," B "],\"count\":2}",
        "{\"data\":{\"item\":[" A "," B "]}}", "{\"releasePackage\":{" META ",\"releases\":[" A "," B "]}}",
        "{\"arrayReleasePackage\":[{\"releases\":[" A "]},{\"releases\":[" B "]}]}",
        "{\"status\":\"ok\",\"result\":" A "}{\"recordPackage\":{\"records\":[{\"releases\":[" B "],\"ocid\":\"b\"}]}}",
        "\xEF\xBB\xBF{\"releases\":" A "}" B, /* one object where a list belongs */
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) ocds_expect(shapes[i], A_AND_B);
}
END_TEST

/* What is read from a text, and how many of unit were rejected for reason (all of them). */
static void expect_rejected(const char *text, const char *processes, const char *unit, const char *reason,
                            int64_t count)
{
    for (size_t piece = 1; piece < 200; piece *= 9) {
        ocds_reading reading = ocds_read_bytes(text, strlen(text), piece);
        ck_assert_msg(reading.status == FN_OK, "%s", reading.run.error.message);
        ck_assert_str_eq(reading.text, processes);
        ck_assert_msg(ocds_count(&reading, unit, FN_REJECTED, reason) == count, "%s: %d of %s, expected %d", text,
                      (int) ocds_count(&reading, unit, FN_REJECTED, reason), reason, (int) count);
        int64_t all = ocds_count(&reading, "release", FN_REJECTED, NULL) +
                      ocds_count(&reading, "record", FN_REJECTED, NULL);
        bool both = strcmp(reason, "linked_only") == 0;
        ck_assert_int_eq(all, both ? count + ocds_count(&reading, "release", FN_REJECTED, NULL) : count);
        ocds_reading_free(&reading);
    }
}

START_TEST(what_is_no_release_is_counted_by_reason)
{
    expect_rejected("{\"status\":500,\"detail\":\"Internal error\"}\n" A, "a 2020-01-01 buyer B\n",
                    "release", "not_ocds", 1);
    expect_rejected("\"text\"", "", "release", "not_ocds", 1);
    expect_rejected("{\"date\":\"2020\",\"tag\":[\"award\"],\"awards\":[]}", "", "release", "no_ocid", 1);
}
END_TEST

START_TEST(releases_without_ocid_or_content_are_set_aside)
{
    const char *text = "{\"releases\":[{\"id\":1},7," A ",{\"ocid\":\"\"},{\"ocid\":null}]}";
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 10);
    ck_assert_str_eq(reading.text, "a 2020-01-01 buyer B\n");
    ck_assert_int_eq(ocds_count(&reading, "release", FN_READ, NULL), 5);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_KEPT, NULL), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "no_ocid"), 3);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "not_ocds"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(links_and_histories_are_set_aside)
{
    expect_rejected("{\"records\":[{\"ocid\":\"a\",\"releases\":[{\"url\":\"u\",\"date\":\"2020\","
        "\"tag\":[\"award\"]}]}]}", "",
                    "record", "linked_only", 1);
    expect_rejected("{\"ocid\":\"a\",\"tender\":{\"status\":[{\"releaseID\":\"1\",\"releaseDate\":\"2020\","
        "\"value\":\"x\"}]}}\n" B,
                    "b 2020-01-02 buyer C\n", "release", "versioned_release", 1);
}
END_TEST

START_TEST(a_compiled_release_stands_for_the_releases_of_its_record)
{
    const char *text = "{\"records\":[{\"ocid\":\"a\",\"releases\":[" A "," A "],\"compiledRelease\":"
        "{\"ocid\":\"a\",\"date\":\"2020-02-02\",\"tag\":[\"compiled\"],\"buyer\":{\"id\":\"Z\"}}},"
        "{\"compiledRelease\":{\"tag\":[\"compiled\"]},\"releases\":[" B "]}]}";
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 10);
    ck_assert_str_eq(reading.text, "a 2020-02-02 buyer Z\nb 2020-01-02 buyer C\n");
    ck_assert_int_eq(ocds_count(&reading, "record", FN_READ, NULL), 2);
    ck_assert_int_eq(ocds_count(&reading, "record", FN_KEPT, NULL), 2);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_READ, NULL), 5);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_KEPT, NULL), 2);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "in_compiled"), 2);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "no_ocid"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(what_stands_under_other_keys_of_a_release_is_not_a_release)
{
    ocds_expect("{\"extra\":[" B "],\"more\":{\"releases\":" B "},\"ocid\":\"a\",\"tag\":[\"tender\"],"
        "\"date\":\"2020-01-01\","
                "\"other\":" B ",\"buyer\":{\"id\":\"B\",\"x\":" B "}}", "a 2020-01-01 buyer B\n");
}
END_TEST

START_TEST(nothing_to_read_is_no_error)
{
    static const char *const empty[] = { "", " \n", "{\"releases\":[]}", "{\"records\":null}", "[]",
                                         "{" META ",\"license\":\"l\"}" };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        ocds_reading reading = ocds_read_bytes(empty[i], strlen(empty[i]), 3);
        ck_assert_int_eq(reading.status, FN_OK);
        ck_assert_str_eq(reading.text, "");
        ck_assert_int_eq(ocds_count(&reading, "release", FN_READ, NULL), 0);
        ocds_reading_free(&reading);
    }
}
END_TEST

/* ---- damage ---- */

START_TEST(a_damaged_line_is_set_aside_with_its_place)
{
    const char *text = A "\n{\"ocid\":\"x\",\"tag\":[\"tender\"],}\n" B "\n";
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 10);
    ck_assert_str_eq(reading.text, A_AND_B);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_READ, NULL), 3);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "syntax"), 1);
    for (size_t i = 0; i < fn_account_lines(reading.account); i++) {
        const fn_account_line *line = fn_account_line_at(reading.account, i);
        if (line->outcome != FN_REJECTED) continue;
        ck_assert_str_eq(line->file, "1");
        ck_assert_int_eq(line->line, 2);
    }
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(a_cut_package_is_reported_where_it_is_cut)
{
    const char *text = "{\"releases\":[\n" A ",\n{\"ocid\":\"x\",\n \"tag\":[";
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 10);
    ck_assert_str_eq(reading.text, "a 2020-01-01 buyer B\n");
    for (size_t i = 0; i < fn_account_lines(reading.account); i++)
        if (fn_account_line_at(reading.account, i)->outcome == FN_REJECTED)
            ck_assert_int_eq(fn_account_line_at(reading.account, i)->line, 4);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "truncated"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(strict_stops_at_the_first_bad_record)
{
    const char *const inputs[] = { A "\n{\"ocid\":1,}\n" B "\n", NULL };
    ocds_reading reading = ocds_read_texts(inputs, 10, (fn_read_options) { .strict = true }, 10000);
    ck_assert_int_eq(reading.status, FN_EPARSE);
    ck_assert_str_eq(reading.run.error.file, "1");
    ck_assert_int_eq(reading.run.error.line, 2);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(bad_utf8_costs_its_release_only)
{
    expect_rejected("{\"releases\":[" A ",{\"ocid\":\"x\",\"title\":\"Stra\xDF" "e\"}," B "]}", A_AND_B,
                    "release", "bad_utf8", 1);
    expect_rejected("{\"publisher\":{\"name\":\"Stra\xDF" "e\"},\"releases\":[" A "," B "]}", A_AND_B,
                    "release", "bad_utf8", 0);
}
END_TEST

START_TEST(too_deep_or_too_large_costs_its_release_only)
{
    char deep[4096] = "{\"releases\":[" A ",{\"ocid\":\"x\",\"x\":";
    size_t length = strlen(deep);
    for (int i = 0; i < 300; i++) deep[length++] = '[';
    for (int i = 0; i < 300; i++) deep[length++] = ']';
    strcpy(deep + length, "}," B "]}");
    expect_rejected(deep, A_AND_B, "release", "too_deep", 1);
    const char *const large[] = { "{\"releases\":[" A ",{\"ocid\":\"x\",\"buyer\":{\"name\":\"012345678901234567"
        "8901234567890123456789"
        "0123456789012345678901234567890123456789\"}},{\"ocid\":\"y\","
        "\"description\":\"0123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789\"}," B "]}", NULL };
    ocds_reading reading = ocds_read_texts(large, 10, (fn_read_options) { 0 }, 80);
    ck_assert_str_eq(reading.text, A_AND_B "y\n");
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "too_large"), 1);
    ocds_reading_free(&reading);
}
END_TEST

static const char small[] =
    "{\"uri\":\"u\",\"releases\":[{\"ocid\":\"ocds-abcdef-1\",\"id\":\"1\",\"date\":\"2020-01-01T00:00:00Z\","
    "\"tag\":[\"award\"],"
    "\"parties\":[{\"id\":\"B\",\"name\":\"\xD2\x9A\xD0\xB0\",\"roles\":[\"buyer\"]},{\"id\":\"S\","
    "\"identifier\":{\"scheme\":\"KZ-BIN\","
    "\"id\":70340007367}}],\"buyer\":{\"id\":\"B\"},\"awards\":[{\"id\":1,\"status\":\"active\","
    "\"value\":{\"amount\":1.5e3,"
    "\"currency\":\"KZT\"},\"suppliers\":[{\"id\":\"S\"}]}]},\n" A "],\"version\":\"1.1\"}";

START_TEST(every_cut_of_a_package_keeps_what_stood_before_and_says_so)
{
    ocds_expect(small, "a 2020-01-01 buyer B\nocds-abcdef-1 2020-01-01 parties B'\xD2\x9A\xD0\xB0'/B,"
        "S=KZ-BIN:70340007367# "
                "buyer B; award 1 active 1500KZT to S\n");
    const char *first_end = strstr(small, "]},\n") + 2, *second_end = strstr(small, "],\"version");
    for (size_t length = 1; length < strlen(small); length++) {
        ocds_reading reading = ocds_read_bytes(small, length, 13);
        ck_assert_int_eq(reading.status, FN_OK);
        size_t whole = (small + length >= first_end) + (small + length >= second_end);
        ck_assert_msg(reading.processes == whole, "cut at %zu: %zu processes", length, reading.processes);
        ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, "truncated"), 1);
        ck_assert_int_ge(support_warnings(), 1);
        ocds_reading_free(&reading);
    }
}
END_TEST

START_TEST(random_damage_never_crashes_and_always_adds_up)
{
    for (uint64_t i = 0; i < 20000; i++) {
        char damaged[sizeof small];
        memcpy(damaged, small, sizeof small);
        for (uint64_t k = 0; k <= i % 4; k++)
            damaged[fn_random_below(7, i, 2 * k, sizeof small - 1)] =
                i % 2 ? (char) fn_random_below(7, i, 2 * k + 1, 256) : "{}[]\",:\n0tn\\u "[
                    fn_random_below(7, i, 2 * k + 1, 14)];
        ocds_reading reading = ocds_read_bytes(damaged, sizeof small - 1, 1 + i % 300);
        ck_assert_int_eq(reading.status, FN_OK);
        ocds_reading_free(&reading);
    }
}
END_TEST

START_TEST(every_failing_allocation_is_reported)
{
    const char *const inputs[] = { small, "{\"records\":[{\"compiledRelease\":" A ",\"releases\":[" A "]}," B "]}",
                                   NULL };
    for (long k = 0;; k++) {
        fn_memory_fail_at(k, false);
        ocds_reading reading = ocds_read_texts(inputs, 64, (fn_read_options) { 0 }, 10000);
        fn_memory_fail_at(-1, false);
        fn_status status = reading.status;
        ocds_reading_free(&reading);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_lt(k, 5000);
    }
}
END_TEST

/* A package of many releases, each with a long text that is not read, made while it is fed. */
typedef struct long_package { int releases, at; char piece[40000]; } long_package;

static fn_status feed_package(fn_run *run, void *user, const char **bytes, size_t *got)
{
    long_package *package = user;
    (void) run;
    *bytes = package->piece;
    if (package->at > package->releases) {
        *got = 0;
        return FN_OK;
    }
    int n = package->at++;
    size_t length = (size_t) sprintf(package->piece, n ? "," : "{\"releases\":[");
    if (n < package->releases) {
        length += (size_t) sprintf(package->piece + length, "{\"ocid\":\"%d\",\"description\":\"", n);
        memset(package->piece + length, 'x', 30000);
        length += 30000;
        length += (size_t) sprintf(package->piece + length, "\"}\n");
    } else {
        length = (size_t) sprintf(package->piece, "]}");
    }
    *got = length;
    return FN_OK;
}

START_TEST(memory_follows_the_releases_not_the_file)
{
    fn_run run = support_run();
    long_package *package = calloc(1, sizeof *package);
    fn_read_options options = { 0 };
    fn_import import = { .options = &options };
    fn_ocds *ocds;
    fn_json *json;
    uint32_t file;
    size_t found = 0;
    package->releases = 2000; /* 60 MB */
    ck_assert_int_eq(fn_account_new(&run, &import.account), FN_OK);
    ck_assert_int_eq(fn_ocds_new(&run, &import, fn_tender_add, &ocds), FN_OK);
    ck_assert_int_eq(fn_names_add(&run, ocds->files, "1", 1, &file, NULL), FN_OK);
    ck_assert_int_eq(fn_json_new(&run, feed_package, package, &json), FN_OK);
    ck_assert_int_eq(fn_ocds_read(&run, ocds, json, file, &found), FN_OK);
    ck_assert_uint_eq(found, 2000);
    ck_assert_uint_eq(ocds->entries, 2000);
    ck_assert_uint_lt(ocds->bytes.capacity, 2000 * 40);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    ck_assert_int_lt(usage.ru_maxrss, 1 << 20); /* KiB; the limit that catches a leak of everything under sanitizers */
    fn_json_free(json);
    fn_ocds_free(ocds);
    fn_account_free(import.account);
    free(package);
}
END_TEST

/* ---- through the table of formats ---- */

static fn_net *read_paths(fn_run *run, const char *const *paths, size_t count, fn_status expected)
{
    fn_net *net = NULL;
    ck_assert_int_eq(fn_read(run, paths, count, NULL, &net, NULL, NULL), expected);
    return net;
}

static const char *write_scratch(const char *name, const char *text, size_t length)
{
    const char *path = support_scratch(name);
    FILE *file = fopen(path, "wb");
    ck_assert(file);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    fclose(file);
    return path;
}

START_TEST(a_dump_becomes_a_network_whatever_its_name)
{
    fn_run run = support_run();
    char path[4096];
    snprintf(path, sizeof path, "%s", write_scratch("dump.txt", small, strlen(small)));
    const char *const paths[] = { path, path };
    for (size_t count = 1; count <= 2; count++) { /* the same file twice adds nothing */
        fn_net *net = read_paths(&run, paths, count, FN_OK);
        ck_assert_uint_eq(fn_net_ties(net), 1);
        ck_assert_int_eq(fn_net_tie_at(net, 0).count, 1);
        ck_assert(fn_net_tie_at(net, 0).value == 1500);
        ck_assert_int_eq(fn_account_total(fn_net_account(net), "release", FN_READ, NULL), 2 * (int64_t) count);
        ck_assert_int_eq(fn_account_total(fn_net_account(net), "release", FN_MERGED, "duplicate"),
            2 * (int64_t) count - 2);
        if (count == 2) ck_assert_ptr_nonnull(strstr(support_warning(), "counts once"));
        fn_net_free(net);
    }
}
END_TEST

START_TEST(json_of_another_kind_is_an_error)
{
    static const struct { const char *text, *says; } rows[] = {
        { "{\"status\":500,\"detail\":\"no such page\"}", "JSON without OCDS" },
        { "{\"a\":1}\n{\"a\":2}\n", "JSON without OCDS" }, { "{}", "JSON without OCDS" },
        { "{\"id\":\"1\",\"tag\":[\"award\"],\"awards\":[]}\n{\"id\":\"2\",\"tag\":[\"award\"],\"awards\":[]}",
          "none of 2 releases" },
        { "{\"ocid\":\"x\",\"buyer\":{\"name\":\"Citt\xE0\"}}\n", "none of 1 releases" },
        { "{\"uri\":\"x\",\"releases\":[{\"ocid\":\"x\",", "ends inside a value" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fn_run run = support_run();
        const char *const paths[] = { write_scratch("error.json", rows[i].text, strlen(rows[i].text)) };
        fn_net *net = read_paths(&run, paths, 1, FN_EPARSE);
        ck_assert_ptr_null(net);
        ck_assert_msg(strstr(run.error.message, rows[i].says) != NULL, "%s: %s", rows[i].text, run.error.message);
    }
}
END_TEST

START_TEST(inputs_with_nothing_in_them_are_no_error)
{
    static const char *const texts[] = { "", " \n\t\r\n", "[]", "{\"releases\":[]}", "{\"uri\":\"x\",\"records\":[]}" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fn_run run = support_run();
        const char *const paths[] = { write_scratch("nothing.json", texts[i], strlen(texts[i])) };
        fn_net *net = read_paths(&run, paths, 1, FN_OK);
        ck_assert_uint_eq(fn_net_ties(net), 0);
        ck_assert_int_ge(support_warnings(), 1);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(json_of_another_kind_beside_tenders_is_set_aside)
{
    fn_run run = support_run();
    const char *error = "{\"status\":500,\"detail\":\"no such page\"}", *good = "{\"ocid\":\"x\",\"tag\":[\"tender\"]}";
    char wrong[4096];
    snprintf(wrong, sizeof wrong, "%s", write_scratch("error.json", error, strlen(error)));
    const char *right = write_scratch("good.json", good, strlen(good));
    const char *const paths[] = { wrong, right };
    fn_net *net = read_paths(&run, paths, 2, FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 0);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "release", FN_REJECTED, "not_ocds"), 1);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "release", FN_KEPT, NULL), 1);
    ck_assert_int_ge(support_warnings(), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(only_json_is_taken_for_ocds)
{
    static const struct { const char *head; int low, high; } rows[] = {
        { "{\"ocid\":\"a\"", 90, 100 }, { "\xEF\xBB\xBF [\n{ \"releases\":", 90, 100 }, { "{\"a\":1", 20, 80 },
        { "[{\"a\":1", 20, 80 }, { "", 0, 0 }, { "from,to\n", 0, 0 }, { "<html>", 0, 0 }, { "[x] y\n", 0, 10 },
    };
    const fn_format *format = fn_format_find("ocds");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int score = format->sniff(rows[i].head, strlen(rows[i].head));
        ck_assert_msg(score >= rows[i].low && score <= rows[i].high, "%s: %d", rows[i].head, score);
    }
}
END_TEST

/* ---- values ---- */

START_TEST(repairs_are_counted)
{
    static const struct { const char *text, *reason; } rows[] = {
        { "{\"ocid\":\"a\",\"awards\":{\"id\":1}}", "object_as_list" },
        { "{\"ocid\":\"a\",\"buyer\":[{\"id\":1}]}", "list_as_object" },
        { "{\"ocid\":\"a\",\"tag\":\"award\"}", "text_as_list" },
        { "{\"ocid\":\"a\",\"awards\":[{\"relatedLots\":[{\"lotId\":\"1\",\"id\":2}]}]}", "object_as_text" },
        { "{\"ocid\":\"a\",\"awards\":[{\"relatedLots\":[{\"lot\":\"1\"}]}]}", "wrong_type" },
        { "{\"ocid\":\"a\",\"buyer\":\"me\"}", "wrong_type" },
        { "{\"ocid\":\"a\",\"ocid\":\"a\",\"buyer\":{\"id\":2,\"id\":1}}", "duplicate_key" },
        { "{\"ocid\":\"a\",\"buyer\":{\"name\":\"x\ty\"}}", "raw_control" },
        { "{\"ocid\":\"a\",\"buyer\":{\"name\":\"x\\ud800y\"}}", "lone_surrogate" },
        { "{\"ocid\":\"a\",\"buyer\":{\"name\":\"x\\u0000y\"}}", "nul_dropped" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"value\":{\"amount\":0012}}]}", "leading_zero" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"value\":{\"amount\":NaN}}]}", "not_a_number" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"value\":{\"amount\":1e9999}}]}", "amount_overflow" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"value\":{\"amount\":\"1,000.00\"}}]}", "amount_not_number" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"dateSigned\":\"0001-01-01T00:00:00Z\"}]}", "bad_date" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"dateSigned\":\"11/18/2014\"}]}", "bad_date" },
        { "{\"ocid\":\"a\",\"contracts\":[{\"value\":{\"amountGross\":12}}]}", "gross_amount" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ocds_reading reading = ocds_read_bytes(rows[i].text, strlen(rows[i].text), 11);
        ck_assert_int_eq(reading.status, FN_OK);
        ck_assert_int_eq(reading.processes, 1);
        ck_assert_msg(ocds_count(&reading, "release", FN_REMARK, rows[i].reason) == 1, "%s in %s", rows[i].reason,
            rows[i].text);
        ocds_reading_free(&reading);
    }
}
END_TEST

START_TEST(amounts_are_plain_numbers_or_missing)
{
    ocds_expect("{\"ocid\":\"a\",\"contracts\":[{\"id\":1,\"value\":{\"amount\":000,\"currency\":\"X\"}},"
                "{\"id\":2,\"value\":{\"amount\":1e9999,\"currency\":\"X\"}},{\"id\":3,"
                "\"value\":{\"amount\":NaN,\"currency\":\"X\"}},"
                "{\"id\":4,\"value\":{\"amount\":\"1,000.00\",\"currency\":\"X\"}},{\"id\":5,"
                "\"value\":{\"amount\":-5}},"
                "{\"id\":6,\"value\":{\"amount\":\"179334.001829\",\"currency\":\"mdl\"}},{\"id\":7,"
                "\"value\":{\"amount\":\"\"}}]}",
                "a; contract 1  0X; contract 2  X; contract 3  X; contract 4  X; contract 5  -5; "
                "contract 6  179334.001829mdl; contract 7 \n");
}
END_TEST

START_TEST(a_whole_process_is_projected)
{
    ocds_expect(
        "{\"ocid\":\"ocds-abcdef-9\",\"date\":\"2021-05-06T07:08:09Z\",\"tag\":[\" award\"],"
        "\"parties\":[{\"id\":\"B\",\"roles\":[\"buyer\",\" procuringEntity\"],\"address\":{\"country\":\"KZ\","
        "\"locality\":\"Almaty\"},"
        "\"details\":{\"classifications\":[{\"scheme\":\"TED_CA_TYPE\",\"id\":\"1\"}]}},"
        "{\"id\":\"S\",\"name\":\"Ann\",\"identifier\":{\"scheme\":\"GB-COH\",\"id\":\"1\"},"
        "\"additionalIdentifiers\":[{\"scheme\":\"VAT\",\"id\":\"2\"}],\"roles\":[\"supplier\",\"leadTenderer\"]}],"
        "\"tender\":{\"status\":\"complete\",\"procurementMethod\":\"open\","
        "\"classification\":{\"scheme\":\"CPV\",\"id\":\"45000000\"},"
        "\"tenderPeriod\":{\"endDate\":\"2021-02-03\"},\"procuringEntity\":{\"id\":\"B\"},"
        "\"lots\":[{\"id\":1,\"status\":\"active\",\"techniques\":{\"hasFrameworkAgreement\":true}}],"
        "\"items\":[{\"id\":1,\"classification\":{\"scheme\":\"CPV\",\"id\":3000000},\"quantity\":2,\"relatedLot\":1},"
        "{\"id\":2,\"additionalClassifications\":[{\"scheme\":\"UNSPSC\",\"id\":\"7\"}],\"relatedLots\":[\"1\","
        "\"2\"]}],"
        "\"tenderers\":[{\"id\":\"S\"},{\"id\":\"T\",\"name\":\"Tom\"}]},"
        "\"bids\":{\"details\":[{\"id\":\"b1\",\"status\":\"valid\",\"value\":{\"amount\":9,\"currency\":\"EUR\"},"
        "\"tenderers\":{\"id\":\"S\"},\"relatedLots\":[{\"lotId\":\"1\"}],"
        "\"subcontracting\":{\"value\":{\"amount\":8,\"currency\":\"EUR\"},"
        "\"subcontracts\":[{\"id\":1,\"subcontractor\":{\"id\":\"U\"},\"mainContractors\":[{\"id\":\"S\"}]},"
        "{\"id\":2,\"subcontractor\":{\"id\":\"V\"}}]}}]},"
        "\"awards\":[{\"id\":\"a1\",\"status\":\"active\",\"date\":\"2021-03-03\",\"suppliers\":[{\"id\":\"S\"}],"
        "\"buyers\":[{\"id\":\"B\"}],\"relatedLots\":[\"1\"],\"relatedBid\":\"b1\",\"relatedBids\":[\"b1\",\"b2\"],"
        "\"items\":[{\"id\":1,\"classification\":{\"scheme\":\"CPV\",\"id\":\"03\"}}]}],"
        "\"contracts\":[{\"id\":1,\"awardID\":\"a1\",\"awardIDs\":[\"a1\",\"a2\"],\"status\":\"active\","
        "\"value\":{\"amount\":7,\"currency\":\"EUR\"},\"dateSigned\":\"2021-04-04\","
        "\"period\":{\"startDate\":\"2021-04-05\"},"
        "\"suppliers\":[{\"id\":\"S\"}],\"buyer\":{\"id\":\"B\"},\"implementation\":{\"transactions\":["
        "{\"id\":1,\"value\":{\"amount\":2,\"currency\":\"EUR\"}},{\"id\":2,\"amount\":{\"amount\":3,"
        "\"currency\":\"EUR\"}}]}}],"
        "\"relatedProcesses\":[{\"id\":\"1\",\"relationship\":[\"parent\"],\"identifier\":\"x\"}]}",
        "ocds-abcdef-9 2021-05-06 parties B@KZ/Almaty^1/BP,S'Ann'=GB-COH:1~VAT:2/TSL procuring B tender complete open "
        "code 45000000 until 2021-02-03 framework parent lot 1 active item CPV:3000000*2 in 1 item UNSPSC:7 in 1 "
        "tenderers S,T'Tom'; bid b1 valid 9EUR by S for 1; sub U under S 4EUR bid b1; sub V 4EUR bid b1; "
        "award a1 active on 2021-03-03 to S from B for 1 bids b1,b2 item CPV:03; "
        "contract 1 active 7EUR of a1,a2 signed 2021-04-04 from 2021-04-05 to S buyer B paid 5EUR\n");
}
END_TEST

START_TEST(a_name_in_one_language_is_better_than_none)
{
    const char *text = "{\"ocid\":\"a\",\"parties\":[{\"id\":1,\"name_ru\":\"R\",\"name_kk\":\"K\"},"
                       "{\"id\":2,\"name_ru\":\"R\",\"name\":\"N\"}]}";
    ocds_expect(text, "a parties 1'K',2'N'\n");
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 11);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "duplicate_key"), 0);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(bids_may_stand_in_auctions)
{
    ocds_expect("{\"ocid\":\"a\",\"auctions\":[{\"id\":1,\"stages\":[{\"id\":1,\"bids\":[{\"id\":1,"
        "\"suppliers\":[{\"id\":\"S\"}]}]}]}]}",
                "a; bid 1  by S\n");
}
END_TEST

/* ---- real files: counts found independently ---- */

static void expect_file(const char *file, int64_t releases, int64_t records, size_t processes, int awards)
{
    const char *const files[] = { file, NULL };
    ocds_reading reading;
    if (!ocds_read_files("real OCDS files", files, &reading)) return;
    ck_assert_msg(ocds_count(&reading, "release", FN_READ, NULL) == releases, "%s: %d releases", file,
                  (int) ocds_count(&reading, "release", FN_READ, NULL));
    ck_assert_int_eq(ocds_count(&reading, "record", FN_READ, NULL), records);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REJECTED, NULL), 0);
    ck_assert_int_eq(ocds_count(&reading, "record", FN_REJECTED, NULL), 0);
    ck_assert_msg(reading.processes == processes, "%s: %zu processes", file, reading.processes);
    int found = 0;
    for (const char *at = reading.text; (at = strstr(at, "; award ")); at++) found++;
    ck_assert_msg(awards < 0 || found == awards, "%s: %d awards", file, found);
    ocds_reading_free(&reading);
}

START_TEST(real_files_are_read_whole)
{
    expect_file("it_00162210348_release_package.json.gz", 915, 0, 915, 915);
    expect_file("it_02030880153_release_package.json.gz", 1527, 0, 1527, 1527);
    expect_file("it_00080270838_releases.jsonl.gz", 617, 0, 617, 617);
    expect_file("mx_gacm/all_releases.jsonl.gz", 312, 0, 292, -1);
    expect_file("mx_gacm/all_records.jsonl.gz", 20, 10, 10, -1);
    expect_file("ug_uganda/all_releases.jsonl.gz", 10, 0, 10, 0);
    expect_file("uk_contracts_finder/all_releases.jsonl.gz", 21, 0, 11, 0);
    expect_file("uk_contracts_finder/all_records.jsonl.gz", 22, 11, 11, 0);
    expect_file("ng_nigeria/all_releases.jsonl.gz", 12, 0, 12, 12);
    expect_file("ng_nigeria/all_records.jsonl.gz", 22, 11, 11, -1);
    expect_file("md_moldova/all_releases.jsonl.gz", 51, 0, 51, 18);
    expect_file("md_moldova/all_records.jsonl.gz", 102, 51, 51, 18);
    expect_file("am_armenia/releases_6.json.gz", 100, 0, 100, -1);
    expect_file("ca_montreal/all_releases.jsonl.gz", 20, 0, 20, 20);
    expect_file("ca_montreal/all_records.jsonl.gz", 20, 10, 10, 10);
    expect_file("mx_cdmx/all_releases.jsonl.gz", 20, 0, 8, -1);
    expect_file("mx_cdmx/all_records.jsonl.gz", 16, 4, 4, -1);
    expect_file("fictional_1.1/1.1_ocds-213czf-000-00001.json", 6, 0, 1, 1);
    expect_file("fictional_1.1/record_ocds-213czf-000-00001.json", 7, 1, 1, 1);
}
END_TEST

START_TEST(releases_one_by_one_and_in_a_package_are_the_same)
{
    static const char *const apart[] = {
        "fictional_1.1/1.1_ocds-213czf-000-00001-06-implementation.json", "fictional_1.1/1.1_ocds-213czf-000-000"
        "01-01-planning.json",
        "fictional_1.1/1.1_ocds-213czf-000-00001-03-tenderAmendment.json", "fictional_1.1/1.1_ocds-213czf-000-00"
        "001-02-tender.json",
        "fictional_1.1/1.1_ocds-213czf-000-00001-05-contract.json", "fictional_1.1/1.1_ocds-213czf-000-00001-04-"
        "award.json", NULL };
    static const char *const together[] = { "fictional_1.1/1.1_ocds-213czf-000-00001.json", NULL };
    ocds_reading one, other;
    if (!ocds_read_files("the fictional example", apart, &one)) return;
    ocds_read_files("the fictional example", together, &other);
    ck_assert_str_eq(one.text, other.text);
    ck_assert_ptr_nonnull(strstr(one.text, "; award"));
    ocds_reading_free(&one);
    ocds_reading_free(&other);
}
END_TEST

Suite *suite_ocds(void)
{
    Suite *suite = suite_create("ocds");
    TCase *shapes = tcase_create("shapes"), *damage = tcase_create("damage"), *values = tcase_create("values");
    TCase *real = tcase_create("real files"), *table = tcase_create("format");
    tcase_add_test(shapes, every_shape_gives_the_same_processes);
    tcase_add_test(shapes, what_is_no_release_is_counted_by_reason);
    tcase_add_test(shapes, releases_without_ocid_or_content_are_set_aside);
    tcase_add_test(shapes, links_and_histories_are_set_aside);
    tcase_add_test(shapes, a_compiled_release_stands_for_the_releases_of_its_record);
    tcase_add_test(shapes, what_stands_under_other_keys_of_a_release_is_not_a_release);
    tcase_add_test(shapes, nothing_to_read_is_no_error);
    tcase_add_test(shapes, releases_that_wait_in_a_file_give_the_same);
    tcase_add_test(shapes, without_room_for_temporary_files_reading_fails);
    tcase_set_timeout(damage, 120);
    tcase_add_test(damage, a_damaged_line_is_set_aside_with_its_place);
    tcase_add_test(damage, a_cut_package_is_reported_where_it_is_cut);
    tcase_add_test(damage, strict_stops_at_the_first_bad_record);
    tcase_add_test(damage, bad_utf8_costs_its_release_only);
    tcase_add_test(damage, too_deep_or_too_large_costs_its_release_only);
    tcase_add_test(damage, every_cut_of_a_package_keeps_what_stood_before_and_says_so);
    tcase_add_test(damage, random_damage_never_crashes_and_always_adds_up);
    tcase_add_test(damage, every_failing_allocation_is_reported);
    tcase_add_test(damage, memory_follows_the_releases_not_the_file);
    tcase_add_test(table, a_dump_becomes_a_network_whatever_its_name);
    tcase_add_test(table, json_of_another_kind_is_an_error);
    tcase_add_test(table, inputs_with_nothing_in_them_are_no_error);
    tcase_add_test(table, json_of_another_kind_beside_tenders_is_set_aside);
    tcase_add_test(table, only_json_is_taken_for_ocds);
    tcase_add_test(values, repairs_are_counted);
    tcase_add_test(values, amounts_are_plain_numbers_or_missing);
    tcase_add_test(values, a_whole_process_is_projected);
    tcase_add_test(values, a_name_in_one_language_is_better_than_none);
    tcase_add_test(values, bids_may_stand_in_auctions);
    tcase_set_timeout(real, 60);
    tcase_add_test(real, real_files_are_read_whole);
    tcase_add_test(real, releases_one_by_one_and_in_a_package_are_the_same);
    suite_add_tcase(suite, shapes);
    suite_add_tcase(suite, damage);
    suite_add_tcase(suite, ocds_merge_cases());
    suite_add_tcase(suite, table);
    suite_add_tcase(suite, values);
    suite_add_tcase(suite, real);
    return suite;
}
