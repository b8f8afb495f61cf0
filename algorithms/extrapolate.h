/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_EXTRAPOLATE_H
#define FN_ALGORITHMS_EXTRAPOLATE_H

#include <stdbool.h>
#include "graph/run.h"

/* Where rounds x, F(x), F(F(x)), … of a linear F lead to, told from the last few of them: the mixture of them, with
 * shares that add up to 1, that one more round would change least, in squares (reduced rank extrapolation, Mešina 1977,
 * Eddy 1979). As good as minimal residuals (GMRES) over as many steps. The same bits with any number of threads.
 * A round is put where fn_extrapolate_next says, then fn_extrapolate_kept is called; from the
 * fifth on, fn_extrapolate_mix says whether the mixture is worth taking. */
enum { FN_EXTRAPOLATE_CHANGES = 5 };

typedef struct fn_extrapolate {
    uint32_t n;
    int threads;
    long rounds;                             /* kept since the start */
    float *kept[FN_EXTRAPOLATE_CHANGES + 1]; /* the last rounds, the latest at rounds % (CHANGES + 1) */
    double share[FN_EXTRAPOLATE_CHANGES];    /* of each round in the mixture, the oldest first */
    double *sums;                            /* of each chunk */
} fn_extrapolate;

/* Vectors of n places; 24 bytes each. FN_ENOMEM: free it as if all had gone well. */
fn_status fn_extrapolate_start(fn_run *run, uint32_t n, int threads, fn_extrapolate *e);
void fn_extrapolate_free(fn_extrapolate *e);

/* Forgets all rounds; the first begins at 0 everywhere. */
void fn_extrapolate_reset(fn_extrapolate *e);
/* Where the next round is to be put, and where the last stands. */
float *fn_extrapolate_next(fn_extrapolate *e);
const float *fn_extrapolate_last(const fn_extrapolate *e);
/* The next round has been put there. */
void fn_extrapolate_kept(fn_extrapolate *e);

/* Finds the mixture: by how much one more round would change it, over all places. INFINITY: too few rounds, or changes
 * that tell nothing. O(n). */
double fn_extrapolate_mix(fn_extrapolate *e);
/* One more round after the mixture that was found, into x. */
void fn_extrapolate_take(const fn_extrapolate *e, float *x);

#endif
