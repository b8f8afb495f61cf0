/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

/* Pairs with something in common, found firm by firm: those shared are walked through, and counted for each other firm
 * with a higher number that they deal with. */
typedef struct pairs {
    uint32_t *from, *to, *common;
    double *log10_p, *log10_q;
    size_t count, capacity;
} pairs;

static void pairs_free(pairs *p)
{
    fn_free(p->from);
    fn_free(p->to);
    fn_free(p->common);
    fn_free(p->log10_p);
    fn_free(p->log10_q);
}

static fn_status pairs_add(fn_run *run, pairs *p, uint32_t from, uint32_t to, uint32_t common, double log10_p)
{
    size_t from_room = p->capacity, to_room = p->capacity, common_room = p->capacity;
    if (p->count == p->capacity) {
        uint32_t *more;
        if (!(more = fn_grow(run, p->from, &from_room, p->count + 1, sizeof *more))) return FN_ENOMEM;
        p->from = more;
        if (!(more = fn_grow(run, p->to, &to_room, p->count + 1, sizeof *more))) return FN_ENOMEM;
        p->to = more;
        if (!(more = fn_grow(run, p->common, &common_room, p->count + 1, sizeof *more))) return FN_ENOMEM;
        p->common = more;
        double *reals = fn_grow(run, p->log10_p, &p->capacity, p->count + 1, sizeof *reals);
        if (!reals) return FN_ENOMEM;
        p->log10_p = reals;
    }
    p->from[p->count] = from;
    p->to[p->count] = to;
    p->common[p->count] = common;
    p->log10_p[p->count++] = log10_p;
    return FN_OK;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

typedef struct sides {
    const fn_csr *mine, *theirs;   /* whom a firm shares, and who else deals with those */
    uint32_t all, hub;             /* firms that can be shared */
} sides;

static fn_status pairs_of(fn_run *run, const sides *s, uint32_t u, uint32_t *times, uint32_t *met, pairs *p)
{
    uint32_t count = 0;
    for (size_t i = s->mine->offset[u]; i < s->mine->offset[u + 1]; i++) {
        uint32_t shared = s->mine->target[i];
        if (fn_csr_degree(s->theirs, shared) > s->hub) continue;
        for (size_t j = s->theirs->offset[shared]; j < s->theirs->offset[shared + 1]; j++) {
            uint32_t v = s->theirs->target[j];
            if (v > u && times[v]++ == 0) met[count++] = v;
        }
    }
    if (count) qsort(met, count, sizeof *met, by_number);
    fn_status status = FN_OK;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t v = met[k], common = times[v];
        double log_p = fn_log_hypergeometric_tail(s->all, fn_csr_degree(s->mine, u), fn_csr_degree(s->mine, v), common);
        if (!status) status = pairs_add(run, p, u, v, common, fn_log10_of(log_p));
        times[v] = 0;
    }
    return status;
}

static fn_status find_pairs(fn_run *run, const sides *s, pairs *p)
{
    uint32_t *times = fn_alloc(run, s->mine->firms, sizeof *times), *met = fn_alloc(run, s->mine->firms, sizeof *met);
    fn_status status = times && met ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; u < s->mine->firms && !status; u++) {
        if (u % 1024 == 0) status = fn_progress(run, "pairs that share", (double) u / s->mine->firms);
        if (!status) status = pairs_of(run, s, u, times, met, p);
    }
    if (!status && p->count > UINT32_MAX)
        status = fn_fail(run, FN_EINVAL, "more than %u pairs: --hub N lower", UINT32_MAX);
    fn_free(times);
    fn_free(met);
    return status;
}

static fn_status write_pairs(fn_run *run, const sides *s, const pairs *p, double limit, fn_table **table)
{
    fn_column *from, *to, *common, *of_from, *of_to, *expected, *log10_p, *log10_q;
    const fn_column_wanted wanted[] = {
        { "from", FN_COLUMN_INT, &from, NULL }, { "to", FN_COLUMN_INT, &to, NULL },
        { "common", FN_COLUMN_INT, &common, NULL }, { "of_from", FN_COLUMN_INT, &of_from, NULL },
        { "of_to", FN_COLUMN_INT, &of_to, NULL }, { "expected", FN_COLUMN_REAL, &expected, NULL },
        { "log10_p", FN_COLUMN_REAL, &log10_p, NULL }, { "log10_q", FN_COLUMN_REAL, &log10_q, NULL }
    };
    size_t rows = 0, row = 0;
    for (size_t k = 0; k < p->count; k++) rows += p->log10_q[k] <= limit;
    fn_status status = fn_table_new(run, rows, table);
    if (!status) status = fn_table_add_all(run, *table, wanted, sizeof wanted / sizeof *wanted);
    for (size_t k = 0; k < p->count && !status; k++) {
        if (!(p->log10_q[k] <= limit)) continue;
        uint32_t a = fn_csr_degree(s->mine, p->from[k]), b = fn_csr_degree(s->mine, p->to[k]);
        from->integer[row] = p->from[k];
        to->integer[row] = p->to[k];
        common->integer[row] = p->common[k];
        of_from->integer[row] = a;
        of_to->integer[row] = b;
        expected->real[row] = (double) a * b / s->all;
        log10_p->real[row] = p->log10_p[k];
        log10_q->real[row++] = p->log10_q[k];
    }
    return status;
}

fn_status fn_shared_pairs(fn_run *run, const fn_view *view, int layer, bool by_supplier, uint32_t hub,
                          const fn_backbone_options *options, fn_table **table)
{
    fn_csr *mine = NULL, *theirs = NULL;
    pairs p = { 0 };
    *table = NULL;
    fn_status status = fn_view_csr(run, view, layer, by_supplier ? FN_CSR_OUT : FN_CSR_IN, true, &mine);
    if (!status) status = fn_view_csr(run, view, layer, by_supplier ? FN_CSR_IN : FN_CSR_OUT, true, &theirs);
    sides s = { .mine = mine, .theirs = theirs, .hub = hub };
    uint32_t sharing = 0, hubs = 0;
    for (uint32_t u = 0; u < view->firms && !status; u++) {
        s.all += fn_csr_degree(theirs, u) > 0;
        sharing += fn_csr_degree(mine, u) > 0;
        hubs += fn_csr_degree(theirs, u) > hub;
    }
    if (!status) status = find_pairs(run, &s, &p);
    double tests = options->all_pairs ? (double) sharing * ((double) sharing - 1) / 2 : (double) p.count;
    if (!status && !(p.log10_q = fn_alloc_bare(run, p.count, sizeof *p.log10_q))) status = FN_ENOMEM;
    if (!status) status = fn_correct(run, options->correction, p.count, p.log10_p, tests, p.log10_q);
    if (!status) status = write_pairs(run, &s, &p, log10(options->alpha), table);
    if (!status) {
        fn_note(run, "%zu pairs have something in common, the correction counts %.0f tests (%s)", p.count, tests,
                options->all_pairs ? "all pairs" : "those pairs");
        if (hubs) fn_note(run, "%u firms that more than %u others share are left out of pairs", hubs, hub);
    }
    if (status) fn_table_free(*table), *table = NULL;
    pairs_free(&p);
    fn_csr_free(mine);
    fn_csr_free(theirs);
    return status;
}
