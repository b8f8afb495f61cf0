/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "graph/random.h"
#include "tests/io/tender_desk.h"

Suite *suite_tender_data(void);

/* ---- random data ---- */

enum { RANDOM_PROCESSES = 60, RANDOM_FIRMS = 14, RANDOM_PARTS = 5 };

typedef struct made {
    fn_process process;
    char ocid[24];
    fn_award award[2];
    fn_party supplier[2][RANDOM_PARTS], tenderer[RANDOM_PARTS];
} made;

static made random_data[RANDOM_PROCESSES];
static char random_id[RANDOM_FIRMS][32];

static uint64_t draw(uint64_t seed, uint64_t *at, uint64_t bound)
{
    return fn_random_below(seed, 7, (*at)++, bound);
}

/* Some firms by identifier, some by name, some unknown; the buyers are firms among the others. */
static fn_party random_party(uint64_t seed, uint64_t *at)
{
    uint64_t f = draw(seed, at, RANDOM_FIRMS);
    snprintf(random_id[f], sizeof random_id[f], f % 5 == 4 ? "Firm %c Ltd" : "IT-CF-0600000%04d", f % 5 == 4 ? 'a' + (int) f : (int) f);
    if (f == 13) return desk_party("IT-CF-NAN", NULL);
    return f % 5 == 4 ? desk_party(NULL, random_id[f]) : desk_party(random_id[f], NULL);
}

static void random_processes(uint64_t seed)
{
    uint64_t at = 0;
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        made *m = &random_data[i];
        fn_party buyer = random_party(seed, &at);
        snprintf(m->ocid, sizeof m->ocid, "ocds-%03d", i);
        m->process = desk_process(m->ocid, NULL, NULL, m->award, draw(seed, &at, 3));
        m->process.buyer = buyer;
        for (size_t a = 0; a < m->process.awards; a++) {
            size_t suppliers = draw(seed, &at, RANDOM_PARTS);
            for (size_t s = 0; s < suppliers; s++) m->supplier[a][s] = random_party(seed, &at);
            m->award[a] = desk_award(a ? "2" : "1", m->supplier[a], suppliers, (double) draw(seed, &at, 100000) / 100,
                                draw(seed, &at, 2) ? "EUR" : "USD");
            m->award[a].day = DAY + (int32_t) draw(seed, &at, 100);
            if (draw(seed, &at, 6) == 0) m->award[a].status = desk_words("cancelled");
        }
        m->process.tenderer = m->tenderer;
        m->process.tenderers = draw(seed, &at, RANDOM_PARTS + 1);
        for (size_t t = 0; t < m->process.tenderers; t++) m->tenderer[t] = random_party(seed, &at);
    }
}

static double sum_layer(const desk *d, uint16_t layer, const char *currency)
{
    fn_sum sum = { 0 };
    for (size_t t = 0; t < fn_net_ties(d->net); t++) {
        const fn_tie *one = FN_TIE(d->net, t);
        bool same = strcmp(fn_names_text(fn_net_currencies(d->net), one->currency, NULL), currency) == 0;
        if (one->layer == layer && same) fn_sum_add(&sum, one->value);
    }
    return fn_sum_value(&sum);
}

START_TEST(money_is_neither_lost_nor_made)
{
    desk d;
    desk_open(&d);
    random_processes((uint64_t) _i);
    for (int i = 0; i < RANDOM_PROCESSES; i++) desk_add(&d, &random_data[i].process);
    desk_finish(&d);
    static const char *const currency[] = { "EUR", "USD" };
    for (int c = 0; c < 2; c++) {
        double parts = 0;
        static const char *const label[] = { "supply_ties", "anonymous", "self_ties", "no_supplier", "no_buyer" };
        for (size_t i = 0; i < 5; i++) parts += desk_sum(&d, label[i], currency[c]);
        ck_assert_double_eq_tol(parts, desk_sum(&d, "counted", currency[c]), 1e-6);
        ck_assert_double_eq_tol(desk_sum(&d, "awarded", currency[c]), desk_sum(&d, "counted", currency[c]), 1e-6);
        ck_assert_double_eq(sum_layer(&d, FN_LAYER_SUPPLY, currency[c]), desk_sum(&d, "supply_ties", currency[c]));
    }
    /* Every firm gains 1 from every competition with others. */
    double weights = 0, memberships = 0;
    for (size_t t = 0; t < fn_net_ties(d.net); t++) {
        const fn_tie *one = FN_TIE(d.net, t);
        ck_assert_uint_ne(one->from, one->to);
        if (one->layer == FN_LAYER_COBID) weights += 2 * one->weight;
    }
    size_t competitions = fn_net_tenders(d.net);
    ck_assert_uint_gt(competitions, 0);
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        /* Counted from the processes, with firms as texts: bidders and winners of effective awards, no buyers. */
        const fn_process *p = &random_data[i].process;
        const fn_words buyer = p->buyer.id.length ? p->buyer.id : p->buyer.name;
        fn_words seen[3 * RANDOM_PARTS + 3];
        size_t count = 0, listed = 0;
        for (size_t source = 0; source <= p->awards; source++) {
            const fn_party *list = source ? p->award[source - 1].supplier : p->tenderer;
            size_t size = source ? p->award[source - 1].suppliers : p->tenderers;
            if (source && fn_words_say(p->award[source - 1].status, "cancelled")) continue;
            bool nobody = buyer.length == sizeof "IT-CF-NAN" - 1;
            for (size_t k = 0; k < size && !(source && (nobody || !listed)); k++) {
                fn_words one = list[k].id.length ? list[k].id : list[k].name;
                bool there = fn_words_equal(one, buyer) || fn_words_equal(one, desk_words("IT-CF-NAN"));
                for (size_t j = 0; j < count; j++) there = there || fn_words_equal(seen[j], one);
                if (!there) seen[count++] = one;
            }
            if (!source) listed = count;
        }
        if (count > 1) memberships += (double) count;
    }
    ck_assert_double_eq_tol(weights, memberships, 1e-9);
    desk_close(&d);
}
END_TEST

