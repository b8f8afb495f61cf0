/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "algorithms/team.h"
#include "graph/names.h"
#include "graph/random.h"

/* Refinement of Traag, Waltman and van Eck (2019): within each cluster, nodes that still stand alone and are well
 * connected to the rest of the cluster join the best well-connected part beside them. A set is well connected when the
 * weight between it and the rest is no less than expected. Only nodes that stand alone move and only to a part they
 * have a tie with, so every part is connected. Greedy: the randomness lies in the visiting order.
 *
 * Clusters know nothing of each other, so each is refined by one thread and the result does not depend on threads. A
 * part has the number of its first node until all are numbered. */

enum { NOT_KNOWN = -1 }; /* cut of a node that nobody has asked for yet */

typedef struct refine_state {
    const fn_leiden_graph *graph;
    fn_leiden_work *work;
    uint64_t seed, stream;
    const uint32_t *cluster;
    uint32_t *part;
} refine_state;

/* What a thread knows of the cluster it refines. */
typedef struct own_cluster {
    uint32_t *node, nodes;
    uint32_t *order;                    /* nodes in visiting order */
    int64_t volume[FN_LEIDEN_TERMS];
} own_cluster;

/* Weight between a node and the others of its cluster. */
static int64_t cut_of(const refine_state *s, uint32_t node)
{
    const fn_leiden_graph *graph = s->graph;
    const uint32_t own = s->cluster[node];
    int64_t cut = 0;
    for (size_t arc = graph->offset[node]; arc < graph->offset[node + 1]; arc++)
        cut += fn_leiden_weight(graph, arc) & -(int64_t) (s->cluster[fn_leiden_target(graph, arc)] == own);
    return cut;
}

static void start_alone(const refine_state *s, own_cluster *own)
{
    const fn_leiden_graph *graph = s->graph;
    const size_t terms = (size_t) graph->terms->count;
    memset(own->volume, 0, terms * sizeof *own->volume);
    for (uint32_t i = 0; i < own->nodes; i++) {
        uint32_t node = own->node[i];
        s->part[node] = node;
        s->work->flag[node] = 1;
        s->work->cut[node] = NOT_KNOWN;
        for (size_t k = 0; k < terms; k++) {
            own->volume[k] += graph->volume[node * terms + k];
            s->work->volume[node * terms + k] = graph->volume[node * terms + k];
        }
        uint32_t place = (uint32_t) fn_random_below(s->seed, s->stream, node, (uint64_t) i + 1);
        own->order[i] = own->order[place];
        own->order[place] = node;
    }
}

/* least: weight that the part is known to have to the rest; where that will do, nobody has to add up all of it. */
static bool well_connected(const refine_state *s, const own_cluster *own, uint32_t part, int64_t least)
{
    const size_t terms = (size_t) s->graph->terms->count;
    int64_t *cut = &s->work->cut[part];
    const double expected = fn_leiden_expected_rest(s->graph->terms, &s->work->volume[part * terms], own->volume);
    if (*cut == NOT_KNOWN) {
        if ((double) least >= expected) return true;
        *cut = cut_of(s, part);
    }
    return (double) *cut >= expected;
}

/* Weight from a node to each part of its cluster beside it, in tally; gives the sum. Arcs that leave the cluster are
 * passed over in blocks, without asking for each. */
static int64_t look_inside(const refine_state *s, fn_leiden_tally *tally, uint32_t node)
{
    enum { BLOCK = 64 };
    const fn_leiden_graph *graph = s->graph;
    const size_t end = graph->offset[node + 1];
    const uint32_t own = s->cluster[node];
    uint32_t inside[BLOCK];
    int64_t weights[BLOCK], sum = 0;
    fn_leiden_tally t = *tally;
    fn_leiden_tally_open(&t, end - graph->offset[node], graph->nodes);
    for (size_t begin = graph->offset[node]; begin < end; begin += BLOCK) {
        const size_t last = end - begin < BLOCK ? end : begin + BLOCK;
        uint32_t count = 0;
        for (size_t arc = begin; arc < last; arc++) {
            inside[count] = fn_leiden_target(graph, arc);
            weights[count] = fn_leiden_weight(graph, arc);
            count += s->cluster[inside[count]] == own;
        }
        for (uint32_t i = 0; i < count; i++) {
            fn_leiden_tally_add(&t, s->part[inside[i]], weights[i]);
            sum += weights[i];
        }
    }
    *tally = t;
    return sum;
}

