/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "graph/memory.h"
#include "graph/random.h"
#include "io/inflate.h"
#include "tests/io/stream_support.h"
#include "tests/suite.h"

Suite *suite_pieces(void);

/* Text that gets short when it is packed, about `size` bytes. */
static bytes small_text(size_t size)
{
    bytes text = { 0 };
    char line[64];
    for (unsigned i = 0; text.size < size; i++) {
        int length = snprintf(line, sizeof line, "AAAAAAAAAAAA%u\tAAAAAAAAAAAA\t%u\n", i % 7, i);
        stream_append(&text, line, (size_t) length);
    }
    return text;
}

static void members(bytes *file, const bytes *text, size_t part)
{
    for (size_t at = 0; at < text->size; at += part)
        stream_member(file, text->at + at, text->size - at < part ? text->size - at : part, NULL);
}

static void expect(const char *name, const bytes *file, const bytes *wanted)
{
    bytes text = { 0 };
    ck_assert_int_eq(stream_compare(name, file, &text), FN_OK);
    ck_assert_msg(text.size == wanted->size, "%s: %zu bytes, not %zu", name, text.size, wanted->size);
    ck_assert_msg(!text.size || !memcmp(text.at, wanted->at, text.size), "%s: another text", name);
    fn_free(text.at);
}

START_TEST(pieces_and_the_serial_calls_give_the_same_text)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = stream_lines(5000000), nothing = { 0 }, file = { 0 };
    expect("plain", &text, &text);
    expect("nothing", &nothing, &nothing);
    stream_member(&file, text.at, text.size, NULL);
    expect("one member", &file, &text);
    file.size = 0;
    stream_blocks(&file, text.at, text.size, 65280, true);
    expect("blocks", &file, &text);
    file.size = 0;
    members(&file, &text, 30000);
    stream_member(&file, "", 0, NULL);
    expect("small members", &file, &text);
    file.size = 0;
    members(&file, &text, 1700000);
    expect("large members", &file, &text);
    file.size = 0;
    stream_member(&file, "", 0, NULL);
    for (size_t at = 0, part = 1; at < text.size; at += part, part = part * 3 + 1) {
        if (part > text.size - at) part = text.size - at;
        stream_member(&file, text.at + at, part, NULL);
        stream_member(&file, "", 0, NULL);
    }
    expect("members of all sizes", &file, &text);
    fn_free(file.at);
    fn_free(text.at);
}
END_TEST

/* Several files: an end mark in the middle, and an ordinary member between blocks. */
START_TEST(joined_files_of_several_kinds_are_one_text)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = stream_lines(3000000), file = { 0 }, all = { 0 };
    stream_blocks(&file, text.at, text.size, 65280, true);
    stream_append(&all, text.at, text.size);
    stream_member(&file, text.at, text.size, NULL);
    stream_append(&all, text.at, text.size);
    stream_blocks(&file, text.at, text.size, 1000, true);
    stream_append(&all, text.at, text.size);
    expect("joined", &file, &all);
    stream_append(&file, "\0\0\0", 3);
    expect("joined, with padding", &file, &all);
    fn_free(file.at);
    fn_free(text.at);
    fn_free(all.at);
}
END_TEST

/* A member that is stored, not shrunk, and holds gzip members: they look like the next ones, but are text. */
static void stored_member(bytes *file, const bytes *content)
{
    z_stream stream = { 0 };
    static unsigned char out[400000];
    ck_assert_uint_lt(content->size, 300000);
    ck_assert_int_eq(deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *) content->at;
    stream.avail_in = (unsigned) content->size;
    stream.next_out = out;
    stream.avail_out = sizeof out;
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    stream_append(file, out, sizeof out - stream.avail_out);
    deflateEnd(&stream);
}

