/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/format.h"
#include "tests/suite.h"

Suite *suite_edgelist(void);

static const fn_read_options plain = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };

/* ---- helpers ---- */

static const char *scratch(const char *name, const char *bytes, size_t length)
{
    const char *path = support_scratch(name);
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return path;
}

static fn_status read_bytes(fn_run *run, const char *bytes, size_t length, const fn_read_options *options, fn_net **net)
{
    const char *path = scratch("ties", bytes, length);
    fn_status status = fn_read(run, &path, 1, options, net, NULL, NULL);
    unlink(path);
    return status;
}

static fn_net *read_good(const char *text, const fn_read_options *options)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = read_bytes(&run, text, strlen(text), options, &net);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    return net;
}

/* The run must stop with FN_EPARSE at the line, and say these words. */
static void check_refused(const char *bytes, size_t length, const fn_read_options *options, int64_t line,
                          const char *words)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = read_bytes(&run, bytes, length, options, &net);
    ck_assert_msg(status == FN_EPARSE, "%.60s: status %d", bytes, status);
    ck_assert_ptr_null(net);
    ck_assert_msg(run.error.line == line, "%.60s: line %lld: %s", bytes, (long long) run.error.line, run.error.message);
    ck_assert_msg(strstr(run.error.message, words) || strstr(run.error.hint, words),
                  "%.60s: \"%s\" (%s) does not say \"%s\"", bytes, run.error.message, run.error.hint, words);
    ck_assert_msg(strstr(run.error.file, "ties") != NULL, "file %s", run.error.file);
}

static void refuse(const char *text, int64_t line, const char *words)
{
    check_refused(text, strlen(text), &plain, line, words);
}

/* "from>to:layer:value:count:first:last;…" of every tie */
static void check_ties(const fn_net *net, const char *expected)
{
    static char all[8192];
    size_t n = 0;
    all[0] = '\0';
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie *tie = &fn_net_tie(net)[e];
        char value[FN_REAL_TEXT], first[FN_DATE_TEXT], last[FN_DATE_TEXT];
        fn_real_format(tie->value, value);
        fn_date_format(tie->first, first);
        fn_date_format(tie->last, last);
        n += (size_t) snprintf(
            all + n, sizeof all - n, "%s>%s:%s:%s:%lld:%s:%s;", fn_names_text(fn_net_keys(net), tie->from, NULL),
            fn_names_text(fn_net_keys(net), tie->to, NULL), fn_names_text(fn_net_layers(net), tie->layer, NULL), value,
            (long long) tie->count, first, last);
    }
    ck_assert_str_eq(all, expected);
}

static void check_reads(const char *text, const char *expected)
{
    fn_net *net = read_good(text, &plain);
    check_ties(net, expected);
    fn_net_free(net);
}

static int64_t total(const fn_net *net, fn_outcome outcome, const char *reason)
{
    return fn_account_total(fn_net_account(net), "row", outcome, reason);
}

/* ---- separators and rows ---- */

START_TEST(every_separator_is_found)
{
    check_reads("a\tb\t5\n", "a>b:supply:5:1::;");
    check_reads("a,b,5\n", "a>b:supply:5:1::;");
    check_reads("a;b;5\n", "a>b:supply:5:1::;");
    check_reads("a|b|5\n", "a>b:supply:5:1::;");
    check_reads("a b 5\n", "a>b:supply:5:1::;");
    check_reads("  a   b    5  \n c \t d 6", "a>b:supply:5:1::;c>d:supply:6:1::;");
    check_reads("Bolt, Inc.;Acme Ltd;7\n", "Bolt, Inc.>Acme Ltd:supply:7:1::;");
}
END_TEST

START_TEST(a_separator_said_outright_wins)
{
    fn_read_options options = plain;
    options.separator = "pipe";
    fn_net *net = read_good("a,x|b;y|3\n", &options);
    check_ties(net, "a,x>b;y:supply:3:1::;");
    fn_net_free(net);
}
END_TEST

