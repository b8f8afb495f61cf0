/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_INSIDE_H
#define FN_ALGORITHMS_TIE_INSIDE_H

#include "algorithms/ties.h"
#include "graph/columns.h"

/* What tie_strength.c, tie_squares.c, tie_squares_drawn.c, tie_class.c and tie_reason.c share. */

/* Common partners of the ends of each arc of a FN_CSR_BOTH adjacency: common[arc], filled at the arc whose first end
 * has more partners (of equals, the higher number); fn_common_of finds it. For networks without a view; measures of
 * ties take tie_pairs.h, which is faster. */
fn_status fn_common_count(fn_run *run, const fn_csr *both, uint32_t *common);
uint32_t fn_common_of(const fn_csr *both, const uint32_t *common, uint32_t u, uint32_t v);

/* Share of closed squares over each arc i→j of a FN_CSR_OUT: of the pairs (other customer j' of i, other supplier i' of
 * j) those with i'→j'; NaN where there is no pair. error (may be NULL): 0, and of an estimate half the width of its
 * 95 % interval (Agresti and Coull 1998). *sampled counts the arcs that were estimated. */
typedef struct fn_square_limits {
    double steps;        /* of counting them all: up to this every share is exact */
    uint64_t row_steps;  /* above: of the arcs of a firm, on average; those with more are estimated */
    uint32_t samples;    /* pairs drawn for each such arc */
} fn_square_limits;
extern const fn_square_limits fn_square_defaults;
fn_status fn_square_share(fn_run *run, const fn_csr *out, const fn_square_limits *limits, double *share, double *error,
                          size_t *sampled);
/* The same firm by firm: exact up to row_steps, else estimated. */
fn_status fn_square_draw(fn_run *run, const fn_csr *out, const fn_square_limits *limits, double *share, double *error,
                         size_t *sampled);
/* The note on estimates, where there are any. */
void fn_square_tell(fn_run *run, size_t sampled);

/* Where the arc u→v of a row stands; *hint is where the last one stood, near which it often is. */
static inline size_t fn_arc_near(const fn_csr *csr, uint32_t u, uint32_t v, size_t *hint)
{
    for (size_t i = *hint; i < *hint + 2; i++)
        if (i >= csr->offset[u] && i < csr->offset[u + 1] && csr->target[i] == v) return *hint = i;
    return *hint = fn_csr_find(csr, u, v);
}

/* What the class of a tie is decided on. */
typedef struct fn_tie_facts {
    bool self, undirected;
    double overlap, squares, p_from, p_to;   /* NaN: missing */
    uint32_t partners_from, partners_to;     /* in the layer, direction ignored */
    uint32_t customers, suppliers;           /* of from, of to, in the layer */
    uint32_t cluster_from, cluster_to;       /* FN_NONE: not known */
    int64_t count;
    int32_t first, last;                     /* FN_DAY_NONE: not known */
    int layers;
    double reciprocity;
    double log10_p_records, log10_q_records; /* of as many records between the two (fn_repeats_judge); NaN: not known */
} fn_tie_facts;

typedef struct fn_tie_period {
    int32_t first, last;                     /* of the data; FN_DAY_NONE: no dates */
} fn_tie_period;

/* The class by the rules (tie_rules.h, settled), NULL for a self tie and where none holds; the reason in words, and its length. */
const char *fn_tie_classify(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period);
size_t fn_tie_reason(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period,
                     char reason[FN_TOLD_TEXT]);

/* A firm in a layer, as the end of a tie: what is asked of it lies together. */
typedef struct fn_tie_end {
    uint32_t partners, customers, suppliers, cluster;
} fn_tie_end;

/* All that ties are judged by beside their own columns. The column of reasons owns it and tells them by it. */
typedef struct fn_tie_judge {
    const fn_view *view;
    fn_tie_rules *rules;           /* its own, settled */
    double *log10_p, *log10_q;     /* of records; NULL: no rule asks for them */
    fn_tie_period period;
    fn_tie_end *end[FN_LAYERS_MOST]; /* of the layers that have been judged: one a firm */
    const fn_column *overlap, *squares, *p_from, *p_to, *reciprocity, *layers; /* of the same table */
} fn_tie_judge;

/* options are copied. */
fn_status fn_tie_judge_new(fn_run *run, const fn_view *view, const fn_tie_options *options, fn_tie_judge **judge);
void fn_tie_judge_free(fn_tie_judge *judge);
/* A column whose texts are told by the judge, which belongs to it from now on (also when it can't be made). */
fn_status fn_tie_reasons_take(fn_run *run, fn_table *table, fn_tie_judge *judge);
/* Firms lie anywhere: that of a later row, which is of the same layer mostly. */
static inline void fn_tie_fetch_ahead(const fn_tie_judge *judge, size_t row, uint16_t layer)
{
    enum { AHEAD = 8 };
    if (row + AHEAD >= judge->view->ties) return;
    uint32_t to = fn_net_tie_rows(judge->view->net)->to[fn_view_tie(judge->view, row + AHEAD)];
    __builtin_prefetch(&judge->end[layer][to]);
}
/* From columns and ends that are there already. */
fn_tie_facts fn_tie_facts_at(const fn_tie_judge *judge, size_t row, const fn_tie *tie);

#endif
