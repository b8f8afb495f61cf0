/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "graph/memory.h"
#include "io/fnet.h"
#include "tests/io/fnet_support.h"
#include "tests/suite.h"

Suite *suite_fnet(void);

START_TEST(everything_comes_back)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *path = support_scratch("a.fnet");
    fnet_must(&run, fnet_write(&run, net, path));
    fn_net *back = fnet_read(path);
    ck_assert_uint_eq(fn_net_firms(back), 5);
    ck_assert_uint_eq(fn_net_ties(back), 4);
    ck_assert_int_eq(fn_net_records(back), 5);
    size_t length;
    ck_assert_mem_eq(fn_names_text(fn_net_keys(back), 3, &length), "n\0ul", 4);
    ck_assert_uint_eq(length, 4);
    for (size_t e = 0; e < 4; e++) {
        const fn_tie *a = FN_TIE(net, e), *b = FN_TIE(back, e);
        ck_assert(a->from == b->from && a->to == b->to && a->product == b->product && a->layer == b->layer);
        ck_assert(a->currency == b->currency && a->count == b->count && a->first == b->first && a->last == b->last);
        ck_assert((isnan(a->value) && isnan(b->value)) || a->value == b->value);
        ck_assert((isnan(a->weight) && isnan(b->weight)) || a->weight == b->weight);
    }
    ck_assert_str_eq(fn_net_firm_text(back, 3, "name", NULL), "Bolt");
    ck_assert_str_eq(fn_net_firm_text(back, 1, "kind", NULL), "authority");
    ck_assert(fn_table_find(fn_net_firm_columns(back), "size")->real[2] == 1.5);
    ck_assert_int_eq(fn_table_find(fn_net_firm_columns(back), "open")->boolean[1], 1);
    ck_assert_int_eq(fn_table_find(fn_net_tie_columns(back), "lot")->integer[0], 7);
    ck_assert_uint_eq(fn_net_tenders(back), 1);
    ck_assert_uint_eq(fn_net_tender(back)[0].bidders, 2);
    ck_assert_uint_eq(fn_net_tender_firms(back)[fn_net_tender(back)[0].first_winner], 3);
    ck_assert_int_eq(fn_account_total(fn_net_account(back), "row", FN_MERGED, "same_tie"), 1);
    const fn_account_sum *sum = fn_account_sum_at(fn_net_account(back), 0);
    ck_assert_int_eq(sum->sum.terms, 2);
    ck_assert(fn_sum_value(&sum->sum) == fn_sum_value(&fn_account_sum_at(fn_net_account(net), 0)->sum));
    ck_assert_str_eq(fn_account_line_at(fn_net_account(back), 0)->file, "x.tsv");
    fn_net_free(net);
    fn_net_free(back);
    unlink(path);
}
END_TEST

START_TEST(writing_what_was_read_gives_the_same_bytes)
{
    fn_run run = support_run();
    const char *one = support_scratch("one.fnet"), *two = support_scratch("two.fnet");
    for (int i = 0; i < 6; i++) {
        fn_net *net = i == 0 ? fnet_rich_net(&run, true)
                             : support_random_net(&run, (uint64_t) i, (uint32_t) i * 4 - 4, (size_t) i * 9, i & 1);
        fnet_must(&run, fnet_write(&run, net, one));
        fn_net *back = fnet_read(one);
        fnet_must(&run, fnet_write(&run, back, two));
        size_t size_one, size_two;
        char *bytes_one = fnet_file_bytes(one, &size_one), *bytes_two = fnet_file_bytes(two, &size_two);
        ck_assert_uint_eq(size_one, size_two);
        ck_assert(memcmp(bytes_one, bytes_two, size_one) == 0);
        ck_assert_uint_eq(size_one % FN_FNET_ALIGN, 0);
        free(bytes_one);
        free(bytes_two);
        fn_net_free(net);
        fn_net_free(back);
    }
    unlink(one);
    unlink(two);
}
END_TEST