START_TEST(line_ends_marks_comments_and_empty_lines_are_no_rows)
{
    check_reads("\xef\xbb\xbf"
                "a,b,1\r\n\r\n# note, with, commas\r\nb,c,2\r\n\n",
                "a>b:supply:1:1::;b>c:supply:2:1::;");
    check_reads("a,#b,1", "a>#b:supply:1:1::;");
    check_reads(" #a,b,1", " #a>b:supply:1:1::;");
    fn_net *net = read_good("#x\n\na,b\n", &plain);
    ck_assert_int_eq(total(net, FN_REMARK, "line_comment"), 1);
    ck_assert_int_eq(total(net, FN_REMARK, "line_blank"), 1);
    ck_assert_int_eq(total(net, FN_READ, NULL), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(quotes_follow_rfc_4180_and_tsv_has_none)
{
    check_reads("\"a, \"\"b\"\"\",\" c\",1\n", "a, \"b\"> c:supply:1:1::;");
    check_reads("\"a\nb\",c,1\nd,e,2\n", "a\nb>c:supply:1:1::;d>e:supply:2:1::;");
    /* Line ends translated twice, as some public lists have them: every CR before the LF belongs to the line end. */
    check_reads("a,b,1\r\r\n\r\r\nb,c,2\r\r\n", "a>b:supply:1:1::;b>c:supply:2:1::;");
    check_reads("\"a\r\r\nb\",c,1\r\r\n", "a\r\r\nb>c:supply:1:1::;");
    check_reads("\"a\r\nb\",c,1\r\nd,e,2\r\n", "a\r\nb>c:supply:1:1::;d>e:supply:2:1::;");
    check_reads("\"a\"\t\"b\"\t1\n", "\"a\">\"b\":supply:1:1::;");
    check_reads("5\" pipe,b,1\n", "5\" pipe>b:supply:1:1::;");
    check_reads("\"x y\" \"z\" 3\n", "x y>z:supply:3:1::;");
    check_reads(" \"a\",\" b\",1\n", " \"a\"> b:supply:1:1::;");
    check_reads("\"\"\"\",\"\"\"q\"\"\",1\n", "\">\"q\":supply:1:1::;");
    refuse("a,b,1\n\"c,d,2\ne,f,3\n", 2, "never closed");
    refuse("a,b,1\n\"c\"d,e,2\n", 2, "behind a closing quote");
    refuse("a,b,1\n\"\",e,2\n", 2, "no \"from\"");
}
END_TEST

START_TEST(line_numbers_count_lines_inside_quotes)
{
    refuse("a,b,1\n\"x\ny\nz\",c,1\nd,e,oops\n", 5, "oops");
}
END_TEST

START_TEST(a_nul_byte_and_a_lone_return_are_errors)
{
    const char nul[] = "a,b,1\nc,d\0x,2\n";
    check_refused(nul, sizeof nul - 1, &plain, 2, "NUL");
    refuse("a,b,1\nc,d,2\re,f,3\n", 2, "carriage return");
    const char utf16[] = "\xff\xfe"
                         "a\0,\0b\0";
    check_refused(utf16, sizeof utf16 - 1, &plain, 1, "UTF-16");
}
END_TEST

START_TEST(a_wrong_number_of_fields_is_an_error_that_says_so)
{
    refuse("a,b,1\nc,d\n", 2, "2 fields, where line 1 has 3");
    refuse("a,b,1\nc,d,1,2020\n", 2, "4 fields, where line 1 has 3");
    refuse("from,to\nc,d,1\n", 2, "3 fields, where line 1 has 2");
    refuse("a,b,1,2020-01-01,x\n", 1, "without a header");
    refuse("a\nb\n", 1, "one field only");
}
END_TEST

/* ---- columns ---- */

START_TEST(a_header_names_columns_in_any_order_and_case)
{
    check_reads("Weight,BUYER,Seller\n5,b,a\n", "a>b:supply:5:1::;");
    check_reads("source\ttarget\tvalue\tdate\tlayer\tcount\na\tb\t2.5\t2020-02-29\tfinance\t3\n",
                "a>b:finance:2.5:3:2020-02-29:2020-02-29;");
    check_reads("year;dst;src\n2019;b;a\n", "a>b:supply::1:2019-01-01:2019-01-01;");
    check_reads("supplier,customer,kind,time,amount\na,b,cobid,20200101,1\nb,a,cobid,2021,2\n",
                "a>b:cobid:3:2:2020-01-01:2021-01-01;");
}
END_TEST

START_TEST(other_columns_become_typed_attributes)
{
    fn_net *net = read_good("from,to,Lot No,share,code\na,b,7,0.5,007\na,c,,1.25,9\n", &plain);
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
    refuse("seller,supplier,buyer\na,b,c\n", 1, "could both be \"from\"");
    fn_run run = support_run();
    fn_net *net;
    const char text[] = "from,to,amount,weight\na,b,1,2\n";
    ck_assert_int_eq(read_bytes(&run, text, strlen(text), &plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "could both be the weight"));
    ck_assert(fn_net_tie(net)[0].value == 2);
    ck_assert_ptr_nonnull(fn_table_find(fn_net_tie_columns(net), "amount"));
    fn_net_free(net);
}
END_TEST

START_TEST(a_header_without_known_names_is_an_error_that_says_so)
{
    refuse("seller,client,value\na,b,1\n", 1, "looks like a header");
    refuse("lieferant,kunde,wert\na,b,1\n", 1, "not a number");
}
END_TEST

START_TEST(a_first_row_that_may_be_a_header_is_told)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_bytes(&run, "firm,cluster\na,1\n", 17, &plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "\"firm\" looks like the name of a column"));
    fn_net_free(net);
}
END_TEST

