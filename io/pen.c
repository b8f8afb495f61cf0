/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "io/pen.h"

void fn_pen_bytes(fn_pen *pen, const char *bytes, size_t length)
{
    if (!pen->status) pen->status = fn_output_write(pen->run, pen->output, bytes, length);
}

void fn_pen_text(fn_pen *pen, const char *text)
{
    fn_pen_bytes(pen, text, strlen(text));
}

void fn_pen_xml(fn_pen *pen, const char *text, size_t length)
{
    if (!pen->status) pen->status = fn_output_xml(pen->run, pen->output, text, length, &pen->replaced);
}

void fn_pen_format(fn_pen *pen, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length > 0) fn_pen_bytes(pen, text, (size_t) length < sizeof text ? (size_t) length : sizeof text - 1);
}

void fn_pen_int(fn_pen *pen, int64_t value)
{
    char text[24], *at = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t) value : (uint64_t) value;
    do *--at = (char) ('0' + rest % 10); while (rest /= 10);
    if (value < 0) *--at = '-';
    fn_pen_bytes(pen, at, (size_t) (text + sizeof text - at));
}

void fn_pen_real(fn_pen *pen, double value)
{
    char text[FN_REAL_TEXT];
    fn_pen_bytes(pen, text, fn_real_format(value, text));
}

double fn_round_digits(double value, int digits)
{
    char text[64];
    double rounded;
    if (value == 0 || !isfinite(value)) return value;
    int length = snprintf(text, sizeof text, "%.*e", digits - 1, value);
    /* The decimal point is the locale's. */
    for (int i = 0; i < length; i++)
        if (!strchr("+-e0123456789", text[i])) text[i] = '.';
    return fn_real_parse(text, (size_t) length, &rounded) ? rounded : value;
}

void fn_pen_rounded(fn_pen *pen, double value, int digits)
{
    fn_pen_real(pen, fn_round_digits(value, digits));
}

void fn_pen_fixed(fn_pen *pen, double value, int places)
{
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
    char text[32];
    int64_t units = llround(value * (double) powers[places]), rest = units < 0 ? -units : units;
    int64_t fraction = rest % powers[places];
    int length = snprintf(text, sizeof text, "%s%" PRId64, units < 0 ? "-" : "", rest / powers[places]);
    if (fraction > 0) {
        length += snprintf(text + length, sizeof text - (size_t) length, ".%0*" PRId64, places, fraction);
        while (text[length - 1] == '0') length--;
    }
    fn_pen_bytes(pen, text, (size_t) length);
}

void fn_pen_date(fn_pen *pen, int32_t day)
{
    char text[FN_DATE_TEXT];
    fn_pen_bytes(pen, text, fn_date_format(day, text));
}

size_t fn_xml_length(const char *text, size_t length)
{
    size_t bytes = fn_utf8_length(text, length);
    const unsigned char *at = (const unsigned char *) text;
    if (bytes == 1 && at[0] < 0x20 && at[0] != '\t' && at[0] != '\n' && at[0] != '\r') return 0;
    /* U+FFFE, U+FFFF */
    if (bytes == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) return 0;
    return bytes;
}
