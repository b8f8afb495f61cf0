/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_CENTRALITY_H
#define FN_ALGORITHMS_CENTRALITY_H

#include "algorithms/lengths.h"
#include "graph/view.h"

/* Measures of firms. Each array has csr->firms places and is the caller's. Self ties are no arcs (graph/csr.h) and
 * parallel ties are one, its weights added. */

/* PageRank: the share of its time that somebody who walks along ties spends at a firm.
 *   x(v) = (1 - damping) / n + damping * (sum over u→v of x(u) w(u,v) / s_out(u) + lost / n)
 * lost is the rank of firms without arcs out: it is spread evenly over all firms, so the scores always add up to 1.
 * Along arcs out, so what customers get ranks high; swap `out` and `in` for the reverse PageRank, in which those who
 * are delivered from rank high. Weights are strengths, only their proportions within a firm's arcs out count; 0 is no
 * arc; negative, NaN or infinite: FN_EINVAL. An isolated firm has the floor. Range 0 … 1.
 * Iterated until one more step would move all scores together by less than tolerance (then off by at most 1 / (1 -
 * damping) times as much); FN_ENOCONV if that is below what doubles can tell. The same bits with any number of threads.
 * Brin and Page (1998), Comput. Networks 30:107. O(arcs) a round, of which there are fewer than
 * log(tolerance / 2) / log(damping) + 100; see algorithms/fixed_point.h. 8 bytes an arc and 84 a firm; 16 more an arc
 * where weights are near the ends of what doubles can hold. */
fn_status fn_pagerank(fn_run *run, const fn_csr *out, const fn_csr *in, double damping, double tolerance,
                      double *score);

/* Core number: the largest k such that the firm is in a group in which everybody has at least k partners in the group.
 * Direction and weights are ignored, isolated firms have 0.
 * Batagelj and Zaversnik (2003), arXiv cs/0310049. O(firms + arcs) time, 16 bytes a firm. */
fn_status fn_coreness(fn_run *run, const fn_csr *both, uint32_t *core);

/* Weighted core, or s-core: the largest s such that the firm is in a group in which everybody has ties of weight s or
 * more to the group. Direction is ignored, weights of both directions are added up. Weights are rounded once to whole
 * multiples of about 2^-61 of their sum, and exact from there on. Isolated firms have 0.
 * Eidsvik and Zlatic (2013), Phys. Rev. E 88:062819. O(arcs log firms) time, 24 bytes a firm, 8 an arc. */
fn_status fn_weighted_core(fn_run *run, const fn_csr *both, double *core);

/* Constraint: how much a firm's dealings are with partners that deal with each other.
 *   c(u) = sum over partners v of (p(u,v) + sum over q of p(u,q) p(q,v))^2, p(u,v) v's share of u's weight
 * Direction ignored. Low: it spans gaps; NaN for isolated firms. Burt (1992), Structural Holes.
 * O(sum of squared degrees) time, 8 bytes an arc, 16 a firm and thread. Same bits with any number of threads. */
fn_status fn_constraint(fn_run *run, const fn_csr *both, double *score);

/* HITS: authorities get much from good hubs, hubs deliver much to good authorities (weights are strengths).
 *   authority = leading eigenvector of W'W (W(u,v) the weight of u→v), hub = W authority; each over its largest, 0 … 1
 * All but one group of firms that are tied through common customers and suppliers have 0: of supply networks, which are
 * nearly trees, that is often all but a few firms. *gap (NULL: not sought) is 1 - second / first eigenvalue: where it
 * is 0, several groups are equally strong, and which one ranks high is decided by the even start alone. Isolated
 * firms: 0. Kleinberg (1999), J. ACM 46:604. FN_ENOCONV. 8 bytes an arc of either side and 20 a firm, beside what
 * fn_dominant_vector takes. Same bits with any number of threads. */
fn_status fn_hits(fn_run *run, const fn_csr *out, const fn_csr *in, double *hub, double *authority, double *gap);

