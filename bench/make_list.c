/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "bench/measure.h"

/* make_list FIRMS DRAWS SEED PREFIX: a list of ties like those that people bring, always the same one: PREFIX.tsv,
 * PREFIX.tsv.gz (one member), PREFIX.bgz.gz (BGZF), and PREFIX.truth: the cluster of each firm, 32 bits, firms in order
 * of first appearance.
 *   clusters  of 20 firms to a hundredth of all, sizes by a power law of exponent 2
 *   firms     deliver and receive in proportion to their size (power law, exponent 2.3), noisily; ids of 12 digits
 *   ties      DRAWS of them and a sixth more, of which 7 in 10 stay in the cluster of who delivers, and one in twelve
 *             is answered; pairs drawn again are left out; rows in random order
 *   money     lognormal, sigma 1, half a log unit more within a cluster */

enum { CLUSTER_SIZE = 1, FIRM_SIZE, NOISE, FROM, INSIDE, TO, ANSWER, SHUFFLE_FIRMS, SHUFFLE_ROWS, MONEY };

typedef struct economy {
    uint64_t seed;
    uint32_t firms, clusters;
    uint32_t *cluster, *first;      /* of a firm; first firm of a cluster */
    uint32_t *number;               /* the firm's number in its id: clusters don't show */
    double *deliver, *receive;      /* sums of the propensities of the firms before */
} economy;

static double unit(const economy *e, int stream, uint64_t index)
{
    return fn_random_unit(e->seed, (uint64_t) stream, index);
}

static double normal(const economy *e, int stream, uint64_t index)
{
    return sqrt(-2 * log(1 - unit(e, stream, 2 * index))) * cos(2 * 3.14159265358979 * unit(e, stream, 2 * index + 1));
}

/* From low to high, density falling as x^-exponent. */
static double power_law(double low, double high, double exponent, double at)
{
    double slope = 1 - exponent, a = pow(low, slope);
    return pow(a + at * (pow(high, slope) - a), 1 / slope);
}

static economy make_economy(uint32_t firms, uint64_t seed)
{
    economy e = { .seed = seed, .firms = firms };
    e.cluster = bench_alloc(firms, sizeof *e.cluster);
    e.first = bench_alloc((size_t) firms / 20 + 2, sizeof *e.first);
    e.number = bench_alloc(firms, sizeof *e.number);
    e.deliver = bench_alloc((size_t) firms + 1, sizeof *e.deliver);
    e.receive = bench_alloc((size_t) firms + 1, sizeof *e.receive);
    double largest = firms / 100.0 > 200 ? firms / 100.0 : 200;
    for (uint32_t used = 0; used < firms;) {
        uint32_t size = (uint32_t) power_law(20, largest, 2, unit(&e, CLUSTER_SIZE, e.clusters));
        if (firms - used < size + 20) size = firms - used;
        for (uint32_t i = used; i < used + size; i++) e.cluster[i] = e.clusters;
        e.first[e.clusters++] = used;
        used += size;
    }
    e.first[e.clusters] = firms;
    for (uint32_t i = 0; i < firms; i++) {
        double size = power_law(1, 2 * sqrt(firms), 2.3, unit(&e, FIRM_SIZE, i));
        e.deliver[i + 1] = e.deliver[i] + size * exp(0.5 * normal(&e, NOISE, 2 * (uint64_t) i));
        e.receive[i + 1] = e.receive[i] + size * exp(0.5 * normal(&e, NOISE, 2 * (uint64_t) i + 1));
    }
    for (uint32_t i = 0; i < firms; i++) {
        uint32_t other = (uint32_t) fn_random_below(seed, SHUFFLE_FIRMS, i, (uint64_t) i + 1);
        e.number[i] = e.number[other];
        e.number[other] = i;
    }
    return e;
}

/* A firm of first … end-1 by its share. */
static uint32_t draw(const double *sum, uint32_t first, uint32_t end, double at)
{
    double wanted = sum[first] + at * (sum[end] - sum[first]);
    while (end - first > 1) {
        uint32_t middle = first + (end - first) / 2;
        if (sum[middle] <= wanted) first = middle;
        else end = middle;
    }
    return first;
}

/* Distinct pairs, from in the upper half, in random order. */
static size_t draw_ties(const economy *e, size_t wanted, uint64_t **pairs)
{
    uint64_t *pair = bench_alloc(wanted + 1, sizeof *pair), *spare = bench_alloc(wanted + 1, sizeof *spare);
    size_t count = 0, kept = 0;
    for (uint64_t i = 0; count < wanted; i++) {
        uint32_t from = draw(e->deliver, 0, e->firms, unit(e, FROM, i)), c = e->cluster[from];
        bool inside = unit(e, INSIDE, i) < 0.7;
        uint32_t to = draw(e->receive, inside ? e->first[c] : 0, inside ? e->first[c + 1] : e->firms, unit(e, TO, i));
        if (from == to) continue;
        pair[count++] = (uint64_t) from << 32 | to;
        if (unit(e, ANSWER, i) < 1.0 / 12) pair[count++] = (uint64_t) to << 32 | from;
    }
    bench_sort(pair, spare, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || pair[i - 1] != pair[i]) spare[kept++] = pair[i];
    free(pair);
    for (size_t i = kept; i > 1; i--) {
        size_t other = (size_t) fn_random_below(e->seed, SHUFFLE_ROWS, i, i);
        uint64_t swap = spare[i - 1];
        spare[i - 1] = spare[other];
        spare[other] = swap;
    }
    *pairs = spare;
    return kept;
}

