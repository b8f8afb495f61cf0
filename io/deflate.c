/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/deflate.h"

enum { HEADER_BYTES = 18, TRAILER_BYTES = 8, STORED_BYTES = 5 };

static void *zlib_alloc(void *run, unsigned count, unsigned size)
{
    return fn_alloc(run, count, size);
}

static void zlib_free(void *run, void *memory)
{
    (void) run;
    fn_free(memory);
}

fn_status fn_deflate_start(fn_run *run, fn_deflate *deflate_)
{
    memset(deflate_, 0, sizeof *deflate_);
    deflate_->stream.zalloc = zlib_alloc;
    deflate_->stream.zfree = zlib_free;
    deflate_->stream.opaque = run;
    int answer = deflateInit2(&deflate_->stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    if (answer == Z_MEM_ERROR) return fn_fail(run, FN_ENOMEM, "out of memory");
    if (answer != Z_OK) return fn_fail(run, FN_EIO, "zlib can't start (%d)", answer);
    deflate_->ready = true;
    return FN_OK;
}

void fn_deflate_end(fn_deflate *deflate_)
{
    if (deflate_->ready) deflateEnd(&deflate_->stream);
    deflate_->ready = false;
}

static void put_number(unsigned char *place, int bytes, uint32_t number)
{
    for (int i = 0; i < bytes; i++) place[i] = (unsigned char) (number >> 8 * i);
}

/* Text that does not shrink, as one stored block of deflate. */
static size_t store(const char *text, size_t size, unsigned char *out)
{
    out[0] = 1;
    put_number(out + 1, 2, (uint32_t) size);
    put_number(out + 3, 2, ~(uint32_t) size);
    memcpy(out + STORED_BYTES, text, size);
    return STORED_BYTES + size;
}

fn_status fn_deflate_block(fn_run *run, fn_deflate *deflate_, const char *text, size_t size, unsigned char *out,
                           size_t *made)
{
    static const unsigned char header[HEADER_BYTES] = { 0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C', 2, 0 };
    z_stream *stream = &deflate_->stream;
    if (size > FN_BLOCK_TEXT) return fn_fail(run, FN_EINVAL, "a block of %zu bytes is too large for BGZF", size);
    if (deflateReset(stream) != Z_OK) return fn_fail(run, FN_EIO, "zlib can't start again");
    stream->next_in = (unsigned char *) text;
    stream->avail_in = (unsigned) size;
    stream->next_out = out + HEADER_BYTES;
    stream->avail_out = FN_BLOCK_BYTES - HEADER_BYTES - TRAILER_BYTES;
    int answer = deflate(stream, Z_FINISH);
    if (answer != Z_STREAM_END && answer != Z_OK && answer != Z_BUF_ERROR)
        return fn_fail(run, FN_EIO, "zlib can't compress (%d)", answer);
    size_t packed = (size_t) (stream->next_out - (out + HEADER_BYTES));
    if (answer != Z_STREAM_END || packed > size + STORED_BYTES) packed = store(text, size, out + HEADER_BYTES);

    memcpy(out, header, HEADER_BYTES);
    *made = HEADER_BYTES + packed + TRAILER_BYTES;
    put_number(out + 16, 2, (uint32_t) *made - 1);
    uLong check = size ? crc32(0, (const unsigned char *) text, (unsigned) size) : 0;
    put_number(out + HEADER_BYTES + packed, 4, (uint32_t) check);
    put_number(out + HEADER_BYTES + packed + 4, 4, (uint32_t) size);
    return FN_OK;
}
