/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "graph/memory.h"
#include "io/identity.h"
#include "tests/suite.h"

Suite *suite_identity(void);

static fn_words w(const char *text)
{
    return (fn_words) { text, text ? strlen(text) : 0 };
}

static void must(const fn_run *run, fn_status status)
{
    ck_assert_msg(status == FN_OK, "%s", run->error.message);
}

/* ---- names ---- */

static char key_text[512];

static const char *key_of(const char *name)
{
    fn_run run = support_run();
    fn_name_key key;
    must(&run, fn_name_key_make(&run, name, strlen(name), &key));
    snprintf(key_text, sizeof key_text, "%s", key.key.text);
    fn_name_key_free(&key);
    return key_text;
}

static const struct { const char *name, *key; } name_rows[] = {
    { "Safer Place Ltd.", "safer place/llc" },
    { "  ARTERNATIVA   S.R.L. ", "arternativa/llc" },
    { "Hello World Co. Ltd", "hello world/llc" },
    { "Foo (India) Pvt. Ltd.", "foo india/llc" },
    { "Coconal S. A. P. I. de C. V.", "coconal/jsc" },
    { "COCONAL S.A.P.I. DE C.V.", "coconal/jsc" },
    { "Omnibus, S. de R.L. de C.V.", "omnibus/llc" },
    { "Société Générale SA", "societe generale/jsc" },
    { "Müller & Söhne GmbH", "muller & sohne/llc" },
    { "Müller und Söhne GmbH", "muller & sohne/llc" },
    { "Müller GmbH & Co. KG", "muller/partnership" },
    { "Straße AG", "strasse/jsc" },
    { "Ørsted A/S", "orsted/jsc" },
    { "ŁÓDŹ Sp. z o.o.", "lodz/llc" },
    { "İSTANBUL İnşaat Ltd. Şti.", "istanbul insaat/llc" },
    { "O'Brien plc", "obrien/jsc" },
    { "H&#38;L Consultoras Asociadas S.A. de C.V.", "h & l consultoras asociadas/jsc" },
    { "Smith &amp;amp; Sons Ltd", "smith & sons/llc" },
    { "A-B-C Company", "abc company" },
    { "ООО \"Ромашка\"", "ромашка/llc" },
    { "Общество с ограниченной ответственностью «Ромашка»", "ромашка/llc" },
    { "ТОО «САПА ҚҰРЫЛЫС 2007»", "сапа құрылыс 2007/llc" },
    { "\"САПА ҚҰРЫЛЫС 2007\" ЖШС", "сапа құрылыс 2007/llc" },
    { "АҚ «Қазақтелеком»", "қазақтелеком/jsc" },
    { "Еёлка ИП", "еелка/person" },
    { "Майский й", "майский й" },
    { "Їжак ТОВ", "їжак/llc" },
    { "Об'єднання", "обєднання" },
    { "Школа №5", "школа 5" },
    { "Школа № 5", "школа 5" },
    { "Gr\xC2\xADoup\xE2\x80\x8B One", "group one" },
    { "Acme\xE2\x84\xA2 Inc", "acme/jsc" },
    { "SA", "sa" },
    { "COOP", "coop" },
    { "S.R.L.", "srl" },
    { "ﬁrm ＡＢＣ Ltd", "firm abc/llc" },
    { "\xFF\xFE bad bytes Ltd", "bad bytes/llc" },
    { "S.C. ELINATCONS S.R.L.", "elinatcons/llc" },
};

START_TEST(names_take_a_form_that_spellings_share)
{
    ck_assert_str_eq(key_of(name_rows[_i].name), name_rows[_i].key);
}
END_TEST

START_TEST(look_alike_letters_take_the_script_of_their_word)
{
    /* Latin O in ООО; Cyrillic а in a Latin word; a pure word of either script stays. */
    ck_assert_str_eq(key_of("OОO Ромашка"), "ромашка/llc");
    ck_assert_str_eq(key_of("Comp\xD0\xB0ny Alpha"), "company alpha");
    ck_assert_str_eq(key_of("cop"), "cop");
    ck_assert_str_eq(key_of("сор"), "сор");
}
END_TEST

