/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/pen.h"
#include "tests/suite.h"

Suite *suite_rows(void);

/* Rows written by all threads, and pens in memory. A row is its number, then letters: mostly few, sometimes none of
 * all that, sometimes more than an output holds back. */

typedef struct recipe {
    size_t rows;
    size_t fails[2];      /* rows that can't be written, 0: none */
} recipe;

static size_t letters_of(size_t row)
{
    uint64_t draw = fn_random_below(5, 0, row, 4000);
    return draw == 0 ? 1500000 : draw < 20 ? draw * 1000 : draw % 60;
}

static void put_row(fn_pen *pen, size_t row)
{
    char letters[100];
    if (fn_random_below(5, 1, row, 10) == 0) return;
    fn_pen_int(pen, (int64_t) row);
    fn_pen_text(pen, " ");
    memset(letters, 'a' + (int) (row % 26), sizeof letters);
    for (size_t left = letters_of(row), part; left; left -= part) {
        part = left < sizeof letters ? left : sizeof letters;
        fn_pen_bytes(pen, letters, part);
    }
    fn_pen_text(pen, "\n");
    pen->replaced += row % 3;
    if (row % 5 == 1 && pen->harmed++ == 0) pen->harmed_column = row == 1 ? "first" : "later";
}

static void put_rows(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const recipe *r = user;
    for (size_t row = first; row < end && !pen->status; row++) {
        if (row && (row == r->fails[0] || row == r->fails[1]))
            pen->status = fn_fail(pen->run, FN_EPARSE, "row %zu", row);
        put_row(pen, row);
    }
}

static fn_status write_file(fn_run *run, const char *path, const recipe *r, bool serially, fn_pen *pen)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    *pen = (fn_pen) { .run = run, .output = output };
    fn_pen_text(pen, "head\n");
    if (serially)
        for (size_t row = 0; row < r->rows; row++) put_row(pen, row);
    else
        fn_pen_rows(pen, &(fn_rows) { r->rows, put_rows, r, "counting", 0.25, 0.75 });
    fn_pen_text(pen, "foot\n");
    if ((status = pen->status)) fn_output_abort(output);
    else status = fn_output_commit(run, output);
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

static const char *const names[] = { "rows.txt", "rows.txt.gz" };

START_TEST(rows_come_in_their_order_whatever_the_threads)
{
    static const size_t counts[] = { 0, 1, 1023, 1024, 1025, 9000 };
    for (int name = 0; name < 2; name++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            recipe r = { .rows = counts[c] };
            const char *path = support_scratch(names[name]);
            size_t size, wanted_size;
            fn_run run = support_run();
            fn_pen alone, pen;
            ck_assert_int_eq(write_file(&run, path, &r, true, &alone), FN_OK);
            char *wanted = content(path, &wanted_size);
            for (int threads = 1; threads <= 3; threads++) {
                run.threads = threads;
                ck_assert_int_eq(write_file(&run, path, &r, false, &pen), FN_OK);
                char *bytes = content(path, &size);
                ck_assert_uint_eq(size, wanted_size);
                ck_assert(!memcmp(bytes, wanted, size));
                ck_assert_int_eq(pen.replaced, alone.replaced);
                ck_assert_int_eq(pen.harmed, alone.harmed);
                ck_assert_pstr_eq(pen.harmed_column, alone.harmed_column);
                free(bytes);
            }
            free(wanted);
        }
}
END_TEST

START_TEST(the_first_fault_in_the_order_of_rows_wins)
{
    for (int threads = 1; threads <= 3; threads++)
        for (int again = 0; again < 10; again++) {
            fn_run run = support_run();
            fn_pen pen;
            run.threads = threads;
            recipe r = { .rows = 20000, .fails = { 4100, 3070 } };
            const char *path = support_scratch("fault.txt");
            ck_assert_int_eq(write_file(&run, path, &r, false, &pen), FN_EPARSE);
            ck_assert_str_eq(run.error.message, "row 3070");
            ck_assert_int_ne(access(path, F_OK), 0);
        }
}
END_TEST

/* Goes on until the rows are half done. */
static bool stop_in_the_middle(void *user, const char *stage, double done)
{
    double *last = user;
    if (strcmp(stage, "counting")) return true;
    ck_assert(done > *last && done <= 0.75);
    *last = done;
    return done < 0.5;
}

