/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/io/edgelist_support.h"

Suite *suite_matrix_market(void);

#define GENERAL "%%MatrixMarket matrix coordinate real general\n"
#define SYMMETRIC "%%MatrixMarket matrix coordinate real symmetric\n"
#define PATTERN "%%MatrixMarket matrix coordinate pattern general\n"
#define INTEGER "%%MatrixMarket matrix coordinate integer general\n"

static fn_read_options as_matrix(void)
{
    fn_read_options options = edges_plain;
    options.format = "matrix-market";
    return options;
}

/* ---- reading ---- */

START_TEST(an_entry_is_a_tie_from_its_row_to_its_column)
{
    static const struct {
        const char *text, *ties;
        uint32_t firms;
    } good[] = {
        { GENERAL "3 3 2\n1 2 5\n3 1 .25\n", "1>2:supply:5:1::;3>1:supply:0.25:1::;", 3 },
        { PATTERN "2 2 1\n2 1\n", "2>1:supply::1::;", 2 },
        { INTEGER "2 2 1\n2 1 7\n", "2>1:supply:7:1::;", 2 },
        { "%%matrixmarket MATRIX Coordinate DOUBLE General\n2 2 1\n2 1 7\n", "2>1:supply:7:1::;", 2 },
        { "\xef\xbb\xbf" GENERAL "% a comment\r\n%\r\n\r\n2 2 1\r\n\r\n% later\n  2\t 1  7e1 \r\n\n",
          "2>1:supply:70:1::;", 2 },
        { GENERAL "2 2 3\n1 1 2\n1 2 1\n1 2 3\n", "1>1:supply:2:1::;1>2:supply:4:2::;", 2 },
        { GENERAL "2 2 1\n1 2 0\n", "1>2:supply:0:1::;", 2 },
        { GENERAL "2 2 1\n1 2 -0\n", "1>2:supply:0:1::;", 2 },
        { GENERAL "5 5 0\n", "", 5 },
        { GENERAL "0 0 0\n", "", 0 },
        { GENERAL "2 3 2\n1 3 5\n2 1 6\n", "r1>c3:supply:5:1::;r2>c1:supply:6:1::;", 5 },
        { GENERAL "1 2 1\n1 1 5\n", "r1>c1:supply:5:1::;", 3 },
    };
    for (size_t g = 0; g < sizeof good / sizeof *good; g++) {
        fn_net *net = edges_read_good(good[g].text, &edges_plain);
        edges_check_ties(net, good[g].ties);
        ck_assert_uint_eq(fn_net_firms(net), good[g].firms);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(rows_without_entries_are_firms_in_their_place)
{
    fn_net *net = edges_read_good(GENERAL "4 4 1\n4 2 1\n", &edges_plain);
    for (uint32_t f = 0; f < 4; f++) {
        char name[8];
        snprintf(name, sizeof name, "%u", f + 1);
        ck_assert_str_eq(fn_names_text(fn_net_keys(net), f, NULL), name);
    }
    fn_net_free(net);
}
END_TEST

START_TEST(a_symmetric_matrix_is_a_tie_either_way_or_one_in_an_undirected_layer)
{
    static const char *const triangle[] = { SYMMETRIC "3 3 3\n1 1 4\n2 1 5\n3 2 6\n",
                                            SYMMETRIC "3 3 3\n1 1 4\n1 2 5\n2 3 6\n" };
    for (int t = 0; t < 2; t++) {
        fn_net *net = edges_read_good(triangle[t], &edges_plain);
        edges_check_ties(net, "1>1:supply:4:1::;1>2:supply:5:1::;2>1:supply:5:1::;2>3:supply:6:1::;3>2:supply:6:1::;");
        ck_assert_int_eq(edges_total(net, FN_READ, NULL), 5);
        ck_assert_int_eq(edges_total(net, FN_REMARK, "mirrored"), 2);
        ck_assert_int_eq(edges_total(net, FN_REMARK, "self_tie"), 1);
        fn_net_free(net);
        fn_read_options options = edges_plain;
        options.tie_layer = "cobid";
        net = edges_read_good(triangle[t], &options);
        edges_check_ties(net, "1>1:cobid:4:1::;1>2:cobid:5:1::;2>3:cobid:6:1::;");
        ck_assert_int_eq(edges_total(net, FN_READ, NULL), 3);
        ck_assert_int_eq(edges_total(net, FN_REMARK, "mirrored"), 0);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(what_is_wrong_is_told_with_its_line)
{
    static const struct {
        const char *text;
        int64_t line;
        const char *words;
    } bad[] = {
        { "1 2 3\n", 1, "begin with" },
        { "%%MatrixMarket\n2 2 0\n", 1, "object" },
        { "%%MatrixMarket vector coordinate real general\n2 2 0\n", 1,
          "object of the matrix is not known (\"vector\")" },
        { "%%MatrixMarket matrix array real general\n2 2\n", 1, "dense" },
        { "%%MatrixMarket matrix coordinate complex general\n2 2 0\n", 1, "complex" },
        { "%%MatrixMarket matrix coordinate complex hermitian\n2 2 0\n", 1, "complex" },
        { "%%MatrixMarket matrix coordinate real hermitian\n2 2 0\n", 1, "hermitian" },
        { "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 0\n", 1, "skew-symmetric" },
        { "%%MatrixMarket matrix coordinate real\n2 2 0\n", 1, "symmetry" },
        { "%%MatrixMarket matrix coordinate real general more\n2 2 0\n", 1, "more words" },
        { "%%MatrixMarket matrix coordinate quaternion general\n2 2 0\n", 1, "numbers" },
        { GENERAL, 1, "before the size" },
        { GENERAL "2 2\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "2 2 1 1\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "2 -2 1\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "2 2 1.0\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "1000000000000000000 2 1\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "9999999999999999999999 2 1\n1 2 1\n", 2, "rows columns entries" },
        { GENERAL "4294967295 1 1\n1 1 1\n", 2, "more than 4294967294" },
        { GENERAL "999999999999999999 999999999999999999 1\n1 1 1\n", 2, "more than 4294967294" },
        { SYMMETRIC "2 3 1\n2 1 1\n", 2, "2 rows and 3 columns" },
        { GENERAL "2 2 2\n1 2 1\n", 3, "after 1 of the 2 entries which line 2" },
        { GENERAL "2 2 999999999999999999\n1 2 1\n", 3, "after 1 of the 999999999999999999" },
        { GENERAL "2 2 1\n1 2 1\n\n2 1 1\n", 5, "more entries than the 1 which line 2" },
        { GENERAL "2 2 0\n1 2 1\n", 3, "more entries than the 0" },
        { GENERAL "2 2 1\n3 1 1\n", 3, "no row 3" },
        { GENERAL "2 2 1\n1 3 1\n", 3, "no column 3" },
        { GENERAL "2 2 1\n0 1 1\n", 3, "count from 1" },
        { GENERAL "2 2 1\n1 99999999999999999999 1\n", 3, "not a whole number" },
        { GENERAL "2 2 1\n1 +2 1\n", 3, "column of an entry is not a whole number" },
        { GENERAL "2 2 1\n1.0 2 1\n", 3, "row of an entry is not a whole number" },
        { GENERAL "2 2 1\n1 2\n", 3, "has 3 numbers, not fewer" },
        { GENERAL "2 2 1\n1 2 1 0\n", 3, "has 3 numbers, not more" },
        { PATTERN "2 2 1\n1 2 1\n", 3, "has 2 numbers, not more" },
        { GENERAL "2 2 1\n1 2 -1\n", 3, "negative" },
        { GENERAL "2 2 1\n1 2 nan\n", 3, "not a finite number" },
        { GENERAL "2 2 1\n1 2 1e999\n", 3, "too large" },
        { GENERAL "2 2 1\n1 2 1,5\n", 3, "decimal comma" },
        { GENERAL "2 2 1\n1 2 x\n", 3, "not a number" },
        { INTEGER "2 2 1\n1 2 1.5\n", 3, "not a whole number" },
        { SYMMETRIC "3 3 2\n2 1 1\n2 3 1\n", 4, "below and above" },
        { GENERAL "1000017 1000017 1\n1 2 1\n", 2, "nearly all firms" },
        { GENERAL "4000000000 4000000000 1\n1 2 1\n", 2, "nearly all firms" },
        { GENERAL "2000000000 2000000001 1\n1 2 1\n", 2, "nearly all firms" },
    };
    fn_read_options options = as_matrix();
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++)
        edges_check_refused(bad[b].text, strlen(bad[b].text), &options, bad[b].line, bad[b].words);
    const char nul[] = GENERAL "2 2 1\n1 2 1\0\n";
    edges_check_refused(nul, sizeof nul - 1, &options, 3, "not a number");
}
END_TEST

START_TEST(what_the_file_declares_costs_no_memory)
{
    fn_run run = support_run();
    fn_net *net;
    const char text[] = GENERAL "4000000000 4000000000 999999999999999999\n4000000000 1 1\n";
    fn_memory_fail_at(-1, false);
    ck_assert_int_eq(edges_read_once(&run, text, strlen(text), &edges_plain, &net), FN_EPARSE);
    ck_assert_int_lt(fn_memory_calls(), 100);
    net = edges_read_good(GENERAL "1000016 1000016 1\n1 2 1\n", &edges_plain);
    ck_assert_uint_eq(fn_net_firms(net), 1000016);
    fn_net_free(net);
}
END_TEST

/* The count of the entries finds every cut but one within the last number, of which the missing line end warns. */
START_TEST(a_file_cut_at_any_byte_is_noticed)
{
    const char text[] =
        "%%MatrixMarket matrix coordinate real general\n%firmnet 1\n%firm 1 a\n%firm 2 b\n2 2 2\n1 2 10.25\n"
        "2 1 10.25\n";
    size_t last = strlen(text) - strlen("0.25\n");
    fn_read_options options = as_matrix();
    for (size_t cut = 1; cut < strlen(text); cut++) {
        fn_run run = support_run();
        fn_net *net;
        fn_status status = edges_read_once(&run, text, cut, &options, &net);
        ck_assert_msg(cut < last ? status == FN_EPARSE : status == FN_OK || status == FN_EPARSE, "cut at %zu: %d", cut,
                      status);
        if (status) continue;
        ck_assert_ptr_nonnull(strstr(support_warning(), "the last line has no end"));
        fn_net_free(net);
    }
}
END_TEST

START_TEST(long_lines_are_lines)
{
    enum { LONG = 1 << 20 };
    char *text = malloc(2 * LONG + 256);
    size_t n = (size_t) sprintf(text, "%s%%", GENERAL);
    memset(text + n, 'x', LONG);
    n += LONG;
    n += (size_t) sprintf(text + n, "\n2 2 1\n1 ");
    memset(text + n, ' ', LONG);
    n += LONG;
    strcpy(text + n, "2 5\n");
    edges_check_reads(text, "1>2:supply:5:1::;");
    free(text);
}
END_TEST

START_TEST(keep_going_sets_bad_entries_aside_but_counts_them)
{
    fn_read_options options = as_matrix();
    options.keep_going = true;
    fn_net *net = edges_read_good(GENERAL "2 2 4\n1 2 -1\n1 3 1\n1 2 x\n2 1 1\n", &options);
    edges_check_ties(net, "2>1:supply:1:1::;");
    ck_assert_int_eq(edges_total(net, FN_READ, NULL), 4);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, NULL), 3);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "index_out_of_range"), 1);
    fn_net_free(net);
    edges_check_refused(GENERAL "2 2 2\n1 2 -1\n", strlen(GENERAL "2 2 2\n1 2 -1\n"), &options, 3, "after 1 of the 2");
}
END_TEST

