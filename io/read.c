/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/edgelist.h"
#include "io/firms_table.h"
#include "io/format.h"
#include "io/rejects.h"
#include "io/tender.h"

/* Reading inputs of any format into one network. */

enum { HEAD_BYTES = 64 * 1024 };

/* ---- which format ---- */

/* The names of the formats that can be read, in words. */
static void readable_formats(char list[256])
{
    size_t n = 0;
    list[0] = '\0';
    for (const fn_format *const *f = fn_formats; *f; f++)
        if ((*f)->read && n < 256) n += (size_t) snprintf(list + n, 256 - n, "%s%s", n ? ", " : "", (*f)->name);
}

static const char *nearest_format(const char *name)
{
    const char *names[32];
    size_t n = 0;
    for (const fn_format *const *f = fn_formats; *f && n < 32; f++)
        if ((*f)->read) names[n++] = (*f)->name;
    return fn_nearest(name, names, n);
}

static fn_status forced_format(fn_run *run, const char *name, const fn_format **format)
{
    *format = fn_format_find(name);
    if (*format && (*format)->read) return FN_OK;
    char list[256];
    readable_formats(list);
    fn_fail(run, FN_EINVAL, *format ? "format \"%s\" can be written, not read" : "there is no format \"%s\"", name);
    const char *near = *format ? NULL : nearest_format(name);
    fn_hint(run, "%s%s%s--from takes one of %s", near ? "did you mean " : "", near ? near : "", near ? "? " : "", list);
    return FN_EINVAL;
}

/* The format that is surest of the first bytes; the first in the list of equally sure ones. */
static fn_status guess_format(fn_run *run, const char *file, const char *head, size_t length, const fn_format **format)
{
    int best = 0;
    *format = NULL;
    for (const fn_format *const *f = fn_formats; *f; f++) {
        int score = (*f)->sniff && (*f)->read ? (*f)->sniff(head, length) : 0;
        if (score <= best) continue;
        best = score;
        *format = *f;
    }
    if (*format) {
        fn_note(run, "%s: read as %s (--from says otherwise)", file, (*format)->name);
        return FN_OK;
    }
    char list[256], quoted[FN_QUOTE_TEXT];
    readable_formats(list);
    fn_fail_at(run, FN_EPARSE, file, 0, -1, "the format is not known; the file starts with %s",
               fn_quote(head, length < 24 ? length : 24, quoted));
    fn_hint(run, "--from FORMAT says what it is: %s", list);
    return FN_EPARSE;
}

/* ---- rows that became ties ---- */

typedef struct pair_key {
    uint32_t from, to;
    uint16_t layer, currency;
    int32_t first, last;      /* periods, where these are kept apart */
} pair_key;

static int by_key(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(pair_key));
}

/* How many different ties the records from rows make: all ties there will be, where nothing else gave records. */
static fn_status count_row_ties(fn_run *run, const fn_import *import, int64_t *records, int64_t *ties)
{
    const fn_ties *rows = fn_net_tie_rows(import->net);
    size_t total = 0, n = 0;
    for (size_t i = 0; i < import->row_records; i += 2) total += import->row_record[i + 1] - import->row_record[i];
    *records = (int64_t) total;
    *ties = -1;
    if (total == fn_net_ties(import->net)) return FN_OK;
    pair_key *key = fn_alloc(run, total, sizeof *key);
    if (!key) return FN_ENOMEM;
    for (size_t i = 0; i < import->row_records; i += 2)
        for (size_t r = import->row_record[i]; r < import->row_record[i + 1]; r++) {
            const fn_tie tie = fn_ties_at(rows, r);
            const fn_period_unit apart = rows->apart;
            key[n++] = (pair_key){ tie.from, tie.to, tie.layer, tie.currency,
                                   apart ? fn_period_of(tie.first, apart) : 0, apart ? fn_period_of(tie.last, apart) : 0 };
        }
    if (total) qsort(key, total, sizeof *key, by_key);
    *ties = total > 0;
    for (size_t i = 1; i < total; i++) *ties += by_key(&key[i - 1], &key[i]) != 0;
    fn_free(key);
    return FN_OK;
}

