/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/io/edgelist_support.h"

Suite *suite_edgelist(void);

/* ---- separators and rows ---- */

START_TEST(every_separator_is_found)
{
    edges_check_reads("a\tb\t5\n", "a>b:supply:5:1::;");
    edges_check_reads("a,b,5\n", "a>b:supply:5:1::;");
    edges_check_reads("a;b;5\n", "a>b:supply:5:1::;");
    edges_check_reads("a|b|5\n", "a>b:supply:5:1::;");
    edges_check_reads("a b 5\n", "a>b:supply:5:1::;");
    edges_check_reads("  a   b    5  \n c \t d 6", "a>b:supply:5:1::;c>d:supply:6:1::;");
    edges_check_reads("Bolt, Inc.;Acme Ltd;7\n", "Bolt, Inc.>Acme Ltd:supply:7:1::;");
}
END_TEST

START_TEST(a_separator_said_outright_wins)
{
    fn_read_options options = edges_plain;
    options.separator = "pipe";
    fn_net *net = edges_read_good("a,x|b;y|3\n", &options);
    edges_check_ties(net, "a,x>b;y:supply:3:1::;");
    fn_net_free(net);
}
END_TEST

START_TEST(line_ends_marks_comments_and_empty_lines_are_no_rows)
{
    edges_check_reads("\xef\xbb\xbf"
                "a,b,1\r\n\r\n# note, with, commas\r\nb,c,2\r\n\n",
                "a>b:supply:1:1::;b>c:supply:2:1::;");
    edges_check_reads("a,#b,1", "a>#b:supply:1:1::;");
    edges_check_reads(" #a,b,1", " #a>b:supply:1:1::;");
    fn_net *net = edges_read_good("#x\n\na,b\n", &edges_plain);
    ck_assert_int_eq(edges_total(net, FN_REMARK, "line_comment"), 1);
    ck_assert_int_eq(edges_total(net, FN_REMARK, "line_blank"), 1);
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(quotes_follow_rfc_4180_and_tsv_has_none)
{
    edges_check_reads("\"a, \"\"b\"\"\",\" c\",1\n", "a, \"b\"> c:supply:1:1::;");
    edges_check_reads("\"a\nb\",c,1\nd,e,2\n", "a\nb>c:supply:1:1::;d>e:supply:2:1::;");
    /* Line ends translated twice, as some public lists have them: every CR before the LF belongs to the line end. */
    edges_check_reads("a,b,1\r\r\n\r\r\nb,c,2\r\r\n", "a>b:supply:1:1::;b>c:supply:2:1::;");
    edges_check_reads("\"a\r\r\nb\",c,1\r\r\n", "a\r\r\nb>c:supply:1:1::;");
    edges_check_reads("\"a\r\nb\",c,1\r\nd,e,2\r\n", "a\r\nb>c:supply:1:1::;d>e:supply:2:1::;");
    edges_check_reads("\"a\"\t\"b\"\t1\n", "\"a\">\"b\":supply:1:1::;");
    edges_check_reads("5\" pipe,b,1\n", "5\" pipe>b:supply:1:1::;");
    edges_check_reads("\"x y\" \"z\" 3\n", "x y>z:supply:3:1::;");
    edges_check_reads(" \"a\",\" b\",1\n", " \"a\"> b:supply:1:1::;");
    edges_check_reads("\"\"\"\",\"\"\"q\"\"\",1\n", "\">\"q\":supply:1:1::;");
    edges_refuse("a,b,1\n\"c,d,2\ne,f,3\n", 2, "never closed");
    edges_refuse("a,b,1\n\"c\"d,e,2\n", 2, "behind a closing quote");
    edges_refuse("a,b,1\n\"\",e,2\n", 2, "no \"from\"");
}
END_TEST

START_TEST(line_numbers_count_lines_inside_quotes)
{
    edges_refuse("a,b,1\n\"x\ny\nz\",c,1\nd,e,oops\n", 5, "oops");
}
END_TEST

START_TEST(a_nul_byte_and_a_lone_return_are_errors)
{
    const char nul[] = "a,b,1\nc,d\0x,2\n";
    edges_check_refused(nul, sizeof nul - 1, &edges_plain, 2, "NUL");
    edges_refuse("a,b,1\nc,d,2\re,f,3\n", 2, "carriage return");
    const char utf16[] = "\xff\xfe"
                         "a\0,\0b\0";
    edges_check_refused(utf16, sizeof utf16 - 1, &edges_plain, 1, "UTF-16");
}
END_TEST

START_TEST(a_wrong_number_of_fields_is_an_error_that_says_so)
{
    edges_refuse("a,b,1\nc,d\n", 2, "2 fields, where line 1 has 3");
    edges_refuse("a,b,1\nc,d,1,2020\n", 2, "4 fields, where line 1 has 3");
    edges_refuse("from,to\nc,d,1\n", 2, "3 fields, where line 1 has 2");
    edges_refuse("a,b,1,2020-01-01,x\n", 1, "without a header");
    edges_refuse("a\nb\n", 1, "one field only");
}
END_TEST

/* ---- columns ---- */

START_TEST(a_header_names_columns_in_any_order_and_case)
{
    edges_check_reads("Weight,BUYER,Seller\n5,b,a\n", "a>b:supply:5:1::;");
    edges_check_reads("source\ttarget\tvalue\tdate\tlayer\tcount\na\tb\t2.5\t2020-02-29\tfinance\t3\n",
                "a>b:finance:2.5:3:2020-02-29:2020-02-29;");
    edges_check_reads("year;dst;src\n2019;b;a\n", "a>b:supply::1:2019-01-01:2019-01-01;");
    edges_check_reads("supplier,customer,kind,time,amount\na,b,cobid,20200101,1\nb,a,cobid,2021,2\n",
                "a>b:cobid:3:2:2020-01-01:2021-01-01;");
}
END_TEST

START_TEST(other_columns_become_typed_attributes)
{
    fn_net *net = edges_read_good("from,to,Lot No,share,code\na,b,7,0.5,007\na,c,,1.25,9\n", &edges_plain);
    const fn_table *columns = fn_net_tie_columns(net);
    ck_assert_uint_eq(columns->columns, 3);
    fn_column *lot = fn_table_find(columns, "lot_no"), *share = fn_table_find(columns, "share");
    ck_assert_ptr_nonnull(lot);
    ck_assert_int_eq(lot->type, FN_COLUMN_INT);
    ck_assert_int_eq(lot->integer[0], 7);
    ck_assert(fn_column_missing(lot, 1));
    ck_assert_int_eq(share->type, FN_COLUMN_REAL);
    ck_assert(share->real[1] == 1.25);
    ck_assert_int_eq(fn_table_find(columns, "code")->type, FN_COLUMN_TEXT);
    ck_assert_str_eq(fn_column_text(fn_table_find(columns, "code"), 0, &(size_t){ 0 }), "007");
    fn_net_free(net);
}
END_TEST

START_TEST(columns_that_could_mean_the_same_are_told)
{
    edges_refuse("seller,supplier,buyer\na,b,c\n", 1, "could both be \"from\"");
    fn_run run = support_run();
    fn_net *net;
    const char text[] = "from,to,amount,weight\na,b,1,2\n";
    ck_assert_int_eq(edges_read_bytes(&run, text, strlen(text), &edges_plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "could both be the weight"));
    ck_assert(fn_net_tie_at(net, 0).value == 2);
    ck_assert_ptr_nonnull(fn_table_find(fn_net_tie_columns(net), "amount"));
    fn_net_free(net);
}
END_TEST

START_TEST(a_header_without_known_names_is_an_error_that_says_so)
{
    edges_refuse("seller,client,value\na,b,1\n", 1, "looks like a header");
    edges_refuse("lieferant,kunde,wert\na,b,1\n", 1, "not a number");
}
END_TEST

START_TEST(a_first_row_that_may_be_a_header_is_told)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(edges_read_bytes(&run, "firm,cluster\na,1\n", 17, &edges_plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "\"firm\" looks like the name of a column"));
    fn_net_free(net);
}
END_TEST

