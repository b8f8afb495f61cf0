/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_csr(void);

enum { FIRMS_MOST = 12, TIES_MOST = 90 };

/* Ties of few firms: self and parallel ones are common. Weights are such that sums depend on the order of adding. */
typedef struct pairs {
    uint32_t firms;
    size_t ties;
    uint32_t from[TIES_MOST], to[TIES_MOST];
    double weight[TIES_MOST];
    bool both_ways[TIES_MOST];
} pairs;

static pairs random_pairs(uint64_t seed, bool sorted, bool simple)
{
    pairs p = { .firms = 1 + (uint32_t) fn_random_below(seed, 1, 0, FIRMS_MOST) };
    size_t wanted = (size_t) fn_random_below(seed, 1, 1, TIES_MOST + 1);
    for (size_t k = 0; k < wanted; k++) {
        uint32_t from = (uint32_t) fn_random_below(seed, 2, k, p.firms);
        uint32_t to = (uint32_t) fn_random_below(seed, 3, k, p.firms);
        bool known = simple && from == to;
        for (size_t e = 0; simple && e < p.ties; e++) known |= p.from[e] == from && p.to[e] == to;
        if (known) continue;
        size_t at = p.ties++;
        for (; sorted && at && (p.from[at - 1] > from || (p.from[at - 1] == from && p.to[at - 1] > to)); at--) {
            p.from[at] = p.from[at - 1];
            p.to[at] = p.to[at - 1];
            p.weight[at] = p.weight[at - 1];
            p.both_ways[at] = p.both_ways[at - 1];
        }
        p.from[at] = from;
        p.to[at] = to;
        p.weight[at] = fn_random_unit(seed, 4, k) * pow(10, (double) fn_random_below(seed, 5, k, 17));
        p.both_ways[at] = fn_random_below(seed, 6, k, 3) == 0;
    }
    return p;
}

/* ---- the oracle ---- */

typedef struct matrix {
    bool arc[FIRMS_MOST][FIRMS_MOST];
    double weight[FIRMS_MOST][FIRMS_MOST];
} matrix;

static void add_arc(matrix *m, uint32_t u, uint32_t v, double weight)
{
    m->weight[u][v] = m->arc[u][v] ? m->weight[u][v] + weight : weight;
    m->arc[u][v] = true;
}

/* Ties are looked for in order of their ends and, among parallel ones, in their own. */
static matrix dense(const pairs *p, bool weighted, bool marked, fn_csr_side side)
{
    matrix m = { 0 };
    for (uint32_t from = 0; from < p->firms; from++)
        for (uint32_t to = 0; to < p->firms; to++)
            for (size_t e = 0; e < p->ties; e++) {
                if (p->from[e] != from || p->to[e] != to || from == to) continue;
                double weight = weighted ? p->weight[e] : 1;
                bool turn = side == FN_CSR_BOTH || (marked && p->both_ways[e]);
                if (side != FN_CSR_IN || turn) add_arc(&m, from, to, weight);
                if (side == FN_CSR_IN || turn) add_arc(&m, to, from, weight);
            }
    return m;
}

static void assert_matrix(const fn_csr *csr, const matrix *m, uint32_t firms)
{
    size_t at = 0;
    ck_assert_uint_eq(csr->firms, firms);
    ck_assert_uint_eq(csr->offset[0], 0);
    for (uint32_t u = 0; u < firms; u++) {
        uint32_t degree = 0;
        for (uint32_t v = 0; v < firms; v++) {
            if (fn_csr_find(csr, u, v) != (m->arc[u][v] ? at : FN_NO_ARC)) ck_abort_msg("arc %u→%u not found", u, v);
            if (!m->arc[u][v]) continue;
            if (at >= csr->arcs || csr->target[at] != v) ck_abort_msg("arc %zu is not %u→%u", at, u, v);
            if (memcmp(&csr->weight[at], &m->weight[u][v], sizeof(double))) ck_abort_msg("weight of %u→%u", u, v);
            at++;
            degree++;
        }
        if (csr->offset[u + 1] != at || fn_csr_degree(csr, u) != degree) ck_abort_msg("row %u", u);
    }
    ck_assert_uint_eq(csr->arcs, at);
}

