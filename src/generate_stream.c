/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/economy_figures.h"
#include "graph/net.h"
#include "io/made_rows.h"
#include "io/rows.h"
#include "src/generate.h"

typedef struct plan {
    const fn_economy_stream *stream;
    unsigned columns;
} plan;

enum { TOGETHER = 32 }; /* rows are drawn so many at a time */

static size_t part_of(size_t count, size_t done)
{
    return count - done < TOGETHER ? count - done : TOGETHER;
}

static size_t tie_text(const void *user, uint64_t first, size_t count, char *start)
{
    static const char *const layer[] = {
        [FN_LAYER_SUPPLY] = "supply", [FN_LAYER_SUBCONTRACT] = "subcontract", [FN_LAYER_KNOWLEDGE] = "knowledge",
        [FN_LAYER_OWNERSHIP] = "ownership"
    };
    const plan *p = user;
    fn_stream_row row[TOGETHER];
    char *at = start;
    for (size_t done = 0, part; done < count; done += part) {
        part = part_of(count, done);
        fn_economy_stream_run(p->stream, first + done, part, row);
        for (size_t k = 0; k < part; k++) {
            fn_made_tie tie = { row[k].from_id, row[k].to_id, row[k].cents, row[k].day, layer[row[k].layer], row[k].product };
            at += fn_made_tie_text(&tie, p->columns, at);
        }
    }
    return (size_t) (at - start);
}

static size_t tender_text(const void *user, uint64_t first, size_t count, char *start)
{
    const plan *p = user;
    char *at = start;
    for (size_t k = 0; k < count; k++) {
        fn_stream_row row;
        fn_economy_stream_row(p->stream, first + k, &row);
        fn_made_tender tender = { .number = first + k + 1, .buyer = row.to_id, .cents = row.cents, .day = row.day,
                                  .product = row.product };
        tender.bidders = fn_economy_stream_bidders(p->stream, &row, tender.bidder);
        at += fn_made_tender_text(&tender, at);
    }
    return (size_t) (at - start);
}

static size_t firm_text(const void *user, uint64_t first, size_t count, char *start)
{
    const plan *p = user;
    char *at = start;
    for (size_t k = 0; k < count; k++) {
        fn_stream_firm firm;
        fn_economy_stream_firm(p->stream, (uint32_t) (first + k), &firm);
        at += fn_made_firm_text(firm.id, firm.cluster, fn_stream_role_name(firm.role), at);
    }
    return (size_t) (at - start);
}

static fn_status write_rows(fn_run *run, const char *path, const char *header, const fn_rows *rows, fn_output **output)
{
    fn_status status = fn_output_open(run, path, output);
    if (!status) status = fn_output_text(run, *output, header);
    if (!status) status = fn_rows_write(run, *output, rows);
    return status ? status : fn_output_seal(run, *output);
}

static fn_status write_files(fn_call *call, const plan *p, bool tenders, const char *path, const char *truth_path)
{
    fn_run *run = &call->run;
    fn_output *output = NULL, *truth = NULL;
    uint64_t count = fn_economy_stream_rows(p->stream);
    fn_rows rows = tenders ? (fn_rows) { count, FN_MADE_TENDER_MOST, tender_text, p, "writing tenders" }
                           : (fn_rows) { count, FN_MADE_TIE_MOST, tie_text, p, "writing ties" };
    fn_rows firms = { fn_economy_stream_firms(p->stream), FN_MADE_FIRM_MOST, firm_text, p, "writing the plan" };
    fn_status status = truth_path ? write_rows(run, truth_path, "firm\tcluster\trole\n", &firms, &truth) : FN_OK;
    if (!status) status = write_rows(run, path, tenders ? "" : fn_made_tie_header(p->columns), &rows, &output);
    if (!status && truth) {
        status = fn_output_commit(run, truth);
        truth = NULL;
    }
    if (!status) {
        status = fn_output_commit(run, output);
        output = NULL;
    }
    fn_output_abort(truth);
    fn_output_abort(output);
    return status;
}

fn_status fn_generate_stream(fn_call *call, const fn_stream_options *options, bool products, const fn_format *format,
                             const char *path, const char *truth_path)
{
    fn_run *run = &call->run;
    bool tenders = strcmp(format->name, "ocds") == 0;
    bool layers = options->subcontract > 0 || options->knowledge > 0 || options->ownership > 0;
    fn_economy_stream *stream;
    if (!tenders && strcmp(format->name, "edgelist") != 0) {
        fn_fail(run, FN_EINVAL, "a large economy is written as ties or tenders, not as %s", format->name);
        fn_hint(run, "-o FILE.tsv.gz (ties) or -o FILE.jsonl.gz (tenders), then firmnet export");
        return FN_EINVAL;
    }
    if (tenders && layers)
        return fn_fail(run, FN_EINVAL, "tenders tell of supply alone: no --subcontract, --knowledge, --ownership");
    fn_status status = fn_economy_stream_new(run, options, &stream);
    if (status) return status;
    plan p = { stream, (layers ? FN_MADE_LAYER : 0) | (products ? FN_MADE_PRODUCT : 0) };
    status = write_files(call, &p, tenders, path, truth_path);
    if (!status)
        fn_note(run, "%llu ties of %u firms in %u clusters: %llu rows, one for each year of a tie",
                (unsigned long long) options->ties, (unsigned) fn_economy_stream_firms(stream),
                (unsigned) fn_economy_stream_clusters(stream), (unsigned long long) fn_economy_stream_rows(stream));
    fn_economy_stream_free(stream);
    return status;
}

/* 100,000 firms, as many ties a firm as the countries that are compared with. */
fn_status fn_generate_describe(fn_call *call)
{
    const fn_stream_options options = { .ties = 500000, .firms = 100000, .periods = 3 };
    fn_run *run = &call->run;
    double figure[FN_FIGURES];
    fn_economy_stream *stream;
    fn_pairs pairs = { 0 };
    fn_table *table = NULL;
    fn_status status = fn_economy_stream_new(run, &options, &stream);
    if (!status) status = fn_pairs_of(run, stream, &pairs);
    if (!status) status = fn_figures_measure(run, &pairs, figure);
    if (!status) status = fn_figures_table(run, figure, &table);
    if (!status) status = fn_call_table(call, table);
    fn_table_free(table);
    fn_pairs_free(&pairs);
    fn_economy_stream_free(stream);
    return status;
}
