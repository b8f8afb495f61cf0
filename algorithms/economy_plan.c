/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/economy_inside.h"
#include "graph/memory.h"

enum { FIRMS_A_CLUSTER = 16 };

static fn_status check_options(fn_run *run, const fn_economy_options *o)
{
    if (o->clusters < 1) return fn_fail(run, FN_EINVAL, "an economy needs at least one cluster");
    if (o->firms / FIRMS_A_CLUSTER < o->clusters)
        return fn_fail(run, FN_EINVAL, "%u firms are too few for %u clusters: each needs %d", o->firms, o->clusters,
                       FIRMS_A_CLUSTER);
    if (o->firms > 10000000) return fn_fail(run, FN_EINVAL, "%u firms: at most 10000000", o->firms);
    if (o->tenders < o->firms)
        return fn_fail(run, FN_EINVAL, "%u tenders are too few for %u firms: each firm needs one", o->tenders,
                       o->firms);
    if (!(o->noise >= 0 && o->noise <= 0.5))
        return fn_fail(run, FN_EINVAL, "noise %g is not within 0 and 0.5", o->noise);
    if ((uint64_t) o->headless + o->two_heads > o->clusters)
        return fn_fail(run, FN_EINVAL, "%u clusters can't have %u without a head and %u with two", o->clusters,
                       o->headless, o->two_heads);
    return FN_OK;
}

/* Sizes between 1 and 2.6 times the smallest. */
static void share_firms(fn_plan *plan, fn_draw *draw)
{
    uint32_t clusters = plan->options.clusters, left = plan->firms - plan->everywhere, given = 0;
    uint64_t total = 0;
    uint32_t spare = left - clusters * (FIRMS_A_CLUSTER - 3);
    for (uint32_t c = 0; c < clusters; c++) plan->sector[c].firms = 100 + fn_draw_below(draw, 161);
    for (uint32_t c = 0; c < clusters; c++) total += plan->sector[c].firms;
    for (uint32_t c = 0; c < clusters; c++) {
        plan->sector[c].firms = FIRMS_A_CLUSTER - 3 + (uint32_t) (plan->sector[c].firms * (uint64_t) spare / total);
        given += plan->sector[c].firms;
    }
    for (uint32_t c = 0; given < left; c = (c + 1) % clusters, given++) plan->sector[c].firms++;
    uint32_t at = 0;
    for (uint32_t c = 0; c < clusters; c++) {
        plan->sector[c].first = at;
        at += plan->sector[c].firms;
    }
}

static void cast_sector(fn_plan *plan, uint32_t c, fn_draw *draw)
{
    fn_sector *s = &plan->sector[c];
    const fn_economy_options *o = &plan->options;
    bool headless = c + o->headless >= o->clusters;
    bool two = !headless && c + o->headless + o->two_heads >= o->clusters;
    uint32_t next = s->first;
    s->theme = c % fn_plan_themes();
    s->head[0] = headless ? FN_NONE : next++;
    s->head[1] = two ? next++ : FN_NONE;
    s->trader = next++;
    s->dear = next++;
    s->rival[0] = next++;
    s->rival[1] = next++;
    s->local_authority = c % 3 == 1 ? next++ : FN_NONE;
    s->bidding_head = c % 3 == 2;
    s->next_supplier = fn_draw_below(draw, s->firms);
    for (uint32_t p = 0; p < ECONOMY_PRODUCTS; p++) s->price[p] = 2 + fn_draw_below(draw, 11);
    for (uint32_t k = 0; k < s->firms; k++) {
        fn_plan_firm *f = &plan->firm[s->first + k];
        f->role = FN_PLAN_MEMBER;
        f->sector = c;
        f->sells[0] = (uint8_t) (k % ECONOMY_INPUTS);
        f->sells[1] = fn_draw_chance(draw, 600) ? (uint8_t) fn_draw_below(draw, ECONOMY_INPUTS) : f->sells[0];
        for (int b = 0; b < 3; b++) f->buys[b] = (uint8_t) fn_draw_below(draw, ECONOMY_INPUTS);
    }
    for (int h = 0; h < 2; h++)
        if (s->head[h] != FN_NONE) plan->firm[s->head[h]].role = two ? FN_PLAN_CO_HEAD : FN_PLAN_CENTRAL;
    plan->firm[s->trader].role = FN_PLAN_TRADER;
    plan->firm[s->dear].role = FN_PLAN_DEAR_MEMBER;
    plan->firm[s->rival[0]].role = plan->firm[s->rival[1]].role = FN_PLAN_RIVAL;
    if (s->local_authority != FN_NONE) plan->firm[s->local_authority].role = FN_PLAN_LOCAL_AUTHORITY;
}

