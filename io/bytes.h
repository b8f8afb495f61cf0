/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_BYTES_H
#define FN_IO_BYTES_H

#include <string.h>
#include "graph/memory.h"

/* Text that grows. Start with {0}, end with fn_bytes_free; text is NUL-ended as soon as anything was added. */
typedef struct fn_bytes {
    char *text;
    size_t length, capacity;
} fn_bytes;

static inline fn_status fn_bytes_add(fn_run *run, fn_bytes *bytes, const char *text, size_t length)
{
    char *grown = fn_grow(run, bytes->text, &bytes->capacity, bytes->length + length + 1, 1);
    if (!grown) return FN_ENOMEM;
    bytes->text = grown;
    if (length) memcpy(grown + bytes->length, text, length);
    bytes->length += length;
    grown[bytes->length] = '\0';
    return FN_OK;
}

static inline fn_status fn_bytes_text(fn_run *run, fn_bytes *bytes, const char *text)
{
    return fn_bytes_add(run, bytes, text, strlen(text));
}

static inline void fn_bytes_clear(fn_bytes *bytes)
{
    bytes->length = 0;
    if (bytes->text) bytes->text[0] = '\0';
}

static inline void fn_bytes_free(fn_bytes *bytes)
{
    fn_free(bytes->text);
    *bytes = (fn_bytes) { 0 };
}

#endif
