/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include <string.h>
#include "algorithms/lead.h"
#include "graph/memory.h"
#include "graph/names.h"
#include "graph/random.h"
#include "tests/suite.h"

Suite *suite_lead(void);

enum { FIRMS = 7, LOTS = 12, BUYERS = 3, BIDS_MOST = 60, MEMBERS_MOST = 3 };

typedef struct plain_bid {
    uint32_t lot, buyer, head, members, member[MEMBERS_MOST];
} plain_bid;

/* A handful of bids in plain lists: firms of a lot are distinct. */
static size_t draw_bids(uint64_t seed, plain_bid *bid)
{
    uint64_t at = 0;
    size_t bids = 0;
    for (uint32_t lot = 0; lot < LOTS; lot++) {
        bool taken[FIRMS] = { false };
        uint32_t buyer = (uint32_t) fn_random_below(seed, 1, at++, BUYERS);
        for (uint64_t n = fn_random_below(seed, 1, at++, 4); n > 0; n--) {
            plain_bid *b = &bid[bids];
            *b = (plain_bid) { .lot = lot, .buyer = buyer, .head = FN_NONE };
            for (uint64_t m = 1 + fn_random_below(seed, 1, at++, MEMBERS_MOST); m > 0; m--) {
                uint32_t f = (uint32_t) fn_random_below(seed, 1, at++, FIRMS);
                if (!taken[f]) b->member[b->members++] = f;
                taken[f] = true;
            }
            if (b->members > 1 && fn_random_below(seed, 1, at++, 4))
                b->head = b->member[fn_random_below(seed, 1, at++, b->members)];
            bids += b->members > 0;
        }
    }
    return bids;
}

static fn_lead_book *book_of(fn_run *run, const plain_bid *bid, size_t bids)
{
    fn_lead_book *book;
    ck_assert_int_eq(fn_lead_book_new(run, FIRMS, BUYERS, &book), FN_OK);
    for (size_t k = 0; k < bids; k++)
        ck_assert_int_eq(fn_lead_add_bid(run, book, bid[k].lot, bid[k].buyer, bid[k].member, bid[k].members, bid[k].head),
                         FN_OK);
    ck_assert_int_eq(fn_lead_book_close(run, book), FN_OK);
    return book;
}

static bool has(const plain_bid *b, uint32_t f)
{
    for (uint32_t i = 0; i < b->members; i++)
        if (b->member[i] == f) return true;
    return false;
}

/* The same by asking every pair. */
static fn_lead_evidence slowly(const plain_bid *bid, size_t bids, uint32_t f, const plain_bid *group, fn_lead_without without)
{
    fn_lead_evidence e = { 0 };
    bool buyer[BUYERS] = { false }, partner[FIRMS] = { false }, rival[FIRMS] = { false };
    for (size_t k = 0; k < bids; k++) {
        const plain_bid *b = &bid[k];
        bool same = b->members == group->members;
        for (uint32_t i = 0; i < b->members; i++) same = same && has(group, b->member[i]);
        if (b->lot == without.lot || (without.same_group && same) || !has(b, f)) continue;
        e.bids++;
        e.alone += b->members == 1;
        buyer[b->buyer] = true;
        for (uint32_t i = 0; i < b->members; i++) partner[b->member[i]] = true;
        for (size_t q = 0; q < bids; q++)
            for (uint32_t i = 0; bid[q].lot == b->lot && i < bid[q].members; i++) rival[bid[q].member[i]] = true;
        if (b->members < 2 || b->head == FN_NONE) continue;
        e.headed += b->head == f;
        e.followed += b->head != f;
        for (uint32_t i = 0; i < group->members; i++) {
            uint32_t other = group->member[i];
            if (other == f) continue;
            e.headed_them += b->head == f && has(b, other);
            e.followed_them += b->head == other;
        }
    }
    for (uint32_t b = 0; b < BUYERS; b++) e.buyers += buyer[b];
    for (uint32_t g = 0; g < FIRMS; g++) e.partners += g != f && partner[g], e.cobidders += g != f && rival[g];
    return e;
}

