/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/betweenness_inside.h"
fn_status fn_betweenness_draw(fn_run *run, const fn_csr *out, const fn_lengths *lengths, double epsilon, double delta,
                              double *score, fn_betweenness_how *how)
{
    (void) out; (void) lengths; (void) epsilon; (void) delta; (void) score; (void) how;
    return fn_fail(run, FN_EINVAL, "not yet");
}
