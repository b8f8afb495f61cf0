/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "io/matrix_market.h"

/* Matrix Market, coordinate form (Boisvert, Pozo and Remington 1996). An entry in row i, column j is a tie from i to
 * j; its value weighs (real and integer; a pattern has none). The firms are called "1" … "n" after the rows, or as
 * firmnet's own comment lines say. A matrix of as many rows as columns is a network of one kind of firms; another one
 * is two-sided: "r1" …, then "c1" …. A symmetric matrix has each tie once, below or above the diagonal, never both: it
 * becomes two ties, one either way, or one in an undirected layer. Entries of one place add up, as in edge lists.
 *   Rows and columns without entries are firms without ties. Their number is only a claim of the file, so there may be
 * no more of them than a million and 16 for each entry. O(bytes) time, 16 bytes an entry beside the network. */

extern const fn_format fn_format_matrix_market;

#define FIRMS_ALONE_MOST 1000000
#define FIRMS_AN_ENTRY 16
#define FIRMS_MOST ((int64_t) UINT32_MAX - 1)

typedef enum field { REAL, INTEGER, PATTERN } field;

typedef struct entry {
    uint32_t row, column; /* from 0 */
    double value;
} entry;

typedef struct matrix {
    fn_numbered graph;
    fn_matrix_words words;
    field field;
    bool symmetric;
    int triangle;           /* of a symmetric matrix: -1 below, 1 above the diagonal, 0 not known yet */
    bool sized;
    int64_t rows, columns, declared, seen;
    int64_t size_line;
    entry *entry;
    size_t entries, capacity;
} matrix;

/* ---- the first line ---- */

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* What a file may say in its first line, and what is wrong with it. */
static const struct kind {
    int place; /* word of the line, from 1 */
    const char *word;
    int value;
    const char *refused, *hint;
} kinds[] = {
    { 1, "matrix", 0, NULL, NULL },
    { 2, "coordinate", 0, NULL, NULL },
    { 2, "array", 0, "a dense matrix (array), which has a number for every pair",
      "write its entries in coordinate form" },
    { 3, "real", REAL, NULL, NULL },
    { 3, "double", REAL, NULL, NULL },
    { 3, "integer", INTEGER, NULL, NULL },
    { 3, "pattern", PATTERN, NULL, NULL },
    { 3, "complex", 0, "complex numbers, which can't weigh a tie", "write their absolute values as a real matrix" },
    { 4, "general", false, NULL, NULL },
    { 4, "symmetric", true, NULL, NULL },
    { 4, "skew-symmetric", 0, "a skew-symmetric matrix: half of its entries are negative, and ties are not",
      "write the positive entries as a general matrix" },
    { 4, "hermitian", 0, "a hermitian matrix: its numbers are complex, which can't weigh a tie", NULL },
};

static fn_status take_kind(fn_run *run, matrix *m, int place, const char *word, size_t length)
{
    static const char *const places[] = { "object", "form", "kind of numbers", "symmetry" };
    char quoted[FN_QUOTE_TEXT];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct kind *kind = &kinds[k];
        if (kind->place != place || !is_word(word, length, kind->word)) continue;
        if (kind->refused) {
            fn_numbered_fail(run, &m->graph, "%s (%s)", kind->refused, fn_quote(word, length, quoted));
            if (kind->hint) fn_hint(run, "%s", kind->hint);
            return FN_EPARSE;
        }
        if (place == 3) m->field = (field) kind->value;
        if (place == 4) m->symmetric = kind->value;
        return FN_OK;
    }
    fn_numbered_fail(run, &m->graph, "the %s of the matrix is not known (%s)", places[place - 1],
                     fn_quote(word, length, quoted));
    fn_hint(run, "the first line is: %%%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric");
    return FN_EPARSE;
}

