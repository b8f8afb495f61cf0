/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/economy_figures.h"
#include "algorithms/tie_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

enum { STREAM_SHUFFLE = 0x5f16, TAIL_FROM = 50, FEW_PARTNERS = 4, BINS = 32 };

fn_status fn_pairs_of(fn_run *run, const fn_economy_stream *stream, fn_pairs *p)
{
    uint64_t rows = fn_economy_stream_rows(stream), ties = 0;
    fn_stream_row row;
    fn_stream_firm firm;
    for (uint64_t k = 0; k < rows; k++) {
        fn_economy_stream_row(stream, k, &row);
        if (row.tie >= ties) ties = row.tie + 1;
    }
    *p = (fn_pairs) { .firms = fn_economy_stream_firms(stream), .ties = (size_t) ties };
    p->from = fn_alloc(run, p->ties, sizeof *p->from);
    p->to = fn_alloc(run, p->ties, sizeof *p->to);
    p->value = fn_alloc(run, p->ties, sizeof *p->value);
    p->years = fn_alloc(run, p->ties, sizeof *p->years);
    p->cluster = fn_alloc(run, p->firms, sizeof *p->cluster);
    if (!p->from || !p->to || !p->value || !p->years || !p->cluster) return FN_ENOMEM;
    for (uint64_t k = 0; k < rows; k++) {
        fn_economy_stream_row(stream, k, &row);
        p->from[row.tie] = row.from;
        p->to[row.tie] = row.to;
        p->value[row.tie] += (double) row.cents / 100;
        p->years[row.tie] |= (uint32_t) 1 << row.period;
    }
    for (uint32_t f = 0; f < p->firms; f++) {
        fn_economy_stream_firm(stream, f, &firm);
        p->cluster[f] = firm.cluster;
    }
    return FN_OK;
}

void fn_pairs_free(fn_pairs *p)
{
    fn_free(p->from);
    fn_free(p->to);
    fn_free(p->value);
    fn_free(p->years);
    fn_free(p->cluster);
}

/* ---- tails and slopes ---- */

double fn_tail_exponent(const uint32_t *value, size_t count, uint32_t least)
{
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; k < count; k++) {
        if (value[k] < least) continue;
        sum += log(value[k] / (least - 0.5));
        n++;
    }
    return n < 10 ? NAN : (double) n / sum;
}

static int downwards(const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x < y) - (x > y);
}

/* Hill's estimate over the largest hundredth. */
static double hill(double *value, size_t count)
{
    size_t tail = count / 100;
    double sum = 0;
    if (tail < 10) return NAN;
    qsort(value, count, sizeof *value, downwards);
    for (size_t k = 0; k < tail; k++) sum += log(value[k] / value[tail]);
    return (double) tail / sum;
}

typedef struct line { double n, x, y, xx, xy; } line;

static void add_point(line *l, double x, double y)
{
    l->n++, l->x += x, l->y += y, l->xx += x * x, l->xy += x * y;
}

static double slope(const line *l)
{
    double spread = l->n * l->xx - l->x * l->x;
    return spread > 0 ? (l->n * l->xy - l->x * l->y) / spread : NAN;
}

/* ---- both sides of a firm ---- */

static fn_status measure_degrees(fn_run *run, const fn_pairs *p, double *figure)
{
    uint32_t *in = fn_alloc(run, p->firms, sizeof *in), *out = fn_alloc(run, p->firms, sizeof *out);
    double *sales = fn_alloc(run, p->firms, sizeof *sales), *bought = fn_alloc(run, p->firms, sizeof *bought);
    double *squares = fn_alloc(run, p->firms, sizeof *squares);
    fn_status status = FN_ENOMEM;
    if (!in || !out || !sales || !bought || !squares) goto done;
    for (size_t e = 0; e < p->ties; e++) {
        out[p->from[e]]++, in[p->to[e]]++;
        sales[p->from[e]] += p->value[e], bought[p->to[e]] += p->value[e];
        squares[p->to[e]] += p->value[e] * p->value[e];
    }
    double no_in = 0, no_out = 0, hhi = 0;
    line l = { 0 };
    for (uint32_t f = 0; f < p->firms; f++) {
        no_in += in[f] == 0, no_out += out[f] == 0;
        if (bought[f] > 0) hhi += squares[f] / bought[f] / bought[f];
        if (sales[f] > 0) add_point(&l, log(out[f]), log(sales[f]));
    }
    figure[FN_FIGURE_MEAN_DEGREE] = (double) p->ties / p->firms;
    figure[FN_FIGURE_NO_CUSTOMERS] = no_out / p->firms;
    figure[FN_FIGURE_NO_SUPPLIERS] = no_in / p->firms;
    figure[FN_FIGURE_SUPPLIER_HHI] = hhi / (p->firms - no_in);
    figure[FN_FIGURE_SALES_SLOPE] = slope(&l);
    figure[FN_FIGURE_IN_EXPONENT] = fn_tail_exponent(in, p->firms, TAIL_FROM);
    figure[FN_FIGURE_OUT_EXPONENT] = fn_tail_exponent(out, p->firms, TAIL_FROM);
    figure[FN_FIGURE_SALES_EXPONENT] = hill(sales, p->firms);
    status = FN_OK;
done:
    fn_free(in);
    fn_free(out);
    fn_free(sales);
    fn_free(bought);
    fn_free(squares);
    return status;
}

