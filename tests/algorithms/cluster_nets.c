/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/random.h"
#include "tests/algorithms/cluster_nets.h"

const uint32_t two_cycles[7][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 3, 4 }, { 4, 5 }, { 5, 3 }, { 2, 3 } };

fn_net *net_of(fn_run *run, uint32_t firms, size_t ties, const test_tie *tie)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (uint32_t firm = 0; firm < firms; firm++) {
        char key[16];
        uint32_t number;
        int length = snprintf(key, sizeof key, "f%u", firm);
        ck_assert_int_eq(fn_net_firm(run, net, key, (size_t) length, &number), FN_OK);
    }
    for (size_t i = 0; i < ties; i++) {
        bool own_weight = !fn_net_layer_directed(tie[i].layer);
        fn_tie record = {
            .from = tie[i].from, .to = tie[i].to, .layer = tie[i].layer, .product = FN_NONE, .count = 1,
            .value = own_weight ? NAN : tie[i].weight, .weight = own_weight ? tie[i].weight : NAN,
            .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &record, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

size_t random_ties(uint64_t seed, uint32_t firms, size_t ties, test_tie *tie)
{
    static const uint16_t layers[3] = { FN_LAYER_SUPPLY, FN_LAYER_COBID, FN_LAYER_KNOWLEDGE };
    for (size_t i = 0; i < ties; i++)
        tie[i] = (test_tie) {
            .from = (uint32_t) fn_random_below(seed, 11, i, firms),
            .to = (uint32_t) fn_random_below(seed, 12, i, firms),
            .layer = layers[fn_random_below(seed, 13, i, 3)],
            .weight = (double) (1 + fn_random_below(seed, 14, i, 7)) / 2
        };
    return ties;
}

fn_leiden_options options_of(fn_quality quality, double resolution, bool directed)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.quality = quality;
    options.resolution = resolution;
    options.directed = directed;
    return options;
}

fn_leiden_options options_kind(int kind, double cpm_resolution)
{
    return kind & 1 ? options_of(FN_QUALITY_CPM, cpm_resolution, kind & 2)
                    : options_of(FN_QUALITY_MODULARITY, 1, kind & 2);
}

double quality_of(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options)
{
    double quality, layer_quality[FN_LAYERS_MOST];
    ck_assert_int_eq(fn_partition_quality(run, view, cluster, options, &quality, layer_quality), FN_OK);
    return quality;
}

fn_partition *leiden(fn_run *run, const fn_view *view, const fn_leiden_options *options)
{
    fn_partition *partition = NULL;
    fn_status status = fn_leiden(run, view, options, &partition);
    ck_assert_msg(status == FN_OK, "leiden failed: %s", run->error.message);
    return partition;
}

/* The definition of the quality of one layer, over all pairs of firms, in double. */
static double slow_layer_quality(const fn_view *view, int layer, const uint32_t *cluster,
                                 const fn_leiden_options *options)
{
    uint32_t n = view->firms;
    bool directed = options->directed && fn_net_layer_directed((uint16_t) layer);
    double *w = calloc((size_t) n * n, sizeof *w), *out = calloc(n, sizeof *out), *in = calloc(n, sizeof *in);
    double total = 0, sum = 0, joined = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie *tie = FN_TIE(view->net, fn_view_tie(view, i));
        if (tie->layer != layer || tie->from == tie->to) continue;
        w[tie->from * n + tie->to] += view->weight[i];
        if (!directed) w[tie->to * n + tie->from] += view->weight[i];
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            total += w[i * n + j];
            out[i] += w[i * n + j];
            in[j] += w[i * n + j];
            joined += w[i * n + j] > 0;
        }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            if (cluster[i] != cluster[j]) continue;
            double expected = options->quality == FN_QUALITY_MODULARITY ? out[i] * in[j] / total
                              : i != j                                  ? total / joined
                                                                        : 0;
            sum += (w[i * n + j] - options->resolution * expected) / total;
        }
    free(w);
    free(out);
    free(in);
    return total > 0 ? sum : NAN;
}

