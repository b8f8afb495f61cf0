/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "tests/suite.h"

Suite *suite_igraph(void);

static void assert_same_vector(const igraph_vector_int_t *ours, const igraph_vector_int_t *theirs, const char *name)
{
    ck_assert_msg(igraph_vector_int_all_e(ours, theirs), "vector %s differs from igraph_create", name);
}

static void assert_same_graph(const igraph_t *ours, const igraph_t *theirs)
{
    ck_assert_int_eq(igraph_vcount(ours), igraph_vcount(theirs));
    ck_assert_int_eq(igraph_is_directed(ours), igraph_is_directed(theirs));
    assert_same_vector(&ours->from, &theirs->from, "from");
    assert_same_vector(&ours->to, &theirs->to, "to");
    assert_same_vector(&ours->oi, &theirs->oi, "oi");
    assert_same_vector(&ours->ii, &theirs->ii, "ii");
    assert_same_vector(&ours->os, &theirs->os, "os");
    assert_same_vector(&ours->is, &theirs->is, "is");
}

static igraph_t created(uint32_t firms, size_t ties, const uint32_t *from, const uint32_t *to, bool directed)
{
    igraph_vector_int_t ends;
    igraph_t graph;
    ck_assert_int_eq(igraph_vector_int_init(&ends, (igraph_int_t) (2 * ties)), IGRAPH_SUCCESS);
    for (size_t i = 0; i < ties; i++) VECTOR(ends)[2 * i] = from[i], VECTOR(ends)[2 * i + 1] = to[i];
    ck_assert_int_eq(igraph_create(&graph, &ends, (igraph_int_t) firms, directed), IGRAPH_SUCCESS);
    igraph_vector_int_destroy(&ends);
    return graph;
}

/* Few firms and many ties: self and parallel ties are common. */
static void random_pairs(uint64_t seed, uint32_t firms, size_t ties, uint32_t *from, uint32_t *to)
{
    for (size_t i = 0; i < ties; i++) {
        from[i] = (uint32_t) fn_random_below(seed, 1, i, firms);
        to[i] = (uint32_t) fn_random_below(seed, 2, i, firms);
    }
}

START_TEST(filled_vectors_equal_those_of_igraph_create)
{
    fn_run run = support_run();
    uint64_t seed = (uint64_t) _i;
    uint32_t firms = 1 + (uint32_t) fn_random_below(seed, 3, 0, 40);
    size_t ties = (size_t) fn_random_below(seed, 3, 1, 200);
    uint32_t from[200], to[200];
    random_pairs(seed, firms, ties, from, to);
    for (int directed = 0; directed <= 1; directed++) {
        igraph_t ours, theirs = created(firms, ties, from, to, directed);
        ck_assert_int_eq(fn_igraph_fill_pairs(&run, firms, ties, from, to, directed, &ours), FN_OK);
        assert_same_graph(&ours, &theirs);
        igraph_destroy(&ours);
        igraph_destroy(&theirs);
    }
    ck_assert(fn_igraph_layout_known());
}
END_TEST

static int by_ends(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    if (x[0] != y[0]) return x[0] < y[0] ? -1 : 1;
    return x[1] < y[1] ? -1 : x[1] > y[1];
}

static void sort_pairs(size_t ties, uint32_t *from, uint32_t *to)
{
    uint32_t (*pair)[2] = malloc((ties ? ties : 1) * sizeof *pair);
    for (size_t i = 0; i < ties; i++) pair[i][0] = from[i], pair[i][1] = to[i];
    qsort(pair, ties, sizeof *pair, by_ends);
    for (size_t i = 0; i < ties; i++) from[i] = pair[i][0], to[i] = pair[i][1];
    free(pair);
}

START_TEST(sorted_ties_give_the_vectors_of_igraph_create_too)
{
    fn_run run = support_run();
    uint64_t seed = (uint64_t) _i;
    uint32_t firms = 1 + (uint32_t) fn_random_below(seed, 3, 0, 30);
    size_t ties = (size_t) fn_random_below(seed, 3, 1, 200);
    uint32_t from[200], to[200];
    random_pairs(seed, firms, ties, from, to);
    sort_pairs(ties, from, to);
    for (int directed = 0; directed <= 1; directed++) {
        igraph_t ours, theirs = created(firms + 2, ties, from, to, directed); /* the last firms have no ties */
        ck_assert_int_eq(fn_igraph_fill_pairs(&run, firms + 2, ties, from, to, directed, &ours), FN_OK);
        assert_same_graph(&ours, &theirs);
        igraph_destroy(&ours);
        igraph_destroy(&theirs);
    }
}
END_TEST

