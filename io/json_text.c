/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/json_inside.h"

/* ---- texts ---- */

void fn_json_keep(fn_run *run, fn_json *json, const char *bytes, size_t count)
{
    struct fn_json_inside *in = json->inside;
    if (in->passing || in->failed) return;
    if (count > json->text_most - in->kept_length) {
        json->soft |= FN_JSON_TOO_LARGE;
        return;
    }
    char *grown = fn_grow(run, in->kept, &in->kept_capacity, in->kept_length + count, 1);
    if (!grown) {
        in->failed = FN_ENOMEM;
        return;
    }
    in->kept = grown;
    if (count) memcpy(in->kept + in->kept_length, bytes, count);
    in->kept_length += count;
}

static void keep_code_point(fn_run *run, fn_json *json, uint32_t c)
{
    char bytes[4];
    size_t count;
    if (c < 0x80) {
        bytes[0] = (char) c;
        count = 1;
    } else if (c < 0x800) {
        bytes[0] = (char) (0xC0 | c >> 6);
        bytes[1] = (char) (0x80 | (c & 0x3F));
        count = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char) (0xE0 | c >> 12);
        bytes[1] = (char) (0x80 | (c >> 6 & 0x3F));
        bytes[2] = (char) (0x80 | (c & 0x3F));
        count = 3;
    } else {
        bytes[0] = (char) (0xF0 | c >> 18);
        bytes[1] = (char) (0x80 | (c >> 12 & 0x3F));
        bytes[2] = (char) (0x80 | (c >> 6 & 0x3F));
        bytes[3] = (char) (0x80 | (c & 0x3F));
        count = 4;
    }
    fn_json_keep(run, json, bytes, count);
}

enum { REPLACEMENT = 0xFFFD };

/* The four hexadecimal digits of \uXXXX; false: broken. */
static bool read_hex(fn_run *run, fn_json *json, uint32_t *unit)
{
    struct fn_json_inside *in = json->inside;
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int c = fn_json_peek(run, in);
        uint32_t digit;
        if (c >= '0' && c <= '9') digit = (uint32_t) (c - '0');
        else if (c >= 'a' && c <= 'f') digit = (uint32_t) (c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') digit = (uint32_t) (c - 'A' + 10);
        else return fn_json_unexpected(json, c, "\\u needs four hexadecimal digits"), false;
        *unit = *unit << 4 | digit;
        in->at++;
    }
    return true;
}

/* What follows a backslash. *high holds the first half of a surrogate pair until its second half comes. */
static bool read_escape(fn_run *run, fn_json *json, uint32_t *high)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    struct fn_json_inside *in = json->inside;
    uint32_t unit;
    int c = fn_json_peek(run, in);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    if (name) {
        in->at++;
        unit = (unsigned char) bytes[name - names];
    } else if (c == 'u') {
        in->at++;
        if (!read_hex(run, json, &unit)) return false;
    } else {
        return fn_json_unexpected(json, c, "unknown escape in a text"), false;
    }
    bool low = c == 'u' && unit >= 0xDC00 && unit <= 0xDFFF;
    if (*high && low) {
        keep_code_point(run, json, 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00));
        *high = 0;
        return true;
    }
    if (*high || low) {
        json->repairs[FN_JSON_LONE_SURROGATE]++;
        keep_code_point(run, json, REPLACEMENT);
        *high = 0;
        if (low) return true;
    }
    if (c == 'u' && unit >= 0xD800 && unit <= 0xDBFF) *high = unit;
    else if (unit == 0) json->repairs[FN_JSON_NUL_DROPPED]++;
    else keep_code_point(run, json, unit);
    return true;
}

/* A sequence above ASCII that the fast path did not take: cut by the end of what was fed, or wrong. */
static void read_wide(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    char bytes[4];
    size_t count = 0;
    bytes[count++] = *in->at++;
    unsigned char lead = (unsigned char) bytes[0];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    while (count < wanted) {
        int c = fn_json_peek(run, in);
        if (c < 0x80 || c > 0xBF) break;
        bytes[count++] = *in->at++;
    }
    if (fn_utf8_length(bytes, count) == count) {
        fn_json_keep(run, json, bytes, count);
    } else {
        json->soft |= FN_JSON_BAD_UTF8;
        keep_code_point(run, json, REPLACEMENT);
    }
}

