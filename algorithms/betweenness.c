/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/algorithm.h"
#include "algorithms/betweenness_inside.h"
#include "algorithms/centrality.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { STREAM_SOURCES = 0x6265 };

/* The firms to search from, ascending: a sample of those with arcs out, drawn by the seed. */
static void draw_sources(const fn_run *run, const fn_csr *out, uint32_t possible, uint32_t samples, uint32_t *source)
{
    /* Selection sampling: each is taken with the chance that is left, so the sample is even and already in order. */
    uint32_t taken = 0, i = 0;
    for (uint32_t u = 0; taken < samples; u++) {
        if (fn_csr_degree(out, u) == 0) continue;
        if (fn_random_below(run->seed, STREAM_SOURCES, i, possible - i) < samples - taken) source[taken++] = u;
        i++;
    }
}

static fn_status from_sources(fn_run *run, const fn_csr *out, const fn_lengths *lengths, uint32_t samples,
                              double *score, fn_betweenness_how *how)
{
    uint32_t *source = fn_alloc(run, samples, sizeof *source);
    if (!source) return FN_ENOMEM;
    how->way = FN_BETWEENNESS_SOURCES;
    fn_note(run, "betweenness is estimated from %u of the %u firms that deliver to others", samples, how->possible);
    draw_sources(run, out, how->possible, samples, source);
    fn_status status = fn_betweenness_add_up(run, out, lengths, source, samples, score, &how->sources);
    fn_free(source);
    for (uint32_t u = 0; !status && u < out->firms; u++) score[u] *= (double) how->possible / samples;
    return status;
}

fn_status fn_betweenness(fn_run *run, const fn_csr *out, const fn_betweenness_options *options, double *score,
                         fn_betweenness_how *how)
{
    fn_betweenness_how own;
    fn_lengths lengths;
    if (!how) how = &own;
    *how = (fn_betweenness_how) { 0 };
    for (uint32_t u = 0; u < out->firms; u++) how->possible += fn_csr_degree(out, u) > 0;
    fn_status status = fn_lengths_find(run, out, options->length, &lengths);
    if (status) return status;
    if (how->possible <= options->exact_limit || options->samples >= how->possible)
        status = fn_betweenness_add_up(run, out, &lengths, NULL, 0, score, &how->sources);
    else if (options->samples > 0) status = from_sources(run, out, &lengths, options->samples, score, how);
    else status = fn_betweenness_draw(run, out, &lengths, options->epsilon, options->delta, score, how);
    fn_lengths_free(&lengths);
    return status;
}

static fn_status run_betweenness(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    const char *length = fn_values_text(values, "length");
    fn_betweenness_options options = {
        .length = strcmp(length, "inverse") == 0 ? FN_LENGTH_INVERSE
                  : strcmp(length, "given") == 0 ? FN_LENGTH_GIVEN : FN_LENGTH_HOPS,
        .exact_limit = (uint32_t) fn_values_int(values, "exact-limit"),
        .samples = (uint32_t) fn_values_int(values, "samples"),
        .epsilon = fn_values_real(values, "epsilon"), .delta = fn_values_real(values, "delta")
    };
    fn_csr *out = NULL;
    fn_column *column;
    fn_status status = fn_view_csr(run, view, -1, FN_CSR_OUT, options.length == FN_LENGTH_HOPS, &out);
    if (!status) status = fn_table_add(run, result, "betweenness", FN_COLUMN_REAL, &column);
    if (!status) status = fn_betweenness(run, out, &options, column->real, NULL);
    fn_csr_free(out);
    return status;
}

static const fn_param params[] = {
    { .name = "length", .type = FN_PARAM_CHOICE, .argument = "WAY", .fallback = "hops", .choices = "hops|inverse|given",
      .text = "what makes chains short for betweenness: few ties (hops), strong ties (inverse: a tie is 1 / weight "
              "long), or weights that are lengths (given)" },
    { .name = "exact-limit", .type = FN_PARAM_INT, .argument = "N", .fallback = "10000", .low = 0, .high = UINT32_MAX,
      .text = "betweenness is exact where at most N firms deliver to others, and estimated above" },
    { .name = "epsilon", .type = FN_PARAM_REAL, .argument = "SHARE", .fallback = "0.01", .low = 1e-4, .high = 1,
      .text = "largest error of betweenness where it is estimated, as a share of all pairs of firms" },
    { .name = "delta", .type = FN_PARAM_REAL, .argument = "CHANCE", .fallback = "0.1", .low = 1e-9, .high = 0.999,
      .text = "chance that the estimate is worse than that for any firm" },
    { .name = "samples", .type = FN_PARAM_INT, .argument = "N", .fallback = "0", .low = 0, .high = UINT32_MAX,
      .text = "estimate betweenness by searches from N firms instead, without a promise of its error; 0: don't" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_betweenness = {
    .name = "betweenness", .group = FN_GROUP_CENTRALITY,
    .text = "shortest chains of deliveries between two other firms that lead through a firm",
    .gives = "betweenness", .params = params, .source = "Brandes 2001; Borassi and Natale 2019", .run = run_betweenness
};
