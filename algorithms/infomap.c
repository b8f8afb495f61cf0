/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/map_equation.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { PASSES_MOST = 20, ROUNDS_MOST = 100, STREAM_ORDER = 91 };

/* Bits that a move must save, and a pass. */
static const double MOVE_SAVES = 1e-12, PASS_SAVES = 1e-9;

/* Firms, or clusters of a finer level, and the flow between them. */
typedef struct level {
    fn_csr *out, *in;
    double *flow;
} level;

/* Clusters while nodes move, and working memory; made once, for all firms. */
typedef struct moving {
    double *enter, *leave, *inside; /* of each cluster */
    double entering;                /* sum of enter */
    double *to, *from;              /* flow between the node at work and each cluster; 0 between uses */
    bool *is_touched;
    uint32_t *touched, *order, *label;
    uint64_t *key;
} moving;

static void moving_free(moving *m)
{
    fn_free(m->enter);
    fn_free(m->leave);
    fn_free(m->inside);
    fn_free(m->to);
    fn_free(m->from);
    fn_free(m->is_touched);
    fn_free(m->touched);
    fn_free(m->order);
    fn_free(m->label);
    fn_free(m->key);
}

static fn_status moving_new(fn_run *run, uint32_t nodes, moving *m)
{
    if ((m->enter = fn_alloc(run, nodes, sizeof *m->enter)) && (m->leave = fn_alloc(run, nodes, sizeof *m->leave)) &&
        (m->inside = fn_alloc(run, nodes, sizeof *m->inside)) && (m->to = fn_alloc(run, nodes, sizeof *m->to)) &&
        (m->from = fn_alloc(run, nodes, sizeof *m->from)) &&
        (m->is_touched = fn_alloc(run, nodes, sizeof *m->is_touched)) &&
        (m->touched = fn_alloc(run, nodes, sizeof *m->touched)) &&
        (m->order = fn_alloc(run, nodes, sizeof *m->order)) && (m->label = fn_alloc(run, nodes, sizeof *m->label)) &&
        (m->key = fn_alloc(run, nodes, sizeof *m->key)))
        return FN_OK;
    return FN_ENOMEM;
}

/* --- Moving --- */

static void sum_clusters(const level *l, const uint32_t *cluster, moving *m)
{
    uint32_t nodes = l->out->firms;
    m->entering = 0;
    for (uint32_t c = 0; c < nodes; c++) m->enter[c] = m->leave[c] = m->inside[c] = 0;
    for (uint32_t v = 0; v < nodes; v++) {
        m->inside[cluster[v]] += l->flow[v];
        for (size_t arc = l->out->offset[v]; arc < l->out->offset[v + 1]; arc++) {
            if (cluster[l->out->target[arc]] == cluster[v]) continue;
            m->leave[cluster[v]] += l->out->weight[arc];
            m->enter[cluster[l->out->target[arc]]] += l->out->weight[arc];
            m->entering += l->out->weight[arc];
        }
    }
}

static double cluster_terms(double enter, double leave, double inside)
{
    return fn_plogp(leave + inside) - fn_plogp(enter) - fn_plogp(leave);
}

/* A cluster with (sign 1) or without (sign -1) the node at work. */
typedef struct changed {
    double enter, leave, inside;
} changed;

static changed change(const moving *m, uint32_t c, double sign, double flow, double out, double in)
{
    double enter = m->enter[c] + sign * (in - m->from[c] - m->to[c]);
    double leave = m->leave[c] + sign * (out - m->to[c] - m->from[c]), inside = m->inside[c] + sign * flow;
    return (changed) { fmax(enter, 0), fmax(leave, 0), fmax(inside, 0) };
}

static void touch(moving *m, const fn_csr *csr, uint32_t v, const uint32_t *cluster, double *gathered, uint32_t *count,
                  double *sum)
{
    for (size_t arc = csr->offset[v]; arc < csr->offset[v + 1]; arc++) {
        uint32_t c = cluster[csr->target[arc]];
        if (!m->is_touched[c]) m->touched[(*count)++] = c;
        m->is_touched[c] = true;
        gathered[c] += csr->weight[arc];
        *sum += csr->weight[arc];
    }
}

static void apply(moving *m, uint32_t c, changed now)
{
    m->entering += now.enter - m->enter[c];
    m->enter[c] = now.enter;
    m->leave[c] = now.leave;
    m->inside[c] = now.inside;
}

