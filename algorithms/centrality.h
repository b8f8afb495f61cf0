/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRALITY_H
#define FN_ALGORITHMS_CENTRALITY_H

#include "graph/view.h"

/* Measures of firms. Each array has csr->firms places and is the caller's. Self ties are no arcs (graph/csr.h) and
 * parallel ties are one, its weights added. */

/* PageRank: the share of its time that somebody who walks along ties spends at a firm.
 *   x(v) = (1 - damping) / n + damping * (sum over u→v of x(u) w(u,v) / s_out(u) + lost / n)
 * lost is the rank of firms without arcs out: it is spread evenly over all firms, so the scores always add up to 1.
 * Along arcs out, so what customers get ranks high; swap `out` and `in` for the reverse PageRank, in which those who
 * are delivered from rank high. Weights are strengths, only their proportions within a firm's arcs out count; 0 is no
 * arc; negative, NaN or infinite: FN_EINVAL. An isolated firm has the floor. Range 0 … 1.
 * Iterated until the sum of absolute changes is below tolerance (then off by at most damping / (1 - damping) times as
 * much); FN_ENOCONV if that is below what doubles can tell. The same bits with any number of threads.
 * Brin and Page (1998), Comput. Networks 30:107. O(arcs) an iteration, about log(tolerance) / log(damping) of them;
 * 8 bytes an arc, 32 a firm. */
fn_status fn_pagerank(fn_run *run, const fn_csr *out, const fn_csr *in, double damping, double tolerance,
                      double *score);

/* Core number: the largest k such that the firm is in a group in which everybody has at least k partners in the group.
 * Direction and weights are ignored, isolated firms have 0.
 * Batagelj and Zaversnik (2003), arXiv cs/0310049. O(firms + arcs) time, 16 bytes a firm. */
fn_status fn_coreness(fn_run *run, const fn_csr *both, uint32_t *core);

typedef struct fn_betweenness_how {
    bool sampled;        /* false: exact */
    uint32_t sources;    /* searches made */
    uint32_t possible;   /* firms with arcs out: searches that exact scores need */
} fn_betweenness_how;

/* Betweenness: how many shortest chains of deliveries between two other firms lead through a firm.
 *   b(v) = sum over s != v != t of paths(s,t through v) / paths(s,t), each ordered pair (s,t) counted, not normalised
 * Along arcs out, weights ignored: every arc is one step. Pairs without a chain add nothing; isolated firms have 0.
 * Of an undirected network (every arc both ways) it is twice the usual undirected number.
 * Exact where at most exact_limit firms have arcs out (others start no chain); else from `samples` of those, drawn
 * without replacement by run->seed, and scaled by possible / samples: unbiased, with an error that falls as
 * 1 / sqrt(samples). samples 0: what 1e9 steps along arcs pay for, 64 to 1000. A note tells; *how (may be NULL) too.
 * Brandes (2001), J. Math. Sociol. 25:163; Brandes and Pich (2007), Int. J. Bifurcation Chaos 17:2303.
 * O(sources * (firms + arcs)) time, 128 bytes a firm and 20 a firm and thread. Same bits with any number of threads. */
fn_status fn_betweenness(fn_run *run, const fn_csr *out, uint32_t exact_limit, uint32_t samples, double *score,
                         fn_betweenness_how *how);

#endif
