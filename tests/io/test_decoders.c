/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <string.h>
#include "graph/memory.h"
#include "io/decoder.h"
#include "io/inflate.h"
#include "tests/io/stream_support.h"
#include "tests/suite.h"
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_BZ2
#include <bzlib.h>
#endif

Suite *suite_decoders(void);

enum { PACKED_MOST = 1 << 20, KINDS = 3 };

/* One part (frame, stream) behind what is in all, with a checksum. false: not built in. */
static bool append_zstd(bytes *all, const char *text, size_t size)
{
#ifdef HAVE_ZSTD
    static char out[PACKED_MOST];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t made = ZSTD_compress2(context, out, sizeof out, text, size);
    ck_assert(!ZSTD_isError(made));
    ZSTD_freeCCtx(context);
    stream_append(all, out, made);
    return true;
#else
    (void) all, (void) text, (void) size;
    return false;
#endif
}

static bool append_xz(bytes *all, const char *text, size_t size)
{
#ifdef HAVE_LZMA
    static uint8_t out[PACKED_MOST];
    size_t made = 0;
    ck_assert_int_eq(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *) text, size, out, &made,
                                             sizeof out), LZMA_OK);
    stream_append(all, out, made);
    return true;
#else
    (void) all, (void) text, (void) size;
    return false;
#endif
}

static bool append_bzip2(bytes *all, const char *text, size_t size)
{
#ifdef HAVE_BZ2
    static char out[PACKED_MOST];
    unsigned made = sizeof out;
    ck_assert_int_eq(BZ2_bzBuffToBuffCompress(out, &made, (char *) text, (unsigned) size, 1, 0, 0), BZ_OK);
    stream_append(all, out, made);
    return true;
#else
    (void) all, (void) text, (void) size;
    return false;
#endif
}

static const struct {
    const char *name;
    bool (*append)(bytes *all, const char *text, size_t size);
} kinds[KINDS] = { { "zstd", append_zstd }, { "xz", append_xz }, { "bzip2", append_bzip2 } };

static const char short_text[] = "from\tto\tvalue\nA\tB\t1\nB\tC\t2.5\nA\tC\t1e3\n";

static void expect(const bytes *file, const char *wanted, size_t size)
{
    bytes text = { 0 };
    ck_assert_int_eq(stream_compare("file", file, &text), FN_OK);
    ck_assert_uint_eq(text.size, size);
    ck_assert(!memcmp(text.at, wanted, size));
    fn_free(text.at);
}

/* The words of the refusal; its file and place are there. */
static fn_error expect_refusal(const bytes *file)
{
    bytes text = { 0 };
    fn_run run = support_run();
    ck_assert_int_eq(stream_read(&run, "file", file, &text), FN_EPARSE);
    ck_assert_str_eq(run.error.file, "file");
    ck_assert_int_ge(run.error.offset, 0);
    fn_free(text.at);
    return run.error;
}

START_TEST(parts_of_a_file_are_one_text)
{
    bytes text = stream_lines(3000000), file = { 0 };
    if (!kinds[_i].append(&file, text.at, text.size)) return;
    expect(&file, text.at, text.size);
    file.size = 0;
    for (size_t at = 0; at < text.size; at += 700000) {
        kinds[_i].append(&file, text.at + at, text.size - at < 700000 ? text.size - at : 700000);
        kinds[_i].append(&file, "", 0);
    }
    expect(&file, text.at, text.size);
    fn_source_portions(77, 1000);
    file.size = 0;
    kinds[_i].append(&file, text.at, 20000);
    kinds[_i].append(&file, text.at + 20000, 20000);
    expect(&file, text.at, 40000);
    fn_source_portions(0, 0);
    fn_free(text.at);
    fn_free(file.at);
}
END_TEST

