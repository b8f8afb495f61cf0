/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/account.h"
#include "graph/columns.h"
#include "graph/memory.h"
#include "graph/params.h"
#include "tests/suite.h"

Suite *suite_columns(void);

START_TEST(new_rows_are_missing_in_every_type)
{
    fn_run run = support_run();
    fn_table *table;
    ck_assert_int_eq(fn_table_new(&run, 1, &table), FN_OK);
    for (fn_column_type type = FN_COLUMN_INT; type <= FN_COLUMN_TEXT; type++) {
        char name[2] = { (char) ('a' + type), '\0' };
        fn_column *column;
        ck_assert_int_eq(fn_table_add(&run, table, name, type, &column), FN_OK);
    }
    ck_assert_int_eq(fn_table_resize(&run, table, 100), FN_OK);
    for (size_t c = 0; c < table->columns; c++)
        for (size_t row = 0; row < 100; row++) {
            char buffer[FN_REAL_TEXT];
            size_t length = 9;
            ck_assert(fn_column_missing(table->column[c], row));
            fn_column_cell(table->column[c], row, buffer, &length);
            ck_assert_uint_eq(length, 0);
        }
    fn_column *twice;
    ck_assert_int_eq(fn_table_add(&run, table, "a", FN_COLUMN_INT, &twice), FN_EINVAL);
    fn_table_free(table);
}
END_TEST

/* So many rows are filled on all threads. */
START_TEST(many_new_rows_are_missing_at_any_number_of_threads)
{
    enum { ROWS = 70000 };
    fn_run run = support_run();
    run.threads = _i;
    for (fn_column_type type = FN_COLUMN_INT; type <= FN_COLUMN_TEXT; type++) {
        fn_table *table;
        fn_column *column;
        ck_assert_int_eq(fn_table_new(&run, ROWS, &table), FN_OK);
        ck_assert_int_eq(fn_table_add(&run, table, "c", type, &column), FN_OK);
        for (size_t row = 0; row < ROWS; row++) ck_assert(fn_column_missing(column, row));
        if (type == FN_COLUMN_INT) column->integer[ROWS - 1] = 7;
        ck_assert_int_eq(fn_table_resize(&run, table, 3 * ROWS), FN_OK);
        if (type == FN_COLUMN_INT) ck_assert_int_eq(column->integer[ROWS - 1], 7);
        for (size_t row = ROWS; row < 3 * ROWS; row++) ck_assert(fn_column_missing(column, row));
        fn_table_free(table);
        fn_memory_fail_at(type == FN_COLUMN_TEXT ? 6 : 4, false); /* its cells */
        fn_status status = fn_table_new(&run, ROWS, &table);
        if (!status) status = fn_table_add(&run, table, "c", type, &column);
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, FN_ENOMEM);
        fn_table_free(table);
    }
}
END_TEST

START_TEST(cells_print_as_contracts_say)
{
    fn_run run = support_run();
    fn_table *table;
    fn_column *integer, *real, *date, *boolean, *text;
    ck_assert_int_eq(fn_table_new(&run, 1, &table), FN_OK);
    fn_table_add(&run, table, "i", FN_COLUMN_INT, &integer);
    fn_table_add(&run, table, "r", FN_COLUMN_REAL, &real);
    fn_table_add(&run, table, "d", FN_COLUMN_DATE, &date);
    fn_table_add(&run, table, "b", FN_COLUMN_BOOL, &boolean);
    fn_table_add(&run, table, "t", FN_COLUMN_TEXT, &text);
    integer->integer[0] = -5;
    real->real[0] = 0.1;
    date->date[0] = 0;
    boolean->boolean[0] = 1;
    ck_assert_int_eq(fn_column_set_text(&run, text, 0, "ромашка", strlen("ромашка")), FN_OK);
    static const char *const expected[] = { "-5", "0.1", "1970-01-01", "true", "ромашка" };
    for (size_t c = 0; c < 5; c++) {
        char buffer[FN_REAL_TEXT];
        size_t length;
        const char *cell = fn_column_cell(table->column[c], 0, buffer, &length);
        ck_assert_uint_eq(length, strlen(expected[c]));
        ck_assert_mem_eq(cell, expected[c], length);
    }
    fn_table_free(table);
}
END_TEST

static const fn_param params[] = {
    { "runs", 'r', FN_PARAM_INT, "N", "3", 1, 100, NULL, "runs" },
    { "gap", 0, FN_PARAM_REAL, "G", "0.2", 0, 1, NULL, "gap" },
    { "kind", 0, FN_PARAM_CHOICE, "K", "red", 0, 0, "red|green", "kind" },
    { "since", 0, FN_PARAM_DATE, "D", NULL, 0, 0, NULL, "since" },
    { "fast", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "fast" },
    { .name = NULL }
};

