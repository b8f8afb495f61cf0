/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "graph/account.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "io/output.h"
#include "io/output_place.h"
#include "io/report.h"
#include "io/source.h"
#include "tests/suite.h"

Suite *suite_output(void);

/* A folder of our own, emptied and removed at the end of each test. */
static char folder[1024];

static const char *inside(const char *name)
{
    static char path[4][2048];
    static int next;
    char *slot = path[next++ % 4];
    snprintf(slot, sizeof path[0], "%s/%s", folder, name);
    return slot;
}

/* How many names the folder has; unlinked where asked. */
static int names_in(const char *path, bool remove_them)
{
    int names = 0;
    DIR *directory = opendir(path);
    ck_assert(directory != NULL);
    for (struct dirent *entry; (entry = readdir(directory));) {
        char below[4096];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        names++;
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (remove_them && unlink(below)) {
            names_in(below, true);
            rmdir(below);
        }
    }
    closedir(directory);
    return names;
}

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "%s", support_scratch("folder"));
    ck_assert_int_eq(mkdir(folder, 0777), 0);
}

static void remove_folder(void)
{
    names_in(folder, true);
    rmdir(folder);
    fn_place_named_only(false);
}

static void save(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *path, const char *wanted)
{
    char text[4096] = "";
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "no file %s", path);
    size_t size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    ck_assert_str_eq(text, wanted);
}

static fn_output *open_output(fn_run *run, const char *path)
{
    fn_output *output;
    fn_status status = fn_output_open(run, path, &output);
    ck_assert_msg(status == FN_OK, "%s: %s", path ? path : "-", run->error.message);
    return output;
}

