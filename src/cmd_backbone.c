/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "io/bars.h"
#include "src/backbone.h"
#include "src/write.h"

static const fn_param params[] = {
    { .name = "to", .type = FN_PARAM_TEXT, .argument = "FORMAT",
      .text = "write the kept ties as a network in this format (else by the name of the output)" },
    { .name = "all", .type = FN_PARAM_FLAG, .text = "table of all ties, kept or not" },
    { .name = "compare", .type = FN_PARAM_FLAG, .text = "table of all methods beside each other, instead of ties" },
    { .name = "rounds", .type = FN_PARAM_INT, .argument = "R", .fallback = "3", .low = 0, .high = 1000,
      .text = "with --compare: networks with noise that stability is the mean of" },
    { .name = "picture", .type = FN_PARAM_TEXT, .argument = "FILE",
      .text = "with --compare: the same as a picture (SVG)" },
    { .name = "pairs", .type = FN_PARAM_CHOICE, .argument = "WHICH", .choices = "suppliers|customers",
      .text = "table of firms that share more suppliers (customers) than chance gives, instead of ties" },
    { .name = "hub", .type = FN_PARAM_INT, .argument = "N", .fallback = "1000", .low = 2, .high = 1e9,
      .text = "with --pairs: firms that more than N others share make no pairs" },
    { .name = NULL }
};

/* The format to write a network in; NULL: a table is wanted. */
static fn_status output_format(fn_call *call, const fn_format **format)
{
    const fn_values *v = call->values;
    const char *name = fn_values_text(v, "to"), *path = fn_call_output(call);
    *format = name ? fn_format_find(name) : path ? fn_format_for_output(path) : NULL;
    if (fn_values_flag(v, "csv") || fn_values_flag(v, "json") || fn_values_flag(v, "all")) *format = NULL;
    if (name && !(*format && ((*format)->write || (*format)->write_path))) {
        char quoted[FN_QUOTE_TEXT];
        fn_fail(&call->run, FN_EINVAL, "%s is no format that can be written", fn_quote(name, strlen(name), quoted));
        fn_hint(&call->run, "--to FORMAT; `firmnet list` names the formats");
        return FN_EINVAL;
    }
    if (name && !path) return fn_fail(&call->run, FN_EINVAL, "say where to write: -o PATH");
    return FN_OK;
}

static fn_status check_options(fn_call *call)
{
    static const char *const of_compare[] = { "rounds", "picture" };
    const fn_values *v = call->values;
    bool compare = fn_values_flag(v, "compare"), pairs = fn_values_given(v, "pairs");
    for (int i = 0; i < 2; i++)
        if (fn_values_given(v, of_compare[i]) && !compare)
            return fn_fail(&call->run, FN_EINVAL, "--%s goes with --compare", of_compare[i]);
    if (fn_values_given(v, "hub") && !pairs) return fn_fail(&call->run, FN_EINVAL, "--hub goes with --pairs");
    if (fn_values_given(v, "keep") && (fn_values_given(v, "alpha") || fn_values_given(v, "least-score")))
        return fn_fail(&call->run, FN_EINVAL, "ties are kept by --keep SHARE or by --alpha P: one of them");
    if (compare && pairs) return fn_fail(&call->run, FN_EINVAL, "--compare and --pairs are two tables: one of them");
    if (pairs && fn_values_given(v, "keep"))
        return fn_fail(&call->run, FN_EINVAL, "--keep does not go with --pairs: --alpha P");
    return FN_OK;
}

/* A limit on p goes with a test, one on the score with a method that has none. */
static fn_status check_limit(fn_call *call, const fn_algorithm *method)
{
    const fn_values *v = call->values;
    bool test = strstr(method->gives, "log10_p") != NULL;
    if (fn_values_flag(v, "compare") || fn_values_given(v, "pairs")) return FN_OK;
    if (!fn_values_given(v, test ? "least-score" : "alpha")) return FN_OK;
    fn_fail(&call->run, FN_EINVAL, test ? "%s is a test: it keeps ties by their p, not by a score"
                                        : "%s is no test: it keeps ties by their score, not by a p", method->name);
    fn_hint(&call->run, test ? "--alpha P" : "--least-score S");
    return FN_EINVAL;
}

static void tell(fn_run *run, const fn_backbone_options *options, const fn_backbone *b)
{
    static const char *const correction[] = { "no correction", "Bonferroni", "Benjamini and Hochberg" };
    if (b->log10_p && isnan(options->keep))
        fn_note(run, "%s: %zu of %zu judged ties are significant at %g (%s over %.0f tests%s), %zu are the only one "
                "of a side",
                options->method->name, b->significant, b->judged_ties, options->alpha, correction[options->correction],
                b->tests, options->all_pairs ? ", all pairs of firms" : "", b->single);
    else if (isnan(options->keep))
        fn_note(run, "%s: %zu of %zu judged ties have a score of at least %g", options->method->name, b->kept_ties,
                b->judged_ties, options->least_score);
    else if (!b->kept_ties) fn_note(run, "%s: none of %zu judged ties is kept", options->method->name, b->judged_ties);
    else
        fn_note(run, "%s: %zu of %zu judged ties are kept, down to %s %.6g", options->method->name, b->kept_ties,
                b->judged_ties, b->log10_p ? "log10 p" : "score", b->threshold);
}

static fn_status write_network(fn_call *call, fn_analysis *a, const fn_format *format)
{
    if (strcmp(format->name, "fnet") != 0) return fn_write_network_to(call, a, format, fn_call_output(call));
    fn_status status = fn_net_keep(&call->run, a->net, a->view->own_tie, a->view->ties);
    if (status) return status;
    fn_view_free(a->view);
    fn_table_free(a->ties);
    a->view = NULL;
    a->ties = NULL;
    fn_view_options all = FN_VIEW_ALL;
    status = fn_view_new(&call->run, a->net, &all, &a->view);
    return status ? status : fn_write_network_to(call, a, format, fn_call_output(call));
}

