/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include "graph/memory.h"
#include "graph/net_inside.h"
#include "tests/suite.h"

/* Names, cells and ties in memory that belongs to somebody else, and that can't be written: whoever tries, crashes. */

Suite *suite_borrowed(void);

enum { NAMES = 300, TIES = 5 };

typedef struct lent {
    uint64_t offset[NAMES + 1];
    char bytes[NAMES * 8];
    uint32_t from[TIES], to[TIES], text[TIES];
    double value[TIES], real[TIES];
} lent;

/* name k is "n" and k zeros at most, then k: of many lengths; the first is "", one has a NUL inside. */
static lent *lend(void)
{
    lent *made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(made != MAP_FAILED);
    for (uint64_t n = 0, at = 0; n < NAMES; n++) {
        char text[8];
        size_t length = n ? (size_t) snprintf(text, sizeof text, n % 2 ? "%d" : "n%d", (int) n) : 0;
        if (n == 7) memcpy(text, "a\0b", length = 3);
        memcpy(made->bytes + at, text, length);
        at += length + 1;
        made->offset[n + 1] = at;
    }
    static const lent cells = {
        .from = { 0, 0, 1, 2, 2 }, .to = { 1, 2, 0, 0, 2 }, .text = { 3, FN_NONE, 7, 0, 3 },
        .value = { 1, 2, 4, 8, 16 }, .real = { 0.5, NAN, 3, 4, 5 }
    };
    memcpy(made->from, cells.from, sizeof *made - offsetof(lent, from));
    ck_assert_int_eq(mprotect(made, sizeof *made, PROT_READ), 0);
    return made;
}

static void give_back(void *made, size_t size)
{
    munmap(made, size);
}

static fn_names *borrow(fn_run *run, const lent *from)
{
    fn_names *names = NULL;
    if (fn_names_new(run, &names)) return NULL;
    if (!fn_names_borrow(run, names, from->offset, from->bytes, NAMES)) return names;
    fn_names_free(names);
    return NULL;
}

static void check_names(const fn_names *names, const lent *from)
{
    for (uint32_t n = 0; n < NAMES; n++) {
        size_t length;
        const char *text = fn_names_text(names, n, &length);
        ck_assert_uint_eq(length, from->offset[n + 1] - from->offset[n] - 1);
        ck_assert(memcmp(text, from->bytes + from->offset[n], length + 1) == 0);
    }
}

START_TEST(borrowed_names_are_those_in_the_file)
{
    lent *from = lend();
    fn_run run = support_run();
    fn_names *names = borrow(&run, from);
    ck_assert_uint_eq(fn_names_count(names), NAMES);
    check_names(names, from);
    ck_assert_ptr_eq(fn_names_text(names, 5, NULL), from->bytes + from->offset[5]);
    ck_assert_str_eq(fn_names_text(names, NAMES, NULL), "");
    ck_assert_str_eq(fn_names_text(names, FN_NONE, NULL), "");
    for (uint32_t n = 0; n < NAMES; n++) {
        size_t length;
        const char *text = fn_names_text(names, n, &length);
        ck_assert_uint_eq(fn_names_find(names, text, length), n);
    }
    ck_assert_uint_eq(fn_names_find(names, "none", 4), FN_NONE);
    ck_assert_ptr_eq(fn_names_text(names, 5, NULL), from->bytes + from->offset[5]);
    fn_names_free(names);
    give_back(from, sizeof *from);
}
END_TEST

START_TEST(names_can_be_added_to_borrowed_ones)
{
    lent *from = lend();
    for (int searched = 0; searched < 2; searched++) {
        fn_run run = support_run();
        fn_names *names = borrow(&run, from);
        uint32_t number;
        bool is_new;
        if (searched) ck_assert_uint_eq(fn_names_find(names, "a\0b", 3), 7);
        ck_assert_int_eq(fn_names_add(&run, names, "more", 4, &number, &is_new), FN_OK);
        ck_assert(is_new && number == NAMES);
        ck_assert_int_eq(fn_names_add(&run, names, "a\0b", 3, &number, &is_new), FN_OK);
        ck_assert(!is_new && number == 7);
        ck_assert_uint_eq(fn_names_count(names), NAMES + 1);
        check_names(names, from);
        fn_names_free(names);
    }
    give_back(from, sizeof *from);
}
END_TEST

