/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "io/fnet_read.h"
#include "io/map.h"

/* The network file as bytes: whole and undamaged, its sections one by one, lists of names. */

fn_status fn_fnet_damaged(fn_fnet_reader *reader, uint64_t offset, const char *words)
{
    fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, (int64_t) offset, "the network file is damaged: %s", words);
    fn_hint(reader->run, "make it again with firmnet import");
    return FN_EPARSE;
}

/* ---- the file as a whole ---- */

static void free_loaded(void *bytes, size_t size)
{
    (void) size;
    fn_free(bytes);
}

/* Map the file or, where that can't be, hold it in memory. */
static fn_status load(fn_fnet_reader *reader, fn_source *source)
{
    char *loaded = NULL;
    reader->unmap = fn_map_close;
    if (fn_source_map(source, &reader->bytes, &reader->size)) return FN_OK;
    reader->unmap = free_loaded;
    for (;;) {
        const char *bytes;
        size_t got;
        fn_status status = fn_source_next(reader->run, source, &bytes, &got);
        if (status || !got) return status;
        char *grown = fn_grow(reader->run, loaded, &reader->capacity, reader->size + got, 1);
        if (!grown) return FN_ENOMEM;
        reader->bytes = loaded = grown;
        memcpy(loaded + reader->size, bytes, got);
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
    reader->version = header->version;
    if (header->version < 1 || header->version > FN_FNET_VERSION) {
        fn_fail_at(reader->run, FN_EPARSE, reader->file, 0, 8,
                   "the network file has version %u, and this firmnet reads versions up to %d", header->version,
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
static fn_status check_directory(fn_fnet_reader *reader, const fn_fnet_header *header)
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
        uint64_t stop = end + section->bytes, next = (stop + FN_FNET_ALIGN - 1) / FN_FNET_ALIGN * FN_FNET_ALIGN;
        if (next > reader->size || !all_zero(reader->bytes + stop, (size_t) (next - stop)))
            return fn_fnet_damaged(reader, stop, "something stands between sections");
        end = next;
    }
    return end == reader->size ? FN_OK : fn_fnet_damaged(reader, end, "something stands behind the sections");
}

/* ---- checksums ---- */

/* Bytes that are hashed as one: a block, or in version 1 a section. */
typedef struct block {
    uint64_t offset, bytes;
} block;

static size_t blocks_of(const fn_fnet_reader *reader, const fn_fnet_section *section)
{
    if (reader->version == 1) return 1;
    return (size_t) (section->bytes / FN_FNET_BLOCK + (section->bytes % FN_FNET_BLOCK != 0));
}

static void list_blocks(const fn_fnet_reader *reader, block *list)
{
    for (size_t s = 0; s < reader->sections; s++) {
        const fn_fnet_section *section = &reader->section[s];
        uint64_t offset = section->offset, left = section->bytes, most = reader->version == 1 ? left : FN_FNET_BLOCK;
        for (size_t b = blocks_of(reader, section); b > 0; b--) {
            *list = (block) { offset, left < most ? left : most };
            offset += list->bytes;
            left -= list->bytes;
            list++;
        }
    }
}

/* On all threads; some blocks at a time, so that it can be interrupted. */
static fn_status hash_blocks(fn_fnet_reader *reader, const block *list, size_t blocks, uint64_t *hash)
{
    enum { AT_ONCE = 256 };
    fn_status status = FN_OK;
    int threads = fn_run_threads(reader->run);
    (void) threads;
    for (size_t first = 0; !status && first < blocks; first += AT_ONCE) {
        size_t end = blocks - first < AT_ONCE ? blocks : first + AT_ONCE;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (end - first > 1)
        for (size_t b = first; b < end; b++)
            hash[b] = XXH3_64bits(reader->bytes + list[b].offset, (size_t) list[b].bytes);
        status = fn_progress(reader->run, "checking the network file", (double) end / (double) blocks);
    }
    return status;
}

static fn_status check_sections(fn_fnet_reader *reader)
{
    size_t blocks = 0;
    for (size_t s = 0; s < reader->sections; s++) blocks += blocks_of(reader, &reader->section[s]);
    block *list = fn_alloc(reader->run, blocks, sizeof *list);
    uint64_t *hash = fn_alloc(reader->run, blocks, sizeof *hash);
    fn_status status = list && hash ? FN_OK : FN_ENOMEM;
    if (!status) {
        list_blocks(reader, list);
        status = hash_blocks(reader, list, blocks, hash);
    }
    const uint64_t *of_section = hash;
    for (size_t s = 0; !status && s < reader->sections; s++) {
        const fn_fnet_section *section = &reader->section[s];
        size_t count = blocks_of(reader, section);
        uint64_t checksum = reader->version == 1 ? of_section[0] : XXH3_64bits(of_section, count * sizeof *of_section);
        if (checksum != section->checksum)
            status = fn_fnet_damaged(reader, section->offset, "the checksum of a section is wrong");
        of_section += count;
    }
    fn_free(list);
    fn_free(hash);
    return status;
}

/* What tells this input from others (fn_read): of version 2 the part that holds all checksums. */
static void tell_digest(fn_fnet_reader *reader)
{
    size_t head = (1 + reader->sections) * FN_FNET_ALIGN;
    reader->import->digest = XXH3_64bits(reader->bytes, reader->version == 1 ? reader->size : head);
    reader->import->bytes = reader->size;
}

fn_status fn_fnet_open(fn_fnet_reader *reader, fn_source *source)
{
    fn_fnet_header header;
    fn_status status = load(reader, source);
    if (!status) status = check_header(reader, &header);
    if (!status) status = check_directory(reader, &header);
    if (!status) status = check_sections(reader);
    if (!status) tell_digest(reader);
    return status;
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

const char *fn_fnet_name(const fn_fnet_names *names, uint32_t n, size_t *length)
{
    *length = (size_t) (names->offsets[n + 1] - names->offsets[n] - 1);
    return names->bytes + names->offsets[n];
}

/* Offsets ascend from 0 to the end, a NUL stands before each but the first. */
static bool names_fit(const fn_fnet_reader *reader, const fn_fnet_names *names, size_t bytes)
{
    const uint64_t *offset = names->offsets;
    bool good = offset[0] == 0 && offset[names->count] == bytes;
    int threads = fn_run_threads(reader->run);
    (void) threads;
#pragma omp parallel for schedule(static) reduction(&& : good) num_threads(threads) if (names->count > 1 << 16)
    for (uint32_t n = 0; n < names->count; n++)
        good = good && offset[n + 1] > offset[n] && offset[n + 1] <= bytes && !names->bytes[offset[n + 1] - 1];
    return good;
}

fn_status fn_fnet_take_names(fn_fnet_reader *reader, fn_fnet_kind offsets, uint32_t column, uint64_t count,
                             fn_fnet_names *names)
{
    const char *list;
    size_t length, bytes;
    if (count >= FN_NONE) return fn_fnet_damaged(reader, 0, "more names than there can be");
    fn_status status = fn_fnet_take(reader, offsets, column, count + 1, sizeof(uint64_t), &list, &length);
    if (!status) status = fn_fnet_take(reader, offsets + 1, column, 0, 0, &names->bytes, &bytes);
    if (status) return status;
    names->offsets = (const uint64_t *) list; /* sections begin at multiples of 64 */
    names->count = (uint32_t) count;
    if (names_fit(reader, names, bytes)) return FN_OK;
    return fn_fnet_damaged(reader, fn_fnet_place(reader, list), "names are out of order");
}

/* That no name stands twice takes a table of all: only where it is asked for, a file of ours holds none twice. */
static fn_status check_distinct(fn_fnet_reader *reader, const fn_fnet_names *names, const char *words_twice)
{
    fn_names *table;
    fn_status status = fn_names_new(reader->run, &table);
    for (uint32_t n = 0; !status && n < names->count; n++) {
        size_t length;
        uint32_t number;
        bool is_new;
        const char *name = fn_fnet_name(names, n, &length);
        status = fn_names_add(reader->run, table, name, length, &number, &is_new);
        if (!status && !is_new) status = fn_fnet_damaged(reader, fn_fnet_place(reader, name), words_twice);
    }
    fn_names_free(table);
    return status;
}

fn_status fn_fnet_lend_names(fn_fnet_reader *reader, const fn_fnet_names *names, fn_names *to, const char *words_twice)
{
    fn_status status = reader->import->options->check ? check_distinct(reader, names, words_twice) : FN_OK;
    return status ? status : fn_names_borrow(reader->run, to, names->offsets, names->bytes, names->count);
}