/* ---- tests ---- */

START_TEST(adjacency_of_ties_in_any_order_equals_a_matrix)
{
    for (uint64_t seed = (uint64_t) _i * 25; seed < ((uint64_t) _i + 1) * 25; seed++) {
        const pairs p = random_pairs(seed, seed % 2, seed % 5 == 0);
        fn_run run = support_run();
        for (fn_csr_side side = FN_CSR_OUT; side <= FN_CSR_BOTH; side++)
            for (int way = 0; way < 4; way++) {
                run.threads = way == 3 && seed % 25 < 3 ? 1 + (int) (seed % 25) : 1;
                const matrix m = dense(&p, way & 1, way & 2, side);
                fn_csr *csr;
                ck_assert_int_eq(fn_csr_build(&run, p.firms, p.ties, p.from, p.to, way & 1 ? p.weight : NULL,
                                              way & 2 ? p.both_ways : NULL, side, &csr), FN_OK);
                assert_matrix(csr, &m, p.firms);
                ck_assert(csr->target == csr->own_target && csr->weight == csr->own_weight);
                fn_csr_free(csr);
            }
    }
}
END_TEST

START_TEST(adjacency_over_sorted_ties_equals_a_matrix_and_shares_where_it_can)
{
    size_t shared = 0, copied = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        bool simple = seed % 2;
        const pairs p = random_pairs(seed, true, simple);
        fn_run run = support_run();
        run.threads = seed % 25 < 3 ? 1 + (int) (seed % 25) : 1;
        bool plain = true;
        for (size_t e = 0; e < p.ties; e++)
            plain &= p.from[e] != p.to[e] && (!e || p.from[e - 1] != p.from[e] || p.to[e - 1] != p.to[e]);
        for (fn_csr_side side = FN_CSR_OUT; side <= FN_CSR_BOTH; side++)
            for (int weighted = 0; weighted < 2; weighted++) {
                const double *weight = weighted ? p.weight : NULL;
                const matrix m = dense(&p, weighted, false, side);
                fn_csr *csr;
                ck_assert_int_eq(fn_csr_over(&run, p.firms, p.ties, p.from, p.to, weight, side, &csr), FN_OK);
                assert_matrix(csr, &m, p.firms);
                bool shares = plain && weighted && side == FN_CSR_OUT;
                ck_assert_int_eq(csr->target == p.to, shares);
                ck_assert_int_eq(weighted && csr->weight == p.weight, shares);
                ck_assert_int_eq(csr->own_target == NULL, shares);
                ck_assert_int_eq(csr->own_weight == NULL, shares);
                shared += shares;
                copied += side == FN_CSR_OUT && weighted && !shares;
                fn_csr_free(csr);
            }
    }
    ck_assert_uint_gt(shared, 50);
    ck_assert_uint_gt(copied, 50);
}
END_TEST

START_TEST(weights_are_added_in_tie_order)
{
    fn_run run = support_run();
    static const uint32_t from[] = { 0, 0, 0, 1 }, to[] = { 1, 1, 1, 0 };
    static const double weight[] = { 1, 0x1p53, 1, -0x1p53 }; /* in this order 0: each 1 is lost beside 2^53 */
    fn_csr *csr;
    ck_assert_int_eq(fn_csr_build(&run, 2, 3, from, to, weight, NULL, FN_CSR_OUT, &csr), FN_OK);
    ck_assert(csr->weight[0] == 0x1p53);
    fn_csr_free(csr);
    ck_assert_int_eq(fn_csr_build(&run, 2, 3, from, to, weight, NULL, FN_CSR_IN, &csr), FN_OK);
    ck_assert(csr->weight[0] == 0x1p53);
    fn_csr_free(csr);
    ck_assert_int_eq(fn_csr_build(&run, 2, 4, from, to, weight, NULL, FN_CSR_BOTH, &csr), FN_OK);
    ck_assert(csr->arcs == 2 && csr->weight[0] == 0 && csr->weight[1] == 0);
    fn_csr_free(csr);
}
END_TEST

