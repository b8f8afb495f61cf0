/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_RELATION_H
#define FN_ALGORITHMS_TIE_RELATION_H

#include "graph/view.h"

/* What Granovetter (1973) makes the strength of a tie of, as far as records tell it. Intimacy and reciprocity are among
 * the columns of fn_tie_strength (layers, reciprocity); here are
 *   time       duration    days from the first to the last record
 *              periods     calendar years with a record
 *              regularity  1 - sd / mean of the gaps between its days with records, at least three days: 1 = even gaps
 *   intensity  share_from, share_to  the tie's weight as a share of all that from delivers, of all that to receives, in
 *              the layer; in an undirected layer of each end's
 *   intimacy   repeats     records beyond the first
 * Of several records only first and last days are kept, unless tenders tell the others: periods and regularity are
 * missing where a tie has more than two records and the data names as many tenders of the pair not. Ties of layers
 * supply (winner to buyer) and cobid (two bidders) are told by tenders. Self ties have none of it. O(firms + ties +
 * bidders^2 over tenders). */
fn_status fn_tie_relation(fn_run *run, const fn_view *view, fn_table *result);

/* Strong triadic closure (Granovetter 1973; Sintos and Tsaparas 2014): two firms with strong ties to a third should be
 * tied, if only weakly. Gives the column open_strong: with how many strong ties that share an end with this strong one
 * the triangle is open, whatever layer would close it; missing for ties that are not strong. `class` is the column of
 * fn_tie_strength. *wedges are the pairs of strong partners of a firm, *open those that are not tied. Supply networks
 * have few triangles by nature, so most are open there: compare layers, not with 0.
 * O(sum over strong ties of the smaller degree). */
fn_status fn_strong_closure(fn_run *run, const fn_view *view, const fn_column *class, fn_table *result,
                            uint64_t *wedges, uint64_t *open);

/* Ties of class bridge between clusters, one row each, and what would fall apart without them:
 *   from, to, layer, cluster_from, cluster_to (from 1), weight
 *   other_ties    ties between the two clusters beside this one
 *   weight_share  its share of the weight, in its layer, between the two clusters
 *   firms_apart   firms that nothing else connects to the rest (the smaller part), 0: others do
 *   apart_from    firms of the part that they were connected to
 *   falls_apart   the same in words
 * firms_apart by Tarjan's bridges (1974) of the view, direction and layers ignored. O(firms + ties). */
fn_status fn_tie_bridges(fn_run *run, const fn_view *view, const uint32_t *cluster, const fn_column *class,
                         fn_table **table);

#endif
