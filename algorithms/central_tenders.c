/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include "algorithms/central_inside.h"
#include "graph/memory.h"
#include "graph/random.h"

/* The tenders of one buyer, taken apart. */
typedef struct bought { uint32_t product, place; double weight; } bought; /* place: number among the buyer's products */
typedef struct bidder { uint32_t product, firm; } bidder;
typedef struct buyer_lists {
    bought *bought;
    size_t purchases, purchases_room;
    bidder *bidder;
    size_t bidders, bidders_room;
    uint32_t *winner;
    size_t winners, winners_room;
    uint32_t *common;  /* per product of the buyer: bidders shared with the product at hand */
    size_t common_room;
    uint32_t *member;  /* bidders of each product */
    size_t member_room;
    bidder *by_firm;
    size_t by_firm_room;
} buyer_lists;

static void lists_free(buyer_lists *l)
{
    fn_free(l->bought);
    fn_free(l->bidder);
    fn_free(l->winner);
    fn_free(l->common);
    fn_free(l->member);
    fn_free(l->by_firm);
}

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_product(const void *a, const void *b)
{
    const bought *x = a, *y = b;
    if (x->product != y->product) return compare_u32(x->product, y->product);
    return (x->weight > y->weight) - (x->weight < y->weight);
}

static int by_product_firm(const void *a, const void *b)
{
    const bidder *x = a, *y = b;
    return x->product != y->product ? compare_u32(x->product, y->product) : compare_u32(x->firm, y->firm);
}

static int by_firm_product(const void *a, const void *b)
{
    const bidder *x = a, *y = b;
    return x->firm != y->firm ? compare_u32(x->firm, y->firm) : compare_u32(x->product, y->product);
}

static int by_number(const void *a, const void *b)
{
    return compare_u32(*(const uint32_t *) a, *(const uint32_t *) b);
}

static void product_shares(buyer_lists *l, fn_central_evidence *e)
{
    if (!l->purchases) return;
    qsort(l->bought, l->purchases, sizeof *l->bought, by_product);
    for (size_t k = 1; k < l->purchases; k++)
        l->bought[k].place = l->bought[k - 1].place + (l->bought[k].product != l->bought[k - 1].product);
    double total = 0, entropy = 0, share = 0;
    for (size_t k = 0; k < l->purchases; k++) total += l->bought[k].weight;
    if (!(total > 0)) return;
    int64_t products = 0;
    for (size_t k = 0; k < l->purchases; k++) {
        share += l->bought[k].weight / total;
        if (k + 1 < l->purchases && l->bought[k + 1].product == l->bought[k].product) continue;
        products++;
        if (share > 0) entropy -= share * log(share);
        share = 0;
    }
    e->products = products;
    e->entropy = products > 1 ? fmax(entropy, 0) : 0;
}

/* Products get numbers 0, 1, … of this buyer; only pairs of products that share a bidder are visited. */
static fn_status bidder_overlap(fn_run *run, buyer_lists *l, fn_central_evidence *e)
{
    if (!l->bidders) return FN_OK;
    qsort(l->bidder, l->bidders, sizeof *l->bidder, by_product_firm);
    size_t kept = 0;
    for (size_t k = 0; k < l->bidders; k++)
        if (!kept || by_product_firm(&l->bidder[kept - 1], &l->bidder[k])) l->bidder[kept++] = l->bidder[k];
    uint32_t products = 0, last = FN_NONE;
    for (size_t k = 0; k < kept; k++) {
        if (l->bidder[k].product != last) last = l->bidder[k].product, products++;
        l->bidder[k].product = products - 1;
    }
    if (products < 2) return FN_OK;

    uint32_t *common = fn_grow(run, l->common, &l->common_room, products, sizeof *common);
    if (!common) return FN_ENOMEM;
    l->common = common;
    uint32_t *member = fn_grow(run, l->member, &l->member_room, products, sizeof *member);
    if (!member) return FN_ENOMEM;
    l->member = member;
    bidder *by_firm = fn_grow(run, l->by_firm, &l->by_firm_room, kept, sizeof *by_firm);
    if (!by_firm) return FN_ENOMEM;
    l->by_firm = by_firm;

    for (uint32_t p = 0; p < products; p++) common[p] = 0, member[p] = 0;
    for (size_t k = 0; k < kept; k++) {
        member[l->bidder[k].product]++;
        by_firm[k] = l->bidder[k];
    }
    qsort(by_firm, kept, sizeof *by_firm, by_firm_product);
    double sum = 0;
    for (size_t start = 0, end; start < kept; start = end) {
        uint32_t p = l->bidder[start].product;
        for (end = start; end < kept && l->bidder[end].product == p; end++) {
            const bidder *at = bsearch(&l->bidder[end], by_firm, kept, sizeof *by_firm, by_firm_product);
            for (const bidder *q = at + 1; q < by_firm + kept && q->firm == at->firm; q++) common[q->product]++;
        }
        for (size_t k = start; k < end; k++) {
            const bidder *at = bsearch(&l->bidder[k], by_firm, kept, sizeof *by_firm, by_firm_product);
            for (const bidder *q = at + 1; q < by_firm + kept && q->firm == at->firm; q++) {
                uint32_t shared = common[q->product];
                if (shared) sum += (double) shared / (double) (member[p] + member[q->product] - shared);
                common[q->product] = 0;
            }
        }
    }
    e->bidder_overlap = sum / ((double) products * (double) (products - 1) / 2);
    return FN_OK;
}

