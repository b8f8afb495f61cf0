/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/pipeline.h"
#include "io/inflate.h"
#include "io/source.h"
#include "tests/fuzz/fuzz.h"

typedef struct outcome {
    fn_status status;
    uint64_t digest, offset;
} outcome;

typedef enum way { BY_NEXT, BY_LINE, BY_PIECES } way;

static fn_status take(fn_run *run, void *source, void *piece, bool *more)
{
    return fn_source_take(run, source, piece, more);
}

static fn_status work(fn_run *run, const void *source, void *piece)
{
    return fn_source_unpack(run, source, piece);
}

static fn_status give(fn_run *run, void *source, void *piece)
{
    return fn_source_account(run, source, piece);
}

static void end_piece(void *piece)
{
    fn_text_piece_end(piece);
}

static fn_status drain(fn_run *run, fn_source *source, way how)
{
    static const fn_pipeline steps = { sizeof(fn_text_piece), take, work, give, end_piece };
    fn_status status = FN_OK;
    const char *bytes;
    char *line = NULL;
    size_t got = 0;
    if (how == BY_PIECES) return fn_pipeline_run(run, &steps, source);
    while (!status) {
        if (how == BY_LINE) status = fn_source_line(run, source, &line, &got);
        else status = fn_source_next(run, source, &bytes, &got);
        if (how == BY_LINE ? !line : !got) break;
    }
    return status;
}

static outcome read_all(const uint8_t *data, size_t size, way how, int threads)
{
    fn_run run = FN_RUN_INIT;
    fn_source *source;
    run.threads = threads;
    outcome end = { .status = fn_source_open_memory(&run, "input", (const char *) data, size, &source) };
    if (!end.status) end.status = drain(&run, source, how);
    FUZZ_MUST(run.error.status == end.status);
    FUZZ_MUST(end.status == FN_OK || (end.status == FN_EPARSE && run.error.message[0]));
    if (!end.status) {
        end.digest = fn_source_digest(source);
        end.offset = fn_source_offset(source);
        FUZZ_MUST(fn_source_file_bytes(source) == size);
    }
    fn_source_close(source);
    return end;
}

/* All text at once, line by line and in pieces, small ones by several threads; by each inflater. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    outcome first = read_all(data, size, BY_NEXT, 1);
    for (int i = 0; i < 8; i++) {
        if (!fn_inflate_use(i % 2 ? "zlib" : NULL)) continue;
        if (i / 2 == 3) fn_source_portions(1 + size % 97, 1 + size % 701);
        outcome other = read_all(data, size, i / 2 < 2 ? (way) (i / 2) : BY_PIECES, i / 2 < 3 ? 1 : 3);
        fn_source_portions(0, 0);
        FUZZ_MUST(other.status == first.status);
        FUZZ_MUST(other.digest == first.digest && other.offset == first.offset);
    }
    fn_inflate_use(NULL);
    return 0;
}

uint8_t *fuzz_own_input(size_t *size)
{
    *size = 0;
    return NULL;
}
