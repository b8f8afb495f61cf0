/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "src/command.h"

/* Are both paths one regular file? A device or a pipe may well be read and written. */
static bool same_file(const char *one, const char *two)
{
    struct stat a, b;
    return !stat(one, &a) && !stat(two, &b) && S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static fn_status refuse(fn_call *call, const char *path, const char *why)
{
    char quoted[FN_QUOTE_TEXT];
    fn_fail(&call->run, FN_EINVAL, "%s would be written over, but %s", fn_quote(path, strlen(path), quoted), why);
    fn_hint(&call->run, "another name for the output");
    return FN_EINVAL;
}

/* An output in place of what is read: nearly always a slip of the hand, and the data would be gone. */
static fn_status check_output(fn_call *call, const char *path)
{
    if (strcmp(path, "-") == 0) return FN_OK;
    for (size_t i = 0; i < call->inputs; i++)
        if (same_file(path, call->input[i])) return refuse(call, path, "it is an input");
    for (size_t i = 0; i < call->firm_table_count; i++)
        if (same_file(path, call->firm_tables[i])) return refuse(call, path, "it is an input (--firms)");
    const char *map = fn_values_param(call->values, "map") ? fn_values_text(call->values, "map") : NULL;
    if (map && same_file(path, map)) return refuse(call, path, "it is an input (--map)");
    const char *start = fn_values_param(call->values, "start") ? fn_values_text(call->values, "start") : NULL;
    return start && same_file(path, start) ? refuse(call, path, "it is an input (--start)") : FN_OK;
}

/* Every file that options name to be written, and no two of them the same. */
static fn_status check_outputs(fn_call *call)
{
    static const char *const options[] = { "output", "rejects", "report", "truth", "summary", "picture", "bridges",
                                           "tie-truth" };
    enum { OPTIONS = sizeof options / sizeof *options };
    const char *path[OPTIONS];
    size_t n = 0;
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *text = fn_values_param(call->values, options[i]) ? fn_values_text(call->values, options[i]) : NULL;
        if (!text) continue;
        fn_status status = check_output(call, text);
        if (status) return status;
        for (size_t j = 0; j < n; j++)
            if (strcmp(path[j], text) == 0 && strcmp(text, "-") != 0)
                return refuse(call, text, "two options name it");
        path[n++] = text;
    }
    return FN_OK;
}

fn_status fn_call_check_folder(fn_call *call, const char *folder, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", folder, names[i]) >= (int) sizeof path)
            return fn_fail(&call->run, FN_EINVAL, "the folder's name is too long");
        fn_status status = check_output(call, path);
        if (status) return status;
    }
    return FN_OK;
}

static fn_status check_selection(fn_call *call)
{
    const fn_values *v = call->values;
    int32_t since = fn_values_date(v, "since"), until = fn_call_until(call);
    if (since != FN_DAY_NONE && until != FN_DAY_NONE && since > until)
        return fn_fail(&call->run, FN_EINVAL, "--since %s is after --until %s", fn_values_text(v, "since"),
                       fn_values_text(v, "until"));
    const char *layers = fn_values_text(v, "layer");
    size_t length = layers ? strlen(layers) : 1;
    if (length == 0 || (layers && (layers[0] == ',' || layers[length - 1] == ',' || strstr(layers, ",,"))))
        return fn_fail(&call->run, FN_EINVAL, "--layer \"%s\" has an empty name in it", layers);
    return FN_OK;
}

fn_status fn_call_check(fn_call *call)
{
    unsigned takes = call->command->takes;
    for (size_t i = 0; i < call->inputs; i++)
        if (!call->input[i][0]) return fn_fail(&call->run, FN_EINVAL, "the name of an input is empty");
    if (takes & FN_TAKES_READING && fn_values_flag(call->values, "strict") &&
        fn_values_flag(call->values, "keep-going"))
        return fn_fail(&call->run, FN_EINVAL, "--strict stops at the first bad record, --keep-going at none: not both");
    if (takes & FN_TAKES_TABLE && fn_values_flag(call->values, "csv") && fn_values_flag(call->values, "json"))
        return fn_fail(&call->run, FN_EINVAL, "a table is written with --csv or with --json: not both");
    fn_status status = takes & FN_TAKES_SELECTION ? check_selection(call) : FN_OK;
    return status ? status : check_outputs(call);
}