static void measure_years(const fn_pairs *p, double *figure)
{
    double there = 0, stays = 0;
    uint32_t all = 0;
    for (size_t e = 0; e < p->ties; e++) all |= p->years[e];
    uint32_t followed = all >> 1; /* years that have a next one */
    for (size_t e = 0; e < p->ties; e++) {
        there += __builtin_popcount(p->years[e] & followed);
        stays += __builtin_popcount(p->years[e] & p->years[e] >> 1);
    }
    figure[FN_FIGURE_PERSISTENCE] = stays / there;
}

/* ---- partners ---- */

static void measure_partners(const fn_pairs *p, const fn_csr *both, double *figure)
{
    double low = 0, own = 0, xy = 0, x = 0, xx = 0;
    for (uint32_t u = 0; u < both->firms; u++) {
        uint32_t degree = fn_csr_degree(both, u);
        bool inside = true;
        x += (double) degree * degree, xx += (double) degree * degree * degree;
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++) {
            xy += (double) degree * fn_csr_degree(both, both->target[i]);
            inside = inside && p->cluster[both->target[i]] == p->cluster[u];
        }
        if (!p->cluster[u] || degree == 0 || degree > FEW_PARTNERS) continue;
        low++, own += inside;
    }
    double n = (double) both->arcs;
    figure[FN_FIGURE_OWN_CLUSTER] = own / low;
    figure[FN_FIGURE_ASSORTATIVITY] = (xy / n - x / n * (x / n)) / (xx / n - x / n * (x / n));
}

static fn_status measure_component(fn_run *run, const fn_csr *both, double *figure)
{
    uint32_t parts, largest = 0;
    uint32_t *part = fn_alloc(run, both->firms, sizeof *part), *firms = fn_alloc(run, both->firms, sizeof *firms);
    fn_status status = part && firms ? fn_csr_parts(run, both, part, &parts) : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < both->firms; u++)
        if (++firms[part[u]] > largest) largest = firms[part[u]];
    figure[FN_FIGURE_COMPONENT] = (double) largest / both->firms;
    fn_free(part);
    fn_free(firms);
    return status;
}

/* Who is reached from `start`: bit is set in reached. */
static void walk(const fn_csr *csr, uint32_t start, uint8_t bit, uint8_t *reached, uint32_t *queue)
{
    uint32_t head = 0, tail = 0;
    reached[start] |= bit;
    queue[tail++] = start;
    while (head < tail) {
        uint32_t u = queue[head++];
        for (size_t i = csr->offset[u]; i < csr->offset[u + 1]; i++) {
            uint32_t v = csr->target[i];
            if (reached[v] & bit) continue;
            reached[v] |= bit;
            queue[tail++] = v;
        }
    }
}

static fn_status measure_bow_tie(fn_run *run, const fn_csr *out, const fn_csr *in, double *figure)
{
    uint8_t *reached = fn_alloc(run, out->firms, sizeof *reached);
    uint32_t *queue = fn_alloc(run, out->firms, sizeof *queue), start = 0, count[4] = { 0 };
    double most = -1;
    fn_status status = reached && queue ? FN_OK : FN_ENOMEM;
    for (uint32_t u = 0; !status && u < out->firms; u++) {
        double ways = (double) fn_csr_degree(out, u) * fn_csr_degree(in, u);
        if (ways <= most) continue;
        most = ways;
        start = u;
    }
    if (!status) {
        walk(out, start, 1, reached, queue);
        walk(in, start, 2, reached, queue);
        for (uint32_t u = 0; u < out->firms; u++) count[reached[u]]++;
        figure[FN_FIGURE_DOWNSTREAM] = (double) count[1] / out->firms;
        figure[FN_FIGURE_UPSTREAM] = (double) count[2] / out->firms;
        figure[FN_FIGURE_CORE] = (double) count[3] / out->firms;
    }
    fn_free(reached);
    fn_free(queue);
    return status;
}

static void measure_reciprocity(const fn_csr *out, double *figure)
{
    double mutual = 0;
    for (uint32_t u = 0; u < out->firms; u++)
        for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++)
            mutual += fn_csr_find(out, out->target[i], u) != FN_NO_ARC;
    figure[FN_FIGURE_RECIPROCITY] = mutual / (double) out->arcs;
}

/* ---- squares and triangles ---- */

