/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/it_l190.h"
#include "tests/io/tender_desk.h"

Suite *suite_it_l190(void);

extern const fn_format fn_format_it_l190;

#define LOTS "n,cig,strutturaProponente:codiceFiscaleProp,strutturaProponente:denominazione,importoAggiudicazione," \
             "importoSommeLiquidate,oggetto,sceltaContraente,tempiCompletamento:dataInizio," \
             "tempiCompletamento:dataUltimazione,lottoID\n"
#define BIDDERS "n,cig,codiceFiscale,ragioneSociale,ruolo,identificativoFiscaleEstero,partrgrno,lottoID\n"
#define WINNERS "n,cig,codiceFiscale,ragioneSociale,ruolo,identificativoFiscaleEstero,aggrgrno,lottoID\n"

/* Lot a: a joint bid of Uno (head), Due and Tre won against Quattro. Lot b: Due won alone, its amount is its tax
 * code. */
static const char lots[] = LOTS
    "1,X1,09000000001,COMUNE DI PROVA - Uffici,300.00,0.00,\"roads,\n and bridges\",01-PROCEDURA APERTA,2019-05-29+02:00,,a\n"
    "2,0000000000,09000000001,COMUNE DI PROVA - Uffici,2000000002.00,1,,23-AFFIDAMENTO DIRETTO,2019-06-01,,b\n";
static const char bidders[] = BIDDERS
    "1,X1,02000000002,Due Srl,01-MANDANTE,,7,a\n"
    "2,X1,01000000001,Uno &amp; Figli Srl,02-MANDATARIA,,7,a\n"
    "3,X1,03000000003,Tre Srl,01-MANDANTE,,7,a\n"
    "4,X1,04000000004,Quattro Srl,,,,a\n"
    "5,0000000000,02000000002,Due Srl,,,,b\n";
static const char winners[] = WINNERS
    "1,X1,01000000001,Uno &amp; Figli Srl,02-MANDATARIA,,1,a\n"
    "2,X1,02000000002,Due Srl,01-MANDANTE,,1,a\n"
    "3,X1,03000000003,Tre Srl,01-MANDANTE,,1,a\n"
    "4,0000000000,02000000002,Due Srl,,,,b\n";

static fn_status give(desk *d, const char *name, const char *text, size_t length)
{
    fn_source *source = NULL;
    fn_status status = fn_source_open_memory(&d->run, name, text, length, &source);
    if (!status) status = fn_format_it_l190.read(&d->run, source, &d->import);
    fn_source_close(source);
    return status;
}

static void must_give(desk *d, const char *name, const char *text)
{
    desk_must(&d->run, give(d, name, text, strlen(text)));
}

static int64_t number(const fn_table *table, const char *column, size_t row)
{
    const fn_column *found = fn_table_find(table, column);
    ck_assert_ptr_nonnull(found);
    return found->integer[row];
}

static size_t tie_number(const desk *d, uint16_t layer, const char *a, const char *b)
{
    uint32_t i = desk_firm(d, a), j = desk_firm(d, b);
    for (size_t t = 0; t < fn_net_ties(d->net); t++) {
        const fn_tie tie = fn_net_tie_at(d->net, t);
        if (tie.layer == layer && ((tie.from == i && tie.to == j) || (tie.from == j && tie.to == i))) return t;
    }
    ck_abort_msg("no tie of %s and %s", a, b);
}

/* How often a headed b. */
static int64_t headed(const desk *d, const char *a, const char *b)
{
    size_t tie = tie_number(d, FN_LAYER_CONSORTIUM, a, b);
    bool from = fn_net_tie_at(d->net, tie).from == desk_firm(d, a);
    return number(fn_net_tie_columns(d->net), from ? "led_by_from" : "led_by_to", tie);
}

