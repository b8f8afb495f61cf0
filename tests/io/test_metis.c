/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/io/edgelist_support.h"

Suite *suite_metis(void);

static fn_read_options as_metis(void)
{
    fn_read_options options = edges_plain;
    options.format = "metis";
    return options;
}

START_TEST(a_row_has_the_partners_of_its_firm)
{
    static const struct {
        const char *text, *ties, *undirected;
        uint32_t firms;
    } good[] = {
        { "3 2\n2\n1 3\n2\n", "1>2:supply::1::;2>1:supply::1::;2>3:supply::1::;3>2:supply::1::;",
          "1>2:cobid::1::;2>3:cobid::1::;", 3 },
        { "3 2 0\n2 3\n1\n1\n", "1>2:supply::1::;1>3:supply::1::;2>1:supply::1::;3>1:supply::1::;",
          "1>2:cobid::1::;1>3:cobid::1::;", 3 },
        { "\xef\xbb\xbf% by hand\r\n\r\n4 1 1\r\n\r\n% firm 2\r\n 3  2.5 \r\n\t2\t2.5\r\n\r\n",
          "2>3:supply:2.5:1::;3>2:supply:2.5:1::;", "2>3:cobid:2.5:1::;", 4 },
        { "2 1 011 2\n5 6 2 7\n0 1 1 7\n", "1>2:supply:7:1::;2>1:supply:7:1::;", "1>2:cobid:7:1::;", 2 },
        { "2 1 100\n9 2\n8 1\n", "1>2:supply::1::;2>1:supply::1::;", "1>2:cobid::1::;", 2 },
        { "2 1 111 1\n9 3 2 7\n8 4 1 7\n", "1>2:supply:7:1::;2>1:supply:7:1::;", "1>2:cobid:7:1::;", 2 },
        { "2 2 1\n2 5 2 6\n1 6 1 5\n", "1>2:supply:11:2::;2>1:supply:11:2::;", "1>2:cobid:11:2::;", 2 },
        { "3 0\n\n\n\n\n", "", "", 3 },
        { "0 0\n", "", "", 0 },
    };
    for (size_t g = 0; g < sizeof good / sizeof *good; g++) {
        fn_read_options options = as_metis();
        fn_net *net = edges_read_good(good[g].text, &options);
        edges_check_ties(net, good[g].ties);
        ck_assert_uint_eq(fn_net_firms(net), good[g].firms);
        fn_net_free(net);
        options.tie_layer = "cobid";
        net = edges_read_good(good[g].text, &options);
        edges_check_ties(net, good[g].undirected);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(the_weight_of_a_firm_is_its_size)
{
    fn_run run = support_run();
    fn_net *net;
    fn_read_options options = as_metis();
    net = edges_read_good("3 1 10\n7 3\n0\n12 1\n", &options);
    const fn_column *size = fn_table_find(fn_net_firm_columns(net), "size");
    ck_assert_ptr_nonnull(size);
    ck_assert_int_eq(size->type, FN_COLUMN_INT);
    ck_assert(size->integer[0] == 7 && size->integer[1] == 0 && size->integer[2] == 12);
    fn_net_free(net);
    net = edges_read_good("2 1 011 2\n5 6 2 7\n0 1 1 7\n", &options);
    ck_assert_ptr_null(fn_table_find(fn_net_firm_columns(net), "size"));
    fn_net_free(net);

    /* two files of the same firms must agree */
    const char *same[] = { edges_scratch("one", "2 1 10\n7 2\n1.5 1\n", 16),
                           edges_scratch("two", "3 0 10\n7\n1.5\n4\n", 15) };
    ck_assert_int_eq(fn_read(&run, same, 2, &options, &net, NULL, NULL), FN_OK);
    ck_assert(fn_table_find(fn_net_firm_columns(net), "size")->real[2] == 4);
    fn_net_free(net);
    same[1] = edges_scratch("two", "2 0 10\n7\n2\n", 11);
    ck_assert_int_eq(fn_read(&run, same, 2, &options, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "the size of firm 2 is 2, but was 1.5"));
    ck_assert_int_eq(run.error.line, 3);
    unlink(same[0]);
    unlink(same[1]);
}
END_TEST

START_TEST(what_is_wrong_is_told_with_its_line)
{
    static const struct {
        const char *text;
        int64_t line;
        const char *words;
    } bad[] = {
        { "% nothing\n", 1, "no header" },
        { "3\n", 1, "no header of a METIS graph" },
        { "3 x\n", 1, "no header of a METIS graph" },
        { "-3 1\n", 1, "no header of a METIS graph" },
        { "3 1 2\n", 1, "no header of a METIS graph" },
        { "3 1 0011\n", 1, "no header of a METIS graph" },
        { "3 1 001 1\n", 1, "no header of a METIS graph" },
        { "3 1 010 0\n", 1, "no header of a METIS graph" },
        { "3 1 010 1 1\n", 1, "no header of a METIS graph" },
        { "4294967295 1\n", 1, "more than 4294967294 firms" },
        { "999999999999999999 999999999999999999\n2\n1\n", 1, "more than 4294967294 firms" },
        { "4000000000 1\n2\n1\n", 3, "after the rows of 2 of 4000000000" },
        { "3 2\n2\n1 3\n", 3, "after the rows of 2 of 3" },
        { "2 1\n2\n1\n1\n", 4, "behind those of the 2 firms" },
        { "2 1\n3\n1\n", 2, "no firm 3" },
        { "2 1\n0\n1\n", 2, "count from 1" },
        { "2 1\n2 x\n1\n", 2, "not the number of a firm" },
        { "2 1\n2\n2\n", 3, "to itself" },
        { "2 1\n2.0\n1\n", 2, "not the number of a firm" },
        { "3 2\n2 3\n1\n\n", 2, "firm 1 has a tie to 3 which the row of that one (line 4) has not" },
        { "3 1\n2\n1\n% gap\n1\n", 5, "firm 3 has a tie to 1 which the row of that one (line 2) has not" },
        { "3 2\n2 3\n3\n1 2\n", 2, "firm 1 has a tie to 2" },
        { "2 1 1\n2 5\n1 6\n", 3, "weighs 6 here and 5 on line 2" },
        { "2 2\n2 2\n1\n", 2, "firm 1 has a tie to 2" },
        { "2 1 1\n2\n1 6\n", 2, "ends before the weight" },
        { "2 1 1\n2 -5\n1 -5\n", 2, "negative" },
        { "2 1 1\n2 nan\n1 nan\n", 2, "finite" },
        { "2 1 10\n\n4 1\n", 2, "ends before its weight" },
        { "2 1 100\nx 2\n4 1\n", 2, "size of firm 1 is not a number" },
        { "2 1 10\n-1 2\n4 1\n", 2, "weight of firm 1 is not a number of 0" },
        { "2 2\n2\n1\n", 1, "declares 2 ties, but the rows have 1" },
        { "2 2\n2\n1\n", 1, "counts once" },
        { "3 3\n2\n1\n\n", 1, "declares 3 ties" },
    };
    fn_read_options options = as_metis();
    for (int keep_going = 0; keep_going < 2; keep_going++) {
        options.keep_going = keep_going;
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++)
            edges_check_refused(bad[b].text, strlen(bad[b].text), &options, bad[b].line, bad[b].words);
        edges_check_refused("2 1\n2\0\n1\n", 9, &options, 2, "not the number of a firm");
    }
}
END_TEST

START_TEST(a_file_cut_at_any_byte_is_refused)
{
    const char text[] = "% cut\n4 4 11\n1 2 10 3 12\n2 1 10 4 3\n3 1 12 4 21\n4 2 3 3 21\n";
    fn_read_options options = as_metis();
    for (size_t cut = 1; cut <= strlen(text); cut++) {
        fn_run run = support_run();
        fn_net *net = NULL;
        fn_status status = edges_read_once(&run, text, cut, &options, &net);
        ck_assert_int_eq(status, cut + 1 < strlen(text) ? FN_EPARSE : FN_OK);
        if (!status) ck_assert_int_eq(support_warnings(), cut < strlen(text)); /* the last line has no end */
        fn_net_free(net);
    }
}
END_TEST

START_TEST(long_rows_are_rows)
{
    enum { FIRMS = 100000 };
    char *text = malloc(FIRMS * 16 + 64);
    size_t n = (size_t) sprintf(text, "%d %d\n", FIRMS, FIRMS - 1);
    for (int f = FIRMS; f > 1; f--) n += (size_t) sprintf(text + n, "%d ", f);
    n += (size_t) sprintf(text + n, "\n");
    for (int f = 1; f < FIRMS; f++) n += (size_t) sprintf(text + n, "1\n");
    fn_net *net = edges_read_good(text, &edges_plain);
    ck_assert_uint_eq(fn_net_ties(net), 2 * (FIRMS - 1));
    fn_net_free(net);
    free(text);
}
END_TEST

START_TEST(a_graph_is_told_from_an_edge_list)
{
    static const char *const graphs[] = { "3 2\n2\n1 3\n2\n",
                                          "3 2\n2\n1 3\n2",
                                          "3 1 1\n2 5.5\n1 5.5\n\n",
        "% note\n3 2 0\n2 3\n1\n1\n",
                                          "3 1 1\n2 5\n1 5\n\n",
                                          "3 1 1\r\n\r\n3 5\r\n2 5\r\n",
                                          "\xef\xbb\xbf"
                                          "3 2\n2\n1 3\n2\n" };
    static const char *const lists[] = { "1 2\n2 3\n3 1\n",
                                         "3 3\n2 3\n1 3\n1 2\n",
                                         "1 2 5\n2 3 6\n",
                                         "3 2\n\n1 2\n\n2 3\n",
                                         "a b\nb\n",
                                         "3 2\n2\n1 3\n",
                                         "3 2\n2\n1 3\n2\n1\n",
                                         "3 2\n2\n1 3 1\n2\n",
                                         "3 2\n4\n1 3\n2\n",
                                         "3 2\n2\n2 3\n2\n",
                                         "5 2 7\n1 2\n",
                                         "",
                                         "\n",
                                         "%%MatrixMarket matrix\n",
                                         "3 2\n2\n1 3\nx\n",
                                         "3 3\n2\n1 3\n2\n",
                                         "10 20\n1 2\n3\n4 5\n" };
    const fn_format *metis = fn_format_find("metis"), *list = fn_format_find("edgelist");
    for (size_t g = 0; g < sizeof graphs / sizeof *graphs; g++)
        ck_assert_msg(metis->sniff(graphs[g], strlen(graphs[g])) > list->sniff(graphs[g], strlen(graphs[g])), "%s",
                      graphs[g]);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        ck_assert_msg(metis->sniff(lists[l], strlen(lists[l])) == 0, "%s", lists[l]);
}
END_TEST

/* Random graphs with rows in any order; then one end of a tie is taken away, or weighs otherwise. */
START_TEST(a_tie_that_one_row_lacks_is_found_in_random_graphs)
{
    enum { FIRMS = 12, TIES = 20 };
    uint64_t seed = (uint64_t) _i, weight[FIRMS][FIRMS] = { { 0 } };
    static char text[8192];
    size_t ties = 0;
    for (uint64_t t = 0; t < TIES; t++) {
        uint64_t a = fn_random_below(seed, 1, t, FIRMS), b = fn_random_below(seed, 2, t, FIRMS);
        if (a == b || weight[a][b]) continue;
        weight[a][b] = weight[b][a] = 1 + fn_random_below(seed, 3, t, 50);
        ties++;
    }
    for (int broken = 0; broken < 3; broken++) {
        uint64_t a = 0, b = 0;
        while (!weight[a][b]) b = (b + 1) % FIRMS, a += b == 0;
        uint64_t kept = weight[a][b];
        if (broken) weight[a][b] = broken == 1 ? 0 : kept + 1;
        size_t n = (size_t) sprintf(text, "%d %zu 1\n", FIRMS, ties);
        for (uint64_t i = 0; i < FIRMS; i++) {
            for (uint64_t k = 0; k < FIRMS; k++) {
                uint64_t j = (k * 5 + seed) % FIRMS;
                if (weight[i][j]) n += (size_t) sprintf(text + n, "%d %d ", (int) j + 1, (int) weight[i][j]);
            }
            n += (size_t) sprintf(text + n, "\n");
        }
        fn_read_options options = as_metis();
        if (broken) {
            edges_check_refused(text, n, &options, (int64_t) b + 2, broken == 1 ? "has a tie to" : "weighs");
        } else {
            fn_net *net = edges_read_good(text, &options);
            ck_assert_uint_eq(fn_net_ties(net), 2 * ties);
            for (size_t e = 0; e < 2 * ties; e++) {
                const fn_tie tie = fn_net_tie_at(net, e);
                ck_assert(tie.value == (double) weight[tie.from][tie.to]);
            }
            fn_net_free(net);
        }
        weight[a][b] = kept;
    }
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    const char text[] = "3 2 11\n5 3 1 2 2\n6 1 2\n7 1 1\n";
    fn_read_options options = as_metis();
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_net *net = NULL;
        fn_memory_fail_at(k, false);
        status = edges_read_once(&run, text, strlen(text), &options, &net);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && !net));
        fn_net_free(net);
        ck_assert_int_lt(k, 2000);
    }
}
END_TEST