/* Enough for several parts, with a run of parallel ties that is longer than one. */
START_TEST(many_ties_are_filled_alike_on_any_number_of_threads)
{
    enum { TIES = 150000, FIRMS = 500, RUN = 50000 };
    bool sorted = _i & 1, directed = _i & 2;
    uint32_t *from = malloc(TIES * sizeof *from), *to = malloc(TIES * sizeof *to);
    random_pairs(11, FIRMS, TIES, from, to);
    for (size_t i = 0; i < RUN; i++) from[2 * i] = 200, to[2 * i] = 100;
    if (sorted) sort_pairs(TIES, from, to);
    igraph_t theirs = created(FIRMS, TIES, from, to, directed);
    for (int threads = 1; threads <= 4; threads++) {
        fn_run run = support_run();
        run.threads = threads;
        igraph_t ours;
        ck_assert_int_eq(fn_igraph_fill_pairs(&run, FIRMS, TIES, from, to, directed, &ours), FN_OK);
        assert_same_graph(&ours, &theirs);
        igraph_destroy(&ours);
    }
    igraph_destroy(&theirs);
    free(from);
    free(to);
}
END_TEST

START_TEST(a_net_gives_one_edge_a_tie_in_tie_order)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, (uint64_t) _i, 12, 60, true);
    const igraph_t *graph, *again;
    ck_assert_int_eq(fn_net_igraph(&run, net, &graph), FN_OK);
    ck_assert_int_eq(fn_net_igraph(&run, net, &again), FN_OK);
    ck_assert_ptr_eq(graph, again);
    ck_assert_uint_eq((size_t) igraph_ecount(graph), fn_net_ties(net));
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        ck_assert_uint_eq((uint32_t) IGRAPH_FROM(graph, (igraph_int_t) e), fn_net_tie_at(net, e).from);
        ck_assert_uint_eq((uint32_t) IGRAPH_TO(graph, (igraph_int_t) e), fn_net_tie_at(net, e).to);
    }
    fn_net_free(net);
}
END_TEST

START_TEST(networks_without_firms_or_ties_can_be_filled)
{
    fn_run run = support_run();
    for (uint32_t firms = 0; firms < 3; firms++) {
        igraph_t ours, theirs = created(firms, 0, NULL, NULL, true);
        ck_assert_int_eq(fn_igraph_fill_pairs(&run, firms, 0, NULL, NULL, true, &ours), FN_OK);
        assert_same_graph(&ours, &theirs);
        igraph_destroy(&ours);
        igraph_destroy(&theirs);
    }
}
END_TEST

START_TEST(a_filled_graph_stays_right_when_igraph_changes_it)
{
    fn_run run = support_run();
    uint32_t from[50], to[50];
    random_pairs(7, 9, 50, from, to);
    igraph_t ours, theirs = created(9, 50, from, to, true);
    ck_assert_int_eq(fn_igraph_fill_pairs(&run, 9, 50, from, to, true, &ours), FN_OK);
    for (int round = 0; round < 2; round++) {
        igraph_t *graph = round ? &theirs : &ours;
        igraph_bool_t multi;
        ck_assert_int_eq(igraph_has_multiple(graph, &multi), IGRAPH_SUCCESS);
        ck_assert(multi);
        ck_assert_int_eq(igraph_add_edge(graph, 3, 4), IGRAPH_SUCCESS);
        ck_assert_int_eq(igraph_delete_vertices(graph, igraph_vss_1(2)), IGRAPH_SUCCESS);
        ck_assert_int_eq(igraph_simplify(graph, true, true, NULL), IGRAPH_SUCCESS);
    }
    assert_same_graph(&ours, &theirs);
    igraph_destroy(&ours);
    igraph_destroy(&theirs);
}
END_TEST

START_TEST(an_end_outside_the_firms_is_refused)
{
    fn_run run = support_run();
    const uint32_t from[] = { 0, 3 }, to[] = { 1, 0 };
    igraph_t graph;
    ck_assert_int_eq(fn_igraph_fill_pairs(&run, 3, 2, from, to, true, &graph), FN_EINVAL);
    ck_assert_str_eq(run.error.message, "tie 1 joins firms 3 and 0, but there are 3");
}
END_TEST

START_TEST(a_failing_igraph_call_becomes_an_error_with_igraphs_reason)
{
    fn_run run = support_run();
    igraph_t ring;
    igraph_vector_t lengths, score;
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_ring(&ring, 10, false, false, true)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&lengths, 3)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&score, 0)), FN_OK);
    fn_status status = FN_IGRAPH(&run, fn_ig_betweenness(&ring, &lengths, false, &score));
    ck_assert_int_eq(status, FN_EIGRAPH);
    ck_assert_int_eq(run.error.status, FN_EIGRAPH);
    ck_assert_msg(strstr(run.error.message, "eight vector length"), "no reason in \"%s\"", run.error.message);
    ck_assert_int_eq(IGRAPH_FINALLY_STACK_SIZE(), 0);

    /* The next call works, and the first cause stays. */
    igraph_vector_fill(&lengths, 1);
    ck_assert_int_eq(FN_IGRAPH(&run, fn_ig_betweenness(&ring, NULL, false, &score)), FN_OK);
    ck_assert_int_eq(run.error.status, FN_EIGRAPH);
    igraph_vector_destroy(&score);
    igraph_vector_destroy(&lengths);
    igraph_destroy(&ring);
}
END_TEST

