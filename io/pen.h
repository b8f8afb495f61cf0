/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_PEN_H
#define FN_IO_PEN_H

#include <string.h>
#include "io/output.h"

/* Writes many small pieces, into an output or into memory; writers format the same way for both. The first failure
 * stays in status and stops everything after it, so a writer asks once, at its end. Start with
 * { .run = run, .output = output }, or without an output: then the text stays in `text` until fn_pen_free. */
typedef struct fn_pen {
    fn_run *run;
    fn_output *output;
    fn_status status;
    int64_t replaced;            /* characters that could not be written */
    int64_t harmed;              /* texts that a reader will change, and the column of the first (io/export_plan.h) */
    const char *harmed_column;
    char *text;                  /* in memory: what was written, `used` bytes */
    size_t used, room;
} fn_pen;

void fn_pen_free(fn_pen *pen);

/* Where there is no room: make some, or hand on to the output. */
void fn_pen_bytes_slowly(fn_pen *pen, const char *bytes, size_t length);

static inline void fn_pen_bytes(fn_pen *pen, const char *bytes, size_t length)
{
    if (length >= pen->room - pen->used) {
        fn_pen_bytes_slowly(pen, bytes, length);
    } else {
        memcpy(pen->text + pen->used, bytes, length);
        pen->used += length;
    }
}

/* In memory: at least `size` bytes to write to, which count once they are added to pen->used. NULL: no memory, which
 * stays in status. */
char *fn_pen_room(fn_pen *pen, size_t size);

static inline void fn_pen_text(fn_pen *pen, const char *text)
{
    fn_pen_bytes(pen, text, strlen(text));
}

/* & < > " ' and line breaks escaped for XML and HTML; code points that XML 1.0 forbids and bytes that are not UTF-8
 * replaced by U+FFFD and counted. */
void fn_pen_xml(fn_pen *pen, const char *text, size_t length);
/* A JSON string with its quotes (fn_output_json). */
void fn_pen_json(fn_pen *pen, const char *text, size_t length);
void fn_pen_format(fn_pen *pen, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fn_pen_int(fn_pen *pen, int64_t value);
/* Shortest text that reads back to the same double. */
void fn_pen_real(fn_pen *pen, double value);
/* At most `digits` significant digits (1 … 15). */
void fn_pen_rounded(fn_pen *pen, double value, int digits);
/* At most `places` decimal places (0 … 6), without trailing zeros; |value| below 1e9. */
void fn_pen_fixed(fn_pen *pen, double value, int places);
void fn_pen_date(fn_pen *pen, int32_t day);

/* Length of the UTF-8 sequence at text if XML 1.0 allows the character (1 … 4), else 0. */
size_t fn_xml_length(const char *text, size_t length);

/* Many rows of one shape, written by all threads: `put` writes rows first … end - 1 with a pen of its own, in memory;
 * the texts come to the output in the order of the rows, so the bytes and the first fault are those of one thread.
 * `put` must not change `user`; what it counts in its pen is added up. */
typedef struct fn_rows {
    size_t count;
    void (*put)(fn_pen *pen, const void *user, size_t first, size_t end);
    const void *user;
    const char *stage;           /* for fn_progress, which hears of from … to, 0 … 1; NULL: it hears nothing */
    double from, to;
} fn_rows;
void fn_pen_rows(fn_pen *pen, const fn_rows *rows);

#endif
