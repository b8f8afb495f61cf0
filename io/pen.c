/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include "graph/memory.h"
#include "io/pen.h"

enum { ROOM_AT_FIRST = 4096 };

void fn_pen_free(fn_pen *pen)
{
    fn_free(pen->text);
    pen->text = NULL;
    pen->used = pen->room = 0;
}

/* More than `length` bytes free at the end of the text; false: this pen writes to an output, or has failed. */
static bool make_room(fn_pen *pen, size_t length)
{
    if (pen->status || pen->output) return false;
    size_t room = pen->room < ROOM_AT_FIRST ? ROOM_AT_FIRST : pen->room * 2;
    while (room - pen->used <= length) room *= 2;
    char *text = fn_resize(pen->run, pen->text, room, 1);
    if (!text) {
        pen->status = FN_ENOMEM;
        pen->room = pen->used; /* every further piece comes here again */
        return false;
    }
    pen->text = text;
    pen->room = room;
    return true;
}

void fn_pen_bytes_slowly(fn_pen *pen, const char *bytes, size_t length)
{
    if (make_room(pen, length)) {
        memcpy(pen->text + pen->used, bytes, length);
        pen->used += length;
    } else if (!pen->status) {
        pen->status = fn_output_write(pen->run, pen->output, bytes, length);
    }
}

/* Where a short text may be put together in place, NULL: elsewhere, to be handed to fn_pen_bytes. */
static inline char *place_for(fn_pen *pen, size_t length)
{
    return length < pen->room - pen->used || make_room(pen, length) ? pen->text + pen->used : NULL;
}

char *fn_pen_room(fn_pen *pen, size_t size)
{
    return place_for(pen, size);
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
    char text[FN_INT_TEXT], *place = place_for(pen, sizeof text);
    if (place) pen->used += fn_int_format(value, place);
    else fn_pen_bytes(pen, text, fn_int_format(value, text));
}

void fn_pen_real(fn_pen *pen, double value)
{
    char text[FN_REAL_TEXT], *place = place_for(pen, sizeof text);
    if (place) pen->used += fn_real_format(value, place);
    else fn_pen_bytes(pen, text, fn_real_format(value, text));
}

void fn_pen_rounded(fn_pen *pen, double value, int digits)
{
    char text[FN_REAL_TEXT], *place = place_for(pen, sizeof text);
    if (place) pen->used += fn_rounded_format(value, digits, place);
    else fn_pen_bytes(pen, text, fn_rounded_format(value, digits, text));
}

void fn_pen_fixed(fn_pen *pen, double value, int places)
{
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
    char text[2 * FN_INT_TEXT];
    int64_t units = llround(value * (double) powers[places]), rest = units < 0 ? -units : units;
    int64_t fraction = rest % powers[places];
    size_t length = 0;
    if (units < 0) text[length++] = '-';
    length += fn_int_format(rest / powers[places], text + length);
    if (fraction > 0) {
        text[length++] = '.';
        for (int place = places - 1; fraction > 0; place--) {
            text[length++] = (char) ('0' + fraction / powers[place]);
            fraction %= powers[place];
        }
    }
    fn_pen_bytes(pen, text, length);
}

void fn_pen_date(fn_pen *pen, int32_t day)
{
    char text[FN_DATE_TEXT];
    fn_pen_bytes(pen, text, fn_date_format(day, text));
}