START_TEST(many_ties_give_the_same_adjacency_on_any_number_of_threads)
{
    enum { FIRMS = 20000, TIES = 100000 };
    uint32_t *from = malloc(TIES * sizeof *from), *to = malloc(TIES * sizeof *to);
    double *weight = malloc(TIES * sizeof *weight);
    bool *both_ways = malloc(TIES * sizeof *both_ways);
    for (size_t e = 0; e < TIES; e++) {
        from[e] = (uint32_t) fn_random_below(1, 1, e, 10) ? (uint32_t) fn_random_below(1, 2, e, FIRMS) : 7;
        to[e] = (uint32_t) fn_random_below(1, 3, e, 10) ? (uint32_t) fn_random_below(1, 4, e, FIRMS) : 9;
        weight[e] = fn_random_unit(1, 5, e);
        both_ways[e] = fn_random_below(1, 6, e, 2);
    }
    for (fn_csr_side side = FN_CSR_OUT; side <= FN_CSR_BOTH; side++)
        for (int marked = 0; marked < 2; marked++) {
            fn_csr *first = NULL, *csr;
            for (int threads = 1; threads <= 3; threads++) {
                fn_run run = support_run();
                run.threads = threads;
                ck_assert_int_eq(fn_csr_build(&run, FIRMS, TIES, from, to, weight, marked ? both_ways : NULL, side,
                                              &csr), FN_OK);
                if (!first) {
                    first = csr;
                    continue;
                }
                ck_assert_uint_eq(csr->arcs, first->arcs);
                ck_assert_mem_eq(csr->offset, first->offset, (FIRMS + 1) * sizeof *csr->offset);
                ck_assert_mem_eq(csr->target, first->target, csr->arcs * sizeof *csr->target);
                ck_assert_mem_eq(csr->weight, first->weight, csr->arcs * sizeof *csr->weight);
                fn_csr_free(csr);
            }
            fn_csr_free(first);
        }
    free(from);
    free(to);
    free(weight);
    free(both_ways);
}
END_TEST

START_TEST(every_failing_allocation_of_adjacency_is_an_error)
{
    for (int way = 0; way < 2 * 2 * 2 * 3; way++) {
        bool over = way & 1, sorted = over || way & 2, marked = way & 4 && !over;
        fn_csr_side side = (fn_csr_side) (way / 8);
        const pairs p = random_pairs(8, sorted, way & 2);
        bool failed = true;
        for (long call = 0; failed; call++) {
            fn_run run = support_run();
            fn_csr *csr = NULL;
            fn_memory_fail_at(call, false);
            fn_status status = over ? fn_csr_over(&run, p.firms, p.ties, p.from, p.to, p.weight, side, &csr)
                                    : fn_csr_build(&run, p.firms, p.ties, p.from, p.to, p.weight,
                                                   marked ? p.both_ways : NULL, side, &csr);
            failed = fn_memory_calls() > call;
            fn_memory_fail_at(-1, false);
            ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
            ck_assert_int_eq(run.error.status, status);
            ck_assert_int_eq(csr == NULL, failed);
            fn_csr_free(csr);
        }
    }
}
END_TEST

/* ---- views ---- */

static void assert_same_csr(const fn_csr *a, const fn_csr *b)
{
    ck_assert_uint_eq(a->firms, b->firms);
    ck_assert_uint_eq(a->arcs, b->arcs);
    ck_assert_mem_eq(a->offset, b->offset, ((size_t) a->firms + 1) * sizeof *a->offset);
    ck_assert_mem_eq(a->target, b->target, a->arcs * sizeof *a->target);
    ck_assert_mem_eq(a->weight, b->weight, a->arcs * sizeof *a->weight);
}

