/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_INFLATE_H
#define FN_IO_INFLATE_H

#include "io/decoder.h"

/* What inflates the data of a gzip member: header, checks and the order of members are not its matter (decode_gzip.c).
 * One a file, one row in decode_gzip.c. */
enum { FN_SPARE_BYTES = 8 };

typedef struct fn_inflater {
    const char *name;
    size_t state_size;
    fn_status (*start)(fn_run *run, void *state);     /* of zeroed state */
    void (*reset)(void *state);                       /* before each member */
    /* As a decoder's step. Bytes taken from behind the data come back in spare, their number in *spares. */
    fn_status (*step)(fn_run *run, void *state, fn_flow *flow, bool *ended, unsigned char *spare, size_t *spares);
    uint32_t (*check)(uint32_t check, const unsigned char *bytes, size_t size);   /* CRC-32 of gzip, continued */
    void (*end)(void *state);
} fn_inflater;

extern const fn_inflater fn_inflater_zlib, fn_inflater_isal;

/* The one that files opened from now on are inflated by. */
const fn_inflater *fn_inflate_used(void);
/* Choose one by its name, for tests and measurements; NULL: the best that is built in. false: it is not built in. */
bool fn_inflate_use(const char *name);

/* Bytes of the BGZF block that begins here, as its header says; 0: no such header, or not all of it is here. */
size_t fn_gzip_block_bytes(const unsigned char *bytes, size_t size);
/* Between two members: `bytes` of whole members were read elsewhere, the last one by the decoder `last`. */
void fn_gzip_skip(fn_decode *decode, uint64_t bytes, const fn_decode *last);

#endif
