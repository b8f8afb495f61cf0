/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "graph/memory.h"
#include "tests/algorithms/cluster_nets.h"

Suite *suite_odd(void);

/* Every row of the table of algorithms on every odd network: it succeeds or says why not, its columns have one row a
 * firm (a tie), its numbers are finite or missing, and two runs are equal. */

typedef struct odd_net {
    const char *name;
    uint32_t firms;
    size_t ties;
    test_tie tie[8];
} odd_net;

static const odd_net odd_nets[] = {
    { "no firms", 0, 0, { { 0 } } },
    { "one firm", 1, 0, { { 0 } } },
    { "firms without ties", 5, 0, { { 0 } } },
    { "a self tie only", 1, 1, { { 0, 0, FN_LAYER_SUPPLY, 3 } } },
    { "self ties among other firms", 3, 2, { { 1, 1, FN_LAYER_SUPPLY, 3 }, { 2, 2, FN_LAYER_COBID, 1 } } },
    { "one tie", 2, 1, { { 0, 1, FN_LAYER_SUPPLY, 1 } } },
    { "ties both ways", 2, 2, { { 0, 1, FN_LAYER_SUPPLY, 1 }, { 1, 0, FN_LAYER_SUPPLY, 1 } } },
    { "one undirected tie", 2, 1, { { 0, 1, FN_LAYER_COBID, .5 } } },
    { "parallel ties", 3, 4, { { 0, 1, FN_LAYER_SUPPLY, 1 }, { 0, 1, FN_LAYER_SUPPLY, 2 },
                               { 0, 1, FN_LAYER_FINANCE, 4 }, { 1, 2, FN_LAYER_SUPPLY, 1 } } },
    { "two parts", 6, 4, { { 0, 1, FN_LAYER_SUPPLY, 1 }, { 1, 2, FN_LAYER_SUPPLY, 1 }, { 3, 4, FN_LAYER_SUPPLY, 1 },
                           { 4, 5, FN_LAYER_SUPPLY, 1 } } },
    { "star into one buyer", 8, 7, { { 1, 0, 0, 1 }, { 2, 0, 0, 1 }, { 3, 0, 0, 1 }, { 4, 0, 0, 1 }, { 5, 0, 0, 1 },
                                     { 6, 0, 0, 1 }, { 7, 0, 0, 1 } } },
    { "star out of one supplier", 4, 3, { { 3, 0, 0, 1 }, { 3, 1, 0, 2 }, { 3, 2, 0, 3 } } },
    { "zero weights", 3, 2, { { 0, 1, FN_LAYER_SUPPLY, 0 }, { 1, 2, FN_LAYER_SUPPLY, 0 } } },
    { "a zero weight among others", 3, 3, { { 0, 1, FN_LAYER_SUPPLY, 0 }, { 1, 2, FN_LAYER_SUPPLY, 5 },
                                            { 2, 0, FN_LAYER_SUPPLY, 5 } } },
    { "no values", 3, 2, { { 0, 1, FN_LAYER_SUPPLY, NAN }, { 1, 2, FN_LAYER_SUPPLY, NAN } } },
    { "huge weights", 4, 4, { { 0, 1, FN_LAYER_SUPPLY, 1e300 }, { 1, 2, FN_LAYER_SUPPLY, 1e300 },
                              { 2, 0, FN_LAYER_SUPPLY, 1e300 }, { 2, 3, FN_LAYER_SUPPLY, 1e300 } } },
    { "weights that add up to nearly the largest number", 4, 4, { { 0, 1, FN_LAYER_SUPPLY, 4e307 },
      { 1, 0, FN_LAYER_SUPPLY, 4e307 }, { 2, 0, FN_LAYER_SUPPLY, 4e307 }, { 3, 0, FN_LAYER_SUPPLY, 4e307 } } },
    { "tiny weights", 4, 4, { { 0, 1, FN_LAYER_SUPPLY, 1e-300 }, { 1, 2, FN_LAYER_SUPPLY, 1e-300 },
                              { 2, 0, FN_LAYER_SUPPLY, 1e-300 }, { 2, 3, FN_LAYER_SUPPLY, 1e-300 } } },
    { "weights below the normal numbers", 3, 2, { { 0, 1, FN_LAYER_SUPPLY, 5e-324 },
                                                  { 1, 2, FN_LAYER_SUPPLY, 1e-323 } } },
    { "huge and tiny weights", 4, 4, { { 0, 1, FN_LAYER_SUPPLY, 1e300 }, { 1, 2, FN_LAYER_SUPPLY, 1e-300 },
                                       { 2, 0, FN_LAYER_SUPPLY, 1 }, { 2, 3, FN_LAYER_SUPPLY, 1e-300 } } },
    { "a negative value", 3, 3, { { 0, 1, FN_LAYER_SUPPLY, -5 }, { 1, 2, FN_LAYER_SUPPLY, 2 },
                                  { 2, 0, FN_LAYER_SUPPLY, 2 } } },
};
enum { ODD_NETS = sizeof odd_nets / sizeof *odd_nets };

static int algorithms(void)
{
    int count = 0;
    while (fn_algorithms[count]) count++;
    return count;
}

/* The result of a row of the table with its default parameters, NULL when it failed; the status is in *status. */
static fn_table *run_row(fn_run *run, const fn_algorithm *algorithm, const fn_view *view, fn_status *status)
{
    static const fn_param none[] = { { 0 } };
    const fn_param *const tables[] = { algorithm->params ? algorithm->params : none, NULL };
    fn_values *values = NULL;
    fn_table *result = NULL;
    *status = fn_values_new(run, tables, &values);
    if (!*status) *status = fn_table_new(run, algorithm->group >= FN_GROUP_TIES ? view->ties : view->firms, &result);
    if (!*status) *status = algorithm->run(run, view, values, result);
    fn_values_free(values);
    if (!*status) return result;
    fn_table_free(result);
    return NULL;
}

