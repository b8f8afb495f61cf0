/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <pthread.h>
#include <semaphore.h>
#include "src/command.h"

#ifdef _OPENMP
/* The OpenMP library ends the program where a thread can't be made (a limit on memory or on threads). So all are made
 * and held here once: as many as there can be are used, which changes no result. */
typedef struct gate {
    sem_t open;
} gate;

static void *wait_at(void *at)
{
    gate *g = at;
    while (sem_wait(&g->open)) continue;
    return NULL;
}

enum { THREADS_MOST = 4096 };

/* How many of `wanted` threads, this one among them, there can be. */
static int threads_possible(int wanted)
{
    pthread_t made[THREADS_MOST];
    gate g;
    int n = 0;
    if (wanted > THREADS_MOST) wanted = THREADS_MOST;
    if (sem_init(&g.open, 0, 0)) return 1;
    while (n < wanted - 1 && pthread_create(&made[n], NULL, wait_at, &g) == 0) n++;
    for (int i = 0; i < n; i++) sem_post(&g.open);
    for (int i = 0; i < n; i++) pthread_join(made[i], NULL);
    sem_destroy(&g.open);
    return n + 1;
}

void fn_call_threads(fn_call *call)
{
    int wanted = fn_run_threads(&call->run), possible = wanted > 1 ? threads_possible(wanted) : 1;
    if (possible < wanted)
        fn_note(&call->run, "%d of %d threads can be made here; results are the same", possible, wanted);
    call->run.threads = possible;
    /* They are kept for later, when memory may be short. */
    int met = 0;
#pragma omp parallel num_threads(possible) reduction(+ : met)
    met++;
    call->run.threads = met;
}
#else
void fn_call_threads(fn_call *call)
{
    (void) call;
}
#endif
