/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "algorithms/backbone.h"
#include "graph/memory.h"
#include "io/delimited.h"

/* consortium BIDS.csv.gz...: do firms that bid together as a consortium rank above those that only bid against each
 * other? BIDS are bidder tables of the Italian transparency law (columns codiceFiscale, partrgrno, lottoID). Pairs are
 * all firms that are in one lot of 2 to 20 bidders; they count as partners where one lot has them in one group. Each
 * way to rank pairs gets its AUC: the chance that a pair of partners ranks above another one (half for equal ranks). */

enum { BIDDERS_MOST = 20 };

typedef struct bid {
    uint32_t lot, firm;
    uint64_t group;        /* 0: alone */
} bid;

typedef struct bids {
    bid *list;
    size_t count, capacity;
    fn_names *lots, *groups;
} bids;

static void must(const fn_run *run, fn_status status)
{
    if (!status) return;
    fprintf(stderr, "consortium: %s:%lld: %s\n", run->error.file, (long long) run->error.line, run->error.message);
    exit(EXIT_FAILURE);
}

static size_t column_of(const fn_delimited *text, const char *name)
{
    for (size_t f = 0; f < text->fields; f++)
        if (text->field[f].length == strlen(name) && memcmp(text->field[f].text, name, strlen(name)) == 0) return f;
    fprintf(stderr, "consortium: no column %s\n", name);
    exit(EXIT_FAILURE);
}

static void add_bid(fn_run *run, fn_net *net, bids *b, int file, fn_field code, fn_field group, fn_field lot)
{
    char word[256];
    bid one = { 0 };
    bid *grown = fn_grow(run, b->list, &b->capacity, b->count + 1, sizeof *grown);
    if (!grown) must(run, FN_ENOMEM);
    b->list = grown;
    int length = snprintf(word, sizeof word, "%d %.*s", file, (int) lot.length, lot.text);
    must(run, fn_names_add(run, b->lots, word, (size_t) length, &one.lot, NULL));
    must(run, fn_net_firm(run, net, code.text, code.length, &one.firm));
    if (group.length) {
        uint32_t number;
        length = snprintf(word, sizeof word, "%u %.*s", one.lot, (int) group.length, group.text);
        must(run, fn_names_add(run, b->groups, word, (size_t) length, &number, NULL));
        one.group = (uint64_t) number + 1;
    }
    b->list[b->count++] = one;
}

static void read_bids(fn_run *run, const char *path, int file, fn_net *net, bids *b)
{
    fn_source *source;
    fn_delimited text;
    bool there;
    must(run, fn_source_open(run, path, &source));
    fn_delimited_start(&text, source, ',', false);
    must(run, fn_delimited_next(run, &text, &there));
    size_t code = column_of(&text, "codiceFiscale"), group = column_of(&text, "partrgrno");
    size_t lot = column_of(&text, "lottoID");
    for (;;) {
        must(run, fn_delimited_next(run, &text, &there));
        if (!there) break;
        if (text.bad || text.fields <= lot || !text.field[code].length) continue;
        add_bid(run, net, b, file, text.field[code], text.field[group], text.field[lot]);
    }
    fn_delimited_end(&text);
    fn_source_close(source);
}

static int by_lot(const void *a, const void *b)
{
    const bid *x = a, *y = b;
    if (x->lot != y->lot) return x->lot < y->lot ? -1 : 1;
    return (x->firm > y->firm) - (x->firm < y->firm);
}

/* A lot as a tender, and a tie of each pair of its firms; a pair of partners is marked by a tie of layer consortium. */
static void add_lot(fn_run *run, fn_net *net, const bid *list, size_t count)
{
    uint32_t firm[BIDDERS_MOST + 1];
    size_t firms = 0;
    for (size_t i = 0; i < count && firms <= BIDDERS_MOST; i++)
        if (firms == 0 || firm[firms - 1] != list[i].firm) firm[firms++] = list[i].firm;
    if (firms < 2 || firms > BIDDERS_MOST) return;
    fn_tender tender = { .product = FN_NONE, .bids_known = true, .day = FN_DAY_NONE, .value = NAN };
    fn_tie tie = { .product = FN_NONE, .layer = FN_LAYER_COBID, .value = NAN, .weight = NAN, .count = 1,
                   .first = FN_DAY_NONE, .last = FN_DAY_NONE };
    must(run, fn_net_firm(run, net, "buyer", 5, &tender.buyer));
    must(run, fn_net_add_tender(run, net, &tender, firm, firms, NULL, 0));
    tie.weight = 1 / (double) (firms - 1);
    for (size_t a = 0; a < firms; a++)
        for (size_t b = a + 1; b < firms; b++) {
            tie.from = firm[a], tie.to = firm[b];
            must(run, fn_net_add(run, net, &tie, NULL));
        }
    tie.layer = FN_LAYER_CONSORTIUM;
    tie.weight = NAN;
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++) {
            if (!list[a].group || list[a].group != list[b].group || list[a].firm == list[b].firm) continue;
            tie.from = list[a].firm, tie.to = list[b].firm;
            must(run, fn_net_add(run, net, &tie, NULL));
        }
}

/* ---- ranking ---- */

