/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "io/source_inside.h"

enum { WAIT_MOST = 200 /* ms */, READ_BYTES = 256 * 1024 };

size_t fn_source_read_most = SIZE_MAX, fn_source_piece_most = FN_PIECE_TEXT;

void fn_source_portions(size_t read, size_t piece)
{
    fn_source_read_most = read ? read : SIZE_MAX;
    fn_source_piece_most = piece && piece < FN_PIECE_TEXT ? piece : FN_PIECE_TEXT;
}

static size_t read_memory(fn_source *source, void *place, size_t room)
{
    size_t got = source->memory_left < room ? source->memory_left : room;
    if (got) memcpy(place, source->memory, got);
    source->memory += got;
    source->memory_left -= got;
    return got;
}

static fn_status say_unreadable(fn_run *run, const fn_source *source)
{
    int cause = errno;
    return fn_fail_at(run, FN_EIO, source->name, 0, -1, "can't be read: %s", strerror(cause));
}

fn_status fn_source_read(fn_run *run, fn_source *source, void *place, size_t room, size_t *got)
{
    *got = 0;
    if (room > fn_source_read_most) room = fn_source_read_most;
    if (source->file < 0) {
        *got = read_memory(source, place, room);
    } else {
        ssize_t count;
        while ((count = read(source->file, place, room)) < 0) {
            if (errno != EINTR) return say_unreadable(run, source);
            fn_status status = fn_progress(run, "reading", fn_source_done(source));
            if (status) return status;
        }
        *got = (size_t) count;
    }
    if (!*got) source->file_ended = true;
    source->file_bytes += *got;
    source->told = source->file_bytes;
    return FN_OK;
}

int64_t fn_source_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A slow pipe must not hold a take for long, however steadily it gives. */
static int wait_left(const fn_source *source)
{
    int64_t left = source->take_began + WAIT_MOST - fn_source_clock();
    return left > 0 ? (int) left : 0;
}

void fn_source_read_now(fn_source *source, void *place, size_t room, size_t *got, bool *waiting)
{
    fn_run run = FN_RUN_INIT;
    *got = 0;
    if (room > fn_source_read_most) room = fn_source_read_most;
    if (source->file < 0) {
        *got = read_memory(source, place, room);
    } else {
        struct pollfd ready = { .fd = source->file, .events = POLLIN };
        *waiting = source->may_wait && poll(&ready, 1, wait_left(source)) <= 0;
        if (*waiting) return;
        ssize_t count = read(source->file, place, room);
        *waiting = count < 0 && errno == EINTR;
        if (*waiting) return;
        if (count < 0 && say_unreadable(&run, source)) source->fault = run.error;
        else *got = (size_t) count;
    }
    if (!*got) source->file_ended = true;
    source->file_bytes += *got;
}

fn_status fn_source_raise(fn_run *run, const fn_error *fault)
{
    if (!run->error.status) run->error = *fault;
    return fault->status;
}

fn_status fn_packed_decode(fn_run *run, fn_packed *packed, const char *name, fn_raw *raw, bool one_part, char *out,
                           size_t room, size_t *made)
{
    fn_run own = FN_RUN_INIT;
    fn_status status = FN_OK;
    fn_decode *decode = &packed->decode;
    *made = 0;
    while (!packed->fault.status && *made < room) {
        size_t taken, got;
        unsigned before = decode->place;
        status = fn_decode_step(&own, decode, name, raw->bytes + raw->at, raw->end - raw->at, out + *made, room - *made,
                                &taken, &got);
        raw->at += taken;
        *made += got;
        if (status) packed->fault = own.error;
        if (!taken && !got && decode->place == before) break;
        if (one_part && decode->place == FN_PART_BETWEEN) break;
    }
    return packed->fault.status && !*made ? fn_source_raise(run, &packed->fault) : FN_OK;
}

static fn_status fill_packed(fn_run *run, fn_source *source, size_t *made)
{
    fn_packed *packed = source->packed;
    fn_raw *raw = &packed->raw;
    *made = 0;
    while (!*made) {
        fn_status status = FN_OK;
        if (raw->at == raw->end && !source->file_ended && !packed->fault.status) {
            raw->at = raw->end = 0;
            if ((status = fn_source_read(run, source, raw->bytes, READ_BYTES, &raw->end))) return status;
        }
        status = fn_packed_decode(run, packed, source->name, raw, false, source->text + source->end,
                                  source->capacity - source->end, made);
        if (status) return status;
        if (!*made && source->file_ended && raw->at == raw->end) {
            status = fn_decode_finish(run, &packed->decode, source->name);
            source->ended = !status;
            return status;
        }
    }
    return FN_OK;
}

fn_status fn_source_fill(fn_run *run, fn_source *source)
{
    size_t made = 0;
    fn_status status = fn_progress(run, "reading", fn_source_done(source));
    if (status) return status;
    if (source->packed) {
        status = fill_packed(run, source, &made);
    } else {
        status = fn_source_read(run, source, source->text + source->end, source->capacity - source->end, &made);
        source->ended = source->file_ended;
    }
    if (made) XXH3_64bits_update(source->digest, source->text + source->end, made);
    source->end += made;
    return status;
}
