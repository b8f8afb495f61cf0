/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_MATRIX_MARKET_H
#define FN_IO_MATRIX_MARKET_H

#include "io/numbered.h"

/* A Matrix Market file has numbers only, so firmnet writes what else it knows of a network into comment lines, which
 * other programs skip, and reads them back:
 *   %firmnet 1                    the lines below are firmnet's (version of this list)
 *   %layer NAME, %currency NAME   of all ties
 *   %weight count                 the numbers say how often (else they are values)
 *   %firm N ID                    the firm that has row and column N, for N = 1, 2, …
 *   %more TEXT                    the line before goes on: no line has more than 1000 bytes (readers in C cut at 1024)
 * In texts a backslash, control characters and blanks at an end stand as \xHH. */
enum { FN_MATRIX_LINE = 1000, FN_MATRIX_COMMENTS = 1 };

/* What the comment lines of one file said. */
typedef struct fn_matrix_words {
    bool ours;              /* the line %firmnet was there */
    bool counts;
    fn_names *firms;
    char *layer, *currency; /* NULL: not said */
    char *pending;          /* a line that may go on */
    size_t pending_length, pending_capacity;
    int64_t pending_line;
} fn_matrix_words;

/* A comment line, % and all. */
fn_status fn_matrix_words_take(fn_run *run, const fn_numbered *graph, fn_matrix_words *words, const char *line,
                               size_t length);
/* There are no more of them. */
fn_status fn_matrix_words_finish(fn_run *run, const fn_numbered *graph, fn_matrix_words *words);
void fn_matrix_words_free(fn_matrix_words *words);

/* The network as a matrix: row = from, column = to, one row and column a firm, in the order of the firms, whether it
 * has ties or not. A matrix has one number for a pair, so the ties must be of one layer (else FN_EINVAL). The number
 * is the weight of the tie: money, where the layer has it in one currency; the count; or what the export gives. Ties
 * of one pair in several currencies are added up where they are counted. `pattern` where every tie is one record
 * without money, `integer` counts, else `real`; `symmetric` (lower triangle) for an undirected layer. Dates, products,
 * further columns and the firms' attributes have no place (a note). O(ties) time, no memory. */
fn_status fn_matrix_write(fn_run *run, fn_output *output, fn_export *export_);

#endif