static fn_status add_purchase(fn_run *run, buyer_lists *l, uint32_t product, double weight)
{
    bought *grown = fn_grow(run, l->bought, &l->purchases_room, l->purchases + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    l->bought = grown;
    l->bought[l->purchases++] = (bought) { product, 0, weight };
    return FN_OK;
}

static fn_status add_bidders(fn_run *run, buyer_lists *l, const fn_tender *t, const uint32_t *bidders)
{
    bidder *grown = fn_grow(run, l->bidder, &l->bidders_room, l->bidders + t->bidders, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    l->bidder = grown;
    for (size_t k = 0; k < t->bidders; k++) l->bidder[l->bidders++] = (bidder) { t->product, bidders[k] };
    return FN_OK;
}

static fn_status add_winners(fn_run *run, buyer_lists *l, const fn_tender *t, const uint32_t *winners,
                             const uint32_t *cluster, size_t *inside)
{
    uint32_t *grown = fn_grow(run, l->winner, &l->winners_room, l->winners + t->winners, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    l->winner = grown;
    *inside = 0;
    for (size_t k = 0; k < t->winners; k++) {
        if (winners[k] == t->buyer || cluster[winners[k]] != cluster[t->buyer]) continue;
        l->winner[l->winners++] = winners[k];
        (*inside)++;
    }
    return FN_OK;
}

static bool tender_in_view(const fn_tender *t, const uint32_t *winners, const fn_csr *in)
{
    if (!t->winners) return fn_csr_degree(in, t->buyer) > 0;
    for (size_t k = 0; k < t->winners; k++)
        if (winners[k] != t->buyer && fn_csr_find(in, t->buyer, winners[k]) != FN_NO_ARC) return true;
    return false;
}

/* One currency and a value everywhere: then products are weighed by money. */
static bool values_comparable(const fn_tender *tender, const size_t *order, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const fn_tender *t = &tender[order[k]];
        if (t->winners && (!(t->value > 0) || t->currency != tender[order[0]].currency)) return false;
    }
    return true;
}

static uint64_t text_mark(const char *text, size_t length)
{
    uint64_t mark = 0xcbf29ce484222325u; /* FNV-1a, mixed */
    for (size_t i = 0; i < length; i++) mark = (mark ^ (unsigned char) text[i]) * 0x100000001b3u;
    return fn_mix64(mark);
}

uint64_t fn_central_mark(const fn_net *net, uint32_t firm)
{
    size_t length;
    const char *key = fn_names_text(fn_net_keys(net), firm, &length);
    return text_mark(key, length);
}

/* Who bought what from whom, and when; sums do not depend on the order of firms. */
static uint64_t tender_mark(const fn_net *net, const fn_tender *t)
{
    size_t length;
    const uint32_t *firms = fn_net_tender_firms(net);
    const char *product = fn_names_text(fn_net_products(net), t->product, &length);
    uint64_t mark = fn_mix64(fn_central_mark(net, t->buyer) + (uint32_t) t->day) + text_mark(product, length);
    for (size_t k = 0; k < t->bidders; k++) mark += fn_mix64(fn_central_mark(net, firms[t->first_bidder + k]));
    for (size_t k = 0; k < t->winners; k++) mark += 3 * fn_central_mark(net, firms[t->first_winner + k]);
    return fn_mix64(mark);
}

static int by_mark(const void *left, const void *right)
{
    const fn_central_row *a = left, *b = right;
    if (a->mark != b->mark) return a->mark < b->mark ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight);
}

/* The rows of a buyer in an order of their own; those that differ in nothing but money get marks of their own, too. */
static void order_rows(fn_central_row *row, size_t count)
{
    uint64_t last = 0, again = 0;
    qsort(row, count, sizeof *row, by_mark);
    for (size_t k = 0; k < count; k++) {
        again = k && row[k].mark == last ? again + 1 : 0;
        last = row[k].mark;
        row[k].mark += again * 0x9e3779b97f4a7c15u;
    }
}

/* Keep what the index takes from the tender. product: still the net's. */
static fn_status add_row(fn_run *run, fn_central_rows *rows, const fn_net *net, const fn_tender *t, double value,
                         size_t inside)
{
    fn_central_row *grown = fn_grow(run, rows->row, &rows->capacity, rows->rows + 1, sizeof *grown);
    if (!grown) return FN_ENOMEM;
    rows->row = grown;
    double share = t->winners ? (double) inside / (double) t->winners : 0;
    grown[rows->rows++] = (fn_central_row) {
        .product = inside ? t->product : FN_NONE, .mark = tender_mark(net, t),
        .weight = inside ? value * share : 0, .share = share,
        .known = t->bids_known, .competitive = t->bids_known && t->bidders >= 2 && t->bidders > t->winners
    };
    return FN_OK;
}

/* Products of one buyer's rows become 0, 1, … in the order of their numbers in the net. */
static void number_products(const buyer_lists *l, fn_central_row *row, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (row[k].product == FN_NONE) continue;
        size_t low = 0, high = l->purchases; /* sorted by product (product_shares) */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (l->bought[middle].product < row[k].product) low = middle + 1;
            else high = middle;
        }
        row[k].product = l->bought[low].place;
    }
}

