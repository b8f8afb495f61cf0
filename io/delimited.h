/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_DELIMITED_H
#define FN_IO_DELIMITED_H

#include "io/source.h"

/* Rows of delimited text: CSV after RFC 4180 (comma, semicolon or pipe), TSV (tabs, no quoting), runs of blanks.
 *   A field that starts with a quote ends at the next single one; "" inside is one quote; separators and line ends
 *   inside belong to the field. A quote later in an unquoted field is a character like others.
 *   Blanks around a field are part of it.
 *   A byte order mark, a CR before LF, empty lines and (where wanted) lines that start with # are not part of a row.
 * Fields point into the line; they are copied only where doubled quotes or several lines must be joined. */
typedef struct fn_field {
    const char *text; /* no NUL behind it; valid until the next row */
    size_t length;
    bool quoted;
} fn_field;

typedef struct fn_delimited {
    fn_source *source;
    char separator; /* '\t' ',' ';' '|', or ' ' for runs of blanks */
    bool comments;  /* a line that starts with # is none of the table */
    fn_field *field;
    size_t fields, field_capacity;
    int64_t line;    /* line on which the row starts, from 1 */
    const char *row; /* the row as it stands in the file */
    size_t row_length;
    int64_t blank_lines, comment_lines; /* counted on the way */
    char *joined, *decoded;             /* a row of several lines; fields with doubled quotes */
    size_t joined_capacity, decoded_capacity, decoded_used;
    bool started;    /* the row is read but not split */
    size_t returns_cut; /* CRs before the LF of the line read last: more than one where line ends were translated twice */
    const char *bad; /* what is wrong with the row read last (fn_delimited_next), NULL: nothing */
    const char *hint;
    const char *window, *window_end; /* text to read instead of the source's, NULL: none (fn_delimited_feed) */
    int64_t lines;                   /* read so far */
} fn_delimited;

/* The separators there are, in the order in which they are preferred: "\t;|, ". */
extern const char fn_separators[];
/* "tab", "comma", … <-> separator; 0 and NULL: no such one. */
char fn_separator_find(const char *word);
const char *fn_separator_word(char separator);
/* Split a line with each separator: how many fields would it have? For guessing; quotes count. */
size_t fn_separator_count(char separator, const char *line, size_t length);

/* The separator of a header line: the one that gives most fields; tab, semicolon, pipe, comma, blanks in this order
 * where several do. A line of one field: tab. */
char fn_table_separator(const char *line, size_t length);

/* separator 0: the caller sets it after fn_delimited_first. The source stays the caller's. */
void fn_delimited_start(fn_delimited *text, fn_source *source, char separator, bool comments);
void fn_delimited_end(fn_delimited *text);
/* Read up to the first line that is neither empty nor a comment, without splitting it: row, row_length and line.
 * *there false: the source has none. The next fn_delimited_next splits that line. */
fn_status fn_delimited_first(fn_run *run, fn_delimited *text, bool *there);
/* Add lines to the row until no quoted field is open (fn_delimited_next does so). */
fn_status fn_delimited_complete(fn_run *run, fn_delimited *text);
/* The next row; *there false at the end. A row that can't be split (a quote that is never closed, text behind a closing
 * quote, a NUL byte, a CR that ends no line) has `bad` set and no fields; whether that stops the run is the caller's
 * choice. Errors: of the source; a row above 16 MiB. */
fn_status fn_delimited_next(fn_run *run, fn_delimited *text, bool *there);

/* From now on read these bytes, which follow in the file on what was read, and not the source: for readers that take
 * the text from it themselves. Their last line may lack its end. */
void fn_delimited_feed(fn_delimited *text, const char *bytes, size_t size);
/* How many of the bytes, which begin with a row, are whole rows: up to the last line end outside quotes. */
size_t fn_delimited_whole(const fn_delimited *text, const char *bytes, size_t size);

#endif
