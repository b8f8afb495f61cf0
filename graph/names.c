/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/names_borrow.h"

/* A name is a record in an arena of chunks: number, length, text, NUL. The hash table is open addressing over slots of
 * (place of the record, 32 hash bits), so that finding a name touches two places in memory, and widening touches no
 * text.
 *
 * Seeking beside adding: records, once written, never move or change, and a slot is stored after its record. Tables and
 * lists that grew out of use are kept while threads may still look at them (`retired`). */

typedef struct record {
    uint32_t number, length;
    char text[];
} record;

enum {
    UNIT = 8,                          /* records start at multiples of this */
    CHUNK_SHIFT = 13,                  /* units of a chunk: 64 KiB */
    CHUNK_UNITS = 1 << CHUNK_SHIFT,
    CHUNKS_AT_ONCE = 64,               /* once there are many: 4 MiB, on large pages */
    FIRST_SLOTS = 64,
    SECRET_BYTES = 192,
    BATCH = 64
};

#define EMPTY UINT64_MAX

typedef struct table {
    size_t mask;                       /* slots are a power of two */
    _Atomic uint64_t slot[];           /* place in units << 32 | hash bits */
} table;

struct fn_names {
    _Atomic(table *) table;
    _Atomic(char **) chunk;
    size_t chunks, chunk_capacity;
    char **block;                      /* what the chunks are parts of */
    size_t blocks, block_capacity;
    uint32_t unit, unit_end;           /* free part of the last chunk */
    uint32_t *place;                   /* of each record, in units */
    size_t place_capacity;
    uint32_t count;
    bool shared;
    void **retired;
    size_t retirements, retired_capacity;
    fn_names_borrowed *borrowed;       /* the names lie there, NULL: in the arena */
};

static pthread_once_t secret_once = PTHREAD_ONCE_INIT;
static unsigned char secret[SECRET_BYTES];

static void make_secret(void)
{
    if (getentropy(secret, sizeof secret) == 0) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t) now.tv_nsec * 0x9e3779b97f4a7c15ULL ^ (uint64_t) now.tv_sec ^ (uint64_t) getpid() << 32;
    XXH3_generateSecret_fromSeed(secret, seed);
}

static uint64_t hash_of(const char *text, size_t length)
{
    return XXH3_64bits_withSecret(text, length, secret, sizeof secret);
}

static table *table_new(fn_run *run, size_t slots)
{
    table *t = fn_alloc_scattered(run, 1, sizeof *t + slots * sizeof *t->slot);
    if (!t) return NULL;
    t->mask = slots - 1;
    memset((void *) t->slot, 0xff, slots * sizeof *t->slot);
    return t;
}

fn_status fn_names_new(fn_run *run, fn_names **names)
{
    pthread_once(&secret_once, make_secret);
    *names = NULL;
    fn_names *n = fn_alloc(run, 1, sizeof *n);
    if (!n) return FN_ENOMEM;
    table *t = table_new(run, FIRST_SLOTS);
    if (!t) {
        fn_free(n);
        return FN_ENOMEM;
    }
    atomic_init(&n->table, t);
    *names = n;
    return FN_OK;
}

void fn_names_free(fn_names *names)
{
    if (!names) return;
    fn_names_share(names, false);
    for (size_t b = 0; b < names->blocks; b++) fn_free(names->block[b]);
    fn_free(names->block);
    fn_free(atomic_load(&names->chunk));
    fn_free(atomic_load(&names->table));
    fn_free(names->place);
    fn_free(names->retired);
    fn_names_borrowed_free(names->borrowed);
    fn_free(names);
}

fn_status fn_names_borrow(fn_run *run, fn_names *names, const uint64_t *offsets, const char *bytes, uint32_t count)
{
    assert(!names->count && !names->borrowed);
    names->borrowed = fn_names_borrowed_new(run, offsets, bytes, count);
    return names->borrowed ? FN_OK : FN_ENOMEM;
}

