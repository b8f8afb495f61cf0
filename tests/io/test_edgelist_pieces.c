/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/random.h"
#include "io/source.h"
#include "tests/io/edgelist_support.h"

Suite *suite_edgelist_pieces(void);

/* edges_read_bytes compares pieces of all sizes with reading row by row; here it gets texts that are hard to cut. */

static uint32_t below(uint64_t stream, uint64_t *index, uint32_t bound)
{
    return (uint32_t) fn_random_below(7, stream, (*index)++, bound);
}

/* Rows of random parts that mean something to the reader. */
static size_t random_text(uint64_t stream, char separator, char *text, size_t room)
{
    static const char *const odd[] = { "\"", "\"\"", "\r", "\n", "#", " ", "\t", "\xc3\xa9", "\xff", "", "-1", "1e3", "0.10",
                                       "2021-02-30", "\"x\ny\"", "\"q\"", ",", ";" };
    static const char *const ids[] = { "a", "b", "c", "acme", "\"d e\"", "x-0000001", "x-0000002", "#1" };
    static const char *const dates[] = { "2021-02-03", "2021", "", "0001-01-01", "20210204" };
    static const char *const layers[] = { "supply", "cobid", "own", "", "knowledge" };
    static const char *const further[] = { "date", "layer", "currency", "count", "product", "first", "last" };
    uint64_t index = 0;
    size_t used = 0;
    unsigned columns = below(stream, &index, 2) ? below(stream, &index, 128) : 0;
    if (columns & 0x60) columns = (columns | 0x60) & ~1U; /* a period has two ends, and no date beside it */
    uint32_t rows = below(stream, &index, 40), mischief = below(stream, &index, 3) ? 0 : 6;
    if (columns || below(stream, &index, 2)) {
        used += (size_t) snprintf(text, room, "from%cto%cvalue", separator, separator);
        for (int c = 0; c < 7; c++)
            if (columns >> c & 1) used += (size_t) snprintf(text + used, room - used, "%c%s", separator, further[c]);
        text[used++] = '\n';
    }
    for (uint32_t row = 0; row < rows && used + 300 < room; row++) {
        used += (size_t) snprintf(text + used, room - used, "%s%c%s%c", ids[below(stream, &index, 8)], separator,
                                  ids[below(stream, &index, 8)], separator);
        if (!(columns & 8) || below(stream, &index, 9))
            used += (size_t) snprintf(text + used, room - used, "%u.%02u", below(stream, &index, 1000), below(stream, &index, 100));
        const char *cell[] = { dates[below(stream, &index, 5)], layers[below(stream, &index, 5)],
                               below(stream, &index, 2) ? "EUR" : below(stream, &index, 2) ? "KZT" : "",
                               below(stream, &index, 9) ? "3" : "", below(stream, &index, 3) ? "45000000-7" : "p",
                               below(stream, &index, 3) ? "2020-01-01" : "", below(stream, &index, 9) ? "2021-12-31" : "" };
        for (int c = 0; c < 7; c++)
            if (columns >> c & 1) used += (size_t) snprintf(text + used, room - used, "%c%s", separator, cell[c]);
        if (below(stream, &index, 100) < mischief)
            used += (size_t) snprintf(text + used, room - used, "%s", odd[below(stream, &index, 18)]);
        used += (size_t) snprintf(text + used, room - used, "%s", below(stream, &index, 30) ? "\n" : "\r\n");
        if (below(stream, &index, 100) < mischief)
            used += (size_t) snprintf(text + used, room - used, "%s", odd[below(stream, &index, 18)]);
    }
    if (used && below(stream, &index, 3) == 0) used--; /* no last line end */
    return used;
}

START_TEST(pieces_of_any_size_read_like_rows)
{
    static const char separators[] = { '\t', ',', ';', '|', ' ' };
    static const char *const words[] = { "tab", "comma", "semicolon", "pipe", "blanks" };
    char text[8192];
    for (uint64_t n = 0; n < 15; n++) {
        fn_run run = support_run();
        fn_net *net;
        size_t length = random_text((uint64_t) _i * 1000 + n, separators[_i % 5], text, sizeof text);
        fn_read_options options = edges_plain;
        options.separator = words[_i % 5];
        options.keep_going = n % 2;
        edges_read_bytes(&run, text, length, &options, &net);
        fn_net_free(net);
    }
}
END_TEST

START_TEST(many_rows_are_read_alike_at_any_number_of_threads)
{
    enum { ROWS = 60000 };
    char *text = malloc(ROWS * 40);
    size_t used = (size_t) sprintf(text, "from\tto\tvalue\tdate\n");
    uint64_t index = 0;
    for (int row = 0; row < ROWS; row++)
        used += (size_t) sprintf(text + used, "f%u\tt%u\t%u.%u\t20%02u-0%u-1%u\n", below(3, &index, 5000), below(3, &index, 300),
                                 below(3, &index, 100000), below(3, &index, 10), below(3, &index, 30),
                                 1 + below(3, &index, 9), below(3, &index, 10));
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(edges_read_bytes(&run, text, used, &edges_plain, &net), FN_OK);
    ck_assert_int_eq(fn_net_records(net), ROWS);
    fn_net_free(net);
    free(text);
}
END_TEST

START_TEST(the_first_bad_row_of_the_file_is_the_one_reported)
{
    enum { ROWS = 60000 };
    char *text = malloc(ROWS * 40);
    for (int threads = 1; threads <= 3; threads++) {
        fn_run run = support_run();
        fn_net *net;
        size_t used = (size_t) sprintf(text, "from\tto\tvalue\n");
        for (int row = 0; row < ROWS; row++)
            used += (size_t) sprintf(text + used, "f%d\tt%d\t%s\n", row, row % 7, row == 40000 || row == 50000 ? "1,5" : "2.5");
        run.threads = threads;
        ck_assert_int_eq(edges_read_bytes(&run, text, used, &edges_plain, &net), FN_EPARSE);
        ck_assert_int_eq(run.error.line, 40002);
    }
    free(text);
}
END_TEST

Suite *suite_edgelist_pieces(void)
{
    Suite *suite = suite_create("edgelist pieces");
    TCase *tests = tcase_create("pieces");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, pieces_of_any_size_read_like_rows, 0, 10);
    tcase_add_test(tests, many_rows_are_read_alike_at_any_number_of_threads);
    tcase_add_test(tests, the_first_bad_row_of_the_file_is_the_one_reported);
    suite_add_tcase(suite, tests);
    return suite;
}
