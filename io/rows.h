/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_ROWS_H
#define FN_IO_ROWS_H

#include "io/output.h"

/* A long table of which every row can be made by itself, such as a generated one. */
typedef struct fn_rows {
    uint64_t rows;
    size_t row_most;         /* bytes of the longest row */
    /* Rows first … first + count - 1 with their line ends; how many bytes. Called on any thread. */
    size_t (*text)(const void *user, uint64_t first, size_t count, char *at);
    const void *user;
    const char *stage;       /* for progress */
} fn_rows;

/* Write them in order; they are made, and for a .gz output compressed, on all threads. The bytes are the same at any
 * number of threads. Memory: some 0.8 MiB for each of two pieces a thread, however many rows. */
fn_status fn_rows_write(fn_run *run, fn_output *output, const fn_rows *rows);

#endif
