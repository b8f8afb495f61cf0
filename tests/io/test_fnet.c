/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
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
    /* alone (mapped), of version 1, and together with others */
    const char *old = support_source("tests/io/golden/v1.fnet");
    const char *paths[][2] = { { path, NULL }, { old, NULL }, { path, old }, { old, path } };
    for (int i = 0; i < 4; i++)
        for (long k = 0;; k++) {
            run = support_run();
            fn_memory_fail_at(k, false);
            fn_status status = fn_read(&run, paths[i], paths[i][1] ? 2 : 1, &fnet_plain, &net, NULL, NULL);
            fn_memory_fail_at(-1, false);
            if (status == FN_OK) {
                ck_assert_int_gt(k, 20);
                fn_net_free(net);
                break;
            }
            ck_assert_int_eq(status, FN_ENOMEM);
        }
    size_t size;
    char *bytes = fnet_file_bytes(path, &size);
    for (long k = 0;; k++) {
        run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = fnet_read_memory(&run, bytes, size, true, &net);
        fn_memory_fail_at(-1, false);
        fn_net_free(net);
        if (status == FN_OK) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
    free(bytes);
    unlink(path);
}
END_TEST

/* What the program of version 1 wrote of a list of ties, a tender dump and a firm table. */
START_TEST(a_file_of_version_1_is_read_and_becomes_one_of_version_2)
{
    fn_run run = support_run();
    const char *old = support_source("tests/io/golden/v1.fnet"), *path = support_scratch("v2.fnet");
    size_t size;
    char *bytes = fnet_file_bytes(old, &size);
    ck_assert_int_eq(bytes[8], 1);
    free(bytes);
    fn_net *net = fnet_read(old);
    fnet_must(&run, fnet_write(&run, net, path));
    fn_net *back = fnet_read(path);
    const fn_net *both[] = { net, back };
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(fn_net_firms(both[i]), 27);
        ck_assert_uint_eq(fn_net_ties(both[i]), 48);
        ck_assert_uint_eq(fn_net_tenders(both[i]), 4);
        ck_assert_uint_eq(fn_names_count(fn_net_layers(both[i])), FN_LAYERS_STANDARD + 1);
        ck_assert_uint_eq(fn_names_count(fn_net_currencies(both[i])), 5);
        uint32_t alpha = support_firm(both[i], "alpha");
        const fn_tie tie = fn_net_tie_at(both[i], 0);
        ck_assert(tie.from == alpha && tie.to == support_firm(both[i], "beta") && tie.value == 10.35 && tie.count == 3);
        ck_assert_str_eq(fn_net_firm_text(both[i], alpha, "name", NULL), "Alpha AG");
        ck_assert(fn_table_find(fn_net_firm_columns(both[i]), "lat")->real[alpha] == 48.1);
        ck_assert_int_eq(fn_table_find(fn_net_tie_columns(both[i]), "lot")->integer[0], 7);
        ck_assert_int_eq(fn_account_total(fn_net_account(both[i]), "row", FN_READ, NULL), 8);
    }
    for (size_t e = 0; e < fn_net_ties(net); e++) {
        const fn_tie a = fn_net_tie_at(net, e), b = fn_net_tie_at(back, e);
        ck_assert(memcmp(&a, &b, sizeof a) == 0);
    }
    fn_net_free(net);
    fn_net_free(back);
    unlink(path);
}
END_TEST

/* Columns in which all ties agree take no room, whatever records they came from. */
START_TEST(a_column_stands_in_the_file_only_where_ties_differ)
{
    fn_run run = support_run();
    fn_net *net;
    const char *path = support_scratch("few.fnet");
    fnet_must(&run, fn_net_new(&run, &net));
    uint32_t firm;
    for (char key = 'a'; key < 'e'; key++) fnet_must(&run, fn_net_firm(&run, net, &key, 1, &firm));
    const fn_tie tie = { .from = 0, .product = FN_NONE, .value = 2, .weight = NAN, .count = 1, .first = 7, .last = 7 };
    for (uint32_t to = 1; to < 4; to++)
        for (uint32_t times = 0; times < 2; times++) {
            fn_tie record = tie;
            record.to = to;
            record.value = times ? to : 5;
            fnet_must(&run, fn_net_add(&run, net, &record, NULL));
        }
    fnet_must(&run, fn_net_freeze(&run, net));
    fnet_must(&run, fnet_write(&run, net, path));
    fn_net *back = fnet_read(path);
    const fn_ties *ties = fn_net_tie_rows(back);
    ck_assert(ties->value[0] == 6 && ties->value[1] == 7 && ties->value[2] == 8);
    ck_assert_ptr_null(ties->count);
    ck_assert_int_eq(fn_net_tie_at(back, 2).count, 2);
    ck_assert(!ties->weight && !ties->first && !ties->last && !ties->product && !ties->layer && !ties->currency);
    fn_net_free(net);
    fn_net_free(back);
    unlink(path);
}
END_TEST

