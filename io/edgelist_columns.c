/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/column_types.h"
#include "io/edgelist.h"

/* Which column means what: by the names of a header, by --map, by --columns, or by place. */

/* Known names, the preferred one first: it wins when a header has several. */
static const char *const known[FN_EDGE_MEANINGS] = { [FN_EDGE_FROM] = "from|source|src|seller|supplier",
                                                     [FN_EDGE_TO] = "to|target|dst|buyer|customer",
                                                     [FN_EDGE_WEIGHT] = "weight|value|amount",
                                                     [FN_EDGE_LAYER] = "layer|type|kind",
                                                     [FN_EDGE_DATE] = "date|time|year",
                                                     [FN_EDGE_CURRENCY] = "currency",
                                                     [FN_EDGE_COUNT] = "count",
                                                     [FN_EDGE_PRODUCT] = "product|cpv|hs|nace",
                                                     [FN_EDGE_FIRST] = "first",
                                                     [FN_EDGE_LAST] = "last",
                                                     [FN_EDGE_NEWMAN] = "newman_weight|newman",
                                                     [FN_EDGE_FROM_ROW] = "from_row",
                                                     [FN_EDGE_TO_ROW] = "to_row" };

static size_t first_word(const char *names)
{
    return strcspn(names, "|");
}

int fn_edge_meaning(const char *text, size_t length, int *rank)
{
    while (length && text[0] == ' ') text++, length--;
    while (length && text[length - 1] == ' ') length--;
    for (int m = 0; m < FN_EDGE_MEANINGS; m++) {
        int at = 0;
        for (const char *name = known[m]; *name; at++) {
            size_t n = first_word(name);
            if (n == length && strncasecmp(name, text, n) == 0) {
                *rank = at;
                return m;
            }
            name += n + (name[n] == '|');
        }
    }
    return -1;
}

void fn_edge_columns_free(fn_edge_columns *columns)
{
    for (size_t i = 0; columns->attribute_name && i < columns->attributes; i++) fn_free(columns->attribute_name[i]);
    fn_free(columns->attribute_name);
    fn_free(columns->attribute_field);
    *columns = (fn_edge_columns){ 0 };
}

/* ---- header ---- */

static fn_status start(fn_run *run, const fn_delimited *text, fn_edge_columns *columns)
{
    *columns = (fn_edge_columns){ .fields = text->fields, .first_line = text->line };
    for (int m = 0; m < FN_EDGE_MEANINGS; m++) columns->at[m] = -1;
    columns->attribute_field = fn_alloc(run, text->fields, sizeof *columns->attribute_field);
    columns->attribute_name = fn_alloc(run, text->fields, sizeof *columns->attribute_name);
    return columns->attribute_field && columns->attribute_name ? FN_OK : FN_ENOMEM;
}

static fn_status add_attribute(fn_run *run, const char *file, fn_edge_columns *columns, size_t field, const char *text,
                               size_t length)
{
    char *name = fn_header_name(run, text, length, field + 1);
    for (size_t try = 2, i = 0; name && i < columns->attributes; i++) {
        if (strcmp(name, columns->attribute_name[i]) != 0) continue;
        if (try == 2)
            fn_warn(run, "%s:%lld: two columns are called \"%s\"; both are kept, numbered", file,
                    (long long) columns->first_line, name);
        char with_number[64];
        snprintf(with_number, sizeof with_number, "_%zu", try++);
        size_t base = strlen(name);
        char *other = fn_alloc(run, length + base + 64, 1);
        if (other) snprintf(other, length + base + 64, "%s%s", name, with_number);
        fn_free(name);
        name = other;
        i = (size_t) -1; /* compare with all again */
    }
    if (!name) return FN_ENOMEM;
    columns->attribute_field[columns->attributes] = field;
    columns->attribute_name[columns->attributes++] = name;
    return FN_OK;
}

/* The field of the header that is called so, exactly or but for case; text->fields: none. */
static size_t find_header(const fn_delimited *text, const char *name, size_t length)
{
    for (int any_case = 0; any_case < 2; any_case++)
        for (size_t f = 0; f < text->fields; f++) {
            const char *cell = text->field[f].text;
            size_t n = text->field[f].length;
            while (n && cell[0] == ' ') cell++, n--;
            while (n && cell[n - 1] == ' ') n--;
            if (n == length && (any_case ? strncasecmp(cell, name, n) : memcmp(cell, name, n)) == 0) return f;
        }
    return text->fields;
}

