/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRAL_COMPANY_H
#define FN_ALGORITHMS_CENTRAL_COMPANY_H

#include "graph/view.h"

typedef struct fn_central_options {
    double gap;            /* smallest lead over the runner-up, (s1 - s2) / s1, for a single head */
    double index;          /* smallest index for a head */
    uint32_t firms;        /* smallest cluster that can have a head */
} fn_central_options;

void fn_central_defaults(fn_central_options *options);

/* Who heads each cluster. Two tables, to be freed by the caller:
 *   members: one row a firm of every cluster, sorted by (cluster, rank): cluster, rank (1 = head or first candidate;
 *            authorities are ranked apart), firm, name, kind, index, then the evidence columns;
 *   heads:   one row a cluster: cluster (1 = largest), firms, central_company, central_name, index, gap, then the
 *            evidence of the first candidate, runner_up, authority (the authority that would head it, if any), reason
 *            (why there is no single head, or what is missing). central_company is empty where there is no single head.
 * is_central (one place a firm, may be NULL) and central_index (one place a firm, NaN = not a candidate, may be NULL)
 * are filled for the firm table. */
fn_status fn_central_company(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                             const fn_central_options *options, fn_table **heads, fn_table **members,
                             bool *is_central, double *central_index);

#endif