/* Everything about ties and firms as text by key, sorted. */
static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static char *dump(const desk *d)
{
    size_t ties = fn_net_ties(d->net), firms = fn_net_firms(d->net), lines = 0;
    char **line = calloc(ties + firms, sizeof *line);
    const fn_names *keys = fn_net_keys(d->net);
    for (size_t t = 0; t < ties; t++) {
        const fn_tie *one = FN_TIE(d->net, t);
        const char *from = fn_names_text(keys, one->from, NULL), *to = fn_names_text(keys, one->to, NULL);
        bool turn = !fn_net_layer_directed(one->layer) && strcmp(from, to) > 0;
        line[lines] = malloc(512);
        snprintf(line[lines++], 512, "%s %s %d %a %a %lld %d %d", turn ? to : from, turn ? from : to, one->layer, one->value,
                 one->weight, (long long) one->count, one->first, one->last);
    }
    for (uint32_t f = 0; f < firms; f++) {
        line[lines] = malloc(512);
        snprintf(line[lines++], 512, "%u %s %s %s %s", f, fn_names_text(keys, f, NULL), fn_net_firm_text(d->net, f, "name", NULL),
                 fn_net_firm_text(d->net, f, "kind", NULL), fn_net_firm_text(d->net, f, "roles", NULL));
    }
    if (lines) qsort(line, lines, sizeof *line, by_line);
    char *all = calloc(lines + 1, 513), *end = all;
    for (size_t i = 0; i < lines; i++) {
        end += sprintf(end, "%s\n", line[i]);
        free(line[i]);
    }
    free(line);
    return all;
}

START_TEST(the_order_of_processes_does_not_matter)
{
    char *expected = NULL;
    random_processes((uint64_t) _i);
    for (int turn = 0; turn < 4; turn++) {
        desk d;
        desk_open(&d);
        for (int i = 0; i < RANDOM_PROCESSES; i++) {
            /* 0 … n-1, backwards, and two strides that are prime to n. */
            int k = turn == 0 ? i : turn == 1 ? RANDOM_PROCESSES - 1 - i : i * (turn == 2 ? 7 : 23) % RANDOM_PROCESSES;
            desk_add(&d, &random_data[k].process);
        }
        desk_finish(&d);
        char *all = dump(&d);
        if (!expected) expected = all;
        else {
            ck_assert_str_eq(all, expected);
            free(all);
        }
        desk_close(&d);
    }
    free(expected);
}
END_TEST

START_TEST(a_cancelled_award_changes_nothing)
{
    random_processes(3);
    desk d;
    desk_open(&d);
    for (int i = 0; i < RANDOM_PROCESSES; i++) desk_add(&d, &random_data[i].process);
    desk_finish(&d);
    char *expected = dump(&d);
    desk_close(&d);
    desk_open(&d);
    for (int i = 0; i < RANDOM_PROCESSES; i++) {
        fn_process more = random_data[i].process;
        fn_party s = desk_party(S1, "Late Srl");
        fn_award a[3];
        memcpy(a, more.award, more.awards * sizeof *a);
        a[more.awards] = desk_award("x", &s, 1, 777, "EUR");
        a[more.awards].status = desk_words("cancelled");
        more.award = a;
        more.awards++;
        desk_add(&d, &more);
    }
    desk_finish(&d);
    char *all = dump(&d);
    ck_assert_str_eq(all, expected);
    free(all);
    free(expected);
    desk_close(&d);
}
END_TEST