/* How many firms deliver and how many receive in directed ties of the rows: suppliers and customers, say. */
static fn_status count_ends(fn_run *run, const fn_import *import)
{
    const fn_ties *rows = fn_net_tie_rows(import->net);
    enum { DELIVERS = 1, RECEIVES = 2 };
    int64_t deliver = 0, receive = 0;
    unsigned char *ends = fn_alloc(run, fn_net_firms(import->net), sizeof *ends);
    if (!ends) return FN_ENOMEM;
    for (size_t i = 0; i < import->row_records; i += 2)
        for (size_t r = import->row_record[i]; r < import->row_record[i + 1]; r++) {
            const fn_tie tie = fn_ties_at(rows, r);
            if (!fn_net_layer_directed(tie.layer)) continue;
            deliver += !(ends[tie.from] & DELIVERS);
            ends[tie.from] |= DELIVERS;
            receive += !(ends[tie.to] & RECEIVES);
            ends[tie.to] |= RECEIVES;
        }
    fn_free(ends);
    fn_status status = fn_account_count(run, import->account, "firm", FN_REMARK, "delivering_in_rows",
                                        "firms that are \"from\" in a row", deliver, NULL, 0, NULL);
    if (status) return status;
    return fn_account_count(run, import->account, "firm", FN_REMARK, "receiving_in_rows",
                            "firms that are \"to\" in a row", receive, NULL, 0, NULL);
}

static fn_status freeze(fn_run *run, fn_import *import)
{
    int64_t records, ties;
    fn_status status = count_row_ties(run, import, &records, &ties);
    if (!status && records) status = count_ends(run, import);
    if (!status) status = fn_net_freeze(run, import->net);
    if (status || !records) return status;
    if (ties < 0) ties = (int64_t) fn_net_ties(import->net);
    status = fn_account_count(run, import->account, "row", FN_KEPT, "", "", ties, NULL, 0, NULL);
    if (!status)
        status = fn_account_count(run, import->account, "row", FN_MERGED, "same_tie",
                                  "rows of a tie that is there already: same from, to, layer and currency",
                                  records - ties, NULL, 0, NULL);
    return status;
}

/* ---- the inputs ---- */

typedef struct input {
    uint64_t digest, bytes;
    bool tenders;
} input;

static bool is_blank(const char *text, size_t length)
{
    while (length && memchr(" \t\r\n", text[length - 1], 4)) length--;
    return length == 0;
}

static fn_status read_input(fn_run *run, const char *path, fn_import *import, input *what, bool *warned)
{
    fn_source *source = NULL;
    const fn_format *format = NULL;
    const char *head;
    size_t length, ties = fn_net_ties(import->net);
    import->digest = import->bytes = 0;
    fn_status status = fn_source_open(run, path, &source);
    if (!status) status = fn_source_peek(run, source, HEAD_BYTES, &head, &length);
    if (status) goto done;
    if (length < HEAD_BYTES && is_blank(head, length)) length = 0;
    if (import->options->format)
        status = forced_format(run, import->options->format, &format);
    else if (length)
        status = guess_format(run, fn_source_name(source), head, length, &format);
    if (status) goto done;
    bool had_book = import->book != NULL;
    if (length) status = format->read(run, source, import);
    if (status) goto done;
    if (!length) {
        fn_warn(run, "%s: the input is empty: no ties", fn_source_name(source));
        *warned = true;
    } else if (ties == fn_net_ties(import->net) && !had_book && !import->book) {
        fn_warn(run, "%s: no ties in this input", fn_source_name(source));
        *warned = true;
    }
    *what = (input){ import->bytes ? import->digest : fn_source_digest(source),
                     import->bytes ? import->bytes : fn_source_offset(source),
                     format && strcmp(format->name, "ocds") == 0 };
done:
    fn_source_close(source);
    return status;
}

