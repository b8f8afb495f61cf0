/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdalign.h>
#include <string.h>
#include "graph/memory.h"
#include "io/arena.h"

struct fn_arena_block {
    struct fn_arena_block *older;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

enum { FIRST_BLOCK = 16 * 1024, ALIGN = alignof(max_align_t) };

void *fn_arena_take(fn_run *run, fn_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4) {
        fn_fail(run, FN_ENOMEM, "out of memory (%zu items of %zu bytes)", count, size);
        return NULL;
    }
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct fn_arena_block *block = arena->block;
    if (!block || block->size - block->used < bytes) {
        size_t wanted = block ? block->size * 2 : FIRST_BLOCK;
        if (wanted < bytes) wanted = bytes;
        struct fn_arena_block *made = fn_alloc(run, sizeof *made + wanted, 1);
        if (!made) return NULL;
        made->size = wanted;
        made->older = block;
        arena->block = block = made;
    }
    char *taken = block->bytes + block->used;
    block->used += bytes;
    return taken;
}

static void free_blocks(struct fn_arena_block *block)
{
    while (block) {
        struct fn_arena_block *older = block->older;
        fn_free(block);
        block = older;
    }
}

void fn_arena_reset(fn_arena *arena)
{
    struct fn_arena_block *block = arena->block;
    if (!block) return;
    free_blocks(block->older);
    block->older = NULL;
    memset(block->bytes, 0, block->used);
    block->used = 0;
}

void fn_arena_free(fn_arena *arena)
{
    free_blocks(arena->block);
    arena->block = NULL;
}
