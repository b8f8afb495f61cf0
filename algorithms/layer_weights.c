/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/layer_weights.h"

enum { TOTAL_BITS = 61, POWER_MOST = 1000 };

static void set_shift(fn_layer_units *units, int shift)
{
    units->shift = shift;
    units->power = shift >= -POWER_MOST && shift <= POWER_MOST ? ldexp(1, shift) : 0;
}

/* Largest and whole numbers: which thread adds which tie makes no difference. */
static void find_largest(const fn_view *view, int threads, double largest[FN_LAYERS_MOST])
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    (void) threads;
#pragma omp parallel num_threads(threads)
    {
        double own[FN_LAYERS_MOST] = { 0 };
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < view->ties; i++) {
            const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
            if (tie.weight > own[tie.layer]) own[tie.layer] = tie.weight;
        }
#pragma omp critical
        for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
            if (own[layer] > largest[layer]) largest[layer] = own[layer];
    }
}

static void add_up(const fn_view *view, int threads, const fn_layer_units *units,
                   unsigned __int128 total[FN_LAYERS_MOST])
{
    const fn_ties *rows = fn_net_tie_rows(view->net);
    (void) threads;
#pragma omp parallel num_threads(threads)
    {
        unsigned __int128 own[FN_LAYERS_MOST] = { 0 };
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < view->ties; i++) {
            const fn_layer_tie tie = fn_layer_tie_at(view, rows, i);
            if (tie.weight > 0) own[tie.layer] += (uint64_t) fn_layer_units_whole(&units[tie.layer], tie.weight);
        }
#pragma omp critical
        for (int layer = 0; layer < FN_LAYERS_MOST; layer++) total[layer] += own[layer];
    }
}

void fn_layer_units_find(fn_run *run, const fn_view *view, fn_layer_units units[FN_LAYERS_MOST])
{
    enum { TIES_LEAST = 1 << 16 };
    const int threads = view->ties < TIES_LEAST ? 1 : fn_run_threads(run);
    double largest[FN_LAYERS_MOST] = { 0 };
    unsigned __int128 total[FN_LAYERS_MOST] = { 0 };
    find_largest(view, threads, largest);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        int exponent = 0;
        units[layer].has_ties = largest[layer] > 0;
        if (units[layer].has_ties) frexp(largest[layer], &exponent);
        set_shift(&units[layer], TOTAL_BITS - exponent);
    }
    /* In units this fine a weight is at most 2^61 and the total is exact in 128 bits. */
    add_up(view, threads, units, total);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) {
        int shift = units[layer].shift;
        for (; total[layer] >> TOTAL_BITS; total[layer] >>= 1) shift--;
        set_shift(&units[layer], shift);
        total[layer] = 0;
    }
    add_up(view, threads, units, total);
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++) units[layer].total = (int64_t) total[layer];
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
