/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/slices.h"
#include "graph/memory.h"

/* Cutting a view into periods: ties are counted by calendar period, dealt out to slices, and firms numbered within
 * each. */

/* Calendar periods from the first to the last day of any tie. */
typedef struct cut_state {
    const fn_view *view;
    const fn_ties *rows;
    const double *layer_weight;
    fn_period_unit unit;
    int32_t low, high;       /* periods that may be slices */
    size_t *count;           /* ties of each period low … high, then where its next goes */
    fn_slices *slices;
} cut_state;

typedef struct span {
    int32_t first, last;     /* periods */
} span;

/* Does a selected tie count? */
static bool counts(const cut_state *s, size_t i, fn_tie *tie)
{
    *tie = fn_ties_at(s->rows, fn_view_tie(s->view, i));
    return tie->from != tie->to && s->view->weight[i] > 0 && s->layer_weight[tie->layer] > 0;
}

static span span_of(const cut_state *s, const fn_tie *tie)
{
    span its = { fn_period_of(tie->first, s->unit), 0 };
    its.last = tie->last == FN_DAY_NONE ? its.first : fn_period_of(tie->last, s->unit);
    return its;
}

/* The periods that there are. */
static void find_range(cut_state *s, int32_t since, int32_t until)
{
    fn_tie tie;
    s->low = INT32_MAX;
    s->high = INT32_MIN;
    for (size_t i = 0; i < s->view->ties; i++) {
        if (!counts(s, i, &tie) || tie.first == FN_DAY_NONE) continue;
        span its = span_of(s, &tie);
        if (its.first < s->low) s->low = its.first;
        if (its.last > s->high) s->high = its.last;
    }
    if (since != FN_DAY_NONE && fn_period_of(since, s->unit) > s->low) s->low = fn_period_of(since, s->unit);
    if (until != FN_DAY_NONE && fn_period_of(until, s->unit) < s->high) s->high = fn_period_of(until, s->unit);
}

/* The periods of a tie within the range; none where it has no date. */
static span span_within(const cut_state *s, const fn_tie *tie)
{
    if (tie->first == FN_DAY_NONE) return (span) { 1, 0 };
    span its = span_of(s, tie);
    if (its.first < s->low) its.first = s->low;
    if (its.last > s->high) its.last = s->high;
    return its;
}

static void count_ties(cut_state *s)
{
    fn_tie tie;
    for (size_t i = 0; i < s->view->ties; i++) {
        if (!counts(s, i, &tie)) continue;
        s->slices->undated += tie.first == FN_DAY_NONE;
        const span its = span_within(s, &tie);
        for (int32_t p = its.first; p <= its.last; p++) s->count[p - s->low]++;
        if (tie.first == FN_DAY_NONE || its.last < its.first) continue;
        const span whole = span_of(s, &tie);
        s->slices->spanning += whole.last > whole.first;
    }
}

/* A slice for each period with ties; count becomes where its ties begin. */
static fn_status make_slices(fn_run *run, cut_state *s)
{
    fn_slices *slices = s->slices;
    size_t total = 0;
    for (int32_t p = s->low; p <= s->high; p++) slices->periods += s->count[p - s->low] > 0;
    if (!slices->periods) {
        fn_fail(run, FN_EINVAL, "none of the %zu ties selected has a date and a weight: there are no periods",
                s->view->ties);
        fn_hint(run, "a column date, time or year; --columns from,to,weight,date");
        return FN_EINVAL;
    }
    if (!(slices->period = fn_alloc(run, slices->periods, sizeof *slices->period))) return FN_ENOMEM;
    if (!(slices->view = fn_alloc(run, slices->periods, sizeof *slices->view))) return FN_ENOMEM;
    if (!(slices->pairs = fn_alloc(run, slices->periods, sizeof *slices->pairs))) return FN_ENOMEM;
    if (!(slices->begin = fn_alloc(run, (size_t) slices->periods + 1, sizeof *slices->begin))) return FN_ENOMEM;
    uint32_t slice = 0;
    for (int32_t p = s->low; p <= s->high; p++) {
        size_t ties = s->count[p - s->low];
        s->count[p - s->low] = total;
        total += ties;
        if (!ties) continue;
        slices->period[slice] = p;
        slices->view[slice] = (fn_view) { .net = s->view->net, .firms = s->view->firms, .ties = ties };
        memcpy(slices->view[slice++].used, s->view->used, sizeof s->view->used);
    }
    if (!(slices->tie = fn_alloc_bare(run, total, sizeof *slices->tie))) return FN_ENOMEM;
    return (slices->weight = fn_alloc_bare(run, total, sizeof *slices->weight)) ? FN_OK : FN_ENOMEM;
}