START_TEST(networks_in_other_languages_are_no_edge_lists)
{
    static const char *const texts[] = { "*Vertices 2\n1 2\n", "nodedef>name\n1 2\n", "graph [\n",
                                         "graph {\na b",       "Creator \"x\"\ngraph\n[\n",    "digraph x {\n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fn_run run = support_run();
        fn_net *net;
        ck_assert_int_eq(edges_read_bytes(&run, texts[i], strlen(texts[i]), &edges_plain, &net), FN_EPARSE);
        ck_assert_msg(strstr(run.error.message, "format is not known") != NULL, "%s", run.error.message);
    }
}
END_TEST

START_TEST(columns_said_outright_are_taken)
{
    fn_read_options options = edges_plain;
    options.columns = "to,from,weight,date";
    fn_net *net = edges_read_good("a\tb\t5\t2020-01-01\n", &options);
    edges_check_ties(net, "b>a:supply:5:1:2020-01-01:2020-01-01;");
    fn_net_free(net);
    options.columns = "-,from,-,to,note";
    net = edges_read_good("1,a,2,b,hello\n", &options);
    edges_check_ties(net, "a>b:supply::1::;");
    ck_assert_uint_eq(fn_net_tie_columns(net)->columns, 1);
    fn_net_free(net);
    edges_check_refused("a,b\n", 4, &options, 1, "--columns names 5");
    fn_run run = support_run();
    options.columns = "from,weight";
    ck_assert_int_eq(edges_read_bytes(&run, "a,b\n", 4, &options, &net), FN_EINVAL);
}
END_TEST

