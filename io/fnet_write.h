/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_FNET_WRITE_H
#define FN_IO_FNET_WRITE_H

#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/net.h"
#include "io/fnet.h"
#include "io/output.h"

/* How the sections of a network file (io/fnet.h) are made. Each is made twice by the same function: once to measure it
 * and take its checksum, once to write it; so nothing is held in memory beside the network. */
typedef struct fn_fnet_writer {
    fn_run *run;
    fn_output *output;           /* NULL while measuring */
    XXH3_state_t block, section; /* checksums of the block that is being filled, and of those before */
    size_t in_block;
    uint64_t bytes;              /* of this section while measuring, of the file while writing */
    fn_tie usual;                /* what the file says is usual, and which columns it holds */
    bool holds[FN_TIES_COLUMNS];
} fn_fnet_writer;

/* Bytes of a section: written, or measured and added to its checksum. */
fn_status fn_fnet_put(fn_fnet_writer *writer, const void *bytes, size_t count);
/* While measuring: the block ends here. */
void fn_fnet_end_block(fn_fnet_writer *writer);
/* Which columns of the ties the file must hold, and what is usual in the others. It depends on the ties alone, not on
 * the records they came from: the same network makes the same file. */
void fn_fnet_settle_ties(fn_fnet_writer *writer, const fn_net *net);
/* A whole section; number of its column, 0 elsewhere. */
fn_status fn_fnet_put_section(fn_fnet_writer *writer, const fn_net *net, uint32_t kind, uint32_t number);

#endif
