/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/clusters.h"
#include "algorithms/layer_weights.h"
#include "graph/memory.h"

/* All sums over ties and clusters are whole numbers in 128 bits, so the quality depends neither on the order of ties
 * nor on the numbers of clusters; only the last division rounds. */

/* What a layer puts inside and between clusters, in the units of the layer. */
typedef struct layer_sums {
    int64_t total, inside;
    int64_t *out, *in;     /* strength of each cluster, from `clusters` on those of further threads */
    uint32_t clusters;     /* one more than the highest number */
    int threads;           /* as many as need no more than 32 bytes a firm */
} layer_sums;

static fn_status sums_new(fn_run *run, const fn_view *view, const uint32_t *cluster, layer_sums *sums)
{
    enum { TIES_LEAST = 1 << 16 };
    for (uint32_t firm = 0; firm < view->firms; firm++)
        if (cluster[firm] >= sums->clusters) sums->clusters = cluster[firm] + 1;
    uint64_t threads = (uint64_t) fn_run_threads(run);
    uint64_t most = sums->clusters ? 2 * (uint64_t) view->firms / sums->clusters : 1;
    sums->threads = view->ties < TIES_LEAST ? 1 : (int) (threads < most ? threads : most);
    if (!(sums->out = fn_alloc(run, (size_t) sums->clusters * (size_t) sums->threads, sizeof *sums->out)))
        return FN_ENOMEM;
    sums->in = fn_alloc(run, (size_t) sums->clusters * (size_t) sums->threads, sizeof *sums->in);
    return sums->in ? FN_OK : FN_ENOMEM;
}

/* Ties number begin … end - 1, added to the strengths given; returns what is inside. */
static int64_t sum_stretch(const fn_view *view, const fn_layer_units *units, int layer, const uint32_t *cluster,
                           size_t begin, size_t end, int64_t *out, int64_t *in)
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    int64_t inside = 0;
    for (size_t i = begin; i < end; i++) {
        const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
        if (tie.layer != layer || !(tie.weight > 0)) continue;
        int64_t weight = fn_layer_units_whole(&units[layer], tie.weight);
        uint32_t from = cluster[tie.from], to = cluster[tie.to];
        if (from == to) inside += weight;
        out[from] += weight;
        in[to] += weight;
    }
    return inside;
}

static void sum_layer(const fn_view *view, const fn_layer_units *units, int layer, const uint32_t *cluster,
                      layer_sums *sums)
{
    const size_t clusters = sums->clusters, threads = (size_t) sums->threads;
    int64_t inside = 0;
    memset(sums->out, 0, clusters * threads * sizeof *sums->out);
    memset(sums->in, 0, clusters * threads * sizeof *sums->in);
#pragma omp parallel for schedule(static, 1) reduction(+ : inside) num_threads(sums->threads)
    for (size_t t = 0; t < threads; t++)
        inside += sum_stretch(view, units, layer, cluster, view->ties * t / threads, view->ties * (t + 1) / threads,
                              sums->out + t * clusters, sums->in + t * clusters);
    for (size_t t = 1; t < threads; t++)
        for (size_t c = 0; c < clusters; c++) {
            sums->out[c] += sums->out[t * clusters + c];
            sums->in[c] += sums->in[t * clusters + c];
        }
    sums->total = units[layer].total;
    sums->inside = inside;
}

static double modularity(const layer_sums *sums, bool directed, double resolution)
{
    unsigned __int128 expected = 0;
    for (uint32_t c = 0; c < sums->clusters; c++) {
        uint64_t out = (uint64_t) sums->out[c], in = (uint64_t) sums->in[c];
        expected += directed ? (unsigned __int128) out * in : (unsigned __int128) (out + in) * (out + in);
    }
    double total = (double) sums->total;
    return (double) sums->inside / total - resolution * ((double) expected / total / total / (directed ? 1 : 4));
}

