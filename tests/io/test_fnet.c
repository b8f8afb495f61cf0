/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "io/fnet.h"
#include "io/format.h"
#include "tests/suite.h"

Suite *suite_fnet(void);

static const fn_read_options plain = { .since = FN_DAY_NONE, .until = FN_DAY_NONE };

/* ---- helpers ---- */

static char *file_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no %s", path);
    char *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static fn_status write_net(fn_run *run, const fn_net *net, const char *path)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    if (status) return status;
    fn_export export_ = { .net = net };
    status = fn_format_find("fnet")->write(run, output, &export_);
    if (!status) return fn_output_commit(run, output);
    fn_output_abort(output);
    return status;
}

static void must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s (%s)", run->error.message, run->error.file);
}

static void set(fn_run *run, fn_net *net, uint32_t firm, const char *column, const char *text)
{
    must(run, fn_net_set_firm_text(run, net, firm, column, text, strlen(text)));
}

/* A small net with something of everything. */
static fn_net *rich_net(fn_run *run, bool frozen)
{
    static const char *const keys[] = { "a", "b", "", "n\0ul", "caf\xe9" };
    static const size_t lengths[] = { 1, 1, 0, 4, 4 };
    fn_net *net;
    must(run, fn_net_new(run, &net));
    uint32_t firm[5], product;
    uint16_t layer, currency;
    for (int f = 0; f < 5; f++) must(run, fn_net_firm(run, net, keys[f], lengths[f], &firm[f]));
    must(run, fn_net_layer(run, net, "barter", 6, &layer));
    must(run, fn_net_currency(run, net, "EUR", 3, &currency));
    must(run, fn_net_product(run, net, "45", 2, &product));
    set(run, net, 0, "name", "Acme");
    set(run, net, 3, "name", "Bolt");
    set(run, net, 1, "kind", "authority");
    fn_column *column;
    must(run, fn_table_add(run, fn_net_firm_table(net), "size", FN_COLUMN_REAL, &column));
    column->real[2] = 1.5;
    must(run, fn_table_add(run, fn_net_firm_table(net), "open", FN_COLUMN_BOOL, &column));
    column->boolean[1] = 1;
    fn_tie ties[] = {
        { 0, 1, product, FN_LAYER_SUPPLY, currency, 10.25, NAN, 2, 100, 200 },
        { 1, 0, FN_NONE, layer, 0, NAN, NAN, 1, FN_DAY_NONE, FN_DAY_NONE },
        { 3, 2, FN_NONE, FN_LAYER_COBID, 0, NAN, 0.5, 1, 5, 5 },
        { 4, 4, FN_NONE, FN_LAYER_SUPPLY, currency, 1, NAN, 1, 5, 5 },
        { 0, 1, FN_NONE, FN_LAYER_SUPPLY, currency, 0.1, NAN, 1, 50, 60 },
    };
    for (size_t e = 0; e < 5; e++) must(run, fn_net_add(run, net, &ties[e], NULL));
    must(run, fn_table_add(run, fn_net_tie_table(net), "lot", FN_COLUMN_INT, &column));
    column->integer[0] = 7;
    must(run, fn_table_add(run, fn_net_tie_table(net), "note", FN_COLUMN_TEXT, &column));
    must(run, fn_column_set_text(run, column, 2, "hello", 5));
    must(run, fn_table_add(run, fn_net_tie_table(net), "when", FN_COLUMN_DATE, &column));
    column->date[1] = 18000;
    const uint32_t bidders[] = { 0, 3 }, winners[] = { 3 };
    const fn_tender tender = {
        .buyer = 1, .product = product, .currency = currency, .bids_known = true, .day = 9, .value = 5
    };
    must(run, fn_net_add_tender(run, net, &tender, bidders, 2, winners, 1));
    fn_account *account = fn_net_account(net);
    must(run, fn_account_count(run, account, "row", FN_READ, "", "", 5, "/some/where/x.tsv.gz", 0, NULL));
    must(run, fn_account_count(run, account, "row", FN_KEPT, "", "", 4, NULL, 0, NULL));
    must(run, fn_account_count(run, account, "row", FN_MERGED, "same_tie", "merged", 1, "x.tsv", 5, "a,b"));
    must(run, fn_account_money(run, account, "awarded", "EUR", 0.1));
    must(run, fn_account_money(run, account, "awarded", "EUR", 1e300));
    if (frozen) must(run, fn_net_freeze(run, net));
    return net;
}

