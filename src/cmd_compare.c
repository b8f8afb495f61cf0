/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/clusters.h"
#include "graph/memory.h"
#include "src/partition_file.h"

/* Firms of both files that have a cluster in both, as parallel arrays of labels. */
static fn_status join(fn_call *call, const fn_labels *a, const fn_labels *b, uint32_t *label_a, uint32_t *label_b,
                      size_t *n)
{
    fn_run *run = &call->run;
    fn_names *firms;
    size_t only_a = 0, only_b = 0, unlabelled = 0;
    uint32_t *row = fn_alloc(run, a->table->rows, sizeof *row);
    bool *met = fn_alloc(run, a->table->rows, sizeof *met);
    fn_status status = row && met ? fn_names_new(run, &firms) : FN_ENOMEM;
    if (status) {
        fn_free(row);
        fn_free(met);
        return status;
    }
    for (size_t r = 0; !status && r < a->table->rows; r++) {
        size_t length;
        const char *key = fn_column_text(a->firm, r, &length);
        uint32_t number;
        bool is_new;
        status = fn_names_add(run, firms, key, length, &number, &is_new);
        if (!status && !is_new) {
            char quoted[FN_QUOTE_TEXT];
            status = fn_fail_at(run, FN_EPARSE, call->input[0], (int64_t) r + 2, -1, "firm %s stands there twice",
                                fn_quote(key, length, quoted));
        }
        if (!status) row[number] = (uint32_t) r;
    }
    *n = 0;
    for (size_t r = 0; !status && r < b->table->rows; r++) {
        size_t length;
        const char *key = fn_column_text(b->firm, r, &length);
        uint32_t number = fn_names_find(firms, key, length);
        if (number == FN_NONE) {
            only_b++;
            continue;
        }
        if (met[number]) {
            char quoted[FN_QUOTE_TEXT];
            status = fn_fail_at(run, FN_EPARSE, call->input[1], (int64_t) r + 2, -1, "firm %s stands there twice",
                                fn_quote(key, length, quoted));
            break;
        }
        met[number] = true;
        if (fn_column_missing(a->cluster, row[number]) || fn_column_missing(b->cluster, r)) {
            unlabelled++;
            continue;
        }
        label_a[*n] = a->cluster->text[row[number]];
        label_b[*n] = b->cluster->text[r];
        (*n)++;
    }
    for (uint32_t f = 0; f < fn_names_count(firms); f++) only_a += !met[f];
    if (!status && only_a + only_b + unlabelled)
        fn_warn(run, "compared are the %zu firms with a cluster in both; %zu stand only in the first, %zu only in the "
                "second, %zu have no cluster in one of them", *n, only_a, only_b, unlabelled);
    fn_names_free(firms);
    fn_free(row);
    fn_free(met);
    return status;
}

static fn_status result_table(fn_run *run, size_t n, const fn_agreement *g, fn_table **table)
{
    const struct { const char *name; double value; } column[] = {
        { "nmi", g->nmi }, { "ari", g->ari }, { "ami", g->ami }, { "vi", g->vi },
        { "pairs_precision", g->pairs_precision }, { "pairs_recall", g->pairs_recall }
    };
    fn_column *made;
    fn_status status = fn_table_new(run, 1, table);
    for (size_t i = 0; !status && i < sizeof column / sizeof *column; i++)
        if (!(status = fn_table_add(run, *table, column[i].name, FN_COLUMN_REAL, &made)))
            made->real[0] = column[i].value;
    if (!status && !(status = fn_table_add(run, *table, "firms", FN_COLUMN_INT, &made))) made->integer[0] = (int64_t) n;
    return status;
}

static fn_status run_compare(fn_call *call)
{
    fn_run *run = &call->run;
    fn_labels a = { 0 }, b = { 0 };
    uint32_t *label_a = NULL, *label_b = NULL;
    fn_table *table = NULL;
    size_t n = 0;
    fn_agreement agreement;
    fn_status status = fn_labels_read(call, call->input[0], &a);
    if (!status) status = fn_labels_read(call, call->input[1], &b);
    if (!status) {
        label_a = fn_alloc(run, a.table->rows, sizeof *label_a);
        label_b = fn_alloc(run, a.table->rows, sizeof *label_b);
        status = label_a && label_b ? join(call, &a, &b, label_a, label_b, &n) : FN_ENOMEM;
    }
    if (!status) status = fn_partition_compare(run, n, label_b, label_a, &agreement);
    if (!status) status = result_table(run, n, &agreement, &table);
    if (!status) status = fn_call_table(call, table);
    fn_free(label_a);
    fn_free(label_b);
    fn_table_free(a.table);
    fn_table_free(b.table);
    fn_table_free(table);
    return status;
}

const fn_command fn_command_compare = {
    .name = "compare",
    .group = "Analysing",
    .usage = "FOUND PLAN",
    .text = "agreement of two partitions: nmi, ari, ami, vi, pairs precision and recall",
    .details = "Tables with the columns firm and cluster. Precision and recall take the second as the truth.",
    .example = "firmnet compare clusters.tsv tenders.truth.tsv",
    .takes = FN_TAKES_TABLE,
    .inputs_least = 2, .inputs_most = 2, .run = run_compare
};