/* Unordered pairs of firms that share a cluster, each times the weights of both firms. */
static double pairs_inside(const uint32_t *cluster, uint32_t firms, uint32_t clusters, const int64_t *weight,
                           int64_t *size)
{
    unsigned __int128 pairs = 0;
    for (uint32_t c = 0; c < clusters; c++) size[c] = 0;
    for (uint32_t firm = 0; firm < firms; firm++) {
        const int64_t own = weight ? weight[firm] : 1;
        pairs += (unsigned __int128) (uint64_t) size[cluster[firm]] * (uint64_t) own;
        size[cluster[firm]] += own;
    }
    return weight ? (double) pairs / FN_NODE_WEIGHT_ONE / FN_NODE_WEIGHT_ONE : (double) pairs;
}

/* Quality of a partition.
 *   modularity, undirected (Newman and Girvan 2004, resolution after Reichardt and Bornholdt 2006):
 *       sum over clusters of  inside / W - gamma (strength / 2W)^2
 *     where W adds up the weights of all ties, w(i→j) + w(j→i) a pair;
 *   modularity, directed (Leicht and Newman 2008):
 *       sum over clusters of  inside / W - gamma strength_out strength_in / W^2;
 *   CPM (Traag, Van Dooren and Nesterov 2011), weights rescaled so that a joined pair weighs 1 in the mean:
 *       sum over clusters of  inside - gamma n (n - 1) / 2,  over the joined pairs of the layer
 *     (directed: ordered pairs, gamma n (n - 1)). With weights of firms (node_weights.c) each pair of firms counts as
 *     the product of both: gamma times the sum of n_i n_j over the pairs i < j of the cluster. It is 0 when all firms
 *     are alone; the form with n^2 differs by a number that does not depend on the partition.
 * Each layer is taken by itself and normalised to its own total weight; the whole is the mean weighed by alpha of the
 * layers that have ties, and layer_quality[l] = alpha_l quality_l / sum of alpha is what layer l adds to it (NaN: no
 * ties). Undirected layers (consortium, cobid) count undirected in both modes. Self ties and weightless ties are left
 * out: they are neither inside, nor in W, nor in a strength. No ties at all, or alpha 0 for all that there are: NaN.
 * cluster[firm] is below the number of firms. O(layers (firms + ties)). */
fn_status fn_partition_quality(fn_run *run, const fn_view *view, const uint32_t *cluster,
                               const fn_leiden_options *options, double *quality, double layer_quality[FN_LAYERS_MOST])
{
    fn_layer_units units[FN_LAYERS_MOST];
    size_t pairs[FN_LAYERS_MOST] = { 0 };
    layer_sums sums = { 0 };
    double alphas = 0, whole = 0;
    bool is_cpm = options->quality == FN_QUALITY_CPM;
    fn_status status = FN_OK;
    for (uint32_t firm = 0; firm < view->firms; firm++)
        if (cluster[firm] >= view->firms) {
            status = fn_fail(run, FN_EINVAL, "cluster number %u of firm %u is not below the number of firms",
                             cluster[firm], firm);
            goto done;
        }
    if ((status = sums_new(run, view, cluster, &sums))) goto done;
    if (is_cpm && (status = fn_layer_pairs(run, view, options->directed, pairs))) goto done;
    fn_layer_units_find(run, view, units);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (units[layer].has_ties) alphas += options->layer_weight[layer];
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        layer_quality[layer] = NAN;
        if (!units[layer].has_ties || !(alphas > 0)) continue;
        double alpha = options->layer_weight[layer];
        bool directed = options->directed && fn_net_layer_directed((uint16_t) layer);
        sum_layer(view, units, layer, cluster, &sums);
        double value;
        if (is_cpm) {
            double inside = (double) sums.inside / (double) sums.total;
            value = inside - options->resolution *
                                 pairs_inside(cluster, view->firms, sums.clusters, options->node_weight, sums.out) *
                                 (directed ? 2 : 1) / (double) pairs[layer];
        } else {
            value = modularity(&sums, directed, options->resolution);
        }
        layer_quality[layer] = alpha * value / alphas;
        whole += layer_quality[layer];
    }
    *quality = alphas > 0 ? whole : NAN;
done:
    fn_free(sums.in);
    fn_free(sums.out);
    return status;
}
