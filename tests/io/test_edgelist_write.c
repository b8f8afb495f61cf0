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

Suite *suite_edgelist_write(void);

static const fn_read_options plain = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };

/* ---- helpers ---- */

static fn_status write_net(fn_run *run, fn_export *export_, const char *path)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    status = fn_format_find("edgelist")->write(run, output, export_);
    if (status)
        fn_output_abort(output);
    else
        status = fn_output_commit(run, output);
    return status;
}

/* What the writer makes of the export; the caller frees it. */
static char *written(fn_export *export_)
{
    fn_run run = support_run();
    const char *path = support_scratch("written.tsv");
    fn_status status = write_net(&run, export_, path);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    FILE *file = fopen(path, "rb");
    ck_assert(file != NULL);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t) size + 1);
    ck_assert_uint_eq(fread(text, 1, (size_t) size, file), (size_t) size);
    text[size] = '\0';
    ck_assert_uint_eq(strlen(text), (size_t) size);
    fclose(file);
    unlink(path);
    return text;
}

static char *written_net(const fn_net *net)
{
    fn_export export_ = { .net = net };
    return written(&export_);
}

static fn_status read_text(fn_run *run, const char *text, fn_net **net)
{
    const char *path = support_scratch("read.tsv");
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    fputs(text, file);
    fclose(file);
    fn_status status = fn_read(run, &path, 1, &plain, net, NULL, NULL);
    unlink(path);
    return status;
}

static fn_net *read_good(const char *text)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = read_text(&run, text, &net);
    ck_assert_msg(status == FN_OK, "%lld: %s\n%.400s", (long long) run.error.line, run.error.message, text);
    return net;
}

static void check_written(const char *input, const char *expected)
{
    fn_net *net = read_good(input);
    char *text = written_net(net);
    ck_assert_str_eq(text, expected);
    free(text);
    fn_net_free(net);
}

static void refuse_text(const char *input, int64_t line, const char *words)
{
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(read_text(&run, input, &net), FN_EPARSE);
    ck_assert_int_eq(run.error.line, line);
    ck_assert_msg(strstr(run.error.message, words) || strstr(run.error.hint, words), "%s", run.error.message);
}

static fn_status add(fn_run *run, fn_net *net, const char *from, const char *to, fn_tie tie, size_t *row)
{
    fn_status status = fn_net_firm(run, net, from, strlen(from), &tie.from);
    if (!status) status = fn_net_firm(run, net, to, strlen(to), &tie.to);
    return status ? status : fn_net_add(run, net, &tie, row);
}

#define BARE { .product = FN_NONE, .value = NAN, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE }

/* A frozen net of one tie. */
static fn_net *one_tie(const char *from, const char *to, fn_tie tie)
{
    fn_run run = support_run();
    fn_net *net;
    uint16_t layer;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    ck_assert_int_eq(fn_net_layer(&run, net, "a\tlayer", 7, &layer), FN_OK);
    ck_assert_int_eq(add(&run, net, from, to, tie, NULL), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    return net;
}

/* ---- there and back ---- */

static const char *const ids[] = { "a",    "007",   "7",      "\"q\"", " blank ", "x#y",  "\xef\xbb\xbf" "mark", "from",   "to",    "firm",
                                   "1,5",  "caf\xe9", "é",    "#out",  "'",       "a;b|c", "weight",     "-",      "value", "=1+1" };
enum { IDS = sizeof ids / sizeof *ids };
static const char *const layers[] = { "supply", "cobid", "consortium", "zeta", "alpha", "Omega layer" };
static const char *const currencies[] = { "", "USD", "EUR", "KZT" };
static const char *const words[] = { "", "plain", "two words", "\"x", "#", "+1", "00", "1.5e", "=A1" };

static void add_random_attributes(fn_run *run, fn_net *net, uint64_t seed, size_t row)
{
    static const char *const names[] = { "note", "source", "value", "share", "since", "member", "Lot No" };
    static const fn_column_type types[] = { FN_COLUMN_TEXT, FN_COLUMN_TEXT, FN_COLUMN_REAL, FN_COLUMN_REAL,
                                            FN_COLUMN_DATE, FN_COLUMN_BOOL, FN_COLUMN_INT };
    for (uint64_t c = 0; c < 7; c++) {
        if (fn_random_below(seed, 20, c, 2)) continue;
        fn_column *column = fn_table_find(fn_net_tie_table(net), names[c]);
        if (!column) ck_assert_int_eq(fn_table_add(run, fn_net_tie_table(net), names[c], types[c], &column), FN_OK);
        uint64_t draw = fn_random_below(seed, 21 + c, row, 1000);
        if (draw < 300) continue;
        const char *word = words[draw % 9];
        switch (types[c]) {
        case FN_COLUMN_TEXT: ck_assert_int_eq(fn_column_set_text(run, column, row, word, strlen(word)), FN_OK); break;
        case FN_COLUMN_REAL: column->real[row] = ((double) draw - 600) / (draw % 2 ? 7 : 100); break;
        case FN_COLUMN_DATE: column->date[row] = (int32_t) draw * 20; break;
        case FN_COLUMN_BOOL: column->boolean[row] = draw % 2; break;
        case FN_COLUMN_INT: column->integer[row] = (int64_t) draw - 600; break;
        }
    }
}

static fn_net *random_net(uint64_t seed)
{
    fn_run run = support_run();
    fn_net *net;
    uint32_t firm;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    /* Firms in an order of their own; those without ties are not written. */
    for (uint64_t f = 0; f < IDS; f++) {
        const char *id = ids[(f * 7 + seed) % IDS];
        ck_assert_int_eq(fn_net_firm(&run, net, id, strlen(id), &firm), FN_OK);
    }
    size_t ties = fn_random_below(seed, 1, 0, 60);
    for (uint64_t e = 0; e < ties; e++) {
        fn_tie tie = BARE;
        const char *from = ids[fn_random_below(seed, 2, e, IDS)], *to = ids[fn_random_below(seed, 3, e, IDS)];
        const char *layer = layers[fn_random_below(seed, 4, e, 6)];
        const char *currency = currencies[fn_random_below(seed, 5, e, 4)];
        if (from[0] == '#' || to[0] == '#') continue;
        ck_assert_int_eq(fn_net_layer(&run, net, layer, strlen(layer), &tie.layer), FN_OK);
        ck_assert_int_eq(fn_net_currency(&run, net, currency, strlen(currency), &tie.currency), FN_OK);
        if (fn_random_below(seed, 6, e, 3)) tie.value = (double) fn_random_below(seed, 7, e, 100000) / 7;
        if (tie.layer == FN_LAYER_COBID) tie.weight = 1.0 / (double) (1 + fn_random_below(seed, 8, e, 9));
        tie.count = 1 + (int64_t) fn_random_below(seed, 9, e, 5);
        if (fn_random_below(seed, 10, e, 2)) {
            tie.first = (int32_t) fn_random_below(seed, 11, e, 20000);
            tie.last = tie.first + (int32_t) fn_random_below(seed, 13, e, 900);
        }
        if (fn_random_below(seed, 14, e, 2)) {
            const char *product = words[1 + fn_random_below(seed, 15, e, 8)];
            ck_assert_int_eq(fn_net_product(&run, net, product, strlen(product), &tie.product), FN_OK);
        }
        size_t row;
        ck_assert_int_eq(add(&run, net, from, to, tie, &row), FN_OK);
        add_random_attributes(&run, net, seed, row);
    }
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    return net;
}

static uint32_t renamed(const fn_names *from, uint32_t number, const fn_names *to)
{
    size_t length;
    const char *text = fn_names_text(from, number, &length);
    return fn_names_find(to, text, length);
}

static bool same_real(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Every tie of one is in the other, with all it says; searched one by one. */
static void check_same_ties(const fn_net *one, const fn_net *other)
{
    ck_assert_uint_eq(fn_net_ties(one), fn_net_ties(other));
    for (size_t e = 0; e < fn_net_ties(one); e++) {
        const fn_tie *a = FN_TIE(one, e);
        size_t there = SIZE_MAX;
        uint32_t from = renamed(fn_net_keys(one), a->from, fn_net_keys(other));
        uint32_t to = renamed(fn_net_keys(one), a->to, fn_net_keys(other));
        uint32_t layer = renamed(fn_net_layers(one), a->layer, fn_net_layers(other));
        uint32_t currency = renamed(fn_net_currencies(one), a->currency, fn_net_currencies(other));
        for (size_t i = 0; i < fn_net_ties(other); i++) {
            const fn_tie *t = FN_TIE(other, i);
            if (t->from == from && t->to == to && t->layer == layer && t->currency == currency) there = i;
        }
        ck_assert_msg(there != SIZE_MAX, "tie %zu is lost", e);
        const fn_tie *b = FN_TIE(other, there);
        ck_assert(same_real(a->value, b->value) && same_real(a->weight, b->weight));
        ck_assert_int_eq(a->count, b->count);
        ck_assert_int_eq(a->first, b->first);
        ck_assert_int_eq(a->last, b->last);
        ck_assert_uint_eq(a->product == FN_NONE, b->product == FN_NONE);
        if (a->product != FN_NONE)
            ck_assert_uint_eq(renamed(fn_net_products(one), a->product, fn_net_products(other)), b->product);
    }
}

/* Firms with ties keep their order. */
static void check_same_order(const fn_net *one, const fn_net *other)
{
    uint32_t next = 0;
    for (uint32_t f = 0; f < fn_net_firms(one); f++) {
        uint32_t there = renamed(fn_net_keys(one), f, fn_net_keys(other));
        if (there != FN_NONE) ck_assert_uint_eq(there, next++);
    }
    ck_assert_uint_eq(next, fn_net_firms(other));
}

START_TEST(a_network_reads_back_as_it_was_written)
{
    fn_net *net = random_net((uint64_t) _i);
    char *first = written_net(net);
    fn_net *back = read_good(first);
    char *second = written_net(back);
    check_same_ties(net, back);
    check_same_order(net, back);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    fn_net_free(back);
    fn_net_free(net);
}
END_TEST

static void check_file_comes_back(const char *path)
{
    fn_run run = support_run();
    fn_net *net;
    fn_status status = fn_read(&run, &path, 1, &plain, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    ck_assert_uint_gt(fn_net_ties(net), 10);
    char *first = written_net(net);
    fn_net *back = read_good(first);
    char *second = written_net(back);
    ck_assert_uint_eq(fn_net_ties(net), fn_net_ties(back));
    check_same_order(net, back);
    ck_assert(strcmp(first, second) == 0);
    free(first);
    free(second);
    fn_net_free(back);
    fn_net_free(net);
}

START_TEST(the_bundled_tenders_come_back)
{
    check_file_comes_back(support_source("datasets/tenders.jsonl.gz"));
}
END_TEST

static const char *const real_files[] = { "ocds/it_00162210348_release_package.json.gz",
                                          "ocds/it_02030880153_release_package.json.gz",
                                          "ocds/mx_gacm/all_releases.jsonl.gz", "ties/us_auto_suppliers_sec10k.csv.gz" };

START_TEST(real_networks_come_back)
{
    const char *path = support_data("real_networks_come_back", real_files[_i]);
    if (path) check_file_comes_back(path);
}
END_TEST

/* ---- columns ---- */

START_TEST(only_columns_that_say_something_are_written)
{
    check_written("a b\n", "from\tto\tlayer\tcount\na\tb\tsupply\t1\n");
    check_written("from,to,date,note\na,b,2020-01-02,\nb,c,,\n",
                  "from\tto\tlayer\tcount\tfirst\tlast\na\tb\tsupply\t1\t2020-01-02\t2020-01-02\nb\tc\tsupply\t1\t\t\n");
    check_written("from,to,weight,currency\na,b,1.50,EUR\na,b,2,EUR\n",
                  "from\tto\tlayer\tvalue\tcurrency\tcount\na\tb\tsupply\t3.5\tEUR\t2\n");
    check_written("from,to\n", "from\tto\n");
}
END_TEST

START_TEST(firms_are_numbered_in_columns_only_where_rows_number_them_otherwise)
{
    /* a, b, c in this order: a>b b>c says it, a>c b>c does not. */
    check_written("a b\nb c\n", "from\tto\tlayer\tcount\na\tb\tsupply\t1\nb\tc\tsupply\t1\n");
    check_written("from,to,from_row,to_row\na,c,10,30\nb,c,20,30\n",
                  "from\tto\tlayer\tcount\tfrom_row\tto_row\na\tc\tsupply\t1\t1\t3\nb\tc\tsupply\t1\t2\t3\n");
}
END_TEST

START_TEST(ties_of_one_pair_stand_by_name_whatever_came_first)
{
    static const char expected[] = "from\tto\tlayer\tvalue\tcurrency\tcount\na\tb\tsupply\t1\tEUR\t1\na\tb\tsupply\t2\tUSD\t1\n"
                                   "a\tb\talpha\t4\t\t1\na\tb\tbeta\t3\t\t1\n";
    check_written("from,to,layer,value,currency\na,b,beta,3,\na,b,supply,2,USD\na,b,alpha,4,\na,b,supply,1,EUR\n", expected);
    check_written(expected, expected);
}
END_TEST

START_TEST(attributes_with_the_names_of_other_columns_are_called_ties)
{
    check_written("from,to,weight,amount,lot\na,b,1,2,x\n", "from\tto\tlayer\tvalue\tcount\ttie_amount\tlot\na\tb\tsupply\t1\t1\t2\tx\n");
    check_written("from,to,first,tie_first\na,b,1,2\n", "from\tto\tlayer\tcount\ttie_first\ttie_first_2\na\tb\tsupply\t1\t2\t1\n");
}
END_TEST

START_TEST(computed_columns_stand_in_place_of_old_ones)
{
    fn_run run = support_run();
    fn_net *net = read_good("from,to,class,old\na,b,weak,1\nb,c,strong,2\nc,d,weak,3\n");
    static const uint32_t chosen[] = { 0, 2 };
    fn_table *table;
    fn_column *class, *count;
    ck_assert_int_eq(fn_table_new(&run, 2, &table), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, table, "count", FN_COLUMN_INT, &count), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, table, "class", FN_COLUMN_TEXT, &class), FN_OK);
    count->integer[0] = count->integer[1] = 99;
    for (size_t row = 0; row < 2; row++) ck_assert_int_eq(fn_column_set_text(&run, class, row, "new", 3), FN_OK);
    fn_export export_ = { .net = net, .ties = table, .tie = chosen, .tie_count = 2 };
    char *text = written(&export_);
    ck_assert_str_eq(text, "from\tto\tlayer\tcount\told\tclass\na\tb\tsupply\t1\t1\tnew\nc\td\tsupply\t1\t3\tnew\n");
    free(text);
    fn_table_free(table);
    fn_net_free(net);
}
END_TEST

/* ---- what is refused ---- */

static void check_refused(const char *from, const char *to, fn_tie tie, const char *expected)
{
    fn_run run = support_run();
    fn_net *net = one_tie(from, to, tie);
    const char *path = support_scratch("refused.tsv");
    fn_export export_ = { .net = net };
    ck_assert_int_eq(write_net(&run, &export_, path), FN_EPARSE);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_msg(strstr(run.error.message, expected) != NULL, "%s", run.error.message);
    ck_assert_ptr_nonnull(strstr(run.error.hint, ".fnet"));
    fn_net_free(net);
}

START_TEST(what_a_row_cannot_hold_is_refused)
{
    fn_tie tie = BARE;
    check_refused("a\tb", "c", tie, "holds a tab");
    check_refused("a", "c\nd", tie, "holds a line feed");
    check_refused("a", "c\r", tie, "holds a carriage return");
    tie.layer = FN_LAYERS_STANDARD;
    check_refused("a", "c", tie, "name of a layer holds a tab");
    tie.layer = FN_LAYER_SUPPLY;
    check_refused("#a", "c", tie, "is a comment");
    check_refused("a", "", tie, "is empty");
    tie.value = -1;
    check_refused("a", "b", tie, "negative");
    tie.value = NAN;
    tie.count = 0;
    check_refused("a", "b", tie, "count");
    tie.count = 1;
    fn_net *net = one_tie("a", "#b", tie);
    char *text = written_net(net);
    ck_assert_str_eq(text, "from\tto\tlayer\tcount\na\t#b\tsupply\t1\n");
    free(text);
    fn_net_free(net);
}
END_TEST

START_TEST(blanks_stand_for_line_ends_and_tabs_in_attributes)
{
    fn_run run = support_run();
    fn_net *net = read_good("from,to,note\na,b,\"x\ty\nz\"\nb,c,\"\r\n\"\n");
    fn_export export_ = { .net = net };
    const char *path = support_scratch("blanks.tsv");
    ck_assert_int_eq(write_net(&run, &export_, path), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "4 tabs"));
    unlink(path);
    char *text = written_net(net);
    ck_assert_str_eq(text, "from\tto\tlayer\tcount\tnote\na\tb\tsupply\t1\tx y z\nb\tc\tsupply\t1\t  \n");
    free(text);
    fn_net_free(net);
}
END_TEST