START_TEST(a_cut_at_any_byte_is_an_error)
{
    bytes file = { 0 };
    if (!kinds[_i].append(&file, short_text, 30)) return;
    size_t first = file.size;
    kinds[_i].append(&file, short_text + 30, sizeof short_text - 31);
    for (size_t size = 0; size < file.size; size++) {
        bytes text = { 0 }, cut = { file.at, size, 0 };
        fn_status status = stream_compare("cut", &cut, &text);
        if (size < 10) { /* not recognised yet: then it is text, or its beginning */
        } else if (size == first) {
            ck_assert_int_eq(status, FN_OK);
        } else {
            ck_assert_int_eq(status, FN_EPARSE);
            fn_error error = expect_refusal(&cut);
            ck_assert_msg(strstr(error.message, "is cut") && strstr(error.message, kinds[_i].name), "%s", error.message);
            ck_assert_int_eq(error.offset, (int64_t) size);
        }
        fn_free(text.at);
    }
    fn_free(file.at);
}
END_TEST

/* Flips that leave the text as it was are harmless (flags that say what is so anyhow, bits behind the last block). */
START_TEST(a_flip_of_any_bit_is_an_error_or_harmless)
{
    bytes file = { 0 };
    if (!kinds[_i].append(&file, short_text, sizeof short_text - 1)) return;
    size_t harmless = 0;
    for (size_t bit = 8 * 10; bit < 8 * file.size; bit++) {
        bytes text = { 0 };
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        fn_status status = stream_compare("flipped", &file, &text);
        if (!status) {
            harmless++;
            ck_assert(text.size == sizeof short_text - 1 && !memcmp(text.at, short_text, text.size));
        }
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        fn_free(text.at);
    }
    ck_assert_uint_lt(harmless, file.size / 2); /* of 8 bits a byte */
    fn_free(file.at);
}
END_TEST

START_TEST(bytes_behind_the_end_are_an_error_at_their_place)
{
    bytes file = { 0 };
    if (!kinds[_i].append(&file, short_text, sizeof short_text - 1)) return;
    int64_t end = (int64_t) file.size;
    stream_append(&file, "x", 1);
    fn_error error = expect_refusal(&file);
    ck_assert(strstr(error.message, "behind the end") != NULL);
    ck_assert_int_eq(error.offset, end);
    file.size--;
    /* zeros: padding of xz in fours, nothing that the others know */
    bool xz = !strcmp(kinds[_i].name, "xz");
    stream_append(&file, "\0\0\0", 3);
    ck_assert(strstr(expect_refusal(&file).message, xz ? "padding" : "behind the end") != NULL);
    stream_append(&file, "\0", 1);
    if (xz) expect(&file, short_text, sizeof short_text - 1);
    else expect_refusal(&file);
    fn_free(file.at);
}
END_TEST

START_TEST(what_begins_like_a_part_must_be_one)
{
    bytes file = { 0 };
    if (!kinds[_i].append(&file, short_text, sizeof short_text - 1)) return;
    char first = file.at[0];
    stream_append(&file, &first, 1);
    stream_append(&file, "no such thing, whatever it is", 29);
    ck_assert(strstr(expect_refusal(&file).message, " 2: ") != NULL);
    fn_free(file.at);
}
END_TEST

START_TEST(a_file_packed_twice_is_refused)
{
    bytes file = { 0 }, twice = { 0 };
    if (!kinds[_i].append(&file, short_text, sizeof short_text - 1)) return;
    kinds[_i].append(&twice, file.at, file.size);
    fn_error error = expect_refusal(&twice);
    ck_assert(strstr(error.message, " inside ") != NULL);
    ck_assert(strstr(error.hint, "unpack it once") != NULL);
    twice.size = 0;
    stream_member(&twice, file.at, file.size, NULL);
    ck_assert(strstr(expect_refusal(&twice).message, " inside gzip") != NULL);
    fn_free(file.at);
    fn_free(twice.at);
}
END_TEST

