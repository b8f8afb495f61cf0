/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#include "graph/memory.h"
#include "io/inflate.h"
#include "io/map.h"
#include "io/source.h"

enum {
    RAW_BYTES = 128 * 1024,
    TEXT_BYTES = 256 * 1024,
    HEAD_BYTES = 512,             /* what is looked at to tell the kind */
    LINE_MOST = 16 * 1024 * 1024
};

/* raw [raw_at, raw_end) are bytes of a compressed file not yet inflated; text [at, end) is text not yet given. A plain
 * file is read straight into text. */
struct fn_source {
    char *name;
    int file;                     /* -1: memory */
    const char *memory;
    size_t memory_left;
    int64_t file_size;            /* -1: unknown */
    uint64_t file_bytes;
    bool gzip, file_ended, ended;
    fn_inflate inflate;
    unsigned char *raw;
    size_t raw_at, raw_end;
    char *text;
    size_t at, end, capacity;     /* one byte more is always there, for the NUL of the last line */
    uint64_t offset;
    int64_t lines;
    void *digest_memory;
    XXH3_state_t *digest;         /* in digest_memory, at a multiple of 64 */
};

typedef struct magic {
    const char *bytes;
    size_t place, length;
    const char *name, *hint;
} magic;

/* What is often handed over by mistake; none of it is text. */
static const magic magics[] = {
    { "BZh", 0, 3, "bzip2", "unpack it first: bunzip2" },
    { "\xfd" "7zXZ", 0, 5, "xz", "unpack it first: unxz" },
    { "\x28\xb5\x2f\xfd", 0, 4, "zstd", "unpack it first: unzstd" },
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

/* Not bytes that happen to be text: "BZh" may begin a word. */
static bool magic_fits(const magic *one, const char *head, size_t length)
{
    if (length < one->place + one->length || memcmp(head + one->place, one->bytes, one->length)) return false;
    if (!strcmp(one->name, "bzip2"))
        return length >= 10 && (!memcmp(head + 4, "1AY&SY", 6) || !memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6));
    if (!strcmp(one->name, "Parquet")) return memchr(head, 0, length) != NULL;
    if (!strcmp(one->name, "tar")) return memchr(head, 0, one->place) != NULL;
    return true;
}

static fn_status refuse_foreign(fn_run *run, const char *name, const char *head, size_t length)
{
    const char *kind = NULL, *hint = NULL;
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
    fn_fail_at(run, FN_EPARSE, name, 0, 0, "this is %s, which can't be read here (plain text and gzip can)", kind);
    if (hint) fn_hint(run, "%s", hint);
    return FN_EPARSE;
}

/* Bytes of the file; *got 0 only at its end. A read that a signal broke off asks whether to go on. */
static fn_status read_file(fn_run *run, fn_source *source, void *place, size_t room, size_t *got)
{
    *got = 0;
    if (source->file < 0) {
        *got = source->memory_left < room ? source->memory_left : room;
        if (*got) memcpy(place, source->memory, *got);
        source->memory += *got;
        source->memory_left -= *got;
    } else {
        ssize_t count;
        while ((count = read(source->file, place, room)) < 0) {
            if (errno != EINTR) {
                int cause = errno;
                return fn_fail_at(run, FN_EIO, source->name, 0, -1, "can't be read: %s", strerror(cause));
            }
            fn_status status = fn_progress(run, "reading", fn_source_done(source));
            if (status) return status;
        }
        *got = (size_t) count;
    }
    if (!*got) source->file_ended = true;
    source->file_bytes += *got;
    return FN_OK;
}

static fn_status fill_inflated(fn_run *run, fn_source *source, size_t *made)
{
    fn_status status = FN_OK;
    *made = 0;
    while (!status && !*made) {
        if (source->raw_at == source->raw_end && !source->file_ended) {
            source->raw_at = 0;
            if ((status = read_file(run, source, source->raw, RAW_BYTES, &source->raw_end))) break;
        }
        size_t taken;
        status = fn_inflate_step(run, &source->inflate, source->name, source->raw + source->raw_at,
                                 source->raw_end - source->raw_at, source->text + source->end,
                                 source->capacity - source->end, &taken, made);
        source->raw_at += taken;
        if (!status && !*made && source->file_ended && source->raw_at == source->raw_end) {
            status = fn_inflate_finish(run, &source->inflate, source->name);
            source->ended = !status;
            return status;
        }
    }
    return status;
}