static void deal_ties(cut_state *s)
{
    fn_slices *slices = s->slices;
    fn_tie tie;
    for (size_t i = 0; i < s->view->ties; i++) {
        if (!counts(s, i, &tie)) continue;
        const span its = span_within(s, &tie), whole = span_of(s, &tie);
        for (int32_t p = its.first; p <= its.last; p++) {
            size_t place = s->count[p - s->low]++;
            slices->tie[place] = (uint32_t) fn_view_tie(s->view, i);
            slices->weight[place] = s->view->weight[i] / ((double) whole.last - whole.first + 1);
        }
    }
    size_t begin = 0;
    for (uint32_t slice = 0; slice < slices->periods; slice++) {
        fn_view *view = &slices->view[slice];
        view->tie = slices->tie + begin;
        view->weight = slices->weight + begin;
        for (size_t i = 0; i < view->ties; i++)
            view->layers |= (uint64_t) 1 << (s->rows->layer ? s->rows->layer[view->tie[i]] : s->rows->usual.layer);
        begin += view->ties;
    }
}

/* Firms of each slice in the order of its ties, and where each was before. */
static fn_status number_nodes(fn_run *run, cut_state *s)
{
    fn_slices *slices = s->slices;
    size_t room[2] = { 0 }, nodes = 0;
    uint32_t *last = fn_alloc_bare(run, slices->firms, sizeof *last);   /* node of each firm, the newest */
    fn_status status = last ? FN_OK : FN_ENOMEM;
    for (uint32_t firm = 0; last && firm < slices->firms; firm++) last[firm] = FN_NONE;
    for (uint32_t slice = 0; slice < slices->periods && !status; slice++) {
        const fn_view *view = &slices->view[slice];
        const size_t most = nodes + (2 * view->ties < slices->firms ? 2 * view->ties : slices->firms);
        uint32_t *firm = fn_grow(run, slices->firm, &room[0], most, sizeof *firm);
        if (firm) slices->firm = firm;
        uint32_t *before = fn_grow(run, slices->before, &room[1], most, sizeof *before);
        if (before) slices->before = before;
        if (!firm || !before) status = FN_ENOMEM;
        if (!status && most >= FN_NONE)
            status = fn_fail(run, FN_EINVAL, "more than %u firms and periods: take longer periods", FN_NONE);
        slices->begin[slice] = (uint32_t) nodes;
        for (size_t i = 0; i < 2 * view->ties && !status; i++) {
            uint32_t end = i % 2 ? s->rows->to[view->tie[i / 2]] : s->rows->from[view->tie[i / 2]];
            if (last[end] != FN_NONE && last[end] >= slices->begin[slice]) continue;
            slices->couplings += last[end] != FN_NONE;
            before[nodes] = last[end];
            firm[nodes] = end;
            last[end] = (uint32_t) nodes++;
        }
        slices->begin[slice + 1] = slices->nodes = (uint32_t) nodes;
    }
    fn_free(last);
    return status;
}

static fn_status count_pairs(fn_run *run, fn_slices *slices)
{
    for (uint32_t slice = 0; slice < slices->periods; slice++) {
        fn_csr *csr;
        fn_status status = fn_view_csr(run, &slices->view[slice], -1, FN_CSR_BOTH, false, &csr);
        if (status) return status;
        slices->pairs[slice] = csr->arcs / 2;
        fn_csr_free(csr);
        if ((status = fn_progress(run, "cutting into periods", (double) slice / slices->periods))) return status;
    }
    return FN_OK;
}

/* A tie is in the period of its day; a date that says only a year was read as its first of January. A tie without a
 * date is in no slice. A tie whose days lie in several periods (records that were added up, or one that
 * says how long it lasts) is in each with an equal part of its weight, and says nothing of which of them it was.
 * O(ties + periods * firms). */
fn_status fn_slices_new(fn_run *run, const fn_view *view, const double layer_weight[FN_LAYERS_MOST],
                        fn_period_unit unit, int32_t since, int32_t until, fn_slices **slices)
{
    cut_state s = { .view = view, .rows = fn_net_tie_rows(view->net), .layer_weight = layer_weight, .unit = unit };
    fn_status status = FN_ENOMEM;
    if (!(s.slices = fn_alloc(run, 1, sizeof *s.slices))) return FN_ENOMEM;
    s.slices->unit = unit;
    s.slices->firms = view->firms;
    find_range(&s, since, until);
    size_t range = s.low <= s.high ? (size_t) (s.high - s.low) + 1 : 0;
    if (!(s.count = fn_alloc(run, range, sizeof *s.count))) goto done;
    count_ties(&s);
    if ((status = make_slices(run, &s))) goto done;
    deal_ties(&s);
    if (!(status = number_nodes(run, &s))) status = count_pairs(run, s.slices);
    if (status) goto done;
    *slices = s.slices;
    s.slices = NULL;
done:
    fn_free(s.count);
    fn_slices_free(s.slices);
    return status;
}

void fn_slices_free(fn_slices *slices)
{
    if (!slices) return;
    void *all[] = { slices->period, slices->view, slices->pairs, slices->begin, slices->firm, slices->before,
                    slices->tie, slices->weight };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) fn_free(all[i]);
    fn_free(slices);
}
