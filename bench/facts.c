/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench/measure.h"

/* facts [TIES] <LIST: what is true of a list of ties (tab separated; from, to, money, or with a header that names from,
 * to, value, layer, currency, count), found by sorting and without firmnet: the facts (bench/measure.h) on standard
 * output, and the rows as numbers in the file TIES. Ids are told apart by 64 bits of hash, and so are ties; money has
 * two decimals at most. 64 bytes a row. */

enum { FROM, TO, VALUE, LAYER, CURRENCY, COUNT, FIELDS };
enum { COLUMNS_MOST = 64 };

typedef struct rows {
    size_t count, capacity;
    uint64_t *from, *to;    /* hashes of ids, later numbers */
    uint64_t *tie;          /* hash of all that makes it a tie of its own */
    int64_t *cents;
} rows;

typedef struct span {
    const char *text;
    size_t length;
} span;

static void grow(rows *r)
{
    r->capacity = r->capacity ? r->capacity + r->capacity / 2 : 1 << 16;
    r->from = realloc(r->from, r->capacity * sizeof *r->from);
    r->to = realloc(r->to, r->capacity * sizeof *r->to);
    r->tie = realloc(r->tie, r->capacity * sizeof *r->tie);
    r->cents = realloc(r->cents, r->capacity * sizeof *r->cents);
    if (!r->from || !r->to || !r->tie || !r->cents) bench_stop("out of memory: %zu rows", r->capacity);
}

/* "17947.8" is 1794780, nothing is 0. */
static int64_t cents_of(span money, size_t row)
{
    int64_t cents = 0;
    int decimals = -1;
    for (size_t i = 0; i < money.length; i++) {
        char c = money.text[i];
        if (c == '.' && decimals < 0) decimals = 0;
        else if (c >= '0' && c <= '9' && decimals < 2) cents = cents * 10 + (c - '0'), decimals += decimals >= 0;
        else bench_stop("row %zu: no money with two decimals at most", row);
    }
    if (decimals < 0) decimals = 0;
    for (; decimals < 2; decimals++) cents *= 10;
    return cents;
}

static size_t split(const char *line, const char *end, span field[COLUMNS_MOST])
{
    size_t fields = 0;
    while (fields < COLUMNS_MOST) {
        const char *stop = memchr(line, '\t', (size_t) (end - line));
        field[fields++] = (span) { line, (size_t) ((stop ? stop : end) - line) };
        if (!stop) break;
        line = stop + 1;
    }
    return fields;
}

static bool is(span text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.text, word, text.length) == 0;
}

/* Which columns are which; false: the line is a row. */
static bool take_header(const span *field, size_t fields, int at[FIELDS])
{
    static const char *const names[FIELDS] = { "from", "to", "value", "layer", "currency", "count" };
    if (!is(field[0], "from")) return false;
    for (int k = 0; k < FIELDS; k++) {
        at[k] = -1;
        for (size_t i = 0; i < fields; i++)
            if (is(field[i], names[k])) at[k] = (int) i;
    }
    if (at[FROM] < 0 || at[TO] < 0 || at[VALUE] < 0) bench_stop("the header lacks from, to or value");
    return true;
}

static uint64_t hash_at(const span *field, size_t fields, int at)
{
    return at >= 0 && (size_t) at < fields ? bench_text_hash(field[at].text, field[at].length) : 0;
}

static void take_row(rows *r, bench_facts *facts, const span *field, size_t fields, const int at[FIELDS])
{
    size_t i = r->count++;
    for (int k = FROM; k <= VALUE; k++)
        if ((size_t) at[k] >= fields) bench_stop("row %zu: a field is missing", r->count);
    bool directed = at[LAYER] < 0 || (!is(field[at[LAYER]], "consortium") && !is(field[at[LAYER]], "cobid"));
    r->from[i] = hash_at(field, fields, at[FROM]);
    r->to[i] = hash_at(field, fields, at[TO]);
    r->cents[i] = cents_of(field[at[VALUE]], r->count);
    uint64_t pair = bench_pair_hash(r->from[i], r->to[i], directed), cents = (uint64_t) r->cents[i];
    uint64_t layer = hash_at(field, fields, at[LAYER]), currency = hash_at(field, fields, at[CURRENCY]);
    r->tie[i] = fn_mix64(pair + 3 * fn_mix64(layer + 5 * currency));
    bool self = r->from[i] == r->to[i];
    facts->records += at[COUNT] >= 0 && (size_t) at[COUNT] < fields ? strtoull(field[at[COUNT]].text, NULL, 10) : 1;
    facts->cents += cents;
    facts->digest += pair * cents;
    facts->self_cents += self ? cents : 0;
    facts->self_digest += self ? pair * cents : 0;
}

