/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "io/fnet_read.h"

/* The network file as bytes: whole and undamaged, its sections one by one, lists of names. */

fn_status fn_fnet_damaged(fn_fnet_reader *reader, uint64_t offset, const char *words)
{
    fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, (int64_t) offset, "the network file is damaged: %s", words);
    fn_hint(reader->run, "make it again with firmnet import");
    return FN_EPARSE;
}

/* ---- the file as a whole ---- */

static fn_status load(fn_fnet_reader *reader, fn_source *source)
{
    for (;;) {
        const char *bytes;
        size_t got;
        fn_status status = fn_source_next(reader->run, source, &bytes, &got);
        if (status || !got) return status;
        char *all = fn_grow(reader->run, reader->bytes, &reader->capacity, reader->size + got, 1);
        if (!all) return FN_ENOMEM;
        reader->bytes = all;
        memcpy(all + reader->size, bytes, got);
        reader->size += got;
    }
}

static fn_status check_header(fn_fnet_reader *reader, fn_fnet_header *header)
{
    if (reader->size < sizeof *header) return fn_fnet_damaged(reader, reader->size, "it ends in its header");
    memcpy(header, reader->bytes, sizeof *header);
    if (memcmp(header->magic, FN_FNET_MAGIC, sizeof header->magic) != 0)
        return fn_fnet_damaged(reader, 0, "its first bytes are wrong (was it sent as text?)");
    if (header->byte_order == __builtin_bswap32(FN_FNET_BYTE_ORDER)) {
        fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, 12,
                   "the network file was written on a machine of another byte order");
        fn_hint(reader->run, "import the data again on this machine");
        return FN_EPARSE;
    }
    if (header->checksum != XXH3_64bits(header, sizeof *header - sizeof header->checksum))
        return fn_fnet_damaged(reader, 0, "the checksum of its header is wrong");
    if (header->version != FN_FNET_VERSION) {
        fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, 8,
                   "the network file has version %u, and this firmnet reads version %d", header->version,
                   FN_FNET_VERSION);
        fn_hint(reader->run, "use a newer firmnet, or import the data again with this one");
        return FN_EPARSE;
    }
    if (header->byte_order != FN_FNET_BYTE_ORDER || header->unused[0] || header->unused[1])
        return fn_fnet_damaged(reader, 12, "its header is wrong");
    if (header->file_bytes != reader->size)
        return fn_fnet_damaged(reader, reader->size,
                               header->file_bytes > reader->size ? "it is cut" : "bytes follow its end");
    return FN_OK;
}

static bool all_zero(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

/* Sections must follow one another without holes, so that no byte of the file goes unchecked. */
static fn_status check_sections(fn_fnet_reader *reader, const fn_fnet_header *header)
{
    uint64_t most = reader->size / FN_FNET_ALIGN - 1;
    if (header->sections > most) return fn_fnet_damaged(reader, 24, "more sections than fit in it");
    reader->sections = (size_t) header->sections;
    reader->section = fn_alloc(reader->run, reader->sections, sizeof *reader->section);
    if (!reader->section) return FN_ENOMEM;
    memcpy(reader->section, reader->bytes + FN_FNET_ALIGN, reader->sections * sizeof *reader->section);
    if (header->directory_checksum != XXH3_64bits(reader->section, reader->sections * sizeof *reader->section))
        return fn_fnet_damaged(reader, FN_FNET_ALIGN, "the checksum of its directory is wrong");
    uint64_t end = (1 + header->sections) * FN_FNET_ALIGN;
    for (size_t s = 0; s < reader->sections; s++) {
        const fn_fnet_section *section = &reader->section[s];
        if (section->offset != end || section->bytes > reader->size - end)
            return fn_fnet_damaged(reader, (1 + s) * FN_FNET_ALIGN, "a section lies outside it");
        if (XXH3_64bits(reader->bytes + end, (size_t) section->bytes) != section->checksum)
            return fn_fnet_damaged(reader, end, "the checksum of a section is wrong");
        uint64_t stop = end + section->bytes, next = (stop + FN_FNET_ALIGN - 1) / FN_FNET_ALIGN * FN_FNET_ALIGN;
        if (next > reader->size || !all_zero(reader->bytes + stop, (size_t) (next - stop)))
            return fn_fnet_damaged(reader, stop, "something stands between sections");
        end = next;
    }
    return end == reader->size ? FN_OK : fn_fnet_damaged(reader, end, "something stands behind the sections");
}

/* ---- sections ---- */

fn_status fn_fnet_take(fn_fnet_reader *reader, fn_fnet_kind kind, uint32_t column, uint64_t count, size_t size,
                       const char **bytes, size_t *length)
{
    if (reader->next == reader->sections) return fn_fnet_damaged(reader, reader->size, "sections are missing");
    const fn_fnet_section *section = &reader->section[reader->next++];
    *bytes = reader->bytes + section->offset;
    *length = (size_t) section->bytes;
    if (section->kind != (uint32_t) kind || section->column != column)
        return fn_fnet_damaged(reader, section->offset, "a section of another kind was expected");
    if (size && (count > section->bytes / size || section->bytes != count * size))
        return fn_fnet_damaged(reader, section->offset, "a section is not as long as it should be");
    return FN_OK;
}

static uint64_t offset_at(const fn_fnet_names *names, uint64_t n)
{
    uint64_t offset;
    memcpy(&offset, names->offsets + n * sizeof offset, sizeof offset);
    return offset;
}

const char *fn_fnet_name(const fn_fnet_names *names, uint64_t n, size_t *length)
{
    uint64_t start = offset_at(names, n);
    *length = (size_t) (offset_at(names, n + 1) - start - 1);
    return names->bytes + start;
}

fn_status fn_fnet_take_names(fn_fnet_reader *reader, fn_fnet_kind offsets, uint32_t column, uint64_t count,
                             fn_fnet_names *names)
{
    size_t length, bytes;
    if (count >= FN_NONE) return fn_fnet_damaged(reader, 0, "more names than there can be");
    fn_status status = fn_fnet_take(reader, offsets, column, count + 1, sizeof(uint64_t), &names->offsets, &length);
    if (!status) status = fn_fnet_take(reader, offsets + 1, column, 0, 0, &names->bytes, &bytes);
    if (status) return status;
    names->count = count;
    uint64_t last = offset_at(names, 0);
    bool good = last == 0;
    for (uint64_t n = 1; good && n <= count; n++) {
        uint64_t end = offset_at(names, n);
        good = end > last && end <= bytes && names->bytes[end - 1] == '\0';
        last = end;
    }
    return good && last == bytes
               ? FN_OK
               : fn_fnet_damaged(reader, (uint64_t) (names->offsets - reader->bytes), "names are out of order");
}

fn_status fn_fnet_open(fn_fnet_reader *reader, fn_source *source)
{
    fn_fnet_header header;
    fn_status status = load(reader, source);
    if (!status) status = check_header(reader, &header);
    return status ? status : check_sections(reader, &header);
}