START_TEST(a_compressed_network_file_is_the_same_network)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *packed = support_scratch("a.fnet.gz"), *one = support_scratch("one.fnet"),
               *two = support_scratch("two.fnet");
    fnet_must(&run, fnet_write(&run, net, packed));
    fnet_must(&run, fnet_write(&run, net, one));
    fn_net *back = fnet_read(packed);
    fnet_must(&run, fnet_write(&run, back, two));
    size_t size_one, size_two;
    char *bytes_one = fnet_file_bytes(one, &size_one), *bytes_two = fnet_file_bytes(two, &size_two);
    ck_assert(size_one == size_two && memcmp(bytes_one, bytes_two, size_one) == 0);
    free(bytes_one);
    free(bytes_two);
    fn_net_free(net);
    fn_net_free(back);
    unlink(packed);
    unlink(one);
    unlink(two);
}
END_TEST

START_TEST(a_network_file_joins_other_inputs)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *file = support_scratch("a.fnet"), *list = support_scratch("b.csv");
    fnet_must(&run, fnet_write(&run, net, file));
    fn_net_free(net);
    static const char text[] = "from,to,value,currency,lot\nz,b,3,EUR,x\na,b,4,EUR,1\n";
    fnet_write_bytes(list, text, strlen(text));
    const char *paths[][2] = { { file, list }, { list, file } };
    for (int i = 0; i < 2; i++) {
        fnet_must(&run, fn_read(&run, paths[i], 2, &fnet_plain, &net, NULL, NULL));
        ck_assert_uint_eq(fn_net_firms(net), 6);
        ck_assert_uint_eq(fn_net_ties(net), 5);
        ck_assert_int_eq(fn_net_records(net), 7);
        uint32_t a = support_firm(net, "a"), b = support_firm(net, "b");
        size_t e = 0;
        while (fn_net_tie_at(net, e).from != a || fn_net_tie_at(net, e).to != b) e++;
        const fn_tie *tie = FN_TIE(net, e);
        ck_assert(fabs(tie->value - 14.35) < 1e-12);
        ck_assert_int_eq(tie->count, 4);
        ck_assert_str_eq(fn_net_firm_text(net, a, "name", NULL), "Acme");
        ck_assert_int_eq(fn_account_total(fn_net_account(net), "row", FN_READ, NULL), 7);
        ck_assert_int_eq(fn_table_find(fn_net_tie_columns(net), "lot")->type, FN_COLUMN_TEXT);
        const fn_tender *tender = &fn_net_tender(net)[0];
        const uint32_t *bidder = fn_net_tender_firms(net) + tender->first_bidder;
        ck_assert_uint_eq(tender->bidders, 2);
        ck_assert_uint_lt(bidder[0], bidder[1]);
        fn_net_free(net);
    }
    unlink(file);
    unlink(list);
}
END_TEST

START_TEST(no_allocation_failure_is_lost_in_a_network_file)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *path = support_scratch("a.fnet");
    for (long k = 0;; k++) {
        run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = fnet_write(&run, net, path);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
    fn_net_free(net);
    for (long k = 0;; k++) {
        run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) {
            ck_assert_int_gt(k, 20);
            fn_net_free(net);
            break;
        }
        ck_assert_int_eq(status, FN_ENOMEM);
    }
    unlink(path);
}
END_TEST

Suite *suite_fnet(void)
{
    Suite *suite = suite_create("fnet");
    TCase *whole = tcase_create("whole");
    tcase_add_test(whole, everything_comes_back);
    tcase_add_test(whole, writing_what_was_read_gives_the_same_bytes);
    tcase_add_test(whole, a_compressed_network_file_is_the_same_network);
    tcase_add_test(whole, a_network_file_joins_other_inputs);
    tcase_add_test(whole, no_allocation_failure_is_lost_in_a_network_file);
    tcase_set_timeout(whole, 60);
    suite_add_tcase(suite, whole);
    return suite;
}
