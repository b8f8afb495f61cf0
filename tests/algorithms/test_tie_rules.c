/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include <math.h>
#include "algorithms/tie_relation.h"
#include "algorithms/tie_rules.h"
#include "graph/memory.h"
#include "graph/random.h"
#include "tests/algorithms/worked.h"

Suite *suite_tie_rules(void);

/* ---- rules ---- */

static fn_tie_facts some_facts(void)
{
    return (fn_tie_facts) {
        .overlap = NAN, .squares = .25, .p_from = .01, .p_to = 1, .partners_from = 3, .partners_to = 4, .customers = 2,
        .suppliers = 1, .cluster_from = 0, .cluster_to = 1, .count = 7, .first = 100, .last = 900, .layers = 2,
        .reciprocity = .5, .log10_p_records = -4, .log10_q_records = -3
    };
}

/* Class and reason of some_facts by rules. */
static const char *class_of(const char *text, char reason[FN_TOLD_TEXT])
{
    fn_run run = support_run();
    fn_tie_rules *rules;
    fn_tie_options options;
    fn_tie_defaults(&options);
    const fn_tie_facts facts = some_facts();
    const fn_tie_period period = { 0, 1000 };
    ck_assert_msg(fn_tie_rules_new(&run, "rules", text, strlen(text), &rules) == FN_OK, "%s", run.error.message);
    fn_tie_rules_settle(rules, &options);
    const char *class = fn_tie_classify(rules, &facts, &period);
    ck_assert_uint_eq(fn_tie_reason(rules, &facts, &period, reason), strlen(reason));
    fn_tie_rules_free(rules);
    return class;
}

START_TEST(the_first_rule_that_holds_decides_and_says_why)
{
    static const struct { const char *rules, *class, *reason; } cases[] = {
        { "weak\n", "weak", "p_from 0.01 and p_to 1 by formula (the only supplier of to), no other rule holds, 7 records over 2 years" },
        { "strong records >= 8\nweak records<8", "weak", "7 records over 2 years (< 8)" },
        { "bridge joins_clusters, squares <= .3\r\nweak\r\n", "bridge",
          "joins clusters 1 and 2, squares 0.25 (<= 0.3), 7 records over 2 years" },
        { "# nothing\n\n  strong  p < significance # five per cent\n", "strong", "p_from 0.01 (< 0.05), 7 records over 2 years" },
        { "strong overlap <= 1\nweak overlap <= 1 or missing", "weak", "no overlap possible, 7 records over 2 years" },
        { "strong q_records < significance", "strong",
          "more records than chance gives, q 0.001 (< 0.05), 7 records over 2 years" },
        { "strong p_records < 1e-5\nlatent days_since_last > 99, days_since_first > 899, data_days = 1000", "latent",
          "last record 1972-06-19, 100 days before the data ends (> 99), first record 1970-04-11, 900 days before the data "
          "ends (> 899), 7 records over 2 years" },
        { "new layers >= 2, reciprocity > .4, single_to, duration > 700", "new",
          "tied in 2 layers (>= 2), reciprocity 0.5 (> 0.4), the only supplier of to, 7 records over 2 years" },
    };
    char reason[FN_TOLD_TEXT];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        ck_assert_str_eq(class_of(cases[k].rules, reason), cases[k].class);
        ck_assert_str_eq(reason, cases[k].reason);
    }
    ck_assert_ptr_null(class_of("strong records > 100", reason));
    ck_assert_str_eq(reason, "no rule holds, 7 records over 2 years");
}
END_TEST

START_TEST(what_is_no_rule_is_refused_with_its_line)
{
    static const struct { const char *rules; int64_t line; const char *message, *hint; } cases[] = {
        { "weak\nstrng p < 1", 2, "there is no class \"strng\"", "strong" },
        { "strong recrds > 1", 1, "there is no fact \"recrds\"", "records" },
        { "\n\nstrong p < signifcance", 3, "there is no option or number \"signifcance\"", "significance" },
        { "strong p <", 1, "a limit is missing", "" },
        { "strong p << 1", 1, "there is no comparison \"<<\"", "<" },
        { "strong p < 1,", 1, "a condition is missing after the comma", "" },
        { "strong p < 1 squares > 2", 1, "a comma or `or missing` is expected before \"squares\"", "" },
        { "strong p < 1 or squares > 2", 1, "a comma or `or missing` is expected before \"or\"", "" },
        { "# nothing\n", 0, "there are no rules in it", "" },
        { "", 0, "there are no rules in it", "" },
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        fn_run run = support_run();
        fn_tie_rules *rules;
        ck_assert_int_eq(fn_tie_rules_new(&run, "r.txt", cases[k].rules, strlen(cases[k].rules), &rules), FN_EINVAL);
        ck_assert_ptr_null(rules);
        ck_assert_str_eq(run.error.message, cases[k].message);
        ck_assert_str_eq(run.error.file, "r.txt");
        ck_assert_int_eq(run.error.line, cases[k].line);
        if (cases[k].hint[0]) ck_assert_str_eq(run.error.hint, cases[k].hint);
    }
}
END_TEST

