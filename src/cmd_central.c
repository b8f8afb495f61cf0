/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/central_explain.h"

static const fn_param params[] = {
    { "all", 'a', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "rank every member of every cluster" },
    { "explain", 0, FN_PARAM_TEXT, "FIRM", NULL, 0, 0, NULL, "a text about one firm (key or name) instead: what speaks for it as head" },
    { "groups", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "firms that one firm owns by half or more count as that firm (layer ownership)" },
    { .name = NULL }
};

static fn_status run_central(fn_call *call)
{
    fn_analysis a = { 0 };
    const char *firm = fn_values_text(call->values, "explain");
    bool all = fn_values_flag(call->values, "all");
    if (firm && (all || fn_values_flag(call->values, "csv") || fn_values_flag(call->values, "json"))) {
        fn_fail(&call->run, FN_EINVAL, "--explain gives a text about one firm: no table");
        fn_hint(&call->run, "without --all, --csv and --json");
        return FN_EINVAL;
    }
    fn_status status = fn_analysis_read(call, &a);
    if (!status && fn_values_flag(call->values, "groups")) status = fn_analysis_collapse(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status) status = fn_analysis_central(call, &a);
    if (!status && firm) status = fn_central_explain(call, &a, firm);
    else if (!status) status = fn_call_table(call, all ? a.members : a.heads);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_central = {
    .name = "central",
    .group = "Analysing",
    .usage = "INPUT...",
    .text = "the central company of each cluster, with the evidence",
    .details = "One row a cluster: cluster, firms, central_company, index, gap, then the evidence. Empty central_company: no\n"
               "single head, and `reason` says why. --all ranks every member instead. Tenders are drawn anew\n"
               "(--resamples) to see how sure that is: rank_low, rank_high, support, gap_low.",
    .example = "firmnet central tenders.jsonl.gz\n  firmnet central --explain 'Alfa Ltd' tenders.jsonl.gz",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRAL | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_central
};
