/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "algorithms/label_propagation.h"
#include "algorithms/map_equation.h"
#include "algorithms/trust.h"
#include "bench/ours.h"
#include "bench/partition.h"

/* Clusters: TASK INPUT [TIES TRUTH]. Timed is the search, from the network in memory. The repeat is the seed. Without
 * TIES nothing is checked but what fn_partition_quality says. */

/* Firms of the network are numbered as in TIES: every tie has the same two numbers. */
static void check_numbers(const bench_call *call, const fn_net *net)
{
    size_t size;
    const bench_tie *tie = (const bench_tie *) (const void *) bench_map(call->rest[1], &size);
    uint64_t listed = 0, digest = 0;
    for (size_t e = 0; e < size / sizeof *tie; e++)
        listed += bench_pair_hash(tie[e].from, tie[e].to, true) * (uint64_t) tie[e].cents;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        fn_tie t = fn_net_tie_at(net, e);
        digest += bench_pair_hash(t.from, t.to, true) * (isnan(t.value) ? 0 : (uint64_t) llround(t.value * 100));
    }
    bench_expect(call, "digest of numbered ties", digest, listed);
}

static void judge(bench_call *call, bench_cost cost, fn_run *run, const fn_view *view, const fn_leiden_options *options,
                  const fn_partition *partition)
{
    char text[256];
    double quality, layer[FN_LAYERS_MOST];
    ours_must(run, fn_partition_quality(run, view, partition->cluster, options, &quality, layer));
    if (!call->rest[1] || !call->rest[2]) {
        bench_print(call, call->name, cost, "Q=%.6f clusters=%u ties=%zu", quality, partition->clusters, view->ties);
        return;
    }
    bench_judgement j = bench_judge(call->rest[1], call->rest[2], partition->cluster);
    double judged = options->directed ? j.directed : j.modularity;
    if (!(fabs(quality - judged) < 1e-9)) bench_refuse(call, "its quality is %.12g, not %.12g", judged, quality);
    if (j.clusters != partition->clusters) bench_refuse(call, "%zu clusters, not %u", j.clusters, partition->clusters);
    if (j.torn) bench_refuse(call, "%zu clusters do not hang together", j.torn);
    bench_judgement_say(&j, text, sizeof text);
    bench_print(call, call->name, cost, "%s", text);
}

static void search(bench_call *call, fn_search *method, const fn_leiden_options *options, bool consensus)
{
    fn_run run = ours_run(call);
    fn_partition *partition;
    fn_consensus agreed;
    fn_net *net = ours_net(call, &run);
    fn_view *view = ours_view(&run, net);
    run.seed = (uint64_t) call->repeat;
    bench_cost start = bench_now();
    if (consensus) ours_must(&run, fn_consensus_find(&run, view, options, method, 0.5, &partition, &agreed));
    else ours_must(&run, method(&run, view, options, &partition));
    bench_cost cost = bench_since(start);
    if (call->rest[1]) check_numbers(call, net);
    judge(call, cost, &run, view, options, partition);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}

void ours_leiden(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    search(call, fn_leiden, &options, false);
}

void ours_leiden_fast(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.fast = true;
    search(call, fn_leiden, &options, false);
}

/* --iterations 0 */
void ours_leiden_converged(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.iterations = 0;
    search(call, fn_leiden, &options, false);
}

/* --directed --iterations 0 */
void ours_leiden_directed(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.directed = true;
    options.iterations = 0;
    search(call, fn_leiden, &options, false);
}

/* --consensus --runs 10 */
void ours_consensus(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.runs = 10;
    search(call, fn_leiden, &options, true);
}

void ours_infomap(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    options.directed = true;
    search(call, fn_infomap, &options, false);
}

void ours_label_propagation(bench_call *call)
{
    fn_leiden_options options;
    fn_leiden_defaults(&options);
    search(call, fn_label_propagation, &options, false);
}