/* Pairs of suppliers with the same pair of customers: over all pairs of suppliers, pairs of their common customers. */
static fn_status count_squares(fn_run *run, const fn_csr *out, const fn_csr *in, double *squares)
{
    uint32_t *times = fn_alloc(run, in->firms, sizeof *times), *reached = fn_alloc(run, in->firms, sizeof *reached);
    uint64_t sum = 0;
    fn_status status = times && reached ? FN_OK : FN_ENOMEM;
    for (uint32_t x = 0; !status && x < in->firms; x++) {
        uint32_t count = 0;
        for (size_t i = in->offset[x]; i < in->offset[x + 1]; i++) {
            uint32_t y = in->target[i];
            for (size_t j = out->offset[y]; j < out->offset[y + 1] && out->target[j] < x; j++)
                if (times[out->target[j]]++ == 0) reached[count++] = out->target[j];
        }
        while (count) {
            uint64_t shared = times[reached[--count]];
            sum += shared * (shared - 1) / 2;
            times[reached[count]] = 0;
        }
        if (x % 4096 == 0) status = fn_progress(run, "squares", (double) x / in->firms);
    }
    *squares = (double) sum;
    fn_free(times);
    fn_free(reached);
    return status;
}

/* figure: NULL for the shuffled network, of which only the number is wanted. */
static fn_status count_triangles(fn_run *run, const fn_csr *both, double *triangles, double *figure)
{
    uint32_t *common = fn_alloc(run, both->arcs, sizeof *common);
    fn_status status = common ? fn_common_count(run, both, common) : FN_ENOMEM;
    double all = 0, firms[BINS] = { 0 }, sum[BINS] = { 0 }, mean = 0;
    for (uint32_t u = 0; !status && u < both->firms; u++) {
        uint32_t degree = fn_csr_degree(both, u);
        double closed = 0;
        if (degree < 2) continue;
        for (size_t i = both->offset[u]; i < both->offset[u + 1]; i++)
            closed += fn_common_of(both, common, u, both->target[i]);
        int bin = 31 - __builtin_clz(degree);
        firms[bin]++;
        sum[bin] += closed / ((double) degree * (degree - 1));
        mean += closed / ((double) degree * (degree - 1));
        all += closed;
    }
    fn_free(common);
    *triangles = all / 6;
    if (status || !figure) return status;
    line l = { 0 };
    for (int bin = 1; bin < BINS; bin++)
        if (firms[bin] >= 10 && sum[bin] > 0) add_point(&l, bin * log(2), log(sum[bin] / firms[bin]));
    figure[FN_FIGURE_CLUSTERING] = mean / both->firms;
    figure[FN_FIGURE_CLUSTERING_SLOPE] = slope(&l);
    return FN_OK;
}

typedef struct network { fn_csr *out, *in, *both; } network;

static fn_status build(fn_run *run, const fn_pairs *p, const uint32_t *to, network *n)
{
    fn_csr_side side[] = { FN_CSR_OUT, FN_CSR_IN, FN_CSR_BOTH };
    fn_csr **csr[] = { &n->out, &n->in, &n->both };
    fn_status status = FN_OK;
    for (int k = 0; k < 3 && !status; k++)
        status = fn_csr_build(run, p->firms, p->ties, p->from, to, NULL, NULL, side[k], csr[k]);
    return status;
}

static void drop(network *n)
{
    fn_csr_free(n->out);
    fn_csr_free(n->in);
    fn_csr_free(n->both);
}

static fn_status measure_shuffled(fn_run *run, const fn_pairs *p, double *squares, double *triangles)
{
    network n = { 0 };
    uint32_t *to = fn_alloc(run, p->ties, sizeof *to);
    if (!to) return FN_ENOMEM;
    for (size_t e = 0; e < p->ties; e++) {
        size_t other = (size_t) fn_random_below(run->seed, STREAM_SHUFFLE, e, e + 1);
        to[e] = to[other];
        to[other] = p->to[e];
    }
    fn_status status = build(run, p, to, &n);
    if (!status) status = count_squares(run, n.out, n.in, squares);
    if (!status) status = count_triangles(run, n.both, triangles, NULL);
    drop(&n);
    fn_free(to);
    return status;
}

fn_status fn_figures_measure(fn_run *run, const fn_pairs *p, double figure[FN_FIGURES])
{
    double squares, triangles, squares_shuffled, triangles_shuffled;
    network n = { 0 };
    for (int k = 0; k < FN_FIGURES; k++) figure[k] = NAN;
    fn_status status = measure_degrees(run, p, figure);
    if (!status) status = build(run, p, p->to, &n);
    if (!status) status = measure_component(run, n.both, figure);
    if (!status) status = measure_bow_tie(run, n.out, n.in, figure);
    if (!status) status = count_squares(run, n.out, n.in, &squares);
    if (!status) status = count_triangles(run, n.both, &triangles, figure);
    if (!status) status = measure_shuffled(run, p, &squares_shuffled, &triangles_shuffled);
    if (!status) {
        measure_years(p, figure);
        measure_partners(p, n.both, figure);
        measure_reciprocity(n.out, figure);
        figure[FN_FIGURE_SQUARES] = squares / squares_shuffled;
        figure[FN_FIGURE_TRIANGLES] = triangles / triangles_shuffled;
        figure[FN_FIGURE_SQUARES_TRIANGLES] = figure[FN_FIGURE_SQUARES] / figure[FN_FIGURE_TRIANGLES];
    }
    drop(&n);
    return status;
}
