/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "graph/igraph_compat.h"
#include "graph/memory.h"
#include "io/decoder.h"
#include "src/command.h"

/* Exit status of the program for each way to end (contract, section 2). */
static int exit_status(fn_status status)
{
    switch (status) {
    case FN_OK:
    case FN_EPIPE: return 0;
    case FN_EINVAL: return 2;
    case FN_EIO: return 3;
    case FN_ENOMEM: return 4;
    case FN_ECANCEL: return 130;
    case FN_EPARSE:
    case FN_ENOCONV:
    case FN_EIGRAPH: break;
    }
    return 1;
}

static fn_status print_version(fn_run *run)
{
    const char *igraph = NULL;
    char packed[64];
    igraph_version(&igraph, NULL, NULL, NULL);
    if (printf("firmnet %s (igraph %s; unpacks %s)\n", PACKAGE_VERSION, igraph,
               fn_decoder_list(true, packed, sizeof packed)) < 0 || fflush(stdout))
        return fn_fail(run, FN_EIO, "standard output can't be written");
    return FN_OK;
}

static fn_status unknown_command(fn_run *run, const char *word)
{
    char quoted[FN_QUOTE_TEXT];
    fn_fail(run, FN_EINVAL, "there is no command %s", fn_quote(word, strlen(word), quoted));
    const char *near = fn_command_nearest(word);
    if (near) fn_hint(run, "firmnet %s", near);
    else fn_hint(run, "firmnet help");
    return FN_EINVAL;
}

static fn_status dispatch(fn_call *call, int words, char **word)
{
    if (words < 2) {
        fn_fail(&call->run, FN_EINVAL, "say what to do");
        fn_hint(&call->run, "firmnet map TENDERS -o FOLDER, or firmnet help");
        return FN_EINVAL;
    }
    if (strcmp(word[1], "--version") == 0) return print_version(&call->run);
    if (strcmp(word[1], "--help") == 0 || strcmp(word[1], "-h") == 0) return fn_help_program(&call->run);
    call->command = fn_command_find(word[1]);
    if (!call->command) return unknown_command(&call->run, word[1]);
    fn_status status = fn_call_parse(call, words - 2, word + 2);
    if (status) return status;
    if (fn_values_flag(call->values, "version")) return print_version(&call->run);
    if (fn_values_flag(call->values, "help")) return fn_help_command(&call->run, call->command);
    fn_talk_start(call);
    if (call->command->takes & FN_TAKES_READING) fn_call_threads(call);
    status = call->command->run(call);
    return status;
}

int main(int words, char **word)
{
    setlocale(LC_ALL, "C"); /* no locale ever shows in a result */
    fn_call call = { .run = FN_RUN_INIT };
    fn_status status = dispatch(&call, words, word);
    if (status == FN_OK && fflush(stdout)) status = fn_fail(&call.run, FN_EIO, "standard output can't be written");
    if (call.rejects && (status == FN_OK || status == FN_EPIPE)) {
        fn_status placed = fn_output_commit(&call.run, call.rejects);
        if (placed) status = placed;
    } else {
        fn_output_abort(call.rejects);
    }
    if (status != FN_OK && status != FN_EPIPE) fn_talk_error(&call);
    fn_talk_end(&call);
    fn_values_free(call.values);
    fn_free(call.input);
    fn_names_free(call.folder_files);
    fn_free(call.firm_tables);
    fn_free(call.digest);
    fn_free(call.bytes);
    return exit_status(status);
}