START_TEST(names_that_must_stay_apart_do)
{
    static const char *const pair[][2] = {
        { "Школа № 5", "Школа №6" }, { "ООО \"Ромашка\"", "ООО \"Василёк\"" }, { "Deutsche Bank AG", "Deutsche Bank GmbH" },
        { "Fund 1", "Fund 2" }, { "Bowne of Atlanta", "Bowne of Boston" }, { "Turtle (Seychelles)", "Turtle (Malta)" },
        { "A of B", "B of A" }, { "New York New York", "New York" }, { "йод", "иод" }, { "їм", "ім" }
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char first[512];
        snprintf(first, sizeof first, "%s", key_of(pair[i][0]));
        ck_assert_msg(strcmp(first, key_of(pair[i][1])) != 0, "%s = %s", pair[i][0], pair[i][1]);
    }
}
END_TEST

START_TEST(no_names_are_told)
{
    static const char *const none[] = { "N/A", "-", "", "NaN", "нет", "ЖОҚ", "Sin dato", "...", "unknown", "NULL" };
    static const char *const some[] = { "NA Logistics", "Unknown Pleasures Ltd", "3M" };
    fn_run run = support_run();
    fn_name_key key;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        must(&run, fn_name_key_make(&run, none[i], strlen(none[i]), &key));
        ck_assert_msg(key.placeholder, "%s", none[i]);
        fn_name_key_free(&key);
    }
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        must(&run, fn_name_key_make(&run, some[i], strlen(some[i]), &key));
        ck_assert_msg(!key.placeholder, "%s", some[i]);
        fn_name_key_free(&key);
    }
}
END_TEST

START_TEST(likeness_is_one_for_parts_and_low_for_strangers)
{
    ck_assert_double_eq(fn_name_likeness("acme", 4, "acme", 4), 1);
    ck_assert_double_eq(fn_name_likeness("acme", 4, "acme works", 10), 1);
    ck_assert_double_eq(fn_name_likeness("acme works", 10, "acme", 4), 1);
    ck_assert_double_lt(fn_name_likeness("acme", 4, "zulu", 4), 0.01);
    ck_assert_double_eq(fn_name_likeness("a", 1, "b", 1), 0);
    ck_assert_double_eq_tol(fn_name_likeness("abcd", 4, "abxd", 4), 1.0 / 3, 1e-12);
}
END_TEST

START_TEST(a_name_survives_every_failing_allocation)
{
    const char *name = "ТОО «САПА ҚҰРЫЛЫС 2007» & Söhne";
    fn_run run = support_run();
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        fn_name_key key;
        run = support_run();
        fn_memory_fail_at(k, false);
        status = fn_name_key_make(&run, name, strlen(name), &key);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        else fn_name_key_free(&key);
        ck_assert_int_lt(k, 1000);
    }
}
END_TEST

/* ---- identifiers ---- */

static const char *clean(const char *scheme, const char *id, bool number, bool *good)
{
    fn_run run = support_run();
    fn_bytes out = { 0 };
    size_t length;
    fn_identifier identifier = { .scheme = w(scheme), .id = w(id), .number = number };
    must(&run, fn_identifier_clean(&run, &identifier, &out, &length, good));
    snprintf(key_text, sizeof key_text, "%s", out.text ? out.text : "");
    fn_bytes_free(&out);
    return key_text;
}

static const struct { const char *scheme, *id; bool number; const char *key; } id_rows[] = {
    { "IT-CF", "02869870341", false, "IT-CF-02869870341" },
    { "GB-COH", "11111111.0", false, "GB-COH-11111111" }, /* of equal digits: see placeholders */
    { "GB-COH", "01234567.0", false, "GB-COH-01234567" },
    { "KZ-BIN", "70340007367", true, "KZ-BIN-070340007367" },
    { "kz-bin", "KZ-BIN-070340007367", false, "KZ-BIN-070340007367" },
    { "KZ-IIN", "070340007367", false, "KZ-BIN-070340007367" },
    { "UA-EDRPOU", "32112", true, "UA-EDR-00032112" },
    { "RU-INN", "7736050003", false, "RU-INN-7736050003" },
    { "RU-INN", "12345678901", false, "RU-INN-012345678901" },
    { "ES-NIF", "ESB33333334", false, "ES-NIF-B33333334" },
    { "ES-NIF", "B-33.333 334", false, "ES-NIF-B33333334" },
    { "NL-KVK", "“1234/5678”", false, "NL-KVK-12345678" },
    { "My Scheme", " ab12 cd ", false, "MY_SCHEME-AB12CD" },
    { NULL, "vnc9501168d8", false, "VNC9501168D8" },
    { NULL, "H&#38;L001219R14", false, "H&L001219R14" },
    { "DE-HRB", "ＨＲＢ １２３４", false, "DE-HRB-HRB1234" },
};

