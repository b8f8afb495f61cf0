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

enum { BUFFER_BYTES = 16 * FN_BLOCK_TEXT }; /* blocks are cut here only: they don't depend on the sizes of writes */

struct fn_output {
    fn_place place;
    char *buffer;
    size_t used;
    bool gzip;
    fn_deflate deflate;
    unsigned char *block;  /* one compressed block */
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
    fn_deflate_end(&output->deflate);
    fn_free(output->buffer);
    fn_free(output->block);
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
    if (!(new->buffer = fn_alloc(run, BUFFER_BYTES, 1))) status = FN_ENOMEM;
    if (!status && new->gzip && !(new->block = fn_alloc(run, FN_BLOCK_BYTES, 1))) status = FN_ENOMEM;
    if (!status && new->gzip) status = fn_deflate_start(run, &new->deflate);
    if (!status) status = fn_place_open(run, path, &new->place);
    if (status) output_free(new);
    else *output = new;
    return status;
}

static fn_status write_block(fn_run *run, fn_output *output, const char *text, size_t size)
{
    size_t made;
    fn_status status = fn_deflate_block(run, &output->deflate, text, size, output->block, &made);
    return status ? status : fn_place_write(run, &output->place, (const char *) output->block, made);
}

static fn_status flush(fn_run *run, fn_output *output)
{
    fn_status status = FN_OK;
    if (!output->gzip) {
        status = fn_place_write(run, &output->place, output->buffer, output->used);
    } else {
        for (size_t at = 0; at < output->used && !status; at += FN_BLOCK_TEXT) {
            size_t left = output->used - at;
            status = write_block(run, output, output->buffer + at, left < FN_BLOCK_TEXT ? left : FN_BLOCK_TEXT);
        }
    }
    output->used = 0;
    if (!status) status = fn_progress(run, "writing", -1);
    return remember(output, status);
}

fn_status fn_output_write(fn_run *run, fn_output *output, const char *bytes, size_t count)
{
    if (output->failed) return output->failed;
    while (count > 0) {
        size_t part = BUFFER_BYTES - output->used;
        if (part > count) part = count;
        memcpy(output->buffer + output->used, bytes, part);
        output->used += part;
        bytes += part;
        count -= part;
        if (output->used == BUFFER_BYTES) {
            fn_status status = flush(run, output);
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

bool fn_output_packs(const fn_output *output)
{
    return output->gzip;
}

fn_status fn_output_blocks(fn_run *run, fn_output *output, const unsigned char *blocks, size_t count)
{
    fn_status status = output->failed;
    if (!status && output->used) status = flush(run, output);
    if (status) return status;
    return remember(output, fn_place_write(run, &output->place, (const char *) blocks, count));
}

bool fn_output_is_terminal(const fn_output *output)
{
    return !output->place.path && isatty(output->place.file);
}

fn_status fn_output_seal(fn_run *run, fn_output *output)
{
    fn_status status = output->failed;
    if (output->sealed || status) return status;
    status = flush(run, output);
    if (!status && output->gzip) status = write_block(run, output, NULL, 0);
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