/* Cut anywhere and with any byte in it, a table is rules or refused. */
START_TEST(any_cut_and_any_byte_is_survived)
{
    size_t length = strlen(fn_tie_rules_text);
    char text[2048];
    for (size_t k = 0; k < 2 * length; k++) {
        fn_run run = support_run();
        fn_tie_rules *rules;
        memcpy(text, fn_tie_rules_text, length);
        if (k >= length) text[k - length] = (char) fn_random_below(1, 2, k, 256);
        fn_status status = fn_tie_rules_new(&run, "r", text, k < length ? k : length, &rules);
        ck_assert(status == FN_OK || (status == FN_EINVAL && run.error.message[0]));
        fn_tie_rules_free(rules);
    }
    for (long call = 0;; call++) {
        fn_run run = support_run();
        fn_tie_rules *rules;
        fn_memory_fail_at(call, false);
        fn_status status = fn_tie_rules_new(&run, "r", fn_tie_rules_text, length, &rules);
        fn_memory_fail_at(-1, false);
        fn_tie_rules_free(rules);
        if (status == FN_OK) break;
        ck_assert_int_eq(status, FN_ENOMEM);
    }
}
END_TEST

/* ---- relation ---- */

START_TEST(tenders_tell_when_a_tie_was_active)
{
    static const int32_t days[] = { 18700, 18800, 18900, 19000, 19400 }; /* gaps 100, 100, 100, 400; 2021 … 2023 */
    fn_run run = support_run();
    fn_net *net;
    ck_assert_int_eq(fn_net_new(&run, &net), FN_OK);
    uint32_t buyer = worked_firm(&run, net, "buyer"), seller = worked_firm(&run, net, "seller"), other = worked_firm(&run, net, "other");
    for (int i = 0; i < 5; i++) {
        fn_tender tender = { .buyer = buyer, .product = FN_NONE, .bids_known = true, .value = 10, .day = days[i] };
        fn_tie tie = { .from = seller, .to = buyer, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = 10, .weight = NAN,
                       .count = 1, .first = days[i], .last = days[i] };
        ck_assert_int_eq(fn_net_add(&run, net, &tie, NULL), FN_OK);
        ck_assert_int_eq(fn_net_add_tender(&run, net, &tender, (uint32_t[]) { seller, other }, 2, &seller, 1), FN_OK);
    }
    fn_tie more = { .from = other, .to = buyer, .product = FN_NONE, .layer = FN_LAYER_SUPPLY, .value = 150, .weight = NAN,
                    .count = 3, .first = 18700, .last = 19100 };
    ck_assert_int_eq(fn_net_add(&run, net, &more, NULL), FN_OK);
    ck_assert_int_eq(fn_net_freeze(&run, net), FN_OK);
    fn_view *view = support_view(&run, net);
    fn_table *t;
    ck_assert_int_eq(fn_table_new(&run, view->ties, &t), FN_OK);
    ck_assert_int_eq(fn_tie_relation(&run, view, t), FN_OK);
    for (size_t row = 0; row < 2; row++) {
        bool told = FN_TIE(net, row)->from == seller;
        ck_assert_int_eq(fn_table_find(t, "duration")->integer[row], told ? 700 : 400);
        ck_assert_int_eq(fn_table_find(t, "repeats")->integer[row], told ? 4 : 2);
        ck_assert_int_eq(fn_table_find(t, "periods")->integer[row], told ? 3 : FN_INT_NONE);
        support_near(fn_table_find(t, "share_to")->real[row], told ? .25 : .75, 0, "share_to");
        support_near(fn_table_find(t, "share_from")->real[row], 1, 0, "share_from");
        double regularity = fn_table_find(t, "regularity")->real[row];
        if (told) support_near(regularity, 1 - sqrt(16875) / 175, 1e-15, "regularity"); /* mean 175, variance 16875 */
        else ck_assert(isnan(regularity));
    }
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

/* ---- triads and bridges beside slow ways ---- */

enum { FIRMS = 14 };

typedef struct classed {
    fn_net *net;
    fn_view *view;
    fn_table *table;
    fn_column *class;
    uint32_t cluster[FIRMS];
} classed;

/* A random net in two layers whose ties are strong, bridge or weak by lot. */
static classed random_classes(fn_run *run, uint64_t seed)
{
    static const char *const names[] = { "strong", "bridge", "weak" };
    classed c;
    size_t ties = 4 + fn_random_below(seed, 1, 0, 24);
    ck_assert_int_eq(fn_net_new(run, &c.net), FN_OK);
    for (uint32_t f = 0; f < FIRMS; f++) {
        worked_firm(run, c.net, (char[]) { (char) ('a' + f), '\0' });
        c.cluster[f] = (uint32_t) fn_random_below(seed, 5, f, 3);
    }
    for (size_t i = 0; i < ties; i++) {
        fn_tie tie = { .from = (uint32_t) fn_random_below(seed, 2, i, FIRMS), .to = (uint32_t) fn_random_below(seed, 3, i, FIRMS),
                       .product = FN_NONE, .layer = fn_random_below(seed, 4, i, 2) ? FN_LAYER_SUPPLY : FN_LAYER_FINANCE,
                       .value = 1, .weight = NAN, .count = 1, .first = FN_DAY_NONE, .last = FN_DAY_NONE };
        if (tie.from != tie.to) ck_assert_int_eq(fn_net_add(run, c.net, &tie, NULL), FN_OK);
    }
    ck_assert_int_eq(fn_net_freeze(run, c.net), FN_OK);
    c.view = support_view(run, c.net);
    ck_assert_int_eq(fn_table_new(run, c.view->ties, &c.table), FN_OK);
    ck_assert_int_eq(fn_table_add(run, c.table, "class", FN_COLUMN_TEXT, &c.class), FN_OK);
    for (size_t row = 0; row < c.view->ties; row++) {
        const char *name = names[fn_random_below(seed, 6, row, 3)];
        ck_assert_int_eq(fn_column_set_text(run, c.class, row, name, strlen(name)), FN_OK);
    }
    return c;
}

static void classed_free(classed *c)
{
    fn_table_free(c->table);
    fn_view_free(c->view);
    fn_net_free(c->net);
}

static bool is_class(const classed *c, size_t row, const char *name)
{
    return strcmp(fn_column_text(c->class, row, NULL), name) == 0;
}

static void check_closure(uint64_t seed)
{
    fn_run run = support_run();
    classed c = random_classes(&run, seed);
    bool tied[FIRMS][FIRMS] = { { false } }, strong[FIRMS][FIRMS] = { { false } };
    for (size_t row = 0; row < c.view->ties; row++) {
        const fn_tie *t = FN_TIE(c.net, row);
        tied[t->from][t->to] = tied[t->to][t->from] = true;
        if (is_class(&c, row, "strong")) strong[t->from][t->to] = strong[t->to][t->from] = true;
    }
    uint64_t wedges, open, all = 0, gaps = 0;
    ck_assert_int_eq(fn_strong_closure(&run, c.view, c.class, c.table, &wedges, &open), FN_OK);
    for (int u = 0; u < FIRMS; u++)
        for (int v = 0; v < FIRMS; v++)
            for (int w = v + 1; w < FIRMS; w++) {
                all += strong[u][v] && strong[u][w];
                gaps += strong[u][v] && strong[u][w] && !tied[v][w];
            }
    ck_assert_uint_eq(wedges, all);
    ck_assert_uint_eq(open, gaps);
    for (size_t row = 0; row < c.view->ties; row++) {
        const fn_tie *t = FN_TIE(c.net, row);
        int64_t here = 0, found = fn_table_find(c.table, "open_strong")->integer[row];
        for (uint32_t w = 0; w < FIRMS; w++) {
            here += w != t->to && strong[t->from][w] && !tied[t->to][w];
            here += w != t->from && strong[t->to][w] && !tied[t->from][w];
        }
        ck_assert_int_eq(found, is_class(&c, row, "strong") ? here : FN_INT_NONE);
    }
    classed_free(&c);
}

/* Firms that can be reached without one tie. */
static uint32_t reach(const classed *c, uint32_t start, size_t without)
{
    bool seen[FIRMS] = { false };
    seen[start] = true;
    for (int round = 0; round < FIRMS; round++)
        for (size_t row = 0; row < c->view->ties; row++) {
            const fn_tie *t = FN_TIE(c->net, row);
            if (row != without && (seen[t->from] || seen[t->to])) seen[t->from] = seen[t->to] = true;
        }
    uint32_t count = 0;
    for (int f = 0; f < FIRMS; f++) count += seen[f];
    return count;
}

static void check_bridges(uint64_t seed)
{
    fn_run run = support_run();
    classed c = random_classes(&run, seed);
    fn_table *found;
    size_t at = 0;
    ck_assert_int_eq(fn_tie_bridges(&run, c.view, c.cluster, c.class, &found), FN_OK);
    for (size_t row = 0; row < c.view->ties; row++) {
        const fn_tie *t = FN_TIE(c.net, row);
        uint32_t a = c.cluster[t->from], b = c.cluster[t->to];
        if (!is_class(&c, row, "bridge") || a == b) continue;
        int64_t others = -1;
        double same_layer = 0;
        for (size_t other = 0; other < c.view->ties; other++) {
            const fn_tie *o = FN_TIE(c.net, other);
            bool between = (c.cluster[o->from] == a && c.cluster[o->to] == b) || (c.cluster[o->from] == b && c.cluster[o->to] == a);
            others += between;
            if (between && o->layer == t->layer) same_layer += c.view->weight[other];
        }
        uint32_t all = reach(&c, t->from, SIZE_MAX), one = reach(&c, t->from, row), rest = all - one;
        int64_t apart = one == all ? 0 : one < rest ? one : rest;
        ck_assert_uint_lt(at, found->rows);
        ck_assert_int_eq(fn_table_find(found, "from")->text[at], t->from);
        ck_assert_int_eq(fn_table_find(found, "to")->text[at], t->to);
        ck_assert_int_eq(fn_table_find(found, "other_ties")->integer[at], others);
        ck_assert_int_eq(fn_table_find(found, "firms_apart")->integer[at], apart);
        ck_assert_int_eq(fn_table_find(found, "apart_from")->integer[at], apart ? (int64_t) all - apart : 0);
        support_near(fn_table_find(found, "weight_share")->real[at++], c.view->weight[row] / same_layer, 1e-15, "weight_share");
    }
    ck_assert_uint_eq(at, found->rows);
    fn_table_free(found);
    classed_free(&c);
}

START_TEST(open_triads_and_bridges_agree_with_the_slow_way)
{
    for (uint64_t k = 0; k < 40; k++) check_closure(40 * (uint64_t) _i + k), check_bridges(40 * (uint64_t) _i + k);
}
END_TEST

START_TEST(a_bridge_says_what_would_fall_apart)
{
    static const uint32_t pair[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 2, 3 }, { 3, 4 } };
    const uint32_t cluster[] = { 0, 0, 0, 1, 1 };
    fn_run run = support_run();
    fn_net *net = support_net(&run, 5, 5, pair, NULL);
    fn_view *view = support_view(&run, net);
    fn_table *t, *bridges;
    fn_column *class;
    ck_assert_int_eq(fn_table_new(&run, view->ties, &t), FN_OK);
    ck_assert_int_eq(fn_table_add(&run, t, "class", FN_COLUMN_TEXT, &class), FN_OK);
    for (size_t row = 0; row < 5; row++) ck_assert_int_eq(fn_column_set_text(&run, class, row, "bridge", 6), FN_OK);
    ck_assert_int_eq(fn_tie_bridges(&run, view, cluster, class, &bridges), FN_OK);
    ck_assert_uint_eq(bridges->rows, 1);
    ck_assert_str_eq(fn_column_text(fn_table_find(bridges, "falls_apart"), 0, NULL),
                     "clusters 1 and 2 have no other tie; 2 firms would be cut off from 3");
    fn_table_free(bridges);
    fn_table_free(t);
    fn_view_free(view);
    fn_net_free(net);
}
END_TEST

