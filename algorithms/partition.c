/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "algorithms/clusters.h"
#include "graph/memory.h"

/* A cluster while it is being renumbered. */
typedef struct ranked {
    uint32_t size, first;   /* firms, lowest firm */
    size_t begin;           /* its place among the firms sorted by (label, firm) */
} ranked;

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return (x > y) - (x < y);
}

static int by_size(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Firms by (label, number); counted where labels are small numbers. */
static void sort_firms(uint32_t firms, const uint32_t *cluster, ranked *rank, uint64_t *sorted)
{
    uint32_t highest = 0;
    for (uint32_t firm = 0; firm < firms; firm++) highest = cluster[firm] > highest ? cluster[firm] : highest;
    if (highest >= firms) {
        for (uint32_t firm = 0; firm < firms; firm++) sorted[firm] = (uint64_t) cluster[firm] << 32 | firm;
        qsort(sorted, firms, sizeof *sorted, by_number);
        return;
    }
    size_t place = 0;
    for (uint32_t firm = 0; firm < firms; firm++) rank[cluster[firm]].size++;
    for (uint32_t label = 0; label <= highest; label++) {
        rank[label].begin = place;
        place += rank[label].size;
        rank[label].size = 0;
    }
    for (uint32_t firm = 0; firm < firms; firm++)
        sorted[rank[cluster[firm]].begin++] = (uint64_t) cluster[firm] << 32 | firm;
}

fn_status fn_partition_relabel(fn_run *run, uint32_t firms, uint32_t *cluster, uint32_t *clusters)
{
    fn_status status = FN_ENOMEM;
    uint32_t count = 0;
    uint64_t *sorted = fn_alloc(run, firms, sizeof *sorted);
    ranked *rank = fn_alloc(run, firms, sizeof *rank);
    if (!sorted || !rank) goto done;
    sort_firms(firms, cluster, rank, sorted);
    for (size_t i = 0; i < firms; i++) {
        if (i == 0 || sorted[i] >> 32 != sorted[i - 1] >> 32)
            rank[count++] = (ranked) { .first = (uint32_t) sorted[i], .begin = i };
        rank[count - 1].size++;
    }
    qsort(rank, count, sizeof *rank, by_size);
    for (uint32_t number = 0; number < count; number++)
        for (size_t i = 0; i < rank[number].size; i++) cluster[(uint32_t) sorted[rank[number].begin + i]] = number;
    *clusters = count;
    status = FN_OK;
done:
    fn_free(rank);
    fn_free(sorted);
    return status;
}

fn_status fn_partition_level_add(fn_run *run, fn_partition *partition, uint32_t **level)
{
    const size_t count = (size_t) partition->levels;
    uint32_t **grown = fn_resize(run, partition->level, count + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    partition->level = grown;
    if (!(grown[count] = fn_alloc_bare(run, partition->firms, sizeof **grown))) return FN_ENOMEM;
    *level = grown[count];
    partition->levels++;
    return FN_OK;
}

void fn_partition_free(fn_partition *partition)
{
    if (!partition) return;
    fn_free(partition->cluster);
    fn_free(partition->stability);
    for (int i = 0; i < partition->levels; i++) fn_free(partition->level[i]);
    fn_free(partition->level);
    fn_free(partition);
}
