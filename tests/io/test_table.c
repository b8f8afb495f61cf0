/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/delimited.h"
#include "io/table.h"
#include "tests/suite.h"

Suite *suite_table(void);

/* ---- helpers ---- */

static void must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
}

/* text, number, real, date, bool; the second row is missing throughout. */
static fn_table *sample(fn_run *run, const char *text, size_t length)
{
    fn_table *table;
    fn_column *column;
    must(run, fn_table_new(run, 2, &table));
    must(run, fn_table_add(run, table, "text", FN_COLUMN_TEXT, &column));
    must(run, fn_column_set_text(run, column, 0, text, length));
    must(run, fn_table_add(run, table, "whole", FN_COLUMN_INT, &column));
    column->integer[0] = -3;
    must(run, fn_table_add(run, table, "real", FN_COLUMN_REAL, &column));
    column->real[0] = -0.1;
    must(run, fn_table_add(run, table, "day", FN_COLUMN_DATE, &column));
    column->date[0] = 0;
    must(run, fn_table_add(run, table, "flag", FN_COLUMN_BOOL, &column));
    column->boolean[0] = 1;
    return table;
}

static char written[65536];

static const char *write_table(const fn_table *table, fn_table_form form, int64_t *replaced)
{
    fn_run run = support_run();
    const char *path = support_scratch("table");
    fn_output *output;
    must(&run, fn_output_open(&run, path, &output));
    must(&run, fn_table_write(&run, output, table, form, replaced));
    must(&run, fn_output_commit(&run, output));
    FILE *file = fopen(path, "rb");
    ck_assert(file != NULL);
    size_t n = fread(written, 1, sizeof written - 1, file);
    written[n] = '\0';
    fclose(file);
    unlink(path);
    return written;
}

static void check_form(const char *text, size_t length, fn_table_form form, const char *expected, int64_t changes)
{
    fn_run run = support_run();
    fn_table *table = sample(&run, text, length);
    int64_t replaced = 0;
    ck_assert_str_eq(write_table(table, form, &replaced), expected);
    ck_assert_int_eq(replaced, changes);
    fn_table_free(table);
}

static fn_table *read_table(fn_run *run, const char *bytes, size_t size, fn_status *status)
{
    fn_source *source;
    fn_table *table;
    must(run, fn_source_open_memory(run, "t.csv", bytes, size, &source));
    *status = fn_table_read(run, source, &table);
    fn_source_close(source);
    return table;
}

static const char *cell(const fn_table *table, const char *column, size_t row)
{
    const fn_column *c = fn_table_find(table, column);
    ck_assert_msg(c != NULL, "no column %s", column);
    size_t length;
    return fn_column_missing(c, row) ? "(missing)" : fn_column_text(c, row, &length);
}

/* ---- writing ---- */

START_TEST(tsv_has_no_quotes_and_keeps_lines_whole)
{
    check_form("a \"b\", c", 8, FN_TABLE_TSV,
               "text\twhole\treal\tday\tflag\na \"b\", c\t-3\t-0.1\t1970-01-01\ttrue\n\t\t\t\t\n", 0);
    check_form("a\tb\nc\r", 6, FN_TABLE_TSV,
               "text\twhole\treal\tday\tflag\na b c \t-3\t-0.1\t1970-01-01\ttrue\n\t\t\t\t\n", 3);
    check_form("caf\xe9", 4, FN_TABLE_TSV,
               "text\twhole\treal\tday\tflag\ncaf\xef\xbf\xbd\t-3\t-0.1\t1970-01-01\ttrue\n\t\t\t\t\n", 1);
}
END_TEST

