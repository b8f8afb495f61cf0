/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#ifdef HAVE_ISAL
#include <isa-l.h>
#endif
#include "bench/measure.h"

/* What the machine allows: the times below which nothing that reads this file or moves these bytes can get. */

enum { PIECE = 1 << 20 };   /* bytes in and out at a time */

static size_t next_piece(FILE *file, unsigned char *in)
{
    size_t got = fread(in, 1, PIECE, file);
    if (ferror(file)) bench_stop("the file can't be read");
    return got;
}

static FILE *open_input(const bench_call *call)
{
    FILE *file = call->input ? fopen(call->input, "rb") : NULL;
    if (!file) bench_stop("%s can't be opened", call->input ? call->input : "no file");
    setvbuf(file, NULL, _IONBF, 0);
    return file;
}

static void print_inflate(const bench_call *call, bench_cost cost, uint64_t text)
{
    if (call->facts.rows) bench_expect(call, "bytes of text", text, call->facts.bytes);
    bench_print(call, call->name, cost, "MB/s=%.0f", (double) text / 1e6 / cost.wall);
}

/* Bare zlib: all members, CRC and length checked by zlib, the text thrown away. */
static void inflate_zlib(bench_call *call)
{
    unsigned char *in = bench_alloc(PIECE, 1), *out = bench_alloc(PIECE, 1);
    FILE *file = open_input(call);
    z_stream stream = { 0 };
    uint64_t text = 0;
    if (inflateInit2(&stream, 15 + 16) != Z_OK) bench_stop("zlib can't be started");
    bench_cost start = bench_now();
    int status = Z_STREAM_END;
    for (size_t got; (got = next_piece(file, in)) > 0;) {
        stream.next_in = in;
        stream.avail_in = (uInt) got;
        do {
            if (status == Z_STREAM_END && stream.avail_in) inflateReset(&stream);
            stream.next_out = out;
            stream.avail_out = PIECE;
            status = inflate(&stream, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) bench_stop("zlib: damaged");
            text += PIECE - stream.avail_out;
        } while (stream.avail_in || stream.avail_out == 0);
    }
    bench_cost cost = bench_since(start);
    if (status != Z_STREAM_END) bench_stop("zlib: cut");
    inflateEnd(&stream);
    fclose(file);
    print_inflate(call, cost, text);
}

#ifdef HAVE_ISAL
/* Bare ISA-L, files of one member. */
static void inflate_isal(bench_call *call)
{
    unsigned char *in = bench_alloc(PIECE, 1), *out = bench_alloc(PIECE, 1);
    FILE *file = open_input(call);
    struct inflate_state *state = bench_alloc(1, sizeof *state);
    uint64_t text = 0;
    isal_inflate_init(state);
    state->crc_flag = ISAL_GZIP;
    bench_cost start = bench_now();
    for (size_t got; (got = next_piece(file, in)) > 0;) {
        state->next_in = in;
        state->avail_in = (uint32_t) got;
        do {
            state->next_out = out;
            state->avail_out = PIECE;
            if (isal_inflate(state) != ISAL_DECOMP_OK) bench_stop("ISA-L: damaged");
            text += PIECE - state->avail_out;
        } while (state->avail_in || state->avail_out == 0);
    }
    bench_cost cost = bench_since(start);
    if (state->block_state != ISAL_BLOCK_FINISH) bench_stop("ISA-L: cut");
    fclose(file);
    print_inflate(call, cost, text);
}
#endif

/* ---- other files ---- */

/* Every byte of a mapped file looked at. */
static void read_file(bench_call *call)
{
    size_t size;
    bench_map(call->input, &size);
    uint64_t sum = 0;
    bench_cost start = bench_now();
    const uint64_t *word = (const uint64_t *) bench_map(call->input, &size);
#pragma omp parallel for num_threads(call->threads) reduction(+ : sum)
    for (size_t i = 0; i < size / 8; i++) sum += word[i];
    bench_cost cost = bench_since(start);
    uint64_t again = 0;
    for (size_t i = size / 8; i > 0; i--) again += word[i - 1];
    bench_expect(call, "sum of words", sum, again);
    bench_print(call, call->name, cost, "GB/s=%.1f", 1e-9 * (double) size / cost.wall);
}

