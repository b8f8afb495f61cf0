/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/map_inside.h"
#include "graph/memory.h"

/* A large cluster may be found as a hundred pieces of which no two shorten the code when they join, though all of them
 * do. So the search also looks for groups of clusters in which a walker stays long (as the hierarchy does), and joins
 * those that are shorter to tell as one cluster. */

/* Larger than what rounding makes of a sum of bits. */
static const double JOIN_SAVES = 1e-12;

void fn_map_flow_is_enter(fn_map *map)
{
    for (uint32_t v = 0; v < map->graph.nodes; v++) {
        int64_t enter = map->cut[v] - fn_map_volume(map, v, FN_MAP_NET);
        map->graph.volume[(size_t) v * FN_MAP_TERMS + FN_MAP_FLOW] = enter > 0 ? enter : 0;
    }
}

/* The groups that are better joined, one after the other as each changes what is entered; flow: of each node. The
 * others are undone. */
static uint32_t join(const fn_map *clusters, fn_map_work *work, const int64_t *flow, const uint32_t *group,
                     uint32_t groups, uint32_t *label)
{
    const uint32_t nodes = clusters->graph.nodes;
    uint32_t *list = work->shared.list, *start = work->shared.start, joined = 0;
    int64_t entering = 0;
    for (uint32_t v = 0; v < nodes; v++) entering += clusters->cut[v] - fn_map_volume(clusters, v, FN_MAP_NET);
    fn_map_totals(clusters, work, group);
    fn_leiden_list(nodes, group, groups, work->shared.start, work->shared.list);
    for (uint32_t g = 0; g < groups; g++) {
        const fn_map_cluster *its = &work->cluster[g];
        int64_t all_flow = 0, all_entering = 0;
        double apart = 0;
        for (uint32_t i = start[g]; i < start[g + 1]; i++) {
            uint32_t v = list[i];
            int64_t net = fn_map_volume(clusters, v, FN_MAP_NET);
            label[v] = v;
            all_flow += flow[v];
            all_entering += clusters->cut[v] - net;
            apart += fn_map_bits(flow[v], net, clusters->cut[v]);
        }
        int64_t after = entering - all_entering + its->cut - its->net;
        double change = fn_map_bits(all_flow, its->net, its->cut) - apart + fn_plogp((double) after * FN_MAP_UNIT) -
                        fn_plogp((double) entering * FN_MAP_UNIT);
        if (start[g + 1] - start[g] < 2 || !(change < -JOIN_SAVES)) continue;
        for (uint32_t i = start[g]; i < start[g + 1]; i++) label[list[i]] = list[start[g]];
        entering = after;
        joined++;
    }
    return joined;
}

fn_status fn_map_join_groups(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint32_t *cluster)
{
    const uint32_t nodes = map->graph.nodes, count = fn_leiden_compact(&work->shared, nodes, cluster);
    fn_map clusters = { 0 };
    uint32_t groups;
    uint32_t *group = fn_alloc_bare(run, count, sizeof *group), *label = fn_alloc_bare(run, count, sizeof *label);
    int64_t *flow = fn_alloc_bare(run, count, sizeof *flow);
    fn_status status = group && label && flow ? FN_OK : FN_ENOMEM;
    if (status) goto done;
    fn_map_list_parts(work, nodes, cluster, count);
    if ((status = fn_map_aggregate(run, map, cluster, count, work, &clusters))) goto done;
    for (uint32_t v = 0; v < count; v++) flow[v] = fn_map_volume(&clusters, v, FN_MAP_FLOW);
    fn_map_flow_is_enter(&clusters);
    if ((status = fn_map_search_plain(run, &clusters, work, seed, group, &groups))) goto done;
    if (join(&clusters, work, flow, group, groups, label) > 0)
        for (uint32_t v = 0; v < nodes; v++) cluster[v] = label[cluster[v]];
done:
    fn_map_free(&clusters);
    fn_free(flow);
    fn_free(label);
    fn_free(group);
    return status;
}
