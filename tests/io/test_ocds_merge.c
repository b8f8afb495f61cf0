/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "tests/io/ocds_support.h"

/* ---- the merge fixtures of ocds-merge ---- */

/* The fields that the fixtures use, as their schemas say how to merge them. */
#define SCALAR(name_) { .name = name_, .kind = FN_OCDS_SCALAR }
static const fn_ocds_field pair[] = { SCALAR("id"), SCALAR("key"), SCALAR("another"), { .name = NULL } };
static const fn_ocds_field lone[] = { SCALAR("key"), { .name = NULL } };
static const fn_ocds_field subarray[] = {
    SCALAR("id"), { .name = "subsubarray", .kind = FN_OCDS_WHOLE, .inner = pair }, { .name = NULL } };
static const fn_ocds_field by_id[] = {
    SCALAR("id"), SCALAR("key"), { .name = "subarray", .kind = FN_OCDS_BY_ID, .inner = subarray }, { .name = NULL } };
static const fn_ocds_field nested[] = {
    SCALAR("id"), { .name = "identifierMerge", .kind = FN_OCDS_BY_ID, .inner = pair },
    { .name = "array", .kind = FN_OCDS_BY_ID, .inner = pair }, { .name = NULL } };
static const fn_ocds_field object[] = { SCALAR("a"), SCALAR("b"), { .name = NULL } };
static const fn_ocds_field kept[] = { SCALAR("id"), SCALAR("omitWhenMerged"), { .name = NULL } };
static const fn_ocds_field named[] = {
    SCALAR("id"), SCALAR("name"), SCALAR("scheme"), SCALAR("uri"), { .name = NULL } };
static const fn_ocds_field item[] = {
    SCALAR("id"), SCALAR("description"), SCALAR("quantity"), { .name = "unit", .kind = FN_OCDS_OBJECT, .inner = named },
    { .name = "classification", .kind = FN_OCDS_OBJECT, .inner = named },
    { .name = "additionalClassifications", .kind = FN_OCDS_WHOLE, .inner = named }, { .name = NULL } };
static const fn_ocds_field tender[] = {
    SCALAR("id"), SCALAR("procurementMethod"), { .name = "items", .kind = FN_OCDS_BY_ID, .inner = item },
    { .name = "procuringEntity", .kind = FN_OCDS_OBJECT, .inner = named },
    { .name = "tenderers", .kind = FN_OCDS_BY_ID, .inner = named }, { .name = NULL } };
static const fn_ocds_field party[] = {
    SCALAR("id"), SCALAR("name"), { .name = "identifier", .kind = FN_OCDS_OBJECT, .inner = named },
    { .name = "additionalIdentifiers", .kind = FN_OCDS_WHOLE, .inner = named },
    { .name = "roles", .kind = FN_OCDS_WORDS }, { .name = NULL } };
static const fn_ocds_field award[] = {
    SCALAR("id"), SCALAR("title"),
    { .name = "suppliers", .kind = FN_OCDS_BY_ID, .inner = named, .marks = FN_OCDS_SUPPLIERS }, { .name = NULL } };
static const fn_ocds_field budget[] = { SCALAR("description"), { .name = NULL } };
static const fn_ocds_field planning[] = {
    SCALAR("rationale"), { .name = "budget", .kind = FN_OCDS_OBJECT, .inner = budget }, { .name = NULL } };
