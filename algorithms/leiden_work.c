/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"
#include "graph/names.h"

/* The arrays of a place a node are never touched where no row is long. */
static fn_status tally_new(fn_run *run, uint32_t nodes, fn_leiden_tally *tally)
{
    const size_t small = (size_t) 1 << FN_LEIDEN_TALLY_BITS, n = nodes > small ? nodes : small;
    if (!(tally->found = fn_alloc(run, n + 1, sizeof *tally->found))) return FN_ENOMEM;
    if (!(tally->small_key = fn_alloc(run, small, sizeof *tally->small_key))) return FN_ENOMEM;
    if (!(tally->small_sum = fn_alloc(run, small, sizeof *tally->small_sum))) return FN_ENOMEM;
    if (!(tally->large_key = fn_alloc(run, n, sizeof *tally->large_key))) return FN_ENOMEM;
    if (!(tally->large_sum = fn_alloc(run, n, sizeof *tally->large_sum))) return FN_ENOMEM;
    return FN_OK;
}

fn_status fn_leiden_work_tallies(fn_run *run, uint32_t nodes, fn_leiden_work *work)
{
    work->threads = fn_run_threads(run);
    if (!(work->tally = fn_alloc(run, (size_t) work->threads, sizeof *work->tally))) return FN_ENOMEM;
    for (int t = 0; t < work->threads; t++)
        if (tally_new(run, nodes, &work->tally[t])) return FN_ENOMEM;
    return FN_OK;
}

fn_status fn_leiden_work_arrays(fn_run *run, uint32_t nodes, int terms, fn_leiden_work *work)
{
    const size_t n = (size_t) nodes + 1, volumes = n * (size_t) (terms > 0 ? terms : 1);
    work->nodes = nodes;
    work->terms = (size_t) terms;
    uint32_t **lists[] = { &work->list, &work->sorted, &work->proposal, &work->start, &work->first, &work->number };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!(*lists[i] = fn_alloc_scattered(run, n, sizeof **lists[i]))) return FN_ENOMEM;
    if (!(work->flag = fn_alloc_scattered(run, n, sizeof *work->flag))) return FN_ENOMEM;
    if (!(work->cut = fn_alloc_scattered(run, n, sizeof *work->cut))) return FN_ENOMEM;
    if (!(work->volume = fn_alloc_scattered(run, volumes, sizeof *work->volume))) return FN_ENOMEM;
    return FN_OK;
}

void fn_leiden_work_rest(fn_leiden_work *work, uint32_t nodes)
{
    const size_t kept = (size_t) nodes + 1;
    uint32_t *lists[] = { work->list, work->sorted, work->proposal, work->start, work->first, work->number };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) fn_memory_rest(lists[i] + kept, lists[i] + work->nodes);
    fn_memory_rest(work->flag + kept, work->flag + work->nodes);
    fn_memory_rest(work->cut + kept, work->cut + work->nodes);
    fn_memory_rest(work->volume + kept * work->terms, work->volume + work->nodes * work->terms);
}

void fn_leiden_work_free(fn_leiden_work *work)
{
    for (int t = 0; work->tally && t < work->threads; t++) {
        fn_leiden_tally *tally = &work->tally[t];
        void *its[] = { tally->found, tally->small_key, tally->small_sum, tally->large_key, tally->large_sum };
        for (size_t i = 0; i < sizeof its / sizeof *its; i++) fn_free(its[i]);
    }
    void *all[] = { work->tally, work->list, work->sorted, work->proposal, work->start, work->first, work->number,
                    work->flag, work->cut, work->volume };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fn_free(all[i]);
    *work = (fn_leiden_work) { 0 };
}

uint32_t fn_leiden_compact(fn_leiden_work *work, uint32_t nodes, uint32_t *label)
{
    uint32_t *number = work->number, count = 0;
    memset(number, 0xff, nodes * sizeof *number);
    for (uint32_t node = 0; node < nodes; node++) {
        if (number[label[node]] == FN_NONE) number[label[node]] = count++;
        label[node] = number[label[node]];
    }
    return count;
}

void fn_leiden_name(fn_leiden_work *work, uint32_t nodes, uint32_t *cluster)
{
    uint32_t *first = work->number;
    memset(first, 0xff, nodes * sizeof *first);
    for (uint32_t node = 0; node < nodes; node++) {
        if (first[cluster[node]] == FN_NONE) first[cluster[node]] = node;
        cluster[node] = first[cluster[node]];
    }
}

void fn_leiden_list(uint32_t nodes, const uint32_t *cluster, uint32_t clusters, uint32_t *start, uint32_t *list)
{
    uint32_t place = 0;
    memset(start, 0, ((size_t) clusters + 1) * sizeof *start);
    for (uint32_t node = 0; node < nodes; node++) start[cluster[node]]++;
    for (uint32_t c = 0; c <= clusters; c++) {
        uint32_t count = c < clusters ? start[c] : 0;
        start[c] = place;
        place += count;
    }
    for (uint32_t node = 0; node < nodes; node++) list[start[cluster[node]]++] = node;
    for (uint32_t c = clusters; c > 0; c--) start[c] = start[c - 1];
    start[0] = 0;
}

void fn_leiden_label_parts(const fn_leiden_work *work, uint32_t parts, uint32_t *label)
{
    uint32_t first = 0, *made = work->number;
    for (uint32_t p = 0; p < parts; p++) {
        if (label[work->sorted[work->first[p]]] != label[work->sorted[work->first[first]]]) first = p;
        made[p] = first;
    }
    memcpy(label, made, parts * sizeof *label);
}
