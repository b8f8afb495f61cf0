/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_MEMORY_H
#define FN_GRAPH_MEMORY_H

#include <stddef.h>
#include "graph/run.h"

/* All memory of firmnet comes from here: products are checked for overflow, a failure is recorded in run->error
 * (FN_ENOMEM), and tests can let any allocation fail. Safe on any thread that has a run of its own; kernels don't
 * allocate inside a parallel region all the same. */

/* count * size bytes, zeroed; count 0 gives a pointer that may be freed. NULL: failed. */
void *fn_alloc(fn_run *run, size_t count, size_t size);
/* The same, not zeroed: for large arrays that are filled at once. */
void *fn_alloc_bare(fn_run *run, size_t count, size_t size);
/* The same for arrays that are read or written in no order: large ones lie on large pages, where the system has
 * some. */
void *fn_alloc_scattered(fn_run *run, size_t count, size_t size);
/* Exactly count elements, as realloc does: pages never written cost nothing. NULL: failed, old stays valid and
 * yours. */
void *fn_resize(fn_run *run, void *old, size_t count, size_t size);
/* Give back what lies behind the first count elements. Never fails. */
void *fn_shrink(void *old, size_t count, size_t size);
/* Make room for at least `needed` elements; *capacity grows by half at least. New bytes are zeroed.
 * NULL: failed, old stays valid and yours. */
void *fn_grow(fn_run *run, void *old, size_t *capacity, size_t needed, size_t size);
/* A copy of length bytes with a NUL behind. NULL: failed. */
char *fn_copy_text(fn_run *run, const char *text, size_t length);
void fn_free(void *memory);
/* Give what was freed back to the system, where it can be told to: after a stage that needed much. */
void fn_memory_return(void);
/* From now on keep what is freed for the arrays that come next, where that can be told: pages from the system are
 * cleared first, which takes longer than many a stage that uses them. For a program that goes through many stages. */
void fn_memory_keep(void);
/* Give back the pages that lie wholly within begin … end, for now: those of a mapped file are read again when they are
 * needed, in others anything may stand then. */
void fn_memory_rest(void *begin, void *end);

/* Test hook: the allocation number `call` (0 = the next) fails, and all later ones too when keep_failing; -1 = none.
 * fn_memory_calls: allocations asked for since the hook was last set. */
void fn_memory_fail_at(long call, bool keep_failing);
long fn_memory_calls(void);

#endif