static const fn_ocds_field fields[] = {
    SCALAR("initiationType"), SCALAR("keepWhenMerged"),
    { .name = "a", .kind = FN_OCDS_BY_ID, .inner = pair }, { .name = "nested", .kind = FN_OCDS_BY_ID, .inner = nested },
    { .name = "identifierMerge", .kind = FN_OCDS_BY_ID, .inner = by_id },
    { .name = "arrayWithoutObjectId", .kind = FN_OCDS_WHOLE, .inner = lone },
    { .name = "wholeListMergeObject", .kind = FN_OCDS_OBJECT, .inner = object },
    { .name = "wholeListMergeOmitWhenMerged", .kind = FN_OCDS_WHOLE, .inner = kept },
    { .name = "planning", .kind = FN_OCDS_OBJECT, .inner = planning },
    { .name = "tender", .kind = FN_OCDS_OBJECT, .inner = tender },
    { .name = "parties", .kind = FN_OCDS_BY_ID, .inner = party },
    { .name = "awards", .kind = FN_OCDS_BY_ID, .inner = award }, { .name = NULL } };

static fn_status feed_source(fn_run *run, void *user, const char **bytes, size_t *got)
{
    return fn_source_next(run, user, bytes, got);
}

/* The trees of the objects in a file: a release, or a list of them. */
static size_t read_trees(fn_run *run, fn_arena *arena, const char *path, fn_ocds_bytes *bytes, fn_ocds_node **trees)
{
    fn_source *source;
    fn_json *json;
    fn_ocds_notes notes = { .most = 1 << 20 };
    size_t count = 0, begin[16] = { 0 };
    ck_assert_int_eq(fn_source_open(run, path, &source), FN_OK);
    ck_assert_int_eq(fn_json_new(run, feed_source, source, &json), FN_OK);
    for (;;) {
        ck_assert_int_eq(fn_json_next(run, json), FN_OK);
        ck_assert_int_ne(json->event, FN_JSON_BROKEN);
        if (json->event == FN_JSON_END) break;
        if (json->event == FN_JSON_OBJECT) begin[count++] = bytes->length;
        if (json->event != FN_JSON_KEY) continue;
        int number = fn_ocds_field_find(fields, json->text, json->length);
        if (number < 0) fn_json_skip(run, json);
        else fn_ocds_project(run, json, fields, number, bytes, &notes);
    }
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? begin[i + 1] : bytes->length;
        ck_assert_int_eq(fn_ocds_tree(run, arena, fields, bytes->data + begin[i], end - begin[i], &trees[i]), FN_OK);
    }
    fn_json_free(json);
    fn_source_close(source);
    return count;
}

static void check_fixture(const char *folder, const char *name, size_t stem)
{
    fn_run run = support_run();
    fn_arena arena = { 0 };
    fn_ocds_bytes bytes[2] = { { 0 } };
    fn_ocds_node *release[16], *expected[16], *out;
    fn_ocds_merge merge = { .arena = &arena, .fields = fields, .whole_suppliers = strstr(folder, "1.0") != NULL };
    char path[4096];
    snprintf(path, sizeof path, "%s/%.*s.json", folder, (int) stem, name);
    size_t count = read_trees(&run, &arena, path, &bytes[0], release);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_uint_eq(read_trees(&run, &arena, path, &bytes[1], expected), 1);
    ck_assert_int_eq(fn_ocds_node_new(&run, &arena, NULL, FN_OCDS_TREE, &out), FN_OK);
    for (size_t i = 0; i < count; i++) ck_assert_int_eq(fn_ocds_fold(&run, &merge, out, release[i]), FN_OK);
    ck_assert_msg(fn_ocds_equal(out, expected[0]), "%s merges to something else", path);
    ck_assert_uint_eq(fn_ocds_hash(out), fn_ocds_hash(expected[0]));
    fn_free(bytes[0].data);
    fn_free(bytes[1].data);
    fn_arena_free(&arena);
}

START_TEST(the_fixtures_of_the_reference_implementation_merge_as_it_says)
{
    static const char *const folders[] = { "1.0", "1.1", "schema" };
    int seen = 0;
    for (size_t i = 0; i < 3; i++) {
        char name[64], folder[2048];
        snprintf(name, sizeof name, "conformance/ocds_merge/%s", folders[i]);
        const char *found = support_data("merge fixtures", name);
        if (!found) return;
        snprintf(folder, sizeof folder, "%s", found);
        DIR *listing = opendir(folder);
        ck_assert(listing);
        for (struct dirent *entry; (entry = readdir(listing));) {
            const char *tail = strstr(entry->d_name, "-compiled.json");
            if (!tail) continue;
            check_fixture(folder, entry->d_name, (size_t) (tail - entry->d_name));
            seen++;
        }
        closedir(listing);
    }
    ck_assert_int_ge(seen, 29);
}
END_TEST

