/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_MAP_BEST_H
#define FN_ALGORITHMS_MAP_BEST_H

#include "algorithms/leiden_best.h"
#include "algorithms/map_inside.h"

/* Inside of the search by the map equation: where a node wants to be. */
typedef struct fn_map_choice {
    uint32_t to;                /* FN_NONE: alone */
    int64_t stay, weight;       /* flow between the node and the rest of its own cluster, and the one it goes to */
} fn_map_choice;

/* plogp(entering + change) - plogp(entering), to the last digits also where the change is small. */
static inline double fn_map_entering_change(int64_t entering, int64_t change, double log_entering)
{
    double all = (double) entering, by = (double) change, x = by / all;
    if (entering <= 0) return fn_plogp(fmax(all + by, 0) * FN_MAP_UNIT);
    if (entering + change <= 0) return -all * FN_MAP_UNIT * log_entering;
    double more = fabs(x) < 0x1p-13 ? x * (1 - x * (.5 - x * (1. / 3 - x / 4))) : log1p(x);
    return (by * log_entering + (all + by) * more * M_LOG2E) * FN_MAP_UNIT;
}

/* The cluster in which a node shortens the code most; equal ones: the lowest number; its own where none is better. */
static inline fn_map_choice fn_map_best(const fn_map *map, fn_leiden_tally *tally, const uint32_t *cluster,
                                        const fn_map_cluster *totals, int64_t entering, double log_entering,
                                        uint32_t node)
{
    const int64_t flow = fn_map_volume(map, node, FN_MAP_FLOW), net = fn_map_volume(map, node, FN_MAP_NET);
    const int64_t cut = map->cut[node];
    const uint32_t own = cluster[node];
    const fn_map_cluster *from = &totals[own];
    fn_leiden_look(&map->graph, tally, cluster, node);
    const int64_t stay = fn_leiden_tally_of(tally, own);
    fn_map_choice best = { .to = own, .stay = stay };
    double most = 0, size = 0;
    if (tally->count == 0) return best;
    for (uint32_t i = 0; i < tally->count; i++) __builtin_prefetch(&totals[fn_leiden_tally_label(tally, i)]);
    double without = fn_map_bits(from->flow - flow, from->net - net, from->cut - cut + 2 * stay);
    double leave = without - from->bits;
    if (stay > 0) {
        double alone = fn_map_bits(flow, net, cut);
        double change = leave + alone + fn_map_entering_change(entering, 2 * stay, log_entering);
        if (change < most) {
            best.to = FN_NONE;
            most = change;
            size = fabs(alone);
        }
    }
    for (uint32_t i = 0; i < tally->count; i++) {
        const uint32_t label = fn_leiden_tally_label(tally, i);
        if (label == own) continue;
        const fn_map_cluster *to = &totals[label];
        const int64_t weight = fn_leiden_tally_weight(tally, i);
        double with = fn_map_bits(to->flow + flow, to->net + net, to->cut + cut - 2 * weight);
        double change = leave + with - to->bits + fn_map_entering_change(entering, 2 * (stay - weight), log_entering);
        if (!(change < most || (change == most && best.to != own && label < best.to))) continue;
        best.to = label;
        best.weight = weight;
        most = change;
        size = fabs(with) + fabs(to->bits);
    }
    fn_leiden_tally_close(tally);
    if (!(-most > FN_LEIDEN_ROUNDING * (fabs(without) + fabs(from->bits) + size))) best.to = own;
    return best;
}

static inline double fn_map_log(int64_t entering)
{
    return entering > 0 ? log2((double) entering * FN_MAP_UNIT) : 0;
}

#endif
