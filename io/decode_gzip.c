/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include <zlib.h>
#include "graph/memory.h"
#include "io/inflate.h"

/* gzip (RFC 1952): every member must have a header that is right, and end with the CRC and the length of its text. */
enum { FIXED_BYTES = 10, TRAILER_BYTES = 8, EXTRA_KEPT = 64 };

enum flag { FLAG_CHECK = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAG_UNKNOWN = 0xe0 };

typedef struct gzip {
    const fn_inflater *inflater;
    void *inflating;                /* its state */
    enum { FIXED, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEADER_CHECK, DATA, TRAILER } at;
    unsigned char field[FIXED_BYTES]; /* bytes of what is at, while they gather */
    size_t have;
    unsigned flags;
    size_t extra_length;
    unsigned char extra[EXTRA_KEPT]; /* as far as it matters for BGZF */
    uint32_t header_check, check, length;
    bool block, empty;              /* the member read last was a BGZF block, without text */
} gzip;

static const fn_inflater *const inflaters[] = {
#ifdef HAVE_ISAL
    &fn_inflater_isal,
#endif
    &fn_inflater_zlib
};

static const fn_inflater *chosen;

const fn_inflater *fn_inflate_used(void)
{
    return chosen ? chosen : inflaters[0];
}

bool fn_inflate_use(const char *name)
{
    if (!name) {
        chosen = NULL;
        return true;
    }
    for (size_t i = 0; i < sizeof inflaters / sizeof *inflaters; i++)
        if (!strcmp(inflaters[i]->name, name)) {
            chosen = inflaters[i];
            return true;
        }
    return false;
}

static bool gzip_fits(const unsigned char *head, size_t length)
{
    return length > 0 && head[0] == 0x1f && (length == 1 || head[1] == 0x8b);
}

static fn_status gzip_start(fn_run *run, void *state)
{
    gzip *g = state;
    const fn_inflater *inflater = fn_inflate_used();
    if (!(g->inflating = fn_alloc(run, 1, inflater->state_size))) return FN_ENOMEM;
    g->inflater = inflater;
    return inflater->start(run, g->inflating);
}

static void gzip_end(void *state)
{
    gzip *g = state;
    if (g->inflater) g->inflater->end(g->inflating);
    fn_free(g->inflating);
}

static fn_status gzip_begin(fn_run *run, void *state)
{
    (void) run;
    gzip *g = state;
    g->inflater->reset(g->inflating);
    g->at = FIXED;
    g->have = g->extra_length = 0;
    g->header_check = g->check = g->length = 0;
    g->block = false;
    return FN_OK;
}

/* BGZF: an extra field with a subfield "BC" of two bytes, the bytes of the block less one. */
static const unsigned char *find_block_bytes(const unsigned char *extra, size_t length)
{
    for (size_t i = 0; i + 6 <= length;) {
        size_t size = extra[i + 2] + 256 * (size_t) extra[i + 3];
        if (extra[i] == 'B' && extra[i + 1] == 'C' && size == 2) return extra + i + 4;
        i += 4 + size;
    }
    return NULL;
}

size_t fn_gzip_block_bytes(const unsigned char *bytes, size_t size)
{
    if (size < FIXED_BYTES + 2 || !(bytes[3] & FLAG_EXTRA)) return 0;
    size_t length = bytes[10] + 256 * (size_t) bytes[11];
    if (length > size - FIXED_BYTES - 2) return 0;
    const unsigned char *found = find_block_bytes(bytes + FIXED_BYTES + 2, length);
    return found ? found[0] + 256 * (size_t) found[1] + 1 : 0;
}

void fn_gzip_skip(fn_decode *decode, uint64_t bytes, const fn_decode *last)
{
    gzip *g = decode->state;
    const gzip *from = last->state;
    decode->offset += bytes;
    decode->parts += last->parts;
    g->block = from->block;
    g->empty = from->empty;
}

static fn_status wrong(fn_flow *flow, const char *what)
{
    flow->what = what;
    return FN_EPARSE;
}

/* One byte of the header, counted into its checksum. */
static unsigned take_byte(gzip *g, fn_flow *flow)
{
    unsigned byte = *flow->in;
    if (g->at != HEADER_CHECK) g->header_check = (uint32_t) crc32(g->header_check, flow->in, 1);
    flow->in++;
    flow->in_size--;
    return byte;
}

/* The first bytes, each looked at when it comes: what is not gzip is told at its first wrong byte. */
static fn_status take_fixed(gzip *g, fn_flow *flow)
{
    static const unsigned char magic[3] = { 0x1f, 0x8b, Z_DEFLATED };
    unsigned byte = *flow->in;
    if (g->have < 2 && byte != magic[g->have]) return wrong(flow, "it does not begin like one");
    if (g->have == 2 && byte != magic[2]) return wrong(flow, "its header says an unknown method");
    if (g->have == 3 && (byte & FLAG_UNKNOWN)) return wrong(flow, "its header has unknown flags");
    if (g->have == 3) g->flags = byte;
    take_byte(g, flow);
    if (++g->have == FIXED_BYTES) {
        g->at = EXTRA_LENGTH;
        g->have = 0;
    }
    return FN_OK;
}

