/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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

fn_status edges_read_bytes(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net)
{
    const char *path = edges_scratch("ties", bytes, length);
    fn_status status = fn_read(run, &path, 1, options, net, NULL, NULL);
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
        const fn_tie *tie = &fn_net_tie(net)[e];
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
