/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/decoder.h"
#include "io/inflate.h"

static const fn_decoder *const decoders[] = { &fn_decoder_gzip, &fn_decoder_zstd, &fn_decoder_xz, &fn_decoder_bzip2 };

const fn_decoder *fn_decoder_at(size_t i)
{
    return i < sizeof decoders / sizeof *decoders ? decoders[i] : NULL;
}

const fn_decoder *fn_decoder_find(const char *head, size_t length)
{
    const fn_decoder *decoder;
    for (size_t i = 0; (decoder = fn_decoder_at(i)); i++)
        if (decoder->fits((const unsigned char *) head, length)) return decoder;
    return NULL;
}

const char *fn_decoder_list(bool inflater, char *place, size_t size)
{
    const fn_decoder *decoder;
    const char *by = inflater ? fn_inflate_used()->name : "";
    size_t used = (size_t) snprintf(place, size, "gzip%s%s", inflater ? " by " : "", by);
    for (size_t i = 0; (decoder = fn_decoder_at(i)) && used < size; i++)
        if (decoder->state_size && decoder != &fn_decoder_gzip)
            used += (size_t) snprintf(place + used, size - used, ", %s", decoder->name);
    return place;
}

fn_status fn_decode_start(fn_run *run, fn_decode *decode, const fn_decoder *decoder)
{
    *decode = (fn_decode) { 0 };
    if (!(decode->state = fn_alloc(run, 1, decoder->state_size))) return FN_ENOMEM;
    decode->decoder = decoder;
    return decoder->start(run, decode->state);
}

void fn_decode_end(fn_decode *decode)
{
    if (decode->decoder) decode->decoder->end(decode->state);
    fn_free(decode->state);
    *decode = (fn_decode) { 0 };
}

static fn_status say_damage(fn_run *run, const fn_decode *decode, const char *name, const fn_flow *flow)
{
    const fn_decoder *decoder = decode->decoder;
    fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) (decode->offset - flow->unused),
               "the %s file is damaged in %s %llu: %s", decoder->name, decoder->part,
               (unsigned long long) decode->parts + 1, flow->what ? flow->what : "its data can't be unpacked");
    fn_hint(run, "get the file again and compare its size; %s -t shows whether it is whole", decoder->name);
    return FN_EPARSE;
}

static fn_status say_tail(fn_run *run, const fn_decode *decode, const char *name, unsigned byte)
{
    fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) decode->offset,
               "bytes behind the end of the %s data that are not %s (0x%02x …)", decode->decoder->name,
               decode->decoder->name, byte);
    fn_hint(run, "the file was damaged or something was appended to it; get it again");
    return FN_EPARSE;
}

/* Between parts: begin the next one, or go over padding. A first byte that can't be one of a part decides. */
static fn_status step_between(fn_run *run, fn_decode *decode, const char *name, const unsigned char *in, size_t in_size,
                              size_t *taken)
{
    const fn_decoder *decoder = decode->decoder;
    size_t zeros = 0;
    if (decode->parts > 0 && decoder->padding)
        while (zeros < in_size && in[zeros] == 0) zeros++;
    *taken = zeros;
    decode->offset += zeros;
    decode->zeros += zeros;
    if (decode->zeros) decode->place = FN_PART_PADDING;
    if (zeros == in_size) return FN_OK;
    bool fits = decode->parts == 0 || (in[zeros] && strchr(decoder->begins, in[zeros]));
    if (decode->zeros && (decoder->padding_ends || decode->zeros % decoder->padding)) fits = false;
    if (!fits) return say_tail(run, decode, name, in[zeros]);
    decode->zeros = 0;
    decode->place = FN_PART_INSIDE;
    return decoder->begin(run, decode->state);
}

fn_status fn_decode_step(fn_run *run, fn_decode *decode, const char *name, const unsigned char *in, size_t in_size,
                         char *out, size_t out_size, size_t *taken, size_t *made)
{
    fn_status status = FN_OK;
    *taken = *made = 0;
    if (decode->place != FN_PART_INSIDE) {
        if (in_size) status = step_between(run, decode, name, in, in_size, taken);
        if (status || decode->place != FN_PART_INSIDE) return status;
    }
    fn_flow flow = { .in = in + *taken, .in_size = in_size - *taken, .out = (unsigned char *) out,
                     .out_size = out_size };
    size_t offered = flow.in_size;
    bool ended = false;
    status = decode->decoder->step(run, decode->state, &flow, &ended);
    decode->offset += offered - flow.in_size;
    *taken = in_size - flow.in_size;
    *made = out_size - flow.out_size;
    if (status == FN_EPARSE) return say_damage(run, decode, name, &flow);
    if (status) return status;
    if (ended) {
        decode->parts++;
        decode->place = FN_PART_BETWEEN;
    } else if (flow.in_size == offered && flow.out_size == out_size && offered && out_size) {
        return say_damage(run, decode, name, &flow); /* else it would be asked for ever */
    }
    return FN_OK;
}

fn_status fn_decode_finish(fn_run *run, const fn_decode *decode, const char *name)
{
    const fn_decoder *decoder = decode->decoder;
    const char *lacks = NULL;
    if (decode->place == FN_PART_INSIDE || decode->parts == 0) {
        fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) decode->offset, "the %s file is cut: it ends inside a %s",
                   decoder->name, decoder->part);
    } else {
        if (decode->zeros && decode->zeros % decoder->padding) lacks = "its padding is not whole";
        else if (decoder->lacks) lacks = decoder->lacks(decode->state);
        if (!lacks) return FN_OK;
        fn_fail_at(run, FN_EPARSE, name, 0, (int64_t) decode->offset, "the %s file is cut: %s", decoder->name, lacks);
    }
    fn_hint(run, "get the file again and compare its size");
    return FN_EPARSE;
}
