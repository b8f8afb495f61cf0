/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/central_inside.h"
#include "graph/memory.h"
#include "graph/random.h"
#ifdef _OPENMP
#include <omp.h>
#endif

/* How sure is a ranking? Every tender counts 0, 1, 2, … times (Poisson of mean 1, which for many tenders is the same
 * as drawing as many of them with replacement), and the index is made anew. Numbers depend on seed, resample and tender
 * alone. Only firms that are supplied inside their cluster take part: the others stay behind them in every resample. */

enum { STREAM = 0x7e5a };

/* One cluster made again; firm numbers are places in these lists. */
typedef struct again {
    const fn_net *net;
    fn_ranking ranking;      /* evidence and candidates of those that take part */
    uint32_t *place;         /* of each in the true ranking of the cluster */
    size_t count;
    double *tally;           /* by product of a buyer */
    uint32_t *low, *high;    /* the smallest and largest ranks met, `kept` each, ascending and descending */
    uint32_t kept;
    uint32_t *first;         /* resamples in which it came first */
    fn_candidate *sorted;
} again;

/* One for each thread, and what they share. */
typedef struct draw_crew {
    again *member;
    int size;
    double *gap;             /* one a resample, NaN: nothing was drawn */
} draw_crew;

static int own_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

static uint32_t poisson(uint64_t seed, uint64_t stream, uint64_t index)
{
    double left = fn_random_unit(seed, stream, index), step = 0.36787944117144233; /* e to the -1 */
    uint32_t times = 0;
    while (left >= step && times < 20) {
        left -= step;
        step /= ++times;
    }
    return times;
}

/* A firm without tenders: its suppliers, drawn like tenders, at most so many of them. */
static double drawn_supply(const fn_central_evidence *e, uint64_t seed, uint64_t stream, uint64_t mark)
{
    enum { MOST = 64 };
    uint64_t draws = e->suppliers < 1 ? 1 : e->suppliers > MOST ? MOST : (uint64_t) e->suppliers, sum = 0;
    for (uint64_t k = 0; k < draws; k++) sum += poisson(seed, stream, mark + k * 0x9e3779b97f4a7c15u);
    return e->in_weight * (double) sum / (double) draws;
}

/* H of the products and their number. */
static void shares(const double *tally, int64_t products, fn_central_evidence *e)
{
    double total = 0;
    e->entropy = 0;
    e->products = 0;
    for (int64_t p = 0; p < products; p++) total += tally[p];
    for (int64_t p = 0; p < products; p++) {
        if (!(tally[p] > 0)) continue;
        e->products++;
        e->entropy -= tally[p] / total * log(tally[p] / total);
    }
    if (e->products < 2) e->entropy = 0, e->products = 1;
}

/* The evidence of a buyer from its tenders, drawn anew or each once, by money or by awards. */
static void evidence_again(const fn_ranking *true_one, uint32_t firm, bool by_count, bool resampled, uint64_t seed,
                           uint64_t stream, const again *a, fn_central_evidence *e)
{
    double *tally = a->tally;
    const fn_central_rows *rows = &true_one->rows;
    *e = true_one->evidence[firm];
    size_t first = rows->start[firm], end = rows->start[firm + 1];
    int64_t products = e->products == FN_INT_NONE ? 0 : e->products;
    double bought = 0, all = 0, known = 0, competitive = 0;
    for (int64_t p = 0; p < products; p++) tally[p] = 0;
    for (size_t k = first; k < end; k++) {
        const fn_central_row *row = &rows->row[k];
        double times = resampled ? poisson(seed, stream, row->mark) : 1, weight = by_count ? row->share : row->weight;
        bought += times * weight;
        all += weight;
        known += row->known ? times : 0;
        competitive += row->competitive ? times : 0;
        if (row->product != FN_NONE && products) tally[row->product] += times * weight;
    }
    if (by_count) e->in_weight = bought;
    else if (all > 0) e->in_weight *= bought / all;
    else if (resampled) e->in_weight = drawn_supply(e, seed, stream, fn_central_mark(a->net, firm));
    e->in_share = e->in_weight;
    if (!isnan(e->competitive) && known > 0) e->competitive = competitive / known;
    if (!isnan(e->entropy)) shares(tally, products, e);
}

/* The index of everybody, made again; false: nothing was drawn. */
static bool index_again(const fn_ranking *r, size_t start, bool by_count, bool resampled, uint64_t seed,
                        uint64_t stream, again *a)
{
    double inside = 0;
    for (size_t i = 0; i < a->count; i++) {
        const fn_candidate *m = &r->candidate[start + a->place[i]];
        evidence_again(r, m->firm, by_count, resampled, seed, stream, a, &a->ranking.evidence[i]);
        a->ranking.candidate[i] = (fn_candidate) { .firm = (uint32_t) i, .standing = m->standing };
        inside += a->ranking.evidence[i].in_weight;
    }
    if (!(inside > 0)) return false;
    fn_central_index(&a->ranking, 0, a->count, inside);
    return true;
}

