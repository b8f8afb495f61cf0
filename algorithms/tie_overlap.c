/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_pairs.h"
#include "graph/memory.h"

/* How many partners the two firms of a tie have in common, of n common ones and k partners of each, within the tie's
 * layer, direction and weights ignored:
 *   common   n
 *   overlap  n / ((k_from - 1) + (k_to - 1) - n): of all others they know, who is common; missing where there are none
 *   jaccard  n / (k_from + k_to - n): the same with the two themselves among the others
 *   dice     2 n / (k_from + k_to)
 *   cosine   n / sqrt(k_from k_to)
 * Ties without weight count, parallel ties are one, self ties have no measures. All are 0 … 1; jaccard, dice and cosine
 * stay below 1, as nobody is its own partner. Triangles by ranks of degree (Chiba and Nishizeki 1985; Schank and Wagner
 * 2005): O(sum over pairs of the smaller degree) at most, on all threads; exact. 25 bytes a tie and 28 a firm, and 4 a
 * firm and thread. */
typedef struct columns {
    fn_column *common, *overlap, *jaccard, *dice, *cosine;
} columns;

enum { AHEAD = 16 };

static fn_status measure(fn_run *run, const fn_view *view, const fn_tied *pairs, void *user)
{
    const columns *c = user;
    const fn_ties *ties = fn_net_tie_rows(view->net);
    uint32_t *common = fn_alloc_bare(run, pairs->pairs, sizeof *common);
    fn_status status = common ? fn_triangles_count(run, pairs, common) : FN_ENOMEM;
    int threads = fn_run_threads(run);
    (void) threads;
#pragma omp parallel for schedule(static) num_threads(threads) if (!status)
    for (size_t row = 0; row < (status ? 0 : view->ties); row++) {
        if (row + AHEAD < view->ties && pairs->of_tie[row + AHEAD] != FN_NONE)
            __builtin_prefetch(&common[pairs->of_tie[row + AHEAD]]);
        if (pairs->of_tie[row] == FN_NONE) continue;
        size_t tie = fn_view_tie(view, row);
        double n = common[pairs->of_tie[row]];
        double a = pairs->partners[ties->from[tie]], b = pairs->partners[ties->to[tie]];
        c->common->integer[row] = (int64_t) n;
        c->overlap->real[row] = fn_overlap(a, b, n);
        c->jaccard->real[row] = n / (a + b - n);
        c->dice->real[row] = 2 * n / (a + b);
        c->cosine->real[row] = n / sqrt(a * b);
    }
    fn_free(common);
    return status;
}

static fn_status run_overlap(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    columns c;
    const fn_column_wanted wanted[] = {
        { "common", FN_COLUMN_INT, &c.common, NULL }, { "overlap", FN_COLUMN_REAL, &c.overlap, NULL },
        { "jaccard", FN_COLUMN_REAL, &c.jaccard, NULL }, { "dice", FN_COLUMN_REAL, &c.dice, NULL },
        { "cosine", FN_COLUMN_REAL, &c.cosine, NULL }
    };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    return status ? status : fn_tied_each_layer(run, view, measure, &c);
}

const fn_algorithm fn_algorithm_overlap = {
    .name = "overlap", .group = FN_GROUP_TIES,
    .text = "partners that the two firms of a tie have in common, direction ignored",
    .gives = "common,overlap,jaccard,dice,cosine",
    .source = "Jaccard 1901; Dice 1945; Salton and McGill 1983; Onnela et al. 2007", .run = run_overlap
};
