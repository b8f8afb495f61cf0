/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/economy.h"
#include "src/generate.h"

static const fn_param params[] = {
    { "to", 0, FN_PARAM_TEXT, "FORMAT", NULL, 0, 0, NULL, "format of the output (else by its name)" },
    { "truth", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL, "write the plan there: firm, cluster, role" },
    { "firms", 0, FN_PARAM_INT, "N", "600", 20, 100000000, NULL, "firms" },
    { "clusters", 0, FN_PARAM_INT, "N", "12", 1, 1000000, NULL, "planted clusters, each with a central company" },
    { "tenders", 0, FN_PARAM_INT, "N", "3000", 1, 1e9, NULL, "tenders" },
    { "noise", 0, FN_PARAM_REAL, "SHARE", "0.08", 0, 0.5, NULL, "share of tenders that cross clusters" },
    { "headless", 0, FN_PARAM_INT, "N", "0", 0, 1000000, NULL, "clusters of them that no company heads" },
    { "two-heads", 0, FN_PARAM_INT, "N", "0", 0, 1000000, NULL, "clusters of them that two companies head alike" },
    { .name = NULL }
};

static fn_status write_truth(fn_call *call, const char *path, const fn_table *truth, fn_output **output)
{
    fn_status status = fn_output_open(&call->run, path, output);
    if (!status) status = fn_table_write(&call->run, *output, truth, FN_TABLE_TSV, NULL);
    return status ? status : fn_output_seal(&call->run, *output);
}

fn_status fn_generate_files(fn_call *call, const fn_economy_options *options, const fn_format *format, const char *path,
                            const char *truth_path)
{
    fn_run *run = &call->run;
    fn_net *net = NULL;
    fn_table *truth = NULL;
    fn_output *output = NULL, *truth_output = NULL;
    fn_status status = fn_economy(run, options, &net, &truth);
    if (!status && truth_path) status = write_truth(call, truth_path, truth, &truth_output);
    if (!status) {
        fn_export export_ = { .net = net, .tie_count = fn_net_ties(net) };
        if (format->write_path) status = format->write_path(run, path, &export_);
        else if (!(status = fn_output_open(run, path, &output))) status = format->write(run, output, &export_);
    }
    if (!status && output) status = fn_output_seal(run, output);
    if (!status && truth_output) {
        status = fn_output_commit(run, truth_output);
        truth_output = NULL;
    }
    if (!status && output) {
        status = fn_output_commit(run, output);
        output = NULL;
    }
    fn_output_abort(output);
    fn_output_abort(truth_output);
    fn_table_free(truth);
    fn_net_free(net);
    return status;
}

static fn_status run_generate(fn_call *call)
{
    const fn_values *v = call->values;
    const char *path = fn_call_output(call), *name = fn_values_text(v, "to");
    const fn_format *format = name ? fn_format_find(name) : fn_format_for_output(path);
    if (!format || !(format->write || format->write_path)) {
        char quoted[FN_QUOTE_TEXT];
        fn_fail(&call->run, FN_EINVAL, "%s does not tell a format that can be written", fn_quote(path, strlen(path), quoted));
        fn_hint(&call->run, "-o FILE.jsonl.gz (tenders) or -o FILE.tsv.gz (ties)");
        return FN_EINVAL;
    }
    fn_economy_options options;
    fn_economy_defaults(&options);
    if (fn_values_given(v, "firms")) options.firms = (uint32_t) fn_values_int(v, "firms");
    if (fn_values_given(v, "clusters")) options.clusters = (uint32_t) fn_values_int(v, "clusters");
    if (fn_values_given(v, "tenders")) options.tenders = (uint32_t) fn_values_int(v, "tenders");
    if (fn_values_given(v, "noise")) options.noise = fn_values_real(v, "noise");
    options.headless = (uint32_t) fn_values_int(v, "headless");
    options.two_heads = (uint32_t) fn_values_int(v, "two-heads");
    return fn_generate_files(call, &options, format, path, fn_values_text(v, "truth"));
}

const fn_command fn_command_generate = {
    .name = "generate",
    .group = "Getting data",
    .usage = "-o FILE [--truth FILE]",
    .text = "a synthetic economy with known clusters and central companies",
    .details = "Tenders (OCDS, .jsonl) or ties (.tsv), by the name of FILE. The same seed gives the same bytes.",
    .example = "firmnet generate --seed 1 -o tenders.jsonl.gz --truth tenders.truth.tsv",
    .params = params, .inputs_most = 0, .needs_output = true, .run = run_generate
};