/* (own - best other) / the larger of both, among companies; the first of the list is the candidate in question. */
static double gap_again(const again *a)
{
    double own = a->ranking.candidate[0].index, other = 0;
    for (size_t i = 1; i < a->count; i++) {
        const fn_candidate *m = &a->ranking.candidate[i];
        if (m->standing == FN_STANDS_COMPANY && m->index > other) other = m->index;
    }
    double most = fmax(own, other);
    return most > 0 ? (own - other) / most : 0;
}

static void keep_low(uint32_t *low, uint32_t kept, uint32_t next)
{
    for (uint32_t k = 0; k < kept; k++)
        if (low[k] > next) {
            uint32_t pushed = low[k];
            low[k] = next;
            next = pushed;
        }
}

static void keep_high(uint32_t *high, uint32_t kept, uint32_t next)
{
    for (uint32_t k = 0; k < kept; k++)
        if (high[k] < next) {
            uint32_t pushed = high[k];
            high[k] = next;
            next = pushed;
        }
}

/* Ranks among their kind; keeps the smallest and largest of each. */
static void note_ranks(again *a)
{
    uint32_t rank = 0;
    for (size_t i = 0; i < a->count; i++) a->sorted[i] = a->ranking.candidate[i];
    qsort(a->sorted, a->count, sizeof *a->sorted, fn_central_by_rank);
    for (size_t i = 0; i < a->count; i++) {
        rank = i && a->sorted[i].standing == a->sorted[i - 1].standing ? rank + 1 : 1;
        uint32_t who = a->sorted[i].firm;
        a->first[who] += rank == 1;
        keep_low(a->low + who * a->kept, a->kept, rank);
        keep_high(a->high + who * a->kept, a->kept, rank);
    }
}

/* What another thread met; the same whoever met it. */
static void join_ranks(again *a, const again *other)
{
    for (size_t i = 0; i < a->count; i++) {
        a->first[i] += other->first[i];
        for (size_t k = i * a->kept; k < (i + 1) * a->kept; k++) {
            keep_low(a->low + i * a->kept, a->kept, other->low[k]);
            keep_high(a->high + i * a->kept, a->kept, other->high[k]);
        }
    }
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;
    return (a > b) - (a < b);
}

/* Of five rankings the share in which the first candidate is first, or one of several firsts. */
static double agreement(const fn_ranking *r, size_t start, size_t end)
{
    enum { RANKINGS = 5 };
    double own[RANKINGS] = { 0 };
    bool known[RANKINGS] = { false }, beaten[RANKINGS] = { false };
    for (size_t k = start; k < end; k++) {
        const fn_central_evidence *e = &r->evidence[r->candidate[k].firm];
        if (r->candidate[k].standing != FN_STANDS_COMPANY) break;
        const double value[RANKINGS] = {
            e->in_weight, e->suppliers == FN_INT_NONE ? NAN : (double) e->suppliers,
            e->tenders == FN_INT_NONE ? NAN : (double) e->tenders,
            e->breadth == FN_INT_NONE ? NAN : (double) e->breadth,
            exp(e->entropy)
        };
        for (int q = 0; q < RANKINGS; q++) {
            if (k == start) own[q] = value[q], known[q] = !isnan(value[q]);
            else if (value[q] > own[q]) beaten[q] = true;
        }
    }
    int count = 0, first = 0;
    for (int q = 0; q < RANKINGS; q++) count += known[q], first += known[q] && !beaten[q];
    return count ? (double) first / count : NAN;
}

/* Who takes part: the first candidate, and everybody who is supplied. */
static void list_part(const fn_ranking *r, size_t start, size_t end, again *a)
{
    a->count = 0;
    for (size_t k = start; k < end; k++)
        if (r->evidence[r->candidate[k].firm].in_weight > 0) a->place[a->count++] = (uint32_t) (k - start);
}

/* Everybody of the crew gets the list of those who take part. */
static bool start_cluster(const fn_ranking *r, size_t start, size_t end, draw_crew *crew)
{
    for (int t = 0; t < crew->size; t++) {
        again *a = &crew->member[t];
        list_part(r, start, end, a);
        for (size_t k = 0; k < a->count * a->kept; k++) a->low[k] = UINT32_MAX, a->high[k] = 0;
        for (size_t i = 0; i < a->count; i++) a->first[i] = 0;
    }
    const again *a = crew->member;
    return a->count && a->place[0] == 0 && r->candidate[start].standing == FN_STANDS_COMPANY;
}

