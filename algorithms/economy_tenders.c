/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_inside.h"
#include "graph/memory.h"
#include "graph/text.h"

enum { FIRST_DAY = 18628, DAYS = 1461 }; /* 2021-01-01 … 2024-12-31 */

/* How each kind of customer buys. */
typedef enum customer { HEAD, RIVAL, TRADER, MEMBER, AUTHORITY, LOCAL, FINAL, UNIVERSITY, CUSTOMERS } customer;
static const struct {
    uint32_t share;       /* of the tenders of a sector, relative */
    uint32_t direct;      /* per mille with a single bidder */
    uint32_t least, most; /* bidders of the others */
    uint32_t price;       /* per cent of the usual price */
} manner[CUSTOMERS] = {
    [HEAD] = { 300, 120, 2, 6, 100 },      [RIVAL] = { 150, 250, 2, 4, 120 },  [TRADER] = { 330, 900, 2, 3, 12 },
    [MEMBER] = { 180, 500, 2, 3, 25 },     [AUTHORITY] = { 100, 150, 3, 7, 120 }, [LOCAL] = { 160, 150, 3, 7, 150 },
    [FINAL] = { 60, 200, 2, 3, 200 },      [UNIVERSITY] = { 20, 300, 2, 4, 40 },
};
enum { /* per mille */
    CONSORTIA = 60, NO_AWARD = 30, BIDS_UNKNOWN = 20, TRADER_BIDS = 250, HEAD_BIDS = 400, STRONGEST_WINS = 500,
    FIRST_RIVAL = 700
};

static bool add_bidder(fn_plan_tender *t, uint32_t firm)
{
    if (firm == t->buyer || t->bidders == ECONOMY_BIDDERS) return false;
    for (uint32_t k = 0; k < t->bidders; k++)
        if (t->bidder[k] == firm) return false;
    t->bidder[t->bidders++] = firm;
    return true;
}

/* The nearest product that somebody beside the customer sells. */
static uint32_t sold_product(const fn_sector *s, uint32_t product)
{
    if (product == ECONOMY_FINAL) return product;
    for (uint32_t k = 0; k < ECONOMY_INPUTS; k++) {
        uint32_t p = (product + k) % ECONOMY_INPUTS;
        if (s->start[p + 1] - s->start[p] > 1) return p;
    }
    return ECONOMY_FINAL;
}

/* Strong sellers (low places) come more often: the lower of two draws. */
static void invite(const fn_sector *s, uint32_t wanted, fn_draw *draw, fn_plan_tender *t)
{
    uint32_t first = s->start[t->product], count = s->start[t->product + 1] - first;
    for (uint32_t tries = 0; t->bidders < wanted && tries < 4 * wanted; tries++) {
        uint32_t a = fn_draw_below(draw, count), b = fn_draw_below(draw, count);
        add_bidder(t, s->seller[first + (a < b ? a : b)]);
    }
    for (uint32_t k = 0; k < count && !t->bidders; k++) add_bidder(t, s->seller[first + k]);
}

static uint32_t any_firm(const fn_sector *s, fn_draw *draw)
{
    return s->first + fn_draw_below(draw, s->firms);
}

static uint32_t other_sector(const fn_plan *plan, uint32_t sector, fn_draw *draw)
{
    uint32_t clusters = plan->options.clusters;
    return clusters < 2 ? sector : (sector + 1 + fn_draw_below(draw, clusters - 1)) % clusters;
}

static uint32_t everywhere(const fn_plan *plan, fn_plan_role role, fn_draw *draw)
{
    uint32_t first = plan->firms - plan->everywhere, at = fn_draw_below(draw, plan->everywhere);
    while (plan->firm[first + at].role != role) at = (at + 1) % plan->everywhere;
    return first + at;
}

static customer draw_customer(const fn_sector *s, fn_draw *draw)
{
    uint32_t share[CUSTOMERS], total = 0;
    for (int c = 0; c < CUSTOMERS; c++) {
        share[c] = manner[c].share;
        bool headless = s->head[0] == FN_NONE; /* there nobody who buys a lot by tender is a company */
        if ((headless && (c == HEAD || c == RIVAL)) || (c == LOCAL && s->local_authority == FN_NONE)) share[c] = 0;
        total += share[c];
    }
    uint32_t dice = fn_draw_below(draw, total);
    int c = 0;
    while (dice >= share[c]) dice -= share[c++];
    return (customer) c;
}

