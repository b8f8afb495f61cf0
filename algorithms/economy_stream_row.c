/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_stream_inside.h"
#include "graph/net.h"

/* From the number of a row to its tie, period and money. */

enum { BRANCHES = 10, SECTORS = 85, HEAD_KIND = 90, MAKER_KIND = 50, TRADE_SECTOR = 95 };

/* Medians and spreads of values, logarithms to base 2 in 1/65536 of cents. */
enum { MEDIAN = 17 << 16, SPREAD = 5, SPREAD_YEAR = 1 << 14, LEAST = 6 << 16, MOST = 46 << 16 };

/* A cluster and where its firms begin. */
typedef struct place { const fn_size *size; uint32_t cluster, head; } place;

static place place_of(const fn_size *size, uint32_t one)
{
    return (place) { size, size->first_cluster + one, size->first_firm + one * size->firms };
}

/* The size to which a number belongs. */
static const fn_size *size_of(const fn_economy_stream *s, int numbered, uint64_t number)
{
    const uint64_t *first = s->first[numbered];
    uint32_t low = 0;
    for (uint32_t step = STREAM_PLACES / 2; step; step /= 2) low += first[low + step] <= number ? step : 0;
    return &s->size[low];
}

static place place_of_firm(const fn_economy_stream *s, uint32_t firm)
{
    const fn_size *size = size_of(s, STREAM_BY_FIRM, firm);
    return place_of(size, (firm - size->first_firm) / size->firms);
}

static place place_of_cluster(const fn_economy_stream *s, uint32_t cluster)
{
    const fn_size *size = size_of(s, STREAM_BY_CLUSTER, cluster);
    return place_of(size, cluster - size->first_cluster);
}

/* Where a range of a ring begins: near its strongest seller most of the time, by the fourth power of chance, so that
 * the sellers' degrees fall with rank^-0.75. */
static uint32_t ring_start(uint64_t chance, uint32_t ring)
{
    uint64_t c = chance >> 32;
    c = c * c >> 32;
    c = c * c >> 32;
    return (uint32_t) (c * ring >> 32);
}

/* Neighbours in number are not in one industry. */
static uint32_t sector_code(uint32_t cluster)
{
    return 100 * fn_scale_down((uint64_t) (cluster * 2654435761U) << 32, SECTORS);
}

/* What a seller is worth beside others: its size in the unit of logarithms. */
static uint32_t sell_input(place p, uint32_t at, fn_stream_row *row)
{
    row->from = p.head + 1 + at;
    row->product = sector_code(p.cluster) + at % p.size->kinds;
    row->ring = p.size->inputs, row->place = at, row->stride = p.size->stride;
    row->ring_first = row->ring_rest = p.head + 1;
    return fn_log2_rough(p.size->inputs) - fn_log2_rough(at + 1);
}

/* Place 0 of this ring is the head, then the makers. */
static uint32_t sell_made(place p, uint32_t at, fn_stream_row *row)
{
    row->ring = 1 + p.size->makers, row->place = at, row->stride = 1;
    row->ring_first = p.head, row->ring_rest = p.head + p.size->inputs;
    row->from = at ? row->ring_rest + at : p.head;
    row->product = sector_code(p.cluster) + (at ? MAKER_KIND + at % 8 : (uint32_t) HEAD_KIND);
    return fn_log2_rough(p.size->firms) - fn_log2_rough(at + 1);
}

/* ---- the parts: each sets buyer, seller and product and answers the sizes of both together ---- */

static uint32_t inside(const fn_economy_stream *s, place p, uint32_t rest, fn_stream_row *row)
{
    const fn_size *size = p.size;
    if (rest < size->head_buys) {
        row->to = p.head;
        row->buyer = FN_STREAM_CENTRAL;
        return sell_input(p, rest, row) + fn_log2_rough(size->firms);
    }
    rest -= size->head_buys;
    uint32_t maker = fn_ladder_find(&size->inside, rest), nth = rest - size->inside.start[maker];
    row->to = p.head + 1 + size->inputs + maker;
    row->buyer = FN_STREAM_MAKER;
    uint32_t at = ring_start(fn_stream_random(s, STREAM_RANGE, row->to), size->inputs) + nth;
    uint32_t bought = size->inside.start[maker + 1] - size->inside.start[maker];
    return sell_input(p, at >= size->inputs ? at - size->inputs : at, row) + fn_log2_rough(bought) / 2;
}

