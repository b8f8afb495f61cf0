/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FN_TESTS_ALGORITHMS_WORKED_H
#define FN_TESTS_ALGORITHMS_WORKED_H

#include <math.h>
#include <string.h>
#include "tests/suite.h"

/* The worked network of twelve firms with all its layers (supply, knowledge, finance, governance), without tenders. */
typedef struct worked_tie {
    const char *from, *to;
    uint16_t layer;
    double value;
} worked_tie;

static const worked_tie worked_ties[] = {
    { "S1", "C", FN_LAYER_SUPPLY, 40 }, { "S2", "C", FN_LAYER_SUPPLY, 30 }, { "S3", "C", FN_LAYER_SUPPLY, 20 },
    { "S4", "C", FN_LAYER_SUPPLY, 10 }, { "S1", "S3", FN_LAYER_SUPPLY, 5 }, { "C", "D", FN_LAYER_SUPPLY, 120 },
    { "N1", "M", FN_LAYER_SUPPLY, 30 }, { "N2", "M", FN_LAYER_SUPPLY, 20 }, { "M", "D", FN_LAYER_SUPPLY, 60 },
    { "S4", "M", FN_LAYER_SUPPLY, 5 },
    { "U", "C", FN_LAYER_KNOWLEDGE, 8 }, { "U", "S3", FN_LAYER_KNOWLEDGE, 4 }, { "C", "S3", FN_LAYER_KNOWLEDGE, 3 },
    { "S3", "C", FN_LAYER_KNOWLEDGE, 2 },
    { "B", "C", FN_LAYER_FINANCE, 50 }, { "B", "S1", FN_LAYER_FINANCE, 10 },
    { "A", "C", FN_LAYER_GOVERNANCE, 1 }, { "A", "M", FN_LAYER_GOVERNANCE, 1 }
};

static inline uint32_t worked_firm(fn_run *run, fn_net *net, const char *key)
{
    uint32_t firm;
    ck_assert_int_eq(fn_net_firm(run, net, key, strlen(key), &firm), FN_OK);
    return firm;
}

static inline fn_net *worked_net(fn_run *run)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (size_t i = 0; i < sizeof worked_ties / sizeof *worked_ties; i++) {
        const worked_tie *t = &worked_ties[i];
        fn_tie tie = {
            .from = worked_firm(run, net, t->from), .to = worked_firm(run, net, t->to), .product = FN_NONE,
            .layer = t->layer, .value = t->value, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE
        };
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

/* The view of one layer. */
static inline fn_view *worked_view(fn_run *run, const fn_net *net, uint16_t layer)
{
    fn_view_options options = FN_VIEW_ALL;
    options.layers = (uint64_t) 1 << layer;
    fn_view *view;
    ck_assert_int_eq(fn_view_new(run, net, &options, &view), FN_OK);
    return view;
}

#endif
