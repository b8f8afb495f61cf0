/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_IO_ARENA_H
#define FN_IO_ARENA_H

#include <stddef.h>
#include "graph/run.h"

/* Memory that goes all at once: for the trees of one tender process. Start with {0}. */
typedef struct fn_arena {
    struct fn_arena_block *block; /* the one in use; older ones behind it */
} fn_arena;

/* Zeroed, aligned for anything. NULL: failed (recorded). */
void *fn_arena_take(fn_run *run, fn_arena *arena, size_t count, size_t size);
/* Forget everything taken; the largest block stays for the next use. */
void fn_arena_reset(fn_arena *arena);
void fn_arena_free(fn_arena *arena);

#endif
