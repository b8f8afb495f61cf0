/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/economy_figures.h"
#include "graph/net.h"
#include "io/made_rows.h"
#include "io/pen.h"
#include "src/generate.h"

typedef struct plan {
    const fn_economy_stream *stream;
    unsigned columns;
} plan;

enum { TOGETHER = 32 }; /* rows are drawn so many at a time */

static size_t part_of(size_t end, size_t first)
{
    return end - first < TOGETHER ? end - first : TOGETHER;
}

static void put_ties(fn_pen *pen, const void *user, size_t first, size_t end)
{
    static const char *const layer[] = {
        [FN_LAYER_SUPPLY] = "supply", [FN_LAYER_SUBCONTRACT] = "subcontract", [FN_LAYER_KNOWLEDGE] = "knowledge",
        [FN_LAYER_OWNERSHIP] = "ownership"
    };
    const plan *p = user;
    fn_stream_row row[TOGETHER];
    char *at;
    for (size_t part; first < end && (at = fn_pen_room(pen, TOGETHER * FN_MADE_TIE_MOST)); first += part) {
        part = part_of(end, first);
        fn_economy_stream_run(p->stream, first, part, row);
        for (size_t k = 0; k < part; k++) {
            fn_made_tie tie = { row[k].from_id, row[k].to_id, row[k].cents, row[k].day, layer[row[k].layer],
                                row[k].product };
            size_t length = fn_made_tie_text(&tie, p->columns, at);
            at += length;
            pen->used += length;
        }
    }
}

static void put_tenders(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const plan *p = user;
    char *at;
    for (; first < end && (at = fn_pen_room(pen, FN_MADE_TENDER_MOST)); first++) {
        fn_stream_row row;
        fn_economy_stream_row(p->stream, first, &row);
        fn_made_tender tender = { .number = first + 1, .buyer = row.to_id, .cents = row.cents, .day = row.day,
                                  .product = row.product };
        tender.bidders = fn_economy_stream_bidders(p->stream, &row, tender.bidder);
        pen->used += fn_made_tender_text(&tender, at);
    }
}

static void put_firms(fn_pen *pen, const void *user, size_t first, size_t end)
{
    const plan *p = user;
    char *at;
    for (; first < end && (at = fn_pen_room(pen, FN_MADE_FIRM_MOST)); first++) {
        fn_stream_firm firm;
        fn_economy_stream_firm(p->stream, (uint32_t) first, &firm);
        pen->used += fn_made_firm_text(firm.id, firm.cluster, fn_stream_role_name(firm.role), at);
    }
}

static fn_status write_rows(fn_run *run, const char *path, const char *header, const fn_rows *rows, fn_output **output)
{
    fn_status status = fn_output_open(run, path, output);
    if (status) return status;
    fn_pen pen = { .run = run, .output = *output };
    fn_pen_text(&pen, header);
    fn_pen_rows(&pen, rows);
    return pen.status ? pen.status : fn_output_seal(run, *output);
}

static fn_status write_files(fn_call *call, const plan *p, bool tenders, const char *path, const char *truth_path)
{
    fn_run *run = &call->run;
    fn_output *output = NULL, *truth = NULL;
    uint64_t count = fn_economy_stream_rows(p->stream);
    const fn_rows rows = { .count = count, .put = tenders ? put_tenders : put_ties, .user = p,
                           .stage = tenders ? "writing tenders" : "writing ties", .to = 1 };
    const fn_rows firms = { .count = fn_economy_stream_firms(p->stream), .put = put_firms, .user = p,
                            .stage = "writing the plan", .to = 1 };
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
