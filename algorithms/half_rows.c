/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/half_rows.h"
#include "graph/memory.h"
#include "graph/names.h"

/* Longer rows stand by themselves. */
enum { LONG = 64 };

/* Where rows of each length of a window go: first how many there are, then where the next one stands. */
typedef struct shelf {
    uint32_t rows[LONG + 1], place[LONG + 1];
    size_t arc[LONG + 1];
} shelf;

typedef struct build {
    const fn_half_terms *terms;
    fn_half_rows *h;
    size_t windows;
    uint32_t *lower;    /* of each firm, arcs of half 0 */
    double *sum;
} build;

/* Blocks, and windows within them. */
static fn_status cut(fn_run *run, build *m)
{
    const fn_csr *rows = m->terms->rows;
    fn_half_rows *h = m->h;
    double all = (double) (rows->offset[rows->firms] + rows->firms);
    h->windows = fn_alloc(run, rows->firms / FN_HALF_WINDOW + FN_HALF_BLOCKS + 1, sizeof *h->windows);
    if (!h->windows) return FN_ENOMEM;
    uint32_t v = 0;
    for (int b = 0; b < FN_HALF_BLOCKS; b++) {
        h->block[b] = m->windows;
        while (v < rows->firms && (double) (rows->offset[v] + v) * FN_HALF_BLOCKS < all * (b + 1)) {
            uint32_t first = v++;
            while (v < rows->firms && v < first + FN_HALF_WINDOW &&
                   (double) (rows->offset[v] + v) * FN_HALF_BLOCKS < all * (b + 1)) v++;
            h->windows[m->windows].first = first;
            h->windows[m->windows++].end = v;
        }
    }
    h->block[FN_HALF_BLOCKS] = m->windows;
    return FN_OK;
}

static uint32_t length_of(const build *m, uint32_t v, int half)
{
    return half ? fn_csr_degree(m->terms->rows, v) - m->lower[v] : m->lower[v];
}

static uint32_t class_of(uint32_t length)
{
    return length < LONG ? length : LONG;
}

static void count_rows(const build *m, const fn_half_window *window, int half, shelf *s)
{
    for (uint32_t k = 0; k <= LONG; k++) s->rows[k] = 0;
    for (uint32_t v = window->first; v < window->end; v++) s->rows[class_of(length_of(m, v, half))]++;
}

/* Halves of each row, and the number of pieces of the window. */
static void split(const build *m, fn_half_window *window)
{
    const fn_csr *rows = m->terms->rows;
    for (uint32_t v = window->first; v < window->end; v++) {
        uint32_t lower = m->terms->is_whole ? fn_csr_degree(rows, v) : 0;
        for (size_t i = rows->offset[v]; !m->terms->is_whole && i < rows->offset[v + 1]; i++)
            lower += rows->target[i] <= v;
        m->lower[v] = lower;
    }
    for (int half = 0; half < 2; half++) {
        shelf s;
        count_rows(m, window, half, &s);
        window->piece[half] = s.rows[LONG];
        for (uint32_t k = 0; k < LONG; k++) window->piece[half] += s.rows[k] > 0;
    }
}

static fn_status lay_out(fn_run *run, const build *m)
{
    fn_half_rows *h = m->h;
    for (int half = 0; half < 2; half++) {
        size_t pieces = 0;
        for (size_t w = 0; w <= m->windows; w++) {
            size_t own = h->windows[w].piece[half];
            h->windows[w].piece[half] = pieces;
            pieces += own;
        }
        h->pieces[half] = fn_alloc_bare(run, pieces, sizeof *h->pieces[half]);
        h->order[half] = fn_alloc_scattered(run, h->firms, sizeof *h->order[half]);
        if (!h->pieces[half] || !h->order[half]) return FN_ENOMEM;
    }
    h->arcs = fn_alloc_scattered(run, m->terms->rows->arcs, sizeof *h->arcs);
    return h->arcs ? FN_OK : FN_ENOMEM;
}

/* Pieces of a half of a window, whose arcs begin at `arc`. Where they end. */
static size_t list_pieces(const build *m, const fn_half_window *window, int half, size_t arc, shelf *s)
{
    fn_half_piece *piece = m->h->pieces[half] + window->piece[half];
    uint32_t place = window->first;
    count_rows(m, window, half, s);
    for (uint32_t k = 0; k < LONG; k++) {
        s->arc[k] = arc;
        s->place[k] = place;
        if (s->rows[k] == 0) continue;
        *piece++ = (fn_half_piece) { .arc = arc, .place = place, .rows = s->rows[k], .length = k };
        arc += (size_t) s->rows[k] * k;
        place += s->rows[k];
    }
    s->arc[LONG] = arc;
    s->place[LONG] = place;
    for (uint32_t v = window->first; s->rows[LONG] && v < window->end; v++) {
        uint32_t length = length_of(m, v, half);
        if (length < LONG) continue;
        *piece++ = (fn_half_piece) { .arc = arc, .place = place++, .rows = 1, .length = length };
        arc += length;
    }
    return arc;
}

