/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/economy_figures.h"
#include "algorithms/economy_stream_inside.h"
#include "graph/memory.h"
#include "graph/net.h"
#include "tests/suite.h"

Suite *suite_economy_stream(void);

static fn_economy_stream *draw(fn_run *run, uint64_t ties, uint32_t firms, uint32_t periods)
{
    fn_stream_options options = { .ties = ties, .firms = firms, .periods = periods };
    fn_economy_stream *stream;
    fn_status status = fn_economy_stream_new(run, &options, &stream);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return stream;
}

/* Economies that are small, of few ties a firm, of many. */
static const struct { uint64_t ties; uint32_t firms; } economies[] = {
    { 1000, 0 }, { 1000, 200 }, { 1001, 500 }, { 5000, 200 }, { 20000, 4000 }, { 20000, 10000 }, { 50000, 2000 }
};
enum { ECONOMIES = sizeof economies / sizeof *economies };

START_TEST(a_shuffle_meets_every_number_once)
{
    static const uint64_t further[] = { 511, 512, 513, 1000, 4096, 4097, 65537 };
    for (uint64_t k = 1; k < 300 + sizeof further / sizeof *further; k++) {
        uint64_t size = k < 300 ? k : further[k - 300];
        fn_shuffle shuffle = fn_shuffle_of(size, 7, k);
        bool *met = calloc(size, sizeof *met);
        uint64_t moved = 0;
        for (uint64_t number = 0; number < size; number++) {
            uint64_t at = fn_shuffle_at(&shuffle, number);
            ck_assert_uint_lt(at, size);
            ck_assert(!met[at]);
            met[at] = true;
            moved += at != number;
        }
        if (size > 100) ck_assert_uint_gt(moved, size * 9 / 10);
        free(met);
    }
}
END_TEST

START_TEST(powers_and_logarithms_are_those_of_the_library)
{
    fn_powers powers;
    fn_powers_fill(&powers);
    for (uint32_t exponent = 0; exponent < 40 << 16; exponent += 997) {
        double wanted = exp2(exponent / 65536.0), found = (double) fn_power(&powers, exponent);
        ck_assert_double_le(fabs(found - wanted), 1 + wanted * 1e-5);
    }
    for (uint64_t number = 1; number < (uint64_t) 1 << 40; number = number * 3 / 2 + 1) {
        support_near(fn_log2_fine(number) / 65536.0, log2((double) number), 1.1 / 65536, "fine");
        support_near(fn_log2_rough(number) / 65536.0, log2((double) number), 0.0862, "rough");
    }
}
END_TEST

START_TEST(as_many_ties_live_in_every_year_and_a_share_is_renewed)
{
    for (uint32_t periods = 1; periods <= STREAM_PERIODS; periods++) {
        fn_spells spells;
        uint32_t alive[STREAM_PERIODS] = { 0 }, begun = 0;
        fn_spells_make(3, periods, &spells);
        for (uint32_t k = 0; k < STREAM_BLOCK; k++) {
            uint32_t length = spells.row[k + 1] - spells.row[k];
            ck_assert_uint_ge(length, 1);
            ck_assert_uint_le(spells.first[k] + length, periods);
            begun += spells.first[k] > 0;
            for (uint32_t m = 0; m < length; m++) {
                ck_assert_uint_eq(spells.tie[spells.row[k] + m], k);
                alive[spells.first[k] + m]++;
            }
        }
        for (uint32_t p = 0; p < periods; p++) ck_assert_uint_eq(alive[p], STREAM_BLOCK * 100 / (60 + 40 * periods));
        if (periods > 1) support_near(begun / (periods - 1.0) / alive[0], 0.4, 0.03, "renewed");
    }
}
END_TEST

/* Who trades with whom, by tie. */
typedef struct pair { uint64_t key, tie; } pair;

static int by_key(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->tie > y->tie) - (x->tie < y->tie);
}