/* Every input. One given twice counts twice, which is hardly meant. */
static fn_status read_inputs(fn_run *run, const char *const *paths, size_t count, fn_import *import, uint64_t *digests,
                             uint64_t *bytes, bool *warned)
{
    input *all = fn_alloc(run, count, sizeof *all);
    fn_status status = all ? FN_OK : FN_ENOMEM;
    import->only = count == 1;
    for (size_t i = 0; !status && i < count; i++) {
        status = read_input(run, paths[i], import, &all[i], warned);
        if (status) break;
        if (digests) digests[i] = all[i].digest;
        if (bytes) bytes[i] = all[i].bytes;
        for (size_t j = 0; j < i && all[i].bytes; j++) {
            if (all[j].digest != all[i].digest || all[j].bytes != all[i].bytes) continue;
            fn_warn(run, "%s: the same bytes as %s; what they say counts %s", paths[i], paths[j],
                    all[i].tenders ? "once: releases are recognised" : "twice");
            break;
        }
    }
    fn_free(all);
    return status;
}

/* Text columns of ties that came from tables get the type of their content, now that all of it is there. */
static fn_status settle_columns(fn_run *run, fn_import *import)
{
    fn_status status = FN_OK;
    for (uint32_t n = 0; !status && import->loose && n < fn_names_count(import->loose); n++) {
        fn_column *column = fn_table_find(fn_net_tie_table(import->net), fn_names_text(import->loose, n, NULL));
        if (column) status = fn_column_settle(run, column);
    }
    return status;
}

static void warn_about_rejects(fn_run *run, const fn_import *import)
{
    static const char *const units[] = { "row", "firm_row" };
    for (size_t u = 0; u < 2; u++) {
        int64_t rejected = 0;
        const fn_account_line *first = NULL;
        for (size_t i = 0; i < fn_account_lines(import->account); i++) {
            const fn_account_line *line = fn_account_line_at(import->account, i);
            if (line->outcome != FN_REJECTED || strcmp(line->unit, units[u]) != 0) continue;
            rejected += line->count;
            if (!first || strcmp(line->file, first->file) != 0 ? !first : line->line < first->line) first = line;
        }
        if (rejected)
            fn_warn(run, "%s:%lld: %lld row%s %sset aside, first here: %s", first->file, (long long) first->line,
                    (long long) rejected, rejected == 1 ? "" : "s", u ? "of firm tables " : "", first->text);
    }
}

fn_status fn_read(fn_run *run, const char *const *paths, size_t count, const fn_read_options *options, fn_net **net,
                  uint64_t *digests, uint64_t *bytes)
{
    static const fn_read_options defaults = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_import import = { .options = options ? options : &defaults };
    bool warned = false;
    *net = NULL;
    fn_status status = fn_net_new(run, &import.net);
    if (status) return status;
    import.account = fn_net_account(import.net);
    if (import.options->rejects) {
        status = fn_output_open(run, import.options->rejects, &import.rejects);
        if (!status) status = fn_rejects_start(run, import.rejects);
    }
    if (!status) status = read_inputs(run, paths, count, &import, digests, bytes, &warned);
    if (!status && import.place) status = fn_edge_number_firms(run, &import);
    if (!status && import.book) status = fn_tender_finish(run, &import);
    if (!status) status = fn_firms_tables_read(run, &import);
    if (!status) status = settle_columns(run, &import);
    if (!status) fn_net_keep_apart(import.net, import.options->apart);
    if (!status) status = freeze(run, &import);
    if (!status) status = fn_account_check(run, import.account);
    if (status) goto done;
    warn_about_rejects(run, &import);
    /* Of tenders without ties the tender book has spoken already. */
    if (!fn_net_ties(import.net) && !warned && !fn_account_total(import.account, "process", FN_READ, NULL))
        fn_warn(run, "no ties in the input");
    if (import.rejects && import.options->rejects_sealed) {
        if ((status = fn_output_seal(run, import.rejects))) goto done;
        *import.options->rejects_sealed = import.rejects;
        import.rejects = NULL;
    } else if (import.rejects) {
        status = fn_output_commit(run, import.rejects);
        import.rejects = NULL;
    }
    if (status) goto done;
    *net = import.net;
    import.net = NULL;
done:
    fn_output_abort(import.rejects);
    if (import.book) fn_tender_book_free(import.book);
    fn_names_free(import.loose);
    fn_free(import.row_record);
    fn_free(import.place);
    fn_net_free(import.net);
    return status;
}