/* ---- the files ---- */

enum { PIECE = 65280 };     /* of text: one block of BGZF */

typedef struct file {
    FILE *out;
    z_stream stream;        /* unused: plain text */
    enum { PLAIN, MEMBER, BLOCKS } kind;
} file;

static void open_file(file *f, const char *prefix, const char *suffix, int kind)
{
    char path[4096];
    f->kind = kind;
    snprintf(path, sizeof path, "%s%s", prefix, suffix);
    if (!(f->out = fopen(path, "wb"))) bench_stop("%s can't be written", path);
    if (kind != PLAIN && deflateInit2(&f->stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        bench_stop("zlib can't be started");
}

/* A piece of text; the last is empty. Blocks are members with their size in the header (SAM specification, 4.1). */
static void put(file *f, char *text, size_t size)
{
    static unsigned char out[2 * PIECE], extra[] = { 'B', 'C', 2, 0, 0, 0 };
    gz_header header = { .extra = extra, .extra_len = sizeof extra, .os = 255 };
    size_t made = size;
    if (f->kind != PLAIN) {
        if (f->kind == BLOCKS) {
            deflateReset(&f->stream);
            deflateSetHeader(&f->stream, &header);
        }
        f->stream.next_in = (Bytef *) text;
        f->stream.avail_in = (uInt) size;
        f->stream.next_out = out;
        f->stream.avail_out = sizeof out;
        int status = deflate(&f->stream, f->kind == BLOCKS || size == 0 ? Z_FINISH : Z_NO_FLUSH);
        if (status == Z_STREAM_ERROR || f->stream.avail_in) bench_stop("zlib refused");
        made = sizeof out - f->stream.avail_out;
        if (f->kind == BLOCKS) {
            out[16] = (unsigned char) ((made - 1) & 255);
            out[17] = (unsigned char) ((made - 1) >> 8);
        }
    }
    if (fwrite(f->kind == PLAIN ? (void *) text : out, 1, made, f->out) != made) bench_stop("the disk is full?");
    if (size == 0 && fclose(f->out) != 0) bench_stop("the disk is full?");
    if (size == 0 && f->kind != PLAIN) deflateEnd(&f->stream);
}

static size_t print_row(const economy *e, uint64_t pair, size_t row, char *text, size_t room)
{
    uint32_t from = (uint32_t) (pair >> 32), to = (uint32_t) pair;
    double money = exp((e->cluster[from] == e->cluster[to] ? 9.5 : 9.0) + normal(e, MONEY, row));
    uint64_t cents = (uint64_t) (100 * money) + 1;
    /* The factor has no divisor in common with 10^12: every firm has an id of its own. */
    uint64_t a = (uint64_t) ((unsigned __int128) 618033988749ULL * e->number[from] % 1000000000000ULL);
    uint64_t b = (uint64_t) ((unsigned __int128) 618033988749ULL * e->number[to] % 1000000000000ULL);
    return (size_t) snprintf(text, room, "KZ-%012" PRIu64 "\tKZ-%012" PRIu64 "\t%" PRIu64 ".%02u\n", a, b, cents / 100,
                             (unsigned) (cents % 100));
}

static void put_truth(const economy *e, const uint64_t *pair, size_t ties, const char *prefix)
{
    char path[4096];
    bool *seen = bench_alloc(e->firms, sizeof *seen);
    snprintf(path, sizeof path, "%s.truth", prefix);
    FILE *out = fopen(path, "wb");
    if (!out) bench_stop("%s can't be written", path);
    for (size_t i = 0; i < ties; i++) {
        uint32_t ends[2] = { (uint32_t) (pair[i] >> 32), (uint32_t) pair[i] };
        for (int k = 0; k < 2; k++) {
            if (!seen[ends[k]]) fwrite(&e->cluster[ends[k]], sizeof *e->cluster, 1, out);
            seen[ends[k]] = true;
        }
    }
    if (ferror(out) || fclose(out) != 0) bench_stop("the disk is full?");
    free(seen);
}

int main(int argc, char **argv)
{
    if (argc != 5) bench_stop("usage: make_list FIRMS DRAWS SEED PREFIX");
    size_t draws = strtoull(argv[2], NULL, 10);
    economy e = make_economy((uint32_t) atol(argv[1]), strtoull(argv[3], NULL, 10));
    uint64_t *pair;
    size_t ties = draw_ties(&e, draws + draws / 6, &pair);
    put_truth(&e, pair, ties, argv[4]);
    file f[3] = { 0 };
    open_file(&f[0], argv[4], ".tsv", PLAIN);
    open_file(&f[1], argv[4], ".tsv.gz", MEMBER);
    open_file(&f[2], argv[4], ".bgz.gz", BLOCKS);
    static char text[PIECE + 128];
    size_t used = 0;
    for (size_t i = 0; i <= ties; i++) {
        if (i < ties) used += print_row(&e, pair[i], i, text + used, sizeof text - used);
        if (used < PIECE && i < ties) continue;
        size_t piece = used < PIECE ? used : PIECE;
        for (int k = 0; piece && k < 3; k++) put(&f[k], text, piece);
        memmove(text, text + piece, used -= piece);
    }
    for (int k = 0; k < 3; k++) put(&f[k], text, 0);
    return 0;
}
