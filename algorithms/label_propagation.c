/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/algorithm.h"
#include "algorithms/label_propagation.h"
#include "algorithms/trust.h"
#include "graph/memory.h"
#include "graph/random.h"

enum {
    TURNS = 8, ROUNDS_MOST = 100, WEIGHT_BITS = 60, BLOCK_FIRMS = 256, FEW_FIRMS = 1024, STREAM_LABEL = 81,
    STREAM_TURN = 82
};

/* Weight that one thread has seen for each label, in a table of 2^k places; no larger than a row needs. */
typedef struct tally {
    uint32_t *label;
    int64_t *weight;
    size_t places;
} tally;

typedef struct propagation {
    fn_csr *csr;
    int64_t *weight;       /* of each arc; 2^60 is that of all ties together */
    uint32_t *label, *next;
    bool *active;          /* something around it has changed */
    uint32_t *turn;        /* firms of this turn */
    uint32_t in_turn;
    tally *tally;          /* one a thread */
    int threads;
} propagation;

static void propagation_free(propagation *p)
{
    for (int t = 0; p->tally && t < p->threads; t++) {
        fn_free(p->tally[t].label);
        fn_free(p->tally[t].weight);
    }
    fn_free(p->tally);
    fn_free(p->weight);
    fn_free(p->label);
    fn_free(p->next);
    fn_free(p->active);
    fn_free(p->turn);
    fn_csr_free(p->csr);
}

/* --- One graph of all layers --- */

fn_status fn_layers_joined(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_csr **csr)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    double total[FN_LAYERS_MOST] = { 0 }, alphas = 0;
    double *share = fn_alloc_bare(run, view->ties, sizeof *share);
    if (!share) return FN_ENOMEM;
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        if (tie.from != tie.to) total[tie.layer] += view->weight[i];
    }
    for (int layer = 0; layer < FN_LAYERS_MOST; layer++)
        if (total[layer] > 0) alphas += options->layer_weight[layer];
    for (size_t i = 0; i < view->ties; i++) {
        const fn_tie tie = fn_ties_at(ties, fn_view_tie(view, i));
        double alpha = alphas > 0 ? options->layer_weight[tie.layer] / alphas : 0;
        share[i] = total[tie.layer] > 0 ? alpha * (view->weight[i] / total[tie.layer]) : 0;
        if (share[i] == 0 && alpha > 0 && view->weight[i] > 0) share[i] = 0x1p-1000;
    }
    fn_status status = fn_view_csr_weighted(run, view, -1, FN_CSR_BOTH, false, share, csr);
    fn_free(share);
    return status;
}

static fn_status propagation_new(fn_run *run, const fn_view *view, const fn_leiden_options *options, propagation *p)
{
    size_t widest = 0, places = 4;
    fn_status status = fn_layers_joined(run, view, options, &p->csr);
    if (status) return status;
    p->threads = fn_run_threads(run);
    if (!(p->weight = fn_alloc_bare(run, p->csr->arcs, sizeof *p->weight)) ||
        !(p->label = fn_alloc_bare(run, view->firms, sizeof *p->label)) ||
        !(p->next = fn_alloc_bare(run, view->firms, sizeof *p->next)) ||
        !(p->active = fn_alloc(run, view->firms, sizeof *p->active)) ||
        !(p->turn = fn_alloc_bare(run, view->firms, sizeof *p->turn)) ||
        !(p->tally = fn_alloc(run, (size_t) p->threads, sizeof *p->tally)))
        return FN_ENOMEM;
    for (uint32_t firm = 0; firm < view->firms; firm++)
        if (fn_csr_degree(p->csr, firm) > widest) widest = fn_csr_degree(p->csr, firm);
    while (places < 2 * widest) places *= 2;
    for (int t = 0; t < p->threads; t++) {
        p->tally[t].places = places;
        p->tally[t].label = fn_alloc(run, places, sizeof *p->tally[t].label);
        p->tally[t].weight = fn_alloc(run, places, sizeof *p->tally[t].weight);
        if (!p->tally[t].label || !p->tally[t].weight) return FN_ENOMEM;
    }
    for (size_t arc = 0; arc < p->csr->arcs; arc++) {
        int64_t whole = llrint(scalbn(p->csr->weight[arc], WEIGHT_BITS));
        p->weight[arc] = whole > 0 ? whole : 1;
    }
    return FN_OK;
}

