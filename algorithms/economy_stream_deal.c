/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_stream_inside.h"
#include "graph/memory.h"

/* How the firms are split into clusters and the ties among the firms. The figures are fitted to what is published of
 * real production networks; `firmnet generate --describe` shows both. */
enum {
    LEAST_CLUSTER = 17, LARGEST_CLUSTER = 20000,
    INPUTS = 8,                 /* sixteenths of a cluster that sell inputs; the rest are makers */
    PURE_SELLERS = 42,          /* per cent of the inputs that buy nothing abroad */
    SLOPE_IN = 53500,           /* 1 / 1.35 in 1/65536 */
    SLOPE_OUT = 60500,          /* 1 / 1.26 */
    SIZE_EXPONENT = 88474       /* 1.35 */
};

/* Shares of all ties, per mille; final demand gets what is left. */
enum { INSIDE = 430, BACK = 15, OUTSIDE = 115, TRADERS_BUY = 155, TRADERS_SELL = 220 };

static bool is_prime(uint32_t number)
{
    for (uint32_t d = 2; (uint64_t) d * d <= number; d++)
        if (number % d == 0) return false;
    return number > 1;
}

/* The largest prime not above number (number > 1): steps of any length then meet every place once. */
static uint32_t prime_below(uint32_t number)
{
    while (!is_prime(number)) number--;
    return number;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void build_cluster(fn_size *size, uint32_t firms)
{
    size->firms = firms;
    size->inputs = (firms - 1) * INPUTS / 16;
    size->makers = firms - 1 - size->inputs;
    size->head_buys = size->inputs * 3 / 4;
    size->kinds = 6 + 2 * ((fn_log2_fine(firms) >> 16) - 4);
    if (size->kinds > 24) size->kinds = 24;
    if (size->kinds > size->head_buys) size->kinds = size->head_buys;
    bool enough = size->inputs / common_divisor(size->inputs, size->kinds) >= FN_STREAM_BIDDERS;
    size->stride = enough ? size->kinds : 1;
    uint32_t pure = size->inputs * PURE_SELLERS / 100;
    size->strong = size->head_buys - pure; /* the pure sellers all sell to the head, so no firm is without a tie */
    size->importers = size->inputs - pure;
}

/* first, all: the running numbers, size by size. */
static void number(fn_economy_stream *s, int numbered)
{
    s->all[numbered] = 0;
    for (uint32_t q = s->sizes; q < STREAM_PLACES; q++) s->first[numbered][q] = UINT64_MAX;
    for (uint32_t q = 0; q < s->sizes; q++) {
        s->first[numbered][q] = s->all[numbered];
        s->all[numbered] += (uint64_t) s->size[q].each[numbered] * s->size[q].clusters;
    }
}

static void number_firms(fn_economy_stream *s)
{
    for (uint32_t q = 0; q < s->sizes; q++) {
        fn_size *size = &s->size[q];
        size->each[STREAM_BY_CLUSTER] = 1;
        size->each[STREAM_BY_FIRM] = size->firms;
        size->each[STREAM_BY_INPUT] = size->inputs * 2 / 3;
        size->each[STREAM_BY_MAKER] = size->makers;
        size->each[STREAM_BY_BUYER] = size->importers + size->makers / 2;
    }
    for (int k = STREAM_BY_CLUSTER; k < STREAM_NUMBERED; k++) number(s, k);
    for (uint32_t q = 0; q < s->sizes; q++) {
        s->size[q].first_firm = (uint32_t) s->first[STREAM_BY_FIRM][q];
        s->size[q].first_cluster = (uint32_t) s->first[STREAM_BY_CLUSTER][q];
    }
    s->members = (uint32_t) s->all[STREAM_BY_FIRM];
    s->clusters = (uint32_t) s->all[STREAM_BY_CLUSTER];
    s->finals = s->firms - s->members - s->traders;
}

/* Sizes grow by an eighth; clusters of a size or more: proportional to size^-1.35. From the largest down, what is too
 * little for one more cluster goes to the next smaller size, the rest to final demand. */
fn_status fn_stream_sizes(fn_run *run, fn_economy_stream *s)
{
    uint64_t weight[STREAM_SIZES], all = 0, carry = 0;
    uint32_t firms[STREAM_SIZES + 1], count = 0, members = s->firms - s->traders - s->finals;
    uint32_t least = (uint32_t) (2 * s->ties / s->firms), largest = members / 8;
    if (least < LEAST_CLUSTER) least = LEAST_CLUSTER;
    if (largest > LARGEST_CLUSTER) largest = LARGEST_CLUSTER;
    uint32_t base = fn_log2_fine(least);
    uint64_t above = (uint64_t) 1 << 31;
    for (firms[0] = least; count < STREAM_SIZES && (!count || firms[count] <= largest); count++) {
        firms[count + 1] = firms[count] + firms[count] / 8;
        uint64_t down = (uint64_t) (fn_log2_fine(firms[count + 1]) - base) * SIZE_EXPONENT >> 16;
        uint64_t more = fn_power(&s->powers, (uint32_t) ((31 << 16) - down));
        weight[count] = above - more;
        above = more;
        all += weight[count] * firms[count];
    }
    s->sizes = count;
    for (uint32_t q = count; q-- > 0;) {
        uint64_t share = (uint64_t) ((unsigned __int128) members * weight[q] * firms[q] / all) + carry;
        build_cluster(&s->size[q], firms[q]);
        s->size[q].clusters = (uint32_t) (share / firms[q]);
        carry = share % firms[q];
    }
    number_firms(s);
    s->least_sellers = s->size[0].makers + 1;
    if (s->clusters < 2) return fn_fail(run, FN_EINVAL, "%u firms are too few for so many ties", (unsigned) s->firms);
    for (int k = STREAM_BY_CLUSTER; k < STREAM_NUMBERED; k++) s->prime[k] = prime_below((uint32_t) s->all[k]);
    return FN_OK;
}

/* ---- ties ---- */

/* Lists of equal form, each standing for so many equal ones. */
typedef struct lists {
    uint32_t count;
    fn_degrees degrees[STREAM_SIZES];
    uint32_t times[STREAM_SIZES];
} lists;

static uint64_t sum_of(const fn_economy_stream *s, const uint32_t *logs, const lists *l, int32_t scale)
{
    uint64_t sum = 0;
    for (uint32_t k = 0; k < l->count; k++)
        if (l->times[k]) sum += l->times[k] * fn_degrees_sum(&s->powers, logs, &l->degrees[k], scale);
    return sum;
}

/* The largest scale at which the lists have at most so many ties. */
static int32_t fit(const fn_economy_stream *s, const uint32_t *logs, const lists *l, uint64_t ties)
{
    int32_t low = -(24 << 16), high = 24 << 16;
    while (high - low > 16) {
        int32_t middle = low + (high - low) / 2;
        if (sum_of(s, logs, l, middle) <= ties) low = middle;
        else high = middle;
    }
    return low;
}

static fn_status deal_inside(fn_run *run, fn_economy_stream *s, const uint32_t *logs)
{
    lists l = { .count = s->sizes };
    uint64_t heads = 0, wanted = s->ties * INSIDE / 1000, back = s->ties * BACK / 1000;
    for (uint32_t q = 0; q < s->sizes; q++) {
        fn_size *size = &s->size[q];
        heads += (uint64_t) size->head_buys * size->clusters;
        l.degrees[q] = (fn_degrees) { size->makers, size->inputs * 4 / 5, SLOPE_IN };
        l.times[q] = size->clusters;
        size->back = (uint32_t) (((uint64_t) size->makers * back * 2 / s->all[STREAM_BY_MAKER] + 1) / 2);
        if (size->back > size->makers) size->back = size->makers;
    }
    int32_t scale = fit(s, logs, &l, wanted > heads ? wanted - heads : 0);
    for (uint32_t q = 0; q < s->sizes; q++) {
        fn_size *size = &s->size[q];
        fn_status status = fn_ladder_make(run, &s->powers, logs, &l.degrees[q], scale, 0, 3, &size->inside);
        if (status) return status;
        size->each[STREAM_INSIDE] = size->head_buys + size->inside.start[size->makers];
        size->each[STREAM_BACK] = size->back;
    }
    return FN_OK;
}

static fn_status deal_outside(fn_run *run, fn_economy_stream *s, const uint32_t *logs)
{
    lists l = { .count = s->sizes };
    for (uint32_t q = 0; q < s->sizes; q++) {
        l.degrees[q] = (fn_degrees) { s->size[q].importers, s->least_sellers, SLOPE_IN };
        l.times[q] = s->size[q].clusters;
    }
    int32_t scale = fit(s, logs, &l, s->ties * OUTSIDE / 1000);
    for (uint32_t q = 0; q < s->sizes; q++) {
        fn_size *size = &s->size[q];
        fn_status status = fn_ladder_make(run, &s->powers, logs, &l.degrees[q], scale, 0, 3, &size->outside);
        if (status) return status;
        size->each[STREAM_OUTSIDE] = size->outside.start[size->importers];
    }
    return FN_OK;
}

static fn_status deal_traders(fn_run *run, fn_economy_stream *s, const uint32_t *logs, bool buys, fn_ladder *ladder)
{
    uint32_t partners = s->prime[buys ? STREAM_BY_INPUT : STREAM_BY_BUYER];
    lists l = { 1, { { s->traders, partners / 3, buys ? SLOPE_IN : SLOPE_OUT } }, { 1 } };
    int32_t scale = fit(s, logs, &l, s->ties * (buys ? TRADERS_BUY : TRADERS_SELL) / 1000);
    return fn_ladder_make(run, &s->powers, logs, &l.degrees[0], scale, 0, 6, ladder);
}

/* Final buyers take what is left, so that the number of ties is exactly the one asked for. */
static fn_status deal_final(fn_run *run, fn_economy_stream *s, const uint32_t *logs, uint64_t left)
{
    uint32_t most = s->prime[STREAM_BY_CLUSTER] + s->prime[STREAM_BY_MAKER];
    lists l = { 1, { { s->finals, most, SLOPE_IN } }, { 1 } };
    int32_t scale = fit(s, logs, &l, left);
    uint64_t dealt = sum_of(s, logs, &l, scale);
    if (dealt > left) goto few;
    fn_status status = fn_ladder_make(run, &s->powers, logs, &l.degrees[0], scale, left - dealt, 5, &s->final);
    if (status) return status;
    if (s->final.start[1] <= most) return FN_OK;
few:
    return fn_fail(run, FN_EINVAL, "%llu ties can't be dealt to %u firms", (unsigned long long) s->ties,
                   (unsigned) s->firms);
}

static void number_ties(fn_economy_stream *s)
{
    uint64_t tie = 0;
    for (int p = 0; p < STREAM_SIZED_PARTS; p++) {
        number(s, p);
        for (uint32_t q = 0; q < s->sizes; q++) s->first[p][q] += tie;
        s->part[p] = tie;
        tie += s->all[p];
    }
    s->part[STREAM_TRADER_BUYS] = tie;
}

fn_status fn_stream_deal(fn_run *run, fn_economy_stream *s)
{
    uint32_t longest = s->finals > s->traders ? s->finals : s->traders;
    if (longest < s->size[s->sizes - 1].firms) longest = s->size[s->sizes - 1].firms;
    uint32_t *logs = fn_alloc_bare(run, longest, sizeof *logs);
    if (!logs) return FN_ENOMEM;
    for (uint32_t r = 0; r < longest; r++) logs[r] = fn_log2_fine(2 * (uint64_t) r + 1);
    fn_status status = deal_inside(run, s, logs);
    if (!status) status = deal_outside(run, s, logs);
    if (!status) status = deal_traders(run, s, logs, true, &s->buys);
    if (!status) status = deal_traders(run, s, logs, false, &s->sells);
    if (!status) {
        number_ties(s);
        s->part[STREAM_TRADER_SELLS] = s->part[STREAM_TRADER_BUYS] + s->buys.start[s->traders];
        s->part[STREAM_FINAL] = s->part[STREAM_TRADER_SELLS] + s->sells.start[s->traders];
        s->part[STREAM_PARTS] = s->ties;
        if (s->part[STREAM_FINAL] > s->ties)
            status = fn_fail(run, FN_EINVAL, "%llu ties are too few for %u firms", (unsigned long long) s->ties,
                             (unsigned) s->firms);
        else status = deal_final(run, s, logs, s->ties - s->part[STREAM_FINAL]);
    }
    fn_free(logs);
    return status;
}
