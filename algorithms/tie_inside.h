/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_INSIDE_H
#define FN_ALGORITHMS_TIE_INSIDE_H

#include "algorithms/ties.h"

/* What tie_strength.c, tie_counts.c and tie_class.c share. */

/* Common partners of the ends of each arc of a FN_CSR_BOTH adjacency: common[arc], filled at the arc whose first end
 * has more partners (of equals, the higher number); fn_common_of finds it. */
fn_status fn_common_count(fn_run *run, const fn_csr *both, uint32_t *common);
uint32_t fn_common_of(const fn_csr *both, const uint32_t *common, uint32_t u, uint32_t v);

/* Share of closed squares over each arc x→y of `a`: of the pairs (z in b(y) but x, y' in a(x) but y) those with z in
 * b(y'); NaN where there is no pair. (a, b) is (out, in) or (in, out), which give the same at different cost: see
 * fn_square_steps. *sampled counts the arcs that were estimated. */
typedef struct fn_square_limits {
    uint64_t steps;     /* on average over an arc: more than this are sampled */
    uint32_t samples;   /* pairs drawn for each such arc */
} fn_square_limits;
extern const fn_square_limits fn_square_defaults;
fn_status fn_square_share(fn_run *run, const fn_csr *a, const fn_csr *b, const fn_square_limits *limits, double *share,
                          size_t *sampled);
/* Steps that counting takes with this b: the sum of its squared degrees. */
double fn_square_steps(const fn_csr *b);

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

enum { FN_REASON_TEXT = 256 };
/* The class by the rules (tie_rules.h), NULL for a self tie and where none holds; the reason in words. */
const char *fn_tie_classify(const fn_tie_rules *rules, const fn_tie_facts *facts, const fn_tie_period *period,
                            const fn_tie_options *options, char reason[FN_REASON_TEXT]);

#endif
