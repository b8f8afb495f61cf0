/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/map_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

/* Passes over all levels, as in leiden_search.c: move nodes, refine, make the graph of parts, start there from the
 * clusters; again from the clusters found, until a pass hardly shortens the code. */

enum { PASSES_MOST = 20, STREAMS_A_PASS = 256 };

/* Bits that a pass must save to be followed by another. Large graphs, of which the search keeps lighter arcs, stop
 * sooner, and do not wait in the first pass until the last node rests where it is: the next finds a better place. */
static const double PASS_SAVES = 1e-9, PASS_SAVES_LARGE = .01, ENOUGH_LARGE = .9;

typedef struct search_state {
    const fn_map *nodes;        /* what is searched */
    fn_map_work *work;
    uint64_t seed, stream;
    fn_map level, coarse;
    uint32_t *node;             /* of each of these at the present level */
    uint32_t *label, *part;     /* cluster and part of each node of a level */
    uint32_t *parent, *above;   /* of each part */
} search_state;

static fn_status state_arrays(fn_run *run, uint32_t nodes, search_state *s)
{
    uint32_t **arrays[] = { &s->node, &s->label, &s->part, &s->parent, &s->above };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!(*arrays[i] = fn_alloc_scattered(run, nodes, sizeof **arrays[i]))) return FN_ENOMEM;
    return FN_OK;
}

static void state_free(search_state *s)
{
    uint32_t *arrays[] = { s->node, s->label, s->part, s->parent, s->above };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) fn_free(arrays[i]);
    fn_map_free(&s->coarse);
    fn_map_free(&s->level);
}

/* The graph of parts, and what its nodes have of theirs. */
static fn_status go_up(fn_run *run, search_state *s, const fn_map *map, uint32_t parts)
{
    const fn_leiden_work *shared = &s->work->shared;
    fn_status status = fn_map_aggregate(run, map, s->part, parts, s->work, &s->coarse);
    if (status) return status;
    for (uint32_t p = 0; p < parts; p++) {
        uint32_t first = shared->sorted[shared->first[p]];
        shared->number[p] = s->label[first];
        s->above[p] = fn_map_parent(map, first);
    }
    memcpy(s->label, shared->number, parts * sizeof *s->label);
    memcpy(s->parent, s->above, parts * sizeof *s->parent);
    s->coarse.parent = map->parent ? s->parent : NULL;
    s->coarse.exit = map->exit;
    s->coarse.parents = map->parents;
    for (uint32_t i = 0; i < s->nodes->graph.nodes; i++) s->node[i] = s->part[map == s->nodes ? i : s->node[i]];
    fn_map_free(&s->level);
    s->level = s->coarse;
    s->coarse = (fn_map) { 0 };
    return FN_OK;
}

/* One pass from the clusters given; labels below the number of nodes. */
static fn_status search_pass(fn_run *run, search_state *s, bool alone, uint32_t *cluster)
{
    const fn_map *map = s->nodes;
    const uint32_t nodes = map->graph.nodes;
    uint32_t parts;
    memcpy(s->label, cluster, nodes * sizeof *cluster);
    for (;;) {
        fn_status status = fn_map_move(run, map, s->work, s->seed, s->stream++, alone && map == s->nodes,
                                       alone && map == s->nodes && map->graph.light ? ENOUGH_LARGE : 0, s->label);
        if (status) return status;
        uint32_t clusters = fn_leiden_compact(&s->work->shared, map->graph.nodes, s->label);
        if (clusters == map->graph.nodes) break;
        status = fn_leiden_refine(run, &map->graph, &s->work->shared, s->seed, s->stream++, s->label, clusters,
                                  s->part, &parts);
        if (status) return status;
        if (parts == map->graph.nodes) break;
        if ((status = go_up(run, s, map, parts))) return status;
        map = &s->level;
    }
    for (uint32_t i = 0; i < nodes; i++) cluster[i] = s->label[map == s->nodes ? i : s->node[i]];
    fn_map_free(&s->level);
    return FN_OK;
}

/* Bits of all codebooks, but for those that no clusters change. */
static double bits_of(const fn_map *map, fn_map_work *work, const uint32_t *cluster)
{
    double bits = 0;
    fn_map_totals(map, work, cluster);
    for (uint32_t label = 0; label < map->graph.nodes; label++) bits += work->cluster[label].bits;
    for (uint32_t p = 0; p == 0 || (map->parent && p < map->parents); p++)
        bits += fn_plogp((double) work->entering[p] * FN_MAP_UNIT);
    return bits;
}

static fn_status search(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, bool alone, bool join,
                        int passes, uint32_t *cluster, uint32_t *clusters)
{
    search_state s = { .nodes = map, .work = work, .seed = seed };
    const uint32_t nodes = map->graph.nodes;
    const double least = passes == 0 && map->graph.light ? PASS_SAVES_LARGE : PASS_SAVES;
    const int most = passes > 0 ? passes : PASSES_MOST;
    double before = INFINITY;
    fn_status status = state_arrays(run, nodes, &s);
    for (uint32_t i = 0; i < nodes && !status && alone; i++) cluster[i] = i;
    for (int pass = 0; pass < most && !status; pass++) {
        s.stream = (uint64_t) pass * STREAMS_A_PASS + 1;
        status = search_pass(run, &s, alone && pass == 0, cluster);
        if (!status && join) status = fn_map_join_groups(run, map, work, fn_random(seed, s.stream, 0), cluster);
        if (status) break;
        fn_leiden_split(&map->graph, &work->shared, cluster);
        double now = bits_of(map, work, cluster);
        if (!(before - now > least)) break;
        before = now;
    }
    if (!status) *clusters = fn_leiden_compact(&work->shared, nodes, cluster);
    state_free(&s);
    return status;
}

fn_status fn_map_search(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, bool alone, int passes,
                        uint32_t *cluster, uint32_t *clusters)
{
    return search(run, map, work, seed, alone, !map->parent, passes, cluster, clusters);
}

fn_status fn_map_search_plain(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, uint32_t *cluster,
                              uint32_t *clusters)
{
    return search(run, map, work, seed, true, false, 0, cluster, clusters);
}
