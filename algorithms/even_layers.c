/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/even_layers.h"
#include "graph/memory.h"

/* One a selected tie; NULL where the view's own will do: it has one layer, or none. */
static fn_status even_weights(fn_run *run, const fn_view *view, double **weights)
{
    *weights = NULL;
    if (!(view->layers & (view->layers - 1))) return FN_OK;
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double *weight = *weights = fn_alloc_bare(run, view->ties, sizeof *weight);
    double largest[FN_LAYERS_MOST] = { 0 }, total[FN_LAYERS_MOST] = { 0 };
    if (!weight) return FN_ENOMEM;

    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from != tie.to && view->weight[i] > largest[tie.layer]) largest[tie.layer] = view->weight[i];
    }
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from != tie.to && largest[tie.layer] > 0) total[tie.layer] += view->weight[i] / largest[tie.layer];
    }
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        bool counts = tie.from != tie.to && total[tie.layer] > 0;
        weight[i] = counts ? view->weight[i] / largest[tie.layer] / total[tie.layer] : view->weight[i];
    }
    return FN_OK;
}

static fn_status one_side(fn_run *run, const fn_view *view, const double *weight, fn_csr_side side, fn_csr **csr)
{
    if (!weight) return fn_view_csr(run, view, -1, side, false, csr);
    return fn_view_csr_weighted(run, view, -1, side, false, weight, csr);
}

fn_status fn_even_layers(fn_run *run, const fn_view *view, fn_csr **out, fn_csr **in)
{
    double *weight;
    fn_status status = even_weights(run, view, &weight);
    if (!status) status = one_side(run, view, weight, FN_CSR_OUT, out);
    if (!status) status = one_side(run, view, weight, FN_CSR_IN, in);
    fn_free(weight);
    return status;
}

fn_status fn_even_layers_both(fn_run *run, const fn_view *view, fn_csr **both)
{
    double *weight;
    fn_status status = even_weights(run, view, &weight);
    if (!status) status = one_side(run, view, weight, FN_CSR_BOTH, both);
    fn_free(weight);
    return status;
}
