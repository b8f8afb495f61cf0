/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_NEAR_QUEUE_H
#define FN_ALGORITHMS_NEAR_QUEUE_H

#include <math.h>
#include "graph/memory.h"

/* Places in the order of their distance, the nearest first, for searches whose next distances are never below the one
 * taken last. What is farther off waits in buckets by distance, and what is beyond them in one list that is dealt
 * out when it is its turn; only the bucket in hand is kept in order, as a heap. The same place may be put in again when
 * it turns out to be nearer. The order depends on what is put in alone. */
typedef struct fn_near {
    double distance;
    uint32_t place;
    uint32_t next;      /* in its bucket */
} fn_near;

typedef struct fn_near_queue {
    fn_near *heap, *pool;
    uint32_t *first;    /* of each bucket: 0: empty, else 1 + number in the pool */
    uint32_t buckets, bucket, farthest;
    uint32_t heaped, pooled, beyond;
    double base;        /* number of the first bucket, counted from distance 0 */
    double per;         /* buckets per distance; only the speed depends on it */
} fn_near_queue;

/* room: how often places are put in at most until the queue is cleared. */
static inline fn_status fn_near_alloc(fn_run *run, size_t room, uint32_t buckets, fn_near_queue *queue)
{
    queue->buckets = buckets;
    queue->first = fn_alloc(run, buckets, sizeof *queue->first);
    queue->heap = fn_alloc_bare(run, room, sizeof *queue->heap);
    queue->pool = fn_alloc_bare(run, room, sizeof *queue->pool);
    return queue->first && queue->heap && queue->pool ? FN_OK : FN_ENOMEM;
}

static inline void fn_near_free(fn_near_queue *queue)
{
    fn_free(queue->first);
    fn_free(queue->heap);
    fn_free(queue->pool);
}

/* Empty again, after the last was taken. */
static inline void fn_near_clear(fn_near_queue *queue)
{
    queue->heaped = queue->pooled = queue->bucket = queue->farthest = queue->beyond = 0;
    queue->base = 0;
}

static inline void fn_near_heap_put(fn_near_queue *queue, double distance, uint32_t place)
{
    uint32_t at = queue->heaped++;
    while (at > 0 && queue->heap[(at - 1) / 2].distance > distance) {
        queue->heap[at] = queue->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->heap[at] = (fn_near) { .distance = distance, .place = place };
}

/* The waiting one with this number in the pool goes to its bucket. */
static inline void fn_near_wait(fn_near_queue *queue, uint32_t number)
{
    double at = queue->pool[number].distance * queue->per - queue->base;
    uint32_t bucket = (uint32_t) at, *first = &queue->beyond;
    if (at < queue->buckets) {
        first = &queue->first[bucket];
        if (bucket > queue->farthest) queue->farthest = bucket;
    }
    queue->pool[number].next = *first;
    *first = number + 1;
}

static inline void fn_near_put(fn_near_queue *queue, double distance, uint32_t place)
{
    if (distance * queue->per - queue->base < queue->bucket + 1) {
        fn_near_heap_put(queue, distance, place);
    } else {
        queue->pool[queue->pooled] = (fn_near) { .distance = distance, .place = place };
        fn_near_wait(queue, queue->pooled++);
    }
}

/* What was beyond the buckets is dealt out, the nearest into the first. */
static inline void fn_near_deal(fn_near_queue *queue)
{
    uint32_t next = queue->beyond;
    double least = queue->pool[next - 1].distance;
    for (uint32_t i = next; i; i = queue->pool[i - 1].next)
        if (queue->pool[i - 1].distance < least) least = queue->pool[i - 1].distance;
    queue->base = floor(least * queue->per);
    queue->bucket = queue->farthest = queue->beyond = 0;
    while (next) {
        uint32_t number = next - 1;
        next = queue->pool[number].next;
        fn_near_wait(queue, number);
    }
}

static inline void fn_near_open(fn_near_queue *queue, uint32_t bucket)
{
    uint32_t next = queue->first[bucket];
    queue->bucket = bucket;
    queue->first[bucket] = 0;
    for (; next; next = queue->pool[next - 1].next)
        fn_near_heap_put(queue, queue->pool[next - 1].distance, queue->pool[next - 1].place);
}

/* False: empty. */
static inline bool fn_near_take(fn_near_queue *queue, fn_near *nearest)
{
    while (queue->heaped == 0) {
        if (queue->bucket < queue->farthest) {
            fn_near_open(queue, queue->bucket + 1);
        } else if (queue->beyond) {
            fn_near_deal(queue);
            fn_near_open(queue, 0);
        } else return false;
    }
    *nearest = queue->heap[0];
    fn_near last = queue->heap[--queue->heaped];
    uint32_t at = 0;
    for (uint32_t child; (child = 2 * at + 1) < queue->heaped; at = child) {
        if (child + 1 < queue->heaped && queue->heap[child + 1].distance < queue->heap[child].distance) child++;
        if (last.distance <= queue->heap[child].distance) break;
        queue->heap[at] = queue->heap[child];
    }
    queue->heap[at] = last;
    return true;
}

#endif
