/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "io/edgelist_block.h"
#include "tests/io/edgelist_support.h"

const fn_read_options edges_plain = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };

const char *edges_scratch(const char *name, const char *bytes, size_t length)
{
    const char *path = support_scratch(name);
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return path;
}

static void check_same_columns(const fn_net *a, const fn_net *b)
{
    const fn_table *x = fn_net_tie_columns(a), *y = fn_net_tie_columns(b);
    ck_assert_uint_eq(x->columns, y->columns);
    for (size_t c = 0; c < x->columns; c++)
        for (size_t row = 0; row < x->rows; row++) {
            char one[FN_REAL_TEXT], two[FN_REAL_TEXT];
            size_t m, n;
            const char *s = fn_column_cell(x->column[c], row, one, &m), *t = fn_column_cell(y->column[c], row, two, &n);
            ck_assert(m == n && memcmp(s, t, n) == 0);
        }
}

static void check_same_account(const fn_account *a, const fn_account *b)
{
    ck_assert_uint_eq(fn_account_lines(a), fn_account_lines(b));
    for (size_t i = 0; i < fn_account_lines(a); i++) {
        const fn_account_line *x = fn_account_line_at(a, i), *y = fn_account_line_at(b, i);
        ck_assert_str_eq(x->reason, y->reason);
        ck_assert_str_eq(x->example, y->example);
        ck_assert_msg(x->count == y->count && x->line == y->line && x->outcome == y->outcome, "%s: %lld at %lld, %lld at %lld",
                      x->reason, (long long) x->count, (long long) x->line, (long long) y->count, (long long) y->line);
    }
    ck_assert_uint_eq(fn_account_sums(a), fn_account_sums(b));
    for (size_t i = 0; i < fn_account_sums(a); i++) {
        const fn_account_sum *x = fn_account_sum_at(a, i), *y = fn_account_sum_at(b, i);
        ck_assert_str_eq(x->label, y->label);
        ck_assert(fn_sum_value(&x->sum) == fn_sum_value(&y->sum) && x->sum.terms == y->sum.terms);
    }
}

/* All that was read is the same. */
static void check_same_net(const fn_net *a, const fn_net *b)
{
    ck_assert_uint_eq(fn_net_firms(a), fn_net_firms(b));
    for (uint32_t f = 0; f < fn_net_firms(a); f++) {
        size_t m, n;
        const char *x = fn_names_text(fn_net_keys(a), f, &m), *y = fn_names_text(fn_net_keys(b), f, &n);
        ck_assert(m == n && memcmp(x, y, n) == 0);
    }
    ck_assert_uint_eq(fn_net_ties(a), fn_net_ties(b));
    ck_assert_int_eq(fn_net_records(a), fn_net_records(b));
    for (size_t e = 0; e < fn_net_ties(a); e++) {
        const fn_tie x = fn_net_tie_at(a, e), y = fn_net_tie_at(b, e);
        ck_assert(x.from == y.from && x.to == y.to && x.layer == y.layer && x.currency == y.currency);
        ck_assert(x.product == y.product && x.count == y.count && x.first == y.first && x.last == y.last);
        ck_assert((x.value == y.value || (isnan(x.value) && isnan(y.value))) &&
                  (x.weight == y.weight || (isnan(x.weight) && isnan(y.weight))));
    }
    check_same_columns(a, b);
    check_same_account(fn_net_account(a), fn_net_account(b));
}

fn_status edges_read_once(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net)
{
    const char *path = edges_scratch("ties", bytes, length);
    fn_status status = fn_read(run, &path, 1, options, net, NULL, NULL);
    unlink(path);
    return status;
}

bool edges_once;

void edges_read_once_only(void)
{
    edges_once = true;
}

/* Row by row, and in pieces of several sizes on several threads: always the same. */
fn_status edges_read_bytes(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net)
{
    static const size_t pieces[] = { 1, 5, 64, FN_PIECE_TEXT };
    static const int threads[] = { 1, 3, 1, 2 };
    const char *path = edges_scratch("ties", bytes, length);
    fn_run start = *run;
    fn_edge_blocks_off = true;
    fn_status status = fn_read(run, &path, 1, options, net, NULL, NULL);
    fn_edge_blocks_off = false;
    for (size_t p = 0; !edges_once && p < sizeof pieces / sizeof *pieces; p++) {
        if (length / pieces[p] > 20000) continue;
        fn_run again = start;
        fn_net *other;
        again.log = NULL;
        again.threads = threads[p];
        fn_source_portions(0, pieces[p]);
        ck_assert_int_eq(fn_read(&again, &path, 1, options, &other, NULL, NULL), status);
        ck_assert_int_eq(again.error.line, run->error.line);
        ck_assert_str_eq(again.error.message, run->error.message);
        ck_assert_str_eq(again.error.hint, run->error.hint);
        if (!status) check_same_net(*net, other);
        fn_net_free(other);
    }
    fn_source_portions(0, 0);
    unlink(path);
    return status;
}

fn_net *edges_read_good(const char *text, const fn_read_options *options)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = edges_read_bytes(&run, text, strlen(text), options, &net);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    return net;
}

/* The run must stop with FN_EPARSE at the line, and say these words. */
void edges_check_refused(const char *bytes, size_t length, const fn_read_options *options, int64_t line,
                          const char *words)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = edges_read_bytes(&run, bytes, length, options, &net);
    ck_assert_msg(status == FN_EPARSE, "%.120s: status %d", bytes, status);
    ck_assert_ptr_null(net);
    ck_assert_msg(run.error.line == line, "%.120s: line %lld: %s", bytes, (long long) run.error.line, run.error.message);
    ck_assert_msg(strstr(run.error.message, words) || strstr(run.error.hint, words),
                  "%.120s: \"%s\" (%s) does not say \"%s\"", bytes, run.error.message, run.error.hint, words);
    ck_assert_msg(strstr(run.error.file, "ties") != NULL, "file %s", run.error.file);
}

void edges_refuse(const char *text, int64_t line, const char *words)
{
    edges_check_refused(text, strlen(text), &edges_plain, line, words);
}

/* "from>to:layer:value:count:first:last;…" of every tie */
void edges_check_ties(const fn_net *net, const char *expected)
{
    static char all[8192];
    size_t n = 0;
    all[0] = '\0';
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *tie = FN_TIE(net, e);
        char value[FN_REAL_TEXT], first[FN_DATE_TEXT], last[FN_DATE_TEXT];
        fn_real_format(tie->value, value);
        fn_date_format(tie->first, first);
        fn_date_format(tie->last, last);
        n += (size_t) snprintf(
            all + n, sizeof all - n, "%s>%s:%s:%s:%lld:%s:%s;", fn_names_text(fn_net_keys(net), tie->from, NULL),
            fn_names_text(fn_net_keys(net), tie->to, NULL), fn_names_text(fn_net_layers(net), tie->layer, NULL), value,
            (long long) tie->count, first, last);
    }
    ck_assert_str_eq(all, expected);
}

void edges_check_reads(const char *text, const char *expected)
{
    fn_net *net = edges_read_good(text, &edges_plain);
    edges_check_ties(net, expected);
    fn_net_free(net);
}

int64_t edges_total(const fn_net *net, fn_outcome outcome, const char *reason)
{
    return fn_account_total(fn_net_account(net), "row", outcome, reason);
}