/* The bytes of a file handed over to the system, to be written. */
static void copy_file(bench_call *call)
{
    size_t size, at = 0;
    const char *bytes = bench_map(call->input, &size);
    if (!call->output) bench_stop("copy-file needs -o FILE");
    bench_cost start = bench_now();
    int file = open(call->output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (ssize_t went = 1; at < size && went > 0; at += (size_t) went) {
        went = write(file, bytes + at, size - at < PIECE ? size - at : PIECE);
        if (went < 0) bench_stop("%s can't be written", call->output);
    }
    bench_cost cost = bench_since(start);
    close(file);
    bench_print(call, call->name, cost, "MB/s=%.0f", 1e-6 * (double) size / cost.wall);
}

/* ---- memory ---- */

enum { WORDS = 32 << 20, GATHERS = 32 << 20 };  /* arrays of 256 MiB, far above any cache */

static double *filled(size_t words)
{
    double *array = bench_alloc(words, sizeof *array);
    for (size_t i = 0; i < words; i++) array[i] = (double) (i & 7);
    return array;
}

static void memory_read(bench_call *call)
{
    double *a = filled(WORDS);
    double sum = 0;
    bench_cost start = bench_now();
    /* Eight sums: one would wait for the adder, not for memory. */
#pragma omp parallel for num_threads(call->threads) reduction(+ : sum)
    for (size_t block = 0; block < WORDS / 4096; block++) {
        double part[8] = { 0 };
        for (size_t i = 0; i < 4096; i += 8)
            for (int k = 0; k < 8; k++) part[k] += a[block * 4096 + i + (size_t) k];
        for (int k = 0; k < 8; k++) sum += part[k];
    }
    bench_cost cost = bench_since(start);
    bench_expect(call, "sum", (uint64_t) sum, (uint64_t) WORDS / 8 * 28);
    bench_print(call, call->name, cost, "GB/s=%.1f", 8e-9 * WORDS / cost.wall);
}

static void memory_copy(bench_call *call)
{
    double *a = filled(WORDS), *b = bench_alloc(WORDS, sizeof *b);
    memset(b, 1, sizeof *b * WORDS);
    bench_cost start = bench_now();
#pragma omp parallel for num_threads(call->threads)
    for (size_t i = 0; i < WORDS; i++) b[i] = a[i];
    bench_cost cost = bench_since(start);
    bench_expect(call, "last word", (uint64_t) b[WORDS - 1], 7);
    bench_print(call, call->name, cost, "GB/s=%.1f", 16e-9 * WORDS / cost.wall);
}

/* Doubles from random places of a set of so many MiB. */
static void gather(bench_call *call)
{
    size_t words = call->input ? (size_t) atol(call->input) << 17 : 0;
    if (!words) bench_stop("gather needs the MiB of its set");
    double *set = filled(words), sum = 0;
    uint32_t *place = bench_alloc(GATHERS, sizeof *place);
    for (size_t i = 0; i < GATHERS; i++) place[i] = (uint32_t) fn_random_below(1, 1, i, words);
    bench_cost start = bench_now();
#pragma omp parallel for num_threads(call->threads) reduction(+ : sum)
    for (size_t i = 0; i < GATHERS; i++) sum += set[place[i]];
    bench_cost cost = bench_since(start);
    uint64_t wanted = 0;
    for (size_t i = 0; i < GATHERS; i++) wanted += place[i] & 7;
    bench_expect(call, "sum", (uint64_t) sum, wanted);
    bench_print(call, call->name, cost, "ns/element=%.2f", 1e9 * cost.wall / GATHERS);
}

static void versions(bench_call *call)
{
    (void) call;
#ifdef HAVE_ISAL
    printf("zlib %s, ISA-L %d.%d.%d\n", zlibVersion(), ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
#else
    printf("zlib %s, no ISA-L\n", zlibVersion());
#endif
}

static const bench_task tasks[] = {
    { "inflate-zlib", inflate_zlib },
#ifdef HAVE_ISAL
    { "inflate-isal", inflate_isal },
#endif
    { "read-file", read_file },
    { "copy-file", copy_file },
    { "memory-read", memory_read },
    { "memory-copy", memory_copy },
    { "gather", gather },
    { "versions", versions },
    { NULL, NULL }
};

int main(int argc, char **argv)
{
    bench_call call = bench_start(argc, argv, "floor");
    return bench_run(&call, tasks);
}