START_TEST(identifiers_are_cleaned)
{
    bool good;
    ck_assert_str_eq(clean(id_rows[_i].scheme, id_rows[_i].id, id_rows[_i].number, &good), id_rows[_i].key);
    ck_assert(good || strstr(id_rows[_i].key, "11111111"));
}
END_TEST

START_TEST(placeholders_are_no_identifiers)
{
    static const char *const none[] = {
        "NAN", "nan", "0", "00000000000", "000", "1", "N/A", "NA", "NONE", "-", "", "XXX", "XXXXX", "НЕТ", "ЖОҚ",
        "SIN DATO", "123456789", "1.2345E+11", "11111111.0", "No Aplica", "12"
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        bool good = true;
        clean("IT-CF", none[i], false, &good);
        ck_assert_msg(!good, "%s", none[i]);
    }
}
END_TEST

START_TEST(only_org_ids_are_global_among_party_ids)
{
    static const char *const global[] = { "IT-CF-02869870341", "GB-COH-09506232", "KZ-BIN-070340007367", "US-EIN-12-345" };
    static const char *const local[] = {
        "ORG-0001", "TPO-0001", "438", "8d97cc040a6218bd4f90bf8d938b46ca", "NGA-DNL-17220017", "ZZ-CF-02869870341",
        "DE-ORG-0001", "IT-CF-", "IT-02869870341", "it-cf-02869870341", "GB-123-4567", "A-B-C", "", "IT--123456"
    };
    fn_identifier identifier;
    for (size_t i = 0; i < sizeof global / sizeof *global; i++)
        ck_assert_msg(fn_identifier_of_party_id(w(global[i]), &identifier), "%s", global[i]);
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        ck_assert_msg(!fn_identifier_of_party_id(w(local[i]), &identifier), "%s", local[i]);
}
END_TEST

START_TEST(check_digits_are_checked)
{
    static const char *const right[] = {
        "KZ-BIN-070340007367", "KZ-BIN-980940001419", "KZ-BIN-970340000010", "RU-INN-7736050003", "RU-INN-7707083893",
        "RU-OGRN-1027700132195", "UA-EDR-20077720", "UA-EDR-00032112"
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char wrong[64];
        size_t length = strlen(right[i]);
        ck_assert_msg(fn_identifier_check(right[i], length) == 1, "%s", right[i]);
        snprintf(wrong, sizeof wrong, "%s", right[i]);
        wrong[length - 1] = wrong[length - 1] == '9' ? '0' : (char) (wrong[length - 1] + 1);
        ck_assert_int_eq(fn_identifier_check(wrong, length), 0);
    }
    ck_assert_int_eq(fn_identifier_check("IT-CF-123", 9), -1);
    ck_assert_int_eq(fn_identifier_check("RU-INN-012345678901", 19), -1);
}
END_TEST

START_TEST(numbers_of_persons_are_known)
{
    ck_assert(fn_identifier_of_person("IT-CF-RSSMRA80A01H501U", 22));
    ck_assert(!fn_identifier_of_person("IT-CF-02869870341", 17));
    ck_assert(fn_identifier_of_person("KZ-BIN-800101300123", 19));
    ck_assert(!fn_identifier_of_person("KZ-BIN-070340007367", 19));
}
END_TEST

START_TEST(countries_are_found_by_code_and_name)
{
    static const struct { const char *text, *code; } row[] = {
        { "IT", "IT" }, { "it", "IT" }, { "ITA", "IT" }, { "Italia", "IT" }, { " United Kingdom ", "GB" }, { "UK", "GB" },
        { "EL", "GR" }, { "Казахстан", "KZ" }, { "México", "MX" }, { "1A", NULL }, { "", NULL }, { "Atlantis", NULL }
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *code = fn_country_code(row[i].text, strlen(row[i].text));
        ck_assert_msg(row[i].code ? code && strcmp(code, row[i].code) == 0 : !code, "%s", row[i].text);
    }
}
END_TEST

