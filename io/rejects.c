/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <string.h>
#include "graph/text.h"
#include "io/rejects.h"

fn_status fn_rejects_start(fn_run *run, fn_output *rejects)
{
    return fn_output_text(run, rejects, "file\tline\treason\trow\n");
}

fn_status fn_rejects_add(fn_run *run, fn_import *import, const char *file, int64_t line, const char *reason,
                         const char *row, size_t length)
{
    fn_output *out = import->rejects;
    if (!out) return FN_OK;
    size_t name_length;
    const char *name = fn_file_name(file, &name_length);
    fn_status status = fn_output_write(run, out, name, name_length);
    if (!status) status = fn_output_format(run, out, "\t%" PRId64 "\t%s\t", line, reason);
    const char *at = row, *end = at + length;
    while (!status && at < end) {
        const char *stop = at;
        while (stop < end && *stop != '\t' && *stop != '\n' && *stop != '\r' && *stop != '\\') stop++;
        status = fn_output_write(run, out, at, (size_t) (stop - at));
        if (stop < end && !status)
            status = fn_output_text(run, out,
                                    *stop == '\t'   ? "\\t"
                                    : *stop == '\n' ? "\\n"
                                    : *stop == '\r' ? "\\r"
                                                    : "\\\\");
        at = stop + 1;
    }
    return status ? status : fn_output_text(run, out, "\n");
}

char *fn_unquote(char *quoted)
{
    quoted[strlen(quoted) - 1] = '\0';
    return quoted + 1;
}

fn_status fn_row_reject(fn_run *run, fn_import *import, const fn_delimited *text, const char *unit,
                        fn_complaint complaint, const char *value, size_t length)
{
    char quoted[FN_QUOTE_TEXT];
    const char *file = fn_source_name(text->source);
    fn_quote(value, length, quoted);
    if (!import->options->keep_going) {
        fn_fail_at(run, FN_EPARSE, file, text->line, -1, "%s (%s)", complaint.words, quoted);
        if (complaint.hint)
            fn_hint(run, "%s; --keep-going sets such rows aside", complaint.hint);
        else
            fn_hint(run, "--keep-going sets such rows aside");
        return FN_EPARSE;
    }
    fn_status status = fn_account_count(run, import->account, unit, FN_REJECTED, complaint.reason, complaint.words, 1,
                                        file, text->line, fn_unquote(quoted));
    if (status) return status;
    return fn_rejects_add(run, import, file, text->line, complaint.reason, text->row, text->row_length);
}
