/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/column_types.h"
#include "io/metis.h"

/* The graph format of METIS (Karypis; Chaco's is the same without sizes): a line `firms ties [format [constraints]]`,
 * then a line a firm, with its partners, counted from 1, each with a weight behind it where the format's last digit is
 * 1. A line without partners is empty, and counts. Before the partners may stand a size (first digit: read over) and
 * weights of the firm (second digit: one is kept as the column `size`, several are read over). Lines that start with %
 * are comments. The graph is undirected: every tie stands in both rows, which is checked. It becomes two ties, one
 * either way, or one in an undirected layer. The firms are called "1" … "n". A row that is wrong stops the run, with
 * --keep-going, too, because the rows behind it would be those of other firms. O(bytes) time, 28 bytes an entry beside
 * the network. */

extern const fn_format fn_format_metis;

enum { HEAD_BYTES = 64 * 1024, CONSTRAINTS_MOST = 1024 };
#define FIRMS_MOST ((int64_t) UINT32_MAX - 1)

/* ---- the header ---- */

/* "11", "011", "1", …: one digit each for sizes, weights of firms, weights of ties. */
static bool take_format(fn_metis *metis, const char *word, size_t length)
{
    bool digit[3] = { false };
    if (length > 3) return false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] != '0' && word[i] != '1') return false;
        digit[3 - length + i] = word[i] == '1';
    }
    metis->sizes = digit[0];
    metis->constraints = digit[1];
    metis->tie_weights = digit[2];
    return length > 0;
}

static bool take_header(fn_metis *metis, const char *line, size_t length)
{
    const char *at = line, *end = line + length, *word;
    size_t word_length;
    if (!fn_numbered_word(&at, end, &word, &word_length) || !fn_numbered_whole(word, word_length, &metis->firms))
        return false;
    if (!fn_numbered_word(&at, end, &word, &word_length) || !fn_numbered_whole(word, word_length, &metis->ties))
        return false;
    if (!fn_numbered_word(&at, end, &word, &word_length)) return true;
    if (!take_format(metis, word, word_length)) return false;
    if (!fn_numbered_word(&at, end, &word, &word_length)) return true;
    int64_t constraints;
    if (!fn_numbered_whole(word, word_length, &constraints) || constraints > CONSTRAINTS_MOST) return false;
    /* weights without the digit that announces them, or the digit without weights: the rows would be misread */
    if ((constraints > 0) != (metis->constraints > 0)) return false;
    metis->constraints = constraints;
    return !fn_numbered_word(&at, end, &word, &word_length);
}

static fn_status read_header(fn_run *run, fn_metis *metis)
{
    char *line, quoted[FN_QUOTE_TEXT];
    size_t length;
    for (;;) {
        fn_status status = fn_numbered_line(run, &metis->graph, &line, &length);
        if (status) return status;
        if (!line) return fn_numbered_fail(run, &metis->graph, "the file has no header");
        if (length && line[0] == '%') metis->graph.comment_lines++;
        else if (length) break;
        else metis->graph.blank_lines++;
    }
    metis->header_line = fn_source_line_number(metis->graph.source);
    if (!take_header(metis, line, length)) {
        fn_numbered_fail(run, &metis->graph, "this is no header of a METIS graph (%s)", fn_quote(line, length, quoted));
        fn_hint(run, "it is: firms ties [format [constraints]], the format of three digits 0 or 1");
        return FN_EPARSE;
    }
    if (metis->firms > FIRMS_MOST)
        return fn_numbered_fail(run, &metis->graph, "more than %" PRId64 " firms", FIRMS_MOST);
    return FN_OK;
}

/* ---- rows ---- */

