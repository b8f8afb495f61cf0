/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/label_propagation.h"
#include "algorithms/rewire.h"
#include "algorithms/trust.h"
#include "graph/memory.h"

enum { ROUNDS_MOST = 20, FEW_FIRMS = 1024, LAYER = FN_LAYER_CONSORTIUM };

/* Tied pairs and the share of the runs that put both firms together. */
typedef struct agreements {
    size_t count;
    uint32_t *from, *to;
    uint16_t *layer;
    double *share;
} agreements;

static void agreements_free(agreements *a)
{
    fn_free(a->from);
    fn_free(a->to);
    fn_free(a->layer);
    fn_free(a->share);
}

static double share_together(const fn_runs *runs, uint32_t u, uint32_t v)
{
    int together = 0;
    for (int r = 0; r < runs->count; r++)
        together += runs->partition[r]->cluster[u] == runs->partition[r]->cluster[v];
    return (double) together / runs->count;
}

/* Partner with whom a firm is together most often, the lowest of several; FN_NONE: with none ever. */
static uint32_t closest_partner(const fn_csr *csr, const fn_runs *runs, uint32_t firm)
{
    uint32_t closest = FN_NONE;
    double most = 0;
    for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++) {
        double share = share_together(runs, firm, csr->target[arc]);
        if (share <= most) continue;
        most = share;
        closest = csr->target[arc];
    }
    return closest;
}

/* Pairs on which at least the threshold agrees, and the closest partner of each firm, so that none is cut off. */
static fn_status find_agreements(fn_run *run, const fn_csr *csr, const fn_runs *runs, double threshold, agreements *a)
{
    size_t most = csr->arcs / 2;
    uint32_t *closest = fn_alloc_bare(run, csr->firms, sizeof *closest);
    if (!closest) return FN_ENOMEM;
    fn_status status = FN_ENOMEM;
    if (!(a->from = fn_alloc_bare(run, most, sizeof *a->from))) goto done;
    if (!(a->to = fn_alloc_bare(run, most, sizeof *a->to))) goto done;
    if (!(a->layer = fn_alloc_bare(run, most, sizeof *a->layer))) goto done;
    if (!(a->share = fn_alloc_bare(run, most, sizeof *a->share))) goto done;
    int threads = csr->firms > FEW_FIRMS ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, FEW_FIRMS) num_threads(threads)
    for (uint32_t u = 0; u < csr->firms; u++) closest[u] = closest_partner(csr, runs, u);
    for (uint32_t u = 0; u < csr->firms; u++)
        for (size_t arc = csr->offset[u]; arc < csr->offset[u + 1]; arc++) {
            uint32_t v = csr->target[arc];
            if (v < u) continue;
            double share = share_together(runs, u, v);
            if (share < threshold && closest[u] != v && closest[v] != u) continue;
            a->from[a->count] = u;
            a->to[a->count] = v;
            a->layer[a->count] = LAYER;
            a->share[a->count++] = share;
        }
    status = FN_OK;
done:
    fn_free(closest);
    return status;
}

/* The network of agreements, in place of the one they were found on. */
static fn_status next_network(fn_run *run, const fn_runs *runs, const fn_leiden_options *options, double threshold,
                              const fn_view *view, fn_net **net, fn_view **next)
{
    fn_csr *csr = NULL;
    agreements a = { 0 };
    fn_view_options all = FN_VIEW_ALL;
    fn_status status = fn_layers_joined(run, view, options, &csr);
    if (!status) status = find_agreements(run, csr, runs, threshold, &a);
    if (!status) status = fn_tied_pairs_net(run, view->net, a.count, a.from, a.to, a.share, a.layer, net);
    if (!status) status = fn_view_new(run, *net, &all, next);
    agreements_free(&a);
    fn_csr_free(csr);
    return status;
}

static bool all_equal(const fn_runs *runs)
{
    const fn_partition *first = runs->partition[0];
    for (int r = 1; r < runs->count; r++)
        if (memcmp(runs->partition[r]->cluster, first->cluster, first->firms * sizeof *first->cluster) != 0)
            return false;
    return true;
}