START_TEST(a_borrowed_name_that_stands_twice_is_found_by_the_first_and_stops_an_addition)
{
    static const uint64_t offset[] = { 0, 2, 4, 6 };
    fn_run run = support_run();
    fn_names *names;
    uint32_t number;
    ck_assert_int_eq(fn_names_new(&run, &names), FN_OK);
    ck_assert_int_eq(fn_names_borrow(&run, names, offset, "x\0y\0y", 3), FN_OK);
    ck_assert_uint_eq(fn_names_find(names, "y", 1), 1);
    ck_assert_uint_eq(fn_names_find(names, "z", 1), FN_NONE);
    ck_assert_int_eq(fn_names_add(&run, names, "z", 1, &number, NULL), FN_EPARSE);
    ck_assert_ptr_nonnull(strstr(run.error.message, "\"y\" twice"));
    ck_assert_uint_eq(fn_names_count(names), 3);
    fn_names_free(names);
}
END_TEST

START_TEST(a_failed_allocation_leaves_borrowed_names_as_they_were)
{
    lent *from = lend();
    for (long k = 0;; k++) {
        fn_run run = support_run();
        uint32_t number;
        fn_memory_fail_at(k, false);
        fn_names *names = borrow(&run, from);
        fn_status status = names ? fn_names_add(&run, names, "more", 4, &number, NULL) : FN_ENOMEM;
        fn_memory_fail_at(-1, false);
        if (names) {
            ck_assert_uint_eq(fn_names_count(names), NAMES + !status);
            check_names(names, from);
            ck_assert_uint_eq(fn_names_find(names, "a\0b", 3), 7);
        }
        fn_names_free(names);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
        /* a search has nobody to tell: it is right all the same */
        run = support_run();
        names = borrow(&run, from);
        fn_memory_fail_at(k, true);
        ck_assert_uint_eq(fn_names_find(names, "a\0b", 3), 7);
        fn_memory_fail_at(-1, false);
        fn_names_free(names);
    }
    give_back(from, sizeof *from);
}
END_TEST

static fn_table *borrowed_table(fn_run *run, const lent *from, fn_column **real, fn_column **text)
{
    fn_table *table;
    ck_assert_int_eq(fn_table_new(run, TIES, &table), FN_OK);
    ck_assert_int_eq(fn_table_add_cells(run, table, "r", FN_COLUMN_REAL, (void *) from->real, real), FN_OK);
    ck_assert_int_eq(fn_table_add_cells(run, table, "t", FN_COLUMN_TEXT, (void *) from->text, text), FN_OK);
    ck_assert_int_eq(fn_names_borrow(run, (*text)->own_pool, from->offset, from->bytes, NAMES), FN_OK);
    return table;
}

START_TEST(borrowed_cells_are_copied_before_they_change)
{
    lent *from = lend();
    fn_run run = support_run();
    fn_column *real, *text;
    fn_table *table = borrowed_table(&run, from, &real, &text);
    ck_assert_ptr_eq(real->real, from->real);
    ck_assert_int_eq(fn_table_resize(&run, table, 3), FN_OK);
    ck_assert_ptr_eq(real->real, from->real);
    ck_assert_int_eq(fn_table_resize(&run, table, 6), FN_OK);
    ck_assert(real->real[2] == 3 && isnan(real->real[3]) && isnan(real->real[5]));
    ck_assert(text->text[2] == 7 && text->text[3] == FN_NONE);
    fn_table_free(table);
    table = borrowed_table(&run, from, &real, &text);
    ck_assert_int_eq(fn_column_set_text(&run, text, 1, "new", 3), FN_OK);
    size_t length;
    ck_assert_str_eq(fn_column_text(text, 1, &length), "new");
    ck_assert_str_eq(fn_column_text(text, 4, &length), "3");
    ck_assert_uint_eq(from->text[1], FN_NONE);
    ck_assert_int_eq(fn_column_own(&run, real), FN_OK);
    real->real[0] = 9;
    ck_assert(from->real[0] == 0.5);
    fn_table_free(table);
    give_back(from, sizeof *from);
}
END_TEST