static uint32_t draw_buyer(const fn_plan *plan, const fn_sector *s, customer who, fn_draw *draw)
{
    switch (who) {
    case HEAD: return s->head[s->head[1] != FN_NONE && fn_draw_chance(draw, 500)];
    case RIVAL: return s->rival[!fn_draw_chance(draw, FIRST_RIVAL)];
    case TRADER: return s->trader;
    case AUTHORITY: return everywhere(plan, FN_PLAN_AUTHORITY, draw);
    case LOCAL: return s->local_authority;
    case FINAL: return everywhere(plan, FN_PLAN_FINAL_BUYER, draw);
    case UNIVERSITY: return everywhere(plan, FN_PLAN_UNIVERSITY, draw);
    case MEMBER: case CUSTOMERS: break;
    }
    for (;;) {
        uint32_t firm = any_firm(s, draw);
        if (plan->firm[firm].role == FN_PLAN_MEMBER || plan->firm[firm].role == FN_PLAN_DEAR_MEMBER) return firm;
    }
}

static uint32_t draw_product(const fn_plan *plan, customer who, uint32_t buyer, fn_draw *draw)
{
    const fn_plan_firm *f = &plan->firm[buyer];
    if (who == FINAL) return ECONOMY_FINAL;
    if (who == RIVAL) return f->buys[fn_draw_below(draw, 3)];
    if (who == MEMBER) return f->buys[fn_draw_below(draw, 2)];
    return fn_draw_below(draw, ECONOMY_INPUTS);
}

/* The trader goes from one firm of its sector to the next, whatever they sell. */
static void trade(const fn_plan *plan, fn_sector *s, fn_plan_tender *t)
{
    do {
        uint32_t seller = s->first + s->next_supplier;
        s->next_supplier = (s->next_supplier + 1) % s->firms;
        if (seller == s->trader || seller == s->local_authority) continue;
        bool head = seller == s->head[0] || seller == s->head[1];
        t->product = head ? (uint32_t) ECONOMY_FINAL : plan->firm[seller].sells[0];
        add_bidder(t, seller);
    } while (!t->bidders);
}

/* Who comes from elsewhere: the trader to anything; a bidding head to what authorities and other sectors buy; other
 * sectors' heads to final buyers. */
static void join_in(const fn_plan *plan, const fn_sector *s, customer who, bool abroad, fn_draw *draw,
                    fn_plan_tender *t)
{
    if (fn_draw_chance(draw, TRADER_BIDS)) add_bidder(t, s->trader);
    bool open = abroad || who == AUTHORITY || who == LOCAL || who == UNIVERSITY;
    if (open && s->bidding_head && s->head[0] != FN_NONE && fn_draw_chance(draw, HEAD_BIDS)) add_bidder(t, s->head[0]);
    if (who == FINAL && fn_draw_chance(draw, HEAD_BIDS)) {
        const fn_sector *other = &plan->sector[other_sector(plan, t->sector, draw)];
        if (other->head[0] != FN_NONE) add_bidder(t, other->head[0]);
    }
}

static void put_first(fn_plan_tender *t, uint32_t place, uint32_t at)
{
    uint32_t kept = t->bidder[at];
    t->bidder[at] = t->bidder[place];
    t->bidder[place] = kept;
}

static int64_t draw_value(const fn_sector *s, customer who, uint32_t product, fn_draw *draw)
{
    static const uint32_t spread[] = { 25, 35, 45, 55, 65, 75, 85, 95, 105, 120, 140, 165, 200, 260, 360, 600 };
    int64_t thousands = (int64_t) s->price[product] * manner[who].price * spread[fn_draw_below(draw, 16)] / 10;
    return (thousands + 2 * fn_draw_below(draw, 50) + 2) / 2 * 2 * 1000;
}

