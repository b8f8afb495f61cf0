/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "graph/random.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

/* ---- drawing ---- */

enum { STREAM_NET = 40, STREAM_FROM, STREAM_TO, STREAM_LAYER, STREAM_VALUE, STREAM_ODD, STREAM_COUNT, STREAM_DAY,
       STREAM_CURRENCY, STREAM_TENDER, STREAM_BIDDER };

static uint32_t below(uint64_t seed, uint64_t stream, uint64_t i, uint32_t end)
{
    return (uint32_t) fn_random_below(seed, stream, i, end);
}

static int32_t draw_day(uint64_t seed, uint64_t i)
{
    bool dated = seed % 3 != 1 && below(seed, STREAM_DAY, 2 * i, 8);
    return dated ? 18000 + (int32_t) below(seed, STREAM_DAY, 2 * i + 1, seed % 2 ? 1500 : 400) : FN_DAY_NONE;
}

static double draw_value(uint64_t seed, uint64_t i)
{
    if (seed % 10 == 3) return NAN;
    if (seed % 5 == 0 && below(seed, STREAM_ODD, i, 4) == 0) return 0;
    if (seed % 5 == 1 && below(seed, STREAM_ODD, i, 5) == 0) return NAN;
    return 1 + below(seed, STREAM_VALUE, i, 9);
}

static uint16_t draw_layer(uint64_t seed, uint64_t i)
{
    static const uint16_t layers[] = { FN_LAYER_SUPPLY, FN_LAYER_SUPPLY, FN_LAYER_SUPPLY, FN_LAYER_COBID,
                                       FN_LAYER_COBID, FN_LAYER_KNOWLEDGE, FN_LAYER_FINANCE };
    if (seed % 3 == 0) return FN_LAYER_SUPPLY;
    return layers[below(seed, STREAM_LAYER, i, 7)];
}

static fn_tie draw_record(uint64_t seed, uint64_t i, uint32_t drawn)
{
    fn_tie tie = {
        .from = below(seed, STREAM_FROM, i, drawn), .to = below(seed, STREAM_TO, i, drawn), .product = FN_NONE,
        .layer = draw_layer(seed, i), .value = draw_value(seed, i), .weight = NAN,
        .count = 1 + (seed % 4 ? below(seed, STREAM_COUNT, i, 4) : 0)
    };
    tie.first = tie.last = draw_day(seed, i);
    tie.currency = seed % 7 == 0 && below(seed, STREAM_CURRENCY, i, 3) == 0;
    if (tie.layer == FN_LAYER_KNOWLEDGE) tie.value = NAN;
    if (tie.layer == FN_LAYER_COBID && seed % 2) tie.weight = .25 * (1 + below(seed, STREAM_VALUE, i, 8));
    return tie;
}

/* Bidders of one competition, ascending, each but the buyer with an even chance. */
static bool draw_tender(uint64_t seed, uint64_t k, uint32_t drawn, small_tender *t)
{
    *t = (small_tender) { .buyer = below(seed, STREAM_TENDER, 2 * k, drawn), .day = draw_day(seed, 1000 + k) };
    for (uint32_t f = 0; f < drawn && t->bidders < SMALL_BIDDERS; f++)
        if (f != t->buyer && below(seed, STREAM_BIDDER, 100 * k + f, 2)) t->bidder[t->bidders++] = f;
    if (!t->bidders) return false;
    t->winner = t->bidder[below(seed, STREAM_TENDER, 2 * k + 1, t->bidders)];
    return true;
}

/* A tender makes a tie of supply, and one of every two bidders. */
static void add_tender(small_net *s, uint64_t seed, const small_tender *t)
{
    fn_tie tie = { .from = t->winner, .to = t->buyer, .product = FN_NONE, .layer = FN_LAYER_SUPPLY,
                   .value = draw_value(seed, 2000 + s->tenders), .weight = NAN, .count = 1, .first = t->day,
                   .last = t->day };
    s->tender[s->tenders++] = *t;
    s->record[s->records++] = tie;
    tie.layer = FN_LAYER_COBID;
    tie.value = NAN;
    tie.weight = .5;
    for (uint32_t a = 0; a < t->bidders; a++)
        for (uint32_t b = a + 1; b < t->bidders; b++) {
            tie.from = t->bidder[a], tie.to = t->bidder[b];
            s->record[s->records++] = tie;
        }
}