static fn_status draw_cluster(fn_run *run, const fn_ranking *r, size_t start, uint32_t resamples, draw_crew *crew)
{
    enum { CHUNK = 64, LEAST_WORTH = 16 };
    uint64_t seed = run->seed;
    bool worth = crew->member[0].count >= LEAST_WORTH;
    (void) worth;
    for (uint32_t first = 0; first < resamples; first += CHUNK) {
        uint32_t end = first + CHUNK < resamples ? first + CHUNK : resamples;
        fn_status status = fn_progress(run, "resampling tenders", -1);
        if (status) return status;
#pragma omp parallel for schedule(dynamic) num_threads(crew->size) if (worth)
        for (uint32_t s = first; s < end; s++) {
            again *a = &crew->member[own_number()];
            bool drawn = index_again(r, start, false, true, seed, STREAM + s, a);
            crew->gap[s] = drawn ? gap_again(a) : NAN;
            if (drawn) note_ranks(a);
        }
    }
    for (int t = 1; t < crew->size; t++) join_ranks(crew->member, &crew->member[t]);
    return FN_OK;
}

static fn_status resample_cluster(fn_run *run, fn_ranking *r, uint32_t c, uint32_t resamples, draw_crew *crew)
{
    size_t start = r->start[c], end = r->start[c + 1];
    fn_central_doubt *doubt = &r->doubt[c];
    again *a = crew->member;
    *doubt = (fn_central_doubt) { NAN, NAN, NAN };
    if (!start_cluster(r, start, end, crew)) return FN_OK;
    doubt->agreement = agreement(r, start, end);
    if (r->evidence[r->candidate[start].firm].tenders != FN_INT_NONE && index_again(r, start, true, false, 0, 0, a))
        doubt->gap_by_count = gap_again(a);
    fn_status status = draw_cluster(run, r, start, resamples, crew);
    if (status) return status;
    uint32_t done = 0;
    for (uint32_t s = 0; s < resamples; s++)
        if (!isnan(crew->gap[s])) crew->gap[done++] = crew->gap[s];
    if (!done) return FN_OK;
    qsort(crew->gap, done, sizeof *crew->gap, by_value);
    doubt->gap_low = crew->gap[done / 20];
    uint32_t cut = done / 40; /* so many ranks lie outside, on each side */
    for (size_t i = 0; i < a->count; i++) {
        fn_candidate *m = &r->candidate[start + a->place[i]];
        m->support = (double) a->first[i] / done;
        m->rank_low = a->low[i * a->kept + cut];
        m->rank_high = a->high[i * a->kept + cut];
    }
    return FN_OK;
}

static bool make_again(fn_run *run, const fn_net *net, size_t largest, size_t products, uint32_t kept, again *a)
{
    *a = (again) { .net = net, .kept = kept };
    a->ranking.evidence = fn_alloc(run, largest, sizeof *a->ranking.evidence);
    a->ranking.candidate = fn_alloc(run, largest, sizeof *a->ranking.candidate);
    a->place = fn_alloc(run, largest, sizeof *a->place);
    a->tally = fn_alloc(run, products, sizeof *a->tally);
    a->low = fn_alloc(run, largest * kept, sizeof *a->low);
    a->high = fn_alloc(run, largest * kept, sizeof *a->high);
    a->first = fn_alloc(run, largest, sizeof *a->first);
    a->sorted = fn_alloc(run, largest, sizeof *a->sorted);
    return a->ranking.evidence && a->ranking.candidate && a->place && a->tally && a->low && a->high &&
           a->first && a->sorted;
}

static void free_again(again *a)
{
    fn_free(a->ranking.evidence);
    fn_free(a->ranking.candidate);
    fn_free(a->place);
    fn_free(a->tally);
    fn_free(a->low);
    fn_free(a->high);
    fn_free(a->first);
    fn_free(a->sorted);
}

/* Most firms that take part in one cluster, and most products of one. */
static void measure_room(const fn_ranking *r, uint32_t clusters, size_t *largest, size_t *products)
{
    *largest = 0, *products = 1;
    for (uint32_t c = 0; c < clusters; c++) {
        size_t count = 0;
        for (size_t k = r->start[c]; k < r->start[c + 1]; k++) {
            const fn_central_evidence *e = &r->evidence[r->candidate[k].firm];
            count += e->in_weight > 0;
            if (e->products != FN_INT_NONE && (size_t) e->products > *products) *products = (size_t) e->products;
        }
        if (count > *largest) *largest = count;
    }
}

fn_status fn_central_resample(fn_run *run, const fn_net *net, fn_ranking *r, uint32_t clusters, uint32_t resamples)
{
    size_t largest, products;
    measure_room(r, clusters, &largest, &products);
    draw_crew crew = { .size = fn_run_threads(run) };
    crew.member = fn_alloc(run, (size_t) crew.size, sizeof *crew.member);
    crew.gap = fn_alloc(run, resamples, sizeof *crew.gap);
    fn_status status = crew.member && crew.gap ? FN_OK : FN_ENOMEM;
    for (int t = 0; t < crew.size && !status; t++)
        if (!make_again(run, net, largest, products, resamples / 40 + 1, &crew.member[t])) status = FN_ENOMEM;
    for (uint32_t c = 0; c < clusters && !status; c++) status = resample_cluster(run, r, c, resamples, &crew);
    for (int t = 0; t < crew.size && crew.member; t++) free_again(&crew.member[t]);
    fn_free(crew.member);
    fn_free(crew.gap);
    return status;
}
