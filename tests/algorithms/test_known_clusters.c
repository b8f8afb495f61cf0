/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/clusters.h"
#include "tests/suite.h"

Suite *suite_known_clusters(void);

/* Networks of the literature with the highest modularity known for them, to be reached within .001 by the best of ten
 * seeds. */
static const double TOLERANCE = .001;

/* Friendships in a karate club (Zachary 1977, J. Anthropol. Res. 33:452), members counted from 0. */
static const uint32_t karate[78][2] = {
    { 0, 1 }, { 0, 2 }, { 0, 3 }, { 0, 4 }, { 0, 5 }, { 0, 6 }, { 0, 7 }, { 0, 8 }, { 0, 10 }, { 0, 11 }, { 0, 12 },
    { 0, 13 }, { 0, 17 }, { 0, 19 }, { 0, 21 }, { 0, 31 }, { 1, 2 }, { 1, 3 }, { 1, 7 }, { 1, 13 }, { 1, 17 },
    { 1, 19 }, { 1, 21 }, { 1, 30 }, { 2, 3 }, { 2, 7 }, { 2, 8 }, { 2, 9 }, { 2, 13 }, { 2, 27 }, { 2, 28 },
    { 2, 32 }, { 3, 7 }, { 3, 12 }, { 3, 13 }, { 4, 6 }, { 4, 10 }, { 5, 6 }, { 5, 10 }, { 5, 16 }, { 6, 16 },
    { 8, 30 }, { 8, 32 }, { 8, 33 }, { 9, 33 }, { 13, 33 }, { 14, 32 }, { 14, 33 }, { 15, 32 }, { 15, 33 },
    { 18, 32 }, { 18, 33 }, { 19, 33 }, { 20, 32 }, { 20, 33 }, { 22, 32 }, { 22, 33 }, { 23, 25 }, { 23, 27 },
    { 23, 29 }, { 23, 32 }, { 23, 33 }, { 24, 25 }, { 24, 27 }, { 24, 31 }, { 25, 31 }, { 26, 29 }, { 26, 33 },
    { 27, 33 }, { 28, 31 }, { 28, 33 }, { 29, 32 }, { 29, 33 }, { 30, 32 }, { 30, 33 }, { 31, 32 }, { 31, 33 },
    { 32, 33 }
};

static void assert_reaches(fn_run *run, const fn_net *net, double known)
{
    fn_view *view = support_view(run, net);
    fn_leiden_options options;
    fn_partition *partition;
    fn_leiden_defaults(&options);
    options.runs = 10;
    ck_assert_int_eq(fn_leiden(run, view, &options, &partition), FN_OK);
    ck_assert_double_eq_tol(partition->quality, known, TOLERANCE);
    fn_partition_free(partition);
    fn_view_free(view);
}

START_TEST(karate_club_reaches_the_known_modularity)
{
    fn_run run = support_run();
    fn_net *net = support_net(&run, 34, 78, karate, NULL);
    assert_reaches(&run, net, .4198);
    fn_net_free(net);
}
END_TEST

START_TEST(jazz_musicians_reach_the_known_modularity)
{
    const char *path = support_data("jazz_musicians_reach_the_known_modularity", "graphs/jazz.graph");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net = support_metis(&run, path);
    assert_reaches(&run, net, .4451);
    fn_net_free(net);
}
END_TEST

/* Ties of files with one item a line: GML (source 1, target 0, value 2 on lines of their own), GraphML (an edge a
 * line), comma separated (source, target, a value that counts nothing here). Firms are the numbers in them. */