START_TEST(a_map_names_columns_that_are_called_otherwise)
{
    static const char map[] = "# who is who\nfrom = Seller Id\nto=\"Buyer, Id\"\n\nweight = eur\n";
    fn_read_options options = edges_plain;
    options.map = edges_scratch("map", map, strlen(map));
    fn_net *net = edges_read_good("Seller Id;source;eur;Buyer, Id\na;reg;5;b\n", &options);
    edges_check_ties(net, "a>b:supply:5:1::;");
    ck_assert_ptr_nonnull(fn_table_find(fn_net_tie_columns(net), "source"));
    fn_net_free(net);
    edges_check_refused("a,b\n1,2\n", 8, &options, 1, "no column \"Seller Id\"");
    unlink(options.map);
}
END_TEST

/* ---- values ---- */

START_TEST(firm_ids_are_opaque_bytes)
{
    edges_check_reads("007,7,1\n7,007,2\n", "007>7:supply:1:1::;7>007:supply:2:1::;");
    edges_check_reads("A,a,1\n", "A>a:supply:1:1::;");
    edges_check_reads("a\tb \t1\na\tb\t2\n", "a>b :supply:1:1::;a>b:supply:2:1::;");
    edges_check_reads("a, b, 1 , 2020 \n", "a> b:supply:1:1:2020-01-01:2020-01-01;");
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(edges_read_bytes(&run, "a,b ,1\n", 7, &edges_plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "blanks around the id of a firm (\"b \")"));
    fn_net_free(net);
    run = support_run();
    static const char text[] = "caf\xe9,b,1\nc,d\xff,1\n";
    ck_assert_int_eq(edges_read_bytes(&run, text, strlen(text), &edges_plain, &net), FN_OK);
    ck_assert_int_eq(support_warnings(), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "not UTF-8"));
    ck_assert_int_eq(edges_total(net, FN_REMARK, "not_utf8"), 2);
    support_firm(net, "caf\xe9");
    fn_net_free(net);
}
END_TEST

