/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "tests/io/tender_desk.h"

Suite *suite_tender_firms(void);

/* ---- who is who ---- */

START_TEST(a_local_party_id_is_never_global)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party("ORG-0001", "Alfa Srl");       /* E01 */
    fn_award a = desk_award("1", &s, 1, 1, "EUR");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    s = desk_party("ORG-0001", "Beta Srl");
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    s = desk_party("ORG-0001", NULL);                      /* nameless: nobody */
    p.ocid = desk_words("o3");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_SUPPLY, "name:alfa/llc|", B));
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_SUPPLY, "name:beta/llc|", B));
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    ck_assert_double_eq(desk_sum(&d, "anonymous", "EUR"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(one_identifier_is_one_firm_with_aliases)
{
    desk d;
    desk_open(&d);
    static const char *const name[] = { "Acme Limited", "ACME Ltd", "Acme Limited", "Acme Works Ltd" };
    static const char *const number[] = { "01234567", "01234567.0", "GB-COH-01234567", "0123 4567" };
    for (int i = 0; i < 4; i++) {                     /* E02, E04 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_identifier id = { .scheme = desk_words("GB-COH"), .id = desk_words(number[i]) };
        fn_party s = desk_party("1", name[i]);
        s.identifier = &id;
        s.identifiers = 1;
        s.main_identifier = true;
        fn_award a = desk_award("1", &s, 1, 1, "GBP");
        fn_process p = desk_one_award(ocid, &a);
        desk_add(&d, &p);
    }
    desk_finish(&d);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, "GB-COH-01234567", B)->count, 4);
    ck_assert_str_eq(desk_text(&d, "GB-COH-01234567", "name"), "Acme Limited");
    ck_assert_str_eq(desk_text(&d, "GB-COH-01234567", "aliases"), "Acme Works Ltd | ACME Ltd");
    ck_assert_str_eq(desk_text(&d, "GB-COH-01234567", "country"), "GB");
    desk_close(&d);
}
END_TEST

START_TEST(several_identifiers_are_joined_unless_they_clash)
{
    desk d;
    desk_open(&d);
    fn_identifier id[3] = { { .scheme = WORDS("RU-INN"), .id = WORDS("7736050003") },
                            { .scheme = WORDS("RU-OGRN"), .id = WORDS("1027700132195") },
                            { .scheme = WORDS("RU-INN"), .id = WORDS("7707083893") } };
    fn_party s = desk_party("a", "Alfa");
    s.identifier = id;
    s.identifiers = 2;
    fn_award a = desk_award("1", &s, 1, 1, "RUB");
    fn_process p = desk_one_award("o1", &a);
    desk_add(&d, &p);
    s.identifier = &id[1];                            /* OGRN alone: the same firm */
    s.identifiers = 1;
    p.ocid = desk_words("o2");
    desk_add(&d, &p);
    s.identifiers = 2;                                /* OGRN and another INN: would give it two */
    p.ocid = desk_words("o3");
    desk_add(&d, &p);
    s.identifier = &id[2];
    s.identifiers = 1;
    p.ocid = desk_words("o4");
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "identifiers_clash"), 1);
    ck_assert_uint_eq(fn_net_firms(d.net), 3);
    int64_t count = 0;
    for (size_t t = 0; t < fn_net_ties(d.net); t++) count += fn_net_tie_at(d.net, t).count;
    ck_assert_int_eq(count, 4);
    desk_close(&d);
}
END_TEST

START_TEST(identifiers_without_scheme_must_prove_stable)
{
    for (int stable = 0; stable < 2; stable++) {      /* E06 */
        desk d;
        desk_open(&d);
        static const char *const name[2][2] = { { "Alfa Srl", "Zukunft GmbH" }, { "Alfa Srl", "ALFA S.r.l." } };
        for (int i = 0; i < 2; i++) {
            char ocid[24];
            snprintf(ocid, sizeof ocid, "o%d", i);
            fn_identifier id = { .id = desk_words("VNC9501168D8") };
            fn_party s = { .name = desk_words(name[stable][i]), .identifier = &id, .identifiers = 1 };
            fn_award a = desk_award("1", &s, 1, 1, "EUR");
            fn_process p = desk_one_award(ocid, &a);
            desk_add(&d, &p);
        }
        desk_finish(&d);
        ck_assert_uint_eq(fn_net_firms(d.net), stable ? 2 : 3);
        if (stable) ck_assert_str_eq(desk_text(&d, "id:ocds-abc123:VNC9501168D8", "key_basis"), "id_without_scheme");
        else ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_SUPPLY, "name:zukunft/llc|", B));
        desk_close(&d);
    }
}
END_TEST