static fn_net *read_net(const char *path)
{
    fn_run run = support_run();
    fn_net *net;
    must(&run, fn_read(&run, &path, 1, &plain, &net, NULL, NULL));
    return net;
}

/* ---- tests ---- */

START_TEST(everything_comes_back)
{
    fn_run run = support_run();
    fn_net *net = rich_net(&run, true);
    const char *path = support_scratch("a.fnet");
    must(&run, write_net(&run, net, path));
    fn_net *back = read_net(path);
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
        fn_net *net = i == 0 ? rich_net(&run, true)
                             : support_random_net(&run, (uint64_t) i, (uint32_t) i * 4 - 4, (size_t) i * 9, i & 1);
        must(&run, write_net(&run, net, one));
        fn_net *back = read_net(one);
        must(&run, write_net(&run, back, two));
        size_t size_one, size_two;
        char *bytes_one = file_bytes(one, &size_one), *bytes_two = file_bytes(two, &size_two);
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
    fn_net *net = rich_net(&run, true);
    const char *packed = support_scratch("a.fnet.gz"), *one = support_scratch("one.fnet"),
               *two = support_scratch("two.fnet");
    must(&run, write_net(&run, net, packed));
    must(&run, write_net(&run, net, one));
    fn_net *back = read_net(packed);
    must(&run, write_net(&run, back, two));
    size_t size_one, size_two;
    char *bytes_one = file_bytes(one, &size_one), *bytes_two = file_bytes(two, &size_two);
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

/* Read bytes as a file; must be refused with FN_EPARSE. */
static void refuse(const char *bytes, size_t size, const char *what, size_t where)
{
    fn_run run = support_run();
    fn_net *net = NULL;
    fn_source *source;
    must(&run, fn_source_open_memory(&run, "x.fnet", bytes, size, &source));
    must(&run, fn_net_new(&run, &net));
    fn_import import = { .options = &plain, .net = net, .account = fn_net_account(net) };
    fn_status status = fn_format_find("fnet")->read(&run, source, &import);
    ck_assert_msg(status == FN_EPARSE, "%s at %zu: status %d", what, where, status);
    ck_assert_int_eq(run.error.status, FN_EPARSE);
    fn_source_close(source);
    fn_net_free(net);
}

static char *rich_file(size_t *size)
{
    fn_run run = support_run();
    fn_net *net = rich_net(&run, true);
    const char *path = support_scratch("rich.fnet");
    must(&run, write_net(&run, net, path));
    fn_net_free(net);
    char *bytes = file_bytes(path, size);
    unlink(path);
    return bytes;
}

START_TEST(every_cut_is_refused)
{
    size_t size;
    char *bytes = rich_file(&size);
    for (size_t cut = 0; cut < size; cut++) refuse(bytes, cut, "cut", cut);
    char *longer = calloc(1, size + 64);
    memcpy(longer, bytes, size);
    refuse(longer, size + 1, "a byte more", size);
    refuse(longer, size + 64, "bytes more", size);
    free(longer);
    free(bytes);
}
END_TEST

START_TEST(every_flipped_bit_is_refused)
{
    size_t size;
    char *bytes = rich_file(&size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
        refuse(bytes, size, "flipped bit", bit);
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
    }
    free(bytes);
}
END_TEST

START_TEST(a_flipped_bit_anywhere_stops_the_whole_read)
{
    size_t size;
    char *bytes = rich_file(&size);
    const char *path = support_scratch("flipped.fnet");
    for (size_t bit = 0; bit < size * 8; bit += bit < 64 ? 1 : 997) {
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
        write_bytes(path, bytes, size);
        fn_run run = support_run();
        fn_net *net;
        ck_assert_int_eq(fn_read(&run, &path, 1, &plain, &net, NULL, NULL), FN_EPARSE);
        ck_assert_ptr_null(net);
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
    }
    unlink(path);
    free(bytes);
}
END_TEST

/* Make all checksums right again, as somebody who means harm would. */
static void seal_again(char *bytes)
{
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    for (uint64_t s = 0; s < header.sections; s++) {
        fn_fnet_section section;
        memcpy(&section, bytes + (1 + s) * 64, sizeof section);
        section.checksum = XXH3_64bits(bytes + section.offset, section.bytes);
        memcpy(bytes + (1 + s) * 64, &section, sizeof section);
    }
    header.directory_checksum = XXH3_64bits(bytes + 64, header.sections * 64);
    header.checksum = XXH3_64bits(&header, sizeof header - 8);
    memcpy(bytes, &header, sizeof header);
}

START_TEST(wrong_numbers_under_right_checksums_do_no_harm)
{
    size_t size;
    char *bytes = rich_file(&size);
    char *copy = malloc(size);
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    size_t start = (1 + header.sections) * 64, refused = 0, tried = 0;
    static const uint32_t values[] = { 0xffffffffu, 0x7fffffffu, 0x80000000u, 5, 64, 1u << 20 };
    for (size_t at = start; at + 4 <= size; at += 4)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++, tried++) {
            memcpy(copy, bytes, size);
            memcpy(copy + at, &values[v], 4);
            seal_again(copy);
            fn_run run = support_run();
            fn_net *net;
            fn_source *source;
            must(&run, fn_source_open_memory(&run, "x.fnet", copy, size, &source));
            must(&run, fn_net_new(&run, &net));
            fn_import import = { .options = &plain, .net = net, .account = fn_net_account(net) };
            fn_status status = fn_format_find("fnet")->read(&run, source, &import);
            ck_assert_msg(status == FN_OK || status == FN_EPARSE, "%s", run.error.message);
            if (!status) must(&run, fn_net_freeze(&run, net));
            refused += status != FN_OK;
            fn_source_close(source);
            fn_net_free(net);
        }
    ck_assert_uint_gt(refused, tried / 4);
    free(copy);
    free(bytes);
}
END_TEST