START_TEST(rows_of_one_tie_add_up_and_are_counted)
{
    fn_net *net = edges_read_good("a,b,1,2020-05-01\nb,a,9,2020-01-01\na,b,2.5,2019-01-01\na,b,4,\nc,c,1,2021\n", &edges_plain);
    edges_check_ties(net, "a>b:supply:7.5:3:2019-01-01:2020-05-01;b>a:supply:9:1:2020-01-01:2020-01-01;"
                    "c>c:supply:1:1:2021-01-01:2021-01-01;");
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 5);
    ck_assert_int_eq(edges_total(net, FN_KEPT, NULL), 3);
    ck_assert_int_eq(edges_total(net, FN_MERGED, "same_tie"), 2);
    ck_assert_int_eq(edges_total(net, FN_REMARK, "self_tie"), 1);
    ck_assert_int_eq(fn_net_records(net), 5);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm", FN_REMARK, "delivering_in_rows"), 3);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm", FN_REMARK, "receiving_in_rows"), 3);
    fn_net_free(net);
}
END_TEST

START_TEST(currencies_are_never_added)
{
    fn_run run = support_run();
    fn_net *net;
    const char text[] = "from,to,value,currency\na,b,1,EUR\na,b,2,USD\na,b,4,EUR\n";
    ck_assert_int_eq(edges_read_bytes(&run, text, strlen(text), &edges_plain, &net), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 2);
    ck_assert(fn_net_tie_at(net, 0).value == 5 && fn_net_tie_at(net, 1).value == 2);
    ck_assert_ptr_nonnull(strstr(support_warning(), "several currencies (EUR, USD)"));
    fn_net_free(net);
}
END_TEST

static const struct {
    const char *weight, *words;
} bad_weights[] = { { "-1", "negative" },
                    { "nan", "finite" },
                    { "NaN", "finite" },
                    { "inf", "finite" },
                    { "-Infinity", "finite" },
                    { "1e999", "too large" },
                    { "\"12,5\"", "decimal comma" },
                    { "\"1,234\"", "thousands" },
                    { "\"1.234,50\"", "decimal comma" },
                    { "\"1,234.50\"", "thousands" },
                    { "\"1,234,567\"", "thousands" },
                    { "1 234", "thousands" },
                    { "1'234", "thousands" },
                    { "0x10", "not a number" },
                    { "5 EUR", "not a number" },
                    { "1e", "not a number" },
                    { "--1", "not a number" } };

START_TEST(a_weight_that_is_none_stops_at_its_line)
{
    char text[128];
    snprintf(text, sizeof text, "a,b,1\nb,c,%s\n", bad_weights[_i].weight);
    edges_refuse(text, 2, bad_weights[_i].words);
}
END_TEST

START_TEST(weights_stand_in_all_rows_or_in_none)
{
    edges_check_reads("from,to,weight\na,b,\nb,c,\n", "a>b:supply::1::;b>c:supply::1::;");
    edges_refuse("from,to,weight\na,b,\nb,c,1\n", 3, "rows before have none");
    edges_refuse("from,to,weight\na,b,1\nb,c,\n", 3, "rows before have one");
    edges_check_reads("a,b,0\na,c,-0\n", "a>b:supply:0:1::;a>c:supply:0:1::;");
}
END_TEST