START_TEST(an_identifier_of_unlike_names_is_nobodys)
{
    desk d;
    desk_open(&d);
    static const char *const name[] = { "Alfa", "Bruno Kurz", "Cedex", "Dimmi Tutto", "Everyman", "Fuchs", "Gypsum Hill",
                                        "Wyvern", "Zukunft", "Quo Vadis" };
    for (int i = 0; i < 10; i++) {                    /* E59 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_party s = desk_party(S1, name[i]);
        fn_award a = desk_award("1", &s, 1, 1, "EUR");
        fn_process p = desk_one_award(ocid, &a);
        desk_add(&d, &p);
    }
    desk_finish(&d);
    ck_assert_uint_eq(fn_net_firms(d.net), 11);
    ck_assert_uint_eq(desk_firm(&d, S1), FN_NONE);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "identifier_of_unlike_names"), 1);
    desk_close(&d);
}
END_TEST

START_TEST(names_go_with_country_or_town)
{
    desk d;
    desk_open(&d);
    static const struct { const char *name, *country, *town, *key; } row[] = {
        { "ТОО «X-Строй»", "KZ", NULL, "name:x строй/llc|KZ" }, { "\"X-Строй\" ЖШС", "KZ", "Астана", "name:x строй/llc|KZ" },
        { "X-Строй ТОО", "RU", NULL, "name:x строй/llc|RU" }, { "X-Строй ТОО", NULL, "Омск", "name:x строй/llc|@омск" },
        { "X-Строй ТОО", NULL, "0", "name:x строй/llc|" }, { "X-Строй ТОО", "1A", NULL, "name:x строй/llc|" }
    };
    for (int i = 0; i < 6; i++) {                     /* E54, E58 */
        char ocid[24];
        snprintf(ocid, sizeof ocid, "o%d", i);
        fn_party s = { .name = desk_words(row[i].name), .country_name = desk_words(row[i].country), .town = desk_words(row[i].town) };
        fn_award a = desk_award("1", &s, 1, 1, "EUR");
        fn_process p = desk_one_award(ocid, &a);
        desk_add(&d, &p);
    }
    desk_finish(&d);
    for (int i = 0; i < 6; i++) ck_assert_msg(desk_firm(&d, row[i].key) != FN_NONE, "%s", row[i].key);
    ck_assert_uint_eq(fn_net_firms(d.net), 5);
    desk_close(&d);
}
END_TEST

START_TEST(references_are_resolved_within_the_process)
{
    desk d;
    desk_open(&d);
    fn_identifier id = { .scheme = WORDS("GB-COH"), .id = WORDS("01234567") };
    fn_party parties[2] = { desk_party("7", "Acme Limited"), desk_party("8", "Town Council") };
    parties[0].identifier = &id;
    parties[0].identifiers = 1;
    parties[1].roles = FN_ROLE_BUYER;
    parties[1].class_scheme = desk_words("TED_CA_TYPE");
    parties[1].class_id = desk_words("3");
    fn_party s[3] = { desk_party("7", "Acme Cycle Provision"), desk_party("9", "Ghost Ltd"), desk_party(NULL, "Acme Limited") };
    fn_award a[3] = { desk_award("1", &s[0], 1, 1, "GBP"), desk_award("2", &s[1], 1, 1, "GBP"), desk_award("3", &s[2], 1, 1, "GBP") };
    fn_process p = desk_process("o1", "8", NULL, a, 3);
    p.party = parties;
    p.parties = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, "GB-COH-01234567", "name:town council|")->count, 2);
    /* Each spelling stands in one process: the longer is the name. */
    ck_assert_str_eq(desk_text(&d, "GB-COH-01234567", "name"), "Acme Cycle Provision");
    ck_assert_str_eq(desk_text(&d, "GB-COH-01234567", "aliases"), "Acme Limited");
    ck_assert_str_eq(desk_text(&d, "name:town council|", "kind"), "authority");
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_SUPPLY, "name:ghost/llc|", "name:town council|"));  /* E07 */
    ck_assert_int_eq(desk_total(&d, "party", FN_REMARK, "reference_unresolved"), 1);
    desk_close(&d);
}
END_TEST