/* All names become own ones: the index takes the place of what was borrowed. */
static fn_status own_borrowed(fn_run *run, fn_names *names)
{
    fn_status status = fn_names_borrowed_index(run, names->borrowed);
    if (status) return status;
    fn_names *index = names->borrowed->index, before = *names;
    before.borrowed->index = NULL;
    *names = *index;
    *index = before;
    fn_names_free(index);
    return FN_OK;
}

/* ---- reading ---- */

static const record *record_at(const fn_names *names, uint32_t place)
{
    char **chunk = atomic_load_explicit(&names->chunk, memory_order_acquire);
    return (const record *) (chunk[place >> CHUNK_SHIFT] + (size_t) (place & (CHUNK_UNITS - 1)) * UNIT);
}

uint32_t fn_names_count(const fn_names *names)
{
    return names->borrowed ? names->borrowed->count : names->count;
}

const char *fn_names_text(const fn_names *names, uint32_t number, size_t *length)
{
    if (names->borrowed) return fn_names_borrowed_text(names->borrowed, number, length);
    if (number >= names->count) {
        if (length) *length = 0;
        return "";
    }
    const record *r = record_at(names, names->place[number]);
    if (length) *length = r->length;
    return r->text;
}

void fn_names_prefetch(const fn_names *names, uint32_t later, uint32_t soon)
{
    const fn_names_borrowed *b = names->borrowed;
    if (b && later < b->count) __builtin_prefetch(&b->offset[later]);
    if (b && soon < b->count) __builtin_prefetch(b->bytes + b->offset[soon]);
    if (b) return;
    if (later < names->count) __builtin_prefetch(&names->place[later]);
    if (soon < names->count) __builtin_prefetch(record_at(names, names->place[soon]));
}

/* The next slot from `at` on that is empty or has the mark; its content. */
static uint64_t probe(const table *t, uint32_t mark, size_t *at)
{
    for (;; *at = (*at + 1) & t->mask) {
        uint64_t slot = atomic_load_explicit(&t->slot[*at], memory_order_acquire);
        if (slot == EMPTY || (uint32_t) slot == mark) return slot;
    }
}

static bool is_text(const record *r, const char *text, size_t length)
{
    if (r->length != length) return false;
    if (length < 8) return memcmp(r->text, text, length) == 0;
    uint64_t a, b;
    for (size_t at = 0; at + 8 < length; at += 8) {
        memcpy(&a, r->text + at, 8);
        memcpy(&b, text + at, 8);
        if (a != b) return false;
    }
    memcpy(&a, r->text + length - 8, 8); /* the last ones, some of them again */
    memcpy(&b, text + length - 8, 8);
    return a == b;
}

/* Where text is, or the slot where it belongs, searched from `at` on; its record, NULL: it is not there. */
static size_t slot_of(const fn_names *names, const table *t, const char *text, size_t length, uint32_t mark, size_t at,
                      const record **found)
{
    for (;; at = (at + 1) & t->mask) {
        uint64_t slot = probe(t, mark, &at);
        *found = NULL;
        if (slot == EMPTY) return at;
        const record *r = record_at(names, (uint32_t) (slot >> 32));
        if (!is_text(r, text, length)) continue;
        *found = r;
        return at;
    }
}

uint32_t fn_names_find(const fn_names *names, const char *text, size_t length)
{
    if (names->borrowed) return fn_names_borrowed_find(names->borrowed, text, length);
    const record *r;
    const table *t = atomic_load_explicit(&names->table, memory_order_acquire);
    uint32_t mark = (uint32_t) hash_of(text, length);
    slot_of(names, t, text, length, mark, mark & t->mask, &r);
    return r ? r->number : FN_NONE;
}

