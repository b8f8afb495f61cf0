/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/text.h"
#include "graph/text_inside.h"

/* Numbers to text. A double is fraction / 2^shift. Between 2^-19 and 1e15, where nearly all numbers of a network lie,
 * fraction * 10^places fits 128 bits for all digits that a double has, so digits come from whole numbers, exactly
 * rounded, and whether they read back to the same double is a comparison of whole numbers. Elsewhere printf and strtod
 * do the same. */

__extension__ typedef unsigned __int128 wide;

typedef struct binary {
    uint64_t fraction;  /* 2^52 ... 2^53 - 1 */
    int shift;
} binary;

/* number * 10^-places, with exponent the power of ten of its first digit. */
typedef struct decimal {
    uint64_t number;
    int exponent, places;
} decimal;

enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17, POWERS = 23 }; /* any 15 digits survive in a double, 17 always suffice */

#define TEN_TO_19 10000000000000000000u

static const wide power[POWERS] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
    1000000000000000000, TEN_TO_19, (wide) TEN_TO_19 * 10, (wide) TEN_TO_19 * 100, (wide) TEN_TO_19 * 1000
};

static bool is_ordinary(double size)
{
    return size >= 0x1p-19 && size < 1e15;
}

static binary split(double size)
{
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    return (binary) { (bits & ((1ull << 52) - 1)) | 1ull << 52, 1075 - (int) (bits >> 52) };
}

/* Whole part and rest of b * 10^places, the rest in units of *one. */
static inline uint64_t scale(binary b, int places, wide *rest, wide *one)
{
    if (places >= 0) {
        wide all = b.fraction * power[places];
        *one = (wide) 1 << b.shift;
        *rest = all & (*one - 1);
        return (uint64_t) (all >> b.shift);
    }
    /* Here the shift is small: the number is at least 10^-places. */
    uint64_t divisor = (uint64_t) power[-places] << b.shift;
    *one = divisor;
    *rest = b.fraction % divisor;
    return b.fraction / divisor;
}

/* The first digits of b, with the power of ten of the first one and what is left behind the last. */
static inline uint64_t first_digits(binary b, int digits, int *exponent, wide *rest, wide *one)
{
    /* A guess from the power of two (times log10 2), one too low at most; what it gives tells. */
    *exponent = ((52 - b.shift) * 315653) >> 20;
    uint64_t number = scale(b, digits - 1 - *exponent, rest, one);
    if (number >= (uint64_t) power[digits]) number = scale(b, digits - 1 - ++*exponent, rest, one);
    return number;
}

/* Rounded to that many significant digits (1 … 17), halves to even. */
static decimal round_to(binary b, int digits)
{
    wide rest, one;
    decimal d = { .number = 0 };
    uint64_t number = first_digits(b, digits, &d.exponent, &rest, &one);
    wide up = one - rest;
    d.places = digits - 1 - d.exponent;
    d.number = number + !(rest < up || (rest == up && number % 2 == 0));
    d.exponent += d.number == (uint64_t) power[digits]; /* a digit more than wanted, a zero */
    return d;
}

/* Of all digits those that stay when the last ones (one of `tens`) are dropped, rounded; are they less than half a gap
 * away from what they are of? All is in units of the last digit and of `one` behind it. Without branches, as which way
 * they would go is chance. */
static inline bool keep_digits(uint64_t all, uint64_t tens, wide rest, wide one, wide gap, uint64_t *number)
{
    uint64_t kept = all / tens;
    wide below = (wide) (all - kept * tens) * one + rest, above = tens * one - below;
    *number = kept + ((below > above) | ((below == above) & (kept % 2)));
    return (2 * below < gap) | (2 * above < gap);
}

/* The fewest digits (15 … 17) that b is the double nearest to. Two cases can't be here: the middle between two doubles
 * has 19 digits at least; and powers of two, below which doubles lie twice as dense, have 15 at most, so they are not
 * rounded. */
