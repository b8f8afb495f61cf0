/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone.h"
#include "graph/memory.h"
#include "src/command.h"

static const fn_param common[] = {
    { "output", 'o', FN_PARAM_TEXT, "PATH", NULL, 0, 0, NULL,
      "write here instead of standard output (.gz compresses)" },
    { "threads", 't', FN_PARAM_INT, "N", "0", 0, 4096, NULL,
      "threads, 0 = all cores; results are the same for every N" },
    { "seed", 0, FN_PARAM_INT, "N", "1", 0, 9e18, NULL, "seed of everything that draws lots" },
    { "quiet", 'q', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "say errors only" },
    { "verbose", 'v', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "say more" },
    { "help", 'h', FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "this text" },
    { "version", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "versions of firmnet and igraph, and what is unpacked" },
    { .name = NULL }
};

static const fn_param table_form[] = {
    { "csv", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "table as CSV" },
    { "json", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "table as JSON Lines" },
    { .name = NULL }
};

static const fn_param reading[] = {
    { "from", 0, FN_PARAM_TEXT, "FORMAT", NULL, 0, 0, NULL, "format of the inputs (else told from their content)" },
    { "columns", 0, FN_PARAM_TEXT, "LIST", NULL, 0, 0, NULL, "what the columns are, e.g. from,to,weight,date" },
    { "map", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL,
      "lines `from = Seller Id` for columns that are called otherwise" },
    { "firms", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL, "table of firms with their attributes; may be repeated" },
    { "separator", 0, FN_PARAM_CHOICE, "WHICH", NULL, 0, 0, "tab|comma|semicolon|pipe|blanks",
      "what stands between fields (else told from the first line)" },
    { "tie-layer", 0, FN_PARAM_TEXT, "NAME", "supply", 0, 0, NULL, "layer of rows that name none" },
    { "keep-going", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "set bad rows aside, count them and go on" },
    { "rejects", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL, "list the rows and records that were set aside there" },
    { "strict", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "tender data: stop at the first bad record" },
    { "max-bidders", 0, FN_PARAM_INT, "N", "100", 2, 100000, NULL,
      "competitions with more bidders make no co-bid ties" },
    { "suppliers", 0, FN_PARAM_CHOICE, "WHICH", "all", 0, 0, "all|latest",
      "suppliers of a corrected award: all ever named, or the last release's" },
    { "include-pending", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "pending awards make ties, too" },
    { "value", 0, FN_PARAM_CHOICE, "BASIS", "auto", 0, 0, "auto|award|contract|none",
      "money of a tender tie: signed contracts if any, else the award (auto)" },
    { .name = NULL }
};

static const fn_param clustering[] = {
    { "method", 0, FN_PARAM_TEXT, "NAME", "leiden", 0, 0, NULL,
      "algorithm that finds the clusters (`firmnet list` names them)" },
    { "consensus", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "clusters on which the --runs agree, instead of the best run's" },
    { "agreement", 0, FN_PARAM_REAL, "SHARE", "0.5", 0, 1, NULL,
      "consensus: smallest share of the runs that must put two firms together" },
    { "node-weight", 0, FN_PARAM_CHOICE, "WHAT", "count", 0, 0, "count|size",
      "cpm: a firm counts 1, or by its size in --firms (the mean one is 1)" },
    { "min-size", 0, FN_PARAM_INT, "N", "1", 1, 1e9, NULL,
      "clusters of fewer firms join the neighbour that costs least quality" },
    { .name = NULL }
};

static const fn_param selection[] = {
    { "layer", 0, FN_PARAM_TEXT, "LIST", NULL, 0, 0, NULL, "only these layers, e.g. supply,cobid" },
    { "since", 0, FN_PARAM_DATE, "DATE", NULL, 0, 0, NULL, "only records from this day on (2024: from 1 January)" },
    { "until", 0, FN_PARAM_DATE, "DATE", NULL, 0, 0, NULL, "only records up to this day (2024: to 31 December)" },
    { "without", 0, FN_PARAM_TEXT, "KIND", NULL, 0, 0, NULL, "leave out ties of such firms, e.g. authority" },
    { .name = NULL }
};

