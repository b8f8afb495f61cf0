/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/layer_weights.h"

enum { TOTAL_BITS = 61 };

static bool binds(const fn_view *view, const fn_ties *ties, size_t index, fn_tie *tie)
{
    *tie = fn_ties_at(ties, fn_view_tie(view, index));
    return tie->from != tie->to && view->weight[index] > 0;
}

static int64_t in_units(double weight, const fn_layer_units *units)
{
    int64_t whole = llrint(scalbn(weight, units->shift));
    return whole > 0 ? whole : 1;
}

void fn_layer_units_find(const fn_view *view, fn_layer_units units[FN_LAYERS_MOST])
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_tie tie;
    double largest[FN_LAYERS_MOST] = { 0 };
    for (size_t i = 0; i < view->ties; i++)
        if (binds(view, ties, i, &tie)) largest[tie.layer] = fmax(largest[tie.layer], view->weight[i]);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        int exponent = 0;
        units[layer].has_ties = largest[layer] > 0;
        if (units[layer].has_ties) frexp(largest[layer], &exponent);
        units[layer].shift = TOTAL_BITS - exponent;
    }
    /* In units this fine a weight is at most 2^61 and the total is exact in 128 bits. */
    unsigned __int128 total[FN_LAYERS_MOST] = { 0 };
    for (size_t i = 0; i < view->ties; i++)
        if (binds(view, ties, i, &tie)) total[tie.layer] += (uint64_t) in_units(view->weight[i], &units[tie.layer]);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        for (; total[layer] >> TOTAL_BITS; total[layer] >>= 1) units[layer].shift--;
}

int64_t fn_layer_units_weight(const fn_view *view, const fn_layer_units units[FN_LAYERS_MOST], size_t index)
{
    fn_tie tie;
    if (!binds(view, fn_net_tie_rows(view->net), index, &tie)) return 0;
    return in_units(view->weight[index], &units[tie.layer]);
}

fn_status fn_layer_pairs(fn_run *run, const fn_view *view, bool directed, size_t pairs[FN_LAYERS_MOST])
{
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        pairs[layer] = 0;
        if (!(view->layers >> layer & 1)) continue;
        bool ordered = directed && fn_net_layer_directed((uint16_t) layer);
        fn_csr *csr = NULL;
        fn_status status = fn_view_csr(run, view, layer, ordered ? FN_CSR_OUT : FN_CSR_BOTH, false, &csr);
        if (status) return status;
        pairs[layer] = ordered ? csr->arcs : csr->arcs / 2;
        fn_csr_free(csr);
    }
    return FN_OK;
}
