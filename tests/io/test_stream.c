/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/deflate.h"
#include "io/inflate.h"
#include "io/source.h"
#include "tests/io/stream_support.h"
#include "tests/suite.h"

Suite *suite_stream(void);

static void expect_text(const char *name, const bytes *file, const bytes *wanted)
{
    fn_run run = support_run();
    bytes text = { 0 };
    fn_status status = stream_read(&run, name, file, &text);
    ck_assert_msg(status == FN_OK, "%s: %s", name, run.error.message);
    ck_assert_uint_eq(text.size, wanted->size);
    ck_assert(text.size == 0 || !memcmp(text.at, wanted->at, wanted->size));
    fn_free(text.at);
}

static fn_error expect_refusal(const char *name, const bytes *file)
{
    fn_run run = support_run();
    bytes text = { 0 };
    fn_status status = stream_read(&run, name, file, &text);
    ck_assert_msg(status == FN_EPARSE, "%s was read without an error", name);
    ck_assert_int_eq(run.error.status, FN_EPARSE);
    ck_assert_str_eq(run.error.file, name);
    ck_assert_int_ge(run.error.offset, 0);
    fn_free(text.at);
    return run.error;
}

START_TEST(plain_and_gzip_and_blocks_give_the_same_text)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = stream_lines(700000), member = { 0 }, many = { 0 }, blocks = { 0 }, nothing = { 0 };
    stream_member(&member, text.at, text.size, NULL);
    for (size_t at = 0, part = 1; at < text.size; at += part, part = part * 3 + 1) {
        if (part > text.size - at) part = text.size - at;
        stream_member(&many, text.at + at, part, NULL);
        stream_member(&many, "", 0, NULL);
    }
    stream_blocks(&blocks, text.at, text.size, FN_BLOCK_TEXT, true);
    expect_text("plain", &text, &text);
    expect_text("member", &member, &text);
    expect_text("many members", &many, &text);
    expect_text("blocks", &blocks, &text);
    expect_text("nothing", &nothing, &nothing);
    expect_text("unpacked on its way.gz", &text, &text);
    stream_member(&nothing, "", 0, NULL);
    expect_text("a member of nothing", &nothing, &(bytes) { 0 });
    fn_free(text.at);
    fn_free(member.at);
    fn_free(many.at);
    fn_free(blocks.at);
    fn_free(nothing.at);
}
END_TEST

START_TEST(text_that_does_not_shrink_comes_back)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = { 0 }, blocks = { 0 };
    for (uint64_t i = 0; i < 200000; i++) {
        char byte = (char) ('!' + fn_random_below(3, 1, i, 223));
        stream_append(&text, &byte, 1);
    }
    stream_blocks(&blocks, text.at, text.size, FN_BLOCK_TEXT, true);
    expect_text("blocks", &blocks, &text);
    fn_free(text.at);
    fn_free(blocks.at);
}
END_TEST

static bytes small_gzip(bool all_fields)
{
    static const char text[] = "from\tto\tvalue\nA\tB\t1\nB\tC\t2.5\nA\tC\t1e3\n";
    gz_header header = {
        .time = 1234567, .os = 3, .extra = (unsigned char *) "XY\2\0ab", .extra_len = 6,
        .name = (unsigned char *) "ties.tsv", .comment = (unsigned char *) "of 2020", .hcrc = 1
    };
    bytes file = { 0 };
    stream_member(&file, text, sizeof text - 1, all_fields ? &header : NULL);
    return file;
}

START_TEST(a_cut_at_any_byte_is_an_error)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    for (int form = 0; form < 3; form++) {
        bytes file = form < 2 ? small_gzip(form == 1) : (bytes) { 0 };
        if (form == 2) stream_blocks(&file, "A\tB\nB\tC\nC\tD\nD\tA\n", 16, 8, true);
        for (size_t size = 0; size < file.size; size++) {
            fn_error error = expect_refusal("cut.gz", &(bytes) { file.at, size, 0 });
            ck_assert(strstr(error.message, "cut") != NULL);
            ck_assert_int_eq(error.offset, (int64_t) size);
        }
        fn_free(file.at);
    }
}
END_TEST

START_TEST(a_cut_between_the_blocks_of_bgzf_is_an_error)
{
    bytes file = { 0 };
    stream_blocks(&file, "A\tB\n", 4, 4, false);
    fn_error error = expect_refusal("blocks", &file);
    ck_assert(strstr(error.message, "end mark") != NULL);
    fn_free(file.at);
}
END_TEST