/* A number of a firm: finite, 0 or above. */
static fn_status take_number(fn_run *run, const fn_metis *metis, const char **at, const char *end, const char *what,
                             double *number)
{
    const char *word;
    size_t length;
    char quoted[FN_QUOTE_TEXT];
    if (!fn_numbered_word(at, end, &word, &length))
        return fn_numbered_fail(run, &metis->graph, "the row of firm %" PRIu32 " ends before its %s", metis->rows + 1,
                                what);
    if (!fn_real_parse(word, length, number) || !isfinite(*number) || *number < 0)
        return fn_numbered_fail(run, &metis->graph, "the %s of firm %" PRIu32 " is not a number of 0 or above (%s)",
                                what, metis->rows + 1, fn_quote(word, length, quoted));
    *number += 0.0; /* no negative zero */
    return FN_OK;
}

static fn_status take_partner(fn_run *run, fn_metis *metis, const char *word, size_t length)
{
    int64_t number;
    char quoted[FN_QUOTE_TEXT];
    if (!fn_numbered_whole(word, length, &number))
        return fn_numbered_fail(run, &metis->graph, "a partner is not the number of a firm (%s)",
                                fn_quote(word, length, quoted));
    if (number < 1 || number > metis->firms) {
        fn_numbered_fail(run, &metis->graph, "there is no firm %" PRId64 " among the %" PRId64 " of line %" PRId64,
                         number, metis->firms, metis->header_line);
        if (!number) fn_hint(run, "firms count from 1");
        return FN_EPARSE;
    }
    if (number == (int64_t) metis->rows + 1) {
        fn_numbered_fail(run, &metis->graph, "a tie of firm %" PRId64 " to itself, which this format has not", number);
        fn_hint(run, "Matrix Market and edge lists have such ties");
        return FN_EPARSE;
    }
    uint32_t *to = fn_grow(run, metis->to, &metis->to_capacity, metis->entries + 1, sizeof *to);
    if (!to) return FN_ENOMEM;
    metis->to = to;
    to[metis->entries] = (uint32_t) (number - 1);
    return FN_OK;
}

/* The weight behind a partner. */
static fn_status take_weight(fn_run *run, fn_metis *metis, const char **at, const char *end)
{
    const char *word;
    size_t length;
    char quoted[FN_QUOTE_TEXT];
    double *weight = fn_grow(run, metis->weight, &metis->tie_capacity, metis->entries + 1, sizeof *weight);
    if (!weight) return FN_ENOMEM;
    metis->weight = weight;
    if (!fn_numbered_word(at, end, &word, &length))
        return fn_numbered_fail(run, &metis->graph,
                                "the row of firm %" PRIu32 " ends before the weight of its last tie", metis->rows + 1);
    fn_complaint complaint = fn_edge_weight(word, length, &weight[metis->entries]);
    if (complaint.reason)
        return fn_numbered_fail(run, &metis->graph, "%s (%s)", complaint.words, fn_quote(word, length, quoted));
    return FN_OK;
}

static fn_status take_row(fn_run *run, fn_metis *metis, const char *line, size_t length)
{
    const char *at = line, *end = line + length, *word;
    size_t word_length;
    double number;
    size_t *row_end = fn_grow(run, metis->row_end, &metis->row_capacity, (size_t) metis->rows + 1, sizeof *row_end);
    if (row_end) metis->row_end = row_end;
    int64_t *row_line =
        fn_grow(run, metis->row_line, &metis->line_capacity, (size_t) metis->rows + 1, sizeof *row_line);
    if (row_line) metis->row_line = row_line;
    fn_status status = row_end && row_line ? FN_OK : FN_ENOMEM;
    if (!status && metis->sizes) status = take_number(run, metis, &at, end, "size", &number);
    for (int64_t c = 0; !status && c < metis->constraints; c++)
        status = take_number(run, metis, &at, end, "weight", &number);
    if (!status && metis->constraints == 1) {
        double *weight =
            fn_grow(run, metis->firm_weight, &metis->weight_capacity, (size_t) metis->rows + 1, sizeof *weight);
        if (!weight) return FN_ENOMEM;
        metis->firm_weight = weight;
        weight[metis->rows] = number;
    }
    while (!status && fn_numbered_word(&at, end, &word, &word_length)) {
        status = take_partner(run, metis, word, word_length);
        if (!status && metis->tie_weights) status = take_weight(run, metis, &at, end);
        metis->entries++;
    }
    if (status) return status;
    row_line[metis->rows] = fn_source_line_number(metis->graph.source);
    row_end[metis->rows++] = metis->entries;
    return FN_OK;
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t') return false;
    return true;
}