START_TEST(a_later_version_and_another_byte_order_are_told)
{
    size_t size;
    char *bytes = rich_file(&size);
    const char *path = support_scratch("later.fnet");
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    header.version = 2;
    header.checksum = XXH3_64bits(&header, sizeof header - 8);
    memcpy(bytes, &header, sizeof header);
    write_bytes(path, bytes, size);
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(fn_read(&run, &path, 1, &plain, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "version 2"));
    header.byte_order = __builtin_bswap32(header.byte_order);
    memcpy(bytes, &header, sizeof header);
    write_bytes(path, bytes, size);
    run = support_run();
    ck_assert_int_eq(fn_read(&run, &path, 1, &plain, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "byte order"));
    unlink(path);
    free(bytes);
}
END_TEST

START_TEST(a_network_file_joins_other_inputs)
{
    fn_run run = support_run();
    fn_net *net = rich_net(&run, true);
    const char *file = support_scratch("a.fnet"), *list = support_scratch("b.csv");
    must(&run, write_net(&run, net, file));
    fn_net_free(net);
    static const char text[] = "from,to,value,currency,lot\nz,b,3,EUR,x\na,b,4,EUR,1\n";
    write_bytes(list, text, strlen(text));
    const char *paths[][2] = { { file, list }, { list, file } };
    for (int i = 0; i < 2; i++) {
        must(&run, fn_read(&run, paths[i], 2, &plain, &net, NULL, NULL));
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
    fn_net *net = rich_net(&run, true);
    const char *path = support_scratch("a.fnet");
    for (long k = 0;; k++) {
        run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = write_net(&run, net, path);
        fn_memory_fail_at(-1, false);
        if (status == FN_OK) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
    fn_net_free(net);
    for (long k = 0;; k++) {
        run = support_run();
        fn_memory_fail_at(k, false);
        fn_status status = fn_read(&run, &path, 1, &plain, &net, NULL, NULL);
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
    TCase *broken = tcase_create("broken");
    tcase_add_test(broken, every_cut_is_refused);
    tcase_add_test(broken, every_flipped_bit_is_refused);
    tcase_add_test(broken, a_flipped_bit_anywhere_stops_the_whole_read);
    tcase_add_test(broken, wrong_numbers_under_right_checksums_do_no_harm);
    tcase_add_test(broken, a_later_version_and_another_byte_order_are_told);
    tcase_set_timeout(broken, 300);
    suite_add_tcase(suite, broken);
    return suite;
}
