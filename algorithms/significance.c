/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/rewire.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { ATTEMPTS_AT_ONCE = 1 << 17, FEW_PAIRS = 1 << 12, STREAM_NULL = 70 };

/* Rewirings made at the same time take at most about this. */
static const size_t MEMORY_MOST = (size_t) 1 << 30;

/* As many rewirings at a time as there are threads, memory and samples. */
static int rewirings_at_once(const fn_run *run, const fn_tied_pairs *pairs, int samples)
{
    size_t bytes = 8 * pairs->count + 32 * pairs->largest_layer + 1, fitting = MEMORY_MOST / bytes;
    int threads = fn_run_threads(run);
    if (fitting < (size_t) threads) threads = fitting > 1 ? (int) fitting : 1;
    return threads < samples ? threads : samples;
}

static fn_status rewire(fn_run *run, fn_rewiring *rewiring, int count, double done)
{
    bool is_working = true;
    int threads = rewiring[0].pairs->count > FEW_PAIRS ? count : 1;
    (void) threads;
    while (is_working) {
        is_working = false;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(|| : is_working)
        for (int k = 0; k < count; k++)
            is_working = fn_rewiring_advance(&rewiring[k], ATTEMPTS_AT_ONCE) || is_working;
        fn_status status = fn_progress(run, "rewiring ties", done);
        if (status) return status;
    }
    return FN_OK;
}

static fn_status find_quality(fn_run *run, const fn_rewiring *rewiring, const fn_leiden_options *options,
                              fn_search *search, double *quality)
{
    fn_net *net = NULL;
    fn_view *view = NULL;
    fn_partition *partition = NULL;
    fn_view_options all = FN_VIEW_ALL;
    fn_status status = fn_rewiring_net(run, rewiring, &net);
    if (!status) status = fn_view_new(run, net, &all, &view);
    if (!status) status = fn_search_seed(run, view, options, search, run->seed, &partition);
    if (!status) *quality = partition->quality;
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
    return status;
}

static void summarise(const double *found, double quality, fn_null *null)
{
    double sum = 0, squares = 0;
    for (int s = 0; s < null->samples; s++) sum += found[s];
    null->mean = sum / null->samples;
    for (int s = 0; s < null->samples; s++) {
        squares += (found[s] - null->mean) * (found[s] - null->mean);
        null->at_least += found[s] >= quality;
    }
    null->sd = null->samples > 1 ? sqrt(squares / (null->samples - 1)) : NAN;
    null->z = null->sd > 0 ? (quality - null->mean) / null->sd : NAN;
    null->p = (1 + (double) null->at_least) / (1 + (double) null->samples);
}

/* Significance of a quality: is it higher than the same search finds where there is no structure but the degrees
 * (Guimera, Sales-Pardo and Amaral 2004: random networks have modularity, too)?
 * A null network has the firms, the layers and the degrees of the view: in every layer two ties a→b, c→d drawn at
 * random become a→d, c→b, again and again (Maslov and Sneppen 2002), until 10 swaps a tied pair are done, or 100 were
 * tried; where hardly any swap is possible, as in a star, the null network is nearly the network itself, and `swaps`
 * says so. Never a self tie, never a tie twice in a layer. Directed: both degrees of every firm stay. Undirected:
 * reciprocal ties are one pair, as they are for the quality, and the number of partners in each layer stays. A weight
 * stays with its tie: of a directed tie, with the firm that delivers; strengths at the other end change.
 * Then the same search with the same options and seed gives the quality of each null network; of several runs the best
 * counts, there as here. Sample s depends on
 * (run->seed, s) alone, so the result does not depend on threads; the searches follow each other, since they use all
 * threads by themselves. Without ties everything is NaN but p, which is 1.
 * O(samples (pairs + search)); 45 bytes a tied pair for each rewiring at a time, and a network. */
fn_status fn_null_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                       double quality, int samples, fn_null *null)
{
    fn_tied_pairs pairs = { 0 };
    fn_rewiring *rewiring = NULL;
    double *found = NULL, swaps = 0;
    int count = 0;
    *null = (fn_null) { .samples = samples, .mean = NAN, .sd = NAN, .z = NAN, .p = 1, .swaps = NAN };
    if (samples < 1) return fn_fail(run, FN_EINVAL, "%d null networks are too few", samples);
    fn_status status = fn_tied_pairs_find(run, view, options, &pairs);
    if (status || pairs.count == 0) goto done;
    status = FN_ENOMEM;
    count = rewirings_at_once(run, &pairs, samples);
    if (!(found = fn_alloc(run, (size_t) samples, sizeof *found))) goto done;
    if (!(rewiring = fn_alloc(run, (size_t) count, sizeof *rewiring))) goto done;
    status = FN_OK;
    for (int k = 0; k < count && !status; k++) status = fn_rewiring_new(run, &pairs, &rewiring[k]);
    for (int first = 0; first < samples && !status; first += count) {
        int now = samples - first < count ? samples - first : count;
        for (int k = 0; k < now; k++)
            fn_rewiring_start(&rewiring[k], fn_random(run->seed, STREAM_NULL, (uint64_t) (first + k)));
        status = rewire(run, rewiring, now, (double) first / samples);
        for (int k = 0; k < now && !status; k++) {
            swaps += (double) rewiring[k].swapped_before;
            status = find_quality(run, &rewiring[k], options, search, &found[first + k]);
        }
    }
    if (status) goto done;
    summarise(found, quality, null);
    null->swaps = swaps / samples / (double) pairs.count;
done:
    for (int k = 0; rewiring && k < count; k++) fn_rewiring_free(&rewiring[k]);
    fn_free(rewiring);
    fn_free(found);
    fn_tied_pairs_free(&pairs);
    return status;
}
