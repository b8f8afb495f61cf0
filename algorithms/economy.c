/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/economy_inside.h"
#include "graph/memory.h"

void fn_economy_defaults(fn_economy_options *options)
{
    *options = (fn_economy_options) { .firms = 600, .clusters = 12, .tenders = 3000, .noise = 0.08 };
}

static fn_status set_text(fn_run *run, fn_net *net, uint32_t firm, const char *column, const char *text)
{
    return text[0] ? fn_net_set_firm_text(run, net, firm, column, text, strlen(text)) : FN_OK;
}

static fn_status name_firms(fn_run *run, const fn_plan *plan, const uint32_t *planned, fn_net *net, fn_table *truth)
{
    fn_names *taken = NULL;
    fn_column *key, *cluster, *role;
    fn_status status = fn_names_new(run, &taken);
    if (status || (status = fn_table_add(run, truth, "firm", FN_COLUMN_TEXT, &key)) ||
        (status = fn_table_add(run, truth, "cluster", FN_COLUMN_INT, &cluster)) ||
        (status = fn_table_add(run, truth, "role", FN_COLUMN_TEXT, &role)))
        goto done;
    for (uint32_t f = 0; f < plan->firms; f++) {
        fn_plan_words words;
        uint32_t number;
        const fn_plan_firm *firm = &plan->firm[planned[f]];
        const char *part = fn_plan_role_name(firm->role);
        if ((status = fn_plan_call(run, plan, planned[f], taken, &words)) ||
            (status = fn_net_firm(run, net, words.key, strlen(words.key), &number)) ||
            (status = set_text(run, net, number, "name", words.name)) ||
            (status = set_text(run, net, number, "kind", words.kind)) ||
            (status = set_text(run, net, number, "country", words.country)) ||
            (status = set_text(run, net, number, "region", words.region)) ||
            (status = set_text(run, net, number, "industry", words.industry)) ||
            (status = fn_column_set_text(run, key, f, words.key, strlen(words.key))) ||
            (status = fn_column_set_text(run, role, f, part, strlen(part))))
            goto done;
        if (firm->sector != FN_NONE) cluster->integer[f] = (int64_t) firm->sector + 1;
    }
done:
    fn_names_free(taken);
    return status;
}

static void sort_firms(uint32_t *firm, uint32_t count)
{
    for (uint32_t k = 1; k < count; k++)
        for (uint32_t m = k; m > 0 && firm[m - 1] > firm[m]; m--) {
            uint32_t kept = firm[m];
            firm[m] = firm[m - 1];
            firm[m - 1] = kept;
        }
}

/* The two winners of a consortium made one bid; everybody else bid alone. k bidders: co-bid weight 1 / (k - 1). */
static fn_status add_ties(fn_run *run, fn_net *net, const fn_plan_tender *t, const fn_tender *made,
                          const uint32_t *number)
{
    fn_tie tie = { .product = made->product, .layer = FN_LAYER_SUPPLY, .currency = made->currency, .weight = NAN,
                   .count = 1, .first = t->day, .last = t->day };
    for (uint32_t w = 0; w < t->winners; w++) {
        tie.from = number[w], tie.to = made->buyer, tie.value = (double) (t->value / t->winners);
        fn_status status = fn_net_add(run, net, &tie, NULL);
        if (status) return status;
    }
    tie.value = NAN;
    bool joint = t->winners == 2;
    for (uint32_t a = 0; t->bids_known && a < t->bidders; a++) {
        for (uint32_t b = a + 1; b < t->bidders; b++) {
            bool partners = joint && b == 1;
            tie.layer = partners ? FN_LAYER_CONSORTIUM : FN_LAYER_COBID;
            tie.weight = partners ? NAN : 1.0 / (t->bidders - 1);
            tie.from = number[a] < number[b] ? number[a] : number[b];
            tie.to = number[a] < number[b] ? number[b] : number[a];
            fn_status status = fn_net_add(run, net, &tie, NULL);
            if (status) return status;
        }
    }
    return FN_OK;
}

static fn_status add_tenders(fn_run *run, const fn_plan *plan, fn_net *net)
{
    uint16_t currency;
    fn_status status = fn_net_currency(run, net, "KZT", 3, &currency);
    for (uint32_t k = 0; k < plan->tenders && !status; k++) {
        const fn_plan_tender *t = &plan->tender[k];
        const char *product = fn_plan_product(plan, t);
        uint32_t number[ECONOMY_BIDDERS], bidder[ECONOMY_BIDDERS], winner[2];
        fn_tender made = { .buyer = plan->firm[t->buyer].number, .currency = currency, .bids_known = t->bids_known,
                           .day = t->day, .value = t->winners ? (double) t->value : NAN };
        if ((status = fn_net_product(run, net, product, strlen(product), &made.product))) break;
        for (uint32_t b = 0; b < t->bidders; b++) number[b] = bidder[b] = plan->firm[t->bidder[b]].number;
        for (uint32_t w = 0; w < t->winners; w++) winner[w] = number[w];
        sort_firms(bidder, t->bidders);
        sort_firms(winner, t->winners);
        if (!(status = add_ties(run, net, t, &made, number)))
            status = fn_net_add_tender(run, net, &made, bidder, t->bidders, winner, t->winners);
    }
    return status;
}

fn_status fn_economy(fn_run *run, const fn_economy_options *options, fn_net **net, fn_table **truth)
{
    fn_plan plan;
    uint32_t *planned = NULL; /* plan firm of each firm number */
    *net = NULL, *truth = NULL;
    fn_status status = fn_plan_make(run, options, &plan);
    if (!status) status = fn_plan_draw_tenders(run, &plan);
    if (status) goto done;
    planned = fn_alloc(run, plan.firms, sizeof *planned);
    if (!planned) {
        status = FN_ENOMEM;
        goto done;
    }
    for (uint32_t f = 0; f < plan.firms; f++) planned[plan.firm[f].number] = f;
    if ((status = fn_net_new(run, net)) || (status = fn_table_new(run, plan.firms, truth)) ||
        (status = name_firms(run, &plan, planned, *net, *truth)) || (status = add_tenders(run, &plan, *net)))
        goto done;
    status = fn_net_freeze(run, *net);
done:
    fn_plan_free(&plan);
    fn_free(planned);
    if (!status) return FN_OK;
    fn_net_free(*net);
    fn_table_free(*truth);
    *net = NULL, *truth = NULL;
    return status;
}
