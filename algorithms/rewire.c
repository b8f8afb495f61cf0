/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/rewire.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { SWAPS_A_PAIR = 10, ATTEMPTS_A_PAIR = 100, STREAM_PICK = 71, STREAM_TURN = 72 };

static const uint64_t NOTHING = UINT64_MAX;

/* --- The pairs --- */

static fn_status add_layer(fn_run *run, fn_tied_pairs *pairs, int layer, size_t *capacity)
{
    fn_csr *csr;
    bool directed = pairs->directed[layer];
    fn_status status = fn_view_csr(run, pairs->view, layer, directed ? FN_CSR_OUT : FN_CSR_BOTH, false, &csr);
    if (status) return status;
    size_t more = directed ? csr->arcs : csr->arcs / 2, needed = pairs->count + more;
    if (needed > *capacity) {
        void *from = fn_resize(run, pairs->from, needed, sizeof *pairs->from);
        if (from) pairs->from = from;
        void *to = fn_resize(run, pairs->to, needed, sizeof *pairs->to);
        if (to) pairs->to = to;
        void *weight = fn_resize(run, pairs->weight, needed, sizeof *pairs->weight);
        if (weight) pairs->weight = weight;
        if (!from || !to || !weight) {
            fn_csr_free(csr);
            return FN_ENOMEM;
        }
        *capacity = needed;
    }
    for (uint32_t u = 0; u < csr->firms; u++)
        for (size_t arc = csr->offset[u]; arc < csr->offset[u + 1]; arc++) {
            if (!directed && csr->target[arc] < u) continue;
            pairs->from[pairs->count] = u;
            pairs->to[pairs->count] = csr->target[arc];
            pairs->weight[pairs->count++] = csr->weight[arc];
        }
    if (more > pairs->largest_layer) pairs->largest_layer = more;
    fn_csr_free(csr);
    return FN_OK;
}

fn_status fn_tied_pairs_find(fn_run *run, const fn_view *view, const fn_leiden_options *options, fn_tied_pairs *pairs)
{
    size_t capacity = 0;
    fn_status status = FN_OK;
    *pairs = (fn_tied_pairs) { .view = view };
    for (int layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        pairs->first[layer] = pairs->count;
        pairs->directed[layer] = options->directed && fn_net_layer_directed((uint16_t) layer);
        if (view->layers >> layer & 1 && options->layer_weight[layer] > 0)
            status = add_layer(run, pairs, layer, &capacity);
    }
    pairs->first[FN_LAYERS_MOST] = pairs->count;
    if (!status && pairs->largest_layer > UINT32_MAX)
        status = fn_fail(run, FN_EINVAL, "more than %u ties of a layer can't be rewired", UINT32_MAX);
    if (status) fn_tied_pairs_free(pairs);
    return status;
}

void fn_tied_pairs_free(fn_tied_pairs *pairs)
{
    fn_free(pairs->from);
    fn_free(pairs->to);
    fn_free(pairs->weight);
    *pairs = (fn_tied_pairs) { 0 };
}

/* --- The set of pairs that are there --- */

static size_t place_of(const fn_rewiring *r, uint64_t key)
{
    return fn_mix64(key + 0x9e3779b97f4a7c15ULL) & (r->places - 1);
}

static bool set_has(const fn_rewiring *r, uint64_t key)
{
    size_t at = place_of(r, key);
    while (r->set[at] != NOTHING && r->set[at] != key) at = (at + 1) & (r->places - 1);
    return r->set[at] == key;
}

static void set_add(fn_rewiring *r, uint64_t key)
{
    size_t at = place_of(r, key);
    while (r->set[at] != NOTHING) at = (at + 1) & (r->places - 1);
    r->set[at] = key;
}

/* Those behind move up where they may, so that no search ends too early. */
static void set_remove(fn_rewiring *r, uint64_t key)
{
    size_t mask = r->places - 1, hole = place_of(r, key);
    while (r->set[hole] != key) hole = (hole + 1) & mask;
    for (size_t at = (hole + 1) & mask; r->set[at] != NOTHING; at = (at + 1) & mask) {
        size_t home = place_of(r, r->set[at]);
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        r->set[hole] = r->set[at];
        hole = at;
    }
    r->set[hole] = NOTHING;
}

static uint64_t pair_key(bool directed, uint32_t from, uint32_t to)
{
    if (directed || from < to) return (uint64_t) from << 32 | to;
    return (uint64_t) to << 32 | from;
}

/* --- Rewiring --- */

fn_status fn_rewiring_new(fn_run *run, const fn_tied_pairs *pairs, fn_rewiring *r)
{
    *r = (fn_rewiring) { .pairs = pairs, .places = 4 };
    while (r->places < 2 * pairs->largest_layer) r->places *= 2;
    r->from = fn_alloc_bare(run, pairs->count, sizeof *r->from);
    r->to = fn_alloc_bare(run, pairs->count, sizeof *r->to);
    r->set = fn_alloc_scattered(run, r->places, sizeof *r->set);
    if (r->from && r->to && r->set) return FN_OK;
    fn_rewiring_free(r);
    return FN_ENOMEM;
}

void fn_rewiring_free(fn_rewiring *r)
{
    fn_free(r->from);
    fn_free(r->to);
    fn_free(r->set);
    *r = (fn_rewiring) { 0 };
}

static void enter_layer(fn_rewiring *r)
{
    const fn_tied_pairs *pairs = r->pairs;
    r->tried = r->swapped = 0;
    if (r->layer >= FN_LAYERS_MOST || pairs->first[r->layer] == pairs->first[r->layer + 1]) return;
    memset(r->set, 0xff, r->places * sizeof *r->set);
    for (size_t i = pairs->first[r->layer]; i < pairs->first[r->layer + 1]; i++)
        set_add(r, pair_key(pairs->directed[r->layer], r->from[i], r->to[i]));
}

