/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "io/report_inside.h"

#define THIN_BLANK "\xe2\x80\xaf"

/* Digits in groups of three. */
static void put_grouped(fn_pen *pen, const char *digits)
{
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) fn_pen_text(pen, THIN_BLANK);
        fn_pen_bytes(pen, digits + i, 1);
    }
}

void fn_words_count(fn_pen *pen, int64_t count)
{
    char digits[24];
    if (count < 0) fn_pen_text(pen, "\xe2\x88\x92");
    snprintf(digits, sizeof digits, "%" PRIu64, count < 0 ? 0 - (uint64_t) count : (uint64_t) count);
    put_grouped(pen, digits);
}

void fn_words_of(fn_pen *pen, int64_t count, const char *one, const char *many)
{
    fn_words_count(pen, count);
    fn_pen_text(pen, " ");
    fn_pen_text(pen, count == 1 ? one : many);
}

static void put_hundredths(fn_pen *pen, bool negative, unsigned __int128 units)
{
    char digits[48], *at = digits + sizeof digits;
    unsigned __int128 whole = units / 100;
    *--at = '\0';
    do *--at = (char) ('0' + (int) (whole % 10)); while (whole /= 10);
    if (negative) fn_pen_text(pen, "\xe2\x88\x92");
    put_grouped(pen, at);
    fn_pen_format(pen, ".%02d", (int) (units % 100));
}

static void put_money(fn_pen *pen, double amount)
{
    if (fabs(amount) < 1e15) put_hundredths(pen, amount < 0, (unsigned __int128) llround(fabs(amount) * 100));
    else fn_pen_real(pen, amount);
}

void fn_words_sum(fn_pen *pen, const fn_sum *sum)
{
    if (sum->rest != 0 || sum->carry != 0) {
        put_money(pen, fn_sum_value(sum));
        return;
    }
    bool negative = sum->units < 0;
    unsigned __int128 units = negative ? -(unsigned __int128) sum->units : (unsigned __int128) sum->units;
    put_hundredths(pen, negative, (units + 50) / 100);
}

void fn_words_short(fn_pen *pen, double amount)
{
    static const struct { double from; const char *unit; } units[] = {
        { 1e12, " tn" }, { 1e9, " bn" }, { 1e6, " M" }, { 1e3, " k" }, { 0, "" }
    };
    int u = 0;
    double rounded = fn_round_digits(amount, 3);
    while (fabs(rounded) < units[u].from) u++;
    fn_pen_real(pen, fn_round_digits(units[u].from > 0 ? rounded / units[u].from : rounded, 3));
    fn_pen_text(pen, units[u].unit);
}

void fn_words_share(fn_pen *pen, double part, double whole)
{
    int tenths = whole > 0 ? (int) llround(part / whole * 1000) : 0;
    fn_pen_format(pen, "%d", tenths / 10);
    if (tenths % 10) fn_pen_format(pen, ".%d", tenths % 10);
    fn_pen_text(pen, THIN_BLANK "%");
}

void fn_words_name(fn_pen *pen, const char *text, size_t length, size_t most)
{
    size_t end = 0, characters = 0;
    while (end < length && characters < most) {
        size_t step = fn_utf8_length(text + end, length - end);
        end += step ? step : 1;
        characters++;
    }
    fn_pen_text(pen, "<bdi dir=\"auto\">");
    fn_pen_xml(pen, text, end < length ? end : length);
    fn_pen_text(pen, end < length ? "…</bdi>" : "</bdi>");
}