/* ---- merging by what comes out ---- */

#define RELEASE(date_, rest) "{\"ocid\":\"ocds-aaaaaa-1\",\"id\":\"r" date_ "\",\"date\":\"" date_ "\",\"tag" \
    "\":[\"award\"]," \
                             "\"parties\":[]," rest "}\n"

START_TEST(the_order_is_that_of_instants_not_of_texts)
{
    /* 23:00-05:00 is five hours after 01:00+02:00 of the next day */
    ocds_expect(RELEASE("2020-01-01T23:00:00-05:00", "\"tender\":{\"status\":\"late\"}")
                RELEASE("2020-01-02T01:00:00+02:00", "\"tender\":{\"status\":\"early\"}"),
                "ocds-aaaaaa-1 2020-01-01 tender late\n");
    ocds_expect(RELEASE("2020-01-02T01:00:00+02:00", "\"tender\":{\"status\":\"early\"}")
                RELEASE("2020-01-01T23:00:00-05:00", "\"tender\":{\"status\":\"late\"}"),
                "ocds-aaaaaa-1 2020-01-01 tender late\n");
    ocds_expect(RELEASE("2022-12-08 15:45:47.8730413", "\"tender\":{\"status\":\"late\"}")
                RELEASE("2022-12-08 15:45:46", "\"tender\":{\"status\":\"early\"}"),
                "ocds-aaaaaa-1 2022-12-08 tender late\n");
}
END_TEST

START_TEST(a_release_without_date_comes_first)
{
    const char *const inputs[] = { RELEASE("2020-01-01", "\"tender\":{\"status\":\"dated\"}"),
                                   RELEASE("soon", "\"tender\":{\"status\":\"undated\","
                                       "\"procurementMethod\":\"open\"}"),
                                   NULL };
    ocds_expect_all(inputs, "ocds-aaaaaa-1 2020-01-01 tender dated open\n");
    ocds_reading reading = ocds_read_texts(inputs, 100, (fn_read_options) { 0 }, 10000);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "release_no_date"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(a_later_null_deletes)
{
    ocds_expect(RELEASE("2020-01-01", "\"tender\":{\"id\":\"1\",\"status\":\"active\"}")
                RELEASE("2020-01-02", "\"tender\":null"), "ocds-aaaaaa-1 2020-01-02\n");
    ocds_expect(RELEASE("2020-01-01", "\"awards\":[{\"id\":1,\"value\":{\"amount\":5,\"currency\":\"EUR\"}}]")
                RELEASE("2020-01-02", "\"awards\":[{\"id\":1,\"value\":{\"amount\":null}}]"),
                "ocds-aaaaaa-1 2020-01-02; award 1  EUR\n");
}
END_TEST

START_TEST(ids_as_number_and_as_text_are_the_same)
{
    ocds_expect(RELEASE("2020-01-01", "\"awards\":[{\"id\":1,\"status\":\"pending\"}]")
                RELEASE("2020-01-02", "\"awards\":[{\"id\":\"1\",\"status\":\"active\"},{\"id\":\"01\"}]"),
                "ocds-aaaaaa-1 2020-01-02; award 1 active; award 01 \n");
}
END_TEST

START_TEST(items_without_id_are_appended_and_equal_ones_taken_once)
{
    const char *text = RELEASE("2020-01-01", "\"awards\":[{\"status\":\"active\",\"suppliers\":[{\"name\":\"A\"},"
                               "{\"name\":\"A\"},{\"name\":\"B\"}]},{\"id\":null,\"status\":\"active\"}]")
                       RELEASE("2020-01-02", "\"awards\":[{\"status\":\"active\"}]");
    ocds_expect(text, "ocds-aaaaaa-1 2020-01-02; award  active to 'A','B'; award  active\n");
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 50);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "repeated_without_id"), 2);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(a_duplicate_id_in_one_release_is_merged_and_counted)
{
    const char *text = RELEASE("2020-01-01", "\"awards\":[{\"id\":\"1\",\"status\":\"active\",\"date\":\"2020-02-02\"},"
                               "{\"id\":\"1\",\"status\":\"cancelled\"}]");
    ocds_expect(text, "ocds-aaaaaa-1 2020-01-01; award 1 cancelled on 2020-02-02\n");
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 50);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "duplicate_id"), 1);
    ocds_reading_free(&reading);
}
END_TEST