START_TEST(every_pair_of_firms_is_one_tie_and_every_firm_has_one)
{
    for (int e = 0; e < ECONOMIES; e++) {
        fn_run run = support_run();
        fn_economy_stream *stream = draw(&run, economies[e].ties, economies[e].firms, 3);
        uint64_t rows = fn_economy_stream_rows(stream);
        uint32_t firms = fn_economy_stream_firms(stream);
        pair *list = calloc(rows, sizeof *list);
        uint32_t *years = calloc(economies[e].ties, sizeof *years);
        bool *seen = calloc(firms, sizeof *seen);
        for (uint64_t k = 0; k < rows; k++) {
            fn_stream_row row;
            fn_economy_stream_row(stream, k, &row);
            ck_assert_uint_lt(row.from, firms);
            ck_assert_uint_lt(row.to, firms);
            ck_assert_uint_ne(row.from, row.to);
            ck_assert_uint_lt(row.tie, economies[e].ties);
            ck_assert_int_gt(row.cents, 0);
            ck_assert_int_eq(years[row.tie] >> row.period & 1, 0);
            years[row.tie] |= (uint32_t) 1 << row.period;
            list[k] = (pair) { (uint64_t) row.from << 32 | row.to, row.tie };
            seen[row.from] = seen[row.to] = true;
        }
        qsort(list, rows, sizeof *list, by_key);
        uint64_t pairs = 1;
        for (uint64_t k = 1; k < rows; k++) {
            if (list[k].key == list[k - 1].key) ck_assert_uint_eq(list[k].tie, list[k - 1].tie);
            else pairs++;
        }
        ck_assert_uint_eq(pairs, economies[e].ties);
        for (uint64_t t = 0; t < economies[e].ties; t++) ck_assert(years[t] && years[t] != 5); /* no gap in a spell */
        for (uint32_t f = 0; f < firms; f++) ck_assert(seen[f]);
        free(list);
        free(years);
        free(seen);
        fn_economy_stream_free(stream);
    }
}
END_TEST

START_TEST(every_cluster_has_one_head_and_at_least_seventeen_firms)
{
    for (int e = 0; e < ECONOMIES; e++) {
        fn_run run = support_run();
        fn_economy_stream *stream = draw(&run, economies[e].ties, economies[e].firms, 1);
        uint32_t firms = fn_economy_stream_firms(stream), clusters = fn_economy_stream_clusters(stream);
        uint32_t *size = calloc(clusters + 1, sizeof *size), *heads = calloc(clusters + 1, sizeof *heads);
        uint64_t *id = calloc(firms, sizeof *id), count[5] = { 0 };
        for (uint32_t f = 0; f < firms; f++) {
            fn_stream_firm firm;
            fn_economy_stream_firm(stream, f, &firm);
            ck_assert_uint_le(firm.cluster, clusters);
            ck_assert_uint_lt(firm.id, 1000000000);
            id[f] = firm.id;
            size[firm.cluster]++;
            heads[firm.cluster] += firm.role == FN_STREAM_CENTRAL;
            count[firm.role]++;
            bool outside = firm.role == FN_STREAM_TRADER || firm.role == FN_STREAM_FINAL_BUYER;
            ck_assert(outside == (firm.cluster == 0));
        }
        for (uint32_t c = 1; c <= clusters; c++) {
            ck_assert_uint_ge(size[c], 17);
            ck_assert_uint_eq(heads[c], 1);
        }
        for (int role = 0; role < 5; role++) ck_assert_uint_gt(count[role], 0);
        for (uint32_t f = 0; f < firms; f++)
            for (uint32_t g = 0; g < f && firms < 1000; g++) ck_assert_uint_ne(id[f], id[g]);
        free(size);
        free(heads);
        free(id);
        fn_economy_stream_free(stream);
    }
}
END_TEST

/* The head is what Andrianov and Lincen mean: at least six kinds of product, all by tender, from members of its
 * cluster. */
