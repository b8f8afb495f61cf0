/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/search_net.h"
#include "graph/memory.h"
#include "graph/net.h"

void fn_search_net_free(fn_search_net *net)
{
    if (!net) return;
    fn_free(net->firm);
    fn_free(net->part_first);
    fn_free(net->part_end);
    fn_free(net->out_start);
    fn_free(net->in_start);
    fn_free(net->out);
    fn_free(net->in);
    fn_lengths_free(&net->out_length);
    fn_lengths_free(&net->in_length);
    fn_free(net);
}

/* The arcs that count, still between firms: what delivers to each firm, and how many partners it has at most. */
typedef struct sides {
    const fn_csr *out;
    const bool *left_out;
    size_t *in_start;   /* firms + 1 */
    uint32_t *in;
    uint32_t *degree;   /* arcs out and in */
    uint32_t most;
} sides;

static bool is_out(const sides *s, uint32_t firm)
{
    return s->left_out && s->left_out[firm];
}

static fn_status find_sides(fn_run *run, sides *s)
{
    const fn_csr *out = s->out;
    s->in_start = fn_alloc(run, (size_t) out->firms + 2, sizeof *s->in_start);
    s->degree = fn_alloc(run, out->firms, sizeof *s->degree);
    if (!s->in_start || !s->degree) return FN_ENOMEM;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1] && !is_out(s, u); i++) {
            uint32_t v = out->target[i];
            if (is_out(s, v)) continue;
            s->in_start[v + 2]++;
            s->degree[u]++;
            s->degree[v]++;
        }
    for (uint32_t u = 0; u < out->firms; u++) {
        s->in_start[u + 2] += s->in_start[u + 1];
        if (s->degree[u] > s->most) s->most = s->degree[u];
    }
    s->in = fn_alloc_bare(run, s->in_start[out->firms + 1], sizeof *s->in);
    if (!s->in) return FN_ENOMEM;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1] && !is_out(s, u); i++)
            if (!is_out(s, out->target[i])) s->in[s->in_start[out->target[i] + 1]++] = u;
    return FN_OK;
}

/* Firms with arcs, those with most first, by a counting sort; returns how many. */
static fn_status sort_by_degree(fn_run *run, const sides *s, uint32_t *order, uint32_t *count)
{
    uint32_t *start = fn_alloc(run, (size_t) s->most + 2, sizeof *start);
    if (!start) return FN_ENOMEM;
    for (uint32_t u = 0; u < s->out->firms; u++) start[s->most - s->degree[u] + 1]++;
    for (uint32_t d = 0; d <= s->most; d++) start[d + 1] += start[d];
    *count = start[s->most];
    for (uint32_t u = 0; u < s->out->firms; u++) order[start[s->most - s->degree[u]]++] = u;
    fn_free(start);
    return FN_OK;
}

static void visit(fn_search_net *net, uint32_t *place, uint32_t firm)
{
    if (place[firm] != FN_NONE) return;
    place[firm] = net->places;
    net->firm[net->places++] = firm;
}

/* Places: part by part, each breadth first from the firm with most arcs, direction ignored. */
static void number_places(const sides *s, const uint32_t *order, uint32_t count, uint32_t *place, fn_search_net *net)
{
    for (uint32_t u = 0; u < s->out->firms; u++) place[u] = FN_NONE;
    for (uint32_t k = 0; k < count; k++) {
        if (place[order[k]] != FN_NONE) continue;
        uint32_t first = net->places;
        visit(net, place, order[k]);
        for (uint32_t at = first; at < net->places; at++) {
            uint32_t u = net->firm[at];
            for (size_t i = s->out->offset[u]; i < s->out->offset[u + 1]; i++)
                if (!is_out(s, s->out->target[i])) visit(net, place, s->out->target[i]);
            for (size_t i = s->in_start[u]; i < s->in_start[u + 1]; i++) visit(net, place, s->in[i]);
        }
        for (uint32_t at = first; at < net->places; at++) net->part_first[at] = first, net->part_end[at] = net->places;
    }
}

static void copy_length(fn_lengths *to, size_t at, const fn_lengths *from, size_t i)
{
    to->real[at] = from->real[i];
    to->residue[at] = from->residue[i];
}

/* Ascending rows: arcs into each place are found by going through the places that they come from in order, and the
 * same once more the other way round. */
