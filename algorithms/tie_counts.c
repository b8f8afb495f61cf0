/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/tie_inside.h"
#include "graph/memory.h"

enum { PROGRESS_STEPS = 1 << 22 };

/* Does u keep the count of the pair? */
static bool keeps(const fn_csr *both, uint32_t u, uint32_t v)
{
    uint32_t ku = fn_csr_degree(both, u), kv = fn_csr_degree(both, v);
    return ku != kv ? ku > kv : u > v;
}

fn_status fn_common_count(fn_run *run, const fn_csr *both, uint32_t *common)
{
    bool *partner = fn_alloc(run, both->firms, sizeof *partner);
    if (!partner) return FN_ENOMEM;
    fn_status status = FN_OK;
    uint64_t steps = 0;
    for (uint32_t u = 0; u < both->firms && !status; u++) {
        size_t begin = both->offset[u], end = both->offset[u + 1];
        for (size_t i = begin; i < end; i++) partner[both->target[i]] = true;
        for (size_t i = begin; i < end; i++) {
            uint32_t v = both->target[i];
            if (!keeps(both, u, v)) continue;
            uint32_t n = 0;
            for (size_t j = both->offset[v]; j < both->offset[v + 1]; j++) n += partner[both->target[j]];
            common[i] = n;
            steps += fn_csr_degree(both, v);
        }
        for (size_t i = begin; i < end; i++) partner[both->target[i]] = false;
        if (steps < PROGRESS_STEPS) continue;
        status = fn_progress(run, "common partners", (double) u / both->firms);
        steps = 0;
    }
    fn_free(partner);
    return status;
}

uint32_t fn_common_of(const fn_csr *both, const uint32_t *common, uint32_t u, uint32_t v)
{
    return common[keeps(both, u, v) ? fn_csr_find(both, u, v) : fn_csr_find(both, v, u)];
}
