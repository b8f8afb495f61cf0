/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "algorithms/economy_stream.h"
#include "graph/memory.h"
#include "io/format.h"
#include "io/made_rows.h"
#include "io/pen.h"
#include "tests/suite.h"

Suite *suite_made_rows(void);

START_TEST(made_rows_are_these_texts)
{
    char text[FN_MADE_TENDER_MOST];
    int32_t day;
    ck_assert(fn_date_make(2024, 2, 29, &day));
    fn_made_tie tie = { 123456789, 7, 100, day, "supply", 4212 };
    text[fn_made_tie_text(&tie, 0, text)] = '\0';
    ck_assert_str_eq(text, "KZ-000123456789\tKZ-000000000007\t1.00\t2024-02-29\n");
    tie.cents = 1234567890123456;
    text[fn_made_tie_text(&tie, FN_MADE_LAYER | FN_MADE_PRODUCT, text)] = '\0';
    ck_assert_str_eq(text, "KZ-000123456789\tKZ-000000000007\t12345678901234.56\t2024-02-29\tsupply\t42120000\n");
    tie.cents = 5;
    text[fn_made_tie_text(&tie, FN_MADE_PRODUCT, text)] = '\0';
    ck_assert_str_eq(text, "KZ-000123456789\tKZ-000000000007\t0.05\t2024-02-29\t42120000\n");
    text[fn_made_firm_text(999999999999, 0, "trader", text)] = '\0';
    ck_assert_str_eq(text, "KZ-999999999999\t\ttrader\n");
    text[fn_made_firm_text(98, 1203, "member", text)] = '\0';
    ck_assert_str_eq(text, "KZ-000000000098\t1203\tmember\n");
    ck_assert_str_eq(fn_made_tie_header(0), "from\tto\tvalue\tdate\n");
    ck_assert_str_eq(fn_made_tie_header(FN_MADE_LAYER), "from\tto\tvalue\tdate\tlayer\n");
    fn_made_tender tender = { .number = UINT64_MAX % 1000000000000, .buyer = 999999999999, .bidders = FN_MADE_BIDDERS,
                              .cents = INT64_MAX, .day = day, .product = 9999 };
    for (int b = 0; b < FN_MADE_BIDDERS; b++) tender.bidder[b] = 999999999990 + (uint64_t) b;
    ck_assert_uint_lt(fn_made_tender_text(&tender, text), FN_MADE_TENDER_MOST);
}
END_TEST

/* ---- an economy as ties and as tenders ---- */

static void put_ties(fn_pen *pen, const void *user, size_t first, size_t end)
{
    for (; first < end; first++) {
        fn_stream_row row;
        fn_economy_stream_row(user, first, &row);
        fn_made_tie tie = { row.from_id, row.to_id, row.cents, row.day, NULL, row.product };
        pen->used += fn_made_tie_text(&tie, FN_MADE_PRODUCT, fn_pen_room(pen, FN_MADE_TIE_MOST));
    }
}

static void put_tenders(fn_pen *pen, const void *user, size_t first, size_t end)
{
    for (; first < end; first++) {
        fn_stream_row row;
        fn_economy_stream_row(user, first, &row);
        fn_made_tender tender = { .number = first + 1, .buyer = row.to_id, .cents = row.cents, .day = row.day,
                                  .product = row.product };
        tender.bidders = fn_economy_stream_bidders(user, &row, tender.bidder);
        pen->used += fn_made_tender_text(&tender, fn_pen_room(pen, FN_MADE_TENDER_MOST));
    }
}

static fn_net *write_and_read(fn_run *run, const fn_economy_stream *stream, bool tenders)
{
    char path[4096];
    const char *paths[] = { path };
    const fn_rows rows = { .count = fn_economy_stream_rows(stream), .put = tenders ? put_tenders : put_ties, .user = stream };
    fn_read_options options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };
    fn_output *output;
    fn_net *net;
    snprintf(path, sizeof path, "%s", support_scratch(tenders ? "made.jsonl.gz" : "made.tsv.gz"));
    ck_assert_int_eq(fn_output_open(run, path, &output), FN_OK);
    fn_pen pen = { .run = run, .output = output };
    if (!tenders) fn_pen_text(&pen, fn_made_tie_header(FN_MADE_PRODUCT));
    fn_pen_rows(&pen, &rows);
    ck_assert_int_eq(pen.status, FN_OK);
    ck_assert_int_eq(fn_output_commit(run, output), FN_OK);
    fn_status status = fn_read(run, paths, 1, &options, &net, NULL, NULL);
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
    return net;
}

/* The supply tie of the same two firms in another net. */
static fn_tie same_tie(const fn_net *net, const fn_net *other, const fn_tie *tie)
{
    uint32_t from = support_firm(net, fn_names_text(fn_net_keys(other), tie->from, NULL));
    uint32_t to = support_firm(net, fn_names_text(fn_net_keys(other), tie->to, NULL));
    size_t low = 0, high = fn_net_ties(net);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        fn_tie at = fn_net_tie_at(net, middle);
        bool above = at.from != from ? at.from > from : at.to != to ? at.to > to : at.layer > FN_LAYER_SUPPLY;
        if (above) high = middle;
        else low = middle;
    }
    fn_tie found = fn_net_tie_at(net, low);
    ck_assert(found.from == from && found.to == to && found.layer == FN_LAYER_SUPPLY);
    return found;
}

START_TEST(ties_and_tenders_of_an_economy_read_back_as_the_same_network)
{
    fn_run run = support_run();
    run.threads = 2;
    fn_stream_options options = { .ties = 3000, .periods = 3 };
    fn_economy_stream *stream;
    ck_assert_int_eq(fn_economy_stream_new(&run, &options, &stream), FN_OK);
    fn_net *ties = write_and_read(&run, stream, false), *tenders = write_and_read(&run, stream, true);
    size_t supply = 0, competed = 0;
    ck_assert_int_eq(support_warnings(), 0);
    ck_assert_uint_eq(fn_net_ties(ties), 3000);
    ck_assert_uint_eq(fn_net_firms(ties), 600);
    ck_assert_uint_eq(fn_net_firms(tenders), 600);
    ck_assert_uint_eq(fn_net_tenders(tenders), fn_economy_stream_rows(stream));
    ck_assert_int_eq(fn_net_records(ties), (int64_t) fn_economy_stream_rows(stream));
    for (size_t e = 0; e < fn_net_ties(tenders); e++) {
        fn_tie told = fn_net_tie_at(tenders, e);
        if (told.layer != FN_LAYER_SUPPLY) continue;
        fn_tie tie = same_tie(ties, tenders, &told);
        ck_assert_double_eq(told.value, tie.value);
        ck_assert_int_eq(told.count, tie.count);
        ck_assert_int_eq(told.first, tie.first);
        ck_assert_int_eq(told.last, tie.last);
        supply++;
    }
    for (size_t k = 0; k < fn_net_tenders(tenders); k++) competed += fn_net_tender(tenders)[k].bidders > 1;
    ck_assert_uint_eq(supply, 3000);
    ck_assert_uint_gt(competed, fn_net_tenders(tenders) / 5);
    fn_net_free(ties);
    fn_net_free(tenders);
    fn_economy_stream_free(stream);
}
END_TEST

Suite *suite_made_rows(void)
{
    Suite *suite = suite_create("made_rows");
    TCase *tests = tcase_create("made_rows");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, made_rows_are_these_texts);
    tcase_add_test(tests, ties_and_tenders_of_an_economy_read_back_as_the_same_network);
    suite_add_tcase(suite, tests);
    return suite;
}
