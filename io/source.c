/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/map.h"
#include "io/source_inside.h"

enum { LINE_MOST = 16 * 1024 * 1024 };

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
    if (want > FN_TEXT_BYTES / 4) want = FN_TEXT_BYTES / 4;
    while (source->end - source->at < want && !source->ended) {
        fn_status status = fn_source_fill(run, source);
        if (status) return status;
    }
    /* a small file that is damaged is told so at once, not after its text was judged */
    if (source->packed && source->packed->fault.status) return fn_source_raise(run, &source->packed->fault);
    *bytes = source->text + source->at;
    *got = source->end - source->at;
    return FN_OK;
}

fn_status fn_source_next(fn_run *run, fn_source *source, const char **bytes, size_t *got)
{
    if (source->at == source->end) {
        source->at = source->end = 0;
        while (source->end == 0 && !source->ended) {
            fn_status status = fn_source_fill(run, source);
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
        fn_status status = make_room(run, source, (size_t) LINE_MOST + FN_TEXT_BYTES);
        if (!status) status = fn_source_fill(run, source);
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
    else source->may_wait = true;
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
    new->capacity = FN_TEXT_BYTES;
    if (!(new->name = fn_copy_text(run, name, strlen(name)))) status = FN_ENOMEM;
    else if (!(new->text = fn_alloc(run, FN_TEXT_BYTES + 1, 1))) status = FN_ENOMEM;
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
    status = fn_source_tell_kind(run, new);
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
    if (source->packed) {
        fn_decode_end(&source->packed->decode);
        pthread_mutex_destroy(&source->packed->lock);
        pthread_cond_destroy(&source->packed->changed);
        fn_free(source->packed->raw.bytes);
        fn_free(source->packed->left.bytes);
        fn_free(source->packed);
    }
    if (source->file >= 0 && source->file != STDIN_FILENO) close(source->file);
    fn_free(source->digest_memory);
    fn_free(source->text);
    fn_free(source->name);
    fn_free(source);
}

bool fn_source_map(const fn_source *source, const char **bytes, size_t *size)
{
    if (source->packed || source->file < 0 || source->file == STDIN_FILENO || source->file_size <= 0) return false;
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
    return source->told;
}

uint64_t fn_source_digest(const fn_source *source)
{
    return XXH3_64bits_digest(source->digest);
}

double fn_source_done(const fn_source *source)
{
    if (source->file_size < 0) return -1;
    if (source->file_size == 0) return 1;
    double done = (double) source->told / (double) source->file_size;
    return done < 1 ? done : 1;
}