static uint32_t back(const fn_economy_stream *s, place p, uint32_t maker, fn_stream_row *row)
{
    uint32_t firm = p.head + 1 + p.size->inputs + maker;
    row->to = p.head + 1 + ring_start(fn_stream_random(s, STREAM_RANGE, firm), p.size->inputs);
    row->buyer = FN_STREAM_MEMBER;
    uint32_t worth = sell_made(p, 1 + maker, row);
    row->ring = 0;
    return worth;
}

/* The importers are the strongest sellers of the ring and its end. */
static uint32_t importer_at(const fn_size *size, uint32_t importer)
{
    return importer < size->strong ? importer : importer + (size->inputs - size->importers);
}

/* Members of a cluster with equal products buy from the same other cluster. */
static uint32_t outside(const fn_economy_stream *s, place p, uint32_t rest, fn_stream_row *row)
{
    const fn_ladder *ladder = &p.size->outside;
    uint32_t importer = fn_ladder_find(ladder, rest), nth = rest - ladder->start[importer];
    uint32_t at = importer_at(p.size, importer);
    uint64_t group = (uint64_t) p.cluster * 32 + at % p.size->kinds;
    row->to = p.head + 1 + at;
    row->buyer = FN_STREAM_MEMBER;
    place there = place_of_firm(s, fn_scale_down(fn_stream_random(s, STREAM_ABROAD, group), s->members));
    if (there.cluster == p.cluster) there = place_of_cluster(s, (p.cluster + 1) % s->clusters);
    uint32_t ring = 1 + there.size->makers;
    uint32_t from = ring_start(fn_stream_random(s, STREAM_RANGE, row->to), ring) + nth;
    uint32_t bought = ladder->start[importer + 1] - ladder->start[importer];
    return sell_made(there, from >= ring ? from - ring : from, row) + fn_log2_rough(bought) / 2;
}

/* The nth place that a firm meets on its way through all `prime` places. */
static uint32_t nth_of(const fn_economy_stream *s, fn_stream_draw draw, uint64_t firm, uint64_t nth, uint32_t prime)
{
    uint64_t chance = fn_stream_random(s, draw, firm);
    uint64_t step = 1 + (chance >> 32) % (prime - 1);
    return (uint32_t) ((step * nth + (uint32_t) chance) % prime);
}

/* The firm of a running number, and its place in its cluster. */
static place find_numbered(const fn_economy_stream *s, int numbered, uint32_t number, uint32_t *within)
{
    const fn_size *size = size_of(s, numbered, number);
    number -= (uint32_t) s->first[numbered][size - s->size];
    *within = number % size->each[numbered];
    return place_of(size, number / size->each[numbered]);
}

/* Traders buy inputs from anyone, and sell to those who buy anything outside their cluster or make something. Traders
 * of one branch go through the firms in the same order, so they share partners as customers in a cluster do. */
static uint32_t trade(const fn_economy_stream *s, bool buys, uint32_t rest, fn_stream_row *row)
{
    const fn_ladder *ladder = buys ? &s->buys : &s->sells;
    int numbered = buys ? STREAM_BY_INPUT : STREAM_BY_BUYER;
    uint32_t trader = fn_ladder_find(ladder, rest), nth = rest - ladder->start[trader], at;
    uint32_t prime = s->prime[numbered];
    uint64_t branch = fn_scale_down(fn_stream_random(s, STREAM_BRANCH, trader), BRANCHES);
    uint64_t start = ring_start(fn_stream_random(s, STREAM_RANGE, ~(2 * (uint64_t) trader + buys)), prime);
    uint32_t partner = nth_of(s, STREAM_TRADES, 2 * branch + buys, (start + nth) % prime, prime);
    uint32_t worth = fn_log2_rough(ladder->start[trader + 1] - ladder->start[trader]) / 2;
    place p = find_numbered(s, numbered, partner, &at);
    if (buys) {
        row->to = s->members + trader;
        row->buyer = FN_STREAM_TRADER;
        worth += sell_input(p, at, row);
    } else {
        row->from = s->members + trader;
        row->product = 100 * TRADE_SECTOR + trader % 100;
        row->buyer = at < p.size->importers ? FN_STREAM_MEMBER : FN_STREAM_MAKER;
        row->to = p.head + 1 +
                  (at < p.size->importers ? importer_at(p.size, at) : at - p.size->importers + p.size->inputs);
    }
    row->ring = 0;
    return worth;
}