/* --- Labels --- */

typedef struct drawn {
    uint64_t key;
    uint32_t firm;
} drawn;

static int by_key(const void *a, const void *b)
{
    const drawn *x = a, *y = b;
    if (x->key != y->key) return x->key > y->key ? 1 : -1;
    return (x->firm > y->firm) - (x->firm < y->firm);
}

/* Every firm its own label, in an order drawn by lot, so that the lowest label is nobody's by birth. */
static fn_status draw_labels(fn_run *run, propagation *p)
{
    uint32_t firms = p->csr->firms;
    drawn *order = fn_alloc_bare(run, firms, sizeof *order);
    if (!order) return FN_ENOMEM;
    for (uint32_t firm = 0; firm < firms; firm++)
        order[firm] = (drawn) { fn_random(run->seed, STREAM_LABEL, firm), firm };
    qsort(order, firms, sizeof *order, by_key);
    for (uint32_t number = 0; number < firms; number++) p->label[order[number].firm] = number;
    fn_free(order);
    return FN_OK;
}

/* The label that weighs most around a firm; its own where that is one of them, else the lowest. */
static uint32_t best_label(const propagation *p, tally *t, uint32_t firm)
{
    const fn_csr *csr = p->csr;
    size_t degree = fn_csr_degree(csr, firm), mask = 3;
    uint32_t own = p->label[firm], best = own;
    int64_t most = 0;
    while (mask + 1 < 2 * degree) mask = 2 * mask + 1;
    memset(t->weight, 0, (mask + 1) * sizeof *t->weight);
    for (size_t arc = csr->offset[firm]; arc < csr->offset[firm + 1]; arc++) {
        uint32_t label = p->label[csr->target[arc]];
        size_t at = (size_t) fn_mix64(label) & mask;
        while (t->weight[at] && t->label[at] != label) at = (at + 1) & mask;
        t->label[at] = label;
        t->weight[at] += p->weight[arc];
    }
    for (size_t at = 0; at <= mask; at++) {
        if (t->weight[at] == 0 || t->weight[at] < most) continue;
        bool is_better = t->weight[at] > most || t->label[at] == own || (best != own && t->label[at] < best);
        if (is_better) best = t->label[at];
        most = t->weight[at];
    }
    return best;
}

/* All firms of a turn look at the labels as they stand, then all change at once. Returns how many did. */
static uint32_t propagate_turn(propagation *p)
{
    uint32_t changed = 0;
    int threads = p->in_turn > FEW_FIRMS ? p->threads : 1;
    (void) threads;
#pragma omp parallel for schedule(dynamic, BLOCK_FIRMS) num_threads(threads) reduction(+ : changed)
    for (uint32_t i = 0; i < p->in_turn; i++) {
#ifdef _OPENMP
        tally *own = &p->tally[omp_get_thread_num()];
#else
        tally *own = &p->tally[0];
#endif
        uint32_t firm = p->turn[i];
        p->next[firm] = best_label(p, own, firm);
        changed += p->next[firm] != p->label[firm];
    }
    for (uint32_t i = 0; i < p->in_turn; i++) p->active[p->turn[i]] = false;
    for (uint32_t i = 0; i < p->in_turn && changed; i++) {
        uint32_t firm = p->turn[i];
        if (p->next[firm] == p->label[firm]) continue;
        p->label[firm] = p->next[firm];
        for (size_t arc = p->csr->offset[firm]; arc < p->csr->offset[firm + 1]; arc++)
            if (p->label[p->csr->target[arc]] != p->label[firm]) p->active[p->csr->target[arc]] = true;
        p->active[firm] = true; /* others of the turn that changed may be its neighbours */
    }
    return changed;
}

static fn_status propagate(fn_run *run, propagation *p)
{
    uint32_t firms = p->csr->firms, changed = 1;
    for (uint32_t firm = 0; firm < firms; firm++) p->active[firm] = fn_csr_degree(p->csr, firm) > 0;
    for (uint64_t round = 0; round < ROUNDS_MOST && changed; round++) {
        changed = 0;
        for (uint64_t turn = 0; turn < TURNS; turn++) {
            p->in_turn = 0;
            for (uint32_t firm = 0; firm < firms; firm++)
                if (p->active[firm] && fn_random_below(run->seed, STREAM_TURN + (round << 8), firm, TURNS) == turn)
                    p->turn[p->in_turn++] = firm;
            changed += propagate_turn(p);
            fn_status status = fn_progress(run, "propagating labels", (double) round / ROUNDS_MOST);
            if (status) return status;
        }
    }
    return FN_OK;
}