static fn_status take_first_line(fn_run *run, matrix *m)
{
    char *line;
    const char *word = "";
    size_t length = 0, word_length = 0;
    fn_status status = fn_numbered_line(run, &m->graph, &line, &length);
    if (status) return status;
    const char *at = line, *end = line + length;
    if (!line || !fn_numbered_word(&at, end, &word, &word_length) || !is_word(word, word_length, "%%MatrixMarket"))
        return fn_fail_at(run, FN_EPARSE, m->graph.file, 1, -1, "the file does not begin with %%%%MatrixMarket");
    for (int place = 1; !status && place <= 4; place++) {
        fn_numbered_word(&at, end, &word, &word_length);
        status = take_kind(run, m, place, word, word_length);
    }
    if (!status && fn_numbered_word(&at, end, &word, &word_length))
        status = fn_numbered_fail(run, &m->graph, "more words than the first line of a matrix has (%.20s)", word);
    return status;
}

/* ---- the size ---- */

static int64_t firms_of(const matrix *m)
{
    return m->rows == m->columns ? m->rows : m->rows + m->columns;
}

static fn_status take_size(fn_run *run, matrix *m, const char *line, size_t length)
{
    const char *at = line, *end = line + length, *word;
    size_t word_length;
    int64_t *const number[] = { &m->rows, &m->columns, &m->declared };
    char quoted[FN_QUOTE_TEXT];
    bool good = true;
    for (int n = 0; n < 3; n++)
        good =
            good && fn_numbered_word(&at, end, &word, &word_length) && fn_numbered_whole(word, word_length, number[n]);
    if (!good || fn_numbered_word(&at, end, &word, &word_length))
        return fn_numbered_fail(run, &m->graph, "the size of the matrix is not: rows columns entries (%s)",
                                fn_quote(line, length, quoted));
    if (m->symmetric && m->rows != m->columns)
        return fn_numbered_fail(run, &m->graph, "a symmetric matrix of %" PRId64 " rows and %" PRId64 " columns",
                                m->rows, m->columns);
    if (m->rows > FIRMS_MOST || m->columns > FIRMS_MOST || firms_of(m) > FIRMS_MOST)
        return fn_numbered_fail(run, &m->graph, "more than %" PRId64 " rows and columns", FIRMS_MOST);
    fn_status status = fn_matrix_words_finish(run, &m->graph, &m->words);
    if (status) return status;
    int64_t named = m->words.firms ? fn_names_count(m->words.firms) : 0;
    if (named && (m->rows != named || m->columns != named))
        return fn_numbered_fail(
            run, &m->graph, "%" PRId64 " firms have an id, but the matrix has %" PRId64 " rows and %" PRId64 " columns",
            named, m->rows, m->columns);
    m->size_line = fn_source_line_number(m->graph.source);
    m->sized = true;
    return FN_OK;
}

/* ---- entries ---- */

/* One index: 1 … most. words: room for the complaint. */
static fn_complaint take_index(const char *word, size_t length, int64_t most, const char *what, uint32_t *index,
                               char words[160])
{
    int64_t number;
    if (!fn_numbered_whole(word, length, &number)) {
        snprintf(words, 160, "the %s of an entry is not a whole number", what);
        return (fn_complaint){ "index_not_whole", words, NULL };
    }
    if (number < 1 || number > most) {
        snprintf(words, 160, "there is no %s %" PRId64 " in a matrix that has %" PRId64, what, number, most);
        return (fn_complaint){ "index_out_of_range", words, number ? NULL : "rows and columns count from 1" };
    }
    *index = (uint32_t) (number - 1);
    return (fn_complaint){ 0 };
}

static fn_complaint take_value(const matrix *m, const char *word, size_t length, double *value)
{
    int64_t whole;
    if (m->words.counts) {
        fn_complaint complaint = fn_edge_count(word, length, &whole);
        *value = complaint.reason ? NAN : (double) whole;
        return complaint;
    }
    fn_complaint complaint = fn_edge_weight(word, length, value);
    if (!complaint.reason && m->field == INTEGER && !fn_int_parse(word, length, &whole))
        return (fn_complaint){ "weight_not_whole", "the value is not a whole number, in a matrix of integers", NULL };
    return complaint;
}

