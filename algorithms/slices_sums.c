/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "algorithms/slices_inside.h"
#include "graph/memory.h"

/* Volumes of clusters and terms in a table of open addresses, at most half full. */

fn_status fn_slice_sums_reserve(fn_run *run, fn_slice_sums *sums, size_t more)
{
    if (sums->places && (sums->used + more) * 2 <= sums->places) return FN_OK;
    size_t kept = 0, places = 64;
    for (size_t i = 0; i < sums->places; i++) kept += sums->volume[i] != 0;
    while (places < 3 * kept + 2 * more) places *= 2; /* half of what is kept may come before the next time */
    fn_slice_sums made = { .places = places, .terms = sums->terms };
    if (!(made.key = fn_alloc(run, places, sizeof *made.key)) ||
        !(made.volume = fn_alloc(run, places, sizeof *made.volume))) {
        fn_slice_sums_free(&made);
        return FN_ENOMEM;
    }
    for (size_t i = 0; i < sums->places; i++) {
        if (sums->volume[i] == 0) continue;
        const uint64_t key = sums->key[i] - 1;
        size_t place = fn_slice_sums_place(&made, (uint32_t) (key / sums->terms), (uint32_t) (key % sums->terms));
        made.key[place] = sums->key[i];
        made.volume[place] = sums->volume[i];
        made.used++;
    }
    fn_slice_sums_free(sums);
    *sums = made;
    return FN_OK;
}

void fn_slice_sums_add(fn_slice_sums *sums, const fn_slice_graph *graph, uint32_t node, uint32_t cluster, int sign)
{
    for (size_t i = graph->begin[node]; i < graph->begin[node + 1]; i++) {
        const fn_slice_load *load = &graph->load[i];
        size_t place = fn_slice_sums_place(sums, cluster, load->term);
        if (sums->key[place] == 0) {
            sums->key[place] = (uint64_t) cluster * sums->terms + load->term + 1;
            sums->used++;
        }
        sums->volume[place] += sign * load->volume;
    }
}

void fn_slice_sums_clear(fn_slice_sums *sums)
{
    if (sums->places) memset(sums->key, 0, sums->places * sizeof *sums->key);
    if (sums->places) memset(sums->volume, 0, sums->places * sizeof *sums->volume);
    sums->used = 0;
}

void fn_slice_sums_free(fn_slice_sums *sums)
{
    fn_free(sums->key);
    fn_free(sums->volume);
    *sums = (fn_slice_sums) { .terms = sums->terms };
}

/* Volume of a node in a term. */
static int64_t load_in(const fn_slice_graph *graph, uint32_t node, uint32_t term)
{
    size_t low = graph->begin[node], high = graph->begin[node + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->load[middle].term == term) return graph->load[middle].volume;
        if (graph->load[middle].term < term) low = middle + 1;
        else high = middle;
    }
    return 0;
}

double fn_slice_expected_rest(const fn_slice_graph *graph, const fn_slice_sums *sums, uint32_t node, uint32_t cluster)
{
    const fn_slice_terms *terms = graph->terms;
    double sum = 0;
    for (size_t i = graph->begin[node]; i < graph->begin[node + 1]; i++) {
        const fn_slice_load *load = &graph->load[i];
        const uint32_t partner = terms->partner[load->term];
        const int64_t own = partner == load->term ? load->volume : load_in(graph, node, partner);
        sum += terms->factor[load->term] * (double) load->volume *
               (double) (fn_slice_sums_get(sums, cluster, partner) - own);
    }
    return sum;
}
