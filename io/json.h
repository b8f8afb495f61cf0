/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_JSON_H
#define FN_IO_JSON_H

#include <stddef.h>
#include "graph/run.h"

/* JSON (RFC 8259) as a stream of events, pulled one by one: memory follows the longest text that is asked for, never
 * the input. Several values may follow each other (JSON Lines, concatenated files). Numbers keep their text.
 *
 * Stricter than many: UTF-8 is checked (overlong forms, surrogates, above U+10FFFF), nesting is limited without
 * recursion. More lenient than the standard where real tender data needs it, each time counted in repairs[]:
 * leading zeros, the words NaN, Infinity and -Infinity (event FN_JSON_NOT_NUMBER), raw control characters but NUL in
 * texts, a lone surrogate (becomes U+FFFD), \u0000 (dropped), a byte order mark (dropped).
 * Everything else that the standard forbids is FN_JSON_BROKEN: a comma before a bracket, single quotes, comments, … */
typedef enum fn_json_event {
    FN_JSON_END,                      /* of the input */
    FN_JSON_OBJECT, FN_JSON_OBJECT_END, FN_JSON_ARRAY, FN_JSON_ARRAY_END,
    FN_JSON_KEY,                      /* text; its value comes next */
    FN_JSON_TEXT, FN_JSON_NUMBER,     /* text */
    FN_JSON_TRUE, FN_JSON_FALSE, FN_JSON_NULL, FN_JSON_NOT_NUMBER,
    FN_JSON_BROKEN                    /* reason, message; nothing more comes until fn_json_recover */
} fn_json_event;

typedef enum fn_json_repair {
    FN_JSON_LEADING_ZERO, FN_JSON_NUMBER_WORD, FN_JSON_RAW_CONTROL, FN_JSON_LONE_SURROGATE, FN_JSON_NUL_DROPPED,
    FN_JSON_BYTE_ORDER_MARK, FN_JSON_REPAIRS
} fn_json_repair;

/* What is wrong with a value that could be read over: set while reading, cleared by the caller. */
enum { FN_JSON_BAD_UTF8 = 1, FN_JSON_TOO_DEEP = 2, FN_JSON_TOO_LARGE = 4 };

enum { FN_JSON_DEPTH_MOST = 128 };
#define FN_JSON_TEXT_MOST ((size_t) 64 << 20)

/* The next bytes of the input; *got 0 only at its end. fn_source_next with its source is one (io/ocds.c). */
typedef fn_status (*fn_json_feed)(fn_run *run, void *user, const char **bytes, size_t *got);

/* Fields marked (in) may be changed between calls; the others are read only. */
typedef struct fn_json {
    fn_json_event event;
    const char *text;                 /* of a key, text or number; not NUL-ended; valid until the next call */
    size_t length;
    int64_t line;                     /* where the event begins, from 1 */
    uint64_t offset;                  /* the same in bytes from 0 */
    const char *reason;               /* of FN_JSON_BROKEN: "syntax" or "truncated" */
    const char *message;              /* the same in words */
    size_t depth;                     /* open objects and arrays */
    unsigned soft;                    /* (in) FN_JSON_BAD_UTF8 … */
    bool lines;                       /* (in) certainly one value a line: a line end inside a value breaks it */
    size_t depth_most, text_most;     /* (in) what is nested deeper comes as null, what is longer comes cut */
    int64_t repairs[FN_JSON_REPAIRS]; /* how often, since the start */
    struct fn_json_inside *inside;
} fn_json;

fn_status fn_json_new(fn_run *run, fn_json_feed feed, void *user, fn_json **json);
void fn_json_free(fn_json *json);

/* The next event. Broken input is an event, not a failure: only feed and memory fail. */
fn_status fn_json_next(fn_run *run, fn_json *json);
/* Pass over the value of the key, or the rest of the object or array, that came last; afterwards event is its last one.
 * It is checked like all else. */
fn_status fn_json_skip(fn_run *run, fn_json *json);
/* After FN_JSON_BROKEN: go to the next line, if it can only be that the next value begins there: the broken value is
 * on one line, or the break is a bracket at the start of a line. *going false: what follows can't be told apart. */
fn_status fn_json_recover(fn_run *run, fn_json *json, bool *going);

/* The first bytes of an input show JSON Lines: the first line ends and a second begins with an object. */
bool fn_json_looks_like_lines(const char *head, size_t length);

#endif
