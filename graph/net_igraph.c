/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/igraph_bridge.h"
#include "graph/memory.h"

/* igraph keeps a graph as six vectors of whole numbers:
 *   from, to  ends of each edge, in edge order (undirected: from is the higher end)
 *   oi        edges by (from, to), parallel edges by falling edge number
 *   ii        edges by (to, from), parallel edges by falling edge number
 *   os, is    where each vertex starts in oi and ii, with the number of edges behind the last
 * igraph_create sorts them through linked lists. We sort by counting, on all threads: from and to are copied, then
 *   ties sorted by (from, to), as a net has them: oi is each run of parallel edges turned round, ii one sort of it by
 *     to
 *   others: edges by falling number are sorted by to, by from and by to again
 * A sort cuts the edges into as many parts as threads. Each part has counters of its own, and what they become says
 * where each of its edges goes; so any number of parts gives the same order. */

enum {
    PARTS_MOST = 64,
    PART_EDGES = 1 << 15 /* fewer edges are not worth a thread */
};

typedef struct ends {
    const uint32_t *from, *to;
    size_t count;
    bool directed;
} ends;

typedef struct filling {
    fn_run *run;
    const ends *ends;
    uint32_t vertices;
    size_t parts, part; /* part: edges of each */
    uint32_t *place;    /* of each part, for each vertex: how many edges, then where the next goes */
    igraph_t *graph;
} filling;

static size_t part_end(const filling *f, size_t part)
{
    return (part + 1) * f->part < f->ends->count ? (part + 1) * f->part : f->ends->count;
}

static bool ends_sorted(const ends *e)
{
    for (size_t i = 1; i < e->count; i++)
        if (e->from[i] < e->from[i - 1] || (e->from[i] == e->from[i - 1] && e->to[i] < e->to[i - 1])) return false;
    return true;
}

static void fill_ends(const filling *f)
{
    const ends *e = f->ends;
    igraph_int_t *from = VECTOR(f->graph->from), *to = VECTOR(f->graph->to);
#pragma omp parallel for schedule(static, 1) num_threads((int) f->parts)
    for (size_t p = 0; p < f->parts; p++)
        for (size_t i = p * f->part; i < part_end(f, p); i++) {
            bool turned = !e->directed && e->from[i] < e->to[i];
            from[i] = turned ? e->to[i] : e->from[i];
            to[i] = turned ? e->from[i] : e->to[i];
        }
}

/* Sort `in` (NULL: all edges by falling number) stably by key into `out`; start as os and is. */
static void sort_edges(const filling *f, const igraph_int_t *key, const igraph_int_t *in, igraph_int_t *start,
                       igraph_int_t *out)
{
    size_t edges = f->ends->count, vertices = f->vertices;
    uint32_t at = 0;
#pragma omp parallel for schedule(static, 1) num_threads((int) f->parts)
    for (size_t p = 0; p < f->parts; p++) {
        uint32_t *count = f->place + p * vertices;
        memset(count, 0, vertices * sizeof *count);
        for (size_t i = p * f->part; i < part_end(f, p); i++) count[key[in ? (size_t) in[i] : edges - 1 - i]]++;
    }
    for (size_t v = 0; v < vertices; v++) {
        start[v] = at;
        for (size_t p = 0; p < f->parts; p++) {
            uint32_t here = f->place[p * vertices + v];
            f->place[p * vertices + v] = at;
            at += here;
        }
    }
    start[vertices] = at;
#pragma omp parallel for schedule(static, 1) num_threads((int) f->parts)
    for (size_t p = 0; p < f->parts; p++) {
        uint32_t *place = f->place + p * vertices;
        for (size_t i = p * f->part; i < part_end(f, p); i++) {
            igraph_int_t edge = in ? in[i] : (igraph_int_t) (edges - 1 - i);
            out[place[key[edge]]++] = edge;
        }
    }
}

/* os and oi of edges that are sorted already. A run of parallel edges belongs to the part in which it begins. */
static void take_sorted(const filling *f)
{
    const uint32_t *from = f->ends->from, *to = f->ends->to;
    size_t edges = f->ends->count;
    igraph_int_t *os = VECTOR(f->graph->os), *oi = VECTOR(f->graph->oi);
#pragma omp parallel for schedule(static, 1) num_threads((int) f->parts)
    for (size_t p = 0; p < f->parts; p++)
        for (size_t i = p * f->part, end; i < part_end(f, p); i = end) {
            for (end = i + 1; end < edges && from[end] == from[i] && to[end] == to[i];) end++;
            if (i && from[i] == from[i - 1] && to[i] == to[i - 1]) continue; /* the run began in another part */
            for (size_t k = i; k < end; k++) oi[k] = (igraph_int_t) (i + end - 1 - k);
            for (size_t v = i ? (size_t) from[i - 1] + 1 : 0; v <= from[i]; v++) os[v] = (igraph_int_t) i;
        }
    for (size_t v = edges ? (size_t) from[edges - 1] + 1 : 0; v <= f->vertices; v++) os[v] = (igraph_int_t) edges;
}