START_TEST(any_failing_allocation_is_reported)
{
    fn_run run = support_run();
    classed c = random_classes(&run, 4);
    fn_status status = FN_ENOMEM;
    for (long call = 0; status; call++) {
        ck_assert_int_lt(call, 500);
        fn_run tried = support_run();
        fn_table *bridges = NULL, *more = NULL;
        uint64_t wedges, open;
        fn_memory_fail_at(call, false);
        status = fn_table_new(&tried, c.view->ties, &more);
        if (!status) status = fn_strong_closure(&tried, c.view, c.class, more, &wedges, &open);
        if (!status) status = fn_tie_bridges(&tried, c.view, c.cluster, c.class, &bridges);
        fn_memory_fail_at(-1, false);
        ck_assert(status == FN_OK || (status == FN_ENOMEM && tried.error.status == FN_ENOMEM && !bridges));
        fn_table_free(bridges);
        fn_table_free(more);
    }
    classed_free(&c);
}
END_TEST

Suite *suite_tie_rules(void)
{
    Suite *suite = suite_create("tie rules");
    TCase *rules = tcase_create("rules");
    tcase_add_test(rules, the_first_rule_that_holds_decides_and_says_why);
    tcase_add_test(rules, what_is_no_rule_is_refused_with_its_line);
    tcase_add_test(rules, any_cut_and_any_byte_is_survived);
    suite_add_tcase(suite, rules);
    TCase *structure = tcase_create("structure");
    tcase_add_test(structure, tenders_tell_when_a_tie_was_active);
    tcase_add_loop_test(structure, open_triads_and_bridges_agree_with_the_slow_way, 0, 5);
    tcase_add_test(structure, a_bridge_says_what_would_fall_apart);
    tcase_add_test(structure, any_failing_allocation_is_reported);
    suite_add_tcase(suite, structure);
    return suite;
}
