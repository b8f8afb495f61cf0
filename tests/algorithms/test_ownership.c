/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/ownership.h"
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_ownership(void);

typedef struct stake {
    const char *from, *to, *layer;
    double value;
    int64_t count;
} stake;

static fn_net *net_of(fn_run *run, const stake *stakes, size_t count)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (size_t k = 0; k < count; k++) {
        fn_tie tie = { .product = FN_NONE, .value = stakes[k].value, .weight = NAN, .count = stakes[k].count,
                       .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        ck_assert_int_eq(fn_net_firm(run, net, stakes[k].from, strlen(stakes[k].from), &tie.from), FN_OK);
        ck_assert_int_eq(fn_net_firm(run, net, stakes[k].to, strlen(stakes[k].to), &tie.to), FN_OK);
        ck_assert_int_eq(fn_net_layer(run, net, stakes[k].layer, strlen(stakes[k].layer), &tie.layer), FN_OK);
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    return net;
}

static void call(fn_run *run, fn_net *net, const char *firm, const char *kind)
{
    ck_assert_int_eq(fn_net_set_firm_text(run, net, support_firm(net, firm), "kind", kind, strlen(kind)), FN_OK);
}

/* Who stands for a firm. */
static const char *head_of(const fn_net *net, const fn_ownership *o, const char *firm)
{
    return fn_names_text(fn_net_keys(net), o->head[support_firm(net, firm)], NULL);
}

#define OWN "ownership"

START_TEST(majorities_join_and_the_last_owner_stands_for_all)
{
    const stake stakes[] = {
        { "c", "d", OWN, 0.51, 1 }, { "b", "c", OWN, 1.2, 2 }, { "a", "b", OWN, 0.5, 1 }, { "a", "e", OWN, 0.49, 1 },
        { "e", "f", OWN, NAN, 1 }, { "p", "g", OWN, 0.8, 1 }, { "p", "h", OWN, 0.8, 1 }, { "s", "i", OWN, 1, 1 },
        { "k", "l", OWN, 0.6, 1 }, { "l", "k", OWN, 0.6, 1 }, { "x", "y", "supply", 900, 1 }
    };
    fn_run run = support_run();
    fn_net *net = net_of(&run, stakes, 11);
    fn_ownership o;
    call(&run, net, "p", "person");
    call(&run, net, "s", "authority");
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_int_eq(fn_ownership_groups(&run, net, 0.5, &o), FN_OK);
    ck_assert_str_eq(head_of(net, &o, "d"), "a");
    ck_assert_str_eq(head_of(net, &o, "a"), "a");
    ck_assert_str_eq(head_of(net, &o, "e"), "e"); /* 49 per cent */
    ck_assert_str_eq(head_of(net, &o, "f"), "f"); /* no share stated where others are */
    ck_assert_str_eq(head_of(net, &o, "h"), "g"); /* a person heads no company: the first of them */
    ck_assert_str_eq(head_of(net, &o, "i"), "i"); /* what the state owns */
    ck_assert_str_eq(head_of(net, &o, "l"), "k"); /* each other's */
    ck_assert_uint_eq(o.groups, 3);
    ck_assert_uint_eq(o.joined, 6);
    fn_free(o.head);
    fn_net_free(net);
}
END_TEST

START_TEST(shares_are_parts_of_one_or_per_cent_or_not_stated)
{
    static const struct { double value[2]; const char *head; } row[] = {
        { { 0.6, 1 }, "a" }, { { 60, 40 }, "a" }, { { 1, 60 }, "b" }, { { NAN, NAN }, "a" }
    };
    const stake stakes[] = { { "a", "b", OWN, row[_i].value[0], 1 }, { "c", "d", OWN, row[_i].value[1], 1 } };
    fn_run run = support_run();
    fn_net *net = net_of(&run, stakes, 2);
    fn_ownership o;
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_int_eq(fn_ownership_groups(&run, net, 0.5, &o), FN_OK);
    ck_assert_str_eq(head_of(net, &o, "b"), row[_i].head);
    fn_free(o.head);
    fn_net_free(net);
}
END_TEST

START_TEST(no_ownership_and_money_are_refused)
{
    const stake stakes[] = { { "a", "b", _i ? OWN : "supply", 5000, 1 } };
    fn_run run = support_run();
    fn_net *net = net_of(&run, stakes, 1);
    fn_ownership o;
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    ck_assert_int_eq(fn_ownership_groups(&run, net, 0.5, &o), FN_EINVAL);
    ck_assert_ptr_null(o.head);
    ck_assert_ptr_nonnull(strstr(run.error.message, _i ? "above 100" : "no ties in layer ownership"));
    fn_net_free(net);
}
END_TEST

/* a owns b; both buy from c, b sells to a, and bids together with a against c. */
static fn_net *small_group(fn_run *run)
{
    const stake stakes[] = {
        { "a", "b", OWN, 0.9, 1 }, { "c", "a", "supply", 4, 1 }, { "c", "b", "supply", 6, 2 }, { "b", "a", "supply", 9, 1 },
        { "a", "d", "supply", 7, 1 }, { "d", "d", "supply", 1, 1 }
    };
    fn_net *net = net_of(run, stakes, 6);
    const fn_tender tender[] = {
        { .buyer = support_firm(net, "d"), .product = FN_NONE, .bids_known = true, .day = FN_DAY_NONE, .value = 7 },
        { .buyer = support_firm(net, "a"), .product = FN_NONE, .bids_known = true, .day = FN_DAY_NONE, .value = 9 }
    };
    ck_assert_int_eq(fn_net_add_tender(run, net, &tender[0], (uint32_t[]) { 0, 1, 2 }, 3, (uint32_t[]) { 0 }, 1), FN_OK);
    ck_assert_int_eq(fn_net_add_tender(run, net, &tender[1], (uint32_t[]) { 1, 2 }, 2, (uint32_t[]) { 1 }, 1), FN_OK);
    call(run, net, "a", "firm");
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

START_TEST(a_group_becomes_one_firm)
{
    fn_run run = support_run();
    fn_net *net = small_group(&run), *made;
    fn_ownership o;
    ck_assert_int_eq(fn_ownership_groups(&run, net, 0.5, &o), FN_OK);
    ck_assert_int_eq(fn_ownership_collapse(&run, net, o.head, &made), FN_OK);
    ck_assert_uint_eq(fn_net_firms(made), 3);
    ck_assert_uint_eq(fn_net_ties(made), 3); /* c to a, a to d, d to itself */
    double value = 0;
    for (size_t e = 0; e < fn_net_ties(made); e++) {
        const fn_tie t = fn_net_tie_at(made, e);
        if (t.from == support_firm(made, "c")) ck_assert_int_eq(t.count, 3);
        value += t.value;
    }
    ck_assert_double_eq(value, 10 + 7 + 1);
    ck_assert_uint_eq(fn_net_tenders(made), 1); /* b for a was no tender */
    ck_assert_uint_eq(fn_net_tender(made)[0].bidders, 2);
    ck_assert_uint_eq(fn_net_tender(made)[0].winners, 1);
    ck_assert_str_eq(fn_net_firm_text(made, support_firm(made, "a"), "kind", NULL), "firm");
    fn_free(o.head);
    fn_net_free(made);
    fn_net_free(net);
}
END_TEST

START_TEST(failing_allocations_leak_nothing)
{
    fn_run first = support_run();
    fn_net *net = small_group(&first);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_ownership o;
        fn_net *made = NULL;
        fn_memory_fail_at(k, false);
        status = fn_ownership_groups(&run, net, 0.5, &o);
        if (!status) status = fn_ownership_collapse(&run, net, o.head, &made);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        fn_free(o.head);
        fn_net_free(made);
    }
    fn_net_free(net);
}
END_TEST

Suite *suite_ownership(void)
{
    Suite *suite = suite_create("ownership");
    TCase *cases = tcase_create("ownership groups");
    tcase_add_test(cases, majorities_join_and_the_last_owner_stands_for_all);
    tcase_add_loop_test(cases, shares_are_parts_of_one_or_per_cent_or_not_stated, 0, 4);
    tcase_add_loop_test(cases, no_ownership_and_money_are_refused, 0, 2);
    tcase_add_test(cases, a_group_becomes_one_firm);
    tcase_add_test(cases, failing_allocations_leak_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
