/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_ALGORITHMS_ECONOMY_INSIDE_H
#define FN_ALGORITHMS_ECONOMY_INSIDE_H

#include "algorithms/economy.h"
#include "graph/random.h"

/* Only for economy*.c: the plan of a synthetic economy, the tenders drawn from it, and the words it is told in. All
 * arithmetic is on whole numbers, so that every machine draws the same economy. */

enum {
    ECONOMY_INPUTS = 10,               /* kinds of products that members of a sector sell */
    ECONOMY_FINAL = ECONOMY_INPUTS,    /* what the head makes of them */
    ECONOMY_PRODUCTS,
    ECONOMY_BIDDERS = 10               /* most bidders of a tender */
};

typedef enum fn_plan_role {
    FN_PLAN_CENTRAL,         /* buys complementary products by tender from members */
    FN_PLAN_CO_HEAD,         /* one of two equal heads */
    FN_PLAN_MEMBER,
    FN_PLAN_TRADER,          /* the most ties: many small purchases without competition, bids everywhere */
    FN_PLAN_DEAR_MEMBER,     /* the dearest contract */
    FN_PLAN_RIVAL,           /* large supplier that also buys a few products by tender */
    FN_PLAN_AUTHORITY,       /* buys in every sector */
    FN_PLAN_LOCAL_AUTHORITY, /* buys in one sector, more than its head */
    FN_PLAN_UNIVERSITY,
    FN_PLAN_FINAL_BUYER      /* final demand: buys from heads, sells to nobody */
} fn_plan_role;

/* A stream of random numbers. */
typedef struct fn_draw { uint64_t seed, stream, index; } fn_draw;

static inline uint32_t fn_draw_below(fn_draw *draw, uint32_t bound)
{
    return (uint32_t) fn_random_below(draw->seed, draw->stream, draw->index++, bound);
}

static inline bool fn_draw_chance(fn_draw *draw, uint32_t per_mille)
{
    return fn_draw_below(draw, 1000) < per_mille;
}

typedef struct fn_plan_firm {
    fn_plan_role role;
    uint32_t sector;        /* FN_NONE: everywhere */
    uint32_t number;        /* its firm number in the net */
    uint8_t sells[2];       /* products; equal where it has only one */
    uint8_t buys[3];        /* the few products of a member or a rival */
} fn_plan_firm;

typedef struct fn_sector {
    uint32_t first, firms;  /* range of plan firms */
    uint32_t theme;         /* row of the table of themes */
    uint32_t head[2];       /* FN_NONE: none */
    uint32_t trader, dear, rival[2], local_authority;
    uint32_t price[ECONOMY_PRODUCTS]; /* usual price, million */
    uint32_t *seller;       /* sellers of every product, strongest first; ranges below */
    uint32_t start[ECONOMY_PRODUCTS + 1];
    uint32_t next_supplier; /* whom the trader asks next */
    bool bidding_head;      /* its head also bids for others */
    int64_t spent, spent_by_head; /* on the sector's products so far */
} fn_sector;

typedef struct fn_plan_tender {
    uint32_t buyer, sector, product;   /* the product is one of the sector's */
    uint32_t bidder[ECONOMY_BIDDERS];  /* plan firms; the winners stand first */
    uint8_t bidders, winners;
    bool bids_known;
    int32_t day;
    int64_t value;                     /* whole money, even; 0: none (no award) */
} fn_plan_tender;

typedef struct fn_plan {
    fn_economy_options options;
    fn_plan_firm *firm;
    uint32_t firms, everywhere;        /* the firms everywhere stand last: authority, universities, final buyers */
    fn_sector *sector;
    fn_plan_tender *tender;
    uint32_t tenders;
} fn_plan;

fn_status fn_plan_make(fn_run *run, const fn_economy_options *options, fn_plan *plan);
fn_status fn_plan_draw_tenders(fn_run *run, fn_plan *plan);
void fn_plan_free(fn_plan *plan);

/* Words. */
enum { FN_ECONOMY_TEXT = 256 };
typedef struct fn_plan_words {
    char key[32], name[FN_ECONOMY_TEXT];
    const char *kind, *country, *region, *industry;
} fn_plan_words;

/* How firm `index` of the plan is called; taken holds the names given so far. */
fn_status fn_plan_call(fn_run *run, const fn_plan *plan, uint32_t index, fn_names *taken, fn_plan_words *words);
const char *fn_plan_product(const fn_plan *plan, const fn_plan_tender *tender);
const char *fn_plan_role_name(fn_plan_role role);
uint32_t fn_plan_themes(void);

#endif
