/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/inflate.h"
#include "io/source_inside.h"

enum {
    ROOM_BEHIND = 2 * FN_PIECE_SLACK, /* what inflates may use the first half for a moment */
    RAW_ENOUGH = FN_RAW_BYTES / 2,
    FAILURES_MOST = 8                 /* then members are no longer taken apart */
};

struct fn_piece_inside {
    char *memory;
    size_t capacity, room;
    bool apart;             /* raw is to be inflated at work */
    uint64_t number;        /* of the pieces taken apart */
    unsigned char *raw;
    size_t raw_size, raw_capacity, text_size; /* text_size: as it seems */
    fn_decode own;
    size_t digested;        /* text at the front that the digest has already seen */
    uint64_t file_bytes;
};

/* Memory for the text of a piece behind the room before it; the text there was is gone. */
static fn_status prepare(fn_run *run, fn_text_piece *piece)
{
    struct fn_piece_inside *inside = piece->inside;
    if (!inside && !(inside = piece->inside = fn_alloc(run, 1, sizeof *inside))) return FN_ENOMEM;
    size_t wanted;
    if (__builtin_add_overflow(piece->room, (size_t) FN_PIECE_TEXT + ROOM_BEHIND, &wanted)) wanted = SIZE_MAX;
    piece->text = NULL;
    piece->length = 0;
    if (wanted > inside->capacity) {
        fn_free(inside->memory);
        inside->capacity = 0;
        if (!(inside->memory = fn_alloc_bare(run, wanted, 1))) return FN_ENOMEM;
        inside->capacity = wanted;
    }
    inside->room = piece->room;
    inside->apart = false;
    inside->digested = 0;
    piece->text = inside->memory + inside->room;
    return FN_OK;
}

static void end_text(fn_text_piece *piece)
{
    memset(piece->text + piece->length, 0, FN_PIECE_SLACK);
}

/* What the serial calls read and nobody was given. */
static void take_held(fn_source *source, fn_text_piece *piece)
{
    size_t held = source->end - source->at;
    if (held > fn_source_piece_most) held = fn_source_piece_most;
    memcpy(piece->text, source->text + source->at, held);
    source->at += held;
    piece->length = piece->inside->digested = held;
}

/* Enough raw bytes to look for members in, where they can be had now. */
static void refill(fn_source *source, bool *waiting)
{
    fn_raw *raw = &source->packed->raw;
    if (raw->end - raw->at >= RAW_ENOUGH || source->file_ended) return;
    memmove(raw->bytes, raw->bytes + raw->at, raw->end - raw->at);
    raw->end -= raw->at;
    raw->at = 0;
    while (raw->end < raw->capacity && !source->file_ended && !*waiting) {
        size_t got;
        fn_source_read_now(source, raw->bytes + raw->end, raw->capacity - raw->end, &got, waiting);
        raw->end += got;
    }
}

/* Between two members: can the next ones be taken apart? */
static bool members_follow(fn_source *source, bool *waiting)
{
    fn_packed *packed = source->packed;
    size_t text;
    if (packed->decode.decoder != &fn_decoder_gzip || packed->decode.place != FN_PART_BETWEEN || packed->fault.status ||
        packed->failures >= FAILURES_MOST)
        return false;
    refill(source, waiting);
    return fn_source_members(packed->raw.bytes + packed->raw.at, packed->raw.end - packed->raw.at, &text) > 0;
}

/* All pieces on their way have settled: go on in a row, first with the bytes that broken ones left. */
static fn_status go_in_a_row(fn_run *run, fn_packed *packed)
{
    fn_raw *raw = &packed->raw, *left = &packed->left;
    pthread_mutex_lock(&packed->lock);
    while (packed->settled < packed->taken) pthread_cond_wait(&packed->changed, &packed->lock);
    bool broken = packed->broken;
    packed->broken = false;
    pthread_mutex_unlock(&packed->lock);
    packed->apart = false;
    if (!broken) return FN_OK;

    packed->failures++;
    size_t more = raw->end - raw->at, before = left->end - left->at;
    unsigned char *bytes = left->bytes;
    if (!(bytes = fn_grow(run, bytes, &left->capacity, left->end + more, 1))) return FN_ENOMEM;
    left->bytes = bytes;
    memmove(bytes, bytes + left->at, before);
    memcpy(bytes + before, raw->bytes + raw->at, more);
    left->at = 0;
    left->end = before + more;
    if (left->capacity < FN_RAW_BYTES) { /* raw never gets smaller */
        if (!(bytes = fn_grow(run, bytes, &left->capacity, FN_RAW_BYTES, 1))) return FN_ENOMEM;
        left->bytes = bytes;
    }
    fn_raw swapped = *raw;
    *raw = *left;
    *left = swapped;
    left->at = left->end = 0;
    return FN_OK;
}

