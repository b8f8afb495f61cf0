/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/memory.h"
#include "graph/partners.h"

enum { BREATH = 1 << 22, FIRMS_BREATH = 1 << 18 }; /* ties, firms between two looks at whether to stop */

static fn_status breathe(fn_run *run, const char *stage, size_t tie, size_t ties)
{
    return tie % BREATH ? FN_OK : fn_progress(run, stage, (double) tie / (double) ties);
}

/* Who delivers to each firm, ascending, parallel ties one by one: those of firm v begin at start[v]. */
static fn_status gather_sources(fn_run *run, const fn_view *view, size_t *start, uint32_t *source)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    fn_status status = FN_OK;
    for (size_t i = 0; i < view->ties; i++) {
        size_t e = fn_view_tie(view, i);
        if ((status = breathe(run, "counting partners", i, 3 * view->ties))) return status;
        if (ties->from[e] != ties->to[e]) start[ties->to[e] + 1]++;
    }
    for (uint32_t v = 0; v < view->firms; v++) start[v + 1] += start[v];
    for (size_t i = 0; i < view->ties; i++) {
        size_t e = fn_view_tie(view, i);
        if ((status = breathe(run, "counting partners", view->ties + i, 3 * view->ties))) return status;
        if (ties->from[e] != ties->to[e]) source[start[ties->to[e]]++] = ties->from[e];
    }
    for (uint32_t v = view->firms; v > 0; v--) start[v] = start[v - 1]; /* each has moved on to the next one's */
    start[0] = 0;
    return FN_OK;
}

/* Distinct partners of firm u: the selected ties from number *next on that u delivers by, and those it gets from. */
static uint32_t count_distinct(const fn_view *view, const fn_ties *ties, uint32_t u, size_t *next,
                               const uint32_t *source, const uint32_t *source_end)
{
    uint32_t count = 0;
    for (size_t i = *next;; count++) {
        while (i < view->ties && ties->from[fn_view_tie(view, i)] == u && ties->to[fn_view_tie(view, i)] == u) i++;
        bool delivers = i < view->ties && ties->from[fn_view_tie(view, i)] == u;
        *next = i;
        if (!delivers && source == source_end) return count;
        uint32_t partner = delivers ? ties->to[fn_view_tie(view, i)] : *source;
        if (source < source_end && *source < partner) partner = *source;
        while (source < source_end && *source == partner) source++;
        while (i < view->ties && ties->from[fn_view_tie(view, i)] == u && ties->to[fn_view_tie(view, i)] == partner)
            i++;
    }
}

fn_status fn_view_partners(fn_run *run, const fn_view *view, uint32_t *partners)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    size_t *start = fn_alloc(run, (size_t) view->firms + 1, sizeof *start), next = 0;
    uint32_t *source = fn_alloc_bare(run, view->ties, sizeof *source);
    fn_status status = start && source ? gather_sources(run, view, start, source) : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < view->firms; u++) {
        if (u % FIRMS_BREATH == 0) status = fn_progress(run, "counting partners", 2 / 3.0);
        partners[u] = count_distinct(view, ties, u, &next, source + start[u], source + start[u + 1]);
    }
    fn_free(start);
    fn_free(source);
    return status;
}

/* The firm that stands for u's part; the way there is halved. */
static uint32_t head_of(uint32_t *above, uint32_t u)
{
    while (above[u] != u) u = above[u] = above[above[u]];
    return u;
}

fn_status fn_view_parts(fn_run *run, const fn_view *view, uint32_t *parts, uint32_t *largest)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t *above = fn_alloc_bare(run, view->firms, sizeof *above);
    uint32_t *size = fn_alloc_bare(run, view->firms, sizeof *size);
    fn_status status = above && size ? FN_OK : FN_ENOMEM;
    *parts = view->firms;
    *largest = view->firms > 0;
    for (uint32_t u = 0; !status && u < view->firms; u++) {
        above[u] = u;
        size[u] = 1;
    }
    for (size_t i = 0; !status && i < view->ties; i++) {
        size_t e = fn_view_tie(view, i);
        uint32_t a = head_of(above, ties->from[e]), b = head_of(above, ties->to[e]);
        status = breathe(run, "looking for connected parts", i, view->ties);
        if (a == b) continue;
        uint32_t more = size[a] < size[b] ? b : a, less = more == a ? b : a;
        above[less] = more;
        size[more] += size[less];
        if (size[more] > *largest) *largest = size[more];
        (*parts)--;
    }
    fn_free(above);
    fn_free(size);
    return status;
}
