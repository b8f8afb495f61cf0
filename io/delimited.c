/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/delimited.h"

#define ROW_MOST ((size_t) 16 << 20)

const char fn_separators[] = "\t;|, ";

static const struct {
    char separator;
    const char *word;
} words[] = { { '\t', "tab" }, { ';', "semicolon" }, { '|', "pipe" }, { ',', "comma" }, { ' ', "blanks" } };

char fn_separator_find(const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0 || (word[0] == words[i].separator && !word[1])) return words[i].separator;
    return 0;
}

const char *fn_separator_word(char separator)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].separator == separator) return words[i].word;
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

size_t fn_separator_count(char separator, const char *line, size_t length)
{
    size_t fields = 0;
    bool inside = false, quoted = false;
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        bool between = separator == ' ' ? is_blank(c) : c == separator;
        if (quoted) {
            quoted = c != '"';
        } else if (between) {
            fields += inside || separator != ' ';
            inside = false;
        } else {
            quoted = c == '"' && !inside && separator != '\t';
            inside = true;
        }
    }
    return fields + (inside || separator != ' ');
}

char fn_table_separator(const char *line, size_t length)
{
    char best = '\t';
    size_t most = 1;
    for (const char *s = fn_separators; *s; s++) {
        if (*s == ' ' && most > 1) break; /* blanks are part of names wherever something else separates */
        size_t fields = fn_separator_count(*s, line, length);
        if (fields <= most) continue;
        best = *s;
        most = fields;
    }
    return best;
}

void fn_delimited_start(fn_delimited *text, fn_source *source, char separator, bool comments)
{
    *text = (fn_delimited){ .source = source, .separator = separator, .comments = comments };
}

void fn_delimited_end(fn_delimited *text)
{
    fn_free(text->field);
    fn_free(text->joined);
    fn_free(text->decoded);
    *text = (fn_delimited){ 0 };
}

/* ---- lines ---- */

/* The next line of the window, as fn_source_line gives those of a source. */
static fn_status window_line(fn_run *run, fn_delimited *text, const char **line, size_t *length)
{
    *line = NULL;
    *length = 0;
    if (text->window == text->window_end) return FN_OK;
    size_t left = (size_t) (text->window_end - text->window);
    const char *end = memchr(text->window, '\n', left);
    *line = text->window;
    *length = end ? (size_t) (end - *line) : left;
    if (*length > ROW_MOST)
        return fn_fail_at(run, FN_EPARSE, fn_source_name(text->source), text->lines + 1, -1, "a line longer than 16 MiB");
    text->window = end ? end + 1 : text->window_end;
    return FN_OK;
}

static fn_status next_line(fn_run *run, fn_delimited *text, const char **line, size_t *length)
{
    char *read;
    fn_status status;
    if (text->window) {
        status = window_line(run, text, line, length);
    } else {
        status = fn_source_line(run, text->source, &read, length);
        *line = read;
    }
    text->lines += !status && *line;
    return status;
}

void fn_delimited_feed(fn_delimited *text, const char *bytes, size_t size)
{
    text->window = bytes;
    text->window_end = bytes + size;
}

/* Take a line in: without the byte order mark of the file and the CRs that belong to the line end. */
static void trim_line(fn_delimited *text, const char **line, size_t *length)
{
    if (text->lines == 1 && *length >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
        *line += 3;
        *length -= 3;
    }
    text->returns_cut = 0;
    for (; *length && (*line)[*length - 1] == '\r'; --*length) text->returns_cut++;
}

/* The next line that can start a row. */
static fn_status start_row(fn_run *run, fn_delimited *text, bool *there)
{
    *there = false;
    for (;;) {
        const char *line;
        size_t length;
        fn_status status = next_line(run, text, &line, &length);
        if (status || !line) return status;
        trim_line(text, &line, &length);
        size_t blanks = 0;
        while (text->separator == ' ' && blanks < length && is_blank(line[blanks])) blanks++;
        if (blanks == length) {
            text->blank_lines++;
        } else if (text->comments && line[0] == '#') {
            text->comment_lines++;
        } else {
            text->line = text->lines;
            text->row = line;
            text->row_length = length;
            *there = true;
            return FN_OK;
        }
    }
}