static void draw(small_net *s, uint64_t seed)
{
    s->firms = 2 + below(seed, STREAM_NET, 0, DENSE_MOST - 1); /* 2 … DENSE_MOST */
    uint32_t drawn = seed % 3 && s->firms > 3 ? s->firms - 1 : s->firms;
    const uint32_t density[] = { 1, 4, 8, 4 };
    uint32_t records = below(seed, STREAM_NET, 1, density[seed % 4] * s->firms + 1);
    uint32_t tenders = seed % 4 == 1 ? below(seed, STREAM_NET, 2, SMALL_TENDERS + 1) : 0;
    small_tender t;
    for (uint64_t k = 0; k < tenders; k++)
        if (draw_tender(seed, k, drawn, &t)) add_tender(s, seed, &t);
    for (uint64_t i = 0; i < records && s->records < SMALL_RECORDS; i++)
        s->record[s->records++] = draw_record(seed, i, drawn);
}

/* ---- changing ---- */

static void swap_ends(fn_tie *t)
{
    uint32_t from = t->from;
    t->from = t->to;
    t->to = from;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return x < y ? -1 : x > y;
}

static void rename_firms(small_net *s, const uint32_t *map)
{
    for (size_t i = 0; i < s->records; i++)
        s->record[i].from = map[s->record[i].from], s->record[i].to = map[s->record[i].to];
    for (size_t k = 0; k < s->tenders; k++) {
        small_tender *t = &s->tender[k];
        t->buyer = map[t->buyer];
        t->winner = map[t->winner];
        for (uint32_t b = 0; b < t->bidders; b++) t->bidder[b] = map[t->bidder[b]];
        qsort(t->bidder, t->bidders, sizeof *t->bidder, by_number);
    }
}

static void change_net(small_net *s, const small_change *change)
{
    s->firms += change->lone_firms;
    if (change->map) rename_firms(s, change->map);
    if (change->turned) s->tenders = 0;
    for (size_t i = 0; i < s->records; i++) {
        fn_tie *t = &s->record[i];
        if (change->scale > 0) t->value *= change->scale, t->weight *= change->scale;
        if (change->turned && fn_net_layer_directed(t->layer)) swap_ends(t);
    }
    size_t drawn = change->self_ties ? s->records : 0;
    for (size_t i = 0; i < drawn && s->records < SMALL_RECORDS; i += 2) {
        s->record[s->records] = s->record[i];
        s->record[s->records].to = s->record[i].from;
        s->records++;
    }
}

/* ---- adding up ---- */

static bool same_tie(const fn_tie *a, const fn_tie *b)
{
    return a->from == b->from && a->to == b->to && a->layer == b->layer && a->currency == b->currency;
}

static double add_amount(double sum, double more)
{
    return isnan(sum) ? more : isnan(more) ? sum : sum + more;
}

static void add_record(small_net *s, fn_tie record)
{
    size_t k = 0;
    if (!fn_net_layer_directed(record.layer) && record.from > record.to) swap_ends(&record);
    while (k < s->ties && !same_tie(&s->tie[k], &record)) k++;
    if (k == s->ties) {
        s->tie[s->ties++] = record;
        return;
    }
    fn_tie *tie = &s->tie[k];
    tie->value = add_amount(tie->value, record.value);
    tie->weight = add_amount(tie->weight, record.weight);
    tie->count += record.count;
    if (record.first == FN_DAY_NONE) return;
    if (tie->first == FN_DAY_NONE || record.first < tie->first) tie->first = record.first;
    if (tie->last == FN_DAY_NONE || record.last > tie->last) tie->last = record.last;
}

static int by_ends(const void *a, const void *b)
{
    const fn_tie *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->layer != y->layer) return x->layer < y->layer ? -1 : 1;
    return (x->currency > y->currency) - (x->currency < y->currency);
}

static void weigh(small_net *s)
{
    for (size_t i = 0; i < s->ties; i++) {
        bool own = false, money = false, several = false;
        int currency = -1;
        for (size_t k = 0; k < s->ties; k++) {
            const fn_tie *other = &s->tie[k];
            if (other->layer != s->tie[i].layer) continue;
            own |= !isnan(other->weight);
            if (isnan(other->value)) continue;
            money |= other->value > 0;
            several |= currency >= 0 && currency != other->currency;
            currency = other->currency;
        }
        double value = s->tie[i].value, weight = s->tie[i].weight;
        s->weight[i] = own ? (isnan(weight) ? 0 : weight) : several || !money ? (double) s->tie[i].count
                     : isnan(value) ? 0 : value;
    }
}

