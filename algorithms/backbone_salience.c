/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdlib.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include "algorithms/backbone_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

/* High-salience skeleton (Grady, Thiemann and Brockmann 2012, Nat. Commun. 3:864): the share of firms from which a tie
 * is on a shortest path to somewhere; a tie's length is 1 / weight, direction is ignored, weights of both directions
 * and of parallel ties are added. All shortest paths count, equally long ones within 1e-12 of their length. Within each
 * layer and each connected part of it: the share is of the firms of the part.
 * Parts of more firms than R are sampled: R of their firms are roots, R = ln(2 m / delta) / (2 error^2) for m tied
 * pairs (Hoeffding 1963), so with chance 1 - delta (.95) no tie of the layer is off by more than the error. A note
 * tells how many roots there are. Most saliences are near 0 or near 1, so 0.5 divides them well; the note tells the
 * share between 0.1 and 0.9. Roots depend on the seed. O(roots (m + n log n)) on all threads, 4 bytes a pair and
 * thread. */

enum { STREAM_ROOTS = 0x7361, ROOTS_AT_ONCE = 64 };

typedef struct heap_entry {
    double distance;
    uint32_t firm;
} heap_entry;

/* What a thread searches with. */
typedef struct work {
    double *distance;      /* infinite: not reached */
    heap_entry *heap;      /* at most one entry an arc */
    uint32_t *reached;
    uint32_t *used;        /* by arc: roots whose shortest paths use it in this direction */
} work;

typedef struct roots {
    uint32_t *root;        /* all roots, part by part */
    uint32_t count, *of_part, *part;
    uint32_t parts;
    bool sampled;
} roots;

static bool is_before(heap_entry a, heap_entry b)
{
    return a.distance != b.distance ? a.distance < b.distance : a.firm < b.firm;
}

static void heap_push(heap_entry *heap, size_t *count, heap_entry entry)
{
    size_t at = (*count)++;
    for (; at > 0 && is_before(entry, heap[(at - 1) / 2]); at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = entry;
}

static heap_entry heap_pop(heap_entry *heap, size_t *count)
{
    heap_entry top = heap[0], last = heap[--*count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < *count; at = child) {
        if (child + 1 < *count && is_before(heap[child + 1], heap[child])) child++;
        if (!is_before(heap[child], last)) break;
        heap[at] = heap[child];
    }
    heap[at] = last;
    return top;
}

/* Dijkstra from one root, then every arc that lies on a shortest path. */
static void search(const fn_csr *both, const double *length, uint32_t root, work *w)
{
    size_t waiting = 0, reached = 0;
    w->distance[root] = 0;
    heap_push(w->heap, &waiting, (heap_entry) { 0, root });
    while (waiting) {
        heap_entry u = heap_pop(w->heap, &waiting);
        if (u.distance > w->distance[u.firm]) continue;
        w->reached[reached++] = u.firm;
        for (size_t i = both->offset[u.firm]; i < both->offset[u.firm + 1]; i++) {
            uint32_t v = both->target[i];
            double distance = u.distance + length[i];
            if (!(distance < w->distance[v])) continue;
            w->distance[v] = distance;
            heap_push(w->heap, &waiting, (heap_entry) { distance, v });
        }
    }
    for (size_t k = 0; k < reached; k++) {
        uint32_t u = w->reached[k];
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
            double there = w->distance[both->target[i]];
            w->used[i] += there > w->distance[u] && w->distance[u] + length[i] <= there * (1 + 1e-12);
        }
    }
    for (size_t k = 0; k < reached; k++) w->distance[w->reached[k]] = INFINITY;
}

typedef struct drawn {
    uint64_t lot;
    uint32_t part, firm;
} drawn;

static int by_part_and_lot(const void *a, const void *b)
{
    const drawn *x = a, *y = b;
    if (x->part != y->part) return x->part < y->part ? -1 : 1;
    if (x->lot != y->lot) return x->lot < y->lot ? -1 : 1;
    return (x->firm > y->firm) - (x->firm < y->firm);
}

/* Of each part its firms with the lowest lots, at most `most`. */
static fn_status choose_roots(fn_run *run, const fn_csr *both, double most, roots *r)
{
    r->part = fn_alloc(run, both->firms, sizeof *r->part);
    fn_status status = r->part ? fn_csr_parts(run, both, r->part, &r->parts) : FN_ENOMEM;
    drawn *lot = status ? NULL : fn_alloc(run, both->firms, sizeof *lot);
    r->of_part = status ? NULL : fn_alloc(run, r->parts, sizeof *r->of_part);
    r->root = status ? NULL : fn_alloc(run, both->firms, sizeof *r->root);
    if (!status && (!lot || !r->of_part || !r->root)) status = FN_ENOMEM;
    uint32_t firms = 0;
    for (uint32_t u = 0; u < both->firms && !status; u++)
        if (fn_csr_degree(both, u)) lot[firms++] = (drawn) { fn_random(run->seed, STREAM_ROOTS, u), r->part[u], u };
    if (firms) qsort(lot, firms, sizeof *lot, by_part_and_lot);
    for (uint32_t k = 0; k < firms; k++) {
        if (r->of_part[lot[k].part] >= most) r->sampled = true;
        else r->root[r->count++] = lot[k].firm, r->of_part[lot[k].part]++;
    }
    fn_free(lot);
    return status;
}

