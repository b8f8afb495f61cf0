/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LEIDEN_BEST_H
#define FN_ALGORITHMS_LEIDEN_BEST_H

#include "algorithms/leiden_inside.h"
#include "graph/names.h"

/* Inside of the Leiden search: where a node wants to be. */

/* Rounding error of a gain, relative to what it is made of. A move must gain more than that: so each move raises the
 * true quality and the search ends. */
#define FN_LEIDEN_ROUNDING 0x1p-48

/* Weight from node to each cluster beside it, its own among them, in tally. */
static inline void fn_leiden_look(const fn_leiden_graph *graph, fn_leiden_tally *tally, const uint32_t *cluster,
                                  uint32_t node)
{
    const size_t begin = graph->offset[node], end = graph->offset[node + 1];
    fn_leiden_tally t = *tally;
    fn_leiden_tally_open(&t, end - begin, graph->nodes);
    if (graph->light)
        for (const fn_leiden_light_arc *arc = graph->light + begin; arc < graph->light + end; arc++)
            fn_leiden_tally_add(&t, cluster[arc->target], fn_leiden_light_weight(arc->weight));
    else
        for (const fn_leiden_exact_arc *arc = graph->exact + begin; arc < graph->exact + end; arc++)
            fn_leiden_tally_add(&t, cluster[arc->target], arc->weight);
    *tally = t;
}

/* The cluster in which a node raises the quality most; equal gains go to the lowest number. Its own where none is
 * better, FN_NONE: alone. volume: of each cluster, the node counted where it is. */
static inline uint32_t fn_leiden_best(const fn_leiden_graph *graph, fn_leiden_tally *tally, const uint32_t *cluster,
                                      const int64_t *volume, uint32_t node)
{
    const fn_leiden_terms *terms = graph->terms;
    const size_t count = (size_t) terms->count;
    const int64_t *own_volume = &graph->volume[node * count];
    const uint32_t own = cluster[node];
    fn_leiden_look(graph, tally, cluster, node);
    double stay_weight = (double) fn_leiden_tally_of(tally, own);
    double stay_expected = fn_leiden_expected_rest(terms, own_volume, &volume[own * count]);
    double stay = stay_weight - stay_expected, best_gain = stay > 0 ? stay : 0, best_size = 0;
    uint32_t best = stay > 0 ? own : FN_NONE;
    for (uint32_t i = 0; i < tally->count; i++) {
        double weight = (double) fn_leiden_tally_weight(tally, i);
        if (weight < best_gain) continue;
        uint32_t to = fn_leiden_tally_label(tally, i);
        if (to == own) continue;
        double expected = fn_leiden_expected(terms, own_volume, &volume[to * count]), gain = weight - expected;
        if (gain > best_gain || (gain == best_gain && best != own && to < best)) {
            best = to;
            best_gain = gain;
            best_size = weight + expected;
        }
    }
    fn_leiden_tally_close(tally);
    if (best == own || !(best_gain - stay > FN_LEIDEN_ROUNDING * (stay_weight + stay_expected + best_size))) return own;
    return best;
}

#endif