/* Both ways: a file without a name, and one with a name of its own. */
START_TEST(a_file_appears_at_commit_only)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    fn_output *output = open_output(&run, inside("new.tsv"));
    ck_assert_int_eq(fn_output_text(&run, output, "whole\n"), FN_OK);
    ck_assert_int_eq(fn_output_seal(&run, output), FN_OK);
    ck_assert_int_ne(access(inside("new.tsv"), F_OK), 0);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    expect_file(inside("new.tsv"), "whole\n");
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(an_abort_leaves_the_old_file_and_nothing_else)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    save(inside("old.tsv"), "old\n");
    fn_output *output = open_output(&run, inside("old.tsv"));
    ck_assert_int_eq(fn_output_text(&run, output, "new\n"), FN_OK);
    fn_output_abort(output);
    output = open_output(&run, inside("old.tsv"));
    ck_assert_int_eq(fn_output_seal(&run, output), FN_OK);
    fn_output_abort(output);
    fn_output_abort(NULL);
    expect_file(inside("old.tsv"), "old\n");
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(a_commit_replaces_the_old_file_and_keeps_its_mode)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    struct stat about;
    save(inside("old.tsv"), "old\n");
    ck_assert_int_eq(chmod(inside("old.tsv"), 0640), 0);
    fn_output *output = open_output(&run, inside("old.tsv"));
    ck_assert_int_eq(fn_output_text(&run, output, "new\n"), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    expect_file(inside("old.tsv"), "new\n");
    ck_assert_int_eq(stat(inside("old.tsv"), &about), 0);
    ck_assert_int_eq(about.st_mode & 07777, 0640);
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(a_file_that_appeared_meanwhile_is_replaced)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    fn_output *output = open_output(&run, inside("new.tsv"));
    ck_assert_int_eq(fn_output_text(&run, output, "new\n"), FN_OK);
    save(inside("new.tsv"), "somebody else's\n");
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    expect_file(inside("new.tsv"), "new\n");
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(links_are_followed_and_stay)
{
    fn_run run = support_run();
    struct stat about;
    ck_assert_int_eq(mkdir(inside("below"), 0777), 0);
    ck_assert_int_eq(symlink("second", inside("first")), 0);
    ck_assert_int_eq(symlink("below/target", inside("second")), 0);
    for (int round = 0; round < 2; round++) { /* the target is missing, then there */
        fn_output *output = open_output(&run, inside("first"));
        ck_assert_int_eq(fn_output_format(&run, output, "round %d", round), FN_OK);
        ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
        expect_file(inside("below/target"), round ? "round 1" : "round 0");
        ck_assert_int_eq(lstat(inside("first"), &about), 0);
        ck_assert(S_ISLNK(about.st_mode));
    }
    ck_assert_int_eq(symlink("loop", inside("loop")), 0);
    fn_output *output;
    ck_assert_int_eq(fn_output_open(&run, inside("loop"), &output), FN_EIO);
    ck_assert_ptr_null(output);
}
END_TEST

START_TEST(missing_folders_are_made_at_commit)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    fn_output *output = open_output(&run, inside("a//b/c/new.tsv"));
    ck_assert_int_eq(fn_output_text(&run, output, "x"), FN_OK);
    ck_assert_int_ne(access(inside("a"), F_OK), 0);
    fn_output_abort(output);
    ck_assert_int_eq(names_in(folder, false), 0);
    fn_output *one = open_output(&run, inside("a/b/c/one.tsv")), *two = open_output(&run, inside("a/b/two.tsv"));
    ck_assert_int_eq(fn_output_text(&run, one, "1"), FN_OK);
    ck_assert_int_eq(fn_output_text(&run, two, "2"), FN_OK);
    ck_assert_int_eq(fn_output_seal(&run, one), FN_OK);
    ck_assert_int_eq(fn_output_seal(&run, two), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, one), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, two), FN_OK);
    expect_file(inside("a/b/c/one.tsv"), "1");
    expect_file(inside("a/b/two.tsv"), "2");
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(a_killed_run_leaves_the_old_file_and_nothing_else)
{
    if (access("/proc/self/fd", F_OK)) return; /* there a file needs a name from the start */
    save(inside("old.tsv"), "old\n");
    for (int sealed = 0; sealed < 2; sealed++) {
        pid_t child = fork();
        if (child == 0) {
            fn_run run = support_run();
            fn_output *old = NULL, *new = NULL;
            static char text[3000000];
            if (fn_output_open(&run, inside("old.tsv"), &old) || fn_output_write(&run, old, text, sizeof text)) _exit(1);
            if (fn_output_open(&run, inside("x/new.tsv.gz"), &new)) _exit(1);
            if (fn_output_write(&run, new, text, sizeof text)) _exit(1);
            if (sealed && (fn_output_seal(&run, old) || fn_output_seal(&run, new))) _exit(1);
            kill(getpid(), SIGKILL);
        }
        int left;
        ck_assert_int_eq(waitpid(child, &left, 0), child);
        ck_assert(WIFSIGNALED(left) && WTERMSIG(left) == SIGKILL);
        expect_file(inside("old.tsv"), "old\n");
        ck_assert_int_eq(names_in(folder, false), 1);
    }
}
END_TEST

START_TEST(places_that_cannot_be_are_refused)
{
    fn_output *output;
    save(inside("file"), "old\n");
    const struct { const char *path, *says; } places[] = {
        { folder, "directory" }, { inside("missing/"), "directory" }, { inside("file/below"), "Not a directory" }
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        fn_run run = support_run();
        ck_assert_int_eq(fn_output_open(&run, places[i].path, &output), FN_EIO);
        ck_assert_ptr_null(output);
        ck_assert_str_eq(run.error.file, places[i].path);
        ck_assert_msg(strstr(run.error.message, places[i].says) != NULL, "%s", run.error.message);
    }
    fn_run run = support_run();
    ck_assert_int_eq(fn_output_open(&run, "", &output), FN_EINVAL);
    expect_file(inside("file"), "old\n");
}
END_TEST

