/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/json.h"

/* What may come next. */
enum place {
    TOP,         /* a value or the end of the input */
    VALUE,       /* a value */
    FIRST_VALUE, /* a value or ] */
    FIRST_KEY,   /* a key or } */
    NEXT_KEY,    /* a key */
    AFTER        /* a comma or the closing bracket */
};

struct fn_json_inside {
    fn_json_feed feed;
    void *user;
    const char *at, *end;       /* what is left of the bytes fed last */
    uint64_t end_offset;        /* of end, in the input */
    bool fed_all;
    fn_status failed;           /* of feed or memory */

    enum place place;
    unsigned char *object;      /* a bit for each open bracket: it is an object */
    size_t object_capacity;
    bool passing;               /* texts are not kept */

    char *kept;                 /* a text that has escapes or spans two feeds */
    size_t kept_length, kept_capacity;

    int64_t line;               /* of at */
    uint64_t line_offset;       /* where it begins */
    int64_t value_line;         /* where the value at the top began */
    bool value_nested;          /* it is an object or array */
    bool value_spread;          /* its first bracket ends its line */
    int64_t one_line;           /* line of an object or array that began and ended on it; 0: none */
};

enum { END_OF_INPUT = -1 };

fn_status fn_json_new(fn_run *run, fn_json_feed feed, void *user, fn_json **json)
{
    *json = NULL;
    fn_json *made = fn_alloc(run, 1, sizeof *made);
    if (!made) return FN_ENOMEM;
    made->inside = fn_alloc(run, 1, sizeof *made->inside);
    char *kept = made->inside ? fn_grow(run, NULL, &made->inside->kept_capacity, 64, 1) : NULL;
    if (!kept) {
        fn_free(made->inside);
        fn_free(made);
        return FN_ENOMEM;
    }
    made->inside->kept = kept;
    made->inside->feed = feed;
    made->inside->user = user;
    made->inside->line = made->line = 1;
    made->depth_most = FN_JSON_DEPTH_MOST;
    made->text_most = FN_JSON_TEXT_MOST;
    *json = made;
    return FN_OK;
}

void fn_json_free(fn_json *json)
{
    if (!json) return;
    fn_free(json->inside->object);
    fn_free(json->inside->kept);
    fn_free(json->inside);
    fn_free(json);
}

/* ---- bytes ---- */

static int refill(fn_run *run, struct fn_json_inside *in)
{
    while (in->at == in->end) {
        size_t got = 0;
        if (in->fed_all || in->failed) return END_OF_INPUT;
        if ((in->failed = in->feed(run, in->user, &in->at, &got))) {
            in->end = in->at;
            return END_OF_INPUT;
        }
        in->end = in->at + got;
        in->end_offset += got;
        in->fed_all = got == 0;
    }
    return (unsigned char) *in->at;
}

/* The next byte, not consumed. */
static inline int peek(fn_run *run, struct fn_json_inside *in)
{
    return in->at < in->end ? (unsigned char) *in->at : refill(run, in);
}

static inline uint64_t offset_of(const struct fn_json_inside *in)
{
    return in->end_offset - (uint64_t) (in->end - in->at);
}

static inline void pass_line_end(struct fn_json_inside *in)
{
    in->at++;
    in->line++;
    in->line_offset = offset_of(in);
}

static void broken(fn_json *json, const char *reason, const char *message)
{
    json->event = FN_JSON_BROKEN;
    json->reason = reason;
    json->message = message;
    json->line = json->inside->line;
    json->offset = offset_of(json->inside);
}

static void syntax(fn_json *json, int byte, const char *message)
{
    if (byte == END_OF_INPUT) broken(json, "truncated", "the file ends inside a value");
    else broken(json, "syntax", message);
}

/* ---- texts ---- */

static void keep(fn_run *run, fn_json *json, const char *bytes, size_t count)
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
    keep(run, json, bytes, count);
}

enum { REPLACEMENT = 0xFFFD };