/* An entry, or what is wrong with it; *word is what a complaint quotes. */
static fn_complaint split(matrix *m, const char *line, size_t length, entry *e, const char **word, size_t *word_length,
                          char words[160])
{
    const char *at = line, *end = line + length, *more;
    size_t fields = 0, wanted = m->field == PATTERN ? 2 : 3, more_length;
    const char *part[3];
    size_t part_length[3];
    while (fields < wanted && fn_numbered_word(&at, end, &part[fields], &part_length[fields])) fields++;
    *word = line;
    *word_length = length;
    if (fields < wanted || fn_numbered_word(&at, end, &more, &more_length)) {
        snprintf(words, 160, "an entry of this matrix has %zu numbers, not %s", wanted,
                 fields < wanted ? "fewer" : "more");
        return (fn_complaint){ fields < wanted ? "fields_too_few" : "fields_too_many", words, NULL };
    }
    e->value = NAN;
    fn_complaint complaint = take_index(part[0], part_length[0], m->rows, "row", &e->row, words);
    if (!complaint.reason) complaint = take_index(part[1], part_length[1], m->columns, "column", &e->column, words);
    if (!complaint.reason && wanted == 3) {
        *word = part[2];
        *word_length = part_length[2];
        complaint = take_value(m, part[2], part_length[2], &e->value);
    }
    if (complaint.reason || !m->symmetric || e->row == e->column) return complaint;
    int triangle = e->row > e->column ? -1 : 1;
    if (m->triangle && m->triangle != triangle)
        return (fn_complaint){ "both_triangles", "a symmetric matrix with entries below and above the diagonal",
                               "one of the two is enough; a general matrix has both" };
    m->triangle = triangle;
    return complaint;
}

static fn_status take_entry(fn_run *run, matrix *m, const char *line, size_t length)
{
    entry e;
    char words[160];
    const char *word;
    size_t word_length;
    if (++m->seen > m->declared)
        return fn_numbered_fail(run, &m->graph, "more entries than the %" PRId64 " which line %" PRId64 " declares",
                                m->declared, m->size_line);
    fn_complaint complaint = split(m, line, length, &e, &word, &word_length, words);
    if (complaint.reason) {
        fn_delimited place = { .source = m->graph.source, .line = fn_source_line_number(m->graph.source), .row = line,
                               .row_length = length };
        m->graph.rejected++;
        return fn_row_reject(run, m->graph.import, &place, "row", complaint, word, word_length);
    }
    if (e.row == e.column && m->rows == m->columns)
        fn_numbered_happened(&m->graph, &m->graph.self, line, length);
    else if (m->symmetric)
        fn_numbered_happened(&m->graph, &m->graph.mirrored, line, length);
    entry *all = fn_grow(run, m->entry, &m->capacity, m->entries + 1, sizeof *all);
    if (!all) return FN_ENOMEM;
    m->entry = all;
    all[m->entries++] = e;
    return FN_OK;
}

static fn_status take_lines(fn_run *run, matrix *m)
{
    char *line;
    size_t length;
    for (;;) {
        fn_status status = fn_numbered_line(run, &m->graph, &line, &length);
        if (status || !line) return status;
        size_t blank = 0;
        while (blank < length && (line[blank] == ' ' || line[blank] == '\t')) blank++;
        if (blank == length) {
            m->graph.blank_lines++;
        } else if (line[0] == '%') {
            m->graph.comment_lines++;
            if (!m->sized) status = fn_matrix_words_take(run, &m->graph, &m->words, line, length);
        } else {
            status = m->sized ? take_entry(run, m, line, length) : take_size(run, m, line, length);
        }
        if (status) return status;
    }
}

/* Is the file whole, and are its firms as many as its bytes make plausible? */
static fn_status check_whole(fn_run *run, const matrix *m)
{
    if (!m->sized)
        return fn_numbered_fail(run, &m->graph, "the file ends before the size of the matrix");
    if (m->seen < m->declared) {
        fn_numbered_fail(run, &m->graph,
                         "the file ends after %" PRId64 " of the %" PRId64 " entries which line %" PRId64 " declares",
                         m->seen, m->declared, m->size_line);
        fn_hint(run, "was the file cut on its way? get it again");
        return FN_EPARSE;
    }
    int64_t firms = firms_of(m);
    if (m->words.firms || firms <= FIRMS_ALONE_MOST + FIRMS_AN_ENTRY * m->seen) return FN_OK;
    fn_fail_at(run, FN_EPARSE, m->graph.file, m->size_line, -1,
               "%" PRId64 " rows and columns, but %" PRId64 " entries: nearly all firms would have no tie", firms,
               m->seen);
    fn_hint(run, "an edge list of the entries has the firms with ties alone");
    return FN_EPARSE;
}

