/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <pthread.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/pipeline.h"

enum { THREADS_MOST = 256, PIECES_A_THREAD = 3 };

typedef enum state { FREE, HELD, TAKEN, DONE } state; /* HELD: by a thread that takes or works */

typedef struct piece {
    state state;
    fn_status status;
    fn_run run;
    void *data;
} piece;

/* Pieces form a ring: those from `given` on to `taken` are on their way, `waiting` of them not yet worked on. */
typedef struct line {
    const fn_pipeline *steps;
    void *user;
    fn_run *run;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    piece *piece;
    size_t pieces;
    uint64_t taken, given;
    size_t waiting, threads;
    bool taking, giving, ended;
    fn_status status;        /* of the whole, once something went wrong */
} line;

static piece *piece_at(line *l, uint64_t number)
{
    return &l->piece[number % l->pieces];
}

/* Hand on the oldest piece. With the lock held, which is let go meanwhile. */
static void give_one(line *l)
{
    piece *p = piece_at(l, l->given);
    l->giving = true;
    pthread_mutex_unlock(&l->lock);
    fn_status status = p->status;
    if (status) {
        if (!l->run->error.status) l->run->error = p->run.error;
    } else {
        status = l->steps->give(l->run, l->user, p->data);
    }
    pthread_mutex_lock(&l->lock);
    p->state = FREE;
    l->given++;
    l->giving = false;
    if (status) {
        l->status = status;
        l->ended = true;
    }
    pthread_cond_broadcast(&l->changed);
}

/* Fill the next piece. With the lock held, which is let go meanwhile. */
static void take_one(line *l)
{
    piece *p = piece_at(l, l->taken);
    bool more = false;
    l->taking = true;
    p->state = HELD;
    pthread_mutex_unlock(&l->lock);
    p->status = l->steps->take(&p->run, l->user, p->data, &more);
    pthread_mutex_lock(&l->lock);
    l->taking = false;
    if (p->status || !more) l->ended = true;
    if (!p->status && !more) {
        p->state = FREE;
    } else {
        bool work = !p->status && l->steps->work;
        p->state = work ? TAKEN : DONE;
        l->waiting += work;
        l->taken++;
    }
    pthread_cond_broadcast(&l->changed);
}

/* Work on the oldest piece that waits for it: so a piece never waits for one before it that nobody works on. */
static void work_one(line *l)
{
    uint64_t number = l->given;
    while (piece_at(l, number)->state != TAKEN) number++;
    piece *p = piece_at(l, number);
    p->state = HELD;
    l->waiting--;
    pthread_mutex_unlock(&l->lock);
    p->status = l->steps->work(&p->run, l->user, p->data);
    pthread_mutex_lock(&l->lock);
    p->state = DONE;
    pthread_cond_broadcast(&l->changed);
}

static void *go_through(void *data)
{
    line *l = data;
    pthread_mutex_lock(&l->lock);
    for (;;) {
        bool open = l->given < l->taken;
        if (l->status) { /* what was taken is worked on all the same: take may wait for it */
            if (l->waiting) work_one(l);
            else if (l->taking) pthread_cond_wait(&l->changed, &l->lock);
            else break;
        } else if (open && !l->giving && piece_at(l, l->given)->state == DONE) give_one(l);
        /* taking goes before working, because only one thread can take, until there is work for all */
        else if (!l->ended && !l->taking && l->taken - l->given < l->pieces && l->waiting < l->threads) take_one(l);
        else if (l->waiting) work_one(l);
        else if (l->ended && !l->taking && !open) break;
        else pthread_cond_wait(&l->changed, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

static void work_together(line *l, int threads)
{
    pthread_t thread[THREADS_MOST];
    int made = 0;
    while (made < threads - 1 && pthread_create(&thread[made], NULL, go_through, l) == 0) made++;
    pthread_mutex_lock(&l->lock);
    l->threads = (size_t) made + 1;
    pthread_mutex_unlock(&l->lock);
    go_through(l);
    for (int t = 0; t < made; t++) pthread_join(thread[t], NULL);
}

fn_status fn_pipeline_run(fn_run *run, const fn_pipeline *steps, void *user)
{
    int threads = fn_run_threads(run);
    if (threads > THREADS_MOST) threads = THREADS_MOST;
    line l = { .steps = steps, .user = user, .run = run, .lock = PTHREAD_MUTEX_INITIALIZER,
               .changed = PTHREAD_COND_INITIALIZER };
    l.threads = (size_t) threads;
    l.pieces = threads > 1 ? (size_t) threads * PIECES_A_THREAD : 1;
    l.piece = fn_alloc(run, l.pieces, sizeof *l.piece);
    if (!l.piece) return FN_ENOMEM;
    for (size_t i = 0; i < l.pieces && !l.status; i++) {
        l.piece[i].run = (fn_run) { .error = { .offset = -1 }, .seed = run->seed, .threads = 1 };
        if (!(l.piece[i].data = fn_alloc(run, 1, steps->piece_size))) l.status = FN_ENOMEM;
    }
    if (!l.status) work_together(&l, threads);
    for (size_t i = 0; i < l.pieces; i++) {
        if (l.piece[i].data && steps->end) steps->end(l.piece[i].data);
        fn_free(l.piece[i].data);
    }
    fn_free(l.piece);
    pthread_mutex_destroy(&l.lock);
    pthread_cond_destroy(&l.changed);
    return l.status;
}
