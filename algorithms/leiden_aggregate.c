/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/leiden_inside.h"
#include "algorithms/team.h"
#include "graph/memory.h"

/* The graph of parts: a node a part, weights between parts added up. Each row is made by one thread from the rows of
 * the part's nodes in their order, so the result does not depend on threads. */

enum { STRETCH = 256 };

/* Arcs of the nodes of a part: its row has no more. */
static size_t row_most(const fn_leiden_graph *fine, const fn_leiden_work *work, uint32_t p)
{
    size_t arcs = 0;
    for (uint32_t i = work->first[p]; i < work->first[p + 1]; i++)
        arcs += fine->offset[work->sorted[i] + 1] - fine->offset[work->sorted[i]];
    return arcs;
}

static uint32_t make_row(const fn_leiden_graph *fine, const fn_leiden_work *work, const uint32_t *part, uint32_t p,
                         const fn_leiden_tally *tally, fn_leiden_graph *coarse, size_t place)
{
    const size_t terms = (size_t) fine->terms->count;
    fn_leiden_tally t = *tally;
    fn_leiden_tally_open(&t, row_most(fine, work, p), coarse->nodes);
    for (uint32_t i = work->first[p]; i < work->first[p + 1]; i++) {
        uint32_t node = work->sorted[i];
        for (size_t k = 0; k < terms; k++) coarse->volume[p * terms + k] += fine->volume[node * terms + k];
        for (size_t arc = fine->offset[node]; arc < fine->offset[node + 1]; arc++) {
            uint32_t other = part[fn_leiden_target(fine, arc)];
            fn_leiden_tally_add(&t, other, fn_leiden_weight(fine, arc));
        }
    }
    uint32_t length = 0;
    for (uint32_t i = 0; i < t.count; i++) {
        uint32_t other = fn_leiden_tally_label(&t, i);
        if (other != p) fn_leiden_set_arc(coarse, place + length++, other, fn_leiden_tally_weight(&t, i));
    }
    fn_leiden_tally_close(&t);
    return length;
}

/* Rows of a stretch of parts stand side by side from where there is room for all of them: pages behind are never
 * touched. */
static void make_stretch(const fn_leiden_graph *fine, const fn_leiden_work *work, const uint32_t *part, uint32_t begin,
                         uint32_t end, const fn_leiden_tally *tally, fn_leiden_graph *coarse)
{
    size_t place = coarse->offset[begin];
    for (uint32_t p = begin; p < end; p++) {
        coarse->offset[p] = place;
        work->number[p] = make_row(fine, work, part, p, tally, coarse, place);
        place += work->number[p];
    }
}

fn_status fn_leiden_aggregate(fn_run *run, const fn_leiden_graph *fine, const uint32_t *part, uint32_t parts,
                              fn_leiden_work *work, fn_leiden_graph *coarse)
{
    const int threads = fn_leiden_threads(work, fn_leiden_arcs(fine));
    (void) threads;
    if (!(coarse->offset = fn_alloc(run, (size_t) parts + 1, sizeof *coarse->offset))) return FN_ENOMEM;
#pragma omp parallel for schedule(dynamic, STRETCH) num_threads(threads)
    for (uint32_t p = 0; p < parts; p++) coarse->offset[p + 1] = row_most(fine, work, p);
    for (uint32_t p = 0; p < parts; p++) coarse->offset[p + 1] += coarse->offset[p];
    fn_status status = fn_leiden_graph_alloc(run, coarse, parts, coarse->offset[parts], false, fine->terms);
    if (status) return status;
    const uint32_t stretches = (parts + STRETCH - 1) / STRETCH;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (uint32_t s = 0; s < stretches; s++)
        make_stretch(fine, work, part, s * STRETCH, s + 1 < stretches ? (s + 1) * STRETCH : parts,
                     &work->tally[fn_team_place()], coarse);
    fn_leiden_graph_close(coarse, work->number);
    return FN_OK;
}
