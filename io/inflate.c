/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <limits.h>
#include <string.h>
#include "graph/memory.h"
#include "io/inflate.h"

enum { MAGIC_FIRST = 0x1f };

static void *zlib_alloc(void *run, unsigned count, unsigned size)
{
    return fn_alloc(run, count, size);
}

static void zlib_free(void *run, void *memory)
{
    (void) run;
    fn_free(memory);
}

fn_status fn_inflate_start(fn_run *run, fn_inflate *inflate_)
{
    memset(inflate_, 0, sizeof *inflate_);
    inflate_->stream.zalloc = zlib_alloc;
    inflate_->stream.zfree = zlib_free;
    inflate_->stream.opaque = run;
    int answer = inflateInit2(&inflate_->stream, 15 + 16);
    if (answer == Z_MEM_ERROR) return fn_fail(run, FN_ENOMEM, "out of memory");
    if (answer != Z_OK) return fn_fail(run, FN_EIO, "zlib can't start (%d)", answer);
    inflate_->ready = true;
    return FN_OK;
}

void fn_inflate_end(fn_inflate *inflate_)
{
    if (inflate_->ready) inflateEnd(&inflate_->stream);
    inflate_->ready = false;
}

/* BGZF: an extra field with a subfield "BC" of two bytes. */
static bool member_is_block(const fn_inflate *inflate_)
{
    if (inflate_->header.done != 1 || !inflate_->header.extra) return false;
    size_t length = inflate_->header.extra_len;
    if (length > sizeof inflate_->extra) length = sizeof inflate_->extra;
    for (size_t i = 0; i + 4 <= length;) {
        size_t size = inflate_->extra[i + 2] + 256 * (size_t) inflate_->extra[i + 3];
        if (inflate_->extra[i] == 'B' && inflate_->extra[i + 1] == 'C' && size == 2) return true;
        i += 4 + size;
    }
    return false;
}

static fn_status start_member(fn_run *run, fn_inflate *inflate_, const char *name)
{
    if (inflateReset(&inflate_->stream) != Z_OK) return fn_fail_at(run, FN_EIO, name, 0, -1, "zlib can't start again");
    memset(&inflate_->header, 0, sizeof inflate_->header);
    inflate_->header.extra = inflate_->extra;
    inflate_->header.extra_max = sizeof inflate_->extra;
    inflateGetHeader(&inflate_->stream, &inflate_->header);
    inflate_->place = FN_MEMBER_INSIDE;
    return FN_OK;
}

static fn_status damage(fn_run *run, const fn_inflate *inflate_, const char *name)
{
    const char *what = inflate_->stream.msg ? inflate_->stream.msg : "not deflated data";
    if (!strcmp(what, "incorrect data check")) what = "its checksum does not fit";
    if (!strcmp(what, "incorrect length check")) what = "its length does not fit";
    fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) inflate_->offset, "the gzip file is damaged in member %llu: %s",
               (unsigned long long) inflate_->members + 1, what);
    fn_hint(run, "get the file again and compare its size; gzip -t shows whether it is whole");
    return FN_EPARSE;
}

static fn_status step_member(fn_run *run, fn_inflate *inflate_, const char *name, const unsigned char *in,
                             size_t in_size, char *out, size_t out_size, size_t *taken, size_t *made)
{
    z_stream *stream = &inflate_->stream;
    stream->opaque = run;
    stream->next_in = (unsigned char *) in;
    stream->avail_in = in_size < UINT_MAX ? (unsigned) in_size : UINT_MAX;
    stream->next_out = (unsigned char *) out;
    stream->avail_out = out_size < UINT_MAX ? (unsigned) out_size : UINT_MAX;
    int answer = inflate(stream, Z_NO_FLUSH);
    *taken = (size_t) (stream->next_in - in);
    *made = (size_t) (stream->next_out - (unsigned char *) out);
    inflate_->offset += *taken;
    switch (answer) {
    case Z_OK:
    case Z_BUF_ERROR: /* no harm: it wants more bytes or more room */
        return FN_OK;
    case Z_STREAM_END:
        inflate_->blocks = member_is_block(inflate_);
        inflate_->empty = stream->total_out == 0;
        inflate_->members++;
        inflate_->place = FN_MEMBER_BETWEEN;
        return FN_OK;
    case Z_MEM_ERROR:
        return fn_fail(run, FN_ENOMEM, "out of memory");
    case Z_NEED_DICT: /* can't be with gzip headers */
    default:
        return damage(run, inflate_, name);
    }
}

static fn_status step_padding(fn_run *run, fn_inflate *inflate_, const char *name, const unsigned char *in,
                              size_t in_size, size_t *taken)
{
    size_t zeros = 0;
    while (zeros < in_size && in[zeros] == 0) zeros++;
    inflate_->offset += zeros;
    *taken = zeros;
    if (zeros == in_size) return FN_OK;
    fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) inflate_->offset,
               "bytes behind the end of the gzip data that are not gzip (0x%02x …)", in[zeros]);
    fn_hint(run, "the file was damaged or something was appended to it; get it again");
    return FN_EPARSE;
}

fn_status fn_inflate_step(fn_run *run, fn_inflate *inflate_, const char *name, const unsigned char *in, size_t in_size,
                          char *out, size_t out_size, size_t *taken, size_t *made)
{
    fn_status status = FN_OK;
    *taken = *made = 0;
    /* inside a member zlib may still hold text when all bytes are taken: ask until it gives nothing */
    while (!status && *made < out_size && (*taken < in_size || inflate_->place == FN_MEMBER_INSIDE)) {
        size_t used = 0, got = 0;
        if (inflate_->place == FN_MEMBER_BETWEEN) {
            /* zlib checks the rest of the header; a first byte that can't be decides between member and padding */
            if (in[*taken] != MAGIC_FIRST && inflate_->members > 0) inflate_->place = FN_MEMBER_PADDING;
            else if ((status = start_member(run, inflate_, name))) break;
        }
        if (inflate_->place == FN_MEMBER_PADDING)
            status = step_padding(run, inflate_, name, in + *taken, in_size - *taken, &used);
        else
            status = step_member(run, inflate_, name, in + *taken, in_size - *taken, out + *made, out_size - *made,
                                 &used, &got);
        *taken += used;
        *made += got;
        if (!used && !got && inflate_->place == FN_MEMBER_INSIDE) break;
    }
    return status;
}

fn_status fn_inflate_finish(fn_run *run, const fn_inflate *inflate_, const char *name)
{
    const char *what = NULL;
    if (inflate_->place == FN_MEMBER_INSIDE || inflate_->members == 0)
        what = "the gzip file is cut: it ends inside a member";
    else if (inflate_->blocks && !inflate_->empty)
        what = "the gzip file is cut: its last BGZF block (the end mark) is missing";
    if (!what) return FN_OK;
    fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) inflate_->offset, "%s", what);
    fn_hint(run, "get the file again and compare its size");
    return FN_EPARSE;
}
