/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "src/clusters_slices.h"
#include "src/clusters_trust.h"

static const fn_param params[] = {
    { "scan", 0, FN_PARAM_TEXT, "LOW:HIGH", NULL, 0, 0, NULL,
      "the partitions that are best somewhere between these resolutions, instead of firms" },
    { "searches", 0, FN_PARAM_INT, "N", "48", 2, 10000, NULL, "searches that a scan makes at most" },
    { "null", 0, FN_PARAM_INT, "R", NULL, 1, 100000, NULL,
      "is the quality above that of R rewired networks of the same degrees? says z" },
    { "summary", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL,
      "writes one row there: sizes, quality, code length, and what --null, --consensus and --min-size found" },
    { "start", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL,
      "leiden begins with the clusters of this table (firm, cluster) instead of single firms" },
    { "by", 0, FN_PARAM_CHOICE, "PERIOD", NULL, 0, 0, "year|quarter|month",
      "clusters over periods: one row a firm and period, a cluster keeps its number" },
    { "coupling", 0, FN_PARAM_REAL, "W", "1", 0, 1e9, NULL,
      "with --by: what binds a firm to itself in its next period, 1 as much as the mean tied pair" },
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

/* The summary is sealed before the firms are written and put in place after: both are there, or none. */
static fn_status write_tables(fn_call *call, const fn_table *table, const fn_table *summary)
{
    fn_run *run = &call->run;
    fn_output *output = NULL;
    fn_table_form form = fn_values_flag(call->values, "json") ? FN_TABLE_JSON
                       : fn_values_flag(call->values, "csv") ? FN_TABLE_CSV : FN_TABLE_TSV;
    fn_status status = summary ? fn_output_open(run, fn_values_text(call->values, "summary"), &output) : FN_OK;
    if (output && !status) status = fn_table_write(run, output, summary, form, NULL);
    if (output && !status) status = fn_output_seal(run, output);
    if (!status) status = fn_call_table(call, table);
    if (!status && output) {
        status = fn_output_commit(run, output);
        output = NULL;
    }
    fn_output_abort(output);
    return status;
}

static void note_clusters(fn_run *run, const fn_analysis *a)
{
    char quality[FN_REAL_TEXT];
    fn_real_format(a->partition->quality, quality);
    fn_note(run, "%u clusters of %u firms, %s %s", a->partition->clusters, a->partition->firms,
            a->leiden.quality == FN_QUALITY_CPM ? "CPM quality" : "modularity", quality);
    if (a->isolated)
        fn_note(run, "%u of the firms are isolated: no tie binds them, each is a cluster by itself", a->isolated);
}

static fn_status find_firms(fn_call *call, fn_analysis *a, fn_table **table, fn_table **summary)
{
    fn_null null;
    bool with_null = fn_values_given(call->values, "null");
    fn_status status = fn_analysis_clusters(call, a);
    if (!status) note_clusters(&call->run, a);
    if (!status && with_null) status = fn_clusters_null(call, a, &null);
    if (!status && summary) status = fn_clusters_summary(call, a, with_null ? &null : NULL, summary);
    return status ? status : make_table(call, a, table);
}

static fn_status run_firms(fn_call *call, fn_analysis *a, fn_table **table)
{
    fn_table *summary = NULL, **wanted = fn_values_text(call->values, "summary") ? &summary : NULL;
    fn_status status = fn_values_given(call->values, "by") ? fn_clusters_slices(call, a, table, wanted)
                                                            : find_firms(call, a, table, wanted);
    if (!status) status = write_tables(call, *table, summary);
    fn_table_free(summary);
    return status;
}

static fn_status run_clusters(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    fn_status status = fn_clusters_slices_check(call);
    if (!status) status = fn_analysis_read(call, &a);
    if (!status && fn_values_given(call->values, "scan")) {
        status = fn_clusters_scan(call, &a, &table);
        if (!status) status = fn_call_table(call, table);
    } else if (!status) {
        status = run_firms(call, &a, &table);
    }
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
               "part of the cluster it is in (cluster_1), the part of that part (cluster_2), and so on.\n"
               "--by year: one row a firm and period in which it has ties: firm, period, cluster, stability, stayed\n"
               "(in the cluster of its period before). Each period has its own null model, and each firm is coupled\n"
               "to itself in its next period by W (Mucha et al. 2010), so a cluster that goes on keeps its number; 0\n"
               "couples nothing, more holds firms where they are; 1 is what the mean tied pair of a period weighs.\n"
               "--scan: one row a plateau instead: resolution_from, resolution_to, between which a partition is the\n"
               "best of those found (CHAMP, Weir et al. 2017), clusters, largest, plateau (log of the ratio),\n"
               "resolution (the middle), quality there = inside - resolution * expected, nmi_before, nmi_next, found\n"
               "(searches).\n"
               "--null: modularity of random networks is high, too; z says how far the quality is above what the\n"
               "degrees alone give (ties rewired, Maslov and Sneppen 2002). Said on standard error, and written by\n"
               "--summary and --scan.",
    .example = "firmnet clusters ties.tsv.gz --resolution 0.8 --runs 10 > clusters.tsv",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_clusters
};
