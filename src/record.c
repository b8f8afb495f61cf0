/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "graph/igraph_compat.h"
#include "graph/memory.h"
#include "io/report.h"
#include "src/command.h"

/* Options that must not show in an output: it is the same for every number of threads and every folder. */
static bool is_private(const fn_param *param)
{
    static const char *const names[] = { "output", "threads", "quiet", "verbose", "help", "version", "rejects",
                                         "report", NULL };
    for (const char *const *n = names; *n; n++)
        if (strcmp(param->name, *n) == 0) return true;
    return false;
}

/* A file name stands without its folder, whatever option it belongs to. */
static const char *shown_value(const fn_call *call, const fn_param *param)
{
    if (param->type == FN_PARAM_FLAG) return fn_values_flag(call->values, param->name) ? "true" : "false";
    const char *text = fn_values_text(call->values, param->name);
    if (!text) return NULL;
    const char *slash = param->argument && strcmp(param->argument, "FILE") == 0 ? strrchr(text, '/') : NULL;
    return slash ? slash + 1 : text;
}

/* Warnings name inputs as typed; outputs name them without folder and ".gz". */
static char *clean_warning(fn_call *call, const char *text)
{
    char *clean = fn_copy_text(&call->run, text, strlen(text));
    for (size_t i = 0; clean && i < call->inputs; i++) {
        const char *path = call->input[i];
        size_t path_length = strlen(path), length;
        const char *name = fn_file_name(path, &length);
        char *at = path_length > length ? strstr(clean, path) : NULL;
        while (at) {
            memcpy(at, name, length);
            memmove(at + length, at + path_length, strlen(at + path_length) + 1);
            at = strstr(at + length, path);
        }
    }
    return clean;
}