START_TEST(a_failure_deep_in_igraph_leaves_its_cleanup_stack_empty)
{
    fn_run run = support_run();
    igraph_t ring, part;
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_ring(&ring, 10, true, false, true)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_induced_subgraph(&ring, &part, igraph_vss_1(77), IGRAPH_SUBGRAPH_AUTO)),
                     FN_EIGRAPH);
    ck_assert_int_eq(IGRAPH_FINALLY_STACK_SIZE(), 0);
    ck_assert_msg(strstr(run.error.message, "ertex"), "no reason in \"%s\"", run.error.message);
    igraph_destroy(&ring);
}
END_TEST

static int polls;

static bool stop_at_the_third_poll(void *user, const char *stage, double done)
{
    (void) user;
    (void) stage;
    (void) done;
    return ++polls < 3;
}

START_TEST(an_interrupted_igraph_call_is_a_cancel)
{
    fn_run run = support_run();
    run.progress = stop_at_the_third_poll;
    igraph_t ring;
    igraph_vector_t score;
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_ring(&ring, 3000, false, false, true)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&score, 0)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, fn_ig_betweenness(&ring, NULL, false, &score)), FN_ECANCEL);
    ck_assert_int_eq(run.error.status, FN_ECANCEL);
    ck_assert_int_eq(polls, 3);
    ck_assert_int_eq(IGRAPH_FINALLY_STACK_SIZE(), 0);
    igraph_vector_destroy(&score);
    igraph_destroy(&ring);
}
END_TEST

static bool stop_at_once(void *user, const char *stage, double done)
{
    (void) user;
    (void) stage;
    (void) done;
    return false;
}

START_TEST(filling_can_be_cancelled)
{
    fn_run run = support_run();
    run.progress = stop_at_once;
    const uint32_t from[] = { 0, 1 }, to[] = { 1, 2 };
    igraph_t graph;
    ck_assert_int_eq(fn_igraph_fill_pairs(&run, 3, 2, from, to, true, &graph), FN_ECANCEL);
}
END_TEST

START_TEST(filling_survives_any_failing_allocation)
{
    const uint32_t from[] = { 0, 1, 1 }, to[] = { 1, 2, 1 }; /* not sorted */
    igraph_t graph;
    long call = 0;
    for (;; call++) {
        fn_run run = support_run();
        fn_memory_fail_at(call, false);
        fn_status status = fn_igraph_fill_pairs(&run, 3, 3, from, to, true, &graph);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) break;
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_eq(run.error.status, FN_ENOMEM);
    }
    igraph_destroy(&graph);
    ck_assert(fn_igraph_layout_known());
}
END_TEST

START_TEST(igraphs_random_numbers_follow_the_seed_of_the_run)
{
    fn_run run = support_run();
    long first[3], second[3];
    for (int i = 0; i < 3; i++) {
        run.seed = i == 1 ? 2 : 1;
        ck_assert_int_eq(fn_igraph_seed(&run, 5), FN_OK);
        first[i] = (long) igraph_rng_get_integer(igraph_rng_default(), 0, 1 << 30);
        second[i] = (long) igraph_rng_get_integer(igraph_rng_default(), 0, 1 << 30);
    }
    ck_assert_int_eq(first[0], first[2]);
    ck_assert_int_eq(second[0], second[2]);
    ck_assert_int_ne(first[0], first[1]);
}
END_TEST

Suite *suite_igraph(void)
{
    Suite *suite = suite_create("igraph");
    TCase *filling = tcase_create("filling");
    tcase_add_loop_test(filling, filled_vectors_equal_those_of_igraph_create, 0, 40);
    tcase_add_loop_test(filling, sorted_ties_give_the_vectors_of_igraph_create_too, 0, 40);
    tcase_add_loop_test(filling, many_ties_are_filled_alike_on_any_number_of_threads, 0, 4);
    tcase_add_loop_test(filling, a_net_gives_one_edge_a_tie_in_tie_order, 0, 5);
    tcase_add_test(filling, networks_without_firms_or_ties_can_be_filled);
    tcase_add_test(filling, a_filled_graph_stays_right_when_igraph_changes_it);
    tcase_add_test(filling, an_end_outside_the_firms_is_refused);
    tcase_add_test(filling, filling_can_be_cancelled);
    tcase_add_test(filling, filling_survives_any_failing_allocation);
    suite_add_tcase(suite, filling);
    TCase *bridge = tcase_create("bridge");
    tcase_add_test(bridge, a_failing_igraph_call_becomes_an_error_with_igraphs_reason);
    tcase_add_test(bridge, a_failure_deep_in_igraph_leaves_its_cleanup_stack_empty);
    tcase_add_test(bridge, an_interrupted_igraph_call_is_a_cancel);
    tcase_add_test(bridge, igraphs_random_numbers_follow_the_seed_of_the_run);
    suite_add_tcase(suite, bridge);
    return suite;
}