START_TEST(heads_buy_complementary_products_by_tender_from_members)
{
    fn_run run = support_run();
    fn_economy_stream *stream = draw(&run, 20000, 0, 2);
    uint32_t clusters = fn_economy_stream_clusters(stream);
    uint64_t *kinds = calloc(clusters + 1, sizeof *kinds);
    for (uint64_t k = 0; k < fn_economy_stream_rows(stream); k++) {
        fn_stream_row row;
        fn_stream_firm from, to;
        uint64_t bidder[FN_STREAM_BIDDERS];
        fn_economy_stream_row(stream, k, &row);
        fn_economy_stream_firm(stream, row.from, &from);
        fn_economy_stream_firm(stream, row.to, &to);
        ck_assert(from.role != FN_STREAM_FINAL_BUYER);
        ck_assert_uint_eq(from.id, row.from_id);
        ck_assert_uint_eq(to.id, row.to_id);
        unsigned bidders = fn_economy_stream_bidders(stream, &row, bidder);
        ck_assert_uint_ge(bidders, 1);
        ck_assert_uint_eq(bidder[0], row.from_id);
        for (unsigned b = 0; b < bidders; b++) {
            ck_assert_uint_ne(bidder[b], row.to_id);
            for (unsigned c = 0; c < b; c++) ck_assert_uint_ne(bidder[b], bidder[c]);
        }
        if (to.role != FN_STREAM_CENTRAL) continue;
        ck_assert_uint_ge(bidders, 3);
        ck_assert_uint_eq(from.cluster, to.cluster);
        ck_assert(from.role == FN_STREAM_MEMBER);
        ck_assert_uint_lt(row.product % 100, 24);
        kinds[to.cluster] |= (uint64_t) 1 << row.product % 100;
    }
    for (uint32_t c = 1; c <= clusters; c++) ck_assert_int_ge(__builtin_popcountll(kinds[c]), 6);
    free(kinds);
    fn_economy_stream_free(stream);
}
END_TEST

/* Other economies under an old seed are a change that users must be told of. */
START_TEST(an_economy_stays_as_it_was)
{
    fn_run run = support_run();
    fn_economy_stream *stream = draw(&run, 20000, 0, 3);
    uint64_t digest = 0;
    for (uint64_t k = 0; k < fn_economy_stream_rows(stream); k++) {
        fn_stream_row row;
        fn_economy_stream_row(stream, k, &row);
        digest = fn_mix64(digest ^ row.from_id) + fn_mix64(row.to_id) * 3 + (uint64_t) row.cents * 7 +
                 (uint64_t) row.day + row.product;
    }
    ck_assert_uint_eq(fn_economy_stream_rows(stream), 33278);
    ck_assert_uint_eq(fn_economy_stream_clusters(stream), 88);
    ck_assert_uint_eq(digest, UINT64_C(7049684229004402160));
    fn_economy_stream_free(stream);
}
END_TEST

START_TEST(rows_drawn_together_are_the_rows_drawn_one_by_one)
{
    fn_run run = support_run();
    fn_economy_stream *stream = draw(&run, 20000, 0, 3);
    fn_stream_row together[97], row;
    for (uint64_t first = 0; first < 20000; first += 970) {
        fn_economy_stream_run(stream, first, 97, together);
        for (uint64_t k = 0; k < 97; k++) {
            fn_economy_stream_row(stream, first + k, &row);
            ck_assert_uint_eq(row.tie, together[k].tie);
            ck_assert_uint_eq(row.from_id, together[k].from_id);
            ck_assert_uint_eq(row.to_id, together[k].to_id);
            ck_assert_int_eq(row.cents, together[k].cents);
            ck_assert_int_eq(row.day, together[k].day);
        }
    }
    fn_economy_stream_free(stream);
}
END_TEST

START_TEST(another_seed_gives_another_economy_and_layers_take_their_shares)
{
    fn_run run = support_run();
    fn_stream_options options = { 20000, 0, 1, 0.1, 0.2, 0.3 };
    fn_economy_stream *stream, *other;
    uint32_t count[FN_LAYERS_STANDARD] = { 0 }, same = 0;
    ck_assert_int_eq(fn_economy_stream_new(&run, &options, &stream), FN_OK);
    run.seed = 2;
    ck_assert_int_eq(fn_economy_stream_new(&run, &options, &other), FN_OK);
    for (uint64_t k = 0; k < 20000; k++) {
        fn_stream_row row, another;
        fn_economy_stream_row(stream, k, &row);
        fn_economy_stream_row(other, k, &another);
        count[row.layer]++;
        same += row.from_id == another.from_id;
    }
    ck_assert_uint_lt(same, 5);
    support_near(count[FN_LAYER_SUPPLY], 8000, 300, "supply");
    support_near(count[FN_LAYER_SUBCONTRACT], 2000, 200, "subcontract");
    support_near(count[FN_LAYER_KNOWLEDGE], 4000, 250, "knowledge");
    support_near(count[FN_LAYER_OWNERSHIP], 6000, 300, "ownership");
    fn_economy_stream_free(stream);
    fn_economy_stream_free(other);
}
END_TEST