/* One view of all ties without options, one with options that leave nothing out. */
START_TEST(a_view_of_everything_shares_the_ties_and_is_the_same_as_one_that_selects_them_all)
{
    for (int weighted = 0; weighted < 2; weighted++) {
        fn_run run = support_run();
        fn_net *net = support_random_net(&run, (uint64_t) _i, 10, 60, weighted);
        const fn_ties *ties = fn_net_tie_rows(net);
        fn_view *all, *chosen;
        fn_view_options options = FN_VIEW_ALL;
        ck_assert_int_eq(fn_view_new(&run, net, &options, &all), FN_OK);
        if (_i % 2) options.without = "nobody";
        else options.layers = 1u << FN_LAYER_SUPPLY;
        ck_assert_int_eq(fn_view_new(&run, net, &options, &chosen), FN_OK);

        ck_assert_ptr_null(all->tie);
        ck_assert_ptr_nonnull(chosen->tie);
        if (weighted) ck_assert_ptr_eq(all->weight, ties->value);
        else ck_assert_ptr_eq(all->weight, all->own_weight);
        ck_assert_ptr_eq(chosen->weight, chosen->own_weight);
        ck_assert_uint_eq(all->ties, fn_net_ties(net));
        ck_assert_uint_eq(chosen->ties, all->ties);
        ck_assert_uint_eq(chosen->self_ties, all->self_ties);
        ck_assert_uint_eq(chosen->weightless, all->weightless);
        ck_assert_uint_eq(chosen->layers, all->layers);
        ck_assert_mem_eq(chosen->weight, all->weight, all->ties * sizeof *all->weight);
        for (size_t i = 0; i < all->ties; i++) {
            ck_assert_uint_eq(fn_view_tie(all, i), i);
            ck_assert_uint_eq(fn_view_tie(chosen, i), i);
        }
        for (fn_csr_side side = FN_CSR_OUT; side <= FN_CSR_BOTH; side++)
            for (int keep = 0; keep < 2; keep++)
                for (int layer = -1; layer <= FN_LAYER_SUPPLY; layer++) {
                    fn_csr *a, *b;
                    ck_assert_int_eq(fn_view_csr(&run, all, layer, side, keep, &a), FN_OK);
                    ck_assert_int_eq(fn_view_csr(&run, chosen, layer, side, keep, &b), FN_OK);
                    assert_same_csr(a, b);
                    fn_csr_free(a);
                    fn_csr_free(b);
                }
        fn_view_free(all);
        fn_view_free(chosen);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(values_that_are_no_weights_are_not_shared)
{
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 } };
    static const double without[] = { 1, NAN, 2 }, owed[] = { 1, -3, 2 }, zero[] = { 1, -0.0, 2 };
    const double *const values[] = { without, owed, zero };
    for (int k = 0; k < 3; k++) {
        fn_run run = support_run();
        fn_net *net = support_net(&run, 3, 3, pair, values[k]);
        fn_view *view = support_view(&run, net);
        static const double wanted[] = { 1, 0, 2 };
        ck_assert_mem_eq(view->weight, wanted, sizeof wanted);
        ck_assert_uint_eq(view->weightless, 1);
        fn_csr *csr;
        ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, false, &csr), FN_OK);
        ck_assert_uint_eq(csr->arcs, 2);
        fn_csr_free(csr);
        fn_view_free(view);
        fn_net_free(net);
    }
}
END_TEST

Suite *suite_csr(void)
{
    Suite *suite = suite_create("csr");
    TCase *tests = tcase_create("adjacency");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, adjacency_of_ties_in_any_order_equals_a_matrix, 0, 16);
    tcase_add_test(tests, adjacency_over_sorted_ties_equals_a_matrix_and_shares_where_it_can);
    tcase_add_test(tests, weights_are_added_in_tie_order);
    tcase_add_test(tests, many_ties_give_the_same_adjacency_on_any_number_of_threads);
    tcase_add_test(tests, every_failing_allocation_of_adjacency_is_an_error);
    suite_add_tcase(suite, tests);
    TCase *views = tcase_create("views");
    tcase_add_loop_test(views, a_view_of_everything_shares_the_ties_and_is_the_same_as_one_that_selects_them_all, 0, 6);
    tcase_add_test(views, values_that_are_no_weights_are_not_shared);
    suite_add_tcase(suite, views);
    return suite;
}
