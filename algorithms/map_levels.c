/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/map_inside.h"
#include "graph/memory.h"

/* The hierarchy with the shortest code (Rosvall and Bergstrom 2011): from the clusters of two levels, groups of them,
 * groups of groups, as long as the code gets shorter; then, in each of the topmost, the same again, until no cluster
 * gains by being divided. All clusters of a level are searched at once: each is a parent that its nodes never leave.
 *
 * Groups of clusters are found by the same search. The codebook between clusters has a word for entering each, so on
 * the graph of clusters what enters a cluster is its flow. */

enum { LEVELS_MOST = 32 };

static const double LEVEL_SAVES = 1e-10; /* bits */

typedef struct levels_state {
    const fn_map *firms;
    fn_map_work *work;
    uint64_t seed, stream;
    uint32_t *parent;           /* of each firm at the present level */
    uint32_t *module;           /* the cluster of each firm within its parent */
    uint32_t *group;            /* the group of these, where it is in one */
    bool *is_leaf;              /* of each parent: not to be divided further */
    int64_t *exit;              /* of each parent */
    double *whole, *divided;    /* of each parent: bits of its codebook if it is not divided; of all codebooks if so */
} levels_state;

static fn_status state_arrays(fn_run *run, uint32_t n, levels_state *s)
{
    if (!(s->parent = fn_alloc(run, n, sizeof *s->parent))) return FN_ENOMEM;
    if (!(s->module = fn_alloc(run, n, sizeof *s->module))) return FN_ENOMEM;
    if (!(s->group = fn_alloc(run, n, sizeof *s->group))) return FN_ENOMEM;
    if (!(s->is_leaf = fn_alloc(run, (size_t) n + 1, sizeof *s->is_leaf))) return FN_ENOMEM;
    if (!(s->exit = fn_alloc(run, (size_t) n + 1, sizeof *s->exit))) return FN_ENOMEM;
    if (!(s->whole = fn_alloc(run, (size_t) n + 1, sizeof *s->whole))) return FN_ENOMEM;
    if (!(s->divided = fn_alloc(run, (size_t) n + 1, sizeof *s->divided))) return FN_ENOMEM;
    return FN_OK;
}

static void state_free(levels_state *s)
{
    void *arrays[] = { s->parent, s->module, s->group, s->is_leaf, s->exit, s->whole, s->divided };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) fn_free(arrays[i]);
}

/* --- Groups of clusters --- */

/* Bits that each parent's codebook between its clusters takes, in bits[parent]. */
static void between(const fn_map *map, fn_map_work *work, const uint32_t *cluster, double *bits)
{
    fn_map_totals(map, work, cluster);
    for (uint32_t p = 0; p < map->parents; p++) bits[p] = fn_plogp((double) work->entering[p] * FN_MAP_UNIT);
}

/* Whether groups of nodes shorten the code of each parent; those that don't are undone. saved[parent] grows by what
 * they do. Groups of one node are that node, without a codebook of their own. */
static uint32_t keep_groups(const fn_map *map, fn_map_work *work, uint32_t *group, uint32_t groups, double *before,
                            double *saved)
{
    const uint32_t nodes = map->graph.nodes;
    uint32_t *members = work->shared.first, *parent_of = work->shared.start, kept = 0;
    double *now = before + map->parents;
    between(map, work, group, now);
    memset(members, 0, groups * sizeof *members);
    for (uint32_t v = 0; v < nodes; v++) {
        members[group[v]]++;
        parent_of[group[v]] = fn_map_parent(map, v);
    }
    for (uint32_t g = 0; g < groups; g++)
        if (members[g] > 1) now[parent_of[g]] += work->cluster[g].bits;
    for (uint32_t p = 0; p < map->parents; p++) {
        bool is_better = now[p] < before[p] - LEVEL_SAVES;
        kept += is_better;
        if (is_better) saved[p] += before[p] - now[p];
        before[p] = is_better ? 1 : 0;
    }
    /* Labels of undone groups: each node's own, behind the groups. */
    for (uint32_t v = 0; v < nodes; v++)
        if (!(before[fn_map_parent(map, v)] > 0)) work->shared.proposal[v] = groups + v;
        else work->shared.proposal[v] = group[v];
    memcpy(group, work->shared.proposal, nodes * sizeof *group);
    return kept;
}

