/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/team.h"
#include "algorithms/map_best.h"
#include "graph/random.h"

/* Synchronous local moving, as in leiden_rounds.c, for the map equation (Hamann, Strasser, Wagner and Zeitz 2018,
 * Euro-Par). A hash of (seed, node) deals the waiting nodes into sub-rounds; in each of them all choose their clusters
 * as if nobody else moved, then all move at once. Here a cluster's cut depends on which of its nodes are tied, so it is
 * added up anew over the ties of those that moved.
 *
 * Deterministic: choices depend on the state before the sub-round alone, and totals are sums of whole numbers. */

enum { SUB_ROUNDS = 16, CHUNK = 256 };

enum { CHOOSE, MOVE, CUT, REFRESH, STEPS };

typedef struct round_state {
    const fn_map *map;
    fn_map_work *work;
    bool all_wait;
    uint32_t *cluster;
    fn_team team;
    uint32_t begin[SUB_ROUNDS + 1];
    atomic_size_t next[SUB_ROUNDS][STEPS];
} round_state;

static uint32_t sub_round(uint64_t seed, uint32_t node)
{
    return (uint32_t) (fn_mix64(seed + node) >> 60);
}

/* The waiting nodes, by sub-round and number. */
static void deal(round_state *s, uint64_t seed)
{
    const uint8_t *flag = s->work->shared.flag;
    uint32_t next[SUB_ROUNDS] = { 0 }, total = 0;
    for (uint32_t node = 0; node < s->map->graph.nodes; node++)
        if (flag[node]) next[sub_round(seed, node)]++;
    for (int sub = 0; sub < SUB_ROUNDS; sub++) {
        s->begin[sub] = total;
        total += next[sub];
        next[sub] = s->begin[sub];
    }
    s->begin[SUB_ROUNDS] = total;
    for (uint32_t node = 0; node < s->map->graph.nodes; node++)
        if (flag[node]) s->work->shared.list[next[sub_round(seed, node)]++] = node;
}

/* Take some nodes of a sub-round for a step. */
static bool take(round_state *s, int sub, int step, const uint32_t **list, size_t *count)
{
    size_t begin, end;
    if (!fn_team_take(&s->next[sub][step], CHUNK, s->begin[sub + 1] - s->begin[sub], &begin, &end)) return false;
    *list = s->work->shared.list + s->begin[sub] + begin;
    *count = end - begin;
    return true;
}

/* Who wants to be alone takes the cluster of its own number if that is empty: nobody else can want it. */
static uint32_t alone(const round_state *s, uint32_t node)
{
    const fn_map_cluster *own = &s->work->cluster[node];
    return own->flow == 0 && own->net == 0 ? node : s->cluster[node];
}

/* Have the clusters of the next node's neighbours fetched, and the row of one further on. */
static void fetch_ahead(const round_state *s, const uint32_t *list, size_t i, size_t count)
{
    enum { AHEAD = 4, ARCS_MOST = 64 };
    const fn_leiden_graph *graph = &s->map->graph;
    if (i + AHEAD < count && graph->light) __builtin_prefetch(&graph->light[graph->offset[list[i + AHEAD]]]);
    if (i + 1 >= count) return;
    size_t begin = graph->offset[list[i + 1]], end = graph->offset[list[i + 1] + 1];
    for (size_t arc = begin; arc < end && arc < begin + ARCS_MOST; arc++)
        __builtin_prefetch(&s->cluster[fn_leiden_target(graph, arc)]);
}

static void choose(round_state *s, int sub, fn_leiden_tally *tally)
{
    const int64_t *entering = s->work->entering;
    const uint32_t *list;
    size_t count;
    double log_entering = fn_map_log(entering[0]);
    while (take(s, sub, CHOOSE, &list, &count))
        for (size_t i = 0; i < count; i++) {
            uint32_t node = list[i], parent = fn_map_parent(s->map, node);
            fetch_ahead(s, list, i, count);
            if (s->map->parent) log_entering = fn_map_log(entering[parent]);
            uint32_t to = fn_map_best(s->map, tally, s->cluster, s->work->cluster, entering[parent], log_entering,
                                      node).to;
            s->work->shared.proposal[node] = to == FN_NONE ? alone(s, node) : to;
        }
}

static void add(int64_t *sum, int64_t what)
{
    __atomic_fetch_add(sum, what, __ATOMIC_RELAXED);
}

static void move(round_state *s, int sub)
{
    const uint32_t *list;
    size_t count;
    while (take(s, sub, MOVE, &list, &count))
        for (size_t i = 0; i < count; i++) {
            uint32_t node = list[i], from = s->cluster[node], to = s->work->shared.proposal[node];
            int64_t flow = fn_map_volume(s->map, node, FN_MAP_FLOW), net = fn_map_volume(s->map, node, FN_MAP_NET);
            if (!s->all_wait) s->work->shared.flag[node] = 0;
            if (to == from) continue;
            add(&s->work->cluster[from].flow, -flow);
            add(&s->work->cluster[to].flow, flow);
            if (net != 0) {
                add(&s->work->cluster[from].net, -net);
                add(&s->work->cluster[to].net, net);
            }
            s->cluster[node] = to;
        }
}

