/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/format.h"
#include "io/table.h"
#include "tests/suite.h"

Suite *suite_writers_threads(void);

/* Writers format ranges of firms and ties on all threads: a network of many ranges, and what is written at 1, 2 and 3
 * threads. */

enum { FIRMS = 3000, TIES = 7000 };

typedef struct large {
    fn_run run;
    fn_net *net;
    fn_table *firms, *ties;
    fn_export what;
    char said[4096];          /* all warnings and notes */
} large;

static uint64_t draw(uint64_t stream, uint64_t index, uint64_t bound)
{
    return fn_random_below(21, stream, index, bound);
}

static void note(void *user, fn_level level, const char *text)
{
    large *l = user;
    size_t used = strlen(l->said);
    snprintf(l->said + used, sizeof l->said - used, "%d %s\n", (int) level, text);
}

static void add_firms(large *l, bool hostile)
{
    static const char *const endings[] = { "", "", "", "", " & Söhne", " <1>", "\"", "\x02", "\xff" };
    for (uint64_t f = 0; f < FIRMS; f++) {
        char key[40];
        uint32_t firm;
        snprintf(key, sizeof key, "firm %d%s", (int) f, hostile ? endings[draw(1, f, 9)] : "");
        ck_assert_int_eq(fn_net_firm(&l->run, l->net, key, strlen(key), &firm), FN_OK);
        if (draw(2, f, 3) == 0) fn_net_set_firm_text(&l->run, l->net, firm, "name", "A ]]> name", 10);
    }
}

static void add_ties(large *l)
{
    static const char *const currencies[] = { "", "EUR", "USD" };
    for (uint64_t t = 0; t < TIES; t++) {
        fn_tie tie = { .from = (uint32_t) draw(3, t, FIRMS), .to = (uint32_t) draw(4, t, 60), .product = FN_NONE,
                       .layer = (uint16_t) draw(5, t, 4),
                       .value = draw(6, t, 9) ? (double) draw(7, t, 1000000) / 100 : NAN,
                       .weight = NAN, .count = 1 + (int64_t) draw(8, t, 5), .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        const char *currency = currencies[draw(9, t, 3)];
        ck_assert_int_eq(fn_net_currency(&l->run, l->net, currency, strlen(currency), &tie.currency), FN_OK);
        if (draw(10, t, 4) == 0) ck_assert_int_eq(fn_net_product(&l->run, l->net, "INF", 3, &tie.product), FN_OK);
        if (draw(11, t, 2)) tie.first = tie.last = (int32_t) draw(12, t, 20000);
        ck_assert_int_eq(fn_net_add(&l->run, l->net, &tie, NULL), FN_OK);
    }
}

static void add_columns(large *l)
{
    fn_column *size, *word, *share;
    ck_assert_int_eq(fn_table_new(&l->run, FIRMS, &l->firms), FN_OK);
    ck_assert_int_eq(fn_table_add(&l->run, l->firms, "size", FN_COLUMN_REAL, &size), FN_OK);
    ck_assert_int_eq(fn_table_add(&l->run, l->firms, "remark", FN_COLUMN_TEXT, &word), FN_OK);
    for (uint64_t f = 0; f < FIRMS; f++) {
        size->real[f] = fn_random_unit(21, 13, f) * 100;
        if (draw(14, f, 5) == 0) fn_column_set_text(&l->run, word, f, "null", 4);
    }
    ck_assert_int_eq(fn_table_new(&l->run, fn_net_ties(l->net), &l->ties), FN_OK);
    ck_assert_int_eq(fn_table_add(&l->run, l->ties, "overlap", FN_COLUMN_REAL, &share), FN_OK);
    ck_assert_int_eq(fn_table_add(&l->run, l->ties, "reason", FN_COLUMN_TEXT, &word), FN_OK);
    for (size_t t = 0; t < fn_net_ties(l->net); t++) {
        if (draw(15, t, 3)) share->real[t] = fn_random_unit(21, 16, t);
        if (draw(17, t, 3) == 0) fn_column_set_text(&l->run, word, t, "a\tb \"c\" \x01", 9);
    }
    l->what = (fn_export) { .net = l->net, .firms = l->firms, .ties = l->ties, .provenance = "test" };
}

static large *large_new(bool hostile)
{
    large *l = calloc(1, sizeof *l);
    l->run = support_run();
    ck_assert_int_eq(fn_net_new(&l->run, &l->net), FN_OK);
    add_firms(l, hostile);
    add_ties(l);
    ck_assert_int_eq(fn_net_freeze(&l->run, l->net), FN_OK);
    ck_assert_uint_gt(fn_net_ties(l->net), 4096);
    add_columns(l);
    return l;
}

static void large_free(large *l)
{
    fn_table_free(l->firms);
    fn_table_free(l->ties);
    fn_net_free(l->net);
    free(l);
}

static fn_status write_as(large *l, int threads, const char *format, const char *path)
{
    l->run = support_run();
    l->run.threads = threads;
    l->run.log = note;
    l->run.user = l;
    l->said[0] = '\0';
    const fn_format *f = fn_format_find(format);
    fn_output *output;
    if (f->write_path) return f->write_path(&l->run, path, &l->what);
    fn_status status = fn_output_open(&l->run, path, &output);
    if (status) return status;
    if ((status = f->write(&l->run, output, &l->what))) fn_output_abort(output);
    else status = fn_output_commit(&l->run, output);
    return status;
}

static char *content(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no file %s", path);
    fseek(file, 0, SEEK_END);
    *size = (size_t) ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    ck_assert(bytes && fread(bytes, 1, *size, file) == *size);
    fclose(file);
    unlink(path);
    return bytes;
}

/* What a format writes to, and the files that come of it. */
static const struct { const char *format, *path, *file[2]; bool hostile; } outputs[] = {
    { "gexf", "t.gexf", { "t.gexf", NULL }, true }, { "gexf", "t.gexf.gz", { "t.gexf.gz", NULL }, true },
    { "graphml", "t.graphml", { "t.graphml", NULL }, true },
    { "graphml", "t.graphml.gz", { "t.graphml.gz", NULL }, true },
    { "gephi-csv", "t.csv", { "t.nodes.csv", "t.edges.csv" }, true },
    { "gephi-csv", "t.csv.gz", { "t.nodes.csv.gz", "t.edges.csv.gz" }, true },
    { "edgelist", "t.tsv", { "t.tsv", NULL }, false }, { "edgelist", "t.tsv.gz", { "t.tsv.gz", NULL }, false },
};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };

START_TEST(every_writer_writes_the_same_bytes_at_any_number_of_threads)
{
    large *l = large_new(outputs[_i].hostile);
    char *wanted[2] = { NULL, NULL }, said[sizeof l->said];
    size_t wanted_size[2], size;
    for (int threads = 1; threads <= 3; threads++) {
        fn_status status = write_as(l, threads, outputs[_i].format, support_scratch(outputs[_i].path));
        ck_assert_msg(status == FN_OK, "%s", l->run.error.message);
        if (threads == 1) strcpy(said, l->said);
        ck_assert_str_eq(l->said, said);
        for (int f = 0; f < 2 && outputs[_i].file[f]; f++) {
            char *bytes = content(support_scratch(outputs[_i].file[f]), &size);
            if (threads == 1) {
                ck_assert_uint_gt(size, 20000);
                wanted[f] = bytes;
                wanted_size[f] = size;
                continue;
            }
            ck_assert_uint_eq(size, wanted_size[f]);
            ck_assert(!memcmp(bytes, wanted[f], size));
            free(bytes);
        }
    }
    ck_assert_ptr_nonnull(strstr(said, outputs[_i].hostile ? "replaced by U+FFFD" : "replaced by blanks"));
    free(wanted[0]);
    free(wanted[1]);
    large_free(l);
}
END_TEST

START_TEST(tables_are_the_same_at_any_number_of_threads)
{
    large *l = large_new(true);
    const char *path = support_scratch("t.table");
    char *wanted = NULL;
    size_t wanted_size = 0, size;
    int64_t replaced[3] = { 0 };
    for (int threads = 1; threads <= 3; threads++) {
        fn_output *output;
        l->run.threads = threads;
        ck_assert_int_eq(fn_output_open(&l->run, path, &output), FN_OK);
        ck_assert_int_eq(fn_table_write(&l->run, output, l->ties, (fn_table_form) _i, &replaced[threads - 1]), FN_OK);
        ck_assert_int_eq(fn_output_commit(&l->run, output), FN_OK);
        char *bytes = content(path, &size);
        if (wanted) ck_assert(size == wanted_size && !memcmp(bytes, wanted, size));
        ck_assert_int_eq(replaced[threads - 1], replaced[0]);
        free(wanted);
        wanted = bytes;
        wanted_size = size;
    }
    free(wanted);
    large_free(l);
}
END_TEST

static void expect_no_file(const char *const file[2])
{
    for (int f = 0; f < 2 && file[f]; f++) ck_assert_int_ne(access(support_scratch(file[f]), F_OK), 0);
}

START_TEST(a_failing_allocation_of_any_thread_leaves_no_file)
{
    large *l = large_new(outputs[_i].hostile);
    for (int threads = 2; threads <= 3; threads++) {
        bool failed = true;
        for (long call = (long) threads; failed; call += 1 + call / 20) { /* firms with odd ids bring hundreds */
            fn_memory_fail_at(call, false);
            fn_status status = write_as(l, threads, outputs[_i].format, support_scratch(outputs[_i].path));
            failed = fn_memory_calls() > call;
            fn_memory_fail_at(-1, false);
            ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
            ck_assert_int_eq(l->run.error.status, status);
            if (failed) expect_no_file(outputs[_i].file);
        }
        for (int f = 0; f < 2 && outputs[_i].file[f]; f++) unlink(support_scratch(outputs[_i].file[f]));
    }
    large_free(l);
}
END_TEST