/* Numbers 0 … in order of first appearance, of labels below 2 * nodes. */
static uint32_t compact(uint32_t *number, uint32_t nodes, uint32_t *label)
{
    uint32_t count = 0;
    memset(number, 0xff, 2 * (size_t) nodes * sizeof *number);
    for (uint32_t v = 0; v < nodes; v++) {
        if (number[label[v]] == FN_NONE) number[label[v]] = count++;
        label[v] = number[label[v]];
    }
    return count;
}

/* Groups of the modules of a map, and groups of these, up to the topmost; in s->group. saved: bits, of each parent. */
static fn_status climb(fn_run *run, levels_state *s, const fn_map *map, uint32_t modules, double *saved)
{
    const uint32_t n = map->graph.nodes;
    fn_map at = { 0 }, next = { 0 };
    uint32_t *own = fn_alloc_bare(run, modules, sizeof *own), *above = fn_alloc_bare(run, modules, sizeof *above);
    uint32_t *group = fn_alloc_bare(run, modules, sizeof *group), *number = NULL, groups, nodes = modules;
    double *before = fn_alloc(run, 2 * (size_t) map->parents, sizeof *before);
    fn_status status = own && above && group && before ? FN_OK : FN_ENOMEM;
    if (!status && !(number = fn_alloc_bare(run, 2 * (size_t) modules, sizeof *number))) status = FN_ENOMEM;
    if (status) goto done;
    memcpy(s->group, s->module, n * sizeof *s->group);
    for (uint32_t v = 0; v < n; v++) above[s->module[v]] = fn_map_parent(map, v);
    fn_map_list_parts(s->work, n, s->module, modules);
    if ((status = fn_map_aggregate(run, map, s->module, modules, s->work, &at))) goto done;
    for (;;) {
        at.parent = above;
        at.exit = map->exit;
        at.parents = map->parents;
        fn_map_flow_is_enter(&at);
        for (uint32_t v = 0; v < nodes; v++) own[v] = v;
        between(&at, s->work, own, before);
        if ((status = fn_map_search(run, &at, s->work, s->seed + ++s->stream, true, 0, group, &groups))) break;
        if (keep_groups(&at, s->work, group, groups, before, saved) == 0) break;
        groups = compact(number, nodes, group);
        for (uint32_t v = 0; v < n; v++) s->group[v] = group[s->group[v]];
        fn_map_list_parts(s->work, nodes, group, groups);
        if ((status = fn_map_aggregate(run, &at, group, groups, s->work, &next))) break;
        for (uint32_t v = 0; v < nodes; v++) own[group[v]] = above[v];
        memcpy(above, own, groups * sizeof *above);
        nodes = groups;
        fn_map_free(&at);
        at = next;
        next = (fn_map) { 0 };
    }
done:
    fn_map_free(&next);
    fn_map_free(&at);
    fn_free(number);
    fn_free(before);
    fn_free(group);
    fn_free(above);
    fn_free(own);
    return status;
}

/* --- Dividing --- */

/* What leaves each parent, and what its codebook takes when it is not divided. */
static void look_at_parents(levels_state *s, uint32_t parents)
{
    fn_map_totals(s->firms, s->work, s->parent);
    for (uint32_t p = 0; p < parents; p++) {
        const fn_map_cluster *its = &s->work->cluster[p];
        s->exit[p] = its->cut + its->net > 0 ? its->cut + its->net : 0;
        s->whole[p] = fn_plogp((double) (s->exit[p] + its->flow) * FN_MAP_UNIT);
    }
}

/* What the codebooks of each parent take when it is divided into the modules. */
static void look_at_modules(const levels_state *s, const fn_map *within, uint32_t modules)
{
    uint32_t *parent_of = s->work->shared.start;
    between(within, s->work, s->module, s->divided);
    for (uint32_t v = 0; v < within->graph.nodes; v++) parent_of[s->module[v]] = within->parent[v];
    for (uint32_t m = 0; m < modules; m++) s->divided[parent_of[m]] += s->work->cluster[m].bits;
}

/* The parents of the next level: the groups (or modules) of those that are better divided, the others as they are.
 * What is a module by itself starts from single firms, groups from their modules. Returns how many; *any: divided? */