START_TEST(devices_are_written_and_never_replaced)
{
    fn_run run = support_run();
    struct stat about;
    fn_output *output = open_output(&run, "/dev/null");
    ck_assert_int_eq(fn_output_text(&run, output, "x"), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    ck_assert_int_eq(stat("/dev/null", &about), 0);
    ck_assert(S_ISCHR(about.st_mode));
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
    if (access("/dev/full", W_OK)) return;
    fn_run run = support_run();
    fn_output *output = open_output(&run, "/dev/full");
    ck_assert_int_eq(fn_output_text(&run, output, "x"), FN_OK);
    ck_assert_int_eq(fn_output_seal(&run, output), FN_EIO);
    ck_assert_str_eq(run.error.file, "/dev/full");
    ck_assert(strstr(run.error.message, "No space left") != NULL);
    /* nothing goes on after a failure */
    ck_assert_int_eq(fn_output_text(&run, output, "x"), FN_EIO);
    ck_assert_int_eq(fn_output_seal(&run, output), FN_EIO);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_EIO);
}
END_TEST

START_TEST(a_file_that_cannot_grow_leaves_the_old_one)
{
    fn_place_named_only(_i);
    fn_run run = support_run();
    static char text[100000];
    save(inside("old.tsv"), "old\n");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = { 2000000, 2000000 };
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    fn_output *output = open_output(&run, inside("old.tsv"));
    fn_status status = FN_OK;
    for (int i = 0; i < 100 && !status; i++) status = fn_output_write(&run, output, text, sizeof text);
    ck_assert_int_eq(status, FN_EIO);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_EIO);
    expect_file(inside("old.tsv"), "old\n");
    ck_assert_int_eq(names_in(folder, false), 1);
}
END_TEST