START_TEST(networks_in_other_languages_are_no_edge_lists)
{
    static const char *const texts[] = { "*Vertices 2\n1 2\n", "%%MatrixMarket matrix\n1 2\n", "graph [\n",
                                         "graph {\na b",       "Creator \"x\"\ngraph\n[\n",    "digraph x {\n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fn_run run = support_run();
        fn_net *net;
        ck_assert_int_eq(read_bytes(&run, texts[i], strlen(texts[i]), &plain, &net), FN_EPARSE);
        ck_assert_msg(strstr(run.error.message, "format is not known") != NULL, "%s", run.error.message);
    }
}
END_TEST

START_TEST(columns_said_outright_are_taken)
{
    fn_read_options options = plain;
    options.columns = "to,from,weight,date";
    fn_net *net = read_good("a\tb\t5\t2020-01-01\n", &options);
    check_ties(net, "b>a:supply:5:1:2020-01-01:2020-01-01;");
    fn_net_free(net);
    options.columns = "-,from,-,to,note";
    net = read_good("1,a,2,b,hello\n", &options);
    check_ties(net, "a>b:supply::1::;");
    ck_assert_uint_eq(fn_net_tie_columns(net)->columns, 1);
    fn_net_free(net);
    check_refused("a,b\n", 4, &options, 1, "--columns names 5");
    fn_run run = support_run();
    options.columns = "from,weight";
    ck_assert_int_eq(read_bytes(&run, "a,b\n", 4, &options, &net), FN_EINVAL);
}
END_TEST

START_TEST(a_map_names_columns_that_are_called_otherwise)
{
    static const char map[] = "# who is who\nfrom = Seller Id\nto=\"Buyer, Id\"\n\nweight = eur\n";
    fn_read_options options = plain;
    options.map = scratch("map", map, strlen(map));
    fn_net *net = read_good("Seller Id;source;eur;Buyer, Id\na;reg;5;b\n", &options);
    check_ties(net, "a>b:supply:5:1::;");
    ck_assert_ptr_nonnull(fn_table_find(fn_net_tie_columns(net), "source"));
    fn_net_free(net);
    check_refused("a,b\n1,2\n", 8, &options, 1, "no column \"Seller Id\"");
    unlink(options.map);
}
END_TEST

/* ---- values ---- */

START_TEST(firm_ids_are_opaque_bytes)
{
    check_reads("007,7,1\n7,007,2\n", "007>7:supply:1:1::;7>007:supply:2:1::;");
    check_reads("A,a,1\n", "A>a:supply:1:1::;");
    check_reads("a\tb \t1\na\tb\t2\n", "a>b :supply:1:1::;a>b:supply:2:1::;");
    check_reads("a, b, 1 , 2020 \n", "a> b:supply:1:1:2020-01-01:2020-01-01;");
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_bytes(&run, "a,b ,1\n", 7, &plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "blanks around the id of a firm (\"b \")"));
    fn_net_free(net);
    run = support_run();
    static const char text[] = "caf\xe9,b,1\nc,d\xff,1\n";
    ck_assert_int_eq(read_bytes(&run, text, strlen(text), &plain, &net), FN_OK);
    ck_assert_int_eq(support_warnings(), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "not UTF-8"));
    ck_assert_int_eq(total(net, FN_REMARK, "not_utf8"), 2);
    support_firm(net, "caf\xe9");
    fn_net_free(net);
}
END_TEST

