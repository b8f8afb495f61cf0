/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "algorithms/tie_inside.h"
#include "bench/ours.h"
#include "bench/partners.h"

/* How strong ties are: TASK INPUT TIES. Every tie is checked, of squares as many as the oracle's steps allow. */

enum { SQUARE_STEPS_MOST = 1000000000, DRAWN_CHECKED_MOST = 4000 };
static const double off_most = 1e-9;

/* ---- what is measured ---- */

static void check_call(bench_call *call, const fn_view *view)
{
    if (!call->rest[1]) bench_stop("%s: where are the ties as numbers?", call->task);
    bench_expect(call, "ties", view->ties, call->facts.ties);
}

static ours_measured measure(bench_call *call, const char *name)
{
    ours_measured m = ours_measure(call, FN_GROUP_TIES, name, NULL);
    check_call(call, m.view);
    return m;
}

/* ---- the oracle ---- */

/* Values of a column beside what they must be, added up. */
typedef struct sums {
    const char *name;
    const double *value;
    double ours, right, off;
} sums;

static void compare(const bench_call *call, sums *s, size_t row, double right)
{
    double value = s->value[row];
    if (isnan(value) != isnan(right)) bench_refuse(call, "%s of tie %zu is %g, not %g", s->name, row, value, right);
    if (isnan(right)) return;
    s->off = fmax(s->off, fabs(value - right));
    s->ours += value;
    s->right += right;
}

static void judge(const bench_call *call, const sums *s)
{
    if (!(s->off < off_most)) bench_refuse(call, "%s of a tie is off by %g", s->name, s->off);
    if (!(fabs(s->ours - s->right) <= off_most * s->right))
        bench_refuse(call, "%s is %.15g in all, not %.15g", s->name, s->ours, s->right);
}

static sums column(const ours_measured *m, const char *name)
{
    return (sums) { .name = name, .value = fn_table_find(m->table, name)->real };
}

static double share(double n, double others)
{
    return others > 0 ? n / others : (double) NAN;
}

/* The two firms of a selected tie, which must be partners in the list, too. */
static size_t tie_at(const bench_call *call, const ours_measured *m, const bench_partners *p, size_t row,
                     uint32_t *from, uint32_t *to)
{
    fn_tie t = fn_net_tie_at(m->net, fn_view_tie(m->view, row));
    size_t place = bench_partners_find(p, t.from, t.to);
    if (place == SIZE_MAX || !(p->row[place].way & BENCH_DELIVERS))
        bench_refuse(call, "the list has no tie from %u to %u", t.from, t.to);
    *from = t.from;
    *to = t.to;
    return place;
}

void ours_overlap(bench_call *call)
{
    ours_measured m = measure(call, "overlap");
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    bench_shared *shared = bench_partners_share(&p);
    sums overlap = column(&m, "overlap"), jaccard = column(&m, "jaccard"), dice = column(&m, "dice");
    sums cosine = column(&m, "cosine");
    double of_pairs = 0;
    for (size_t row = 0; row < m.view->ties; row++) {
        uint32_t u, v;
        size_t place = tie_at(call, &m, &p, row, &u, &v);
        double n = bench_shared_of(&p, shared, u, v).common;
        double a = bench_partners_count(&p, u), b = bench_partners_count(&p, v);
        compare(call, &overlap, row, share(n, a - 1 + b - 1 - n));
        compare(call, &jaccard, row, n / (a + b - n));
        compare(call, &dice, row, 2 * n / (a + b));
        compare(call, &cosine, row, n / sqrt(a * b));
        /* igraph has one edge of two reciprocal ties. */
        if (p.row[place].way == BENCH_DELIVERS || u < v) of_pairs += jaccard.value[row];
    }
    judge(call, &overlap);
    judge(call, &jaccard);
    judge(call, &dice);
    judge(call, &cosine);
    bench_print(call, call->name, m.cost, "jaccard=%.6f overlap=%.6f", of_pairs, overlap.ours);
    ours_measured_free(&m);
}

