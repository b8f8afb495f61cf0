/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "algorithms/centrality.h"
#include "graph/igraph_bridge.h"
#include "graph/memory.h"
#include "tests/algorithms/rows.h"
#include "tests/suite.h"

Suite *suite_centrality_igraph(void);

/* PageRank, betweenness, core numbers and degrees beside igraph's, on random networks. */

typedef struct sample {
    fn_net *net;
    fn_view *view;
    fn_csr *out, *in, *both;
    const igraph_t *graph;
} sample;

static sample sample_make(fn_run *run, uint64_t seed, bool weighted)
{
    sample s;
    uint32_t firms = 1 + (uint32_t) fn_random_below(seed, 9, 0, 30);
    s.net = support_random_net(run, seed, firms, (size_t) fn_random_below(seed, 9, 1, 3 * firms + 1), weighted);
    s.view = support_view(run, s.net);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_OUT, true, &s.out), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_IN, true, &s.in), FN_OK);
    ck_assert_int_eq(fn_view_csr(run, s.view, -1, FN_CSR_BOTH, true, &s.both), FN_OK);
    ck_assert_int_eq(fn_net_igraph(run, s.net, &s.graph), FN_OK);
    return s;
}

static void sample_free(sample *s)
{
    fn_csr_free(s->out);
    fn_csr_free(s->in);
    fn_csr_free(s->both);
    fn_view_free(s->view);
    fn_net_free(s->net);
}

/* The graph without self and parallel edges, as our adjacency sees it. */
static igraph_t simple_copy(fn_run *run, const igraph_t *graph, bool directed)
{
    igraph_t copy;
    ck_assert_int_eq(FN_IGRAPH(run, igraph_copy(&copy, graph)), FN_OK);
    if (!directed)
        ck_assert_int_eq(FN_IGRAPH(run, igraph_to_undirected(&copy, IGRAPH_TO_UNDIRECTED_EACH, NULL)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(run, igraph_simplify(&copy, true, true, NULL)), FN_OK);
    return copy;
}

START_TEST(pagerank_agrees_with_igraph)
{
    fn_run run = support_run();
    sample s = sample_make(&run, (uint64_t) _i, _i % 2);
    uint32_t firms = s.view->firms;
    /* Self ties are no arcs of ours: compare on the graph without them, parallel ties added up by the net. */
    uint32_t from[400], to[400];
    igraph_vector_t weight, score;
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&weight, 0)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&score, 0)), FN_OK);
    size_t n = 0;
    for (uint32_t u = 0; u < firms; u++)
        for (size_t i = s.out->offset[u]; i < s.out->offset[u + 1]; i++, n++) {
            from[n] = u, to[n] = s.out->target[i];
            ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_push_back(&weight, s.out->weight[i])), FN_OK);
        }
    igraph_t graph;
    ck_assert_int_eq(fn_igraph_fill_pairs(&run, firms, n, from, to, true, &graph), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, fn_ig_pagerank(&graph, &weight, .85, true, &score)), FN_OK);
    double *ours = fn_alloc(&run, firms, sizeof *ours), sum = 0;
    ck_assert_int_eq(fn_pagerank(&run, s.out, s.in, .85, 1e-12, ours), FN_OK);
    for (uint32_t u = 0; u < firms; u++) {
        support_near(ours[u], VECTOR(score)[u], 1e-9, "PageRank");
        sum += ours[u];
    }
    support_near(sum, 1, 1e-12, "sum of PageRank");
    fn_free(ours);
    igraph_destroy(&graph);
    igraph_vector_destroy(&weight);
    igraph_vector_destroy(&score);
    sample_free(&s);
}
END_TEST

START_TEST(betweenness_agrees_with_igraph)
{
    fn_run run = support_run();
    sample s = sample_make(&run, (uint64_t) _i, false);
    igraph_t graph = simple_copy(&run, s.graph, true);
    igraph_vector_t score;
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_init(&score, 0)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, fn_ig_betweenness(&graph, NULL, true, &score)), FN_OK);
    double *ours = fn_alloc(&run, s.view->firms, sizeof *ours);
    const fn_betweenness_options options = FN_BETWEENNESS_DEFAULTS;
    ck_assert_int_eq(fn_betweenness(&run, s.out, &options, ours, NULL), FN_OK);
    for (uint32_t u = 0; u < s.view->firms; u++) support_near(ours[u], VECTOR(score)[u], 1e-9, "betweenness");
    fn_free(ours);
    igraph_destroy(&graph);
    igraph_vector_destroy(&score);
    sample_free(&s);
}
END_TEST

START_TEST(core_numbers_and_degrees_agree_with_igraph)
{
    fn_run run = support_run();
    sample s = sample_make(&run, (uint64_t) _i, false);
    igraph_t undirected = simple_copy(&run, s.graph, false), directed = simple_copy(&run, s.graph, true);
    igraph_vector_int_t core, in, out, all;
    igraph_vector_int_t *const vectors[] = { &core, &in, &out, &all };
    for (int i = 0; i < 4; i++) ck_assert_int_eq(FN_IGRAPH(&run, igraph_vector_int_init(vectors[i], 0)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_coreness(&undirected, &core, IGRAPH_ALL)), FN_OK);
    igraph_vs_t every = igraph_vss_all();
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_degree(&directed, &in, every, IGRAPH_IN, IGRAPH_LOOPS)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_degree(&directed, &out, every, IGRAPH_OUT, IGRAPH_LOOPS)), FN_OK);
    ck_assert_int_eq(FN_IGRAPH(&run, igraph_degree(&undirected, &all, every, IGRAPH_ALL, IGRAPH_LOOPS)), FN_OK);
    fn_table *cores = row_find(&run, s.view, FN_GROUP_CENTRALITY, "coreness");
    fn_table *degrees = row_find(&run, s.view, FN_GROUP_CENTRALITY, "strength");
    for (uint32_t u = 0; u < s.view->firms; u++) {
        support_near(row_cell(cores, "coreness", u), (double) VECTOR(core)[u], 0, "core number");
        support_near(row_cell(degrees, "ties_in", u), (double) VECTOR(in)[u], 0, "ties_in");
        support_near(row_cell(degrees, "ties_out", u), (double) VECTOR(out)[u], 0, "ties_out");
        support_near(row_cell(degrees, "partners", u), (double) VECTOR(all)[u], 0, "partners");
    }
    fn_table_free(cores);
    fn_table_free(degrees);
    for (int i = 0; i < 4; i++) igraph_vector_int_destroy(vectors[i]);
    igraph_destroy(&undirected);
    igraph_destroy(&directed);
    sample_free(&s);
}
END_TEST

Suite *suite_centrality_igraph(void)
{
    Suite *suite = suite_create("centrality igraph");
    TCase *oracle = tcase_create("oracle");
    tcase_add_loop_test(oracle, pagerank_agrees_with_igraph, 0, 30);
    tcase_add_loop_test(oracle, betweenness_agrees_with_igraph, 0, 30);
    tcase_add_loop_test(oracle, core_numbers_and_degrees_agree_with_igraph, 0, 30);
    suite_add_tcase(suite, oracle);
    return suite;
}