/* Arrays of several blocks: the same file and the same network at any number of threads. */
START_TEST(a_large_file_is_the_same_at_any_number_of_threads)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 5, 20000, 400000, true);
    const char *path[] = { support_scratch("one.fnet"), support_scratch("two.fnet"), support_scratch("three.fnet") };
    for (int threads = 1; threads <= 3; threads++) {
        run.threads = threads;
        fnet_must(&run, fnet_write(&run, net, path[threads - 1]));
        fn_net *back = NULL;
        uint64_t digest, bytes;
        fnet_must(&run, fn_read(&run, &path[threads - 1], 1, &fnet_plain, &back, &digest, &bytes));
        ck_assert(fn_net_tie_rows(back)->borrowed);
        ck_assert_uint_eq(fn_net_ties(back), fn_net_ties(net));
        for (size_t e = 0; e < fn_net_ties(net); e++) {
            const fn_tie a = fn_net_tie_at(net, e), b = fn_net_tie_at(back, e);
            bool alike = a.from == b.from && a.to == b.to && a.value == b.value && a.count == b.count;
            if (!alike) ck_abort_msg("tie %zu", e);
        }
        fn_net_free(back);
        FILE *one = fopen(path[0], "rb"), *other = fopen(path[threads - 1], "rb");
        ck_assert(one && other);
        uint64_t same = 0;
        for (int c; (c = getc(one)) == getc(other) && c != EOF;) same++;
        ck_assert_uint_eq(same, bytes);
        fclose(one);
        fclose(other);
    }
    fn_net_free(net);
    for (int i = 0; i < 3; i++) unlink(path[i]);
}
END_TEST

START_TEST(a_pipe_is_read_where_a_file_is_mapped)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *path = support_scratch("a.fnet"), *pipe = support_scratch("pipe"), *again = support_scratch("b.fnet");
    fnet_must(&run, fnet_write(&run, net, path));
    size_t size, size_again;
    char *bytes = fnet_file_bytes(path, &size);
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        fnet_write_bytes(pipe, bytes, size);
        _exit(0);
    }
    fn_net *back = fnet_read(pipe);
    waitpid(child, NULL, 0);
    fnet_must(&run, fnet_write(&run, back, again));
    char *bytes_again = fnet_file_bytes(again, &size_again);
    ck_assert(size == size_again && memcmp(bytes, bytes_again, size) == 0);
    free(bytes);
    free(bytes_again);
    fn_net_free(net);
    fn_net_free(back);
    unlink(path);
    unlink(pipe);
    unlink(again);
}
END_TEST

START_TEST(the_digest_is_the_files_however_it_is_read)
{
    fn_run run = support_run();
    fn_net *net = fnet_rich_net(&run, true);
    const char *plain = support_scratch("a.fnet"), *packed = support_scratch("b.fnet.gz");
    const char *other = support_scratch("c.fnet");
    fnet_must(&run, fnet_write(&run, net, plain));
    fnet_must(&run, fnet_write(&run, net, packed));
    fn_net *small = support_random_net(&run, 1, 3, 4, true), *read;
    fnet_must(&run, fnet_write(&run, small, other));
    const char *paths[] = { plain, packed, other };
    uint64_t alone[3], together[3], bytes[3], bytes_together[3];
    for (int i = 0; i < 3; i++) {
        fnet_must(&run, fn_read(&run, &paths[i], 1, &fnet_plain, &read, &alone[i], &bytes[i]));
        fn_net_free(read);
    }
    fnet_must(&run, fn_read(&run, paths, 3, &fnet_plain, &read, together, bytes_together));
    fn_net_free(read);
    for (int i = 0; i < 3; i++) ck_assert(alone[i] == together[i] && bytes[i] == bytes_together[i]);
    ck_assert(alone[0] == alone[1] && bytes[0] == bytes[1] && alone[0] != alone[2]);
    fn_net_free(net);
    fn_net_free(small);
    for (int i = 0; i < 3; i++) unlink(paths[i]);
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
    tcase_add_test(whole, a_file_of_version_1_is_read_and_becomes_one_of_version_2);
    tcase_add_test(whole, a_column_stands_in_the_file_only_where_ties_differ);
    tcase_add_test(whole, a_large_file_is_the_same_at_any_number_of_threads);
    tcase_add_test(whole, a_pipe_is_read_where_a_file_is_mapped);
    tcase_add_test(whole, the_digest_is_the_files_however_it_is_read);
    tcase_set_timeout(whole, 120);
    suite_add_tcase(suite, whole);
    return suite;
}
