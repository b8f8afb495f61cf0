/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <limits.h>
#include <zlib.h>
#include "graph/memory.h"
#include "io/inflate.h"

typedef struct zlib_state {
    z_stream stream;
    bool ready;    /* stream is to be ended */
} zlib_state;

static void *zlib_alloc(void *run, unsigned count, unsigned size)
{
    return fn_alloc_bare(run, count, size);
}

static void zlib_free(void *run, void *memory)
{
    (void) run;
    fn_free(memory);
}

static fn_status zlib_start(fn_run *run, void *state)
{
    zlib_state *z = state;
    z->stream.zalloc = zlib_alloc;
    z->stream.zfree = zlib_free;
    z->stream.opaque = run;
    int answer = inflateInit2(&z->stream, -15);
    if (answer == Z_MEM_ERROR) return fn_fail(run, FN_ENOMEM, "out of memory");
    if (answer != Z_OK) return fn_fail(run, FN_EIO, "zlib can't start (%d)", answer);
    z->ready = true;
    return FN_OK;
}

static void zlib_reset(void *state)
{
    zlib_state *z = state;
    inflateReset(&z->stream);
}

static fn_status zlib_step(fn_run *run, void *state, fn_flow *flow, bool *ended, unsigned char *spare, size_t *spares)
{
    (void) spare; /* zlib takes no byte from behind the data */
    (void) spares;
    z_stream *stream = &((zlib_state *) state)->stream;
    stream->opaque = run;
    stream->next_in = (unsigned char *) flow->in;
    stream->avail_in = flow->in_size < UINT_MAX ? (unsigned) flow->in_size : UINT_MAX;
    stream->next_out = flow->out;
    stream->avail_out = flow->out_size < UINT_MAX ? (unsigned) flow->out_size : UINT_MAX;
    int answer = inflate(stream, flow->whole ? Z_FINISH : Z_NO_FLUSH);
    flow->in_size -= (size_t) (stream->next_in - flow->in);
    flow->in = stream->next_in;
    flow->out_size -= (size_t) (stream->next_out - flow->out);
    flow->out = stream->next_out;
    switch (answer) {
    case Z_OK:
    case Z_BUF_ERROR: /* no harm: it wants more bytes or more room */
        return FN_OK;
    case Z_STREAM_END:
        *ended = true;
        return FN_OK;
    case Z_MEM_ERROR:
        return fn_fail(run, FN_ENOMEM, "out of memory");
    default:
        flow->unused = (size_t) (stream->data_type & 63) / 8; /* zlib.h: the low bits are the bits it still holds */
        return FN_EPARSE;
    }
}

static uint32_t zlib_check(uint32_t check, const unsigned char *bytes, size_t size)
{
    return size ? (uint32_t) crc32_z(check, bytes, size) : check;
}

static void zlib_end(void *state)
{
    zlib_state *z = state;
    if (z->ready) inflateEnd(&z->stream);
}

const fn_inflater fn_inflater_zlib = {
    .name = "zlib", .state_size = sizeof(zlib_state), .start = zlib_start, .reset = zlib_reset, .step = zlib_step,
    .check = zlib_check, .end = zlib_end
};