typedef struct pair {
    double score;
    bool partners;
} pair;

static int by_score(const void *a, const void *b)
{
    double x = ((const pair *) a)->score, y = ((const pair *) b)->score;
    return (x > y) - (x < y);
}

static double auc(pair *list, size_t count)
{
    double below = 0, sum = 0, partners = 0;
    qsort(list, count, sizeof *list, by_score);
    for (size_t first = 0, end; first < count; first = end) {
        double here = 0, others = 0;
        for (end = first; end < count && list[end].score == list[first].score; end++)
            list[end].partners ? here++ : others++;
        sum += here * (below + others / 2);
        below += others;
        partners += here;
    }
    return sum / (partners * below);
}

typedef struct ranking {
    const char *name, *text, *unit;
} ranking;

static const ranking rankings[] = {
    { NULL, "raw counts", NULL }, { "weight", "Newman's weights", NULL }, { "hypergeometric", "hypergeometric", NULL },
    { "marginal-likelihood", "marginal likelihood", "count" }, { "noise-corrected", "noise-corrected", "count" },
    { "disparity", "disparity", NULL },
};

/* A method's order of the ties: by log10 p, the smaller of two, or by its score. */
static double score_of(const fn_table *judged, const fn_view *view, size_t row)
{
    if (!judged) return (double) fn_net_tie_at(view->net, fn_view_tie(view, row)).count;
    const fn_column *p = fn_table_find(judged, "log10_p"), *from = fn_table_find(judged, "log10_p_from");
    double score = p ? -p->real[row] : from ? -fmin(from->real[row], fn_table_find(judged, "log10_p_to")->real[row])
                                            : fn_table_find(judged, "score")->real[row];
    return isnan(score) ? -INFINITY : score;
}

static void rank(fn_run *run, const fn_view *view, const bool *partners, const ranking *how, pair *list)
{
    const fn_param *tables[3] = { fn_backbone_params };
    fn_table *judged = NULL;
    fn_values *values = NULL;
    if (how->name) {
        const fn_algorithm *method = fn_algorithm_find(FN_GROUP_BACKBONE, how->name);
        tables[1] = method->params;
        must(run, fn_values_new(run, tables, &values));
        if (how->unit) must(run, fn_values_set(run, values, "unit", how->unit));
        must(run, fn_table_new(run, view->ties, &judged));
        must(run, method->run(run, view, values, judged));
    }
    for (size_t row = 0; row < view->ties; row++) list[row] = (pair) { score_of(judged, view, row), partners[row] };
    printf("%-20s AUC %.4f\n", how->text, auc(list, view->ties));
    fn_table_free(judged);
    fn_values_free(values);
}

/* Which co-bidding pairs are partners, too. */
static size_t mark_partners(const fn_net *net, const fn_view *view, bool *partners)
{
    size_t count = 0;
    for (size_t row = 0; row < view->ties; row++) {
        size_t e = fn_view_tie(view, row);
        const fn_tie t = fn_net_tie_at(net, e);
        const fn_tie before = fn_net_tie_at(net, e ? e - 1 : 0); /* layer consortium stands before cobid */
        partners[row] = e && before.from == t.from && before.to == t.to && before.layer == FN_LAYER_CONSORTIUM;
        count += partners[row];
    }
    return count;
}

int main(int argc, char **argv)
{
    fn_run run = FN_RUN_INIT;
    fn_net *net;
    fn_view *view;
    bids b = { 0 };
    fn_view_options options = FN_VIEW_ALL;
    must(&run, fn_net_new(&run, &net));
    must(&run, fn_names_new(&run, &b.lots));
    must(&run, fn_names_new(&run, &b.groups));
    for (int f = 1; f < argc; f++) read_bids(&run, argv[f], f, net, &b);
    if (!b.count) return fprintf(stderr, "usage: consortium BIDS.csv.gz...\n"), EXIT_FAILURE;
    qsort(b.list, b.count, sizeof *b.list, by_lot);
    for (size_t first = 0, end; first < b.count; first = end) {
        for (end = first; end < b.count && b.list[end].lot == b.list[first].lot; end++) continue;
        add_lot(&run, net, &b.list[first], end - first);
    }
    must(&run, fn_net_freeze(&run, net));
    options.layers = (uint64_t) 1 << FN_LAYER_COBID;
    must(&run, fn_view_new(&run, net, &options, &view));
    bool *partners = fn_alloc(&run, view->ties, sizeof *partners);
    pair *list = fn_alloc(&run, view->ties, sizeof *list);
    if (!partners || !list) must(&run, FN_ENOMEM);
    size_t count = mark_partners(net, view, partners);
    printf("%zu lots of 2 to %d bidders, %zu pairs, %zu of them partners in a consortium\n", fn_net_tenders(net),
           BIDDERS_MOST, view->ties, count);
    for (size_t k = 0; k < sizeof rankings / sizeof *rankings; k++) rank(&run, view, partners, &rankings[k], list);
    fn_free(partners);
    fn_free(list);
    fn_free(b.list);
    fn_names_free(b.lots);
    fn_names_free(b.groups);
    fn_view_free(view);
    fn_net_free(net);
    return EXIT_SUCCESS;
}
