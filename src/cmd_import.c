/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "io/report.h"
#include "src/command.h"

static const fn_param params[] = {
    { "report", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL, "write the import report there as JSON" },
    { .name = NULL }
};

static fn_status write_account(fn_call *call, const char *path, const fn_account *account, bool json)
{
    fn_output *output;
    fn_status status = fn_output_open(&call->run, path, &output);
    if (status) return status;
    status = json ? fn_account_write_json(&call->run, output, account)
                  : fn_account_write_text(&call->run, output, account);
    if (status) fn_output_abort(output);
    else status = fn_output_commit(&call->run, output);
    return status;
}

static fn_status run_import(fn_call *call)
{
    fn_run *run = &call->run;
    fn_net *net = NULL;
    fn_output *output = NULL;
    const fn_format *format = fn_format_find("fnet");
    const char *path = fn_call_output(call);
    fn_status status = fn_call_read(call, &net);
    if (!status) status = fn_call_keep_selected(call, net);
    if (!status) status = fn_output_open(run, path, &output);
    if (!status && fn_output_is_terminal(output))
        status = fn_fail(run, FN_EINVAL, "a network file is no text for a terminal: -o FILE.fnet");
    if (!status) {
        fn_export export_ = { .net = net, .tie_count = fn_net_ties(net) };
        status = format->write(run, output, &export_);
    }
    if (!status) status = fn_output_seal(run, output);
    const char *report = fn_values_text(call->values, "report");
    if (!status && report) status = write_account(call, report, fn_net_account(net), true);
    if (!status) status = fn_output_commit(run, output);
    else fn_output_abort(output);
    /* The report for people: on standard output, unless the network itself goes there. */
    if (!status && path && strcmp(path, "-") != 0 && !fn_values_flag(call->values, "quiet"))
        status = write_account(call, NULL, fn_net_account(net), false);
    fn_net_free(net);
    return status;
}

const fn_command fn_command_import = {
    .name = "import",
    .group = "Getting data",
    .usage = "INPUT... -o FILE.fnet [--report FILE.json]",
    .text = "the network file, and the import report: read = kept + merged + rejected",
    .example = "firmnet import tenders.jsonl.gz -o tenders.fnet --report import.json",
    .takes = FN_TAKES_READING | FN_TAKES_SELECTION,
    .params = params,
    .inputs_least = 1, .inputs_most = SIZE_MAX, .needs_output = true, .run = run_import
};
