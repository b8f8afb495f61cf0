/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_SEARCH_NET_H
#define FN_ALGORITHMS_SEARCH_NET_H

#include "algorithms/lengths.h"

/* Adjacency for measures that search from every firm: firms with ties only, called by places that are near each other
 * in memory where the firms are near each other in the network. Places of one weakly connected part are consecutive.
 * Rows stand in both directions and are ascending. */
typedef struct fn_search_net {
    uint32_t places;
    size_t arcs;
    uint32_t *firm;          /* of each place */
    uint32_t *part_first;    /* of each place: the first place of its part … */
    uint32_t *part_end;      /* … and the one behind its last */
    size_t *out_start, *in_start; /* places + 1 */
    uint32_t *out, *in;
    fn_lengths out_length, in_length;  /* arrays NULL: every arc is one step */
} fn_search_net;

/* Of the arcs of `out` between firms that are not left out (NULL: all are in). lengths: one an arc of `out`, or none.
 * O(firms + arcs) time. */
fn_status fn_search_net_new(fn_run *run, const fn_csr *out, const bool *left_out, const fn_lengths *lengths,
                            fn_search_net **net);
/* Sorts every row by length, then by place. */
void fn_search_net_sort(fn_search_net *net, int threads);
void fn_search_net_free(fn_search_net *net);

#endif
