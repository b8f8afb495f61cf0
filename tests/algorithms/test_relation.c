/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "tests/algorithms/rows.h"
#include "tests/algorithms/small_nets.h"
#include "tests/suite.h"

Suite *suite_relation(void);

/* How long, how regular and how large ties are, against their definitions on small networks. */

static int year_of(int32_t day)
{
    int year = 1970;
    for (;; year++) {
        int days = year % 4 == 0 ? 366 : 365;
        if (day < days) return year;
        day -= days;
    }
}

/* Days on which tenders tell of the tie, ascending. */
static size_t days_of(const small_net *s, const fn_tie *tie, int32_t day[SMALL_TENDERS])
{
    size_t days = 0;
    for (size_t k = 0; k < s->tenders; k++) {
        const small_tender *t = &s->tender[k];
        bool from = false, to = false;
        for (uint32_t b = 0; b < t->bidders; b++) from |= t->bidder[b] == tie->from, to |= t->bidder[b] == tie->to;
        bool tells = tie->layer == FN_LAYER_SUPPLY ? t->winner == tie->from && t->buyer == tie->to
                   : tie->layer == FN_LAYER_COBID && from && to;
        if (!tells || t->day == FN_DAY_NONE) continue;
        size_t at = days++;
        for (; at > 0 && day[at - 1] > t->day; at--) day[at] = day[at - 1];
        day[at] = t->day;
    }
    return days;
}

static double slow_regularity(const int32_t *day, size_t days)
{
    double gap[SMALL_TENDERS], mean = 0, squares = 0;
    int gaps = 0;
    for (size_t i = 1; i < days; i++)
        if (day[i] > day[i - 1]) gap[gaps++] = day[i] - day[i - 1];
    for (int i = 0; i < gaps; i++) mean += gap[i] / gaps;
    for (int i = 0; i < gaps; i++) squares += (gap[i] - mean) * (gap[i] - mean) / gaps;
    return gaps < 2 ? NAN : 1 - sqrt(squares) / mean;
}

static void check_relation(const small_net *s, size_t row, const fn_table *t)
{
    const fn_tie *tie = &s->tie[row];
    bool dated = tie->first != FN_DAY_NONE;
    int32_t day[SMALL_TENDERS];
    size_t days = days_of(s, tie, day);
    double periods = NAN, regularity = NAN, from = 0, to = 0, w = s->weight[row];
    if (dated && tie->count <= 2) {
        periods = 1 + (year_of(tie->first) != year_of(tie->last));
    } else if (dated && (int64_t) days == tie->count) {
        periods = 0;
        for (size_t i = 0; i < days; i++) periods += i == 0 || year_of(day[i]) != year_of(day[i - 1]);
        regularity = slow_regularity(day, days);
    }
    small_matrix m = small_matrix_of(s, tie->layer);
    for (uint32_t v = 0; v < m.n; v++) from += m.w[tie->from][v], to += m.w[v][tie->to];
    row_assert(t, "duration", row, dated ? tie->last - tie->first : NAN, 0);
    row_assert(t, "periods", row, periods, 0);
    row_assert(t, "regularity", row, regularity, 1e-14);
    row_assert(t, "share_from", row, w > 0 ? w / from : NAN, 1e-15);
    row_assert(t, "share_to", row, w > 0 ? w / to : NAN, 1e-15);
    row_assert(t, "repeats", row, (double) tie->count - 1, 0);
}

START_TEST(relations_are_what_their_definitions_say)
{
    int regular = 0;
    for (uint64_t seed = 0; seed < SMALL_NETS; seed++) {
        fn_run run = support_run();
        small_net *s = small_net_new(&run, seed, NULL);
        fn_table *t = row_find(&run, s->view, FN_GROUP_TIES, "relation");
        for (size_t row = 0; row < s->ties; row++) {
            bool self = s->tie[row].from == s->tie[row].to;
            for (size_t c = 0; c < t->columns && self; c++) ck_assert(fn_column_missing(t->column[c], row));
            if (!self) check_relation(s, row, t);
            regular += !isnan(row_cell(t, "regularity", row));
        }
        fn_table_free(t);
        small_net_free(s);
    }
    ck_assert_int_gt(regular, 20);
}
END_TEST

Suite *suite_relation(void)
{
    Suite *suite = suite_create("relation");
    TCase *oracle = tcase_create("oracle");
    tcase_add_test(oracle, relations_are_what_their_definitions_say);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    return suite;
}