/* Columns that --map names: lines `meaning = Header name`. taken[f] is set for the fields it uses. */
static fn_status use_map(fn_run *run, const char *path, const fn_delimited *text, fn_edge_columns *columns, bool *taken)
{
    fn_source *source = NULL;
    fn_status status = fn_source_open(run, path, &source);
    while (!status) {
        char *line;
        size_t length, n;
        int rank;
        char quoted[FN_QUOTE_TEXT];
        if ((status = fn_source_line(run, source, &line, &length)) || !line) break;
        int64_t number = fn_source_line_number(source);
        if (number == 1 && length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) line += 3, length -= 3;
        while (length && strchr(" \t\r", line[length - 1])) length--;
        while (length && strchr(" \t", line[0])) line++, length--;
        if (!length || line[0] == '#') continue;
        const char *equals = memchr(line, '=', length);
        for (n = equals ? (size_t) (equals - line) : 0; n && strchr(" \t", line[n - 1]); n--) continue;
        int meaning = fn_edge_meaning(line, n, &rank);
        if (meaning < 0) {
            status = fn_fail_at(run, FN_EPARSE, path, number, -1, "%s is not of the form MEANING = COLUMN",
                                fn_quote(line, length, quoted));
            fn_hint(run, "MEANING is one of from, to, weight, layer, date, first, last, currency, count, product");
            break;
        }
        const char *name = equals + 1, *end = line + length;
        while (name < end && strchr(" \t", *name)) name++;
        if (end - name >= 2 && *name == '"' && end[-1] == '"') name++, end--;
        size_t name_length = (size_t) (end - name), f = find_header(text, name, name_length);
        if (f == text->fields) {
            status = fn_fail_at(run, FN_EPARSE, fn_source_name(text->source), text->line, -1,
                                "the header has no column %s, which %s:%lld names", fn_quote(name, name_length, quoted),
                                path, (long long) number);
            break;
        }
        if (taken[f] || columns->at[meaning] >= 0) {
            status = fn_fail_at(run, FN_EPARSE, path, number, -1, "%s is mapped a second time",
                                fn_quote(line, length, quoted));
            break;
        }
        taken[f] = true;
        columns->at[meaning] = (ptrdiff_t) f;
    }
    fn_source_close(source);
    return status;
}

/* Fields whose name is known and that no --map gave away. Of several names for one meaning the preferred one wins; for
 * an end of the tie there must be only one. */
static fn_status use_names(fn_run *run, const fn_delimited *text, fn_edge_columns *columns, bool *taken, bool mapped)
{
    const char *file = fn_source_name(text->source);
    int best[FN_EDGE_MEANINGS];
    bool by_map[FN_EDGE_MEANINGS];
    for (int m = 0; m < FN_EDGE_MEANINGS; m++) by_map[m] = columns->at[m] >= 0;
    for (size_t f = 0; f < text->fields; f++) {
        int rank, m = taken[f] ? -1 : fn_edge_meaning(text->field[f].text, text->field[f].length, &rank);
        if (m < 0 || by_map[m]) continue;
        if (columns->at[m] >= 0) {
            size_t other = (size_t) columns->at[m];
            char one[FN_QUOTE_TEXT], two[FN_QUOTE_TEXT];
            fn_quote(text->field[other].text, text->field[other].length, one);
            fn_quote(text->field[f].text, text->field[f].length, two);
            if (m == FN_EDGE_FROM || m == FN_EDGE_TO || rank == best[m]) {
                fn_fail_at(run, FN_EPARSE, file, text->line, -1, "columns %zu (%s) and %zu (%s) could both be \"%.*s\"",
                           other + 1, one, f + 1, two, (int) first_word(known[m]), known[m]);
                fn_hint(run, "rename one, or say which it is with --map FILE (%.*s = NAME)", (int) first_word(known[m]),
                        known[m]);
                return FN_EPARSE;
            }
            fn_warn(run,
                    "%s:%lld: columns %s and %s could both be the %.*s; %s is taken, the other kept as an attribute "
                    "(--map FILE says otherwise)",
                    file, (long long) text->line, one, two, (int) first_word(known[m]), known[m],
                    rank < best[m] ? two : one);
            if (rank > best[m]) continue;
            taken[other] = false;
        }
        taken[f] = true;
        best[m] = rank;
        if (m == FN_EDGE_WEIGHT) columns->money = rank > 0;
        columns->at[m] = (ptrdiff_t) f;
    }
    for (int m = FN_EDGE_FROM; m <= FN_EDGE_TO; m++) {
        if (columns->at[m] >= 0) continue;
        fn_fail_at(run, FN_EPARSE, file, text->line, -1, "no column says \"%.*s\"%s", (int) first_word(known[m]),
                   known[m], mapped ? ", neither by --map nor by its name" : "");
        fn_hint(run, "known names: %s; --map FILE names others (%.*s = NAME)", known[m], (int) first_word(known[m]),
                known[m]);
        return FN_EPARSE;
    }
    return FN_OK;
}