/* Three passes, each asking for the memory that the next one reads: slots, records, answers. */
static void seek_batch(const fn_names *names, fn_name_query *query, size_t count)
{
    const table *t = atomic_load_explicit(&names->table, memory_order_acquire);
    const record *candidate[BATCH];
    size_t place[BATCH];
    for (size_t i = 0; i < count; i++) {
        query[i].mark = (uint32_t) hash_of(query[i].text, query[i].length);
        __builtin_prefetch((const void *) &t->slot[query[i].mark & t->mask]);
    }
    for (size_t i = 0; i < count; i++) {
        place[i] = query[i].mark & t->mask;
        uint64_t slot = probe(t, query[i].mark, &place[i]);
        candidate[i] = slot == EMPTY ? NULL : record_at(names, (uint32_t) (slot >> 32));
        if (!candidate[i]) continue;
        __builtin_prefetch(candidate[i]);
        __builtin_prefetch(candidate[i]->text + query[i].length); /* it may lie across two lines of the cache */
    }
    for (size_t i = 0; i < count; i++) {
        const record *r = candidate[i];
        if (r && !is_text(r, query[i].text, query[i].length))
            slot_of(names, t, query[i].text, query[i].length, query[i].mark, (place[i] + 1) & t->mask, &r);
        query[i].number = r ? r->number : FN_NONE;
    }
}

void fn_names_seek(const fn_names *names, fn_name_query *query, size_t count)
{
    assert(!names->borrowed);
    for (size_t at = 0; at < count; at += BATCH)
        seek_batch(names, query + at, count - at < BATCH ? count - at : BATCH);
}

/* ---- adding ---- */

void fn_names_share(fn_names *names, bool shared)
{
    names->shared = shared;
    if (shared) return;
    for (size_t i = 0; i < names->retirements; i++) fn_free(names->retired[i]);
    names->retirements = 0;
}

/* Room to keep one more thing that grew out of use. */
static fn_status expect_retirement(fn_run *run, fn_names *names)
{
    if (!names->shared) return FN_OK;
    void **all = fn_grow(run, names->retired, &names->retired_capacity, names->retirements + 1, sizeof *all);
    if (!all) return FN_ENOMEM;
    names->retired = all;
    return FN_OK;
}

static void retire(fn_names *names, void *old)
{
    if (names->shared) names->retired[names->retirements++] = old;
    else fn_free(old);
}

static fn_status widen(fn_run *run, fn_names *names)
{
    table *old = atomic_load_explicit(&names->table, memory_order_relaxed), *t;
    if (expect_retirement(run, names)) return FN_ENOMEM;
    if (!(t = table_new(run, (old->mask + 1) * 2))) return FN_ENOMEM;
    for (size_t i = 0; i <= old->mask; i++) {
        uint64_t slot = atomic_load_explicit(&old->slot[i], memory_order_relaxed);
        if (slot == EMPTY) continue;
        size_t at = (uint32_t) slot & t->mask;
        while (atomic_load_explicit(&t->slot[at], memory_order_relaxed) != EMPTY) at = (at + 1) & t->mask;
        atomic_store_explicit(&t->slot[at], slot, memory_order_relaxed);
    }
    atomic_store_explicit(&names->table, t, memory_order_release);
    retire(names, old);
    return FN_OK;
}

/* A list of chunks with room for `needed`; the old list stays for those who look at it. */
static fn_status widen_chunks(fn_run *run, fn_names *names, size_t needed)
{
    if (needed <= names->chunk_capacity) return FN_OK;
    size_t wanted = names->chunk_capacity * 2 > needed ? names->chunk_capacity * 2 : needed;
    char **old = atomic_load_explicit(&names->chunk, memory_order_relaxed);
    if (expect_retirement(run, names)) return FN_ENOMEM;
    char **chunk = fn_alloc(run, wanted, sizeof *chunk);
    if (!chunk) return FN_ENOMEM;
    if (old) memcpy(chunk, old, names->chunks * sizeof *chunk);
    atomic_store_explicit(&names->chunk, chunk, memory_order_release);
    if (old) retire(names, old);
    names->chunk_capacity = wanted;
    return FN_OK;
}