/* ---- into the network ---- */

static fn_status name_firms(fn_run *run, matrix *m)
{
    fn_numbered *graph = &m->graph;
    bool square = m->rows == m->columns;
    uint32_t rows = (uint32_t) m->rows, firms = (uint32_t) firms_of(m);
    fn_status status = fn_numbered_firms(run, graph, firms);
    if (!status && !square) {
        fn_note(run,
                "%s: a matrix of %" PRId64 " rows and %" PRId64
                " columns has two kinds of firms: r1, r2, … deliver to c1, "
                "c2, …",
                graph->file, m->rows, m->columns);
        status = fn_numbered_name_all(run, graph, "r", 0, rows);
        return status ? status : fn_numbered_name_all(run, graph, "c", rows, firms);
    }
    if (!m->words.firms) return status ? status : fn_numbered_name_all(run, graph, "", 0, firms);
    for (uint32_t f = 0; !status && f < firms; f++) {
        size_t length;
        const char *id = fn_names_text(m->words.firms, f, &length);
        status = fn_numbered_name(run, graph, f, id, length);
    }
    return status;
}

static fn_status add_ties(fn_run *run, matrix *m)
{
    fn_status status = FN_OK;
    uint32_t columns_from = m->rows == m->columns ? 0 : (uint32_t) m->rows;
    for (size_t i = 0; !status && i < m->entries; i++) {
        const entry *e = &m->entry[i];
        status = fn_numbered_add(run, &m->graph, e->row, columns_from + e->column, e->value);
        if (!status && m->symmetric && !m->graph.undirected && e->row != e->column)
            status = fn_numbered_add(run, &m->graph, e->column, e->row, e->value);
    }
    return status;
}

static fn_status fill_network(fn_run *run, matrix *m)
{
    fn_numbered *graph = &m->graph;
    const char *layer = m->words.layer, *currency = m->words.currency;
    fn_status status = fn_numbered_layer(run, graph, layer ? layer : "", layer ? strlen(layer) : 0);
    if (!status && currency)
        status = fn_net_currency(run, graph->import->net, currency, strlen(currency), &graph->currency);
    graph->counts = m->words.counts && m->field != PATTERN;
    if (graph->undirected) graph->mirrored = (fn_happening){ 0 };
    if (!status) status = name_firms(run, m);
    if (!status) status = add_ties(run, m);
    if (!status && m->symmetric && !graph->undirected)
        fn_note(run,
                "%s: the matrix is symmetric: each entry is a tie either way (--tie-layer of an undirected layer, say "
                "cobid, keeps one)",
                graph->file);
    return status ? status : fn_numbered_account(run, graph);
}

static fn_status read_matrix(fn_run *run, fn_source *source, fn_import *import)
{
    matrix m = { .rows = 0 };
    fn_numbered_start(&m.graph, source, import);
    fn_status status = take_first_line(run, &m);
    if (!status) status = take_lines(run, &m);
    if (!status) status = check_whole(run, &m);
    if (!status) status = fill_network(run, &m);
    fn_matrix_words_free(&m.words);
    fn_numbered_end(&m.graph);
    fn_free(m.entry);
    return status;
}

static int sniff_matrix(const char *head, size_t length)
{
    static const char start[] = "%%MatrixMarket";
    size_t at = length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, n = sizeof start - 1;
    return length - at >= n && strncasecmp(head + at, start, n) == 0 ? 100 : 0;
}

const fn_format fn_format_matrix_market = {
    .name = "matrix-market", .suffixes = ".mtx,.mtx.gz",
    .text = "Matrix Market, coordinate form, for R, Python, Julia, MATLAB: one layer, with the ids as comments",
    .plain = true, .sniff = sniff_matrix, .read = read_matrix, .write = fn_matrix_write
};