void fn_rewiring_start(fn_rewiring *r, uint64_t seed)
{
    r->seed = seed;
    r->layer = 0;
    r->swapped_before = 0;
    memcpy(r->from, r->pairs->from, r->pairs->count * sizeof *r->from);
    memcpy(r->to, r->pairs->to, r->pairs->count * sizeof *r->to);
    enter_layer(r);
}

/* Two pairs a→b, c→d become a→d, c→b, unless that makes a self tie, a pair that is there, or no change. */
static bool try_swap(fn_rewiring *r, size_t one, size_t other, bool directed, bool turn)
{
    uint32_t a = r->from[one], b = r->to[one];
    uint32_t c = turn ? r->to[other] : r->from[other], d = turn ? r->from[other] : r->to[other];
    if (a == c || b == d || a == d || b == c) return false;
    uint64_t made = pair_key(directed, a, d), also_made = pair_key(directed, c, b);
    if (set_has(r, made) || set_has(r, also_made)) return false;
    set_remove(r, pair_key(directed, a, b));
    set_remove(r, pair_key(directed, c, d));
    set_add(r, made);
    set_add(r, also_made);
    r->to[one] = d;
    r->from[other] = c;
    r->to[other] = b;
    return true;
}

static bool layer_done(const fn_rewiring *r, size_t count)
{
    return count < 2 || r->swapped >= SWAPS_A_PAIR * count || r->tried >= ATTEMPTS_A_PAIR * count;
}

bool fn_rewiring_advance(fn_rewiring *r, size_t attempts)
{
    while (r->layer < FN_LAYERS_MOST) {
        size_t first = r->pairs->first[r->layer], count = r->pairs->first[r->layer + 1] - first;
        bool directed = r->pairs->directed[r->layer];
        uint64_t layer_seed = r->seed + (uint64_t) r->layer * 0xd1342543de82ef95ULL;
        for (; !layer_done(r, count); r->tried++, attempts--) {
            if (attempts == 0) return true;
            uint64_t pick = fn_random(layer_seed, STREAM_PICK, r->tried);
            size_t one = first + (size_t) ((pick >> 32) * count >> 32);
            size_t other = first + (size_t) ((pick & UINT32_MAX) * count >> 32);
            bool turn = !directed && fn_random(layer_seed, STREAM_TURN, r->tried) >> 63;
            r->swapped += one != other && try_swap(r, one, other, directed, turn);
        }
        r->swapped_before += r->swapped;
        r->layer++;
        enter_layer(r);
    }
    return false;
}

/* --- The rewired network --- */

static fn_status add_names(fn_run *run, const fn_net *like, fn_net *net)
{
    fn_status status = FN_OK;
    char key[24];
    for (uint32_t firm = 0; firm < fn_net_firms(like) && !status; firm++) {
        uint32_t number;
        int length = snprintf(key, sizeof key, "%u", firm);
        status = fn_net_firm(run, net, key, (size_t) length, &number);
    }
    for (uint32_t layer = 0; layer < fn_names_count(fn_net_layers(like)) && !status; layer++) {
        uint16_t number;
        size_t length;
        const char *name = fn_names_text(fn_net_layers(like), layer, &length);
        status = fn_net_layer(run, net, name, length, &number);
    }
    return status;
}

fn_status fn_tied_pairs_net(fn_run *run, const fn_net *like, size_t count, const uint32_t *from, const uint32_t *to,
                            const double *weight, const uint16_t *layer, fn_net **net)
{
    fn_net *made = NULL;
    fn_ties_block block = {
        .rows = count, .from = from, .to = to,
        .more = { .product = FN_NONE, .value = NAN, .weight = NAN, .count = 1, .first = FN_DAY_NONE,
                  .last = FN_DAY_NONE }
    };
    block.cells[FN_TIES_WEIGHT] = weight;
    block.cells[FN_TIES_LAYER] = layer;
    fn_status status = fn_net_new(run, &made);
    if (!status) status = add_names(run, like, made);
    if (!status) status = fn_net_add_block(run, made, &block);
    if (!status) status = fn_net_freeze(run, made);
    if (status) fn_net_free(made);
    else *net = made;
    return status;
}

fn_status fn_rewiring_net(fn_run *run, const fn_rewiring *r, fn_net **net)
{
    const fn_tied_pairs *pairs = r->pairs;
    uint16_t *layer = NULL;
    uint32_t *from = NULL, *to = NULL;
    fn_status status = FN_ENOMEM;
    if (!(layer = fn_alloc_bare(run, pairs->count, sizeof *layer))) goto done;
    if (!(from = fn_alloc_bare(run, pairs->count, sizeof *from))) goto done;
    if (!(to = fn_alloc_bare(run, pairs->count, sizeof *to))) goto done;
    for (int l = 0; l < FN_LAYERS_MOST; l++)
        for (size_t i = pairs->first[l]; i < pairs->first[l + 1]; i++) {
            bool turn = !pairs->directed[l] && r->to[i] < r->from[i];
            layer[i] = (uint16_t) l;
            from[i] = turn ? r->to[i] : r->from[i];
            to[i] = turn ? r->from[i] : r->to[i];
        }
    status = fn_tied_pairs_net(run, pairs->view->net, pairs->count, from, to, pairs->weight, layer, net);
done:
    fn_free(to);
    fn_free(from);
    fn_free(layer);
    return status;
}