static void fill_rows(const sides *s, const uint32_t *place, const fn_lengths *lengths, fn_search_net *net)
{
    const fn_csr *out = s->out;
    for (uint32_t p = 0; p < net->places; p++) {
        uint32_t u = net->firm[p];
        net->in_start[p + 2] = s->in_start[u + 1] - s->in_start[u];
        net->out_start[p + 2] = s->degree[u] - net->in_start[p + 2];
    }
    for (uint32_t p = 0; p < net->places; p++) {
        net->in_start[p + 2] += net->in_start[p + 1];
        net->out_start[p + 2] += net->out_start[p + 1];
    }
    for (uint32_t p = 0; p < net->places; p++) {
        uint32_t u = net->firm[p];
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) {
            if (is_out(s, out->target[i])) continue;
            size_t at = net->in_start[place[out->target[i]] + 1]++;
            net->in[at] = p;
            if (lengths->real) copy_length(&net->in_length, at, lengths, i);
        }
    }
    for (uint32_t p = 0; p < net->places; p++)
        for (size_t i = net->in_start[p]; i < net->in_start[p + 1]; i++) {
            size_t at = net->out_start[net->in[i] + 1]++;
            net->out[at] = p;
            if (lengths->real) copy_length(&net->out_length, at, &net->in_length, i);
        }
}

static fn_status alloc_net(fn_run *run, const sides *s, uint32_t count, bool lengths, fn_search_net *net)
{
    net->arcs = s->in_start[s->out->firms];
    net->firm = fn_alloc(run, count, sizeof *net->firm);
    net->part_first = fn_alloc(run, count, sizeof *net->part_first);
    net->part_end = fn_alloc(run, count, sizeof *net->part_end);
    net->out_start = fn_alloc(run, (size_t) count + 2, sizeof *net->out_start);
    net->in_start = fn_alloc(run, (size_t) count + 2, sizeof *net->in_start);
    net->out = fn_alloc_bare(run, net->arcs, sizeof *net->out);
    net->in = fn_alloc_bare(run, net->arcs, sizeof *net->in);
    if (!net->firm || !net->part_first || !net->part_end || !net->out_start || !net->in_start) return FN_ENOMEM;
    if (!net->out || !net->in) return FN_ENOMEM;
    fn_status status = lengths ? fn_lengths_alloc(run, net->arcs, &net->out_length) : FN_OK;
    return lengths && !status ? fn_lengths_alloc(run, net->arcs, &net->in_length) : status;
}

fn_status fn_search_net_new(fn_run *run, const fn_csr *out, const bool *left_out, const fn_lengths *lengths,
                            fn_search_net **made)
{
    sides s = { .out = out, .left_out = left_out };
    uint32_t *order = fn_alloc(run, out->firms, sizeof *order), *place = fn_alloc(run, out->firms, sizeof *place);
    fn_search_net *net = fn_alloc(run, 1, sizeof *net);
    uint32_t count = 0;
    fn_status status = order && place && net ? FN_OK : FN_ENOMEM;
    if (!status) status = find_sides(run, &s);
    if (!status) status = sort_by_degree(run, &s, order, &count);
    if (!status) status = alloc_net(run, &s, count, lengths->real != NULL, net);
    if (!status) {
        number_places(&s, order, count, place, net);
        fill_rows(&s, place, lengths, net);
    } else {
        fn_search_net_free(net);
        net = NULL;
    }
    fn_free(s.in_start);
    fn_free(s.in);
    fn_free(s.degree);
    fn_free(order);
    fn_free(place);
    *made = net;
    return status;
}

static bool is_before(const uint32_t *row, const fn_lengths *length, size_t a, double real, uint32_t place)
{
    return length->real[a] < real || (length->real[a] == real && row[a] < place);
}

/* Shell's sort: in place, and rows are short. */
static void sort_row(uint32_t *row, fn_lengths *length, size_t first, size_t end)
{
    size_t gap = 1;
    while (gap < (end - first) / 3) gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3)
        for (size_t i = first + gap; i < end; i++) {
            uint32_t place = row[i];
            double real = length->real[i];
            uint64_t residue = length->residue[i];
            size_t at = i;
            for (; at >= first + gap && !is_before(row, length, at - gap, real, place); at -= gap) {
                row[at] = row[at - gap];
                copy_length(length, at, length, at - gap);
            }
            row[at] = place;
            length->real[at] = real;
            length->residue[at] = residue;
        }
}

void fn_search_net_sort(fn_search_net *net, int threads)
{
    if (!net->out_length.real) return;
#ifdef _OPENMP
#pragma omp parallel for num_threads(threads) schedule(dynamic, 256) if (threads > 1)
#else
    (void) threads;
#endif
    for (uint32_t p = 0; p < net->places; p++) {
        sort_row(net->out, &net->out_length, net->out_start[p], net->out_start[p + 1]);
        sort_row(net->in, &net->in_length, net->in_start[p], net->in_start[p + 1]);
    }
}