/* Move a node to the neighbouring cluster that shortens the code most, the lowest of several. */
static bool move_node(const level *l, uint32_t v, uint32_t *cluster, moving *m)
{
    uint32_t count = 0, own = cluster[v], best = own;
    double out = 0, in = 0, most = -MOVE_SAVES;
    touch(m, l->out, v, cluster, m->to, &count, &out);
    touch(m, l->in, v, cluster, m->from, &count, &in);
    changed without = change(m, own, -1, l->flow[v], out, in), with = { 0 };
    double own_change = cluster_terms(without.enter, without.leave, without.inside) -
                        cluster_terms(m->enter[own], m->leave[own], m->inside[own]);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t c = m->touched[i];
        if (c == own) continue;
        changed now = change(m, c, 1, l->flow[v], out, in);
        double entering = m->entering + (without.enter - m->enter[own]) + (now.enter - m->enter[c]);
        double difference = own_change + cluster_terms(now.enter, now.leave, now.inside) -
                            cluster_terms(m->enter[c], m->leave[c], m->inside[c]) + fn_plogp(entering) -
                            fn_plogp(m->entering);
        if (!(difference < most || (difference == most && best != own && c < best))) continue;
        most = difference;
        best = c;
        with = now;
    }
    for (uint32_t i = 0; i < count; i++) {
        m->to[m->touched[i]] = m->from[m->touched[i]] = 0;
        m->is_touched[m->touched[i]] = false;
    }
    if (best == own) return false;
    apply(m, own, without);
    apply(m, best, with);
    cluster[v] = best;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;
    return (x > y) - (x < y);
}

static void draw_order(moving *m, uint32_t nodes, uint64_t seed, uint64_t stream)
{
    for (uint32_t v = 0; v < nodes; v++) m->key[v] = fn_random(seed, STREAM_ORDER + (stream << 8), v) >> 32 << 32 | v;
    qsort(m->key, nodes, sizeof *m->key, by_number);
    for (uint32_t v = 0; v < nodes; v++) m->order[v] = (uint32_t) m->key[v];
}

static fn_status move_all(fn_run *run, const level *l, uint64_t stream, uint32_t *cluster, moving *m, bool *any)
{
    uint32_t nodes = l->out->firms, moved = 1;
    *any = false;
    sum_clusters(l, cluster, m);
    draw_order(m, nodes, run->seed, stream);
    for (int round = 0; round < ROUNDS_MOST && moved; round++) {
        moved = 0;
        for (uint32_t i = 0; i < nodes; i++) {
            moved += move_node(l, m->order[i], cluster, m);
            fn_status status = (i & 16383) == 0 ? fn_progress(run, "shortening the map", -1) : FN_OK;
            if (status) return status;
        }
        *any |= moved > 0;
    }
    return FN_OK;
}

/* --- Levels --- */

static void level_free(level *l)
{
    fn_csr_free(l->out);
    fn_csr_free(l->in);
    fn_free(l->flow);
    *l = (level) { 0 };
}

/* Numbers 0 … in order of first appearance. */
static uint32_t compact(moving *m, uint32_t nodes, uint32_t *cluster)
{
    uint32_t count = 0;
    for (uint32_t v = 0; v < nodes; v++) m->label[v] = FN_NONE;
    for (uint32_t v = 0; v < nodes; v++) {
        if (m->label[cluster[v]] == FN_NONE) m->label[cluster[v]] = count++;
        cluster[v] = m->label[cluster[v]];
    }
    return count;
}

/* One node a cluster. */
static fn_status aggregate(fn_run *run, const level *fine, const uint32_t *cluster, uint32_t clusters, level *coarse)
{
    const fn_csr *out = fine->out;
    size_t count = 0;
    uint32_t *from = fn_alloc_bare(run, out->arcs, sizeof *from), *to = fn_alloc_bare(run, out->arcs, sizeof *to);
    double *weight = fn_alloc_bare(run, out->arcs, sizeof *weight);
    fn_status status = from && to && weight ? FN_OK : FN_ENOMEM;
    *coarse = (level) { 0 };
    if (!status && !(coarse->flow = fn_alloc(run, clusters, sizeof *coarse->flow))) status = FN_ENOMEM;
    for (uint32_t v = 0; v < out->firms && !status; v++) {
        coarse->flow[cluster[v]] += fine->flow[v];
        for (size_t arc = out->offset[v]; arc < out->offset[v + 1]; arc++) {
            if (cluster[out->target[arc]] == cluster[v]) continue;
            from[count] = cluster[v];
            to[count] = cluster[out->target[arc]];
            weight[count++] = out->weight[arc];
        }
    }
    if (!status) status = fn_csr_build(run, clusters, count, from, to, weight, NULL, FN_CSR_OUT, &coarse->out);
    if (!status) status = fn_csr_build(run, clusters, count, from, to, weight, NULL, FN_CSR_IN, &coarse->in);
    fn_free(weight);
    fn_free(to);
    fn_free(from);
    if (status) level_free(coarse);
    return status;
}

/* Firms move from the clusters they are in; then clusters as wholes, level by level, until none does. */
static fn_status pass(fn_run *run, const level *firms, uint64_t stream, uint32_t *cluster, moving *m)
{
    level at = { 0 }, next;
    uint32_t nodes = firms->out->firms, clusters;
    uint32_t *part = fn_alloc(run, nodes, sizeof *part);
    bool any;
    if (!part) return FN_ENOMEM;
    fn_status status = move_all(run, firms, stream, cluster, m, &any);
    if (!status) {
        clusters = compact(m, nodes, cluster);
        status = aggregate(run, firms, cluster, clusters, &at);
    }
    for (any = true; !status && any;) {
        uint32_t parts = at.out->firms;
        for (uint32_t c = 0; c < parts; c++) part[c] = c;
        status = move_all(run, &at, ++stream, part, m, &any);
        if (status || !any) break;
        clusters = compact(m, parts, part);
        for (uint32_t v = 0; v < nodes; v++) cluster[v] = part[cluster[v]];
        status = aggregate(run, &at, part, clusters, &next);
        level_free(&at);
        at = next;
    }
    level_free(&at);
    fn_free(part);
    return status;
}