START_TEST(three_tables_give_awards_joint_bids_and_their_heads)
{
    static const char *const name[] = { "in/X_aggiudicatari.csv", "in/X_lotti.csv", "in/X_partecipanti.csv" };
    const char *const text[] = { winners, lots, bidders };
    desk d;
    desk_open(&d);
    for (int k = 0; k < 3; k++) must_give(&d, name[(k + _i) % 3], text[(k + _i) % 3]); /* in any order */
    desk_finish(&d);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_SUPPLY), 3);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 100);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->count, 2);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, B)->value, 100); /* lot b: the amount is no amount */
    ck_assert_int_eq(desk_total(&d, "lot", FN_REMARK, "amount_is_tax_code"), 1);
    ck_assert_double_eq(desk_sum(&d, "awarded", "EUR"), 300);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_CONSORTIUM), 3);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_COBID), 3);
    ck_assert_int_eq(headed(&d, S1, S2), 1);
    ck_assert_int_eq(headed(&d, S2, S1), 0);
    ck_assert_int_eq(headed(&d, S1, S3), 1);
    ck_assert_int_eq(headed(&d, S2, S3), 0);
    ck_assert_int_eq(number(fn_net_firm_columns(d.net), "joint_bids", desk_firm(&d, S1)), 1);
    ck_assert_int_eq(number(fn_net_firm_columns(d.net), "joint_bids_led", desk_firm(&d, S1)), 1);
    ck_assert_int_eq(number(fn_net_firm_columns(d.net), "joint_bids_led", desk_firm(&d, S2)), 0);
    ck_assert_int_eq(number(fn_net_firm_columns(d.net), "joint_bids", desk_firm(&d, S4)), FN_INT_NONE);
    ck_assert_str_eq(desk_text(&d, S1, "name"), "Uno & Figli Srl");
    ck_assert_str_eq(desk_text(&d, B, "kind"), "authority");
    int32_t day;
    fn_date_make(2019, 5, 29, &day);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->first, day);
    desk_close(&d);
}
END_TEST

START_TEST(what_one_pair_headed_adds_up)
{
    desk d;
    desk_open(&d);
    must_give(&d, "lotti.csv", LOTS "1,,09000000001,P,1,,,,,,a\n2,,09000000001,P,1,,,,,,b\n3,,09000000001,P,1,,,,,,c\n");
    must_give(&d, "partecipanti.csv", BIDDERS
              "1,,01000000001,Uno,04-CAPOGRUPPO,,1,a\n2,,02000000002,Due,03-ASSOCIATA,,1,a\n"
              "3,,01000000001,Uno,04-CAPOGRUPPO,,1,b\n4,,02000000002,Due,03-ASSOCIATA,,1,b\n"
              "5,,01000000001,Uno,01-MANDANTE,,1,c\n6,,02000000002,Due,02-MANDATARIA,,1,c\n");
    desk_finish(&d);
    ck_assert_int_eq(headed(&d, S1, S2), 2);
    ck_assert_int_eq(headed(&d, S2, S1), 1);
    ck_assert_int_eq(desk_tie(&d, FN_LAYER_CONSORTIUM, S1, S2)->count, 3);
    desk_close(&d);
}
END_TEST

START_TEST(tables_of_several_buyers_do_not_mix)
{
    desk d;
    desk_open(&d);
    must_give(&d, "A/lotti.csv", LOTS "1,,09000000001,COMUNE DI A,10,,,,,,a\n");
    must_give(&d, "B/lotti.csv", LOTS "1,,08000000001,COMUNE DI B,20,,,,,,a\n");
    must_give(&d, "A/aggiudicatari.csv", WINNERS "1,,01000000001,Uno,,,,a\n");
    must_give(&d, "B/aggiudicatari.csv", WINNERS "1,,02000000002,Due,,,,a\n");
    desk_finish(&d);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S1, B)->value, 10);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, S2, "IT-CF-08000000001")->value, 20);
    ck_assert_uint_eq(fn_net_ties(d.net), 2);
    desk_close(&d);
}
END_TEST

