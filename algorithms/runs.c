/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/pipeline.h"

enum { PAIRS_MOST = 45 };

fn_status fn_search_seed(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                         uint64_t seed, fn_partition **partition)
{
    uint64_t own_seed = run->seed;
    void (*log)(void *, fn_level, const char *) = run->log;
    run->seed = seed;
    run->log = NULL;
    fn_status status = search(run, view, options, partition);
    run->seed = own_seed;
    run->log = log;
    return status;
}

fn_status fn_runs_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                       int count, fn_runs *runs)
{
    fn_leiden_options single = *options;
    fn_status status = FN_OK;
    single.runs = 1;
    *runs = (fn_runs) { 0 };
    if (!(runs->partition = fn_alloc(run, (size_t) count, sizeof *runs->partition))) return FN_ENOMEM;
    for (int r = 0; r < count && !status; r++) {
        if ((status = fn_progress(run, "searching with further seeds", (double) r / count))) break;
        /* the first says what is to be said */
        if (r == 0) status = search(run, view, &single, &runs->partition[r]);
        else status = fn_search_seed(run, view, &single, search, run->seed + (uint64_t) r, &runs->partition[r]);
        if (!status) runs->count++;
    }
    if (status) fn_runs_free(runs);
    return status;
}

void fn_runs_free(fn_runs *runs)
{
    for (int r = 0; r < runs->count; r++) fn_partition_free(runs->partition[r]);
    fn_free(runs->partition);
    *runs = (fn_runs) { 0 };
}

int fn_runs_best(const fn_runs *runs)
{
    int best = 0;
    for (int r = 1; r < runs->count; r++)
        if (runs->partition[r]->quality > runs->partition[best]->quality) best = r;
    return best;
}

fn_status fn_runs_keep(fn_run *run, fn_runs *runs, uint32_t firms, const uint32_t *cluster)
{
    if (runs->count == FN_RUNS_COMPARED) return FN_OK;
    if (!runs->partition && !(runs->partition = fn_alloc(run, FN_RUNS_COMPARED, sizeof *runs->partition)))
        return FN_ENOMEM;
    fn_partition *copy = fn_alloc(run, 1, sizeof *copy);
    if (!copy) return FN_ENOMEM;
    copy->firms = firms;
    if (!(copy->cluster = fn_alloc_bare(run, firms, sizeof *copy->cluster))) {
        fn_partition_free(copy);
        return FN_ENOMEM;
    }
    memcpy(copy->cluster, cluster, firms * sizeof *cluster);
    runs->partition[runs->count++] = copy;
    return FN_OK;
}

/* --- Pairwise agreement --- */

typedef struct comparison {
    const fn_runs *runs;
    fn_runs_agreement *agreement;
    int next, pairs, all;
} comparison;

typedef struct compared {
    int a, b;
    fn_agreement agreement;
} compared;

static fn_status take_pair(fn_run *run, void *user, void *piece, bool *more)
{
    comparison *c = user;
    compared *pair = piece;
    (void) run;
    *more = c->next < c->pairs;
    if (!*more) return FN_OK;
    /* evenly over all pairs (a, b), a < b, counted by b */
    int64_t number = (int64_t) c->next++ * c->all / c->pairs;
    for (pair->b = 1; number >= pair->b; pair->b++) number -= pair->b;
    pair->a = (int) number;
    return FN_OK;
}

static fn_status compare_pair(fn_run *run, const void *user, void *piece)
{
    const comparison *c = user;
    compared *pair = piece;
    const fn_partition *a = c->runs->partition[pair->a], *b = c->runs->partition[pair->b];
    return fn_partition_compare(run, a->firms, a->cluster, b->cluster, &pair->agreement);
}

static fn_status give_pair(fn_run *run, void *user, void *piece)
{
    comparison *c = user;
    const compared *pair = piece;
    c->agreement->nmi += pair->agreement.nmi;
    c->agreement->ami += pair->agreement.ami;
    c->agreement->ari += pair->agreement.ari;
    if (c->agreement->pairs == 0 || pair->agreement.nmi < c->agreement->nmi_least)
        c->agreement->nmi_least = pair->agreement.nmi;
    c->agreement->pairs++;
    return fn_progress(run, "comparing runs", (double) c->agreement->pairs / c->pairs);
}