START_TEST(ties_without_a_date_are_outside_every_period)
{
    fn_read_options options = edges_plain;
    fn_date_make(2020, 1, 1, &options.since);
    fn_net *net = edges_read_good(GENERAL "2 2 2\n1 2 1\n2 1 1\n", &options);
    ck_assert_uint_eq(fn_net_ties(net), 0);
    ck_assert_int_eq(edges_total(net, FN_REJECTED, "undated"), 2);
    fn_net_free(net);
}
END_TEST

START_TEST(random_matrices_add_up_as_by_hand)
{
    enum { SIZE = 7, ENTRIES = 60 };
    static char text[64 * ENTRIES];
    double sum[SIZE][SIZE] = { { 0 } };
    int64_t count[SIZE][SIZE] = { { 0 } };
    uint64_t seed = (uint64_t) _i;
    size_t n = (size_t) sprintf(text, "%s%d %d %d\n", seed % 2 ? SYMMETRIC : GENERAL, SIZE, SIZE, ENTRIES);
    for (uint64_t e = 0; e < ENTRIES; e++) {
        uint64_t i = fn_random_below(seed, 1, e, SIZE), j = fn_random_below(seed, 2, e, SIZE),
                 w = fn_random_below(seed, 3, e, 900);
        if (seed % 2 && i < j) {
            uint64_t other = i;
            i = j;
            j = other;
        }
        n += (size_t) sprintf(text + n, "%d %d %.2f\n", (int) i + 1, (int) j + 1, (double) w / 4);
        sum[i][j] += (double) w / 4;
        count[i][j]++;
        if (seed % 2 && i != j) {
            sum[j][i] += (double) w / 4;
            count[j][i]++;
        }
    }
    fn_net *net = edges_read_good(text, &edges_plain);
    size_t found = 0;
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie tie = fn_net_tie_at(net, e);
        ck_assert(tie.value == sum[tie.from][tie.to]);
        ck_assert_int_eq(tie.count, count[tie.from][tie.to]);
        found++;
    }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) found -= count[i][j] > 0;
    ck_assert_uint_eq(found, 0);
    fn_net_free(net);
}
END_TEST