/* Harmless are only the time, the extra flags, the system and "probably text": then the text must be the same. */
START_TEST(a_flip_of_any_bit_is_an_error_or_harmless)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes file = small_gzip(false), wanted = { 0 };
    fn_run run = support_run();
    ck_assert_int_eq(stream_read(&run, "whole", &file, &wanted), FN_OK);
    int harmless = 0;
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        bool header = (bit >= 4 * 8 && bit < 10 * 8) || bit == 3 * 8;
        if (header) expect_text("flipped.gz", &file, &wanted);
        else expect_refusal("flipped.gz", &file);
        harmless += header;
        file.at[bit / 8] ^= (char) (1 << bit % 8);
    }
    ck_assert_int_eq(harmless, 49);
    expect_text("whole again", &file, &wanted);
    fn_free(file.at);
    fn_free(wanted.at);
}
END_TEST

START_TEST(a_flip_in_a_header_with_its_own_checksum_is_an_error)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes file = small_gzip(true);
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        expect_refusal("flipped.gz", &file);
        file.at[bit / 8] ^= (char) (1 << bit % 8);
    }
    fn_free(file.at);
}
END_TEST

START_TEST(zeros_behind_the_last_member_are_padding)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes file = small_gzip(false), wanted = { 0 };
    fn_run run = support_run();
    static const char zeros[300000];
    ck_assert_int_eq(stream_read(&run, "whole", &file, &wanted), FN_OK);
    stream_append(&file, zeros, 1);
    expect_text("a zero", &file, &wanted);
    stream_append(&file, zeros, sizeof zeros);
    expect_text("many zeros", &file, &wanted);
    fn_free(file.at);
    fn_free(wanted.at);
}
END_TEST

START_TEST(other_bytes_behind_the_last_member_are_an_error_at_their_place)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    static const struct { const char *bytes; size_t size, place; } tails[] = {
        { "x", 1, 0 }, { "A\tB\n", 4, 0 }, { "\0\0\0x", 4, 3 }, { "\0\x1f\x8b", 3, 1 }
    };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        bytes file = small_gzip(false);
        int64_t end = (int64_t) file.size;
        stream_append(&file, tails[i].bytes, tails[i].size);
        fn_error error = expect_refusal("tail", &file);
        ck_assert_int_eq(error.offset, end + (int64_t) tails[i].place);
        fn_free(file.at);
    }
    /* what starts like a member must be one */
    bytes file = small_gzip(false);
    stream_append(&file, "\x1f", 1);
    ck_assert(strstr(expect_refusal("tail", &file).message, "cut") != NULL);
    stream_append(&file, "\x8c", 1);
    ck_assert(strstr(expect_refusal("tail", &file).message, "member 2") != NULL);
    fn_free(file.at);
}
END_TEST

START_TEST(other_compressions_are_refused_by_name)
{
    static const struct { const char *head; size_t size; const char *name; } kinds[] = {
        { "BZh91AY&SY\x01\x02", 12, "bzip2" },
        { "\xfd" "7zXZ\0\0\4", 8, "xz" },
        { "\x28\xb5\x2f\xfd\x04\x00\x29", 7, "zstd" },
        { "\x04\x22\x4d\x18\x64\x40", 6, "lz4" },
        { "PK\x03\x04\x14\0\0\0", 8, "zip" },
        { "7z\xbc\xaf\x27\x1c\0\4", 8, "7z" },
        { "Rar!\x1a\x07\x01\0", 8, "rar" },
        { "\x1f\x9d\x90\x41", 4, "compress" },
        { "x\x9c\x4b\x4c\x04\x00", 6, "zlib" },
        { "x\x01\x4b\x4c\x04\x00", 6, "zlib" },
        { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "xls" },
        { "%PDF-1.4\n", 9, "PDF" }
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bytes file = { (char *) kinds[i].head, kinds[i].size, 0 }, inside = { 0 };
        fn_error error = expect_refusal("foreign", &file);
        ck_assert_msg(strstr(error.message, kinds[i].name) != NULL, "%s: %s", kinds[i].name, error.message);
        stream_member(&inside, file.at, file.size, NULL);
        error = expect_refusal("foreign inside gzip", &inside);
        ck_assert_msg(strstr(error.message, kinds[i].name) != NULL, "%s: %s", kinds[i].name, error.message);
        fn_free(inside.at);
    }
    bytes once = small_gzip(false), twice = { 0 };
    stream_member(&twice, once.at, once.size, NULL);
    ck_assert_str_eq(expect_refusal("twice.gz", &twice).message, "gzip inside gzip");
    fn_free(once.at);
    fn_free(twice.at);
}
END_TEST