#define CORRECTED RELEASE("2020-01-01", "\"awards\":[{\"id\":\"1\",\"status\":\"active\"," \
    "\"suppliers\":[{\"id\":\"S1\"}]}]") \
                  RELEASE("2020-01-02", "\"awards\":[{\"id\":\"1\",\"suppliers\":[{\"id\":\"S2\"}]}]")

START_TEST(a_corrected_supplier_stays_and_is_flagged_unless_the_latest_is_asked_for)
{
    ocds_expect(CORRECTED, "ocds-aaaaaa-1 2020-01-02; award 1 active to S1,S2 changed\n");
    const char *const inputs[] = { CORRECTED, NULL };
    ocds_reading reading = ocds_read_texts(inputs, 100, (fn_read_options) { .suppliers_latest = true }, 10000);
    ck_assert_str_eq(reading.text, "ocds-aaaaaa-1 2020-01-02; award 1 active to S2\n");
    ocds_reading_free(&reading);
    /* the same again is no change */
    ocds_expect(RELEASE("2020-01-01", "\"awards\":[{\"id\":\"1\",\"suppliers\":[{\"id\":\"S1\"},{\"id\":\"S2\"}]}]")
                RELEASE("2020-01-02", "\"awards\":[{\"id\":\"1\",\"suppliers\":[{\"id\":\"S2\"},{\"id\":\"S1\"}]}]"),
                "ocds-aaaaaa-1 2020-01-02; award 1  to S1,S2\n");
}
END_TEST

START_TEST(before_version_1_1_the_newest_list_of_suppliers_counts)
{
    ocds_expect("{\"ocid\":\"x\",\"date\":\"2014-01-01\",\"awards\":[{\"id\":1,\"suppliers\":[{\"name\":\"A\"},"
        "{\"name\":\"B\"}]}]}"
                "{\"ocid\":\"x\",\"date\":\"2014-01-02\",\"awards\":[{\"id\":1,\"suppliers\":[{\"name\":\"A\","
                "\"identifier\":{\"scheme\":\"XX\",\"id\":7}}]}]}",
                "x 2014-01-02; award 1  to 'A'=XX:7#\n");
    /* the package says 1.1, after its releases */
    ocds_expect("{\"releases\":[{\"ocid\":\"x\",\"date\":\"2014-01-01\",\"awards\":[{\"id\":1,"
        "\"suppliers\":[{\"id\":\"A\"}]}]},"
                "{\"ocid\":\"x\",\"date\":\"2014-01-02\",\"awards\":[{\"id\":1,"
                "\"suppliers\":[{\"id\":\"B\"}]}]}],\"version\":\"1.1\"}",
                "x 2014-01-02; award 1  to A,B changed\n");
}
END_TEST

