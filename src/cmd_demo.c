/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include "src/generate.h"

static fn_status run_demo(fn_call *call)
{
    const char *folder = call->inputs ? call->input[0] : "firmnet-demo";
    char tenders[4096], truth[4096];
    if (snprintf(tenders, sizeof tenders, "%s/tenders.jsonl.gz", folder) >= (int) sizeof tenders ||
        snprintf(truth, sizeof truth, "%s/tenders.truth.tsv", folder) >= (int) sizeof truth)
        return fn_fail(&call->run, FN_EINVAL, "the folder's name is too long");
    fn_economy_options options;
    fn_economy_defaults(&options);
    fn_status status = fn_generate_files(call, &options, fn_format_find("ocds"), tenders, truth);
    if (status) return status;
    printf("%s: tenders of a made-up economy, 12 clusters, each with a central company\n"
           "%s: the plan, to compare with\n\n"
           "what to type next:\n"
           "  firmnet info %s\n"
           "  firmnet map %s -o %s/map\n"
           "  firmnet central %s\n", tenders, truth, tenders, tenders, folder, tenders);
    return FN_OK;
}

const fn_command fn_command_demo = {
    .name = "demo",
    .group = "Start here",
    .usage = "[FOLDER]",
    .text = "example data, and what to type next",
    .inputs_most = 1, .run = run_demo
};