/* Heads come first, each of another cluster, then makers. */
static uint32_t final(const fn_economy_stream *s, uint32_t rest, fn_stream_row *row)
{
    uint32_t buyer = fn_ladder_find(&s->final, rest), nth = rest - s->final.start[buyer];
    uint32_t bought = s->final.start[buyer + 1] - s->final.start[buyer], heads = (bought + 1) / 2, at = 0;
    if (heads > s->prime[STREAM_BY_CLUSTER]) heads = s->prime[STREAM_BY_CLUSTER];
    place p;
    row->to = s->members + s->traders + buyer;
    row->buyer = FN_STREAM_FINAL_BUYER;
    if (nth < heads) {
        p = place_of_cluster(s, nth_of(s, STREAM_PARTNER, 2 * (uint64_t) buyer, nth, s->prime[STREAM_BY_CLUSTER]));
    } else {
        uint32_t maker = nth_of(s, STREAM_PARTNER, 2 * (uint64_t) buyer + 1, nth - heads, s->prime[STREAM_BY_MAKER]);
        p = find_numbered(s, STREAM_BY_MAKER, maker, &at);
        at++;
    }
    return sell_made(p, at, row) + fn_log2_rough(bought) / 2;
}

/* ---- tie, period, money ---- */

static uint32_t find_tie(const fn_economy_stream *s, uint64_t tie, fn_stream_row *row)
{
    if (tie >= s->part[STREAM_FINAL]) return final(s, (uint32_t) (tie - s->part[STREAM_FINAL]), row);
    if (tie >= s->part[STREAM_TRADER_SELLS])
        return trade(s, false, (uint32_t) (tie - s->part[STREAM_TRADER_SELLS]), row);
    if (tie >= s->part[STREAM_TRADER_BUYS]) return trade(s, true, (uint32_t) (tie - s->part[STREAM_TRADER_BUYS]), row);
    fn_stream_part part = tie >= s->part[STREAM_OUTSIDE] ? STREAM_OUTSIDE : tie >= s->part[STREAM_BACK] ? STREAM_BACK
                        : STREAM_INSIDE;
    const fn_size *size = size_of(s, (int) part, tie);
    uint64_t rest = tie - s->first[part][size - s->size];
    place p = place_of(size, (uint32_t) (rest / size->each[part]));
    uint32_t own = (uint32_t) (rest % size->each[part]);
    return part == STREAM_INSIDE ? inside(s, p, own, row) : part == STREAM_BACK ? back(s, p, own, row)
         : outside(s, p, own, row);
}

/* Four draws of sixteen bits together are nearly normal, with a spread of 0.577. */
static int32_t nearly_normal(uint64_t chance)
{
    return (int32_t) ((chance & 65535) + (chance >> 16 & 65535) + (chance >> 32 & 65535) + (chance >> 48)) - 131070;
}

static int64_t money(const fn_economy_stream *s, const fn_stream_row *row, uint32_t sizes)
{
    int32_t year = (int32_t) (row->chance >> 8 & (2 * SPREAD_YEAR - 1)) - SPREAD_YEAR;
    int64_t normal = nearly_normal(fn_stream_random(s, STREAM_VALUE, row->tie));
    int64_t exponent = MEDIAN + (int64_t) sizes + SPREAD * normal + year;
    exponent = exponent < LEAST ? LEAST : exponent > MOST ? MOST : exponent;
    return (int64_t) fn_power(&s->powers, (uint32_t) exponent);
}

/* Which tie and which of its years. */
static void find_spell(const fn_economy_stream *s, uint64_t number, fn_stream_row *row)
{
    uint64_t mixed = fn_shuffle_at(&s->row_order, number), each = s->spells.row[STREAM_BLOCK];
    uint64_t block = mixed / each;
    uint32_t rest = (uint32_t) (mixed % each), spell = s->spells.tie[rest], within = spell;
    row->period = s->spells.first[spell] + rest - s->spells.row[spell];
    row->chance = fn_stream_random(s, STREAM_CHANCE, number);
    row->day = s->year[row->period] + (int32_t) fn_scale_down(row->chance, 365);
    if (block < s->ties / STREAM_BLOCK) { /* which spell goes to which tie differs from block to block */
        uint64_t turn = fn_stream_random(s, STREAM_TURN, block);
        within = (uint32_t) (spell * (turn >> 8 | 1) + turn) % STREAM_BLOCK;
    }
    row->tie = block * STREAM_BLOCK + within;
}