START_TEST(evidence_is_that_of_a_slow_count)
{
    plain_bid bid[BIDS_MOST];
    fn_run run = support_run();
    size_t bids = draw_bids((uint64_t) _i, bid);
    fn_lead_book *book = book_of(&run, bid, bids);
    for (size_t k = 0; k < bids; k++)
        for (int way = 0; way < 3; way++) {
            fn_lead_evidence found[MEMBERS_MOST];
            const fn_lead_without without = { way == 1 ? FN_NONE : bid[k].lot, way == 2 };
            fn_lead_gather(book, bid[k].member, bid[k].members, without, found);
            for (uint32_t i = 0; i < bid[k].members; i++) {
                fn_lead_evidence e = slowly(bid, bids, bid[k].member[i], &bid[k], without);
                ck_assert_uint_eq(found[i].headed, e.headed);
                ck_assert_uint_eq(found[i].followed, e.followed);
                ck_assert_uint_eq(found[i].headed_them, e.headed_them);
                ck_assert_uint_eq(found[i].followed_them, e.followed_them);
                ck_assert_uint_eq(found[i].alone, e.alone);
                ck_assert_uint_eq(found[i].bids, e.bids);
                ck_assert_uint_eq(found[i].buyers, e.buyers);
                ck_assert_uint_eq(found[i].partners, e.partners);
                ck_assert_uint_eq(found[i].cobidders, e.cobidders);
            }
        }
    fn_lead_book_free(book);
}
END_TEST

/* Firm 0 headed 1 twice and followed it once; 2 is unknown. Without the lot at hand one less. */
START_TEST(worked_numbers)
{
    const plain_bid bid[] = {
        { 0, 0, 0, 2, { 0, 1 } }, { 1, 1, 0, 2, { 1, 0 } }, { 2, 0, 1, 2, { 0, 1 } }, { 3, 0, FN_NONE, 1, { 1 } }
    };
    fn_run run = support_run();
    fn_lead_book *book;
    fn_lead_evidence e[3];
    double term[FN_LEAD_TERMS];
    ck_assert_int_eq(fn_lead_book_new(&run, FIRMS, BUYERS, &book), FN_OK);
    for (size_t k = 0; k < 4; k++)
        ck_assert_int_eq(fn_lead_add_bid(&run, book, bid[k].lot, bid[k].buyer, bid[k].member, bid[k].members, bid[k].head),
                         FN_OK);
    ck_assert_int_eq(fn_lead_add_win(&run, book, 3, 1, 5), FN_OK);
    ck_assert_int_eq(fn_lead_add_win(&run, book, 2, 1, NAN), FN_OK);
    ck_assert_int_eq(fn_lead_book_close(&run, book), FN_OK);
    fn_lead_gather(book, (uint32_t[]) { 0, 1, 2 }, 3, (fn_lead_without) { .lot = FN_NONE }, e);
    fn_lead_terms(&e[0], term);
    ck_assert_double_eq_tol(term[0], log(2.5 / 1.5), 1e-15);
    ck_assert_double_eq_tol(term[1], log(2.5 / 1.5), 1e-15);
    ck_assert_double_eq_tol(term[2], 0, 1e-15);
    ck_assert_double_eq_tol(term[3], log(3), 1e-15);
    ck_assert_uint_eq(e[1].wins, 2);
    ck_assert_double_eq(e[1].awarded, 5);
    ck_assert_double_eq_tol(fn_lead_index(&e[0]),
                            (fn_lead_weight[0] + fn_lead_weight[1]) * log(2.5 / 1.5) + fn_lead_weight[3] * log(3), 1e-15);
    ck_assert_double_eq(fn_lead_index(&e[2]), 0);
    fn_lead_gather(book, (uint32_t[]) { 0, 1, 2 }, 3, (fn_lead_without) { .lot = 0 }, e);
    ck_assert_uint_eq(e[0].headed, 1);
    ck_assert_uint_eq(e[1].headed_them, 1);
    fn_lead_book_free(book);
}
END_TEST

START_TEST(failing_allocations_leak_nothing)
{
    plain_bid bid[BIDS_MOST];
    size_t bids = draw_bids(3, bid);
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_run run = support_run();
        fn_lead_book *book = NULL;
        fn_memory_fail_at(k, false);
        status = fn_lead_book_new(&run, FIRMS, BUYERS, &book);
        for (size_t b = 0; b < bids && !status; b++)
            status = fn_lead_add_bid(&run, book, bid[b].lot, bid[b].buyer, bid[b].member, bid[b].members, bid[b].head);
        if (!status) status = fn_lead_add_win(&run, book, 1, 1, 1);
        if (!status) status = fn_lead_book_close(&run, book);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        fn_lead_book_free(book);
    }
}
END_TEST

Suite *suite_lead(void)
{
    Suite *suite = suite_create("lead");
    TCase *cases = tcase_create("heads of joint bids");
    tcase_add_test(cases, worked_numbers);
    tcase_add_loop_test(cases, evidence_is_that_of_a_slow_count, 0, 20);
    tcase_add_test(cases, failing_allocations_leak_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
