/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "tests/algorithms/toy.h"
#include "tests/suite.h"

static const struct { const char *key, *kind; uint32_t cluster; } firm[TOY_FIRMS] = {
    { "C", "firm", 0 }, { "S1", "firm", 0 }, { "S2", "firm", 0 }, { "S3", "firm", 0 }, { "S4", "firm", 0 },
    { "U", "university", 2 }, { "A", "authority", 3 }, { "N1", "firm", 1 }, { "N2", "firm", 1 }, { "D", "firm", 4 },
    { "B", "bank", 5 }, { "M", "firm", 1 }
};

static const struct { const char *from, *to; double value; } supply[] = {
    { "S1", "C", 40 }, { "S2", "C", 30 }, { "S3", "C", 20 }, { "S4", "C", 10 }, { "S1", "S3", 5 }, { "C", "D", 120 },
    { "N1", "M", 30 }, { "N2", "M", 20 }, { "M", "D", 60 }, { "S4", "M", 5 }
};

static const struct { const char *buyer, *bidders[2], *winner, *product; double value; } tender[] = {
    { "C", { "S1", "S2" }, "S1", "25", 40 }, { "C", { "S1", "S2" }, "S2", "25", 30 },
    { "C", { "S3", "S4" }, "S3", "27", 20 }, { "C", { "S4" }, "S4", "22", 10 },
    { "M", { "N1", "N2" }, "N1", "01", 30 }, { "A", { "C", "M" }, "C", "29", NAN }
};

static void add_tender(fn_run *run, fn_net *net, size_t k, toy_tenders how)
{
    fn_tender t = { .buyer = support_firm(net, tender[k].buyer), .product = FN_NONE, .bids_known = how != TOY_NO_BIDS,
                    .day = FN_DAY_NONE, .value = tender[k].value };
    uint32_t bidders[2], winner = support_firm(net, tender[k].winner);
    size_t count = 0;
    for (size_t b = 0; b < 2 && tender[k].bidders[b]; b++)
        if (how != TOY_NO_BIDS || strcmp(tender[k].bidders[b], tender[k].winner) == 0)
            bidders[count++] = support_firm(net, tender[k].bidders[b]);
    if (how != TOY_NO_PRODUCTS)
        ck_assert_int_eq(fn_net_product(run, net, tender[k].product, strlen(tender[k].product), &t.product), FN_OK);
    ck_assert_int_eq(fn_net_add_tender(run, net, &t, bidders, count, &winner, 1), FN_OK);
}

fn_net *toy_net(fn_run *run, toy_tenders tenders)
{
    fn_net *net;
    uint32_t number;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (size_t k = 0; k < TOY_FIRMS; k++) {
        ck_assert_int_eq(fn_net_firm(run, net, firm[k].key, strlen(firm[k].key), &number), FN_OK);
        ck_assert_int_eq(fn_net_set_firm_text(run, net, number, "kind", firm[k].kind, strlen(firm[k].kind)), FN_OK);
    }
    for (size_t k = 0; k < sizeof supply / sizeof *supply; k++) {
        fn_tie tie = { .from = support_firm(net, supply[k].from), .to = support_firm(net, supply[k].to),
                       .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = supply[k].value, .weight = NAN,
                       .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    if (tenders != TOY_NO_TENDERS)
        for (size_t k = 0; k < sizeof tender / sizeof *tender; k++) add_tender(run, net, k, tenders);
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

void toy_clusters(const fn_net *net, uint32_t cluster[TOY_FIRMS])
{
    for (size_t k = 0; k < TOY_FIRMS; k++) cluster[support_firm(net, firm[k].key)] = firm[k].cluster;
}
