/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/json_inside.h"

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

int fn_json_refill(fn_run *run, struct fn_json_inside *in)
{
    while (in->at == in->end) {
        size_t got = 0;
        if (in->fed_all || in->failed) return FN_JSON_END_OF_INPUT;
        if ((in->failed = in->feed(run, in->user, &in->at, &got))) {
            in->end = in->at;
            return FN_JSON_END_OF_INPUT;
        }
        in->end = in->at + got;
        in->end_offset += got;
        in->fed_all = got == 0;
    }
    return (unsigned char) *in->at;
}

void fn_json_break(fn_json *json, const char *reason, const char *message)
{
    json->event = FN_JSON_BROKEN;
    json->reason = reason;
    json->message = message;
    json->line = json->inside->line;
    json->offset = fn_json_place(json->inside);
}

void fn_json_unexpected(fn_json *json, int byte, const char *message)
{
    const struct fn_json_inside *in = json->inside;
    bool next_line = json->lines && byte == '{' && in->line > in->value_line && fn_json_place(in) == in->line_offset;
    if (next_line) fn_json_break(json, "truncated", "the line ends inside a value");
    else if (byte == FN_JSON_END_OF_INPUT) fn_json_break(json, "truncated", "the file ends inside a value");
    else fn_json_break(json, "syntax", message);
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
        if (json->lines && json->depth && !in->value_spread && fn_json_place(in) == in->line_offset) {
            fn_json_break(json, "truncated", "the line ends inside a value");
            return;
        }
        open_bracket(run, json, c == '{');
        return;
    case '"':
        in->at++;
        json->event = FN_JSON_TEXT;
        complete = fn_json_read_text(run, json);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        complete = fn_json_read_number(run, json);
        break;
    case 't': complete = fn_json_read_word(run, json, "true", FN_JSON_TRUE); break;
    case 'f': complete = fn_json_read_word(run, json, "false", FN_JSON_FALSE); break;
    case 'n': complete = fn_json_read_word(run, json, "null", FN_JSON_NULL); break;
    case 'N': complete = fn_json_read_word(run, json, "NaN", FN_JSON_NOT_NUMBER); break;
    case 'I': complete = fn_json_read_word(run, json, "Infinity", FN_JSON_NOT_NUMBER); break;
    default: fn_json_unexpected(json, c, "expected a value"); return;
    }
    if (complete) after_value(json);
}

/* Copy a text that lies in what was fed before more is fed. */
static void hold_text(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    if (in->at < in->end || json->text == in->kept) return;
    in->kept_length = 0;
    fn_json_keep(run, json, json->text, json->length);
    json->text = in->kept;
    json->length = in->kept_length;
}

static void read_key(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    in->at++;
    json->event = FN_JSON_KEY;
    in->place = VALUE;
    if (!fn_json_read_text(run, json)) return;
    for (;;) {
        hold_text(run, json);
        int c = fn_json_peek(run, in);
        if (c == '\n') fn_json_pass_line_end(in);
        else if (c == ' ' || c == '\t' || c == '\r') in->at++;
        else if (c == ':') break;
        else return fn_json_unexpected(json, c, "expected ':' behind a key");
    }
    in->at++;
}

/* Blanks and, between values, byte order marks. */
static int pass_blanks(fn_run *run, fn_json *json)
{
    struct fn_json_inside *in = json->inside;
    for (;;) {
        int c = fn_json_peek(run, in);
        if (c == '\n') {
            if (json->depth == 1 && (in->place == FIRST_KEY || in->place == FIRST_VALUE)) in->value_spread = true;
            fn_json_pass_line_end(in);
        } else if (c == ' ' || c == '\t' || c == '\r') {
            in->at++;
        } else if (c == 0xEF && in->place == TOP) {
            bool first = fn_json_place(in) == in->line_offset;
            static const unsigned char mark[3] = { 0xEF, 0xBB, 0xBF };
            for (int i = 0; i < 3; i++, in->at++)
                if (fn_json_peek(run, in) != mark[i]) return 0xEF;
            json->repairs[FN_JSON_BYTE_ORDER_MARK]++;
            if (first) in->line_offset = fn_json_place(in);
        } else {
            return c;
        }
    }
}

static void begin_top_value(fn_json *json, int c)
{
    struct fn_json_inside *in = json->inside;
    bool nested = c == '{' || c == '[';
    if (in->one_line && nested && in->line > in->one_line && fn_json_place(in) == in->line_offset) json->lines = true;
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
    json->offset = fn_json_place(in);
    json->text = NULL;
    json->length = 0;
    switch (in->place) {
    case TOP:
        if (c == FN_JSON_END_OF_INPUT) {
            json->event = FN_JSON_END;
            return;
        }
        begin_top_value(json, c);
        read_value(run, json, c);
        return;
    case AFTER:
        if (c == (in_object(json) ? '}' : ']')) close_bracket(json);
        else fn_json_unexpected(json, c, in_object(json) ? "expected ',' or '}'" : "expected ',' or ']'");
        return;
    case FIRST_KEY:
    case NEXT_KEY:
        if (c == '"') read_key(run, json);
        else if (c == '}' && in->place == FIRST_KEY) close_bracket(json);
        else fn_json_unexpected(json, c, "expected a key in double quotes");
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
    int c = fn_json_peek(run, in);
    bool bracket = (c == '{' || c == '[') && fn_json_place(in) == in->line_offset && in->line > in->value_line;
    *going = c != FN_JSON_END_OF_INPUT && (bracket || json->lines || in->line == in->value_line);
    if (!*going || in->failed) return in->failed;
    if (!bracket) {
        while (c != FN_JSON_END_OF_INPUT && c != '\n') {
            const char *end = memchr(in->at, '\n', (size_t) (in->end - in->at));
            in->at = end ? end : in->end;
            c = fn_json_peek(run, in);
        }
        if (c == '\n') fn_json_pass_line_end(in);
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
