/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/numbered.h"

enum { TIES_A_STEP = 65536, WHOLE_DIGITS = 18 };

void fn_numbered_start(fn_numbered *graph, fn_source *source, fn_import *import)
{
    *graph = (fn_numbered){ .import = import, .source = source, .file = fn_source_name(source) };
    graph->start = fn_net_ties(import->net);
}

void fn_numbered_end(fn_numbered *graph)
{
    fn_free(graph->firm);
}

/* ---- lines ---- */

fn_status fn_numbered_line(fn_run *run, fn_numbered *graph, char **line, size_t *length)
{
    uint64_t before = fn_source_offset(graph->source);
    fn_status status = fn_source_line(run, graph->source, line, length);
    if (status || !*line) return status;
    bool ended = fn_source_offset(graph->source) - before > *length;
    int64_t number = fn_source_line_number(graph->source);
    if (number == 1 && *length >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
        *line += 3;
        *length -= 3;
    }
    while (*length && (*line)[*length - 1] == '\r') --*length;
    if (!ended)
        fn_warn(run, "%s:%" PRId64 ": the last line has no end; was the file cut inside its last number?", graph->file,
                number);
    return FN_OK;
}

bool fn_numbered_word(const char **at, const char *end, const char **word, size_t *length)
{
    const char *c = *at;
    while (c < end && (*c == ' ' || *c == '\t')) c++;
    *word = c;
    while (c < end && *c != ' ' && *c != '\t') c++;
    *length = (size_t) (c - *word);
    *at = c;
    return *length > 0;
}

bool fn_numbered_whole(const char *word, size_t length, int64_t *number)
{
    int64_t whole = 0;
    if (length > WHOLE_DIGITS) return false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9') return false;
        whole = whole * 10 + (word[i] - '0');
    }
    *number = whole;
    return length > 0;
}

fn_status fn_numbered_fail(fn_run *run, const fn_numbered *graph, const char *format, ...)
{
    char words[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return fn_fail_at(run, FN_EPARSE, graph->file, fn_source_line_number(graph->source), -1, "%s", words);
}

void fn_numbered_happened(const fn_numbered *graph, fn_happening *what, const char *text, size_t length)
{
    if (what->count++) return;
    what->line = fn_source_line_number(graph->source);
    fn_quote(text, length, what->example);
}

/* ---- firms and ties ---- */

fn_status fn_numbered_layer(fn_run *run, fn_numbered *graph, const char *name, size_t length)
{
    const char *asked = graph->import->options->tie_layer;
    fn_status status = FN_OK;
    graph->layer = FN_LAYER_SUPPLY;
    if (asked) status = fn_net_layer(run, graph->import->net, asked, strlen(asked), &graph->layer);
    else if (length) status = fn_net_layer(run, graph->import->net, name, length, &graph->layer);
    else
        fn_note(run,
                "%s: no layer is named, the ties are supply: from delivers, to receives (--tie-layer says otherwise)",
                graph->file);
    graph->undirected = !fn_net_layer_directed(graph->layer);
    return status;
}

fn_status fn_numbered_firms(fn_run *run, fn_numbered *graph, uint32_t firms)
{
    graph->firms = firms;
    graph->firm = fn_alloc_bare(run, firms, sizeof *graph->firm);
    return graph->firm ? FN_OK : FN_ENOMEM;
}

fn_status fn_numbered_name(fn_run *run, fn_numbered *graph, uint32_t firm, const char *name, size_t length)
{
    if (firm % TIES_A_STEP == 0) {
        fn_status status = fn_progress(run, "naming firms", (double) firm / graph->firms);
        if (status) return status;
    }
    return fn_net_firm(run, graph->import->net, name, length, &graph->firm[firm]);
}

fn_status fn_numbered_name_all(fn_run *run, fn_numbered *graph, const char *front, uint32_t first, uint32_t behind)
{
    fn_status status = FN_OK;
    char name[32];
    for (uint32_t f = first; !status && f < behind; f++) {
        int length = snprintf(name, sizeof name, "%s%" PRIu32, front, f - first + 1);
        status = fn_numbered_name(run, graph, f, name, (size_t) length);
    }
    return status;
}

static bool period_asked(const fn_read_options *options)
{
    if (!options->since && !options->until) return false;
    return options->since != FN_DAY_NONE || options->until != FN_DAY_NONE;
}

fn_status fn_numbered_add(fn_run *run, fn_numbered *graph, uint32_t from, uint32_t to, double number)
{
    if (graph->rows++ % TIES_A_STEP == 0) {
        fn_status status = fn_progress(run, "adding ties", -1);
        if (status) return status;
    }
    if (period_asked(graph->import->options)) {
        graph->undated++;
        return FN_OK;
    }
    fn_tie tie = { .from = graph->firm[from], .to = graph->firm[to], .layer = graph->layer, .currency = graph->currency,
                   .product = FN_NONE, .value = number, .weight = NAN, .count = 1, .first = FN_DAY_NONE,
                   .last = FN_DAY_NONE };
    if (graph->counts) {
        tie.count = (int64_t) number;
        tie.value = NAN;
    }
    if (!isnan(tie.value)) {
        fn_sum_add(&graph->all_money, tie.value);
        if (from == to) fn_sum_add(&graph->self_money, tie.value);
    }
    return fn_net_add(run, graph->import->net, &tie, NULL);
}

/* ---- the report ---- */

static fn_status remark(fn_run *run, const fn_numbered *graph, const char *reason, const char *words,
                        const fn_happening *what)
{
    char example[FN_QUOTE_TEXT];
    memcpy(example, what->example, sizeof example);
    return fn_account_count(run, graph->import->account, "row", FN_REMARK, reason, words, what->count, graph->file,
                            what->line, *example ? fn_unquote(example) : "");
}

static fn_status count_money(fn_run *run, const fn_numbered *graph)
{
    const char *currency = fn_names_text(fn_net_currencies(graph->import->net), graph->currency, NULL);
    fn_status status = FN_OK;
    if (graph->all_money.terms)
        status = fn_account_join(run, graph->import->account, "rows", currency, &graph->all_money);
    if (!status && graph->self_money.terms)
        status = fn_account_join(run, graph->import->account, "self_ties", currency, &graph->self_money);
    return status;
}

fn_status fn_numbered_account(fn_run *run, fn_numbered *graph)
{
    fn_account *account = graph->import->account;
    fn_happening blank = { .count = graph->blank_lines }, comment = { .count = graph->comment_lines };
    fn_status status = count_money(run, graph);
    if (!status)
        status =
            fn_account_count(run, account, "row", FN_READ, "", "", graph->rows + graph->rejected, graph->file, 0, NULL);
    if (!status)
        status =
            fn_account_count(run, account, "row", FN_REJECTED, "undated",
                             "rows without a date, where a period is asked for", graph->undated, graph->file, 0, NULL);
    if (!status)
        status =
            remark(run, graph, "self_tie", "ties of a firm to itself: kept, left out of the kernels", &graph->self);
    if (!status)
        status =
            remark(run, graph, "mirrored",
                   "entries of a symmetric matrix that stand for a tie either way: two rows each", &graph->mirrored);
    if (!status) status = remark(run, graph, "line_blank", "empty lines", &blank);
    if (!status) status = remark(run, graph, "line_comment", "lines that start with %", &comment);
    if (!status) status = fn_edge_claim_records(run, graph->import, graph->start);
    return status;
}
