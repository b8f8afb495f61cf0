/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/tie_relation.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"
#include "src/analysis.h"

static const fn_param params[] = {
    { "measure", 'm', FN_PARAM_TEXT, "LIST", "strength", 0, 0, NULL,
      "only these measures, e.g. strength,truss (`firmnet list` names them)" },
    { .name = "relation", .type = FN_PARAM_FLAG,
      .text = "also time, intensity and intimacy: duration, periods, regularity, share_from, share_to, repeats" },
    { .name = "closure", .type = FN_PARAM_FLAG,
      .text = "also open_strong: strong ties at either end that this one makes no triangle with; says how many are "
              "open in all" },
    { .name = "tests", .type = FN_PARAM_TEXT, .argument = "LIST",
      .text = "also what these methods of `firmnet backbone` find, e.g. disparity,noise-corrected" },
    { .name = "bridges", .type = FN_PARAM_TEXT, .argument = "FILE",
      .text = "write the bridges between clusters there, with what would fall apart without them" },
    { .name = NULL }
};

/* The columns of a method, under its name. */
static fn_status add_test(fn_call *call, fn_analysis *a, const fn_algorithm *method)
{
    fn_run *run = &call->run;
    fn_table *judged;
    fn_status status = fn_table_new(run, a->view->ties, &judged);
    if (!status) status = method->run(run, a->view, call->values, judged);
    for (size_t c = 0; !status && c < judged->columns; c++) {
        fn_column *column = judged->column[c];
        char name[96];
        int length = snprintf(name, sizeof name, "%s_%s", method->name, column->name);
        for (char *at = name; *at; at++)
            if (*at == '-') *at = '_';
        char *renamed = fn_copy_text(run, name, (size_t) length);
        if (!renamed) status = FN_ENOMEM;
        else {
            fn_free(column->name);
            column->name = renamed;
        }
    }
    if (!status) return fn_table_join_take(run, a->strength, judged);
    fn_table_free(judged);
    return status;
}

/* The next name of a list "a,b", cut to what a name can be; false: there is no more. */
static bool next_word(const char **at, char word[64])
{
    if (!*at || !**at) return false;
    size_t length = strcspn(*at, ",");
    snprintf(word, 64, "%.*s", (int) (length < 64 ? length : 63), *at);
    *at += length + ((*at)[length] == ',');
    return true;
}

/* Before anything is read. */
static fn_status check_tests(fn_call *call, const char *list)
{
    const char *names[64], *at = list;
    char word[64], quoted[FN_QUOTE_TEXT];
    size_t count = 0;
    for (const fn_algorithm *const *m = fn_algorithms; *m && count < 64; m++)
        if ((*m)->group == FN_GROUP_BACKBONE) names[count++] = (*m)->name;
    if (list && !*list) {
        fn_fail(&call->run, FN_EINVAL, "--tests names none");
        fn_hint(&call->run, "--tests disparity; `firmnet list` names them: backbone");
        return FN_EINVAL;
    }
    while (next_word(&at, word)) {
        if (fn_algorithm_find(FN_GROUP_BACKBONE, word)) continue;
        const char *near = fn_nearest(word, names, count);
        fn_fail(&call->run, FN_EINVAL, "there is no test %s", fn_quote(word, strlen(word), quoted));
        if (near) fn_hint(&call->run, "--tests %s", near);
        else fn_hint(&call->run, "`firmnet list` names them: backbone");
        return FN_EINVAL;
    }
    return FN_OK;
}

static fn_status add_tests(fn_call *call, fn_analysis *a, const char *list)
{
    fn_status status = FN_OK;
    char word[64];
    while (!status && next_word(&list, word))
        status = add_test(call, a, fn_algorithm_find(FN_GROUP_BACKBONE, word));
    return status;
}

static fn_status add_closure(fn_call *call, fn_analysis *a)
{
    uint64_t wedges, open;
    fn_status status = fn_strong_closure(&call->run, a->view, fn_table_find(a->strength, "class"), a->strength, &wedges,
                                         &open);
    if (!status)
        fn_note(&call->run, "of %llu pairs of strong ties at one firm %llu are open: the other ends are not tied",
                (unsigned long long) wedges, (unsigned long long) open);
    return status;
}

