/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_TEXT_H
#define FN_GRAPH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers and dates as text, independent of locale and time zone. */

enum { FN_REAL_TEXT = 32, FN_INT_TEXT = 24, FN_DATE_TEXT = 16 };
#define FN_DAY_NONE INT32_MIN      /* no date */
#define FN_INT_NONE INT64_MIN      /* no whole number */

/* Shortest text that reads back to the same double; NaN gives "". Returns its length. */
size_t fn_real_format(double value, char text[FN_REAL_TEXT]);
/* Its digits, NUL-ended; FN_INT_NONE is a number like others. Returns the length. */
size_t fn_int_format(int64_t value, char text[FN_INT_TEXT]);
/* value rounded to that many significant digits (1 … 15). */
double fn_round_digits(double value, int digits);
/* fn_real_format of value so rounded. */
size_t fn_rounded_format(double value, int digits, char text[FN_REAL_TEXT]);

/* Plain decimal number: [+-]digits[.digits][e[+-]digits], the whole of text, nothing else (no blanks, hexadecimal,
 * nan, inf, comma). Correctly rounded. false: not such a number; overflow gives *value = infinity and true. */
bool fn_real_parse(const char *text, size_t length, double *value);

/* Digits with at most one point among them, 15 digits at most: money, mostly. The number is digits / 10^places, which
 * fn_decimal_value rounds as fn_real_parse would. false: another text, maybe a number all the same. */
bool fn_decimal_parse(const char *text, size_t length, uint64_t *digits, unsigned *places);
double fn_decimal_value(uint64_t digits, unsigned places);

/* [+-]digits that fit int64. */
bool fn_int_parse(const char *text, size_t length, int64_t *value);

/* Days since 1970-01-01 of a proleptic Gregorian date, year 1 … 9999. false: no such day. */
bool fn_date_make(int year, int month, int day, int32_t *days);
void fn_date_split(int32_t days, int *year, int *month, int *day);
/* YYYY, YYYY-MM, YYYY-MM-DD, YYYYMMDD, or a date with a time behind it (RFC 3339 and its usual variants: blank for T,
 * no offset, fractions of any length, lower case t and z). A year or month alone is its first day. The offset is
 * applied to *seconds (since 1970, UTC; may be NULL) and not to *days, the day as written. */
bool fn_date_parse(const char *text, size_t length, int32_t *days, int64_t *seconds);
/* YYYY-MM-DD; FN_DAY_NONE gives "". Returns the length. */
size_t fn_date_format(int32_t days, char text[FN_DATE_TEXT]);

/* Length of the valid UTF-8 sequence at text (1 … 4), 0 if there is none (overlong, surrogate, above U+10FFFF, cut). */
size_t fn_utf8_length(const char *text, size_t length);
bool fn_utf8_valid(const char *text, size_t length);

/* The name of a file for outputs, which must not depend on where and how it lies: without its folder and ".gz". The
 * answer is a part of path; *length of it counts. */
const char *fn_file_name(const char *path, size_t *length);

/* A quoted excerpt for messages: at most 60 bytes, control characters as '?', ends with … when cut. Returns out. */
enum { FN_QUOTE_TEXT = 80 };
char *fn_quote(const char *text, size_t length, char out[FN_QUOTE_TEXT]);

/* The candidate nearest to word by edit distance, NULL when none is near enough to be meant. */
const char *fn_nearest(const char *word, const char *const *candidates, size_t count);

#endif
