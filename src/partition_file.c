/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "src/partition_file.h"

fn_status fn_labels_read(fn_call *call, const char *path, fn_labels *labels)
{
    fn_run *run = &call->run;
    fn_source *source = NULL;
    fn_status status = fn_source_open(run, path, &source);
    if (!status) status = fn_table_read(run, source, &labels->table);
    fn_source_close(source);
    if (status) return status;
    labels->firm = fn_table_find(labels->table, "firm");
    labels->cluster = fn_table_find(labels->table, "cluster");
    if (!labels->firm || !labels->cluster) {
        fn_fail_at(run, FN_EPARSE, path, 1, -1, "the columns firm and cluster are wanted");
        fn_hint(run, "the table that `firmnet clusters` writes");
        return FN_EPARSE;
    }
    return FN_OK;
}

/* start[firm] = first firm of the same label; first: one a label. */
static fn_status follow_labels(fn_run *run, const char *path, const fn_net *net, const fn_labels *labels,
                               uint32_t *first, bool *met, uint32_t *start)
{
    const uint32_t firms = fn_net_firms(net);
    size_t unknown = 0, unlabelled = 0;
    uint32_t there = 0;
    for (uint32_t firm = 0; firm < firms; firm++) start[firm] = firm;
    memset(first, 0xff, fn_names_count(labels->cluster->pool) * sizeof *first);
    for (size_t row = 0; row < labels->table->rows; row++) {
        size_t length;
        const char *key = fn_column_text(labels->firm, row, &length);
        const uint32_t firm = fn_names_find(fn_net_keys(net), key, length);
        if (firm == FN_NONE) {
            unknown++;
            continue;
        }
        if (met[firm]) {
            char quoted[FN_QUOTE_TEXT];
            return fn_fail_at(run, FN_EPARSE, path, (int64_t) row + 2, -1, "firm %s stands there twice",
                              fn_quote(key, length, quoted));
        }
        met[firm] = true;
        there++;
        if (fn_column_missing(labels->cluster, row)) {
            unlabelled++;
            continue;
        }
        const uint32_t label = labels->cluster->text[row];
        if (first[label] == FN_NONE) first[label] = firm;
        start[firm] = first[label];
    }
    if (unknown + unlabelled || there < firms)
        fn_warn(run, "%s: %zu of its firms are not in the network; %zu firms of the network have no cluster there and "
                "begin alone", path, unknown, unlabelled + (firms - there));
    return FN_OK;
}

fn_status fn_labels_start(fn_call *call, const char *path, const fn_net *net, uint32_t **start)
{
    fn_run *run = &call->run;
    const uint32_t firms = fn_net_firms(net);
    fn_labels labels = { 0 };
    uint32_t *first = NULL, *made = NULL;
    bool *met = NULL;
    fn_status status = fn_labels_read(call, path, &labels);
    if (status) goto done;
    status = FN_ENOMEM;
    if (!(first = fn_alloc_bare(run, fn_names_count(labels.cluster->pool), sizeof *first))) goto done;
    if (!(met = fn_alloc(run, firms, sizeof *met))) goto done;
    if (!(made = fn_alloc_bare(run, firms, sizeof *made))) goto done;
    if ((status = follow_labels(run, path, net, &labels, first, met, made))) goto done;
    *start = made;
    made = NULL;
done:
    fn_free(made);
    fn_free(met);
    fn_free(first);
    fn_table_free(labels.table);
    return status;
}