/* Units in a row, in the last block or in a new one. */
static fn_status make_room(fn_run *run, fn_names *names, size_t units)
{
    if (units <= names->unit_end - names->unit) return FN_OK;
    size_t chunks = (units + CHUNK_UNITS - 1) / CHUNK_UNITS;
    if (names->chunks >= CHUNKS_AT_ONCE / 4 && chunks < CHUNKS_AT_ONCE) chunks = CHUNKS_AT_ONCE;
    if ((names->chunks + chunks) << CHUNK_SHIFT > UINT32_MAX)
        return fn_fail(run, FN_EPARSE, "more than 32 GiB of names");
    if (widen_chunks(run, names, names->chunks + chunks)) return FN_ENOMEM;
    char **block = fn_grow(run, names->block, &names->block_capacity, names->blocks + 1, sizeof *block);
    if (!block) return FN_ENOMEM;
    names->block = block;
    char *made = fn_alloc_scattered(run, chunks * CHUNK_UNITS, UNIT);
    if (!made) return FN_ENOMEM;
    block[names->blocks++] = made;
    char **chunk = atomic_load_explicit(&names->chunk, memory_order_relaxed);
    for (size_t c = 0; c < chunks; c++) chunk[names->chunks + c] = made + c * CHUNK_UNITS * UNIT;
    names->unit = (uint32_t) (names->chunks << CHUNK_SHIFT);
    names->chunks += chunks;
    names->unit_end = (uint32_t) (names->chunks << CHUNK_SHIFT);
    return FN_OK;
}

static fn_status add_record(fn_run *run, fn_names *names, const char *text, size_t length, uint32_t mark, size_t at)
{
    size_t units = (sizeof(record) + length + 1 + UNIT - 1) / UNIT;
    if (names->count == FN_NONE - 1) return fn_fail(run, FN_EPARSE, "more than %u different names", FN_NONE - 1);
    if (length > UINT32_MAX) return fn_fail(run, FN_EPARSE, "a name of more than %u bytes", UINT32_MAX);

    /* Make room everywhere before anything changes. */
    fn_status status = make_room(run, names, units);
    if (status) return status;
    if (names->count == names->place_capacity) {
        size_t wanted = names->place_capacity + names->place_capacity / 2 + 16;
        uint32_t *place = fn_resize(run, names->place, wanted, sizeof *place);
        if (!place) return FN_ENOMEM;
        names->place = place;
        names->place_capacity = wanted;
    }
    table *t = atomic_load_explicit(&names->table, memory_order_relaxed);
    if (((size_t) names->count + 1) * 5 > (t->mask + 1) * 3) {
        if (widen(run, names)) return FN_ENOMEM;
        const record *ignored;
        t = atomic_load_explicit(&names->table, memory_order_relaxed);
        at = slot_of(names, t, text, length, mark, mark & t->mask, &ignored);
    }

    record *r = (record *) record_at(names, names->unit);
    r->number = names->count;
    r->length = (uint32_t) length;
    if (length) memcpy(r->text, text, length);
    r->text[length] = '\0';
    names->place[names->count++] = names->unit;
    uint64_t slot = (uint64_t) names->unit << 32 | mark;
    names->unit += (uint32_t) units;
    atomic_store_explicit(&t->slot[at], slot, memory_order_release);
    return FN_OK;
}

static fn_status add_marked(fn_run *run, fn_names *names, const char *text, size_t length, uint32_t mark,
                            uint32_t *number, bool *is_new)
{
    const record *r;
    const table *t = atomic_load_explicit(&names->table, memory_order_relaxed);
    size_t at = slot_of(names, t, text, length, mark, mark & t->mask, &r);
    if (is_new) *is_new = !r;
    *number = r ? r->number : names->count;
    return r ? FN_OK : add_record(run, names, text, length, mark, at);
}

fn_status fn_names_add(fn_run *run, fn_names *names, const char *text, size_t length, uint32_t *number, bool *is_new)
{
    fn_status status = names->borrowed ? own_borrowed(run, names) : FN_OK;
    if (status) return status;
    return add_marked(run, names, text, length, (uint32_t) hash_of(text, length), number, is_new);
}

fn_status fn_names_add_sought(fn_run *run, fn_names *names, const fn_name_query *query, uint32_t *number)
{
    return add_marked(run, names, query->text, query->length, query->mark, number, NULL);
}
