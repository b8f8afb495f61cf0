/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "io/fnet.h"
#include "tests/io/fnet_support.h"
#include "tests/suite.h"

/* Network files that are cut, damaged, forged, of another version. */

Suite *suite_fnet_damage(void);

/* Read bytes as a file; must be refused with FN_EPARSE. */
static void refuse(const char *bytes, size_t size, const char *what, size_t where)
{
    for (int only = 0; only < 2; only++) {
        fn_run run = support_run();
        fn_net *net;
        fn_status status = fnet_read_memory(&run, bytes, size, only, &net);
        ck_assert_msg(status == FN_EPARSE, "%s at %zu: status %d", what, where, status);
        ck_assert_int_eq(run.error.status, FN_EPARSE);
        fn_net_free(net);
    }
}

START_TEST(every_cut_is_refused)
{
    size_t size;
    char *bytes = fnet_rich_file(&size);
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
    char *bytes = fnet_rich_file(&size);
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
    char *bytes = fnet_rich_file(&size);
    const char *path = support_scratch("flipped.fnet");
    for (size_t bit = 0; bit < size * 8; bit += bit < 64 ? 1 : 997) {
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
        fnet_write_bytes(path, bytes, size);
        fn_run run = support_run();
        fn_net *net;
        ck_assert_int_eq(fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL), FN_EPARSE);
        ck_assert_ptr_null(net);
        bytes[bit / 8] = (char) (bytes[bit / 8] ^ (1 << bit % 8));
    }
    unlink(path);
    free(bytes);
}
END_TEST

START_TEST(wrong_numbers_under_right_checksums_do_no_harm)
{
    size_t size;
    char *bytes = fnet_rich_file(&size);
    char *copy = malloc(size);
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    size_t start = (1 + header.sections) * 64, refused = 0, tried = 0;
    static const uint32_t values[] = { 0xffffffffu, 0x7fffffffu, 0x80000000u, 5, 64, 1u << 20 };
    for (size_t at = start; at + 4 <= size; at += 4)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++, tried++) {
            memcpy(copy, bytes, size);
            memcpy(copy + at, &values[v], 4);
            fnet_seal_again(copy);
            bool good[2];
            for (int only = 0; only < 2; only++) {
                fn_run run = support_run();
                fn_net *net;
                fn_status status = fnet_read_memory(&run, copy, size, only, &net);
                ck_assert_msg(status == FN_OK || status == FN_EPARSE, "%s", run.error.message);
                if (!status) fnet_must(&run, fn_net_freeze(&run, net));
                good[only] = !status;
                fn_net_free(net);
            }
            refused += !good[0];
            ck_assert_msg(good[0] || !good[1], "%u at %zu: added no, in place yes", values[v], at);
        }
    ck_assert_uint_gt(refused, tried / 4);
    free(copy);
    free(bytes);
}
END_TEST

START_TEST(a_later_version_and_another_byte_order_are_told)
{
    size_t size;
    char *bytes = fnet_rich_file(&size);
    const char *path = support_scratch("later.fnet");
    fn_fnet_header header;
    memcpy(&header, bytes, sizeof header);
    header.version = 3;
    header.checksum = XXH3_64bits(&header, sizeof header - 8);
    memcpy(bytes, &header, sizeof header);
    fnet_write_bytes(path, bytes, size);
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "version 3"));
    header.byte_order = __builtin_bswap32(header.byte_order);
    memcpy(bytes, &header, sizeof header);
    fnet_write_bytes(path, bytes, size);
    run = support_run();
    ck_assert_int_eq(fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "byte order"));
    unlink(path);
    free(bytes);
}
END_TEST

Suite *suite_fnet_damage(void)
{
    Suite *suite = suite_create("fnet_damage");
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