/* What a node that has moved changes in the cuts of clusters, for itself and for neighbours that have not moved; who
 * moved as well sees to its own side. Neighbours left in other clusters may want to follow. Returns the change of all
 * cuts. */
static int64_t change_cuts(round_state *s, uint32_t node)
{
    const fn_leiden_graph *graph = &s->map->graph;
    const uint32_t *before = s->work->before, from = before[node], to = s->cluster[node];
    int64_t left = -fn_map_volume(s->map, node, FN_MAP_OUTSIDE), joined = -left, others = 0;
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) {
        uint32_t other = fn_leiden_target(graph, arc), there = s->cluster[other];
        int64_t weight = fn_leiden_weight(graph, arc);
        bool was_cut = before[other] != from, is_cut = there != to;
        if (was_cut) left -= weight;
        if (is_cut) joined += weight;
        if (is_cut && !s->all_wait) __atomic_store_n(&s->work->shared.flag[other], 1, __ATOMIC_RELAXED);
        if (was_cut == is_cut || before[other] != there) continue;
        add(&s->work->cluster[there].cut, is_cut ? weight : -weight);
        others += is_cut ? weight : -weight;
    }
    add(&s->work->cluster[from].cut, left);
    add(&s->work->cluster[to].cut, joined);
    return left + joined + others;
}

static void cut(round_state *s, int sub)
{
    const uint32_t *list;
    size_t count;
    int64_t change = 0;
    while (take(s, sub, CUT, &list, &count))
        for (size_t i = 0; i < count; i++) {
            if (s->work->before[list[i]] == s->cluster[list[i]]) continue;
            if (s->map->parent) add(&s->work->entering[s->map->parent[list[i]]], change_cuts(s, list[i]));
            else change += change_cuts(s, list[i]);
        }
    if (change != 0) add(s->work->entering, change);
}

static void refresh_bits(fn_map_cluster *c)
{
    double bits = fn_map_bits(c->flow, c->net, c->cut);
    __atomic_store(&c->bits, &bits, __ATOMIC_RELAXED); /* others may write the same */
}

static void refresh(round_state *s, int sub)
{
    const uint32_t *list;
    size_t count;
    while (take(s, sub, REFRESH, &list, &count))
        for (size_t i = 0; i < count; i++) {
            uint32_t node = list[i];
            if (s->work->before[node] == s->cluster[node]) continue;
            refresh_bits(&s->work->cluster[s->work->before[node]]);
            refresh_bits(&s->work->cluster[s->cluster[node]]);
            s->work->before[node] = s->cluster[node];
        }
}

static size_t waiting_arcs(const fn_map *map, const fn_map_work *work)
{
    size_t arcs = 0;
    for (uint32_t node = 0; node < map->graph.nodes; node++)
        if (work->shared.flag[node]) arcs += map->graph.offset[node + 1] - map->graph.offset[node];
    return arcs;
}

size_t fn_map_round(const fn_map *map, fn_map_work *work, uint64_t seed, bool all_wait, uint32_t *cluster)
{
    round_state s = { .map = map, .work = work, .all_wait = all_wait, .cluster = cluster };
    const int threads = work->shared.threads;
    (void) threads;
    deal(&s, seed);
    memcpy(work->before, cluster, map->graph.nodes * sizeof *cluster);
#pragma omp parallel num_threads(threads)
    {
        fn_leiden_tally *tally = &work->shared.tally[fn_team_place()];
#pragma omp single
        s.team.threads = fn_team_size();
        for (int sub = 0; sub < SUB_ROUNDS; sub++) {
            choose(&s, sub, tally);
            fn_team_wait(&s.team);
            move(&s, sub);
            fn_team_wait(&s.team);
            cut(&s, sub);
            fn_team_wait(&s.team);
            refresh(&s, sub);
            fn_team_wait(&s.team);
        }
    }
    return waiting_arcs(map, work);
}

size_t fn_map_flag_unhappy(const fn_map *map, fn_map_work *work, const uint32_t *cluster)
{
    const int threads = fn_leiden_threads(&work->shared, fn_leiden_arcs(&map->graph));
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t node = 0; node < map->graph.nodes; node++) {
        int64_t entering = work->entering[fn_map_parent(map, node)];
        fn_map_choice choice = fn_map_best(map, &work->shared.tally[fn_team_place()], cluster, work->cluster, entering,
                                           fn_map_log(entering), node);
        work->shared.flag[node] = choice.to != cluster[node];
    }
    return waiting_arcs(map, work);
}