START_TEST(members_inside_a_member_are_its_text)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = small_text(20000), inner = { 0 }, file = { 0 }, all = { 0 };
    members(&inner, &text, 300);
    for (int time = 0; time < 12; time++) {
        members(&file, &text, 500);
        stream_append(&all, text.at, text.size);
        stored_member(&file, &inner);
        stream_append(&all, inner.at, inner.size);
    }
    static const size_t sizes[] = { 0, 3000, 400 };
    for (size_t i = 0; i < 3; i++) {
        fn_source_portions(0, sizes[i]);
        expect("members inside a member", &file, &all);
    }
    fn_source_portions(0, 0);
    fn_free(text.at);
    fn_free(inner.at);
    fn_free(file.at);
    fn_free(all.at);
}
END_TEST

/* Small files as they are cut and flipped below. */
static bytes small_file(int form, bytes *text)
{
    bytes file = { 0 };
    *text = small_text(1200);
    if (form == 0) stream_member(&file, text->at, text->size, NULL);
    else if (form == 1) members(&file, text, 170);
    else stream_blocks(&file, text->at, text->size, 170, true);
    return file;
}

START_TEST(every_cut_is_found_in_the_same_words_by_all)
{
    if (!fn_inflate_use(stream_inflaters[_i % 2])) return;
    bytes wanted, file = small_file(_i / 2, &wanted);
    int whole = 0;
    fn_source_portions(50, 340);
    for (size_t size = 0; size < file.size; size++) {
        bytes text = { 0 };
        fn_status status = stream_compare("cut.gz", &(bytes) { file.at, size, 0 }, &text);
        ck_assert_int_eq(status, status ? FN_EPARSE : FN_OK);
        whole += !status;
        ck_assert(text.size <= wanted.size && !memcmp(text.at ? text.at : "", wanted.at, text.size));
        fn_free(text.at);
    }
    /* between two members of a file without an end mark nobody can know */
    ck_assert_int_eq(whole, _i / 2 == 1 ? (int) (wanted.size - 1) / 170 : 0);
    fn_source_portions(0, 0);
    fn_free(file.at);
    fn_free(wanted.at);
}
END_TEST

START_TEST(every_flipped_bit_is_found_in_the_same_words_by_all_or_harmless)
{
    if (!fn_inflate_use(stream_inflaters[_i % 2])) return;
    bytes wanted, file = small_file(_i / 2, &wanted);
    size_t harmless = 0;
    fn_source_portions(50, 340);
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        bytes text = { 0 };
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        fn_status status = stream_compare("flipped.gz", &file, &text);
        file.at[bit / 8] ^= (char) (1 << bit % 8);
        if (!status) {
            harmless++;
            ck_assert(text.size == wanted.size && !memcmp(text.at, wanted.at, text.size));
        } else {
            ck_assert_int_eq(status, FN_EPARSE);
        }
        fn_free(text.at);
    }
    /* of each member 49 bits of the header ("probably text", time, extra flags, system) and up to 7 behind the last bit
     * of its data; of BGZF also the 48 that say whether it is a block and where it ends */
    size_t headers = _i / 2 == 0 ? 1 : (wanted.size - 1) / 170 + 1 + (_i / 2 == 2);
    ck_assert_uint_ge(harmless, 49 * headers);
    ck_assert_uint_le(harmless, (_i / 2 < 2 ? 49 + 7 : 49 + 7 + 48) * headers);
    fn_source_portions(0, 0);
    fn_free(file.at);
    fn_free(wanted.at);
}
END_TEST

START_TEST(portions_of_any_size_give_the_same_text)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    bytes text = stream_lines(40000), file = { 0 };
    for (uint64_t time = 0; time < 120; time++) {
        size_t part = 1 + fn_random_below(1, 1, time, 5000);
        file.size = 0;
        if (time % 4 == 0) stream_append(&file, text.at, text.size);
        else if (time % 4 == 1) stream_member(&file, text.at, text.size, NULL);
        else if (time % 4 == 2) members(&file, &text, part);
        else stream_blocks(&file, text.at, text.size, part, true);
        fn_source_portions(1 + fn_random_below(1, 2, time, 3000), 1 + fn_random_below(1, 3, time, 6000));
        expect("portions", &file, &text);
    }
    fn_source_portions(0, 0);
    fn_free(file.at);
    fn_free(text.at);
}
END_TEST

