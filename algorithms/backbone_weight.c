/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"

/* The heaviest ties of each layer, whatever their ends: what every test is to be compared with. The score is the tie's
 * weight as a share of its layer's largest. O(ties). */
static fn_status run_weight(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double largest[FN_LAYERS_MOST] = { 0 };
    fn_column *score;
    (void) values;
    fn_status status = fn_table_add(run, result, "score", FN_COLUMN_REAL, &score);
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.from != t.to) largest[t.layer] = fmax(largest[t.layer], view->weight[row]);
    }
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.from != t.to && view->weight[row] > 0) score->real[row] = view->weight[row] / largest[t.layer];
    }
    return status;
}

const fn_algorithm fn_algorithm_weight = {
    .name = "weight", .group = FN_GROUP_BACKBONE, .text = "the heaviest ties of each layer, for comparison: no test",
    .gives = "score", .source = "Serrano, Boguñá and Vespignani 2009 (global threshold)", .run = run_weight
};