/* ---- making ---- */

static void make(fn_run *run, small_net *s)
{
    static const char *const currencies[] = { "", "EUR" };
    ck_assert_int_eq(fn_net_new(run, &s->net), FN_OK);
    for (uint32_t f = 0; f < s->firms; f++) {
        char key[16];
        uint32_t number;
        size_t length = (size_t) snprintf(key, sizeof key, "firm %u", f);
        ck_assert_int_eq(fn_net_firm(run, s->net, key, length, &number), FN_OK);
        ck_assert_uint_eq(number, f);
    }
    for (uint16_t c = 0; c < 2; c++) {
        uint16_t number;
        ck_assert_int_eq(fn_net_currency(run, s->net, currencies[c], strlen(currencies[c]), &number), FN_OK);
        ck_assert_uint_eq(number, c);
    }
    for (size_t i = 0; i < s->records; i++)
        ck_assert_int_eq(fn_net_add(run, s->net, &s->record[i], NULL), FN_OK);
    for (size_t k = 0; k < s->tenders; k++) {
        const small_tender *t = &s->tender[k];
        fn_tender tender = { .buyer = t->buyer, .product = FN_NONE, .bids_known = true, .day = t->day, .value = NAN };
        ck_assert_int_eq(fn_net_add_tender(run, s->net, &tender, t->bidder, t->bidders, &t->winner, 1), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, s->net), FN_OK);
    s->view = support_view(run, s->net);
}

/* The rows of the view are our ties. */
static void assert_rows(const small_net *s)
{
    ck_assert_uint_eq(s->view->ties, s->ties);
    for (size_t i = 0; i < s->ties; i++) {
        fn_tie tie = fn_net_tie_at(s->net, fn_view_tie(s->view, i));
        ck_assert(same_tie(&tie, &s->tie[i]) && tie.count == s->tie[i].count);
        ck_assert(s->view->weight[i] == s->weight[i]);
    }
}

small_net *small_net_new(fn_run *run, uint64_t seed, const small_change *change)
{
    small_net *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    draw(s, seed);
    if (change) change_net(s, change);
    for (size_t i = 0; i < s->records; i++) add_record(s, s->record[i]);
    qsort(s->tie, s->ties, sizeof *s->tie, by_ends);
    for (size_t i = 0; i < s->ties; i++) s->self_ties += s->tie[i].from == s->tie[i].to;
    weigh(s);
    make(run, s);
    assert_rows(s);
    return s;
}

void small_net_free(small_net *s)
{
    fn_view_free(s->view);
    fn_net_free(s->net);
    free(s);
}

/* ---- matrices ---- */

static small_matrix matrix_by(const small_net *s, int layer, const double *weight)
{
    small_matrix m = { .n = s->firms, .directed = layer < 0 || fn_net_layer_directed((uint16_t) layer) };
    for (size_t i = 0; i < s->ties; i++) {
        const fn_tie *t = &s->tie[i];
        if ((layer >= 0 && t->layer != layer) || t->from == t->to) continue;
        for (int way = 0; way < (fn_net_layer_directed(t->layer) ? 1 : 2); way++) {
            uint32_t u = way ? t->to : t->from, v = way ? t->from : t->to;
            m.tied[u][v] = true;
            m.w[u][v] += weight[i];
            m.records[u][v] += (double) t->count;
        }
        m.pair[t->from][t->to] = m.pair[t->to][t->from] = true;
        m.both[t->from][t->to] += weight[i];
        m.both[t->to][t->from] += weight[i];
    }
    return m;
}

small_matrix small_matrix_of(const small_net *s, int layer)
{
    return matrix_by(s, layer, s->weight);
}

small_matrix small_matrix_even(const small_net *s)
{
    double weight[SMALL_RECORDS];
    bool several = false;
    for (size_t i = 0; i < s->ties; i++) {
        double sum = 0;
        for (size_t k = 0; k < s->ties; k++) {
            const fn_tie *other = &s->tie[k];
            several |= other->layer != s->tie[i].layer;
            sum += other->layer == s->tie[i].layer && other->from != other->to ? s->weight[k] : 0;
        }
        weight[i] = sum > 0 ? s->weight[i] / sum : 0;
    }
    return matrix_by(s, -1, several ? weight : s->weight);
}