static const fn_param weighing[] = {
    { "weight", 0, FN_PARAM_CHOICE, "WHAT", "value", 0, 0, "value|count|both",
      "what weighs a tie: its money, its awards, or half and half" },
    { "currency", 0, FN_PARAM_TEXT, "NAME", NULL, 0, 0, NULL, "weigh by money in this currency" },
    { .name = NULL }
};

static const fn_param tie_rules[] = {
    { "rules", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL,
      "table of rules for the classes of ties, instead of the built-in one (`help ties` shows it)" },
    { .name = NULL }
};

static const fn_param central[] = {
    { "min-gap", 0, FN_PARAM_REAL, "SHARE", "0.2", 0, 1, NULL,
      "smallest lead of a single head over the runner-up (a proposal)" },
    { "min-count-gap", 0, FN_PARAM_REAL, "SHARE", "0.4", 0, 1, NULL, "the same lead by number of awards (a proposal)" },
    { "min-index", 0, FN_PARAM_REAL, "INDEX", "0.05", 0, 1, NULL, "smallest index of a central company (a proposal)" },
    { "min-firms", 0, FN_PARAM_INT, "N", "3", 1, 1e9, NULL, "smallest cluster that can have a head" },
    { "min-competitive", 0, FN_PARAM_REAL, "SHARE", "0.5", 0, 1, NULL,
      "smallest share of competitive tenders of a head (a proposal)" },
    { "min-support", 0, FN_PARAM_REAL, "SHARE", "0.95", 0, 1, NULL,
      "smallest share of resamples in which a head comes first (a proposal)" },
    { "resamples", 0, FN_PARAM_INT, "N", "200", 0, 100000, NULL,
      "how often tenders are drawn anew to see how sure a head is; 0: never" },
    { .name = NULL }
};

static size_t add_algorithms(fn_group group, const fn_param *tables[], size_t n)
{
    for (const fn_algorithm *const *a = fn_algorithms; *a; a++)
        if ((*a)->group == group && (*a)->params && n + 1 < FN_TABLES_MOST) tables[n++] = (*a)->params;
    return n;
}

void fn_command_tables(const fn_command *command, const fn_param *tables[FN_TABLES_MOST])
{
    size_t n = 0;
    if (command->params) tables[n++] = command->params;
    if (command->takes & FN_TAKES_CLUSTERS) tables[n++] = clustering;
    if (command->takes & FN_TAKES_CLUSTERS) n = add_algorithms(FN_GROUP_CLUSTERS, tables, n);
    if (command->takes & FN_TAKES_CENTRALITY) n = add_algorithms(FN_GROUP_CENTRALITY, tables, n);
    if (command->takes & (FN_TAKES_TIES | FN_TAKES_TIE_MEASURES)) tables[n++] = tie_rules;
    if (command->takes & FN_TAKES_TIE_MEASURES) n = add_algorithms(FN_GROUP_TIES, tables, n);
    else if (command->takes & FN_TAKES_TIES) tables[n++] = fn_algorithm_find(FN_GROUP_TIES, "strength")->params;
    if (command->takes & FN_TAKES_BACKBONE) tables[n++] = fn_backbone_params;
    if (command->takes & (FN_TAKES_BACKBONE | FN_TAKES_TESTS)) n = add_algorithms(FN_GROUP_BACKBONE, tables, n);
    if (command->takes & FN_TAKES_CENTRAL) tables[n++] = central;
    if (command->takes & FN_TAKES_SELECTION) tables[n++] = selection;
    if (command->takes & FN_TAKES_WEIGHT) tables[n++] = weighing;
    if (command->takes & FN_TAKES_READING) tables[n++] = reading;
    if (command->takes & FN_TAKES_TABLE) tables[n++] = table_form;
    tables[n++] = common;
    tables[n] = NULL;
}

/* ---- the words of the command line ---- */

static fn_status unknown_option(fn_call *call, const char *word)
{
    const char *names[128];
    size_t count = 0;
    const fn_param *param;
    for (; count < 128 && (param = fn_values_at(call->values, count)); count++) names[count] = param->name;
    char quoted[FN_QUOTE_TEXT];
    fn_fail(&call->run, FN_EINVAL, "there is no option %s", fn_quote(word, strlen(word), quoted));
    const char *near = strncmp(word, "--", 2) == 0 ? fn_nearest(word + 2, names, count) : NULL;
    if (near) fn_hint(&call->run, "--%s", near);
    else fn_hint(&call->run, "firmnet help %s", call->command->name);
    return FN_EINVAL;
}