START_TEST(a_full_disk_is_an_error_of_every_writer)
{
    if (access("/dev/full", W_OK)) return;
    static const char *const formats[] = { "gexf", "graphml", "edgelist" };
    large *l = large_new(_i < 2);
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(write_as(l, threads, formats[_i], "/dev/full"), FN_EIO);
        ck_assert_ptr_nonnull(strstr(l->run.error.message, "No space left"));
    }
    large_free(l);
}
END_TEST

/* Two firms whose ids no row can hold, in ranges far apart: the message names the first. */
START_TEST(the_first_tie_that_no_row_can_hold_is_named)
{
    large l = { .run = support_run() };
    uint32_t firm, hub, last = 0;
    ck_assert_int_eq(fn_net_new(&l.run, &l.net), FN_OK);
    ck_assert_int_eq(fn_net_firm(&l.run, l.net, "hub", 3, &hub), FN_OK);
    for (int f = 0; f < 9000; f++) {
        char key[32];
        snprintf(key, sizeof key, f == 4000 || f == 5100 || f == 8999 ? "bad\t%d" : "firm %d", f);
        ck_assert_int_eq(fn_net_firm(&l.run, l.net, key, strlen(key), &firm), FN_OK);
        fn_tie tie = { .from = hub, .to = firm, .product = FN_NONE, .value = 1, .weight = NAN, .count = 1,
                       .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(&l.run, l.net, &tie, NULL), FN_OK);
        last = firm;
    }
    ck_assert_uint_eq(last, 9000);
    ck_assert_int_eq(fn_net_freeze(&l.run, l.net), FN_OK);
    l.what = (fn_export) { .net = l.net };
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_int_eq(write_as(&l, threads, "edgelist", support_scratch("t.tsv")), FN_EPARSE);
        ck_assert_ptr_nonnull(strstr(l.run.error.message, "\"bad?4000\""));
        ck_assert_ptr_nonnull(strstr(l.run.error.hint, ".fnet"));
        ck_assert_int_ne(access(support_scratch("t.tsv"), F_OK), 0);
    }
    fn_net_free(l.net);
}
END_TEST

/* A pair of more ties than a range has rows still stands together, in the order of names. */
START_TEST(ties_of_a_pair_across_ranges_are_written_once)
{
    enum { CURRENCIES = 2500 };
    large l = { .run = support_run() };
    ck_assert_int_eq(fn_net_new(&l.run, &l.net), FN_OK);
    for (uint32_t f = 0; f < 3; f++) {
        uint32_t firm;
        ck_assert_int_eq(fn_net_firm(&l.run, l.net, &"abc"[f], 1, &firm), FN_OK);
        for (int c = 0; c < CURRENCIES && f > 0; c++) {
            char name[16];
            fn_tie tie = { .from = 0, .to = firm, .product = FN_NONE, .value = 1, .weight = NAN, .count = 1,
                           .first = FN_DAY_NONE, .last = FN_DAY_NONE };
            snprintf(name, sizeof name, "%04d", CURRENCIES - c);
            ck_assert_int_eq(fn_net_currency(&l.run, l.net, name, 4, &tie.currency), FN_OK);
            ck_assert_int_eq(fn_net_add(&l.run, l.net, &tie, NULL), FN_OK);
        }
    }
    ck_assert_int_eq(fn_net_freeze(&l.run, l.net), FN_OK);
    l.what = (fn_export) { .net = l.net };
    for (int threads = 1; threads <= 3; threads++) {
        size_t size, at, line = 0;
        ck_assert_int_eq(write_as(&l, threads, "edgelist", support_scratch("t.tsv")), FN_OK);
        char *text = content(support_scratch("t.tsv"), &size), wanted[64];
        text[size] = '\0';
        at = strcspn(text, "\n") + 1;
        for (; text[at]; line++) {
            int length = snprintf(wanted, sizeof wanted, "a\t%c\tsupply\t1\t%04zu\t1\n", line < CURRENCIES ? 'b' : 'c',
                                  line % CURRENCIES + 1);
            ck_assert_msg(!strncmp(text + at, wanted, (size_t) length), "%.40s", text + at);
            at += (size_t) length;
        }
        ck_assert_uint_eq(line, 2 * CURRENCIES);
        free(text);
    }
    fn_net_free(l.net);
}
END_TEST

Suite *suite_writers_threads(void)
{
    Suite *suite = suite_create("writers_threads");
    TCase *tests = tcase_create("writers on all threads");
    tcase_add_loop_test(tests, every_writer_writes_the_same_bytes_at_any_number_of_threads, 0, OUTPUTS);
    tcase_add_loop_test(tests, tables_are_the_same_at_any_number_of_threads, FN_TABLE_TSV, FN_TABLE_ALIGNED + 1);
    tcase_add_loop_test(tests, a_failing_allocation_of_any_thread_leaves_no_file, 0, OUTPUTS);
    tcase_add_loop_test(tests, a_full_disk_is_an_error_of_every_writer, 0, 3);
    tcase_add_test(tests, the_first_tie_that_no_row_can_hold_is_named);
    tcase_add_test(tests, ties_of_a_pair_across_ranges_are_written_once);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}
