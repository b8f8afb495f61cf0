/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_JSON_INSIDE_H
#define FN_IO_JSON_INSIDE_H

#include "io/json.h"

/* The JSON reader from the inside: json.c has the structure, json_text.c texts, numbers and words. */

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

enum { FN_JSON_END_OF_INPUT = -1 };

/* Feed more; the next byte or FN_JSON_END_OF_INPUT (also when feed fails). */
int fn_json_refill(fn_run *run, struct fn_json_inside *in);
/* The event becomes FN_JSON_BROKEN, here. */
void fn_json_break(fn_json *json, const char *reason, const char *message);
/* The same for a byte that can't stand here, or the end of the input. */
void fn_json_unexpected(fn_json *json, int byte, const char *message);
void fn_json_keep(fn_run *run, fn_json *json, const char *bytes, size_t count);
/* A text behind its opening quote; a number; a word: event, text and length. false: broken. */
bool fn_json_read_text(fn_run *run, fn_json *json);
bool fn_json_read_number(fn_run *run, fn_json *json);
bool fn_json_read_word(fn_run *run, fn_json *json, const char *word, fn_json_event event);

/* The next byte, not consumed. */
static inline int fn_json_peek(fn_run *run, struct fn_json_inside *in)
{
    return in->at < in->end ? (unsigned char) *in->at : fn_json_refill(run, in);
}

static inline uint64_t fn_json_place(const struct fn_json_inside *in)
{
    return in->end_offset - (uint64_t) (in->end - in->at);
}

static inline void fn_json_pass_line_end(struct fn_json_inside *in)
{
    in->at++;
    in->line++;
    in->line_offset = fn_json_place(in);
}

#endif
