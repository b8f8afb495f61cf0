/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/roles.h"
#include "src/analysis.h"

static fn_status run_roles(fn_call *call)
{
    fn_run *run = &call->run;
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    fn_column *firm, *cluster;
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status) status = fn_table_new(run, a.view->firms, &table);
    if (!status) status = fn_table_add_borrowed(run, table, "firm", fn_net_keys(a.net), &firm);
    if (!status) status = fn_table_add(run, table, "cluster", FN_COLUMN_INT, &cluster);
    for (uint32_t f = 0; !status && f < a.view->firms; f++) {
        firm->text[f] = f;
        cluster->integer[f] = (int64_t) a.partition->cluster[f] + 1;
    }
    if (!status) status = fn_firm_roles(run, a.view, a.partition->cluster, a.partition->clusters, table);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_roles = {
    .name = "roles",
    .group = "Analysing",
    .usage = "INPUT...",
    .text = "what each firm is to its cluster: hub or periphery, and between whom it stands",
    .details = "One row a firm. Its role is told by two numbers (Guimera and Amaral 2005): how many partners it has\n"
               "within its cluster beside the other members (within_z), and over how many clusters all its partners\n"
               "are spread (participation). Then how often it stands between two firms that have no tie (Gould and\n"
               "Fernandez 1989).",
    .example = "firmnet roles ties.tsv.gz",
    .columns = fn_columns_roles,
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_roles
};
