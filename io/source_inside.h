/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_SOURCE_INSIDE_H
#define FN_IO_SOURCE_INSIDE_H

#include <pthread.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#include "io/decoder.h"
#include "io/source.h"

/* What the files of the source share; nobody else includes this. */

enum {
    FN_RAW_BYTES = 1024 * 1024,   /* compressed bytes held at most */
    FN_TEXT_BYTES = 256 * 1024    /* text that the serial calls hold, except for longer lines */
};

/* Compressed bytes [at, end) that are not yet decoded. */
typedef struct fn_raw {
    unsigned char *bytes;
    size_t at, end, capacity;
} fn_raw;

/* A compressed file. It is decoded in one of two ways:
 *   in a row: who reads or takes decodes from raw
 *   apart: take cuts raw into pieces of whole members, as it seems, and they are inflated at work. Each piece settles
 *     in its turn. One that is not what it seemed makes the file `broken`: from there on the pieces on their way put
 *     their bytes behind `left` and are decoded in a row from it, until take sees it and goes on in a row itself.
 * decode is always at the end of what has settled. Whoever's turn it is owns decode, left and fault. */
typedef struct fn_packed {
    fn_decode decode;
    fn_raw raw, left;
    fn_error fault;               /* met behind text that was given first */
    bool apart;
    int failures;                 /* times it was broken */
    uint64_t taken;               /* pieces taken apart; only take asks */
    pthread_mutex_t lock;         /* of what follows */
    pthread_cond_t changed;
    uint64_t settled;             /* of those taken */
    bool broken;
} fn_packed;

/* text [at, end) is text not yet given. A plain file is read straight into text. Fields from told on are account's. */
struct fn_source {
    char *name;
    int file;                     /* -1: memory */
    const char *memory;
    size_t memory_left;
    int64_t file_size;            /* -1: unknown */
    bool may_wait;                /* a pipe, say */
    int64_t take_began;           /* fn_source_clock of the last take, where it may wait */
    bool file_ended, ended;
    fn_packed *packed;            /* NULL: plain text */
    uint64_t file_bytes, piece_bytes; /* read; read when the last piece was taken */
    fn_error fault;               /* why the file ended for the pieces */
    char *text;
    size_t at, end, capacity;     /* one byte more is always there, for the NUL of the last line */
    int64_t lines;
    uint64_t told, offset;
    void *digest_memory;
    XXH3_state_t *digest;         /* in digest_memory, at a multiple of 64 */
};

/* source_fill.c */

/* How much at a time (a test may want less). */
extern size_t fn_source_read_most, fn_source_piece_most;

/* Bytes of the file; *got 0 only at its end. A read that a signal broke off asks whether to go on. */
fn_status fn_source_read(fn_run *run, fn_source *source, void *place, size_t room, size_t *got);
/* The same for pieces: *got 0 also where nothing comes for a while (*waiting). What goes wrong ends the file and stays
 * in source->fault until all text before it is given. */
void fn_source_read_now(fn_source *source, void *place, size_t room, size_t *got, bool *waiting);
int64_t fn_source_clock(void);    /* milliseconds */
/* Text from raw, to the end of one part at most where asked. A fault waits in packed->fault while there is text. */
fn_status fn_packed_decode(fn_run *run, fn_packed *packed, const char *name, fn_raw *raw, bool one_part, char *out,
                           size_t room, size_t *made);
/* Add text behind what is there (there is room); at the end set ended. */
fn_status fn_source_fill(fn_run *run, fn_source *source);
/* Report a fault that waited. */
fn_status fn_source_raise(fn_run *run, const fn_error *fault);

/* source_kind.c: tell what a file is from its first bytes; refuse what can't be read. */
fn_status fn_source_tell_kind(fn_run *run, fn_source *source);

/* source_members.c: whole small gzip members that the bytes seem to begin with: their bytes (0: none), *text their
 * text. No more text than a piece has. A guess, which the checks of each member have to prove. */
size_t fn_source_members(const unsigned char *bytes, size_t size, size_t *text);

#endif