START_TEST(rows_of_one_tie_add_up_and_are_counted)
{
    fn_net *net = read_good("a,b,1,2020-05-01\nb,a,9,2020-01-01\na,b,2.5,2019-01-01\na,b,4,\nc,c,1,2021\n", &plain);
    check_ties(net, "a>b:supply:7.5:3:2019-01-01:2020-05-01;b>a:supply:9:1:2020-01-01:2020-01-01;"
                    "c>c:supply:1:1:2021-01-01:2021-01-01;");
    ck_assert_int_eq(total(net, FN_READ, NULL), 5);
    ck_assert_int_eq(total(net, FN_KEPT, NULL), 3);
    ck_assert_int_eq(total(net, FN_MERGED, "same_tie"), 2);
    ck_assert_int_eq(total(net, FN_REMARK, "self_tie"), 1);
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
    ck_assert_int_eq(read_bytes(&run, text, strlen(text), &plain, &net), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 2);
    ck_assert(fn_net_tie(net)[0].value == 5 && fn_net_tie(net)[1].value == 2);
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
    refuse(text, 2, bad_weights[_i].words);
}
END_TEST

START_TEST(weights_stand_in_all_rows_or_in_none)
{
    check_reads("from,to,weight\na,b,\nb,c,\n", "a>b:supply::1::;b>c:supply::1::;");
    refuse("from,to,weight\na,b,\nb,c,1\n", 3, "rows before have none");
    refuse("from,to,weight\na,b,1\nb,c,\n", 3, "rows before have one");
    check_reads("a,b,0\na,c,-0\n", "a>b:supply:0:1::;a>c:supply:0:1::;");
}
END_TEST