double slow_quality(const fn_view *view, const uint32_t *cluster, const fn_leiden_options *options)
{
    double sum = 0, alphas = 0;
    for (int layer = 0; layer < FN_LAYERS_STANDARD; layer++) {
        double quality = slow_layer_quality(view, layer, cluster, options);
        if (isnan(quality)) continue;
        sum += options->layer_weight[layer] * quality;
        alphas += options->layer_weight[layer];
    }
    return sum / alphas;
}

/* The next partition of n firms as a restricted growth string; false after the last. */
static bool next_partition(uint32_t n, uint32_t *cluster)
{
    for (uint32_t i = n; i-- > 1;) {
        uint32_t highest = 0;
        for (uint32_t j = 0; j < i; j++) highest = cluster[j] > highest ? cluster[j] : highest;
        if (cluster[i] <= highest) {
            cluster[i]++;
            memset(cluster + i + 1, 0, (n - i - 1) * sizeof *cluster);
            return true;
        }
    }
    return false;
}

double best_quality(fn_run *run, const fn_view *view, const fn_leiden_options *options, uint32_t *best)
{
    uint32_t cluster[SMALL_FIRMS] = { 0 };
    double highest = -INFINITY;
    do {
        double quality = quality_of(run, view, cluster, options);
        if (quality > highest) {
            highest = quality;
            memcpy(best, cluster, view->firms * sizeof *best);
        }
    } while (next_partition(view->firms, cluster));
    return highest;
}

void assert_proper(fn_run *run, const fn_view *view, const fn_partition *partition)
{
    fn_csr *csr;
    ck_assert_int_eq(fn_view_csr(run, view, -1, FN_CSR_BOTH, false, &csr), FN_OK);
    uint32_t n = view->firms, *size = calloc(n + 1, sizeof *size), *first = calloc(n + 1, sizeof *first);
    uint32_t *queue = calloc(n + 1, sizeof *queue);
    bool *seen = calloc(n + 1, sizeof *seen);
    ck_assert_uint_eq(partition->firms, n);
    for (uint32_t firm = n; firm-- > 0;) {
        ck_assert_uint_lt(partition->cluster[firm], partition->clusters);
        size[partition->cluster[firm]]++;
        first[partition->cluster[firm]] = firm;
    }
    for (uint32_t c = 0; c < partition->clusters; c++) {
        uint32_t head = 0, tail = 0;
        ck_assert_uint_gt(size[c], 0);
        if (c > 0) ck_assert(size[c] < size[c - 1] || (size[c] == size[c - 1] && first[c] > first[c - 1]));
        queue[tail++] = first[c];
        seen[first[c]] = true;
        for (; head < tail; head++)
            for (size_t arc = csr->offset[queue[head]]; arc < csr->offset[queue[head] + 1]; arc++) {
                uint32_t other = csr->target[arc];
                if (seen[other] || partition->cluster[other] != c) continue;
                seen[other] = true;
                queue[tail++] = other;
            }
        ck_assert_msg(tail == size[c], "cluster %u of %u firms has a piece of %u", c, size[c], tail);
    }
    free(size);
    free(first);
    free(queue);
    free(seen);
    fn_csr_free(csr);
}

fn_net *star_net(fn_run *run)
{
    enum { GROUP = 6 };
    test_tie ties[2 * GROUP * GROUP];
    size_t count = 0;
    for (uint32_t supplier = 1; supplier <= 2 * GROUP; supplier++) {
        ties[count++] = (test_tie) { supplier, 0, FN_LAYER_SUPPLY, 1 };
        uint32_t first = supplier <= GROUP ? 1 : GROUP + 1;
        for (uint32_t other = first; other < supplier; other++)
            ties[count++] = (test_tie) { other, supplier, FN_LAYER_COBID, .2 };
    }
    return net_of(run, 2 * GROUP + 1, count, ties);
}
