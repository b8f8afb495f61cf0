/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_INFLATE_H
#define FN_IO_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>
#include "graph/run.h"

/* A gzip stream member by member: one member, many, BGZF. Every member must end with its CRC and length; zeros behind
 * the last one are padding, anything else there is damage. (zlib's gzread hides both kinds of damage.) */
typedef struct fn_inflate {
    z_stream stream;
    gz_header header;
    unsigned char extra[64];  /* the member's extra field, as far as it matters for BGZF */
    bool ready;               /* stream is to be ended */
    enum { FN_MEMBER_BETWEEN, FN_MEMBER_INSIDE, FN_MEMBER_PADDING } place;
    bool blocks;              /* the member read last was a BGZF block … */
    bool empty;               /* … or any member, without text */
    uint64_t offset;          /* bytes of the file consumed */
    uint64_t members;
} fn_inflate;

fn_status fn_inflate_start(fn_run *run, fn_inflate *inflate_);
void fn_inflate_end(fn_inflate *inflate_);
/* Take bytes from in and put text into out as far as both go; *taken and *made say how far. */
fn_status fn_inflate_step(fn_run *run, fn_inflate *inflate_, const char *name, const unsigned char *in, size_t in_size,
                          char *out, size_t out_size, size_t *taken, size_t *made);
/* No more bytes will come: FN_EPARSE when the stream was cut. */
fn_status fn_inflate_finish(fn_run *run, const fn_inflate *inflate_, const char *name);

#endif
