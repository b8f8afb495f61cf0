/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/decoder.h"

/* bzip2: streams; every block and every stream has a checksum of its text. */

/* Not bytes that happen to be text: "BZh" may begin a word. */
static bool bzip2_fits(const unsigned char *head, size_t length)
{
    if (length < 10 || memcmp(head, "BZh", 3)) return false;
    return !memcmp(head + 4, "1AY&SY", 6) || !memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6);
}

#ifdef HAVE_BZ2
#include <limits.h>
#include <bzlib.h>

typedef struct bzip2_state {
    bz_stream stream;
    bool ready;    /* stream is to be ended */
} bzip2_state;

static void *bzip2_alloc(void *run, int count, int size)
{
    return fn_alloc_bare(run, (size_t) count, (size_t) size);
}

static void bzip2_free(void *run, void *memory)
{
    (void) run;
    fn_free(memory);
}

static fn_status bzip2_start(fn_run *run, void *state)
{
    (void) run;
    (void) state;
    return FN_OK;
}

static void bzip2_end(void *state)
{
    bzip2_state *b = state;
    if (b->ready) BZ2_bzDecompressEnd(&b->stream);
    b->ready = false;
}

static fn_status bzip2_begin(fn_run *run, void *state)
{
    bzip2_state *b = state;
    bzip2_end(b);
    b->stream = (bz_stream) { .bzalloc = bzip2_alloc, .bzfree = bzip2_free, .opaque = run };
    int answer = BZ2_bzDecompressInit(&b->stream, 0, 0);
    if (answer == BZ_MEM_ERROR) return fn_fail(run, FN_ENOMEM, "out of memory");
    if (answer != BZ_OK) return fn_fail(run, FN_EIO, "bzip2 can't start (%d)", answer);
    b->ready = true;
    return FN_OK;
}

static fn_status bzip2_step(fn_run *run, void *state, fn_flow *flow, bool *ended)
{
    bz_stream *stream = &((bzip2_state *) state)->stream;
    stream->opaque = run;
    stream->next_in = (char *) flow->in;
    stream->avail_in = flow->in_size < UINT_MAX ? (unsigned) flow->in_size : UINT_MAX;
    stream->next_out = (char *) flow->out;
    stream->avail_out = flow->out_size < UINT_MAX ? (unsigned) flow->out_size : UINT_MAX;
    int answer = BZ2_bzDecompress(stream);
    flow->in_size -= (size_t) ((unsigned char *) stream->next_in - flow->in);
    flow->in = (unsigned char *) stream->next_in;
    flow->out_size -= (size_t) ((unsigned char *) stream->next_out - flow->out);
    flow->out = (unsigned char *) stream->next_out;
    switch (answer) {
    case BZ_OK:
        return FN_OK;
    case BZ_STREAM_END:
        *ended = true;
        return FN_OK;
    case BZ_MEM_ERROR:
        return fn_fail(run, FN_ENOMEM, "out of memory");
    default:
        if (answer == BZ_DATA_ERROR_MAGIC) flow->what = "it does not begin like one";
        return FN_EPARSE;
    }
}
#endif

const fn_decoder fn_decoder_bzip2 = {
    .name = "bzip2", .part = "stream", .hint = "bunzip2", .begins = "B", .fits = bzip2_fits,
#ifdef HAVE_BZ2
    .state_size = sizeof(bzip2_state), .start = bzip2_start, .begin = bzip2_begin, .step = bzip2_step, .end = bzip2_end
#endif
};
