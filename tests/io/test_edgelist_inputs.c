/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/io/edgelist_support.h"

Suite *suite_edgelist_inputs(void);

/* ---- going on ---- */

START_TEST(keep_going_sets_bad_rows_aside_and_counts_them)
{
    fn_read_options options = edges_plain;
    options.keep_going = true;
    options.rejects = support_scratch("rejects");
    fn_net *net =
        edges_read_good("from\tto\tweight\na\tb\t1\na\tb\t-1\nc\td\tx\ty\n\tb\t1\na\tc\t\ne\tf\t1,5\na\tb\t2\n", &options);
    edges_check_ties(net, "a>b:supply:3:2::;");
    ck_assert_uint_eq(fn_net_firms(net), 2);
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 7);
    ck_assert_int_eq(edges_total(net, FN_KEPT, NULL), 1);
    ck_assert_int_eq(edges_total(net, FN_MERGED, NULL), 1);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, NULL), 5);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "weight_negative"), 1);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "fields_too_many"), 1);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "firm_missing"), 1);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "weight_missing"), 1);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "weight_decimal_comma"), 1);
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
    fn_read_options options = edges_plain;
    options.rejects = support_scratch("rejects");
    edges_check_refused("a,b,1\na,b,x\n", 12, &options, 2, "not a number");
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
        fn_status status = edges_read_bytes(&run, empty[i], strlen(empty[i]), &edges_plain, &net);
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
    paths[0] = edges_scratch("one", "a,b,1\nb,c,2\n", 12);
    paths[1] = edges_scratch("two", "from;to;value;lot\nb;c;3;9\nc;a;4;8\n", 34);
    ck_assert_int_eq(fn_read(&run, paths, 2, &edges_plain, &net, digest, bytes), FN_OK);
    edges_check_ties(net, "a>b:supply:1:1::;b>c:supply:5:2::;c>a:supply:4:1::;");
    ck_assert_uint_eq(bytes[0], 12);
    ck_assert_uint_ne(digest[0], digest[1]);
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 4);
    ck_assert_int_eq(edges_total(net, FN_MERGED, NULL), 1);
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
    ck_assert_int_eq(edges_read_bytes(&run, "\x01\x02\0\x03zz\0", 7, &edges_plain, &net), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.hint, "edgelist"));
    run = support_run();
    fn_read_options options = edges_plain;
    options.format = "edgelst";
    ck_assert_int_eq(edges_read_bytes(&run, "a,b\n", 4, &options, &net), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.hint, "did you mean edgelist?"));
}
END_TEST

START_TEST(the_same_input_twice_is_told)
{
    fn_run run = support_run();
    fn_net *net;
    const char *path = edges_scratch("ties", "a,b,1\n", 6), *paths[] = { path, path };
    ck_assert_int_eq(fn_read(&run, paths, 2, &edges_plain, &net, NULL, NULL), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "counts twice"));
    edges_check_ties(net, "a>b:supply:2:2::;");
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
    fn_net *net = edges_read_good(text, &edges_plain);
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
    fn_net *net = edges_read_good(text, &edges_plain);
    ck_assert_uint_eq(fn_net_ties(net), pairs);
    ck_assert_int_eq(edges_total(net, FN_KEPT, NULL), (int64_t) pairs);
    ck_assert_int_eq(edges_total(net, FN_MERGED, NULL), ROWS - (int64_t) pairs);
    for (size_t e = 0; e < pairs; e++) {
        const fn_tie *tie = FN_TIE(net, e);
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
    const char *path = edges_scratch("ties", "a,b,1\nb,c,2\n", 12);
    const char *tables[3] = { edges_scratch("firms", firms, strlen(firms)), more ? edges_scratch("more", more, strlen(more)) : NULL,
                              NULL };
    fn_read_options options = edges_plain;
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
    fn_read_options options = edges_plain;
    options.columns = "to,from,weight,date";
    fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 40312);
    ck_assert_int_eq(edges_total(net, FN_KEPT, NULL), 16368);
    ck_assert_int_eq(edges_total(net, FN_MERGED, NULL), 40312 - 16368);
    ck_assert_uint_eq(fn_net_ties(net), 16368);
    size_t suppliers = 0;
    uint32_t last = FN_NONE;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        suppliers += fn_net_tie_at(net, e).from != last;
        last = fn_net_tie_at(net, e).from;
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
    fn_status status = fn_read(&run, &path, 1, &edges_plain, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%lld: %s", (long long) run.error.line, run.error.message);
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 3124);
    ck_assert_uint_eq(fn_net_firms(net), 1383);
    ck_assert_uint_eq(fn_net_ties(net), 1736);
    fn_net_free(net);
}
END_TEST

/* ---- failing memory ---- */

START_TEST(no_allocation_failure_is_lost)
{
    static const char text[] = "from,to,value,date,currency,note\n\"a\"\"x\",b,1,2020,EUR,5\nb,\"c\nd\",2,2021,USD,6\n";
    const char *path = edges_scratch("ties", text, strlen(text));
    const char *firms[] = { edges_scratch("firms", "firm,name,size\na,A,1\nq,Q,2\n", 27), NULL };
    fn_read_options options = edges_plain;
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
    const char *path = edges_scratch("ties", text, strlen(text));
    fn_read_options options = edges_plain;
    options.keep_going = true;
    options.map = edges_scratch("map", map, strlen(map));
    options.rejects = support_scratch("rejects");
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_net *net;
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, &path, 1, &options, &net, NULL, NULL);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            ck_assert_int_eq(edges_total(net, FN_REJECTED, NULL), 3);
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

Suite *suite_edgelist_inputs(void)
{
    Suite *suite = suite_create("edgelist_inputs");
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