/* Add text behind what is there (there is room); at the end set ended. */
static fn_status fill(fn_run *run, fn_source *source)
{
    size_t made = 0;
    fn_status status = fn_progress(run, "reading", fn_source_done(source));
    if (status) return status;
    if (source->gzip) {
        status = fill_inflated(run, source, &made);
    } else {
        status = read_file(run, source, source->text + source->end, source->capacity - source->end, &made);
        source->ended = source->file_ended;
    }
    if (made) XXH3_64bits_update(source->digest, source->text + source->end, made);
    source->end += made;
    return status;
}

/* Room for more text behind the unread text, which moves to the front. */
static fn_status make_room(fn_run *run, fn_source *source, size_t most)
{
    if (source->at > 0) {
        memmove(source->text, source->text + source->at, source->end - source->at);
        source->end -= source->at;
        source->at = 0;
    }
    if (source->end < source->capacity) return FN_OK;
    size_t wanted = source->capacity * 2 < most ? source->capacity * 2 : most, places = source->capacity + 1;
    char *text = fn_grow(run, source->text, &places, wanted + 1, 1);
    if (!text) return FN_ENOMEM;
    source->text = text;
    source->capacity = places - 1;
    return FN_OK;
}

fn_status fn_source_peek(fn_run *run, fn_source *source, size_t want, const char **bytes, size_t *got)
{
    if (want > TEXT_BYTES / 4) want = TEXT_BYTES / 4;
    while (source->end - source->at < want && !source->ended) {
        fn_status status = fill(run, source);
        if (status) return status;
    }
    *bytes = source->text + source->at;
    *got = source->end - source->at;
    return FN_OK;
}

fn_status fn_source_next(fn_run *run, fn_source *source, const char **bytes, size_t *got)
{
    if (source->at == source->end) {
        source->at = source->end = 0;
        while (source->end == 0 && !source->ended) {
            fn_status status = fill(run, source);
            if (status) return status;
        }
    }
    *bytes = source->text + source->at;
    *got = source->end - source->at;
    source->offset += *got;
    source->at = source->end;
    return FN_OK;
}

fn_status fn_source_line(fn_run *run, fn_source *source, char **line, size_t *length)
{
    size_t seen = 0; /* bytes of the unread text known to hold no line feed */
    char *end;
    *line = NULL;
    *length = 0;
    while (!(end = memchr(source->text + source->at + seen, '\n', source->end - source->at - seen))) {
        seen = source->end - source->at;
        if (source->ended) break;
        if (seen > LINE_MOST) {
            fn_fail_at(run, FN_EPARSE, source->name, source->lines + 1, -1, "a line longer than 16 MiB");
            fn_hint(run, "is this a text file with one record a line?");
            return FN_EPARSE;
        }
        fn_status status = make_room(run, source, (size_t) LINE_MOST + TEXT_BYTES);
        if (!status) status = fill(run, source);
        if (status) return status;
    }
    if (!end && seen == 0) return FN_OK;
    *line = source->text + source->at;
    *length = end ? (size_t) (end - *line) : seen;
    if (*length > LINE_MOST)
        return fn_fail_at(run, FN_EPARSE, source->name, source->lines + 1, -1, "a line longer than 16 MiB");
    (*line)[*length] = '\0';
    size_t used = *length + (end != NULL);
    source->at += used;
    source->offset += used;
    source->lines++;
    return FN_OK;
}

/* Tell gzip from text and refuse what is neither. */
static fn_status tell_kind(fn_run *run, fn_source *source)
{
    fn_status status = FN_OK;
    const char *head;
    size_t length;
    if ((status = fn_source_peek(run, source, HEAD_BYTES, &head, &length))) return status;
    size_t name_length = strlen(source->name);
    bool named_gz = name_length > 3 && !strcasecmp(source->name + name_length - 3, ".gz");
    if (length == 0 || head[0] != 0x1f || (length > 1 && (unsigned char) head[1] != 0x8b)) {
        if ((status = refuse_foreign(run, source->name, head, length))) return status;
        if (!named_gz || (length > 0 && !has_control((const unsigned char *) head, 0, length))) return FN_OK;
        /* text called .gz was unpacked on its way here, but this is neither */
        fn_fail_at(run, FN_EPARSE, source->name, 0, 0, "the gzip file is %s",
                   length ? "damaged: it does not begin like one" : "cut: it is empty");
        fn_hint(run, "get the file again");
        return FN_EPARSE;
    }

    /* what was read so far is not text but gzip */
    source->gzip = true;
    if (!(source->raw = fn_alloc(run, RAW_BYTES > TEXT_BYTES ? RAW_BYTES : TEXT_BYTES, 1))) return FN_ENOMEM;
    memcpy(source->raw, source->text, source->end);
    source->raw_end = source->end;
    source->at = source->end = 0;
    source->ended = false;
    XXH3_64bits_reset(source->digest);
    if ((status = fn_inflate_start(run, &source->inflate))) return status;
    if ((status = fn_source_peek(run, source, HEAD_BYTES, &head, &length))) return status;
    if (length > 1 && head[0] == 0x1f && (unsigned char) head[1] == 0x8b) {
        fn_fail_at(run, FN_EPARSE, source->name, 0, 0, "gzip inside gzip");
        fn_hint(run, "unpack it once: gzip -d");
        return FN_EPARSE;
    }
    return refuse_foreign(run, source->name, head, length);
}

