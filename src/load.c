/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "src/command.h"

const char *fn_call_output(const fn_call *call)
{
    return fn_values_text(call->values, "output");
}

const char *fn_input_name(const char *path, size_t *length)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    *length = strlen(name);
    if (*length > 3 && strcmp(name + *length - 3, ".gz") == 0) *length -= 3;
    return name;
}

static fn_read_options read_options(const fn_call *call)
{
    const fn_values *v = call->values;
    return (fn_read_options) {
        .format = fn_values_text(v, "from"),
        .columns = fn_values_text(v, "columns"),
        .map = fn_values_text(v, "map"),
        .firms = call->firm_tables,
        .keep_going = fn_values_flag(v, "keep-going"),
        .strict = fn_values_flag(v, "strict"),
        .rejects = fn_values_text(v, "rejects"),
        .since = fn_values_date(v, "since"),
        .until = fn_values_date(v, "until"),
        .max_bidders = (uint32_t) fn_values_int(v, "max-bidders"),
        .suppliers_latest = strcmp(fn_values_text(v, "suppliers"), "latest") == 0,
        .include_pending = fn_values_flag(v, "include-pending"),
        .separator = fn_values_text(v, "separator"),
        .tie_layer = fn_values_text(v, "tie-layer"),
        .value_basis = fn_values_text(v, "value"),
    };
}

fn_status fn_call_read(fn_call *call, fn_net **net)
{
    *net = NULL;
    call->digest = fn_alloc(&call->run, call->inputs, sizeof *call->digest);
    call->bytes = fn_alloc(&call->run, call->inputs, sizeof *call->bytes);
    if (!call->digest || !call->bytes) return FN_ENOMEM;
    fn_read_options options = read_options(call);
    return fn_read(&call->run, call->input, call->inputs, &options, net, call->digest, call->bytes);
}

/* "supply,cobid" as bits. */
static fn_status layer_bits(fn_run *run, const fn_net *net, const char *list, uint64_t *bits)
{
    *bits = 0;
    for (const char *at = list; at && *at;) {
        size_t length = strcspn(at, ",");
        uint32_t layer = fn_names_find(fn_net_layers(net), at, length);
        if (layer == FN_NONE) {
            char quoted[FN_QUOTE_TEXT];
            fn_fail(run, FN_EINVAL, "there is no layer %s", fn_quote(at, length, quoted));
            fn_hint(run, "`firmnet info` lists the layers");
            return FN_EINVAL;
        }
        *bits |= (uint64_t) 1 << layer;
        at += length;
        if (*at == ',') at++;
    }
    return FN_OK;
}

fn_status fn_call_view(fn_call *call, const fn_net *net, fn_view **view)
{
    *view = NULL;
    const fn_values *v = call->values;
    const char *weight = fn_values_text(v, "weight");
    fn_view_options options = {
        .since = fn_values_date(v, "since"),
        .until = fn_values_date(v, "until"),
        .weight = strcmp(weight, "count") == 0 ? FN_WEIGHT_COUNT : strcmp(weight, "both") == 0 ? FN_WEIGHT_BOTH
                                                                                                : FN_WEIGHT_VALUE,
        .currency = fn_values_text(v, "currency"),
        .without = fn_values_text(v, "without"),
    };
    fn_status status = layer_bits(&call->run, net, fn_values_text(v, "layer"), &options.layers);
    if (!status) status = fn_view_new(&call->run, net, &options, view);
    return status;
}

fn_status fn_call_table(fn_call *call, const fn_table *table)
{
    fn_output *output;
    fn_status status = fn_output_open(&call->run, fn_call_output(call), &output);
    if (status) return status;
    fn_table_form form = fn_values_flag(call->values, "json") ? FN_TABLE_JSON
                       : fn_values_flag(call->values, "csv") ? FN_TABLE_CSV
                       : fn_output_is_terminal(output) ? FN_TABLE_ALIGNED : FN_TABLE_TSV;
    int64_t replaced = 0;
    status = fn_table_write(&call->run, output, table, form, &replaced);
    if (!status && replaced) fn_warn(&call->run, "%lld cells held tabs, line breaks or bytes that are not UTF-8: replaced",
                                     (long long) replaced);
    if (status) fn_output_abort(output);
    else status = fn_output_commit(&call->run, output);
    return status;
}