/* The part that a node standing alone should join, equal gains to the lowest number; itself where none gains. */
static uint32_t best_part(const refine_state *s, const own_cluster *own, fn_leiden_tally *tally, uint32_t node,
                          int64_t *best_weight)
{
    const fn_leiden_graph *graph = s->graph;
    const size_t terms = (size_t) graph->terms->count;
    uint32_t best = node;
    double best_gain = 0;
    s->work->cut[node] = look_inside(s, tally, node);
    bool may_join = well_connected(s, own, node, 0);
    for (uint32_t i = 0; may_join && i < tally->count; i++) {
        uint32_t to = fn_leiden_tally_label(tally, i);
        double weight = (double) fn_leiden_tally_weight(tally, i);
        if (weight < best_gain) continue;
        double gain =
            weight - fn_leiden_expected(graph->terms, &graph->volume[node * terms], &s->work->volume[to * terms]);
        if (gain < best_gain || (gain == best_gain && (best == node || to > best))) continue;
        if (!well_connected(s, own, to, fn_leiden_tally_weight(tally, i))) continue;
        best = to;
        best_gain = gain;
        *best_weight = fn_leiden_tally_weight(tally, i);
    }
    fn_leiden_tally_close(tally);
    return best;
}

static void join_parts(const refine_state *s, const own_cluster *own, fn_leiden_tally *tally)
{
    const size_t terms = (size_t) s->graph->terms->count;
    fn_leiden_work *work = s->work;
    for (uint32_t i = 0; i < own->nodes; i++) {
        uint32_t node = own->order[i];
        if (!work->flag[node]) continue;
        int64_t weight = 0;
        uint32_t to = best_part(s, own, tally, node, &weight);
        if (to == node) continue;
        s->part[node] = to;
        work->flag[to] = 0;
        if (work->cut[to] == NOT_KNOWN) work->cut[to] = cut_of(s, to);
        work->cut[to] += work->cut[node] - 2 * weight;
        for (size_t k = 0; k < terms; k++) work->volume[to * terms + k] += s->graph->volume[node * terms + k];
    }
}

static void refine_cluster(const refine_state *s, uint32_t number, fn_leiden_tally *tally)
{
    fn_leiden_work *work = s->work;
    own_cluster own;
    uint32_t begin = work->start[number], parts = 0;
    own.node = work->list + begin;
    own.order = work->sorted + begin;
    own.nodes = work->start[number + 1] - begin;
    if (own.nodes > 1) {
        start_alone(s, &own);
        join_parts(s, &own, tally);
    } else {
        s->part[own.node[0]] = own.node[0];
    }
    for (uint32_t i = 0; i < own.nodes; i++)
        if (s->part[own.node[i]] == own.node[i]) work->number[own.node[i]] = parts++;
    work->proposal[number] = parts;
}

/* Numbers of the parts of a cluster from `base` on, and their nodes side by side. */
static void number_parts(const refine_state *s, uint32_t cluster, uint32_t base)
{
    fn_leiden_work *work = s->work;
    const uint32_t begin = work->start[cluster], end = work->start[cluster + 1], parts = work->proposal[cluster];
    uint32_t place = begin;
    uint32_t *first = work->first + base;
    memset(first, 0, parts * sizeof *first);
    for (uint32_t i = begin; i < end; i++) {
        uint32_t node = work->list[i], own = work->number[s->part[node]];
        s->part[node] = base + own;
        first[own]++;
    }
    for (uint32_t p = 0; p < parts; p++) {
        uint32_t count = first[p];
        first[p] = place;
        place += count;
    }
    for (uint32_t i = begin; i < end; i++) work->sorted[first[s->part[work->list[i]] - base]++] = work->list[i];
    for (uint32_t p = parts; p-- > 1;) first[p] = first[p - 1];
    first[0] = begin;
}

fn_status fn_leiden_refine(fn_run *run, const fn_leiden_graph *graph, fn_leiden_work *work, uint64_t seed,
                           uint64_t stream, const uint32_t *cluster, uint32_t clusters, uint32_t *part,
                           uint32_t *parts)
{
    const refine_state s = { .graph = graph, .work = work, .seed = seed, .stream = stream, .cluster = cluster,
                             .part = part };
    const int threads = fn_leiden_threads(work, fn_leiden_arcs(graph));
    (void) threads;
    if (fn_progress(run, "finding clusters", work->done)) return FN_ECANCEL;
    fn_leiden_list(graph->nodes, cluster, clusters, work->start, work->list);
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads)
    for (uint32_t c = 0; c < clusters; c++) refine_cluster(&s, c, &work->tally[fn_team_place()]);
    *parts = 0;
    for (uint32_t c = 0; c < clusters; c++) {
        work->cut[c] = *parts; /* where its parts begin */
        *parts += work->proposal[c];
    }
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
    for (uint32_t c = 0; c < clusters; c++) number_parts(&s, c, (uint32_t) work->cut[c]);
    work->first[*parts] = graph->nodes;
    return FN_OK;
}