static fn_net *read_lines(fn_run *run, const char *path)
{
    enum { MOST = 4096 };
    uint32_t pair[MOST][2], firms = 0;
    double weight[MOST], value;
    size_t ties = 0;
    char line[1024];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        unsigned from, to;
        const char *edge = strstr(line, "source=\"n");
        ck_assert_uint_lt(ties, MOST);
        if (sscanf(line, "%u,%u,\"%lf\"", &from, &to, &value) == 3) {
            pair[ties][0] = from;
            pair[ties][1] = to;
            weight[ties++] = 1;
        } else if (edge && sscanf(edge, "source=\"n%u\" target=\"n%u\"", &from, &to) == 2) {
            pair[ties][0] = from;
            pair[ties][1] = to;
            weight[ties++] = 1;
        } else if (sscanf(line, " source %u", &from) == 1) {
            pair[ties][0] = from;
        } else if (sscanf(line, " target %u", &to) == 1) {
            pair[ties][1] = to;
            weight[ties++] = 1;
        } else if (sscanf(line, " value %lf", &value) == 1) {
            weight[ties - 1] = value;
        }
    }
    fclose(file);
    for (size_t i = 0; i < ties; i++)
        for (int end = 0; end < 2; end++)
            if (pair[i][end] >= firms) firms = pair[i][end] + 1;
    return support_net(run, firms, ties, (const uint32_t (*)[2]) pair, weight);
}

START_TEST(college_football_reaches_the_known_modularity)
{
    const char *path = support_data("college_football_reaches_the_known_modularity", "graphs/football.graphml");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net = read_lines(&run, path);
    ck_assert_uint_eq(fn_net_firms(net), 115);
    ck_assert_int_eq(fn_net_records(net), 613);
    assert_reaches(&run, net, .6046);
    fn_net_free(net);
}
END_TEST

START_TEST(characters_of_les_miserables_reach_the_known_modularity)
{
    const char *path = support_data("characters_of_les_miserables_reach_the_known_modularity", "graphs/lesmis.gml");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net = read_lines(&run, path);
    ck_assert_uint_eq(fn_net_firms(net), 77);
    ck_assert_uint_eq(fn_net_ties(net), 254);
    assert_reaches(&run, net, .5667);
    fn_net_free(net);
}
END_TEST

/* Who wrote with whom about networks (Newman 2006, Phys. Rev. E 74:036104), all pieces; each tie counts 1. */
START_TEST(authors_about_networks_reach_the_known_modularity)
{
    const char *path = support_data("authors_about_networks_reach_the_known_modularity", "graphs/netscience.edges.csv");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net = read_lines(&run, path);
    ck_assert_int_eq(fn_net_records(net), 2742);
    assert_reaches(&run, net, .9599);
    fn_net_free(net);
}
END_TEST

/* Larger ones, files in the format of METIS; within .002. */
static const struct { const char *name, *file; uint32_t firms; double known; } larger[] = {
    { "power grid", "graphs/power.graph", 4941, .9409 },
    { "web of trust (PGP)", "graphs/PGPgiantcompo.graph", 10680, .8867 },
    { "political blogs", "graphs/polblogs.graph", 1490, .4271 },
};

START_TEST(larger_networks_reach_the_known_modularity)
{
    const char *path = support_data(larger[_i].name, larger[_i].file);
    if (!path) return;
    fn_run run = support_run();
    fn_net *net = support_metis(&run, path);
    ck_assert_uint_eq(fn_net_firms(net), larger[_i].firms);
    fn_view *view = support_view(&run, net);
    fn_leiden_options options;
    fn_partition *partition;
    fn_leiden_defaults(&options);
    options.runs = 10;
    ck_assert_int_eq(fn_leiden(&run, view, &options, &partition), FN_OK);
    ck_assert_double_ge(partition->quality, larger[_i].known - .002);
    ck_assert_double_le(partition->quality, larger[_i].known + .002);
    fn_partition_free(partition);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

Suite *suite_known_clusters(void)
{
    Suite *suite = suite_create("known clusters");
    TCase *known = tcase_create("modularity");
    tcase_add_test(known, karate_club_reaches_the_known_modularity);
    tcase_add_test(known, jazz_musicians_reach_the_known_modularity);
    tcase_add_test(known, college_football_reaches_the_known_modularity);
    tcase_add_test(known, characters_of_les_miserables_reach_the_known_modularity);
    tcase_add_test(known, authors_about_networks_reach_the_known_modularity);
    tcase_add_loop_test(known, larger_networks_reach_the_known_modularity, 0, sizeof larger / sizeof *larger);
    tcase_set_timeout(known, 60);
    suite_add_tcase(suite, known);
    return suite;
}
