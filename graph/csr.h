/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_CSR_H
#define FN_GRAPH_CSR_H

#include <stddef.h>
#include "graph/run.h"

/* Flat adjacency: the only thing parallel kernels touch. Row u is target[offset[u] … offset[u+1]-1], ascending and
 * distinct (parallel ties are one arc, weights added in tie order); self ties are left out.
 *   FN_CSR_OUT   whom u delivers to          FN_CSR_IN   who delivers to u
 *   FN_CSR_BOTH  partners of u, direction ignored: weight = w(u→v) + w(v→u), each arc stands in both rows */
typedef enum fn_csr_side { FN_CSR_OUT, FN_CSR_IN, FN_CSR_BOTH } fn_csr_side;

typedef struct fn_csr {
    uint32_t firms;
    size_t arcs;
    size_t *offset;     /* firms + 1 */
    const uint32_t *target;
    const double *weight;
    uint32_t *own_target; /* NULL: target and weight are those of the ties themselves */
    double *own_weight;
} fn_csr;

/* From parallel arrays of ties, by parallel counting sorts; O(firms + ties). weight NULL = 1 each; both_ways (may be
 * NULL) marks ties that count in both directions. Ties that are not sorted by (from, to) are sorted first, parallel
 * ones in their order: that is the tie order in which weights are added. */
fn_status fn_csr_build(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                       const double *weight, const bool *both_ways, fn_csr_side side, fn_csr **csr);
/* The same over ties sorted by (from, to) that outlive the adjacency: it shares their arrays where it can, as a
 * FN_CSR_OUT without self and parallel ties can. */
fn_status fn_csr_over(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                      const double *weight, fn_csr_side side, fn_csr **csr);
void fn_csr_free(fn_csr *csr);

/* Arcs of a row. */
static inline uint32_t fn_csr_degree(const fn_csr *csr, uint32_t firm)
{
    return (uint32_t) (csr->offset[firm + 1] - csr->offset[firm]);
}

/* Where the arc u→v stands, FN_NO_ARC: nowhere. O(log degree). */
#define FN_NO_ARC SIZE_MAX
size_t fn_csr_find(const fn_csr *csr, uint32_t u, uint32_t v);

/* Weakly connected parts of a FN_CSR_BOTH adjacency: part[u] numbered by first firm; returns how many in *parts. */
fn_status fn_csr_parts(fn_run *run, const fn_csr *both, uint32_t *part, uint32_t *parts);

#endif