static fn_status read_rows(fn_run *run, fn_metis *metis)
{
    fn_status status = FN_OK;
    char *line, quoted[FN_QUOTE_TEXT];
    size_t length;
    for (;;) {
        status = fn_numbered_line(run, &metis->graph, &line, &length);
        if (status || !line) break;
        if (length && line[0] == '%') {
            metis->graph.comment_lines++;
        } else if (metis->rows < metis->firms) {
            if ((status = take_row(run, metis, line, length))) return status;
        } else if (is_blank(line, length)) {
            metis->graph.blank_lines++;
        } else {
            return fn_numbered_fail(run, &metis->graph,
                                    "a row behind those of the %" PRId64 " firms of line %" PRId64 " (%s)",
                                    metis->firms, metis->header_line, fn_quote(line, length, quoted));
        }
    }
    if (status || metis->rows == metis->firms) return status;
    fn_numbered_fail(run, &metis->graph, "the file ends after the rows of %" PRIu32 " of %" PRId64 " firms",
                     metis->rows, metis->firms);
    fn_hint(run, "a firm without ties has an empty line; or was the file cut on its way?");
    return FN_EPARSE;
}

/* ---- into the network ---- */

/* The weight of a firm is its size, as in firm tables. */
static fn_status keep_sizes(fn_run *run, fn_metis *metis)
{
    fn_net *net = metis->graph.import->net;
    fn_table *firms = fn_net_firm_table(net);
    fn_column *column = fn_table_find(firms, "size");
    char text[FN_REAL_TEXT], before[FN_REAL_TEXT];
    fn_status status = fn_table_resize(run, firms, fn_net_firms(net));
    if (!status)
        status = column ? fn_column_loosen(run, column) : fn_table_add(run, firms, "size", FN_COLUMN_TEXT, &column);
    for (uint32_t row = 0; !status && row < metis->rows; row++) {
        uint32_t firm = metis->graph.firm[row];
        size_t length = fn_real_format(metis->firm_weight[row], text), old_length;
        const char *old = fn_column_cell(column, firm, before, &old_length);
        if (old_length && (old_length != length || memcmp(old, text, length) != 0))
            return fn_fail_at(run, FN_EPARSE, metis->graph.file, metis->row_line[row], -1,
                              "the size of firm %" PRIu32 " is %s, but was %.*s in an input before", row + 1, text,
                              (int) old_length, old);
        status = fn_column_set_text(run, column, firm, text, length);
    }
    return status ? status : fn_column_settle(run, column);
}

static fn_status fill_network(fn_run *run, fn_metis *metis)
{
    fn_numbered *graph = &metis->graph;
    fn_status status = fn_numbered_layer(run, graph, "", 0);
    if (!status) status = fn_numbered_firms(run, graph, metis->rows);
    if (!status) status = fn_numbered_name_all(run, graph, "", 0, metis->rows);
    size_t e = 0;
    for (uint32_t row = 0; !status && row < metis->rows; row++)
        for (; !status && e < metis->row_end[row]; e++)
            if (!graph->undirected || metis->to[e] > row)
                status = fn_numbered_add(run, graph, row, metis->to[e], metis->weight ? metis->weight[e] : NAN);
    if (!status && metis->firm_weight) status = keep_sizes(run, metis);
    if (status) return status;
    if (metis->sizes) fn_note(run, "%s: the sizes (first digit of the format) are read over", graph->file);
    if (metis->constraints > 1)
        fn_note(run, "%s: %" PRId64 " weights a firm: read over (one would be its size)", graph->file,
                metis->constraints);
    if (!graph->undirected)
        fn_note(
            run,
            "%s: the graph is undirected: a tie either way (--tie-layer of an undirected layer, say cobid, keeps one)",
            graph->file);
    return fn_numbered_account(run, graph);
}