static const struct { const char *name, *text; bool ok; } settings[] = {
    { "runs", "7", true }, { "runs", "0", false }, { "runs", "101", false }, { "runs", "x", false }, { "gap", "0.5", true },
    { "gap", "nan", false }, { "gap", "1.01", false }, { "kind", "green", true }, { "kind", "gree", false },
    { "kind", "", false }, { "since", "2018-02", true }, { "since", "18", false }, { "fast", "", true },
};

START_TEST(parameters_are_checked_by_their_table)
{
    fn_run run = support_run();
    const fn_param *const tables[] = { params, NULL };
    fn_values *values;
    ck_assert_int_eq(fn_values_new(&run, tables, &values), FN_OK);
    ck_assert(fn_values_int(values, "runs") == 3 && fn_values_real(values, "gap") == 0.2);
    ck_assert(fn_values_date(values, "since") == FN_DAY_NONE && !fn_values_flag(values, "fast"));
    ck_assert(!fn_values_given(values, "runs"));
    fn_status status = fn_values_set(&run, values, settings[_i].name, settings[_i].text);
    ck_assert_int_eq(status, settings[_i].ok ? FN_OK : FN_EINVAL);
    ck_assert(fn_values_given(values, settings[_i].name) == settings[_i].ok);
    if (!settings[_i].ok) ck_assert_msg(strstr(run.error.message, settings[_i].name), "%s", run.error.message);
    fn_values_free(values);
}
END_TEST

/* ---- told texts ---- */

static int tellers_freed;

static size_t tell_twice(const void *of, size_t row, char text[FN_TOLD_TEXT])
{
    return fn_int_format((int64_t) row * *(const int *) of, text);
}

static void free_teller(void *of)
{
    tellers_freed++;
    fn_free(of);
}

static fn_status add_told(fn_run *run, fn_table *table, fn_column **column)
{
    int *factor = fn_alloc(run, 1, sizeof *factor);
    if (!factor) return FN_ENOMEM;
    *factor = 2;
    return fn_table_add_told_take(run, table, "told", (fn_teller) { tell_twice, free_teller, factor }, column);
}

START_TEST(told_texts_are_made_when_asked_for_and_move_with_their_column)
{
    fn_run run = support_run();
    fn_table *table, *other;
    fn_column *column, *twice;
    char buffer[FN_REAL_TEXT];
    size_t length;
    tellers_freed = 0;
    ck_assert_int_eq(fn_table_new(&run, 30, &table), FN_OK);
    ck_assert_int_eq(fn_table_new(&run, 30, &other), FN_OK);
    ck_assert_int_eq(add_told(&run, table, &column), FN_OK);
    ck_assert_int_eq(add_told(&run, table, &twice), FN_EINVAL);
    ck_assert_int_eq(tellers_freed, 1);
    ck_assert_int_eq(fn_table_take(&run, other, table, "told"), FN_OK);
    fn_table_free(table);
    ck_assert_int_eq(tellers_freed, 1);
    ck_assert(!fn_column_missing(column, 21));
    fn_column_fetch_ahead(column, 0);
    ck_assert_str_eq(fn_column_text(column, 21, NULL), "42");
    ck_assert_str_eq(fn_column_cell(column, 20, buffer, &length), "40");
    ck_assert_uint_eq(length, 2);
    ck_assert_int_eq(fn_column_set_text(&run, column, 0, "x", 1), FN_EINVAL);
    ck_assert_int_eq(fn_table_resize(&run, other, 31), FN_EINVAL);
    ck_assert_uint_eq(other->rows, 30);
    ck_assert_int_eq(fn_table_resize(&run, other, 5), FN_OK);
    fn_table_free(other);
    ck_assert_int_eq(tellers_freed, 2);
}
END_TEST

START_TEST(every_failing_allocation_of_a_told_column_frees_its_teller)
{
    int failures = 0;
    for (long at = 0;; at++) {
        fn_run run = support_run();
        fn_table *table;
        fn_column *column;
        tellers_freed = 0;
        ck_assert_int_eq(fn_table_new(&run, 3, &table), FN_OK);
        int *factor = fn_alloc(&run, 1, sizeof *factor);
        ck_assert_ptr_nonnull(factor);
        *factor = 2;
        fn_memory_fail_at(at, false);
        fn_status status = fn_table_add_told_take(&run, table, "told", (fn_teller) { tell_twice, free_teller, factor }, &column);
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(tellers_freed, status != FN_OK);
        fn_table_free(table);
        ck_assert_int_eq(tellers_freed, 1);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
        failures++;
    }
    ck_assert_int_ge(failures, 4);
}
END_TEST