/* Where the arcs of a row go. */
static fn_half_arc *put(const build *m, const fn_half_window *window, int half, uint32_t v, shelf *s)
{
    uint32_t length = length_of(m, v, half), k = class_of(length);
    size_t arc = s->arc[k];
    s->arc[k] += length;
    m->h->order[half][s->place[k]++] = (uint16_t) (v - window->first);
    return m->h->arcs + arc;
}

static void fill(const build *m, const fn_half_window *window)
{
    const fn_half_terms *terms = m->terms;
    const fn_csr *rows = terms->rows;
    const double *given = terms->weight ? terms->weight : rows->weight;
    shelf s[2];
    list_pieces(m, window, 1, list_pieces(m, window, 0, rows->offset[window->first], &s[0]), &s[1]);
    for (uint32_t v = window->first; v < window->end; v++) {
        size_t begin = rows->offset[v], end = rows->offset[v + 1], middle = begin + m->lower[v];
        fn_half_arc *lower = put(m, window, 0, v, &s[0]), *upper = put(m, window, 1, v, &s[1]);
        double scale = terms->scale ? terms->scale[v] : terms->factor, sum = 0;
        uint32_t partner = terms->partner ? terms->partner[v] : FN_NONE;
        for (size_t i = begin; i < end; i++) {
            uint32_t u = rows->target[i];
            double weight = given[i] * (terms->part ? terms->part[u] : 1) * scale;
            fn_half_arc *arc = i < middle ? lower++ : upper++;
            sum += weight;
            *arc = (fn_half_arc) { .target = u, .weight = u == partner ? 0 : (float) weight };
        }
        if (m->sum) m->sum[v] = sum;
    }
}

fn_status fn_half_rows_build(fn_run *run, const fn_half_terms *terms, int threads, fn_half_rows *h, double *sum)
{
    h->firms = terms->rows->firms;
    build m = { .terms = terms, .h = h, .sum = sum, .lower = fn_alloc_scattered(run, h->firms, sizeof *m.lower) };
    fn_status status = m.lower ? cut(run, &m) : FN_ENOMEM;
    (void) threads;
    if (!status) {
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
        for (size_t w = 0; w < m.windows; w++) split(&m, &h->windows[w]);
        status = lay_out(run, &m);
    }
    if (!status) {
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
        for (size_t w = 0; w < m.windows; w++) fill(&m, &h->windows[w]);
    }
    fn_free(m.lower);
    return status;
}

void fn_half_rows_free(fn_half_rows *h)
{
    for (int half = 0; half < 2; half++) {
        fn_free(h->order[half]);
        fn_free(h->pieces[half]);
    }
    fn_free(h->arcs);
    fn_free(h->windows);
    *h = (fn_half_rows) { .firms = 0 };
}

/* Short rows of a length known to the compiler. */
#define ROWS_OF(LENGTH)                                                                       \
    case LENGTH:                                                                              \
        for (uint32_t i = 0; i < piece->rows; i++, arc += LENGTH) {                           \
            float sum = 0;                                                                    \
            for (int j = 0; j < LENGTH; j++) sum += arc[j].weight * x[arc[j].target];         \
            y[order[i]] = sum;                                                                \
        }                                                                                     \
        return

static void multiply_piece(const fn_half_piece *piece, const fn_half_arc *arc, const uint16_t *order, const float *x,
                           float *y)
{
    switch (piece->length) {
        ROWS_OF(0);
        ROWS_OF(1);
        ROWS_OF(2);
        ROWS_OF(3);
        ROWS_OF(4);
        ROWS_OF(5);
        ROWS_OF(6);
        ROWS_OF(7);
        ROWS_OF(8);
        default: break;
    }
    /* longer ones in two sums, as one waits for itself */
    for (uint32_t i = 0; i < piece->rows; i++, arc += piece->length) {
        float even = 0, odd = 0;
        uint32_t j = 0;
        for (; j + 1 < piece->length; j += 2) {
            even += arc[j].weight * x[arc[j].target];
            odd += arc[j + 1].weight * x[arc[j + 1].target];
        }
        if (j < piece->length) even += arc[j].weight * x[arc[j].target];
        y[order[i]] = even + odd;
    }
}

void fn_half_rows_multiply(const fn_half_rows *h, int half, const fn_half_window *window, const float *x, float *y)
{
    const fn_half_piece *end = h->pieces[half] + window[1].piece[half];
    for (const fn_half_piece *piece = h->pieces[half] + window->piece[half]; piece < end; piece++)
        multiply_piece(piece, h->arcs + piece->arc, h->order[half] + piece->place, x, y + window->first);
}

void fn_half_rows_multiply_all(const fn_half_rows *h, int half, int threads, const float *x, float *y)
{
    (void) threads;
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads)
    for (size_t w = 0; w < h->block[FN_HALF_BLOCKS]; w++) fn_half_rows_multiply(h, half, &h->windows[w], x, y);
}