static void assert_sound(const fn_algorithm *algorithm, const char *net, const fn_view *view, const fn_table *result)
{
    size_t rows = algorithm->group >= FN_GROUP_TIES ? view->ties : view->firms;
    ck_assert_msg(result->rows == rows, "%s on %s: %zu rows", algorithm->name, net, result->rows);
    ck_assert_uint_gt(result->columns, 0);
    for (size_t c = 0; c < result->columns; c++) {
        const fn_column *column = result->column[c];
        ck_assert_msg(column->rows == rows, "%s on %s: column %s has %zu rows", algorithm->name, net, column->name,
                      column->rows);
        for (size_t row = 0; column->type == FN_COLUMN_REAL && row < rows; row++)
            ck_assert_msg(isnan(column->real[row]) || isfinite(column->real[row]), "%s on %s: %s of row %zu is %g",
                          algorithm->name, net, column->name, row, column->real[row]);
    }
}

static void assert_equal_results(const fn_table *a, const fn_table *b)
{
    ck_assert_uint_eq(a->columns, b->columns);
    for (size_t c = 0; c < a->columns; c++)
        for (size_t row = 0; row < a->rows; row++) {
            char buffer_a[FN_REAL_TEXT], buffer_b[FN_REAL_TEXT];
            size_t length_a, length_b;
            const char *cell_a = fn_column_cell(a->column[c], row, buffer_a, &length_a);
            const char *cell_b = fn_column_cell(b->column[c], row, buffer_b, &length_b);
            ck_assert_uint_eq(length_a, length_b);
            ck_assert_mem_eq(cell_a, cell_b, length_a);
        }
}

START_TEST(every_algorithm_answers_or_says_why_not)
{
    const odd_net *odd = &odd_nets[_i];
    fn_run run = support_run();
    fn_net *net = net_of(&run, odd->firms, odd->ties, odd->tie);
    for (fn_weighting weight = FN_WEIGHT_VALUE; weight <= FN_WEIGHT_BOTH; weight++) {
        fn_view_options options = FN_VIEW_ALL;
        fn_view *view;
        options.weight = weight;
        ck_assert_int_eq(fn_view_new(&run, net, &options, &view), FN_OK);
        for (int row = 0; row < algorithms(); row++) {
            const fn_algorithm *algorithm = fn_algorithms[row];
            fn_run first = support_run(), second = support_run();
            fn_status status, again;
            ck_assert_msg(algorithm->run != NULL, "%s does nothing", algorithm->name);
            fn_table *a = run_row(&first, algorithm, view, &status), *b = run_row(&second, algorithm, view, &again);
            ck_assert_int_eq(status, again);
            ck_assert_int_eq(first.error.status, status);
            ck_assert_msg(status == FN_OK || first.error.message[0], "%s on %s: no reason given", algorithm->name,
                          odd->name);
            if (status == FN_OK) {
                assert_sound(algorithm, odd->name, view, a);
                assert_equal_results(a, b);
            } else {
                printf("%s refuses %s: %s\n", algorithm->name, odd->name, first.error.message);
            }
            fn_table_free(a);
            fn_table_free(b);
        }
        fn_view_free(view);
    }
    fn_net_free(net);
}
END_TEST

START_TEST(every_algorithm_gives_the_columns_it_names)
{
    const fn_algorithm *algorithm = fn_algorithms[_i];
    fn_run run = support_run();
    fn_net *net = star_net(&run);
    fn_view *view = support_view(&run, net);
    fn_status status;
    fn_table *result = run_row(&run, algorithm, view, &status);
    ck_assert_msg(status == FN_OK, "%s: %s", algorithm->name, run.error.message);
    ck_assert_str_ne(algorithm->text, "");
    ck_assert_str_ne(algorithm->source, "");
    for (size_t c = 0; c < result->columns; c++) {
        const char *name = result->column[c]->name, *at = strstr(algorithm->gives, name);
        size_t length = strlen(name);
        while (at && !((at == algorithm->gives || at[-1] == ',') && (at[length] == ',' || !at[length])))
            at = strstr(at + 1, name);
        ck_assert_msg(at != NULL, "%s gives %s, which it does not name", algorithm->name, name);
    }
    fn_table_free(result);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(every_algorithm_survives_failing_allocations)
{
    const fn_algorithm *algorithm = fn_algorithms[_i];
    fn_run quiet = support_run();
    fn_net *net = star_net(&quiet);
    fn_view *view = support_view(&quiet, net);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status != FN_OK; k++) {
        fn_run run = support_run();
        fn_memory_fail_at(k, false);
        fn_table *result = run_row(&run, algorithm, view, &status);
        fn_memory_fail_at(-1, false);
        ck_assert_msg(status == FN_OK || status == FN_ENOMEM, "%s: status %d at allocation %ld: %s", algorithm->name,
                      status, k, run.error.message);
        ck_assert_int_eq(run.error.status, status);
        fn_table_free(result);
    }
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_odd(void)
{
    Suite *suite = suite_create("odd networks");
    TCase *nets = tcase_create("nets"), *table = tcase_create("table");
    tcase_add_loop_test(nets, every_algorithm_answers_or_says_why_not, 0, ODD_NETS);
    tcase_add_loop_test(table, every_algorithm_gives_the_columns_it_names, 0, algorithms());
    tcase_add_loop_test(table, every_algorithm_survives_failing_allocations, 0, algorithms());
    tcase_set_timeout(nets, 60);
    tcase_set_timeout(table, 60);
    suite_add_tcase(suite, nets);
    suite_add_tcase(suite, table);
    return suite;
}