static fn_status read_metis(fn_run *run, fn_source *source, fn_import *import)
{
    fn_metis metis = { .rows = 0 };
    fn_numbered_start(&metis.graph, source, import);
    fn_status status = read_header(run, &metis);
    if (!status) status = read_rows(run, &metis);
    if (!status) status = fn_metis_check(run, &metis);
    if (!status) status = fill_network(run, &metis);
    fn_numbered_end(&metis.graph);
    fn_free(metis.row_end);
    fn_free(metis.row_line);
    fn_free(metis.firm_weight);
    fn_free(metis.to);
    fn_free(metis.weight);
    return status;
}

/* ---- sniffing ---- */

/* The partners of a row all firms, none the firm itself? Counts words and partners. */
static bool row_fits(const fn_metis *metis, int64_t row, const char *line, size_t length, int64_t *words,
                     int64_t *partners)
{
    const char *at = line, *end = line + length, *word;
    size_t word_length;
    int64_t front = metis->sizes + metis->constraints, step = 1 + metis->tie_weights, number;
    double weight;
    *words = *partners = 0;
    for (; fn_numbered_word(&at, end, &word, &word_length); ++*words) {
        if (*words < front || (*words - front) % step) {
            if (!fn_real_parse(word, word_length, &weight)) return false;
            continue;
        }
        if (!fn_numbered_whole(word, word_length, &number)) return false;
        if (number < 1 || number > metis->firms || number == row + 1) return false;
        ++*partners;
    }
    return *words >= front && (*words - front) % step == 0;
}

static bool all_numbers(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!line[i] || !strchr("0123456789 \t.e+-", line[i])) return false;
    return true;
}

static int64_t count_words(const char *line, size_t length)
{
    const char *at = line, *word;
    int64_t words = 0;
    while (fn_numbered_word(&at, line + length, &word, &(size_t){ 0 })) words++;
    return words;
}

/* Rows of whole numbers could be an edge list as well. A METIS graph is told where rows are not equally long, which
 * edge lists can't be, and all else fits: the rows are as many as declared, and every partner is a firm. */
static int sniff_metis(const char *head, size_t length)
{
    fn_metis metis = { .rows = 0 };
    size_t at = length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    bool header = false, ragged = false, whole = length < HEAD_BYTES;
    int64_t first_words = 0, rows = 0, entries = 0, words, partners;
    while (at < length) {
        const char *line = head + at, *stop = memchr(line, '\n', length - at);
        size_t line_length = stop ? (size_t) (stop - line) : length - at;
        if (!stop && !whole) { /* a row that goes on behind the head */
            ragged |= header && all_numbers(line, line_length) && count_words(line, line_length) > first_words;
            break;
        }
        at += line_length + 1;
        while (line_length && line[line_length - 1] == '\r') line_length--;
        if ((line_length && line[0] == '%') || (!header && !line_length)) continue;
        if (!header) {
            if (!take_header(&metis, line, line_length)) return 0;
            first_words = count_words(line, line_length);
            header = true;
        } else if (rows == metis.firms) {
            if (!is_blank(line, line_length)) return 0;
        } else {
            if (!row_fits(&metis, rows++, line, line_length, &words, &partners)) return 0;
            entries += partners;
            ragged |= words && words != first_words;
        }
    }
    if (!ragged || entries > 2 * metis.ties) return 0;
    return !whole || (rows == metis.firms && entries == 2 * metis.ties) ? 50 : 0;
}

const fn_format fn_format_metis = {
    .name = "metis", .suffixes = ".graph",
    .text = "graphs of METIS, Chaco and DIMACS: a row a firm; undirected",
    .sniff = sniff_metis, .read = read_metis
};