/* Eigenvector centrality: proportional to the weighted sum of the partners' own, direction ignored (with it, networks
 * without cycles have none). The largest is 1; weak parts other than the one with the largest eigenvalue have 0.
 * *gap as in fn_hits. Bonacich (1972), J. Math. Sociol. 2:113. FN_ENOCONV. 8 bytes an arc and 4 a firm beside what
 * fn_dominant_vector takes. Same bits with any number of threads. */
fn_status fn_eigenvector(fn_run *run, const fn_csr *both, double *score, double *gap);

/* Katz: all chains of deliveries that end at the firm, each counted by the product of its weights times alpha for each
 * tie, and 1 for the firm itself: x(v) = 1 + alpha * sum over u→v of w(u,v) x(u). Isolated firms: 1.
 * alpha must be below 1 / (largest eigenvalue of the weights): FN_EINVAL, which names the bound, where it is not.
 * *alpha 0: 0.85 of that bound (1 / the largest strength in where there are no cycles, and so no bound); *alpha is
 * then what was taken. To 1e-13 of each score, FN_ENOCONV where 20,000 rounds do not do. Katz (1953), Psychometrika
 * 18:39. */
fn_status fn_katz(fn_run *run, const fn_csr *out, const fn_csr *in, double *alpha, double *score);

/* Influence: how much the output of the whole economy moves with a shock to the firm, which goes on to its customers.
 *   v(j) = labour / n + (1 - labour) * sum over customers i of j of (share of j in what i buys) v(i)
 * Arcs are deliveries, weights what they are worth. A firm that buys from nobody passes the shock of nobody on; where
 * all buy, the sum is 1. Isolated firms: labour / n. Self ties don't count. The vector's length is what independent
 * shocks of the firms leave in the whole. Acemoglu, Carvalho, Ozdaglar and Tahbaz-Salehi (2012), Econometrica
 * 80:1977. */
fn_status fn_influence(fn_run *run, const fn_csr *out, const fn_csr *in, double labour, double *score);

/* Upstreamness: steps of production from the firm to final use, 1 where all goes there at once.
 *   U(i) = 1 + sum over customers j of w(i,j) / output(i) * U(j)
 * With `away` the arcs out and `back` the arcs in; swapped it is the downstreamness, steps back to primary inputs.
 * What of its output a firm does not deliver along arcs goes to final use. NaN: output 0 (no ties), or chains from the
 * firm that reach a group which delivers all it has to itself, and so never end: *endless counts those.
 * Antras, Chor, Fally and Hillberry (2012), AER Papers and Proceedings 102:412; Miller and Temurshoev (2017), Int. Reg.
 * Sci. Rev. 40:443. To 1e-13 of each, FN_ENOCONV where 20,000 rounds do not do. */
fn_status fn_streamness(fn_run *run, const fn_csr *away, const fn_csr *back, const double *output, double *steps,
                        uint32_t *endless);

/* Trophic level: height in the chain of production, such that on average a firm stands one level above its suppliers.
 *   (diag(s_in + s_out) - W - W') h = s_in - s_out, the lowest firm of each weak part at 0
 * *incoherence (may be NULL): sum of w (h(v) - h(u) - 1)^2 over sum of w, 0 where every delivery leads one level up.
 * Isolated firms: NaN. MacKay, Johnson and Sansom (2020), R. Soc. Open Sci. 7:201138. FN_ENOCONV. 64 bytes a firm, 40
 * an arc. Same bits with any number of threads. */
fn_status fn_trophic_levels(fn_run *run, const fn_csr *out, const fn_csr *in, const fn_csr *both, double *level,
                            double *incoherence);

typedef struct fn_betweenness_options {
    fn_length_kind length;   /* which chains are the shortest: of fewest ties, or of least length */
    uint32_t exact_limit;    /* exact where at most so many firms have arcs out */
    uint32_t samples;        /* else from searches from so many firms … */
    double epsilon, delta;   /* … or, where samples is 0, to within epsilon with a chance of 1 - delta */
} fn_betweenness_options;

#define FN_BETWEENNESS_DEFAULTS { .exact_limit = 10000, .epsilon = .01, .delta = .1 }

typedef enum fn_betweenness_way {
    FN_BETWEENNESS_EXACT, FN_BETWEENNESS_SOURCES, FN_BETWEENNESS_PATHS
} fn_betweenness_way;

