/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_PEN_H
#define FN_IO_PEN_H

#include "io/output.h"

/* Writes many small pieces to an output. The first failure stays in status and stops everything after it, so a writer
 * asks once, at its end. Start with { .run = run, .output = output }. */
typedef struct fn_pen {
    fn_run *run;
    fn_output *output;
    fn_status status;
    int64_t replaced;    /* characters that could not be written */
} fn_pen;

void fn_pen_text(fn_pen *pen, const char *text);
void fn_pen_bytes(fn_pen *pen, const char *bytes, size_t length);
/* Escaped for XML and HTML (fn_output_xml). */
void fn_pen_xml(fn_pen *pen, const char *text, size_t length);
void fn_pen_format(fn_pen *pen, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fn_pen_int(fn_pen *pen, int64_t value);
/* Shortest text that reads back to the same double. */
void fn_pen_real(fn_pen *pen, double value);
/* At most `digits` significant digits (1 … 15). */
void fn_pen_rounded(fn_pen *pen, double value, int digits);
/* At most `places` decimal places (0 … 6), without trailing zeros; |value| below 1e9. */
void fn_pen_fixed(fn_pen *pen, double value, int places);
void fn_pen_date(fn_pen *pen, int32_t day);

/* value rounded to that many significant digits. */
double fn_round_digits(double value, int digits);

/* Length of the UTF-8 sequence at text if XML 1.0 allows the character (1 … 4), else 0. */
size_t fn_xml_length(const char *text, size_t length);

#endif
