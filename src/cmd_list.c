/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "src/command.h"

static fn_status run_list(fn_call *call)
{
    return fn_help_list(&call->run);
}

static fn_status run_help(fn_call *call)
{
    if (!call->inputs) return fn_help_program(&call->run);
    const fn_command *command = fn_command_find(call->input[0]);
    if (command) return fn_help_command(&call->run, command);
    char quoted[FN_QUOTE_TEXT];
    fn_fail(&call->run, FN_EINVAL, "there is no command %s", fn_quote(call->input[0], strlen(call->input[0]), quoted));
    const char *near = fn_command_nearest(call->input[0]);
    fn_hint(&call->run, "firmnet help%s%s", near ? " " : "", near ? near : "");
    return FN_EINVAL;
}

const fn_command fn_command_list = {
    .name = "list", .group = "Help", .usage = "", .text = "the algorithms and formats there are, with their parameters",
    .inputs_most = 0, .run = run_list
};

const fn_command fn_command_help = {
    .name = "help", .group = "Help", .usage = "[COMMAND]", .text = "this overview, or one command with its options",
    .inputs_most = 1, .run = run_help
};
