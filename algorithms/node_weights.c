/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/node_weights.h"
#include "graph/memory.h"

/* The size in a row, NaN: none above 0. */
static double size_of(const fn_column *column, uint32_t firm)
{
    double size = NAN;
    size_t length;
    if (!column || fn_column_missing(column, firm)) return NAN;
    if (column->type == FN_COLUMN_REAL) size = column->real[firm];
    if (column->type == FN_COLUMN_INT) size = (double) column->integer[firm];
    if (column->type == FN_COLUMN_TEXT) {
        const char *text = fn_column_text(column, firm, &length);
        if (!fn_real_parse(text, length, &size)) return NAN;
    }
    return size > 0 && isfinite(size) ? size : NAN;
}

/* Mean over tied firms of known size, each share added up so that sums stay finite. */
static double mean_size(const fn_column *column, uint32_t firms, const bool *is_isolated, uint32_t known)
{
    double mean = 0;
    for (uint32_t firm = 0; firm < firms; firm++) {
        double size = is_isolated[firm] ? NAN : size_of(column, firm);
        if (!isnan(size)) mean += size / known;
    }
    return mean;
}

fn_status fn_node_weights(fn_run *run, const fn_view *view, const fn_leiden_options *options, int64_t **weight,
                          fn_sizes_known *known)
{
    static const double MOST = 0x1p52;
    const fn_column *column = fn_table_find(fn_net_firm_columns(view->net), "size");
    int64_t *made = fn_alloc_bare(run, view->firms, sizeof *made);
    bool *is_isolated = fn_alloc(run, view->firms, sizeof *is_isolated);
    fn_status status = made && is_isolated ? FN_OK : FN_ENOMEM;
    *known = (fn_sizes_known) { 0 };
    if (status) goto done;
    fn_view_isolated(view, options, is_isolated);
    for (uint32_t firm = 0; firm < view->firms; firm++) {
        if (is_isolated[firm]) continue;
        if (isnan(size_of(column, firm))) known->missing++;
        else known->known++;
    }
    known->mean = known->known ? mean_size(column, view->firms, is_isolated, known->known) : NAN;
    for (uint32_t firm = 0; firm < view->firms; firm++) {
        const double size = known->known ? size_of(column, firm) : NAN;
        double own = isnan(size) ? FN_NODE_WEIGHT_ONE : size / known->mean * FN_NODE_WEIGHT_ONE;
        if (!(own < MOST)) own = MOST;
        made[firm] = own > 1 ? (int64_t) (own + .5) : 1;
    }
    *weight = made;
    made = NULL;
done:
    fn_free(is_isolated);
    fn_free(made);
    return status;
}
