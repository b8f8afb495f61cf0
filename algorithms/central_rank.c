/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/central_inside.h"
#include "graph/memory.h"

static fn_standing standing_of(const fn_net *net, uint32_t firm)
{
    size_t length;
    const char *kind = fn_net_firm_text(net, firm, "kind", &length);
    if (strcmp(kind, "authority") == 0) return FN_STANDS_AUTHORITY;
    static const char *const others[] = { "university", "bank", "person" };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (strcmp(kind, others[k]) == 0) return FN_STANDS_OTHER;
    return FN_STANDS_COMPANY;
}

static unsigned lacks_of(const fn_central_evidence *e, double inside)
{
    if (!(inside > 0)) return FN_LACKS_SUPPLY;
    if (e->tenders == FN_INT_NONE) return FN_LACKS_TENDERS;
    return (isnan(e->competitive) ? FN_LACKS_BIDS : 0u) | (isnan(e->entropy) ? FN_LACKS_PRODUCTS : 0u);
}

/* complementarity = H / ln(own products): how evenly they stand beside each other, 0 with one. variety = ln(own
 * products) / ln(n), n the most kinds of products that one company of the cluster buys: without it a customer of two
 * things in equal shares would complement better than a customer of ten in unequal ones. Their product is H / ln(n). */
static void complement(const fn_ranking *r, size_t start, size_t end)
{
    int64_t most = 1, most_of_all = 1;
    for (size_t k = start; k < end; k++) {
        int64_t products = r->evidence[r->candidate[k].firm].products;
        if (products > most_of_all) most_of_all = products;
        if (r->candidate[k].standing == FN_STANDS_COMPANY && products > most) most = products;
    }
    if (most == 1) most = most_of_all;
    for (size_t k = start; k < end; k++) {
        const fn_central_evidence *e = &r->evidence[r->candidate[k].firm];
        fn_candidate *m = &r->candidate[k];
        m->complementarity = m->variety = NAN;
        if (isnan(e->entropy)) continue;
        m->complementarity = e->products > 1 ? fmin(e->entropy / log((double) e->products), 1) : 0;
        m->variety = most > 1 ? fmin(log((double) e->products) / log((double) most), 1) : 1;
    }
}

/* Means of a part over the members that have it; NaN where none has. */
static void cluster_means(const fn_ranking *r, size_t start, size_t end, double *competitive, double *complementarity)
{
    double sum[2] = { 0, 0 }, count[2] = { 0, 0 };
    for (size_t k = start; k < end; k++) {
        const fn_central_evidence *e = &r->evidence[r->candidate[k].firm];
        if (!isnan(e->competitive)) sum[0] += e->competitive, count[0]++;
        double c = r->candidate[k].complementarity * r->candidate[k].variety;
        if (!isnan(c)) sum[1] += c, count[1]++;
    }
    *competitive = sum[0] / count[0];
    *complementarity = sum[1] / count[1];
}

/* in_share * competitive * complementarity * variety. A part that nobody in the cluster has is left out for all; the
 * bids or products that one member lacks count as the cluster's mean, so that a gap in the data neither helps nor
 * harms; a member without tenders where others have them is not known to choose by tender: 0. */
void fn_central_index(const fn_ranking *r, size_t start, size_t end, double inside)
{
    double competitive, complementarity;
    bool tenders = false;
    for (size_t k = start; k < end; k++) tenders |= r->evidence[r->candidate[k].firm].tenders != FN_INT_NONE;
    complement(r, start, end);
    cluster_means(r, start, end, &competitive, &complementarity);
    for (size_t k = start; k < end; k++) {
        fn_candidate *m = &r->candidate[k];
        const fn_central_evidence *e = &r->evidence[m->firm];
        m->lacks = lacks_of(e, inside);
        m->index = e->in_share;
        m->in_weight = e->in_weight;
        if (m->lacks & FN_LACKS_SUPPLY || !tenders) continue;
        if (m->lacks & FN_LACKS_TENDERS) {
            m->index = 0;
            continue;
        }
        if (!isnan(competitive)) m->index *= m->lacks & FN_LACKS_BIDS ? competitive : e->competitive;
        double own = m->complementarity * m->variety;
        if (!isnan(complementarity)) m->index *= m->lacks & FN_LACKS_PRODUCTS ? complementarity : own;
    }
}

