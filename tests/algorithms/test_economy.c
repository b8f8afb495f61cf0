/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/central_company.h"
#include "algorithms/clusters.h"
#include "algorithms/economy.h"
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_economy(void);

static fn_net *draw(fn_run *run, uint64_t seed, const fn_economy_options *options, fn_table **truth)
{
    fn_economy_options defaults;
    fn_net *net;
    fn_economy_defaults(&defaults);
    run->seed = seed;
    ck_assert_int_eq(fn_economy(run, options ? options : &defaults, &net, truth), FN_OK);
    return net;
}

static const char *role(const fn_table *truth, size_t firm)
{
    return fn_column_text(fn_table_find(truth, "role"), firm, NULL);
}

static uint32_t count_role(const fn_table *truth, const char *name)
{
    uint32_t count = 0;
    for (size_t f = 0; f < truth->rows; f++) count += strcmp(role(truth, f), name) == 0;
    return count;
}

START_TEST(default_economy_has_what_it_promises)
{
    fn_run run = support_run();
    fn_table *truth;
    fn_net *net = draw(&run, 1, NULL, &truth);
    ck_assert_uint_eq(fn_net_firms(net), 600);
    ck_assert_uint_eq(truth->rows, 600);
    ck_assert_uint_eq(fn_net_tenders(net), 3000);
    ck_assert_uint_eq(count_role(truth, "central"), 12);
    ck_assert_uint_eq(count_role(truth, "trader"), 12);
    ck_assert_uint_eq(count_role(truth, "dear_member"), 12);
    ck_assert_uint_eq(count_role(truth, "rival"), 24);
    ck_assert_uint_eq(count_role(truth, "local_authority"), 4);
    ck_assert_uint_eq(count_role(truth, "authority"), 1);
    const fn_column *cluster = fn_table_find(truth, "cluster");
    uint32_t members[13] = { 0 }, heads[13] = { 0 };
    for (size_t f = 0; f < 600; f++) {
        size_t length;
        const char *key = fn_names_text(fn_net_keys(net), (uint32_t) f, &length);
        ck_assert_str_eq(fn_column_text(fn_table_find(truth, "firm"), f, NULL), key);
        const char *name = fn_net_firm_name(net, (uint32_t) f, &length);
        ck_assert(fn_utf8_valid(name, length));
        if (fn_column_missing(cluster, f)) continue;
        ck_assert_int_ge(cluster->integer[f], 1);
        ck_assert_int_le(cluster->integer[f], 12);
        members[cluster->integer[f]]++;
        heads[cluster->integer[f]] += strcmp(role(truth, f), "central") == 0;
    }
    for (int c = 1; c <= 12; c++) {
        ck_assert_uint_ge(members[c], 13);
        ck_assert_uint_eq(heads[c], 1);
    }
    fn_table_free(truth);
    fn_net_free(net);
}
END_TEST

/* Every firm takes part in a tender that was awarded; bidders and winners are as fn_tender says; what the tenders
 * award is what the supply ties carry. */
START_TEST(tenders_and_ties_agree)
{
    size_t unawarded = 0, joint = 0, unknown = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        fn_run run = support_run();
        fn_table *truth;
        fn_economy_options options = { .firms = 130, .clusters = 4, .tenders = 300, .noise = 0.2, .headless = 1,
                                       .two_heads = 1 };
        fn_net *net = draw(&run, seed, &options, &truth);
        bool seen[130] = { false };
        double awarded = 0, tied = 0;
        for (size_t k = 0; k < fn_net_tenders(net); k++) {
            const fn_tender *t = &fn_net_tender(net)[k];
            const uint32_t *bidder = fn_net_tender_firms(net) + t->first_bidder;
            const uint32_t *winner = fn_net_tender_firms(net) + t->first_winner;
            unawarded += t->winners == 0, joint += t->winners == 2, unknown += !t->bids_known;
            ck_assert(t->winners ? t->value > 0 : isnan(t->value));
            if (t->winners) awarded += t->value, seen[t->buyer] = true;
            for (size_t b = 0; b < t->bidders; b++) {
                ck_assert_uint_ne(bidder[b], t->buyer);
                if (b) ck_assert_uint_lt(bidder[b - 1], bidder[b]);
                if (t->winners) seen[bidder[b]] = true;
            }
            for (size_t w = 0; w < t->winners; w++) {
                bool bid = false;
                for (size_t b = 0; b < t->bidders; b++) bid |= bidder[b] == winner[w];
                ck_assert(bid);
            }
        }
        for (size_t e = 0; e < fn_net_ties(net); e++)
            if (fn_net_tie_at(net, e).layer == FN_LAYER_SUPPLY) tied += fn_net_tie_at(net, e).value;
        for (size_t f = 0; f < 130; f++) ck_assert(seen[f]);
        ck_assert_double_eq_tol(awarded, tied, 0.5);
        ck_assert_uint_eq(count_role(truth, "central"), 2);
        ck_assert_uint_eq(count_role(truth, "co_head"), 2);
        fn_table_free(truth);
        fn_net_free(net);
    }
    ck_assert_uint_gt(unawarded, 0);
    ck_assert_uint_gt(joint, 0);
    ck_assert_uint_gt(unknown, 0);
}
END_TEST

