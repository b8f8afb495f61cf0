/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/io/tender_desk.h"

Suite *suite_tender_compete(void);

/* ---- consortia and competitions ---- */

START_TEST(partners_need_a_joint_bid)
{
    desk d;
    desk_open(&d);
    fn_party s[3] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL) };
    fn_award a = desk_award("1", s, 3, 9, "EUR");
    fn_bid b[3] = { desk_bid("b1", s, 3) };
    fn_process p = desk_one_award("o1", &a);
    p.bid = b;
    p.bids = 1;
    desk_add(&d, &p);                                      /* E14 */
    fn_bid alone[2] = { desk_bid("b1", s, 1), desk_bid("b2", s + 1, 1) };
    a.suppliers = 2;
    p.ocid = desk_words("o2");
    p.bid = alone;
    p.bids = 2;
    desk_add(&d, &p);                                      /* E15 */
    a.suppliers_changed = true;
    p.ocid = desk_words("o3");
    p.bids = 0;
    desk_add(&d, &p);                                      /* E16 */
    desk_finish(&d);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_CONSORTIUM), 3);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_CONSORTIUM, S1, S2)->count, 1);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 12);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_COBID, S1, S2)->count, 1); /* of E15 */
    ck_assert_ptr_null(desk_tie(&d, FN_LAYER_COBID, S1, S3));
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "suppliers_not_partners"), 2);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "suppliers_changed"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(a_lead_or_a_name_shows_a_group_too)
{
    desk d;
    desk_open(&d);
    fn_party s[2] = { desk_party(S1, NULL), desk_party(S2, NULL) };
    s[0].roles = FN_ROLE_LEAD;
    fn_award a = desk_award("1", s, 2, 9, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    fn_party r[2] = { desk_party(S3, "RTI Verdi - Bianchi"), desk_party(S4, "Bianchi") };
    a.supplier = r;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_CONSORTIUM, S1, S2));
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_CONSORTIUM, S3, S4));
    desk_close(&d);
}
END_TEST

START_TEST(lots_are_competitions_of_their_own)
{
    desk d;
    desk_open(&d);
    fn_party s[3] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL) };
    fn_words lot[2] = { WORDS("A"), WORDS("B") };
    fn_bid b[4] = { desk_bid("1", &s[0], 1), desk_bid("2", &s[1], 1), desk_bid("3", &s[1], 1), desk_bid("4", &s[2], 1) };
    for (int i = 0; i < 4; i++) {
        b[i].lot = &lot[i / 2];
        b[i].lots = 1;
    }
    fn_process p = desk_process("o1", B, NULL, NULL, 0);   /* E32 */
    p.bid = b;
    p.bids = 4;
    desk_add(&d, &p);
    fn_bid both[2] = { desk_bid("1", &s[0], 1), desk_bid("2", &s[2], 1) };
    both[0].lot = both[1].lot = lot;
    both[0].lots = 2;                                 /* E33 */
    both[1].lots = 2;
    p.ocid = desk_words("o2");
    p.bid = both;
    p.bids = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_COBID, S1, S2)->count, 1);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_COBID, S1, S2)->weight, 1);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_COBID, S2, S3)->count, 1);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_COBID, S1, S3)->count, 2);
    ck_assert_uint_eq(fn_net_tenders(d.net), 4);
    desk_close(&d);
}
END_TEST

START_TEST(a_consortium_competes_as_one)
{
    desk d;
    desk_open(&d);
    fn_party s[3] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL) };
    fn_bid b[4] = { desk_bid("1", s, 2), desk_bid("2", &s[2], 1), desk_bid("3", &s[2], 1), desk_bid("4", &s[2], 1) };
    b[2].status = desk_words("withdrawn");                     /* E31 */
    b[3].status = desk_words("invited");
    fn_party other = desk_party(S4, NULL);
    b[2].tenderer = b[3].tenderer = &other;
    fn_process p = desk_process("o1", B, NULL, NULL, 0);   /* E34 */
    p.bid = b;
    p.bids = 4;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_COBID), 2);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_COBID, S1, S3)->weight, 0.5);
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_COBID, S2, S3));
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_CONSORTIUM, S1, S2));
    ck_assert_int_eq(desk_total(&d, "bid", FN_READ, NULL), 4);
    ck_assert_int_eq(desk_total(&d, "bid", FN_KEPT, NULL), 2);
    ck_assert_int_eq(desk_total(&d, "bid", FN_REJECTED, "withdrawn"), 1);
    ck_assert_uint_eq(desk_firm(&d, S4), FN_NONE);
    desk_close(&d);
}
END_TEST

