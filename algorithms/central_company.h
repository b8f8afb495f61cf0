/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRAL_COMPANY_H
#define FN_ALGORITHMS_CENTRAL_COMPANY_H

#include "graph/view.h"

typedef struct fn_central_options {
    double gap;            /* smallest lead over the runner-up, (s1 - s2) / s1, for a single head */
    double index;          /* smallest index for a head */
    double count_gap;      /* the same by number of awards: there one dear contract can't make it */
    uint32_t firms;        /* smallest cluster that can have a head */
    double competitive;    /* smallest share of competitive tenders of a head, where bidders are known */
    double support;        /* smallest share of resamples in which a head comes first */
    uint32_t resamples;    /* of the tenders; 0: none */
} fn_central_options;

void fn_central_defaults(fn_central_options *options);

/* Who heads each cluster K: the company that buys, by tender, what complements each other from the members
 * (Andrianov and Lincen's central company; the index is a proposal of this project). For each company b of K
 *   index = in_share * competitive * complementarity * variety
 *   in_share        supply from members of K to b / all supply inside K (layers supply and subcontract)
 *   competitive     tenders of b in which some bidder lost / its tenders whose bidders are known
 *   complementarity H / ln(kinds of products), 0 with one kind; H the entropy of the products that b bought by tender
 *                   from members
 *   variety         ln(kinds of products of b) / ln(n), n the most kinds that one company of K buys
 * A part that the data lacks for the whole cluster is left out of the index and named in `reason`; one that only some
 * firms lack counts as the cluster's mean for them, is missing in their row and named in `missing`. A firm without
 * tenders where others of its cluster have them is not known to choose by tender: index 0.
 * A company that gets more than half of its supply from members of another cluster (three at least) stands there, not
 * in its own: a head that bids for others is easily clustered with its customers. Its row says so (column member_of),
 * and so does `reason`. The shares are those of the cluster with all who stand in it.
 * Companies are firms of kind firm, consortium or unknown; authorities, and universities, banks and persons, are ranked
 * apart (column ranked_as). Equal indices: the larger in-strength, then the lowest firm number.
 * There is no single head (central_company missing, `reason` says why) when the cluster has too few firms, the first
 * candidate's index is below options->index (with the in_share taken over what reaches companies: a large authority in
 * the cluster does not unseat its head), fewer than options->competitive of its tenders were competitive, its lead is
 * below options->gap, its lead by number of awards (where there are tenders) is below options->count_gap, or it comes
 * first in fewer than options->support of the resamples: one dear contract more or less must not decide.
 * gap = (first - second) / first on the index, gap_in_strength the same on the supply received, below 0 where another
 * company receives more; centralisation: Freeman's, of the in-degree within K.
 *
 * Resamples (central_resample.c): every tender counts as often as a Poisson number of mean 1 says, drawn by run->seed,
 * the index is made anew of them; supply that no tender tells of varies with the number of suppliers. Members get
 * rank_low and rank_high (between them the rank lies in 95 of 100 resamples) and support; heads support, gap_low (a
 * twentieth of the resamples have a smaller lead), gap_by_count (the lead by awards instead of money) and agreement:
 * of the rankings by supply received, suppliers, tenders, members chosen and effective products the share in which
 * the first candidate is first, too. These are not decisive; the index is more than one of them.
 *
 * Two tables, to be freed by the caller:
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
