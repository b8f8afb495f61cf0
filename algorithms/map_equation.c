/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/map_equation.h"
#include "algorithms/map_inside.h"
#include "graph/memory.h"

/* The map equation of two levels (Rosvall and Bergstrom 2008; with unequal flows in and out as Infomap has it):
 *     L = plogp(sum of enter) - sum plogp(enter) - sum plogp(exit) + sum plogp(exit + flow) - sum plogp(flow of firms)
 * over clusters: enter and exit the flow into and out of a cluster, flow that of its firms; plogp(x) = x log2 x. */
double fn_map_codelength(const fn_map *map, fn_map_work *work, const uint32_t *cluster)
{
    double bits = 0;
    fn_map_totals(map, work, cluster);
    for (uint32_t v = 0; v < map->graph.nodes; v++)
        bits += work->cluster[v].bits - fn_plogp((double) fn_map_volume(map, v, FN_MAP_FLOW) * FN_MAP_UNIT);
    return fmax(bits + fn_plogp((double) work->entering[0] * FN_MAP_UNIT), 0);
}

fn_status fn_map_equation(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster,
                          double *codelength)
{
    fn_map map = { 0 };
    fn_map_work work = { 0 };
    fn_status status = fn_map_build(run, view, options, &work, &map);
    if (!status) status = fn_map_work_arrays(run, view->firms, &work);
    if (!status) *codelength = fn_map_codelength(&map, &work, cluster);
    fn_map_work_free(&work);
    fn_map_free(&map);
    return status;
}
