/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_STRONG_PARTS_H
#define FN_ALGORITHMS_STRONG_PARTS_H

#include "graph/csr.h"

/* Strongly connected parts: firms that reach each other along arcs out. Numbered so that arcs between parts lead from
 * higher to lower numbers; *parts is how many there are. Tarjan (1972), SIAM J. Comput. 1:146, without recursion.
 * O(firms + arcs) time, 24 bytes a firm. */
fn_status fn_strong_parts(fn_run *run, const fn_csr *out, uint32_t *part, uint32_t *parts);

#endif