START_TEST(firms_without_ties_are_told)
{
    fn_run run = support_run();
    fn_net *net = random_net(1);
    fn_export export_ = { .net = net };
    const char *path = support_scratch("told.tsv");
    ck_assert_int_eq(write_net(&run, &export_, path), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "without ties"));
    unlink(path);
    fn_net_free(net);
}
END_TEST

/* ---- reading ---- */

static void check_period(const char *input, const char *first, const char *last)
{
    char begins[FN_DATE_TEXT], ends[FN_DATE_TEXT];
    fn_net *net = read_good(input);
    ck_assert_uint_eq(fn_net_ties(net), 1);
    fn_date_format(fn_net_tie_at(net, 0).first, begins);
    fn_date_format(fn_net_tie_at(net, 0).last, ends);
    ck_assert_str_eq(begins, first);
    ck_assert_str_eq(ends, last);
    fn_net_free(net);
}

START_TEST(first_and_last_are_the_period_of_a_tie)
{
    check_period("from,to,first,last\na,b,2020-01-05,2021-03-01\n", "2020-01-05", "2021-03-01");
    check_period("from,to,LAST,First\na,b,2021-03-01,2020-01-05\na,b,2020-02-01,2019-12-31\n", "2019-12-31", "2021-03-01");
    check_period("from,to,first,last\na,b,2020,2020\n", "2020-01-01", "2020-12-31");
    check_period("from,to,first,last\na,b,2020-02,2020-02\n", "2020-02-01", "2020-02-29");
    check_period("from,to,first,last\na,b,,2020-02-07\n", "2020-02-07", "2020-02-07");
    check_period("from,to,first,last\na,b,2020-02-07,\n", "2020-02-07", "2020-02-07");
    check_period("from,to,first\na,b,2020-02-07\n", "", "");
    check_period("from,to,first,last,date\na,b,Ann,Lee,2020-02-07\n", "2020-02-07", "2020-02-07");
    ck_assert_ptr_nonnull(strstr(support_warning(), "a date beside first and last"));
    refuse_text("from,to,first,last\na,b,2020-02-07,2020-02-06\n", 2, "ends before it begins");
    refuse_text("from,to,first,last\na,b,2020-01-01,2020-01-01\na,b,Ann,Lee\n", 3, "Ann");
    refuse_text("from,to,first,last\na,b,2020-01-01,soon\n", 2, "soon");
}
END_TEST

