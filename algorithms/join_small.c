/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/label_propagation.h"
#include "algorithms/layer_weights.h"
#include "algorithms/trust.h"
#include "graph/memory.h"

/* What joining two clusters costs: sum over terms of factor * a[one] * b[other], one term a product of volumes. */
typedef struct term {
    double factor;
    double *one, *other;   /* volume of each cluster */
} term;

typedef struct joining {
    fn_csr *csr;           /* ties of all layers; all of them together weigh 1 */
    uint32_t firms, clusters, *cluster;
    uint32_t *head, *next; /* members of each cluster as a list */
    uint32_t *tail, *size;
    uint64_t *heap;        /* (size, cluster), the smallest first; stale where the size is another */
    size_t heaped, heap_room;
    double *gathered;      /* weight from the cluster at work to others */
    uint32_t *touched;
    double *volumes;
    term terms[2 * FN_LAYERS_MOST];
    int term_count;
} joining;

static void joining_free(joining *j)
{
    fn_csr_free(j->csr);
    fn_free(j->head);
    fn_free(j->next);
    fn_free(j->tail);
    fn_free(j->size);
    fn_free(j->heap);
    fn_free(j->gathered);
    fn_free(j->touched);
    fn_free(j->volumes);
}

static fn_status joining_new(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                             fn_partition *partition, joining *j)
{
    size_t clusters = partition->clusters;
    int layers = 0;
    fn_status status = fn_layers_joined(run, view, options, &j->csr);
    if (status) return status;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) layers += view->layers >> layer & 1;
    j->firms = view->firms;
    j->clusters = partition->clusters;
    j->cluster = partition->cluster;
    j->heap_room = 2 * clusters;
    if (!(j->head = fn_alloc_bare(run, clusters, sizeof *j->head)) ||
        !(j->tail = fn_alloc_bare(run, clusters, sizeof *j->tail)) ||
        !(j->next = fn_alloc_bare(run, view->firms, sizeof *j->next)) ||
        !(j->size = fn_alloc(run, clusters, sizeof *j->size)) ||
        !(j->heap = fn_alloc_bare(run, j->heap_room, sizeof *j->heap)) ||
        !(j->gathered = fn_alloc(run, clusters, sizeof *j->gathered)) ||
        !(j->touched = fn_alloc_bare(run, clusters, sizeof *j->touched)) ||
        !(j->volumes = fn_alloc(run, clusters * 2 * (size_t) (layers + 1), sizeof *j->volumes)))
        return FN_ENOMEM;
    for (uint32_t c = 0; c < clusters; c++) j->head[c] = FN_NONE;
    for (uint32_t firm = 0; firm < view->firms; firm++) {
        uint32_t c = partition->cluster[firm];
        if (j->head[c] == FN_NONE) j->head[c] = firm;
        else j->next[j->tail[c]] = firm;
        j->tail[c] = firm;
        j->next[firm] = FN_NONE;
        j->size[c]++;
    }
    return FN_OK;
}

/* --- Terms of the quality --- */

static double *next_volume(joining *j, size_t *used)
{
    return j->volumes + j->clusters * (*used)++;
}

static void sum_volumes(const joining *j, const fn_view *view, int layer, double *out, double *in, double *total)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    *total = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.layer == layer && tie.from != tie.to) *total += view->weight[i];
    }
    for (size_t i = 0; i < view->ties && *total > 0; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.layer != layer || tie.from == tie.to) continue;
        out[j->cluster[tie.from]] += view->weight[i] / *total;
        in[j->cluster[tie.to]] += view->weight[i] / *total;
    }
}

/* As in quality.c: joining C and D of an undirected layer adds w / W - gamma S_C S_D / 2 W^2, of a directed one
 * w / W - gamma (out_C in_D + in_C out_D) / W^2, in CPM w / W - gamma n_C n_D / pairs (twice that where directed). */
static fn_status find_terms(fn_run *run, const fn_view *view, const fn_leiden_options *options, joining *j)
{
    size_t pairs[FN_LAYERS_MOST], used = 0;
    fn_layer_units units[FN_LAYERS_MOST];
    double alphas = 0, cpm = 0, total;
    bool is_cpm = options->quality == FN_QUALITY_CPM;
    fn_status status = is_cpm ? fn_layer_pairs(run, view, options->directed, pairs) : FN_OK;
    if (status) return status;
    fn_layer_units_find(run, view, units);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (units[layer].has_ties) alphas += options->layer_weight[layer];
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        double alpha = units[layer].has_ties && alphas > 0 ? options->layer_weight[layer] / alphas : 0;
        bool directed = options->directed && fn_net_layer_directed((uint16_t) layer);
        if (!(alpha > 0)) continue;
        if (is_cpm) {
            cpm += alpha * (directed ? 2 : 1) / (double) pairs[layer];
            continue;
        }
        double *out = next_volume(j, &used), *in = next_volume(j, &used);
        sum_volumes(j, view, layer, out, in, &total);
        if (directed) {
            j->terms[j->term_count++] = (term) { alpha * options->resolution, out, in };
            j->terms[j->term_count++] = (term) { alpha * options->resolution, in, out };
            continue;
        }
        for (uint32_t c = 0; c < j->clusters; c++) out[c] = in[c] = out[c] + in[c];
        j->terms[j->term_count++] = (term) { alpha * options->resolution / 2, out, out };
    }
    if (is_cpm) {
        double *firms = next_volume(j, &used);
        for (uint32_t firm = 0; firm < j->firms; firm++)
            firms[j->cluster[firm]] +=
                options->node_weight ? (double) options->node_weight[firm] / FN_NODE_WEIGHT_ONE : 1;
        j->terms[j->term_count++] = (term) { cpm * options->resolution, firms, firms };
    }
    return FN_OK;
}