START_TEST(a_date_that_is_none_stops_at_its_line)
{
    refuse("a,b,1,2020-02-30\n", 1, "2020-02-30");
    refuse("a,b,1,2020-01-01\na,b,1,01.02.2020\n", 2, "01.02.2020");
    refuse("a,b,1,2020-13\n", 1, "date");
    fn_run run = support_run();
    fn_net *net;
    const char text[] = "a,b,1,0001-01-01\na,b,1,2020-01-01\n";
    ck_assert_int_eq(read_bytes(&run, text, strlen(text), &plain, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "0001-01-01"));
    check_ties(net, "a>b:supply:2:2:2020-01-01:2020-01-01;");
    ck_assert_int_eq(total(net, FN_REMARK, "date_left_out"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(a_count_is_a_whole_number_above_zero)
{
    check_reads("from,to,count\na,b,3\na,b,4\n", "a>b:supply::7::;");
    refuse("from,to,count\na,b,0\n", 2, "whole number");
    refuse("from,to,count\na,b,1.5\n", 2, "whole number");
    refuse("from,to,count\na,b,9000000000000000000\n", 2, "larger");
}
END_TEST

START_TEST(rows_outside_the_period_are_counted_out)
{
    fn_read_options options = plain;
    fn_date_make(2020, 1, 1, &options.since);
    fn_date_make(2020, 12, 31, &options.until);
    fn_net *net = read_good("a,b,1,2019-12-31\na,b,2,2020-01-01\na,b,4,2020-12-31\na,b,8,2021\na,b,16,\n", &options);
    check_ties(net, "a>b:supply:6:2:2020-01-01:2020-12-31;");
    ck_assert_int_eq(total(net, FN_REJECTED, "outside_period"), 2);
    ck_assert_int_eq(total(net, FN_REJECTED, "undated"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(undirected_layers_join_both_directions)
{
    fn_read_options options = plain;
    options.tie_layer = "cobid";
    fn_net *net = read_good("b,a,1\na,b,2\n", &options);
    check_ties(net, "b>a:cobid:3:2::;");
    fn_net_free(net);
}
END_TEST

/* ---- going on ---- */

START_TEST(keep_going_sets_bad_rows_aside_and_counts_them)
{
    fn_read_options options = plain;
    options.keep_going = true;
    options.rejects = support_scratch("rejects");
    fn_net *net =
        read_good("from\tto\tweight\na\tb\t1\na\tb\t-1\nc\td\tx\ty\n\tb\t1\na\tc\t\ne\tf\t1,5\na\tb\t2\n", &options);
    check_ties(net, "a>b:supply:3:2::;");
    ck_assert_uint_eq(fn_net_firms(net), 2);
    ck_assert_int_eq(total(net, FN_READ, NULL), 7);
    ck_assert_int_eq(total(net, FN_KEPT, NULL), 1);
    ck_assert_int_eq(total(net, FN_MERGED, NULL), 1);
    ck_assert_int_eq(total(net, FN_REJECTED, NULL), 5);
    ck_assert_int_eq(total(net, FN_REJECTED, "weight_negative"), 1);
    ck_assert_int_eq(total(net, FN_REJECTED, "fields_too_many"), 1);
    ck_assert_int_eq(total(net, FN_REJECTED, "firm_missing"), 1);
    ck_assert_int_eq(total(net, FN_REJECTED, "weight_missing"), 1);
    ck_assert_int_eq(total(net, FN_REJECTED, "weight_decimal_comma"), 1);
    fn_net_free(net);
    char text[1024];
    FILE *file = fopen(options.rejects, "r");
    ck_assert(file != NULL);
    size_t n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    fclose(file);
    unlink(options.rejects);
    ck_assert_ptr_nonnull(strstr(text, "file\tline\treason\trow\n"));
    ck_assert_ptr_nonnull(strstr(text, "\t3\tweight_negative\ta\\tb\\t-1\n"));
    ck_assert_ptr_nonnull(strstr(text, "\t7\tweight_decimal_comma\te\\tf\\t1,5\n"));
}
END_TEST

START_TEST(a_failed_run_leaves_no_rejects)
{
    fn_read_options options = plain;
    options.rejects = support_scratch("rejects");
    check_refused("a,b,1\na,b,x\n", 12, &options, 2, "not a number");
    ck_assert_int_ne(access(options.rejects, F_OK), 0);
}
END_TEST

/* ---- inputs ---- */

START_TEST(an_input_without_ties_is_a_warning)
{
    static const char *const empty[] = { "", "\n\n", "# nothing\n", "from,to,weight\n", "\xef\xbb\xbf" };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        fn_run run = support_run();
        fn_net *net;
        fn_status status = read_bytes(&run, empty[i], strlen(empty[i]), &plain, &net);
        ck_assert_msg(status == FN_OK, "case %zu: %s", i, run.error.message);
        ck_assert_int_eq(support_warnings(), 1);
        ck_assert_ptr_nonnull(strstr(support_warning(), "no ties"));
        ck_assert_uint_eq(fn_net_ties(net), 0);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(several_inputs_are_one_data_set)
{
    fn_run run = support_run();
    fn_net *net;
    const char *paths[2];
    uint64_t digest[2], bytes[2];
    paths[0] = scratch("one", "a,b,1\nb,c,2\n", 12);
    paths[1] = scratch("two", "from;to;value;lot\nb;c;3;9\nc;a;4;8\n", 34);
    ck_assert_int_eq(fn_read(&run, paths, 2, &plain, &net, digest, bytes), FN_OK);
    check_ties(net, "a>b:supply:1:1::;b>c:supply:5:2::;c>a:supply:4:1::;");
    ck_assert_uint_eq(bytes[0], 12);
    ck_assert_uint_ne(digest[0], digest[1]);
    ck_assert_int_eq(total(net, FN_READ, NULL), 4);
    ck_assert_int_eq(total(net, FN_MERGED, NULL), 1);
    const fn_column *lot = fn_table_find(fn_net_tie_columns(net), "lot");
    ck_assert_int_eq(lot->type, FN_COLUMN_INT);
    ck_assert(fn_column_missing(lot, 0) && lot->integer[2] == 8);
    fn_net_free(net);
    unlink(paths[0]);
    unlink(paths[1]);
}
END_TEST

START_TEST(an_unknown_format_is_named)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_bytes(&run, "\x01\x02\0\x03zz\0", 7, &plain, &net), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.hint, "edgelist"));
    run = support_run();
    fn_read_options options = plain;
    options.format = "edgelst";
    ck_assert_int_eq(read_bytes(&run, "a,b\n", 4, &options, &net), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.hint, "did you mean edgelist?"));
}
END_TEST

START_TEST(the_same_input_twice_is_told)
{
    fn_run run = support_run();
    fn_net *net;
    const char *path = scratch("ties", "a,b,1\n", 6), *paths[] = { path, path };
    ck_assert_int_eq(fn_read(&run, paths, 2, &plain, &net, NULL, NULL), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "counts twice"));
    check_ties(net, "a>b:supply:2:2::;");
    fn_net_free(net);
    unlink(path);
}
END_TEST

START_TEST(a_long_id_is_an_id)
{
    enum { LONG = 1 << 20 };
    char *text = malloc(LONG + 8);
    memset(text, 'x', LONG);
    memcpy(text + LONG, ",b,1\n", 6);
    fn_net *net = read_good(text, &plain);
    size_t length;
    fn_names_text(fn_net_keys(net), 0, &length);
    ck_assert_uint_eq(length, LONG);
    fn_net_free(net);
    free(text);
}
END_TEST

/* Random rows in random dress (separator, quotes, line ends, order of columns) against sums over all pairs by hand. */
START_TEST(random_rows_add_up_as_by_hand)
{
    enum { ROWS = 120, FIRMS = 6 };
    static const char separators[] = "\t,;| ";
    static char text[ROWS * 64];
    uint64_t seed = (uint64_t) _i;
    char separator = separators[fn_random_below(seed, 1, 0, 5)];
    bool header = fn_random_below(seed, 2, 0, 2), turned = header && fn_random_below(seed, 3, 0, 2);
    const char *end = fn_random_below(seed, 4, 0, 2) ? "\r\n" : "\n";
    int64_t cents[FIRMS][FIRMS] = { { 0 } }, count[FIRMS][FIRMS] = { { 0 } };
    size_t n = 0, pairs = 0;
    if (header)
        n = (size_t) sprintf(text, turned ? "Amount%cTo%cFrom%s" : "from%cto%camount%s", separator, separator, end);
    for (uint64_t r = 0; r < ROWS; r++) {
        uint64_t from = fn_random_below(seed, 5, r, FIRMS), to = fn_random_below(seed, 6, r, FIRMS);
        uint64_t value = fn_random_below(seed, 7, r, 1000);
        const char *quote = separator != '\t' && fn_random_below(seed, 8, r, 2) ? "\"" : "";
        cents[from][to] += (int64_t) value;
        pairs += count[from][to]++ == 0;
        if (turned)
            n += (size_t) sprintf(text + n, "%s%u.%02u%s%cF%u%c%sF%u%s%s", quote, (unsigned) value / 100,
                                  (unsigned) value % 100, quote, separator, (unsigned) to, separator, quote,
                                  (unsigned) from, quote, end);
        else
            n += (size_t) sprintf(text + n, "F%u%c%sF%u%s%c%u.%02u%s", (unsigned) from, separator, quote, (unsigned) to,
                                  quote, separator, (unsigned) value / 100, (unsigned) value % 100, end);
    }
    fn_net *net = read_good(text, &plain);
    ck_assert_uint_eq(fn_net_ties(net), pairs);
    ck_assert_int_eq(total(net, FN_KEPT, NULL), (int64_t) pairs);
    ck_assert_int_eq(total(net, FN_MERGED, NULL), ROWS - (int64_t) pairs);
    for (size_t e = 0; e < pairs; e++) {
        const fn_tie *tie = &fn_net_tie(net)[e];
        int from = fn_names_text(fn_net_keys(net), tie->from, NULL)[1] - '0';
        int to = fn_names_text(fn_net_keys(net), tie->to, NULL)[1] - '0';
        ck_assert_int_eq(tie->count, count[from][to]);
        ck_assert(tie->value == (double) cents[from][to] / 100);
    }
    fn_net_free(net);
}
END_TEST

/* ---- firm tables ---- */

static fn_status read_with_firms(fn_run *run, const char *firms, const char *more, bool keep_going, fn_net **net)
{
    const char *path = scratch("ties", "a,b,1\nb,c,2\n", 12);
    const char *tables[3] = { scratch("firms", firms, strlen(firms)), more ? scratch("more", more, strlen(more)) : NULL,
                              NULL };
    fn_read_options options = plain;
    options.firms = tables;
    options.keep_going = keep_going;
    fn_status status = fn_read(run, &path, 1, &options, net, NULL, NULL);
    unlink(path);
    unlink(tables[0]);
    if (more) unlink(tables[1]);
    return status;
}

START_TEST(a_firm_table_brings_typed_attributes)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_with_firms(&run,
                                     "Name,FIRM,kind,size,lat,Zip Code,rating\nAcme,a,firm,120,51.5,007,4\n"
                                     "\"Bolt, \"\"B\"\"\",b,authority,30.5,-3,12,5\nLone,z,,,,,\n",
                                     "firm\tcountry\na\tKZ\n", false, &net),
                     FN_OK);
    ck_assert_int_eq(support_warnings(), 0);
    ck_assert_uint_eq(fn_net_firms(net), 4);
    uint32_t a = support_firm(net, "a"), b = support_firm(net, "b"), c = support_firm(net, "c"),
             z = support_firm(net, "z");
    const fn_table *firms = fn_net_firm_columns(net);
    ck_assert_str_eq(fn_net_firm_text(net, b, "name", NULL), "Bolt, \"B\"");
    ck_assert_str_eq(fn_net_firm_text(net, b, "kind", NULL), "authority");
    ck_assert_str_eq(fn_net_firm_text(net, a, "country", NULL), "KZ");
    ck_assert_str_eq(fn_net_firm_text(net, a, "zip_code", NULL), "007");
    const fn_column *size = fn_table_find(firms, "size"), *rating = fn_table_find(firms, "rating");
    ck_assert_int_eq(size->type, FN_COLUMN_REAL);
    ck_assert(size->real[b] == 30.5 && isnan(size->real[c]) && isnan(size->real[z]));
    ck_assert_int_eq(rating->type, FN_COLUMN_INT);
    ck_assert_int_eq(rating->integer[a], 4);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm_row", FN_READ, NULL), 4);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm_row", FN_REMARK, "firm_without_ties"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(a_firm_named_twice_is_a_warning_and_a_conflict_an_error)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_with_firms(&run, "firm,name,country\na,Acme,\na,Acme,KZ\n", NULL, false, &net), FN_OK);
    ck_assert_int_eq(support_warnings(), 1);
    ck_assert_ptr_nonnull(strstr(support_warning(), "again"));
    ck_assert_str_eq(fn_net_firm_text(net, support_firm(net, "a"), "country", NULL), "KZ");
    fn_net_free(net);
    run = support_run();
    ck_assert_int_eq(read_with_firms(&run, "firm,name\na,Acme\nb,B\na,Apex\n", NULL, false, &net), FN_EPARSE);
    ck_assert_int_eq(run.error.line, 4);
    ck_assert_ptr_nonnull(strstr(run.error.message, "\"Acme\" in line 2"));
    ck_assert_ptr_nonnull(strstr(run.error.message, "Apex"));
    run = support_run();
    ck_assert_int_eq(read_with_firms(&run, "firm,name\na,Acme\n", "firm,name\na,Apex\n", false, &net), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "firms, line 2"));
    run = support_run();
    ck_assert_int_eq(read_with_firms(&run, "firm,name\na,Acme\na,Apex\n", NULL, true, &net), FN_OK);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm_row", FN_REJECTED, "firm_conflicting"), 1);
    fn_net_free(net);
}
END_TEST