START_TEST(kinds_need_evidence)
{
    static const struct { const char *name; bool buys; const char *kind; } row[] = {
        { "Comune di Parma", true, "authority" }, { "Comune di Parma", false, NULL }, { "Rossi Costruzioni", true, NULL },
        { "Ministry of Health", true, "authority" }, { "Rossi S.r.l.", true, "firm" },
        { "Rossi sas di Bianchi & C.", false, "firm" }, { "Banca MIFEL, S.A.", false, "bank" },
        { "Università di Bologna", true, "university" }, { "University Books Ltd", false, "firm" },
        { "ИП Иванов", false, "person" }, { "ГУ «Аппарат акима»", false, "authority" },
        { "RTI Rossi - Bianchi", false, "consortium" }, { "UTE Puente Norte", false, "consortium" }, { "Ati", false, "consortium" },
        { "Patio Verde", false, NULL }, { "N/A", true, NULL },
        { "RTI S.p.A.", false, "firm" }, { "ATI S.R.L.", false, "firm" }, { "ATI Rossi srl", false, "consortium" },
        { "CONSORZIO STABILE POLIEDRO", false, "consortium" }, { "Consorzio Alfa S.r.l.", false, "firm" },
        { "EMC2 ONLUS SOCIETA' COOPERATIVA SOCIALE A R.L.", false, "firm" },
        { "VICE SEGRETERIA GENERALE", true, "authority" }, { "VICE SEGRETERIA GENERALE", false, NULL },
        { "SETTORE LAVORI PUBBLICI", true, "authority" }, { "Servizi ambientali", true, "authority" },
        { "Servizi ambientali S.r.l.", true, "firm" }, { "Servizi ambientali", false, NULL },
        { "Città di Torino", true, "authority" }, { "Direction des achats", true, "authority" },
        { "Dirección General de Obras", true, "authority" }, { "Amt für Hochbau", true, "authority" },
        { "Отдел образования Алматы", true, "authority" }, { "Білім бөлімі", true, "authority" },
        { "№ 5 мектебі", true, "authority" }, { "Servizitalia", true, NULL }, { "Areas Verdes", true, NULL },
        { "Ville-Marie", true, "authority" }, { "Culture", true, "authority" }, { "Culture", false, NULL }, { "Culture Industries", true, NULL },
        { "Infrastructures, voirie et transports", true, "authority" }, { "Materiel roulant et ateliers", true, "authority" },
        { "The Prosecutor`s Office of the RA", true, "authority" }, { "IMSP Institutul de Medicină Urgentă", true, "authority" }
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fn_run run = support_run();
        fn_name_key key;
        must(&run, fn_name_key_make(&run, row[i].name, strlen(row[i].name), &key));
        const char *kind = fn_kind_from_name(&key, row[i].buys);
        ck_assert_msg(row[i].kind ? kind && strcmp(kind, row[i].kind) == 0 : !kind, "%s: %s", row[i].name, kind ? kind : "-");
        fn_name_key_free(&key);
    }
    ck_assert_str_eq(fn_kind_from_class(w("TED_CA_TYPE"), w("BODY_PUBLIC")), "authority");
    ck_assert_str_eq(fn_kind_from_class(w("eu-buyer-legal-type"), w("pub-undert")), "firm");
    ck_assert_ptr_null(fn_kind_from_class(w("TED_CA_TYPE"), w("OTHER")));
    ck_assert_ptr_null(fn_kind_from_class(w("COFOG"), w("1")));
}
END_TEST

Suite *suite_identity(void)
{
    Suite *suite = suite_create("identity");
    TCase *names = tcase_create("names"), *ids = tcase_create("identifiers");
    tcase_add_loop_test(names, names_take_a_form_that_spellings_share, 0, sizeof name_rows / sizeof *name_rows);
    tcase_add_test(names, look_alike_letters_take_the_script_of_their_word);
    tcase_add_test(names, names_that_must_stay_apart_do);
    tcase_add_test(names, no_names_are_told);
    tcase_add_test(names, likeness_is_one_for_parts_and_low_for_strangers);
    tcase_add_test(names, a_name_survives_every_failing_allocation);
    tcase_add_test(names, kinds_need_evidence);
    tcase_add_loop_test(ids, identifiers_are_cleaned, 0, sizeof id_rows / sizeof *id_rows);
    tcase_add_test(ids, placeholders_are_no_identifiers);
    tcase_add_test(ids, only_org_ids_are_global_among_party_ids);
    tcase_add_test(ids, check_digits_are_checked);
    tcase_add_test(ids, numbers_of_persons_are_known);
    tcase_add_test(ids, countries_are_found_by_code_and_name);
    suite_add_tcase(suite, names);
    suite_add_tcase(suite, ids);
    return suite;
}