/* The end of the plain bytes at `at`: a quote, backslash, control character, wrong or cut UTF-8, or `end`. */
static const char *plain_end(const char *at, const char *end)
{
    static const unsigned char plain[256] = { [' ' ... '!'] = 1, ['#' ... '['] = 1, [']' ... 0x7F] = 1 };
    for (;;) {
        while (at < end && plain[(unsigned char) *at]) at++;
        if (end - at < 4 || (unsigned char) *at < 0x80) return at;
        size_t wide = (unsigned char) *at >= 0xC2 && (unsigned char) *at <= 0xDF && (at[1] & 0xC0) == 0x80
                          ? 2 : fn_utf8_length(at, (size_t) (end - at));
        if (!wide) return at;
        at += wide;
    }
}

/* A text behind its opening quote; false: broken. */
bool fn_json_read_text(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    uint32_t high = 0;
    bool whole = true; /* it lies in one piece in what was fed */
    in->kept_length = 0;
    for (;;) {
        int c = fn_json_peek(run, in);
        if (c == FN_JSON_END_OF_INPUT) return fn_json_unexpected(json, c, ""), false;
        const char *start = in->at;
        in->at = plain_end(start, in->end);
        size_t run_length = (size_t) (in->at - start);
        if (high && (run_length || *in->at != '\\')) {
            json->repairs[FN_JSON_LONE_SURROGATE]++;
            keep_code_point(run, json, REPLACEMENT);
            high = 0;
        }
        if (in->at < in->end && *in->at == '"' && whole) {
            in->at++;
            if (run_length > json->text_most) json->soft |= FN_JSON_TOO_LARGE;
            json->text = start;
            json->length = run_length > json->text_most ? 0 : run_length;
            return true;
        }
        fn_json_keep(run, json, start, run_length);
        if (in->at == in->end) {
            whole = false;
            continue;
        }
        c = (unsigned char) *in->at;
        if (c == '"') {
            in->at++;
            json->text = in->kept;
            json->length = in->kept_length;
            return true;
        }
        whole = false;
        if (c == '\\') {
            in->at++;
            if (!read_escape(run, json, &high)) return false;
        } else if (c >= 0x80) {
            read_wide(run, json);
        } else if (c == 0) {
            return fn_json_unexpected(json, c, "a NUL byte in a text"), false;
        } else if (c == '\n' && json->lines && !in->value_spread) {
            return fn_json_break(json, "truncated", "the line ends inside a text"), false;
        } else {
            json->repairs[FN_JSON_RAW_CONTROL]++;
            fn_json_keep(run, json, in->at, 1);
            if (c == '\n') fn_json_pass_line_end(in);
            else in->at++;
        }
    }
}

/* ---- numbers and words ---- */

static int keep_byte(fn_run *run, fn_json *json)
{
    fn_json_keep(run, json, json->inside->at++, 1);
    return fn_json_peek(run, json->inside);
}

static bool digit(int c)
{
    return c >= '0' && c <= '9';
}

bool fn_json_read_word(fn_run *run, fn_json *json, const char *word, fn_json_event event)
{
    struct fn_json_inside *in = json->inside;
    for (; *word; word++) {
        int c = fn_json_peek(run, in);
        if (c != *word) return fn_json_unexpected(json, c, "not a value"), false;
        in->at++;
    }
    json->event = event;
    if (event == FN_JSON_NOT_NUMBER) json->repairs[FN_JSON_NUMBER_WORD]++;
    return true;
}

bool fn_json_read_number(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    in->kept_length = 0;
    int c = fn_json_peek(run, in);
    if (c == '-') {
        c = keep_byte(run, json);
        if (c == 'I') return fn_json_read_word(run, json, "Infinity", FN_JSON_NOT_NUMBER);
    }
    if (!digit(c)) return fn_json_unexpected(json, c, "a number needs a digit"), false;
    bool zero = c == '0';
    c = keep_byte(run, json);
    if (zero && digit(c)) json->repairs[FN_JSON_LEADING_ZERO]++;
    while (digit(c)) c = keep_byte(run, json);
    if (c == '.') {
        c = keep_byte(run, json);
        if (!digit(c)) return fn_json_unexpected(json, c, "a number needs a digit behind its point"), false;
        while (digit(c)) c = keep_byte(run, json);
    }
    if (c == 'e' || c == 'E') {
        c = keep_byte(run, json);
        if (c == '+' || c == '-') c = keep_byte(run, json);
        if (!digit(c)) return fn_json_unexpected(json, c, "a number needs a digit in its exponent"), false;
        while (digit(c)) c = keep_byte(run, json);
    }
    json->event = FN_JSON_NUMBER;
    json->text = in->kept;
    json->length = in->kept_length;
    return true;
}
