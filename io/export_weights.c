/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "io/export_plan.h"

enum { BASIS_GIVEN, BASIS_OWN, BASIS_VALUE, BASIS_COUNT };

#define LEAST_WEIGHT 1e-6

static double raw_weight(const fn_export_plan *plan, size_t row)
{
    uint32_t number;
    const fn_tie *tie = FN_PLAN_TIE(plan, row, &number);
    double weight = plan->what->weight ? plan->what->weight[row]
                    : plan->basis[tie->layer] == BASIS_OWN ? tie->weight
                    : plan->basis[tie->layer] == BASIS_VALUE ? tie->value : (double) tie->count;
    return isfinite(weight) && weight > 0 ? weight : 0;
}

void fn_plan_weigh(fn_export_plan *plan)
{
    bool valued[FN_LAYERS_MOST] = { false }, mixed[FN_LAYERS_MOST] = { false }, own[FN_LAYERS_MOST] = { false };
    uint16_t currency[FN_LAYERS_MOST] = { 0 };
    int64_t positive[FN_LAYERS_MOST] = { 0 };
    uint32_t number;
    for (size_t row = 0; row < plan->ties; row++) {
        const fn_tie *tie = FN_PLAN_TIE(plan, row, &number);
        own[tie->layer] |= !isnan(tie->weight);
        if (isnan(tie->value)) continue;
        mixed[tie->layer] |= valued[tie->layer] && currency[tie->layer] != tie->currency;
        valued[tie->layer] = true;
        currency[tie->layer] = tie->currency;
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        plan->basis[layer] = plan->what->weight ? BASIS_GIVEN : own[layer] ? BASIS_OWN
                             : valued[layer] && !mixed[layer] ? BASIS_VALUE : BASIS_COUNT;
    for (size_t row = 0; row < plan->ties; row++) {
        double weight = raw_weight(plan, row);
        int layer = fn_plan_tie(plan, row, &number).layer;
        if (weight <= 0) continue;
        /* Mean as it grows, so that large weights don't overflow a sum. */
        plan->scale[layer] += (weight - plan->scale[layer]) / (double) ++positive[layer];
    }
}

double fn_plan_weight(const fn_export_plan *plan, size_t row)
{
    uint32_t number;
    double mean = plan->scale[fn_plan_tie(plan, row, &number).layer];
    double weight = mean > 0 ? raw_weight(plan, row) / mean : 0;
    return weight > LEAST_WEIGHT ? fmin(fn_round_digits(weight, 7), 1e12) : LEAST_WEIGHT;
}
