/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include "graph/memory.h"
#include "io/bars.h"
#include "tests/suite.h"

Suite *suite_bars(void);

static fn_status write_bars(fn_run *run, const char *path)
{
    static const char *const column[] = { "kept", "lost", NULL }, *const heading[] = { "kept & more", "lost", NULL },
        *const note[] = { "lost < kept", NULL };
    const fn_bars bars = {
        .title = "Two <rows>", .label = "name", .column = column, .heading = heading, .note = note
    };
    fn_table *table = NULL;
    fn_column *name, *kept, *lost;
    fn_output *output = NULL;
    fn_status status = fn_table_new(run, 2, &table);
    if (!status) status = fn_table_add(run, table, "name", FN_COLUMN_TEXT, &name);
    if (!status) status = fn_table_add(run, table, "kept", FN_COLUMN_REAL, &kept);
    if (!status) status = fn_table_add(run, table, "lost", FN_COLUMN_REAL, &lost);
    if (!status) status = fn_column_set_text(run, name, 0, "a<b", 3);
    if (!status) status = fn_column_set_text(run, name, 1, "c", 1);
    if (!status) kept->real[0] = .25, kept->real[1] = 1.5, lost->real[0] = 0;
    if (!status) status = fn_output_open(run, path, &output);
    if (!status) status = fn_bars_write(run, output, table, &bars);
    if (!status) status = fn_output_commit(run, output);
    else fn_output_abort(output);
    fn_table_free(table);
    return status;
}

START_TEST(bars_are_as_long_as_their_shares)
{
    static const char *const wanted[] = {
        "Two &lt;rows&gt;", "a&lt;b: kept &amp; more 0.25, lost 0. c: kept &amp; more 1.5. ", "width=\"30\"/>", "width=\"120\"/>",
        "width=\"0\"/>", ">0.25</text>", ">1</text>", ">\xe2\x80\x93</text>",
        ">0.5</text>", ">lost &lt; kept</text>"
    };
    char text[8192];
    fn_run run = support_run();
    const char *path = support_scratch("bars.svg");
    ck_assert_int_eq(write_bars(&run, path), FN_OK);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    remove(path);
    text[length] = '\0';
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
        ck_assert_msg(strstr(text, wanted[k]) != NULL, "no %s in %s", wanted[k], text);
}
END_TEST

START_TEST(any_failing_allocation_is_reported)
{
    const char *path = support_scratch("bars-failing.svg");
    fn_status status = FN_ENOMEM;
    for (long call = 0; status; call++) {
        fn_run run = support_run();
        fn_memory_fail_at(call, false);
        status = write_bars(&run, path);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && run.error.status == FN_ENOMEM));
    }
    remove(path);
}
END_TEST

Suite *suite_bars(void)
{
    Suite *suite = suite_create("bars");
    TCase *bars = tcase_create("bars");
    tcase_add_test(bars, bars_are_as_long_as_their_shares);
    tcase_add_test(bars, any_failing_allocation_is_reported);
    suite_add_tcase(suite, bars);
    return suite;
}