static void read_rows(rows *r, bench_facts *facts)
{
    int at[FIELDS] = { 0, 1, 2, -1, -1, -1 };
    span field[COLUMNS_MOST];
    char *line = NULL;
    size_t room = 0;
    bool first = true;
    for (ssize_t length; (length = getline(&line, &room, stdin)) > 0; first = false) {
        size_t fields = split(line, line + length - (line[length - 1] == '\n'), field);
        facts->bytes += (uint64_t) length;
        if (first && take_header(field, fields, at)) continue;
        if (r->count == r->capacity) grow(r);
        take_row(r, facts, field, fields, at);
    }
    free(line);
    facts->rows = r->count;
}

static size_t drop_repeats(uint64_t *key, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || key[kept - 1] != key[i]) key[kept++] = key[i];
    return kept;
}

static size_t place_of(const uint64_t *key, size_t count, uint64_t wanted)
{
    size_t low = 0;
    for (size_t high = count; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        if (key[middle] <= wanted) low = middle;
        else high = middle;
    }
    return low;
}

/* Put the numbers of firms, by first appearance, in place of the hashes. */
static size_t number_firms(rows *r)
{
    uint64_t *id = bench_alloc(r->count, 2 * sizeof *id), *spare = bench_alloc(r->count, 2 * sizeof *spare);
    memcpy(id, r->from, r->count * sizeof *id);
    memcpy(id + r->count, r->to, r->count * sizeof *id);
    bench_sort(id, spare, 2 * r->count);
    size_t firms = drop_repeats(id, 2 * r->count), next = 0;
    memset(spare, 0, firms * sizeof *spare);
    for (size_t i = 0; i < 2 * r->count; i++) {
        uint64_t *end = i % 2 ? &r->to[i / 2] : &r->from[i / 2];
        uint64_t *number = &spare[place_of(id, firms, *end)];
        if (*number == 0) *number = ++next;
        *end = *number - 1;
    }
    free(id);
    free(spare);
    return firms;
}

static void count_ties(const rows *r, bench_facts *facts)
{
    uint64_t *key = bench_alloc(r->count, sizeof *key), *spare = bench_alloc(r->count, sizeof *spare);
    memcpy(key, r->tie, r->count * sizeof *key);
    bench_sort(key, spare, r->count);
    facts->ties = drop_repeats(key, r->count);
    for (size_t i = 0; i < r->count; i++) key[i] = r->from[i] << 32 | r->to[i];
    bench_sort(key, spare, r->count);
    facts->pairs = drop_repeats(key, r->count);
    for (size_t i = 0; i < facts->pairs; i++) facts->self_pairs += key[i] >> 32 == (key[i] & UINT32_MAX);
    free(key);
    free(spare);
}

static void write_ties(const rows *r, const char *path)
{
    FILE *file = fopen(path, "wb");
    bool good = file != NULL;
    for (size_t i = 0; good && i < r->count; i++) {
        bench_tie tie = { (uint32_t) r->from[i], (uint32_t) r->to[i], r->cents[i] };
        good = fwrite(&tie, sizeof tie, 1, file) == 1;
    }
    if (!good || fclose(file) != 0) bench_stop("%s can't be written", path);
}

int main(int argc, char **argv)
{
    rows r = { 0 };
    bench_facts f = { 0 };
    if (argc > 2) bench_stop("usage: facts [TIES] <LIST");
    read_rows(&r, &f);
    f.firms = number_firms(&r);
    count_ties(&r, &f);
    if (argc == 2) write_ties(&r, argv[1]);
    const struct { const char *name; uint64_t value; } line[] = {
        { "bytes", f.bytes }, { "rows", f.rows }, { "records", f.records }, { "firms", f.firms }, { "ties", f.ties },
        { "pairs", f.pairs }, { "self_pairs", f.self_pairs }, { "cents", f.cents }, { "self_cents", f.self_cents },
        { "digest", f.digest }, { "self_digest", f.self_digest }
    };
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) printf("%s %" PRIu64 "\n", line[i].name, line[i].value);
    return ferror(stdin) || fflush(stdout) != 0;
}