static fn_status work_new(fn_run *run, const fn_csr *both, work *w)
{
    w->distance = fn_alloc(run, both->firms, sizeof *w->distance);
    w->heap = fn_alloc(run, both->arcs + 1, sizeof *w->heap);
    w->reached = fn_alloc(run, both->firms, sizeof *w->reached);
    w->used = fn_alloc(run, both->arcs, sizeof *w->used);
    if (!w->distance || !w->heap || !w->reached || !w->used) return FN_ENOMEM;
    for (uint32_t u = 0; u < both->firms; u++) w->distance[u] = INFINITY;
    return FN_OK;
}

/* All roots on all threads; the sum over threads is in the first work. */
static fn_status search_all(fn_run *run, const fn_csr *both, const double *length, const roots *r, work **works)
{
    int threads = (uint64_t) r->count * both->arcs > 1 << 16 ? fn_run_threads(run) : 1;
    work *w = *works = fn_alloc(run, (size_t) threads, sizeof *w);
    fn_status status = w ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < threads && !status; t++) status = work_new(run, both, &w[t]);
    for (uint32_t first = 0; first < r->count && !status; first += ROOTS_AT_ONCE) {
        uint32_t end = r->count - first < ROOTS_AT_ONCE ? r->count : first + ROOTS_AT_ONCE;
        if ((status = fn_progress(run, "high-salience skeleton", (double) first / r->count))) break;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (uint32_t k = first; k < end; k++) {
#ifdef _OPENMP
            search(both, length, r->root[k], &w[omp_get_thread_num()]);
#else
            search(both, length, r->root[k], &w[0]);
#endif
        }
    }
    for (int t = 1; t < threads && !status; t++)
        for (size_t i = 0; i < both->arcs; i++) w[0].used[i] += w[t].used[i];
    for (int t = 0; w && t < threads; t++) {
        fn_free(w[t].distance);
        fn_free(w[t].heap);
        fn_free(w[t].reached);
        if (t > 0 || status) fn_free(w[t].used);
    }
    if (!status) return FN_OK;
    fn_free(w);
    *works = NULL;
    return status;
}

static void write_shares(const fn_view *view, uint16_t layer, const fn_csr *both, const roots *r, const uint32_t *used,
                         fn_column *score, size_t *judged, size_t *between)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    for (size_t row = 0; row < view->ties; row++) {
        const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
        if (t.layer != layer || t.from == t.to || !(view->weight[row] > 0)) continue;
        double times = (double) used[fn_csr_find(both, t.from, t.to)] + used[fn_csr_find(both, t.to, t.from)];
        double share = score->real[row] = times / r->of_part[r->part[t.from]];
        *between += share > 0.1 && share < 0.9;
        ++*judged;
    }
}

static double *lengths_of(fn_run *run, const fn_csr *both)
{
    double *length = fn_alloc(run, both->arcs, sizeof *length), largest = 0;
    int exponent;
    for (size_t i = 0; i < both->arcs; i++) largest = fmax(largest, both->weight[i]);
    frexp(largest, &exponent);
    for (size_t i = 0; length && i < both->arcs; i++) length[i] = 1 / fmax(ldexp(both->weight[i], -exponent), 0x1p-900);
    return length;
}

static fn_status judge_layer(fn_run *run, const fn_view *view, uint16_t layer, const double *weight, double error,
                             fn_column *score)
{
    fn_csr *both = NULL;
    roots r = { 0 };
    double *length = NULL, most = 0;
    work *works = NULL;
    size_t judged = 0, between = 0;
    fn_status status = fn_view_csr_weighted(run, view, layer, FN_CSR_BOTH, false, weight, &both);
    if (!status && !(length = lengths_of(run, both))) status = FN_ENOMEM;
    if (!status) most = ceil(log(fmax((double) both->arcs, 1) / 0.05) / (2 * error * error)); /* arcs = 2 m */
    if (!status) status = choose_roots(run, both, most, &r);
    if (!status) status = search_all(run, both, length, &r, &works);
    if (!status) {
        write_shares(view, layer, both, &r, works->used, score, &judged, &between);
        size_t size;
        const char *name = fn_names_text(fn_net_layers(view->net), layer, &size);
        fn_note(run, "salience, layer %.*s: %u roots, %s; %.3g %% of the ties are between 0.1 and 0.9", (int) size,
                name, r.count, r.sampled ? "a sample (--salience-error)" : "all firms",
                judged ? 100.0 * (double) between / (double) judged : 0.0);
        fn_free(works->used);
    }
    fn_free(works);
    fn_free(length);
    fn_free(r.root);
    fn_free(r.of_part);
    fn_free(r.part);
    fn_csr_free(both);
    return status;
}

static fn_status run_salience(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    const double *weight;
    double *own = NULL;
    fn_column *score;
    fn_status status = fn_table_add(run, result, "score", FN_COLUMN_REAL, &score);
    if (!status) status = fn_safe_weights(run, view, &weight, &own);
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++)
        if (view->layers >> layer & 1)
            status = judge_layer(run, view, layer, weight, fn_values_real(values, "salience-error"), score);
    fn_free(own);
    return status;
}

static const fn_param params[] = {
    { .name = "salience-error", .type = FN_PARAM_REAL, .argument = "E", .fallback = "0.1", .low = 0.001, .high = 1,
      .text = "salience: no tie's is off by more than E, 19 times in 20; fewer firms than that needs are all taken" },
    { .name = NULL }
};

const fn_algorithm fn_algorithm_salience = {
    .name = "salience", .group = FN_GROUP_BACKBONE, .text = "share of firms whose shortest paths lead along the tie",
    .gives = "score", .params = params, .source = "Grady, Thiemann and Brockmann 2012", .run = run_salience
};