static fn_status gather_buyer(fn_run *run, const fn_net *net, const size_t *order, size_t count,
                              const uint32_t *cluster, buyer_lists *l, fn_central_evidence *e, fn_central_rows *rows)
{
    const fn_tender *tender = fn_net_tender(net);
    const uint32_t *firms = fn_net_tender_firms(net);
    bool by_value = values_comparable(tender, order, count);
    int64_t known = 0, competitive = 0;
    l->purchases = l->bidders = l->winners = 0;
    for (size_t k = 0; k < count; k++) {
        const fn_tender *t = &tender[order[k]];
        size_t inside;
        if (t->bids_known) {
            known++;
            competitive += t->bidders >= 2 && t->bidders > t->winners;
            if (t->product != FN_NONE && add_bidders(run, l, t, firms + t->first_bidder)) return FN_ENOMEM;
        }
        if (add_winners(run, l, t, firms + t->first_winner, cluster, &inside)) return FN_ENOMEM;
        if (rows && add_row(run, rows, net, t, by_value && t->winners ? t->value : 1, inside)) return FN_ENOMEM;
        if (inside && t->product != FN_NONE) {
            double weight = (by_value ? t->value : 1) * (double) inside / (double) t->winners;
            if (add_purchase(run, l, t->product, weight)) return FN_ENOMEM;
        }
    }
    e->tenders = (int64_t) count;
    if (known) e->competitive = (double) competitive / (double) known;
    qsort(l->winner, l->winners, sizeof *l->winner, by_number);
    e->breadth = 0;
    for (size_t k = 0; k < l->winners; k++) e->breadth += k == 0 || l->winner[k] != l->winner[k - 1];
    product_shares(l, e);
    if (rows) {
        number_products(l, rows->row + rows->rows - count, count);
        order_rows(rows->row + rows->rows - count, count);
    }
    return bidder_overlap(run, l, e);
}

/* Tenders of the view, sorted by buyer; those of one buyer stay in order. */
fn_status fn_central_gather_tenders(fn_run *run, const fn_view *view, const fn_csr *in, const uint32_t *cluster,
                                    fn_central_evidence *evidence, fn_central_rows *rows)
{
    const fn_tender *tender = fn_net_tender(view->net);
    const uint32_t *firms = fn_net_tender_firms(view->net);
    size_t tenders = fn_net_tenders(view->net);
    size_t *start = fn_alloc(run, (size_t) view->firms + 1, sizeof *start);
    size_t *order = fn_alloc(run, tenders, sizeof *order);
    bool *counts = fn_alloc(run, tenders, sizeof *counts);
    buyer_lists lists = { 0 };
    fn_status status = FN_ENOMEM;
    if (!start || !order || !counts) goto done;

    for (size_t k = 0; k < tenders; k++) {
        counts[k] = tender_in_view(&tender[k], firms + tender[k].first_winner, in);
        if (counts[k]) start[tender[k].buyer + 1]++;
    }
    for (uint32_t b = 0; b < view->firms; b++) start[b + 1] += start[b];
    for (size_t k = 0; k < tenders; k++)
        if (counts[k]) order[start[tender[k].buyer]++] = k;
    for (uint32_t b = view->firms; b > 0; b--) start[b] = start[b - 1];
    start[0] = 0;

    for (uint32_t b = 0; b < view->firms; b++) {
        if (b % 1024 == 0 && (status = fn_progress(run, "evidence for central companies", b / (double) view->firms)))
            goto done;
        size_t count = start[b + 1] - start[b];
        if (count)
            status = gather_buyer(run, view->net, order + start[b], count, cluster, &lists, &evidence[b], rows);
        if (status) goto done;
        if (rows) rows->start[b + 1] = rows->rows;
    }
    status = FN_OK;
done:
    fn_free(start);
    fn_free(order);
    fn_free(counts);
    lists_free(&lists);
    return status;
}
