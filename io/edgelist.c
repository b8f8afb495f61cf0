/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/edgelist.h"
#include "io/edgelist_block.h"

/* Edge lists: one row a tie (contract: TAB, comma, semicolon, pipe or runs of blanks; with or without a header). A row
 * becomes a record of the network; records of one (from, to, layer, currency) are one tie after the freeze. Every row
 * is counted: read = kept + merged + rejected, unit "row"; what is kept and what merged is known after the freeze and
 * counted by fn_read. O(bytes) time. */

static char guess_separator(const fn_read_options *options, const fn_delimited *text)
{
    size_t wanted = options->columns != NULL;
    for (const char *c = options->columns; c && *c; c++) wanted += *c == ',';
    if (options->map &&
        fn_separator_count(fn_table_separator(text->row, text->row_length), text->row, text->row_length) > 1)
        return fn_table_separator(text->row, text->row_length);
    return fn_edge_separator(text->row, text->row_length, wanted, NULL);
}

/* Separator and columns, from the first line. *there false: the file has no rows. */
static fn_status look_at_first_row(fn_run *run, fn_edge_reader *reader, bool *there)
{
    const fn_read_options *options = reader->import->options;
    fn_delimited *text = &reader->text;
    char quoted[FN_QUOTE_TEXT];
    if (options->separator && !(text->separator = fn_separator_find(options->separator))) {
        fn_fail(run, FN_EINVAL, "--separator \"%s\" is none", options->separator);
        fn_hint(run, "tab, comma, semicolon, pipe or blanks");
        return FN_EINVAL;
    }
    fn_status status = fn_delimited_first(run, text, there);
    if (status || !*there) return status;
    if (text->row_length >= 2 && (memcmp(text->row, "\xff\xfe", 2) == 0 || memcmp(text->row, "\xfe\xff", 2) == 0)) {
        fn_fail_at(run, FN_EPARSE, reader->file, text->line, -1, "the text is UTF-16");
        fn_hint(run, "turn it into UTF-8 first: iconv -f UTF-16 -t UTF-8");
        return FN_EPARSE;
    }
    if (!options->separator) {
        text->separator = guess_separator(options, text);
        if (!text->separator && text->row[0] == '"') { /* perhaps the first field spans lines */
            text->separator = ',';
            if ((status = fn_delimited_complete(run, text))) return status;
            text->separator = guess_separator(options, text);
        }
        if (!text->separator)
            text->separator = '\t';
        else
            fn_note(run, "%s: fields are separated by %s (--separator says otherwise)", reader->file,
                    fn_separator_word(text->separator));
    }
    status = fn_delimited_next(run, text, there);
    if (!status && *there && text->bad) {
        status = fn_fail_at(run, FN_EPARSE, reader->file, text->line, -1, "%s (%s)", text->bad,
                            fn_quote(text->row, text->row_length, quoted));
        if (text->hint) fn_hint(run, "%s", text->hint);
    }
    if (!status && *there) status = fn_edge_columns_find(run, text, options, &reader->columns);
    return status;
}

static fn_status prepare(fn_run *run, fn_edge_reader *reader)
{
    const char *layer = reader->import->options->tie_layer;
    fn_status status = FN_OK;
    reader->layer = FN_LAYER_SUPPLY;
    if (layer) status = fn_net_layer(run, reader->import->net, layer, strlen(layer), &reader->layer);
    if (!status && reader->layer == FN_LAYER_SUPPLY && reader->columns.at[FN_EDGE_LAYER] < 0)
        fn_note(run,
                "%s: no layer is named, the ties are supply: from delivers, to receives (--tie-layer says otherwise)",
                reader->file);
    fn_edge_row_start(reader);

    fn_table *table = fn_net_tie_table(reader->import->net);
    reader->attribute = fn_alloc(run, reader->columns.attributes, sizeof *reader->attribute);
    if (!reader->attribute) return FN_ENOMEM;
    for (size_t a = 0; !status && a < reader->columns.attributes; a++) {
        const char *name = reader->columns.attribute_name[a];
        uint32_t number;
        if (!reader->import->loose) status = fn_names_new(run, &reader->import->loose);
        if (!status) status = fn_names_add(run, reader->import->loose, name, strlen(name), &number, NULL);
        fn_column *column = fn_table_find(table, name);
        if (!status)
            status = column ? fn_column_loosen(run, column) : fn_table_add(run, table, name, FN_COLUMN_TEXT, &column);
        reader->attribute[a] = column;
    }
    return status;
}

