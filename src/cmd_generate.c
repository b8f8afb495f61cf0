/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/economy.h"
#include "src/generate.h"

static const fn_param params[] = {
    { "to", 0, FN_PARAM_TEXT, "FORMAT", NULL, 0, 0, NULL, "format of the output (else by its name)" },
    { "truth", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL, "write the plan there: firm, cluster, role" },
    { "firms", 0, FN_PARAM_INT, "N", "600", 20, 100000000, NULL, "firms; with --ties, a fifth of them unless said" },
    { "clusters", 0, FN_PARAM_INT, "N", "12", 1, 1000000, NULL, "planted clusters, each with a central company" },
    { "tenders", 0, FN_PARAM_INT, "N", "3000", 1, 1e9, NULL, "tenders" },
    { "noise", 0, FN_PARAM_REAL, "SHARE", "0.08", 0, 0.5, NULL, "share of tenders that cross clusters" },
    { "headless", 0, FN_PARAM_INT, "N", "0", 0, 1000000, NULL, "clusters of them that no company heads" },
    { "two-heads", 0, FN_PARAM_INT, "N", "0", 0, 1000000, NULL, "clusters of them that two companies head alike" },
    { "ties", 0, FN_PARAM_INT, "N", NULL, 1000, 1e9, NULL, "a large economy of so many ties, as ties or as tenders" },
    { "periods", 0, FN_PARAM_INT, "N", "3", 1, 16, NULL,
      "with --ties: years; a tie has a row in each year that it lasts" },
    { "products", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL, "with --ties: write the product of each tie, too" },
    { "subcontract", 0, FN_PARAM_REAL, "SHARE", "0", 0, 1, NULL, "with --ties: share of them in this layer" },
    { "knowledge", 0, FN_PARAM_REAL, "SHARE", "0", 0, 1, NULL, "with --ties: share of them in this layer" },
    { "ownership", 0, FN_PARAM_REAL, "SHARE", "0", 0, 1, NULL, "with --ties: share of them in this layer" },
    { "kinds", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "ties that are planted as embedded, bridging or transient, instead of tenders" },
    { "tie-truth", 0, FN_PARAM_TEXT, "FILE", NULL, 0, 0, NULL,
      "with --kinds: write there which tie is which: from, to, kind" },
    { "describe", 0, FN_PARAM_FLAG, NULL, NULL, 0, 0, NULL,
      "table: a large economy beside published figures of real ones" },
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

/* Options of one model say nothing to the other. */
static fn_status check_model(fn_call *call, const char *model, const char *const *options)
{
    for (; *options; options++)
        if (fn_values_given(call->values, *options))
            return fn_fail(&call->run, FN_EINVAL, "--%s does not go with %s", *options, model);
    return FN_OK;
}

static fn_status generate_large(fn_call *call, const fn_format *format, const char *path)
{
    static const char *const small[] = { "clusters", "tenders", "noise", "headless", "two-heads", NULL };
    const fn_values *v = call->values;
    fn_stream_options options = {
        .ties = (uint64_t) fn_values_int(v, "ties"), .periods = (uint32_t) fn_values_int(v, "periods"),
        .firms = fn_values_given(v, "firms") ? (uint32_t) fn_values_int(v, "firms") : 0,
        .subcontract = fn_values_real(v, "subcontract"), .knowledge = fn_values_real(v, "knowledge"),
        .ownership = fn_values_real(v, "ownership")
    };
    fn_status status = check_model(call, "--ties", small);
    return status ? status : fn_generate_stream(call, &options, fn_values_flag(v, "products"), format, path,
                                                fn_values_text(v, "truth"));
}

static fn_status generate_small(fn_call *call, const fn_format *format, const char *path)
{
    static const char *const large[] = { "periods", "products", "subcontract", "knowledge", "ownership", NULL };
    const fn_values *v = call->values;
    fn_status status = check_model(call, "an economy without --ties", large);
    if (status) return status;
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

static fn_status generate_kinds(fn_call *call, const fn_format *format, const char *path)
{
    static const char *const others[] = { "tenders", "noise", "headless", "two-heads", "ties", "periods", "products",
                                          "subcontract", "knowledge", "ownership", NULL };
    const fn_values *v = call->values;
    fn_status status = check_model(call, "--kinds", others);
    if (status) return status;
    if (strcmp(format->name, "ocds") == 0) {
        fn_fail(&call->run, FN_EINVAL, "ties of planted kinds are no tenders");
        fn_hint(&call->run, "-o FILE.tsv.gz or -o FILE.fnet");
        return FN_EINVAL;
    }
    return fn_generate_kinds(call, (uint32_t) fn_values_int(v, "firms"), (uint32_t) fn_values_int(v, "clusters"),
                             format, path, fn_values_text(v, "truth"), fn_values_text(v, "tie-truth"));
}

static fn_status describe(fn_call *call)
{
    static const char *const others[] = {
        "to", "truth", "firms", "clusters", "tenders", "noise", "headless", "two-heads", "ties", "periods", "products",
        "subcontract", "knowledge", "ownership", "kinds", "tie-truth", NULL
    };
    fn_status status = check_model(call, "--describe", others);
    return status ? status : fn_generate_describe(call);
}

static fn_status run_generate(fn_call *call)
{
    static const char *const forms[] = { "csv", "json", NULL };
    const fn_values *v = call->values;
    if (fn_values_flag(v, "describe")) return describe(call);
    fn_status status = check_model(call, "a generated economy (only with --describe)", forms);
    if (status) return status;
    if (!fn_values_given(v, "output")) {
        fn_fail(&call->run, FN_EINVAL, "say where to write: -o PATH");
        fn_hint(&call->run, "firmnet generate %s", call->command->usage);
        return FN_EINVAL;
    }
    const char *path = fn_call_output(call), *name = fn_values_text(v, "to");
    const fn_format *format = name ? fn_format_find(name) : fn_format_for_output(path);
    if (!format || !(format->write || format->write_path)) {
        char quoted[FN_QUOTE_TEXT];
        fn_fail(&call->run, FN_EINVAL, "%s does not tell a format that can be written",
                fn_quote(path, strlen(path), quoted));
        fn_hint(&call->run, "-o FILE.jsonl.gz (tenders) or -o FILE.tsv.gz (ties)");
        return FN_EINVAL;
    }
    if (fn_values_flag(v, "kinds")) return generate_kinds(call, format, path);
    if (fn_values_given(v, "tie-truth")) return fn_fail(&call->run, FN_EINVAL, "--tie-truth goes with --kinds");
    return fn_values_given(v, "ties") ? generate_large(call, format, path) : generate_small(call, format, path);
}

const fn_command fn_command_generate = {
    .name = "generate",
    .group = "Getting data",
    .usage = "-o FILE [--ties N] [--truth FILE]",
    .text = "a synthetic economy with known clusters and central companies",
    .details = "Tenders (OCDS, .jsonl) or ties (.tsv), by the name of FILE. The same seed gives the same bytes.\n\n"
               "With --ties N a large economy of N ties (1000 to a billion), written as it is drawn: clusters of all\n"
               "sizes, degrees, squares and final demand as in real production networks. --describe compares it with\n"
               "what is published. All other options but --firms belong to the one model or the other.",
    .example = "firmnet generate --seed 1 -o tenders.jsonl.gz --truth tenders.truth.tsv\n"
               "  firmnet generate --ties 10000000 -o ties.tsv.gz --truth truth.tsv.gz",
    .takes = FN_TAKES_TABLE, .params = params, .inputs_most = 0, .run = run_generate
};