static fn_status add_word(fn_call *call, const char ***list, size_t *count, const char *word)
{
    size_t capacity = *count + 1; /* one NULL behind the last */
    const char **grown = fn_grow(&call->run, *list, &capacity, *count + 2, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    *list = grown;
    grown[(*count)++] = word;
    grown[*count] = NULL;
    return FN_OK;
}

static fn_status set_option(fn_call *call, const fn_param *param, const char *text)
{
    if (strcmp(param->name, "firms") == 0 && param->type == FN_PARAM_TEXT) {
        fn_status status = add_word(call, &call->firm_tables, &call->firm_table_count, text);
        if (status) return status;
    }
    return fn_values_set(&call->run, call->values, param->name, text);
}

/* One option at word[*at]; moves *at past a value in the next word. */
static fn_status parse_option(fn_call *call, int words, char **word, int *at)
{
    const char *text = word[*at], *value = NULL;
    const fn_param *param;
    char name[64];
    if (text[1] == '-') {
        const char *equals = strchr(text, '=');
        size_t length = equals ? (size_t) (equals - text) - 2 : strlen(text) - 2;
        if (length == 0 || length >= sizeof name) return unknown_option(call, text);
        memcpy(name, text + 2, length);
        name[length] = '\0';
        param = fn_values_param(call->values, name);
        value = equals ? equals + 1 : NULL;
    } else {
        char letter = text[1] == '@' ? 't' : text[1]; /* -@ N is another spelling of -t N */
        param = fn_values_param_letter(call->values, letter);
        if (text[2]) value = text + 2;
        if (param && param->type == FN_PARAM_FLAG && value) return unknown_option(call, text);
    }
    if (!param) return unknown_option(call, text);
    if (param->type == FN_PARAM_FLAG) {
        if (value) return fn_fail(&call->run, FN_EINVAL, "option --%s takes no value", param->name);
        return set_option(call, param, "");
    }
    if (!value) {
        if (*at + 1 >= words)
            return fn_fail(&call->run, FN_EINVAL, "option --%s wants a value (%s)", param->name, param->argument);
        value = word[++*at];
    }
    return set_option(call, param, value);
}

fn_status fn_call_parse(fn_call *call, int words, char **word)
{
    const fn_param *tables[FN_TABLES_MOST];
    fn_command_tables(call->command, tables);
    fn_status status = fn_values_new(&call->run, tables, &call->values);
    bool only_inputs = false;
    for (int at = 0; !status && at < words; at++) {
        if (!only_inputs && strcmp(word[at], "--") == 0) only_inputs = true;
        else if (!only_inputs && word[at][0] == '-' && word[at][1]) status = parse_option(call, words, word, &at);
        else status = add_word(call, &call->input, &call->inputs, word[at]);
    }
    if (status || fn_values_flag(call->values, "help") || fn_values_flag(call->values, "version")) return status;
    call->run.seed = (uint64_t) fn_values_int(call->values, "seed");
    call->run.threads = (int) fn_values_int(call->values, "threads");
    const fn_command *command = call->command;
    if (call->inputs < command->inputs_least) {
        fn_fail(&call->run, FN_EINVAL, "%s",
                command->inputs_least == 1 ? "an input file is missing" : "two input files are wanted");
        fn_hint(&call->run, "firmnet %s %s", command->name, command->usage);
        return FN_EINVAL;
    }
    if (call->inputs > command->inputs_most) {
        char quoted[FN_QUOTE_TEXT];
        const char *extra = call->input[command->inputs_most];
        fn_fail(&call->run, FN_EINVAL, "%s is one input too many", fn_quote(extra, strlen(extra), quoted));
        fn_hint(&call->run, "firmnet %s %s", command->name, command->usage);
        return FN_EINVAL;
    }
    if (command->needs_output && !fn_values_given(call->values, "output")) {
        fn_fail(&call->run, FN_EINVAL, "say where to write: -o PATH");
        fn_hint(&call->run, "firmnet %s %s", command->name, command->usage);
        return FN_EINVAL;
    }
    return fn_call_check(call);
}