static void decide(const fn_sector *s, customer who, bool direct, fn_draw *draw, fn_plan_tender *t)
{
    t->bids_known = true;
    t->winners = 1;
    if (!direct && !fn_draw_chance(draw, STRONGEST_WINS)) put_first(t, 0, fn_draw_below(draw, t->bidders));
    if (t->bidders >= 3 && fn_draw_chance(draw, CONSORTIA)) {
        t->winners = 2;
    } else if (t->bidders >= 2 && fn_draw_chance(draw, NO_AWARD)) {
        t->winners = 0;
    } else if (fn_draw_chance(draw, BIDS_UNKNOWN)) {
        t->bids_known = false;
        t->bidders = 1;
    }
    int64_t value = draw_value(s, who, t->product, draw);
    t->value = t->winners ? value : 0;
}

static void draw_tender(fn_plan *plan, uint32_t sector, customer who, uint32_t buyer, fn_draw *draw, fn_plan_tender *t)
{
    bool crosses = fn_random_unit(draw->seed, draw->stream, draw->index++) < plan->options.noise;
    bool abroad = crosses && fn_draw_chance(draw, 500) && who != FINAL;
    fn_sector *home = &plan->sector[sector];
    uint32_t product = draw_product(plan, who, buyer, draw);
    *t = (fn_plan_tender) { .buyer = buyer, .sector = abroad ? other_sector(plan, sector, draw) : sector,
                            .day = FIRST_DAY + (int32_t) fn_draw_below(draw, DAYS) };
    fn_sector *s = &plan->sector[t->sector];
    t->product = sold_product(s, product);
    bool direct = fn_draw_chance(draw, manner[who].direct);
    uint32_t wanted = manner[who].least + fn_draw_below(draw, manner[who].most - manner[who].least + 1);
    if (direct && who == TRADER && !abroad) trade(plan, home, t);
    else invite(s, direct ? 1 : wanted, draw, t);
    if (!direct) join_in(plan, s, who, abroad, draw, t);
    if (crosses && !abroad && !direct) {
        uint32_t stranger = any_firm(&plan->sector[other_sector(plan, sector, draw)], draw);
        if (plan->firm[stranger].role != FN_PLAN_LOCAL_AUTHORITY && add_bidder(t, stranger) &&
            fn_draw_chance(draw, 500))
            put_first(t, 0, (uint32_t) t->bidders - 1);
    }
    decide(s, who, t->bidders < 2, draw, t);
}

/* The dearest contract of a sector: more than the head spends in all. Even sectors: a member buys it, odd ones: it
 * wins it. */
static void draw_dear(fn_plan *plan, uint32_t sector, fn_draw *draw, fn_plan_tender *t)
{
    fn_sector *s = &plan->sector[sector];
    int64_t spent = s->spent_by_head ? s->spent_by_head : s->spent / 4;
    bool buys = sector % 2 == 0;
    uint32_t buyer = buys ? s->dear : everywhere(plan, FN_PLAN_AUTHORITY, draw);
    *t = (fn_plan_tender) { .buyer = buyer, .sector = sector, .winners = 1, .bids_known = true,
                            .day = FIRST_DAY + (int32_t) fn_draw_below(draw, DAYS),
                            .value = (spent / 1000 + 1) * 1300 };
    t->product = sold_product(s, plan->firm[s->dear].sells[0]);
    if (!buys) add_bidder(t, s->dear);
    invite(s, 3, draw, t);
    t->value = t->value / 2 * 2;
}

static void mark_busy(const fn_plan *plan, bool *busy)
{
    for (uint32_t k = 0; k < plan->tenders; k++) {
        const fn_plan_tender *t = &plan->tender[k];
        if (!t->winners) continue;
        busy[t->buyer] = true;
        for (uint32_t b = 0; b < t->bidders; b++) busy[t->bidder[b]] = true;
    }
}

/* The tenders that one more bidder may lose, by sector: order[start[s]] … order[start[s + 1] - 1]. */
static void list_open(const fn_plan *plan, uint32_t *start, uint32_t *order)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t k = 0; k < plan->tenders; k++) {
            const fn_plan_tender *t = &plan->tender[k];
            if (!t->winners || !t->bids_known || t->bidders <= t->winners) continue;
            if (pass == 0) start[t->sector + 1]++;
            else order[start[t->sector]++] = k;
        }
        for (uint32_t c = 0; pass == 0 && c < plan->options.clusters; c++) start[c + 1] += start[c];
    }
    for (uint32_t c = plan->options.clusters; c > 0; c--) start[c] = start[c - 1];
    start[0] = 0;
}