START_TEST(a_bad_firm_table_is_an_error)
{
    static const struct {
        const char *table, *words;
        int64_t line;
    } cases[] = { { "name,size\na,1\n", "no column \"firm\"", 1 },
                  { "firm,size\na,big\n", "big", 2 },
                  { "firm,size\na,-1\n", "size", 2 },
                  { "firm,lat\na,91\n", "lat", 2 },
                  { "firm,lon\na,181\n", "lon", 2 },
                  { "firm,name\na\n", "1 field,", 2 },
                  { "firm,name\n,x\n", "names no firm", 2 },
                  { "firm,name,Name\na,b,c\n", "both called", 1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fn_run run = support_run();
        fn_net *net;
        ck_assert_int_eq(read_with_firms(&run, cases[i].table, NULL, false, &net), FN_EPARSE);
        ck_assert_msg(strstr(run.error.message, cases[i].words) != NULL, "%s", run.error.message);
        ck_assert_int_eq(run.error.line, cases[i].line);
    }
}
END_TEST

START_TEST(a_firm_table_of_other_firms_is_told)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_with_firms(&run, "firm,name\nA,Acme\n", NULL, false, &net), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "no firm of the table stands in any tie"));
    fn_net_free(net);
}
END_TEST

/* ---- real data ---- */

