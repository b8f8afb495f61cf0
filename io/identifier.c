/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <utf8proc.h>
#include <stdlib.h>
#include "graph/text.h"
#include "io/identity.h"

/* Registers whose numbers have a fixed length, under the name that is kept. Individuals and firms of Kazakhstan share
 * one number space. */
static const struct register_row { const char *scheme, *kept; size_t digits; } registers[] = {
    { "KZ-BIN", "KZ-BIN", 12 }, { "KZ-IIN", "KZ-BIN", 12 }, { "UA-EDR", "UA-EDR", 8 }, { "UA-EDRPOU", "UA-EDR", 8 },
    { "RU-INN", "RU-INN", 10 }, { "RU-OGRN", "RU-OGRN", 13 }, { "BR-CNPJ", "BR-CNPJ", 14 }, { "BR-CPF", "BR-CPF", 11 }
};

static const struct register_row *register_of(const char *scheme, size_t length)
{
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++)
        if (strlen(registers[i].scheme) == length && memcmp(registers[i].scheme, scheme, length) == 0)
            return &registers[i];
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(text[i])) return false;
    return length > 0;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
}

static bool is_ascii(fn_words text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char) text.bytes[i] >= 0x80) return false;
    return true;
}

/* NFKC, upper case; entities of "&" resolved. The result is freed with free(). */
static char *composed(fn_run *run, fn_words text, size_t *length)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t size = -1;
    if (!is_ascii(text) && fn_utf8_valid(text.bytes, text.length))
        size = utf8proc_map((const utf8proc_uint8_t *) text.bytes, (utf8proc_ssize_t) text.length, &mapped,
                            UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE);
    if (size < 0) {
        free(mapped);
        mapped = malloc(text.length + 1);
        if (!mapped) {
            fn_fail(run, FN_ENOMEM, "out of memory: an identifier of %zu bytes", text.length);
            return NULL;
        }
        if (text.length) memcpy(mapped, text.bytes, text.length);
        size = (utf8proc_ssize_t) text.length;
    }
    char *out = (char *) mapped;
    size_t kept = 0;
    for (size_t at = 0; at < (size_t) size; at++) {
        out[kept++] = upper(out[at]);
        if (kept >= 5 && memcmp(out + kept - 5, "&AMP;", 5) == 0) kept -= 4;
        else if (kept >= 5 && memcmp(out + kept - 5, "&#38;", 5) == 0) kept -= 4;
    }
    *length = kept;
    return out;
}

static void trim(fn_words *text)
{
    while (text->length && (unsigned char) text->bytes[0] <= ' ') text->bytes++, text->length--;
    while (text->length && (unsigned char) text->bytes[text->length - 1] <= ' ') text->length--;
}

/* Digits, then ".0…": a spreadsheet made the number a real. */
static size_t without_zero_fraction(const char *text, size_t length)
{
    size_t end = length;
    while (end > 1 && text[end - 1] == '0') end--;
    return end < length && end > 1 && text[end - 1] == '.' && all_digits(text, end - 1) ? end - 1 : length;
}

/* Digits, point, digits, E+digits: the number is lost. */
static bool is_scientific(const char *text, size_t length)
{
    double value;
    bool exponent = memchr(text, 'E', length) != NULL && memchr(text, '+', length) != NULL;
    return exponent && fn_real_parse(text, length, &value);
}

