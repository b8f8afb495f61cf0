/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "src/write.h"

static const fn_param params[] = {
    { "to", 0, FN_PARAM_TEXT, "FORMAT", NULL, 0, 0, NULL, "format of the output (else by its name)" },
    { "plain", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "the network as it is: no clusters, measures or layout" },
    { .name = NULL }
};

static fn_status output_format(fn_call *call, const fn_format **format)
{
    const char *name = fn_values_text(call->values, "to"), *path = fn_call_output(call);
    *format = name ? fn_format_find(name) : fn_format_for_output(path);
    if (*format && ((*format)->write || (*format)->write_path)) return FN_OK;
    char quoted[FN_QUOTE_TEXT];
    const char *wrong = name ? name : path;
    fn_fail(&call->run, FN_EINVAL, "%s %s", fn_quote(wrong, strlen(wrong), quoted),
            name ? "is no format that can be written" : "does not tell the format");
    const char *suffix = path ? strrchr(path, '.') : NULL;
    if (!name && suffix && strcmp(suffix, ".html") == 0) fn_hint(&call->run, "firmnet report writes a page");
    else fn_hint(&call->run, "--to FORMAT; `firmnet list` names the formats");
    return FN_EINVAL;
}

static fn_status run_export(fn_call *call)
{
    fn_analysis a = { 0 };
    const fn_format *format;
    fn_status status = output_format(call, &format);
    bool plain = call->command == &fn_command_convert || fn_values_flag(call->values, "plain") ||
                 (format && (format->plain || strcmp(format->name, "fnet") == 0));
    if (!status) status = plain ? fn_analysis_read(call, &a) : fn_analysis_all(call, &a);
    if (!status && strcmp(format->name, "fnet") == 0) status = fn_call_keep_selected(call, a.net);
    bool list = format && strcmp(format->name, "edgelist") == 0;
    if (!status && !plain)
        fn_note(&call->run, "%s are written, too (--plain leaves them out)",
                list ? "strength and class of ties" : "clusters, central companies and layout");
    if (!status) status = fn_write_network_to(call, &a, format, fn_call_output(call));
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_export = {
    .name = "export",
    .group = "Sharing",
    .usage = "INPUT... -o FILE [--to FORMAT]",
    .text = "a graph file for Gephi and others, coloured, sized and laid out",
    .example = "firmnet export tenders.jsonl.gz -o network.gexf",
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRALITY | FN_TAKES_TIES | FN_TAKES_CENTRAL | FN_TAKES_SELECTION |
             FN_TAKES_WEIGHT | FN_TAKES_READING,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .needs_output = true, .run = run_export
};

const fn_command fn_command_convert = {
    .name = "convert",
    .group = "Sharing",
    .usage = "INPUT... -o FILE [--to FORMAT]",
    .text = "from one format to another, nothing computed",
    .example = "firmnet convert ties.tsv.gz -o ties.graphml",
    .takes = FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .needs_output = true, .run = run_export
};
