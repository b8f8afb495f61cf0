/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <assert.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/names_borrow.h"

/* Open addressing over slots of (32 hash bits, number); texts lie one behind the other in an arena, NUL-ended. */
typedef struct slot {
    uint32_t mark, number;
} slot;

struct fn_names {
    char *arena;
    size_t arena_used, arena_capacity;
    size_t *offset;          /* of each text; offset[count] = end of the last */
    size_t offset_capacity;
    uint32_t count;
    slot *slots;             /* a power of two */
    size_t mask;
    uint64_t key;
    fn_names_borrowed *borrowed; /* the names lie there, NULL: in the arena */
};

enum { FIRST_SLOTS = 64 };

fn_status fn_names_new(fn_run *run, fn_names **names)
{
    *names = NULL;
    fn_names *n = fn_alloc(run, 1, sizeof *n);
    if (!n) return FN_ENOMEM;
    n->slots = fn_alloc(run, FIRST_SLOTS, sizeof *n->slots);
    n->offset = fn_grow(run, NULL, &n->offset_capacity, 2, sizeof *n->offset);
    if (!n->slots || !n->offset) {
        fn_names_free(n);
        return FN_ENOMEM;
    }
    memset(n->slots, 0xff, FIRST_SLOTS * sizeof *n->slots);
    n->mask = FIRST_SLOTS - 1;
    n->key = 0x6669726d6e657421ULL;
    *names = n;
    return FN_OK;
}

void fn_names_free(fn_names *names)
{
    if (!names) return;
    fn_free(names->arena);
    fn_free(names->offset);
    fn_free(names->slots);
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
    if (length) *length = names->offset[number + 1] - names->offset[number] - 1;
    return names->arena + names->offset[number];
}

static uint64_t hash_of(const fn_names *names, const char *text, size_t length)
{
    return XXH3_64bits_withSeed(text, length, names->key);
}

/* The slot that holds text, or the empty one where it belongs. */
static size_t slot_of(const fn_names *names, const char *text, size_t length, uint64_t hash)
{
    uint32_t mark = (uint32_t) (hash >> 32);
    size_t at = hash & names->mask;
    for (;; at = (at + 1) & names->mask) {
        const slot *s = &names->slots[at];
        if (s->number == FN_NONE) return at;
        if (s->mark != mark) continue;
        size_t there;
        const char *other = fn_names_text(names, s->number, &there);
        if (there == length && memcmp(other, text, length) == 0) return at;
    }
}

uint32_t fn_names_find(const fn_names *names, const char *text, size_t length)
{
    if (names->borrowed) return fn_names_borrowed_find(names->borrowed, text, length);
    return names->slots[slot_of(names, text, length, hash_of(names, text, length))].number;
}

static fn_status widen(fn_run *run, fn_names *names)
{
    size_t size = (names->mask + 1) * 2;
    slot *slots = fn_alloc(run, size, sizeof *slots);
    if (!slots) return FN_ENOMEM;
    memset(slots, 0xff, size * sizeof *slots);
    for (uint32_t number = 0; number < names->count; number++) {
        size_t length;
        const char *text = fn_names_text(names, number, &length);
        uint64_t hash = hash_of(names, text, length);
        size_t at = hash & (size - 1);
        while (slots[at].number != FN_NONE) at = (at + 1) & (size - 1);
        slots[at] = (slot) { (uint32_t) (hash >> 32), number };
    }
    fn_free(names->slots);
    names->slots = slots;
    names->mask = size - 1;
    return FN_OK;
}

fn_status fn_names_add(fn_run *run, fn_names *names, const char *text, size_t length, uint32_t *number, bool *is_new)
{
    fn_status status = names->borrowed ? own_borrowed(run, names) : FN_OK;
    if (status) return status;
    uint64_t hash = hash_of(names, text, length);
    size_t at = slot_of(names, text, length, hash);
    bool absent = names->slots[at].number == FN_NONE;
    if (is_new) *is_new = absent;
    if (!absent) {
        *number = names->slots[at].number;
        return FN_OK;
    }
    if (names->count == FN_NONE - 1) return fn_fail(run, FN_EPARSE, "more than %u different names", FN_NONE - 1);

    /* Make room everywhere before anything changes. */
    char *arena = fn_grow(run, names->arena, &names->arena_capacity, names->arena_used + length + 1, 1);
    if (!arena) return FN_ENOMEM;
    names->arena = arena;
    size_t *offset = fn_grow(run, names->offset, &names->offset_capacity, (size_t) names->count + 2, sizeof *offset);
    if (!offset) return FN_ENOMEM;
    names->offset = offset;
    if (((size_t) names->count + 1) * 5 > (names->mask + 1) * 3) {
        if (widen(run, names)) return FN_ENOMEM;
        at = slot_of(names, text, length, hash);
    }

    if (length) memcpy(arena + names->arena_used, text, length);
    arena[names->arena_used + length] = '\0';
    offset[names->count] = names->arena_used;
    names->arena_used += length + 1;
    offset[names->count + 1] = names->arena_used;
    names->slots[at] = (slot) { (uint32_t) (hash >> 32), names->count };
    *number = names->count++;
    return FN_OK;
}
