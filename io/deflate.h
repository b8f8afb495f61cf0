/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_DEFLATE_H
#define FN_IO_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>
#include "io/output_place.h"

/* Text to BGZF: gzip members of at most 64 KiB each (so that they inflate in parallel and can be cut out one by one),
 * without time stamp or name, so equal texts give equal files. Format: SAM/BAM specification, section 4.1. */
enum {
    FN_BLOCK_TEXT = 65280,    /* text in a block: also incompressible text fits the 64 KiB then */
    FN_BLOCK_BYTES = 65536    /* bytes of a block at most */
};

typedef struct fn_deflate {
    z_stream stream;
    bool ready;
} fn_deflate;

fn_status fn_deflate_start(fn_run *run, fn_deflate *deflate_);
void fn_deflate_end(fn_deflate *deflate_);
/* One block of at most FN_BLOCK_TEXT bytes of text into out (FN_BLOCK_BYTES); its size is *made. No text: the end mark
 * that stands last in a file. */
fn_status fn_deflate_block(fn_run *run, fn_deflate *deflate_, const char *text, size_t size, unsigned char *out,
                           size_t *made);

/* text in blocks of FN_BLOCK_TEXT bytes, the last one shorter, to the place, deflated by all threads; end: with the
 * mark behind them that stands last in a file. */
fn_status fn_deflate_all(fn_run *run, const char *text, size_t size, bool end, const fn_place *place);

#endif