START_TEST(every_failing_allocation_of_the_reader_is_an_error)
{
    static const char *const texts[] = {
        SYMMETRIC
        "%firmnet 1\n%layer cobid\n%currency EUR\n%firm 1 a\n%firm 2 b\n%firm 3 \n%more c\n3 3 2\n2 1 5\n3 1 6\n",
        GENERAL "2 3 1\n1 3 5\n"
    };
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_net *net = NULL;
        fn_memory_fail_at(k, false);
        status = edges_read_once(&run, texts[_i], strlen(texts[_i]), &edges_plain, &net);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && !net));
        fn_net_free(net);
        ck_assert_int_lt(k, 2000);
    }
}
END_TEST

START_TEST(reading_can_be_stopped)
{
    fn_run run = support_run();
    fn_net *net;
    run.progress = support_stop;
    ck_assert_int_eq(edges_read_once(&run, GENERAL "1 1 0\n", strlen(GENERAL) + 6, &edges_plain, &net), FN_ECANCEL);
}
END_TEST

/* ---- the names in comments ---- */

START_TEST(names_in_comments_that_do_not_fit_are_told)
{
    static const struct {
        const char *text;
        int64_t line;
        const char *words;
    } bad[] = {
        { GENERAL "%firmnet 2\n1 1 0\n", 2, "another version" },
        { GENERAL "%firmnet 1\n%firm 2 a\n2 2 0\n", 3, "not numbered" },
        { GENERAL "%firmnet 1\n%firm 1 a\n%firm 1 b\n2 2 0\n", 4, "not numbered" },
        { GENERAL "%firmnet 1\n%firm 1 a\n%firm 2 a\n2 2 0\n", 4, "second firm" },
        { GENERAL "%firmnet 1\n%firm 1 a\\n\n1 1 0\n", 3, "backslash" },
        { GENERAL "%firmnet 1\n%firm 1 a\\x4\n1 1 0\n", 3, "backslash" },
        { GENERAL "%firmnet 1\n%layer a\\x00\n1 1 0\n", 3, "no name" },
        { GENERAL "%firmnet 1\n%firm 1 a\n2 2 0\n", 4, "1 firms have an id" },
        { GENERAL "%firmnet 1\n%weight count\n2 2 1\n1 2 0\n", 5, "above 0" },
    };
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) edges_refuse(bad[b].text, bad[b].line, bad[b].words);
    /* of others' comments nothing is taken */
    fn_net *net =
        edges_read_good(GENERAL "%firm 1 a\n%layer cobid\n2 2 1\n%firmnet 1\n%firm 1 b\n1 2 1\n", &edges_plain);
    edges_check_ties(net, "1>2:supply:1:1::;");
    fn_net_free(net);
}
END_TEST