void ours_directed_overlap(bench_call *call)
{
    ours_measured m = measure(call, "directed-overlap");
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    bench_shared *shared = bench_partners_share(&p);
    uint32_t *out = bench_alloc(p.firms, sizeof *out), *in = bench_alloc(p.firms, sizeof *in);
    sums suppliers = column(&m, "shared_suppliers"), customers = column(&m, "shared_customers");
    sums transitive = column(&m, "transitive"), cyclic = column(&m, "cyclic");
    for (uint32_t u = 0; u < p.firms; u++) {
        out[u] = bench_partners_count_ways(&p, u, BENCH_DELIVERS);
        in[u] = bench_partners_count_ways(&p, u, BENCH_BUYS);
    }
    for (size_t row = 0; row < m.view->ties; row++) {
        uint32_t u, v;
        bool back = p.row[tie_at(call, &m, &p, row, &u, &v)].way != BENCH_DELIVERS;
        bench_shared s = bench_shared_of(&p, shared, u, v);
        /* Neither is a third firm of the other. */
        double out_u = out[u] - 1.0, in_v = in[v] - 1.0, in_u = in[u] - back, out_v = out[v] - back;
        compare(call, &suppliers, row, share(s.suppliers, in_u + in_v - s.suppliers));
        compare(call, &customers, row, share(s.customers, out_u + out_v - s.customers));
        compare(call, &transitive, row, share(s.along, out_u + in_v - s.along));
        compare(call, &cyclic, row, share(s.against, out_v + in_u - s.against));
    }
    judge(call, &suppliers);
    judge(call, &customers);
    judge(call, &transitive);
    judge(call, &cyclic);
    bench_print(call, call->name, m.cost, "suppliers=%.6f customers=%.6f transitive=%.6f cyclic=%.6f", suppliers.ours,
                customers.ours, transitive.ours, cyclic.ours);
    ours_measured_free(&m);
}

void ours_weighted_overlap(bench_call *call)
{
    ours_measured m = measure(call, "weighted-overlap");
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    bench_shared *shared = bench_partners_share(&p);
    int64_t *strength = bench_alloc(p.firms, sizeof *strength);
    sums overlap = column(&m, "weighted_overlap");
    for (uint32_t u = 0; u < p.firms; u++)
        for (size_t i = p.start[u]; i < p.start[u + 1]; i++) strength[u] += p.row[i].cents;
    for (size_t row = 0; row < m.view->ties; row++) {
        uint32_t u, v;
        int64_t own = p.row[tie_at(call, &m, &p, row, &u, &v)].cents;
        compare(call, &overlap, row, share((double) bench_shared_of(&p, shared, u, v).cents,
                                           (double) (strength[u] + strength[v] - 2 * own)));
    }
    judge(call, &overlap);
    bench_print(call, call->name, m.cost, "weighted=%.6f", overlap.ours);
    ours_measured_free(&m);
}

void ours_truss(bench_call *call)
{
    ours_measured m = measure(call, "truss");
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    uint32_t *right = bench_partners_truss(&p), most = 0;
    const int64_t *truss = fn_table_find(m.table, "truss")->integer;
    for (size_t row = 0; row < m.view->ties; row++) {
        uint32_t u, v, k = right[tie_at(call, &m, &p, row, &u, &v)];
        if (truss[row] != k) bench_refuse(call, "tie %zu has %lld, not %u", row, (long long) truss[row], k);
        most = k > most ? k : most;
    }
    bench_print(call, call->name, m.cost, "most=%u", most);
    ours_measured_free(&m);
}

/* ---- squares ---- */

/* Every tie, or every so many that the oracle does not take too long. Exact ones have no error. */
void ours_squares(bench_call *call)
{
    ours_measured m = measure(call, "squares");
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    uint8_t *seen = bench_alloc(p.firms, sizeof *seen);
    const double *error = fn_table_find(m.table, "squares_error")->real;
    sums squares = column(&m, "squares");
    uint64_t steps = 0;
    size_t checked = 0;
    for (size_t row = 0; row < m.view->ties; row++)
        if (error[row] > 0) bench_refuse(call, "tie %zu is estimated", row);
    for (uint64_t k = 0; k < m.view->ties && steps < SQUARE_STEPS_MOST; k++, checked++) {
        uint32_t u, v;
        /* An odd stride far from 0 meets every row once, where it and the count have no divisor in common: rows of all
         * parts of the list come early. */
        size_t row = (size_t) (k * 1000003 % m.view->ties);
        tie_at(call, &m, &p, row, &u, &v);
        compare(call, &squares, row, bench_squares_of(&p, u, v, seen, &steps));
    }
    judge(call, &squares);
    bench_print(call, call->name, m.cost, "checked=%zu", checked);
    ours_measured_free(&m);
}