/* Mean NMI, AMI and ARI (compare_partitions.c) and the least NMI over the pairs of runs: over all, or, of more than 10
 * runs, over 45 pairs taken evenly. Firms without ties are alone in every run; they count as agreed. */
fn_status fn_runs_compare(fn_run *run, const fn_runs *runs, fn_runs_agreement *agreement)
{
    static const fn_pipeline steps = {
        .piece_size = sizeof(compared), .take = take_pair, .work = compare_pair, .give = give_pair
    };
    int all = runs->count * (runs->count - 1) / 2;
    comparison c = { .runs = runs, .agreement = agreement, .pairs = all < PAIRS_MOST ? all : PAIRS_MOST, .all = all };
    *agreement = (fn_runs_agreement) { 0 };
    fn_status status = c.pairs ? fn_pipeline_run(run, &steps, &c) : FN_OK;
    if (status) return status;
    agreement->nmi /= agreement->pairs;
    agreement->ami /= agreement->pairs;
    agreement->ari /= agreement->pairs;
    if (!agreement->pairs) agreement->nmi = agreement->ami = agreement->ari = agreement->nmi_least = NAN;
    return FN_OK;
}

/* --- Stability --- */

fn_status fn_runs_stability(fn_run *run, const fn_view *view, const fn_leiden_options *options, const fn_runs *runs,
                            const uint32_t *cluster, double *stability)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double total[FN_LAYERS_MOST] = { 0 };
    double *all = fn_alloc(run, view->firms, sizeof *all);
    if (!all) return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from != tie.to) total[tie.layer] += view->weight[i];
    }
    for (uint32_t firm = 0; firm < view->firms; firm++) stability[firm] = 0;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from == tie.to || !(view->weight[i] > 0)) continue;
        bool is_together = cluster[tie.from] == cluster[tie.to];
        int agreeing = 0;
        for (int r = 0; r < runs->count; r++) {
            const uint32_t *found = runs->partition[r]->cluster;
            agreeing += (found[tie.from] == found[tie.to]) == is_together;
        }
        double weight = options->layer_weight[tie.layer] * (view->weight[i] / total[tie.layer]);
        stability[tie.from] += weight * agreeing;
        stability[tie.to] += weight * agreeing;
        all[tie.from] += weight * runs->count;
        all[tie.to] += weight * runs->count;
    }
    for (uint32_t firm = 0; firm < view->firms; firm++)
        stability[firm] = all[firm] > 0 ? stability[firm] / all[firm] : NAN;
    fn_free(all);
    return FN_OK;
}

fn_status fn_runs_partition(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_search *search,
                            fn_partition **partition)
{
    fn_runs runs;
    fn_status status = fn_runs_find(run, view, options, search, options->runs, &runs);
    if (status) return status;
    int best = fn_runs_best(&runs);
    fn_partition *chosen = runs.partition[best];
    if (options->runs > 1 && !chosen->stability) {
        if (!(chosen->stability = fn_alloc(run, chosen->firms, sizeof *chosen->stability))) status = FN_ENOMEM;
        if (!status) status = fn_runs_stability(run, view, options, &runs, chosen->cluster, chosen->stability);
        if (!status) status = fn_runs_compare(run, &runs, &chosen->agreement);
    }
    if (!status) {
        *partition = chosen;
        runs.partition[best] = NULL;
    }
    fn_runs_free(&runs);
    return status;
}

fn_status fn_search_row(fn_run *run, const fn_view *view, const fn_values *values, fn_search *search, fn_table *result)
{
    fn_leiden_options options;
    fn_partition *partition = NULL;
    fn_column *column;
    fn_status status = FN_OK;
    fn_leiden_defaults(&options);
    if (fn_values_param(values, "resolution")) status = fn_leiden_options_from(run, view->net, values, &options);
    if (!status) status = search(run, view, &options, &partition);
    if (!status) status = fn_table_add(run, result, "cluster", FN_COLUMN_INT, &column);
    if (status) goto done;
    for (uint32_t firm = 0; firm < view->firms; firm++) column->integer[firm] = (int64_t) partition->cluster[firm] + 1;
    if (!partition->stability) goto done;
    if ((status = fn_table_add(run, result, "stability", FN_COLUMN_REAL, &column))) goto done;
    memcpy(column->real, partition->stability, view->firms * sizeof *column->real);
done:
    fn_partition_free(partition);
    return status;
}
