/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/decoder.h"

/* xz: streams, with padding between and behind them. A checksum of the text is there unless the packer left it out. */

static bool xz_fits(const unsigned char *head, size_t length)
{
    return length >= 5 && !memcmp(head, "\xfd" "7zXZ", 5);
}

#ifdef HAVE_LZMA
#include <lzma.h>

enum { MEMORY_MOST = 256 * 1024 * 1024 }; /* "xz -9" needs 65 MiB */

typedef struct xz_state {
    lzma_stream stream;
    lzma_allocator allocator;
} xz_state;

static void *xz_alloc(void *run, size_t count, size_t size)
{
    return fn_alloc_bare(run, count, size);
}

static void xz_free(void *run, void *memory)
{
    (void) run;
    fn_free(memory);
}

static fn_status xz_start(fn_run *run, void *state)
{
    (void) run;
    xz_state *x = state;
    x->stream = (lzma_stream) LZMA_STREAM_INIT;
    x->allocator = (lzma_allocator) { xz_alloc, xz_free, run };
    return FN_OK;
}

static fn_status xz_begin(fn_run *run, void *state)
{
    xz_state *x = state;
    x->allocator.opaque = run;
    x->stream.allocator = &x->allocator;
    lzma_ret answer = lzma_stream_decoder(&x->stream, MEMORY_MOST, LZMA_TELL_UNSUPPORTED_CHECK);
    if (answer == LZMA_MEM_ERROR) return fn_fail(run, FN_ENOMEM, "out of memory");
    return answer == LZMA_OK ? FN_OK : fn_fail(run, FN_EIO, "xz can't start (%d)", (int) answer);
}

static fn_status xz_step(fn_run *run, void *state, fn_flow *flow, bool *ended)
{
    xz_state *x = state;
    x->allocator.opaque = run;
    x->stream.next_in = flow->in;
    x->stream.avail_in = flow->in_size;
    x->stream.next_out = flow->out;
    x->stream.avail_out = flow->out_size;
    lzma_ret answer = lzma_code(&x->stream, LZMA_RUN);
    flow->in = x->stream.next_in;
    flow->in_size = x->stream.avail_in;
    flow->out = x->stream.next_out;
    flow->out_size = x->stream.avail_out;
    switch (answer) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: /* no harm: it wants more bytes or more room */
        return FN_OK;
    case LZMA_STREAM_END:
        *ended = true;
        return FN_OK;
    case LZMA_MEM_ERROR:
        return fn_fail(run, FN_ENOMEM, "out of memory");
    case LZMA_FORMAT_ERROR: flow->what = "it does not begin like one"; break;
    case LZMA_MEMLIMIT_ERROR: flow->what = "it needs more than 256 MiB of memory"; break;
    case LZMA_OPTIONS_ERROR:
    case LZMA_UNSUPPORTED_CHECK: flow->what = "it was packed in a way that is not known here"; break;
    default: break;
    }
    return FN_EPARSE;
}

static void xz_end(void *state)
{
    lzma_end(&((xz_state *) state)->stream);
}
#endif

const fn_decoder fn_decoder_xz = {
    .name = "xz", .part = "stream", .hint = "unxz", .begins = "\xfd", .padding = 4, .fits = xz_fits,
#ifdef HAVE_LZMA
    .state_size = sizeof(xz_state), .start = xz_start, .begin = xz_begin, .step = xz_step, .end = xz_end
#endif
};
