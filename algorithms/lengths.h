/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_LENGTHS_H
#define FN_ALGORITHMS_LENGTHS_H

#include "graph/csr.h"

/* How long ties are, for ways along them. Rounding would make ways that are equally long (1/3 + 1/6 and 1/2, or .1 + .2
 * and .3) differ in the last bits, or ways that differ a little be taken as equal. So a length has two numbers:
 *   real      for which of two ways is shorter; rounded
 *   residue   the same as an exact fraction, modulo the prime 2^61 - 1
 * Residues of ways are added, and two ways are equally long where their residues are equal (wrongly so for two ways in
 * 10^18) and the reals agree to FN_LENGTHS_NEAR. A weight is the decimal fraction that it was written as, or
 * added up from, where that has at most four places and is below 4.5e11 (as money is summed, graph/sum.h), else the
 * fraction that its double is. */
typedef enum fn_length_kind {
    FN_LENGTH_HOPS,     /* every tie is one step */
    FN_LENGTH_INVERSE,  /* 1 / weight: the stronger, the shorter */
    FN_LENGTH_GIVEN     /* the weight is the length */
} fn_length_kind;

typedef struct fn_lengths {
    double *real;       /* NULL: all are equal, so that steps can be counted */
    uint64_t *residue;
} fn_lengths;

#define FN_LENGTHS_PRIME ((UINT64_C(1) << 61) - 1)
#define FN_LENGTHS_NEAR 0x1p-40

/* Of each arc. The reals are divided by a power of two, so that scaling all weights by one changes nothing; those that
 * are more than 2^900 times another may be cut. FN_EINVAL: a weight is not positive and finite. O(arcs) time. */
fn_status fn_lengths_find(fn_run *run, const fn_csr *csr, fn_length_kind kind, fn_lengths *lengths);
fn_status fn_lengths_alloc(fn_run *run, size_t count, fn_lengths *lengths);
void fn_lengths_free(fn_lengths *lengths);

static inline uint64_t fn_residue_add(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum >= FN_LENGTHS_PRIME ? sum - FN_LENGTHS_PRIME : sum;
}

#endif