START_TEST(what_must_be_changed_is_found_at_every_place_of_a_long_text)
{
    static const struct {
        char odd;
        const char *tsv, *csv; /* NULL: not looked at */
        int tsv_changes, csv_changes;
    } cases[] = {
        { '\t', " ", "\t", 1, 0 }, { '\0', " ", NULL, 1, 0 }, { '\x1f', "\x1f", "\x1f", 0, 0 },
        { '"', "\"", "\"\"", 0, 0 }, { '!', "!", "!", 0, 0 }, { '\x7f', "\x7f", "\x7f", 0, 0 },
        { '\x80', "\xef\xbf\xbd", "\xef\xbf\xbd", 1, 1 }, { '\xff', "\xef\xbf\xbd", "\xef\xbf\xbd", 1, 1 }
    };
    /* Its commas ask for quotes. */
    static const char plain[] = "0, ~ aZ;0, ~ aZ;0, ~ aZ";
    int end = (int) sizeof plain - 1;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int at = 1; at < end - 1; at++) {
            char text[sizeof plain], expected[160];
            memcpy(text, plain, sizeof plain);
            text[at] = cases[k].odd;
            snprintf(expected, sizeof expected,
                     "text\twhole\treal\tday\tflag\n%.*s%s%s\t-3\t-0.1\t1970-01-01\ttrue\n\t\t\t\t\n", at, plain,
                     cases[k].tsv, plain + at + 1);
            check_form(text, (size_t) end, FN_TABLE_TSV, expected, cases[k].tsv_changes);
            if (!cases[k].csv) continue;
            snprintf(expected, sizeof expected,
                     "text,whole,real,day,flag\n\"%.*s%s%s\",-3,-0.1,1970-01-01,true\n,,,,\n", at, plain, cases[k].csv,
                     plain + at + 1);
            check_form(text, (size_t) end, FN_TABLE_CSV, expected, cases[k].csv_changes);
        }
}
END_TEST

