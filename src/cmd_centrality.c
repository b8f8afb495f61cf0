/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/analysis.h"

static const fn_param params[] = {
    { "measure", 'm', FN_PARAM_TEXT, "LIST", NULL, 0, 0, NULL,
      "these measures, e.g. pagerank,hits (`firmnet list` names all)" },
    { .name = NULL }
};

static fn_status run_centrality(fn_call *call)
{
    fn_run *run = &call->run;
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    fn_column *firm;
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_measures(call, &a, fn_values_text(call->values, "measure"));
    if (!status) status = fn_table_new(run, a.view->firms, &table);
    if (!status) status = fn_table_add_borrowed(run, table, "firm", fn_net_keys(a.net), &firm);
    for (uint32_t f = 0; !status && f < a.view->firms; f++) firm->text[f] = f;
    if (!status) {
        status = fn_table_join_take(run, table, a.measures);
        a.measures = NULL;
    }
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_centrality = {
    .name = "centrality",
    .group = "Analysing",
    .usage = "INPUT... [--measure LIST]",
    .text = "measures of importance, one column each",
    .example = "firmnet centrality ties.tsv.gz --measure pagerank,betweenness",
    .takes = FN_TAKES_CENTRALITY | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_centrality
};
