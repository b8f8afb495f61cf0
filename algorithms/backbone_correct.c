/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

/* Doubles as whole numbers of the same order; NaN above all, both zeros alike. */
static uint64_t sortable(double x)
{
    uint64_t bits;
    if (isnan(x)) return UINT64_MAX;
    if (x == 0) x = 0;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t) 1 << 63;
}

/* By counting, a digit at a time from the last: equal keys keep their order. */
fn_status fn_order_reals(fn_run *run, size_t count, const double *key, uint32_t *order)
{
    uint32_t *other = fn_alloc_bare(run, count, sizeof *other);
    size_t *start = fn_alloc(run, BUCKETS + 1, sizeof *start);
    fn_status status = other && start ? FN_OK : FN_ENOMEM;
    uint32_t *from = order, *to = other;
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t) i;
    for (int digit = 0; digit < DIGITS && !status; digit++) {
        int shift = digit * DIGIT_BITS;
        memset(start, 0, (BUCKETS + 1) * sizeof *start);
        for (size_t i = 0; i < count; i++) start[(sortable(key[i]) >> shift & (BUCKETS - 1)) + 1]++;
        for (int b = 0; b < BUCKETS; b++) start[b + 1] += start[b];
        for (size_t i = 0; i < count; i++) to[start[sortable(key[from[i]]) >> shift & (BUCKETS - 1)]++] = from[i];
        uint32_t *kept = from;
        from = to;
        to = kept;
    }
    fn_free(other); /* an even number of digits: the order is back in its place */
    fn_free(start);
    return status;
}

/* Benjamini and Hochberg (1995): q of the i-th smallest p is the least p_j tests / j of it and those above it. */
static fn_status correct_bh(fn_run *run, size_t count, const double *log10_p, double tests, double *log10_q)
{
    uint32_t *order = fn_alloc_bare(run, count, sizeof *order);
    double *found = fn_alloc_bare(run, count, sizeof *found), least = 0, all = log10(tests);
    fn_status status = order && found ? fn_order_reals(run, count, log10_p, order) : FN_ENOMEM;
    for (size_t i = status ? 0 : count; i-- > 0;) {
        double p = log10_p[order[i]];
        if (!isnan(p)) least = fmin(least, p + (all - log10((double) (i + 1))));
        found[order[i]] = isnan(p) ? NAN : least;
    }
    if (!status && count) memcpy(log10_q, found, count * sizeof *found);
    fn_free(order);
    fn_free(found);
    return status;
}

fn_status fn_correct(fn_run *run, fn_correction correction, size_t count, const double *log10_p, double tests,
                     double *log10_q)
{
    double more = correction == FN_CORRECT_BONFERRONI && tests > 0 ? log10(tests) : 0;
    if (correction == FN_CORRECT_BH) return correct_bh(run, count, log10_p, tests, log10_q);
    for (size_t i = 0; i < count; i++) log10_q[i] = isnan(log10_p[i]) ? NAN : fmin(log10_p[i] + more, 0);
    return FN_OK;
}