/* Round after round on the network of agreements of the round before, until all runs find the same. */
static fn_status agree(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                       double threshold, const fn_runs *found, fn_consensus *consensus, uint32_t *cluster)
{
    fn_leiden_options inner = *options;
    fn_runs runs = { 0 };
    fn_net *net = NULL, *old_net = NULL;
    fn_view *at = NULL, *old = NULL;
    fn_status status = FN_OK;
    const fn_runs *last = found;
    inner.directed = false;
    inner.start = NULL;
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) inner.layer_weight[layer] = 1;
    while (!(consensus->agreed = all_equal(last)) && consensus->rounds < ROUNDS_MOST) {
        old = at;
        old_net = net;
        at = NULL;
        net = NULL;
        status = next_network(run, last, old ? &inner : options, threshold, old ? old : view, &net, &at);
        fn_view_free(old);
        fn_net_free(old_net);
        fn_runs_free(&runs);
        void (*log)(void *, fn_level, const char *) = run->log;
        run->log = NULL;
        if (!status) status = fn_runs_find(run, at, &inner, search, options->runs, &runs);
        run->log = log;
        if (status) break;
        consensus->rounds++;
        last = &runs;
    }
    if (!status) {
        const fn_partition *chosen = last->partition[fn_runs_best(last)];
        memcpy(cluster, chosen->cluster, chosen->firms * sizeof *cluster);
    }
    fn_runs_free(&runs);
    fn_view_free(at);
    fn_net_free(net);
    return status;
}

/* Consensus of options->runs partitions (Lancichinetti and Fortunato 2012, Sci. Rep. 2:336), restricted to pairs of
 * firms that are tied: a network in which a tie weighs the share of the runs that put its two firms together, without
 * those below the threshold (but each firm keeps the tie to its closest partner), is searched again with as many
 * seeds, and so on until all runs agree or 20 rounds have passed; then the best of the last round is taken. Tied
 * pairs instead of all pairs keep the memory at O(ties); firms that share a cluster without a tie count through the
 * firms between them. The inner networks are undirected and of one layer; quality and resolution are the options'.
 * The quality of the consensus is that on the network itself, seldom above the best run's: what it gives is stability.
 * Stability: as of fn_leiden, over the first runs. Clusters are connected, if those of the search are.
 * Deterministic: seeds run->seed … + runs - 1 in every round. O(rounds runs search); 4 bytes a firm and run, and a
 * network. FN_EINVAL: fewer than 2 runs. */
fn_status fn_consensus_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                            double threshold, fn_partition **partition, fn_consensus *consensus)
{
    fn_runs runs = { 0 };
    fn_partition *made = NULL;
    *consensus = (fn_consensus) { 0 };
    if (options->runs < 2) return fn_fail(run, FN_EINVAL, "a consensus wants at least 2 runs");
    fn_status status = fn_runs_find(run, view, options, search, options->runs, &runs);
    if (!status) status = fn_runs_compare(run, &runs, &consensus->agreement);
    if (status) goto done;
    consensus->best_quality = runs.partition[fn_runs_best(&runs)]->quality;
    for (int r = 0; r < runs.count; r++) consensus->mean_quality += runs.partition[r]->quality / runs.count;
    status = FN_ENOMEM;
    if (!(made = fn_alloc(run, 1, sizeof *made))) goto done;
    made->firms = view->firms;
    if (!(made->cluster = fn_alloc(run, view->firms, sizeof *made->cluster))) goto done;
    if (!(made->stability = fn_alloc(run, view->firms, sizeof *made->stability))) goto done;
    status = agree(run, view, options, search, threshold, &runs, consensus, made->cluster);
    if (!status) status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters);
    if (!status)
        status = fn_partition_quality(run, view, made->cluster, options, &made->quality, made->layer_quality);
    if (!status) status = fn_runs_stability(run, view, options, &runs, made->cluster, made->stability);
    if (status) goto done;
    *partition = made;
    made = NULL;
done:
    fn_partition_free(made);
    fn_runs_free(&runs);
    return status;
}