/* ---- writing ---- */

static fn_status write_to(fn_run *run, const char *path, fn_export *what)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    status = fn_format_find("matrix-market")->write(run, output, what);
    if (!status) return fn_output_commit(run, output);
    fn_output_abort(output);
    return status;
}

static char *text_of(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "rb");
    ck_assert(file != NULL);
    size_t n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    fclose(file);
    return text;
}

/* Written and read again. */
static fn_net *round_trip(fn_run *run, const fn_net *net, const char *begins)
{
    const char *path = support_scratch("round.mtx");
    fn_export what = { .net = net, .tie_count = fn_net_ties(net) };
    ck_assert_int_eq(write_to(run, path, &what), FN_OK);
    const char *text = text_of(path);
    ck_assert_msg(strncmp(text, begins, strlen(begins)) == 0, "%.60s", text);
    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) ck_assert_int_le(end - line, 1000);
    fn_net *again;
    fn_status status = fn_read(run, &path, 1, &edges_plain, &again, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    unlink(path);
    ck_assert_uint_eq(fn_net_firms(again), fn_net_firms(net));
    for (uint32_t f = 0; f < fn_net_firms(net); f++) {
        size_t one, two;
        const char *a = fn_names_text(fn_net_keys(net), f, &one), *b = fn_names_text(fn_net_keys(again), f, &two);
        ck_assert_uint_eq(one, two);
        ck_assert(memcmp(a, b, one) == 0);
    }
    ck_assert_uint_eq(fn_net_ties(again), fn_net_ties(net));
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie a = fn_net_tie_at(net, e), b = fn_net_tie_at(again, e);
        ck_assert(a.from == b.from && a.to == b.to && a.count == b.count);
        ck_assert(a.value == b.value || (isnan(a.value) && isnan(b.value)));
        ck_assert_str_eq(fn_names_text(fn_net_layers(net), a.layer, NULL),
                         fn_names_text(fn_net_layers(again), b.layer, NULL));
        ck_assert_str_eq(fn_names_text(fn_net_currencies(net), a.currency, NULL),
                         fn_names_text(fn_net_currencies(again), b.currency, NULL));
    }
    return again;
}

