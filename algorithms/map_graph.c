/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/map_inside.h"
#include "graph/memory.h"

const fn_leiden_terms fn_map_terms = {
    .count = FN_MAP_TERMS, .partner = { FN_MAP_FLOW, FN_MAP_NET, FN_MAP_OUTSIDE }, .factor = { FN_MAP_UNIT, 0, 0 }
};

void fn_map_free(fn_map *map)
{
    fn_leiden_graph_free(&map->graph);
    fn_free(map->cut);
    *map = (fn_map) { 0 };
}

fn_status fn_map_work_arrays(fn_run *run, uint32_t nodes, fn_map_work *work)
{
    fn_status status = fn_leiden_work_arrays(run, nodes, FN_MAP_TERMS, &work->shared);
    if (status) return status;
    if (!(work->cluster = fn_alloc_scattered(run, nodes, sizeof *work->cluster))) return FN_ENOMEM;
    if (!(work->before = fn_alloc_scattered(run, nodes, sizeof *work->before))) return FN_ENOMEM;
    if (!(work->entering = fn_alloc(run, (size_t) nodes + 1, sizeof *work->entering))) return FN_ENOMEM;
    return FN_OK;
}

void fn_map_work_free(fn_map_work *work)
{
    fn_leiden_work_free(&work->shared);
    fn_free(work->cluster);
    fn_free(work->before);
    fn_free(work->entering);
    *work = (fn_map_work) { 0 };
}

static int64_t row_weight(const fn_leiden_graph *graph, uint32_t node)
{
    int64_t sum = 0;
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++) sum += fn_leiden_weight(graph, arc);
    return sum;
}

fn_status fn_map_cut_find(fn_run *run, fn_map *map)
{
    const uint32_t nodes = map->graph.nodes;
    if (!(map->cut = fn_alloc_scattered(run, nodes, sizeof *map->cut))) return FN_ENOMEM;
    for (uint32_t node = 0; node < nodes; node++)
        map->cut[node] = fn_map_volume(map, node, FN_MAP_OUTSIDE) + row_weight(&map->graph, node);
    return FN_OK;
}

void fn_map_list_parts(fn_map_work *work, uint32_t nodes, const uint32_t *part, uint32_t parts)
{
    fn_leiden_list(nodes, part, parts, work->shared.first, work->shared.sorted);
}

fn_status fn_map_aggregate(fn_run *run, const fn_map *fine, const uint32_t *part, uint32_t parts, fn_map_work *work,
                           fn_map *coarse)
{
    fn_status status = fn_leiden_aggregate(run, &fine->graph, part, parts, &work->shared, &coarse->graph);
    return status ? status : fn_map_cut_find(run, coarse);
}

/* --- Clusters --- */

static int64_t cut_of(const fn_map *map, const uint32_t *cluster, uint32_t node)
{
    const fn_leiden_graph *graph = &map->graph;
    int64_t sum = fn_map_volume(map, node, FN_MAP_OUTSIDE);
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++)
        if (cluster[fn_leiden_target(graph, arc)] != cluster[node]) sum += fn_leiden_weight(graph, arc);
    return sum;
}

void fn_map_totals(const fn_map *map, fn_map_work *work, const uint32_t *cluster)
{
    const uint32_t nodes = map->graph.nodes;
    const int threads = fn_leiden_threads(&work->shared, fn_leiden_arcs(&map->graph));
    (void) threads;
    for (uint32_t label = 0; label < nodes; label++) work->cluster[label] = (fn_map_cluster) { 0 };
    for (uint32_t p = 0; p == 0 || (map->parent && p < map->parents); p++)
        work->entering[p] = map->exit ? map->exit[p] : 0;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (uint32_t node = 0; node < nodes; node++) {
        fn_map_cluster *its = &work->cluster[cluster[node]];
        int64_t cut = cut_of(map, cluster, node), net = fn_map_volume(map, node, FN_MAP_NET);
        __atomic_fetch_add(&its->flow, fn_map_volume(map, node, FN_MAP_FLOW), __ATOMIC_RELAXED);
        __atomic_fetch_add(&its->net, net, __ATOMIC_RELAXED);
        __atomic_fetch_add(&its->cut, cut, __ATOMIC_RELAXED);
        if (map->parent) __atomic_fetch_add(&work->entering[map->parent[node]], cut - net, __ATOMIC_RELAXED);
    }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (uint32_t label = 0; label < nodes; label++) {
        fn_map_cluster *its = &work->cluster[label];
        its->bits = fn_map_bits(its->flow, its->net, its->cut);
    }
    for (uint32_t label = 0; label < nodes && !map->parent; label++)
        work->entering[0] += work->cluster[label].cut - work->cluster[label].net;
}

/* --- Within parents --- */

fn_status fn_map_within(fn_run *run, const fn_map *whole, const uint32_t *parent, const bool *is_leaf,
                        uint32_t parents, fn_map *within)
{
    const fn_leiden_graph *old = &whole->graph;
    fn_leiden_graph *made = &within->graph;
    const uint32_t nodes = old->nodes;
    size_t place = 0;
    if (!(made->offset = fn_alloc(run, (size_t) nodes + 1, sizeof *made->offset))) return FN_ENOMEM;
    for (uint32_t node = 0; node < nodes; node++) {
        made->offset[node + 1] = made->offset[node];
        for (size_t arc = old->offset[node]; arc < old->offset[node + 1] && !is_leaf[parent[node]]; arc++)
            made->offset[node + 1] += parent[fn_leiden_target(old, arc)] == parent[node];
    }
    fn_status status = fn_leiden_graph_alloc(run, made, nodes, made->offset[nodes], true, &fn_map_terms);
    if (status) return status;
    memcpy(made->volume, old->volume, (size_t) nodes * FN_MAP_TERMS * sizeof *made->volume);
    for (uint32_t node = 0; node < nodes; node++)
        for (size_t arc = old->offset[node]; arc < old->offset[node + 1]; arc++) {
            uint32_t other = fn_leiden_target(old, arc);
            int64_t weight = fn_leiden_weight(old, arc);
            if (parent[other] == parent[node] && !is_leaf[parent[node]])
                fn_leiden_set_arc(made, place++, other, weight);
            else
                made->volume[(size_t) node * FN_MAP_TERMS + FN_MAP_OUTSIDE] += weight;
        }
    within->parent = parent;
    within->parents = parents;
    return fn_map_cut_find(run, within);
}