START_TEST(too_many_bidders_are_not_projected)
{
    enum { BIDDERS = 300 };
    static char id[BIDDERS][32];
    static fn_party s[BIDDERS];
    for (int i = 0; i < BIDDERS; i++) {
        snprintf(id[i], sizeof id[i], "IT-CF-07%09d", i + 1);
        s[i] = desk_party(id[i], NULL);
    }
    for (uint32_t most = 0; most <= BIDDERS; most += BIDDERS) {
        desk d;
        desk_open(&d);
        d.options.max_bidders = most;
        fn_process p = desk_process("o1", B, NULL, NULL, 0);
        p.tenderer = s;
        p.tenderers = BIDDERS;
        desk_add(&d, &p);
        desk_finish(&d);
        if (most) {
            ck_assert_uint_eq(desk_ties(&d, FN_LAYER_COBID), BIDDERS * (BIDDERS - 1) / 2);
        } else {                                      /* E35 */
            ck_assert_uint_eq(desk_ties(&d, FN_LAYER_COBID), 0);
            ck_assert_int_eq(desk_total(&d, "competition", FN_REMARK, "pairs_left_out"), 44850);
        }
        ck_assert_uint_eq(fn_net_tenders(d.net), 1);
        ck_assert_uint_eq(fn_net_tender(d.net)->bidders, BIDDERS);
        desk_close(&d);
    }
}
END_TEST

START_TEST(tenders_name_buyer_bidders_and_winners)
{
    desk d;
    desk_open(&d);
    fn_party s[4] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL), desk_party(B, NULL) };
    fn_award a = desk_award("1", s, 1, 9, "EUR");
    fn_process p = desk_one_award("o1", &a);
    p.tenderer = &s[1];                               /* S2, S3 and the buyer; the winner is left out */
    p.tenderers = 3;
    desk_add(&d, &p);
    p.ocid = desk_words("o2");
    p.tenderers = 0;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_uint_eq(fn_net_tenders(d.net), 2);
    const fn_tender *t = fn_net_tender(d.net);
    const uint32_t *firms = fn_net_tender_firms(d.net);
    ck_assert_uint_eq(t->buyer, desk_firm(&d, B));
    ck_assert(t->bids_known);
    ck_assert_double_eq(t->value, 9);
    ck_assert_int_eq(t->day, DAY);
    ck_assert_uint_eq(t->bidders, 3);
    ck_assert_uint_eq(t->winners, 1);
    ck_assert_uint_eq(firms[t->first_winner], desk_firm(&d, S1));
    for (size_t i = 1; i < t->bidders; i++) ck_assert_uint_lt(firms[t->first_bidder + i - 1], firms[t->first_bidder + i]);
    ck_assert(!t[1].bids_known);
    ck_assert_uint_eq(t[1].bidders, 1);
    ck_assert_int_eq(desk_total(&d, "bid", FN_REMARK, "buyer_among_bidders"), 1);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "winner_not_among_bidders"), 1);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_COBID, S1, S2)->weight, 0.5);
    desk_close(&d);
}
END_TEST

START_TEST(subcontracts_go_to_the_main_contractors)
{
    desk d;
    desk_open(&d);
    fn_party s[4] = { desk_party(S1, NULL), desk_party(S2, NULL), desk_party(S3, NULL), desk_party(S4, NULL) };
    fn_award a = desk_award("1", s, 2, 9, "EUR");
    fn_bid b[2] = { desk_bid("won", s, 2), desk_bid("lost", &s[3], 1) };
    fn_subcontract_event e[4] = {
        { .subcontractor = s[2], .main = s, .mains = 2, .value = MONEY(10, "EUR"), .bid = WORDS("won") },   /* E51 */
        { .subcontractor = s[2], .value = MONEY(4, "EUR"), .award = WORDS("1") },
        { .subcontractor = s[2], .value = MONEY(50, "EUR"), .bid = WORDS("lost") },
        { .subcontractor = s[0], .main = s, .mains = 1, .value = MONEY(1, "EUR"), .bid = WORDS("won") }
    };
    fn_process p = desk_one_award("o1", &a);
    p.bid = b;
    p.bids = 2;
    p.sub = e;
    p.subs = 4;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_SUBCONTRACT), 2);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUBCONTRACT, S3, S1)->value, 7);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUBCONTRACT, S3, S2)->value, 7);
    ck_assert_int_eq(desk_total(&d, "subcontract", FN_READ, NULL), 4);
    ck_assert_int_eq(desk_total(&d, "subcontract", FN_KEPT, NULL), 2);
    ck_assert_int_eq(desk_total(&d, "subcontract", FN_REJECTED, "no_award"), 1);
    desk_close(&d);
}
END_TEST

Suite *suite_tender_compete(void)
{
    Suite *suite = suite_create("tender competitions");
    TCase *ties = tcase_create("competitions");
    tcase_add_test(ties, partners_need_a_joint_bid);
    tcase_add_test(ties, a_lead_or_a_name_shows_a_group_too);
    tcase_add_test(ties, lots_are_competitions_of_their_own);
    tcase_add_test(ties, a_consortium_competes_as_one);
    tcase_add_test(ties, too_many_bidders_are_not_projected);
    tcase_add_test(ties, tenders_name_buyer_bidders_and_winners);
    tcase_add_test(ties, subcontracts_go_to_the_main_contractors);
    suite_add_tcase(suite, ties);
    return suite;
}
