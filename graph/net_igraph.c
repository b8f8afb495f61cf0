/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/igraph_bridge.h"

fn_status fn_igraph_fill(fn_run *run, uint32_t firms, size_t ties, const fn_tie *tie, igraph_t *graph)
{
    igraph_vector_int_t ends;
    if (igraph_vector_int_init(&ends, (igraph_integer_t) ties * 2)) return fn_fail(run, FN_ENOMEM, "out of memory");
    for (size_t e = 0; e < ties; e++) {
        VECTOR(ends)[2 * e] = tie[e].from;
        VECTOR(ends)[2 * e + 1] = tie[e].to;
    }
    igraph_error_t code = igraph_create(graph, &ends, firms, true);
    igraph_vector_int_destroy(&ends);
    return code ? fn_fail(run, FN_EIGRAPH, "%s", igraph_strerror(code)) : FN_OK;
}
