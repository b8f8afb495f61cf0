/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "io/report.h"
#include "src/write.h"

fn_status fn_write_tsv(fn_call *call, const fn_table *table, fn_output *output)
{
    return fn_table_write(&call->run, output, table, FN_TABLE_TSV, NULL);
}

/* firms.tsv's columns and the drawing as one table, whose columns stay where they are: only the list is new. */
static fn_table drawn_firms(fn_column **list, const fn_analysis *a)
{
    size_t n = 0;
    for (size_t i = 0; a->firms && i < a->firms->columns; i++) list[n++] = a->firms->column[i];
    for (size_t i = 0; a->drawing && i < a->drawing->columns; i++) list[n++] = a->drawing->column[i];
    return (fn_table) { .rows = a->view->firms, .columns = n, .column = list };
}

static fn_column **column_list(fn_call *call, const fn_analysis *a)
{
    size_t n = (a->firms ? a->firms->columns : 0) + (a->drawing ? a->drawing->columns : 0);
    return fn_alloc(&call->run, n, sizeof(fn_column *));
}

/* What Gephi shows of a tie beside money, count and dates. The rest (the reason in words above all, half the file)
 * stands in ties.tsv. */
static const char *const drawn_tie[] = { "overlap", "squares", "p_from", "p_to", "reciprocity", "class", "log10_p",
                                        "log10_q", "kept" };
enum { DRAWN_TIE = sizeof drawn_tie / sizeof *drawn_tie };

static fn_table drawn_ties(fn_column *list[DRAWN_TIE], const fn_analysis *a)
{
    size_t n = 0;
    for (size_t i = 0; a->ties && i < DRAWN_TIE; i++)
        if ((list[n] = fn_table_find(a->ties, drawn_tie[i]))) n++;
    return (fn_table) { .rows = a->view->ties, .columns = n, .column = list };
}

typedef fn_status export_writer(fn_call *call, const void *how, fn_export *export_);

static fn_status with_export(fn_call *call, fn_analysis *a, bool all_columns, export_writer *writer, const void *how)
{
    fn_column **list = column_list(call, a), *tie_list[DRAWN_TIE];
    char *provenance = fn_record_provenance(call);
    fn_status status = list && provenance ? FN_OK : FN_ENOMEM;
    if (!status) {
        fn_table firms = drawn_firms(list, a), ties = drawn_ties(tie_list, a);
        fn_export export_ = {
            .net = a->net, .firms = &firms, .ties = all_columns ? a->ties : &ties,
            .tie = a->view->tie, .tie_count = a->view->ties,
            .weight = a->view->weight, .provenance = provenance
        };
        status = writer(call, how, &export_);
    }
    fn_free(list);
    fn_free(provenance);
    return status;
}

typedef struct target {
    const fn_format *format;
    fn_output *output;
    const char *path;
} target;

static fn_status to_output(fn_call *call, const void *how, fn_export *export_)
{
    const target *t = how;
    return t->format->write(&call->run, t->output, export_);
}

static fn_status to_path(fn_call *call, const void *how, fn_export *export_)
{
    const target *t = how;
    return t->format->write_path(&call->run, t->path, export_);
}

fn_status fn_write_network(fn_call *call, fn_analysis *a, const char *format, fn_output *output)
{
    target t = { .format = fn_format_find(format), .output = output };
    return with_export(call, a, false, to_output, &t);
}

fn_status fn_write_network_to(fn_call *call, fn_analysis *a, const fn_format *format, const char *path)
{
    target t = { .format = format, .path = path };
    bool all_columns = strcmp(format->name, "gexf") != 0;
    if (format->write_path) return with_export(call, a, all_columns, to_path, &t);
    fn_status status = fn_output_open(&call->run, path, &t.output);
    if (status) return status;
    status = with_export(call, a, all_columns, to_output, &t);
    if (status) fn_output_abort(t.output);
    else status = fn_output_commit(&call->run, t.output);
    return status;
}

fn_status fn_write_report(fn_call *call, fn_analysis *a, fn_output *output)
{
    char **inputs, **parameters;
    fn_column **list = column_list(call, a);
    fn_status status = fn_record_lines(call, &inputs, &parameters);
    if (!status && !list) status = FN_ENOMEM;
    if (!status) {
        fn_table firms = drawn_firms(list, a);
        fn_report report = {
            .title = "Clusters of firms", .net = a->net, .view = a->view, .firms = &firms, .ties = a->ties,
            .clusters = a->clusters, .quality = a->partition ? a->partition->quality : NAN,
            .layer_quality = a->partition ? a->partition->layer_quality : NULL,
            .warnings = (const char *const *) call->warning, .inputs = (const char *const *) inputs,
            .parameters = (const char *const *) parameters, .version = PACKAGE_VERSION
        };
        status = fn_report_write(&call->run, output, &report);
    }
    fn_lines_free(inputs);
    fn_lines_free(parameters);
    fn_free(list);
    return status;
}
