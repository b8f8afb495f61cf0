/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "graph/memory.h"

static struct {
    long fail_at; /* the call that fails, -1: none */
    bool keep_failing;
    atomic_long calls;
} hook = { .fail_at = -1 };

void fn_memory_fail_at(long call, bool keep_failing)
{
    hook.fail_at = call;
    hook.keep_failing = keep_failing;
    atomic_store(&hook.calls, 0);
}

long fn_memory_calls(void)
{
    return atomic_load(&hook.calls);
}

static bool refused(void)
{
    long call = atomic_fetch_add_explicit(&hook.calls, 1, memory_order_relaxed);
    return hook.fail_at >= 0 && (call == hook.fail_at || (hook.keep_failing && call > hook.fail_at));
}

static void *out_of_memory(fn_run *run, size_t count, size_t size)
{
    fn_fail(run, FN_ENOMEM, "out of memory (%zu items of %zu bytes)", count, size);
    return NULL;
}

void *fn_alloc(fn_run *run, size_t count, size_t size)
{
    size_t bytes;
    if (refused() || __builtin_mul_overflow(count, size, &bytes)) return out_of_memory(run, count, size);
    void *memory = calloc(bytes ? bytes : 1, 1);
    return memory ? memory : out_of_memory(run, count, size);
}

void *fn_alloc_bare(fn_run *run, size_t count, size_t size)
{
    size_t bytes;
    if (refused() || __builtin_mul_overflow(count, size, &bytes)) return out_of_memory(run, count, size);
    void *memory = malloc(bytes ? bytes : 1);
    return memory ? memory : out_of_memory(run, count, size);
}

void *fn_alloc_scattered(fn_run *run, size_t count, size_t size)
{
    enum { LARGE_PAGE = 2 << 20 };
    size_t bytes;
    void *memory = NULL;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes < 2 * (size_t) LARGE_PAGE)
        return fn_alloc_bare(run, count, size);
    if (refused() || posix_memalign(&memory, LARGE_PAGE, bytes)) return out_of_memory(run, count, size);
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE); /* advice: it changes nothing but speed */
#endif
    return memory;
}

void *fn_resize(fn_run *run, void *old, size_t count, size_t size)
{
    size_t bytes;
    if (refused() || __builtin_mul_overflow(count, size, &bytes)) return out_of_memory(run, count, size);
    void *memory = realloc(old, bytes ? bytes : 1);
    return memory ? memory : out_of_memory(run, count, size);
}

void *fn_shrink(void *old, size_t count, size_t size)
{
    void *less = realloc(old, count && size ? count * size : 1);
    return less ? less : old;
}

void *fn_grow(fn_run *run, void *old, size_t *capacity, size_t needed, size_t size)
{
    if (old && needed <= *capacity) return old;
    size_t wanted = *capacity + *capacity / 2 + 16, bytes;
    if (wanted < needed) wanted = needed;
    if (refused() || __builtin_mul_overflow(wanted, size, &bytes)) return out_of_memory(run, wanted, size);
    char *memory = realloc(old, bytes ? bytes : 1);
    if (!memory) return out_of_memory(run, wanted, size);
    size_t had = old ? *capacity : 0;
    memset(memory + had * size, 0, (wanted - had) * size);
    *capacity = wanted;
    return memory;
}

char *fn_copy_text(fn_run *run, const char *text, size_t length)
{
    size_t bytes;
    if (__builtin_add_overflow(length, 1, &bytes)) return out_of_memory(run, length, 1);
    char *copy = fn_alloc(run, bytes, 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

void fn_memory_keep(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

void fn_memory_return(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void fn_memory_rest(void *begin, void *end)
{
#ifdef MADV_DONTNEED
    const uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t) begin + page - 1) / page * page, last = (uintptr_t) end / page * page;
    if (first < last) madvise((void *) first, last - first, MADV_DONTNEED); /* a file nobody writes to stays as it is */
#else
    (void) begin;
    (void) end;
#endif
}

void fn_free(void *memory)
{
    free(memory);
}