START_TEST(a_closed_pipe_is_told_apart)
{
    fn_run run = support_run();
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    fn_output *output = open_output(&run, NULL);
    dup2(kept, STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    ck_assert_int_eq(fn_output_text(&run, output, "x"), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_EPIPE);
    ck_assert_int_eq(run.error.status, FN_EPIPE);
}
END_TEST

static void to_standard_output(const char *path, const char *as)
{
    fn_run run = support_run();
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    ck_assert_int_ge(file, 0);
    dup2(file, STDOUT_FILENO);
    close(file);
    fn_output *output = NULL;
    fn_status status = fn_output_open(&run, as, &output);
    bool terminal = !status && fn_output_is_terminal(output);
    if (!status) status = fn_output_text(&run, output, "text\n");
    if (!status) status = fn_output_commit(&run, output);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    ck_assert_int_eq(status, FN_OK);
    ck_assert(!terminal);
}

START_TEST(standard_output_is_written_directly_under_all_its_names)
{
    save(inside("sent"), "before\n");
    to_standard_output(inside("sent"), NULL);
    to_standard_output(inside("sent"), "-");
    to_standard_output(inside("sent"), inside("sent"));
    expect_file(inside("sent"), "before\ntext\ntext\ntext\n");
    if (access("/dev/stdout", F_OK)) return;
    to_standard_output(inside("sent"), "/dev/stdout");
    expect_file(inside("sent"), "before\ntext\ntext\ntext\ntext\n");
}
END_TEST

static char *content(const char *path, size_t *size)
{
    fn_run run = support_run();
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    *size = (size_t) about.st_size;
    char *all = fn_alloc(&run, *size + 1, 1);
    FILE *file = fopen(path, "rb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fread(all, 1, *size, file), *size);
    fclose(file);
    return all;
}

/* The text in pieces of many sizes, up to `most`. */
static void write_pieces(const char *path, const char *text, size_t size, size_t most)
{
    fn_run run = support_run();
    fn_output *output = open_output(&run, path);
    for (size_t at = 0, i = 0; at < size; i++) {
        size_t part = 1 + fn_random_below(9, most, i, most);
        if (part > size - at) part = size - at;
        ck_assert_int_eq(fn_output_write(&run, output, text + at, part), FN_OK);
        at += part;
    }
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
}

START_TEST(gz_names_give_the_same_blocks_however_they_are_written)
{
    enum { SIZE = 2500000 };
    static const unsigned char end_mark[28] = {
        0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C', 2, 0, 0x1b, 0, 3, 0
    };
    fn_run run = support_run();
    char *text = fn_alloc(&run, SIZE, 1);
    /* half of it does not shrink */
    for (uint64_t i = 0; i < SIZE; i++)
        text[i] = (char) (i < SIZE / 2 ? 'a' + i % 7 : '0' + fn_random_below(1, 1, i, 200));
    write_pieces(inside("one.gz"), text, SIZE, SIZE);
    write_pieces(inside("two.gz"), text, SIZE, 5000);
    size_t size, size_two, at = 0, got;
    char *one = content(inside("one.gz"), &size), *two = content(inside("two.gz"), &size_two);
    ck_assert_uint_eq(size, size_two);
    ck_assert(!memcmp(one, two, size));
    ck_assert(!memcmp(one + size - sizeof end_mark, end_mark, sizeof end_mark));
    /* hop from block to block by the size in the header */
    int blocks = 0;
    for (; at < size; blocks++) {
        ck_assert(!memcmp(one + at, end_mark, 16));
        at += 1 + (unsigned char) one[at + 16] + 256 * (size_t) (unsigned char) one[at + 17];
    }
    ck_assert_uint_eq(at, size);
    ck_assert_int_eq(blocks, (SIZE + 65279) / 65280 + 1);

    fn_source *source;
    const char *bytes;
    ck_assert_int_eq(fn_source_open(&run, inside("one.gz"), &source), FN_OK);
    for (at = 0; !fn_source_next(&run, source, &bytes, &got) && got; at += got)
        ck_assert(!memcmp(bytes, text + at, got));
    ck_assert_uint_eq(at, SIZE);
    ck_assert_int_eq(run.error.status, FN_OK);
    fn_source_close(source);
    fn_free(one);
    fn_free(two);
    fn_free(text);
}
END_TEST

typedef fn_status escape(fn_run *run, fn_output *output, const char *text, size_t length);

static int64_t replaced;

static fn_status escape_xml(fn_run *run, fn_output *output, const char *text, size_t length)
{
    return fn_output_xml(run, output, text, length, &replaced);
}

static void expect_escaped(escape *how, const char *text, size_t length, const char *wanted)
{
    fn_run run = support_run();
    fn_output *output = open_output(&run, inside("escaped"));
    ck_assert_int_eq(how(&run, output, text, length), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    expect_file(inside("escaped"), wanted);
}

START_TEST(xml_text_is_escaped_and_what_xml_forbids_replaced)
{
#define TEXT(text) text, sizeof(text) - 1
#define LOST "\xef\xbf\xbd"
    replaced = 0;
    expect_escaped(escape_xml, TEXT(""), "");
    expect_escaped(escape_xml, TEXT("plain \xd0\x90 \xf0\x9f\x98\x80"), "plain \xd0\x90 \xf0\x9f\x98\x80");
    expect_escaped(escape_xml, TEXT("<A & \"B\"> 'C'"), "&lt;A &amp; &quot;B&quot;&gt; &#39;C&#39;");
    expect_escaped(escape_xml, TEXT("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d");
    expect_escaped(escape_xml, TEXT("\xef\xbf\xbd\x7f\xc2\x85"), LOST "\x7f\xc2\x85");
    ck_assert_int_eq(replaced, 0);
    expect_escaped(escape_xml, TEXT("a\0b\x01\x1f"), "a" LOST "b" LOST LOST);
    ck_assert_int_eq(replaced, 3);
    expect_escaped(escape_xml, TEXT("\xef\xbf\xbe.\xef\xbf\xbf"), LOST "." LOST);
    ck_assert_int_eq(replaced, 5);
    expect_escaped(escape_xml, TEXT("\xff" "a\xc3"), LOST "a" LOST);        /* no UTF-8, cut */
    expect_escaped(escape_xml, TEXT("\xed\xa0\x80"), LOST LOST LOST);       /* a surrogate */
    expect_escaped(escape_xml, TEXT("\xc0\xbc"), LOST LOST);                /* '<' overlong */
    ck_assert_int_eq(replaced, 12);
    fn_run run = support_run();
    fn_output *output = open_output(&run, "/dev/null");
    ck_assert_int_eq(fn_output_xml(&run, output, "\1", 1, NULL), FN_OK);
    fn_output_abort(output);
}
END_TEST

START_TEST(json_strings_are_quoted_and_safe_in_html)
{
    expect_escaped(fn_output_json, TEXT(""), "\"\"");
    expect_escaped(fn_output_json, TEXT("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
    expect_escaped(fn_output_json, TEXT("\b\f\n\r\t\0\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\"");
    expect_escaped(fn_output_json, TEXT("</script>"), "\"\\u003c/script>\"");
    expect_escaped(fn_output_json, TEXT("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa"), "\"\\u2028\\u2029\xe2\x80\xaa\"");
    expect_escaped(fn_output_json, TEXT("\xd0\x90\xff\xc3"), "\"\xd0\x90" LOST LOST "\"");
}
END_TEST

START_TEST(formatted_text_of_any_length_is_written_whole)
{
    fn_run run = support_run();
    static char text[3000];
    memset(text, 'x', sizeof text - 1);
    for (size_t length = 510; length < 514; length++) {
        fn_output *output = open_output(&run, inside("formatted"));
        ck_assert_int_eq(fn_output_format(&run, output, "%.*s", (int) length, text), FN_OK);
        ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
        size_t size;
        fn_free(content(inside("formatted"), &size));
        ck_assert_uint_eq(size, length);
    }
    fn_output *output = open_output(&run, inside("formatted"));
    ck_assert_int_eq(fn_output_format(&run, output, "%s|%d", text, 7), FN_OK);
    ck_assert_int_eq(fn_output_real(&run, output, 0.1), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    size_t size;
    char *all = content(inside("formatted"), &size);
    ck_assert_str_eq(all + sizeof text - 1, "|70.1");
    fn_free(all);
}
END_TEST

static fn_status write_some(fn_run *run, const char *path)
{
    fn_output *output = NULL;
    static char text[2000];
    memset(text, 'x', sizeof text - 1);
    fn_status status = fn_output_open(run, path, &output);
    if (!status) status = fn_output_format(run, output, "%s", text);
    if (!status) return fn_output_commit(run, output);
    fn_output_abort(output);
    return status;
}

START_TEST(failing_allocations_leave_the_old_file)
{
    fn_place_named_only(_i);
    const char *const names[] = { "old.tsv", "old.tsv.gz", "a/b/old.tsv" };
    for (int name = 0; name < 3; name++) {
        fn_status status = FN_ENOMEM;
        for (long k = 0; status; k++) {
            fn_run run = support_run();
            names_in(folder, true);
            if (name < 2) save(inside(names[name]), "old\n");
            fn_memory_fail_at(k, true);
            status = write_some(&run, inside(names[name]));
            fn_memory_fail_at(-1, false);
            ck_assert(status == FN_OK || status == FN_ENOMEM);
            ck_assert_int_eq(run.error.status, status);
            if (!status) continue;
            if (name < 2) expect_file(inside(names[name]), "old\n");
            else ck_assert_int_ne(access(inside(names[name]), F_OK), 0);
            if (name < 2) ck_assert_int_eq(names_in(folder, false), 1);
        }
        struct stat about;
        ck_assert_int_eq(stat(inside(names[name]), &about), 0);
        ck_assert_int_gt(about.st_size, 4);
    }
}
END_TEST

static fn_account *small_account(fn_run *run)
{
    fn_account *account;
    ck_assert_int_eq(fn_account_new(run, &account), FN_OK);
    fn_account_count(run, account, "award", FN_READ, NULL, NULL, 5, NULL, 0, NULL);
    fn_account_count(run, account, "award", FN_KEPT, NULL, NULL, 3, NULL, 0, NULL);
    fn_account_count(run, account, "award", FN_REJECTED, "no_supplier", "without a supplier", 2, "a<b.json", 7,
                     "ocds-\"1\"");
    fn_account_count(run, account, "award", FN_REMARK, "anonymous", NULL, 1, NULL, 0, NULL);
    fn_account_money(run, account, "awarded", "EUR", 132558956.77);
    fn_account_money(run, account, "awarded", "EUR", -0.02);
    fn_account_money(run, account, "awarded", "", -1043.3905);
    fn_account_money(run, account, "odd", "MXN", 1e300);
    return account;
}

static void expect_account(fn_status (*write)(fn_run *, fn_output *, const fn_account *), const char *wanted)
{
    fn_run run = support_run();
    fn_account *account = small_account(&run);
    fn_output *output = open_output(&run, inside("account"));
    ck_assert_int_eq(write(&run, output, account), FN_OK);
    ck_assert_int_eq(fn_output_commit(&run, output), FN_OK);
    expect_file(inside("account"), wanted);
    fn_account_free(account);
}

START_TEST(the_import_report_as_json)
{
    expect_account(fn_account_write_json,
        "{\n"
        "  \"units\": [\n"
        "    {\"unit\": \"award\", \"read\": 5, \"kept\": 3, \"merged\": 0, \"rejected\": 2}\n"
        "  ],\n"
        "  \"reasons\": [\n"
        "    {\"unit\": \"award\", \"outcome\": \"rejected\", \"reason\": \"no_supplier\", \"count\": 2, "
        "\"text\": \"without a supplier\", \"file\": \"a\\u003cb.json\", \"line\": 7, "
        "\"example\": \"ocds-\\\"1\\\"\"},\n"
        "    {\"unit\": \"award\", \"outcome\": \"remark\", \"reason\": \"anonymous\", \"count\": 1, "
        "\"text\": \"\", \"file\": \"\", \"line\": null, \"example\": \"\"}\n"
        "  ],\n"
        "  \"sums\": [\n"
        "    {\"label\": \"awarded\", \"currency\": \"EUR\", \"amount\": 132558956.75, \"count\": 2},\n"
        "    {\"label\": \"awarded\", \"currency\": \"\", \"amount\": -1043.3905, \"count\": 1},\n"
        "    {\"label\": \"odd\", \"currency\": \"MXN\", \"amount\": 1e+300, \"count\": 1}\n"
        "  ]\n"
        "}\n");
}
END_TEST

START_TEST(the_import_report_as_text)
{
    expect_account(fn_account_write_text,
        "award                   5 read =            3 kept +          0 merged +          2 rejected\n"
        "           2 award      rejected: without a supplier [no_supplier]; first: a<b.json:7: \"ocds-\"1\"\"\n"
        "           1 award      remark: anonymous\n"
        "awarded                  132558956.75 EUR  in 2 amounts\n"
        "awarded                    -1043.3905 ?    in 1 amounts\n"
        "odd                            1e+300 MXN  in 1 amounts\n");
}
END_TEST

Suite *suite_output(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, a_file_appears_at_commit_only, 0, 2);
    tcase_add_loop_test(tests, an_abort_leaves_the_old_file_and_nothing_else, 0, 2);
    tcase_add_loop_test(tests, a_commit_replaces_the_old_file_and_keeps_its_mode, 0, 2);
    tcase_add_loop_test(tests, a_file_that_appeared_meanwhile_is_replaced, 0, 2);
    tcase_add_test(tests, links_are_followed_and_stay);
    tcase_add_loop_test(tests, missing_folders_are_made_at_commit, 0, 2);
    tcase_add_test(tests, a_killed_run_leaves_the_old_file_and_nothing_else);
    tcase_add_test(tests, places_that_cannot_be_are_refused);
    tcase_add_test(tests, devices_are_written_and_never_replaced);
    tcase_add_test(tests, a_full_disk_is_an_error);
    tcase_add_loop_test(tests, a_file_that_cannot_grow_leaves_the_old_one, 0, 2);
    tcase_add_test(tests, a_closed_pipe_is_told_apart);
    tcase_add_test(tests, standard_output_is_written_directly_under_all_its_names);
    tcase_add_test(tests, gz_names_give_the_same_blocks_however_they_are_written);
    tcase_add_test(tests, xml_text_is_escaped_and_what_xml_forbids_replaced);
    tcase_add_test(tests, json_strings_are_quoted_and_safe_in_html);
    tcase_add_test(tests, formatted_text_of_any_length_is_written_whole);
    tcase_add_loop_test(tests, failing_allocations_leave_the_old_file, 0, 2);
    tcase_add_test(tests, the_import_report_as_json);
    tcase_add_test(tests, the_import_report_as_text);
    suite_add_tcase(suite, tests);
    return suite;
}