static size_t stripped(char *text, size_t length)
{
    static const char *const sign[] = { " ", ".", "-", "/", "\"", "'", "\xC2\xAB", "\xC2\xBB", "\xE2\x80\x98",
                                        "\xE2\x80\x99", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x93", "\t", "\n", "\r" };
    size_t kept = 0;
    for (size_t at = 0; at < length;) {
        size_t skip = 0;
        bool plain = is_digit(text[at]) || (text[at] >= 'A' && text[at] <= 'Z');
        for (size_t i = 0; i < sizeof sign / sizeof *sign && !skip && !plain; i++) {
            size_t size = strlen(sign[i]);
            if (at + size <= length && memcmp(text + at, sign[i], size) == 0) skip = size;
        }
        if (skip) at += skip;
        else text[kept++] = text[at++];
    }
    return kept;
}

static bool is_placeholder(const char *text, size_t length)
{
    static const char *const nothing[] = {
        "123456789", "1234567890", "NAN", "NONE", "NULL", "NOAPLICA", "NOTAPPLICABLE", "NOTAVAILABLE",
        "UNKNOWN", "НЕТ", "ЖОҚ", "SINDATO", "SINDATOS", "UNDEFINED", "TEST"
    };
    if (length < 4) return true;
    bool same = true;
    for (size_t i = 1; i < length; i++) same = same && text[i] == text[0];
    if (same) return true;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (strlen(nothing[i]) == length && memcmp(nothing[i], text, length) == 0) return true;
    return false;
}

/* Scheme without blanks around, upper case, inner blanks as "_". */
static fn_status put_scheme(fn_run *run, fn_words scheme, fn_bytes *out)
{
    fn_status status = FN_OK;
    for (size_t i = 0; i < scheme.length && !status; i++) {
        char c = upper(scheme.bytes[i]);
        status = fn_bytes_add(run, out, (unsigned char) c <= ' ' ? "_" : &c, 1);
    }
    return status;
}

fn_status fn_identifier_clean(fn_run *run, const fn_identifier *identifier, fn_bytes *out, size_t *scheme, bool *good)
{
    size_t start = out->length, length = 0;
    fn_words number = identifier->id, name = identifier->scheme;
    *good = false;
    *scheme = 0;
    trim(&number);
    trim(&name);
    fn_status status = put_scheme(run, name, out);
    if (status) return status;
    size_t prefix = out->length - start;
    char *text = composed(run, number, &length), *digits = text;
    if (!text) return FN_ENOMEM;

    /* The scheme, the country and a fraction that are no part of the number. */
    if (prefix && length > prefix + 1 && memcmp(text, out->text + start, prefix) == 0 && text[prefix] == '-') {
        digits += prefix + 1;
        length -= prefix + 1;
    }
    bool lost = is_scientific(digits, length);
    length = stripped(digits, without_zero_fraction(digits, length));
    const char *country = prefix > 3 && out->text[start + 2] == '-' ? out->text + start : NULL;
    if (country && length >= 7 && memcmp(digits, country, 2) == 0 && fn_country_code(country, 2)) {
        digits += 2;
        length -= 2;
    }
    /* One name for schemes that share numbers, zeros that were lost. */
    const struct register_row *row = prefix ? register_of(out->text + start, prefix) : NULL;
    if (row) {
        out->length = start;
        status = fn_bytes_text(run, out, row->kept);
        prefix = strlen(row->kept);
    }
    if (!status && prefix) status = fn_bytes_add(run, out, "-", 1);
    *good = !lost && !is_placeholder(digits, length);
    size_t wanted = row ? row->digits : 0;
    if (row && strcmp(row->kept, "RU-INN") == 0 && length > 10) wanted = 12;
    bool short_number = wanted > length && all_digits(digits, length) && (identifier->number || wanted - length <= 2);
    for (size_t i = length; short_number && i < wanted && !status; i++) status = fn_bytes_add(run, out, "0", 1);
    if (!status) status = fn_bytes_add(run, out, digits, length);
    *scheme = prefix;
    free(text);
    return status;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool fn_identifier_of_party_id(fn_words id, fn_identifier *identifier)
{
    trim(&id);
    if (id.length < 7 || !is_capital(id.bytes[0]) || !is_capital(id.bytes[1]) || id.bytes[2] != '-') return false;
    size_t end = 3;
    while (end < id.length && (is_capital(id.bytes[end]) || is_digit(id.bytes[end]))) end++;
    if (end < 5 || end + 1 >= id.length || id.bytes[end] != '-') return false;
    bool local = end == 6 && (memcmp(id.bytes + 3, "ORG", 3) == 0 || memcmp(id.bytes + 3, "TPO", 3) == 0);
    if (local || all_digits(id.bytes + 3, end - 3) || !fn_country_code(id.bytes, 2)) return false;
    *identifier = (fn_identifier) { .scheme = { id.bytes, end }, .id = { id.bytes + end + 1, id.length - end - 1 } };
    return true;
}

/* ---- check digits ---- */

static int weighted(const char *digits, const int *weight, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) sum += weight[i] * (digits[i] - '0');
    return sum % 11;
}

static bool kz_right(const char *n)
{
    static const int first[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, second[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2 };
    int check = weighted(n, first, 11);
    if (check == 10) check = weighted(n, second, 11);
    return check == n[11] - '0';
}

static bool ru_inn_right(const char *n)
{
    static const int weight[] = { 2, 4, 10, 3, 5, 9, 4, 6, 8 };
    return weighted(n, weight, 9) % 10 == n[9] - '0';
}

static bool ru_ogrn_right(const char *n)
{
    int64_t value = 0;
    for (int i = 0; i < 12; i++) value = value * 10 + (n[i] - '0');
    return value % 11 % 10 == n[12] - '0';
}

static bool ua_edr_right(const char *n)
{
    int64_t value = 0;
    for (int i = 0; i < 8; i++) value = value * 10 + (n[i] - '0');
    bool turned = value > 30000000 && value < 60000000;
    int weight[7];
    for (int i = 0; i < 7; i++) weight[i] = turned ? (i == 0 ? 7 : i) : i + 1;
    int check = weighted(n, weight, 7);
    if (check == 10) {
        for (int i = 0; i < 7; i++) weight[i] += 2;
        check = weighted(n, weight, 7) % 10;
    }
    return check == n[7] - '0';
}

int fn_identifier_check(const char *text, size_t length)
{
    static const struct { const char *scheme; size_t digits; bool (*right)(const char *); } rule[] = {
        { "KZ-BIN-", 12, kz_right }, { "RU-INN-", 10, ru_inn_right }, { "RU-OGRN-", 13, ru_ogrn_right },
        { "UA-EDR-", 8, ua_edr_right }
    };
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++) {
        size_t size = strlen(rule[i].scheme);
        if (length <= size || memcmp(text, rule[i].scheme, size) != 0) continue;
        if (rule[i].right == ru_inn_right && length == size + 12) return -1;
        return length == size + rule[i].digits && all_digits(text + size, rule[i].digits) && rule[i].right(text + size);
    }
    return -1;
}

bool fn_identifier_of_person(const char *text, size_t length)
{
    /* Kazakhstan: the fifth digit of a firm's number is 4, 5 or 6, of a person's the first of the day of birth. */
    if (length == 19 && memcmp(text, "KZ-BIN-", 7) == 0 && all_digits(text + 7, 12)) return text[11] < '4';
    if (length == 18 && memcmp(text, "BR-CPF-", 7) == 0) return true;
    /* Italy: six letters, year, month letter, day, place, check letter. */
    if (length != 22 || memcmp(text, "IT-CF-", 6) != 0) return false;
    for (int i = 6; i < 12; i++)
        if (!is_capital(text[i])) return false;
    return is_digit(text[12]) && is_digit(text[13]) && is_capital(text[14]) && is_capital(text[17]) && is_capital(text[21]);
}
