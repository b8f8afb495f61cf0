/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/map_equation.h"
#include "algorithms/map_inside.h"
#include "algorithms/trust.h"
#include "graph/memory.h"

enum { PASSES_FAST = 2 };

/* The hierarchy of the clusters found, if its code is shorter than theirs; else they stay. */
static fn_status find_levels(fn_run *run, const fn_map *map, fn_map_work *work, fn_partition *partition,
                             double *codelength)
{
    fn_partition tree = { .firms = partition->firms, .clusters = partition->clusters };
    double length;
    fn_status status = FN_ENOMEM;
    if (!(tree.cluster = fn_alloc_scattered(run, tree.firms, sizeof *tree.cluster))) goto done;
    memcpy(tree.cluster, partition->cluster, tree.firms * sizeof *tree.cluster);
    if ((status = fn_map_levels(run, map, work, run->seed, &tree))) goto done;
    if ((status = fn_map_codelength_levels(run, map, work, &tree, &length))) goto done;
    if (!(length < *codelength)) goto done;
    fn_note(run, "map equation: %.6g bits a step with %d levels, %.6g with two", length, tree.levels + 2, *codelength);
    fn_partition two = *partition;
    *partition = tree;
    tree = two;
    *codelength = length;
done:
    fn_free(tree.cluster);
    for (int i = 0; i < tree.levels; i++) fn_free(tree.level[i]);
    fn_free(tree.level);
    return status;
}

/* One seed; the quality of its partition is minus the code length, so that the best of several runs is the shortest. */
static fn_status infomap_once(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                              fn_partition **partition)
{
    fn_map map = { 0 };
    fn_map_work work = { 0 };
    fn_partition *made = NULL;
    double codelength;
    const int passes = options->iterations > 0 ? options->iterations : options->fast ? PASSES_FAST : 0;
    fn_status status = fn_map_build(run, view, options, &work, &map);
    if (!status) status = fn_map_work_arrays(run, view->firms, &work);
    if (status) goto done;
    work.shared.done = -1;
    status = FN_ENOMEM;
    if (!(made = fn_alloc(run, 1, sizeof *made))) goto done;
    made->firms = view->firms;
    if (!(made->cluster = fn_alloc_scattered(run, view->firms, sizeof *made->cluster))) goto done;
    if ((status = fn_map_search(run, &map, &work, run->seed, true, passes, made->cluster, &made->clusters))) goto done;
    codelength = fn_map_codelength(&map, &work, made->cluster);
    if (options->levels && (status = find_levels(run, &map, &work, made, &codelength))) goto done;
    made->quality = -codelength;
    if ((status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters))) goto done;
    *partition = made;
    made = NULL;
done:
    fn_partition_free(made);
    fn_map_work_free(&work);
    fn_map_free(&map);
    return status;
}

/* Clusters of firms in which a random walker stays long: the partition that describes its way in the fewest bits, by
 * the map equation of two levels (map_equation.c has the formula; map_flow.c says what flows, in which direction). Made
 * for ties that carry something; on a supply layer with --directed, goods.
 * The search is that of Leiden with another way to move (map_best.h): passes of moving, refining and aggregating, and
 * after each of them groups of clusters that are shorter as one are joined (map_join.c). It ends when a pass saves less
 * than 1e-9 bits, on networks of more than 130,000 pairs less than .01; iterations: so many passes at most; fast: two.
 * Deterministic at any number of threads. Clusters in several pieces are split: every cluster is connected. Firms
 * without ties are alone.
 * levels: the hierarchy with the shortest code is searched (map_levels.c). Then the clusters given are its topmost
 * ones: groups of those of two levels, where they save something, else these themselves. Where no hierarchy is shorter,
 * no levels are given. Unlike with fn_leiden, the clusters may so differ from those without levels.
 * The quality given is that of the options (modularity or CPM), so that methods can be compared; the code length is
 * said as a note, and fn_map_equation gives it. runs: the shortest code is kept, stability as of fn_leiden.
 * O(ties) a pass; 40 bytes a tie (of 10 million ties of a million firms). */
fn_status fn_infomap(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_partition **partition)
{
    fn_partition *made = NULL;
    fn_status status = fn_runs_partition(run, view, options, infomap_once, &made);
    if (status) return status;
    fn_note(run, "map equation: %.6g bits a step", -made->quality);
    status = fn_partition_quality(run, view, made->cluster, options, &made->quality, made->layer_quality);
    if (status) fn_partition_free(made);
    else *partition = made;
    return status;
}

/* --- The row of the table --- */

static fn_status run_infomap(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    return fn_search_row(run, view, values, fn_infomap, result);
}

extern const fn_algorithm fn_algorithm_infomap;
const fn_algorithm fn_algorithm_infomap = {
    .name = "infomap",
    .group = FN_GROUP_CLUSTERS,
    .text = "clusters in which a walker along the ties stays long (map equation); takes the options of leiden",
    .gives = "cluster,stability",
    .source = "Rosvall and Bergstrom 2008, 2011; Lambiotte and Rosvall 2012",
    .search = fn_infomap,
    .run = run_infomap
};