/* The large tables lie far from the processor: fetch what the tie will look up there. Two steps, the second leads on
 * from what the first has brought. */
static void fetch(const fn_economy_stream *s, uint64_t tie, bool second)
{
    const fn_ladder *ladder = tie >= s->part[STREAM_FINAL] ? &s->final
                            : tie >= s->part[STREAM_TRADER_SELLS] ? &s->sells : &s->buys;
    fn_stream_part part = ladder == &s->final ? STREAM_FINAL : ladder == &s->sells ? STREAM_TRADER_SELLS
                        : STREAM_TRADER_BUYS;
    if (tie < s->part[STREAM_TRADER_BUYS]) return;
    const uint32_t *guide = &ladder->guide[(tie - s->part[part]) >> ladder->shift];
    if (second) __builtin_prefetch(&ladder->start[*guide]);
    else __builtin_prefetch(guide);
}

static void fill_in(const fn_economy_stream *s, fn_stream_row *row)
{
    uint32_t sizes = find_tie(s, row->tie, row);
    row->cents = money(s, row, sizes);
    row->layer = FN_LAYER_SUPPLY;
    if (s->layer_below[2]) {
        uint32_t chance = (uint32_t) fn_stream_random(s, STREAM_LAYER, row->tie);
        if (chance < s->layer_below[0]) row->layer = FN_LAYER_SUBCONTRACT;
        else if (chance < s->layer_below[1]) row->layer = FN_LAYER_KNOWLEDGE;
        else if (chance < s->layer_below[2]) row->layer = FN_LAYER_OWNERSHIP;
    }
}

void fn_economy_stream_run(const fn_economy_stream *s, uint64_t first, size_t count, fn_stream_row *row)
{
    for (size_t k = 0; k < count; k++) {
        find_spell(s, first + k, &row[k]);
        fetch(s, row[k].tie, false);
    }
    for (size_t k = 0; k < count; k++) fetch(s, row[k].tie, true);
    for (size_t k = 0; k < count; k++) fill_in(s, &row[k]);
    for (size_t k = 0; k < count; k++) {
        row[k].from_id = fn_shuffle_at(&s->id_order, row[k].from);
        row[k].to_id = fn_shuffle_at(&s->id_order, row[k].to);
    }
}

void fn_economy_stream_row(const fn_economy_stream *s, uint64_t number, fn_stream_row *row)
{
    fn_economy_stream_run(s, number, 1, row);
}

void fn_economy_stream_firm(const fn_economy_stream *s, uint32_t firm, fn_stream_firm *answer)
{
    *answer = (fn_stream_firm) { .id = fn_shuffle_at(&s->id_order, firm) };
    if (firm >= s->members) {
        answer->role = firm < s->members + s->traders ? FN_STREAM_TRADER : FN_STREAM_FINAL_BUYER;
        return;
    }
    place p = place_of_firm(s, firm);
    uint32_t at = firm - p.head;
    answer->cluster = p.cluster + 1;
    answer->role = at == 0 ? FN_STREAM_CENTRAL : at <= p.size->inputs ? FN_STREAM_MEMBER : FN_STREAM_MAKER;
}

unsigned fn_economy_stream_bidders(const fn_economy_stream *s, const fn_stream_row *row, uint64_t id[FN_STREAM_BIDDERS])
{
    uint32_t chance = (uint32_t) row->chance, bidders = 1;
    if (row->buyer == FN_STREAM_CENTRAL) bidders = 3 + chance % 4;
    else if (chance >> (row->buyer == FN_STREAM_FINAL_BUYER ? 31 : 30) == 0) bidders = 2 + chance % 3;
    if (bidders > row->ring) bidders = row->ring ? row->ring : 1;
    id[0] = row->from_id;
    for (uint32_t b = 1; b < bidders; b++) {
        uint32_t at = (row->place + b * row->stride) % row->ring;
        id[b] = fn_shuffle_at(&s->id_order, at ? row->ring_rest + at : row->ring_first);
    }
    return bidders;
}
