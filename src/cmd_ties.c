/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/analysis.h"

static const fn_param params[] = {
    { "measure", 'm', FN_PARAM_TEXT, "LIST", "strength", 0, 0, NULL,
      "only these measures, e.g. strength,truss (`firmnet list` names them)" },
    { .name = NULL }
};

static fn_status run_ties(fn_call *call)
{
    fn_analysis a = { 0 };
    const char *list = fn_values_text(call->values, "measure");
    fn_status status = fn_analysis_check_measures(call, FN_GROUP_TIES, list);
    if (!status) status = fn_analysis_read(call, &a);
    if (!status && fn_analysis_is_listed(list, "strength")) {
        status = fn_analysis_clusters(call, &a);
        if (!status) status = fn_analysis_ties(call, &a);
    }
    if (!status) status = fn_analysis_tie_measures(call, &a, list);
    if (!status) status = fn_ties_table(call, &a);
    if (!status) status = fn_call_table(call, a.ties);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_ties = {
    .name = "ties",
    .group = "Analysing",
    .usage = "INPUT... [--measure LIST]",
    .text = "how strong each tie is, and why",
    .details = "One row a tie: from, to, layer, value, currency, count, first, last, overlap, squares, p_from, p_to, reciprocity,\n"
               "layers, class (strong, weak, bridge, new, latent) and reason. Clusters are found first: a bridge joins two.\n"
               "--measure takes others: columns then follow `last`, and no clusters are sought unless strength is among them.",
    .example = "firmnet ties tenders.jsonl.gz --layer supply",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_TIE_MEASURES | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_ties
};