/* --- Connected clusters --- */

/* Pieces of clusters by themselves; uses label and order. */
static void split_pieces(const level *l, uint32_t *cluster, moving *m)
{
    uint32_t nodes = l->out->firms, pieces = 0;
    for (uint32_t v = 0; v < nodes; v++) m->label[v] = FN_NONE;
    for (uint32_t v = 0; v < nodes; v++) {
        uint32_t head = 0, tail = 0;
        if (m->label[v] != FN_NONE) continue;
        m->label[v] = pieces;
        for (m->order[tail++] = v; head < tail; head++)
            for (int side = 0; side < 2; side++) {
                const fn_csr *csr = side ? l->in : l->out;
                uint32_t u = m->order[head];
                for (size_t arc = csr->offset[u]; arc < csr->offset[u + 1]; arc++) {
                    uint32_t other = csr->target[arc];
                    if (m->label[other] != FN_NONE || cluster[other] != cluster[v]) continue;
                    m->label[other] = pieces;
                    m->order[tail++] = other;
                }
            }
        pieces++;
    }
    memcpy(cluster, m->label, nodes * sizeof *cluster);
}

/* The whole search; also tries every connected part of the network as one cluster. */
static fn_status search(fn_run *run, const fn_flow *flow, uint32_t *cluster, double *codelength)
{
    level firms = { flow->out, flow->in, flow->node };
    moving m = { 0 };
    double parts_length, before = INFINITY;
    uint32_t nodes = flow->out->firms;
    uint32_t *part = fn_alloc(run, nodes, sizeof *part);
    fn_status status = part ? moving_new(run, nodes, &m) : FN_ENOMEM;
    for (uint32_t v = 0; v < nodes && !status; v++) cluster[v] = v;
    for (uint64_t number = 0; number < PASSES_MOST && !status; number++) {
        status = pass(run, &firms, number << 16, cluster, &m);
        if (!status) split_pieces(&firms, cluster, &m);
        if (!status) status = fn_flow_codelength(run, flow, cluster, codelength);
        if (status || !(before - *codelength > PASS_SAVES)) break;
        before = *codelength;
    }
    if (!status) split_pieces(&firms, part, &m); /* all in cluster 0: the parts */
    if (!status) status = fn_flow_codelength(run, flow, part, &parts_length);
    if (!status && parts_length < *codelength) {
        memcpy(cluster, part, nodes * sizeof *cluster);
        *codelength = parts_length;
    }
    moving_free(&m);
    fn_free(part);
    return status;
}

/* One seed; the quality of its partition is minus the code length, so that the best of several runs is the shortest. */
static fn_status infomap_once(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                              fn_partition **partition)
{
    fn_flow flow = { 0 };
    fn_partition *made = NULL;
    double codelength;
    fn_status status = fn_flow_find(run, view, options, &flow);
    if (status) goto done;
    status = FN_ENOMEM;
    if (!(made = fn_alloc(run, 1, sizeof *made))) goto done;
    made->firms = view->firms;
    if (!(made->cluster = fn_alloc(run, view->firms, sizeof *made->cluster))) goto done;
    status = search(run, &flow, made->cluster, &codelength);
    if (!status) status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters);
    if (status) goto done;
    made->quality = -codelength;
    *partition = made;
    made = NULL;
done:
    fn_partition_free(made);
    fn_flow_free(&flow);
    return status;
}

/* Clusters of firms in which a random walker stays long: the partition that describes its way in the fewest bits, by
 * the map equation of two levels (map_equation.c says what flows, in which direction, and what the formula is). Made
 * for ties that carry something; on a supply layer with --directed, goods.
 * The search is a plain one: firms in an order drawn by lot move to the neighbouring cluster that shortens the code
 * most (equal ones: the lowest number), then clusters as wholes, level by level; all of it again from the clusters
 * found, until a pass saves less than 1e-9 bits. It runs in one thread but for the flows, so threads change nothing.
 * Clusters in several pieces are split: every cluster is connected. Firms without ties are alone.
 * The quality given is that of the options (modularity or CPM), so that methods can be compared; the code length is
 * said as a note, and fn_map_equation gives it. runs: the shortest code is kept, stability as of fn_leiden.
 * O(ties) a round; 56 bytes a tie and 100 a firm. */
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
    .source = "Rosvall and Bergstrom 2008; Lambiotte and Rosvall 2012",
    .search = fn_infomap,
    .run = run_infomap
};
