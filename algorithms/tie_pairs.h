/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_TIE_PAIRS_H
#define FN_ALGORITHMS_TIE_PAIRS_H

#include "graph/view.h"

/* What the measures of embeddedness share: the pairs of firms that are tied in a layer, each pair once, direction
 * ignored; parallel ties are one pair, self ties none, ties without weight count. Firms are ranked by how many ties
 * they have (fewest first, then by number), and a pair stands in the row of its lower rank: rows are short then, at
 * most about sqrt(2 pairs), and every triangle is met once, from its lowest rank. */
typedef struct fn_tied {
    uint16_t layer;
    bool directed;
    uint32_t firms, pairs;
    uint32_t *firm, *rank;   /* of each rank the firm, of each firm the rank */
    uint32_t *start;         /* firms + 1: where the row of a rank begins */
    uint32_t *other;         /* of each pair the higher rank; ascending in a row */
    uint8_t *way;            /* of each pair: FN_PAIR_UP, FN_PAIR_DOWN or both; both in an undirected layer */
    uint32_t *partners;      /* of each firm: with how many it is paired */
    uint32_t *of_tie;        /* of each selected tie of the view its pair; FN_NONE: a self tie, or another layer */
} fn_tied;
enum { FN_PAIR_UP = 1, FN_PAIR_DOWN = 2 };  /* the lower rank delivers to the higher; the higher to the lower */

/* O(ties + sum over pairs of the log of their row), on all threads. 9 bytes a tie and 16 a firm stay, 10 a tie on the
 * way. */
fn_status fn_tied_new(fn_run *run, const fn_view *view, uint16_t layer, fn_tied **pairs);
void fn_tied_free(fn_tied *pairs);

/* Do something with the pairs of each layer of the view in turn. */
typedef fn_status fn_tied_measure(fn_run *run, const fn_view *view, const fn_tied *pairs, void *user);
fn_status fn_tied_each_layer(fn_run *run, const fn_view *view, fn_tied_measure *measure, void *user);

/* Weights of the pairs in whole steps, both directions and parallel ties added: sums of them don't depend on any order.
 * A step is the power of two that lets all weights together be a little less than 2^61 steps. */
fn_status fn_tied_weigh(fn_run *run, const fn_view *view, const fn_tied *pairs, uint64_t *weight);

/* Every triangle a < b < c (ranks) once, on all threads at once: those over the pair ab together, with the pairs ac and
 * bc of each. */
typedef void fn_triangles_found(void *user, uint32_t ab, uint32_t count, const uint32_t *ac, const uint32_t *bc);
fn_status fn_triangles_each(fn_run *run, const fn_tied *pairs, const char *stage, fn_triangles_found *found,
                            void *user);
/* How many triangles there are over each pair: the common partners of its two firms. */
fn_status fn_triangles_count(fn_run *run, const fn_tied *pairs, uint32_t *count);

/* n common of all but the two themselves (Onnela's overlap), NaN: there are no others. a, b: partners of the two. */
static inline double fn_overlap(double a, double b, double n)
{
    double others = (a - 1) + (b - 1) - n;
    return others > 0 ? n / others : (double) NAN;
}

/* A graph with both rows of every edge, ranks ascending in a row. */
typedef struct fn_ranked {
    uint32_t rows, edges;
    size_t *start;           /* rows + 1 */
    uint32_t *other, *edge;  /* of each place in a row: the other end's rank, the number of the edge */
} fn_ranked;

/* Of pairs: ranks and edges are those of the pairs. used (NULL: all) says which pairs to take. 16 bytes a
 * pair and 8 a firm. */
fn_status fn_ranked_of_tied(fn_run *run, const fn_tied *pairs, const bool *used, fn_ranked *ranked);
void fn_ranked_free(fn_ranked *ranked);

/* Closed four-cycles through each edge, chords or not: u-v-w-x-u. Each is met once, from its highest rank, so the order
 * of the ranks decides the work; by degree it is at most the sum over edges of the smaller degree (Wang, Fu and Cheng
 * 2014, for two-sided graphs). Exact at any number of threads, of up to 2^31 edges (of two-sided graphs, where an edge
 * closes another one way only, 2^32). 8 bytes an edge, and 5 a row and thread. */
fn_status fn_cycles_count(fn_run *run, const fn_ranked *ranked, uint64_t *cycles);
/* Steps that takes. */
double fn_cycles_steps(fn_run *run, const fn_ranked *ranked);

#endif
