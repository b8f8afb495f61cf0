/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_rounds.h"
#include "algorithms/map_best.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Local moving by the map equation, as in leiden_move.c: in rounds while many nodes may want to move (map_rounds.c),
 * then one by one from a queue in random order, so that it ends where no node wants to move. */

enum { PROGRESS_EVERY = 1 << 14, ROUNDS_MOST = 64 };

/* Arcs of waiting nodes that are worth a round. */
static const size_t ROUND_LEAST = 1 << 17;

/* Labels that no node has, the lowest on top of the stack. */
static uint32_t find_free(const fn_map *map, fn_map_work *work, const uint32_t *cluster)
{
    uint32_t *used = work->shared.number, count = 0;
    memset(used, 0, map->graph.nodes * sizeof *used);
    for (uint32_t node = 0; node < map->graph.nodes; node++) used[cluster[node]] = 1;
    for (uint32_t label = map->graph.nodes; label-- > 0;)
        if (!used[label]) work->shared.first[count++] = label;
    return count;
}

/* Waiting nodes in random order. */
static uint32_t fill_queue(const fn_map *map, fn_map_work *work, uint64_t seed, uint64_t stream)
{
    uint32_t count = 0, *queue = work->shared.list;
    for (uint32_t node = 0; node < map->graph.nodes; node++)
        if (work->shared.flag[node]) {
            uint32_t place = (uint32_t) fn_random_below(seed, stream, count, (uint64_t) count + 1);
            queue[count] = queue[place];
            queue[place] = node;
            count++;
        }
    return count;
}

/* Add a node to a cluster (sign 1) or take it out (-1); weight: flow between the node and the others of the cluster. */
static void change(const fn_map *map, fn_map_cluster *c, uint32_t node, int sign, int64_t weight)
{
    c->flow += sign * fn_map_volume(map, node, FN_MAP_FLOW);
    c->net += sign * fn_map_volume(map, node, FN_MAP_NET);
    c->cut += sign * (map->cut[node] - 2 * weight);
    c->bits = fn_map_bits(c->flow, c->net, c->cut);
}

static fn_status move_one_by_one(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint64_t stream,
                                 uint32_t *cluster)
{
    const fn_leiden_graph *graph = &map->graph;
    const uint32_t nodes = graph->nodes;
    uint32_t *queue = work->shared.list, free_labels = find_free(map, work, cluster), head = 0;
    uint32_t waiting = fill_queue(map, work, seed, stream), tail = waiting == nodes ? 0 : waiting;
    for (uint64_t visits = 1; waiting > 0; visits++) {
        if (visits % PROGRESS_EVERY == 0 && fn_progress(run, "shortening the map", work->shared.done))
            return FN_ECANCEL;
        uint32_t node = queue[head], from = cluster[node];
        int64_t *entering = &work->entering[fn_map_parent(map, node)];
        if (++head == nodes) head = 0;
        waiting--;
        work->shared.flag[node] = 0;
        fn_map_choice choice = fn_map_best(map, &work->shared.tally[0], cluster, work->cluster, *entering,
                                           fn_map_log(*entering), node);
        uint32_t to = choice.to;
        if (to == from) continue;
        if (to == FN_NONE) to = work->shared.first[--free_labels];
        change(map, &work->cluster[from], node, -1, choice.stay);
        change(map, &work->cluster[to], node, 1, choice.weight);
        *entering += 2 * (choice.stay - choice.weight);
        if (work->cluster[from].flow == 0 && work->cluster[from].net == 0) work->shared.first[free_labels++] = from;
        cluster[node] = to;

        /* Neighbours left in other clusters may want to follow. */
        for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
            uint32_t other = fn_leiden_target(graph, arc);
            if (work->shared.flag[other] || cluster[other] == to) continue;
            work->shared.flag[other] = 1;
            queue[tail] = other;
            if (++tail == nodes) tail = 0;
            waiting++;
        }
    }
    return FN_OK;
}

fn_status fn_map_move(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint64_t stream, bool alone,
                      double enough, uint32_t *cluster)
{
    const size_t arcs = fn_leiden_arcs(&map->graph);
    fn_map_totals(map, work, cluster);
    size_t waiting = alone || arcs <= ROUND_LEAST ? fn_leiden_flag_all(&map->graph, &work->shared)
                                                  : fn_map_flag_unhappy(map, work, cluster);
    for (uint64_t round = 0; waiting > ROUND_LEAST && round < ROUNDS_MOST; round++) {
        if (fn_progress(run, "shortening the map", work->shared.done)) return FN_ECANCEL;
        waiting = fn_map_round(map, work, fn_random(seed, stream, round), alone && round == 0, cluster);
        if ((double) waiting < enough * (double) arcs) return FN_OK;
    }
    return move_one_by_one(run, map, work, seed, stream, cluster);
}