START_TEST(csv_follows_rfc_4180_and_defuses_formulas)
{
    static const struct {
        const char *text, *cell;
    } cases[] = { { "plain", "plain" },
                  { "a,b", "\"a,b\"" },
                  { "a\"b", "\"a\"\"b\"" },
                  { "a\nb", "\"a\nb\"" },
                  { " a", "\" a\"" },
                  { "=1+1", "\"'=1+1\"" },
                  { "  =1", "\"'  =1\"" },
                  { "+x", "\"'+x\"" },
                  { "-x", "\"'-x\"" },
                  { "@x", "\"'@x\"" },
                  { "\tx", "\"'\tx\"" },
                  { "\rx", "\"'\rx\"" },
                  { "=\"a\"", "\"'=\"\"a\"\"\"" },
                  { "a=b", "a=b" },
                  { "#x", "\"#x\"" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[256];
        snprintf(expected, sizeof expected, "text,whole,real,day,flag\n%s,-3,-0.1,1970-01-01,true\n,,,,\n",
                 cases[i].cell);
        check_form(cases[i].text, strlen(cases[i].text), FN_TABLE_CSV, expected, 0);
    }
}
END_TEST

START_TEST(json_lines_have_null_for_missing)
{
    check_form("a\"b\n", 4, FN_TABLE_JSON,
               "{\"text\":\"a\\\"b\\n\",\"whole\":-3,\"real\":-0.1,\"day\":\"1970-01-01\",\"flag\":true}\n"
               "{\"text\":null,\"whole\":null,\"real\":null,\"day\":null,\"flag\":null}\n",
               0);
}
END_TEST

START_TEST(aligned_tables_count_what_is_seen)
{
    check_form("\xd0\x96\xd0\xb0\xe6\x9d\xb1", 7, FN_TABLE_ALIGNED,
               "text  whole  real  day         flag\n"
               "\xd0\x96\xd0\xb0\xe6\x9d\xb1     -3  -0.1  1970-01-01  true\n"
               "                               \n",
               0);
    check_form("a\x1b[2Jb", 6, FN_TABLE_ALIGNED,
               "text    whole  real  day         flag\n"
               "a?[2Jb     -3  -0.1  1970-01-01  true\n"
               "                                 \n",
               1);
}
END_TEST

/* Ahead of, between and behind columns that differ there are those of one cell: all types, and missing ones. */
static fn_status one_cell_table(fn_run *run, const fn_names *pool, size_t rows, fn_table **table)
{
    static const char *const names[] = { "i", "r", "d", "b", "t", "none" };
    const fn_column_type type[] = { FN_COLUMN_INT, FN_COLUMN_REAL, FN_COLUMN_DATE, FN_COLUMN_BOOL, FN_COLUMN_TEXT,
                                    FN_COLUMN_TEXT };
    const int64_t whole = 7;
    const double real = 0.25;
    const int32_t day = 1;
    const int8_t flag = 0;
    const uint32_t text = 1;
    const void *const cell[] = { &whole, &real, &day, &flag, &text, NULL };
    fn_column *column;
    fn_status status = fn_table_new(run, rows, table);
    for (size_t c = 0; c < 6 && !status; c++) {
        bool is_text = type[c] == FN_COLUMN_TEXT;
        status = fn_table_add_constant(run, *table, names[c], type[c], is_text ? pool : NULL, cell[c], &column);
        if (c % 2 == 0 || status) continue;
        status = fn_table_add(run, *table, c == 1 ? "x" : c == 3 ? "y" : "z", FN_COLUMN_INT, &column);
        for (size_t row = 0; row < rows && !status; row++) column->integer[row] = (int64_t) (row * c);
    }
    return status;
}

START_TEST(a_cell_that_stands_for_all_rows_is_written_in_each)
{
    fn_run run = support_run();
    fn_names *pool;
    uint32_t number;
    must(&run, fn_names_new(&run, &pool));
    must(&run, fn_names_add(&run, pool, "other", 5, &number, NULL));
    must(&run, fn_names_add(&run, pool, "a\tb", 3, &number, NULL));
    for (size_t rows = 0; rows <= 333; rows = rows * 10 + 3) {
        fn_table *table;
        int64_t replaced = 0, again = 0;
        must(&run, one_cell_table(&run, pool, rows, &table));
        for (fn_table_form form = FN_TABLE_TSV; form <= FN_TABLE_ALIGNED; form++) {
            const char *text = write_table(table, form, &replaced);
            char *first = fn_copy_text(&run, text, strlen(text));
            fn_table *own;
            must(&run, one_cell_table(&run, pool, rows, &own));
            for (size_t c = 0; c < own->columns; c++) must(&run, fn_column_own(&run, own->column[c]));
            for (size_t c = 0; c < own->columns; c++) ck_assert(!own->column[c]->constant);
            ck_assert_str_eq(write_table(own, form, &again), first);
            ck_assert_int_eq(replaced, again);
            fn_table_free(own);
            fn_free(first);
        }
        if (rows == 3)
            ck_assert_str_eq(write_table(table, FN_TABLE_TSV, &replaced),
                             "i\tr\tx\td\tb\ty\tt\tnone\tz\n7\t0.25\t0\t1970-01-02\tfalse\t0\ta b\t\t0\n"
                             "7\t0.25\t1\t1970-01-02\tfalse\t3\ta b\t\t5\n"
                             "7\t0.25\t2\t1970-01-02\tfalse\t6\ta b\t\t10\n");
        must(&run, fn_table_resize(&run, table, rows + 1));
        ck_assert(fn_column_missing(fn_table_find(table, "i"), rows));
        if (rows) ck_assert_int_eq(fn_table_find(table, "i")->integer[rows - 1], 7);
        fn_table_free(table);
    }
    fn_names_free(pool);
}
END_TEST

START_TEST(every_failing_allocation_of_a_cell_for_all_rows_is_an_error)
{
    fn_run run = support_run();
    fn_names *pool;
    must(&run, fn_names_new(&run, &pool));
    long calls = 0;
    for (fn_status status = FN_ENOMEM; status; calls++) {
        fn_table *table = NULL;
        fn_output *output = NULL;
        const char *path = support_scratch("constant");
        fn_run failing = support_run();
        fn_memory_fail_at(calls, false);
        status = one_cell_table(&failing, pool, 3, &table);
        if (!status) status = fn_output_open(&failing, path, &output);
        if (!status) status = fn_table_write(&failing, output, table, FN_TABLE_TSV, NULL);
        for (size_t c = 0; !status && c < table->columns; c++) status = fn_column_own(&failing, table->column[c]);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        fn_output_abort(output);
        fn_table_free(table);
    }
    ck_assert_int_gt(calls, 30);
    fn_names_free(pool);
}
END_TEST

START_TEST(a_table_without_rows_has_its_header)
{
    fn_run run = support_run();
    fn_table *table;
    fn_column *column;
    must(&run, fn_table_new(&run, 0, &table));
    must(&run, fn_table_add(&run, table, "a", FN_COLUMN_TEXT, &column));
    must(&run, fn_table_add(&run, table, "b", FN_COLUMN_INT, &column));
    ck_assert_str_eq(write_table(table, FN_TABLE_TSV, NULL), "a\tb\n");
    ck_assert_str_eq(write_table(table, FN_TABLE_CSV, NULL), "a,b\n");
    ck_assert_str_eq(write_table(table, FN_TABLE_JSON, NULL), "");
    fn_table_free(table);
}
END_TEST

/* ---- reading ---- */

START_TEST(a_table_is_read_whatever_separates_it)
{
    static const char *const texts[] = { "Firm\tCluster No\na\t1\nb\t\n", "firm,cluster no\r\na,1\r\nb,\r\n",
                                         "\xef\xbb\xbf"
                                         "FIRM;Cluster-No\n\na;1\nb;",
                                         "\"firm\"|\"Cluster No\"\na|1\nb|\"\"\n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fn_run run = support_run();
        fn_status status;
        fn_table *table = read_table(&run, texts[i], strlen(texts[i]), &status);
        must(&run, status);
        ck_assert_uint_eq(table->rows, 2);
        ck_assert_uint_eq(table->columns, 2);
        ck_assert_str_eq(cell(table, "firm", 0), "a");
        ck_assert_str_eq(cell(table, "cluster_no", 0), "1");
        ck_assert_str_eq(cell(table, "firm", 1), "b");
        ck_assert_str_eq(cell(table, "cluster_no", 1), "(missing)");
        fn_table_free(table);
    }
}
END_TEST

START_TEST(a_repeated_header_is_numbered_and_told)
{
    fn_run run = support_run();
    fn_status status;
    fn_table *table = read_table(&run, "a,A,,a\n1,2,3,4\n", 15, &status);
    must(&run, status);
    ck_assert_int_eq(support_warnings(), 2);
    ck_assert_str_eq(cell(table, "a", 0), "1");
    ck_assert_str_eq(cell(table, "a_2", 0), "2");
    ck_assert_str_eq(cell(table, "column_3", 0), "3");
    ck_assert_str_eq(cell(table, "a_3", 0), "4");
    fn_table_free(table);
}
END_TEST

START_TEST(a_table_with_a_bad_row_is_refused_at_its_line)
{
    static const struct {
        const char *text;
        int64_t line;
        const char *words;
    } cases[] = { { "", 0, "empty" },
                  { "\n\n", 0, "empty" },
                  { "a,b\n1\n", 2, "fewer" },
                  { "a,b\n\n1,2,3\n", 3, "more" },
                  { "a,b\n1,\"2\n", 2, "never closed" },
                  { "a,b\n\"1\"x,2\n", 2, "behind a closing quote" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fn_run run = support_run();
        fn_status status;
        fn_table *table = read_table(&run, cases[i].text, strlen(cases[i].text), &status);
        ck_assert_int_eq(status, FN_EPARSE);
        ck_assert_ptr_null(table);
        ck_assert_int_eq(run.error.line, cases[i].line);
        ck_assert_msg(strstr(run.error.message, cases[i].words) != NULL, "%s", run.error.message);
    }
}
END_TEST

/* Random cells of hard bytes written as CSV come back as they were. */
START_TEST(what_csv_writes_it_reads_again)
{
    static const char bytes[] = "ab,\"\n\r;|\t '\xc3\xa9";
    fn_run run = support_run();
    fn_table *table;
    fn_column *column[3];
    enum { ROWS = 200 };
    must(&run, fn_table_new(&run, ROWS, &table));
    for (int c = 0; c < 3; c++) {
        char name[2] = { (char) ('p' + c), 0 };
        must(&run, fn_table_add(&run, table, name, FN_COLUMN_TEXT, &column[c]));
        for (size_t row = 0; row < ROWS; row++) {
            char text[16] = "x";
            size_t length = 1 + fn_random_below((uint64_t) _i, (uint64_t) c, row, 8);
            for (size_t i = 1; i < length; i++)
                text[i] = bytes[fn_random_below((uint64_t) _i, (uint64_t) c + 7, row * 16 + i, 11)];
            must(&run, fn_column_set_text(&run, column[c], row, text, length));
        }
    }
    write_table(table, FN_TABLE_CSV, NULL);
    fn_status status;
    fn_table *back = read_table(&run, written, strlen(written), &status);
    must(&run, status);
    ck_assert_uint_eq(back->rows, ROWS);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t c = 0; c < 3; c++) {
            size_t a, b;
            const char *one = fn_column_text(table->column[c], row, &a),
                       *two = fn_column_text(back->column[c], row, &b);
            ck_assert_uint_eq(a, b);
            ck_assert_mem_eq(one, two, a);
        }
    fn_table_free(table);
    fn_table_free(back);
}
END_TEST

/* ---- rows of delimited text ---- */

START_TEST(rejected_rows_stand_as_they_were)
{
    static const char text[] = "\"a\"\"b\",c\n\"x\ny\"z,2\n,\n";
    fn_run run = support_run();
    fn_source *source;
    fn_delimited rows;
    bool there;
    must(&run, fn_source_open_memory(&run, "t", text, strlen(text), &source));
    fn_delimited_start(&rows, source, ',', true);
    must(&run, fn_delimited_next(&run, &rows, &there));
    ck_assert_uint_eq(rows.fields, 2);
    ck_assert_uint_eq(rows.field[0].length, 3);
    ck_assert_mem_eq(rows.field[0].text, "a\"b", 3);
    ck_assert_uint_eq(rows.row_length, 8);
    ck_assert_mem_eq(rows.row, "\"a\"\"b\",c", 8);
    must(&run, fn_delimited_next(&run, &rows, &there));
    ck_assert_ptr_nonnull(rows.bad);
    ck_assert_int_eq(rows.line, 2);
    ck_assert_mem_eq(rows.row, "\"x\ny\"z,2", 8);
    must(&run, fn_delimited_next(&run, &rows, &there));
    ck_assert(there && !rows.bad);
    ck_assert_int_eq(rows.line, 4);
    ck_assert_uint_eq(rows.fields, 2);
    must(&run, fn_delimited_next(&run, &rows, &there));
    ck_assert(!there);
    fn_delimited_end(&rows);
    fn_source_close(source);
}
END_TEST

START_TEST(a_quote_open_over_many_lines_costs_no_more_than_its_length)
{
    enum { LINES = 200000 };
    char *text = malloc(LINES * 8 + 16);
    size_t n = 0;
    for (int i = 0; i < LINES; i++) n += (size_t) sprintf(text + n, "%s", i ? "\",\"ab\n" : "k,\"ab\n");
    fn_run run = support_run();
    fn_source *source;
    fn_delimited rows;
    bool there;
    must(&run, fn_source_open_memory(&run, "t", text, n, &source));
    fn_delimited_start(&rows, source, ',', true);
    must(&run, fn_delimited_next(&run, &rows, &there));
    ck_assert(there && rows.bad && strstr(rows.bad, "never closed"));
    ck_assert_int_eq(rows.line, 1);
    fn_delimited_end(&rows);
    fn_source_close(source);
    free(text);
}
END_TEST

START_TEST(no_allocation_failure_is_lost_in_a_table)
{
    static const char text[] = "a,b\n\"x\"\"y\",\"1\n2\"\nz,3\n";
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_source *source;
        fn_table *table = NULL;
        fn_memory_fail_at(k, false);
        fn_status status = fn_source_open_memory(&run, "t", text, strlen(text), &source);
        if (!status) status = fn_table_read(&run, source, &table);
        fn_source_close(source);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            ck_assert_int_gt(k, 10);
            ck_assert_uint_eq(table->rows, 2);
            fn_table_free(table);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_ptr_null(table);
    }
}
END_TEST

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    TCase *writing = tcase_create("writing");
    tcase_add_test(writing, tsv_has_no_quotes_and_keeps_lines_whole);
    tcase_add_test(writing, what_must_be_changed_is_found_at_every_place_of_a_long_text);
    tcase_add_test(writing, a_cell_that_stands_for_all_rows_is_written_in_each);
    tcase_add_test(writing, every_failing_allocation_of_a_cell_for_all_rows_is_an_error);
    tcase_add_test(writing, csv_follows_rfc_4180_and_defuses_formulas);
    tcase_add_test(writing, json_lines_have_null_for_missing);
    tcase_add_test(writing, aligned_tables_count_what_is_seen);
    tcase_add_test(writing, a_table_without_rows_has_its_header);
    suite_add_tcase(suite, writing);
    TCase *reading = tcase_create("reading");
    tcase_add_test(reading, a_table_is_read_whatever_separates_it);
    tcase_add_test(reading, a_repeated_header_is_numbered_and_told);
    tcase_add_test(reading, a_table_with_a_bad_row_is_refused_at_its_line);
    tcase_add_loop_test(reading, what_csv_writes_it_reads_again, 0, 10);
    tcase_add_test(reading, rejected_rows_stand_as_they_were);
    tcase_add_test(reading, a_quote_open_over_many_lines_costs_no_more_than_its_length);
    tcase_add_test(reading, no_allocation_failure_is_lost_in_a_table);
    tcase_set_timeout(reading, 30);
    suite_add_tcase(suite, reading);
    return suite;
}