/* Whole members, not inflated yet; *got false where there are none, and the file is in a row again. */
static fn_status take_members(fn_run *run, fn_source *source, fn_text_piece *piece, bool *got, bool *waiting)
{
    struct fn_piece_inside *inside = piece->inside;
    fn_packed *packed = source->packed;
    size_t text = 0, size = 0;
    *got = false;
    pthread_mutex_lock(&packed->lock);
    bool broken = packed->broken;
    pthread_mutex_unlock(&packed->lock);
    if (!broken) {
        refill(source, waiting);
        size = fn_source_members(packed->raw.bytes + packed->raw.at, packed->raw.end - packed->raw.at, &text);
    }
    if (!size) return go_in_a_row(run, packed);
    unsigned char *raw = fn_grow(run, inside->raw, &inside->raw_capacity, size, 1);
    if (!raw) return FN_ENOMEM;
    inside->raw = raw;
    memcpy(raw, packed->raw.bytes + packed->raw.at, size);
    packed->raw.at += size;
    inside->raw_size = size;
    inside->text_size = text;
    inside->apart = *got = true;
    inside->number = packed->taken++;
    return FN_OK;
}

static fn_status take_text(fn_run *run, fn_source *source, fn_text_piece *piece, bool *waiting)
{
    fn_packed *packed = source->packed;
    char *place = piece->text + piece->length;
    size_t room = fn_source_piece_most - piece->length, made = 0;
    fn_status status = FN_OK;
    if (!packed) {
        fn_source_read_now(source, place, room, &made, waiting);
        source->ended = source->file_ended;
    } else {
        fn_raw *raw = &packed->raw;
        if (raw->at == raw->end && !packed->fault.status) refill(source, waiting);
        status = fn_packed_decode(run, packed, source->name, raw, true, place, room, &made);
        source->ended = !status && !made && source->file_ended && raw->at == raw->end;
    }
    piece->length += made;
    return status;
}

/* Text that is decoded here, up to where members can be taken apart. */
static fn_status take_in_a_row(fn_run *run, fn_source *source, fn_text_piece *piece, bool *waiting)
{
    fn_packed *packed = source->packed;
    fn_status status = FN_OK;
    while (!status && piece->length < fn_source_piece_most && !source->ended && !*waiting) {
        if (packed && members_follow(source, waiting)) {
            packed->apart = true;
            break;
        }
        status = take_text(run, source, piece, waiting);
    }
    if (status && piece->length) { /* text first; what is wrong is still known at the next take */
        run->error = (fn_error) { .offset = -1 };
        status = FN_OK;
    }
    return status;
}

/* All text was given: was it whole? */
static fn_status finish(fn_run *run, const fn_source *source)
{
    if (source->fault.status) return fn_source_raise(run, &source->fault);
    return source->packed ? fn_decode_finish(run, &source->packed->decode, source->name) : FN_OK;
}

fn_status fn_source_take(fn_run *run, fn_source *source, fn_text_piece *piece, bool *more)
{
    bool got = false, waiting = false;
    *more = false;
    fn_status status = prepare(run, piece);
    if (status) return status;
    take_held(source, piece);
    if (source->may_wait) source->take_began = fn_source_clock();
    while (!status && !got && !piece->length && !waiting && !source->ended) {
        if (source->packed && source->packed->apart) status = take_members(run, source, piece, &got, &waiting);
        if (!status && !got) status = take_in_a_row(run, source, piece, &waiting);
    }
    end_text(piece);
    if (!status && source->ended && !piece->length) status = finish(run, source);
    *more = !status && (got || piece->length || waiting || source->piece_bytes != source->file_bytes);
    piece->inside->file_bytes = source->piece_bytes = source->file_bytes;
    return status;
}

