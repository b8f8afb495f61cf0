/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
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

/* --- More levels --- */

/* A label of one level: what its codebook has words for. */
typedef struct codebook {
    int64_t words;         /* what enters its children */
    uint32_t children;
    bool is_met;
} codebook;

/* Labels of the level below that are met for the first time count in those above. */
static void count_children(const fn_map_work *work, uint32_t firms, const uint32_t *above, const uint32_t *below,
                           bool *is_met, codebook *book)
{
    for (uint32_t f = 0; f < firms; f++) {
        const fn_map_cluster *child = &work->cluster[below[f]];
        if (is_met[below[f]]) continue;
        is_met[below[f]] = true;
        book[above[f]].children++;
        book[above[f]].words += child->cut - child->net > 0 ? child->cut - child->net : 0;
    }
}

/* The map equation of any number of levels (Rosvall and Bergstrom 2011, PLoS ONE 6:e18209): a codebook for each
 * cluster, with a word for leaving it and one for entering each cluster of the next level in it, on the last level one
 * for each firm instead; and one above all, to enter the topmost. A codebook of words with rates p takes
 *     plogp(sum of p) - sum plogp(p)
 * bits a step. A cluster with a single part, which is itself, has one codebook, not two. */
fn_status fn_map_codelength_levels(fn_run *run, const fn_map *map, fn_map_work *work, const fn_partition *partition,
                                   double *codelength)
{
    const uint32_t n = map->graph.nodes;
    codebook *book = fn_alloc(run, (size_t) n + 1, sizeof *book);
    bool *is_met = fn_alloc(run, n, sizeof *is_met);
    uint32_t *root = fn_alloc(run, n, sizeof *root);
    fn_status status = book && is_met && root ? FN_OK : FN_ENOMEM;
    double bits = 0;
    /* Depth d is partition->level[d - 1]; 0: the clusters, -1: the whole. */
    for (int depth = partition->levels; depth >= -1 && !status; depth--) {
        const uint32_t *label = depth < 0 ? root : depth == 0 ? partition->cluster : partition->level[depth - 1];
        const uint32_t *below = depth < 0                   ? partition->cluster
                                : depth < partition->levels ? partition->level[depth]
                                                            : NULL;
        memset(book, 0, n * sizeof *book);
        if (below) {
            /* what was found of the level below still stands in work */
            memset(is_met, 0, n * sizeof *is_met);
            count_children(work, n, label, below, is_met, book);
            memset(is_met, 0, n * sizeof *is_met);
            for (uint32_t f = 0; f < n; f++) {
                const fn_map_cluster *child = &work->cluster[below[f]];
                if (is_met[below[f]] || (depth >= 0 && book[label[f]].children == 1)) continue;
                is_met[below[f]] = true;
                bits -= fn_plogp(fmax((double) (child->cut + child->net), 0) * FN_MAP_UNIT) +
                        fn_plogp(fmax((double) (child->cut - child->net), 0) * FN_MAP_UNIT);
            }
        }
        fn_map_totals(map, work, label);
        for (uint32_t f = 0; f < n; f++) {
            const fn_map_cluster *its = &work->cluster[label[f]];
            double leave = depth < 0 ? 0 : fmax((double) (its->cut + its->net), 0);
            if (book[label[f]].is_met || (depth >= 0 && below && book[label[f]].children == 1)) continue;
            book[label[f]].is_met = true;
            bits += fn_plogp((leave + (double) (below ? book[label[f]].words : its->flow)) * FN_MAP_UNIT);
        }
    }
    for (uint32_t v = 0; v < n && !status; v++)
        bits -= fn_plogp((double) fn_map_volume(map, v, FN_MAP_FLOW) * FN_MAP_UNIT);
    *codelength = fmax(bits, 0);
    fn_free(root);
    fn_free(is_met);
    fn_free(book);
    return status;
}

static fn_status from_view(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                           const fn_partition *partition, double *codelength)
{
    fn_map map = { 0 };
    fn_map_work work = { 0 };
    fn_status status = fn_map_build(run, view, options, &work, &map);
    if (!status) status = fn_map_work_arrays(run, view->firms, &work);
    if (!status && partition->levels > 0) status = fn_map_codelength_levels(run, &map, &work, partition, codelength);
    else if (!status) *codelength = fn_map_codelength(&map, &work, partition->cluster);
    fn_map_work_free(&work);
    fn_map_free(&map);
    return status;
}

fn_status fn_map_equation(fn_run *run, const fn_view *view, const fn_leiden_options *options, const uint32_t *cluster,
                          double *codelength)
{
    const fn_partition flat = { .firms = view->firms, .cluster = (uint32_t *) cluster };
    return from_view(run, view, options, &flat, codelength);
}

fn_status fn_map_equation_levels(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                 const fn_partition *partition, double *codelength)
{
    return from_view(run, view, options, partition, codelength);
}