START_TEST(a_period_that_reaches_into_the_wanted_one_is_kept)
{
    fn_run run = support_run();
    fn_net *net;
    fn_read_options options = plain;
    fn_date_make(2020, 1, 1, &options.since);
    fn_date_make(2020, 12, 31, &options.until);
    const char *path = support_scratch("periods");
    FILE *file = fopen(path, "wb");
    fputs("from,to,first,last\na,b,2019-01-01,2019-12-31\na,c,2019-01-01,2020-01-01\na,d,2020-12-31,2022-01-01\n"
          "a,e,2021-01-01,\na,f,,\na,g,,2020-05-05\n", file);
    fclose(file);
    ck_assert_int_eq(fn_read(&run, &path, 1, &options, &net, NULL, NULL), FN_OK);
    ck_assert_uint_eq(fn_net_ties(net), 3);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "row", FN_REJECTED, "outside_period"), 2);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "row", FN_REJECTED, "undated"), 1);
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(money_may_be_missing_where_rows_have_a_count)
{
    fn_net *net = read_good("from,to,value,count\na,b,5,1\na,c,,3\n");
    ck_assert(fn_net_tie_at(net, 0).value == 5 && isnan(fn_net_tie_at(net, 1).value) && fn_net_tie_at(net, 1).count == 3);
    ck_assert_int_eq(fn_account_total(fn_net_account(net), "row", FN_REMARK, "value_missing"), 1);
    fn_net_free(net);
    refuse_text("from,to,weight,count\na,b,5,1\na,c,,3\n", 3, "rows before have one");
    refuse_text("from,to,value\na,b,5\na,c,\n", 3, "rows before have one");
    refuse_text("from,to,value,count\na,b,5,1\na,c,x,3\n", 3, "not a number");
}
END_TEST

