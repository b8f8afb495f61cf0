/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_HDF5_H
#define FN_IO_HDF5_H

#include <hdf5.h>
#include "io/format.h"

/* Columns as datasets of an HDF5 file. The first failure stays in status and makes the rest do nothing, so a writer
 * asks once, at its end. libhdf5 is not safe for threads: one thread only. */
typedef struct fn_hdf5 {
    fn_run *run;
    const char *name;      /* of the file, for messages */
    fn_status status;
    int64_t replaced;      /* characters that could not be written */
} fn_hdf5;

typedef struct fn_hdf5_cell {
    int64_t integer;       /* INT, DATE and BOOL, missing as in fn_column */
    double real;           /* NaN: missing */
    const char *text;      /* length 0: missing */
    size_t length;
} fn_hdf5_cell;

/* A column: of any of the types, row by row. */
typedef struct fn_hdf5_column fn_hdf5_column;
struct fn_hdf5_column {
    const char *name, *unit; /* unit "": none */
    fn_column_type type;
    size_t rows;
    void (*get)(const fn_hdf5_column *column, size_t row, fn_hdf5_cell *cell);
    const void *of;          /* what get reads */
    int field;
};

/* The answer of a call of libhdf5: below 0 becomes our error, with the system's reason where there is one. */
hid_t fn_hdf5_take(fn_hdf5 *h, hid_t answer);
hid_t fn_hdf5_group(fn_hdf5 *h, hid_t file, const char *name);
/* A dataset in group, of rows cells, compressed in chunks, with the attributes `unit` and `missing_value`:
 *   INT   32 bits where all numbers fit, missing -2147483648 (what R takes for NA), else 64 bits, missing -2^63
 *   REAL  64 bits, missing NaN
 *   DATE  32 bits, days since 1970-01-01, missing -2147483648
 *   BOOL  8 bits, 0 and 1, missing -1
 *   TEXT  UTF-8 of one length, filled up with NULs, up to 255 bytes; else of any length; missing empty. Bytes that are
 *         not UTF-8 and NULs become U+FFFD.
 * A name that the group has already gets a number behind it. */
void fn_hdf5_put(fn_hdf5 *h, hid_t group, const fn_hdf5_column *column);
/* Attributes of a group: a text (NULL: none is written), a number, a list of texts. */
void fn_hdf5_note(fn_hdf5 *h, hid_t group, const char *name, const char *text);
void fn_hdf5_note_number(fn_hdf5 *h, hid_t group, const char *name, int64_t number);
void fn_hdf5_note_names(fn_hdf5 *h, hid_t group, const char *name, const fn_names *names);

/* Text as it is written: to (NULL: measured only) needs three times its length. Returns the length written. */
size_t fn_hdf5_clean(const char *text, size_t length, char *to, int64_t *replaced);

#endif