START_TEST(an_organisation_with_id_and_one_without_are_one_by_their_name)
{
    /* the same award as OCDS 1.1 and as 1.0 tells it */
    const char *modern = RELEASE("2020-01-01", "\"awards\":[{\"id\":1,\"suppliers\":[{\"id\":\"S\","
        "\"name\":\"Ann\"}]}]");
    const char *old = "{\"ocid\":\"ocds-aaaaaa-1\",\"date\":\"2020-01-01\",\"awards\":[{\"id\":1,\"suppliers\":["
                      "{\"name\":\"Ann\",\"identifier\":{\"id\":\"7\"}}]}]}";
    const char *expected = "ocds-aaaaaa-1 2020-01-01; award 1  to S'Ann'=:7\n";
    ocds_expect_all((const char *const[]) { modern, old, NULL }, expected);
    ocds_expect_all((const char *const[]) { old, modern, NULL }, expected);
    /* different ids are different whatever the names */
    ocds_expect(RELEASE("2020-01-01", "\"awards\":[{\"id\":1,\"suppliers\":[{\"id\":\"S\",\"name\":\"Ann\"},"
                        "{\"id\":\"T\",\"name\":\"Ann\"}]}]"), "ocds-aaaaaa-1 2020-01-01; award 1  to S'Ann',T'Ann'\n");
}
END_TEST

START_TEST(an_award_id_used_for_another_award_is_noticed)
{
    const char *text = RELEASE("2020-01-01", "\"awards\":[{\"id\":1,\"suppliers\":[{\"id\":\"A\"}],"
        "\"relatedLots\":[\"1\"]}]")
                       RELEASE("2020-01-02", "\"awards\":[{\"id\":1,\"suppliers\":[{\"id\":\"B\"}],"
                           "\"relatedLots\":[\"2\"]}]");
    ocds_reading reading = ocds_read_bytes(text, strlen(text), 50);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "award_id_reuse"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(repeated_releases_are_one_and_ties_follow_the_input)
{
    const char *again = RELEASE("2020-01-01", "\"tender\":{\"status\":\"a\",\"procurementMethod\":\"open\"}");
    const char *same_in_other_order = "{\"tender\":{\"procurementMethod\":\"open\",\"status\":\"a\"},"
        "\"tag\":[\"award\"],"
        "\"parties\":[],\"date\":\"2020-01-01\",\"id\":\"r2020-01-01\",\"ocid\":\"ocds-aaaaaa-1\",\"title\":\"x\"}";
    const char *const inputs[] = { again, again, same_in_other_order, RELEASE("2020-01-01", "\"tender\":{\"statu"
        "s\":\"b\"}"),
                                   again, NULL };
    ocds_reading reading = ocds_read_texts(inputs, 100, (fn_read_options) { 0 }, 10000);
    ck_assert_str_eq(reading.text, "ocds-aaaaaa-1 2020-01-01 tender b open\n");
    ck_assert_int_eq(ocds_count(&reading, "release", FN_READ, NULL), 5);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_KEPT, NULL), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "duplicate"), 3);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "same_process"), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "merge_tie"), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_REMARK, "release_id_conflict"), 1);
    ocds_reading_free(&reading);
}
END_TEST

#define COMPILED(date_, status_) "{\"ocid\":\"ocds-aaaaaa-1\",\"id\":\"c\",\"date\":\"" date_ "\",\"tag\":[" \
    "\"compiled\"]," \
                                 "\"parties\":[],\"tender\":{\"status\":\"" status_ "\"}}\n"

START_TEST(the_newest_compiled_release_is_the_start)
{
    const char *const inputs[] = { COMPILED("2020-03-01", "new"), COMPILED("2020-02-01", "old"),
        RELEASE("2020-01-01", "\"tender\":{\"procurementMethod\":\"forgotten\"}"),
        RELEASE("2020-04-01", "\"tender\":{\"procurementMethod\":\"newer\"}"), COMPILED("2020-03-01", "new"), NULL };
    ocds_expect_all(inputs, "ocds-aaaaaa-1 2020-04-01 tender new newer\n");
    ocds_reading reading = ocds_read_texts(inputs, 100, (fn_read_options) { 0 }, 10000);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "older_compiled"), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "in_compiled"), 1);
    ck_assert_int_eq(ocds_count(&reading, "release", FN_MERGED, "duplicate"), 1);
    ocds_reading_free(&reading);
}
END_TEST