START_TEST(what_firmnet_writes_it_reads_back_with_ids_layer_and_currency)
{
    static const struct {
        const char *rows, *begins;
    } nets[] = {
        { "from,to,value,currency\nAcme,Bolt,12.5,EUR\nBolt,Acme,1e300,EUR\nCog,Cog,0,EUR\n", GENERAL },
        { "from,to,layer,count\nAcme,Bolt,finance,3\nBolt,Cog,finance,1\n", INTEGER },
        { "from,to\nAcme,Bolt\nBolt,Cog\n", PATTERN },
        { "from,to,layer\nBolt,Acme,consortium\nCog,Acme,consortium\n",
          "%%MatrixMarket matrix coordinate pattern symmetric\n" },
        { "from,to,value,layer\n1,2,4,a layer\\ of our own \n2,3,5,a layer\\ of our own \n",
          GENERAL "%firmnet 1\n%layer a layer\\x5c of" },
        { "from,to,value\n1,2,4\n2,3,5\n", GENERAL "%firmnet 1\n%layer supply\n3 3 2\n1 2 4\n2 3 5\n" },
        { "from,to,value\n", PATTERN "%firmnet 1\n0 0 0\n" },
    };
    for (size_t n = 0; n < sizeof nets / sizeof *nets; n++) {
        fn_run run = support_run();
        fn_net *net = edges_read_good(nets[n].rows, &edges_plain);
        fn_net_free(round_trip(&run, net, nets[n].begins));
        fn_net_free(net);
    }
}
END_TEST

START_TEST(every_id_survives)
{
    fn_run run = support_run();
    fn_net *net;
    char giant[2999];
    for (size_t i = 0; i < sizeof giant; i++) giant[i] = "\xc3\xa9x\\"[i % 4];
    const struct {
        const char *id;
        size_t length;
    } ids[] = {
        { "a b", 3 },    { " a ", 3 },         { "\ta\r", 3 },       { "a\nb", 3 }, { "\0a\0", 3 },          { "", 0 },
        { "a\\x20", 5 }, { "\xff\xfe", 2 },    { "caf\xc3\xa9", 5 }, { "%", 1 },    { giant, sizeof giant }, { "1", 1 },
        { " ", 1 },      { "\xef\xbb\xbf", 3 }
    };
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    uint32_t firm = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        ck_assert_int_eq(fn_net_firm(&run, net, ids[i].id, ids[i].length, &firm), FN_OK);
    fn_tie tie = { .from = firm,
                   .to = 0,
                   .product = FN_NONE,
                   .value = 3,
                   .weight = NAN,
                   .count = 1,
                   .first = FN_DAY_NONE,
                   .last = FN_DAY_NONE };
    ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_net_free(round_trip(&run, net, GENERAL));
    fn_net_free(net);
}
END_TEST

