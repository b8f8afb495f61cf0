/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FNET_READ_H
#define FN_IO_FNET_READ_H

#include "io/fnet.h"
#include "io/format.h"

/* Read a network file (io/fnet.h) into the import, alone or together with other inputs: its ties count as records
 * there, its import report is added. A file that is cut, damaged, of another byte order or of a later version is
 * refused; every length is checked against the bytes that are there, every number against its range. A plain file is
 * mapped, any other held in memory; where it is the only input and of this version, its arrays become the network's
 * without being copied. O(bytes), on all threads. */
fn_status fn_fnet_read(fn_run *run, fn_source *source, fn_import *import);

typedef struct fn_fnet_reader {
    fn_run *run;
    fn_import *import;
    const char *file;
    const char *bytes;              /* the whole file */
    size_t size, capacity;
    void (*unmap)(void *bytes, size_t size);
    uint32_t version;
    bool in_place;                  /* its arrays become the network's, which was empty: all numbers stay as they are */
    fn_fnet_section *section;
    size_t sections, next;          /* next: the section to be taken */
    fn_fnet_numbers numbers;
    uint32_t *firm, *product;       /* number in the file -> number in the network; in place: NULL */
    uint16_t *layer, *currency;
    size_t first_row;               /* of this file's ties among the records */
} fn_fnet_reader;

/* Names, one after the other. */
typedef struct fn_fnet_names {
    const uint64_t *offsets;
    const char *bytes;
    uint32_t count;
} fn_fnet_names;

/* Load the file and check it as a whole: header, directory, checksums, no byte outside them. */
fn_status fn_fnet_open(fn_fnet_reader *reader, fn_source *source);
/* FN_EPARSE: what is wrong, and the byte. */
fn_status fn_fnet_damaged(fn_fnet_reader *reader, uint64_t offset, const char *words);
/* The byte of the file that lies there. */
static inline uint64_t fn_fnet_place(const fn_fnet_reader *reader, const void *there)
{
    return (uint64_t) ((const char *) there - reader->bytes);
}
/* The next section, which must be of this kind and column. size > 0: it must have exactly count elements of that
 * size. */
fn_status fn_fnet_take(fn_fnet_reader *reader, fn_fnet_kind kind, uint32_t column, uint64_t count, size_t size,
                       const char **bytes, size_t *length);
/* The next two sections, which must be count names. */
fn_status fn_fnet_take_names(fn_fnet_reader *reader, fn_fnet_kind offsets, uint32_t column, uint64_t count,
                             fn_fnet_names *names);
const char *fn_fnet_name(const fn_fnet_names *names, uint32_t n, size_t *length);
/* The names become those of an empty list, where they lie. */
fn_status fn_fnet_lend_names(fn_fnet_reader *reader, const fn_fnet_names *names, fn_names *to, const char *words_twice);

/* Does the number of a product or "none" fit? Translates it. */
bool fn_fnet_map_product(const fn_fnet_reader *reader, uint32_t *product);
static inline uint32_t fn_fnet_map_firm(const fn_fnet_reader *reader, uint32_t firm)
{
    return reader->firm ? reader->firm[firm] : firm;
}

/* The sections of the ties (io/fnet_ties.c), and of columns number first … first + count - 1 (io/fnet_columns.c), which
 * have this many rows. fresh: nothing was there before, so they can be taken whole; else place or first_row says where
 * the rows belong. */
fn_status fn_fnet_take_ties(fn_fnet_reader *reader);
fn_status fn_fnet_take_columns(fn_fnet_reader *reader, uint32_t first, uint64_t count, uint64_t rows, fn_table *table,
                               bool fresh, const uint32_t *place, size_t first_row);

#endif