START_TEST(every_row_is_kept_merged_or_rejected)
{
    desk d;
    desk_open(&d);
    must_give(&d, "X_lotti.csv", LOTS "1,,09000000001,P,1,,,,,,a\n2,,09000000001,P,2,,,,,,a\n3,,09000000001,P,zwei,,,,2019-13-01,,b\n"
              "4,,09000000001,P,1,,,,,,\n5,too,few\n");
    must_give(&d, "X_partecipanti.csv", BIDDERS
              "1,,01000000001,Uno,02-MANDATARIA,,1,a\n2,,02000000002,Due,04-CAPOGRUPPO,,1,a\n" /* two heads: none */
              "3,,03000000003,Tre,,,,a\n4,,03000000003,Tre,,,,a\n5,,,,,,,b\n6,,04000000004,Quattro,,,,z\n"
              "7,,,Fremd GmbH,,04000000004,,b\n");
    desk_finish(&d);
    ck_assert_int_eq(desk_total(&d, "lot", FN_READ, NULL), 5);
    ck_assert_int_eq(desk_total(&d, "lot", FN_KEPT, NULL), 2);
    ck_assert_int_eq(desk_total(&d, "lot", FN_MERGED, "same_lot"), 1);
    ck_assert_int_eq(desk_total(&d, "lot", FN_REJECTED, "no_lot_id"), 1);
    ck_assert_int_eq(desk_total(&d, "lot", FN_REJECTED, "field_count"), 1);
    ck_assert_int_eq(desk_total(&d, "lot", FN_REMARK, "amount_not_number"), 1);
    ck_assert_int_eq(desk_total(&d, "lot", FN_REMARK, "bad_date"), 1);
    ck_assert_int_eq(desk_total(&d, "lot", FN_REMARK, "several_heads"), 1);
    ck_assert_int_eq(desk_total(&d, "bidder", FN_KEPT, NULL), 5);
    ck_assert_int_eq(desk_total(&d, "bidder", FN_MERGED, "same_firm"), 1);
    ck_assert_int_eq(desk_total(&d, "bidder", FN_REJECTED, "no_lot"), 1);
    ck_assert_int_eq(desk_total(&d, "bidder", FN_REMARK, "code_as_foreign_id"), 1);
    ck_assert_ptr_null(fn_table_find(fn_net_tie_columns(d.net), "led_by_from"));
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_CONSORTIUM), 1);
    ck_assert_uint_ne(desk_firm(&d, S4), FN_NONE);
    desk_close(&d);
}
END_TEST

START_TEST(strict_stops_at_the_first_bad_row)
{
    static const struct { const char *name, *text; } bad[] = {
        { "X_lotti.csv", LOTS "5,too,few\n" }, { "X_lotti.csv", LOTS "4,,09000000001,P,1,,,,,,\n" },
        { "X_partecipanti.csv", BIDDERS "1,,01000000001,Uno,,,,a\n" }
    };
    desk d;
    desk_open(&d);
    d.options.strict = true;
    fn_status status = give(&d, bad[_i].name, bad[_i].text, strlen(bad[_i].text));
    if (!status) status = desk_try(&d);
    ck_assert_int_eq(status, FN_EPARSE);
    ck_assert_str_eq(d.run.error.file, bad[_i].name);
    ck_assert_int_eq(d.run.error.line, 2);
    desk_close(&d);
}
END_TEST

START_TEST(other_headers_are_refused_and_not_guessed)
{
    desk d;
    desk_open(&d);
    ck_assert_int_eq(give(&d, "X.csv", "lottoID,cig\na,b\n", 16), FN_EPARSE);
    ck_assert_int_eq(d.run.error.line, 1);
    ck_assert_int_eq(fn_l190_sniff("lottoID,cig\na,partrgrno\n", 24), 0);
    ck_assert_int_gt(fn_l190_sniff(lots, sizeof lots - 1), 90);
    ck_assert_int_gt(fn_l190_sniff(BIDDERS, sizeof BIDDERS - 1), 90);
    desk_close(&d);
}
END_TEST