START_TEST(every_failing_allocation_is_survived)
{
    fn_party s[3] = { desk_party(S1, "Alfa Srl"), desk_party("x", "Beta & C."), desk_party("IT-CF-NAN", NULL) };
    fn_identifier id[2] = { { .scheme = WORDS("GB-COH"), .id = WORDS("01234567") }, { .id = WORDS("VNC9501168D8") } };
    s[1].identifier = id;
    s[1].identifiers = 2;
    fn_award a = desk_award("1", s, 3, 9, "EUR");
    fn_item item = { .scheme = WORDS("CPV"), .code = WORDS("10000000"), .quantity = 1, .unit.amount = 5 };
    a.item = &item;
    a.items = 1;
    fn_bid b[2] = { desk_bid("b1", s, 2), desk_bid("b2", &s[2], 1) };
    fn_words award_id = desk_words("1");
    fn_contract c = { .award = &award_id, .awards = 1, .value = MONEY(60, "EUR") };
    fn_subcontract_event e = { .subcontractor = s[1], .main = s, .mains = 1, .award = WORDS("1") };
    fn_process p = desk_one_award("o1", &a);
    p.bid = b;
    p.bids = 2;
    p.contract = &c;
    p.contracts = 1;
    p.sub = &e;
    p.subs = 1;
    p.party = s;
    p.parties = 2;
    fn_status status = FN_ENOMEM;
    for (long k = 0; status; k++) {
        desk d;
        desk_open(&d);
        fn_memory_fail_at(k, false);
        status = fn_tender_add(&d.run, &d.import, &p);
        if (!status) status = desk_try(&d);
        fn_memory_fail_at(-1, false);
        if (status) ck_assert_int_eq(status, FN_ENOMEM);
        desk_close(&d);
        ck_assert_int_lt(k, 10000);
    }
}
END_TEST

/* ---- real data: facts computed independently ---- */

static const char *data(const char *file)
{
    char test[128];
    snprintf(test, sizeof test, "tender facts of %s", file);
    return support_data(test, file);
}

static bool read_real(desk *d, const char *file)
{
    const char *path = data(file);
    if (!path) return false;
    *d = (desk) { .run = support_run(), .options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE, .format = "ocds" } };
    desk_must(&d->run, fn_read(&d->run, &path, 1, &d->options, &d->net, NULL, NULL));
    d->import.account = fn_net_account(d->net);
    return true;
}

START_TEST(parma)
{
    desk d;
    if (!read_real(&d, "ocds/it_00162210348_release_package.json.gz")) return;
    ck_assert_int_eq(desk_total(&d, "award", FN_READ, NULL), 915);
    ck_assert_int_eq(desk_total(&d, "award", FN_REMARK, "several_suppliers"), 16);
    ck_assert_double_eq(desk_sum(&d, "awarded", ""), 132558956.77);
    ck_assert_double_eq(desk_sum(&d, "anonymous", ""), 5637302.24);
    ck_assert_double_eq(desk_sum(&d, "self_ties", ""), 1043.39);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", ""), 126920611.14);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "suppliers_by_identifier"), 588);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "suppliers_by_name"), 5);
    ck_assert_double_eq(desk_sum(&d, "largest_supplier", ""), 72841541);
    ck_assert_double_eq(desk_tie(&d, FN_LAYER_SUPPLY, "IT-CF-02869870341", "IT-CF-00162210348")->value, 72841541);
    ck_assert_uint_eq(desk_firm(&d, "IT-CF-NAN"), FN_NONE);
    ck_assert_str_eq(desk_text(&d, "IT-CF-00162210348", "kind"), "authority");
    fn_net_free(d.net);
}
END_TEST

START_TEST(monza)
{
    desk d;
    if (!read_real(&d, "ocds/it_02030880153_release_package.json.gz")) return;
    ck_assert_int_eq(desk_total(&d, "award", FN_READ, NULL), 1527);
    ck_assert_double_eq(desk_sum(&d, "awarded", ""), 30424436.43);
    ck_assert_double_eq(desk_sum(&d, "anonymous", ""), 22671415.44);
    ck_assert_double_eq(desk_sum(&d, "supply_ties", ""), 7753020.99);
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_SUPPLY), 54);
    ck_assert_int_eq(desk_total(&d, "firm", FN_REMARK, "suppliers_by_identifier")
                     + desk_total(&d, "firm", FN_REMARK, "suppliers_by_name"), 54);
    fn_net_free(d.net);
}
END_TEST