/* Append the next line to the row, with the line end between; *there false: the source has none. */
static fn_status join_line(fn_run *run, fn_delimited *text, bool *there)
{
    if (text->row != text->joined) {
        char *joined = fn_grow(run, text->joined, &text->joined_capacity, text->row_length + 1, 1);
        if (!joined) return FN_ENOMEM;
        memcpy(joined, text->row, text->row_length);
        text->row = text->joined = joined;
    }
    size_t returns = text->returns_cut;
    const char *line;
    size_t length;
    fn_status status = next_line(run, text, &line, &length);
    *there = line != NULL;
    if (status || !line) return status;
    trim_line(text, &line, &length);
    size_t used = text->row_length;
    if (used + returns + length + 1 > ROW_MOST)
        return fn_fail_at(run, FN_EPARSE, fn_source_name(text->source), text->line, -1,
                          "a quoted field that starts here runs on for more than %zu MiB", ROW_MOST >> 20);
    char *joined = fn_grow(run, text->joined, &text->joined_capacity, used + returns + length + 1, 1);
    if (!joined) return FN_ENOMEM;
    for (; returns; returns--) joined[used++] = '\r';
    joined[used++] = '\n';
    memcpy(joined + used, line, length);
    text->row = text->joined = joined;
    text->row_length = used + length;
    return FN_OK;
}

/* Where in a field a scan stands; kept from line to line of a row. */
typedef enum place { AT_START, PLAIN, QUOTED, AFTER_QUOTE } place;

static place scan(char separator, place at, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        bool between = separator == ' ' ? is_blank(c) : c == separator;
        if (at == QUOTED) {
            if (c == '"') at = AFTER_QUOTE;
        } else if (at == AFTER_QUOTE && c == '"') {
            at = QUOTED;
        } else if (between) {
            at = AT_START;
        } else if (at == AFTER_QUOTE) {
            at = PLAIN;
        } else if (at == AT_START) {
            at = c == '"' ? QUOTED : PLAIN;
        }
    }
    return at;
}

size_t fn_delimited_whole(const fn_delimited *text, const char *bytes, size_t size)
{
    size_t whole = 0;
    place at = AT_START;
    for (size_t line = 0; line < size;) {
        const char *end = memchr(bytes + line, '\n', size - line);
        if (!end) break;
        size_t next = (size_t) (end - bytes) + 1;
        bool comment = line == whole && text->comments && bytes[line] == '#';
        if (text->separator != '\t' && !comment)
            at = scan(text->separator, at, bytes + line, next - 1 - line);
        if (at != QUOTED) {
            whole = next;
            at = AT_START;
        }
        line = next;
    }
    return whole;
}

fn_status fn_delimited_complete(fn_run *run, fn_delimited *text)
{
    place at = scan(text->separator, AT_START, text->row, text->row_length);
    while (at == QUOTED) {
        size_t before = text->row_length;
        bool there;
        fn_status status = join_line(run, text, &there);
        if (status) return status;
        if (!there) {
            text->bad = "a quoted field that starts in this row is never closed";
            text->hint = "close the quote, or double it where it is part of a text";
            return FN_OK;
        }
        at = scan(text->separator, at, text->row + before, text->row_length - before);
    }
    return FN_OK;
}

/* ---- fields ---- */

static fn_status add_field(fn_run *run, fn_delimited *text, const char *start, size_t length, bool quoted)
{
    if (text->fields == text->field_capacity) {
        fn_field *field = fn_grow(run, text->field, &text->field_capacity, text->fields + 1, sizeof *field);
        if (!field) return FN_ENOMEM;
        text->field = field;
    }
    text->field[text->fields++] = (fn_field){ start, length, quoted };
    return FN_OK;
}

