/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/central_explain.h"

static const fn_param params[] = {
    { "all", 'a', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "rank every member of every cluster" },
    { "explain", 0, FN_PARAM_TEXT, "FIRM", NULL, 0, 0, NULL,
      "a text about one firm (key or name) instead: what speaks for it as head" },
    { "groups", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "firms that one firm owns by half or more count as that firm (layer ownership)" },
    { .name = NULL }
};

/* Of one buyer's data the central company is nearly always missing: said, with what there is instead. */
static void note_heads(fn_call *call, const fn_analysis *a)
{
    const fn_column *head = fn_table_find(a->heads, "central_company");
    const fn_column *authority = fn_table_find(a->heads, "authority");
    size_t heads = 0, authorities = 0;
    for (size_t row = 0; row < a->heads->rows; row++) {
        heads += !fn_column_missing(head, row);
        authorities += !fn_column_missing(authority, row);
    }
    fn_note(&call->run, "%zu cluster%s, %zu with a single head%s", a->heads->rows, a->heads->rows == 1 ? "" : "s",
            heads, heads < a->heads->rows ? "; column reason says why the others have none" : "");
    if (authorities)
        fn_note(&call->run, "in %zu an authority buys more than any company: no head, but named in column authority",
                authorities);
}

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
    if (!status && !firm && !all) note_heads(call, &a);
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
    .details = "A central company heads its cluster: it buys from the other members, by tender, products that\n"
               "complement each other (Andrianov and Lincen). One row a cluster; an empty central_company means that\n"
               "there is no single head, and `reason` says why. --all ranks every member instead, --explain tells\n"
               "about one firm. Index and thresholds (--min-…) are proposals of this program. Tenders are drawn anew\n"
               "(--resamples: a bootstrap) to see whether the same firm would come first had a few tenders more or\n"
               "less been called.",
    .example = "firmnet central tenders.jsonl.gz\n  firmnet central --explain 'Alfa Ltd' tenders.jsonl.gz",
    .columns = fn_columns_central,
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRAL | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING |
             FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_central
};
