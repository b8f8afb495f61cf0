/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "io/source.h"
#include "tests/fuzz/fuzz.h"

typedef struct outcome {
    fn_status status;
    uint64_t digest, offset;
} outcome;

/* All text in pieces, or line by line. */
static outcome read_all(const uint8_t *data, size_t size, bool by_line)
{
    fn_run run = FN_RUN_INIT;
    fn_source *source;
    const char *bytes;
    char *line = NULL;
    size_t got = 0;
    outcome end = { .status = fn_source_open_memory(&run, "input", (const char *) data, size, &source) };
    while (!end.status) {
        if (by_line) end.status = fn_source_line(&run, source, &line, &got);
        else end.status = fn_source_next(&run, source, &bytes, &got);
        if (by_line ? !line : !got) break;
    }
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    outcome pieces = read_all(data, size, false), lines = read_all(data, size, true);
    FUZZ_MUST(pieces.status == lines.status);
    FUZZ_MUST(pieces.digest == lines.digest && pieces.offset == lines.offset);
    return 0;
}

uint8_t *fuzz_own_input(size_t *size)
{
    *size = 0;
    return NULL;
}