static fn_status by_header(fn_run *run, const fn_delimited *text, const fn_read_options *options,
                           fn_edge_columns *columns)
{
    columns->header = true;
    bool *taken = fn_alloc(run, text->fields, sizeof *taken);
    fn_status status = taken ? FN_OK : FN_ENOMEM;
    if (!status && options->map) status = use_map(run, options->map, text, columns, taken);
    else if (!status) fn_edge_columns_own(text, columns, taken);
    if (!status) status = use_names(run, text, columns, taken, options->map != NULL);
    for (size_t f = 0; !status && f < text->fields; f++)
        if (!taken[f])
            status = add_attribute(run, fn_source_name(text->source), columns, f, text->field[f].text,
                                   text->field[f].length);
    fn_free(taken);
    return status;
}

/* ---- no header ---- */

/* --columns from,to,…: known names, other words for attributes, - for a column that is left out. */
static fn_status by_list(fn_run *run, const fn_delimited *text, const char *list, fn_edge_columns *columns)
{
    size_t f = 0;
    for (const char *word = list;; word++, f++) {
        size_t length = strcspn(word, ",");
        int rank, m = fn_edge_meaning(word, length, &rank);
        if (!length || (m >= 0 && columns->at[m] >= 0)) {
            return fn_fail(run, FN_EINVAL, "--columns \"%s\": %s", list,
                           length ? "a column is named twice" : "an empty name");
        }
        if (f < text->fields) {
            if (m >= 0)
                columns->at[m] = (ptrdiff_t) f, columns->money |= m == FN_EDGE_WEIGHT && rank > 0;
            else if ((length != 1 || *word != '-') &&
                     add_attribute(run, fn_source_name(text->source), columns, f, word, length))
                return FN_ENOMEM;
        }
        word += length;
        if (!*word) break;
    }
    if (f + 1 != text->fields) {
        fn_fail_at(run, FN_EPARSE, fn_source_name(text->source), text->line, -1,
                   "the row has %zu fields, but --columns names %zu", text->fields, f + 1);
        fn_hint(run, "name every column; \"-\" leaves one out");
        return FN_EPARSE;
    }
    if (columns->at[FN_EDGE_FROM] < 0 || columns->at[FN_EDGE_TO] < 0)
        return fn_fail(run, FN_EINVAL, "--columns \"%s\" must name from and to", list);
    return FN_OK;
}

/* A first row with such a word is hardly a tie. */
static void warn_of_header(fn_run *run, const fn_delimited *text)
{
    static const char *const words[] = { "firm",    "company", "name",     "id",        "node",   "label",
                                         "cluster", "vendor",  "provider", "recipient", "sender", "receiver",
                                         "client",  "payer",   "payee",    "consumer" };
    char quoted[FN_QUOTE_TEXT];
    for (size_t f = 0; f < text->fields; f++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            const fn_field *field = &text->field[f];
            if (field->length != strlen(words[w]) || strncasecmp(field->text, words[w], field->length) != 0) continue;
            fn_warn(run,
                    "%s:%lld: the first row is read as a tie, but %s looks like the name of a column (--map FILE says "
                    "which columns are from and to)",
                    fn_source_name(text->source), (long long) text->line, fn_quote(field->text, field->length, quoted));
            return;
        }
}

static fn_status by_place(fn_run *run, const fn_delimited *text, fn_edge_columns *columns)
{
    static const int order[] = { FN_EDGE_FROM, FN_EDGE_TO, FN_EDGE_WEIGHT, FN_EDGE_DATE };
    const char *file = fn_source_name(text->source);
    char quoted[FN_QUOTE_TEXT];
    for (size_t f = 0; f < text->fields; f++) {
        int rank, m = fn_edge_meaning(text->field[f].text, text->field[f].length, &rank);
        if (m != FN_EDGE_FROM && m != FN_EDGE_TO) continue;
        fn_fail_at(run, FN_EPARSE, file, text->line, -1,
                   "the first row looks like a header (%s), but no column says \"%s\"",
                   fn_quote(text->field[f].text, text->field[f].length, quoted), m == FN_EDGE_FROM ? "to" : "from");
        fn_hint(run, "known names: %s; --map FILE names others; --columns from,to,… if it is no header",
                known[m == FN_EDGE_FROM ? FN_EDGE_TO : FN_EDGE_FROM]);
        return FN_EPARSE;
    }
    if (text->fields < 2) {
        fn_fail_at(run, FN_EPARSE, file, text->line, -1, "one field only, where a tie needs two: %s",
                   fn_quote(text->row, text->row_length, quoted));
        fn_hint(run, "--separator tab|comma|semicolon|pipe|blanks says what stands between fields");
        return FN_EPARSE;
    }
    if (text->fields > 4) {
        fn_fail_at(run, FN_EPARSE, file, text->line, -1,
                   "%zu fields, but without a header there are at most four: from, to, "
                   "weight, date",
                   text->fields);
        fn_hint(run, "name them: --columns from,to,… (\"-\" leaves one out), or give the file a header");
        return FN_EPARSE;
    }
    double number;
    if (text->fields > 2) {
        const fn_field *third = &text->field[2];
        fn_complaint complaint = fn_edge_weight(third->text, third->length, &number);
        bool telling = complaint.reason && strcmp(complaint.reason, "weight_not_a_number") == 0;
        if (telling && third->length) {
            fn_fail_at(run, FN_EPARSE, file, text->line, -1,
                       "the third field is not a number (%s), but without a header it "
                       "is the weight",
                       fn_quote(third->text, third->length, quoted));
            fn_hint(
                run,
                "a header must have names like from and to (--map FILE names others); --columns from,to,… names the "
                "fields of a file without");
            return FN_EPARSE;
        }
    }
    warn_of_header(run, text);
    for (size_t f = 0; f < text->fields; f++) columns->at[order[f]] = (ptrdiff_t) f;
    return FN_OK;
}

