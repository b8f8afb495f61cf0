/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/folder.h"
#include "src/command.h"

const char *fn_call_output(const fn_call *call)
{
    return fn_values_text(call->values, "output");
}

int32_t fn_call_until(const fn_call *call)
{
    int32_t day = fn_values_date(call->values, "until");
    const char *text = fn_values_text(call->values, "until");
    int year, month, first;
    if (day == FN_DAY_NONE || (strlen(text) != 4 && strlen(text) != 7)) return day;
    fn_date_split(day, &year, &month, &first);
    if (strlen(text) == 4) month = 12;
    if (month == 12 ? !fn_date_make(year, 12, 31, &day) : !fn_date_make(year, month + 1, 1, &day)) return FN_DAY_NONE;
    return month == 12 ? day : day - 1;
}

static fn_read_options read_options(fn_call *call)
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
        .rejects_sealed = &call->rejects,
        .since = fn_values_date(v, "since"),
        .until = fn_call_until(call),
        .max_bidders = (uint32_t) fn_values_int(v, "max-bidders"),
        .suppliers_latest = strcmp(fn_values_text(v, "suppliers"), "latest") == 0,
        .include_pending = fn_values_flag(v, "include-pending"),
        .separator = fn_values_text(v, "separator"),
        .tie_layer = fn_values_given(v, "tie-layer") ? fn_values_text(v, "tie-layer") : NULL,
        .value_basis = fn_values_text(v, "value"),
        .apart = fn_values_param(v, "by") ? fn_period_unit_named(fn_values_text(v, "by")) : FN_PERIOD_NONE,
        .check = fn_values_param(v, "check") && fn_values_flag(v, "check"),
    };
}

/* A folder stands for the files in it. */
static fn_status open_folders(fn_call *call)
{
    fn_run *run = &call->run;
    const char **input = NULL;
    size_t count = 0, capacity = 0;
    fn_status status = FN_OK;
    for (size_t i = 0; i < call->inputs && !status; i++) {
        bool folder = fn_folder_is(call->input[i]);
        if (folder && !call->folder_files) status = fn_names_new(run, &call->folder_files);
        uint32_t first = folder && !status ? fn_names_count(call->folder_files) : 0;
        if (folder && !status) status = fn_folder_files(run, call->input[i], call->folder_files);
        size_t more = folder && !status ? fn_names_count(call->folder_files) - first : 1;
        const char **grown = status ? NULL : fn_grow(run, input, &capacity, count + more, sizeof *grown);
        if (!grown) {
            fn_free(input);
            return status ? status : FN_ENOMEM;
        }
        input = grown;
        if (!folder) input[count++] = call->input[i];
        for (size_t f = 0; folder && f < more; f++)
            input[count++] = fn_names_text(call->folder_files, first + (uint32_t) f, NULL);
    }
    fn_free(call->input);
    call->input = input;
    call->inputs = count;
    return FN_OK;
}

fn_status fn_call_read(fn_call *call, fn_net **net)
{
    *net = NULL;
    fn_status status = open_folders(call);
    if (status) return status;
    call->digest = fn_alloc(&call->run, call->inputs, sizeof *call->digest);
    call->bytes = fn_alloc(&call->run, call->inputs, sizeof *call->bytes);
    if (!call->digest || !call->bytes) return FN_ENOMEM;
    fn_read_options options = read_options(call);
    return fn_read(&call->run, call->input, call->inputs, &options, net, call->digest, call->bytes);
}

int64_t fn_call_records(const fn_net *net)
{
    const fn_account *account = fn_net_account(net);
    int64_t read = fn_account_total(account, "row", FN_READ, NULL) + fn_account_total(account, "award", FN_READ, NULL);
    return read ? read : fn_net_records(net);
}