START_TEST(a_tar_archive_is_refused_by_name)
{
    bytes file = { 0 };
    char head[512] = "ties.csv";
    memcpy(head + 257, "ustar", 5);
    stream_append(&file, head, sizeof head);
    ck_assert(strstr(expect_refusal("archive", &file).message, "tar") != NULL);
    fn_free(file.at);
}
END_TEST

START_TEST(text_that_begins_like_a_compression_is_text)
{
    static const char *const texts[] = {
        "BZh1 Ltd\tC\n", "x^2\ty\n", "PAR1\tB\n", "7zip\tB\n", "PK\tB\n", "x", "Rar!\n", "LZIP\tA\n"
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bytes text = { (char *) texts[i], strlen(texts[i]), 0 };
        expect_text("text", &text, &text);
    }
}
END_TEST

static void check_lines(const bytes *text)
{
    fn_run run = support_run();
    fn_source *source;
    ck_assert_int_eq(fn_source_open_memory(&run, "lines", text->at, text->size, &source), FN_OK);
    size_t at = 0, length;
    int64_t number = 0;
    char *line;
    for (;;) {
        ck_assert_int_eq(fn_source_line(&run, source, &line, &length), FN_OK);
        if (!line) break;
        const char *end = memchr(text->at + at, '\n', text->size - at);
        size_t wanted = end ? (size_t) (end - (text->at + at)) : text->size - at;
        ck_assert_uint_eq(length, wanted);
        ck_assert(wanted == 0 || !memcmp(line, text->at + at, wanted));
        ck_assert_int_eq(line[length], '\0');
        at += wanted + (end != NULL);
        ck_assert_int_eq(fn_source_line_number(source), ++number);
        ck_assert_uint_eq(fn_source_offset(source), at);
        memset(line, 'x', length); /* the place is writable */
    }
    ck_assert_uint_eq(at, text->size);
    ck_assert(fn_source_digest(source) == XXH3_64bits(text->size ? text->at : "", text->size));
    fn_source_close(source);
}