/* The four hexadecimal digits of \uXXXX; false: broken. */
static bool read_hex(fn_run *run, fn_json *json, uint32_t *unit)
{
    struct fn_json_inside *in = json->inside;
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(run, in);
        uint32_t digit;
        if (c >= '0' && c <= '9') digit = (uint32_t) (c - '0');
        else if (c >= 'a' && c <= 'f') digit = (uint32_t) (c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') digit = (uint32_t) (c - 'A' + 10);
        else return syntax(json, c, "\\u needs four hexadecimal digits"), false;
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
    int c = peek(run, in);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    if (name) {
        in->at++;
        unit = (unsigned char) bytes[name - names];
    } else if (c == 'u') {
        in->at++;
        if (!read_hex(run, json, &unit)) return false;
    } else {
        return syntax(json, c, "unknown escape in a text"), false;
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
        int c = peek(run, in);
        if (c < 0x80 || c > 0xBF) break;
        bytes[count++] = *in->at++;
    }
    if (fn_utf8_length(bytes, count) == count) {
        keep(run, json, bytes, count);
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
static bool read_text(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    uint32_t high = 0;
    bool whole = true; /* it lies in one piece in what was fed */
    in->kept_length = 0;
    for (;;) {
        int c = peek(run, in);
        if (c == END_OF_INPUT) return syntax(json, c, ""), false;
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
        keep(run, json, start, run_length);
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
            return syntax(json, c, "a NUL byte in a text"), false;
        } else if (c == '\n' && json->lines && !in->value_spread) {
            return broken(json, "truncated", "the line ends inside a text"), false;
        } else {
            json->repairs[FN_JSON_RAW_CONTROL]++;
            keep(run, json, in->at, 1);
            if (c == '\n') pass_line_end(in);
            else in->at++;
        }
    }
}

/* ---- numbers and words ---- */

static int keep_byte(fn_run *run, fn_json *json)
{
    keep(run, json, json->inside->at++, 1);
    return peek(run, json->inside);
}

static bool digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool read_word(fn_run *run, fn_json *json, const char *word, fn_json_event event)
{
    struct fn_json_inside *in = json->inside;
    for (; *word; word++) {
        int c = peek(run, in);
        if (c != *word) return syntax(json, c, "not a value"), false;
        in->at++;
    }
    json->event = event;
    if (event == FN_JSON_NOT_NUMBER) json->repairs[FN_JSON_NUMBER_WORD]++;
    return true;
}

static bool read_number(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    in->kept_length = 0;
    int c = peek(run, in);
    if (c == '-') {
        c = keep_byte(run, json);
        if (c == 'I') return read_word(run, json, "Infinity", FN_JSON_NOT_NUMBER);
    }
    if (!digit(c)) return syntax(json, c, "a number needs a digit"), false;
    bool zero = c == '0';
    c = keep_byte(run, json);
    if (zero && digit(c)) json->repairs[FN_JSON_LEADING_ZERO]++;
    while (digit(c)) c = keep_byte(run, json);
    if (c == '.') {
        c = keep_byte(run, json);
        if (!digit(c)) return syntax(json, c, "a number needs a digit behind its point"), false;
        while (digit(c)) c = keep_byte(run, json);
    }
    if (c == 'e' || c == 'E') {
        c = keep_byte(run, json);
        if (c == '+' || c == '-') c = keep_byte(run, json);
        if (!digit(c)) return syntax(json, c, "a number needs a digit in its exponent"), false;
        while (digit(c)) c = keep_byte(run, json);
    }
    json->event = FN_JSON_NUMBER;
    json->text = in->kept;
    json->length = in->kept_length;
    return true;
}

/* ---- structure ---- */

static bool in_object(const fn_json *json)
{
    size_t level = json->depth - 1;
    return json->inside->object[level / 8] >> level % 8 & 1;
}

static void open_bracket(fn_run *run, fn_json *json, bool object)
{
    struct fn_json_inside *in = json->inside;
    size_t level = json->depth;
    unsigned char *grown = fn_grow(run, in->object, &in->object_capacity, level / 8 + 1, 1);
    if (!grown) {
        in->failed = FN_ENOMEM;
        return;
    }
    in->object = grown;
    unsigned char bit = (unsigned char) (1u << level % 8);
    if (object) in->object[level / 8] |= bit;
    else in->object[level / 8] &= (unsigned char) ~bit;
    json->depth++;
    if (json->depth > json->depth_most) json->soft |= FN_JSON_TOO_DEEP;
    in->place = object ? FIRST_KEY : FIRST_VALUE;
    json->event = object ? FN_JSON_OBJECT : FN_JSON_ARRAY;
    in->at++;
}

/* A value is complete. */
static void after_value(fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    if (json->depth) {
        in->place = AFTER;
        return;
    }
    in->place = TOP;
    in->one_line = in->value_nested && in->line == in->value_line ? in->line : 0;
}

static void close_bracket(fn_json *json)
{
    json->event = in_object(json) ? FN_JSON_OBJECT_END : FN_JSON_ARRAY_END;
    json->depth--;
    json->inside->at++;
    after_value(json);
}

static void read_value(fn_run *run, fn_json *json, int c)
{
    struct fn_json_inside *in = json->inside;
    bool complete;
    switch (c) {
    case '{':
    case '[':
        if (json->lines && json->depth && !in->value_spread && offset_of(in) == in->line_offset) {
            broken(json, "truncated", "the line ends inside a value");
            return;
        }
        open_bracket(run, json, c == '{');
        return;
    case '"':
        in->at++;
        json->event = FN_JSON_TEXT;
        complete = read_text(run, json);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        complete = read_number(run, json);
        break;
    case 't': complete = read_word(run, json, "true", FN_JSON_TRUE); break;
    case 'f': complete = read_word(run, json, "false", FN_JSON_FALSE); break;
    case 'n': complete = read_word(run, json, "null", FN_JSON_NULL); break;
    case 'N': complete = read_word(run, json, "NaN", FN_JSON_NOT_NUMBER); break;
    case 'I': complete = read_word(run, json, "Infinity", FN_JSON_NOT_NUMBER); break;
    default: syntax(json, c, "expected a value"); return;
    }
    if (complete) after_value(json);
}

/* Copy a text that lies in what was fed before more is fed. */
static void hold_text(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    if (in->at < in->end || json->text == in->kept) return;
    in->kept_length = 0;
    keep(run, json, json->text, json->length);
    json->text = in->kept;
    json->length = in->kept_length;
}

static void read_key(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    in->at++;
    json->event = FN_JSON_KEY;
    in->place = VALUE;
    if (!read_text(run, json)) return;
    for (;;) {
        hold_text(run, json);
        int c = peek(run, in);
        if (c == '\n') pass_line_end(in);
        else if (c == ' ' || c == '\t' || c == '\r') in->at++;
        else if (c == ':') break;
        else return syntax(json, c, "expected ':' behind a key");
    }
    in->at++;
}

/* Blanks and, between values, byte order marks. */
static int pass_blanks(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    for (;;) {
        int c = peek(run, in);
        if (c == '\n') {
            if (json->depth == 1 && (in->place == FIRST_KEY || in->place == FIRST_VALUE)) in->value_spread = true;
            pass_line_end(in);
        } else if (c == ' ' || c == '\t' || c == '\r') {
            in->at++;
        } else if (c == 0xEF && in->place == TOP) {
            bool first = offset_of(in) == in->line_offset;
            static const unsigned char mark[3] = { 0xEF, 0xBB, 0xBF };
            for (int i = 0; i < 3; i++, in->at++)
                if (peek(run, in) != mark[i]) return 0xEF;
            json->repairs[FN_JSON_BYTE_ORDER_MARK]++;
            if (first) in->line_offset = offset_of(in);
        } else {
            return c;
        }
    }
}

static void begin_top_value(fn_json *json, int c)
{
    struct fn_json_inside *in = json->inside;
    bool nested = c == '{' || c == '[';
    if (in->one_line && nested && in->line > in->one_line && offset_of(in) == in->line_offset) json->lines = true;
    in->value_line = in->line;
    in->value_nested = nested;
    in->value_spread = false;
}

static void step(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    int c = pass_blanks(run, json);
    if (in->place == AFTER && c == ',') {
        in->at++;
        in->place = in_object(json) ? NEXT_KEY : VALUE;
        c = pass_blanks(run, json);
    }
    json->line = in->line;
    json->offset = offset_of(in);
    json->text = NULL;
    json->length = 0;
    switch (in->place) {
    case TOP:
        if (c == END_OF_INPUT) {
            json->event = FN_JSON_END;
            return;
        }
        begin_top_value(json, c);
        read_value(run, json, c);
        return;
    case AFTER:
        if (c == (in_object(json) ? '}' : ']')) close_bracket(json);
        else syntax(json, c, in_object(json) ? "expected ',' or '}'" : "expected ',' or ']'");
        return;
    case FIRST_KEY:
    case NEXT_KEY:
        if (c == '"') read_key(run, json);
        else if (c == '}' && in->place == FIRST_KEY) close_bracket(json);
        else syntax(json, c, "expected a key in double quotes");
        return;
    case FIRST_VALUE:
        if (c == ']') {
            close_bracket(json);
            return;
        }
        /* fall through */
    case VALUE:
        read_value(run, json, c);
        return;
    }
}

/* Up to the end of the bracket that made the depth `inner`. */
static void pass_bracket(fn_run *run, fn_json *json, size_t inner)
{
    struct fn_json_inside *in = json->inside;
    bool was = in->passing;
    in->passing = true;
    while (!in->failed && json->depth >= inner && json->event != FN_JSON_BROKEN) step(run, json);
    in->passing = was;
}

fn_status fn_json_next(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    if (json->event == FN_JSON_BROKEN) return FN_OK;
    step(run, json);
    if (json->depth > json->depth_most && (json->event == FN_JSON_OBJECT || json->event == FN_JSON_ARRAY)) {
        pass_bracket(run, json, json->depth);
        if (json->event != FN_JSON_BROKEN) json->event = FN_JSON_NULL;
    }
    return in->failed;
}

fn_status fn_json_skip(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    if (json->event == FN_JSON_KEY) {
        in->passing = true;
        fn_status status = fn_json_next(run, json);
        in->passing = false;
        if (status) return status;
    }
    if (json->event == FN_JSON_OBJECT || json->event == FN_JSON_ARRAY) pass_bracket(run, json, json->depth);
    return in->failed;
}

fn_status fn_json_recover(fn_run *run, fn_json *json, bool *going)
{
    struct fn_json_inside *in = json->inside;
    int c = peek(run, in);
    bool bracket = (c == '{' || c == '[') && offset_of(in) == in->line_offset && in->line > in->value_line;
    *going = c != END_OF_INPUT && (bracket || json->lines || in->line == in->value_line);
    if (!*going || in->failed) return in->failed;
    if (!bracket) {
        while (c != END_OF_INPUT && c != '\n') {
            const char *end = memchr(in->at, '\n', (size_t) (in->end - in->at));
            in->at = end ? end : in->end;
            c = peek(run, in);
        }
        if (c == '\n') pass_line_end(in);
    }
    json->depth = 0;
    json->soft = 0;
    json->event = FN_JSON_END;
    in->place = TOP;
    in->one_line = 0;
    return in->failed;
}

bool fn_json_looks_like_lines(const char *head, size_t length)
{
    const char *end = head + length, *at = head;
    if (length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) at += 3;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
    if (at == end || *at != '{') return false;
    const char *line_end = memchr(at, '\n', (size_t) (end - at));
    if (!line_end || line_end + 1 == end || line_end[1] != '{') return false;
    while (line_end > at && (line_end[-1] == ' ' || line_end[-1] == '\t' || line_end[-1] == '\r')) line_end--;
    return line_end > at + 1 && !strchr("{[,:", line_end[-1]);
}