static fn_status fill_vectors(const filling *f)
{
    igraph_int_t edges = (igraph_int_t) f->ends->count;
    igraph_vector_int_t *const wanted[] = { &f->graph->from, &f->graph->to, &f->graph->oi, &f->graph->ii };
    fn_status status = FN_OK;
    for (int v = 0; !status && v < 4; v++) status = FN_IGRAPH(f->run, igraph_vector_int_resize(wanted[v], edges));
    if (status) return status;
    const igraph_int_t *from = VECTOR(f->graph->from), *to = VECTOR(f->graph->to);
    igraph_int_t *oi = VECTOR(f->graph->oi), *ii = VECTOR(f->graph->ii);
    igraph_int_t *os = VECTOR(f->graph->os), *is = VECTOR(f->graph->is);
    fill_ends(f);
    if ((status = fn_progress(f->run, "indexing ties", 0.25))) return status;
    if (f->ends->directed && ends_sorted(f->ends)) {
        take_sorted(f);
    } else {
        sort_edges(f, to, NULL, is, ii);
        if ((status = fn_progress(f->run, "indexing ties", 0.5))) return status;
        sort_edges(f, from, ii, os, oi);
    }
    if ((status = fn_progress(f->run, "indexing ties", 0.75))) return status;
    sort_edges(f, to, oi, is, ii);
    igraph_invalidate_cache(f->graph);
    return FN_OK;
}

static fn_status fill_directly(fn_run *run, uint32_t vertices, const ends *e, igraph_t *graph)
{
    filling f = { .run = run, .ends = e, .vertices = vertices, .parts = (size_t) fn_run_threads(run), .graph = graph };
    if (f.parts > PARTS_MOST) f.parts = PARTS_MOST;
    if (f.parts > e->count / PART_EDGES + 1) f.parts = e->count / PART_EDGES + 1;
    f.part = e->count / f.parts + 1;
    f.place = fn_alloc_bare(run, f.parts * vertices, sizeof *f.place);
    if (!f.place) return FN_ENOMEM;
    fn_status status = FN_IGRAPH(run, igraph_empty(graph, (igraph_int_t) vertices, e->directed));
    if (!status && (status = fill_vectors(&f))) igraph_destroy(graph);
    fn_free(f.place);
    return status;
}

static fn_status create_slowly(fn_run *run, uint32_t vertices, const ends *e, igraph_t *graph)
{
    igraph_vector_int_t list;
    fn_status status = FN_IGRAPH(run, igraph_vector_int_init(&list, (igraph_int_t) e->count * 2));
    if (status) return status;
    for (size_t i = 0; i < e->count; i++) {
        VECTOR(list)[2 * i] = e->from[i];
        VECTOR(list)[2 * i + 1] = e->to[i];
    }
    status = FN_IGRAPH(run, igraph_create(graph, &list, (igraph_int_t) vertices, e->directed));
    igraph_vector_int_destroy(&list);
    return status;
}

static bool same_graph(const igraph_t *a, const igraph_t *b)
{
    return igraph_vector_int_all_e(&a->from, &b->from) && igraph_vector_int_all_e(&a->to, &b->to) &&
           igraph_vector_int_all_e(&a->oi, &b->oi) && igraph_vector_int_all_e(&a->ii, &b->ii) &&
           igraph_vector_int_all_e(&a->os, &b->os) && igraph_vector_int_all_e(&a->is, &b->is);
}

/* A multigraph with self and parallel edges both ways, built by us and by igraph: 1 alike, 0 unlike, -1 no memory. */
static int probe(bool directed)
{
    static const uint32_t from[] = { 2, 0, 1, 2, 2, 0, 1, 4, 2, 0 }, to[] = { 1, 1, 2, 1, 2, 4, 2, 0, 2, 1 };
    const ends e = { from, to, sizeof from / sizeof *from, directed };
    fn_run quiet = FN_RUN_INIT;
    igraph_t ours, theirs;
    int same = -1;
    if (fill_directly(&quiet, 6, &e, &ours)) return same;
    if (create_slowly(&quiet, 6, &e, &theirs) == FN_OK) {
        same = same_graph(&ours, &theirs);
        igraph_destroy(&theirs);
    }
    igraph_destroy(&ours);
    return same;
}

bool fn_igraph_layout_known(void)
{
    static int known = -1;
    if (known < 0) {
        int directed = probe(true), undirected = probe(false);
        if (directed >= 0 && undirected >= 0) known = directed && undirected;
    }
    return known > 0;
}

fn_status fn_igraph_fill_pairs(fn_run *run, uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to,
                               bool directed, igraph_t *graph)
{
    const ends e = { from, to, ties, directed };
    if (ties > UINT32_MAX || ties > (size_t) IGRAPH_ECOUNT_MAX)
        return fn_fail(run, FN_EINVAL, "%zu ties are more than this igraph can number", ties);
    for (size_t i = 0; i < ties; i++)
        if (from[i] >= firms || to[i] >= firms)
            return fn_fail(run, FN_EINVAL, "tie %zu joins firms %u and %u, but there are %u", i, from[i], to[i], firms);
    return fn_igraph_layout_known() ? fill_directly(run, firms, &e, graph) : create_slowly(run, firms, &e, graph);
}