/* Up to which mean number of suppliers of its customers a firm is counted: at most one tie in a hundred is of a firm
 * above, and estimated. */
static uint64_t hub_size(const fn_csr *out)
{
    uint64_t *suppliers = bench_alloc(out->firms, sizeof *suppliers), size = 1 << 16;
    for (size_t i = 0; i < out->arcs; i++) suppliers[out->target[i]]++;
    for (size_t above = 0;; size /= 2) {
        above = 0;
        for (uint32_t u = 0; u < out->firms; u++) {
            uint64_t steps = 0;
            for (size_t i = out->offset[u]; i < out->offset[u + 1]; i++) steps += suppliers[out->target[i]];
            if (steps > size / 2 * fn_csr_degree(out, u)) above += fn_csr_degree(out, u);
        }
        if (above > out->arcs / 100 || size == 2) break;
    }
    free(suppliers);
    return size;
}

typedef struct drawn {
    const fn_csr *out;
    const double *share, *error;
    size_t estimated, checked, inside, open;   /* open: with a share between 0 and 1, which alone can be off */
    double sum, squares;    /* of how far estimates are off, in standard errors */
} drawn;

/* Estimates may be off, by chance; all other ties may not. */
static void check_drawn(const bench_call *call, drawn *d)
{
    bench_partners p = bench_partners_read(call->rest[1], call->facts.firms);
    uint8_t *seen = bench_alloc(p.firms, sizeof *seen);
    uint64_t steps = 0;
    sums exact = { .name = "squares", .value = d->share };
    size_t each = d->estimated / DRAWN_CHECKED_MOST + 1, met = 0, others = d->out->arcs / DRAWN_CHECKED_MOST + 1;
    for (uint32_t u = 0; u < d->out->firms; u++)
        for (size_t i = d->out->offset[u]; i < d->out->offset[u + 1]; i++) {
            bool estimated = d->error[i] > 0;
            if (estimated ? met++ % each : i % others) continue;
            double right = bench_squares_of(&p, u, d->out->target[i], seen, &steps);
            if (!estimated) {
                compare(call, &exact, i, right);
                continue;
            }
            double off = (d->share[i] - right) / sqrt(right * (1 - right) / fn_square_defaults.samples);
            d->checked++;
            d->inside += fabs(d->share[i] - right) <= d->error[i];
            if (isfinite(off)) d->open++, d->sum += off, d->squares += off * off;
        }
    judge(call, &exact);
}

/* The estimate that squares of hubs get where counting takes too long. No list of this size is so large: firms above
 * hub_size are taken for hubs, whatever counting costs. Their stated errors must hold as often as they say. */
void ours_squares_drawn(bench_call *call)
{
    ours_measured m = { .run = ours_run(call) };
    m.net = ours_net(call, &m.run);
    m.view = ours_view(&m.run, m.net);
    m.run.seed = (uint64_t) call->repeat;
    check_call(call, m.view);
    fn_csr *out = ours_csr(&m.run, m.view, FN_CSR_OUT);
    fn_square_limits limits = { .steps = 0, .row_steps = hub_size(out), .samples = fn_square_defaults.samples };
    double *share = bench_alloc(out->arcs, sizeof *share), *error = bench_alloc(out->arcs, sizeof *error);
    drawn d = { .out = out, .share = share, .error = error };
    bench_cost before = bench_now();
    ours_must(&m.run, fn_square_share(&m.run, out, &limits, share, error, &d.estimated));
    m.cost = bench_since(before);
    check_drawn(call, &d);
    double inside = (double) d.inside / (double) d.checked, mean = d.sum / fmax(1, (double) d.open);
    double deviation = sqrt(d.squares / fmax(1, (double) d.open));
    if (!(inside > 0.95 - 4.5 * sqrt(0.95 * 0.05 / (double) d.checked)))
        bench_refuse(call, "of %zu stated errors %g hold", d.checked, inside);
    /* Estimates of a firm draw numbers of their own, so they are independent. */
    if (!(fabs(mean) < 4.5 / sqrt(fmax(1, (double) d.open))))
        bench_refuse(call, "%zu estimates are off by %g standard errors on average", d.open, mean);
    bench_print(call, call->name, m.cost, "hub=%llu estimated=%zu checked=%zu inside=%.4f bias=%.4f deviation=%.4f",
                (unsigned long long) limits.row_steps, d.estimated, d.checked, inside, mean, deviation);
    fn_csr_free(out);
    ours_measured_free(&m);
}