START_TEST(what_peek_saw_and_lines_left_comes_first)
{
    bytes text = stream_lines(900000), file = { 0 };
    stream_blocks(&file, text.at, text.size, 65280, true);
    for (int form = 0; form < 2; form++)
        for (int lines = 0; lines < 3; lines++) {
            fn_run run = support_run();
            fn_source *source;
            const char *head;
            char *line;
            size_t got, begin = 0;
            bytes rest = { 0 };
            run.threads = 2;
            ck_assert_int_eq(fn_source_open_memory(&run, "x", (form ? &file : &text)->at, (form ? &file : &text)->size,
                                                   &source), FN_OK);
            ck_assert_int_eq(fn_source_peek(&run, source, 60000, &head, &got), FN_OK);
            for (int i = 0; i < lines; i++) {
                ck_assert_int_eq(fn_source_line(&run, source, &line, &got), FN_OK);
                begin += got + 1;
            }
            stream_append(&rest, text.at, begin);
            ck_assert_int_eq(stream_drain_pieces(&run, source, 0, &rest), FN_OK);
            ck_assert(rest.size == text.size && !memcmp(rest.at, text.at, text.size));
            fn_source_close(source);
            fn_free(rest.at);
        }
    fn_free(file.at);
    fn_free(text.at);
}
END_TEST

START_TEST(room_before_the_text_can_be_made_larger)
{
    fn_run run = support_run();
    fn_source *source;
    fn_text_piece piece = { .room = 10 };
    bool more;
    ck_assert_int_eq(fn_source_open_memory(&run, "x", "A\tB\n", 4, &source), FN_OK);
    ck_assert_int_eq(fn_source_take(&run, source, &piece, &more), FN_OK);
    ck_assert(more);
    ck_assert_int_eq(fn_source_unpack(&run, source, &piece), FN_OK);
    memset(piece.text - 10, 'x', 10);
    ck_assert_int_eq(fn_text_piece_widen(&run, &piece, 3000000), FN_OK);
    memset(piece.text - 3000000, 'x', 3000000);
    ck_assert_uint_eq(piece.length, 4);
    ck_assert(!memcmp(piece.text, "A\tB\n\0\0\0", 8));
    ck_assert_int_eq(fn_text_piece_widen(&run, &piece, 5), FN_OK);
    ck_assert_uint_eq(piece.room, 3000000);
    ck_assert_int_eq(fn_source_account(&run, source, &piece), FN_OK);
    ck_assert_int_eq(fn_source_take(&run, source, &piece, &more), FN_OK);
    ck_assert(!more);
    fn_text_piece_end(&piece);
    fn_text_piece_end(&piece);
    fn_source_close(source);
}
END_TEST

START_TEST(failing_allocations_are_said_and_leak_nothing)
{
    if (!fn_inflate_use(stream_inflaters[_i])) return;
    for (int form = 0; form < 3; form++) {
        bytes wanted, file = small_file(form, &wanted);
        if (form == 2) file.at[file.size / 2] ^= 1; /* the way of a broken piece, too */
        fn_source_portions(50, 340);
        for (int threads = 1; threads <= 3; threads++) {
            bool failed = true;
            for (long k = 0; failed; k++) {
                fn_run run = support_run();
                bytes text = { .capacity = 2000 };
                run.threads = threads;
                text.at = fn_alloc(&run, text.capacity, 1);
                fn_memory_fail_at(k, false);
                fn_status status = stream_read_pieces(&run, "file", &file, &text);
                failed = fn_memory_calls() > k;
                fn_memory_fail_at(-1, false);
                ck_assert_int_eq(status, failed && run.error.status != FN_EPARSE ? FN_ENOMEM : form == 2 ? FN_EPARSE : FN_OK);
                ck_assert_int_eq(run.error.status, status);
                fn_free(text.at);
            }
        }
        fn_source_portions(0, 0);
        fn_free(file.at);
        fn_free(wanted.at);
    }
}
END_TEST

