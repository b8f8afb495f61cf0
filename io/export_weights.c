/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "io/export_plan.h"

enum { BASIS_GIVEN, BASIS_OWN, BASIS_VALUE, BASIS_COUNT };

#define LEAST_WEIGHT 1e-6
#define MOST_WEIGHT 1e12

static double raw_weight(const fn_export_plan *plan, size_t row, const fn_tie *tie)
{
    double weight = plan->what->weight ? plan->what->weight[row]
                    : plan->basis[tie->layer] == BASIS_OWN ? tie->weight
                    : plan->basis[tie->layer] == BASIS_VALUE ? tie->value : (double) tie->count;
    return isfinite(weight) && weight > 0 ? weight : 0;
}

void fn_plan_weigh(fn_export_plan *plan)
{
    const fn_net *net = plan->what->net;
    bool valued[FN_LAYERS_MOST] = { false }, mixed[FN_LAYERS_MOST] = { false }, own[FN_LAYERS_MOST] = { false };
    uint16_t currency[FN_LAYERS_MOST] = { 0 };
    int64_t positive[FN_LAYERS_MOST] = { 0 };
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_net_tie_at(net, fn_plan_number(plan, row));
        own[tie.layer] |= !isnan(tie.weight);
        if (isnan(tie.value)) continue;
        mixed[tie.layer] |= valued[tie.layer] && currency[tie.layer] != tie.currency;
        valued[tie.layer] = true;
        currency[tie.layer] = tie.currency;
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        plan->basis[layer] = plan->what->weight ? BASIS_GIVEN : own[layer] ? BASIS_OWN
                             : valued[layer] && !mixed[layer] ? BASIS_VALUE : BASIS_COUNT;
    for (size_t row = 0; row < plan->ties; row++) {
        fn_tie tie = fn_net_tie_at(net, fn_plan_number(plan, row));
        double weight = raw_weight(plan, row, &tie);
        if (weight <= 0) continue;
        /* Mean as it grows, so that large weights don't overflow a sum. */
        plan->scale[tie.layer] += (weight - plan->scale[tie.layer]) / (double) ++positive[tie.layer];
    }
}

double fn_plan_weight(const fn_export_plan *plan, size_t row, const fn_tie *tie)
{
    double mean = plan->scale[tie->layer];
    double weight = mean > 0 ? raw_weight(plan, row, tie) / mean : 0;
    return weight <= LEAST_WEIGHT ? LEAST_WEIGHT : weight < MOST_WEIGHT ? weight : MOST_WEIGHT;
}
