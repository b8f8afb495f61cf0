/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#ifdef HAVE_ISAL
#include <limits.h>
#include <string.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include "io/inflate.h"

/* ISA-L: the same text as zlib's, about twice as fast. It asks for no memory of its own. Where data is damaged it may
 * give a few wrong bytes just before it says so, other ones when it is given other portions; zlib gives none. */
typedef struct isal_state {
    struct inflate_state isal;
    bool damaged;
    size_t unused;
} isal_state;

static fn_status isal_start(fn_run *run, void *state)
{
    (void) run;
    isal_inflate_init(&((isal_state *) state)->isal);
    return FN_OK;
}

static void isal_reset(void *state)
{
    isal_state *s = state;
    isal_inflate_reset(&s->isal);
    s->damaged = false;
}

/* Text from before the damage that was still held for want of room; then the damage. */
static fn_status end_in_damage(isal_state *s, fn_flow *flow)
{
    struct inflate_state *isal = &s->isal;
    int held = isal->tmp_out_valid - isal->tmp_out_processed;
    size_t made = held > 0 ? (size_t) held : 0;
    if (flow->whole || made == 0) {
        flow->unused = s->unused;
        return FN_EPARSE;
    }
    if (made > flow->out_size) made = flow->out_size;
    memcpy(flow->out, isal->tmp_out_buffer + isal->tmp_out_processed, made);
    isal->tmp_out_processed += (int) made;
    flow->out += made;
    flow->out_size -= made;
    return FN_OK;
}

/* It reads up to 8 bytes ahead, also from behind the data. */
static size_t give_back(struct inflate_state *isal, unsigned char *spare)
{
    int bits = isal->read_in_length;
    uint64_t held = isal->read_in >> bits % 8;
    size_t spares = bits > 0 ? (size_t) bits / 8 : 0;
    for (size_t i = 0; i < spares; i++) spare[i] = (unsigned char) (held >> 8 * i);
    return spares;
}

static fn_status isal_step(fn_run *run, void *state, fn_flow *flow, bool *ended, unsigned char *spare, size_t *spares)
{
    (void) run;
    isal_state *s = state;
    struct inflate_state *isal = &s->isal;
    if (s->damaged) return end_in_damage(s, flow);
    isal->next_in = (unsigned char *) flow->in;
    isal->avail_in = flow->in_size < UINT_MAX ? (uint32_t) flow->in_size : UINT_MAX;
    isal->next_out = flow->out;
    isal->avail_out = flow->out_size < UINT_MAX ? (uint32_t) flow->out_size : UINT_MAX;
    int answer = flow->whole ? isal_inflate_stateless(isal) : isal_inflate(isal);
    flow->in_size -= (size_t) (isal->next_in - flow->in);
    flow->in = isal->next_in;
    flow->out_size -= (size_t) (isal->next_out - flow->out);
    flow->out = isal->next_out;
    if (answer < 0) {
        s->damaged = true;
        s->unused = isal->read_in_length > 0 ? (size_t) isal->read_in_length / 8 : 0;
        return end_in_damage(s, flow);
    }
    if (isal->block_state == ISAL_BLOCK_FINISH) {
        if (!flow->whole) *spares = give_back(isal, spare);
        *ended = true;
    }
    return FN_OK;
}

static uint32_t isal_check(uint32_t check, const unsigned char *bytes, size_t size)
{
    return size ? crc32_gzip_refl(check, bytes, size) : check;
}

static void isal_end(void *state)
{
    (void) state;
}

const fn_inflater fn_inflater_isal = {
    .name = "ISA-L", .state_size = sizeof(isal_state), .start = isal_start, .reset = isal_reset,
    .step = isal_step, .check = isal_check, .end = isal_end
};
#else
typedef int fn_without_isal; /* a file must have something in it */
#endif