/* ---- together ---- */

/* first or last without the other, or beside a date, are attributes; so is from_row without to_row. */
static fn_status settle_pairs(fn_run *run, const fn_delimited *text, fn_edge_columns *columns)
{
    static const int pairs[][2] = { { FN_EDGE_FIRST, FN_EDGE_LAST }, { FN_EDGE_FROM_ROW, FN_EDGE_TO_ROW } };
    const char *file = fn_source_name(text->source);
    for (size_t p = 0; p < 2; p++) {
        bool both = columns->at[pairs[p][0]] >= 0 && columns->at[pairs[p][1]] >= 0;
        bool dated = p == 0 && columns->at[FN_EDGE_DATE] >= 0;
        if (both && !dated) continue;
        if (both)
            fn_warn(run, "%s:%lld: a date beside first and last: the date counts, they are kept as attributes", file,
                    (long long) text->line);
        for (int i = 0; i < 2; i++) {
            int m = pairs[p][i];
            ptrdiff_t at = columns->at[m];
            columns->at[m] = -1;
            if (at >= 0 && add_attribute(run, file, columns, (size_t) at, known[m], strlen(known[m]))) return FN_ENOMEM;
        }
    }
    return FN_OK;
}

static bool has_both_ends(const fn_delimited *text)
{
    bool from = false, to = false;
    for (size_t f = 0; f < text->fields; f++) {
        int rank, m = fn_edge_meaning(text->field[f].text, text->field[f].length, &rank);
        from |= m == FN_EDGE_FROM;
        to |= m == FN_EDGE_TO;
    }
    return from && to;
}

/* "from, to, weight (column 3, value)": the columns in words for the note. */
static void describe(const fn_edge_columns *columns, char words[512])
{
    size_t n = 0;
    words[0] = '\0';
    for (size_t f = 0; f < columns->fields && n < 400; f++) {
        const char *name = NULL;
        size_t length = 0;
        for (int m = 0; m < FN_EDGE_MEANINGS; m++)
            if (columns->at[m] == (ptrdiff_t) f) name = known[m], length = first_word(known[m]);
        for (size_t a = 0; a < columns->attributes; a++)
            if (columns->attribute_field[a] == f) name = columns->attribute_name[a], length = strnlen(name, 40);
        if (!name) name = "-", length = 1;
        n += (size_t) snprintf(words + n, 512 - n, "%s%.*s", f ? "," : "", (int) length, name);
    }
}

fn_status fn_edge_columns_find(fn_run *run, const fn_delimited *text, const fn_read_options *options,
                               fn_edge_columns *columns)
{
    fn_status status = start(run, text, columns);
    bool header = has_both_ends(text);
    if (status) return status;
    if (options->columns && options->map)
        return fn_fail(run, FN_EINVAL, "--columns is for files without a header, --map for those with one: not both");
    if (options->columns) {
        status = by_list(run, text, options->columns, columns);
        columns->header = header;
        if (!status && header)
            fn_warn(run,
                    "%s:%lld: the first row looks like a header and is taken as one; what the columns mean is said by "
                    "--columns",
                    fn_source_name(text->source), (long long) text->line);
    } else if (header || options->map) {
        status = by_header(run, text, options, columns);
    } else {
        status = by_place(run, text, columns);
    }
    if (!status) status = settle_pairs(run, text, columns);
    columns->gaps = columns->money && columns->at[FN_EDGE_COUNT] >= 0;
    char words[512];
    if (!status && columns->own) {
        fn_note(run, "%s: a table of ties that firmnet wrote; what it computed is left out (--map FILE says otherwise)",
                fn_source_name(text->source));
    } else if (!status && !options->columns) {
        describe(columns, words);
        fn_note(run, "%s: %s; columns %s (--%s says otherwise)", fn_source_name(text->source),
                columns->header ? "with a header" : "no header", words, columns->header ? "map FILE" : "columns");
    }
    return status;
}