START_TEST(the_italian_edge_list_has_its_known_counts)
{
    const char *path = support_data("the_italian_edge_list_has_its_known_counts", "edges_it_buyer_supplier.tsv.gz");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net;
    fn_read_options options = plain;
    options.columns = "to,from,weight,date";
    fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    ck_assert_int_eq(total(net, FN_READ, NULL), 40312);
    ck_assert_int_eq(total(net, FN_KEPT, NULL), 16368);
    ck_assert_int_eq(total(net, FN_MERGED, NULL), 40312 - 16368);
    ck_assert_uint_eq(fn_net_ties(net), 16368);
    size_t suppliers = 0;
    uint32_t last = FN_NONE;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        suppliers += fn_net_tie(net)[e].from != last;
        last = fn_net_tie(net)[e].from;
    }
    ck_assert_uint_eq(suppliers, 13668);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm", FN_REMARK, "delivering_in_rows"), 13668);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "firm", FN_REMARK, "receiving_in_rows"), 18);
    fn_net_free(net);
}
END_TEST

START_TEST(a_csv_of_relations_has_its_known_counts)
{
    const char *path = support_data("a_csv_of_relations_has_its_known_counts", "ties/us_auto_suppliers_sec10k.csv.gz");
    if (!path) return;
    fn_run run = support_run();
    fn_net *net;
    fn_status status = fn_read(&run, &path, 1, &plain, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    ck_assert_int_eq(total(net, FN_READ, NULL), 3124);
    ck_assert_uint_eq(fn_net_firms(net), 1383);
    ck_assert_uint_eq(fn_net_ties(net), 1736);
    fn_net_free(net);
}
END_TEST

/* ---- failing memory ---- */

START_TEST(no_allocation_failure_is_lost)
{
    static const char text[] = "from,to,value,date,currency,note\n\"a\"\"x\",b,1,2020,EUR,5\nb,\"c\nd\",2,2021,USD,6\n";
    const char *path = scratch("ties", text, strlen(text));
    const char *firms[] = { scratch("firms", "firm,name,size\na,A,1\nq,Q,2\n", 27), NULL };
    fn_read_options options = plain;
    options.firms = firms;
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_net *net;
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            fn_net_free(net);
            ck_assert_int_gt(k, 20);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_eq(run.error.status, FN_ENOMEM);
        ck_assert_ptr_null(net);
    }
    unlink(path);
    unlink(firms[0]);
}
END_TEST

