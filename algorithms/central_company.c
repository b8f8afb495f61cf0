/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/central_inside.h"

void fn_central_defaults(fn_central_options *options)
{
    *options = (fn_central_options) { .gap = 0.2, .count_gap = 0.4, .index = 0.05, .firms = 3,
                                       .competitive = 0.5, .support = 0.95, .resamples = 200 };
}

fn_status fn_central_company(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                             const fn_central_options *options, fn_table **heads, fn_table **members,
                             bool *is_central, double *central_index)
{
    fn_ranking r = { 0 };
    *heads = *members = NULL;
    fn_status status = fn_central_rank(run, view, cluster, clusters, options->resamples, &r);
    if (status) goto done;
    for (uint32_t f = 0; is_central && f < view->firms; f++) is_central[f] = false;
    for (uint32_t k = 0; central_index && k < view->firms; k++)
        central_index[r.candidate[k].firm] = r.candidate[k].standing == FN_STANDS_COMPANY ? r.candidate[k].index : NAN;
    if ((status = fn_table_new(run, clusters, heads)) || (status = fn_table_new(run, view->firms, members)) ||
        (status = fn_central_write_heads(run, view, &r, clusters, options, *heads, is_central)))
        goto done;
    status = fn_central_write_members(run, view, &r, *members);
done:
    fn_central_ranking_free(&r);
    if (!status) return FN_OK;
    fn_table_free(*heads);
    fn_table_free(*members);
    *heads = *members = NULL;
    return status;
}