START_TEST(ties_of_several_layers_make_no_matrix)
{
    fn_run run = support_run();
    fn_net *net = edges_read_good("from,to,layer\na,b,supply\na,b,finance\nb,a,finance\n", &edges_plain);
    const char *path = support_scratch("layers.mtx");
    fn_export what = { .net = net };
    ck_assert_int_eq(write_to(&run, path, &what), FN_EINVAL);
    ck_assert_ptr_nonnull(strstr(run.error.message, "several layers (supply, finance"));
    ck_assert_ptr_nonnull(strstr(run.error.hint, "--layer"));
    ck_assert_int_ne(access(path, F_OK), 0);
    /* one of them alone, with weights of the export's own */
    const uint32_t tie[] = { 1, 2 };
    const double weight[] = { 0.5, 0.25 };
    what.tie = tie;
    what.tie_count = 2;
    what.weight = weight;
    run = support_run();
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    ck_assert_str_eq(text_of(path),
                     GENERAL "%firmnet 1\n%layer finance\n%firm 1 a\n%firm 2 b\n2 2 2\n1 2 0.5\n2 1 0.25\n");
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(ties_of_a_pair_in_two_currencies_are_counted_not_added)
{
    fn_run run = support_run();
    fn_net *net =
        edges_read_good("from,to,value,currency,count\na,b,5,EUR,2\na,b,7,USD,3\nb,a,1,EUR,1\n", &edges_plain);
    const char *path = support_scratch("money.mtx");
    fn_export what = { .net = net };
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "never added"));
    ck_assert_ptr_nonnull(strstr(text_of(path), INTEGER));
    ck_assert_ptr_nonnull(strstr(text_of(path), "%weight count\n%firm 1 a\n%firm 2 b\n2 2 2\n1 2 5\n2 1 1\n"));
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(ties_without_money_beside_others_weigh_nothing_and_that_is_said)
{
    fn_run run = support_run();
    fn_net *net = edges_read_good("from,to,value,count\na,b,5,2\nb,a,,3\n", &edges_plain);
    const char *path = support_scratch("money.mtx");
    fn_export what = { .net = net };
    ck_assert_int_eq(write_to(&run, path, &what), FN_OK);
    ck_assert_ptr_nonnull(strstr(support_warning(), "1 of 2 ties have no value"));
    ck_assert_ptr_nonnull(strstr(text_of(path), "\n1 2 5\n2 1 0\n"));
    unlink(path);
    fn_net_free(net);
}
END_TEST

START_TEST(every_failing_allocation_of_the_writer_is_an_error)
{
    fn_net *net = edges_read_good("from,to,value\na,b,5\nb,a,3\n", &edges_plain);
    const char *path = support_scratch("failing.mtx");
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_export what = { .net = net, .provenance = "p" };
        fn_memory_fail_at(k, false);
        status = write_to(&run, path, &what);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && access(path, F_OK)));
        ck_assert_int_lt(k, 200);
    }
    unlink(path);
    fn_net_free(net);
}
END_TEST

Suite *suite_matrix_market(void)
{
    Suite *suite = suite_create("matrix_market");
    TCase *reading = tcase_create("reading"), *writing = tcase_create("writing");
    tcase_add_checked_fixture(reading, edges_read_once_only, NULL);
    tcase_add_checked_fixture(writing, edges_read_once_only, NULL);
    tcase_add_test(reading, an_entry_is_a_tie_from_its_row_to_its_column);
    tcase_add_test(reading, rows_without_entries_are_firms_in_their_place);
    tcase_add_test(reading, a_symmetric_matrix_is_a_tie_either_way_or_one_in_an_undirected_layer);
    tcase_add_test(reading, what_is_wrong_is_told_with_its_line);
    tcase_add_test(reading, what_the_file_declares_costs_no_memory);
    tcase_add_test(reading, a_file_cut_at_any_byte_is_noticed);
    tcase_add_test(reading, long_lines_are_lines);
    tcase_add_test(reading, keep_going_sets_bad_entries_aside_but_counts_them);
    tcase_add_test(reading, ties_without_a_date_are_outside_every_period);
    tcase_add_loop_test(reading, random_matrices_add_up_as_by_hand, 0, 20);
    tcase_add_loop_test(reading, every_failing_allocation_of_the_reader_is_an_error, 0, 2);
    tcase_add_test(reading, reading_can_be_stopped);
    tcase_add_test(reading, names_in_comments_that_do_not_fit_are_told);
    tcase_add_test(writing, what_firmnet_writes_it_reads_back_with_ids_layer_and_currency);
    tcase_add_test(writing, every_id_survives);
    tcase_add_test(writing, ties_of_several_layers_make_no_matrix);
    tcase_add_test(writing, ties_of_a_pair_in_two_currencies_are_counted_not_added);
    tcase_add_test(writing, ties_without_money_beside_others_weigh_nothing_and_that_is_said);
    tcase_add_test(writing, every_failing_allocation_of_the_writer_is_an_error);
    suite_add_tcase(suite, reading);
    suite_add_tcase(suite, writing);
    return suite;
}