START_TEST(a_run_stopped_in_the_middle_leaves_nothing)
{
    for (int name = 0; name < 2; name++)
        for (int threads = 1; threads <= 3; threads++) {
            double last = 0;
            fn_run run = support_run();
            fn_pen pen;
            run.threads = threads;
            run.progress = stop_in_the_middle;
            run.user = &last;
            recipe r = { .rows = 9000 };
            const char *path = support_scratch(names[name]);
            ck_assert_int_eq(write_file(&run, path, &r, false, &pen), FN_ECANCEL);
            ck_assert(last >= 0.5 && last < 0.75);
            ck_assert_int_ne(access(path, F_OK), 0);
        }
}
END_TEST

START_TEST(every_failing_allocation_leaves_no_file)
{
    recipe r = { .rows = 5000 };
    for (int name = 0; name < 2; name++)
        for (int threads = 1; threads <= 3; threads++) {
            const char *path = support_scratch(names[name]);
            bool failed = true;
            for (long call = 0; failed; call++) {
                fn_run run = support_run();
                fn_pen pen;
                run.threads = threads;
                fn_memory_fail_at(call, false);
                fn_status status = write_file(&run, path, &r, false, &pen);
                failed = fn_memory_calls() > call;
                fn_memory_fail_at(-1, false);
                ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
                ck_assert_int_eq(run.error.status, status);
                if (failed) ck_assert_int_ne(access(path, F_OK), 0);
                if (call > 40) call += 6; /* a few of the many blocks */
            }
            ck_assert_int_eq(unlink(path), 0);
        }
}
END_TEST

START_TEST(a_full_disk_is_an_error_for_rows)
{
    if (access("/dev/full", W_OK)) return;
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_pen pen;
        run.threads = threads;
        recipe r = { .rows = 9000 };
        ck_assert_int_eq(write_file(&run, "/dev/full", &r, false, &pen), FN_EIO);
        ck_assert_str_eq(run.error.file, "/dev/full");
        ck_assert_ptr_nonnull(strstr(run.error.message, "No space left"));
    }
}
END_TEST

START_TEST(a_closed_pipe_is_told_apart_for_rows)
{
    signal(SIGPIPE, SIG_IGN);
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_pen pen;
        run.threads = threads;
        recipe r = { .rows = 9000 };
        int ends[2];
        ck_assert_int_eq(pipe(ends), 0);
        fflush(stdout);
        int kept = dup(STDOUT_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        fn_status status = write_file(&run, NULL, &r, false, &pen);
        dup2(kept, STDOUT_FILENO);
        close(kept);
        ck_assert_int_eq(status, FN_EPIPE);
        ck_assert_int_eq(run.error.status, FN_EPIPE);
    }
}
END_TEST

/* ---- pens in memory ---- */