START_TEST(business_numbers_have_valid_check_digits)
{
    fn_run run = support_run();
    fn_table *truth;
    fn_net *net = draw(&run, 3, NULL, &truth);
    int checked = 0;
    for (uint32_t f = 0; f < fn_net_firms(net); f++) {
        const char *key = fn_names_text(fn_net_keys(net), f, NULL);
        if (strncmp(key, "KZ-BIN-", 7)) continue;
        static const int weight[2][11] = {
            { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, { 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2 }
        };
        int check = 10;
        ck_assert_uint_eq(strlen(key), 19);
        for (int way = 0; way < 2 && check == 10; way++) {
            check = 0;
            for (int k = 0; k < 11; k++) check += (key[7 + k] - '0') * weight[way][k];
            check %= 11;
        }
        ck_assert_int_eq(check, key[18] - '0');
        checked++;
    }
    ck_assert_int_gt(checked, 200);
    fn_table_free(truth);
    fn_net_free(net);
}
END_TEST

static bool same_nets(const fn_net *a, const fn_net *b)
{
    if (fn_net_firms(a) != fn_net_firms(b) || fn_net_ties(a) != fn_net_ties(b) ||
        fn_net_tenders(a) != fn_net_tenders(b))
        return false;
    for (uint32_t f = 0; f < fn_net_firms(a); f++)
        if (strcmp(fn_net_firm_name(a, f, NULL), fn_net_firm_name(b, f, NULL)) ||
            strcmp(fn_names_text(fn_net_keys(a), f, NULL), fn_names_text(fn_net_keys(b), f, NULL)))
            return false;
    for (size_t e = 0; e < fn_net_ties(a); e++) {
        const fn_tie *x = FN_TIE(a, e), *y = FN_TIE(b, e);
        if (x->from != y->from || x->to != y->to || x->layer != y->layer || x->count != y->count) return false;
        if (x->value != y->value && !(isnan(x->value) && isnan(y->value))) return false;
    }
    return true;
}

START_TEST(only_the_seed_decides)
{
    fn_run run = support_run();
    fn_table *truth[3];
    fn_net *a = draw(&run, 7, NULL, &truth[0]), *b = draw(&run, 7, NULL, &truth[1]);
    fn_net *c = draw(&run, 8, NULL, &truth[2]);
    ck_assert(same_nets(a, b));
    ck_assert(!same_nets(a, c));
    for (int k = 0; k < 3; k++) fn_table_free(truth[k]);
    fn_net_free(a);
    fn_net_free(b);
    fn_net_free(c);
}
END_TEST

static const struct { fn_economy_options options; } refused[] = {
    { { .firms = 100, .clusters = 0, .tenders = 500 } },
    { { .firms = 31, .clusters = 2, .tenders = 500 } },
    { { .firms = 100, .clusters = 2, .tenders = 99 } },
    { { .firms = 100, .clusters = 2, .tenders = 500, .noise = 0.51 } },
    { { .firms = 100, .clusters = 2, .tenders = 500, .noise = NAN } },
    { { .firms = 100, .clusters = 2, .tenders = 500, .headless = 2, .two_heads = 1 } },
};

START_TEST(impossible_economies_are_refused)
{
    fn_run run = support_run();
    fn_net *net;
    fn_table *truth;
    ck_assert_int_eq(fn_economy(&run, &refused[_i].options, &net, &truth), FN_EINVAL);
    ck_assert_ptr_null(net);
    ck_assert_ptr_null(truth);
    ck_assert_str_ne(run.error.message, "");
}
END_TEST

START_TEST(smallest_economy_can_be_drawn)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        fn_run run = support_run();
        fn_table *truth;
        fn_economy_options options = { .firms = 16 + 16 * (seed % 3), .clusters = 1 + seed % 3, .tenders = 80,
                                       .noise = 0.5 };
        fn_net *net = draw(&run, seed, &options, &truth);
        ck_assert_uint_eq(fn_net_firms(net), options.firms);
        ck_assert_uint_eq(fn_net_tenders(net), 80);
        fn_table_free(truth);
        fn_net_free(net);
    }
}
END_TEST

