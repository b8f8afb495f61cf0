/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_STREAM_SUPPORT_H
#define FN_TESTS_STREAM_SUPPORT_H

#include <zlib.h>
#include "io/source.h"

/* Files in memory, packed and read in all ways. */

typedef struct bytes {
    char *at;
    size_t size, capacity;
} bytes;

enum { STREAM_INFLATERS = 2 };
extern const char *const stream_inflaters[STREAM_INFLATERS];

/* More bytes behind; a NUL behind them. */
void stream_append(bytes *all, const void *more, size_t size);
/* Text of at least that size, the same every time. */
bytes stream_lines(size_t size);
/* One gzip member behind what is in all; header NULL: as zlib makes it. */
void stream_member(bytes *all, const char *text, size_t size, gz_header *header);
/* BGZF blocks with at most `part` bytes of text each; the end mark where asked. */
void stream_blocks(bytes *all, const char *text, size_t size, size_t part, bool end_mark);

/* Everything a source gives, by fn_source_next or in pieces by as many threads as the run has; the digest is
 * checked. */
fn_status stream_drain(fn_run *run, fn_source *source, bytes *text);
fn_status stream_drain_pieces(fn_run *run, fn_source *source, size_t room, bytes *text);
fn_status stream_read(fn_run *run, const char *name, const bytes *file, bytes *text);
fn_status stream_read_pieces(fn_run *run, const char *name, const bytes *file, bytes *text);
/* By fn_source_next, and in pieces by 1, 2, 3 threads: aborts where text, status or error differ. *text is the
 * first. */
fn_status stream_compare(const char *name, const bytes *file, bytes *text);

#endif