START_TEST(graphs_of_the_literature_are_read_as_by_another_reader)
{
    static const char *const files[] = { "karate", "lesmis", "jazz", "power", "polblogs", "PGPgiantcompo" };
    char name[64];
    snprintf(name, sizeof name, "graphs/%s.graph", files[_i]);
    const char *path = support_data("graphs_of_the_literature_are_read_as_by_another_reader", name);
    if (!path) return;
    fn_run run = support_run();
    fn_net *net;
    fn_read_options options = edges_plain;
    options.tie_layer = "cobid";
    fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL); /* told by its content */
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    if (strcmp(files[_i], "lesmis") == 0) { /* the other reader knows no weights */
        ck_assert_uint_eq(fn_net_firms(net), 77);
        ck_assert_uint_eq(fn_net_ties(net), 254);
        double sum = 0;
        for (size_t e = 0; e < fn_net_ties(net); e++) sum += fn_net_tie_at(net, e).value;
        ck_assert(sum == 820);
        fn_net_free(net);
        return;
    }
    fn_net *other = support_metis(&run, path);
    ck_assert_uint_eq(fn_net_firms(net), fn_net_firms(other));
    ck_assert_uint_eq(fn_net_ties(net), fn_net_ties(other));
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie a = fn_net_tie_at(net, e), b = fn_net_tie_at(other, e);
        ck_assert(a.from == b.from && a.to == b.to);
    }
    fn_net_free(other);
    fn_net_free(net);
}
END_TEST

Suite *suite_metis(void)
{
    Suite *suite = suite_create("metis");
    TCase *tests = tcase_create("metis");
    tcase_add_checked_fixture(tests, edges_read_once_only, NULL);
    tcase_add_test(tests, a_row_has_the_partners_of_its_firm);
    tcase_add_test(tests, the_weight_of_a_firm_is_its_size);
    tcase_add_test(tests, what_is_wrong_is_told_with_its_line);
    tcase_add_test(tests, a_file_cut_at_any_byte_is_refused);
    tcase_add_test(tests, long_rows_are_rows);
    tcase_add_test(tests, a_graph_is_told_from_an_edge_list);
    tcase_add_loop_test(tests, a_tie_that_one_row_lacks_is_found_in_random_graphs, 0, 20);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
    tcase_add_loop_test(tests, graphs_of_the_literature_are_read_as_by_another_reader, 0, 6);
    suite_add_tcase(suite, tests);
    return suite;
}
