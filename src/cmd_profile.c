/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "src/analysis.h"

static const fn_param params[] = {
    { "attribute", 'a', FN_PARAM_TEXT, "LIST", NULL, 0, 0, NULL,
      "columns of the firms, e.g. region,industry (the default, as far as they are there)" },
    { "level", 0, FN_PARAM_REAL, "P", "0.05", 0, 1, NULL,
      "lists what has an adjusted p up to this; 1 lists everything" },
    { .name = NULL }
};

static const char standard[] = "region,industry";

static fn_status profile_one(fn_call *call, const fn_analysis *a, const char *name, bool is_asked, fn_table *table)
{
    fn_run *run = &call->run;
    const fn_column *column = fn_table_find(fn_net_firm_columns(a->net), name);
    if (!column && is_asked) {
        char quoted[FN_QUOTE_TEXT];
        fn_fail(run, FN_EINVAL, "the firms have no column %s", fn_quote(name, strlen(name), quoted));
        fn_hint(run, "--firms FILE brings attributes of firms");
        return FN_EINVAL;
    }
    if (!column) return FN_OK;
    size_t known = 0;
    for (size_t firm = 0; firm < column->rows; firm++)
        known += !fn_column_missing(column, firm) && !a->is_isolated[firm];
    fn_note(run, "%s: stated by %zu of the %u firms that have ties", name, known, a->view->firms - a->isolated);
    return fn_profile(run, column, a->partition->cluster, a->partition->clusters, a->is_isolated,
                      fn_values_real(call->values, "level"), table);
}

static fn_status profile_all(fn_call *call, const fn_analysis *a, fn_table *table)
{
    bool is_asked = fn_values_given(call->values, "attribute");
    const char *at = is_asked ? fn_values_text(call->values, "attribute") : standard;
    fn_status status = FN_OK;
    while (*at && !status) {
        size_t length = strcspn(at, ",");
        char name[256];
        if (length >= sizeof name) return fn_fail(&call->run, FN_EINVAL, "the name of an attribute is too long");
        memcpy(name, at, length);
        name[length] = '\0';
        status = profile_one(call, a, name, is_asked, table);
        at += length + (at[length] == ',');
    }
    if (!status && !fn_table_find(table, "cluster")) {
        fn_fail(&call->run, FN_EINVAL, "the firms have neither region nor industry");
        fn_hint(&call->run, "--attribute LIST names other columns, --firms FILE brings them");
        status = FN_EINVAL;
    }
    return status;
}

static fn_status run_profile(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_table *table = NULL;
    fn_status status = fn_analysis_read(call, &a);
    if (!status) status = fn_analysis_clusters(call, &a);
    if (!status) status = fn_table_new(&call->run, 0, &table);
    if (!status) status = profile_all(call, &a, table);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_profile = {
    .name = "profile",
    .group = "Analysing",
    .usage = "INPUT... [--attribute LIST]",
    .text = "regions, industries and other attributes that a cluster has more often than chance gives",
    .details = "One row a cluster and value: cluster, attribute, value, firms (of the cluster that state the\n"
               "attribute), members (firms with the value), in_cluster (both), expected, p (hypergeometric: at least\n"
               "so many by chance), p_adjusted (Benjamini and Hochberg 1995, over all clusters and values of the\n"
               "attribute). Isolated firms do not count.",
    .example = "firmnet profile ties.tsv.gz --firms firms.tsv --attribute region,industry",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_profile
};