static fn_status write_bridges(fn_call *call, const fn_analysis *a, const char *path, fn_output **output)
{
    fn_table *table;
    int64_t apart = 0;
    fn_status status = fn_tie_bridges(&call->run, a->view, a->partition->cluster, fn_table_find(a->strength, "class"),
                                      &table);
    if (!status) status = fn_output_open(&call->run, path, output);
    if (!status) status = fn_table_write(&call->run, *output, table, FN_TABLE_TSV, NULL);
    if (!status) status = fn_output_seal(&call->run, *output);
    for (size_t row = 0; !status && row < table->rows; row++)
        apart += fn_table_find(table, "firms_apart")->integer[row] > 0;
    if (!status)
        fn_note(&call->run, "%zu bridges between clusters, %lld of which firms hang on", table->rows,
                (long long) apart);
    fn_table_free(table);
    return status;
}

static fn_status add_more(fn_call *call, fn_analysis *a, fn_output **bridges)
{
    const fn_values *v = call->values;
    fn_status status = add_tests(call, a, fn_values_text(v, "tests"));
    if (!status && fn_values_flag(v, "closure")) status = add_closure(call, a);
    if (!status && fn_values_text(v, "bridges")) status = write_bridges(call, a, fn_values_text(v, "bridges"), bridges);
    return status;
}

/* What rests on classes of ties. */
static fn_status check_options(fn_call *call, bool strength)
{
    static const char *const of_classes[] = { "rules", "closure", "bridges" };
    for (size_t i = 0; i < sizeof of_classes / sizeof *of_classes && !strength; i++)
        if (fn_values_given(call->values, of_classes[i])) {
            fn_fail(&call->run, FN_EINVAL, "--%s rests on the classes of ties, which measure strength gives",
                    of_classes[i]);
            fn_hint(&call->run, "--measure strength,...");
            return FN_EINVAL;
        }
    return FN_OK;
}

/* Both files or none. */
static fn_status run_ties(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_output *bridges = NULL;
    const char *list = fn_values_text(call->values, "measure");
    bool strength = fn_analysis_is_listed(list, "strength");
    fn_memory_keep();
    fn_status status = fn_analysis_check_measures(call, FN_GROUP_TIES, list);
    if (!status) status = check_options(call, strength);
    if (!status) status = check_tests(call, fn_values_text(call->values, "tests"));
    if (!status) status = fn_analysis_read(call, &a);
    if (!status && strength) {
        status = fn_analysis_clusters(call, &a);
        if (!status) status = fn_analysis_ties(call, &a);
    }
    if (!status) status = fn_analysis_tie_measures(call, &a, list);
    if (!status && fn_values_flag(call->values, "relation")) status = fn_analysis_tie_measures(call, &a, "relation");
    if (!status) status = add_more(call, &a, &bridges);
    if (!status) status = fn_ties_table_written(call, &a);
    if (!status) status = fn_call_table(call, a.ties);
    if (!status && bridges) status = fn_output_commit(&call->run, bridges);
    else fn_output_abort(bridges);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_ties = {
    .name = "ties",
    .group = "Analysing",
    .usage = "INPUT... [--measure LIST]",
    .text = "how strong each tie is, and why",
    .details = "One row a tie: what it is, how strong, its class (strong, weak, bridge, new, latent) and the reason\n"
               "for it. Clusters are found first: a bridge joins two. --measure takes other measures: their columns\n"
               "then follow `last`, and no clusters are sought unless strength is among them.\n\n"
               "Classes follow this table. Names with a hyphen are options; facts are columns (below) and:\n"
               "days_since_first, days_since_last (to the end of the data), data_days (its length), joins_clusters,\n"
               "clusters_unknown, partners (of the end that has fewer), p (the smaller of p_from and p_to, where they\n"
               "say anything), single (the only tie of a side), records (count), q_records (are they more than chance\n"
               "gives? marginal likelihood, corrected for many tests). --rules FILE puts another table in its place,\n"
               "with these facts and options, and also p_from, p_to, p_records, single_to, duration, layers,\n"
               "reciprocity:\n\n" FN_TIE_RULES,
    .example = "firmnet ties tenders.jsonl.gz --layer supply",
    .columns = fn_columns_ties,
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_TIE_MEASURES | FN_TAKES_TESTS | FN_TAKES_SELECTION | FN_TAKES_WEIGHT |
             FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_ties
};
