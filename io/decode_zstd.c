/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/decoder.h"

/* Zstandard (RFC 8878): frames, some of which may be skipped. Frames that need a window of more than 128 MiB are
 * refused. A checksum of the text is there where the packer wrote one (zstd's own program does). */

static bool zstd_fits(const unsigned char *head, size_t length)
{
    if (length < 4) return false;
    return !memcmp(head, "\x28\xb5\x2f\xfd", 4) || ((head[0] & 0xf0) == 0x50 && !memcmp(head + 1, "\x2a\x4d\x18", 3));
}

#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

typedef struct zstd_state {
    ZSTD_DCtx *context;
} zstd_state;

static fn_status zstd_start(fn_run *run, void *state)
{
    zstd_state *z = state;
    return (z->context = ZSTD_createDCtx()) ? FN_OK : fn_fail(run, FN_ENOMEM, "out of memory");
}

static fn_status zstd_begin(fn_run *run, void *state)
{
    zstd_state *z = state;
    size_t answer = ZSTD_DCtx_reset(z->context, ZSTD_reset_session_only);
    return ZSTD_isError(answer) ? fn_fail(run, FN_EIO, "zstd can't start again") : FN_OK;
}

static const char *in_words(ZSTD_ErrorCode error)
{
    switch (error) {
    case ZSTD_error_checksum_wrong: return "its checksum does not fit";
    case ZSTD_error_prefix_unknown: return "it does not begin like one";
    case ZSTD_error_frameParameter_windowTooLarge: return "it needs more than 128 MiB of memory";
    case ZSTD_error_dictionary_wrong: return "it needs a dictionary";
    default: return NULL;
    }
}

static fn_status zstd_step(fn_run *run, void *state, fn_flow *flow, bool *ended)
{
    zstd_state *z = state;
    ZSTD_inBuffer in = { flow->in, flow->in_size, 0 };
    ZSTD_outBuffer out = { flow->out, flow->out_size, 0 };
    size_t answer = ZSTD_decompressStream(z->context, &out, &in);
    flow->in += in.pos;
    flow->in_size -= in.pos;
    flow->out += out.pos;
    flow->out_size -= out.pos;
    if (ZSTD_isError(answer)) {
        ZSTD_ErrorCode error = ZSTD_getErrorCode(answer);
        if (error == ZSTD_error_memory_allocation) return fn_fail(run, FN_ENOMEM, "out of memory");
        flow->what = in_words(error);
        return FN_EPARSE;
    }
    *ended = answer == 0;
    return FN_OK;
}

static void zstd_end(void *state)
{
    ZSTD_freeDCtx(((zstd_state *) state)->context);
}
#endif

const fn_decoder fn_decoder_zstd = {
    .name = "zstd", .part = "frame", .hint = "unzstd", .begins = "\x28PQRSTUVWXYZ[\\]^_", .fits = zstd_fits,
#ifdef HAVE_ZSTD
    .state_size = sizeof(zstd_state), .start = zstd_start, .begin = zstd_begin, .step = zstd_step, .end = zstd_end
#endif
};
