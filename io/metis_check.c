/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "graph/memory.h"
#include "io/metis.h"

/* A tie as one of its rows tells it: with whom, how much. */
typedef struct end {
    uint32_t firm;
    double weight;
} end;

typedef struct check {
    const fn_metis *metis;
    size_t *lower_start;    /* by firm: its ties as the rows below tell them, by ascending row */
    end *lower;
    end *upper;             /* its ties to the rows below, as its own row tells them */
} check;

static int by_firm(const void *left, const void *right)
{
    const end *a = left, *b = right;
    if (a->firm != b->firm) return a->firm < b->firm ? -1 : 1;
    return a->weight < b->weight ? -1 : a->weight > b->weight;
}

static void put_in_order(end *list, size_t count)
{
    size_t sorted = 1;
    while (sorted < count && by_firm(&list[sorted - 1], &list[sorted]) <= 0) sorted++;
    if (sorted < count) qsort(list, count, sizeof *list, by_firm);
}

static size_t row_start(const fn_metis *metis, uint32_t row)
{
    return row ? metis->row_end[row - 1] : 0;
}

static double weight_at(const fn_metis *metis, size_t entry)
{
    return metis->weight ? metis->weight[entry] : 1;
}

/* Every entry to a row above, put with that row. */
static fn_status turn_lower(fn_run *run, check *c)
{
    const fn_metis *metis = c->metis;
    size_t lower = 0, longest = 0;
    c->lower_start = fn_alloc(run, (size_t) metis->rows + 2, sizeof *c->lower_start);
    if (!c->lower_start) return FN_ENOMEM;
    size_t *next = c->lower_start + 1; /* becomes the start of the row behind */
    for (uint32_t row = 0; row < metis->rows; row++) {
        size_t first = row_start(metis, row), count = metis->row_end[row] - first;
        if (count > longest) longest = count;
        for (size_t e = first; e < metis->row_end[row]; e++) {
            if (metis->to[e] > row) continue;
            next[metis->to[e] + 1]++;
            lower++;
        }
    }
    for (uint32_t row = 0; row < metis->rows; row++) next[row + 1] += next[row];
    c->lower = fn_alloc_bare(run, lower, sizeof *c->lower);
    c->upper = fn_alloc_bare(run, longest, sizeof *c->upper);
    if (!c->lower || !c->upper) return FN_ENOMEM;
    for (uint32_t row = 0; row < metis->rows; row++)
        for (size_t e = row_start(metis, row); e < metis->row_end[row]; e++)
            if (metis->to[e] < row) c->lower[next[metis->to[e]]++] = (end){ row, weight_at(metis, e) };
    return FN_OK;
}

/* A tie that its row has and the other row lacks. */
static fn_status one_sided(fn_run *run, const fn_metis *metis, uint32_t row, uint32_t other)
{
    return fn_fail_at(run, FN_EPARSE, metis->graph.file, metis->row_line[row], -1,
                      "firm %" PRIu32 " has a tie to %" PRIu32 " which the row of that one (line %" PRId64 ") has not",
                      row + 1, other + 1, metis->row_line[other]);
}

static fn_status compare_row(fn_run *run, check *c, uint32_t row)
{
    const fn_metis *metis = c->metis;
    size_t lower = c->lower_start[row], lower_end = c->lower_start[row + 1], upper = 0, upper_end = 0;
    for (size_t e = row_start(metis, row); e < metis->row_end[row]; e++)
        if (metis->to[e] > row) c->upper[upper_end++] = (end){ metis->to[e], weight_at(metis, e) };
    put_in_order(c->upper, upper_end);
    put_in_order(c->lower + lower, lower_end - lower);
    while (lower < lower_end || upper < upper_end) {
        const end *below = lower < lower_end ? &c->lower[lower] : NULL,
                  *own = upper < upper_end ? &c->upper[upper] : NULL;
        if (!below || (own && own->firm < below->firm)) return one_sided(run, metis, row, own->firm);
        if (!own || below->firm < own->firm) return one_sided(run, metis, below->firm, row);
        if (own->weight < below->weight || own->weight > below->weight) {
            char here[FN_REAL_TEXT], there[FN_REAL_TEXT];
            fn_real_format(below->weight, here);
            fn_real_format(own->weight, there);
            return fn_fail_at(run, FN_EPARSE, metis->graph.file, metis->row_line[below->firm], -1,
                              "the tie of %" PRIu32 " and %" PRIu32 " weighs %s here and %s on line %" PRId64,
                              below->firm + 1, row + 1, here, there, metis->row_line[row]);
        }
        lower++;
        upper++;
    }
    return FN_OK;
}

fn_status fn_metis_check(fn_run *run, const fn_metis *metis)
{
    check c = { .metis = metis };
    fn_status status = turn_lower(run, &c);
    for (uint32_t row = 0; !status && row < metis->rows; row++) {
        if (row % 65536 == 0) status = fn_progress(run, "checking ties", (double) row / metis->rows);
        if (!status) status = compare_row(run, &c, row);
    }
    if (!status && metis->entries != 2 * (uint64_t) metis->ties) {
        fn_fail_at(run, FN_EPARSE, metis->graph.file, metis->header_line, -1,
                   "the header declares %" PRId64 " ties, but the rows have %zu", metis->ties, metis->entries / 2);
        if (metis->entries == (uint64_t) metis->ties)
            fn_hint(run, "a tie stands in two rows, but counts once in the header");
        status = FN_EPARSE;
    }
    fn_free(c.lower_start);
    fn_free(c.lower);
    fn_free(c.upper);
    return status;
}