START_TEST(options_out_of_range_are_errors)
{
    static const fn_stream_options bad[] = {
        { 999, 200, 1, 0, 0, 0 }, { 1000000001, 0, 1, 0, 0, 0 }, { 1000, 501, 1, 0, 0, 0 }, { 5001, 200, 1, 0, 0, 0 },
        { 1000, 199, 1, 0, 0, 0 }, { 1000, 0, 0, 0, 0, 0 }, { 1000, 0, 17, 0, 0, 0 }, { 1000, 0, 1, -0.1, 0, 0 },
        { 1000, 0, 1, 0.5, 0.3, 0.3 }, { 1000, 0, 1, NAN, 0, 0 }
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        fn_run run = support_run();
        fn_economy_stream *stream;
        ck_assert_int_eq(fn_economy_stream_new(&run, &bad[k], &stream), FN_EINVAL);
        ck_assert_ptr_null(stream);
        ck_assert_str_ne(run.error.message, "");
    }
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    bool failed = true;
    for (long call = 0; failed; call++) {
        fn_run run = support_run();
        fn_stream_options options = { .ties = 1000, .periods = 2 };
        fn_economy_stream *stream = NULL;
        fn_pairs pairs = { 0 };
        fn_table *table = NULL;
        double figure[FN_FIGURES];
        fn_memory_fail_at(call, false);
        fn_status status = fn_economy_stream_new(&run, &options, &stream);
        if (!status) status = fn_pairs_of(&run, stream, &pairs);
        if (!status) status = fn_figures_measure(&run, &pairs, figure);
        if (!status) status = fn_figures_table(&run, figure, &table);
        failed = fn_memory_calls() > call;
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
        fn_table_free(table);
        fn_pairs_free(&pairs);
        fn_economy_stream_free(stream);
    }
}
END_TEST

/* 1 and 2 sell to 3 and 4 (one square), 3 also to 1 (a pair both ways), 4 to 5, 6 to 5; 7 alone with 8. */
START_TEST(figures_of_a_worked_network)
{
    static uint32_t from[] = { 1, 1, 2, 2, 3, 4, 6, 7 }, to[] = { 3, 4, 3, 4, 1, 5, 5, 8 };
    static uint32_t cluster[9] = { 0, 1, 1, 1, 1, 1, 2, 2, 2 }, years[] = { 3, 1, 3, 3, 1, 2, 2, 3 };
    static double value[] = { 1, 2, 3, 2, 5, 1, 3, 9 };
    fn_pairs pairs = { .firms = 9, .ties = 8, .from = from, .to = to, .cluster = cluster, .value = value, .years = years };
    fn_run run = support_run();
    double figure[FN_FIGURES];
    ck_assert_int_eq(fn_figures_measure(&run, &pairs, figure), FN_OK);
    support_near(figure[FN_FIGURE_MEAN_DEGREE], 8 / 9.0, 1e-12, "mean degree");
    support_near(figure[FN_FIGURE_RECIPROCITY], 2 / 8.0, 1e-12, "reciprocity");
    support_near(figure[FN_FIGURE_COMPONENT], 6 / 9.0, 1e-12, "component");
    /* 1 ⇄ 3 is the core; 2 leads to it, 4 and 5 are led to. */
    support_near(figure[FN_FIGURE_CORE], 2 / 9.0, 1e-12, "core");
    support_near(figure[FN_FIGURE_UPSTREAM], 1 / 9.0, 1e-12, "upstream");
    support_near(figure[FN_FIGURE_DOWNSTREAM], 2 / 9.0, 1e-12, "downstream");
    support_near(figure[FN_FIGURE_NO_CUSTOMERS], 3 / 9.0, 1e-12, "no customers");
    support_near(figure[FN_FIGURE_NO_SUPPLIERS], 4 / 9.0, 1e-12, "no suppliers");
    /* Of the firms 1 … 8 only 5 and 6 trade outside their cluster. */
    support_near(figure[FN_FIGURE_OWN_CLUSTER], 6 / 8.0, 1e-12, "own cluster");
    support_near(figure[FN_FIGURE_PERSISTENCE], 4 / 6.0, 1e-12, "persistence");
    support_near(figure[FN_FIGURE_SUPPLIER_HHI], (10 / 16.0 + 1 / 2.0 + 1 + 10 / 16.0 + 1) / 5, 1e-12, "hhi");
    support_near(figure[FN_FIGURE_CLUSTERING], 0, 0, "clustering");
    ck_assert(isnan(figure[FN_FIGURE_IN_EXPONENT]));
}
END_TEST

