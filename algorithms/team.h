/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_TEAM_H
#define FN_ALGORITHMS_LEIDEN_TEAM_H

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Threads of one parallel region that go through many short steps together. They wait for
 * each other actively for some ten microseconds, then let others have the core: OpenMP's own barrier does only one of
 * the two well. */
typedef struct fn_team {
    int threads;
    atomic_int arrived;
    atomic_uint turn;
} fn_team;

static inline int fn_team_place(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static inline int fn_team_size(void)
{
#ifdef _OPENMP
    return omp_get_num_threads();
#else
    return 1;
#endif
}

/* Until all have come here; what each wrote before, all see after. */
static inline void fn_team_wait(fn_team *team)
{
    enum { LOOKS = 2000 };
    if (team->threads == 1) return;
    unsigned turn = atomic_load(&team->turn);
    if (atomic_fetch_add(&team->arrived, 1) == team->threads - 1) {
        atomic_store(&team->arrived, 0);
        atomic_store(&team->turn, turn + 1);
        return;
    }
    for (int looks = 0; atomic_load_explicit(&team->turn, memory_order_acquire) == turn; looks++)
        if (looks >= LOOKS) sched_yield();
}

/* Take the next `step` of `count` items; false when none are left. */
static inline int fn_team_take(atomic_size_t *next, size_t step, size_t count, size_t *begin, size_t *end)
{
    if (atomic_load_explicit(next, memory_order_relaxed) >= count) return 0;
    *begin = atomic_fetch_add_explicit(next, step, memory_order_relaxed);
    if (*begin >= count) return 0;
    *end = *begin + step < count ? *begin + step : count;
    return 1;
}

#endif
