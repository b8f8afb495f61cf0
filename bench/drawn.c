/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/centrality.h"
#include "bench/measure.h"
#include "graph/memory.h"
#include "io/format.h"

/* drawn INPUT [SEEDS [EPSILON [DELTA [THREADS]]]]: how far betweenness from drawn chains is off, by steps and by
 * lengths 1 / weight, with seeds 1 … SEEDS (100), against the exact one. Exit status 1: more seeds than DELTA (0.1) of
 * them are off by more than EPSILON (0.01) of all pairs of firms. */
typedef struct drawing {
    fn_csr *out;
    double *exact, *score;
    fn_betweenness_options options;
} drawing;

static void must(const fn_run *run, fn_status status)
{
    if (status) bench_stop("%s", run->error.message);
}

/* The largest error of any firm, as a share of all pairs. */
static double error_of(const drawing *d)
{
    double worst = 0, firms = d->out->firms;
    for (uint32_t u = 0; u < d->out->firms; u++) worst = fmax(worst, fabs(d->score[u] - d->exact[u]));
    return firms > 1 ? worst / (firms * (firms - 1)) : 0;
}

static bool keeps_promise(fn_run *run, drawing *d, fn_length_kind length, long seeds)
{
    const char *name = length == FN_LENGTH_HOPS ? "steps" : "lengths";
    double worst = 0, mean = 0, chains = 0;
    long over = 0;
    d->options.length = length;
    d->options.exact_limit = UINT32_MAX;
    bench_cost start = bench_now();
    must(run, fn_betweenness(run, d->out, &d->options, d->exact, NULL));
    bench_cost cost = bench_since(start);
    printf("%s\texact\tcpu %.2f s\twall %.2f s\n", name, cost.cpu, cost.wall);
    fflush(stdout);
    d->options.exact_limit = 0;
    start = bench_now();
    for (run->seed = 1; run->seed <= (uint64_t) seeds; run->seed++) {
        fn_betweenness_how how;
        must(run, fn_betweenness(run, d->out, &d->options, d->score, &how));
        double error = error_of(d);
        worst = fmax(worst, error);
        mean += error / (double) seeds;
        chains += (double) how.paths / (double) seeds;
        over += error > d->options.epsilon;
    }
    cost = bench_since(start);
    printf("%s\tdrawn\tcpu %.2f s\twall %.2f s\tchains %.0f\t", name, cost.cpu / (double) seeds,
           cost.wall / (double) seeds, chains);
    printf("error mean %.5f\tworst %.5f\tover %g in %ld of %ld seeds\n", mean, worst, d->options.epsilon, over, seeds);
    return (double) over <= d->options.delta * (double) seeds;
}

int main(int count, char **word)
{
    if (count < 2) bench_stop("drawn INPUT [SEEDS [EPSILON [DELTA [THREADS]]]]");
    fn_run run = FN_RUN_INIT;
    long seeds = count > 2 ? strtol(word[2], NULL, 10) : 100;
    drawing d = { .options = FN_BETWEENNESS_DEFAULTS };
    if (count > 3) d.options.epsilon = strtod(word[3], NULL);
    if (count > 4) d.options.delta = strtod(word[4], NULL);
    run.threads = count > 5 ? (int) strtol(word[5], NULL, 10) : 2;
    const char *input = word[1];
    fn_net *net;
    fn_view *view;
    fn_view_options all = FN_VIEW_ALL;
    must(&run, fn_read(&run, &input, 1, NULL, &net, NULL, NULL));
    must(&run, fn_view_new(&run, net, &all, &view));
    must(&run, fn_view_csr(&run, view, -1, FN_CSR_OUT, false, &d.out));
    d.exact = fn_alloc(&run, d.out->firms, sizeof *d.exact);
    d.score = fn_alloc(&run, d.out->firms, sizeof *d.score);
    if (!d.exact || !d.score) must(&run, FN_ENOMEM);
    bool kept = keeps_promise(&run, &d, FN_LENGTH_HOPS, seeds);
    kept = keeps_promise(&run, &d, FN_LENGTH_INVERSE, seeds) && kept;
    fn_free(d.exact);
    fn_free(d.score);
    fn_csr_free(d.out);
    fn_view_free(view);
    fn_net_free(net);
    return kept ? EXIT_SUCCESS : EXIT_FAILURE;
}