START_TEST(the_weight_that_ties_bring_along_is_read)
{
    fn_net *net = read_good("from,to,layer,newman\na,b,cobid,0.5\nb,a,cobid,0.25\na,c,supply,\n");
    ck_assert(fn_net_tie_at(net, 0).weight == 0.75 && isnan(fn_net_tie_at(net, 1).weight));
    fn_net_free(net);
    refuse_text("from,to,newman\na,b,-1\n", 2, "negative");
}
END_TEST

static void check_firms(const char *input, const char *expected)
{
    char all[256] = "";
    fn_net *net = read_good(input);
    for (uint32_t f = 0; f < fn_net_firms(net); f++) strcat(all, fn_names_text(fn_net_keys(net), f, NULL));
    ck_assert_str_eq(all, expected);
    for (size_t e = 0; e < fn_net_ties(net); e++)
        if (fn_net_tie_at(net, e).layer == FN_LAYER_COBID) ck_assert_uint_lt(fn_net_tie_at(net, e).from, fn_net_tie_at(net, e).to);
    fn_net_free(net);
}

START_TEST(firms_stand_where_their_rows_say)
{
    check_firms("from,to,layer,from_row,to_row\na,b,cobid,9,2\nc,a,supply,4,9\n", "bca");
    check_firms("from,to,from_row,to_row\na,b,9,2\nc,a,4,8\n", "abc"); /* two places of one firm */
    check_firms("from,to,from_row,to_row\na,b,9,2\nc,a,2,9\n", "abc"); /* two firms in one place */
    check_firms("from,to,from_row,to_row\na,b,9,2\nc,a,,9\n", "abc");  /* a firm without one */
    check_firms("from,to,from_row\na,b,9\nc,a,1\n", "abc");
    refuse_text("from,to,from_row,to_row\na,b,0,2\n", 2, "whole number");
    refuse_text("from,to,from_row,to_row\na,b,1,x\n", 2, "whole number");
}
END_TEST

