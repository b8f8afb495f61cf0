/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"

/* Statistically validated ties (Tumminello et al. 2011, PLoS ONE 6:e17994; with records in a direction, Hatzopoulos et
 * al. 2015): p = P(X >= x), X hypergeometric, exact.
 *   layers cobid, consortium  of N tenders with two bidders or more, K_from and K_to are those that one end and the
 *                             other bid in, x = count those that they met in
 *   directed layers           of N records, K_from leave `from` and K_to reach `to`; x = count are between them
 * all, of_from, of_to, expected = K_from K_to / N are given, too. An undirected layer of data that names no tenders,
 * and a tie with more records than its ends have tenders, can't be judged. The value of a tie plays no part. Parallel
 * ties are judged each by itself. O(firms + ties sqrt(records of a firm)), ties on all threads. */

/* Where the answers go. */
typedef struct answers {
    int64_t *all, *of_from, *of_to;
    double *expected, *p, *log10_p;
} answers;

/* Tenders that each firm bid in against others. */
static int64_t count_bids(const fn_net *net, uint32_t *bids)
{
    const fn_tender *tender = fn_net_tender(net);
    const uint32_t *firm = fn_net_tender_firms(net);
    int64_t all = 0;
    for (size_t k = 0; k < fn_net_tenders(net); k++) {
        if (tender[k].bidders < 2) continue;
        all++;
        for (size_t b = 0; b < tender[k].bidders; b++) bids[firm[tender[k].first_bidder + b]]++;
    }
    return all;
}

/* Records of each firm on each side of a directed layer. */
static int64_t count_records(const fn_view *view, uint16_t layer, int64_t *out, int64_t *in)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    int64_t all = 0;
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer || t.from == t.to || t.count <= 0) continue;
        out[t.from] += t.count;
        in[t.to] += t.count;
        all += t.count;
    }
    return all;
}

static void judge(const fn_tie *t, size_t row, int64_t all, int64_t from, int64_t to, const answers *a)
{
    if (t->from == t->to || t->count <= 0 || t->count > from || t->count > to) return;
    double log_p = fn_log_hypergeometric_tail((double) all, (double) from, (double) to, (double) t->count);
    a->log10_p[row] = fn_log10_of(log_p);
    a->p[row] = exp(log_p);
    a->all[row] = all;
    a->of_from[row] = from;
    a->of_to[row] = to;
    a->expected[row] = (double) from * ((double) to / (double) all);
}

static void judge_all(const fn_run *run, const fn_view *view, uint16_t layer, int64_t all, const int64_t *from,
                      const int64_t *to, const answers *a)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    int threads = view->ties > 4096 ? fn_run_threads(run) : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(threads)
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer == layer) judge(&t, row, all, from[t.from], to[t.to], a);
    }
}

static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const answers *a)
{
    int64_t *from = fn_alloc(run, view->firms, sizeof *from), *to = fn_alloc(run, view->firms, sizeof *to), all;
    uint32_t *bids = fn_alloc(run, view->firms, sizeof *bids);
    fn_status status = from && to && bids ? FN_OK : FN_ENOMEM;
    if (!status && fn_net_layer_directed(layer)) {
        all = count_records(view, layer, from, to);
        judge_all(run, view, layer, all, from, to, a);
    } else if (!status && (all = count_bids(view->net, bids)) > 0) {
        for (uint32_t f = 0; f < view->firms; f++) from[f] = bids[f];
        judge_all(run, view, layer, all, from, from, a);
    } else if (!status) {
        size_t length;
        const char *name = fn_names_text(fn_net_layers(view->net), layer, &length);
        fn_note(run, "hypergeometric: layer %.*s is not judged, as the data names no tenders", (int) length, name);
    }
    fn_free(from);
    fn_free(to);
    fn_free(bids);
    return status;
}

static fn_status judge_view(fn_run *run, const fn_view *view, const answers *a)
{
    fn_status status = FN_OK;
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        if (!(view->layers >> layer & 1)) continue;
        status = fn_progress(run, "hypergeometric test", -1);
        if (!status) status = judge_layer(run, view, layer, a);
    }
    return status;
}

static fn_status run_hypergeometric(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    fn_column *all, *of_from, *of_to, *expected, *p, *log10_p;
    const fn_column_wanted wanted[] = {
        { "all", FN_COLUMN_INT, &all, NULL }, { "of_from", FN_COLUMN_INT, &of_from, NULL },
        { "of_to", FN_COLUMN_INT, &of_to, NULL }, { "expected", FN_COLUMN_REAL, &expected, NULL },
        { "p", FN_COLUMN_REAL, &p, NULL }, { "log10_p", FN_COLUMN_REAL, &log10_p, NULL }
    };
    (void) values;
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (status) return status;
    const answers a = { all->integer, of_from->integer, of_to->integer, expected->real, p->real, log10_p->real };
    return judge_view(run, view, &a);
}

const fn_algorithm fn_algorithm_hypergeometric = {
    .name = "hypergeometric", .group = FN_GROUP_BACKBONE,
    .text = "do the two meet more often than all the bids or records of both give by chance?",
    .gives = "all,of_from,of_to,expected,p,log10_p", .source = "Tumminello et al. 2011; Hatzopoulos et al. 2015",
    .run = run_hypergeometric
};