/* Who buys under many names is what most of them say, and a rare alias says nothing. */
START_TEST(a_rare_spelling_does_not_change_the_kind)
{
    static const struct { const char *often, *once, *kind; } row[] = {
        { "Comune di Latina", "Latina Ambiente S.p.A.", "authority" }, { "Urbs Latina", "Urbs Latina S.p.A.", "unknown" },
        { "Vice segreteria generale", "Rossi srl", "authority" }, { "Rossi S.r.l.", "RTI Rossi - Bianchi", "firm" },
        { "Ing. Rossi", "RTI Ing. Rossi - Bianchi", "unknown" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        desk d;
        desk_open(&d);
        for (int n = 0; n < 12; n++) {
            char ocid[16];
            snprintf(ocid, sizeof ocid, "o%d", n);
            fn_party s = desk_party(S1, "Bianchi");
            fn_award a = desk_award("1", &s, 1, 1, "EUR");
            fn_process p = desk_one_award(ocid, &a);
            p.buyer = desk_party(S2, n == 5 ? row[i].once : row[i].often);
            desk_add(&d, &p);
        }
        desk_finish(&d);
        ck_assert_str_eq(desk_text(&d, S2, "name"), row[i].often);
        ck_assert_msg(strcmp(desk_text(&d, S2, "kind"), row[i].kind) == 0, "%s: %s", row[i].often, desk_text(&d, S2, "kind"));
        desk_close(&d);
    }
}
END_TEST

START_TEST(somebody_buys)
{
    desk d;
    desk_open(&d);
    fn_party s = desk_party(S1, NULL), buyers[2] = { desk_party(S3, NULL), desk_party(S4, NULL) };
    fn_award a = desk_award("1", &s, 1, 5, "EUR");
    fn_process p = desk_one_award("o1", &a);
    p.has_buyer = false;                              /* E10 */
    p.has_procuring = true;
    p.procuring = desk_party(S2, "Rossi Costruzioni");
    desk_add(&d, &p);
    p.ocid = desk_words("o2");                                 /* E11 */
    buyers[0].roles = buyers[1].roles = FN_ROLE_BUYER;
    p.party = buyers;
    p.parties = 2;
    desk_add(&d, &p);
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, S2)->value, 5);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, S3)->value, 2.5);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, S4)->value, 2.5);
    ck_assert_int_eq(desk_total(&d, "process", FN_REMARK, "procuring_entity_buys"), 1);
    ck_assert_str_eq(desk_text(&d, S2, "kind"), "unknown"); /* buying alone makes no authority */
    desk_close(&d);
}
END_TEST

Suite *suite_tender_firms(void)
{
    Suite *suite = suite_create("tender firms");
    TCase *who = tcase_create("who is who");
    tcase_add_test(who, a_local_party_id_is_never_global);
    tcase_add_test(who, one_identifier_is_one_firm_with_aliases);
    tcase_add_test(who, several_identifiers_are_joined_unless_they_clash);
    tcase_add_test(who, identifiers_without_scheme_must_prove_stable);
    tcase_add_test(who, an_identifier_of_unlike_names_is_nobodys);
    tcase_add_test(who, names_go_with_country_or_town);
    tcase_add_test(who, references_are_resolved_within_the_process);
    tcase_add_test(who, somebody_buys);
    tcase_add_test(who, a_rare_spelling_does_not_change_the_kind);
    suite_add_tcase(suite, who);
    return suite;
}