static decimal shortest(binary b, int *digits)
{
    wide rest, one;
    decimal d;
    uint64_t all = first_digits(b, MOST_DIGITS, &d.exponent, &rest, &one);
    wide gap = power[MOST_DIGITS - 1 - d.exponent];
    if (keep_digits(all, 100, rest, one, gap, &d.number)) {
        *digits = FEWEST_DIGITS;
    } else {
        uint64_t fewer;
        bool enough = keep_digits(all, 10, rest, one, gap, &fewer);
        keep_digits(all, 1, rest, one, gap, &d.number);
        *digits = MOST_DIGITS - enough;
        d.number = enough ? fewer : d.number;
    }
    d.places = *digits - 1 - d.exponent;
    d.exponent += d.number == (uint64_t) power[*digits];
    return d;
}

/* ---- text ---- */

static const char pair[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/* Eight digits before `end`; no pair waits for another. */
static inline void put_eight(char *end, uint32_t value)
{
    uint32_t high = value / 10000, low = value % 10000;
    memcpy(end - 8, pair + high / 100 * 2, 2);
    memcpy(end - 6, pair + high % 100 * 2, 2);
    memcpy(end - 4, pair + low / 100 * 2, 2);
    memcpy(end - 2, pair + low % 100 * 2, 2);
}

/* All 17 digits before `end`, zeros in front. */
static inline void put_seventeen(char *end, uint64_t value)
{
    uint64_t high = value / 100000000;
    put_eight(end, (uint32_t) (value % 100000000));
    put_eight(end - 8, (uint32_t) (high % 100000000));
    end[-17] = (char) ('0' + high / 100000000);
}

/* The digits of value before `end`; returns where they start. */
static inline char *put_digits(char *end, uint64_t value)
{
    for (; value >= 100000000; value /= 100000000, end -= 8) put_eight(end, (uint32_t) (value % 100000000));
    for (; value >= 100; value /= 100) memcpy(end -= 2, pair + value % 100 * 2, 2);
    if (value >= 10) memcpy(end -= 2, pair + value * 2, 2);
    else *--end = (char) ('0' + value);
    return end;
}

size_t fn_int_format(int64_t value, char text[FN_INT_TEXT])
{
    if (value >= 0 && value < 10) { /* most */
        text[0] = (char) ('0' + value);
        text[1] = '\0';
        return 1;
    }
    char digits[FN_INT_TEXT], *end = digits + sizeof digits;
    char *start = put_digits(end, value < 0 ? 0 - (uint64_t) value : (uint64_t) value);
    if (value < 0) *--start = '-';
    size_t length = (size_t) (end - start);
    memcpy(text, start, length);
    text[length] = '\0';
    return length;
}

static uint64_t without_zeros(uint64_t number)
{
    if (number % 100000000 == 0) number /= 100000000;
    if (number % 10000 == 0) number /= 10000;
    if (number % 100 == 0) number /= 100;
    while (number % 10 == 0) number /= 10;
    return number;
}

/* As %.*g prints it with `digits` digits, which d has at most; returns the end. */
static char *put_decimal(char *to, decimal d, int digits)
{
    char room[FN_INT_TEXT], *end = room + sizeof room, *from = put_digits(end, without_zeros(d.number));
    int count = (int) (end - from), whole = d.exponent + 1;
    if (whole <= -4 || whole > digits) {
        int size = abs(d.exponent);
        *to++ = *from++;
        if (--count) *to++ = '.';
        memcpy(to, from, (size_t) count);
        to += count;
        *to++ = 'e';
        *to++ = d.exponent < 0 ? '-' : '+';
        *to++ = (char) ('0' + size / 10);
        *to++ = (char) ('0' + size % 10);
    } else if (whole <= 0) {
        memcpy(to, "0.0000", 6);
        memcpy(to += 2 - whole, from, (size_t) count);
        to += count;
    } else if (count <= whole) {
        memcpy(to, from, (size_t) count);
        memset(to + count, '0', (size_t) (whole - count));
        to += whole;
    } else {
        memcpy(to, from, (size_t) whole);
        to[whole] = '.';
        memcpy(to + whole + 1, from + whole, (size_t) (count - whole));
        to += count + 1;
    }
    *to = '\0';
    return to;
}

/* The same of what is below one, not below 0.0001, and has no zeros to drop: its digits are not moved once they stand
 * there, as a processor waits for a copy of what was just written piece by piece. */
static char *put_share(char *to, decimal d, int digits)
{
    char *first = to + 1 - d.exponent, *end = first + digits;
    put_seventeen(end, d.number);
    to[0] = '0';
    to[1] = '.';
    for (char *zero = to + 2; zero < first; zero++) *zero = '0';
    *end = '\0';
    return end;
}

/* Most amounts are whole cents: what reads back from so few digits needs no more. Returns the end, NULL: they are not. */
static char *put_cents(char *to, double size)
{
    double hundredfold = size * 100;
    int64_t cents = (int64_t) (hundredfold + 0.5);
    if (fabs(hundredfold - (double) cents) > 0x1p-7 || (double) cents / 100 != size) return NULL;
    to += fn_int_format(cents / 100, to);
    *to++ = '.';
    memcpy(to, pair + cents % 100 * 2, 2);
    to += cents % 10 ? 2 : 1;
    *to = '\0';
    return to;
}

static size_t format_ordinary(double value, char *text)
{
    double size = fabs(value);
    char *to = text, *end = NULL;
    if (value < 0) *to++ = '-';
    if (size < 1e13) end = put_cents(to, size);
    if (end) return (size_t) (end - text);
    int digits;
    decimal d = shortest(split(size), &digits);
    bool share = d.exponent < 0 && d.exponent >= -4 && d.number % 10;
    return (size_t) ((share ? put_share(to, d, digits) : put_decimal(to, d, digits)) - text);
}

size_t fn_real_format(double value, char text[FN_REAL_TEXT])
{
    double size = fabs(value);
    text[0] = '\0';
    if (isnan(value)) return 0;
    if (isinf(value)) return (size_t) snprintf(text, FN_REAL_TEXT, value > 0 ? "Infinity" : "-Infinity");
    if (size < 1e15 && value == (double) (int64_t) value) return fn_int_format((int64_t) value, text); /* most */
    if (is_ordinary(size)) return format_ordinary(value, text);
    locale_t before = uselocale(fn_locale_c());
    int length = 0;
    int first = size < 0x1p-1022 ? 1 : FEWEST_DIGITS; /* denormals carry fewer digits */
    for (int digits = first; digits <= MOST_DIGITS; digits++) {
        length = snprintf(text, FN_REAL_TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    uselocale(before);
    return (size_t) length;
}

double fn_round_digits(double value, int digits)
{
    char text[64];
    if (value == 0 || !isfinite(value)) return value;
    if (is_ordinary(fabs(value)) && digits <= FEWEST_DIGITS) {
        decimal d = round_to(split(fabs(value)), digits);
        /* Both are exact as doubles, so the quotient or product is the nearest one. */
        double number = (double) d.number;
        double tens = (double) power[abs(d.places)];
        return copysign(d.places >= 0 ? number / tens : number * tens, value);
    }
    locale_t before = uselocale(fn_locale_c());
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    double rounded = strtod(text, NULL);
    uselocale(before);
    return rounded;
}

size_t fn_rounded_format(double value, int digits, char text[FN_REAL_TEXT])
{
    char *to = text;
    if (!is_ordinary(fabs(value))) return fn_real_format(fn_round_digits(value, digits), text);
    /* So few digits are the shortest text of the double nearest to them. */
    if (value < 0) *to++ = '-';
    return (size_t) (put_decimal(to, round_to(split(fabs(value)), digits), FEWEST_DIGITS) - text);
}