static fn_status open_file(fn_run *run, fn_source *source, const char *path)
{
    struct stat about;
    if (!strcmp(path, "-")) {
        source->file = STDIN_FILENO;
    } else {
        while ((source->file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0 && errno == EINTR) {}
        if (source->file < 0) {
            int cause = errno;
            return fn_fail_at(run, FN_EIO, path, 0, -1, "can't be opened: %s", strerror(cause));
        }
    }
    if (fstat(source->file, &about)) {
        int cause = errno;
        return fn_fail_at(run, FN_EIO, source->name, 0, -1, "can't be read: %s", strerror(cause));
    }
    if (S_ISDIR(about.st_mode)) {
        fn_fail_at(run, FN_EIO, source->name, 0, -1, "a folder, not a file");
        fn_hint(run, "give the files in it: %s/*", path);
        return FN_EIO;
    }
    if (S_ISREG(about.st_mode)) source->file_size = about.st_size;
    return FN_OK;
}

static fn_status source_new(fn_run *run, const char *path, const char *memory, size_t size, fn_source **source)
{
    fn_status status = FN_OK;
    const char *name = memory || strcmp(path, "-") ? path : "standard input";
    *source = NULL;
    fn_source *new = fn_alloc(run, 1, sizeof *new);
    if (!new) return FN_ENOMEM;
    new->file = -1;
    new->file_size = -1;
    new->capacity = TEXT_BYTES;
    if (!(new->name = fn_copy_text(run, name, strlen(name)))) status = FN_ENOMEM;
    else if (!(new->text = fn_alloc(run, TEXT_BYTES + 1, 1))) status = FN_ENOMEM;
    else if (!(new->digest_memory = fn_alloc(run, sizeof *new->digest + 64, 1))) status = FN_ENOMEM;
    if (status) goto done;
    new->digest = (XXH3_state_t *) (((uintptr_t) new->digest_memory + 63) / 64 * 64);
    XXH3_INITSTATE(new->digest);
    XXH3_64bits_reset(new->digest);
    if (memory) {
        new->memory = memory;
        new->memory_left = size;
        new->file_size = (int64_t) size;
    } else if ((status = open_file(run, new, path))) {
        goto done;
    }
    status = tell_kind(run, new);
done:
    if (status) fn_source_close(new);
    else *source = new;
    return status;
}

fn_status fn_source_open(fn_run *run, const char *path, fn_source **source)
{
    return source_new(run, path, NULL, 0, source);
}

fn_status fn_source_open_memory(fn_run *run, const char *name, const char *bytes, size_t size, fn_source **source)
{
    return source_new(run, name, bytes ? bytes : "", size, source);
}

void fn_source_close(fn_source *source)
{
    if (!source) return;
    fn_inflate_end(&source->inflate);
    if (source->file >= 0 && source->file != STDIN_FILENO) close(source->file);
    fn_free(source->digest_memory);
    fn_free(source->raw);
    fn_free(source->text);
    fn_free(source->name);
    fn_free(source);
}

bool fn_source_map(const fn_source *source, const char **bytes, size_t *size)
{
    if (source->gzip || source->file < 0 || source->file == STDIN_FILENO || source->file_size <= 0) return false;
    *size = (size_t) source->file_size;
    return fn_map_open(source->file, *size, bytes);
}

const char *fn_source_name(const fn_source *source)
{
    return source->name;
}

int64_t fn_source_line_number(const fn_source *source)
{
    return source->lines;
}

uint64_t fn_source_offset(const fn_source *source)
{
    return source->offset;
}

uint64_t fn_source_file_bytes(const fn_source *source)
{
    return source->file_bytes;
}

uint64_t fn_source_digest(const fn_source *source)
{
    return XXH3_64bits_digest(source->digest);
}

double fn_source_done(const fn_source *source)
{
    if (source->file_size < 0) return -1;
    if (source->file_size == 0) return 1;
    double done = (double) source->file_bytes / (double) source->file_size;
    return done < 1 ? done : 1;
}
