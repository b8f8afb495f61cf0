/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/roles.h"
#include "src/analysis.h"

static fn_status run_centralisation(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status)
        status = fn_centralisation(&call->run, a.view, a.partition->cluster, a.partition->clusters, &table);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_centralisation = {
    .name = "centralisation",
    .group = "Analysing",
    .usage = "INPUT...",
    .text = "how far the network, and each cluster, leans on its most connected firm",
    .details = "One row the whole network (cluster empty), then one a cluster: centralisation after Freeman (1979), 0\n"
               "where all firms are alike and 1 in a star, and the firm that most is delivered to.",
    .example = "firmnet centralisation ties.tsv.gz",
    .columns = fn_columns_centralisation,
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_centralisation
};