START_TEST(cut_tables_are_read_or_refused_and_add_up)
{
    for (size_t cut = 0; cut < sizeof bidders; cut++) {
        desk d;
        desk_open(&d);
        must_give(&d, "X_lotti.csv", lots);
        fn_status status = give(&d, "X_partecipanti.csv", bidders, cut);
        if (!status) status = desk_try(&d);
        ck_assert_msg(status == FN_OK || status == FN_EPARSE, "cut at %zu: %s", cut, d.run.error.message);
        desk_close(&d);
    }
}
END_TEST

START_TEST(every_failing_allocation_is_survived)
{
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        desk d;
        desk_open(&d);
        fn_memory_fail_at(k, false);
        status = give(&d, "X_lotti.csv", lots, sizeof lots - 1);
        if (!status) status = give(&d, "X_partecipanti.csv", bidders, sizeof bidders - 1);
        if (!status) status = give(&d, "X_aggiudicatari.csv", winners, sizeof winners - 1);
        if (!status) status = desk_try(&d);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        desk_close(&d);
    }
}
END_TEST

/* Totals of the eighteen municipalities, counted by another program. */
START_TEST(eighteen_municipalities_reconcile)
{
    static const char *const buyer[] = {
        "00080270838", "00097020598", "00162210348", "00163570542", "00175660554", "00215150236", "00221940364",
        "00297110389", "00304260409", "00339370272", "00351040423", "00354730392", "00514490010", "00606620409",
        "00856930102", "01232710374", "02030880153", "80016350821"
    };
    static const char *const table[] = { "lotti", "partecipanti", "aggiudicatari" };
    static char path[54][512];
    const char *paths[54];
    for (size_t k = 0; k < 54; k++) {
        char name[64];
        snprintf(name, sizeof name, "it_l190/%s_%s.csv.gz", buyer[k / 3], table[k % 3]);
        const char *found = support_data("eighteen_municipalities_reconcile", name);
        if (!found) return;
        snprintf(path[k], sizeof path[k], "%s", found);
        paths[k] = path[k];
    }
    fn_run run = support_run();
    fn_net *net;
    desk_must(&run, fn_read(&run, paths, 54, NULL, &net, NULL, NULL));
    const fn_account *account = fn_net_account(net);
    ck_assert_int_eq(fn_account_total(account, "lot", FN_KEPT, NULL), 43572);
    ck_assert_int_eq(fn_account_total(account, "bidder", FN_READ, NULL), 103784);
    ck_assert_int_eq(fn_account_total(account, "winner", FN_READ, NULL), 44846);
    ck_assert_int_eq(fn_account_total(account, "lot", FN_REMARK, "amount_is_tax_code"), 1);
    fn_net_free(net);
}
END_TEST

Suite *suite_it_l190(void)
{
    Suite *suite = suite_create("it_l190");
    TCase *cases = tcase_create("tables of law 190");
    tcase_add_loop_test(cases, three_tables_give_awards_joint_bids_and_their_heads, 0, 3);
    tcase_add_test(cases, what_one_pair_headed_adds_up);
    tcase_add_test(cases, tables_of_several_buyers_do_not_mix);
    tcase_add_test(cases, every_row_is_kept_merged_or_rejected);
    tcase_add_loop_test(cases, strict_stops_at_the_first_bad_row, 0, 3);
    tcase_add_test(cases, other_headers_are_refused_and_not_guessed);
    tcase_add_test(cases, cut_tables_are_read_or_refused_and_add_up);
    tcase_add_test(cases, every_failing_allocation_is_survived);
    suite_add_tcase(suite, cases);
    TCase *real = tcase_create("real data");
    tcase_set_timeout(real, 60);
    tcase_add_test(real, eighteen_municipalities_reconcile);
    suite_add_tcase(suite, real);
    return suite;
}
