/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { STREAM_LEFT_OUT = 0x6c6f, STREAM_NOISE = 0x6e6f, ONE_IN = 20 };

/* A view after noise: one tie in ONE_IN is gone, weights are off by up to a tenth. row: of the first view. */
typedef struct noisy {
    fn_view view;
    uint32_t *row;
} noisy;

static void noisy_free(noisy *n)
{
    fn_free(n->view.own_tie);
    fn_free(n->view.own_weight);
    fn_free(n->row);
    *n = (noisy) { 0 };
}

static fn_status noisy_make(fn_run *run, const fn_view *view, uint64_t round, noisy *n)
{
    uint64_t seed = fn_random(run->seed, STREAM_NOISE, round);
    *n = (noisy) { .view = *view };
    n->view.ties = 0;
    n->view.own_tie = fn_alloc_bare(run, view->ties, sizeof *n->view.own_tie);
    n->view.own_weight = fn_alloc_bare(run, view->ties, sizeof *n->view.own_weight);
    n->row = fn_alloc_bare(run, view->ties, sizeof *n->row);
    if (!n->view.own_tie || !n->view.own_weight || !n->row) return FN_ENOMEM;
    for (size_t row = 0; row < view->ties; row++) {
        if (fn_random_below(seed, STREAM_LEFT_OUT, row, ONE_IN) == 0) continue;
        size_t at = n->view.ties++;
        n->row[at] = (uint32_t) row;
        n->view.own_tie[at] = (uint32_t) fn_view_tie(view, row);
        double factor = 0.9 + 0.2 * fn_random_unit(seed, STREAM_NOISE, row);
        n->view.own_weight[at] = fmin(view->weight[row] * factor, 0x1.fp1023);
    }
    n->view.tie = n->view.own_tie;
    n->view.weight = n->view.own_weight;
    return FN_OK;
}

/* Jaccard index of both selections among the ties that are in both views; 1 where neither keeps any. */
static double agreement(const noisy *n, const uint8_t *kept, const uint8_t *kept_noisy)
{
    size_t both = 0, either = 0;
    for (size_t at = 0; at < n->view.ties; at++) {
        both += kept[n->row[at]] && kept_noisy[at];
        either += kept[n->row[at]] || kept_noisy[at];
    }
    return either ? (double) both / (double) either : 1;
}

static fn_status find_stability(fn_run *run, const fn_view *view, const fn_values *values,
                                const fn_backbone_options *options, const uint8_t *kept, int rounds, double *stability)
{
    fn_run quiet = *run;
    quiet.log = NULL;
    double sum = 0;
    fn_status status = FN_OK;
    for (int round = 0; round < rounds && !status; round++) {
        noisy n;
        fn_backbone b = { 0 };
        status = noisy_make(&quiet, view, (uint64_t) round, &n);
        if (!status) status = fn_backbone_find(&quiet, &n.view, values, options, &b);
        if (!status) sum += agreement(&n, kept, b.kept);
        fn_backbone_free(&b);
        noisy_free(&n);
    }
    run->error = quiet.error;
    *stability = rounds ? sum / rounds : NAN;
    return status;
}

typedef struct columns {
    fn_column *method, *judged, *kept, *single, *ties, *firms, *weight, *largest, *stability, *threshold;
} columns;

static fn_status compare_one(fn_run *run, const fn_view *view, const fn_values *values,
                             const fn_backbone_options *options, int rounds, size_t row, const columns *c)
{
    fn_backbone b;
    fn_backbone_facts facts;
    fn_status status = fn_backbone_find(run, view, values, options, &b);
    if (status) return status;
    status = fn_column_set_text(run, c->method, row, options->method->name, strlen(options->method->name));
    if (!status) status = fn_backbone_describe(run, view, b.kept, &facts);
    if (!status) status = find_stability(run, view, values, options, b.kept, rounds, &c->stability->real[row]);
    if (!status) {
        c->judged->integer[row] = (int64_t) b.judged_ties;
        c->kept->integer[row] = (int64_t) b.kept_ties;
        c->single->integer[row] = (int64_t) b.single;
        c->ties->real[row] = facts.ties;
        c->firms->real[row] = facts.firms;
        c->weight->real[row] = facts.weight;
        c->largest->real[row] = facts.largest;
        c->threshold->real[row] = b.threshold;
    }
    fn_backbone_free(&b);
    return status;
}

fn_status fn_backbone_compare(fn_run *run, const fn_view *view, const fn_values *values,
                              const fn_backbone_options *options, int rounds, fn_table **table)
{
    columns c;
    const fn_column_wanted wanted[] = {
        { "method", FN_COLUMN_TEXT, &c.method, NULL }, { "judged", FN_COLUMN_INT, &c.judged, NULL },
        { "kept", FN_COLUMN_INT, &c.kept, NULL }, { "single", FN_COLUMN_INT, &c.single, NULL },
        { "ties", FN_COLUMN_REAL, &c.ties, NULL }, { "firms", FN_COLUMN_REAL, &c.firms, NULL },
        { "weight", FN_COLUMN_REAL, &c.weight, NULL }, { "largest", FN_COLUMN_REAL, &c.largest, NULL },
        { "stability", FN_COLUMN_REAL, &c.stability, NULL }, { "threshold", FN_COLUMN_REAL, &c.threshold, NULL }
    };
    size_t methods = 0, row = 0;
    for (const fn_algorithm *const *m = fn_algorithms; *m; m++) methods += (*m)->group == FN_GROUP_BACKBONE;
    fn_status status = fn_table_new(run, methods, table);
    if (!status) status = fn_table_add_all(run, *table, wanted, sizeof wanted / sizeof *wanted);
    for (const fn_algorithm *const *m = fn_algorithms; *m && !status; m++) {
        if ((*m)->group != FN_GROUP_BACKBONE) continue;
        fn_backbone_options one = *options;
        one.method = *m;
        status = compare_one(run, view, values, &one, rounds, row++, &c);
    }
    if (!status) return FN_OK;
    fn_table_free(*table);
    *table = NULL;
    return status;
}