static fn_status read_rows(fn_run *run, fn_edge_reader *reader)
{
    bool there = true, done = false;
    fn_status status = FN_OK;
    if (!reader->columns.header) status = fn_edge_row_take(run, reader);
    if (!status) status = fn_edge_blocks_read(run, reader, reader->text.source, &done);
    while (!status && !done) {
        if ((status = fn_delimited_next(run, &reader->text, &there)) || !there) break;
        status = fn_edge_row_take(run, reader);
    }
    return status;
}

static fn_status read_edgelist(fn_run *run, fn_source *source, fn_import *import)
{
    fn_edge_reader reader = { .import = import, .file = fn_source_name(source) };
    size_t start = fn_net_ties(import->net);
    bool there;
    fn_delimited_start(&reader.text, source, 0, true);
    fn_status status = look_at_first_row(run, &reader, &there);
    if (!status && there) {
        status = prepare(run, &reader);
        if (!status) status = read_rows(run, &reader);
    }
    if (!status) status = fn_edge_account(run, &reader, start);
    fn_delimited_end(&reader.text);
    fn_edge_columns_free(&reader.columns);
    fn_free(reader.attribute);
    fn_free(reader.money);
    return status;
}

/* Do the bytes begin as a network in another language does? Its lines would split, but mean something else. */
static bool begins_foreign(const char *head, size_t length)
{
    static const char *const beginnings[] = { "*vertices",  "*network",  "%%matrixmarket", "graph [",
                                              "graph\n",    "graph\r\n", "graph {",        "digraph ",
                                              "creator \"", "nodedef>",  "dl n",           "#nexus" };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (length >= strlen(beginnings[i]) && strncasecmp(head, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

/* Any text whose first row splits may be an edge list; a header that names both ends of a tie makes it likely. */
static int sniff_edgelist(const char *head, size_t length)
{
    size_t at = 0, end;
    if (length >= 2 && (memcmp(head, "\xff\xfe", 2) == 0 || memcmp(head, "\xfe\xff", 2) == 0)) return 1;
    if (length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) at = 3;
    if (begins_foreign(head + at, length - at)) return 0;
    for (;; at = end + 1) {
        if (at >= length)
            return length > 0 && memchr(head, '\0', length) == NULL; /* nothing but comments and empty lines */
        const char *stop = memchr(head + at, '\n', length - at);
        end = stop ? (size_t) (stop - head) : length;
        size_t last = end;
        while (last > at && head[last - 1] == '\r') last--;
        if (head[at] != '#' && last > at) break;
    }
    if (memchr("{[<", head[at], 3)) return 0;
    bool header;
    size_t line = end - at;
    while (line && head[at + line - 1] == '\r') line--;
    if (memchr(head + at, '\0', line)) return 0;
    if (!fn_edge_separator(head + at, line, 0, &header)) return fn_utf8_valid(head + at, line);
    return header ? 60 : 10;
}

const fn_format fn_format_edgelist = { .name = "edgelist",
                                       .suffixes = ".tsv,.txt,.edges",
                                       .text = "ties as delimited text: CSV, TSV, blanks; with or without a header",
                                       .sniff = sniff_edgelist,
                                       .read = read_edgelist,
                                       .write = fn_edgelist_write };
