/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/edgelist.h"

/* What is said and counted when an edge list has been read. */

static fn_status remark(fn_run *run, const fn_edge_reader *reader, const char *reason, const char *words,
                        const fn_happening *what)
{
    char example[FN_QUOTE_TEXT];
    memcpy(example, what->example, sizeof example);
    return fn_account_count(run, reader->import->account, "row", FN_REMARK, reason, words, what->count, reader->file,
                            what->line, what->count && *example ? fn_unquote(example) : "");
}

static fn_status count_lines(fn_run *run, const fn_edge_reader *reader)
{
    fn_account *account = reader->import->account;
    fn_status status = fn_account_count(run, account, "row", FN_READ, "", "", reader->rows, reader->file, 0, NULL);
    if (!status)
        status =
            remark(run, reader, "self_tie", "ties of a firm to itself: kept, left out of the kernels", &reader->self);
    if (!status)
        status = remark(run, reader, "not_utf8",
                        "rows with bytes that are not UTF-8: kept in ids, replaced visibly "
                        "in exports",
                        &reader->not_utf8);
    if (!status)
        status = remark(run, reader, "date_left_out",
                        "dates before 1000 or after 2200, which stand for unknown ones: "
                        "left out, the rows kept",
                        &reader->date_odd);
    if (!status)
        status = remark(run, reader, "layer_missing", "rows that name no layer: taken as the layer of the others",
                        &reader->no_layer);
    if (!status) status = remark(run, reader, "count_missing", "rows without a count: taken as 1", &reader->no_count);
    if (!status)
        status = remark(run, reader, "value_missing", "rows that state no money, only a count", &reader->no_value);
    fn_happening blank = { .count = reader->text.blank_lines }, comment = { .count = reader->text.comment_lines };
    if (!status)
        status = remark(run, reader, "id_with_blanks",
                        "rows with blanks around a firm's id: kept, they make another "
                        "firm",
                        &reader->blanks);
    if (!status) status = remark(run, reader, "line_blank", "empty lines", &blank);
    if (!status) status = remark(run, reader, "line_comment", "lines that start with #", &comment);
    return status;
}

static fn_status count_money(fn_run *run, const fn_edge_reader *reader)
{
    fn_account *account = reader->import->account;
    const fn_names *names = fn_net_currencies(reader->import->net);
    fn_status status = FN_OK;
    size_t currencies = 0;
    char list[256] = "";
    for (size_t c = 0; !status && c < reader->money_capacity; c++) {
        const struct money *money = &reader->money[c];
        if (!money->all.terms) continue;
        const char *name = fn_names_text(names, (uint32_t) c, NULL);
        status = fn_account_join(run, account, "rows", name, &money->all);
        if (!status && money->self.terms) status = fn_account_join(run, account, "self_ties", name, &money->self);
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", currencies++ ? ", " : "", *name ? name : "none stated");
    }
    if (currencies > 1) fn_warn(run, "%s: several currencies (%s): their amounts are never added", reader->file, list);
    return status;
}

static void warn_of(fn_run *run, const fn_edge_reader *reader, const fn_happening *what, const char *odd,
                    const char *then)
{
    if (what->count)
        fn_warn(run, "%s:%" PRId64 ": %s (%s): %s; %" PRId64 " in all, first here", reader->file, what->line, odd,
                what->example, then, what->count);
}

static void warn_once(fn_run *run, const fn_edge_reader *reader)
{
    warn_of(run, reader, &reader->blanks, "blanks around the id of a firm", "they are part of the id");
    warn_of(run, reader, &reader->not_utf8, "bytes that are not UTF-8", "kept in ids, replaced visibly in exports");
    warn_of(run, reader, &reader->date_odd, "a date that can't be", "taken as not known");
}

fn_status fn_edge_claim_records(fn_run *run, fn_import *import, size_t start)
{
    size_t *pair =
        fn_grow(run, import->row_record, &import->row_record_capacity, import->row_records + 2, sizeof *pair);
    if (!pair) return FN_ENOMEM;
    import->row_record = pair;
    pair[import->row_records++] = start;
    pair[import->row_records++] = fn_net_ties(import->net);
    return FN_OK;
}

fn_status fn_edge_account(fn_run *run, const fn_edge_reader *reader, size_t start)
{
    fn_status status = count_money(run, reader);
    if (!status) status = count_lines(run, reader);
    if (!status) status = fn_edge_claim_records(run, reader->import, start);
    if (!status) warn_once(run, reader);
    return status;
}