START_TEST(failing_allocations_are_said)
{
    bytes file = { 0 };
    if (!kinds[_i].append(&file, short_text, sizeof short_text - 1)) return;
    bool failed = true;
    for (long k = 0; failed; k++) {
        fn_run run = support_run();
        fn_source *source;
        const char *at;
        size_t got = 1;
        fn_memory_fail_at(k, false);
        fn_status status = fn_source_open_memory(&run, "file", file.at, file.size, &source);
        while (!status && got) status = fn_source_next(&run, source, &at, &got);
        failed = fn_memory_calls() > k;
        fn_memory_fail_at(-1, false);
        ck_assert_int_eq(status, failed ? FN_ENOMEM : FN_OK);
        ck_assert_int_eq(run.error.status, status);
        fn_source_close(source);
    }
    fn_free(file.at);
}
END_TEST

/* Bytes of each kind that is not built in are named, with the program that unpacks them. */
START_TEST(the_table_names_every_kind)
{
    char list[64];
    fn_decoder_list(true, list, sizeof list);
    ck_assert(!strncmp(list, "gzip by ", 8));
    fn_decoder_list(false, list, sizeof list);
    for (size_t i = 0; fn_decoder_at(i); i++) {
        const fn_decoder *decoder = fn_decoder_at(i);
        ck_assert(decoder->name && decoder->part && decoder->hint && decoder->begins[0] && decoder->fits);
        ck_assert(!decoder->state_size || (decoder->start && decoder->begin && decoder->step && decoder->end));
        ck_assert_int_eq(strstr(list, decoder->name) != NULL, decoder->state_size > 0);
    }
    static const struct { const char *head; size_t size; const char *name; } heads[] = {
        { "\x1f\x8b\x08\0", 4, "gzip" }, { "\x28\xb5\x2f\xfd", 4, "zstd" }, { "\x51\x2a\x4d\x18", 4, "zstd" },
        { "\xfd" "7zXZ\0", 6, "xz" }, { "BZh91AY&SY", 10, "bzip2" }, { "BZh9\x17\x72\x45\x38\x50\x90", 10, "bzip2" }
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        ck_assert_str_eq(fn_decoder_find(heads[i].head, heads[i].size)->name, heads[i].name);
        if (fn_decoder_find(heads[i].head, heads[i].size)->state_size) continue;
        fn_error error = expect_refusal(&(bytes) { (char *) heads[i].head, heads[i].size, 0 });
        ck_assert(strstr(error.message, heads[i].name) && strstr(error.hint, "unpack it first: "));
    }
    ck_assert_ptr_null(fn_decoder_find("BZh1 Ltd\tC\n", 11));
    ck_assert_ptr_null(fn_decoder_find("", 0));
}
END_TEST

START_TEST(an_inflater_is_chosen_by_name)
{
    ck_assert(fn_inflate_use("zlib"));
    ck_assert_str_eq(fn_inflate_used()->name, "zlib");
    ck_assert(!fn_inflate_use("no such"));
    ck_assert_str_eq(fn_inflate_used()->name, "zlib");
    ck_assert(fn_inflate_use(NULL));
#ifdef HAVE_ISAL
    ck_assert_str_eq(fn_inflate_used()->name, "ISA-L");
#endif
}
END_TEST

Suite *suite_decoders(void)
{
    Suite *suite = suite_create("decoders");
    TCase *tests = tcase_create("decoders");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, parts_of_a_file_are_one_text, 0, KINDS);
    tcase_add_loop_test(tests, a_cut_at_any_byte_is_an_error, 0, KINDS);
    tcase_add_loop_test(tests, a_flip_of_any_bit_is_an_error_or_harmless, 0, KINDS);
    tcase_add_loop_test(tests, bytes_behind_the_end_are_an_error_at_their_place, 0, KINDS);
    tcase_add_loop_test(tests, what_begins_like_a_part_must_be_one, 0, KINDS);
    tcase_add_loop_test(tests, a_file_packed_twice_is_refused, 0, KINDS);
    tcase_add_loop_test(tests, failing_allocations_are_said, 0, KINDS);
    tcase_add_test(tests, the_table_names_every_kind);
    tcase_add_test(tests, an_inflater_is_chosen_by_name);
    suite_add_tcase(suite, tests);
    return suite;
}