START_TEST(lines_come_one_by_one)
{
    static const struct { const char *text; size_t size; } texts[] = {
        { "", 0 }, { "\n", 1 }, { "\n\n", 2 }, { "a", 1 }, { "a\n", 2 }, { "a\nb", 3 }, { "a\r\nb\r\n", 6 },
        { "a\0b\nc", 5 }, { "\0", 1 }, { "\xef\xbb\xbf" "a\n", 5 }
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_lines(&(bytes) { (char *) texts[i].text, texts[i].size, 0 });
    /* lines longer and shorter than the buffer, in random order */
    bytes text = { 0 };
    for (uint64_t i = 0; i < 60; i++) {
        static char word[700000];
        memset(word, 'a' + (int) (i % 26), sizeof word);
        stream_append(&text, word, fn_random_below(5, 1, i, i % 3 ? 300 : sizeof word));
        stream_append(&text, "\n", 1);
    }
    check_lines(&text);
    text.size--;
    check_lines(&text);
    fn_free(text.at);
}
END_TEST

START_TEST(a_line_of_more_than_16_mib_is_an_error_at_its_line)
{
    const size_t most = 16 * 1024 * 1024;
    fn_run run = support_run();
    bytes text = { 0 };
    fn_source *source;
    char *line;
    size_t length;
    char *long_line = fn_alloc(&run, most + 1, 1);
    memset(long_line, 'a', most + 1);
    stream_append(&text, "short\n", 6);
    stream_append(&text, long_line, most);
    stream_append(&text, "\n", 1);
    check_lines(&text);
    stream_append(&text, long_line, most + 1);
    ck_assert_int_eq(fn_source_open_memory(&run, "long", text.at, text.size, &source), FN_OK);
    ck_assert_int_eq(fn_source_line(&run, source, &line, &length), FN_OK);
    ck_assert_int_eq(fn_source_line(&run, source, &line, &length), FN_OK);
    ck_assert_uint_eq(length, most);
    ck_assert_int_eq(fn_source_line(&run, source, &line, &length), FN_EPARSE);
    ck_assert_int_eq(run.error.line, 3);
    fn_source_close(source);
    fn_free(long_line);
    fn_free(text.at);
}
END_TEST

START_TEST(a_peek_consumes_nothing)
{
    fn_run run = support_run();
    bytes text = stream_lines(200000), packed = { 0 }, all = { 0 };
    stream_blocks(&packed, text.at, text.size, 1000, true);
    fn_source *source;
    const char *at;
    size_t got;
    ck_assert_int_eq(fn_source_open_memory(&run, "x", packed.at, packed.size, &source), FN_OK);
    for (size_t want = 0; want <= 65536; want += 4096) {
        ck_assert_int_eq(fn_source_peek(&run, source, want, &at, &got), FN_OK);
        ck_assert_uint_ge(got, want);
        ck_assert(!memcmp(at, text.at, got));
        ck_assert_uint_eq(fn_source_offset(source), 0);
    }
    ck_assert_int_eq(stream_drain(&run, source, &all), FN_OK);
    ck_assert_uint_eq(all.size, text.size);
    fn_source_close(source);
    /* of a short text all there is */
    ck_assert_int_eq(fn_source_open_memory(&run, "x", "ab", 2, &source), FN_OK);
    ck_assert_int_eq(fn_source_peek(&run, source, 65536, &at, &got), FN_OK);
    ck_assert_uint_eq(got, 2);
    fn_source_close(source);
    fn_free(text.at);
    fn_free(packed.at);
    fn_free(all.at);
}
END_TEST

static void save(const char *path, const bytes *content)
{
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    if (content->size) ck_assert_uint_eq(fwrite(content->at, 1, content->size, file), content->size);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(files_are_read_and_tell_how_far)
{
    fn_run run = support_run();
    bytes text = stream_lines(600000), packed = { 0 };
    stream_member(&packed, text.at, text.size, NULL);
    for (int form = 0; form < 2; form++) {
        const char *path = support_scratch("source");
        bytes all = { 0 };
        fn_source *source;
        save(path, form ? &packed : &text);
        ck_assert_int_eq(fn_source_open(&run, path, &source), FN_OK);
        ck_assert_str_eq(fn_source_name(source), path);
        ck_assert(fn_source_done(source) > 0 && (form || fn_source_done(source) < 1));
        ck_assert_int_eq(stream_drain(&run, source, &all), FN_OK);
        ck_assert_double_eq(fn_source_done(source), 1);
        ck_assert(all.size == text.size && !memcmp(all.at, text.at, text.size));
        fn_source_close(source);
        fn_free(all.at);
        unlink(path);
    }
    fn_free(text.at);
    fn_free(packed.at);
}
END_TEST

/* A child writes to our standard input in small pieces while an alarm breaks off our reads. */
static void read_standard_input(const bytes *file, const bytes *wanted)
{
    fn_run run = support_run();
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (size_t at = 0; at < file->size; at += 40000) {
            size_t part = file->size - at < 40000 ? file->size - at : 40000;
            usleep(5000);
            if (write(ends[1], file->at + at, part) != (ssize_t) part) _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    fn_source *source;
    bytes all = { 0 };
    ck_assert_int_eq(fn_source_open(&run, "-", &source), FN_OK);
    ck_assert_str_eq(fn_source_name(source), "standard input");
    ck_assert(fn_source_done(source) < 0);
    fn_status status = stream_drain(&run, source, &all);
    ck_assert_msg(status == FN_OK, "%s", run.error.message);
    ck_assert(all.size == wanted->size && !memcmp(all.at, wanted->at, all.size));
    fn_source_close(source);
    fn_free(all.at);
    int left;
    while (waitpid(child, &left, 0) < 0) {}
    ck_assert_int_eq(left, 0);
}

static void ignore_alarm(int signal_)
{
    (void) signal_;
}

START_TEST(standard_input_is_read_through_broken_off_reads)
{
    bytes text = stream_lines(300000), packed = { 0 };
    stream_blocks(&packed, text.at, text.size, FN_BLOCK_TEXT, true);
    struct sigaction action = { .sa_handler = ignore_alarm };
    struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    read_standard_input(&text, &text);
    read_standard_input(&packed, &text);
    setitimer(ITIMER_REAL, &never, NULL);
    fn_free(text.at);
    fn_free(packed.at);
}
END_TEST

START_TEST(what_is_not_a_readable_file_is_said)
{
    fn_run run = support_run();
    fn_source *source;
    ck_assert_int_eq(fn_source_open(&run, "no/such/file", &source), FN_EIO);
    ck_assert_ptr_null(source);
    ck_assert_str_eq(run.error.file, "no/such/file");
    ck_assert(strstr(run.error.message, "No such file") != NULL);
    run = support_run();
    ck_assert_int_eq(fn_source_open(&run, ".", &source), FN_EIO);
    ck_assert(strstr(run.error.message, "folder") != NULL);
    ck_assert(run.error.hint[0] != '\0');
    /* a source that can be opened, but not read */
    run = support_run();
    int file = open(support_source("configure.ac"), O_WRONLY | O_APPEND);
    if (file < 0) file = open("/dev/null", O_WRONLY);
    ck_assert_int_ge(file, 0);
    dup2(file, STDIN_FILENO);
    close(file);
    ck_assert_int_eq(fn_source_open(&run, "-", &source), FN_EIO);
    ck_assert_str_eq(run.error.file, "standard input");
    fn_source_close(NULL);
}
END_TEST

static bool stop_later(void *user, const char *stage, double done)
{
    (void) stage;
    (void) done;
    return --*(int *) user > 0;
}

START_TEST(reading_can_be_cancelled)
{
    bytes text = stream_lines(2000000), all = { 0 };
    fn_run run = support_run();
    int calls = 4;
    run.progress = stop_later;
    run.user = &calls;
    run.log = NULL;
    ck_assert_int_eq(stream_read(&run, "text", &text, &all), FN_ECANCEL);
    ck_assert_int_eq(run.error.status, FN_ECANCEL);
    fn_free(text.at);
    fn_free(all.at);
}
END_TEST

static fn_status count_lines(fn_run *run, const bytes *file, int64_t *lines)
{
    fn_source *source;
    char *line = NULL;
    size_t length;
    fn_status status = fn_source_open_memory(run, "file", file->at, file->size, &source);
    while (!status && !(status = fn_source_line(run, source, &line, &length)) && line) {}
    if (!status) *lines = fn_source_line_number(source);
    fn_source_close(source);
    return status;
}

START_TEST(failing_allocations_are_said_and_leak_nothing)
{
    bytes text = { 0 }, packed = { 0 };
    static char word[400000];
    memset(word, 'w', sizeof word);
    stream_append(&text, word, sizeof word);
    stream_append(&text, "\nlast", 5);
    stream_member(&packed, text.at, text.size, NULL);
    for (int keep_failing = 0; keep_failing < 2; keep_failing++) {
        fn_status status = FN_ENOMEM;
        int64_t lines = 0;
        long k = 0;
        for (; status; k++) {
            fn_run run = support_run();
            fn_memory_fail_at(k, keep_failing);
            status = count_lines(&run, &packed, &lines);
            fn_memory_fail_at(-1, false);
            ck_assert(status == FN_OK || status == FN_ENOMEM);
            ck_assert_int_eq(run.error.status, status);
        }
        ck_assert_int_gt(k, 5);
        ck_assert_int_eq(lines, 2);
    }
    fn_free(text.at);
    fn_free(packed.at);
}
END_TEST

Suite *suite_stream(void)
{
    Suite *suite = suite_create("stream");
    TCase *tests = tcase_create("source");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, plain_and_gzip_and_blocks_give_the_same_text, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, text_that_does_not_shrink_comes_back, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, a_cut_at_any_byte_is_an_error, 0, STREAM_INFLATERS);
    tcase_add_test(tests, a_cut_between_the_blocks_of_bgzf_is_an_error);
    tcase_add_loop_test(tests, a_flip_of_any_bit_is_an_error_or_harmless, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, a_flip_in_a_header_with_its_own_checksum_is_an_error, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, zeros_behind_the_last_member_are_padding, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, other_bytes_behind_the_last_member_are_an_error_at_their_place, 0, STREAM_INFLATERS);
    tcase_add_test(tests, other_compressions_are_refused_by_name);
    tcase_add_test(tests, a_tar_archive_is_refused_by_name);
    tcase_add_test(tests, text_that_begins_like_a_compression_is_text);
    tcase_add_test(tests, lines_come_one_by_one);
    tcase_add_test(tests, a_line_of_more_than_16_mib_is_an_error_at_its_line);
    tcase_add_test(tests, a_peek_consumes_nothing);
    tcase_add_test(tests, files_are_read_and_tell_how_far);
    tcase_add_test(tests, standard_input_is_read_through_broken_off_reads);
    tcase_add_test(tests, what_is_not_a_readable_file_is_said);
    tcase_add_test(tests, reading_can_be_cancelled);
    tcase_add_test(tests, failing_allocations_are_said_and_leak_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