/* Every way to write, with text from a hostile alphabet. */
static void put_everything(fn_pen *pen, uint64_t i)
{
    static const char *const alphabet[] = {
        "a", "B", " ", "&", "<", ">", "\"", "'", "\t", "\n", "\r", "\x01", "\x1f", "\x7f", "\xff", "\xd0\x90", "\xc3",
        "\xef\xbf\xbe", "\xef\xbf\xbd", "\xf0\x9f\x8f\xad", "%", "=", ";", "="
    };
    enum { LETTERS = sizeof alphabet / sizeof *alphabet };
    char text[256];
    size_t length = 0, pieces = fn_random_below(9, 0, i, 40);
    bool calm = fn_random_below(9, 1, i, 3) == 0;
    for (size_t p = 0; p < pieces; p++) {
        const char *piece = alphabet[calm ? p % 2 : fn_random_below(9, 2 + p, i, LETTERS)];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    fn_pen_xml(pen, text, length);
    fn_pen_json(pen, text, length);
    fn_pen_bytes(pen, text, length);
    fn_pen_text(pen, "|");
    fn_pen_format(pen, "%d|", (int) i);
    fn_pen_int(pen, -(int64_t) i);
    fn_pen_real(pen, (double) i / 7);
    fn_pen_rounded(pen, (double) i / 7, 3);
    fn_pen_fixed(pen, (double) i / -7, 2);
    fn_pen_date(pen, (int32_t) i);
}

/* Byte after byte, as XML 1.0 says it. */
static size_t escape_slowly(const char *text, size_t length, char *to, int64_t *replaced)
{
    static const char *const escapes[] = {
        "&&amp;", "<&lt;", ">&gt;", "\"&quot;", "'&#39;", "\t&#9;", "\n&#10;", "\r&#13;"
    };
    char *start = to;
    for (size_t at = 0, step; at < length; at += step ? step : 1) {
        step = fn_utf8_length(text + at, length - at);
        const char *instead = NULL;
        for (size_t e = 0; e < sizeof escapes / sizeof *escapes; e++)
            if (text[at] == escapes[e][0]) instead = escapes[e] + 1;
        if (!instead && !fn_xml_length(text + at, length - at)) instead = "\xef\xbf\xbd", ++*replaced;
        if (instead) to = stpcpy(to, instead);
        else memcpy(to, text + at, step), to += step;
    }
    return (size_t) (to - start);
}

START_TEST(xml_is_escaped_wherever_a_special_byte_stands)
{
    static const char *const special[] = {
        "&", "<", ">", "\"", "'", "\t", "\n", "\r", "\x02", "\x1f", "\x80", "\xd0\x90", "\xef\xbf\xbf", "\xff", "!",
        "#", "%", "(", ":", ";", "=", "?", "~", "\x7f"
    };
    fn_run run = support_run();
    for (size_t s = 0; s < sizeof special / sizeof *special; s++)
        for (size_t length = 0; length < 30; length++)
            for (size_t place = 0; place <= length; place++) {
                char text[64], wanted[512];
                int64_t replaced = 0;
                size_t size = strlen(special[s]);
                memset(text, 'x', sizeof text);
                memcpy(text + place, special[s], size);
                fn_pen pen = { .run = &run };
                fn_pen_xml(&pen, text, length + size);
                ck_assert_uint_eq(pen.used, escape_slowly(text, length + size, wanted, &replaced));
                ck_assert(!memcmp(pen.text, wanted, pen.used));
                ck_assert_int_eq(pen.replaced, replaced);
                fn_pen_free(&pen);
            }
}
END_TEST

START_TEST(a_pen_in_memory_writes_what_it_writes_to_an_output)
{
    fn_run run = support_run();
    fn_pen memory = { .run = &run }, pen = { .run = &run };
    const char *path = support_scratch("pen.txt");
    size_t size;
    ck_assert_int_eq(fn_output_open(&run, path, &pen.output), FN_OK);
    for (uint64_t i = 0; i < 3000; i++) {
        put_everything(&memory, i);
        put_everything(&pen, i);
    }
    ck_assert_int_eq(memory.status, FN_OK);
    ck_assert_int_eq(pen.status, FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, pen.output), FN_OK);
    char *bytes = content(path, &size);
    ck_assert_uint_eq(size, memory.used);
    ck_assert(!memcmp(bytes, memory.text, size));
    ck_assert_int_eq(memory.replaced, pen.replaced);
    ck_assert_int_gt(pen.replaced, 1000);
    free(bytes);
    fn_pen_free(&memory);
}
END_TEST

START_TEST(a_pen_without_memory_stops_writing)
{
    for (long call = 0; call < 4; call++) {
        fn_run run = support_run();
        fn_pen pen = { .run = &run };
        fn_memory_fail_at(call, false);
        uint64_t i = 0;
        while (!pen.status && i < 1000) put_everything(&pen, i++);
        size_t used = pen.used;
        for (uint64_t more = 0; more < 1000; more++) put_everything(&pen, more);
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(pen.status, FN_ENOMEM);
        ck_assert_uint_eq(pen.used, used);
        fn_pen_free(&pen);
    }
}
END_TEST

Suite *suite_rows(void)
{
    Suite *suite = suite_create("rows");
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, rows_come_in_their_order_whatever_the_threads);
    tcase_add_test(rows, the_first_fault_in_the_order_of_rows_wins);
    tcase_add_test(rows, a_run_stopped_in_the_middle_leaves_nothing);
    tcase_add_test(rows, every_failing_allocation_leaves_no_file);
    tcase_add_test(rows, a_full_disk_is_an_error_for_rows);
    tcase_add_test(rows, a_closed_pipe_is_told_apart_for_rows);
    tcase_set_timeout(rows, 60);
    suite_add_tcase(suite, rows);
    TCase *pens = tcase_create("pens");
    tcase_add_test(pens, xml_is_escaped_wherever_a_special_byte_stands);
    tcase_add_test(pens, a_pen_in_memory_writes_what_it_writes_to_an_output);
    tcase_add_test(pens, a_pen_without_memory_stops_writing);
    suite_add_tcase(suite, pens);
    return suite;
}