static bool is_seller(fn_plan_role role)
{
    return role == FN_PLAN_MEMBER || role == FN_PLAN_DEAR_MEMBER || role == FN_PLAN_RIVAL;
}

/* Rivals stand before the others among the sellers of their products: they are strongest. What the head makes is
 * sold by heads and rivals. */
static fn_status list_sellers(fn_run *run, const fn_plan *plan, fn_sector *s)
{
    s->seller = fn_alloc(run, (size_t) s->firms * 2 + 4, sizeof *s->seller);
    if (!s->seller) return FN_ENOMEM;
    uint32_t at = 0;
    for (uint8_t p = 0; p < ECONOMY_INPUTS; p++) {
        s->start[p] = at;
        for (int rivals = 1; rivals >= 0; rivals--) {
            for (uint32_t k = 0; k < s->firms; k++) {
                const fn_plan_firm *f = &plan->firm[s->first + k];
                bool sells = f->sells[0] == p || f->sells[1] == p;
                if (is_seller(f->role) && (f->role == FN_PLAN_RIVAL) == rivals && sells)
                    s->seller[at++] = s->first + k;
            }
        }
    }
    s->start[ECONOMY_FINAL] = at;
    for (int h = 0; h < 2; h++)
        if (s->head[h] != FN_NONE) s->seller[at++] = s->head[h];
    for (int r = 0; r < 2; r++) s->seller[at++] = s->rival[r];
    s->start[ECONOMY_PRODUCTS] = at;
    return FN_OK;
}

/* Firm numbers must not tell roles: a random order. */
static void number_firms(fn_plan *plan, fn_draw *draw)
{
    for (uint32_t f = 0; f < plan->firms; f++) plan->firm[f].number = f;
    for (uint32_t f = plan->firms; f > 1; f--) {
        uint32_t other = fn_draw_below(draw, f), kept = plan->firm[f - 1].number;
        plan->firm[f - 1].number = plan->firm[other].number;
        plan->firm[other].number = kept;
    }
}

fn_status fn_plan_make(fn_run *run, const fn_economy_options *options, fn_plan *plan)
{
    *plan = (fn_plan) { .options = *options, .firms = options->firms };
    fn_status status = check_options(run, options);
    if (status) return status;
    plan->everywhere = 4 + options->firms / 150;
    if (plan->everywhere > options->clusters * 3) plan->everywhere = options->clusters * 3;
    plan->firm = fn_alloc(run, plan->firms, sizeof *plan->firm);
    plan->sector = fn_alloc(run, options->clusters, sizeof *plan->sector);
    if (!plan->firm || !plan->sector) return FN_ENOMEM;

    fn_draw draw = { run->seed, 1, 0 };
    share_firms(plan, &draw);
    for (uint32_t c = 0; c < options->clusters; c++) {
        cast_sector(plan, c, &draw);
        if ((status = list_sellers(run, plan, &plan->sector[c]))) return status;
    }
    for (uint32_t k = 0; k < plan->everywhere; k++) {
        fn_plan_firm *f = &plan->firm[plan->firms - plan->everywhere + k];
        f->sector = FN_NONE;
        f->role = k == 0 ? FN_PLAN_AUTHORITY : k % 3 == 1 ? FN_PLAN_UNIVERSITY : FN_PLAN_FINAL_BUYER;
    }
    number_firms(plan, &draw);
    return FN_OK;
}

void fn_plan_free(fn_plan *plan)
{
    for (uint32_t c = 0; plan->sector && c < plan->options.clusters; c++) fn_free(plan->sector[c].seller);
    fn_free(plan->sector);
    fn_free(plan->firm);
    fn_free(plan->tender);
}
