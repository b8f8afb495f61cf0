/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "graph/memory.h"
#include "io/export_plan.h"

enum { BASIS_GIVEN, BASIS_OWN, BASIS_VALUE, BASIS_COUNT };
enum { BLOCK_TIES = 1 << 16 };

#define LEAST_WEIGHT 1e-6
#define MOST_WEIGHT 1e12

static double raw_weight(const fn_export_plan *plan, size_t row, const fn_tie *tie)
{
    double weight = plan->what->weight ? plan->what->weight[row]
                    : plan->basis[tie->layer] == BASIS_OWN ? tie->weight
                    : plan->basis[tie->layer] == BASIS_VALUE ? tie->value : (double) tie->count;
    return isfinite(weight) && weight > 0 ? weight : 0;
}

/* What weighs the ties of each layer. */
static void find_basis(fn_export_plan *plan)
{
    const fn_ties *ties = fn_net_tie_rows(plan->what->net);
    bool valued[FN_LAYERS_MOST] = { false }, mixed[FN_LAYERS_MOST] = { false }, own[FN_LAYERS_MOST] = { false };
    uint16_t currency[FN_LAYERS_MOST] = { 0 };
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_ties_at(ties, fn_plan_number(plan, row));
        own[tie.layer] |= !isnan(tie.weight);
        if (isnan(tie.value)) continue;
        mixed[tie.layer] |= valued[tie.layer] && currency[tie.layer] != tie.currency;
        valued[tie.layer] = true;
        currency[tie.layer] = tie.currency;
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        plan->basis[layer] = plan->what->weight ? BASIS_GIVEN : own[layer] ? BASIS_OWN
                             : valued[layer] && !mixed[layer] ? BASIS_VALUE : BASIS_COUNT;
}

/* Mean of the positive weights of a layer, as it grows, so that large weights don't overflow a sum. */
typedef struct mean {
    double value;
    int64_t count;
} mean;

static void find_means(const fn_export_plan *plan, size_t first, size_t end, mean *of_layer)
{
    const fn_ties *ties = fn_net_tie_rows(plan->what->net);
    for (size_t row = first; row < end; row++) {
        fn_tie tie = fn_ties_at(ties, fn_plan_number(plan, row));
        double weight = raw_weight(plan, row, &tie);
        mean *m = &of_layer[tie.layer];
        if (weight > 0) m->value += (weight - m->value) / (double) ++m->count;
    }
}

/* By blocks of fixed size, joined in order: the same means at any number of threads. */
fn_status fn_plan_weigh(fn_run *run, fn_export_plan *plan)
{
    size_t blocks = (plan->ties + BLOCK_TIES - 1) / BLOCK_TIES;
    int threads = fn_run_threads(run);
    (void) threads;
    mean *part = fn_alloc(run, blocks * FN_LAYERS_MOST, sizeof *part);
    if (!part) return FN_ENOMEM;
    find_basis(plan);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t b = 0; b < blocks; b++) {
        size_t end = (b + 1) * BLOCK_TIES < plan->ties ? (b + 1) * BLOCK_TIES : plan->ties;
        find_means(plan, b * BLOCK_TIES, end, part + b * FN_LAYERS_MOST);
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        mean all = { 0, 0 };
        for (size_t b = 0; b < blocks; b++) {
            const mean *m = &part[b * FN_LAYERS_MOST + (size_t) layer];
            if (!m->count) continue;
            all.count += m->count;
            all.value += (m->value - all.value) * ((double) m->count / (double) all.count);
        }
        plan->scale[layer] = all.value;
    }
    fn_free(part);
    return FN_OK;
}

double fn_plan_weight(const fn_export_plan *plan, size_t row, const fn_tie *tie)
{
    double usual = plan->scale[tie->layer];
    double weight = usual > 0 ? raw_weight(plan, row, tie) / usual : 0;
    return weight <= LEAST_WEIGHT ? LEAST_WEIGHT : weight < MOST_WEIGHT ? weight : MOST_WEIGHT;
}