START_TEST(no_allocation_failure_is_lost_when_going_on)
{
    static const char text[] = "Who;To whom;eur\n\"a\"\"x\";b;1\nb;\"c\nd\";-2\nb;c;1,5\nb;c\n";
    static const char map[] = "from = Who\nto = To whom\nweight = eur\n";
    const char *path = scratch("ties", text, strlen(text));
    fn_read_options options = plain;
    options.keep_going = true;
    options.map = scratch("map", map, strlen(map));
    options.rejects = support_scratch("rejects");
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_net *net;
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            ck_assert_int_eq(total(net, FN_REJECTED, NULL), 3);
            fn_net_free(net);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_ne(access(options.rejects, F_OK), 0);
    }
    unlink(path);
    unlink(options.map);
    unlink(options.rejects);
}
END_TEST

Suite *suite_edgelist(void)
{
    Suite *suite = suite_create("edgelist");
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, every_separator_is_found);
    tcase_add_test(rows, a_separator_said_outright_wins);
    tcase_add_test(rows, line_ends_marks_comments_and_empty_lines_are_no_rows);
    tcase_add_test(rows, quotes_follow_rfc_4180_and_tsv_has_none);
    tcase_add_test(rows, line_numbers_count_lines_inside_quotes);
    tcase_add_test(rows, a_nul_byte_and_a_lone_return_are_errors);
    tcase_add_test(rows, a_wrong_number_of_fields_is_an_error_that_says_so);
    suite_add_tcase(suite, rows);
    TCase *columns = tcase_create("columns");
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
    TCase *inputs = tcase_create("inputs");
    tcase_add_test(inputs, keep_going_sets_bad_rows_aside_and_counts_them);
    tcase_add_test(inputs, a_failed_run_leaves_no_rejects);
    tcase_add_test(inputs, an_input_without_ties_is_a_warning);
    tcase_add_test(inputs, several_inputs_are_one_data_set);
    tcase_add_test(inputs, an_unknown_format_is_named);
    tcase_add_test(inputs, the_same_input_twice_is_told);
    tcase_add_test(inputs, a_long_id_is_an_id);
    tcase_add_loop_test(inputs, random_rows_add_up_as_by_hand, 0, 60);
    tcase_add_test(inputs, a_firm_table_of_other_firms_is_told);
    tcase_add_test(inputs, no_allocation_failure_is_lost_when_going_on);
    tcase_add_test(inputs, a_firm_table_brings_typed_attributes);
    tcase_add_test(inputs, a_firm_named_twice_is_a_warning_and_a_conflict_an_error);
    tcase_add_test(inputs, a_bad_firm_table_is_an_error);
    tcase_add_test(inputs, the_italian_edge_list_has_its_known_counts);
    tcase_add_test(inputs, a_csv_of_relations_has_its_known_counts);
    tcase_add_test(inputs, no_allocation_failure_is_lost);
    tcase_set_timeout(inputs, 60);
    suite_add_tcase(suite, inputs);
    return suite;
}
