/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "graph/memory.h"

/* What the clusters that were found are made of: refined into parts, the parts into larger parts within the cluster,
 * until each cluster is one. */

static void turn_round(fn_partition *partition)
{
    for (int i = 0, j = partition->levels - 1; i < j; i++, j--) {
        uint32_t *level = partition->level[i];
        partition->level[i] = partition->level[j];
        partition->level[j] = level;
    }
}

fn_status fn_leiden_levels(fn_run *run, const fn_leiden_graph *firms, fn_leiden_work *work, uint64_t seed,
                           fn_partition *partition)
{
    fn_leiden_graph level = { 0 }, coarse = { 0 };
    const fn_leiden_graph *graph = firms;
    const size_t n = firms->nodes;
    uint32_t *label = fn_alloc_bare(run, n, sizeof *label), *part = fn_alloc_bare(run, n, sizeof *part);
    uint32_t *node = fn_alloc_bare(run, n, sizeof *node), parts, *made;
    fn_status status = label && part && node ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    memcpy(label, partition->cluster, n * sizeof *label);
    for (uint32_t firm = 0; firm < n; firm++) node[firm] = firm;
    for (uint64_t stream = 0;; stream++) {
        uint32_t clusters = fn_leiden_compact(work, graph->nodes, label);
        status = fn_leiden_refine(run, graph, work, seed, stream, label, clusters, part, &parts);
        if (status || parts == clusters || parts == graph->nodes) break;
        if ((status = fn_partition_level_add(run, partition, &made))) break;
        for (uint32_t firm = 0; firm < n; firm++) made[firm] = node[firm] = part[node[firm]];
        for (uint32_t p = 0; p < parts; p++) work->number[p] = label[work->sorted[work->first[p]]];
        memcpy(label, work->number, parts * sizeof *label);
        if ((status = fn_leiden_aggregate(run, graph, part, parts, work, &coarse))) break;
        fn_leiden_graph_free(&level);
        level = coarse;
        coarse = (fn_leiden_graph) { 0 };
        graph = &level;
    }
    turn_round(partition);
    for (int i = 0; !status && i < partition->levels; i++)
        status = fn_partition_relabel(run, partition->firms, partition->level[i], &parts);
done:
    fn_leiden_graph_free(&coarse);
    fn_leiden_graph_free(&level);
    fn_free(node);
    fn_free(part);
    fn_free(label);
    return status;
}