START_TEST(an_import_must_add_up)
{
    fn_run run = support_run();
    fn_account *account;
    ck_assert_int_eq(fn_account_new(&run, &account), FN_OK);
    fn_account_count(&run, account, "row", FN_READ, NULL, NULL, 10, "data/ties.tsv.gz", 3, NULL);
    fn_account_count(&run, account, "row", FN_KEPT, NULL, NULL, 7, NULL, 0, NULL);
    fn_account_count(&run, account, "row", FN_REJECTED, "bad_weight", "weight is no number", 1, "data/ties.tsv.gz", 9, "x");
    fn_account_count(&run, account, "row", FN_REJECTED, "bad_date", NULL, 1, NULL, 0, NULL);
    ck_assert_int_eq(fn_account_check(&run, account), FN_EPARSE);
    fn_account_count(&run, account, "row", FN_MERGED, "same_tie", NULL, 1, NULL, 0, NULL);
    fn_run fresh = support_run();
    ck_assert_int_eq(fn_account_check(&fresh, account), FN_OK);
    ck_assert_int_eq(fn_account_total(account, "row", FN_REJECTED, NULL), 2);
    ck_assert_int_eq(fn_account_total(account, "row", FN_REJECTED, "bad_date"), 1);
    const fn_account_line *line = fn_account_line_at(account, 3);
    ck_assert_str_eq(line->reason, "bad_date"); /* reasons in byte order, whatever came first */
    line = fn_account_line_at(account, 4);
    ck_assert_str_eq(line->file, "ties.tsv");   /* no folder, no .gz: reports don't depend on them */
    ck_assert_int_eq(line->line, 9);
    fn_account_free(account);
}
END_TEST

START_TEST(every_failing_allocation_of_a_table_is_an_error)
{
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_memory_fail_at(k, false);
        fn_table *table = NULL;
        fn_column *column;
        fn_status status = fn_table_new(&run, 3, &table);
        if (!status) status = fn_table_add(&run, table, "a", FN_COLUMN_REAL, &column);
        if (!status) status = fn_table_add(&run, table, "b", FN_COLUMN_TEXT, &column);
        if (!status) status = fn_column_set_text(&run, column, 2, "x", 1);
        if (!status) status = fn_table_resize(&run, table, 1000);
        fn_memory_fail_at(-1, false);
        fn_table_free(table);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
}
END_TEST

START_TEST(columns_move_to_another_table_that_lacks_them)
{
    fn_run run = support_run();
    fn_table *one, *other;
    fn_column *a, *b, *c;
    ck_assert_int_eq(fn_table_new(&run, 1, &one), FN_OK);
    ck_assert_int_eq(fn_table_new(&run, 1, &other), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, one, "a", FN_COLUMN_INT, &a), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, other, "b", FN_COLUMN_INT, &b), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, other, "a", FN_COLUMN_REAL, &c), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, other, "c", FN_COLUMN_INT, &c), FN_OK);
    ck_assert_int_eq(fn_table_take(&run, one, other, "c"), FN_OK);
    ck_assert_int_eq(fn_table_take(&run, one, other, "none"), FN_OK);
    ck_assert_int_eq(fn_table_take(&run, one, other, "a"), FN_OK);
    ck_assert_int_eq(fn_table_take(&run, one, NULL, "a"), FN_OK);
    ck_assert_uint_eq(one->columns, 2);
    ck_assert_ptr_eq(one->column[1], c);
    ck_assert_int_eq(fn_table_join_new(&run, one, other), FN_OK);
    ck_assert_uint_eq(one->columns, 3);
    ck_assert_ptr_eq(one->column[2], b);
    ck_assert_uint_eq(other->columns, 1);
    ck_assert_str_eq(other->column[0]->name, "a");
    fn_table_free(one);
    fn_table_free(other);
}
END_TEST

Suite *suite_columns(void)
{
    Suite *suite = suite_create("columns");
    TCase *tcase = tcase_create("columns, parameters, account");
    tcase_add_test(tcase, new_rows_are_missing_in_every_type);
    tcase_add_loop_test(tcase, many_new_rows_are_missing_at_any_number_of_threads, 1, 4);
    tcase_add_test(tcase, cells_print_as_contracts_say);
    tcase_add_test(tcase, columns_move_to_another_table_that_lacks_them);
    tcase_add_loop_test(tcase, parameters_are_checked_by_their_table, 0, sizeof settings / sizeof *settings);
    tcase_add_test(tcase, told_texts_are_made_when_asked_for_and_move_with_their_column);
    tcase_add_test(tcase, every_failing_allocation_of_a_told_column_frees_its_teller);
    tcase_add_test(tcase, an_import_must_add_up);
    tcase_add_test(tcase, every_failing_allocation_of_a_table_is_an_error);
    suite_add_tcase(suite, tcase);
    return suite;
}