START_TEST(mexico_city_airport)
{
    desk d;
    if (!read_real(&d, "ocds/mx_gacm/all_releases.jsonl.gz")) return;
    ck_assert_int_eq(desk_total(&d, "process", FN_READ, NULL), 292);
    ck_assert_double_eq(desk_sum(&d, "awarded", "MXN"), 132816036502.01);
    ck_assert_double_eq(desk_sum(&d, "awarded", "MNX"), 2692314541.99);
    ck_assert_double_eq(desk_sum(&d, "contracted", "MXN"), 135508351044.00);
    ck_assert_double_eq(desk_sum(&d, "counted", "MXN"), 135508351044.00);
    ck_assert_double_eq_tol(desk_sum(&d, "counted", "MXN"), desk_sum(&d, "supply_ties", "MXN") + desk_sum(&d, "no_supplier", "MXN"),
                            1e-3);
    fn_net_free(d.net);
}
END_TEST

START_TEST(tenders_only)
{
    static const char *const file[] = { "ocds/ug_uganda/all_releases.jsonl.gz", "ocds/uk_contracts_finder/all_releases.jsonl.gz" };
    desk d;
    if (!read_real(&d, file[_i])) return;
    ck_assert_uint_eq(fn_net_ties(d.net), 0);
    ck_assert_int_ge(support_warnings(), 1);
    fn_net_free(d.net);
}
END_TEST

/* The standard's own example: six releases of one process. */
START_TEST(fictional_example)
{
    desk d;
    if (!read_real(&d, "ocds/fictional_1.1/1.1_ocds-213czf-000-00001.json")) return;
    static const char *const any = "name:anycorp cycle provision|GB", *const beta = "name:beta corp construction|GB";
    const fn_tie *supply = desk_tie(&d, FN_LAYER_SUPPLY, any, "GB-LAC-E09000003");
    ck_assert_uint_eq(desk_ties(&d, FN_LAYER_SUPPLY), 1);
    ck_assert_double_eq(supply->value, 11000000);
    ck_assert_str_eq(fn_names_text(fn_net_currencies(d.net), supply->currency, NULL), "GBP");
    ck_assert_ptr_nonnull(desk_tie(&d, FN_LAYER_COBID, any, beta));
    ck_assert_str_eq(desk_text(&d, any, "aliases"), "AnyCorp Ltd");
    ck_assert_str_eq(desk_text(&d, "GB-LAC-E09000003", "kind"), "authority");
    ck_assert_str_eq(desk_text(&d, any, "kind"), "unknown");
    fn_net_free(d.net);
}
END_TEST

START_TEST(the_order_of_files_does_not_matter)
{
    static const char *const file[] = {
        "ocds/it_00162210348_release_package.json.gz", "ocds/it_00080270838_releases.jsonl.gz",
        "ocds/mx_gacm/all_releases.jsonl.gz", "ocds/am_armenia/all_releases.jsonl.gz"
    };
    enum { FILES = sizeof file / sizeof *file };
    const char *path[2][FILES + 1];
    static char text[FILES][1024];
    for (int i = 0; i < FILES; i++) {
        const char *found = data(file[i]);
        if (!found) return;
        snprintf(text[i], sizeof text[i], "%s", found);
        path[0][i] = path[1][FILES - 1 - i] = text[i];
    }
    path[1][FILES] = text[0]; /* and one of them twice */
    char *all[2];
    for (int turn = 0; turn < 2; turn++) {
        desk d = { .run = support_run(), .options = { .since = FN_DAY_NONE, .until = FN_DAY_NONE, .format = "ocds" } };
        desk_must(&d.run, fn_read(&d.run, path[turn], (size_t) (FILES + turn), &d.options, &d.net, NULL, NULL));
        all[turn] = dump(&d);
        fn_net_free(d.net);
    }
    ck_assert_str_eq(all[0], all[1]);
    free(all[0]);
    free(all[1]);
}
END_TEST

Suite *suite_tender_data(void)
{
    Suite *suite = suite_create("tender data");
    TCase *random = tcase_create("random");
    tcase_set_timeout(random, 60);
    tcase_add_loop_test(random, money_is_neither_lost_nor_made, 0, 20);
    tcase_add_loop_test(random, the_order_of_processes_does_not_matter, 0, 5);
    tcase_add_test(random, a_cancelled_award_changes_nothing);
    tcase_add_test(random, every_failing_allocation_is_survived);
    suite_add_tcase(suite, random);
    TCase *real = tcase_create("real data");
    tcase_set_timeout(real, 60);
    tcase_add_test(real, parma);
    tcase_add_test(real, monza);
    tcase_add_test(real, mexico_city_airport);
    tcase_add_test(real, fictional_example);
    tcase_add_test(real, the_order_of_files_does_not_matter);
    tcase_add_loop_test(real, tenders_only, 0, 2);
    suite_add_tcase(suite, real);
    return suite;
}
