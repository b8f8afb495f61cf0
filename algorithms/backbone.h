/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_BACKBONE_H
#define FN_ALGORITHMS_BACKBONE_H

#include "algorithms/algorithm.h"

/* Which ties are more than chance. A method is a row of fn_algorithms in FN_GROUP_BACKBONE: it judges every selected
 * tie of a view within the tie's own layer, and gives
 *   log10_p                     its test (log10, since p underflows: 0 = certain to be met by chance), or
 *   log10_p_from, log10_p_to    a test on each side, and `single`: on which sides ("from", "to", "both") it is the only
 *                               tie, where this test can't tell anything; or
 *   score                       where there is no test: larger is kept first.
 * What a method can't judge (a self tie, a tie without weight) is missing. */

/* p_from = (1 - w / s_out)^(k_out - 1), p_to likewise with s_in, k_in (Serrano, Boguñá and Vespignani 2009), as the
 * columns of fn_tie_strength (algorithms/ties.h): the chance of so large a share if the strength s of a firm were cut
 * into k parts at random. One number a selected tie; NaN: none. s_out, k_out: summed weight and number of customers of
 * `from` in the layer; in an undirected layer both sides count all partners. A power of two on all weights changes
 * nothing. O(firms + ties) on all threads, 48 bytes a firm. Relative error at most 4 k 2^-53. */
fn_status fn_disparity(fn_run *run, const fn_view *view, double *p_from, double *p_to);

/* What is kept. */
typedef enum fn_correction { FN_CORRECT_NONE, FN_CORRECT_BONFERRONI, FN_CORRECT_BH } fn_correction;
typedef enum fn_backbone_sides {
    FN_SIDES_MIN,   /* the smaller p of both sides, taken as one test */
    FN_SIDES_MAX,   /* the larger: both sides must be significant */
    FN_SIDES_BOTH   /* both count as tests of their own; the smaller corrected one decides */
} fn_backbone_sides;
typedef enum fn_single { FN_SINGLE_KEEP, FN_SINGLE_SOURCE, FN_SINGLE_DROP } fn_single;

typedef struct fn_backbone_options {
    const fn_algorithm *method;
    double alpha;             /* largest p (after the correction) that is kept */
    double least_score;       /* where a method has no test */
    double keep;              /* NaN, or the share of the judged ties to keep, the most significant first */
    fn_correction correction;
    fn_backbone_sides sides;
    fn_single single;         /* with alpha: the only tie of a side is kept, too; only where `to` has no other
                                 supplier; or is treated as others are */
    bool all_pairs;           /* tests that the correction counts: one for each pair of firms (each layer of the view
                                 for itself), tied or not; else one for each judged tie */
} fn_backbone_options;

/* disparity, alpha 0.05, Benjamini and Hochberg, the smaller side, single ties kept. */
void fn_backbone_defaults(fn_backbone_options *options);
/* From the values of a command that takes fn_backbone_params. */
extern const fn_param fn_backbone_params[];
fn_status fn_backbone_options_from(fn_run *run, const fn_values *values, fn_backbone_options *options);

typedef enum fn_kept { FN_NOT_KEPT, FN_KEPT_SIGNIFICANT, FN_KEPT_SINGLE, FN_KEPT_SHARE } fn_kept;

typedef struct fn_backbone {
    fn_table *judged;         /* what the method gave: one row a selected tie */
    double *log10_p;          /* of each selected tie, both sides joined; NaN: not judged; NULL: no test */
    double *log10_q;          /* after the correction; NULL: no test */
    uint8_t *kept;            /* fn_kept */
    size_t judged_ties, kept_ties, significant, single;
    double tests;             /* counted by the correction */
    double threshold;         /* with keep: log10 p, or the score, of the last tie kept; NaN: none */
} fn_backbone;

/* Ties of equal p stand in the order of their weight, then of their numbers. O(ties log ties) after the method. */
fn_status fn_backbone_find(fn_run *run, const fn_view *view, const fn_values *values,
                           const fn_backbone_options *options, fn_backbone *backbone);
void fn_backbone_free(fn_backbone *backbone);

/* What a selection of the ties leaves: shares of all selected ties, of firms that have a tie, of weight (each layer's
 * as a share of its own total, in the mean over layers), and of those firms in the largest connected part. */
typedef struct fn_backbone_facts {
    double ties, firms, weight, largest;
} fn_backbone_facts;
fn_status fn_backbone_describe(fn_run *run, const fn_view *view, const uint8_t *kept, fn_backbone_facts *facts);

/* Every method with the same options, one row each: method, judged, kept, single (how many ties), ties, firms, weight,
 * largest (shares, as fn_backbone_facts), stability, threshold (as fn_backbone). stability is the mean over `rounds` of
 * the Jaccard index of two backbones among the ties that both nets have: of this net, and of the same one after one tie
 * in twenty is left out and each weight is multiplied by a number between 0.9 and 1.1; counts of records stay. Depends
 * on run->seed alone. Costs 1 + rounds times every method; salience takes longest (--salience-error). */
fn_status fn_backbone_compare(fn_run *run, const fn_view *view, const fn_values *values,
                              const fn_backbone_options *options, int rounds, fn_table **table);

/* Two firms that have more in common than chance: pairs of customers that share suppliers in a layer (by_supplier
 * false), or of suppliers that share customers. Of N firms on the other side, K_from and K_to deal with the one and the
 * other, `common` with both: p = P(X >= common), X hypergeometric (Tumminello et al. 2011). Only pairs with something
 * in common are listed; the correction counts those, or with all_pairs every pair of firms of that side. Columns from,
 * to (firm numbers, from < to), common, of_from, of_to, expected, log10_p, log10_q; rows by from, to, those with
 * log10_q <= log10 alpha alone. Firms shared by more than `hub` others are left out of pairs (a note tells), not of K:
 * such a pair's `common` is then too small, and its p too large. O(sum of k^2 over shared firms that are no hubs). */
fn_status fn_shared_pairs(fn_run *run, const fn_view *view, int layer, bool by_supplier, uint32_t hub,
                          const fn_backbone_options *options, fn_table **table);

#endif