/* How many planted heads a measure puts first in their found cluster. */
static uint32_t heads_first(const fn_table *truth, const uint32_t *cluster, const double *score)
{
    uint32_t hits = 0;
    for (size_t h = 0; h < truth->rows; h++) {
        if (strcmp(role(truth, h), "central")) continue;
        size_t best = h;
        for (size_t f = 0; f < truth->rows; f++)
            if (cluster[f] == cluster[h] && (score[f] > score[best] || (score[f] == score[best] && f < best))) best = f;
        hits += best == h;
    }
    return hits;
}

/* The plan is found again by the default clusters and the index, and by no simple measure. */
START_TEST(planted_heads_are_found_where_simple_measures_fail)
{
    fn_run run = support_run();
    fn_table *truth, *heads, *members;
    fn_net *net = draw(&run, (uint64_t) _i, NULL, &truth);
    fn_view *view = support_view(&run, net);
    fn_leiden_options leiden;
    fn_central_options options;
    fn_partition *partition;
    bool is_central[600];
    double index[600], in_degree[600] = { 0 }, all_ties[600] = { 0 }, purchases[600] = { 0 }, dearest[600] = { 0 };
    uint32_t planned[600], found[600];
    size_t compared = 0;
    fn_agreement agreement;

    run.seed = 1;
    fn_leiden_defaults(&leiden);
    fn_central_defaults(&options);
    ck_assert_int_eq(fn_leiden(&run, view, &leiden, &partition), FN_OK);
    for (size_t f = 0; f < 600; f++) {
        const fn_column *cluster = fn_table_find(truth, "cluster");
        if (fn_column_missing(cluster, f)) continue;
        planned[compared] = (uint32_t) cluster->integer[f] - 1;
        found[compared++] = partition->cluster[f];
    }
    ck_assert_int_eq(fn_partition_compare(&run, compared, planned, found, &agreement), FN_OK);
    ck_assert_double_ge(agreement.nmi, 0.9);
    ck_assert_int_eq(fn_central_company(&run, view, partition->cluster, partition->clusters, &options, &heads, &members,
                                        is_central, index), FN_OK);
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *t = FN_TIE(net, e);
        all_ties[t->from]++, all_ties[t->to]++;
        if (t->layer != FN_LAYER_SUPPLY) continue;
        in_degree[t->to]++;
        purchases[t->to] += t->value;
        dearest[t->from] = fmax(dearest[t->from], t->value), dearest[t->to] = fmax(dearest[t->to], t->value);
    }
    for (size_t f = 0; f < 600; f++)
        if (isnan(index[f])) index[f] = -1;
    uint32_t named = 0;
    for (size_t f = 0; f < 600; f++) named += is_central[f] && strcmp(role(truth, f), "central") == 0;
    ck_assert_uint_ge(named, 11);
    ck_assert_uint_ge(heads_first(truth, partition->cluster, index), 11);
    ck_assert_uint_le(heads_first(truth, partition->cluster, in_degree), 3);
    ck_assert_uint_le(heads_first(truth, partition->cluster, all_ties), 3);
    ck_assert_uint_le(heads_first(truth, partition->cluster, dearest), 4);
    ck_assert_uint_le(heads_first(truth, partition->cluster, purchases), 8);
    fn_partition_free(partition);
    fn_table_free(heads);
    fn_table_free(members);
    fn_view_free(view);
    fn_table_free(truth);
    fn_net_free(net);
}
END_TEST

START_TEST(failing_allocations_leak_nothing)
{
    fn_economy_options options = { .firms = 16, .clusters = 1, .tenders = 16, .noise = 0.1 };
    fn_status status = FN_ENOMEM;
    long k;
    for (k = 0; status; k++) {
        fn_run run = support_run();
        fn_net *net;
        fn_table *truth;
        fn_memory_fail_at(k, k % 2);
        status = fn_economy(&run, &options, &net, &truth);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || status == FN_ENOMEM);
        if (status) ck_assert_ptr_null(net);
        fn_table_free(truth);
        fn_net_free(net);
    }
    ck_assert_int_gt(k, 50);
}
END_TEST

Suite *suite_economy(void)
{
    Suite *suite = suite_create("economy");
    TCase *cases = tcase_create("synthetic economy");
    tcase_add_test(cases, default_economy_has_what_it_promises);
    tcase_add_test(cases, tenders_and_ties_agree);
    tcase_add_test(cases, business_numbers_have_valid_check_digits);
    tcase_add_test(cases, only_the_seed_decides);
    tcase_add_loop_test(cases, impossible_economies_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(cases, smallest_economy_can_be_drawn);
    tcase_add_loop_test(cases, planted_heads_are_found_where_simple_measures_fail, 1, 6);
    tcase_add_test(cases, failing_allocations_leak_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