static bool stop_after(void *user, const char *stage, double done)
{
    (void) stage;
    ck_assert(done < 0);
    return --*(int *) user > 0;
}

/* A pipe that nobody writes to any more: the run is asked whether to go on all the same. */
START_TEST(a_pipe_that_waits_can_be_cancelled)
{
    for (int threads = 1; threads <= 2; threads++) {
        int ends[2], calls = 4;
        fn_source *source;
        bytes text = { 0 }, wanted = small_text(1900), file = { 0 };
        fn_run run = support_run();
        stream_blocks(&file, wanted.at, wanted.size, 170, true);
        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(write(ends[1], file.at, 700), 700);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        fn_source_portions(100, 0);
        ck_assert_int_eq(fn_source_open(&run, "-", &source), FN_OK);
        run.threads = threads;
        run.progress = stop_after;
        run.user = &calls;
        run.log = NULL;
        ck_assert_int_eq(stream_drain_pieces(&run, source, 0, &text), FN_ECANCEL);
        ck_assert_uint_gt(text.size, 800);
        ck_assert(!memcmp(text.at, wanted.at, text.size));
        fn_source_portions(0, 0);
        fn_source_close(source);
        close(ends[1]);
        fn_free(text.at);
        fn_free(wanted.at);
        fn_free(file.at);
    }
}
END_TEST

/* Who writes a little again and again must not hold back what is there, nor the question whether to go on. */
START_TEST(a_slow_pipe_gives_what_it_has)
{
    int ends[2], left;
    fn_source *source;
    fn_text_piece piece = { 0 };
    fn_run run = support_run();
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        while (write(ends[1], "A\tB\n", 4) == 4) usleep(1000);
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    ck_assert_int_eq(fn_source_open(&run, "-", &source), FN_OK);
    size_t size = 0;
    for (int pieces = 0; pieces < 3; pieces++) { /* 1 MiB would take minutes */
        bool more = false;
        ck_assert_int_eq(fn_source_take(&run, source, &piece, &more), FN_OK);
        ck_assert(more);
        ck_assert_int_eq(fn_source_unpack(&run, source, &piece), FN_OK);
        for (size_t i = 0; i < piece.length; i++) ck_assert_int_eq(piece.text[i], "A\tB\n"[(size + i) % 4]);
        size += piece.length;
        ck_assert_int_eq(fn_source_account(&run, source, &piece), FN_OK);
    }
    ck_assert_uint_gt(size, 512);
    fn_text_piece_end(&piece);
    fn_source_close(source);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, &left, 0), child);
}
END_TEST

Suite *suite_pieces(void)
{
    Suite *suite = suite_create("pieces");
    TCase *tests = tcase_create("pieces");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, pieces_and_the_serial_calls_give_the_same_text, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, joined_files_of_several_kinds_are_one_text, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, members_inside_a_member_are_its_text, 0, STREAM_INFLATERS);
    tcase_add_loop_test(tests, every_cut_is_found_in_the_same_words_by_all, 0, 3 * STREAM_INFLATERS);
    tcase_add_loop_test(tests, every_flipped_bit_is_found_in_the_same_words_by_all_or_harmless, 0, 3 * STREAM_INFLATERS);
    tcase_add_loop_test(tests, portions_of_any_size_give_the_same_text, 0, STREAM_INFLATERS);
    tcase_add_test(tests, what_peek_saw_and_lines_left_comes_first);
    tcase_add_test(tests, room_before_the_text_can_be_made_larger);
    tcase_add_loop_test(tests, failing_allocations_are_said_and_leak_nothing, 0, STREAM_INFLATERS);
    tcase_add_test(tests, a_pipe_that_waits_can_be_cancelled);
    tcase_add_test(tests, a_slow_pipe_gives_what_it_has);
    suite_add_tcase(suite, tests);
    return suite;
}
