/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/leiden_graph.h"
#include "graph/memory.h"
#include "graph/random.h"

fn_status fn_leiden_work_new(fn_run *run, uint32_t nodes, int terms, fn_leiden_work *work)
{
    const size_t n = (size_t) nodes + 1, volumes = n * (size_t) (terms > 0 ? terms : 1);
    if (!(work->gathered = fn_alloc(run, n, sizeof *work->gathered))) return FN_ENOMEM;
    if (!(work->touched = fn_alloc(run, n, sizeof *work->touched))) return FN_ENOMEM;
    if (!(work->order = fn_alloc(run, n, sizeof *work->order))) return FN_ENOMEM;
    if (!(work->spare = fn_alloc(run, n, sizeof *work->spare))) return FN_ENOMEM;
    if (!(work->key = fn_alloc(run, n, sizeof *work->key))) return FN_ENOMEM;
    if (!(work->spare_key = fn_alloc(run, n, sizeof *work->spare_key))) return FN_ENOMEM;
    if (!(work->queue = fn_alloc(run, n, sizeof *work->queue))) return FN_ENOMEM;
    if (!(work->queued = fn_alloc(run, n, sizeof *work->queued))) return FN_ENOMEM;
    if (!(work->members = fn_alloc(run, n, sizeof *work->members))) return FN_ENOMEM;
    if (!(work->free_id = fn_alloc(run, n, sizeof *work->free_id))) return FN_ENOMEM;
    if (!(work->cut = fn_alloc(run, n, sizeof *work->cut))) return FN_ENOMEM;
    if (!(work->volume = fn_alloc(run, volumes, sizeof *work->volume))) return FN_ENOMEM;
    if (!(work->part_volume = fn_alloc(run, volumes, sizeof *work->part_volume))) return FN_ENOMEM;
    return FN_OK;
}

void fn_leiden_work_free(fn_leiden_work *work)
{
    void *all[] = { work->gathered, work->touched, work->order, work->spare, work->key, work->spare_key, work->queue,
                    work->queued, work->members, work->free_id, work->cut, work->volume, work->part_volume };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fn_free(all[i]);
    *work = (fn_leiden_work) { 0 };
}

/* Three stable counting passes over 11 bits of the key: equal keys stay in the order of nodes. */
void fn_leiden_order(fn_leiden_work *work, uint32_t nodes, uint64_t seed, uint64_t stream)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    for (uint32_t node = 0; node < nodes; node++) {
        work->order[node] = node;
        work->key[node] = (uint32_t) (fn_random(seed, stream, node) >> 32);
    }
    for (int shift = 0; shift < 32; shift += BITS) {
        uint32_t start[BUCKETS + 1] = { 0 };
        for (uint32_t i = 0; i < nodes; i++) start[(work->key[i] >> shift & (BUCKETS - 1)) + 1]++;
        for (int b = 0; b < BUCKETS; b++) start[b + 1] += start[b];
        for (uint32_t i = 0; i < nodes; i++) {
            uint32_t place = start[work->key[i] >> shift & (BUCKETS - 1)]++;
            work->spare[place] = work->order[i];
            work->spare_key[place] = work->key[i];
        }
        uint32_t *order = work->order, *key = work->key;
        work->order = work->spare;
        work->key = work->spare_key;
        work->spare = order;
        work->spare_key = key;
    }
}

uint32_t fn_leiden_compact(fn_leiden_work *work, uint32_t nodes, uint32_t *label)
{
    uint32_t *number = work->order, count = 0;
    for (uint32_t node = 0; node < nodes; node++) number[label[node]] = FN_NONE;
    for (uint32_t node = 0; node < nodes; node++) {
        if (number[label[node]] == FN_NONE) number[label[node]] = count++;
        label[node] = number[label[node]];
    }
    return count;
}
