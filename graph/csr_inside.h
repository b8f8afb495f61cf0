/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_GRAPH_CSR_INSIDE_H
#define FN_GRAPH_CSR_INSIDE_H

#include "graph/csr.h"

/* Only for csr*.c. Ties to turn into adjacency, sorted by (from, to). */
typedef struct fn_arcs {
    uint32_t firms;
    size_t ties;
    const uint32_t *from, *to;
    const double *weight;        /* NULL: 1 each */
    const bool *marked;          /* NULL: all count */
} fn_arcs;

static inline bool fn_arcs_count(const fn_arcs *a, size_t tie)
{
    return a->from[tie] != a->to[tie] && (!a->marked || a->marked[tie]);
}

/* Rows with room for so many arcs; offsets are zero. On failure *made is what can be freed. */
fn_status fn_csr_alloc(fn_run *run, uint32_t firms, size_t arcs, fn_csr **made);
/* Rows of those who receive; arcs of a row in the order of the ties, parallel ones side by side. */
fn_status fn_csr_backward(fn_run *run, const fn_arcs *a, fn_csr **made);

#endif
