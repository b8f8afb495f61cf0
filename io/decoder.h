/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_DECODER_H
#define FN_IO_DECODER_H

#include <stddef.h>
#include "graph/run.h"

/* Compressed files: one decoder a file, one row in decoders.c. A compressed file is a row of parts (gzip: members,
 * zstd: frames, xz and bzip2: streams), each decoded on its own; what holds for all of them (parts one after another,
 * padding, bytes that don't belong, the end inside a part) stands in decoders.c once. */

/* Bytes on their way: a decoder moves in and out on as far as it gets. */
typedef struct fn_flow {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t out_size;
    bool whole;               /* the part's last byte is there, and there should be room for all its text */
    size_t unused;            /* set on damage: of the bytes taken so far, the last ones that were not looked at yet */
    const char *what;         /* set on damage: what is wrong, in words */
} fn_flow;

typedef struct fn_decoder {
    const char *name;         /* "gzip" */
    const char *part;         /* what its parts are called */
    const char *hint;         /* for files of this kind where it is not built in or packed twice */
    const char *begins;       /* the first bytes that a part can have */
    unsigned padding;         /* zeros between and behind parts come in multiples of this; 0: none */
    bool padding_ends;        /* nothing comes behind padding */
    size_t state_size;        /* 0: not built in */
    bool (*fits)(const unsigned char *head, size_t length);        /* is it a file of this kind? */
    fn_status (*start)(fn_run *run, void *state);                  /* of zeroed state */
    fn_status (*begin)(fn_run *run, void *state);                  /* a part */
    /* As far as both ends of the flow allow. FN_EPARSE is damage: said in flow->what, not recorded in run. */
    fn_status (*step)(fn_run *run, void *state, fn_flow *flow, bool *ended);
    const char *(*lacks)(const void *state);                       /* at the end of the file; NULL: nothing lacks */
    void (*end)(void *state);
} fn_decoder;

extern const fn_decoder fn_decoder_gzip, fn_decoder_zstd, fn_decoder_xz, fn_decoder_bzip2;

/* The decoder number `i` of the table; NULL behind the last. */
const fn_decoder *fn_decoder_at(size_t i);
/* The one for a file that begins so; NULL: none. May be one that is not built in. */
const fn_decoder *fn_decoder_find(const char *head, size_t length);
/* "gzip, zstd, xz": what is built in; or "gzip by ISA-L, zstd, xz". */
const char *fn_decoder_list(bool inflater, char *place, size_t size);

typedef struct fn_decode {
    const fn_decoder *decoder;    /* NULL: not started */
    void *state;
    enum { FN_PART_BETWEEN, FN_PART_INSIDE, FN_PART_PADDING } place;
    uint64_t offset;              /* bytes of the file consumed */
    uint64_t parts;               /* read to their end */
    uint64_t zeros;               /* of padding, since the last part */
} fn_decode;

fn_status fn_decode_start(fn_run *run, fn_decode *decode, const fn_decoder *decoder);
void fn_decode_end(fn_decode *decode);
/* Take bytes from in and put text into out as far as both go, to the end of one part at most; *taken and *made say how
 * far. Neither: more bytes are needed. With an error *made can be more than 0: text before the damage. */
fn_status fn_decode_step(fn_run *run, fn_decode *decode, const char *name, const unsigned char *in, size_t in_size,
                         char *out, size_t out_size, size_t *taken, size_t *made);
/* No more bytes will come: FN_EPARSE when the file was cut. */
fn_status fn_decode_finish(fn_run *run, const fn_decode *decode, const char *name);

#endif
