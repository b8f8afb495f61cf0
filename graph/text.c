/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "graph/text.h"
#include "graph/text_inside.h"

/* ---- numbers: printf and strtod speak the user's locale, so both run in a "C" locale made once ---- */

static locale_t made;

static void make_locale(void)
{
    made = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
}

locale_t fn_locale_c(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_locale);
    return made;
}

static size_t skip_digits(const char *text, size_t length, size_t at)
{
    while (at < length && text[at] >= '0' && text[at] <= '9') at++;
    return at;
}

static bool is_plain_number(const char *text, size_t length)
{
    size_t at = 0;
    if (at < length && (text[at] == '+' || text[at] == '-')) at++;
    size_t whole = at;
    at = skip_digits(text, length, at);
    size_t found = at - whole;
    if (at < length && text[at] == '.') {
        size_t fraction = ++at;
        at = skip_digits(text, length, at);
        found += at - fraction;
    }
    if (!found) return false;
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        if (at < length && (text[at] == '+' || text[at] == '-')) at++;
        size_t exponent = at;
        at = skip_digits(text, length, at);
        if (at == exponent) return false;
    }
    return at == length;
}

bool fn_decimal_parse(const char *text, size_t length, uint64_t *digits, unsigned *places)
{
    uint64_t number = 0;
    size_t point = length;
    if (!length || length > 16) return false;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned char) text[i] - '0';
        if (digit <= 9) {
            number = number * 10 + digit;
        } else {
            if (text[i] != '.' || point < length) return false;
            point = i;
        }
    }
    if (point == 0 || point + 1 == length || (length == 16 && point == length)) return false;
    *digits = number;
    *places = point == length ? 0 : (unsigned) (length - point - 1);
    return true;
}

/* 10^15 and every power of ten up to it are whole numbers of 53 bits, so the quotient is correctly rounded. */
double fn_decimal_value(uint64_t digits, unsigned places)
{
    static const double power[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14 };
    return (double) digits / power[places];
}

bool fn_real_parse(const char *text, size_t length, double *value)
{
    uint64_t digits;
    unsigned places;
    if (fn_decimal_parse(text, length, &digits, &places)) {
        *value = fn_decimal_value(digits, places);
        return true;
    }
    if (!is_plain_number(text, length)) return false;
    char small[64], *copy = small;
    if (length >= sizeof small) {
        /* A digit desert: strtod needs an end, so copy; numbers this long are rare. */
        copy = malloc(length + 1);
        if (!copy) return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    locale_t before = uselocale(fn_locale_c());
    *value = strtod(copy, NULL);
    uselocale(before);
    if (copy != small) free(copy);
    return true;
}

bool fn_int_parse(const char *text, size_t length, int64_t *value)
{
    size_t at = 0;
    bool negative = false;
    if (length && (text[0] == '+' || text[0] == '-')) negative = text[at++] == '-';
    if (at == length) return false;
    int64_t result = 0;
    for (; at < length; at++) {
        if (text[at] < '0' || text[at] > '9') return false;
        int digit = text[at] - '0';
        if (__builtin_mul_overflow(result, 10, &result) ||
            __builtin_add_overflow(result, negative ? -digit : digit, &result))
            return false;
    }
    *value = result;
    return true;
}

/* ---- UTF-8 ---- */

size_t fn_utf8_length(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *) text;
    if (!length) return 0;
    if (s[0] < 0x80) return 1;
    if (s[0] < 0xc2) return 0;
    size_t need = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (!need || length < need) return 0;
    for (size_t i = 1; i < need; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if (s[0] == 0xe0 && s[1] < 0xa0) return 0;  /* overlong */
    if (s[0] == 0xed && s[1] > 0x9f) return 0;  /* surrogate */
    if (s[0] == 0xf0 && s[1] < 0x90) return 0;  /* overlong */
    if (s[0] == 0xf4 && s[1] > 0x8f) return 0;  /* above U+10FFFF */
    return need;
}

bool fn_utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t step = fn_utf8_length(text + at, length - at);
        if (!step) return false;
        at += step;
    }
    return true;
}

/* ---- words for messages ---- */

const char *fn_file_name(const char *path, size_t *length)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    *length = strlen(name);
    if (*length > 3 && strcmp(name + *length - 3, ".gz") == 0) *length -= 3;
    return name;
}

char *fn_quote(const char *text, size_t length, char out[FN_QUOTE_TEXT])
{
    size_t n = 0;
    out[n++] = '"';
    for (size_t at = 0; at < length;) {
        size_t step = fn_utf8_length(text + at, length - at);
        if (n + (step ? step : 1) > 61) {
            memcpy(out + n, "…", 3);
            n += 3;
            break;
        }
        unsigned char c = (unsigned char) text[at];
        if (step == 0 || c < 0x20 || c == 0x7f) {
            out[n++] = '?';
            at++;
        } else {
            memcpy(out + n, text + at, step);
            n += step;
            at += step;
        }
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

/* Levenshtein distance of short words, at most `limit`. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64], n = strlen(b);
    if (n >= 63 || strlen(a) >= 63) return 99;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t change = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            size_t best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < best ? change : best;
        }
    }
    return row[n];
}

const char *fn_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(word, candidates[i]);
        size_t length = strlen(word);
        if (length >= 3 && strncmp(word, candidates[i], length) == 0 && d > 1) d = 1; /* a beginning is near */
        if (d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}
