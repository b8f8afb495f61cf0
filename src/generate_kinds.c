/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "src/generate.h"

static fn_status seal_table(fn_run *run, const char *path, const fn_table *table, fn_output **output)
{
    fn_status status = fn_output_open(run, path, output);
    if (!status) status = fn_table_write(run, *output, table, FN_TABLE_TSV, NULL);
    return status ? status : fn_output_seal(run, *output);
}

static fn_status commit(fn_run *run, fn_output **output)
{
    fn_status status = *output ? fn_output_commit(run, *output) : FN_OK;
    *output = NULL;
    return status;
}

fn_status fn_generate_kinds(fn_call *call, uint32_t firms, uint32_t clusters, const fn_format *format, const char *path,
                            const char *truth_path, const char *tie_path)
{
    fn_run *run = &call->run;
    fn_net *net;
    fn_table *truth, *ties;
    fn_output *network = NULL, *firm_output = NULL, *tie_output = NULL;
    fn_status status = fn_economy_kinds(run, firms, clusters, &net, &truth, &ties);
    if (!status && truth_path) status = seal_table(run, truth_path, truth, &firm_output);
    if (!status && tie_path) status = seal_table(run, tie_path, ties, &tie_output);
    if (!status) {
        fn_export export_ = { .net = net, .tie_count = fn_net_ties(net) };
        if (format->write_path) status = format->write_path(run, path, &export_);
        else if (!(status = fn_output_open(run, path, &network))) status = format->write(run, network, &export_);
    }
    if (!status && network) status = fn_output_seal(run, network);
    if (!status) status = commit(run, &firm_output);
    if (!status) status = commit(run, &tie_output);
    if (!status) status = commit(run, &network);
    fn_output_abort(network);
    fn_output_abort(firm_output);
    fn_output_abort(tie_output);
    fn_table_free(ties);
    fn_table_free(truth);
    fn_net_free(net);
    return status;
}
