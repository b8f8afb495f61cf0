/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>
#include "graph/memory.h"
#include "graph/pipeline.h"
#include "graph/random.h"
#include "io/deflate.h"
#include "io/inflate.h"
#include "tests/io/stream_support.h"
#include "tests/suite.h"

const char *const stream_inflaters[STREAM_INFLATERS] = { "zlib", "ISA-L" };

void stream_append(bytes *all, const void *more, size_t size)
{
    fn_run run = support_run();
    all->at = fn_grow(&run, all->at, &all->capacity, all->size + size + 1, 1);
    ck_assert(all->at != NULL);
    if (size) memcpy(all->at + all->size, more, size);
    all->size += size;
    all->at[all->size] = '\0';
}

bytes stream_lines(size_t size)
{
    bytes all = { 0 };
    char line[64];
    for (uint64_t i = 0; all.size < size; i++) {
        int length = snprintf(line, sizeof line, "firm %llu\tties %llu\n", (unsigned long long) i,
                              (unsigned long long) fn_random_below(7, 1, i, 1000000));
        stream_append(&all, line, (size_t) length);
    }
    return all;
}

/* One gzip member behind what is in all; header NULL: as zlib makes it. */
void stream_member(bytes *all, const char *text, size_t size, gz_header *header)
{
    z_stream stream = { 0 };
    unsigned char out[4096];
    ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    if (header) ck_assert_int_eq(deflateSetHeader(&stream, header), Z_OK);
    stream.next_in = (unsigned char *) text;
    stream.avail_in = (unsigned) size;
    int answer;
    do {
        stream.next_out = out;
        stream.avail_out = sizeof out;
        answer = deflate(&stream, Z_FINISH);
        stream_append(all, out, sizeof out - stream.avail_out);
    } while (answer == Z_OK);
    ck_assert_int_eq(answer, Z_STREAM_END);
    deflateEnd(&stream);
}

/* BGZF blocks with at most `part` bytes of text each; the end mark where asked. */
void stream_blocks(bytes *all, const char *text, size_t size, size_t part, bool end_mark)
{
    fn_run run = support_run();
    fn_deflate deflate_;
    static unsigned char out[FN_BLOCK_BYTES];
    size_t made;
    ck_assert_int_eq(fn_deflate_start(&run, &deflate_), FN_OK);
    for (size_t at = 0; at < size; at += part) {
        size_t count = size - at < part ? size - at : part;
        ck_assert_int_eq(fn_deflate_block(&run, &deflate_, text + at, count, out, &made), FN_OK);
        stream_append(all, out, made);
    }
    if (end_mark) {
        ck_assert_int_eq(fn_deflate_block(&run, &deflate_, NULL, 0, out, &made), FN_OK);
        stream_append(all, out, made);
    }
    fn_deflate_end(&deflate_);
}

/* Everything a source gives, and its digest. */
fn_status stream_drain(fn_run *run, fn_source *source, bytes *text)
{
    const char *at;
    size_t got;
    fn_status status;
    while (!(status = fn_source_next(run, source, &at, &got)) && got) stream_append(text, at, got);
    if (!status) ck_assert_uint_eq(fn_source_offset(source), text->size);
    if (!status) ck_assert(fn_source_digest(source) == XXH3_64bits(text->at ? text->at : "", text->size));
    return status;
}

fn_status stream_read(fn_run *run, const char *name, const bytes *file, bytes *text)
{
    fn_source *source;
    fn_status status = fn_source_open_memory(run, name, file->at, file->size, &source);
    if (!status) status = stream_drain(run, source, text);
    if (!status) ck_assert_uint_eq(fn_source_file_bytes(source), file->size);
    fn_source_close(source);
    return status;
}

/* What the steps of a pipeline over pieces share. */
typedef struct reader {
    fn_source *source;
    bytes *text;
    size_t room;
} reader;

static fn_status take(fn_run *run, void *user, void *item, bool *more)
{
    reader *r = user;
    fn_text_piece *piece = item;
    piece->room = r->room;
    return fn_source_take(run, r->source, piece, more);
}

static fn_status work(fn_run *run, const void *user, void *item)
{
    const reader *r = user;
    fn_text_piece *piece = item;
    fn_status status = fn_source_unpack(run, r->source, piece);
    if (status) return status;
    memset(piece->text - r->room, 'r', r->room);
    for (size_t i = 0; i < FN_PIECE_SLACK; i++)
        if (piece->text[piece->length + i]) return fn_fail(run, FN_EINVAL, "the bytes behind the text are not 0");
    return piece->length <= FN_PIECE_TEXT ? FN_OK : fn_fail(run, FN_EINVAL, "a piece too large");
}

static fn_status give(fn_run *run, void *user, void *item)
{
    reader *r = user;
    const fn_text_piece *piece = item;
    stream_append(r->text, piece->text, piece->length);
    return fn_source_account(run, r->source, piece);
}

static void end_piece(void *item)
{
    fn_text_piece_end(item);
}

fn_status stream_drain_pieces(fn_run *run, fn_source *source, size_t room, bytes *text)
{
    static const fn_pipeline steps = { sizeof(fn_text_piece), take, work, give, end_piece };
    reader r = { source, text, room };
    fn_status status = fn_pipeline_run(run, &steps, &r);
    if (!status) ck_assert_uint_eq(fn_source_offset(source), text->size);
    if (!status) ck_assert(fn_source_digest(source) == XXH3_64bits(text->at ? text->at : "", text->size));
    return status;
}

fn_status stream_read_pieces(fn_run *run, const char *name, const bytes *file, bytes *text)
{
    fn_source *source;
    fn_status status = fn_source_open_memory(run, name, file->at, file->size, &source);
    if (!status) status = stream_drain_pieces(run, source, 5, text);
    if (!status) ck_assert_uint_eq(fn_source_file_bytes(source), file->size);
    fn_source_close(source);
    return status;
}

fn_status stream_compare(const char *name, const bytes *file, bytes *text)
{
    fn_run serial = support_run();
    bytes first = { 0 }; /* by one thread */
    fn_status status = stream_read(&serial, name, file, text);
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        bytes other = { 0 };
        run.threads = threads;
        ck_assert_int_eq(stream_read_pieces(&run, name, file, &other), status);
        ck_assert_str_eq(run.error.message, serial.error.message);
        ck_assert_str_eq(run.error.hint, serial.error.hint);
        ck_assert_int_eq(run.error.offset, serial.error.offset);
        /* just before damage ISA-L gives other bytes when it is given other portions */
        if (!status || !strcmp(fn_inflate_used()->name, "zlib")) {
            ck_assert_uint_eq(other.size, text->size);
            ck_assert(!other.size || !memcmp(other.at, text->at, other.size));
        }
        if (threads == 1) {
            first = other;
            continue;
        }
        ck_assert_uint_eq(other.size, first.size);
        ck_assert(!other.size || !memcmp(other.at, first.at, other.size));
        fn_free(other.at);
    }
    fn_free(first.at);
    return status;
}
