/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/memory.h"
#include "io/source_inside.h"

enum { HEAD_BYTES = 512 /* what is looked at to tell the kind */ };

typedef struct magic {
    const char *bytes;
    size_t place, length;
    const char *name, *hint;
} magic;

/* What is often handed over by mistake; none of it is text. */
static const magic magics[] = {
    { "\x04\x22\x4d\x18", 0, 4, "lz4", "unpack it first: unlz4" },
    { "LZIP\x01", 0, 5, "lzip", "unpack it first: lzip -d" },
    { "\xff\x06\x00\x00sNaPpY", 0, 10, "snappy", "unpack it first" },
    { "7z\xbc\xaf\x27\x1c", 0, 6, "7z", "unpack it first: 7z x" },
    { "Rar!\x1a\x07", 0, 6, "rar", "unpack it first: unrar x" },
    { "PK\x03\x04", 0, 4, "zip (or xlsx, ods)", "unpack it first (unzip), or save the sheet as CSV" },
    { "PK\x05\x06", 0, 4, "zip (an empty one)", NULL },
    { "PK\x07\x08", 0, 4, "zip (split)", "unpack it first: unzip" },
    { "\x1f\x9d", 0, 2, "compress (.Z)", "unpack it first: uncompress, or gzip -d" },
    { "\x1f\xa0", 0, 2, "compress (.Z)", "unpack it first: gzip -d" },
    { "\x1f\x1e", 0, 2, "pack (.z)", "unpack it first: gzip -d" },
    { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, 8, "Excel (xls)", "save the sheet as CSV" },
    { "ustar", 257, 5, "tar", "unpack it first (tar xf) and give the files in it" },
    { "PAR1", 0, 4, "Parquet", "write it as CSV or JSON Lines first" },
    { "SQLite format 3", 0, 16, "SQLite", "write the table as CSV first" },
    { "\x89HDF\r\n\x1a\n", 0, 8, "HDF5", "write the table as CSV first" },
    { "%PDF-", 0, 5, "PDF", NULL },
};

/* Bytes that no text has. */
static bool has_control(const unsigned char *head, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((head[i] < ' ' && (head[i] < '\t' || head[i] > '\r')) || head[i] == 0x7f) return true;
    return false;
}

/* A zlib stream has no more than a checksum of two bytes, and "x^" could begin a text. */
static bool head_is_zlib(const unsigned char *head, size_t length)
{
    if (length < 3 || (head[0] & 0x0f) != 8 || head[0] > 0x78 || (head[0] * 256 + head[1]) % 31 || (head[1] & 0x20))
        return false;
    return has_control(head, 1, length < 64 ? length : 64);
}

/* Not bytes that happen to be text. */
static bool magic_fits(const magic *one, const char *head, size_t length)
{
    if (length < one->place + one->length || memcmp(head + one->place, one->bytes, one->length)) return false;
    if (!strcmp(one->name, "Parquet")) return memchr(head, 0, length) != NULL;
    if (!strcmp(one->name, "tar")) return memchr(head, 0, one->place) != NULL;
    return true;
}

static fn_status refuse_foreign(fn_run *run, const char *name, const char *head, size_t length)
{
    const char *kind = NULL, *hint = NULL;
    const fn_decoder *decoder = fn_decoder_find(head, length);
    char unpack[64];
    if (decoder) { /* not built in */
        kind = decoder->name;
        snprintf(unpack, sizeof unpack, "unpack it first: %s", decoder->hint);
        hint = unpack;
    }
    for (size_t i = 0; i < sizeof magics / sizeof *magics && !kind; i++)
        if (magic_fits(&magics[i], head, length)) {
            kind = magics[i].name;
            hint = magics[i].hint;
        }
    if (!kind && head_is_zlib((const unsigned char *) head, length)) {
        kind = "zlib";
        hint = "unpack it first: zlib-flate -uncompress, or pigz -dz";
    }
    if (!kind) return FN_OK;
    char readable[64];
    fn_fail_at(run, FN_EPARSE, name, 0, 0, "this is %s, which can't be read here (plain text, %s can)", kind,
               fn_decoder_list(false, readable, sizeof readable));
    if (hint) fn_hint(run, "%s", hint);
    return FN_EPARSE;
}

/* What was read so far is not text but the beginning of a compressed file. */
static fn_status start_unpacking(fn_run *run, fn_source *source, const fn_decoder *decoder)
{
    fn_packed *packed = fn_alloc(run, 1, sizeof *packed);
    if (!packed) return FN_ENOMEM;
    pthread_mutex_init(&packed->lock, NULL);
    pthread_cond_init(&packed->changed, NULL);
    source->packed = packed;
    fn_raw *raw = &packed->raw;
    if (!(raw->bytes = fn_alloc_bare(run, FN_RAW_BYTES, 1))) return FN_ENOMEM;
    raw->capacity = FN_RAW_BYTES;
    memcpy(raw->bytes, source->text, source->end);
    raw->end = source->end;
    source->at = source->end = 0;
    source->ended = false;
    XXH3_64bits_reset(source->digest);
    return fn_decode_start(run, &packed->decode, decoder);
}

static fn_status refuse_twice_packed(fn_run *run, const fn_source *source, const fn_decoder *outer, const fn_decoder *inner)
{
    fn_fail_at(run, FN_EPARSE, source->name, 0, 0, "%s inside %s", inner->name, outer->name);
    fn_hint(run, "unpack it once: %s", outer->hint);
    return FN_EPARSE;
}

fn_status fn_source_tell_kind(fn_run *run, fn_source *source)
{
    fn_status status = FN_OK;
    const char *head;
    size_t length;
    if ((status = fn_source_peek(run, source, HEAD_BYTES, &head, &length))) return status;
    const fn_decoder *decoder = fn_decoder_find(head, length);
    if (!decoder || !decoder->state_size) {
        size_t name_length = strlen(source->name);
        bool named_gz = name_length > 3 && !strcasecmp(source->name + name_length - 3, ".gz");
        if ((status = refuse_foreign(run, source->name, head, length))) return status;
        if (!named_gz || (length > 0 && !has_control((const unsigned char *) head, 0, length))) return FN_OK;
        /* text called .gz was unpacked on its way here, but this is neither */
        fn_fail_at(run, FN_EPARSE, source->name, 0, 0, "the gzip file is %s",
                   length ? "damaged: it does not begin like one" : "cut: it is empty");
        fn_hint(run, "get the file again");
        return FN_EPARSE;
    }
    if ((status = start_unpacking(run, source, decoder))) return status;
    if ((status = fn_source_peek(run, source, HEAD_BYTES, &head, &length))) return status;
    const fn_decoder *inner = fn_decoder_find(head, length);
    if (inner && length > 1) return refuse_twice_packed(run, source, decoder, inner);
    return refuse_foreign(run, source->name, head, length);
}