static uint32_t next_parents(levels_state *s, uint32_t parents, bool *any)
{
    const uint32_t n = s->firms->graph.nodes;
    uint32_t *number = s->work->shared.number, *first = s->work->shared.first, count = 0;
    *any = false;
    for (uint32_t p = 0; p < parents; p++) {
        s->is_leaf[p] |= !(s->divided[p] < s->whole[p] - LEVEL_SAVES);
        *any |= !s->is_leaf[p];
    }
    /* Parents that stay keep one label: that of the group of their first firm. */
    memset(first, 0xff, parents * sizeof *first);
    for (uint32_t v = 0; v < n; v++) {
        uint32_t p = s->parent[v];
        if (!s->is_leaf[p]) continue;
        if (first[p] == FN_NONE) first[p] = s->group[v];
        s->group[v] = first[p];
    }
    bool *stays = (bool *) s->work->shared.flag;
    memset(number, 0xff, n * sizeof *number);
    for (uint32_t v = 0; v < n; v++) {
        uint32_t g = s->group[v];
        if (number[g] == FN_NONE) {
            stays[count] = s->is_leaf[s->parent[v]];
            number[g] = count++;
        }
        s->parent[v] = number[g];
    }
    memcpy(s->is_leaf, stays, count * sizeof *stays);
    return count;
}

/* Where the search in each parent starts: from its modules, where there are several, else from single firms. Labels
 * are first firms. */
static void start_modules(levels_state *s, uint32_t parents)
{
    const uint32_t n = s->firms->graph.nodes;
    uint32_t *first = s->work->shared.first, *some = s->work->shared.start;
    bool *several = (bool *) s->work->shared.flag;
    memset(first, 0xff, n * sizeof *first);
    memset(some, 0xff, parents * sizeof *some);
    memset(several, 0, parents * sizeof *several);
    for (uint32_t v = 0; v < n; v++) {
        uint32_t p = s->parent[v], m = s->module[v];
        if (first[m] == FN_NONE) first[m] = v;
        if (some[p] == FN_NONE) some[p] = m;
        several[p] |= some[p] != m;
    }
    for (uint32_t v = 0; v < n; v++) s->module[v] = several[s->parent[v]] ? first[s->module[v]] : v;
}

/* One level further down; *parents are those of the level that was found. */
static fn_status divide(fn_run *run, levels_state *s, uint32_t *parents, bool *any)
{
    fn_map within = { 0 };
    uint32_t modules;
    look_at_parents(s, *parents);
    start_modules(s, *parents);
    fn_status status = fn_map_within(run, s->firms, s->parent, s->is_leaf, *parents, &within);
    if (status) goto done;
    within.exit = s->exit;
    status = fn_map_search(run, &within, s->work, s->seed + ++s->stream, false, 0, s->module, &modules);
    if (status) goto done;
    look_at_modules(s, &within, modules);
    /* What groups save speaks for dividing: it is added to what the whole takes. */
    if ((status = climb(run, s, &within, modules, s->whole))) goto done;
    *parents = next_parents(s, *parents, any);
done:
    fn_map_free(&within);
    return status;
}

static fn_status add_level(fn_run *run, const levels_state *s, fn_partition *partition, int depth)
{
    uint32_t *at = partition->cluster;
    fn_status status = depth > 0 ? fn_partition_level_add(run, partition, &at) : FN_OK;
    if (!status) memcpy(at, s->parent, partition->firms * sizeof *at);
    return status;
}

fn_status fn_map_levels(fn_run *run, const fn_map *map, fn_map_work *work, uint64_t seed, fn_partition *partition)
{
    levels_state s = { .firms = map, .work = work, .seed = seed, .stream = UINT64_C(1) << 40 };
    const uint32_t n = map->graph.nodes;
    fn_map whole = *map;
    uint32_t parents;
    double saved = 0;
    bool any = true;
    fn_status status = state_arrays(run, n, &s);
    if (status) goto done;
    memcpy(s.module, partition->cluster, n * sizeof *s.module);
    whole.parents = 1;
    if ((status = climb(run, &s, &whole, partition->clusters, &saved))) goto done;
    memcpy(s.parent, s.group, n * sizeof *s.parent);
    parents = fn_leiden_compact(&work->shared, n, s.parent);
    for (int depth = 0; depth < LEVELS_MOST && any && !status; depth++) {
        status = add_level(run, &s, partition, depth);
        if (!status) status = divide(run, &s, &parents, &any);
    }
    for (int i = 0; i < partition->levels && !status; i++)
        status = fn_partition_relabel(run, n, partition->level[i], &parents);
    if (!status) status = fn_partition_relabel(run, n, partition->cluster, &partition->clusters);
done:
    state_free(&s);
    return status;
}
