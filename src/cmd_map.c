/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/report.h"
#include "src/analysis.h"
#include "src/write.h"

/* The outputs of one map: sealed one by one, then put in place together, so a failure leaves none. */
enum { GEXF, FIRMS, TIES, CLUSTERS, REPORT, RECORD, OUTPUTS };
static const char *const names[OUTPUTS] = {
    "network.gexf", "firms.tsv", "ties.tsv", "clusters.tsv", "report.html", "run.json"
};

static fn_status write_one(fn_call *call, fn_analysis *a, int which, fn_output *output)
{
    switch (which) {
    case GEXF: return fn_write_network(call, a, "gexf", output);
    case FIRMS: return fn_write_tsv(call, a->firms, output);
    case TIES: return fn_write_tsv(call, a->ties, output);
    case CLUSTERS: return fn_write_tsv(call, a->clusters, output);
    case REPORT: return fn_write_report(call, a, output);
    default: return fn_record_json(call, output, a->net, a->partition->clusters, a->view->ties);
    }
}

static fn_status write_all(fn_call *call, fn_analysis *a)
{
    fn_run *run = &call->run;
    fn_output *output[OUTPUTS] = { NULL };
    const char *folder = fn_call_output(call);
    fn_status status = FN_OK;
    int committed = 0;
    for (int i = 0; !status && i < OUTPUTS; i++) {
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", folder, names[i]) >= (int) sizeof path)
            status = fn_fail(run, FN_EINVAL, "the folder's name is too long");
        if (!status) status = fn_progress(run, "writing", (double) i / OUTPUTS);
        if (!status) status = fn_output_open(run, path, &output[i]);
        if (!status) status = write_one(call, a, i, output[i]);
        if (!status) status = fn_output_seal(run, output[i]);
    }
    for (; !status && committed < OUTPUTS; committed++) {
        status = fn_output_commit(run, output[committed]);
        output[committed] = NULL;
    }
    for (int i = 0; i < OUTPUTS; i++) fn_output_abort(output[i]);
    return status;
}

static fn_status run_map(fn_call *call)
{
    fn_analysis a = { 0 };
    fn_status status = fn_call_check_folder(call, fn_call_output(call), names, OUTPUTS);
    if (!status) status = fn_analysis_all(call, &a);
    if (!status) status = write_all(call, &a);
    if (!status) {
        size_t heads = 0;
        for (uint32_t f = 0; f < a.view->firms; f++) heads += a.is_central[f];
        fn_note(&call->run, "%u firms, %zu ties, %u clusters, %zu central companies; open %s/report.html and "
                            "%s/network.gexf",
                a.view->firms, a.view->ties, a.partition->clusters, heads, fn_call_output(call), fn_call_output(call));
    }
    fn_analysis_free(&a);
    return status;
}

const fn_command fn_command_map = {
    .name = "map",
    .group = "Start here",
    .usage = "INPUT... -o FOLDER",
    .text = "the main job: clusters, central companies, tie strengths, Gephi file, report",
    .details = "Reads ties or tender data, finds clusters, the central company of each and the strength of every tie,\n"
               "and writes into FOLDER: network.gexf (opens in Gephi coloured, sized and laid out), firms.tsv,\n"
               "ties.tsv, clusters.tsv, report.html and run.json. The same input, options and seed give the same\n"
               "bytes.",
    .example = "firmnet map tenders.jsonl.gz -o out/",
    .columns = fn_columns_map,
    .takes = FN_TAKES_CLUSTERS | FN_TAKES_CENTRALITY | FN_TAKES_TIES | FN_TAKES_CENTRAL | FN_TAKES_SELECTION |
             FN_TAKES_WEIGHT | FN_TAKES_READING,
    .inputs_least = 1, .inputs_most = SIZE_MAX, .needs_output = true, .run = run_map
};