START_TEST(the_tail_exponent_of_a_power_law_is_found)
{
    enum { N = 20000 };
    static uint32_t value[N];
    for (uint32_t k = 0; k < N; k++) value[k] = (uint32_t) (30 * pow(N / (k + 0.5), 1 / 1.35) + 0.5);
    support_near(fn_tail_exponent(value, N, 50), 1.35, 0.02, "exponent");
    ck_assert(isnan(fn_tail_exponent(value, 9, 50)));
}
END_TEST

/* As wide as what is published, at twenty thousand firms; other seeds and sizes are no different in kind. */
START_TEST(generated_economies_look_like_real_ones)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        fn_run run = support_run();
        run.seed = seed;
        fn_pairs pairs;
        double figure[FN_FIGURES];
        fn_economy_stream *stream = draw(&run, 100000, 20000, 3);
        ck_assert_int_eq(fn_pairs_of(&run, stream, &pairs), FN_OK);
        ck_assert_uint_eq(pairs.ties, 100000);
        ck_assert_int_eq(fn_figures_measure(&run, &pairs, figure), FN_OK);
        support_near(figure[FN_FIGURE_IN_EXPONENT], 1.4, 0.2, "in exponent");
        support_near(figure[FN_FIGURE_OUT_EXPONENT], 1.3, 0.2, "out exponent");
        support_near(figure[FN_FIGURE_RECIPROCITY], 0.035, 0.02, "reciprocity");
        support_near(figure[FN_FIGURE_CORE], 0.5, 0.05, "core");
        support_near(figure[FN_FIGURE_UPSTREAM], 0.2, 0.05, "upstream");
        support_near(figure[FN_FIGURE_DOWNSTREAM], 0.29, 0.05, "downstream");
        support_near(figure[FN_FIGURE_OWN_CLUSTER], 0.4, 0.05, "own cluster");
        support_near(figure[FN_FIGURE_PERSISTENCE], 0.6, 0.02, "persistence");
        ck_assert_double_lt(figure[FN_FIGURE_ASSORTATIVITY], -0.02);
        ck_assert_double_lt(figure[FN_FIGURE_CLUSTERING_SLOPE], 0);
        ck_assert_double_gt(figure[FN_FIGURE_SQUARES], 1.2);
        ck_assert_double_lt(figure[FN_FIGURE_TRIANGLES], 0.5);
        ck_assert_double_gt(figure[FN_FIGURE_SQUARES_TRIANGLES], 5);
        fn_pairs_free(&pairs);
        fn_economy_stream_free(stream);
    }
}
END_TEST

Suite *suite_economy_stream(void)
{
    Suite *suite = suite_create("economy_stream");
    TCase *tests = tcase_create("economy_stream");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_shuffle_meets_every_number_once);
    tcase_add_test(tests, powers_and_logarithms_are_those_of_the_library);
    tcase_add_test(tests, as_many_ties_live_in_every_year_and_a_share_is_renewed);
    tcase_add_test(tests, every_pair_of_firms_is_one_tie_and_every_firm_has_one);
    tcase_add_test(tests, every_cluster_has_one_head_and_at_least_seventeen_firms);
    tcase_add_test(tests, heads_buy_complementary_products_by_tender_from_members);
    tcase_add_test(tests, an_economy_stays_as_it_was);
    tcase_add_test(tests, rows_drawn_together_are_the_rows_drawn_one_by_one);
    tcase_add_test(tests, another_seed_gives_another_economy_and_layers_take_their_shares);
    tcase_add_test(tests, options_out_of_range_are_errors);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
    tcase_add_test(tests, figures_of_a_worked_network);
    tcase_add_test(tests, the_tail_exponent_of_a_power_law_is_found);
    tcase_add_test(tests, generated_economies_look_like_real_ones);
    suite_add_tcase(suite, tests);
    return suite;
}