int fn_central_by_rank(const void *a, const void *b)
{
    const fn_candidate *x = a, *y = b;
    if (x->standing != y->standing) return x->standing < y->standing ? -1 : 1;
    double i = isnan(x->index) ? -1 : x->index, j = isnan(y->index) ? -1 : y->index;
    if (i != j) return i > j ? -1 : 1;
    if (x->in_weight > y->in_weight) return -1;
    if (x->in_weight < y->in_weight) return 1;
    return (x->firm > y->firm) - (x->firm < y->firm);
}

static void rank_cluster(fn_ranking *r, size_t start, size_t end)
{
    qsort(r->candidate + start, end - start, sizeof *r->candidate, fn_central_by_rank);
    for (size_t k = start; k < end; k++) {
        bool first = k == start || r->candidate[k].standing != r->candidate[k - 1].standing;
        r->candidate[k].rank = first ? 1 : r->candidate[k - 1].rank + 1;
    }
}

void fn_central_ranking_free(fn_ranking *r)
{
    fn_free(r->evidence);
    fn_free(r->inside);
    fn_free(r->centralisation);
    fn_free(r->candidate);
    fn_free(r->start);
    fn_free(r->size);
    fn_free(r->rows.row);
    fn_free(r->rows.start);
    fn_free(r->doubt);
}

/* Companies may stand elsewhere than where the partition has them. */
static fn_status choose_seats(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t *seat)
{
    bool *movable = fn_alloc(run, view->firms, sizeof *movable);
    if (!movable) return FN_ENOMEM;
    for (uint32_t f = 0; f < view->firms; f++) movable[f] = standing_of(view->net, f) == FN_STANDS_COMPANY;
    fn_status status = fn_central_seats(run, view, cluster, movable, seat);
    fn_free(movable);
    return status;
}

static void sort_candidates(const fn_view *view, const uint32_t *cluster, const uint32_t *seat, uint32_t clusters,
                            fn_ranking *r)
{
    for (uint32_t f = 0; f < view->firms; f++) r->start[seat[f] + 1]++, r->size[cluster[f]]++;
    for (uint32_t c = 0; c < clusters; c++) r->start[c + 1] += r->start[c];
    for (uint32_t f = 0; f < view->firms; f++)
        r->candidate[r->start[seat[f]]++] = (fn_candidate) {
            .firm = f, .cluster = seat[f], .member_of = cluster[f], .standing = standing_of(view->net, f), .index = NAN,
            .rank_low = FN_NONE, .rank_high = FN_NONE, .support = NAN
        };
    for (uint32_t c = clusters; c > 0; c--) r->start[c] = r->start[c - 1];
    r->start[0] = 0;
}

fn_status fn_central_rank(fn_run *run, const fn_view *view, const uint32_t *cluster, uint32_t clusters,
                          uint32_t resamples, fn_ranking *r)
{
    uint32_t *seat = fn_alloc(run, view->firms, sizeof *seat);
    r->evidence = fn_alloc(run, view->firms, sizeof *r->evidence);
    r->inside = fn_alloc(run, clusters, sizeof *r->inside);
    r->centralisation = fn_alloc(run, clusters, sizeof *r->centralisation);
    r->candidate = fn_alloc(run, view->firms, sizeof *r->candidate);
    r->start = fn_alloc(run, (size_t) clusters + 1, sizeof *r->start);
    r->size = fn_alloc(run, clusters, sizeof *r->size);
    r->rows.start = fn_alloc(run, (size_t) view->firms + 1, sizeof *r->rows.start);
    r->doubt = fn_alloc(run, clusters, sizeof *r->doubt);
    fn_status status = FN_ENOMEM;
    if (!seat || !r->evidence || !r->inside || !r->centralisation || !r->candidate || !r->start || !r->size ||
        !r->rows.start || !r->doubt)
        goto done;
    if ((status = choose_seats(run, view, cluster, seat)) ||
        (status = fn_central_gather(run, view, seat, clusters, r->evidence, r->inside, r->centralisation,
                                    &r->rows)))
        goto done;
    sort_candidates(view, cluster, seat, clusters, r);
    for (uint32_t c = 0; c < clusters; c++) {
        fn_central_index(r, r->start[c], r->start[c + 1], r->inside[c]);
        rank_cluster(r, r->start[c], r->start[c + 1]);
    }
    status = fn_central_resample(run, view->net, r, clusters, resamples);
done:
    fn_free(seat);
    return status;
}

