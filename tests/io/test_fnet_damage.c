/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "graph/memory.h"
#include "graph/ties.h"
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

START_TEST(cuts_and_flipped_bits_of_version_1_are_refused)
{
    size_t size;
    char *bytes = fnet_file_bytes(support_source("tests/io/golden/v1.fnet"), &size);
    for (size_t cut = 0; cut < size; cut += 61) refuse(bytes, cut, "cut", cut);
    for (size_t bit = 0; bit < size * 8; bit += bit < 128 * 8 ? 1 : 31) {
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

/* Files of several blocks a section: one byte anywhere, also where only a part of the threads looks. */
START_TEST(a_changed_byte_in_any_block_of_a_large_file_is_found)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, 9, 30000, 400000, true);
    const char *path = support_scratch("large.fnet");
    fnet_must(&run, fnet_write(&run, net, path));
    fn_net_free(net);
    FILE *file = fopen(path, "r+b");
    ck_assert(file != NULL && fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    ck_assert_int_gt(size, 6 << 20);
    for (long at = 7; at < size; at += size / 40) {
        fseek(file, at, SEEK_SET);
        int byte = getc(file);
        fseek(file, at, SEEK_SET);
        putc(byte ^ 16, file);
        fflush(file);
        run = support_run();
        run.threads = (int) (1 + at % 3);
        ck_assert_int_eq(fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL), FN_EPARSE);
        ck_assert(run.error.offset >= 0 && run.error.offset <= at);
        fseek(file, at, SEEK_SET);
        putc(byte, file);
        fflush(file);
    }
    run = support_run();
    fnet_must(&run, fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL));
    fn_net_free(net);
    fclose(file);
    ck_assert_int_eq(truncate(path, size - 64), 0);
    ck_assert_int_eq(fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "it is cut"));
    unlink(path);
}
END_TEST

/* The place of a section in a file. */
static fn_fnet_section section_of(const char *bytes, uint32_t kind, uint32_t column)
{
    fn_fnet_section section = { 0 };
    for (size_t s = 1; section.kind != kind || section.column != column; s++)
        memcpy(&section, bytes + s * 64, sizeof section);
    return section;
}

/* Names that stand twice: told where they are asked for, and in the joined way always; no harm otherwise. */
START_TEST(a_firm_that_stands_twice_is_found_by_check)
{
    size_t size;
    char *bytes = fnet_rich_file(&size);
    fn_fnet_section names = section_of(bytes, FN_FNET_FIRM_BYTES, 0);
    ck_assert_int_eq(bytes[names.offset + 2], 'b');
    bytes[names.offset + 2] = 'a';
    fnet_seal_again(bytes);
    const char *path = support_scratch("twice.fnet");
    fnet_write_bytes(path, bytes, size);
    fn_run run = support_run();
    fn_net *net;
    fn_read_options check = fnet_plain;
    check.check = true;
    ck_assert_int_eq(fn_read(&run, &path, 1, &check, &net, NULL, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "a firm stands twice"));
    ck_assert_int_eq(run.error.offset, (int64_t) names.offset + 2);
    run = support_run();
    ck_assert_int_eq(fnet_read_memory(&run, bytes, size, false, &net), FN_EPARSE);
    fn_net_free(net);
    run = support_run();
    fnet_must(&run, fn_read(&run, &path, 1, &fnet_plain, &net, NULL, NULL));
    ck_assert_uint_eq(support_firm(net, "a"), 0);
    fn_net_free(net);
    unlink(path);
    free(bytes);
}
END_TEST

/* Each rule of the ties broken by itself, under right checksums: refused in both ways, at the place of the tie. */
START_TEST(every_rule_of_the_ties_is_checked)
{
    typedef struct broken { uint32_t kind, column; size_t row; uint64_t bits; size_t size; } broken;
    const double huge = 1.7e308, infinite = INFINITY;
    uint64_t huge_bits, infinite_bits;
    memcpy(&huge_bits, &huge, 8);
    memcpy(&infinite_bits, &infinite, 8);
    /* ties: a->b supply, b->a barter, ""-"n" cobid, caf->caf supply */
    const broken list[] = {
        { FN_FNET_TIE_FROM, 0, 0, 5, 4 },          { FN_FNET_TIE_TO, 0, 3, 5, 4 },
        { FN_FNET_TIE_FROM, 0, 1, 0, 4 },          { FN_FNET_TIE_FROM, 0, 0, 2, 4 },
        { FN_FNET_TIE_FROM, 0, 2, 4, 4 },          { FN_FNET_TIE_CELLS, FN_TIES_VALUE, 1, infinite_bits, 8 },
        { FN_FNET_TIE_CELLS, FN_TIES_WEIGHT, 3, infinite_bits, 8 },
        { FN_FNET_TIE_CELLS, FN_TIES_COUNT, 2, UINT64_MAX, 8 },
        { FN_FNET_TIE_CELLS, FN_TIES_COUNT, 1, INT64_MAX, 8 },
        { FN_FNET_TIE_CELLS, FN_TIES_FIRST, 0, 201, 4 }, { FN_FNET_TIE_CELLS, FN_TIES_LAST, 3, 4, 4 },
        { FN_FNET_TIE_CELLS, FN_TIES_PRODUCT, 0, 1, 4 }, { FN_FNET_TIE_CELLS, FN_TIES_LAYER, 0, 9, 2 },
        { FN_FNET_TIE_CELLS, FN_TIES_CURRENCY, 2, 2, 2 },
    };
    size_t size;
    char *bytes = fnet_rich_file(&size), *copy = malloc(size);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        memcpy(copy, bytes, size);
        fn_fnet_section section = section_of(copy, list[i].kind, list[i].column);
        ck_assert_msg(section.bytes == 4 * list[i].size, "rule %zu: no such column", i);
        memcpy(copy + section.offset + list[i].row * list[i].size, &list[i].bits, list[i].size);
        fnet_seal_again(copy);
        refuse(copy, size, "rule", i);
    }
    fn_fnet_section value = section_of(bytes, FN_FNET_TIE_CELLS, FN_TIES_VALUE);
    memcpy(copy, bytes, size);
    for (size_t row = 0; row < 2; row++) memcpy(copy + value.offset + row * 8, &huge_bits, 8);
    fnet_seal_again(copy);
    refuse(copy, size, "the sum of values", 0);
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
    tcase_add_test(broken, cuts_and_flipped_bits_of_version_1_are_refused);
    tcase_add_test(broken, a_flipped_bit_anywhere_stops_the_whole_read);
    tcase_add_test(broken, wrong_numbers_under_right_checksums_do_no_harm);
    tcase_add_test(broken, a_changed_byte_in_any_block_of_a_large_file_is_found);
    tcase_add_test(broken, a_firm_that_stands_twice_is_found_by_check);
    tcase_add_test(broken, every_rule_of_the_ties_is_checked);
    tcase_add_test(broken, a_later_version_and_another_byte_order_are_told);
    tcase_set_timeout(broken, 300);
    suite_add_tcase(suite, broken);
    return suite;
}
