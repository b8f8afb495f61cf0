/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <string.h>
#include "graph/memory.h"
#include "io/matrix_market.h"

/* The comment lines in which firmnet keeps the names of a matrix. */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* \xHH back to bytes, in place. false: a backslash that stands for nothing. */
static bool unescape(char *text, size_t *length)
{
    size_t to = 0;
    for (size_t i = 0; i < *length; i++) {
        if (text[i] != '\\') {
            text[to++] = text[i];
            continue;
        }
        if (*length - i < 4 || text[i + 1] != 'x' || hex_digit(text[i + 2]) < 0 || hex_digit(text[i + 3]) < 0)
            return false;
        text[to++] = (char) (hex_digit(text[i + 2]) * 16 + hex_digit(text[i + 3]));
        i += 3;
    }
    *length = to;
    return true;
}

/* Does the line say `word`? Then *rest is what stands behind it and one blank. */
static bool says(const char *line, size_t length, const char *word, const char **rest, size_t *rest_length)
{
    size_t n = strlen(word);
    if (length < n || memcmp(line, word, n) != 0 || (length > n && line[n] != ' ')) return false;
    *rest = line + n + (length > n);
    *rest_length = length - n - (length > n);
    return true;
}

static fn_status fail(fn_run *run, const fn_numbered *graph, int64_t line, const char *what, const char *text,
                      size_t length)
{
    char quoted[FN_QUOTE_TEXT];
    return fn_fail_at(run, FN_EPARSE, graph->file, line, -1, "%s (%s)", what, fn_quote(text, length, quoted));
}

static fn_status take_firm(fn_run *run, const fn_numbered *graph, fn_matrix_words *words, char *text, size_t length)
{
    int64_t number, line = words->pending_line;
    size_t digits = 0, id_length;
    while (digits < length && text[digits] != ' ') digits++;
    fn_status status = words->firms ? FN_OK : fn_names_new(run, &words->firms);
    if (status) return status;
    if (!fn_numbered_whole(text, digits, &number) || number != (int64_t) fn_names_count(words->firms) + 1)
        return fail(run, graph, line, "the firms are not numbered 1, 2, …", text, length);
    char *id = text + digits + (digits < length);
    id_length = length - digits - (digits < length);
    if (!unescape(id, &id_length))
        return fail(run, graph, line, "a backslash that stands for nothing in the id of a firm", text, length);
    uint32_t ignored;
    bool is_new;
    status = fn_names_add(run, words->firms, id, id_length, &ignored, &is_new);
    if (!status && !is_new) status = fail(run, graph, line, "a second firm of that id", id, id_length);
    return status;
}

static fn_status take_name(fn_run *run, const fn_numbered *graph, fn_matrix_words *words, char **name, char *text,
                           size_t length)
{
    if (!unescape(text, &length) || memchr(text, '\0', length))
        return fail(run, graph, words->pending_line, "this is no name", text, length);
    fn_free(*name);
    *name = fn_copy_text(run, text, length);
    return *name ? FN_OK : FN_ENOMEM;
}

fn_status fn_matrix_words_finish(fn_run *run, const fn_numbered *graph, fn_matrix_words *words)
{
    const char *rest;
    size_t length;
    char *line = words->pending;
    if (!words->pending_length) return FN_OK;
    size_t line_length = words->pending_length;
    words->pending_length = 0;
    if (says(line, line_length, "%firm", &rest, &length))
        return take_firm(run, graph, words, line + (rest - line), length);
    if (says(line, line_length, "%layer", &rest, &length))
        return take_name(run, graph, words, &words->layer, line + (rest - line), length);
    if (says(line, line_length, "%currency", &rest, &length))
        return take_name(run, graph, words, &words->currency, line + (rest - line), length);
    if (says(line, line_length, "%weight", &rest, &length))
        words->counts = length == 5 && memcmp(rest, "count", 5) == 0;
    return FN_OK;
}

static fn_status keep(fn_run *run, fn_matrix_words *words, const char *text, size_t length)
{
    char *pending = fn_grow(run, words->pending, &words->pending_capacity, words->pending_length + length + 1, 1);
    if (!pending) return FN_ENOMEM;
    words->pending = pending;
    memcpy(pending + words->pending_length, text, length);
    words->pending_length += length;
    return FN_OK;
}

fn_status fn_matrix_words_take(fn_run *run, const fn_numbered *graph, fn_matrix_words *words, const char *line,
                               size_t length)
{
    const char *rest;
    size_t rest_length;
    int64_t version;
    if (!words->ours) {
        if (!says(line, length, "%firmnet", &rest, &rest_length) || !fn_numbered_whole(rest, rest_length, &version))
            return FN_OK;
        if (version != FN_MATRIX_COMMENTS)
            return fail(run, graph, fn_source_line_number(graph->source), "names written by another version of firmnet",
                        line, length);
        words->ours = true;
        return FN_OK;
    }
    if (words->pending_length && says(line, length, "%more", &rest, &rest_length))
        return keep(run, words, rest, rest_length);
    fn_status status = fn_matrix_words_finish(run, graph, words);
    if (status) return status;
    words->pending_line = fn_source_line_number(graph->source);
    return keep(run, words, line, length);
}

void fn_matrix_words_free(fn_matrix_words *words)
{
    fn_names_free(words->firms);
    fn_free(words->layer);
    fn_free(words->currency);
    fn_free(words->pending);
}
