/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/algorithm.h"
#include "algorithms/backbone_inside.h"
#include "algorithms/tie_relation.h"
#include "graph/memory.h"

/* A record of a pair, told by a tender. */
typedef struct meeting {
    uint32_t from, to;
    uint16_t layer;
    int32_t day;
} meeting;

typedef struct meetings {
    meeting *list;
    size_t count, capacity;
} meetings;

typedef struct columns {
    fn_column *duration, *periods, *regularity, *share_from, *share_to, *repeats;
} columns;

static int by_pair_and_day(const void *a, const void *b)
{
    const meeting *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->layer != y->layer) return x->layer < y->layer ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

static fn_status add_meeting(fn_run *run, meetings *m, meeting one)
{
    meeting *grown = fn_grow(run, m->list, &m->capacity, m->count + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    m->list = grown;
    grown[m->count++] = one;
    return FN_OK;
}

/* Winners deliver to the buyer; bidders meet. */
static fn_status find_meetings(fn_run *run, const fn_view *view, meetings *m)
{
    const fn_tender *tender = fn_net_tender(view->net);
    const uint32_t *firm = fn_net_tender_firms(view->net);
    bool supply = view->layers >> FN_LAYER_SUPPLY & 1, cobid = view->layers >> FN_LAYER_COBID & 1;
    fn_status status = FN_OK;
    for (size_t k = 0; k < fn_net_tenders(view->net) && !status; k++) {
        const fn_tender *t = &tender[k];
        const uint32_t *bidder = &firm[t->first_bidder];
        if (t->day == FN_DAY_NONE) continue;
        for (size_t w = 0; w < t->winners && supply && !status; w++)
            status = add_meeting(run, m, (meeting) { firm[t->first_winner + w], t->buyer, FN_LAYER_SUPPLY, t->day });
        for (size_t a = 0; a < t->bidders && cobid && !status; a++)
            for (size_t b = a + 1; b < t->bidders && !status; b++)
                status = add_meeting(run, m, (meeting) { bidder[a], bidder[b], FN_LAYER_COBID, t->day });
    }
    if (!status && m->count) qsort(m->list, m->count, sizeof *m->list, by_pair_and_day);
    return status;
}

static int year_of(int32_t day)
{
    int year, month, first;
    fn_date_split(day, &year, &month, &first);
    return year;
}

/* Of days in order. */
static int count_years(const meeting *list, size_t count)
{
    int years = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        int year = year_of(list[i].day);
        if (i == 0 || year != last) years++;
        last = year;
    }
    return years;
}

static double regularity_of(const meeting *list, size_t count)
{
    double sum = 0, squares = 0;
    int gaps = 0;
    for (size_t i = 1; i < count; i++) {
        double gap = (double) list[i].day - list[i - 1].day;
        if (gap == 0) continue;
        sum += gap;
        gaps++;
    }
    if (gaps < 2) return NAN;
    for (size_t i = 1; i < count; i++) {
        double gap = (double) list[i].day - list[i - 1].day;
        if (gap > 0) squares += (gap - sum / gaps) * (gap - sum / gaps);
    }
    return 1 - sqrt(squares / gaps) / (sum / gaps);
}

static const meeting *find_pair(const meetings *m, const fn_tie *t, size_t *count)
{
    size_t low = 0, high = m->count;
    const meeting wanted = { t->from, t->to, t->layer, INT32_MIN };
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_pair_and_day(&m->list[middle], &wanted) < 0) low = middle + 1;
        else high = middle;
    }
    size_t end = low;
    for (; end < m->count; end++) {
        const meeting *at = &m->list[end];
        if (at->from != t->from || at->to != t->to || at->layer != t->layer) break;
    }
    *count = end - low;
    return m->list ? &m->list[low] : NULL;
}

static void tell_times(const meetings *m, const fn_tie *t, size_t row, const columns *c)
{
    size_t count;
    c->repeats->integer[row] = t->count - 1;
    if (t->first == FN_DAY_NONE || t->last == FN_DAY_NONE) return;
    c->duration->integer[row] = (int64_t) t->last - t->first;
    if (t->count <= 2) {
        c->periods->integer[row] = year_of(t->first) == year_of(t->last) ? 1 : 2;
        return;
    }
    const meeting *list = find_pair(m, t, &count);
    if ((int64_t) count != t->count) return;
    c->periods->integer[row] = count_years(list, count);
    c->regularity->real[row] = regularity_of(list, count);
}

static fn_status tell_shares(fn_run *run, const fn_view *view, const columns *c)
{
    const fn_ties *ties = fn_net_tie_rows(view->net);
    const double *weight;
    double *own = NULL;
    fn_status status = fn_safe_weights(run, view, &weight, &own);
    for (uint16_t layer = 0; layer < FN_LAYERS_MOST && !status; layer++) {
        fn_sides s = { 0 };
        if (!(view->layers >> layer & 1)) continue;
        status = fn_sides_find(run, view, layer, weight, &s);
        for (size_t row = 0; row < view->ties && !status; row++) {
            const fn_tie t = fn_ties_at(ties, fn_view_tie(view, row));
            if (t.layer != layer || t.from == t.to || !(weight[row] > 0)) continue;
            c->share_from->real[row] = weight[row] / s.out[t.from].strength;
            c->share_to->real[row] = weight[row] / s.in[t.to].strength;
        }
        fn_sides_free(&s);
    }
    fn_free(own);
    return status;
}

fn_status fn_tie_relation(fn_run *run, const fn_view *view, fn_table *result)
{
    columns c;
    const fn_column_wanted wanted[] = {
        { "duration", FN_COLUMN_INT, &c.duration, NULL }, { "periods", FN_COLUMN_INT, &c.periods, NULL },
        { "regularity", FN_COLUMN_REAL, &c.regularity, NULL }, { "share_from", FN_COLUMN_REAL, &c.share_from, NULL },
        { "share_to", FN_COLUMN_REAL, &c.share_to, NULL }, { "repeats", FN_COLUMN_INT, &c.repeats, NULL }
    };
    meetings m = { 0 };
    fn_status status = fn_table_add_all(run, result, wanted, sizeof wanted / sizeof *wanted);
    if (!status) status = find_meetings(run, view, &m);
    for (size_t row = 0; row < view->ties && !status; row++) {
        const fn_tie t = fn_net_tie_at(view->net, fn_view_tie(view, row));
        if (t.from != t.to) tell_times(&m, &t, row, &c);
    }
    if (!status) status = tell_shares(run, view, &c);
    fn_free(m.list);
    return status;
}

static fn_status run_relation(fn_run *run, const fn_view *view, const fn_values *values, fn_table *result)
{
    (void) values;
    return fn_tie_relation(run, view, result);
}

const fn_algorithm fn_algorithm_relation = {
    .name = "relation", .group = FN_GROUP_TIES,
    .text = "how long, how regular and how large a part of both ends' business each tie is",
    .gives = "duration,periods,regularity,share_from,share_to,repeats", .source = "Granovetter 1973",
    .run = run_relation
};