typedef struct fn_betweenness_how {
    fn_betweenness_way way;
    uint32_t sources;    /* searches made from one firm to all others */
    uint32_t possible;   /* firms with arcs out: others start no chain */
    uint64_t paths;      /* chains drawn */
    double error;        /* FN_BETWEENNESS_PATHS: the largest that is then left, as a share of n (n - 1) */
} fn_betweenness_how;

/* Betweenness: how many shortest chains of deliveries between two other firms lead through a firm.
 *   b(v) = sum over s != v != t of paths(s,t through v) / paths(s,t), each ordered pair (s,t) counted, not normalised
 * Along arcs out. FN_LENGTH_HOPS: weights are ignored, every arc is one step. FN_LENGTH_INVERSE: an arc is 1 / weight
 * long, so chains prefer strong ties; FN_LENGTH_GIVEN: its weight is its length. Chains are equally long where their
 * lengths are equal as exact fractions (algorithms/lengths.h), however doubles would round them. A weight that is not
 * positive and finite is FN_EINVAL then. Pairs without a chain add nothing; isolated firms have 0.
 * Of an undirected network (every arc both ways) it is twice the usual undirected number.
 * Exact where at most exact_limit firms have arcs out. Firms that hang on the rest by one partner are counted without a
 * search; from all others one search is made, eight at a time where every arc is one step.
 * Else from `samples` firms with arcs out, drawn without replacement by run->seed, and scaled by possible / samples:
 * unbiased, with an error that falls as 1 / sqrt(samples). As many samples as there are such firms is exact.
 * Else (samples 0) from chains drawn at random, until, with a chance of at least 1 - delta, no firm's number is off by
 * more than epsilon * n (n - 1) (algorithms/betweenness_paths.c); firms below that are hardly told apart.
 * A note tells which way was taken; *how (may be NULL) too.
 * Brandes (2001), J. Math. Sociol. 25:163; Brandes and Pich (2007), Int. J. Bifurcation Chaos 17:2303; Borassi and
 * Natale (2019), ACM J. Exp. Algorithmics 24:1.2; Pellegrina and Vandin (2023), ACM TKDD 18:52.
 * O(sources * (firms + arcs)) time, with lengths log(firms) times that; 128 bytes a firm, and for each thread 200 a
 * firm, or with lengths 450 a firm and 90 an arc; drawn: 100 a firm for each thread. Same bits with any number of
 * threads. */
fn_status fn_betweenness(fn_run *run, const fn_csr *out, const fn_betweenness_options *options, double *score,
                         fn_betweenness_how *how);

/* One array each. */
typedef struct fn_closeness_scores {
    double *closeness_in, *closeness_out, *harmonic_in, *harmonic_out;
} fn_closeness_scores;

/* Closeness and harmonic closeness: how few steps along ties it takes from a firm to all others (out), and to it from
 * all others (in). Weights are ignored, every arc is one step. Of r others that there is a way to, at distances d, of n
 * firms:
 *   harmonic  = sum of 1 / d                        0 … n - 1; others count 0
 *   closeness = r / (n - 1) * r / sum of d          0 … 1, as Wasserman and Faust have it for networks in parts:
 *                                                   closeness within what is reached, times the share that is reached
 * Nobody reached, isolated firms: 0. Of an undirected network in and out are equal.
 * Exact where at most exact_limit firms have ties, to 1e-11 relative. Else from the ways to so many firms, drawn
 * without replacement by run->seed, that harmonic is off by more than error * n for any firm with a chance of .1 at
 * most (Hoeffding); closeness is then a quotient of two estimates, with no such promise. A note tells; *targets (may be
 * NULL) is how many firms were searched to. Same bits with any number of threads.
 * Wasserman and Faust (1994), Social Network Analysis, ch. 5; Boldi and Vigna (2014), Internet Math. 10:222; Then et
 * al. (2014), PVLDB 8:449 for the searches. O(targets / 512 * diameter * arcs) time, 240 bytes a firm and 8 an arc. */
fn_status fn_closeness(fn_run *run, const fn_csr *out, uint32_t exact_limit, double error, fn_closeness_scores *score,
                       uint32_t *targets);

#endif