static void hint_layer(fn_run *run, const fn_net *net, const char *word, size_t length)
{
    const fn_names *layers = fn_net_layers(net);
    const char *name[FN_LAYERS_MOST];
    char meant[64];
    uint32_t count = 0;
    while (count < fn_names_count(layers) && count < FN_LAYERS_MOST) {
        name[count] = fn_names_text(layers, count, NULL);
        count++;
    }
    snprintf(meant, sizeof meant, "%.*s", (int) (length < sizeof meant ? length : sizeof meant - 1), word);
    const char *near = fn_nearest(meant, name, count);
    if (near) fn_hint(run, "--layer %s", near);
    else fn_hint(run, "`firmnet info` lists the layers");
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
            hint_layer(run, net, at, length);
            return FN_EINVAL;
        }
        *bits |= (uint64_t) 1 << layer;
        at += length;
        if (*at == ',') at++;
    }
    return FN_OK;
}

/* A kind that no firm has is a slip of the hand, unless it is one of the contract's and these data just lack it. */
static fn_status check_kinds(fn_run *run, const fn_net *net, const char *list)
{
    static const char *const kinds[] = { "firm", "authority", "university", "bank", "person", "consortium", "unknown" };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    for (const char *at = list; at && *at;) {
        size_t length = strcspn(at, ","), n;
        bool there = false;
        for (uint32_t f = 0; !there && f < fn_net_firms(net); f++) {
            const char *kind = fn_net_firm_text(net, f, "kind", &n);
            there = n == length && memcmp(kind, at, n) == 0;
        }
        char word[FN_QUOTE_TEXT], quoted[FN_QUOTE_TEXT];
        snprintf(word, sizeof word, "%.*s", (int) (length < sizeof word ? length : sizeof word - 1), at);
        bool known = false;
        for (size_t k = 0; k < KINDS; k++) known |= strcmp(word, kinds[k]) == 0;
        if (!there && known) fn_warn(run, "--without %s: no firm is of that kind", word);
        if (!there && !known) {
            const char *near = fn_nearest(word, kinds, KINDS);
            fn_fail(run, FN_EINVAL, "no firm is of the kind %s", fn_quote(word, strlen(word), quoted));
            if (near) fn_hint(run, "--without %s", near);
            else fn_hint(run, "firm, authority, university, bank, person, consortium or unknown");
            return FN_EINVAL;
        }
        at += length + (at[length] == ',');
    }
    return FN_OK;
}

fn_status fn_call_view(fn_call *call, const fn_net *net, fn_view **view)
{
    *view = NULL;
    const fn_values *v = call->values;
    bool weighs = call->command->takes & FN_TAKES_WEIGHT;
    const char *weight = weighs ? fn_values_text(v, "weight") : "value";
    fn_view_options options = {
        .since = fn_values_date(v, "since"),
        .until = fn_call_until(call),
        .weight = strcmp(weight, "count") == 0 ? FN_WEIGHT_COUNT : strcmp(weight, "both") == 0 ? FN_WEIGHT_BOTH
                                                                                                : FN_WEIGHT_VALUE,
        .currency = weighs ? fn_values_text(v, "currency") : NULL,
        .without = fn_values_text(v, "without"),
    };
    fn_status status = layer_bits(&call->run, net, fn_values_text(v, "layer"), &options.layers);
    if (!status) status = check_kinds(&call->run, net, options.without);
    if (!status) status = fn_view_new(&call->run, net, &options, view);
    return status;
}

fn_status fn_call_keep_selected(fn_call *call, fn_net *net)
{
    fn_view *view;
    fn_status status = fn_call_view(call, net, &view);
    if (status) return status;
    if (view->ties < fn_net_ties(net)) status = fn_net_keep(&call->run, net, view->tie, view->ties);
    fn_view_free(view);
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
    if (!status && replaced)
        fn_warn(&call->run, "tabs, line breaks or bytes that are not UTF-8 are replaced in what is written: %lld",
                (long long) replaced);
    if (status) fn_output_abort(output);
    else status = fn_output_commit(&call->run, output);
    return status;
}