/* The members of a piece as they seem to be; *clean: they are. */
static fn_status inflate_members(fn_run *run, fn_text_piece *piece, bool *clean)
{
    struct fn_piece_inside *inside = piece->inside;
    fn_decode *own = &inside->own;
    fn_status status = FN_OK;
    if (!own->decoder && (status = fn_decode_start(run, own, &fn_decoder_gzip))) return status;
    fn_flow flow = { .in = inside->raw, .in_size = inside->raw_size, .out = (unsigned char *) piece->text,
                     .out_size = inside->text_size + FN_PIECE_SLACK, .whole = true };
    own->parts = 0;
    while (flow.in_size) {
        bool ended = false;
        own->decoder->begin(run, own->state);
        status = own->decoder->step(run, own->state, &flow, &ended);
        if (status == FN_EPARSE || (!status && !ended)) return FN_OK;
        if (status) return status;
        own->parts++;
    }
    piece->length = (size_t) (flow.out - (unsigned char *) piece->text);
    *clean = piece->length == inside->text_size;
    return FN_OK;
}

/* A piece that is not what it seemed, or comes behind one: its text is what comes next in a row. */
static fn_status decode_in_turn(fn_run *run, fn_packed *packed, const char *name, fn_text_piece *piece)
{
    struct fn_piece_inside *inside = piece->inside;
    fn_raw *left = &packed->left;
    piece->length = 0;
    if (packed->fault.status) return fn_source_raise(run, &packed->fault);
    unsigned char *bytes = fn_grow(run, left->bytes, &left->capacity, left->end + inside->raw_size, 1);
    if (!bytes) return FN_ENOMEM;
    left->bytes = bytes;
    memcpy(bytes + left->end, inside->raw, inside->raw_size);
    left->end += inside->raw_size;
    return fn_packed_decode(run, packed, name, left, false, piece->text, fn_source_piece_most, &piece->length);
}

fn_status fn_source_unpack(fn_run *run, const fn_source *source, fn_text_piece *piece)
{
    struct fn_piece_inside *inside = piece->inside;
    fn_packed *packed = source->packed;
    if (!inside->apart) return FN_OK;
    bool clean = false;
    fn_status status = inflate_members(run, piece, &clean);

    /* in turn: only when all before it are right this one can be */
    pthread_mutex_lock(&packed->lock);
    while (packed->settled != inside->number) pthread_cond_wait(&packed->changed, &packed->lock);
    bool broken = packed->broken;
    pthread_mutex_unlock(&packed->lock);
    if (!status && clean && !broken) {
        fn_gzip_skip(&packed->decode, inside->raw_size, &inside->own);
    } else {
        broken = true;
        if (!status) status = decode_in_turn(run, packed, source->name, piece);
        if (status && !packed->fault.status) packed->fault = run->error;
    }
    pthread_mutex_lock(&packed->lock);
    packed->broken = broken;
    packed->settled++;
    pthread_cond_broadcast(&packed->changed);
    pthread_mutex_unlock(&packed->lock);
    end_text(piece);
    return status;
}

fn_status fn_source_account(fn_run *run, fn_source *source, const fn_text_piece *piece)
{
    const struct fn_piece_inside *inside = piece->inside;
    size_t seen = inside->digested;
    if (piece->length > seen) XXH3_64bits_update(source->digest, piece->text + seen, piece->length - seen);
    source->offset += piece->length;
    source->told = inside->file_bytes;
    return fn_progress(run, "reading", fn_source_done(source));
}

fn_status fn_text_piece_widen(fn_run *run, fn_text_piece *piece, size_t room)
{
    struct fn_piece_inside *inside = piece->inside;
    if (room <= inside->room) return FN_OK;
    size_t used = piece->length + FN_PIECE_SLACK, wanted;
    if (__builtin_add_overflow(room, (size_t) FN_PIECE_TEXT + ROOM_BEHIND, &wanted)) wanted = SIZE_MAX;
    char *memory = inside->memory;
    if (wanted > inside->capacity) {
        if (!(memory = fn_resize(run, memory, wanted, 1))) return FN_ENOMEM;
        inside->memory = memory;
        inside->capacity = wanted;
    }
    memmove(memory + room, memory + inside->room, used);
    inside->room = piece->room = room;
    piece->text = memory + room;
    return FN_OK;
}

void fn_text_piece_end(fn_text_piece *piece)
{
    struct fn_piece_inside *inside = piece->inside;
    if (!inside) return;
    fn_decode_end(&inside->own);
    fn_free(inside->memory);
    fn_free(inside->raw);
    fn_free(inside);
    *piece = (fn_text_piece) { 0 };
}