/* A net that was read where it lies, with a column of the ties. */
static fn_net *borrowed_net(fn_run *run, lent **from)
{
    fn_net *net;
    fn_column *real;
    if (fn_net_new(run, &net)) return NULL;
    *from = lend();
    net->mapping = *from;
    net->mapped = sizeof **from;
    net->unmap = give_back;
    net->ties = (fn_ties) { .rows = TIES, .capacity = TIES, .from = (*from)->from, .to = (*from)->to,
                            .value = (*from)->value, .borrowed = true };
    net->ties.usual = (fn_tie) { .product = FN_NONE, .weight = NAN, .count = 1 };
    net->ties.usual.first = net->ties.usual.last = FN_DAY_NONE;
    net->tie_columns->rows = TIES;
    fn_status status = fn_names_borrow(run, net->keys, (*from)->offset, (*from)->bytes, NAMES);
    if (!status) status = fn_table_add_cells(run, net->tie_columns, "r", FN_COLUMN_REAL, (*from)->real, &real);
    if (!status) return net;
    fn_net_free(net);
    return NULL;
}

START_TEST(a_borrowed_net_freezes_in_place_and_keeps_a_part_as_its_own)
{
    static const uint32_t part[] = { 1, 2, 4 };
    for (long k = 0;; k++) {
        fn_run run = support_run();
        lent *from;
        fn_memory_fail_at(k, false);
        fn_net *net = borrowed_net(&run, &from);
        fn_status status = net ? fn_net_freeze(&run, net) : FN_ENOMEM;
        if (!status) ck_assert_ptr_eq(fn_net_tie_rows(net)->from, from->from);
        if (!status) status = fn_net_keep(&run, net, part, 3);
        fn_memory_fail_at(-1, false);
        for (size_t e = 0; !status && e < 3; e++) {
            fn_tie tie = fn_net_tie_at(net, e);
            ck_assert(tie.from == from->from[part[e]] && tie.to == from->to[part[e]]);
            ck_assert(tie.value == from->value[part[e]]);
            ck_assert(tie.count == 1 && tie.layer == FN_LAYER_SUPPLY);
            ck_assert(isnan(from->real[part[e]]) || net->tie_columns->column[0]->real[e] == from->real[part[e]]);
        }
        if (!status) ck_assert_uint_eq(fn_net_ties(net), 3);
        fn_net_free(net);
        if (!status) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
}
END_TEST

START_TEST(records_added_to_borrowed_ties_and_new_numbers_make_them_own)
{
    fn_run run = support_run();
    lent *from;
    fn_net *net = borrowed_net(&run, &from);
    uint32_t order[NAMES];
    for (uint32_t f = 0; f < NAMES; f++) order[f] = NAMES - 1 - f;
    const fn_tie tie = { .to = 1, .product = FN_NONE, .value = 1, .weight = NAN, .count = 5, .first = 3, .last = 4 };
    ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
    ck_assert(!fn_net_tie_rows(net)->borrowed);
    ck_assert_int_eq(fn_net_tie_at(net, 0).count, 1);
    ck_assert_int_eq(fn_net_tie_at(net, TIES).count, 5);
    fn_net_free(net);
    net = borrowed_net(&run, &from);
    ck_assert_int_eq(fn_net_renumber(&run, net, order), FN_OK);
    ck_assert_uint_eq(fn_net_tie_at(net, 0).to, NAMES - 2);
    ck_assert_uint_eq(from->to[0], 1);
    fn_net_free(net);
}
END_TEST

Suite *suite_borrowed(void)
{
    Suite *suite = suite_create("borrowed");
    TCase *tcase = tcase_create("borrowed");
    tcase_add_test(tcase, borrowed_names_are_those_in_the_file);
    tcase_add_test(tcase, names_can_be_added_to_borrowed_ones);
    tcase_add_test(tcase, a_borrowed_name_that_stands_twice_is_found_by_the_first_and_stops_an_addition);
    tcase_add_test(tcase, a_failed_allocation_leaves_borrowed_names_as_they_were);
    tcase_add_test(tcase, borrowed_cells_are_copied_before_they_change);
    tcase_add_test(tcase, a_borrowed_net_freezes_in_place_and_keeps_a_part_as_its_own);
    tcase_add_test(tcase, records_added_to_borrowed_ties_and_new_numbers_make_them_own);
    suite_add_tcase(suite, tcase);
    return suite;
}