START_TEST(the_order_of_inputs_does_not_matter)
{
    const char *a = RELEASE("2020-01-01", "\"buyer\":{\"id\":\"B\"},\"awards\":[{\"id\":1,\"status\":\"active\"}]");
    const char *b = RELEASE("2020-01-02", "\"awards\":[{\"id\":1,\"value\":{\"amount\":7,\"currency\":\"EUR\"}}]");
    const char *c = "{\"ocid\":\"ocds-aaaaaa-0\",\"date\":\"2020-01-03\",\"tag\":[\"tender\"],"
        "\"buyer\":{\"id\":\"C\"}}";
    const char *expected = "ocds-aaaaaa-0 2020-01-03 buyer C\n"
                           "ocds-aaaaaa-1 2020-01-02 buyer B; award 1 active 7EUR\n";
    const char *const orders[][4] = { { a, b, c }, { a, c, b }, { b, a, c }, { b, c, a }, { c, a, b }, { c, b, a } };
    for (size_t i = 0; i < 6; i++) ocds_expect_all(orders[i], expected);
}
END_TEST

START_TEST(long_lists_merge_by_id)
{
    enum { MANY = 3000 };
    fn_run run = support_run();
    char *text = fn_alloc(&run, MANY * 200, 1);
    size_t length = 0;
    for (int release = 1; release <= 2; release++) {
        length += (size_t) sprintf(text + length, "{\"ocid\":\"x\",\"date\":\"2020-01-0%d\",\"awards\":[", release);
        for (int i = 0; i < MANY; i++)
            length += (size_t) sprintf(text + length, "%s{\"id\":%d,\"%s\":\"%s\"}", i ? "," : "",
                                       release == 1 ? i : MANY - 1 - i, release == 1 ? "date" : "status",
                                       release == 1 ? "2020-05-05" : "active");
        length += (size_t) sprintf(text + length, "]}\n");
    }
    ocds_reading reading = ocds_read_bytes(text, length, 5000);
    size_t awards = 0;
    for (const char *at = reading.text; (at = strstr(at, " active on 2020-05-05")); at++) awards++;
    ck_assert_uint_eq(awards, MANY);
    ocds_reading_free(&reading);
    fn_free(text);
}
END_TEST

TCase *ocds_merge_cases(void)
{
    TCase *cases = tcase_create("merge");
    tcase_add_test(cases, the_fixtures_of_the_reference_implementation_merge_as_it_says);
    tcase_add_test(cases, the_order_is_that_of_instants_not_of_texts);
    tcase_add_test(cases, a_release_without_date_comes_first);
    tcase_add_test(cases, a_later_null_deletes);
    tcase_add_test(cases, ids_as_number_and_as_text_are_the_same);
    tcase_add_test(cases, items_without_id_are_appended_and_equal_ones_taken_once);
    tcase_add_test(cases, a_duplicate_id_in_one_release_is_merged_and_counted);
    tcase_add_test(cases, a_corrected_supplier_stays_and_is_flagged_unless_the_latest_is_asked_for);
    tcase_add_test(cases, before_version_1_1_the_newest_list_of_suppliers_counts);
    tcase_add_test(cases, an_organisation_with_id_and_one_without_are_one_by_their_name);
    tcase_add_test(cases, an_award_id_used_for_another_award_is_noticed);
    tcase_add_test(cases, repeated_releases_are_one_and_ties_follow_the_input);
    tcase_add_test(cases, the_newest_compiled_release_is_the_start);
    tcase_add_test(cases, the_order_of_inputs_does_not_matter);
    tcase_add_test(cases, long_lists_merge_by_id);
    return cases;
}