/* A row without quotes, or of a form that has none. */
static fn_status split_plain(fn_run *run, fn_delimited *text)
{
    const char *at = text->row, *end = at + text->row_length;
    if (memchr(at, '\r', text->row_length)) {
        text->bad = "a carriage return stands in the middle of a row";
        text->hint = "lines must end in LF or CR LF";
        return FN_OK;
    }
    fn_status status = FN_OK;
    while (!status) {
        if (text->separator == ' ') {
            while (at < end && is_blank(*at)) at++;
            if (at == end) break;
        }
        const char *stop = at;
        if (text->separator == ' ')
            while (stop < end && !is_blank(*stop)) stop++;
        else
            stop = memchr(at, text->separator, (size_t) (end - at));
        if (!stop) stop = end;
        status = add_field(run, text, at, (size_t) (stop - at), false);
        if (stop == end) break;
        at = stop + 1;
    }
    return status;
}

/* The inside of a quoted field up to its closing quote: *at starts behind the opening one and ends behind the closing
 * one. Doubled quotes are decoded beside the row, which stays as it is. */
static fn_status take_quoted(fn_run *run, fn_delimited *text, const char **at, const char *end)
{
    const char *start = *at;
    char *copy = NULL;
    size_t used = 0;
    for (;;) {
        const char *quote = memchr(*at, '"', (size_t) (end - *at));
        bool doubled = quote + 1 < end && quote[1] == '"';
        if (doubled && !copy) {
            if (!text->decoded_used) { /* room for the whole row: the place must not move while fields point there */
                char *decoded = fn_grow(run, text->decoded, &text->decoded_capacity, text->row_length, 1);
                if (!decoded) return FN_ENOMEM;
                text->decoded = decoded;
            }
            copy = text->decoded + text->decoded_used;
        }
        size_t piece = (size_t) (quote - *at) + doubled;
        if (copy) {
            memcpy(copy + used, *at, piece);
            used += piece;
        }
        *at = quote + 1 + doubled;
        if (doubled) continue;
        text->decoded_used += used;
        return add_field(run, text, copy ? copy : start, copy ? used : (size_t) (quote - start), true);
    }
}

static bool is_between(const fn_delimited *text, char c)
{
    return c == text->separator || (text->separator == ' ' && c == '\t');
}

/* A row with quotes, all of them closed. */
static fn_status split_quoted(fn_run *run, fn_delimited *text)
{
    const char *at = text->row, *end = at + text->row_length;
    fn_status status = FN_OK;
    text->decoded_used = 0;
    while (!status) {
        if (text->separator == ' ') {
            while (at < end && is_blank(*at)) at++;
            if (at == end) break;
        }
        const char *first = at;
        if (at < end && *at == '"') {
            at++;
            if ((status = take_quoted(run, text, &at, end))) break;
            if (at < end && !is_between(text, *at)) {
                text->bad = "text stands behind a closing quote";
                text->hint = "a quote inside a quoted field is written twice";
                break;
            }
        } else {
            while (at < end && !is_between(text, *at) && *at != '\r') at++;
            if (at < end && *at == '\r') {
                text->bad = "a carriage return stands in the middle of a row";
                text->hint = "lines must end in LF or CR LF";
                break;
            }
            status = add_field(run, text, first, (size_t) (at - first), false);
        }
        if (at == end) break;
        at++;
    }
    return status;
}

/* ---- rows ---- */

fn_status fn_delimited_first(fn_run *run, fn_delimited *text, bool *there)
{
    fn_status status = start_row(run, text, there);
    text->started = !status && *there;
    return status;
}

fn_status fn_delimited_next(fn_run *run, fn_delimited *text, bool *there)
{
    *there = true;
    fn_status status = FN_OK;
    if (!text->started) status = start_row(run, text, there);
    text->started = false;
    text->fields = 0;
    text->bad = text->hint = NULL;
    if (status || !*there) return status;
    bool quotes = text->separator != '\t' && memchr(text->row, '"', text->row_length);
    if (quotes && (status = fn_delimited_complete(run, text))) return status;
    if (!text->bad && memchr(text->row, '\0', text->row_length)) {
        text->bad = "a NUL byte stands in the row";
        text->hint = "is this a text file? UTF-16 must be turned into UTF-8 first (iconv -f UTF-16 -t UTF-8)";
    }
    if (!text->bad) status = quotes ? split_quoted(run, text) : split_plain(run, text);
    if (text->bad) text->fields = 0;
    return status;
}
