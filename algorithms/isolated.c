/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/trust.h"

/* Fills is_isolated, one a firm, and returns how many are: no tie with a weight to another firm, in any layer whose
 * weight is above 0. O(firms + ties). */
uint32_t fn_view_isolated(const fn_view *view, const fn_leiden_options *options, bool *is_isolated)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t count = view->firms;
    for (uint32_t firm = 0; firm < view->firms; firm++) is_isolated[firm] = true;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from == tie.to || !(view->weight[i] > 0) || !(options->layer_weight[tie.layer] > 0)) continue;
        count -= is_isolated[tie.from];
        is_isolated[tie.from] = false;
        count -= is_isolated[tie.to];
        is_isolated[tie.to] = false;
    }
    return count;
}