static fn_status json_inputs(fn_call *call, fn_output *out)
{
    fn_run *run = &call->run;
    fn_status status = fn_output_text(run, out, "  \"inputs\": [");
    for (size_t i = 0; !status && i < call->inputs; i++) {
        size_t length;
        const char *name = fn_file_name(call->input[i], &length);
        status = fn_output_text(run, out, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
        if (!status) status = fn_output_json(run, out, name, length);
        if (!status) status = fn_output_format(run, out, ", \"bytes\": %" PRIu64 ", \"xxh3\": \"%016" PRIx64 "\"}",
                                               call->bytes[i], call->digest[i]);
    }
    return status ? status : fn_output_text(run, out, "\n  ],\n");
}

static fn_status json_parameters(fn_call *call, fn_output *out)
{
    fn_run *run = &call->run;
    fn_status status = fn_output_text(run, out, "  \"parameters\": {");
    const char *separator = "\n    ";
    const fn_param *param;
    for (size_t i = 0; !status && (param = fn_values_at(call->values, i)); i++) {
        if (is_private(param)) continue;
        const char *value = shown_value(call, param);
        bool bare = param->type == FN_PARAM_FLAG || (value && (param->type == FN_PARAM_INT ||
                                                               param->type == FN_PARAM_REAL));
        status = fn_output_format(run, out, "%s\"%s\": ", separator, param->name);
        separator = ",\n    ";
        if (status) break;
        if (!value) status = fn_output_text(run, out, "null");
        else if (bare) status = fn_output_text(run, out, value);
        else status = fn_output_json(run, out, value, strlen(value));
    }
    return status ? status : fn_output_text(run, out, "\n  },\n");
}

static fn_status json_warnings(fn_call *call, fn_output *out)
{
    fn_run *run = &call->run;
    fn_status status = fn_output_text(run, out, "  \"warnings\": [");
    for (size_t i = 0; !status && i < call->warnings; i++) {
        char *clean = clean_warning(call, call->warning[i]);
        if (!clean) return FN_ENOMEM;
        status = fn_output_text(run, out, i ? ",\n    " : "\n    ");
        if (!status) status = fn_output_json(run, out, clean, strlen(clean));
        fn_free(clean);
    }
    return status ? status : fn_output_text(run, out, call->warnings ? "\n  ],\n" : "],\n");
}

fn_status fn_record_json(fn_call *call, fn_output *out, const fn_net *net, size_t clusters, size_t ties_selected)
{
    fn_run *run = &call->run;
    const char *igraph = NULL;
    igraph_version(&igraph, NULL, NULL, NULL);
    fn_status status = fn_output_format(run, out,
                                        "{\n  \"version\": \"%s\",\n  \"igraph\": \"%s\",\n  \"command\": \"%s\",\n"
                                        "  \"seed\": %" PRIu64 ",\n", PACKAGE_VERSION, igraph, call->command->name,
                                        run->seed);
    if (!status) status = json_inputs(call, out);
    if (!status) status = json_parameters(call, out);
    if (!status) status = fn_output_format(run, out, "  \"counts\": {\"firms\": %" PRIu32 ", \"ties\": %zu, "
                                           "\"ties_analysed\": %zu, \"records\": %" PRId64 ", \"tenders\": %zu, "
                                           "\"clusters\": %zu},\n", fn_net_firms(net), fn_net_ties(net), ties_selected,
                                           fn_call_records(net), fn_net_tenders(net), clusters);
    if (!status) status = json_warnings(call, out);
    if (!status) status = fn_output_text(run, out, "  \"import\": ");
    if (!status) status = fn_account_write_json(run, out, fn_net_account(net));
    return status ? status : fn_output_text(run, out, "}\n");
}

/* ---- the same as lines of text ---- */

void fn_lines_free(char **lines)
{
    for (char **line = lines; lines && *line; line++) fn_free(*line);
    fn_free(lines);
}

static fn_status add_line(fn_run *run, char ***lines, size_t *count, size_t *capacity, const char *text)
{
    char **grown = fn_grow(run, *lines, capacity, *count + 2, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    *lines = grown;
    if (!(grown[*count] = fn_copy_text(run, text, strlen(text)))) return FN_ENOMEM;
    grown[++*count] = NULL;
    return FN_OK;
}

fn_status fn_record_lines(fn_call *call, char ***inputs, char ***parameters)
{
    char text[1024];
    size_t input_count = 0, input_capacity = 0, parameter_count = 0, parameter_capacity = 0;
    fn_status status = FN_OK;
    *inputs = *parameters = NULL;
    for (size_t i = 0; !status && i < call->inputs; i++) {
        size_t length;
        const char *name = fn_file_name(call->input[i], &length);
        snprintf(text, sizeof text, "%.*s, %" PRIu64 " bytes of text, XXH3 %016" PRIx64, (int) length, name,
                 call->bytes[i], call->digest[i]);
        status = add_line(&call->run, inputs, &input_count, &input_capacity, text);
    }
    const fn_param *param;
    for (size_t i = 0; !status && (param = fn_values_at(call->values, i)); i++) {
        const char *value = is_private(param) ? NULL : shown_value(call, param);
        if (!value || (param->type == FN_PARAM_FLAG && !fn_values_flag(call->values, param->name))) continue;
        snprintf(text, sizeof text, "%s = %s", param->name, value);
        status = add_line(&call->run, parameters, &parameter_count, &parameter_capacity, text);
    }
    return status;
}

char *fn_record_provenance(fn_call *call)
{
    char text[2048];
    int used = snprintf(text, sizeof text, "firmnet %s %s, seed %" PRIu64 ", inputs:", PACKAGE_VERSION,
                        call->command->name, call->run.seed);
    for (size_t i = 0; i < call->inputs && used > 0 && used < (int) sizeof text - 1; i++) {
        size_t length;
        const char *name = fn_file_name(call->input[i], &length);
        used += snprintf(text + used, sizeof text - (size_t) used, " %.*s (XXH3 %016" PRIx64 ")", (int) length, name,
                         call->digest[i]);
    }
    return fn_copy_text(&call->run, text, strlen(text));
}
