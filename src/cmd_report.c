/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/write.h"

static fn_status run_report(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_output *output = NULL;
    fn_status status = fn_analysis_all(call, &a);
    if (!status) status = fn_output_open(&call->run, fn_call_output(call), &output);
    if (!status) status = fn_write_report(call, &a, output);
    if (!status) status = fn_output_commit(&call->run, output);
    else fn_output_abort(output);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_report = {
    .name = "report",
    .group = "Start here",
    .usage = "INPUT... -o FILE.html",
    .text = "one self-contained page: what was read, clusters, central companies, a map",
    .example = "firmnet report tenders.jsonl.gz -o report.html",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRALITY | FN_TAKES_TIES | FN_TAKES_CENTRAL | FN_TAKES_SELECTION |
             FN_TAKES_WEIGHT | FN_TAKES_READING,
    .inputs_least = 1, .inputs_most = SIZE_MAX, .needs_output = true, .run = run_report
};