static fn_status run_one(fn_call *call, fn_analysis *a, const fn_backbone_options *options, const fn_format *format)
{
    fn_run *run = &call->run;
    fn_backbone b = { 0 };
    bool all = fn_values_flag(call->values, "all");
    fn_status status = fn_backbone_find(run, a->view, call->values, options, &b);
    if (!status) tell(run, options, &b);
    if (!status) status = fn_backbone_apply(call, a, &b, all);
    if (!status) status = fn_ties_table(call, a);
    if (!status) status = format ? write_network(call, a, format) : fn_call_table(call, a->ties);
    /* Columns of the table borrow the texts of what the method gave. */
    fn_table_free(a->ties);
    fn_table_free(a->strength);
    a->ties = a->strength = NULL;
    fn_backbone_free(&b);
    return status;
}

static fn_status draw(fn_call *call, const fn_table *table, const char *path)
{
    static const char *const column[] = { "ties", "firms", "weight", "largest", "stability", NULL };
    static const char *const heading[] = {
        "ties kept", "firms kept", "weight kept", "largest part", "stability", NULL
    };
    static const char *const note[] = {
        "Kept: of all selected ties, of the firms that have a tie, of the weight (mean over layers). Largest part:",
        "so many of those firms hang together in the backbone. Stability: the share of ties that it has in common with",
        "the backbone of the same network after one tie in twenty is lost and weights are off by up to a tenth.",
        NULL
    };
    const fn_bars bars = {
        .title = "Backbones by method", .label = "method", .column = column, .heading = heading, .note = note
    };
    fn_output *output;
    fn_status status = fn_output_open(&call->run, path, &output);
    if (status) return status;
    status = fn_bars_write(&call->run, output, table, &bars);
    if (status) fn_output_abort(output);
    else status = fn_output_commit(&call->run, output);
    return status;
}

static fn_status run_compare(fn_call *call, fn_analysis *a, const fn_backbone_options *options)
{
    const char *picture = fn_values_text(call->values, "picture");
    fn_table *table = NULL;
    fn_status status = fn_backbone_compare(&call->run, a->view, call->values, options,
                                           (int) fn_values_int(call->values, "rounds"), &table);
    if (!status && picture) status = draw(call, table, picture);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    return status;
}

/* Pairs are looked for in one layer: the only one of the view, or supply. */
static fn_status run_pairs(fn_call *call, fn_analysis *a, const fn_backbone_options *options)
{
    fn_table *pairs = NULL, *table = NULL;
    uint64_t layers = a->view->layers;
    bool one = layers && !(layers & (layers - 1));
    bool share_suppliers = strcmp(fn_values_text(call->values, "pairs"), "suppliers") == 0;
    int layer = one ? __builtin_ctzll(layers) : FN_LAYER_SUPPLY;
    if (!one && layers) fn_note(&call->run, "pairs are looked for in layer supply (--layer NAME for another)");
    fn_status status = fn_shared_pairs(&call->run, a->view, layer, !share_suppliers,
                                       (uint32_t) fn_values_int(call->values, "hub"), options, &pairs);
    if (!status) status = fn_backbone_pairs_table(call, a->net, pairs, &table);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_table_free(pairs);
    return status;
}

static fn_status run_backbone(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_backbone_options options;
    const fn_format *format;
    fn_status status = check_options(call);
    if (!status) status = fn_backbone_options_from(&call->run, call->values, &options);
    if (!status) status = check_limit(call, options.method);
    if (!status) status = output_format(call, &format);
    if (!status) status = fn_analysis_read(call, &a);
    if (!status && fn_values_flag(call->values, "compare")) status = run_compare(call, &a, &options);
    else if (!status && fn_values_given(call->values, "pairs")) status = run_pairs(call, &a, &options);
    else if (!status) status = run_one(call, &a, &options, format);
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_backbone = {
    .name = "backbone",
    .group = "Analysing",
    .usage = "INPUT... [--method NAME] [--alpha P | --keep SHARE] [-o FILE]",
    .text = "the ties that are more than chance, as a table or a network",
    .details = "Written as a network where -o names a graph format (net.fnet, net.gexf, net.graphml, …) or --to does,\n"
               "else as a table of the ties that are kept. Methods:\n"
               "  disparity            is it a larger share of either side's business than chance gives? (default)\n"
               "  noise-corrected      is it heavier than what both ends deal with others makes likely?\n"
               "  marginal-likelihood  the same for the number of records\n"
               "  hypergeometric       do the two meet in more competitions (records) than chance gives?\n"
               "  salience             do many shortest paths lead along it?\n"
               "  weight               the heaviest, for comparison\n"
               "--compare sets all of them beside each other. Above some 100,000 firms nearly all of its time goes\n"
               "into salience, once for each of the --rounds and once more: about 1,000 firms are roots by default,\n"
               "--salience-error 0.2 takes a quarter of them, 0.3 a ninth. `firmnet list` names sources.",
    .example = "firmnet backbone ties.tsv.gz --method noise-corrected --alpha 0.01 -o backbone.gexf",
    .columns = fn_columns_backbone,
    .takes = FN_TAKES_BACKBONE | FN_TAKES_SELECTION | FN_TAKES_WEIGHT | FN_TAKES_READING | FN_TAKES_TABLE,
    .params = params, .inputs_least = 1, .inputs_most = SIZE_MAX, .run = run_backbone
};