static double expected(const joining *j, uint32_t c, uint32_t d)
{
    double sum = 0;
    for (int t = 0; t < j->term_count; t++) sum += j->terms[t].factor * j->terms[t].one[c] * j->terms[t].other[d];
    return sum;
}

/* Each array of volumes once: `other` of a directed pair of terms is `one` of its partner. */
static void add_volumes(joining *j, uint32_t c, uint32_t d)
{
    for (int t = 0; t < j->term_count; t++) {
        j->terms[t].one[d] += j->terms[t].one[c];
        j->terms[t].one[c] = 0;
    }
}

/* --- The queue of small clusters --- */

static void heap_push(joining *j, uint64_t key)
{
    size_t at = j->heaped++;
    for (; at && j->heap[(at - 1) / 2] > key; at = (at - 1) / 2) j->heap[at] = j->heap[(at - 1) / 2];
    j->heap[at] = key;
}

static uint64_t heap_pop(joining *j)
{
    uint64_t top = j->heap[0], last = j->heap[--j->heaped];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < j->heaped && j->heap[child + 1] < j->heap[child]) child++;
        if (child >= j->heaped || j->heap[child] >= last) break;
        j->heap[at] = j->heap[child];
        at = child;
    }
    j->heap[at] = last;
    return top;
}

/* --- Joining --- */

/* The neighbour that costs least, the lowest number of several; FN_NONE: no tie leads out. */
static uint32_t best_neighbour(joining *j, uint32_t c)
{
    uint32_t touched = 0, best = FN_NONE;
    double most = 0;
    for (uint32_t firm = j->head[c]; firm != FN_NONE; firm = j->next[firm])
        for (size_t arc = j->csr->offset[firm]; arc < j->csr->offset[firm + 1]; arc++) {
            uint32_t d = j->cluster[j->csr->target[arc]];
            if (d == c) continue;
            if (j->gathered[d] == 0) j->touched[touched++] = d;
            j->gathered[d] += j->csr->weight[arc];
        }
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t d = j->touched[i];
        double gain = j->gathered[d] - expected(j, c, d);
        j->gathered[d] = 0;
        if (best != FN_NONE && (gain < most || (gain == most && d > best))) continue;
        most = gain;
        best = d;
    }
    return best;
}

static void join(joining *j, uint32_t c, uint32_t d)
{
    for (uint32_t firm = j->head[c]; firm != FN_NONE; firm = j->next[firm]) j->cluster[firm] = d;
    j->next[j->tail[d]] = j->head[c];
    j->tail[d] = j->tail[c];
    j->size[d] += j->size[c];
    j->size[c] = 0;
    add_volumes(j, c, d);
}

static fn_status join_all(fn_run *run, joining *j, uint32_t least, fn_joined *joined)
{
    uint32_t seen = 0;
    for (uint32_t c = 0; c < j->clusters; c++)
        if (j->size[c] < least) heap_push(j, (uint64_t) j->size[c] << 32 | c);
    while (j->heaped) {
        uint64_t key = heap_pop(j);
        uint32_t c = (uint32_t) key;
        if (j->size[c] != key >> 32) continue;
        uint32_t d = best_neighbour(j, c);
        if (d == FN_NONE) {
            joined->left++;
            continue;
        }
        join(j, c, d);
        joined->joined++;
        if (j->size[d] < least) heap_push(j, (uint64_t) j->size[d] << 32 | d);
        if ((seen++ & 1023) == 0) {
            fn_status status = fn_progress(run, "joining small clusters", -1);
            if (status) return status;
        }
    }
    return FN_OK;
}

/* Joins every cluster of fewer than `least` firms to the neighbouring cluster for which the quality loses least (or
 * gains most): smallest clusters first, of equal sizes the lowest number; of equal costs the cluster of the lowest
 * number. A cluster that is still too small is joined again. Neighbouring means tied; so clusters stay connected, and
 * what no tie leads out of, isolated firms above all, stays as it is: `left` counts those. Clusters are numbered anew,
 * and the quality is that of the result. Stability stays that of the firms' places before.
 * O(layers ties + firms log least log firms). */
fn_status fn_partition_join_small(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t least,
                                  fn_partition *partition, fn_joined *joined)
{
    joining j = { 0 };
    *joined = (fn_joined) { .before = partition->quality };
    fn_status status = joining_new(run, view, options, partition, &j);
    if (!status) status = find_terms(run, view, options, &j);
    if (!status) status = join_all(run, &j, least, joined);
    joining_free(&j);
    if (!status) status = fn_partition_relabel(run, partition->firms, partition->cluster, &partition->clusters);
    if (!status)
        status = fn_partition_quality(run, view, partition->cluster, options, &partition->quality,
                                      partition->layer_quality);
    return status;
}
