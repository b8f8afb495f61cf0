/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include "graph/text.h"
#include "io/edgelist.h"

/* Cells of edge lists: strict numbers, and words for what is wrong with the others. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_of(const char *text, size_t length, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += text[i] == c;
    return n;
}

/* Is the text made of digits and these marks alone, with a digit at least? */
static bool made_of(const char *text, size_t length, const char *marks)
{
    bool digits = false;
    for (size_t i = 0; i < length; i++) {
        if (is_digit(text[i]))
            digits = true;
        else if (!strchr(marks, text[i]) || !text[i])
            return false;
    }
    return digits;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* Do all commas (or points, blanks, apostrophes) stand before groups of three digits? */
static bool groups_of_three(const char *text, size_t length, char mark)
{
    size_t first = 0;
    while (first < length && text[first] != mark) first++;
    if (first == 0 || first > 3) return false;
    for (size_t at = first; at < length && text[at] == mark; at += 4) {
        if (length - at < 4 || !is_digit(text[at + 1]) || !is_digit(text[at + 2]) || !is_digit(text[at + 3]))
            return false;
        if (at + 4 < length && text[at + 4] != mark && is_digit(text[at + 4])) return false;
    }
    return true;
}

static fn_complaint not_a_number(const char *text, size_t length)
{
    static const fn_complaint decimal_comma = { "weight_decimal_comma", "the weight has a decimal comma",
                                                "write it with a point: 12.50" };
    static const fn_complaint thousands_mark = { "weight_thousands_mark", "the weight has a thousands mark",
                                                 "write it without marks: 1234.50" };
    if (length && (text[0] == '-' || text[0] == '+')) text++, length--;
    if (is_word(text, length, "nan"))
        return (fn_complaint){ "weight_not_finite", "the weight is not a finite number",
                               "leave it empty in every row, or give each row a number" };
    if (is_word(text, length, "inf") || is_word(text, length, "infinity"))
        return (fn_complaint){ "weight_not_finite", "the weight is not a finite number", NULL };
    size_t commas = count_of(text, length, ','), points = count_of(text, length, '.');
    if (made_of(text, length, ",")) {
        if (commas > 1 || (groups_of_three(text, length, ',') && text[0] != '0')) return thousands_mark;
        return decimal_comma;
    }
    if (made_of(text, length, ",."))
        return commas == 1 && points <= 1 && text[length - 1] != '.' &&
                       memchr(text, '.', length) < memchr(text, ',', length)
                   ? decimal_comma
                   : thousands_mark;
    if (made_of(text, length, ",. '_\xc2\xa0\xe2\x80\xaf\x99")) return thousands_mark;
    return (fn_complaint){ "weight_not_a_number", "the weight is not a number", NULL };
}

fn_complaint fn_edge_weight(const char *text, size_t length, double *weight)
{
    if (!fn_real_parse(text, length, weight)) return not_a_number(text, length);
    if (isinf(*weight)) return (fn_complaint){ "weight_overflow", "the weight is too large for a number", NULL };
    if (*weight < 0)
        return (fn_complaint){ "weight_negative", "the weight is negative",
                               "a tie that runs the other way is a row with from and to exchanged" };
    *weight += 0.0; /* no negative zero */
    return (fn_complaint){ 0 };
}

fn_complaint fn_edge_count(const char *text, size_t length, int64_t *count)
{
    static const int64_t most = 1000000000000;
    if (!fn_int_parse(text, length, count) || *count < 1)
        return (fn_complaint){ "count_not_whole", "the count is not a whole number above 0", NULL };
    if (*count > most) return (fn_complaint){ "count_overflow", "the count is larger than 1000000000000", NULL };
    return (fn_complaint){ 0 };
}
