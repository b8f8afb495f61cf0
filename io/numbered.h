/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_NUMBERED_H
#define FN_IO_NUMBERED_H

#include "io/edgelist.h"

/* Graphs whose firms are numbers from 1 on: what the readers of matrices and of METIS graphs share. A reader checks its
 * file whole, then names the firms in their order and adds the ties: so firms without ties exist, too, and nothing of a
 * bad file is ever in the network. Every tie that is added is a row of the import report. */
typedef struct fn_numbered {
    fn_import *import;
    fn_source *source;
    const char *file;
    size_t start;          /* ties of the network before this input */
    uint16_t layer, currency;
    bool counts;           /* numbers of ties are how often, not how much */
    bool undirected;       /* the layer keeps one tie a pair */
    uint32_t *firm;        /* the network's number of each firm of the file */
    uint32_t firms;
    int64_t rows, undated; /* ties of the file; left out because a period is asked for */
    int64_t rejected;      /* rows that the reader set aside */
    fn_happening self, mirrored;
    fn_sum all_money, self_money;
    int64_t blank_lines, comment_lines;
} fn_numbered;

void fn_numbered_start(fn_numbered *graph, fn_source *source, fn_import *import);
void fn_numbered_end(fn_numbered *graph);

/* The next line, without its end and without a byte order mark; *line NULL: there is none. Warns where the last line
 * has no end: the file may be cut inside its last number. */
fn_status fn_numbered_line(fn_run *run, fn_numbered *graph, char **line, size_t *length);
/* The next word between blanks from *at on; false: none. */
bool fn_numbered_word(const char **at, const char *end, const char **word, size_t *length);
/* Digits alone, at most 18 of them. */
bool fn_numbered_whole(const char *word, size_t length, int64_t *number);
/* The data is wrong at the line read last. */
fn_status fn_numbered_fail(fn_run *run, const fn_numbered *graph, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One more of those, on the line read last; text: the first of them. */
void fn_numbered_happened(const fn_numbered *graph, fn_happening *what, const char *text, size_t length);

/* The layer of the ties: --tie-layer, else the one that the file names (length 0: none), else supply. */
fn_status fn_numbered_layer(fn_run *run, fn_numbered *graph, const char *name, size_t length);
/* How many firms there will be; before they are named. */
fn_status fn_numbered_firms(fn_run *run, fn_numbered *graph, uint32_t firms);
fn_status fn_numbered_name(fn_run *run, fn_numbered *graph, uint32_t firm, const char *name, size_t length);
/* The firms first … behind - 1 are called by their numbers, from 1, with a letter in front where it is not "". */
fn_status fn_numbered_name_all(fn_run *run, fn_numbered *graph, const char *front, uint32_t first, uint32_t behind);
/* A tie with its number (NaN: none). */
fn_status fn_numbered_add(fn_run *run, fn_numbered *graph, uint32_t from, uint32_t to, double number);
/* Count everything in the import report. */
fn_status fn_numbered_account(fn_run *run, fn_numbered *graph);

#endif
