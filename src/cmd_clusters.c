/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "src/analysis.h"

static const fn_param params[] = {
    { "method", 0, FN_PARAM_TEXT, "NAME", "leiden", 0, 0, NULL, "algorithm (`firmnet list` names them)" },
    { "levels", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "also the parts that clusters are made of: columns cluster_1, and cluster_2 … for parts of parts" },
    { .name = NULL }
};

static fn_status add_levels(fn_run *run, const fn_partition *partition, fn_table *table)
{
    for (int level = 0; level < partition->levels; level++) {
        char name[32];
        fn_column *column;
        snprintf(name, sizeof name, "cluster_%d", level + 1);
        fn_status status = fn_table_add(run, table, name, FN_COLUMN_INT, &column);
        if (status) return status;
        for (uint32_t f = 0; f < partition->firms; f++) column->integer[f] = (int64_t) partition->level[level][f] + 1;
    }
    return FN_OK;
}

static fn_status make_table(fn_call *call, fn_analysis *a, fn_table **table)
{
    fn_run *run = &call->run;
    fn_column *firm, *cluster, *stability;
    fn_status status = fn_table_new(run, a->view->firms, table);
    if (!status) status = fn_table_add_borrowed(run, *table, "firm", fn_net_keys(a->net), &firm);
    if (!status) status = fn_table_add(run, *table, "cluster", FN_COLUMN_INT, &cluster);
    if (!status) status = fn_table_add(run, *table, "stability", FN_COLUMN_REAL, &stability);
    for (uint32_t f = 0; !status && f < a->view->firms; f++) {
        firm->text[f] = f;
        cluster->integer[f] = (int64_t) a->partition->cluster[f] + 1;
        if (a->partition->stability) stability->real[f] = a->partition->stability[f];
    }
    return status ? status : add_levels(run, a->partition, *table);
}

static fn_status run_clusters(fn_call *call)
{
    fn_run *run = &call->run;
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    const char *method = fn_values_text(call->values, "method");
    if (!fn_algorithm_find(FN_GROUP_CLUSTERS, method)) {
        char quoted[FN_QUOTE_TEXT];
        fn_fail(run, FN_EINVAL, "there is no method %s", fn_quote(method, strlen(method), quoted));
        fn_hint(run, "--method leiden");
        return FN_EINVAL;
    }
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status) {
        char quality[FN_REAL_TEXT];
        fn_real_format(a.partition->quality, quality);
        fn_note(run, "%u clusters of %u firms, %s %s", a.partition->clusters, a.partition->firms,
                a.leiden.quality == FN_QUALITY_CPM ? "CPM quality" : "modularity", quality);
        status = make_table(call, &a, &table);
    }
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_clusters = {
    .name = "clusters",
    .group = "Analysing",
    .usage = "INPUT...",
    .text = "which cluster each firm belongs to",
    .details = "One row a firm: firm, cluster (1 = largest), stability (over --runs, else empty); with --levels the\n"
               "part of the cluster it is in (cluster_1), the part of that part (cluster_2), and so on.",
    .example = "firmnet clusters ties.tsv.gz --resolution 0.8 --runs 10 > clusters.tsv",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_clusters
};