/* ---- failing memory ---- */

START_TEST(no_allocation_failure_is_lost)
{
    fn_net *net = random_net(5);
    fn_export export_ = { .net = net };
    const char *path = support_scratch("memory.tsv");
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = write_net(&run, &export_, path);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            ck_assert_int_gt(k, 8);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    for (long k = 0;; k++) {
        fn_run run = support_run();
        fn_net *back;
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, (const char *const[]){ path }, 1, &plain, &back, NULL, NULL);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            fn_net_free(back);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
    }
    unlink(path);
    fn_net_free(net);
}
END_TEST

Suite *suite_edgelist_write(void)
{
    Suite *suite = suite_create("edgelist_write");
    TCase *back = tcase_create("there and back");
    tcase_add_loop_test(back, a_network_reads_back_as_it_was_written, 0, 150);
    tcase_add_test(back, the_bundled_tenders_come_back);
    tcase_add_loop_test(back, real_networks_come_back, 0, sizeof real_files / sizeof *real_files);
    tcase_set_timeout(back, 60);
    suite_add_tcase(suite, back);
    TCase *columns = tcase_create("columns");
    tcase_set_timeout(columns, 60);
    tcase_add_test(columns, only_columns_that_say_something_are_written);
    tcase_add_test(columns, firms_are_numbered_in_columns_only_where_rows_number_them_otherwise);
    tcase_add_test(columns, ties_of_one_pair_stand_by_name_whatever_came_first);
    tcase_add_test(columns, attributes_with_the_names_of_other_columns_are_called_ties);
    tcase_add_test(columns, computed_columns_stand_in_place_of_old_ones);
    tcase_add_test(columns, what_a_row_cannot_hold_is_refused);
    tcase_add_test(columns, blanks_stand_for_line_ends_and_tabs_in_attributes);
    tcase_add_test(columns, firms_without_ties_are_told);
    suite_add_tcase(suite, columns);
    TCase *reading = tcase_create("reading");
    tcase_add_test(reading, first_and_last_are_the_period_of_a_tie);
    tcase_add_test(reading, a_period_that_reaches_into_the_wanted_one_is_kept);
    tcase_add_test(reading, money_may_be_missing_where_rows_have_a_count);
    tcase_add_test(reading, the_weight_that_ties_bring_along_is_read);
    tcase_add_test(reading, firms_stand_where_their_rows_say);
    tcase_add_test(reading, no_allocation_failure_is_lost);
    tcase_set_timeout(reading, 60);
    suite_add_tcase(suite, reading);
    return suite;
}
