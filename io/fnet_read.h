/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FNET_READ_H
#define FN_IO_FNET_READ_H

#include "io/fnet.h"
#include "io/format.h"

/* Read a network file (io/fnet.h) into the import, alone or together with other inputs: its ties count as records there,
 * its import report is added. A file that is cut, damaged, of another byte order or of a later version is refused; every
 * length is checked against the bytes that are there, every number against its range. Holds the file in memory. */
fn_status fn_fnet_read(fn_run *run, fn_source *source, fn_import *import);

typedef struct fn_fnet_reader {
    fn_run *run;
    fn_import *import;
    const char *file;
    char *bytes;
    size_t size, capacity;
    fn_fnet_section *section;
    size_t sections, next; /* next: the section to be taken */
    fn_fnet_numbers numbers;
    uint32_t *firm, *product; /* number in the file -> number in the network */
    uint16_t *layer, *currency;
    size_t first_row; /* of this file's ties among the records */
} fn_fnet_reader;

/* Names, one after the other. */
typedef struct fn_fnet_names {
    const char *offsets, *bytes;
    uint64_t count;
} fn_fnet_names;

/* Load the file and check it as a whole: header, directory, checksums, no byte outside them. */
fn_status fn_fnet_open(fn_fnet_reader *reader, fn_source *source);
/* FN_EPARSE: what is wrong, and the byte. */
fn_status fn_fnet_damaged(fn_fnet_reader *reader, uint64_t offset, const char *words);
/* The next section, which must be of this kind and column. size > 0: it must have exactly count elements of that size. */
fn_status fn_fnet_take(fn_fnet_reader *reader, fn_fnet_kind kind, uint32_t column, uint64_t count, size_t size,
                       const char **bytes, size_t *length);
/* The next two sections, which must be count names. */
fn_status fn_fnet_take_names(fn_fnet_reader *reader, fn_fnet_kind offsets, uint32_t column, uint64_t count,
                             fn_fnet_names *names);
const char *fn_fnet_name(const fn_fnet_names *names, uint64_t n, size_t *length);

#endif
