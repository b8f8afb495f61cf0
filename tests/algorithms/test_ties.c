/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <stdio.h>
#include "algorithms/algorithm.h"
#include "algorithms/tie_rules.h"
#include "graph/random.h"
#include "tests/suite.h"
#include "tests/algorithms/rows.h"
#include "tests/algorithms/worked.h"

Suite *suite_ties(void);

extern const fn_algorithm fn_algorithm_tie_strength;

/* One tie to add; days 0 = no date, count 0 = 1. */
typedef struct record {
    const char *from, *to;
    uint16_t layer;
    double value, weight;
    int64_t count;
    int32_t first, last;
    const char *currency;
} record;

static fn_net *net_of(fn_run *run, const record *records, size_t count)
{
    fn_net *net;
    ck_assert_int_eq(fn_net_new(run, &net), FN_OK);
    for (size_t i = 0; i < count; i++) {
        const record *r = &records[i];
        fn_tie tie = {
            .from = worked_firm(run, net, r->from), .to = worked_firm(run, net, r->to), .product = FN_NONE,
            .layer = r->layer, .value = r->value, .weight = r->weight > 0 ? r->weight : NAN,
            .count = r->count ? r->count : 1, .first = r->first ? r->first : FN_DAY_NONE,
            .last = r->last ? r->last : r->first ? r->first : FN_DAY_NONE
        };
        const char *currency = r->currency ? r->currency : "";
        ck_assert_int_eq(fn_net_currency(run, net, currency, strlen(currency), &tie.currency), FN_OK);
        ck_assert_int_eq(fn_net_add(run, net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, net), FN_OK);
    return net;
}

#define NET_OF(run, ...)                                                            \
    net_of((run), (const record[]) { __VA_ARGS__ }, sizeof((const record[]) { __VA_ARGS__ }) / sizeof(record))

/* A net of ties of one unit each, from pairs of letters: "ax by" is a→x, b→y. */
static fn_net *letters(fn_run *run, const char *pairs)
{
    record records[40];
    static char key[40][2][2];
    size_t count = 0;
    for (const char *at = pairs; *at; at += at[2] ? 3 : 2, count++) {
        for (int end = 0; end < 2; end++) key[count][end][0] = at[end], key[count][end][1] = '\0';
        records[count] = (record) { .from = key[count][0], .to = key[count][1], .value = 1 };
    }
    return net_of(run, records, count);
}

/* A net, the view of all of it, and the table of its ties. */
typedef struct judged {
    fn_net *net;
    fn_view *view;
    fn_table *table;
} judged;

static judged judge(fn_run *run, fn_net *net, const uint32_t *cluster)
{
    judged j = { .net = net, .view = support_view(run, net) };
    fn_tie_options options;
    fn_tie_defaults(&options);
    ck_assert_int_eq(fn_table_new(run, j.view->ties, &j.table), FN_OK);
    ck_assert_msg(fn_tie_strength(run, j.view, cluster, &options, j.table) == FN_OK, "%s", run->error.message);
    return j;
}

static void judged_free(judged *j)
{
    fn_table_free(j->table);
    fn_view_free(j->view);
    fn_net_free(j->net);
}

static size_t row_of(const judged *j, const char *from, const char *to, uint16_t layer)
{
    uint32_t a = support_firm(j->net, from), b = support_firm(j->net, to);
    for (size_t row = 0; row < j->view->ties; row++) {
        const fn_tie *t = FN_TIE(j->net, fn_view_tie(j->view, row));
        bool turned = !fn_net_layer_directed(layer) && t->from == b && t->to == a;
        if (t->layer == layer && ((t->from == a && t->to == b) || turned)) return row;
    }
    ck_abort_msg("no tie %s -> %s", from, to);
}

static double real(const judged *j, const char *column, size_t row)
{
    return fn_table_find(j->table, column)->real[row];
}

static int64_t whole(const judged *j, const char *column, size_t row)
{
    return fn_table_find(j->table, column)->integer[row];
}

static const char *text(const judged *j, const char *column, size_t row)
{
    return fn_column_text(fn_table_find(j->table, column), row, NULL);
}

static void assert_near(double found, double wanted, double tolerance, const char *what)
{
    bool alike = isnan(wanted) ? isnan(found) : fabs(found - wanted) <= tolerance;
    ck_assert_msg(alike, "%s: %.17g, not %.17g", what, found, wanted);
}

static void assert_class(const judged *j, const char *from, const char *to, const char *class, const char *reason)
{
    size_t row = row_of(j, from, to, FN_LAYER_SUPPLY);
    ck_assert_msg(strcmp(text(j, "class", row), class) == 0, "%s -> %s is %s (%s), not %s", from, to,
                  text(j, "class", row), text(j, "reason", row), class);
    ck_assert_str_eq(text(j, "reason", row), reason);
}

/* ---- worked numbers ---- */

START_TEST(overlap_of_the_worked_graph)
{
    static const struct { const char *from, *to; double overlap; } wanted[] = {
        { "1", "2", 1 }, { "1", "3", .5 }, { "1", "4", 1.0 / 3 }, { "2", "3", .5 }, { "2", "4", 1.0 / 3 },
        { "4", "5", 0 }, { "5", "6", 0 }
    };
    uint16_t layer = _i ? FN_LAYER_COBID : FN_LAYER_SUPPLY;
    record records[8];
    for (int i = 0; i < 7; i++)
        records[i] = (record) { .from = wanted[i].from, .to = wanted[i].to, .layer = layer, .value = NAN };
    records[7] = (record) { .from = "8", .to = "9", .layer = layer, .value = NAN };
    fn_run run = support_run();
    judged j = judge(&run, net_of(&run, records, 8), NULL);
    for (int i = 0; i < 7; i++)
        assert_near(real(&j, "overlap", row_of(&j, wanted[i].from, wanted[i].to, layer)), wanted[i].overlap, 0,
                    "overlap");
    assert_near(real(&j, "overlap", row_of(&j, "8", "9", layer)), NAN, 0, "overlap of a pair alone");
    judged_free(&j);
}
END_TEST

START_TEST(disparity_of_the_worked_weights)
{
    fn_run run = support_run();
    judged j = judge(&run, NET_OF(&run, { "a", "b", .value = 75 }, { "a", "c", .value = 10 }, { "a", "d", .value = 10 },
                                  { "a", "e", .value = 10 }, { "a", "f", .value = 10 }), NULL);
    assert_near(real(&j, "p_from", row_of(&j, "a", "b", 0)), .01464, 5e-6, "p_from");
    assert_near(real(&j, "p_from", row_of(&j, "a", "c", 0)), .69497, 5e-6, "p_from");
    assert_near(real(&j, "p_to", row_of(&j, "a", "b", 0)), 1, 0, "p_to of a single supplier");
    assert_class(&j, "a", "b", "strong", "p_from 0.0146 (< 0.05), 1 record");
    judged_free(&j);
}
END_TEST

START_TEST(disparity_of_the_suppliers_of_the_worked_network)
{
    fn_run run = support_run();
    judged j = judge(&run, worked_net(&run), NULL);
    const char *const from[] = { "S1", "S2", "S3", "S4" };
    const double p[] = { .216, .343, .512, .729 };
    for (int i = 0; i < 4; i++)
        assert_near(real(&j, "p_to", row_of(&j, from[i], "C", FN_LAYER_SUPPLY)), p[i], 1e-15, "p_to");
    assert_near(real(&j, "p_from", row_of(&j, "S1", "C", FN_LAYER_SUPPLY)), 5.0 / 45, 1e-15, "p_from");
    assert_near(real(&j, "p_from", row_of(&j, "S4", "M", FN_LAYER_SUPPLY)), 10.0 / 15, 1e-15, "p_from");

    /* S3 and C are tied in supply and, both ways, in knowledge: 3 one way, 2 the other. */
    size_t there = row_of(&j, "C", "S3", FN_LAYER_KNOWLEDGE), supply = row_of(&j, "S3", "C", FN_LAYER_SUPPLY);
    assert_near(real(&j, "reciprocity", there), 2.0 / 3, 1e-15, "reciprocity");
    assert_near(real(&j, "reciprocity", supply), 0, 0, "reciprocity");
    ck_assert_int_eq(whole(&j, "layers", there), 2);
    ck_assert_int_eq(whole(&j, "layers", supply), 2);
    ck_assert_int_eq(whole(&j, "layers", row_of(&j, "S4", "M", FN_LAYER_SUPPLY)), 1);
    ck_assert(fn_column_missing(fn_table_find(j.table, "recency"), there));
    judged_free(&j);
}
END_TEST

START_TEST(a_closed_square_is_counted)
{
    fn_run run = support_run();
    /* a and b both deliver to x and y; a delivers to z too. Over a→x: pairs (y, b), (z, b), of which b→y is there. */
    judged j = judge(&run, letters(&run, "ax ay bx by az"), NULL);
    assert_near(real(&j, "squares", row_of(&j, "a", "x", 0)), .5, 0, "squares");
    assert_near(real(&j, "squares", row_of(&j, "b", "x", 0)), 1, 0, "squares");
    assert_near(real(&j, "squares", row_of(&j, "a", "z", 0)), NAN, 0, "squares with no other supplier");
    assert_near(real(&j, "overlap", row_of(&j, "a", "x", 0)), 0, 0, "overlap");
    judged_free(&j);
}
END_TEST

/* ---- squares, drawn ---- */

START_TEST(squares_are_the_same_firm_by_firm_and_nearly_by_drawing)
{
    fn_run run = support_run();
    fn_net *net = support_random_net(&run, (uint64_t) _i, 40, 300, false);
    fn_view *view = support_view(&run, net);
    fn_csr *out;
    ck_assert_int_eq(fn_view_csr(&run, view, -1, FN_CSR_OUT, true, &out), FN_OK);
    double exact[300], by_firm[300], drawn[300], error[300], none[300], off = 0;
    size_t sampled, outside = 0;
    ck_assert_int_eq(fn_square_share(&run, out, &fn_square_defaults, exact, none, &sampled), FN_OK);
    ck_assert_uint_eq(sampled, 0);
    const fn_square_limits firmwise = { .steps = -1, .row_steps = UINT32_MAX, .samples = 1 };
    ck_assert_int_eq(fn_square_share(&run, out, &firmwise, by_firm, NULL, &sampled), FN_OK);
    ck_assert_uint_eq(sampled, 0);
    const fn_square_limits always = { .steps = -1, .row_steps = 0, .samples = 4096 };
    for (run.threads = 1; run.threads <= 3; run.threads++) {
        double before[300];
        memcpy(before, drawn, sizeof before);
        ck_assert_int_eq(fn_square_share(&run, out, &always, drawn, error, &sampled), FN_OK);
        if (run.threads > 1) ck_assert_mem_eq(before, drawn, out->arcs * sizeof *drawn);
    }
    ck_assert_uint_gt(sampled, 200);
    for (size_t i = 0; i < out->arcs; i++) {
        assert_near(by_firm[i], exact[i], 0, "squares");
        assert_near(drawn[i], exact[i], .04, "drawn squares");
        if (isnan(exact[i])) ck_assert(isnan(none[i]) && isnan(error[i]));
        else ck_assert(none[i] == 0 && error[i] > 0 && error[i] < .0161);
        if (isnan(drawn[i])) continue;
        off += drawn[i] - exact[i];
        outside += fabs(drawn[i] - exact[i]) > error[i];
    }
    ck_assert_msg(fabs(off) / (double) sampled < .002, "drawing is off by %g on average", off / (double) sampled);
    ck_assert_msg(outside <= sampled / 10, "%zu of %zu are off by more than the error", outside, sampled);
    fn_csr_free(out);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

static char last_note[200];

static void keep_note(void *user, fn_level level, const char *words)
{
    (void) user;
    if (level == FN_LOG_NOTE) snprintf(last_note, sizeof last_note, "%s", words);
}

START_TEST(hubs_are_counted_exactly_and_a_note_tells_of_estimates)
{
    /* 5000 firms that all deliver to the same two hubs and are delivered to by the same two. */
    enum { SPOKES = 5000 };
    fn_run run = support_run();
    static uint32_t pair[4 * SPOKES][2];
    for (uint32_t i = 0; i < SPOKES; i++) {
        pair[4 * i][0] = pair[4 * i + 1][0] = 4 + i;
        pair[4 * i][1] = 0, pair[4 * i + 1][1] = 1;
        pair[4 * i + 2][0] = 2, pair[4 * i + 3][0] = 3;
        pair[4 * i + 2][1] = pair[4 * i + 3][1] = 4 + i;
    }
    fn_net *net = support_net(&run, SPOKES + 4, 4 * SPOKES, (const uint32_t (*)[2]) pair, NULL);
    run.log = keep_note;
    judged j = judge(&run, net, NULL);
    for (size_t row = 0; row < j.view->ties; row++) assert_near(real(&j, "squares", row), 1, 0, "squares");
    fn_square_tell(&run, 0);
    ck_assert_ptr_null(strstr(last_note, "squares"));
    fn_square_tell(&run, 10000);
    ck_assert_str_eq(last_note, "squares of 10000 ties with hubs in the way are estimated, each from 4096 pairs: "
                                "off by less than 0.016 nineteen times in twenty");
    judged_free(&j);
}
END_TEST

/* ---- classes ---- */

enum { DAY = 20000 };   /* 2024-10-04 */

START_TEST(classes_follow_their_order_and_say_why)
{
    fn_run run = support_run();
    fn_net *net = NET_OF(&run,
        { "a", "hub", .value = 90, .count = 12, .first = DAY - 1500, .last = DAY - 30 },
        { "b", "hub", .value = 1, .first = DAY - 700 }, { "c", "hub", .value = 1, .first = DAY - 600 },
        { "d", "hub", .value = 1, .first = DAY - 500 }, { "e", "hub", .value = 1, .first = DAY - 400 },
        { "f", "hub", .value = 90, .count = 2, .first = DAY - 2000, .last = DAY - 1000 },
        { "g", "hub", .value = 2, .first = DAY - 365 }, { "h", "hub", .value = 2, .first = DAY - 366 },
        { "a", "x", .value = 1, .first = DAY - 500 },
        { "h", "y", .value = 1, .count = 3, .first = DAY - 500, .last = DAY },
        { "z", "x", .value = 1, .first = DAY - 730 }, { "z", "w", .value = 1, .first = DAY - 731 },
        { "k", "l", .value = 5, .count = 3, .first = DAY - 500, .last = DAY - 400 },
        { "m", "n", .value = 5, .count = 2, .first = DAY - 500, .last = DAY - 499 });
    uint32_t cluster[20] = { 0 };
    cluster[support_firm(net, "x")] = cluster[support_firm(net, "y")] = 1;
    cluster[support_firm(net, "z")] = 1;
    judged j = judge(&run, net, cluster);
    assert_class(&j, "f", "hub", "latent",
                 "last record 2022-01-08, 1000 days before the data ends (> 730), 2 records over 2 years");
    assert_class(&j, "z", "w", "latent", "last record 2022-10-04, 731 days before the data ends (> 730), 1 record");
    assert_class(&j, "g", "hub", "new", "first record 2023-10-05, 365 days before the data ends (<= 365), 1 record");
    assert_class(&j, "a", "x", "bridge",
                 "joins clusters 1 and 2, overlap 0 (<= 0.05), squares 0 (<= 0.05), ends with 2 and 2 partners, 1 record");
    assert_class(&j, "a", "hub", "strong", "p_from 0.011 and p_to 0.0105 (< 0.05), 12 records over 4 years");
    assert_class(&j, "h", "y", "strong", "the only supplier of to, 3 records over 500 days (>= 3)");
    assert_class(&j, "k", "l", "strong",
                 "the only customer of from and the only supplier of to, 3 records over 100 days (>= 3)");
    assert_class(&j, "m", "n", "weak",
                 "p_from 1 by formula (the only customer of from) and p_to 1 by formula (the only supplier of to), "
                 "no other rule holds, 2 records over 1 day");
    assert_class(&j, "b", "hub", "weak",
                 "p_from 1 by formula (the only customer of from) and p_to 0.963, no other rule holds, 1 record");
    ck_assert_int_eq(whole(&j, "recency", row_of(&j, "f", "hub", FN_LAYER_SUPPLY)), 1000);
    ck_assert_int_eq(whole(&j, "recency", row_of(&j, "h", "y", FN_LAYER_SUPPLY)), 0);
    judged_free(&j);
}
END_TEST

START_TEST(bridges_without_clusters_have_neither_triangles_nor_squares)
{
    fn_run run = support_run();
    /* Two triangles joined by c→d; a square p, q → r, s; no dates, so nothing is new or latent. */
    judged j = judge(&run, letters(&run, "ab bc ac cd de ef df pr ps qr qs"), NULL);
    size_t bridges = 0;
    for (size_t row = 0; row < j.view->ties; row++) bridges += strcmp(text(&j, "class", row), "bridge") == 0;
    ck_assert_uint_eq(bridges, 1);
    assert_class(&j, "c", "d", "bridge", "overlap 0 (<= 0), no square possible, ends with 3 and 3 partners, 1 record");
    judged_free(&j);
}
END_TEST

START_TEST(data_shorter_than_new_days_has_no_new_ties)
{
    fn_run run = support_run();
    judged j = judge(&run, NET_OF(&run, { "a", "b", .first = DAY - 365 }, { "a", "c", .first = DAY }), NULL);
    ck_assert_str_eq(text(&j, "class", row_of(&j, "a", "c", 0)), "weak");
    judged_free(&j);
    j = judge(&run, NET_OF(&run, { "a", "b", .first = DAY - 366 }, { "a", "c", .first = DAY }), NULL);
    ck_assert_str_eq(text(&j, "class", row_of(&j, "a", "c", 0)), "new");
    judged_free(&j);
}
END_TEST

START_TEST(a_mistyped_date_does_not_move_the_end_of_the_data)
{
    enum { MANY = 250 };
    fn_run run = support_run();
    static char keys[MANY][12];
    static record records[MANY];
    for (int i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof keys[i], "%d", i);
        records[i] = (record) { .from = keys[i], .to = "hub", .value = 1, .first = DAY - i, .last = DAY - i };
    }
    records[7].first = records[7].last = 47481;  /* 2099-12-31 */
    records[9].first = records[9].last = -25567; /* 1900-01-01 */
    judged j = judge(&run, net_of(&run, records, MANY), NULL);
    for (int i = 0; i < MANY; i++) {
        size_t row = row_of(&j, keys[i], "hub", FN_LAYER_SUPPLY);
        int64_t wanted = i == 7 ? 0 : i == 9 ? DAY + 25567 : i;
        ck_assert_int_eq(whole(&j, "recency", row), wanted);
        ck_assert_str_eq(text(&j, "class", row), i == 9 ? "latent" : "weak");
    }
    judged_free(&j);
}
END_TEST

START_TEST(a_tie_without_value_has_no_p_and_is_not_counted_in_others)
{
    fn_run run = support_run();
    judged j = judge(&run, NET_OF(&run, { "a", "b", .value = 75 }, { "a", "c", .value = 25 },
                                  { "a", "d", .value = NAN }), NULL);
    assert_near(real(&j, "p_from", row_of(&j, "a", "b", 0)), .25, 1e-15, "p_from");
    assert_near(real(&j, "p_from", row_of(&j, "a", "d", 0)), NAN, 0, "p_from");
    assert_near(real(&j, "p_to", row_of(&j, "a", "d", 0)), NAN, 0, "p_to");
    assert_near(real(&j, "reciprocity", row_of(&j, "a", "d", 0)), NAN, 0, "reciprocity");
    assert_near(real(&j, "overlap", row_of(&j, "a", "d", 0)), 0, 0, "overlap");
    assert_class(&j, "a", "d", "weak", "no value is stated, so its share is not known, 1 record");
    judged_free(&j);
}
END_TEST

START_TEST(parallel_ties_in_several_currencies_are_judged_by_count_each)
{
    fn_run run = support_run();
    judged j = judge(&run, NET_OF(&run, { "a", "b", .value = 5, .count = 3, .currency = "EUR" },
                                  { "a", "b", .value = 9, .count = 1, .currency = "USD" },
                                  { "a", "c", .value = 1, .count = 4, .currency = "EUR" }), NULL);
    ck_assert_uint_eq(j.view->ties, 3);
    assert_near(real(&j, "p_from", 0), 1 - 3.0 / 8, 1e-15, "p_from");
    assert_near(real(&j, "p_from", 1), 1 - 1.0 / 8, 1e-15, "p_from");
    assert_near(real(&j, "p_from", 2), 1 - 4.0 / 8, 1e-15, "p_from");
    judged_free(&j);
}
END_TEST

START_TEST(reasons_do_not_run_over)
{
    fn_tie_facts facts = {
        .overlap = .123456789, .squares = 1e-300, .p_from = 1e-300, .p_to = 4.9e-324, .partners_from = UINT32_MAX,
        .partners_to = UINT32_MAX, .customers = 7, .suppliers = 8, .cluster_from = FN_NONE, .cluster_to = FN_NONE,
        .count = INT64_MAX, .first = -700000, .last = 2900000
    };
    fn_tie_period period = { -700000, 2900000 };
    fn_tie_options options;
    fn_tie_defaults(&options);
    char reason[FN_TOLD_TEXT];
    fn_run run = support_run();
    fn_tie_rules *rules;
    ck_assert_int_eq(fn_tie_rules_new(&run, "", fn_tie_rules_text, strlen(fn_tie_rules_text), &rules), FN_OK);
    fn_tie_rules_settle(rules, &options);
    ck_assert_str_eq(fn_tie_classify(rules, &facts, &period), "strong");
    ck_assert_uint_eq(fn_tie_reason(rules, &facts, &period, reason), strlen(reason));
    ck_assert_str_eq(reason, "p_from 1e-300 and p_to 5e-324 (< 0.05), 9223372036854775807 records over 9856 years");
    fn_tie_rules_free(rules);
}
END_TEST

/* ---- invariants ---- */

enum { FIRMS = 30, TIES = 90 };

static judged changed(fn_run *run, const uint32_t *map, double scale, uint32_t more, uint64_t seed)
{
    uint32_t pair[TIES][2];
    double weight[TIES];
    for (size_t i = 0; i < TIES; i++) {
        for (int end = 0; end < 2; end++) pair[i][end] = map[fn_random_below(seed, 1 + (uint64_t) end, i, FIRMS)];
        weight[i] = scale * (double) (1 + fn_random_below(seed, 3, i, 9));
    }
    return judge(run, support_net(run, FIRMS + more, TIES, (const uint32_t (*)[2]) pair, weight), NULL);
}

static void assert_same_row(const judged *a, size_t row, const judged *b, size_t other, double tolerance)
{
    const char *const reals[] = { "overlap", "squares", "p_from", "p_to", "reciprocity" };
    for (int c = 0; c < 5; c++) assert_near(real(b, reals[c], other), real(a, reals[c], row), tolerance, reals[c]);
    ck_assert_int_eq(whole(a, "layers", row), whole(b, "layers", other));
    ck_assert_str_eq(text(a, "class", row), text(b, "class", other));
    ck_assert_str_eq(text(a, "reason", row), text(b, "reason", other));
}

START_TEST(relabelling_scaling_and_firms_without_ties_change_nothing)
{
    fn_run run = support_run();
    uint32_t same[FIRMS], turned[FIRMS];
    for (uint32_t f = 0; f < FIRMS; f++) same[f] = f, turned[f] = (f * 7 + 3) % FIRMS;
    judged plain = changed(&run, same, 1, 0, (uint64_t) _i), scaled = changed(&run, same, 0x1p60, 0, (uint64_t) _i);
    judged longer = changed(&run, same, 1, 3, (uint64_t) _i), other = changed(&run, turned, 1, 0, (uint64_t) _i);
    for (size_t row = 0; row < plain.view->ties; row++) {
        assert_same_row(&plain, row, &scaled, row, 0);
        assert_same_row(&plain, row, &longer, row, 0);
        const fn_tie *t = FN_TIE(plain.net, row);
        const fn_ties *ties = fn_net_tie_rows(other.net);
        size_t at = 0;
        while (ties->from[at] != turned[t->from] || ties->to[at] != turned[t->to]) at++;
        assert_same_row(&plain, row, &other, at, 1e-14);
    }
    judged_free(&plain);
    judged_free(&scaled);
    judged_free(&longer);
    judged_free(&other);
}
END_TEST

START_TEST(weights_of_any_size_have_a_p)
{
    fn_run run = support_run();
    judged j = judge(&run, NET_OF(&run, { "a", "b", .value = 8e307 }, { "a", "c", .value = 8e307 },
                                  { "a", "d", .value = 1e-308 }), NULL);
    assert_near(real(&j, "p_from", row_of(&j, "a", "b", 0)), .25, 1e-15, "p_from");
    assert_near(real(&j, "p_to", row_of(&j, "a", "b", 0)), 1, 0, "p_to");
    judged_free(&j);
}
END_TEST

/* ---- failures ---- */

static fn_status try_strength(fn_run *run, void *user)
{
    fn_table *table;
    fn_status status = row_try(run, user, &fn_algorithm_tie_strength, NULL, NULL, &table);
    fn_table_free(table);
    return status;
}

START_TEST(judging_ties_can_be_cancelled_and_reports_any_failing_allocation)
{
    fn_run run = support_run();
    fn_net *net = worked_net(&run);
    fn_view *view = support_view(&run, net);
    support_fail_each(try_strength, view);
    run.progress = support_stop;
    ck_assert_int_eq(try_strength(&run, view), FN_ECANCEL);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(parameters_of_the_row_default_to_the_options)
{
    fn_run run = support_run();
    const fn_param *const params[] = { fn_algorithm_tie_strength.params, NULL };
    fn_values *values;
    fn_tie_options wanted, found;
    ck_assert_int_eq(fn_values_new(&run, params, &values), FN_OK);
    ck_assert_int_eq(fn_tie_options_from(&run, values, &found), FN_OK);
    fn_tie_defaults(&wanted);
    ck_assert_double_eq(found.significance, wanted.significance);
    ck_assert_double_eq(found.bridge_overlap, wanted.bridge_overlap);
    ck_assert_int_eq(found.new_days, wanted.new_days);
    ck_assert_int_eq(found.latent_days, wanted.latent_days);
    ck_assert_int_eq(found.exclusive_count, wanted.exclusive_count);
    fn_values_free(values);
}
END_TEST

Suite *suite_ties(void)
{
    Suite *suite = suite_create("ties");
    TCase *worked = tcase_create("worked numbers");
    tcase_add_loop_test(worked, overlap_of_the_worked_graph, 0, 2);
    tcase_add_test(worked, disparity_of_the_worked_weights);
    tcase_add_test(worked, disparity_of_the_suppliers_of_the_worked_network);
    tcase_add_test(worked, a_closed_square_is_counted);
    suite_add_tcase(suite, worked);
    TCase *oracle = tcase_create("oracle");
    tcase_add_loop_test(oracle, squares_are_the_same_firm_by_firm_and_nearly_by_drawing, 0, 4);
    tcase_add_test(oracle, hubs_are_counted_exactly_and_a_note_tells_of_estimates);
    tcase_set_timeout(oracle, 60);
    suite_add_tcase(suite, oracle);
    TCase *classes = tcase_create("classes");
    tcase_add_test(classes, classes_follow_their_order_and_say_why);
    tcase_add_test(classes, bridges_without_clusters_have_neither_triangles_nor_squares);
    tcase_add_test(classes, data_shorter_than_new_days_has_no_new_ties);
    tcase_add_test(classes, a_mistyped_date_does_not_move_the_end_of_the_data);
    tcase_add_test(classes, a_tie_without_value_has_no_p_and_is_not_counted_in_others);
    tcase_add_test(classes, parallel_ties_in_several_currencies_are_judged_by_count_each);
    tcase_add_test(classes, reasons_do_not_run_over);
    suite_add_tcase(suite, classes);
    TCase *invariants = tcase_create("invariants");
    tcase_add_loop_test(invariants, relabelling_scaling_and_firms_without_ties_change_nothing, 0, 8);
    tcase_add_test(invariants, weights_of_any_size_have_a_p);
    tcase_add_test(invariants, judging_ties_can_be_cancelled_and_reports_any_failing_allocation);
    tcase_add_test(invariants, parameters_of_the_row_default_to_the_options);
    suite_add_tcase(suite, invariants);
    return suite;
}
