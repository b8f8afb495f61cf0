/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/fixed_point_inside.h"
#include "graph/memory.h"

/* Two firms are a pair where each is the other's largest taker and gets at least this share of its score. */
static const float PAIR_LEAST = 0.4f;

static double passed_along(const fn_fixed_point *how, size_t arc)
{
    return how->scale ? how->columns->weight[arc] * how->scale[how->columns->target[arc]] : how->columns->weight[arc];
}

/* The firm that u passes most on to, and what that gets of u's score. */
static void choose_taker(const fn_fixed_point *how, uint32_t u, uint32_t *taker, float *given)
{
    const fn_csr *out = how->columns;
    double most = 0;
    size_t best = FN_NO_ARC;
    for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
        double passed = passed_along(how, i);
        best = passed > most ? i : best;
        most = passed > most ? passed : most;
    }
    *taker = best == FN_NO_ARC ? FN_NONE : out->target[best];
    *given = (float) (most * fn_part_of(how, u) * (how->scale ? 1 : how->factor));
}

fn_status fn_solver_find_pairs(fn_run *run, fn_solver *s)
{
    const fn_fixed_point *how = s->how;
    uint32_t *own = how->taker ? NULL : fn_alloc_scattered(run, s->firms, sizeof *own);
    const uint32_t *taker = how->taker ? how->taker : own;
    float *given = s->fix; /* free until the first correction */
    if (!taker) return FN_ENOMEM;
#pragma omp parallel for schedule(dynamic, FN_HALF_WINDOW) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++) {
        if (own) choose_taker(how, u, &own[u], &given[u]);
        else given[u] = (float) (how->taken[u] * how->factor);
    }
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (uint32_t u = 0; u < s->firms; u++) {
        uint32_t v = given[u] >= PAIR_LEAST ? taker[u] : FN_NONE;
        bool is_pair = v != FN_NONE && v != u && taker[v] == u && given[v] >= PAIR_LEAST && given[u] * given[v] < 1;
        s->partner[u] = is_pair ? v : fn_part_of(how, u) == 0 ? FN_LOST : FN_NONE;
        s->coupling[u] = is_pair ? given[v] : 0;
    }
    fn_free(own);
    return FN_OK;
}