START_TEST(a_date_that_is_none_stops_at_its_line)
{
    edges_refuse("a,b,1,2020-02-30\n", 1, "2020-02-30");
    edges_refuse("a,b,1,2020-01-01\na,b,1,01.02.2020\n", 2, "01.02.2020");
    edges_refuse("a,b,1,2020-13\n", 1, "date");
    fn_run run = support_run();
    fn_net *net;
    const char text[] = "a,b,1,0001-01-01\na,b,1,2020-01-01\n";
    ck_assert_int_eq(edges_read_bytes(&run, text, strlen(text), &edges_plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "0001-01-01"));
    edges_check_ties(net, "a>b:supply:2:2:2020-01-01:2020-01-01;");
    ck_assert_int_eq(edges_total(net, FN_REMARK, "date_left_out"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(a_count_is_a_whole_number_above_zero)
{
    edges_check_reads("from,to,count\na,b,3\na,b,4\n", "a>b:supply::7::;");
    edges_refuse("from,to,count\na,b,0\n", 2, "whole number");
    edges_refuse("from,to,count\na,b,1.5\n", 2, "whole number");
    edges_refuse("from,to,count\na,b,9000000000000000000\n", 2, "larger");
}
END_TEST

START_TEST(rows_outside_the_period_are_counted_out)
{
    fn_read_options options = edges_plain;
    fn_date_make(2020, 1, 1, &options.since);
    fn_date_make(2020, 12, 31, &options.until);
    fn_net *net = edges_read_good("a,b,1,2019-12-31\na,b,2,2020-01-01\na,b,4,2020-12-31\na,b,8,2021\na,b,16,\n", &options);
    edges_check_ties(net, "a>b:supply:6:2:2020-01-01:2020-12-31;");
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "outside_period"), 2);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "undated"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(undirected_layers_join_both_directions)
{
    fn_read_options options = edges_plain;
    options.tie_layer = "cobid";
    fn_net *net = edges_read_good("b,a,1\na,b,2\n", &options);
    edges_check_ties(net, "b>a:cobid:3:2::;");
    fn_net_free(net);
}
END_TEST

Suite *suite_edgelist(void)
{
    Suite *suite = suite_create("edgelist");
    TCase *rows = tcase_create("rows");
    tcase_set_timeout(rows, 60);
    tcase_add_test(rows, every_separator_is_found);
    tcase_add_test(rows, a_separator_said_outright_wins);
    tcase_add_test(rows, line_ends_marks_comments_and_empty_lines_are_no_rows);
    tcase_add_test(rows, quotes_follow_rfc_4180_and_tsv_has_none);
    tcase_add_test(rows, line_numbers_count_lines_inside_quotes);
    tcase_add_test(rows, a_nul_byte_and_a_lone_return_are_errors);
    tcase_add_test(rows, a_wrong_number_of_fields_is_an_error_that_says_so);
    suite_add_tcase(suite, rows);
    TCase *columns = tcase_create("columns");
    tcase_set_timeout(columns, 60);
    tcase_add_test(columns, a_header_names_columns_in_any_order_and_case);
    tcase_add_test(columns, other_columns_become_typed_attributes);
    tcase_add_test(columns, columns_that_could_mean_the_same_are_told);
    tcase_add_test(columns, a_header_without_known_names_is_an_error_that_says_so);
    tcase_add_test(columns, a_first_row_that_may_be_a_header_is_told);
    tcase_add_test(columns, networks_in_other_languages_are_no_edge_lists);
    tcase_add_test(columns, columns_said_outright_are_taken);
    tcase_add_test(columns, a_map_names_columns_that_are_called_otherwise);
    suite_add_tcase(suite, columns);
    TCase *values = tcase_create("values");
    tcase_set_timeout(values, 60);
    tcase_add_test(values, firm_ids_are_opaque_bytes);
    tcase_add_test(values, rows_of_one_tie_add_up_and_are_counted);
    tcase_add_test(values, currencies_are_never_added);
    tcase_add_loop_test(values, a_weight_that_is_none_stops_at_its_line, 0, sizeof bad_weights / sizeof *bad_weights);
    tcase_add_test(values, weights_stand_in_all_rows_or_in_none);
    tcase_add_test(values, a_date_that_is_none_stops_at_its_line);
    tcase_add_test(values, a_count_is_a_whole_number_above_zero);
    tcase_add_test(values, rows_outside_the_period_are_counted_out);
    tcase_add_test(values, undirected_layers_join_both_directions);
    suite_add_tcase(suite, values);
    return suite;
}