static void take_extra(gzip *g, fn_flow *flow)
{
    unsigned byte = take_byte(g, flow);
    if (g->have < EXTRA_KEPT) g->extra[g->have] = (unsigned char) byte;
    g->have++;
}

/* Two bytes: the length of the extra field, or the checksum of the header. */
static fn_status take_number(gzip *g, fn_flow *flow, bool *over)
{
    g->field[g->have++] = (unsigned char) take_byte(g, flow);
    *over = g->have == 2;
    unsigned number = g->field[0] + 256u * g->field[1];
    if (*over && g->at == EXTRA_LENGTH) g->extra_length = number;
    if (*over && g->at == HEADER_CHECK && number != (g->header_check & 0xffff))
        return wrong(flow, "the checksum of its header does not fit");
    return FN_OK;
}

/* Has the part of the header that we are at a further byte? The flags say which parts there are. */
static bool has_more(const gzip *g)
{
    switch (g->at) {
    case FIXED: return true;
    case EXTRA_LENGTH: return g->flags & FLAG_EXTRA;
    case EXTRA: return g->have < g->extra_length;
    case NAME: return g->flags & FLAG_NAME;
    case COMMENT: return g->flags & FLAG_COMMENT;
    case HEADER_CHECK: return g->flags & FLAG_CHECK;
    default: return false;
    }
}

/* The header, as far as it is there; at DATA when it is over. */
static fn_status step_header(gzip *g, fn_flow *flow)
{
    fn_status status = FN_OK;
    while (!status && g->at != DATA) {
        bool over = !has_more(g);
        if (!over && !flow->in_size) return FN_OK;
        if (g->at == FIXED) {
            status = take_fixed(g, flow);
            continue;
        }
        if (!over && g->at == EXTRA) {
            take_extra(g, flow);
        } else if (!over && (g->at == NAME || g->at == COMMENT)) {
            over = take_byte(g, flow) == 0;
        } else if (!over) {
            status = take_number(g, flow, &over);
        }
        if (!over) continue;
        if (g->at == EXTRA)
            g->block = find_block_bytes(g->extra, g->extra_length < EXTRA_KEPT ? g->extra_length : EXTRA_KEPT);
        g->at++;
        g->have = 0;
    }
    return status;
}

static uint32_t number_at(const unsigned char *place)
{
    return place[0] | (uint32_t) place[1] << 8 | (uint32_t) place[2] << 16 | (uint32_t) place[3] << 24;
}

static fn_status step_data(fn_run *run, gzip *g, fn_flow *flow)
{
    const unsigned char *out = flow->out;
    bool ended = false;
    g->have = 0;
    fn_status status = g->inflater->step(run, g->inflating, flow, &ended, g->field, &g->have);
    size_t made = (size_t) (flow->out - out);
    g->check = g->inflater->check(g->check, out, made);
    g->length += (uint32_t) made;
    g->empty = ended && g->length == 0;
    if (ended) g->at = TRAILER;
    return status;
}

static fn_status step_trailer(gzip *g, fn_flow *flow, bool *ended)
{
    while (g->have < TRAILER_BYTES) {
        if (!flow->in_size) return FN_OK;
        g->field[g->have++] = *flow->in++;
        flow->in_size--;
    }
    if (number_at(g->field) != g->check) return wrong(flow, "its checksum does not fit");
    if (number_at(g->field + 4) != g->length) return wrong(flow, "its length does not fit");
    *ended = true;
    return FN_OK;
}

static fn_status gzip_step(fn_run *run, void *state, fn_flow *flow, bool *ended)
{
    gzip *g = state;
    fn_status status = FN_OK;
    if (g->at < DATA) status = step_header(g, flow);
    if (!status && g->at == DATA) status = step_data(run, g, flow);
    if (!status && g->at == TRAILER) status = step_trailer(g, flow, ended);
    return status;
}

static const char *gzip_lacks(const void *state)
{
    const gzip *g = state;
    return g->block && !g->empty ? "its last BGZF block (the end mark) is missing" : NULL;
}

const fn_decoder fn_decoder_gzip = {
    .name = "gzip", .part = "member", .hint = "gzip -d", .begins = "\x1f", .padding = 1, .padding_ends = true,
    .state_size = sizeof(gzip), .fits = gzip_fits, .start = gzip_start, .begin = gzip_begin, .step = gzip_step,
    .lacks = gzip_lacks, .end = gzip_end
};
