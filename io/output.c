/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/text.h"
#include "io/deflate.h"
#include "io/output.h"
#include "io/output_place.h"

/* Text gathers in a buffer of whole blocks, so blocks depend on the text alone and not on the sizes of writes, nor on
 * the size of the buffer, which gives every thread blocks to deflate. */
enum { BLOCKS_A_THREAD = 16, BLOCKS_MOST = 512, DIRECT_BYTES = 1 << 16 };

struct fn_output {
    fn_place place;
    char *buffer;
    size_t used, room;
    bool gzip;
    bool sealed;
    fn_status failed;      /* the first failure: nothing is written any more */
};

static fn_status remember(fn_output *output, fn_status status)
{
    if (status && !output->failed) output->failed = status;
    return status;
}

static void output_free(fn_output *output)
{
    if (!output) return;
    fn_place_free(&output->place);
    fn_free(output->buffer);
    fn_free(output);
}

fn_status fn_output_open(fn_run *run, const char *path, fn_output **output)
{
    fn_status status = FN_OK;
    *output = NULL;
    fn_output *new = fn_alloc(run, 1, sizeof *new);
    if (!new) return FN_ENOMEM;
    new->place.file = -1;
    size_t length = path ? strlen(path) : 0;
    new->gzip = length > 3 && !strcasecmp(path + length - 3, ".gz");
    int blocks = BLOCKS_A_THREAD * (new->gzip ? fn_run_threads(run) : 1);
    new->room = (size_t) (blocks < BLOCKS_MOST ? blocks : BLOCKS_MOST) * FN_BLOCK_TEXT;
    if (!(new->buffer = fn_alloc_bare(run, new->room, 1))) status = FN_ENOMEM;
    if (!status) status = fn_place_open(run, path, &new->place);
    if (status) output_free(new);
    else *output = new;
    return status;
}

/* Everything in the buffer to the file; end: and the mark that ends a BGZF file. */
static fn_status flush(fn_run *run, fn_output *output, bool end)
{
    fn_status status = output->gzip ? fn_deflate_all(run, output->buffer, output->used, end, &output->place)
                                    : fn_place_write(run, &output->place, output->buffer, output->used);
    output->used = 0;
    if (!status) status = fn_progress(run, "writing", -1);
    return remember(output, status);
}

fn_status fn_output_write(fn_run *run, fn_output *output, const char *bytes, size_t count)
{
    if (output->failed) return output->failed;
    if (!output->gzip && count >= DIRECT_BYTES) {
        fn_status status = flush(run, output, false);
        return status ? status : remember(output, fn_place_write(run, &output->place, bytes, count));
    }
    while (count > 0) {
        size_t part = output->room - output->used;
        if (part > count) part = count;
        memcpy(output->buffer + output->used, bytes, part);
        output->used += part;
        bytes += part;
        count -= part;
        if (output->used == output->room) {
            fn_status status = flush(run, output, false);
            if (status) return status;
        }
    }
    return FN_OK;
}

fn_status fn_output_text(fn_run *run, fn_output *output, const char *text)
{
    return fn_output_write(run, output, text, strlen(text));
}

fn_status fn_output_format(fn_run *run, fn_output *output, const char *format, ...)
{
    char small[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length < 0) return remember(output, fn_fail(run, FN_EIO, "text can't be formatted"));
    if ((size_t) length < sizeof small) return fn_output_write(run, output, small, (size_t) length);

    char *large = fn_alloc(run, (size_t) length + 1, 1);
    if (!large) return remember(output, FN_ENOMEM);
    va_start(arguments, format);
    vsnprintf(large, (size_t) length + 1, format, arguments);
    va_end(arguments);
    fn_status status = fn_output_write(run, output, large, (size_t) length);
    fn_free(large);
    return status;
}

fn_status fn_output_real(fn_run *run, fn_output *output, double value)
{
    char text[FN_REAL_TEXT];
    size_t length = fn_real_format(value, text);
    return fn_output_write(run, output, text, length);
}

bool fn_output_is_terminal(const fn_output *output)
{
    return !output->place.path && isatty(output->place.file);
}

fn_status fn_output_seal(fn_run *run, fn_output *output)
{
    fn_status status = output->failed;
    if (output->sealed || status) return status;
    status = flush(run, output, true);
    if (!status) status = fn_place_sync(run, &output->place);
    output->sealed = !status;
    return remember(output, status);
}

fn_status fn_output_commit(fn_run *run, fn_output *output)
{
    fn_status status = fn_output_seal(run, output);
    if (!status) status = fn_place_commit(run, &output->place);
    output_free(output);
    return status;
}

void fn_output_abort(fn_output *output)
{
    output_free(output);
}