/* (first - second) / first on the index; on in-strength the same between the first candidate and the strongest other
 * company, and below 0 where that other buys more. */
static void measure_gaps(const fn_ranking *r, fn_verdict *j)
{
    j->gap = j->gap_in_strength = NAN;
    if (!j->companies || isnan(j->candidate[0].index)) return;
    double first = j->candidate[0].index, second = j->companies > 1 ? j->candidate[1].index : 0;
    if (first > 0) j->gap = (first - second) / first;
    double own = r->evidence[j->candidate[0].firm].in_weight, other = 0;
    for (uint32_t k = 1; k < j->companies; k++) other = fmax(other, r->evidence[j->candidate[k].firm].in_weight);
    if (own > 0 || other > 0) j->gap_in_strength = (own - other) / fmax(own, other);
}

void fn_central_judge(const fn_ranking *r, uint32_t c, const fn_central_options *options, fn_verdict *j)
{
    *j = (fn_verdict) { .candidate = r->candidate + r->start[c], .firms = r->size[c],
                        .standing = (uint32_t) (r->start[c + 1] - r->start[c]) };
    j->lacks = FN_LACKS_SUPPLY | FN_LACKS_TENDERS | FN_LACKS_BIDS | FN_LACKS_PRODUCTS;
    for (uint32_t k = 0; k < j->standing; k++) {
        j->companies += j->candidate[k].standing == FN_STANDS_COMPANY;
        j->authorities += j->candidate[k].standing == FN_STANDS_AUTHORITY;
        const fn_central_evidence *e = &r->evidence[j->candidate[k].firm];
        if (r->inside[c] > 0) j->lacks &= ~(unsigned) FN_LACKS_SUPPLY;
        if (e->tenders != FN_INT_NONE) j->lacks &= ~(unsigned) FN_LACKS_TENDERS;
        if (!isnan(e->competitive)) j->lacks &= ~(unsigned) FN_LACKS_BIDS;
        if (!isnan(e->entropy)) j->lacks &= ~(unsigned) FN_LACKS_PRODUCTS;
    }
    if (j->lacks & FN_LACKS_SUPPLY) j->lacks = FN_LACKS_SUPPLY;
    if (j->lacks & FN_LACKS_TENDERS) j->lacks &= FN_LACKS_TENDERS | FN_LACKS_SUPPLY;
    measure_gaps(r, j);
    double reaches_companies = 0;
    for (uint32_t k = 0; k < j->companies; k++) reaches_companies += r->evidence[j->candidate[k].firm].in_weight;
    j->among_companies = reaches_companies > 0 ? j->candidate[0].index * (r->inside[c] / reaches_companies) : NAN;
    j->doubt = r->doubt[c];
    j->competitive = j->companies ? r->evidence[j->candidate[0].firm].competitive : NAN;
    /* Without tenders there is little to draw from: then it is told and decides nothing. */
    bool unsure = !(j->lacks & FN_LACKS_TENDERS) && j->candidate[0].support < options->support;
    j->has_head = j->firms >= options->firms && j->companies && j->among_companies >= options->index &&
                  j->gap >= options->gap && !(j->competitive < options->competitive) &&
                  !(j->doubt.gap_by_count < options->count_gap) && !unsure;
}