/* Who neither bought nor bid in a tender with an award bids in one of its sector, and loses. */
static fn_status wake_idle(fn_run *run, fn_plan *plan, fn_draw *draw)
{
    bool *busy = fn_alloc(run, plan->firms, sizeof *busy);
    uint32_t *start = fn_alloc(run, (size_t) plan->options.clusters + 1, sizeof *start);
    uint32_t *order = fn_alloc(run, plan->tenders, sizeof *order);
    fn_status status = FN_ENOMEM;
    if (!busy || !start || !order) goto done;
    mark_busy(plan, busy);
    list_open(plan, start, order);
    for (uint32_t f = 0; f < plan->firms; f++) {
        uint32_t sector = plan->firm[f].sector;
        if (busy[f] || sector == FN_NONE) continue;
        uint32_t open = start[sector + 1] - start[sector], at = open ? fn_draw_below(draw, open) : 0;
        for (uint32_t tries = 0; !busy[f] && tries < open; tries++)
            busy[f] = add_bidder(&plan->tender[order[start[sector] + (at + tries) % open]], f);
    }
    status = FN_OK;
done:
    fn_free(busy);
    fn_free(start);
    fn_free(order);
    return status;
}

static fn_status sort_by_day(fn_run *run, fn_plan *plan)
{
    fn_plan_tender *sorted = fn_alloc(run, plan->tenders, sizeof *sorted);
    uint32_t *start = fn_alloc(run, DAYS + 1, sizeof *start);
    if (!sorted || !start) {
        fn_free(sorted);
        fn_free(start);
        return FN_ENOMEM;
    }
    for (uint32_t k = 0; k < plan->tenders; k++) start[plan->tender[k].day - FIRST_DAY + 1]++;
    for (int d = 0; d < DAYS; d++) start[d + 1] += start[d];
    for (uint32_t k = 0; k < plan->tenders; k++) sorted[start[plan->tender[k].day - FIRST_DAY]++] = plan->tender[k];
    fn_free(plan->tender);
    fn_free(start);
    plan->tender = sorted;
    return FN_OK;
}

/* The first tenders are the dear ones (drawn last: they depend on the others), then everybody who deals everywhere and
 * every head buys once, then all follow their shares. */
fn_status fn_plan_draw_tenders(fn_run *run, fn_plan *plan)
{
    uint32_t clusters = plan->options.clusters, institutions = plan->firms - plan->everywhere;
    uint32_t companies = plan->firms - plan->everywhere;
    plan->tenders = plan->options.tenders;
    plan->tender = fn_alloc(run, plan->tenders, sizeof *plan->tender);
    if (!plan->tender) return FN_ENOMEM;
    fn_draw draw = { run->seed, 2, 0 };
    for (uint32_t k = clusters; k < plan->tenders; k++) {
        fn_status status = k % 4096 ? FN_OK : fn_progress(run, "drawing tenders", k / (double) plan->tenders);
        if (status) return status;
        uint32_t sector = 0, place = fn_draw_below(&draw, companies);
        for (uint32_t step = clusters; step; step /= 2) /* the last sector that starts at or before place */
            while (sector + step < clusters && plan->sector[sector + step].first <= place) sector += step;
        const fn_sector *s = &plan->sector[sector];
        customer who = draw_customer(s, &draw);
        uint32_t buyer = draw_buyer(plan, s, who, &draw);
        if (k - clusters < plan->everywhere) {
            buyer = institutions + k - clusters;
            fn_plan_role role = plan->firm[buyer].role;
            who = role == FN_PLAN_AUTHORITY ? AUTHORITY : role == FN_PLAN_UNIVERSITY ? UNIVERSITY : FINAL;
        }
        draw_tender(plan, sector, who, buyer, &draw, &plan->tender[k]);
        fn_sector *spender = &plan->sector[plan->tender[k].sector];
        spender->spent += plan->tender[k].value;
        if (buyer == spender->head[0]) spender->spent_by_head += plan->tender[k].value;
    }
    for (uint32_t c = 0; c < clusters; c++) draw_dear(plan, c, &draw, &plan->tender[c]);
    fn_status status = wake_idle(run, plan, &draw);
    return status ? status : sort_by_day(run, plan);
}