/* Firms of one label that are in several pieces get as many labels; uses next and turn. */
static void split_pieces(propagation *p)
{
    const fn_csr *csr = p->csr;
    uint32_t firms = csr->firms, pieces = 0;
    for (uint32_t firm = 0; firm < firms; firm++) p->next[firm] = FN_NONE;
    for (uint32_t firm = 0; firm < firms; firm++) {
        uint32_t head = 0, tail = 0;
        if (p->next[firm] != FN_NONE) continue;
        p->next[firm] = pieces;
        for (p->turn[tail++] = firm; head < tail; head++)
            for (size_t arc = csr->offset[p->turn[head]]; arc < csr->offset[p->turn[head] + 1]; arc++) {
                uint32_t other = csr->target[arc];
                if (p->next[other] != FN_NONE || p->label[other] != p->label[firm]) continue;
                p->next[other] = pieces;
                p->turn[tail++] = other;
            }
        pieces++;
    }
    memcpy(p->label, p->next, firms * sizeof *p->label);
}

static fn_status propagate_once(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                                fn_partition **partition)
{
    propagation p = { 0 };
    fn_partition *made = NULL;
    fn_status status = propagation_new(run, view, options, &p);
    if (!status) status = draw_labels(run, &p);
    if (!status) status = propagate(run, &p);
    if (status) goto done;
    split_pieces(&p);
    status = FN_ENOMEM;
    if (!(made = fn_alloc(run, 1, sizeof *made))) goto done;
    made->firms = view->firms;
    made->cluster = p.label;
    p.label = NULL;
    status = fn_partition_relabel(run, made->firms, made->cluster, &made->clusters);
    if (!status)
        status = fn_partition_quality(run, view, made->cluster, options, &made->quality, made->layer_quality);
    if (status) goto done;
    *partition = made;
    made = NULL;
done:
    fn_partition_free(made);
    propagation_free(&p);
    return status;
}

/* Clusters of firms by label propagation (Raghavan, Albert and Kumara 2007, Phys. Rev. E 76:036106): every firm takes
 * the label that weighs most among its ties, until none would change. A fast baseline; it looks at no quality, so its
 * clusters answer no question but this, and may be few and large. The quality given is that of the options.
 * Weights are strengths, direction ignored; of several layers the sum of alpha * weight / weight of the layer. Sums are
 * whole numbers (2^60 is the weight of all ties), so equal weights are equal. Of several labels that weigh most a firm
 * keeps its own, else it takes the lowest; labels are numbered by lot. Firms change in 8 turns a round, drawn by lot
 * anew in each round; those of one turn look at the labels before the turn, so that threads change nothing and two
 * neighbours seldom swap for ever. After 100 rounds it stops. Clusters in several pieces are split: every cluster is
 * connected. Self ties and weightless ties are left out; firms without ties are alone.
 * runs: seeds seed … seed + runs - 1, the first of the best qualities, stability as of fn_leiden.
 * O(ties) a round, of those firms alone around which something has changed; 20 bytes a tie and 18 a firm. */
fn_status fn_label_propagation(fn_run *run, const fn_view *view, const fn_leiden_options *options,
                               fn_partition **partition)
{
    if (options->runs > 1) return fn_runs_partition(run, view, options, propagate_once, partition);
    return propagate_once(run, view, options, partition);
}

/* --- The row of the table --- */

static fn_status run_label_propagation(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    return fn_search_row(run, view, values, fn_label_propagation, result);
}

extern const fn_algorithm fn_algorithm_label_propagation;
const fn_algorithm fn_algorithm_label_propagation = {
    .name = "label-propagation",
    .group = FN_GROUP_CLUSTERS,
    .text = "each firm takes the label that weighs most around it: a fast baseline; takes the options of leiden",
    .gives = "cluster,stability",
    .source = "Raghavan, Albert and Kumara 2007",
    .search = fn_label_propagation,
    .run = run_label_propagation
};
