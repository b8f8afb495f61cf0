/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/analysis.h"

static const fn_param params[] = {
    { "all", 'a', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "rank every member of every cluster" },
    { .name = NULL }
};

static fn_status run_central(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status) status = fn_analysis_central(call, &a);
    if (!status) status = fn_call_table(call, fn_values_flag(call->values, "all") ? a.members : a.heads);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_central = {
    .name = "central",
    .group = "Analysing",
    .usage = "INPUT...",
    .text = "the central company of each cluster, with the evidence",
    .details = "One row a cluster: cluster, firms, central_company, index, gap, then the evidence. Empty central_company: no\n"
               "single head, and `reason` says why. --all ranks every member instead.",
    .example = "firmnet central tenders.jsonl.gz",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRAL | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_central
};
